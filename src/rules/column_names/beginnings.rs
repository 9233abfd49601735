//! Texts by their first letters, put in order when the program is compiled.

/// How many letters tell texts apart. Singular and plural have them in common.
const LETTERS: usize = 3;
/// One for each hash of letters, and the last for texts that have fewer.
const BUCKETS: usize = (1 << 10) + 1;
const SHORT: usize = BUCKETS - 1;

/// The positions of `N` texts by their first letters, blanks aside.
pub(super) struct Beginnings<const N: usize> {
    /// Where the positions of each bucket begin, and behind the last one the end.
    starts: [u16; BUCKETS + 1],
    positions: [u16; N],
}

impl<const N: usize> Beginnings<N> {
    #[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
    pub(super) const fn new(texts: &[&str; N]) -> Self {
        let mut starts = [0_u16; BUCKETS + 1];
        let mut at = 0;
        while at < N {
            starts[bucket_of(texts[at]) + 1] += 1;
            at += 1;
        }
        let mut bucket = 0;
        while bucket < BUCKETS {
            starts[bucket + 1] += starts[bucket];
            bucket += 1;
        }
        let mut next = starts;
        let mut positions = [0; N];
        at = 0;
        while at < N {
            let next = &mut next[bucket_of(texts[at])];
            positions[*next as usize] = at as u16;
            *next += 1;
            at += 1;
        }
        Self { starts, positions }
    }

    /// The positions of texts that may begin like these letters, and are not short.
    pub(super) fn of(&self, letters: impl Iterator<Item = u8>) -> &[u16] {
        let mut letters = letters.filter(|letter| *letter != b' ');
        let mut bucket = 0;
        for _ in 0..LETTERS {
            match letters.next() {
                Some(letter) => bucket = with_letter(bucket, letter),
                None => return &[],
            }
        }
        self.in_bucket(bucket)
    }

    /// The positions of texts of fewer letters, which may begin any text.
    pub(super) fn short(&self) -> &[u16] {
        self.in_bucket(SHORT)
    }

    fn in_bucket(&self, bucket: usize) -> &[u16] {
        let range = match self.starts.get(bucket..) {
            Some([start, end, ..]) => usize::from(*start)..usize::from(*end),
            _ => 0..0,
        };
        self.positions.get(range).unwrap_or_default()
    }
}

const fn with_letter(bucket: usize, letter: u8) -> usize {
    ((bucket << 4) ^ letter as usize) % SHORT
}

#[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
const fn bucket_of(text: &str) -> usize {
    let (text, mut bucket, mut letters, mut at) = (text.as_bytes(), 0, 0, 0);
    while at < text.len() && letters < LETTERS {
        if text[at] != b' ' {
            bucket = with_letter(bucket, text[at]);
            letters += 1;
        }
        at += 1;
    }
    if letters == LETTERS { bucket } else { SHORT }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_by_their_first_letters() {
        let texts = ["nom client", "no", "n tel", "nomade", "", "clé"];
        let index = Beginnings::new(&texts);
        let found = |text: &str| -> Vec<&str> {
            let positions = index.short().iter().chain(index.of(text.bytes()));
            positions.map(|at| texts[usize::from(*at)]).collect()
        };
        for (text, expected) in [
            ("noms", &["no", "", "nom client", "nomade"][..]),
            ("ntel", &["no", "", "n tel"]),
            ("n t e l", &["no", "", "n tel"]),
            ("clés", &["no", "", "clé"]),
            ("no", &["no", ""]),
            ("xyz", &["no", ""]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }
}
