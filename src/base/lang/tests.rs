#![expect(clippy::string_slice, reason = "places that were found by searching")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::catalogue::{Entry, FRENCH, entries, fill};
use super::*;

/// Texts that are the same in both languages: names, units, and what only puts values side by side.
const SAME: &[&str] = &[
    "Arguments", "Date", "Delta", "Options", "SHA-256", "SQL", "Source", "Zstandard", "date",
    "date {letters}", "export", "{n} total",
];

/// The texts of the code: each with its plural, where it is for a number.
fn texts_of_code() -> BTreeMap<String, Option<String>> {
    let mut files = Vec::new();
    rust_files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    let mut texts = BTreeMap::new();
    for file in files {
        let code = fs::read_to_string(&file).unwrap();
        let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let code = without_comments(code);
        for (call, literals) in [
            ("fixed!(", 1),
            ("text!(", 1),
            ("plural!(", 2),
            ("counted(", 1),
        ] {
            for (at, _) in code.match_indices(call) {
                let before = code[..at].chars().next_back();
                if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                    continue;
                }
                let arguments = &code[at + call.len()..];
                let is_first = call == "fixed!(" || call == "text!(";
                let found = literals_of(arguments, is_first);
                let mut found = found.into_iter().take(literals);
                let Some(text) = found.next() else { continue };
                let more = match call {
                    "plural!(" => found.next(),
                    "counted(" => Some(String::new()),
                    _ => None,
                };
                texts.insert(text, more);
            }
        }
    }
    texts
}

fn rust_files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "tests" {
            rust_files(&path, into);
        } else if name.ends_with(".rs") && name != "tests.rs" {
            into.push(path);
        }
    }
}

fn without_comments(code: &str) -> String {
    let lines = code.lines().map(|line| match line.trim_start() {
        comment if comment.starts_with("//") => "",
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The literals among the arguments of a call: those that stand on their own, or only the first argument.
fn literals_of(arguments: &str, only_first: bool) -> Vec<String> {
    let mut literals = Vec::new();
    let mut depth = 0_usize;
    let mut rest = arguments;
    while let Some(character) = rest.chars().next() {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            '"' => {
                let (literal, behind) = literal(&rest[1..]);
                if depth == 0 {
                    literals.push(literal);
                }
                rest = behind;
                if only_first {
                    break;
                }
                continue;
            }
            c if only_first && !c.is_whitespace() => break,
            _ => {}
        }
        rest = &rest[character.len_utf8()..];
    }
    literals
}

/// The value of a literal, behind its opening quote, and what follows it.
fn literal(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut rest = text.char_indices();
    while let Some((at, character)) = rest.next() {
        match character {
            '"' => return (value, &text[at + 1..]),
            '\\' => match rest.next().unwrap().1 {
                'n' => value.push('\n'),
                '\n' => {
                    let behind = rest.as_str();
                    let skipped = behind.len() - behind.trim_start().len();
                    rest.by_ref()
                        .take(behind[..skipped].chars().count())
                        .for_each(drop);
                }
                'u' => {
                    let behind = rest.as_str();
                    let end = behind.find('}').unwrap();
                    let code = u32::from_str_radix(&behind[1..end], 16).unwrap();
                    value.push(char::from_u32(code).unwrap());
                    rest.by_ref().take(end + 1).for_each(drop);
                }
                other => value.push(other),
            },
            other => value.push(other),
        }
    }
    panic!("a literal does not end: {text}");
}

fn catalogue() -> Vec<(&'static str, Entry)> {
    let files = FRENCH.iter();
    files
        .flat_map(|(file, text)| entries(text).into_iter().map(move |entry| (*file, entry)))
        .collect()
}

/// The names between brackets.
fn placeholders(text: &str) -> BTreeSet<&str> {
    let pieces = text.split('{').skip(1);
    pieces
        .filter_map(|piece| piece.split_once('}').map(|(name, _)| name))
        .filter(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
        .collect()
}

#[test]
fn every_text_of_the_code_is_translated_and_nothing_else_is() {
    let code = texts_of_code();
    assert!(code.len() > 700, "{}", code.len());
    let catalogue = catalogue();
    let known: BTreeSet<&str> = catalogue
        .iter()
        .map(|(_, entry)| entry.english.as_str())
        .collect();
    assert_eq!(known.len(), catalogue.len(), "an entry is there twice");
    let missing: Vec<_> = code
        .keys()
        .filter(|text| !known.contains(text.as_str()))
        .collect();
    assert!(missing.is_empty(), "not translated: {missing:#?}");
    // The texts of the help and of the rule kinds are compared with the commands and the kinds themselves.
    let unused: Vec<_> = catalogue
        .iter()
        .filter(|(file, entry)| {
            !["help", "kinds"].contains(file) && !code.contains_key(&entry.english)
        })
        .map(|(file, entry)| (file, &entry.english))
        .collect();
    assert!(unused.is_empty(), "not in the code: {unused:#?}");
    for (_, entry) in &catalogue {
        let more = code.get(&entry.english).cloned().flatten();
        let expected = more.filter(|more| !more.is_empty());
        if let Some(expected) = &expected {
            assert_eq!(
                entry.english_plural.as_ref(),
                Some(expected),
                "{}",
                entry.english
            );
        }
        let forms = match entry.english_plural {
            Some(_) => 2,
            None => 1,
        };
        assert_eq!(entry.forms.len(), forms, "{}", entry.english);
    }
}

#[test]
fn translations_have_the_values_of_their_texts() {
    for (_, entry) in catalogue() {
        let expected = placeholders(&entry.english);
        for form in &entry.forms {
            assert_eq!(placeholders(form), expected, "{form}");
            // A test value for each: nothing is lost, and nothing is left of the brackets.
            let values: Vec<(&str, &dyn fmt::Display)> = expected
                .iter()
                .map(|name| (*name, &"¤" as &dyn fmt::Display))
                .collect();
            let filled = fill(form, &values);
            let times = expected
                .iter()
                .map(|name| form.matches(&format!("{{{name}}}")).count());
            assert_eq!(filled.matches('¤').count(), times.sum::<usize>(), "{form}");
        }
    }
}

#[test]
fn translations_are_french() {
    for (_, entry) in catalogue() {
        for form in &entry.forms {
            let words = entry.english.split(['{', '}']).step_by(2);
            let has_words = words
                .flat_map(str::chars)
                .filter(|c| c.is_alphabetic())
                .count()
                > 1;
            let is_same = *form == entry.english && has_words;
            assert_eq!(is_same, SAME.contains(&form.as_str()), "{form}");
            assert!(!form.is_empty(), "{}", entry.english);
            let blank = |text: &str| text.starts_with(' ');
            assert!(!has_words || blank(form) == blank(&entry.english), "{form}");
            // Spaces before what has two parts, which English does not have.
            for mark in [": ", "; ", "? ", "! "] {
                for (at, _) in form.match_indices(mark) {
                    let before = form[..at].chars().next_back();
                    assert!(before.is_none_or(char::is_whitespace), "{form}");
                }
            }
        }
    }
}

#[test]
fn a_catalogue_is_read_as_gettext_reads_it() {
    let text = "# A comment with \"quotes\".\nmsgid \"\"\nmsgstr \"\"\n\"Language: fr\\n\"\n\nmsgid \"a \\\"b\\\"\"\nmsgstr \"\"\n\
                \"c\\n\"\n\"\\\\d\"\n\nmsgid \"{n} row\"\nmsgid_plural \"{n} rows\"\nmsgstr[0] \"{n} ligne\"\n\
                msgstr[1] \"{n} lignes\"\n";
    let found = entries(text);
    let [plain, counted] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(
        (plain.english.as_str(), plain.form(1)),
        ("a \"b\"", "c\n\\d")
    );
    assert_eq!(counted.english_plural.as_deref(), Some("{n} rows"));
    for (number, expected) in [(0, "{n} ligne"), (1, "{n} ligne"), (2, "{n} lignes")] {
        assert_eq!(counted.form(number), expected);
    }
}

#[test]
fn values_stand_where_a_translation_wants_them() {
    let (one, two) = ("1", "{one}");
    let values: [(&str, &dyn fmt::Display); 2] = [("one", &one), ("two", &two)];
    for (text, expected) in [
        ("", ""),
        ("{one}", "1"),
        ("{two} {one} {one}", "{one} 1 1"),
        ("{{one}} {one}}}", "{one} 1}"),
        ("a {other} b", "a  b"),
        ("é{one}è", "é1è"),
        ("{one", "{one"),
    ] {
        assert_eq!(fill(text, &values), expected, "{text}");
    }
}

#[test]
fn a_text_is_in_the_language_in_use() {
    let tell = |rows: u64| {
        let why = fixed!("the file is empty");
        let refused = text!("the input is refused: {why}", why);
        let rows = plural!(rows, "{n} blank row", "{n} blank rows");
        format!("{refused}; {rows}; {}; {}", Whole(1234), Decimal(0.5, 2))
    };
    assert_eq!(
        tell(1),
        "the input is refused: the file is empty; 1 blank row; 1234; 0.50"
    );
    speaking(Language::Fr, || {
        assert_eq!(
            tell(2000),
            "le fichier est refusé : le fichier est vide; 2\u{202f}000 lignes vides; 1\u{202f}234; 0,50"
        );
        speaking(Language::En, || assert!(tell(2).contains("2 blank rows")));
        assert!(tell(0).contains("0 ligne vide"));
    });
    assert!(tell(0).contains("0 blank rows"));
}

#[test]
fn what_the_system_says_is_french_too() {
    let missing = fs::read("nowhere-at-all").unwrap_err();
    let told = || Why(&missing).to_string();
    assert_eq!(told(), missing.to_string());
    assert_eq!(
        speaking(Language::Fr, told),
        "fichier ou dossier introuvable (erreur système 2)"
    );
    let ours = io::Error::other(fixed!("it is not a regular file"));
    let told = || Why(&ours).to_string();
    assert_eq!(
        speaking(Language::Fr, told),
        "ce n'est pas un fichier ordinaire"
    );
}
