//! Counting and hashing bytes on their way, so that the record of a run names exactly the bytes
//! that were read and written: a second pass over the file could meet another content.

use std::io::{self, Read, Write};

use crate::base::sha256::{self, Context, SHA256};

/// A reader or a writer whose bytes are counted and, if asked for, hashed with SHA-256.
///
/// Only bytes that the inner reader gave or the inner writer took count.
pub struct Counted<T> {
    inner: T,
    bytes: u64,
    sha256: Option<Context>,
}

impl<T> Counted<T> {
    /// Wraps `inner`; `hash` asks for the digest, which costs a pass over every byte.
    pub fn new(inner: T, hash: bool) -> Self {
        Self {
            inner,
            bytes: 0,
            sha256: hash.then(|| Context::new(&SHA256)),
        }
    }

    /// How many bytes have passed.
    pub fn total_bytes(&self) -> u64 {
        self.bytes
    }

    /// The SHA-256 of the bytes that have passed, in 64 lower-case hexadecimal digits, if it was
    /// asked for.
    pub fn sha256(&self) -> Option<String> {
        let digest = self.sha256.clone()?.finish();
        Some(sha256::hexadecimal(digest.as_ref()))
    }

    /// The inner reader or writer, to look at.
    pub fn get_ref(&self) -> &T {
        &self.inner
    }

    /// The inner reader or writer. Bytes that pass through it directly are not counted.
    pub fn get_mut(&mut self) -> &mut T {
        &mut self.inner
    }

    /// Gives the inner reader or writer back.
    pub fn into_inner(self) -> T {
        self.inner
    }

    fn count(&mut self, passed: Option<&[u8]>) -> io::Result<()> {
        let passed = passed.ok_or_else(|| {
            io::Error::other(fixed!("more bytes were reported than were offered"))
        })?;
        self.bytes = self.bytes.saturating_add(passed.len() as u64);
        if let Some(sha256) = &mut self.sha256 {
            sha256.update(passed);
        }
        Ok(())
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.count(buffer.get(..n))?;
        Ok(n)
    }
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.count(bytes.get(..n))?;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes at most three bytes of each write, and ends after ten.
    struct Narrow(Vec<u8>);

    impl Write for Narrow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let n = bytes.len().min(3).min(10 - self.0.len());
            self.0.extend_from_slice(&bytes[..n]);
            Ok(n)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    // The examples published with FIPS 180-4, and the digest of nothing.
    const KNOWN: [(&str, &str, &str); 3] = [
        (
            "empty",
            "",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
        (
            "one block",
            "abc",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        (
            "two blocks",
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        ),
    ];

    #[test]
    fn known_digests_in_both_directions() {
        for (name, text, digest) in KNOWN {
            let mut reader = Counted::new(text.as_bytes(), true);
            let mut read = Vec::new();
            reader.read_to_end(&mut read).unwrap();
            assert_eq!(read, text.as_bytes(), "{name}");
            assert_eq!(reader.sha256().as_deref(), Some(digest), "{name}");
            assert_eq!(reader.total_bytes(), text.len() as u64, "{name}");

            let mut writer = Counted::new(Vec::new(), true);
            for piece in text.as_bytes().chunks(5) {
                writer.write_all(piece).unwrap();
            }
            assert_eq!(writer.sha256().as_deref(), Some(digest), "{name}");
            assert_eq!(writer.into_inner(), text.as_bytes(), "{name}");
        }
    }

    #[test]
    fn bytes_that_were_not_taken_do_not_count() {
        let mut writer = Counted::new(Narrow(Vec::new()), true);
        assert!(writer.write_all(b"0123456789abc").is_err());
        assert_eq!(writer.total_bytes(), 10);
        let mut whole = Counted::new(io::sink(), true);
        whole.write_all(b"0123456789").unwrap();
        assert_eq!(writer.sha256(), whole.sha256());
    }

    #[test]
    fn without_a_digest_only_the_count() {
        let mut writer = Counted::new(io::sink(), false);
        writer.write_all(b"abc").unwrap();
        assert_eq!((writer.total_bytes(), writer.sha256()), (3, None));
    }
}
