//! The bytes of a workbook, to be read at any place: a zip archive has its table of contents at its end.
//!
//! They are copied as they pass, so that what is hashed and compared is what is read. Small ones stay
//! in memory; the others are put aside like any input that is read twice, encrypted.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use super::error::WorkbookError;
use crate::io::error::Error;
use crate::io::spool::{CHUNK, Spool, SpoolReader, SpoolWriter};

/// The most bytes that stay in memory.
const IN_MEMORY: usize = 32 << 20;

/// The most bytes of a workbook, compressed as it is.
const MOST: u64 = 4 << 30;

/// The bytes that are read at once.
const PIECE: usize = 128 << 10;

/// The bytes of a workbook.
#[derive(Clone)]
pub(crate) enum Kept {
    Memory(Arc<Vec<u8>>),
    Spool(Arc<Spool>),
}

impl Kept {
    /// Copies everything that `from` gives.
    ///
    /// # Errors
    /// [`Error::Read`], [`Error::Aside`]; [`Error::Workbook`] for more than a workbook may have.
    pub(crate) fn copy(from: &mut dyn Read) -> Result<Self, Error> {
        Self::copied(from, IN_MEMORY)
    }

    fn copied(from: &mut dyn Read, in_memory: usize) -> Result<Self, Error> {
        let mut memory = Vec::new();
        let mut aside: Option<SpoolWriter> = None;
        let mut piece = vec![0; PIECE];
        let mut total = 0_u64;
        loop {
            let read = match from.read(&mut piece) {
                Ok(0) => break,
                Ok(read) => piece.get(..read).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Error::Read(error)),
            };
            total += read.len() as u64;
            if total > MOST {
                return Err(WorkbookError::TooLarge {
                    what: fixed!("the file"),
                }
                .into());
            }
            if aside.is_none() && memory.len() + read.len() > in_memory {
                let writer = aside.insert(SpoolWriter::create(CHUNK).map_err(Error::Aside)?);
                writer.write_all(&memory).map_err(Error::Aside)?;
                memory = Vec::new();
            }
            match &mut aside {
                Some(writer) => writer.write_all(read).map_err(Error::Aside)?,
                None => memory.extend_from_slice(read),
            }
        }
        Ok(match aside {
            Some(writer) => Self::Spool(Arc::new(writer.finish().map_err(Error::Aside)?)),
            None => Self::Memory(Arc::new(memory)),
        })
    }

    /// Reads them from their beginning.
    pub(super) fn reader(&self) -> KeptReader {
        match self {
            Self::Memory(bytes) => KeptReader::Memory(Arc::clone(bytes), 0),
            Self::Spool(spool) => KeptReader::Spool(spool.reader(), 0, spool.bytes()),
        }
    }
}

/// The bytes of a workbook being read, and where.
pub(super) enum KeptReader {
    Memory(Arc<Vec<u8>>, u64),
    /// The position and the number of bytes.
    Spool(SpoolReader, u64, u64),
}

impl Read for KeptReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Memory(bytes, at) => {
                let from = usize::try_from(*at).ok();
                let rest = from.and_then(|from| bytes.get(from..)).unwrap_or_default();
                let read = { rest }.read(buffer)?;
                *at += read as u64;
                Ok(read)
            }
            Self::Spool(spool, at, _) => {
                let read = spool.read(buffer)?;
                *at += read as u64;
                Ok(read)
            }
        }
    }
}

impl Seek for KeptReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (at, length) = match self {
            Self::Memory(bytes, at) => (*at, bytes.len() as u64),
            Self::Spool(_, at, length) => (*at, *length),
        };
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => length.checked_add_signed(offset),
            SeekFrom::Current(offset) => at.checked_add_signed(offset),
        };
        let position = position.ok_or(io::ErrorKind::InvalidInput)?;
        match self {
            Self::Memory(_, at) => *at = position,
            Self::Spool(spool, at, _) => {
                spool.go_to(position)?;
                *at = position;
            }
        }
        Ok(position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_bytes_are_read_at_any_place_from_memory_and_from_disk() {
        let bytes: Vec<u8> = (0..300_000_u32)
            .map(|number| (number % 251) as u8)
            .collect();
        for in_memory in [0, 1000, usize::MAX] {
            let kept = Kept::copied(&mut &bytes[..], in_memory).unwrap();
            let is_memory = matches!(kept, Kept::Memory(_));
            assert_eq!(is_memory, in_memory == usize::MAX, "{in_memory}");
            let mut reader = kept.reader();
            for at in [0, 1, 65_535, 65_536, 131_072, 299_999, 300_000, 400_000, 7] {
                reader.seek(SeekFrom::Start(at as u64)).unwrap();
                let mut read = Vec::new();
                (&mut reader).take(70_000).read_to_end(&mut read).unwrap();
                let expected = bytes.get(at..).unwrap_or_default();
                let expected = expected.get(..70_000).unwrap_or(expected);
                assert_eq!(read, expected, "{in_memory} at {at}");
            }
            assert_eq!(reader.seek(SeekFrom::End(-4)).unwrap(), 299_996);
            assert_eq!(reader.seek(SeekFrom::Current(2)).unwrap(), 299_998);
            assert!(reader.seek(SeekFrom::End(-300_001)).is_err());
        }
    }
}
