//! Rule tables: what is right, and the place of what is wrong.

use super::*;

#[test]
fn the_built_in_tables_are_right_and_classify_every_column() {
    for (name, text) in BUILTIN {
        let table = RuleTable::parse(text, name, "", Path::new("")).unwrap();
        assert_eq!(table.name, *name);
        for column in table.columns {
            assert!(column.attribute.is_some(), "{name}: {}", column.name);
        }
        // What is asked of every other table is asked of them here.
        let edited = format!("{text}# mine\n");
        RuleTable::parse(&edited, name, "", Path::new("")).unwrap();
    }
}

#[test]
fn a_wrong_table_is_shown_with_file_line_column_and_what_was_expected() {
    let columns = "version = 1\n[columns.a]\n";
    let cases: &[(&str, String, usize, usize, &str)] = &cases![
        "no TOML", "version = 1\nname = ".into(), 2, 8, "";
        "unknown key", "version = 1\nrule = 3\n[columns.a]\nrule = \"keep\"".into(), 2, 1, "unknown key `rule`";
        "no version", "[columns.a]\nrule = \"keep\"".into(), 1, 1, "version";
        "other version", "version = 2\n[columns.a]\nrule = \"keep\"".into(), 1, 11, "expected 1";
        "no columns", "version = 1\n".into(), 1, 1, "columns";
        "unknown column key", format!("{columns}rule = \"keep\"\nas_ = \"b\""), 4, 1, "unknown key `as_`";
        "no rule", format!("{columns}as = \"b\""), 2, 10, "rule";
        "unknown rule", format!("{columns}rule = \"kept\""), 3, 8, "expected one of drop, keep";
        "unknown option", format!("{columns}rule = {{ keep = {{ multilin = true }} }}"), 3, 19, "multiline";
        "bad option", format!("{columns}rule = {{ bucket = {{ width = 0 }} }}"), 3, 29, "";
        "no width", format!("{columns}rule = \"bucket\""), 3, 8, "width";
        "two rules", format!("{columns}rule = {{ keep = {{}}, drop = {{}} }}"), 3, 8, "one rule";
        "rule is a number", format!("{columns}rule = 3"), 3, 8, "expected";
        "as on drop", format!("{columns}rule = \"drop\"\nas = \"b\""), 4, 6, "does not leave";
        "same column twice", format!("{columns}rule = \"keep\"\n[columns.A]\nrule = \"drop\""), 4, 10, "`a`";
        "alias of another",
        format!("{columns}rule = \"keep\"\n[columns.b]\nrule = \"drop\"\naliases = [\"A\"]"),
        6,
        12,
        "`a`";
        "same output twice",
        format!("{columns}rule = \"keep\"\n[columns.b]\nrule = \"keep\"\nas = \"a\""),
        6,
        6,
        "`a`";
        "output is the index", format!("index = \"a\"\n{columns}rule = \"keep\""), 3, 10, "index";
        "unlisted keep", format!("unlisted = \"keep\"\n{columns}rule = \"keep\""), 1, 12, "drop";
        "attribute", format!("{columns}rule = \"keep\"\nattribute = \"secret\""), 4, 13, "quasi-identifying";
        "empty output name", format!("{columns}rule = \"keep\"\nas = \"\""), 4, 6, "empty";
        "missing is no list", format!("missing = \"NA\"\n{columns}rule = \"keep\""), 1, 11, "";
    ];
    for (case, text, line, column, expected) in cases {
        let error = RuleTable::parse(text, "table.toml", "", Path::new(""))
            .map(|_| ())
            .unwrap_err();
        let TableError::Wrong {
            line: at,
            column: in_line,
            message,
            ..
        } = &error
        else {
            panic!("{case}: {error}");
        };
        assert_eq!((at, in_line), (line, column), "{case}: {message}");
        assert!(message.contains(expected), "{case}: {message}");
        assert!(error.to_string().starts_with("table.toml:"), "{case}");
    }
}

#[test]
fn a_table_that_is_neither_built_in_nor_a_file_is_unknown() {
    let error = RuleTable::load("no such table").map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("anonymisation"), "{error}");
}
