use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;

use super::runs::Limits;
use super::*;
use crate::privacy::codes::Value;

fn batch<S: AsRef<str>>(coder: &mut Coder<'_>, rows: &[&[S]]) {
    for column in 0..rows[0].len() {
        let values = rows.iter().map(|row| row[column].as_ref().as_bytes());
        coder.values(values.map(Value::from));
    }
    coder.flush();
}

fn counted(rows: &[[&str; 3]], coders: usize, quasi: usize) -> Counted {
    let dictionaries: Vec<Dictionary> = (0..3).map(|_| Dictionary::default()).collect();
    let mut all: Vec<Coder<'_>> = (0..coders)
        .map(|_| Coder::new(&dictionaries, None))
        .collect();
    // The last coder begins, so that codes do not come in the order of the rows.
    for (at, rows) in rows.chunks(7).enumerate().rev() {
        let rows: Vec<&[&str]> = rows.iter().map(<[&str; 3]>::as_slice).collect();
        batch(&mut all[at % coders], &rows);
    }
    let counts = all.into_iter().map(Counts::from).collect();
    count(dictionaries, None, counts, quasi, &|value| value.into()).unwrap()
}

#[test]
fn rows_are_counted_whatever_the_number_of_coders() {
    let words: Vec<String> = (0..50).map(|number| format!("value {number}")).collect();
    let rows: Vec<[&str; 3]> = (0..2_000_usize)
        .map(|row| {
            let word = |step: usize| words[row * row % (step + 7) % 50].as_str();
            [word(1), word(40), word(13)]
        })
        .collect();
    let one = counted(&rows, 1, 2);
    assert_eq!(one.combinations.rows(), 2_000);
    for coders in 2..5 {
        let more = counted(&rows, coders, 2);
        assert_eq!(more.combinations, one.combinations);
        assert_eq!(more.values, one.values);
    }
    let mut expected: HashMap<(&str, &str), HashMap<&str, u32>> = HashMap::new();
    for [first, second, third] in rows {
        *expected
            .entry((first, second))
            .or_default()
            .entry(third)
            .or_default() += 1;
    }
    assert_eq!(one.combinations.len(), expected.len());
    let text =
        |column: usize, code: u32| str::from_utf8(&one.values[column][code as usize]).unwrap();
    for at in 0..one.combinations.len() {
        let code = |column| one.combinations.code(at, column);
        let thirds = &expected[&(text(0, code(0)), text(1, code(1)))];
        assert_eq!(one.combinations.counts()[at], thirds.values().sum::<u32>());
        let found: HashMap<&str, u32> = one.combinations.sensitive()[0]
            .of(at)
            .iter()
            .map(|(code, count)| (text(2, *code), *count))
            .collect();
        assert_eq!(&found, thirds);
    }
}

#[test]
fn combinations_of_many_rows_are_whole() {
    // Far more rows than a piece has room for, which differ in their sensitive values.
    let words: Vec<String> = (0..5_000).map(|number| number.to_string()).collect();
    let rows: Vec<[&str; 3]> = (0..50_000_usize)
        .map(|row| [["a", "b", "c"][row % 3], &words[row / 10], &words[row % 7]])
        .collect();
    for coders in 1..4 {
        let found = counted(&rows, coders, 1).combinations;
        assert_eq!(found.counts(), [16_667, 16_667, 16_666]);
        let found = counted(&rows, coders, 0).combinations;
        assert_eq!(found.counts(), [50_000]);
    }
}

#[test]
fn all_columns_or_none_may_be_sensitive() {
    let rows = [["a", "x", "1"], ["a", "y", "1"], ["b", "x", "1"]];
    let all = counted(&rows, 2, 3);
    assert_eq!(
        (all.combinations.len(), all.combinations.sensitive().len()),
        (3, 0)
    );
    let none = counted(&rows, 2, 0);
    assert_eq!(
        (none.combinations.len(), none.combinations.counts()),
        (1, &[3][..])
    );
    assert_eq!(none.combinations.sensitive()[1].of(0), &[(0, 2), (1, 1)]);
}

#[test]
fn texts_with_numbers_count_as_the_texts() {
    let labels = [
        "1950-1959",
        "*",
        "1960-1969",
        "never written",
        "a label of more bytes",
    ];
    let rows = [(0, "x"), (1, "y"), (2, "x"), (0, "x"), (4, "z"), (1, "y")];
    let dictionaries: Vec<Dictionary> = (0..2).map(|_| Dictionary::default()).collect();
    let mut coders: Vec<Coder<'_>> = (0..2).map(|_| Coder::new(&dictionaries, None)).collect();
    for (at, (number, value)) in rows.into_iter().enumerate() {
        let coder = &mut coders[at % 2];
        coder.numbers([number].into_iter(), |number| {
            labels[number as usize].as_bytes()
        });
        coder.values(
            [value]
                .into_iter()
                .map(|value| Value::from(value.as_bytes())),
        );
        coder.flush();
    }
    let counts = coders.into_iter().map(Counts::from).collect();
    let found = count(dictionaries, None, counts, 2, &|value| value.into()).unwrap();
    let texts: Vec<&[u8]> = found.values[0].iter().map(|text| &**text).collect();
    let expected = ["*", "1950-1959", "1960-1969", "a label of more bytes"];
    assert_eq!(texts, expected.map(str::as_bytes));
    assert_eq!(found.combinations.counts(), [2, 1, 2, 1]);
}

proptest! {
    /// Columns of up to 2^20 values, so that rows take from one to several words.
    #[test]
    fn rows_of_any_width_are_counted(
        widths in prop::collection::vec(1_u32..=20, 1..12),
        seeds in prop_oneof![
            prop::collection::vec(0_u64..40, 1..200),
            prop::collection::vec(0_u64..4_000, 1..200),
        ],
        coders in 1_usize..4,
        quasi in 0_usize..12,
        (usual, different) in (1_usize..200, 1_usize..400),
    ) {
        let quasi = quasi.min(widths.len());
        let rows: Vec<Vec<String>> = seeds
            .iter()
            .map(|seed| {
                let value = |width: &u32| (seed + 3).pow(4) % (1 << width);
                widths.iter().map(value).map(|value| format!("{value:07}")).collect()
            })
            .collect();
        let dictionaries: Vec<Dictionary> =
            widths.iter().map(|_| Dictionary::default()).collect();
        // Values that no row has make codes, and thus keys, as wide as asked for.
        for (dictionary, width) in dictionaries.iter().zip(&widths) {
            (0..1_u32 << (width / 2)).for_each(|value| {
                dictionary.code(format!("{value:07}").as_bytes());
            });
        }
        let limits = Limits { usual, different };
        let coder = |_| Coder::new(&dictionaries, None).limited(limits);
        let mut all: Vec<Coder<'_>> = (0..coders).map(coder).collect();
        for (at, rows) in rows.chunks(5).enumerate() {
            let rows: Vec<&[String]> = rows.iter().map(Vec::as_slice).collect();
            batch(&mut all[at * at % coders], &rows);
        }
        let counts = all.into_iter().map(Counts::from).collect();
        let found = count(dictionaries, None, counts, quasi, &|value| value.into()).unwrap();
        type Expected<'r> = (u32, Vec<BTreeMap<&'r str, u32>>);
        let mut expected: BTreeMap<&[String], Expected<'_>> = BTreeMap::new();
        for row in &rows {
            let (first, rest) = row.split_at(quasi);
            let none = || (0, vec![BTreeMap::new(); rest.len()]);
            let (count, values) = expected.entry(first).or_insert_with(none);
            *count += 1;
            for (counts, value) in values.iter_mut().zip(rest) {
                *counts.entry(value.as_str()).or_default() += 1;
            }
        }
        let text = |column: usize, code: u32| {
            str::from_utf8(&found.values[column][code as usize]).unwrap()
        };
        let combinations = &found.combinations;
        prop_assert_eq!(combinations.len(), expected.len());
        prop_assert_eq!(combinations.rows(), rows.len() as u64);
        for at in 0..combinations.len() {
            let key: Vec<String> = (0..quasi)
                .map(|column| text(column, combinations.code(at, column)).to_owned())
                .collect();
            let (count, values) = &expected[key.as_slice()];
            prop_assert_eq!(combinations.counts()[at], *count);
            for (column, values) in values.iter().enumerate() {
                let entries = combinations.sensitive()[column].of(at);
                let found: BTreeMap<&str, u32> = entries
                    .iter()
                    .map(|(code, count)| (text(quasi + column, *code), *count))
                    .collect();
                prop_assert_eq!(found.len(), entries.len());
                prop_assert_eq!(&found, values);
            }
        }
        let by_code = combinations.rows_by_code(quasi, coders);
        for (column, rows_of) in by_code.iter().enumerate() {
            for (code, found) in rows_of.iter().enumerate() {
                let has = |row: &&Vec<String>| row[column] == text(column, code as u32);
                prop_assert_eq!(*found, rows.iter().filter(has).count() as u64);
            }
        }
    }
}
