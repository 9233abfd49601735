//! The pass that counts rows by what they are known by, and the search for groups of newcomers.

use std::time::Instant;

use super::super::passes::Passes;
use super::Release;
use crate::cli::commands::goal::{Labels, Recoded};
use crate::crypto::release::ReleaseError;
use crate::engine::follow::Followed;
use crate::engine::passes::census::Before;
use crate::engine::passes::{Measuring, ResidualSearch};
use crate::privacy::achieved::Achieved;
use crate::privacy::audit;
use crate::privacy::cohorts::{Newcomers, Settled, Sought, Tonight};
use crate::privacy::counter::Dictionary;
use crate::privacy::goal::Recoding;
use crate::privacy::search::{self, Requirement};

/// How many persons a new group has at least, where so many are new: some may leave before fewer than k are left.
fn with_reserve(k: u32) -> u32 {
    k.saturating_add(k.div_ceil(2))
}

impl Passes<'_, '_> {
    /// Counts the rows by what they are known by, and decides which are published, in which groups.
    pub(in super::super) fn follow(&mut self, release: &Release) -> anyhow::Result<Recoded> {
        let clock = Instant::now();
        let (job, planned) = (self.job, self.planned);
        let k = job.goal.k();
        let columns = planned.watch.quasi.len();
        let cohorts = release.goes_on(&job.terms(&planned.plan, k), columns)?;
        let (known, values) = (cohorts.by_row(), dictionaries(columns));
        let mut tonight = Tonight::new(&cohorts, &known);
        let before = Before {
            tagger: &release.tagger,
            person: planned.person(),
            known: &known,
            values: &values,
        };
        let rows = self.census(before, &mut tonight)?;
        let newcomers = tonight.newcomers(values);
        let measuring = planned.counting(&planned.watch, ResidualSearch::Off);
        let settled = settle(&measuring, tonight, k, newcomers)?;
        release.check(&settled, release.forced)?;
        let figures = settled.figures;
        let held = figures.waiting + figures.retired;
        let allowed = job.goal.may_suppress(rows);
        if held > allowed {
            let (all, waiting) = (rows, figures.waiting);
            return Err(ReleaseError::TooManyHeld {
                held,
                all,
                waiting,
                k,
                allowed,
            }
            .into());
        }
        Ok(Recoded {
            labels: Labels::Kept(Box::new(Followed {
                tagger: release.tagger.clone(),
                person: planned.person().to_vec(),
                settled,
                format: planned.settings.format,
                alone: planned.plan.output_names().count() == 1,
            })),
            achieved: Achieved {
                k,
                recoding: Recoding::Local,
                smallest: figures.smallest,
                classes: figures.groups,
                suppressed: 0,
                loss: figures.loss,
                proven_optimal: false,
                levels: Vec::new(),
                seconds: clock.elapsed().as_secs_f64(),
            },
        })
    }
}

fn dictionaries(columns: usize) -> Vec<Dictionary> {
    (0..columns).map(|_| Dictionary::default()).collect()
}

/// Searches classes for the newcomers, and decides what becomes of all rows.
fn settle(
    measuring: &Measuring<'_>,
    tonight: Tonight<'_>,
    k: u32,
    newcomers: Newcomers,
) -> anyhow::Result<Settled> {
    let persons = newcomers.persons;
    if persons < k as usize {
        return Ok(tonight.settle(k, &newcomers, None));
    }
    let quasi = measuring.quasi();
    let hierarchies = audit::hierarchies(&quasi, &newcomers.values, false);
    let hierarchies = hierarchies.map_err(|uncovered| measuring.uncovered(uncovered))?;
    let reserve = with_reserve(k);
    let requirement = Requirement {
        k: if persons < reserve as usize {
            k
        } else {
            reserve
        },
        // Whoever would be suppressed is held back.
        max_suppressed: newcomers.combinations.rows(),
        l: None,
        t: None,
    };
    let found = search::local(
        &newcomers.combinations,
        &hierarchies,
        &requirement,
        measuring.threads,
    );
    let Ok(found) = found else {
        return Ok(tonight.settle(k, &newcomers, None));
    };
    let sought = Sought {
        found: &found,
        hierarchies: &hierarchies,
        extents: &|column, labels| {
            let column = quasi.get(column);
            column.map_or_else(Vec::new, |column| column.ladder.extents(labels))
        },
        threads: measuring.threads,
    };
    Ok(tonight.settle(k, &newcomers, Some(sought)))
}
