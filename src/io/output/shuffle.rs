//! Rows in a uniformly random order, in bounded memory.
//!
//! While the rows fit in the bound they stay in memory and are shuffled there (Fisher–Yates).
//! Beyond it each row goes into one of 64 buckets, drawn at random for each row; the buckets are
//! then read one after the other, each shuffled in turn in the same two ways.
//!
//! **Why every order is equally likely.** The buckets are drawn independently of what a row holds
//! and where it stands, and within a bucket every order is equally likely (by Fisher–Yates, or by
//! this same argument). So exchanging any two rows of the input changes no probability: all orders
//! have the same one. It is a sort by independent random keys, whose first six bits are the bucket.
//! Which of the two ways a bucket goes depends on the rows that fell into it, but either way leaves
//! their order uniform, so the choice does not disturb this.
//!
//! **Memory.** Rows and 8 bytes for each take at most the bound; each level of buckets adds 64
//! write buffers and one read buffer of 16 KiB, about 1 MiB. With [`SHUFFLE_MEMORY`] there is one
//! level up to about 2 GiB of output and two up to about 128 GiB: 34 MiB. (Measured, as the peak of
//! a whole process that does little else: 36 MiB for 1 GiB of rows, 37 MiB for 4 GiB.) A row that
//! is longer than the bound by itself is held alone.
//!
//! **Disk.** The buckets are temporary files without a name, in the system's temporary folder
//! (`TMPDIR`), encrypted under a key that is in memory only ([`Spool`](crate::io::spool::Spool)). They
//! hold anonymised rows only, together as large as the output; a bucket's space is given back as soon
//! as it is read.

use std::io::{self, Read, Write};
use std::sync::Arc;

use rand::Rng;

use crate::io::spool::{SpoolReader, SpoolWriter};

/// The bytes of memory that a shuffle holds its rows in, unless it is told another bound: 32 MiB.
pub const SHUFFLE_MEMORY: usize = 32 << 20;

/// What a row costs beside its bytes.
const PER_ROW: usize = size_of::<(u32, u32)>();

const BUCKETS: usize = 64;
const BUFFER: usize = 16 << 10;

/// Collects rows in order and gives them back in random order.
///
/// The order depends on the rows, the bound and the random numbers only, not on how the rows came
/// in batches.
pub struct Shuffle<R> {
    rng: R,
    held: Held,
    spilled: Option<Vec<Bucket>>,
    rows: u64,
}

impl<R: Rng> Shuffle<R> {
    /// Starts with no rows. `bound` is in bytes ([`SHUFFLE_MEMORY`]); more than 4 GiB is taken as
    /// 4 GiB. `rng` decides the order.
    pub fn new(rng: R, bound: usize) -> Self {
        Self {
            rng,
            held: Held::new(bound),
            spilled: None,
            rows: 0,
        }
    }

    /// Adds a batch: the bytes of its rows, one after the other and with their line ends, and for
    /// each row where it ends in `bytes`.
    ///
    /// # Errors
    /// When a temporary file cannot be made or written (a full disk); when `ends` does not cover
    /// `bytes` exactly, in order, or a row has 4 GiB.
    pub fn push(&mut self, bytes: &[u8], ends: impl IntoIterator<Item = usize>) -> io::Result<()> {
        let mut start = 0;
        for end in ends {
            let Some(row) = bytes.get(start..end) else {
                return Err(io::Error::other(fixed!(
                    "the ends of the rows are out of order"
                )));
            };
            self.push_row(row)?;
            start = end;
        }
        if start != bytes.len() {
            return Err(io::Error::other(fixed!(
                "a batch has bytes that belong to no row"
            )));
        }
        Ok(())
    }

    fn push_row(&mut self, row: &[u8]) -> io::Result<()> {
        self.rows = self.rows.saturating_add(1);
        if self.spilled.is_none() {
            if self.held.take(row) {
                return Ok(());
            }
            let mut buckets = new_buckets();
            for row in self.held.rows() {
                send(row, &mut buckets, &mut self.rng)?;
            }
            self.held.clear();
            self.spilled = Some(buckets);
        }
        match &mut self.spilled {
            Some(buckets) => send(row, buckets, &mut self.rng),
            None => Ok(()),
        }
    }

    /// Gives every row to `out`, in random order, with its place in that order from 1. Gives the
    /// number of rows.
    ///
    /// # Errors
    /// The first that `out` gives; when a temporary file cannot be written or read back; when not
    /// all rows came back.
    pub fn drain(mut self, out: &mut dyn FnMut(u64, &[u8]) -> io::Result<()>) -> io::Result<u64> {
        let mut out = Numbered { given: 0, out };
        match self.spilled.take() {
            None => self.held.drain(&mut self.rng, &mut out)?,
            Some(buckets) => drain_all(buckets, &mut self.held, &mut self.rng, &mut out)?,
        }
        if out.given != self.rows {
            return Err(io::Error::other(fixed!(
                "the shuffle did not give every row back"
            )));
        }
        Ok(out.given)
    }
}

/// Numbers the rows as they leave.
struct Numbered<'a> {
    given: u64,
    out: &'a mut dyn FnMut(u64, &[u8]) -> io::Result<()>,
}

impl Numbered<'_> {
    fn give(&mut self, row: &[u8]) -> io::Result<()> {
        self.given = self.given.saturating_add(1);
        (self.out)(self.given, row)
    }
}

/// Rows in memory.
struct Held {
    bound: usize,
    bytes: Vec<u8>,
    /// Start and length of each row in `bytes`.
    rows: Vec<(u32, u32)>,
}

impl Held {
    fn new(bound: usize) -> Self {
        Self {
            bound: bound.min(u32::MAX as usize),
            bytes: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// Takes a row if it fits in the bound.
    fn take(&mut self, row: &[u8]) -> bool {
        let used = self
            .bytes
            .len()
            .saturating_add(self.rows.len().saturating_mul(PER_ROW));
        let more = row.len().saturating_add(PER_ROW);
        if used.saturating_add(more) > self.bound {
            return false;
        }
        let (Ok(start), Ok(length)) = (self.bytes.len().try_into(), row.len().try_into()) else {
            return false;
        };
        if self.bytes.capacity() == 0 {
            // Growing step by step would hold an old and a new copy at once. Pages that are never
            // touched cost nothing.
            self.bytes.reserve_exact(self.bound);
            self.rows.reserve_exact(self.bound / PER_ROW);
        }
        self.bytes.extend_from_slice(row);
        self.rows.push((start, length));
        true
    }

    /// Reads the content of a bucket that fits in the bound.
    fn load(&mut self, bucket: &mut Reading) -> io::Result<()> {
        let mut row = Vec::new();
        while bucket.next(&mut row)? {
            if !self.take(&row) {
                return Err(io::Error::other(fixed!(
                    "a temporary file is longer than was written"
                )));
            }
        }
        Ok(())
    }

    fn row(&self, &(start, length): &(u32, u32)) -> Option<&[u8]> {
        self.bytes.get(start as usize..)?.get(..length as usize)
    }

    /// The rows in the order they came.
    fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.rows.iter().filter_map(|row| self.row(row))
    }

    fn drain(&mut self, rng: &mut impl Rng, out: &mut Numbered<'_>) -> io::Result<()> {
        shuffle(&mut self.rows, rng);
        self.rows().try_for_each(|row| out.give(row))?;
        self.clear();
        Ok(())
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.rows.clear();
    }
}

/// Fisher–Yates. Written out, as an order under a given seed must not change with a library.
fn shuffle<T>(items: &mut [T], rng: &mut impl Rng) {
    for last in (1..items.len()).rev() {
        items.swap(last, at_most(last, rng));
    }
}

/// A number from 0 to `most`, each as likely: numbers from the incomplete last round are redrawn.
fn at_most(most: usize, rng: &mut impl Rng) -> usize {
    let Some(n) = (most as u64).checked_add(1) else {
        return rng.next_u64() as usize;
    };
    let unfinished = (u64::MAX % n).wrapping_add(1) % n;
    loop {
        let drawn = rng.next_u64();
        if drawn <= u64::MAX - unfinished {
            return (drawn % n) as usize;
        }
    }
}

/// A temporary file of rows, each behind its length in 4 bytes. It is made for the first row.
#[derive(Default)]
struct Bucket {
    file: Option<SpoolWriter>,
    rows: u64,
    bytes: u64,
}

impl Bucket {
    fn put(&mut self, row: &[u8]) -> io::Result<()> {
        let length =
            u32::try_from(row.len()).map_err(|_| io::Error::other(fixed!("a row has 4 GiB")))?;
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(SpoolWriter::create(BUFFER)?),
        };
        file.write_all(&length.to_le_bytes())?;
        file.write_all(row)?;
        self.rows = self.rows.saturating_add(1);
        self.bytes = self.bytes.saturating_add(u64::from(length));
        Ok(())
    }

    /// What the rows take in memory.
    fn held(&self) -> u64 {
        self.bytes
            .saturating_add(self.rows.saturating_mul(PER_ROW as u64))
    }

    /// The rows to be read, if there are any.
    fn read_back(self) -> io::Result<Option<Reading>> {
        let Some(file) = self.file else {
            return Ok(None);
        };
        let file = Arc::new(file.finish()?).reader();
        let rows = self.rows;
        Ok(Some(Reading { file, rows }))
    }
}

/// A bucket read back; its file is gone when this is dropped.
struct Reading {
    file: SpoolReader,
    rows: u64,
}

impl Reading {
    /// Puts the next row into `row`, if there is one.
    fn next(&mut self, row: &mut Vec<u8>) -> io::Result<bool> {
        let Some(rows) = self.rows.checked_sub(1) else {
            return Ok(false);
        };
        self.rows = rows;
        let mut length = [0; 4];
        self.file.read_exact(&mut length)?;
        row.resize(u32::from_le_bytes(length) as usize, 0);
        self.file.read_exact(row)?;
        Ok(true)
    }
}

fn new_buckets() -> Vec<Bucket> {
    (0..BUCKETS).map(|_| Bucket::default()).collect()
}

fn send(row: &[u8], buckets: &mut [Bucket], rng: &mut impl Rng) -> io::Result<()> {
    match buckets.get_mut(at_most(BUCKETS - 1, rng)) {
        Some(bucket) => bucket.put(row),
        None => Err(io::Error::other(fixed!("there is no such bucket"))),
    }
}

fn drain_all(
    buckets: Vec<Bucket>,
    held: &mut Held,
    rng: &mut impl Rng,
    out: &mut Numbered<'_>,
) -> io::Result<()> {
    for bucket in buckets {
        let fits = bucket.held() <= held.bound as u64;
        let alone = bucket.rows == 1;
        let Some(mut bucket) = bucket.read_back()? else {
            continue;
        };
        if fits {
            held.load(&mut bucket)?;
            drop(bucket);
            held.drain(rng, out)?;
            continue;
        }
        let mut row = Vec::new();
        if alone {
            bucket.next(&mut row)?;
            out.give(&row)?;
            continue;
        }
        let mut smaller = new_buckets();
        while bucket.next(&mut row)? {
            send(&row, &mut smaller, rng)?;
        }
        drop((bucket, row));
        drain_all(smaller, held, rng, out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
