//! Asking for a passphrase on the terminal, without showing it.

use std::io::{self, Read, Write};

use zeroize::Zeroizing;

use crate::io::output::cleanup;
use crate::io::system::terminal::{Modes, Terminal};

/// The longest passphrase, in bytes. A terminal's line is not much longer.
const LONGEST: usize = 1024;

/// Asks on the terminal that the program runs on, whatever its standard streams are.
///
/// # Errors
/// If there is none.
pub(super) fn ask(question: &str) -> io::Result<Zeroizing<String>> {
    ask_on(&Terminal::open()?, question)
}

fn ask_on(terminal: &Terminal, question: &str) -> io::Result<Zeroizing<String>> {
    let quiet = Quiet::new(terminal)?;
    let mut writer = terminal;
    write!(writer, "{question}: ")?;
    let line = read_line(terminal);
    drop(quiet);
    // The line end that was typed was not shown either.
    writeln!(writer)?;
    line
}

/// Reads one line into memory that is wiped.
fn read_line(mut terminal: &Terminal) -> io::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new([0; LONGEST]);
    let mut length = 0;
    let mut byte = Zeroizing::new([0]);
    loop {
        match terminal.read(byte.as_mut_slice()) {
            Ok(0) => break,
            Ok(_) if *byte == *b"\n" => break,
            Ok(_) => {
                let place = line.get_mut(length).ok_or(io::ErrorKind::FileTooLarge)?;
                [*place] = *byte;
                length += 1;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let line = line.get(..length).unwrap_or_default();
    let text = std::str::from_utf8(line.strip_suffix(b"\r").unwrap_or(line));
    let text = text.map_err(|_| io::ErrorKind::InvalidData)?;
    Ok(Zeroizing::new(String::from(text)))
}

/// A terminal that does not show what is typed, until this is dropped or the program ends.
struct Quiet {
    before: Modes,
}

impl Quiet {
    fn new(terminal: &Terminal) -> io::Result<Self> {
        let before = terminal.modes()?;
        cleanup::restore_at_the_end(terminal.modes()?);
        terminal.hide_typing()?;
        Ok(Self { before })
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        self.before.restore();
        cleanup::nothing_to_restore();
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs::File;
    use std::os::fd::{AsFd, OwnedFd};
    use std::thread;

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use rustix::termios::{LocalModes, tcgetattr};

    use super::*;

    /// Both ends of a terminal.
    fn terminal() -> (File, Terminal) {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
        let keyboard: OwnedFd = openpt(flags).unwrap();
        grantpt(&keyboard).unwrap();
        unlockpt(&keyboard).unwrap();
        let name = ptsname(&keyboard, Vec::new()).unwrap();
        let flags = rustix::fs::OFlags::RDWR | rustix::fs::OFlags::NOCTTY;
        let screen = rustix::fs::open(&name, flags, rustix::fs::Mode::empty()).unwrap();
        (File::from(keyboard), Terminal(File::from(screen)))
    }

    fn shows(terminal: impl AsFd) -> bool {
        let modes = tcgetattr(terminal).unwrap().local_modes;
        modes.contains(LocalModes::ECHO)
    }

    #[test]
    fn what_is_typed_is_read_and_not_shown() {
        let (mut keyboard, screen) = terminal();
        assert!(shows(&screen.0));
        let shown = thread::scope(|scope| {
            let asked = scope.spawn(|| ask_on(&screen, "Passphrase").unwrap());
            let mut seen = Vec::new();
            while !seen.ends_with(b"Passphrase: ") {
                let mut byte = [0];
                keyboard.read_exact(&mut byte).unwrap();
                seen.extend(byte);
            }
            assert!(!shows(&screen.0));
            keyboard.write_all("cheval é pile\n".as_bytes()).unwrap();
            assert_eq!(asked.join().unwrap().as_str(), "cheval é pile");
            let mut rest = [0; 2];
            keyboard.read_exact(&mut rest).unwrap();
            seen.extend(rest);
            String::from_utf8(seen).unwrap()
        });
        assert_eq!(shown, "Passphrase: \r\n");
        assert!(shows(&screen.0), "as it was before");
    }

    #[test]
    fn what_is_no_terminal_cannot_be_asked() {
        let file = Terminal(tempfile::tempfile().unwrap());
        assert!(ask_on(&file, "Passphrase").is_err());
    }
}
