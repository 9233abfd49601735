//! Workbooks (`.xlsx`), through every command: cells as a spreadsheet shows them, what the rows do not
//! show, and what is refused.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::support::system;
use crate::support::{Outcome, Scratch, crm, fixture, gzip, records, run, run_with_input};

/// A cell that must be seen nowhere.
const CANARY: &str = "Zoé Canari";

/// The records of a workbook as the main job copies them, and how it ended.
fn copied(name: &str, options: &[&str]) -> (Vec<Vec<String>>, Outcome) {
    let scratch = Scratch::new();
    let names = expected(name).swap_remove(0);
    let mut table = "version = 1\nname = \"copy\"\nindex = \"\"\n".to_owned();
    for name in names {
        let rule = "rule = { keep = { multiline = true } }";
        table += &format!("[columns.{name:?}]\n{rule}\n");
    }
    let (table, output) = (scratch.write("copy.toml", table), scratch.path("out.csv"));
    let input = fixture(&format!("workbooks/{name}.xlsx"));
    let mut command = crm([input.as_os_str(), "-r".as_ref(), table.as_os_str()]);
    command.arg("-o").arg(&output).args(options);
    command.args(["--on-leftover", "warn", "--formulas", "keep"]);
    let outcome = run(&mut command).ended(0);
    (records(&std::fs::read(output).unwrap(), b','), outcome)
}

fn expected(name: &str) -> Vec<Vec<String>> {
    let text = std::fs::read(fixture(&format!("workbooks/{name}.csv"))).unwrap();
    records(&text, b',')
}

#[test]
fn cells_are_read_as_a_spreadsheet_shows_them() {
    for (name, options, told) in [
        (
            "kinds",
            &[][..],
            &["5 cells are formulas", "2 cells are errors"][..],
        ),
        ("title", &[], &["4 lines above the header"]),
        (
            "hidden",
            &[],
            &[
                "1 hidden sheet has cells",
                "1 column of the sheet is hidden",
                "1 row of the sheet is",
            ],
        ),
        ("sheets", &["--sheet", "clients 2024"], &[]),
        ("merged", &[], &["1 range of merged cells"]),
        ("date_1904", &[], &[]),
        ("gaps", &[], &[]),
        ("one_column", &[], &[]),
        ("inline", &[], &[]),
        ("by_openpyxl", &[], &["1 formula has no result"]),
        ("strict_names", &[], &[]),
        ("hubspot", &[], &[]),
        ("salesforce", &[], &[]),
        ("odoo", &[], &[]),
    ] {
        let (found, outcome) = copied(name, options);
        assert_eq!(found, expected(name), "{name}");
        outcome.says(told);
    }
}

#[test]
fn a_workbook_gives_what_its_csv_gives() {
    let scratch = Scratch::new();
    let (csv, book) = (
        fixture("export_crm.csv"),
        fixture("workbooks/export_crm.xlsx"),
    );
    let bytes = std::fs::read(&book).unwrap();
    let packed = scratch.write("export.xlsx.gz", gzip(&bytes));
    let manifest = scratch.path("run.json");
    let manifest = manifest.to_str().unwrap();
    let of = |input: &std::path::Path, options: &[&str]| {
        let mut command = crm([input]);
        run(command.args(["-q", "--seed", "1"]).args(options))
            .ended(0)
            .out
    };
    let wanted = of(&csv, &[]);
    assert!(wanted.len() > 1000);
    assert!(of(&book, &["-j", "4"]) == wanted);
    assert!(of(&packed, &[]) == wanted, "in gzip");
    // What is read twice from a pipe is put aside.
    let twice = ["--on-leftover", "mask"];
    let mut command = crm(["-", "-q", "--seed", "1"]);
    let piped = run_with_input(command.args(twice), &bytes).ended(0);
    assert!(piped.out == of(&csv, &twice), "in a pipe");
    let output = scratch.path("out.csv");
    let told = ["--manifest", manifest];
    run(crm([book.as_path()]).args(told).arg("-o").arg(output)).ended(0);
    let manifest: serde_json::Value = serde_json::from_slice(&scratch.read("run.json")).unwrap();
    let input = &manifest["input"];
    assert_eq!(input["bytes"], bytes.len());
    assert_eq!(input["sha256"], system::sha256(&book));
}

#[test]
fn every_command_reads_workbooks() {
    let book = fixture("workbooks/hubspot.xlsx");
    let inspected = run(crm(["inspect", "--lang", "en"]).arg(&book)).ended(0);
    let inspected = inspected.text();
    assert!(
        inspected.starts_with("39 rows, 31 columns; workbook, sheet `Hubspot`\n"),
        "{inspected}"
    );
    let json = run(crm(["inspect", "--format", "json"]).arg(&book)).ended(0);
    let json: serde_json::Value = serde_json::from_slice(&json.out).unwrap();
    assert_eq!(json["dialect"]["sheet"], "Hubspot");
    let audited = run(crm(["audit", "--lang", "en", "--quasi", "City"]).arg(&book)).ended(0);
    assert!(audited.text().contains("k, the smallest class"));
    // A database reads no workbook.
    let sql = ["sql", "--dialect", "duckdb", "--csv"];
    let book = fixture("workbooks/export_crm.xlsx");
    run(crm(sql).arg(&book))
        .ended(3)
        .says(&["it is a workbook"]);
}

#[test]
fn the_sheet_has_to_be_named_where_there_are_several() {
    let book = fixture("workbooks/sheets.xlsx");
    for (options, code, told) in [
        (
            &[][..],
            3,
            "several sheets with cells: `Clients 2024`, `Prospects`",
        ),
        (
            &["--sheet", "Absente"],
            2,
            "no sheet `Absente`; it has `Vide`, `Clients 2024`, `Prospects`",
        ),
        (
            &["-d", ";", "--sheet", "Prospects"],
            2,
            "--delimiter and --encoding are for texts",
        ),
    ] {
        let outcome = run(crm([book.as_path()]).args(options)).ended(code);
        outcome.says(&[told]);
    }
    let csv = fixture("export_crm.csv");
    let outcome = run(crm([csv.as_path()]).args(["--sheet", "Export"]));
    outcome.ended(2).says(&["--sheet is for workbooks"]);
}

/// A workbook with these rows in its only sheet, and these texts and formats.
fn book(rows: &str, behind: &str) -> Vec<u8> {
    archive(&parts(rows, behind), CompressionMethod::Deflated)
}

fn parts(rows: &str, behind: &str) -> Vec<(&'static str, String)> {
    let rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    vec![
        (
            "_rels/.rels",
            format!(
                "<Relationships><Relationship Id=\"a\" Type=\"{rel}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            "<workbook><sheets><sheet name=\"Clients\" r:id=\"b\"/></sheets></workbook>".to_owned(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships><Relationship Id=\"b\" Type=\"{rel}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
                 <Relationship Id=\"c\" Type=\"{rel}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/sharedStrings.xml",
            format!(
                "<sst><si><t>nom</t></si><si><t>sexe</t></si><si><t>{CANARY}</t></si><si><t>F</t></si></sst>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet><sheetData>{rows}</sheetData>{behind}</worksheet>"),
        ),
    ]
}

fn archive(parts: &[(&str, String)], method: CompressionMethod) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, text) in parts {
        archive.start_file(*name, options).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// The header, in the first row.
const HEADER: &str =
    "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>";

fn person(row: u32) -> String {
    format!(
        "<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>2</v></c><c r=\"B{row}\" t=\"s\"><v>3</v></c></row>"
    )
}

/// Refuses a file, without showing what is in it.
fn refuses(case: &str, bytes: &[u8], code: i32, told: &[&str]) {
    let scratch = Scratch::new();
    let (input, output) = (scratch.write("in.xlsx", bytes), scratch.path("out.csv"));
    let mut command = crm([input.as_os_str(), "-o".as_ref(), output.as_os_str()]);
    let outcome = run(&mut command);
    assert_eq!(outcome.code(), code, "{case}: {}", outcome.err);
    outcome.says(told);
    assert!(!outcome.err.contains("Canari"), "{case}: {}", outcome.err);
    assert!(!output.exists(), "{case}");
}

#[test]
fn sheets_that_are_not_in_order_are_refused() {
    let two = person(2);
    let cells = |cells: &str| format!("{HEADER}{two}<row r=\"3\">{cells}</row>");
    for (case, rows, told) in cases![
        "rows", format!("{HEADER}{}{two}", person(3)), "its rows are not in order";
        "a row twice", format!("{HEADER}{two}{two}"), "its rows are not in order";
        "row zero", format!("{HEADER}<row r=\"0\"/>"), "its rows are not in order";
        "too many rows", format!("{HEADER}<row r=\"1048577\"/>"), "its rows are not in order";
        "cells",
        cells("<c r=\"B3\" t=\"s\"><v>3</v></c><c r=\"A3\" t=\"s\"><v>2</v></c>"),
        "the cells of a row are not in order (row 3";
        "a cell of another row", cells("<c r=\"A4\"><v>1</v></c>"), "not in order (row 3";
        "a column too far", cells("<c r=\"XFE3\"><v>1</v></c>"), "not in order (row 3";
        "no text of that number", cells("<c r=\"A3\" t=\"s\"><v>4</v></c>"), "names a text";
        "a text without number", cells("<c r=\"A3\" t=\"s\"><v>x</v></c>"), "names a text";
        "no number", cells(&format!("<c r=\"A3\"><v>{CANARY}</v></c>")), "a number and is none";
        "not finite", cells("<c r=\"A3\"><v>inf</v></c>"), "a number and is none";
        "neither true nor false", cells("<c r=\"A3\" t=\"b\"><v>2</v></c>"), "true or false";
        "an unknown kind", cells("<c r=\"A3\" t=\"z\"><v>2</v></c>"), "of an unknown kind";
        "an unknown name", cells("<c r=\"A3\" t=\"str\"><v>&canari;</v></c>"), "a name that XML lacks";
        "XML that is none", cells("<c r=\"A3\"><v>1</c></v>"), "no well-formed XML";
        "a cell beside the table",
        (2..80)
            .map(|row| person(row).replace("\"B", "\"C").replace("\"A", "\"B"))
            .fold(
                HEADER.replace("\"B1", "\"C1").replace("\"A1", "\"B1"),
                |rows, row| rows + &row,
            )
            + "<row r=\"80\"><c r=\"A80\" t=\"s\"><v>2</v></c></row>",
        "row 80 of the sheet has a cell to the left";
        "a row beyond the table",
        (2..80)
            .map(person)
            .fold(HEADER.to_owned(), |rows, row| rows + &row)
            + "<row r=\"80\"><c r=\"A80\" t=\"s\"><v>2</v></c><c r=\"C80\" t=\"s\"><v>3</v></c></row>",
        "1 row of the wrong width";
        "no cells", String::new(), "no sheet with cells";
    ] {
        refuses(case, &book(&rows, ""), 3, &[told]);
    }
}

#[test]
fn damaged_archives_and_bombs_are_refused() {
    let whole = parts(&format!("{HEADER}{}", person(2)), "");
    let stored = archive(&whole, CompressionMethod::Stored);
    let find = |needle: &[u8], bytes: &[u8]| {
        let mut windows = bytes.windows(needle.len());
        windows.position(|window| window == needle).unwrap()
    };
    let mut edited = stored.clone();
    let at = find(CANARY.as_bytes(), &stored);
    edited[at] ^= 1;
    refuses("a wrong checksum", &edited, 3, &["its checksum is wrong"]);
    refuses(
        "cut short",
        &stored[..stored.len() - 40],
        3,
        &["table of contents"],
    );
    // The sizes of the sheet in the table of contents, behind its checksum.
    let name = b"xl/worksheets/sheet1.xml";
    let last = stored
        .windows(name.len())
        .rposition(|window| window == name)
        .unwrap();
    let mut larger = stored.clone();
    larger[last - 22..last - 18].copy_from_slice(&u32::MAX.wrapping_sub(1).to_le_bytes());
    refuses("a false size", &larger, 3, &["not as long as it says"]);
    let mut texts = whole.clone();
    texts.retain(|(name, _)| *name != "xl/worksheets/sheet1.xml");
    refuses(
        "no sheet",
        &archive(&texts, CompressionMethod::Stored),
        3,
        &["cannot be found"],
    );
    let mut twice = whole.clone();
    twice.push(("XL/Workbook.xml", "<workbook/>".to_owned()));
    refuses(
        "two of one name",
        &archive(&twice, CompressionMethod::Stored),
        3,
        &["one name"],
    );
    let mut entity = whole;
    entity[3].1 = format!("<!DOCTYPE sst [<!ENTITY a \"{CANARY}\">]><sst/>");
    refuses(
        "a document type",
        &archive(&entity, CompressionMethod::Stored),
        3,
        &["document type"],
    );
}

#[test]
fn what_is_no_table_is_refused_by_its_name() {
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let compound = |name: &str| {
        [
            &b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..],
            &[0; 600],
            &utf16(name),
        ]
        .concat()
    };
    let zip = |names: &[&'static str]| {
        let parts: Vec<_> = names
            .iter()
            .map(|name| (*name, CANARY.to_owned()))
            .collect();
        archive(&parts, CompressionMethod::Stored)
    };
    let mut binary = parts("", "");
    binary[0].1 = binary[0].1.replace("workbook.xml", "workbook.bin");
    binary.push(("xl/workbook.bin", String::new()));
    for (case, bytes, told) in cases![
        "encrypted", compound("EncryptedPackage"), "opens with a password only";
        "xls", compound("Workbook"), "(.xls)";
        "doc", compound("WordDocument"), "a document of an office program";
        "xlsb", archive(&binary, CompressionMethod::Stored), "(.xlsb)";
        "ods", zip(&["mimetype", "content.xml"]), "(.ods)";
        "zip", zip(&["export.csv"]), "a zip archive, and no workbook";
        "pdf", b"%PDF-1.7\nZo\xC3\xA9 Canari".to_vec(), "a PDF document";
        "json", b"[\n {\"nom\": \"Zo\xC3\xA9 Canari\"}]".to_vec(), "JSON";
        "html", b"<html><table><tr><td>Canari".to_vec(), "HTML or XML";
        "parquet", b"PAR1\0\0Canari".to_vec(), "a Parquet file";
    ] {
        refuses(case, &bytes, 3, &[told, "what to do"]);
    }
    // Whoever says the delimiter says that it is a text.
    let text = "<table>;sexe;formation\n1;F;bac\n2;H;cap\n";
    run_with_input(&mut crm(["-", "-d", ";", "--header"]), text.as_bytes()).ended(0);
}

#[test]
fn a_workbook_is_written_where_the_name_says_so() {
    let scratch = Scratch::new();
    let input = fixture("export_crm.csv");
    let write = |name: &str, options: &[&str]| {
        let output = scratch.path(name);
        let mut command = crm([input.as_os_str(), "-o".as_ref(), output.as_os_str()]);
        run(command.args(["-q", "--seed", "1"]).args(options)).ended(0);
        scratch.read(name)
    };
    let text = write("out.csv", &[]);
    let one = write("one.xlsx", &["-j", "1"]);
    assert!(
        one == write("four.XLSX", &["-j", "4"]),
        "other bytes with other threads"
    );
    // Read back by the command that copies.
    let mut table = "version = 1\nname = \"copy\"\nindex = \"\"\n".to_owned();
    for name in &records(&text, b',')[0] {
        table += &format!("[columns.{name:?}]\nrule = \"keep\"\n");
    }
    let (table, back) = (scratch.write("copy.toml", table), scratch.path("back.csv"));
    let mut command = crm([
        scratch.path("one.xlsx").as_os_str(),
        "-r".as_ref(),
        table.as_os_str(),
    ]);
    command.args(["-q", "--on-leftover", "warn", "--formulas", "keep"]);
    run(command.arg("-o").arg(&back)).ended(0);
    assert_eq!(
        records(&scratch.read("back.csv"), b','),
        records(&text, b',')
    );
    // What is said of a text does not fit a workbook, and nothing is left.
    for option in [&["--bom"][..], &["--crlf"], &["--output-delimiter", ";"]] {
        let output = scratch.path("not.xlsx");
        let mut command = crm([input.as_os_str(), "-o".as_ref(), output.as_os_str()]);
        run(command.args(option))
            .ended(2)
            .says(&["the output is a workbook"]);
        assert!(!output.exists());
    }
}

#[test]
fn wide_amounts_and_numbered_dates_are_read_where_the_table_says_so() {
    let scratch = Scratch::new();
    let table = |year: &str, bucket: &str| {
        format!(
            "version = 1\nname = \"t\"\nindex = \"\"\n[columns.sexe]\nrule = \"keep\"\n\
             [columns.date_naissance]\nrule = {year}\n[columns.revenus]\nrule = {bucket}\n"
        )
    };
    let rows = "sexe;date_naissance;revenus\nF;29353;(1 234,56)\nH;28000;12 k€\n";
    let input = scratch.write("in.csv", rows);
    let job = |rules: String| {
        let rules = scratch.write("rules.toml", rules);
        run(crm([
            input.as_os_str(),
            "-q".as_ref(),
            "-r".as_ref(),
            rules.as_os_str(),
        ])
        .arg("-o-"))
    };
    let wide = "{ bucket = { width = 1000, wide = true } }";
    let done = job(table("{ year = { formats = [\"excel\"] } }", wide)).ended(0);
    let expected = "sexe;date_naissance;revenus\nF;1980;-2000--1000\nH;1976;12000-13000\n";
    assert_eq!(done.text(), expected);
    let refused = job(table("\"year\"", "{ bucket = { width = 1000 } }")).ended(3);
    refused.says(&["wide = true", "[\"excel\"]"]);
    assert!(!refused.err.contains("29353"), "{}", refused.err);
    let rules = scratch.write("sql.toml", table("\"year\"", wide));
    let sql = run(crm(["sql", "--dialect", "duckdb", "-r"]).arg(rules));
    assert_ne!(sql.code(), 0, "{}", sql.text());
    sql.says(&["`wide` reads are not expressed in SQL"]);
}
