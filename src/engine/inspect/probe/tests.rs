//! Cells, and what they are taken for.

use super::*;

#[test]
fn cells_are_what_the_rules_take_them_for() {
    use Is::*;
    let probe = Probe::new(&RunContext::sample()).unwrap();
    let cases: &[(&str, &[Is])] = &[
        (
            "42",
            &[
                Whole,
                Amount,
                AmountWithComma,
                AmountWithDot,
                Countable,
                WideAmount,
                WideWithComma,
                WideWithDot,
            ],
        ),
        (
            "-42",
            &[
                Whole,
                Amount,
                AmountWithComma,
                AmountWithDot,
                WideAmount,
                WideWithComma,
                WideWithDot,
            ],
        ),
        (
            "45 000,50 €",
            &[
                Amount,
                AmountWithComma,
                Countable,
                WideAmount,
                WideWithComma,
            ],
        ),
        (
            "45.000",
            &[AmountWithComma, AmountWithDot, WideWithComma, WideWithDot],
        ),
        ("1985-07-23", &[Date, YearFirst]),
        ("23/07/1985", &[Date]),
        ("07/23/1985", &[MonthFirst]),
        ("07/08/1985 1:05 PM", &[MonthFirst]),
        ("Oui", &[YesNo, Yes]),
        ("1 rue du Lac, 75002 Paris", &[WithPostalCode, SeveralWords]),
        ("Marie Curie", &[Capitalised, MayBeName, FirstName]),
        ("Dr Durand", &[Capitalised, MayBeName, Surname, Titled]),
        (
            "1985",
            &[
                Whole,
                Amount,
                AmountWithComma,
                AmountWithDot,
                Countable,
                FourDigitYear,
                WideAmount,
                WideWithComma,
                WideWithDot,
            ],
        ),
        ("€1,234.00", &[WideAmount, WideWithDot]),
        ("(12)", &[WideAmount, WideWithComma, WideWithDot]),
        ("à revoir plus tard", &[SeveralWords]),
        ("nom", &[Header]),
        ("a\nb", &[Broken]),
        (
            "un deux trois quatre cinq six sept huit neuf",
            &[Long, SeveralWords],
        ),
        ("boulangère", &[]),
    ];
    for (cell, expected) in cases {
        let answers = probe.ask(cell, "nom", &mut Vec::new());
        let found: Vec<usize> = (0..Is::COUNT).filter(|at| answers.has(*at)).collect();
        let expected: Vec<usize> = expected.iter().map(|is| *is as usize).collect();
        let ours = |at: &usize| expected.contains(at);
        assert!(
            expected.iter().all(|at| found.contains(at)) && found.iter().all(ours),
            "{cell}: {found:?}, expected {expected:?}"
        );
    }
    for (cell, magnitude) in [("0", 0), ("1,5", 1), ("1000", 10), ("-3", 2), ("65536", 17)] {
        let answers = probe.ask(cell, "", &mut Vec::new());
        assert_eq!(answers.magnitude, Some(magnitude), "{cell}");
    }
}

#[test]
fn what_bytes_rule_out_no_rule_takes() {
    let probe = Probe::new(&RunContext::sample()).unwrap();
    let out = &mut Vec::new();
    for front in ["", "+", "-", " ", "\u{a0}", "\t-", "€", "x", "--"] {
        for middle in [
            "12",
            "1 234,5",
            "1.234",
            "12-3",
            "1/2",
            "1985-07-23",
            "19850723",
            "1e5",
        ] {
            for end in [
                "",
                "€",
                " EUR",
                " euros ",
                "\u{202f}€",
                "-",
                "k",
                "%",
                "\n",
                " T10:00",
            ] {
                let text = format!("{front}{middle}{end}");
                let facts = Facts::of(&text);
                let mut amounts = probe.amounts.iter().chain([&probe.countable]);
                let taken = amounts.any(|transform| takes(transform.as_ref(), &text, out));
                assert!(!taken || facts.may_be_amount(text.trim()), "{text}");
                let date = takes(probe.date.as_ref(), &text, out);
                assert!(!date || facts.digits >= 8, "{text}");
            }
        }
    }
    for (text, expected) in [
        ("12", true),
        ("-3,5 €", true),
        ("12 bis", false),
        ("3/4", false),
    ] {
        assert_eq!(Facts::of(text).may_be_amount(text), expected, "{text}");
    }
}
