//! What a search finds, where it says that it is independent of sensitive values, is the same with them and without.

use super::star::flat;
use super::*;

type Find = fn(&Combinations, &[Hierarchy], &Requirement, usize) -> Result<Found, Unreachable>;

const WAYS: [(&str, Find); 2] = [("global", global), ("local", local)];

/// Splitting as many combinations are split, whatever their number.
fn split(
    combinations: &Combinations,
    hierarchies: &[Hierarchy],
    requirement: &Requirement,
) -> Option<Found> {
    let ladders = ladder::Ladder::all(combinations, hierarchies, 1);
    let demand = demand::Demand::new(combinations, requirement);
    local::of_many(combinations, &ladders, &demand, 1, split::LARGE)
}

fn without_sensitive(combinations: &Combinations) -> Combinations {
    Combinations::new(
        combinations.layout().clone(),
        combinations.keys().to_vec(),
        combinations.counts().to_vec(),
        Vec::new(),
    )
}

/// What a result is; the work that it took may differ.
fn outcome(found: Found, combinations: &Combinations) -> Found {
    Found {
        checked: 0,
        independent_of_sensitive: true,
        ..found.in_order(combinations)
    }
}

/// Whether what is found of these combinations, without sensitive values, is independent_of_sensitive, having made sure
/// that it is right then.
fn independent(
    found: Option<Found>,
    of: &Combinations,
    with: impl FnOnce() -> Option<Found>,
) -> bool {
    let found = found.filter(|found| found.independent_of_sensitive);
    let is_independent = found.is_some();
    if let Some(found) = found {
        let expected = with().map(|found| outcome(found, of));
        assert_eq!(expected, Some(outcome(found, of)));
    }
    is_independent
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn sensitive_values_change_nothing_that_is_firm(
        mut table in table(2, false, false),
        most in prop::sample::select(vec![0, 2, 5, 20]),
    ) {
        table.requirement.max_suppressed = most;
        let (all, hierarchies) = (table.combinations(), table.hierarchies());
        let sizes = without_sensitive(&all);
        for (name, find) in WAYS {
            let find = |of: &Combinations| find(of, &hierarchies, &table.requirement, 1);
            let found = find(&sizes);
            let reached = found.is_ok();
            let is_independent = independent(found.ok(), &sizes, || find(&all).ok());
            // The `*` class then has no rows of which more could be asked.
            prop_assert!(is_independent || !reached || most > 0, "{}", name);
        }
        let find = |of: &Combinations| split(of, &hierarchies, &table.requirement);
        independent(find(&sizes), &sizes, || find(&all));
    }
}

#[test]
fn what_has_few_nodes_for_its_rows_is_light() {
    // Each column has two levels: 2, 16 and 32 nodes.
    let (two, sixteen) = (vec![(Vec::new(), 1)], vec![(Vec::new(), 1); 4]);
    let many = vec![(Vec::new(), 1); 5];
    for (columns, times, light) in [
        (&two, 1, true),
        (&sixteen, 1, true),
        (&many, 1, false),
        (&many, 2, true),
    ] {
        let table = Table {
            columns: columns.clone(),
            rows: vec![(vec![0; columns.len()], Vec::new()); times],
            ..flat(&[], 2, 0)
        };
        let is_light = is_light(&table.combinations(), &table.hierarchies());
        assert_eq!(is_light, light, "{} columns, {times} rows", columns.len());
    }
}

#[test]
fn what_suppresses_no_row_is_firm() {
    let apart = &[(0, 0, 3), (1, 0, 2), (2, 1, 2)][..];
    let alone = &[(0, 1, 3), (1, 0, 2), (2, 0, 1), (3, 0, 1)][..];
    for (name, rows, max_suppressed, expected) in [
        ("no row is alone", apart, 2, [true; 3]),
        ("all might be suppressed", apart, 7, [false, false, true]),
        ("none may be", apart, 0, [true; 3]),
        ("rows are suppressed", alone, 9, [false; 3]),
        ("more than may be", alone, 1, [false; 3]),
    ] {
        let table = flat(rows, 2, max_suppressed);
        let (all, hierarchies) = (table.combinations(), table.hierarchies());
        let (sizes, requirement) = (without_sensitive(&all), &table.requirement);
        let ways = WAYS.map(|(_, find)| {
            let found = find(&sizes, &hierarchies, requirement, 1).ok();
            independent(found, &sizes, || {
                find(&all, &hierarchies, requirement, 1).ok()
            })
        });
        let split_independent =
            independent(split(&sizes, &hierarchies, requirement), &sizes, || {
                split(&all, &hierarchies, requirement)
            });
        assert_eq!([ways[0], ways[1], split_independent], expected, "{name}");
    }
}
