//! Output that only chosen people can open: the bytes go through the age format
//! (<https://age-encryption.org/v1>) on their way, so that no plaintext of the output is ever at its
//! destination. age seals in pieces of 64 KiB, each with a number and the last one marked, so a piece
//! that was altered, moved or cut off is refused when it is opened; an output that was not finished is
//! such a one.

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use age::stream::StreamWriter;

use super::Destination;
use crate::base::counted::Counted;
use crate::base::lang::Why;
use crate::io::small_file::{self, Pipes, SmallFileError};

/// What begins the text of a secret key, which is no recipient and must not be shown.
const SECRET: &str = "AGE-SECRET-KEY-";

/// The longest file of recipients that is read, in bytes.
const LONGEST_FILE: u64 = 1 << 20;

/// Those who can open an output.
#[derive(Default)]
pub struct Recipients {
    keys: Vec<Box<dyn age::Recipient + Send + Sync>>,
    names: Vec<String>,
    files: Vec<PathBuf>,
}

impl fmt::Debug for Recipients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.names).finish()
    }
}

/// Why something is no recipient. What was given is not shown: it may be a secret key.
#[derive(Debug, thiserror::Error)]
pub enum RecipientError {
    /// It is none, and no file either.
    #[error(
        "{}",
        text!(
            "recipient {number} of --encrypt-to is neither a public key of age (age1…) or SSH \
             (ssh-ed25519 …, ssh-rsa …), nor a file of such keys: {source}",
            number,
            source = Why(source)
        )
    )]
    Neither {
        /// Which, from 1.
        number: usize,
        source: io::Error,
    },
    /// It begins like a key and is none.
    #[error(
        "{}",
        text!(
            "recipient {number} of --encrypt-to is not a whole public key, or of a kind that age cannot use",
            number
        )
    )]
    Key {
        /// Which, from 1.
        number: usize,
    },
    #[error(
        "{}",
        text!(
            "recipient {number} of --encrypt-to is or holds a secret key: give the public one \
             (age-keygen -y shows it); whoever could read this command line knows the secret",
            number
        )
    )]
    Secret {
        /// Which, from 1.
        number: usize,
    },
    #[error(
        "{}",
        text!(
            "recipient {number} of --encrypt-to is a file whose line {line} is not a public key",
            number,
            line
        )
    )]
    Line {
        /// Which, from 1.
        number: usize,
        /// The line, from 1.
        line: usize,
    },
    #[error("{}", text!("recipient {number} of --encrypt-to is a file without a public key in it", number))]
    Nobody {
        /// Which, from 1.
        number: usize,
    },
    #[error("{}", fixed!("these recipients of --encrypt-to cannot be used together"))]
    Together,
}

coded! {
    RecipientError []
    Self::Neither { .. } => 2, "recipient_unknown", "a recipient is neither a public key nor a file";
    Self::Key { .. } => 2, "recipient_key", "a recipient is no whole public key";
    Self::Secret { .. } => 2, "recipient_secret", "a recipient is a secret key";
    Self::Line { .. } => 2, "recipient_line", "a line of a file of recipients is no public key";
    Self::Nobody { .. } => 2, "recipient_nobody", "a file of recipients names nobody";
    Self::Together => 2, "recipients_together", "the recipients cannot be used together";
}

impl Recipients {
    /// Reads recipients: public keys, or files with one on each line (`#` begins a comment).
    ///
    /// # Errors
    /// [`RecipientError`].
    pub fn read(texts: &[String]) -> Result<Self, RecipientError> {
        let mut recipients = Self::default();
        for (number, text) in (1..).zip(texts) {
            let text = text.trim();
            if text.to_ascii_uppercase().starts_with(SECRET) {
                return Err(RecipientError::Secret { number });
            }
            if text.starts_with("age1") || text.starts_with("ssh-") {
                recipients.add(text).ok_or(RecipientError::Key { number })?;
                continue;
            }
            let content =
                content(text).map_err(|source| RecipientError::Neither { number, source })?;
            recipients.files.push(PathBuf::from(text));
            let before = recipients.names.len();
            for (line, key) in (1..).zip(content.lines().map(str::trim)) {
                if key.to_ascii_uppercase().starts_with(SECRET) {
                    return Err(RecipientError::Secret { number });
                }
                if !key.is_empty() && !key.starts_with('#') {
                    recipients
                        .add(key)
                        .ok_or(RecipientError::Line { number, line })?;
                }
            }
            if recipients.names.len() == before {
                return Err(RecipientError::Nobody { number });
            }
        }
        Ok(recipients)
    }

    fn add(&mut self, text: &str) -> Option<()> {
        // Behind an SSH key a comment may name somebody.
        let fields: Vec<&str> = text.split_whitespace().take(2).collect();
        let key = fields.join(" ");
        match key.parse::<age::x25519::Recipient>() {
            Ok(recipient) => self.keys.push(Box::new(recipient)),
            Err(_) => self.keys.push(of_ssh(&key)?),
        }
        self.names.push(key);
        Some(())
    }

    /// Their public keys, without comments.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The files that were read.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// Makes sure that they can be used together.
    ///
    /// # Errors
    /// [`RecipientError::Together`].
    pub fn check(&self) -> Result<(), RecipientError> {
        match self.keys.is_empty() {
            true => Ok(()),
            false => self.encryptor().map(|_| ()),
        }
    }

    fn encryptor(&self) -> Result<age::Encryptor, RecipientError> {
        let keys = self.keys.iter().map(|key| &**key as &dyn age::Recipient);
        age::Encryptor::with_recipients(keys).map_err(|_| RecipientError::Together)
    }
}

/// The owner of a public key of SSH.
#[cfg(feature = "ssh")]
fn of_ssh(key: &str) -> Option<Box<dyn age::Recipient + Send + Sync>> {
    let recipient: age::ssh::Recipient = key.parse().ok()?;
    Some(Box::new(recipient))
}

/// A build without the feature `ssh` knows no such keys.
#[cfg(not(feature = "ssh"))]
fn of_ssh(_: &str) -> Option<Box<dyn age::Recipient + Send + Sync>> {
    None
}

/// The text of a file of recipients.
fn content(path: &str) -> io::Result<String> {
    let text = small_file::read(Path::new(path), LONGEST_FILE, Pipes::Refused);
    let text = text.map_err(|error| match error {
        SmallFileError::Io(why) => why,
        other => io::Error::other(other.to_string()),
    })?;
    String::from_utf8(text).map_err(|_| io::ErrorKind::InvalidData.into())
}

/// Where the rows of an output go: to its destination as they are, or sealed.
pub enum Sink<'a> {
    Plain(&'a mut Counted<Destination>),
    Sealed(Box<StreamWriter<&'a mut Counted<Destination>>>),
}

impl<'a> Sink<'a> {
    /// Begins an output; without recipients it is not sealed.
    ///
    /// # Errors
    /// What writing gives.
    pub fn open(output: &'a mut Counted<Destination>, recipients: &Recipients) -> io::Result<Self> {
        if recipients.keys.is_empty() {
            return Ok(Self::Plain(output));
        }
        let encryptor = recipients.encryptor().map_err(io::Error::other)?;
        Ok(Self::Sealed(Box::new(encryptor.wrap_output(output)?)))
    }

    /// Ends it, and gives back where it went. What is sealed and was not ended cannot be opened.
    ///
    /// # Errors
    /// What writing gives.
    pub fn finish(self) -> io::Result<&'a mut Counted<Destination>> {
        match self {
            Self::Plain(output) => Ok(output),
            Self::Sealed(writer) => writer.finish(),
        }
    }
}

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(output) => output.write(bytes),
            Self::Sealed(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(output) => output.flush(),
            Self::Sealed(writer) => writer.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "ssh")]
    const SSH: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN";

    #[cfg(feature = "ssh")]
    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    #[cfg(feature = "ssh")]
    fn keys_and_files_of_keys_are_read() {
        let own = age::x25519::Identity::generate().to_public().to_string();
        let commented = format!("{SSH} marie@example.fr");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("team.pub");
        std::fs::write(&file, format!("# the team\n\n{own}\r\n{commented}\n")).unwrap();
        let path = file.to_str().unwrap();
        for (given, names) in [
            (vec![own.as_str()], vec![own.as_str()]),
            (vec![commented.as_str()], vec![SSH]),
            (vec![own.as_str(), SSH], vec![own.as_str(), SSH]),
            (vec![path], vec![own.as_str(), SSH]),
            (vec![], vec![]),
        ] {
            let recipients = Recipients::read(&texts(&given)).unwrap();
            assert_eq!(recipients.names(), names, "{given:?}");
            recipients.check().unwrap();
        }
        assert_eq!(Recipients::read(&texts(&[path])).unwrap().files(), [file]);
    }

    #[test]
    fn what_is_no_public_key_is_refused_and_never_shown() {
        let secret = age::x25519::Identity::generate();
        let secret = age::secrecy::ExposeSecret::expose_secret(&secret.to_string()).to_owned();
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let private = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n";
        for (given, expected) in cases![
            "age1xyzzysecretword".to_owned(), "not a whole public key";
            "ssh-ed25519 AAAAxyzzysecretword".to_owned(), "not a whole public key";
            "ssh-dss AAAAB3NzaC1kc3MAAACBxyzzysecretword".to_owned(), "not a whole";
            secret.clone(), "secret key";
            secret.to_lowercase(), "secret key";
            file("identity", &format!("# made\n{secret}\n")), "secret key";
            file("id_ed25519", private), "line 1 is not";
            file("empty", "# nobody\n"), "without a public key";
            "xyzzysecretword".to_owned(), "neither";
            folder.path().to_str().unwrap().to_owned(), "neither";
            crate::io::system::trial::NOTHING.to_owned(), "neither";
        ] {
            let error = Recipients::read(std::slice::from_ref(&given))
                .unwrap_err()
                .to_string();
            assert!(error.contains(expected), "{given}: {error}");
            for part in ["xyzzy", "b3Blb", secret.get(..30).unwrap()] {
                assert!(!error.contains(part), "{given}: {error}");
            }
        }
    }

    #[test]
    #[cfg(unix)]
    fn neither_a_pipe_nor_an_endless_device_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        for given in [pipe.to_str().unwrap(), "/dev/zero"] {
            let error = Recipients::read(&[given.to_owned()]).unwrap_err();
            assert!(error.to_string().contains("neither"), "{given}: {error}");
        }
    }
}
