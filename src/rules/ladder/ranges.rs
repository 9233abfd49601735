//! Ranges between given edges, generalised by joining neighbours.

use std::collections::HashMap;

use super::{StepName, widths};
use crate::privacy::extent::Extent;
use crate::privacy::ladder::{Ladder, Step, Steps, Uncovered};

/// Neighbouring ranges become one.
#[derive(Debug)]
pub(in crate::rules) struct Ranges {
    /// The edges as they are written, rising.
    edges: Vec<String>,
    /// How many ranges become one on each step; `None` takes 2, 4, 8 and so on.
    joined: Option<Vec<u64>>,
}

impl Ranges {
    /// A ladder of the ranges between these edges.
    ///
    /// # Errors
    /// What steps are expected instead.
    pub(in crate::rules) fn new(
        edges: Vec<String>,
        steps: Option<&[StepName]>,
    ) -> Result<Self, String> {
        let joined = steps.map(widths).transpose()?;
        Ok(Self { edges, joined })
    }
}

/// What is written for the ranges from one to another, counted from 0, which lies below the first
/// edge: `<LO`, `LO-HI`, `HI+`; nothing if these are all ranges, or none.
pub(in crate::rules) fn range_label(edges: &[String], first: usize, last: usize) -> Option<String> {
    let lower = first.checked_sub(1).map(|at| edges.get(at));
    match (lower, edges.get(last)) {
        (None, Some(upper)) => Some(format!("<{upper}")),
        (Some(Some(lower)), Some(upper)) => Some(format!("{lower}-{upper}")),
        (Some(Some(lower)), None) => Some(format!("{lower}+")),
        _ => None,
    }
}

impl Ladder for Ranges {
    fn extents(&self, labels: &[Box<[u8]>]) -> Vec<Extent> {
        let last = self.edges.len();
        let all = (0..=last).flat_map(|first| (first..=last).map(move |end| (first, end)));
        let spans = all.filter_map(|(first, end)| {
            let label = range_label(&self.edges, first, end)?;
            let number = |place: usize| i64::try_from(place).ok();
            Some((label.into_bytes(), (number(first)?, number(end)?)))
        });
        let spans: HashMap<Vec<u8>, (i64, i64)> = spans.collect();
        let extent = |label: &[u8]| match spans.get(label) {
            Some((first, end)) => Extent::Span(*first, end + 1),
            None => Extent::Itself,
        };
        labels.iter().map(|label| extent(label)).collect()
    }

    fn steps(&self, values: &[Box<[u8]>]) -> Result<Steps, Uncovered> {
        let last = self.edges.len();
        let labels = (0..=last).filter_map(|at| Some((range_label(&self.edges, at, at)?, at)));
        let places: HashMap<Vec<u8>, usize> =
            labels.map(|(label, at)| (label.into_bytes(), at)).collect();
        let all = u64::try_from(last).unwrap_or(u64::MAX).saturating_add(1);
        let joined = match &self.joined {
            Some(joined) => joined.clone(),
            None => (1..63).map(|step| 1 << step).collect(),
        };
        let step = |joined: u64| {
            Step::by(format!("{joined} ranges"), values, |value| {
                let at = *places.get(value)?;
                let joined = usize::try_from(joined).ok()?;
                let first = at / joined * joined;
                let label = range_label(&self.edges, first, (first + joined - 1).min(last))?;
                Some(label.into_bytes())
            })
        };
        Ok(Steps {
            leaves: values.len().max(last + 1),
            steps: joined
                .into_iter()
                .take_while(|joined| *joined < all)
                .map(step)
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::climb;
    use super::*;

    #[test]
    fn neighbours_are_joined() {
        let edges = || ["0", "18.5", "25", "65"].map(String::from).to_vec();
        let values = ["<0", "0-18.5", "18.5-25", "25-65", "65+", "", "autre"];
        for (steps, expected) in [
            (
                None,
                &[
                    ("2 ranges", "<18.5 <18.5 18.5-65 18.5-65 65+  autre"),
                    ("4 ranges", "<65 <65 <65 <65 65+  autre"),
                ][..],
            ),
            (
                Some(vec![StepName::Width(3)]),
                &[("3 ranges", "<25 <25 <25 25+ 25+  autre")],
            ),
            (Some(vec![StepName::Width(5)]), &[]),
        ] {
            let ladder = Ranges::new(edges(), steps.as_deref()).unwrap();
            let climbed = climb(&ladder, &values);
            let found: Vec<(&str, String)> = climbed
                .iter()
                .map(|(title, labels)| (title.as_str(), labels.join(" ")))
                .collect();
            let expected: Vec<(&str, String)> = expected
                .iter()
                .map(|(title, labels)| (*title, (*labels).to_owned()))
                .collect();
            assert_eq!(found, expected, "{steps:?}");
        }
        assert!(Ranges::new(edges(), Some(&[StepName::Width(1)])).is_err());
    }
}
