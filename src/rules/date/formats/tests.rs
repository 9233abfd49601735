use crate::rules::kinds::year::KIND;
use crate::rules::options::testing::{refuses, transform, write};

#[test]
fn what_is_said_of_a_format_must_fit_it() {
    refuses(
        &KIND,
        &[
            (
                "{ formats = [{ format = '%d/%m/%Y', century = 1900 }] }",
                "{ format = '%d/%m/%Y', century = 1900 }",
                "expected %y",
            ),
            (
                "{ formats = [{ format = '%d/%m/%Y', months = 'fr' }] }",
                "{ format = '%d/%m/%Y', months = 'fr' }",
                "expected %B or %b",
            ),
            (
                "{ formats = [{ format = 'excel', century = 1900 }] }",
                "{ format = 'excel', century = 1900 }",
                "a number has no",
            ),
        ],
    );
}

#[test]
fn reads_the_formats_of_the_rule() {
    let american = "{ formats = ['%m/%d/%Y'] }";
    let several = "{ formats = ['%d %B %Y', '%d/%m/%Y %H:%M', '%Y%m%d'] }";
    let year_only = "{ formats = ['%Y'] }";
    for (options, cell, expected) in cases![
        american, "07/23/1985", Ok("1985");
        american, " 7/3/1985 ", Ok("1985");
        american, "23/07/1985", Err("no_such_date");
        american, "02/29/1985", Err("no_such_date");
        american, "07/23/85", Err("before_1900");
        american, "12/31/1899", Err("before_1900");
        american, "06/15/2026", Ok("2026");
        american, "06/16/2026", Err("in_the_future");
        american, "1985-07-23", Err("no_such_date");
        american, "07/23/1985 10:00", Err("not_a_date");
        american, "inconnu", Err("not_a_date");
        american, "", Err("not_a_date");
        several, "23 July 1985", Ok("1985");
        several, "23 jul 1985", Ok("1985");
        several, "23/07/1985 10:00", Ok("1985");
        several, "23/07/1985 25:00", Err("no_such_date");
        several, "19850723", Ok("1985");
        several, "31/02/1985 10:00", Err("no_such_date");
        several, "23 juillet 1985", Err("not_a_date");
        several, "1985-07-23", Err("not_a_date");
        year_only, "1985", Ok("1985");
        year_only, "2026", Ok("2026");
        year_only, "1899", Err("before_1900");
        year_only, "85", Err("before_1900");
        year_only, "2027", Err("in_the_future");
        year_only, "1985-07-23", Err("not_a_date");
        "{ formats = ['%d.%m.%y'] }", "23.07.85", Ok("1985");
        "{ formats = ['%d.%m.%y'] }", "23.07.05", Ok("2005");
        "{ formats = ['%d.%m.%y'] }", "23.07.45", Err("in_the_future");
        "{ formats = ['%m/%Y'] }", "07/1985", Ok("1985");
        "{ formats = ['%m/%Y'] }", "13/1985", Err("no_such_date");
        "{ formats = ['%Y-%j'] }", "1985-365", Ok("1985");
        "{ formats = ['%Y-%j'] }", "1985-366", Err("no_such_date");
        "{ formats = ['%G-W%V-%u'] }", "2020-W53-5", Ok("2021");
        "{ formats = ['%C%y-%m-%d'] }", "1985-07-23", Ok("1985");
        "{ formats = ['%+'] }", "1985-07-23T10:20:30+02:00", Ok("1985");
        "{ formats = ['%A %d %b %Y'] }", "Tuesday 23 Jul 1985", Ok("1985");
        "{ formats = ['%A %d %b %Y'] }", "Friday 23 Jul 1985", Err("no_such_date");
        "{ formats = [{ format = '%d/%m/%y', century = 1900 }] }", "23/07/45", Ok("1945");
        "{ formats = [{ format = '%d/%m/%y', century = 1900 }] }", "29/02/00", Err("no_such_date");
        "{ formats = [{ format = '%d/%m/%y', century = 1930 }] }", "23/07/29", Err("in_the_future");
        "{ formats = [{ format = '%d/%m/%y', century = 1930 }] }", "23/07/30", Ok("1930");
        "{ formats = [{ format = '%d %B %Y', months = 'fr' }] }", "1er août 1985", Ok("1985");
        "{ formats = [{ format = '%d %B %Y', months = 'fr' }] }", "23 July 1985", Ok("1985");
        "{ formats = ['excel', '%d/%m/%Y'] }", "29353", Ok("1980");
        "{ formats = ['excel', '%d/%m/%Y'] }", "12/05/1980", Ok("1980");
        "{ formats = ['excel'] }", "60", Err("no_such_date");
        "{ formats = ['epoch'] }", "326937600", Ok("1980");
        "{ formats = ['epoch'] }", "-3000000000", Err("before_1900");
        "{ formats = ['le %d.%m.%Y à %Hh%M'] }", "le 23.07.1985 à 10h20", Ok("1985");
    ] {
        let written = write(transform(&KIND, options).as_ref(), cell).map(|(year, _)| year);
        assert_eq!(
            written.as_deref(),
            expected.as_ref().copied(),
            "{options}, {cell}"
        );
    }
}
