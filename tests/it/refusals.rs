//! Every reason to refuse a file: the exit status, the place, the reason, the advice, nothing
//! written, and not one cell in the message.

use crate::support::{COLUMNS, Scratch, crm, gzip, person, run_with_input, to_csv, utf16};

/// A file that must be refused whatever `--on-invalid` says.
struct Case<'a> {
    name: &'a str,
    input: Vec<u8>,
    args: &'a [&'a str],
    says: &'a [&'a str],
}

fn case<'a>(name: &'a str, input: impl Into<Vec<u8>>, says: &'a [&'a str]) -> Case<'a> {
    Case {
        name,
        input: input.into(),
        args: &[],
        says,
    }
}

/// Cells of the cases below; none of them may come out.
const CELLS: [&str; 6] = [
    "durand", "zoé", "zo\\xe9", "lyonnais", "dentiste", "intérim",
];

fn cases() -> Vec<Case<'static>> {
    let text = |s: &'static str| s.as_bytes().to_vec();
    let long = "dentiste".repeat(131_073);
    vec![
        case("empty", "", &["empty"]),
        case("blank lines only", "\n\r\n\n", &["empty"]),
        case("a byte order mark only", "\u{feff}", &["empty"]),
        case("UTF-16 mark only", vec![0xff, 0xfe], &["empty"]),
        case("gzip of nothing", gzip(b""), &["empty"]),
        case(
            "no known column",
            "durand,lyonnais\nzoé,dentiste\n",
            &["header"],
        ),
        case("no known column, alone", "durand,lyonnais", &["header"]),
        case(
            "text after a closing quote",
            "metier,nom\na,b\ndentiste,\"durand\"lyonnais\nc,d\n",
            &["record 2", "line 3", "nom", "closing quote"],
        ),
        case(
            "text after a closing quote some lines further",
            "metier,nom,sexe\r\na,\"x\r\ny\r\nz\" ,F\r\n",
            &["record 1", "line 2", "nom", "closing quote"],
        ),
        case(
            "a quote never closed",
            "metier,nom,sexe\na,b,F\ndentiste,\"durand,F\nzoé,lyonnais,F\n",
            &["record 2", "line 3", "nom", "never closed"],
        ),
        case(
            "a quote never closed in the header",
            "metier,\"nom\ndurand,zoé\n",
            &["line 1", "never closed"],
        ),
        case(
            "text after a quote in the header",
            "metier,\"nom\"e\ndurand,zoé\n",
            &["line 1", "closing quote"],
        ),
        case(
            "rows merged into a name of the header",
            "metier,\"nom,sexe\ndentiste,durand,F\nintérim,zoé\",H\nc,d,F\n",
            &["line 1", "quote"],
        ),
        case(
            "a NUL byte",
            "metier,nom\na,b\na,du\0rand\n",
            &["record 2", "line 3", "nom", "NUL"],
        ),
        case(
            "a NUL byte in a kept column",
            "metier,nom\na\0,durand\n",
            &["record 1", "line 2", "metier", "NUL"],
        ),
        case(
            "a NUL byte in the header",
            "metier,no\0m\ndurand,zoé\n",
            &["line 1", "NUL"],
        ),
        case(
            "a field over a mebibyte",
            format!("metier,nom\na,b\na,{long}\n"),
            &["record 2", "line 3", "nom", "1048576", "--max-field-size"],
        ),
        Case {
            name: "a field over --max-field-size",
            input: text("metier,nom\na,durand et zoé\n"),
            args: &["--max-field-size", "8"],
            says: &["record 1", "line 2", "nom", "8"],
        },
        case(
            "a line break in a kept column",
            "metier,nom\na,b\n\"dentiste\nlyonnais\",durand\n",
            &["record 2", "line 3", "metier", "line break", "multiline"],
        ),
        case(
            "rows merged in a dropped column",
            "metier,nom,sexe\ndentiste,\"durand\nintérim,zoé,F\nlyonnais\",F\n",
            &["record 1", "line 2", "nom", "quote"],
        ),
        case(
            "two rows merged by two stray quotes, of the right width",
            "nom,metier,email\n\"durand,dentiste,a@b\nzoé,intérim,c@d\",x,y\n",
            &["record 1", "line 2", "nom", "quote"],
        ),
        case(
            "UTF-8 by its mark, then not",
            [
                b"\xef\xbb\xbfmetier,nom\na,b\n".as_slice(),
                b"dentiste,zo\xe9\n",
            ]
            .concat(),
            &["record 2", "line 3", "nom", "UTF-8", "--encoding"],
        ),
        case(
            "a letter that hardly stands there in the encoding that was recognised",
            b"metier;CA\x80HT\nemploy\xe9;1\nretrait\xe9;2\n".as_slice(),
            &[
                "header",
                "Windows-1252",
                "if its letters are right",
                "--encoding",
            ],
        ),
        Case {
            name: "not the forced encoding",
            input: b"metier,nom\ndentiste,zo\xe9\n".to_vec(),
            args: &["-e", "utf-8"],
            says: &["record 1", "line 2", "nom", "UTF-8"],
        },
        case(
            "half a UTF-16 unit",
            [
                utf16("metier,nom\ndentiste,durand\n", false).as_slice(),
                b"x",
            ]
            .concat(),
            &["UTF-16"],
        ),
        case(
            "a blank line in a file of one column",
            "metier\ndentiste\n\ndurand\n",
            &["line 3"],
        ),
        Case {
            name: "an unlisted column under --strict",
            input: text("metier,surnom\ndentiste,zoé\n"),
            args: &["--strict"],
            says: &["surnom"],
        },
        Case {
            name: "a missing column under --strict",
            input: to_csv(&COLUMNS[..27], [person(1)[..27].to_vec()], b','),
            args: &["--strict"],
            says: &["lon"],
        },
    ]
}

#[test]
fn every_refusal_tells_its_place_and_reason_and_writes_nothing() {
    for case in cases() {
        for policy in ["fail", "blank", "skip"] {
            let scratch = Scratch::new();
            let old = b"yesterday's output";
            let output = scratch.write("out.csv", old);
            let mut command = crm(["-", "--on-invalid", policy, "-o"]);
            let outcome = run_with_input(command.arg(&output).args(case.args), &case.input);
            assert_eq!(
                outcome.code(),
                3,
                "{}, {policy}: {}",
                case.name,
                outcome.err
            );
            outcome.says(case.says);
            assert!(outcome.out.is_empty(), "{}", case.name);
            assert_eq!(scratch.read("out.csv"), old, "{}", case.name);
            assert_eq!(scratch.names(), ["out.csv"], "{}", case.name);
            let said = outcome.err.to_lowercase();
            for cell in CELLS {
                assert!(!said.contains(cell), "{}: {cell} in {said}", case.name);
            }
            assert!(
                outcome.err.lines().count() >= 2,
                "{}: no advice in {said}",
                case.name
            );
        }
        // Nor does a refused run bring a new file into being.
        let scratch = Scratch::new();
        let mut command = crm(["-", "-q", "-o"]);
        run_with_input(
            command.arg(scratch.path("new.csv")).args(case.args),
            &case.input,
        )
        .ended(3);
        assert!(
            scratch.names().is_empty(),
            "{}: {:?}",
            case.name,
            scratch.names()
        );
    }
}

#[test]
fn what_is_only_just_right_is_not_refused() {
    let just = "x".repeat(1 << 20);
    for (name, input) in cases![
        "a field of a mebibyte", format!("metier,nom\na,{just}\n");
        "a line break in a dropped column", "metier,nom,sexe\na,\"x\ny, z\",F\n".into();
        "blank lines at the end of one column", "metier\na\n\n\n".into();
        "an empty quoted cell of one column", "metier\n\"\"\na\n".into();
        "blank lines between rows", "metier,nom\n\na,b\n\n\nc,d\n".into();
        "a doubled quote", "metier,nom\na,\"x\"\"y\"\n".into();
        "a literal quote", "metier,nom\na,x\"y\n".into();
    ] {
        let outcome = run_with_input(&mut crm(["-q", "-"]), input.as_bytes());
        assert_eq!(outcome.code(), 0, "{name}: {}", outcome.err);
    }
    let euros = b"metier;CA\x80HT\nemploy\xe9;1\nretrait\xe9;2\n";
    let said = run_with_input(&mut crm(["-q", "-", "-e", "windows-1252"]), euros).ended(0);
    assert!(said.text().contains("employé"));
    let larger = format!("metier,nom\na,{just}x\n");
    run_with_input(
        &mut crm(["-q", "-", "--max-field-size", "1048577"]),
        larger.as_bytes(),
    )
    .ended(0);
}

#[test]
fn wrong_widths_are_told_with_both_figures() {
    for (input, place) in cases![
        "metier,nom,sexe\na,b,F\ndentiste,durand\n", ["record 2", "line 3"];
        "metier,nom,sexe\ndentiste,durand,F,lyonnais\nd,e,F\n", ["record 1", "line 2"];
        "metier,nom,sexe\r\na,\"b\r\nc\",F\r\ndurand\r\n", ["record 2", "line 4"];
        "metier,nom,sexe\r\ra,b,F\r\rdurand,\r", ["record 2", "line 5"];
    ] {
        let outcome = run_with_input(&mut crm(["-"]), input.as_bytes()).ended(3);
        outcome.says(&place).says(&["3"]).says(&["--on-invalid"]);
        assert!(!outcome.err.contains("durand"));
    }
}

#[test]
fn invalid_cells_are_told_once_with_ten_places_and_all_totals() {
    let rows = (1..=200).map(|n| {
        let mut row = person(n);
        match n % 10 {
            3 => row[12] = "45.000".into(), // 20 incomes that could be read two ways
            6 => row[12] = "durand".into(), // 20 that are no amount
            _ => {}
        }
        if n % 50 == 0 {
            row[8] = "31/02/1985".into(); // 4 days that never were
        }
        if n % 100 == 0 {
            row[11] = "-2".into(); // 2 counts below zero
        }
        row
    });
    let input = to_csv(&COLUMNS, rows, b',');
    let outcome = run_with_input(&mut crm(["-"]), &input).ended(3);
    for n in [3, 6, 13, 16, 23, 26, 33, 36, 43, 46] {
        outcome.says(&[&format!("record {n} (line {}", n + 1)]);
    }
    assert_eq!(
        outcome.err.matches("record ").count(),
        10,
        "{}",
        outcome.err
    );
    let total = |column: &str, count: &str| {
        outcome.err.lines().any(|line| {
            line.contains(column) && line.trim_start().starts_with(&format!("{count} × "))
        })
    };
    assert!(total("revenus", "20"), "{}", outcome.err);
    assert!(total("date_naissance", "4"), "{}", outcome.err);
    assert!(total("nombre_enfants", "2"), "{}", outcome.err);
    outcome.says(&["--on-invalid", "decimal"]);
    for cell in ["45.000", "durand", "31/02", "02/1985"] {
        assert!(!outcome.err.contains(cell), "{cell} in {}", outcome.err);
    }
}

#[test]
fn what_each_policy_left_out_or_blanked_is_told() {
    let input = b"metier,revenus\na,1\nb,durand\nc\nd,45.000\n";
    for policy in ["blank", "skip"] {
        let outcome = run_with_input(&mut crm(["-", "--on-invalid", policy]), input).ended(0);
        outcome.says(&["revenus"]);
        assert!(!outcome.err.contains("durand"));
    }
}

#[test]
fn a_structural_refusal_comes_first_place_first() {
    // An invalid cell stands before the broken quote: the file is refused for its structure.
    let input = b"metier,revenus,nom\na,durand,b\nc,1,\"d\n";
    run_with_input(&mut crm(["-"]), input)
        .ended(3)
        .says(&["record 2", "line 3", "never closed"]);
}
