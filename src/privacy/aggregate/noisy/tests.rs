use rand::rngs::ChaCha12Rng;
use rand::{Rng as _, SeedableRng as _};

use super::*;
use crate::base::error::SystemError;
use crate::privacy::aggregate::Level;
use crate::privacy::aggregate::contributions::{Contributions, Counting, Limits};
use crate::privacy::differential::Epsilon;

struct Fixed(ChaCha12Rng);

impl Chance for Fixed {
    fn word(&mut self) -> Result<u64, SystemError> {
        Ok(self.0.next_u64())
    }
}

const LIMITS: Limits = Limits { cells: 2, rows: 3 };
const RANGES: [Range; 2] = [
    Range {
        low: 0,
        high: 10_000_000,
    },
    Range {
        low: -300,
        high: 101,
    },
];

#[test]
fn sensitivities_are_what_one_person_adds_at_most() {
    for (measure, expected) in [
        (Measure::Persons, 2),
        (Measure::Values(0), 6),
        (Measure::Sum(0), 60_000_000),
        (Measure::Centred(0), 30_000_000),
        (Measure::Sum(1), 1_800),
        (Measure::Centred(1), 6 * 201),
        (Measure::InBrackets(0), 6),
    ] {
        assert_eq!(
            measure.sensitivity(LIMITS, &RANGES),
            expected,
            "{measure:?}"
        );
    }
}

#[test]
fn epsilon_is_shared_out() {
    let asked = [Asked::Persons, Asked::Mean(0), Asked::Sum(1)];
    let epsilon: Epsilon = "1".parse().unwrap();
    let all = Mechanism::all(&asked, epsilon, LIMITS, &RANGES).unwrap();
    let shares: Vec<String> = all.iter().map(|one| one.epsilon.to_string()).collect();
    assert_eq!(
        shares,
        ["0.333333333", "0.166666666", "0.166666666", "0.333333333"]
    );
    let wide = Range {
        low: -i64::MAX,
        high: 0,
    };
    let limits = Limits {
        cells: 1_000,
        rows: 1_000,
    };
    let least = "0.000001".parse().unwrap();
    let refused = Mechanism::all(&[Asked::Sum(0)], least, limits, &[wide]);
    assert!(matches!(refused, Err(Error::NoiseTooLarge)));
}

/// Rows with a label in each of two columns and an amount, at a given ε.
fn tabled<T>(rows: u64, epsilon: &str, mut look: impl FnMut(&NoisyTable<'_>, &Sums) -> T) -> T {
    let label = |text: &str| text.as_bytes().into();
    let grid = Grid::new(vec![
        Some(vec![label("a"), label("b")]),
        Some(vec![label("x"), label("y"), label("z")]),
    ])
    .unwrap();
    let limits = Limits { cells: 1, rows: 1 };
    let data = Data {
        grid: &grid,
        ranges: &RANGES[..1],
        brackets: &[Brackets::new(RANGES[0], 100_000)],
    };
    let how = Counting::new(&grid, limits, (data.ranges, data.brackets));
    let mut counted = Contributions::new(how).unwrap();
    for row in 0..rows {
        let values = [
            ["a", "b"][row as usize % 2],
            ["x", "y", "x"][row as usize % 3],
        ];
        let amount = 2_000_000 + i128::from(row % 7) * 100_000;
        let values = values.iter().map(|value| value.as_bytes());
        let added = counted.add(values, (None, row), &[Some(amount)], &|text| text.into());
        added.unwrap();
    }
    let sums = Contributions::together(vec![counted]).unwrap();
    let asked = [
        Asked::Persons,
        Asked::Mean(0),
        Asked::Sum(0),
        Asked::Quantile(0),
    ];
    let mechanisms = Mechanism::all(&asked, epsilon.parse().unwrap(), limits, &RANGES).unwrap();
    let mut chance = Fixed(ChaCha12Rng::seed_from_u64(rows));
    let which = Which::All { totals: true };
    let table = NoisyTable::draw(data, &sums, &mechanisms, which, &mut chance).unwrap();
    look(&table, &sums)
}

#[test]
fn all_cells_are_told_and_totals_are_their_sums() {
    tabled(600, "1", |table, _| {
        let places = table.places();
        let names: Vec<String> = places
            .iter()
            .map(|place| {
                let names = table.names(*place).into_iter();
                names
                    .map(|name| name.map_or("Total", |name| str::from_utf8(name).unwrap()))
                    .collect()
            })
            .collect();
        let expected = [
            "ax", "ay", "az", "aTotal", "bx", "by", "bz", "bTotal", "Totalx", "Totaly", "Totalz",
            "TotalTotal",
        ];
        assert_eq!(names, expected);
        let told = |at: usize| table.figure(Measure::Persons, places[at]).unwrap();
        assert_eq!(told(3).value, told(0).value + told(1).value + told(2).value);
        assert_eq!(told(11).value, told(3).value + told(7).value);
        let widths = [0, 8, 3, 11].map(|at| told(at).half_width);
        assert!(
            widths.is_sorted() && widths[0] > 0 && widths[1] < 3 * widths[0],
            "{widths:?}"
        );
        // Nobody is there, and noise is all the same.
        assert!([2, 6].iter().any(|at| told(*at).value != 0));
        assert_eq!(table.cells(), 6);
    });
}

/// With so large an ε there is no noise, and the figures are the exact ones.
#[test]
fn means_are_the_middle_and_the_centred_sum_over_the_count() {
    tabled(600, "1000", |table, sums| {
        for place in table.places() {
            if !table.is_cell(place) {
                continue;
            }
            let (values, sum) = sums.amounts[0][place];
            let figure = |measure| table.figure(measure, place).unwrap().value;
            assert_eq!(figure(Measure::Persons), i128::from(values));
            let mean = table.mean(0, place);
            if values == 0 {
                continue;
            }
            let mean = mean.unwrap();
            let exact = sum / i128::from(values);
            assert!(
                (mean.value - exact).abs() <= mean.half_width,
                "{mean:?} {exact}"
            );
            assert!(mean.half_width < 100_000, "{mean:?}");
            // The noise of sums is of 30 € each, at this ε.
            assert!((figure(Measure::Sum(0)) - sum).abs() < 1_000_000);
        }
    });
}

/// Half-widths hold in 95 of 100 cases, of means too, and means never leave their range by much.
#[test]
fn half_widths_hold() {
    let (mut held, mut all) = (0, 0);
    for rows in 0..60 {
        tabled(rows * 7, "2", |table, sums| {
            for place in table
                .places()
                .into_iter()
                .filter(|place| table.is_cell(*place))
            {
                let (values, sum) = sums.amounts[0][place];
                let exact = i128::from(values);
                let figure = table.figure(Measure::Persons, place).unwrap();
                held += u32::from((figure.value - exact).abs() <= figure.half_width);
                all += 1;
                if let (Some(mean), true) = (table.mean(0, place), values > 0) {
                    assert!((0..=10_000_000).contains(&mean.value));
                    assert!(mean.half_width <= 10_000_000);
                    held += u32::from((mean.value - sum / exact).abs() <= mean.half_width);
                    all += 1;
                }
            }
        });
    }
    assert!(all > 500 && held * 100 >= all * 94, "{held} of {all}");
}

#[test]
fn quotients_are_rounded_to_the_nearest() {
    for (sum, of, expected) in [
        (7, 2, Some(4)),
        (-7, 2, Some(-4)),
        (1, 3, Some(0)),
        (5, 0, None),
        (5, -2, None),
    ] {
        assert_eq!(nearest(sum, of), expected, "{sum} / {of}");
    }
}

/// The median of what `tabled` counts in a cell, from the amounts that it has.
fn exact_median(rows: u64, values: [&str; 2]) -> Option<i128> {
    let of_cell = (0..rows).filter(|row| {
        let own = [
            ["a", "b"][*row as usize % 2],
            ["x", "y", "x"][*row as usize % 3],
        ];
        own == values
    });
    let mut amounts: Vec<i128> = of_cell
        .map(|row| 2_000_000 + i128::from(row % 7) * 100_000)
        .collect();
    amounts.sort_unstable();
    amounts
        .get(amounts.len().div_ceil(2).checked_sub(1)?)
        .copied()
}

/// Without noise to speak of quantiles are the exact ones; with it their half-widths hold in 95 of 100 cases.
#[test]
fn quantiles_are_read_from_noisy_brackets() {
    let level = Level::of_thousandths(500).unwrap();
    let (mut held, mut all, mut narrow) = (0, 0, 0);
    for (epsilon, rows) in (1..40).flat_map(|times| [("1000", 30 * times), ("2", 60 * times + 1)]) {
        tabled(rows, epsilon, |table, _| {
            for place in table.places() {
                let names = table.names(place);
                let names: Vec<&str> = names
                    .into_iter()
                    .flatten()
                    .map(|name| str::from_utf8(name).unwrap())
                    .collect();
                let [one, other] = names[..] else { continue };
                let Some(exact) = exact_median(rows, [one, other]) else {
                    continue;
                };
                let Some(told) = table.quantile(0, level, place) else {
                    continue;
                };
                assert_eq!(told.value % 100_000, 0);
                assert!((0..=10_000_000).contains(&told.value));
                if epsilon == "1000" {
                    assert_eq!((told.value, told.half_width), (exact, 50_000));
                    continue;
                }
                held += u32::from((told.value - exact).abs() <= told.half_width);
                narrow += u32::from(told.half_width < 2_000_000);
                all += 1;
            }
        });
    }
    assert!(all > 150 && held * 100 >= all * 95, "{held} of {all}");
    // And they say something.
    assert!(narrow * 2 > all, "{narrow} of {all}");
}

/// Cells that come from the data: one person alone is never told of, and of a crowd always.
#[test]
fn cells_below_the_threshold_are_not_told() {
    let grid = Grid::new(vec![None]).unwrap();
    let limits = Limits { cells: 1, rows: 1 };
    let how = Counting::new(&grid, limits, (&[], &[]));
    let mut counted = Contributions::new(how).unwrap();
    let mut rows: Vec<String> = (0..400).map(|person| format!("alone {person}")).collect();
    rows.extend((0..300).map(|person| ["z", "a", "m"][person % 3].to_owned()));
    for (row, value) in rows.iter().enumerate() {
        let value = std::iter::once(value.as_bytes());
        let whose = (None, row as u64);
        counted.add(value, whose, &[], &|text| text.into()).unwrap();
    }
    let sums = Contributions::together(vec![counted]).unwrap();
    let (found, epsilon) = (grid.listed().unwrap(), "1".parse().unwrap());
    let mechanisms = Mechanism::all(&[Asked::Persons], epsilon, limits, &[]).unwrap();
    let least = Mechanism::threshold(&mechanisms, limits, "0.000000001".parse().unwrap()).unwrap();
    assert_eq!(least, 22);
    let data = Data {
        grid: &found,
        ranges: &[],
        brackets: &[],
    };
    let told = |sums: &Sums, least: u128, seed: u64| -> Vec<String> {
        let mut chance = Fixed(ChaCha12Rng::seed_from_u64(seed));
        let table = NoisyTable::draw(data, sums, &mechanisms, Which::From(least), &mut chance);
        let table = table.unwrap();
        let places = table.places();
        assert_eq!(table.cells(), places.len() as u64);
        let names = places.iter().map(|place| table.names(*place));
        names
            .map(|names| String::from_utf8(names[0].unwrap().to_vec()).unwrap())
            .collect()
    };
    for seed in 0..20 {
        assert_eq!(told(&sums, least, seed), ["a", "m", "z"]);
    }
    // With a lower one some of those who are alone would be told of; but never a cell that nobody counts in.
    assert!(told(&sums, 2, 1).len() > 100);
    let nobody = Sums {
        persons: vec![0; 403],
        ..sums.clone()
    };
    assert!(told(&nobody, 2, 1).is_empty());
}
