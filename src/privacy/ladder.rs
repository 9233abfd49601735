//! What a published value can be generalised to, step by step, before nothing is left but `*`.
//!
//! A ladder sees the distinct values of a column, never rows: a step is one label for each of them.

use std::fmt::Debug;

use super::extent::Extent;

/// The steps between a column's values and `*`.
pub trait Ladder: Debug + Send + Sync {
    /// The steps for these distinct values, from fine to coarse. A missing value (an empty text)
    /// is a category of its own and stays one on every step.
    ///
    /// # Errors
    /// [`Uncovered`] if the ladder must know every value and does not.
    fn steps(&self, values: &[Box<[u8]>]) -> Result<Steps, Uncovered>;

    /// What each of these distinct values, or labels of steps, stands for.
    fn extents(&self, labels: &[Box<[u8]>]) -> Vec<Extent> {
        labels.iter().map(|_| Extent::Itself).collect()
    }

    /// What options of the rule would make of these values: changes that an audit weighs beside
    /// the steps, titled as a rule table writes them.
    fn options(&self, _values: &[Box<[u8]>]) -> Vec<Step> {
        Vec::new()
    }
}

/// The steps of a ladder for one column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Steps {
    /// How many values the column could have; what is lost is measured against it. Where only the
    /// file tells, those that it has.
    pub leaves: usize,
    /// The steps, from fine to coarse, without the values themselves and without `*`.
    pub steps: Vec<Step>,
}

impl Steps {
    /// The steps of a column that has no other values than these.
    pub(crate) fn of(values: &[Box<[u8]>], steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            leaves: values.len(),
            steps: steps.into_iter().collect(),
        }
    }
}

/// One step: what is written in the place of each value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What reports call it: `5 years`.
    pub title: String,
    /// For each value its label, and how many possible values have that label.
    pub labels: Vec<(Box<[u8]>, usize)>,
}

/// Some values of a column are not in its hierarchy file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uncovered {
    /// How many distinct values.
    pub values: usize,
}

impl Step {
    /// A step from what it makes of each value; nothing leaves the value as it is. How many values
    /// have a label is counted among `values`.
    pub(crate) fn by(
        title: String,
        values: &[Box<[u8]>],
        label: impl Fn(&[u8]) -> Option<Vec<u8>>,
    ) -> Self {
        let labels: Vec<Box<[u8]>> = values
            .iter()
            .map(|value| label(value).map_or_else(|| value.clone(), Vec::into_boxed_slice))
            .collect();
        let mut sizes = std::collections::HashMap::<&[u8], usize>::new();
        for label in &labels {
            *sizes.entry(label).or_default() += 1;
        }
        let sizes: Vec<usize> = labels
            .iter()
            .map(|label| sizes.get(&**label).copied().unwrap_or(1))
            .collect();
        Self {
            title,
            labels: labels.into_iter().zip(sizes).collect(),
        }
    }
}
