//! How identifying a table is, measured where it is: the sizes of its equivalence classes.

use super::column::Missing;
use super::dialect::Dialect;
use super::error::SqlError;
use super::names::{check_name, read_from};
use super::target::Source;
use crate::base::name::Shown;

/// The sizes below which rows are counted, as `crm-anon audit` does.
const SIZES: [u32; 3] = [3, 5, 11];

/// What is to be measured.
#[derive(Debug)]
pub struct AuditQuery<'a> {
    /// Where the rows are.
    pub source: &'a Source,
    /// The quasi-identifying columns, as the source spells them.
    pub quasi: &'a [String],
    /// The sensitive columns.
    pub sensitive: &'a [String],
    /// The columns that say together whose rows are whose: with any, persons are counted.
    pub person: &'a [String],
    /// What a cell of these is that says nothing.
    pub(crate) missing: Option<&'a Missing>,
}

impl AuditQuery<'_> {
    /// The query in a dialect, with comments. Its result is one row.
    ///
    /// # Errors
    /// [`SqlError`]: a name that the dialect does not take.
    pub fn in_dialect(&self, dialect: &dyn Dialect) -> Result<String, SqlError> {
        let named = self.quasi.iter().chain(self.sensitive).chain(self.person);
        for name in named {
            check_name(name, dialect)?;
        }
        let (before, from) = read_from(self.source, dialect)?;
        let list = |columns: &[String], prefix: &str| -> Vec<String> {
            let named = columns.iter().zip(1..);
            named
                .map(|(column, at)| format!("{} AS {prefix}_{at}", text_of(column, dialect)))
                .collect()
        };
        let mut read = list(self.quasi, "quasi");
        read.extend(list(self.sensitive, "sensitive"));
        let mut text = self.comment(dialect);
        let distinct: Vec<String> = (1..=self.sensitive.len())
            .map(|at| format!("count(DISTINCT sensitive_{at}) AS distinct_{at}"))
            .collect();
        let fewest = (1..=self.sensitive.len()).map(|at| format!("min(distinct_{at}) AS l_{at}"));
        let groups: Vec<String> = (1..=self.quasi.len())
            .map(|at| format!("quasi_{at}"))
            .collect();
        let groups = groups.join(", ");
        let size = match self.person {
            [] => "count(*) AS size",
            _ => {
                read.push(format!(
                    "{} AS person_1",
                    person_of(self.person, self.missing, dialect)
                ));
                "count(DISTINCT person_1) + sum(CASE WHEN person_1 IS NULL THEN 1 ELSE 0 END) AS size"
            }
        };
        let classes: Vec<String> = std::iter::once(size.to_owned()).chain(distinct).collect();
        text.push_str(&format!(
            "{before}WITH input AS (\n  SELECT\n    {}\n  FROM {from}\n), classes AS (\n  \
             SELECT\n    {}\n  FROM input\n  GROUP BY {groups}\n)",
            read.join(",\n    "),
            classes.join(",\n    "),
        ));
        let of_classes: Vec<String> = ["count(*) AS classes", "min(size) AS k"]
            .map(str::to_owned)
            .into_iter()
            .chain(fewest)
            .collect();
        let small = |heads: &str, size: &str| -> Vec<String> {
            let below = |limit: u32| {
                format!("coalesce(sum(CASE WHEN {size} < {limit} THEN {heads} ELSE 0 END), 0)")
            };
            let mut small = vec![format!("{} AS unique_rows", below(2))];
            small.extend(SIZES.map(|limit| format!("{} AS rows_under_{limit}", below(limit))));
            small
        };
        let rows = dialect.name_of("rows");
        text.push_str(&match self.person {
            [] => {
                let mut figures = vec![format!("coalesce(sum(size), 0) AS {rows}")];
                figures.extend(of_classes);
                figures.extend(small("size", "size"));
                format!("\nSELECT\n  {}\nFROM classes;\n", figures.join(",\n  "))
            }
            _ => {
                let mut figures = vec![format!("coalesce(sum(heads), 0) AS {rows}")];
                figures.extend(small("heads", "least_size"));
                BY_PERSON
                    .replace("{groups}", &groups)
                    .replace("{classes}", &of_classes.join(",\n    "))
                    .replace("{figures}", &figures.join(",\n    "))
            }
        });
        Ok(text)
    }

    fn comment(&self, dialect: &dyn Dialect) -> String {
        let title = text!(
            "for {dialect}: equivalence classes of the quasi-identifying columns",
            dialect = dialect.title()
        );
        let mut comment = format!("-- crm-anon {} {title}\n", env!("CARGO_PKG_VERSION"));
        for column in self.quasi {
            comment.push_str(&format!("--   {}\n", Shown::new(column, 0)));
        }
        let empty = fixed!("An empty cell is a value like any other; NULL is an empty cell.");
        comment.push_str(&format!("-- {empty}\n"));
        if !self.person.is_empty() {
            let names: Vec<String> = self
                .person
                .iter()
                .map(|name| Shown::new(name, 0).to_string())
                .collect();
            let counted = text!(
                "Persons are counted, by {columns}: each once, in the smallest of their classes.",
                columns = names.join(", ")
            );
            comment.push_str(&format!("-- {counted}\n"));
        }
        for (column, at) in self.sensitive.iter().zip(1..) {
            let fewest = text!(
                "the fewest distinct values of {column} in a class",
                column = Shown::new(column, 0)
            );
            comment.push_str(&format!("-- l_{at}: {fewest}\n"));
        }
        comment
    }
}

/// What follows the classes where persons are counted. A row that does not say whose it is counts as a
/// person, so such rows stay apart by the size of their class.
const BY_PERSON: &str = ", held AS (
  SELECT {groups}, person_1, count(*) AS own
  FROM input
  GROUP BY {groups}, person_1
), sized AS (
  SELECT
    person_1,
    own,
    sum(CASE WHEN person_1 IS NULL THEN own ELSE 1 END) OVER (PARTITION BY {groups}) AS size
  FROM held
), persons AS (
  SELECT
    min(size) AS least_size,
    CASE WHEN person_1 IS NULL THEN sum(own) ELSE 1 END AS heads
  FROM sized
  GROUP BY person_1, CASE WHEN person_1 IS NULL THEN size END
), figures AS (
  SELECT
    {figures}
  FROM persons
), smallest AS (
  SELECT
    {classes}
  FROM classes
)
SELECT *
FROM figures
CROSS JOIN smallest;
";

/// A column as a text; `NULL` is an empty one.
fn text_of(column: &str, dialect: &dyn Dialect) -> String {
    let name = dialect.name_of(column);
    format!("coalesce({}, '')", dialect.as_text(&name))
}

/// Whose a row is: a text, `NULL` if the row does not say.
pub(crate) fn person_of(
    columns: &[String],
    missing: Option<&Missing>,
    dialect: &dyn Dialect,
) -> String {
    let cells = columns.iter().map(|column| {
        let text = text_of(column, dialect);
        let trimmed = dialect.trim(&text, " \t\n\u{c}\r");
        let missing = match missing {
            Some(missing) => dialect.is_whole(&text, &missing.pattern),
            None => format!("{trimmed} = ''"),
        };
        format!("CASE WHEN NOT ({missing}) THEN {trimmed} END")
    });
    let cells: Vec<String> = cells.collect();
    if let [only] = cells.as_slice() {
        return only.clone();
    }
    // Between the cells of two columns stands what no cell of a table has.
    let between = dialect.text("\u{1f}");
    let mut parts = Vec::new();
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            parts.push(between.clone());
        }
        parts.push(format!("coalesce({cell}, '')"));
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    format!(
        "CASE WHEN coalesce({}) IS NOT NULL THEN {} END",
        cells.join(", "),
        dialect.concat(&parts)
    )
}
