//! A bounded number of places for the distinct values of a column, and how often each came.
//!
//! How often a value came in the batch at hand must depend on that batch alone, so that what is
//! compared is the same whatever the threads. So a value that is to be compared keeps its place to
//! the end of the batch: of those that share a set of places, the first few of the batch have one,
//! whatever stood there before, and the others have none.

use super::content::{Content, Initials};

/// The shorter key of a value up to so many bytes is the value.
pub(super) const SHORT: usize = 16;

/// Sets of places; a value has its place in one set.
const SETS: usize = 512;

/// Places of a set.
const WAYS: usize = 4;

/// A value is compared with its row so often in each batch, and as often again whenever it has
/// something in common with it. A value that comes more often without, is shared by many.
const COMPARED: u32 = 3;

/// The last batch that [`Place::seen`] has room for.
const LAST: u32 = (u32::MAX >> 2) - 1;

/// A value's bytes as numbers, or what stands for them.
pub(super) trait Key: AsRef<[u64]> + Copy + Default + PartialEq {}

impl Key for [u64; 2] {}
impl Key for [u64; 4] {}

/// Where a value is.
#[derive(Debug, Clone, Copy, Default)]
struct Place<K> {
    key: K,
    /// How many cells with it are not counted elsewhere yet.
    count: u32,
    /// The last batch in which it was compared, and in the lowest bits how often. All ones if there
    /// is nothing to compare; zero if each cell needs a look, if it has not come since counts were
    /// given away, and if the place is free.
    seen: u32,
    /// Its number among the contents from 1; zero if the place is free.
    content: u16,
    /// The initials of its words, if it has more than one word of letters.
    initials: Initials,
}

/// The batch at hand, as [`Place::seen`] has it: before any comparison, and after the last.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Turn {
    fresh: u32,
    settled: u32,
}

impl Turn {
    /// The next batch; nothing when [`Places::forget`] must come first.
    pub(super) fn next(self) -> Option<Self> {
        let batch = (self.fresh >> 2) + 1;
        (batch <= LAST).then_some(Self {
            fresh: batch << 2,
            settled: batch << 2 | COMPARED,
        })
    }
}

/// What a cell needs beside being counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Needs {
    /// To be looked at.
    pub(super) look: bool,
    /// To be compared with its row.
    pub(super) compare: bool,
    /// The initials of its words, if it is not to be compared with names alone.
    pub(super) initials: Initials,
}

/// Whether a cell was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// It was, and needs nothing else.
    Done,
    /// It was, and is to be compared with its row: if there are initials, not with names alone.
    Compare { initials: Initials },
    /// It was not.
    No,
}

impl Needs {
    /// What a cell needs that has no place.
    pub(super) fn of(content: &Content) -> Self {
        Self {
            look: content.look,
            // Such a row is rare enough to be compared, too.
            compare: content.look || content.has_words(),
            initials: content.initials(),
        }
    }
}

/// The places of a column's values, and what was read in them.
#[derive(Debug)]
pub(super) struct Places<K> {
    sets: Box<[[Place<K>; WAYS]; SETS]>,
    contents: Vec<Content>,
    taken: usize,
}

impl<K: Key> Default for Places<K> {
    fn default() -> Self {
        Self {
            sets: Box::new([[Place::default(); WAYS]; SETS]),
            contents: Vec::new(),
            taken: 0,
        }
    }
}

/// A place that a value may take.
#[derive(Debug, Clone, Copy)]
struct Open {
    set: usize,
    way: usize,
}

/// The set of a value.
#[inline(always)]
fn set(key: impl Key) -> usize {
    let numbers = key.as_ref().iter();
    let sum = numbers.fold(0_u64, |sum, number| sum.wrapping_add(*number));
    (sum.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 55) as usize % SETS
}

impl<K: Key> Place<K> {
    /// Counts a cell of its value.
    #[inline(always)]
    fn count(&mut self, turn: Turn) -> Counted {
        if self.seen >= turn.settled {
            self.count = self.count.wrapping_add(1);
            return Counted::Done;
        }
        if self.seen == 0 {
            return Counted::No;
        }
        self.count = self.count.wrapping_add(1);
        self.seen = self.seen.max(turn.fresh).wrapping_add(1);
        Counted::Compare {
            initials: self.initials,
        }
    }

    /// The position of its content, if it has one.
    fn content(&self) -> usize {
        (self.content as usize).wrapping_sub(1)
    }

    /// Whether another value may take it.
    ///
    /// What each cell needs does not depend on the batch where it is a look, or nothing.
    fn is_open(&self, turn: Turn) -> bool {
        self.seen == u32::MAX || self.seen < turn.fresh
    }
}

/// Counts cells of a batch.
pub(super) struct Counter<'a, K> {
    sets: &'a mut [[Place<K>; WAYS]; SETS],
    turn: Turn,
}

impl<K: Key> Counter<'_, K> {
    /// Counts a cell if its value has the first place of its set and needs nothing else; `key` is all
    /// bytes of it.
    #[inline(always)]
    pub(super) fn count_settled(&mut self, key: K) -> bool {
        match self.sets.get_mut(set(key)) {
            Some([place, ..]) if place.key == key && place.seen >= self.turn.settled => {
                place.count = place.count.wrapping_add(1);
                true
            }
            _ => false,
        }
    }

    /// Counts a cell if its value has one of the first places; `key` is all bytes of it.
    #[inline]
    pub(super) fn count(&mut self, key: K) -> Counted {
        match self.sets.get_mut(set(key)) {
            Some([place, ..]) if place.key == key => place.count(self.turn),
            _ => self.count_second(key),
        }
    }

    #[cold]
    #[inline(never)]
    fn count_second(&mut self, key: K) -> Counted {
        match self.sets.get_mut(set(key)) {
            Some([_, place, ..]) if place.key == key => place.count(self.turn),
            _ => Counted::No,
        }
    }
}

impl<K: Key> Places<K> {
    /// What counts cells of the batch at hand.
    #[inline(always)]
    pub(super) fn counter(&mut self, turn: Turn) -> Counter<'_, K> {
        Counter {
            sets: &mut self.sets,
            turn,
        }
    }

    /// Counts a cell if its value has a place or may have one. `read` fills in what is in it, if that
    /// is not known, and is given back if there is no place for it; `counted` takes it as soon as it is read, as most
    /// values that make room came once, and what makes room, with the number of its other cells.
    pub(super) fn see_or_learn<R: FnOnce(&mut Content)>(
        &mut self,
        key: K,
        raw: &[u8],
        turn: Turn,
        read: R,
        counted: impl FnMut(&Content, u64),
    ) -> Result<Needs, R> {
        if let Some(needs) = self.see(key, raw, turn) {
            return Ok(needs);
        }
        match self.open(key, turn) {
            Some(place) => Ok(self.learn(place, key, turn, read, counted)),
            None => Err(read),
        }
    }

    /// Counts a cell if its value has a place.
    fn see(&mut self, key: K, raw: &[u8], turn: Turn) -> Option<Needs> {
        let way = self.way(key, raw)?;
        let places = self.sets.get_mut(set(key))?;
        let place = places.get_mut(way)?;
        let look = self.contents.get(place.content())?.look;
        let needs = Needs {
            look,
            compare: place.seen < turn.settled,
            initials: match place.seen < turn.settled {
                true => place.initials,
                false => Initials::default(),
            },
        };
        place.count = place.count.wrapping_add(1);
        if needs.compare && !look {
            place.seen = place.seen.max(turn.fresh).wrapping_add(1);
        }
        // What comes most stands first.
        let count = place.count;
        if places.first().is_some_and(|first| first.count < count) {
            places.swap(0, way);
        }
        Some(needs)
    }

    /// A place for a value that has none, if it may have one.
    fn open(&mut self, key: K, turn: Turn) -> Option<Open> {
        let (set, places) = (set(key), self.sets.get(set(key))?);
        let free = places.iter().position(|place| place.content == 0);
        self.taken = self.taken.wrapping_add(1);
        let mut others = (0..WAYS).map(|way| (way + self.taken) % WAYS);
        let open = |way: &usize| places.get(*way).is_some_and(|place| place.is_open(turn));
        let way = free.or_else(|| others.find(open))?;
        Some(Open { set, way })
    }

    /// Puts a value into an open place, and counts its cell. `read` fills in what is in it.
    fn learn(
        &mut self,
        Open { set, way }: Open,
        key: K,
        turn: Turn,
        read: impl FnOnce(&mut Content),
        mut counted: impl FnMut(&Content, u64),
    ) -> Needs {
        let places = self.sets.get_mut(set);
        let Some(place) = places.and_then(|places| places.get_mut(way)) else {
            return Needs::default();
        };
        if place.content == 0 {
            self.contents.push(Content::default());
            place.content = self.contents.len() as u16;
        }
        let Some(content) = self.contents.get_mut(place.content()) else {
            return Needs::default();
        };
        if place.count > 0 {
            counted(content, place.count.into());
        }
        read(content);
        counted(content, 1);
        let needs = Needs::of(content);
        place.key = key;
        place.count = 0;
        place.initials = needs.initials;
        place.seen = match needs {
            Needs { look: true, .. } => 0,
            Needs { compare: true, .. } => turn.fresh | 1,
            _ => u32::MAX,
        };
        needs
    }

    /// What was read in a value, if it has a place.
    pub(super) fn content(&self, key: K, raw: &[u8]) -> Option<&Content> {
        let place = self.sets.get(set(key))?.get(self.way(key, raw)?)?;
        self.contents.get(place.content())
    }

    /// Tells that a value had something in common with its row: it is compared again.
    pub(super) fn again(&mut self, key: K, raw: &[u8], turn: Turn) {
        let way = self.way(key, raw);
        let place = self.sets.get_mut(set(key)).zip(way);
        if let Some(place) = place.and_then(|(places, way)| places.get_mut(way))
            && place.seen != 0
        {
            place.seen = turn.fresh;
        }
    }

    /// Gives all counts away, and forgets in which batch values came.
    pub(super) fn forget(&mut self, mut counted: impl FnMut(&Content, u64)) {
        for place in self.sets.iter_mut().flatten() {
            if let (Some(content), 1..) = (self.contents.get(place.content()), place.count) {
                counted(content, place.count.into());
            }
            place.count = 0;
            if place.seen != u32::MAX {
                place.seen = 0;
            }
        }
    }

    /// Which of the places of its set a value has.
    fn way(&self, key: K, raw: &[u8]) -> Option<usize> {
        let mut places = self.sets.get(set(key))?.iter();
        places.position(|place| {
            let content = || self.contents.get(place.content());
            // The key of a short value is all of it.
            let same = || raw.len() <= SHORT || content().is_some_and(|known| known.raw == raw);
            place.key == key && place.content != 0 && same()
        })
    }
}

#[cfg(test)]
mod tests;
