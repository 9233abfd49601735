//! The terminal that the program runs on.

use std::fs::File;
use std::io::{self, Read, Write};

use rustix::termios::{LocalModes, OptionalActions, Termios};
use rustix::termios::{tcgetattr, tcgetwinsize, tcsetattr};

/// The terminal, whatever the standard streams are.
#[derive(Debug)]
pub(crate) struct Terminal(pub(crate) File);

impl Terminal {
    /// Opens it.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) fn open() -> io::Result<Self> {
        let file = File::options().read(true).write(true).open("/dev/tty");
        file.map(Self)
    }

    /// How it is now.
    pub(crate) fn modes(&self) -> io::Result<Modes> {
        let modes = tcgetattr(&self.0)?;
        let terminal = self.0.try_clone()?;
        Ok(Modes { terminal, modes })
    }

    /// What is typed is no longer shown.
    pub(crate) fn hide_typing(&self) -> io::Result<()> {
        let mut quiet = tcgetattr(&self.0)?;
        quiet.local_modes &= !(LocalModes::ECHO | LocalModes::ECHONL);
        Ok(tcsetattr(&self.0, OptionalActions::Flush, &quiet)?)
    }
}

impl Read for &Terminal {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        (&self.0).read(buffer)
    }
}

impl Write for &Terminal {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (&self.0).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        (&self.0).flush()
    }
}

/// A terminal as it was before something was changed about it.
#[derive(Debug)]
pub(crate) struct Modes {
    terminal: File,
    modes: Termios,
}

impl Modes {
    /// Makes it so again.
    pub(crate) fn restore(&self) {
        // Nothing can be done about a terminal that is gone.
        let _ = tcsetattr(&self.terminal, OptionalActions::Now, &self.modes);
    }
}

/// How many columns the terminal of standard error has.
pub(crate) fn columns() -> Option<u16> {
    tcgetwinsize(io::stderr()).ok().map(|size| size.ws_col)
}
