//! Decompression on a thread of its own, a little ahead of who reads.
//!
//! ```text
//!   thread: decoder ──► piece ──► piece ──► … (at most AHEAD of them) ──► reader
//!              ▲                                                            │
//!              └────────────────────── emptied pieces ◄─────────────────────┘
//! ```
//!
//! What the decoder gives comes in its order, its end and its error last: a file that is cut is read up
//! to the cut, and refused there.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};

/// The bytes of a piece.
const PIECE: usize = 256 * 1024;

/// How many pieces may wait to be read.
const AHEAD: usize = 4;

/// The end of the bytes is a piece without any.
type Piece = io::Result<Vec<u8>>;

/// The bytes of a decoder that works on a thread of its own.
pub(super) struct Ahead {
    pieces: Option<Receiver<Piece>>,
    emptied: Sender<Vec<u8>>,
    piece: Vec<u8>,
    read: usize,
    ended: bool,
    thread: Option<JoinHandle<()>>,
}

impl Ahead {
    /// Starts the thread. What the decoder reads is at hand, as a file is, and nothing of it is read any
    /// more once this is dropped. (A pipe might keep the thread, and so the end of the run, waiting.)
    ///
    /// # Errors
    /// If the system gives no thread.
    pub(super) fn start(decoder: impl Read + Send + 'static) -> io::Result<Self> {
        let (to_reader, pieces) = sync_channel(AHEAD);
        let (emptied, to_decoder) = channel();
        let thread = thread::Builder::new()
            .name("decompression".to_owned())
            .spawn(move || decode(decoder, &to_reader, &to_decoder))?;
        Ok(Self {
            pieces: Some(pieces),
            emptied,
            piece: Vec::new(),
            read: 0,
            ended: false,
            thread: Some(thread),
        })
    }
}

/// Sends all pieces of a decoder until nobody wants more.
fn decode(mut decoder: impl Read, pieces: &SyncSender<Piece>, emptied: &Receiver<Vec<u8>>) {
    loop {
        let mut piece = emptied.try_recv().unwrap_or_default();
        piece.resize(PIECE, 0);
        let (filled, failure) = fill(&mut decoder, &mut piece);
        piece.truncate(filled);
        let ends = filled < PIECE;
        if filled > 0 && pieces.send(Ok(piece)).is_err() {
            return;
        }
        if ends {
            // Who is gone needs no end.
            let _ = pieces.send(failure.map_or(Ok(Vec::new()), Err));
            return;
        }
    }
}

/// Fills a piece as far as the decoder goes, and gives how far that is and why it is no further.
fn fill(decoder: &mut impl Read, piece: &mut [u8]) -> (usize, Option<io::Error>) {
    let mut filled = 0;
    while let Some(rest) = piece.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match decoder.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (filled, Some(error)),
        }
    }
    (filled, None)
}

impl Read for Ahead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read == self.piece.len() && !self.ended && !buffer.is_empty() {
            let emptied = std::mem::take(&mut self.piece);
            self.read = 0;
            // The thread may be done.
            let _ = self.emptied.send(emptied);
            let next = self.pieces.as_ref().map(Receiver::recv);
            self.piece = match next {
                Some(Ok(piece)) => piece?,
                // It sent no end: it died.
                Some(Err(_)) | None => return Err(io::ErrorKind::Other.into()),
            };
            self.ended = self.piece.is_empty();
        }
        let rest = self.piece.get(self.read..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..length), rest.get(..length)) {
            to.copy_from_slice(from);
        }
        self.read += length;
        Ok(length)
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        // The thread ends as soon as it wants to send something.
        self.pieces = None;
        if let Some(thread) = self.thread.take() {
            // If it died, that was told.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Gives so many bytes, a few at a time, and then ends or fails.
    struct Decoder {
        given: Arc<AtomicUsize>,
        all: usize,
        fails: bool,
    }

    impl Read for Decoder {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let given = self.given.load(Ordering::SeqCst);
            if given == self.all && self.fails {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let length = buffer.len().min(10_007).min(self.all - given);
            for (byte, nth) in buffer.iter_mut().zip(given..given + length) {
                *byte = (nth % 251) as u8;
            }
            self.given.fetch_add(length, Ordering::SeqCst);
            Ok(length)
        }
    }

    fn decoder(all: usize, fails: bool) -> (Decoder, Arc<AtomicUsize>) {
        let given = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&given);
        (Decoder { given, all, fails }, counted)
    }

    #[test]
    fn bytes_come_in_order_and_the_end_or_the_error_behind_them() {
        for all in [
            0,
            1,
            PIECE - 1,
            PIECE,
            PIECE + 1,
            20 * PIECE,
            20 * PIECE + 77,
        ] {
            for fails in [false, true] {
                let (decoder, _) = decoder(all, fails);
                let mut bytes = Vec::new();
                let read = Ahead::start(decoder).unwrap().read_to_end(&mut bytes);
                let kind = read.map_err(|error| error.kind());
                let expected = match fails {
                    true => Err(io::ErrorKind::UnexpectedEof),
                    false => Ok(all),
                };
                assert_eq!(kind, expected, "{all}");
                let right = bytes.iter().enumerate();
                let mut right = right.map(|(nth, byte)| usize::from(*byte) == nth % 251);
                assert!(bytes.len() == all && right.all(|right| right), "{all}");
            }
        }
    }

    #[test]
    fn only_so_many_pieces_are_ahead_and_none_after_it_is_dropped() {
        let (decoder, given) = decoder(100 * PIECE, false);
        let mut ahead = Ahead::start(decoder).unwrap();
        let mut first = [0; 1000];
        ahead.read_exact(&mut first).unwrap();
        drop(ahead);
        let before = given.load(Ordering::SeqCst);
        assert!(before <= (AHEAD + 3) * PIECE, "{before}");
        thread::yield_now();
        assert_eq!(given.load(Ordering::SeqCst), before);
    }

    #[test]
    fn a_thread_that_dies_is_no_end() {
        struct Dies;
        impl Read for Dies {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                std::panic::resume_unwind(Box::new("dies"));
            }
        }
        let mut ahead = Ahead::start(Dies).unwrap();
        assert!(ahead.read(&mut [0; 10]).is_err());
        assert!(ahead.read(&mut [0; 10]).is_err());
    }
}
