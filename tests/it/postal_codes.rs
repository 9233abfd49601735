//! Five digits that are no postal code, and codes that a spreadsheet took the zero from.

use crate::support::{Scratch, crm, fixture, records, run, run_with_input, schema};

#[test]
fn a_lost_zero_is_counted_warned_about_and_written_if_asked_for() {
    let scratch = Scratch::new();
    scratch.write(
        "in.csv",
        std::fs::read(fixture("cases/postal_lost_zero.csv")).unwrap(),
    );
    for (rule, short, is_warned) in [
        ("\"postal_code\"", "", true),
        ("{ postal_code = { pad = true } }", "01000", false),
        ("\"departement\"", "", true),
        ("{ departement = { pad = true } }", "01 Ain", false),
        ("{ region = { pad = true } }", "Auvergne-Rhône-Alpes", false),
    ] {
        scratch.write(
            "rules.toml",
            format!("version = 1\n[columns.code_postal]\nrule = {rule}\n"),
        );
        let mut command = crm(["in.csv", "-r", "rules.toml", "-o", "out.csv"]);
        command.args(["--manifest", "run.json"]);
        let outcome = run(command.current_dir(scratch.folder())).ended(0);
        let warned = outcome.err.contains("`pad = true`");
        assert_eq!(warned, is_warned, "{rule}");
        outcome.says(&["% of the cells of column `code_postal` have no French postal code"]);
        let rows = records(&scratch.read("out.csv"), b';');
        assert_eq!([&rows[1][1], &rows[10][1]], [short; 2], "{rule}");
        let manifest = schema::manifest(&scratch.read("run.json"));
        let column = &manifest["columns"][0];
        assert_eq!(
            (&column["lost_zero"], &column["no_postal_code"]),
            (&3.into(), &9.into())
        );
    }
}

#[test]
fn a_column_with_enough_codes_is_not_warned_about() {
    let rows = "12 rue du Lac 75002 Paris\n".repeat(4);
    for (more, warned) in [("chez sa mère\n", false), ("chez sa mère\nLyon\n", true)] {
        let outcome = run_with_input(&mut crm(["-"]), format!("adresse\n{rows}{more}").as_bytes());
        let told = outcome.ended(0).err.contains("no French postal code");
        assert_eq!(told, warned, "{more}");
    }
}

#[test]
fn numbers_of_clients_and_sites_are_not_proposed_as_postal_codes() {
    let suggest = |name: &str| {
        let path = fixture(name);
        let outcome = run(crm(["inspect", "--suggest"]).arg(path)).ended(0);
        let table: toml::Table = outcome.text().parse().unwrap();
        table["columns"].as_table().unwrap().clone()
    };
    let proposed = suggest("cases/five_digits.csv");
    let codes: Vec<&str> = proposed
        .iter()
        .filter(|(_, column)| column["rule"].as_str() == Some("postal_code"))
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(codes, ["Zip", "Postcode"]);
    let proposed = suggest("cases/postal_lost_zero.csv");
    let rule = &proposed["code_postal"]["rule"];
    assert_eq!(rule["postal_code"]["pad"].as_bool(), Some(true));
}
