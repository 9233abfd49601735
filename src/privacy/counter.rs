//! From rows to combinations: each distinct value gets a code, each distinct row is counted once.
//!
//! Every worker has its own [`Coder`], with its own counts and its own memory of codes; only a
//! value that a worker meets for the first time is asked for at the [`Dictionary`] that all share.
//! Which worker meets a value first decides its code, so [`count`] gives the values new codes in
//! their own order and sorts the combinations: what comes out does not depend on threads.

mod coder;
mod combine;
mod dictionary;
mod moves;
mod persons;
mod pieces;
mod published;
mod runs;
mod sample;
#[cfg(test)]
mod tests;
mod thin;

pub use coder::{Coder, Counts};
pub use dictionary::Dictionary;
pub use persons::Persons;
pub use published::{Look, Published, Seen};
pub(crate) use sample::Sample;

use super::combinations::Combinations;
use crate::privacy::error::Error;
use combine::Layouts;

/// A value's text.
pub type Text = Box<[u8]>;

/// The widest row of codes that is counted, in words of 64 bits: some forty columns.
pub const MAX_WORDS: usize = 10;

#[derive(Debug)]
pub struct Counted {
    /// The combinations, over the first columns.
    pub combinations: Combinations,
    /// The distinct values of every column, in the order of their codes, which is their own.
    pub values: Vec<Vec<Text>>,
    /// The bytes that the coders' counts took together.
    pub counts_bytes: usize,
    /// Rows that do not say whose they are, if persons are counted.
    pub nameless: u64,
    /// What was seen of all published columns, if that was looked at.
    pub published: Option<Published>,
}

/// Puts together what coders counted: combinations of the first `quasi` columns, the other ones
/// being sensitive; and whose rows they are, if the coders took `persons`. `read` turns a value as it
/// was given into its text.
///
/// # Errors
/// [`Error::TooManyColumns`] if a row's codes do not fit [`MAX_WORDS`] words;
/// [`Error::TooManyRows`] if the rows are more than can be told apart.
pub fn count(
    dictionaries: Vec<Dictionary>,
    persons: Option<&Persons>,
    coders: Vec<Counts>,
    quasi: usize,
    read: &(dyn Fn(&[u8]) -> Text + Sync),
) -> Result<Counted, Error> {
    let (values, mut ranks): (Vec<Vec<Text>>, Vec<Vec<u32>>) = dictionaries
        .into_iter()
        .map(|dictionary| dictionary.sorted(read))
        .unzip();
    let mut distinct: Vec<usize> = values.iter().map(Vec::len).collect();
    if let Some(persons) = persons {
        distinct.push(persons.len());
        // Nothing depends on the order of persons.
        ranks.push((0..).take(persons.len()).collect());
    }
    let layouts = Layouts::new(&distinct, quasi, persons.is_some());
    let counts_bytes = coders.iter().map(Counts::bytes).sum();
    let combinations = match layouts.words() {
        1 => layouts.combine::<1>(coders, &ranks),
        2 => layouts.combine::<2>(coders, &ranks),
        3 => layouts.combine::<3>(coders, &ranks),
        4 => layouts.combine::<4>(coders, &ranks),
        5..=MAX_WORDS => layouts.combine::<MAX_WORDS>(coders, &ranks),
        _ => return Err(Error::TooManyColumns),
    }?;
    Ok(Counted {
        combinations,
        values,
        counts_bytes,
        nameless: persons.map_or(0, Persons::nameless),
        published: None,
    })
}
