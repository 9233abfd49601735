//! What names of columns and their repetitions have in common.

use std::sync::LazyLock;

use super::bare;
use crate::base::latin::Latin;
use crate::base::name;

/// A longer cell is folded by [`fold`].
const LONGEST: usize = 64;

/// Letters of Western Europe as [`name::key`] folds them.
static LATIN: LazyLock<Latin> = LazyLock::new(|| Latin::new(name::key));

/// A name of a column as a repetition of it may be written: what [`name::key`] forgives, the quotes and
/// the byte order mark that a second file brought along, and several blanks in a row.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::new();
    for c in name::key(bare(text)).chars() {
        if c != '_' || !folded.ends_with('_') {
            folded.push(c);
        }
    }
    folded
}

/// Asks something of a [bare] cell as [`fold`] folds it, without a copy if it has letters of Western Europe only.
pub(super) fn with_folded<T>(cell: &str, ask: impl FnOnce(&str) -> T) -> T {
    let mut room = [0; LONGEST];
    match fold_in(cell, &mut room) {
        Some(folded) => ask(folded),
        None => ask(&fold(cell)),
    }
}

/// A [bare] cell as [`fold`] folds it, in `room`; nothing if that is not told by each character alone.
fn fold_in<'r>(cell: &str, room: &'r mut [u8; LONGEST]) -> Option<&'r str> {
    let ends = [cell.bytes().next()?, cell.bytes().next_back()?];
    let length = LATIN.fold(cell, room)?.len();
    let (mut end, mut before) = (0, 0);
    for at in 0..length {
        let byte = match *room.get(at)? {
            b' ' | b'-' => b'_',
            byte if byte.is_ascii_control() => return None,
            byte => byte,
        };
        if byte != b'_' || before != b'_' {
            *room.get_mut(end)? = byte;
            end += 1;
        }
        before = byte;
    }
    let is_bare = !ends.contains(&b' ');
    let folded = room.get(..end).filter(|_| is_bare)?;
    str::from_utf8(folded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::mixed::mixed;

    #[test]
    fn cells_are_folded_alike_with_and_without_a_copy() {
        let parts = [
            "Nom", "É", "ç", "ß", "œ", "-", "_", " ", "  ", "\"", "\u{a0}", "\u{ad}", "´", "ª",
            "½", "’", "\t", "\n", "\u{301}", "İ", "e", "9", "€", "\u{200b}", "\u{feff}", "ï»¿",
            "\u{85}", "/", "prénom",
        ];
        let mut short = 0;
        for text in mixed(&parts, 4..=4, 50_000) {
            let cell = bare(&text);
            let mut room = [0; LONGEST];
            let folded = fold_in(cell, &mut room);
            short += usize::from(folded.is_some());
            assert!(folded.is_none_or(|folded| folded == fold(cell)), "{text:?}");
            with_folded(cell, |folded| assert_eq!(folded, fold(cell), "{text:?}"));
        }
        assert!(short > 5_000, "{short}");
        assert_eq!(fold_in(&"x".repeat(65), &mut [0; LONGEST]), None);
    }
}
