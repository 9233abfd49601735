//! What each dialect can express, found by asking: for the documentation and its test.

use toml::de::ValueDeserializer;

use crate::rules;
use crate::rules::{Kind, Rule};
use crate::sql::column::Column;
use crate::sql::error::Inexpressible;
use crate::sql::{DIALECTS, Dialect};

/// Rules of every kind, with the options that make a difference: the kind and its options in TOML.
pub fn samples() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of = |kind: &&'static Kind| kind.samples.iter().map(|options| (kind.name, *options));
    rules::KINDS.iter().flat_map(of)
}

/// A line of the support matrix: a rule, and for each of [`DIALECTS`] nothing or why not.
#[derive(Debug)]
pub struct Support {
    pub kind: &'static str,
    /// The options, in TOML.
    pub options: &'static str,
    /// Why it cannot be expressed, dialect by dialect.
    pub refusals: Vec<Option<Inexpressible>>,
}

/// What each dialect can express of [`samples`].
pub fn support_matrix() -> Vec<Support> {
    let lines = samples().filter_map(|(kind, options)| {
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
            let samples = || samples().filter(|(name, _)| *name == kind.name);
            assert!(samples().count() > 0, "{}", kind.name);
        }
        assert_eq!(support_matrix().len(), samples().count());
    }
}
