//! Rule tables that are wrong: each is refused with the file, the line and what was expected,
//! before a byte of the input is read.

use crate::support::{Scratch, crm, export, run, run_with_input};

#[test]
fn a_wrong_rule_table_is_shown_where_it_is_wrong() {
    let scratch = Scratch::new();
    let input = scratch.write("in.csv", export(3));
    let head = "version = 1\nname = \"t\"\n";
    let column = |rest: &str| format!("{head}\n[columns.metier]\n{rest}\n");
    // The text, the line of the error, and what the message must hold besides the file's name.
    let cases: Vec<(String, Option<u32>, &[&str])> = vec![
        (format!("{head}index = \n"), Some(3), &[]),
        (format!("{head}indx = \"a\"\n"), Some(3), &["indx", "index"]),
        (
            format!("{head}unlisted = \"keep\"\n"),
            Some(3),
            &["drop", "fail"],
        ),
        (format!("{head}missing = \"NULL\"\n"), Some(3), &[]),
        (
            format!(
                "version = 2\nname = \"t\"\n{}",
                "[columns.a]\nrule = \"keep\"\n"
            ),
            Some(1),
            &["1"],
        ),
        (column("rule = \"kep\""), Some(5), &["kep", "keep"]),
        (column("rule = \"bucket\""), Some(5), &["width"]),
        (
            column("rule = { bucket = { width = 0 } }"),
            Some(5),
            &["width"],
        ),
        (
            column("rule = { bucket = { width = -5 } }"),
            Some(5),
            &["width"],
        ),
        (
            column("rule = { bucket = { width = \"wide\" } }"),
            Some(5),
            &[],
        ),
        (
            column("rule = { bucket = { width = 5, hight = 2 } }"),
            Some(5),
            &["hight"],
        ),
        (
            column("rule = { bucket = { width = 5, decimal = \";\" } }"),
            Some(5),
            &["decimal"],
        ),
        (
            column("rule = { keep = { multiline = \"yes\" } }"),
            Some(5),
            &[],
        ),
        (
            column("rule = { drop = { width = 5 } }"),
            Some(5),
            &["width"],
        ),
        (column("rule = { keep = {}, drop = {} }"), Some(5), &[]),
        (
            column("rule = { year = { formats = [] } }"),
            Some(5),
            &["formats"],
        ),
        (
            column("rule = { year = { formats = [\"%Q\"] } }"),
            Some(5),
            &["%Q"],
        ),
        (column("rule = 5"), Some(5), &[]),
        (column("as = \"x\""), None, &["rule"]),
        (
            column("rule = \"keep\"\nattribute = \"secret\""),
            Some(6),
            &["secret", "quasi-identifying"],
        ),
        (column("rule = \"keep\"\nas = 5"), Some(6), &[]),
        (
            column("rule = \"keep\"\nalias = [\"x\"]"),
            Some(6),
            &["alias", "aliases"],
        ),
        (
            column("rule = \"keep\"\n[columns.metier]\nrule = \"drop\""),
            Some(6),
            &[],
        ),
        (
            column("rule = \"keep\"\n[columns.\"M\u{c9}TIER\"]\nrule = \"drop\""),
            None,
            &["metier"],
        ),
        (
            column("rule = \"keep\"\n[columns.b]\nrule = \"drop\"\naliases = [\"Metier\"]"),
            None,
            &["metier"],
        ),
        (
            column("rule = \"keep\"\nas = \"x\"\n[columns.b]\nrule = \"keep\"\nas = \"x\""),
            None,
            &["x"],
        ),
        (
            column("rule = \"keep\"\nas = \"Index_rd\""),
            None,
            &["Index_rd"],
        ),
        (
            "name = \"t\"\n[columns.a]\nrule = \"keep\"\n".into(),
            None,
            &["version"],
        ),
    ];
    for (text, line, parts) in cases {
        let rules = scratch.write("bad.toml", &text);
        let outcome = run(crm(["-r"]).arg(rules).arg(&input));
        assert_eq!(outcome.code(), 2, "{text}\n{}", outcome.err);
        outcome.says(&["bad.toml"]).says(parts);
        if let Some(line) = line {
            let told = [format!("line {line}"), format!("bad.toml:{line}:")];
            assert!(
                told.iter().any(|t| outcome.err.contains(t)),
                "no line {line} of\n{text}\n{}",
                outcome.err
            );
        }
        assert!(outcome.out.is_empty());
    }
    let not_text = scratch.write("bad.toml", [0xff, 0xfe, 0x00]);
    run(crm(["-r"]).arg(not_text).arg(&input))
        .ended(2)
        .says(&["bad.toml"]);
}

#[test]
fn an_optional_column_may_be_missing() {
    let table = |more: &str| {
        format!(
            "version = 1\n[columns.sexe]\nrule = \"keep\"\n[columns.formule]\nrule = \"keep\"\n{more}"
        )
    };
    for (more, arguments, status, told) in [
        ("", &[][..], 0, true),
        ("", &["--strict"], 3, true),
        ("optional = false\n", &["--strict"], 3, true),
        ("optional = true\n", &[], 0, false),
        ("optional = true\n", &["--strict"], 0, false),
        ("optional = 1\n", &[], 2, true),
    ] {
        let scratch = Scratch::new();
        scratch.write("t.toml", table(more).as_bytes());
        scratch.write("in.csv", b"sexe\nF\nH\n");
        let mut command = crm(["in.csv", "-r", "t.toml"]);
        let outcome = run(command.args(arguments).current_dir(scratch.folder())).ended(status);
        assert_eq!(
            outcome.err.contains("formule") || status == 2,
            told,
            "{more:?} {arguments:?}"
        );
    }
    // The founding export has one of the two columns of a residence's value.
    let outcome = run_with_input(&mut crm(["--strict", "-"]), &export(3)).ended(0);
    assert!(!outcome.err.contains("valeur_resid"), "{}", outcome.err);
}
