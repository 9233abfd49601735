//! What may not be called insensitive without a reason: dates, ages, years and postal codes.
//!
//! These single people out before anything else does, and a column that is called insensitive counts in
//! neither k nor the risks.

use serde::Deserialize;

use crate::base::lang::Fixed;
use crate::base::name;
use crate::rules::Rule;
use crate::rules::column_names::meaning::Meaning;
use crate::rules::column_names::named::named;
use crate::rules::table::Attribute;

/// Why a column is called what it is called: the key `why`.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Why;

impl TryFrom<String> for Why {
    type Error = Fixed;

    fn try_from(text: String) -> Result<Self, Fixed> {
        match text.trim().is_empty() {
            true => Err(fixed!("expected a reason, as a text that is not blank")),
            false => Ok(Self),
        }
    }
}

/// What is wrong with calling a column of these names insensitive, if no reason is given.
pub(super) fn objection(
    attribute: Option<Attribute>,
    rule: &dyn Rule,
    names: [&str; 2],
    why: Option<&Why>,
) -> Option<Fixed> {
    let called = attribute == Some(Attribute::Insensitive) && rule.leaves();
    let [name, output] = names;
    // What a name means takes longer to find out than all the rest of reading a table.
    let tells =
        || rule.tells_when_or_where() || is_named_so(name) || output != name && is_named_so(output);
    (called && why.is_none() && tells()).then_some(fixed!(
        "dates, ages, years and postal codes single people out: expected \"quasi-identifying\", or a reason \
         beside it, as in why = \"the day the contract was printed, the same for all\""
    ))
}

/// Whether a name says that such things are in the column.
fn is_named_so(column: &str) -> bool {
    let by_name = matches!(
        named(column).meaning,
        Some(
            Meaning::BirthDate
                | Meaning::BirthYear
                | Meaning::BirthMonth
                | Meaning::Date
                | Meaning::PostalCode
        )
    );
    by_name
        || matches!(
            name::key(column).as_str(),
            "age" | "ages" | "annee" | "year"
        )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::rules::table::RuleTable;

    #[test]
    fn what_singles_people_out_is_insensitive_for_a_reason_only() {
        for (column, rule, more, taken) in [
            ("date_naissance", "'year'", "", false),
            ("contrat", "'year'", "", false),
            ("contrat", "'year_month'", "", false),
            ("contrat", "'age'", "", false),
            ("contrat", "{ date_shift = { max_days = 3 } }", "", false),
            ("adresse", "'postal_code'", "", false),
            ("date_devis", "'keep'", "", false),
            ("Code postal", "'keep'", "", false),
            ("Âge", "'keep'", "", false),
            ("contrat", "'keep'", "as = 'Année'", false),
            ("contrat", "'year'", "why = 'the same for all'", true),
            ("contrat", "'year'", "why = ' '", false),
            ("date_naissance", "'drop'", "", true),
            ("adresse", "'departement'", "", true),
            ("age_vehicule", "'keep'", "", true),
            ("formule", "'keep'", "", true),
        ] {
            let text = format!(
                "version = 1\n[columns.\"{column}\"]\nrule = {rule}\n{more}\nattribute = 'insensitive'\n"
            );
            let found = RuleTable::parse(&text, "table", "table", Path::new(""));
            assert_eq!(found.is_ok(), taken, "{column} {rule} {more}: {found:?}");
            let quasi = text.replace("insensitive", "quasi-identifying");
            let found = RuleTable::parse(&quasi, "table", "table", Path::new(""));
            assert_eq!(found.is_ok(), more != "why = ' '", "{column} {rule} {more}");
        }
    }
}
