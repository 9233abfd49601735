//! `aggregate` with the noise of differential privacy, from outside. With an ε of a thousand there is no noise in a
//! count to speak of: so figures can be counted again without a seed, which the program takes none of here.
//! `tests/privacy/differential_check.py` holds the noise itself against other implementations.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::aggregate::csv;
use crate::support::system;
use crate::support::{Dice, Scratch, crm, records, run, schema};

const RULES: &str = r#"
version = 1
index = ""
[differential_privacy]
keys.region = ["nord", "sud", "ouest; est", "nulle part"]
keys.formule = ["tiers", "tous \"risques\""]
bounds.revenus = [0, 50_000]
[columns.id_client]
rule = "drop"
attribute = "identifying"
[columns.region]
rule = "keep"
attribute = "quasi-identifying"
[columns.formule]
rule = "keep"
attribute = "quasi-identifying"
[columns.revenus]
rule = "drop"
attribute = "sensitive"
"#;

/// Client, region, formule, amount in cents.
type Row = (u64, &'static str, &'static str, Option<u64>);

/// One row for each of some people, of whom some are in a region that is no key.
fn people() -> Vec<Row> {
    let mut dice = Dice(23);
    (0..700)
        .map(|client| {
            let region = dice.pick(&["nord", "nord", "sud", "ouest; est", "étranger"]);
            let formule = dice.pick(&["tiers", "tiers", "tous \"risques\""]);
            let amount = (dice.below(10) > 0).then(|| 1_000_000 + dice.next() % 6_000_000);
            (client, region, formule, amount)
        })
        .collect()
}

fn scratch(rows: &[Row], more: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("in.csv", csv(rows));
    let rules = RULES.replace(
        "[differential_privacy]\n",
        &format!("[differential_privacy]\n{more}\n"),
    );
    scratch.write("rules.toml", rules);
    scratch
}

fn aggregate(scratch: &Scratch, more: &[&str]) -> Command {
    let mut command = crm([
        "aggregate", "in.csv", "-r", "rules.toml", "--by", "region,formule",
    ]);
    command.args(more).current_dir(scratch.folder());
    command
}

/// What a run needs that goes well.
const ALL: [&str; 6] = ["--unit", "id_client", "--journal", "j", "--epsilon", "1000"];

/// The same with less.
const ONE: [&str; 6] = ["--unit", "id_client", "--journal", "j", "--epsilon", "1"];

/// The figures of each pair of values.
type Cells = BTreeMap<(String, String), Vec<String>>;

/// The header of a table, and its rows.
fn table(text: &[u8]) -> (Vec<String>, Cells) {
    let rows = records(text, b',');
    let cells = rows[1..].iter().map(|row| {
        let key = (row[0].clone(), row[1].clone());
        (key, row[2..].to_vec())
    });
    (rows[0].clone(), cells.collect())
}

fn journal(scratch: &Scratch) -> Vec<Value> {
    let text = fs::read_to_string(scratch.path("j")).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn events(scratch: &Scratch) -> Vec<String> {
    let lines = journal(scratch).into_iter();
    lines
        .map(|line| line["event"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn all_cells_are_told_and_amounts_stay_within_their_bounds() {
    let rows = people();
    let scratch = scratch(&rows, "dataset = \"clients\"");
    let more = [
        "--stat", "count", "--stat", "mean:revenus", "--stat", "sum:revenus", "--totals", "-o",
        "t.csv", "--manifest", "m.json", "--report", "r.html",
    ];
    let outcome = run(aggregate(&scratch, &ALL).args(more)).ended(0);
    outcome.says(&[
        "8 cells, all published with noise: epsilon 1000",
        "rows count nowhere",
    ]);
    let (header, told) = table(&scratch.read("t.csv"));
    let names = [
        "n", "n_95", "n_revenus", "n_revenus_95", "mean_revenus", "mean_revenus_95", "sum_revenus",
        "sum_revenus_95",
    ];
    assert_eq!(header[2..], names);
    assert_eq!(told.len(), 5 * 3);
    for region in ["nord", "sud", "ouest; est", "nulle part", "Total"] {
        for formule in ["tiers", "tous \"risques\"", "Total"] {
            let figures = &told[&(region.to_owned(), formule.to_owned())];
            let of = |all: &str, own: &str| all == "Total" || all == own;
            let here: Vec<&Row> = rows
                .iter()
                .filter(|row| row.1 != "étranger" && of(region, row.1) && of(formule, row.2))
                .collect();
            let amounts: Vec<u64> = here
                .iter()
                .filter_map(|row| row.3)
                .map(|cents| cents.min(5_000_000))
                .collect();
            let near = |at: usize, exact: f64| {
                let (told, width): (f64, f64) = (
                    figures[at].parse().unwrap(),
                    figures[at + 1].parse().unwrap(),
                );
                assert!(
                    (told - exact).abs() <= 4.0 * width + 1.0,
                    "{region} {formule} {at}: {told} {exact}"
                );
                width
            };
            assert_eq!(figures[0], here.len().to_string(), "{region} {formule}");
            assert_eq!(figures[1], "0");
            near(2, amounts.len() as f64);
            let sum = amounts.iter().sum::<u64>() as f64 / 100.0;
            assert!(near(6, sum) > 100.0);
            if amounts.is_empty() {
                // A mean of nobody is told only if noise makes somebody of it.
                assert!(figures[4].is_empty() || figures[5] != "0.00");
            } else {
                near(4, sum / amounts.len() as f64);
            }
        }
    }
    let manifest = schema::manifest(&scratch.read("m.json"));
    let noisy = &manifest["differential_privacy"];
    assert_eq!(
        (&noisy["epsilon"], &noisy["dataset"]),
        (&"1000".into(), &"clients".into())
    );
    assert_eq!(noisy["unit"], Value::from(vec!["id_client"]));
    assert_eq!(
        noisy["bounds"]["revenus"],
        Value::from(vec!["0.00", "50000.00"])
    );
    let outside = rows.iter().filter(|row| row.1 == "étranger").count();
    assert_eq!(noisy["exact_counts"]["rows_outside_keys"], outside);
    let shares: Vec<&str> = noisy["shares"]
        .as_array()
        .unwrap()
        .iter()
        .map(|share| share["epsilon"].as_str().unwrap())
        .collect();
    assert_eq!(
        shares,
        [
            "333.333333333", "166.666666666", "166.666666666", "333.333333333"
        ]
    );
    assert_eq!(manifest.get("figures"), None);
    let report = String::from_utf8(scratch.read("r.html")).unwrap();
    let page = roxmltree::Document::parse_with_options(
        report.trim_start_matches("<!DOCTYPE html>"),
        roxmltree::ParsingOptions::default(),
    );
    page.unwrap();
    assert!(
        report.contains("values beyond were moved to them")
            && report.contains("exact and not private")
    );
    // The spending comes before the output has its name.
    assert_eq!(events(&scratch), ["spent", "begun", "published"]);
    let spent = &journal(&scratch)[0]["spent"];
    assert_eq!(
        (&spent["epsilon"], &spent["dataset"]),
        (&"1000".into(), &"clients".into())
    );
    run(crm(["journal", "verify", "j"]).current_dir(scratch.folder())).ended(0);
}

#[test]
fn nobody_counts_more_than_the_limits_allow() {
    let mut rows = people();
    rows.retain(|row| row.1 != "étranger");
    // One person with very many rows, in all cells.
    for (region, formule) in [
        ("nord", "tiers"),
        ("sud", "tiers"),
        ("sud", "tous \"risques\""),
    ] {
        rows.extend((0..200).map(|_| (9_999, region, formule, Some(100))));
    }
    for (cells, each) in [(1_u64, 1_u64), (2, 5)] {
        let scratch = scratch(&rows, &format!("max_cells = {cells}\nmax_rows = {each}"));
        let more = [
            "--stat", "mean:revenus", "--stat", "count", "--manifest", "m.json", "-o", "t.csv",
        ];
        run(aggregate(&scratch, &ALL).args(more)).ended(0);
        let (header, told) = table(&scratch.read("t.csv"));
        let at = |name: &str| header.iter().position(|own| own == name).unwrap() - 2;
        let sum = |name: &str| -> i64 {
            told.values()
                .map(|row| row[at(name)].parse::<i64>().unwrap())
                .sum()
        };
        let persons: HashSet<u64> = rows.iter().map(|row| row.0).collect();
        assert_eq!(sum("n"), (persons.len() as u64 - 1 + cells) as i64);
        let with_amount = rows
            .iter()
            .filter(|row| row.0 != 9_999 && row.3.is_some())
            .count();
        assert_eq!(sum("n_revenus"), (with_amount as u64 + cells * each) as i64);
        let manifest = schema::manifest(&scratch.read("m.json"));
        let over = &manifest["differential_privacy"]["exact_counts"]["rows_over_limits"];
        assert_eq!(over.as_u64().unwrap(), 600 - cells * each);
    }
}

/// The noise of each run is another, and is there at all.
#[test]
fn noise_is_fresh_each_time() {
    let scratch = scratch(&people(), "");
    let options = ["--unit", "row", "--journal", "j", "--epsilon", "0.05", "-q"];
    let mut texts: Vec<String> = (0..3)
        .map(|_| run(&mut aggregate(&scratch, &options)).ended(0).text())
        .collect();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), 3);
    assert_eq!(table(texts[0].as_bytes()).0[2..], ["n", "n_95"]);
    // P(|X| > 60) = 0.0485 at a scale of 20.
    assert!(
        table(texts[0].as_bytes())
            .1
            .values()
            .all(|row| row[1] == "60"),
        "{}",
        texts[0]
    );
}

#[test]
fn what_is_not_said_is_refused_and_nothing_is_published() {
    let rows = people();
    type Case<'a> = (&'a str, &'a [&'a str], &'a str, &'a str, u8, &'a str);
    let cases: [Case<'_>; 20] = cases![
        "no unit", &["--journal", "j", "--epsilon", "1"], "", "", 2, "unit = \"row\"";
        "no journal", &["--unit", "row", "--epsilon", "1"], "", "", 2, "--journal";
        "no epsilon", &["--unit", "row", "--journal", "j"], "", "", 2, "--epsilon";
        "a bad epsilon", &["--epsilon", "1e3"], "", "", 2, "0.000001";
        "an epsilon of zero", &["--epsilon", "0"], "", "", 2, "0.000001";
        "bad bounds", &ALL, "bounds.tarif = [9, 3]", "", 2, "the lesser one first";
        "no bounds", &[&ALL[..], &["--stat", "sum:tarif"]].concat(), "", "", 2, "bounds.tarif";
        "no keys", &[&ALL[..], &["--by", "ville"]].concat(), "", "", 2, "ville";
        "an unknown amount", &[&ALL[..], &["--stat", "mean:age"]].concat(), "bounds.age = [0, 120]", "", 2, "age";
        "an unknown person", &["--unit", "nss", "--journal", "j", "--epsilon", "1"], "", "", 2, "nss";
        "limits of rows", &["--unit", "row", "--journal", "j", "--epsilon", "1"], "max_rows = 2", "", 2, "max_rows";
        "a quantile of too many brackets",
        &[&ALL[..], &["--stat", "quantile:revenus:0.5:1"]].concat(),
        "",
        "",
        2,
        "from 2 to 10000";
        "a delta for nothing", &ALL, "delta = \"0.000001\"", "", 2, "drop one of the two";
        "the table of yesterday", &[&ALL[..], &["--against", "in.csv"]].concat(), "", "", 2, "--against";
        "a threshold too", &[&ALL[..], &["--threshold", "11"]].concat(), "", "", 2, "threshold";
        "a seed", &[&ALL[..], &["--seed", "1"]].concat(), "", "", 2, "--seed";
        "a key called Total", &ALL, "keys.x = [\"a\", \"TOTAL\"]", "", 2, "Total";
        "a cell called Total", &ALL, "", "C1,Total,tiers,2\n", 3, "`region`";
        "no amount",
        &[&ALL[..], &["--stat", "sum:revenus"]].concat(),
        "",
        "C1,nord,tiers,3141592x\n",
        3,
        "column `revenus`";
        "over the budget", &ALL, "budget = { epsilon = \"3\" }", "", 4, "1000 is asked for, 0 is spent of 3";
    ];
    for (case, options, more, row, status, says) in cases {
        let scratch = scratch(&rows, more);
        scratch.write("in.csv", csv(&rows) + row);
        let mut command = aggregate(&scratch, options);
        let outcome = run(command.args(["-o", "t.csv", "--report", "r.html"]));
        assert_eq!(outcome.code(), i32::from(status), "{case}: {}", outcome.err);
        outcome.says(&[says]);
        assert!(!outcome.err.contains("3141592"), "{case}: {}", outcome.err);
        let names = scratch.names();
        assert!(
            !names
                .iter()
                .any(|name| name.starts_with("t.csv") || name == "r.html"),
            "{case}: {names:?}"
        );
        if names.contains(&"j".to_owned()) {
            // Nothing was drawn, so nothing is spent.
            assert!(
                events(&scratch).iter().all(|event| event == "refused"),
                "{case}"
            );
        }
    }
}

#[test]
fn a_share_is_a_noisy_mean_of_all_or_nothing() {
    let rows = people();
    let scratch = scratch(&rows, "");
    let more = [
        "--stat",
        "share:formule=tiers",
        "-o",
        "t.csv",
        "--manifest",
        "m.json",
    ];
    run(aggregate(&scratch, &ALL).args(more)).ended(0);
    let (header, told) = table(&scratch.read("t.csv"));
    let names = [
        "n_share_formule_tiers",
        "n_share_formule_tiers_95",
        "share_formule_tiers",
        "share_formule_tiers_95",
    ];
    assert_eq!(header[2..], names);
    let mut seen = 0;
    for ((_, formule), figures) in &told {
        let count: i64 = figures[0].parse().unwrap();
        let exact = if formule == "tiers" { 100.0 } else { 0.0 };
        if count > 20 {
            let (share, width): (f64, f64) =
                (figures[2].parse().unwrap(), figures[3].parse().unwrap());
            // 95 % in each of a few cells, so ten times as far is never seen.
            assert!(
                (share - exact).abs() <= 10.0 * width,
                "{formule}: {share} {width}"
            );
            assert!(width < 5.0, "{width}");
            seen += 1;
        }
    }
    assert!(seen >= 2, "{seen}");
    let manifest = schema::manifest(&scratch.read("m.json"));
    let shares = manifest["differential_privacy"]["shares"]
        .as_array()
        .unwrap();
    let shares: Vec<[&str; 2]> = shares
        .iter()
        .map(|share| ["figures", "sensitivity"].map(|key| share[key].as_str().unwrap()))
        .collect();
    // Half of the way from nothing to all, in percent.
    let expected = [
        ["n_share_formule_tiers", "1"],
        ["share_formule_tiers", "50.00"],
    ];
    assert_eq!(shares, expected);
    assert!(
        manifest["differential_privacy"]["bounds"]
            .as_object()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn the_budget_is_kept_by_dataset_and_time() {
    let rows = people();
    let budget = |dataset: &str| {
        format!("dataset = \"{dataset}\"\nbudget = {{ epsilon = \"1\", per = \"30 days\" }}")
    };
    let scratch = scratch(&rows, &budget("a"));
    let spend = |epsilon: &str, status: i32, says: &[&str]| {
        let options = [
            "--unit", "row", "--journal", "j", "--epsilon", epsilon, "-o", "t.csv",
        ];
        run(&mut aggregate(&scratch, &options))
            .ended(status)
            .says(says);
    };
    spend("0.7", 0, &["0.7 of 1 in 30 days, and 0.7 in all"]);
    spend(
        "0.300000001",
        4,
        &[
            "`a`",
            "0.7 is spent of 1 in 30 days, 0.7 in all",
            "nothing was drawn",
        ],
    );
    spend("0.3", 0, &["1 of 1 in 30 days, and 1 in all"]);
    spend("0.000001", 4, &[]);
    // Other data have their own budget, and data without a name are of all.
    let of = |dataset: &str| {
        RULES.replace(
            "[differential_privacy]\n",
            &format!("[differential_privacy]\n{}\n", budget(dataset)),
        )
    };
    scratch.write("rules.toml", of("b"));
    spend("0.4", 0, &["0.4 of 1 in 30 days"]);
    let nameless = of("b").replace("dataset = \"b\"\n", "");
    scratch.write(
        "rules.toml",
        nameless.replace("epsilon = \"1\"", "epsilon = \"2\""),
    );
    spend("0.7", 4, &["1.4 is spent of 2"]);
    spend("0.5", 0, &["1.9 of 2 in 30 days"]);
    scratch.write("rules.toml", of("b"));
    spend("0.2", 4, &["0.9 is spent of 1"]);
    let spent = events(&scratch)
        .iter()
        .filter(|event| *event == "spent")
        .count();
    assert_eq!(spent, 4);

    // What is older than the budget's time counts in all only. The chain is written anew, as long ago.
    let mut lines = Vec::new();
    let mut previous = "0".repeat(64);
    for mut line in journal(&scratch) {
        line["time"] = "2020-01-01T00:00:00.000Z".into();
        line["previous"] = previous.into();
        let text = line.to_string();
        previous = sha256(&scratch, &text);
        lines.push(text + "\n");
    }
    scratch.write("j", lines.concat());
    spend("0.9", 0, &["0.9 of 1 in 30 days, and 1.8 in all"]);
    // Rotated, the ledger goes on.
    fs::rename(scratch.path("j"), scratch.path("j.1")).unwrap();
    spend("0.2", 4, &["0.9 is spent of 1", "1.8 in all"]);
    spend("0.1", 0, &["1 of 1 in 30 days, and 1.9 in all"]);
}

fn sha256(scratch: &Scratch, text: &str) -> String {
    scratch.write("line", text);
    system::sha256(&scratch.path("line"))
}

#[test]
#[cfg(unix)]
fn a_broken_ledger_or_a_failed_run_gives_nothing_back() {
    let scratch = scratch(&people(), "budget = { epsilon = \"2\" }");
    let mut full = aggregate(&scratch, &ONE);
    // The output cannot be written: what was spent is spent.
    run(full.args(["-o", "/dev/full", "-q"])).ended(1);
    assert_eq!(events(&scratch)[0], "spent");
    assert!(!events(&scratch).contains(&"published".to_owned()));
    run(aggregate(&scratch, &ONE).args(["-o", "t.csv"]))
        .ended(0)
        .says(&["2 of 2"]);
    run(aggregate(&scratch, &ONE).args(["-o", "u.csv"])).ended(4);
    // A line is made to say less.
    let text = fs::read_to_string(scratch.path("j")).unwrap();
    let less = text.replacen("\"epsilon\":\"1\"", "\"epsilon\":\"0.1\"", 1);
    assert_ne!(less, text);
    scratch.write("j", &less);
    run(aggregate(&scratch, &ONE).args(["-o", "u.csv"]))
        .ended(3)
        .says(&["broken at line"]);
    assert!(!scratch.path("u.csv").exists());
}

/// However early or late a run is killed: what has left is in the ledger. The script kills 200.
#[test]
fn a_killed_run_has_spent_what_it_published() {
    let scratch = scratch(&people(), "");
    for moment in 0..12 {
        let out = format!("t{moment}.csv");
        let mut command = aggregate(&scratch, &ALL);
        command
            .args(["-qq", "-o", &out])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        thread::sleep(Duration::from_millis(3 * moment));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let outputs = scratch
        .names()
        .iter()
        .filter(|name| name.starts_with('t') && name.ends_with(".csv"))
        .count();
    let spent = match scratch.path("j").exists() {
        true => events(&scratch)
            .iter()
            .filter(|event| *event == "spent")
            .count(),
        false => 0,
    };
    assert!(spent >= outputs, "{spent} {outputs}");
    // The next run finds the ledger sound.
    run(aggregate(&scratch, &ALL).args(["-o", "last.csv"])).ended(0);
}

/// Rules whose keys come from the data.
fn found(more: &str) -> String {
    let keys = RULES.lines().filter(|line| !line.starts_with("keys."));
    let rules: Vec<&str> = keys.collect();
    rules.join("\n").replace(
        "[differential_privacy]\n",
        &format!("[differential_privacy]\n{more}\n"),
    )
}

/// Cells that are not known beforehand are told if enough persons are in them, and nobody's own is.
#[test]
fn cells_may_come_from_the_data_above_a_threshold() {
    let mut rows = people();
    rows.truncate(600);
    let scratch = Scratch::new();
    let text = csv(&rows) + "C9001,chez Zoé,unique,40000\nC9002,nord,seul,3000\n";
    scratch.write("in.csv", text);
    scratch.write(
        "rules.toml",
        found("delta = \"0.000001\"\nkeys = \"threshold\""),
    );
    let more = [
        "--stat", "mean:revenus", "-o", "t.csv", "--manifest", "m.json", "--report", "r.html",
    ];
    let outcome = run(aggregate(&scratch, &ALL).args(more)).ended(0);
    outcome.says(&[
        "8 cells with a noisy count of 2 at least",
        "delta 0.000001",
        "delta spent so far: 0.000001",
    ]);
    let (header, told) = table(&scratch.read("t.csv"));
    // The number of persons is told as well, as cells are told by it.
    assert_eq!(header[2..4], ["n", "n_95"]);
    let mut counts: BTreeMap<(String, String), u64> = BTreeMap::new();
    for (_, region, formule, _) in &rows {
        *counts
            .entry(((*region).to_owned(), (*formule).to_owned()))
            .or_default() += 1;
    }
    let expected: Vec<(&(String, String), String)> = counts
        .iter()
        .map(|(key, count)| (key, count.to_string()))
        .collect();
    let told: Vec<(&(String, String), String)> = told
        .iter()
        .map(|(key, row)| (key, row[0].clone()))
        .collect();
    assert_eq!(told, expected);
    for file in ["t.csv", "m.json", "r.html"] {
        let text = String::from_utf8(scratch.read(file)).unwrap();
        assert!(
            !text.contains("Zo") && !text.contains("seul"),
            "{file}: {text}"
        );
    }
    let manifest = schema::manifest(&scratch.read("m.json"));
    let noisy = &manifest["differential_privacy"];
    assert_eq!(
        (&noisy["delta"], &noisy["threshold"], &noisy["cells"]),
        (&"0.000001".into(), &2.into(), &8.into())
    );
    assert_eq!(noisy["spent"]["delta"]["lifetime"], "0.000001");
    let report = String::from_utf8(scratch.read("r.html")).unwrap();
    assert!(report.contains("in which there is nobody else"));
    let spent = &journal(&scratch)[0]["spent"];
    assert_eq!(
        (&spent["epsilon"], &spent["delta"]),
        (&"1000".into(), &"0.000001".into())
    );

    // At a small epsilon small cells go, and rows are told in the order of their names.
    let small = [
        "--unit", "id_client", "--journal", "j2", "--epsilon", "1", "-o", "u.csv",
    ];
    run(&mut aggregate(&scratch, &small))
        .ended(0)
        .says(&["a noisy count of 15 at least"]);
    let told = records(&scratch.read("u.csv"), b',');
    let names: Vec<&[String]> = told[1..].iter().map(|row| &row[..2]).collect();
    assert!(names.is_sorted() && names.len() >= 6, "{told:?}");
    for row in &told[1..] {
        assert!(row[2].parse::<i64>().unwrap() >= 15, "{row:?}");
    }
}

#[test]
fn a_delta_has_its_own_place_in_the_ledger() {
    let scratch = Scratch::new();
    scratch.write("in.csv", csv(&people()));
    let spend = |options: &str, more: &[&str], status: i32, says: &[&str]| {
        scratch.write("rules.toml", found(options));
        run(aggregate(&scratch, &ONE).args(["-o", "t.csv"]).args(more))
            .ended(status)
            .says(says);
    };
    let delta = "delta = \"0.000004\"\nkeys = \"threshold\"\n";
    spend(
        "keys.region = \"threshold\"\nkeys.formule = [\"tiers\"]",
        &[],
        2,
        &["`region`", "delta = \"0.000001\""],
    );
    spend(delta, &["--totals"], 2, &["drop --totals"]);
    spend(
        &format!("{delta}budget = {{ epsilon = \"9\" }}"),
        &[],
        2,
        &["the budget has none"],
    );
    assert!(!events(&scratch).contains(&"spent".to_owned()));
    let budget = |delta: &str| {
        format!("budget = {{ epsilon = \"9\", delta = \"{delta}\", per = \"7 days\" }}")
    };
    let with = |most: &str| format!("{delta}{}", budget(most));
    spend(
        &with("0.00001"),
        &[],
        0,
        &["delta spent so far: 0.000004 of 0.00001 in 7 days"],
    );
    spend(
        &with("0.00001"),
        &[],
        0,
        &["delta spent so far: 0.000008 of 0.00001 in 7 days, and 0.000008 in all"],
    );
    spend(
        &with("0.00001"),
        &[],
        4,
        &[
            "delta 0.000004 is asked for, 0.000008 is spent of 0.00001 in 7 days",
            "nothing was drawn",
        ],
    );
    // Tables with known keys spend none, and tell what was spent.
    let known = format!(
        "keys.region = [\"nord\"]\nkeys.formule = [\"tiers\"]\n{}",
        budget("0.00001")
    );
    spend(
        &known,
        &[],
        0,
        &[
            "epsilon spent so far: 3 of 9",
            "delta spent so far: 0.000008 of",
        ],
    );
    // One of two columns may be known: rows elsewhere count nowhere.
    let one = format!(
        "delta = \"0.000001\"\nkeys.region = \"threshold\"\nkeys.formule = [\"tiers\"]\n{}",
        budget("0.00001")
    );
    spend(&one, &[], 0, &["rows count nowhere", "0.000009 of 0.00001"]);
    let told = table(&scratch.read("t.csv")).1;
    assert!(told.len() >= 3 && told.keys().all(|(_, formule)| formule == "tiers"));
    run(crm(["journal", "verify", "j"]).current_dir(scratch.folder())).ended(0);
}

/// With so large an epsilon quantiles are those of the amounts, moved to their bounds and rounded.
#[test]
fn quantiles_are_read_from_declared_brackets() {
    let rows = people();
    let scratch = scratch(&rows, "");
    let more = [
        "--stat",
        "quantile:revenus:0.25,0.5:1000",
        "--totals",
        "-o",
        "t.csv",
        "--manifest",
        "m.json",
    ];
    run(aggregate(&scratch, &ALL).args(more)).ended(0);
    let (header, told) = table(&scratch.read("t.csv"));
    let names = [
        "q25_revenus", "q25_revenus_95", "q50_revenus", "q50_revenus_95",
    ];
    assert_eq!(header[2..], names);
    let mut seen = 0;
    for ((region, formule), figures) in &told {
        let of = |all: &str, own: &str| all == "Total" || all == own;
        let here = rows
            .iter()
            .filter(|row| row.1 != "étranger" && of(region, row.1) && of(formule, row.2));
        let mut amounts: Vec<u64> = here
            .filter_map(|row| row.3)
            .map(|cents| (cents.min(5_000_000) + 50_000) / 100_000 * 1_000)
            .collect();
        amounts.sort_unstable();
        for (at, level) in [(0, 4), (2, 2)] {
            if amounts.is_empty() {
                continue;
            }
            let exact = amounts[amounts.len().div_ceil(level) - 1];
            assert_eq!(figures[at], format!("{exact}.00"), "{region} {formule}");
            assert_eq!(figures[at + 1], "500.00");
            seen += 1;
        }
    }
    assert!(seen >= 22, "{seen}");
    let manifest = schema::manifest(&scratch.read("m.json"));
    let noisy = &manifest["differential_privacy"];
    assert_eq!(
        noisy["bounds"]["revenus"],
        Value::from(vec!["0.00", "50000.00"])
    );
    assert_eq!(noisy["shares"][0]["figures"], "q25_revenus, q50_revenus");
    assert_eq!(noisy["shares"][0]["sensitivity"], "1");
    // At an epsilon of 1 noise may hide much, and says so.
    let more = [
        "--stat",
        "quantile:revenus:0.5:5000",
        "--totals",
        "-o",
        "u.csv",
    ];
    run(aggregate(&scratch, &ONE).args(more)).ended(0);
    let told = table(&scratch.read("u.csv")).1;
    let total = &told[&("Total".to_owned(), "Total".to_owned())];
    assert!(total[1].parse::<f64>().unwrap() >= 2_500.0, "{total:?}");
}

/// Where the budget has a delta, many small tables come to less than the sum of their epsilon: 0.15 + 2 √(0.15 · ln 1000)
/// for thirty of 0.1, where a tenth of 0.01 is kept. Without one the sum counts, and the lines of the ledger serve both.
#[test]
fn many_small_tables_come_to_less_where_the_budget_has_a_delta() {
    let rows = people();
    let zcdp = scratch(&rows, "budget = { epsilon = \"2.2\", delta = \"0.01\" }");
    let small = ["--unit", "id_client", "--journal", "j", "--epsilon", "0.1"];
    for _ in 0..29 {
        run(aggregate(&zcdp, &small).args(["-qq", "-o", "t.csv"])).ended(0);
    }
    let more = ["-o", "t.csv", "--manifest", "m.json", "--report", "r.html"];
    run(aggregate(&zcdp, &small).args(more)).ended(0).says(&[
        "epsilon spent so far: 2.18584",
        "of 2.2\n",
        "epsilon of all tables: 3 by sum and 2.18584",
        "by zCDP, for which a delta of 0.001 is kept",
    ]);
    let manifest = schema::manifest(&zcdp.read("m.json"));
    let spent = &manifest["differential_privacy"]["spent"];
    let both = &spent["composition"]["lifetime"];
    assert_eq!(both["sum"], "3");
    assert_eq!(both["zcdp"], spent["lifetime"]);
    assert_eq!(spent["composition"]["kept_delta"], "0.001");
    let told: f64 = spent["lifetime"].as_str().unwrap().parse().unwrap();
    let formula = 0.15 + 2.0 * (0.15 * 1000_f64.ln()).sqrt();
    assert!((0.0..1e-8).contains(&(told - formula)), "{told} {formula}");
    let report = String::from_utf8(zcdp.read("r.html")).unwrap();
    assert!(report.contains("3 by sum and 2.18584"));
    // The next one would come to 2.2245.
    run(aggregate(&zcdp, &small).args(["-o", "u.csv", "--lang", "fr"]))
        .ended(4)
        .says(&["epsilon 0.1 est demandé, 2.18584", "sur 2.2,"]);
    assert!(!zcdp.names().contains(&"u.csv".to_owned()));
    let lines = events(&zcdp);
    let spent = lines.iter().filter(|event| *event == "spent");
    assert_eq!(spent.count(), 30);
    // In French.
    let less = [
        "--unit", "id_client", "--journal", "j", "--epsilon", "0.001",
    ];
    run(aggregate(&zcdp, &less).args(["-o", "t.csv", "--lang", "fr"]))
        .ended(0)
        .says(&["3.001 par somme et 2.1", "par zCDP", "un delta de 0.001"]);
    // The same ledger for a budget that has none: the sum counts, and is more than that.
    let rules = RULES.replace(
        "[differential_privacy]\n",
        "[differential_privacy]\nbudget = { epsilon = \"3.05\" }\n",
    );
    zcdp.write("rules.toml", rules);
    run(aggregate(&zcdp, &small).args(["-o", "t.csv"]))
        .ended(4)
        .says(&["epsilon 0.1 is asked for, 3.001 is spent of 3.05"]);
}
