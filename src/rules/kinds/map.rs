//! `map`: a cell becomes what a table of codes says of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Unexpected, Visitor};
use toml::Spanned;

use crate::base::escape::ShownPath;
use crate::base::lang::Fixed;
use crate::rules::amount::{self, trim};
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::table_file::{self, NamedFile, Row};
use crate::rules::text::{Text, all_plain, check_kept};
use crate::rules::transform::{Action, Cell, Mend, Outcome, Reason, Transform};
use crate::rules::{Kind, OptionDoc, Rule, UnusableFile, options};
use crate::sql::{Column, Inexpressible, Output, any_case};

pub(crate) static KIND: Kind = Kind {
    name: "map",
    summary: "write what a table says of a cell, blanks around it left out",
    done: fixed!("each cell is replaced by what a table of codes says of it"),
    options: &[
        OptionDoc {
            name: "table",
            takes: "a table of texts, such as { \"M.\" = \"H\", \"Mme\" = \"F\" }; this or file is \
                    required",
            meaning: "what each cell becomes; an empty text empties it",
        },
        OptionDoc {
            name: "file",
            takes: "the path of a CSV file, from the rule table's folder",
            meaning: "the same in a file: two columns, no header, ; or , or a tab between them",
        },
        OptionDoc {
            name: "otherwise",
            takes: "\"fail\", \"empty\", \"keep\" or { value = \"autre\" }; default: \"fail\"",
            meaning: "what becomes of a cell that the table does not have: it is invalid, leaves \
                      empty, leaves as it is (if it has no line break and no identifier that proves \
                      itself), or leaves as that text",
        },
        OptionDoc {
            name: "ignore_case",
            takes: "true or false; default: false",
            meaning: "find mme and MME under Mme, too",
        },
    ],
    samples: &[
        "{ table = { 'M.' = 'H' } }",
        "{ table = { 'M.' = 'H' }, otherwise = 'keep' }",
    ],
    parse: options::rule::<Map>,
};

/// The most entries that a query has: each is a comparison.
const MAX_IN_SQL: usize = 1000;

/// The position of `not_in_table` in what the rule counts.
const NOT_IN_TABLE: usize = 0;

static UNKNOWN: Reason = Reason {
    code: "not_in_table",
    what: fixed!("a value that the rule's table does not have"),
    advice: fixed!("accepted are the values of the rule's table: add what is missing there"),
    mend: Some(Mend {
        when: fixed!("to empty the cells of other values"),
        option: "otherwise = \"empty\"",
    }),
};

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    table: Option<BTreeMap<String, Entry>>,
    file: Option<Spanned<PathBuf>>,
    otherwise: Option<Otherwise>,
    #[serde(default)]
    ignore_case: bool,
}

/// What a cell becomes.
#[derive(Debug, serde::Deserialize)]
#[serde(try_from = "String")]
struct Entry(String);

impl TryFrom<String> for Entry {
    type Error = Fixed;

    fn try_from(text: String) -> Result<Self, Fixed> {
        match text.chars().any(char::is_control) {
            true => Err(fixed!(
                "expected a text without line breaks and control characters"
            )),
            false => Ok(Self(text)),
        }
    }
}

/// What becomes of a cell that the table does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Otherwise {
    Fail,
    Empty,
    Keep,
    Value(String),
}

impl<'de> Deserialize<'de> for Otherwise {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Fixed {
            value: Text,
        }

        struct Choice;

        impl<'de> Visitor<'de> for Choice {
            type Value = Otherwise;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(fixed!("\"fail\", \"empty\", \"keep\" or { value = \"autre\" }").get())
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Otherwise, E> {
                match word {
                    "fail" => Ok(Otherwise::Fail),
                    "empty" => Ok(Otherwise::Empty),
                    "keep" => Ok(Otherwise::Keep),
                    _ => Err(E::invalid_value(Unexpected::Str(word), &self)),
                }
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Otherwise, A::Error> {
                let fixed = Fixed::deserialize(MapAccessDeserializer::new(map))?;
                let Text(value) = fixed.value;
                Ok(Otherwise::Value(value))
            }
        }

        deserializer.deserialize_any(Choice)
    }
}

/// What each cell becomes, by the cell as [`Map::key`] has it.
type Entries = HashMap<Vec<u8>, Vec<u8>>;

#[derive(Debug, Clone, serde::Deserialize)]
#[serde(try_from = "Options")]
pub(super) struct Map {
    entries: Entries,
    file: Option<Spanned<PathBuf>>,
    otherwise: Otherwise,
    ignore_case: bool,
    /// Why a cell is invalid that has no entry, and what a query says of it.
    unknown: (&'static Reason, &'static str),
}

impl TryFrom<Options> for Map {
    type Error = Fixed;

    fn try_from(options: Options) -> Result<Self, Fixed> {
        let mut map = Self {
            entries: Entries::new(),
            file: options.file,
            otherwise: options.otherwise.unwrap_or(Otherwise::Fail),
            ignore_case: options.ignore_case,
            unknown: (&UNKNOWN, "not a value of the rule's table"),
        };
        let table = match (options.table, &map.file) {
            (Some(table), None) if !table.is_empty() => table,
            (None, Some(_)) => return Ok(map),
            _ => {
                return Err(fixed!(
                    "expected either a table with an entry or more, or a file: \
                            { map = { table = { \"M.\" = \"H\" } } }"
                ));
            }
        };
        for (cell, Entry(becomes)) in table {
            map.add(cell.as_bytes(), becomes.into_bytes())?;
        }
        Ok(map)
    }
}

impl Map {
    /// A map that writes each value of a list as the list has it, and no other: `unknown` is why another
    /// one is invalid.
    pub(super) fn of_values(
        otherwise: Otherwise,
        unknown: (&'static Reason, &'static str),
    ) -> Self {
        Self {
            entries: Entries::new(),
            file: None,
            otherwise,
            ignore_case: false,
            unknown,
        }
    }

    /// Adds a value that is written as it is.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence.
    pub(super) fn add_value(&mut self, value: &[u8]) -> Result<(), Fixed> {
        let text = str::from_utf8(trim(value)).map_err(|_| fixed!("not UTF-8"))?;
        let Entry(text) = Entry::try_from(text.to_owned())?;
        self.add(value, text.into_bytes())
    }

    /// A cell in the form that is looked up.
    fn key(&self, cell: &[u8]) -> Vec<u8> {
        let cell = trim(cell);
        match (self.ignore_case, str::from_utf8(cell)) {
            (true, Ok(text)) => text.to_lowercase().into_bytes(),
            _ => cell.to_vec(),
        }
    }

    fn add(&mut self, cell: &[u8], becomes: Vec<u8>) -> Result<(), Fixed> {
        let key = self.key(cell);
        if key.is_empty() {
            return Err(fixed!(
                "an entry for a blank cell, which is missing and leaves empty anyway"
            ));
        }
        match self.entries.insert(key, becomes) {
            None => Ok(()),
            Some(_) => Err(fixed!("two entries for one cell")),
        }
    }

    fn add_rows(&mut self, rows: Vec<Row>) -> Result<(), String> {
        for (number, row) in (1..).zip(rows) {
            let Ok([cell, becomes]) = <[Vec<u8>; 2]>::try_from(row) else {
                return Err(fixed!("expected two columns: a cell, and what it becomes").to_string());
            };
            let row = |why: Fixed| text!("row {number}: {why}", number, why);
            let text = String::from_utf8(becomes).map_err(|_| row(fixed!("not UTF-8")))?;
            let Entry(becomes) = Entry::try_from(text).map_err(row)?;
            self.add(&cell, becomes.into_bytes()).map_err(row)?;
        }
        Ok(())
    }
}

impl Rule for Map {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn words(&self) -> Vec<String> {
        let text = |cell: &Vec<u8>| String::from_utf8_lossy(cell).into_owned();
        let words: BTreeSet<String> = self.entries.keys().map(text).collect();
        words.into_iter().collect()
    }

    fn read_file(&mut self, folder: &Path) -> Result<Option<NamedFile>, UnusableFile> {
        let Some(file) = self.file.clone() else {
            return Ok(None);
        };
        let read = table_file::read(folder, file.get_ref());
        let added = read.and_then(|(rows, read)| self.add_rows(rows).map(|()| read));
        added.map(Some).map_err(|why| {
            let path = folder.join(file.get_ref());
            UnusableFile {
                span: file.span(),
                message: text!(
                    "the table of codes {path}: {why}",
                    path = ShownPath(&path),
                    why
                ),
            }
        })
    }

    fn compile(&self, _: &ColumnContext<'_>) -> Result<Action, Unready> {
        let texts = self.entries.values().map(|text| str::from_utf8(text));
        let texts = texts.map(Result::unwrap_or_default);
        let plain = match &self.otherwise {
            Otherwise::Fail | Otherwise::Empty => all_plain(texts),
            Otherwise::Value(value) => all_plain(texts.chain([value.as_str()])),
            Otherwise::Keep => false,
        };
        Ok(Action::Write(Box::new(Compiled {
            rule: self.clone(),
            plain,
        })))
    }

    fn sql(&self, column: &mut Column<'_>) -> Result<Output, Inexpressible> {
        if self.otherwise == Otherwise::Keep {
            return Err(Inexpressible::Because(fixed!(
                "whether what is kept is an identifier is not decided in SQL"
            )));
        }
        if self.entries.len() > MAX_IN_SQL {
            return Err(Inexpressible::Because(fixed!(
                "a table of more than 1000 entries is to be joined"
            )));
        }
        let dialect = column.dialect();
        let trimmed = amount::sql::trimmed(column, None);
        let mut entries: Vec<(&[u8], &[u8])> = Vec::new();
        entries.extend(self.entries.iter().map(|(key, text)| (&**key, &**text)));
        entries.sort_unstable();
        let mut cases = format!("CASE\n  WHEN {trimmed} IS NULL THEN NULL");
        for (key, text) in entries {
            let texts = str::from_utf8(key).ok().zip(str::from_utf8(text).ok());
            let texts = texts.filter(|(key, _)| !key.contains('\0'));
            let Some((key, text)) = texts else {
                return Err(Inexpressible::Because(fixed!(
                    "a cell of its table has a NUL character, or is not UTF-8"
                )));
            };
            let is = match self.ignore_case {
                false => format!("{trimmed} = {}", dialect.text(key)),
                true => {
                    let pattern = any_case(key).ok_or(Inexpressible::Because(fixed!(
                        "the case of a letter in its table depends on where it stands"
                    )))?;
                    dialect.is_whole(&trimmed, &pattern)
                }
            };
            cases.push_str(&format!("\n  WHEN {is} THEN {}", dialect.text(text)));
        }
        if let Otherwise::Value(value) = &self.otherwise {
            cases.push_str(&format!("\n  ELSE {}", dialect.text(value)));
        }
        cases.push_str("\nEND");
        let value = column.step("text", cases);
        Ok(match self.otherwise {
            Otherwise::Fail => Output::checked(value, self.unknown.1),
            _ => Output::of_any(value),
        })
    }

    fn counts(&self) -> &'static [&'static str] {
        match self.otherwise {
            Otherwise::Fail => &[],
            Otherwise::Empty | Otherwise::Keep | Otherwise::Value(_) => &["not_in_table"],
        }
    }
}

struct Compiled {
    rule: Map,
    /// Nothing that it writes needs quotes.
    plain: bool,
}

impl Transform for Compiled {
    fn copies_input(&self) -> bool {
        self.rule.otherwise == Otherwise::Keep
    }

    fn writes_plain(&self) -> bool {
        self.plain
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let entry = match self.rule.ignore_case {
            true => self.rule.entries.get(&self.rule.key(cell.content)),
            false => self.rule.entries.get(trim(cell.content)),
        };
        if let Some(text) = entry {
            out.extend_from_slice(text);
            return Ok(Outcome::Written);
        }
        match &self.rule.otherwise {
            Otherwise::Fail => return Err(self.rule.unknown.0),
            Otherwise::Empty => {}
            Otherwise::Keep => {
                check_kept(cell.content)?;
                out.extend_from_slice(cell.content);
            }
            Otherwise::Value(value) => out.extend_from_slice(value.as_bytes()),
        }
        Ok(Outcome::Counted(NOT_IN_TABLE))
    }

    fn goes_by_content(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests;
