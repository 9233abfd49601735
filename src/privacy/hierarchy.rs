//! The values of one quasi-identifying column, and the labels that each can be generalised to.
//!
//! A level maps every value to a group with a label; level 0 holds the values themselves, the last
//! level is `*` for all. A level need not refine the next: brackets of 2 × and 5 × a width are
//! both coarser than the width, and neither contains the other.

/// The label of what says nothing any more.
pub const ANY: &[u8] = b"*";

/// A column's levels of generalisation.
#[derive(Debug, Clone)]
pub struct Hierarchy {
    /// The column's name in the output.
    pub name: String,
    /// How much the column's loss counts beside the others'; more than 0.
    pub weight: f64,
    levels: Vec<Level>,
}

/// One level of generalisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// What the level is called in reports: `5 years`, `département`.
    pub title: String,
    /// For each value's code, its group.
    pub groups: Vec<u32>,
    /// For each group, what is written in the place of its values.
    pub labels: Vec<Box<[u8]>>,
    /// For each group, what is lost: (|S| − 1) / (|L| − 1), where S is the set of values that the
    /// group stands for and L that of all values; 0 for a value itself, 1 for `*`. (V. S. Iyengar,
    /// *Transforming Data to Satisfy Privacy Constraints*, KDD 2002.)
    pub losses: Vec<f64>,
}

/// A group's values, as text, and the group's label.
struct Builder {
    levels: Vec<Level>,
    leaves: usize,
}

impl Hierarchy {
    /// A hierarchy of `values` (distinct, in the order of their codes) without levels between the
    /// values and `*`, out of `leaves` possible values (at least as many as there are).
    ///
    /// `steps` are the levels between: a title, and for each value its label and how many possible
    /// values have that label.
    pub fn new(
        name: String,
        weight: f64,
        values: &[Box<[u8]>],
        leaves: usize,
        steps: impl IntoIterator<Item = (String, Vec<(Box<[u8]>, usize)>)>,
    ) -> Self {
        let mut builder = Builder {
            levels: Vec::new(),
            leaves: leaves.max(values.len()),
        };
        let own = values.iter().map(|value| (value.clone(), 1)).collect();
        builder.level(String::new(), own);
        for (title, labels) in steps {
            builder.level(title, labels);
        }
        let all = builder.leaves;
        let any = values.iter().map(|_| (ANY.into(), all)).collect();
        builder.level("*".to_owned(), any);
        Self {
            name,
            weight,
            levels: builder.levels,
        }
    }

    /// The levels, from the values themselves to `*`.
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// The number of the last level, `*`.
    pub fn top(&self) -> usize {
        self.levels.len().saturating_sub(1)
    }

    /// The group of a value at a level.
    #[inline]
    pub fn group(&self, level: usize, code: u32) -> u32 {
        let level = self.levels.get(level);
        let group = level.and_then(|level| level.groups.get(code as usize));
        group.copied().unwrap_or(0)
    }

    /// What is lost where a value is generalised to a level; from 0 to 1.
    #[inline]
    pub fn loss(&self, level: usize, code: u32) -> f64 {
        let group = self.group(level, code) as usize;
        let level = self.levels.get(level);
        let loss = level.and_then(|level| level.losses.get(group));
        loss.copied().unwrap_or(1.0)
    }

    /// What is written where a value is generalised to a level.
    pub fn label(&self, level: usize, code: u32) -> &[u8] {
        let group = self.group(level, code) as usize;
        let level = self.levels.get(level);
        let label = level.and_then(|level| level.labels.get(group));
        label.map_or(ANY, |label| label)
    }

    /// Whether two values that share a group at `finer` always share one at `coarser`.
    pub fn refines(&self, finer: usize, coarser: usize) -> bool {
        let (Some(fine), Some(coarse)) = (self.levels.get(finer), self.levels.get(coarser)) else {
            return false;
        };
        let mut inside: Vec<Option<u32>> = vec![None; fine.labels.len()];
        fine.groups
            .iter()
            .zip(&coarse.groups)
            .all(|(group, outer)| match inside.get_mut(*group as usize) {
                Some(Some(known)) => known == outer,
                Some(slot) => {
                    *slot = Some(*outer);
                    true
                }
                None => false,
            })
    }
}

impl Builder {
    fn level(&mut self, title: String, of_values: Vec<(Box<[u8]>, usize)>) {
        let mut level = Level {
            title,
            groups: Vec::with_capacity(of_values.len()),
            labels: Vec::new(),
            losses: Vec::new(),
        };
        let mut known = std::collections::HashMap::new();
        let others = self.leaves.saturating_sub(1).max(1) as f64;
        for (label, size) in of_values {
            let next = known.len() as u32;
            let group = *known.entry(label.clone()).or_insert_with(|| {
                let lost = size.saturating_sub(1) as f64 / others;
                // With one possible value, `*` still says less than the value.
                let any = *label == *ANY && self.leaves == 1;
                level.losses.push(if any { 1.0 } else { lost.min(1.0) });
                level.labels.push(label);
                next
            });
            level.groups.push(group);
        }
        self.levels.push(level);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<Box<[u8]>> {
        texts.iter().map(|text| text.as_bytes().into()).collect()
    }

    #[test]
    fn levels_map_values_to_labels_and_losses() {
        let values = texts(&["a", "b", "c"]);
        let step = ["ab", "ab", "c"].map(|label| (label.as_bytes().into(), label.len()));
        let hierarchy =
            Hierarchy::new("x".into(), 1.0, &values, 5, [("two".into(), step.to_vec())]);
        assert_eq!(hierarchy.top(), 2);
        for (level, code, label, loss) in [
            (0, 0, "a", 0.0),
            (0, 2, "c", 0.0),
            (1, 0, "ab", 0.25),
            (1, 1, "ab", 0.25),
            (1, 2, "c", 0.0),
            (2, 1, "*", 1.0),
        ] {
            assert_eq!(hierarchy.label(level, code), label.as_bytes());
            assert!(
                (hierarchy.loss(level, code) - loss).abs() < 1e-12,
                "{level} {code}"
            );
        }
        assert_eq!(hierarchy.group(1, 0), hierarchy.group(1, 1));
        assert_ne!(hierarchy.group(1, 0), hierarchy.group(1, 2));
        assert_eq!(hierarchy.levels()[1].title, "two");
    }

    #[test]
    fn a_level_refines_what_contains_its_groups() {
        let values = texts(&["0", "1", "2", "3"]);
        let step = |labels: [&str; 4]| {
            let labels = labels.map(|label| (label.as_bytes().into(), 2));
            (String::new(), labels.to_vec())
        };
        let steps = [step(["x", "x", "y", "y"]), step(["p", "q", "q", "r"])];
        let hierarchy = Hierarchy::new("n".into(), 1.0, &values, 4, steps);
        for (finer, coarser, expected) in [
            (0, 1, true),
            (1, 2, false),
            (2, 1, false),
            (1, 3, true),
            (1, 1, true),
            (3, 0, false),
        ] {
            assert_eq!(
                hierarchy.refines(finer, coarser),
                expected,
                "{finer} {coarser}"
            );
        }
    }

    #[test]
    fn any_costs_all_of_a_column_of_one_value() {
        let hierarchy = Hierarchy::new("n".into(), 1.0, &texts(&["a"]), 1, []);
        assert!(hierarchy.loss(0, 0).abs() < 1e-12);
        assert!((hierarchy.loss(1, 0) - 1.0).abs() < 1e-12);
    }
}
