//! Looking ahead in a batch no more often than needed.

/// Where the next byte of some kind is: found once and good for every cell up to it.
#[derive(Default)]
pub(super) struct Next {
    /// There is none from here up to `at`.
    from: usize,
    at: usize,
}

impl Next {
    /// The first at or behind `start`, or else `until`; `find` looks for one.
    #[inline(always)]
    pub(super) fn after(
        &mut self,
        start: usize,
        until: usize,
        find: impl Fn(usize, usize) -> Option<usize>,
    ) -> usize {
        if start < self.from || start > self.at {
            self.from = start;
            self.at = find(start, until).unwrap_or(until);
        }
        self.at
    }
}
