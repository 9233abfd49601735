//! `keep`: the cells leave as they are, character for character.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use toml::Spanned;

use super::map::{Map, Otherwise};
use crate::base::escape::ShownPath;
use crate::privacy::ladder::Ladder;
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::ladder::{self, Brackets, Jobs, StepName, Style};
use crate::rules::table_file::{self, NamedFile, Row};
use crate::rules::transform::{Action, Mend, Reason};
use crate::rules::{HierarchyFile, Kind, Listed, OptionDoc, Rule, UnusableFile, options, usual};
use crate::sql::{Column, Inexpressible, Output};

pub(crate) static KIND: Kind = Kind {
    name: "keep",
    summary: "keep the cells as they are, character for character",
    done: fixed!("kept as it is, character for character"),
    options: &[
        OptionDoc {
            name: "multiline",
            takes: "true or false; default: false",
            meaning: "let a cell hold line breaks, which are otherwise refused because they show rows \
                      that a stray quote has merged",
        },
        OptionDoc {
            name: "allowed",
            takes: "a list of texts, { file = \"values.csv\" } (one value in each row) or \"known\" (the \
                    values of the column's hierarchy file); default: any value",
            meaning: "keep these values only, blanks around them left out; a missing cell leaves empty",
        },
        OptionDoc {
            name: "otherwise",
            takes: "\"fail\", \"empty\" or { value = \"autre\" }; default: \"fail\"",
            meaning: "what becomes of a cell that is not allowed: it is invalid, leaves empty, or leaves \
                      as that text",
        },
    ],
    samples: &[
        "{}",
        "{ allowed = ['a', \"l'autre\"], otherwise = { value = '*' } }",
    ],
    parse: options::rule::<Keep>,
};

static NOT_ALLOWED: Reason = Reason {
    code: "not_allowed",
    what: fixed!("a value that the rule does not allow"),
    advice: fixed!(
        "accepted are the values that the rule allows: add what is missing to `allowed`"
    ),
    mend: Some(Mend {
        when: fixed!("to write one word in the place of other values"),
        option: "otherwise = { value = \"autre\" }",
    }),
};

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    #[serde(default)]
    multiline: bool,
    allowed: Option<Spanned<Allowed>>,
    otherwise: Option<Otherwise>,
}

/// Which values are kept.
#[derive(Debug, Clone)]
enum Allowed {
    These(Vec<String>),
    InFile(PathBuf),
    Known,
}

impl<'de> Deserialize<'de> for Allowed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct InFile {
            file: PathBuf,
        }

        struct Choice;

        impl<'de> Visitor<'de> for Choice {
            type Value = Allowed;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(fixed!("a list of texts, { file = \"values.csv\" } or \"known\"").get())
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Allowed, E> {
                match word {
                    "known" => Ok(Allowed::Known),
                    _ => Err(E::invalid_value(Unexpected::Str(word), &self)),
                }
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Allowed, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = list.next_element()? {
                    values.push(value);
                }
                Ok(Allowed::These(values))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Allowed, A::Error> {
                let InFile { file } = InFile::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Allowed::InFile(file))
            }
        }

        deserializer.deserialize_any(Choice)
    }
}

#[derive(Debug, serde::Deserialize)]
#[serde(try_from = "Options")]
struct Keep {
    multiline: bool,
    /// What of the cells is kept, if not all.
    only: Option<Only>,
}

#[derive(Debug)]
struct Only {
    allowed: Spanned<Allowed>,
    values: Map,
}

impl TryFrom<Options> for Keep {
    type Error = String;

    fn try_from(options: Options) -> Result<Self, String> {
        let Options {
            multiline,
            allowed,
            otherwise,
        } = options;
        let Some(allowed) = allowed else {
            return match otherwise {
                None => Ok(Self {
                    multiline,
                    only: None,
                }),
                Some(_) => Err(
                    "otherwise says what becomes of values that are not allowed: \
                                expected allowed = [\"a\", \"b\"] beside it"
                        .to_owned(),
                ),
            };
        };
        if multiline {
            return Err(
                "multiline has no meaning beside allowed: only values of the list leave".to_owned(),
            );
        }
        let otherwise = otherwise.unwrap_or(Otherwise::Fail);
        if otherwise == Otherwise::Keep {
            return Err(
                "expected \"fail\", \"empty\" or { value = \"autre\" } for what is not allowed: \
                        to keep it, leave allowed out"
                    .to_owned(),
            );
        }
        let mut values = Map::of_values(
            otherwise,
            (&NOT_ALLOWED, "not a value that the rule allows"),
        );
        if let Allowed::These(list) = allowed.get_ref() {
            if list.is_empty() {
                return Err(
                    "allowed is an empty list: expected a value or more; to keep none, use \
                            rule = \"drop\""
                        .to_owned(),
                );
            }
            for (number, value) in (1..).zip(list) {
                values
                    .add_value(value.as_bytes())
                    .map_err(|why| format!("allowed, value {number}: {why}"))?;
            }
        }
        Ok(Self {
            multiline,
            only: Some(Only { allowed, values }),
        })
    }
}

impl Only {
    /// Adds values of a file, or what is wrong with it.
    fn add_rows(&mut self, rows: &[Row]) -> Result<(), String> {
        for (number, row) in (1..).zip(rows) {
            let [value] = row.as_slice() else {
                return Err("expected one value in each row".to_owned());
            };
            self.values
                .add_value(value)
                .map_err(|why| format!("row {number}: {why}"))?;
        }
        Ok(())
    }
}

impl Rule for Keep {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn words(&self) -> Vec<String> {
        let only = self.only.as_ref();
        only.map(|only| only.values.words()).unwrap_or_default()
    }

    fn read_file(&mut self, folder: &Path) -> Result<Option<NamedFile>, UnusableFile> {
        let Some(only) = &mut self.only else {
            return Ok(None);
        };
        let Allowed::InFile(named) = only.allowed.get_ref().clone() else {
            return Ok(None);
        };
        let read = table_file::read(folder, &named);
        let added = read.and_then(|(rows, file)| only.add_rows(&rows).map(|()| file));
        added.map(Some).map_err(|why| UnusableFile {
            span: only.allowed.span(),
            message: text!(
                "the list of values {path}: {why}",
                path = ShownPath(&folder.join(&named)),
                why
            ),
        })
    }

    fn learn(&mut self, hierarchy: Option<&HierarchyFile>) -> Result<(), UnusableFile> {
        let Some(only) = self.only.as_mut() else {
            return Ok(());
        };
        if !matches!(only.allowed.get_ref(), Allowed::Known) {
            return Ok(());
        }
        let wrong = |message: String| UnusableFile {
            span: only.allowed.span(),
            message,
        };
        let Some(hierarchy) = hierarchy else {
            return Err(wrong(fixed!(
                "\"known\" stands for the values of the column's hierarchy file, and it has none: \
                 expected ladder = { file = \"hierarchy.csv\" } in the column, or a list of values \
                 here").to_string()));
        };
        // A blank value stands for a missing cell.
        let values = hierarchy
            .values()
            .filter(|value| !value.trim_ascii().is_empty());
        for value in values {
            let added = only.values.add_value(value);
            added.map_err(|why| UnusableFile {
                span: only.allowed.span(),
                message: text!("a value of the column's hierarchy file: {why}", why),
            })?;
        }
        Ok(())
    }

    fn compile(&self, column: &ColumnContext<'_>) -> Result<Action, Unready> {
        match &self.only {
            Some(only) => only.values.compile(column),
            None => Ok(Action::Keep {
                multiline: self.multiline,
            }),
        }
    }

    fn sql(&self, column: &mut Column<'_>) -> Result<Output, Inexpressible> {
        match &self.only {
            Some(only) => only.values.sql(column),
            None => Ok(Output::Keep {
                multiline: self.multiline,
            }),
        }
    }

    fn counts(&self) -> &'static [&'static str] {
        self.only.as_ref().map_or(&[], |only| only.values.counts())
    }

    /// A value of a list is nobody's.
    fn identifies_when_repeated(&self) -> bool {
        self.only.is_none()
    }

    fn listed(&self) -> Option<Listed> {
        self.only.is_none().then_some(Listed::Cells)
    }

    /// Numbers become intervals, occupations their groups; what is neither has no step before `*`.
    fn ladder(&self, steps: Option<&[StepName]>) -> Result<Box<dyn Ladder>, String> {
        if let Some(jobs) = steps.and_then(Jobs::named) {
            return Ok(Box::new(jobs?));
        }
        let widths = steps.map(ladder::widths).transpose()?;
        Ok(Box::new(Brackets::new(Style::Numbers, widths)))
    }

    fn usual_ladder(&self, column: &str) -> Result<Box<dyn Ladder>, String> {
        Ok(usual::ladder(column))
    }

    fn usual_weight(&self, column: &str) -> f64 {
        usual::weight(column)
    }
}

#[cfg(test)]
mod tests;
