//! The first split, of all combinations, by all threads together.
//!
//! It is the step that no other can be done beside. The combinations are put straight in the order
//! of its parts, each thread those of its range, so they need not be listed before.

use std::ops::Range;

use super::at;
use super::cuts::{Cut, View};
use super::scratch::{Decision, Scratch, Tally};
use super::set::Set;
use super::splitter::Splitter;
use crate::base::parallel;

/// What one thread counted: of a range of the combinations, each group.
type Counted = (Range<usize>, Vec<Tally>);

/// How all combinations are split first.
struct First {
    column: usize,
    level: u8,
    counted: Vec<Counted>,
    decision: Decision,
}

impl Splitter<'_> {
    /// All combinations as members, split once if they take more words than `most`. `members` and
    /// `nodes` have room for them and nothing in it.
    pub(super) fn first<'m>(
        &self,
        (members, nodes): (&'m mut [u64], &'m mut [u32]),
        threads: usize,
        most: usize,
    ) -> Vec<Set<'m>> {
        // Sensitive values are looked for by one thread only.
        if members.len() > most && self.demand.sensitive() == 0 {
            // A sample decides, as it does of any large set.
            let every = View::every(self.combinations.len());
            let sample = (0..self.combinations.len()).step_by(every);
            let sample = sample.flat_map(|number| self.form.member(self.combinations, number));
            let mut sample: Vec<u64> = sample.collect();
            let mut sample = Set::all(self.lattice, &mut sample, &mut []);
            let first = match self.stride() {
                1 => self.first_cut::<1>(&mut sample, every, threads),
                2 => self.first_cut::<2>(&mut sample, every, threads),
                3 => self.first_cut::<3>(&mut sample, every, threads),
                _ => self.first_cut::<0>(&mut sample, every, threads),
            };
            if let Some(first) = first {
                let set = Set {
                    node: sample.node,
                    members,
                    nodes,
                    stuck: sample.stuck,
                };
                return self.scatter(set, first);
            }
        }
        let set = Set::all(self.lattice, members, nodes);
        let numbers = parallel::cut(self.combinations.len(), threads);
        let (mut rest, mut parts) = (&mut *set.members, Vec::new());
        for range in numbers {
            let part = std::mem::take(&mut rest).split_at_mut_checked(range.len() * self.stride());
            let (own, behind) = part.unwrap_or_default();
            parts.push((range, own));
            rest = behind;
        }
        parallel::on_each(parts, |(range, own): (Range<usize>, &mut [u64])| {
            for (number, to) in range.zip(own.chunks_exact_mut(self.stride())) {
                self.write(number, to);
            }
        });
        vec![set]
    }

    fn first_cut<const STRIDE: usize>(
        &self,
        sample: &mut Set<'_>,
        every: usize,
        threads: usize,
    ) -> Option<First> {
        let mut scratch = Scratch::default();
        let view = match every {
            1 => self.view::<STRIDE>(sample, &mut scratch),
            _ => View::SAMPLE,
        };
        let mut counted = Vec::new();
        let found = self.choose::<STRIDE>(sample, view, &mut scratch, |_, _, cut, scratch| {
            counted = self.tally(cut, threads);
            let mut tallies =
                vec![Tally::default(); counted.first().map_or(0, |part| part.1.len())];
            for (_, part) in &counted {
                for (sum, tally) in tallies.iter_mut().zip(part) {
                    sum.rows += tally.rows;
                    sum.size += tally.size;
                }
            }
            let groups = (0..).zip(&tallies).filter(|(_, tally)| tally.size > 0);
            let groups = groups.map(|(group, _)| group);
            let met = |_: &[u32], rows| rows >= u64::from(self.demand.k);
            self.decide(cut, groups, &tallies, met, &mut scratch.decision)
        });
        found.map(|(column, level)| First {
            column,
            level,
            counted,
            decision: scratch.decision,
        })
    }

    /// Counts the groups of all combinations that a cut makes, by ranges.
    fn tally(&self, cut: &Cut, threads: usize) -> Vec<Counted> {
        let Some(ladder) = self.ladders.get(cut.column) else {
            return Vec::new();
        };
        let groups = ladder.groups(cut.level);
        let slot = self.combinations.layout().slot(cut.column);
        let words = self.combinations.layout().words();
        parallel::ranges(self.combinations.len(), threads, |range| {
            let mut tallies = vec![Tally::default(); ladder.values()];
            let keys = self.combinations.keys();
            let keys = keys.get(range.start * words..range.end * words);
            let rows = self.combinations.counts().get(range.clone());
            let keys = keys.unwrap_or_default().chunks_exact(words);
            for (key, rows) in keys.zip(rows.unwrap_or_default()) {
                let group = at(groups, slot.code(key) as usize);
                if let Some(tally) = tallies.get_mut(group as usize) {
                    tally.rows += u64::from(*rows);
                    tally.size += 1;
                }
            }
            (range, tallies)
        })
    }

    /// Puts all combinations in the order of the parts, in each in their own.
    fn scatter<'m>(&self, set: Set<'m>, mut first: First) -> Vec<Set<'m>> {
        let stride = self.stride();
        let sizes = first.counted.iter_mut().map(|(_, tallies)| {
            let mut sizes = Vec::new();
            first.decision.place(tallies, &mut sizes);
            sizes
        });
        let sizes: Vec<Vec<usize>> = sizes.collect();
        let mut spaces: Vec<Vec<&mut [u64]>> = sizes.iter().map(|_| Vec::new()).collect();
        let (mut rest, mut ends, mut end) = (&mut *set.members, Vec::new(), 0);
        for part in 0..=first.decision.good.len() {
            for (sizes, spaces) in sizes.iter().zip(&mut spaces) {
                let size = at(sizes, part) * stride;
                let space = std::mem::take(&mut rest).split_at_mut_checked(size);
                let (own, behind) = space.unwrap_or_default();
                spaces.push(own);
                rest = behind;
                end += size;
            }
            ends.push(end);
        }
        let groups = self
            .ladders
            .get(first.column)
            .map_or(&[][..], |ladder| ladder.groups(first.level));
        let slot = self.combinations.layout().slot(first.column);
        let ranges = first.counted.into_iter().zip(spaces).collect();
        parallel::on_each(
            ranges,
            |((range, tallies), mut spaces): (Counted, Vec<_>)| {
                for number in range {
                    let group = at(groups, slot.code(self.combinations.key(number)) as usize);
                    let place = at(&tallies, group as usize).place;
                    let Some(space) = spaces.get_mut(place as usize) else {
                        continue;
                    };
                    let free: &mut [u64] = std::mem::take(space);
                    if let Some((to, behind)) = free.split_at_mut_checked(stride) {
                        self.write(number, to);
                        *space = behind;
                    }
                }
            },
        );
        let mut parts = Vec::new();
        set.cut_at((&ends, stride), (first.column, first.level), &mut parts);
        parts
    }

    /// Writes a combination as a member.
    #[inline]
    fn write(&self, number: usize, to: &mut [u64]) {
        for (to, word) in to
            .iter_mut()
            .zip(self.form.member(self.combinations, number))
        {
            *to = word;
        }
    }
}
