//! From a field as it stands in the file to its content: quotes taken off, doubled ones undone.

use memchr::memchr;

use super::scalar::QUOTE;

/// A field without what stands around its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Inner<'a> {
    /// The content, in which quotes may still be repeated.
    pub(super) text: &'a [u8],
    /// How many quotes in a row stand for one; 0 if a quote is a letter like any other.
    pub(super) repeated: usize,
    /// Whether it was written as `="…"`, as spreadsheets keep a text from becoming a number.
    pub(super) is_formula: bool,
}

/// Takes the quotes off a field, and `="` and `"` of a text formula.
pub(super) fn inner(field: &[u8]) -> Inner<'_> {
    let (text, repeated, is_formula) = match field {
        // `"=""00123"""`: a text formula that was quoted as any cell with quotes is.
        [QUOTE, b'=', QUOTE, QUOTE, text @ .., QUOTE, QUOTE, QUOTE] if is_repeated(text, 4) => {
            (text, 4, true)
        }
        [QUOTE, text @ .., QUOTE] => (text, 2, false),
        [b'=', QUOTE, text @ .., QUOTE] if is_repeated(text, 2) => (text, 2, true),
        text => (text, 0, false),
    };
    let has_quotes = repeated > 0 && memchr(QUOTE, text).is_some();
    Inner {
        text,
        repeated: if has_quotes { repeated } else { 0 },
        is_formula,
    }
}

/// Whether a field is a text formula that a delimiter or a line break in its text has cut: the
/// quote behind `=` is not closed.
pub(super) fn is_cut_formula(field: &[u8]) -> bool {
    match field {
        [b'=', QUOTE, text @ ..] => text.iter().filter(|byte| **byte == QUOTE).count() % 2 == 0,
        _ => false,
    }
}

/// Whether quotes in `text` come in groups of `each`.
fn is_repeated(text: &[u8], each: usize) -> bool {
    let Some(first) = memchr(QUOTE, text) else {
        return true;
    };
    let behind = text.get(first..).unwrap_or_default();
    let runs = behind.split(|byte| *byte != QUOTE);
    runs.map(<[u8]>::len).all(|run| run % each == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_taken_off() {
        for (field, text, repeated, is_formula) in [
            ("", "", 0, false),
            ("a", "a", 0, false),
            ("\"a\"", "a", 0, false),
            ("\"\"", "", 0, false),
            ("\"\"\"\"", "\"\"", 2, false),
            ("12\"", "12\"", 0, false),
            ("=\"00123\"", "00123", 0, true),
            ("=\"\"", "", 0, true),
            ("=\"a\"\"b\"", "a\"\"b", 2, true),
            ("\"=\"\"00123\"\"\"", "00123", 0, true),
            ("\"=\"\"\"\"\"", "", 0, true),
            ("\"=\"\"a\"\"\"\"b\"\"\"", "a\"\"\"\"b", 4, true),
            // These are other formulas, or none.
            ("=\"a\"&\"b\"", "=\"a\"&\"b\"", 0, false),
            ("\"=\"\"a\"\"&\"\"b\"\"\"", "=\"\"a\"\"&\"\"b\"\"", 2, false),
            ("\"=\"\"\"", "=\"\"", 2, false),
            ("=\"", "=\"", 0, false),
            ("=12", "=12", 0, false),
            ("x=\"1\"", "x=\"1\"", 0, false),
        ] {
            let expected = Inner {
                text: text.as_bytes(),
                repeated,
                is_formula,
            };
            assert_eq!(inner(field.as_bytes()), expected, "{field}");
        }
    }

    #[test]
    fn a_formula_that_is_cut_is_known() {
        for (field, expected) in [
            ("=\"a", true),
            ("=\"", true),
            ("=\"a\"\"", true),
            ("=\"a\"", false),
            ("=\"a\"b", false),
            ("=a\"", false),
            ("\"=\"\"a\"", false),
            ("b\"", false),
        ] {
            assert_eq!(is_cut_formula(field.as_bytes()), expected, "{field}");
        }
    }
}
