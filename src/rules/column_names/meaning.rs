//! What a column means, as its name tells.

use super::vocabulary::{QUALIFIERS, VOCABULARY};
use crate::base::name;
use crate::rules::SpecialCategory;
use crate::rules::table::Attribute;

/// What the name of a column says that it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Data of a special category (GDPR art. 9).
    Special(SpecialCategory),
    /// Criminal convictions and offences (GDPR art. 10).
    Criminal,
    /// Names of people.
    Person,
    /// E-mail addresses.
    Email,
    /// Telephone numbers.
    Phone,
    /// Numbers that a state gives to people and firms.
    OfficialNumber,
    /// Bank accounts and cards.
    Account,
    /// Keys and references.
    Key,
    /// Web addresses, pseudonyms, technical traces.
    Web,
    /// Those who look after a customer.
    Staff,
    /// Employers and firms.
    Employer,
    /// Free text.
    Notes,
    /// Points on a map.
    Coordinates,
    /// Where somebody was born or comes from.
    Birthplace,
    /// Dates of birth.
    BirthDate,
    /// Other dates.
    Date,
    /// Postal codes.
    PostalCode,
    /// Addresses.
    Address,
    /// Towns, regions, countries.
    Place,
    /// How many children.
    Children,
    /// What somebody has or earns.
    Money,
    /// What something costs.
    Price,
    /// Ages, counts, scores.
    Number,
    /// Sex and title.
    Gender,
    /// Jobs.
    Occupation,
    /// Schooling, marital status, and other facts of a life.
    Situation,
    /// Kinds and groups.
    Category,
    /// How far a file or a sale is, and where it came from.
    Progress,
    /// Consents and switches.
    Flag,
}

impl Meaning {
    /// What such a column tells about a person.
    pub(crate) const fn attribute(self) -> Attribute {
        match self {
            Self::Person
            | Self::Email
            | Self::Phone
            | Self::OfficialNumber
            | Self::Account
            | Self::Key
            | Self::Web
            | Self::Coordinates
            | Self::Notes => Attribute::Identifying,
            Self::Special(_) | Self::Criminal | Self::Money => Attribute::Sensitive,
            Self::Price | Self::Progress | Self::Flag => Attribute::Insensitive,
            _ => Attribute::QuasiIdentifying,
        }
    }

    /// Whether what is in such a column may name people, even if it is the same in many rows.
    const fn names_people(self) -> bool {
        matches!(self, Self::Staff) || matches!(self.attribute(), Attribute::Identifying)
    }

    /// Whether such a column never leaves, whatever is in it.
    pub(crate) const fn never_leaves(self) -> bool {
        matches!(
            self,
            Self::Special(_)
                | Self::Criminal
                | Self::Person
                | Self::Email
                | Self::Phone
                | Self::OfficialNumber
                | Self::Account
                | Self::Key
                | Self::Web
                | Self::Staff
                | Self::Employer
                | Self::Notes
                | Self::Coordinates
                | Self::Birthplace
                | Self::Date
        )
    }
}

/// What the name of a column tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Named {
    /// Its meaning, if the vocabulary has one.
    pub meaning: Option<Meaning>,
    /// Whether every word of the name is one that names of columns are made of.
    pub in_full: bool,
}

/// Whether the name of a column tells that people are named in it.
pub(crate) fn names_people(column: &str) -> bool {
    named(column).meaning.is_some_and(Meaning::names_people)
}

/// What a name tells. The first entry of the vocabulary that is in it counts.
pub(crate) fn named(column: &str) -> Named {
    let words = words(column);
    let squashed = words.concat();
    let meaning = VOCABULARY.iter().find_map(|(meaning, phrases)| {
        let mut phrases = phrases.split('|');
        phrases
            .any(|phrase| matches(phrase, &words, &squashed))
            .then_some(*meaning)
    });
    let known = |word: &String| {
        word.len() == 1
            || QUALIFIERS.split(' ').any(|known| known == word)
            || VOCABULARY.iter().any(|(_, phrases)| {
                let mut parts = phrases.split(['|', ' ', '=', '^']);
                parts.any(|part| part == word)
            })
    };
    let whole = |phrase: &str| phrase.replace([' ', '=', '^'], "") == squashed;
    let in_full = meaning.is_some()
        && (words.iter().all(known)
            || VOCABULARY
                .iter()
                .any(|(_, phrases)| phrases.split('|').any(whole)));
    Named { meaning, in_full }
}

/// Whether a phrase is in a name: as its words in a row, or as all of it run together. `=` before a
/// phrase means that it must be the whole name, `^` that it begins it.
fn matches(phrase: &str, words: &[String], squashed: &str) -> bool {
    let (at_start, at_end, phrase) = match phrase.strip_prefix('=') {
        Some(phrase) => (true, true, phrase),
        None => match phrase.strip_prefix('^') {
            Some(phrase) => (true, false, phrase),
            None => (false, false, phrase),
        },
    };
    let parts: Vec<&str> = phrase.split(' ').collect();
    let mut found = words
        .windows(parts.len())
        .enumerate()
        .filter(|(_, window)| window.iter().zip(&parts).all(|(word, part)| word == part));
    let last = words.len().saturating_sub(parts.len());
    found.any(|(at, _)| (!at_start || at == 0) && (!at_end || at == last && last == 0))
        || parts.concat() == squashed
}

/// The words of a name: by what is no letter or digit, by `camelCase`, by letters before digits;
/// without accents, in lower case, without articles and prepositions.
fn words(column: &str) -> Vec<String> {
    const FILLERS: [&str; 24] = [
        "de", "d", "du", "des", "la", "le", "les", "l", "un", "une", "of", "the", "a", "au", "aux",
        "en", "et", "and", "or", "ou", "par", "by", "s", "for",
    ];
    let mut spaced = String::new();
    let mut before = ' ';
    for c in column.chars() {
        let turn =
            before.is_lowercase() && c.is_uppercase() || before.is_alphabetic() && c.is_numeric();
        if turn {
            spaced.push(' ');
        }
        spaced.push(c);
        before = c;
    }
    let key = name::key(&spaced);
    key.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !FILLERS.contains(word))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_known_products_are_understood() {
        use Meaning::*;
        for (name, expected) in [
            ("Date de naissance", Some(BirthDate)),
            ("DATE_NAISSANCE", Some(BirthDate)),
            ("PersonBirthdate", Some(BirthDate)),
            ("MailingPostalCode", Some(PostalCode)),
            ("Address 1: ZIP/Postal Code", Some(PostalCode)),
            ("CT_CodePostal", Some(PostalCode)),
            ("Address 1: City", Some(Place)),
            ("Numéro de sécurité sociale", Some(OfficialNumber)),
            ("(Do Not Modify) Contact", Some(Key)),
            ("(Ne pas modifier) Somme de contrôle de ligne", Some(Key)),
            ("Record ID", Some(Key)),
            ("id_client", Some(Key)),
            ("AccountId", Some(Key)),
            ("CT_Num", Some(Key)),
            ("Contact owner", Some(Staff)),
            ("Propriétaire du contact", Some(Staff)),
            ("FIRSTNAME", Some(Person)),
            ("PRENOM", Some(Person)),
            ("CT_Intitule", Some(Employer)),
            ("WHATSAPP", Some(Phone)),
            ("Téléphone 2", Some(Phone)),
            ("Adresse e-mail", Some(Email)),
            ("IP Country", Some(Birthplace)),
            ("Create Date", Some(Date)),
            ("Inscrit le", Some(Date)),
            ("Chiffre d'affaires", Some(Money)),
            ("nombre_enfants", Some(Children)),
            ("Number of Employees", Some(Number)),
            ("Lifecycle Stage", Some(Progress)),
            ("etat_dossier", Some(Progress)),
            ("DOUBLE_OPT-IN", Some(Flag)),
            ("Groupe sanguin", Some(Special(SpecialCategory::Health))),
            (
                "Appartenance syndicale",
                Some(Special(SpecialCategory::TradeUnionMembership)),
            ),
            ("casier judiciaire", Some(Criminal)),
            ("Contact", Some(Person)),
            ("Contact rouge", None),
            ("couleurs", None),
            ("pagination", None),
            ("", None),
        ] {
            assert_eq!(named(name).meaning, expected, "{name}");
        }
    }

    #[test]
    fn only_names_made_of_known_words_are_known_in_full() {
        for (name, expected) in [
            ("Mailing Street", true),
            ("First Name", true),
            ("EMAIL", true),
            ("zqxmark-nom-1", false),
            ("Dupont", false),
            ("Jean Dupont", false),
            ("client Dupont", false),
            ("", false),
        ] {
            assert_eq!(named(name).in_full, expected, "{name}");
        }
    }
}
