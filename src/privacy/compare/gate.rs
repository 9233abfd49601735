//! The thresholds that two releases must reach together.

use std::fmt;

use super::Comparison;
use crate::base::lang::Decimal;
use crate::base::plural::counted;
use crate::privacy::goal::Percent;

/// What two releases must reach; nothing where nothing was asked.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ComparisonGate {
    /// The greatest share of the newer release that is linked one to one.
    pub max_linked: Option<Percent>,
    /// The least number of candidates of each row or person.
    pub min_candidates: Option<u64>,
}

/// A threshold that was missed, and the figure that missed it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ComparisonMiss {
    /// Too many are linked.
    Linked {
        most: Percent,
        found: u64,
        of: u64,
        persons: bool,
    },
    /// Somebody has too few candidates.
    Candidates { least: u64, found: u64 },
}

impl ComparisonGate {
    /// The thresholds that the figures miss. A release without rows tells of nobody.
    pub fn misses(&self, found: &Comparison, persons: bool) -> Vec<ComparisonMiss> {
        let (of, linked, least) = (found.new.holders, found.linked, found.candidates.least);
        if of == 0 {
            return Vec::new();
        }
        let most = self.max_linked.filter(|most| linked > most.of(of));
        let too_many = most.map(|most| ComparisonMiss::Linked {
            most,
            found: linked,
            of,
            persons,
        });
        let fewest = self.min_candidates.filter(|wanted| least < *wanted);
        let too_few = fewest.map(|wanted| ComparisonMiss::Candidates {
            least: wanted,
            found: least,
        });
        too_many.into_iter().chain(too_few).collect()
    }
}

impl fmt::Display for ComparisonMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Linked {
                most,
                found,
                of,
                persons,
            } => {
                let share = Decimal(100.0 * *found as f64 / (*of).max(1) as f64, 2);
                let of = match persons {
                    true => counted(*of, "person"),
                    false => counted(*of, "row"),
                };
                plural!(
                    *found,
                    "{n} of {of} ({share} %) is linked one to one, --max-linked allows {most}",
                    "{n} of {of} ({share} %) are linked one to one, --max-linked allows {most}",
                    of,
                    share,
                    most
                )
            }
            Self::Candidates { least, found } => plural!(
                *found,
                "the least number of candidates is {n}, --min-candidates asks for {least} at least",
                "the least number of candidates is {n}, --min-candidates asks for {least} at least",
                least
            ),
        })
    }
}
