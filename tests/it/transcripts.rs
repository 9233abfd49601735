//! Every refusal, word for word, in both languages: `tests/it/transcripts/LANGUAGE.txt`.
//!
//! After a change of messages: `UPDATE_TRANSCRIPTS=1 cargo test transcripts`, and read the difference.

use std::fs;
use std::path::Path;

use crate::support::{Scratch, crm, fixture, run};

/// What the program says of each fixture that is refused.
fn transcript(language: &str) -> String {
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

#[test]
fn refusals_read_as_their_transcripts_say() {
    for language in ["en", "fr"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/it/transcripts")
            .join(format!("{language}.txt"));
        let told = transcript(language);
        if std::env::var_os("UPDATE_TRANSCRIPTS").is_some() {
            fs::write(&path, &told).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap();
        assert!(
            kept == told,
            "{}: the messages are now\n{told}",
            path.display()
        );
    }
}
