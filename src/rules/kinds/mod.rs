//! The rule kinds, one file each.

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
