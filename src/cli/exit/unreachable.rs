//! That a k cannot be reached, and what would help.

use super::Error;
use crate::privacy::goal::Percent;
use crate::privacy::search::Unreachable;

impl Error {
    /// That no generalisation reaches `k` with that many rows suppressed.
    pub(crate) fn unreachable(
        k: u32,
        rows: u64,
        max_suppressed: Percent,
        why: &Unreachable,
    ) -> Self {
        if rows < u64::from(k) {
            return Self::Unreachable(text!(
                "k = {k} cannot be reached: there are fewer rows than k ({rows}); nothing was \
                 published\n  what to do: ask for a smaller k, or put more rows together",
                k,
                rows
            ));
        }
        let suppressed = max_suppressed;
        let wanted = match why.least_suppressed {
            Some(least) => plural!(
                least,
                "k = {k} cannot be reached with at most {suppressed} of the rows suppressed; the best that was \
                 found suppresses {n} row",
                "k = {k} cannot be reached with at most {suppressed} of the rows suppressed; the best that was \
                 found suppresses {n} rows",
                k,
                suppressed
            ),
            None => text!(
                "k = {k} cannot be reached with at most {suppressed} of the rows suppressed",
                k,
                suppressed
            ),
        };
        Self::Unreachable(text!(
            "{wanted}; nothing was published\n  what to do: allow more with --max-suppressed, ask for a \
             smaller k, l or a larger t, or have fewer quasi-identifying columns leave",
            wanted
        ))
    }
}
