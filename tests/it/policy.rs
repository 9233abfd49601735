//! What a rule table says beside its rules: formulas, allowed values, the files that it names and
//! their digests, and names that a terminal must not obey.

use crate::support::system;
use serde_json::Value;

use crate::support::{Scratch, crm, run};

const TABLE: &str =
    "version = 1\nindex = ''\n[columns.note]\nrule = 'keep'\nleftovers = 'ignore'\n";

fn sha256(text: &[u8]) -> String {
    let scratch = Scratch::new();
    let path = scratch.write("text", text);
    system::sha256(&path)
}

#[test]
fn formulas_are_counted_refused_or_escaped() {
    let scratch = Scratch::new();
    let rules = scratch.write("rules.toml", TABLE);
    let quoted = "\"=HYPERLINK(\"\"x;y\"\")\"";
    let rows =
        format!("note\n=1+1\n-2,99\n{quoted}\n@a\n ok\n＝A1\n\u{a0}+A1\n+33612345678\ntexte\n");
    let input = scratch.write("in.csv", &rows);
    let escaped = "note\n'=1+1\n-2,99\n\"'=HYPERLINK(\"\"x;y\"\")\"\n'@a\n ok\n'＝A1\n'\u{a0}+A1\n+33612345678\ntexte\n";
    let output = scratch.path("out.csv");
    let manifest = scratch.path("manifest.json");
    for (policy, threads) in [
        ("warn", "1"),
        ("warn", "3"),
        ("escape", "1"),
        ("escape", "3"),
        ("keep", "1"),
    ] {
        let outcome = run(crm(["-r"])
            .arg(&rules)
            .arg(&input)
            .args(["-d", ";", "--formulas", policy, "-j", threads, "-o"])
            .arg(&output)
            .arg("--manifest")
            .arg(&manifest))
        .ended(0);
        let found = std::fs::read_to_string(&output).unwrap();
        assert_eq!(
            found,
            if policy == "escape" { escaped } else { &rows },
            "{policy}"
        );
        let told: Value = serde_json::from_slice(&std::fs::read(&manifest).unwrap()).unwrap();
        assert_eq!(told["formulas"], policy);
        let counted = if policy == "keep" {
            Value::Null
        } else {
            Value::from(5)
        };
        assert_eq!(told["columns"][0]["formulas"], counted, "{policy}");
        assert_eq!(
            outcome.err.contains("5 in column `note`"),
            policy == "warn",
            "{}",
            outcome.err
        );
        assert!(!outcome.err.contains("HYPERLINK"));
        std::fs::remove_file(&output).unwrap();
    }
    for on_invalid in ["fail", "blank", "skip"] {
        let outcome = run(crm(["-r"])
            .arg(&rules)
            .arg(&input)
            .args([
                "-d", ";", "--formulas", "refuse", "--on-invalid", on_invalid, "-o",
            ])
            .arg(&output))
        .ended(3);
        outcome.says(&[
            "5 × `note`, rule keep",
            "record 1 (line 2 of the file), ",
            "record 3 (line 4)",
            "--formulas escape",
        ]);
        assert!(!output.exists() && !outcome.err.contains("HYPERLINK"));
    }
}

#[test]
fn formulas_are_escaped_wherever_characters_of_a_cell_leave() {
    let scratch = Scratch::new();
    let rules = scratch.write(
        "rules.toml",
        "version = 1\nindex = ''\nformulas = 'escape'\n\
         [columns.ville]\nrule = 'keep'\nattribute = 'quasi-identifying'\n\
         [columns.code]\nrule = { truncate = { length = 3 } }\n\
         [columns.ref]\nrule = { mask = { start = 2 } }\n\
         [columns.etat]\nrule = { map = { table = { a = '-b' }, otherwise = 'keep' } }\n\
         [columns.note]\nrule = 'keep'\n",
    );
    let row = "=A1;=B1+C1;=D4x5;=E1;=mail zoe.lamy@example.fr\n";
    let input = scratch.write(
        "in.csv",
        format!("ville;code;ref;etat;note\n{row}{row}Lyon;abc;abcd;a;rien\nLyon;abc;abcd;a;rien\n"),
    );
    for more in [&[][..], &["--k", "2"], &["--output-delimiter", ","]] {
        let outcome = run(crm(["-q", "-r"])
            .arg(&rules)
            .arg(&input)
            .args(["--on-leftover", "mask"])
            .args(more))
        .ended(0);
        let text = outcome.text().replace(',', ";");
        let expected = "'=A1;'=B1;'=D****;'=E1;'=mail [email]\n";
        assert_eq!(text.matches(expected).count(), 2, "{more:?}: {text}");
        // What the table says is its author's.
        assert_eq!(
            text.matches("Lyon;abc;ab****;-b;rien\n").count(),
            2,
            "{text}"
        );
    }
    // The command line wins over the rule table.
    let outcome = run(crm(["-q", "-r"])
        .arg(&rules)
        .arg(&input)
        .args(["--on-leftover", "mask", "--formulas", "keep"]))
    .ended(0);
    assert!(
        outcome
            .text()
            .contains("=A1;=B1;=D****;=E1;=mail [email]\n"),
        "{}",
        outcome.text()
    );
    let wrong = scratch.write(
        "wrong.toml",
        TABLE.replace("index = ''", "formulas = 'run'"),
    );
    run(crm(["-r"]).arg(wrong).arg(&input))
        .ended(2)
        .says(&["wrong.toml:2:12", "warn", "escape"]);
}

#[test]
fn a_value_that_is_not_allowed_does_not_leave() {
    let scratch = Scratch::new();
    let rules = |rule: &str, more: &str| {
        let text = format!(
            "version = 1\nindex = ''\n[columns.id]\nrule = 'keep'\n[columns.niveau]\nrule = {{ keep = {rule} }}\n{more}"
        );
        scratch.write("rules.toml", text)
    };
    scratch.write("niveaux.csv", "Or;haut\nArgent;bas\n");
    scratch.write("valeurs.csv", "Or\nArgent\n");
    let input = scratch.write(
        "in.csv",
        "id,niveau\n1,Or\n2, Argent \n3,Platine\n4,TOTAL\n5,NULL\n",
    );
    for (rule, more) in [
        ("{ allowed = ['Or', 'Argent'] }", ""),
        ("{ allowed = { file = 'valeurs.csv' } }", ""),
        ("{ allowed = 'known' }", "ladder = { file = 'niveaux.csv' }"),
    ] {
        let table = rules(rule, more);
        let with = |on_invalid: &str| {
            run(crm(["-q", "-r"])
                .arg(&table)
                .arg(&input)
                .args(["--on-invalid", on_invalid]))
        };
        let refused = with("fail").ended(3);
        refused.says(&[
            "× `niveau`, rule keep",
            "record 3 (line 4 of the file)",
            "record 4",
            "not allow",
        ]);
        assert!(!refused.err.contains("Platine") && !refused.err.contains("TOTAL"));
        assert_eq!(
            with("blank").ended(0).text(),
            "id,niveau\n1,Or\n2,Argent\n3,\n4,\n5,\n",
            "{rule}"
        );
        assert_eq!(
            with("skip").ended(0).text(),
            "id,niveau\n1,Or\n2,Argent\n5,\n",
            "{rule}"
        );
    }
    let table = rules(
        "{ allowed = ['Or', 'Argent'], otherwise = { value = '***' } }",
        "",
    );
    let masked = run(crm(["-q", "-r"]).arg(&table).arg(&input)).ended(0);
    assert_eq!(
        masked.text(),
        "id,niveau\n1,Or\n2,Argent\n3,***\n4,***\n5,\n"
    );
    for (rule, more) in [
        ("{ allowed = 'known' }", ""),
        ("{ allowed = 'known' }", "ladder = [10, 20]"),
        ("{ allowed = [] }", ""),
    ] {
        let table = rules(rule, more);
        run(crm(["-r"]).arg(&table).arg(&input))
            .ended(2)
            .says(&["rules.toml:6:"]);
    }
}

#[test]
#[cfg(unix)]
fn only_regular_files_of_bounded_size_are_read() {
    let scratch = Scratch::new();
    let input = scratch.write("in.csv", "note\na\n");
    let fifo = scratch.path("fifo");
    run(std::process::Command::new("mkfifo").arg(&fifo)).ended(0);
    let huge = scratch.write("huge.csv", "");
    std::fs::File::options()
        .write(true)
        .open(&huge)
        .unwrap()
        .set_len(65 << 20)
        .unwrap();
    for (file, expected) in [
        ("/dev/zero", "a device"),
        ("fifo", "a pipe"),
        (".", "a folder"),
        ("huge.csv", "more than 64 MiB"),
        ("none", "No such file"),
    ] {
        for rule in [
            format!("{{ map = {{ file = '{file}' }} }}"),
            format!("{{ keep = {{ allowed = {{ file = '{file}' }} }} }}"),
            format!("'keep'\nladder = {{ file = '{file}' }}"),
        ] {
            let rules = scratch.write(
                "rules.toml",
                TABLE.replace("'keep'\nleftovers = 'ignore'", &rule),
            );
            run(crm(["-r"]).arg(&rules).arg(&input))
                .ended(2)
                .says(&[file, expected, "rules.toml:"]);
        }
    }
    for (rules, expected) in [
        ("/dev/zero", "a device"),
        ("/", "a folder"),
        ("-", "/dev/stdin"),
    ] {
        run(crm(["-r", rules]).arg(&input))
            .ended(2)
            .says(&[rules, expected]);
    }
    let huge = run(crm(["-r"]).arg(&huge).arg(&input)).ended(2);
    huge.says(&["more than 16 MiB"]);
    let columns = run(&mut crm([
        "sql", "--dialect", "duckdb", "--columns", "/dev/zero",
    ]))
    .ended(1);
    columns.says(&["list of columns /dev/zero", "a device"]);
    // A rule table may come out of a pipe.
    let rules = scratch.write("rules.toml", TABLE);
    let writer = std::thread::spawn({
        let (fifo, rules) = (fifo.clone(), rules.clone());
        move || std::fs::write(fifo, std::fs::read(rules).unwrap())
    });
    let piped = run(crm(["-q", "-r"]).arg(&fifo).arg(&input)).ended(0);
    assert_eq!(piped.text(), "note\na\n");
    writer.join().unwrap().unwrap();
}

#[test]
fn the_digest_of_a_rule_table_covers_the_files_that_it_names() {
    let scratch = Scratch::new();
    let input = scratch.write("in.csv", "note,etat\na,M.\n");
    let text = "version = 1\nindex = ''\n[columns.note]\nrule = 'keep'\nladder = { file = 'h.csv' }\n\
                [columns.etat]\nrule = { map = { file = 'codes.csv' } }\n";
    let rules = scratch.write("rules.toml", text);
    let (manifest, journal) = (scratch.path("manifest.json"), scratch.path("journal.jsonl"));
    let mut digests = Vec::new();
    for (ladder, codes) in [
        ("a;v\n", "M.;H\n"),
        ("a;w\n", "M.;H\n"),
        ("a;v\n", "M.;F\n"),
    ] {
        scratch.write("h.csv", ladder);
        scratch.write("codes.csv", codes);
        run(crm(["-q", "-r"])
            .arg(&rules)
            .arg(&input)
            .args([
                "--manifest".as_ref(),
                manifest.as_os_str(),
                "--journal".as_ref(),
                journal.as_os_str(),
            ])
            .args(["-o".as_ref(), scratch.path("out.csv").as_os_str()]))
        .ended(0);
        let told: Value = serde_json::from_slice(&std::fs::read(&manifest).unwrap()).unwrap();
        let told = &told["rules"];
        let own = sha256(text.as_bytes());
        assert_eq!(told["table_sha256"], own);
        // Columns are in the order of the table.
        let files = [("h.csv", ladder), ("codes.csv", codes)];
        let mut lines = format!("{own}\n");
        for (at, (name, content)) in files.iter().enumerate() {
            let digest = sha256(content.as_bytes());
            assert_eq!(told["files"][at]["sha256"], digest);
            assert!(told["files"][at]["path"].as_str().unwrap().ends_with(name));
            lines.push_str(&format!("{digest}  {name}\n"));
        }
        assert_eq!(told["sha256"], sha256(lines.as_bytes()));
        let lines = std::fs::read_to_string(&journal).unwrap();
        let last: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
        let entry = last.get("entry").unwrap_or(&last);
        assert_eq!(&entry["rules"], told);
        digests.push(told["sha256"].clone());
    }
    digests.dedup();
    assert_eq!(digests.len(), 3);
}

#[test]
fn no_name_gives_the_terminal_orders() {
    let scratch = Scratch::new();
    let evil = "\u{1b}[2J\u{202e}\u{2066}\u{200b}";
    let input = scratch.write("in.csv", format!("note;N° {evil}\n=1;b\n"));
    let named = format!("[columns.\"x\\u001b[2J{}\"]\nrule = 'keep'\n", &evil[4..]);
    let good = scratch.write("good.toml", format!("{TABLE}{named}"));
    let clean = |text: &str| {
        let hidden =
            |c: char| c != '\n' && c.is_control() || "\u{202e}\u{2066}\u{200b}".contains(c);
        assert!(!text.contains(hidden), "{text:?}");
    };
    let ran = run(crm(["-v", "-r"])
        .arg(&good)
        .arg(&input)
        .args(["-o".as_ref(), scratch.path("o.csv").as_os_str()]))
    .ended(0);
    clean(&ran.err);
    ran.says(&["`N° \\u{1b}[2J\\u{202e}\\u{2066}\\u{200b}`"]);
    for (table, status) in cases![
        format!("{TABLE}as = \"x{}\"\n[columns.\"x{}\"]\nrule = 'kep'", &evil[4..], &evil[4..]), 2;
        format!("name = \"{}\"\n{TABLE}", "\\u001b[2J"), 2;
        format!("{TABLE}as = \"\\u001b[2J\""), 2;
        format!("{TABLE}\"{}\" = 3", &evil[4..]), 2;
        format!("{TABLE}[columns.b]\nrule = {{ map = {{ file = \"{}\" }} }}", &evil[4..]), 2;
        format!("{TABLE}[columns.NOTE]\nrule = 'keep'\naliases = [\"{0}\", \"{0}\"]", &evil[4..]), 2;
    ] {
        let rules = scratch.write("rules.toml", table);
        clean(&run(crm(["-r"]).arg(&rules).arg(&input)).ended(status).err);
    }
    for arguments in [
        &[evil][..],
        &["a.csv", "-r", evil],
        &["a.csv", evil],
        &["a.csv", "--delimiter", evil],
        &["a.csv", "-e", evil],
        &["sql", "--dialect", evil],
        &["a.csv", "--on-invalid", evil],
    ] {
        let outcome = run(&mut crm(arguments));
        assert_ne!(outcome.code(), 0);
        clean(&outcome.err);
    }
    let shown = run(crm(["inspect"]).arg(&input).args(["-d", ";"]));
    clean(&shown.text());
    clean(&shown.err);
    let audit = run(crm(["audit"])
        .arg(&input)
        .args(["--quasi", &format!("N° {evil}")]));
    clean(&audit.text());
    clean(&audit.err);
    for dialect in ["postgresql", "duckdb", "spark"] {
        let query = run(crm(["sql", "--dialect", dialect, "-r"]).arg(&good));
        clean(&query.text());
        clean(&query.err);
    }
}
