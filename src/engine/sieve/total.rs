//! Totals: rows that tell of several people at once.

use super::{is_blank_ascii, is_dash};
use crate::base::name;
use crate::io::csv::Batch;

/// The words that labels of totals begin with.
pub(super) static WORDS: &[&str] = &[
    "total",
    "totals",
    "totaux",
    "totale",
    "sous",
    "sub",
    "subtotal",
    "soustotal",
    "grand",
    "somme",
    "sommes",
    "sum",
    "summe",
    "gesamt",
    "gesamtsumme",
    "gesamtergebnis",
    "zwischensumme",
    "totaal",
    "totale",
    "moyenne",
    "average",
    "mean",
    "mittelwert",
    "mediane",
    "median",
    "nombre",
    "nb",
    "nbre",
    "count",
    "cumul",
];

/// Words behind `total` that make a label of it and no name.
static BEHIND: &[&str] = &[
    "general",
    "generale",
    "generaux",
    "partiel",
    "partiels",
    "global",
    "globale",
    "cumule",
    "client",
    "clients",
    "ligne",
    "lignes",
    "row",
    "rows",
    "record",
    "records",
    "personnes",
    "people",
    "contacts",
    "dossiers",
    "de",
    "des",
    "du",
    "par",
    "of",
    "for",
    "hors",
    "ht",
    "ttc",
    "amount",
    "count",
    "page",
    "report",
    "annee",
    "mois",
];

/// How sure a label is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    /// It could be the name of somebody, of a firm or of a place as well.
    Doubtful,
    /// Nothing else is called so.
    Sure,
}

/// Whether a field may be a label that ends with its word: `Lyon Total`.
pub(super) fn may_end_label(field: &[u8]) -> bool {
    let content = field.strip_suffix(b"\"").unwrap_or(field);
    let word = content.last_chunk::<5>();
    word.is_some_and(|word| word.eq_ignore_ascii_case(b"total"))
}

/// Whether one of the first two cells that are not blank may be the label of a total.
pub(super) fn may_be_labelled<'a>(fields: impl Iterator<Item = &'a [u8]>, batch: &Batch) -> bool {
    let mut scratch = Vec::new();
    let mut filled = fields.filter(|field| !is_blank_ascii(field)).take(2);
    filled.any(|field| {
        let content = batch.content(field, &mut scratch);
        let text = std::str::from_utf8(content).unwrap_or_default();
        // What cannot be seen may be before it.
        !text.is_ascii() || label(text).is_some()
    })
}

/// Whether a row is a total: it has the label of one, and beside it numbers and empty cells; texts only
/// in a third of its cells, as those of groups, and none at all where the label is doubtful.
pub(super) fn is_total(cells: &[String], width: usize) -> bool {
    let is_empty = |cell: &str| cell.is_empty() || is_dash(cell);
    let filled = cells.iter().enumerate();
    let mut filled = filled.filter(|(_, cell)| !is_empty(cell));
    let Some((first, text)) = filled.next() else {
        return false;
    };
    let (at, label) = match label(text) {
        Some(label) => (first, label),
        None => match filled.next().map(|(at, cell)| (at, self::label(cell))) {
            Some((at, Some(Label::Sure))) => (at, Label::Sure),
            _ => return false,
        },
    };
    let others = cells.iter().enumerate();
    let others = others.filter(|(position, _)| *position != at);
    let (mut texts, mut empty, mut all) = (0, 0, 0);
    for (_, cell) in others {
        all += 1;
        if is_empty(cell) {
            empty += 1;
        } else if !is_figure(cell) {
            texts += 1;
        }
    }
    match label {
        Label::Sure => texts * 3 <= all,
        Label::Doubtful => texts == 0 && width > 1 && (all < 2 || empty > 0),
    }
}

/// Whether a cell is the label of a total.
fn label(cell: &str) -> Option<Label> {
    if cell.len() > 60 {
        return None;
    }
    let key = name::key(cell);
    let words: Vec<&str> = key
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let is_number = |word: &str| word.chars().all(|c| c.is_ascii_digit());
    match words.as_slice() {
        [
            "sous" | "sub" | "grand",
            "total" | "totaux" | "totals" | "totale",
            ..,
        ]
        | [
            "subtotal" | "subtotals" | "soustotal" | "totaux" | "totals",
            ..,
        ]
        | ["gesamtsumme" | "gesamtergebnis" | "zwischensumme", ..] => Some(Label::Sure),
        [
            "total" | "somme" | "summe" | "sum" | "cumul" | "moyenne" | "average" | "gesamt",
            second,
            ..,
        ] if is_number(second) || BEHIND.contains(second) => Some(Label::Sure),
        ["nombre" | "nb" | "nbre" | "count" | "number", rest @ ..]
            if rest.iter().any(|word| {
                ["lignes", "enregistrements", "rows", "records", "total"].contains(word)
            }) =>
        {
            Some(Label::Sure)
        }
        ["total" | "totale" | "totaal", ..] | [_, .., "total"] => Some(Label::Doubtful),
        [
            "somme" | "sommes" | "sum" | "summe" | "gesamt" | "moyenne" | "average" | "mean"
            | "mittelwert" | "mediane" | "median" | "cumul",
        ] => Some(Label::Doubtful),
        _ => None,
    }
}

/// Whether a cell is an amount, a count or a share, and no number that somebody has.
fn is_figure(cell: &str) -> bool {
    let is_unit = |c: char| c.is_whitespace() || ".,'’%€$£+-*()".contains(c);
    let lower = cell.to_lowercase();
    let amount = ["eur", "euros", "chf", "usd"]
        .iter()
        .find_map(|unit| lower.strip_suffix(unit))
        .unwrap_or(&lower)
        .trim();
    let digits = amount.chars().filter(char::is_ascii_digit).count();
    let plain = amount.chars().all(|c| c.is_ascii_digit() || is_unit(c));
    // A telephone number begins with 0 or +, an official one has ten digits in a row.
    let zero = amount.starts_with('0') && amount.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    let long = amount
        .split(|c: char| !c.is_ascii_digit())
        .any(|run| run.len() > 9);
    let dotted = amount.matches('.').count() > 1 && amount.matches(',').count() == 0 && digits == 8;
    let dashed = amount.trim_start_matches('-').contains('-');
    digits > 0 && plain && !zero && !long && !dotted && !dashed && !amount.starts_with('+')
}
