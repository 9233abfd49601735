//! What a published label stands for, so that the labels of two releases can be compared: `1980-1989` holds
//! `1984`, `75 Paris` holds `75011`, and `*` holds whatever there is.

use std::collections::HashMap;

use super::counter::Text;
use super::hierarchy::ANY;

/// What a label stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extent {
    /// Itself and nothing else.
    Itself,
    /// What lies from the first number up to, but not including, the second one.
    Span(i64, i64),
    /// Itself, inside of each of these labels.
    Within(Vec<Text>),
}

/// Which labels of a column may stand for the same value.
#[derive(Debug, Clone)]
pub(crate) struct Overlaps {
    /// By label.
    reaches: Vec<Reach>,
    is_exact: bool,
}

/// An extent, with labels by their codes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reach {
    Itself,
    Any,
    Span(i64, i64),
    Within(Vec<u32>),
}

impl Overlaps {
    /// Of these labels, by their codes, which stand for what `extents` says of each. A missing value is one of
    /// its own; `*` is any, a missing one too.
    pub(crate) fn new(labels: &[Text], extents: Vec<Extent>) -> Self {
        let codes: HashMap<&[u8], u32> = labels.iter().map(|label| &**label).zip(0..).collect();
        let reach = |(label, extent): (&Text, Extent)| match extent {
            _ if **label == *ANY => Reach::Any,
            _ if label.is_empty() => Reach::Itself,
            Extent::Itself => Reach::Itself,
            Extent::Span(least, behind) => Reach::Span(least, behind),
            Extent::Within(outer) => {
                let known = outer.iter().filter_map(|label| codes.get(&**label));
                Reach::Within(known.copied().collect())
            }
        };
        let reaches: Vec<Reach> = labels.iter().zip(extents).map(reach).collect();
        Self {
            is_exact: is_exact(&reaches),
            reaches,
        }
    }

    /// Whether no two different labels may stand for the same value.
    pub(crate) fn is_exact(&self) -> bool {
        self.is_exact
    }

    /// Whether two labels may stand for the same value.
    #[inline]
    pub(crate) fn meet(&self, one: u32, other: u32) -> bool {
        if one == other {
            return true;
        }
        let (first, second) = (self.reach(one), self.reach(other));
        match (first, second) {
            (Reach::Any, _) | (_, Reach::Any) => true,
            (Reach::Span(least, behind), Reach::Span(other_least, other_behind)) => {
                least < other_behind && other_least < behind
            }
            (first, second) => first.is_within(other) || second.is_within(one),
        }
    }

    fn reach(&self, label: u32) -> &Reach {
        self.reaches.get(label as usize).unwrap_or(&Reach::Itself)
    }
}

impl Reach {
    fn is_within(&self, label: u32) -> bool {
        matches!(self, Self::Within(outer) if outer.contains(&label))
    }
}

fn is_exact(reaches: &[Reach]) -> bool {
    let mut spans: Vec<(i64, i64)> = Vec::new();
    for reach in reaches {
        match reach {
            Reach::Any if reaches.len() > 1 => return false,
            Reach::Within(outer) if !outer.is_empty() => return false,
            Reach::Span(least, behind) => spans.push((*least, *behind)),
            Reach::Itself | Reach::Any | Reach::Within(_) => {}
        }
    }
    spans.sort_unstable();
    spans.is_sorted_by(|(_, behind), (least, _)| behind <= least)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overlaps(labels: &[(&str, Extent)]) -> Overlaps {
        let texts: Vec<Text> = labels
            .iter()
            .map(|(label, _)| label.as_bytes().into())
            .collect();
        Overlaps::new(
            &texts,
            labels.iter().map(|(_, extent)| extent.clone()).collect(),
        )
    }

    #[test]
    fn labels_meet_where_they_may_stand_for_the_same_value() {
        let within = |outer: &[&str]| {
            Extent::Within(outer.iter().map(|label| label.as_bytes().into()).collect())
        };
        let known = overlaps(&[
            ("", Extent::Itself),
            ("*", Extent::Itself),
            ("a", Extent::Itself),
            ("1-5", Extent::Span(1, 5)),
            ("4-9", Extent::Span(4, 9)),
            ("5-9", Extent::Span(5, 9)),
            ("75011", within(&["75 Paris", "Île-de-France", "nowhere"])),
            ("75 Paris", within(&["Île-de-France"])),
            ("Île-de-France", Extent::Itself),
            ("69001", within(&["69 Rhône"])),
        ]);
        assert!(!known.is_exact());
        for (one, other, expected) in [
            (0, 0, true),
            (0, 1, true),
            (0, 2, false),
            (1, 5, true),
            (2, 3, false),
            (3, 4, true),
            (3, 5, false),
            (4, 5, true),
            (6, 7, true),
            (6, 8, true),
            (7, 8, true),
            (6, 9, false),
            (8, 9, false),
            (3, 6, false),
        ] {
            assert_eq!(known.meet(one, other), expected, "{one} {other}");
            assert_eq!(known.meet(other, one), expected, "{other} {one}");
        }
    }

    #[test]
    fn a_column_is_exact_unless_two_of_its_labels_meet() {
        for (case, labels, expected) in cases![
            "none", &[][..], true;
            "words", &[("a", Extent::Itself), ("", Extent::Itself)], true;
            "all suppressed", &[("*", Extent::Itself)], true;
            "one suppressed", &[("*", Extent::Itself), ("a", Extent::Itself)], false;
            "apart", &[("1-5", Extent::Span(1, 5)), ("5-9", Extent::Span(5, 9))], true;
            "nested", &[("1-9", Extent::Span(1, 9)), ("5", Extent::Span(5, 6))], false;
            "outer labels that nobody has", &[("75011", Extent::Within(vec![b"75 Paris"[..].into()]))], true;
        ] {
            assert_eq!(overlaps(labels).is_exact(), expected, "{case}");
        }
    }
}
