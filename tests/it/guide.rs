//! The README and the guide, held against the program: their examples are run, their figures counted
//! again, their links followed, and their tables must list what there is, no less and no more.
use std::collections::{BTreeSet, HashMap};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read as _};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crm_anon::inside::{Criterion, RuleTable};

const PROGRAM: &str = env!("CARGO_BIN_EXE_crm-anon");
const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");

/// What stands in an example for what is another at each run.
const ANYTHING: &str = "[..]";

/// A command of an example and the output that the README shows below it.
struct Example<'a> {
    command: &'a str,
    shown: Vec<&'a str>,
}

/// The README and every page of the guide, by their paths in the repository.
fn pages() -> Vec<(PathBuf, String)> {
    let root = Path::new(REPOSITORY);
    let mut paths = vec![root.join("README.md")];
    for folder in ["docs", "docs/fr"] {
        let entries = fs::read_dir(root.join(folder)).unwrap();
        let found = entries.map(|entry| entry.unwrap().path());
        paths.extend(found.filter(|path| path.extension().is_some_and(|end| end == "md")));
    }
    paths.sort();
    let pages = paths.into_iter().map(|path| {
        let text = fs::read_to_string(&path).unwrap();
        (path.strip_prefix(root).unwrap().to_owned(), text)
    });
    pages.collect()
}

fn console_blocks(page: &str) -> Vec<Vec<Example<'_>>> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while lines.by_ref().any(|line| line == "```console") {
        let mut block: Vec<Example<'_>> = Vec::new();
        for line in lines.by_ref().take_while(|line| *line != "```") {
            match (line.strip_prefix("$ "), block.last_mut()) {
                (Some(command), _) => block.push(Example {
                    command,
                    shown: Vec::new(),
                }),
                (None, Some(example)) => example.shown.push(line),
                (None, None) => panic!("an example begins with its output: {line}"),
            }
        }
        blocks.push(block);
    }
    blocks
}

/// Runs a command line in `folder`, with the program in the PATH, and gives what a terminal would
/// show: both output streams in the order of writing.
fn terminal(command: &str, folder: &Path) -> String {
    let mut path = OsString::from(Path::new(PROGRAM).parent().unwrap());
    path.push(":");
    path.push(env::var_os("PATH").unwrap_or_default());
    let (mut reader, writer) = io::pipe().unwrap();
    let mut shell = Command::new("sh");
    shell
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", path)
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env_remove("LANG")
        .stdin(Stdio::null())
        .stdout(writer.try_clone().unwrap())
        .stderr(writer);
    let mut child = shell.spawn().unwrap();
    drop(shell); // It holds the pipe open.
    let mut shown = String::new();
    reader.read_to_string(&mut shown).unwrap();
    child.wait().unwrap();
    shown
}

fn fits(shown: &str, line: &str) -> bool {
    match shown.split_once(ANYTHING) {
        None => shown == line,
        Some((before, behind)) => line.strip_prefix(before).is_some_and(|rest| {
            let mut starts = (0..=rest.len()).filter_map(|at| rest.get(at..));
            starts.any(|rest| fits(behind, rest))
        }),
    }
}

#[test]
fn the_wildcard_stands_for_any_part_of_a_line() {
    for (shown, line, expected) in [
        ("a b", "a b", true),
        ("a b", "a bc", false),
        ("[..]", "", true),
        ("in [..] s, [..] MB/s", "in 0.09 s, 1 MB/s", true),
        ("in [..] s", "in 0.09 s, 1 MB/s", false),
        ("[..],é", "12,é,é", true),
        ("x[..]", "y", false),
    ] {
        assert_eq!(fits(shown, line), expected, "{shown:?}, {line:?}");
    }
}

/// What an example shows that did not come, if there is any.
fn difference(block: &[Example<'_>]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    for name in ["fixtures", "src"] {
        symlink(Path::new(REPOSITORY).join(name), folder.path().join(name)).unwrap();
    }
    block.iter().find_map(|Example { command, shown }| {
        let came = terminal(command, folder.path());
        let lines: Vec<&str> = came.lines().collect();
        let same = lines.len() == shown.len()
            && shown
                .iter()
                .zip(&lines)
                .all(|(shown, line)| fits(shown, line));
        let shown = shown.join("\n");
        (!same).then(|| format!("$ {command}\nthe page shows:\n{shown}\nwhat came:\n{came}"))
    })
}

#[test]
fn every_example_shows_what_comes_out() {
    let mut examples = 0;
    let mut wrong = Vec::new();
    for (path, text) in pages() {
        let blocks = console_blocks(&text);
        examples += blocks.len();
        let found = blocks.iter().filter_map(|block| difference(block));
        wrong.extend(found.map(|what| format!("{}: {what}", path.display())));
    }
    assert!(examples >= 20, "{examples} examples found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What a heading's link ends in, as Markdown's renderers make it.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let pages = pages();
    let mut links = 0;
    for (path, text) in &pages {
        let folder = Path::new(REPOSITORY).join(path.parent().unwrap());
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            if link.starts_with("http") || link.starts_with("../../discussions") {
                continue;
            }
            links += 1;
            let (file, part) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => Path::new(REPOSITORY).join(path),
                file => folder.join(file),
            };
            assert!(target.exists(), "{}: {link}", path.display());
            if !part.is_empty() {
                let text = fs::read_to_string(&target).unwrap();
                let mut headings = text.lines().filter(|line| line.starts_with('#'));
                assert!(
                    headings.any(|heading| anchor(heading) == part),
                    "{}: {link}",
                    path.display()
                );
            }
        }
    }
    assert!(links > 50, "{links} links");
}

#[test]
fn the_readme_is_short_and_the_guide_has_both_languages() {
    let pages = pages();
    let of = |name: &str| {
        let found = pages.iter().find(|(path, _)| path == Path::new(name));
        &found.unwrap_or_else(|| panic!("no page {name}")).1
    };
    assert!(of("README.md").lines().count() <= 250);
    for (english, french) in [
        ("first-steps", "premiers-pas"),
        ("rule-tables", "tables-de-regles"),
        ("how-anonymous", "anonymat"),
        ("leftovers", "identifiants-residuels"),
        ("protection", "protection"),
        ("nightly-exports", "exports-nocturnes"),
    ] {
        assert!(of(&format!("docs/{english}.md")).lines().count() > 20);
        assert!(of(&format!("docs/fr/{french}.md")).lines().count() > 20);
    }
}

/// The part of a page below a heading, up to the next heading of the same level or above.
#[track_caller]
fn section(page: &str, heading: &str) -> Vec<String> {
    let text = fs::read_to_string(Path::new(REPOSITORY).join(page)).unwrap();
    let level = |line: &str| line.find(|c| c != '#').filter(|level| *level > 0);
    let own = level(heading);
    let mut lines = text.lines();
    assert!(
        lines.any(|line| line == heading),
        "no heading {heading:?} in {page}"
    );
    lines
        .take_while(|line| level(line).is_none_or(|level| Some(level) > own))
        .map(str::to_owned)
        .collect()
}

/// The cells of a section's tables, row by row, without the rows of dashes.
fn rows(page: &str, heading: &str) -> Vec<Vec<String>> {
    let section = section(page, heading);
    let table = section
        .iter()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    table
        .map(|row| row.split(" | ").map(str::to_owned).collect())
        .collect()
}

/// What a cell names in backquotes.
fn names(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn the_table_of_columns_is_the_built_in_rule_table() {
    let rows = rows("docs/rule-tables.md", "## What comes out, and why");
    let listed = rows.iter().flat_map(|row| names(&row[0]));
    let table = RuleTable::load("anonymisation").unwrap();
    let known: BTreeSet<&str> = table
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(listed.collect::<BTreeSet<_>>(), known);
    for column in &table.columns {
        let row = rows
            .iter()
            .find(|row| names(&row[0]).contains(&column.name.as_str()))
            .unwrap();
        let kind = column.rule.kind().name;
        assert!(
            names(&row[1]).contains(&kind),
            "{}: rule {kind}",
            column.name
        );
        let leaves_as = match kind {
            "drop" => "–".to_owned(),
            _ if column.output == column.name => "the same name".to_owned(),
            _ => format!("`{}`", column.output),
        };
        assert_eq!(row[2], leaves_as, "{}", column.name);
    }
}

#[test]
fn the_table_of_the_score_lists_every_criterion_with_its_points() {
    let rows = rows("docs/how-anonymous.md", "### The score");
    let listed: Vec<(&str, &str)> = rows
        .iter()
        .filter_map(|row| Some((*names(&row[0]).first()?, row.get(2)?.as_str())))
        .collect();
    let points = Criterion::ALL.map(|criterion| criterion.out_of().to_string());
    let ids = Criterion::ALL.map(Criterion::id);
    let expected: Vec<(&str, &str)> = ids
        .into_iter()
        .zip(points.iter().map(String::as_str))
        .collect();
    assert_eq!(listed, expected);
}

#[test]
fn the_rows_that_single_people_out_are_counted_right() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("anon.csv");
    let fixture = Path::new(REPOSITORY).join("fixtures/export_crm.csv");
    let mut command = Command::new(PROGRAM);
    let status = command.arg(fixture).args(["-q", "-o"]).arg(&path).status();
    assert!(status.unwrap().success());
    let mut output = csv::Reader::from_path(path).unwrap();
    let header = output.headers().unwrap().clone();
    let people: Vec<csv::StringRecord> = output.records().map(Result::unwrap).collect();

    let rows = rows("README.md", "## This does not make the file anonymous");
    let figures = rows.iter().filter(|row| !names(&row[0]).is_empty());
    assert_eq!(figures.clone().count(), 4);
    for row in figures {
        let columns: Vec<usize> = names(&row[0])
            .into_iter()
            .map(|name| header.iter().position(|column| column == name).expect(name))
            .collect();
        let mut classes: HashMap<Vec<&str>, usize> = HashMap::new();
        for person in &people {
            let class = columns.iter().map(|column| &person[*column]).collect();
            *classes.entry(class).or_default() += 1;
        }
        let unique = classes.values().filter(|size| **size == 1).count();
        assert_eq!(
            row[1],
            format!("{unique} of {}", people.len()),
            "{}",
            row[0]
        );
    }
}
