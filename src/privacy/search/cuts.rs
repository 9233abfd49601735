//! The ways to split a class, and what each is worth.

use std::sync::Arc;

use super::at;
use super::ladder::Ladder;
use super::splitter::{Scratch, Set, Splitter};
use crate::privacy::combinations::Slot;

/// Of more combinations than that, about that many decide on the column.
const SAMPLE: usize = 4096;

/// A way to split a class.
pub(super) struct Cut {
    pub(super) column: usize,
    pub(super) level: u8,
    pub(super) gain: f64,
}

/// The bit of a column in [`Set::stuck`]; none for one of the last columns of very many.
pub(super) fn column_bit(column: usize) -> u64 {
    u32::try_from(column).map_or(0, |column| 1_u64.checked_shl(column).unwrap_or(0))
}

/// The rows of a member.
#[inline]
pub(super) fn rows_of(member: &[u64]) -> u64 {
    member.last().copied().unwrap_or(0) & u64::from(u32::MAX)
}

impl Splitter<'_> {
    /// Counts the rows of a set's groups into `scratch`, one for every `every` members.
    pub(super) fn count<const STRIDE: usize>(
        &self,
        set: &Set<'_>,
        (slot, ladder, level): (Slot, &Ladder, u8),
        every: usize,
        scratch: &mut Scratch,
    ) {
        let stride = if STRIDE == 0 { self.stride() } else { STRIDE };
        scratch.clear(ladder.values());
        let groups = ladder.groups(level);
        for member in set.members.chunks_exact(stride).step_by(every) {
            let group = at(groups, slot.code(member) as usize);
            if let Some(rows) = scratch.rows.get_mut(group as usize) {
                if *rows == 0 {
                    scratch.touched.push(group);
                }
                *rows += rows_of(member);
            }
        }
    }

    /// The ways to split a set, with what each gains for a bit; notes the columns that have none.
    pub(super) fn cuts<const STRIDE: usize>(
        &self,
        set: &mut Set<'_>,
        scratch: &mut Scratch,
        cuts: &mut Vec<Cut>,
    ) {
        let stride = if STRIDE == 0 { self.stride() } else { STRIDE };
        cuts.clear();
        let (k, every) = (
            u64::from(self.demand.k),
            (set.members.len() / stride / SAMPLE).max(1),
        );
        let exact = every == 1;
        let least = if exact { k } else { 2 };
        // Too few rows for two classes: only what leaves all of them together is a way.
        let rows: u64 = match exact {
            true => set.members.chunks_exact(stride).map(rows_of).sum(),
            false => u64::MAX,
        };
        let together = rows < k.saturating_mul(2);
        let Some(first) = set.members.get(..stride) else {
            return;
        };
        let node = Arc::clone(&set.node);
        for (column, (ladder, level)) in self.ladders.iter().zip(&*node).enumerate() {
            if set.stuck & column_bit(column) != 0 {
                continue;
            }
            let finer = self
                .finer
                .get(column)
                .and_then(|levels| levels.get(usize::from(*level)));
            let slot = self.combinations.layout().slot(column);
            let code = slot.code(first) as usize;
            let before = u64::from(ladder.cost(*level, at(ladder.groups(*level), code)));
            let mut none_good = exact && !together;
            for finer in finer.into_iter().flatten() {
                if together {
                    let groups = ladder.groups(*finer);
                    let group = at(groups, code);
                    let same = |member: &[u64]| at(groups, slot.code(member) as usize) == group;
                    if rows >= k && set.members.chunks_exact(stride).all(same) {
                        let gain =
                            rows * before.saturating_sub(u64::from(ladder.cost(*finer, group)));
                        cuts.push(Cut::new((column, *finer), gain, 0.0));
                    }
                    continue;
                }
                self.count::<STRIDE>(set, (slot, ladder, *finer), every, scratch);
                let (mut gain, mut all, mut parts, mut rest) = (0, 0, 0.0, 0);
                let mut good = 0;
                for group in &scratch.touched {
                    let rows = at(&scratch.rows, *group as usize);
                    all += rows;
                    if rows >= least {
                        gain +=
                            rows * before.saturating_sub(u64::from(ladder.cost(*finer, *group)));
                        parts += times_logarithm(rows, &mut scratch.logarithms);
                        good += 1;
                    } else {
                        rest += rows;
                    }
                }
                none_good &= good == 0;
                // Of what is not a class of its own, too little is left to be one together.
                let stuck = good == 0 || good == 1 && rest > 0 && rest < k;
                if exact && stuck {
                    continue;
                }
                if rest > 0 {
                    parts += times_logarithm(rest, &mut scratch.logarithms);
                }
                let bits = times_logarithm(all, &mut scratch.logarithms) - parts;
                if gain > 0 || scratch.touched.len() == 1 {
                    cuts.push(Cut::new((column, *finer), gain, bits));
                }
            }
            if none_good {
                set.stuck |= column_bit(column);
            }
        }
    }
}

impl Cut {
    /// What costs no rows at all is worth any gain.
    fn new((column, level): (usize, u8), gain: u64, bits: f64) -> Self {
        Self {
            column,
            level,
            gain: (gain as f64 + 1.0) / bits.max(1e-6),
        }
    }
}

/// A number of rows times its binary logarithm, which of small numbers is `known`.
#[inline]
fn times_logarithm(rows: u64, known: &mut Vec<f64>) -> f64 {
    const KNOWN: usize = 1 << 12;
    if known.is_empty() {
        known.extend((0..KNOWN).map(|rows| rows as f64 * (rows as f64).log2()));
    }
    let number = usize::try_from(rows).unwrap_or(KNOWN);
    match known.get(number) {
        Some(product) => *product,
        None => rows as f64 * (rows as f64).log2(),
    }
}
