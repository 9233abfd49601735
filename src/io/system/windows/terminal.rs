//! The console that the program runs on.

use std::io::{self, IsTerminal, Read, Write};

use winapi_util::HandleRef;
use winapi_util::console::{Console, mode, screen_buffer_info, set_mode};

const ENABLE_ECHO_INPUT: u32 = 0x4;

/// The console of standard input, which is what tells characters beyond ASCII.
#[derive(Debug)]
pub(crate) struct Terminal;

impl Terminal {
    /// Opens it.
    ///
    /// # Errors
    /// If standard input is none.
    pub(crate) fn open() -> io::Result<Self> {
        match io::stdin().is_terminal() {
            true => Ok(Self),
            false => Err(io::Error::new(
                io::ErrorKind::NotFound,
                fixed!("standard input is no console"),
            )),
        }
    }

    /// How it is now.
    pub(crate) fn modes(&self) -> io::Result<Modes> {
        mode(HandleRef::stdin()).map(Modes)
    }

    /// What is typed is no longer shown.
    pub(crate) fn hide_typing(&self) -> io::Result<()> {
        let Modes(before) = self.modes()?;
        set_mode(HandleRef::stdin(), before & !ENABLE_ECHO_INPUT)
    }
}

impl Read for &Terminal {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        io::stdin().read(buffer)
    }
}

impl Write for &Terminal {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::stderr().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// A console as it was before something was changed about it.
#[derive(Debug)]
pub(crate) struct Modes(u32);

impl Modes {
    /// Makes it so again.
    pub(crate) fn restore(&self) {
        // Nothing can be done about a console that is gone.
        let _ = set_mode(HandleRef::stdin(), self.0);
    }
}

/// How many columns the console of standard error has. It is told to take the signs by which a line is drawn anew.
pub(crate) fn columns() -> Option<u16> {
    let _ = Console::stderr().and_then(|mut console| console.set_virtual_terminal_processing(true));
    let rect = screen_buffer_info(HandleRef::stderr()).ok()?.window_rect();
    u16::try_from(rect.right.saturating_sub(rect.left).saturating_add(1)).ok()
}
