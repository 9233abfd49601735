//! Arrays of millions of words, in pages of two megabytes where the system has them.
//!
//! What is looked up in such an array stands anywhere in it. In pages of 4 KiB a processor does not
//! find most of them without looking up first where they are; and the system has to give every one
//! of them by itself, and to take it back.

use std::ops::{Deref, DerefMut};

use memmap2::MmapMut;
use pulp::bytemuck;

/// Smaller arrays stand where all others do: 4 MiB.
const LARGE: usize = 1 << 22;

/// Words, all 0 in the beginning.
#[derive(Debug)]
pub(crate) struct Large(Memory);

#[derive(Debug)]
enum Memory {
    Usual(Vec<u64>),
    Mapped(MmapMut),
}

impl Large {
    /// So many words, all 0.
    pub(crate) fn zeroed(words: usize) -> Self {
        let bytes = words.saturating_mul(size_of::<u64>());
        let mapped = match bytes >= LARGE {
            true => MmapMut::map_anon(bytes).ok(),
            false => None,
        };
        let words_of = |mapped: &MmapMut| bytemuck::try_cast_slice::<u8, u64>(mapped).is_ok();
        let mapped = mapped.filter(words_of);
        Self(match mapped {
            Some(mapped) => {
                // A system that has no such pages gives its usual ones.
                #[cfg(target_os = "linux")]
                let _ = mapped.advise(memmap2::Advice::HugePage);
                Memory::Mapped(mapped)
            }
            None => Memory::Usual(vec![0; words]),
        })
    }
}

impl Default for Large {
    fn default() -> Self {
        Self::zeroed(0)
    }
}

impl PartialEq for Large {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Deref for Large {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        match &self.0 {
            Memory::Usual(words) => words,
            Memory::Mapped(bytes) => bytemuck::try_cast_slice(bytes).unwrap_or_default(),
        }
    }
}

impl DerefMut for Large {
    fn deref_mut(&mut self) -> &mut [u64] {
        match &mut self.0 {
            Memory::Usual(words) => words,
            Memory::Mapped(bytes) => bytemuck::try_cast_slice_mut(bytes).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_there_and_0_and_stay_as_written() {
        let large = LARGE / size_of::<u64>();
        for (words, mapped) in [
            (0, false),
            (1, false),
            (large - 1, false),
            (large, true),
            (large + 1, true),
            (3 * large - 7, true),
        ] {
            let mut array = Large::zeroed(words);
            assert_eq!(matches!(array.0, Memory::Mapped(_)), mapped, "{words}");
            assert_eq!(array.len(), words);
            assert!(array.iter().all(|word| *word == 0));
            for (at, word) in (1..).zip(array.iter_mut()) {
                *word = at;
            }
            assert!((1..).zip(array.iter()).all(|(at, word)| *word == at));
        }
        assert!(Large::default().is_empty());
    }
}
