//! `token`: the cells leave as random tokens; what each stands for is kept in a vault.
//!
//! Unlike a hash, a token is drawn by chance: no key makes it again from its value, so once the
//! vault is destroyed nobody finds the way back.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use crate::crypto::keys::Role;
use crate::crypto::vault::Vault;
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::domain::{self, Domain};
use crate::rules::transform::{Action, Cell, Outcome, Reason, Transform};
use crate::rules::{Kind, NamedFile, OptionDoc, Pseudonym, Rule, UnusableFile, options};
use crate::sql::{Column, Inexpressible, Output};

pub(crate) static KIND: Kind = Kind {
    name: "token",
    summary: "write a random token for each distinct cell, the same in every run with the same \
              vault; the vault keeps, encrypted, what each stands for",
    done: fixed!("replaced by random tokens; what they stand for is kept in an encrypted vault"),
    options: &[
        OptionDoc {
            name: "vault",
            takes: "a file, relative to the rule table's folder; required",
            meaning: "where the correspondence is kept; in that folder or below it is made if it is not \
                      there, readable by its owner only",
        },
        OptionDoc {
            name: "role",
            takes: "the name of a role; required",
            meaning: "whose key (`--key`) the vault is encrypted with",
        },
        OptionDoc {
            name: "domain",
            takes: "a text that is not blank; default: the column's name in the rule table",
            meaning: "columns of one domain have the same token for the same cell",
        },
    ],
    samples: &["{ role = 'dpo', vault = 'clients.vault' }"],
    parse: options::rule::<Token>,
};

static VAULT_FAILED: Reason = Reason {
    code: "vault_failed",
    what: fixed!("not replaced, since the vault cannot be read or written"),
    advice: fixed!("see to the vault's file and its disk"),
    mend: None,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Token {
    vault: Spanned<PathBuf>,
    role: Role,
    domain: Option<Domain>,
    /// Whether the vault is in the folder of the rule table or below.
    #[serde(skip)]
    is_beside: bool,
}

impl Rule for Token {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    /// The vault's place; it is opened when a run needs it.
    fn read_file(&mut self, folder: &Path) -> Result<Option<NamedFile>, UnusableFile> {
        let named = self.vault.get_mut();
        if named.as_os_str().is_empty() {
            return Err(UnusableFile {
                span: self.vault.span(),
                message: fixed!("expected the name of a file").to_string(),
            });
        }
        let mut names = named.components();
        self.is_beside = names.all(|name| matches!(name, Component::Normal(_) | Component::CurDir));
        let path = folder.join(&*named);
        let named = std::mem::replace(named, path.clone());
        Ok(Some(NamedFile {
            path,
            named,
            sha256: None,
        }))
    }

    fn sql(&self, _: &mut Column<'_>) -> Result<Output, Inexpressible> {
        Err(Inexpressible::Because(fixed!(
            "its vault is opened by this program alone"
        )))
    }

    fn compile(&self, column: &ColumnContext<'_>) -> Result<Action, Unready> {
        let key = column.run.key(&self.role)?;
        let (vaults, path) = (&column.run.vaults, self.vault.get_ref());
        // A rule table may be anybody's: it lets no file be made anywhere else.
        let vault = match self.is_beside {
            true => vaults.get(path, key),
            false => vaults.get_existing(path, key),
        };
        Ok(Action::Write(Box::new(Compiled {
            vault: vault.map_err(Unready::Vault)?,
            domain: domain::of(self.domain.as_ref(), column.name),
        })))
    }

    fn role(&self) -> Option<&Role> {
        Some(&self.role)
    }

    fn pseudonym(&self) -> Option<Pseudonym> {
        Some(Pseudonym::Code)
    }
}

struct Compiled {
    vault: Arc<Vault>,
    domain: String,
}

impl Transform for Compiled {
    fn writes_plain(&self) -> bool {
        true
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        // The vault remembers why, and the run ends with it.
        let token = self.vault.token(&self.domain, cell.content);
        let token = token.map_err(|_| &VAULT_FAILED)?;
        out.extend_from_slice(token.as_bytes());
        Ok(Outcome::Written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::context::RunContext;
    use crate::rules::options::testing::{refuses, rule, write};

    fn transform(
        run: &RunContext,
        folder: &Path,
        column: &str,
        options: &str,
    ) -> Box<dyn Transform> {
        let mut rule = rule(&KIND, options);
        let file = rule.read_file(folder).unwrap();
        assert_eq!(file.map(|file| file.path), Some(folder.join("a.vault")));
        let context = ColumnContext {
            run,
            name: column,
            output: "out",
            position: 0,
        };
        match rule.compile(&context).unwrap() {
            Action::Write(transform) => transform,
            Action::Drop | Action::Keep { .. } => panic!("does not write"),
        }
    }

    #[test]
    fn one_token_for_each_cell_of_a_domain() {
        let folder = tempfile::tempdir().unwrap();
        let options = "{ vault = 'a.vault', role = 'a' }";
        let shared = "{ vault = 'a.vault', role = 'a', domain = 'Client' }";
        // One vault at a time: every rule of a run shares it.
        let run = RunContext::on(chrono::NaiveDate::MAX);
        let one = |column, options, cell: &str| {
            let transform = transform(&run, folder.path(), column, options);
            assert!(transform.writes_plain() && !transform.takes_missing());
            write(&*transform, cell).unwrap().0
        };
        let first = one("client", options, "C-1");
        assert_eq!(first.len(), crate::crypto::vault::TOKEN);
        for (case, column, options, cell, same) in [
            ("again", "client", options, "C-1", true),
            ("another cell", "client", options, "C-2", false),
            ("given back as it was", "client", options, " C-1", false),
            ("another column", "parrain", options, "C-1", false),
            ("of its domain", "parrain", shared, "C-1", true),
        ] {
            assert_eq!(one(column, options, cell) == first, same, "{case}");
        }
    }

    #[test]
    fn refuses_bad_options() {
        refuses(
            &KIND,
            &[
                ("{ role = 'a' }", "{ role = 'a' }", "vault"),
                ("{ vault = 'v' }", "{ vault = 'v' }", "role"),
                ("{ vault = 3, role = 'a' }", "3", "expected"),
                ("{ vault = 'v', role = 'A' }", "'A'", "expected"),
                (
                    "{ vault = 'v', role = 'a', domain = ' ' }",
                    "' '",
                    "not blank",
                ),
                ("{ vault = 'v', role = 'a', key = 'k' }", "key", "expected"),
            ],
        );
        let mut empty = rule(&KIND, "{ vault = '', role = 'a' }");
        assert!(empty.read_file(Path::new("")).is_err());
    }
}
