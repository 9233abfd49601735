use std::io::{self, Read};

/// Gives its bytes a few at a time, so that units and pairs are cut anywhere.
pub(super) struct Trickle<'a>(pub(super) &'a [u8], pub(super) usize);

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let step = self.1.min(self.0.len()).min(buffer.len());
        let (now, later) = self.0.split_at(step);
        buffer[..step].copy_from_slice(now);
        self.0 = later;
        Ok(step)
    }
}
