//! No function of the commands, and no file, is too long to be read at once.

use std::fs;
use std::path::{Path, PathBuf};

/// The most lines that a function in `src/cli` may have.
const FUNCTION: usize = 60;

/// The most lines that a file may have, tests apart.
const FILE: usize = 400;

/// A function and its lines, from its signature to its closing brace.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text
        .lines()
        .take_while(|line| !line.starts_with("#[cfg(test)]"))
        .collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(name) = function(line) else {
            continue;
        };
        let indent = &line[..line.len() - line.trim_start().len()];
        let end = format!("{indent}}}");
        // A signature that ends with `;` has no body, and one that ends with `}` is all of it.
        let mut signature = lines[at..].iter();
        let ends = |line: &&&str| line.ends_with([';', '{', '}']);
        if !signature.find(ends).is_some_and(|line| line.ends_with('{')) {
            continue;
        }
        let behind = lines[at..].iter().position(|line| **line == end);
        found.push((name.to_owned(), behind.map_or(usize::MAX, |last| last + 1)));
    }
    found
}

/// The name of the function whose signature begins in a line, if one does.
fn function(line: &str) -> Option<&str> {
    const QUALIFIERS: [&str; 4] = ["const", "async", "unsafe", "extern"];
    let mut words = line.split_whitespace().skip_while(|word| {
        word.starts_with("pub") || word.ends_with(')') || QUALIFIERS.contains(word)
    });
    (words.next() == Some("fn")).then(|| words.next().unwrap_or_default())
}

fn is_of_tests(path: &Path) -> bool {
    path.iter()
        .any(|part| part == "tests" || part == "tests.rs")
}

fn rust_files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") && !is_of_tests(&path) {
            into.push(path);
        }
    }
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

#[test]
fn files_are_short() {
    let mut files = Vec::new();
    rust_files(&source(), &mut files);
    assert!(files.len() > 200, "{} files were found", files.len());
    let lines = |file: &PathBuf| fs::read_to_string(file).unwrap().lines().count();
    let long: Vec<String> = files
        .iter()
        .filter(|file| lines(file) > FILE)
        .map(|file| format!("{} has {} lines", file.display(), lines(file)))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn functions_of_the_commands_are_short() {
    let mut files = Vec::new();
    rust_files(&source().join("cli"), &mut files);
    let (mut all, mut long) = (0, Vec::new());
    for file in files {
        for (name, lines) in functions(&fs::read_to_string(&file).unwrap()) {
            all += 1;
            if lines > FUNCTION {
                long.push(format!("{}: {name} has {lines} lines", file.display()));
            }
        }
    }
    assert!(all > 100, "{all} functions were found");
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn lines_of_functions_are_counted() {
    let text = "\
pub(in crate::cli) const fn short(at: usize) -> usize {
    at
}

trait Shape {
    fn sides(&self) -> usize;

    fn area(
        &self,
    ) -> usize;

    fn is_round(&self) -> bool {
        if self.sides() == 0 {
            true
        } else {
            false
        }
    }
}

fn whole() {}

#[cfg(test)]
mod tests {
    fn not_counted() {
    }
}
";
    let expected = [("short(at:", 3), ("is_round(&self)", 7)];
    let expected = expected.map(|(name, lines)| (name.to_owned(), lines));
    assert_eq!(functions(text), expected);
    assert_eq!(
        functions("fn open() {\n    1;\n"),
        [("open()".to_owned(), usize::MAX)]
    );
}
