//! Where people live: postal codes as often as they have inhabitants, from the program's own table.

use super::rng::Rng;

/// What `src/rules/geography/rebuild.py` wrote: for each département how many codes, then for each its
/// distance from the one before and its inhabitants, seven bits a byte.
const PACKED: &[u8] = include_bytes!("../../src/rules/geography/postal_codes.bin");

/// Postal codes, each with the inhabitants of all up to it.
pub(crate) struct Places(Vec<(u64, u64)>);

impl Places {
    pub(crate) fn new() -> Self {
        let mut bytes = PACKED.iter();
        let mut number = || {
            let (mut value, mut shift) = (0_u64, 0);
            for byte in bytes.by_ref() {
                value |= u64::from(byte & 0x7F) << shift;
                shift += 7;
                if byte & 0x80 == 0 {
                    return Some(value);
                }
            }
            None
        };
        let (mut places, mut sum) = (Vec::new(), 0);
        while let Some(codes) = number() {
            let mut code = 0;
            for _ in 0..codes {
                code += number().unwrap_or_default();
                sum += number().unwrap_or_default();
                places.push((code, sum));
            }
        }
        Self(places)
    }

    /// The code of somebody drawn from all inhabitants.
    pub(crate) fn code(&self, rng: &mut Rng) -> u64 {
        let all = self.0.last().map_or(1, |(_, sum)| *sum);
        let person = rng.below(all);
        let at = self.0.partition_point(|(_, sum)| *sum <= person);
        self.0.get(at).map_or(75_011, |(code, _)| *code)
    }
}

/// Whose row it is: of every 20 rows ten are of people with one, six of people with two, four of one
/// person. Persons are numbered from 1.
pub(crate) fn person_of(row: u64) -> u64 {
    let (round, within) = ((row.saturating_sub(1)) / 20, (row.saturating_sub(1)) % 20);
    let person = match within {
        0..10 => within,
        10..16 => 10 + (within - 10) / 2,
        _ => 13,
    };
    round * 14 + person + 1
}
