//! How many people of the population share a place, a sex and a year of birth with a row: what the journalist's
//! risk is measured against.
//!
//! The inhabitants of a postal code are those of `geography`; how they are spread over sexes and ages is taken
//! from their département, in INSEE's *Estimation de population au 1er janvier 2025, par département, sexe et âge
//! quinquennal* (Licence Ouverte 2.0): 10 kB in `geography/ages.bin`, made by `rebuild_ages.py` beside it. Within five years of
//! age all years count alike; those of 95 and more are spread over ten.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::LazyLock;

use crate::base::name;
use crate::privacy::hierarchy::ANY;
use crate::privacy::measures::Population;
use crate::rules::column_names::meaning::{Meaning, named};
use crate::rules::geography::{self, Departement};

/// The first of January that ages are counted on.
pub(crate) const YEAR: u32 = 2025;

const AGES: usize = 20;

/// People by sex (men, women) and five years of age.
type Profile = [[f64; AGES]; 2];

/// What a column tells of a person that the table of the population knows, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dimension {
    Place,
    Sex,
    Birth,
    Age,
}

impl Dimension {
    fn of(column: &str) -> Option<Self> {
        if matches!(name::key(column).as_str(), "age" | "ages") {
            return Some(Self::Age);
        }
        match named(column).meaning? {
            Meaning::PostalCode | Meaning::Address | Meaning::Place => Some(Self::Place),
            Meaning::Gender => Some(Self::Sex),
            Meaning::BirthDate | Meaning::BirthYear | Meaning::BirthMonth => Some(Self::Birth),
            _ => None,
        }
    }
}

/// The columns of a table that the population is known by, and what each of their values stands for;
/// nothing where a value is missing or not understood.
#[derive(Debug, Default)]
pub(crate) struct Mapped {
    place: Option<(usize, Vec<Option<Box<Profile>>>)>,
    sex: Option<(usize, Vec<Option<[f64; 2]>>)>,
    born: Option<(usize, Vec<Option<[f64; AGES]>>)>,
}

impl Mapped {
    /// Finds these columns by their names; nothing if there are not two of them, or none of them is
    /// understood. Of two columns that tell the same, the one with more values counts.
    pub(crate) fn new(names: &[&str], values: &[Vec<Box<[u8]>>]) -> Option<Self> {
        let mut columns: Vec<(usize, Dimension)> = Vec::new();
        let dimensions = names.iter().map(|name| Dimension::of(name)).enumerate();
        columns.extend(dimensions.filter_map(|(at, dimension)| Some((at, dimension?))));
        columns.sort_by_key(|(at, _)| Reverse(values.get(*at).map_or(0, Vec::len)));
        let mut mapped = Self::default();
        for (at, dimension) in columns {
            let values = values.get(at).map_or(&[][..], Vec::as_slice);
            match dimension {
                Dimension::Place if mapped.place.is_none() => {
                    mapped.place = understood(at, values, |label| place(label).map(Box::new));
                }
                Dimension::Sex if mapped.sex.is_none() => {
                    mapped.sex = understood(at, values, sex);
                }
                Dimension::Birth if mapped.born.is_none() => {
                    mapped.born = understood(at, values, |label| births(label).map(by_age));
                }
                Dimension::Age if mapped.born.is_none() => {
                    mapped.born = understood(at, values, |label| ages(label).map(by_age));
                }
                _ => {}
            }
        }
        (mapped.columns().len() > 1).then_some(mapped)
    }

    /// The positions of the columns, in their order.
    pub(crate) fn columns(&self) -> Vec<usize> {
        let place = self.place.iter().map(|(at, _)| *at);
        let sex = self.sex.iter().map(|(at, _)| *at);
        let born = self.born.iter().map(|(at, _)| *at);
        let mut columns: Vec<usize> = place.chain(sex).chain(born).collect();
        columns.sort_unstable();
        columns
    }

    /// The people who share these codes' values, and all people of their place.
    pub(crate) fn people(&self, code: impl Fn(usize) -> u32) -> Option<(f64, f64)> {
        let whole = &*FRANCE;
        let profile = match &self.place {
            Some((at, places)) => places.get(code(*at) as usize)?.as_deref()?,
            None => whole,
        };
        let sexes = match &self.sex {
            Some((at, sexes)) => (*sexes.get(code(*at) as usize)?)?,
            None => [1.0; 2],
        };
        let ages = match &self.born {
            Some((at, ages)) => (*ages.get(code(*at) as usize)?)?,
            None => [1.0; AGES],
        };
        let mut sums = (0.0, 0.0);
        for (people, sex) in profile.iter().zip(sexes) {
            for (people, age) in people.iter().zip(ages) {
                sums.0 += people * sex * age;
                sums.1 += people;
            }
        }
        Some(sums)
    }
}

/// What each of the values stands for, if any is understood.
fn understood<T>(
    at: usize,
    values: &[Box<[u8]>],
    meaning: impl Fn(&[u8]) -> Option<T>,
) -> Option<(usize, Vec<Option<T>>)> {
    let meanings: Vec<Option<T>> = values.iter().map(|value| meaning(value)).collect();
    let any = values.iter().zip(&meanings);
    let any = any
        .filter(|(value, meaning)| meaning.is_some() && ***value != *ANY)
        .count();
    (any > 0).then_some((at, meanings))
}

/// By département code.
static PROFILES: LazyLock<HashMap<&'static str, Profile>> = LazyLock::new(|| {
    let mut bytes = include_bytes!("geography/ages.bin").iter().copied();
    let mut profiles = HashMap::new();
    for departement in geography::departements() {
        let mut profile = Profile::default();
        for people in profile.iter_mut().flatten() {
            *people = geography::varint(&mut bytes).map_or(0.0, f64::from);
        }
        // Of the overseas collectivities INSEE gives no ages.
        if profile.iter().flatten().sum::<f64>() > 0.0 {
            profiles.insert(departement.code, profile);
        }
    }
    profiles
});

static FRANCE: LazyLock<Profile> = LazyLock::new(|| together(|_| true).unwrap_or_default());

/// The people of several départements; nothing if no ages are known of any.
fn together(wanted: impl Fn(&Departement) -> bool) -> Option<Profile> {
    let departements = geography::departements().iter().filter(|own| wanted(own));
    let profiles = departements.filter_map(|own| PROFILES.get(own.code));
    profiles.fold(None, |sum: Option<Profile>, own| {
        let mut sum = sum.unwrap_or_default();
        for (sum, own) in sum.iter_mut().flatten().zip(own.iter().flatten()) {
            *sum += own;
        }
        Some(sum)
    })
}

/// The people of a postal code, a département, a région, or of all.
fn place(label: &[u8]) -> Option<Profile> {
    if label == ANY {
        return Some(*FRANCE);
    }
    if let Some(code) = geography::lookup(label) {
        let mut profile = *PROFILES.get(code.departement.code)?;
        let all: f64 = profile.iter().flatten().sum();
        let share = f64::from(code.population) / all;
        profile
            .iter_mut()
            .flatten()
            .for_each(|people| *people *= share);
        return Some(profile);
    }
    let label = str::from_utf8(label).ok()?;
    together(|own| own.label == label || own.region.name == label)
}

/// Which of men and women a label stands for.
fn sex(label: &[u8]) -> Option<[f64; 2]> {
    let label = str::from_utf8(label).ok()?;
    match name::key(label).trim_end_matches('.') {
        "*" => Some([1.0, 1.0]),
        "h" | "m" | "homme" | "masculin" | "male" | "man" | "monsieur" | "mr" | "1" => {
            Some([1.0, 0.0])
        }
        "f" | "femme" | "feminin" | "female" | "woman" | "madame" | "mme" | "mlle" | "2" => {
            Some([0.0, 1.0])
        }
        _ => None,
    }
}

/// The time of birth that a label stands for, in years: its beginning and its end.
fn births(label: &[u8]) -> Option<(f64, f64)> {
    let text = str::from_utf8(label).ok()?;
    if label == ANY {
        return Some((f64::MIN, f64::MAX));
    }
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |part: &str, count: usize| -> Option<f64> {
        let all = part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
        all.then(|| part.parse().ok()).flatten()
    };
    match parts.as_slice() {
        [year] => digits(year, 4).map(|year| (year, year + 1.0)),
        [from, to] if to.len() == 4 => Some((digits(from, 4)?, digits(to, 4)? + 1.0)),
        [year, month] => {
            let begin = digits(year, 4)? + (digits(month, 2)? - 1.0) / 12.0;
            Some((begin, begin + 1.0 / 12.0))
        }
        [year, month, day] => {
            let days = (digits(month, 2)? - 1.0) * 365.25 / 12.0 + digits(day, 2)? - 1.0;
            let begin = digits(year, 4)? + days / 365.25;
            Some((begin, begin + 1.0 / 365.25))
        }
        _ => None,
    }
}

/// The same of ages in whole years, on the day that the population was counted.
fn ages(label: &[u8]) -> Option<(f64, f64)> {
    let text = str::from_utf8(label).ok()?;
    let years = |from: Option<f64>, behind: Option<f64>| {
        let born = |age: f64| f64::from(YEAR) - age;
        Some((behind.map_or(f64::MIN, born), from.map_or(f64::MAX, born)))
    };
    let number = |part: &str| part.parse::<u32>().ok().map(f64::from);
    if label == ANY {
        return years(None, None);
    }
    if let Some(from) = text.strip_suffix('+') {
        return years(Some(number(from)?), None);
    }
    if let Some(behind) = text.strip_prefix('<') {
        return years(None, Some(number(behind)?));
    }
    match text.split_once('-') {
        Some((from, to)) => years(Some(number(from)?), Some(number(to)? + 1.0)),
        None => years(Some(number(text)?), Some(number(text)? + 1.0)),
    }
}

/// Which share of each five years of age was born in this time.
fn by_age((begin, end): (f64, f64)) -> [f64; AGES] {
    let mut shares = [0.0; AGES];
    for (at, share) in (0_u32..).zip(&mut shares) {
        // Those of 95 and more are taken for 95 to 104.
        let years = if at as usize == AGES - 1 { 10 } else { 5 };
        let (first, behind) = (
            f64::from(YEAR) - f64::from(5 * at + years),
            f64::from(YEAR) - f64::from(5 * at),
        );
        let both = behind.min(end) - first.max(begin);
        *share = both.max(0.0) / f64::from(years);
    }
    shares
}

/// What is expected of the population, of rows that were counted with these columns and values.
pub(crate) fn expected(
    combinations: &crate::privacy::Combinations,
    names: &[&str],
    values: &[Vec<Box<[u8]>>],
) -> Option<Population> {
    let mapped = Mapped::new(names, values)?;
    let columns = mapped.columns();
    let place = mapped.place.as_ref().map(|(at, _)| *at);
    let name = |at: &usize| names.get(*at).map(|name| (*name).to_owned());
    let others = (0..names.len()).filter(|at| !columns.contains(at));
    let found = Population::new(combinations, &columns, place, |codes| {
        let code = |column: usize| {
            let position = columns.iter().position(|known| *known == column);
            position
                .and_then(|at| codes.get(at))
                .copied()
                .unwrap_or(u32::MAX)
        };
        mapped.people(code)
    });
    Some(Population {
        columns: columns.iter().filter_map(name).collect(),
        left_out: others.filter_map(|at| name(&at)).collect(),
        ..found
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(values: &[&str]) -> Vec<Box<[u8]>> {
        values.iter().map(|value| value.as_bytes().into()).collect()
    }

    #[test]
    fn all_of_france_is_known() {
        let all: f64 = FRANCE.iter().flatten().sum();
        assert!((all - 68_605_616.0).abs() < 0.5, "{all}");
        assert_eq!(PROFILES.len(), 101);
        let women: f64 = FRANCE[1].iter().sum();
        assert!(women / all > 0.51 && women / all < 0.52, "{women}");
    }

    #[test]
    fn labels_stand_for_people() {
        let names = ["Code_postal", "sexe", "Annee_naissance", "metier"];
        let table = [
            values(&["75011", "75 Paris", "Île-de-France", "*", "", "97500"]),
            values(&["F", "H", "*", "?"]),
            values(&["1985", "1985-1989", "*", "2024", "1900", "hier"]),
            values(&["maçon"]),
        ];
        let mapped = Mapped::new(&names, &table).unwrap();
        assert_eq!(mapped.columns(), [0, 1, 2]);
        let people = |codes: [u32; 3]| mapped.people(|column| codes[column]).map(|(own, _)| own);
        let near = |one: f64, other: f64| {
            assert!((one - other).abs() < 1e-6 * other.max(1.0), "{one} {other}")
        };
        // INSEE's own number: women of Paris, 35 to 39 years old on 1 January 2025.
        let paris = people([1, 0, 1]).unwrap();
        near(paris, PROFILES["75"][1][7]);
        near(people([1, 0, 0]).unwrap() * 5.0, paris);
        near(
            people([1, 0, 1]).unwrap() + people([1, 1, 1]).unwrap(),
            people([1, 2, 1]).unwrap(),
        );
        let district = f64::from(geography::lookup("75011").unwrap().population);
        near(people([0, 2, 2]).unwrap(), district);
        near(people([3, 2, 2]).unwrap(), 68_605_616.0);
        assert!(people([2, 2, 2]).unwrap() > 12_000_000.0);
        near(people([3, 2, 4]).unwrap(), 0.0);
        for unknown in [[4, 0, 0], [5, 0, 0], [0, 3, 0], [0, 0, 5]] {
            assert_eq!(people(unknown), None, "{unknown:?}");
        }
        // One column alone, or columns that say nothing, tell too little.
        assert!(Mapped::new(&["sexe", "metier"], &[table[1].clone(), table[3].clone()]).is_none());
        assert!(Mapped::new(&["sexe", "ville"], &[table[1].clone(), values(&["x"])]).is_none());
    }

    #[test]
    fn times_of_birth_and_ages_are_read() {
        for (label, expected) in [
            ("1984", Some((1984.0, 1985.0))),
            ("1980-1989", Some((1980.0, 1990.0))),
            ("1984-07", Some((1984.5, 1984.5 + 1.0 / 12.0))),
            ("19840", None),
            ("", None),
        ] {
            assert_eq!(births(label.as_bytes()), expected, "{label}");
        }
        for (label, expected) in [
            ("40", Some((1984.0, 1985.0))),
            ("30-34", Some((1990.0, 1995.0))),
            ("90+", Some((f64::MIN, 1935.0))),
            ("<18", Some((2007.0, f64::MAX))),
            ("jeune", None),
        ] {
            assert_eq!(ages(label.as_bytes()), expected, "{label}");
        }
        let shares = by_age((1984.0, 1985.0));
        assert!((shares[8] - 0.2).abs() < 1e-12 && shares.iter().sum::<f64>() < 0.21);
    }
}
