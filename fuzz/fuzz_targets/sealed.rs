//! Cells of the second format, seals and lines of runs: any text, and texts that were made and altered. What an input means stands in `tests/it/support/entries.rs`; `tests/it/corpus.rs` replays the
//! kept corpus without a fuzzer.

#![no_main]

#[path = "../../tests/it/support/entries.rs"]
#[allow(dead_code)]
mod entries;

libfuzzer_sys::fuzz_target!(|input: &[u8]| entries::sealed(input));
