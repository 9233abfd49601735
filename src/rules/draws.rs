//! Where the random numbers of a rule come from: the run, or the key of a role.
//!
//! Of many exports of one value, each with a draw of its own, the value can be worked out: noise
//! averages away, and shifts narrow the days down. With a key, the numbers of a person follow from
//! the key, the person and the value, so that another export tells nothing more.

use rand::SeedableRng;
use rand::rngs::ChaCha12Rng;
use ring::hmac::{self, HMAC_SHA256};

use crate::crypto::keys::Role;
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::transform::{Cell, Reason};

/// The words of the option `role` of such a rule.
pub(super) const ROLE_TAKES: &str = "the name of a role; default: none, a draw for each run";

/// The random numbers of a rule.
pub(super) enum Draws {
    /// The generator of the run; that of a record is its stream of the record's number.
    OfRecord(ChaCha12Rng),
    /// The key that those of a person follow from.
    OfPerson(hmac::Key),
}

static NO_PERSON: Reason = Reason {
    code: "no_person",
    what: fixed!("in a row that does not say whose it is, so that no draw can be repeated"),
    advice: fixed!("see to the columns that say whose rows are whose"),
    mend: None,
};

impl Draws {
    pub(super) fn of_run(column: &ColumnContext<'_>, purpose: &str) -> Self {
        Self::OfRecord(column.run.random.stream(purpose))
    }

    /// Those of the key of a role, for a rule of this kind. Each purpose has numbers of its own.
    ///
    /// # Errors
    /// The key was not given.
    pub(super) fn of_role(
        role: &Role,
        column: &ColumnContext<'_>,
        (kind, purpose): (&str, &str),
    ) -> Result<Self, Unready> {
        let key = column.run.key(role)?.derive::<32>(kind, purpose);
        let key = key.map_err(|_| Unready::NoCipher)?;
        Ok(Self::OfPerson(hmac::Key::new(HMAC_SHA256, key.as_slice())))
    }

    /// The numbers for a cell: those of the record, or of the person and the value.
    ///
    /// # Errors
    /// The row does not say whose it is.
    pub(super) fn of(&self, cell: Cell<'_>, value: &[u8]) -> Result<ChaCha12Rng, &'static Reason> {
        match self {
            Self::OfRecord(random) => {
                let mut random = ChaCha12Rng::from_seed(random.get_seed());
                random.set_stream(cell.row.record);
                Ok(random)
            }
            Self::OfPerson(_) if cell.row.person.is_empty() => Err(&NO_PERSON),
            Self::OfPerson(key) => {
                let mut context = hmac::Context::with_key(key);
                // A person and a value are not mistaken for others of the same bytes together.
                context.update(&(cell.row.person.len() as u64).to_le_bytes());
                context.update(cell.row.person);
                context.update(value);
                let mut seed = [0; 32];
                for (to, from) in seed.iter_mut().zip(context.sign().as_ref()) {
                    *to = *from;
                }
                Ok(ChaCha12Rng::from_seed(seed))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rand::Rng;

    use super::*;
    use crate::base::random::Randomness;
    use crate::rules::context::RunContext;
    use crate::rules::options::testing::today;
    use crate::rules::transform::CellRow;

    #[test]
    fn a_persons_numbers_hang_on_key_purpose_person_and_value_alone() {
        let first = |role: &str, purpose, record, person: &'static str, value: &str| {
            let run = RunContext {
                random: Arc::new(Randomness::from_seed(record)),
                ..RunContext::on(today())
            };
            let column = ColumnContext {
                run: &run,
                name: "column",
                output: "column",
                position: usize::try_from(record).unwrap(),
            };
            let role = role.parse().unwrap();
            let draws = Draws::of_role(&role, &column, ("noise", purpose)).unwrap();
            let cell = Cell {
                content: b"12",
                row: &CellRow {
                    record,
                    index: Some(record),
                    person: person.as_bytes(),
                },
            };
            draws
                .of(cell, value.as_bytes())
                .map(|mut draw| draw.next_u64())
        };
        let own = first("a", "x", 1, "C-1", "5");
        for (case, other, same) in [
            ("another run and row", first("a", "x", 2, "C-1", "5"), true),
            ("another key", first("b", "x", 1, "C-1", "5"), false),
            ("another purpose", first("a", "y", 1, "C-1", "5"), false),
            ("another person", first("a", "x", 1, "C-2", "5"), false),
            ("another value", first("a", "x", 1, "C-1", "6"), false),
            ("the same bytes", first("a", "x", 1, "C-15", ""), false),
        ] {
            assert_eq!(other == own, same, "{case}");
        }
        assert_eq!(first("a", "x", 1, "", "5"), Err(&NO_PERSON));
    }
}
