//! DuckDB, 1.2 or later.

use super::dialect::Dialect;
use super::target::{CsvFile, Format, Made, Target};

/// DuckDB.
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

    fn invisible(&self, characters: &str) -> String {
        let each: Vec<String> = characters
            .chars()
            .map(|c| match c {
                ' ' => "' '".to_owned(),
                _ => format!("chr({})", u32::from(c)),
            })
            .collect();
        each.join(" || ")
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
        format!("trim({value}, {})", self.invisible(characters))
    }

    fn is_ascii(&self, value: &str) -> String {
        format!("strlen({value}) = length({value})")
    }

    // Three times as fast as one pattern that begins with anything.
    fn last(&self, value: &str, before: &str, caught: &str, behind: &str) -> String {
        let pattern = self.pattern(&format!("(?:^|{before})({caught}){behind}"));
        format!("regexp_extract_all({value}, {pattern}, 1)[-1]")
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
        let delimiter = match file.delimiter {
            b'\t' => "chr(9)".to_owned(),
            byte => self.text(&char::from(byte).to_string()),
        };
        let from = format!(
            "read_csv({}, header = true, all_varchar = true, delim = {delimiter}, quote = '\"', \
             escape = '\"', comment = '', skip = 0, strict_mode = true)",
            self.text(&file.path)
        );
        Some((String::new(), from))
    }

    fn target(&self, target: &Target, _: bool) -> (String, String) {
        match target {
            Target::Rows => (String::new(), String::new()),
            Target::Create(made, name) => {
                let name = self.path_of(name);
                let what = match made {
                    Made::View => "VIEW",
                    Made::Table => "TABLE",
                };
                (format!("CREATE {what} {name} AS\n"), String::new())
            }
            Target::Copy(path, format) => {
                let options = match format {
                    Format::Csv => "FORMAT csv, HEADER, DELIMITER ','",
                    Format::Parquet => "FORMAT parquet",
                };
                let behind = format!("\n) TO {} ({options})", self.text(path));
                ("COPY (\n".to_owned(), behind)
            }
        }
    }
}
