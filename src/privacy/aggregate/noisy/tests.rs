use rand::rngs::ChaCha12Rng;
use rand::{Rng as _, SeedableRng as _};

use super::*;
use crate::base::error::SystemError;
use crate::privacy::aggregate::contributions::{Contributions, Counting};

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
        vec![label("a"), label("b")],
        vec![label("x"), label("y"), label("z")],
    ])
    .unwrap();
    let limits = Limits { cells: 1, rows: 1 };
    let how = Counting::new(&grid, limits, &RANGES[..1]);
    let mut counted = Contributions::new(how);
    for row in 0..rows {
        let values = [
            ["a", "b"][row as usize % 2],
            ["x", "y", "x"][row as usize % 3],
        ];
        let amount = 2_000_000 + i128::from(row % 7) * 100_000;
        let values = values.iter().map(|value| value.as_bytes());
        counted.add(values, (None, row), &[Some(amount)], &|text| text.into());
    }
    let sums = Contributions::together(vec![counted]).unwrap();
    let asked = [Asked::Persons, Asked::Mean(0), Asked::Sum(0)];
    let mechanisms = Mechanism::all(&asked, epsilon.parse().unwrap(), limits, &RANGES).unwrap();
    let mut chance = Fixed(ChaCha12Rng::seed_from_u64(5));
    let table =
        NoisyTable::draw((&grid, &RANGES[..1]), &sums, &mechanisms, true, &mut chance).unwrap();
    look(&table, &sums)
}

#[test]
fn all_cells_are_told_and_totals_are_their_sums() {
    tabled(600, "1", |table, _| {
        let places = table.places();
        let names: Vec<String> = places
            .iter()
            .map(|place| {
                let names = table.names(*place);
                names
                    .map(|name| name.map_or("Total", |name| str::from_utf8(name).unwrap()))
                    .collect()
            })
            .collect();
        let expected = [
            "ax",
            "ay",
            "az",
            "aTotal",
            "bx",
            "by",
            "bz",
            "bTotal",
            "Totalx",
            "Totaly",
            "Totalz",
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
