//! Text from outside made safe for a terminal: what nobody sees, or what moves what others see, is
//! written as its code.
//!
//! Everything else prints as it is: `N°`, `métier` and `日本` are no danger to anybody.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// Whether a terminal shows nothing for a character, or lets it change how others are shown: control
/// characters, marks of direction, format characters and others that Unicode calls ignorable.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
            | '\u{890}' | '\u{891}' | '\u{8e2}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character cannot be told from nothing, or from a space: [`is_hidden`], and blanks other
/// than the space.
pub(crate) fn is_unseen(c: char) -> bool {
    is_hidden(c) || c != ' ' && c.is_whitespace()
}

/// A message with every [hidden](is_hidden) character as its code; only line breaks stay, for messages
/// have lines.
pub(crate) fn message(text: &str) -> Cow<'_, str> {
    let stays = |c: char| c == '\n' || !is_hidden(c);
    match text.chars().all(stays) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(escape(text, stays)),
    }
}

/// One line of a message, such as a name in it or the line of a file that is wrong: line breaks are
/// written as their codes too.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    match text.chars().any(is_hidden) {
        true => Cow::Owned(escape(text, |c| !is_hidden(c))),
        false => Cow::Borrowed(text),
    }
}

/// A text in JSON in which a terminal shows all: what is hidden can only stand in a string, where its code is read
/// as the character.
pub(crate) fn json(text: String) -> String {
    let stays = |c: char| c == '\n' || !is_hidden(c);
    if text.chars().all(stays) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if stays(c) {
            escaped.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing into a string cannot fail.
            let _ = write!(escaped, "\\u{unit:04x}");
        }
    }
    escaped
}

/// A path on one line.
pub(crate) struct ShownPath<'a>(pub(crate) &'a std::path::Path);

impl fmt::Display for ShownPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&line(&self.0.to_string_lossy()))
    }
}

fn escape(text: &str, stays: impl Fn(char) -> bool) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match stays(c) {
            true => escaped.push(c),
            false => escaped.extend(c.escape_unicode()),
        }
    }
    escaped
}

/// A TOML basic string: every character that cannot be seen is escaped.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            _ if !is_unseen(c) => quoted.push(c),
            _ => {
                let code = u32::from(c);
                // Writing to a string does not fail.
                let _ = match code {
                    ..=0xFFFF => write!(quoted, "\\u{code:04X}"),
                    _ => write!(quoted, "\\U{code:08X}"),
                };
            }
        }
    }
    quoted.push('"');
    quoted
}

/// A key of TOML: bare where it may be, else a basic string.
pub(crate) fn toml_key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    match !name.is_empty() && name.chars().all(is_bare) {
        true => name.to_owned(),
        false => quoted(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_hidden_is_escaped() {
        for (case, text, expected) in [
            ("plain", "nom; 5 %", "nom; 5 %"),
            ("degree sign", "N° é œ 日本 👍", "N° é œ 日本 👍"),
            ("combining accent", "e\u{301}", "e\u{301}"),
            ("escape sequence", "a\u{1b}[2Jb", "a\\u{1b}[2Jb"),
            ("carriage return", "a\rb", "a\\u{d}b"),
            ("control of eight bits", "a\u{9b}b", "a\\u{9b}b"),
            ("right-to-left override", "a\u{202e}b", "a\\u{202e}b"),
            ("isolate", "\u{2066}a\u{2069}", "\\u{2066}a\\u{2069}"),
            (
                "zero width",
                "a\u{200b}\u{feff}\u{ad}",
                "a\\u{200b}\\u{feff}\\u{ad}",
            ),
            ("line separator", "a\u{2028}b", "a\\u{2028}b"),
            ("tag", "a\u{e0041}", "a\\u{e0041}"),
        ] {
            assert_eq!(line(text), expected, "{case}");
            assert_eq!(message(text), expected, "{case}");
        }
        assert_eq!(message("a\nb"), "a\nb");
        assert_eq!(line("a\nb"), "a\\u{a}b");
        // A message in French has them before its colons.
        assert_eq!(
            message("refusé\u{a0}: 1\u{202f}000"),
            "refusé\u{a0}: 1\u{202f}000"
        );
        assert!(is_unseen('\u{a0}') && is_unseen('\u{3000}') && !is_unseen(' '));
    }
}
