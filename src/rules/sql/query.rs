//! A rule table and a list of columns, put together into one query.

use std::fmt::Write;

use super::figures::Counted;
use super::leaving::Leaving;
use super::levels::Levels;
use super::parts::{indented, missing_cell, named, select, slug, step_name};
use crate::base::name;
use crate::base::name::Shown;
use crate::rules::policy::OnInvalid;
use crate::rules::table::RuleTable;
use crate::sql::column::{Column, Output};
use crate::sql::dialect::Dialect;
use crate::sql::error::SqlError;
use crate::sql::names::{check_name, check_text, read_from};
use crate::sql::target::{Format, Source, Target};

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
    /// What becomes of the rows once they are transformed.
    pub(crate) publish: Publish<'a>,
}

/// What a query publishes.
#[derive(Debug)]
pub(crate) enum Publish<'a> {
    Rows,
    /// The rows, at the levels that a search found.
    AtLevels(&'a Levels),
    Figures(&'a Counted<'a>),
}

impl Query<'_> {
    /// The query in a dialect, with comments.
    ///
    /// # Errors
    /// [`SqlError`]: what the dialect cannot express.
    pub fn in_dialect(&self, dialect: &dyn Dialect) -> Result<String, SqlError> {
        let goal = &self.table.goal;
        let at_levels = matches!(self.publish, Publish::AtLevels(_));
        let figures = matches!(self.publish, Publish::Figures(_));
        let wanted = [
            ("k", goal.k.is_some() && !at_levels && !figures),
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
        let index = self.index();
        let unit = match self.publish {
            Publish::Figures(counted) => counted.unit(),
            _ => &[],
        };
        for name in unit {
            check_name(name, dialect)?;
        }
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
        text.push_str(&self.body(dialect, &leaving, &from)?);
        text.push_str(&behind);
        text.push_str(";\n");
        Ok(text)
    }

    fn leaving(&self, dialect: &dyn Dialect) -> Result<Vec<Leaving<'_>>, SqlError> {
        let missing = missing_cell(self.table)?;
        let mut leaving: Vec<Leaving<'_>> = Vec::new();
        for (position, column) in self.columns.iter().enumerate() {
            let key = name::key(column);
            let mut rules = self.table.columns.iter();
            let Some(rule) = rules.find(|rule| rule.keys.contains(&key)) else {
                continue;
            };
            if let Publish::Figures(counted) = self.publish
                && !counted.counts_by(&rule.output)
            {
                continue;
            }
            let text = format!("c{}_{}", position + 1, slug(&key));
            let mut parts = Column::new(dialect, text.clone(), missing.as_ref());
            let mut output = rule.rule.sql(&mut parts).map_err(|why| SqlError::Column {
                column: rule.name.clone(),
                kind: rule.rule.kind().name,
                dialect: dialect.title(),
                why,
            })?;
            if let (Publish::AtLevels(levels), Output::Write { value, .. }) =
                (&self.publish, &mut output)
            {
                *value = levels.generalised(rule, &mut parts, value)?;
            }
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

    /// The name of the random index, if there is to be one.
    pub(super) fn index(&self) -> Option<&str> {
        match self.publish {
            Publish::Figures(_) => None,
            _ => self.table.index.as_deref(),
        }
    }

    fn body(
        &self,
        dialect: &dyn Dialect,
        leaving: &[Leaving<'_>],
        from: &str,
    ) -> Result<String, SqlError> {
        let columns = leaving.iter().map(|column| column.read(dialect));
        let mut columns: Vec<String> = columns.collect();
        if let Publish::Figures(counted) = self.publish {
            let missing = missing_cell(self.table)?;
            let person = counted.person(dialect, missing.as_ref());
            columns.push(named(&person, "person_1"));
        }
        let mut ctes = vec![select(&columns, from, "", dialect)];
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
        let index = self.index();
        let figures = matches!(self.publish, Publish::Figures(_));
        let mut columns: Vec<String> = leaving
            .iter()
            .zip(1..)
            .map(|(column, at)| {
                let value = self.value(column, dialect);
                let value = match figures {
                    true => format!("coalesce({value}, '')"),
                    false => value,
                };
                named(&value, &format!("out_{at}"))
            })
            .collect();
        let random = index.map(|_| dialect.random()).unwrap_or_default();
        columns.extend(random.iter().map(|(name, value)| named(value, name)));
        if figures {
            columns.push("person_1".to_owned());
        }
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
        let plain = || (1..=leaving.len()).map(|at| format!("out_{at}"));
        let (behind, columns, from) = match self.publish {
            Publish::Rows => (String::new(), plain().collect(), "result"),
            Publish::AtLevels(levels) => {
                let (behind, columns) = levels.suppressed(dialect, leaving)?;
                (behind, columns, "sized CROSS JOIN few")
            }
            Publish::Figures(counted) => {
                let (behind, figures) = counted.cells(dialect, leaving);
                let columns = plain().chain(figures).collect();
                (behind, columns, "counted CROSS JOIN doubt")
            }
        };
        let columns: Vec<String> = columns;
        let mut outputs: Vec<String> = Vec::new();
        outputs.extend(index.map(|name| named(dialect.index(), &dialect.name_of(name))));
        let names = leaving.iter().map(|column| column.rule.output.as_str());
        outputs.extend(
            columns
                .iter()
                .zip(names)
                .map(|(value, name)| named(value, &dialect.name_of(name))),
        );
        outputs.extend(columns.into_iter().skip(leaving.len()));
        let _ = write!(
            text,
            "{behind}\nSELECT\n{}\nFROM {from}",
            indented(&outputs.join(",\n"), 2)
        );
        Ok(text)
    }

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
