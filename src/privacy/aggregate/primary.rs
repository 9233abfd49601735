//! Which cells tell of too few, by themselves.

use std::collections::{HashMap, HashSet};

use super::Demand;
use super::figures::Figures;

/// The cells that are not published for their own sake.
#[derive(Debug, Default)]
pub(super) struct Primary {
    pub(super) places: HashSet<usize>,
    /// Places that do not occur, in lines of which all persons have the same value of a sensitive dimension:
    /// they are listed as suppressed, so that nobody sees which value it is.
    pub(super) decoys: Vec<usize>,
}

impl Primary {
    pub(super) fn of(figures: &Figures, demand: &Demand) -> Self {
        let mut primary = Self::default();
        for (place, cell) in &figures.cells {
            let few = cell.units < demand.threshold;
            // A margin has quantiles only where all of its cells are published.
            let is_inner = figures.shape.totals(*place) == 0;
            let mut amounts = cell.amounts.iter().zip(&figures.told);
            let tells = amounts.any(|(amounts, told)| {
                amounts.is_unsafe(told, demand)
                    || is_inner && amounts.has_unsafe_quantiles(told, demand)
            });
            if few || tells {
                primary.places.insert(*place);
            }
        }
        let dimensions = figures.columns.iter().enumerate();
        for (dimension, _) in dimensions.filter(|(_, column)| column.sensitive) {
            primary.add_lines_of_one_value(figures, dimension);
        }
        primary.decoys.sort_unstable();
        primary.decoys.dedup();
        primary
    }

    /// Adds the cells that are alone in their line along a sensitive dimension.
    fn add_lines_of_one_value(&mut self, figures: &Figures, dimension: usize) {
        let shape = &figures.shape;
        let mut lines: HashMap<usize, Vec<usize>> = HashMap::new();
        for (place, _) in &figures.cells {
            if !shape.is_total(*place, dimension) {
                let line = shape.moved(*place, dimension, 0);
                lines.entry(line).or_default().push(*place);
            }
        }
        for (line, places) in lines {
            let [alone] = places.as_slice() else {
                continue;
            };
            self.places.insert(*alone);
            let all = (0..shape.size(dimension)).map(|to| shape.moved(line, dimension, to));
            self.decoys.extend(all.filter(|place| place != alone));
        }
    }
}
