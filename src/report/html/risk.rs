//! The risk in words, what each column adds to it, and what to do.

use super::Report;
use super::page::{Bar, Block, Chart, Group, Section, Tone, head, name, number, table, text};
use super::singling_out::under_5;
use super::speech::is_hidden;
use crate::base::lang::Fixed;
use crate::privacy::advice::Advice;
use crate::privacy::audit::{Audit, QuasiColumn};

impl Report<'_> {
    pub(super) fn risk(self) -> Option<Section> {
        let (speech, audit) = (self.speech, self.audit()?);
        let (rows, small, risks) = (audit.sizes.rows, &audit.sizes.small, &audit.risks);
        let k = speech.whole(small.k);
        let threshold = speech.percent(risks.threshold);
        let above = speech.told(under_5(&audit.sizes), rows);
        let average = speech.percent(risks.prosecutor.average);
        let marketer = speech.percent(risks.marketer);
        let terms = [
            (
                fixed!("Somebody who knows that the person is in the file (prosecutor)"),
                match small.k {
1 => text!(
    "A neighbour, a colleague or a former partner looks for one person known to be a customer. At \
     worst the right row is found for certain; on average with {average}. Rows found with a chance \
     of more than {threshold}: {above}.",
                    average,
                    threshold,
                    above
                ),
_ => text!(
    "A neighbour, a colleague or a former partner looks for one person known to be a customer. At \
     worst the right row is found with 1 chance in {k}; on average with {average}. Rows found with a \
     chance of more than {threshold}: {above}.",
                    k,
                    average,
                    threshold,
                    above
                ),
},
            ),
            (
                fixed!("Somebody who looks for anyone at all (journalist)"),
                match (&audit.population, small.k) {
(Some(behind), _) => self.journalist(audit, behind),
(None, 1) => fixed!(
    "It is enough to expose one person, whoever it is. As the population behind the file is not \
     known, the file is taken for all of it, so the risk is given as just as high: at worst for \
     certain.").to_string(),
(None, _) => text!(
    "It is enough to expose one person, whoever it is. As the population behind the file is not \
     known, the file is taken for all of it, so the risk is given as just as high: at most 1 chance \
     in {k}.",
                    k
                ),
},
            ),
            (
                fixed!("Somebody who joins the whole file with another one (marketer)"),
                text!(
                    "The aim is to recognise as many people as possible, errors included. At most \
                     {marketer} of the rows would be joined rightly.",
                    marketer
                ),
            ),
        ];
        let terms = terms.map(|(term, meaning)| (term.to_string(), meaning));
        Some(Section::new(
            "risk",
            fixed!("The risk, by who attacks"),
            vec![Block::Terms(terms.to_vec())],
        ))
    }

    pub(super) fn by_column(self) -> Option<Section> {
        let (speech, audit) = (self.speech, self.audit()?);
        let now = audit.sizes.small.unique_rows;
        // Bars that are all as long as the first one say nothing.
        let changes = |column: &&QuasiColumn| {
            let steps = column.measures.steps.iter();
            let mut after = steps.chain([&column.measures.without]);
            after.any(|small| small.unique_rows != now)
        };
        let groups = audit.quasi.iter().filter(changes);
        let groups: Vec<Group> = groups.map(|column| self.group(audit, column)).collect();
        let intro = match (groups.is_empty(), now) {
            (false, _) => fixed!(
                "How many rows are unique if one column is generalised or taken away, and all others \
                 stay as they are. A column whose bars shrink most is the one that singles people out. \
                 Columns that change nothing by themselves are not drawn."
            ),
            (true, 0) => fixed!("No row is unique, with any step of any column."),
            (true, _) => fixed!(
                "No step of a single column makes fewer rows unique: only several together do."
            ),
        };
        let chart = Chart {
            title: fixed!("Unique rows,").to_string(),
            note: fixed!("for each column and each step.").to_string(),
            groups,
        };
        let rows = audit.quasi.iter().map(|column| {
            vec![
                name(&column.name),
                text(speech.whole(column.measures.distinct)),
                text(speech.percent(column.measures.distinction)),
                text(speech.percent(column.measures.separation)),
            ]
        });
        let table = table(
            fixed!("How much each column tells apart"),
            vec![
                head(fixed!("Column")),
                number(fixed!("Different values")),
                number(fixed!("Values per row")),
                number(fixed!("Pairs of rows told apart")),
            ],
            rows,
        );
        Some(Section::new(
            "by-column",
            fixed!("What each column adds to the risk"),
            [
                Some(Block::text(intro)),
                (!chart.groups.is_empty()).then_some(Block::Chart(chart)),
                Some(table),
            ]
            .into_iter()
            .flatten()
            .collect(),
        ))
    }

    /// The bars of a column: as it is, at each step, and without it. `*` for all rows does what leaving
    /// the column out does, so it has no bar of its own.
    fn group(self, audit: &Audit, column: &QuasiColumn) -> Group {
        let (speech, rows) = (self.speech, audit.sizes.rows);
        let steps = column.steps.iter().zip(&column.measures.steps);
        let steps = steps.filter(|(title, _)| *title != "*");
        let mut bars: Vec<(String, u64)> = steps
            .map(|(title, small)| (speech.step(title), small.unique_rows))
            .collect();
        let without = fixed!("without this column").get();
        bars.push((without.to_owned(), column.measures.without.unique_rows));
        let bars = bars.into_iter().map(|(label, unique)| {
            let about = if is_hidden(unique) { 4 } else { unique };
            let share = about as f64 / rows.max(1) as f64;
            Bar {
                label,
                share,
                figure: speech.share(unique, rows),
                tone: match share {
                    share if share > 0.2 => Tone::Bad,
                    share if share > 0.0 => Tone::Careful,
                    _ => Tone::Good,
                },
            }
        });
        Group {
            name: Some(super::page::visible(&column.name)),
            bars: bars.collect(),
        }
    }

    /// What to do about groups that give the value of a sensitive column away, once no row is unique.
    fn next_for_inference(self, audit: &Audit) -> Option<String> {
        if audit.sizes.small.unique_rows > 0 {
            return None;
        }
        let columns = audit.sensitive.iter();
        let worst = columns.max_by_key(|column| column.measures.rows_of_one_value)?;
        let rows = worst.measures.rows_of_one_value;
        (rows > 0).then(|| {
            text!(
                "Inference: in {column} l = 1 for {rows}, whose group has one value only: try --min-l 2.",
                column = self.speech.name(&worst.name),
                rows = self.speech.count_of(rows, audit.sizes.rows)
            )
        })
    }

    /// Changes, each with the rows that were alone before it.
    fn changes<'c>(
        self,
        caption: Fixed,
        changes: impl Iterator<Item = (u64, &'c Advice)>,
        rows: u64,
    ) -> Block {
        let speech = self.speech;
        let changes = changes.map(|(before, advice)| {
            vec![
                name(&advice.column),
                text(speech.step(&advice.step)),
                text(speech.count_of(before, rows)),
                text(speech.count_of(advice.after.unique_rows, rows)),
                text(speech.whole(advice.after.k)),
            ]
        });
        table(
            caption,
            vec![
                head(fixed!("Column")),
                head(fixed!("Change it to")),
                number(fixed!("Rows alone now")),
                number(fixed!("Rows alone then")),
                number(fixed!("k then")),
            ],
            changes,
        )
    }

    pub(super) fn advice(self) -> Option<Section> {
        let (speech, audit) = (self.speech, self.audit()?);
        let (rows, now) = (audit.sizes.rows, &audit.sizes.small);
        let mut advice = audit.advice();
        // A change whose figure reads as before is no advice.
        let before = speech.share(now.unique_rows, rows);
        advice.retain(|advice| speech.share(advice.after.unique_rows, rows) != before);
        let mut blocks = Vec::new();
        if advice.is_empty() {
            let none = match now.unique_rows {
                0 => fixed!("Singling out: nothing to do, no row is unique."),
                _ => fixed!(
                    "No single change of one column leaves fewer rows alone: several columns have \
                     to be generalised together."
                ),
            };
            blocks.push(Block::text(none));
        } else {
            blocks.push(Block::text(fixed!(
                "Each line is one change, with everything else as it is; its effect was counted \
                     on this very file, not estimated."
            )));
            let changes = advice.iter().map(|advice| (now.unique_rows, advice));
            let caption = fixed!("The changes that help most");
            blocks.push(self.changes(caption, changes, rows));
        }
        if !audit.plan.is_empty() {
            blocks.push(Block::text(fixed!(
                    "No single change is enough. These together leave at most one in twenty alone: each \
                     line is with those above it, and was counted on this very file."
                )));
            let plan = audit.plan.iter().map(|step| step.after.unique_rows);
            let before = std::iter::once(now.unique_rows).chain(plan);
            let caption = fixed!("A plan of several changes");
            blocks.push(self.changes(caption, before.zip(&audit.plan), rows));
        }
        if now.k < 5 {
            blocks.push(Block::text(fixed!(
                "To have every row share its values with at least 4 others, run the main job \
                     with --k 5: it finds which columns to generalise, and how far, with the least \
                     loss."
            )));
        }
        blocks.extend(self.next_for_inference(audit).map(Block::Text));
        if let super::About::Run(run) = self.about
            && !run.shuffled
        {
            blocks.push(Block::text(fixed!(
                    "To keep the place of a row from leading back to the source, let the rows leave in random order (--shuffle; --k does so by itself)."
                )));
        }
        Some(Section::new("advice", fixed!("What to change"), blocks))
    }
}
