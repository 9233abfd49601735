//! PostgreSQL, 13 or later, in a database whose encoding is UTF-8.

use super::dialect::Dialect;
use super::target::Format;
use crate::base::escape::is_unseen;
use crate::base::lang::Fixed;

#[derive(Debug)]
pub struct PostgreSql;

/// The longest name, in bytes. What is longer is cut without a word.
const LONGEST_NAME: usize = 63;

impl Dialect for PostgreSql {
    fn name(&self) -> &'static str {
        "postgresql"
    }

    fn title(&self) -> &'static str {
        "PostgreSQL"
    }

    fn text_type(&self) -> &'static str {
        "text"
    }

    fn whole_type(&self) -> &'static str {
        "numeric"
    }

    fn refuses_name(&self, name: &str) -> Option<Fixed> {
        (name.len() > LONGEST_NAME).then_some(fixed!("it cuts names to 63 bytes without a word"))
    }

    // A plain literal with a backslash means one thing under standard_conforming_strings and another
    // without; E'' means one thing. A quote is doubled in both: \' is subject to backslash_quote.
    fn text(&self, text: &str) -> String {
        let mut escaped = String::new();
        for c in text.chars() {
            match (c, u32::from(c)) {
                ('\'', _) => escaped.push_str("''"),
                ('\\', _) => escaped.push_str("\\\\"),
                (_, short @ 0..=0xFFFF) if is_unseen(c) => {
                    escaped.push_str(&format!("\\u{short:04X}"));
                }
                (_, long) if is_unseen(c) => escaped.push_str(&format!("\\U{long:08X}")),
                _ => escaped.push(c),
            }
        }
        let prefix = if escaped.contains('\\') { "E" } else { "" };
        format!("{prefix}'{escaped}'")
    }

    fn pattern_character(&self, character: char) -> String {
        match u32::from(character) {
            short @ 0..=0xFFFF => format!("\\u{short:04X}"),
            long => format!("\\U{long:08X}"),
        }
    }

    fn is_whole(&self, value: &str, pattern: &str) -> String {
        format!("{value} ~ {}", self.pattern(&format!("^(?:{pattern})$")))
    }

    fn holds(&self, value: &str, pattern: &str) -> String {
        format!("{value} ~ {}", self.pattern(pattern))
    }

    fn group(&self, value: &str, pattern: &str) -> String {
        let pattern = self.pattern(&format!("^(?:{pattern})$"));
        format!("substring({value} FROM {pattern})")
    }

    fn first(&self, value: &str, pattern: &str) -> String {
        format!("substring({value} FROM {})", self.pattern(pattern))
    }

    fn element(&self, list: &str, at: &str) -> String {
        format!("(ARRAY[\n    {list}\n  ])[{at}]")
    }

    // There is no function that raises; a cast that fails shows the text, which is this one alone.
    fn raise(&self, message: &str, value: &str) -> String {
        let message = self.text(message);
        format!("CAST(CAST({message} || left({value}, 0) AS integer) AS text)")
    }

    fn today(&self) -> String {
        "CAST(to_char(current_date, 'YYYYMMDD') AS integer)".to_owned()
    }

    fn fence(&self) -> &'static str {
        "OFFSET 0"
    }

    fn writes_parquet(&self) -> bool {
        false
    }

    fn copy(&self, path: &str, _: Format) -> (String, String) {
        let place = match path {
            "-" => "STDOUT".to_owned(),
            path => self.text(path),
        };
        let behind = format!(
            "
) TO {place} WITH (FORMAT csv, HEADER)"
        );
        (
            "COPY (
"
            .to_owned(),
            behind,
        )
    }
}
