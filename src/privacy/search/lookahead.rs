//! Splitting a small set the best of several ways, each tried to the end.
//!
//! Which column gains most for its bits (see `split.rs`) is a good question as long as there are many
//! rows; of the last few, it leaves classes that are too large to be wanted and too small to be split. So
//! small sets are cut by each of the most promising columns, all parts in the same way again, and
//! the way that loses least in the end is taken. The work is bounded by the set's size, the number of ways
//! and how often a set can be cut until k rows are left; it grows with the number of combinations, so of
//! very many nothing is looked at ahead.

use super::at;
use super::ladder::ONE;
use super::set::{Set, Sums};
use super::splitter::Splitter;

/// Sets of so many combinations are small. Twice as many take more than twice the time, for a tenth more of
/// what is gained.
const SMALL: usize = 64;

/// The same where persons are counted, which takes longer.
const SMALL_OF_PERSONS: usize = 32;

/// Of more combinations than that, nothing is looked at ahead.
const MANY: usize = 1 << 18;

/// Among so many ways the best is looked for.
const WAYS: usize = 4;

/// Members, and their level in each column.
struct Part {
    members: Vec<u64>,
    node: Vec<u8>,
}

/// One way to cut a part.
struct Way {
    /// What it gains for a bit.
    gain: f64,
    column: usize,
    level: u8,
    /// The members of the groups that stand alone, and behind them the others.
    groups: Vec<Vec<u64>>,
    others: Vec<u64>,
}

impl Splitter<'_> {
    /// How many words the members of a small set take at most; 0 if nothing is looked at ahead, also because
    /// more is asked of classes than their size.
    pub(super) fn small(&self) -> usize {
        let combinations = match (self.demand.sensitive(), self.demand.is_of_persons()) {
            _ if self.combinations.len() > MANY => 0,
            (0, _) => SMALL,
            (_, true) => SMALL_OF_PERSONS,
            (_, false) => 0,
        };
        combinations * self.stride()
    }

    /// Splits a small set to the end.
    pub(super) fn finish(&self, set: Set<'_>, sums: &mut Sums) {
        let all = Part {
            members: set.members.to_vec(),
            node: set.node.to_vec(),
        };
        let (_, classes) = self.best(all);
        let (mut members, mut nodes) = (set.members, set.nodes);
        for class in classes {
            let size = class.members.len();
            let Some((own, behind)) = std::mem::take(&mut members).split_at_mut_checked(size)
            else {
                return;
            };
            let Some((of_own, nodes_behind)) =
                std::mem::take(&mut nodes).split_at_mut_checked(size / self.stride())
            else {
                return;
            };
            (members, nodes) = (behind, nodes_behind);
            own.copy_from_slice(&class.members);
            let class = Set {
                node: class.node.into(),
                members: own,
                nodes: of_own,
                stuck: 0,
            };
            self.class_is_done(class, sums);
        }
    }

    /// The classes that a part is best split into, and what they lose together.
    fn best(&self, mut part: Part) -> (u64, Vec<Part>) {
        let rows = self.rows_of(&part.members);
        // All that there is may be less than is asked for: then it stays suppressed.
        if !self.is_enough(&part.members) {
            return (rows * self.loss(&part), vec![part]);
        }
        self.refine(&mut part);
        let own = rows * self.loss(&part);
        if own == 0 || rows < 2 * u64::from(self.demand.k) {
            return (own, vec![part]);
        }
        let mut ways: Vec<Way> = Vec::new();
        for (column, level) in (0..self.ladders.len()).zip(&part.node) {
            let finer = self
                .finer
                .get(column)
                .and_then(|of| of.get(usize::from(*level)));
            let finer = finer.into_iter().flatten();
            ways.extend(finer.filter_map(|finer| self.way(&part, rows, column, *finer)));
        }
        ways.sort_by(|one, other| {
            let gain = other.gain.total_cmp(&one.gain);
            gain.then(one.column.cmp(&other.column))
                .then(one.level.cmp(&other.level))
        });
        ways.truncate(WAYS);
        let (mut least, mut classes) = (own, Vec::new());
        for way in ways {
            let mut node = part.node.clone();
            if let Some(level) = node.get_mut(way.column) {
                *level = way.level;
            }
            let finer = way.groups.into_iter().map(|members| Part {
                members,
                node: node.clone(),
            });
            let others = Part {
                members: way.others,
                node: part.node.clone(),
            };
            let (mut cost, mut found) = (0, Vec::new());
            for part in finer.chain([others]) {
                if !part.members.is_empty() && cost < least {
                    let (own, classes) = self.best(part);
                    cost += own;
                    found.extend(classes);
                }
            }
            if cost < least {
                (least, classes) = (cost, found);
            }
        }
        match classes.is_empty() {
            true => (own, vec![part]),
            false => (least, classes),
        }
    }

    /// Makes every column as fine as all members allow together.
    fn refine(&self, part: &mut Part) {
        let layout = self.combinations.layout();
        for (column, level) in part.node.iter_mut().enumerate() {
            let (slot, Some(ladder)) = (layout.slot(column), self.ladders.get(column)) else {
                continue;
            };
            let mut codes = part.members.chunks_exact(self.stride());
            let Some(first) = codes.next().map(|member| slot.code(member)) else {
                return;
            };
            loop {
                let finer = self
                    .finer
                    .get(column)
                    .and_then(|of| of.get(usize::from(*level)));
                let whole = finer.into_iter().flatten().filter(|finer| {
                    let groups = ladder.groups(**finer);
                    let group = at(groups, first as usize);
                    codes
                        .clone()
                        .all(|member| at(groups, slot.code(member) as usize) == group)
                });
                let cost = |level: u8| ladder.cost(level, ladder.group(level, first));
                let now = cost(*level);
                match whole.min_by_key(|finer| cost(**finer)) {
                    Some(finer) if cost(*finer) <= now => *level = *finer,
                    _ => break,
                }
            }
        }
    }

    /// A way to cut a part by a column, if any group can stand alone and the others can together.
    fn way(&self, part: &Part, rows: u64, column: usize, level: u8) -> Option<Way> {
        let ladder = self.ladders.get(column)?;
        let slot = self.combinations.layout().slot(column);
        let (groups, costs) = (ladder.groups(level), ladder.costs(level));
        let mut of_group: Vec<(u32, Vec<u64>)> = Vec::new();
        for member in part.members.chunks_exact(self.stride()) {
            let group = at(groups, slot.code(member) as usize);
            match of_group.iter_mut().find(|(known, _)| *known == group) {
                Some((_, members)) => members.extend_from_slice(member),
                None => of_group.push((group, member.to_vec())),
            }
        }
        let before = u64::from(ladder.cost(
            at(&part.node, column),
            ladder.group(at(&part.node, column), slot.code(&part.members)),
        ));
        let (mut good, mut others) = (Vec::new(), Vec::new());
        for (group, members) in of_group {
            match self.is_enough(&members) {
                true => {
                    let rows = self.rows_of(&members);
                    let saved = before.saturating_sub(u64::from(at(costs, group as usize)));
                    good.push((rows * saved, rows, members));
                }
                false => others.extend(members),
            }
        }
        // The cheapest to give up are last.
        good.sort_by_key(|(gain, _, _)| std::cmp::Reverse(*gain));
        while !others.is_empty() && !self.is_enough(&others) {
            let (_, _, members) = good.pop()?;
            others.extend(members);
        }
        if good.is_empty() {
            return None;
        }
        let bits = |rows: u64| rows as f64 * (rows.max(1) as f64).log2();
        let gain: u64 = good.iter().map(|(gain, _, _)| gain).sum();
        let parts: f64 = good.iter().map(|(_, rows, _)| bits(*rows)).sum();
        let spent = bits(rows) - parts - bits(self.rows_of(&others));
        Some(Way {
            gain: (gain as f64 + 1.0) / spent.max(1e-6),
            column,
            level,
            groups: good.into_iter().map(|(_, _, members)| members).collect(),
            others,
        })
    }

    fn rows_of(&self, members: &[u64]) -> u64 {
        let members = members.chunks_exact(self.stride());
        match self.stride() {
            1 => members.map(|member| self.form.rows::<1>(member)).sum(),
            _ => members.map(|member| self.form.rows::<0>(member)).sum(),
        }
    }

    /// Whether members are together as asked for.
    fn is_enough(&self, members: &[u64]) -> bool {
        let rows = self.rows_of(members);
        let k = u64::from(self.demand.k);
        rows >= k && (!self.demand.is_of_persons() || self.size::<0>(members, rows) >= k)
    }

    /// What each row of a part loses.
    fn loss(&self, part: &Part) -> u64 {
        let layout = self.combinations.layout();
        let columns = self.ladders.iter().zip(&part.node).enumerate();
        let losses = columns.map(|(column, (ladder, level))| {
            let group = ladder.group(*level, layout.code(&part.members, column));
            u64::from(ladder.cost(*level, group))
        });
        losses.sum::<u64>().min(ONE)
    }
}
