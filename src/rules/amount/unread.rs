//! Why a cell is no amount, as far as an option of the rule would read it: the reason then has that option.
//!
//! Cold: only cells that are refused come here.

use super::{
    ACCEPTED, DecimalMark, NOT_AN_AMOUNT, read_digits, split_sign, trim, wide, without_unit,
};
use crate::rules::transform::{Mend, Reason};

static COMMA: Reason = Reason {
    code: "not_an_amount",
    what: fixed!("an amount with a dot before thousands"),
    advice: ACCEPTED,
    mend: Some(Mend {
        when: fixed!("if the comma is the decimal mark"),
        option: "decimal = \",\"",
    }),
};

static DOT: Reason = Reason {
    code: "not_an_amount",
    what: fixed!("an amount with a comma before thousands"),
    advice: ACCEPTED,
    mend: Some(Mend {
        when: fixed!("if the dot is the decimal mark"),
        option: "decimal = \".\"",
    }),
};

static WIDE: Reason = Reason {
    code: "not_an_amount",
    what: fixed!("an amount with a unit, a bracket or a power of ten"),
    advice: ACCEPTED,
    mend: Some(Mend {
        when: fixed!(
            "to read (1 234,56), 12-, 1'234.50, €1,234.00, 12 k€, 1E+05, 12 345,00 EUR TTC and 12,5 % too"
        ),
        option: "wide = true",
    }),
};

/// The reason to refuse a cell that [`read_digits`] refuses for this reason.
#[cold]
pub(super) fn why(
    reason: &'static Reason,
    cell: &[u8],
    mark: Option<DecimalMark>,
) -> &'static Reason {
    if *reason != NOT_AN_AMOUNT {
        return reason;
    }
    let reads = |mark| {
        let (_, text) = split_sign(without_unit(trim(cell)));
        read_digits(text, Some(mark)).is_ok()
    };
    match mark {
        None if reads(DecimalMark::Comma) => &COMMA,
        None if reads(DecimalMark::Dot) => &DOT,
        _ => match wide::rewritten(cell, mark) {
            Some(Ok(_)) => &WIDE,
            _ => reason,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn an_amount_in_another_form_is_told_with_the_option_that_reads_it() {
        let comma = Some(DecimalMark::Comma);
        for (text, mark, expected) in [
            ("1.234,56", None, Some("decimal = \",\"")),
            ("1.234.567", None, Some("decimal = \",\"")),
            ("1,234,567.5 €", None, Some("decimal = \".\"")),
            ("45.000", None, Some("decimal = \",\"")),
            ("12 k€", None, Some("wide = true")),
            ("(1 234,56)", None, Some("wide = true")),
            ("12-", comma, Some("wide = true")),
            ("12,5 %", None, Some("wide = true")),
            ("1,234.56", comma, None),
            ("beaucoup", None, None),
            ("12/03/1980", None, None),
            ("", None, None),
        ] {
            let reason = parse(text.as_bytes(), mark).unwrap_err();
            let option = reason.mend.as_ref().map(|mend| mend.option);
            assert_eq!(option, expected, "{text}");
        }
    }
}
