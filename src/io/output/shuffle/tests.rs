//! Every row once, every order as likely, the same order for the same seed.

use super::*;
use crate::io::system::files::read_exact_at;
use crate::io::system::trial::write_at;
use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::ChaCha12Rng;
use std::collections::HashMap;
use std::fs::File;

fn shuffled(rows: &[Vec<u8>], batch: usize, seed: u64, bound: usize) -> Vec<Vec<u8>> {
    let mut shuffle = Shuffle::new(ChaCha12Rng::seed_from_u64(seed), bound);
    for batch in rows.chunks(batch.max(1)) {
        let mut end = 0;
        let ends = batch.iter().map(|row| {
            end += row.len();
            end
        });
        shuffle.push(&batch.concat(), ends).unwrap();
    }
    let mut given = Vec::new();
    let count = shuffle.drain(&mut |place, row| {
        given.push(row.to_vec());
        assert_eq!(place, given.len() as u64);
        Ok(())
    });
    assert_eq!(count.unwrap(), rows.len() as u64);
    given
}

fn sorted(mut rows: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    rows.sort();
    rows
}

fn numbered(count: u64) -> Vec<Vec<u8>> {
    (0..count)
        .map(|n| format!("{n};\"a\nb\"\n").into_bytes())
        .collect()
}

#[test]
fn every_row_comes_back_once_at_every_bound() {
    let rows = numbered(300);
    let needed: usize = rows.iter().map(|row| row.len() + PER_ROW).sum();
    // From one where every row is longer than the bound, over several levels of buckets, to one
    // that all rows fit in exactly.
    for bound in [0, 1, 20, 40, 100, 1000, needed - 1, needed, SHUFFLE_MEMORY] {
        let given = shuffled(&rows, 7, 1, bound);
        assert_ne!(given, rows, "bound {bound}");
        assert_eq!(sorted(given), sorted(rows.clone()), "bound {bound}");
    }
}

#[test]
fn no_row_one_row_and_empty_rows() {
    for bound in [0, 100] {
        assert_eq!(shuffled(&[], 1, 1, bound), Vec::<Vec<u8>>::new());
        assert_eq!(shuffled(&numbered(1), 1, 1, bound), numbered(1));
        assert_eq!(
            shuffled(&vec![Vec::<u8>::new(); 5], 2, 1, bound),
            vec![Vec::<u8>::new(); 5]
        );
    }
}

#[test]
fn the_seed_decides_the_order_and_the_batches_do_not() {
    let rows = numbered(200);
    for bound in [50, 500, SHUFFLE_MEMORY] {
        let once = shuffled(&rows, 1, 7, bound);
        assert_eq!(shuffled(&rows, 200, 7, bound), once, "bound {bound}");
        assert_eq!(shuffled(&rows, 13, 7, bound), once, "bound {bound}");
        assert_ne!(shuffled(&rows, 13, 8, bound), once, "bound {bound}");
    }
}

/// Pearson's statistic of how often each of `cells` outcomes came.
fn chi_square(counts: &HashMap<Vec<u8>, u32>, cells: usize, draws: u32) -> f64 {
    let expected = f64::from(draws) / cells as f64;
    let met: f64 = counts
        .values()
        .map(|&n| (f64::from(n) - expected).powi(2) / expected)
        .sum();
    met + (cells - counts.len()) as f64 * expected
}

#[test]
fn every_order_of_four_rows_is_as_likely() {
    let rows: Vec<Vec<u8>> = [b"a", b"b", b"c", b"d"]
        .iter()
        .map(|row| row.to_vec())
        .collect();
    // In memory; through buckets that hold up to two rows; through buckets of one row each.
    for (bound, draws) in [(100, 24_000), (2 * (1 + PER_ROW), 2_400), (1, 2_400)] {
        let mut counts: HashMap<Vec<u8>, u32> = HashMap::new();
        for seed in 0..draws {
            let order = shuffled(&rows, 4, u64::from(seed), bound).concat();
            *counts.entry(order).or_default() += 1;
        }
        // 23 degrees of freedom: 49.7 is passed by chance once in a thousand sets of seeds.
        let statistic = chi_square(&counts, 24, draws);
        assert!(statistic < 49.7, "bound {bound}: {statistic}");
    }
}

#[test]
fn every_place_is_as_likely_for_a_row_among_many() {
    // Where the first and the last of 100 rows land, in tenths, over several levels of buckets.
    let rows = numbered(100);
    for watched in [0, 99] {
        let mut counts: HashMap<Vec<u8>, u32> = HashMap::new();
        for seed in 0..200 {
            let given = shuffled(&rows, 100, seed, 60);
            let place = given.iter().position(|row| *row == rows[watched]).unwrap();
            *counts.entry(vec![(place / 10) as u8]).or_default() += 1;
        }
        // 9 degrees of freedom, once in a thousand.
        let statistic = chi_square(&counts, 10, 200);
        assert!(statistic < 27.9, "row {watched}: {statistic}");
    }
}

#[test]
fn numbers_are_drawn_without_bias_at_the_edge() {
    /// Gives the numbers it holds, then zeros.
    struct Fixed(Vec<u64>);
    impl rand::TryRng for Fixed {
        type Error = std::convert::Infallible;
        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            self.try_next_u64().map(|n| n as u32)
        }
        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            Ok(self.0.pop().unwrap_or(0))
        }
        fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Self::Error> {
            Ok(())
        }
    }
    // 2^64 = 3 · 6148914691236517205 + 1: only the highest number has no full round of three.
    let cases = [
        ("redrawn", vec![1, u64::MAX], 2, 1),
        ("last of the last round", vec![1, u64::MAX - 1], 2, 2),
        (
            "a power of two has only full rounds",
            vec![1, u64::MAX],
            63,
            63,
        ),
        ("one outcome", vec![u64::MAX], 0, 0),
    ];
    for (name, numbers, most, drawn) in cases {
        assert_eq!(at_most(most, &mut Fixed(numbers)), drawn, "{name}");
    }
}

#[test]
fn a_batch_whose_ends_do_not_fit_is_an_error() {
    let cases: [(&str, &[usize]); 4] = [
        ("bytes behind the last row", &[2]),
        ("no ends at all", &[]),
        ("beyond the bytes", &[2, 5]),
        ("backwards", &[3, 2, 4]),
    ];
    for (name, ends) in cases {
        let mut shuffle = Shuffle::new(ChaCha12Rng::seed_from_u64(1), 100);
        assert!(
            shuffle.push(b"a\nb\n", ends.iter().copied()).is_err(),
            "{name}"
        );
    }
}

#[test]
fn an_error_of_the_receiver_stops_the_drain() {
    for bound in [1, 100] {
        let mut shuffle = Shuffle::new(ChaCha12Rng::seed_from_u64(1), bound);
        shuffle.push(b"a\nb\nc\n", [2, 4, 6]).unwrap();
        let mut calls = 0;
        let drained = shuffle.drain(&mut |_, _| {
            calls += 1;
            Err(io::ErrorKind::StorageFull.into())
        });
        assert_eq!(drained.unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert_eq!(calls, 1);
    }
}

/// A bucket in a file that somebody else has too.
fn bucket_in(file: File) -> Bucket {
    Bucket {
        file: Some(SpoolWriter::in_file(file, BUFFER).unwrap()),
        ..Bucket::default()
    }
}

#[test]
fn a_temporary_file_that_was_cut_or_edited_is_an_error() {
    let row = [b'x'; BUFFER];
    type Edit = fn(&File);
    let edits: [(&str, Edit); 3] = [
        ("cut", |file| file.set_len(10).unwrap()),
        ("emptied", |file| file.set_len(0).unwrap()),
        ("edited", |file| {
            // One bit: writing a fixed byte would change nothing once in 256 runs, the file being encrypted.
            let mut byte = [0];
            read_exact_at(file, &mut byte, 100).unwrap();
            write_at(file, &[byte[0] ^ 1], 100);
        }),
    ];
    for (case, edit) in edits {
        let file = tempfile::tempfile().unwrap();
        let mut bucket = bucket_in(file.try_clone().unwrap());
        bucket.put(&row).unwrap();
        bucket.put(&row).unwrap();
        edit(&file);
        let mut reading = bucket.read_back().unwrap().unwrap();
        let error = reading.next(&mut Vec::new()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{case}");
    }
}

#[test]
fn no_row_is_in_a_temporary_file_as_it_is() {
    let file = tempfile::tempfile().unwrap();
    let mut bucket = bucket_in(file.try_clone().unwrap());
    for _ in 0..2000 {
        bucket.put(b"Canary;1985;69003;").unwrap();
    }
    let mut reading = bucket.read_back().unwrap().unwrap();
    let mut content = vec![0; file.metadata().unwrap().len() as usize];
    read_exact_at(&file, &mut content, 0).unwrap();
    assert!(content.len() > 2000 * 18);
    assert!(!content.windows(6).any(|window| window == b"Canary"));
    let mut row = Vec::new();
    assert!(reading.next(&mut row).unwrap());
    assert_eq!(row, b"Canary;1985;69003;");
}

#[test]
#[cfg(unix)]
fn a_temporary_disk_that_is_full_is_an_error() {
    let full_bucket = || {
        let full = std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        bucket_in(full)
    };
    // Within the buffer it shows only when the bucket is read back, beyond it at once.
    let mut bucket = full_bucket();
    bucket.put(b"row\n").unwrap();
    assert_eq!(
        bucket.read_back().err().unwrap().kind(),
        io::ErrorKind::StorageFull
    );
    let error = full_bucket().put(&[b'x'; 2 * BUFFER]).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_rows_they_are_the_same_afterwards(
        rows in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..60),
        batch in 1_usize..20,
        seed in any::<u64>(),
        bound in 0_usize..1500,
    ) {
        let given = shuffled(&rows, batch, seed, bound);
        prop_assert_eq!(sorted(given), sorted(rows));
    }
}
