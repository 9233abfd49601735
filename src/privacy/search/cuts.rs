//! The ways to split a class, and how it is looked at to find them.

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
    pub(super) exact: bool,
    /// The rows; of a sample, very many.
    pub(super) rows: u64,
}

/// The bit of a column in [`Set::stuck`](super::set::Set::stuck); none for one of the last columns of very many.
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

impl Cut {
    /// What costs no rows at all is worth any gain.
    pub(super) fn new((column, level): (usize, u8), gain: u64, bits: f64, whole: bool) -> Self {
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
