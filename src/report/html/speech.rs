//! How a language writes numbers and names.

use super::page::visible;
use crate::base::lang::{Decimal, Language, Whole, grouped};
use crate::report::audited::step_title;

/// Counts of rows from 1 up to this are not spelled out: too few people stand behind them.
const MOST_HIDDEN: u64 = 4;

/// The language in use, as the report writes it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Speech;

impl Speech {
    /// A whole number: `12,345` or `12 345`.
    pub(super) fn whole(self, number: u64) -> String {
        match Language::in_use() {
            Language::En => grouped(number, ','),
            Language::Fr => Whole(number).to_string(),
        }
    }

    /// A number of rows behind which there may be single people: from 1 to 4 it is not spelled out.
    pub(super) fn count(self, rows: u64) -> String {
        match is_hidden(rows) {
            true => fixed!("fewer than 5").to_string(),
            false => self.whole(rows),
        }
    }

    /// `7,123 (71 %)`; the share is not told where the number is not.
    pub(super) fn count_of(self, rows: u64, all: u64) -> String {
        if is_hidden(rows) || all == 0 {
            return self.count(rows);
        }
        format!("{} ({})", self.count(rows), self.share(rows, all))
    }

    /// A part as a percentage; where the part is not to be spelled out, neither is this.
    pub(super) fn share(self, part: u64, whole: u64) -> String {
        if is_hidden(part) {
            return self.count(part);
        }
        self.percent(part as f64 / whole.max(1) as f64)
    }

    /// A number of rows out of `all`, as far as it may be told.
    pub(super) fn told(self, rows: Told, all: u64) -> String {
        match rows {
            Told::Few => self.count(MOST_HIDDEN),
            Told::Exactly(rows) => self.count_of(rows, all),
            Told::AtLeast(rows) => {
                let rows = self.count_of(rows, all);
                text!("at least {rows}", rows)
            }
        }
    }

    /// A decimal number with so many digits behind the mark.
    pub(super) fn decimal(self, number: f64, digits: usize) -> String {
        Decimal(number, digits).to_string()
    }

    /// A share from 0 to 1 as a percentage of two figures or so. Only nothing is 0 %, and only all is
    /// 100 %.
    pub(super) fn percent(self, share: f64) -> String {
        let percent = share * 100.0;
        let bounded =
            |digits: usize, least: f64, most: f64| self.decimal(percent.clamp(least, most), digits);
        let number = match percent {
            p if p <= 0.0 => "0".to_owned(),
            p if p >= 100.0 => "100".to_owned(),
            p if p < 0.01 => format!("< {}", self.decimal(0.01, 2)),
            p if p < 1.0 => bounded(2, 0.01, 0.99),
            p if p < 10.0 => bounded(1, 1.0, 9.9),
            p if p < 99.0 => bounded(0, 10.0, 99.0),
            _ => bounded(1, 99.0, 99.9),
        };
        text!("{percent}%", percent = number)
    }

    /// A name from outside within a sentence: quoted, and apart from the text's direction.
    pub(super) fn name(self, name: &str) -> String {
        let name = visible(name);
        match Language::in_use() {
            Language::En => format!("“\u{2068}{name}\u{2069}”"),
            Language::Fr => format!("«\u{a0}\u{2068}{name}\u{2069}\u{a0}»"),
        }
    }

    /// Several names within a sentence.
    pub(super) fn names<'a>(self, names: impl IntoIterator<Item = &'a str>) -> String {
        let names: Vec<String> = names.into_iter().map(|name| self.name(name)).collect();
        names.join(", ")
    }

    /// What a step of a ladder is, by its title: `bands of 5 years`.
    pub(super) fn step(self, title: &str) -> String {
        let number = |text: &str| text.parse::<u64>().ok().map(|number| self.whole(number));
        if title.is_empty() {
            return fixed!("as it is").to_string();
        }
        if title == "*" {
            return fixed!("not shown at all (*)").to_string();
        }
        if let Some(width) = title.strip_suffix(" years").and_then(number) {
            return text!("bands of {width} years", width);
        }
        if let Some(width) = number(title) {
            return text!("intervals of {width}", width);
        }
        if let Some(level) = title.strip_prefix("level ").and_then(number) {
            return text!("level {level} of its hierarchy", level);
        }
        if let Some(people) = title.strip_prefix("min_population = ").and_then(number) {
            return text!(
                "its département for areas of fewer than {people} inhabitants (min_population)",
                people
            );
        }
        match title {
            "région" => fixed!("region").to_string(),
            _ => visible(&step_title(title)),
        }
    }
}

/// Whether a number of rows is not spelled out.
pub(super) const fn is_hidden(rows: u64) -> bool {
    rows > 0 && rows <= MOST_HIDDEN
}

/// Parts of a whole as they may be told: where one is not spelled out, the largest is only told as
/// a lower bound that follows from what is, so that nobody gets the hidden one by subtraction.
pub(super) fn bounded(parts: &[u64]) -> Vec<Told> {
    let hidden = parts.iter().filter(|rows| is_hidden(**rows));
    let slack: u64 = hidden.map(|rows| MOST_HIDDEN - rows).sum();
    let any_hidden = parts.iter().any(|rows| is_hidden(*rows));
    let largest = parts.iter().enumerate().max_by_key(|(_, rows)| **rows);
    let largest = largest.map(|(position, _)| position);
    let told = |(position, rows): (usize, &u64)| match *rows {
        rows if is_hidden(rows) => Told::Few,
        rows if any_hidden && largest == Some(position) => {
            Told::AtLeast(rows.saturating_sub(slack))
        }
        rows => Told::Exactly(rows),
    };
    parts.iter().enumerate().map(told).collect()
}

/// A number of rows as it may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// From 1 to 4.
    Few,
    AtLeast(u64),
    Exactly(u64),
}

impl Told {
    /// A number that tells no more than this does.
    pub(super) const fn about(self) -> u64 {
        match self {
            Self::Few => MOST_HIDDEN,
            Self::AtLeast(rows) | Self::Exactly(rows) => rows,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::base::lang::speaking;

    /// The same in English and in French.
    fn both<T>(tell: impl Fn(Speech) -> T) -> (T, T) {
        (
            speaking(Language::En, || tell(Speech)),
            speaking(Language::Fr, || tell(Speech)),
        )
    }

    #[test]
    fn numbers_are_written_as_each_language_does() {
        for (number, en, fr) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1000, "1,000", "1\u{202f}000"),
            (1_234_567, "1,234,567", "1\u{202f}234\u{202f}567"),
        ] {
            assert_eq!(both(|speech| speech.whole(number)), (en.into(), fr.into()));
        }
        assert_eq!(
            both(|speech| speech.decimal(0.25, 2)),
            ("0.25".into(), "0,25".into())
        );
    }

    #[test]
    fn only_nothing_is_none_and_only_all_is_all() {
        for (share, en, fr) in [
            (0.0, "0%", "0\u{202f}%"),
            (0.000_001, "< 0.01%", "< 0,01\u{202f}%"),
            (0.0034, "0.34%", "0,34\u{202f}%"),
            (0.009_999, "0.99%", "0,99\u{202f}%"),
            (0.034, "3.4%", "3,4\u{202f}%"),
            (0.7123, "71%", "71\u{202f}%"),
            (0.9899, "99%", "99\u{202f}%"),
            (0.999_999, "99.9%", "99,9\u{202f}%"),
            (1.0, "100%", "100\u{202f}%"),
        ] {
            assert_eq!(
                both(|speech| speech.percent(share)),
                (en.into(), fr.into()),
                "{share}"
            );
        }
    }

    #[test]
    fn counts_below_five_are_not_spelled_out() {
        for (rows, en, fr) in [
            (0, "0 (0%)", "0 (0\u{202f}%)"),
            (1, "fewer than 5", "moins de 5"),
            (4, "fewer than 5", "moins de 5"),
            (5, "5 (5.0%)", "5 (5,0\u{202f}%)"),
        ] {
            assert_eq!(
                both(|speech| speech.count_of(rows, 100)),
                (en.into(), fr.into())
            );
        }
        assert_eq!(Speech.share(3, 100), "fewer than 5");
    }

    #[test]
    fn no_hidden_count_follows_from_the_others() {
        use Told::*;
        for (case, parts, told) in cases![
            "none hidden", vec![0, 5, 95], vec![Exactly(0), Exactly(5), Exactly(95)];
            "one of 1", vec![1, 10, 89], vec![Few, Exactly(10), AtLeast(86)];
            "one of 4", vec![4, 10, 86], vec![Few, Exactly(10), AtLeast(86)];
            "two", vec![3, 2, 95], vec![Few, Few, AtLeast(92)];
            "all", vec![1, 2], vec![Few, Few];
            "nothing", vec![], vec![];
        ] {
            assert_eq!(bounded(&parts), told, "{case}");
        }
        // Whatever the hidden number is, the same is told.
        let told = |hidden: u64| bounded(&[hidden, 200, 1000 - hidden]);
        assert!((1..=4).all(|hidden| told(hidden) == told(1)));
    }

    #[test]
    fn steps_are_named_for_people() {
        for (title, en, fr) in [
            ("", "as it is", "telle quelle"),
            ("*", "not shown at all (*)", "masquée (*)"),
            ("5 years", "bands of 5 years", "tranches de 5 ans"),
            (
                "40000",
                "intervals of 40,000",
                "intervalles de 40\u{202f}000",
            ),
            ("région", "region", "région"),
            ("département", "département", "département"),
            (
                "level 2",
                "level 2 of its hierarchy",
                "niveau 2 de sa hiérarchie",
            ),
            ("a <b>\u{202e}", "a <b>\\u{202e}", "a <b>\\u{202e}"),
        ] {
            assert_eq!(both(|speech| speech.step(title)), (en.into(), fr.into()));
        }
    }
}
