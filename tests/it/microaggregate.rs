//! `microaggregate` through the real program: the groups are made again here, and what has to be refused is.
//! `tests/privacy/microaggregate_check.py` does the same on many random files.

use std::collections::BTreeMap;

use crate::support::{Dice, Scratch, crm, records, run, run_with_input};

const RULES: &str = r#"
version = 1
index = ""
[columns.nom]
rule = "drop"
attribute = "identifying"
[columns.sexe]
rule = "keep"
attribute = "quasi-identifying"
[columns.revenus]
rule = { microaggregate = { size = 5 } }
as = "revenus_moyens"
attribute = "quasi-identifying"
[columns.prime]
rule = { microaggregate = { size = 3, decimal = ",", wide = true } }
attribute = "sensitive"
"#;

const HEADER: &str = "nom;sexe;revenus;prime\n";

/// Amounts in hundredths, of whom some are missing.
type Amount = Option<i64>;

fn people(count: u64) -> Vec<(Amount, Amount)> {
    let mut dice = Dice(29);
    let mut amounts = Vec::new();
    for _ in 0..count {
        let income = 1_000_000 + (dice.below(400) * dice.below(90_000)) as i64;
        let bonus = dice.below(40) as i64 * 2_500 - 20_000;
        amounts.push((
            (dice.below(12) > 0).then_some(income),
            (dice.below(15) > 0).then_some(bonus),
        ));
    }
    amounts
}

fn text(cents: i64, mark: char) -> String {
    let size = cents.unsigned_abs();
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}{mark}{:02}", size / 100, size % 100)
}

fn csv(people: &[(Amount, Amount)]) -> String {
    let mut file = String::from(HEADER);
    for (at, (income, bonus)) in people.iter().enumerate() {
        let income = income.map_or_else(|| "NULL".to_owned(), |cents| text(cents, '.'));
        let bonus = bonus.map_or_else(String::new, |cents| match cents < 0 {
            true => format!("({})", text(-cents, ',')),
            false => text(cents, ','),
        });
        let sex = if at % 2 == 0 { "F" } else { "H" };
        file += &format!("Personne{at};{sex};{income};{bonus}\n");
    }
    file
}

/// The mean of the group of each amount, in hundredths.
fn means(amounts: &[i64], size: usize) -> BTreeMap<i64, i64> {
    let mut counts: BTreeMap<i64, i64> = BTreeMap::new();
    for amount in amounts {
        *counts.entry(*amount).or_default() += 1;
    }
    let mut groups: Vec<Vec<(i64, i64)>> = vec![Vec::new()];
    let people = |group: &[(i64, i64)]| {
        group
            .iter()
            .map(|(_, count)| *count as usize)
            .sum::<usize>()
    };
    for equal in counts {
        if groups.last().is_some_and(|group| people(group) >= size) {
            groups.push(Vec::new());
        }
        groups.last_mut().unwrap().push(equal);
    }
    if groups.len() > 1 && people(groups.last().unwrap()) < size {
        let rest = groups.pop().unwrap();
        groups.last_mut().unwrap().extend(rest);
    }
    let mut means = BTreeMap::new();
    for group in groups {
        let count = people(&group) as i64;
        let sum: i64 = group.iter().map(|(amount, count)| amount * count).sum();
        let mean = (2 * sum.abs() + count) / (2 * count) * sum.signum();
        means.extend(group.iter().map(|(amount, _)| (*amount, mean)));
    }
    means
}

/// What is published of one column.
fn expected(amounts: impl Iterator<Item = Amount> + Clone, size: usize, mark: char) -> Vec<String> {
    let means = means(&amounts.clone().flatten().collect::<Vec<_>>(), size);
    let published = amounts.map(|amount| amount.map(|amount| text(means[&amount], mark)));
    published.map(Option::unwrap_or_default).collect()
}

fn scratch(input: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("rules.toml", RULES);
    scratch.write("in.csv", input);
    scratch
}

fn command(scratch: &Scratch, input: &str, more: &[&str]) -> std::process::Command {
    let mut command = crm([input, "-r", "rules.toml", "-q"]);
    command.args(more).current_dir(scratch.folder());
    command
}

fn column(rows: &[Vec<String>], at: usize) -> Vec<String> {
    rows.iter().skip(1).map(|row| row[at].clone()).collect()
}

#[test]
fn each_amount_becomes_the_mean_of_its_group() {
    let people = people(4_000);
    let input = csv(&people);
    let scratch = scratch(&input);
    let published = run(&mut command(&scratch, "in.csv", &["-j", "1"]))
        .ended(0)
        .out;
    let rows = records(&published, b';');
    assert_eq!(rows[0], ["sexe", "revenus_moyens", "prime"]);
    let incomes = people.iter().map(|(income, _)| *income);
    assert_eq!(column(&rows, 1), expected(incomes.clone(), 5, '.'));
    let bonuses = people.iter().map(|(_, bonus)| *bonus);
    assert_eq!(column(&rows, 2), expected(bonuses, 3, ','));

    // The mean of all is that of the input, but for half a hundredth.
    let cents = |text: &String| text.replace('.', "").parse::<i64>().ok();
    let told: i64 = column(&rows, 1).iter().filter_map(cents).sum();
    let own: Vec<i64> = incomes.flatten().collect();
    assert!(2 * (told - own.iter().sum::<i64>()).abs() <= own.len() as i64);

    // Neither threads nor standard input change a byte.
    for more in [&["-j", "3"][..], &["-j", "2", "--on-leftover", "mask"]] {
        let again = run(&mut command(&scratch, "in.csv", more)).ended(0).out;
        assert_eq!(again, published, "{more:?}");
    }
    let piped = run_with_input(&mut command(&scratch, "-", &[]), input.as_bytes());
    assert_eq!(piped.ended(0).out, published);
}

#[test]
fn only_rows_that_are_published_make_groups() {
    let rows = "a;F;1;1\nb;F;2;2\nc;F;3;3\nd;F;4;4\ne;F;5;5\nf;X;900;900\ng;F;pas un montant;6\nh;F;6;7;8\ni;F;;\n";
    let scratch = scratch(&format!("{HEADER}{rows}"));
    let filter = format!("{RULES}[rows]\nwhere = [{{ column = 'sexe', is_not = 'X' }}]\n");
    scratch.write("rules.toml", filter);
    let refused = run(&mut command(&scratch, "in.csv", &["-o", "out.csv"])).ended(3);
    refused.says(&["record 7", "revenus", "record 8"]);
    assert!(!scratch.path("out.csv").exists());
    for (policy, expected) in [
        (
            "skip",
            "F;3.00;2,00\nF;3.00;2,00\nF;3.00;2,00\nF;3.00;4,50\nF;3.00;4,50\nF;;\n",
        ),
        (
            "blank",
            "F;3.00;2,00\nF;3.00;2,00\nF;3.00;2,00\nF;3.00;5,00\nF;3.00;5,00\nF;;5,00\nF;;\n",
        ),
    ] {
        let more = ["--on-invalid", policy];
        let published = run(&mut command(&scratch, "in.csv", &more)).ended(0).text();
        let (_, published) = published.split_once('\n').unwrap();
        // Two bonuses are left at the end, which join the group before them.
        let expected = match policy {
            "skip" => expected.replace("2,00", "3,00").replace("4,50", "3,00"),
            _ => expected.to_owned(),
        };
        assert_eq!(published, expected, "{policy}");
    }
}

#[test]
fn each_input_makes_its_own_groups() {
    let scratch = scratch(&format!(
        "{HEADER}a;F;1;1\nb;F;2;1\nc;F;3;1\nd;F;4;1\ne;F;5;1\n"
    ));
    scratch.write(
        "other.csv",
        format!("{HEADER}a;F;10;1\nb;F;20;1\nc;F;30;1\nd;F;40;1\ne;F;50;1\n"),
    );
    let mut both = crm([
        "in.csv", "other.csv", "-r", "rules.toml", "-q", "-o", "out/",
    ]);
    std::fs::create_dir(scratch.path("out")).unwrap();
    run(both.current_dir(scratch.folder())).ended(0);
    let mean = |name: &str| String::from_utf8(scratch.read(name)).unwrap();
    assert!(mean("out/in.csv").ends_with("\nF;3.00;1,00\n"));
    assert!(mean("out/other.csv").ends_with("\nF;30.00;1,00\n"));
}

#[test]
fn a_k_takes_what_is_published_for_values() {
    let people = people(600);
    let scratch = scratch(&csv(&people));
    run(&mut command(&scratch, "in.csv", &["-o", "out.csv"])).ended(0);
    let published = records(&scratch.read("out.csv"), b';');
    let mut classes: BTreeMap<&[String], usize> = BTreeMap::new();
    for row in &published[1..] {
        *classes.entry(&row[..2]).or_default() += 1;
    }
    let least = *classes.values().min().unwrap();
    let more = (least + 1).to_string();
    let missed = run(&mut command(&scratch, "in.csv", &["--min-k", &more])).ended(4);
    missed.says(&[&format!("k is {least}")]);
    let recoded = run(&mut command(
        &scratch,
        "in.csv",
        &["--k", "20", "--keep-order"],
    ))
    .ended(0);
    let mut classes: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for row in &records(&recoded.out, b';')[1..] {
        *classes.entry(row[..2].to_vec()).or_default() += 1;
    }
    assert!(classes.values().all(|rows| *rows >= 20), "{classes:?}");
}

#[test]
fn too_few_amounts_stop_the_run() {
    let scratch = scratch(&format!(
        "{HEADER}a;F;7101;1\nb;F;7202;1\nc;F;7303;1\nd;F;;1\n"
    ));
    for (language, expected) in [
        ("en", "column `revenus` has fewer than 5 amounts"),
        ("fr", "la colonne `revenus` compte moins de 5 montants"),
    ] {
        let more = ["-o", "out.csv", "--lang", language, "--manifest", "m.json"];
        let outcome = run(&mut command(&scratch, "in.csv", &more)).ended(4);
        let said = outcome.says(&[expected]);
        assert!(!said.err.contains("7101"));
    }
    // The manifest says that nothing was published, and why.
    assert_eq!(scratch.names(), ["in.csv", "m.json", "rules.toml"]);
    let manifest = String::from_utf8(scratch.read("m.json")).unwrap();
    assert!(manifest.contains("too_few_values") && !manifest.contains("7101"));
    // A column that nobody has an amount in tells nothing.
    scratch.write("in.csv", format!("{HEADER}a;F;;1\nb;F;;1\nc;F;;1\n"));
    let published = run(&mut command(&scratch, "in.csv", &[])).ended(0).text();
    assert!(published.ends_with("\nF;;1,00\nF;;1,00\nF;;1,00\n"));
}

#[test]
fn what_depends_on_others_goes_with_no_release_and_no_noise() {
    let people = people(100);
    let scratch = scratch(&csv(&people));
    run(crm(["keygen", "release", "-o", "k.key"]).current_dir(scratch.folder())).ended(0);
    let release = [
        "--release", "kept", "--key", "k.key", "--k", "3", "--person", "nom", "-o", "out.csv",
    ];
    let outcome = run(&mut command(&scratch, "in.csv", &release)).ended(2);
    outcome.says(&["microaggregate", "drop the column"]);
    scratch.write(
        "noisy.toml",
        format!("{RULES}[differential_privacy]\nkeys.revenus_moyens = ['1.00', '2.00']\n"),
    );
    let mut noisy = crm([
        "aggregate", "in.csv", "-r", "noisy.toml", "--by", "revenus_moyens", "--unit", "row",
        "--journal", "j", "--epsilon", "1", "-o", "t.csv",
    ]);
    let outcome = run(noisy.current_dir(scratch.folder())).ended(2);
    outcome.says(&["revenus_moyens", "depends on others"]);
    assert!(!scratch.path("t.csv").exists());
    // With suppression its means are categories as others are.
    let mut figures = crm([
        "aggregate", "in.csv", "-r", "rules.toml", "--by", "prime", "--threshold", "3", "-q",
    ]);
    let rows = run(figures.current_dir(scratch.folder())).ended(0);
    assert!(records(&rows.out, b';').len() > 2);
}

#[test]
fn a_query_refuses_it() {
    let scratch = scratch(HEADER);
    for (language, expected) in [
        ("en", "no window of SQL tells"),
        ("fr", "aucune fenêtre SQL"),
    ] {
        let mut query = crm([
            "sql",
            "-r",
            "rules.toml",
            "--dialect",
            "duckdb",
            "--columns",
            "nom,sexe,revenus,prime",
            "--lang",
            language,
        ]);
        let outcome = run(query.current_dir(scratch.folder())).ended(2);
        outcome.says(&["revenus", expected]);
    }
}
