//! What a column may mean, and what of that tells about a person.

use crate::rules::SpecialCategory;
use crate::rules::attribute::Attribute;

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
    BirthDate,
    BirthYear,
    BirthMonth,
    /// Other dates.
    Date,
    PostalCode,
    /// Addresses.
    Address,
    /// Towns, regions, countries.
    Place,
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
            | Self::Staff
            | Self::Coordinates
            | Self::Notes => Attribute::Identifying,
            Self::Special(_) | Self::Criminal | Self::Money => Attribute::Sensitive,
            Self::Price | Self::Progress | Self::Flag => Attribute::Insensitive,
            _ => Attribute::QuasiIdentifying,
        }
    }

    /// Whether what is in such a column may name people, even if it is the same in many rows.
    pub(super) const fn names_people(self) -> bool {
        matches!(self.attribute(), Attribute::Identifying)
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
