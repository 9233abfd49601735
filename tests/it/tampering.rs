//! A protected file that was altered: whatever was done to it, it is refused and nothing is written.

use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use crate::support::protected::{
    HABILITE, IDENTITE, is_encrypted, key, keys, protect, protected_fixture, reveal,
};
use crate::support::{Dice, Scratch, export, records, to_csv};
use crm_anon::inside::{
    Ending as _, EngineError as Error, IndexColumn, KeyRing, Ledger, Opening, Options,
    OutputFormat, Part, Reader, Revealer, Shown, Task, pass,
};

/// The header of a file, and its keys.
struct Header<'a> {
    keys: &'a KeyRing,
    names: Vec<String>,
    shown: Vec<Shown>,
}

impl<'a> Header<'a> {
    fn new(text: &[u8], keys: &'a KeyRing) -> Result<Self, Error> {
        let reader = reader(text)?;
        Ok(Self {
            keys,
            names: reader.header().to_vec(),
            shown: reader.shown_header().to_vec(),
        })
    }

    fn opening(&self) -> Result<Opening<'_>, Error> {
        let format = OutputFormat {
            delimiter: b',',
            crlf: false,
            mark: false,
        };
        let index = IndexColumn {
            name: "Index_rd",
            named: false,
            without: false,
        };
        Opening::new(
            self.keys,
            &self.names,
            &self.shown,
            format,
            &index,
            &[],
            &Task::Open,
        )
    }

    /// What `reveal` does, without a process: the number of rows that were opened, or the refusal.
    fn opened(&self, opening: &Opening<'_>, text: &[u8]) -> Result<u64, Error> {
        let mut reader = reader(text)?;
        assert_eq!(reader.header(), self.names);
        let mut ledger = Ledger::new(self.names.len());
        let workers = vec![Revealer::new(opening)];
        pass(&mut reader, workers, &mut |part: &mut Part| {
            ledger.add(part)
        })?;
        for key in self.keys.keys() {
            if ledger
                .protected()
                .all(|(_, role)| role != key.role().as_str())
            {
                return Err(Error::OpensNothing(key.role().clone()));
            }
        }
        Ok(ledger.rows())
    }
}

fn reader(text: &[u8]) -> Result<Reader, Error> {
    let options = Options {
        batch: 4096,
        ..Options::default()
    };
    Ok(Reader::open(Box::new(Cursor::new(text.to_vec())), options)?)
}

fn opened(text: &[u8], keys: &KeyRing) -> Result<u64, Error> {
    let header = Header::new(text, keys)?;
    header.opened(&header.opening()?, text)
}

/// A small export, protected, and its keys.
fn small(scratch: &Scratch, keys: &[PathBuf], rows: u64) -> Vec<u8> {
    let input = scratch.write("small.csv", export(rows));
    protect(scratch, &input, keys, "small_protected.csv", &["-q"]).ended(0);
    scratch.read("small_protected.csv")
}

/// Where the encrypted cells of a file are, by bytes.
fn cells(text: &[u8]) -> Vec<std::ops::Range<usize>> {
    let text = std::str::from_utf8(text).unwrap();
    let ends = text.match_indices([',', '\n']).map(|(at, _)| at);
    let mut start = 0;
    let fields = ends.map(|end| std::mem::replace(&mut start, end + 1)..end);
    fields
        .filter(|field| is_encrypted(&text[field.clone()]))
        .collect()
}

#[test]
fn every_byte_of_ten_rows_counts() {
    let scratch = Scratch::new();
    let paths = keys(&scratch);
    let text = small(&scratch, &paths, 10);
    let keys = KeyRing::read(&paths).unwrap();
    assert_eq!(opened(&text, &keys).unwrap(), 10);
    let cells = cells(&text);
    assert_eq!(cells.len(), 10 * (IDENTITE.len() + HABILITE.len()));
    let header = Header::new(&text, &keys).unwrap();
    let opening = header.opening().unwrap();
    let mut dice = Dice(7);
    let mut flips = 0;
    let lines: Vec<&str> = std::str::from_utf8(&text).unwrap().lines().collect();
    for (row, line) in lines.iter().enumerate().skip(1) {
        // The cell is the first of its column or, under another row, it is not.
        let (names, other) = (lines[0], lines[1 + row % 10]);
        let (small, start) = match row % 2 {
            0 => (format!("{names}\n{line}\n{other}\n"), names.len() + 1),
            _ => (
                format!("{names}\n{other}\n{line}\n"),
                names.len() + other.len() + 2,
            ),
        };
        // Encrypted cells, kept ones, the index, the seal and the delimiters between them.
        for at in start..start + line.len() {
            let mut altered = small.clone().into_bytes();
            altered[at] ^= 1 << dice.below(8);
            let error = header
                .opened(&opening, &altered)
                .expect_err("a flipped bit");
            assert_eq!(error.exit_status(), 3, "byte {at}: {error}");
            flips += 1;
        }
    }
    assert!(flips > 6_000, "{flips}");
}

/// The seal of a row covers the cells of all roles: whoever has one key sees what was done to the others' cells.
#[test]
fn a_flip_in_a_closed_cell_is_noticed_without_its_key() {
    let scratch = Scratch::new();
    let paths = keys(&scratch);
    let text = small(&scratch, &paths, 2);
    let habilite = KeyRing::read(&paths[1..]).unwrap();
    let header = Header::new(&text, &habilite).unwrap();
    let opening = header.opening().unwrap();
    assert_eq!(header.opened(&opening, &text).unwrap(), 2);
    for cell in cells(&text) {
        for at in cell {
            for bit in [0, 1, 4] {
                let mut altered = text.clone();
                altered[at] ^= 1 << bit;
                let error = header.opened(&opening, &altered).expect_err("a flip");
                assert_eq!(error.exit_status(), 3, "{error}");
            }
        }
    }
}

#[test]
fn cells_that_changed_places_are_refused() {
    let scratch = Scratch::new();
    let paths = keys(&scratch);
    let text = small(&scratch, &paths, 12);
    let keys = KeyRing::read(&paths).unwrap();
    let rows = records(&text, b',');
    let other = records(&small(&scratch, &paths, 12), b',');
    let written = |rows: &[Vec<String>]| to_csv(&rows[0], rows[1..].to_vec(), b',');
    let column = |name: &str| rows[0].iter().position(|known| known == name).unwrap();
    let refused = |what: &str, rows: &[Vec<String>]| {
        let error = opened(&written(rows), &keys).expect_err(what);
        assert_eq!(error.exit_status(), 3, "{what}: {error}");
    };
    let mut dice = Dice(11);
    for _ in 0..60 {
        let name = dice.pick(&[&IDENTITE[..], &HABILITE[..]].concat());
        let (a, b, at) = (1 + dice.below(12), 1 + dice.below(12), column(name));
        let second = column(dice.pick(&[&IDENTITE[..], &HABILITE[..]].concat()));
        if a != b {
            let mut swapped = rows.clone();
            swapped[a][at] = rows[b][at].clone();
            refused("a copy from another row", &swapped);
            swapped[b][at] = rows[a][at].clone();
            refused("a swap of rows", &swapped);
            let mut index = rows.clone();
            index[a][0] = rows[b][0].clone();
            index[b][0] = rows[a][0].clone();
            refused("a swap of indexes", &index);
        }
        if at != second {
            let mut swapped = rows.clone();
            swapped[a].swap(at, second);
            refused("a swap of columns", &swapped);
        }
        let mut foreign = rows.clone();
        foreign[a][at] = other[a][at].clone();
        refused("a cell of another run", &foreign);
        foreign[a] = other[a].clone();
        refused("a row of another run", &foreign);
        let mut renamed = rows.clone();
        renamed[0].swap(at, second);
        if at != second {
            refused("a swap of names", &renamed);
        }
        let mut plain = rows.clone();
        plain[a][at] = "Marie".to_owned();
        refused("a cell that is not encrypted", &plain);
        let mut kept = rows.clone();
        kept[a][column("metier")] = rows[a][at].clone();
        refused("an encrypted cell among others", &kept);
    }
    // What does no harm: whole rows and whole columns in another order.
    let mut moved = rows.clone();
    moved[1..].reverse();
    for row in &mut moved {
        row.rotate_left(5);
    }
    assert_eq!(opened(&written(&moved), &keys).unwrap(), 12);
}

#[test]
fn a_refused_file_leaves_nothing_and_an_old_one_as_it_was() {
    let scratch = Scratch::new();
    let paths = keys(&scratch);
    let file = protected_fixture(&scratch, &paths, "protected.csv");
    let text = fs::read(&file).unwrap();
    let output = scratch.write("old.csv", "old");
    let more = ["-o", output.to_str().unwrap()];
    let names = scratch.names();
    let mut dice = Dice(3);
    let cells = cells(&text);
    for _ in 0..12 {
        let cell = cells[dice.below(cells.len())].clone();
        let mut altered = text.clone();
        altered[cell.start + dice.below(cell.len())] ^= 1 << dice.below(6);
        fs::write(&file, altered).unwrap();
        let outcome = reveal(&file, &paths, &more).ended(3);
        outcome.says(&["record ", "line ", "what to do"]);
        let secret = std::str::from_utf8(&text[cell.start + 20..cell.start + 40]).unwrap();
        assert!(!outcome.err.contains(secret), "{}", outcome.err);
        assert_eq!(
            (scratch.names(), scratch.read("old.csv")),
            (names.clone(), b"old".to_vec())
        );
    }
    fs::write(&file, &text).unwrap();
    let wrong = key(&scratch, "identite", "wrong.key");
    let absent = key(&scratch, "absent", "absent.key");
    for (what, keys, part) in [
        (
            "another key of the role",
            vec![wrong.clone(), paths[1].clone()],
            "another key of the role",
        ),
        (
            "a key for nothing",
            vec![paths[0].clone(), absent],
            "opens no column",
        ),
    ] {
        let outcome = reveal(&file, &keys, &more).ended(3);
        outcome.says(&[part]);
        assert_eq!(scratch.read("old.csv"), b"old", "{what}");
    }
    reveal(&file, &paths, &more).ended(0);
    assert_ne!(scratch.read("old.csv"), b"old");
}
