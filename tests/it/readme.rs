//! The README, held against the program: its examples are run, its figures counted again, and its
//! tables must list what there is, no less and no more.
use std::collections::{BTreeSet, HashMap};
use std::env;
use std::ffi::OsString;
use std::io::{self, Read as _};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use clap::CommandFactory as _;
use crm_anon::cli::arguments::Arguments;
use crm_anon::privacy::score::Criterion;
use crm_anon::rules::KINDS;
use crm_anon::rules::sql::support::support_matrix;
use crm_anon::rules::table::RuleTable;
use crm_anon::sql::DIALECTS;

const README: &str = include_str!("../../README.md");
const PROGRAM: &str = env!("CARGO_BIN_EXE_crm-anon");
const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");

/// What stands in an example for what is another at each run.
const ANYTHING: &str = "[..]";

/// A command of an example and the output that the README shows below it.
struct Example<'a> {
    command: &'a str,
    shown: Vec<&'a str>,
}

/// The examples, block by block.
fn console_blocks() -> Vec<Vec<Example<'static>>> {
    let mut blocks = Vec::new();
    let mut lines = README.lines();
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

#[test]
fn every_example_shows_what_comes_out() {
    let blocks = console_blocks();
    assert!(blocks.len() >= 5, "{} examples found", blocks.len());
    for block in blocks {
        let folder = tempfile::tempdir().unwrap();
        for name in ["fixtures", "src"] {
            symlink(Path::new(REPOSITORY).join(name), folder.path().join(name)).unwrap();
        }
        for Example { command, shown } in block {
            let came = terminal(command, folder.path());
            let lines: Vec<&str> = came.lines().collect();
            let same = lines.len() == shown.len()
                && shown
                    .iter()
                    .zip(&lines)
                    .all(|(shown, line)| fits(shown, line));
            assert!(
                same,
                "$ {command}\nthe README shows:\n{}\nwhat came:\n{came}",
                shown.join("\n")
            );
        }
    }
}

/// The part of the README below a heading, up to the next heading of the same level or above.
#[track_caller]
fn section(heading: &str) -> Vec<&'static str> {
    let level = |line: &str| line.find(|c| c != '#').filter(|level| *level > 0);
    let own = level(heading);
    let mut lines = README.lines();
    assert!(lines.any(|line| line == heading), "no heading {heading:?}");
    lines
        .take_while(|line| level(line).is_none_or(|level| Some(level) > own))
        .collect()
}

/// The cells of a section's tables, row by row, without the rows of dashes.
fn rows(heading: &str) -> Vec<Vec<&'static str>> {
    let table = section(heading)
        .into_iter()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    table.map(|row| row.split(" | ").collect()).collect()
}

/// What a cell names in backquotes.
fn names(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn the_table_of_kinds_lists_every_kind_and_option() {
    let listed: Vec<(&str, Option<&str>)> = rows("### Rule kinds")
        .into_iter()
        .filter_map(|row| Some((*names(row[0]).first()?, names(row[1]).first().copied())))
        .collect();
    let mut expected = Vec::new();
    for kind in KINDS {
        if kind.options.is_empty() {
            expected.push((kind.name, None));
        }
        expected.extend(
            kind.options
                .iter()
                .map(|option| (kind.name, Some(option.name))),
        );
    }
    assert_eq!(listed, expected);
}

#[test]
fn the_support_matrix_is_what_the_dialects_say() {
    let mut expected = vec!["kind | options".to_owned()];
    expected.extend(DIALECTS.iter().map(|dialect| dialect.title().to_owned()));
    expected.push("why not".to_owned());
    let mut lines = vec![expected.join(" | ")];
    for line in support_matrix() {
        let options = match line.options {
            "{}" => "–".to_owned(),
            options => format!("`{options}`"),
        };
        let mut cells = vec![format!("`{}`", line.kind), options];
        let refusals = &line.refusals;
        cells.extend(refusals.iter().map(|refusal| match refusal {
            None => "yes".to_owned(),
            Some(_) => "no".to_owned(),
        }));
        let why = refusals.iter().flatten().next();
        cells.push(why.map_or("–".to_owned(), |why| why.to_string()));
        lines.push(cells.join(" | "));
    }
    let listed = rows("### What each engine can do");
    let listed: Vec<String> = listed.iter().map(|row| row.join(" | ")).collect();
    assert_eq!(listed, lines, "expected:\n| {} |", lines.join(" |\n| "));
}

#[test]
fn the_table_of_columns_is_the_built_in_rule_table() {
    let rows = rows("## What comes out, and why");
    let listed = rows.iter().flat_map(|row| names(row[0]));
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
            .find(|row| names(row[0]).contains(&column.name.as_str()))
            .unwrap();
        let kind = column.rule.kind().name;
        assert!(
            names(row[1]).contains(&kind),
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
    let rows = rows("### The score");
    let listed: Vec<(&str, &str)> = rows
        .iter()
        .filter_map(|row| Some((*names(row[0]).first()?, *row.get(2)?)))
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
fn the_tables_of_options_list_every_option_value_and_command() {
    let rows = rows("## Options");
    let option_of = |word: &str| word.strip_prefix("--").map(str::to_owned);
    let listed: BTreeSet<String> = rows
        .iter()
        .flat_map(|row| names(row[0]))
        .flat_map(|name| name.split(' ').filter_map(option_of))
        .collect();
    let mut command = Arguments::command();
    command.build();
    let options: Vec<_> = command
        .get_arguments()
        .filter_map(|option| Some((option.get_long()?, option)))
        .collect();
    let known: BTreeSet<String> = options.iter().map(|(long, _)| (*long).to_owned()).collect();
    assert_eq!(listed, known);
    for (long, option) in options {
        let row = rows
            .iter()
            .find(|row| row[0].contains(&format!("`--{long}")))
            .unwrap_or_else(|| panic!("--{long} has no row"));
        if let Some(short) = option.get_short() {
            assert!(
                names(row[0]).contains(&format!("-{short}").as_str()),
                "-{short}"
            );
        }
        if option.get_action().takes_values() {
            for value in option.get_possible_values() {
                let value = format!("`{}`", value.get_name());
                assert!(row.join(" ").contains(&value), "--{long} {value}");
            }
        }
    }
    for subcommand in command.get_subcommands() {
        let name = format!("crm-anon {}", subcommand.get_name());
        assert!(
            rows.iter()
                .any(|row| names(row[0]).iter().any(|named| named.starts_with(&name))),
            "{name} has no row"
        );
    }
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

    let rows = rows("## This does not make the file anonymous");
    let figures = rows.iter().filter(|row| !names(row[0]).is_empty());
    assert_eq!(figures.clone().count(), 4);
    for row in figures {
        let columns: Vec<usize> = names(row[0])
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
