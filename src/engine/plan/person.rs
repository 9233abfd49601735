//! Which columns of the input say whose rows are whose.

use super::Plan;
use crate::base::name;
use crate::engine::error::Error;
use crate::rules::Again;
use crate::rules::column_names::meaning::Meaning;
use crate::rules::column_names::named::named;
use crate::rules::table::{Attribute, RuleTable};

/// What a key is of, where it is a person's: a part of the column's name.
const PEOPLE: [&str; 22] = [
    "client", "customer", "person", "people", "adherent", "assure", "abonne", "membre", "member",
    "patient", "user", "utilisateur", "subscriber", "beneficiaire", "salarie", "employe", "agent",
    "eleve", "etudiant", "student", "usager", "individu",
];

/// The positions of the columns of these names: as the header has them, or as the rule table, which
/// knows other names of them.
///
/// # Errors
/// [`Error::NoSuchColumn`] of the first name that is none.
pub(crate) fn positions(
    names: &[String],
    table: &RuleTable,
    header: &[String],
) -> Result<Vec<usize>, Error> {
    let header: Vec<String> = header.iter().map(|name| name::key(name)).collect();
    let mut all = Vec::new();
    for name in names {
        let key = name::key(name);
        let mut listed = table.columns.iter();
        let listed = listed.find(|column| column.keys.contains(&key));
        let is_one = |column: &String| {
            *column == key || listed.is_some_and(|listed| listed.keys.contains(column))
        };
        let before = all.len();
        let found = header.iter().enumerate();
        all.extend(found.filter(|(_, column)| is_one(column)).map(|(at, _)| at));
        if all.len() == before {
            return Err(Error::NoSuchColumn(name.escape_debug().to_string()));
        }
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// Of columns with these names, of which some identify, the one that most likely says whose rows are
/// whose: a customer's key, then a number given by the state, then an e-mail address.
pub(crate) fn likeliest<'n>(
    columns: impl Iterator<Item = (usize, &'n str, Option<Attribute>)>,
) -> Option<usize> {
    let identifying = columns.filter(|(.., attribute)| match attribute {
        Some(attribute) => *attribute == Attribute::Identifying,
        None => true,
    });
    let ranked = identifying.filter_map(|(at, name, _)| Some((rank(name)?, at)));
    ranked.min().map(|(_, at)| at)
}

fn rank(column: &str) -> Option<u8> {
    let key = name::key(column);
    let is_of_people = PEOPLE.iter().any(|people| key.contains(people));
    match named(column).meaning? {
        Meaning::Key if is_of_people => Some(0),
        Meaning::OfficialNumber => Some(1),
        Meaning::Email => Some(2),
        _ => None,
    }
}

impl Plan {
    /// Has rules that draw for persons know whose rows are whose, by these columns of the input.
    ///
    /// # Errors
    /// [`Error::NoPerson`] if there are such rules, and no columns.
    pub(crate) fn draw_by(&mut self, person: &[usize]) -> Result<(), Error> {
        let mut columns = self.columns.iter();
        let Some(drawn) = columns.find(|column| column.again == Again::SameDraw) else {
            return Ok(());
        };
        if person.is_empty() {
            return Err(Error::NoPerson(drawn.input.clone()));
        }
        self.draws_by = person.to_vec();
        Ok(())
    }

    /// The column that is not published and most likely says whose rows are whose.
    pub(crate) fn suspected_person(&self) -> Option<usize> {
        let columns = self.columns.iter().enumerate();
        let dropped = columns.filter(|(_, column)| column.output.is_none());
        likeliest(dropped.map(|(at, column)| (at, column.input.as_str(), column.attribute)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customers_key_says_best_whose_rows_are_whose() {
        let identifying = Some(Attribute::Identifying);
        for (case, columns, expected) in [
            (
                "the built-in table's",
                &[
                    ("employeur", identifying),
                    ("num_ss", identifying),
                    ("nom", identifying),
                    ("email", identifying),
                    ("id_client", identifying),
                ][..],
                Some(4),
            ),
            ("a number", &[("email", None), ("num_ss", None)], Some(1)),
            ("an address", &[("nom", None), ("e-mail", None)], Some(1)),
            ("a quote's key", &[("id_devis", None)], None),
            (
                "published as harmless",
                &[("id_client", Some(Attribute::Insensitive))],
                None,
            ),
            ("none", &[], None),
        ] {
            let all = columns.iter().enumerate();
            let found = likeliest(all.map(|(at, (name, attribute))| (at, *name, *attribute)));
            assert_eq!(found, expected, "{case}");
        }
    }

    #[test]
    fn columns_are_named_as_the_header_or_the_table_does() {
        let table = RuleTable::load("anonymisation").unwrap();
        let header = ["ID-Client", "Nom", "foyer"].map(str::to_owned);
        for (names, expected) in [
            (&["id_client"][..], Some(vec![0])),
            (&["Foyer", "nom"], Some(vec![1, 2])),
            (&["id_client", "ID client"], Some(vec![0])),
            (&["id_client", "matricule"], None),
            (&[], Some(Vec::new())),
        ] {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(
                positions(&names, &table, &header).ok(),
                expected,
                "{names:?}"
            );
        }
    }
}
