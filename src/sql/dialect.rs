//! What an engine writes in its own way. The defaults are what most engines have; a dialect is a
//! file of its own with what it does otherwise.

use crate::base::lang::Fixed;
use std::fmt::{Debug, Write};

use super::target::{CsvFile, Format, Made, Target};

/// How an engine's SQL is written. Expressions go in and come out as SQL; what may be `NULL` gives
/// `NULL` unless it is said otherwise.
pub trait Dialect: Debug + Sync {
    /// The name on the command line: `duckdb`.
    fn name(&self) -> &'static str;

    /// The name as the engine's people write it: `DuckDB`.
    fn title(&self) -> &'static str;

    fn text_type(&self) -> &'static str;

    /// An exact type of whole numbers of 37 digits at least.
    fn whole_type(&self) -> &'static str;

    /// A type of whole numbers of nine digits at least.
    fn integer_type(&self) -> &'static str {
        "integer"
    }

    /// A type of whole numbers of 18 digits at least.
    fn long_type(&self) -> &'static str {
        "bigint"
    }

    /// `value`, whatever its type, as a text that is compared character by character.
    fn as_text(&self, value: &str) -> String {
        format!("CAST({value} AS {})", self.text_type())
    }

    /// Texts one behind the other; `NULL` if one of them is.
    fn concat(&self, parts: &[&str]) -> String {
        parts.join(" || ")
    }

    /// What sets a name apart from a keyword: a quote, doubled where it is in the name.
    fn name_quote(&self) -> char {
        '"'
    }

    /// Why the engine would not take a name as it is, beside those that none takes.
    fn refuses_name(&self, _name: &str) -> Option<Fixed> {
        None
    }

    /// A constant text, whatever is in it: an expression that reads as `text` under every setting and
    /// version of the engine, on one line of characters that can be seen. Every text of a query is
    /// written by it, so that none can end early. No engine takes a NUL.
    fn text(&self, text: &str) -> String;

    /// A character that is not printable ASCII, in a pattern.
    fn pattern_character(&self, character: char) -> String {
        format!("\\x{{{:X}}}", u32::from(character))
    }

    /// A pattern as a constant, in lines of bearable length.
    fn pattern(&self, pattern: &str) -> String {
        const WIDTH: usize = 110;
        let mut lines = vec![String::new()];
        for c in pattern.chars() {
            let written = match c {
                ' '..='~' => c.to_string(),
                _ => self.pattern_character(c),
            };
            match lines.last_mut() {
                Some(line) if line.len() + written.len() <= WIDTH => line.push_str(&written),
                _ => lines.push(written),
            }
        }
        let quoted: Vec<String> = lines.iter().map(|line| self.text(line)).collect();
        match quoted.len() {
            1 => quoted.concat(),
            _ => self.concat_lines(&quoted),
        }
    }

    /// Constant texts one behind the other, each on its line.
    fn concat_lines(&self, lines: &[String]) -> String {
        format!("(\n  {}\n)", lines.join(" ||\n  "))
    }

    /// Whether all of `value` is in a pattern.
    fn is_whole(&self, value: &str, pattern: &str) -> String;

    /// Whether a part of `value` is in a pattern.
    fn holds(&self, value: &str, pattern: &str) -> String;

    /// What the one group of a pattern catches of `value`, which is not empty; `NULL` if all of
    /// `value` is not in the pattern. A `.` stands for any character.
    fn group(&self, value: &str, pattern: &str) -> String;

    /// The first part of `value` that is in a pattern, which catches nothing; `NULL` if none is.
    fn first(&self, value: &str, pattern: &str) -> String;

    /// The element of a list of constants at a place, from 1; `NULL` if the place is.
    fn element(&self, list: &str, at: &str) -> String;

    /// `value` with `by` for every part of it that is in a pattern. `\1` to `\9` in it stand for
    /// what the groups of the pattern catch, which is nothing for a group that takes no part.
    fn replace(&self, value: &str, pattern: &str, by: &str) -> String {
        let (pattern, by) = (self.pattern(pattern), self.text(by));
        format!("regexp_replace({value}, {pattern}, {by}, 'g')")
    }

    /// `value` without these characters around it.
    fn trim(&self, value: &str, characters: &str) -> String {
        format!("btrim({value}, {})", self.text(characters))
    }

    /// The number of characters of `value`.
    fn length(&self, value: &str) -> String {
        format!("length({value})")
    }

    /// The first or second part of `value`, which `mark` divides in two at most; an empty text if
    /// there is no such part.
    fn part(&self, value: &str, mark: &str, at: u8) -> String {
        format!("split_part({value}, {}, {at})", self.text(mark))
    }

    /// `value` with every character of `from` replaced by the one in its place in `to`: capitals of
    /// ASCII, all of which it has, by small letters.
    fn translate(&self, value: &str, from: &str, to: &str) -> String {
        format!("translate({value}, {}, {})", self.text(from), self.text(to))
    }

    /// Whether `value` has nothing but ASCII in it.
    fn is_ascii(&self, value: &str) -> String {
        format!("octet_length({value}) = char_length({value})")
    }

    /// Whether `value` begins with an ASCII digit. It costs a fraction of what a pattern does.
    fn begins_with_digit(&self, value: &str) -> String {
        format!("ascii({value}) BETWEEN 48 AND 57")
    }

    fn has_line_break(&self, value: &str) -> String {
        format!("strpos({value}, chr(10)) > 0 OR strpos({value}, chr(13)) > 0")
    }

    /// Stops the query with a message. `value` is a text of the row, not `NULL`, that is not in the
    /// message: an engine may work out constant expressions before it has seen a row.
    fn raise(&self, message: &str, value: &str) -> String;

    /// The day of the query, as a whole number: 20260615.
    fn today(&self) -> String;

    /// A random value that the rows are put in order by.
    fn random(&self) -> Vec<(&'static str, &'static str)> {
        vec![("random_order", "gen_random_uuid()")]
    }

    /// The random index of a row, from the columns of [`Dialect::random`].
    fn index(&self) -> &'static str {
        "row_number() OVER (ORDER BY random_order)"
    }

    /// What the comment says of the index.
    fn about_index(&self) -> Fixed {
        fixed!("1 to the number of rows, in random order")
    }

    /// What stands at the end of a step, so that it is worked out once and not in every place where
    /// its columns are used.
    fn fence(&self) -> &'static str {
        ""
    }

    /// How a CSV file is read: statements before the query, and what stands behind `FROM`.
    fn csv(&self, _file: &CsvFile) -> Option<(String, String)> {
        None
    }

    /// Whether it can write Parquet.
    fn writes_parquet(&self) -> bool {
        true
    }

    /// Whether it can write CSV as the standard has it.
    fn writes_csv(&self) -> bool {
        true
    }

    /// What makes a query into a view or a table, or copies its result to a file: what stands before
    /// and behind it. `of_csv` tells that it reads what [`Dialect::csv`] made.
    fn target(&self, target: &Target, of_csv: bool) -> (String, String) {
        match target {
            Target::Rows => (String::new(), String::new()),
            Target::Create(made, name) => (self.create(*made, name, of_csv), String::new()),
            Target::Copy(path, format) => self.copy(path, *format),
        }
    }

    /// What makes a query into a view or a table.
    fn create(&self, made: Made, name: &[String], _of_csv: bool) -> String {
        let what = match made {
            Made::View => "VIEW",
            Made::Table => "TABLE",
        };
        format!("CREATE {what} {} AS\n", self.path_of(name))
    }

    /// What copies a result to a file, for an engine that can.
    fn copy(&self, _path: &str, _format: Format) -> (String, String) {
        (String::new(), String::new())
    }

    /// A name, set apart: every name of a query is written by it, after `check_name`.
    fn name_of(&self, name: &str) -> String {
        let quote = self.name_quote();
        let mut quoted = String::from(quote);
        for c in name.chars() {
            if c == quote {
                quoted.push(quote);
            }
            quoted.push(c);
        }
        quoted.push(quote);
        quoted
    }

    /// A name of several parts, each set apart.
    fn path_of(&self, parts: &[String]) -> String {
        let mut path = String::new();
        for (at, part) in parts.iter().enumerate() {
            let dot = if at > 0 { "." } else { "" };
            let _ = write!(path, "{dot}{}", self.name_of(part));
        }
        path
    }
}

/// What [`Dialect::translate`] asks for of a text of ASCII: most characters of `from` become small
/// letters, and for the others there are few calls.
pub(super) fn of_ascii(dialect: &dyn Dialect, value: &str, from: &str, to: &str) -> String {
    let pairs = from.chars().zip(to.chars());
    let others = pairs.filter(|(from, _)| from.is_ascii() && !from.is_ascii_uppercase());
    others.fold(format!("lower({value})"), |text, (from, to)| {
        let [from, to] = [from, to].map(|c| dialect.text(&c.to_string()));
        format!("replace({text}, {from}, {to})")
    })
}

#[cfg(test)]
mod tests;
