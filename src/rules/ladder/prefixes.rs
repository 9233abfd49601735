//! The first characters of values, generalised to fewer of them.

use super::super::text::split_chars;
use super::StepName;
use crate::privacy::extent::Extent;
use crate::privacy::ladder::{Ladder, Step, Steps, Uncovered};

/// Ever fewer characters.
#[derive(Debug)]
pub(in crate::rules) struct Prefixes(Vec<usize>);

/// How many steps there are if nobody names any.
const STEPS: usize = 5;

impl Prefixes {
    /// A ladder from so many characters down by these steps, or by the last five.
    ///
    /// # Errors
    /// What steps are expected instead.
    pub(in crate::rules) fn new(length: usize, steps: Option<&[StepName]>) -> Result<Self, String> {
        let Some(steps) = steps else {
            return Ok(Self((1..length).take(STEPS).rev().collect()));
        };
        let mut lengths = Vec::new();
        let mut last = length;
        for step in steps {
            match step {
                StepName::Width(shorter) if (1..last as u64).contains(shorter) => {
                    last = *shorter as usize;
                    lengths.push(last);
                }
                _ => {
                    return Err(text!(
                        "expected whole numbers of characters, the first less than {length} and \
                         each less than the one before, as in ladder = [2, 1]; `*` follows by itself",
                        length
                    ));
                }
            }
        }
        Ok(Self(lengths))
    }
}

impl Ladder for Prefixes {
    fn extents(&self, labels: &[Box<[u8]>]) -> Vec<Extent> {
        let outer = |label: &[u8]| {
            let prefixes = self.0.iter().map(|length| split_chars(label, *length).0);
            let shorter = prefixes.filter(|prefix| prefix.len() < label.len());
            shorter.map(Box::from).collect()
        };
        labels
            .iter()
            .map(|label| Extent::Within(outer(label)))
            .collect()
    }

    fn steps(&self, values: &[Box<[u8]>]) -> Result<Steps, Uncovered> {
        let step = |&length: &usize| {
            let title = match length {
                1 => "1 character".to_owned(),
                _ => format!("{length} characters"),
            };
            Step::by(title, values, |value| {
                Some(split_chars(value, length).0.to_vec())
            })
        };
        Ok(Steps::of(values, self.0.iter().map(step)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::climb;
    use super::*;

    #[test]
    fn values_lose_characters() {
        for (length, steps, expected) in [
            (3, None, "2 characters: 75 Él A  *, 1 character: 7 É A  *"),
            (3, Some(vec![StepName::Width(1)]), "1 character: 7 É A  *"),
            (3, Some(vec![]), ""),
            (1, None, ""),
        ] {
            let ladder = Prefixes::new(length, steps.as_deref()).unwrap();
            let climbed = climb(&ladder, &["750", "Élo", "A", "", "*"]);
            let found: Vec<String> = climbed
                .iter()
                .map(|(title, labels)| format!("{title}: {}", labels.join(" ")))
                .collect();
            assert_eq!(found.join(", "), expected, "{length}, {steps:?}");
        }
        let long = Prefixes::new(40, None).unwrap();
        assert_eq!(long.0, [5, 4, 3, 2, 1]);
    }

    #[test]
    fn steps_are_checked() {
        let width = StepName::Width;
        for (case, steps, expected) in [
            ("falling", vec![width(2), width(1)], true),
            ("as long", vec![width(3)], false),
            ("nothing", vec![width(0)], false),
            ("rising", vec![width(1), width(2)], false),
            ("a name", vec![StepName::Name("two".to_owned())], false),
        ] {
            assert_eq!(Prefixes::new(3, Some(&steps)).is_ok(), expected, "{case}");
        }
    }
}
