//! `aggregate`: a table of figures in place of rows. `tests/privacy/aggregate_check.py` attacks such tables; here
//! figures are counted again, and what has to be refused is.

mod beside;

use std::collections::{BTreeMap, HashSet};
use std::fs;

use serde_json::Value;

use crate::support::{Dice, Scratch, crm, fixture, records, run, run_with_input, schema};

/// A rule table for `rows`.
const RULES: &str = r#"
version = 1
index = ""
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
rule = { bucket = { width = 20_000 } }
as = "tranche"
attribute = "sensitive"
"#;

/// Rows of people, some of whom have several: client, region, formule, amount in cents.
fn people() -> Vec<(u64, &'static str, &'static str, Option<u64>)> {
    let mut dice = Dice(17);
    let mut rows = Vec::new();
    for client in 0..900 {
        for _ in 0..1 + dice.below(8) / 6 {
            let region = dice.pick(&["nord", "nord", "nord", "sud", "sud", "ouest; est"]);
            let formule = dice.pick(&["tiers", "tiers", "tiers", "tiers +", "tous \"risques\""]);
            let amount = 1_000_000 + dice.next() % 6_000_000;
            rows.push((
                client,
                region,
                formule,
                (dice.below(20) > 0).then_some(amount),
            ));
        }
    }
    // Few people in one cell.
    rows.retain(|(client, region, formule, _)| {
        *region != "sud" || *formule != "tiers +" || client % 9 == 0
    });
    rows
}

pub(crate) fn csv(rows: &[(u64, &str, &str, Option<u64>)]) -> String {
    let mut text = String::from("id_client,region,formule,revenus\n");
    for (client, region, formule, amount) in rows {
        let amount = amount.map(|cents| format!("{}.{:02}", cents / 100, cents % 100));
        let formule = formule.replace('"', "\"\"");
        text += &format!(
            "C{client},{region},\"{formule}\",{}\n",
            amount.unwrap_or_default()
        );
    }
    text
}

/// A scratch folder with such a file and its rule table.
fn scratch(rows: &[(u64, &str, &str, Option<u64>)]) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("in.csv", csv(rows));
    scratch.write("rules.toml", RULES);
    scratch
}

fn aggregate(scratch: &Scratch, more: &[&str]) -> std::process::Command {
    let mut command = crm(["aggregate", "in.csv", "-r", "rules.toml"]);
    command.args(more).current_dir(scratch.folder());
    command
}

/// Rows of a table: the values of its columns, and the figures behind them.
fn table(text: &[u8], columns: usize) -> BTreeMap<Vec<String>, Vec<String>> {
    let rows = records(text, b',');
    rows[1..]
        .iter()
        .map(|row| (row[..columns].to_vec(), row[columns..].to_vec()))
        .collect()
}

#[test]
fn the_figures_are_right() {
    let rows = people();
    let scratch = scratch(&rows);
    let options = [
        "--by", "Région,formule", "--stat", "mean:revenus", "--stat", "sum:revenus",
    ];
    let more = [
        "--unit", "id_client", "--totals", "-o", "t.csv", "--manifest", "m.json",
    ];
    let all: Vec<&str> = options.into_iter().chain(more).collect();
    run(&mut aggregate(&scratch, &all)).ended(0);
    let written = scratch.read("t.csv");
    let header = &records(&written, b',')[0];
    assert_eq!(
        header,
        &[
            "region", "formule", "n", "mean_revenus", "sum_revenus", "statut"
        ]
    );
    let told = table(&written, 2);
    let (mut listed, mut published, mut suppressed) = (0, 0, 0);
    for region in ["nord", "ouest; est", "sud", "Total"] {
        for formule in ["tiers", "tiers +", "tous \"risques\"", "Total"] {
            let of = |all: &str, own: &str| all == "Total" || all == own;
            let here = rows
                .iter()
                .filter(|row| of(region, row.1) && of(formule, row.2));
            let here: Vec<_> = here.collect();
            let persons: HashSet<u64> = here.iter().map(|row| row.0).collect();
            let amounts: Vec<u64> = here.iter().filter_map(|row| row.3).collect();
            let sum: u64 = amounts.iter().sum();
            let mean = (2 * sum + amounts.len() as u64) / (2 * amounts.len() as u64);
            let euros = |cents: u64| format!("{}.{:02}", cents / 100, cents % 100);
            let figures = &told[&vec![region.to_owned(), formule.to_owned()]];
            listed += 1;
            if figures[3] == "c" {
                assert_eq!(figures[..3], ["", "", ""]);
                suppressed += 1;
                continue;
            }
            published += 1;
            assert!(persons.len() >= 11, "{region} {formule}");
            let expected = [
                persons.len().to_string(),
                euros(mean),
                euros(sum),
                String::new(),
            ];
            assert_eq!(figures[..], expected, "{region} {formule}");
        }
    }
    assert_eq!(told.len(), listed);
    assert!(
        suppressed >= 4 && published >= 8,
        "{suppressed} {published}"
    );
    assert_eq!(told[&vec!["sud".to_owned(), "tiers +".to_owned()]][3], "c");
    let manifest = schema::manifest(&scratch.read("m.json"));
    let figures = &manifest["figures"];
    assert_eq!(figures["unit"], Value::from(vec!["id_client"]));
    assert_eq!(
        (&figures["cells"], &figures["cells_published"]),
        (&listed.into(), &published.into())
    );
    let both =
        [&figures["cells_primary"], &figures["cells_secondary"]].map(|n| n.as_u64().unwrap());
    assert_eq!(both[0] + both[1], suppressed);
    assert!(figures["least_width"].as_u64().unwrap() >= 11);
    assert_eq!(manifest["rows_read"], rows.len());
}

#[test]
fn the_table_does_not_depend_on_threads_or_the_order_of_rows() {
    let mut rows = people();
    let first = scratch(&rows);
    let options = [
        "--by",
        "region,formule,tranche",
        "--totals",
        "--threshold",
        "3",
        "--stat",
        "sum:revenus",
    ];
    let one = run(aggregate(&first, &options).args(["-j", "1"])).ended(0);
    let four = run(aggregate(&first, &options).args(["-j", "4"])).ended(0);
    assert_eq!(one.text(), four.text());
    rows.reverse();
    let other = scratch(&rows);
    assert_eq!(
        run(&mut aggregate(&other, &options)).ended(0).text(),
        one.text()
    );
    // From a pipe, too, and numbers rounded.
    let mut command = crm([
        "aggregate", "-", "-r", "rules.toml", "--by", "region", "--round", "5",
    ]);
    let piped = run_with_input(
        command.current_dir(first.folder()),
        csv(&people()).as_bytes(),
    );
    let piped = piped.ended(0);
    let persons = table(&piped.out, 1)
        .into_values()
        .map(|figures| figures[0].clone());
    assert!(
        persons
            .into_iter()
            .all(|n| n.parse::<u64>().unwrap() % 5 == 0)
    );
    piped.says(&["each row counts as one person, but the cells of column `id_client` repeat"]);
}

#[test]
fn what_cannot_be_told_is_refused_and_nothing_is_published() {
    let rows = people();
    let secret = "3141592.65x";
    for (case, options, change, status, says) in cases![
        "no column", &[][..], "", 2, "--by";
        "five columns", &["--by", "a,b,c,d,e"], "", 2, "1 to 4";
        "an unknown column", &["--by", "ville"], "", 2, "`ville`";
        "one that is dropped", &["--by", "id_client"], "", 2, "`id_client`";
        "an input column", &["--by", "revenus"], "", 2, "`revenus`";
        "one column twice", &["--by", "region,région"], "", 2, "twice";
        "an unknown amount", &["--by", "region", "--stat", "mean:taille"], "", 2, "taille";
        "an identifying amount", &["--by", "region", "--stat", "sum:id_client"], "", 2, "identifies";
        "a maximum", &["--by", "region", "--stat", "max:revenus"], "", 2, "never published";
        "a median that is not rounded", &["--by", "region", "--stat", "quantile:revenus:0.5"], "", 2, "ROUNDING";
        "quantiles rounded in two ways",
        &[
            "--by",
            "region",
            "--stat",
            "quantile:revenus:0.5:10",
            "--stat",
            "quantile:revenus:0.9:100",
        ],
        "",
        2,
        "two ways";
        "a share of those who are called so",
        &["--by", "region", "--stat", "share:id_client=C1"],
        "",
        2,
        "`id_client`";
        "an unknown person", &["--by", "region", "--unit", "nss"], "", 2, "nss";
        "a threshold of two", &["--by", "region", "--threshold", "2"], "", 2, "from 3";
        "a workbook", &["--by", "region", "-o", "t.xlsx"], "", 2, "xlsx";
        "a total among cells", &["--by", "region,formule"], "C1,TOTAL,tiers,2\n", 3, "`region`";
        "no amount",
        &["--by", "region", "--stat", "sum:revenus"],
        "C1,nord,tiers,3141592.65x\n",
        3,
        "column `revenus`";
        "an address", &["--by", "region"], "C1,a.b@exemple.fr,tiers,2\n", 3, "email";
        "a wide row", &["--by", "region"], "C1,nord,tiers,2,3\n", 3, "fields";
        "too few", &["--by", "region", "--threshold", "100000"], "", 4, "nothing was published";
    ] {
        let scratch = scratch(&rows);
        let mut text = csv(&rows);
        text += change;
        scratch.write("in.csv", text);
        let mut command = aggregate(&scratch, options);
        if !options.contains(&"-o") {
            command.args(["-o", "t.csv"]);
        }
        command.args(["--manifest", "m.json", "--report", "r.html"]);
        let outcome = run(&mut command);
        assert_eq!(outcome.code(), status, "{case}: {}", outcome.err);
        outcome.says(&[says]);
        assert!(!outcome.err.contains(secret), "{case}: {}", outcome.err);
        // A run whose data are refused says so in its manifest, and leaves nothing else.
        let told = scratch.names().contains(&"m.json".to_owned());
        if told {
            let manifest = schema::manifest(&scratch.read("m.json"));
            assert_eq!(manifest["status"], "refused", "{case}");
            assert!(!manifest.to_string().contains(secret), "{case}");
            fs::remove_file(scratch.path("m.json")).unwrap();
        }
        assert!(!told || status > 2, "{case}");
        assert_eq!(scratch.names(), ["in.csv", "rules.toml"], "{case}");
    }
}

#[test]
fn amounts_that_cannot_be_read_may_be_left_out() {
    let mut rows = people();
    rows.truncate(400);
    let scratch = scratch(&rows);
    let bad = "C9000,nord,tiers,environ 100\n".repeat(3);
    scratch.write("in.csv", csv(&rows) + &bad);
    let options = [
        "--by", "region", "--stat", "sum:revenus", "--threshold", "3",
    ];
    let count = |policy: &str| {
        let outcome = run(aggregate(&scratch, &options).args(["--on-invalid", policy])).ended(0);
        table(&outcome.out, 1)[&vec!["nord".to_owned()]].clone()
    };
    let (blank, skip) = (count("blank"), count("skip"));
    let persons = |figures: &[String]| figures[0].parse::<u64>().unwrap();
    assert_eq!(persons(&blank), persons(&skip) + 3);
    assert_eq!(blank[1], skip[1]);
}

#[test]
fn shares_and_quantiles_are_those_of_the_persons() {
    let rows = people();
    let scratch = scratch(&rows);
    let options = [
        "--by",
        "region",
        "--unit",
        "id_client",
        "--stat",
        "share:formule=tous \"risques\"",
        "--stat",
        "quantile:revenus:0.25,0.5:1000",
        "--totals",
        "-o",
        "t.csv",
        "--manifest",
        "m.json",
    ];
    run(&mut aggregate(&scratch, &options)).ended(0);
    let written = scratch.read("t.csv");
    let names = [
        "region",
        "n",
        "share_formule_tous \"risques\"",
        "q25_revenus",
        "q50_revenus",
        "statut",
    ];
    assert_eq!(records(&written, b',')[0], names);
    schema::manifest(&scratch.read("m.json"));
    let told = table(&written, 1);
    for region in ["nord", "ouest; est", "sud", "Total"] {
        let mut persons: BTreeMap<u64, (bool, u64, u64)> = BTreeMap::new();
        let here = rows
            .iter()
            .filter(|row| region == "Total" || row.1 == region);
        for (client, _, formule, amount) in here {
            let own = persons.entry(*client).or_default();
            own.0 |= *formule == "tous \"risques\"";
            own.1 += amount.unwrap_or(0);
            own.2 += u64::from(amount.is_some());
        }
        let with = persons.values().filter(|own| own.0).count() as u64;
        let all = persons.len() as u64;
        let share = (2 * 10_000 * with + all) / (2 * all);
        let known = persons.values().filter(|own| own.2 > 0);
        // The mean of each person's amounts, rounded to the cent and then to thousands.
        let means = known.map(|own| (2 * own.1 + own.2) / (2 * own.2));
        let mut classes: Vec<u64> = means.map(|mean| (mean + 50_000) / 100_000 * 1000).collect();
        classes.sort_unstable();
        let quantile =
            |percent: usize| classes[(percent * classes.len()).div_ceil(100) - 1].to_string();
        let expected = [
            all.to_string(),
            format!("{}.{:02}", share / 100, share % 100),
            quantile(25),
            quantile(50),
            String::new(),
        ];
        assert_eq!(told[&vec![region.to_owned()]][..], expected, "{region}");
    }
}
