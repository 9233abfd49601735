//! What two releases of the same people tell together, though each alone keeps its promise.
//!
//! The terms, for a row or, where persons are known, for a person of the newer release:
//!
//! * **Partners** of a row are the rows of the other release that may be the same, by all published columns: in each
//!   of them the two labels may stand for the same value. A label stands for a set: `1980-1989` for ten years,
//!   `75 Paris` for its postal codes, `*` for anything. Where no label is generalised, that is equality.
//! * **Linked one to one**: its only partner is a row whose only partner it is. The same by quasi-identifiers alone.
//! * **Candidates**: somebody who knows the quasi-identifying values of a person finds the person's class in both
//!   releases. Whoever is in both classes may be the person: the rows of the newer class that have a partner in
//!   the older class, or the rows of the older one that have a partner in the newer, whichever are fewer. Where a
//!   row's partners are in several classes, the one with most candidates counts.
//! * **Newcomers** have no partner. Somebody who knows that a person is new looks for the person among the
//!   newcomers of the class: these are its candidates.
//! * A sensitive value is **certain** if all candidates have the same.
//!
//! A person with several rows is as exposed as the most exposed of them.

mod class;
mod gate;
mod index;
mod order;
mod release;
mod side;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};

use self::class::Linker;
use self::side::{Layout, Side};
use super::extent::Overlaps;
use crate::base::parallel;
pub use gate::{ComparisonGate, ComparisonMiss};
pub use release::{Release, Rows};

/// A column that both releases have.
#[derive(Debug)]
pub struct Column {
    /// What it tells about a person.
    pub(crate) role: Role,
    /// Which of its labels may stand for the same value.
    pub(crate) overlaps: Overlaps,
}

/// What a column tells about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Others may know it.
    QuasiIdentifying,
    /// Nobody is to find it out.
    Sensitive,
    /// Neither.
    Other,
}

/// What two releases tell together.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The rows of the older release, and the holders of these: persons, or rows where persons are not known.
    pub old: Counts,
    /// The same of the newer one.
    pub new: Counts,
    /// Holders of the newer release that are linked one to one, by all published columns.
    pub linked: u64,
    /// The same by the quasi-identifying columns.
    pub linked_by_quasi: u64,
    /// How many candidates the holders of the newer release have.
    pub candidates: Candidates,
    /// Those of them that have no partner.
    pub newcomers: Newcomers,
    /// Holders of the older release that have no partner.
    pub gone: u64,
    /// What becomes certain of each sensitive column, in their order.
    pub certain: Vec<Certain>,
    /// What the order of rows tells.
    pub order: Ordered,
    /// What the index tells, if both have one.
    pub index: Option<Indexed>,
    /// The bytes that the comparison took.
    pub bytes: usize,
}

/// How large a release is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub rows: u64,
    /// The persons that they are of, or again its rows.
    pub holders: u64,
}

/// How many holders have how many candidates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Candidates {
    /// The fewest that any has; 0 if there is nobody.
    pub least: u64,
    /// Holders with one.
    pub one: u64,
    /// With fewer than three.
    pub under_3: u64,
    /// With fewer than five.
    pub under_5: u64,
    /// With fewer than eleven.
    pub under_11: u64,
}

/// Who is new.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Newcomers {
    pub all: u64,
    /// Those whose quasi-identifying values match nobody's, either.
    pub by_quasi: u64,
    /// Those who are the only newcomer of their class.
    pub alone: u64,
    /// With fewer than four others.
    pub under_5: u64,
}

/// Of how many holders a sensitive value is certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Certain {
    /// By the newer release alone.
    pub alone: u64,
    /// By both together.
    pub together: u64,
}

/// What the order of rows tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ordered {
    /// Rows that may be the same as the row at their position in the older release.
    pub same_position: u64,
    /// Pairs of rows that are linked one to one.
    pub pairs: u64,
    /// The most of these pairs that stand in the same order in both releases.
    pub in_order: u64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Indexed {
    /// Rows whose index one row of the older release has.
    pub same: u64,
    /// Those of them that may be the same as that row.
    pub agree: u64,
}

/// The most sensitive columns that are compared.
pub const MAX_SENSITIVE: usize = 64;

/// What is known of the holders of the newer release, while classes are gone through.
struct Marks {
    /// The candidates of each.
    fewest: Vec<AtomicU32>,
    facts: Vec<AtomicU8>,
    /// For each sensitive column.
    certain: Vec<Vec<AtomicU8>>,
    /// Of the older release: whether a holder has a partner.
    stays: Vec<AtomicU8>,
}

/// A row of it has a partner.
const MATCHED: u8 = 1;
const LINKED: u8 = 2;
/// It is linked by its quasi-identifying values.
const LINKED_BY_QUASI: u8 = 4;
/// Somebody of the other release may have its quasi-identifying values.
const QUASI_MATCHED: u8 = 8;
/// A sensitive value is certain by the newer release alone.
const ALONE: u8 = 1;
/// It is certain by both.
const TOGETHER: u8 = 2;

impl Marks {
    fn new(old: &Release, new: &Release, sensitive: usize) -> Self {
        let bytes = |holders: usize| (0..holders).map(|_| AtomicU8::new(0)).collect();
        let holders = new.holders();
        Self {
            fewest: (0..holders).map(|_| AtomicU32::new(u32::MAX)).collect(),
            facts: bytes(holders),
            certain: (0..sensitive).map(|_| bytes(holders)).collect(),
            stays: bytes(old.holders()),
        }
    }

    fn bytes(&self) -> usize {
        let certain: usize = self.certain.iter().map(Vec::len).sum();
        4 * self.fewest.len() + self.facts.len() + certain + self.stays.len()
    }
}

fn mark(marks: &[AtomicU8], holder: u32, fact: u8) {
    if let Some(mark) = marks.get(holder as usize) {
        mark.fetch_or(fact, Ordering::Relaxed);
    }
}

fn with(marks: &[AtomicU8], fact: u8) -> u64 {
    let known = marks.iter().map(|mark| mark.load(Ordering::Relaxed));
    known.filter(|mark| mark & fact != 0).count() as u64
}

impl Comparison {
    /// Compares two releases of the same columns.
    pub fn new(old: &Release, new: &Release, columns: &[Column], threads: usize) -> Self {
        let layout = Layout::new(columns, [old, new]);
        let sides = vec![old, new];
        let mut sides = match threads {
            0 | 1 => sides
                .into_iter()
                .map(|side| Side::new(side, &layout))
                .collect(),
            _ => parallel::on_each(sides, |side| Side::new(side, &layout)),
        }
        .into_iter();
        let (Some(old_side), Some(new_side)) = (sides.next(), sides.next()) else {
            return Self::of_nothing(old, new, &layout);
        };
        let marks = Marks::new(old, new, layout.sensitive.len());
        let linker = Linker {
            old: &old_side,
            new: &new_side,
            layout: &layout,
            marks: &marks,
        };
        let classes = new_side.classes.len();
        let pairs = parallel::ranges(classes, threads, |classes| linker.link(classes));
        let order = order::ordered(old, new, columns, pairs.concat(), threads);
        let bytes = old.bytes() + new.bytes() + old_side.bytes() + new_side.bytes();
        Self {
            linked: with(&marks.facts, LINKED),
            linked_by_quasi: with(&marks.facts, LINKED_BY_QUASI),
            candidates: Candidates::new(&marks),
            newcomers: Newcomers::new(&marks),
            gone: marks.stays.len() as u64 - with(&marks.stays, MATCHED),
            certain: marks
                .certain
                .iter()
                .map(|marks| Certain::new(marks))
                .collect(),
            order,
            index: order::indexed(old, new, columns),
            bytes: bytes + marks.bytes(),
            ..Self::of_nothing(old, new, &layout)
        }
    }

    /// The counts alone.
    fn of_nothing(old: &Release, new: &Release, layout: &Layout<'_>) -> Self {
        let none = Certain {
            alone: 0,
            together: 0,
        };
        Self {
            old: Counts::from(old),
            new: Counts::from(new),
            linked: 0,
            linked_by_quasi: 0,
            candidates: Candidates::default(),
            newcomers: Newcomers::default(),
            gone: 0,
            certain: vec![none; layout.sensitive.len()],
            order: Ordered::default(),
            index: None,
            bytes: 0,
        }
    }
}

impl From<&Release> for Counts {
    fn from(release: &Release) -> Self {
        Self {
            rows: release.rows() as u64,
            holders: release.holders() as u64,
        }
    }
}

impl Candidates {
    fn new(marks: &Marks) -> Self {
        let fewest = || {
            marks
                .fewest
                .iter()
                .map(|fewest| fewest.load(Ordering::Relaxed))
        };
        let under = |limit: u32| fewest().filter(|fewest| *fewest < limit).count() as u64;
        Self {
            least: fewest().min().unwrap_or(0).into(),
            one: under(2),
            under_3: under(3),
            under_5: under(5),
            under_11: under(11),
        }
    }
}

impl Newcomers {
    fn new(marks: &Marks) -> Self {
        let mut newcomers = Self::default();
        for (facts, fewest) in marks.facts.iter().zip(&marks.fewest) {
            let facts = facts.load(Ordering::Relaxed);
            if facts & MATCHED != 0 {
                continue;
            }
            let fewest = fewest.load(Ordering::Relaxed);
            newcomers.all += 1;
            newcomers.by_quasi += u64::from(facts & QUASI_MATCHED == 0);
            newcomers.alone += u64::from(fewest < 2);
            newcomers.under_5 += u64::from(fewest < 5);
        }
        newcomers
    }
}

impl Certain {
    fn new(marks: &[AtomicU8]) -> Self {
        Self {
            alone: with(marks, ALONE),
            together: with(marks, TOGETHER),
        }
    }
}
