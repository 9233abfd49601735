//! The levels that a search for k found, applied where the rows are: what a run with `--recoding global`
//! wrote of a sample, or of yesterday's rows, a query writes of all of them.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::leaving::Leaving;
use crate::base::lang::Fixed;
use crate::base::name::Shown;
use crate::rules::table::{Attribute, ColumnRule, RuleTable};
use crate::rules::{Listed, kinds};
use crate::sql::error::SqlError;
use crate::sql::{Column, Dialect, Inexpressible, Output};

/// What a manifest calls the level of the values themselves.
const AS_WRITTEN: &str = "as written";

/// The level that says nothing any more, and what it writes.
const ANY: &str = "*";

/// The levels of a run.
#[derive(Debug)]
pub(crate) struct Levels {
    k: u32,
    /// The title of the level of each column of the output that may identify.
    titles: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Manifest {
    rules: RulesOf,
    privacy: Option<Privacy>,
}

#[derive(Deserialize)]
struct RulesOf {
    sha256: String,
}

#[derive(Deserialize)]
struct Privacy {
    asked_k: Option<u32>,
    recoding: Option<String>,
    #[serde(default)]
    levels: BTreeMap<String, BTreeMap<String, u64>>,
    persons: Option<IgnoredAny>,
}

impl Levels {
    /// The levels that a manifest tells of a run under this rule table.
    ///
    /// # Errors
    /// [`SqlError::Levels`]: why there are none that a query can apply.
    pub(crate) fn read(manifest: &[u8], table: &RuleTable) -> Result<Self, SqlError> {
        let none = fixed!("it is not the manifest of a run with --k");
        let manifest: Manifest =
            serde_json::from_slice(manifest).map_err(|_| SqlError::Levels(none))?;
        let privacy = manifest.privacy.ok_or(SqlError::Levels(none))?;
        let k = privacy.asked_k.ok_or(SqlError::Levels(none))?;
        let refused = |why: Fixed| Err(SqlError::Levels(why));
        if privacy.recoding.as_deref() != Some("global") {
            return refused(fixed!(
                "its run generalised each row for itself; --recoding global finds one level for each column"
            ));
        }
        if manifest.rules.sha256 != table.sha256 {
            return refused(fixed!("its run had another rule table"));
        }
        if privacy.persons.is_some() {
            return refused(fixed!("its run counted persons, and the query counts rows"));
        }
        let titles = privacy.levels.into_iter().map(|(column, levels)| {
            // Suppressed rows are told at `*` beside those of the level.
            let own = levels.into_keys().filter(|title| title != ANY);
            let own: Vec<String> = own.collect();
            match <[String; 1]>::try_from(own) {
                Ok([title]) => Some((column, title)),
                Err(own) => own.is_empty().then(|| (column, ANY.to_owned())),
            }
        });
        match titles.collect() {
            Some(titles) => Ok(Self { k, titles }),
            None => refused(none),
        }
    }

    /// The level of a column, if it may identify.
    fn title(&self, rule: &ColumnRule) -> Result<Option<&str>, SqlError> {
        let shown = Shown::new(&rule.output, 0);
        match (self.titles.get(shown.as_str()), rule.attribute) {
            (Some(title), Some(Attribute::QuasiIdentifying)) => Ok(Some(title)),
            (None, Some(Attribute::QuasiIdentifying)) | (Some(_), _) => {
                Err(SqlError::Levels(fixed!("it has other columns")))
            }
            (None, _) => Ok(None),
        }
    }

    /// What a rule writes, at the column's level: more steps of the column. `*` is written at the end.
    pub(super) fn generalised(
        &self,
        rule: &ColumnRule,
        column: &mut Column<'_>,
        value: &str,
    ) -> Result<String, SqlError> {
        match self.title(rule)? {
            None | Some(ANY | AS_WRITTEN) => Ok(value.to_owned()),
            Some(title) => at_level(rule, column, value, title)
                .map_err(|why| refused(rule, column.dialect(), why)),
        }
    }

    /// What follows the rows at their levels: the size of each row's class, and `*` for what is in too
    /// small a one. Gives what stands behind the steps, and the columns that leave.
    pub(super) fn suppressed(
        &self,
        dialect: &dyn Dialect,
        leaving: &[Leaving<'_>],
    ) -> Result<(String, Vec<String>), SqlError> {
        let mut classes = Vec::new();
        let mut columns = Vec::new();
        let (mut numbers, mut brackets) = (Vec::new(), Vec::new());
        for (column, at) in leaving.iter().zip(1..) {
            let mut out = format!("out_{at}");
            match self.title(column.rule)? {
                None => columns.push(out),
                Some(ANY) => columns.push(dialect.text(ANY)),
                Some(title) => {
                    if title != AS_WRITTEN && matches!(column.output, Output::Keep { .. }) {
                        let number = format!("class_number_{at}");
                        let kept = kept(column.rule, dialect, (&out, &number), title)?;
                        out = format!("class_out_{at}");
                        numbers.push(format!(", {} AS {number}", kept.0));
                        brackets.push(format!(", {} AS {out}", kept.1));
                    }
                    columns.push(format!(
                        "CASE WHEN class_size < {} THEN {} ELSE {out} END",
                        self.k,
                        dialect.text(ANY)
                    ));
                    classes.push(format!("coalesce({out}, '')"));
                }
            }
        }
        let named =
            |column: &&Leaving<'_>| column.rule.attribute == Some(Attribute::QuasiIdentifying);
        if leaving.iter().filter(named).count() != self.titles.len() {
            return Err(SqlError::Levels(fixed!("it has other columns")));
        }
        let of = match classes.as_slice() {
            [] => String::new(),
            classes => format!("PARTITION BY {}", classes.join(", ")),
        };
        let k = self.k;
        let message = format!(
            "crm-anon: fewer than {k} rows would be suppressed, and be known for it: choose other levels"
        );
        if let Some(first) = columns.iter_mut().find(|column| column.starts_with("CASE")) {
            let row = dialect.as_text("class_size");
            *first = format!(
                "CASE WHEN class_few BETWEEN 1 AND {} THEN {} ELSE {first} END",
                k - 1,
                dialect.raise(&message, &row)
            );
        }
        let (numbers, brackets) = (numbers.concat(), brackets.concat());
        let behind = format!(
            ", numbered AS (\n  SELECT *{numbers}\n  FROM result\n), coarse AS (\n  SELECT *{brackets}\n  \
             FROM numbered\n), sized AS (\n  SELECT *, count(*) OVER ({of}) AS class_size\n  \
             FROM coarse\n), few AS (\n  \
             SELECT coalesce(sum(CASE WHEN class_size < {k} THEN 1 ELSE 0 END), 0) AS class_few\n  \
             FROM sized\n)"
        );
        Ok((behind, columns))
    }

    /// The k that the classes have.
    pub(super) fn k(&self) -> u32 {
        self.k
    }
}

/// Why a column has no level in SQL.
fn refused(rule: &ColumnRule, dialect: &dyn Dialect, why: Inexpressible) -> SqlError {
    SqlError::Column {
        column: rule.name.clone(),
        kind: rule.rule.kind().name,
        dialect: dialect.title(),
        why,
    }
}

/// The number in a kept cell, and the bracket of it that a level writes. A cell that has digits and is
/// no plain whole number stops the query: how it is generalised depends on all other cells.
fn kept(
    rule: &ColumnRule,
    dialect: &dyn Dialect,
    (out, number): (&str, &str),
    title: &str,
) -> Result<(String, String), SqlError> {
    let width = match (rule.rule.listed(), title.parse::<u64>()) {
        (Some(Listed::Cells), Ok(width)) => width,
        _ => return Err(refused(rule, dialect, unlisted())),
    };
    let whole = dialect.is_whole(out, "-?[0-9]{1,18}");
    let cast = format!(
        "CAST(CASE WHEN {whole} THEN {out} END AS {})",
        dialect.whole_type()
    );
    let start = format!("({number} - ({number} % {width} + {width}) % {width})");
    let (from, to) = (
        dialect.as_text(&start),
        dialect.as_text(&format!("({start} + {})", width - 1)),
    );
    let message = format!(
        "crm-anon: column {}: a kept cell has digits and is no plain whole number",
        Shown::new(&rule.name, 0)
    );
    let bracket = format!(
        "CASE WHEN {number} IS NOT NULL THEN {}\n    WHEN {out} IS NULL OR {} THEN {out}\n    ELSE {} END",
        dialect.concat(&[&from, "'-'", &to]),
        dialect.is_whole(out, "[^0-9]*"),
        dialect.raise(&message, &format!("coalesce({out}, '')"))
    );
    Ok((cast, bracket))
}

fn unlisted() -> Inexpressible {
    Inexpressible::Because(fixed!(
        "what it writes cannot be listed, so that its level is not expressed"
    ))
}

/// A value, generalised to the level of that title; `NULL` stays so.
fn at_level(
    rule: &ColumnRule,
    column: &mut Column<'_>,
    value: &str,
    title: &str,
) -> Result<String, Inexpressible> {
    let dialect = column.dialect();
    let labels = |values: &[String]| -> Result<Vec<(String, String)>, Inexpressible> {
        let boxed: Vec<Box<[u8]>> = values.iter().map(|value| value.as_bytes().into()).collect();
        let steps = rule.ladder.steps(&boxed).map_err(|_| unlisted())?;
        let mut steps = steps.steps.into_iter();
        let step = steps
            .find(|step| step.title == title)
            .ok_or_else(unlisted)?;
        let text = |label: &[u8]| String::from_utf8(label.to_vec()).ok();
        let pairs = values.iter().zip(&step.labels);
        pairs
            .map(|(value, (label, _))| Some((value.clone(), text(label)?)))
            .collect::<Option<_>>()
            .ok_or_else(unlisted)
    };
    let general = match rule.rule.listed() {
        None | Some(Listed::Cells) => return Err(unlisted()),
        Some(Listed::Texts(texts)) => {
            let mut by_label: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (text, label) in labels(&texts)? {
                if text != label {
                    by_label.entry(label).or_default().push(dialect.text(&text));
                }
            }
            let cases = by_label.iter().map(|(label, texts)| {
                let (texts, label) = (texts.join(", "), dialect.text(label));
                format!("\n  WHEN {value} IN ({texts}) THEN {label}")
            });
            format!("CASE{}\n  ELSE {value}\nEND", cases.collect::<String>())
        }
        Some(Listed::Codes) => {
            let codes: Vec<String> = (0..100_000).map(|code| format!("{code:05}")).collect();
            let places: HashMap<String, String> = labels(&codes)?.into_iter().collect();
            let of = |code: &str| {
                places
                    .get(code)
                    .map(String::as_str)
                    .filter(|of| *of != code)
            };
            let place = kinds::postal_code::sql::place(column, value, of);
            format!("coalesce({place}, {value})")
        }
        Some(Listed::Brackets(own)) => {
            let wide: u64 = title.parse().map_err(|_| unlisted())?;
            wider(column, value, own, wide)
        }
    };
    Ok(column.step("general", general))
}

/// The bracket at a multiple of `wide` that holds one of `own`, `LO-HI`; itself if none does.
fn wider(column: &mut Column<'_>, value: &str, own: u64, wide: u64) -> String {
    let dialect = column.dialect();
    let whole = dialect.whole_type();
    let lower = dialect.first(value, "^-?[0-9]+");
    let lower = column.step("lowest", format!("CAST({lower} AS {whole})"));
    let start = format!("{lower} - ({lower} % {wide} + {wide}) % {wide}");
    let start = column.step("start", start);
    let (from, to) = (
        dialect.as_text(&start),
        dialect.as_text(&format!("{start} + {wide}")),
    );
    format!(
        "CASE WHEN {lower} + {own} <= {start} + {wide} THEN {} ELSE {value} END",
        dialect.concat(&[&from, "'-'", &to])
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Levels, String> {
        let table = RuleTable::load("anonymisation").unwrap();
        let text = text.replace("SHA", &table.sha256);
        Levels::read(text.as_bytes(), &table).map_err(|why| why.to_string())
    }

    #[test]
    fn levels_are_those_of_a_global_recoding() {
        let privacy =
            |rest: &str| format!(r#"{{"rules":{{"sha256":"SHA"}},"privacy":{{{rest}}}}}"#);
        for (case, text, expected) in cases![
            "levels and suppressed rows",
            privacy(
                r#""asked_k":5,"recoding":"global","levels":{"a":{"5 years":9,"*":6},"b":{"*":15},"c":{"as written":9,"*":6}}"#,
            ),
            Ok(&[("a", "5 years"), ("b", "*"), ("c", "as written")][..]);
            "no JSON", "k = 5".to_owned(), Err("run with --k");
            "no search", privacy(r#""k":2"#), Err("run with --k");
            "local recoding", privacy(r#""asked_k":5,"recoding":"local","levels":{}"#), Err("--recoding global");
            "persons", privacy(r#""asked_k":5,"recoding":"global","persons":{},"levels":{}"#), Err("counted persons");
            "two levels",
            privacy(
                r#""asked_k":5,"recoding":"global","levels":{"a":{"5 years":9,"as written":6}}"#,
            ),
            Err("run with --k");
            "another table",
            r#"{"rules":{"sha256":"0"},"privacy":{"asked_k":5,"recoding":"global"}}"#
                .to_owned(),
            Err("another rule table");
        ] {
            match (read(&text), expected) {
                (Ok(levels), Ok(expected)) => {
                    let titles = levels.titles.iter();
                    let titles: Vec<(&str, &str)> = titles
                        .map(|(column, title)| (&**column, &**title))
                        .collect();
                    assert_eq!((levels.k, &*titles), (5, expected), "{case}");
                }
                (Err(why), Err(part)) => assert!(why.contains(part), "{case}: {why}"),
                (found, _) => panic!("{case}: {found:?}"),
            }
        }
    }
}
