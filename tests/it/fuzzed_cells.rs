//! Encrypted cells and seals that were altered by chance: none opens as anything else than what was written.
//!
//! The suite tries some; `.ci/full` tries a million, by `CRM_ANON_FUZZED_CELLS`.

use std::path::PathBuf;

use crate::support::protected::key;
use crate::support::{Dice, Scratch};
use crm_anon::inside::{
    CellCipher, CellForm, ColumnCipher, KeyRing, Method, Origin, RunId, form_of, sealed_form_of,
};

/// How many are tried without being told.
const SOME: u64 = 20_000;

/// A cell, and what it was encrypted to for one row, by each way of encrypting.
struct Written {
    cell: Vec<u8>,
    row: u64,
    texts: [Vec<u8>; 3],
}

/// Two columns: what is written is of the first, and never opens in the second.
struct Columns {
    run: RunId,
    second: [CellCipher; 2],
    first: [[ColumnCipher; 2]; 2],
}

impl Columns {
    fn new(keys: &KeyRing) -> Self {
        let key = keys.get("identite").unwrap();
        let run = RunId::draw().unwrap();
        let of = |name: &str| {
            [Method::Random, Method::Deterministic]
                .map(|method| ColumnCipher::new(key, method, name).unwrap())
        };
        Self {
            run,
            second: [("nom", 3), ("email", 4)]
                .map(|(name, position)| CellCipher::new(key, run, name, position).unwrap()),
            first: ["nom", "email"].map(of),
        }
    }

    fn origin(&self, row: u64) -> Origin {
        Origin {
            run: self.run,
            column: 3,
            row,
        }
    }

    fn write(&self, cell: Vec<u8>, row: u64) -> Written {
        let mut texts = [Vec::new(), Vec::new(), Vec::new()];
        let [second, random, alike] = &mut texts;
        self.second[0].seal(&cell, row, second).unwrap();
        let [by_random, by_alike] = &self.first[0];
        by_random.seal(&cell, self.origin(row), random).unwrap();
        by_alike.seal(&cell, self.origin(row), alike).unwrap();
        Written { cell, row, texts }
    }

    fn open(&self, way: usize, column: usize, text: &[u8], row: u64) -> Option<Vec<u8>> {
        let mut into = Vec::new();
        match way {
            0 => self.second[column].open(text, row, &mut into).ok()?,
            _ => {
                let origin = self.first[column][way - 1].open(text, &mut into).ok()?;
                // `reveal` holds this against the row.
                if origin.is_some_and(|origin| origin != self.origin(row)) {
                    return None;
                }
            }
        }
        Some(into)
    }
}

/// A text that was altered in one to three ways.
fn altered(text: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut text = text.to_vec();
    for _ in 0..1 + dice.below(3) {
        let at = dice.below(text.len() + 1);
        match dice.below(9) {
            0 | 1 => text.get_mut(at).into_iter().for_each(|byte| *byte ^= 1),
            2 => (text.get_mut(at).into_iter()).for_each(|byte| *byte = b'!' + at as u8 % 94),
            3 => text.truncate(at),
            4 => text.insert(at, b"eA!0-_~=,."[dice.below(10)]),
            5 if at < text.len() => drop(text.remove(at)),
            // The beginning of one and the end of another.
            6 => {
                text.truncate(at);
                text.extend_from_slice(other.get(at..).unwrap_or_default());
            }
            7 if text.len() > 10 => {
                let from = 1 + dice.below(text.len() / 5 - 1) * 5;
                text.rotate_left(from % 5 + dice.below(2) * 5);
            }
            _ => text.iter_mut().rev().take(5).for_each(|byte| *byte ^= 2),
        }
    }
    text
}

#[test]
fn altered_cells_never_open_as_anything_else() {
    let count = std::env::var("CRM_ANON_FUZZED_CELLS");
    let count = count.map_or(SOME, |count| count.parse().unwrap());
    let scratch = Scratch::new();
    let paths: Vec<PathBuf> = vec![key(&scratch, "identite", "identite.key")];
    let columns = Columns::new(&KeyRing::read(&paths).unwrap());
    let mut dice = Dice(85);
    let mut pool: Vec<Written> = Vec::new();
    let (mut same, mut refused, mut looks) = (0_u64, 0_u64, [0_u64; 3]);
    for round in 0..count {
        // Cells of all lengths up to a few blocks, each for a while.
        if round % 50 == 0 || pool.len() < 8 {
            let longest = dice.pick(&[15, 16, 50, 300]);
            let length = 1 + dice.below(longest);
            let cell = (0..length).map(|_| b' ' + dice.below(95) as u8).collect();
            let made = columns.write(cell, dice.next() >> 16);
            match pool.len() {
                8 => pool[dice.below(8)] = made,
                _ => pool.push(made),
            }
            continue;
        }
        let (written, other) = (&pool[dice.below(pool.len())], &pool[dice.below(pool.len())]);
        let way = dice.below(3);
        let (text, row, column) = match dice.below(10) {
            // As it was written, in another place.
            0 => (
                written.texts[way].clone(),
                written.row ^ 1 << dice.below(48),
                0,
            ),
            1 => (written.texts[way].clone(), written.row, 1),
            2 => (other.texts[way].clone(), written.row, 0),
            3 => (other.texts[dice.below(3)].clone(), written.row, 0),
            _ => {
                let text = altered(&written.texts[way], &other.texts[way], &mut dice);
                (text, written.row, 0)
            }
        };
        looks[0] += u64::from(sealed_form_of(&text) == CellForm::Second);
        looks[1] += u64::from(form_of(&text) == CellForm::Damaged);
        looks[2] += u64::from(form_of(&text) == CellForm::Plain);
        match columns.open(way, column, &text, row) {
            None => refused += 1,
            // A deterministic cell is of its column, not of its row.
            Some(opened) => {
                let of = |made: &&Written| made.texts[way] == text && (way == 2 || made.row == row);
                let made = pool.iter().find(of);
                let made = made.unwrap_or_else(|| panic!("round {round}: nobody wrote this text"));
                assert!(opened == made.cell && column == 0, "round {round}");
                same += 1;
            }
        }
    }
    println!("{count} cells: {refused} refused, {same} as they were written; looks {looks:?}");
    assert!(
        refused > count / 2 && same > count / 100,
        "{refused} {same}"
    );
    assert!(looks.iter().all(|seen| *seen > count / 100), "{looks:?}");
}
