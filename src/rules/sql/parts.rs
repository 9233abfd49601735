//! The parts that a query is put together from.

use crate::rules::table::RuleTable;
use crate::sql::column::Missing;
use crate::sql::dialect::Dialect;
use crate::sql::error::SqlError;
use crate::sql::pattern;

/// The longest part of a column's own name in the names of its steps.
const SLUG: usize = 24;

/// What a missing cell is; nothing if no cell is missing.
pub(crate) fn missing_cell(table: &RuleTable) -> Result<Option<Missing>, SqlError> {
    let mut words: Vec<&str> = table.missing.words().collect();
    words.sort_unstable();
    words.dedup();
    let mut patterns = Vec::new();
    for word in words.iter().filter(|word| !word.is_empty()) {
        let pattern = pattern::any_case(word);
        patterns.push(pattern.ok_or_else(|| SqlError::MissingWord((*word).to_owned()))?);
    }
    let blank = pattern::white_space();
    let optional = if words.contains(&"") { "?" } else { "" };
    let pattern = match (patterns.is_empty(), optional) {
        (true, "") => None,
        (true, _) => Some(format!("[{blank}]*")),
        (false, _) => Some(format!(
            "[{blank}]*(?:{}){optional}[{blank}]*",
            patterns.join("|")
        )),
    };
    let digit = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    Ok(pattern.map(|pattern| Missing {
        pattern,
        no_digit: !words.iter().any(digit),
    }))
}

pub(super) fn step_name(level: usize) -> String {
    match level {
        0 => "input".to_owned(),
        level => format!("step_{level}"),
    }
}

pub(super) fn named(expression: &str, name: &str) -> String {
    match expression == name {
        true => name.to_owned(),
        false => format!("{expression} AS {name}"),
    }
}

pub(super) fn select(
    columns: &[String],
    from: &str,
    behind: &str,
    dialect: &dyn Dialect,
) -> String {
    let fence = match dialect.fence() {
        "" => String::new(),
        fence => format!("\n{fence}"),
    };
    let columns = indented(&columns.join(",\n"), 2);
    format!("SELECT\n{columns}\nFROM {from}{behind}{fence}")
}

/// Moves lines to the right. No constant and no name has a line break in it.
pub(super) fn indented(text: &str, by: usize) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| format!("{:by$}{line}", ""))
        .collect();
    lines.join("\n")
}

/// What is left of a name in those of its steps, for whoever reads them.
pub(super) fn slug(key: &str) -> String {
    key.chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .take(SLUG)
        .collect()
}
