//! The risk under one model of an attacker.

use serde::Serialize;

use crate::privacy::measures::Risk;

/// The risk, as JSON has it.
#[derive(Serialize)]
pub(super) struct Model {
    highest: f64,
    rows_above_threshold: f64,
    average: f64,
}

impl From<Risk> for Model {
    fn from(risk: Risk) -> Self {
        Self {
            highest: risk.highest,
            rows_above_threshold: risk.rows_above,
            average: risk.average,
        }
    }
}
