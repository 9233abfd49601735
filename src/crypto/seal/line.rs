//! The line of a run: the name of the column of seals, in the header, where a spreadsheet keeps it.
//!
//! ```text
//! crm2.run.PAYLOAD
//!   payload = run id (12) ‖ id of the writing (12)
//!           ‖ roles (2), each: length of its name (1) ‖ name ‖ key id (4) ‖ the secret, sealed for it (48)
//!           ‖ columns (4), without that of the seals ‖ entries (4),
//!             each: number of the column (4) ‖ what it holds (1) ‖ number of its role (2) ‖ position (4)
//!           ‖ tag (16)
//! ```
//!
//! Columns are numbered in the order of their names' [keys](name::key), those of one name as they stand. The
//! secret is sealed by AES-256-GCM under HKDF-SHA-256 of the role's key (salt = run id, kind `seal`, no NAME),
//! with a nonce of zeros, as nothing else is. The tag is that of no text, under a key of the writing, with a
//! nonce of zeros; it proves all that stands before it, and the names of the columns.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use rand::TryRng;
use rand::rngs::SysRng;
use ring::aead::{Aad, NONCE_LEN, Nonce};
use zeroize::Zeroize;

use super::{RowSeals, TAG, append, cipher};
use crate::base::name;
use crate::crypto::cells::RunId;
use crate::crypto::keys::{KeyError, Role, RoleKey, RunSecret};

/// What begins the line.
pub const MARK: &str = "crm2.run.";

const ID: usize = 12;
const KEY_ID: usize = 4;
const SEALED_SECRET: usize = RunSecret::LENGTH + TAG;

/// Whether the name of a column is the line of a run, or once was.
pub fn is_line(name: &str) -> bool {
    name.trim().starts_with(MARK)
}

/// What a column holds that is not kept as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// The index of the row.
    Index,
    /// Cells that are encrypted each for itself.
    Sealed,
    /// Cells that are encrypted deterministically.
    SealedAlike,
    /// Hashes or tokens.
    Code,
}

impl Holds {
    const ALL: [(u8, Self); 4] = [
        (b'i', Self::Index),
        (b'e', Self::Sealed),
        (b'd', Self::SealedAlike),
        (b'c', Self::Code),
    ];

    fn letter(self) -> u8 {
        let entry = Self::ALL.iter().find(|(_, holds)| *holds == self);
        entry.map_or(0, |(letter, _)| *letter)
    }
}

/// A column that is not kept as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnEntry {
    /// Its number, from 0.
    pub number: u32,
    /// What it holds.
    pub holds: Holds,
    /// The number of its role among those of the line, from 0.
    pub role: u16,
    /// Its position in the input of the run, from 0.
    pub position: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct RoleEntry {
    role: Role,
    id: [u8; KEY_ID],
    secret: [u8; SEALED_SECRET],
}

/// The line of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunLine {
    run: RunId,
    writing: [u8; ID],
    roles: Vec<RoleEntry>,
    /// How many columns there are beside that of the seals.
    width: u32,
    columns: Vec<ColumnEntry>,
    tag: [u8; TAG],
}

/// Why the line does not open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is not as it was written.
    Damaged,
    /// The file was protected with another key of the role.
    OtherKey(Role),
}

impl RunLine {
    /// The line of a run with these roles, whose seals were not written yet.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn new<'k>(
        run: RunId,
        secret: &RunSecret,
        roles: impl Iterator<Item = &'k RoleKey>,
        width: u32,
        columns: Vec<ColumnEntry>,
    ) -> Result<Self, KeyError> {
        let entries = roles.map(|key| {
            Ok(RoleEntry {
                role: key.role().clone(),
                id: key.id()?,
                secret: sealed(run, secret, key)?,
            })
        });
        Ok(Self {
            run,
            writing: [0; ID],
            roles: entries.collect::<Result<_, KeyError>>()?,
            width,
            columns,
            tag: [0; TAG],
        })
    }

    /// The run.
    pub fn run(&self) -> RunId {
        self.run
    }

    /// How many columns there are beside that of the seals.
    pub fn width(&self) -> usize {
        self.width as usize
    }

    /// The columns that are not kept as they were.
    pub fn columns(&self) -> &[ColumnEntry] {
        &self.columns
    }

    /// The role of a column.
    pub fn role(&self, column: &ColumnEntry) -> Option<&Role> {
        self.roles
            .get(usize::from(column.role))
            .map(|entry| &entry.role)
    }

    /// Whether a role is one of the run's.
    pub fn knows(&self, role: &Role) -> bool {
        self.roles.iter().any(|entry| entry.role == *role)
    }

    /// The same line, of which these columns are all that is not kept.
    #[must_use]
    pub fn with_columns(&self, columns: Vec<ColumnEntry>) -> Self {
        Self {
            columns,
            ..self.clone()
        }
    }

    /// The same line, with another key of a role.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn with_key(&self, secret: &RunSecret, key: &RoleKey) -> Result<Self, KeyError> {
        let mut line = self.clone();
        for entry in &mut line.roles {
            if entry.role == *key.role() {
                (entry.id, entry.secret) = (key.id()?, sealed(self.run, secret, key)?);
            }
        }
        Ok(line)
    }

    /// Draws an id for seals that are about to be written, proves the line for columns with these names (in the
    /// order of their numbers), and gives what seals rows, and the text.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn write<'n>(
        &self,
        secret: &RunSecret,
        names: impl Iterator<Item = &'n str>,
    ) -> Result<(RowSeals, String), KeyError> {
        let mut line = self.clone();
        SysRng
            .try_fill_bytes(&mut line.writing)
            .map_err(|error| KeyError::NoRandomness(std::io::Error::other(error.to_string())))?;
        let mut bytes = line.body();
        let tag = line.prove(secret, names, |key, nonce, about| {
            key.seal_in_place_separate_tag(nonce, about, &mut [])
                .ok()
                .and_then(|tag| tag.as_ref().try_into().ok())
        })?;
        line.tag = tag.ok_or(KeyError::Underivable)?;
        bytes.extend_from_slice(&line.tag);
        let text = format!("{MARK}{}", BASE64URL.encode(&bytes));
        Ok((line.seals(secret)?, text))
    }

    /// Reads a line, of which nothing is proved then.
    ///
    /// # Errors
    /// [`Fault::Damaged`].
    pub fn read(text: &str) -> Result<Self, Fault> {
        let payload = text.trim().strip_prefix(MARK).ok_or(Fault::Damaged)?;
        let bytes = BASE64URL.decode(payload).map_err(|_| Fault::Damaged)?;
        parse(&bytes).ok_or(Fault::Damaged)
    }

    /// The secret of the run, for who has the key of one of its roles; nothing if it has another role.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn secret(&self, key: &RoleKey) -> Result<Option<RunSecret>, Fault> {
        let Some(entry) = self.roles.iter().find(|entry| entry.role == *key.role()) else {
            return Ok(None);
        };
        if key.id().map_err(|_| Fault::Damaged)? != entry.id {
            return Err(Fault::OtherKey(entry.role.clone()));
        }
        let wrapping = key.derive_in_run(&self.run.0, "seal", "");
        let cipher = wrapping.and_then(|key| cipher(&key));
        let mut bytes = entry.secret;
        let opened = cipher.map_err(|_| Fault::Damaged)?;
        let opened = opened.open_in_place(zeros(), Aad::empty(), &mut bytes);
        let opened = opened.map_err(|_| Fault::Damaged)?;
        let secret = opened.first_chunk().map(RunSecret::of);
        bytes.zeroize();
        secret.map(Some).ok_or(Fault::Damaged)
    }

    /// Whether the line is as it was written, in a header with these names, in the order of their numbers.
    pub fn is_proved<'n>(&self, secret: &RunSecret, names: impl Iterator<Item = &'n str>) -> bool {
        let tag = self.tag.into();
        let proved = self.prove(secret, names, |key, nonce, about| {
            let opened = key.open_in_place_separate_tag(nonce, about, tag, &mut [], 0..);
            opened.ok().map(drop)
        });
        proved.is_ok_and(|proved| proved.is_some())
    }

    /// What opens the seals of rows.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn seals(&self, secret: &RunSecret) -> Result<RowSeals, KeyError> {
        RowSeals::new(secret, &self.salt())
    }

    /// What tells this writing of the run from all others.
    fn salt(&self) -> [u8; 2 * ID] {
        let mut salt = [0; 2 * ID];
        if let Some((run, writing)) = salt.split_first_chunk_mut()
            && let Some(rest) = writing.first_chunk_mut()
        {
            (*run, *rest) = (self.run.0, self.writing);
        }
        salt
    }

    fn prove<'n, T>(
        &self,
        secret: &RunSecret,
        names: impl Iterator<Item = &'n str>,
        work: impl FnOnce(&ring::aead::LessSafeKey, Nonce, Aad<&[u8]>) -> Option<T>,
    ) -> Result<Option<T>, KeyError> {
        let mut about = self.body();
        for name in names {
            append(name::key(name).as_bytes(), &mut about);
        }
        let key = cipher(&secret.derive(&self.salt(), "line")?)?;
        Ok(work(&key, zeros(), Aad::from(about.as_slice())))
    }

    /// All but the tag.
    fn body(&self) -> Vec<u8> {
        let mut bytes = self.salt().to_vec();
        let roles = u16::try_from(self.roles.len()).unwrap_or(u16::MAX);
        bytes.extend_from_slice(&roles.to_be_bytes());
        for entry in &self.roles {
            let name = entry.role.as_str().as_bytes();
            bytes.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
            bytes.extend_from_slice(name);
            bytes.extend_from_slice(&entry.id);
            bytes.extend_from_slice(&entry.secret);
        }
        bytes.extend_from_slice(&self.width.to_be_bytes());
        let entries = u32::try_from(self.columns.len()).unwrap_or(u32::MAX);
        bytes.extend_from_slice(&entries.to_be_bytes());
        for column in &self.columns {
            bytes.extend_from_slice(&column.number.to_be_bytes());
            bytes.push(column.holds.letter());
            bytes.extend_from_slice(&column.role.to_be_bytes());
            bytes.extend_from_slice(&column.position.to_be_bytes());
        }
        bytes
    }
}

fn zeros() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

/// The secret of a run, for who has the key of a role.
fn sealed(run: RunId, secret: &RunSecret, key: &RoleKey) -> Result<[u8; SEALED_SECRET], KeyError> {
    let cipher = cipher(&key.derive_in_run(&run.0, "seal", "")?)?;
    let mut bytes = [0; SEALED_SECRET];
    let (text, tag) = bytes
        .split_last_chunk_mut::<TAG>()
        .ok_or(KeyError::Underivable)?;
    text.copy_from_slice(secret.bytes());
    let made = cipher.seal_in_place_separate_tag(zeros(), Aad::empty(), text);
    let made = made.map_err(|_| KeyError::Underivable)?;
    tag.copy_from_slice(made.as_ref());
    Ok(bytes)
}

fn parse(bytes: &[u8]) -> Option<RunLine> {
    let (run, rest) = bytes.split_first_chunk()?;
    let (writing, rest) = rest.split_first_chunk()?;
    let (count, mut rest) = rest.split_first_chunk()?;
    let mut roles = Vec::new();
    for _ in 0..u16::from_be_bytes(*count) {
        let (length, behind) = rest.split_first()?;
        let (role, behind) = behind.split_at_checked(usize::from(*length))?;
        let (id, behind) = behind.split_first_chunk()?;
        let (secret, behind) = behind.split_first_chunk()?;
        rest = behind;
        roles.push(RoleEntry {
            role: std::str::from_utf8(role).ok()?.parse().ok()?,
            id: *id,
            secret: *secret,
        });
    }
    let (width, rest) = rest.split_first_chunk()?;
    let (count, rest) = rest.split_first_chunk()?;
    let (entries, tag) = rest.split_last_chunk()?;
    let (entries, []) = entries.as_chunks::<11>() else {
        return None;
    };
    if u32::from_be_bytes(*count) as usize != entries.len() {
        return None;
    }
    let width = u32::from_be_bytes(*width);
    let mut columns = Vec::new();
    for entry in entries {
        let (number, rest) = entry.split_first_chunk()?;
        let (letter, rest) = rest.split_first()?;
        let (role, rest) = rest.split_first_chunk()?;
        let (_, holds) = Holds::ALL.iter().find(|(known, _)| known == letter)?;
        columns.push(ColumnEntry {
            number: u32::from_be_bytes(*number),
            holds: *holds,
            role: u16::from_be_bytes(*role),
            position: u32::from_be_bytes(*rest.first_chunk()?),
        });
    }
    let is_known = |column: &ColumnEntry| {
        column.number < width
            && (usize::from(column.role) < roles.len() || column.holds == Holds::Index)
    };
    columns.iter().all(is_known).then_some(RunLine {
        run: RunId(*run),
        writing: *writing,
        roles,
        width,
        columns,
        tag: *tag,
    })
}
