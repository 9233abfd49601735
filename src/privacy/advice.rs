//! What to change so that fewer rows single out one person: single steps, and several where no single
//! one is enough, each with its exact effect.

mod plan;

pub(super) use plan::plan;

use super::audit::Audit;
use super::measures::Smallness;

/// One column generalised by one step.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    /// The column.
    pub column: String,
    /// The step's title; `*` means that the column says nothing any more.
    pub step: String,
    /// The classes after it.
    pub after: Smallness,
}

/// How many single steps are advised at most.
const MOST: usize = 5;

impl Audit {
    /// The steps that leave the fewest unique rows, all else left as it is, best first; one for each
    /// column. It is the finest one that does half of what any does; where two leave almost as few,
    /// the finer one is better, so a coarser step is only taken if it leaves less than half as many.
    pub fn advice(&self) -> Vec<Advice> {
        let now = self.sizes.small.unique_rows;
        let mut advice: Vec<Advice> = Vec::new();
        for column in &self.quasi {
            let steps = || column.steps.iter().zip(&column.measures.steps).skip(1);
            let Some(least) = steps().map(|(_, after)| after.unique_rows).min() else {
                continue;
            };
            let half = now.saturating_sub(now.saturating_sub(least).div_ceil(2));
            let mut best: Option<Advice> = None;
            for (step, after) in steps() {
                let better = match &best {
                    Some(best) => after.unique_rows < best.after.unique_rows / 2,
                    None => after.unique_rows < now && after.unique_rows <= half,
                };
                if better {
                    best = Some(Advice {
                        column: column.name.clone(),
                        step: step.clone(),
                        after: *after,
                    });
                }
            }
            advice.extend(best);
        }
        advice.sort_by_key(|advice| advice.after.unique_rows);
        advice.truncate(MOST);
        advice
    }
}
