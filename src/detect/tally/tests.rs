use super::*;
use crate::detect::detect;

fn tally(cells: impl Iterator<Item = String>) -> Tally {
    let (mut tally, mut found) = (Tally::default(), Vec::new());
    for cell in cells {
        detect(cell.as_bytes(), Detectors::ALL, &mut found);
        tally.add(&found, 1);
    }
    tally
}

/// Numbers of so many digits that look drawn: an affine generator, its high bits.
fn numbers(digits: u32) -> impl Iterator<Item = String> {
    let mut state = 1_u64;
    (0..2000).map(move |_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let low = 10_u64.pow(digits - 1);
        (low + (state >> 3) % (9 * low)).to_string()
    })
}

#[test]
fn numbers_that_pass_by_chance_alarm_nobody() {
    for digits in 1..=19 {
        let tally = tally(numbers(digits));
        assert_eq!(
            tally.alarms(),
            Detectors::NONE,
            "{digits} digits: {tally:?}"
        );
        assert_eq!(tally.cells(), 2000);
    }
    let passing: u64 = (0..DETECTORS.len())
        .map(|place| tally(numbers(9)).count(place, 0).hits)
        .sum();
    assert!(
        (100..300).contains(&passing),
        "{passing} of 2000 pass as SIREN"
    );
}

#[test]
fn numbers_that_all_pass_do_alarm() {
    let siren = Detectors::named("siren").unwrap();
    let passing = |cell: &String| super::super::checksum::luhn(cell.as_bytes());
    assert_eq!(tally(numbers(9).filter(passing)).alarms(), siren);
    // Among as many words they still do, and one alone does.
    let among = numbers(9)
        .filter(passing)
        .flat_map(|cell| [cell, "boulanger".to_owned()]);
    assert_eq!(tally(among).alarms(), siren);
    let one = ["boulanger", "732829320", "meunier"].map(str::to_owned);
    assert_eq!(tally(one.into_iter()).alarms(), siren);
    // Every other one passing is no proof: more than half is asked for.
    let half = ["732829320", "732829321"].map(str::to_owned);
    assert_eq!(tally(half.into_iter()).alarms(), Detectors::NONE);
}

#[test]
fn a_cell_counts_once_for_a_form_and_as_often_as_it_is_said_to_occur() {
    let mut found = Vec::new();
    detect(
        b"732829320, 732829321, 732829320",
        Detectors::ALL,
        &mut found,
    );
    let place = DETECTORS
        .iter()
        .position(|detector| detector.name == "siren")
        .unwrap();
    let mut tally = Tally::default();
    tally.add(&found, 3);
    assert_eq!(
        tally.count(place, 0),
        FormCount {
            hits: 3,
            ..FormCount::default()
        }
    );
    let mut merged = tally.clone();
    merged.merge(&tally);
    assert_eq!(
        merged.count(place, 0),
        FormCount {
            hits: 6,
            ..FormCount::default()
        }
    );
    assert_eq!((merged.cells(), merged.identified(place)), (6, 6));
}

/// Numbers with the check digit or the key that makes them pass.
fn passing(digits: u32, passes: fn(&str) -> bool) -> impl Iterator<Item = String> {
    numbers(digits).filter_map(move |body| {
        let mut keys = (0..100_u32).map(|key| format!("{body}{key:02}"));
        keys.find(|number| passes(number))
    })
}

#[test]
fn identifiers_are_found_among_more_numbers_of_the_same_shape() {
    let luhn = |number: &str| super::super::checksum::luhn(number.as_bytes());
    let nir = |n: u64| {
        let body = 1_850_578_006_000 + n * 1_000_003 % 999 + n % 40 * 10_000_000_000;
        format!("{body}{:02}", 97 - body % 97)
    };
    let parcel = |n: u64| {
        format!(
            "{}",
            610_000_000_000_000 + n * 7_919_301_234_567 % 99_999_999_999_999
        )
    };
    let siret = |n: u64| {
        let siren = (0..10).map(|last| 73_282_000 * 10 + n * 7919 % 9000 * 10 + last);
        let siren = siren.map(|n| n.to_string()).find(|n| luhn(n)).unwrap();
        let end = (0..10).map(|last| format!("{siren}{:04}{last}", n % 50));
        end.into_iter().find(|n| luhn(n)).unwrap()
    };
    let orders = |digits: u32| numbers(digits).filter(move |number| !luhn(number));
    type Case = (&'static str, Vec<String>, Vec<String>);
    let cases: [Case; 4] = cases![
        "nir", (0..90).map(nir).collect(), (0..110).map(parcel).collect();
        "siret", (0..90).map(siret).collect(), orders(14).take(110).collect();
        "siren", passing(7, luhn).take(90).collect(), orders(9).take(110).collect();
        "card",
        passing(10, luhn)
            .filter_map(|number| {
                let body = format!("4970{}", number.get(..11)?);
                (0..10)
                    .map(|last| format!("{body}{last}"))
                    .find(|n| luhn(n))
            })
            .take(90)
            .collect(),
        orders(16).take(110).collect();
    ];
    for (name, identifiers, others) in cases {
        let all = || identifiers.iter().chain(&others).cloned();
        let found = tally(all()).alarms();
        assert_eq!(found, Detectors::named(name).unwrap(), "{name}");
        // The order does not matter, nor how often the others are repeated.
        let repeated = (0..20).flat_map(|_| others.iter().cloned()).chain(all());
        assert_eq!(tally(repeated).alarms(), found, "{name}");
        assert_eq!(
            tally(others.iter().cloned()).alarms(),
            Detectors::NONE,
            "{name}"
        );
    }
}

#[test]
fn numbers_with_a_key_of_their_own_alarm_nobody() {
    let policy = |n: u64| {
        let body = 7_000_000_000_000 + n * 791_930_123_457 % 999_999_999_999;
        format!("{body}{:02}", 97 - body % 97)
    };
    // One account number in 97 has a right key, and one reference of its shape.
    let reference = |n: u64| {
        let number = u128::from(n) * 7_919_301_234_567_890_123_457 % 10_u128.pow(25);
        format!("FR{number:025}")
    };
    for count in [20, 60, 500, 3000] {
        let of = |numbers: &dyn Fn(u64) -> String| tally((1..count).map(numbers)).alarms();
        assert_eq!(of(&policy), Detectors::NONE, "{count} policies");
        assert_eq!(of(&reference), Detectors::NONE, "{count} references");
    }
}

#[test]
fn series_and_padded_numbers_alarm_nobody() {
    for (case, cells) in cases![
        "orders", (0..4000).map(|n| format!("01{:08}", 23_000_000 + n)).collect();
        "every third", (0..900).map(|n| format!("{:010}", 612_300_000 + 3 * n)).collect();
        "padded", numbers(10).map(|n| format!("0{}", n.split_at(1).1)).collect::<Vec<_>>();
        "one number again and again",
        vec!["732829320".to_owned(); 200]
            .into_iter()
            .chain(numbers(9).take(200))
            .collect();
    ] {
        assert_eq!(tally(cells.into_iter()).alarms(), Detectors::NONE, "{case}");
    }
    let phone = Detectors::named("phone").unwrap();
    let mobile = numbers(8).map(|n| format!("06{n}"));
    assert_eq!(tally(mobile).alarms(), phone);
    // 070 to 072 are given to nobody.
    let given = numbers(8).filter(|n| n.as_str() >= "3");
    let mobile = given.map(|n| format!("07{n}")).take(5);
    assert_eq!(tally(mobile).alarms(), phone);
}

#[test]
fn a_share_of_cells_does_not_alarm_for_some() {
    // Identifiers of which one in 25 looks like a day.
    let ids = (0..100).map(|n| {
        if n % 25 == 0 {
            "19850723".to_owned()
        } else {
            format!("C-{n:07}")
        }
    });
    assert_eq!(tally(ids).alarms(), Detectors::NONE);
    let days = (10..29).map(|day| format!("198507{day}"));
    assert_eq!(tally(days).alarms(), Detectors::named("date").unwrap());
}

#[test]
fn addresses_of_one_provider_alarm_and_versions_that_begin_alike_do_not() {
    let parts = |n: u32| (n * 97 % 251, n * 61 % 241, n * 89 % 239);
    let address = |n: u32| {
        let (second, third, fourth) = parts(n);
        format!("81.{second}.{third}.{fourth}")
    };
    let version = |n: u32| {
        let (second, third, fourth) = parts(n);
        format!("192.{}.{third}.{fourth}", second % 18)
    };
    let ip = Detectors::named("ip").unwrap();
    assert_eq!(tally((1..200).map(address)).alarms(), ip);
    assert_eq!(tally((1..200).map(version)).alarms(), Detectors::NONE);
}
