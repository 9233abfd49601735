//! What stands in the output in a value's place.

/// The length of a token, in bytes and characters.
pub const TOKEN: usize = 21;

/// Five bits a character, without those that read like others (Crockford's base 32, lower case).
const SYMBOLS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A token: `t` and twenty characters of five bits. It begins with a letter, so that no spreadsheet
/// takes one for a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token([u8; TOKEN]);

impl Token {
    /// The token of 100 random bits, the first of `bytes`.
    pub(super) fn of(bytes: [u8; 32]) -> Self {
        let mut bits = u128::from_le_bytes(first_half(bytes));
        let mut text = [b't'; TOKEN];
        for symbol in text.iter_mut().skip(1) {
            let five = (bits & 31) as usize;
            *symbol = SYMBOLS.get(five).copied().unwrap_or(b'0');
            bits >>= 5;
        }
        Self(text)
    }

    /// Reads a token; nothing if the text is none.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let text = <[u8; TOKEN]>::try_from(text).ok()?;
        let [first, rest @ ..] = &text;
        let is_token = *first == b't' && rest.iter().all(|symbol| SYMBOLS.contains(symbol));
        is_token.then_some(Self(text))
    }

    pub(super) fn from_bytes(text: [u8; TOKEN]) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_bytes(&self) -> &[u8; TOKEN] {
        &self.0
    }
}

fn first_half(bytes: [u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    for (to, from) in half.iter_mut().zip(bytes) {
        *to = from;
    }
    half
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_as_it_was_written() {
        let token = Token::of(std::array::from_fn(|at| (at as u8).wrapping_mul(37)));
        assert_eq!(Token::parse(token.as_bytes()), Some(token));
        assert_eq!(&Token::of([0; 32]).as_bytes()[..], b"t00000000000000000000");
        assert_eq!(
            &Token::of([255; 32]).as_bytes()[..],
            b"tzzzzzzzzzzzzzzzzzzzz"
        );
        for (case, text) in [
            ("empty", ""),
            ("short", "t0000000000000000000"),
            ("long", "t000000000000000000000"),
            ("no t", "u00000000000000000000"),
            ("capital", "t0000000000000000000A"),
            ("a letter that is left out", "t0000000000000000000l"),
        ] {
            assert_eq!(Token::parse(text.as_bytes()), None, "{case}");
        }
    }

    #[test]
    fn each_of_a_hundred_bits_changes_the_token() {
        let zero = Token::of([0; 32]);
        for bit in 0..128 {
            let mut bytes = [0; 32];
            bytes[bit / 8] = 1 << (bit % 8);
            assert_eq!(Token::of(bytes) == zero, bit >= 100, "{bit}");
        }
    }
}
