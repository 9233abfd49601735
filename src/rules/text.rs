//! Texts that stand for cells, and cells of which characters leave as they are.

use crate::base::lang::Fixed;
use serde::Deserialize;

use crate::detect::{Detectors, Normaliser, detect_disguised};
use crate::rules::transform::Reason;

static LINE_BREAK: Reason = Reason {
    code: "line_break",
    what: fixed!("a line break in a cell of which characters leave"),
    advice: fixed!("check the row: a stray quote may have merged it with the next ones"),
    mend: None,
};

static IDENTIFIER: Reason = Reason {
    code: "identifier",
    what: fixed!("an identifier among the characters that would leave"),
    advice: fixed!("let less of the cell leave, or drop the column"),
    mend: None,
};

/// A text that is written in the place of cells.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Text(pub(super) String);

impl TryFrom<String> for Text {
    type Error = Fixed;

    fn try_from(label: String) -> Result<Self, Fixed> {
        if label.trim().is_empty() {
            return Err(fixed!(
                "expected a text that is not blank: an empty cell stands for a missing one"
            ));
        }
        if label.chars().any(char::is_control) {
            return Err(fixed!(
                "expected a text without line breaks and control characters"
            ));
        }
        Ok(Self(label))
    }
}

/// Whether texts never need quotes, whatever the delimiter: they are nothing but letters, digits
/// and spaces.
pub(super) fn all_plain<'a>(texts: impl IntoIterator<Item = &'a str>) -> bool {
    let mut texts = texts.into_iter();
    texts.all(|text| text.chars().all(|c| c.is_alphanumeric() || c == ' '))
}

/// Checks characters of a cell that are about to leave.
///
/// # Errors
/// The reason why they must not: a line break, or an identifier that proves itself. (What is kept
/// whole is looked through by column; here a column's share tells nothing.)
pub(super) fn check_kept(text: &[u8]) -> Result<(), &'static Reason> {
    if text.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
        return Err(&LINE_BREAK);
    }
    let mut found = Vec::new();
    detect_disguised(text, Detectors::ALL, &mut Normaliser::default(), &mut found);
    match found.iter().any(|finding| finding.is_certain()) {
        true => Err(&IDENTIFIER),
        false => Ok(()),
    }
}

/// Splits UTF-8 behind its first `count` characters (Unicode scalar values), or at its end if it has
/// fewer.
pub(super) fn split_chars(text: &[u8], count: usize) -> (&[u8], &[u8]) {
    let starts = text.iter().enumerate().filter(|(_, byte)| is_start(**byte));
    let at = starts.map(|(at, _)| at).nth(count).unwrap_or(text.len());
    text.split_at_checked(at).unwrap_or((text, &[]))
}

/// How many characters (Unicode scalar values) UTF-8 has.
pub(super) fn count_chars(text: &[u8]) -> usize {
    text.iter().filter(|byte| is_start(**byte)).count()
}

/// Whether a byte of UTF-8 is the first of a character.
const fn is_start(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_would_leave_is_checked() {
        for (text, expected) in [
            ("Lyon", None),
            ("", None),
            ("Lyon\n75002 Paris", Some("line_break")),
            ("a\rb", Some("line_break")),
            ("écrire à zoe.lamy@example.fr", Some("identifier")),
            ("+33 6 12 34 56 78", Some("identifier")),
        ] {
            let found = check_kept(text.as_bytes()).err().map(|reason| reason.code);
            assert_eq!(found, expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn texts_are_split_between_characters(text in any::<String>(), count in 0_usize..20) {
            let (before, behind) = split_chars(text.as_bytes(), count);
            let first: String = text.chars().take(count).collect();
            prop_assert_eq!(before, first.as_bytes());
            prop_assert_eq!([before, behind].concat(), text.as_bytes());
            prop_assert_eq!(count_chars(text.as_bytes()), text.chars().count());
        }
    }
}
