//! Rule tables; the rules of a right one are given cells of many kinds. What an input means stands in `tests/it/support/entries.rs`; `tests/it/corpus.rs` replays the
//! kept corpus without a fuzzer.

#![no_main]

#[path = "../../tests/it/support/entries.rs"]
#[allow(dead_code)]
mod entries;

libfuzzer_sys::fuzz_target!(|input: &[u8]| entries::rule_table(input));
