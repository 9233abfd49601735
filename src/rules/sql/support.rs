//! What each dialect can express, found by asking: for the documentation and its test.

use toml::de::ValueDeserializer;

use crate::rules;
use crate::rules::Rule;
use crate::sql::column::Column;
use crate::sql::dialect::{DIALECTS, Dialect};
use crate::sql::error::Inexpressible;

/// Rules of every kind, with the options that make a difference: the kind and its options in TOML.
pub const SAMPLES: &[(&str, &str)] = &[
    ("drop", "{}"),
    ("keep", "{}"),
    (
        "keep",
        "{ allowed = ['a', \"l'autre\"], otherwise = { value = '*' } }",
    ),
    ("year", "{}"),
    ("year", "{ formats = ['%d %B %Y'] }"),
    ("year", "{ formats = ['%G-W%V-%u'] }"),
    ("year_month", "{}"),
    ("age", "{ top = 90 }"),
    ("date_shift", "{ max_days = 30 }"),
    ("yes_no", "{}"),
    ("bucket", "{ width = 20_000 }"),
    ("range", "{ edges = [0, 18, 65] }"),
    ("round", "{ to = 100 }"),
    ("noise", "{ distribution = 'laplace', scale = 100 }"),
    ("postal_code", "{}"),
    ("postal_code", "{ min_population = 5_000 }"),
    ("departement", "{}"),
    ("region", "{}"),
    ("map", "{ table = { 'M.' = 'H' } }"),
    ("map", "{ table = { 'M.' = 'H' }, otherwise = 'keep' }"),
    ("constant", "{ value = 'client' }"),
    ("truncate", "{ length = 2 }"),
    ("mask", "{}"),
    ("mask", "{ start = 1 }"),
    ("encrypt", "{ role = 'dpo' }"),
    ("hash", "{ role = 'dpo' }"),
    ("token", "{ role = 'dpo', vault = 'vault.age' }"),
];

/// A line of the support matrix: a rule, and for each of [`DIALECTS`] nothing or why not.
#[derive(Debug)]
pub struct Support {
    /// The kind.
    pub kind: &'static str,
    /// The options, in TOML.
    pub options: &'static str,
    /// Why it cannot be expressed, dialect by dialect.
    pub refusals: Vec<Option<Inexpressible>>,
}

/// What each dialect can express of [`SAMPLES`].
pub fn support_matrix() -> Vec<Support> {
    let lines = SAMPLES.iter().filter_map(|(kind, options)| {
        let rule = sample(kind, options)?;
        let refusals = DIALECTS.iter().map(|dialect| refusal(&*rule, *dialect));
        Some(Support {
            kind,
            options,
            refusals: refusals.collect(),
        })
    });
    lines.collect()
}

fn sample(kind: &str, options: &str) -> Option<Box<dyn Rule>> {
    let options = ValueDeserializer::parse(options).ok()?;
    (rules::kind(kind)?.parse)(options).ok()
}

fn refusal(rule: &dyn Rule, dialect: &dyn Dialect) -> Option<Inexpressible> {
    let mut column = Column::new(dialect, "c1".to_owned(), None);
    rule.sql(&mut column).err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_sample() {
        for kind in rules::KINDS {
            let samples = || SAMPLES.iter().filter(|(name, _)| *name == kind.name);
            assert!(samples().count() > 0, "{}", kind.name);
        }
        assert_eq!(support_matrix().len(), SAMPLES.len());
    }
}
