//! Two runs that want one vault at once: the second is told so, and writes nothing.

use std::io::Read as _;
use std::process::Stdio;

use crate::support::{Scratch, crm, records, run};

const TABLE: &str = "version = 1
[columns.id_client]
rule = { token = { vault = \"clients.vault\", role = \"clients\" } }
";

#[test]
fn a_vault_is_one_run_s_at_a_time_whether_it_is_new_or_old() {
    let scratch = Scratch::new();
    run(crm(["keygen", "clients", "-o"]).arg(scratch.path("clients.key"))).ended(0);
    scratch.write("table.toml", TABLE);
    // More than any pipe holds, so that the first run waits for its reader.
    let rows: Vec<[String; 1]> = (0..30_000).map(|n| [format!("C-{:04}", n % 10)]).collect();
    let input = rows
        .iter()
        .fold("id_client\n".to_owned(), |text, [id]| text + id + "\n");
    scratch.write("in.csv", input);
    let command = || {
        let mut command = crm(["-q", "in.csv", "-r", "table.toml", "--key", "clients.key"]);
        command.current_dir(scratch.folder());
        command
    };
    let mut tokens = Vec::new();
    for case in ["new", "old"] {
        let mut first = command().stdout(Stdio::piped()).spawn().unwrap();
        let mut out = first.stdout.take().unwrap();
        let mut written = vec![0];
        out.read_exact(&mut written).unwrap();
        let second = run(command().args(["-o", "second.csv"])).ended(1);
        second.says(&["clients.vault", "used by another run"]);
        assert!(!scratch.path("second.csv").exists(), "{case}");
        out.read_to_end(&mut written).unwrap();
        assert_eq!(first.wait().unwrap().code(), Some(0), "{case}");
        let written = records(&written, b',');
        assert_eq!(written.len(), 30_001, "{case}");
        let row = written.into_iter().nth(1).unwrap();
        tokens.push(row.into_iter().nth(1).unwrap());
    }
    run(command().args(["-o", "third.csv"])).ended(0);
    let third = records(&scratch.read("third.csv"), b',');
    assert!(
        tokens.iter().all(|token| *token == third[1][1]),
        "{tokens:?}"
    );
}
