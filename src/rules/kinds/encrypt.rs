//! `encrypt`: the cells leave encrypted, each for itself, for who holds the key of a role.

use serde::Deserialize;

use crate::crypto::cells::{CellCipher, ColumnCipher, Method, Origin, TooLong};
use crate::crypto::keys::Role;
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::transform::{Action, Cell, Outcome, Reason, Transform};
use crate::rules::{Kind, OptionDoc, Pseudonym, Rule, options};
use crate::sql::{Column, Inexpressible, Output};

pub(crate) static KIND: Kind = Kind {
    name: "encrypt",
    summary: "encrypt each cell for who holds the key of a role",
    done: fixed!("encrypted: who holds the key of its role reads it, nobody else"),
    options: &[
        OptionDoc {
            name: "role",
            takes: "the name of a role: a small letter, then small letters, digits, _ or -; required",
            meaning: "whose key (`--key`) the cells are encrypted with and opened by",
        },
        OptionDoc {
            name: "deterministic",
            takes: "true or false; default: false",
            meaning: "encrypt equal cells of the column to equal texts, which are not bound to their \
                      rows: everybody sees who shares a value",
        },
    ],
    samples: &["{ role = 'dpo' }"],
    parse: options::rule::<Encrypt>,
};

static TOO_LONG: Reason = Reason {
    code: "not_encryptable",
    what: fixed!("a cell that cannot be encrypted"),
    advice: fixed!("look whether a stray quote has swallowed rows"),
    mend: None,
};

static NO_INDEX: Reason = Reason {
    code: "no_index",
    what: fixed!("a cell of a row that has no index"),
    advice: fixed!("give the index a name in the rule table"),
    mend: None,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Encrypt {
    role: Role,
    #[serde(default)]
    deterministic: bool,
}

impl Rule for Encrypt {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn sql(&self, _: &mut Column<'_>) -> Result<Output, Inexpressible> {
        Err(Inexpressible::Because(fixed!(
            "a key must not stand in a query"
        )))
    }

    fn compile(&self, column: &ColumnContext<'_>) -> Result<Action, Unready> {
        let key = column.run.key(&self.role)?;
        let (run, output) = (column.run, column.output);
        let position = u32::try_from(column.position).map_err(|_| Unready::NoCipher)?;
        let compiled = match self.deterministic {
            true => ColumnCipher::new(key, Method::Deterministic, output).map(Compiled::Alike),
            false if run.indexed => {
                let cipher = CellCipher::new(key, run.id, output, position);
                cipher.map(|cipher| Compiled::Random(Box::new(cipher)))
            }
            false => return Err(Unready::NoIndex),
        };
        let compiled = compiled.map_err(|_| Unready::NoCipher)?;
        Ok(Action::Write(Box::new(compiled)))
    }

    fn role(&self) -> Option<&Role> {
        Some(&self.role)
    }

    fn pseudonym(&self) -> Option<Pseudonym> {
        Some(match self.deterministic {
            true => Pseudonym::SealedAlike,
            false => Pseudonym::Sealed,
        })
    }
}

enum Compiled {
    /// Each cell for itself, bound to its row.
    Random(Box<CellCipher>),
    Alike(ColumnCipher),
}

impl Compiled {
    fn seal(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<(), &'static Reason> {
        let sealed = match self {
            Self::Random(cipher) => {
                let row = cell.row.index.ok_or(&NO_INDEX)?;
                cipher.seal(cell.content, row, out)
            }
            Self::Alike(cipher) => cipher.seal(cell.content, Origin::NOWHERE, out),
        };
        sealed.map_err(|TooLong| &TOO_LONG)
    }
}

impl Transform for Compiled {
    fn writes_plain(&self) -> bool {
        true
    }

    fn takes_missing(&self) -> bool {
        true
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        // A table may say that an empty cell is not missing.
        if cell.content.is_empty() {
            return Ok(Outcome::Written);
        }
        self.seal(cell, out)?;
        Ok(Outcome::Written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::cells::{CellForm, form_of};
    use crate::rules::context::RunContext;
    use crate::rules::options::testing::{refuses, rule, transform};
    use crate::rules::transform::{CellRow, Transform};

    fn written(transform: &dyn Transform, content: &str, index: Option<u64>) -> String {
        let mut out = b"before,".to_vec();
        let cell = Cell {
            content: content.as_bytes(),
            row: &CellRow {
                index,
                ..*CellRow::FIRST
            },
        };
        transform.apply(cell, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        text.strip_prefix("before,").unwrap().to_owned()
    }

    #[test]
    fn cells_are_encrypted_for_their_role_and_row() {
        let transform = transform(&KIND, "{ role = 'a' }");
        assert!(transform.writes_plain() && transform.takes_missing());
        assert_eq!(written(&*transform, "", Some(1)), "");
        let first = written(&*transform, "Marie", Some(1));
        let second = written(&*transform, "Marie", Some(2));
        assert_ne!(first, second);
        for text in [&first, &second, &written(&*transform, "NULL", Some(3))] {
            assert_eq!(form_of(text.as_bytes()), CellForm::Second, "{text}");
        }
        let cell = Cell {
            content: b"x",
            row: CellRow::FIRST,
        };
        assert_eq!(transform.apply(cell, &mut Vec::new()), Err(&NO_INDEX));
    }

    #[test]
    fn deterministic_cells_are_alike_in_every_row() {
        let transform = transform(&KIND, "{ role = 'a', deterministic = true }");
        let first = written(&*transform, "Marie", Some(1));
        assert_eq!(first, written(&*transform, "Marie", None));
        assert_ne!(first, written(&*transform, "Marie ", Some(1)));
        assert!(first.starts_with("crm1.d.a."), "{first}");
    }

    #[test]
    fn a_run_without_key_or_index_cannot_use_it() {
        let run = RunContext::on(chrono::NaiveDate::MAX);
        let column = |run| ColumnContext {
            run,
            name: "nom",
            output: "nom",
            position: 0,
        };
        let compile = |options, run| rule(&KIND, options).compile(&column(run)).err();
        let no_key = compile("{ role = 'absent' }", &run).unwrap().to_string();
        for part in ["keygen absent -o absent.key", "--key absent.key"] {
            assert!(no_key.contains(part), "{no_key}");
        }
        let unindexed = RunContext {
            indexed: false,
            ..run.clone()
        };
        let random = compile("{ role = 'a' }", &unindexed);
        assert!(matches!(random, Some(Unready::NoIndex)));
        let alike = compile("{ role = 'a', deterministic = true }", &unindexed);
        assert!(alike.is_none());
    }

    #[test]
    fn refuses_bad_options() {
        assert_eq!(
            rule(&KIND, "{ role = 'a' }").pseudonym(),
            Some(Pseudonym::Sealed)
        );
        refuses(
            &KIND,
            &[
                ("{}", "{}", "missing field `role`"),
                ("{ role = 'A' }", "'A'", "expected the name of a role"),
                ("{ role = 1 }", "1", "expected a string"),
                (
                    "{ role = 'a', deterministic = 'yes' }",
                    "'yes'",
                    "expected a boolean",
                ),
                (
                    "{ role = 'a', key = 'x' }",
                    "key",
                    "expected `role` or `deterministic`",
                ),
            ],
        );
    }
}
