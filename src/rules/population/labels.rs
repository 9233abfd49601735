//! What published labels stand for in a table of the population.

use std::collections::HashMap;

use crate::privacy::extent::Extent;
use crate::privacy::hierarchy::ANY;
use crate::privacy::ladder::Ladder;
use crate::privacy::measures::Stands;
use crate::rules::geography;
use crate::rules::ladder::{Brackets, Calendar, Places, Style};

/// Men and women, as tables of the population tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Sex {
    Man,
    Woman,
}

/// How many years an open class has: `95+` is taken for 95 to 109.
const OPEN: i64 = 15;

/// What a cell says of the sex.
pub(super) fn sex_of(cell: &[u8]) -> Option<Sex> {
    let text = str::from_utf8(cell).ok()?;
    let key = crate::base::name::key(text.trim().trim_end_matches('.'));
    match key.as_str() {
        "1" | "m" | "h" | "homme" | "hommes" | "masculin" | "male" | "man" | "men" | "mr"
        | "monsieur" => Some(Sex::Man),
        "2" | "f" | "femme" | "femmes" | "feminin" | "female" | "woman" | "women" | "mme"
        | "mlle" | "madame" | "mrs" | "ms" => Some(Sex::Woman),
        _ => None,
    }
}

/// The first and the last year of a class: `30`, `30-34`, `95+`.
pub(super) fn class_of(cell: &[u8]) -> Option<(i64, i64)> {
    let text = str::from_utf8(cell).ok()?;
    let year = |text: &str| {
        let digits = text.trim();
        let is_one =
            (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<i64>().ok().filter(|_| is_one)
    };
    if let Some(first) = text.strip_suffix('+') {
        let first = year(first)?;
        return Some((first, first + OPEN - 1));
    }
    match text.split_once('-') {
        None => year(text).map(|only| (only, only)),
        Some((first, last)) => {
            Some((year(first)?, year(last)?)).filter(|(first, last)| first <= last)
        }
    }
}

/// A place as the ladder of postal codes labels it: `75` is `75 Paris`.
pub(super) fn place_label(label: &[u8]) -> Box<[u8]> {
    let mut all = geography::departements().iter();
    let known = all.find(|own| own.code.as_bytes() == label);
    known.map_or(label, |own| own.label.as_bytes()).into()
}

/// The places that a place lies in.
pub(super) fn outer(place: &[u8]) -> Vec<Box<[u8]>> {
    outer_by(&Places::usual(), place)
}

fn outer_by(ladder: &dyn Ladder, place: &[u8]) -> Vec<Box<[u8]>> {
    match ladder.extents(&[place.into()]).pop() {
        Some(Extent::Within(outer)) => outer,
        _ => Vec::new(),
    }
}

/// Whether a label says nothing: a missing value does not narrow the population either.
fn says_nothing(label: &[u8]) -> bool {
    label.is_empty() || *label == *ANY
}

/// What labels of a column with this ladder stand for among places.
pub(super) fn places(
    places: &[Box<[u8]>],
    labels: &[Box<[u8]>],
    ladder: &dyn Ladder,
) -> Vec<Stands> {
    // By label: the places that it holds.
    let mut within: HashMap<Box<[u8]>, Stands> = HashMap::new();
    for (at, place) in (0..).zip(places) {
        let mut own = outer(place);
        own.extend(outer_by(ladder, place));
        own.push(place.clone());
        own.sort_unstable();
        own.dedup();
        for label in own {
            within.entry(label).or_default().push((at, 1.0));
        }
    }
    let all = |wanted: &dyn Fn(&[u8]) -> bool| {
        let held = (0..).zip(places).filter(|(_, place)| wanted(place));
        held.map(|(at, _)| (at, 1.0)).collect::<Stands>()
    };
    let stands = |label: &[u8]| {
        if says_nothing(label) {
            return all(&|_| true);
        }
        let own = place_label(label);
        if let Some(held) = within.get(&own) {
            return held.clone();
        }
        // `750` and `750**` hold what begins so.
        let begins = own.trim_ascii();
        let stars = begins
            .iter()
            .rev()
            .take_while(|byte| **byte == b'*')
            .count();
        let begins = begins.get(..begins.len() - stars).unwrap_or_default();
        let held = all(&|place| !begins.is_empty() && place.starts_with(begins));
        match held.is_empty() {
            true => share_of_one(places, &own, ladder),
            false => held,
        }
    };
    labels.iter().map(|label| stands(label)).collect()
}

/// The place that a finer label lies in, and the share of its people who live there.
fn share_of_one(places: &[Box<[u8]>], label: &[u8], ladder: &dyn Ladder) -> Stands {
    let mut outer = outer(label);
    outer.extend(outer_by(ladder, label));
    let found = outer.iter().find_map(|outer| {
        let at = places.iter().position(|place| place == outer)?;
        let share = people(label)? / people(outer)?;
        (share > 0.0).then_some((at as u32, share.min(1.0)))
    });
    found.into_iter().collect()
}

/// How many people live at a French place.
fn people(label: &[u8]) -> Option<f64> {
    if let Some(code) = geography::lookup(label) {
        return Some(f64::from(code.population));
    }
    let lies_there = |own: &&geography::Departement| {
        own.label.as_bytes() == label || own.region.name.as_bytes() == label
    };
    let departements = geography::departements().iter().filter(lies_there);
    let sum: f64 = departements.map(geography::people_of).sum();
    (sum > 0.0).then_some(sum)
}

/// What labels stand for among the sexes.
pub(super) fn sexes(sexes: &[Sex], labels: &[Box<[u8]>]) -> Vec<Stands> {
    let stands = |label: &[u8]| {
        let own = sex_of(label);
        let is_one = |sex: &Sex| says_nothing(label) || Some(*sex) == own;
        let found = (0..).zip(sexes).filter(|(_, sex)| is_one(sex));
        found.map(|(at, _)| (at, 1.0)).collect()
    };
    labels.iter().map(|label| stands(label)).collect()
}

/// A span of time, with the unit that it is told in.
type Span = (i64, i64);

/// What labels of ages stand for among classes of ages.
pub(super) fn ages(classes: &[(i64, i64)], labels: &[Box<[u8]>]) -> Vec<Stands> {
    let spans = numbers(labels);
    let spans = labels.iter().zip(spans);
    spans
        .map(|(label, span)| shares(classes, label, span, &in_thousandths))
        .collect()
}

/// What labels of dates and years of birth stand for among classes of years.
pub(super) fn years(classes: &[(i64, i64)], labels: &[Box<[u8]>]) -> Vec<Stands> {
    let spans = numbers(labels);
    let spans = labels.iter().zip(spans);
    spans
        .map(|(label, span)| match date(label) {
            Some(days) => shares(classes, label, Some(days), &in_days),
            None => shares(classes, label, span, &in_thousandths),
        })
        .collect()
}

/// The spans of numbers and intervals of them, in thousandths.
fn numbers(labels: &[Box<[u8]>]) -> Vec<Option<Span>> {
    let ladder = Brackets::coded(Style::Numbers, Vec::new());
    let span = |extent: Extent| match extent {
        // A number is all of its year.
        Extent::Span(least, behind) if behind == least.saturating_add(1) => {
            let least = least.div_euclid(1000) * 1000;
            Some((least, least.saturating_add(1000)))
        }
        Extent::Span(least, behind) => Some((least, behind)),
        _ => None,
    };
    ladder.extents(labels).into_iter().map(span).collect()
}

/// The days of a month or of a date.
fn date(label: &[u8]) -> Option<Span> {
    let written: Vec<u8> = match label {
        [day @ .., b'/', c, d, e, f] if matches!(day, [_, _, b'/', _, _]) => {
            let (day, month) = (day.get(..2)?, day.get(3..)?);
            [&[*c, *d, *e, *f], &b"-"[..], month, &b"-"[..], day].concat()
        }
        [_, _, _, _, b'-', _, _] | [_, _, _, _, b'-', _, _, b'-', _, _] => label.to_vec(),
        _ => return None,
    };
    days(&written)
}

fn days(label: &[u8]) -> Option<Span> {
    match Calendar::usual().extents(&[label.into()]).pop() {
        Some(Extent::Span(least, behind)) => Some((least, behind)),
        _ => None,
    }
}

fn in_thousandths((first, last): (i64, i64)) -> Option<Span> {
    Some((first * 1000, (last + 1) * 1000))
}

fn in_days((first, last): (i64, i64)) -> Option<Span> {
    days(format!("{first:04}-{last:04}").as_bytes())
}

/// The classes that a span touches, and which share of each, if people are spread evenly over it.
fn shares(
    classes: &[(i64, i64)],
    label: &[u8],
    span: Option<Span>,
    of_class: &dyn Fn((i64, i64)) -> Option<Span>,
) -> Stands {
    let numbered = (0..).zip(classes);
    if says_nothing(label) {
        return numbered.map(|(at, _)| (at, 1.0)).collect();
    }
    let share = |class: (i64, i64)| {
        let (first, behind) = of_class(class)?;
        let (least, end) = span?;
        let common = end.min(behind).saturating_sub(least.max(first));
        (common > 0).then(|| common as f64 / (behind - first) as f64)
    };
    numbered
        .filter_map(|(at, class)| Some((at, share(*class)?)))
        .collect()
}
