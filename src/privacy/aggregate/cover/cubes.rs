//! The search for the cube that closes most of a gap for what is lost with it.
//!
//! Partners are chosen for one dimension after the other. What the corners cost that are known by then is never lost
//! again: where that is too much already, or one of them cannot be used, no partner of the other dimensions is tried.

use super::Cover;
use crate::privacy::aggregate::MOST_DIMENSIONS;
use crate::privacy::aggregate::certificate::{Certificate, Gap, WHOLE, gain, part, wanted};
use crate::privacy::aggregate::shape::{Cube, Move};

/// The corners of a cube.
const CORNERS: usize = 1 << MOST_DIMENSIONS;

/// A move that could be made.
pub(super) struct Candidate {
    pub(super) corners: Move,
    /// What is lost for what is gained: the less, the better.
    pub(super) score: u64,
    /// It costs nothing, and nothing is lacking then.
    is_perfect: bool,
}

struct Search<'a> {
    cover: &'a Cover,
    base: usize,
    gap: &'a Gap,
    known: &'a Certificate,
    within: bool,
    /// What may be tried in each dimension.
    partners: Vec<Vec<usize>>,
    /// What is tried.
    chosen: Vec<usize>,
    best: Option<Candidate>,
    /// How many things are lacking.
    wanted: u64,
    /// What costs so much is not better than the best.
    most: u64,
    /// What was tried when the best was found, if it was found here.
    last: Option<Vec<usize>>,
}

impl Search<'_> {
    /// Tries all partners from a dimension on, with those of the dimensions before it chosen: `places` are the corners
    /// that are known by them, `cost` is what these cost. Says whether there can be nothing better.
    fn descend(&mut self, dimension: usize, places: &[usize], cost: u64) -> bool {
        let shape = &self.cover.board.shape;
        if dimension == shape.dimensions() {
            return self.judge(cost);
        }
        let count = places.len();
        let mut corners = [0; CORNERS];
        let partners = self.partners.get(dimension).map_or(0, Vec::len);
        for at in 0..partners {
            let partners = self.partners.get(dimension);
            let Some(partner) = partners.and_then(|partners| partners.get(at)).copied() else {
                continue;
            };
            let Some((old, new)) = corners
                .split_at_mut_checked(count)
                .and_then(|(old, rest)| Some((old, rest.get_mut(..count)?)))
            else {
                return false;
            };
            // As far as from the base: the others differ from it in other dimensions.
            let step = shape
                .moved(self.base, dimension, partner)
                .wrapping_sub(self.base);
            for ((old, new), place) in old.iter_mut().zip(new.iter_mut()).zip(places) {
                (*old, *new) = (*place, place.wrapping_add(step));
            }
            let Some(cost) = self.cost(new, cost) else {
                continue;
            };
            if let Some(chosen) = self.chosen.get_mut(dimension) {
                *chosen = partner;
            }
            let corners = corners.get(..2 * count).unwrap_or_default();
            if self.descend(dimension + 1, corners, cost) {
                return true;
            }
        }
        false
    }

    /// What is lost with some places beside others; nothing if one of them cannot be used, or if no cube that loses so
    /// much is better than the best: none gains more than all that is wanted.
    fn cost(&self, places: &[usize], others: u64) -> Option<u64> {
        let mut sum = others;
        for place in places {
            sum += self.cover.lost(self.base, *place, self.gap, self.within)?;
        }
        (sum + 1 < self.most).then_some(sum)
    }

    /// Notes the best so far.
    fn take(&mut self, found: Candidate) {
        self.most = found.score.saturating_mul(self.wanted);
        self.best = Some(found);
    }

    /// Takes the cube that is chosen if it is better than the best so far. Says whether there can be nothing better.
    fn judge(&mut self, cost: u64) -> bool {
        let cube = Cube::new(self.base, self.chosen.iter().copied());
        let corners = self.cover.board.shape.corners(&cube);
        let Some(found) = self.cover.worth(corners, cost, self.gap) else {
            return false;
        };
        let best = self.best.as_ref();
        if best.is_some_and(|best| found.score >= best.score) || self.known.has(&found.corners) {
            return false;
        }
        self.last = Some(self.chosen.clone());
        let is_perfect = found.is_perfect;
        self.take(found);
        is_perfect
    }
}

impl Cover {
    /// The cube that closes most of a gap for what is lost with it.
    pub(super) fn best(
        &mut self,
        base: usize,
        gap: &Gap,
        known: &Certificate,
        (within, most): (bool, usize),
    ) -> Option<Move> {
        let shape = &self.board.shape;
        let mut best: Option<Candidate> = None;
        let mut own = shape.coordinates(base).zip(&self.last);
        if self.last.len() == shape.dimensions() && own.all(|(own, to)| own != *to) {
            let cube = Cube::new(base, self.last.iter().copied());
            let found = self.judged(base, shape.corners(&cube), gap, within);
            if let Some(found) = found.filter(|found| !known.has(&found.corners)) {
                if found.is_perfect {
                    return Some(found.corners);
                }
                best = Some(found);
            }
        }
        let mut search = Search {
            base,
            gap,
            known,
            within,
            partners: self.partners(base, gap, within, most),
            chosen: vec![0; shape.dimensions()],
            best: None,
            wanted: wanted(&gap.left),
            most: u64::MAX,
            last: None,
            cover: self,
        };
        if let Some(best) = best {
            search.take(best);
        }
        if let Some(cost) = search.cost(&[base], 0) {
            search.descend(0, &[base], cost);
        }
        let Search { best, last, .. } = search;
        if let Some(last) = last {
            self.last = last;
        }
        best.map(|best| best.corners)
    }

    /// What a move is worth, if it can be made and closes anything of a gap.
    pub(super) fn judged(
        &self,
        base: usize,
        corners: Move,
        gap: &Gap,
        within: bool,
    ) -> Option<Candidate> {
        let mut places = corners.places();
        let cost = places.try_fold(0, |sum, place| {
            Some(sum + self.lost(base, place, gap, within)?)
        })?;
        self.worth(corners, cost, gap)
    }

    /// What a move that costs so much is worth, if it closes anything of a gap.
    fn worth(&self, corners: Move, cost: u64, gap: &Gap) -> Option<Candidate> {
        let (gain, wanted) = match self.board.has_sums() {
            true => {
                let flow = gap.needed(&self.board.flow(&corners, &gap.moved));
                (gain(&flow, &gap.left), wanted(&gap.left))
            }
            false => {
                let left = gap.left.up;
                let (up, down) = self.board.persons(&corners, &gap.moved);
                let both = up.min(left).saturating_add(down).min(left);
                (part(both.into(), left.into()), u64::from(left > 0))
            }
        };
        (gain > 0).then(|| Candidate {
            corners,
            score: (cost + 1) * WHOLE / gain,
            is_perfect: cost == 0 && gain == wanted * WHOLE,
        })
    }

    /// What is lost with a place; nothing if it cannot be used.
    fn lost(&self, base: usize, place: usize, gap: &Gap, within: bool) -> Option<u64> {
        /// As what a cube counts that is of no use to whoever is alone in one of its places.
        const SINGLE: u64 = 12;
        if gap.insider == Some(place) || within && !self.board.is_suppressed(place) {
            return None;
        }
        let single = match place != base && self.board.is_single(place) {
            true => SINGLE,
            false => 0,
        };
        Some(self.board.cost(place)? + single)
    }

    /// The likeliest partners of a place in each dimension.
    fn partners(&self, base: usize, gap: &Gap, within: bool, most: usize) -> Vec<Vec<usize>> {
        let shape = &self.board.shape;
        let need = gap.left.up;
        let of_dimension = |dimension: usize| {
            let own = shape.coordinate(base, dimension);
            let others = (0..=shape.size(dimension)).filter(|other| *other != own);
            let ranked = others.filter_map(|other| {
                let place = shape.moved(base, dimension, other);
                if within && !self.board.is_suppressed(place) {
                    return None;
                }
                let cost = self.board.cost(place)?;
                let room = match shape.totals(place) {
                    0 => self.board.room(place).min(need),
                    _ => need,
                };
                Some(((cost + 4) * (need + 1) / (room + 1), other))
            });
            let mut ranked: Vec<(u64, usize)> = ranked.collect();
            if ranked.len() > most {
                ranked.select_nth_unstable(most);
                ranked.truncate(most);
            }
            ranked.sort_unstable();
            ranked.into_iter().map(|(_, other)| other).collect()
        };
        (0..shape.dimensions()).map(of_dimension).collect()
    }
}
