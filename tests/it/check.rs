//! `crm-anon check`: a rule table alone, and against the header of a file.

use crate::support::{Scratch, crm, fixture, run};

#[test]
fn a_table_alone() {
    let scratch = Scratch::new();
    let wrong = scratch.write(
        "wrong.toml",
        "version = 1\n[columns.nom]\nrule = \"dorp\"\n",
    );
    let wrong = wrong.to_str().unwrap();
    let cases: [(&str, &str, i32, &[&str]); 4] = [
        (
            "built in",
            "anonymisation",
            0,
            &[
                "rule table `anonymisation` is valid: 19 columns published, 10 dropped",
                "\n  quasi-identifying: `Annee_naissance`, `Enfant(s)?`, `Code_postal`, `metier`",
            ],
        ),
        (
            "with roles",
            "protection",
            0,
            &["needs the keys of the roles: habilite, identite\n"],
        ),
        ("missing", "nowhere", 2, &["nowhere"]),
        ("wrong", wrong, 2, &["dorp", ":3:8: "]),
    ];
    for (case, table, status, told) in cases {
        let outcome = run(crm(["check", table]).env("LC_ALL", "C")).ended(status);
        let all = outcome.text() + &outcome.err;
        for part in told {
            assert!(all.contains(part), "{case}: no {part:?} in\n{all}");
        }
    }
}

#[test]
fn a_table_against_a_header() {
    let scratch = Scratch::new();
    let people = "Marie Canari,F,bac,canari@exemple.test\nLuc Canari,H,cap,luc@exemple.test\n";
    let write = |name: &str, header: &str| scratch.write(name, format!("{header}{people}"));
    let fits = write("fits.csv", "nom,sexe,formation,Segment\n");
    let other = write("other.csv", "nom,email,telephone,ville\n");
    let headerless = write("headerless.csv", "");
    let cases = cases![
        "fits", &fits, &[][..], 0, "  `sexe` → `sexe` (keep)\n  `formation` → `formation` (keep)\n";
        "an unlisted column", &fits, &[], 0, "  `Segment` dropped: not in the rule table\n";
        "a missing column", &fits, &[], 0, "  `revenus` is not in the file\n";
        "strictly", &fits, &["--strict"], 3, "the rule table does not list `Segment`";
        "another file", &other, &[], 3, "does not fit it";
        "no header", &headerless, &[], 3, "may be a person and no header";
        "the whole export", &fixture("export_crm.csv"), &["--strict"], 0, "it fits the file, of 28 columns";
    ];
    for (case, file, more, status, told) in cases {
        let file = file.to_str().unwrap();
        let arguments = ["check", "anonymisation", "--header", file];
        let arguments = arguments.iter().chain(more);
        let outcome = run(crm(arguments).env("LC_ALL", "C")).ended(status);
        let all = outcome.text() + &outcome.err;
        assert!(all.contains(told), "{case}: no {told:?} in\n{all}");
        assert!(
            !all.to_lowercase().contains("canari"),
            "{case}: a cell in\n{all}"
        );
        assert_eq!(outcome.out.is_empty(), status != 0, "{case}");
    }
}

#[test]
fn nothing_is_written() {
    let scratch = Scratch::new();
    let vault = scratch.path("vault.db");
    let table = format!(
        "version = 1\n[columns.nom]\nrule = {{ token = {{ vault = {vault:?}, role = \"identite\" }} }}\n"
    );
    let table = scratch.write("tokens.toml", table);
    let file = scratch.write("file.csv", "nom,sexe\nCanari,F\n");
    let arguments = [
        "check".as_ref(),
        table.as_os_str(),
        "--header".as_ref(),
        file.as_os_str(),
    ];
    run(&mut crm(arguments)).ended(0);
    assert_eq!(scratch.names(), ["file.csv", "tokens.toml"]);
}

#[test]
fn what_has_changed_between_two_tables() {
    let scratch = Scratch::new();
    scratch.write("old.toml", "version = 1\n[privacy]\nk = 5\n[columns.nom]\nrule = \"drop\"\n[columns.ville]\nrule = \"keep\"\n[columns.revenus]\nrule = { bucket = { width = 5_000 } }\n");
    scratch.write("new.toml", "version = 1\n[privacy]\nk = 3\n[columns.nom]\nrule = \"drop\"\n[columns.revenus]\nrule = { bucket = { width = 10_000 } }\n[columns.telephone]\nrule = \"keep\"\n");
    scratch.write("wrong.toml", "version = 1\n");
    let diff = |arguments: &[&str]| {
        let mut command = crm(["rules", "--diff"]);
        run(command
            .args(arguments)
            .env("LC_ALL", "C")
            .current_dir(scratch.folder()))
    };
    assert_eq!(
        diff(&["old.toml", "new.toml"]).ended(0).text(),
        "`old.toml` → `new.toml`, 4 changes: 2 weaker, 0 to judge, 2 stronger, 0 without effect on privacy\n  \
         weaker: [privacy] k: 5 → 3\n  \
         weaker: [columns.telephone]: new: \"keep\"\n  \
         stronger: [columns.ville]: gone: \"keep\"\n  \
         stronger: [columns.revenus] rule, width of bucket: 5000 → 10000\n"
    );
    let json = diff(&["old.toml", "new.toml", "--format", "json"])
        .ended(0)
        .text();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["weaker"], true);
    assert_eq!(json["changes"][0]["was"], 5);
    assert_eq!(json["changes"][3]["effect"], "stronger");
    let refused = diff(&["old.toml", "new.toml", "--refuse-weaker"]).ended(4);
    refused.says(&["the new rule table is weaker: 2 changes"]);
    assert!(refused.text().contains("weaker: [privacy] k"));
    diff(&["new.toml", "new.toml", "--refuse-weaker"]).ended(0);
    diff(&["anonymisation", "protection"]).ended(0);
    diff(&["old.toml", "wrong.toml"]).ended(2);
    diff(&["old.toml"]).ended(2);
}
