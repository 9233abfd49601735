use super::super::Requirement;
use super::super::local::of_many;
use super::*;
use crate::privacy::Hierarchy;

/// A table whose rows are of several frequent values and many rare ones, with its hierarchies.
fn table() -> (Combinations, Vec<Hierarchy>) {
    let mut state = 7_u64;
    let mut draw = |values: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005);
        state = state.wrapping_add(1_442_695_040_888_963_407);
        let high = state >> 33;
        (high % values * (high / values % values) / values) as u32
    };
    let rows: Vec<_> = (0..60_000)
        .map(|_| (vec![draw(60), draw(2), draw(30), draw(90)], vec![draw(9)]))
        .collect();
    let combinations = Combinations::of_rows(&rows);
    let hierarchies = [60, 2, 30, 90].map(|values| {
        let text = |value: u32| value.to_string().into_bytes().into_boxed_slice();
        let own: Vec<_> = (0..values).map(text).collect();
        let steps = [5, 15].map(|width| {
            let labels =
                (0..values).map(|value| (text(1_000 * width + value / width), width as usize));
            (String::new(), labels.collect())
        });
        Hierarchy::new("column".into(), 1.0, &own, values as usize, steps)
    });
    (combinations, hierarchies.into())
}

#[test]
fn threads_share_the_work_without_a_trace() {
    let (combinations, hierarchies) = table();
    // More than are all looked at to choose a column.
    assert!(combinations.len() > 20_000, "{}", combinations.len());
    for l in [None, Some(2)] {
        let requirement = Requirement {
            k: 5,
            max_suppressed: 600,
            l,
            t: None,
        };
        let ladders = Ladder::all(&combinations, &hierarchies, 2);
        let demand = Demand::new(&combinations, &requirement);
        let split = |threads, large| {
            let found = of_many(&combinations, &ladders, &demand, threads, large);
            found.map(|found| found.in_order(&combinations))
        };
        let alone = split(1, usize::MAX).unwrap();
        assert!(alone.k >= 5 && alone.classes > 2_000, "{alone:?}");
        for (threads, large) in [(1, 0), (2, 0), (3, 0), (3, 1_000), (2, LARGE)] {
            let shared = split(threads, large).unwrap();
            assert!(shared == alone, "{threads} threads, {large}");
        }
    }
}
