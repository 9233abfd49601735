//! The generated reference: `docs/reference.md` is what the code says, and `crm-anon rules` prints the
//! part on rule kinds.

use std::path::Path;
use std::sync::LazyLock;

use clap::CommandFactory as _;
use crm_anon::inside::{Arguments, KINDS, markdown};

use crate::support::crm;

/// The reference, which takes its time: every rule kind is tried in every dialect.
static GENERATED: LazyLock<String> = LazyLock::new(markdown);

fn page() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference.md")
}

#[test]
fn the_reference_is_what_the_code_says() {
    let generated = GENERATED.as_str();
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        std::fs::write(page(), generated).unwrap();
    }
    let kept = std::fs::read_to_string(page()).unwrap();
    assert!(
        kept == generated,
        "docs/reference.md is stale: run UPDATE_REFERENCE=1 cargo test the_reference"
    );
}

#[test]
fn every_option_of_every_command_is_in_the_reference() {
    let text = GENERATED.as_str();
    let mut root = Arguments::command();
    root.build();
    let mut commands = vec![&root];
    let mut seen = 0;
    while let Some(command) = commands.pop() {
        commands.extend(command.get_subcommands());
        for long in command.get_arguments().filter_map(clap::Arg::get_long) {
            seen += 1;
            assert!(
                long == "help" || text.contains(&format!("`--{long}`")),
                "--{long}"
            );
        }
    }
    assert!(seen > 60, "{seen} options");
}

#[test]
fn kinds_are_listed_and_explained() {
    let listed = crm(["rules", "--kinds"]).output().unwrap();
    assert_eq!(listed.status.code(), Some(0));
    let listed = String::from_utf8(listed.stdout).unwrap();
    for kind in KINDS {
        assert!(
            listed
                .lines()
                .any(|line| line.starts_with(kind.name) && line.contains(kind.summary)),
            "{}",
            kind.name
        );
        let told = crm(["rules", "--explain", kind.name]).output().unwrap();
        assert_eq!(told.status.code(), Some(0), "{}", kind.name);
        let told = String::from_utf8(told.stdout).unwrap();
        for option in kind.options {
            assert!(
                told.contains(option.meaning),
                "{} {}",
                kind.name,
                option.name
            );
        }
    }
    let unknown = crm(["rules", "--explain", "yer"]).output().unwrap();
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("year_month"));
}
