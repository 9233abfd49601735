//! The kept corpus of the fuzz target `reading`, replayed through the same comparison without a
//! fuzzer: what the fuzzer once found to be of interest stays under test.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/fuzzed.rs"]
mod fuzzed;
#[path = "support/strict.rs"]
mod strict;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The corpus as files, each read as its first three bytes say, then in every encoding, with every
/// delimiter and at batch sizes around its own.
#[test]
fn the_kept_corpus_is_read_right_in_every_dialect_and_batch_size() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/reading");
    let mut answers = BTreeMap::new();
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mut input = fs::read(&path).unwrap();
        assert!(input.len() > 3, "{}", path.display());
        files += 1;
        let batch = input[1];
        for dialect in 0..=u8::MAX >> 1 {
            for batch in [batch, 0, 63, 64] {
                (input[0], input[1]) = (dialect, batch);
                match fuzzed::check(&input) {
                    Ok(answer) => *answers.entry(answer.unwrap()).or_insert(0) += 1,
                    Err(difference) => {
                        panic!(
                            "{} in dialect {dialect}, batches of {batch}: {difference}",
                            path.display()
                        )
                    }
                }
            }
        }
    }
    println!("{files} files: {answers:?}");
    assert!(files >= 50, "{files} files");
    // Every answer comes often enough to have been tested.
    for answer in [
        "accepted",
        "ambiguous_delimiter",
        "blank_line",
        "empty",
        "encoding",
        "field_too_long",
        "merged_rows",
        "nul",
        "text_after_quote",
        "unclosed_quote",
    ] {
        assert!(
            answers.get(answer).is_some_and(|n| *n >= 20),
            "{answer}: {answers:?}"
        );
    }
}
