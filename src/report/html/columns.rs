//! What was done to each column and why.

use super::page::{Block, Section, head, name, number, table, text};
use super::{About, Report, warnings};
use crate::engine::plan::PlannedColumn;
use crate::engine::warning::Warning;
use crate::report::Run;
use crate::rules;
use crate::rules::SpecialCategory;
use crate::rules::table::Attribute;

impl Report<'_> {
    /// The columns of a run, or those of a file that count.
    pub(super) fn columns(self) -> Option<Section> {
        match self.about {
            About::Run(run) => Some(self.columns_of_run(run)),
            About::File(_) => self.columns_of_file(),
        }
    }

    fn columns_of_run(self, run: &Run<'_>) -> Section {
        let speech = self.speech;
        let rows = run
            .plan
            .columns
            .iter()
            .enumerate()
            .map(|(position, column)| {
                let leaves_as = match &column.output {
                    Some(output) => name(output),
                    None => text(fixed!("does not leave")),
                };
                let done = column
                    .rule
                    .and_then(rules::kind)
                    .map_or_else(|| fixed!("the column is left out"), |kind| kind.done);
                vec![
                    name(column.input.as_str()),
                    leaves_as,
                    text(done),
                    text(match (column.rule, &run.plan.filter) {
                        (None, Some(filter)) if filter.reads(position) => {
                            fixed!("it only decides which rows may leave").to_string()
                        }
                        _ => self.why(column, special(run, column)),
                    }),
                    text(self.counts(run, position, column)),
                ]
            });
        let mut blocks = Vec::new();
        if let Some(index) = &run.plan.index {
            let index = speech.name(index);
            blocks.push(Block::Text(text!(
                "A first column {index} was added: a random number, unique to each row, to speak of \
                 a row without naming a person.", index)));
        }
        blocks.push(table(
            fixed!("Every column of the source"),
            vec![
                head(fixed!("Source column")),
                head(fixed!("Leaves as")),
                head(fixed!("What was done")),
                head(fixed!("Why")),
                head(fixed!("Cells")),
            ],
            rows,
        ));
        Section::new(
            "columns",
            fixed!("What was done to each column, and why"),
            blocks,
        )
    }

    /// Why a column was treated as it was: by what it tells about a person.
    fn why(self, column: &PlannedColumn, special: Option<SpecialCategory>) -> String {
        if let Some(category) = special {
            let what = warnings::category(category);
            return text!(
                "{what}: processing it is prohibited (GDPR art. 9(1)) unless one of the exceptions \
                 of art. 9(2) holds. To be deleted at the source as well.",
                what
            );
        }
        if column.rule.is_none() {
            return fixed!(
                "not in the rule table: what nobody has judged does not leave (GDPR art. 25(2))"
            )
            .to_string();
        }
        if column.pseudonym.is_some() {
            return fixed!(
                "stands for the person’s own value, for who holds the key: pseudonymisation as a \
                 security measure (GDPR art. 32(1)(a)), no anonymisation"
            )
            .to_string();
        }
        let leaves = column.output.is_some();
        let whole = column.rule == Some("keep");
        match (column.attribute, leaves, whole) {
            (Some(Attribute::Identifying), false, _) => fixed!("names a person, or leads to that person in another file (GDPR art. 4(1))"),
            (Some(Attribute::Identifying), true, _) => fixed!("names a person on its own: it should not leave in any form"),
            (Some(Attribute::QuasiIdentifying), false, _) => fixed!("would help to single out a person when joined with other facts"),
            (Some(Attribute::QuasiIdentifying), true, false) => fixed!(
                "helps to single out a person when joined with other facts: generalised or \
                 perturbed, and counted in the measures below"),
            (Some(Attribute::QuasiIdentifying), true, true) => fixed!(
                "needed for the analysis; helps to single out a person when joined with other \
                 facts, so it is counted in the measures below"),
            (Some(Attribute::Sensitive), false, _) => fixed!("what somebody might want to learn about a person, and not needed (GDPR art. 5(1)(c))"),
            (Some(Attribute::Sensitive), true, false) => fixed!(
                "what somebody might want to learn about a person: generalised or perturbed, and \
                 watched under inference"),
            (Some(Attribute::Sensitive), true, true) => fixed!(
                "what somebody might want to learn about a person, needed for the analysis: watched \
                 under inference"),
            (Some(Attribute::Insensitive) | None, false, _) => fixed!("not needed (data minimisation, GDPR art. 5(1)(c))"),
            (Some(Attribute::Insensitive), true, _) => fixed!("judged to tell little about who a person is: not counted in the measures"),
            (None, true, _) => fixed!("the rule table does not say what it tells about a person: not counted in the measures"),
        }
        .to_string()
    }

    /// What was counted in a column that leaves.
    fn counts(self, run: &Run<'_>, position: usize, column: &PlannedColumn) -> String {
        let speech = self.speech;
        let steps = run.plan.steps.iter().zip(&run.tally.columns);
        let Some((_, tally)) = steps.into_iter().find(|(step, _)| step.column == position) else {
            return "–".to_owned();
        };
        let mut parts = Vec::new();
        let mut part = |what: &str, count: u64| {
            if count > 0 {
                parts.push(format!("{what}{} {}", fixed!(":"), speech.count(count)));
            }
        };
        part(fixed!("missing").get(), tally.missing);
        for (at, counted) in column.counts.iter().enumerate() {
            let what = match *counted {
                "no_postal_code" => fixed!("no postal code").to_string(),
                "lost_zero" => fixed!("a zero was lost").to_string(),
                "generalised" => fixed!("generalised").to_string(),
                "unchanged" => fixed!("unchanged").to_string(),
                "not_in_table" => fixed!("not in the table").to_string(),
                "whole" => fixed!("left whole").to_string(),
                "too_short" => fixed!("too short").to_string(),
                other => other.replace('_', " "),
            };
            part(&what, tally.counts.get(at).copied().unwrap_or(0));
        }
        part(fixed!("invalid").get(), tally.invalid_cells());
        match parts.is_empty() {
            true => fixed!("none missing").to_string(),
            false => parts.join(", "),
        }
    }

    fn columns_of_file(self) -> Option<Section> {
        let (speech, audit) = (self.speech, self.audit()?);
        let quasi = audit.quasi.iter().map(|column| {
            (
                &column.name,
                fixed!("quasi-identifying"),
                column.measures.distinct,
            )
        });
        let sensitive = audit.sensitive.iter().map(|column| {
            (
                &column.name,
                fixed!("sensitive"),
                column.measures.distinct as u64,
            )
        });
        let rows = quasi.chain(sensitive);
        Some(Section::new(
            "columns",
            fixed!("The columns that were counted"),
            vec![
                Block::text(fixed!(
                    "The file was measured as it stands. How it was made is not known, nor what \
                         its other columns hold: a name in one of them would not show in these \
                         figures."
                )),
                table(
                    fixed!("Columns and their part"),
                    vec![
                        head(fixed!("Column")),
                        head(fixed!("Counted as")),
                        number(fixed!("Distinct values")),
                    ],
                    rows.map(|(column, part, values)| {
                        vec![name(column), text(part), text(speech.whole(values))]
                    }),
                ),
            ],
        ))
    }
}

/// The special category that a column of the source is of, if its rule says so.
fn special(run: &Run<'_>, column: &PlannedColumn) -> Option<SpecialCategory> {
    run.warnings.iter().find_map(|warning| match warning {
        Warning::SpecialCategory {
            column: found,
            category,
        } if *found == column.input => Some(*category),
        _ => None,
    })
}
