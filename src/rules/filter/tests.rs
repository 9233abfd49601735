use std::path::Path;

use super::*;
use crate::base::error::Ending as _;

fn filter(rows: &str, header: &[&str], today: &str) -> Result<RowFilter, Error> {
    let text = format!(
        "version = 1\n[rows]\n{rows}\n[columns.date_demande]\nrule = \"drop\"\naliases = [\"Demandé le\"]\n"
    );
    let table = RuleTable::parse(&text, "test", "test", Path::new("")).unwrap();
    let keys: Vec<String> = header.iter().map(|name| name::key(name)).collect();
    let shown: Vec<Shown> = (1..)
        .zip(header)
        .map(|(at, name)| Shown::new(name, at))
        .collect();
    let filter = RowFilter::new(
        &table,
        &keys,
        &shown,
        &RunContext::on(today.parse().unwrap()),
    )?;
    Ok(filter.unwrap())
}

/// What the only test of `rows` says of a cell.
fn judge(rows: &str, today: &str, cell: &str) -> &'static str {
    let filter = filter(rows, &["date_demande", "x"], today).unwrap();
    let missing = Missing::new(["", "NULL"]);
    match filter.tests()[0].judge(cell.as_bytes(), &missing) {
        Judgement::Passes => "passes",
        Judgement::Blanked => "blanked",
        Judgement::Unmet => filter.tests()[0].unmet(),
        Judgement::Missing => "missing",
        Judgement::Invalid(reason) => reason.code,
    }
}

#[test]
fn cells_at_the_boundaries() {
    let three = "retention = { column = 'date_demande', keep = '3 years' }";
    let one = "retention = { column = 'date_demande', keep = '1 year' }";
    let days = "retention = { column = 'date_demande', keep = '30 days' }";
    let blank = "retention = { column = 'date_demande', keep = '3 years', older = 'blank' }";
    let consent = "consent = { column = 'x', is = 'oui' }";
    let is = "where = [{ column = 'x', is = ['H', 'é'] }]";
    let is_not = "where = [{ column = 'x', is_not = 'H' }]";
    let dates = "where = [{ column = 'x', from = '2024-02-29', to = '2024-12-31' }]";
    let amounts = "where = [{ column = 'x', at_least = 100, below = 200 }]";
    let negative = "where = [{ column = 'x', below = 0 }]";
    let today = "2026-11-22";
    for (case, rows, today, cell, expected) in cases![
        "the last day that is kept", three, today, "2023-11-22", "passes";
        "with a time", three, today, "2023-11-22 00:00", "passes";
        "in another form", three, today, "22/11/2023", "passes";
        "a day older", three, today, "2023-11-21", "too_old";
        "a day older, late", three, today, "2023-11-21 23:59", "too_old";
        "today", three, today, "2026-11-22", "passes";
        "tomorrow", three, today, "2026-11-23", "in_the_future";
        "missing", three, today, "", "missing";
        "missing in words", three, today, " null ", "missing";
        "no date", three, today, "hier", "not_a_date";
        "no such date", three, today, "2023-02-29", "no_such_date";
        "on a leap day, before", one, "2024-02-29", "2023-02-28", "passes";
        "on a leap day, older", one, "2024-02-29", "2023-02-27", "too_old";
        "from a leap day, last day", one, "2025-02-28", "2024-02-29", "passes";
        "from a leap day, the day behind", one, "2025-03-01", "2024-02-29", "too_old";
        "days over a leap day", days, "2024-03-30", "2024-02-29", "passes";
        "days, older", days, "2024-03-30", "2024-02-28", "too_old";
        "older and blanked", blank, today, "2023-11-21", "blanked";
        "not older", blank, today, "2023-11-22", "passes";
        "missing is not blanked", blank, today, "", "missing";
        "yes", consent, today, "oui", "passes";
        "yes, written otherwise", consent, today, " OUI ", "passes";
        "no", consent, today, "non", "no_consent";
        "no answer", consent, today, "", "no_consent";
        "no answer in words", consent, today, "NULL", "no_consent";
        "nearly yes", consent, today, "oui?", "no_consent";
        "one of a list", is, today, "h", "passes";
        "without its accent", is, today, "E", "passes";
        "none of a list", is, today, "F", "not_met";
        "nothing is in no list", is, today, "", "missing";
        "another", is_not, today, "F", "passes";
        "the same", is_not, today, "h", "not_met";
        "nothing is not another", is_not, today, "", "missing";
        "the first day", dates, today, "29/02/2024", "passes";
        "the last day", dates, today, "2024-12-31T23:59", "passes";
        "before it", dates, today, "2024-02-28", "not_met";
        "behind it", dates, today, "2025-01-01", "not_met";
        "a range in the future", dates, "2020-01-01", "2024-06-01", "passes";
        "no date in a range", dates, today, "juin", "not_a_date";
        "at least", amounts, today, "100", "passes";
        "a cent less", amounts, today, "99,99 €", "not_met";
        "nearly too much", amounts, today, "199.99", "passes";
        "too much", amounts, today, "200", "not_met";
        "ambiguous", amounts, today, "1.000", "ambiguous_amount";
        "missing amount", amounts, today, "", "missing";
        "below zero", negative, today, "-0,01", "passes";
        "zero", negative, today, "-0,00", "not_met";
    ] {
        assert_eq!(judge(rows, today, cell), expected, "{case}: {cell:?}");
    }
}

#[test]
fn columns_are_found_by_their_names_and_aliases_or_the_file_is_refused() {
    let retention = "retention = { column = 'Date demande', keep = '3 years' }";
    let alias = "retention = { column = 'demande-le', keep = '3 years' }";
    let consent = "consent = { column = 'Consentement', is = 'oui' }";
    for (case, rows, header, expected) in cases![
        "its name", retention, &["x", "DATE-DEMANDE"][..], Ok(1);
        "an alias", retention, &["demandé le"], Ok(0);
        "named by an alias", alias, &["date_demande"], Ok(0);
        "a column that is not listed", consent, &["x", "consentement"], Ok(1);
        "not there", consent, &["x"], Err(false);
        "twice", consent, &["consentement", "Consentement "], Err(true);
        "by name and by alias", retention, &["date_demande", "demandé le"], Err(true);
    ] {
        match (filter(rows, header, "2026-11-22"), expected) {
            (Ok(filter), Ok(position)) => {
                assert_eq!(filter.tests()[0].position, position, "{case}");
            }
            (Err(error @ Error::Undecidable { several, .. }), Err(expected)) => {
                assert_eq!(several, expected, "{case}");
                assert_eq!(error.exit_status(), 3, "{case}");
            }
            (other, _) => panic!("{case}: {other:?}"),
        }
    }
}

#[test]
fn the_first_reason_counts_in_the_order_of_the_documentation() {
    let rows = "where = [{ column = 'x', is = 'a' }, { column = 'x', is_not = 'b' }]\n\
        retention = { column = 'date_demande', keep = '3 years', older = 'blank' }\n\
        consent = { column = 'x', is = 'oui' }";
    let filter = filter(rows, &["x", "date_demande"], "2026-11-22").unwrap();
    let names: Vec<&str> = filter
        .tests()
        .iter()
        .map(|test| test.name.as_str())
        .collect();
    assert_eq!(names, ["consent", "retention", "where 1", "where 2"]);
    assert!(filter.may_blank());
}
