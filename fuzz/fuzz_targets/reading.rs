//! The program's reading of any bytes, in any dialect and batch size, against a plain scanner and
//! the `csv` crate. See `tests/it/support/fuzzed.rs` for what an input means; `tests/it/corpus.rs`
//! replays the kept corpus without a fuzzer.
//!
//! ```sh
//! cargo +nightly fuzz run --sanitizer none --no-trace-compares reading -- -max_len=300 -dict=fuzz/reading.dict
//! ```

#![no_main]

#[path = "../../tests/it/support/fuzzed.rs"]
mod fuzzed;
#[path = "../../tests/it/support/strict.rs"]
mod strict;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    if let Err(difference) = fuzzed::check(input) {
        panic!("{difference}");
    }
});
