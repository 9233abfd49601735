//! Tables beside other tables, and what a run tells of them.

use super::*;

/// The number of persons of each cell, if it is told.
fn persons(told: &BTreeMap<Vec<String>, Vec<String>>) -> BTreeMap<Vec<String>, Option<u64>> {
    let number = |figures: &Vec<String>| figures[0].parse().ok();
    told.iter()
        .map(|(names, figures)| (names.clone(), number(figures)))
        .collect()
}

#[test]
fn beside_the_table_of_yesterday_few_changes_are_not_told() {
    let mut rows = people();
    let scratch = scratch(&rows);
    let options = [
        "--by", "region,formule", "--unit", "id_client", "--stat", "mean:revenus", "-o", "t.csv",
    ];
    run(&mut aggregate(&scratch, &options)).ended(0);
    let first = table(&scratch.read("t.csv"), 2);
    fs::copy(scratch.path("t.csv"), scratch.path("old.csv")).unwrap();
    let again = run(aggregate(&scratch, &options).args(["--against", "t.csv"])).ended(0);
    assert_eq!(table(&scratch.read("t.csv"), 2), first);
    again.says(&["kept suppressed, 0 suppressed because too few persons changed"]);
    // Three persons more in one cell, twenty in another one and in one that was suppressed; another amount in a fourth.
    let cells = [
        ("nord", "tiers", 3),
        ("ouest; est", "tiers", 20),
        ("sud", "tiers +", 20),
    ];
    for (region, formule, count) in cells {
        rows.extend((0..count).map(|at| {
            (
                5000 + 100 * count + at,
                region,
                formule,
                Some(2_000_000 + 7919 * at),
            )
        }));
    }
    let other = |row: &&mut (u64, &str, &str, Option<u64>)| {
        (row.1, row.2) == ("nord", "tous \"risques\"") && row.3.is_some()
    };
    let richer = rows.iter_mut().find(other).unwrap();
    richer.3 = richer.3.map(|cents| cents + 100_000);
    scratch.write("in.csv", csv(&rows));
    let more = [
        "--against", "old.csv", "--manifest", "m.json", "--report", "r.html",
    ];
    run(aggregate(&scratch, &options).args(more)).ended(0);
    let then = persons(&first);
    let now = persons(&table(&scratch.read("t.csv"), 2));
    let at = |region: &str, formule: &str| vec![region.to_owned(), formule.to_owned()];
    for (region, formule) in [
        ("nord", "tiers"),
        ("sud", "tiers +"),
        ("nord", "tous \"risques\""),
    ] {
        assert_eq!(now[&at(region, formule)], None, "{region} {formule}");
    }
    let (before, after) = (
        then[&at("ouest; est", "tiers")],
        now[&at("ouest; est", "tiers")],
    );
    assert_eq!(after, before.map(|n| n + 20));
    for (names, persons) in &now {
        if let (Some(now), Some(Some(then))) = (persons, then.get(names)) {
            assert!(now == then || now.abs_diff(*then) >= 11, "{names:?}");
        }
        assert!(persons.is_none() || then[names].is_some(), "{names:?}");
    }
    let manifest = schema::manifest(&scratch.read("m.json"));
    let against = &manifest["figures"]["against"];
    assert_eq!(against["cells_changed"], 2);
    assert!(against["cells_kept"].as_u64().unwrap() >= 1);

    // With totals so few tell of the difference of all; other tables, and none, are refused.
    run(&mut aggregate(
        &scratch,
        &["--by", "region", "--totals", "-o", "old.csv"],
    ))
    .ended(0);
    rows.push((9999, "nord", "tiers", Some(1_234_567)));
    scratch.write("in.csv", csv(&rows));
    for (case, by, file, status, says) in [
        (
            "one person more", "region", "old.csv", 4, "changed by fewer",
        ),
        ("other columns", "formule", "old.csv", 3, "other columns"),
        ("no table", "region", "in.csv", 3, "no table of figures"),
        ("no file", "region", "gone.csv", 1, "gone.csv"),
    ] {
        let options = ["--by", by, "--totals", "--against", file, "-o", "new.csv"];
        let refused = run(&mut aggregate(&scratch, &options));
        assert_eq!(refused.code(), status, "{case}: {}", refused.err);
        refused.says(&[says]);
        assert!(
            !refused.err.contains("1234567") && !scratch.path("new.csv").exists(),
            "{case}"
        );
    }
}

#[test]
fn a_rule_table_says_what_to_tell() {
    let rows = people();
    let scratch = scratch(&rows);
    let told = "\n[aggregate]\nby = [\"region\", \"formule\"]\nstats = [{ mean = \"revenus\" }]\nunit = \"id_client\"\n\
                totals = true\n";
    let rules = RULES.replacen(
        "[columns.id_client]",
        &format!("{told}[columns.id_client]"),
        1,
    );
    scratch.write("rules.toml", rules);
    let by_table = run(&mut aggregate(&scratch, &["-qq"])).ended(0);
    scratch.write("rules.toml", RULES);
    let options = [
        "--by", "region,formule", "--stat", "mean:revenus", "--unit", "id_client", "--totals", "-q",
    ];
    assert_eq!(
        run(&mut aggregate(&scratch, &options)).ended(0).text(),
        by_table.text()
    );
    assert_eq!(by_table.err, "");
}

#[test]
fn the_report_and_the_journal_tell_of_the_table() {
    let scratch = scratch(&people());
    let options = [
        "--by", "region,formule", "--stat", "mean:revenus", "--totals", "-o", "t.csv",
    ];
    let mut command = aggregate(&scratch, &options);
    run(command.args(["--report", "r.html", "--journal", "j.jsonl"])).ended(0);
    let report = String::from_utf8(scratch.read("r.html")).unwrap();
    let page = roxmltree::Document::parse_with_options(
        report.trim_start_matches("<!DOCTYPE html>"),
        roxmltree::ParsingOptions::default(),
    );
    page.unwrap();
    let told = table(&scratch.read("t.csv"), 2);
    let inner = told
        .iter()
        .filter(|(names, _)| !names.contains(&"Total".to_owned()));
    let hidden = inner
        .clone()
        .filter(|(_, figures)| figures.last().unwrap() == "c")
        .count();
    assert!(hidden > 0);
    assert_eq!(report.matches("<svg class=\"hidden\"").count(), hidden);
    assert_eq!(report.matches("<svg").count(), inner.count());
    run(crm(["journal", "verify", "j.jsonl"]).current_dir(scratch.folder())).ended(0);
    let journal = fs::read_to_string(scratch.path("j.jsonl")).unwrap();
    let last: Value = serde_json::from_str(journal.lines().last().unwrap()).unwrap();
    assert_eq!(last["event"], "published");
    let columns = last["columns"].as_array().unwrap();
    let outputs: Vec<&str> = columns
        .iter()
        .map(|column| column["output"].as_str().unwrap())
        .collect();
    assert_eq!(outputs, ["region", "formule", "mean_revenus"]);
}

#[test]
fn the_example_of_the_fixture_is_as_it_was() {
    let input = fixture("export_crm.csv");
    let options = [
        "--by",
        "sexe,Tranche_revenus",
        "--threshold",
        "5",
        "--totals",
        "--lang",
        "fr",
    ];
    let outcome = run(crm(["aggregate"]).arg(input).args(options)).ended(0);
    // The built-in table makes brackets of the amounts; 200 people in all.
    let told = table(&outcome.out, 2);
    assert_eq!(
        told[&vec!["Total".to_owned(), "Total".to_owned()]][0],
        "200"
    );
    assert!(told.contains_key(&vec!["F".to_owned(), "20000-40000".to_owned()]));
    outcome.says(&["tableau : ", "effectifs possibles"]);
}

/// What is counted of more persons than memory has room for is put aside in a file that has no name; of few, nothing is.
#[test]
fn many_persons_are_counted_whatever_they_are() {
    let amounts: Vec<String> = (1..=8).map(|at| format!("a{at}")).collect();
    let header = format!("id_client,region,{}\n", amounts.join(","));
    // 272 bytes of each person are 70 MB of 260 000, where 50 are kept in memory.
    let persons = 260_000_u64;
    let amount = |person: u64, at: u64| 1000 + person.wrapping_mul(at * 7919) % 1009;
    let region = |person: u64| {
        if person.is_multiple_of(13) {
            "nord"
        } else {
            "sud"
        }
    };
    let rows = (0..persons).map(|person| {
        let amounts = (1..=8).map(|at| amount(person, at).to_string());
        let amounts: Vec<String> = amounts.collect();
        format!("C{person},{},{}\n", region(person), amounts.join(","))
    });
    let text: String = std::iter::once(header.clone()).chain(rows).collect();
    // Two rows of some, which are theirs.
    let again = (0..1000).map(|person| format!("C{person},{}{}\n", region(person), ",".repeat(8)));
    let text = text + &again.collect::<String>();
    let few: String = text
        .lines()
        .take(5000)
        .map(|line| format!("{line}\n"))
        .collect();
    let rules = amounts
        .iter()
        .map(|name| format!("[columns.{name}]\nrule = \"drop\"\n"));
    let rules = rules.collect::<String>();
    let known = RULES.split("[columns.formule]").next().unwrap();
    let scratch = Scratch::new();
    scratch.write("rules.toml", format!("{known}{rules}"));
    scratch.write("many.csv", text);
    scratch.write("few.csv", few);
    let command = |input: &str, folder: &std::path::Path| {
        let mut command = crm(["aggregate", input, "-r", "rules.toml", "--by", "region"]);
        command.args(["--unit", "id_client", "--totals", "-qq", "-j", "2", "-o"]);
        command.arg(format!("{input}.out")).env("TMPDIR", folder);
        for name in &amounts {
            command.args(["--stat", &format!("sum:{name}")]);
        }
        command.current_dir(scratch.folder());
        command
    };
    let nowhere = scratch.path("nowhere");
    run(&mut command("few.csv", &nowhere)).ended(0);
    run(&mut command("many.csv", &nowhere))
        .ended(1)
        .says(&["cannot put aside what is counted of persons", "TMPDIR"]);
    assert!(!scratch.path("many.csv.out").exists());
    let temporary = Scratch::new();
    run(&mut command("many.csv", temporary.folder())).ended(0);
    assert!(temporary.names().is_empty());
    let told = records(&scratch.read("many.csv.out"), b',');
    for row in &told[1..] {
        let own = |person: &u64| row[0] == "Total" || region(*person) == row[0];
        let persons: Vec<u64> = (0..persons).filter(own).collect();
        assert_eq!(row[1], persons.len().to_string());
        for at in 1..=8 {
            let sum: u64 = persons.iter().map(|person| amount(*person, at)).sum();
            assert_eq!(row[1 + at as usize], format!("{sum}.00"), "{row:?}");
        }
    }
    assert_eq!(told.len(), 4);
}
