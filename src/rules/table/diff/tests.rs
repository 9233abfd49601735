use std::path::Path;

use super::*;

/// The differences of two tables' texts: places and effects.
fn effects(old: &str, new: &str) -> Vec<(String, Effect)> {
    let table = |text: &str| RuleTable::parse(text, "t.toml", "t", Path::new("")).unwrap();
    let (was, is) = (table(old), table(new));
    let found = differences((&was, old), (&is, new)).unwrap();
    let found = found.into_iter();
    found.map(|found| (found.place, found.effect)).collect()
}

/// A table with these lines before its one column `a`, and these for it.
fn table(before: &str, column: &str) -> String {
    format!("version = 1\n{before}\n[columns.a]\n{column}\n")
}

#[test]
fn a_rule_that_publishes_more_is_weaker() {
    use Effect::{Neutral, Stronger, Unclear, Weaker};
    for (was, is, expected) in cases![
        "\"drop\"", "\"keep\"", Weaker;
        "\"drop\"", "{ constant = { value = \"x\" } }", Weaker;
        "{ constant = { value = \"x\" } }", "\"year\"", Weaker;
        "\"year\"", "\"year_month\"", Weaker;
        "\"postal_code\"", "\"region\"", Stronger;
        "\"year\"", "\"keep\"", Weaker;
        "\"year\"", "\"postal_code\"", Unclear;
        "\"keep\"", "{ hash = { role = \"r\" } }", Stronger;
        "{ bucket = { width = 20 } }", "{ bucket = { width = 5 } }", Weaker;
        "{ bucket = { width = 5 } }", "{ bucket = { width = 20 } }", Stronger;
        "{ bucket = { width = 5 } }", "{ bucket = { width = 5, top = 100 } }", Stronger;
        "{ bucket = { width = 5 } }", "{ bucket = { width = 5, decimal = \",\" } }", Neutral;
        "{ truncate = { length = 2 } }", "{ truncate = { length = 3 } }", Weaker;
        "{ postal_code = { min_population = 5000 } }", "\"postal_code\"", Weaker;
        "\"keep\"", "{ keep = { allowed = [\"x\"] } }", Stronger;
        "{ constant = { value = \"x\" } }", "{ constant = { value = \"y\" } }", Unclear;
    ] {
        let column = |rule: &str| table("", &format!("rule = {rule}"));
        let found = effects(&column(was), &column(is));
        assert_eq!(found[0].1, expected, "{was} {is}: {found:?}");
    }
    // The same rule, written otherwise, is no change.
    let (bare, long) = ("rule = \"year\"", "rule = { year = {} }");
    assert_eq!(effects(&table("", bare), &table("", long)), []);
}

#[test]
fn a_threshold_that_is_loosened_is_weaker() {
    use Effect::{Neutral, Stronger, Unclear, Weaker};
    for (was, is, expected) in cases![
        "[privacy]\nk = 5", "[privacy]\nk = 3", Weaker;
        "[privacy]\nk = 5", "", Weaker;
        "", "[privacy]\nk = 5", Stronger;
        "[privacy]\nk = 5\nt = 0.2", "[privacy]\nk = 5\nt = 0.3", Weaker;
        "[privacy]\nk = 5\nl = 2", "[privacy]\nk = 5\nl = 3", Stronger;
        "[privacy]\nk = 5", "[privacy]\nk = 5\nmax_suppressed = \"9%\"", Neutral;
        "unlisted = \"fail\"", "", Weaker;
        "unlisted = \"drop\"", "unlisted = \"fail\"", Stronger;
        "formulas = \"refuse\"", "formulas = \"keep\"", Weaker;
        "missing = [\"\"]", "missing = [\"\", \"x\"]", Unclear;
        "index = \"n\"", "", Neutral;
        "[aggregate]\nthreshold = 11", "[aggregate]\nthreshold = 5", Weaker;
        "[aggregate]\ntotals = false", "[aggregate]\ntotals = true", Weaker;
        "[rows]\nconsent = { column = \"c\", is = \"oui\" }", "", Weaker;
    ] {
        let rule = "rule = \"year\"";
        let found = effects(&table(was, rule), &table(is, rule));
        assert_eq!(found.len(), 1, "{was} {is}: {found:?}");
        assert_eq!(found[0].1, expected, "{was} {is}: {found:?}");
    }
    // What is said is what is usual.
    let rule = "rule = \"year\"";
    let usual = "index = \"Index_rd\"\nunlisted = \"drop\"\nformulas = \"warn\"";
    assert_eq!(effects(&table("", rule), &table(usual, rule)), []);
}

#[test]
fn what_stands_beside_a_rule_counts_where_the_column_is_published() {
    use Effect::{Neutral, Stronger, Unclear, Weaker};
    for (was, is, expected) in [
        (
            "attribute = \"quasi-identifying\"",
            "attribute = \"insensitive\"",
            Weaker,
        ),
        ("attribute = \"sensitive\"", "", Weaker),
        ("", "attribute = \"quasi-identifying\"", Stronger),
        (
            "attribute = \"sensitive\"",
            "attribute = \"quasi-identifying\"",
            Unclear,
        ),
        ("", "aliases = [\"b\"]", Weaker),
        ("aliases = [\"b\", \"c\"]", "aliases = [\"b\"]", Stronger),
        ("", "leftovers = [\"date\"]", Weaker),
        ("leftovers = [\"date\"]", "leftovers = \"ignore\"", Weaker),
        ("leftovers = \"ignore\"", "leftovers = \"check\"", Stronger),
        ("", "optional = true", Neutral),
        ("", "as = \"b\"", Neutral),
    ] {
        let column = |more: &str| table("", &format!("rule = \"keep\"\n{more}"));
        let found = effects(&column(was), &column(is));
        assert_eq!(found.len(), 1, "{was} {is}: {found:?}");
        assert_eq!(found[0].1, expected, "{was} {is}: {found:?}");
    }
    let dropped = |more: &str| table("", &format!("rule = \"drop\"\n{more}"));
    let found = effects(&dropped(""), &dropped("aliases = [\"b\"]"));
    assert_eq!(found[0].1, Neutral);
}

#[test]
fn a_column_that_comes_is_weaker_and_the_worst_is_told_first() {
    let old = "version = 1\n[columns.a]\nrule = \"keep\"\n[columns.b]\nrule = \"drop\"\n[columns.c]\nrule = \"keep\"\n";
    let new = "version = 1\n[columns.A]\nrule = \"keep\"\n[columns.d]\nrule = \"keep\"\n[columns.e]\nrule = \"drop\"\n";
    let expected = [
        ("[columns.d]", Effect::Weaker),
        ("[columns.c]", Effect::Stronger),
        ("[columns.b]", Effect::Neutral),
        ("[columns.e]", Effect::Neutral),
    ];
    let expected = expected.map(|(place, effect)| (place.to_owned(), effect));
    assert_eq!(effects(old, new), expected);
}
