use super::*;
use crate::rules::options::testing::{compiled, refuses, rule, write, writes};

#[test]
fn keeps_with_line_breaks_only_where_asked() {
    for (options, expected) in [
        ("{}", false),
        ("{ multiline = false }", false),
        ("{ multiline = true }", true),
    ] {
        let rule = rule(&KIND, options);
        assert_eq!(rule.kind().name, "keep");
        match compiled(&*rule) {
            Action::Keep { multiline } => assert_eq!(multiline, expected, "{options}"),
            Action::Drop | Action::Write(_) => panic!("{options} does not keep"),
        }
    }
}

#[test]
fn keeps_only_what_is_allowed() {
    let fail = "{ allowed = ['Bronze', 'Or', \"l'autre\", ' Argent '] }";
    let mask = "{ allowed = ['Or'], otherwise = { value = '***' } }";
    let empty = "{ allowed = ['Or'], otherwise = 'empty' }";
    writes(
        &KIND,
        &[
            (fail, "Or", Ok("Or")),
            (fail, " Or\u{a0}", Ok("Or")),
            (fail, "Argent", Ok("Argent")),
            (fail, "l'autre", Ok("l'autre")),
            (fail, "or", Err("not_allowed")),
            (fail, "Platine", Err("not_allowed")),
            (fail, "TOTAL", Err("not_allowed")),
            (fail, "Or\nOr", Err("not_allowed")),
            (mask, "Or", Ok("Or")),
            (mask, "Platine", Ok("***#0")),
            (empty, "Platine", Ok("#0")),
        ],
    );
    // What may leave tells nothing of who it is.
    assert!(!rule(&KIND, fail).identifies_when_repeated());
    assert!(rule(&KIND, "{}").identifies_when_repeated());
}

#[test]
fn reads_a_list_of_values_without_showing_it() {
    let folder = tempfile::tempdir().unwrap();
    let options = "{ allowed = { file = 'values.csv' } }";
    for (content, expected) in [
        ("Or\nArgent\n", None),
        ("\"Or\"\r\nArgent", None),
        ("secret;b\n", Some("one value in each row")),
        ("secret\nsecret\n", Some("row 2: two entries")),
        ("", Some("empty")),
    ] {
        std::fs::write(folder.path().join("values.csv"), content).unwrap();
        let mut rule = rule(&KIND, options);
        match (rule.read_file(folder.path()), expected) {
            (Ok(file), None) => assert!(file.unwrap().sha256.is_some()),
            (Err(error), Some(part)) => {
                assert!(error.message.contains(part), "{}", error.message);
                assert!(!error.message.contains("secret"), "{}", error.message);
            }
            (read, _) => panic!("{content:?}: {read:?}"),
        }
    }
}

#[test]
fn what_is_known_comes_from_the_hierarchy_file() {
    let mut known = rule(&KIND, "{ allowed = 'known' }");
    let error = known.learn(None).unwrap_err();
    assert!(
        error.message.contains("ladder = { file"),
        "{}",
        error.message
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("h.csv"), "Lyon;Rhône\nNice;06\n;\n").unwrap();
    let read = HierarchyFile::read(folder.path(), Path::new("h.csv"));
    known.learn(Some(&read.unwrap().0)).unwrap();
    let Action::Write(transform) = compiled(&*known) else {
        panic!("a list of values is written");
    };
    for (cell, expected) in [("Lyon", true), ("Rhône", false), ("Paris", false)] {
        assert_eq!(write(&*transform, cell).is_ok(), expected, "{cell}");
    }
    // Whoever lists values, or keeps all, needs no such file.
    for options in ["{}", "{ allowed = ['a'] }"] {
        rule(&KIND, options).learn(None).unwrap();
    }
}

#[test]
fn refuses_bad_options() {
    let choice = "a list of texts, { file = \"values.csv\" } or \"known\"";
    refuses(
        &KIND,
        &cases![
            "{ allowed = 'all' }", "'all'", choice;
            "{ allowed = 5 }", "5", choice;
            "{ allowed = [5] }", "5", "expected a string";
            "{ allowed = [] }", "{ allowed = [] }", "an empty list";
            "{ allowed = ['a', ' a'] }", "{ allowed = ['a', ' a'] }", "value 2: two entries";
            "{ allowed = [' '] }", "{ allowed = [' '] }", "a blank cell";
            "{ otherwise = 'empty' }", "{ otherwise = 'empty' }", "expected allowed";
            "{ allowed = ['a'], otherwise = 'keep' }", "{ allowed = ['a'], otherwise = 'keep' }", "leave allowed out";
            "{ allowed = ['a'], multiline = true }", "{ allowed = ['a'], multiline = true }", "no meaning";
            "{ multiline = 'yes' }", "'yes'", "expected a boolean";
            "{ multiline = 1 }", "1", "expected a boolean";
            "{ lines = true }", "lines", "expected one of `multiline`, `allowed`, `otherwise`";
            "[true]", "[true]", "expected a table of options";
        ],
    );
}
