//! The kept corpora of the fuzz targets, replayed without a fuzzer: what a fuzzer once found to be of
//! interest stays under test.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// How many alterations of a file are tried.
const ALTERED: usize = 40;

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

/// Each file as it is, and with some of its bytes altered, left out or doubled.
#[test]
fn whatever_comes_from_outside_is_read_or_refused() {
    let mut dice = crate::support::Dice(23);
    for (name, target) in crate::support::entries::TARGETS {
        let inputs = crate::support::entries::corpus(name);
        assert!(inputs.len() >= 5, "{name}");
        for input in &inputs {
            target(input);
            for _ in 0..ALTERED {
                let mut altered = input.clone();
                for _ in 0..=dice.below(3) {
                    let at = dice.below(altered.len() + 1);
                    match (dice.below(4), altered.get_mut(at)) {
                        (0, Some(byte)) => *byte ^= 1 << dice.below(8),
                        (1, Some(byte)) => *byte = b"0\"{}[]=.;,\n<>/&\0\xFF-"[dice.below(18)],
                        (2, Some(_)) => drop(altered.remove(at)),
                        _ => altered.insert(at, dice.below(256) as u8),
                    }
                }
                target(&altered);
            }
        }
    }
}
