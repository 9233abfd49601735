//! What the journal says of outputs, and what is there: `journal verify --outputs`, runs that could not
//! be closed, and rows that left before a run was refused.

use std::fs;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::waiting::until_it_waits;
use crate::support::{Scratch, crm, export, program, run, run_with_input};
use serde_json::Value;

fn lines(scratch: &Scratch) -> Vec<Value> {
    let text = String::from_utf8(scratch.read("journal")).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn events(scratch: &Scratch) -> Vec<String> {
    let lines = lines(scratch);
    let event = |line: &Value| line["event"].as_str().unwrap().to_owned();
    lines.iter().map(event).collect()
}

fn journal(scratch: &Scratch, args: &[&str]) -> crate::support::Outcome {
    let mut command = crm(["journal"]);
    run(command.args(args).current_dir(scratch.folder()))
}

fn publish(scratch: &Scratch, output: &str) {
    let mut command = crm(["in.csv", "-q", "-o", output, "--journal", "journal"]);
    run(command.current_dir(scratch.folder())).ended(0);
}

#[test]
fn outputs_are_held_against_their_lines() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(5));
    for output in ["a.csv", "b.csv", "a.csv", "c.csv"] {
        publish(&scratch, output);
    }
    let mut stream = crm(["in.csv", "-q", "--journal", "journal"]);
    run(stream.current_dir(scratch.folder())).ended(0);
    let verify = || journal(&scratch, &["verify", "journal", "--outputs"]);
    let text = verify().ended(0).text();
    assert!(text.contains("3 outputs as published"), "{text}");
    let whole = scratch.read("b.csv");
    let mut edited = whole.clone();
    *edited.last_mut().unwrap() = b' ';
    for (how, content) in [
        ("edited", Some(edited)),
        ("cut", Some(whole[..whole.len() - 1].to_vec())),
        ("gone", None),
    ] {
        match content {
            Some(content) => drop(scratch.write("b.csv", content)),
            None => fs::remove_file(scratch.path("b.csv")).unwrap(),
        }
        let outcome = verify().ended(3);
        let text = outcome.text();
        let told = match how {
            "gone" => "missing",
            _ => "not the file that was published",
        };
        assert!(text.contains(&format!("b.csv: {told}")), "{how}: {text}");
        assert!(text.contains("output of line 4, "), "{how}: {text}");
        assert!(text.contains("2 outputs as published"), "{how}: {text}");
        outcome.says(&["outputs"]);
        // Without the option only the chain counts.
        journal(&scratch, &["verify", "journal"]).ended(0);
    }
    scratch.write("b.csv", whole);
    verify().ended(0);
}

#[test]
fn a_run_that_was_not_closed_reads_as_such() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(5));
    publish(&scratch, "out.csv");
    // As after a power cut between the first line and the last.
    let text = String::from_utf8(scratch.read("journal")).unwrap();
    let first: String = text.split_inclusive('\n').take(1).collect();
    scratch.write("journal", &first);
    let not_closed = "begun and not closed (still running, or killed): line 1";
    let text = journal(&scratch, &["verify", "journal"]).ended(0).text();
    assert!(text.contains(not_closed), "{text}");
    let verify = || journal(&scratch, &["verify", "journal", "--outputs"]).ended(0);
    let text = verify().text();
    assert!(
        text.contains("whole, though the run was not closed"),
        "{text}"
    );
    fs::remove_file(scratch.path("out.csv")).unwrap();
    let text = verify().text();
    assert!(text.contains("0 outputs as published"), "{text}");
    let columns = journal(&scratch, &["columns", "journal"]).ended(0).text();
    let sex = "column `sexe` as `sexe`: no export; may have left in part (line 1: not closed, all rows or none)";
    assert!(columns.contains(sex), "{columns}");
}

#[test]
#[cfg(unix)]
fn no_line_says_published_where_there_is_no_room_for_the_next() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(3));
    publish(&scratch, "out.csv");
    let old = scratch.read("out.csv");
    let before = scratch.read("journal");
    let first = before.iter().position(|b| *b == b'\n').unwrap() + 1;
    // Room for one line more, and none for another: in blocks of 512 bytes, as a shell counts them.
    let blocks = (before.len() + first).div_ceil(512);
    assert!(blocks * 512 < before.len() + 2 * first - 100);
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    // The name becomes a folder's meanwhile, so that the output cannot have it.
    let mut child = Command::new("sh")
        .args(["-c", &script, program()])
        .args(["-", "-q", "-o", "new.csv", "--journal", "journal"])
        .current_dir(scratch.folder())
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    until_it_waits(&child);
    fs::create_dir(scratch.path("new.csv")).unwrap();
    let mut stdin = child.stdin.take().unwrap();
    drop(stdin.write_all(&export(3)));
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(scratch.path("new.csv").is_dir());
    let said_published = lines(&scratch)
        .iter()
        .filter(|line| line["event"] == "published")
        .all(|line| {
            line["output"]["path"]
                .as_str()
                .unwrap()
                .ends_with("out.csv")
        });
    assert!(said_published, "{:?}", events(&scratch));
    assert_eq!(scratch.read("out.csv"), old);
    // Whatever could not be said, the chain goes on.
    publish(&scratch, "out.csv");
    journal(&scratch, &["verify", "journal"]).ended(0);
}

#[test]
fn rows_that_left_before_a_refusal_are_told_with_their_number() {
    let scratch = Scratch::new();
    let mut input = export(20_000);
    let header = input.iter().position(|b| *b == b'\n').unwrap() + 1;
    let row = input[header..].iter().position(|b| *b == b'\n').unwrap() + 1;
    let good = String::from_utf8(input[header..header + row].to_vec()).unwrap();
    let fields: Vec<&str> = good.trim_end().split(',').collect();
    let birth = fields
        .iter()
        .find(|field| field.len() == 10 && field.as_bytes()[4] == b'-');
    input.extend(good.replacen(birth.unwrap(), "zqxbad", 1).bytes());
    scratch.write("in.csv", &input);
    let mut command = crm(["in.csv", "-q", "--journal", "journal"]);
    let outcome = run(command.current_dir(scratch.folder())).ended(3);
    let left = outcome.out.iter().filter(|b| **b == b'\n').count() - 1;
    assert!(left > 0);
    let told = lines(&scratch);
    assert_eq!(events(&scratch), ["begun", "refused"]);
    assert_eq!(told[1]["rows_sent"], left);
    assert_eq!(told[0]["run"], told[1]["run"]);
    let columns = journal(&scratch, &["columns", "journal"]).ended(0).text();
    let sex = format!(
        "column `sexe` as `sexe`: no export; may have left in part (line 1: refused, {left} rows sent)"
    );
    assert!(columns.contains(&sex), "{columns}");
    let one = journal(&scratch, &["columns", "journal", "--column", "sexe"]).ended(0);
    let one = one.text();
    assert!(
        one.contains(&format!(
            "in -, may have left in part (refused, {left} rows sent), by"
        )),
        "{one}"
    );
    // A file has nothing of it, and its run hides nothing.
    let mut command = crm(["in.csv", "-q", "--journal", "file", "-o", "out.csv"]);
    run(command.current_dir(scratch.folder())).ended(3);
    assert_eq!(journal(&scratch, &["columns", "file"]).ended(0).text(), "");
    // Nothing is sent before a shuffle is done.
    let mut command = crm(["in.csv", "-q", "--journal", "shuffled", "--shuffle"]);
    run(command.current_dir(scratch.folder())).ended(3);
    assert_eq!(
        journal(&scratch, &["columns", "shuffled"]).ended(0).text(),
        ""
    );
}

#[test]
fn rows_that_left_before_a_closed_pipe_or_a_kill_are_told() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(6_000));
    for kill in [false, true] {
        let mut child = crm(["in.csv", "-q", "--journal", "journal"])
            .current_dir(scratch.folder())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut [0; 100]).unwrap();
        if kill {
            child.kill().unwrap();
        }
        drop(stdout);
        child.wait().unwrap();
    }
    assert_eq!(events(&scratch), ["begun", "failed", "begun"]);
    let sent = lines(&scratch)[1]["rows_sent"].as_u64().unwrap();
    assert!((1..=6_000).contains(&sent));
    let columns = journal(&scratch, &["columns", "journal"]).ended(0).text();
    let told = format!(
        "may have left in part (line 1: failed, {sent} rows sent; line 3: not closed, number of rows not known)"
    );
    assert!(columns.contains(&told), "{columns}");
}

#[test]
#[cfg(unix)]
fn a_failed_line_leaves_output_and_vault_as_they_were() {
    let scratch = Scratch::new();
    run(crm(["keygen", "identite", "-o"]).arg(scratch.path("identite.key"))).ended(0);
    scratch.write(
        "table.toml",
        "version = 1\nname = \"t\"\nindex = \"\"\n[columns.id_client]\n\
         rule = { token = { vault = \"clients.vault\", role = \"identite\" } }\n",
    );
    let mut child = crm(["-", "-q", "-r", "table.toml", "--key", "identite.key"])
        .args(["-o", "out.csv", "--journal", "journal"])
        .current_dir(scratch.folder())
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while !scratch.path("journal").exists() && start.elapsed() < Duration::from_secs(20) {
        thread::sleep(Duration::from_millis(5));
    }
    until_it_waits(&child);
    // Somebody tears the journal meanwhile: no line can be appended.
    scratch.write("journal", "{\"line\":");
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&export(3)).unwrap();
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(!scratch.path("out.csv").exists());
    assert!(!scratch.path("clients.vault").exists(), "made in vain");
}

#[test]
fn a_forged_line_number_is_an_error() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(3));
    publish(&scratch, "out.csv");
    let whole = String::from_utf8(scratch.read("journal")).unwrap();
    for number in [u64::MAX, u64::MAX - 1] {
        let forged = whole.replace("\"line\":2", &format!("\"line\":{number}"));
        scratch.write("journal", forged);
        let mut command = crm(["-", "-q", "-o", "new.csv", "--journal", "journal"]);
        let outcome = run_with_input(command.current_dir(scratch.folder()), &export(3)).ended(1);
        outcome.says(&["number", "journal verify"]);
        assert!(!scratch.path("new.csv").exists());
        journal(&scratch, &["verify", "journal"])
            .ended(3)
            .says(&["line 2"]);
        journal(&scratch, &["columns", "journal"]).ended(3);
    }
}
