//! What to change so that fewer rows single out one person: single steps, each with its exact
//! effect.

use super::audit::Audit;
use super::measures::Smallness;

/// One column generalised by one step, all else left as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    /// The column.
    pub column: String,
    /// The step's title; `*` means that the column says nothing any more.
    pub step: String,
    /// The classes after it.
    pub after: Smallness,
}

/// How many pieces of advice are given at most.
const MOST: usize = 5;

impl Audit {
    /// The steps that leave the fewest unique rows, best first; one for each column. Where two
    /// leave almost as few, the finer one is better, so a coarser step of the same column is only
    /// taken if it leaves less than half as many.
    pub fn advice(&self) -> Vec<Advice> {
        let now = self.sizes.small.unique_rows;
        let mut advice: Vec<Advice> = Vec::new();
        for column in &self.quasi {
            let mut best: Option<Advice> = None;
            for (step, after) in column.steps.iter().zip(&column.measures.steps).skip(1) {
                let bar = best.as_ref().map_or(now, |best| best.after.unique_rows / 2);
                if after.unique_rows < bar {
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
