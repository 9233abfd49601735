//! What a class of the newer release tells together with the classes of the older one.

use std::ops::Range;
use std::sync::atomic::Ordering;

use super::index::{Index, MANY, NONE, together};
use super::side::{Layout, Side};
use super::{ALONE, LINKED, LINKED_BY_QUASI, MATCHED, Marks, QUASI_MATCHED, TOGETHER, mark};
use crate::privacy::extent::Overlaps;

/// Links the rows of two releases, and marks what that tells.
#[derive(Clone, Copy)]
pub(super) struct Linker<'a> {
    pub(super) old: &'a Side<'a>,
    pub(super) new: &'a Side<'a>,
    pub(super) layout: &'a Layout<'a>,
    pub(super) marks: &'a Marks,
}

/// A distinct row of a class, by its position in it, and a partner of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Link {
    class: u32,
    own: u32,
    partner: u32,
}

/// Among whom a row's holder is.
#[derive(Debug, Clone, Copy, Default)]
struct Crowd {
    candidates: u32,
    /// A bit for each sensitive column of which all of them have the same value.
    certain: u64,
}

/// What is used again for each class.
#[derive(Default)]
struct Room {
    links: Vec<Link>,
    partners: Vec<u32>,
    holders: Vec<u32>,
    crowds: Vec<Crowd>,
}

impl Linker<'_> {
    /// Links the rows of some classes. Gives the pairs of rows that are linked one to one: the newer, the older.
    pub(super) fn link(self, classes: Range<usize>) -> Vec<(u32, u32)> {
        let (mut room, mut pairs) = (Room::default(), Vec::new());
        for class in classes {
            self.link_class(class, &mut room, &mut pairs);
        }
        pairs
    }

    fn link_class(self, class: usize, room: &mut Room, pairs: &mut Vec<(u32, u32)>) {
        let facts = self.by_quasi(class);
        let own = self.new.of_class(class);
        room.links.clear();
        room.crowds.clear();
        room.crowds.resize(own.len(), Crowd::default());
        for (position, entry) in (0..).zip(own) {
            let begin = room.links.len();
            let overlaps = &self.layout.all_overlaps;
            let entry = *entry as usize;
            self.old
                .all
                .search((&self.new.all, entry), overlaps, &mut |partner| {
                    room.links.push(Link {
                        class: self.old.class_of(partner),
                        own: position,
                        partner: partner as u32,
                    });
                    true
                });
            let links = room.links.get(begin..).unwrap_or_default();
            let partners = links.iter().map(|link| link.partner as usize);
            self.link_row(entry, partners, facts, pairs);
        }
        self.crowds_of_partners(own, room);
        self.crowd_of_newcomers(own, room);
        let alone = self.certain(own.iter().copied());
        for (entry, crowd) in own.iter().zip(&room.crowds) {
            self.tell(*entry, *crowd, alone);
        }
    }

    /// What the quasi-identifying values of a class tell.
    fn by_quasi(self, class: usize) -> u8 {
        let (old, new) = (&self.old.classes, &self.new.classes);
        let overlaps = &self.layout.quasi_overlaps;
        let sole = new.sole(class);
        let mut partners = Vec::new();
        let mut partner = NONE;
        old.search((new, class), overlaps, &mut |found| {
            partner = together(partner, old.sole(found));
            partners.push(found);
            // Whoever has a class with others is linked to nobody by it.
            sole != MANY && partner != MANY
        });
        match partner {
            NONE => 0,
            MANY => QUASI_MATCHED,
            _ if sole == MANY => QUASI_MATCHED,
            _ => {
                let back = back(new, old, partners.into_iter(), overlaps);
                let linked = if back == sole { LINKED_BY_QUASI } else { 0 };
                linked | QUASI_MATCHED
            }
        }
    }

    /// Marks what a distinct row's partners tell of it, and of them.
    fn link_row(
        self,
        entry: usize,
        partners: impl Iterator<Item = usize> + Clone,
        facts: u8,
        pairs: &mut Vec<(u32, u32)>,
    ) {
        let (old, new) = (&self.old.all, &self.new.all);
        let (sole, mut partner, mut facts) = (new.sole(entry), NONE, facts);
        for found in partners.clone() {
            facts |= MATCHED;
            partner = together(partner, old.sole(found));
            for row in old.rows(found) {
                mark(&self.marks.stays, self.old.release.holder(*row), MATCHED);
            }
        }
        let can_be = sole != MANY && partner != MANY && partner != NONE;
        if can_be && back(new, old, partners.clone(), &self.layout.all_overlaps) == sole {
            facts |= LINKED;
            let mut partners = partners;
            if let (Some(found), None) = (partners.next(), partners.next())
                && let (&[own], &[other]) = (new.rows(entry), old.rows(found))
                && self.is_only_partner(entry, found)
            {
                pairs.push((own, other));
            }
        }
        for row in new.rows(entry) {
            mark(&self.marks.facts, self.new.release.holder(*row), facts);
        }
    }

    /// Whether a distinct row is the only partner of one that is linked to it.
    fn is_only_partner(self, entry: usize, partner: usize) -> bool {
        let mut is_only = true;
        // Otherwise a partner's partner is a row by itself already.
        if self.new.release.knows_persons() {
            let (old, new) = (&self.old.all, &self.new.all);
            new.search((old, partner), &self.layout.all_overlaps, &mut |found| {
                is_only &= found == entry;
                is_only
            });
        }
        is_only
    }

    /// Finds, for each distinct row with partners, the older class with most candidates.
    fn crowds_of_partners(self, own: &[u32], room: &mut Room) {
        room.links.sort_unstable();
        for of_class in room.links.chunk_by(|one, next| one.class == next.class) {
            let rows = || of_class.chunk_by(|one, next| one.own == next.own);
            let positions = || {
                rows()
                    .filter_map(|row| row.first())
                    .map(|link| link.own as usize)
            };
            let entries = || positions().filter_map(|at| own.get(at)).copied();
            room.partners.clear();
            room.partners
                .extend(of_class.iter().map(|link| link.partner));
            room.partners.sort_unstable();
            room.partners.dedup();
            let others = self
                .old
                .holders(room.partners.iter().copied(), &mut room.holders);
            let candidates = self.new.holders(entries(), &mut room.holders).min(others);
            let certain = self.certain(entries());
            for at in positions() {
                let Some(crowd) = room.crowds.get_mut(at) else {
                    continue;
                };
                if candidates > crowd.candidates {
                    *crowd = Crowd {
                        candidates,
                        certain,
                    };
                } else if candidates == crowd.candidates {
                    // Which of the classes it is, nobody can tell.
                    crowd.certain &= certain;
                }
            }
        }
    }

    /// The distinct rows without partners are among each other.
    fn crowd_of_newcomers(self, own: &[u32], room: &mut Room) {
        let is_new = |crowd: &Crowd| crowd.candidates == 0;
        let newcomers: Vec<u32> = own
            .iter()
            .zip(&room.crowds)
            .filter(|(_, crowd)| is_new(crowd))
            .map(|(entry, _)| *entry)
            .collect();
        if newcomers.is_empty() {
            return;
        }
        let crowd = Crowd {
            candidates: self
                .new
                .holders(newcomers.iter().copied(), &mut room.holders),
            certain: self.certain(newcomers.iter().copied()),
        };
        for own in room.crowds.iter_mut().filter(|crowd| is_new(crowd)) {
            *own = crowd;
        }
    }

    /// A bit for each sensitive column in which these distinct rows have the same value.
    fn certain(self, mut entries: impl Iterator<Item = u32>) -> u64 {
        let Some(first) = entries.next() else {
            return 0;
        };
        let columns = || self.layout.sensitive.iter().enumerate();
        let mut certain = columns().fold(0, |bits, (at, _)| bits | 1 << at);
        for entry in entries {
            for (at, column) in columns() {
                if self.new.code(entry, *column) != self.new.code(first, *column) {
                    certain &= !(1 << at);
                }
            }
            if certain == 0 {
                break;
            }
        }
        certain
    }

    /// Marks what is known of a distinct row.
    fn tell(self, entry: u32, crowd: Crowd, alone: u64) {
        for row in self.new.all.rows(entry as usize) {
            let holder = self.new.release.holder(*row);
            if let Some(fewest) = self.marks.fewest.get(holder as usize) {
                fewest.fetch_min(crowd.candidates, Ordering::Relaxed);
            }
            for (at, marks) in self.marks.certain.iter().enumerate() {
                let bit = |known: u64, fact: u8| if known >> at & 1 == 1 { fact } else { 0 };
                let facts = bit(alone, ALONE) | bit(crowd.certain, TOGETHER);
                if facts != 0 {
                    mark(marks, holder, facts);
                }
            }
        }
    }
}

/// The holder of all that entries of `other` may be in `index`, if that is one.
fn back(
    index: &Index,
    other: &Index,
    entries: impl Iterator<Item = usize>,
    overlaps: &[&Overlaps],
) -> u32 {
    let mut holder = NONE;
    for entry in entries {
        index.search((other, entry), overlaps, &mut |found| {
            holder = together(holder, index.sole(found));
            holder != MANY
        });
        if holder == MANY {
            break;
        }
    }
    holder
}
