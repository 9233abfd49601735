//! What a rule may know of the run and the column that it is compiled for.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::base::error::SystemError;
use crate::base::random::Randomness;
use crate::crypto::cells::RunId;
use crate::crypto::keys::{KeyRing, Role, RoleKey};
use crate::crypto::vault::{VaultError, Vaults};

/// What a rule may know of the run it is compiled for.
#[derive(Clone)]
pub struct RunContext {
    /// The last day that can be a real date of birth.
    pub today: NaiveDate,
    /// Where chance comes from.
    pub random: Arc<Randomness>,
    /// Whether every row gets an index that tells it from all others before it is shuffled:
    /// [`CellRow::index`](crate::rules::transform::CellRow::index) is there.
    pub indexed: bool,
    /// The keys that were given.
    pub keys: Arc<KeyRing>,
    /// The vaults that rules keep tokens in.
    pub vaults: Arc<Vaults>,
    /// What tells this run from all others.
    pub id: RunId,
}

impl RunContext {
    /// A run of that day without keys, for a look at rules or cells.
    ///
    /// # Errors
    /// [`SystemError`] if the operating system gives no randomness.
    pub(crate) fn without_keys(today: NaiveDate) -> Result<Self, SystemError> {
        let random = Arc::new(Randomness::from_system()?);
        Ok(Self {
            today,
            random: Arc::clone(&random),
            indexed: false,
            keys: Arc::default(),
            vaults: Arc::new(Vaults::new(random)?),
            id: RunId::draw()?,
        })
    }

    /// The key of a role.
    ///
    /// # Errors
    /// [`Unready::NoKey`].
    pub fn key(&self, role: &Role) -> Result<&RoleKey, Unready> {
        self.keys
            .get(role.as_str())
            .ok_or_else(|| Unready::NoKey { role: role.clone() })
    }
}

#[cfg(test)]
impl RunContext {
    /// A context in which every date is past, without keys.
    pub(crate) fn sample() -> Self {
        Self {
            keys: Arc::default(),
            ..Self::on(NaiveDate::MAX)
        }
    }

    /// A context of that day, with keys of the roles `a` and `b`.
    pub(crate) fn on(today: NaiveDate) -> Self {
        let mut keys = KeyRing::default();
        for (role, byte) in [("a", 1), ("b", 2)] {
            let key = crate::crypto::keys::known(role, byte);
            keys.add(std::path::Path::new(role), key).unwrap();
        }
        Self {
            today,
            random: Arc::new(Randomness::from_seed(1)),
            indexed: true,
            keys: Arc::new(keys),
            vaults: Arc::new(Vaults::new(Arc::new(Randomness::from_seed(1))).unwrap()),
            id: RunId([7; 12]),
        }
    }
}

/// What a rule may know of the column it is compiled for.
#[derive(Clone, Copy)]
pub struct ColumnContext<'a> {
    /// The run.
    pub run: &'a RunContext,
    /// The column's name in the rule table.
    pub name: &'a str,
    /// The name it leaves under.
    pub output: &'a str,
    /// Its position in the input, from 0: two columns of the input may have one rule.
    pub position: usize,
}

/// What a run lacks for a rule. There is no place to put a cell.
#[derive(Debug, thiserror::Error)]
pub enum Unready {
    /// The rows have no index that stays with them.
    #[error(
        "{}",
        fixed!(
            "what it writes is bound to the index of its row: the rule table must give the index a \
             name, and --shuffle, which gives new indexes at the end, cannot be used"
        )
    )]
    NoIndex,
    /// The key of its role was not given.
    #[error(
        "{}",
        text!(
            "it needs the key of the role `{role}`\n  what to do: give its key file with --key \
             {role}.key; if there is none yet, make one with crm-anon keygen {role} -o {role}.key",
            role
        )
    )]
    NoKey { role: Role },
    /// The vault of its tokens cannot be used.
    #[error("{0}")]
    Vault(VaultError),
    #[error("{}", fixed!("internal error: a key for the column could not be derived"))]
    NoCipher,
}

coded! {
    Unready [Self::Vault(why) => why]
    Self::NoIndex => 2, "no_index", "what a rule writes is bound to an index that rows do not have";
    Self::NoKey { .. } => 2, "no_key", "the key of a rule's role was not given";
    Self::NoCipher => 1, "no_cipher", "a key for a column cannot be derived";
}
