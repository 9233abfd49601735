//! The wings of `src/` import only from those below them: see `docs/design.md`.

use std::fs;
use std::path::{Path, PathBuf};

/// Each wing, and the wings that it may import from.
const MAY_IMPORT: &[(&str, &[&str])] = &cases![
    "base", &[];
    "detect", &["base"];
    "io", &["base"];
    "sql", &["base"];
    "privacy", &["base"];
    "crypto", &["base", "io"];
    "rules", &["base", "detect", "io", "sql", "privacy", "crypto"];
    "engine", &["base", "detect", "io", "sql", "privacy", "crypto", "rules"];
    "report", &["base", "detect", "io", "sql", "privacy", "crypto", "rules", "engine"];
    "cli", &["base", "detect", "io", "sql", "privacy", "crypto", "rules", "engine", "report"];
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn rust_files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") {
            into.push(path);
        }
    }
}

/// The wings that a text names: the first word behind each `crate::`, comments left out.
fn named(text: &str) -> impl Iterator<Item = &str> {
    let code = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    code.flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            &rest[..end.unwrap_or(rest.len())]
        })
}

#[test]
fn wings_import_only_from_below() {
    let mut against = Vec::new();
    for (wing, below) in MAY_IMPORT {
        let mut files = Vec::new();
        rust_files(&source().join(wing), &mut files);
        assert!(!files.is_empty(), "{wing}");
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            for other in named(&text) {
                let is_wing = MAY_IMPORT.iter().any(|(name, _)| *name == other);
                if is_wing && other != *wing && !below.contains(&other) {
                    let file = file.strip_prefix(source()).unwrap().display().to_string();
                    against.push(format!("{file} imports {other}"));
                }
            }
        }
    }
    assert!(against.is_empty(), "{}", against.join("\n"));
}

#[test]
fn there_are_no_other_rooms() {
    let mut rooms: Vec<String> = fs::read_dir(source())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    rooms.sort();
    let mut expected: Vec<&str> = MAY_IMPORT.iter().map(|(wing, _)| *wing).collect();
    expected.extend(["lib.rs", "main.rs"]);
    expected.sort_unstable();
    assert_eq!(rooms, expected);
}

/// What opens an input's reader is `engine::source` alone, which judges the header before a name is shown.
#[test]
fn every_command_comes_to_rows_by_way_of_a_source() {
    let mut files = Vec::new();
    for wing in ["engine", "report", "cli"] {
        rust_files(&source().join(wing), &mut files);
    }
    let is_of_tests = |file: &Path| {
        let mut names = file.iter().filter_map(|part| part.to_str());
        names.any(|name| name.starts_with("test"))
    };
    files.retain(|file| !is_of_tests(file.strip_prefix(source()).unwrap()));
    let opens = |text: &str| text.contains("Reader::open");
    let opening: Vec<&Path> = files
        .iter()
        .filter(|file| {
            let text = fs::read_to_string(file).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            code.lines()
                .filter_map(|line| line.split("//").next())
                .any(|line| opens(&line.replace("VaultReader", "")))
        })
        .map(|file| file.strip_prefix(source()).unwrap())
        .collect();
    assert_eq!(opening, [Path::new("engine/source/mod.rs")]);
}
