//! The lists behind the rules: SQL dialects, detectors, the score, exit statuses.

use super::{code, table};
use crate::cli::codes::{REFUSALS, WARNINGS};
use crate::cli::exit::STATUSES;
use crate::detect::{DETECTORS, Form, ShareOf, Strength};
use crate::privacy::score::Criterion;
use crate::rules::sql::support::support_matrix;
use crate::sql::DIALECTS;

/// What each dialect can express.
pub(super) fn sql() -> String {
    let mut head = vec!["kind", "options"];
    head.extend(DIALECTS.iter().map(|dialect| dialect.title()));
    head.push("why not");
    let rows = support_matrix().into_iter().map(|line| {
        let options = match line.options {
            "{}" => "–".to_owned(),
            options => code(options),
        };
        let mut cells = vec![code(line.kind), options];
        cells.extend(line.refusals.iter().map(|refusal| match refusal {
            None => "yes".to_owned(),
            Some(_) => "no".to_owned(),
        }));
        let why = line.refusals.iter().flatten().next();
        cells.push(why.map_or_else(|| "–".to_owned(), ToString::to_string));
        cells
    });
    format!(
        "## Rule kinds in SQL\n\nWhat cannot be expressed exactly is an error that names the column, never a weaker query.\n\n{}",
        table(&head, rows)
    )
}

pub(super) fn detectors() -> String {
    let rows = DETECTORS.iter().map(|detector| {
        let forms = |wanted: bool| {
            let forms = detector.forms.iter();
            let forms = forms.filter_map(|form| match (form.strength, wanted) {
                (Strength::Certain, true) => Some(form.name.to_owned()),
                (
                    Strength::Weak {
                        over_percent,
                        of,
                        at_least,
                    },
                    false,
                ) => Some(weak(form, over_percent, of, at_least)),
                _ => None,
            });
            let forms: Vec<String> = forms.collect();
            match forms.is_empty() {
                true => "–".to_owned(),
                false => forms.join("; "),
            }
        };
        vec![
            code(detector.name),
            detector.summary.to_owned(),
            detector.checksum.to_owned(),
            forms(true),
            forms(false),
        ]
    });
    format!(
        "## Detectors\n\nIn the order of precedence: of two finds that overlap, that of the detector listed first stands.\nHow \
         a column decides is told under [identifiers in kept columns](leftovers.md#when-the-column-decides).\n\n{}",
        table(
            &[
                "detector", "what it finds", "what it checks", "one find is proof",
                "the column decides"
            ],
            rows
        )
    )
}

fn weak(form: &Form, over_percent: u8, of: ShareOf, at_least: u64) -> String {
    let of = match of {
        ShareOf::Lookalikes => "lookalikes",
        ShareOf::Cells => "cells",
    };
    let least = match at_least {
        0 | 1 => String::new(),
        least => format!(", {least} or more"),
    };
    let chance = form.chance.map_or_else(String::new, |chance| {
        format!("{:.0} % by chance, ", chance * 100.0)
    });
    format!(
        "{}: {chance}over {over_percent} % of {of}{least}",
        form.name
    )
}

pub(super) fn score() -> String {
    let rows = Criterion::ALL
        .into_iter()
        .map(|criterion| vec![code(criterion.id()), criterion.out_of().to_string()]);
    format!(
        "## The score\n\n{}",
        table(&["criterion", "points at most"], rows)
    )
}

pub(super) fn statuses() -> String {
    let rows = STATUSES
        .iter()
        .map(|(status, meaning)| vec![(*status).to_owned(), (*meaning).to_owned()]);
    format!(
        "## Exit statuses\n\n{}",
        table(&["status", "meaning"], rows)
    )
}

pub(super) fn codes() -> String {
    let table_of = |lists: &[&[(&str, &str)]]| {
        let codes = lists.iter().copied().flatten();
        table(
            &["code", "what it stands for"],
            codes.map(|(name, meaning)| vec![code(name), (*meaning).to_owned()]),
        )
    };
    format!(
        "## Codes of warnings\n\nIn the lines of `--log json` and in manifests. A code keeps its meaning from version to version; a message may \
         change.\n\n{}\n## Codes of refusals\n\nIn the lines of `--log json`, in the journal, and in the manifest of a refused run.\n\n{}",
        table_of(WARNINGS),
        table_of(REFUSALS)
    )
}
