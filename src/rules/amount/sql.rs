//! Amounts in SQL: the whole grammar is one pattern, so that what is read is what is matched.

use super::DecimalMark;
use crate::sql::Column;

/// The blanks that may stand around an amount or a date: ASCII white space, U+00A0, U+202F and
/// U+2009.
pub(in crate::rules) const BLANKS: &str = " \t\n\u{c}\r\u{a0}\u{2009}\u{202f}";

/// The blanks that may stand between groups of three digits.
const SEPARATORS: &str = "[ \u{a0}\u{2009}\u{202f}]";

/// What is wrong with a cell that has no amount.
pub(in crate::rules) const INVALID: &str = "not an amount in an accepted form";

/// The cell without blanks around it; `NULL` where `known` is not.
pub(in crate::rules) fn trimmed(column: &mut Column<'_>, known: Option<&str>) -> String {
    let dialect = column.dialect();
    let cell = column.cell();
    let known = known.map_or(String::new(), |known| {
        format!("WHEN {known} IS NOT NULL THEN NULL ")
    });
    // Engines take ten times as long to trim a text as to look at its ends.
    let trimmed = format!(
        "CASE {known}WHEN {} THEN {} ELSE {cell} END",
        dialect.holds(&cell, &format!("^[{BLANKS}]|[{BLANKS}]$")),
        dialect.trim(&cell, BLANKS)
    );
    column.step("trimmed", trimmed)
}

/// The digits before the mark of a plain amount, as most are: 15 digits at most, and one or two
/// behind a mark. `NULL` for every other cell. Engines calculate with so few in a type of their own,
/// where exact numbers of any length cost ten times as much.
pub(in crate::rules) fn plain(column: &mut Column<'_>, mark: Option<DecimalMark>) -> String {
    let dialect = column.dialect();
    let cell = column.cell();
    let (marks, whole) = match mark {
        None => (
            ".,".to_owned(),
            dialect.part(&format!("replace({cell}, ',', '.')"), ".", 1),
        ),
        Some(mark) => {
            let mark = char::from(mark.byte()).to_string();
            let whole = dialect.part(&cell, &mark, 1);
            (mark, whole)
        }
    };
    let is_plain = dialect.is_whole(&cell, &format!("[0-9]{{1,15}}(?:[{marks}][0-9]{{1,2}})?"));
    column.step("plain", format!("CASE WHEN {is_plain} THEN {whole} END"))
}

/// [`number`], `NULL` where the cell is [`plain`].
pub(in crate::rules) fn other_number(
    column: &mut Column<'_>,
    plain: &str,
    mark: Option<DecimalMark>,
) -> String {
    let cell = column.cell();
    let is_amount = column.dialect().is_whole(&cell, &pattern(mark));
    let number =
        format!("CASE WHEN {plain} IS NOT NULL THEN NULL WHEN {is_amount} THEN {cell} END");
    column.step("number", number)
}

/// The cell, blanks around it included, `NULL` where it is no amount.
pub(in crate::rules) fn number(column: &mut Column<'_>, mark: Option<DecimalMark>) -> String {
    let cell = column.cell();
    let is_amount = column.dialect().is_whole(&cell, &pattern(mark));
    let number = format!("CASE WHEN {is_amount} THEN {cell} END");
    column.step("number", number)
}

/// The condition that a `number` has a minus, which can stand in front of it only. What is negative is then
/// computed as a difference: a sign in front of an expression rounds to 34 digits in Spark 4.
pub(in crate::rules) fn has_minus(number: &str) -> String {
    format!("{number} LIKE '%-%'")
}

/// The digits before the decimal mark of a `number`, and the condition that there is more behind
/// it than zeros.
pub(in crate::rules) fn parts(
    column: &mut Column<'_>,
    number: &str,
    mark: Option<DecimalMark>,
) -> (String, String) {
    let dialect = column.dialect();
    let (whole, fraction) = match mark {
        None => (
            dialect.part(&format!("replace({number}, ',', '.')"), ".", 1),
            dialect.holds(number, "[.,][0-9]*[1-9]"),
        ),
        Some(mark) => {
            let mark = char::from(mark.byte());
            (
                dialect.part(number, &mark.to_string(), 1),
                dialect.holds(number, &format!("[{mark}][0-9]*[1-9]")),
            )
        }
    };
    let digits = dialect.replace(&whole, "[^0-9]", "");
    (column.step("digits", digits), fraction)
}

/// Every amount that [`super::parse`] reads.
///
/// Of an integer part at most the last 36 digits are not zero: one of more groups than make 36
/// digits begins with groups of zeros.
fn pattern(mark: Option<DecimalMark>) -> String {
    let groups = format!(
        "[0-9]{{1,3}}(?:{SEPARATORS}[0-9]{{3}}){{1,11}}\
         |0{{1,3}}(?:{SEPARATORS}000)*(?:{SEPARATORS}[0-9]{{3}}){{12}}"
    );
    let number = match mark {
        // Up to three digits and exactly three behind the mark could be thousands.
        None => format!(
            "(?:0*[0-9]{{4,36}}|{groups}|0)(?:[.,][0-9]+)?\
             |[0-9]{{1,3}}(?:[.,](?:[0-9]{{1,2}}|[0-9]{{4,}}))?"
        ),
        Some(mark) => {
            let (mark, other) = (char::from(mark.byte()), char::from(mark.other()));
            format!(
                "(?:0*[0-9]{{1,36}}|{groups}|[1-9][0-9]{{0,2}}(?:[{other}][0-9]{{3}}){{1,11}})\
                 (?:[{mark}][0-9]+)?"
            )
        }
    };
    let unit = format!("[{BLANKS}]*(?:€|[Ee][Uu][Rr](?:[Oo][Ss])?)");
    format!("[{BLANKS}]*[-+]?(?:{number})(?:{unit})?[{BLANKS}]*")
}
