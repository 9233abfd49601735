//! A release, with its classes and its distinct rows ready to be searched.

use super::index::{Index, Parts};
use super::release::Release;
use super::{Column, Role};
use crate::privacy::extent::Overlaps;

/// By which columns rows are compared.
pub(super) struct Layout<'c> {
    /// The quasi-identifying columns: rows that are alike in them are a class.
    quasi: Parts,
    /// All columns.
    all: Parts,
    /// For the loose ones of the quasi-identifying columns, and of all.
    pub(super) quasi_overlaps: Vec<&'c Overlaps>,
    pub(super) all_overlaps: Vec<&'c Overlaps>,
    /// The positions of the sensitive columns.
    pub(super) sensitive: Vec<usize>,
}

/// One of two releases that are compared.
pub(super) struct Side<'r> {
    pub(super) release: &'r Release,
    pub(super) classes: Index,
    /// The distinct rows.
    pub(super) all: Index,
    /// The class of each distinct row.
    class_of: Vec<u32>,
    /// The distinct rows, class by class, and where each class begins.
    by_class: Vec<u32>,
    starts: Vec<u32>,
}

impl<'c> Layout<'c> {
    /// Of these columns of two releases.
    pub(super) fn new(columns: &'c [Column], releases: [&Release; 2]) -> Self {
        let of_role = |is_quasi: bool| {
            let all = columns.iter().enumerate();
            all.filter(move |(_, column)| (column.role == Role::QuasiIdentifying) == is_quasi)
        };
        // A column with few labels has few branches, and cuts off much below each.
        let labels = |column: usize| {
            let rows = |release: &Release| 0..release.rows().min(SAMPLED) as u32;
            let codes = releases
                .iter()
                .flat_map(|release| rows(release).map(move |row| release.code(column, row)));
            let mut codes: Vec<u32> = codes.collect();
            codes.sort_unstable();
            codes.dedup();
            codes.len()
        };
        let parts = |is_quasi: bool| {
            let (exact, loose) =
                of_role(is_quasi).partition::<Vec<_>, _>(|(_, column)| column.overlaps.is_exact());
            let position = |(at, _): (usize, &Column)| at;
            let mut loose: Vec<usize> = loose.into_iter().map(position).collect();
            loose.sort_by_cached_key(|column| (labels(*column), *column));
            Parts {
                exact: exact.into_iter().map(position).collect(),
                loose,
            }
        };
        let (quasi, rest) = (parts(true), parts(false));
        let all = Parts {
            exact: [quasi.exact.as_slice(), &rest.exact].concat(),
            loose: [quasi.loose.as_slice(), &rest.loose].concat(),
        };
        let overlaps = |parts: &Parts| {
            let loose = parts.loose.iter().filter_map(|at| columns.get(*at));
            loose.map(|column| &column.overlaps).collect()
        };
        let sensitive = of_role(false).filter(|(_, column)| column.role == Role::Sensitive);
        Self {
            quasi_overlaps: overlaps(&quasi),
            all_overlaps: overlaps(&all),
            sensitive: sensitive.map(|(at, _)| at).collect(),
            quasi,
            all,
        }
    }
}

/// The rows of a release that tell in which order columns are best gone through.
const SAMPLED: usize = 10_000;

impl<'r> Side<'r> {
    /// Finds the classes and the distinct rows of a release.
    pub(super) fn new(release: &'r Release, layout: &Layout<'_>) -> Self {
        let classes = Index::new(release, &layout.quasi);
        let all = Index::new(release, &layout.all);
        let mut of_row = vec![0_u32; release.rows()];
        for class in 0..classes.len() {
            for row in classes.rows(class) {
                if let Some(own) = of_row.get_mut(*row as usize) {
                    *own = class as u32;
                }
            }
        }
        let class_of = (0..all.len()).map(|entry| {
            let first = all.rows(entry).first();
            first
                .and_then(|row| of_row.get(*row as usize))
                .copied()
                .unwrap_or(0)
        });
        let class_of: Vec<u32> = class_of.collect();
        let mut starts = vec![0_u32; classes.len() + 1];
        for class in &class_of {
            if let Some(behind) = starts.get_mut(*class as usize + 1) {
                *behind += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let (mut next, mut by_class) = (starts.clone(), vec![0_u32; all.len()]);
        for (entry, class) in (0..).zip(&class_of) {
            if let Some(next) = next.get_mut(*class as usize)
                && let Some(place) = by_class.get_mut(*next as usize)
            {
                *place = entry;
                *next += 1;
            }
        }
        Self {
            release,
            classes,
            all,
            class_of,
            by_class,
            starts,
        }
    }

    /// The class of a distinct row.
    pub(super) fn class_of(&self, entry: usize) -> u32 {
        self.class_of.get(entry).copied().unwrap_or(0)
    }

    /// The distinct rows of a class.
    pub(super) fn of_class(&self, class: usize) -> &[u32] {
        match self.starts.get(class..).unwrap_or_default() {
            [start, end, ..] => {
                let own = self.by_class.get(*start as usize..*end as usize);
                own.unwrap_or_default()
            }
            _ => &[],
        }
    }

    /// The code that a distinct row has in a column.
    pub(super) fn code(&self, entry: u32, column: usize) -> u32 {
        let first = self.all.rows(entry as usize).first();
        first.map_or(0, |row| self.release.code(column, *row))
    }

    /// How many holders some distinct rows have together.
    pub(super) fn holders(&self, entries: impl Iterator<Item = u32>, room: &mut Vec<u32>) -> u32 {
        let rows = entries.map(|entry| self.all.rows(entry as usize));
        if !self.release.knows_persons() {
            return rows.map(|rows| rows.len() as u32).sum();
        }
        room.clear();
        room.extend(rows.flatten().map(|row| self.release.holder(*row)));
        room.sort_unstable();
        room.dedup();
        room.len() as u32
    }

    /// The bytes that it takes.
    pub(super) fn bytes(&self) -> usize {
        let words = self.class_of.len() + self.by_class.len() + self.starts.len();
        self.classes.bytes() + self.all.bytes() + 4 * words
    }
}
