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
use crate::rules::column_names::meaning::{Meaning, Named};
use crate::rules::table::Attribute;

/// So many rows must share each value of a kept column whose name is known.
pub const SHARED: u64 = 5;
/// So many must where the name is not known.
pub const WIDELY_SHARED: u64 = 20;
/// So many values a kept column may have whose name is known.
pub const MANY: u64 = 500;
/// So many where it is not.
pub const FEW: u64 = 12;

/// A rule, as far as one is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// `drop`, with `article_9` if there is a category.
    Drop(Option<SpecialCategory>),
    /// `postal_code`.
    PostalCode {
        /// Whether cells are there that a spreadsheet took the first zero from.
        pad: bool,
    },
    /// `year`.
    Year {
        /// Whether months come first.
        month_first: bool,
    },
    /// `yes_no`.
    YesNo,
    /// `bucket`.
    Bucket {
        /// How wide its intervals are.
        width: u64,
        /// The decimal mark, where it has to be said.
        decimal: Option<char>,
    },
    /// `keep`.
    Keep,
}

/// Why it is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The name tells that it must not leave.
    Name(Meaning),
    /// The column has no name.
    Nameless,
    /// Nothing is in it.
    Empty,
    /// A detector finds identifiers: its place in [`DETECTORS`], and in how many cells.
    Detected(usize, u64),
    /// Dates of birth: the year is enough.
    BirthDate,
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
    /// The rule.
    pub rule: Rule,
    /// What the column tells about a person.
    pub attribute: Attribute,
    /// Why the rule.
    pub reason: Reason,
}

impl Proposal {
    /// What is to be done with a column.
    pub(super) fn new(named: Named, kind: Kind, profile: &Profile, nameless: bool) -> Self {
        let (rule, reason) = decide(named.meaning, kind, profile, nameless);
        let by_name = named.meaning.map(Meaning::attribute);
        let attribute = match (rule, reason) {
            (_, Reason::Detected(..) | Reason::People | Reason::Unique) => Attribute::Identifying,
            (Rule::PostalCode { .. }, _) => Attribute::QuasiIdentifying,
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

fn decide(
    meaning: Option<Meaning>,
    kind: Kind,
    profile: &Profile,
    nameless: bool,
) -> (Rule, Reason) {
    let drop = |reason| (Rule::Drop(None), reason);
    match meaning {
        Some(Meaning::Special(category)) => {
            return (
                Rule::Drop(Some(category)),
                Reason::Name(Meaning::Special(category)),
            );
        }
        Some(meaning) if meaning.never_leaves() => return drop(Reason::Name(meaning)),
        _ if nameless => return drop(Reason::Nameless),
        _ if kind == Kind::Empty => return drop(Reason::Empty),
        Some(Meaning::BirthDate) => return birth_date(profile),
        Some(area @ (Meaning::Address | Meaning::PostalCode)) => {
            return self::area(area, kind, profile);
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

fn birth_date(profile: &Profile) -> (Rule, Reason) {
    let rule = |month_first| (Rule::Year { month_first }, Reason::BirthDate);
    if profile.all(Is::Date) {
        rule(false)
    } else if profile.all(Is::MonthFirst) {
        rule(true)
    } else {
        let fewer = not(profile, Is::Date).min(not(profile, Is::MonthFirst));
        (Rule::Drop(None), Reason::NotDates(fewer))
    }
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
    let bucket = |decimal| {
        let width = profile.width();
        (Rule::Bucket { width, decimal }, Reason::Amounts)
    };
    let (comma, dot) = (
        profile.all(Is::AmountWithComma),
        profile.all(Is::AmountWithDot),
    );
    match (profile.all(Is::Amount), comma, dot) {
        (true, _, _) => bucket(None),
        (_, true, false) => bucket(Some(',')),
        (_, false, true) => bucket(Some('.')),
        _ => (
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
    if kind == Kind::PersonName
        || profile.mostly(Is::FirstName, 10)
        || !known && !profile.all(Is::YesNo) && several_capitals(profile)
    {
        return drop(Reason::People);
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
    if meaning == Some(Meaning::Number) && profile.all(Is::Amount) {
        let width = profile.width().max(5);
        let rule = Rule::Bucket {
            width,
            decimal: None,
        };
        return (rule, Reason::RareNumbers(rare.unwrap_or(filled)));
    }
    match rare {
        _ if !known => drop(Reason::Unknown),
        Some(rows) if rows > 0 => drop(Reason::Rare(rows)),
        _ => drop(Reason::ManyValues),
    }
}

/// Whether most cells look like `Jean Dupont` or `Dupont`, with more values than a switch has.
fn several_capitals(profile: &Profile) -> bool {
    profile.distinct.count() > 3 && profile.mostly(Is::Capitalised, 80)
}

#[cfg(test)]
mod tests;
