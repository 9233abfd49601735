//! The same persons night after night: draws of a key repeat, and a run says where they do not.

use std::collections::BTreeMap;
use std::path::Path;

use crate::support::{Outcome, Scratch, crm, records, run};

/// Customers with an amount and a date that are to be perturbed; `repere` tells the rows apart.
const RULES: &str = r#"version = 1
index = ""
[columns.id_client]
rule = "drop"
attribute = "identifying"
[columns.repere]
rule = "keep"
leftovers = "ignore"
[columns.revenus]
rule = { noise = { distribution = "laplace", scale = 500, decimals = 2, role = "dpo" } }
attribute = "sensitive"
[columns.naissance]
rule = { date_shift = { max_days = 200, role = "dpo" } }
attribute = "quasi-identifying"
[columns.debut]
rule = { date_shift = { max_days = 200, role = "dpo" } }
"#;

const PERSON: &str = "[privacy]\nperson = \"id_client\"\n";

fn export(persons: &[usize]) -> String {
    let rows = persons
        .iter()
        .map(|at| format!("K{at:04},rep{at:03},30000,1980-01-01,2020-06-15\n"));
    let header = "id_client,repere,revenus,naissance,debut\n";
    rows.fold(header.to_owned(), |text, row| text + &row)
}

struct Desk(Scratch);

impl Desk {
    fn new() -> Self {
        let scratch = Scratch::new();
        run(crm(["keygen", "dpo", "-o"]).arg(scratch.path("dpo.key"))).ended(0);
        Self(scratch)
    }

    fn night(&self, rules: &str, export: &str, more: &[&str]) -> Outcome {
        let Self(scratch) = self;
        let (input, rules) = (
            scratch.write("in.csv", export),
            scratch.write("r.toml", rules),
        );
        let (out, key) = (scratch.path("out.csv"), scratch.path("dpo.key"));
        let mut command = crm([&input, Path::new("-r"), &rules, Path::new("-o"), &out]);
        command.args([Path::new("--key"), &key]).args(more);
        run(&mut command)
    }

    /// The perturbed cells by `repere`.
    fn cells(&self) -> BTreeMap<String, Vec<String>> {
        let rows = records(&self.0.read("out.csv"), b',');
        let rows = rows.into_iter().skip(1);
        rows.map(|row| (row[0].clone(), row[1..].to_vec()))
            .collect()
    }
}

#[test]
fn the_draws_of_a_person_are_those_of_the_night_before() {
    let desk = Desk::new();
    let rules = format!("{RULES}{PERSON}");
    let persons: Vec<usize> = (0..40).collect();
    let outcome = desk.night(&rules, &export(&persons), &[]).ended(0);
    assert!(!outcome.err.contains("draws anew"), "{}", outcome.err);
    let first = desk.cells();
    // The other way round, with persons gone and new ones; on one thread; with a seed.
    let next: Vec<usize> = (5..50).rev().collect();
    for more in [&["-j", "1"][..], &["--seed", "7"], &["--shuffle"]] {
        desk.night(&rules, &export(&next), more).ended(0);
        let second = desk.cells();
        assert_eq!(second.len(), 45);
        for (person, cells) in &first {
            match second.get(person) {
                Some(again) => assert_eq!(again, cells, "{person}"),
                None => assert!(person.as_str() < "rep005", "{person}"),
            }
        }
    }
    // Each has draws of their own, and the two dates of a person are as far apart as ever.
    let amounts: std::collections::BTreeSet<&String> =
        first.values().map(|cells| &cells[0]).collect();
    assert!(amounts.len() > 35, "{amounts:?}");
    for cells in first.values() {
        let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
        assert_eq!((day(&cells[2]) - day(&cells[1])).num_days(), 14_776);
    }
}

#[test]
fn a_search_knows_the_same_draws() {
    let desk = Desk::new();
    let rules = format!("{RULES}{PERSON}");
    let persons: Vec<usize> = (0..40).collect();
    desk.night(&rules, &export(&persons), &[]).ended(0);
    let plain = desk.cells();
    // Days are generalised to years or further; the amounts are those of a run without a search.
    desk.night(&rules, &export(&persons), &["--k", "2", "-q"])
        .ended(0);
    for (person, cells) in desk.cells() {
        let own = &plain[&person];
        assert_eq!((&cells[0], &cells[2]), (&own[0], &own[2]), "{person}");
        let label = &cells[1];
        let year = &own[1][..4];
        let within = match label.split_once('-') {
            Some((from, to)) if to.len() == 4 => (from..=to).contains(&year),
            _ => label == "*" || own[1].starts_with(label.as_str()),
        };
        assert!(within, "{label} of {}", own[1]);
    }
}

#[test]
fn a_draw_without_a_person_or_a_key_is_refused() {
    let desk = Desk::new();
    let rows = export(&[1, 2, 3]);
    desk.night(RULES, &rows, &[])
        .ended(2)
        .says(&["column `revenus` repeats its draw", "--person"]);
    desk.night(RULES, &rows, &["--person", "id_client", "-q"])
        .ended(0);
    let other = format!("{RULES}{PERSON}").replace("\"dpo\"", "\"juriste\"");
    desk.night(&other, &rows, &[]).ended(2).says(&["juriste"]);
    let rules = format!("{RULES}{PERSON}");
    let nobody = rows.replace("K0002", "");
    let refused = desk.night(&rules, &nobody, &[]).ended(3);
    refused.says(&["does not say whose it is", "`revenus`", "record 2"]);
    assert!(!refused.err.contains("K000") && !refused.err.contains("30000"));
    desk.night(&rules, &nobody, &["--on-invalid", "blank", "-q"])
        .ended(0);
    assert_eq!(desk.cells()["rep002"], ["", "", ""]);
}

#[test]
fn draws_of_each_run_and_ages_of_no_day_are_told() {
    let desk = Desk::new();
    let rows = export(&[1, 2, 3]);
    let anew = RULES.replace(", role = \"dpo\"", "");
    let outcome = desk.night(&anew, &rows, &["--log", "json"]).ended(0);
    outcome.says(&["\"code\":\"drawn_anew\"", "`revenus`, `naissance`, `debut`"]);
    let ages =
        "version = 1\n[columns.naissance]\nrule = \"age\"\nattribute = \"quasi-identifying\"\n";
    let outcome = desk.night(ages, &rows, &["--log", "json"]).ended(0);
    outcome.says(&["\"code\":\"ages_of_year\"", "`naissance`"]);
    let at = ages.replace("\"age\"", "{ age = { at = '2026-01-01' } }");
    let outcome = desk.night(&at, &rows, &["--log", "json"]).ended(0);
    assert!(!outcome.err.contains("ages_of_year"), "{}", outcome.err);
    let french = desk.night(&anew, &rows, &["--lang", "fr"]).ended(0);
    french.says(&["chaque traitement fait un nouveau tirage pour `revenus`"]);
}
