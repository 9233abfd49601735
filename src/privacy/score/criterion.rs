//! The criteria of the score: what each gives points for.

use super::Facts;
use crate::base::lang::Fixed;

/// A criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Criterion {
    /// k: the rows of the smallest class.
    SmallestClass,
    /// The share of rows that are alone in their class.
    UniqueRows,
    /// The share of rows in classes of fewer than five.
    SmallClasses,
    /// l: the least number of values of a sensitive column in a class.
    Diversity,
    /// t: the greatest distance of a class from the file.
    Closeness,
    /// Whether the index can be worked out.
    Index,
    /// Whether the rows keep the source's order.
    RowOrder,
    /// Whether a column that leaves names one person.
    DirectIdentifiers,
    /// Whether somebody has said of each column that leaves what it tells.
    ColumnsJudged,
    /// Whether the source holds special categories of data.
    SpecialCategories,
}

impl Criterion {
    /// Every criterion, in the order of the three criteria of Opinion 05/2014: singling out,
    /// inference, linkability; then the content.
    pub const ALL: [Self; 10] = [
        Self::SmallestClass,
        Self::UniqueRows,
        Self::SmallClasses,
        Self::Diversity,
        Self::Closeness,
        Self::Index,
        Self::RowOrder,
        Self::DirectIdentifiers,
        Self::ColumnsJudged,
        Self::SpecialCategories,
    ];

    /// Its name for programs and in the documentation.
    pub const fn id(self) -> &'static str {
        match self {
            Self::SmallestClass => "smallest_class",
            Self::UniqueRows => "unique_rows",
            Self::SmallClasses => "small_classes",
            Self::Diversity => "diversity",
            Self::Closeness => "closeness",
            Self::Index => "index",
            Self::RowOrder => "row_order",
            Self::DirectIdentifiers => "direct_identifiers",
            Self::ColumnsJudged => "columns_judged",
            Self::SpecialCategories => "special_categories",
        }
    }

    /// The most points that it gives.
    pub const fn out_of(self) -> u32 {
        match self {
            Self::SmallestClass => 20,
            Self::ColumnsJudged | Self::SpecialCategories => 5,
            _ => 10,
        }
    }

    /// How its points are given.
    pub const fn rule(self) -> Fixed {
        match self {
            Self::SmallestClass => fixed!(
                "size of the smallest group of look-alike rows (k): 20 for 11 or more, 15 for 5 or \
                 more, 8 for 3 or more, 4 for 2"
            ),
            Self::UniqueRows => fixed!(
                "rows that are the only one of their kind: 10 for none, 6 up to 0.1 %, 3 up to 1 %"
            ),
            Self::SmallClasses => {
                fixed!("rows in groups of fewer than 5: 10 for none, 6 up to 1 %, 3 up to 5 %")
            }
            Self::Diversity => fixed!(
                "different values of every sensitive column in every group (l): 10 for 3 or more, 6 for 2"
            ),
            Self::Closeness => fixed!(
                "distance between a group’s sensitive values and the whole file’s (t): 10 up to \
                 0.2, 6 up to 0.35, 3 up to 0.5"
            ),
            Self::Index => fixed!(
                "index of the rows: 10 if nobody can work it out (random, without --seed) or there is none"
            ),
            Self::RowOrder => {
                fixed!("order of the rows: 10 if random (--k or --shuffle, without --seed)")
            }
            Self::DirectIdentifiers => {
                fixed!("columns that leave and name a person on their own: 10 for none")
            }
            Self::ColumnsJudged => fixed!(
                "what each column that leaves tells about a person: 5 if the rule table says it of all of them"
            ),
            Self::SpecialCategories => fixed!(
                "special categories of data in the source (GDPR art. 9): 5 for none declared, 2 for \
                 some that were dropped"
            ),
        }
    }

    /// Its points, unless the facts do not tell.
    pub(super) fn points(self, facts: &Facts) -> Option<u32> {
        let classes = facts.classes.as_ref();
        Some(match self {
            Self::SmallestClass => match classes?.k {
                11.. => 20,
                5.. => 15,
                3.. => 8,
                2 => 4,
                _ => 0,
            },
            Self::UniqueRows => {
                let classes = classes?;
                share_points(classes.unique, classes.rows, 1, 10)
            }
            Self::SmallClasses => {
                let classes = classes?;
                share_points(classes.under_5, classes.rows, 10, 50)
            }
            Self::Diversity => match facts.l? {
                3.. => 10,
                2 => 6,
                _ => 0,
            },
            Self::Closeness => match facts.t? {
                t if t <= 0.2 => 10,
                t if t <= 0.35 => 6,
                t if t <= 0.5 => 3,
                _ => 0,
            },
            Self::Index => if_so(facts.index_random?, 10),
            Self::RowOrder => if_so(facts.shuffled?, 10),
            Self::DirectIdentifiers => if_so(facts.identifying? == 0, 10),
            Self::ColumnsJudged => if_so(facts.all_judged?, 5),
            Self::SpecialCategories => match facts.special? {
                0 => 5,
                _ => 2,
            },
        })
    }
}

fn if_so(holds: bool, points: u32) -> u32 {
    if holds { points } else { 0 }
}

/// 10 points for none, 6 and 3 for up to so many per thousand.
fn share_points(part: u64, whole: u64, six: u128, three: u128) -> u32 {
    let within = |thousandths: u128| u128::from(part) * 1000 <= u128::from(whole) * thousandths;
    match part {
        0 => 10,
        _ if within(six) => 6,
        _ if within(three) => 3,
        _ => 0,
    }
}
