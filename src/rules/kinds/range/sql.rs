//! Ranges in SQL: an amount is compared with each edge by its whole number, then by its decimals.

use super::{Edge, Ranged};
use crate::rules::amount::sql::{INVALID, has_minus, number, parts};
use crate::sql::{Column, Output};

pub(super) fn range(column: &mut Column<'_>, rule: &Ranged) -> Output {
    let dialect = column.dialect();
    let number = number(column, rule.decimal);
    let (digits, _) = parts(column, &number, rule.decimal);
    let mark = rule.decimal.map(|mark| char::from(mark.byte()));
    let behind = match mark {
        None => dialect.part(&format!("replace({number}, ',', '.')"), ".", 2),
        Some(mark) => dialect.part(&number, &mark.to_string(), 2),
    };
    let decimals = dialect.replace(&behind, "[^0-9]", "");
    let size = column.step(
        "size",
        format!("CAST({digits} AS {})", dialect.whole_type()),
    );
    // Without the zeros at their end, decimals compare as texts do.
    let decimals = column.beside("decimals", dialect.replace(&decimals, "0+$", ""));
    let below_zero = column.beside(
        "below_zero",
        format!(
            "{} AND {}",
            has_minus(&number),
            dialect.holds(&number, "[1-9]")
        ),
    );
    let mut cases = format!("CASE\n  WHEN {number} IS NULL THEN NULL");
    let labels = rule.labels.iter().skip(1);
    for (edge, label) in rule.edges.iter().zip(labels).rev() {
        let reached = reached(edge, &size, &decimals, &below_zero);
        cases.push_str(&format!("\n  WHEN {reached} THEN {}", dialect.text(label)));
    }
    let lowest = rule.labels.first().map_or("", String::as_str);
    cases.push_str(&format!("\n  ELSE {}\nEND", dialect.text(lowest)));
    Output::checked(column.step("range", cases), INVALID)
}

/// The condition that an amount is an edge or more.
fn reached(edge: &Edge, size: &str, decimals: &str, below_zero: &str) -> String {
    let whole = edge.integer;
    let digits = String::from_utf8_lossy(&edge.decimals);
    let fraction = digits.trim_end_matches('0');
    let of_size = |more: &str, at_least: &str| match fraction {
        "" if at_least == ">=" => format!("{size} >= {whole}"),
        _ => format!(
            "({size} {more} {whole} OR {size} = {whole} AND {decimals} {at_least} '{fraction}')"
        ),
    };
    match edge.negative {
        false => format!("NOT {below_zero} AND {}", of_size(">", ">=")),
        true => format!("(NOT {below_zero} OR {})", of_size("<", "<=")),
    }
}
