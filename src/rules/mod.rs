//! What can be done to a column: one file per rule kind, and the one list of them.
//!
//! A kind reads its own options from the rule table, says what it is in one line, and compiles to
//! a [`Transform`](transform::Transform) that turns one cell into another. Nothing here knows about files, threads or
//! arguments. To add a kind: write its file, add it to [`KINDS`]; everything else (parsing, error
//! messages, documentation, the engine) follows from the list.

mod amount;
mod attribute;
mod coding;
pub mod column_names;
pub mod context;
mod date;
mod domain;
mod draws;
pub mod error;
pub mod filter;
pub(crate) mod formulas;
pub mod geography;
pub(crate) mod invented;
pub(crate) mod kinds;
mod label;
mod ladder;
mod occupations;
mod options;
pub mod policy;
pub mod population;
pub mod sql;
pub mod table;
mod table_file;
mod text;
pub mod transform;
pub(crate) mod usual;
pub(crate) mod whole_column;
pub(crate) mod widened;

use std::fmt::Debug;
use std::ops::Range;
use std::path::Path;

use toml::de::ValueDeserializer;

use crate::base::lang::Fixed;
use crate::crypto::keys::Role;
use crate::privacy::ladder::Ladder;
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::transform::Action;
use crate::sql::{Column, Inexpressible, Output};

pub use amount::DecimalMark;
pub(crate) use amount::wide::may_be_wide;
pub(crate) use amount::{cents, floor};
pub(crate) use date::forms::Dates;
pub use formulas::Formulas;
pub use kinds::KINDS;
pub use kinds::drop::SpecialCategory;
pub use ladder::{HierarchyFile, StepName};
pub use population::Population;
pub use table_file::NamedFile;

/// A rule kind as the list shows it: its name, its documentation, and how its options are read.
#[derive(Debug)]
pub struct Kind {
    /// The name in a rule table: `rule = "year"`.
    pub name: &'static str,
    /// One line of documentation.
    pub summary: &'static str,
    /// What was done to a column under it, for a reader of reports who knows no rule tables.
    pub done: Fixed,
    /// The options it takes, in the order the documentation lists them.
    pub options: &'static [OptionDoc],
    /// Options in TOML that make a difference in what SQL can express.
    pub samples: &'static [&'static str],
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
    pub meaning: &'static str,
}

pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.name == name)
}

/// A rule with its checked options.
pub trait Rule: Debug + Send + Sync {
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
    /// [`Outcome::Counted`](transform::Outcome::Counted) gives an index into this list.
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

    /// The same for a column of this name of which the rule table names no steps.
    ///
    /// # Errors
    /// As [`Rule::ladder`].
    fn usual_ladder(&self, _column: &str) -> Result<Box<dyn Ladder>, String> {
        self.ladder(None)
    }

    /// How much the loss of what it writes for a column of this name counts when generalising, if the rule
    /// table does not say it.
    fn usual_weight(&self, _column: &str) -> f64 {
        1.0
    }

    /// All that it can write, if that can be listed: what a query needs to generalise it further.
    fn listed(&self) -> Option<Listed> {
        None
    }

    /// Whether it must know the whole column before it writes any cell: the input is then read once more.
    fn reads_whole_column(&self) -> bool {
        false
    }

    /// Whether a cell of the column, met again in a kept cell of the same row, tells who it is about.
    /// Amounts and dates meet others by accident.
    fn identifies_when_repeated(&self) -> bool {
        true
    }

    /// Whether what it counts as `lost_zero` is written as a code all the same.
    fn writes_lost_zeros(&self) -> bool {
        false
    }

    /// The values that it takes, if it takes no others but those and some that nobody can list.
    fn words(&self) -> Vec<String> {
        Vec::new()
    }

    /// The role whose key it uses.
    fn role(&self) -> Option<&Role> {
        None
    }

    /// Whether what it writes is a day, a year, an age or a postal code.
    fn tells_when_or_where(&self) -> bool {
        false
    }

    /// Whether what it writes are brackets of numbers, which can be put together.
    fn writes_brackets(&self) -> bool {
        false
    }

    /// What another run tells of a value that this one has told of.
    fn again(&self) -> Again {
        Again::Nothing
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

/// All that a rule can write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed {
    Texts(Vec<String>),
    /// Postal codes.
    Codes,
    /// Brackets of this width, `LO-HI`.
    Brackets(u64),
    /// Whatever is in the cell, which becomes brackets where it is a number.
    Cells,
}

/// What a rule writes of a value in another run: of many exports together, the value may be worked
/// out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// What it wrote before.
    Nothing,
    /// Another draw.
    Draw,
    /// The same draw for the same person: it must be known whose rows are whose.
    SameDraw,
    /// Another value where other rows are in the file: of two files that differ in few of them, these may be
    /// worked out.
    WithOthers,
    /// What it wrote before, until the year ends: nobody said which day the rule is to go by.
    YearOfRun,
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
