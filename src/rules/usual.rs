//! What holds for a column of which a rule table says nothing else: how its values are generalised, and how
//! much that counts.

use crate::base::name;
use crate::privacy::ladder::Ladder;
use crate::rules::ladder::{Brackets, Jobs, Style};

/// How much the loss of a column counts that parts people in two, more or less: half of another's.
/// A search would rather keep it than a year or a postal code, for it costs few rows.
pub(super) const IN_TWO: f64 = 0.5;

/// Names of columns of occupations, in the language of the table of them.
const OCCUPATIONS: [&str; 5] = [
    "metier", "metiers", "profession", "professions", "intitule_poste",
];

/// Names of columns that tell men from women.
const SEXES: [&str; 6] = ["sexe", "genre", "civilite", "sex", "gender", "salutation"];

/// What kept cells of a column of this name can be generalised to.
pub(crate) fn ladder(column: &str) -> Box<dyn Ladder> {
    match OCCUPATIONS.contains(&name::key(column).as_str()) {
        true => Box::new(Jobs::usual()),
        false => Box::new(Brackets::new(Style::Numbers, None)),
    }
}

/// How much the loss of kept cells of a column of this name counts.
pub(crate) fn weight(column: &str) -> f64 {
    match SEXES.contains(&name::key(column).as_str()) {
        true => IN_TWO,
        false => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::rules::table::RuleTable;

    #[test]
    fn names_and_rules_tell_what_is_usual() {
        for (column, rule, more, steps, weight) in cases![
            "Métier", "'keep'", "", 2, 1.0;
            "profession", "'keep'", "ladder = []", 0, 1.0;
            "profession", "'keep'", "ladder = ['groupe']\nweight = 3", 1, 3.0;
            "métiers", "{ map = { table = { a = 'cadre' } } }", "", 0, 1.0;
            "branche", "'keep'", "", 0, 1.0;
            "branche", "'keep'", "ladder = ['categorie', 'groupe']", 2, 1.0;
            "sexe", "'keep'", "", 0, 0.5;
            "sexe", "'keep'", "weight = 1", 0, 1.0;
            "enfants", "'yes_no'", "", 0, 0.5;
            "enfants", "'yes_no'", "weight = 2", 0, 2.0;
            "enfants", "'keep'", "", 0, 1.0;
        ] {
            let text = format!(
                "version = 1\n[columns.\"{column}\"]\nrule = {rule}\n{more}\nattribute = 'quasi-identifying'\n"
            );
            let table = RuleTable::parse(&text, "table", "table", Path::new("")).unwrap();
            let found = &table.columns[0];
            let values = [&b"cadre"[..], b"vendeuse", b"oui"].map(Into::into);
            let climbed = found.ladder.steps(&values).unwrap().steps.len();
            assert_eq!(
                (climbed, found.weight),
                (steps, weight),
                "{column} {rule} {more}"
            );
        }
    }

    #[test]
    fn built_in_tables_say_it_of_their_columns() {
        for (table, column, steps, weight) in [
            ("anonymisation", "metier", 2, 1.0),
            ("anonymisation", "sexe", 0, 0.5),
            ("anonymisation", "est_rouge", 0, 0.5),
            ("anonymisation", "nombre_enfants", 0, 0.5),
            ("anonymisation", "formation", 0, 1.0),
            ("protection", "metier", 2, 1.0),
            ("protection", "enfant_conduite_accompagne", 0, 0.5),
        ] {
            let table = RuleTable::load(table).unwrap();
            let found = table.columns.iter().find(|rule| rule.name == column);
            let found = found.unwrap();
            let values = [&b"cadre"[..], b"vendeuse", b"oui"].map(Into::into);
            let climbed = found.ladder.steps(&values).unwrap().steps.len();
            assert_eq!((climbed, found.weight), (steps, weight), "{column}");
        }
    }
}
