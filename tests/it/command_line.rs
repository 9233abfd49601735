//! The program as a user types it: every subcommand, every usage error with its exit status, what
//! is said and what `-q` silences.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{
    COLUMNS, Scratch, crm, export, person, program, records, run, run_with_input, to_csv,
};

#[test]
fn help_names_every_option_and_exit_status() {
    let long = run(&mut crm(["--help"])).ended(0);
    assert_eq!(long.err, "");
    let text = long.text();
    for word in [
        "crm-anon", "--output", "-o", "--rules", "-r", "--delimiter", "-d", "--encoding", "-e",
        "--output-delimiter", "--bom", "--crlf", "--strict", "--on-invalid", "fail", "blank",
        "skip", "--shuffle", "--seed", "--manifest", "--threads", "-j", "--quiet", "-q", "-v",
        "--no-progress", "--compression", "--max-field-size", "rules", "completions", "man",
        "--version",
    ] {
        assert!(text.contains(word), "--help does not name {word}");
    }
    let short = run(&mut crm(["-h"])).ended(0).text();
    assert!(short.len() < text.len());
    for subcommand in ["rules", "completions", "man"] {
        assert!(
            run(&mut crm([subcommand, "--help"]))
                .ended(0)
                .text()
                .contains(subcommand)
        );
    }
}

#[test]
fn the_version_is_the_package_s() {
    let said = |flag| run(&mut crm([flag])).ended(0).text();
    let version = format!("crm-anon {}", env!("CARGO_PKG_VERSION"));
    assert_eq!(said("-V").trim(), version);
    // In full, with the target; a release says its commit, too.
    let long = said("--version");
    let build = long.strip_prefix(&format!("{version} ("));
    let build = build.and_then(|rest| rest.strip_suffix(")\n")).unwrap();
    assert!(build.contains(std::env::consts::ARCH), "{build}");
    assert!(build.contains(std::env::consts::OS), "{build}");
}

/// `.ci/notices.py --check` compares all of it.
#[test]
fn the_licences_of_others_are_those_of_the_locked_crates() {
    let [notices, lock, manifest] = ["THIRD-PARTY-NOTICES", "Cargo.lock", "Cargo.toml"]
        .map(|name| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap());
    let locked = lock.split("[[package]]\n").filter_map(|package| {
        let value = |key| {
            let line = package.lines().find_map(|line| line.strip_prefix(key))?;
            Some(line.trim_matches('"').to_owned())
        };
        Some((value("name = ")?, value("version = ")?))
    });
    let locked: Vec<(String, String)> = locked.collect();
    let mut noticed = 0;
    for line in notices.lines().filter(|line| line.ends_with(')')) {
        let mut words = line.splitn(3, ' ').map(str::to_owned);
        let (Some(name), Some(version)) = (words.next(), words.next()) else {
            continue;
        };
        if version.split('.').count() == 3 && words.next().is_some_and(|rest| rest.starts_with('('))
        {
            assert!(locked.contains(&(name, version)), "stale: {line}");
            noticed += 1;
        }
    }
    assert!(noticed > 100, "{noticed}");
    let direct = manifest.split("[dependencies]\n").nth(1).unwrap();
    for line in direct.lines().take_while(|line| !line.is_empty()) {
        let name = line.split(' ').next().unwrap();
        let start = format!("{name} ");
        assert!(
            notices.lines().any(|line| line.starts_with(&start)),
            "{name}"
        );
    }
}

/// `tests/shells/check.py` presses Tab in bash, zsh and fish; here bash asks as its script does, without a terminal.
#[test]
#[cfg(unix)]
fn bash_is_told_how_a_line_may_go_on() {
    let scratch = Scratch::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let text = run(&mut crm(["completions", shell])).ended(0).text();
        assert!(text.contains("CRM_ANON_COMPLETE"), "{shell}: {text}");
    }
    let text = run(&mut crm(["completions", "bash"])).ended(0).text();
    let script = scratch.write("completions.bash", &text);
    scratch.write("export.csv", "nom\n");
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_crm-anon"));
    let path = format!(
        "{}:{}",
        program.parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    for (typed, expected) in [
        (&["crm-anon", "insp"][..], "inspect"),
        (&["crm-anon", "journal", "ver"], "verify"),
        (&["crm-anon", "audit", "exp"], "export.csv"),
        (&["crm-anon", "exp"], "export.csv"),
        (&["crm-anon", "export.csv", "--on-invalid", "bl"], "blank"),
    ] {
        let asks = "source \"$0\"; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1))\n\
                    _clap_complete_crm_anon crm-anon \"${COMP_WORDS[COMP_CWORD]}\"\n\
                    printf '%s\\n' \"${COMPREPLY[@]}\"";
        let mut bash = Command::new("bash");
        bash.arg("-c").arg(asks).arg(&script).args(typed);
        bash.env("PATH", &path).current_dir(scratch.folder());
        assert_eq!(run(&mut bash).ended(0).text(), format!("{expected}\n"));
    }
    run(&mut crm(["completions", "csh"]))
        .ended(2)
        .says(&["csh", "bash"]);
    run(&mut crm(["completions"])).ended(2);
}

#[test]
fn every_command_has_a_manual_page() {
    let text = run(&mut crm(["man"])).ended(0).text();
    assert!(text.contains(".TH"), "{text}");
    for section in ["NAME", "SYNOPSIS", "OPTIONS"] {
        assert!(text.contains(&format!(".SH {section}")), "no {section}");
    }
    assert!(text.contains("\\-\\-on\\-invalid"));
    let scratch = Scratch::new();
    run(crm(["man", "--into"]).arg(scratch.folder())).ended(0);
    // Whatever a page refers to is there.
    let mut references = 0;
    for entry in std::fs::read_dir(scratch.folder()).unwrap() {
        let page = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let page = page.replace("\\-", "-");
        for (at, _) in page.match_indices("(1)") {
            let name = page[..at].rsplit(|c: char| !c.is_alphanumeric() && c != '-');
            let name = format!("{}.1", name.into_iter().next().unwrap());
            assert!(scratch.path(&name).is_file(), "no {name}");
            references += 1;
        }
    }
    assert!(references >= 10, "{references}");
    for (page, option) in [("sql", "dialect"), ("journal-verify", "help")] {
        let alone = run(&mut crm(["man", page])).ended(0).text();
        assert!(alone.contains(&format!("\\-\\-{option}")), "{page}");
        let name = format!("crm-anon-{page}.1");
        let written = std::fs::read_to_string(scratch.path(&name)).unwrap();
        assert_eq!(written, alone);
    }
    run(&mut crm(["man", "sqll"]))
        .ended(2)
        .says(&["no such page", "sql, "]);
    run(&mut crm(["man", "--into", "/nowhere"]))
        .ended(1)
        .says(&["/nowhere", "crm-anon.1"]);
}

#[test]
fn rules_prints_a_commented_table() {
    let outcome = run(&mut crm(["rules"])).ended(0);
    assert_eq!(outcome.err, "");
    let text = outcome.text();
    let table: toml::Table = text.parse().unwrap();
    assert_eq!(table["version"].as_integer(), Some(1));
    assert_eq!(table["name"].as_str(), Some("anonymisation"));
    assert_eq!(table["index"].as_str(), Some("Index_rd"));
    assert_eq!(table["unlisted"].as_str(), Some("drop"));
    let columns = table["columns"].as_table().unwrap();
    let mut names: Vec<&str> = columns.keys().map(String::as_str).collect();
    let mut listed = crate::support::oracle::LISTED.to_vec();
    names.sort_unstable();
    listed.sort_unstable();
    assert_eq!(names, listed);
    assert!(
        text.lines().filter(|line| line.starts_with('#')).count() >= 5,
        "hardly a comment"
    );
    for (name, column) in columns {
        assert!(column.get("attribute").is_some(), "{name} has no attribute");
    }
    run(&mut crm(["rules", "no-such-table"]))
        .ended(2)
        .says(&["no-such-table", "anonymisation"]);
}

#[test]
fn wrong_usage_ends_with_two_and_writes_nothing() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(3));
    let cases: &[(&[&str], &[&str])] = &cases![
        &[], &["usage"];
        &["in.csv", "--no-such-option"], &["--no-such-option"];
        &["in.csv", "second.csv"], &["FOLDER"];
        &["in.csv", "-o"], &["--output"];
        &["in.csv", "--on-invalid", "drop"], &["--on-invalid", "blank", "skip"];
        &["in.csv", "-d", "::"], &["--delimiter"];
        &["in.csv", "-d", ""], &["--delimiter"];
        &["in.csv", "-d", "é"], &["--delimiter"];
        &["in.csv", "-d", "\""], &["--delimiter"];
        &["in.csv", "-d", "\n"], &["--delimiter"];
        &["in.csv", "--output-delimiter", "\""], &["--output-delimiter"];
        &["in.csv", "--output-delimiter", "ab"], &["--output-delimiter"];
        &["in.csv", "-e", "ebcdic"], &["--encoding", "ebcdic", "utf-8"];
        &["in.csv", "--compression", "rar"], &["--compression", "rar", "gzip"];
        &["in.csv", "--seed", "abc"], &["--seed", "abc"];
        &["in.csv", "--seed", "-1"], &["-1"];
        &["in.csv", "-j", "0"], &["--threads"];
        &["in.csv", "-j", "two"], &["--threads"];
        &["in.csv", "--max-field-size", "0"], &["--max-field-size"];
        &["in.csv", "--max-field-size", "much"], &["--max-field-size"];
        &["in.csv", "-o", "a.csv", "-o", "b.csv"], &["--output"];
        &["in.csv", "-q", "-v"], &["-v"];
        &["in.csv", "-r", "no-such-table"], &["no-such-table"];
        &["in.csv", "-r", "missing.toml"], &["missing.toml"];
    ];
    for (args, parts) in cases {
        let outcome = run(crm(*args).current_dir(scratch.folder()));
        assert_eq!(outcome.code(), 2, "{args:?}: {}", outcome.err);
        outcome.says(parts);
        assert!(outcome.out.is_empty(), "{args:?}");
        assert_eq!(scratch.names(), ["in.csv"], "{args:?}");
    }
}

#[test]
fn one_line_at_the_end_sums_the_run_up() {
    let mut rows: Vec<Vec<String>> = (1..=1_234).map(person).collect();
    rows[5][8] = "hier".into();
    rows[7].pop();
    let outcome = run_with_input(
        &mut crm(["-", "--on-invalid", "skip"]),
        &to_csv_flexible(&rows),
    )
    .ended(0);
    let mut lines = outcome.err.lines();
    let last = lines.find(|line| line.contains("MB/s")).unwrap();
    let figures: String = last
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | ',' | '_'))
        .collect();
    for figure in ["1234", "1232", "2", "MB/s", "warning"] {
        assert!(figures.contains(figure), "no {figure} in {last:?}");
    }
    assert!(
        !outcome.err.contains('\u{1b}'),
        "colours or a progress bar on a pipe"
    );
    assert!(!outcome.err.contains('\r'), "a progress bar on a pipe");
}

/// A file in which a row may have another width.
fn to_csv_flexible(rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    writer.write_record(COLUMNS).unwrap();
    for row in rows {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

#[test]
fn warnings_name_what_is_dropped_missing_and_unhealthy() {
    let mut header: Vec<&str> = COLUMNS.to_vec();
    header.push("telephone");
    let mut row = person(1);
    row.push("0612345678".into());
    let outcome = run_with_input(&mut crm(["-"]), &to_csv(&header, [row], b',')).ended(0);
    let warned = |parts: &[&str]| {
        let found = outcome
            .err
            .lines()
            .any(|line| parts.iter().all(|part| line.contains(part)));
        assert!(found, "no line with {parts:?} in\n{}", outcome.err);
    };
    warned(&["warning", "telephone"]);
    // The export has one of the two columns that the table calls optional.
    assert!(!outcome.err.contains("valeur_resid"), "{}", outcome.err);
    warned(&["warning", "groupe_sanguin"]);
    outcome.says(&["art. 9"]);
    assert!(!outcome.err.contains("0612345678"));
    // Without the column of blood groups there is no word about health.
    let header: Vec<&str> = COLUMNS
        .iter()
        .copied()
        .filter(|c| *c != "groupe_sanguin")
        .collect();
    let mut row = person(1);
    row.remove(3);
    let outcome = run_with_input(&mut crm(["-"]), &to_csv(&header, [row], b',')).ended(0);
    assert!(!outcome.err.contains("art. 9"), "{}", outcome.err);
}

#[test]
fn quiet_keeps_warnings_and_twice_quiet_only_errors() {
    let silent = run_with_input(&mut crm(["-qq", "--seed", "1", "-"]), &export(5)).ended(0);
    assert_eq!(silent.err, "");
    let quiet = run_with_input(&mut crm(["-q", "--seed", "1", "-"]), &export(5)).ended(0);
    let is_warning = |line: &str| line.starts_with("crm-anon: warning: ");
    assert!(quiet.err.lines().all(is_warning), "{}", quiet.err);
    assert_eq!(quiet.err.lines().count(), 2, "{}", quiet.err);
    let loud = run_with_input(&mut crm(["--seed", "1", "-"]), &export(5)).ended(0);
    assert!(loud.err.lines().count() > 2);
    assert!(loud.out == quiet.out && loud.out == silent.out);
    let blank = run_with_input(
        &mut crm(["-qq", "-", "--on-invalid", "skip"]),
        b"metier,revenus\na,b\nc,20000\n",
    )
    .ended(0);
    assert_eq!(blank.err, "");
    for quiet in ["-q", "-qq"] {
        let refused = run_with_input(&mut crm([quiet, "-"]), b"metier,revenus\na,b\n").ended(3);
        refused.says(&["record 1", "revenus"]);
    }
}

#[test]
fn a_file_may_be_called_like_a_subcommand_or_an_option() {
    let scratch = Scratch::new();
    for name in ["./rules", "./man", "--", "./-"] {
        let file = if name == "--" { "-x.csv" } else { name };
        scratch.write(file.trim_start_matches("./"), export(2));
        let mut command = crm(["-q", "-o", "out.csv"]);
        command.arg(name);
        if name == "--" {
            command.arg(file);
        }
        run(command.current_dir(scratch.folder())).ended(0);
        assert_eq!(records(&scratch.read("out.csv"), b',').len(), 3, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn paths_that_are_not_utf_8_work() {
    use std::os::unix::ffi::OsStrExt as _;
    let scratch = Scratch::new();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.csv");
    fs::write(scratch.folder().join(name), export(2)).unwrap();
    let out = std::ffi::OsStr::from_bytes(b"sorti\xe9.csv");
    run(crm(["-q", "--manifest", "m.json", "-o"])
        .arg(out)
        .arg(name)
        .current_dir(scratch.folder()))
    .ended(0);
    assert_eq!(
        fs::read(scratch.folder().join(out))
            .unwrap()
            .iter()
            .filter(|b| **b == b'\n')
            .count(),
        3
    );
    serde_json::from_slice::<serde_json::Value>(&scratch.read("m.json")).unwrap();
}

#[test]
#[cfg(unix)]
fn the_readme_s_example_of_a_pipe_works_in_a_shell() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(50));
    let line = format!(
        "gzip -c in.csv | '{0}' -q - | '{0}' -q - -r keep.toml | wc -l",
        program()
    );
    scratch.write(
        "keep.toml",
        "version = 1\nname = \"k\"\nindex = \"\"\n[columns.sexe]\nrule = \"keep\"\n",
    );
    let outcome = run(Command::new("sh")
        .args(["-c", &line])
        .current_dir(scratch.folder()))
    .ended(0);
    assert_eq!(outcome.text().trim(), "51");
}

#[test]
fn the_nearest_command_is_suggested() {
    let scratch = Scratch::new();
    scratch.write("x.csv", export(2));
    scratch.write("mine.toml", "version = 1\n");
    for (line, code, said) in [
        ("inspekt x.csv", 2, "did you mean `crm-anon inspect`?"),
        ("-q inspekt x.csv", 2, "did you mean `crm-anon inspect`?"),
        ("inspekt", 2, "did you mean `crm-anon inspect`?"),
        ("rule", 2, "did you mean `crm-anon rules`?"),
        ("suggest x.csv", 2, "`crm-anon inspect --suggest`"),
        ("anonymise x.csv", 2, "needs no command"),
        ("x.csv y.csv", 2, "the output must be a folder"),
        (
            "-o a.csv x.csv audit",
            2,
            "the command comes first: crm-anon audit FILE",
        ),
        ("nosuch.csv", 1, "cannot open the input nosuch.csv"),
        ("rules ./mine.toml", 2, "--rules ./mine.toml"),
        ("rules nosuch", 2, "there is no rule table `nosuch`"),
    ] {
        let mut command = crm(line.split(' '));
        let outcome = run(command.current_dir(scratch.folder())).ended(code);
        assert!(outcome.err.contains(said), "{line}: {}", outcome.err);
        assert_eq!(outcome.out, b"", "{line}");
    }
    for (line, said) in [
        ("help", "Usage: crm-anon [OPTIONS] <INPUT>"),
        ("help audit", "Usage: crm-anon audit"),
        ("help journal verify", "Usage: crm-anon journal verify"),
    ] {
        let text = run(&mut crm(line.split(' '))).ended(0).text();
        assert!(text.contains(said), "{line}: {text}");
    }
}
