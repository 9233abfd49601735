//! Cells that a spreadsheet runs when it opens the file: `=…`, `@…`, and what begins with a sign and is
//! no number.
//!
//! Whoever fills in a form can write `=HYPERLINK(…)` into it; the file is then opened by somebody else.

use serde::Deserialize;

use crate::base::escape::is_unseen;
use crate::rules::transform::Reason;

/// What becomes of a cell that a spreadsheet would run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Formulas {
    /// Keep and count them, and warn with the name of their column
    #[default]
    Warn,
    /// Refuse the file
    Refuse,
    /// Write a ' in front of them, with which a spreadsheet takes them for text
    Escape,
    /// Keep them without looking
    Keep,
}

impl Formulas {
    /// The name on the command line and in a rule table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Warn => "warn",
            Self::Refuse => "refuse",
            Self::Escape => "escape",
            Self::Keep => "keep",
        }
    }
}

/// What is written in front of a formula, so that it is none.
pub(crate) const ESCAPE: u8 = b'\'';

/// Why a cell stops a run that refuses formulas.
pub(crate) static FORMULA: Reason = Reason {
    code: "formula",
    what: fixed!("a text that a spreadsheet would run as a formula"),
    advice: fixed!(
        "--formulas escape writes a ' in front of such cells, --formulas warn lets them leave as \
             they are; the rule table may say so too: formulas = \"escape\""
    ),
    mend: None,
};

/// Whether a cell may be a formula, by its first byte in UTF-8 or Windows-1252. Pre-filter: false
/// positives are fine, false negatives are not.
#[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
pub(crate) static MAY_BEGIN: [bool; 256] = {
    let mut table = [false; 256];
    // Control characters and blanks may stand in front of a sign.
    let mut at = 0;
    while at <= b' ' {
        table[at as usize] = true;
        at += 1;
    }
    // Signs; then the first bytes of full-width signs, of blanks and of characters that cannot be seen.
    let bytes = b"=@+-\x7f\xa0\xad\xc2\xcd\xd8\xdb\xdc\xe0\xe1\xe2\xe3\xef\xf0\xf3";
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
};

/// Whether a spreadsheet runs a cell. `cell` is its content in UTF-8.
pub(crate) fn is_formula(cell: &[u8]) -> bool {
    let begins = cell
        .first()
        .is_some_and(|first| MAY_BEGIN.get(usize::from(*first)).copied().unwrap_or(true));
    begins && str::from_utf8(cell).is_ok_and(is_formula_text)
}

fn is_formula_text(text: &str) -> bool {
    let unseen = |c: char| c == ' ' || is_unseen(c);
    let seen = text.trim_start_matches(unseen);
    let Some(first) = seen.chars().next() else {
        return false;
    };
    // Such a cell is cut or trimmed on import, and what is behind runs.
    let skipped = text.get(..text.len() - seen.len()).unwrap_or_default();
    if skipped.trim_start_matches(' ').starts_with(['\t', '\r']) {
        return true;
    }
    let behind = || seen.chars().skip(1).any(char::is_alphanumeric);
    match first {
        '=' | '@' | '＝' | '＠' => behind(),
        '+' | '-' | '＋' | '－' => behind() && !is_number(seen),
        _ => false,
    }
}

/// Whether a text that begins with a sign is a number, for somebody or for a spreadsheet: signs, then
/// digits with what may stand between them, a currency or a per cent sign. `+33 6 12` is one, too: it
/// gives nothing but itself.
fn is_number(text: &str) -> bool {
    let rest = text
        .trim_start_matches(|c: char| matches!(c, '+' | '-' | '＋' | '－') || c.is_whitespace());
    let rest = rest.trim_start_matches(|c: char| matches!(c, '€' | '$' | '£') || c.is_whitespace());
    let rest = rest.trim_end();
    let lower = rest.to_lowercase();
    let units = ["euros", "euro", "eur", "k€", "€", "$", "£", "%"];
    let number = units
        .iter()
        .find_map(|unit| lower.strip_suffix(unit))
        .unwrap_or(&lower)
        .trim_end();
    let (mantissa, exponent) = number.split_once('e').unwrap_or((number, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let digits = |c: char| c.is_ascii_digit();
    let between = |c: char| digits(c) || matches!(c, '.' | ',' | '\'' | '’') || c.is_whitespace();
    mantissa.chars().all(between)
        && mantissa.contains(digits)
        && !exponent.is_empty()
        && exponent.chars().all(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_told_from_numbers_and_texts() {
        for (cell, expected) in [
            ("=1+1", true),
            ("=HYPERLINK(\"http://x\")", true),
            ("=cmd|' /C calc'!A0", true),
            ("==A1", true),
            ("=\"F\"", true),
            ("@SUM(A1)", true),
            ("@marie", true),
            ("+A1", true),
            ("-A1", true),
            ("-2+3", true),
            ("-2-3", true),
            ("+1+cmd|' /C calc'!A0", true),
            ("- rappeler", true),
            ("-(1)", true),
            ("+33 (0)6", true),
            ("  =1+1", true),
            ("\u{a0}=1", true),
            ("\u{200b}=1", true),
            ("\u{feff}=1", true),
            ("\n=1", true),
            ("\t=1", true),
            ("\ttexte", true),
            ("\rtexte", true),
            (" \ttexte", true),
            ("＝1+1", true),
            ("＠SUM(A1)", true),
            ("＋A1", true),
            ("－A1", true),
            ("-e5", true),
            ("", false),
            (" ", false),
            ("\t", false),
            ("-", false),
            ("--", false),
            ("=", false),
            ("@", false),
            ("+", false),
            ("-2,99", false),
            ("-2.99", false),
            ("- 2,99 €", false),
            ("-1 234,50 EUR", false),
            ("-1\u{202f}234,50\u{a0}€", false),
            ("-€1,234.00", false),
            ("-5 %", false),
            ("+5", false),
            ("-1e5", false),
            ("-1E+05", false),
            ("+33612345678", false),
            ("+33 6 12 34 56 78", false),
            ("－5", false),
            ("texte = autre", false),
            ("a@b", false),
            ("5-3", false),
            ("'=1", false),
            ("Élodie", false),
            ("«=1»", false),
        ] {
            assert_eq!(is_formula(cell.as_bytes()), expected, "{cell:?}");
            if expected {
                let escaped = format!("'{cell}");
                assert!(!is_formula(escaped.as_bytes()), "{cell:?}");
            }
        }
        assert!(!is_formula(b"=\xff"), "not UTF-8: it never comes so far");
    }

    #[test]
    fn the_first_byte_never_hides_a_formula() {
        for c in (char::MIN..=char::MAX)
            .filter(|c| *c == ' ' || is_unseen(*c) || "=@+-＝＠＋－".contains(*c))
        {
            let first = c.to_string().into_bytes()[0];
            assert!(MAY_BEGIN[usize::from(first)], "{c:?}");
        }
    }
}
