//! Where the rows of a query come from, and what becomes of them.

/// Where the rows come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A table or a view, by the parts of its name: `crm`, `base_client`.
    Table(Vec<String>),
    Csv(CsvFile),
}

/// A CSV file that an engine is to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvFile {
    /// Where it is, in the engine's own words: a path, a pattern of paths, an address.
    pub path: String,
    /// The delimiter between its cells.
    pub delimiter: u8,
}

/// What becomes of the rows of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// They are the query's result.
    Rows,
    /// A view or a table of that name.
    Create(Made, Vec<String>),
    /// A file, or a folder where the engine writes several.
    Copy(String, Format),
}

/// What a query can be made into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// A view: the query runs each time that it is read.
    View,
    Table,
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// CSV with a header.
    Csv,
    Parquet,
}

/// The parts of a table's name: separated by dots, and between `"` where a part has a dot itself.
///
/// Nothing if a part is empty or a quote is left open.
pub fn name_parts(name: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut rest = name;
    loop {
        let (part, behind) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_part(quoted)?,
            None => match rest.split_once('.') {
                Some((part, _)) => (part.to_owned(), rest.get(part.len()..)?),
                None => (rest.to_owned(), ""),
            },
        };
        if part.is_empty() {
            return None;
        }
        parts.push(part);
        if behind.is_empty() {
            return Some(parts);
        }
        rest = behind.strip_prefix('.')?;
    }
}

/// A part between quotes, the first of which is gone, and what is behind it.
fn quoted_part(text: &str) -> Option<(String, &str)> {
    let mut part = String::new();
    let mut rest = text;
    loop {
        let (before, behind) = rest.split_once('"')?;
        part.push_str(before);
        match behind.strip_prefix('"') {
            Some(more) => {
                part.push('"');
                rest = more;
            }
            None => return Some((part, behind)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_parts() {
        for (name, expected) in [
            ("base_client", Some(&["base_client"][..])),
            ("crm.base client", Some(&["crm", "base client"])),
            ("\"a.b\".c", Some(&["a.b", "c"])),
            ("\"a\"\"b\"", Some(&["a\"b"])),
            ("a\"b", Some(&["a\"b"])),
            ("", None),
            ("a.", None),
            (".a", None),
            ("\"a", None),
            ("\"a\"b", None),
            ("\"\"", None),
        ] {
            let parts = name_parts(name);
            assert_eq!(
                parts.as_deref(),
                expected
                    .map(|parts| {
                        parts
                            .iter()
                            .map(|&part| part.to_owned())
                            .collect::<Vec<_>>()
                    })
                    .as_deref(),
                "{name}"
            );
        }
    }
}
