//! Amounts of the input that cannot be read: the first places and all counts.

use std::collections::BTreeSet;
use std::fmt;

use crate::base::lang::{Fixed, Whole};
use crate::base::name::Shown;
use crate::engine::aggregate::BadAmounts;

/// The amounts that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmountData {
    places: Vec<String>,
    counts: Vec<String>,
    advice: Vec<String>,
}

impl AmountData {
    /// Sums them up; `header` names the columns.
    pub(crate) fn new(bad: &BadAmounts, header: &[Shown]) -> Self {
        let places = bad.places.iter();
        let places = places.map(|(place, reason)| format!("{place}: {}", reason.what));
        let counts = bad.counts.iter().map(|(column, reason, count)| {
            text!(
                "{count} × column {name}: {why}",
                count = Whole(*count),
                name = header
                    .get(*column)
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                why = reason.what
            )
        });
        let advice: BTreeSet<Fixed> = bad
            .counts
            .iter()
            .map(|(_, reason, _)| reason.advice)
            .collect();
        Self {
            places: places.collect(),
            counts: counts.collect(),
            advice: advice.iter().map(Fixed::to_string).collect(),
        }
    }

    /// How many there are, by column and reason.
    pub(crate) fn counts(&self) -> String {
        self.counts.join("; ")
    }
}

impl fmt::Display for AmountData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(fixed!("amounts of a statistic cannot be read").get())?;
        for line in self.places.iter().chain(&self.counts) {
            write!(f, "\n  {line}")?;
        }
        for line in &self.advice {
            write!(f, "\n  {}", text!("what to do: {advice}", advice = line))?;
        }
        let more = fixed!(
            "or say the decimal mark with --decimal, or run again with --on-invalid blank (such amounts are not \
             counted) or --on-invalid skip (nor are their rows)"
        );
        write!(f, "\n  {more}")
    }
}
