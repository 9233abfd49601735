//! Texts for tests that hold a short way against a long one.

use std::ops::RangeInclusive;

/// So many texts, each of some of these parts, in an order that looks drawn and is the same in every run.
pub(crate) fn mixed<'a>(
    parts: &'a [&'a str],
    pieces: RangeInclusive<usize>,
    count: usize,
) -> impl Iterator<Item = String> + 'a {
    let mut state = 17_u64;
    let mut draw = move |most: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % most
    };
    let (least, most) = pieces.into_inner();
    (0..count).map(move |_| {
        let pieces = least + draw(most - least + 1);
        (0..pieces).map(|_| parts[draw(parts.len())]).collect()
    })
}
