//! Regular expressions that mean the same in every engine.
//!
//! They are written in what RE2 (DuckDB), Java (Spark) and PostgreSQL have in common: classes of
//! ranges, groups that capture or not, alternation, counted repetition. Nothing like `\w` or `\p`
//! is among it, for every engine has another Unicode; so classes of characters are counted out here,
//! from the tables that the rules themselves go by. A pattern holds the characters themselves; the
//! dialect writes those that are not ASCII as its own escapes.

use std::sync::LazyLock;

/// The inside of a bracket expression: these characters, in order, as ranges.
pub(crate) fn class_of(characters: impl IntoIterator<Item = char>) -> String {
    let mut ranges: Vec<(char, char)> = Vec::new();
    for c in characters {
        match ranges.last_mut() {
            Some((_, last)) if u32::from(*last) + 1 == u32::from(c) => *last = c,
            _ => ranges.push((c, c)),
        }
    }
    let mut class = String::new();
    for (first, last) in ranges {
        class.push(first);
        if last > first {
            if u32::from(last) > u32::from(first) + 1 {
                class.push('-');
            }
            class.push(last);
        }
    }
    class
}

/// No character behind it is white space.
const LAST_BLANK: char = '\u{ffff}';

/// The inside of a bracket expression: white space of all scripts.
pub(crate) fn white_space() -> &'static str {
    static CLASS: LazyLock<String> =
        LazyLock::new(|| class_of((char::MIN..=LAST_BLANK).filter(|c| c.is_whitespace())));
    &CLASS
}

/// A pattern of this text and no other.
pub(crate) fn exactly(text: &str) -> String {
    let mut pattern = String::new();
    for c in text.chars() {
        if c.is_ascii_punctuation() && !matches!(c, ' ' | '/' | ',' | ':' | '-' | '_') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

/// No character behind it has a lower case other than itself.
const LAST_WITH_CASE: char = '\u{1ffff}';

/// A pattern of a word in any case: of every text that is this one in lower case.
///
/// Nothing if the case of its letters depends on where they stand, as that of a Greek sigma does.
pub(crate) fn any_case(word: &str) -> Option<String> {
    let mut pattern = String::new();
    for c in word.chars() {
        let alike: Vec<char> = match c {
            // Beside the capital there is but the sign for kelvin.
            'k' => vec!['K', 'k', '\u{212a}'],
            'a'..='z' => vec![c.to_ascii_uppercase(), c],
            c if c.is_ascii() => vec![c],
            c if c > LAST_WITH_CASE => vec![c],
            c => (char::MIN..=LAST_WITH_CASE)
                .filter(|other| other.to_lowercase().eq([c]))
                .collect(),
        };
        match alike.as_slice() {
            // A part of the lower case of another letter, or of none alone.
            [] => return None,
            _ if matches!(c, 'σ' | 'ς' | '\u{307}') => return None,
            [only] => pattern.push_str(&exactly(only.encode_utf8(&mut [0; 4]))),
            _ => {
                pattern.push('[');
                pattern.extend(alike);
                pattern.push(']');
            }
        }
    }
    Some(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_ranges() {
        assert_eq!(class_of('0'..='9'), "0-9");
        assert_eq!(class_of("acdxyz".chars()), "acdx-z");
        assert_eq!(class_of(['\u{d7ff}', '\u{e000}']), "\u{d7ff}\u{e000}");
        assert!(white_space().starts_with("\t-\r \u{85}\u{a0}"));
    }

    #[test]
    fn words_are_matched_in_any_case() {
        for (word, expected) in [
            ("", Some("")),
            ("n/a", Some("[Nn]/[Aa]")),
            ("#n/a", Some("\\#[Nn]/[Aa]")),
            ("ok", Some("[Oo][Kk\u{212a}]")),
            ("été", Some("[Éé][Tt][Éé]")),
            ("-?.", Some("-\\?\\.")),
            ("σ", None),
            ("i\u{307}", None),
        ] {
            assert_eq!(any_case(word).as_deref(), expected, "{word}");
        }
    }

    #[test]
    fn capitals_stand_before_the_last_with_case() {
        let behind = (LAST_WITH_CASE..=char::MAX).find(|c| !c.to_lowercase().eq([*c]));
        assert_eq!(behind, None);
        assert_eq!((LAST_BLANK..=char::MAX).find(|c| c.is_whitespace()), None);
    }

    #[test]
    fn letters_have_no_other_capitals() {
        for c in char::MIN..=char::MAX {
            if let [lower @ 'a'..='z'] = c.to_lowercase().collect::<Vec<_>>()[..] {
                let pattern = any_case(&lower.to_string()).unwrap();
                assert!(pattern.contains(c), "{c:?}");
            }
        }
    }

    #[test]
    fn a_text_is_matched_as_it_is() {
        assert_eq!(exactly("a.b(c)|d-e/f é"), "a\\.b\\(c\\)\\|d-e/f é");
    }
}
