//! Maps: what becomes of cells, from a table and from a file.

use super::*;
use crate::rules::options::testing::{refuses, rule, transform, write, writes};

#[test]
fn writes_what_the_table_says() {
    let fail = "{ table = { 'M.' = 'H', 'Mme' = 'F', 'ancien' = '' } }";
    let case = "{ table = { 'Mme' = 'F', 'ÉTUDIANT' = 'é' }, ignore_case = true }";
    let empty = "{ table = { 'M.' = 'H' }, otherwise = 'empty' }";
    let keep = "{ table = { 'M.' = 'H' }, otherwise = 'keep' }";
    let other = "{ table = { 'M.' = 'H' }, otherwise = { value = 'autre; inconnu' } }";
    writes(
        &KIND,
        &[
            (fail, "M.", Ok("H")),
            (fail, " Mme\u{a0}", Ok("F")),
            (fail, "ancien", Ok("")),
            (fail, "mme", Err("not_in_table")),
            (fail, "Mlle", Err("not_in_table")),
            (case, "MME", Ok("F")),
            (case, "étudiant", Ok("é")),
            (case, "etudiant", Err("not_in_table")),
            (empty, "M.", Ok("H")),
            (empty, "Mlle", Ok("#0")),
            (keep, " Mlle ", Ok(" Mlle #0")),
            (keep, "zoe.lamy@example.fr", Err("identifier")),
            (keep, "a\nb", Err("line_break")),
            (other, "Mlle", Ok("autre; inconnu#0")),
        ],
    );
    for (options, plain) in [(fail, true), (keep, false), (other, false), (empty, true)] {
        assert_eq!(transform(&KIND, options).writes_plain(), plain, "{options}");
    }
    assert!(rule(&KIND, fail).counts().is_empty());
    // What it replaces may stand in a kept cell of the same row.
    assert!(rule(&KIND, fail).identifies_when_repeated());
}

fn from_file(content: &str) -> Result<Box<dyn Rule>, UnusableFile> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("codes.csv"), content).unwrap();
    let mut rule = rule(&KIND, "{ file = 'codes.csv', otherwise = 'empty' }");
    let read = rule.read_file(folder.path())?;
    let path = folder.path().join("codes.csv");
    assert_eq!(read.map(|file| file.path), Some(path));
    Ok(rule)
}

#[test]
fn reads_a_file() {
    for content in [
        "M.;H\nMme;F\n",
        "M.,H\r\nMme,F",
        "\"M.\"\tH\n Mme \tF\n",
        "\u{feff}M.;H\nMme;F\n",
    ] {
        let rule = from_file(content).unwrap();
        let Ok(Action::Write(transform)) = rule.compile(&ColumnContext {
            run: &crate::rules::context::RunContext::sample(),
            name: "civilite",
            output: "civilite",
            position: 0,
        }) else {
            panic!("map writes");
        };
        for (cell, expected) in [("M.", "H"), ("Mme", "F"), ("Mlle", "")] {
            let written = write(transform.as_ref(), cell).unwrap().0;
            assert_eq!(written, expected, "{content:?}: {cell}");
        }
    }
}

#[test]
fn refuses_a_bad_file_without_showing_it() {
    for (content, expected) in [
        ("", "empty"),
        ("secret\n", "expected two columns"),
        ("secret;a;b\n", "expected two columns"),
        ("secret;a\nb\n", "row 2 has 1 field,"),
        ("secret;a\n secret;b\n", "row 2: two entries"),
        (
            "secret;\"a\nb\"\n",
            "row 1: expected a text without line breaks",
        ),
        ("secret;a\n;b\n", "row 2: an entry for a blank cell"),
        ("secret;\"a\n", "quote"),
    ] {
        let error = from_file(content).map(|_| ()).unwrap_err();
        assert!(
            error.message.contains(expected),
            "{content:?}: {}",
            error.message
        );
        assert!(!error.message.contains("secret"), "{}", error.message);
        assert_eq!(error.span, 9..20, "{content:?}");
    }
    let mut gone = rule(&KIND, "{ file = 'gone.csv' }");
    let nowhere = Path::new("/nowhere");
    let message = gone.read_file(nowhere).unwrap_err().message;
    let named = nowhere.join("gone.csv");
    assert!(message.contains(named.to_str().unwrap()), "{message}");
}

#[test]
fn refuses_bad_options() {
    let either = "expected either a table with an entry or more, or a file";
    let both = "{ table = { 'a' = 'b' }, file = 'c' }";
    let twice = "{ table = { 'a' = 'b', ' a' = 'c' } }";
    let twice_in_case = "{ table = { 'a' = 'b', 'A' = 'c' }, ignore_case = true }";
    let blank = "{ table = { ' ' = 'b' } }";
    let choice = "expected \"fail\", \"empty\", \"keep\" or { value = \"autre\" }";
    refuses(
        &KIND,
        &cases![
            "{}", "{}", either;
            "{ table = {} }", "{ table = {} }", either;
            both, both, either;
            twice, twice, "two entries for one cell";
            twice_in_case, twice_in_case, "two entries for one cell";
            blank, blank, "an entry for a blank cell";
            "{ table = { 'a' = 5 } }", "5", "expected a string";
            "{ table = { 'a' = \"b\\nc\" } }", "\"b\\nc\"", "without line breaks";
            "{ table = 5 }", "5", "expected a map";
            "{ file = 5 }", "5", "expected path string";
            "{ table = { 'a' = 'b' }, otherwise = 'drop' }", "'drop'", choice;
            "{ table = { 'a' = 'b' }, otherwise = 5 }", "5", choice;
            "{ table = { 'a' = 'b' }, otherwise = { value = '' } }", "''", "a text that is not blank";
            "{ table = { 'a' = 'b' }, otherwise = { text = 'c' } }", "text", "expected `value`";
            "{ tabel = {} }", "tabel", "expected one of `table`, `file`";
        ],
    );
}
