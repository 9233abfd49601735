//! What the program says in French, and that it does the same as in English.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Outcome, Scratch, crm, fixture, run};

/// Words that no French sentence has. Names of options, rules and columns are not among them.
const ENGLISH: &[&str] = &[
    "a", "about", "all", "an", "and", "are", "at", "be", "by", "cannot", "cell", "cells", "column",
    "columns", "do", "does", "error", "expected", "field", "file", "files", "for", "found", "from",
    "has", "have", "header", "in", "input", "invalid", "is", "it", "its", "leave", "leaves",
    "left", "line", "lines", "missing", "no", "none", "not", "of", "or", "order", "out", "output",
    "read", "refused", "row", "rows", "than", "that", "the", "their", "them", "they", "this", "to",
    "unknown", "usage", "value", "values", "was", "warning", "was", "were", "what", "which",
    "with", "without", "wrong", "written", "you", "year", "years",
];

/// A command of the program for somebody whose computer speaks French.
fn crm_in_french<I, S>(arguments: I) -> Command
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let mut command = crm(arguments);
    command.env("LANG", "fr_FR.UTF-8");
    command
}

/// The text without what is quoted, names of options, of files and of keys, which stay as they are.
fn words(text: &str) -> Vec<String> {
    let mut plain = String::new();
    for line in text.lines() {
        // What stands between marks is a name or an example of what to type.
        for (at, piece) in line.split(['`', '"']).enumerate() {
            plain.push_str(if at % 2 == 0 { piece } else { " " });
        }
        plain.push('\n');
    }
    let is_word = |c: char| c.is_alphanumeric() || "→-_./=[]<>:{}".contains(c);
    let pieces = plain.split(|c: char| !is_word(c));
    // `rule = { keep = … }`, `[rows]`, `--max-columns`, `crm-anon`, `règle year`.
    let is_name = |word: &&str| word.contains(['-', '_', '/', '=', '[', '<', '{', '}']);
    let mut words: Vec<String> = Vec::new();
    let mut after_arrow = false;
    for piece in pieces.filter(|word| !word.is_empty() && !is_name(word)) {
        let word = piece.trim_matches(['.', ':']).to_lowercase();
        let is_rule = words.last().is_some_and(|before| before == "règle") || after_arrow;
        after_arrow = word == "→";
        words.push(if is_rule { String::new() } else { word });
    }
    words
}

#[track_caller]
fn assert_french(case: &str, text: &str) {
    // A list of rule kinds, whose names are the same in every language, and lines of a rule table.
    let text = text.replace("drop, keep, year, ", "");
    let of_table = |line: &str| {
        line.trim_start().starts_with(|c: char| c.is_ascii_digit()) && line.contains(" | ")
    };
    // A line to paste into a rule table stands alone, further in than what people read.
    let to_paste = |line: &str| line.starts_with("        ");
    let lines = text.lines();
    let lines: Vec<&str> = lines
        .filter(|line| !of_table(line) && !to_paste(line))
        .collect();
    let text = &lines.join("\n");
    let found: Vec<String> = words(text)
        .into_iter()
        .filter(|word| ENGLISH.contains(&word.as_str()))
        .filter(|word| !["a", "or", "line"].contains(&word.as_str()))
        .collect();
    assert!(found.is_empty(), "{case}: {found:?} in\n{text}");
}

fn fixtures(folder: &str) -> Vec<PathBuf> {
    let folder = fixture(folder);
    let files = fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

/// The same run in both languages; the output and the manifest's warnings, which do not depend on it, stand in
/// the place of standard output.
fn in_both(file: &Path) -> [Outcome; 2] {
    [crm([file]), crm_in_french([file])].map(|mut command| {
        let scratch = Scratch::new();
        let [output, manifest] = ["a.csv", "m.json"].map(|name| scratch.path(name));
        command
            .args(["--no-progress", "--seed", "1", "-o"])
            .arg(&output);
        command.arg("--manifest").arg(&manifest);
        let mut outcome = run(&mut command);
        outcome.out = fs::read(&output).unwrap_or_default();
        let manifest = fs::read_to_string(&manifest).unwrap_or_else(|_| "null".to_owned());
        let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
        outcome.out.extend(manifest["warnings"].to_string().bytes());
        outcome
    })
}

#[test]
fn every_refusal_is_french() {
    for file in fixtures("refusals").into_iter().chain(fixtures("cases")) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let [english, french] = in_both(&file);
        assert_eq!(english.code(), french.code(), "{name}");
        assert!(english.out == french.out, "{name}");
        assert_ne!(english.err, french.err, "{name}");
        assert_eq!(
            english.err.lines().count(),
            french.err.lines().count(),
            "{name}"
        );
        assert_french(&name, &french.err);
    }
}

#[test]
fn the_language_is_the_one_that_was_asked_for() {
    let missing = "no/such.csv";
    for (arguments, locale, expected) in [
        (&[missing][..], None, "cannot open"),
        (&[missing], Some("fr_FR.UTF-8"), "impossible d'ouvrir"),
        (&[missing], Some("fr_CA"), "impossible d'ouvrir"),
        (&[missing], Some("de_DE.UTF-8"), "cannot open"),
        (&[missing], Some("C"), "cannot open"),
        (&[missing, "--lang", "fr"], None, "impossible d'ouvrir"),
        (&["--lang=fr", missing], None, "impossible d'ouvrir"),
        (
            &[missing, "--lang", "en"],
            Some("fr_FR.UTF-8"),
            "cannot open",
        ),
        (
            &["audit", missing, "--lang", "fr"],
            None,
            "impossible d'ouvrir",
        ),
        (&["audit", "--kk", "--lang", "fr"], None, "erreur : "),
        (&["--kk"], None, "error: "),
    ] {
        let mut command = crm(arguments);
        if let Some(locale) = locale {
            command.env("LANG", locale);
        }
        let said = run(&mut command).err;
        assert!(said.contains(expected), "{arguments:?} {locale:?}: {said}");
    }
}

#[test]
fn what_was_typed_wrong_is_told_in_french() {
    let scratch = Scratch::new();
    let table = |name: &str, text: &str| {
        let path = scratch.path(name);
        fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    };
    let export = fixture("export_crm.csv");
    let export = export.to_str().unwrap();
    let no_toml = table("no.toml", "version = 1\n[columns.a\nrule = \"keep\"\n");
    let no_rule = table("rule.toml", "version = 1\n[columns.a]\nrule = \"hide\"\n");
    let no_width = table(
        "width.toml",
        "version = 1\n[columns.a]\nrule = { bucket = { width = \"x\" } }\n",
    );
    let no_key = table(
        "key.toml",
        "version = 1\n[columns.a]\nrule = \"keep\"\ncolour = 1\n",
    );
    let no_option = table(
        "option.toml",
        "version = 1\n[columns.a]\nrule = { year = { fmt = 1 } }\n",
    );
    let no_policy = table(
        "policy.toml",
        "version = 1\nunlisted = \"keep\"\n[columns.a]\nrule = \"keep\"\n",
    );
    for arguments in [
        &[][..],
        &["no/such.csv"],
        &["inspekt", export],
        &["anonymiser"],
        &[export, "audit"],
        &[export, "two.csv"],
        &[export, "--k", "1"],
        &[export, "--k", "x"],
        &[export, "--threads", "-1"],
        &[export, "--on-invalid", "stop"],
        &[export, "--output"],
        &[export, "-q", "-v"],
        &[export, "--kk"],
        &[export, "--seed", "a"],
        &[export, "--encoding", "latin"],
        &[export, "--delimiter", "x"],
        &[export, "--max-suppressed", "4%"],
        &[export, "-o", export],
        &[export, "-r", "no-such-table"],
        &[export, "-r", &no_toml],
        &[export, "-r", &no_rule],
        &[export, "-r", &no_width],
        &[export, "-r", &no_key],
        &[export, "-r", &no_option],
        &[export, "-r", &no_policy],
        &[export, "--manifest", "-"],
        &["audit", export, "--quasi", "no_such_column"],
        &["keygen", "Role", "-o", "k"],
        &["journal", "verify", "no/such.journal"],
        &["sql", "--dialect", "oracle9"],
        &["rules", "oracle9"],
        &["rules", "--explain", "oracle9"],
        &["completions", "oracle9"],
    ] {
        let done = run(&mut crm_in_french(arguments));
        assert_ne!(done.code(), 0, "{arguments:?}");
        assert!(!done.err.is_empty(), "{arguments:?}");
        let export_name = done.err.replace(export, "");
        assert_french(&format!("{arguments:?}"), &export_name);
        assert_eq!(
            done.code(),
            run(&mut crm(arguments)).code(),
            "{arguments:?}"
        );
    }
}

#[test]
fn help_is_french() {
    for arguments in [
        &["--help"][..],
        &["-h"],
        &["audit", "--help"],
        &["inspect", "--help"],
        &["sql", "--help"],
        &["rules", "--help"],
        &["reveal", "--help"],
        &["rekey", "--help"],
        &["keygen", "--help"],
        &["journal", "--help"],
        &["journal", "verify", "--help"],
        &["completions", "--help"],
    ] {
        let french = run(&mut crm_in_french(arguments));
        assert_eq!(french.code(), 0, "{arguments:?}");
        let text = french.text();
        assert!(text.contains("Utilisation :"), "{text}");
        // Names of values, of shells and of encodings are what is typed.
        let text = text.replace("[valeurs possibles", "(valeurs possibles");
        for english in [
            "Usage", "Print", "default:", "possible values", " the ", " of ", " is ", " and ",
            " or ",
        ] {
            assert!(
                !text.contains(english),
                "{arguments:?}: {english} in {text}"
            );
        }
        let english = run(&mut crm(arguments)).text();
        let options = |text: &str| {
            let words = text.split([' ', '\n', ',', '`', '[', ']', ':']);
            let mut options: Vec<String> = words
                .filter(|word| word.starts_with("--") && word.len() > 3)
                .map(|word| word.trim_end_matches([';', ')', '.']).to_owned())
                .collect();
            options.sort();
            options.dedup();
            options
        };
        assert_eq!(options(&english), options(&text), "{arguments:?}");
    }
}

#[test]
fn figures_and_reports_are_french() {
    let scratch = Scratch::new();
    let export = fixture("crm/brevo.csv");
    let export = export.to_str().unwrap();
    let report = scratch.path("r.html");
    let report = report.to_str().unwrap();
    for arguments in [
        &["inspect", export][..],
        &["audit", export],
        &["audit", export, "--report", report],
    ] {
        let done = run(&mut crm_in_french(arguments));
        assert_eq!(done.code(), 0, "{arguments:?}: {}", done.err);
        assert_french(&format!("{arguments:?}"), &done.text());
        assert_french(&format!("{arguments:?}"), &done.err);
    }
    let page = fs::read_to_string(report).unwrap();
    assert!(page.contains("<html lang=\"fr\""));
    let body = page.split("</style>").last().unwrap();
    let mut text = String::new();
    for piece in body.split('<') {
        text.push_str(piece.split_once('>').map_or("", |(_, text)| text));
        text.push(' ');
    }
    for english in [
        "&quot;", " the ", " of ", " rows ", " is ", " years", "value ", "min_population =",
    ] {
        assert!(!text.contains(english), "{english}");
    }
}

#[test]
fn every_command_speaks_french() {
    let scratch = Scratch::new();
    let kept = |name: &str| scratch.path(name).to_string_lossy().into_owned();
    let file = |name: &str| fixture(name).to_string_lossy().into_owned();
    let (export, brevo, custom) = (
        file("export_crm.csv"),
        file("crm/brevo.csv"),
        file("custom_rules.toml"),
    );
    let (output, journal, report) = (kept("a.csv"), kept("j.jsonl"), kept("r.html"));
    let mut lines: Vec<Vec<&str>> = vec![
        vec![
            &export, "-v", "--k", "5", "-o", &output, "--journal", &journal, "--report", &report,
        ],
        vec!["journal", "verify", &journal],
        vec!["journal", "columns", &journal],
        vec!["inspect", &brevo, "--suggest"],
        vec!["check", &custom],
        vec!["check", "anonymisation", "--header", &export],
        vec!["audit", &output],
        vec!["rules", "--kinds"],
        vec!["man"],
    ];
    lines.extend(
        [
            "audit", "inspect", "sql", "reveal", "rekey", "keygen", "journal-verify", "rules",
        ]
        .map(|page| vec!["man", page]),
    );
    lines.extend(
        [
            "year", "keep", "bucket", "noise", "map", "token", "mask", "drop",
        ]
        .map(|kind| vec!["rules", "--explain", kind]),
    );
    let dialects = ["postgresql", "duckdb", "spark"];
    lines.extend(dialects.map(|dialect| vec!["sql", "--dialect", dialect]));
    lines.extend(
        dialects.map(|dialect| vec!["audit", "--sql", "--dialect", dialect, "--quasi", "sexe"]),
    );
    for line in lines {
        let done = run(&mut crm_in_french(&line));
        assert_eq!(done.code(), 0, "{line:?}: {}", done.err);
        let text = done.text();
        // Of a query, its comments; of a manual page, what is no macro and no option.
        let told: Vec<String> = text
            .lines()
            .filter_map(|one| match line[0] {
                "sql" => Some(one.trim_start().strip_prefix("-- ")?.to_owned()),
                "audit" if line[1] == "--sql" => {
                    Some(one.trim_start().strip_prefix("-- ")?.to_owned())
                }
                "man" => Some(without_macros(one)).filter(|one| !one.starts_with(".ie")),
                _ => Some(one.to_owned()),
            })
            .filter(|one| !one.starts_with("no accents, a blank"))
            .filter(|one| {
                !line.contains(&"--suggest") || one.starts_with("# ") && !one.contains(" = ")
            })
            // A value of an option, in a list of them.
            .map(|one| one.replace("year", " ").replace("- none :", "-"))
            .collect();
        assert!(line[0] != "sql" || told.len() > 5, "{line:?}");
        // The names that a rule table is written with are quoted there, and bare in lists of kinds.
        let told = match line[0] {
            "rules" => told
                .iter()
                .map(|one| sentence(one))
                .collect::<Vec<_>>()
                .join("\n"),
            _ => told.join("\n"),
        };
        assert_french(&format!("{line:?}"), &told);
        assert_french(&format!("{line:?}"), &done.err.replace("year", " "));
    }
}

/// A line of a manual page without the macros of roff and the options in it.
fn without_macros(line: &str) -> String {
    let line = line
        .replace("\\-", "-")
        .replace("\\fB", "`")
        .replace("\\fI", "`")
        .replace("\\fR", "`");
    line.strip_prefix(".SH ")
        .map_or_else(|| line.clone(), ToOwned::to_owned)
}

/// A line on a rule kind without the name at its beginning, and without what is to be typed.
fn sentence(line: &str) -> String {
    let without_name = line.split_once("  ").map_or(line, |(_, rest)| rest);
    let names = [
        "true", "false", "fail", "empty", "keep", "drop", "known", "health", "none", "file",
        "value", "values", "NAME", "with",
    ];
    let words = without_name.split(' ');
    let words =
        words.filter(|word| !names.contains(&word.trim_matches(|c: char| !c.is_alphanumeric())));
    words.collect::<Vec<_>>().join(" ")
}
