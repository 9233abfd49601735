//! The search on a table that others have measured, too: UCI Adult with ARX's hierarchies.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use crm_anon::privacy::search::{Requirement, global};

#[path = "support/adult.rs"]
mod adult;

use adult::Adult;

fn requirement(adult: &Adult, k: u32, percent: u64) -> Requirement {
    Requirement {
        k,
        max_suppressed: adult.combinations.rows() * percent / 100,
        l: None,
        t: None,
    }
}

#[test]
fn the_optimum_is_that_of_arx() {
    for columns in [8, 9] {
        let adult = Adult::read(columns, None);
        for k in [2, 5, 10, 50] {
            for percent in [0, 2, 4, 5, 10] {
                let requirement = requirement(&adult, k, percent);
                let begin = std::time::Instant::now();
                let found =
                    global(&adult.combinations, &adult.hierarchies, &requirement, 2).unwrap();
                assert!(found.proven_optimal);
                println!(
                    "{columns} k={k} {percent}% loss {:.6} suppressed {} classes {} k {} lattice {} checked {} {:?} {:?}",
                    found.loss,
                    found.suppressed,
                    found.classes,
                    found.k,
                    found.lattice,
                    found.checked,
                    found.levels,
                    begin.elapsed()
                );
            }
        }
    }
}
