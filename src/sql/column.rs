//! One column on its way through the query: the steps that its cells go through.

use super::dialect::Dialect;

/// What a rule is in SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// The column does not leave.
    Drop,
    /// The cells leave as they are.
    Keep {
        /// Whether a cell may hold line breaks.
        multiline: bool,
    },
    /// The cells leave as an expression says.
    Write {
        /// The expression: a text, `NULL` for an empty cell.
        value: String,
        /// What is wrong with a cell that is not missing and for which the value is `NULL`; nothing
        /// if that is not invalid.
        invalid: Option<&'static str>,
    },
}

impl Output {
    /// What a rule writes for which some cells are invalid: those for which `value` is `NULL`.
    pub fn checked(value: impl Into<String>, invalid: &'static str) -> Self {
        Self::Write {
            value: value.into(),
            invalid: Some(invalid),
        }
    }

    /// What a rule writes that takes any cell.
    pub fn of_any(value: impl Into<String>) -> Self {
        Self::Write {
            value: value.into(),
            invalid: None,
        }
    }
}

/// What a missing cell is.
#[derive(Debug)]
pub(crate) struct Missing {
    /// The pattern of all of it.
    pub pattern: String,
    /// Whether none begins with a digit.
    pub no_digit: bool,
}

/// A column of the query while its rule says what it is in SQL.
#[derive(Debug)]
pub struct Column<'a> {
    dialect: &'a dyn Dialect,
    name: String,
    cell: String,
    levels: Vec<Vec<(String, String)>>,
}

impl<'a> Column<'a> {
    /// A column whose text has that name; nothing of `missing` if no cell is.
    pub(crate) fn new(dialect: &'a dyn Dialect, name: String, missing: Option<&Missing>) -> Self {
        let mut column = Self {
            dialect,
            cell: name.clone(),
            name,
            levels: Vec::new(),
        };
        if let Some(missing) = missing {
            let text = &column.name;
            let is_missing = dialect.is_whole(text, &missing.pattern);
            let digit = fixed!("begins with a digit");
            let cell = match missing.no_digit {
                false => format!("CASE WHEN NOT ({is_missing}) THEN {text} END"),
                // Most cells are amounts, dates and addresses, and need no pattern then.
                true => format!(
                    "CASE\n  WHEN {} THEN {text} -- {digit}\n  WHEN NOT ({is_missing}) THEN {text}\nEND",
                    dialect.begins_with_digit(text)
                ),
            };
            column.cell = column.step("cell", cell);
        }
        column
    }

    /// The dialect that the query is in.
    pub fn dialect(&self) -> &'a dyn Dialect {
        self.dialect
    }

    /// The name of the cell's text: the whole cell, or `NULL` if it is missing.
    pub fn cell(&self) -> String {
        self.cell.clone()
    }

    /// Works an expression out for all rows, once, from what was worked out before; gives the name
    /// of the result.
    pub fn step(&mut self, suffix: &str, expression: impl Into<String>) -> String {
        self.levels.push(Vec::new());
        self.beside(suffix, expression)
    }

    /// Works an expression out beside that of the last [`Column::step`], which it must not use.
    pub fn beside(&mut self, suffix: &str, expression: impl Into<String>) -> String {
        let name = format!("{}_{suffix}", self.name);
        if let Some(level) = self.levels.last_mut() {
            level.push((name.clone(), expression.into()));
        }
        name
    }

    /// The steps, by level: each level uses only what is in those before.
    pub(crate) fn into_levels(self) -> Vec<Vec<(String, String)>> {
        self.levels
    }
}
