//! What fuzz targets feed: one function for each format that comes from outside. They panic if what must
//! hold does not. `tests/it/corpus.rs` runs them over the kept corpora without a fuzzer.

#[path = "writing.rs"]
pub(crate) mod writing;

use std::fs::{self, File};
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use crm_anon::inside::{
    Action, Cell, CellCipher, CellRow, ColumnCipher, ColumnContext, ColumnEntry, Detectors, Holds,
    KeyRing, Masker, Method, Normaliser, Origin, Randomness, RoleKey, RuleTable, RunContext, RunId,
    RunLine, RunSecret, Sealed, Token, VaultReader, Vaults, detect, form_of, journal_runs,
    read_workbook,
};
use writing::{close, write_at};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A target: its name, as in `fuzz/corpus`, and what it does with an input.
pub(crate) type Target = (&'static str, fn(&[u8]));

pub(crate) const TARGETS: [Target; 9] = [
    ("cell", cell),
    ("detectors", detectors),
    ("hierarchy", hierarchy),
    ("journal", journal),
    ("key_file", key_file),
    ("rule_table", rule_table),
    ("sealed", sealed),
    ("vault", vault),
    ("workbook", workbook),
];

/// A key that protects nothing.
const KEY: &str = "crm-anon-key-1 clients iKLmkOJ5hCvRxqeX6mxLY66WCb9HB2AAVE3xIrPF1D8 e1d5c170\n";

/// A file of this process alone.
fn written(name: &str, content: &[u8]) -> PathBuf {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| tempfile::tempdir().expect("a scratch folder"));
    let path = folder.path().join(name);
    fs::write(&path, content).expect("a scratch file");
    close(&path);
    path
}

fn ring() -> &'static KeyRing {
    static RING: OnceLock<KeyRing> = OnceLock::new();
    RING.get_or_init(|| {
        KeyRing::read(&[written("own.key", KEY.as_bytes())]).expect("the key is whole")
    })
}

fn key() -> &'static RoleKey {
    ring().get("clients").expect("the key of the role")
}

/// A rule table. If it is one, its rules are given cells of many kinds.
pub(crate) fn rule_table(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let folder = written("none.csv", b"").with_file_name("");
    let Ok(table) = RuleTable::parse(text, "fuzz", "fuzz", &folder) else {
        return;
    };
    let random = Arc::new(Randomness::from_seed(1));
    let run = RunContext {
        today: chrono::NaiveDate::from_ymd_opt(2026, 6, 30).expect("a day"),
        random: Arc::clone(&random),
        indexed: true,
        keys: Arc::default(),
        vaults: Arc::new(Vaults::new(random).expect("randomness")),
        id: RunId::draw().expect("randomness"),
    };
    for column in &table.columns {
        let context = ColumnContext {
            run: &run,
            name: &column.name,
            output: &column.output,
            position: 0,
        };
        let Ok(Action::Write(transform)) = column.rule.compile(&context) else {
            continue;
        };
        let mut out = Vec::new();
        for content in [
            "12/03/1980",
            "1980-03-12T10:00:00Z",
            "31/02/1980",
            "45.000",
            "-0,01",
            "1 234,5 €",
            "0",
            "oui",
            "12 rue de la Paix, 75002 Paris",
            "9e999",
            "é",
            "\u{202e}x",
            "99999999999999999999",
            "-",
        ] {
            out.clear();
            let cell = Cell {
                content: content.as_bytes(),
                row: &CellRow {
                    index: Some(1),
                    ..*CellRow::FIRST
                },
            };
            let _ = transform.apply(cell, &mut out);
        }
    }
}

/// A hierarchy, and a table of codes: small files that a rule table names.
pub(crate) fn hierarchy(input: &[u8]) {
    let path = written("levels.csv", input);
    let folder = path.parent().expect("a folder");
    for column in [
        "rule = \"keep\"\nladder = { file = \"levels.csv\" }",
        "rule = { map = { file = \"levels.csv\" } }",
    ] {
        let text = format!("version = 1\n[columns.c]\n{column}\n");
        let _ = RuleTable::parse(&text, "fuzz", "fuzz", folder);
    }
}

/// A key file without a passphrase.
pub(crate) fn key_file(input: &[u8]) {
    // Of a sealed one, the passphrase would be asked for.
    if input
        .windows(3)
        .any(|part| part.eq_ignore_ascii_case(b"age"))
    {
        return;
    }
    let path = written("a.key", input);
    if let Ok(ring) = KeyRing::read(&[path]) {
        assert_eq!(ring.keys().count(), 1);
        for key in ring.keys() {
            assert_eq!(
                ring.get(key.role().as_str()).map(RoleKey::role),
                Some(key.role())
            );
            key.id().expect("a key has an id");
        }
    }
}

/// A vault in a file, its bytes, where these are not 0, and its tokens with their values.
pub(crate) struct WholeVault {
    file: File,
    path: PathBuf,
    bytes: Vec<u8>,
    used: Vec<usize>,
    tokens: Vec<(Token, String)>,
}

/// A vault, and tokens that it has. Nothing that is read of it is written to its file.
fn whole_vault() -> &'static Mutex<WholeVault> {
    static WHOLE: OnceLock<Mutex<WholeVault>> = OnceLock::new();
    WHOLE.get_or_init(|| {
        let path = written("whole.vault", b"");
        fs::remove_file(&path).expect("a scratch file");
        let vaults = Vaults::new(Arc::new(Randomness::from_seed(1))).expect("randomness");
        let vault = vaults.get(&path, key()).expect("a new vault");
        let tokens = (0..25).map(|number| {
            let value = format!("client {number}");
            let token = vault.token("d", value.as_bytes()).expect("a token");
            (token, value)
        });
        let tokens = tokens.collect();
        vaults.commit().expect("a vault is written");
        drop((vault, vaults));
        let bytes = fs::read(&path).expect("a vault");
        let used = (0..bytes.len()).filter(|at| bytes[*at] != 0).collect();
        let file = File::options().write(true).open(&path);
        Mutex::new(WholeVault {
            file: file.expect("a vault"),
            path,
            bytes,
            used,
            tokens,
        })
    })
}

/// Edits of a whole vault, of six bytes each: where, among the bytes that are not 0 or among all, and
/// what is written there. A byte behind them shortens it.
pub(crate) fn vault(input: &[u8]) {
    vault_with(input);
}

/// The same; how many of the vault's values were still found, or nothing if it was refused as a whole.
pub(crate) fn vault_with(input: &[u8]) -> Option<usize> {
    let whole = whole_vault().lock().expect("no test has panicked");
    let (edits, rest) = input.as_chunks::<6>();
    let mut edited = Vec::new();
    for [first, second, third, fourth, among, byte] in edits {
        let number = u32::from_le_bytes([*first, *second, *third, *fourth]) as usize;
        let at = match among & 3 {
            0 => number % whole.bytes.len(),
            _ => whole.used[number % whole.used.len()],
        };
        edited.push(at);
        write_at(&whole.file, &[*byte], at as u64);
    }
    let length = whole.bytes.len();
    if let [part, ..] = rest {
        let shorter = length / 255 * usize::from(*part);
        whole.file.set_len(shorter as u64).expect("a length");
    }
    let found = VaultReader::open(&whole.path, key()).ok().map(|vault| {
        let values = whole.tokens.iter().map_while(|(token, value)| {
            let found = vault.value(token).ok()?;
            // An entry that is not found was not altered: it may have been made unreachable.
            Some(found.map(|found| {
                assert_eq!(found.as_slice(), value.as_bytes(), "never another value");
            }))
        });
        values.flatten().count()
    });
    // Nothing but the edits was written, so it is whole again without them.
    if rest.is_empty() {
        for at in edited {
            let byte = [whole.bytes[at]];
            write_at(&whole.file, &byte, at as u64);
        }
    } else {
        write_at(&whole.file, &whole.bytes, 0);
    }
    found
}

/// The lines of a journal.
pub(crate) fn journal(input: &[u8]) {
    let path = written("journal", input);
    if let Ok((verified, runs)) = journal_runs(&path, None) {
        let lines = input
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty());
        assert!(verified.lines as usize <= lines.count() && runs.len() <= verified.lines as usize);
    }
}

/// The text of an encrypted cell, and a cell that is encrypted and altered.
pub(crate) fn cell(input: &[u8]) {
    let _ = form_of(input);
    let origin = Origin {
        run: RunId::draw().expect("randomness"),
        column: 3,
        row: 12,
    };
    for method in [Method::Random, Method::Deterministic] {
        let cipher = ColumnCipher::new(key(), method, "nom").expect("a key");
        let mut opened = Vec::new();
        if input.starts_with(b"crm1") {
            // Nobody guesses a tag.
            assert!(cipher.open(input, &mut opened).is_err());
        }
        let mut text = Vec::new();
        cipher.seal(input, origin, &mut text).expect("a short cell");
        cipher.open(&text, &mut opened).expect("it was just made");
        assert_eq!(opened, input);
        let at = input
            .iter()
            .fold(7, |sum: usize, byte| sum * 31 % 65_521 + usize::from(*byte))
            % text.len();
        let bit = 1 << (input.len() % 8);
        text[at] ^= bit;
        assert!(cipher.open(&text, &mut opened).is_err(), "byte {at}");
    }
}

/// The text of a cell of the second format, of a seal or of the line of a run; and each of them, made and altered.
pub(crate) fn sealed(input: &[u8]) {
    let run = RunId::draw().expect("randomness");
    let cipher = CellCipher::new(key(), run, "nom", 3).expect("a key");
    let secret = RunSecret::draw().expect("randomness");
    let columns = vec![ColumnEntry {
        number: 1,
        holds: Holds::Sealed,
        role: 0,
        position: 3,
    }];
    let line = RunLine::new(run, &secret, std::iter::once(key()), 2, columns).expect("a line");
    let names = ["index", "nom"];
    let (seals, line) = line
        .write(&secret, names.into_iter())
        .expect("a line of two columns");
    let mut opened = Vec::new();
    // Nobody guesses a tag.
    assert!(cipher.open(input, 12, &mut opened).is_err());
    assert!(seals.open(input, 12, input).is_none());
    let text = String::from_utf8_lossy(input);
    for text in [text.clone().into_owned(), format!("crm2.run.{text}")] {
        if let Ok(line) = RunLine::read(&text) {
            assert!(!line.is_proved(&secret, names.into_iter()));
            assert!(line.secret(key()).is_err() || !line.knows(key().role()));
        }
    }
    let mut cell = Vec::new();
    cipher.seal(input, 12, &mut cell).expect("a short cell");
    cipher.open(&cell, 12, &mut opened).expect("just made");
    assert_eq!(opened, input);
    assert!(cipher.open(&cell, 13, &mut opened).is_err());
    let says = Sealed {
        number: 7,
        rows: input.first().map(|rows| u64::from(*rows)),
    };
    let mut seal = Vec::new();
    seals
        .seal(12, says, input, &mut seal)
        .expect("small numbers");
    assert_eq!(seals.open(&seal, 12, input), Some(says));
    assert!(seals.open(&seal, 13, input).is_none());
    let read = RunLine::read(&line).expect("just made");
    assert!(read.is_proved(&secret, names.into_iter()));
    let at = input
        .iter()
        .fold(7, |sum: usize, byte| sum * 31 % 65_521 + usize::from(*byte));
    let flip = |text: &[u8]| {
        let mut text = text.to_vec();
        let length = text.len();
        text[at % length] ^= 1 << (input.len() % 8);
        text
    };
    assert!(cipher.open(&flip(&cell), 12, &mut opened).is_err());
    assert!(seals.open(&flip(&seal), 12, input).is_none());
    let line = String::from_utf8_lossy(&flip(line.as_bytes())).into_owned();
    let read = RunLine::read(&line);
    assert!(
        read.is_err()
            || !read
                .expect("it is read")
                .is_proved(&secret, names.into_iter())
    );
}

/// A cell that the detectors look through.
pub(crate) fn detectors(input: &[u8]) {
    let mut found = Vec::new();
    detect(input, Detectors::ALL, &mut found);
    let text = std::str::from_utf8(input).ok();
    for finding in &found {
        let range = finding.range.clone();
        assert!(
            range.start < range.end && range.end <= input.len(),
            "{range:?}"
        );
        assert!(
            text.is_none_or(|text| text.get(range.clone()).is_some()),
            "{range:?}"
        );
    }
    let mut masked = Vec::new();
    let any = Masker::default().mask(input, Detectors::ALL, &mut masked);
    assert!(any || masked.is_empty() || masked == input);
    let mut normaliser = Normaliser::default();
    if let Some(normal) = normaliser.normalise(input) {
        let length = normal.len();
        for start in 0..length.min(50) {
            let range = normaliser.original(&(start..length));
            assert!(range.is_none_or(|range| range.end <= input.len()));
        }
    }
}

/// The parts of a workbook: what stands behind a byte 0 is a part, in the order of `PARTS`; parts that are
/// not there, or empty, are as in any workbook.
pub(crate) fn workbook(input: &[u8]) {
    const PARTS: [(&str, &str); 5] = [
        (
            "xl/worksheets/sheet1.xml",
            "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row></sheetData></worksheet>",
        ),
        ("xl/sharedStrings.xml", "<sst><si><t>nom</t></si></sst>"),
        (
            "xl/styles.xml",
            "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>",
        ),
        (
            "xl/workbook.xml",
            "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">\
             <sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
             <Relationship Id=\"r2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings\" Target=\"sharedStrings.xml\"/>\
             <Relationship Id=\"r3\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/></Relationships>",
        ),
    ];
    const ROOT: &str = "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
    // An archive as it is, too.
    if input.starts_with(b"PK") {
        let _ = read_workbook(input);
        return;
    }
    let mut given = input.split(|byte| *byte == 0);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut add = |name: &str, content: &[u8]| {
        archive
            .start_file(name, stored)
            .expect("an archive in memory");
        archive.write_all(content).expect("an archive in memory");
    };
    add("_rels/.rels", ROOT.as_bytes());
    for (name, usual) in PARTS {
        let part = given.next().filter(|part| !part.is_empty());
        add(name, part.unwrap_or(usual.as_bytes()));
    }
    let archive = archive.finish().expect("an archive in memory").into_inner();
    let read = read_workbook(&archive);
    if input.is_empty() {
        assert_eq!(read.expect("a usual workbook"), b"nom\n");
    }
}

/// The files of a target's kept corpus.
pub(crate) fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(target);
    let files = fs::read_dir(&folder).unwrap_or_else(|_| panic!("{}", folder.display()));
    let mut paths: Vec<PathBuf> = files.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let read = |path: &PathBuf| {
        let mut bytes = Vec::new();
        std::io::copy(&mut File::open(path).expect("a file"), &mut bytes).expect("a file is read");
        bytes
    };
    paths.iter().map(read).collect()
}
