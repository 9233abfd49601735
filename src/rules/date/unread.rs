//! Why a cell is no date in a built-in form, as far as another form would read it: the reason then has the
//! option to write into the rule.
//!
//! Cold: only cells that are refused come here. Each form is tried with the very option that the message shows.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{ACCEPTED, Day, Format, Formats, NO_SUCH_DATE, NOT_A_DATE, Reason, YEAR, trim};
use crate::rules::transform::Mend;

/// A reason to refuse dates that an option would read.
const fn readable(
    code: &'static str,
    what: crate::base::lang::Fixed,
    when: crate::base::lang::Fixed,
    option: &'static str,
) -> Reason {
    Reason {
        code,
        what,
        advice: ACCEPTED,
        mend: Some(Mend { when, option }),
    }
}

/// Dates that do not exist with the day first.
static IMPOSSIBLE: [Reason; 1] = [readable(
    "no_such_date",
    fixed!("a date that exists only if the month comes first"),
    fixed!("if the month comes first in the whole column"),
    "formats = [\"%m/%d/%Y\"]",
)];

/// Dates in other forms than the built-in ones, the likeliest first.
static OTHER_FORMS: [Reason; 8] = [
    readable(
        "not_a_date",
        fixed!("a date with a day or a month of one digit"),
        fixed!("to read such dates with the day first"),
        "formats = [\"%d/%m/%Y\"]",
    ),
    readable(
        "not_a_date",
        fixed!("a year of two digits"),
        fixed!("to read such dates with the day first and years from 1930 to 2029"),
        "formats = [{ format = \"%d/%m/%y\", century = 1930 }, \"%d/%m/%Y\"]",
    ),
    readable(
        "not_a_date",
        fixed!("a date with the English name of a month"),
        fixed!("to read such dates"),
        "formats = [\"%d %B %Y\"]",
    ),
    readable(
        "not_a_date",
        fixed!("a date with the French name of a month"),
        fixed!("to read such dates"),
        "formats = [{ format = \"%d %B %Y\", months = \"fr\" }]",
    ),
    readable(
        "not_a_date",
        fixed!("a bare year"),
        fixed!("to read years"),
        "formats = [\"%Y\"]",
    ),
    readable(
        "not_a_date",
        fixed!("a number that may be the day number of a spreadsheet"),
        fixed!("if the column has day numbers"),
        "formats = [\"excel\"]",
    ),
    readable(
        "not_a_date",
        fixed!("a number that may count seconds since 1970"),
        fixed!("if the column counts seconds"),
        "formats = [\"epoch\"]",
    ),
    readable(
        "not_a_date",
        fixed!("a number that may count milliseconds since 1970"),
        fixed!("if the column counts milliseconds"),
        "formats = [\"epoch_ms\"]",
    ),
];

/// The reasons with the formats of their options.
type Tried = Vec<(&'static Reason, Vec<Format>)>;

static TRIED_IMPOSSIBLE: LazyLock<Tried> = LazyLock::new(|| with_formats(&IMPOSSIBLE));
static TRIED_OTHERS: LazyLock<Tried> = LazyLock::new(|| with_formats(&OTHER_FORMS));

fn with_formats(reasons: &'static [Reason]) -> Tried {
    #[derive(Deserialize)]
    struct Option {
        formats: Formats<YEAR>,
    }
    let formats = |reason: &Reason| {
        let option = reason.mend.as_ref()?.option;
        let Option { formats } = toml::from_str(option).ok()?;
        Some(formats.0)
    };
    let reasons = reasons.iter();
    reasons
        .filter_map(|reason| Some((reason, formats(reason)?)))
        .collect()
}

/// Why a text in no built-in form is no date.
#[cold]
pub(super) fn not_a_date(text: &[u8], today: Day) -> &'static Reason {
    // The number of digits tells what a number may count.
    let digits = trim(text);
    let numbers = match digits.iter().all(u8::is_ascii_digit) {
        false => None,
        true => match digits.len() {
            4 => Some("formats = [\"%Y\"]"),
            5 => Some("formats = [\"excel\"]"),
            9 | 10 => Some("formats = [\"epoch\"]"),
            12 | 13 => Some("formats = [\"epoch_ms\"]"),
            _ => return &NOT_A_DATE,
        },
    };
    let fits = |reason: &Reason| {
        let option = reason.mend.as_ref().map(|mend| mend.option);
        numbers.is_none() || option == numbers
    };
    let mut tried = TRIED_OTHERS.iter().filter(|(reason, _)| fits(reason));
    let found = tried.find(|(_, formats)| reads(formats, text, today));
    found.map_or(&NOT_A_DATE, |(reason, _)| reason)
}

/// Why a text in a built-in form is no date that exists.
#[cold]
pub(super) fn no_such_date(text: &[u8], today: Day) -> &'static Reason {
    let mut tried = TRIED_IMPOSSIBLE.iter();
    let found = tried.find(|(_, formats)| reads(formats, text, today));
    found.map_or(&NO_SUCH_DATE, |(reason, _)| reason)
}

fn reads(formats: &[Format], text: &[u8], today: Day) -> bool {
    let text = str::from_utf8(trim(text)).ok();
    let read = text.zip(today.date()).map(|(text, today)| {
        let mut formats = formats.iter();
        formats.any(|format| format.read(text, today).is_ok())
    });
    read.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::date::built_in;
    use chrono::NaiveDate;

    #[test]
    fn a_date_in_another_form_is_told_with_the_option_that_reads_it() {
        let today = Day::of(NaiveDate::from_ymd_opt(2026, 3, 1).unwrap());
        for (text, expected) in cases![
            "02/25/1980", Some("formats = [\"%m/%d/%Y\"]");
            "02/31/1980", None;
            "31/02/1980", None;
            "1980-02-31", None;
            "1/2/1980", Some("formats = [\"%d/%m/%Y\"]");
            "12/03/80", Some("formats = [{ format = \"%d/%m/%y\", century = 1930 }, \"%d/%m/%Y\"]");
            "12 March 1980", Some("formats = [\"%d %B %Y\"]");
            "12 Mar 1980", Some("formats = [\"%d %B %Y\"]");
            "12 mars 1980", Some("formats = [{ format = \"%d %B %Y\", months = \"fr\" }]");
            "1er août 1980", Some("formats = [{ format = \"%d %B %Y\", months = \"fr\" }]");
            "1980", Some("formats = [\"%Y\"]");
            "29292", Some("formats = [\"excel\"]");
            "323456789", Some("formats = [\"epoch\"]");
            "323456789000", Some("formats = [\"epoch_ms\"]");
            "3000", None;
            "12", None;
            "inconnu", None;
            "", None;
        ] {
            let reason = built_in(text.as_bytes(), today).err().unwrap();
            let option = reason.mend.as_ref().map(|mend| mend.option);
            assert_eq!(option, expected, "{text}");
        }
        // Every option is one that a rule takes.
        assert_eq!(TRIED_OTHERS.len(), OTHER_FORMS.len());
        assert_eq!(TRIED_IMPOSSIBLE.len(), IMPOSSIBLE.len());
    }
}
