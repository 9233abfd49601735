//! The input as bytes: a file or standard input, decompressed.
//!
//! What is published must be what was looked at, so a file that changes while it is read is refused:
//! its size and its times are compared before another pass and at the end, and where there are several
//! passes, their bytes are.

mod ahead;
mod bytes;
mod content;

use std::fs::Metadata;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use ahead::Ahead;
use bytes::{Bytes, Origin};
pub(crate) use content::{Asked, Content};

use crate::io::error::Error;
use crate::io::fingerprint::FingerprintKey;
use crate::io::spool::{CHUNK, SpoolWriter};
use crate::io::system::facts::Facts;
use crate::io::system::file_id::FileId;
use crate::io::system::files;

/// How an input is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Compression {
    /// Recognised from the first bytes
    Auto,
    /// Not compressed
    None,
    /// gzip, one member or several
    Gzip,
    /// Zstandard
    Zstd,
}

/// An open input. Its bytes are counted, and hashed on request, as they are read.
pub struct Input {
    size: Option<u64>,
    id: Option<FileId>,
    raw: Arc<Mutex<Bytes>>,
    /// What the system knew of the file when it was opened, if it is one.
    facts: Option<Facts>,
    /// Where in the file the input begins.
    start: u64,
    /// What was read by the first pass, if there are several.
    before: Option<Passed>,
    /// How it is compressed, once that is known.
    compression: OnceLock<Compression>,
}

/// What was read in a pass over the whole input.
struct Passed {
    bytes: u64,
    sha256: Option<String>,
    fingerprint: Option<[u8; 16]>,
}

/// That a file is no longer what it was when it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InputChanged {
    /// It grew or was cut.
    #[error(
        "{}",
        text!(
            "it had {before} bytes when it was opened and has {now} now: something writes to it\n  what \
             to do: run again when it is complete, or on a copy",
            before,
            now
        )
    )]
    Size { before: u64, now: u64 },
    /// It was written to, or its name or rights were changed.
    #[error(
        "{}",
        fixed!(
            "the file was changed while it was read\n  what to do: run again when nothing writes to it, \
             or on a copy"
        )
    )]
    Time,
    /// A second reading gave other bytes.
    #[error(
        "{}",
        fixed!(
            "its content changed between two readings\n  what to do: run again when nothing writes to \
             it, or on a copy"
        )
    )]
    Content,
}

coded! {
    InputChanged []
    Self::Size { .. } => "input_changed_size", "the input grew or was cut while it was read";
    Self::Time { .. } => "input_changed", "the input was written to while it was read";
    Self::Content { .. } => "input_changed_content", "the input had another content in another pass";
}

/// The bytes that are read at once from compressed data.
const PIECE: usize = 128 * 1024;

impl Input {
    /// Opens `path`, or standard input for `-`. `hash` asks for a SHA-256 of what is read.
    ///
    /// # Errors
    /// [`Error::Open`].
    pub fn open(path: &Path, hash: bool) -> Result<Self, Error> {
        let cannot = |source| Error::Open {
            path: path.to_owned(),
            source,
        };
        let standard = path.as_os_str() == "-";
        let mut file = match standard {
            true => files::standard_input().map_err(cannot)?,
            false => files::open(path).map_err(cannot)?,
        };
        let facts = files::metadata(&file).map_err(cannot)?;
        if facts.as_ref().is_some_and(Metadata::is_dir) {
            return Err(cannot(io::ErrorKind::IsADirectory.into()));
        }
        let size = facts.filter(Metadata::is_file).map(|facts| facts.len());
        let start = match size {
            Some(_) => file.stream_position().map_err(cannot)?,
            None => 0,
        };
        Ok(Self {
            facts: Facts::of(&file).map_err(cannot)?,
            start,
            before: None,
            compression: OnceLock::new(),
            size,
            id: FileId::of_open(&file),
            raw: Arc::new(Mutex::new(Bytes::new(Origin::File(file), hash))),
        })
    }

    /// Its size in bytes, compressed as it is, if it is a file.
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// Which regular file it is, if it is one.
    pub fn id(&self) -> Option<FileId> {
        self.id
    }

    /// How many of its bytes have been read in this pass.
    pub fn bytes_read(&self) -> u64 {
        self.raw().counted.total_bytes()
    }

    /// How many of its bytes have been read, in the first pass if there are several.
    pub fn bytes_of_first_pass(&self) -> u64 {
        match &self.before {
            Some(passed) => passed.bytes,
            None => self.bytes_read(),
        }
    }

    /// The SHA-256 of what has been read, if it was asked for: of the first pass, if there are
    /// several.
    pub fn sha256(&self) -> Option<String> {
        match &self.before {
            Some(passed) => passed.sha256.clone(),
            None => self.raw().counted.sha256(),
        }
    }

    /// How it is compressed, said or recognised; `Auto` until `Input::content` is called.
    pub fn compression(&self) -> Compression {
        let known = self.compression.get().copied();
        known.unwrap_or(Compression::Auto)
    }

    /// Makes a second pass possible. What is no file is put aside as it is read, in a temporary file that has no
    /// name, is encrypted under a key that is in memory only, and is gone with the program; of a file
    /// the passes are compared. To be called before `Input::content`.
    ///
    /// # Errors
    /// [`Error::Aside`].
    pub fn keep_for_second_pass(&mut self) -> Result<(), Error> {
        let mut raw = self.raw();
        if self.size.is_some() {
            let key = FingerprintKey::draw().map_err(Error::Aside)?;
            raw.fingerprint = Some(key.start());
            raw.key = Some(key);
        } else {
            raw.aside = Some(Ok(SpoolWriter::create(CHUNK).map_err(Error::Aside)?));
        }
        Ok(())
    }

    /// Goes back to the beginning, for another pass, when one is done.
    ///
    /// # Errors
    /// [`Error::Read`] and [`Error::Aside`]; [`Error::Changed`] if the file is no longer what it was.
    pub fn again(&mut self) -> Result<(), Error> {
        self.check_unchanged()?;
        let mut raw = self.raw();
        let aside = raw.put_aside()?;
        let passed = raw.passed();
        let origin = match aside {
            Some(spool) => Origin::Spool(Arc::new(spool).reader()),
            None => raw
                .counted
                .get_ref()
                .again(self.start)
                .map_err(Error::Read)?,
        };
        let key = raw.key.take();
        drop(raw);
        if let Origin::Spool(_) = origin {
            self.size = Some(passed.bytes);
        }
        let mut bytes = Bytes::new(origin, false);
        bytes.fingerprint = key.as_ref().map(FingerprintKey::start);
        bytes.key = key;
        self.before.get_or_insert(passed);
        self.raw = Arc::new(Mutex::new(bytes));
        Ok(())
    }

    /// Makes sure, when a pass is done, that it has read the file as it was when it was opened, and
    /// the same bytes as the pass before. A pipe gives nothing to compare; what was put aside of one
    /// is proved by its encryption.
    ///
    /// # Errors
    /// [`Error::Changed`]; [`Error::Read`] if the system does not tell.
    pub fn check_unchanged(&self) -> Result<(), Error> {
        let raw = self.raw();
        let passed = raw.passed();
        if let (Some(before), Origin::File(file)) = (self.facts, raw.counted.get_ref()) {
            let now = Facts::of(file).map_err(Error::Read)?;
            let size = now.map_or(0, |now| now.size);
            let whole = before.size.saturating_sub(self.start);
            // A file of `/proc` has no size.
            let read = match before.size {
                0 => before.size,
                _ => before.size - whole + passed.bytes,
            };
            for now in [size, read] {
                if now != before.size {
                    let before = before.size;
                    return Err(InputChanged::Size { before, now }.into());
                }
            }
            if now != Some(before) {
                return Err(InputChanged::Time.into());
            }
        }
        match &self.before {
            Some(before) if before.bytes != passed.bytes => Err(InputChanged::Content.into()),
            Some(before) if before.fingerprint.is_some() => {
                match before.fingerprint == passed.fingerprint {
                    true => Ok(()),
                    false => Err(InputChanged::Content.into()),
                }
            }
            _ => Ok(()),
        }
    }

    fn raw(&self) -> MutexGuard<'_, Bytes> {
        self.raw.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its bytes, decompressed.
    fn decompressed(&self, compression: Compression) -> Result<Box<dyn Read + Send>, Error> {
        let mut raw = Raw(Arc::clone(&self.raw));
        let mut start = Vec::new();
        if compression == Compression::Auto {
            (&mut raw)
                .take(4)
                .read_to_end(&mut start)
                .map_err(Error::Read)?;
        }
        let compression = match (compression, start.as_slice()) {
            (Compression::Auto, [0x1F, 0x8B, ..]) => Compression::Gzip,
            // A frame, or a skippable one (RFC 8878, sections 3.1.1 and 3.1.2).
            (Compression::Auto, [0x28, 0xB5, 0x2F, 0xFD] | [0x50..=0x5F, 0x2A, 0x4D, 0x18]) => {
                Compression::Zstd
            }
            (Compression::Auto, _) => Compression::None,
            (said, _) => said,
        };
        self.compression.get_or_init(|| compression);
        let raw = io::Cursor::new(start).chain(raw);
        if matches!(compression, Compression::Auto | Compression::None) {
            return Ok(Box::new(raw));
        }
        let packed = BufReader::with_capacity(PIECE, raw);
        let decoder: Box<dyn Read + Send> = match compression {
            Compression::Zstd => {
                Box::new(zstd::stream::read::Decoder::with_buffer(packed).map_err(Error::Read)?)
            }
            _ => Box::new(flate2::bufread::MultiGzDecoder::new(packed)),
        };
        Ok(match self.size {
            Some(_) => Box::new(Ahead::start(decoder).map_err(Error::Read)?),
            // A pipe might keep a thread waiting.
            None => decoder,
        })
    }
}

/// The bytes behind an input, shared with whoever asks how far they were read.
struct Raw(Arc<Mutex<Bytes>>);

impl Read for Raw {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .read(buffer)
    }
}

#[cfg(test)]
mod tests;
