//! The bytes of one pass over an input, counted as they are read: from a file, or from what was put aside of a pipe.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use super::Passed;
use crate::base::counted::Counted;
use crate::io::error::Error;
use crate::io::fingerprint::{Fingerprint, FingerprintKey};
use crate::io::spool::{Spool, SpoolReader, SpoolWriter};

/// The bytes of one pass.
pub(super) struct Bytes {
    pub(super) counted: Counted<Origin>,
    /// Of the bytes so far, and its key, where another pass is to be compared with this one.
    pub(super) fingerprint: Option<Fingerprint>,
    pub(super) key: Option<FingerprintKey>,
    /// Where the bytes of a pipe go as well, if there is to be another pass, or why they could not.
    pub(super) aside: Option<io::Result<SpoolWriter>>,
}

/// Where bytes come from.
pub(super) enum Origin {
    /// A file, a pipe or a device.
    File(File),
    /// What was put aside of a pipe.
    Spool(SpoolReader),
}

impl Bytes {
    pub(super) fn new(origin: Origin, hash: bool) -> Self {
        Self {
            counted: Counted::new(origin, hash),
            fingerprint: None,
            key: None,
            aside: None,
        }
    }

    /// What was put aside, with what was not read yet.
    pub(super) fn put_aside(&mut self) -> Result<Option<Spool>, Error> {
        if self.aside.is_none() {
            return Ok(None);
        }
        io::copy(self, &mut io::sink()).map_err(Error::Read)?;
        let aside = self.aside.take().transpose().map_err(Error::Aside)?;
        aside
            .map(SpoolWriter::finish)
            .transpose()
            .map_err(Error::Aside)
    }

    /// What was read so far.
    pub(super) fn passed(&self) -> Passed {
        Passed {
            bytes: self.counted.total_bytes(),
            sha256: self.counted.sha256(),
            fingerprint: self.fingerprint.clone().map(Fingerprint::finish),
        }
    }
}

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.counted.read(buffer)?;
        let bytes = buffer.get(..read).unwrap_or_default();
        if let Some(fingerprint) = &mut self.fingerprint {
            fingerprint.update(bytes);
        }
        if let Some(Ok(aside)) = &mut self.aside
            && let Err(error) = io::Write::write_all(aside, bytes)
        {
            self.aside = Some(Err(error));
        }
        Ok(read)
    }
}

impl Origin {
    /// The same bytes once more; a file's from `start`.
    pub(super) fn again(&self, start: u64) -> io::Result<Self> {
        match self {
            Self::File(file) => {
                let mut file = file.try_clone()?;
                file.seek(SeekFrom::Start(start))?;
                Ok(Self::File(file))
            }
            Self::Spool(spool) => Ok(Self::Spool(spool.again())),
        }
    }
}

impl Read for Origin {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Spool(spool) => spool.read(buffer),
        }
    }
}
