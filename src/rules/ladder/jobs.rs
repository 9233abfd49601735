//! Occupations, generalised to the groups of the PCS 2020.

use super::StepName;
use crate::privacy::extent::Extent;
use crate::privacy::hierarchy::ANY;
use crate::privacy::ladder::{Ladder, Step, Steps, Uncovered};
use crate::rules::occupations::{Level, group};

/// Occupation → category → group. What the table does not know is `*` from the first step on.
#[derive(Debug)]
pub(in crate::rules) struct Jobs(Vec<Level>);

impl Jobs {
    /// The categories and the groups.
    pub(in crate::rules) fn usual() -> Self {
        Self(vec![Level::Category, Level::Group])
    }

    /// A ladder of these steps, if names are among them.
    ///
    /// # Errors
    /// What steps are expected instead.
    pub(in crate::rules) fn named(steps: &[StepName]) -> Option<Result<Self, String>> {
        let is_name = |step: &StepName| matches!(step, StepName::Name(_));
        if !steps.iter().any(is_name) {
            return None;
        }
        let levels: Option<Vec<Level>> = steps.iter().map(level).collect();
        let rises = |levels: &Vec<Level>| levels.is_sorted_by(|one, next| one < next);
        let levels = levels.filter(rises).ok_or_else(|| {
            fixed!(
                "expected whole numbers of at least 2, each more than the one before, or, for occupations, \
                 \"categorie\", \"groupe\" or both, in this order; `*` follows by itself"
            )
            .to_string()
        });
        Some(levels.map(Self))
    }
}

fn level(step: &StepName) -> Option<Level> {
    let StepName::Name(name) = step else {
        return None;
    };
    let is = |level: &Level| crate::base::name::key(level.name()) == crate::base::name::key(name);
    Level::ALL.into_iter().find(is)
}

impl Ladder for Jobs {
    fn extents(&self, labels: &[Box<[u8]>]) -> Vec<Extent> {
        let outer = |label: &[u8]| {
            let groups = Level::ALL
                .into_iter()
                .filter_map(|level| group(label, level));
            let mut outer: Vec<Box<[u8]>> = Vec::new();
            for group in groups.map(str::as_bytes).filter(|group| *group != label) {
                if !outer.iter().any(|known| **known == *group) {
                    outer.push(group.into());
                }
            }
            outer
        };
        let extents = labels.iter().map(|label| Extent::Within(outer(label)));
        extents.collect()
    }

    fn steps(&self, values: &[Box<[u8]>]) -> Result<Steps, Uncovered> {
        let step = |level: &Level| {
            let mut step = Step::by(level.name().to_owned(), values, |value| {
                let missing = value.is_empty();
                let label = || group(value, *level).map_or(ANY, str::as_bytes);
                (!missing).then(|| label().to_vec())
            });
            // `*` stands for any value, however many of them the table does not know.
            let unknown = step.labels.iter_mut().filter(|(label, _)| **label == *ANY);
            unknown.for_each(|(_, size)| *size = values.len());
            step
        };
        Ok(Steps::of(values, self.0.iter().map(step)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::climb;
    use super::*;

    #[test]
    fn occupations_become_categories_and_groups() {
        let values = [
            "infirmière", "Infirmier", "cadre", "alchimiste", "", "*", "Ouvriers",
        ];
        let health = "Professions intermédiaires de la santé et du travail social";
        let managers = "Cadres et professions intellectuelles supérieures";
        let between = "Professions intermédiaires";
        let expected = [
            (
                "catégorie",
                [health, health, managers, "*", "", "*", "Ouvriers"],
            ),
            (
                "groupe",
                [between, between, managers, "*", "", "*", "Ouvriers"],
            ),
        ];
        let found = climb(&Jobs::usual(), &values);
        for ((title, labels), (expected, of)) in found.iter().zip(&expected) {
            assert_eq!(
                (title.as_str(), &labels[..]),
                (*expected, &of.map(str::to_owned)[..])
            );
        }
        assert_eq!(found.len(), expected.len());
        let boxed: Vec<Box<[u8]>> = values.iter().map(|value| value.as_bytes().into()).collect();
        let sizes = Jobs::usual().steps(&boxed).unwrap().steps.remove(0).labels;
        let sizes: Vec<usize> = sizes.into_iter().map(|(_, size)| size).collect();
        assert_eq!(sizes, [2, 2, 1, 7, 1, 7, 1]);
    }

    #[test]
    fn steps_are_checked() {
        let names = |names: &[&str]| -> Vec<StepName> {
            let names = names.iter().map(|name| StepName::Name((*name).to_owned()));
            names.collect()
        };
        for (case, steps, expected) in [
            ("all", names(&["categorie", "groupe"]), Some(true)),
            ("with an accent", names(&["Catégorie"]), Some(true)),
            ("falling", names(&["groupe", "categorie"]), Some(false)),
            ("twice", names(&["groupe", "groupe"]), Some(false)),
            ("unknown", names(&["region"]), Some(false)),
            (
                "mixed",
                vec![StepName::Width(5), StepName::Name("groupe".into())],
                Some(false),
            ),
            ("widths", vec![StepName::Width(5)], None),
            ("none", vec![], None),
        ] {
            assert_eq!(
                Jobs::named(&steps).map(|found| found.is_ok()),
                expected,
                "{case}"
            );
        }
    }
}
