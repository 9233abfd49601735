use proptest::prelude::*;

use super::super::DecimalMark::{Comma, Dot};
use super::super::parse;
use super::*;

/// The amount of a text, in the plain grammar.
fn read(text: &str, mark: Option<DecimalMark>) -> Result<String, &'static str> {
    match rewritten(text.as_bytes(), mark) {
        Some(plain) => plain.map_err(|reason| reason.code),
        None => Err("none"),
    }
}

#[test]
fn wide_forms_have_one_reading_or_none() {
    for (text, mark, expected) in [
        ("(1 234,56)", None, Ok("-1234.56")),
        ("(1 234,56 €)", None, Ok("-1234.56")),
        ("(1 234,56) €", None, Ok("-1234.56")),
        ("( 5 )", None, Ok("-5")),
        ("12-", None, Ok("-12")),
        ("12,50- €", None, Ok("-0012.50")),
        ("12,50 €-", None, Ok("-0012.50")),
        ("\u{2212}5", None, Ok("-5")),
        ("1'234.50", None, Ok("1234.50")),
        ("1\u{2019}234\u{2019}567", None, Ok("1234567")),
        ("€1,234.00", None, Ok("1234.00")),
        ("-€5", None, Ok("-5")),
        ("€ -5", None, Ok("-5")),
        ("EUR 1.234,00", None, Ok("1234.00")),
        ("1.234.567", None, Ok("1234567")),
        ("1,234.56", Some(Dot), Ok("1234.56")),
        ("1.234,56", Some(Comma), Ok("1234,56")),
        ("12 k€", None, Ok("12000")),
        ("12,5 K€", None, Ok("12500")),
        ("1,2 M€", None, Ok("1200000")),
        ("2 Md€", None, Ok("2000000000")),
        ("0,5 k€", None, Ok("0500")),
        ("0,123456 k€", None, Ok("0123.456")),
        ("1E+05", None, Ok("100000")),
        ("1,5E+05", None, Ok("150000")),
        ("1.234E+03", None, Ok("1234")),
        ("2E-02", None, Ok("0000.02")),
        ("12 345,00 EUR TTC", None, Ok("12345.00")),
        ("100 € HT", None, Ok("100")),
        ("100 TTC", None, Ok("100")),
        ("(1 234)", None, Ok("-1234")),
        ("12,5 %", None, Ok("0012.5")),
        ("-12,5\u{a0}%", None, Ok("-0012.5")),
        ("100%", None, Ok("100")),
        ("1 234 %", None, Ok("1234")),
        // Two readings.
        ("12,500 %", None, Err("ambiguous_amount")),
        ("(45,000)", None, Err("ambiguous_amount")),
        ("45.000-", None, Err("ambiguous_amount")),
        ("1.234 k€", None, Err("ambiguous_amount")),
        ("€45.000", None, Err("ambiguous_amount")),
        ("(45,000)", Some(Comma), Ok("-0045,000")),
        ("(45,000)", Some(Dot), Ok("-45000")),
        // None.
        ("-(5)", None, Err("none")),
        ("-5-", None, Err("none")),
        ("(-5)", None, Err("none")),
        ("€5€", None, Err("none")),
        ("45k", None, Err("none")),
        ("4e5", None, Err("none")),
        ("4E5", None, Err("none")),
        ("12E+05", None, Err("none")),
        ("1E+05 k€", None, Err("none")),
        ("12 m€", None, Err("none")),
        ("5 $", None, Err("none")),
        ("1,23,456", None, Err("none")),
        ("1.234,567.8", None, Err("none")),
        ("1 234'567", None, Err("none")),
        ("0.123.456", None, Err("none")),
        ("1,234.56", Some(Comma), Err("none")),
        ("1'23", None, Err("none")),
        ("(5", None, Err("none")),
        ("()", None, Err("none")),
        ("", None, Err("none")),
        ("TTC", None, Err("none")),
        ("5HTTC", None, Err("none")),
        ("Marie", None, Err("none")),
        ("%", None, Err("none")),
        ("5 % %", None, Err("none")),
        ("5 €%", None, Err("none")),
        ("5 k%", None, Err("none")),
        ("(5) %", None, Err("none")),
        ("-5- %", None, Err("none")),
    ] {
        let found = read(text, mark);
        let found = found.as_deref().map_err(|code| *code);
        assert_eq!(found, expected, "{text} {mark:?}");
    }
}

proptest! {
    /// However an amount in cents is written, it is read as that.
    #[test]
    fn what_is_written_is_read(cents in 0_u64..10_000_000_000_000, negative: bool) {
        let (whole, rest) = (cents / 100, cents % 100);
        let digits = whole.to_string();
        let in_groups = |separator: &str| {
            let groups = digits.as_bytes().rchunks(3).rev();
            let groups = groups.map(|group| str::from_utf8(group).unwrap());
            groups.collect::<Vec<_>>().join(separator)
        };
        let minus = if negative { "-" } else { "" };
        let mut forms = vec![
            format!("{minus}€{}.{rest:02}", in_groups(",")),
            format!("{minus}EUR {},{rest:02}", in_groups(".")),
            format!("{minus}{}.{rest:02} EUR TTC", in_groups("'")),
            format!("{minus}{},{rest:02} €HT", in_groups(" ")),
        ];
        if negative {
            forms.push(format!("({},{rest:02})", in_groups("\u{202f}")));
            forms.push(format!("{}.{rest:02}-", in_groups("")));
        }
        for form in forms {
            let plain = read(&form, None).unwrap();
            let amount = parse(plain.as_bytes(), None).unwrap();
            prop_assert_eq!(amount.integer, u128::from(whole), "{}", form);
            prop_assert_eq!(amount.fraction, rest > 0, "{}", form);
            prop_assert_eq!(amount.negative, negative && cents > 0, "{}", form);
        }
    }
}
