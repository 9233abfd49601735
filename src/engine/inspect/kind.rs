//! What type the cells of a column are of: the narrowest that takes nearly all of them.

use super::probe::Is;
use super::profile::{Profile, reaches};
use crate::detect::DETECTORS;

/// So many percent of the cells must be of a type.
const NEARLY_ALL: u64 = 95;
/// More values of several words each are free text.
const PROSE_VALUES: u64 = 50;
/// A text of at most so many values is a category,
const FEW_VALUES: u64 = 100;
/// if each stands for so many rows on average.
const ROWS_PER_VALUE: u64 = 3;

/// So many different values are texts,
const TEXTS: u64 = 20;
/// if each stands for so many of them at most on average.
const ROWS_PER_TEXT: u64 = 10;
/// The detector of people's names.
const NAMES: &str = "person_name";

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// No cell has anything in it.
    Empty,
    /// Yes or no, in words or as 0 and 1.
    YesNo,
    Date(DateForm),
    /// What a detector finds, by its place in [`DETECTORS`].
    Identifier(usize),
    PostalCode,
    /// Whole numbers.
    Whole,
    /// Amounts, with decimals, spaces or units.
    Amount,
    /// Addresses with postal codes.
    Address,
    /// Text of several words or lines.
    FreeText,
    /// Names of people.
    PersonName,
    /// A few texts that return.
    Category,
    /// Other text.
    Text,
}

/// How dates are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateForm {
    /// `YYYY-MM-DD`
    YearFirst,
    /// `DD/MM/YYYY`
    DayFirst,
    /// `MM/DD/YYYY`
    MonthFirst,
    /// `YYYYMMDD`
    EightDigits,
}

impl DateForm {
    /// The form in letters.
    pub const fn letters(self) -> &'static str {
        match self {
            Self::YearFirst => "YYYY-MM-DD",
            Self::DayFirst => "DD/MM/YYYY",
            Self::MonthFirst => "MM/DD/YYYY",
            Self::EightDigits => "YYYYMMDD",
        }
    }
}

impl Kind {
    /// The type of a column.
    pub(super) fn of(profile: &Profile) -> Self {
        let filled = profile.filled();
        if filled == 0 {
            return Self::Empty;
        }
        if profile.all(Is::YesNo) && profile.distinct.count() <= 4 {
            return Self::YesNo;
        }
        if let Some(form) = date_form(profile) {
            return Self::Date(form);
        }
        if profile.mostly(Is::PostalCode, NEARLY_ALL) {
            return Self::PostalCode;
        }
        if let Some(place) = detected(profile) {
            return Self::Identifier(place);
        }
        if profile.mostly(Is::Whole, NEARLY_ALL) {
            return Self::Whole;
        }
        let amounts = [Is::Amount, Is::AmountWithComma, Is::AmountWithDot];
        if amounts.iter().any(|is| profile.mostly(*is, NEARLY_ALL)) {
            return Self::Amount;
        }
        if profile.mostly(Is::WithPostalCode, 50) {
            return Self::Address;
        }
        if profile.mostly(Is::Long, 20) || profile.mostly(Is::Broken, 20) || has_texts(profile) {
            return Self::FreeText;
        }
        let prose = profile.mostly(Is::SeveralWords, 50);
        if prose && profile.distinct.count() > PROSE_VALUES {
            return Self::FreeText;
        }
        let people = [Is::FirstName, Is::Surname, Is::Titled];
        if people.iter().any(|is| profile.mostly(*is, 30)) || has_names(profile) {
            return Self::PersonName;
        }
        let values = profile.distinct.count();
        if profile.distinct.is_exact() && values <= FEW_VALUES && values * ROWS_PER_VALUE <= filled
        {
            return Self::Category;
        }
        Self::Text
    }
}

fn date_form(profile: &Profile) -> Option<DateForm> {
    if profile.mostly(Is::Date, NEARLY_ALL) {
        let dates = profile.cells(Is::Date);
        return Some(if reaches(profile.cells(Is::EightDigits), dates, 50) {
            DateForm::EightDigits
        } else if reaches(profile.cells(Is::YearFirst), dates, 50) {
            DateForm::YearFirst
        } else {
            DateForm::DayFirst
        });
    }
    let month_first = profile.mostly(Is::MonthFirst, NEARLY_ALL);
    month_first.then_some(DateForm::MonthFirst)
}

/// Whether a fifth of the cells are texts of several words that hardly return: those of a category
/// do.
fn has_texts(profile: &Profile) -> bool {
    let (texts, values) = (profile.cells(Is::SeveralWords), profile.distinct.count());
    profile.mostly(Is::SeveralWords, 20) && values >= TEXTS && values * ROWS_PER_TEXT >= texts
}

/// Whether a detector finds people in three of ten cells.
fn has_names(profile: &Profile) -> bool {
    let place = DETECTORS.iter().position(|detector| detector.name == NAMES);
    place.is_some_and(|place| reaches(profile.tally.identified(place), profile.filled(), 30))
}

/// The first detector that finds something in four of five cells, if that is not people's names.
fn detected(profile: &Profile) -> Option<usize> {
    let named = |place: &usize| DETECTORS.get(*place).is_some_and(|one| one.name == NAMES);
    (0..DETECTORS.len())
        .filter(|place| !named(place))
        .find(|place| reaches(profile.tally.identified(*place), profile.filled(), 80))
}

#[cfg(test)]
mod tests {
    use super::super::profile::testing::profile;
    use super::*;

    #[test]
    fn columns_have_the_narrowest_type_that_takes_their_cells() {
        let named = |name: &str| DETECTORS.iter().position(|one| one.name == name).unwrap();
        let cases: &[(&str, &[&str], Kind)] = &cases![
            "nothing", &["", "NULL", " "], Kind::Empty;
            "yes or no", &["oui", "Non", "", "oui"], Kind::YesNo;
            "0 and 1", &["0", "1", "1"], Kind::YesNo;
            "whole", &["0", "1", "17"], Kind::Whole;
            "amounts", &["12,5", "1 200 €", "3"], Kind::Amount;
            "ISO", &["1985-07-23", "2001-01-02T10:00:00Z"], Kind::Date(DateForm::YearFirst);
            "French", &["23/07/1985", "02.01.2001"], Kind::Date(DateForm::DayFirst);
            "American", &["07/23/1985", "01/02/2001"], Kind::Date(DateForm::MonthFirst);
            "either", &["07/03/1985", "01/02/2001"], Kind::Date(DateForm::DayFirst);
            "digits", &["19850723", "20010102"], Kind::Date(DateForm::EightDigits);
            "postal codes", &["75002", "29200", "97400"], Kind::PostalCode;
            "e-mail", &["a@example.fr", "b@example.com"], Kind::Identifier(named("email"));
            "addresses", &["Le Bourg 29200 Brest", "", "75002 Paris"], Kind::Address;
            "lines", &["a\nb", "c"], Kind::FreeText;
            "people", &["Marie Curie", "Pierre Curie", "Curie"], Kind::PersonName;
            "staff", &["Dr Kovacs", "Dr Kovacs", "Me Orban"], Kind::PersonName;
            "surnames", &["LEROY", "GARNIER", "LEROY", "Kovacs"], Kind::PersonName;
            "categories", &["or", "or", "bleu", "or", "bleu", "or"], Kind::Category;
            "words", &["or", "bleu", "vert"], Kind::Text;
        ];
        for (case, cells, expected) in cases {
            assert_eq!(Kind::of(&profile(*cells)), *expected, "{case}");
        }
    }
}
