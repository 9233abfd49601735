//! Rows told apart, and the columns that are looked at first.

use super::*;

fn alone(text: &str, quasi: &[usize]) -> f64 {
    let (mut batch, mut ends) = (Batch::new(), Ends::default());
    assert!(batch.take_written(text.as_bytes(), b',', &mut ends));
    let (runs, mut sample) = (runs(quasi.iter().copied()), Sample::default());
    for row in batch.rows(&ends) {
        sample.add(hash(&row, &batch, &runs, &mut Vec::new()));
    }
    let found = together([sample], quasi.len());
    assert!(found.exact);
    found.share
}

#[test]
fn neighbouring_columns_are_one_run() {
    for (columns, expected) in [
        (&[][..], &[][..]),
        (&[0, 1, 2], &[(0, 2)]),
        (&[1, 2, 4], &[(1, 2), (4, 4)]),
    ] {
        assert_eq!(runs(columns.iter().copied()), expected, "{columns:?}");
    }
}

#[test]
fn as_few_kept_columns_are_looked_at_first_as_tell_rows_apart() {
    let acts = [Act::Keep { multiline: false }];
    let columns = [0, 2, 3, 5].map(|column| Column {
        step: column,
        column,
        act: &acts[0],
    });
    let rows = |cell: fn(usize, usize) -> usize, count: usize| -> Vec<Vec<String>> {
        let row = |row| (0..6).map(|column| cell(row, column).to_string()).collect();
        (0..count).map(row).collect()
    };
    let different: fn(usize, usize) -> usize = |row, _| row;
    for (case, cell, count, expected) in [
        ("every cell", different, 50, &[0][..]),
        ("all but one", |row, _| row.max(1), 50, &[0]),
        ("the last most", |row, column| row / (6 - column), 50, &[5]),
        (
            "three of them",
            |row, column| row / (1 + 7 * (column % 2)) % 8,
            50,
            &[0, 2, 3],
        ),
        ("alike", |_, _| 1, 50, &[]),
        ("too few rows", different, 39, &[]),
    ] {
        assert_eq!(first(&columns, &rows(cell, count)), expected, "{case}");
    }
}

#[test]
fn rows_are_told_apart_by_their_quasi_identifying_values() {
    for (case, text, quasi, expected) in [
        ("none", "", &[0][..], 0.0),
        ("one", "a,b\n", &[0], 1.0),
        ("other columns do not count", "a,b\na,c\n", &[0], 0.0),
        ("both do", "a,b\na,c\n", &[0, 1], 1.0),
        ("apart", "a,x,b\na,y,b\nc,x,b\n", &[0, 2], 1.0 / 3.0),
        ("needless quotes", "a,b\n\"a\",\"b\"\n", &[0, 1], 0.0),
        ("a quote in a cell", "a\"b,c\n\"a\"\"b\",c\n", &[0, 1], 0.0),
        (
            "quotes that are needed",
            "\"a,b\",c\na,\"b,c\"\n",
            &[0, 1],
            1.0,
        ),
        ("CRLF", "a,b\r\na,b\r\n", &[1], 0.0),
        ("shifted by an empty cell", "a,,b\n,a,b\n", &[0, 1], 1.0),
    ] {
        let found = alone(text, quasi);
        assert!((found - expected).abs() < 1e-12, "{case}: {found}");
    }
}
