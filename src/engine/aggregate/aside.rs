//! Where a count puts aside what memory has no room for: in temporary files that have no name, encrypted under a key
//! that is in memory only ([`Spool`]).

use std::io::{Read, Result, Write};
use std::sync::Arc;

use crate::io::spool::{Spool, SpoolWriter};
use crate::privacy::aggregate::aside::{Aside, Room, Writing, Written};

/// The size of a chunk: many places of a file are read at once.
const CHUNK: usize = 4 << 10;

/// So much memory for so many workers, and temporary files for the rest.
pub(crate) fn room(memory: usize, workers: usize) -> Room {
    Room::new(memory, workers, Arc::new(Spools))
}

/// Puts aside in spools.
#[derive(Debug)]
struct Spools;

impl Aside for Spools {
    fn begin(&self) -> Result<Box<dyn Writing>> {
        Ok(Box::new(Writer(SpoolWriter::create(CHUNK)?)))
    }
}

struct Writer(SpoolWriter);

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> Result<()> {
        self.0.flush()
    }
}

impl Writing for Writer {
    fn finish(self: Box<Self>) -> Result<Arc<dyn Written>> {
        Ok(Arc::new(Whole(Arc::new(self.0.finish()?))))
    }
}

struct Whole(Arc<Spool>);

impl Written for Whole {
    fn from(&self, position: u64) -> Result<Box<dyn Read>> {
        let mut reader = self.0.reader();
        reader.go_to(position)?;
        Ok(Box::new(reader))
    }
}
