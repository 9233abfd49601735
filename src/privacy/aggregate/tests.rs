//! Tables that are made safe, looked at by somebody who tries all that the published figures allow.

use std::collections::{HashMap, HashSet};
use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;

use super::aside::{Aside, Room, Writing, Written};
use super::tally::Tally;
use super::*;

mod statistics;

/// Puts aside in memory, and counts files.
#[derive(Debug, Default)]
pub(super) struct Kept(pub(super) AtomicUsize);

#[derive(Default)]
struct Bytes(Vec<u8>);

impl Aside for Kept {
    fn begin(&self) -> io::Result<Box<dyn Writing>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(Box::new(Bytes::default()))
    }
}

impl Write for Bytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Writing for Bytes {
    fn finish(self: Box<Self>) -> io::Result<Arc<dyn Written>> {
        Ok(Arc::new(Whole(self.0.into())))
    }
}

struct Whole(Arc<[u8]>);

impl Written for Whole {
    fn from(&self, position: u64) -> io::Result<Box<dyn Read>> {
        let mut bytes = io::Cursor::new(Arc::clone(&self.0));
        bytes.set_position(position);
        Ok(Box::new(bytes))
    }
}

/// The figures of rows: their values, and an amount.
fn figures(rows: &[(Vec<&str>, i128)], totals: bool, amounts: usize) -> Figures {
    let columns = rows.first().map_or(0, |(values, _)| values.len());
    let told = Told {
        sum: true,
        ..Told::default()
    };
    let mut tally = Tally::new(columns, vec![told; amounts], Room::endless());
    for (values, amount) in rows {
        let values = values.iter().map(|value| value.as_bytes());
        tally
            .add(values, None, &vec![Some(*amount); amounts])
            .unwrap();
    }
    let counted = Tally::together(vec![tally], &|text| text.into()).unwrap();
    let columns = (0..columns).map(|at| Column {
        name: format!("c{at}"),
        sensitive: false,
    });
    Figures::new(counted, totals, columns.collect()).unwrap()
}

/// Rows of a table of counts.
fn rows<'a>(counts: &[(&[&'a str], usize)]) -> Vec<(Vec<&'a str>, i128)> {
    let all = counts.iter();
    let all = all.flat_map(|(values, count)| std::iter::repeat_n(values.to_vec(), *count));
    // Amounts that differ, none of which is most of a sum.
    all.enumerate()
        .map(|(at, values)| (values, 100_000 + 37 * (at as i128 % 101)))
        .collect()
}

fn demand(threshold: u64) -> Demand {
    Demand {
        threshold,
        ..Demand::default()
    }
}

/// The names of each place and what is published of it.
fn told(protected: &Protected) -> HashMap<String, Option<u64>> {
    let names = |place| {
        let names = protected.figures.names(place);
        let names = names.map(|name| name.map_or(TOTAL, |name| str::from_utf8(name).unwrap()));
        names.collect::<Vec<_>>().join(" ")
    };
    let rows = protected.rows();
    rows.map(|(place, cell)| (names(place), cell.map(|cell| cell.units)))
        .collect()
}

#[test]
fn a_small_cell_goes_with_three_others() {
    let table = rows(&[
        (&["n", "x"], 3),
        (&["n", "y"], 40),
        (&["n", "z"], 90),
        (&["s", "x"], 30),
        (&["s", "y"], 50),
        (&["s", "z"], 95),
    ]);
    let protected = protect(figures(&table, true, 1), &demand(11), &Since::default()).unwrap();
    assert_eq!((protected.primary, protected.secondary), (1, 3));
    let told = told(&protected);
    for (place, expected) in [
        ("n x", None),
        ("n y", None),
        ("s x", None),
        ("s y", None),
        ("n z", Some(90)),
        ("n Total", Some(133)),
        ("Total x", Some(33)),
        ("Total Total", Some(308)),
    ] {
        assert_eq!(told[place], expected, "{place}");
    }
    // 1 to 33 and more: 2 down, 29 up.
    assert!(protected.least_width.unwrap() >= 11);
}

#[test]
fn without_margins_one_other_cell_is_enough() {
    let table = rows(&[(&["a"], 3), (&["b"], 40), (&["c"], 50)]);
    let protected = protect(figures(&table, false, 0), &demand(11), &Since::default()).unwrap();
    assert_eq!((protected.primary, protected.secondary), (1, 1));
    assert_eq!(protected.listed.len(), 3);
}

#[test]
fn many_small_cells_cover_each_other() {
    let names: Vec<String> = (0..12).map(|at| format!("v{at}")).collect();
    let counts: Vec<(&[&str], usize)> = Vec::new();
    let mut table = rows(&counts);
    for name in &names {
        for _ in 0..4 {
            table.push((vec![name.as_str()], 1));
        }
    }
    for _ in 0..50 {
        table.push((vec!["large"], 1));
    }
    let protected = protect(figures(&table, true, 0), &demand(11), &Since::default()).unwrap();
    // Three up or down from each of the others.
    assert_eq!((protected.primary, protected.secondary), (12, 0));
}

#[test]
fn where_nothing_is_safe_nothing_is_published() {
    for (case, counts, totals) in [
        ("one cell", &[(&["a"][..], 5)][..], true),
        ("one cell", &[(&["a"], 5)], false),
        ("two small ones", &[(&["a"], 5), (&["b"], 5)], true),
        (
            "two small ones among few",
            &[(&["a"], 1), (&["b"], 12)],
            true,
        ),
    ] {
        let refused = protect(
            figures(&rows(counts), totals, 0),
            &demand(11),
            &Since::default(),
        );
        let error = refused.err().unwrap_or_else(|| panic!("{case}"));
        assert!(
            matches!(error, crate::privacy::error::Error::NothingSafe),
            "{case}"
        );
    }
}

#[test]
fn the_value_that_all_have_is_not_told() {
    let mut table = rows(&[
        (&["n", "oui"], 40),
        (&["s", "oui"], 60),
        (&["s", "non"], 70),
        (&["w", "oui"], 80),
        (&["w", "non"], 90),
    ]);
    table.sort();
    let mut figures = figures(&table, false, 0);
    figures.columns[1].sensitive = true;
    let protected = protect(figures, &demand(11), &Since::default()).unwrap();
    let told = told(&protected);
    // Listed both, so that it is not seen which of them all have.
    assert_eq!((told["n oui"], told["n non"]), (None, None));
    assert_eq!(protected.primary, 1);
}

#[test]
fn what_was_suppressed_or_changed_by_few_is_covered() {
    let table = rows(&[(&["b"], 40), (&["c"], 50), (&["d"], 60)]);
    let place = |figures: &Figures, name: Option<&[u8]>| {
        let mut cells = figures.cells();
        cells
            .find(|(place, _)| figures.names(*place).next() == Some(name))
            .unwrap()
            .0
    };
    for (case, kept, changed, expected) in [
        ("nothing", None, None, Ok((0, 0, 0))),
        ("kept", Some("b"), None, Ok((1, 0, 1))),
        ("changed", None, Some("b"), Ok((0, 1, 1))),
        ("both", Some("b"), Some("c"), Ok((1, 1, 0))),
        ("all of it", None, Some(TOTAL), Err(())),
    ] {
        let figures = figures(&table, true, 0);
        let places = |name: Option<&str>| -> HashSet<usize> {
            let name = name.map(|name| (name != TOTAL).then_some(name.as_bytes()));
            name.map(|name| place(&figures, name)).into_iter().collect()
        };
        let since = Since {
            kept: places(kept),
            changed: places(changed),
        };
        match protect(figures, &demand(11), &since) {
            Ok(protected) => {
                let counts = (protected.kept, protected.changed, protected.secondary);
                assert_eq!(Ok(counts), expected, "{case}");
                assert_eq!(protected.primary, 0, "{case}");
                assert_eq!(
                    told(&protected)["b"].is_none(),
                    counts != (0, 0, 0),
                    "{case}"
                );
            }
            Err(error) => {
                assert!(expected.is_err(), "{case}");
                assert!(
                    matches!(error, crate::privacy::error::Error::TooFewChanged),
                    "{case}"
                );
            }
        }
    }
}

/// All tables of whole numbers that the published figures of a table with margins allow: the least and the
/// greatest value of each place.
fn ranges(protected: &Protected) -> HashMap<usize, (u64, u64)> {
    let shape = &protected.figures.shape;
    let published: HashMap<usize, Option<u64>> = protected
        .rows()
        .map(|(place, cell)| (place, cell.map(|cell| cell.units)))
        .collect();
    let inner: Vec<usize> = published
        .keys()
        .copied()
        .filter(|place| shape.totals(*place) == 0)
        .collect();
    let over = |margin: usize| {
        let within = |place: &&usize| {
            let pairs = shape.coordinates(margin).zip(shape.coordinates(**place));
            pairs
                .enumerate()
                .all(|(at, (own, of))| own == of || own == shape.size(at))
        };
        inner.iter().filter(within).copied().collect::<Vec<usize>>()
    };
    let margins: Vec<usize> = published
        .keys()
        .copied()
        .filter(|place| shape.totals(*place) > 0)
        .collect();
    let lines: Vec<(usize, Vec<usize>)> = margins.iter().map(|at| (*at, over(*at))).collect();
    let most = protected.figures.everybody();
    let mut found: HashMap<usize, (u64, u64)> = HashMap::new();
    let mut values: HashMap<usize, u64> = HashMap::new();
    fill(&inner, &lines, &published, most, &mut values, &mut found);
    found
}

fn fill(
    open: &[usize],
    lines: &[(usize, Vec<usize>)],
    published: &HashMap<usize, Option<u64>>,
    most: u64,
    values: &mut HashMap<usize, u64>,
    found: &mut HashMap<usize, (u64, u64)>,
) {
    for (margin, places) in lines {
        let known: u64 = places.iter().filter_map(|place| values.get(place)).sum();
        let whole = places.iter().all(|place| values.contains_key(place));
        let total = published[margin];
        if known > most || total.is_some_and(|total| known > total || whole && known != total) {
            return;
        }
    }
    let Some((place, rest)) = open.split_first() else {
        let sums = lines.iter().map(|(margin, places)| {
            (
                *margin,
                places.iter().map(|place| values[place]).sum::<u64>(),
            )
        });
        let all: Vec<(usize, u64)> = values.iter().map(|(at, n)| (*at, *n)).chain(sums).collect();
        for (place, value) in all {
            let range = found.entry(place).or_insert((value, value));
            *range = (range.0.min(value), range.1.max(value));
        }
        return;
    };
    let choices = match published[place] {
        Some(value) => value..=value,
        None => 1..=most,
    };
    for value in choices {
        values.insert(*place, value);
        fill(rest, lines, published, most, values, found);
    }
    values.remove(place);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Whoever tries all tables of whole numbers finds as many values as the threshold for each small cell.
    #[test]
    fn every_small_cell_keeps_its_possible_values(
        counts in prop::collection::vec(prop_oneof![Just(0_usize), 1..3_usize, 3..6_usize], 4..=6),
        columns in 2..=3_usize,
    ) {
        let names = ["a", "b", "c", "d", "e"];
        let mut table = Vec::new();
        for (at, count) in counts.iter().enumerate() {
            let values = vec![names[at / columns], names[at % columns]];
            table.extend(std::iter::repeat_n((values, 0), *count));
        }
        prop_assume!(!table.is_empty());
        let small = demand(3);
        if let Ok(protected) = protect(figures(&table, true, 0), &small, &Since::default()) {
            let ranges = ranges(&protected);
            for (place, cell) in &protected.figures.cells {
                if cell.units < 3 {
                    let (low, high) = ranges[place];
                    prop_assert!(high - low + 1 >= 3, "{} from {low} to {high}", cell.units);
                }
            }
        }
    }
}
