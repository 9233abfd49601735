//! What counts as a missing cell.

/// The words that stand for nothing, whatever their case and with blanks around.
#[derive(Debug, Clone)]
pub struct Missing {
    words: Vec<Vec<u8>>,
    /// Whether a word, or a blank before one, may begin with this byte.
    starts: [bool; 256],
    empty: bool,
    /// Whether all words are ASCII, and the length of the longest.
    ascii: bool,
    longest: usize,
}

/// What a rule table has when it does not say.
pub const DEFAULT: [&str; 7] = ["", "NULL", "NA", "N/A", "#N/A", "NaN", "None"];

impl Missing {
    /// A list of words; the empty one makes an empty cell missing.
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let words: Vec<Vec<u8>> = words
            .into_iter()
            .map(|word| word.trim().to_lowercase().into_bytes())
            .collect();
        let mut starts = [false; 256];
        let blanks = b" \t\n\r\x0b\x0c\xc2\xe2\xe3".iter().copied();
        let letters = words.iter().filter_map(|word| word.first().copied());
        for byte in blanks
            .chain(letters.clone())
            .chain(letters.map(|byte| byte.to_ascii_uppercase()))
        {
            if let Some(start) = starts.get_mut(usize::from(byte)) {
                *start = true;
            }
        }
        // Another case of such a letter may be any sequence of bytes.
        let ascii = words.iter().all(|word| word.is_ascii());
        if !ascii {
            starts = [true; 256];
        }
        let empty = words.iter().any(Vec::is_empty);
        let longest = words.iter().map(Vec::len).max().unwrap_or(0);
        Self {
            words,
            starts,
            empty,
            ascii,
            longest,
        }
    }

    /// The words, trimmed and in lower case.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let words = self.words.iter();
        words.filter_map(|word| str::from_utf8(word).ok())
    }

    /// Whether a cell is missing. `cell` is its content in UTF-8.
    #[inline(always)] // so that it is compiled for the processor that its caller is
    pub fn is(&self, cell: &[u8]) -> bool {
        match cell.first() {
            None => self.empty,
            Some(&first) => {
                self.starts.get(usize::from(first)).copied().unwrap_or(true) && self.is_word(cell)
            }
        }
    }

    fn is_word(&self, cell: &[u8]) -> bool {
        let inner = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii() && *byte > b' ');
        if self.ascii && inner(cell.first()) && inner(cell.last()) {
            return cell.len() <= self.longest
                && self
                    .words
                    .iter()
                    .any(|word| word.eq_ignore_ascii_case(cell));
        }
        self.is_word_with_blanks(cell)
    }

    #[cold]
    fn is_word_with_blanks(&self, cell: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(cell) else {
            return false;
        };
        let text = text.trim();
        if text.is_empty() {
            return self.empty;
        }
        self.words.iter().any(|word| {
            word.eq_ignore_ascii_case(text.as_bytes())
                || !text.is_ascii() && text.to_lowercase().as_bytes() == word.as_slice()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_cells_are_told_from_values() {
        let usual = Missing::new(DEFAULT);
        for (cell, expected) in [
            ("", true),
            ("  ", true),
            ("\u{a0}", true),
            ("NULL", true),
            ("null", true),
            (" Null\t", true),
            ("\u{202f}n/a\u{a0}", true),
            ("#N/A", true),
            ("nan", true),
            ("None", true),
            ("NANA", false),
            ("N", false),
            ("0", false),
            ("Nantes", false),
            ("- ", false),
        ] {
            assert_eq!(usual.is(cell.as_bytes()), expected, "{cell:?}");
        }
        let own = Missing::new(["-", "Été"]);
        for (cell, expected) in [
            ("", false),
            (" ", false),
            ("-", true),
            ("ÉTÉ ", true),
            ("NULL", false),
        ] {
            assert_eq!(own.is(cell.as_bytes()), expected, "{cell:?}");
        }
        assert!(!usual.is(b"\xe9"), "not UTF-8");
    }
}
