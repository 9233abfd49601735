//! Filling a buffer from a source that may give less than it is asked for.

use std::io::{self, Read};

/// What came of filling a buffer.
pub(super) struct Pulled {
    pub(super) read: usize,
    pub(super) ended: bool,
    pub(super) error: Option<io::Error>,
}

/// Fills `buffer` as far as the source goes.
pub(super) fn pull(source: &mut dyn Read, buffer: &mut [u8]) -> Pulled {
    let mut read = 0;
    while let Some(free) = buffer.get_mut(read..).filter(|free| !free.is_empty()) {
        match source.read(free) {
            Ok(0) => {
                return Pulled {
                    read,
                    ended: true,
                    error: None,
                };
            }
            Ok(count) => read += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                return Pulled {
                    read,
                    ended: false,
                    error: Some(error),
                };
            }
        }
    }
    Pulled {
        read,
        ended: false,
        error: None,
    }
}
