//! A temporary file that nobody but this process can read: encrypted under a key that is only ever
//! in memory.
//!
//! ```text
//! written bytes ─ chunks of equal size ─ AES-256-GCM (NIST SP 800-38D), nonce = number of the chunk ─► file
//! ```
//!
//! The file has no name, so the kernel frees its blocks with the process, but what was in these
//! blocks stays on the disk until something overwrites it: encrypted, it is noise as soon as the key
//! is gone. Each spool draws a key of its own, so no nonce comes twice under one key. Every chunk
//! carries a tag and the number and length of all chunks are kept in memory: a chunk that was
//! changed, moved or cut off is an error when it is read back, never other bytes.
//!
//! **Memory.** One chunk for the writer and one for each reader.

use std::fs::File;
use std::io::{self, Read, Write};
use std::sync::Arc;

use ring::aead::{Aad, LessSafeKey};

use crate::io::run_key::{drawn, numbered};
use crate::io::system::files::read_exact_at;
use crate::io::system::unnamed::temporary;

/// The size of a chunk where memory is of no concern: larger ones are no faster.
pub(crate) const CHUNK: usize = 64 << 10;

/// What encryption adds to a chunk, in bytes.
const TAG: usize = 16;

/// A spool that is being written.
pub(crate) struct SpoolWriter {
    spool: Spool,
    /// The plain bytes of the chunk under way.
    chunk: Vec<u8>,
    /// How many chunks are in the file.
    chunks: u64,
}

/// A whole spool, to be read as often as needed.
pub(crate) struct Spool {
    file: File,
    key: LessSafeKey,
    /// Plain bytes of each chunk but the last.
    chunk: usize,
    /// Plain bytes of all chunks.
    bytes: u64,
}

impl SpoolWriter {
    /// Starts an empty spool in the system's temporary folder (`TMPDIR`).
    ///
    /// # Errors
    /// When no temporary file can be made, or the system gives no randomness.
    pub(crate) fn create(chunk: usize) -> io::Result<Self> {
        Self::in_file(temporary()?, chunk)
    }

    /// Starts one in an empty file.
    pub(crate) fn in_file(file: File, chunk: usize) -> io::Result<Self> {
        let chunk = chunk.max(1);
        Ok(Self {
            spool: Spool {
                file,
                key: drawn()?,
                chunk,
                bytes: 0,
            },
            chunk: Vec::new(),
            chunks: 0,
        })
    }

    /// Ends it.
    ///
    /// # Errors
    /// When the last chunk cannot be written.
    pub(crate) fn finish(mut self) -> io::Result<Spool> {
        if !self.chunk.is_empty() {
            self.seal()?;
        }
        Ok(self.spool)
    }

    /// Encrypts the chunk under way and writes it.
    fn seal(&mut self) -> io::Result<()> {
        let plain = self.chunk.len() as u64;
        self.spool
            .key
            .seal_in_place_append_tag(numbered(self.chunks), Aad::empty(), &mut self.chunk)
            .map_err(|_| io::Error::other(fixed!("a temporary file cannot be encrypted")))?;
        self.spool.file.write_all(&self.chunk)?;
        self.chunks = self.chunks.saturating_add(1);
        self.spool.bytes = self.spool.bytes.saturating_add(plain);
        self.chunk.clear();
        Ok(())
    }
}

impl Write for SpoolWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.spool.chunk.saturating_sub(self.chunk.len());
        let taken = bytes.get(..room).unwrap_or(bytes);
        self.chunk.extend_from_slice(taken);
        if self.chunk.len() == self.spool.chunk {
            self.seal()?;
        }
        Ok(taken.len())
    }

    /// A chunk is encrypted when it is full, the last one by [`SpoolWriter::finish`].
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Spool {
    /// Reads it from its beginning.
    pub(crate) fn reader(self: &Arc<Self>) -> SpoolReader {
        SpoolReader {
            spool: Arc::clone(self),
            next: 0,
            chunk: Vec::new(),
            at: 0,
        }
    }

    /// How many bytes were written to it.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Puts the plain bytes of a chunk into `chunk`; none behind the last.
    fn open(&self, number: u64, chunk: &mut Vec<u8>) -> io::Result<()> {
        chunk.clear();
        let size = self.chunk as u64;
        let start = number.saturating_mul(size);
        let length = self.bytes.saturating_sub(start).min(size) as usize;
        if length == 0 {
            return Ok(());
        }
        chunk.resize(length.saturating_add(TAG), 0);
        let offset = number.saturating_mul(size.saturating_add(TAG as u64));
        let read = read_exact_at(&self.file, chunk, offset);
        let opened = read.and_then(|()| {
            let opened = self
                .key
                .open_in_place(numbered(number), Aad::empty(), chunk);
            opened.map(drop).map_err(|_| changed())
        });
        chunk.truncate(length);
        opened.map_err(|error| {
            chunk.clear();
            match error.kind() {
                io::ErrorKind::UnexpectedEof => changed(),
                _ => error,
            }
        })
    }
}

/// A spool being read.
pub(crate) struct SpoolReader {
    spool: Arc<Spool>,
    /// The number of the chunk behind the one in `chunk`.
    next: u64,
    /// Plain bytes, and how many of them were given.
    chunk: Vec<u8>,
    at: usize,
}

impl SpoolReader {
    /// The same spool once more, from its beginning.
    pub(crate) fn again(&self) -> Self {
        self.spool.reader()
    }

    /// Goes to a position; behind the end there is nothing to read.
    pub(crate) fn go_to(&mut self, position: u64) -> io::Result<()> {
        let size = self.spool.chunk as u64;
        let number = position / size;
        if self.next != number.saturating_add(1) {
            self.spool.open(number, &mut self.chunk)?;
            self.next = number.saturating_add(1);
        }
        let at = usize::try_from(position % size).unwrap_or(usize::MAX);
        self.at = at.min(self.chunk.len());
        Ok(())
    }
}

impl Read for SpoolReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.chunk.len() {
            self.at = 0;
            self.spool.open(self.next, &mut self.chunk)?;
            self.next = self.next.saturating_add(1);
        }
        let rest = self.chunk.get(self.at..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..length), rest.get(..length)) {
            to.copy_from_slice(from);
        }
        self.at = self.at.saturating_add(length);
        Ok(length)
    }
}

fn changed() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        fixed!("a temporary file was changed while it was in use"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::system::trial::write_at;

    const CANARY: &[u8] = b"marie.canary@example.test";

    fn bytes(count: usize) -> Vec<u8> {
        CANARY.iter().copied().cycle().take(count).collect()
    }

    /// A spool of some bytes, and its file for an attacker.
    fn spooled(plain: &[u8], chunk: usize) -> (Arc<Spool>, File) {
        let file = tempfile::tempfile().unwrap();
        let attacked = file.try_clone().unwrap();
        let mut writer = SpoolWriter::in_file(file, chunk).unwrap();
        // In pieces that fit no chunk.
        for piece in plain.chunks(37) {
            writer.write_all(piece).unwrap();
        }
        (Arc::new(writer.finish().unwrap()), attacked)
    }

    fn read(spool: &Arc<Spool>) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        spool.reader().read_to_end(&mut bytes).map(|_| bytes)
    }

    fn content(file: &File) -> Vec<u8> {
        let mut content = vec![0; file.metadata().unwrap().len() as usize];
        read_exact_at(file, &mut content, 0).unwrap();
        content
    }

    #[test]
    fn what_was_written_comes_back_as_often_as_asked() {
        for chunk in [1, 7, 64, CHUNK] {
            for count in [0, 1, 6, 7, 8, 63, 64, 65, 128, 1000] {
                let plain = bytes(count);
                let (spool, _) = spooled(&plain, chunk);
                assert_eq!(spool.bytes, count as u64);
                let mut first = spool.reader();
                let mut start = vec![0; count / 2];
                first.read_exact(&mut start).unwrap();
                let mut second = Vec::new();
                first.again().read_to_end(&mut second).unwrap();
                assert_eq!(second, plain, "{chunk} {count}");
                first.read_to_end(&mut start).unwrap();
                assert_eq!(start, plain, "{chunk} {count}");
            }
        }
    }

    #[test]
    fn no_plain_byte_sequence_is_in_the_file_and_no_two_files_are_alike() {
        let plain = bytes(1000);
        let (first, second) = (spooled(&plain, 64).1, spooled(&plain, 64).1);
        let (first, second) = (content(&first), content(&second));
        assert_eq!(first.len(), 1000 + 16 * TAG);
        for part in CANARY.windows(6) {
            assert!(!first.windows(6).any(|window| window == part));
        }
        assert_ne!(first, second);
        // Equal plain chunks are not equal in the file.
        assert_ne!(first[..80], first[80..160]);
    }

    #[test]
    fn whatever_is_done_to_the_file_is_an_error_and_gives_no_byte_of_the_chunk() {
        let plain = bytes(10 * 64 + 5);
        let sealed = 64 + TAG;
        type Attack = fn(&File);
        let cases: [(&str, Attack, usize); 7] = [
            ("nothing", |_| (), 10 * 64 + 5),
            ("a byte of the first chunk", |f| flip(f, 3), 0),
            ("a byte of a tag", |f| flip(f, 4 * 80 - 1), 3 * 64),
            ("two chunks swapped", |f| swap(f, 1, 2), 64),
            ("cut at a chunk's end", |f| f.set_len(800).unwrap(), 10 * 64),
            ("cut inside a chunk", |f| f.set_len(90).unwrap(), 64),
            ("emptied", |f| f.set_len(0).unwrap(), 0),
        ];
        for (case, attack, whole) in cases {
            let (spool, file) = spooled(&plain, 64);
            assert_eq!(content(&file).len(), 10 * sealed + 5 + TAG);
            attack(&file);
            let mut given = Vec::new();
            let result = spool.reader().read_to_end(&mut given);
            assert_eq!(result.is_ok(), case == "nothing", "{case}");
            assert_eq!(given, plain[..whole], "{case}");
        }
        // The chunks of another spool are no better.
        let (spool, file) = spooled(&plain, 64);
        write_at(&file, &content(&spooled(&plain, 64).1), 0);
        let error = read(&spool).unwrap_err();
        assert!(error.to_string().contains("was changed"), "{error}");
    }

    fn flip(file: &File, at: u64) {
        let mut byte = [0];
        read_exact_at(file, &mut byte, at).unwrap();
        write_at(file, &[byte[0] ^ 1], at);
    }

    fn swap(file: &File, one: u64, other: u64) {
        let (mut first, mut second) = ([0; 80], [0; 80]);
        read_exact_at(file, &mut first, one * 80).unwrap();
        read_exact_at(file, &mut second, other * 80).unwrap();
        write_at(file, &second, one * 80);
        write_at(file, &first, other * 80);
    }
}
