//! l-diversity: how many values of a sensitive column the rows of a class have.
//!
//! A. Machanavajjhala, D. Kifer, J. Gehrke, M. Venkitasubramaniam, *l-Diversity: Privacy Beyond
//! k-Anonymity*, ACM TKDD 1(1), 2007.

/// The diversity of one class in one sensitive column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Diversity {
    /// Distinct values; a missing one counts as a value.
    pub distinct: usize,
    /// exp *H*, with the entropy *H* = −Σ *p* ln *p* over the shares *p* of the values: the class
    /// is entropy *l*-diverse for every *l* up to this, for its condition is *H* ≥ ln *l*. From 1
    /// to `distinct`.
    pub entropy: f64,
}

/// The diversity of a class, from each value's code with its number of rows. Every code stands
/// there once, with at least one row.
pub fn class_l(entries: &[(u32, u32)]) -> Diversity {
    let distinct = entries.len();
    let first = entries.first().map_or(0, |(_, count)| *count);
    // Exact where all values are equally frequent, so that a threshold of 2 is met by halves.
    if entries.iter().all(|(_, count)| *count == first) {
        return Diversity {
            distinct,
            entropy: distinct as f64,
        };
    }
    let rows: u64 = entries.iter().map(|(_, count)| u64::from(*count)).sum();
    let rows = rows as f64;
    // −Σ c/n ln (c/n) = ln n − (1/n) Σ c ln c
    let sum: f64 = entries
        .iter()
        .map(|(_, count)| f64::from(*count))
        .map(|count| count * count.ln())
        .sum();
    let entropy = (rows.ln() - sum / rows).exp();
    Diversity {
        distinct,
        entropy: entropy.clamp(1.0, distinct as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn diversity_by_hand() {
        for (name, counts, distinct, entropy) in [
            ("no row", &[][..], 0, 0.0),
            ("one value", &[4], 1, 1.0),
            // Machanavajjhala et al. 2007, figure 2: heart disease ×2, viral infection ×2.
            ("4-anonymous, first class", &[2, 2], 2, 2.0),
            // The same, second class: cancer, heart disease, viral infection ×2.
            // H = 2 · ¼ ln 4 + ½ ln 2 = 1.5 ln 2.
            (
                "4-anonymous, second class",
                &[1, 1, 2],
                3,
                2.0_f64.powf(1.5),
            ),
            // The same, third class: cancer ×4.
            ("4-anonymous, third class", &[4], 1, 1.0),
            // 3:1: exp(ln 4 − ¾ ln 3) = 4 / 3^¾
            ("three of four", &[3, 1], 2, 4.0 / 3.0_f64.powf(0.75)),
            ("all different", &[1, 1, 1, 1, 1], 5, 5.0),
        ] {
            let entries: Vec<_> = (0..).zip(counts.iter().copied()).collect();
            let found = class_l(&entries);
            assert_eq!(found.distinct, distinct, "{name}");
            assert!((found.entropy - entropy).abs() < 1e-12, "{name}: {found:?}");
        }
    }

    proptest! {
        #[test]
        fn entropy_is_as_defined(counts in prop::collection::vec(1_u32..50, 1..20)) {
            let entries: Vec<_> = (0..).zip(counts.iter().copied()).collect();
            let rows: u32 = counts.iter().sum();
            let entropy: f64 = counts
                .iter()
                .map(|&count| f64::from(count) / f64::from(rows))
                .map(|share| -share * share.ln())
                .sum();
            let found = class_l(&entries);
            prop_assert!((found.entropy - entropy.exp()).abs() < 1e-9);
            prop_assert!(found.entropy >= 1.0 && found.entropy <= found.distinct as f64);
        }
    }
}
