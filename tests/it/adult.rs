//! The search on a table that others have measured, too: UCI Adult with ARX's hierarchies.
use crm_anon::inside::{Found, Requirement, global, local};

use crate::support::adult::Adult;

fn requirement(adult: &Adult, k: u32, percent: u64) -> Requirement {
    Requirement {
        k,
        max_suppressed: adult.combinations.rows() * percent / 100,
        l: None,
        t: None,
    }
}

/// Rows of each class, from the labels.
fn classes(adult: &Adult, found: &Found) -> std::collections::HashMap<Vec<u8>, u64> {
    let mut classes = std::collections::HashMap::new();
    let node_of = found.node_of.in_order(&adult.combinations, 1);
    for combination in &adult.rows {
        let node = &found.nodes[node_of[*combination] as usize];
        let mut labels = Vec::new();
        for (column, (hierarchy, level)) in adult.hierarchies.iter().zip(node).enumerate() {
            let code = adult.combinations.code(*combination, column);
            labels.extend_from_slice(hierarchy.label(usize::from(*level), code));
            labels.push(b';');
        }
        *classes.entry(labels).or_default() += 1;
    }
    classes
}

#[test]
fn the_optimum_is_proven_for_all_limits() {
    // What is not optimised takes a minute for all of them: `.ci/full` tests a release, too.
    let limits: &[u64] = match cfg!(debug_assertions) {
        true => &[0, 4],
        false => &[0, 2, 4, 5, 10],
    };
    for columns in [8, 9] {
        let adult = Adult::read(columns, None);
        for k in [2, 5, 10, 50] {
            let mut before = 1.0;
            for percent in limits.iter().copied() {
                let requirement = requirement(&adult, k, percent);
                let found =
                    global(&adult.combinations, &adult.hierarchies, &requirement, 2).unwrap();
                let case = format!("{columns} columns, k = {k}, {percent} %");
                assert!(found.proven_optimal, "{case}");
                assert!(found.loss <= before, "{case}");
                before = found.loss;
                let classes = classes(&adult, &found);
                assert_eq!(classes.values().copied().min(), Some(found.k), "{case}");
                assert!(found.k >= u64::from(k), "{case}");
                assert_eq!(classes.len() as u64, found.classes, "{case}");
                assert!(found.suppressed <= requirement.max_suppressed, "{case}");
            }
        }
    }
}

#[test]
fn the_optimum_is_that_of_arx() {
    for (columns, k, loss, suppressed, lattice) in [
        (8, 5, 0.2902, Some(1038), 6480),
        (9, 5, 0.2928, Some(1178), 12_960),
        (8, 10, 0.3430, None, 6480),
    ] {
        let adult = Adult::read(columns, None);
        let requirement = requirement(&adult, k, 4);
        let found = global(&adult.combinations, &adult.hierarchies, &requirement, 2).unwrap();
        assert!((found.loss - loss).abs() < 0.000_05, "{}", found.loss);
        assert_eq!(found.suppressed, suppressed.unwrap_or(found.suppressed));
        assert_eq!(found.lattice, lattice);
    }
}

#[test]
fn local_recoding_loses_less_than_the_best_of_arx() {
    for (columns, k, below) in [(8, 5, 0.0500), (9, 5, 0.0525), (8, 10, 0.0725)] {
        let adult = Adult::read(columns, None);
        let requirement = requirement(&adult, k, 4);
        let found = local(&adult.combinations, &adult.hierarchies, &requirement, 2).unwrap();
        assert!(
            found.loss < below,
            "{columns} columns, k = {k}: {}",
            found.loss
        );
        let classes = classes(&adult, &found);
        assert_eq!(classes.values().copied().min(), Some(found.k));
        assert!(found.k >= u64::from(k));
    }
}
