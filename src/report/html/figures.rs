//! The report of a table of figures: what was counted, what was suppressed and why, and the table as bars.

use askama::Template as _;

use super::page::{Bar, Block, Chart, Group, Page, Section, Table, Tone, head, text, visible};
use super::speech::Speech;
use super::{About, Report};
use crate::base::lang::{Fixed, Language, speaking};
use crate::privacy::aggregate::TOTAL;
use crate::report::{FiguresTold, Run};

/// More bars than that are not drawn.
const MOST_BARS: usize = 400;

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
        Some(figures) => page(run, figures),
        None => super::html_of_run(run, language),
    })
}

fn page(run: &Run<'_>, figures: &FiguresTold<'_>) -> String {
    let report = Report {
        speech: Speech,
        about: About::Run(run),
    };
    let mut page = Page {
        lang: match Language::in_use() {
            Language::En => "en",
            Language::Fr => "fr",
        },
        title: fixed!("Report on a table of figures").get().to_owned(),
        subtitle: fixed!("What was published in place of rows, and what nobody can work out from it")
            .get()
            .to_owned(),
        version: env!("CARGO_PKG_VERSION"),
        contents: fixed!("Contents").get(),
        sections: vec![
            safety(figures),
            chart(figures),
            report.measured(),
            Section {
                id: "limits",
                title: fixed!("What the table does not protect from").get().to_owned(),
                blocks: vec![Block::List(LIMITS.iter().map(Fixed::to_string).collect())],
            },
        ],
        end: fixed!(
            "Written by crm-anon from the published table alone: what is suppressed there is not in this page. It \
             is one file that loads nothing and runs nothing."
        )
        .get()
        .to_owned(),
    };
    page.typeset();
    // Only a writer that fails could make this fail, and a string does not.
    page.render().unwrap_or_default()
}

/// What was asked for, and what it came to.
fn safety(figures: &FiguresTold<'_>) -> Section {
    let (speech, protected, demand) = (Speech, figures.protected, figures.demand);
    let (cells, published) = figures.cells();
    let unit = match figures.unit {
        [] => fixed!("each row counts as one person").get().to_owned(),
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
    let rows = rows.into_iter();
    let table = Table {
        caption: fixed!("The table").get().to_owned(),
        head: vec![head(fixed!("What").get()), head(fixed!("Value").get())],
        rows: rows
            .map(|(what, value)| vec![text(what.get()), text(value)])
            .collect(),
    };
    Section {
        id: "figures",
        title: fixed!("What is published").get().to_owned(),
        blocks: vec![
            Block::Notice(
                Tone::Good,
                fixed!(
                    "Whoever knows every published figure, and one cell of one person, cannot narrow any cell that \
                     tells of too few to fewer possible numbers of persons than the threshold."
                )
                .get()
                .to_owned(),
            ),
            Block::Table(table),
        ],
    }
}

/// The table as bars, in a group for each value of the first column.
fn chart(figures: &FiguresTold<'_>) -> Section {
    let (speech, protected) = (Speech, figures.protected);
    let label = |name: Option<&[u8]>| match name {
        Some([]) => fixed!("(missing)").get().to_owned(),
        Some(name) => visible(&String::from_utf8_lossy(name)),
        None => TOTAL.to_owned(),
    };
    let is_inner = |place: &usize| protected.figures.names(*place).all(|name| name.is_some());
    let inner = || protected.rows().filter(|(place, _)| is_inner(place));
    let most = inner()
        .filter_map(|(_, cell)| Some(figures.persons(cell?)))
        .max()
        .unwrap_or(1);
    let mut groups: Vec<Group> = Vec::new();
    for (place, cell) in inner().take(MOST_BARS) {
        let mut names: Vec<String> = protected.figures.names(place).map(label).collect();
        let first = match names.len() {
            1 => None,
            _ => Some(names.remove(0)),
        };
        let bar = Bar {
            label: names.join(" · "),
            share: cell.map_or(1.0, |cell| {
                figures.persons(cell) as f64 / most.max(1) as f64
            }),
            figure: match cell {
                Some(cell) => speech.whole(figures.persons(cell)),
                None => fixed!("suppressed").get().to_owned(),
            },
            tone: match cell {
                Some(_) => Tone::Good,
                None => Tone::Hidden,
            },
        };
        match groups.last_mut() {
            Some(group) if group.name == first => group.bars.push(bar),
            _ => groups.push(Group {
                name: first,
                bars: vec![bar],
            }),
        }
    }
    let drawn: usize = groups.iter().map(|group| group.bars.len()).sum();
    let note = match inner().count() {
        all if all > drawn => text!(
            "the first {drawn} of {all} cells; hatched: suppressed",
            drawn = speech.whole(drawn as u64),
            all = speech.whole(all as u64)
        ),
        _ => fixed!("hatched: suppressed").get().to_owned(),
    };
    Section {
        id: "table",
        title: fixed!("The table as bars").get().to_owned(),
        blocks: vec![Block::Chart(Chart {
            title: fixed!("Persons,").get().to_owned(),
            note,
            groups,
        })],
    }
}
