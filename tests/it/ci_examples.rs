//! The examples for continuous integration, held against the program: the commands in them are run.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{Outcome, Scratch, crm, fixture, run};

const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(REPOSITORY).join(path)).unwrap()
}

/// The YAML of the page that begins with this line.
#[track_caller]
fn yaml(first: &str) -> String {
    let page = read("docs/cron-and-ci.md");
    let (_, rest) = page.split_once(&format!("```yaml\n{first}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

/// The commands of the lines that begin like this.
fn commands<'a>(yaml: &'a str, before: &'a str) -> Vec<&'a str> {
    let lines = yaml.lines().map(str::trim);
    lines.filter_map(|line| line.strip_prefix(before)).collect()
}

/// Runs a command line in the folder, as a shell of a service does.
fn shell(scratch: &Scratch, line: &str) -> Outcome {
    let program = Path::new(env!("CARGO_BIN_EXE_crm-anon"));
    let mut path = OsString::from(program.parent().unwrap());
    path.push(":");
    path.push(env::var_os("PATH").unwrap_or_default());
    let mut command = Command::new("sh");
    let command = command.args(["-ec", line]).env("PATH", path);
    run(command.current_dir(scratch.folder()))
}

/// A repository with a rule table, that of its main branch, and a sample.
fn repository() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("crm.toml", run(&mut crm(["rules"])).ended(0).out);
    scratch.write("sample.csv", fs::read(fixture("export_crm.csv")).unwrap());
    for line in [
        "git init -q .",
        "git add crm.toml",
        "git -c user.name=x -c user.email=x@exemple.test commit -q -m table",
        "git update-ref refs/remotes/origin/main HEAD",
    ] {
        shell(&scratch, line).ended(0);
    }
    scratch
}

#[test]
fn the_commands_of_the_github_action_run() {
    let scratch = repository();
    let action = yaml("# .github/workflows/exports.yml");
    let commands = commands(&action, "- run: ");
    assert!(commands.len() >= 6, "{commands:?}");
    for command in &commands {
        shell(&scratch, command).ended(0);
    }
    let log: Value = serde_json::from_slice(&scratch.read("audit.sarif")).unwrap();
    assert_eq!(log["version"], "2.1.0");
    // And they would see what they are for.
    let weaker = read("src/rules/table/anonymisation.toml").replace("20_000", "10_000");
    scratch.write(
        "crm.toml",
        weaker.replace("[columns.formation]", "[columns.formations]"),
    );
    let codes: Vec<i32> = commands[..4]
        .iter()
        .map(|line| shell(&scratch, line).code())
        .collect();
    assert_eq!(codes, [3, 3, 0, 4]);
}

#[test]
fn the_commands_of_the_gitlab_job_run() {
    let scratch = repository();
    let job = yaml("# .gitlab-ci.yml");
    let (script, artifacts) = job.split_once("artifacts:").unwrap();
    let commands = commands(script, "- ");
    assert_eq!(commands.len(), 3, "{commands:?}");
    for command in commands {
        shell(&scratch, command).ended(0);
    }
    let report: Value = serde_json::from_slice(&scratch.read("quality.json")).unwrap();
    assert_eq!(report, Value::Array(Vec::new()));
    let report = String::from_utf8(scratch.read("audit.xml")).unwrap();
    assert!(roxmltree::Document::parse(&report).is_ok());
    for file in ["codequality: quality.json", "junit: audit.xml"] {
        assert!(artifacts.contains(file), "{file}");
    }
}

#[test]
fn the_hooks_run() {
    let scratch = repository();
    let hooks = read(".pre-commit-hooks.yaml");
    let config = yaml("# .pre-commit-config.yaml");
    let ids = commands(&hooks, "- id: ");
    let entries = commands(&hooks, "entry: ");
    let used = commands(&config, "- id: ");
    let arguments = commands(&config, "args: ");
    assert_eq!(ids, used);
    assert_eq!((entries.len(), arguments.len()), (2, 2));
    for (entry, arguments) in entries.iter().zip(arguments) {
        let arguments = arguments.replace(['[', ']', ','], "");
        shell(&scratch, &format!("{entry} {arguments}")).ended(0);
        scratch.write("crm.toml", "version = 1\n");
        shell(&scratch, &format!("{entry} {arguments}")).ended(2);
        scratch.write("crm.toml", run(&mut crm(["rules"])).ended(0).out);
    }
}
