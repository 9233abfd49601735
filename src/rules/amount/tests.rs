//! Amounts against tables of named cases and against a slow reading of the same grammar.

use proptest::prelude::*;

use super::DecimalMark::{Comma, Dot};
use super::*;

fn read(text: &str, mark: Option<DecimalMark>) -> Result<(bool, u128, bool), &'static str> {
    parse(text.as_bytes(), mark)
        .map(|amount| (amount.negative, amount.integer, amount.fraction))
        .map_err(|reason| reason.code)
}

const WRONG: Result<(bool, u128, bool), &str> = Err("not_an_amount");
const UNCLEAR: Result<(bool, u128, bool), &str> = Err("ambiguous_amount");

#[test]
fn reads_amounts_without_a_decimal_mark() {
    for (name, text, expected) in cases![
        "digits", "45000", Ok((false, 45000, false));
        "zero", "0", Ok((false, 0, false));
        "leading zeros", "00042", Ok((false, 42, false));
        "plus", "+7", Ok((false, 7, false));
        "minus", "-7", Ok((true, 7, false));
        "minus zero", "-0", Ok((false, 0, false));
        "minus zero with decimals", "-0,00", Ok((false, 0, false));
        "a little below zero", "-0.01", Ok((true, 0, true));
        "one decimal", "45000.5", Ok((false, 45000, true));
        "two decimals", "45000,50", Ok((false, 45000, true));
        "two zero decimals", "45000,00", Ok((false, 45000, false));
        "many decimals", "1,00000000000000000001", Ok((false, 1, true));
        "three decimals of four digits", "1234.567", Ok((false, 1234, true));
        "three decimals of zero", "0.125", Ok((false, 0, true));
        "three zero decimals of minus zero", "-0,000 €", Ok((false, 0, false));
        "three decimals behind groups", "1 234,567", Ok((false, 1234, true));
        "groups", "45 000", Ok((false, 45000, false));
        "groups with decimals", "45 000,50 €", Ok((false, 45000, true));
        "groups by U+00A0", "1\u{a0}234\u{a0}567", Ok((false, 1_234_567, false));
        "groups by U+202F", "45\u{202f}000,50\u{a0}€", Ok((false, 45000, true));
        "groups by U+2009", "45\u{2009}000", Ok((false, 45000, false));
        "blanks of several kinds", "1 234\u{a0}567", Ok((false, 1_234_567, false));
        "blanks around", " \t\u{a0}\u{202f}5\u{2009}\r\n", Ok((false, 5, false));
        "euro sign", "20000€", Ok((false, 20000, false));
        "EUR", "20000 EUR", Ok((false, 20000, false));
        "eur", "20000eur", Ok((false, 20000, false));
        "Euros", "20 000  Euros", Ok((false, 20000, false));
        "18 digits", "999999999999999999", Ok((false, 999_999_999_999_999_999, false));
        "19 digits", "9999999999999999999", Ok((false, 9_999_999_999_999_999_999, false));
        "36 digits", &"9".repeat(36), Ok((false, 10_u128.pow(36) - 1, false));
        "36 digits behind zeros", &("0".repeat(9) + &"9".repeat(36)), Ok((false, 10_u128.pow(36) - 1, false));
        "37 digits", &"9".repeat(37), Err("amount_too_long");
        "300 digits", &"9".repeat(300), Err("amount_too_long");
        "37 digits and a letter", &("9".repeat(37) + "x"), WRONG;
        "unclear dot", "45.000", UNCLEAR;
        "unclear comma", "45,000", UNCLEAR;
        "unclear with sign and unit", "-45.000 €", UNCLEAR;
        "unclear of one digit", "1.234", UNCLEAR;
        "unclear of three digits", "123,456", UNCLEAR;
        "unclear with leading zero", "00.123", UNCLEAR;
        "nothing", "", WRONG;
        "a unit", "€", WRONG;
        "a sign", "-", WRONG;
        "two signs", "--5", WRONG;
        "a blank behind the sign", "- 5", WRONG;
        "a sign behind", "5-", WRONG;
        "no digit before the mark", ",50", WRONG;
        "no digit behind the mark", "50,", WRONG;
        "two marks", "1.234.567", WRONG;
        "both marks", "1.234,56", WRONG;
        "a short group", "45 00", WRONG;
        "a long group", "45 0000", WRONG;
        "a long first group", "4500 000", WRONG;
        "two blanks between groups", "45  000", WRONG;
        "a tab between groups", "45\t000", WRONG;
        "a group among the decimals", "1,234 567", WRONG;
        "two units", "5 € EUR", WRONG;
        "a unit in front", "€5", WRONG;
        "another unit", "5 $", WRONG;
        "thousands as k", "45k", WRONG;
        "exponent", "4e5", WRONG;
        "hexadecimal", "0x10", WRONG;
        "a word", "inconnu", WRONG;
        "a minus sign of typographers", "\u{2212}5", WRONG;
        "digits of another script", "\u{663}\u{664}", WRONG;
        "half a no-break space", "5\u{c2}", WRONG;
    ] {
        assert_eq!(read(text, None), expected, "{name}");
    }
}

#[test]
fn reads_amounts_with_a_decimal_mark() {
    for (name, text, expected) in [
        ("dot before thousands", "45.000", Ok((false, 45000, false))),
        (
            "dots and a comma",
            "1.234.567,89",
            Ok((false, 1_234_567, true)),
        ),
        ("minus and a unit", "-45.000 €", Ok((true, 45000, false))),
        (
            "comma before three decimals",
            "45,000",
            Ok((false, 45, false)),
        ),
        ("comma before two decimals", "45,50", Ok((false, 45, true))),
        ("blanks and a comma", "45 000,5", Ok((false, 45000, true))),
        ("dot before decimals", "45.50", WRONG),
        ("dot before one decimal", "45.5", WRONG),
        ("dot before thousands of zero", "0.500", WRONG),
        ("dots and blanks", "1.234 567", WRONG),
        ("blanks and dots", "1 234.567", WRONG),
        ("a long first group", "4500.000", WRONG),
        ("a comma, then a dot", "1,234.56", WRONG),
        ("two commas", "1,234,567", WRONG),
        ("a dot at the end", "45.", WRONG),
    ] {
        assert_eq!(read(text, Some(Comma)), expected, "{name}, comma");
        let swapped: String = text
            .chars()
            .map(|c| match c {
                '.' => ',',
                ',' => '.',
                c => c,
            })
            .collect();
        assert_eq!(read(&swapped, Some(Dot)), expected, "{name}, dot");
    }
}

/// The grammar, read the slow way: whole strings, one question after the other.
fn reference(text: &str, mark: Option<DecimalMark>) -> Result<(bool, u128, bool), &'static str> {
    const WIDE: [char; 3] = ['\u{a0}', '\u{202f}', '\u{2009}'];
    let blank = |c: char| c.is_ascii_whitespace() || WIDE.contains(&c);
    let text = text.trim_matches(blank).to_ascii_lowercase();
    let text = ["€", "euros", "eur"]
        .iter()
        .find_map(|unit| text.strip_suffix(unit))
        .unwrap_or(&text)
        .trim_end_matches(blank);
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, decimals) = match mark {
        None => unsigned.split_once(['.', ',']),
        Some(Comma) => unsigned.split_once(','),
        Some(Dot) => unsigned.split_once('.'),
    }
    .map_or((unsigned, None), |(whole, decimals)| {
        (whole, Some(decimals))
    });
    let digits = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_digit());
    let spaced = whole.replace(WIDE, " ");
    let separators: &[char] = match mark {
        None => &[' '],
        Some(Comma) => &[' ', '.'],
        Some(Dot) => &[' ', ','],
    };
    let well_grouped = digits(whole)
        || separators.iter().any(|separator| {
            let groups: Vec<&str> = spaced.split(*separator).collect();
            groups.iter().all(|group| digits(group))
                && groups[0].len() <= 3
                && groups[1..].iter().all(|group| group.len() == 3)
                && (*separator == ' ' || !groups[0].starts_with('0'))
        });
    if !well_grouped || decimals.is_some_and(|decimals| !digits(decimals)) {
        return Err("not_an_amount");
    }
    let three = decimals.is_some_and(|decimals| decimals.len() == 3);
    if mark.is_none() && three && digits(whole) && whole.len() <= 3 && whole != "0" {
        return Err("ambiguous_amount");
    }
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    let whole = whole.trim_start_matches('0');
    if whole.len() > 36 {
        return Err("amount_too_long");
    }
    let integer = if whole.is_empty() {
        0
    } else {
        whole.parse().unwrap()
    };
    let fraction = decimals.is_some_and(|decimals| decimals.contains(|c| c != '0'));
    Ok((
        text.starts_with('-') && (fraction || integer != 0),
        integer,
        fraction,
    ))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn reads_like_the_reference(
        text in prop_oneof![
            "[-+]?[0-9]{1,3}([ .,\u{a0}\u{202f}\u{2009}][0-9]{3}){0,13}([.,][0-9]{1,4})?[ \u{a0}]?(€|EUR|euros)?",
            "[ \t]?[-+]?[0-9]{0,39}[.,]?[0-9]{0,4} ?(€|eUr|Euros|euro)?\u{202f}?",
            "[0-9 .,€+\u{a0}\u{202f}\u{2009}EURosx-]{0,12}",
            any::<String>(),
        ],
        mark in prop_oneof![Just(None), Just(Some(Comma)), Just(Some(Dot))],
    ) {
        prop_assert_eq!(read(&text, mark), reference(&text, mark));
    }
}

#[test]
fn amounts_are_rounded_down() {
    for (text, expected) in [
        ("0", Ok(0)),
        ("-0,00", Ok(0)),
        ("19 999,99 €", Ok(19_999)),
        ("20000", Ok(20_000)),
        ("-0,01", Ok(-1)),
        ("-5", Ok(-5)),
        ("-5,5", Ok(-6)),
        ("45.000", Err("ambiguous_amount")),
        ("beaucoup", Err("not_an_amount")),
    ] {
        let read = super::floor(text.as_bytes(), None).map_err(|reason| reason.code);
        assert_eq!(read, expected, "{text}");
    }
}

#[test]
fn amounts_are_summed_in_cents() {
    for (text, expected) in [
        ("45 000,50 €", Ok(4_500_050)),
        ("0.005", Ok(1)),
        ("-0.005", Ok(-1)),
        ("0.00499", Ok(0)),
        ("12.5", Ok(1250)),
        ("99999999999999999999.99", Ok(9_999_999_999_999_999_999_999)),
        ("100000000000000000000", Err("amount_too_large")),
        ("45.000", Err("ambiguous_amount")),
        ("x", Err("not_an_amount")),
    ] {
        let found = cents(text.as_bytes(), None).map_err(|reason| reason.code);
        assert_eq!(found, expected, "{text}");
    }
    let found = cents(b"45.000,5", Some(DecimalMark::Comma));
    assert_eq!(found.ok(), Some(4_500_050));
}
