//! The thresholds that a file must reach to be published.

use std::fmt;

use super::audit::Audit;
use crate::base::lang::Decimal;
use crate::base::plural::counted;
use crate::privacy::goal::Percent;

/// What a file must reach; nothing where nothing was asked.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Gate {
    /// The least k.
    pub min_k: Option<u64>,
    /// The greatest share of unique rows.
    pub max_unique: Option<Percent>,
    /// The least l, of each sensitive column.
    pub min_l: Option<u64>,
    /// The greatest t, of each sensitive column.
    pub max_t: Option<f64>,
    /// The greatest share of one value in a class, of each sensitive column.
    pub max_share: Option<Percent>,
}

/// A threshold that was missed, and the figure that missed it.
#[derive(Debug, Clone, PartialEq)]
pub enum Miss {
    /// k is too small.
    K { least: u64, found: u64 },
    /// Too many rows are unique.
    Unique {
        most: Percent,
        /// The unique rows.
        rows: u64,
        of: u64,
        persons: bool,
    },
    /// A sensitive column has too few values in a class.
    L {
        column: String,
        least: u64,
        found: u64,
    },
    /// A value of a sensitive column has too large a share of a class.
    Share {
        column: String,
        most: Percent,
        /// What was found, from 0 to 1.
        found: f64,
    },
    /// A sensitive column's values in a class are too far from the file's.
    T {
        column: String,
        most: f64,
        found: f64,
    },
}

coded! {
    Miss []
    Self::K { .. } => "min_k", "--min-k was not met";
    Self::Unique { .. } => "max_unique", "--max-unique was not met";
    Self::L { .. } => "min_l", "--min-l was not met";
    Self::Share { .. } => "max_share", "--max-share was not met";
    Self::T { .. } => "max_t", "--max-t was not met";
}

impl Gate {
    /// Whether there is no threshold.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a threshold is about sensitive columns.
    pub fn is_about_sensitive(&self) -> bool {
        self.min_l.is_some() || self.max_t.is_some() || self.max_share.is_some()
    }

    /// The thresholds that the figures miss. A table without rows singles out nobody.
    pub fn misses(&self, audit: &Audit) -> Vec<Miss> {
        let mut misses = Vec::new();
        let (rows, small) = (audit.sizes.rows, &audit.sizes.small);
        if rows == 0 {
            return misses;
        }
        if let Some(least) = self.min_k.filter(|least| small.k < *least) {
            misses.push(Miss::K {
                least,
                found: small.k,
            });
        }
        if let Some(most) = self
            .max_unique
            .filter(|most| small.unique_rows > most.of(rows))
        {
            misses.push(Miss::Unique {
                most,
                rows: small.unique_rows,
                of: rows,
                persons: audit.persons.is_some(),
            });
        }
        for column in &audit.sensitive {
            let (column, measures) = (column.name.clone(), &column.measures);
            let found = measures.l_distinct as u64;
            if let Some(least) = self.min_l.filter(|least| found < *least) {
                misses.push(Miss::L {
                    column: column.clone(),
                    least,
                    found,
                });
            }
            let found = measures.largest_share;
            // What is the threshold but for the rounding of a division is not above it.
            if let Some(most) = self.max_share.filter(|most| found > most.share() + 1e-9) {
                misses.push(Miss::Share {
                    column: column.clone(),
                    most,
                    found,
                });
            }
            let found = measures.t;
            if let Some(most) = self.max_t.filter(|most| found > *most) {
                misses.push(Miss::T {
                    column,
                    most,
                    found,
                });
            }
        }
        misses
    }
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::K { least, found } => text!(
                "k is {found}, --min-k asks for {least} at least",
                found,
                least
            ),
            Self::Unique {
                most,
                rows,
                of,
                persons,
            } => {
                let share = 100.0 * *rows as f64 / (*of).max(1) as f64;
                let (share, of) = (Decimal(share, 2), match persons {
                    true => counted(*of, "person"),
                    false => counted(*of, "row"),
                });
                plural!(
                    *rows,
                    "{n} of {of} ({share} %) is alone with its quasi-identifiers, --max-unique allows {most}",
                    "{n} of {of} ({share} %) are alone with their quasi-identifiers, --max-unique allows {most}",
                    of,
                    share,
                    most
                )
            }
            Self::L {
                column,
                least,
                found,
            } => text!(
                "l of {column} is {found}, --min-l asks for {least} at least",
                column,
                found,
                least
            ),
            Self::Share {
                column,
                most,
                found,
            } => text!(
                "{share} % of a class have one value of {column}, --max-share allows {most}",
                share = Decimal(100.0 * found, 2),
                column,
                most
            ),
            Self::T {
                column,
                most,
                found,
            } => text!(
                "t of {column} is {found}, --max-t allows {most}",
                column,
                found = Decimal(*found, 4),
                most
            ),
        })
    }
}
