//! Asking for a passphrase on the terminal, without showing it.

use std::fs::File;
use std::io::{self, Read, Write};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use crate::io::output::cleanup;

/// The longest passphrase, in bytes. A terminal's line is not much longer.
const LONGEST: usize = 1024;

/// Asks on the terminal that the program runs on, whatever its standard streams are.
///
/// # Errors
/// If there is none.
pub(super) fn ask(question: &str) -> io::Result<Zeroizing<String>> {
    let terminal = File::options().read(true).write(true).open("/dev/tty")?;
    ask_on(&terminal, question)
}

fn ask_on(terminal: &File, question: &str) -> io::Result<Zeroizing<String>> {
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
fn read_line(mut terminal: &File) -> io::Result<Zeroizing<String>> {
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
    let text = std::str::from_utf8(line.get(..length).unwrap_or_default());
    let text = text.map_err(|_| io::ErrorKind::InvalidData)?;
    Ok(Zeroizing::new(String::from(text)))
}

/// A terminal that does not show what is typed, until this is dropped or the program ends.
struct Quiet<'a> {
    terminal: &'a File,
    before: Termios,
}

impl<'a> Quiet<'a> {
    fn new(terminal: &'a File) -> io::Result<Self> {
        let before = tcgetattr(terminal)?;
        let mut quiet = before.clone();
        quiet.local_modes &= !(LocalModes::ECHO | LocalModes::ECHONL);
        cleanup::restore_at_the_end(terminal.try_clone()?, before.clone());
        tcsetattr(terminal, OptionalActions::Flush, &quiet)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        // Nothing can be done about a terminal that is gone.
        let _ = tcsetattr(self.terminal, OptionalActions::Now, &self.before);
        cleanup::nothing_to_restore();
    }
}

#[cfg(test)]
mod tests {
    use std::os::fd::{AsFd, OwnedFd};
    use std::thread;

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

    use super::*;

    /// Both ends of a terminal.
    fn terminal() -> (File, File) {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
        let keyboard: OwnedFd = openpt(flags).unwrap();
        grantpt(&keyboard).unwrap();
        unlockpt(&keyboard).unwrap();
        let name = ptsname(&keyboard, Vec::new()).unwrap();
        let flags = rustix::fs::OFlags::RDWR | rustix::fs::OFlags::NOCTTY;
        let screen = rustix::fs::open(&name, flags, rustix::fs::Mode::empty()).unwrap();
        (File::from(keyboard), File::from(screen))
    }

    fn shows(terminal: impl AsFd) -> bool {
        let modes = tcgetattr(terminal).unwrap().local_modes;
        modes.contains(LocalModes::ECHO)
    }

    #[test]
    fn what_is_typed_is_read_and_not_shown() {
        let (mut keyboard, screen) = terminal();
        assert!(shows(&screen));
        let shown = thread::scope(|scope| {
            let asked = scope.spawn(|| ask_on(&screen, "Passphrase").unwrap());
            let mut seen = Vec::new();
            while !seen.ends_with(b"Passphrase: ") {
                let mut byte = [0];
                keyboard.read_exact(&mut byte).unwrap();
                seen.extend(byte);
            }
            assert!(!shows(&screen));
            keyboard.write_all("cheval é pile\n".as_bytes()).unwrap();
            assert_eq!(asked.join().unwrap().as_str(), "cheval é pile");
            let mut rest = [0; 2];
            keyboard.read_exact(&mut rest).unwrap();
            seen.extend(rest);
            String::from_utf8(seen).unwrap()
        });
        assert_eq!(shown, "Passphrase: \r\n");
        assert!(shows(&screen), "as it was before");
    }

    #[test]
    fn what_is_no_terminal_cannot_be_asked() {
        let file = tempfile::tempfile().unwrap();
        assert!(ask_on(&file, "Passphrase").is_err());
    }
}
