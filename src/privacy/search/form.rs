//! How a combination stands among the members of a class: in as few words as will do, for the
//! members of large classes are what splitting goes through again and again.

use super::at;
use super::demand::Demand;
use super::node_of::{Keys, NodeOf};
use crate::privacy::Combinations;

/// The words of a member.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    /// One: the packed key, and the rows above it from this bit on.
    Light(u32),
    /// The packed key in so many words, and one of the combination's number and its rows.
    Numbered(usize),
}

impl Form {
    /// The lighter one, if nothing but rows has to be known of combinations and all fits.
    pub(super) fn new(combinations: &Combinations, demand: &Demand) -> Self {
        let layout = combinations.layout();
        let most = combinations.counts().iter().max().copied().unwrap_or(0);
        let bits = layout.bits() + (u32::BITS - most.leading_zeros());
        match layout.words() {
            1 if demand.sensitive() == 0 && bits <= u64::BITS && layout.bits() < u64::BITS => {
                Self::Light(layout.bits())
            }
            words => Self::Numbered(words),
        }
    }

    /// How many words a member has; 1 says that it is the lighter form.
    pub(super) fn stride(self) -> usize {
        match self {
            Self::Light(_) => 1,
            Self::Numbered(words) => words + 1,
        }
    }

    /// A combination as a member.
    #[inline]
    pub(super) fn member(
        self,
        combinations: &Combinations,
        number: usize,
    ) -> impl Iterator<Item = u64> {
        let rows = u64::from(at(combinations.counts(), number));
        let (above, last) = match self {
            Self::Light(shift) => (rows.wrapping_shl(shift), None),
            Self::Numbered(_) => (0, Some((number as u64) << 32 | rows)),
        };
        let key = combinations.key(number).iter();
        key.map(move |word| word | above).chain(last)
    }

    /// The rows of a member of `STRIDE` words, which is 1 for the lighter form alone, or of any number
    /// of two or more if that is 0.
    #[inline]
    pub(super) fn rows<const STRIDE: usize>(self, member: &[u64]) -> u64 {
        let last = member.last().copied().unwrap_or(0);
        match (STRIDE, self) {
            (1, Self::Light(shift)) => last.wrapping_shr(shift),
            _ => last & u64::from(u32::MAX),
        }
    }

    /// The number of a member's combination, if it has one.
    pub(super) fn number(self, member: &[u64]) -> Option<usize> {
        match self {
            Self::Light(_) => None,
            Self::Numbered(_) => member.last().map(|last| (last >> 32) as usize),
        }
    }

    /// Leaves nothing in these members but their keys, if they are of the lighter form.
    pub(super) fn forget_rows(self, members: &mut [u64]) {
        if let Self::Light(shift) = self {
            let key = 1_u64.wrapping_shl(shift).wrapping_sub(1);
            members.iter_mut().for_each(|member| *member &= key);
        }
    }

    /// What the positions of nodes, one for each of all members, say of their combinations.
    pub(super) fn node_of(self, members: Vec<u64>, nodes: Vec<u32>) -> NodeOf {
        if let Self::Light(_) = self {
            return NodeOf::ByKey(Keys(members), nodes);
        }
        let mut in_order = vec![0; nodes.len()];
        for (member, node) in members.chunks_exact(self.stride()).zip(nodes) {
            let number = self.number(member);
            if let Some(of) = number.and_then(|number| in_order.get_mut(number)) {
                *of = node;
            }
        }
        NodeOf::InOrder(in_order)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::Layout;
    use crate::privacy::search::Requirement;

    #[test]
    fn rows_stand_above_the_key_where_all_fit_and_may_be_forgotten() {
        for (name, distinct, rows, stride) in [
            ("one bit", &[2][..], [1, 2], 1),
            ("as many bits as there are", &[1 << 31, 1 << 30], [1, 7], 1),
            ("one bit too many", &[1 << 31, 1 << 30], [1, 8], 2),
            ("a key that fills its word", &[1 << 32, 1 << 32], [1, 1], 2),
            ("two words", &[1 << 32, 1 << 32, 2], [1, 1], 3),
        ] {
            let layout = Layout::new(distinct);
            let keys: Vec<u64> = (0..2)
                .flat_map(|code| {
                    let mut key = vec![0; layout.words()];
                    layout.pack(distinct.iter().map(|_| code), &mut key);
                    key
                })
                .collect();
            let combinations = Combinations::new(layout, keys.clone(), rows.into(), Vec::new());
            let requirement = Requirement {
                k: 2,
                max_suppressed: 0,
                l: None,
                t: None,
            };
            let form = Form::new(&combinations, &Demand::new(&combinations, &requirement));
            assert_eq!(form.stride(), stride, "{name}");
            let members = (0..2).flat_map(|number| form.member(&combinations, number));
            let mut members: Vec<u64> = members.collect();
            for (number, member) in members.chunks_exact(stride).enumerate() {
                let found = match stride {
                    1 => form.rows::<1>(member),
                    2 => form.rows::<2>(member),
                    _ => form.rows::<0>(member),
                };
                assert_eq!(found, u64::from(rows[number]), "{name}");
                let known = form.number(member);
                assert_eq!(known, (stride > 1).then_some(number), "{name}");
            }
            form.forget_rows(&mut members);
            for (member, key) in members
                .chunks_exact(stride)
                .zip(keys.chunks(keys.len() / 2))
            {
                assert_eq!(member.get(..key.len()), Some(key), "{name}");
            }
        }
    }
}
