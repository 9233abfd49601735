//! Buckets against a table of named cases, and the law that they tile the line.

use proptest::prelude::*;

use super::*;
use crate::rules::options::testing::{refuses, rule, transform, write};

fn label(options: &str, cell: &str) -> Result<String, &'static str> {
    write(transform(&KIND, options).as_ref(), cell).map(|(label, outcome)| {
        assert_eq!(outcome, Outcome::Written);
        label
    })
}

#[test]
fn usual_amounts_have_the_number_of_their_bucket() {
    let buckets = transform(&KIND, "{ width = 20000 }");
    for (cell, expected) in [
        ("0", Some(0)),
        ("19999.99", Some(0)),
        ("20000", Some(1)),
        ("164934", Some(8)),
        ("-1", None),
        ("beaucoup", None),
    ] {
        assert_eq!(buckets.number(cell.as_bytes()), expected, "{cell}");
    }
    let bounded = transform(&KIND, "{ width = 20000, top = 100000 }");
    assert_eq!(bounded.number(b"164934"), None);
}

#[test]
fn writes_the_bucket() {
    const MAX: &str = "999999999999999999999999999999999999";
    for (width, cell, expected) in cases![
        20_000, "0", Ok("0-20000");
        20_000, "19999", Ok("0-20000");
        20_000, "19999.99", Ok("0-20000");
        20_000, "20000", Ok("20000-40000");
        20_000, "20000.00", Ok("20000-40000");
        20_000, "45 000,50 €", Ok("40000-60000");
        20_000, "-0", Ok("0-20000");
        20_000, "-0,00", Ok("0-20000");
        20_000, "-0.01", Ok("-20000-0");
        20_000, "-1", Ok("-20000-0");
        20_000, "-20000", Ok("-20000-0");
        20_000, "-20000,01", Ok("-40000--20000");
        20_000, "-20001", Ok("-40000--20000");
        20_000, "10239999", Ok("10220000-10240000");
        20_000, "10240000", Ok("10240000-10260000");
        20_000, "40959999,9", Ok("40940000-40960000");
        20_000, "40960000", Ok("40960000-40980000");
        999_999_999_999_999, "9 999 999 999 999 990", Ok("9999999999999990-10999999999999989");
        999_999_999_999_999, "9 999 999 999 999 989 €", Ok("8999999999999991-9999999999999990");
        50, "49,99", Ok("0-50");
        50, "512.5", Ok("500-550");
        50, "123456789012345678901234567890", Ok("123456789012345678901234567850-123456789012345678901234567900");
        1, "7.9", Ok("7-8");
        1, "-7.9", Ok("-8--7");
        1, MAX, Ok("999999999999999999999999999999999999-1000000000000000000000000000000000000");
        7, "18446744073709551616", Ok("18446744073709551614-18446744073709551621");
        1_000_000_000_000_000_i64, "5", Ok("0-1000000000000000");
        1_000_000_000_000_000, "-5", Ok("-1000000000000000-0");
        20_000, "45.000", Err("ambiguous_amount");
        20_000, "inconnu", Err("not_an_amount");
        20_000, "9999999999999999999999999999999999999", Err("amount_too_long");
    ] {
        let written = label(&format!("{{ width = {width} }}"), cell);
        assert_eq!(
            written.as_deref(),
            expected.as_ref().copied(),
            "{width}, {cell}"
        );
    }
}

#[test]
fn reads_the_decimal_mark_it_is_told() {
    for (options, cell, expected) in cases![
        "{ width = 20_000, decimal = ',' }", "45.000", Ok("40000-60000");
        "{ width = 20_000, decimal = ',' }", "45,000", Ok("0-20000");
        "{ width = 20_000, decimal = '.' }", "45.000", Ok("0-20000");
        "{ width = 20_000, decimal = '.' }", "45,000", Ok("40000-60000");
        "{ width = 20_000, decimal = '.' }", "45,00", Err("not_an_amount");
    ] {
        let written = label(options, cell);
        assert_eq!(
            written.as_deref(),
            expected.as_ref().copied(),
            "{options}, {cell}"
        );
    }
}

#[test]
fn what_lies_beyond_a_bound_is_written_alike() {
    let both = "{ width = 20_000, bottom = 0, top = 200_000 }";
    let below = "{ width = 50, bottom = -100 }";
    let above = "{ width = 50, top = -100 }";
    let most = "999999999999999999999999999999999999";
    for (options, cell, expected) in [
        (both, "-0,01", "<0"),
        (both, "-1", "<0"),
        (both, "-0,00", "0-20000"),
        (both, "199999,99", "180000-200000"),
        (both, "200 000 €", "200000+"),
        (both, "200000,01", "200000+"),
        (both, most, "200000+"),
        (below, "-100,01", "<-100"),
        (below, "-100", "-100--50"),
        (below, "10", "0-50"),
        (below, "12345", "12300-12350"),
        (above, "-100,01", "-150--100"),
        (above, "-100", "-100+"),
        (above, "5", "-100+"),
    ] {
        assert_eq!(
            label(options, cell).as_deref(),
            Ok(expected),
            "{options}, {cell}"
        );
    }
    assert_eq!(label(both, "inconnu"), Err("not_an_amount"));
}

#[test]
fn refuses_bad_options() {
    assert_eq!(rule(&KIND, "{ width = 1 }").kind().name, "bucket");
    let whole = "expected a whole number from 1 to 10^15";
    refuses(
        &KIND,
        &cases![
            "{}", "{}", "width is required";
            "{ decimal = ',' }", "{ decimal = ',' }", "width is required";
            "{ width = 0 }", "0", whole;
            "{ width = -20 }", "-20", whole;
            "{ width = 1_000_000_000_000_001 }", "1_000_000_000_000_001", whole;
            "{ width = 99_999_999_999_999_999_999 }", "99_999_999_999_999_999_999", whole;
            "{ width = 2.5 }", "2.5", whole;
            "{ width = '20000' }", "'20000'", whole;
            "{ width = 20, decimal = ';' }", "';'", "expected the decimal mark, \",\" or \".\"";
            "{ width = 20, decimal = 1 }", "1", "expected a string";
            "{ width = 20, step = 1 }", "step", "expected one of `width`, `decimal`, `wide`, `bottom`, `top`";
            "{ width = 20, top = 30 }", "{ width = 20, top = 30 }", "expected multiples of the width";
            "{ width = 20, bottom = 40, top = 40 }",
            "{ width = 20, bottom = 40, top = 40 }",
            "expected a top of more than the bottom";
            "{ width = 20, top = 1.5 }", "1.5", "expected a whole number";
            "[20_000]", "[20_000]", "expected a table of options";
            "20_000", "20_000", "expected a table of options";
        ],
    );
}

fn ends(label: &str) -> (i128, i128) {
    // The first character is a digit or the sign of the lower end.
    let (middle, _) = label
        .char_indices()
        .skip(1)
        .find(|(_, c)| *c == '-')
        .unwrap();
    let (lower, upper) = label.split_at(middle);
    let upper = upper.strip_prefix('-').unwrap();
    (lower.parse().unwrap(), upper.parse().unwrap())
}

/// `thousandths` as an amount with three decimals and four digits or more before them.
fn written_out(thousandths: i128) -> String {
    let sign = if thousandths < 0 { "-" } else { "" };
    let size = thousandths.unsigned_abs();
    format!("{sign}{:04}.{:03}", size / 1000, size % 1000)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn buckets_tile_the_line(
        thousandths in prop_oneof![
            -3_000_i128..3_000,
            -100_000_000_000_i128..100_000_000_000,
            -1_000_000_000_000_000_000_000_000_000_000_000_i128..1_000_000_000_000_000_000_000_000_000_000_000,
            (-600_i128..600, -1_i128..=1).prop_map(|(buckets, by)| buckets * 20_000_000 + by),
        ],
        width in prop_oneof![Just(20_000_u64), Just(50), Just(1), 1..=MAX_WIDTH],
    ) {
        let buckets = transform(&KIND, &format!("{{ width = {width} }}"));
        let bucket = |x| ends(&write(buckets.as_ref(), &written_out(x)).unwrap().0);
        let (lower, upper) = bucket(thousandths);
        prop_assert_eq!(lower % i128::from(width), 0);
        prop_assert_eq!(upper - lower, i128::from(width));
        prop_assert!(lower * 1000 <= thousandths && thousandths < upper * 1000);
        if let Some(number) = buckets.number(written_out(thousandths).as_bytes()) {
            prop_assert_eq!(i128::from(number) * i128::from(width), lower);
        }
        // The neighbour is in the same bucket, or in the next one.
        let next = bucket(thousandths + 1);
        prop_assert!(next == (lower, upper) || next.0 == upper);
    }
}

#[test]
fn the_reciprocal_divides_exactly() {
    let widths = (1..300).chain([10_000, 20_000, 65_536, 1 << 31, (1 << 32) - 1, 1 << 32]);
    for width in widths {
        let Some(reciprocal) = reciprocal(width) else {
            assert!(width == 1 || width > u64::from(u32::MAX), "{width}");
            continue;
        };
        let around = |n: u64| [n.saturating_sub(1), n, n + 1];
        let multiples = [0, 1, 2, 7, 511, 512, u64::from(u32::MAX) / width];
        let numbers = multiples.map(|multiple| around(multiple * width));
        for number in numbers.into_iter().flatten().chain([u64::from(u32::MAX)]) {
            if number <= u64::from(u32::MAX) {
                let quotient = (u128::from(reciprocal) * u128::from(number)) >> 64;
                assert_eq!(quotient, u128::from(number / width), "{number} / {width}");
            }
        }
    }
}
