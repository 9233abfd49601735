//! A short text that is written over and over, kept so that copying it is cheap.

/// A text of at most 32 bytes.
///
/// A copy of a fixed size is two moves, a copy of any size is a call. So all of the space is copied
/// and what is not text is cut off again.
#[derive(Debug, Clone)]
pub(in crate::rules) struct Label {
    space: [u8; 32],
    length: usize,
}

impl Label {
    /// Takes a text; nothing if it is too long.
    pub(in crate::rules) fn new(text: &[u8]) -> Option<Self> {
        let mut space = [0; 32];
        space.get_mut(..text.len())?.copy_from_slice(text);
        let length = text.len();
        Some(Self { space, length })
    }

    /// Appends the text to `out`.
    #[inline]
    pub(in crate::rules) fn push_to(&self, out: &mut Vec<u8>) {
        let end = out.len().wrapping_add(self.length);
        out.extend_from_slice(&self.space);
        out.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_what_it_took() {
        for length in 0..=40 {
            let text = vec![b'x'; length];
            let Some(label) = Label::new(&text) else {
                assert!(length > 32, "{length}");
                continue;
            };
            let mut out = b"before,".to_vec();
            label.push_to(&mut out);
            assert!(length <= 32);
            assert_eq!(out, [b"before,", &text[..]].concat());
        }
    }
}
