//! Differential privacy: noise that hides whether any one person is in the data at all.
//!
//! A figure that moves by at most Δ when a person is added or taken away gets a whole number drawn from the
//! discrete Laplace distribution of scale Δ / ε ([`laplace()`], after Canonne, Kamath and Steinke, 2020). What is
//! drawn is exactly that: probabilities are ratios of whole numbers, and floating point, whose gaps
//! tell figures apart (Mironov, 2012), is in no mechanism. Only [`half_width`], which is about the
//! distribution and about nobody's data, is worked out with it.

mod chance;
mod epsilon;
mod laplace;
mod width;

pub(crate) use chance::{Chance, SystemChance};
pub use epsilon::Epsilon;
pub(crate) use laplace::{Scale, laplace};
pub(crate) use width::half_width;
