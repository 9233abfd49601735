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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::aggregate::tally::{Label, Tally};
    use crate::privacy::aggregate::{Column, Figures, Told};

    /// The figures of persons of whom every third is in two cells, counted by two workers in so much memory.
    fn figures(memory: usize) -> Figures {
        let first = Tally::new(1, vec![Told::default()], room(memory, 2));
        let mut workers = [first.another(), first.another()];
        for row in 0..3000_u64 {
            let person = (row % 2250).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let value = if row % 7 == 0 { b"x" } else { b"y" };
            let worker = &mut workers[row as usize % 2];
            let amounts = [Some(i128::from(row))];
            worker
                .add(std::iter::once(&value[..]), Some(person), &amounts)
                .unwrap();
        }
        let text = |text: &[u8]| -> Label { text.into() };
        let counted = Tally::together(workers.into(), &text).unwrap();
        let name = "place".to_owned();
        let sensitive = false;
        Figures::new(counted, true, vec![Column { name, sensitive }]).unwrap()
    }

    #[test]
    fn persons_that_are_put_aside_count_as_those_in_memory() {
        let all = figures(usize::MAX);
        let all: Vec<_> = all.cells().collect();
        assert_eq!(all.len(), 3);
        assert_eq!(all[2].1.units, 2250);
        for memory in [1, 2000, 20_000] {
            let few = figures(memory);
            assert_eq!(few.cells().collect::<Vec<_>>(), all, "{memory}");
            assert_eq!(few.everybody(), 2250);
        }
    }

    #[test]
    fn a_file_is_read_from_anywhere_and_by_several_at_once() {
        let bytes: Vec<u8> = (0..3 * CHUNK).map(|at| (at % 251) as u8).collect();
        let mut file = Spools.begin().unwrap();
        file.write_all(&bytes).unwrap();
        let file = file.finish().unwrap();
        for at in [0, 1, CHUNK - 1, CHUNK, 2 * CHUNK + 7, 3 * CHUNK] {
            let mut rest = Vec::new();
            file.from(at as u64)
                .unwrap()
                .read_to_end(&mut rest)
                .unwrap();
            assert!(rest == bytes[at..], "{at}");
        }
    }
}
