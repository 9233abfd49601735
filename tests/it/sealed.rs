//! Files of the second format: what was done to their rows and columns is refused, and what may be done is told;
//! `--verify`, `--whole`, `rekey`; files that were written once and must open for ever.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::protected::{HABILITE, IDENTITE, key, keys, protect, reveal};
use crate::support::system;
use crate::support::system::NOTHING;
use crate::support::{Outcome, Scratch, crm, export, records, run, to_csv};

/// A protected export of twelve rows.
struct Protected {
    scratch: Scratch,
    keys: [PathBuf; 2],
    rows: Vec<Vec<String>>,
}

impl Protected {
    fn new() -> Self {
        let scratch = Scratch::new();
        let keys = keys(&scratch);
        let input = scratch.write("in.csv", export(12));
        protect(&scratch, &input, &keys, "p.csv", &["-q"]).ended(0);
        let rows = records(&scratch.read("p.csv"), b',');
        Self {
            scratch,
            keys,
            rows,
        }
    }

    fn column(&self, name: &str) -> usize {
        let found = self.rows[0].iter().position(|known| known == name);
        found.unwrap_or(self.rows[0].len() - 1)
    }

    fn file(&self, rows: &[Vec<String>]) -> PathBuf {
        let text = to_csv(&rows[0], rows[1..].to_vec(), b',');
        self.scratch.write("altered.csv", text)
    }

    /// What `reveal` says to these rows, with the keys at these positions.
    fn revealed(&self, rows: &[Vec<String>], keys: &[usize], more: &[&str]) -> Outcome {
        let keys: Vec<PathBuf> = keys.iter().map(|at| self.keys[*at].clone()).collect();
        reveal(&self.file(rows), &keys, more)
    }
}

#[test]
fn whatever_was_done_to_a_row_or_a_column_is_refused_by_whoever_has_one_key() {
    let file = Protected::new();
    let (nom, revenus) = (file.column("nom"), file.column("revenus"));
    let (metier, last) = (file.column("metier"), file.column("crm2"));
    let (a, b) = (1, 2);
    type Attack<'a> = dyn Fn(&mut Vec<Vec<String>>) + 'a;
    let swap = |rows: &mut Vec<Vec<String>>, column: usize| {
        let (one, two) = (rows[a][column].clone(), rows[b][column].clone());
        (rows[a][column], rows[b][column]) = (two, one);
    };
    let attacks: [(&str, &str, &Attack<'_>); 17] = cases![
        "an encrypted column as plain text",
        "as it was written",
        &|rows| {
            (1..rows.len()).for_each(|row| rows[row][nom] = "Dupont".to_owned());
        };
        "cells of a column emptied", "as it was written", &|rows| {
            (1..rows.len()).for_each(|row| rows[row][nom].clear());
        };
        "one cell emptied", "as it was written", &|rows| { rows[a][nom].clear() };
        "encrypted cells and index of two rows exchanged",
        "as it was written",
        &|rows| {
            for name in IDENTITE.iter().chain(&HABILITE).chain(&["Index_rd"]) {
                swap(rows, file.column(name));
            }
        };
        "the same with their seals", "as it was written", &|rows| {
            for name in IDENTITE
                .iter()
                .chain(&HABILITE)
                .chain(&["Index_rd", "crm2"])
            {
                swap(rows, file.column(name));
            }
        };
        "a kept cell edited", "as it was written", &|rows| { rows[b][metier] = "juge".to_owned(); };
        "a kept cell emptied", "as it was written", &|rows| { rows[b][metier].clear() };
        "kept cells exchanged", "as it was written", &|rows| { swap(rows, metier) };
        "a kept column renamed", "header", &|rows| { rows[0][metier] = "emploi".to_owned() };
        "names of kept columns exchanged", "as it was written", &|rows| { rows[0].swap(metier, file.column("sexe")); };
        "a column left out", "header", &|rows| { rows.iter_mut().for_each(|row| drop(row.remove(metier))); };
        "a column added", "header", &|rows| { rows.iter_mut().for_each(|row| row.insert(3, "x".to_owned())); };
        "cells of the other role shuffled", "as it was written", &|rows| swap(rows, revenus);
        "cells of the first role shuffled", "as it was written", &|rows| swap(rows, nom);
        "a seal emptied", "no seal", &|rows| rows[b][last].clear();
        "a row added", "as it was written", &|rows| {
            let mut row = rows[a].clone();
            row[0] = "123456789".to_owned();
            rows.push(row);
        };
        "the line of the run altered", "line of its run", &|rows| { rows[0][last].truncate(60); };
    ];
    for (what, part, attack) in attacks {
        let mut rows = file.rows.clone();
        attack(&mut rows);
        assert_ne!(rows, file.rows, "{what}");
        for keys in [&[0][..], &[1], &[0, 1]] {
            for more in [&["-o", NOTHING][..], &["--verify"]] {
                let outcome = file.revealed(&rows, keys, more);
                assert_eq!(
                    outcome.code(),
                    3,
                    "{what} {keys:?} {more:?}: {}",
                    outcome.err
                );
                assert!(outcome.out.is_empty(), "{what}");
                let told = ["encrypted", "does not open", part];
                assert!(
                    told.iter().any(|part| outcome.err.contains(part))
                        && outcome.err.contains("what to do"),
                    "{what}: {}",
                    outcome.err
                );
                if more.contains(&"--verify") {
                    outcome.says(&[part]);
                }
            }
        }
    }
}

#[test]
fn without_its_line_a_file_is_none_of_the_first_format() {
    let file = Protected::new();
    let last = file.column("crm2");
    let mut rows = file.rows.clone();
    rows.iter_mut().for_each(|row| row.truncate(last));
    file.revealed(&rows, &[0, 1], &[])
        .ended(3)
        .says(&["crm2.run."]);
    file.revealed(&rows, &[0, 1], &["--verify"])
        .ended(3)
        .says(&["no seals", "what to do"]);
    let mut other = Protected::new();
    other.keys = file.keys.clone();
    // The line of another run, under other keys.
    rows = file.rows.clone();
    rows[0][last] = other.rows[0][last].clone();
    file.revealed(&rows, &[0], &[])
        .ended(3)
        .says(&["another key"]);
}

#[test]
fn rows_may_be_sorted_and_chosen_and_that_is_told() {
    let file = Protected::new();
    let verify = |rows: &[Vec<String>], more: &[&str]| {
        let more = [&["--verify"], more].concat();
        file.revealed(rows, &[1], &more)
    };
    verify(&file.rows, &["--whole"])
        .ended(0)
        .says(&["12 rows, each as it was written", "all rows are there"]);
    let cases: [(&str, &[usize], &[&str]); 5] = cases![
        "sorted", &[12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], &["order"];
        "chosen", &[2, 3, 12], &["3 of 12 rows are there"];
        "cut", &[1, 2, 3], &["left out"];
        "doubled", &[1, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], &["1 row is there a second time"];
        "the last doubled", &[12, 12], &["1 of 12 rows are there", "second time"];
    ];
    for (what, chosen, parts) in cases {
        let mut rows = vec![file.rows[0].clone()];
        rows.extend(chosen.iter().map(|row| file.rows[*row].clone()));
        let outcome = verify(&rows, &[]);
        assert_eq!(outcome.code(), 0, "{what}: {}", outcome.err);
        outcome.says(parts);
        let opened = file.revealed(&rows, &[0, 1], &[]).ended(0);
        opened.says(parts);
        assert_eq!(records(&opened.out, b',').len(), rows.len(), "{what}");
        for more in [
            &["--verify", "--whole"][..],
            &["--whole", "-o", "whole.csv"],
        ] {
            let mut command = crm(["reveal"]);
            command
                .arg(file.file(&rows))
                .args(more)
                .arg("--key")
                .arg(&file.keys[0]);
            run(command.current_dir(file.scratch.folder()))
                .ended(3)
                .says(&["not whole", "--whole"]);
        }
        assert!(!file.scratch.path("whole.csv").exists());
    }
    // Columns may change places, and a spreadsheet may write the file with other delimiters and line ends.
    let mut turned = file.rows.clone();
    turned.iter_mut().for_each(|row| row.rotate_left(7));
    verify(&turned, &["--whole"]).ended(0);
    let text = String::from_utf8(to_csv(&turned[0], turned[1..].to_vec(), b';')).unwrap();
    let path = file.scratch.write(
        "excel.csv",
        format!("\u{feff}{}", text.replace('\n', "\r\n")),
    );
    reveal(&path, &file.keys, &["--verify", "--whole"]).ended(0);
}

#[test]
fn opened_in_two_steps_a_file_is_sealed_in_between() {
    let file = Protected::new();
    let (whole, step) = (file.scratch.path("p.csv"), file.scratch.path("step.csv"));
    let at_once = reveal(&whole, &file.keys, &["-q"]).ended(0).out;
    let one = reveal(
        &whole,
        &file.keys[..1],
        &["-q", "-o", step.to_str().unwrap()],
    );
    one.ended(0);
    reveal(&step, &file.keys[1..], &["--verify", "--whole"]).ended(0);
    assert!(reveal(&step, &file.keys[1..], &["-q"]).ended(0).out == at_once);
    // Nothing in it is encrypted with the first key any more, but it checks the seals.
    reveal(&step, &file.keys[..1], &["--verify", "--whole"]).ended(0);
    let mut rows = records(&fs::read(&step).unwrap(), b',');
    let (nom, metier) = (file.column("nom"), file.column("metier"));
    for column in [nom, metier] {
        let before = std::mem::replace(&mut rows[3][column], "Dupont".to_owned());
        file.revealed(&rows, &[1], &[]).ended(3);
        rows[3][column] = before;
    }
    file.revealed(&rows, &[1], &["--whole"]).ended(0);
}

#[test]
fn rows_that_a_spreadsheet_has_changed_open_on_demand() {
    let file = Protected::new();
    let (nom, metier) = (file.column("nom"), file.column("metier"));
    let mut rows = file.rows.clone();
    rows[2][metier] = "juge".to_owned();
    file.revealed(&rows, &[0, 1], &[]).ended(3);
    let opened = file.revealed(&rows, &[0, 1], &["--ignore-seals"]).ended(0);
    opened.says(&["1 row is not as it was sealed"]);
    let opened = records(&opened.out, b',');
    assert_eq!(opened[2][metier], "juge");
    // Not what belongs to another row.
    let other = rows[3][nom].clone();
    rows[2][nom] = other;
    file.revealed(&rows, &[0, 1], &["--ignore-seals"]).ended(3);
}

#[test]
fn seals_do_not_depend_on_threads_and_cover_what_passes_and_formats_write() {
    let scratch = Scratch::new();
    let keys = keys(&scratch);
    let input = scratch.write("in.csv", export(2_000));
    let source = records(&fs::read(&input).unwrap(), b',');
    let mut lines = HashSet::new();
    for (name, more) in [
        ("a.csv", &["-j", "1"][..]),
        (
            "b.csv",
            &["-j", "4", "--output-delimiter", ";", "--crlf", "--bom"],
        ),
        ("c.csv.gz", &["--on-leftover", "mask"]),
        ("d.xlsx", &["--seed", "3"]),
        ("e.csv", &["--seed", "3", "--on-invalid", "skip"]),
        ("f.csv", &["--k", "2", "--max-suppressed", "100%"]),
    ] {
        protect(&scratch, &input, &keys, name, &[&["-q"], more].concat()).ended(0);
        let path = scratch.path(name);
        reveal(&path, &keys[..1], &["--verify", "--whole", "-q"]).ended(0);
        let delimiter = ["--output-delimiter", ","];
        let opened = reveal(&path, &keys, &[&["-q"][..], &delimiter].concat()).ended(0);
        let opened = records(&opened.out, b',');
        let nom = opened[0].iter().position(|name| name == "nom").unwrap();
        let known = source[0].iter().position(|name| name == "nom").unwrap();
        if !more.contains(&"--k") {
            assert_eq!(opened.len(), source.len(), "{name}");
            assert!(
                opened
                    .iter()
                    .zip(&source)
                    .all(|(row, before)| row[nom] == before[known])
            );
        }
        if name.ends_with(".csv") {
            let text = String::from_utf8(scratch.read(name)).unwrap();
            let line = text.lines().next().unwrap().to_owned();
            assert!(
                lines.insert(line),
                "each run has a line of its own, whatever its seed"
            );
        }
    }
}

#[test]
fn a_stream_is_sealed_like_a_file() {
    let scratch = Scratch::new();
    let keys = keys(&scratch);
    let input = scratch.write("in.csv", export(3_000));
    let mut command = crm(["-r", "protection", "-q"]);
    command.arg(&input);
    keys.iter()
        .for_each(|key| _ = command.arg("--key").arg(key));
    let file = scratch.write("piped.csv", run(&mut command).ended(0).out);
    reveal(&file, &keys, &["--verify", "--whole", "-q"]).ended(0);
}

#[test]
fn a_role_gets_another_key_in_one_pass() {
    let file = Protected::new();
    let scratch = &file.scratch;
    let (whole, new) = (scratch.path("p.csv"), key(scratch, "identite", "new.key"));
    let at_once = reveal(&whole, &file.keys, &["-q"]).ended(0).out;
    let rekey = |input: &Path, old: &Path, to: &Path, output: &str| {
        let mut command = crm(["rekey"]);
        command.arg(input).arg("--key").arg(old).arg("--to").arg(to);
        run(command.arg("-o").arg(scratch.path(output)))
    };
    rekey(&whole, &file.keys[0], &new, "new.csv")
        .ended(0)
        .says(&[
            "encrypted again: `num_ss` (identite)",
            "left as they are: `revenus`",
        ]);
    let written = scratch.path("new.csv");
    let both = [new.clone(), file.keys[1].clone()];
    assert!(reveal(&written, &both, &["-q", "--whole"]).ended(0).out == at_once);
    for key in [&new, &file.keys[1]] {
        reveal(
            &written,
            std::slice::from_ref(key),
            &["--verify", "--whole"],
        )
        .ended(0);
    }
    reveal(&written, &file.keys[..1], &["--verify"])
        .ended(3)
        .says(&["another key"]);
    // No text of the old file is in the new one, but for what is kept or of the other role.
    let (before, after) = (&file.rows, records(&scratch.read("new.csv"), b','));
    for (row, cells) in after.iter().enumerate().skip(1) {
        for (column, cell) in cells.iter().enumerate() {
            let name = before[0][column].as_str();
            let renewed = IDENTITE.contains(&name) || name.starts_with("crm2.run.");
            let same = *cell == before[row][column];
            assert!(same != renewed || cell.is_empty(), "{name} of row {row}");
        }
    }
    let other = key(scratch, "autre", "other.key");
    for (old, to, code, part) in [
        (&file.keys[0], &file.keys[0], 2, "one key"),
        (&file.keys[0], &file.keys[1], 2, "two roles"),
        (&new, &file.keys[0], 3, "another key"),
    ] {
        rekey(&whole, old, to, "no.csv").ended(code).says(&[part]);
    }
    let another = key(scratch, "autre", "another.key");
    rekey(&whole, &other, &another, "no.csv")
        .ended(3)
        .says(&["opens no column"]);
    rekey(&whole, &file.keys[0], &new, "p.csv")
        .ended(2)
        .says(&["two different files"]);
    assert!(!scratch.path("no.csv").exists());
    assert_eq!(records(&scratch.read("p.csv"), b','), file.rows);
}

/// Files of both formats that were written once. Their keys protect nothing else.
#[test]
fn what_was_written_once_opens_for_ever() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/protection/vectors");
    let scratch = Scratch::new();
    let keys = ["identite.key", "habilite.key"].map(|name| {
        let path = scratch.write(name, fs::read(folder.join(name)).unwrap());
        system::close(&path);
        path
    });
    let source = records(&fs::read(folder.join("source.csv")).unwrap(), b',');
    for name in ["first.csv", "sealed.csv"] {
        let file = folder.join(name);
        let outcome = reveal(&file, &keys, &[]).ended(0);
        let opened = records(&outcome.out, b',');
        assert_eq!(opened.len(), source.len());
        for (row, before) in opened.iter().zip(&source).skip(1) {
            assert_eq!(row[1..5], before[..4], "{name}");
        }
        assert_eq!(
            opened[0][1..],
            ["nom", "metier", "Adresse (domicile)", "ville", "id_client"]
        );
        let verified = reveal(&file, &keys[..1], &["--verify", "--whole"]);
        assert_eq!(
            verified.code(),
            if name == "first.csv" { 3 } else { 0 },
            "{}",
            verified.err
        );
        // The codes were made with the key of `identite`, and say so in a sealed file.
        for (role, at, code) in [
            ("habilite", 1, 0),
            ("identite", 0, if name == "first.csv" { 0 } else { 3 }),
        ] {
            let to = key(&scratch, role, &format!("{name}.{role}"));
            let output = scratch.path(&format!("{role}.{name}"));
            let mut command = crm(["rekey"]);
            command
                .arg(&file)
                .arg("--key")
                .arg(&keys[at])
                .arg("--to")
                .arg(&to);
            let outcome = run(command.arg("-o").arg(&output)).ended(code);
            if code == 3 {
                outcome.says(&["hashes or tokens", "protect the source again"]);
                continue;
            }
            let other = keys[1 - at].clone();
            let again = reveal(&output, &[to, other], &["-q"]).ended(0);
            assert_eq!(records(&again.out, b','), opened, "{name} {role}");
        }
    }
}
