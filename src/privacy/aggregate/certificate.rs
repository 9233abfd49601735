//! Why a suppressed place cannot be worked out: cubes of suppressed places along which so much can be moved
//! that each number it could have as well is a table of its own, with the same published figures.
//!
//! Ups and downs add up: if `u` persons can be moved to the place and `d` away from it, then each of the
//! `u + d + 1` numbers between is possible. A person who is alone in another place knows that place. So the
//! certificate must hold, for each place of one person, without the cubes that go through it.

use super::board::{Board, Flow, Moved};
use super::shape::Move;

/// The cubes of a place.
#[derive(Debug, Clone, Default)]
pub(super) struct Certificate {
    cubes: Vec<Move>,
}

/// What is lacking of a certificate, for somebody who knows the place `insider`, if there is one.
#[derive(Debug)]
pub(super) struct Gap {
    pub(super) insider: Option<usize>,
    /// What has to be moved still: persons up or down, sums both ways.
    pub(super) left: Flow,
    pub(super) moved: Moved,
}

impl Gap {
    pub(super) fn needed(&self, flow: &Flow) -> Flow {
        let up = flow.up.min(self.left.up);
        let mut needed = Flow {
            up,
            down: flow.down.min(self.left.up - up),
            ..Flow::default()
        };
        let sums = flow.sums.iter().zip(&self.left.sums);
        for (own, ((up, down), (left_up, left_down))) in needed.sums.iter_mut().zip(sums) {
            *own = (*up.min(left_up), *down.min(left_down));
        }
        needed
    }

    fn take(&mut self, corners: &Move, flow: &Flow) {
        let needed = self.needed(flow);
        self.moved.add(corners, &needed);
        self.left.up -= needed.up + needed.down;
        let sums = needed.sums.iter().zip(&mut self.left.sums);
        for ((up, down), (left_up, left_down)) in sums {
            *left_up -= up;
            *left_down -= down;
        }
    }

    fn is_closed(&self) -> bool {
        self.left == Flow::default()
    }
}

impl Certificate {
    pub(super) fn add(&mut self, cube: Move) {
        self.cubes.push(cube);
    }

    pub(super) fn has(&self, cube: &Move) -> bool {
        self.cubes.contains(cube)
    }

    /// The places that it goes through.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> {
        self.cubes.iter().flat_map(Move::places)
    }

    /// The same without the cubes that go through a place.
    pub(super) fn without(&self, place: usize) -> Self {
        let cubes = self.cubes.iter();
        let others = cubes.filter(|corners| corners.places().all(|other| other != place));
        Self {
            cubes: others.copied().collect(),
        }
    }

    /// The places of one person that it goes through, unless that is the person whom the `base` is about:
    /// they know it anyway.
    fn insiders(&self, board: &Board, base: usize) -> Vec<usize> {
        let singles = self
            .places()
            .filter(|place| *place != base && board.is_single(*place));
        let mut singles: Vec<usize> = singles.collect();
        singles.sort_unstable();
        singles.dedup();
        if board.is_single(base) {
            let shape = &board.shape;
            let of_base = singles.iter().copied().chain([base]);
            let mut of_base =
                of_base.filter(|at| shape.totals(*at) == 0 && shape.is_within(*at, base));
            if let Some(own) = of_base.next() {
                singles.retain(|place| !shape.is_within(own, *place));
            }
        }
        singles
    }

    /// What is lacking for somebody who knows a place, if that is what they know.
    fn gap(&self, board: &Board, need: Flow, insider: Option<usize>) -> Gap {
        let mut gap = Gap {
            insider,
            left: need,
            moved: Moved::default(),
        };
        for corners in &self.cubes {
            if insider.is_none_or(|known| corners.places().all(|place| place != known)) {
                let flow = board.flow(corners, &gap.moved);
                gap.take(corners, &flow);
            }
        }
        gap
    }

    /// What is lacking first, if anything is.
    pub(super) fn first_gap(&self, board: &Board, base: usize) -> Option<Gap> {
        let need = board.need(base);
        let insiders = self.insiders(board, base);
        let all = std::iter::once(None).chain(insiders.into_iter().map(Some));
        let mut gaps = all.map(|insider| self.gap(board, need, insider));
        gaps.find(|gap| !gap.is_closed())
    }

    /// How many numbers of persons are possible at least, whoever looks; none if a place that it goes
    /// through is published.
    pub(super) fn width(&self, board: &Board, base: usize) -> u64 {
        const MUCH: u64 = u64::MAX >> 8;
        if self.places().any(|place| !board.is_suppressed(place)) {
            return 0;
        }
        let need = Flow {
            up: MUCH,
            ..Flow::default()
        };
        let insiders = self.insiders(board, base);
        let all = std::iter::once(None).chain(insiders.into_iter().map(Some));
        let widths = all.map(|insider| 1 + MUCH - self.gap(board, need, insider).left.up);
        widths.min().unwrap_or(0)
    }
}

/// What a full gain counts.
pub(super) const WHOLE: u64 = 1 << 20;

/// How many things are lacking: persons, and each sum up and down.
pub(super) fn wanted(left: &Flow) -> u64 {
    let sums = left.sums.iter();
    let sums = sums.map(|(up, down)| u64::from(*up > 0) + u64::from(*down > 0));
    u64::from(left.up > 0) + sums.sum::<u64>()
}

/// How much of something that is lacking is brought.
pub(super) fn part(flow: u128, left: u128) -> u64 {
    match (u64::try_from(flow), u64::try_from(left)) {
        (_, Ok(0)) => 0,
        _ if flow >= left => WHOLE,
        // Divisions of 128 bits are slow.
        (Ok(flow), Ok(left)) if flow <= u64::MAX / WHOLE => flow * WHOLE / left,
        // Both fit: no sum has that many digits.
        _ => u64::try_from(flow.saturating_mul(u128::from(WHOLE)) / left)
            .unwrap_or(WHOLE)
            .min(WHOLE),
    }
}

/// How much of what is lacking a flow brings.
pub(super) fn gain(flow: &Flow, left: &Flow) -> u64 {
    let units = part(u128::from(flow.up + flow.down), u128::from(left.up));
    let sums = flow.sums.iter().zip(&left.sums);
    let sums = sums.map(|(flow, left)| part(flow.0, left.0) + part(flow.1, left.1));
    units + sums.sum::<u64>()
}
