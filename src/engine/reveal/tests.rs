//! Opening small files of the first format from memory.

use super::*;
use crate::base::error::Coded;
use crate::crypto::cells::Origin;
use crate::crypto::cells::RunId;
use crate::crypto::keys::known;
use crate::engine;
use crate::io::csv::{Options, Reader};
use crate::io::error::Error as IoError;

fn keys(known_keys: &[(&str, u8)]) -> KeyRing {
    let mut ring = KeyRing::default();
    for (role, byte) in known_keys {
        ring.add(std::path::Path::new(role), known(role, *byte))
            .unwrap();
    }
    ring
}

fn sealed(role: (&str, u8), method: Method, column: (&str, u32), row: u64, cell: &str) -> String {
    let cipher = ColumnCipher::new(&known(role.0, role.1), method, column.0).unwrap();
    let origin = Origin {
        run: RunId([4; 12]),
        column: column.1,
        row,
    };
    let mut out = Vec::new();
    cipher.seal(cell.as_bytes(), origin, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The file with everything that `ring` opens opened, or why it is refused.
fn revealed(text: &str, ring: &KeyRing, without: bool) -> Result<String, Error> {
    let options = Options {
        batch: 300,
        ..Options::default()
    };
    let source = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
    let mut reader = Reader::open(source, options)?;
    let (header, shown) = (reader.header().to_vec(), reader.shown_header().to_vec());
    let format = OutputFormat {
        delimiter: b',',
        crlf: false,
        mark: false,
    };
    let index = IndexColumn {
        name: "Index_rd",
        named: false,
        without,
    };
    let opening = Opening::new(ring, &header, &shown, format, &index, &[], &Task::Open)?;
    let mut out = Vec::new();
    opening.write_header(&mut out);
    let mut ledger = Ledger::new(header.len());
    let workers = vec![Revealer::new(&opening), Revealer::new(&opening)];
    engine::run(&mut reader, workers, &mut |part| {
        ledger.add(part)?;
        out.extend_from_slice(&part.rows);
        Ok::<(), Error>(())
    })?;
    Ok(String::from_utf8(out).unwrap())
}

fn code(refused: Result<String, Error>) -> &'static str {
    match refused {
        Err(Error::Unopened { why, .. }) => why.code(),
        Err(Error::Io(IoError::Refused(refusal))) => refusal.reason.code(),
        Err(error) => panic!("{error}"),
        Ok(text) => panic!("opened: {text}"),
    }
}

const A: (&str, u8) = ("a", 1);

fn nom(row: u64, cell: &str) -> String {
    sealed(A, Method::Random, ("nom", 2), row, cell)
}

#[test]
fn cells_come_back_as_they_were() {
    let alike = |cell| sealed(A, Method::Deterministic, ("ville", 5), 0, cell);
    let other = |row, cell| sealed(("b", 2), Method::Random, ("paie", 3), row, cell);
    let mut text = "Index_rd,nom,ville,paie,note\n".to_owned();
    let mut expected = text.clone();
    let mut without = "nom,ville,paie,note\n".to_owned();
    for row in 1..20 {
        let (name, town) = (format!("Nom, \"{row}\"\n"), "NULL");
        let (sealed_name, sealed_pay) = match row % 5 {
            0 => (String::new(), String::new()),
            _ => (nom(row, &name), other(row, "1 000")),
        };
        let quoted = match row % 5 {
            0 => String::new(),
            _ => format!("\"Nom, \"\"{row}\"\"\n\""),
        };
        text += &format!("{row},{sealed_name},{},{sealed_pay},\"a,b\"\n", alike(town));
        let back = format!("{quoted},{town},{sealed_pay},\"a,b\"\n");
        expected += &format!("{row},{back}");
        without += &back;
    }
    assert_eq!(revealed(&text, &keys(&[A]), false).unwrap(), expected);
    assert_eq!(revealed(&text, &keys(&[A]), true).unwrap(), without);
    assert_eq!(revealed(&text, &keys(&[]), false).unwrap(), text);
    let both = revealed(&text, &keys(&[A, ("b", 2)]), false).unwrap();
    assert_eq!(both.matches("1 000").count(), 16);
}

#[test]
fn what_was_moved_or_altered_is_refused() {
    let file = |cells: &[(u64, String)]| {
        let rows = cells.iter().map(|(row, cell)| format!("{row},{cell},x\n"));
        format!("Index_rd,nom,autre\n{}", rows.collect::<String>())
    };
    let of = |role, method, column, cell| sealed(role, method, column, 2, cell);
    let run = {
        let cipher = ColumnCipher::new(&known("a", 1), Method::Random, "nom").unwrap();
        let origin = Origin {
            run: RunId([5; 12]),
            column: 2,
            row: 2,
        };
        let mut out = Vec::new();
        cipher.seal(b"x", origin, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    let good = nom(2, "x");
    for (second, expected) in [
        (nom(3, "x"), "other_row"),
        (of(("a", 9), Method::Random, ("nom", 2), "x"), "other_key"),
        (of(A, Method::Random, ("autre", 2), "x"), "altered"),
        (of(A, Method::Random, ("nom", 3), "x"), "other_column"),
        (of(A, Method::Deterministic, ("nom", 2), "x"), "mixed"),
        (of(("b", 1), Method::Random, ("nom", 2), "x"), "mixed"),
        (run, "other_run"),
        ("Dupont".to_owned(), "mixed"),
        (good.replacen("crm1", "crm2", 1), "damaged"),
        (good.get(1..).unwrap().to_owned(), "damaged"),
        (format!("{good}A"), "damaged"),
        (good.replacen('.', ",", 1), "width"),
    ] {
        // Beside the first of the column, in its batch and in a later one.
        for rows_between in [0, 30] {
            let mut cells = vec![(1, nom(1, "y"))];
            cells.extend((0..rows_between).map(|row| (row + 10, nom(row + 10, "z"))));
            cells.push((2, second.clone()));
            assert_eq!(
                code(revealed(&file(&cells), &keys(&[A]), false)),
                expected,
                "{second}"
            );
        }
    }
    // A role whose key was not given hides nothing of one that was.
    let renamed = good.replacen(".a.", ".c.", 1);
    assert_eq!(
        code(revealed(&file(&[(2, renamed)]), &keys(&[A]), false)),
        "other_role"
    );
    let cut = of(("c", 7), Method::Random, ("nom", 2), "x").replacen('.', "..", 3);
    assert_eq!(
        code(revealed(&file(&[(2, cut)]), &keys(&[A]), false)),
        "damaged"
    );
}

#[test]
fn the_index_column_is_needed_where_cells_are_bound_to_rows() {
    let random = nom(2, "x");
    let alike = sealed(A, Method::Deterministic, ("nom", 2), 0, "x");
    let ring = keys(&[A]);
    assert_eq!(
        code(revealed(&format!("n,nom\n2,{random}\n"), &ring, false)),
        "no_index_column"
    );
    assert_eq!(
        code(revealed(
            &format!("Index_rd,nom\nx,{random}\n"),
            &ring,
            false
        )),
        "index_no_number"
    );
    for (index, expected) in [
        ("1.23457E+14", "index_rounded"),
        ("1E+14", "index_rounded"),
        ("\"1,23457E+14\"", "index_rounded"),
        ("1.2.3E+14", "index_no_number"),
        ("E+14", "index_no_number"),
        ("12E", "index_no_number"),
        ("1.0", "index_no_number"),
    ] {
        let text = format!("Index_rd,nom\n{index},{random}\n");
        assert_eq!(code(revealed(&text, &ring, false)), expected, "{index}");
    }
    assert_eq!(
        revealed(&format!("n,nom\n2,{alike}\n"), &ring, false).unwrap(),
        "n,nom\n2,x\n"
    );
    let error = revealed(&format!("n,nom\n2,{alike}\n"), &ring, true).unwrap_err();
    assert!(matches!(error, Error::NoSuchColumn(_)), "{error}");
    let doubled = format!("Index_rd,index-rd,nom\n2,2,{random}\n");
    assert!(matches!(
        revealed(&doubled, &ring, false),
        Err(Error::TwoColumns(_))
    ));
}

#[test]
fn two_columns_of_one_name_cannot_be_one_anothers_copies() {
    let left = |row| sealed(A, Method::Random, ("nom", 2), row, "l");
    let right = |row| sealed(A, Method::Random, ("nom", 3), row, "r");
    let text = format!("Index_rd,nom,nom\n1,{},{}\n", left(1), right(1));
    assert_eq!(
        revealed(&text, &keys(&[A]), false).unwrap(),
        "Index_rd,nom,nom\n1,l,r\n"
    );
    let copied = format!("Index_rd,nom,nom\n1,{},{}\n", left(1), left(1));
    assert_eq!(code(revealed(&copied, &keys(&[A]), false)), "other_column");
    let swapped = format!(
        "Index_rd,nom,nom\n1,{},{}\n2,{},{}\n",
        left(1),
        right(1),
        right(2),
        left(2)
    );
    assert_eq!(code(revealed(&swapped, &keys(&[A]), false)), "other_column");
}
