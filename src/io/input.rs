//! The input as bytes: a file or standard input, decompressed.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::base::counted::Counted;
use crate::io::error::Error;
use crate::io::output::FileId;

/// How an input is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Compression {
    /// Recognised from the first bytes.
    Auto,
    /// Not at all.
    None,
    /// gzip, one member or several.
    Gzip,
    /// Zstandard.
    Zstd,
}

/// An open input. Its bytes are counted, and hashed on request, as they are read.
pub struct Input {
    path: Option<PathBuf>,
    size: Option<u64>,
    id: Option<FileId>,
    raw: Arc<Mutex<Counted<File>>>,
    /// Where in the file the input begins.
    start: u64,
    /// What was read by the pass before this one.
    before: Option<Passed>,
    /// How it is compressed, once that is known.
    compression: OnceLock<Compression>,
}

/// What was read in a pass over the whole input.
struct Passed {
    bytes: u64,
    sha256: Option<String>,
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
            true => File::from(io::stdin().as_fd().try_clone_to_owned().map_err(cannot)?),
            false => File::open(path).map_err(cannot)?,
        };
        let facts = file.metadata().map_err(cannot)?;
        if facts.is_dir() {
            return Err(cannot(io::ErrorKind::IsADirectory.into()));
        }
        let start = match facts.is_file() {
            true => file.stream_position().map_err(cannot)?,
            false => 0,
        };
        Ok(Self {
            start,
            before: None,
            compression: OnceLock::new(),
            path: (!standard).then(|| path.to_owned()),
            size: facts.is_file().then_some(facts.len()),
            id: FileId::of_open(&file),
            raw: Arc::new(Mutex::new(Counted::new(file, hash))),
        })
    }

    /// Its path; `None` for standard input.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
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
        self.raw().total_bytes()
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
            None => self.raw().sha256(),
        }
    }

    /// How it is compressed, said or recognised; `Auto` until [`Self::content`] is called.
    pub fn compression(&self) -> Compression {
        let known = self.compression.get().copied();
        known.unwrap_or(Compression::Auto)
    }

    /// Makes a second pass possible: what is no file is put aside in a temporary file that has no
    /// name, and is gone with the program. To be called before [`Self::content`].
    ///
    /// # Errors
    /// [`Error::Read`] and [`Error::Aside`].
    pub fn keep_for_second_pass(&mut self) -> Result<(), Error> {
        if self.size.is_some() {
            return Ok(());
        }
        let mut aside = tempfile::tempfile().map_err(Error::Aside)?;
        let mut raw = self.raw();
        let mut piece = vec![0; PIECE];
        loop {
            let read = match raw.read(&mut piece) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Error::Read(error)),
            };
            let read = piece.get(..read).unwrap_or_default();
            io::Write::write_all(&mut aside, read).map_err(Error::Aside)?;
        }
        let passed = Passed {
            bytes: raw.total_bytes(),
            sha256: raw.sha256(),
        };
        drop(raw);
        aside.rewind().map_err(Error::Aside)?;
        self.size = Some(passed.bytes);
        self.before = Some(passed);
        self.raw = Arc::new(Mutex::new(Counted::new(aside, false)));
        Ok(())
    }

    /// Goes back to the beginning, for another pass.
    ///
    /// # Errors
    /// [`Error::Read`].
    pub fn again(&mut self) -> Result<(), Error> {
        let raw = self.raw();
        let passed = Passed {
            bytes: raw.total_bytes(),
            sha256: raw.sha256(),
        };
        let mut file = raw.get_ref().try_clone().map_err(Error::Read)?;
        drop(raw);
        file.seek(SeekFrom::Start(self.start))
            .map_err(Error::Read)?;
        self.before.get_or_insert(passed);
        self.raw = Arc::new(Mutex::new(Counted::new(file, false)));
        Ok(())
    }

    /// Whether this pass has read as much as the one before it.
    pub fn is_as_before(&self) -> bool {
        let before = self.before.as_ref();
        before.is_none_or(|before| before.bytes == self.bytes_read())
    }

    fn raw(&self) -> MutexGuard<'_, Counted<File>> {
        self.raw.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its content, decompressed.
    ///
    /// # Errors
    /// [`Error::Read`].
    pub fn content(&self, compression: Compression) -> Result<Box<dyn Read + Send>, Error> {
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
        Ok(match compression {
            Compression::Auto | Compression::None => Box::new(raw),
            Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(
                BufReader::with_capacity(PIECE, raw),
            )),
            Compression::Zstd => {
                let buffered = BufReader::with_capacity(PIECE, raw);
                Box::new(zstd::stream::read::Decoder::with_buffer(buffered).map_err(Error::Read)?)
            }
        })
    }
}

/// The file behind an input, shared with whoever asks how far it was read.
struct Raw(Arc<Mutex<Counted<File>>>);

impl Read for Raw {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .read(buffer)
    }
}
