//! Copying parts of rows: millions of them, nearly all of them short. And the buffers that they are read into.

/// What is copied at once of a part of a row.
const PIECE: usize = 64;

/// What is copied at once of a cell, of a mere delimiter, and of what stands between cells that are
/// not neighbours: how long a thing is should not be a surprise for a processor.
pub(crate) const CELL: usize = 32;
const DELIMITER: usize = 16;
const BETWEEN: usize = 128;

/// Appends what stands in `bytes` from `start` up to `end`; nothing if it ends before. Fast where
/// it is no longer than [`PIECE`], and that many bytes stand there.
#[inline(always)]
pub(crate) fn append(bytes: &[u8], start: usize, end: usize, out: &mut Vec<u8>) {
    let length = end.saturating_sub(start);
    if !append_piece::<PIECE>(bytes, start, length, out) {
        append_any(bytes, start, length, out);
    }
}

/// The same for a cell.
#[inline(always)]
pub(crate) fn append_cell(bytes: &[u8], start: usize, end: usize, out: &mut Vec<u8>) {
    let length = end.saturating_sub(start);
    if !append_piece::<CELL>(bytes, start, length, out) {
        append_any(bytes, start, length, out);
    }
}

/// The same for what stands between two cells, or behind the last.
#[inline(always)]
pub(crate) fn append_between(bytes: &[u8], start: usize, end: usize, out: &mut Vec<u8>) {
    let length = end.saturating_sub(start);
    if !append_piece::<DELIMITER>(bytes, start, length, out)
        && !append_piece::<BETWEEN>(bytes, start, length, out)
    {
        append_any(bytes, start, length, out);
    }
}

/// Appends by copying so many bytes, which needs no call; `false` if it is longer, or not so many
/// bytes stand there.
#[inline(always)]
fn append_piece<const AT_ONCE: usize>(
    bytes: &[u8],
    start: usize,
    length: usize,
    out: &mut Vec<u8>,
) -> bool {
    if length <= AT_ONCE
        && let Some(behind) = bytes.get(start..)
        && let Some(piece) = behind.first_chunk::<AT_ONCE>()
    {
        let until = out.len().wrapping_add(length);
        out.extend_from_slice(piece);
        out.truncate(until);
        return true;
    }
    false
}

#[inline(always)]
fn append_any(bytes: &[u8], start: usize, length: usize, out: &mut Vec<u8>) {
    let bytes = bytes.get(start..start.saturating_add(length));
    out.extend_from_slice(bytes.unwrap_or_default());
}

/// Makes a buffer `room` bytes long, what it holds at the start of it. Fresh memory is zero, and takes no time until it is used; to fill it costs a
/// debug build more than the rest of a small run.
pub(crate) fn make_room(buffer: &mut Vec<u8>, room: usize) {
    if buffer.capacity() >= room {
        return buffer.resize(room, 0);
    }
    let mut fresh = vec![0; room];
    if let Some(start) = fresh.get_mut(..buffer.len()) {
        start.copy_from_slice(buffer);
    }
    *buffer = fresh;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_appended_is_what_stands_there() {
        let bytes: Vec<u8> = (0..=255).collect();
        for start in 0..=256 {
            for end in 0..=256 {
                let expected = bytes.get(start..end).unwrap_or_default();
                let expected = [&[7, 7, 7], expected].concat();
                for append in [append, append_cell, append_between] {
                    let mut out = vec![7; 3];
                    append(&bytes, start, end, &mut out);
                    assert_eq!(out, expected, "{start}..{end}");
                }
            }
        }
    }

    #[test]
    fn a_buffer_keeps_what_it_holds_when_it_gets_room() {
        for (held, room) in [(0, 0), (0, 5), (3, 3), (3, 100), (200, 100)] {
            let mut buffer: Vec<u8> = (1..=held).collect();
            make_room(&mut buffer, room);
            assert_eq!(buffer.len(), room);
            let expected = (1..=held).chain(std::iter::repeat(0)).take(room);
            assert!(buffer.into_iter().eq(expected), "{held}, {room}");
        }
    }
}
