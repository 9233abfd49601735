//! ClickHouse, 26 or later.

use super::dialect::Dialect;
use super::pattern::exactly;
use super::target::{Format, Made};
use crate::base::escape::is_unseen;
use crate::base::lang::Fixed;

#[derive(Debug)]
pub struct ClickHouse;

impl Dialect for ClickHouse {
    fn name(&self) -> &'static str {
        "clickhouse"
    }

    fn title(&self) -> &'static str {
        "ClickHouse"
    }

    fn text_type(&self) -> &'static str {
        "Nullable(String)"
    }

    fn whole_type(&self) -> &'static str {
        "Nullable(Int256)"
    }

    fn long_type(&self) -> &'static str {
        "Nullable(Int64)"
    }

    fn integer_type(&self) -> &'static str {
        "Nullable(Int64)"
    }

    // A backslash escapes in a name as it does in a text.
    fn name_of(&self, name: &str) -> String {
        let escaped = name.replace('\\', "\\\\").replace('"', "\"\"");
        format!("\"{escaped}\"")
    }

    // An alias goes before a column of the same name, so that a column could be read as another one.
    fn refuses_name(&self, name: &str) -> Option<Fixed> {
        let numbered = |prefix| {
            let rest = name.strip_prefix(prefix);
            rest.is_some_and(|rest: &str| rest.starts_with(|c: char| c.is_ascii_digit()))
        };
        let step = numbered("c") && name.contains('_')
            || ["out_", "quasi_", "sensitive_", "person_"]
                .into_iter()
                .any(numbered)
            || ["random_", "class_"]
                .iter()
                .any(|prefix| name.starts_with(prefix));
        step.then_some(fixed!("the query has steps of such names"))
    }

    fn text(&self, text: &str) -> String {
        let mut escaped = String::new();
        for c in text.chars() {
            match c {
                '\'' | '\\' => escaped.extend(['\\', c]),
                _ if is_unseen(c) => {
                    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                        escaped.push_str(&format!("\\x{byte:02X}"));
                    }
                }
                _ => escaped.push(c),
            }
        }
        format!("'{escaped}'")
    }

    fn is_whole(&self, value: &str, pattern: &str) -> String {
        let pattern = self.pattern(&format!("(?s)^(?:{pattern})$"));
        format!("match({value}, {pattern})")
    }

    fn holds(&self, value: &str, pattern: &str) -> String {
        format!("match({value}, {})", self.pattern(pattern))
    }

    fn group(&self, value: &str, pattern: &str) -> String {
        let pattern = self.pattern(&format!("(?s)^(?:{pattern})$"));
        format!("nullIf(extract({value}, {pattern}), '')")
    }

    fn first(&self, value: &str, pattern: &str) -> String {
        format!("nullIf(extract({value}, {}), '')", self.pattern(pattern))
    }

    fn element(&self, list: &str, at: &str) -> String {
        format!("[\n    {list}\n  ][{at}]")
    }

    fn replace(&self, value: &str, pattern: &str, by: &str) -> String {
        let (pattern, by) = (self.pattern(pattern), self.text(by));
        format!("replaceRegexpAll({value}, {pattern}, {by})")
    }

    fn trim(&self, value: &str, characters: &str) -> String {
        let class = format!("[{}]", exactly(characters));
        self.replace(value, &format!("^{class}+|{class}+$"), "")
    }

    fn length(&self, value: &str) -> String {
        format!("lengthUTF8({value})")
    }

    // An array cannot be NULL, so the function that splits takes nothing that could be.
    fn part(&self, value: &str, mark: &str, at: u8) -> String {
        let mark = self.text(mark);
        match at {
            1 => format!("substringIndex({value}, {mark}, 1)"),
            _ => format!("substr({value}, length(substringIndex({value}, {mark}, 1)) + 2)"),
        }
    }

    fn translate(&self, value: &str, from: &str, to: &str) -> String {
        let (from, to) = (self.text(from), self.text(to));
        format!("translateUTF8({value}, {from}, {to})")
    }

    fn is_ascii(&self, value: &str) -> String {
        format!("length({value}) = lengthUTF8({value})")
    }

    fn has_line_break(&self, value: &str) -> String {
        format!("position({value}, char(10)) > 0 OR position({value}, char(13)) > 0")
    }

    // The message must be a constant; what is asked is not, so that it is asked of rows alone.
    fn raise(&self, message: &str, value: &str) -> String {
        let message = self.text(message);
        format!("toString(throwIf(length({value}) >= 0, {message}))")
    }

    fn today(&self) -> String {
        "toYYYYMMDD(today())".to_owned()
    }

    fn random(&self) -> Vec<(&'static str, &'static str)> {
        vec![("random_order", "generateUUIDv4()")]
    }

    fn create(&self, made: Made, name: &[String], _: bool) -> String {
        let name = self.path_of(name);
        match made {
            Made::View => format!(
                "CREATE VIEW {name} AS
"
            ),
            Made::Table => {
                format!(
                    "CREATE TABLE {name} ENGINE = MergeTree ORDER BY tuple() AS
"
                )
            }
        }
    }

    // Its reader of CSV takes single quotes, too, and guesses: it reads none.
    fn copy(&self, path: &str, format: Format) -> (String, String) {
        let format = match format {
            Format::Csv => {
                "CSVWithNames SETTINGS format_csv_null_representation = '', \
                 format_csv_delimiter = ','"
            }
            Format::Parquet => "Parquet SETTINGS output_format_parquet_string_as_string = 1",
        };
        let path = self.text(path);
        let behind = format!(
            "
INTO OUTFILE {path} TRUNCATE
FORMAT {format}"
        );
        (String::new(), behind)
    }
}
