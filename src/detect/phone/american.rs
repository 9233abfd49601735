//! Numbers as Americans write them at home.

use super::super::Finder;
use super::super::text::Text;
use super::SEPARATED;

/// Reads `(212) 555-1234`, as Americans write at home, and tells whether it is such a number.
pub(super) fn american(text: Text<'_>, start: usize, found: &mut Finder<'_>) -> bool {
    let area = text.before(start).ends_with(b"(") && text.byte(start + 3) == Some(b')');
    let at = text.skip_blanks(start + 4);
    let end = at + 8;
    let valid = |at: usize| matches!(text.byte(at), Some(b'2'..=b'9'));
    let is_number = area
        && text.run(at) == 3
        && matches!(text.byte(at + 3), Some(b'-' | b'.' | b' '))
        && text.run(at + 4) == 4
        && valid(start)
        && valid(at)
        && text.is_free_after(end);
    if is_number {
        found.hit(SEPARATED, start - 1..end);
    }
    is_number
}
