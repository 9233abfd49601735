//! The score from A to E: points for objective criteria, and what no number of points can mend.
//!
//! Each criterion gives its points by a threshold on one figure, or is not known. What is not known
//! gives no points and asks for none: the letter is that of the share of points among the criteria
//! that are known. Then the caps: whatever the points, a file in which rows single out one person
//! is no better than C, and a file of which something is not known no better than B.

mod criterion;

pub use criterion::Criterion;

use super::audit::Audit;
use crate::base::lang::Fixed;

/// What the score is made of; nothing where it is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Facts {
    /// The rows by the size of their class.
    pub classes: Option<SmallClasses>,
    /// The least number of distinct values of a sensitive column in a class.
    pub l: Option<u64>,
    /// The greatest distance of a sensitive column in a class from the whole file, from 0 to 1.
    pub t: Option<f64>,
    /// Whether nobody can work out the index: it is random and its key forgotten, or there is none.
    pub index_random: Option<bool>,
    /// Whether the rows left in random order.
    pub shuffled: Option<bool>,
    /// How many columns that leave name one person on their own.
    pub identifying: Option<u64>,
    /// Whether the rule table says of every column that leaves what it tells about a person.
    pub all_judged: Option<bool>,
    /// How many columns of the source hold special categories of data (GDPR art. 9); they never
    /// leave.
    pub special: Option<u64>,
    /// Whether it is known to hold pseudonyms, which a key or a table turns back into people.
    pub pseudonymised: bool,
    /// Whether the classes tell of persons.
    pub persons: Persons,
    /// The share of rows that are alone with all that is published of them but sensitive columns.
    pub alone_published: Option<f64>,
}

/// Whether classes tell of persons, or of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Persons {
    /// Nobody knows: rows were counted.
    #[default]
    Unknown,
    /// Rows were counted, and persons have several.
    HaveSeveralRows,
    /// Rows were counted, and each is another person's.
    HaveOneRowEach,
    /// Persons were counted; and whether any is alone with all their rows together.
    Counted {
        /// Whether there is such a person.
        alone_together: bool,
    },
}

impl From<&Audit> for Persons {
    fn from(audit: &Audit) -> Self {
        match (audit.persons, audit.one_row_each) {
            (Some(counts), _) => Self::Counted {
                alone_together: counts.alone_together > 0,
            },
            (None, Some(true)) => Self::HaveOneRowEach,
            (None, Some(false)) => Self::HaveSeveralRows,
            (None, None) => Self::Unknown,
        }
    }
}

/// The rows of a table that has some, by the size of their class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SmallClasses {
    /// All rows; at least one.
    pub rows: u64,
    /// The rows of the smallest class.
    pub k: u64,
    /// Rows that are alone in their class.
    pub unique: u64,
    /// Rows in classes of fewer than five.
    pub under_5: u64,
}

impl From<&Audit> for Facts {
    /// What a file tells by itself. Without rows or without quasi-identifying columns nothing was
    /// measured.
    fn from(audit: &Audit) -> Self {
        let (rows, small) = (audit.sizes.rows, &audit.sizes.small);
        if rows == 0 || audit.quasi.is_empty() {
            return Self::default();
        }
        Self {
            classes: Some(SmallClasses {
                rows,
                k: small.k,
                unique: small.unique_rows,
                under_5: small.rows_under_5,
            }),
            l: audit.l(),
            t: audit.t(),
            persons: Persons::from(audit),
            alone_published: audit.published.as_ref().map(|seen| seen.alone),
            ..Self::default()
        }
    }
}

/// A grade; a better one is less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Letter {
    /// At least 85 % of the points.
    A,
    /// At least 70 %.
    B,
    /// At least 55 %.
    C,
    /// At least 40 %.
    D,
    /// Less.
    E,
}

impl Letter {
    /// Every letter, the best first.
    pub const ALL: [Self; 5] = [Self::A, Self::B, Self::C, Self::D, Self::E];

    /// The letter itself.
    pub const fn text(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::E => "E",
        }
    }

    /// The letter for points of so many.
    fn of(points: u32, out_of: u32) -> Self {
        let reaches = |percent: u32| points * 100 >= percent * out_of;
        match out_of {
            0 => Self::E,
            _ if reaches(85) => Self::A,
            _ if reaches(70) => Self::B,
            _ if reaches(55) => Self::C,
            _ if reaches(40) => Self::D,
            _ => Self::E,
        }
    }
}

/// One line of the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    pub criterion: Criterion,
    /// Its points; nothing where it is not known.
    pub points: Option<u32>,
}

/// Why the letter is no better, whatever the points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cap {
    /// It holds pseudonyms: E.
    Pseudonymised,
    /// A column that leaves names one person: E.
    DirectIdentifier,
    /// Nobody knows how many rows single out one person: E.
    NotMeasured,
    /// More than a fifth of the rows are unique: E.
    ManyUnique,
    /// More than a twentieth is: D.
    SomeUnique,
    /// Any row is: C.
    AnyUnique,
    /// More than a fifth of the rows are alone with columns that are called insensitive: C.
    MostAlonePublished,
    /// Rows were counted, and persons have several: C.
    SeveralRows,
    /// Nobody has said whose rows are whose: B.
    PersonsNotKnown,
    /// A person is alone with all their rows together: B.
    AloneTogether,
    /// More than a twentieth of the rows are alone with columns that are called insensitive: B.
    AlonePublished,
    /// The rows keep the source's order: B.
    KeptOrder,
    /// A criterion is not known: B.
    NotKnown,
}

impl Cap {
    /// Every cap, the hardest first.
    pub const ALL: [Self; 13] = [
        Self::Pseudonymised,
        Self::DirectIdentifier,
        Self::NotMeasured,
        Self::ManyUnique,
        Self::SomeUnique,
        Self::AnyUnique,
        Self::MostAlonePublished,
        Self::SeveralRows,
        Self::PersonsNotKnown,
        Self::AloneTogether,
        Self::AlonePublished,
        Self::KeptOrder,
        Self::NotKnown,
    ];

    /// The best letter that is left.
    pub const fn letter(self) -> Letter {
        match self {
            Self::Pseudonymised | Self::DirectIdentifier | Self::NotMeasured | Self::ManyUnique => {
                Letter::E
            }
            Self::SomeUnique => Letter::D,
            Self::AnyUnique | Self::MostAlonePublished | Self::SeveralRows => Letter::C,
            Self::PersonsNotKnown
            | Self::AloneTogether
            | Self::AlonePublished
            | Self::KeptOrder
            | Self::NotKnown => Letter::B,
        }
    }

    /// When it applies.
    pub const fn reason(self) -> Fixed {
        match self {
            Self::Pseudonymised => fixed!(
                "it is pseudonymised, which is not anonymous: who holds a key finds the people again"
            ),
            Self::DirectIdentifier => fixed!("a column that leaves names one person on its own"),
            Self::NotMeasured => fixed!("nobody has measured how many rows single out one person"),
            Self::ManyUnique => fixed!("more than 20 % of the rows single out one person"),
            Self::SomeUnique => fixed!("more than 5 % of the rows single out one person"),
            Self::AnyUnique => fixed!("at least one row singles out one person"),
            Self::SeveralRows => {
                fixed!("persons have several rows, and rows were counted (--person)")
            }
            Self::PersonsNotKnown => {
                fixed!("rows were counted, and nobody has said whose they are (--person)")
            }
            Self::AloneTogether => {
                fixed!("at least one person with several rows is alone with all of them together")
            }
            Self::MostAlonePublished => fixed!(
                "more than 20 % of the rows are alone once the columns called insensitive are known too"
            ),
            Self::AlonePublished => fixed!(
                "more than 5 % of the rows are alone once the columns called insensitive are known too"
            ),
            Self::KeptOrder => fixed!("the rows keep the source’s order"),
            Self::NotKnown => fixed!("some criteria are not known"),
        }
    }

    fn applies(self, facts: &Facts, lines: &[Line]) -> bool {
        let more_than = |percent: u128| {
            facts.classes.is_some_and(|classes| {
                u128::from(classes.unique) * 100 > u128::from(classes.rows) * percent
            })
        };
        match self {
            Self::Pseudonymised => facts.pseudonymised,
            Self::DirectIdentifier => facts.identifying.is_some_and(|columns| columns > 0),
            Self::NotMeasured => facts.classes.is_none(),
            Self::ManyUnique => more_than(20),
            Self::SomeUnique => more_than(5),
            Self::AnyUnique => more_than(0),
            Self::SeveralRows => facts.persons == Persons::HaveSeveralRows,
            Self::PersonsNotKnown => facts.persons == Persons::Unknown,
            Self::AloneTogether => {
                facts.persons
                    == Persons::Counted {
                        alone_together: true,
                    }
            }
            Self::MostAlonePublished => facts.alone_published.is_some_and(|share| share > 0.2),
            Self::AlonePublished => facts.alone_published.is_some_and(|share| share > 0.05),
            Self::KeptOrder => facts.shuffled == Some(false),
            Self::NotKnown => lines.iter().any(|line| line.points.is_none()),
        }
    }
}

/// A score with all that it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// The grade.
    pub letter: Letter,
    /// The points of the criteria that are known.
    pub points: u32,
    /// The most that these give.
    pub out_of: u32,
    /// The most that the other ones give, which nobody knows.
    pub not_known: u32,
    /// Every criterion.
    pub lines: Vec<Line>,
    /// Why the letter is worse than that of the points, if it is.
    pub cap: Option<Cap>,
}

/// Scores a file.
pub fn score(facts: &Facts) -> Score {
    let lines = Criterion::ALL.map(|criterion| Line {
        criterion,
        points: criterion.points(facts),
    });
    let (mut points, mut out_of, mut not_known) = (0, 0, 0);
    for line in &lines {
        match line.points {
            Some(given) => {
                points += given;
                out_of += line.criterion.out_of();
            }
            None => not_known += line.criterion.out_of(),
        }
    }
    let by_points = Letter::of(points, out_of);
    let mut caps = Cap::ALL
        .into_iter()
        .filter(|cap| cap.applies(facts, &lines));
    let cap = caps.next().filter(|cap| cap.letter() > by_points);
    Score {
        letter: cap.map_or(by_points, Cap::letter),
        points,
        out_of,
        not_known,
        lines: lines.to_vec(),
        cap,
    }
}

#[cfg(test)]
mod tests;
