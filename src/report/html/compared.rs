//! The report of a comparison: what several releases of one source tell together.

use super::page::{Block, Cell, Section, Tone, head, html, name, number, table, text};
use super::speech::Speech;
use crate::base::lang::{Fixed, Language, speaking};
use crate::privacy::compare::Role;
use crate::report::compared::{Compared, Pair};

/// The report of a comparison.
pub fn html_of_comparison(compared: &Compared<'_>, language: Language) -> String {
    speaking(language, || {
        let report = Report {
            speech: Speech,
            compared,
        };
        report.html()
    })
}

struct Report<'a> {
    speech: Speech,
    compared: &'a Compared<'a>,
}

impl Report<'_> {
    fn html(&self) -> String {
        let sections = [
            self.verdict(),
            self.releases(),
            self.columns(),
            self.certain(),
            self.order(),
            limits(),
        ];
        let paths = self.compared.files.iter().map(|file| file.path.as_str());
        html(
            fixed!("Comparison of releases"),
            paths.collect::<Vec<_>>().join(" → "),
            sections.into(),
            fixed!(
                "Written by crm-anon from counts alone: no cell of the input is in this page. It is \
                 one file that loads nothing and runs nothing. It helps with an assessment and does \
                 not replace it."
            ),
        )
    }

    /// What matters most, first.
    fn verdict(&self) -> Section {
        let speech = self.speech;
        let mut blocks = Vec::new();
        for pair in self.compared.pairs {
            let found = &pair.found;
            let all = found.new.holders;
            let (files, exposed) = (self.compared.title(pair), found.candidates.one);
            let least = speech.whole(found.candidates.least);
            blocks.push(match (all, exposed) {
                (0, _) => Block::Text(text!("{files}: the newer release has no rows.", files)),
                (_, 0) => Block::Notice(
                    Tone::Good,
                    text!(
                        "{files}: whoever knows the quasi-identifying values of a person and has both \
                         files is left with at least {least} candidates.",
                        files,
                        least
                    ),
                ),
                (_, one) => Block::Notice(
                    Tone::Bad,
                    text!(
                        "{files}: both files together leave a single candidate for {one} of {all}. Whoever \
                         knows the quasi-identifying values of such a person knows which row it is.",
                        files,
                        one = speech.count_of(one, all),
                        all = speech.whole(all)
                    ),
                ),
            });
        }
        let misses = self.compared.misses();
        if !misses.is_empty() {
            blocks.push(Block::notice(
                Tone::Bad,
                fixed!("Thresholds that were not met:"),
            ));
            blocks.push(Block::List(misses));
        }
        Section::new("verdict", fixed!("The verdict"), blocks)
    }

    /// Who can be linked, among how many anybody is, and who is new.
    fn releases(&self) -> Section {
        let intro = fixed!(
            "Each release alone may keep its promise of k rows that are alike. Laid side by side they cut \
             each other’s groups: whoever is in a group of one and in a group of the other is among the few \
             who are in both. A generalised label stands for all values that it covers."
        );
        let unit = match self.compared.persons {
            true => {
                fixed!("Persons are counted, each as exposed as the most exposed of their rows.")
            }
            false => fixed!("Rows are counted, each taken for one person."),
        };
        let mut blocks = vec![Block::text(intro), Block::text(unit)];
        blocks.extend(self.compared.pairs.iter().map(|pair| self.pair(pair)));
        Section::new("releases", fixed!("Who can be linked"), blocks)
    }

    fn pair(&self, pair: &Pair) -> Block {
        let (speech, found) = (self.speech, &pair.found);
        let all = found.new.holders;
        let (candidates, newcomers) = (found.candidates, found.newcomers);
        let row =
            |what: Fixed, count: u64, of: u64| vec![text(what), text(speech.count_of(count, of))];
        let whole = |what: Fixed, count: u64| vec![text(what), text(speech.whole(count))];
        table(
            self.compared.title(pair),
            vec![head(fixed!("What was counted")), number(fixed!("How many"))],
            vec![
                whole(fixed!("in the older release"), found.old.holders),
                whole(fixed!("in the newer release"), all),
                whole(fixed!("fewest candidates"), candidates.least),
                row(fixed!("one candidate"), candidates.one, all),
                row(fixed!("fewer than 3 candidates"), candidates.under_3, all),
                row(fixed!("fewer than 5 candidates"), candidates.under_5, all),
                row(fixed!("fewer than 11 candidates"), candidates.under_11, all),
                row(
                    fixed!("linked one to one, by all columns"),
                    found.linked,
                    all,
                ),
                row(
                    fixed!("linked one to one, quasi-identifiers alone"),
                    found.linked_by_quasi,
                    all,
                ),
                row(fixed!("newcomers, who match nobody"), newcomers.all, all),
                row(
                    fixed!("… alone among their like"),
                    newcomers.alone,
                    newcomers.all,
                ),
                row(
                    fixed!("… in groups of fewer than 5"),
                    newcomers.under_5,
                    newcomers.all,
                ),
                row(
                    fixed!("gone since the older release"),
                    found.gone,
                    found.old.holders,
                ),
            ],
        )
    }

    fn columns(&self) -> Section {
        let row = |what: Fixed, role: Role| -> Vec<Cell> {
            let names: Vec<&str> = self
                .compared
                .named(role)
                .map(|shown| shown.as_str())
                .collect();
            vec![text(what), name(&names.join(", "))]
        };
        let left_out: Vec<&str> = self
            .compared
            .left_out
            .iter()
            .map(|shown| shown.as_str())
            .collect();
        let table = table(
            fixed!("What the columns were taken for"),
            vec![head(fixed!("Part")), head(fixed!("Columns"))],
            vec![
                row(fixed!("quasi-identifying"), Role::QuasiIdentifying),
                row(fixed!("sensitive"), Role::Sensitive),
                row(fixed!("other published columns"), Role::Other),
                vec![text(fixed!("not compared")), name(&left_out.join(", "))],
            ],
        );
        Section::new("columns", fixed!("Columns"), vec![table])
    }

    /// Sensitive values that become certain.
    fn certain(&self) -> Section {
        let speech = self.speech;
        let intro = fixed!(
            "A value is certain where all candidates have the same one: then nobody need know which of \
             them the person is."
        );
        let mut blocks = vec![Block::text(intro)];
        for pair in self.compared.pairs {
            let all = pair.found.new.holders;
            let rows = self
                .compared
                .named(Role::Sensitive)
                .zip(&pair.found.certain);
            let rows: Vec<Vec<Cell>> = rows
                .map(|(column, certain)| {
                    vec![
                        name(column.as_str()),
                        text(speech.count_of(certain.alone, all)),
                        text(speech.count_of(certain.together, all)),
                    ]
                })
                .collect();
            blocks.push(match rows.is_empty() {
                true => Block::text(fixed!("No column is called sensitive.")),
                false => table(
                    self.compared.title(pair),
                    vec![
                        head(fixed!("Sensitive column")),
                        number(fixed!("Certain by the newer release alone")),
                        number(fixed!("Certain by both")),
                    ],
                    rows,
                ),
            });
        }
        Section::new(
            "certain",
            fixed!("Sensitive values that become certain"),
            blocks,
        )
    }

    /// What the order of rows and their index tell.
    fn order(&self) -> Section {
        let speech = self.speech;
        let mut blocks = Vec::new();
        for pair in self.compared.pairs {
            let (order, rows) = (pair.found.order, pair.found.new.rows);
            let row = |what: Fixed, count: u64, of: u64| {
                vec![text(what), text(speech.count_of(count, of))]
            };
            let mut told = vec![
                row(
                    fixed!("rows like the row at their position"),
                    order.same_position,
                    rows,
                ),
                row(
                    fixed!("linked rows in the same order"),
                    order.in_order,
                    order.pairs,
                ),
            ];
            if let Some(index) = pair.found.index {
                told.push(row(
                    fixed!("rows with an index of the older release"),
                    index.same,
                    rows,
                ));
                told.push(row(
                    fixed!("… that are like the row with that index"),
                    index.agree,
                    index.same,
                ));
            }
            blocks.push(table(
                self.compared.title(pair),
                vec![head(fixed!("What was counted")), number(fixed!("How many"))],
                told,
            ));
        }
        let advice = fixed!(
            "If most linked rows stand in the same order, or rows with the same index are alike, row can \
             be joined to row whatever the columns say: shuffle each release, and draw its index anew."
        );
        blocks.push(Block::text(advice));
        Section::new("order", fixed!("Order and index"), blocks)
    }
}

fn limits() -> Section {
    let limits = [
        fixed!(
            "Where several rows of the older release may be the same as a row, nobody can tell which it \
             is; then the group with most candidates counts."
        ),
        fixed!(
            "Values that change between releases make a row look new. Newcomers and changed rows are \
             counted together."
        ),
        fixed!("What else somebody knows, the figures do not tell."),
    ];
    Section::new(
        "limits",
        fixed!("What the figures do not say"),
        vec![Block::list(&limits)],
    )
}
