//! The audit and the thresholds, from the outside.

use std::collections::BTreeSet;
use std::path::Path;

use crate::support::classes::{SMALL_QUASI, SMALL_RULES, audit, small_table};
use crate::support::{Dice, Scratch, crm, run};

#[test]
fn the_audit_counts_what_is_in_the_file() {
    let scratch = Scratch::new();
    let mut dice = Dice(7);
    for rows in [1, 2, 40, 700] {
        let table = small_table(rows, &mut dice);
        let path = scratch.write("small.csv", table.text());
        let rules = scratch.write("small.toml", SMALL_RULES);
        for columns in [&SMALL_QUASI[..], &["age"], &["town", "sex"]] {
            let quasi = columns.join(",");
            let told = audit(&path, &["--quasi", &quasi, "--sensitive", "disease"]);
            let classes = table.classes(columns);
            assert_eq!(told["rows"], rows);
            assert_eq!(told["classes"], classes.len());
            assert_eq!(told["k"], table.k(columns));
            assert_eq!(told["unique_rows"], table.unique(columns));
            for limit in [3, 5, 11] {
                let under: usize = classes
                    .values()
                    .map(Vec::len)
                    .filter(|size| *size < limit)
                    .sum();
                assert_eq!(told["rows_under"][limit.to_string()], under);
            }
            let l = classes.values().map(|rows| {
                rows.iter()
                    .map(|row| &row[4])
                    .collect::<BTreeSet<_>>()
                    .len()
            });
            assert_eq!(told["sensitive"][0]["l_distinct"], l.min().unwrap());
            for (at, column) in columns.iter().enumerate() {
                let others: Vec<&str> = columns
                    .iter()
                    .copied()
                    .filter(|other| other != column)
                    .collect();
                let without = if others.is_empty() {
                    u64::from(rows == 1)
                } else {
                    table.unique(&others)
                };
                assert_eq!(
                    told["quasi_identifying"][at]["unique_rows_without"], without,
                    "{column}"
                );
            }
        }
        // By the rule table, the same.
        let by_rules = audit(&path, &["--rules", rules.to_str().unwrap()]);
        let by_name = audit(
            &path,
            &["--quasi", &SMALL_QUASI.join(","), "--sensitive", "disease"],
        );
        assert_eq!(by_rules["class_sizes"], by_name["class_sizes"]);
        assert_eq!(by_rules["sensitive"], by_name["sensitive"]);
    }
}

/// What a step of a ladder makes of a value of the small table, written a second time.
fn climbed(column: &str, step: &str, value: &str) -> String {
    let decade = |width: i32| {
        let age: i32 = value.parse().unwrap();
        let low = age / width * width;
        format!("{low}-{}", low + width - 1)
    };
    match (column, step, value) {
        (_, "*", _) => "*".to_owned(),
        ("age", width, _) => decade(width.parse().unwrap()),
        (_, _, "") => String::new(),
        (_, "min_population = 5000", "75001" | "75011" | "07000") => value.to_owned(),
        (_, "min_population = 5000", "48250") => "48 Lozère".to_owned(),
        // Equal shares of the communes with several codes make Orly's airport large enough or not.
        (_, "min_population = 5000", _) => "91 Essonne".to_owned(),
        (_, "département", "75001" | "75011") => "75 Paris".to_owned(),
        (_, "département", "07000") => "07 Ardèche".to_owned(),
        (_, "département", "48250") => "48 Lozère".to_owned(),
        (_, "département", _) => "91 Essonne".to_owned(),
        (_, "région", "07000") => "Auvergne-Rhône-Alpes".to_owned(),
        (_, "région", "48250") => "Occitanie".to_owned(),
        (_, "région", _) => "Île-de-France".to_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_figure_of_the_advice_is_what_a_file_with_that_change_has() {
    let scratch = Scratch::new();
    let table = small_table(150, &mut Dice(11));
    let path = scratch.write("small.csv", table.text());
    let rules = scratch.write("small.toml", SMALL_RULES);
    let by_rules = ["--rules", rules.to_str().unwrap()];
    let told = audit(&path, &by_rules);
    let mut steps = 0;
    for column in told["quasi_identifying"].as_array().unwrap() {
        let name = column["column"].as_str().unwrap();
        for step in column["steps"].as_array().unwrap() {
            let title = step["step"].as_str().unwrap();
            let mut changed = table.clone();
            let at = table.column(name);
            for row in &mut changed.rows {
                row[at] = climbed(name, title, &row[at]);
            }
            let path = scratch.write("changed.csv", changed.text());
            let really = audit(&path, &by_rules);
            for figure in ["k", "unique_rows"] {
                assert_eq!(step[figure], really[figure], "{name} → {title}: {figure}");
            }
            assert_eq!(
                step["unique_rows"],
                changed.unique(&SMALL_QUASI),
                "{name} → {title}"
            );
            steps += 1;
        }
    }
    assert_eq!(steps, 4 + 1 + 4 + 1, "every step of every ladder");
    // What the advice names as an option of a rule is what a run with that option gives.
    let step = &told["quasi_identifying"][0]["steps"][0];
    assert_eq!(step["step"], "min_population = 5000");
    let option = SMALL_RULES.replacen(
        "\"postal_code\"",
        "{ postal_code = { min_population = 5000 } }",
        1,
    );
    let option = scratch.write("option.toml", option);
    let out = scratch.path("option.csv");
    run(&mut crm([
        &path,
        Path::new("-o"),
        &out,
        Path::new("--rules"),
        &option,
    ]))
    .ended(0);
    assert_eq!(audit(&out, &by_rules)["unique_rows"], step["unique_rows"]);
}

#[test]
fn thresholds_are_met_or_nothing_is_published() {
    let scratch = Scratch::new();
    let table = small_table(400, &mut Dice(3));
    let input = scratch.write("in.csv", table.text());
    let rules = scratch.write("rules.toml", SMALL_RULES);
    let (k, unique) = (table.k(&SMALL_QUASI), table.unique(&SMALL_QUASI));
    assert!(k == 1 && unique > 4, "{k} {unique}");
    let share = 100.0 * unique as f64 / 400.0;
    let cases = [
        (vec!["--min-k", "1"], None),
        (vec!["--min-k", "2"], Some("k is 1, --min-k asks for 2")),
        (vec!["--max-unique", "100%"], None),
        (vec!["--max-unique", "1%"], Some("rows (")),
        (vec!["--min-l", "1"], None),
        (
            vec!["--min-l", "2"],
            Some("l of disease is 1, --min-l asks for 2"),
        ),
        (vec!["--max-t", "1"], None),
        (vec!["--max-t", "0.1"], Some("t of disease is 0.")),
    ];
    for (gate, missed) in cases {
        for output in ["out.csv", "-"] {
            scratch.write("out.csv", "what was there");
            let out = scratch.path("out.csv");
            let output = if output == "-" { Path::new("-") } else { &out };
            let mut command = crm([&input, Path::new("-r"), &rules, Path::new("-o"), output]);
            let outcome = run(command.args(&gate));
            let case = format!("{gate:?} {}", output.display());
            let Some(missed) = missed else {
                assert_eq!(outcome.code(), 0, "{case}: {}", outcome.err);
                continue;
            };
            assert_eq!(outcome.code(), 4, "{case}");
            outcome.says(&[missed, "nothing was published"]);
            assert!(outcome.out.is_empty(), "{case}");
            assert_eq!(scratch.read("out.csv"), b"what was there", "{case}");
        }
        let mut command = crm([Path::new("audit"), &input, Path::new("-r"), &rules]);
        let outcome = run(command.args(&gate));
        assert_eq!(
            outcome.code(),
            if missed.is_some() { 4 } else { 0 },
            "{gate:?}"
        );
        assert!(
            outcome.text().contains("Singling out"),
            "the figures are printed all the same"
        );
    }
    let message = run(crm([&input, Path::new("-r"), &rules]).args(["--max-unique", "1%"])).ended(4);
    message.says(&[
        &format!("{unique} of 400 rows ({share:.2} %)"),
        "--max-unique allows 1 %",
    ]);
    assert_eq!(scratch.names(), ["in.csv", "out.csv", "rules.toml"]);
}

#[test]
fn columns_that_are_called_insensitive_may_be_known_too() {
    let scratch = Scratch::new();
    // Twelve twins, of which the last four share what is called insensitive.
    let rows = (0..12).map(|n| format!("{n},F,v{}\n", n.min(8)));
    let input = rows.fold("Index_rd,sexe,etat\n".to_owned(), |text, row| text + &row);
    let input = scratch.write("out.csv", input);
    let rules = "version = 1\nindex = 'Index_rd'\n[columns.sexe]\nrule = 'keep'\nattribute = 'quasi-identifying'\n\
                 [columns.etat]\nrule = 'keep'\nattribute = 'insensitive'\n";
    let rules = scratch.write("rules.toml", rules);
    let audit = |more: &[&str]| {
        let mut command = crm(["audit"]);
        run(command.arg(&input).arg("-r").arg(&rules).args(more)).ended(0)
    };
    let line = "rows alone, insensitive columns known too                     66.67%";
    let told = audit(&["--lang", "en"]);
    assert!(told.text().contains(line), "{}", told.text());
    let json: serde_json::Value =
        serde_json::from_str(&audit(&["--format", "json"]).text()).unwrap();
    assert_eq!(json["k"], 12);
    assert_eq!(json["published"]["exact"], true);
    assert_eq!(json["published"]["alone_share"], 8.0 / 12.0);
    assert_ne!(json["score"]["letter"], "A", "{}", json["score"]);
    let told = audit(&["--lang", "en", "--ignore", "etat"]);
    assert!(!told.text().contains("known too"), "{}", told.text());
}

#[test]
fn what_cannot_be_done_is_refused_with_what_to_do() {
    let scratch = Scratch::new();
    let input = scratch.write("in.csv", small_table(30, &mut Dice(5)).text());
    let rules = scratch.write("rules.toml", SMALL_RULES);
    let no_quasi = SMALL_RULES.replace(
        "\"quasi-identifying\"",
        "\"insensitive\"\n    why = \"invented\"",
    );
    let no_quasi = scratch.write("none.toml", no_quasi);
    let no_sensitive = scratch.write(
        "plain.toml",
        SMALL_RULES.replace("\"sensitive\"", "\"insensitive\""),
    );
    let goal = |goal: &str| {
        SMALL_RULES.replacen("version = 1", &format!("version = 1\nprivacy = {goal}"), 1)
    };
    let half = scratch.write("half.toml", goal("{ max_suppressed = \"4%\" }"));
    let file = scratch.write("out.csv", "what was there");
    let out = file.to_str().unwrap();
    let cases: Vec<(&Path, Vec<&str>, i32, &str)> = vec![
        (
            &rules,
            vec!["--k", "31", "--max-suppressed", "0%"],
            4,
            "k = 31 cannot be reached: there are fewer rows than k (30)",
        ),
        (
            &rules,
            vec!["--k", "2", "--min-l", "31", "--max-suppressed", "0%"],
            4,
            "k = 2 cannot be reached with at most 0 %",
        ),
        (
            &rules,
            vec!["--k", "1"],
            2,
            "expected a whole number from 2",
        ),
        (
            &rules,
            vec!["--k", "5", "--max-suppressed", "5"],
            2,
            "expected a share",
        ),
        (&rules, vec!["--recoding", "local"], 2, "say which with --k"),
        (&half, vec![], 2, "say which with --k"),
        (
            &no_quasi,
            vec!["--k", "2"],
            2,
            "no quasi-identifying column",
        ),
        (
            &no_quasi,
            vec!["--min-k", "2"],
            2,
            "no quasi-identifying column",
        ),
        (
            &no_sensitive,
            vec!["--min-l", "2"],
            2,
            "no sensitive column",
        ),
        (&rules, vec!["--max-t", "2"], 2, "from 0 to 1"),
        (
            &rules,
            vec!["--report", "-"],
            2,
            "the report cannot go to standard output",
        ),
        (
            &rules,
            vec!["--k", "2", "--report", out],
            2,
            "is given for two different files",
        ),
    ];
    for (rules, arguments, code, message) in cases {
        let mut command = crm([&input, Path::new("-r"), rules, Path::new("-o"), &file]);
        let outcome = run(command.args(&arguments));
        assert_eq!(outcome.code(), code, "{arguments:?}: {}", outcome.err);
        outcome.says(&[message]);
        assert_eq!(scratch.read("out.csv"), b"what was there", "{arguments:?}");
    }
    let header = String::from_utf8(scratch.read("in.csv")).unwrap();
    let all = header.lines().next().unwrap().to_owned();
    for (arguments, code, message) in [
        (&["--quasi", "town,street"][..], 2, "no column `street`"),
        (&["--ignore", &all], 2, "no quasi-identifying column"),
        (
            &["--quasi", "town", "--min-l", "2"],
            2,
            "no sensitive column",
        ),
    ] {
        let outcome = run(crm([Path::new("audit"), &input]).args(arguments)).ended(code);
        outcome.says(&[message]);
    }
    let uneven = scratch.write("uneven.csv", "town,sex\n75001,F\n75001\n");
    let outcome = run(crm([Path::new("audit"), &uneven]).args(["--quasi", "town"])).ended(3);
    outcome.says(&["record 2 (line 3 of the file)"]);
}

#[test]
fn privacy_in_a_rule_table_is_checked_as_it_is_read() {
    let scratch = Scratch::new();
    let input = scratch.write("in.csv", "a\n1\n");
    for (line, message) in [
        ("privacy = { k = 1 }", "expected a whole number from 2"),
        ("privacy = { k = 5, max = 3 }", "unknown field"),
        ("privacy = { k = 5, max_suppressed = 4 }", "string"),
        ("privacy = { k = 5, t = 2.0 }", "from 0 to 1"),
        ("privacy = { k = 5, recoding = \"both\" }", "global"),
    ] {
        let rules = format!("version = 1\n{line}\n[columns.a]\nrule = \"keep\"\n");
        let rules = scratch.write("r.toml", rules);
        run(&mut crm([&input, Path::new("-r"), &rules]))
            .ended(2)
            .says(&["r.toml:2:", message]);
    }
    for (line, message) in [
        ("ladder = [5, 3]", "each more than the one before"),
        ("ladder = 5", "expected a list of steps"),
        ("ladder = { file = \"none.csv\" }", "the hierarchy file"),
        ("ladder = { folder = \"x\" }", "unknown field"),
        ("weight = 0", "more than 0"),
        ("weight = \"2\"", "expected"),
    ] {
        let rules = format!("version = 1\n[columns.a]\nrule = \"keep\"\n{line}\n");
        let rules = scratch.write("r.toml", rules);
        run(&mut crm([&input, Path::new("-r"), &rules]))
            .ended(2)
            .says(&["r.toml:4:", message]);
    }
    let dropped = "version = 1\n[columns.a]\nrule = \"drop\"\nweight = 2.0\n";
    let rules = scratch.write("r.toml", dropped);
    run(&mut crm([&input, Path::new("-r"), &rules]))
        .ended(2)
        .says(&["nothing to generalise"]);
}
