//! What a search chose, in figures: for the summary, the manifest and the report.

use super::Hierarchy;
use super::search::Found;
use crate::privacy::goal::Recoding;

/// What a search was asked for and what it chose.
#[derive(Debug, Clone, PartialEq)]
pub struct Achieved {
    pub k: u32,
    /// Whether all rows are generalised alike.
    pub recoding: Recoding,
    /// The smallest class, as the search left it.
    pub smallest: u64,
    pub classes: u64,
    /// How many rows have `*` in every quasi-identifier.
    pub suppressed: u64,
    /// The mean loss over rows and columns by weight, from 0 to 1.
    pub loss: f64,
    /// Whether no other choice of levels loses less, in global recoding.
    pub proven_optimal: bool,
    /// By column: its name, and how many rows are written at each level of its ladder, from the
    /// values themselves to `*`, by the level's title.
    pub levels: Vec<(String, Vec<(String, u64)>)>,
    /// How long the search took, in seconds.
    pub seconds: f64,
}

impl Achieved {
    /// Sums up what was found.
    pub fn new(
        k: u32,
        recoding: Recoding,
        found: &Found,
        hierarchies: &[Hierarchy],
        seconds: f64,
    ) -> Self {
        let levels = hierarchies.iter().enumerate().map(|(column, hierarchy)| {
            let titles = hierarchy.levels().iter().map(|level| level.title.clone());
            let mut levels: Vec<(String, u64)> = titles.map(|title| (title, 0)).collect();
            for (node, rows) in found.nodes.iter().zip(&found.rows) {
                let level = node
                    .get(column)
                    .and_then(|level| levels.get_mut(usize::from(*level)));
                if let Some((_, written)) = level {
                    *written += rows;
                }
            }
            (hierarchy.name.clone(), levels)
        });
        Self {
            k,
            recoding,
            smallest: found.k,
            classes: found.classes,
            suppressed: found.suppressed,
            loss: found.loss,
            proven_optimal: found.proven_optimal,
            levels: levels.collect(),
            seconds,
        }
    }
}
