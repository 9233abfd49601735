//! What cells and quantiles tell with noise.

use super::*;

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
