//! Going through the blocks of a text.

use super::{Block, Structure};
use crate::base::simd::{BLOCK, Compare, Work};
use crate::io::csv::scalar;

/// Reading on in a text.
pub(super) struct Scan<'a> {
    pub(super) structure: &'a mut Structure,
    pub(super) text: &'a [u8],
    pub(super) last: bool,
}

impl Work for Scan<'_> {
    type Output = Result<(), usize>;

    #[inline(always)]
    fn work(self, compare: impl Compare) -> Result<(), usize> {
        let Self {
            structure,
            text,
            last,
        } = self;
        let delimiter = structure.delimiter;
        let fresh = text.get(structure.progress.scanned..).unwrap_or_default();
        let (blocks, rest) = fresh.as_chunks::<BLOCK>();
        let known = structure.used;
        structure.used = known + blocks.len() + usize::from(last && !rest.is_empty());
        if structure.blocks.len() < structure.used {
            structure.blocks.resize(structure.used, Block::default());
        }
        let used = structure.blocks.get_mut(known..structure.used);
        let mut masks = used.unwrap_or_default().iter_mut();
        let mut blocks = blocks.iter();
        let rare = &mut structure.rare;
        // A copy, so that it stays in registers.
        let mut progress = structure.progress;
        // Most files have no other control character than line feeds, so nothing else is looked for until
        // one comes.
        let is_calm =
            |block: &&[u8; BLOCK]| compare.at_most(block, b'\r') == compare.equal(block, b'\n');
        let mut calm = progress.carry.behind_return == 0;
        while calm {
            calm = false;
            if let Some(block) = blocks.as_slice().first().filter(is_calm)
                && let Some(masks) = masks.next()
            {
                *masks = progress.block::<false>(compare, delimiter, (block, BLOCK), rare)?;
                blocks.next();
                calm = true;
            }
        }
        for (block, masks) in blocks.zip(&mut masks) {
            *masks = progress.block::<true>(compare, delimiter, (block, BLOCK), rare)?;
        }
        if let Some(masks) = masks.next() {
            let mut block = [0; BLOCK];
            for (to, from) in block.iter_mut().zip(rest) {
                *to = *from;
            }
            let block = (&block, rest.len());
            *masks = progress.block::<true>(compare, delimiter, block, rare)?;
        }
        if let Some(cut) = structure.cut_behind(known) {
            progress.cut = cut;
            let after_cr = text.get(cut.wrapping_sub(1)) == Some(&b'\r');
            let behind = text.get(cut..progress.scanned).unwrap_or_default();
            let behind = scalar::line_ends(behind, after_cr);
            progress.lines_at_cut = progress.lines.wrapping_sub(behind);
        }
        structure.progress = progress;
        Ok(())
    }
}
