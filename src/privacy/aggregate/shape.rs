//! The places of a table with margins: a number for each combination of values, `Total` being one more
//! value of each dimension; and cubes of such places.

/// The most dimensions of a table.
pub(crate) const MOST_DIMENSIONS: usize = 4;

/// The most places of a table, margins included.
pub(crate) const MOST_CELLS: usize = 1_000_000;

/// The most pairs of a person and a cell that are written anywhere but in memory.
pub(crate) const MOST_ASIDE: u64 = 1 << 28;

/// The most places that a move changes.
const PLACES: usize = 2 << MOST_DIMENSIONS;

/// How many values each dimension has, and how far apart their places are.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    /// Values without `Total`, which is the one behind the last.
    sizes: Vec<usize>,
    strides: Vec<usize>,
    len: usize,
}

impl Shape {
    /// The shape of a table of these sizes; nothing if it has too many places.
    pub(super) fn new(sizes: &[usize]) -> Option<Self> {
        let mut len: usize = 1;
        let mut strides = Vec::new();
        for size in sizes {
            strides.push(len);
            len = len.checked_mul(size.checked_add(1)?)?;
        }
        (len <= MOST_CELLS + 1 && sizes.len() <= MOST_DIMENSIONS).then(|| Self {
            sizes: sizes.to_vec(),
            strides,
            len,
        })
    }

    /// How many places there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn dimensions(&self) -> usize {
        self.sizes.len()
    }

    /// How many values a dimension has, which is the coordinate of its `Total` too.
    pub(super) fn size(&self, dimension: usize) -> usize {
        self.sizes.get(dimension).copied().unwrap_or(0)
    }

    fn stride(&self, dimension: usize) -> usize {
        self.strides.get(dimension).copied().unwrap_or(0)
    }

    pub(super) fn place(&self, coordinates: impl Iterator<Item = usize>) -> usize {
        let steps = coordinates.zip(&self.strides);
        steps.map(|(coordinate, stride)| coordinate * stride).sum()
    }

    pub(super) fn coordinate(&self, place: usize, dimension: usize) -> usize {
        place / self.stride(dimension).max(1) % (self.size(dimension) + 1)
    }

    pub(super) fn coordinates(&self, place: usize) -> impl Iterator<Item = usize> {
        (0..self.dimensions()).map(move |dimension| self.coordinate(place, dimension))
    }

    /// The same place but for one coordinate.
    pub(super) fn moved(&self, place: usize, dimension: usize, to: usize) -> usize {
        let from = self.coordinate(place, dimension);
        let stride = self.stride(dimension);
        (place + to * stride).saturating_sub(from * stride)
    }

    /// The place that is a margin of a cell in the dimensions of a mask.
    pub(super) fn margin(&self, cell: usize, mask: usize) -> usize {
        let dimensions = (0..self.dimensions()).filter(|dimension| mask >> dimension & 1 == 1);
        dimensions.fold(cell, |at, dimension| {
            self.moved(at, dimension, self.size(dimension))
        })
    }

    pub(super) fn is_total(&self, place: usize, dimension: usize) -> bool {
        self.coordinate(place, dimension) == self.size(dimension)
    }

    /// In how many dimensions a place is a margin.
    pub(super) fn totals(&self, place: usize) -> u32 {
        let dimensions = 0..self.dimensions();
        let totals = dimensions.filter(|dimension| self.is_total(place, *dimension));
        u32::try_from(totals.count()).unwrap_or(u32::MAX)
    }

    /// Whether a place is part of a margin, or is that place.
    pub(super) fn is_within(&self, place: usize, margin: usize) -> bool {
        let pairs = self.coordinates(place).zip(self.coordinates(margin));
        let mut pairs = pairs.zip(&self.sizes);
        pairs.all(|((own, of), total)| own == of || of == *total)
    }

    /// The place of the grand total.
    pub(super) fn grand_total(&self) -> usize {
        self.len.saturating_sub(1)
    }

    pub(super) fn corners(&self, cube: &Cube) -> Move {
        let (mut flips, mut from_total, mut to_total) = (0_usize, 0_usize, 0_usize);
        let mut steps = [(0, 0); MOST_DIMENSIONS];
        for (dimension, step) in steps.iter_mut().enumerate().take(self.dimensions()) {
            let own = self.coordinate(cube.base(), dimension);
            let other = cube.partners.get(dimension).copied().unwrap_or(0) as usize;
            let (bit, total, stride) =
                (1 << dimension, self.size(dimension), self.stride(dimension));
            *step = (own * stride, other * stride);
            match (own == total, other == total) {
                (true, _) => from_total |= bit,
                (false, true) => to_total |= bit,
                (false, false) => flips |= bit,
            }
        }
        let mut places = [0; PLACES];
        let (mut negative, mut inner) = (0_u32, 0_u32);
        let count = 1 << self.dimensions();
        for (corner, place) in places.iter_mut().enumerate().take(count) {
            let parts = steps.iter().enumerate();
            let parts = parts.map(|(dimension, (own, other))| match corner >> dimension & 1 {
                0 => own,
                _ => other,
            });
            *place = u32::try_from(parts.sum::<usize>()).unwrap_or(u32::MAX);
            negative |= u32::from((corner & flips).count_ones() % 2 == 1) << corner;
            let is_inner = corner & to_total == 0 && corner & from_total == from_total;
            inner |= u32::from(is_inner) << corner;
        }
        Move {
            places,
            count,
            negative,
            inner,
        }
    }
}

/// The places that each cell of a table is part of: its own, and its margins if these are told.
#[derive(Debug)]
pub(super) struct Margins {
    /// By mask, and within it by cell.
    places: Vec<u32>,
    cells: usize,
}

impl Margins {
    /// Those of the cells at these places.
    pub(super) fn new(shape: &Shape, cells: &[usize], totals: bool) -> Self {
        let masks = 0..if totals { 1 << shape.dimensions() } else { 1 };
        let places = masks.flat_map(|mask| cells.iter().map(move |cell| shape.margin(*cell, mask)));
        let places = places.map(|place| u32::try_from(place).unwrap_or(u32::MAX));
        Self {
            places: places.collect(),
            cells: cells.len(),
        }
    }

    /// The dimensions that margins are of, as bits.
    pub(super) fn masks(&self) -> std::ops::Range<usize> {
        0..self.places.len() / self.cells.max(1)
    }

    /// The place of a cell's margin.
    pub(super) fn of(&self, cell: u32, mask: usize) -> u32 {
        let place = self.places.get(mask * self.cells + cell as usize);
        place.copied().unwrap_or(u32::MAX)
    }
}

impl Shape {
    /// The move from a cell to another, neither of which is a margin.
    pub(super) fn pair(&self, to: usize, from: usize) -> Move {
        let mut pair = Move {
            places: [0; PLACES],
            count: 0,
            negative: 0,
            inner: 0,
        };
        for mask in 0..1_usize << self.dimensions() {
            let open = (0..self.dimensions()).filter(|dimension| mask >> dimension & 1 == 0);
            let mut open = open.map(|dimension| {
                self.coordinate(to, dimension) == self.coordinate(from, dimension)
            });
            if open.all(|same| same) {
                continue;
            }
            for (cell, negative) in [(to, 0), (from, 1)] {
                let margin = self.margin(cell, mask);
                if let Some(place) = pair.places.get_mut(pair.count) {
                    *place = u32::try_from(margin).unwrap_or(u32::MAX);
                    pair.negative |= negative << pair.count;
                    pair.inner |= u32::from(mask == 0) << pair.count;
                    pair.count += 1;
                }
            }
        }
        pair
    }
}

/// A place, and another coordinate in each dimension: two values in each, so 2^d places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cube {
    base: u32,
    partners: [u32; MOST_DIMENSIONS],
}

impl Cube {
    pub(super) fn new(base: usize, partners: impl Iterator<Item = usize>) -> Self {
        let mut cube = Self {
            base: u32::try_from(base).unwrap_or(u32::MAX),
            partners: [0; MOST_DIMENSIONS],
        };
        for (own, partner) in cube.partners.iter_mut().zip(partners) {
            *own = u32::try_from(partner).unwrap_or(u32::MAX);
        }
        cube
    }

    fn base(&self) -> usize {
        self.base as usize
    }
}

/// People who are elsewhere, and the places that have other figures then: either the corners of a cube, where
/// no line of the table has another total but for those whose totals are corners too, or two cells and those of
/// their margins that they do not share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Move {
    places: [u32; PLACES],
    count: usize,
    negative: u32,
    inner: u32,
}

impl Move {
    /// All places that change.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> {
        let places = self.places.iter().take(self.count);
        places.map(|place| *place as usize)
    }

    /// Those that are no margins and lose what the base wins; or those that win it too.
    pub(super) fn inner(&self, negative: bool) -> impl Iterator<Item = usize> {
        let corners = self.places().enumerate();
        let of_sign = corners.filter(move |(corner, _)| {
            let (sign, inner) = (self.negative >> corner & 1, self.inner >> corner & 1);
            inner == 1 && (sign == 1) == negative
        });
        of_sign.map(|(_, place)| place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_their_coordinates() {
        let shape = Shape::new(&[2, 3]).unwrap();
        assert_eq!((shape.len(), shape.grand_total()), (12, 11));
        for place in 0..12 {
            assert_eq!(shape.place(shape.coordinates(place)), place);
        }
        let place = shape.place([1, 3].into_iter());
        assert!(shape.is_total(place, 1) && !shape.is_total(place, 0));
        assert_eq!(shape.totals(place), 1);
        assert!(Shape::new(&[1000, 1000]).is_none());
        assert!(Shape::new(&[1; 5]).is_none());
    }

    /// A move along any cube leaves every line's total as it is, counting margins as corners.
    #[test]
    fn a_move_along_a_cube_changes_nothing_else() {
        let shape = Shape::new(&[3, 2, 2]).unwrap();
        let mut cubes = 0;
        for base in 0..shape.len() {
            for partners in 0..shape.len() {
                let partners: Vec<usize> = shape.coordinates(partners).collect();
                if shape
                    .coordinates(base)
                    .zip(&partners)
                    .any(|(own, other)| own == *other)
                {
                    continue;
                }
                cubes += 1;
                check(
                    &shape,
                    &shape.corners(&Cube::new(base, partners.into_iter())),
                );
            }
        }
        assert!(cubes > 100);
        for to in 0..shape.len() {
            for from in (0..shape.len()).filter(|from| *from != to) {
                if shape.totals(to) + shape.totals(from) == 0 {
                    check(&shape, &shape.pair(to, from));
                }
            }
        }
    }

    /// Makes a move in a table of zeros, and looks which places and margins are others then.
    fn check(shape: &Shape, corners: &Move) {
        let mut inner = vec![0_i32; shape.len()];
        corners.inner(false).for_each(|place| inner[place] += 1);
        corners.inner(true).for_each(|place| inner[place] -= 1);
        let mut changed: Vec<usize> = Vec::new();
        for place in 0..shape.len() {
            let sum: i32 = (0..shape.len())
                .filter(|other| shape.totals(*other) == 0 && shape.is_within(*other, place))
                .map(|other| inner[other])
                .sum();
            if sum != 0 {
                changed.push(place);
            }
        }
        let mut expected: Vec<usize> = corners.places().collect();
        expected.sort_unstable();
        assert_eq!(changed, expected);
    }
}
