//! A file that is only read, under a store that wants to write: what it writes stays in memory.
//!
//! Even to look something up, the store marks a file as open and mends one that a run has left when it was
//! killed. Here it may, and the file, which may be of a folder or a disk that takes nothing, stays as it is.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use redb::{BackendError, StorageBackend};

use crate::io::system::files::read_exact_at;

/// The bytes that are kept together.
const PAGE: usize = 4096;

/// The file, and what was written over it.
#[derive(Debug)]
pub(super) struct Untouched {
    file: File,
    written: Mutex<Written>,
}

#[derive(Debug)]
struct Written {
    length: u64,
    /// Up to here, what was not written is as in the file.
    of_file: u64,
    pages: HashMap<u64, Box<[u8; PAGE]>>,
}

impl Untouched {
    pub(super) fn new(file: File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        Ok(Self {
            file,
            written: Mutex::new(Written {
                length,
                of_file: length,
                pages: HashMap::new(),
            }),
        })
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the file has from `offset` on, up to `of_file`, and zeros behind.
    fn read_file(&self, offset: u64, of_file: u64, out: &mut [u8]) -> io::Result<()> {
        let known = usize::try_from(of_file.saturating_sub(offset)).unwrap_or(usize::MAX);
        let (known, behind) = out.split_at_mut(known.min(out.len()));
        behind.fill(0);
        read_exact_at(&self.file, known, offset)
    }

    fn page(&self, number: u64, of_file: u64) -> io::Result<Box<[u8; PAGE]>> {
        let mut page = Box::new([0; PAGE]);
        self.read_file(number.saturating_mul(PAGE as u64), of_file, page.as_mut())?;
        Ok(page)
    }
}

/// The page of an offset, and where in it that is.
fn place(offset: u64) -> (u64, usize) {
    let within = usize::try_from(offset % PAGE as u64).unwrap_or_default();
    (offset / PAGE as u64, within)
}

/// What lies before the end of a page, of `bytes` from `within` on.
fn in_page(within: usize, bytes: usize) -> usize {
    bytes.min(PAGE.saturating_sub(within))
}

fn too_short() -> io::Error {
    io::ErrorKind::UnexpectedEof.into()
}

impl StorageBackend for Untouched {
    fn len(&self) -> io::Result<u64> {
        Ok(self.written().length)
    }

    fn read(&self, mut offset: u64, mut out: &mut [u8]) -> io::Result<()> {
        let written = self.written();
        let end = offset.checked_add(out.len() as u64);
        if end.is_none_or(|end| end > written.length) {
            return Err(too_short());
        }
        if written.pages.is_empty() {
            return self.read_file(offset, written.of_file, out);
        }
        while !out.is_empty() {
            let (number, within) = place(offset);
            let (here, rest) = out.split_at_mut(in_page(within, out.len()));
            match written.pages.get(&number) {
                Some(page) => {
                    let from = page.get(within..within + here.len());
                    here.copy_from_slice(from.ok_or_else(too_short)?);
                }
                None => self.read_file(offset, written.of_file, here)?,
            }
            offset = offset.saturating_add(here.len() as u64);
            out = rest;
        }
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let mut written = self.written();
        let written = &mut *written;
        if length < written.length {
            let (last, within) = place(length);
            written.pages.retain(|number, _| *number <= last);
            let tail = written.pages.get_mut(&last);
            if let Some(tail) = tail.and_then(|page| page.get_mut(within..)) {
                tail.fill(0);
            }
        }
        written.of_file = written.of_file.min(length);
        written.length = length;
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, mut offset: u64, mut data: &[u8]) -> io::Result<()> {
        let mut written = self.written();
        let written = &mut *written;
        let end = offset.checked_add(data.len() as u64);
        written.length = written.length.max(end.ok_or_else(too_short)?);
        while !data.is_empty() {
            let (number, within) = place(offset);
            let (here, rest) = data.split_at(in_page(within, data.len()));
            if !written.pages.contains_key(&number) {
                let page = self.page(number, written.of_file)?;
                written.pages.insert(number, page);
            }
            let page = written.pages.get_mut(&number).ok_or_else(too_short)?;
            let to = page.get_mut(within..within + here.len());
            to.ok_or_else(too_short)?.copy_from_slice(here);
            offset = offset.saturating_add(here.len() as u64);
            data = rest;
        }
        Ok(())
    }

    /// Many may read, while nobody writes.
    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        match (start, end) {
            (Bound::Unbounded | Bound::Included(0), Bound::Unbounded) => {
                match self.file.try_lock_shared() {
                    Ok(()) => Ok(true),
                    Err(std::fs::TryLockError::WouldBlock) => Ok(false),
                    Err(std::fs::TryLockError::Error(error)) => Err(error.into()),
                }
            }
            _ => Err(BackendError::Unsupported),
        }
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        match (start, end) {
            (Bound::Unbounded | Bound::Included(0), Bound::Unbounded) => Ok(self.file.unlock()?),
            _ => Err(BackendError::Unsupported),
        }
    }

    fn close(&self) -> io::Result<()> {
        self.file.unlock()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    /// The same steps over a file and over a `Vec`.
    #[test]
    fn what_is_written_is_read_back_and_the_file_stays_as_it_was() {
        let content: Vec<u8> = (0..3 * PAGE + 100).map(|at| (at % 251) as u8 + 1).collect();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&content).unwrap();
        let over = Untouched::new(file.try_clone().unwrap()).unwrap();
        let mut plain = content.clone();
        let check = |plain: &[u8], step: &str| {
            assert_eq!(over.len().unwrap(), plain.len() as u64, "{step}");
            let mut all = vec![0; plain.len()];
            over.read(0, &mut all).unwrap();
            assert!(all == plain, "{step}");
            let from = plain.len() / 3;
            let mut part = vec![0; plain.len() - from];
            over.read(from as u64, &mut part).unwrap();
            assert!(part == plain[from..], "{step}: a part");
            assert!(over.read(plain.len() as u64, &mut [0]).is_err(), "{step}");
        };
        check(&plain, "as it is");
        for (step, at, bytes) in [
            ("in a page", 10, 5),
            ("over pages", PAGE - 7, 2 * PAGE),
            ("at the end", content.len() - 1, 1),
            ("behind the end", content.len(), PAGE),
        ] {
            over.write(at as u64, &vec![0xA5; bytes]).unwrap();
            plain.resize(plain.len().max(at + bytes), 0);
            plain[at..at + bytes].fill(0xA5);
            check(&plain, step);
        }
        for (step, length) in [
            ("shorter", 2 * PAGE + 50),
            ("longer again: zeros", 4 * PAGE + 1),
            ("within a page of the file", 77),
            ("zeros, not what the file has", 3 * PAGE),
        ] {
            over.set_len(length as u64).unwrap();
            plain.resize(length, 0);
            check(&plain, step);
        }
        let mut left = Vec::new();
        io::Seek::rewind(&mut file).unwrap();
        io::Read::read_to_end(&mut file, &mut left).unwrap();
        assert!(left == content);
    }
}
