//! MariaDB, 10.10 or later.

use std::collections::BTreeMap;

use super::dialect::{Dialect, of_ascii};
use super::pattern::exactly;
use super::target::{CsvFile, Made, Target};
use crate::base::escape::is_unseen;
use crate::base::lang::Fixed;

/// MariaDB.
#[derive(Debug)]
pub struct MariaDb;

/// The longest name, in characters.
const LONGEST_NAME: usize = 64;

/// What stands for a backslash in a literal that has none of it. One of them is left unless a text
/// has all of them.
const STAND_INS: &str = "~!@#%&;<>=`";

/// Case, line breaks and white space count in patterns whatever `default_regex_flags` says.
const PLAIN_FLAGS: &str = "(?-imsxU)";

/// The same, with a `.` for any character.
const WHOLE_FLAGS: &str = "(?s-imxU)";

impl Dialect for MariaDb {
    fn name(&self) -> &'static str {
        "mariadb"
    }

    fn title(&self) -> &'static str {
        "MariaDB"
    }

    fn text_type(&self) -> &'static str {
        "CHAR"
    }

    fn whole_type(&self) -> &'static str {
        "DECIMAL(65, 0)"
    }

    fn integer_type(&self) -> &'static str {
        "SIGNED"
    }

    fn long_type(&self) -> &'static str {
        "SIGNED"
    }

    // Most collations take `É` for `e`, and a text with a blank behind it for one without.
    fn as_text(&self, value: &str) -> String {
        format!("convert({value} USING utf8mb4) COLLATE utf8mb4_nopad_bin")
    }

    // Unless PIPES_AS_CONCAT is set, || is OR.
    fn concat(&self, parts: &[&str]) -> String {
        format!("concat({})", parts.join(", "))
    }

    fn concat_lines(&self, lines: &[String]) -> String {
        format!("concat(\n  {}\n)", lines.join(",\n  "))
    }

    fn name_quote(&self) -> char {
        '`'
    }

    fn refuses_name(&self, name: &str) -> Option<Fixed> {
        let beyond = |c: char| u32::from(c) > 0xFFFF;
        if name.chars().count() > LONGEST_NAME {
            Some(fixed!("a name has 64 characters at most"))
        } else if name.ends_with(' ') {
            Some(fixed!("a name must not end with a blank"))
        } else {
            name.chars()
                .any(beyond)
                .then_some(fixed!("a name must not have a character beyond U+FFFF"))
        }
    }

    // What is not ASCII says that it is UTF-8, for the connection may have another character set.
    fn text(&self, text: &str) -> String {
        quoted(text, in_bytes)
    }

    // A pattern that may be followed by a line break ends with `$`; one that may not looks ahead.
    fn is_whole(&self, value: &str, pattern: &str) -> String {
        format!("{value} REGEXP {}", self.whole(pattern))
    }

    fn holds(&self, value: &str, pattern: &str) -> String {
        format!("{value} REGEXP {}", self.part_of(pattern))
    }

    // No function gives what a group catches.
    fn group(&self, value: &str, pattern: &str) -> String {
        let (whole, caught) = (self.whole(pattern), self.text("\\1"));
        format!(
            "CASE WHEN {value} REGEXP {whole} THEN nullif(regexp_replace({value}, {whole}, {caught}), '') END"
        )
    }

    fn first(&self, value: &str, pattern: &str) -> String {
        let pattern = self.part_of(pattern);
        format!("nullif(regexp_substr({value}, {pattern}), '')")
    }

    fn element(&self, list: &str, at: &str) -> String {
        format!("elt(\n    {at},\n    {list}\n  )")
    }

    fn replace(&self, value: &str, pattern: &str, by: &str) -> String {
        let (pattern, by) = (self.part_of(pattern), self.text(by));
        format!("regexp_replace({value}, {pattern}, {by})")
    }

    fn trim(&self, value: &str, characters: &str) -> String {
        trimmed(self, value, characters)
    }

    fn length(&self, value: &str) -> String {
        format!("char_length({value})")
    }

    fn part(&self, value: &str, mark: &str, at: u8) -> String {
        let mark = self.text(mark);
        match at {
            1 => format!("substring_index({value}, {mark}, 1)"),
            _ => format!("substr({value}, char_length(substring_index({value}, {mark}, 1)) + 2)"),
        }
    }

    // There is no such function before 11.7.
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
        "CAST(date_format(current_date, '%Y%m%d') AS SIGNED)".to_owned()
    }

    fn random(&self) -> Vec<(&'static str, &'static str)> {
        vec![("random_order", "random_bytes(16)")]
    }

    // A step with a limit is not merged into the next one.
    fn fence(&self) -> &'static str {
        "LIMIT 18446744073709551615"
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

    fn target(&self, target: &Target, _: bool) -> (String, String) {
        match target {
            Target::Rows | Target::Copy(..) => (String::new(), String::new()),
            Target::Create(made, name) => {
                let what = match made {
                    Made::View => "VIEW",
                    Made::Table => "TABLE",
                };
                let name = self.path_of(name);
                (format!("CREATE {what} {name} AS\n"), String::new())
            }
        }
    }
}

impl MariaDb {
    /// A pattern of all of a text. A `$` may stand before a last line break.
    fn whole(&self, pattern: &str) -> String {
        self.pattern(&format!("{WHOLE_FLAGS}^(?:{pattern})(?!.)"))
    }

    /// A pattern of a part of a text.
    fn part_of(&self, pattern: &str) -> String {
        self.pattern(&format!("{PLAIN_FLAGS}{pattern}"))
    }
}

/// A text as a literal, or as its bytes if some of it cannot be seen. Whether a backslash escapes depends on
/// NO_BACKSLASH_ESCAPES, so no literal has one.
pub(super) fn quoted(text: &str, in_bytes: fn(&str) -> String) -> String {
    if text.is_empty() {
        return "''".to_owned();
    }
    if text.chars().any(is_unseen) {
        return in_bytes(text);
    }
    let introducer = if text.is_ascii() { "" } else { "_utf8mb4 " };
    let literal = |text: &str| format!("{introducer}'{}'", text.replace('\'', "''"));
    if !text.contains('\\') {
        return literal(text);
    }
    match STAND_INS.chars().find(|&c| !text.contains(c)) {
        Some(c) => {
            let stand_in = c.to_string();
            let literal = literal(&text.replace('\\', &stand_in));
            format!("replace({literal}, '{stand_in}', {})", in_bytes("\\"))
        }
        None => {
            let parts: Vec<String> = text.split('\\').map(literal).collect();
            let between = format!(", {}, ", in_bytes("\\"));
            format!("concat({})", parts.join(&between))
        }
    }
}

/// What [`Dialect::trim`] asks for.
pub(super) fn trimmed(dialect: &dyn Dialect, value: &str, characters: &str) -> String {
    let class = format!("[{}]", exactly(characters));
    dialect.replace(value, &format!("^{class}+|{class}+(?![^\\x00])"), "")
}

/// What [`Dialect::raise`] asks for. Nothing raises in an expression but a number that is out of range, and its message shows
/// the expression: of the row it has the names of columns alone.
pub(super) fn raised(dialect: &dyn Dialect, message: &str, value: &str) -> String {
    let message = dialect.text(message);
    format!("CAST(9223372036854775807 + length(concat({message}, left({value}, 0))) AS CHAR)")
}

/// What [`Dialect::translate`] asks for, where there is no such function. Characters that become the
/// same one are one class, and most texts are ASCII, of which `from` has capitals and little more.
pub(super) fn translated(dialect: &dyn Dialect, value: &str, from: &str, to: &str) -> String {
    let of_ascii = of_ascii(dialect, value, from, to);
    if from.is_ascii() {
        return of_ascii;
    }
    let mut classes: BTreeMap<char, String> = BTreeMap::new();
    for (from, to) in from.chars().zip(to.chars()) {
        classes.entry(to).or_default().push(from);
    }
    let of_any = classes.iter().fold(value.to_owned(), |text, (to, class)| {
        dialect.replace(&text, &format!("[{}]", exactly(class)), &to.to_string())
    });
    let is_ascii = dialect.is_ascii(value);
    format!("CASE WHEN {is_ascii} THEN {of_ascii}\n  ELSE {of_any}\nEND")
}

/// A text as its bytes.
fn in_bytes(text: &str) -> String {
    let bytes: Vec<String> = text.bytes().map(|byte| format!("{byte:02X}")).collect();
    format!("convert(X'{}' USING utf8mb4)", bytes.concat())
}
