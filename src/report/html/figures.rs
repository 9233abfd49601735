//! The report of a table of figures: what was counted, what was suppressed and why, and the table as bars.

use super::Report;
use super::page::{
    Bar, Block, Cell, Chart, Section, Tone, grouped, html, table, text, visible, what_and_value,
};
use super::speech::Speech;
use crate::base::lang::{Fixed, Language, speaking};
use crate::privacy::aggregate::TOTAL;
use crate::report::{FiguresTold, Run};

/// More bars than that are not drawn.
pub(super) const MOST_BARS: usize = 400;

static LIMITS: [Fixed; 4] = [
    fixed!(
        "The guarantee is about the table alone. Another table of the same people, by other columns or of another \
         day, may tell what this one does not."
    ),
    fixed!(
        "Which combinations occur is told, of suppressed cells too: that somebody is there, not how many."
    ),
    fixed!(
        "Values are those of the rule table's output. A rare value of a kept column is listed by its name, \
         whatever is told of it."
    ),
    fixed!(
        "What an attacker knows beforehand is bounded to one cell of one person, known exactly. Several people \
         who put together what they know may learn more."
    ),
];

/// The report of a run that published a table of figures.
pub fn html_of_figures(run: &Run<'_>, language: Language) -> String {
    speaking(language, || match run.figures {
        Some(figures) => html(
            fixed!("Report on a table of figures"),
            fixed!("What was published in place of rows, and what nobody can work out from it"),
            vec![
                safety(figures),
                chart(figures),
                Report::of(run).measured(),
                limits(&LIMITS),
            ],
            fixed!(
                "Written by crm-anon from the published table alone: what is suppressed there is not in this page. It \
                 is one file that loads nothing and runs nothing."
            ),
        ),
        None => super::html_of_run(run, language),
    })
}

pub(super) fn limits(limits: &[Fixed]) -> Section {
    Section::new(
        "limits",
        fixed!("What the table does not protect from"),
        vec![Block::list(limits)],
    )
}

/// What the table is, fact by fact.
pub(super) fn facts(facts: Vec<(Fixed, String)>) -> Block {
    let row = |(what, value): (Fixed, String)| -> Vec<Cell> { vec![text(what), text(value)] };
    table(
        fixed!("The table"),
        what_and_value(),
        facts.into_iter().map(row),
    )
}

/// The table as bars, in a group for each value of the first column.
pub(super) fn bars(note: String, bars: impl Iterator<Item = (Vec<String>, Bar)>) -> Section {
    Section::new(
        "table",
        fixed!("The table as bars"),
        vec![Block::Chart(Chart {
            title: fixed!("Persons,").to_string(),
            note,
            groups: grouped(bars),
        })],
    )
}

/// What was asked for, and what it came to.
fn safety(figures: &FiguresTold<'_>) -> Section {
    let (speech, protected, demand) = (Speech, figures.protected, figures.demand);
    let (cells, published) = figures.cells();
    let unit = match figures.unit {
        [] => fixed!("each row counts as one person").to_string(),
        columns => speech.names(columns.iter().map(String::as_str)),
    };
    let percent = |share: u8| speech.percent(f64::from(share) / 100.0);
    let mut rows = vec![
        (fixed!("Told by"), speech.names(figures.by())),
        (fixed!("Persons are told apart by"), unit),
        (
            fixed!("Persons"),
            speech.count(protected.figures.everybody()),
        ),
        (
            fixed!("Persons in a published cell, at least"),
            speech.whole(demand.threshold),
        ),
        (
            fixed!("Share of the largest contributions in a published sum, at most"),
            text!(
                "{share} for {n}",
                share = percent(demand.dominance.percent),
                n = demand.dominance.n
            ),
        ),
        (
            fixed!("Nobody comes nearer to the largest contribution than"),
            percent(demand.p_percent),
        ),
        (fixed!("Cells"), speech.whole(cells)),
        (fixed!("– published"), speech.whole(published)),
        (
            fixed!("– suppressed for what they tell"),
            speech.whole(protected.primary),
        ),
        (
            fixed!("– suppressed to cover these"),
            speech.whole(protected.secondary),
        ),
    ];
    if let Some(width) = protected.least_width {
        rows.push((
            fixed!("Possible numbers of persons of each of the former, at least"),
            speech.whole(width),
        ));
    }
    if let Some(round) = figures.round {
        rows.push((
            fixed!("Numbers of persons are rounded to"),
            speech.whole(round),
        ));
    }
    Section::new(
        "figures",
        fixed!("What is published"),
        vec![
            Block::notice(
                Tone::Good,
                fixed!(
                    "Whoever knows every published figure, and one cell of one person, cannot narrow any cell that \
                     tells of too few to fewer possible numbers of persons than the threshold."
                ),
            ),
            facts(rows),
        ],
    )
}

fn chart(figures: &FiguresTold<'_>) -> Section {
    let (speech, protected) = (Speech, figures.protected);
    let label = |name: Option<&[u8]>| match name {
        Some([]) => fixed!("(missing)").to_string(),
        Some(name) => visible(&String::from_utf8_lossy(name)),
        None => TOTAL.to_owned(),
    };
    let is_inner = |place: &usize| protected.figures.names(*place).all(|name| name.is_some());
    let inner = || protected.rows().filter(|(place, _)| is_inner(place));
    let most = inner()
        .filter_map(|(_, cell)| Some(figures.persons(cell?)))
        .max()
        .unwrap_or(1);
    let drawn = inner().take(MOST_BARS).map(|(place, cell)| {
        let names = protected.figures.names(place).map(label);
        let bar = Bar {
            share: cell.map_or(1.0, |cell| {
                figures.persons(cell) as f64 / most.max(1) as f64
            }),
            figure: match cell {
                Some(cell) => speech.whole(figures.persons(cell)),
                None => fixed!("suppressed").to_string(),
            },
            tone: match cell {
                Some(_) => Tone::Good,
                None => Tone::Hidden,
            },
            ..Bar::default()
        };
        (names.collect(), bar)
    });
    let note = match inner().count() {
        all if all > MOST_BARS => text!(
            "the first {drawn} of {all} cells; hatched: suppressed",
            drawn = speech.whole(MOST_BARS as u64),
            all = speech.whole(all as u64)
        ),
        _ => fixed!("hatched: suppressed").to_string(),
    };
    bars(note, drawn)
}
