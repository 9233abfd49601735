//! Brackets that fewer than k have, widened until k have them.

use super::Text;
use super::published::Having;
use crate::privacy::hierarchy::ANY;
use crate::privacy::measures::{ends, number};

/// A bracket with who has it.
struct Bracket<'a> {
    text: &'a Text,
    from: Option<&'a str>,
    to: Option<&'a str>,
    having: &'a Having,
}

impl Bracket<'_> {
    /// For their order: where it begins and where it ends.
    fn place(&self) -> (f64, f64) {
        let end = |end: Option<&str>, open| end.map_or(open, |end| number(end).unwrap_or(open));
        let from = end(self.from, f64::NEG_INFINITY);
        (from, end(self.to, f64::INFINITY))
    }
}

/// What is written in the place of the brackets of a column, where that is another one: from the top
/// down, each that fewer than k have is put together with those below it until k have them, and what is
/// left at the bottom with those above it. Nothing if there are none too thin, or if a value is no
/// bracket; a missing one stays what it is.
pub(super) fn widened(values: &[(Text, &Having)], k: u32) -> Vec<(Text, Text)> {
    let mut brackets = Vec::new();
    for (text, having) in values.iter().filter(|(text, _)| !text.is_empty()) {
        let Some((from, to)) = ends(text) else {
            return Vec::new();
        };
        brackets.push(Bracket {
            text,
            from,
            to,
            having,
        });
    }
    let place = |bracket: &Bracket<'_>| bracket.place();
    brackets.sort_by(|one, other| {
        let ((from, to), (from_other, to_other)) = (place(other), place(one));
        from.total_cmp(&from_other).then(to.total_cmp(&to_other))
    });
    let mut groups: Vec<&[Bracket<'_>]> = Vec::new();
    let (mut first, mut together) = (0, Having::default());
    for at in 0..brackets.len() {
        if let Some(bracket) = brackets.get(at) {
            together.add_all(bracket.having, k);
        }
        if together.size() >= k {
            groups.extend(brackets.get(first..=at));
            (first, together) = (at + 1, Having::default());
        }
    }
    if first < brackets.len() {
        // What is left belongs to the last group, if there is one.
        let begin = groups.pop().map_or(0, |last| first - last.len());
        groups.extend(brackets.get(begin..));
        if groups.is_empty() || together_size(&brackets, k) < k {
            return brackets
                .iter()
                .map(|own| (own.text.clone(), ANY.into()))
                .collect();
        }
    }
    let last = groups.len().saturating_sub(1);
    let groups = groups
        .iter()
        .enumerate()
        .filter(|(_, group)| group.len() > 1);
    let labels = groups.flat_map(|(at, group)| {
        let label = label(group, (at == 0, at == last));
        group
            .iter()
            .map(move |own| (own.text.clone(), label.clone()))
    });
    labels.collect()
}

/// How many have any of these brackets, up to k.
fn together_size(brackets: &[Bracket<'_>], k: u32) -> u32 {
    let mut all = Having::default();
    brackets.iter().for_each(|own| all.add_all(own.having, k));
    all.size()
}

/// The label of brackets from the highest to the lowest; whether they are the highest and the lowest of
/// the column.
fn label(group: &[Bracket<'_>], (top, bottom): (bool, bool)) -> Text {
    let from = group.last().and_then(|lowest| lowest.from);
    // One that begins higher may end lower.
    let highest = group
        .iter()
        .max_by(|one, other| one.place().1.total_cmp(&other.place().1));
    let to = highest.and_then(|highest| highest.to);
    let from = from.filter(|_| !bottom);
    let to = to.filter(|_| !top);
    let text = match (from, to) {
        (Some(from), Some(to)) => format!("{from}-{to}"),
        (Some(from), None) => format!("{from}+"),
        (None, Some(to)) => format!("<{to}"),
        (None, None) => return ANY.into(),
    };
    text.into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(values: &[(&str, u32)], k: u32) -> Vec<(String, String)> {
        let having: Vec<Having> = values
            .iter()
            .map(|(_, rows)| Having::of_rows(*rows))
            .collect();
        let values = values.iter().zip(&having);
        let values: Vec<(Text, &Having)> = values
            .map(|((text, _), having)| (text.as_bytes().into(), having))
            .collect();
        let text = |text: Text| String::from_utf8(text.into_vec()).unwrap();
        let widened = widened(&values, k).into_iter();
        widened.map(|(from, to)| (text(from), text(to))).collect()
    }

    #[test]
    fn thin_brackets_are_widened_until_enough_have_them() {
        for (case, values, expected) in cases![
            "none is thin", &[("0-20", 5), ("20-40", 9)][..], &[][..];
            "the tail",
            &[("0-20", 9), ("20-40", 7), ("40-60", 2), ("80-100", 1)],
            &[("80-100", "20+"), ("40-60", "20+"), ("20-40", "20+")];
            "no further than needed",
            &[("0-20", 9), ("20-40", 3), ("40-60", 2)],
            &[("40-60", "20+"), ("20-40", "20+")];
            "at the bottom", &[("-20-0", 2), ("0-20", 8), ("20-40", 5)], &[("0-20", "<20"), ("-20-0", "<20")];
            "in the middle",
            &[
                ("0-20", 8),
                ("20-40", 8),
                ("40-60", 1),
                ("60-80", 8),
                ("", 1),
            ],
            &[("40-60", "20-60"), ("20-40", "20-60")];
            "all together", &[("0-20", 3), ("20-40", 3)], &[("20-40", "*"), ("0-20", "*")];
            "too few at all", &[("0-20", 3)], &[("0-20", "*")];
            "open ends",
            &[("<0", 1), ("0-20", 8), ("20-40", 8), ("40+", 2)],
            &[
                ("40+", "20+"),
                ("20-40", "20+"),
                ("0-20", "<20"),
                ("<0", "<20"),
            ];
            "no brackets", &[("oui", 1), ("non", 2)], &[];
            "missing alone", &[("", 1)], &[];
            "nothing", &[], &[];
        ] {
            let expected: Vec<(String, String)> = expected
                .iter()
                .map(|(from, to)| ((*from).to_owned(), (*to).to_owned()))
                .collect();
            assert_eq!(labels(values, 5), expected, "{case}");
        }
    }
}
