//! How the values of a sensitive column are ordered: what the distance between two of them is.

use std::cmp::Ordering;

/// The order of a sensitive column's values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Values in a row, as numbers and brackets are: for each code its rank, from 0 without gaps.
    /// Values of one rank are one value, as `7` and `7.0` are. A missing value has none.
    Ranked(Vec<Option<u32>>),
    /// Categories: each is as far from one other as from the next.
    Categories,
}

/// Decides from a column's distinct texts, in the order of their codes: ranked if all are numbers
/// (`-12`, `3.5`, `3,5`) or brackets of numbers (`-20000-0`, `<0`, `200000+`), else categories.
///
/// Brackets are ordered by where they begin, then by where they end; a number is the bracket of
/// itself alone. Missing, the empty text, makes no category of a column of numbers, and has no rank
/// among them: nobody knows how far it is from any. A column with no number at all has categories.
pub fn order_of<'a>(texts: impl IntoIterator<Item = &'a [u8]>) -> Order {
    let mut brackets = Vec::new();
    let mut ranks = Vec::new();
    for text in texts {
        match (text, Bracket::parse(text)) {
            ([], _) => {}
            (_, Some(bracket)) => brackets.push((bracket, ranks.len())),
            (_, None) => return Order::Categories,
        }
        ranks.push(None);
    }
    if brackets.is_empty() {
        return Order::Categories;
    }
    brackets.sort_by(|(left, _), (right, _)| compare(left, right));
    let mut rank = 0;
    let mut before = None;
    for (bracket, code) in &brackets {
        rank += u32::from(before.is_some_and(|before| compare(before, bracket).is_ne()));
        before = Some(bracket);
        if let Some(slot) = ranks.get_mut(*code) {
            *slot = Some(rank);
        }
    }
    Order::Ranked(ranks)
}

/// From one number to another, or one alone.
#[derive(Debug, Clone, Copy)]
struct Bracket {
    from: f64,
    to: f64,
}

fn compare(left: &Bracket, right: &Bracket) -> Ordering {
    let ends = left.to.total_cmp(&right.to);
    left.from.total_cmp(&right.from).then(ends)
}

impl Bracket {
    fn parse(text: &[u8]) -> Option<Self> {
        let (from, to) = ends(text)?;
        let end = |end: Option<&str>, open| end.map_or(Some(open), number);
        let (from, to) = (end(from, f64::NEG_INFINITY)?, end(to, f64::INFINITY)?);
        (from <= to).then_some(Self { from, to })
    }
}

/// Where a number or a bracket begins and where it ends, as it is written; nothing where it is open.
pub(in crate::privacy) fn ends(text: &[u8]) -> Option<(Option<&str>, Option<&str>)> {
    let text = std::str::from_utf8(text).ok()?;
    let is_number = |text: &&str| number(text).is_some();
    if is_number(&text) {
        return Some((Some(text), Some(text)));
    }
    if let Some(below) = text.strip_prefix('<').filter(is_number) {
        return Some((None, Some(below)));
    }
    if let Some(from) = text.strip_suffix('+').filter(is_number) {
        return Some((Some(from), None));
    }
    // The hyphen behind the first character is never a sign of the lower end.
    let hyphen = text.char_indices().skip(1).find(|(_, c)| *c == '-')?.0;
    let (from, to) = text.split_at_checked(hyphen)?;
    let to = to.strip_prefix('-')?;
    (is_number(&from) && is_number(&to)).then_some((Some(from), Some(to)))
}

/// Digits with a sign and one decimal mark at most: not `1e5`, `inf` or a thousands separator, of
/// which nobody knows whether they are meant as numbers.
pub(in crate::privacy) fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let number: f64 = text.replacen(',', ".", 1).parse().ok()?;
    // Adding 0 makes -0 the same as 0.
    Some(number + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_brackets_are_ranked_and_all_else_is_not() {
        let ranked = |ranks: &[u32]| Order::Ranked(ranks.iter().copied().map(Some).collect());
        for (name, texts, expected) in [
            (
                "numbers",
                &["10", "9", "-1", "9.5"][..],
                ranked(&[3, 1, 0, 2]),
            ),
            ("one", &["10"], ranked(&[0])),
            (
                "equal ones",
                &["7", "7.0", "8", "07,00"],
                ranked(&[0, 0, 1, 0]),
            ),
            ("zeros", &["-0", "0", "1", "+0"], ranked(&[0, 0, 1, 0])),
            (
                "missing has no rank",
                &["3", "", "-5"],
                Order::Ranked(vec![Some(1), None, Some(0)]),
            ),
            (
                "brackets",
                &["20000-40000", "-20000-0", "0-20000", "100000-120000"],
                ranked(&[2, 0, 1, 3]),
            ),
            (
                "below zero",
                &["-20--10", "-10-0", "-40--20"],
                ranked(&[1, 2, 0]),
            ),
            (
                "numbers among brackets",
                &["5", "0-10", "10", "10-20"],
                ranked(&[1, 0, 2, 3]),
            ),
            (
                "open ones",
                &["200000+", "<0", "0-20000", "180000-200000"],
                ranked(&[3, 0, 1, 2]),
            ),
            ("open words", &["1", "a+"], Order::Categories),
            ("years", &["1980-1984", "1975-1979"], ranked(&[1, 0])),
            ("words", &["1", "two"], Order::Categories),
            ("only missing", &[""], Order::Categories),
            ("nothing", &[], Order::Categories),
            ("a date", &["2020-01-31", "2020-02-01"], Order::Categories),
            ("not a bracket", &["20-10"], Order::Categories),
            ("half a bracket", &["20-"], Order::Categories),
            ("suppressed", &["1", "*"], Order::Categories),
            ("a power", &["1e5"], Order::Categories),
            ("not a number", &["NaN", "inf"], Order::Categories),
            ("thousands", &["1 000"], Order::Categories),
            ("two marks", &["1.2.3"], Order::Categories),
            ("a mark alone", &["."], Order::Categories),
            ("not ASCII", &["é-1"], Order::Categories),
        ] {
            let found = order_of(texts.iter().map(|text| text.as_bytes()));
            assert_eq!(found, expected, "{name}");
        }
        assert_eq!(order_of([&b"\xff-1"[..]]), Order::Categories);
    }
}
