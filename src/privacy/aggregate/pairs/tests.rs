//! Persons counted however little memory there is, held against a table of all persons.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use proptest::prelude::*;

use super::merge::Several;
use super::*;
use crate::privacy::aggregate::MOST_ASIDE;
use crate::privacy::aggregate::Told;
use crate::privacy::aggregate::aside::Aside as _;
use crate::privacy::aggregate::cell::Cell;
use crate::privacy::aggregate::shape::{Margins, Shape};
use crate::privacy::aggregate::tests::Kept;

/// A person, a cell, and an amount.
type Row = (u64, u32, Option<i128>);

/// Cells of the workers, which have other numbers in the table; two of them are one there.
const CELLS: [u32; 5] = [3, 2, 1, 0, 2];

/// Rows of so many persons, some of whom have very many.
fn rows(count: u64, persons: u64) -> Vec<Row> {
    let mixed = |number: u64| number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    let rows = (0..count).map(|at| {
        let dice = mixed(at + 1);
        let person = mixed(if dice % 5 == 0 { 7 } else { dice % persons });
        // Some are in one cell only.
        let cell = if person % 3 == 0 { 1 } else { (dice >> 20) % 5 };
        let amount = (dice % 11 != 0).then_some(i128::from(dice >> 40) - 1000);
        (person, cell as u32, amount)
    });
    rows.collect()
}

fn told() -> [Told; 1] {
    [Told {
        sum: true,
        ..Told::default()
    }]
}

/// A table of two columns of two values each, with its margins.
fn margins() -> Margins {
    let shape = Shape::new(&[2, 2]).unwrap();
    let cells = [[0, 0], [1, 0], [0, 1], [1, 1]];
    let cells = cells.map(|cell| shape.place(cell.into_iter()));
    Margins::new(&shape, &cells, true)
}

/// What these workers count in so much memory, and how many files that takes.
fn counted(
    rows: &[Row],
    workers: usize,
    memory: usize,
) -> (Result<(Vec<Cell>, Several), Error>, usize) {
    let kept = Arc::new(Kept::default());
    let room = Room::new(memory, workers, Arc::clone(&kept) as _);
    let of_workers = rows
        .chunks(rows.len().div_ceil(workers).max(1))
        .map(|rows| {
            let mut pairs = Pairs::new(1, room.clone());
            for (person, cell, amount) in rows {
                let share = Share {
                    values: u64::from(amount.is_some()),
                    sum: amount.unwrap_or(0),
                };
                pairs.add(*person, *cell, &[share])?;
            }
            pairs.finish(CELLS.to_vec())
        });
    let counted = of_workers.collect::<Result<Vec<_>, _>>().and_then(|all| {
        let mut cells = vec![Cell::new(1); 4];
        let several = count(&all, &told(), &mut cells, &margins())?;
        Ok((cells, several))
    });
    (counted, kept.0.load(Ordering::Relaxed))
}

/// The same from a table of all persons.
fn expected(rows: &[Row]) -> (Vec<Cell>, Several) {
    let mut known: BTreeMap<u64, BTreeMap<u32, (u32, Share)>> = BTreeMap::new();
    for (person, cell, amount) in rows {
        let cells = known.entry(*person).or_default();
        let (rows, share) = cells.entry(CELLS[*cell as usize]).or_default();
        *rows += 1;
        share.values += u64::from(amount.is_some());
        share.sum += amount.unwrap_or(0);
    }
    let (mut cells, mut several) = (vec![Cell::new(1); 4], Several::default());
    several.persons = known.len() as u64;
    let margins = margins();
    for own in known.into_values() {
        let own: Vec<_> = own.into_iter().collect();
        if let [(cell, (rows, share))] = own[..] {
            cells[cell as usize].add(&[share], &told(), rows == 1);
            continue;
        }
        for mask in margins.masks() {
            let places: BTreeSet<u32> = own.iter().map(|(at, _)| margins.of(*at, mask)).collect();
            for place in places {
                let mut sum = Share::default();
                let here = own.iter().filter(|(at, _)| margins.of(*at, mask) == place);
                here.for_each(|(_, (_, share))| sum.add(*share));
                let cell = several.cells.entry(place as usize);
                let cell = cell.or_insert_with(|| Cell::new(1));
                cell.add(&[sum], &told(), false);
            }
        }
    }
    (cells, several)
}

#[track_caller]
fn assert_counted(rows: &[Row], workers: usize, memory: usize) -> usize {
    let (counted, files) = counted(rows, workers, memory);
    let (cells, several) = counted.unwrap();
    let (own_cells, own) = expected(rows);
    let case = format!("{} rows, {workers} workers, {memory} bytes", rows.len());
    assert_eq!(cells, own_cells, "{case}");
    assert_eq!(several.persons, own.persons, "{case}");
    assert_eq!(several.cells, own.cells, "{case}");
    files
}

#[test]
fn pairs_are_those_that_a_table_of_all_would_have() {
    for (count, persons, workers) in [
        (0, 1, 1),
        (1, 1, 2),
        (900, 40, 3),
        (20_000, 300, 2),
        (15_000, 12_000, 4),
    ] {
        let rows = rows(count, persons);
        assert_eq!(assert_counted(&rows, workers, usize::MAX), 0);
        // 48 bytes for a pair: from some thousand in memory down to a run for each row.
        let few = assert_counted(&rows, workers, 400_000);
        assert_eq!(few, if persons < 1000 { 0 } else { workers }, "{count}");
        let least = if count < 1000 { 1 } else { 20_000 };
        assert_counted(&rows, workers, least);
    }
}

proptest! {
    #[test]
    fn memory_and_workers_change_nothing(
        rows in prop::collection::vec(
            (0..40_u64, 0..5_u32, prop::option::of(any::<i64>().prop_map(i128::from))), 0..400),
        workers in 1..4_usize,
        pairs in 1..60_usize,
    ) {
        // Persons of one part, of two, and far apart.
        let person = |at: u64| (at % 2) + (at << if at > 20 { 55 } else { 8 });
        let rows: Vec<Row> = rows.iter().map(|(at, cell, amount)| (person(*at), *cell, *amount)).collect();
        assert_counted(&rows, workers, 48 * pairs * workers);
    }
}

#[test]
fn numbers_of_any_size_come_back() {
    let shares = [i128::MIN, -1, 0, 1, i128::MAX, 1 << 64, -(1 << 90)];
    let shares = shares.map(|sum| Share {
        values: sum as u64,
        sum,
    });
    let mut part = Part::default();
    for person in [0, 1, 255, u64::MAX] {
        for cell in [0, 127, 128, u32::MAX] {
            let rows = cell ^ 1;
            part.push(Pair { person, cell, rows }, &shares);
        }
    }
    let mut file = Kept::default().begin().unwrap();
    file.write_all(b"before").unwrap();
    let bytes = run::write(&part, shares.len(), &mut file).unwrap();
    file.write_all(b"behind").unwrap();
    let range = 6..6 + bytes;
    let mut segment = run::Segment::new(&file.finish().unwrap(), &range).unwrap();
    let (mut pair, mut own) = (Pair::default(), shares.map(|_| Share::default()));
    for at in 0..part.len() {
        assert!(segment.next(&mut pair, &mut own).unwrap());
        let (known, known_shares) = part.get(at, shares.len()).unwrap();
        assert_eq!(
            (pair.person, pair.cell, pair.rows, &own[..]),
            (known.person, known.cell, known.rows, known_shares)
        );
    }
    assert!(!segment.next(&mut pair, &mut own).unwrap());
}

#[test]
fn a_file_that_ends_too_early_is_an_error() {
    let mut file = Kept::default().begin().unwrap();
    file.write_all(&[1; 20]).unwrap();
    let mut segment = run::Segment::new(&file.finish().unwrap(), &(0..21)).unwrap();
    assert!(segment.next(&mut Pair::default(), &mut []).is_err());
}

#[test]
fn more_pairs_than_are_put_aside_are_refused() {
    let rows = rows(1000, 500);
    let kept = Arc::new(Kept::default());
    let room = Room::new(4800, 1, kept);
    room.take(MOST_ASIDE as usize - 100).unwrap();
    let mut pairs = Pairs::new(0, room);
    let added = rows
        .iter()
        .map(|(person, cell, _)| pairs.add(*person, *cell, &[]));
    let refused = added.collect::<Result<Vec<()>, _>>();
    assert!(matches!(refused, Err(Error::TooManyPairs)));
}

#[test]
fn rows_of_few_persons_take_no_more_than_these_do() {
    let mut pairs = Pairs::new(0, Room::endless());
    for row in 0..300_000_u64 {
        pairs.add(row % 50, 0, &[]).unwrap();
    }
    let most = pairs.parts.iter().map(Part::len).max();
    assert!(most <= Some(FEW));
    // With little memory they are put together, and never aside.
    let kept = Arc::new(Kept::default());
    let mut pairs = Pairs::new(0, Room::new(16 * 200, 1, Arc::clone(&kept) as _));
    for row in 0..300_000_u64 {
        pairs.add(row % 50, 0, &[]).unwrap();
        let kept: usize = pairs.parts.iter().map(Part::len).sum();
        assert!(kept <= 200 && kept == pairs.pairs, "{kept}");
    }
    assert_eq!(kept.0.load(Ordering::Relaxed), 0);
}
