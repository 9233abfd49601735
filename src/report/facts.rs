//! What a run tells the score: the measures, and what only the one who wrote the file knows.

use super::Run;
use crate::base::lang::Fixed;
use crate::engine::warning::Warning;
use crate::privacy::score::Facts;
use crate::rules::table::Attribute;

/// What an output is in law that holds pseudonyms (GDPR art. 4(5) and recital 26).
static PSEUDONYMISED: Fixed = fixed!("pseudonymised: personal data under the GDPR");

impl Run<'_> {
    /// What the output is in law, where that is beyond doubt.
    pub fn status(&self) -> Option<Fixed> {
        self.plan.pseudonymises().then_some(PSEUDONYMISED)
    }

    /// What the score of the output is made of.
    pub fn facts(&self) -> Facts {
        let leaving = || {
            let columns = self.plan.columns.iter();
            columns.filter(|column| column.output.is_some())
        };
        let all_judged = leaving().all(|column| column.attribute.is_some());
        let identifying =
            leaving().filter(|column| column.attribute == Some(Attribute::Identifying));
        let identifying = identifying.count() as u64;
        let special = self
            .warnings
            .iter()
            .filter(|warning| matches!(warning, Warning::SpecialCategory { .. }));
        Facts {
            index_random: Some(self.seed.is_none() || self.plan.index.is_none()),
            shuffled: Some(self.shuffled && self.seed.is_none()),
            // A column that nobody judged may name people.
            identifying: (all_judged || identifying > 0).then_some(identifying),
            all_judged: Some(all_judged),
            special: Some(special.count() as u64),
            pseudonymised: self.plan.pseudonymises(),
            ..self.audit.map_or_else(Facts::default, Facts::from)
        }
    }
}
