//! A rule table and a list of columns, put together into one query.

use std::fmt::Write;

use crate::base::name;
use crate::base::name::Shown;
use crate::rules::policy::OnInvalid;
use crate::rules::table::{ColumnRule, RuleTable};
use crate::sql::column::{Column, Missing, Output};
use crate::sql::dialect::Dialect;
use crate::sql::error::SqlError;
use crate::sql::names::{check_name, check_text, read_from};
use crate::sql::pattern;
use crate::sql::target::{Format, Source, Target};

/// The longest part of a column's own name in the names of its steps.
const SLUG: usize = 24;

/// What is asked for.
#[derive(Debug)]
pub struct Query<'a> {
    /// What is to be done to each column.
    pub table: &'a RuleTable,
    /// The names of the columns of the source, as it spells them.
    pub columns: &'a [String],
    /// Where the rows come from.
    pub source: &'a Source,
    /// What becomes of the rows.
    pub target: &'a Target,
    /// What is done about a cell that its rule cannot transform.
    pub on_invalid: OnInvalid,
}

/// A column that leaves.
struct Leaving<'a> {
    rule: &'a ColumnRule,
    /// The column of the source, escaped for the comment.
    shown: Shown,
    /// The column of the source, set apart.
    quoted: String,
    /// The name that its text is read under.
    text: String,
    /// The name of its cell: of the text, or of what is `NULL` if the text is a missing cell.
    cell: String,
    output: Output,
    levels: Vec<Vec<(String, String)>>,
}

impl Query<'_> {
    /// The query in a dialect, with comments.
    ///
    /// # Errors
    /// [`SqlError`]: what the dialect cannot express.
    pub fn in_dialect(&self, dialect: &dyn Dialect) -> Result<String, SqlError> {
        let goal = &self.table.goal;
        let wanted = [
            ("k", goal.k.is_some()),
            ("l", goal.l.is_some()),
            ("t", goal.t.is_some()),
        ];
        if let Some((name, _)) = wanted.iter().find(|(_, wanted)| *wanted) {
            return Err(SqlError::Privacy(name));
        }
        if !self.table.rows.are_none() {
            return Err(SqlError::Rows);
        }
        let leaving = self.leaving(dialect)?;
        let index = self.table.index.as_deref();
        for name in leaving
            .iter()
            .map(|column| column.rule.output.as_str())
            .chain(index)
        {
            check_name(name, dialect)?;
        }
        let (statement, from) = read_from(self.source, dialect)?;
        let (before, behind) =
            self.target(dialect, leaving.len() + usize::from(index.is_some()))?;
        let mut text = self.comment(dialect, &leaving);
        text.push_str(&statement);
        text.push_str(&before);
        text.push_str(&self.body(dialect, &leaving, &from));
        text.push_str(&behind);
        text.push_str(";\n");
        Ok(text)
    }

    fn leaving(&self, dialect: &dyn Dialect) -> Result<Vec<Leaving<'_>>, SqlError> {
        let missing = self.missing()?;
        let mut leaving: Vec<Leaving<'_>> = Vec::new();
        for (position, column) in self.columns.iter().enumerate() {
            let key = name::key(column);
            let mut rules = self.table.columns.iter();
            let Some(rule) = rules.find(|rule| rule.keys.contains(&key)) else {
                continue;
            };
            let text = format!("c{}_{}", position + 1, slug(&key));
            let mut parts = Column::new(dialect, text.clone(), missing.as_ref());
            let output = rule.rule.sql(&mut parts).map_err(|why| SqlError::Column {
                column: rule.name.clone(),
                kind: rule.rule.kind().name,
                dialect: dialect.title(),
                why,
            })?;
            if output == Output::Drop {
                continue;
            }
            check_name(column, dialect)?;
            if leaving.iter().any(|other| other.rule.name == rule.name) {
                return Err(SqlError::Doubled(rule.name.clone()));
            }
            let (cell, levels) = match output {
                Output::Write { .. } => (parts.cell(), parts.into_levels()),
                _ => (text.clone(), Vec::new()),
            };
            leaving.push(Leaving {
                rule,
                shown: Shown::new(column, position + 1),
                quoted: dialect.name_of(column),
                text,
                cell,
                output,
                levels,
            });
        }
        Ok(leaving)
    }

    /// What a missing cell is; nothing if no cell is missing.
    fn missing(&self) -> Result<Option<Missing>, SqlError> {
        let mut words: Vec<&str> = self.table.missing.words().collect();
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

    fn target(&self, dialect: &dyn Dialect, width: usize) -> Result<(String, String), SqlError> {
        match self.target {
            Target::Rows => {}
            Target::Create(_, parts) => {
                for part in parts {
                    check_name(part, dialect)?;
                }
            }
            Target::Copy(_, Format::Csv) if width < 2 => return Err(SqlError::OneColumn),
            Target::Copy(path, format) => {
                check_text(path, dialect)?;
                if *format == Format::Csv && !dialect.writes_csv() {
                    return Err(SqlError::NoFile(dialect.title()));
                }
                if *format == Format::Parquet && !dialect.writes_parquet() {
                    return Err(SqlError::NoParquet(dialect.title()));
                }
            }
        }
        let of_csv = matches!(self.source, Source::Csv(_));
        Ok(dialect.target(self.target, of_csv))
    }

    fn comment(&self, dialect: &dyn Dialect, leaving: &[Leaving<'_>]) -> String {
        let read = fixed!(
            "Every column is read as text; NULL is an empty cell. Columns that are not listed here are not \
             published."
        );
        let invalid = match self.on_invalid {
            OnInvalid::Fail => fixed!("A cell that its rule cannot transform stops the query."),
            OnInvalid::Blank => fixed!("A cell that its rule cannot transform becomes NULL."),
            OnInvalid::Skip => {
                fixed!("The row of a cell that its rule cannot transform is left out.")
            }
        };
        let empty = fixed!("Empty cells of columns that are not kept are NULL.");
        let title = text!(
            "for {dialect}: rule table {name}, SHA-256 {sha256}",
            dialect = dialect.title(),
            name = Shown::new(&self.table.name, 0),
            sha256 = &self.table.sha256
        );
        let version = env!("CARGO_PKG_VERSION");
        let mut text = format!("-- crm-anon {version} {title}\n-- {read}\n-- {invalid} {empty}\n");
        if let Some(index) = &self.table.index {
            let (name, about) = (Shown::new(index, 0), dialect.about_index());
            let about = match self.target {
                Target::Create(..) => text!(
                    "{name} is {about}; a view makes another each time it is read. The rows have no order.",
                    name,
                    about
                ),
                _ => text!("{name} is {about}. The rows have no order.", name, about),
            };
            let _ = writeln!(text, "-- {about}");
        }
        let lacks = fixed!(
            "Not in this query: the check for identifiers in kept columns, and privacy thresholds."
        );
        let next = fixed!(
            "Measure the result with crm-anon audit --sql, or run crm-anon audit on a copy."
        );
        let _ = writeln!(text, "-- {lacks}\n-- {next}\n--");
        for Leaving { rule, shown, .. } in leaving {
            let output = Shown::new(&rule.output, 0);
            let kind = rule.rule.kind().name;
            let _ = writeln!(text, "--   {shown} -> {output}: {kind}");
        }
        text
    }

    fn body(&self, dialect: &dyn Dialect, leaving: &[Leaving<'_>], from: &str) -> String {
        let mut ctes = vec![select(
            &leaving
                .iter()
                .map(|column| read(column, dialect))
                .collect::<Vec<_>>(),
            from,
            "",
            dialect,
        )];
        let depth = leaving
            .iter()
            .map(|column| column.levels.len())
            .max()
            .unwrap_or(0);
        for level in 0..depth {
            let mut columns = vec!["*".to_owned()];
            let steps = leaving.iter().filter_map(|column| column.levels.get(level));
            columns.extend(steps.flatten().map(|(name, step)| named(step, name)));
            ctes.push(select(&columns, &step_name(level), "", dialect));
        }
        let index = self.table.index.as_deref();
        let mut columns: Vec<String> = leaving
            .iter()
            .enumerate()
            .map(|(at, column)| named(&self.value(column, dialect), &format!("out_{}", at + 1)))
            .collect();
        let random = index.map(|_| dialect.random()).unwrap_or_default();
        columns.extend(random.iter().map(|(name, value)| named(value, name)));
        ctes.push(select(
            &columns,
            &step_name(depth),
            &self.only_valid(leaving),
            dialect,
        ));

        let mut text = String::from("WITH ");
        for (level, cte) in ctes.iter().enumerate() {
            let comma = if level > 0 { ", " } else { "" };
            let name = match level {
                last if last == depth + 1 => "result".to_owned(),
                level => step_name(level),
            };
            let _ = write!(text, "{comma}{name} AS (\n{}\n)", indented(cte, 2));
        }
        let mut outputs: Vec<String> = Vec::new();
        outputs.extend(index.map(|name| named(dialect.index(), &dialect.name_of(name))));
        outputs.extend(leaving.iter().enumerate().map(|(at, column)| {
            named(
                &format!("out_{}", at + 1),
                &dialect.name_of(&column.rule.output),
            )
        }));
        let _ = write!(
            text,
            "\nSELECT\n{}\nFROM result",
            indented(&outputs.join(",\n"), 2)
        );
        text
    }

    /// What leaves of a column.
    fn value(&self, column: &Leaving<'_>, dialect: &dyn Dialect) -> String {
        let cell = &column.cell;
        let name = Shown::new(&column.rule.name, 0);
        match &column.output {
            Output::Drop => "NULL".to_owned(),
            Output::Keep { multiline: true } => cell.clone(),
            Output::Keep { multiline: false } => {
                let message = format!(
                    "crm-anon: column {name}: a line break in a kept cell; rows may have merged \
                     (if not: multiline = true)"
                );
                format!(
                    "CASE WHEN {} THEN {} ELSE {cell} END",
                    dialect.has_line_break(cell),
                    dialect.raise(&message, cell)
                )
            }
            Output::Write {
                value,
                invalid: Some(what),
            } if self.on_invalid == OnInvalid::Fail => {
                let message = format!("crm-anon: column {name}: {what}");
                format!(
                    "CASE WHEN {value} IS NULL AND {cell} IS NOT NULL THEN {} ELSE {value} END",
                    dialect.raise(&message, cell)
                )
            }
            Output::Write { value, .. } => value.clone(),
        }
    }

    /// The condition that leaves rows with invalid cells out, if that is wanted.
    fn only_valid(&self, leaving: &[Leaving<'_>]) -> String {
        let conditions: Vec<String> = leaving
            .iter()
            .filter_map(|column| match &column.output {
                Output::Write {
                    value,
                    invalid: Some(_),
                } => Some(format!("({value} IS NOT NULL OR {} IS NULL)", column.cell)),
                _ => None,
            })
            .collect();
        match self.on_invalid {
            OnInvalid::Skip if !conditions.is_empty() => {
                format!("\nWHERE {}", conditions.join("\n  AND "))
            }
            _ => String::new(),
        }
    }
}

/// The columns as texts; a `NULL` under a rule that writes is an empty cell.
fn read(column: &Leaving<'_>, dialect: &dyn Dialect) -> String {
    let text = dialect.as_text(&column.quoted);
    match column.output {
        Output::Write { .. } => named(&format!("coalesce({text}, '')"), &column.text),
        _ => named(&text, &column.text),
    }
}

fn step_name(level: usize) -> String {
    match level {
        0 => "input".to_owned(),
        level => format!("step_{level}"),
    }
}

fn named(expression: &str, name: &str) -> String {
    match expression == name {
        true => name.to_owned(),
        false => format!("{expression} AS {name}"),
    }
}

fn select(columns: &[String], from: &str, behind: &str, dialect: &dyn Dialect) -> String {
    let fence = match dialect.fence() {
        "" => String::new(),
        fence => format!("\n{fence}"),
    };
    let columns = indented(&columns.join(",\n"), 2);
    format!("SELECT\n{columns}\nFROM {from}{behind}{fence}")
}

/// Moves lines to the right. No constant and no name has a line break in it.
fn indented(text: &str, by: usize) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| format!("{:by$}{line}", ""))
        .collect();
    lines.join("\n")
}

/// What is left of a name in those of its steps, for whoever reads them.
fn slug(key: &str) -> String {
    key.chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .take(SLUG)
        .collect()
}
