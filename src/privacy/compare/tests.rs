use super::*;
use crate::privacy::counter::Text;
use crate::privacy::extent::Extent;

/// Labels of years, towns and values, by their codes.
const YEARS: [&str; 5] = ["1984", "1985", "1980-1984", "1985-1989", "*"];
const VALUES: [&str; 3] = ["x", "y", "z"];

fn columns() -> Vec<Column> {
    let texts = |labels: &[&str]| -> Vec<Text> {
        labels.iter().map(|label| label.as_bytes().into()).collect()
    };
    let years = vec![
        Extent::Span(1984, 1985),
        Extent::Span(1985, 1986),
        Extent::Span(1980, 1985),
        Extent::Span(1985, 1990),
        Extent::Itself,
    ];
    let itself = || VALUES.map(|_| Extent::Itself).to_vec();
    vec![
        Column {
            role: Role::QuasiIdentifying,
            overlaps: Overlaps::new(&texts(&YEARS), years),
        },
        Column {
            role: Role::Sensitive,
            overlaps: Overlaps::new(&texts(&VALUES), itself()),
        },
    ]
}

/// A row: the codes of its year and its value, whose it is, its index.
type Row = (u32, u32, u32, u64);

fn release(rows: &[Row], has_persons: bool) -> Release {
    let mut release = Release::new(2, has_persons, true);
    for rows in rows.chunks(2) {
        let column = |of: fn(&Row) -> u32| rows.iter().map(of).collect::<Vec<u32>>();
        release.add(&Rows {
            rows: rows.len(),
            codes: [column(|row| row.0), column(|row| row.1)].concat(),
            persons: column(|row| row.2),
            indexes: rows.iter().map(|row| row.3).collect(),
        });
    }
    release
}

fn compare(old: &[Row], new: &[Row], persons: bool) -> Comparison {
    let releases = [release(old, persons), release(new, persons)];
    let columns = columns();
    let found = [1, 3].map(|threads| {
        let [old, new] = &releases;
        Comparison::new(old, new, &columns, threads)
    });
    assert_eq!(found[0], found[1]);
    found[0].clone()
}

#[test]
fn the_same_release_again_tells_nothing_new() {
    // Two classes of two, each with two values.
    let rows = [(2, 0, 0, 1), (2, 1, 1, 2), (3, 0, 2, 3), (3, 1, 3, 4)];
    let found = compare(&rows, &rows, false);
    assert_eq!(
        found.new,
        Counts {
            rows: 4,
            holders: 4
        }
    );
    // Values tell rows of a class apart, but whoever looks for a person has two to choose from.
    assert_eq!((found.linked, found.linked_by_quasi), (4, 0));
    assert_eq!((found.candidates.least, found.candidates.one), (2, 0));
    assert_eq!((found.newcomers.all, found.gone), (0, 0));
    let certain = Certain {
        alone: 0,
        together: 0,
    };
    assert_eq!(found.certain, [certain]);
    let ordered = Ordered {
        same_position: 4,
        pairs: 4,
        in_order: 4,
    };
    assert_eq!(found.order, ordered);
    assert_eq!(found.index, Some(Indexed { same: 4, agree: 4 }));
    assert!(found.bytes > 0);
}

#[test]
fn classes_that_cut_each_other_tell_who_is_who() {
    // 1984 and 1985 with a class of all before; one person of 1984 is in both.
    let old = [(0, 0, 0, 1), (0, 1, 1, 2), (1, 2, 2, 3)];
    let new = [(2, 0, 0, 4), (2, 2, 3, 5), (3, 2, 2, 6)];
    let found = compare(&old, &new, false);
    // In 1980-1984 only the first is in a class of old; the second is new, and alone as that.
    assert_eq!(found.linked, 2);
    assert_eq!((found.candidates.least, found.candidates.one), (1, 3));
    let newcomers = Newcomers {
        all: 1,
        by_quasi: 0,
        alone: 1,
        under_5: 1,
    };
    assert_eq!(found.newcomers, newcomers);
    assert_eq!(found.gone, 1);
    let certain = Certain {
        alone: 1,
        together: 3,
    };
    assert_eq!(found.certain, [certain]);
    assert_eq!(found.linked_by_quasi, 1);
    assert_eq!(found.index, Some(Indexed { same: 0, agree: 0 }));
}

#[test]
fn a_suppressed_row_may_be_anybody() {
    let old = [(0, 0, 0, 1), (1, 0, 1, 2), (4, 0, 2, 3)];
    let new = [(4, 0, 0, 1), (0, 0, 1, 2), (1, 1, 2, 3)];
    let found = compare(&old, &new, false);
    // The first of new may be any of old; the last has no such value in old.
    assert_eq!((found.linked, found.linked_by_quasi), (0, 0));
    assert_eq!((found.newcomers.all, found.newcomers.by_quasi), (1, 0));
    assert_eq!(found.gone, 0);
    assert_eq!(found.index, Some(Indexed { same: 3, agree: 1 }));
}

#[test]
fn the_rows_of_one_person_do_not_hide_it() {
    // Three rows of one person, twice.
    let rows = [
        (0, 0, 0, 1),
        (0, 0, 0, 2),
        (0, 1, 0, 3),
        (1, 0, 1, 4),
        (1, 0, 2, 5),
    ];
    let by_rows = compare(&rows, &rows, false);
    assert_eq!((by_rows.linked, by_rows.candidates.least), (1, 2));
    let by_persons = compare(&rows, &rows, true);
    assert_eq!(
        by_persons.new,
        Counts {
            rows: 5,
            holders: 3
        }
    );
    assert_eq!((by_persons.linked, by_persons.linked_by_quasi), (1, 1));
    assert_eq!(
        (by_persons.candidates.one, by_persons.candidates.under_3),
        (1, 3)
    );
}

#[test]
fn nobody_is_compared_with_nobody() {
    let some = [(0, 0, 0, 1)];
    for (old, new, newcomers, gone) in [
        (&[][..], &[][..], 0, 0),
        (&some, &[], 0, 1),
        (&[], &some, 1, 0),
    ] {
        let found = compare(old, new, false);
        assert_eq!((found.newcomers.all, found.gone), (newcomers, gone));
        assert_eq!(found.newcomers.by_quasi, newcomers);
    }
}
