//! The walk of one cell in `docs/design.md` names what is in the code.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Adds what is declared in the files of a folder, and the names of its modules.
fn declared(folder: &Path, into: &mut HashSet<String>) {
    const KEYWORDS: [&str; 6] = ["fn", "struct", "enum", "trait", "type", "mod"];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            declared(&path, into);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap_or_default();
        for line in text.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            for pair in words.windows(2) {
                if KEYWORDS.contains(&pair[0]) {
                    let end = pair[1].find(|c: char| !c.is_alphanumeric() && c != '_');
                    into.insert(pair[1][..end.unwrap_or(pair[1].len())].to_owned());
                }
            }
        }
    }
}

#[test]
fn the_walk_of_a_cell_is_true() {
    let text = fs::read_to_string(folder().join("docs/design.md")).unwrap();
    let walk = text.split("## One cell").nth(1).unwrap();
    let rooms = walk.lines().filter(|line| {
        let number = line.split('.').next().unwrap_or_default();
        number.parse::<u8>().is_ok()
    });
    assert!(rooms.count() <= 12);
    let mut known = HashSet::new();
    declared(&folder().join("src"), &mut known);
    let mut names = 0;
    for quoted in walk.split('`').skip(1).step_by(2) {
        if quoted.ends_with(".rs") {
            assert!(folder().join("src").join(quoted).is_file(), "{quoted}");
            continue;
        }
        // Others are cells, options and columns.
        let is_name = quoted.contains("::")
            || quoted.starts_with(char::is_uppercase) && !quoted.contains('_')
            || quoted.ends_with("_all");
        for part in quoted.split("::").filter(|_| is_name) {
            names += 1;
            assert!(known.contains(part), "{quoted} is not in the code");
        }
    }
    assert!(names > 20, "{names} names");
}
