//! The report of a table of figures with noise: what is hidden and how far, and the table as bars.

use super::Report;
use super::figures::{MOST_BARS, bars, facts, limits};
use super::page::{Bar, Block, Section, Tone, html, visible};
use super::speech::Speech;
use crate::base::lang::{Fixed, Language, speaking};
use crate::report::{NoisyTold, Run};

static LIMITS: [Fixed; 5] = [
    fixed!(
        "Each further table of the same people spends more: what all of them show together is bounded by the sum of \
         their epsilons, or by less where a budget has a delta; the journal keeps both."
    ),
    fixed!(
        "What holds for the people as a whole is told, and may be true of a person who is not in the data at all."
    ),
    fixed!(
        "The keys, the bounds and how many cells and rows of a person count are public. If they were chosen by looking \
         at the data, they tell of it."
    ),
    fixed!(
        "Counts of rows in the manifest, in the journal and below are exact and not private: they are for whoever runs \
         the program, not for whoever gets the table."
    ),
    fixed!(
        "That a run is refused, and why, depends on the data: only a run that publishes is private."
    ),
];

/// The report of a run that published a table of figures with noise.
pub fn html_of_noisy_figures(run: &Run<'_>, language: Language) -> String {
    speaking(language, || match run.noisy {
        Some(told) => html(
            fixed!("Report on a table of figures with noise"),
            fixed!("What was published in place of rows, and how far it hides each person"),
            vec![
                guarantee(told),
                chart(told),
                Report::of(run).measured(),
                limits(&LIMITS),
            ],
            fixed!("Written by crm-anon. It is one file that loads nothing and runs nothing."),
        ),
        None => super::html_of_run(run, language),
    })
}

/// What is guaranteed, and with which figures.
fn guarantee(told: &NoisyTold<'_>) -> Section {
    let speech = Speech;
    let unit = match told.of_rows {
        true => fixed!("each row counts as one person").to_string(),
        false => speech.names(told.unit.iter().map(String::as_str)),
    };
    let mut rows = vec![
        (
            fixed!("Told by"),
            speech.names(told.columns.iter().copied()),
        ),
        (fixed!("Epsilon"), told.epsilon.to_string()),
        (fixed!("Persons are told apart by"), unit),
        (
            fixed!("Cells that a person counts in, at most"),
            speech.whole(told.limits.cells.into()),
        ),
        (
            fixed!("Rows of a person that count in each, at most"),
            speech.whole(told.limits.rows.into()),
        ),
    ];
    if let (Some(delta), Some(threshold)) = (told.delta, told.threshold()) {
        rows.insert(2, (fixed!("Delta"), delta.to_string()));
        rows.push((
            fixed!("Least noisy count of a cell that is told"),
            speech.whole(threshold),
        ));
    }
    for (column, [low, high]) in told.bounds() {
        let bounds = text!(
            "{column} from {low} to {high}; values beyond were moved to them",
            column = visible(column),
            low,
            high
        );
        rows.push((fixed!("Bounds of amounts"), bounds));
    }
    rows.push((fixed!("Cells"), speech.whole(told.table.cells())));
    rows.push((fixed!("The ledger"), told.spending()));
    let composed = told.spending_by_composition();
    rows.extend(composed.map(|composed| (fixed!("The ledger"), composed)));
    let delta = told.spending_of_delta();
    rows.extend(delta.map(|delta| (fixed!("The ledger"), delta)));
    let notice = match told.delta {
        Some(delta) => text!(
            "Whether any one person is in the data changes the probability of everything in the table by a factor of \
             e to the power {epsilon} at most, whatever an attacker knows, but for what happens with a probability of \
             {delta}: that a cell is told in which there is nobody else.",
            epsilon = told.epsilon,
            delta
        ),
        None => text!(
            "Whether any one person is in the data changes the probability of everything in the table by a factor of \
         e to the power {epsilon} at most, whatever an attacker knows.",
            epsilon = told.epsilon
        ),
    };
    Section::new(
        "guarantee",
        fixed!("What is guaranteed"),
        vec![Block::Notice(Tone::Good, notice), facts(rows)],
    )
}

fn chart(told: &NoisyTold<'_>) -> Section {
    let table = told.table;
    let label = |name: Option<&[u8]>| match name {
        Some([]) | None => fixed!("(missing)").to_string(),
        Some(name) => visible(&String::from_utf8_lossy(name)),
    };
    let counts = table
        .places()
        .into_iter()
        .filter(|place| table.is_cell(*place));
    let counts = counts.filter_map(|place| Some((place, told.first_count(place)?)));
    let counts: Vec<_> = counts.collect();
    let most = counts
        .iter()
        .map(|(_, figure)| figure.value)
        .max()
        .unwrap_or(1);
    let drawn = counts.iter().take(MOST_BARS).map(|(place, figure)| {
        let names = table.names(*place).into_iter().map(label);
        let bar = Bar {
            share: figure.value.max(0) as f64 / most.max(1) as f64,
            figure: format!("{} ± {}", figure.value, figure.half_width),
            ..Bar::default()
        };
        (names.collect(), bar)
    });
    let note = text!(
        "the first {drawn} of {all} cells; each is within ± of the truth in 95 of 100 cases",
        drawn = Speech.whole(counts.len().min(MOST_BARS) as u64),
        all = Speech.whole(counts.len() as u64)
    );
    bars(note, drawn)
}
