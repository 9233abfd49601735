//! From masks to positions: where each field of a batch ends.

use super::structure::Structure;
use crate::base::simd;
use crate::base::simd::{BLOCK, Compare, Work};

/// Where fields end in the whole records of a structure, unpacked from its masks.
#[derive(Debug, Default)]
pub(super) struct Unpacked {
    /// Longer than what is in use, so that it need not be cleared.
    fields: Vec<u32>,
    used: usize,
    records: Vec<u32>,
}

impl Unpacked {
    /// Unpacks the whole records of `structure` in place of what was there.
    pub(super) fn fill(&mut self, structure: &Structure) {
        simd::run(Unpack {
            structure,
            into: self,
        });
    }

    /// Where each field ends.
    pub(super) fn fields(&self) -> &[u32] {
        self.fields.get(..self.used).unwrap_or_default()
    }

    /// How many fields end up to the end of each record.
    pub(super) fn records(&self) -> &[u32] {
        &self.records
    }
}

/// Unpacking the masks of the whole records.
struct Unpack<'a> {
    structure: &'a Structure,
    into: &'a mut Unpacked,
}

impl Work for Unpack<'_> {
    type Output = ();

    #[inline(always)]
    fn work(self, _compare: impl Compare) {
        let Self { structure, into } = self;
        let cut = structure.cut();
        // No text has more fields than bytes; the rest is room for what is written too much.
        if into.fields.len() < cut + 2 * BLOCK {
            // Fresh memory is zero, so what is not written takes none.
            into.fields = vec![0; cut + 2 * BLOCK];
        }
        let blocks = structure.blocks();
        let blocks = blocks.get(..cut.div_ceil(BLOCK)).unwrap_or(blocks);
        let records = &mut into.records;
        records.clear();
        let (mut used, mut base) = (0, 0_u32);
        for block in blocks {
            let (mut ends, mut last) = (block.field_ends, block.record_ends);
            let count = ends.count_ones() as usize;
            while last != 0 {
                let until = last ^ last.wrapping_sub(1);
                records.push((used as u32).wrapping_add((ends & until).count_ones()));
                last &= last.wrapping_sub(1);
            }
            let room = into.fields.get_mut(used..);
            if let Some(room) = room.and_then(<[u32]>::first_chunk_mut::<BLOCK>) {
                // Eight at a time, without asking each time whether there is one more.
                for eight in room.as_chunks_mut::<8>().0 {
                    for slot in eight {
                        *slot = base.wrapping_add(ends.trailing_zeros());
                        ends &= ends.wrapping_sub(1);
                    }
                    if ends == 0 {
                        break;
                    }
                }
            }
            used = used.wrapping_add(count);
            base = base.wrapping_add(BLOCK as u32);
        }
        into.used = used;
        // The fields that end behind the cut are not those of a whole record.
        if let Some(block) = blocks.last()
            && !cut.is_multiple_of(BLOCK)
        {
            let behind_cut = block.field_ends >> (cut % BLOCK);
            into.used -= behind_cut.count_ones() as usize;
        }
    }
}
