//! `drop`: the column does not leave. It may say that the column should not be there at all.

use serde::Deserialize;

use crate::base::lang::Fixed;
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::transform::Action;
use crate::rules::{Kind, OptionDoc, Rule, options};
use crate::sql::{Column, Inexpressible, Output};

pub(crate) static KIND: Kind = Kind {
    name: "drop",
    summary: "leave the column out",
    done: fixed!("the column is left out"),
    options: &[OptionDoc {
        name: "article_9",
        takes: "racial_or_ethnic_origin, political_opinions, religious_or_philosophical_beliefs, \
                trade_union_membership, genetic_data, biometric_data, health or \
                sex_life_or_sexual_orientation; default: none",
        meaning: "warn that the column holds this special category of data (GDPR art. 9), which \
                  should be deleted at the source",
    }],
    samples: &["{}"],
    parse: options::rule::<Options>,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    article_9: Option<SpecialCategory>,
}

impl Rule for Options {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn leaves(&self) -> bool {
        false
    }

    fn compile(&self, _: &ColumnContext<'_>) -> Result<Action, Unready> {
        Ok(Action::Drop)
    }

    fn sql(&self, _: &mut Column<'_>) -> Result<Output, Inexpressible> {
        Ok(Output::Drop)
    }

    fn special_category(&self) -> Option<SpecialCategory> {
        self.article_9
    }
}

/// A special category of personal data: those of article 9 (1) of the GDPR, whose processing is
/// forbidden unless one of the exceptions of article 9 (2) holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum SpecialCategory {
    /// Data revealing racial or ethnic origin.
    RacialOrEthnicOrigin,
    /// Data revealing political opinions.
    PoliticalOpinions,
    /// Data revealing religious or philosophical beliefs.
    ReligiousOrPhilosophicalBeliefs,
    /// Data revealing trade union membership.
    TradeUnionMembership,
    GeneticData,
    /// Biometric data that identifies a natural person.
    BiometricData,
    /// Data concerning health.
    Health,
    /// Data concerning a person's sex life or sexual orientation.
    SexLifeOrSexualOrientation,
}

impl SpecialCategory {
    /// Every category, in the order of article 9.
    pub const ALL: [Self; 8] = [
        Self::RacialOrEthnicOrigin,
        Self::PoliticalOpinions,
        Self::ReligiousOrPhilosophicalBeliefs,
        Self::TradeUnionMembership,
        Self::GeneticData,
        Self::BiometricData,
        Self::Health,
        Self::SexLifeOrSexualOrientation,
    ];

    /// The name in a rule table: `health`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RacialOrEthnicOrigin => "racial_or_ethnic_origin",
            Self::PoliticalOpinions => "political_opinions",
            Self::ReligiousOrPhilosophicalBeliefs => "religious_or_philosophical_beliefs",
            Self::TradeUnionMembership => "trade_union_membership",
            Self::GeneticData => "genetic_data",
            Self::BiometricData => "biometric_data",
            Self::Health => "health",
            Self::SexLifeOrSexualOrientation => "sex_life_or_sexual_orientation",
        }
    }

    /// What it is, for the middle of a sentence: `health data`.
    pub const fn description(self) -> Fixed {
        match self {
            Self::RacialOrEthnicOrigin => fixed!("data revealing racial or ethnic origin"),
            Self::PoliticalOpinions => fixed!("data revealing political opinions"),
            Self::ReligiousOrPhilosophicalBeliefs => {
                fixed!("data revealing religious or philosophical beliefs")
            }
            Self::TradeUnionMembership => fixed!("data revealing trade union membership"),
            Self::GeneticData => fixed!("genetic data"),
            Self::BiometricData => fixed!("biometric data"),
            Self::Health => fixed!("health data"),
            Self::SexLifeOrSexualOrientation => fixed!("data on sex life or sexual orientation"),
        }
    }
}

impl TryFrom<String> for SpecialCategory {
    type Error = String;

    /// Takes a name, with `-` for `_` if one likes.
    fn try_from(name: String) -> Result<Self, String> {
        let wanted = name.replace('-', "_");
        Self::ALL
            .into_iter()
            .find(|category| category.name() == wanted)
            .ok_or_else(|| {
                format!(
                    "expected a special category of GDPR art. 9: {}",
                    Self::ALL.map(Self::name).join(", ")
                )
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::options::testing::{compiled, refuses, rule};

    #[test]
    fn drops_and_names_the_special_category() {
        let plain = rule(&KIND, "{}");
        assert!(matches!(compiled(&*plain), Action::Drop));
        assert_eq!(plain.special_category(), None);
        assert_eq!(plain.kind().name, "drop");
        assert!(plain.counts().is_empty());

        for category in SpecialCategory::ALL {
            for name in [
                category.name().to_owned(),
                category.name().replace('_', "-"),
            ] {
                let rule = rule(&KIND, &format!("{{ article_9 = '{name}' }}"));
                assert!(matches!(compiled(&*rule), Action::Drop));
                assert_eq!(rule.special_category(), Some(category));
            }
            assert!(KIND.options[0].takes.contains(category.name()));
        }
    }

    #[test]
    fn refuses_bad_options() {
        refuses(
            &KIND,
            &[
                (
                    "{ article_9 = 'blood' }",
                    "'blood'",
                    "genetic_data, biometric_data, health",
                ),
                ("{ article_9 = true }", "true", "expected a string"),
                (
                    "{ article9 = 'health' }",
                    "article9",
                    "expected `article_9`",
                ),
                ("[]", "[]", "expected a table of options"),
                ("'health'", "'health'", "expected a table of options"),
            ],
        );
    }
}
