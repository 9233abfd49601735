//! Every refusal and all help, word for word, in both languages: `tests/it/transcripts/`.
//!
//! After a change of messages: `UPDATE_TRANSCRIPTS=1 cargo test transcripts`, and read the difference.

use std::fs;
use std::path::Path;

use crate::support::{Scratch, crm, fixture, run};

/// Compares what the program says with the file that has it, or renews the file.
fn is_as_kept(name: &str, told: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/transcripts")
        .join(name);
    if std::env::var_os("UPDATE_TRANSCRIPTS").is_some() {
        fs::write(&path, told).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap();
    let pairs = kept.lines().zip(told.lines());
    let (line, (was, is)) = (1..)
        .zip(pairs)
        .find(|(_, (was, is))| was != is)
        .unwrap_or((0, ("one is the beginning of the other", "")));
    assert!(
        kept == told,
        "{}, line {line}:\n  {was}\nis now\n  {is}",
        path.display()
    );
}

/// What the program says of each fixture that is refused.
fn refusals(language: &str) -> String {
    let mut files: Vec<_> = fs::read_dir(fixture("refusals"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let mut text = String::new();
    for file in files {
        let scratch = Scratch::new();
        let mut command = crm(["-q", "--lang", language, "-o"]);
        let done = run(command.arg(scratch.path("out.csv")).arg(&file));
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        text.push_str(&format!("== {name}: exit status {}\n", done.code()));
        // Warnings are tested elsewhere.
        let told = done.err.lines();
        for line in told.filter(|line| {
            !line.contains("crm-anon: warning") && !line.contains("crm-anon: avertissement")
        }) {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

/// The help of a command in short and in full, then of the commands below it.
fn help(language: &str, words: &[&str], text: &mut String) {
    let [_, full] = ["-h", "--help"].map(|option| {
        let mut command = crm(words);
        command.args(["--lang", language, option]);
        let told = run(command.env("COLUMNS", "100")).ended(0).text();
        text.push_str(&format!(
            "== {}\n",
            [&["crm-anon"], words, &[option]].concat().join(" ")
        ));
        text.push_str(&told);
        told
    });
    let commands = full
        .lines()
        .skip_while(|line| !matches!(*line, "Commands:" | "Commandes :"))
        .skip(1)
        .take_while(|line| line.starts_with("  "));
    let names = commands.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    for name in names.filter(|name| !matches!(*name, "" | "help")) {
        help(language, &[words, &[name]].concat(), text);
    }
}

#[test]
fn refusals_read_as_their_transcripts_say() {
    for language in ["en", "fr"] {
        is_as_kept(&format!("{language}.txt"), &refusals(language));
    }
}

#[test]
fn help_reads_as_its_transcripts_say() {
    let commands = ["en", "fr"].map(|language| {
        let mut text = String::new();
        help(language, &[], &mut text);
        is_as_kept(&format!("help_{language}.txt"), &text);
        let commands = text.lines().filter(|line| line.starts_with("== "));
        commands.map(ToOwned::to_owned).collect::<Vec<_>>()
    });
    assert!(commands[0].len() > 30, "{commands:?}");
    assert_eq!(commands[0], commands[1]);
}
