//! Global recoding: one level for each column, the best of the lattice.
//!
//! Two things spare most nodes a look at the rows.
//!
//! * What all rows lose at a node *before* any is suppressed follows from each column alone, and no
//!   suppression makes it less. Nodes are therefore taken in the order of this bound, until it is
//!   no lower than the best result.
//! * Rows that fail at a node (class too small, or with too few sensitive values) fail at every
//!   node below it, where their class is a part of that one. So a node at which too many rows fail
//!   rules out all nodes below it; and where few fail, the nodes below it lose at least as much more
//!   as the suppression of these rows costs. (t-closeness lacks this property and gets only the
//!   first bound.)
//!
//! The order within these bounds is that of Flash (F. Kohlmayer et al., *Flash: Efficient, Stable and
//! Optimal K-Anonymity*, 2012): from the cheapest node that is undecided, a path leads up, always to
//! the cheapest neighbour, and is searched by halving: a node that fails decides the lower part of
//! the path and all that is below it, a node that does not sets the mark that others have to beat.

use super::classes::Classes;
use super::demand::Demand;
use super::ladder::Ladder;
use super::lattice::Lattice;
use super::layer::{Layer, Tallies};
use super::outcome::Assignment;
use super::refine::Refiner;
use super::star::{Judgement, judge};
use super::{Found, Requirement, Unreachable};
use crate::privacy::{Combinations, Hierarchy};

/// The largest lattice that is searched until the optimum is proven: a number for every node is
/// kept, and for every node that fails those below it are walked through.
const MAX_LATTICE: usize = 1 << 20;

/// How many classes may be rolled up, over all nodes, before the search stops with the best so far:
/// half a minute to a minute of one core.
const MAX_WORK: u64 = 1 << 31;

/// How many classes are kept for rolling up from them, as a multiple of the combinations.
const KEPT: usize = 4;

/// Searches one level for each column.
///
/// # Errors
///
/// If no node of the lattice meets the requirement.
pub fn global(
    combinations: &Combinations,
    hierarchies: &[Hierarchy],
    requirement: &Requirement,
    threads: usize,
) -> Result<Found, Unreachable> {
    let ladders = Ladder::all(combinations, hierarchies, threads);
    let demand = Demand::new(combinations, requirement);
    optimum(combinations, &ladders, &demand, None)
}

/// What all rows cost together in a local recoding, and what spares looks at what costs no less.
pub(super) struct Rival<'a> {
    pub(super) cost: u64,
    pub(super) refiner: &'a Refiner<'a>,
}

/// [`global`], with what it needs made. Beside a rival only what costs less is looked for.
pub(super) fn optimum(
    combinations: &Combinations,
    ladders: &[Ladder],
    demand: &Demand,
    rival: Option<&Rival<'_>>,
) -> Result<Found, Unreachable> {
    let lattice = Lattice::new(ladders);
    let size = lattice.size().filter(|size| *size <= MAX_LATTICE);
    let mut search = Search {
        combinations,
        ladders,
        demand,
        top: lattice.top(),
        kept: Vec::new(),
        best: None,
        // From a node of more a climb might still come to one of less.
        rival: rival.filter(|_| size.is_some()),
        all: Layer::all(combinations, (0..combinations.len() as u32).collect()),
        tallies: Tallies::default(),
        closest: None,
        doubtful: u64::MAX,
        asked: false,
        checked: 0,
        work: 0,
    };
    let complete = match size {
        Some(size) => search.prove(&lattice, size),
        None => {
            search.climb(&lattice);
            false
        }
    };
    search.finish(&lattice, complete)
}

struct Search<'a> {
    combinations: &'a Combinations,
    ladders: &'a [Ladder],
    demand: &'a Demand,
    top: Box<[u8]>,
    /// Classes to roll up from, besides the combinations.
    kept: Vec<Classes<'static>>,
    /// What the best node costs, with its suppressed rows; and the node.
    best: Option<(u64, Vec<u8>)>,
    rival: Option<&'a Rival<'a>>,
    all: Layer,
    tallies: Tallies,
    /// The node at which the fewest rows would have to be suppressed.
    closest: Option<(u64, Vec<u8>)>,
    /// The least cost that a node could have had whose `*` class was not chosen exactly.
    doubtful: u64,
    /// Whether anywhere it was asked if the `*` class may stand, which had rows, and not too many.
    asked: bool,
    checked: u64,
    work: u64,
}

impl Search<'_> {
    /// Looks at a node row by row.
    fn look(&mut self, lattice: &Lattice<'_>, node: &[u8]) -> Judgement {
        let layout = self.combinations.layout();
        // What nothing is generalised of can be rolled up to everything.
        let combinations = Classes::of(self.combinations);
        let kept = self
            .kept
            .iter()
            .filter(|finer| lattice.rolls(&finer.node, node));
        let finer = kept
            .min_by_key(|finer| finer.len())
            .unwrap_or(&combinations);
        self.work += finer.len() as u64;
        let classes = finer.roll_up(layout, self.ladders, node);
        let judgement = judge(&classes, layout, self.ladders, self.demand);
        self.checked += 1;
        let cost = lattice.cost(node);
        if let Some(added) = judgement.met
            && cost + added < self.ceiling()
        {
            let found = (cost + added, node);
            if self
                .best
                .as_ref()
                .is_none_or(|(best, of)| found < (*best, of))
            {
                self.best = Some((cost + added, node.to_vec()));
            }
        }
        if !judgement.exact {
            self.doubtful = self.doubtful.min(cost + judgement.added);
        }
        self.asked |= (1..=self.demand.max_suppressed).contains(&judgement.suppressed);
        let closest = (judgement.suppressed, node);
        if self
            .closest
            .as_ref()
            .is_none_or(|(least, of)| closest < (*least, of))
        {
            self.closest = Some((judgement.suppressed, node.to_vec()));
        }
        self.keep(classes);
        judgement
    }

    /// Keeps classes to roll up from, if they are few enough to be of use, for the oldest ones.
    fn keep(&mut self, classes: Classes<'static>) {
        let all = self.combinations.len();
        if classes.len() * 4 > all * 3 {
            return;
        }
        let mut held: usize = self.kept.iter().map(Classes::len).sum::<usize>() + classes.len();
        while held > all * KEPT && !self.kept.is_empty() {
            held -= self.kept.remove(0).len();
        }
        self.kept.push(classes);
    }

    /// What a node costs less than, to be of use.
    fn ceiling(&self) -> u64 {
        self.rival.map_or(u64::MAX, |rival| rival.cost)
    }

    /// Whether it is known without a full look that too many rows fail at a node.
    fn fails(&mut self, node: &[u8]) -> bool {
        let Some(Rival { refiner, .. }) = self.rival else {
            return false;
        };
        // A `*` class of fewer than k rows does not fail.
        let (rows, k) = (self.combinations.rows(), u64::from(self.demand.k));
        let spare = self.demand.max_suppressed.saturating_add(k);
        self.work += self.combinations.len() as u64;
        self.checked += 1;
        !refiner.holds(
            &self.all,
            node,
            rows.saturating_sub(spare),
            &mut self.tallies,
        )
    }

    /// Whether a node's bound rules it out.
    fn beaten(&self, bound: u64) -> bool {
        let best = self.best.as_ref().map_or(u64::MAX, |(best, _)| *best);
        bound >= best.min(self.ceiling())
    }

    /// Looks for the optimum; tells whether nothing was left out.
    fn prove(&mut self, lattice: &Lattice<'_>, size: usize) -> bool {
        // By node: the least that it can cost; the greatest number where it is decided.
        let mut bounds: Vec<u64> = (0..size)
            .map(|number| lattice.cost(&lattice.node(number)))
            .collect();
        let mut order: Vec<u32> = (0..size as u32).collect();
        order.sort_by_key(|number| (bounds.get(*number as usize).copied(), *number));
        for start in order {
            let bound =
                |bounds: &[u64], number: usize| bounds.get(number).copied().unwrap_or(u64::MAX);
            while !self.beaten(bound(&bounds, start as usize))
                && bound(&bounds, start as usize) < u64::MAX
            {
                if self.work > MAX_WORK && self.best.is_some() {
                    return false;
                }
                let mut path = vec![lattice.node(start as usize)];
                loop {
                    let above = path
                        .last()
                        .map(|node| lattice.raised(node))
                        .unwrap_or_default();
                    let open = above.into_iter().filter_map(|node| {
                        let bound = bound(&bounds, lattice.number(&node));
                        (bound < u64::MAX && !self.beaten(bound))
                            .then_some((lattice.cost(&node), node))
                    });
                    match open.min() {
                        Some((_, node)) => path.push(node),
                        None => break,
                    }
                }
                self.halve(lattice, &path, &mut bounds);
            }
        }
        true
    }

    /// Searches a path, from fine to coarse, for where nodes begin to meet the requirement.
    fn halve(&mut self, lattice: &Lattice<'_>, path: &[Vec<u8>], bounds: &mut [u64]) {
        let (mut low, mut high) = (0, path.len());
        while low < high {
            let middle = (low + high) / 2;
            let Some(node) = path.get(middle) else { return };
            let number = lattice.number(node);
            let open = bounds
                .get(number)
                .is_some_and(|bound| *bound < u64::MAX && !self.beaten(*bound));
            if !open {
                // Decided on the way: too costly, as all above it on the path are.
                high = middle;
                continue;
            }
            let (too_many, added) = match self.fails(node) {
                true => (true, 0),
                false => {
                    let judgement = self.look(lattice, node);
                    let too_many = judgement.failing > self.demand.max_suppressed;
                    (too_many, judgement.added)
                }
            };
            if self.demand.monotone() {
                for below in lattice.all_below(node) {
                    if let Some(bound) = bounds.get_mut(below).filter(|bound| **bound < u64::MAX) {
                        let cost = lattice.cost(&lattice.node(below));
                        *bound = if too_many {
                            u64::MAX
                        } else {
                            (*bound).max(cost + added)
                        };
                    }
                }
            }
            if let Some(bound) = bounds.get_mut(number) {
                *bound = u64::MAX;
            }
            if too_many {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
    }

    /// Without proof: up from the finest node, then down again while it pays.
    fn climb(&mut self, lattice: &Lattice<'_>) {
        let mut path = vec![vec![0; self.top.len()]];
        while let Some(above) = path.last().and_then(|node| {
            lattice
                .raised(node)
                .into_iter()
                .min_by_key(|node| (lattice.cost(node), node.clone()))
        }) {
            path.push(above);
        }
        let (mut low, mut high) = (0, path.len());
        while let Some(node) = path.get((low + high) / 2).filter(|_| low < high) {
            let judgement = self.look(lattice, node);
            match judgement.failing > self.demand.max_suppressed {
                true => low = (low + high) / 2 + 1,
                false => high = (low + high) / 2,
            }
        }
        while self.work <= MAX_WORK {
            let Some((before, node)) = self.best.clone() else {
                return;
            };
            let mut open = lattice.lowered(&node);
            open.sort_by_key(|node| (lattice.cost(node), node.clone()));
            for node in open {
                self.look(lattice, &node);
            }
            if self.best.as_ref().is_none_or(|(best, _)| *best >= before) {
                return;
            }
        }
    }

    fn finish(self, lattice: &Lattice<'_>, complete: bool) -> Result<Found, Unreachable> {
        let size = lattice.size().map_or(u64::MAX, |size| size as u64);
        let unreachable = || Unreachable {
            least_suppressed: self.closest.as_ref().map(|(rows, _)| *rows),
            levels: self.closest.as_ref().map(|(_, node)| node.clone()),
            proven: complete && self.doubtful >= self.ceiling(),
        };
        let Some((cost, node)) = &self.best else {
            return Err(unreachable());
        };
        let assignment = self.assign(node);
        let found = assignment.outcome(self.combinations, self.ladders, self.demand);
        let mut found = found.ok_or_else(unreachable)?;
        found.levels = Some(node.clone());
        found.proven_optimal = complete && self.doubtful >= *cost;
        found.lattice = size;
        found.checked = self.checked;
        // The answers decide which nodes beat others, and of equal ones which comes first.
        found.independent_of_sensitive = !self.asked;
        Ok(found)
    }

    /// The combinations at a node, those of suppressed classes at the last levels.
    fn assign(&self, node: &[u8]) -> Assignment {
        let layout = self.combinations.layout();
        let all = Classes::of(self.combinations);
        let classes = all.roll_up(layout, self.ladders, node);
        let judgement = judge(&classes, layout, self.ladders, self.demand);
        let mut suppressed: std::collections::HashSet<&[u64]> = judgement
            .besides
            .iter()
            .filter_map(|class| classes.iter().nth(*class))
            .map(|(key, _)| key)
            .collect();
        for (class, (key, rows)) in classes.iter().enumerate() {
            if !self
                .demand
                .met(u64::from(rows), |column| classes.sensitive(column, class))
            {
                suppressed.insert(key);
            }
        }
        let step = super::classes::Step::new(layout, self.ladders, &all.node, node);
        let mut key = vec![0; layout.words()];
        let node_of = all.iter().map(|(combination, _)| {
            step.apply(combination, &mut key);
            u32::from(suppressed.contains(&*key))
        });
        let node_of: Vec<u32> = node_of.collect();
        Assignment {
            nodes: vec![node.into(), self.top.clone()],
            node_of,
        }
    }
}
