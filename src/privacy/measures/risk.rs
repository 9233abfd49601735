//! The risk of re-identification under the three attacker models.
//!
//! With *n* rows in *J* equivalence classes of the table, class *j* of size *fⱼ* there and *Fⱼ* in
//! the population that the table is drawn from (K. El Emam, F. K. Dankar, *Protecting Privacy Using
//! k-Anonymity*, JAMIA 15(5), 2008; F. K. Dankar, K. El Emam, *A Method for Evaluating Marketer
//! Re-identification Risk*, PAIS 2010; ISO/IEC 27559:2022 measures identifiability in this way):
//!
//! * **prosecutor**, who knows that the person is in the table: 1 / *fⱼ* for each row;
//! * **journalist**, who looks for anyone of the population: 1 / *Fⱼ* for each row;
//! * **marketer**, who links as many rows as possible: (1 / *n*) Σ *fⱼ* / *Fⱼ* of them rightly.
//!
//! No population is known here, so the table is taken for all of it: *Fⱼ* = *fⱼ*. The journalist
//! then has the prosecutor's risk, and the marketer's is *J* / *n*. Where the table is a sample,
//! both are upper bounds, for *Fⱼ* ≥ *fⱼ*.

use super::super::Combinations;
use super::sizes::share;

/// A row is at risk where its own is above this: its class has fewer than 5 rows.
pub const DEFAULT_THRESHOLD: f64 = 0.2;

/// An attacker's chances with single rows; all from 0 to 1, and 0 for a table without rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Risk {
    /// Of the row most at risk: max 1 / *fⱼ* = 1 / k.
    pub highest: f64,
    /// The share of rows above the threshold τ: (1 / *n*) Σ *fⱼ* · \[1 / *fⱼ* > τ\].
    pub rows_above: f64,
    /// Over all rows: (1 / *n*) Σ *fⱼ* · 1 / *fⱼ* = *J* / *n*.
    pub average: f64,
}

/// The risks under the three models.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Risks {
    /// The threshold τ that `rows_above` was computed with.
    pub threshold: f64,
    /// For an attacker who knows that the person is in the table.
    pub prosecutor: Risk,
    /// For one who does not; the table is taken for the whole population, so that this equals
    /// `prosecutor` and bounds the true risk from above.
    pub journalist: Risk,
    /// The share of rows that one who links all of them gets right: *J* / *n*; an upper bound too.
    pub marketer: f64,
}

/// Measures the risks; `threshold` is from 0 to 1, see [`DEFAULT_THRESHOLD`].
pub fn risks(combinations: &Combinations, threshold: f64) -> Risks {
    let rows = combinations.rows();
    let counts = combinations.counts();
    let smallest = counts.iter().min().copied().unwrap_or(0);
    let above = counts
        .iter()
        .filter(|&&count| 1.0 / f64::from(count) > threshold)
        .map(|&count| u64::from(count))
        .sum();
    let average = share(counts.len() as u64, rows);
    let prosecutor = Risk {
        highest: share(u64::from(smallest != 0), u64::from(smallest)),
        rows_above: share(above, rows),
        average,
    };
    Risks {
        threshold,
        prosecutor,
        journalist: prosecutor,
        marketer: average,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn risks_by_hand() {
        for (name, sizes, threshold, expected) in [
            ("no row", &[][..], 0.2, (0.0, 0.0, 0.0)),
            ("one person", &[1], 0.2, (1.0, 1.0, 1.0)),
            (
                "at the threshold is not above it",
                &[5, 5],
                0.2,
                (0.2, 0.0, 0.2),
            ),
            ("just above", &[4, 6], 0.2, (0.25, 0.4, 0.2)),
            ("of a third", &[3, 2, 5], 1.0 / 3.0, (0.5, 0.2, 0.3)),
            // Eleven rows in classes of 2, 2, 2, 2 and 3 (Sweeney 2002, figure 2).
            (
                "Sweeney",
                &[2, 2, 2, 2, 3],
                0.4,
                (0.5, 8.0 / 11.0, 5.0 / 11.0),
            ),
        ] {
            let rows: Vec<_> = (0..)
                .zip(sizes)
                .flat_map(|(code, &size)| (0..size).map(move |_| (vec![code], vec![])))
                .collect();
            let found = risks(&Combinations::of_rows(&rows), threshold);
            let (highest, rows_above, average) = expected;
            for (found, expected) in [
                (found.prosecutor.highest, highest),
                (found.prosecutor.rows_above, rows_above),
                (found.prosecutor.average, average),
                (found.journalist.highest, highest),
                (found.marketer, average),
            ] {
                assert!((found - expected).abs() < 1e-15, "{name}: {found}");
            }
        }
    }
}
