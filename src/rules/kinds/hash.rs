//! `hash`: the cells leave as a keyed hash, the same for the same cell under the same key.
//!
//! There is no hash without a key: of an e-mail address, a telephone number or a social security
//! number somebody hashes all there are in seconds, and has them back.

use ring::hmac::{self, HMAC_SHA256};
use serde::Deserialize;

use crate::base::lang::Fixed;
use crate::crypto::keys::Role;
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::domain::{self, Domain};
use crate::rules::transform::{Action, Cell, Outcome, Reason, Transform};
use crate::rules::{Kind, OptionDoc, Pseudonym, Rule, options};
use crate::sql::{Column, Inexpressible, Output};

pub(crate) static KIND: Kind = Kind {
    name: "hash",
    summary: "write a keyed hash: the same for the same cell, so that files can be joined",
    done: fixed!(
        "replaced by a keyed hash: equal values stay equal, and who holds the key can try values"
    ),
    options: &[
        OptionDoc {
            name: "role",
            takes: "the name of a role; required",
            meaning: "whose key (`--key`) the hash is made with",
        },
        OptionDoc {
            name: "length",
            takes: "a whole number from 16 to 64; default: 32",
            meaning: "the number of hexadecimal digits; with 16, two of four billion different values \
                      have the same hash about every other time",
        },
        OptionDoc {
            name: "domain",
            takes: "a text that is not blank; default: the column's name in the rule table",
            meaning: "columns of one domain, in one file or in several, have the same hash for the \
                      same cell; domains are compared as column names are",
        },
    ],
    samples: &["{ role = 'dpo' }"],
    parse: options::rule::<Hash>,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hash {
    role: Role,
    #[serde(default)]
    length: Length,
    domain: Option<Domain>,
}

/// A number of hexadecimal digits.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "i64")]
struct Length(usize);

impl Default for Length {
    fn default() -> Self {
        Self(32)
    }
}

impl TryFrom<i64> for Length {
    type Error = Fixed;

    fn try_from(number: i64) -> Result<Self, Fixed> {
        match usize::try_from(number) {
            Ok(length @ 16..=64) => Ok(Self(length)),
            _ => Err(fixed!(
                "expected a whole number from 16 to 64, of hexadecimal digits"
            )),
        }
    }
}

impl Rule for Hash {
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
        let domain = domain::of(self.domain.as_ref(), column.name);
        let key = key.derive::<32>("hash", &domain);
        let key = key.map_err(|_| Unready::NoCipher)?;
        Ok(Action::Write(Box::new(Compiled {
            key: hmac::Key::new(HMAC_SHA256, key.as_slice()),
            length: self.length.0,
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
    key: hmac::Key,
    length: usize,
}

impl Transform for Compiled {
    fn writes_plain(&self) -> bool {
        true
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let text = std::str::from_utf8(cell.content);
        let content = text.map_or(cell.content, |text| text.trim().as_bytes());
        let hash = hmac::sign(&self.key, content);
        let digits = hash.as_ref().iter();
        let digits = digits.flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
        out.extend(digits.take(self.length));
        Ok(Outcome::Written)
    }
}

/// The digit of a number below 16.
const fn digit(number: u8) -> u8 {
    match number {
        0..=9 => b'0' + number,
        _ => b'a' + number - 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::context::RunContext;
    use crate::rules::options::testing::{refuses, rule, transform, write};

    fn hash(options: &str, cell: &str) -> String {
        write(transform(&KIND, options).as_ref(), cell).unwrap().0
    }

    #[test]
    fn hmac_gives_the_vectors_of_rfc_4231() {
        // Sections 4.2, 4.3 and 4.7: a key of its own length, a short one, one longer than a block.
        for (key, data, expected) in [
            (
                vec![0x0b; 20],
                &b"Hi There"[..],
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe".to_vec(),
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                vec![0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ] {
            let compiled = Compiled {
                key: hmac::Key::new(HMAC_SHA256, &key),
                length: 64,
            };
            let data = std::str::from_utf8(data).unwrap();
            assert_eq!(write(&compiled, data).unwrap().0, expected);
        }
    }

    #[test]
    fn equal_cells_of_a_domain_have_equal_hashes_and_no_others() {
        let usual = "{ role = 'a' }";
        let first = hash(usual, "marie@example.fr");
        assert_eq!(first.len(), 32);
        assert!(
            first
                .bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'))
        );
        for (options, cell, same) in cases![
            usual, "marie@example.fr", true;
            usual, "  marie@example.fr\u{a0}", true;
            usual, "Marie@example.fr", false;
            "{ role = 'b' }", "marie@example.fr", false;
            "{ role = 'a', domain = 'column' }", "marie@example.fr", true;
            "{ role = 'a', domain = ' Column ' }", "marie@example.fr", true;
            "{ role = 'a', domain = 'other' }", "marie@example.fr", false;
        ] {
            assert_eq!(hash(options, cell) == first, same, "{options} {cell}");
        }
        for length in [16, 17, 64] {
            let long = hash(
                &format!("{{ role = 'a', length = {length} }}"),
                "marie@example.fr",
            );
            assert_eq!(long.len(), length);
            assert!(long.starts_with(&first) || first.starts_with(&long));
        }
    }

    #[test]
    fn a_run_without_key_cannot_use_it() {
        let run = RunContext::sample();
        let column = ColumnContext {
            run: &run,
            name: "email",
            output: "email",
            position: 0,
        };
        let error = rule(&KIND, "{ role = 'absent' }").compile(&column).err();
        assert!(matches!(error, Some(Unready::NoKey { .. })), "{error:?}");
        assert_eq!(
            rule(&KIND, "{ role = 'a' }").pseudonym(),
            Some(Pseudonym::Code)
        );
    }

    #[test]
    fn refuses_bad_options() {
        refuses(
            &KIND,
            &[
                ("{}", "{}", "missing field `role`"),
                ("{ role = '' }", "''", "expected the name of a role"),
                ("{ role = 'a', length = 15 }", "15", "from 16 to 64"),
                ("{ role = 'a', length = 65 }", "65", "from 16 to 64"),
                ("{ role = 'a', length = -1 }", "-1", "from 16 to 64"),
                ("{ role = 'a', domain = ' ' }", "' '", "not blank"),
                (
                    "{ role = 'a', salt = 'x' }",
                    "salt",
                    "`role`, `length`, `domain`",
                ),
            ],
        );
    }
}
