//! `--excel`: a CSV file that opens right by a double click.

use crate::support::{Scratch, crm, records, run, run_with_input};

const INPUT: &str = "metier,formation,revenus\n=1+1,\"caf\u{e9}; bar\",45000\nboulanger,bac,1\n";

#[test]
fn a_mark_crlf_semicolons_and_no_formula() {
    let out = |more: &[&str]| {
        let mut command = crm(["-q", "-", "--excel"]);
        let outcome = run_with_input(command.args(more), INPUT.as_bytes()).ended(0);
        (outcome.text(), outcome.err)
    };
    let (text, said) = out(&[]);
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    let rows = records(text.as_bytes(), b';');
    assert_eq!(rows[0][1..], ["metier", "formation", "Tranche_revenus"]);
    assert_eq!(rows[1][1..], ["'=1+1", "caf\u{e9}; bar", "40000-60000"]);
    assert!(!said.contains("formulas"), "{said}");
    // What is said besides is done.
    let (text, said) = out(&["--output-delimiter", "tab", "--formulas", "warn"]);
    assert_eq!(text.lines().next().unwrap().matches('\t').count(), 3);
    assert!(
        text.contains("\t=1+1\t") && said.contains("--formulas escape"),
        "{said}"
    );
}

#[test]
fn a_table_that_refuses_formulas_still_does() {
    let scratch = Scratch::new();
    let table = scratch.write(
        "t.toml",
        "version = 1\nformulas = \"refuse\"\n[columns.metier]\nrule = \"keep\"\n",
    );
    let mut command = crm(["-q", "-", "--excel", "-r"]);
    run_with_input(command.arg(table), b"metier\n=1+1\n").ended(3);
    let mut command = crm(["in.csv", "--excel", "-o", "out.xlsx"]);
    scratch.write("in.csv", INPUT);
    let refused = run(command.current_dir(scratch.folder())).ended(2);
    refused.says(&["--excel", "workbook"]);
}
