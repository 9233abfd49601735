//! Row filters from outside: what is left out is counted by reason, and is nowhere.

use std::collections::BTreeMap;

use crate::support::schema;
use crate::support::{Dice, Scratch, crm, records, run, run_with_input, to_csv};
use chrono::{Days, Local, Months, NaiveDate};
use serde_json::Value;

const COLUMNS: [&str; 6] = [
    "nom", "Consentement ", "date_demande", "sexe", "revenus", "ville",
];

const RULES: &str = "[columns.nom]\nrule = \"drop\"\nattribute = \"identifying\"\n\
    [columns.date_demande]\nrule = \"drop\"\n\
    [columns.sexe]\nrule = \"keep\"\nattribute = \"quasi-identifying\"\n\
    [columns.revenus]\nrule = { bucket = { width = 20_000 } }\nattribute = \"sensitive\"\n\
    [columns.ville]\nrule = \"keep\"\nattribute = \"quasi-identifying\"\n";

const FILTER: &str = "[rows]\n\
    consent = { column = \"consentement\", is = [\"oui\", \"accepté\"] }\n\
    retention = { column = \"Date Demande\", keep = \"3 years\" }\n\
    where = [{ column = \"sexe\", is_not = \"X\" }, { column = \"revenus\", at_least = 10_000, below = 50_000 }]\n";

fn table(filter: &str) -> String {
    format!("version = 1\nindex = \"\"\n{filter}{RULES}")
}

const FILTER_CONSENT: &str = "[rows]\nconsent = { column = \"accord\", is = \"oui\" }\n";

/// The first day that is kept.
fn first() -> NaiveDate {
    Local::now()
        .date_naive()
        .checked_sub_months(Months::new(36))
        .unwrap()
}

/// Random people, and the reason why each is left out, if one is.
fn people(count: usize, seed: u64) -> (Vec<Vec<String>>, Vec<Option<&'static str>>) {
    let mut dice = Dice(seed);
    let mut reasons = Vec::new();
    let rows = (0..count).map(|n| {
        let (agreed, yes) = dice.pick(&[
            ("oui", true),
            (" OUI ", true),
            ("Accepte", true),
            ("oui", true),
            ("non", false),
            ("", false),
            ("NULL", false),
            ("peut-être", false),
        ]);
        let days = dice.below(40) as u64;
        let (date, age) = match dice.below(8) {
            0 => (String::new(), Some("missing")),
            1 | 2 => (
                first()
                    .checked_sub_days(Days::new(1 + days))
                    .unwrap()
                    .to_string(),
                Some("too_old"),
            ),
            3 => (first().format("%d/%m/%Y").to_string(), None),
            _ => (
                first()
                    .checked_add_days(Days::new(days))
                    .unwrap()
                    .to_string(),
                None,
            ),
        };
        let (sex, excluded) = dice.pick(&[
            ("H", None),
            ("F", None),
            ("x", Some("not_met")),
            ("", Some("missing")),
        ]);
        let (income, out) = dice.pick(&[
            ("10000", None),
            ("49 999,99", None),
            ("9999.99", Some("not_met")),
            ("50000", Some("not_met")),
            ("n/a", Some("missing")),
            ("23000", None),
        ]);
        let reason = if yes {
            None
        } else {
            Some("consent no_consent")
        };
        let reason = reason.or(match age {
            Some("missing") => Some("retention missing"),
            Some(_) => Some("retention too_old"),
            None => None,
        });
        let reason = reason.or(match excluded {
            Some("missing") => Some("where 1 missing"),
            Some(_) => Some("where 1 not_met"),
            None => None,
        });
        let reason = reason.or(match out {
            Some("missing") => Some("where 2 missing"),
            Some(_) => Some("where 2 not_met"),
            None => None,
        });
        reasons.push(reason);
        let town = match reason {
            None => format!("Ville{}", dice.below(3)),
            Some(_) => format!("zqxtown{n}"),
        };
        vec![
            format!("zqxname{n}"),
            agreed.into(),
            date,
            sex.into(),
            income.into(),
            town,
        ]
    });
    (rows.collect(), reasons)
}

#[test]
fn rows_in_are_rows_out_and_rows_left_out_by_reason() {
    for (seed, args) in (1..).zip([
        "-j 1",
        "-j 3",
        "--shuffle -j 2",
        "--on-leftover mask",
        "--k 2 --recoding global --max-suppressed 100%",
        "--min-l 1 -v",
    ]) {
        let (rows, reasons) = people(3_000, seed);
        let mut expected: BTreeMap<String, u64> = BTreeMap::new();
        for reason in reasons.iter().flatten() {
            *expected.entry((*reason).to_owned()).or_default() += 1;
        }
        assert_eq!(expected.len(), 7, "every reason is there");
        let scratch = Scratch::new();
        let path = scratch.write("rules.toml", table(FILTER));
        let input = to_csv(&COLUMNS, rows.clone(), b',');
        for piped in [false, true] {
            let mut command = crm(["-r"]);
            let tells = "--manifest manifest.json --report report.html --lang fr";
            command
                .arg(&path)
                .args(args.split(' '))
                .args(tells.split(' '));
            command.current_dir(scratch.folder());
            let outcome = match piped {
                true => run_with_input(command.arg("-"), &input),
                false => {
                    scratch.write("in.csv", &input);
                    run(command.arg("in.csv"))
                }
            };
            let outcome = outcome.ended(0);
            let written: Vec<Vec<String>> = records(&outcome.out, b',')
                .into_iter()
                .skip(1)
                .map(|row| row.into_iter().map(|cell| cell.to_string()).collect())
                .collect();
            let manifest = manifest(&scratch);
            let counts = |key: &str| manifest[key].as_u64().unwrap();
            let left: u64 = expected.values().sum();
            assert_eq!(counts("rows_read"), 3_000, "{args}");
            assert_eq!(counts("rows_left_out"), left, "{args}");
            assert_eq!(counts("rows_skipped"), 0, "{args}");
            assert_eq!(counts("rows_written"), 3_000 - left, "{args}");
            assert_eq!(written.len() as u64, 3_000 - left, "{args}");
            let told: BTreeMap<String, u64> = manifest["rows_left_out_by"]
                .as_array()
                .unwrap()
                .iter()
                .map(|by| {
                    (
                        format!(
                            "{} {}",
                            by["test"].as_str().unwrap(),
                            by["reason"].as_str().unwrap()
                        ),
                        by["rows"].as_u64().unwrap(),
                    )
                })
                .collect();
            assert_eq!(told, expected, "{args}");
            let grouped = match left {
                1000.. => format!("{}\u{202f}{:03}", left / 1000, left % 1000),
                _ => left.to_string(),
            };
            match left {
                0 | 1 => outcome.says(&[]),
                _ => outcome.says(&[&format!("{grouped} écartées")]),
            };
            let report = String::from_utf8(scratch.read("report.html")).unwrap();
            assert!(report.contains("sans consentement"), "{args}");
            if !args.contains("--k") && !args.contains("--shuffle") {
                let stay = rows
                    .iter()
                    .zip(&reasons)
                    .filter(|(_, reason)| reason.is_none());
                let stay: Vec<&str> = stay.map(|(row, _)| row[5].as_str()).collect();
                let towns: Vec<&str> = written.iter().map(|row| row[2].as_str()).collect();
                assert_eq!(towns, stay, "{args}");
            }
            // Nothing of those who stay behind, and no name, is anywhere.
            for (what, text) in [
                ("output", &outcome.out),
                ("messages", &outcome.err.clone().into_bytes()),
                ("manifest", &scratch.read("manifest.json")),
                ("report", &scratch.read("report.html")),
            ] {
                let text = String::from_utf8_lossy(text);
                assert!(!text.contains("zqx"), "{args}: {what}");
            }
        }
    }
}

fn filtered(filter: &str, rows: &[[&str; 6]], args: &[&str]) -> (crate::support::Outcome, Scratch) {
    let scratch = Scratch::new();
    let path = scratch.write("rules.toml", table(filter));
    let rows = rows
        .iter()
        .map(|row| row.iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>());
    let input = to_csv(&COLUMNS, rows, b',');
    let mut command = crm(["-", "-q", "--manifest", "manifest.json", "-r"]);
    command.arg(path).args(args).current_dir(scratch.folder());
    (run_with_input(&mut command, &input), scratch)
}

fn manifest(scratch: &Scratch) -> Value {
    schema::manifest(&scratch.read("manifest.json"))
}

#[test]
fn a_sample_is_drawn_of_the_rows_that_the_rest_lets_leave() {
    let filter = "[rows]\nwhere = [{ column = \"sexe\", is = \"F\" }]\nsample = \"25%\"\n";
    let scratch = Scratch::new();
    let path = scratch.write("rules.toml", table(filter));
    let rows = (0..40_000).map(|n| {
        let sex = if n % 2 == 0 { "F" } else { "H" };
        ["a", "oui", "", sex, "12000", &format!("Ville{n}")].map(str::to_owned)
    });
    let input = to_csv(&COLUMNS, rows.map(Vec::from), b',');
    let drawn = |args: &str| {
        let mut command = crm(["-", "-q", "--manifest", "manifest.json", "-r"]);
        command
            .arg(&path)
            .args(args.split(' '))
            .current_dir(scratch.folder());
        let outcome = run_with_input(&mut command, &input).ended(0);
        let told = manifest(&scratch);
        let written = records(&outcome.out, b',').len() as u64 - 1;
        assert_eq!(told["rows_written"], written, "{args}");
        assert_eq!(told["rows_left_out"], 40_000 - written, "{args}");
        let by = &told["rows_left_out_by"];
        assert_eq!(by[0]["reason"], "not_met", "{args}");
        assert_eq!(by[0]["rows"], 20_000, "{args}");
        let of_chance =
            serde_json::json!({"test": "sample", "reason": "not_drawn", "rows": 20_000 - written});
        assert_eq!(by[1], of_chance, "{args}");
        // Ten standard deviations of 20 000 draws with a chance of 1 in 4.
        assert!(written.abs_diff(5_000) < 620, "{args}: {written}");
        outcome.out
    };
    let seeded = drawn("--seed 1 -j 1");
    assert!(drawn("--seed 1 -j 3") == seeded, "threads change nothing");
    assert!(
        drawn("--seed 2 -j 1") != seeded,
        "another seed, another sample"
    );
    assert!(drawn("-j 2") != drawn("-j 2"), "no seed, no repetition");
    // A second pass sees the same rows.
    drawn("-j 2 --on-leftover mask --max-unique 100%");
    let few = table("[rows]\nsample = \"0.0001%\"\n");
    let path = scratch.write("few.toml", few);
    let mut command = crm(["-", "--seed", "1", "-q", "-r"]);
    let outcome = run_with_input(
        command.arg(path),
        &to_csv(
            &COLUMNS,
            [COLUMNS.map(str::to_owned).map(|_| "1".to_owned()).to_vec()],
            b',',
        ),
    );
    outcome.ended(3).says(&["1 not in the sample of [rows]"]);
}

#[test]
fn a_row_that_stays_behind_refuses_nothing_and_one_that_cannot_be_decided_does() {
    let filter = "[rows]\nconsent = { column = \"consentement\", is = \"oui\" }\n\
                  retention = { column = \"date_demande\", keep = \"3 years\" }\n";
    let day = first().to_string();
    let good = ["a", "oui", &day, "F", "12000", "Metz"];
    // Everything is wrong with it, and it does not leave.
    let refuser = ["b", "non", "hier", "F", "zqxbeaucoup", "06 12 34 56 78"];
    let undecided = ["c", "oui", "zqxhier", "F", "12000", "Metz"];
    let (outcome, _) = filtered(filter, &[good, refuser], &[]);
    assert_eq!(
        outcome.ended(0).text(),
        "sexe,revenus,ville\nF,0-20000,Metz\n"
    );
    let (outcome, scratch) = filtered(filter, &[good, refuser, undecided], &[]);
    let outcome = outcome.ended(3);
    outcome.says(&[
        "record 3", "`date_demande`", "[rows] retention", "not a date",
    ]);
    assert!(!outcome.err.contains("zqx"));
    let refused = schema::manifest(&scratch.read("manifest.json"));
    assert_eq!(refused["status"], "refused");
    assert!(!refused.to_string().contains("zqx"));
    for (policy, skipped, left_out) in [("blank", 0, 2), ("skip", 1, 1)] {
        let (outcome, scratch) = filtered(
            filter,
            &[good, refuser, undecided],
            &["--on-invalid", policy],
        );
        assert_eq!(
            outcome.ended(0).text(),
            "sexe,revenus,ville\nF,0-20000,Metz\n",
            "{policy}"
        );
        let manifest = manifest(&scratch);
        assert_eq!(manifest["rows_skipped"], skipped, "{policy}");
        assert_eq!(manifest["rows_left_out"], left_out, "{policy}");
        let warnings = manifest["warnings"].to_string();
        assert!(
            warnings.contains("cells of column `date_demande` that the row filter cannot read: 1"),
            "{warnings}"
        );
    }
    let wide = [
        b"nom,Consentement,date_demande,sexe,revenus,ville\na,non,".as_slice(),
        day.as_bytes(),
        b",F,1,Metz,x\n",
    ]
    .concat();
    let scratch = Scratch::new();
    let path = scratch.write("rules.toml", table(filter));
    run_with_input(crm(["-", "-q", "-r"]).arg(path), &wide)
        .ended(3)
        .says(&["7 fields"]);
}

#[test]
fn a_column_that_decides_must_be_there_once() {
    let filter = FILTER_CONSENT;
    let (outcome, _) = filtered(filter, &[], &[]);
    let outcome = outcome.ended(3);
    outcome.says(&["`consent`", "`accord`", "no such column"]);
    assert!(outcome.out.is_empty());
    let scratch = Scratch::new();
    let path = scratch.write("rules.toml", table(filter));
    let input = b"accord,sexe,Accord\noui,F,non\n";
    let outcome = run_with_input(crm(["-", "-q", "-r"]).arg(&path), input).ended(3);
    outcome.says(&["several of that name"]);
    // It need not be listed, nor is it unlisted then.
    let outcome = run_with_input(crm(["-", "-v", "-r"]).arg(&path), b"accord,sexe\noui,F\n");
    let outcome = outcome.ended(0);
    assert_eq!(outcome.text(), "sexe\nF\n");
    assert!(
        !outcome.err.contains("not in the rule table"),
        "{}",
        outcome.err
    );
    outcome.says(&["it decides which rows do"]);
    // Whatever the encoding and the quotes.
    let filter = FILTER_CONSENT.replace("oui", r#"accepté \"oui\""#);
    let quoted = scratch.write("quoted.toml", table(&filter));
    let input = b"accord,sexe\n\"Accept\xe9 \"\"OUI\"\"\",F\naccept\xe9,H\n";
    let outcome = run_with_input(crm(["-", "-q", "-r"]).arg(quoted), input).ended(0);
    assert_eq!(outcome.text(), "sexe\nF\n");
}

#[test]
fn old_rows_leave_with_nothing_that_tells_who() {
    let filter = "[rows]\nretention = { column = \"date_demande\", keep = \"3 years\", older = \"blank\" }\n";
    let day = first().to_string();
    let old = first().pred_opt().unwrap().to_string();
    let rows = [
        ["a", "", &day, "F", "12000", "Metz"],
        ["b", "", &old, "H", "32000", "zqx 06 12 34 56 78"],
        ["zqxnom Dupont", "", &old, "H", "", "zqxnom Dupont"],
        ["d", "", "", "F", "12000", "zqxville"],
    ];
    // What is found in a blanked cell does not leave, so it is neither refused nor masked.
    for policy in ["fail", "mask"] {
        let (outcome, scratch) = filtered(filter, &rows, &["--on-leftover", policy]);
        let expected = "sexe,revenus,ville\nF,0-20000,Metz\n,20000-40000,\n,,\n";
        assert_eq!(outcome.ended(0).text(), expected, "{policy}");
        let manifest = manifest(&scratch);
        assert_eq!(
            (&manifest["rows_blanked"], &manifest["rows_left_out"]),
            (&2.into(), &1.into())
        );
        assert!(!manifest.to_string().contains("zqx"));
    }
    // In what is not blanked, it is.
    let kept = "[rows]\nretention = { column = \"date_demande\", keep = \"3 years\", older = \"blank\" }\n\
                [columns.consentement]\nrule = \"keep\"\nattribute = \"insensitive\"\n";
    let rows = [[
        "a",
        "06 12 34 56 78",
        old.as_str(),
        "F",
        "12000",
        "06 12 34 56 78",
    ]];
    filtered(kept, &rows, &[])
        .0
        .ended(3)
        .says(&["`Consentement`", "phone in 1 cell"]);
    let (outcome, _) = filtered(kept, &rows, &["--on-leftover", "mask"]);
    assert_eq!(
        outcome.ended(0).text(),
        "consentement,sexe,revenus,ville\n[phone],,0-20000,\n"
    );
    let (outcome, _) = filtered(filter, &rows, &["--k", "2", "--max-suppressed", "100%"]);
    outcome.ended(4).says(&["fewer rows than k (1)"]);
    let none = format!("version = 1\n{filter}[columns.revenus]\nrule = \"keep\"\n");
    let scratch = Scratch::new();
    let path = scratch.write("none.toml", none);
    let outcome = run_with_input(
        crm(["-", "-r"]).arg(path),
        b"revenus,date_demande\n1,2020-01-01\n",
    );
    outcome.ended(2).says(&["older = \"blank\""]);
}

#[test]
fn audit_counts_every_row() {
    let scratch = Scratch::new();
    let path = scratch.write("rules.toml", table(FILTER));
    let input = scratch.write("in.csv", "sexe,ville\nF,Metz\nX,Metz\n");
    let mut command = crm(["audit", "--format", "json", "-r"]);
    let figures: Value =
        serde_json::from_slice(&run(command.arg(path).arg(input)).ended(0).out).unwrap();
    assert_eq!(figures["rows"], 2);
}
