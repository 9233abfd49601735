//! Small files that are read whole: rule tables, and the tables and lists that they name.
//!
//! A device or a pipe may never end, and a name may be anybody's, so only regular files of a bounded
//! size are read; where a pipe has a use (`--rules <(…)`), it is read up to the same bound.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;

use crate::base::lang::{Fixed, Why};
use crate::io::system::files;
use crate::io::system::shared::Kind;

/// Why a small file is not read.
#[derive(Debug, thiserror::Error)]
pub enum SmallFileError {
    #[error("{}", Why(.0))]
    Io(#[from] io::Error),
    /// It is something else than a file.
    #[error("{}", text!("it is {what}; expected a regular file", what = .0))]
    NotRegular(Fixed),
    #[error(
        "{}",
        text!(
            "it has more than {most} MiB, the most that is read of such a file",
            most = most >> 20
        )
    )]
    TooLarge { most: u64 },
}

/// Whether a pipe is read, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pipes {
    /// Up to the bound.
    Read,
    /// It is refused like a device.
    Refused,
}

/// The bytes of a file, `most` at most.
///
/// # Errors
/// [`SmallFileError`].
pub(crate) fn read(path: &Path, most: u64, pipes: Pipes) -> Result<Vec<u8>, SmallFileError> {
    let is_taken = |facts: &Metadata| match kind(facts) {
        None => Ok(facts.len()),
        Some(PIPE) if pipes == Pipes::Read => Ok(0),
        Some(other) => Err(SmallFileError::NotRegular(other)),
    };
    // To open a pipe waits for who writes to it; a device may do something when it is opened.
    is_taken(&std::fs::metadata(path)?)?;
    let file = match pipes {
        Pipes::Read => File::open(path)?,
        Pipes::Refused => files::open_without_waiting(path)?,
    };
    // What stands under the name may be another file by now.
    if is_taken(&file.metadata()?)? > most {
        return Err(SmallFileError::TooLarge { most });
    }
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => Err(SmallFileError::TooLarge { most }),
        false => Ok(bytes),
    }
}

const PIPE: Fixed = fixed!("a pipe");

/// What something under a name is, if it is no regular file.
fn kind(facts: &Metadata) -> Option<Fixed> {
    match files::kind(facts) {
        Kind::File => None,
        Kind::Folder => Some(fixed!("a folder")),
        Kind::Pipe => Some(PIPE),
        Kind::Socket => Some(fixed!("a socket")),
        Kind::Device => Some(fixed!("a device")),
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn only_bounded_files_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("four"), "1234").unwrap();
        std::fs::write(at("five"), "12345").unwrap();
        std::os::unix::fs::symlink(at("four"), at("link")).unwrap();
        let fifo = std::process::Command::new("mkfifo")
            .arg(at("fifo"))
            .status();
        assert!(fifo.unwrap().success());
        for (path, expected) in [
            (at("four"), Ok("1234")),
            (at("link"), Ok("1234")),
            (at("five"), Err("more than")),
            (at("none"), Err("No such file")),
            (at("fifo"), Err("a pipe; expected a regular file")),
            (folder.path().to_owned(), Err("a folder")),
            ("/dev/zero".into(), Err("a device")),
            ("/dev/null".into(), Err("a device")),
        ] {
            let found = read(&path, 4, Pipes::Refused);
            match (found, expected) {
                (Ok(bytes), Ok(text)) => assert_eq!(bytes, text.as_bytes(), "{path:?}"),
                (Err(error), Err(part)) => {
                    assert!(error.to_string().contains(part), "{path:?}: {error}");
                }
                (found, _) => panic!("{path:?}: {found:?}"),
            }
        }
    }

    #[test]
    fn a_pipe_is_read_up_to_the_bound_where_it_may_be_one() {
        for (text, expected) in [("1234", true), ("12345", false)] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("fifo");
            let fifo = std::process::Command::new("mkfifo").arg(&path).status();
            assert!(fifo.unwrap().success());
            let writer = std::thread::spawn({
                let path = path.clone();
                move || std::fs::write(path, text)
            });
            assert_eq!(read(&path, 4, Pipes::Read).is_ok(), expected, "{text}");
            // Whether anybody reads the last byte is not the writer's concern.
            let _ = writer.join().unwrap();
        }
        assert!(read(Path::new("/dev/zero"), 4, Pipes::Read).is_err());
    }
}
