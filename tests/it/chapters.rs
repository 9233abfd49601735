//! What the README and the guide say of the program's behaviour and no other test holds, by chapter.

mod first_steps;
mod nightly_exports;
mod rule_tables;
