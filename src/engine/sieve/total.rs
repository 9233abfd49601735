//! Totals and footers: rows that tell of several people at once, or of the export.

use super::is_dash;
use super::prefixes::may_begin_label;
use crate::base::name;
use crate::io::csv::Batch;

/// The words that labels of totals begin with.
pub(super) static WORDS: &[&str] = &[
    "total", "totals", "totaux", "totale", "sous", "sub", "subtotal", "soustotal", "grand",
    "somme", "sommes", "sum", "summe", "gesamt", "gesamtsumme", "gesamtergebnis", "zwischensumme",
    "totaal", "moyenne", "average", "mean", "mittelwert", "mediane", "median", "nombre", "nb",
    "nbre", "count", "cumul", "page", "fin", "end", "eof", "export", "exporte", "exported",
    "extrait", "extraction", "genere", "generated", "edite", "imprime", "printed", "source",
    "confidentiel", "confidential", "copyright", "ensemble", "minimum", "maximum", "ecart",
    "variance", "solde", "report", "rapport", "liste", "fichier", "edition", "releve", "min",
    "mini", "max", "maxi", "moy", "avg", "std", "stdev", "stddev", "standard",
    "standardabweichung", "durchschnitt", "anzahl", "somma", "suma", "promedio", "quartile", "q1",
    "q2", "q3", "premier", "1er", "2e", "3e", "deuxieme", "troisieme", "valeur",
];

/// What labels and footers begin with, too, but cells of people as well.
pub(super) static OTHER_WORDS: &[&str] = &["a", "date", "number"];

/// What footers count.
static COUNTED: &[&str] = &[
    "ligne", "lignes", "enregistrement", "enregistrements", "resultat", "resultats", "element",
    "elements", "fiche", "fiches", "client", "clients", "contact", "contacts", "dossier",
    "dossiers", "personnes", "row", "rows", "record", "records", "result", "results", "entry",
    "entries", "customers", "zeilen", "datensatze",
];

/// Words behind `total` that make a label of it and no name.
static BEHIND: &[&str] = &[
    "general", "generale", "generaux", "partiel", "partiels", "global", "globale", "cumule",
    "client", "clients", "ligne", "lignes", "row", "rows", "record", "records", "personnes",
    "people", "contacts", "dossiers", "de", "des", "du", "par", "of", "for", "hors", "ht", "ttc",
    "amount", "count", "page", "report", "annee", "mois",
];

/// How sure a label is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    /// Of a column's least or greatest value, which are first names, too: `Max`.
    Statistic,
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

/// Whether a field that stands alone may be a count of rows: `2 lignes`, `(2 rows)`.
pub(super) fn may_be_count(field: &[u8]) -> bool {
    let mut bytes = field.iter().filter(|byte| !b" \"(".contains(byte));
    bytes.next().is_some_and(u8::is_ascii_digit)
}

/// Whether the label of a total, or a footer, may be in the first two cells that have a letter or a digit,
/// or in the last.
pub(super) fn may_be_labelled<'a>(
    fields: impl DoubleEndedIterator<Item = &'a [u8]>,
    batch: &Batch,
) -> bool {
    let mut scratch = Vec::new();
    let mut may_be = |field: &[u8]| {
        let content = batch.content(field, &mut scratch);
        let text = std::str::from_utf8(content).unwrap_or_default();
        let is_plain = text.chars().all(|c| c.is_ascii() || c.is_alphabetic());
        // What cannot be seen may be before it, or all of it.
        !is_plain || may_say(text) && (label(text).is_some() || is_footer(text))
    };
    let says = |field: &&[u8]| {
        let mut bytes = field.iter();
        bytes.any(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii())
    };
    let mut filled = fields.filter(says);
    let first = filled.next().is_some_and(&mut may_be);
    first || filled.next().is_some_and(&mut may_be) || filled.next_back().is_some_and(&mut may_be)
}

/// Whether a text of ASCII and letters may be a [`label`] or a [footer](is_footer), by how it begins and ends; nearly all
/// are told by that.
fn may_say(text: &str) -> bool {
    let ends_with = |word: &str| {
        let text = text.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let end = text.len().checked_sub(word.len());
        end.and_then(|end| text.get(end..))
            .is_some_and(|end| end.eq_ignore_ascii_case(word))
    };
    let is_count = text.starts_with(|c: char| c.is_ascii_digit())
        && text.contains(|c: char| c.is_ascii_alphabetic());
    is_count || may_begin_label(text.as_bytes()) || ends_with("total") || ends_with("quartile")
}

/// Whether a row is a total or a footer: it has the label of one, and beside it numbers and empty cells;
/// texts only in a third of its cells, as those of groups, and none at all where the label is doubtful.
pub(super) fn is_total(cells: &[String], width: usize) -> bool {
    let is_empty = |cell: &str| cell.is_empty() || is_dash(cell);
    let filled: Vec<(usize, &String)> = cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| !is_empty(cell))
        .collect();
    if let [(_, only)] = filled.as_slice()
        && width > 1
        && is_footer(only)
    {
        return true;
    }
    let Some((at, label)) = labelled(&filled) else {
        return false;
    };
    let others = cells.iter().enumerate();
    let others = others.filter(|(position, _)| *position != at);
    let (mut texts, mut figures, mut empty, mut all) = (0, 0, 0, 0);
    for (_, cell) in others {
        all += 1;
        if is_empty(cell) {
            empty += 1;
        } else if is_figure(cell) || is_footer(cell) {
            figures += 1;
        } else {
            texts += 1;
        }
    }
    match label {
        Label::Sure => texts * 3 <= all,
        // A category may be called so, too, in the last column: `1042;;;TOTAL`.
        Label::Doubtful => {
            let alone = all < 2 && at == 0;
            let starts = filled.first().is_some_and(|(first, _)| *first == at);
            let last = cells.first().is_some_and(|cell| is_empty(cell)) && figures > 0;
            texts == 0 && width > 1 && (alone || empty > 0 && (starts || last))
        }
        // People have more than a figure or two.
        Label::Statistic => {
            let starts = filled.first().is_some_and(|(first, _)| *first == at);
            texts == 0 && figures > 0 && empty * 2 >= all && starts
        }
    }
}

/// Where the label of a total is, among the cells that are not empty: in the first, in the second if it
/// is sure, or in the last.
fn labelled(filled: &[(usize, &String)]) -> Option<(usize, Label)> {
    let label_of =
        |cell: Option<&(usize, &String)>| cell.and_then(|(at, cell)| Some((*at, label(cell)?)));
    let sure = |(_, label): &(usize, Label)| *label == Label::Sure;
    label_of(filled.first())
        .or_else(|| label_of(filled.get(1)).filter(sure))
        .or_else(|| label_of(filled.last()))
}

/// Whether a cell is what exports write below their last row: how many there are, when it was made, the
/// end of the file, the number of the page.
fn is_footer(cell: &str) -> bool {
    if cell.len() > 80 {
        return false;
    }
    let key = name::key(cell);
    let words: Vec<&str> = key
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let is_number = |word: &&str| word.chars().all(|c| c.is_ascii_digit());
    match words.as_slice() {
        [number, rest @ ..] if is_number(number) => rest
            .iter()
            .find(|word| !is_number(word))
            .is_some_and(|word| COUNTED.contains(word)),
        ["page", number, ..] => is_number(number),
        ["fin" | "eof"] => true,
        // The title of another export: `Export CRM du 12/03/2026`, `Fichier 2`.
        [
            "export" | "extraction" | "rapport" | "report" | "liste" | "fichier" | "edition"
            | "releve",
            rest @ ..,
        ] if rest.iter().filter(|word| is_number(word)).count() >= 3
            || matches!(rest, [number] if is_number(number)) =>
        {
            true
        }
        ["fin" | "end", "de" | "du" | "of", ..] => true,
        [
            "export" | "exporte" | "exported" | "extrait" | "extraction" | "genere" | "generated"
            | "edite" | "imprime" | "printed",
            "le" | "on" | "du" | "par" | "by" | "the" | "a",
            ..,
        ]
        | ["date", "d", "export" | "extraction" | "edition", ..] => true,
        ["confidentiel" | "confidential"] => true,
        ["source" | "copyright", _, ..] => cell.contains([':', '©']),
        _ => false,
    }
}

/// Whether a cell is the label of a total.
fn label(cell: &str) -> Option<Label> {
    if cell.len() > 60 {
        return None;
    }
    if matches!(cell.trim_end_matches([' ', ':']), "∑" | "Σ") {
        return Some(Label::Doubtful);
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
        [
            "nombre" | "nb" | "nbre" | "count" | "number" | "anzahl",
            rest @ ..,
        ] if rest.iter().any(|word| {
            [
                "lignes", "enregistrements", "rows", "records", "total", "zeilen", "datensatze",
            ]
            .contains(word)
        }) =>
        {
            Some(Label::Sure)
        }
        ["total" | "totale" | "totaal", ..] | [_, .., "total"] => Some(Label::Doubtful),
        [
            "somme" | "sommes" | "sum" | "summe" | "gesamt" | "moyenne" | "average" | "mean"
            | "mittelwert" | "mediane" | "median" | "cumul" | "ensemble" | "minimum" | "maximum"
            | "variance" | "solde" | "report",
        ]
        | ["ecart", "type"]
        | ["standard", "deviation"]
        | ["std", "dev"]
        | [
            "stdev" | "stddev" | "standardabweichung" | "durchschnitt" | "somma" | "suma"
            | "promedio",
        ]
        | ["a", "reporter"] => Some(Label::Doubtful),
        [
            "valeur",
            "min" | "mini" | "minimum" | "minimale" | "max" | "maxi" | "maximum" | "maximale"
            | "moyenne" | "mediane",
        ] => Some(Label::Doubtful),
        ["min" | "mini" | "max" | "maxi" | "moy" | "avg" | "std" | "q1" | "q2" | "q3"]
        | [.., "quartile"] => Some(Label::Statistic),
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
