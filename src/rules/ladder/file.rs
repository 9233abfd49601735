//! Ladders from a hierarchy file, in the format of ARX and Amnesia: `value;level 1;level 2;…`.

use std::collections::HashMap;
use std::path::Path;

use super::super::table_file::{self, NamedFile, Row};
use crate::privacy::extent::Extent;
use crate::privacy::hierarchy::ANY;
use crate::privacy::ladder::{Ladder, Step, Steps, Uncovered};

/// A value's labels, from fine to coarse, and how many values have each.
type Labels = Vec<(Box<[u8]>, usize)>;

/// A hierarchy file: for every value its label on each level.
#[derive(Debug)]
pub struct HierarchyFile {
    values: HashMap<Box<[u8]>, Labels>,
    /// The labels that are no values: where one has been published, it goes on from there.
    labels: HashMap<Box<[u8]>, Labels>,
    levels: usize,
}

impl HierarchyFile {
    /// Reads a hierarchy file that a rule table in `folder` names: no header, a value and its labels from fine to coarse in each row,
    /// `;` between them (or `,` or a tab, if the first line has no `;`).
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence; no value of the file is in it.
    pub fn read(folder: &Path, named: &Path) -> Result<(Self, NamedFile), String> {
        let (rows, file) = table_file::read(folder, named)?;
        Ok((Self::new(&rows)?, file))
    }

    fn new(rows: &[Row]) -> Result<Self, String> {
        let width = rows.first().map_or(0, Vec::len);
        if width < 2 {
            return Err(fixed!("expected a value and at least one label in each row").to_string());
        }
        let mut sizes: Vec<HashMap<&[u8], usize>> = vec![HashMap::new(); width - 1];
        for row in rows {
            for (sizes, label) in sizes.iter_mut().zip(row.iter().skip(1)) {
                *sizes.entry(label).or_default() += 1;
            }
        }
        let mut values = HashMap::new();
        for (number, row) in (1..).zip(rows) {
            let labels = row.iter().skip(1).zip(&sizes).map(|(label, sizes)| {
                let size = sizes.get(label.as_slice()).copied().unwrap_or(1);
                (label.as_slice().into(), size)
            });
            let Some(value) = row.first() else { continue };
            if values
                .insert(value.as_slice().into(), labels.collect())
                .is_some()
            {
                return Err(text!(
                    "row {number} has the value of a row before it",
                    number
                ));
            }
        }
        let mut labels = HashMap::new();
        for known in values.values() {
            let known: &Labels = known;
            for (at, own) in known
                .iter()
                .enumerate()
                .filter(|(_, (label, _))| !values.contains_key(label))
            {
                let above = known.iter().skip(at);
                let below = std::iter::repeat_n(own, at);
                labels
                    .entry(own.0.clone())
                    .or_insert_with(|| below.chain(above).cloned().collect());
            }
        }
        Ok(Self {
            values,
            labels,
            levels: width - 1,
        })
    }
}

impl HierarchyFile {
    /// The values of the first column, in no order.
    pub(in crate::rules) fn values(&self) -> impl Iterator<Item = &[u8]> {
        self.values.keys().map(|value| &**value)
    }

    fn labels_of(&self, value: &[u8]) -> Option<&Labels> {
        self.values.get(value).or_else(|| self.labels.get(value))
    }
}

impl Ladder for HierarchyFile {
    fn extents(&self, labels: &[Box<[u8]>]) -> Vec<Extent> {
        let outer = |label: &[u8]| {
            let known = self.labels_of(label).into_iter().flatten();
            let others = known.filter(|(outer, _)| **outer != *label);
            others.map(|(outer, _)| outer.clone()).collect()
        };
        labels
            .iter()
            .map(|label| Extent::Within(outer(label)))
            .collect()
    }

    fn steps(&self, values: &[Box<[u8]>]) -> Result<Steps, Uncovered> {
        let unknown = values
            .iter()
            .filter(|value| self.labels_of(value).is_none());
        let uncovered = unknown
            .filter(|value| !value.is_empty() && ***value != *ANY)
            .count();
        if uncovered > 0 {
            return Err(Uncovered { values: uncovered });
        }
        let level = |level: usize| {
            let labels = values.iter().map(|value| {
                let labels = self.labels_of(value).and_then(|labels| labels.get(level));
                labels.cloned().unwrap_or_else(|| (value.clone(), 1))
            });
            let labels: Vec<_> = labels.collect();
            let title = format!("level {}", level + 1);
            Step { title, labels }
        };
        // The last level is often `*` for all: the one that follows by itself.
        let only_any = |step: &Step| {
            let mut labels = step.labels.iter().map(|(label, _)| label);
            labels.all(|label| label.is_empty() || **label == *ANY)
        };
        let mut steps: Vec<Step> = (0..self.levels).map(level).collect();
        steps.retain(|step| !only_any(step));
        Ok(Steps {
            leaves: self.values.len(),
            steps,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::climb;
    use super::*;

    fn parse(text: &str) -> Result<HierarchyFile, String> {
        HierarchyFile::new(&table_file::rows(text.as_bytes())?)
    }

    #[test]
    fn reads_values_labels_and_sizes() {
        for text in [
            "a;v;*\nb;c;*\ne;v;*\n",
            "a,v,*\r\nb,c,*\r\ne,v,*",
            "a\tv\t*\nb\tc\t*\n\"e\"\tv\t*\n",
        ] {
            let file = parse(text).unwrap();
            let climbed = climb(&file, &["e", "b", ""]);
            assert_eq!(
                climbed,
                [(
                    "level 1".to_owned(),
                    ["v", "c", ""].map(String::from).to_vec()
                )]
            );
            let published = climb(&file, &["a", "v", "*"]);
            assert_eq!(published[0].1, ["v", "v", "*"]);
            let steps = file.steps(&[b"a"[..].into()]).unwrap();
            assert_eq!((steps.leaves, steps.steps[0].labels[0].1), (3, 2));
            let unknown = [b"a"[..].into(), b"x"[..].into(), b"y"[..].into()];
            assert_eq!(file.steps(&unknown), Err(Uncovered { values: 2 }));
        }
    }

    #[test]
    fn refuses_what_is_no_hierarchy_without_showing_it() {
        for (text, expected) in [
            ("", "empty"),
            ("secret\nsecret2\n", "at least one label"),
            ("secret;x\nb;x;y\n", "row 2 has 3 fields"),
            ("secret;x\nsecret;y\n", "row 2 has the value"),
            ("secret;\"x\n", "quote"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(expected), "{text:?}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
