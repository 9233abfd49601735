//! Texts that cells are compared with as people mean them.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Texts that a cell is compared with: without blanks around, case and accents.
#[derive(Debug, Clone)]
pub struct Texts(pub(super) Vec<String>);

impl Texts {
    /// Whether a cell is one of them. `cell` is its content in UTF-8.
    pub fn has(&self, cell: &[u8]) -> bool {
        let Ok(cell) = std::str::from_utf8(cell) else {
            return false;
        };
        let cell = cell.trim();
        // What is ASCII has no accents to be taken off.
        match cell.is_ascii() {
            true => self.0.iter().any(|text| text.eq_ignore_ascii_case(cell)),
            false => self.0.contains(&folded(cell)),
        }
    }
}

fn folded(text: &str) -> String {
    let plain = text.trim().nfkd().filter(|c| !is_combining_mark(*c));
    plain.flat_map(char::to_lowercase).collect()
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMore;

        impl<'de> Visitor<'de> for OneOrMore {
            type Value = Texts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(fixed!("a text or a list of texts, numbers in quotes too").get())
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Texts, E> {
                Ok(Texts(vec![folded(text)]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Texts, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = list.next_element::<String>()? {
                    texts.push(folded(&text));
                }
                if texts.is_empty() {
                    return Err(A::Error::invalid_length(0, &self));
                }
                Ok(Texts(texts))
            }
        }

        deserializer.deserialize_any(OneOrMore)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_compared_without_blanks_case_and_accents() {
        let texts = Texts(vec![folded("Évidemment "), folded("oui")]);
        for (cell, expected) in [
            ("oui", true),
            (" OUI\t", true),
            ("\u{a0}Oui\u{a0}", true),
            ("évidemment", true),
            ("EVIDEMMENT", true),
            ("E\u{301}videmment", true),
            ("ouï", true),
            ("o-ui", false),
            ("oui.", false),
            ("ou", false),
            ("", false),
            ("non", false),
        ] {
            assert_eq!(texts.has(cell.as_bytes()), expected, "{cell:?}");
        }
        assert!(!texts.has(b"ou\xef"), "not UTF-8");
    }
}
