use super::*;

#[test]
fn the_kind_of_a_format_is_told_from_its_code() {
    let (day, time, both) = ((true, false), (false, true), (true, true));
    for (code, expected) in [
        ("dd/mm/yyyy", day),
        ("DD\\/MM\\/YY", day),
        ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", day),
        ("mmm-yy", day),
        ("mmm", day),
        ("[$-40C]d\\ mmmm\\ yyyy;@", day),
        ("yyyy-mm-dd\\Thh:mm:ss", both),
        ("m/d/yy h:mm", both),
        ("h:mm AM/PM", time),
        ("mm:ss", time),
        ("m\"M\"d\"D\";@", day),
        ("ha/p\\m", time),
        ("[$-404]e\"\\xfc\"m\"\\xfc\"d\"\\xfc\"", day),
    ] {
        let (day, time) = expected;
        let kind = Kind::Date { day, time };
        assert_eq!(*Format::new(code).kind(45_000.5), kind, "{code}");
    }
    for code in [
        "[h]:mm:ss",
        "[mm]:ss",
        "[ss]",
        "[Blue]\\+[h]:mm;[Red]\\-[h]:mm",
    ] {
        assert_eq!(*Format::new(code).kind(1.5), Kind::Elapsed, "{code}");
    }
    for code in [
        "General", "GENERAL", "@", "", "# ?/?", "0.00E+00", "0,", "0.0,,\"M\"", "\"jamais\"",
        "[Red]General", "General\" h\"",
    ] {
        assert_eq!(*Format::new(code).kind(1.5), Kind::General, "{code}");
    }
    for code in [
        "0",
        "#,##0*y",
        "0\"x\"*d",
        "\\Y000000",
        "#,##0.0####\" YMD\"",
        "#,##0.00\\ _M\"H\"_)",
        "[Magenta]0",
        "#,##0\\ [$\u{20bd}-46D]",
        "0_ ;[Red]\\-0\\ ",
    ] {
        let format = Format::new(code);
        assert!(matches!(format.kind(1.5), Kind::Number(_)), "{code}");
    }
}

#[test]
fn the_part_of_a_format_is_chosen_by_the_number() {
    let format = Format::new("[<=99999]00000;0000000000");
    for (value, places) in [(1000.0, 5), (612_345_678.0, 10)] {
        let Kind::Number(number) = format.kind(value) else {
            panic!("{value}");
        };
        assert_eq!(number.whole.len(), places, "{value}");
    }
    let format = Format::new("0;0.0;\"nul\"");
    let decimals = |value| match format.kind(value) {
        Kind::Number(number) => Some(number.decimals.most),
        _ => None,
    };
    for (value, expected) in [(1.0, Some(0)), (-1.0, Some(1)), (0.0, None)] {
        assert_eq!(decimals(value), expected, "{value}");
    }
}
