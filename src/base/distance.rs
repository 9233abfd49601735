//! How far apart two words are.

/// How many letters must be put in, left out, changed or swapped with the next one to make one word of
/// another.
pub(crate) fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.iter().enumerate() {
        let mut next = vec![at + 1];
        for (column, target) in other.iter().enumerate() {
            let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
            let changed = cell(&row, column) + usize::from(letter != target);
            let mut least = changed
                .min(cell(&row, column + 1) + 1)
                .min(cell(&next, column) + 1);
            let swapped = at > 0
                && column > 0
                && one.get(at - 1) == Some(target)
                && other.get(column - 1) == Some(letter);
            if swapped {
                least = least.min(cell(&before, column - 1) + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_in_out_changed_and_swapped_count_one_each() {
        for (one, other, expected) in [
            ("", "", 0),
            ("", "sql", 3),
            ("sql", "sql", 0),
            ("slq", "sql", 1),
            ("sqll", "sql", 1),
            ("sal", "sql", 1),
            ("inspekt", "inspect", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
            assert_eq!(distance(other, one), expected, "{other} {one}");
        }
    }
}
