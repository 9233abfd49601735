//! Numbers with what they count, in English.

/// A number and its noun: `1 row`, `2 rows`, `3 classes`.
pub(crate) fn counted(number: impl TryInto<u64>, noun: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    format!("{number} {noun}{}", ending(number, noun))
}

/// The same in French, where a number below 2 is one.
pub(crate) fn counted_in_french(number: u64, one: &str, more: &str) -> String {
    let noun = if number < 2 { one } else { more };
    format!("{number} {noun}")
}

/// What a noun ends with for so many.
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
        for (number, expected) in [(0, "0 ligne"), (1, "1 ligne"), (2, "2 lignes")] {
            assert_eq!(counted_in_french(number, "ligne", "lignes"), expected);
        }
    }
}
