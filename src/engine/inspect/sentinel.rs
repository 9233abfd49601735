//! Texts that stand where a date should and mean that there is none.

/// Texts that are no day, or a day that nobody lives to tell of.
const NEVER: [&str; 7] = [
    "00/00/0000",
    "0000-00-00",
    "00-00-0000",
    "00.00.0000",
    "0000-00-00 00:00:00",
    "31/12/9999",
    "9999-12-31",
];

/// Days that may be meant, unless many rows have them.
const RARELY: [&str; 5] = [
    "01/01/1900",
    "1900-01-01",
    "01-01-1900",
    "01.01.1900",
    "1900-01-01 00:00:00",
];

/// One row in so many must have such a day for it to mean nothing.
const ONE_IN: u64 = 20;

/// How many cells of a column are sentinels.
#[derive(Debug, Clone, Default)]
pub(super) struct Sentinels {
    never: [u64; NEVER.len()],
    rarely: [u64; RARELY.len()],
}

/// Which sentinel a cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sentinel {
    /// No day.
    Never(usize),
    /// A day that may be meant.
    Rarely(usize),
}

impl Sentinel {
    pub(super) fn of(cell: &[u8]) -> Option<Self> {
        // They all begin with such a digit and are so long.
        let may_be = matches!(
            cell.trim_ascii_start().first(),
            Some(b'0' | b'1' | b'3' | b'9')
        );
        if !may_be || cell.len() < 10 {
            return None;
        }
        let cell = cell.trim_ascii();
        // Behind a day or a year.
        let signs = [cell.get(2), cell.get(4)];
        if !signs.iter().flatten().any(|sign| b"/-.".contains(sign)) {
            return None;
        }
        let place = |list: &[&str]| list.iter().position(|text| text.as_bytes() == cell);
        let never = place(&NEVER).map(Self::Never);
        never.or_else(|| place(&RARELY).map(Self::Rarely))
    }
}

impl Sentinels {
    /// Counts so many cells.
    pub(super) fn add(&mut self, sentinel: Sentinel, times: u64) {
        let count = match sentinel {
            Sentinel::Never(at) => self.never.get_mut(at),
            Sentinel::Rarely(at) => self.rarely.get_mut(at),
        };
        if let Some(count) = count {
            *count += times;
        }
    }

    /// Counts what others counted.
    pub(super) fn merge(&mut self, other: &Self) {
        let counts = self.never.iter_mut().chain(&mut self.rarely);
        let others = other.never.iter().chain(&other.rarely);
        for (count, other) in counts.zip(others) {
            *count += other;
        }
    }

    /// Those that mean nothing in a column of so many rows, each with its cells.
    pub(super) fn meaningless(&self, rows: u64) -> impl Iterator<Item = (&'static str, u64)> {
        let never = NEVER.iter().zip(self.never);
        let never = never.filter(|(_, count)| *count > 0);
        let rarely = RARELY.iter().zip(self.rarely);
        let rarely = rarely.filter(move |(_, count)| count * ONE_IN > rows);
        never.chain(rarely).map(|(text, count)| (*text, count))
    }
}
