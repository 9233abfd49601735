//! The words of an inspection.

use crate::base::lang::{Fixed, Whole};
use crate::detect::DETECTORS;
use crate::engine::inspect::{DateForm, Kind, Reason, SHARED};
use crate::rules::column_names::meaning::Meaning;
use crate::rules::table::Attribute;

/// What type a column is of.
pub(super) fn kind(kind: Kind) -> String {
    match kind {
        Kind::Empty => fixed!("nothing").to_string(),
        Kind::YesNo => fixed!("yes or no").to_string(),
        Kind::Date(form) => {
            let letters = match form {
                DateForm::YearFirst => fixed!("YYYY-MM-DD"),
                DateForm::DayFirst => fixed!("DD/MM/YYYY"),
                DateForm::MonthFirst => fixed!("MM/DD/YYYY"),
                DateForm::EightDigits => fixed!("YYYYMMDD"),
            };
            text!("date {letters}", letters)
        }
        Kind::Identifier(place) => detector(place).to_owned(),
        Kind::PostalCode => fixed!("postal code").to_string(),
        Kind::Whole => fixed!("whole number").to_string(),
        Kind::Amount => fixed!("amount").to_string(),
        Kind::Address => fixed!("address with a postal code").to_string(),
        Kind::FreeText => fixed!("free text").to_string(),
        Kind::PersonName => fixed!("names of people").to_string(),
        Kind::Category => fixed!("category").to_string(),
        Kind::Text => fixed!("text").to_string(),
    }
}

/// What a column tells about a person.
pub(super) fn attribute(attribute: Attribute) -> Fixed {
    match attribute {
        Attribute::Identifying => fixed!("identifying"),
        Attribute::QuasiIdentifying => fixed!("quasi-identifying"),
        Attribute::Sensitive => fixed!("sensitive"),
        Attribute::Insensitive => fixed!("insensitive"),
    }
}

/// What a column is named for.
fn meaning(meaning: Meaning) -> String {
    let known = match meaning {
        Meaning::Special(category) => {
            return text!("{what} (GDPR art. 9)", what = category.description());
        }
        Meaning::Criminal => fixed!("criminal convictions and offences (GDPR art. 10)"),
        Meaning::Person => fixed!("names of people"),
        Meaning::Email => fixed!("e-mail addresses"),
        Meaning::Phone => fixed!("telephone numbers"),
        Meaning::OfficialNumber => fixed!("official numbers"),
        Meaning::Account => fixed!("bank accounts or cards"),
        Meaning::Key => fixed!("keys or references"),
        Meaning::Web => fixed!("web addresses or traces"),
        Meaning::Staff => fixed!("members of staff, or who else deals with a customer"),
        Meaning::Employer => fixed!("employers or firms"),
        Meaning::Notes => fixed!("free text"),
        Meaning::Coordinates => fixed!("points on a map"),
        Meaning::Birthplace => fixed!("a place of birth, origin or connection"),
        Meaning::BirthDate => fixed!("dates of birth"),
        Meaning::BirthYear => fixed!("years of birth"),
        Meaning::BirthMonth => fixed!("months of birth"),
        Meaning::Date => fixed!("dates, and an exact day singles out"),
        Meaning::PostalCode => fixed!("postal codes"),
        Meaning::Address => fixed!("addresses"),
        Meaning::Place => fixed!("places"),
        Meaning::Children => fixed!("numbers of children"),
        Meaning::Money => fixed!("amounts of money"),
        Meaning::Price => fixed!("prices"),
        Meaning::Number => fixed!("numbers"),
        Meaning::Gender => fixed!("sex or title"),
        Meaning::Occupation => fixed!("occupations"),
        Meaning::Situation => fixed!("facts of a life"),
        Meaning::Category => fixed!("categories"),
        Meaning::Progress => fixed!("progress or source"),
        Meaning::Flag => fixed!("consents or switches"),
    };
    known.to_string()
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
        Reason::NotAmounts(_) => "not_amounts",
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
pub(super) fn reason(reason: Reason) -> String {
    match reason {
        Reason::Name(named) => {
            text!("its name says: {what}", what = meaning(named))
        }
        Reason::Garbled => fixed!("its name is garbled, so nobody can tell what is in it: give the encoding with --encoding").to_string(),
        Reason::Nameless => fixed!("it has no name").to_string(),
        Reason::Empty => fixed!("nothing is in it").to_string(),
        Reason::Detected(place, cells) => {
            let name = detector(place);
            text!("identifiers are in its cells ({name}: {cells})", name, cells)
        }
        Reason::BirthDate { invalid } => {
            let why = fixed!("a day of birth is nearly a name: the year is enough");
            match invalid {
                0 => why.to_string(),
                _ => text!(
                    "{why}; cells that are no date: {invalid}, so run it with --on-invalid blank \
                     (they are emptied) or --on-invalid skip (their rows are left out)",
                    why,
                    invalid = Whole(invalid)
                ),
            }
        }
        Reason::NotDates(cells) => text!("cells that are no date that `year` takes: {cells}", cells),
        Reason::OtherDate => fixed!("an exact day singles people out").to_string(),
        Reason::Area => fixed!("the area is enough").to_string(),
        Reason::NoPostalCodes => fixed!("most cells have no postal code that could stand for them").to_string(),
        Reason::Children => fixed!("large families are rare").to_string(),
        Reason::Amounts => fixed!("an exact amount can be looked up elsewhere").to_string(),
        Reason::NotAmounts(cells) => text!("cells that are no amount, or could be two: {cells}", cells),
        Reason::FreeText => fixed!("people write anything into free text").to_string(),
        Reason::People => fixed!("names of people seem to be in it").to_string(),
        Reason::Unique => fixed!("nearly every row has a value of its own").to_string(),
        Reason::ManyValues => fixed!("it has too many values").to_string(),
        Reason::Rare(rows) => text!("rows with a value that fewer than {shared} rows share: {rows}", shared = SHARED, rows),
        Reason::Unknown => fixed!("neither its name nor its content tells what it is").to_string(),
        Reason::UnknownSwitch => fixed!("yes or no to something that its name does not tell, such as an illness").to_string(),
        Reason::RareNumbers(rows) => text!("rows with a number that fewer than {shared} rows share: {rows}", shared = SHARED, rows),
        Reason::Shared(least) => text!("each value is shared by {least} rows or more", least),
        Reason::Doubled => fixed!("another column has this name, and another rule would suit it").to_string(),
    }
}

/// What a first row that may be a person means.
pub(super) fn may_lack_header() -> Fixed {
    fixed!(
        "The first row may be a person, not a header: hardly a name of a column in it is known, or a \
         cell looks like data. So no name is shown, and names do not count. If it is a header, say \
         --header."
    )
}

/// What messages call a detector, by its place in the list.
fn detector(place: usize) -> &'static str {
    DETECTORS.get(place).map_or("", |one| one.title.get())
}

/// A word of the dialect, which has an English name for machines.
pub(super) fn of_dialect(name: &'static str) -> &'static str {
    let word = match name {
        "comma" => fixed!("comma"),
        "semicolon" => fixed!("semicolon"),
        "tab" => fixed!("tab"),
        "pipe" => fixed!("pipe"),
        "none" => fixed!("none"),
        other => return other,
    };
    word.get()
}
