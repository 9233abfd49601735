//! Bytes as text of 85 letters: five for each four bytes, where base64 takes six.
//!
//! The letters are all printable ASCII characters but nine: the space's neighbours in a CSV file (`,` `;` `|` `"`), what
//! shells and databases take for quotes (`'` `` ` `` `\`), and `@` and `.`, so that no text looks like an address.

/// The letters, by their values: in the order of their bytes.
pub(super) const LETTERS: &[u8; BASE] =
    b"!#$%&()*+-/0123456789:<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{}~";

const BASE: usize = 85;

/// What stands for four bytes.
const GROUP: usize = 5;

/// No value.
const NONE: u8 = 0xFF;

/// By byte: the value of the letter.
static VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let (mut rest, mut value): (&[u8], u8) = (LETTERS, 0);
    while let [letter, others @ ..] = rest {
        let (_, behind) = values.split_at_mut(*letter as usize);
        if let [place, ..] = behind {
            *place = value;
        }
        (rest, value) = (others, value + 1);
    }
    values
};

/// The length of the text for so many bytes, a multiple of four.
pub(super) const fn length(bytes: usize) -> usize {
    bytes / 4 * GROUP
}

/// The number of bytes that a text of this length stands for, if there is one.
pub(super) const fn bytes(length: usize) -> Option<usize> {
    match length % GROUP {
        0 => Some(length / GROUP * 4),
        _ => None,
    }
}

pub(super) fn is_letter(byte: u8) -> bool {
    VALUES.get(usize::from(byte)) != Some(&NONE)
}

/// As many pairs of digits as an index of so many bits tells apart, so that none is beyond the table.
const PAIR_BITS: u32 = 13;

/// The letters of two digits, by their value.
static PAIRS: [[u8; 2]; 1 << PAIR_BITS] = {
    let mut pairs = [[0; 2]; 1 << PAIR_BITS];
    let (mut rest, mut value): (&mut [[u8; 2]], usize) = (&mut pairs, 0);
    while let [pair, others @ ..] = rest {
        *pair = [letter(value / BASE), letter(value % BASE)];
        (rest, value) = (others, value + 1);
    }
    pairs
};

/// More than a group of letters comes to, so that whatever it is added to is none.
const NOTHING: u64 = 1 << 40;

/// By the place of a letter in its group and by byte: what it adds to the number.
static WORTHS: [[u64; 256]; GROUP] = [
    worths((BASE * BASE * BASE * BASE) as u64),
    worths((BASE * BASE * BASE) as u64),
    worths((BASE * BASE) as u64),
    worths(BASE as u64),
    worths(1),
];

const fn worths(power: u64) -> [u64; 256] {
    let mut worths = [NOTHING; 256];
    let (mut rest, mut value): (&[u8], u64) = (LETTERS, 0);
    while let [letter, others @ ..] = rest {
        let (_, behind) = worths.split_at_mut(*letter as usize);
        if let [place, ..] = behind {
            *place = value * power;
        }
        (rest, value) = (others, value + 1);
    }
    worths
}

const fn letter(value: usize) -> u8 {
    match LETTERS.split_at_checked(value) {
        Some((_, [letter, ..])) => *letter,
        _ => 0,
    }
}

/// Appends the text for `bytes`, whose length is a multiple of four.
pub(super) fn encode(bytes: &[u8], out: &mut Vec<u8>) {
    const TWO: u32 = (BASE * BASE) as u32;
    let pair = |value: u32| {
        let pair = PAIRS.get(value as usize % PAIRS.len());
        pair.copied().unwrap_or_default()
    };
    let (words, _) = bytes.as_chunks::<4>();
    let start = out.len();
    out.resize(start + words.len() * GROUP, 0);
    let text = out.get_mut(start..).unwrap_or_default();
    let (groups, _) = text.as_chunks_mut::<GROUP>();
    for (group, word) in groups.iter_mut().zip(words) {
        let number = u32::from_be_bytes(*word);
        let above = number / TWO;
        let [_, first] = pair(above / TWO);
        let [second, third] = pair(above % TWO);
        let [fourth, fifth] = pair(number % TWO);
        *group = [first, second, third, fourth, fifth];
    }
}

/// Reads a text into `into`; nothing if it is none that [`encode`] gives.
pub(super) fn decode(text: &[u8], into: &mut [u8]) -> Option<()> {
    let (groups, []) = text.as_chunks::<GROUP>() else {
        return None;
    };
    let (words, []) = into.as_chunks_mut::<4>() else {
        return None;
    };
    if words.len() != groups.len() {
        return None;
    }
    let worth = |worths: &[u64; 256], letter: u8| worths.get(usize::from(letter)).copied();
    let [first, second, third, fourth, fifth] = &WORTHS;
    let mut beyond = 0;
    for (word, [a, b, c, d, e]) in words.iter_mut().zip(groups) {
        let above = worth(first, *a)? + worth(second, *b)? + worth(third, *c)?;
        let number = above + worth(fourth, *d)? + worth(fifth, *e)?;
        beyond |= number >> u32::BITS;
        *word = (number as u32).to_be_bytes();
    }
    (beyond == 0).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        encode(bytes, &mut out);
        out
    }

    fn decoded(text: &[u8]) -> Option<Vec<u8>> {
        let mut into = vec![0; bytes(text.len())?];
        decode(text, &mut into)?;
        Some(into)
    }

    #[test]
    fn texts_are_those_of_other_programs_in_these_letters() {
        // Python: base64.b85encode, with these letters in the place of its own.
        for (bytes, text) in [
            (&b""[..], ""),
            (&[0; 4], "!!!!!"),
            (&[0xFF; 4], "{=^1!"),
            (&[1, 2, 3, 4], "!BTE/"),
            (b"Dupont\x80\0", "<!7NmJQRI3"),
            (
                &std::array::from_fn::<u8, 16, _>(|at| at as u8),
                "!!-1)#>m~<$XRpM%s7c^",
            ),
        ] {
            assert_eq!(encoded(bytes), text.as_bytes());
            assert_eq!(decoded(text.as_bytes()).as_deref(), Some(bytes));
        }
    }

    #[test]
    fn only_what_is_written_is_read() {
        let text = encoded(&[0xAB; 32]);
        assert_eq!(text.len(), length(32));
        for at in 0..text.len() {
            for byte in 0..=255 {
                let mut altered = text.clone();
                altered[at] = byte;
                let read = decoded(&altered);
                assert_eq!(
                    read.is_some_and(|read| encoded(&read) == altered),
                    decoded(&altered).is_some()
                );
                assert!(is_letter(byte) || decoded(&altered).is_none());
            }
        }
        for text in ["{=^1#", "~~~~~", "!!!!", "!!!!!!", "!!!! ", "!!!!\u{e9}"] {
            assert_eq!(decoded(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn the_letters_are_safe_in_a_row_and_in_order() {
        assert!(LETTERS.is_sorted() && LETTERS.iter().all(u8::is_ascii_graphic));
        for byte in b",;|\"'`\\@." {
            assert!(!is_letter(*byte));
        }
        assert_eq!((0..=255).filter(|byte| is_letter(*byte)).count(), BASE);
    }
}
