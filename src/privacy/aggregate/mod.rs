//! Tables of figures that are published instead of rows, and the cells of them that are not.
//!
//! ```text
//!   rows ──► Tally ──► Figures (cells, with margins) ──► primary: which cells tell of too few
//!                                                          │
//!                        Board (what an attacker knows) ◄──┴──► cover: which others must go with them
//! ```
//!
//! Suppressing the small cells alone is not enough: whoever knows the totals subtracts the cells that are
//! published. So for each primary cell there is a [certificate]: cubes of 2^d cells, all of them suppressed,
//! along which people can be moved without any published figure being another. Each such move is a
//! table that the published figures fit just as well; so these cells cannot be told from one another.
//!
//! Differential privacy suppresses nothing and adds noise instead: see [noisy].
//!
//! Cells that do not occur are known to be zero, and cells that occur are known not to be. Neither is ever
//! assumed to be otherwise.

use std::collections::HashSet;

pub(crate) mod aside;
mod board;
pub(crate) mod brackets;
pub(crate) mod cell;
mod certificate;
pub(crate) mod contributions;
mod cover;
mod figures;
pub(crate) mod noisy;
mod pairs;
mod primary;
mod protected;
mod shape;
pub(crate) mod tally;
mod told;

#[cfg(test)]
mod tests;

pub(crate) use board::MOST_AMOUNTS;
pub(crate) use brackets::MOST_COUNTS;
pub use brackets::Range;
pub(crate) use cell::{Amounts, Cell};
pub(crate) use cover::protect;
pub(crate) use figures::{Column, Figures, TOTAL};
pub(crate) use protected::Protected;
pub(crate) use shape::{MOST_ASIDE, MOST_CELLS, MOST_DIMENSIONS};
pub use told::Level;
pub(crate) use told::Told;

/// What a table must not tell beside another one of the same columns that was published before it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Since {
    /// Places that were suppressed: a figure now would tell nearly what it was then.
    pub(crate) kept: HashSet<usize>,
    /// Places that had a figure and have another one, with fewer persons more or less than the threshold: the
    /// difference would be theirs.
    pub(crate) changed: HashSet<usize>,
}

/// What a cell must be to be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demand {
    /// So many persons at least; and so many possible numbers of persons for each suppressed cell.
    pub threshold: u64,
    /// When few persons make up most of a sum.
    pub dominance: Dominance,
    /// How near, in percent of the largest contribution, nobody may come to it.
    pub p_percent: u8,
}

impl Default for Demand {
    fn default() -> Self {
        Self {
            threshold: Self::THRESHOLD,
            dominance: Dominance::default(),
            p_percent: Self::P_PERCENT,
        }
    }
}

impl Demand {
    /// The threshold where nobody says another: that of the French statistical office for figures from
    /// tax returns of households.
    pub const THRESHOLD: u64 = 11;
    /// The percentage of the p % rule where nobody says another.
    pub const P_PERCENT: u8 = 10;
}

/// The largest `n` contributions to a sum may be so many percent of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dominance {
    /// How many contributions.
    pub n: u8,
    /// Their greatest share.
    pub percent: u8,
}

impl Default for Dominance {
    /// That of the French statistical office: one contribution, 85 %.
    fn default() -> Self {
        Self { n: 1, percent: 85 }
    }
}
