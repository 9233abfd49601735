//! What becomes of the `*` class, case by case.

use super::*;

/// One column of values `v0..`, without levels between; rows as (value, sensitive value, how many).
pub(super) fn flat(rows: &[(u32, u32, usize)], k: u32, max_suppressed: u64) -> Table {
    let rows = rows
        .iter()
        .flat_map(|(value, secret, times)| vec![(vec![*value], vec![*secret]); *times]);
    Table {
        columns: vec![(Vec::new(), 1)],
        rows: rows.collect(),
        requirement: Requirement {
            k,
            max_suppressed,
            l: None,
            t: None,
        },
    }
}

#[test]
fn the_class_of_suppressed_rows_is_no_exception() {
    for (name, rows, k, max_suppressed, expected) in cases![
        "enough fail", &[(0, 0, 3), (1, 0, 1), (2, 1, 1)][..], 2, 2, Some(2);
        "too few fail: the smallest class goes with them", &[(0, 0, 3), (1, 0, 2), (2, 1, 1)], 2, 9, Some(3);
        "but not beyond the limit", &[(0, 0, 3), (1, 0, 2), (2, 1, 1)], 2, 2, None;
        "one sensitive value: a class with another one goes",
        &[(0, 1, 3), (1, 0, 2), (2, 0, 1), (3, 0, 1)],
        2,
        9,
        Some(5);
        "one sensitive value in all the table", &[(0, 0, 3), (2, 0, 1), (3, 0, 1)], 2, 2, Some(2);
        "nothing fails", &[(0, 0, 3), (1, 1, 2)], 2, 0, Some(0);
        "all rows `*` is suppression", &[(0, 0, 1), (1, 1, 1)], 2, 0, None;
        "all rows may be suppressed", &[(0, 0, 1), (1, 1, 1)], 2, 2, Some(2);
        "fewer rows than k", &[(0, 0, 2)], 3, 9, None;
    ] {
        let table = flat(rows, k, max_suppressed);
        let (combinations, hierarchies) = (table.combinations(), table.hierarchies());
        for found in [
            global(&combinations, &hierarchies, &table.requirement, 2),
            local(&combinations, &hierarchies, &table.requirement, 2),
        ] {
            assert_eq!(
                found.as_ref().ok().map(|found| found.suppressed),
                expected,
                "{name}"
            );
            match found {
                Ok(found) => check(&table, &found),
                Err(unreachable) => assert!(unreachable.least_suppressed.is_some(), "{name}"),
            }
        }
    }
}
