use std::path::Path;

use super::*;
use crate::rules::table::{RuleTable, TableError};

fn table(rows: &str) -> Result<RuleTable, TableError> {
    let text = format!("version = 1\n[rows]\n{rows}\n[columns.a]\nrule = \"keep\"\n");
    RuleTable::parse(&text, "table.toml", "", Path::new(""))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn all_of_it_is_read() {
    let rows = table(
        "consent = { column = 'accord', is = ['Oui', 'vrai'] }\n\
         retention = { column = 'le', keep = '18 months', older = 'blank', formats = ['%d.%m.%Y'] }\n\
         where = [{ column = 'a', is_not = 'x' }, { column = 'b', from = '2024-01-01' },\n\
         { column = 'c', at_least = -5, below = 20, decimal = ',' }]",
    )
    .unwrap()
    .rows;
    assert!(rows.consent.unwrap().is.has("OUI".as_bytes()));
    let retention = rows.retention.unwrap();
    assert_eq!(
        (retention.keep, retention.older),
        (Period::Months(18), Older::Blank)
    );
    let [a, b, c] = rows.conditions.as_slice() else {
        panic!("{:?}", rows.conditions);
    };
    assert!(matches!(a.wanted, Wanted::IsNot(_)));
    assert!(
        matches!(&b.wanted, Wanted::Between { from, to: None, .. } if *from == Some(day("2024-01-01")))
    );
    assert!(matches!(
        c.wanted,
        Wanted::Amount {
            at_least: Some(-5),
            below: Some(20),
            decimal: Some(DecimalMark::Comma)
        }
    ));
}

#[test]
fn what_is_wrong_has_its_place() {
    for (rows, at, expected) in cases![
        "", 2, "expected one of consent, retention, where";
        "consent = 'oui'", 3, "a table with column";
        "consent = { column = 'a' }", 3, "`is`";
        "consent = { column = 'a', is = 3 }", 3, "texts";
        "consent = { column = 'a', is = [] }", 3, "texts";
        "consent = { column = 'a', is = '' }", 3, "missing cell";
        "consent = { column = 'a', is = ['oui', 'null'] }", 3, "missing cell";
        "consent = { column = 'a', is = 'oui', not = 1 }", 3, "unknown field `not`";
        "consents = 1", 3, "unknown key `consents`";
        "retention = { column = 'a' }", 3, "`keep`";
        "retention = { column = 'a', keep = 3 }", 3, "string";
        "retention = { column = 'a', keep = '3 ans' }", 3, "3 years";
        "retention = { column = 'a', keep = '0 days' }", 3, "3 years";
        "retention = { column = 'a', keep = '-1 days' }", 3, "3 years";
        "retention = { column = 'a', keep = '1.5 years' }", 3, "3 years";
        "retention = { column = 'a', keep = '3 years', older = 'keep' }", 3, "leave_out";
        "retention = { column = 'a', keep = '3 years', formats = ['%Y'] }", 3, "does not read a month";
        "where = { column = 'a', is = 'x' }", 3, "a list of conditions";
        "where = [{ column = 'a' }]", 3, "is_not";
        "where = [{ is = 'a' }]", 3, "`column`";
        "where = [{ column = 'a', is = 'x', is_not = 'y' }]", 3, "is_not";
        "where = [{ column = 'a', is = 'x', below = 3 }]", 3, "is_not";
        "where = [{ column = 'a', formats = ['%d.%m.%Y'] }]", 3, "is_not";
        "where = [{ column = 'a', decimal = ',' }]", 3, "is_not";
        "where = [{ column = 'a', from = '2024-02-30' }]", 3, "2024-01-31";
        "where = [{ column = 'a', from = '2024-1-1' }]", 3, "2024-01-31";
        "where = [{ column = 'a', from = '2024-02-01', to = '2024-01-01' }]", 3, "after";
        "where = [{ column = 'a', at_least = 5, below = 5 }]", 3, "no row";
        "where = [{ column = 'a', below = 1.5 }]", 3, "expected";
        "sample = '101%'", 3, "a share of the rows";
        "sample = '0.00001%'", 3, "a share of the rows";
    ] {
        let error = table(rows).map(|_| ()).unwrap_err();
        let TableError::Wrong { line, message, .. } = &error else {
            panic!("{rows}: {error}");
        };
        assert_eq!(*line, at, "{rows}: {message}");
        assert!(message.contains(expected), "{rows}: {message}");
    }
}
