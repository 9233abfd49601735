//! Vaults that were altered: never a panic, never another value. What an input means stands in
//! `tests/it/support/entries.rs`; `tests/it/corpus.rs` replays the kept corpus without a fuzzer.

#![no_main]

#[path = "../../tests/it/support/entries.rs"]
#[allow(dead_code)]
mod entries;

use std::sync::Once;

static HOOK: Once = Once::new();

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    // libFuzzer's hook ends the process for every panic, also for those of the store, which are caught. One that
    // is not caught still ends it.
    HOOK.call_once(|| drop(std::panic::take_hook()));
    entries::vault(input);
});
