//! The French catalogue: pairs of `msgid`, the English text, and `msgstr`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::{self, Write};
use std::sync::LazyLock;

/// The catalogue's files, one for each wing.
pub(super) const FRENCH: &[(&str, &str)] = &[
    ("base", include_str!("fr/base.po")),
    ("cli", include_str!("fr/cli.po")),
    ("crypto", include_str!("fr/crypto.po")),
    ("detect", include_str!("fr/detect.po")),
    ("engine", include_str!("fr/engine.po")),
    ("help", include_str!("fr/help.po")),
    ("io", include_str!("fr/io.po")),
    ("kinds", include_str!("fr/kinds.po")),
    ("privacy", include_str!("fr/privacy.po")),
    ("report", include_str!("fr/report.po")),
    ("rules", include_str!("fr/rules.po")),
    ("sql", include_str!("fr/sql.po")),
];

static BY_ENGLISH: LazyLock<HashMap<String, Entry>> = LazyLock::new(|| {
    let entries = FRENCH.iter().flat_map(|(_, text)| entries(text));
    entries
        .map(|entry| (entry.english.clone(), entry))
        .collect()
});

/// An English text and its translation.
#[derive(Debug, Default, Clone)]
pub(super) struct Entry {
    pub(super) english: String,
    /// The English text for other numbers than 1, if it is for a number.
    pub(super) english_plural: Option<String>,
    /// The translation; for a number that for 0 and 1, and that for more.
    pub(super) forms: Vec<String>,
}

impl Entry {
    /// The translation for so many.
    pub(super) fn form(&self, number: u64) -> &str {
        let position = usize::from(number > 1);
        let form = self.forms.get(position).or_else(|| self.forms.first());
        form.map_or("", String::as_str)
    }
}

/// The entry of an English text.
pub(super) fn find(english: &str) -> Option<&'static Entry> {
    BY_ENGLISH.get(english)
}

/// A translation with its values.
pub(super) fn fill(text: &str, values: &[(&str, &dyn fmt::Display)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(['{', '}']) {
        filled.push_str(before);
        // A doubled bracket stands for itself.
        if let Some(behind) = behind.strip_prefix(['{', '}']) {
            filled.push(match rest.as_bytes().get(before.len()) {
                Some(b'{') => '{',
                _ => '}',
            });
            rest = behind;
            continue;
        }
        let Some((name, behind)) = behind.split_once('}') else {
            break;
        };
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            // Writing to a string does not fail.
            let _ = write!(filled, "{value}");
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

/// The entries of a catalogue: the part of gettext's format that it needs.
pub(super) fn entries(text: &str) -> Vec<Entry> {
    #[derive(Clone, Copy)]
    enum Part {
        English,
        Plural,
        Form,
    }
    let mut entries: Vec<Entry> = Vec::new();
    let mut part = Part::English;
    for line in text.lines() {
        let Some((word, quoted)) = line.split_once('"') else {
            continue;
        };
        if line.starts_with('#') {
            continue;
        }
        let word = word.trim_end();
        if word == "msgid" {
            entries.push(Entry::default());
        }
        let Some(entry) = entries.last_mut() else {
            continue;
        };
        match word {
            "msgid" => part = Part::English,
            "msgid_plural" => {
                part = Part::Plural;
                entry.english_plural = Some(String::new());
            }
            "" => {}
            _ => {
                part = Part::Form;
                entry.forms.push(String::new());
            }
        }
        let said = match part {
            Part::English => Some(&mut entry.english),
            Part::Plural => entry.english_plural.as_mut(),
            Part::Form => entry.forms.last_mut(),
        };
        if let Some(said) = said {
            said.push_str(&unescaped(
                quoted.trim_end().strip_suffix('"').unwrap_or(quoted),
            ));
        }
    }
    // The head of a file has no text.
    entries.retain(|entry| !entry.english.is_empty());
    entries
}

/// A text without the backslashes of its file.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n') => plain.push('\n'),
                Some('t') => plain.push('\t'),
                Some(other) => plain.push(other),
                None => {}
            },
            other => plain.push(other),
        }
    }
    Cow::Owned(plain)
}
