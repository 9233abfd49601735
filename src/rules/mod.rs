//! What can be done to a column: one file per rule kind, and the one list of them.
//!
//! A kind reads its own options from the rule table, says what it is in one line, and compiles to
//! a [`Transform`] that turns one cell into another. Nothing here knows about files, threads or
//! arguments. To add a kind: write its file, add it to [`KINDS`]; everything else (parsing, error
//! messages, documentation, the pipeline) follows from the list.

mod amount;
mod coding;
pub mod column_names;
mod date;
mod domain;
pub mod filter;
pub(crate) mod formulas;
pub mod geography;
pub(crate) mod kinds;
mod label;
mod ladder;
mod options;
pub mod sql;
pub mod table;
mod table_file;
mod text;

use std::fmt::Debug;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use toml::de::ValueDeserializer;

use crate::base::lang::Words;
use crate::base::random::Randomness;
use crate::crypto::cells::RunId;
use crate::crypto::keys::{KeyRing, Role, RoleKey};
use crate::crypto::vault::{VaultError, Vaults};
use crate::sql::{Column, Inexpressible, Output};

pub use amount::DecimalMark;
pub(crate) use amount::floor;
pub(crate) use date::forms::Dates;
pub use formulas::Formulas;
pub use kinds::drop::SpecialCategory;
pub use ladder::{HierarchyFile, Ladder, Step, StepName, Steps, Uncovered};
pub use table_file::NamedFile;

/// Every rule kind, in the order the documentation lists them.
pub static KINDS: &[&Kind] = &[
    &kinds::drop::KIND,
    &kinds::keep::KIND,
    &kinds::year::KIND,
    &kinds::year_month::KIND,
    &kinds::age::KIND,
    &kinds::date_shift::KIND,
    &kinds::yes_no::KIND,
    &kinds::bucket::KIND,
    &kinds::range::KIND,
    &kinds::round::KIND,
    &kinds::noise::KIND,
    &kinds::postal_code::KIND,
    &kinds::departement::KIND,
    &kinds::region::KIND,
    &kinds::map::KIND,
    &kinds::constant::KIND,
    &kinds::truncate::KIND,
    &kinds::mask::KIND,
    &kinds::encrypt::KIND,
    &kinds::hash::KIND,
    &kinds::token::KIND,
];

/// A rule kind as the list shows it: its name, its documentation, and how its options are read.
#[derive(Debug)]
pub struct Kind {
    /// The name in a rule table: `rule = "year"`.
    pub name: &'static str,
    /// One line of documentation.
    pub summary: &'static str,
    /// What was done to a column under it, for a reader of reports who knows no rule tables.
    pub done: Words,
    /// The options it takes, in the order the documentation lists them.
    pub options: &'static [OptionDoc],
    /// Reads the options (an empty table when the rule is a bare name). Unknown keys and bad values
    /// are errors that carry their place in the rule table.
    pub parse: fn(ValueDeserializer<'_>) -> Result<Box<dyn Rule>, toml::de::Error>,
}

/// One line of documentation of an option.
#[derive(Debug)]
pub struct OptionDoc {
    /// The key in the rule table.
    pub name: &'static str,
    /// What it takes, and its default: `a whole number ≥ 1; required`.
    pub takes: &'static str,
    /// What it does.
    pub meaning: &'static str,
}

/// The kind of that name, if there is one.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.name == name)
}

/// What the cells of a column that no rule knows can be generalised to: intervals, if they are
/// numbers.
pub fn usual_ladder() -> Arc<dyn Ladder> {
    Arc::new(ladder::Brackets::new(ladder::Style::Numbers, None))
}

/// A rule with its checked options.
pub trait Rule: Debug + Send + Sync {
    /// The kind it is of.
    fn kind(&self) -> &'static Kind;

    /// Reads the file that its options name, if they do, from `folder`, where the rule table is.
    ///
    /// # Errors
    /// [`UnusableFile`].
    fn read_file(&mut self, _folder: &Path) -> Result<Option<NamedFile>, UnusableFile> {
        Ok(None)
    }

    /// Takes over what the column's hierarchy file knows, if it has one: asked once, when the whole
    /// column is read.
    ///
    /// # Errors
    /// [`UnusableFile`]: it needs one.
    fn learn(&mut self, _hierarchy: Option<&HierarchyFile>) -> Result<(), UnusableFile> {
        Ok(())
    }

    /// What is to be done to the column's cells in a run.
    ///
    /// # Errors
    /// What the run lacks for it.
    fn compile(&self, column: &ColumnContext<'_>) -> Result<Action, Unready>;

    /// What the rule is in SQL: the same as what it compiles to, to the byte.
    ///
    /// # Errors
    /// Why the dialect, or SQL at all, cannot express it exactly.
    fn sql(&self, column: &mut Column<'_>) -> Result<Output, Inexpressible> {
        let _ = column;
        Err(Inexpressible::Unwritten)
    }

    /// Whether the column leaves at all, in whatever form.
    fn leaves(&self) -> bool {
        true
    }

    /// The names of what its transform counts beside missing and invalid cells, for the manifest.
    /// [`Outcome::Counted`] gives an index into this list.
    fn counts(&self) -> &'static [&'static str] {
        &[]
    }

    /// How what it writes can be generalised further, by the steps that a rule table names or by
    /// its own.
    ///
    /// # Errors
    /// What steps are expected instead.
    fn ladder(&self, steps: Option<&[StepName]>) -> Result<Box<dyn Ladder>, String> {
        ladder::categories(steps)
    }

    /// Whether a cell of the column, met again in a kept cell of the same row, tells who it is about.
    /// Amounts and dates meet others by accident.
    fn tells_again(&self) -> bool {
        true
    }

    /// The role whose key it uses.
    fn role(&self) -> Option<&Role> {
        None
    }

    /// How what it writes stands for the person's own value, if it is a pseudonym.
    fn pseudonym(&self) -> Option<Pseudonym> {
        None
    }

    /// The category of data that must not be in the file at all, if the rule says so.
    fn special_category(&self) -> Option<SpecialCategory> {
        None
    }
}

/// Why a file that a rule's options name cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusableFile {
    /// The bytes of the rule table that name it.
    pub span: Range<usize>,
    /// What is wrong; no value of the file is in it.
    pub message: String,
}

/// How a text stands for a person's value that somebody with a key can find again: what is written
/// so stays personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pseudonym {
    /// Encrypted, each cell for itself: without the key, no two cells can be compared.
    Sealed,
    /// Encrypted so that equal cells stay equal.
    SealedAlike,
    /// A code that is the same for equal cells, and is not turned back.
    Code,
}

/// What a rule may know of the run it is compiled for.
#[derive(Clone)]
pub struct RunContext {
    /// The last day that can be a real date of birth.
    pub today: NaiveDate,
    /// Where chance comes from.
    pub random: Arc<Randomness>,
    /// Whether every row gets an index that tells it from all others before it is shuffled:
    /// [`Cell::index`] is there.
    pub indexed: bool,
    /// The keys that were given.
    pub keys: Arc<KeyRing>,
    /// The vaults that rules keep tokens in.
    pub vaults: Arc<Vaults>,
    /// What tells this run from all others.
    pub id: RunId,
}

impl RunContext {
    /// The key of a role.
    ///
    /// # Errors
    /// [`Unready::NoKey`].
    pub fn key(&self, role: &Role) -> Result<&RoleKey, Unready> {
        self.keys
            .get(role.as_str())
            .ok_or_else(|| Unready::NoKey { role: role.clone() })
    }
}

#[cfg(test)]
impl RunContext {
    /// A context in which every date is past, without keys.
    pub(crate) fn sample() -> Self {
        Self {
            keys: Arc::default(),
            ..Self::on(NaiveDate::MAX)
        }
    }

    /// A context of that day, with keys of the roles `a` and `b`.
    pub(crate) fn on(today: NaiveDate) -> Self {
        let mut keys = KeyRing::default();
        for (role, byte) in [("a", 1), ("b", 2)] {
            let key = crate::crypto::keys::known(role, byte);
            keys.add(std::path::Path::new(role), key).unwrap();
        }
        Self {
            today,
            random: Arc::new(Randomness::from_seed(1)),
            indexed: true,
            keys: Arc::new(keys),
            vaults: Arc::new(Vaults::new(Arc::new(Randomness::from_seed(1))).unwrap()),
            id: RunId([7; 12]),
        }
    }
}

/// What a rule may know of the column it is compiled for.
#[derive(Clone, Copy)]
pub struct ColumnContext<'a> {
    /// The run.
    pub run: &'a RunContext,
    /// The column's name in the rule table.
    pub name: &'a str,
    /// The name it leaves under.
    pub output: &'a str,
    /// Its position in the input, from 0: two columns of the input may have one rule.
    pub position: usize,
}

/// What a run lacks for a rule. There is no place to put a cell.
#[derive(Debug, thiserror::Error)]
pub enum Unready {
    /// The rows have no index that stays with them.
    #[error(
        "what it writes is bound to the index of its row: the rule table must give the index a name, \
         and --shuffle, which gives new indexes at the end, cannot be used"
    )]
    NoIndex,
    /// The key of its role was not given.
    #[error(
        "it needs the key of the role `{role}`\n  what to do: give its key file with --key {role}.key; \
         if there is none yet, make one with crm-anon keygen {role} -o {role}.key"
    )]
    NoKey {
        /// The role.
        role: Role,
    },
    /// The vault of its tokens cannot be used.
    #[error("{0}")]
    Vault(VaultError),
    /// A key for the column could not be derived.
    #[error("internal error: a key for the column could not be derived")]
    NoCipher,
}

impl Unready {
    /// The status that the program ends with.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::NoIndex | Self::NoKey { .. } => 2,
            Self::Vault(why) => why.exit_code(),
            Self::NoCipher => 1,
        }
    }
}

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
    /// The number of its record, from 1, the same for any number of threads.
    pub record: u64,
    /// The random index of its row, if the run gives one.
    pub index: Option<u64>,
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
fn number_of_digits(digits: &[u8]) -> u32 {
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
    /// It did what [`Rule::counts`] lists at this position, a thing worth counting.
    Counted(usize),
}

/// Why a cell cannot be transformed. All of it is fixed text: there is no place to put a cell.
#[derive(Debug, PartialEq, Eq)]
pub struct Reason {
    /// A short name for machines: `not_a_date`.
    pub code: &'static str,
    /// What is wrong, as the end of a sentence: `not a date in an accepted form`.
    pub what: &'static str,
    /// What the user can do about it, beside leaving cells or rows out.
    pub advice: &'static str,
}
