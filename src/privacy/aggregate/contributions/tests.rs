use super::*;

fn label(text: &str) -> Label {
    text.as_bytes().into()
}

fn bare(text: &[u8]) -> Label {
    let text = text.iter().filter(|byte| **byte != b'"');
    text.copied().collect()
}

const RANGE: Range = Range {
    low: 0,
    high: 1_000,
};

/// Rows of persons: person, value, amount.
type Row<'a> = (u64, &'a str, Option<i128>);

fn counted(how: &Counting<'_>, rows: &[Row<'_>], told: bool) -> Result<Sums, usize> {
    // Shared out among workers, in two ways.
    let mut sums: Vec<Sums> = Vec::new();
    for workers in [1, 3] {
        let mut all = vec![Contributions::new(how.clone()).unwrap(); workers];
        for (number, (person, value, amount)) in rows.iter().enumerate() {
            let who = (told.then_some(*person), number as u64);
            let value = std::iter::once(value.as_bytes());
            all[number % workers]
                .add(value, who, &[*amount], &bare)
                .unwrap();
        }
        sums.push(Contributions::together(all)?);
    }
    let last = sums.pop().unwrap();
    let first = &sums[0];
    assert_eq!(
        (&first.persons, &first.amounts),
        (&last.persons, &last.amounts)
    );
    assert_eq!(
        (first.outside, first.over, first.moved),
        (last.outside, last.over, last.moved)
    );
    Ok(last)
}

#[test]
fn nobody_adds_more_than_is_said() {
    let grid = Grid::new(vec![Some(vec![label("a"), label("b"), label("c")])]).unwrap();
    let mut rows: Vec<Row<'_>> = Vec::new();
    for person in 0..40 {
        for at in 0..30 {
            rows.push((person, ["a", "b", "c", "\"a\"", "d"][at % 5], Some(7)));
        }
    }
    for (cells, limit) in [(1, 1), (2, 1), (1, 4), (2, 3), (3, 100)] {
        let limits = Limits { cells, rows: limit };
        let how = Counting::new(&grid, limits, (&[RANGE], &[None]));
        let sums = counted(&how, &rows, true).unwrap();
        let persons: u64 = sums.persons.iter().sum();
        let (values, sum) = sums.amounts[0].iter().fold((0, 0), |(values, sum), cell| {
            (values + cell.0, sum + cell.1)
        });
        assert_eq!(persons, 40 * u64::from(cells));
        // 12 rows are in a, 6 in each of b and c.
        let most = |cell: u64| cell.min(limit.into());
        if cells == 3 {
            assert_eq!(values, 40 * (most(12) + 2 * most(6)));
            assert_eq!(sums.over, 0);
        } else if limit <= 6 {
            assert_eq!(values, persons * u64::from(limit));
            assert_eq!(sums.over, 40 * 24 - values);
        }
        assert_eq!(sum, 7 * i128::from(values));
        assert_eq!(sums.outside, 40 * 6);
        // Which cells count is another for each person.
        assert!(sums.persons[..3].iter().all(|persons| *persons > 0));
    }
}

/// Taking a person away changes nothing of the others.
#[test]
fn what_is_kept_does_not_depend_on_others() {
    let grid = Grid::new(vec![Some(vec![label("a"), label("b"), label("c")])]).unwrap();
    let how = Counting::new(&grid, Limits { cells: 1, rows: 2 }, (&[RANGE], &[None]));
    let rows: Vec<Row<'_>> = (0..90)
        .map(|at| {
            (
                at % 9,
                ["a", "b", "c"][(at / 9) as usize % 3],
                Some(i128::from(at)),
            )
        })
        .collect();
    let with = counted(&how, &rows, true).unwrap();
    // Their rows stay where they are, as rows of no cell: so the others keep their numbers.
    let mut without = rows.clone();
    for row in &mut without {
        if row.0 == 4 {
            row.1 = "d";
        }
    }
    let without = counted(&how, &without, true).unwrap();
    let changed: u64 = with
        .persons
        .iter()
        .zip(&without.persons)
        .map(|(one, other)| one - other)
        .sum();
    assert_eq!(changed, 1);
    let values = |sums: &Sums| sums.amounts[0].iter().map(|cell| cell.0).sum::<u64>();
    assert_eq!(values(&with) - values(&without), 2);
}

#[test]
fn amounts_are_moved_into_their_range_and_missing_ones_are_none() {
    let grid = Grid::new(vec![Some(vec![label("a")])]).unwrap();
    let how = Counting::new(&grid, Limits { cells: 1, rows: 1 }, (&[RANGE], &[None]));
    let rows = [
        (0, "a", Some(10_i128.pow(20))),
        (0, "a", Some(-5)),
        (0, "a", Some(1_000)),
        (0, "a", None),
    ];
    let sums = counted(&how, &rows, false).unwrap();
    assert_eq!(sums.persons[0], 4);
    assert_eq!(sums.amounts[0][0], (3, 2_000));
    assert_eq!((sums.moved, sums.over), (2, 0));
    let total = [(0, "a", None), (1, "tOTAL ", None)];
    assert_eq!(counted(&how, &total, true).unwrap_err(), 0);
}

#[test]
fn the_middle_is_rounded_down() {
    for (low, high, middle) in [
        (0, 10, 5),
        (0, 11, 5),
        (-3, 0, -2),
        (-11, 4, -4),
        (-4, 11, 3),
        (-5, -2, -4),
    ] {
        assert_eq!(Range { low, high }.middle(), middle, "{low} {high}");
    }
}

/// Where keys come from the data: whatever is found is a cell, whichever worker found it, and a person who is in very many
/// counts in so many as is said. Those of the others stay cells in which nobody counts.
#[test]
fn cells_that_are_found_are_counted_once() {
    let names: Vec<String> = (0..60).map(|at| format!("v{at}")).collect();
    let mut rows: Vec<Row<'_>> = (0..300)
        .map(|person| (person, names[person as usize % 20].as_str(), Some(5)))
        .collect();
    rows.extend(names.iter().map(|name| (999, name.as_str(), Some(7))));
    let (mut persons, mut cells) = (0, Vec::new());
    for workers in [1, 4] {
        let grid = Grid::new(vec![None]).unwrap();
        assert!(grid.is_found());
        let limits = Limits { cells: 3, rows: 1 };
        let (ranges, brackets) = ([RANGE], [Brackets::new(RANGE, 100)]);
        let how = Counting::new(&grid, limits, (&ranges, &brackets));
        let mut all = vec![Contributions::new(how.clone()).unwrap(); workers];
        for (number, (person, value, amount)) in rows.iter().enumerate() {
            let value = std::iter::once(value.as_bytes());
            let who = (Some(*person), number as u64);
            all[number % workers]
                .add(value, who, &[*amount], &bare)
                .unwrap();
        }
        let sums = Contributions::together(all).unwrap();
        let listed = grid.listed().unwrap();
        assert_eq!(sums.persons.len(), 60);
        assert_eq!(sums.persons.iter().sum::<u64>(), 303);
        assert_eq!(sums.in_brackets[0].iter().sum::<u64>(), 303);
        assert!(sums.persons.iter().filter(|persons| **persons == 0).count() >= 37);
        let mut told: Vec<String> = (0..60)
            .map(|place| {
                let names = listed.names(place);
                String::from_utf8(names[0].unwrap().to_vec()).unwrap()
            })
            .collect();
        let at = told.iter().position(|name| name == "v19").unwrap();
        persons += sums.persons[at].min(15);
        told.sort();
        cells.push(told);
    }
    assert_eq!((persons, &cells[0]), (30, &cells[1]));
}
