//! The measures of sensitive columns against published examples, pycanon, and naive computing.

use proptest::prelude::*;

use super::super::combinations::CodedRow;
use super::super::{Combinations, SensitiveCounts};
use super::*;

/// A sensitive column whose classes have these values: each code with its rows.
fn column(distinct: usize, classes: &[&[(u32, u32)]]) -> SensitiveCounts {
    let mut counts = SensitiveCounts::new(distinct);
    classes.iter().for_each(|values| counts.push(values));
    counts
}

#[test]
fn closeness_by_hand() {
    let ranked = |ranks: &[u32]| Order::Ranked(ranks.iter().copied().map(Some).collect());
    let with_missing = |ranks: &[Option<u32>]| Order::Ranked(ranks.to_vec());
    let missing_last = with_missing(&[Some(0), Some(1), None]);
    let only_one = with_missing(&[Some(0), None, None]);
    let nine = ranked(&[0, 1, 2, 3, 4, 5, 6, 7, 8]);
    let one = |codes: [u32; 3]| codes.map(|code| (code, 1));
    // Li et al. 2007, section 4.2: salaries 3k … 11k once each; {3k, 4k, 5k} is 0.375 from them,
    // {6k, 8k, 11k} 0.167. Section 4.3 by the order: {3k, 5k, 9k}, {6k, 8k, 11k}, {4k, 7k, 10k}.
    let salaries = [one([0, 1, 2]), one([3, 5, 8]), one([4, 6, 7])];
    let salaries = salaries.each_ref().map(<[_; 3]>::as_slice);
    let halves: [&[_]; 2] = [&[(0, 2)], &[(1, 1), (2, 1)]];
    for (name, distinct, classes, order, class, expected) in [
        ("salaries, lowest", 9, &salaries[..], &nine, 0, 0.375),
        ("salaries, spread", 9, &salaries, &nine, 1, 1.0 / 6.0),
        (
            "categories, a third of all",
            9,
            &salaries,
            &Order::Categories,
            0,
            2.0 / 3.0,
        ),
        // q = (1, 0, 0), p = (½, ¼, ¼): ½ (½ + ¼ + ¼); ordered: (½ + ¼) / 2.
        ("categories, half", 3, &halves, &Order::Categories, 0, 0.5),
        ("ordered, half", 3, &halves, &ranked(&[0, 1, 2]), 0, 0.375),
        (
            "ordered the other way round",
            3,
            &halves,
            &ranked(&[2, 1, 0]),
            0,
            0.375,
        ),
        ("in the middle", 3, &halves, &ranked(&[1, 0, 2]), 0, 0.25),
        // Codes 1 and 2 are one number: p = (½, ½), m = 2.
        (
            "two texts of one rank",
            3,
            &halves,
            &ranked(&[0, 1, 1]),
            0,
            0.5,
        ),
        ("one rank for all", 3, &halves, &ranked(&[0, 0, 0]), 0, 0.0),
        (
            "the whole table",
            2,
            &[&[(0, 3), (1, 1)][..]],
            &ranked(&[1, 0]),
            0,
            0.0,
        ),
        (
            "the whole table",
            2,
            &[&[(0, 3), (1, 1)]],
            &Order::Categories,
            0,
            0.0,
        ),
        // Code 2 is missing: a quarter of all, of the classes none and a half; of the others, q = (1, 0)
        // and (0, 1), p = (⅔, ⅓).
        ("none missing", 3, &halves, &missing_last, 0, 1.0 / 3.0),
        ("many missing", 3, &halves, &missing_last, 1, 2.0 / 3.0),
        ("one number or none", 3, &halves, &only_one, 0, 0.5),
        ("no number at all", 3, &halves, &only_one, 1, 0.5),
        ("no row", 1, &[&[]], &Order::Categories, 0, 0.0),
    ] {
        let column = column(distinct, classes);
        let table = Distribution::new(&column, order);
        let found = class_t(column.of(class), &table, &mut vec![(9, 9)]);
        assert!((found - expected).abs() < 1e-15, "{name}: {found}");
    }
}

#[test]
fn the_worst_class_is_told_by_its_size() {
    // Machanavajjhala et al. 2007, figure 2: three classes of four; heart disease, viral
    // infection, cancer. The third has cancer alone.
    let rows: Vec<CodedRow> = [(0, [0, 0, 1, 1]), (1, [2, 0, 1, 1]), (2, [2, 2, 2, 2])]
        .into_iter()
        .flat_map(|(class, values)| values.map(|value| (vec![class], vec![value])))
        .collect();
    let found = sensitive(&Combinations::of_rows(&rows), None, &[Order::Categories], 2);
    let worst = Worst {
        rows: 4,
        distinct: 1,
    };
    let [found] = found[..] else {
        panic!("one column")
    };
    assert_eq!((found.distinct, found.l_distinct), (3, 1));
    assert!((found.l_entropy - 1.0).abs() < 1e-15);
    assert_eq!((found.worst_l, found.worst_t), (worst, worst));
    assert_eq!(found.rows_of_one_value, 4);
    // Cancer is 5 of 12: 1 − 5/12.
    assert!((found.t - 7.0 / 12.0).abs() < 1e-15);
    assert_eq!(found.distance, Distance::Equal);
}

#[test]
fn a_table_without_rows_has_no_worst_class() {
    let none = Combinations::new(
        super::super::Layout::new(&[1]),
        vec![],
        vec![],
        vec![column(0, &[])],
    );
    let [found] = sensitive(&none, None, &[Order::Categories], 2)[..] else {
        panic!("one column")
    };
    assert_eq!((found.l_distinct, found.worst_l), (0, Worst::default()));
    assert!(found.t.abs() < 1e-15 && found.l_entropy.abs() < 1e-15);
}

/// What pycanon 1.3.6 finds on the same 400 rows, `s` as whole numbers and `t` as texts:
///
/// ```python
/// from pycanon import anonymity as a
/// for qi in (["x"], ["y"], ["x", "y"]):
///     for s in "st":
///         print(a.k_anonymity(df, qi), a.l_diversity(df, qi, [s]),
///               a.entropy_l_diversity(df, qi, [s]), a.t_closeness(df, qi, [s]))
/// ```
#[test]
fn pycanon_agrees() {
    let mut state = 7_u64;
    let mut next = |range: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % range
    };
    let rows: Vec<[u64; 4]> = (0..400)
        .map(|_| [next(3), next(4), next(9) * next(9), next(5) * next(3)])
        .collect();
    let texts = |column: usize, text: &dyn Fn(u64) -> String| {
        let mut codes: Vec<u64> = rows.iter().map(|row| row[column]).collect();
        codes.sort_unstable();
        codes.dedup();
        let texts: Vec<_> = codes.iter().map(|&code| text(code)).collect();
        (codes, order_of(texts.iter().map(String::as_bytes)))
    };
    let (numbers, by_rank) = texts(2, &|number| (number as i64 - 20).to_string());
    let (words, categories) = texts(3, &|number| format!("v{number}"));
    assert_eq!(categories, Order::Categories);
    for (quasi, k, numeric, textual) in [
        (
            &[0][..],
            123,
            (27, 19, 0.021_951_219_512_195_135),
            (7, 4, 0.110_243_902_439_024_38),
        ),
        (
            &[1],
            89,
            (28, 19, 0.046_206_270_627_062_736),
            (7, 4, 0.092_783_018_867_924_53),
        ),
        (
            &[0, 1],
            25,
            (15, 11, 0.100_558_823_529_411_78),
            (5, 3, 0.282_500_000_000_000_03),
        ),
    ] {
        let coded: Vec<CodedRow> = rows
            .iter()
            .map(|row| {
                let number = numbers.binary_search(&row[2]).unwrap() as u32;
                let word = words.binary_search(&row[3]).unwrap() as u32;
                let quasi = quasi.iter().map(|&column| row[column] as u32).collect();
                (quasi, vec![number, word])
            })
            .collect();
        let combinations = Combinations::of_rows(&coded);
        assert_eq!(classes(&combinations, 2).small.k, k);
        let found = sensitive(
            &combinations,
            None,
            &[by_rank.clone(), categories.clone()],
            2,
        );
        for (found, (l, entropy, t)) in found.iter().zip([numeric, textual]) {
            assert_eq!(found.l_distinct, l, "{quasi:?}");
            // pycanon cuts the entropy l to a whole number.
            assert_eq!(found.l_entropy.floor() as i32, entropy, "{quasi:?}");
            assert!((found.t - t).abs() < 1e-12, "{quasi:?} {found:?}");
        }
    }
}

/// The distance as the paper writes it: value by value over the whole domain.
fn naive_t(class: &[f64], table: &[f64], ordered: bool) -> f64 {
    let share = |values: &[f64]| -> Vec<f64> {
        let sum: f64 = values.iter().sum();
        values.iter().map(|value| value / sum).collect()
    };
    let apart: Vec<f64> = share(class)
        .iter()
        .zip(share(table))
        .map(|(q, p)| q - p)
        .collect();
    if !ordered {
        return apart.iter().map(|r| r.abs()).sum::<f64>() / 2.0;
    }
    let sums = apart.iter().scan(0.0, |sum, r| {
        *sum += r;
        Some(f64::abs(*sum))
    });
    sums.sum::<f64>() / (apart.len() as f64 - 1.0).max(1.0)
}

proptest! {
    #[test]
    fn sensitive_columns_are_as_the_papers_define(
        rows in prop::collection::vec((0_u32..5, 0_u32..8), 1..80),
        mirrored: bool,
        threads in 1_usize..5,
    ) {
        // Only the values that occur, without gaps.
        let mut values: Vec<u32> = rows.iter().map(|(_, value)| *value).collect();
        values.sort_unstable();
        values.dedup();
        let coded: Vec<CodedRow> = rows
            .iter()
            .map(|(class, value)| (vec![*class], vec![values.binary_search(value).unwrap() as u32]))
            .collect();
        let combinations = Combinations::of_rows(&coded);
        let mut ranks: Vec<u32> = (0..values.len() as u32).collect();
        if mirrored {
            ranks.reverse();
        }
        let ranks = ranks.into_iter().map(Some).collect();
        for order in [Order::Ranked(ranks), Order::Categories] {
            let ordered = order != Order::Categories;
            let found = sensitive(&combinations, None, std::slice::from_ref(&order), threads);
            prop_assert_eq!(&found, &sensitive(&combinations, None, &[order], 1));
            let mut all = vec![0.0; values.len()];
            let mut classes = vec![vec![0.0; values.len()]; 5];
            for (class, value) in &coded {
                all[value[0] as usize] += 1.0;
                classes[class[0] as usize][value[0] as usize] += 1.0;
            }
            classes.retain(|class| class.iter().sum::<f64>() > 0.0);
            let t = classes.iter().map(|class| naive_t(class, &all, ordered)).fold(0.0, f64::max);
            let distinct = |class: &Vec<f64>| class.iter().filter(|rows| **rows > 0.0).count();
            prop_assert!((found[0].t - t).abs() < 1e-12, "{} {t}", found[0].t);
            prop_assert!((0.0..=1.0).contains(&found[0].t));
            prop_assert_eq!(Some(found[0].l_distinct), classes.iter().map(distinct).min());
            prop_assert_eq!(found[0].worst_l.distinct, found[0].l_distinct);
            prop_assert!(found[0].l_entropy <= found[0].l_distinct as f64);
        }
    }
}
