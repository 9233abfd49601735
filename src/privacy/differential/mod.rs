//! Differential privacy: noise that hides whether any one person is in the data at all.
//!
//! A figure that moves by at most Δ when a person is added or taken away gets a whole number drawn from the
//! discrete Laplace distribution of scale Δ / ε ([`laplace()`], after Canonne, Kamath and Steinke, 2020). What is
//! drawn is exactly that: probabilities are ratios of whole numbers, and floating point, whose gaps
//! tell figures apart (Mironov, 2012), is in no mechanism. Only [`half_width`], which is about the
//! distribution and about nobody's data, is worked out with it.
//!
//! Which cells there are tells of people too. Where they are not known beforehand, those are told whose noisy count
//! reaches a [`threshold()`], and whoever is alone in a cell is told of with a probability of δ at most.
//!
//! What several tables come to is the sum of their ε or, where a budget has a δ, what they come to [`by_zcdp()`].

mod chance;
mod composition;
mod delta;
mod epsilon;
mod laplace;
mod threshold;
mod width;

pub(crate) use chance::{Chance, SystemChance};
pub(crate) use composition::{by_zcdp, kept};
pub use delta::Delta;
pub use epsilon::Epsilon;
pub(crate) use laplace::{Scale, laplace};
pub(crate) use threshold::threshold;
pub(crate) use width::half_width;
