//! DuckDB, 1.2 or later.

use super::dialect::{Dialect, of_ascii};
use super::target::{CsvFile, Format};
use crate::base::escape::is_unseen;

#[derive(Debug)]
pub struct DuckDb;

impl Dialect for DuckDb {
    fn name(&self) -> &'static str {
        "duckdb"
    }

    fn title(&self) -> &'static str {
        "DuckDB"
    }

    fn text_type(&self) -> &'static str {
        "VARCHAR"
    }

    fn whole_type(&self) -> &'static str {
        "HUGEINT"
    }

    // A backslash is nothing but itself, and a quote is doubled. What cannot be seen is a function's.
    fn text(&self, text: &str) -> String {
        let (mut parts, mut seen) = (Vec::new(), String::new());
        let quoted = |seen: &str| format!("'{}'", seen.replace('\'', "''"));
        for c in text.chars() {
            if !is_unseen(c) {
                seen.push(c);
                continue;
            }
            if !seen.is_empty() {
                parts.push(quoted(&std::mem::take(&mut seen)));
            }
            parts.push(format!("chr({})", u32::from(c)));
        }
        if !seen.is_empty() || parts.is_empty() {
            parts.push(quoted(&seen));
        }
        match parts.len() {
            1 => parts.concat(),
            _ => format!("({})", parts.join(" || ")),
        }
    }

    fn is_whole(&self, value: &str, pattern: &str) -> String {
        format!("regexp_full_match({value}, {})", self.pattern(pattern))
    }

    fn holds(&self, value: &str, pattern: &str) -> String {
        format!("regexp_matches({value}, {})", self.pattern(pattern))
    }

    fn group(&self, value: &str, pattern: &str) -> String {
        let pattern = self.pattern(&format!("(?s)^(?:{pattern})$"));
        format!("nullif(regexp_extract({value}, {pattern}, 1), '')")
    }

    fn first(&self, value: &str, pattern: &str) -> String {
        format!(
            "nullif(regexp_extract({value}, {}), '')",
            self.pattern(pattern)
        )
    }

    fn trim(&self, value: &str, characters: &str) -> String {
        format!("trim({value}, {})", self.text(characters))
    }

    // Its own function makes a table of the characters for each row.
    fn translate(&self, value: &str, from: &str, to: &str) -> String {
        match from.is_ascii() {
            true => of_ascii(self, value, from, to),
            false => format!("translate({value}, {}, {})", self.text(from), self.text(to)),
        }
    }

    fn is_ascii(&self, value: &str) -> String {
        format!("strlen({value}) = length({value})")
    }

    fn element(&self, list: &str, at: &str) -> String {
        format!("[\n    {list}\n  ][{at}]")
    }

    fn raise(&self, message: &str, _: &str) -> String {
        format!("error({})", self.text(message))
    }

    fn today(&self) -> String {
        "CAST(strftime(current_date, '%Y%m%d') AS INTEGER)".to_owned()
    }

    // All that its sniffer could guess is said, so that no line is taken for a comment or a title.
    fn csv(&self, file: &CsvFile) -> Option<(String, String)> {
        let delimiter = self.text(&char::from(file.delimiter).to_string());
        let from = format!(
            "read_csv({}, header = true, all_varchar = true, delim = {delimiter}, quote = '\"', \
             escape = '\"', comment = '', skip = 0, strict_mode = true)",
            self.text(&file.path)
        );
        Some((String::new(), from))
    }

    fn copy(&self, path: &str, format: Format) -> (String, String) {
        let options = match format {
            Format::Csv => "FORMAT csv, HEADER, DELIMITER ','",
            Format::Parquet => "FORMAT parquet",
        };
        let behind = format!(
            "
) TO {} ({options})",
            self.text(path)
        );
        (
            "COPY (
"
            .to_owned(),
            behind,
        )
    }
}
