//! Apache Spark SQL, 3.5 or later.

use super::dialect::{Dialect, of_ascii};
use super::target::{CsvFile, Format, Made};
use crate::base::escape::is_unseen;
use crate::base::lang::Fixed;

/// Apache Spark SQL.
#[derive(Debug)]
pub struct Spark;

/// The view that a CSV file is read through.
const CSV_VIEW: &str = "crm_anon_input";

impl Dialect for Spark {
    fn name(&self) -> &'static str {
        "spark"
    }

    fn title(&self) -> &'static str {
        "Spark SQL"
    }

    fn text_type(&self) -> &'static str {
        "STRING"
    }

    fn whole_type(&self) -> &'static str {
        "DECIMAL(38, 0)"
    }

    fn name_quote(&self) -> char {
        '`'
    }

    fn refuses_name(&self, name: &str) -> Option<Fixed> {
        name.contains("${")
            .then_some(fixed!("it replaces ${…} by its settings, even in names"))
    }

    // Two quotes side by side are one in some versions, and none in others; a backslash escapes in all
    // of them, unless the session sets escapedStringLiterals. `${` would begin the name of a setting.
    fn text(&self, text: &str) -> String {
        let mut escaped = String::new();
        let mut characters = text.chars().peekable();
        while let Some(c) = characters.next() {
            match c {
                '\'' | '\\' => escaped.extend(['\\', c]),
                _ if is_unseen(c) || c == '$' && characters.peek() == Some(&'{') => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        escaped.push_str(&format!("\\u{unit:04X}"));
                    }
                }
                _ => escaped.push(c),
            }
        }
        format!("'{escaped}'")
    }

    // To Java a `$` may stand before a last line break.
    fn is_whole(&self, value: &str, pattern: &str) -> String {
        let pattern = self.pattern(&format!("(?s)^(?:{pattern})(?!.)"));
        format!("{value} RLIKE {pattern}")
    }

    fn holds(&self, value: &str, pattern: &str) -> String {
        format!("{value} RLIKE {}", self.pattern(pattern))
    }

    fn group(&self, value: &str, pattern: &str) -> String {
        let pattern = self.pattern(&format!("(?s)^(?:{pattern})(?!.)"));
        format!("nullif(regexp_extract({value}, {pattern}, 1), '')")
    }

    fn first(&self, value: &str, pattern: &str) -> String {
        let pattern = self.pattern(pattern);
        format!("nullif(regexp_extract({value}, {pattern}, 0), '')")
    }

    fn replace(&self, value: &str, pattern: &str, by: &str) -> String {
        let by = self.text(&by.replace('\\', "$"));
        format!("regexp_replace({value}, {}, {by})", self.pattern(pattern))
    }

    // Its own function makes a text of each character.
    fn translate(&self, value: &str, from: &str, to: &str) -> String {
        match from.is_ascii() {
            true => of_ascii(self, value, from, to),
            false => format!("translate({value}, {}, {})", self.text(from), self.text(to)),
        }
    }

    fn has_line_break(&self, value: &str) -> String {
        format!("instr({value}, chr(10)) > 0 OR instr({value}, chr(13)) > 0")
    }

    // Some versions give the last element for a place that is NULL.
    fn element(&self, list: &str, at: &str) -> String {
        format!("CASE WHEN {at} IS NOT NULL THEN element_at(array(\n    {list}\n  ), {at}) END")
    }

    fn raise(&self, message: &str, _: &str) -> String {
        format!("raise_error({})", self.text(message))
    }

    fn today(&self) -> String {
        "CAST(date_format(current_date(), 'yyyyMMdd') AS INT)".to_owned()
    }

    // A window over all rows would bring them to one machine.
    fn random(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("random_group", "CAST(floor(rand() * 4096) AS BIGINT)"),
            ("random_order", "rand()"),
        ]
    }

    fn index(&self) -> &'static str {
        "random_group + 4096 * row_number() OVER (PARTITION BY random_group ORDER BY random_order)"
    }

    fn about_index(&self) -> Fixed {
        fixed!("a random group of 4096, and the row's place in a random order of the group")
    }

    // FAILFAST sees rows of another width only where no column is left out of the reading.
    fn csv(&self, file: &CsvFile) -> Option<(String, String)> {
        let delimiter = self.text(&char::from(file.delimiter).to_string());
        let before = format!(
            "CREATE OR REPLACE TEMPORARY VIEW {CSV_VIEW} USING csv OPTIONS (\n  \
             path {}, header 'true', enforceSchema 'false', inferSchema 'false', sep {delimiter},\n  \
             quote '\"', escape '\"', multiLine 'true', mode 'FAILFAST', columnPruning 'false',\n  \
             nullValue '', emptyValue '', encoding 'UTF-8'\n);\n\n",
            self.text(&file.path)
        );
        Some((before, CSV_VIEW.to_owned()))
    }

    fn create(&self, made: Made, name: &[String], of_csv: bool) -> String {
        let what = match made {
            // A view that stays cannot read one that does not.
            Made::View if of_csv => "TEMPORARY VIEW",
            Made::View => "VIEW",
            Made::Table => "TABLE",
        };
        format!(
            "CREATE {what} {} AS
",
            self.path_of(name)
        )
    }

    fn copy(&self, path: &str, format: Format) -> (String, String) {
        let path = self.text(path);
        let before = match format {
            Format::Csv => format!(
                "INSERT OVERWRITE DIRECTORY {path} USING csv OPTIONS (
  \
                 header 'true', sep ',', quote '\"', escape '\"', nullValue '', emptyValue '',
  \
                 ignoreLeadingWhiteSpace 'false', ignoreTrailingWhiteSpace 'false'
)
"
            ),
            Format::Parquet => format!(
                "INSERT OVERWRITE DIRECTORY {path} USING parquet
"
            ),
        };
        (before, String::new())
    }
}
