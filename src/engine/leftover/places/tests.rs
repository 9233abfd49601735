use std::collections::BTreeMap;

use super::*;
use crate::engine::leftover::words::words;

fn see(places: &mut Places<[u64; 2]>, text: &str, turn: Turn) -> Option<Needs> {
    let (raw, mut key) = (text.as_bytes(), [0; 2]);
    key[0] = raw.iter().fold(7, |key, byte| key * 31 + u64::from(*byte));
    let read = |content: &mut Content| {
        content.begin(raw);
        words(raw, &mut content.words);
    };
    places.see_or_learn(key, raw, turn, read, |_, _| {}).ok()
}

/// Which cells of a batch are compared.
fn compared(places: &mut Places<[u64; 2]>, cells: &[String], turn: Turn) -> Vec<bool> {
    let needs = cells.iter().map(|cell| see(places, cell, turn));
    needs
        .map(|needs| needs.is_none_or(|needs| needs.compare))
        .collect()
}

#[test]
fn what_is_compared_depends_on_the_batch_alone() {
    // More values than places.
    let cells = |seed: u64| -> Vec<String> {
        let values = (1..6_000_u64).map(|row| (row * row * seed) % [4_001, 50][row as usize % 2]);
        values.map(|value| format!("value {value}")).collect()
    };
    let first = Turn::default().next().unwrap();
    let mut fresh = Places::default();
    let expected = compared(&mut fresh, &cells(1), first);
    for before in [2, 3, 5] {
        let mut places = Places::default();
        compared(&mut places, &cells(before), first);
        let turn = first.next().unwrap();
        assert_eq!(compared(&mut places, &cells(1), turn), expected);
    }
    let mut times = BTreeMap::new();
    for (cell, compared) in cells(1).into_iter().zip(expected) {
        let (came, of_these) = times.entry(cell).or_insert((0, 0));
        (*came, *of_these) = (*came + 1, *of_these + u32::from(compared));
    }
    let least = |(came, compared): &(u32, u32)| *compared >= COMPARED.min(*came);
    assert!(times.values().all(least), "{times:?}");
    assert!(times.values().any(|(came, compared)| compared < came));
}

#[test]
fn a_value_is_compared_anew_in_each_batch_and_after_it_had_something_in_common() {
    let (mut places, mut turn) = (Places::default(), Turn::default().next().unwrap());
    let often = |places: &mut Places<[u64; 2]>, turn| {
        let needs = (0..9).map(|_| see(places, "boulanger", turn).unwrap());
        needs.filter(|needs| needs.compare).count()
    };
    let compared = COMPARED as usize;
    assert_eq!(often(&mut places, turn), compared);
    turn = turn.next().unwrap();
    assert_eq!(often(&mut places, turn), compared);
    let key = places.sets.iter().flatten().find(|place| place.content > 0);
    let key = key.unwrap().key;
    places.again(key, b"boulanger", turn);
    assert_eq!(often(&mut places, turn), compared);
    assert_eq!(places.counter(turn).count(key), Counted::Done);
    // The first of 28 was counted when it was read.
    places.forget(|content, times| {
        assert_eq!((content.raw.as_slice(), times), (&b"boulanger"[..], 27));
    });
    assert_eq!(often(&mut places, turn), compared);
}

#[test]
fn turns_end_before_their_numbers_do() {
    let last = Turn {
        fresh: LAST << 2,
        settled: LAST << 2 | COMPARED,
    };
    assert!(last.next().is_none() && last.settled < u32::MAX);
    assert!(Turn::default().next().is_some());
}
