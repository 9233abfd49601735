//! `journal verify` and `journal columns` from outside.

use crate::support::{Scratch, crm, export, run, run_with_input};

#[test]
fn breaks_are_found_and_the_noted_hash_finds_a_cut() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(5));
    for _ in 0..4 {
        run(
            crm(["in.csv", "-q", "-o", "out.csv", "--journal", "journal"])
                .current_dir(scratch.folder()),
        )
        .ended(0);
    }
    let verify = |args: &[&str]| {
        let mut command = crm(["journal", "verify", "journal"]);
        run(command.args(args).current_dir(scratch.folder()))
    };
    let text = verify(&[]).ended(0).text();
    let noted = text.trim().rsplit(' ').next().unwrap().to_owned();
    assert!(
        verify(&["--noted", &noted])
            .ended(0)
            .text()
            .ends_with("that of line 8\n")
    );
    verify(&["--noted", "abc"]).ended(2);
    let whole = String::from_utf8(scratch.read("journal")).unwrap();
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    scratch.write(
        "journal",
        whole.replacen("\"rows_read\":5", "\"rows_read\":6", 1),
    );
    verify(&[]).ended(3).says(&["line 2", "previous"]);
    scratch.write("journal", [lines[0], lines[2], lines[1], lines[3]].concat());
    verify(&[]).ended(3).says(&["line 2"]);
    scratch.write("journal", lines[..3].concat());
    verify(&[]).ended(0);
    verify(&["--noted", &noted])
        .ended(3)
        .says(&["missing from the end"]);
    run(crm(["journal", "verify", "no-such"]).current_dir(scratch.folder())).ended(1);
}

#[test]
fn columns_tells_which_exports_held_what_since_when() {
    let scratch = Scratch::new();
    let people = export(5);
    for output in ["a.csv", "b.csv"] {
        let mut command = crm(["-", "-q", "--journal", "journal", "-o", output]);
        run_with_input(command.current_dir(scratch.folder()), &people).ended(0);
    }
    let mut command = crm(["-", "-q", "--journal", "journal", "-o", "c.csv"]);
    run_with_input(
        command.current_dir(scratch.folder()),
        b"nom,\"sexe\x1b\",sexe\na,b,F\n",
    )
    .ended(0);
    let columns = |args: &[&str]| {
        let mut command = crm(["journal", "columns", "journal"]);
        run(command.args(args).current_dir(scratch.folder()))
    };
    let all = columns(&[]).ended(0).text();
    let sex = all
        .lines()
        .find(|line| line.starts_with("column `sexe` as `sexe`: 3 exports, since "))
        .expect(&all);
    assert!(
        sex.contains("(line 2), last") && sex.ends_with("(line 6)"),
        "{sex}"
    );
    let birth = all
        .lines()
        .find(|line| line.starts_with("column `date_naissance` as `Annee_naissance`: 2 exports"))
        .expect(&all);
    assert!(birth.ends_with("(line 4)"), "{birth}");
    assert!(!all.contains("`nom`") && !all.contains('\u{1b}'), "{all}");
    for name in ["date_naissance", "Annee Naissance"] {
        let one = columns(&["--column", name]).ended(0).text();
        let found: Vec<&str> = one.lines().collect();
        assert_eq!(found.len(), 2, "{one}");
        assert!(
            found[0].contains("a.csv, SHA-256 ")
                && found[1].contains("rule year of `anonymisation`"),
            "{one}"
        );
    }
    assert_eq!(columns(&["--column", "nom"]).ended(0).text(), "");
    let broken = String::from_utf8(scratch.read("journal"))
        .unwrap()
        .replacen("a.csv", "z.csv", 1);
    scratch.write("journal", broken);
    assert!(columns(&[]).ended(3).out.is_empty());
}
