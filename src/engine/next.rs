//! Looking ahead in a batch no more often than needed.

/// Where the next byte of some kind is: found once and good for every cell up to it.
#[derive(Default)]
pub(super) struct Next {
    /// There is none from here up to `at`.
    from: usize,
    at: usize,
}

impl Next {
    /// The first at or behind `start`, as `find` finds it.
    #[inline(always)]
    pub(super) fn after(&mut self, start: usize, find: impl Fn(usize) -> usize) -> usize {
        if start < self.from || start > self.at {
            self.from = start;
            self.at = find(start);
        }
        self.at
    }
}
