//! The main job from the outside: what stands in each cell of the output for what stood in the
//! input, checked against a second, plain implementation of the built-in table and against cases
//! written out by hand.

use crate::support::{
    COLUMNS, Dice, OUTPUT_COLUMNS, Scratch, crm, export, fixture, oracle, person, records, run,
    run_with_input, to_csv,
};

/// Runs the built-in table on `input` with `args` and gives the records, header first.
#[track_caller]
fn anonymise(input: &[u8], args: &[&str]) -> Vec<Vec<String>> {
    let outcome = run_with_input(crm(["-"]).args(args), input).ended(0);
    records(&outcome.out, b',')
}

#[test]
fn the_fixture_gives_the_cells_of_the_table() {
    let path = fixture("export_crm.csv");
    let input = records(&std::fs::read(&path).unwrap(), b',');
    assert_eq!(input[0], COLUMNS);
    assert!(input.len() > 150, "{} rows", input.len());
    let outcome = run(crm([&path]).arg("-q")).ended(0);
    let output = records(&outcome.out, b',');
    assert_eq!(output[0], OUTPUT_COLUMNS);
    assert_eq!(oracle::without_index(&output), oracle::table(&input));
}

#[test]
fn invented_people_give_the_cells_of_the_table() {
    let bytes = export(3_000);
    let output = anonymise(&bytes, &["-q"]);
    assert_eq!(
        oracle::without_index(&output),
        oracle::table(&records(&bytes, b','))
    );
}

#[test]
fn kept_cells_leave_character_for_character() {
    let cells = [
        "NULL", "", " ", "  deux  espaces ", "n/a", "=1+1", "é\u{301}€œ", "a,b;c\tx|y",
        "dit \"oui\"", "\"", "'", "#", "😀", "0012", "1e5", "\u{feff}x", "a\u{a0}b", "-",
    ];
    let rows = || {
        cells
            .iter()
            .map(|cell| vec![(*cell).to_owned(), "F".to_owned()])
    };
    let file = to_csv(&["metier", "sexe"], rows(), b',');
    let outcome = run_with_input(&mut crm(["-q", "-"]), &file).ended(0);
    let output = records(&outcome.out, b',');
    for (cell, row) in cells.iter().zip(&output[1..]) {
        assert_eq!(row[1], *cell);
    }
    // Quotes stand only where they are needed: the same records through the csv crate's writer.
    let header = &output[0];
    assert_eq!(
        outcome.out,
        to_csv(header, output[1..].iter().cloned(), b',')
    );
}

#[test]
fn needless_quotes_are_not_written() {
    let file = b"\"metier\",\"sexe\",\"nom\"\n\"a\",\"F\",\"x,y\"\n";
    let outcome = run_with_input(&mut crm(["-q", "-"]), file).ended(0);
    assert!(!outcome.out.contains(&b'"'), "{}", outcome.text());
}

#[test]
fn a_lone_empty_cell_is_still_a_row() {
    let scratch = Scratch::new();
    let rules = scratch.write(
        "rules.toml",
        "version = 1\nname = \"one\"\nindex = \"\"\n\n[columns.metier]\nrule = \"keep\"\n",
    );
    let file = b"metier,nom\n,a\nx,b\n,c\n";
    let outcome = run_with_input(crm(["-q", "-", "--rules"]).arg(rules), file).ended(0);
    assert_eq!(records(&outcome.out, b','), [["metier"], [""], ["x"], [""]]);
}

#[test]
fn a_header_alone_gives_a_header_alone() {
    for end in ["", "\n", "\r\n", "\r", "\n\n"] {
        let file = format!("{}{end}", COLUMNS.join(","));
        let output = anonymise(file.as_bytes(), &["-q"]);
        assert_eq!(output, [OUTPUT_COLUMNS]);
    }
}

#[test]
fn the_last_row_needs_no_line_end() {
    for (file, rows) in [
        ("metier,sexe\na,F", 1),
        ("metier,sexe\na,F\nb,", 2),
        ("metier,sexe\na,F\nb,\"\"", 2),
        ("metier,sexe\na,F\n\n\nb,H\n\n", 2),
        ("metier,sexe\r\na,F\r\n\r\nb,H\r\n", 2),
        ("metier,sexe\ra,F\rb,H\r", 2),
    ] {
        assert_eq!(
            anonymise(file.as_bytes(), &["-q"]).len() - 1,
            rows,
            "{file:?}"
        );
    }
}

#[test]
fn invalid_cells_under_fail_blank_and_skip() {
    let scratch = Scratch::new();
    let mut dice = Dice(11);
    // Every seventh row has an invalid income, every eleventh an impossible birthday.
    let rows: Vec<Vec<String>> = (1..=500)
        .map(|n| {
            let mut row = person(n);
            if n % 7 == 0 {
                row[12] = format!("{}.000", 1 + dice.below(99));
            }
            if n % 11 == 0 {
                row[8] = "1985-02-30".into();
            }
            row
        })
        .collect();
    let input = scratch.write("in.csv", to_csv(&COLUMNS, rows.clone(), b','));
    let run_as = |policy: &str| {
        let output = scratch.path(&format!("{policy}.csv"));
        run(crm(["--seed", "5", "--on-invalid", policy, "-o"])
            .arg(output)
            .arg(&input))
    };
    run_as("fail").ended(3);
    assert_eq!(scratch.names(), ["in.csv"]);
    run_as("blank").ended(0);
    run_as("skip").ended(0);
    let blank = records(&scratch.read("blank.csv"), b',');
    let skip = records(&scratch.read("skip.csv"), b',');

    let mut repaired = vec![COLUMNS.map(str::to_owned).to_vec()];
    repaired.extend(rows.iter().enumerate().map(|(i, row)| {
        let mut row = row.clone();
        if (i + 1) % 7 == 0 {
            row[12].clear();
        }
        if (i + 1) % 11 == 0 {
            row[8].clear();
        }
        row
    }));
    assert_eq!(oracle::without_index(&blank), oracle::table(&repaired));
    // A row keeps its index whether or not others are left out, so the two agree to the cell.
    let whole: Vec<_> = blank
        .iter()
        .enumerate()
        .filter(|(n, _)| *n == 0 || (n % 7 != 0 && n % 11 != 0))
        .map(|(_, row)| row.clone())
        .collect();
    assert_eq!(skip, whole);
}

#[test]
fn rows_of_the_wrong_width_are_never_written() {
    let file = b"metier,sexe,nom\na,F,x\nb,H\nc,F,x,y\nd,H,z\n,\ne,F,z\n";
    run_with_input(&mut crm(["-"]), file)
        .ended(3)
        .says(&["record 2", "line 3"]);
    for policy in ["blank", "skip"] {
        let output = anonymise(file, &["--on-invalid", policy]);
        let kept: Vec<&str> = output[1..].iter().map(|row| row[1].as_str()).collect();
        assert_eq!(kept, ["a", "d", "e"], "{policy}");
    }
}

#[test]
fn rules_prints_the_table_that_does_what_the_built_in_does() {
    let scratch = Scratch::new();
    let input = scratch.write("in.csv", export(500));
    let printed = run(&mut crm(["rules", "anonymisation"])).ended(0);
    assert_eq!(printed.text(), run(&mut crm(["rules"])).ended(0).text());
    let rules = scratch.write("rules.toml", &printed.out);
    let wanted = run(crm(["-q", "--seed", "2"]).arg(&input)).ended(0);
    let named = run(crm(["-q", "--seed", "2", "-r", "anonymisation"]).arg(&input)).ended(0);
    let given = run(crm(["-q", "--seed", "2", "-r"]).arg(&rules).arg(&input)).ended(0);
    assert!(wanted.out == named.out && wanted.out == given.out);
    // The same warnings, too: health data is still health data.
    let loud = |rules: &std::ffi::OsStr| {
        let said = run(crm(["--seed", "2", "-r"]).arg(rules).arg(&input))
            .ended(0)
            .err;
        said.lines()
            .filter(|line| line.contains("warning:"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(loud(rules.as_os_str()), loud("anonymisation".as_ref()));
}

#[test]
fn a_table_of_one_s_own_gives_what_it_says() {
    let run_partners = || {
        let mut command = crm(["-q", "--output-delimiter", ";", "-r"]);
        run(command
            .arg(fixture("custom_rules.toml"))
            .arg(fixture("partners.csv")))
        .ended(0)
    };
    let wanted = records(
        &std::fs::read(fixture("partners_expected.csv")).unwrap(),
        b';',
    );
    let output = records(&run_partners().out, b';');
    assert_eq!(output[0][0], "id");
    let without_id: Vec<_> = output.iter().map(|row| row[1..].to_vec()).collect();
    assert_eq!(without_id, wanted);
}

#[test]
fn the_options_of_the_rules_do_what_they_say() {
    let scratch = Scratch::new();
    let rules = scratch.write(
        "rules.toml",
        r#"
version = 1
name = "options"
index = ""
missing = ["?"]

[columns.a]
rule = { bucket = { width = 100, decimal = "," } }
as = "dix"
aliases = ["montant HT", "prix"]

[columns.b]
rule = { bucket = { width = 100, decimal = "." } }

[columns.c]
rule = { year = { formats = ["%m/%d/%Y"] } }

[columns.d]
rule = "keep"
as = "renamed, \"quoted\""
"#,
    );
    let input =
        "Montant-HT;b;c;d\n45,000;45.000;12/31/1985;?\n?;?;?;\n1 000,5;1 000.5;01/02/2000;x\n";
    let outcome = run_with_input(crm(["-q", "-", "-r"]).arg(&rules), input.as_bytes()).ended(0);
    let output = records(&outcome.out, b';');
    assert_eq!(output[0], ["dix", "b", "c", "renamed, \"quoted\""]);
    assert_eq!(output[1], ["0-100", "0-100", "1985", "?"]);
    assert_eq!(output[2], ["", "", "", ""]);
    assert_eq!(output[3], ["1000-1100", "1000-1100", "2000", "x"]);
    // The other sign is no decimal any more, and the usual formats are no longer read.
    for row in ["1.5;1;?;", "1;1,5;?;", "1;1;1985-12-31;", "1;1;31/12/1985;"] {
        let input = format!("a;b;c;d\n{row}\n");
        run_with_input(crm(["-q", "-", "-r"]).arg(&rules), input.as_bytes()).ended(3);
    }
    // An empty cell is not in this table's list of missing cells.
    run_with_input(crm(["-q", "-", "-r"]).arg(&rules), b"a;b\n;1\n").ended(3);
}

#[test]
fn unlisted_fail_in_the_table_does_what_strict_does() {
    let scratch = Scratch::new();
    let table = |unlisted: &str| {
        format!(
            "version = 1\nname = \"t\"\nunlisted = \"{unlisted}\"\n\n[columns.a]\nrule = \"keep\"\n"
        )
    };
    let fail = scratch.write("f.toml", table("fail"));
    let drop = scratch.write("d.toml", table("drop"));
    let input = b"a,b\n1,2\n";
    run_with_input(crm(["-", "-r"]).arg(&fail), input)
        .ended(3)
        .says(&["b"]);
    let outcome = run_with_input(crm(["-", "-r"]).arg(&drop), input).ended(0);
    assert_eq!(records(&outcome.out, b',')[0], ["Index_rd", "a"]);
    run_with_input(crm(["-", "--strict", "-r"]).arg(&drop), input).ended(3);
}
