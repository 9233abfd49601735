//! What every run says of the rows it writes: how many are the only ones with their quasi-identifying values.

use std::path::Path;

use serde_json::Value;

use crate::support::{COLUMNS, Outcome, Scratch, crm, person, run, schema, to_csv};

/// Anonymises `in.csv` of the folder.
fn job(scratch: &Scratch, more: &[&str]) -> Outcome {
    let (input, out) = (scratch.path("in.csv"), scratch.path("out.csv"));
    let mut command = crm([&input, Path::new("-o"), &out]);
    run(command.args(more)).ended(0)
}

/// What the audit of `out.csv` counts.
fn audited(scratch: &Scratch) -> Value {
    let outcome =
        run(crm([Path::new("audit"), &scratch.path("out.csv")]).args(["--format", "json"]));
    serde_json::from_str(&outcome.ended(0).text()).unwrap()
}

fn share(of: &Value) -> f64 {
    of.as_f64().unwrap()
}

#[test]
fn a_run_says_what_an_audit_of_its_output_would() {
    let scratch = Scratch::new();
    let manifest = scratch.path("m.json");
    let manifest = manifest.to_str().unwrap();
    // Every person twice but the last ten.
    let rows = (1..=190).map(|n| {
        if n <= 180 {
            person(n / 2 + 1)
        } else {
            person(n + 500)
        }
    });
    scratch.write("in.csv", to_csv(&COLUMNS, rows, b','));
    for more in [
        &["-j", "1"][..],
        &["-j", "4"],
        &["--shuffle"],
        &["--output-delimiter", ";"],
        &["--crlf", "--bom"],
        &["--on-leftover", "mask", "--formulas", "escape"],
    ] {
        let said = job(&scratch, &[&["--manifest", manifest], more].concat());
        let told = schema::manifest(&scratch.read("m.json"));
        let told = &told["uniqueness"];
        let audit = audited(&scratch);
        let unique = share(&audit["unique_rows"]) / share(&audit["rows"]);
        assert!(unique > 0.0 && unique < 0.3, "{unique}");
        assert!(
            (share(&told["unique_share"]) - unique).abs() < 1e-12,
            "{more:?}"
        );
        assert_eq!(told["exact"], true, "{more:?}");
        assert_eq!(told["quasi_identifying_columns"], 10, "{more:?}");
        let percent = format!("{:.1}", 100.0 * unique);
        said.says(&[&format!(
            "published: {percent} % of rows are the only one with their 10 quasi-identifying values"
        )]);
    }
}

#[test]
fn many_combinations_are_estimated_alike_by_any_number_of_threads() {
    let scratch = Scratch::new();
    let manifest = scratch.path("m.json");
    let manifest = manifest.to_str().unwrap();
    scratch.write(
        "r.toml",
        "version = 1\nindex = \"\"\n[columns.ville]\nrule = \"keep\"\nattribute = \"quasi-identifying\"\n\
         [columns.annee]\nrule = \"keep\"\nattribute = \"quasi-identifying\"\n",
    );
    let rules = scratch.path("r.toml");
    // Of 60 000 rows, one in three is alone; the others are pairs. Where these stand apart, the first rows show that
    // the cells of the column differ.
    let neighbours = |row: u32| match row % 3 {
        0 => row,
        _ => 100_000 + row / 3,
    };
    let apart = |row: u32| match row {
        ..20_000 => row,
        _ => 100_000 + row % 20_000,
    };
    for (case, cell) in [
        ("neighbours", neighbours as fn(u32) -> u32),
        ("apart", apart),
    ] {
        let lines = (0..60_000).map(|row| format!("v{},x\n", cell(row)));
        let text = format!("ville,annee\n{}", lines.collect::<String>());
        scratch.write("in.csv", text);
        let mut found = Vec::new();
        for threads in ["1", "3"] {
            let more = [
                "-r",
                rules.to_str().unwrap(),
                "--manifest",
                manifest,
                "-j",
                threads,
            ];
            let said = job(&scratch, &more);
            said.says(&[
                "published: about 3",
                "% of rows, by a sample, are the only one",
            ]);
            let told = schema::manifest(&scratch.read("m.json"));
            found.push(told["uniqueness"].clone());
        }
        assert_eq!(found[0], found[1], "{case}");
        assert_eq!(found[0]["exact"], false, "{case}");
        let share = share(&found[0]["unique_share"]);
        assert!((share - 1.0 / 3.0).abs() < 0.03, "{case}: {share}");
    }
}

#[test]
fn what_nobody_reads_is_not_counted_and_what_is_measured_says_more() {
    let scratch = Scratch::new();
    scratch.write("in.csv", to_csv(&COLUMNS, (1..=20).map(person), b','));
    let quiet = job(&scratch, &["-q", "--seed", "1"]);
    assert!(!quiet.err.contains("published: "), "{}", quiet.err);
    let written = scratch.read("out.csv");
    let said = job(&scratch, &["--seed", "1"]);
    said.says(&["published: "]);
    assert_eq!(scratch.read("out.csv"), written);
    let measured = job(&scratch, &["--max-unique", "100%"]);
    assert!(!measured.err.contains("published: "), "{}", measured.err);
    measured.says(&["privacy: k = "]);
}
