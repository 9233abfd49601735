//! The words of an inspection, in English and French.

use crate::base::lang::Language;
use crate::base::lang::Language::{En, Fr};
use crate::base::plural::{counted, counted_in_french};
use crate::detect::DETECTORS;
use crate::engine::inspect::{DateForm, Kind, Reason, SHARED};
use crate::rules::column_names::meaning::Meaning;
use crate::rules::table::Attribute;

/// One of two texts.
pub(super) fn either(
    language: Language,
    english: &'static str,
    french: &'static str,
) -> &'static str {
    match language {
        En => english,
        Fr => french,
    }
}

/// What type a column is of.
pub(super) fn kind(language: Language, kind: Kind) -> String {
    let say = |english, french| either(language, english, french).to_owned();
    match kind {
        Kind::Empty => say("nothing", "rien"),
        Kind::YesNo => say("yes or no", "oui ou non"),
        Kind::Date(form) => {
            let letters = match (language, form) {
                (En, form) => form.letters(),
                (Fr, DateForm::YearFirst) => "AAAA-MM-JJ",
                (Fr, DateForm::DayFirst) => "JJ/MM/AAAA",
                (Fr, DateForm::MonthFirst) => "MM/JJ/AAAA",
                (Fr, DateForm::EightDigits) => "AAAAMMJJ",
            };
            format!("date {letters}")
        }
        Kind::Identifier(place) => DETECTORS.get(place).map_or("", |one| one.name).to_owned(),
        Kind::PostalCode => say("postal code", "code postal"),
        Kind::Whole => say("whole number", "nombre entier"),
        Kind::Amount => say("amount", "montant"),
        Kind::Address => say("address with a postal code", "adresse avec code postal"),
        Kind::FreeText => say("free text", "texte libre"),
        Kind::PersonName => say("names of people", "noms de personnes"),
        Kind::Category => say("category", "catégorie"),
        Kind::Text => say("text", "texte"),
    }
}

/// What a column tells about a person.
pub(super) fn attribute(language: Language, attribute: Attribute) -> &'static str {
    match attribute {
        Attribute::Identifying => either(language, "identifying", "identifiant"),
        Attribute::QuasiIdentifying => either(language, "quasi-identifying", "quasi-identifiant"),
        Attribute::Sensitive => either(language, "sensitive", "sensible"),
        Attribute::Insensitive => either(language, "insensitive", "non sensible"),
    }
}

/// A number of rows.
pub(super) fn rows(language: Language, number: u64) -> String {
    match language {
        En => counted(number, "row"),
        Fr => counted_in_french(number, "ligne", "lignes"),
    }
}

/// A number of columns.
pub(super) fn columns(language: Language, number: usize) -> String {
    let number = u64::try_from(number).unwrap_or(u64::MAX);
    match language {
        En => counted(number, "column"),
        Fr => counted_in_french(number, "colonne", "colonnes"),
    }
}

/// A number of distinct values.
pub(super) fn values(language: Language, number: u64) -> String {
    match language {
        En => counted(number, "value"),
        Fr => counted_in_french(number, "valeur", "valeurs"),
    }
}

/// What a column is named for.
fn meaning(language: Language, meaning: Meaning) -> String {
    let (english, french) = match meaning {
        Meaning::Special(category) => {
            return match language {
                En => format!("{} (GDPR art. 9)", category.description()),
                Fr => "une catégorie particulière de données (RGPD art. 9)".to_owned(),
            };
        }
        Meaning::Criminal => (
            "criminal convictions and offences (GDPR art. 10)",
            "condamnations et infractions (RGPD art. 10)",
        ),
        Meaning::Person => ("names of people", "noms de personnes"),
        Meaning::Email => ("e-mail addresses", "adresses électroniques"),
        Meaning::Phone => ("telephone numbers", "numéros de téléphone"),
        Meaning::OfficialNumber => ("official numbers", "numéros officiels"),
        Meaning::Account => ("bank accounts or cards", "comptes ou cartes bancaires"),
        Meaning::Key => ("keys or references", "clés ou références"),
        Meaning::Web => ("web addresses or traces", "adresses ou traces sur internet"),
        Meaning::Staff => (
            "members of staff, or who else deals with a customer",
            "membres du personnel, ou qui d'autre suit un client",
        ),
        Meaning::Employer => ("employers or firms", "employeurs ou entreprises"),
        Meaning::Notes => ("free text", "texte libre"),
        Meaning::Coordinates => ("points on a map", "points sur une carte"),
        Meaning::Birthplace => (
            "a place of birth, origin or connection",
            "lieu de naissance, d'origine ou de connexion",
        ),
        Meaning::BirthDate => ("dates of birth", "dates de naissance"),
        Meaning::BirthYear => ("years of birth", "années de naissance"),
        Meaning::BirthMonth => ("months of birth", "mois de naissance"),
        Meaning::Date => (
            "dates, and an exact day singles out",
            "dates, et un jour exact isole",
        ),
        Meaning::PostalCode => ("postal codes", "codes postaux"),
        Meaning::Address => ("addresses", "adresses"),
        Meaning::Place => ("places", "lieux"),
        Meaning::Children => ("numbers of children", "nombres d'enfants"),
        Meaning::Money => ("amounts of money", "sommes d'argent"),
        Meaning::Price => ("prices", "prix"),
        Meaning::Number => ("numbers", "nombres"),
        Meaning::Gender => ("sex or title", "sexe ou civilité"),
        Meaning::Occupation => ("occupations", "métiers"),
        Meaning::Situation => ("facts of a life", "situation personnelle"),
        Meaning::Category => ("categories", "catégories"),
        Meaning::Progress => ("progress or source", "avancement ou provenance"),
        Meaning::Flag => ("consents or switches", "consentements ou options"),
    };
    either(language, english, french).to_owned()
}

/// A short name of a reason, for programs.
pub(super) const fn code(reason: Reason) -> &'static str {
    match reason {
        Reason::Name(Meaning::Special(_)) => "special_category",
        Reason::Name(Meaning::Criminal) => "criminal",
        Reason::Name(_) => "name",
        Reason::Garbled => "garbled",
        Reason::Nameless => "nameless",
        Reason::Empty => "empty",
        Reason::Detected(..) => "detected",
        Reason::BirthDate { .. } => "birth_date",
        Reason::NotDates(_) => "not_dates",
        Reason::OtherDate => "other_date",
        Reason::Area => "area",
        Reason::NoPostalCodes => "no_postal_codes",
        Reason::Children => "children",
        Reason::Amounts => "amounts",
        Reason::NotAmounts(_) | Reason::AfterCurrency(_) => "not_amounts",
        Reason::FreeText => "free_text",
        Reason::People => "people",
        Reason::Unique => "unique",
        Reason::ManyValues => "many_values",
        Reason::Rare(_) => "rare",
        Reason::Unknown | Reason::UnknownSwitch => "unknown",
        Reason::RareNumbers(_) => "rare_numbers",
        Reason::Shared(_) => "shared",
        Reason::Doubled => "doubled",
    }
}

/// Why a rule is proposed.
pub(super) fn reason(language: Language, reason: Reason) -> String {
    let say = |english, french| either(language, english, french).to_owned();
    match reason {
        Reason::Name(named) => {
            let says = either(language, "its name says", "son nom l'indique");
            match language {
                En => format!("{says}: {}", meaning(language, named)),
                Fr => format!("{says} : {}", meaning(language, named)),
            }
        }
        Reason::Garbled => say(
            "its name is garbled, so nobody can tell what is in it: give the encoding with --encoding",
            "son nom est illisible, rien ne dit donc ce qu'elle contient : précisez --encoding",
        ),
        Reason::Nameless => say("it has no name", "elle n'a pas de nom"),
        Reason::Empty => say("nothing is in it", "elle est vide"),
        Reason::Detected(place, cells) => {
            let name = DETECTORS.get(place).map_or("", |one| one.name);
            match language {
                En => format!("identifiers are in its cells ({name}: {cells})"),
                Fr => format!("des identifiants sont dans ses cellules ({name} : {cells})"),
            }
        }
        Reason::BirthDate { invalid } => {
            let why = either(
                language,
                "a day of birth is nearly a name: the year is enough",
                "un jour de naissance est presque un nom : l'année suffit",
            );
            match (invalid, language) {
                (0, _) => why.to_owned(),
                (_, En) => format!(
                    "{why}; cells that are no date: {invalid}, so run it with --on-invalid blank \
                     (they are emptied) or --on-invalid skip (their rows are left out)"
                ),
                (_, Fr) => format!(
                    "{why} ; cellules qui ne sont pas une date : {invalid}, à traiter avec \
                     --on-invalid blank (vidées) ou --on-invalid skip (lignes écartées)"
                ),
            }
        }
        Reason::NotDates(cells) => match language {
            En => format!("cells that are no date that `year` takes: {cells}"),
            Fr => format!("cellules qui ne sont pas une date que `year` accepte : {cells}"),
        },
        Reason::OtherDate => say(
            "an exact day singles people out",
            "un jour exact isole des personnes",
        ),
        Reason::Area => say("the area is enough", "la zone suffit"),
        Reason::NoPostalCodes => say(
            "most cells have no postal code that could stand for them",
            "la plupart des cellules n'ont pas de code postal qui puisse les remplacer",
        ),
        Reason::Children => say(
            "large families are rare",
            "les familles nombreuses sont rares",
        ),
        Reason::Amounts => say(
            "an exact amount can be looked up elsewhere",
            "un montant exact peut se retrouver ailleurs",
        ),
        Reason::NotAmounts(cells) => match language {
            En => format!("cells that are no amount, or could be two: {cells}"),
            Fr => format!("cellules qui ne sont pas un montant, ou sont ambiguës : {cells}"),
        },
        Reason::AfterCurrency(cells) => match language {
            En => format!(
                "`bucket` does not read a currency in front of an amount: {}",
                counted(cells, "cell")
            ),
            Fr => format!("`bucket` ne lit pas une devise devant un montant : {cells} cellules"),
        },
        Reason::FreeText => say(
            "people write anything into free text",
            "on écrit n'importe quoi dans un texte libre",
        ),
        Reason::People => say(
            "names of people seem to be in it",
            "elle semble contenir des noms de personnes",
        ),
        Reason::Unique => say(
            "nearly every row has a value of its own",
            "presque chaque ligne a sa propre valeur",
        ),
        Reason::ManyValues => say("it has too many values", "elle a trop de valeurs"),
        Reason::Rare(rows) => match language {
            En => format!("rows with a value that fewer than {SHARED} rows share: {rows}"),
            Fr => {
                format!("lignes dont la valeur est partagée par moins de {SHARED} lignes : {rows}")
            }
        },
        Reason::Unknown => say(
            "neither its name nor its content tells what it is",
            "ni son nom ni son contenu ne disent ce que c'est",
        ),
        Reason::UnknownSwitch => say(
            "yes or no to something that its name does not tell, such as an illness",
            "oui ou non à ce que son nom ne dit pas, une maladie peut-être",
        ),
        Reason::RareNumbers(rows) => match language {
            En => format!("rows with a number that fewer than {SHARED} rows share: {rows}"),
            Fr => {
                format!("lignes dont le nombre est partagé par moins de {SHARED} lignes : {rows}")
            }
        },
        Reason::Shared(least) => match language {
            En => format!("each value is shared by {least} rows or more"),
            Fr => format!("chaque valeur est partagée par au moins {least} lignes"),
        },
        Reason::Doubled => say(
            "another column has this name, and another rule would suit it",
            "une autre colonne a ce nom, et une autre règle lui conviendrait",
        ),
    }
}

/// What a first row that may be a person means.
pub(super) fn may_lack_header(language: Language) -> &'static str {
    either(
        language,
        "The first row may be a person, not a header: hardly a name of a column in it is known, or a \
         cell looks like data. So no name is shown, and names do not count. If it is a header, say \
         --header.",
        "La première ligne est peut-être une personne et non un en-tête : presque aucun nom de colonne \
         n'y est connu, ou une cellule ressemble à une donnée. Aucun nom n'est donc affiché ni pris \
         en compte. Si c'est bien un en-tête, ajoutez --header.",
    )
}
