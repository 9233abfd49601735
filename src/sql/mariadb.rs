//! MariaDB, 10.10 or later, and MySQL, 8.0.17 or later: the same SQL but for regular expressions, which are PCRE's
//! in the one and ICU's in the other, and collations.

use std::collections::BTreeMap;

use super::dialect::{Dialect, of_ascii};
use super::pattern::exactly;
use crate::base::escape::is_unseen;
use crate::base::lang::Fixed;

/// MariaDB, or MySQL.
#[derive(Debug)]
pub(crate) struct MariaDb {
    name: &'static str,
    title: &'static str,
    /// Of the binary collations the one that tells a text from one with a blank behind it. Most others take
    /// `É` for `e`, too.
    collation: &'static str,
    /// Before a pattern: case, line breaks and white space count in it, whatever a setting says.
    flags: &'static str,
    /// The same, with a `.` for any character.
    whole_flags: &'static str,
    /// What stands before the number of a group in a replacement.
    group: char,
    /// What stands around the hexadecimal bytes of a text.
    bytes: [&'static str; 2],
}

pub(crate) static MARIADB: MariaDb = MariaDb {
    name: "mariadb",
    title: "MariaDB",
    collation: "utf8mb4_nopad_bin",
    flags: "(?-imsxU)",
    whole_flags: "(?s-imxU)",
    group: '\\',
    bytes: ["convert(X'", "' USING utf8mb4)"],
};

// What its `convert` gives has a collation of its own, which would be in the way of that of a column.
pub(crate) static MYSQL: MariaDb = MariaDb {
    name: "mysql",
    title: "MySQL",
    collation: "utf8mb4_0900_bin",
    flags: "(?-imsx)",
    whole_flags: "(?s-imx)",
    group: '$',
    bytes: ["_utf8mb4 X'", "'"],
};

/// The longest name, in characters.
const LONGEST_NAME: usize = 64;

/// What stands for a backslash in a literal that has none of it. One of them is left unless a text
/// has all of them.
const STAND_INS: &str = "~!@#%&;<>=`";

impl Dialect for MariaDb {
    fn name(&self) -> &'static str {
        self.name
    }

    fn title(&self) -> &'static str {
        self.title
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

    fn as_text(&self, value: &str) -> String {
        format!("convert({value} USING utf8mb4) COLLATE {}", self.collation)
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

    // What is not ASCII says that it is UTF-8, for the connection may have another character set. Whether a backslash
    // escapes depends on NO_BACKSLASH_ESCAPES, so no literal has one. What cannot be seen is bytes.
    fn text(&self, text: &str) -> String {
        if text.is_empty() {
            return "''".to_owned();
        }
        if text.chars().any(is_unseen) {
            return self.in_bytes(text);
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
                format!("replace({literal}, '{stand_in}', {})", self.in_bytes("\\"))
            }
            None => {
                let parts: Vec<String> = text.split('\\').map(literal).collect();
                let between = format!(", {}, ", self.in_bytes("\\"));
                format!("concat({})", parts.join(&between))
            }
        }
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
        let (whole, caught) = (self.whole(pattern), self.text(&format!("{}1", self.group)));
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
        let (pattern, by) = (
            self.part_of(pattern),
            self.text(&by.replace('\\', &self.group.to_string())),
        );
        format!("regexp_replace({value}, {pattern}, {by})")
    }

    fn trim(&self, value: &str, characters: &str) -> String {
        let class = format!("[{}]", exactly(characters));
        self.replace(value, &format!("^{class}+|{class}+(?![^\\x00])"), "")
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

    // MariaDB has no such function before 11.7, MySQL none. Characters that become the same one are one class, and most
    // texts are ASCII, of which `from` has capitals and little more.
    fn translate(&self, value: &str, from: &str, to: &str) -> String {
        let of_ascii = of_ascii(self, value, from, to);
        if from.is_ascii() {
            return of_ascii;
        }
        let mut classes: BTreeMap<char, String> = BTreeMap::new();
        for (from, to) in from.chars().zip(to.chars()) {
            classes.entry(to).or_default().push(from);
        }
        let of_any = classes.iter().fold(value.to_owned(), |text, (to, class)| {
            self.replace(&text, &format!("[{}]", exactly(class)), &to.to_string())
        });
        let is_ascii = self.is_ascii(value);
        format!("CASE WHEN {is_ascii} THEN {of_ascii}\n  ELSE {of_any}\nEND")
    }

    fn has_line_break(&self, value: &str) -> String {
        let at = |text| format!("instr({value}, {}) > 0", self.in_bytes(text));
        format!("{} OR {}", at("\n"), at("\r"))
    }

    // Nothing raises in an expression but a number that is out of range, and its message shows the expression: of the row
    // it has the names of columns alone.
    fn raise(&self, message: &str, value: &str) -> String {
        let message = self.text(message);
        format!("CAST(9223372036854775807 + length(concat({message}, left({value}, 0))) AS CHAR)")
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

    fn writes_parquet(&self) -> bool {
        false
    }

    fn writes_csv(&self) -> bool {
        false
    }
}

impl MariaDb {
    /// A pattern of all of a text. A `$` may stand before a last line break.
    fn whole(&self, pattern: &str) -> String {
        self.pattern(&format!("{}^(?:{pattern})(?!.)", self.whole_flags))
    }

    /// A pattern of a part of a text.
    fn part_of(&self, pattern: &str) -> String {
        self.pattern(&format!("{}{pattern}", self.flags))
    }

    fn in_bytes(&self, text: &str) -> String {
        let bytes: Vec<String> = text.bytes().map(|byte| format!("{byte:02X}")).collect();
        let [before, behind] = self.bytes;
        format!("{before}{}{behind}", bytes.concat())
    }
}
