//! `Index_rd` and `--shuffle`: a number that says nothing about its row, its place, or another run,
//! and an order that says nothing about the input's.

use std::collections::HashSet;

use crate::support::{
    COLUMNS, Scratch, crm, export, oracle, person, records, run, run_with_input, to_csv,
};

/// The highest whole number of 15 digits, which a spreadsheet still keeps exact.
const HIGHEST: u64 = 999_999_999_999_999;

/// `rows` rows whose kept column `metier` numbers them from 1.
fn numbered(rows: usize) -> Vec<u8> {
    let rows = (1..=rows).map(|n| vec![n.to_string(), format!("p{n}@exemple.test")]);
    to_csv(&["metier", "email"], rows, b',')
}

/// The index of each row, as a number that is written the one usual way.
#[track_caller]
fn indexes(output: &[u8]) -> Vec<u64> {
    records(output, b',')[1..]
        .iter()
        .map(|row| {
            let index: u64 = row[0].parse().expect("an integer");
            assert_eq!(index.to_string(), row[0]);
            assert!(index <= HIGHEST, "{index} has more than 15 digits");
            index
        })
        .collect()
}

/// Spearman's rank correlation of two lists without ties.
fn rank_correlation(a: &[u64], b: &[u64]) -> f64 {
    let ranks = |list: &[u64]| -> Vec<f64> {
        let mut order: Vec<usize> = (0..list.len()).collect();
        order.sort_by_key(|i| list[*i]);
        let mut ranks = vec![0.0; list.len()];
        for (rank, i) in order.into_iter().enumerate() {
            ranks[i] = rank as f64;
        }
        ranks
    };
    let n = a.len() as f64;
    let squares: f64 = ranks(a)
        .iter()
        .zip(ranks(b))
        .map(|(x, y)| (x - y).powi(2))
        .sum();
    1.0 - 6.0 * squares / (n * (n * n - 1.0))
}

#[test]
fn the_index_is_unique_and_unrelated_to_order_and_to_other_runs() {
    const ROWS: usize = 10_000;
    // Five standard deviations of the coefficient for unrelated lists: 5 / √(n − 1).
    let limit = 5.0 / ((ROWS - 1) as f64).sqrt();
    let input = numbered(ROWS);
    let run_once = || indexes(&run_with_input(&mut crm(["-q", "-"]), &input).ended(0).out);
    let (first, second) = (run_once(), run_once());
    let order: Vec<u64> = (0..ROWS as u64).collect();
    for list in [&first, &second] {
        assert_eq!(list.len(), ROWS);
        assert_eq!(
            list.iter().collect::<HashSet<_>>().len(),
            ROWS,
            "an index comes twice"
        );
        assert!(rank_correlation(list, &order).abs() < limit);
        // Neighbours, too, say nothing about each other: nor do steps repeat.
        assert!(rank_correlation(&list[1..], &list[..ROWS - 1]).abs() < limit);
        let steps: HashSet<i128> = list
            .windows(2)
            .map(|w| i128::from(w[1]) - i128::from(w[0]))
            .collect();
        assert!(steps.len() > ROWS - 100, "only {} steps", steps.len());
        // The numbers fill their range: each tenth of it holds a tenth of them, give or take.
        for tenth in 0..10 {
            let low = tenth * (list.iter().max().unwrap() / 10);
            let high = low + list.iter().max().unwrap() / 10;
            let held = list.iter().filter(|i| (low..high).contains(i)).count();
            assert!(
                (850..1150).contains(&held),
                "{held} indexes in tenth {tenth}"
            );
        }
    }
    assert!(rank_correlation(&first, &second).abs() < limit);
    let same_place = first.iter().zip(&second).filter(|(a, b)| a == b).count();
    assert!(
        same_place < 20,
        "{same_place} rows have the same index in two runs"
    );
}

#[test]
fn the_index_says_nothing_about_a_cell() {
    // Rows that are all alike still get indexes of their own, and another file gets others.
    let same = to_csv(&["metier"], (0..500).map(|_| vec!["a".to_owned()]), b',');
    let other = to_csv(&["metier"], (0..500).map(|n| vec![n.to_string()]), b',');
    let seeded = |input: &[u8]| {
        indexes(
            &run_with_input(&mut crm(["-q", "-", "--seed", "9"]), input)
                .ended(0)
                .out,
        )
    };
    assert_eq!(seeded(&same).iter().collect::<HashSet<_>>().len(), 500);
    assert_eq!(seeded(&same), seeded(&other), "the index depends on a cell");
}

#[test]
fn the_first_index_of_many_runs_is_never_the_same() {
    let input = numbered(1);
    let first = || indexes(&run_with_input(&mut crm(["-q", "-"]), &input).ended(0).out)[0];
    let seen: HashSet<u64> = (0..30).map(|_| first()).collect();
    assert_eq!(seen.len(), 30);
}

#[test]
fn a_seed_brings_the_same_index_back_and_is_warned_about() {
    let scratch = Scratch::new();
    let input = numbered(200);
    let seeded = |seed: &str| {
        let mut command = crm(["-", "--seed", seed, "--manifest"]);
        let outcome = run_with_input(command.arg(scratch.path("manifest.json")), &input).ended(0);
        outcome.says(&["seed"]);
        let manifest: serde_json::Value =
            serde_json::from_slice(&scratch.read("manifest.json")).unwrap();
        assert_eq!(manifest["seed"].to_string().trim_matches('"'), seed);
        outcome.out
    };
    assert_eq!(seeded("1"), seeded("1"));
    assert_ne!(seeded("1"), seeded("2"));
    assert_eq!(
        seeded("18446744073709551615"),
        seeded("18446744073709551615")
    );
    let unseeded = run_with_input(
        crm(["-", "--manifest"]).arg(scratch.path("manifest.json")),
        &input,
    );
    unseeded.ended(0);
    let manifest: serde_json::Value =
        serde_json::from_slice(&scratch.read("manifest.json")).unwrap();
    assert!(manifest.get("seed").is_none_or(serde_json::Value::is_null));
}

#[test]
fn shuffle_keeps_every_row_and_numbers_them_anew() {
    const ROWS: usize = 10_000;
    let limit = 5.0 / ((ROWS - 1) as f64).sqrt();
    let shuffled = |args: &[&str]| {
        let outcome =
            run_with_input(crm(["-q", "-", "--shuffle"]).args(args), &numbered(ROWS)).ended(0);
        assert_eq!(indexes(&outcome.out), (1..=ROWS as u64).collect::<Vec<_>>());
        records(&outcome.out, b',')[1..]
            .iter()
            .map(|row| row[1].parse().unwrap())
            .collect::<Vec<u64>>()
    };
    let (first, second) = (shuffled(&[]), shuffled(&[]));
    let order: Vec<u64> = (1..=ROWS as u64).collect();
    for list in [&first, &second] {
        let mut sorted = list.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, order, "a row was lost or came twice");
        assert!(rank_correlation(list, &order).abs() < limit);
        let neighbours = list.windows(2).filter(|w| w[0].abs_diff(w[1]) == 1).count();
        assert!(
            neighbours < 30,
            "{neighbours} neighbours are still beside each other"
        );
    }
    assert!(rank_correlation(&first, &second).abs() < limit);
    assert_eq!(shuffled(&["--seed", "4"]), shuffled(&["--seed", "4"]));
    assert_ne!(shuffled(&["--seed", "4"]), shuffled(&["--seed", "5"]));
}

#[test]
fn shuffle_puts_each_row_in_each_place_about_as_often() {
    let mut counts = [[0_u32; 5]; 5];
    let input = numbered(5);
    for _ in 0..200 {
        let out = run_with_input(&mut crm(["-q", "-", "--shuffle"]), &input)
            .ended(0)
            .out;
        for (place, row) in records(&out, b',')[1..].iter().enumerate() {
            counts[place][row[1].parse::<usize>().unwrap() - 1] += 1;
        }
    }
    // Each count is binomial(200, 1/5): 40 on average, 5.7 its standard deviation.
    for count in counts.as_flattened() {
        assert!((12..=68).contains(count), "{counts:?}");
    }
}

#[test]
fn shuffle_moves_whole_rows_and_leaves_no_file() {
    let scratch = Scratch::new();
    let spill = Scratch::new();
    let input = scratch.write("in.csv", export(3_000));
    run(crm(["-q", "--shuffle", "-o"])
        .arg(scratch.path("out.csv"))
        .arg(&input)
        .env("TMPDIR", spill.folder()))
    .ended(0);
    let output = oracle::without_index(&records(&scratch.read("out.csv"), b','));
    let wanted = oracle::table(&records(&export(3_000), b','));
    assert_eq!(output[0], wanted[0]);
    assert_eq!(oracle::counted(&output), oracle::counted(&wanted));
    assert_ne!(output, wanted);
    assert_eq!(scratch.names(), ["in.csv", "out.csv"]);
    assert!(spill.names().is_empty());
}

#[test]
fn shuffle_under_skip_and_of_next_to_nothing() {
    let mut rows: Vec<Vec<String>> = (1..=100).map(person).collect();
    rows[40][8] = "hier".into();
    let input = to_csv(&COLUMNS, rows, b',');
    let out = run_with_input(
        &mut crm(["-q", "-", "--shuffle", "--on-invalid", "skip"]),
        &input,
    )
    .ended(0)
    .out;
    assert_eq!(indexes(&out), (1..=99).collect::<Vec<_>>());
    for rows in 0..3 {
        let out = run_with_input(&mut crm(["-q", "-", "--shuffle"]), &numbered(rows))
            .ended(0)
            .out;
        assert_eq!(indexes(&out), (1..=rows as u64).collect::<Vec<_>>());
    }
}
