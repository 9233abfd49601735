use std::io::Cursor;
use std::time::Duration;

use super::*;
use crate::io::csv::{Malformed, Options, Refusal};

/// Gives the first record of each batch, some batches after a while; refuses the one with a record.
struct Slow {
    sets_aside: bool,
    refuses: Option<u64>,
    part: u64,
}

impl Worker for Slow {
    type Part = u64;
    type Error = Refusal;

    fn process(&mut self, batch: &Batch) -> Result<(), Refusal> {
        self.part = batch.first_record;
        // The first of every few batches is the last to be ready.
        if batch.sequence.is_multiple_of(7) {
            thread::sleep(Duration::from_millis(3));
        }
        let records = batch.first_record..batch.first_record + batch.records();
        match self.refuses {
            Some(record) if records.contains(&record) => {
                Err(batch.refuse(Malformed::Changed, 0, &[]))
            }
            _ => Ok(()),
        }
    }

    fn part(&mut self) -> &mut u64 {
        &mut self.part
    }

    fn set_aside(&mut self) -> Option<u64> {
        self.sets_aside.then_some(self.part)
    }
}

/// What was delivered, and why it ended.
fn delivered(
    threads: usize,
    sets_aside: bool,
    refuses: Option<u64>,
    fails_at: Option<usize>,
) -> (Vec<u64>, Option<String>) {
    let text = format!("cell\n{}", "some text\n".repeat(5_000));
    let options = Options {
        batch: 256,
        ..Options::default()
    };
    let mut reader = Reader::open(Box::new(Cursor::new(text)), options).unwrap();
    let workers = (0..threads).map(|_| Slow {
        sets_aside,
        refuses,
        part: 0,
    });
    let mut parts = Vec::new();
    let outcome = run(&mut reader, workers.collect(), &mut |part| {
        if fails_at == Some(parts.len()) {
            return Err(Error::Internal);
        }
        parts.push(*part);
        Ok(())
    });
    (parts, outcome.err().map(|error| error.to_string()))
}

#[test]
fn what_was_set_aside_is_delivered_in_its_turn() {
    let (all, none) = delivered(1, false, None, None);
    assert!(all.len() > 2 * ASIDE && none.is_none(), "{}", all.len());
    assert!(all.is_sorted());
    for (name, refuses, fails_at) in [
        ("all", None, None),
        ("the first batch is refused", Some(1), None),
        ("one behind many is refused", Some(4_000), None),
        ("the first cannot be delivered", None, Some(0)),
        ("a later one cannot be delivered", None, Some(30)),
        ("both", Some(4_000), Some(30)),
        ("both, the other way round", Some(600), Some(150)),
    ] {
        let expected = delivered(1, false, refuses, fails_at);
        assert_eq!(expected.1.is_some(), expected.0 != all, "{name}");
        for threads in 1..=4 {
            for sets_aside in [false, true] {
                let found = delivered(threads, sets_aside, refuses, fails_at);
                assert!(found == expected, "{name}, {threads}: {found:?}");
            }
        }
    }
}
