//! What a published value can be generalised to, step by step, before nothing is left but `*`.
//!
//! Each rule kind brings a ladder for what it writes; a rule table may give its own steps, or a
//! hierarchy file. A ladder sees the distinct values of a column, never rows: a step is one label
//! for each of them.

mod brackets;
mod calendar;
mod file;
mod jobs;
mod places;
mod prefixes;
mod ranges;

use std::fmt::Debug;

pub(super) use brackets::{Brackets, Style};
pub(super) use calendar::Calendar;
pub use file::HierarchyFile;
pub(super) use jobs::Jobs;
pub(super) use places::Places;
pub(super) use prefixes::Prefixes;
pub(super) use ranges::{Ranges, range_label};
use serde::Deserialize;

use crate::privacy::ladder::{Ladder, Steps, Uncovered};

/// A step as a rule table names it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum StepName {
    Width(u64),
    Name(String),
}

/// What is categories to the tool: nothing between a value and `*`.
#[derive(Debug)]
pub(super) struct Categories;

impl Ladder for Categories {
    fn steps(&self, values: &[Box<[u8]>]) -> Result<Steps, Uncovered> {
        Ok(Steps::of(values, []))
    }
}

/// The widths that a rule table names, each more than the one before.
///
/// # Errors
/// What is expected instead.
pub(super) fn widths(steps: &[StepName]) -> Result<Vec<u64>, String> {
    let expected = || {
        fixed!(
            "expected whole numbers of at least 2, each more than the one before, as in \
                       ladder = [5, 10, 20]; `*` follows by itself"
        )
        .to_string()
    };
    let mut widths = Vec::new();
    for step in steps {
        match step {
            StepName::Width(width @ 2..=MAX_WIDTH)
                if widths.last().is_none_or(|last| last < width) =>
            {
                widths.push(*width);
            }
            _ => return Err(expected()),
        }
    }
    Ok(widths)
}

/// Wider than any use, and far from the ends of the numbers it is used with.
const MAX_WIDTH: u64 = 1_000_000_000_000;

/// The ladder of a kind that has no steps of its own.
///
/// # Errors
/// If steps are named all the same.
pub(super) fn categories(steps: Option<&[StepName]>) -> Result<Box<dyn Ladder>, String> {
    match steps {
        None | Some([]) => Ok(Box::new(Categories)),
        Some(_) => Err(fixed!(
            "this rule has no steps between its values and `*`; expected [] or \
                        { file = \"hierarchy.csv\" }"
        )
        .to_string()),
    }
}

#[cfg(test)]
pub(super) mod testing {
    use super::Ladder;

    /// The titles of a ladder's steps, and the labels of each, for values given as texts.
    pub(in crate::rules) fn climb(
        ladder: &dyn Ladder,
        values: &[&str],
    ) -> Vec<(String, Vec<String>)> {
        let values: Vec<Box<[u8]>> = values.iter().map(|value| value.as_bytes().into()).collect();
        let steps = ladder.steps(&values).unwrap().steps;
        let text = |label: &[u8]| String::from_utf8(label.to_vec()).unwrap();
        steps
            .into_iter()
            .map(|step| {
                (
                    step.title,
                    step.labels.iter().map(|(label, _)| text(label)).collect(),
                )
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::extent::Extent;

    #[test]
    fn widths_are_checked() {
        use StepName::{Name, Width};
        for (case, steps, expected) in [
            ("none", vec![], Some(vec![])),
            ("rising", vec![Width(5), Width(10)], Some(vec![5, 10])),
            ("one", vec![Width(1)], None),
            ("falling", vec![Width(10), Width(5)], None),
            ("equal", vec![Width(5), Width(5)], None),
            ("a name", vec![Name("region".into())], None),
            ("too wide", vec![Width(u64::MAX)], None),
        ] {
            assert_eq!(widths(&steps).ok(), expected, "{case}");
        }
    }

    #[test]
    fn sizes_are_counted_among_the_values() {
        let values: Vec<Box<[u8]>> = [&b"a1"[..], b"a2", b"b1", b""].map(Into::into).into();
        let step = crate::privacy::ladder::Step::by("x".into(), &values, |value| {
            value.first().map(|first| vec![*first])
        });
        let sizes: Vec<usize> = step.labels.iter().map(|(_, size)| *size).collect();
        assert_eq!(sizes, [2, 2, 1, 1]);
        assert_eq!(&*step.labels[3].0, b"");
    }

    /// The name of a case, a ladder, labels, and what each stands for.
    type Known = (
        &'static str,
        Box<dyn Ladder>,
        &'static [&'static str],
        &'static [&'static str],
    );

    #[test]
    fn labels_stand_for_what_they_cover() {
        let edges = || ["0", "18", "65"].map(String::from).to_vec();
        let ladders: [Known; 12] = cases![
            "words", Box::new(Categories), &["a", "*"], &["itself", "itself"];
            "years",
            Box::new(Brackets::new(Style::Years, None)),
            &["1984", "1980-1989", "autre", ""],
            &["1984 to 1984.001", "1980 to 1990", "itself", "itself"];
            "buckets",
            Box::new(Brackets::new(Style::Intervals, None)),
            &["0-20000", "-20000-0", "-40000--20000"],
            &["0 to 20000", "-20000 to 0", "-40000 to -20000"];
            "numbers",
            Box::new(Brackets::new(Style::Numbers, None)),
            &["5-9", "10-14", "7"],
            &["5 to 10", "10 to 15", "7 to 7.001"];
            "intervals that touch",
            Box::new(Brackets::new(Style::Numbers, None)),
            &["5-10", "10-15"],
            &["5 to 10", "10 to 15"];
            "fractions",
            Box::new(Brackets::new(Style::Numbers, None)),
            &["5-10", "-0,5", "9.9994"],
            &["5 to 10", "-0.5 to -0.499", "9.999 to 10"];
            "bounds", Box::new(Brackets::coded(Style::Numbers, vec![5])), &["90+", "<18"], &["90 to all", "all to 18"];
            "dates",
            Box::new(Calendar::of_days(None).unwrap()),
            &[
                "1984-02-29", "1984-02", "1984-12", "1984", "1980-1989", "1984-02-30",
            ],
            &[
                "1 days", "29 days", "31 days", "366 days", "3653 days", "itself",
            ];
            "places",
            Box::new(Places::new(None).unwrap()),
            &["75011", "75 Paris", "Île-de-France", "99999"],
            &[
                "in 75 Paris, Île-de-France",
                "in Île-de-France",
                "in ",
                "in ",
            ];
            "occupations",
            Box::new(Jobs::usual()),
            &["vendeuse", "Employés de commerce", "Employés", "alchimiste"],
            &[
                "in Employés de commerce, Employés",
                "in Employés",
                "in ",
                "in ",
            ];
            "prefixes", Box::new(Prefixes::new(3, None).unwrap()), &["750", "75", "7"], &["in 75, 7", "in 7", "in "];
            "ranges",
            Box::new(Ranges::new(edges(), None).unwrap()),
            &["<0", "0-65", "18+", "enfant"],
            &["0 to 0.001", "0.001 to 0.003", "0.002 to 0.004", "itself"];
        ];
        for (case, ladder, labels, expected) in ladders {
            let labels: Vec<Box<[u8]>> =
                labels.iter().map(|label| label.as_bytes().into()).collect();
            let in_days = case == "dates";
            let bound = |number: i64| match number {
                i64::MIN | i64::MAX => "all".to_owned(),
                number => (number as f64 / 1000.0).to_string(),
            };
            let told = |extent: Extent| match extent {
                Extent::Itself => "itself".to_owned(),
                Extent::Span(least, behind) if in_days => format!("{} days", behind - least),
                Extent::Span(least, behind) => format!("{} to {}", bound(least), bound(behind)),
                Extent::Within(outer) => {
                    let outer = outer.iter().map(|label| String::from_utf8_lossy(label));
                    format!("in {}", outer.collect::<Vec<_>>().join(", "))
                }
            };
            let found: Vec<String> = ladder.extents(&labels).into_iter().map(told).collect();
            assert_eq!(found, expected, "{case}");
        }
    }
}
