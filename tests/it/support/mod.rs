//! What every integration test shares: running the program, a scratch folder whose content can be
//! listed, a die with a fixed seed, and small exports of invented people.
//!
//! The tests look at the program from the outside only, so nothing here uses its library.

pub(crate) mod adult;
pub(crate) mod classes;
pub(crate) mod entries;
pub(crate) mod fuzzed;
pub(crate) mod oracle;
pub(crate) mod protected;
pub(crate) mod schema;
pub(crate) mod strict;
pub(crate) mod system;
pub(crate) mod waiting;

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The 28 columns of the export, in their real order.
pub(crate) const COLUMNS: [&str; 28] = [
    "metier",
    "employeur",
    "num_ss",
    "groupe_sanguin",
    "id_site_web",
    "nom",
    "sexe",
    "email",
    "date_naissance",
    "id_client",
    "enfant_conduite_accompagne",
    "nombre_enfants",
    "revenus",
    "valeur_residence_prin",
    "formation",
    "usage_vehicule",
    "type_vehicule",
    "est_rouge",
    "points_perdus",
    "age_vehicule",
    "type_conduite",
    "date_demande",
    "etat_dossier",
    "formule",
    "tarif_devis",
    "adresse",
    "lat",
    "lon",
];

/// The header of the built-in table's output for such an export.
pub(crate) const OUTPUT_COLUMNS: [&str; 19] = [
    "Index_rd",
    "metier",
    "sexe",
    "Annee_naissance",
    "enfant_conduite_accompagne",
    "Enfant(s)?",
    "Tranche_revenus",
    "Tranche_valeur_residence_prin",
    "formation",
    "usage_vehicule",
    "type_vehicule",
    "est_rouge",
    "points_perdus",
    "age_vehicule",
    "type_conduite",
    "etat_dossier",
    "formule",
    "Tranche_tarif_devis",
    "Code_postal",
];

/// How a run of the program ended and what it said.
pub(crate) struct Outcome {
    pub(crate) status: ExitStatus,
    pub(crate) out: Vec<u8>,
    pub(crate) err: String,
}

impl Outcome {
    /// The exit code, a death by signal n told as 128 + n, as a shell does.
    pub(crate) fn code(&self) -> i32 {
        exit_code(self.status)
    }

    /// The run, which must have ended with `code`.
    #[track_caller]
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(self.code(), code, "standard error was:\n{}", self.err);
        self
    }

    /// Asserts that the messages hold every one of `parts`, whatever their case.
    #[track_caller]
    pub(crate) fn says(&self, parts: &[&str]) -> &Self {
        let message = self.err.to_lowercase();
        for part in parts {
            assert!(
                message.contains(&part.to_lowercase()),
                "no {part:?} in standard error:\n{}",
                self.err
            );
        }
        self
    }

    /// The standard output as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.out.clone()).expect("standard output is UTF-8")
    }
}

/// The exit code of `status`, a death by signal n told as 128 + n.
pub(crate) fn exit_code(status: ExitStatus) -> i32 {
    status
        .code()
        .or_else(|| signal(status).map(|n| 128 + n))
        .expect("the process has ended")
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}

/// The variables that decide about the language.
pub(crate) const LOCALE: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// The path of the program.
pub(crate) fn program() -> &'static str {
    env!("CARGO_BIN_EXE_crm-anon")
}

/// A command of the program with `args`, in English whatever the language of who runs the tests.
pub(crate) fn crm<I, S>(args: I) -> Command
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let mut command = Command::new(program());
    command.args(args).stdin(Stdio::null());
    for name in LOCALE {
        command.env_remove(name);
    }
    command
}

/// Runs `command` to its end with nothing on standard input.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let output = command.output().expect("the program starts");
    Outcome {
        status: output.status,
        out: output.stdout,
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs `command` to its end with `input` on its standard input, through a pipe.
pub(crate) fn run_with_input(command: &mut Command, input: &[u8]) -> Outcome {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    let output = thread::scope(|scope| {
        // A run that refuses its input closes the pipe early: that error is not the test's.
        scope.spawn(move || drop(stdin.write_all(input)));
        child.wait_with_output().expect("the program ends")
    });
    Outcome {
        status: output.status,
        out: output.stdout,
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Waits for `child`, killing it and failing the test where it takes longer than `limit`.
#[track_caller]
pub(crate) fn wait_at_most(child: &mut Child, limit: Duration) -> ExitStatus {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("the child can be waited for") {
            return status;
        }
        if start.elapsed() > limit {
            drop(child.kill());
            drop(child.wait());
            panic!("the program still runs after {limit:?}");
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// A folder of this test's own, removed at its end.
pub(crate) struct Scratch(tempfile::TempDir);

impl Scratch {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a scratch folder"))
    }

    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file and gives its path.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).expect("a scratch file");
        path
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// The names of what the folder holds, hidden ones too, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.folder())
            .expect("the scratch folder")
            .map(|e| e.expect("an entry").file_name().to_string_lossy().into())
            .collect();
        names.sort();
        names
    }
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name)
}

/// A die with a fixed seed (splitmix64), so that a failure comes back.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// A postal code that exists: 960 of them, each for as many numbers.
pub(crate) fn postal_code(n: u64) -> String {
    const DEPARTEMENTS: [u64; 80] = [
        1, 2, 3, 4, 5, 7, 8, 10, 11, 12, 15, 16, 17, 18, 19, 21, 22, 23, 24, 25, 26, 27, 28, 30,
        31, 32, 33, 34, 36, 37, 38, 39, 40, 41, 43, 44, 45, 46, 47, 48, 50, 51, 52, 54, 55, 56, 58,
        59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 70, 71, 72, 73, 74, 76, 78, 79, 80, 81, 82, 83, 84,
        85, 86, 87, 88, 89, 90, 92, 93, 94, 95,
    ];
    const TOWNS: [u64; 12] = [0, 110, 120, 130, 140, 150, 200, 300, 400, 500, 600, 700];
    let (departement, town) = (n / 12 % DEPARTEMENTS.len() as u64, n % 12);
    let departement = DEPARTEMENTS[departement as usize];
    format!("{departement:02}{:03}", TOWNS[town as usize])
}

/// Invented person number `n`, from 1: 28 cells, all valid, in the order of [`COLUMNS`].
pub(crate) fn person(n: u64) -> Vec<String> {
    let mut d = Dice(n);
    let mut below = |k: u64| d.next() % k;
    [
        format!("metier {}", below(40)),
        format!("Société {n}"),
        format!("1850578006{n:05}"),
        "O+".into(),
        format!("{n:08x}"),
        format!("Nom{n} d'Été"),
        if below(2) == 0 { "H" } else { "F" }.into(),
        format!("p{n}@exemple.test"),
        format!(
            "{}-{:02}-{:02}",
            1930 + below(75),
            1 + below(12),
            1 + below(28)
        ),
        format!("C{n:06}"),
        if below(2) == 0 { "oui" } else { "non" }.into(),
        below(4).to_string(),
        format!("{}.{:02}", below(150_000), below(100)),
        below(900_000).to_string(),
        format!("bac+{}", below(6)),
        "privé".into(),
        "citadine".into(),
        below(2).to_string(),
        below(12).to_string(),
        below(25).to_string(),
        "prudente".into(),
        format!("2024-0{}-1{}", 1 + below(9), below(10)),
        "validé".into(),
        "tous risques".into(),
        format!("{}.{:02}", 200 + below(900), below(100)),
        format!(
            "{} rue de l'Œuvre, {} Ville {n}",
            1 + below(300),
            postal_code(below(94_000))
        ),
        format!("48.{:06}", below(1_000_000)),
        format!("2.{:06}", below(1_000_000)),
    ]
    .into()
}

/// `header` and `rows` as a file of `delimiter`, quoted where needed, with LF.
pub(crate) fn to_csv<R, F>(header: &[F], rows: R, delimiter: u8) -> Vec<u8>
where
    R: IntoIterator<Item = Vec<String>>,
    F: AsRef<[u8]>,
{
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .from_writer(Vec::new());
    writer.write_record(header).expect("a header");
    for row in rows {
        writer.write_record(row).expect("a row");
    }
    writer.into_inner().expect("a table")
}

/// An export of `rows` people with commas, as UTF-8.
pub(crate) fn export(rows: u64) -> Vec<u8> {
    to_csv(&COLUMNS, (1..=rows).map(person), b',')
}

/// The records of `bytes`, header first, as the `csv` crate reads them.
#[track_caller]
pub(crate) fn records(bytes: &[u8], delimiter: u8) -> Vec<Vec<String>> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(delimiter)
        .from_reader(bytes)
        .records()
        .map(|r| {
            let record = r.expect("a table of one width in UTF-8");
            record.iter().map(str::to_owned).collect()
        })
        .collect()
}

/// `text` in UTF-16 with its byte-order mark.
pub(crate) fn utf16(text: &str, big_endian: bool) -> Vec<u8> {
    std::iter::once(0xfeff)
        .chain(text.encode_utf16())
        .flat_map(|unit: u16| {
            if big_endian {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        })
        .collect()
}

/// `text` in Windows-1252; the few characters above Latin-1 that the tests use are known.
pub(crate) fn windows_1252(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| match c {
            '€' => 0x80,
            'œ' => 0x9c,
            'Œ' => 0x8c,
            '’' => 0x92,
            c => u8::try_from(u32::from(c)).expect("a Windows-1252 character"),
        })
        .collect()
}

/// `bytes` through gzip.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("gzip");
    encoder.finish().expect("gzip")
}

/// `bytes` through zstd.
pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).expect("zstd")
}
