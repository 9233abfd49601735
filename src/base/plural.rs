//! Numbers with what they count.

use super::lang;

/// A number and its noun, which the catalogues have: `1 row`, `2 rows`, `3 classes`.
pub(crate) fn counted(number: impl TryInto<u64>, noun: &'static str) -> String {
    let number = lang::number(number);
    lang::noun(number, noun).unwrap_or_else(|| format!("{number} {noun}{}", ending(number, noun)))
}

fn ending(number: u64, noun: &str) -> &'static str {
    match number {
        1 => "",
        _ if noun.ends_with(['s', 'x']) => "es",
        _ => "s",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular_and_all_else_plural() {
        for (number, noun, expected) in [
            (0, "row", "0 rows"),
            (1, "row", "1 row"),
            (2, "quasi-identifying column", "2 quasi-identifying columns"),
            (1, "class", "1 class"),
            (3, "class", "3 classes"),
        ] {
            assert_eq!(counted(number, noun), expected);
        }
        assert_eq!(counted(1_usize, "warning"), "1 warning");
        lang::speaking(lang::Language::Fr, || {
            for (number, expected) in [
                (0, "0 ligne"),
                (1, "1 ligne"),
                (2, "2 lignes"),
                (12_345, "12\u{202f}345 lignes"),
            ] {
                assert_eq!(counted(number, "row"), expected);
            }
        });
    }
}
