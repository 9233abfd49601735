//! Key files under a passphrase: the text of a key file in an age file (<https://age-encryption.org/v1>,
//! recipient `scrypt`), which any age program opens.

use std::io::{BufReader, Read, Write};

use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::secrecy::SecretString;
use age::{Decryptor, Encryptor, scrypt};
use zeroize::Zeroizing;

/// The binary logarithm of scrypt's N, as other age programs take it: about a second and 256 MiB.
pub(super) const WORK: u8 = 18;

/// What a key file of somebody else may ask for at most: 16 seconds and 4 GiB.
const MOST_WORK: u8 = WORK + 4;

/// Whether a file is an age file.
pub(super) fn is_sealed(content: &[u8]) -> bool {
    content.starts_with(b"-----BEGIN AGE ENCRYPTED FILE-----")
        || content.starts_with(b"age-encryption.org/")
}

fn secret(passphrase: &str) -> SecretString {
    // Of its very length, so that nothing of it is left behind when it moves.
    SecretString::from(String::from(passphrase))
}

pub(super) fn seal(text: &str, passphrase: &str, work: u8) -> Option<Vec<u8>> {
    let mut recipient = scrypt::Recipient::new(secret(passphrase));
    recipient.set_work_factor(work);
    let recipients = std::iter::once(&recipient as &dyn age::Recipient);
    let mut sealed = Vec::new();
    let armor = ArmoredWriter::wrap_output(&mut sealed, Format::AsciiArmor).ok()?;
    let encryptor = Encryptor::with_recipients(recipients).ok()?;
    let mut writer = encryptor.wrap_output(armor).ok()?;
    writer.write_all(text.as_bytes()).ok()?;
    writer.finish().ok()?.finish().ok()?;
    Some(sealed)
}

/// A sealed file of which nothing but the header was read.
pub(super) struct Sealed<'a>(Decryptor<ArmoredReader<BufReader<&'a [u8]>>>);

impl<'a> Sealed<'a> {
    /// Reads the header; nothing if it is no age file, or is not sealed with a passphrase.
    pub(super) fn new(content: &'a [u8]) -> Option<Self> {
        let decryptor = Decryptor::new_buffered(ArmoredReader::new(content)).ok()?;
        decryptor.is_scrypt().then_some(Self(decryptor))
    }

    /// Opens it; nothing if the passphrase is another or the file is damaged. What is opened has
    /// `largest` bytes at most.
    pub(super) fn open(self, passphrase: &str, largest: usize) -> Option<Zeroizing<Vec<u8>>> {
        let mut identity = scrypt::Identity::new(secret(passphrase));
        identity.set_max_work_factor(MOST_WORK);
        let identities = std::iter::once(&identity as &dyn age::Identity);
        let mut reader = self.0.decrypt(identities).ok()?;
        let mut text = Zeroizing::new(vec![0; largest]);
        let mut length = 0;
        loop {
            let free = text.get_mut(length..).unwrap_or_default();
            match reader.read(free).ok()? {
                0 if free.is_empty() => return None,
                0 => break,
                read => length += read,
            }
        }
        text.truncate(length);
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_opens_with_its_passphrase_alone() {
        let sealed = seal("the text", "cheval pile", 4).unwrap();
        assert!(is_sealed(&sealed) && sealed.is_ascii());
        assert!(!sealed.windows(8).any(|part| part == b"the text"));
        let open = |passphrase| Sealed::new(&sealed).unwrap().open(passphrase, 100);
        assert_eq!(open("cheval pile").unwrap().as_slice(), b"the text");
        assert!(open("cheval").is_none());
        assert!(open("").is_none());
        let small = Sealed::new(&sealed).unwrap().open("cheval pile", 7);
        assert!(small.is_none());
        for bad in [
            &b"-----BEGIN AGE ENCRYPTED FILE-----\n"[..],
            b"age-encryption.org/v1\n",
            b"",
        ] {
            assert!(Sealed::new(bad).is_none());
        }
    }

    #[test]
    fn a_file_that_asks_for_hours_of_work_is_not_opened() {
        let sealed = seal("t", "p", 2).unwrap();
        let text = String::from_utf8(sealed).unwrap();
        // The header is not authentic any more, but the work would come before that is seen.
        let lines: Vec<&str> = text.lines().collect();
        let body: String = lines[1..lines.len() - 1].concat();
        let mut bytes = base64(&body);
        let at = bytes.windows(3).position(|part| part == b" 2\n").unwrap();
        bytes.splice(at + 1..at + 2, *b"40");
        let sealed = Sealed::new(&bytes).unwrap();
        assert!(sealed.open("p", 100).is_none());
    }

    fn base64(text: &str) -> Vec<u8> {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD
            .decode(text)
            .unwrap()
    }
}
