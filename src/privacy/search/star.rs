//! One node looked at: which rows fail there, and what becomes of the `*` class.

use super::classes::{Classes, add_up};
use super::demand::Demand;
use super::ladder::{Ladder, ONE};
use super::outcome::{cost, is_star};
use crate::privacy::Layout;

/// What a node turned out to be.
#[derive(Debug)]
pub(super) struct Judgement {
    /// Rows in classes that are not as asked for.
    pub(super) failing: u64,
    /// What their suppression adds to the node's cost.
    pub(super) added: u64,
    /// How many rows are suppressed: the failing ones, those whose labels are all `*`, and those
    /// of the classes that the `*` class needs besides.
    pub(super) suppressed: u64,
    /// What that adds, if the requirement is met so.
    pub(super) met: Option<u64>,
    /// Whether no other choice of classes for the `*` class adds less.
    pub(super) exact: bool,
    /// The classes that the `*` class needs besides, by number.
    pub(super) besides: Vec<usize>,
}

/// A class that could be suppressed, too.
struct Candidate<'k> {
    added: u64,
    rows: u64,
    key: &'k [u64],
    class: usize,
}

/// Looks at the classes of a node.
///
/// Rows that fail are suppressed. If they alone may not stand as the `*` class (fewer than k, or too
/// few sensitive values), a class that is as asked for is suppressed with them: the one that adds
/// least; of those the one with the fewest rows; of those the first by its packed groups. One is
/// enough for k, since it has k rows itself, and for l. It is the best choice, too, unless several
/// sensitive columns or t are at stake; then further classes are added, cheapest first, and
/// `exact` is false.
pub(super) fn judge(
    classes: &Classes<'_>,
    layout: &Layout,
    ladders: &[Ladder],
    demand: &Demand,
) -> Judgement {
    let (mut failing, mut added, mut star) = (0, 0, 0);
    let mut values = vec![Vec::new(); demand.sensitive_of_star()];
    for (class, (key, rows)) in classes.iter().enumerate() {
        let rows = u64::from(rows);
        let all_star = is_star(layout, ladders, &classes.node, key);
        if all_star {
            star += rows;
        } else if !demand.met(rows, |column| classes.sensitive(column, class)) {
            failing += rows;
            added += rows * (ONE - cost(layout, ladders, &classes.node, key).min(ONE));
        } else {
            continue;
        }
        for (column, values) in values.iter_mut().enumerate() {
            values.extend_from_slice(classes.sensitive(column, class));
        }
    }
    let mut judgement = Judgement {
        failing,
        added,
        suppressed: failing + star,
        met: None,
        exact: true,
        besides: Vec::new(),
    };
    if judgement.suppressed > demand.max_suppressed {
        return judgement;
    }
    let mut star = Star {
        rows: judgement.suppressed,
        values,
    };
    if star.with(demand, None) {
        judgement.met = Some(added);
        return judgement;
    }
    judgement.exact = demand.one_is_enough();
    let mut candidates = Vec::new();
    for (class, (key, rows)) in classes.iter().enumerate() {
        let rows = u64::from(rows);
        let fits = star.rows + rows <= demand.max_suppressed
            && demand.met(rows, |column| classes.sensitive(column, class))
            && !is_star(layout, ladders, &classes.node, key);
        if fits {
            let added = rows * (ONE - cost(layout, ladders, &classes.node, key).min(ONE));
            candidates.push(Candidate {
                added,
                rows,
                key,
                class,
            });
        }
    }
    candidates.sort_by_key(|class| (class.added, class.rows, class.key));
    let one = candidates
        .iter()
        .find(|one| star.with(demand, Some((classes, one.class))));
    if let Some(one) = one {
        judgement.suppressed += one.rows;
        judgement.met = Some(added + one.added);
        judgement.besides.push(one.class);
        return judgement;
    }
    for one in &candidates {
        if star.rows + one.rows > demand.max_suppressed {
            continue;
        }
        star.take(classes, one.class, one.rows);
        judgement.besides.push(one.class);
        if star.with(demand, None) {
            let besides = candidates
                .iter()
                .filter(|one| judgement.besides.contains(&one.class));
            judgement.met = Some(added + besides.map(|one| one.added).sum::<u64>());
            judgement.suppressed = star.rows;
            break;
        }
    }
    judgement
}

/// The `*` class as it grows.
struct Star {
    rows: u64,
    /// By sensitive column, values with numbers of rows, in no order and perhaps repeated.
    values: Vec<Vec<(u32, u32)>>,
}

impl Star {
    fn with(&self, demand: &Demand, another: Option<(&Classes<'_>, usize)>) -> bool {
        let mut sums = vec![Vec::new(); self.values.len()];
        let mut rows = self.rows;
        for (column, (values, sums)) in self.values.iter().zip(&mut sums).enumerate() {
            let mut values = values.clone();
            if let Some((classes, class)) = another {
                values.extend_from_slice(classes.sensitive(column, class));
            }
            add_up(&mut values, sums);
        }
        if let Some((classes, class)) = another {
            rows += classes.rows(class);
        }
        demand.met_by_star(rows, |column| sums.get(column).map_or(&[], Vec::as_slice))
    }

    fn take(&mut self, classes: &Classes<'_>, class: usize, rows: u64) {
        self.rows += rows;
        for (column, values) in self.values.iter_mut().enumerate() {
            values.extend_from_slice(classes.sensitive(column, class));
            let mut sums = Vec::new();
            add_up(values, &mut sums);
            *values = sums;
        }
    }
}
