//! The integration tests, in one crate: what the program does, seen from outside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

// The tables of cases that the library's own tests have.
#[macro_use]
#[path = "../../src/base/cases.rs"]
mod table;

mod adult;
mod adversary;
mod aggregate;
mod audit;
mod canary;
mod case_neighbours;
mod case_proposals;
mod cases;
mod cells;
mod changed_input;
mod chapters;
mod check;
#[cfg(unix)]
mod ci_examples;
mod command_line;
mod compare;
mod corpus;
mod design;
mod detectors;
mod dialects;
mod disguises;
mod dry_run;
mod encrypted;
mod excel;
mod faults;
mod findings;
mod first_rows;
mod french;
mod fuzzed_cells;
#[cfg(unix)]
mod guide;
mod headers;
mod index;
mod inspect;
mod inspect_canary;
mod invented;
mod journal;
mod journal_outputs;
mod journal_reading;
mod journal_rotated;
mod keys;
mod leftovers;
mod log;
mod main_job;
mod manifest;
mod mending;
mod microaggregate;
mod noisy_figures;
mod packed;
mod persons;
mod policy;
mod population;
mod postal_codes;
mod privacy;
mod proposals;
mod protection;
mod quirks;
mod reading;
mod recoding;
mod reference;
mod refusal_fixtures;
mod refusals;
mod release;
mod repeated;
mod report;
mod rooms;
mod rows;
mod rule_tables;
#[cfg(unix)]
mod same_file;
mod sealed;
mod several;
#[cfg(unix)]
mod signals;
mod sizes;
mod sql;
mod support;
#[cfg(unix)]
mod system;
mod tampering;
mod thin;
mod tokens;
mod transcripts;
mod uniqueness;
#[cfg(unix)]
mod unix_faults;
mod vaults;
mod vaults_at_once;
#[cfg(windows)]
mod windows;
mod wings;
mod workbooks;
