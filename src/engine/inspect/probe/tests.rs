//! Cells, and what they are taken for.

use super::*;
use crate::base::mixed::mixed;

#[test]
fn cells_are_what_the_rules_take_them_for() {
    use Is::*;
    let probe = Probe::new(&RunContext::sample()).unwrap();
    let cases: &[(&str, &[Is])] = &cases![
        "42", &[Whole, Amount, AmountWithComma, AmountWithDot, Countable, WideAmount, WideWithComma, WideWithDot];
        "-42", &[Whole, Amount, AmountWithComma, AmountWithDot, WideAmount, WideWithComma, WideWithDot];
        "45 000,50 €", &[Amount, AmountWithComma, Countable, WideAmount, WideWithComma];
        "45.000", &[AmountWithComma, AmountWithDot, WideWithComma, WideWithDot];
        "1985-07-23", &[Date, YearFirst];
        "23/07/1985", &[Date];
        "07/23/1985", &[MonthFirst];
        "07/08/1985 1:05 PM", &[MonthFirst];
        "Oui", &[YesNo, Yes];
        "1 rue du Lac, 75002 Paris", &[WithPostalCode, SeveralWords];
        "Marie Curie", &[Capitalised, MayBeName, FirstName];
        "Dr Durand", &[Capitalised, MayBeName, Surname, Titled];
        "1985",
        &[
            Whole, Amount, AmountWithComma, AmountWithDot, Countable, FourDigitYear,
            WideAmount, WideWithComma, WideWithDot,
        ];
        "€1,234.00", &[WideAmount, WideWithDot];
        "(12)", &[WideAmount, WideWithComma, WideWithDot];
        "à revoir plus tard", &[SeveralWords];
        "nom", &[Header];
        "a\nb", &[Broken];
        "un deux trois quatre cinq six sept huit neuf", &[Long, SeveralWords];
        "boulangère", &[];
    ];
    for (cell, expected) in cases {
        let answers = probe.ask(cell, Facts::of(cell.as_bytes()), "nom", &mut Vec::new());
        let found: Vec<usize> = (0..Is::COUNT).filter(|at| answers.has(*at)).collect();
        let expected: Vec<usize> = expected.iter().map(|is| *is as usize).collect();
        let ours = |at: &usize| expected.contains(at);
        assert!(
            expected.iter().all(|at| found.contains(at)) && found.iter().all(ours),
            "{cell}: {found:?}, expected {expected:?}"
        );
    }
    for (cell, magnitude) in [("0", 0), ("1,5", 1), ("1000", 10), ("-3", 2), ("65536", 17)] {
        let answers = probe.ask(cell, Facts::of(cell.as_bytes()), "", &mut Vec::new());
        assert_eq!(answers.magnitude, Some(magnitude), "{cell}");
    }
}

#[test]
fn what_bytes_rule_out_no_rule_takes() {
    let probe = Probe::new(&RunContext::sample()).unwrap();
    let out = &mut Vec::new();
    for front in ["", "+", "-", " ", "\u{a0}", "\t-", "€", "x", "--"] {
        for middle in [
            "12", "1 234,5", "1.234", "12-3", "1/2", "1985-07-23", "19850723", "1e5",
        ] {
            for end in [
                "", "€", " EUR", " euros ", "\u{202f}€", "-", "k", "%", "\n", " T10:00",
            ] {
                let text = format!("{front}{middle}{end}");
                let facts = Facts::of(text.as_bytes());
                let mut amounts = probe.amounts.iter().chain([&probe.countable]);
                let taken =
                    amounts.any(|transform| interval(transform.as_ref(), &text, out).is_some());
                assert!(!taken || may_be_amount(text.trim(), facts), "{text}");
                let date = interval(probe.date.as_ref(), &text, out).is_some();
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
        assert_eq!(
            may_be_amount(text, Facts::of(text.as_bytes())),
            expected,
            "{text}"
        );
    }
}

#[test]
fn a_rule_takes_what_it_writes_and_nothing_else() {
    let probe = Probe::new(&RunContext::sample()).unwrap();
    let rules = probe.amounts.iter().chain(&probe.wide);
    let rules = rules.chain([&probe.countable, &probe.date, &probe.month_first]);
    let mut texts = vec![String::new()];
    for front in ["", "-", "+", "(", " ", "€", "EUR ", "e", "x", "\u{2212}"] {
        for middle in [
            "0",
            "12",
            "1 234,5",
            "1.234",
            "0.123",
            "1,234,567.8",
            "1'234",
            "12-3",
            "1985-07-23",
            "31/02/1985",
            "07/23/1985",
            "19850723",
            "1E+05",
            "1e5",
            "C-0007919",
            "9999999999999999999999999999999999999",
        ] {
            for end in [
                "", "-", ")", " €", " k€", " EUR TTC", "HT", " T10:00", "T25:00", "x",
            ] {
                texts.push(format!("{front}{middle}{end}"));
            }
        }
    }
    for rule in rules {
        for text in &texts {
            let written = interval(rule.as_ref(), text, &mut Vec::new()).is_some();
            assert_eq!(rule.takes(text.as_bytes()), written, "{text}");
        }
    }
}

#[test]
fn digits_alone_are_an_amount_in_every_reading() {
    let probe = Probe::new(&RunContext::sample()).unwrap();
    let out = &mut Vec::new();
    for length in 1..=MOST_DIGITS {
        for digits in ["0", "9", "0120", "1000000000"] {
            let text: String = digits.chars().cycle().take(length).collect();
            let written = magnitude(text.as_bytes());
            let rules = probe.amounts.iter().chain(&probe.wide);
            for rule in rules.chain([&probe.countable]) {
                assert!(rule.takes(text.as_bytes()), "{text}");
            }
            for rule in probe.amounts.iter().chain(&probe.wide) {
                let interval = interval(rule.as_ref(), &text, out).map(magnitude);
                assert_eq!(interval, Some(written), "{text}");
            }
            let answers = probe.ask(&text, Facts::of(text.as_bytes()), "", &mut Vec::new());
            assert_eq!(answers.magnitude, Some(written), "{text}");
            assert!(OF_DIGITS.iter().all(|is| answers.is(*is)), "{text}");
        }
    }
}

#[test]
fn decimals_are_what_the_rules_read() {
    let probe = Probe::new(&RunContext::sample()).unwrap();
    let mut said = 0;
    for sign in ["", "-", "+"] {
        for whole in [
            "", "0", "00", "7", "12", "045", "999", "1234", "123456789012345678",
        ] {
            for mark in [".", ",", "..", " "] {
                for decimals in [
                    "", "0", "00", "5", "25", "000", "123", "1234", "000000", "9999999",
                ] {
                    let text = format!("{sign}{whole}{mark}{decimals}");
                    let facts = Facts::of(text.as_bytes());
                    let mut quick = Answers::default();
                    if !say_decimal(text.as_bytes(), facts, &mut quick) {
                        continue;
                    }
                    let mut read = Answers::default();
                    probe.ask_of_amount(&text, &mut read, &mut Vec::new());
                    assert_eq!(quick, read, "{text}");
                    said += 1;
                }
            }
        }
    }
    assert!(said > 100, "{said}");
}

#[test]
fn words_are_counted_as_blanks_part_them() {
    let parts = [
        "a", "é", " ", "\t", "\u{b}", "\u{c}", "\r\n", "\u{1c}", "\u{a0}", "\u{85}", "\u{2009}",
        "\u{1680}", "\u{3000}", "’", "名", "1",
    ];
    for text in mixed(&parts, 6..=6, 20_000) {
        assert_eq!(
            word_count(&text),
            text.split_whitespace().count(),
            "{text:?}"
        );
        let has_blank = Facts::of(text.as_bytes()).has(BLANK | OTHER);
        assert!(has_blank || word_count(&text) == 1, "{text:?}");
    }
}
