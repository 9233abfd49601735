//! `fixture`: invented rows for a rule table must be what that rule table takes.

use crate::support::{Scratch, crm, fixture, records, run, schema};

#[test]
fn rule_tables_take_the_rows_that_are_invented_for_them() {
    let tables = ["custom_rules.toml", "recoding.toml", "segments.toml"]
        .map(|name| fixture(name).display().to_string());
    for table in ["anonymisation".to_owned()].into_iter().chain(tables) {
        let scratch = Scratch::new();
        let invented = [
            "fixture", &table, "--rows", "300", "--seed", "4", "-o", "in.csv",
        ];
        run(crm(invented).current_dir(scratch.folder())).ended(0);
        let rows = records(&scratch.read("in.csv"), b',');
        assert_eq!(rows.len(), 301, "{table}");
        let main = [
            "in.csv", "-r", &table, "--strict", "-o", "out.csv", "--manifest", "m.json",
        ];
        let outcome = run(crm(main).current_dir(scratch.folder()));
        assert_eq!(outcome.code(), 0, "{table}: {}", outcome.err);
        let manifest = schema::manifest(&scratch.read("m.json"));
        assert_eq!(manifest["rows_read"], 300, "{table}");
        let count = |name: &str| manifest[name].as_u64().unwrap();
        assert_eq!(
            count("rows_written") + count("rows_left_out"),
            300,
            "{table}"
        );
        assert!(count("rows_written") > 200, "{table}");
    }
}

#[test]
fn a_seed_gives_the_same_rows() {
    let scratch = Scratch::new();
    let rows = |more: &[&str]| {
        let mut command = crm(["fixture", "anonymisation", "--rows", "20"]);
        run(command.args(more).current_dir(scratch.folder()))
            .ended(0)
            .text()
    };
    assert_eq!(rows(&["--seed", "1"]), rows(&["--seed", "1"]));
    assert_ne!(rows(&["--seed", "1"]), rows(&["--seed", "2"]));
    assert_ne!(rows(&[]), rows(&[]));
}

#[test]
fn what_cannot_be_invented_is_refused() {
    let scratch = Scratch::new();
    let narrow = "version = 1\n[rows]\nwhere = [{ column = \"a\", at_least = 999_999_999 }]\n[columns.a]\nrule = \"drop\"\n";
    scratch.write("narrow.toml", narrow);
    for (arguments, says) in [
        (&["fixture"][..], "RULES"),
        (&["fixture", "nowhere.toml"], "nowhere.toml"),
        (&["fixture", "anonymisation", "--rows", "0"], "--rows"),
        (&["fixture", "narrow.toml"], "column `a`"),
    ] {
        let outcome = run(crm(arguments).current_dir(scratch.folder())).ended(2);
        outcome.says(&[says]);
        assert_eq!(outcome.text(), "");
    }
    let over = ["fixture", "narrow.toml", "-o", "narrow.toml"];
    assert_ne!(run(crm(over).current_dir(scratch.folder())).code(), 0);
    assert_eq!(scratch.read("narrow.toml"), narrow.as_bytes());
}
