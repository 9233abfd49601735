use super::*;
use crate::privacy::combinations::CodedRow;
use crate::privacy::measures::{Order, attributes, sensitive};
use crate::privacy::{Hierarchy, SensitiveCounts};

/// Rows as (class, sensitive value, person), counted by persons.
fn table(rows: &[(u32, u32, u32)]) -> Combinations {
    let coded: Vec<CodedRow> = rows
        .iter()
        .map(|(class, _, person)| (vec![*class], vec![*person]))
        .collect();
    let counted = Combinations::of_rows(&coded);
    let most = rows.iter().map(|(_, value, _)| *value as usize + 1).max();
    let mut values = SensitiveCounts::new(most.unwrap_or(0));
    for at in 0..counted.len() {
        let class = counted.code(at, 0);
        let mut own: Vec<(u32, u32)> = rows
            .iter()
            .filter(|row| row.0 == class)
            .map(|(_, value, person)| (*value, *person))
            .collect();
        own.sort_unstable();
        own.dedup();
        let mut by_value: Vec<(u32, u32)> = Vec::new();
        for (value, _) in own {
            match by_value.last_mut() {
                Some((last, count)) if *last == value => *count += 1,
                _ => by_value.push((value, 1)),
            }
        }
        values.push(&by_value);
    }
    Combinations::new(
        counted.layout().clone(),
        counted.keys().to_vec(),
        counted.counts().to_vec(),
        vec![values],
    )
    .of_persons(counted.sensitive()[0].clone())
}

#[test]
fn a_person_counts_once_in_the_smallest_of_their_classes() {
    // (class, value, person): classes, k, largest; unique persons, under 3, average risk; persons with
    // several rows, alone with all of them.
    for (case, rows, sizes, small, several) in [
        (
            "one row each",
            &[(0, 0, 0), (0, 0, 1)][..],
            (1, 2, 2),
            (0, 2, 0.5),
            (0, 0),
        ),
        // Two rows hide nobody from one who knows whose they are.
        (
            "their own twin",
            &[(0, 0, 0), (0, 0, 0)],
            (1, 1, 1),
            (1, 1, 1.0),
            (1, 1),
        ),
        (
            "alone with one of two rows",
            &[(0, 0, 0), (0, 0, 1), (0, 0, 2), (1, 0, 0)],
            (2, 1, 3),
            (1, 1, 5.0 / 9.0),
            (1, 1),
        ),
        (
            "the same rows as another",
            &[(0, 0, 0), (1, 0, 0), (0, 0, 1), (1, 0, 1)],
            (2, 2, 2),
            (0, 2, 0.5),
            (2, 0),
        ),
        (
            "as many classes, but more rows of one",
            &[(0, 0, 0), (1, 0, 0), (0, 0, 1), (1, 0, 1), (1, 0, 1)],
            (2, 2, 2),
            (0, 2, 0.5),
            (2, 2),
        ),
    ] {
        let people = People::new(&table(rows)).unwrap();
        let (found, risks) = (people.classes(), people.risks(0.2));
        let expected = (sizes.0, sizes.1, sizes.2, small.0, small.1);
        let told = (
            found.small.classes,
            found.small.k,
            found.largest,
            found.small.unique_rows,
            found.small.rows_under_3,
        );
        assert_eq!(told, expected, "{case}");
        assert!((risks.prosecutor.average - small.2).abs() < 1e-12, "{case}");
        assert!(
            (risks.prosecutor.highest - 1.0 / sizes.1 as f64).abs() < 1e-12,
            "{case}"
        );
        let counts = people.counts(rows.len() as u64, 0);
        assert_eq!(counts.persons, found.rows, "{case}");
        let told = (counts.with_several_rows, counts.alone_together);
        assert_eq!(told, several, "{case}");
    }
}

#[test]
fn a_value_counts_once_for_each_person_who_has_it_in_a_class() {
    let combinations = table(&[(0, 0, 0), (0, 0, 0), (0, 1, 1), (1, 1, 2), (1, 1, 0)]);
    let people = People::new(&combinations);
    let found = sensitive(&combinations, people.as_ref(), &[Order::Categories], 2);
    let [found] = found[..] else {
        panic!("one column");
    };
    assert_eq!((found.l_distinct, found.rows_of_one_value), (1, 2));
    assert_eq!(found.worst_l.rows, 2);
    assert!((found.largest_share - 1.0).abs() < 1e-12);
    // In the table one of four has 0, three have 1; in the second class nobody has 0.
    assert!((found.t - 0.25).abs() < 1e-12, "{}", found.t);
}

#[test]
fn generalising_a_column_brings_the_rows_of_a_person_together() {
    let combinations = table(&[(0, 0, 0), (1, 0, 0), (2, 0, 1)]);
    let people = People::new(&combinations);
    let values: Vec<Box<[u8]>> = ["a", "b", "c"].map(|text| text.as_bytes().into()).to_vec();
    let pairs = ["ab", "ab", "c"]
        .map(|text| (text.as_bytes().into(), 2))
        .to_vec();
    let levels = [("pairs".to_owned(), pairs)];
    let hierarchy = Hierarchy::new("column".to_owned(), 1.0, &values, 3, levels);
    let found = attributes(&combinations, &[hierarchy], people.as_ref(), 2);
    let [found] = &found[..] else {
        panic!("one column");
    };
    let steps: Vec<(u64, u64, u64)> = found
        .steps
        .iter()
        .map(|step| (step.classes, step.k, step.unique_rows))
        .collect();
    assert_eq!(steps, [(3, 1, 2), (2, 1, 2), (1, 2, 0)]);
    assert_eq!((found.without.k, found.without.unique_rows), (2, 0));
}
