//! The detectors, measured on the labelled cells of `detectors/corpus.tsv`, which `corpus.py`
//! beside it makes and puts to independent libraries.
use std::collections::BTreeMap;

use crm_anon::inside::{
    DETECTORS, Detector, Detectors, Finding, Masker, ShareOf, Strength, Tally, detect,
};

const CORPUS: &str = include_str!("../detectors/corpus.tsv");

/// Notes with a person's name and without, which `notes.py` beside it makes.
const NOTES: &str = include_str!("../detectors/notes.tsv");

const PAGE: &str = include_str!("../../docs/leftovers.md");

/// Of all identifiers, how many must be found.
const LEAST_RECALL: f64 = 0.99;

/// Of names in notes, which have no form of their own.
const LEAST_RECALL_OF_NAMES: f64 = 0.6;

/// Of all that is found, how much must be an identifier.
const LEAST_PRECISION: f64 = 0.98;

/// A cell and the detectors that must find something in it.
struct Labelled {
    cell: String,
    labels: Detectors,
}

/// The cells, column by column.
fn corpus() -> BTreeMap<&'static str, Vec<Labelled>> {
    let mut columns: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for line in CORPUS.lines().chain(NOTES.lines()) {
        let [column, cell, labels] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("not three fields: {line}");
        };
        let named =
            |name: &str| Detectors::named(name).unwrap_or_else(|| panic!("no detector {name}"));
        let labels = labels.split(',').filter(|name| !name.is_empty()).map(named);
        columns.entry(column).or_default().push(Labelled {
            cell: unescaped(cell),
            labels: labels.fold(Detectors::NONE, Detectors::and),
        });
    }
    columns
}

fn unescaped(cell: &str) -> String {
    let mut text = String::new();
    let mut characters = cell.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => match characters.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('\\') => '\\',
                other => panic!("an unknown escape: {other:?}"),
            },
            other => other,
        });
    }
    text
}

/// How often a detector was right.
#[derive(Default)]
struct Score {
    found: u32,
    missed: u32,
    false_alarms: u32,
    /// Cells where it was wrong, for the message.
    examples: Vec<String>,
}

impl Score {
    fn recall(&self) -> f64 {
        f64::from(self.found) / f64::from(self.found + self.missed)
    }

    fn precision(&self) -> f64 {
        f64::from(self.found) / f64::from(self.found + self.false_alarms)
    }
}

/// What a run would report in a column: every hit of a form that the column's tally proves.
fn reported(found: &[Finding], tally: &Tally) -> Detectors {
    let proven = |finding: &&Finding| {
        finding.hit && tally.proves(finding.detector.into(), finding.form.into())
    };
    let places = found
        .iter()
        .filter(proven)
        .map(|finding| Detectors::one(finding.detector.into()));
    places.fold(Detectors::NONE, Detectors::and)
}

fn scores() -> Vec<Score> {
    let mut scores: Vec<Score> = DETECTORS.iter().map(|_| Score::default()).collect();
    for (column, cells) in corpus() {
        let mut tally = Tally::default();
        let findings: Vec<Vec<Finding>> = cells
            .iter()
            .map(|labelled| {
                let mut found = Vec::new();
                detect(labelled.cell.as_bytes(), Detectors::ALL, &mut found);
                tally.add(&found, 1);
                found
            })
            .collect();
        for (labelled, found) in cells.iter().zip(&findings) {
            let reported = reported(found, &tally);
            for (place, score) in scores.iter_mut().enumerate() {
                match (labelled.labels.has(place), reported.has(place)) {
                    (true, true) => score.found += 1,
                    (true, false) => {
                        score.missed += 1;
                        score
                            .examples
                            .push(format!("missed in {column}: {:?}", labelled.cell));
                    }
                    (false, true) => {
                        score.false_alarms += 1;
                        score
                            .examples
                            .push(format!("false alarm in {column}: {:?}", labelled.cell));
                    }
                    (false, false) => {}
                }
            }
        }
    }
    scores
}

fn table(scores: &[Score]) -> String {
    let mut table = "detector     found missed false  recall precision\n".to_owned();
    for (detector, score) in DETECTORS.iter().zip(scores) {
        table += &format!(
            "{:<12} {:>5} {:>6} {:>5} {:>7.4} {:>9.4}\n",
            detector.name,
            score.found,
            score.missed,
            score.false_alarms,
            score.recall(),
            score.precision(),
        );
        score
            .examples
            .iter()
            .take(10)
            .for_each(|example| table += &format!("    {example}\n"));
    }
    table
}

#[test]
fn identifiers_are_found_and_little_else() {
    let cells: usize = corpus().values().map(Vec::len).sum();
    assert!(cells >= 4000, "{cells} cells");
    let scores = scores();
    println!("{}", table(&scores));
    for (detector, score) in DETECTORS.iter().zip(&scores) {
        let many = score.found + score.missed >= 60;
        let least = match detector.name {
            "person_name" => LEAST_RECALL_OF_NAMES,
            _ => LEAST_RECALL,
        };
        let good = score.recall() >= least && score.precision() >= LEAST_PRECISION;
        assert!(many && good, "{}:\n{}", detector.name, table(&scores));
    }
}

/// The detector as a row of the table in docs/leftovers.md.
fn documented(detector: &Detector, score: &Score) -> String {
    let certain = detector
        .forms
        .iter()
        .filter(|form| form.strength == Strength::Certain);
    let certain: Vec<&str> = certain.map(|form| form.name).collect();
    let weak = detector
        .forms
        .iter()
        .filter_map(|form| match form.strength {
            Strength::Certain => None,
            Strength::Weak {
                over_percent,
                of,
                at_least,
            } => {
                let of = match of {
                    ShareOf::Lookalikes => "lookalikes",
                    ShareOf::Cells => "cells",
                };
                let least = if at_least > 1 {
                    format!(", {at_least} or more")
                } else {
                    String::new()
                };
                let chance = form.chance.map_or_else(String::new, |chance| {
                    format!("{:.0} % by chance, ", chance * 100.0)
                });
                Some(format!(
                    "{}: {chance}over {over_percent} % of {of}{least}",
                    form.name
                ))
            }
        });
    let weak: Vec<String> = weak.collect();
    let or_none = |text: String| {
        if text.is_empty() {
            "–".to_owned()
        } else {
            text
        }
    };
    format!(
        "| `{}` | {} | {} | {} | {} | {} | {:.3} | {:.3} |",
        detector.name,
        detector.summary,
        detector.checksum,
        or_none(certain.join("; ")),
        or_none(weak.join("; ")),
        score.found + score.missed,
        score.recall(),
        score.precision(),
    )
}

#[test]
fn the_readme_lists_every_detector_as_measured() {
    let scores = scores();
    let rows: Vec<String> = DETECTORS
        .iter()
        .zip(&scores)
        .map(|(detector, score)| documented(detector, score))
        .collect();
    let listed: Vec<&str> = PAGE
        .lines()
        .skip_while(|line| *line != "## Detectors")
        .skip(1)
        .take_while(|line| !line.starts_with("## "))
        .filter(|line| line.starts_with("| `"))
        .collect();
    assert_eq!(listed, rows, "the table should be:\n{}", rows.join("\n"));
}

#[test]
fn columns_that_only_look_like_identifiers_raise_no_alarm() {
    for (column, cells) in corpus() {
        let labels = cells
            .iter()
            .fold(Detectors::NONE, |all, labelled| all.and(labelled.labels));
        let (mut tally, mut found) = (Tally::default(), Vec::new());
        for labelled in &cells {
            detect(labelled.cell.as_bytes(), Detectors::ALL, &mut found);
            tally.add(&found, 1);
        }
        assert_eq!(tally.alarms(), labels, "{column}");
    }
}

#[test]
fn masked_cells_pass_a_second_time() {
    // Not every name is found.
    let person = Detectors::named("person_name").unwrap();
    let (mut masker, mut once, mut found) = (Masker::default(), Vec::new(), Vec::new());
    for labelled in corpus().into_values().flatten() {
        once.clear();
        let masked = masker.mask(labelled.cell.as_bytes(), Detectors::ALL, &mut once);
        detect(&once, Detectors::ALL, &mut found);
        found.retain(|finding| finding.hit);
        assert!(found.is_empty(), "{:?}", labelled.cell);
        assert!(
            masked || labelled.labels == Detectors::NONE || labelled.labels == person,
            "{:?}",
            labelled.cell
        );
    }
}

#[test]
fn names_of_third_persons_are_found_in_notes_without_false_alarms() {
    let person = Detectors::named("person_name").unwrap();
    let (mut found, mut by_column) = (Vec::new(), BTreeMap::<_, (u32, u32)>::new());
    for (column, cells) in corpus()
        .into_iter()
        .filter(|(column, _)| column.starts_with("notes"))
    {
        for labelled in cells {
            detect(labelled.cell.as_bytes(), person, &mut found);
            let (all, alarms) = by_column.entry(column).or_default();
            *all += 1;
            *alarms += u32::from(found.iter().any(Finding::is_certain));
        }
    }
    let (planted, seen) = by_column["notes_with_names"];
    let (clean, alarms) = by_column["notes"];
    assert_eq!((planted, clean), (600, 3000));
    assert!(seen * 10 >= planted * 6, "{seen} of {planted}");
    assert!(alarms <= 1, "{alarms} false alarms");
}
