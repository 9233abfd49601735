//! The same people in every dialect: delimiter, quoting, line ends, encoding, compression and
//! standard input must not change a cell, and what the output looks like is the user's choice.

use std::fs::{self, File};

use crate::support::{
    COLUMNS, Scratch, crm, export, fixture, gzip, oracle, person, records, run, run_with_input,
    to_csv, utf16, windows_1252, zstd,
};

/// The output for `input` on standard input, comma-delimited, with a fixed index.
#[track_caller]
fn seeded(input: &[u8], args: &[&str]) -> Vec<u8> {
    let mut command = crm(["-", "-q", "--seed", "7", "--output-delimiter", ","]);
    run_with_input(command.args(args), input).ended(0).out
}

#[test]
fn the_fixture_and_its_twins_give_the_same_bytes() {
    let plain = fs::read(fixture("export_crm.csv")).unwrap();
    let wanted = seeded(&plain, &[]);
    assert_eq!(
        oracle::without_index(&records(&wanted, b',')),
        oracle::table(&records(&plain, b','))
    );
    for name in [
        "export_crm.csv",
        "export_crm_excel.csv",
        "export_crm.csv.gz",
        "export_crm.csv.zst",
        "export_crm_utf16le.csv",
        "export_crm_utf16be.csv",
        "export_crm_bom.csv",
    ] {
        let path = fixture(name);
        let scratch = Scratch::new();
        run(crm(["-q", "--seed", "7", "--output-delimiter", ",", "-o"])
            .arg(scratch.path("out.csv"))
            .arg(&path))
        .ended(0);
        assert!(
            scratch.read("out.csv") == wanted,
            "{name} gives other bytes"
        );
        let piped = seeded(&fs::read(&path).unwrap(), &[]);
        assert!(
            piped == wanted,
            "{name} on standard input gives other bytes"
        );
    }
}

#[test]
fn standard_input_may_be_a_file_that_was_redirected() {
    let scratch = Scratch::new();
    for (name, bytes) in [("plain", export(300)), ("gz", gzip(&export(300)))] {
        let input = scratch.write(name, bytes);
        let redirected =
            run(crm(["-q", "--seed", "7", "-"]).stdin(File::open(&input).unwrap())).ended(0);
        let direct = run(crm(["-q", "--seed", "7"]).arg(&input)).ended(0);
        assert_eq!(redirected.out, direct.out);
    }
}

#[test]
fn every_encoding_and_compression_of_a_larger_file() {
    // Large enough to need several reads and batches.
    let plain = export(4_000);
    let text = String::from_utf8(plain.clone()).unwrap();
    let wanted = seeded(&plain, &[]);
    let bom = [b"\xef\xbb\xbf", plain.as_slice()].concat();
    let dialects: [(&str, Vec<u8>); 10] = [
        ("BOM", bom),
        ("UTF-16 LE", utf16(&text, false)),
        ("UTF-16 BE", utf16(&text, true)),
        ("Windows-1252", windows_1252(&text)),
        ("gzip", gzip(&plain)),
        ("zstd", zstd(&plain)),
        ("gzip of UTF-16 LE", gzip(&utf16(&text, false))),
        ("zstd of Windows-1252", zstd(&windows_1252(&text))),
        ("CRLF", text.replace('\n', "\r\n").into_bytes()),
        ("CR", text.replace('\n', "\r").into_bytes()),
    ];
    for (name, bytes) in dialects {
        assert!(seeded(&bytes, &[]) == wanted, "{name} gives other bytes");
    }
    for delimiter in [b';', b'\t', b'|'] {
        let bytes = to_csv(&COLUMNS, (1..=4_000).map(person), delimiter);
        let name = char::from(delimiter);
        assert!(seeded(&bytes, &[]) == wanted, "{name:?} gives other bytes");
        assert!(
            seeded(&bytes, &["-d", &name.to_string()]) == wanted,
            "-d {name:?} gives other bytes"
        );
    }
}

#[test]
fn parts_of_a_compressed_file_that_were_put_one_behind_the_other_are_all_read() {
    let plain = export(2_000);
    let wanted = seeded(&plain, &[]);
    for cut in [1, 100, 70_000, plain.len() - 1] {
        let (a, b) = plain.split_at(cut);
        assert!(
            seeded(&[gzip(a), gzip(b)].concat(), &[]) == wanted,
            "gzip members at {cut}"
        );
        assert!(
            seeded(&[zstd(a), zstd(b)].concat(), &[]) == wanted,
            "zstd frames at {cut}"
        );
        assert!(
            seeded(&[gzip(b""), gzip(a), gzip(b)].concat(), &[]) == wanted,
            "empty member"
        );
    }
}

#[test]
fn the_first_letters_beyond_ascii_decide_the_encoding_wherever_they_come() {
    // A megabyte of plain ASCII comes first, so no sample of the beginning can decide.
    let filler = (0..20_000).map(|n| vec![format!("metier {n}"), "F".into(), "x".repeat(30)]);
    let ascii = to_csv(&["metier", "sexe", "nom"], filler, b';');
    let tail = "peintre décorateur;F;Zoé\n";
    for bytes in [
        [ascii.as_slice(), tail.as_bytes()].concat(),
        [ascii.as_slice(), &windows_1252(tail)].concat(),
    ] {
        let output = records(&seeded(&bytes, &[]), b',');
        assert_eq!(output.last().unwrap()[1], "peintre décorateur");
        assert_eq!(output.len(), 20_002);
    }
    // UTF-8 was decided by then: what does not fit it later stops the run with its place.
    let mixed = [ascii.as_slice(), tail.as_bytes(), &windows_1252(tail)].concat();
    run_with_input(&mut crm(["-q", "-"]), &mixed)
        .ended(3)
        .says(&["20002", "UTF-8"]);
}

#[test]
fn a_forced_encoding_and_delimiter_are_obeyed() {
    let text = "metier;sexe\ndécorateur;F\n";
    let cp1252 = windows_1252(text);
    for (bytes, name) in [(text.as_bytes(), "utf-8"), (&cp1252, "windows-1252")] {
        let output = seeded(bytes, &["-e", name, "-d", ";"]);
        assert_eq!(records(&output, b',')[1][1], "décorateur");
    }
    run_with_input(&mut crm(["-q", "-", "-e", "utf-8"]), &cp1252).ended(3);
    // One column called `metier;sexe` is not in the table.
    run_with_input(&mut crm(["-q", "-", "-d", ","]), text.as_bytes()).ended(3);
    // A gzip file said to be plain is not a table; a plain file said to be gzip is not gzip.
    let forced = |how: &str, bytes: &[u8]| {
        run_with_input(
            &mut crm(["-q", "-", "--seed", "1", "--compression", how]),
            bytes,
        )
    };
    assert_eq!(
        forced("gzip", &gzip(&cp1252)).ended(0).out.len(),
        forced("none", &cp1252).ended(0).out.len()
    );
    forced("zstd", &zstd(&cp1252)).ended(0);
    assert_ne!(forced("none", &gzip(&cp1252)).code(), 0);
    assert_ne!(forced("gzip", &cp1252).code(), 0);
    assert_ne!(forced("zstd", &gzip(&cp1252)).code(), 0);
}

#[test]
fn the_output_is_utf_8_with_the_input_s_delimiter_and_lf() {
    let text = "metier;sexe;nom\nL’œuvre, à 5 €;F;x\n";
    for bytes in [
        text.as_bytes().to_vec(),
        windows_1252(text),
        utf16(text, false),
    ] {
        let out = run_with_input(&mut crm(["-q", "-"]), &bytes).ended(0).out;
        let out = String::from_utf8(out).unwrap();
        assert!(out.starts_with("Index_rd;metier;sexe\n"), "{out}");
        assert!(out.ends_with(";L’œuvre, à 5 €;F\n"), "{out}");
    }
}

#[test]
fn the_output_s_delimiter_bom_and_line_ends_can_be_chosen() {
    let plain = export(50);
    let wanted = records(&seeded(&plain, &[]), b',');
    for delimiter in [b',', b';', b'\t', b'|'] {
        let name = char::from(delimiter).to_string();
        let out = run_with_input(
            &mut crm(["-q", "--seed", "7", "-", "--output-delimiter", &name]),
            &plain,
        );
        assert_eq!(records(&out.ended(0).out, delimiter), wanted);
    }
    let plainly = seeded(&plain, &[]);
    let bom = seeded(&plain, &["--bom"]);
    assert_eq!(bom, [b"\xef\xbb\xbf", plainly.as_slice()].concat());
    let crlf = String::from_utf8(seeded(&plain, &["--crlf"])).unwrap();
    assert_eq!(crlf.replace("\r\n", "\n").into_bytes(), plainly);
    assert_eq!(crlf.matches('\n').count(), crlf.matches("\r\n").count());
}

#[test]
fn quoted_line_breaks_are_read_as_one_cell_and_kept_where_the_rule_allows() {
    let scratch = Scratch::new();
    let file = b"metier,nom\n\"a\r\nb\",\"x\ny\"\n\"c\rd\",z\n";
    run_with_input(&mut crm(["-q", "-"]), file)
        .ended(3)
        .says(&["record 1", "line 2", "metier"]);
    let rules = scratch.write(
        "multiline.toml",
        "version = 1\nname = \"multiline\"\n\n[columns.metier]\nrule = { keep = { multiline = true } }\n\n\
         [columns.nom]\nrule = \"drop\"\n",
    );
    for end in [&[][..], &["--crlf"]] {
        let out = run_with_input(crm(["-q", "-", "-r"]).arg(&rules).args(end), file)
            .ended(0)
            .out;
        let cells: Vec<String> = records(&out, b',')
            .into_iter()
            .map(|mut r| r.remove(1))
            .collect();
        assert_eq!(cells, ["metier", "a\r\nb", "c\rd"]);
    }
}

#[test]
fn a_quote_inside_an_unquoted_field_is_literal() {
    let output = seeded(
        b"metier,sexe,nom\ntuyau 12\" pose,F,x\na \"b\" c,H,5\" y\n",
        &[],
    );
    let cells: Vec<String> = records(&output, b',')
        .into_iter()
        .map(|mut r| r.remove(1))
        .collect();
    assert_eq!(cells, ["metier", "tuyau 12\" pose", "a \"b\" c"]);
}

#[test]
fn any_number_of_threads_writes_the_same_bytes() {
    let scratch = Scratch::new();
    let mut rows: Vec<Vec<String>> = (1..=6_000).map(person).collect();
    rows[4_321][12] = "45.000".into();
    let input = scratch.write("in.csv", to_csv(&COLUMNS, rows, b','));
    for extra in [
        &["--on-invalid", "skip"][..],
        &["--on-invalid", "blank", "--shuffle"],
    ] {
        let run_on = |threads: &str| {
            let mut command = crm(["-q", "--seed", "3", "-j", threads]);
            run(command.args(extra).arg(&input)).ended(0).out
        };
        let wanted = run_on("1");
        for threads in ["2", "3", "8"] {
            assert!(run_on(threads) == wanted, "-j {threads} {extra:?}");
        }
    }
    let refused = |threads: &str| run(crm(["-j", threads]).arg(&input)).ended(3).err;
    assert_eq!(refused("1"), refused("3"));
}
