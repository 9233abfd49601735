//! Postal codes, generalised to the places that they lie in.

use std::collections::HashMap;

use super::StepName;
use crate::privacy::extent::Extent;
use crate::privacy::ladder::{Ladder, Step, Steps, Uncovered};
use crate::rules::geography;

/// A place that holds others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Departement,
    Region,
}

impl Place {
    /// What a rule table and reports call it.
    const fn name(self) -> &'static str {
        match self {
            Self::Departement => "département",
            Self::Region => "région",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Departement, Self::Region]
            .into_iter()
            .find(|place| crate::base::name::key(place.name()) == crate::base::name::key(name))
    }

    /// Where a postal code lies.
    fn of_code(self, code: &[u8]) -> Option<&'static str> {
        match self {
            Self::Departement => geography::departement_label(code),
            Self::Region => geography::region_label(code),
        }
    }
}

/// Postal code → département → région.
#[derive(Debug)]
pub(in crate::rules) struct Places(Vec<Place>);

impl Places {
    /// A ladder of both steps.
    pub(in crate::rules) fn usual() -> Self {
        Self(vec![Place::Departement, Place::Region])
    }

    /// A ladder of these steps, or of both.
    ///
    /// # Errors
    /// What steps are expected instead.
    pub(in crate::rules) fn new(steps: Option<&[StepName]>) -> Result<Self, String> {
        let Some(steps) = steps else {
            return Ok(Self::usual());
        };
        let place = |step: &StepName| match step {
            StepName::Name(name) => Place::named(name),
            StepName::Width(_) => None,
        };
        let places: Vec<Option<Place>> = steps.iter().map(place).collect();
        match places.as_slice() {
            [Some(Place::Departement), Some(Place::Region)] | [Some(_)] | [] => {
                Ok(Self(places.into_iter().flatten().collect()))
            }
            _ => Err(fixed!(
                "expected any of \"departement\", \"region\", in this order; `*` follows by \
                      itself"
            )
            .to_string()),
        }
    }
}

/// The least population that an audit tries.
const TRIED_POPULATION: u32 = 5_000;

/// What a code or a département lies in.
fn outer(label: &[u8]) -> Vec<Box<[u8]>> {
    let own = geography::departements().iter();
    let of_departement = own.filter(|own| own.label.as_bytes() == label);
    let of_departement = of_departement.map(|own| own.region.name).next();
    let of_code = [Place::Departement, Place::Region].map(|place| place.of_code(label));
    let outer = of_code.into_iter().flatten().chain(of_departement);
    outer.map(|label| label.as_bytes().into()).collect()
}

impl Ladder for Places {
    fn extents(&self, labels: &[Box<[u8]>]) -> Vec<Extent> {
        labels
            .iter()
            .map(|label| Extent::Within(outer(label)))
            .collect()
    }

    fn options(&self, values: &[Box<[u8]>]) -> Vec<Step> {
        let title = format!("min_population = {TRIED_POPULATION}");
        let people = |code: &[u8]| geography::lookup(code).map_or(0, |known| known.population);
        vec![Step::by(title, values, |value| {
            let label = geography::departement_label(value)?;
            (people(value) < TRIED_POPULATION).then(|| label.as_bytes().to_vec())
        })]
    }

    fn steps(&self, values: &[Box<[u8]>]) -> Result<Steps, Uncovered> {
        // A code of few people may be its département from the start.
        let regions: HashMap<&[u8], &str> = geography::departements()
            .iter()
            .map(|departement| (departement.label.as_bytes(), departement.region.name))
            .collect();
        let step = |&place: &Place| {
            Step::by(place.name().to_owned(), values, |value| {
                let of_departement = || match place {
                    Place::Departement => None,
                    Place::Region => regions.get(value).copied(),
                };
                let label = place.of_code(value).or_else(of_departement)?;
                Some(label.as_bytes().to_vec())
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
    fn codes_become_departements_and_regions() {
        let values = ["94390", "75011", "07 Ardèche", "", "99999"];
        let ara = "Auvergne-Rhône-Alpes";
        let expected = [
            (
                "département",
                ["91 Essonne", "75 Paris", "07 Ardèche", "", "99999"],
            ),
            (
                "région",
                ["Île-de-France", "Île-de-France", ara, "", "99999"],
            ),
        ];
        let found = climb(&Places::new(None).unwrap(), &values);
        let expected =
            expected.map(|(title, labels)| (title.to_owned(), labels.map(String::from).to_vec()));
        assert_eq!(found, expected);
    }

    #[test]
    fn codes_of_few_people_become_departements() {
        let values = ["48250", "75011", "07 Ardèche", ""].map(|text| text.as_bytes().into());
        let options = Places::new(None).unwrap().options(&values);
        assert_eq!(options[0].title, "min_population = 5000");
        let labels = options[0]
            .labels
            .iter()
            .map(|(label, _)| str::from_utf8(label).unwrap());
        assert_eq!(
            labels.collect::<Vec<_>>(),
            ["48 Lozère", "75011", "07 Ardèche", ""]
        );
    }

    #[test]
    fn steps_are_checked() {
        let name = |name: &str| StepName::Name(name.to_owned());
        for (case, steps, expected) in [
            ("none", vec![], true),
            ("both", vec![name("departement"), name("region")], true),
            ("with accents", vec![name("Région")], true),
            (
                "the other order",
                vec![name("region"), name("departement")],
                false,
            ),
            ("twice", vec![name("region"), name("region")], false),
            ("unknown", vec![name("commune")], false),
            ("a width", vec![StepName::Width(2)], false),
        ] {
            assert_eq!(Places::new(Some(&steps)).is_ok(), expected, "{case}");
        }
    }
}
