//! How identifying a table is, measured where it is: the sizes of its equivalence classes.

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
}

impl AuditQuery<'_> {
    /// The query in a dialect, with comments. Its result is one row.
    ///
    /// # Errors
    /// [`SqlError`]: a name that the dialect does not take.
    pub fn in_dialect(&self, dialect: &dyn Dialect) -> Result<String, SqlError> {
        for name in self.quasi.iter().chain(self.sensitive) {
            check_name(name, dialect)?;
        }
        let (before, from) = read_from(self.source, dialect)?;
        let text_of = |column: &String| {
            let name = dialect.name_of(column);
            format!("coalesce({}, '')", dialect.as_text(&name))
        };
        let list = |columns: &[String], prefix: &str| -> Vec<String> {
            let named = columns.iter().zip(1..);
            named
                .map(|(column, at)| format!("{} AS {prefix}_{at}", text_of(column)))
                .collect()
        };
        let mut read = list(self.quasi, "quasi");
        read.extend(list(self.sensitive, "sensitive"));
        let groups: Vec<String> = (1..=self.quasi.len())
            .map(|at| format!("quasi_{at}"))
            .collect();
        let mut classes = vec!["count(*) AS size".to_owned()];
        let mut figures = vec![
            format!("coalesce(sum(size), 0) AS {}", dialect.name_of("rows")),
            "count(*) AS classes".to_owned(),
            "min(size) AS k".to_owned(),
            "coalesce(sum(CASE WHEN size = 1 THEN 1 ELSE 0 END), 0) AS unique_rows".to_owned(),
        ];
        for size in SIZES {
            figures.push(format!(
                "coalesce(sum(CASE WHEN size < {size} THEN size ELSE 0 END), 0) AS rows_under_{size}"
            ));
        }
        let mut comment = format!(
            "-- crm-anon {} for {}: equivalence classes of the quasi-identifying columns\n",
            env!("CARGO_PKG_VERSION"),
            dialect.title()
        );
        for column in self.quasi {
            comment.push_str(&format!("--   {}\n", Shown::new(column, 0)));
        }
        comment.push_str("-- An empty cell is a value like any other; NULL is an empty cell.\n");
        for (column, at) in self.sensitive.iter().zip(1..) {
            classes.push(format!("count(DISTINCT sensitive_{at}) AS distinct_{at}"));
            figures.push(format!("min(distinct_{at}) AS l_{at}"));
            comment.push_str(&format!(
                "-- l_{at}: the fewest distinct values of {} in a class\n",
                Shown::new(column, 0)
            ));
        }
        Ok(format!(
            "{comment}{before}WITH input AS (\n  SELECT\n    {}\n  FROM {from}\n), classes AS (\n  \
             SELECT\n    {}\n  FROM input\n  GROUP BY {}\n)\nSELECT\n  {}\nFROM classes;\n",
            read.join(",\n    "),
            classes.join(",\n    "),
            groups.join(", "),
            figures.join(",\n  ")
        ))
    }
}
