//! The kept corpus of the fuzz target `reading`, replayed through the same comparison without a
//! fuzzer: what the fuzzer once found to be of interest stays under test.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Each file is read as its first bytes say, and then in every encoding with every delimiter, at
/// batch sizes around its own.
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
        let (first, second) = (input[0], input[1]);
        let dialects = (0..32).map(|dialect| first & !31 | dialect);
        let batches = [second, 0, 63, 64].into_iter().cycle();
        for (dialect, batch) in [(first, second)].into_iter().chain(dialects.zip(batches)) {
            (input[0], input[1]) = (dialect, batch);
            match crate::support::fuzzed::check(&input) {
                Ok(answer) => *answers.entry(answer.unwrap()).or_insert(0) += 1,
                Err(difference) => panic!("{}, {dialect}, {batch}: {difference}", path.display()),
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
            answers.get(answer).is_some_and(|n| *n >= 10),
            "{answer}: {answers:?}"
        );
    }
}
