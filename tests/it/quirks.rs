//! What spreadsheets and old systems put into CSV files, through every command: a line that names
//! the delimiter, titles, delimiters behind the last column, cells written as `="…"`, ^Z, line breaks in
//! names, and the encodings of Windows, Unix, the Mac and DOS.

use std::io::Write as _;

use crate::support::{Outcome, Scratch, crm, fixture, run};

/// Runs the main job on a file with some content; gives the output and how it ended.
fn job(content: &[u8], options: &[&str]) -> (String, Outcome) {
    let scratch = Scratch::new();
    let input = scratch.write("in.csv", content);
    let output = scratch.path("out.csv");
    let mut command = crm([input.as_os_str(), "-o".as_ref(), output.as_os_str()]);
    let outcome = run(command.args(options));
    let out = std::fs::read_to_string(&output).unwrap_or_default();
    // Without the index, which is another every time.
    let rows = out.lines().map(|line| {
        let cut = line.find([',', ';', '\t', '|', ':']).map_or(0, |at| at + 1);
        format!("{}\n", &line[cut..])
    });
    (rows.collect(), outcome)
}

fn case(name: &str) -> Vec<u8> {
    std::fs::read(fixture(&format!("cases/{name}.csv"))).unwrap()
}

fn utf16(text: &str, big_endian: bool) -> Vec<u8> {
    let units = format!("\u{feff}{text}");
    let bytes = units.encode_utf16().flat_map(|unit| match big_endian {
        true => unit.to_be_bytes(),
        false => unit.to_le_bytes(),
    });
    bytes.collect()
}

#[test]
fn every_case_is_read_and_told_once() {
    for (name, rows, told) in cases![
        "sep_line",
        "metier;sexe;Annee_naissance;Code_postal\n\
         boulanger;F;1980;69003\nplombier;H;1975;44000\n",
        Some("the first line names the delimiter (sep=;)");
        "title_lines",
        "sexe;Annee_naissance;Code_postal\nF;1980;69003\nH;1970;75001\n",
        Some("3 lines above the header");
        "trailing_delimiter", "sexe;formation\nF;bac\nH;cap\n", Some("every row ends with a delimiter");
        "formula_quoted",
        "sexe;Annee_naissance;Tranche_revenus;Enfant(s)?;Code_postal\n\
         F;1980;0-20000;oui;69003\n",
        Some("6 cells are written as =\"…\"");
        "header_line_break", "Annee_naissance,formation\n1980,bac\n", Some("`Nom\\nclient`");
        "cp850",
        "metier;sexe;Annee_naissance;Code_postal;formation\n\
         élève;F;1980;69003;lycée\nretraité;H;1945;38000;collège\n",
        None;
        "latin9",
        "metier;sexe;Annee_naissance;Code_postal;formation\n\
         élève;F;1980;69003;lycée\nretraité;H;1945;38000;collège\nœuvrier;F;1980;75001;5€\n",
        None;
    ] {
        let (out, outcome) = job(&case(name), &[]);
        let outcome = outcome.ended(0);
        assert_eq!(out, rows, "{name}");
        if let Some(told) = told {
            assert_eq!(
                outcome.err.matches(told).count(),
                1,
                "{name}: {}",
                outcome.err
            );
        }
        for word in ["Export", "Marie", "Leroy", "12/03"] {
            assert!(!outcome.err.contains(word), "{name}: {}", outcome.err);
        }
    }
}

#[test]
fn every_command_reads_every_case() {
    for name in [
        "sep_line", "title_lines", "trailing_delimiter", "formula_quoted", "header_line_break",
        "cp850", "latin9", "macroman",
    ] {
        let path = fixture(&format!("cases/{name}.csv"));
        let path = path.as_os_str();
        let inspected = run(crm(["inspect".as_ref(), path]).args(["--lang", "en"])).ended(0);
        let text = inspected.text();
        let encoding = match name {
            "cp850" => "CP850",
            "latin9" => "ISO-8859-15",
            "macroman" => "MacRoman",
            _ => "delimiter",
        };
        assert!(text.contains(encoding), "{name}: {text}");
        let suggested = run(crm(["inspect".as_ref(), path]).arg("--suggest")).ended(0);
        toml_has_no_break(&suggested.text());
        let audited = run(crm(["audit".as_ref(), path]).args(["--quasi", "sexe"]));
        match name {
            "header_line_break" => audited.ended(2),
            _ => audited.ended(0),
        };
        let sql = crm(["sql", "--dialect", "duckdb", "--csv"])
            .arg(path)
            .output();
        let code = sql.unwrap().status.code();
        // An engine would read all of these otherwise, or cannot be told such a name.
        let expected = if name == "header_line_break" { 2 } else { 3 };
        assert_eq!(code, Some(expected), "{name}");
    }
}

fn toml_has_no_break(table: &str) {
    for line in table.lines().filter(|line| line.starts_with("[columns.")) {
        assert!(line.ends_with("\"]") && !line.contains("\\n"), "{line}");
    }
}

#[test]
fn names_in_the_encoding_of_a_mac_are_understood() {
    let path = fixture("cases/macroman.csv");
    let table = run(crm(["inspect".as_ref(), path.as_os_str()]).arg("--suggest")).ended(0);
    let text = table.text();
    for name in ["Santé", "sécurité sociale", "Prénom", "Téléphone"] {
        let at = text
            .find(&format!("{name}\"]"))
            .unwrap_or_else(|| panic!("{name}: {text}"));
        let rule = text[at..].lines().nth(1).unwrap();
        assert!(
            rule.starts_with("rule = ") && rule.contains("drop"),
            "{name}: {rule}"
        );
    }
}

#[test]
fn a_line_that_names_the_delimiter_decides_it() {
    let text = "sexe;formation;metier\nF;a,b;c,d\nH;e,f;g,h\n";
    let expected = "sexe;formation;metier\nF;a,b;c,d\nH;e,f;g,h\n";
    for sep in [
        "sep=;\n", "sep=;\r\n", "SEP=;\n", "\"sep=;\"\n", "sep=;;;\n",
    ] {
        let text = format!("{sep}{text}");
        for (how, bytes) in [
            ("plain", text.clone().into_bytes()),
            ("mark", format!("\u{feff}{text}").into_bytes()),
            (
                "mark behind",
                text.replacen('\n', "\n\u{feff}", 1).into_bytes(),
            ),
            ("UTF-16LE", utf16(&text, false)),
            ("UTF-16BE", utf16(&text, true)),
        ] {
            let (out, outcome) = job(&bytes, &[]);
            outcome.ended(0).says(&["sep=;"]);
            assert_eq!(out, expected, "{sep:?}, {how}");
        }
    }
    for delimiter in [",", "\t", "|", ":"] {
        let text = text.replace(',', "/").replace(';', delimiter);
        let (out, outcome) = job(format!("sep={delimiter}\n{text}").as_bytes(), &[]);
        outcome.ended(0);
        assert_eq!(out, text, "{delimiter:?}");
    }
    let (out, _) = job(b"sep=;\nsexe,formation\nF,a\n", &["-d", ","]);
    assert_eq!(out, "sexe,formation\nF,a\n", "what is said counts");
    job(b"sep=;\n", &[]).1.ended(3).says(&["empty"]);
}

#[test]
fn lines_of_a_title_are_skipped_and_places_count_them() {
    let file =
        "Export \"clients\nSecret Dupont\n\nsexe;date_naissance\nF;12/03/1980\nH;pas une date\n";
    let (_, outcome) = job(file.as_bytes(), &[]);
    let outcome = outcome.ended(3);
    outcome.says(&["record 2 (line 6 of the file)", "3 lines above the header"]);
    assert!(!outcome.err.contains("Dupont"), "{}", outcome.err);
    let forced = "couleur;sexe\nx;y\nsexe;formation\nF;bac\n";
    let (out, outcome) = job(forced.as_bytes(), &["--skip-lines", "2"]);
    outcome.ended(0).says(&["2 lines above the header"]);
    assert_eq!(out, "sexe;formation\nF;bac\n");
    let (_, outcome) = job(&case("title_lines"), &["--skip-lines", "0"]);
    assert!(!outcome.ended(3).err.contains("Export"));
    job(b"sexe\nF\n", &["--skip-lines", "2"])
        .1
        .ended(3)
        .says(&["nothing is left"]);
    // Rows above a header are people.
    let rows = "Anna Petit;F;bac\nLuc Roy;H;cap\nnom;sexe;formation\nZ;F;bts\n";
    let outcome = job(rows.as_bytes(), &[]).1.ended(3);
    assert!(!outcome.err.contains("Anna"), "{}", outcome.err);
}

#[test]
fn trailing_delimiters_are_ignored_on_every_row_or_on_none() {
    for (case, file, code, rows) in cases![
        "one", "sexe;formation\nF;a;\nH;b;\n", 0, "sexe;formation\nF;a\nH;b\n";
        "two", "sexe;formation\nF;a;;\nH;b;;\n", 0, "sexe;formation\nF;a\nH;b\n";
        "CRLF", "sexe;formation\r\nF;a;\r\nH;b;\r\n", 0, "sexe;formation\nF;a\nH;b\n";
        "empty cells", "sexe;formation\nF;;\n;b;\n", 0, "sexe;formation\nF;\n;b\n";
        "quoted", "sexe;formation\n\"F\";\"a;b\";\n", 0, "sexe;formation\nF;\"a;b\"\n";
        "no line end", "sexe;formation\nF;a;\nH;b;", 0, "sexe;formation\nF;a\nH;b\n";
        "on the header too", "sexe;formation;\nF;a;\n", 0, "sexe;formation\nF;a\n";
        "not on the last row", "sexe;formation\nF;a;\nH;b\n", 3, "";
        "not on the first row", "sexe;formation\nF;a\nH;b;\n", 3, "";
        "a cell behind it", "sexe;formation\nF;a;\nH;b;c\n", 3, "";
    ] {
        let (out, outcome) = job(file.as_bytes(), &[]);
        outcome.ended(code);
        assert_eq!(out, rows, "{case}");
    }
    // Where a row lacks it, no policy guesses.
    let mixed = b"sexe;formation\nF;a;\nH;b\n";
    job(mixed, &["--on-invalid", "skip"])
        .1
        .ended(3)
        .says(&["record 2 (line 3 of the file)"]);
}

#[test]
fn text_formulas_are_their_text_wherever_they_stand() {
    let file = "=\"sexe\";\"=\"\"formation\"\"\";metier;=\"date_naissance\"\n\
                =\"F\";\"=\"\"a \"\"\"\"b\"\"\"\" c\"\"\";=\"x\"\"y\";=\"1980-03-12\"\n\
                H;=\"\";\"=\"\"é;ü\"\"\";12/03/1970\n";
    let expected = "sexe;formation;metier;Annee_naissance\n\
                    F;\"a \"\"b\"\" c\";\"x\"\"y\";1980\nH;;\"é;ü\";1970\n";
    let latin = |text: &str| text.chars().map(|c| c as u32 as u8).collect::<Vec<u8>>();
    for (how, bytes) in [
        ("UTF-8", file.as_bytes().to_vec()),
        ("Windows", latin(file)),
    ] {
        let (out, outcome) = job(&bytes, &[]);
        outcome.ended(0).says(&["cells are written as ="]);
        assert_eq!(out, expected, "{how}");
        let (out, outcome) = job(&bytes, &["--output-delimiter", ","]);
        outcome.ended(0);
        assert!(out.contains("\nH,,é;ü,1970\n"), "{how}: {out}");
    }
    // Other formulas are content, and a delimiter in the text never shifts cells.
    let other = "sexe;formation;metier\n=\"a\"&\"b\";=1+1;x=\"1\"\n";
    assert_eq!(
        job(other.as_bytes(), &["--on-leftover", "warn"]).0,
        "sexe;formation;metier\n\"=\"\"a\"\"&\"\"b\"\"\";=1+1;\"x=\"\"1\"\"\"\n"
    );
    let cut = "sexe;formation;metier\nF;b;c\n=\"a;b\";c\n";
    let outcome = job(cut.as_bytes(), &["--on-invalid", "skip"]).1.ended(3);
    outcome.says(&[
        "record 2 (line 3 of the file), column `sexe`",
        "is cut by a delimiter",
    ]);
    // What hides in one is found in kept cells, and what does not leave is compared with it.
    let hidden = "sexe;formation\nF;=\"06 12 34 56 78\"\n";
    job(hidden.as_bytes(), &[]).1.ended(3).says(&["phone"]);
    let same = "nom;sexe;formation\n=\"Anna Petitjean\";F;chez Anna Petitjean\n";
    job(same.as_bytes(), &[]).1.ended(3).says(&["`nom`"]);
    let masked = job(hidden.as_bytes(), &["--on-leftover", "mask"]);
    assert_eq!(masked.0, "sexe;formation\nF;[phone]\n");
}

#[test]
fn a_final_end_mark_is_ignored_and_told() {
    for end in ["\n\u{1a}", "\u{1a}", "\r\n\u{1a}\u{1a}\u{1a}"] {
        let (out, outcome) = job(format!("sexe;formation\nF;bac{end}").as_bytes(), &[]);
        let outcome = outcome.ended(0);
        assert_eq!(
            outcome.err.matches("end-of-file mark").count(),
            1,
            "{end:?}"
        );
        assert_eq!(out, "sexe;formation\nF;bac\n", "{end:?}");
    }
    let (out, outcome) = job(b"sexe;formation\nF;b\x1ac\n", &[]);
    assert!(!outcome.ended(0).err.contains("end-of-file"));
    assert_eq!(
        out, "sexe;formation\nF;b\u{1a}c\n",
        "elsewhere it is content"
    );
}

#[test]
fn a_row_that_a_name_has_swallowed_is_refused() {
    for (case, file) in [
        (
            "a whole row",
            "\"nom;sexe;formation\nAnna;F;bac\n\";x;y\nLuc;H;cap\n",
        ),
        (
            "joined rows",
            "nom;\"sexe;formation\nAnna;F\";bac\nLuc;H;cap\n",
        ),
        (
            "part of a row",
            "nom;\"sexe\nAnna;F\";formation\nLuc;H;cap\n",
        ),
    ] {
        let outcome = job(file.as_bytes(), &["-d", ";"]).1.ended(3);
        assert!(!outcome.err.contains("Anna"), "{case}: {}", outcome.err);
    }
    let (out, outcome) = job(
        b"\"sexe\n\";\"\r\nformation\";\"type\nclient\"\nF;bac;x\n",
        &[],
    );
    outcome.ended(0).says(&["`type\\nclient`"]);
    assert_eq!(out, "sexe;formation\nF;bac\n");
}

#[test]
fn encodings_are_said_or_recognised_or_refused_by_name() {
    let said = |encoding: &str, bytes: &[u8]| job(bytes, &["-e", encoding]).0;
    for (encoding, accents) in [
        ("macintosh", &b"\x8e\x8f\x88\xcf"[..]),
        ("MacRoman", b"\x8e\x8f\x88\xcf"),
        ("cp850", b"\x82\x8a\x85 "),
        ("iso-8859-15", b"\xe9\xe8\xe0\xbd"),
        ("windows-1252", b"\xe9\xe8\xe0\x9c"),
    ] {
        let file = [b"sexe;formation\nF;", accents, b"\n"].concat();
        let expected = if encoding == "cp850" {
            "éèà "
        } else {
            "éèàœ"
        };
        assert_eq!(
            said(encoding, &file),
            format!("sexe;formation\nF;{expected}\n")
        );
    }
    // Not clear: two encodings have a letter there.
    let outcome = job(b"sexe;formation\nF;Fran\x87ois\n", &[]).1.ended(3);
    outcome.says(&[
        "record 1 (line 2 of the file), column `formation`",
        "offset 21",
        "macintosh or cp850",
    ]);
    // The first characters decide, and what does not fit stops the run with its place.
    let windows =
        "sexe;formation\n".to_owned() + &"F;d\u{e9}j\u{e0} vu l\u{e0}-bas\n".repeat(60_000);
    let mut file: Vec<u8> = windows.chars().map(|c| c as u8).collect();
    let offset = file.len() + 6;
    file.extend(b"F;Sant\x8e\nF;m\x8etier pr\x8ef\x8er\x8e\n");
    file.extend(b"H;\x8el\x8fve\n".repeat(100_000));
    let outcome = job(&file, &[]).1.ended(3);
    outcome.says(&["record 60001", &format!("offset {offset}")]);
    let outcome = job(b"sexe\nF\n", &["-e", "ebcdic"]).1.ended(2);
    outcome.says(&["macintosh", "cp850", "iso-8859-15"]);
}

#[test]
fn a_header_of_too_many_columns_is_refused_before_it_fills_the_memory() {
    let header = |columns: usize| {
        let more = ";".repeat(columns - 7);
        let known = "sexe;metier;formation;formule;etat_dossier;est_rouge;revenus";
        format!("{known}{more}\nF;a;b;c;d;e;1{more}\n")
    };
    let refused = job(header(16_385).as_bytes(), &[]).1.ended(3);
    refused.says(&["more than 16384 columns", "--max-columns"]);
    for (columns, code) in [(20, 0), (21, 3)] {
        let outcome = job(header(columns).as_bytes(), &["--max-columns", "20"]).1;
        outcome.ended(code);
    }
    let packed = |start: &[u8]| {
        let level = flate2::Compression::fast();
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), level);
        packer.write_all(start).unwrap();
        packer.write_all(&vec![b';'; 4 << 20]).unwrap();
        packer.finish().unwrap()
    };
    for start in [&b""[..], b"nom;sexe\n"] {
        let outcome = job(&packed(start), &[]).1.ended(3);
        outcome.says(&["more than 16384 columns"]);
    }
}

#[test]
fn what_mysql_writes_in_batches_is_read_without_quotes() {
    let table = "version = 1\nindex = \"\"\n[columns.sexe]\nrule = \"keep\"\n[columns.produit]\nrule = \"keep\"\n\
                 [columns.revenus]\nrule = { bucket = { width = 10 } }\n";
    let scratch = Scratch::new();
    let table = scratch.write("table.toml", table);
    let text =
        "sexe\tproduit\trevenus\nF\t\"24\\\\7\" pouces\t12\nH\ttuyau 3/4\"\tNULL\nF\tC:\\\\\t5\n";
    let input = scratch.write("in.tsv", text);
    let read = |options: &[&str]| {
        let mut command = crm([input.as_os_str(), "-r".as_ref(), table.as_os_str()]);
        run(command
            .args(["-qq", "--keep-order"])
            .args(options)
            .env("LC_ALL", "C"))
    };
    let expected = "sexe\tproduit\trevenus\nF\t\"\"\"24\\7\"\" pouces\"\t10-20\nH\t\"tuyau 3/4\"\"\"\t\nF\tC:\\\t0-10\n";
    assert_eq!(read(&["--quoting", "none"]).ended(0).text(), expected);
    // With quotes, the first of them opens a field that text follows.
    read(&[]).ended(3).says(&["text follows the closing quote"]);
    // Other commands read it alike.
    let mut inspect = crm(["inspect", "--quoting", "none", "--header"]);
    run(inspect.arg(&input)).ended(0);
    // What would be a delimiter or a line end is refused at its record.
    let cell = scratch.write(
        "cell.tsv",
        "sexe\tproduit\trevenus\nF\tvis\t1\nF\tcanari\\nserin\t1\n",
    );
    let mut command = crm([cell.as_os_str(), "-r".as_ref(), table.as_os_str()]);
    let refused = run(command.args(["--quoting", "none"]).env("LC_ALL", "C")).ended(3);
    refused.says(&[
        "record 2 (line 3 of the file)",
        "written as \\t, \\n or \\0",
    ]);
    assert!(!refused.err.contains("canari"));
}
