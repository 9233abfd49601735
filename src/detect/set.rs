//! Sets of detectors.

use std::fmt;

use super::{DETECTORS, PLACES};

/// A set of detectors.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Detectors(pub(super) u32);

impl Detectors {
    /// Every detector.
    pub const ALL: Self = Self(u32::MAX);

    /// No detector.
    pub const NONE: Self = Self(0);

    /// The detector at this place of [`DETECTORS`].
    pub const fn one(place: usize) -> Self {
        Self(if place < PLACES { 1 << place } else { 0 })
    }

    /// The detector of that name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        DETECTORS
            .iter()
            .position(|detector| detector.name == name)
            .map(Self::one)
    }

    /// Both sets together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This set without the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the detector at this place of [`DETECTORS`] is in the set.
    pub const fn has(self, place: usize) -> bool {
        self.0 & Self::one(place).0 != 0
    }
}

impl fmt::Debug for Detectors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = DETECTORS
            .iter()
            .enumerate()
            .filter(|(place, _)| self.has(*place));
        formatter
            .debug_set()
            .entries(names.map(|(_, detector)| detector.name))
            .finish()
    }
}
