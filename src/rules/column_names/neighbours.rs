//! The words that columns are named with in German, Dutch, Italian, Spanish and Portuguese: a customer
//! file from a neighbour, or a part of one that was put below a French one.
//!
//! Only words that French and English do not have with another meaning: `nombre` is a name in Spanish
//! and a count in French.

use std::sync::LazyLock;

use foldhash::HashMap;

use super::meaning::Meaning::{self, *};
use crate::rules::SpecialCategory::{
    Health, RacialOrEthnicOrigin, ReligiousOrPhilosophicalBeliefs, TradeUnionMembership,
};

/// As [`VOCABULARY`](super::vocabulary::VOCABULARY), behind whose other rows they come.
#[rustfmt::skip]
pub(super) static NEIGHBOURS: &[(Meaning, &str)] = &[
    (Special(Health), "blutgruppe|krankenkasse|krankheit|gesundheit|behinderung|schwangerschaft|bloedgroep|ziekte|gezondheid|gruppo sanguigno|malattia|disabilita|grupo sanguineo|salud|enfermedad|discapacidad|doenca|deficiencia"),
    (Special(ReligiousOrPhilosophicalBeliefs), "religionszugehorigkeit|konfession|geloofsovertuiging|religione"),
    (Special(TradeUnionMembership), "gewerkschaft|vakbond|sindacato|sindicato"),
    (Special(RacialOrEthnicOrigin), "hautfarbe|etnia"),
    (BirthDate, "geburtsdatum|geburtstag|geboortedatum|verjaardag|data nascita|data di nascita|fecha nacimiento|data nascimento"),
    (Birthplace, "geburtsort|geburtsland|geboorteplaats|luogo nascita|luogo di nascita|lugar nacimiento|staatsangehorigkeit|nationalitat|nationaliteit|nazionalita|nacionalidad"),
    (Person, "vorname|nachname|familienname|geburtsname|zuname|kundenname|ansprechpartner|achternaam|voornaam|voorletters|naam|klantnaam|cognome|nome|apellido|apellidos|apelido|sobrenome"),
    (Email, "emailadresse|mailadresse|emailadres|mailadres|correo|posta elettronica"),
    (Phone, "telefon|telefonnummer|handy|handynummer|mobilnummer|mobiltelefon|rufnummer|festnetz|telefax|telefoon|telefoonnummer|telefono|cellulare|movil|telefone|telemovel"),
    (OfficialNumber, "sozialversicherungsnummer|ahv|steuernummer|ausweisnummer|personalausweis|reisepass|rijksregisternummer|burgerservicenummer|bsn|codice fiscale|partita iva|=dni|=nif"),
    (Account, "kontonummer|bankverbindung|bankkonto|blz|rekeningnummer"),
    (Key, "kundennummer|kundennr|mitgliedsnummer|vertragsnummer|personalnummer|klantnummer|klantnr|codice cliente|numero cliente"),
    (Notes, "bemerkung|bemerkungen|anmerkung|anmerkungen|notiz|notizen|kommentar|kommentare|beschreibung|opmerking|opmerkingen|osservazioni|commenti|observaciones|comentarios"),
    (PostalCode, "plz|postleitzahl|codice postale|codigo postal"),
    (Address, "strasse|straße|hausnummer|anschrift|straat|straatnaam|huisnummer|adres|indirizzo|direccion|domicilio|endereco"),
    (Place, "wohnort|=ort|ortschaft|=stadt|bundesland|=land|woonplaats|gemeente|=plaats|citta|provincia|ciudad|localidad|poblacion|municipio|cidade"),
    (Children, "kinder|kinderanzahl|kinderen|figli|hijos|filhos"),
    (Money, "einkommen|jahreseinkommen|gehalt|inkomen|salaris|reddito|stipendio|ingresos|salario|rendimento"),
    (Gender, "geschlecht|anrede|geslacht|aanhef|sesso|sexo"),
    (Employer, "arbeitgeber|firma|unternehmen|bedrijf|bedrijfsnaam|werkgever|azienda|ragione sociale|empresa"),
    (Occupation, "beruf|beroep|professione|profesion|profissao"),
    (Situation, "familienstand|zivilstand|ausbildung|burgerlijke staat|opleiding|stato civile|estado civil"),
    (Flag, "einwilligung|zustimmung|toestemming|consenso|consentimiento"),
    (Date, "datum|erstellungsdatum|fecha"),
];

/// What a word tells by itself: it is a phrase, or the last word of one.
pub(crate) fn meaning_of(word: &str) -> Option<Meaning> {
    MEANINGS.get(word).copied()
}

/// The words that have a [meaning](meaning_of) by themselves.
pub(crate) fn telling_words() -> impl Iterator<Item = &'static str> {
    MEANINGS.keys().copied()
}

static MEANINGS: LazyLock<HashMap<&str, Meaning>> = LazyLock::new(|| {
    let phrases = NEIGHBOURS
        .iter()
        .flat_map(|(meaning, row)| row.split('|').map(|phrase| (phrase, *meaning)));
    let words = phrases.filter_map(|(phrase, meaning)| {
        let word = phrase.trim_start_matches('=').rsplit(' ').next()?;
        Some((word, meaning))
    });
    words.collect()
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::column_names::named::named;

    #[test]
    fn columns_of_the_neighbours_are_understood() {
        for (name, expected) in [
            ("Nachname", Meaning::Person),
            ("Vorname", Meaning::Person),
            ("Geburtsdatum", Meaning::BirthDate),
            ("Straße", Meaning::Address),
            ("STRASSE", Meaning::Address),
            ("PLZ", Meaning::PostalCode),
            ("Ort", Meaning::Place),
            ("Telefon", Meaning::Phone),
            ("Kunden-Nr", Meaning::Key),
            ("Kundennummer", Meaning::Key),
            ("Geschlecht", Meaning::Gender),
            ("Krankenkasse", Meaning::Special(Health)),
            ("Achternaam", Meaning::Person),
            ("Geboortedatum", Meaning::BirthDate),
            ("Woonplaats", Meaning::Place),
            ("Cognome", Meaning::Person),
            ("Data di nascita", Meaning::BirthDate),
            ("Codice fiscale", Meaning::OfficialNumber),
            ("Apellidos", Meaning::Person),
            ("Fecha de nacimiento", Meaning::BirthDate),
            ("Código postal", Meaning::PostalCode),
            ("Correo electrónico", Meaning::Email),
            ("Data de nascimento", Meaning::BirthDate),
        ] {
            assert_eq!(named(name).meaning, Some(expected), "{name}");
        }
    }

    #[test]
    fn french_names_mean_what_they_meant() {
        for (name, expected) in [
            ("Nombre", Meaning::Number),
            ("Nombre de visites", Meaning::Number),
            ("Date", Meaning::Date),
            ("Commune", Meaning::Place),
            ("Adresse", Meaning::Address),
            ("Formation", Meaning::Situation),
        ] {
            assert_eq!(named(name).meaning, Some(expected), "{name}");
        }
    }
}
