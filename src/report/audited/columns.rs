//! Which columns the figures of an audit hold for, and who said so.

use crate::base::name::Shown;
use crate::rules::table::Attribute;

/// What a column of an audited file is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Its name, escaped.
    pub column: Shown,
    /// What it tells about a person, if that was judged.
    pub attribute: Option<Attribute>,
    /// Who judged it.
    pub by: JudgedBy,
}

/// Who said what a column tells about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JudgedBy {
    /// The rule table.
    Rules,
    /// The command line.
    Options,
    /// Its name and its contents, as an inspection does.
    Contents,
    /// The rule table: it is the random index.
    Index,
    /// Nobody: it says whose rows are whose.
    Person,
    /// Nobody: the command line names those that count.
    Nobody,
}

impl JudgedBy {
    /// A short name for machines.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Options => "options",
            Self::Contents => "contents",
            Self::Index => "index",
            Self::Person => "person",
            Self::Nobody => "nobody",
        }
    }
}

impl Judged {
    pub(crate) fn counted_as(&self) -> Option<Attribute> {
        let counts = [Attribute::QuasiIdentifying, Attribute::Sensitive];
        self.attribute
            .filter(|attribute| counts.contains(attribute))
    }

    /// The same, and what somebody may know of a person beside what counts: a column that is called
    /// insensitive by the rule table or by its name and contents.
    pub(crate) fn looked_at_as(&self) -> Option<Attribute> {
        let by = matches!(self.by, JudgedBy::Rules | JudgedBy::Contents);
        let known = self
            .attribute
            .filter(|attribute| *attribute == Attribute::Insensitive && by);
        self.counted_as().or(known)
    }
}
