//! Noise: what is written, and that it keeps means and bounds.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::base::random::Randomness;
use crate::rules::context::RunContext;
use crate::rules::options::testing::{refuses, rule, today, transform, write, writes};
use crate::rules::transform::CellRow;

const LAPLACE: &str = "{ distribution = 'laplace', scale = 500, min = 0, max = 100_000 }";

/// What a rule makes of a cell in a record, under a seed and at a position in the input.
fn noisy(options: &str, cell: &str, record: u64, seed: u64, position: usize) -> String {
    noisy_for(options, (b"", cell), record, seed, position)
}

/// The same of somebody's cell.
fn noisy_for(
    options: &str,
    (person, cell): (&[u8], &str),
    record: u64,
    seed: u64,
    position: usize,
) -> String {
    let context = RunContext {
        random: Arc::new(Randomness::from_seed(seed)),
        ..RunContext::on(today())
    };
    let rule = rule(&KIND, options);
    let column = ColumnContext {
        run: &context,
        name: "revenus",
        output: "Revenus",
        position,
    };
    let Ok(Action::Write(transform)) = rule.compile(&column) else {
        panic!("noise writes");
    };
    let cell = Cell {
        content: cell.as_bytes(),
        row: &CellRow {
            record,
            index: None,
            person,
        },
    };
    let mut out = Vec::new();
    transform.apply(cell, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn what_cannot_be_moved_leaves_as_it_is_and_what_lies_beyond_is_invalid() {
    writes(
        &KIND,
        &[
            (LAPLACE, "0", Ok("0#0")),
            (LAPLACE, "-0,00 €", Ok("0.00#0")),
            (LAPLACE, "100 000,0 €", Ok("100000.0#0")),
            (LAPLACE, "-0.01", Err("out_of_bounds")),
            (LAPLACE, "100000.01", Err("out_of_bounds")),
            (LAPLACE, "45.000", Err("ambiguous_amount")),
            (LAPLACE, "inconnu", Err("not_an_amount")),
            (LAPLACE, "0.0000000000001", Err("too_many_digits")),
            (
                "{ distribution = 'uniform', scale = 1 }",
                "1000000000000000000",
                Err("too_many_digits"),
            ),
        ],
    );
}

#[test]
fn numbers_have_the_decimals_and_the_mark_of_the_rule() {
    for (options, cell, decimals, mark) in cases![
        "{ distribution = 'gaussian', scale = 500 }", "45000", 0, '.';
        "{ distribution = 'gaussian', scale = 500 }", "45 000,50 €", 2, '.';
        "{ distribution = 'uniform', scale = 500, decimal = ',' }", "45.000,50", 2, ',';
        "{ distribution = 'laplace', scale = 500, decimals = 0 }", "45000,50", 0, '.';
        "{ distribution = 'laplace', scale = 5, decimals = 3 }", "-12", 3, '.';
    ] {
        let (text, outcome) = write(transform(&KIND, options).as_ref(), cell).unwrap();
        assert_eq!(outcome, Outcome::Written, "{options}");
        let behind = text.split_once(mark).map_or(0, |(_, behind)| behind.len());
        assert_eq!(behind, decimals, "{options}: {text}");
        let plain = text.replace(mark, ".");
        assert!(plain.parse::<f64>().is_ok(), "{options}: {text}");
    }
}

#[test]
fn a_cell_s_noise_hangs_on_the_run_the_column_and_the_record_alone() {
    let own = noisy(LAPLACE, "45000.000", 7, 1, 3);
    assert_eq!(noisy(LAPLACE, "45000.000", 7, 1, 3), own);
    for (case, other) in [
        ("another record", noisy(LAPLACE, "45000.000", 8, 1, 3)),
        ("another run", noisy(LAPLACE, "45000.000", 7, 2, 3)),
        ("another column", noisy(LAPLACE, "45000.000", 7, 1, 4)),
    ] {
        assert_ne!(other, own, "{case}");
    }
}

#[test]
fn ninety_nights_of_a_key_tell_no_more_of_an_amount_than_one() {
    const PEOPLE: usize = 1_000;
    const AMOUNT: f64 = 30_000.0;
    // By night and person, in another place of the file each night.
    let nights = |role: &str, people: usize| -> Vec<Vec<f64>> {
        let options = format!("{{ distribution = 'uniform', scale = 500, decimals = 0{role} }}");
        let nights = (0..90).map(|night| {
            let run = RunContext {
                random: Arc::new(Randomness::from_seed(night)),
                ..RunContext::on(today())
            };
            let column = ColumnContext {
                run: &run,
                name: "revenus",
                output: "Revenus",
                position: 3,
            };
            let Ok(Action::Write(noisy)) = rule(&KIND, &options).compile(&column) else {
                panic!("noise writes");
            };
            let people = (0..people as u64).map(|person| {
                let (mut out, name) = (Vec::new(), format!("C-{person}"));
                let cell = Cell {
                    content: b"30000",
                    row: &CellRow {
                        record: 1 + (person + 7 * night) % PEOPLE as u64,
                        index: None,
                        person: name.as_bytes(),
                    },
                };
                noisy.apply(cell, &mut out).unwrap();
                str::from_utf8(&out).unwrap().parse().unwrap()
            });
            people.collect()
        });
        nights.collect()
    };
    // How far apart the amounts are that no draw puts beyond the ends of the distribution.
    let possible = |nights: &[Vec<f64>], person: usize| {
        let most = 500.0 * 3.0_f64.sqrt() + 0.5;
        let seen = || nights.iter().map(|night| night[person]);
        let first = seen().fold(f64::MIN, |first, seen| first.max(seen - most));
        let last = seen().fold(f64::MAX, |last, seen| last.min(seen + most));
        assert!((first..=last).contains(&AMOUNT));
        last - first
    };
    let anew = nights("", 100);
    let found = (0..100).filter(|person| possible(&anew, *person) < 100.0);
    let found = found.count();
    assert!(found > 80, "the attack works: {found}");
    let kept = nights(", role = 'a'", PEOPLE);
    let told = |person: &usize| possible(&kept, *person) < possible(&kept[..1], *person);
    assert_eq!((0..PEOPLE).filter(told).count(), 0);
    let mut drawn: Vec<u64> = kept[0].iter().map(|seen| seen.to_bits()).collect();
    drawn.sort_unstable();
    drawn.dedup();
    // Of some 1 700 whole amounts, a thousand draws meet 760.
    assert!(drawn.len() > 700, "draws of their own: {}", drawn.len());
}

#[test]
fn a_draw_of_a_key_hangs_on_the_person_and_the_amount() {
    let keyed = |more: &str| {
        format!("{{ distribution = 'laplace', scale = 500, decimals = 4, role = 'a'{more} }}")
    };
    let own = noisy_for(&keyed(""), (b"C-1", "45000"), 1, 1, 0);
    let noise = |options: &str, person: &[u8], cell: &str| -> f64 {
        let noisy: f64 = noisy_for(options, (person, cell), 1, 2, 5).parse().unwrap();
        let exact: f64 = cell.replace(' ', "").replace(',', ".").parse().unwrap();
        noisy - exact
    };
    let first = own.parse::<f64>().unwrap() - 45_000.0;
    for (case, options, person, cell, same) in [
        (
            "written otherwise",
            keyed(""),
            &b"C-1"[..],
            "45 000,00",
            true,
        ),
        ("another person", keyed(""), b"C-2", "45000", false),
        ("another amount", keyed(""), b"C-1", "45001", false),
        ("bounds", keyed(", max = 1_000_000"), b"C-1", "45000", false),
        (
            "another key",
            keyed("").replace("'a'", "'b'"),
            b"C-1",
            "45000",
            false,
        ),
    ] {
        assert_eq!(
            (noise(&options, person, cell) - first).abs() < 1e-6,
            same,
            "{case}"
        );
    }
    // Twice the noise of half the scale would give the amount away.
    let wider = noise(&keyed("").replace("500", "1000"), b"C-1", "45000");
    assert!((wider - 2.0 * first).abs() > 1e-3);
    let nobody = write(transform(&KIND, &keyed("")).as_ref(), "45000");
    assert_eq!(nobody, Err("no_person"));
}

#[test]
fn the_mean_of_many_cells_stays_and_no_bound_is_crossed() {
    const CELLS: u64 = 100_000;
    // A standard deviation of 500, cut off at 300 or not at all; the last one loses its decimals.
    for (distribution, cell, value, most, decimals) in [
        ("laplace", "300", 300.0, 300.0, ""),
        ("uniform", "50000", 50_000.0, 50_000.0, ""),
        ("gaussian", "99700.5", 99_700.5, 299.5, ", decimals = 0"),
    ] {
        let options = format!(
            "{{ distribution = '{distribution}', scale = 500, min = 0, max = 100_000{decimals} }}"
        );
        let transform = transform(&KIND, &options);
        let (mut sum, mut squares, mut out) = (0.0, 0.0, Vec::new());
        for record in 1..=CELLS {
            out.clear();
            let content = cell.as_bytes();
            let cell = Cell {
                content,
                row: &CellRow {
                    record,
                    index: None,
                    person: b"",
                },
            };
            transform.apply(cell, &mut out).unwrap();
            let number: f64 = str::from_utf8(&out).unwrap().parse().unwrap();
            let noise = number - value;
            // Half a unit is for the decimals that were left out.
            assert!(noise.abs() <= most + 0.5 && (0.0..=100_000.0).contains(&number));
            sum += noise;
            squares += noise * noise;
        }
        let cells = CELLS as f64;
        // Five standard errors of the mean, from the variance that was found (the distribution's
        // own tests check it).
        let error = (squares / cells).sqrt() / cells.sqrt();
        let mean = sum / cells;
        assert!(
            mean.abs() < 5.0 * error,
            "{options}, {cell}: {mean} ± {error}"
        );
    }
}

proptest! {
    #[test]
    fn bounds_hold_for_every_amount(
        hundredths in 0_i64..=1_000_000,
        record in 1_u64..1_000_000,
        decimals in 0_u32..4,
        scale in prop_oneof![Just(1.0), Just(5_000.0), Just(1e9)],
    ) {
        for distribution in ["laplace", "gaussian", "uniform"] {
            let options = format!(
                "{{ distribution = '{distribution}', scale = {scale:.1}, min = 0, max = 10_000, \
                 decimals = {decimals} }}"
            );
            let cell = format!("{}.{:02}", hundredths / 100, hundredths % 100);
            let number: f64 = noisy(&options, &cell, record, 1, 0).parse().unwrap();
            prop_assert!((0.0..=10_000.0).contains(&number), "{options}: {cell} → {number}");
        }
    }
}

#[test]
fn halves_are_rounded_away_from_zero() {
    for (number, by, expected) in [
        (0, 10, 0),
        (4, 10, 0),
        (5, 10, 1),
        (-4, 10, 0),
        (-5, 10, -1),
        (-15, 10, -2),
        (7, 1, 7),
        (-7, 1, -7),
    ] {
        assert_eq!(round_half_away(number, by), expected, "{number} / {by}");
    }
}

#[test]
fn refuses_bad_options() {
    assert_eq!(rule(&KIND, LAPLACE).kind().name, "noise");
    assert!(!rule(&KIND, LAPLACE).identifies_when_repeated());
    let required = "distribution and scale are required";
    refuses(
        &KIND,
        &cases![
            "{}", "{}", required;
            "{ scale = 5 }", "{ scale = 5 }", required;
            "{ distribution = 'normal', scale = 5 }", "'normal'", "\"gaussian\"";
            "{ distribution = 'laplace', scale = 0 }", "0", "a number from 10^-9";
            "{ distribution = 'laplace', scale = -1.5 }", "-1.5", "a number from 10^-9";
            "{ distribution = 'laplace', scale = nan }", "nan", "a number from 10^-9";
            "{ distribution = 'laplace', scale = inf }", "inf", "a number from 10^-9";
            "{ distribution = 'laplace', scale = '5' }", "'5'", "a number from 10^-9";
            "{ distribution = 'laplace', scale = 5, decimals = 13 }", "13", "a whole number from 0 to 12";
            "{ distribution = 'laplace', scale = 5, min = 0.5 }", "0.5", "a whole number";
            "{ distribution = 'laplace', scale = 5, min = 5, max = 5 }",
            "{ distribution = 'laplace', scale = 5, min = 5, max = 5 }",
            "expected a max of more than the min";
            "{ distribution = 'laplace', scale = 0.05, decimals = 1 }",
            "{ distribution = 'laplace', scale = 0.05, decimals = 1 }",
            "at least one unit of the last decimal";
            "{ sigma = 5 }", "sigma", "expected one of `distribution`, `scale`";
        ],
    );
}
