//! Which other places have to be suppressed with the primary ones: for each of these the cheapest cubes
//! that make it safe; then what no certificate needs is published after all.

mod cubes;

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::board::Board;
use super::certificate::{Certificate, Gap};
use super::figures::Figures;
use super::primary::Primary;
use super::protected::Protected;
use super::shape::Move;
use super::{Demand, Since};
use crate::privacy::error::Error;

/// How many values of each dimension are tried as partners, by the number of dimensions: at first, and if
/// that is not enough.
const TRIED: [[usize; 5]; 2] = [[1, 512, 64, 20, 8], [1, 4096, 512, 80, 28]];

/// More cubes than that are not looked for.
const MOST_CUBES: usize = 256;

/// Finds out what may be published of a table.
///
/// # Errors
/// [`Error::NothingSafe`], [`Error::TooFewChanged`].
pub(crate) fn protect(
    figures: Figures,
    demand: &Demand,
    since: &Since,
) -> Result<Protected, Error> {
    let primary = Primary::of(&figures, demand);
    let others = |places: &HashSet<usize>| {
        let others = places.difference(&primary.places);
        others.copied().collect::<Vec<usize>>()
    };
    let (kept, changed) = (others(&since.kept), others(&since.changed));
    let places = primary.places.iter().chain(&kept).chain(&changed);
    // What covered others yesterday is known nearly as soon as they are gone: it needs its own cover.
    let places: HashSet<usize> = places.copied().collect();
    let board = Board::new(&figures, demand, &places).ok_or(Error::TooManyCells)?;
    if places.contains(&figures.shape.grand_total()) {
        return Err(
            match primary.places.contains(&figures.shape.grand_total()) {
                true => Error::NothingSafe,
                false => Error::TooFewChanged,
            },
        );
    }
    let mut cover = Cover {
        primary: board.all_suppressed(),
        board,
        certificates: HashMap::new(),
        last: Vec::new(),
    };
    cover.certify_all()?;
    cover.release();
    let widths = cover.check(demand)?;
    let places = cover.board.all_suppressed();
    let places = places
        .iter()
        .filter_map(|place| cover.board.of_table(*place));
    let mut suppressed: HashSet<usize> = places.collect();
    let secondary = suppressed.len() - cover.primary.len();
    let grand_total = figures.shape.grand_total();
    let is_safe = |place: &usize| *place != grand_total && !suppressed.contains(place);
    if !figures.cells.iter().any(|(place, _)| is_safe(place)) {
        return Err(Error::NothingSafe);
    }
    let occurring = figures.cells.iter().map(|(place, _)| *place);
    let mut listed: Vec<usize> = occurring.chain(primary.decoys.iter().copied()).collect();
    figures.sort(&mut listed);
    listed.dedup();
    let mixed = figures.margins_of(&suppressed);
    suppressed.extend(primary.decoys);
    Ok(Protected {
        figures,
        listed,
        suppressed,
        mixed,
        primary: primary.places.len() as u64,
        kept: kept.len() as u64,
        changed: changed.len() as u64,
        secondary: secondary as u64,
        least_width: widths,
    })
}

struct Cover {
    board: Board,
    /// The places that are suppressed for their own sake.
    primary: Vec<usize>,
    certificates: HashMap<usize, Certificate>,
    /// The partners of the last cube: often those of the next place too.
    last: Vec<usize>,
}

impl Cover {
    /// Gives each primary place its certificate, and suppresses what that goes through.
    fn certify_all(&mut self) -> Result<(), Error> {
        let mut order = self.primary.clone();
        // What is hardest first: margins, then cells out of which little can be moved.
        order.sort_by_key(|place| {
            (
                Reverse(self.board.shape.totals(*place)),
                self.board.room(*place),
                *place,
            )
        });
        for base in order {
            let certificate = self.certify(base, Certificate::default(), false);
            let certificate = certificate.ok_or(Error::NothingSafe)?;
            self.certificates.insert(base, certificate);
        }
        Ok(())
    }

    /// Adds cubes to a certificate until it holds. What they go through is suppressed, unless it has to be
    /// already.
    fn certify(&mut self, base: usize, known: Certificate, within: bool) -> Option<Certificate> {
        let mut certificate = known;
        for _ in 0..MOST_CUBES {
            let Some(gap) = certificate.first_gap(&self.board, base) else {
                return Some(certificate);
            };
            let shape = &self.board.shape;
            let dimensions = shape.dimensions();
            let tried = TRIED
                .iter()
                .filter_map(|tried| tried.get(dimensions).copied());
            let tried: Vec<usize> = tried.collect();
            // What was tried whole is not tried again.
            let largest = (0..dimensions).map(|dimension| shape.size(dimension)).max();
            let times = match tried.first() >= largest.as_ref() {
                true => 1,
                false => tried.len(),
            };
            let mut tried = tried.into_iter().take(times);
            let found = tried.find_map(|most| self.best(base, &gap, &certificate, (within, most)));
            let found = found.or_else(|| match within {
                true => None,
                false => self.best_pair(base, &gap, &certificate),
            })?;
            for place in found.places() {
                self.board.suppress(place, true);
            }
            certificate.add(found);
        }
        None
    }

    /// The move from another cell that closes most of a gap for what is lost with it, where no cube does: more of
    /// the margins change, but any cell will do that has room.
    fn best_pair(&self, base: usize, gap: &Gap, known: &Certificate) -> Option<Move> {
        const TO: usize = 16;
        const FROM: usize = 256;
        let shape = &self.board.shape;
        let mut inner: Vec<usize> = (0..shape.len())
            .filter(|at| shape.totals(*at) == 0)
            .collect();
        inner.retain(|place| self.board.occurs(*place));
        let (mut to, mut from): (Vec<usize>, Vec<usize>) = inner
            .into_iter()
            .partition(|place| shape.is_within(*place, base));
        to.sort_by_key(|place| (Reverse(self.board.room(*place)), *place));
        to.truncate(TO);
        let room = |place: usize| self.board.room(place).min(gap.left.up + 1);
        from.sort_by_key(|place| (Reverse(room(*place)), self.board.cost(*place), *place));
        from.truncate(FROM);
        let pairs = to
            .iter()
            .flat_map(|to| from.iter().map(move |from| (*to, *from)));
        let judged =
            pairs.filter_map(|(to, from)| self.judged(base, shape.pair(to, from), gap, false));
        let new = judged.filter(|found| !known.has(&found.corners));
        new.min_by_key(|found| found.score)
            .map(|found| found.corners)
    }

    /// Publishes what no certificate needs, the most valuable first.
    fn release(&mut self) {
        let primary: HashSet<usize> = self.primary.iter().copied().collect();
        let mut users: HashMap<usize, HashSet<usize>> = HashMap::new();
        for (base, certificate) in &self.certificates {
            for place in certificate.places() {
                users.entry(place).or_default().insert(*base);
            }
        }
        let mut others = self.board.all_suppressed();
        others.retain(|place| !primary.contains(place));
        for place in &others {
            self.board.suppress(*place, false);
        }
        let worth = |place: &usize| (Reverse(self.board.cost(*place)), *place);
        let mut order: Vec<_> = others.iter().map(worth).collect();
        order.sort_unstable();
        for place in &others {
            self.board.suppress(*place, true);
        }
        for (_, place) in order {
            self.board.suppress(place, false);
            let mut bases: Vec<usize> = users.get(&place).into_iter().flatten().copied().collect();
            bases.sort_unstable();
            let again = bases.into_iter().map(|base| {
                let known = self.certificates.get(&base)?.without(place);
                Some((base, self.certify(base, known, true)?))
            });
            let Some(again) = again.collect::<Option<Vec<(usize, Certificate)>>>() else {
                self.board.suppress(place, true);
                continue;
            };
            for (base, certificate) in again {
                for place in certificate.places() {
                    users.entry(place).or_default().insert(base);
                }
                self.certificates.insert(base, certificate);
            }
        }
    }

    /// Makes sure that each certificate holds, and gives the least number of possible values.
    fn check(&self, demand: &Demand) -> Result<Option<u64>, Error> {
        let mut least = None;
        for base in &self.primary {
            let certificate = self.certificates.get(base).ok_or(Error::NothingSafe)?;
            let width = certificate.width(&self.board, *base);
            if width < demand.threshold || certificate.first_gap(&self.board, *base).is_some() {
                return Err(Error::NothingSafe);
            }
            least = Some(least.map_or(width, |least: u64| least.min(width)));
        }
        Ok(least)
    }
}
