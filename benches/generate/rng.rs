//! Random numbers that are the same everywhere, a stream for each row.

/// SplitMix64 (Steele, Lea, Flood 2014): small, and every row can have a stream of its own.
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    pub(crate) fn for_row(seed: u64, row: u64, stream: u64) -> Self {
        let mut whole = Self(seed ^ stream.rotate_left(32));
        let start = whole.next();
        let mut of_row = Self(start ^ row.wrapping_mul(0xD134_2543_DE82_EF95));
        Self(of_row.next())
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to `bound` − 1: the high half of a product, so without a division.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        let product = u128::from(self.next()) * u128::from(bound);
        u64::try_from(product >> 64).unwrap_or(0)
    }

    pub(crate) fn permille(&mut self, chance: u64) -> bool {
        self.below(1000) < chance
    }

    pub(crate) fn any(&mut self, list: &[&'static str]) -> &'static str {
        let at = self.below(list.len() as u64);
        list.get(at as usize).copied().unwrap_or_default()
    }

    /// The front of the list often, its end hardly ever.
    pub(crate) fn skewed(&mut self, list: &[&'static str]) -> &'static str {
        let len = list.len() as u64;
        let at = self.below(len).min(self.below(len)).min(self.below(len));
        list.get(at as usize).copied().unwrap_or_default()
    }

    /// By Zipf's law: what stands at place n is drawn in proportion to 1 / n.
    pub(crate) fn zipf(&mut self, list: &[&'static str]) -> &'static str {
        const WHOLE: u64 = 1_000_000;
        let all = (1..=list.len() as u64).map(|place| WHOLE / place).sum();
        let mut left = self.below(all);
        for (place, word) in (1..).zip(list) {
            match left.checked_sub(WHOLE / place) {
                Some(rest) => left = rest,
                None => return word,
            }
        }
        ""
    }

    /// An amount in cents, drawn from a distribution given by its quantiles in euros.
    pub(crate) fn cents(&mut self, quantiles: &[u64]) -> u64 {
        let at = self.below(quantiles.len().saturating_sub(1) as u64) as usize;
        let low = quantiles.get(at).copied().unwrap_or_default() * 100;
        let high = quantiles.get(at + 1).copied().unwrap_or_default() * 100;
        // Towards the lower end of the segment, which gives the last one a long thin tail.
        let span = high - low + 1;
        let cents = low + self.below(span).min(self.below(span));
        match self.below(10) {
            0..2 => cents / 1_000_000 * 1_000_000, // whole tens of thousands: the edges of brackets
            2..7 => cents / 100 * 100,
            _ => cents,
        }
    }
}
