//! What becomes of a cell: the action a rule compiles to, and its transform.

use crate::base::lang::Fixed;
use crate::rules::whole_column::WholeColumn;

/// What happens to the cells of a column.
pub enum Action {
    /// The column does not leave.
    Drop,
    /// The cells leave as they are.
    Keep {
        /// Whether a cell may hold line breaks.
        multiline: bool,
    },
    /// The cells leave as the transform writes them; a missing cell leaves empty.
    Write(Box<dyn Transform>),
}

/// One cell on its way through a transform.
#[derive(Clone, Copy)]
pub struct Cell<'a> {
    /// The content in UTF-8, without its quotes and with doubled quotes undone. Never missing.
    pub content: &'a [u8],
    /// The row that it stands in.
    pub row: &'a CellRow<'a>,
}

/// What a transform may know of a cell's row.
#[derive(Clone, Copy)]
pub struct CellRow<'a> {
    /// The number of its record, from 1, the same for any number of threads.
    pub record: u64,
    /// The random index of its row, if the run gives one.
    pub index: Option<u64>,
    /// The cells that say whose row it is; empty if none does, or if no rule draws for persons.
    pub person: &'a [u8],
}

impl CellRow<'static> {
    /// The first row, whoever it is about.
    pub const FIRST: &'static Self = &Self {
        record: 1,
        index: None,
        person: b"",
    };
}

/// Turns a cell into what may leave in its place.
///
/// It is called from many threads at once and must give the same bytes on each.
pub trait Transform: Send + Sync {
    /// Appends what stands for `cell` to `out`, unquoted.
    ///
    /// # Errors
    /// The reason why the rule cannot transform the cell. What was appended to `out` by then is
    /// taken back by the caller.
    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason>;

    /// Whether [`Self::apply`] takes a cell of this content. Why it does not is not asked here, and to
    /// find that out can cost more than all the rest.
    fn takes(&self, content: &[u8]) -> bool {
        let cell = Cell {
            content,
            row: CellRow::FIRST,
        };
        self.apply(cell, &mut Vec::new()).is_ok()
    }

    /// Whether nothing that it writes ever needs quotes: no delimiter, no quote, no line break.
    fn writes_plain(&self) -> bool {
        false
    }

    /// Whether a missing cell that is not empty (`NULL`) comes by here too, instead of leaving
    /// empty.
    fn takes_missing(&self) -> bool {
        false
    }

    /// Whether what it writes may be characters of the cell, in their order from the first on: a
    /// spreadsheet may then run it.
    fn copies_input(&self) -> bool {
        false
    }

    /// The column that it must know whole before it writes, if it must.
    fn whole_column(&self) -> Option<&WholeColumn> {
        None
    }

    /// Whether it makes the same of the same content in every row.
    fn goes_by_content(&self) -> bool {
        false
    }

    /// A number for what [`Self::apply`] writes in the place of a content that is not missing, where
    /// that is [`Outcome::Written`] and quicker told than written: the same text always has the same
    /// number, and another text another one. Nothing where it does not say.
    fn number(&self, _content: &[u8]) -> Option<u32> {
        None
    }
}

/// The number that some ASCII digits are, for [`Transform::number`].
#[inline]
pub(crate) fn number_of_digits(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |number: u32, digit| {
        let digit = u32::from(digit.wrapping_sub(b'0'));
        number.wrapping_mul(10).wrapping_add(digit)
    })
}

/// What a transform did with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It wrote a value.
    Written,
    /// It did what [`Rule::counts`](crate::rules::Rule::counts) lists at this position, a thing worth counting.
    Counted(usize),
}

/// Why a cell cannot be transformed. All of it is fixed text: there is no place to put a cell.
#[derive(Debug, PartialEq, Eq)]
pub struct Reason {
    /// A short name for machines: `not_a_date`.
    pub code: &'static str,
    /// What is wrong, as the end of a sentence: `not a date in an accepted form`.
    pub what: Fixed,
    /// What the user can do about it, beside leaving cells or rows out.
    pub advice: Fixed,
    /// An option of the rule that reads such cells, if there is one.
    pub mend: Option<Mend>,
}

/// An option of a rule that reads cells which it does not read without.
#[derive(Debug, PartialEq, Eq)]
pub struct Mend {
    /// When it is right, as the beginning of a sentence: `if the month comes first`.
    pub when: Fixed,
    /// The option, in TOML: `formats = ["%m/%d/%Y"]`.
    pub option: &'static str,
}
