//! What the cells of one column add up to. No cell is in it: counts, hashes and shapes only.

use super::distinct::{self, Distinct};
use super::probe::{Answers, Is, Probe};
use super::sentinel::{Sentinel, Sentinels};
use super::shape::{Shape, Shapes};
use crate::detect::{Detectors, Facts, Finding, Normaliser, Tally, detect_known};

/// How many distinct values of all columns together are counted exactly, for a bounded memory.
const VALUES: usize = 1 << 18;

/// A column, counted.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Its cells, missing ones included.
    pub rows: u64,
    /// Cells with nothing in them, by the words that a rule table has by default, or with a date that is none.
    pub missing: u64,
    /// The values of the others.
    pub distinct: Distinct,
    pub shapes: Shapes,
    /// What detectors found in them.
    pub tally: Tally,
    sentinels: Sentinels,
    answers: [u64; Is::COUNT],
    /// Answers that are in no count yet, and how many cells in a row had them: most are like the one
    /// before.
    same: (u32, u64),
    /// How many amounts have so many binary digits before the decimal mark.
    magnitudes: [u64; 64],
}

impl Profile {
    /// A column of a file of so many columns.
    pub(super) fn new(columns: usize) -> Self {
        Self {
            rows: 0,
            missing: 0,
            distinct: Distinct::new((VALUES / columns.max(1)).clamp(64, 4096)),
            shapes: Shapes::default(),
            tally: Tally::default(),
            sentinels: Sentinels::default(),
            answers: [0; Is::COUNT],
            same: (0, 0),
            magnitudes: [0; 64],
        }
    }

    /// Counts so many cells of a value.
    pub(super) fn count(&mut self, judged: &Judged, times: u64) {
        self.rows += times;
        let Verdict {
            missing,
            sentinel,
            shape,
            answers,
        } = judged.verdict;
        if let Some(sentinel) = sentinel {
            self.sentinels.add(sentinel, times);
        }
        if missing {
            self.missing += times;
            return;
        }
        self.distinct.add(judged.hash, times);
        self.tally.add(&judged.found, times);
        if let Some(shape) = shape {
            self.shapes.add(shape, judged.hash, times);
        }
        self.answer(answers.bits(), times);
        let magnitude = answers.magnitude;
        let magnitude = magnitude.and_then(|bits| usize::try_from(bits).ok());
        if let Some(count) = magnitude.and_then(|bits| self.magnitudes.get_mut(bits)) {
            *count += times;
        }
    }

    /// Counts so many cells with these answers.
    fn answer(&mut self, answers: u32, times: u64) {
        if self.same.0 == answers {
            self.same.1 += times;
            return;
        }
        let (mut answers, times) = std::mem::replace(&mut self.same, (answers, times));
        while answers != 0 {
            if let Some(count) = self.answers.get_mut(answers.trailing_zeros() as usize) {
                *count += times;
            }
            answers &= answers - 1;
        }
    }

    /// Counts what another profile of the column counted.
    pub(super) fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.missing += other.missing;
        self.distinct.merge(&other.distinct);
        self.shapes.merge(&other.shapes);
        self.tally.merge(&other.tally);
        self.sentinels.merge(&other.sentinels);
        self.answer(other.same.0, other.same.1);
        let counts = self.answers.iter_mut().chain(&mut self.magnitudes);
        let others = other.answers.iter().chain(&other.magnitudes);
        for (count, other) in counts.zip(others) {
            *count += other;
        }
    }

    /// Cells with something in them.
    pub fn filled(&self) -> u64 {
        self.rows - self.missing
    }

    /// Texts that stand for no date here, and in how many cells.
    pub fn sentinels(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.sentinels.meaningless(self.rows)
    }

    /// How many cells are of a kind.
    pub fn cells(&self, is: Is) -> u64 {
        let (answers, times) = self.same;
        let counted = self.answers.get(is as usize).copied().unwrap_or(0);
        counted + times * u64::from(answers >> is as u32 & 1)
    }

    /// Whether so many percent of the cells that are not missing are of a kind, and at least one.
    pub(super) fn mostly(&self, is: Is, percent: u64) -> bool {
        reaches(self.cells(is), self.filled(), percent)
    }

    /// Whether every cell that is not missing is of a kind, and there is one.
    pub(super) fn all(&self, is: Is) -> bool {
        self.filled() > 0 && self.cells(is) == self.filled()
    }

    /// The width of the intervals that suit the column's amounts: 1, 2 or 5 and zeros, a third of
    /// the power of two above nine in ten of them at most.
    pub(super) fn width(&self) -> u64 {
        let all: u64 = self.magnitudes.iter().sum();
        let mut seen = 0;
        let bits = self.magnitudes.iter().position(|count| {
            seen += count;
            seen * 10 >= all * 9
        });
        let third = (1_u64 << bits.unwrap_or(0).min(50)) / 3;
        let mut width = 1;
        for step in [2, 5, 10].into_iter().cycle() {
            let power = 10_u64.pow(width_digits(width));
            let next = power * step;
            if next > third {
                break;
            }
            width = next;
        }
        width
    }
}

/// How many zeros end a width of the series 1, 2, 5, 10.
fn width_digits(width: u64) -> u32 {
    width.checked_ilog10().unwrap_or(0)
}

/// Whether a part is so many percent of a whole, and something.
pub(super) fn reaches(part: u64, whole: u64, percent: u64) -> bool {
    part > 0 && u128::from(part) * 100 >= u128::from(whole) * u128::from(percent)
}

/// What was found out about a cell.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) hash: u64,
    pub(super) found: Vec<Finding>,
    pub(super) verdict: Verdict,
}

/// What it has in common with others of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Verdict {
    missing: bool,
    sentinel: Option<Sentinel>,
    shape: Option<Shape>,
    answers: Answers,
}

/// Judges cells, in room that is used again for every one.
#[derive(Debug, Default)]
pub(super) struct Judge {
    judged: Judged,
    normaliser: Normaliser,
    out: Vec<u8>,
}

impl Judge {
    /// Judges a cell; `name` is its column's, and its shape is found out if that is wanted.
    pub(super) fn judge(
        &mut self,
        cell: &[u8],
        name: &str,
        probe: &Probe,
        shape_wanted: bool,
    ) -> &Judged {
        let judged = &mut self.judged;
        judged.found.clear();
        let sentinel = Sentinel::of(cell);
        judged.verdict = Verdict {
            missing: probe.missing.is(cell) || matches!(sentinel, Some(Sentinel::Never(_))),
            sentinel,
            ..Verdict::default()
        };
        if judged.verdict.missing {
            return judged;
        }
        judged.hash = distinct::hash(cell);
        let (normaliser, found) = (&mut self.normaliser, &mut judged.found);
        let facts = Facts::of(cell);
        detect_known(cell, facts, Detectors::ALL, normaliser, found);
        // A batch that was checked is UTF-8.
        let text = std::str::from_utf8(cell).unwrap_or_default();
        if shape_wanted {
            judged.verdict.shape = Shape::of(text);
        }
        judged.verdict.answers = probe.ask(text, facts, name, &mut self.out);
        judged
    }
}

#[cfg(test)]
pub(super) mod testing {
    use super::*;
    use crate::rules::context::RunContext;

    /// The profile of a column of these cells.
    pub(in crate::engine::inspect) fn profile<T: AsRef<str>>(
        cells: impl IntoIterator<Item = T>,
    ) -> Profile {
        let probe = Probe::new(&RunContext::sample()).unwrap();
        let (mut profile, mut judge) = (Profile::new(1), Judge::default());
        for cell in cells {
            profile.count(judge.judge(cell.as_ref().as_bytes(), "", &probe, true), 1);
        }
        profile
    }
}

#[cfg(test)]
mod tests {
    use super::testing::profile;
    use super::*;

    #[test]
    fn cells_are_counted_for_what_they_are() {
        let profile = profile(["1", "2", "2", "", "n/a", "trois", "06 12 34 56 78"]);
        assert_eq!((profile.rows, profile.missing, profile.filled()), (7, 2, 5));
        assert_eq!(
            (profile.distinct.count(), profile.distinct.is_exact()),
            (4, true)
        );
        assert_eq!((profile.cells(Is::Whole), profile.cells(Is::YesNo)), (3, 1));
        assert!(profile.mostly(Is::Whole, 60) && !profile.mostly(Is::Whole, 61));
        assert!(!profile.all(Is::Whole));
        let phone = Detectors::named("phone").unwrap();
        assert_eq!(profile.tally.alarms(), phone);
    }

    #[test]
    fn a_date_that_is_none_is_missing_and_one_that_many_have_means_nothing() {
        let cells = |text: &str, times: usize, others: usize| -> Vec<String> {
            let same = (0..times).map(|_| text.to_owned());
            same.chain((0..others).map(|n| format!("{:02}/03/1980", n % 28 + 1)))
                .collect()
        };
        for (text, times, others, told, missing) in [
            ("00/00/0000", 1, 99, true, 1),
            (" 0000-00-00 ", 3, 7, true, 3),
            ("9999-12-31", 1, 999, true, 1),
            ("01/01/1900", 6, 94, true, 0),
            ("01/01/1900", 5, 95, false, 0),
            ("1900-01-01", 50, 50, true, 0),
            ("01/01/1901", 50, 50, false, 0),
            ("00/00/00000", 50, 50, false, 0),
        ] {
            let profile = profile(cells(text, times, others));
            let found: Vec<(&str, u64)> = profile.sentinels().collect();
            let expected = told.then_some((text.trim(), times as u64));
            assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{text}");
            assert_eq!(profile.missing, missing, "{text}");
        }
    }

    #[test]
    fn widths_suit_the_amounts() {
        for (amounts, width) in [
            (&["0"][..], 1),
            (&["3", "7", "12"], 5),
            (&["18", "45", "80"], 20),
            (&["25000", "45000", "90000"], 20_000),
            (&["-25000", "45000", "90000"], 20_000),
            (&["412,5", "700", "899.99"], 200),
            (&["1000000000000000000000000000000"], 200_000_000_000_000),
            (&["mot"], 1),
        ] {
            assert_eq!(profile(amounts).width(), width, "{amounts:?}");
        }
        // One in ten does not decide.
        let many = (0..95)
            .map(|_| "50".to_owned())
            .chain((0..5).map(|n| format!("{n}000000")));
        assert_eq!(profile(many).width(), 20);
    }
}
