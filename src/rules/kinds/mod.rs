//! The rule kinds, one file each, and the one list of them.

use crate::rules::Kind;

pub(crate) mod age;
pub(crate) mod bucket;
pub(crate) mod constant;
pub(crate) mod date_shift;
pub(crate) mod departement;
pub(crate) mod drop;
pub(crate) mod encrypt;
pub(crate) mod hash;
pub(crate) mod keep;
pub(crate) mod map;
pub(crate) mod mask;
pub(crate) mod microaggregate;
pub(crate) mod noise;
pub(crate) mod postal_code;
pub(crate) mod range;
pub(crate) mod region;
pub(crate) mod round;
pub(crate) mod token;
pub(crate) mod truncate;
pub(crate) mod year;
pub(crate) mod year_month;
pub(crate) mod yes_no;

/// Every rule kind, in the order the documentation lists them.
pub static KINDS: &[&Kind] = &[
    &drop::KIND,
    &keep::KIND,
    &year::KIND,
    &year_month::KIND,
    &age::KIND,
    &date_shift::KIND,
    &yes_no::KIND,
    &bucket::KIND,
    &range::KIND,
    &round::KIND,
    &noise::KIND,
    &microaggregate::KIND,
    &postal_code::KIND,
    &departement::KIND,
    &region::KIND,
    &map::KIND,
    &constant::KIND,
    &truncate::KIND,
    &mask::KIND,
    &encrypt::KIND,
    &hash::KIND,
    &token::KIND,
];
