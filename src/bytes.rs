//! Copying parts of rows: millions of them, nearly all of them short.

/// The most that is copied at once.
pub(crate) const PIECE: usize = 64;

/// What is copied at once of a cell or of what stands between two.
const SHORT: usize = 32;

/// Appends what stands in `bytes` from `start` up to `end`; nothing if it ends before. Fast where
/// [`PIECE`] bytes stand behind `start`.
#[inline(always)]
pub(crate) fn append(bytes: &[u8], start: usize, end: usize, out: &mut Vec<u8>) {
    let length = end.saturating_sub(start);
    // A piece of constant length is copied without a call.
    if length <= PIECE
        && let Some(behind) = bytes.get(start..)
        && let Some(piece) = behind.first_chunk::<PIECE>()
    {
        let until = out.len().wrapping_add(length);
        out.extend_from_slice(piece);
        out.truncate(until);
        return;
    }
    let bytes = bytes.get(start..start.saturating_add(length));
    out.extend_from_slice(bytes.unwrap_or_default());
}

/// The same, for pieces that most often have a few bytes: a cell, or what stands between two.
#[inline(always)]
pub(crate) fn append_short(bytes: &[u8], start: usize, end: usize, out: &mut Vec<u8>) {
    let length = end.saturating_sub(start);
    if length <= SHORT
        && let Some(behind) = bytes.get(start..)
        && let Some(piece) = behind.first_chunk::<SHORT>()
    {
        let until = out.len().wrapping_add(length);
        out.extend_from_slice(piece);
        out.truncate(until);
        return;
    }
    append(bytes, start, end, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_appended_is_what_stands_there() {
        let bytes: Vec<u8> = (0..200).collect();
        for start in 0..=200 {
            for end in 0..=200 {
                let expected = bytes.get(start..end).unwrap_or_default();
                let expected = [&[7, 7, 7], expected].concat();
                for append in [append, append_short] {
                    let mut out = vec![7; 3];
                    append(&bytes, start, end, &mut out);
                    assert_eq!(out, expected, "{start}..{end}");
                }
            }
        }
    }
}
