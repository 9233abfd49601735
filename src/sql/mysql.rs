//! MySQL, 8.0.17 or later: MariaDB's SQL, but for regular expressions, which are ICU's, and
//! collations.

use super::dialect::Dialect;
use super::mariadb::{MariaDb, quoted, raised, translated, trimmed};
use super::target::{CsvFile, Target};
use crate::base::lang::Fixed;

/// MySQL.
#[derive(Debug)]
pub struct MySql;

/// Case, line breaks and white space count in patterns.
const PLAIN_FLAGS: &str = "(?-imsx)";

/// The same, with a `.` for any character.
const WHOLE_FLAGS: &str = "(?s-imx)";

impl Dialect for MySql {
    fn name(&self) -> &'static str {
        "mysql"
    }

    fn title(&self) -> &'static str {
        "MySQL"
    }

    fn text_type(&self) -> &'static str {
        MariaDb.text_type()
    }

    fn whole_type(&self) -> &'static str {
        MariaDb.whole_type()
    }

    fn integer_type(&self) -> &'static str {
        MariaDb.integer_type()
    }

    fn long_type(&self) -> &'static str {
        MariaDb.long_type()
    }

    // Of the binary collations this one alone tells a text from one with a blank behind it.
    fn as_text(&self, value: &str) -> String {
        format!("convert({value} USING utf8mb4) COLLATE utf8mb4_0900_bin")
    }

    fn concat(&self, parts: &[&str]) -> String {
        MariaDb.concat(parts)
    }

    fn concat_lines(&self, lines: &[String]) -> String {
        MariaDb.concat_lines(lines)
    }

    fn name_quote(&self) -> char {
        MariaDb.name_quote()
    }

    fn refuses_name(&self, name: &str) -> Option<Fixed> {
        MariaDb.refuses_name(name)
    }

    fn text(&self, text: &str) -> String {
        quoted(text, in_bytes)
    }

    // To ICU, too, a `$` may stand before a last line break.
    fn is_whole(&self, value: &str, pattern: &str) -> String {
        format!("{value} REGEXP {}", self.whole(pattern))
    }

    fn holds(&self, value: &str, pattern: &str) -> String {
        format!("{value} REGEXP {}", self.part_of(pattern))
    }

    // No function gives what a group catches.
    fn group(&self, value: &str, pattern: &str) -> String {
        let whole = self.whole(pattern);
        format!(
            "CASE WHEN {value} REGEXP {whole} THEN nullif(regexp_replace({value}, {whole}, '$1'), '') END"
        )
    }

    fn first(&self, value: &str, pattern: &str) -> String {
        let pattern = self.part_of(pattern);
        format!("nullif(regexp_substr({value}, {pattern}), '')")
    }

    fn element(&self, list: &str, at: &str) -> String {
        MariaDb.element(list, at)
    }

    fn replace(&self, value: &str, pattern: &str, by: &str) -> String {
        let (pattern, by) = (self.part_of(pattern), self.text(&by.replace('\\', "$")));
        format!("regexp_replace({value}, {pattern}, {by})")
    }

    fn trim(&self, value: &str, characters: &str) -> String {
        trimmed(self, value, characters)
    }

    fn length(&self, value: &str) -> String {
        MariaDb.length(value)
    }

    fn part(&self, value: &str, mark: &str, at: u8) -> String {
        MariaDb.part(value, mark, at)
    }

    fn translate(&self, value: &str, from: &str, to: &str) -> String {
        translated(self, value, from, to)
    }

    fn has_line_break(&self, value: &str) -> String {
        let at = |text| format!("instr({value}, {}) > 0", in_bytes(text));
        format!("{} OR {}", at("\n"), at("\r"))
    }

    fn raise(&self, message: &str, value: &str) -> String {
        raised(self, message, value)
    }

    fn today(&self) -> String {
        MariaDb.today()
    }

    fn random(&self) -> Vec<(&'static str, &'static str)> {
        MariaDb.random()
    }

    fn fence(&self) -> &'static str {
        MariaDb.fence()
    }

    fn csv(&self, _: &CsvFile) -> Option<(String, String)> {
        None
    }

    fn writes_parquet(&self) -> bool {
        false
    }

    fn writes_csv(&self) -> bool {
        false
    }

    fn target(&self, target: &Target, of_csv: bool) -> (String, String) {
        MariaDb.target(target, of_csv)
    }
}

impl MySql {
    /// A pattern of all of a text.
    fn whole(&self, pattern: &str) -> String {
        self.pattern(&format!("{WHOLE_FLAGS}^(?:{pattern})(?!.)"))
    }

    /// A pattern of a part of a text.
    fn part_of(&self, pattern: &str) -> String {
        self.pattern(&format!("{PLAIN_FLAGS}{pattern}"))
    }
}

/// A text as its bytes. What `convert` gives has a collation of its own, which would be in the way
/// of that of a column.
fn in_bytes(text: &str) -> String {
    let bytes: Vec<String> = text.bytes().map(|byte| format!("{byte:02X}")).collect();
    format!("_utf8mb4 X'{}'", bytes.concat())
}
