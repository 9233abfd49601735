//! What is proposed for a column, and why. Where in doubt, it does not leave.
//!
//! A column leaves as it is only if every one of its values is shared by several rows: by
//! [`SHARED`] where its name is known to be harmless, by [`WIDELY_SHARED`] and with at most
//! [`FEW`] values where it is not known.

use super::kind::Kind;
use super::probe::Is;
use super::profile::{Profile, reaches};
use crate::detect::DETECTORS;
use crate::rules::SpecialCategory;
use crate::rules::column_names::meaning::Meaning;
use crate::rules::column_names::named::{Named, named};
use crate::rules::table::Attribute;

/// So many rows must share each value of a kept column whose name is known.
pub const SHARED: u64 = 5;
/// So many must where the name is not known.
pub const WIDELY_SHARED: u64 = 20;
/// So many values a kept column may have whose name is known.
pub const MANY: u64 = 500;
/// So many where it is not.
pub const FEW: u64 = 12;

/// So many percent of a column must be dates for a rule to be proposed that the others break.
const NEARLY_ALL: u64 = 95;
/// A column of marks has at most so many of them: 0 to 100.
const MOST_MARKS: u64 = 101;
/// How many years go together.
const YEARS: u64 = 10;

/// A rule, as far as one is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// `drop`, with `article_9` if there is a category.
    Drop(Option<SpecialCategory>),
    PostalCode {
        /// Whether cells are there that a spreadsheet took the first zero from.
        pad: bool,
    },
    Year {
        /// Whether months come first.
        month_first: bool,
    },
    YesNo,
    Bucket {
        /// How wide its intervals are.
        width: u64,
        /// The decimal mark, where it has to be said.
        decimal: Option<char>,
        /// Whether amounts are written as accountants and tills do.
        wide: bool,
    },
    Keep,
}

/// Why it is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The name tells that it must not leave.
    Name(Meaning),
    /// An encoding has spoilt the name.
    Garbled,
    /// The column has no name.
    Nameless,
    /// Nothing is in it.
    Empty,
    /// A detector finds identifiers: its place in [`DETECTORS`], and in how many cells.
    Detected(usize, u64),
    /// Dates of birth: the year is enough. So few cells are no dates that the rule is worth it.
    BirthDate { invalid: u64 },
    /// So many cells are no dates that `year` takes.
    NotDates(u64),
    /// Dates that are no dates of birth.
    OtherDate,
    /// The area of an address is enough.
    Area,
    /// An address without a postal code in most cells.
    NoPostalCodes,
    /// Large families are rare.
    Children,
    /// An exact amount can be looked up elsewhere.
    Amounts,
    /// So many cells are no amounts that `bucket` takes.
    NotAmounts(u64),
    /// Free text, of several words or lines.
    FreeText,
    /// Names of people seem to be in it.
    People,
    /// Nearly every row has a value of its own.
    Unique,
    /// More values than a category has.
    ManyValues,
    /// So many rows have a value that too few rows share.
    Rare(u64),
    /// Neither name nor content tell what it is.
    Unknown,
    /// Yes or no to what its name does not tell.
    UnknownSwitch,
    /// Numbers of which so many rows have one that too few rows share.
    RareNumbers(u64),
    /// Each value is shared by so many rows or more.
    Shared(u64),
    /// Another column of the same name must not leave, or is to leave otherwise.
    Doubled,
}

/// What is proposed for a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal {
    pub rule: Rule,
    /// What the column tells about a person.
    pub attribute: Attribute,
    /// Why the rule.
    pub reason: Reason,
}

/// What a column tells about a person, where its name tells it whatever is in the column.
pub(crate) fn attribute_by_name(name: &str) -> Option<Attribute> {
    let meaning = named(name).meaning?;
    let tells = match meaning {
        // They may be marks.
        Meaning::Notes => false,
        Meaning::BirthDate | Meaning::Address | Meaning::PostalCode => true,
        _ => meaning.never_leaves(),
    };
    tells.then(|| meaning.attribute())
}

impl Proposal {
    /// What is to be done with a column.
    pub(super) fn new(named: Named, kind: Kind, profile: &Profile, nameless: bool) -> Self {
        let (rule, reason) = decide(named, kind, profile, nameless);
        let by_name = named.meaning.map(Meaning::attribute);
        let attribute = match (rule, reason) {
            (_, Reason::Detected(..) | Reason::People | Reason::Unique) => Attribute::Identifying,
            (Rule::PostalCode { .. }, _) => Attribute::QuasiIdentifying,
            // What few rows share singles them out, whatever it is about.
            (Rule::Drop(_), Reason::Rare(_) | Reason::ManyValues)
                if by_name == Some(Attribute::Insensitive) =>
            {
                Attribute::QuasiIdentifying
            }
            // Who looks for a person may know it: that is the safe side.
            _ => by_name.unwrap_or(Attribute::QuasiIdentifying),
        };
        Self {
            rule,
            attribute,
            reason,
        }
    }
}

fn decide(named: Named, kind: Kind, profile: &Profile, nameless: bool) -> (Rule, Reason) {
    let drop = |reason| (Rule::Drop(None), reason);
    let mut meaning = named.meaning;
    if meaning == Some(Meaning::Notes) && is_marks(kind, profile) {
        // `Note` is a mark as well as a remark.
        meaning = Some(Meaning::Number);
    }
    match meaning {
        Some(Meaning::Special(category)) => {
            return (
                Rule::Drop(Some(category)),
                Reason::Name(Meaning::Special(category)),
            );
        }
        Some(meaning) if meaning.never_leaves() => return drop(Reason::Name(meaning)),
        _ if nameless => return drop(Reason::Nameless),
        _ if named.garbled => return drop(Reason::Garbled),
        _ if kind == Kind::Empty => return drop(Reason::Empty),
        Some(Meaning::BirthDate) => return birth_date(profile),
        Some(area @ (Meaning::Address | Meaning::PostalCode)) if kind != Kind::YesNo => {
            return self::area(area, kind, profile);
        }
        Some(Meaning::BirthYear | Meaning::BirthMonth) if matches!(kind, Kind::Date(_)) => {
            return birth_date(profile);
        }
        _ => {}
    }
    if let Some((place, cells)) = worst_detector(profile) {
        return drop(Reason::Detected(place, cells));
    }
    match meaning {
        Some(Meaning::Children) if profile.all(Is::Countable) => (Rule::YesNo, Reason::Children),
        Some(Meaning::Children) => drop(Reason::NotAmounts(not(profile, Is::Countable))),
        Some(Meaning::Money | Meaning::Price) => amounts(profile),
        _ => category(meaning, kind, profile),
    }
}

fn not(profile: &Profile, is: Is) -> u64 {
    profile.filled() - profile.cells(is)
}

/// Whether a column named for notes holds marks: numbers that many rows share.
fn is_marks(kind: Kind, profile: &Profile) -> bool {
    matches!(kind, Kind::Whole | Kind::Amount | Kind::YesNo)
        && profile.distinct.count() <= MOST_MARKS
        && (profile.all(Is::Amount) || profile.all(Is::YesNo))
}

/// A date that is none empties its cell or leaves its row out, as the one who runs it says; where
/// they are many the rule is the wrong one.
fn birth_date(profile: &Profile) -> (Rule, Reason) {
    let (day_first, month_first) = (not(profile, Is::Date), not(profile, Is::MonthFirst));
    let invalid = day_first.min(month_first);
    if reaches(invalid, profile.filled(), 100 - NEARLY_ALL) {
        return (Rule::Drop(None), Reason::NotDates(invalid));
    }
    let month_first = month_first < day_first;
    (Rule::Year { month_first }, Reason::BirthDate { invalid })
}

fn area(meaning: Meaning, kind: Kind, profile: &Profile) -> (Rule, Reason) {
    let codes = profile.cells(Is::PostalCode) + profile.cells(Is::WithPostalCode);
    // Belgian codes look like French ones without their zero: most cells must have five digits.
    let short = profile.cells(Is::LostZero);
    let pad = meaning == Meaning::PostalCode && 0 < short && short < codes;
    let read = if pad { codes + short } else { codes };
    match kind == Kind::PostalCode || reaches(read, profile.filled(), 50) {
        true => (Rule::PostalCode { pad }, Reason::Area),
        false => (Rule::Drop(None), Reason::NoPostalCodes),
    }
}

fn amounts(profile: &Profile) -> (Rule, Reason) {
    let readings = [
        (false, Is::Amount, Is::AmountWithComma, Is::AmountWithDot),
        (true, Is::WideAmount, Is::WideWithComma, Is::WideWithDot),
    ];
    let mut marks = readings.into_iter().filter_map(|(wide, any, comma, dot)| {
        let (comma, dot) = (profile.all(comma), profile.all(dot));
        match (profile.all(any), comma, dot) {
            (true, _, _) => Some((wide, None)),
            (_, true, false) => Some((wide, Some(','))),
            (_, false, true) => Some((wide, Some('.'))),
            _ => None,
        }
    });
    match marks.next() {
        Some((wide, decimal)) => {
            let width = profile.width();
            let rule = Rule::Bucket {
                width,
                decimal,
                wide,
            };
            (rule, Reason::Amounts)
        }
        None => (
            Rule::Drop(None),
            Reason::NotAmounts(not(profile, Is::Amount)),
        ),
    }
}

/// The detector with the most finds among those that prove something.
fn worst_detector(profile: &Profile) -> Option<(usize, u64)> {
    let alarms = profile.tally.alarms();
    (0..DETECTORS.len())
        .filter(|place| alarms.has(*place))
        .map(|place| (place, profile.tally.identified(place)))
        .max_by_key(|(place, cells)| (*cells, usize::MAX - place))
}

fn category(meaning: Option<Meaning>, kind: Kind, profile: &Profile) -> (Rule, Reason) {
    let drop = |reason| (Rule::Drop(None), reason);
    let (values, filled) = (profile.distinct.count(), profile.filled());
    let known = meaning.is_some();
    let (least, most) = match known {
        true => (SHARED, MANY),
        false => (WIDELY_SHARED, FEW),
    };
    if matches!(kind, Kind::Date(_)) {
        return drop(Reason::OtherDate);
    }
    // A single line break would stop the run.
    if kind == Kind::FreeText || profile.cells(Is::Broken) > 0 || profile.mostly(Is::Long, 5) {
        return drop(Reason::FreeText);
    }
    if kind == Kind::PersonName || names_people(profile, known) {
        return drop(Reason::People);
    }
    if !known && kind == Kind::YesNo {
        return drop(Reason::UnknownSwitch);
    }
    if filled >= WIDELY_SHARED && reaches(values, filled, 90) && !(known && kind == Kind::Whole) {
        return drop(Reason::Unique);
    }
    if let (Some(0), true) = (
        profile.distinct.rows_shared_by_fewer_than(least),
        values <= most,
    ) {
        return (Rule::Keep, Reason::Shared(least));
    }
    let rare = profile.distinct.rows_shared_by_fewer_than(least);
    let counts = matches!(meaning, Some(Meaning::Number | Meaning::BirthYear));
    if counts && profile.all(Is::Amount) {
        let width = match profile.all(Is::FourDigitYear) {
            true => YEARS,
            false => profile.width().max(5),
        };
        let rule = Rule::Bucket {
            width,
            decimal: None,
            wide: false,
        };
        return (rule, Reason::RareNumbers(rare.unwrap_or(filled)));
    }
    match rare {
        _ if !known => drop(Reason::Unknown),
        Some(rows) if rows > 0 => drop(Reason::Rare(rows)),
        _ => drop(Reason::ManyValues),
    }
}

/// Whether cells name people: by first names and titles in any column, by surnames, and by capitals
/// where the name of the column does not speak against it.
fn names_people(profile: &Profile, known: bool) -> bool {
    if profile.all(Is::YesNo) {
        return false;
    }
    let capitals = profile.mostly(Is::MayBeName, 80)
        || profile.distinct.count() > 3 && profile.mostly(Is::Capitalised, 80);
    profile.mostly(Is::FirstName, 10)
        || profile.mostly(Is::Titled, 10)
        || profile.mostly(Is::Surname, if known { 30 } else { 10 })
        || !known && capitals
}

#[cfg(test)]
mod tests;
