//! What was done to each column and why.

use super::page::{Block, Section, Table, head, name, text};
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
                    None => text(fixed!("does not leave").get()),
                };
                let done = column.rule.and_then(rules::kind).map_or_else(
                    || fixed!("the column is left out").get(),
                    |kind| kind.done.get(),
                );
                vec![
                    name(column.input.as_str()),
                    leaves_as,
                    text(done),
                    text(match (column.rule, &run.plan.filter) {
                        (None, Some(filter)) if filter.reads(position) => {
                            fixed!("it only decides which rows may leave")
                                .get()
                                .to_owned()
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
        blocks.push(Block::Table(Table {
            caption: fixed!("Every column of the source").get().to_owned(),
            head: vec![
                head(fixed!("Source column").get()),
                head(fixed!("Leaves as").get()),
                head(fixed!("What was done").get()),
                head(fixed!("Why").get()),
                head(fixed!("Cells").get()),
            ],
            rows: rows.collect(),
        }));
        Section {
            id: "columns",
            title: fixed!("What was done to each column, and why")
                .get()
                .to_owned(),
            blocks,
        }
    }

    /// Why a column was treated as it was: by what it tells about a person.
    fn why(self, column: &PlannedColumn, special: Option<SpecialCategory>) -> String {
        if let Some(category) = special {
            let what = warnings::category(category).get();
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
            .get()
            .to_owned();
        }
        if column.pseudonym.is_some() {
            return fixed!(
                "stands for the person’s own value, for who holds the key: pseudonymisation as a \
                 security measure (GDPR art. 32(1)(a)), no anonymisation"
            )
            .get()
            .to_owned();
        }
        let leaves = column.output.is_some();
        let whole = column.rule == Some("keep");
        match (column.attribute, leaves, whole) {
            (Some(Attribute::Identifying), false, _) => fixed!("names a person, or leads to that person in another file (GDPR art. 4(1))").get(),
            (Some(Attribute::Identifying), true, _) => fixed!("names a person on its own: it should not leave in any form").get(),
            (Some(Attribute::QuasiIdentifying), false, _) => fixed!("would help to single out a person when joined with other facts").get(),
            (Some(Attribute::QuasiIdentifying), true, false) => fixed!(
                "helps to single out a person when joined with other facts: generalised or \
                 perturbed, and counted in the measures below").get(),
            (Some(Attribute::QuasiIdentifying), true, true) => fixed!(
                "needed for the analysis; helps to single out a person when joined with other \
                 facts, so it is counted in the measures below").get(),
            (Some(Attribute::Sensitive), false, _) => fixed!("what somebody might want to learn about a person, and not needed (GDPR art. 5(1)(c))").get(),
            (Some(Attribute::Sensitive), true, false) => fixed!(
                "what somebody might want to learn about a person: generalised or perturbed, and \
                 watched under inference").get(),
            (Some(Attribute::Sensitive), true, true) => fixed!(
                "what somebody might want to learn about a person, needed for the analysis: watched \
                 under inference").get(),
            (Some(Attribute::Insensitive) | None, false, _) => fixed!("not needed (data minimisation, GDPR art. 5(1)(c))").get(),
            (Some(Attribute::Insensitive), true, _) => fixed!("judged to tell little about who a person is: not counted in the measures").get(),
            (None, true, _) => fixed!("the rule table does not say what it tells about a person: not counted in the measures").get(),
        }
        .to_owned()
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
                parts.push(format!(
                    "{what}{} {}",
                    fixed!(":").get(),
                    speech.count(count)
                ));
            }
        };
        part(fixed!("missing").get(), tally.missing);
        for (at, counted) in column.counts.iter().enumerate() {
            let what = match *counted {
                "no_postal_code" => fixed!("no postal code").get().to_owned(),
                "lost_zero" => fixed!("a zero was lost").get().to_owned(),
                "generalised" => fixed!("generalised").get().to_owned(),
                "unchanged" => fixed!("unchanged").get().to_owned(),
                "not_in_table" => fixed!("not in the table").get().to_owned(),
                "whole" => fixed!("left whole").get().to_owned(),
                "too_short" => fixed!("too short").get().to_owned(),
                other => other.replace('_', " "),
            };
            part(&what, tally.counts.get(at).copied().unwrap_or(0));
        }
        part(fixed!("invalid").get(), tally.invalid_cells());
        match parts.is_empty() {
            true => fixed!("none missing").get().to_owned(),
            false => parts.join(", "),
        }
    }

    fn columns_of_file(self) -> Option<Section> {
        let (speech, audit) = (self.speech, self.audit()?);
        let quasi = audit.quasi.iter().map(|column| {
            (
                &column.name,
                fixed!("quasi-identifying").get(),
                column.measures.distinct,
            )
        });
        let sensitive = audit.sensitive.iter().map(|column| {
            (
                &column.name,
                fixed!("sensitive").get(),
                column.measures.distinct as u64,
            )
        });
        let rows = quasi.chain(sensitive);
        Some(Section {
            id: "columns",
            title: fixed!("The columns that were counted").get()
                .to_owned(),
            blocks: vec![
                Block::Text(
                    fixed!(
                        "The file was measured as it stands. How it was made is not known, nor what \
                         its other columns hold: a name in one of them would not show in these \
                         figures.").get()
                        .to_owned(),
                ),
                Block::Table(Table {
                    caption: fixed!("Columns and their part").get()
                        .to_owned(),
                    head: vec![
                        head(fixed!("Column").get()),
                        head(fixed!("Counted as").get()),
                        super::page::number(fixed!("Distinct values").get()),
                    ],
                    rows: rows
                        .map(|(column, part, values)| {
                            vec![name(column), text(part), text(speech.whole(values))]
                        })
                        .collect(),
                }),
            ],
        })
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
