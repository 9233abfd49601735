//! What a user of Windows meets: names with accents and spaces, Excel's own CSV, files that only the user reads.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::system::open_to_all;
use crate::support::{Scratch, crm, export, fixture, program, records, run};

#[test]
fn a_folder_with_an_accent_and_a_file_with_a_space() {
    let scratch = Scratch::new();
    let home = scratch.path("Zo\u{e9}");
    fs::create_dir(&home).unwrap();
    let input = home.join("Export clients.csv");
    fs::copy(fixture("export_crm.csv"), &input).unwrap();
    for output in ["Export anonymis\u{e9}.csv", "Export anonymis\u{e9}.xlsx"] {
        let output = home.join(output);
        for _ in ["new", "replaced"] {
            run(crm(["-q"]).arg(&input).arg("-o").arg(&output)).ended(0);
            assert!(fs::metadata(&output).unwrap().len() > 100, "{output:?}");
        }
    }
    let again = run(crm(["-q"])
        .arg(home.join("Export anonymis\u{e9}.xlsx"))
        .arg("--dry-run"));
    assert!(again.code() != 1, "{}", again.err);
    assert_eq!(fs::read_dir(&home).unwrap().count(), 3, "nothing is left");
}

#[test]
fn a_path_may_be_long() {
    let scratch = Scratch::new();
    let folder = (0..6).fold(scratch.folder().to_owned(), |path, _| {
        path.join("d".repeat(60))
    });
    fs::create_dir_all(&folder).unwrap();
    let input = folder.join("in.csv");
    fs::write(&input, export(3)).unwrap();
    let output = folder.join("out.csv");
    let manifest = folder.join("manifest.json");
    for _ in ["new", "replaced"] {
        let mut command = crm(["-q"]);
        command.arg(&input).arg("-o").arg(&output).arg("--manifest");
        run(command.arg(&manifest)).ended(0);
        assert_eq!(records(&fs::read(&output).unwrap(), b',').len(), 4);
        assert!(fs::read_to_string(&manifest).unwrap().contains("out.csv"));
    }
    for same in [&input, &output] {
        let mut command = crm(["-q"]);
        command.arg(&input).arg("-o").arg(same).arg("--manifest");
        run(command.arg(&output)).ended(2);
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 3, "nothing is left");
}

#[test]
fn the_csv_of_excel_is_read_and_written() {
    let scratch = Scratch::new();
    let text = "\u{feff}metier;revenus;date_naissance\r\nboulang\u{e8}re;45\u{a0}000,50 \u{20ac};31/12/1980\r\n";
    let input = scratch.write("Classeur1.csv", text);
    let output = scratch.path("out.csv");
    run(crm(["-q", "--excel"]).arg(input).arg("-o").arg(&output)).ended(0);
    let text = String::from_utf8(scratch.read("out.csv")).unwrap();
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    let rows = records(text.as_bytes(), b';');
    assert_eq!(rows[1][1..], ["boulang\u{e8}re", "40000-60000", "1980"]);
}

#[test]
fn line_ends_are_those_that_were_asked_for() {
    let scratch = Scratch::new();
    let input = scratch.write("in.csv", export(3));
    let plain = run(crm(["-q"]).arg(&input)).ended(0);
    assert!(!plain.out.contains(&b'\r'));
    run(crm(["-q", "--crlf"])
        .arg(&input)
        .arg("-o")
        .arg(scratch.path("crlf.csv")))
    .ended(0);
    let rows = scratch.read("crlf.csv");
    assert_eq!(rows.windows(2).filter(|pair| pair == b"\r\n").count(), 4);
}

#[test]
fn names_that_mean_something_else_here() {
    let scratch = Scratch::new();
    let input = scratch.write("in.csv", export(3));
    for (name, code) in [
        ("NUL", 0),
        ("nul.csv", 0),
        ("out.csv:hidden", 1),
        ("none\\out.csv", 1),
    ] {
        let mut command = crm(["-q", "-o", name]);
        let outcome = run(command.arg(&input).current_dir(scratch.folder()));
        assert_eq!(outcome.code(), code, "{name}: {}", outcome.err);
    }
    assert_eq!(scratch.names(), ["in.csv"]);
}

#[test]
fn a_key_file_is_its_owner_s_and_one_that_is_not_is_refused() {
    let scratch = Scratch::new();
    let key = scratch.path("identite.key");
    run(crm(["keygen", "identite", "-o"]).arg(&key)).ended(0);
    let table = scratch.write(
        "t.toml",
        "version = 1\n[columns.nom]\nrule = { encrypt = { role = \"identite\" } }\n",
    );
    let input = scratch.write("in.csv", "nom\nMarie\n");
    let protect = |key: &std::path::Path| {
        run(crm(["-q", "-r"])
            .arg(&table)
            .arg(&input)
            .arg("--key")
            .arg(key))
    };
    let out = protect(&key).ended(0);
    assert!(!out.text().contains("Marie"));
    let copied = scratch.write("copied.key", fs::read(&key).unwrap());
    open_to_all(&copied);
    protect(&copied).ended(2).says(&["access list", "icacls"]);
}

#[test]
fn a_run_that_is_killed_leaves_nothing() {
    let scratch = Scratch::new();
    let mut command = std::process::Command::new(program());
    command.args(["-q", "-", "-o", "out.csv"]);
    command.current_dir(scratch.folder()).stdin(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut keyboard = child.stdin.take().unwrap();
    keyboard.write_all(&export(200)).unwrap();
    let begun = Instant::now();
    while scratch.names().is_empty() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "no file is under way"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let begun = Instant::now();
    while !scratch.names().is_empty() {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "{:?}",
            scratch.names()
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}
