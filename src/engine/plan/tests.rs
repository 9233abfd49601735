use super::*;
use crate::base::error::Ending as _;

const TABLE: &str = r#"
    version = 1
    [columns.nom]
    rule = "drop"
    [columns.groupe_sanguin]
    rule = { drop = { article_9 = "health" } }
    [columns.date_naissance]
    rule = "year"
    as = "Annee"
    aliases = ["né le"]
    [columns.sexe]
    rule = "keep"
"#;

fn plan(text: &str, header: &[&str], strict: bool) -> Result<Plan, Error> {
    let table = RuleTable::parse(text, "test", "test", std::path::Path::new("")).unwrap();
    let header: Vec<String> = header.iter().map(|&name| name.to_owned()).collect();
    let shown: Vec<Shown> = (1..)
        .zip(&header)
        .map(|(at, name)| Shown::new(name, at))
        .collect();
    Plan::new(&table, &header, &shown, &RunContext::sample(), strict)
}

fn outputs(plan: &Plan) -> String {
    plan.output_names().collect::<Vec<_>>().join(" ")
}

#[test]
fn only_what_is_listed_leaves_in_the_inputs_order_under_the_tables_names() {
    for (case, header, expected) in cases![
        "in order", &["nom", "date_naissance", "sexe"][..], "Index_rd Annee sexe";
        "another order", &["sexe", "nom", "date_naissance"], "Index_rd sexe Annee";
        "other spellings", &["SEXE ", "Date-Naissance"], "Index_rd sexe Annee";
        "an alias", &["Ne le", "sexe"], "Index_rd Annee sexe";
        "unlisted", &["sexe", "telephone"], "Index_rd sexe";
        "doubled", &["sexe", "Sexe"], "Index_rd sexe sexe";
        "an empty name", &["", "sexe"], "Index_rd sexe";
    ] {
        assert_eq!(
            outputs(&plan(TABLE, header, false).unwrap()),
            expected,
            "{case}"
        );
    }
    let bare = format!("index = \"\"\n{TABLE}").replacen("version = 1", "", 1);
    let bare = format!("version = 1\n{bare}");
    assert_eq!(
        outputs(&plan(&bare, &["sexe"], false).unwrap()),
        "sexe",
        "no index"
    );
}

#[test]
fn every_difference_is_warned_about_and_strict_stops() {
    let all = ["nom", "groupe_sanguin", "date_naissance", "sexe"];
    for (case, header, warnings, strict_passes) in cases![
        "all there", &all[1..], &["health data", "`nom`, which the input does not have"][..], false;
        "complete", &all, &["health data"], true;
        "unlisted",
        &["nom", "groupe_sanguin", "date_naissance", "sexe", "tel"],
        &["health data", "column `tel` is not"],
        false;
        "doubled",
        &["nom", "groupe_sanguin", "date_naissance", "né le", "sexe"],
        &["health", "columns `date_naissance`, `né le` are all"],
        true;
    ] {
        let planned = plan(TABLE, header, false).unwrap();
        let found: Vec<String> = planned.warnings.iter().map(Warning::to_string).collect();
        assert_eq!(found.len(), warnings.len(), "{case}: {found:?}");
        for (found, expected) in found.iter().zip(warnings) {
            assert!(found.contains(expected), "{case}: {found}");
        }
        match plan(TABLE, header, true) {
            Ok(_) => assert!(strict_passes, "{case}"),
            Err(error) => assert_eq!((strict_passes, error.exit_status()), (false, 3), "{case}"),
        }
    }
    let forbidding = TABLE.replacen("version = 1", "version = 1\nunlisted = \"fail\"", 1);
    assert!(matches!(
        plan(&forbidding, &["sexe", "tel"], false),
        Err(Error::Columns(_))
    ));
    assert!(plan(&forbidding, &["sexe"], false).is_ok());
}

#[test]
fn a_name_of_several_lines_is_not_shown_with_what_may_be_cells() {
    let swallowed = ["sexe", "email,age\nDupont,F,33"];
    let planned = plan(TABLE, &swallowed, false).unwrap();
    let told: Vec<String> = planned.warnings.iter().map(Warning::to_string).collect();
    assert!(!told.concat().contains("Dupont"), "{told:?}");
    let planned = plan(TABLE, &["sexe", "Date\nnaissance"], false).unwrap();
    let rules: Vec<bool> = planned
        .columns
        .iter()
        .map(|column| column.rule.is_some())
        .collect();
    assert_eq!(rules, [true, true], "a listed name may be wrapped");
}

#[test]
fn a_first_row_that_may_be_a_person_is_not_shown() {
    let Err(error) = plan(TABLE, &["Marie Curie", "1867-11-07"], false) else {
        panic!("accepted")
    };
    assert!(!error.to_string().contains("Curie"), "{error}");
    assert_eq!(error.exit_status(), 3);
}
