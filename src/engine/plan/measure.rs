//! The plan to measure a file, which changes nothing of it.

use std::sync::Arc;

use super::{Act, Plan, PlannedColumn, Step};
use crate::base::name;
use crate::base::name::Shown;
use crate::engine::leftover::Scope;
use crate::engine::sieve::Sieve;
use crate::rules::table::{Attribute, RuleTable};
use crate::rules::{Again, usual};

impl Plan {
    /// A plan under which the columns with an attribute leave as they are: to measure a file.
    /// `attributes` has one for each column; what a column can be generalised to is what the table
    /// says of the output column of its name, or else what suits its values. All rows count, whatever
    /// the table says of rows.
    pub fn to_measure(
        table: &RuleTable,
        header: &[String],
        shown: &[Shown],
        attributes: &[Option<Attribute>],
    ) -> Self {
        let mut plan = Self {
            columns: Vec::new(),
            steps: Vec::new(),
            index: None,
            missing: table.missing.clone(),
            warnings: Vec::new(),
            scope: Scope::default(),
            filter: None,
            sieve: Sieve::new(header),
            thin: Vec::new(),
            draws_by: Vec::new(),
        };
        for (position, ((name, shown), attribute)) in
            header.iter().zip(shown).zip(attributes).enumerate()
        {
            plan.columns.push(PlannedColumn {
                input: shown.clone(),
                rule: Some("keep"),
                output: attribute.map(|_| shown.as_str().to_owned()),
                attribute: *attribute,
                counts: &[],
                writes_lost_zeros: false,
                pseudonym: None,
                again: Again::Nothing,
                role: None,
                brackets: false,
                entry: None,
            });
            if attribute.is_none() {
                continue;
            }
            let key = name::key(name);
            let mut columns = table.columns.iter();
            let listed = columns.find(|column| name::key(&column.output) == key);
            let (ladder, weight) = match listed {
                Some(column) => (Arc::clone(&column.ladder), column.weight),
                None => (Arc::from(usual::ladder(name)), usual::weight(name)),
            };
            plan.steps.push(Step {
                column: position,
                act: Act::Keep { multiline: true },
                ladder,
                weight,
                equal: listed.is_some_and(|column| column.equal),
            });
        }
        plan
    }
}
