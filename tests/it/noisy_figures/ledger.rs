//! What tables with noise have spent stands in a ledger, whatever becomes of a run.

use super::*;

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
