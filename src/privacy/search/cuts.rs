//! The ways to split a class, and what each is worth.

use super::at;
use super::scratch::Scratch;
use super::set::Set;
use super::splitter::Splitter;
use crate::privacy::combinations::Slot;

/// Of more combinations than that, about that many decide on the column.
const SAMPLE: usize = 4096;

/// A way to split a class.
pub(super) struct Cut {
    pub(super) column: usize,
    pub(super) level: u8,
    pub(super) gain: f64,
    /// Whether all rows are known to be in one group there.
    pub(super) whole: bool,
}

/// How the members of a class are looked at.
#[derive(Clone, Copy)]
pub(super) struct View {
    pub(super) every: usize,
    /// Whether all of them are.
    exact: bool,
    /// The rows; of a sample, very many.
    rows: u64,
}

/// The bit of a column in [`Set::stuck`]; none for one of the last columns of very many.
pub(super) fn column_bit(column: usize) -> u64 {
    u32::try_from(column).map_or(0, |column| 1_u64.checked_shl(column).unwrap_or(0))
}

impl View {
    /// A look at some members of a large class.
    pub(super) const SAMPLE: Self = Self {
        every: 1,
        exact: false,
        rows: u64::MAX,
    };

    /// Of so many members, one is looked at for each of these.
    pub(super) fn every(members: usize) -> usize {
        (members / SAMPLE).max(1)
    }
}

impl Splitter<'_> {
    /// How the members of a set are to be looked at; notes in which bits of their keys they differ.
    pub(super) fn view<const STRIDE: usize>(&self, set: &Set<'_>, scratch: &mut Scratch) -> View {
        let stride = if STRIDE == 0 { self.stride() } else { STRIDE };
        let members = || set.members.chunks_exact(stride);
        let every = View::every(members().len());
        let exact = every == 1;
        scratch.apart.clear();
        if exact {
            let words = (0..self.combinations.layout().words()).map(|word| {
                let mut words = set.members.iter().skip(word).step_by(stride);
                let first = words.next().copied().unwrap_or(0);
                words.fold(0, |apart, word| apart | (word ^ first))
            });
            scratch.apart.extend(words);
        }
        View {
            every,
            exact,
            rows: match exact {
                true => members()
                    .map(|member| self.form.rows::<STRIDE>(member))
                    .sum(),
                false => u64::MAX,
            },
        }
    }

    /// Counts the rows of a set's groups into `scratch`, one for every `every` members.
    fn count<const STRIDE: usize>(
        &self,
        members: &[u64],
        (slot, groups): (Slot, &[u32]),
        every: usize,
        scratch: &mut Scratch,
    ) {
        let stride = if STRIDE == 0 { self.stride() } else { STRIDE };
        let (rows, touched) = (&mut *scratch.rows, &mut *scratch.touched);
        let mut seen = 0;
        let mut add = |member: &[u64]| {
            let group = at(groups, slot.code(member) as usize);
            if let (Some(rows), Some(next)) = (rows.get_mut(group as usize), touched.get_mut(seen))
            {
                // Written in any case: whether a group is a new one nobody can foretell.
                *next = group;
                seen += usize::from(*rows == 0);
                *rows += self.form.rows::<STRIDE>(member);
            }
        };
        let members = members.chunks_exact(stride);
        if every == 1 {
            members.for_each(&mut add);
        } else {
            members.step_by(every).for_each(&mut add);
        }
        scratch.seen = seen;
    }

    /// The ways to split a set by a column, with what each gains for a bit; notes if there are none.
    pub(super) fn cuts<const STRIDE: usize>(
        &self,
        set: &mut Set<'_>,
        view: View,
        column: usize,
        scratch: &mut Scratch,
        cuts: &mut Vec<Cut>,
    ) {
        let stride = if STRIDE == 0 { self.stride() } else { STRIDE };
        if set.stuck & column_bit(column) != 0 {
            return;
        }
        let (Some(ladder), Some(level), Some(first)) = (
            self.ladders.get(column),
            set.node.get(column),
            set.members.get(..stride),
        ) else {
            return;
        };
        let View { every, exact, rows } = view;
        let k = u64::from(self.demand.k);
        let least = if exact { k } else { 2 };
        // Too few rows for two classes: only what leaves all of them together is a way.
        let together = rows < k.saturating_mul(2);
        let levels = self.finer.get(column);
        let finer = levels.and_then(|levels| levels.get(usize::from(*level)));
        let slot = self.combinations.layout().slot(column);
        let code = slot.code(first) as usize;
        let same_code = exact && slot.code(&scratch.apart) == 0;
        let before = u64::from(ladder.cost(*level, at(ladder.groups(*level), code)));
        let mut none_good = exact && !together;
        for finer in finer.into_iter().flatten() {
            let (groups, costs) = (ladder.groups(*finer), ladder.costs(*finer));
            let cost = |group: u32| u64::from(at(costs, group as usize));
            if same_code || together {
                let group = at(groups, code);
                let same = |member: &[u64]| at(groups, slot.code(member) as usize) == group;
                if rows >= k && (same_code || set.members.chunks_exact(stride).all(same)) {
                    let gain = rows * before.saturating_sub(cost(group));
                    cuts.push(Cut::new((column, *finer), gain, 0.0, true));
                    none_good = false;
                }
                continue;
            }
            scratch.make_room(ladder.values());
            self.count::<STRIDE>(set.members, (slot, groups), every, scratch);
            let (mut gain, mut all, mut parts, mut rest) = (0, 0, 0.0, 0);
            let mut good = 0;
            for group in scratch.touched.iter().take(scratch.seen) {
                let rows = scratch.rows.get_mut(*group as usize).map(std::mem::take);
                let rows = rows.unwrap_or(0);
                all += rows;
                if rows >= least {
                    gain += rows * before.saturating_sub(cost(*group));
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
            let one = scratch.seen == 1;
            if gain > 0 || one {
                cuts.push(Cut::new((column, *finer), gain, bits, exact && one));
            }
        }
        if none_good {
            set.stuck |= column_bit(column);
        }
    }
}

impl Cut {
    /// What costs no rows at all is worth any gain.
    fn new((column, level): (usize, u8), gain: u64, bits: f64, whole: bool) -> Self {
        Self {
            column,
            level,
            gain: (gain as f64 + 1.0) / bits.max(1e-6),
            whole,
        }
    }

    /// Puts ways in the order in which they are tried: the best first, else by column and level.
    pub(super) fn sort(cuts: &mut [Self]) {
        cuts.sort_unstable_by(|one, other| {
            let gain = other.gain.total_cmp(&one.gain);
            gain.then(one.column.cmp(&other.column))
                .then(one.level.cmp(&other.level))
        });
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
