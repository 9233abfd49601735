//! The manifest of a run: what its JSON schema says, and figures that are worked out a second time.

use std::fs;
use std::path::Path;

use crate::support::system;
use crate::support::{
    COLUMNS, Scratch, crm, export, gzip, oracle, person, records, run, run_with_input, schema,
    to_csv,
};
use serde_json::Value;

/// The manifest in `scratch`, which must be as its schema says.
#[track_caller]
fn manifest(scratch: &Scratch) -> Value {
    schema::manifest(&scratch.read("manifest.json"))
}

/// The digest of a file, by another program.
fn sha256(path: &Path) -> String {
    system::sha256(path)
}

#[track_caller]
fn column<'a>(manifest: &'a Value, input: &str) -> &'a Value {
    let columns = manifest["columns"].as_array().unwrap();
    columns
        .iter()
        .find(|column| column["input"] == input)
        .unwrap_or_else(|| panic!("no {input}"))
}

#[test]
fn the_figures_are_right() {
    let scratch = Scratch::new();
    let mut rows: Vec<Vec<String>> = (1..=300).map(person).collect();
    for n in 0..5 {
        rows[10 * n][12] = "n/a".into();
        rows[10 * n + 1][25] = "chez sa mère".into();
    }
    rows[77][8] = "hier".into();
    rows[78][12] = "45.000".into();
    rows[79][12] = "beaucoup".into();
    let input = scratch.write("in.csv", to_csv(&COLUMNS, rows, b','));
    let table: toml::Table = run(&mut crm(["rules"])).ended(0).text().parse().unwrap();
    for (policy, written) in [("blank", 300), ("skip", 297)] {
        let mut command = crm([
            "in.csv", "-o", "out.csv", "--manifest", "manifest.json", "--on-invalid", policy,
        ]);
        run(command.current_dir(scratch.folder())).ended(0);
        let manifest = manifest(&scratch);
        assert_eq!(manifest["tool"], "crm-anon");
        assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
        assert_eq!(manifest["rows_read"], 300);
        assert_eq!(manifest["rows_written"], written);
        assert_eq!(manifest["rows_skipped"], 300 - written);
        let output = scratch.path("out.csv");
        assert_eq!(
            records(&fs::read(&output).unwrap(), b',').len() - 1,
            written
        );
        for (side, path) in [("input", &input), ("output", &output)] {
            assert!(
                manifest[side]["path"]
                    .as_str()
                    .unwrap()
                    .ends_with(path.file_name().unwrap().to_str().unwrap())
            );
            assert_eq!(manifest[side]["bytes"], fs::metadata(path).unwrap().len());
            assert_eq!(manifest[side]["sha256"], sha256(path), "{side}");
        }
        assert_eq!(manifest["rules"]["name"], "anonymisation");
        let income = column(&manifest, "revenus");
        assert_eq!(income["output"], "Tranche_revenus");
        assert_eq!(
            income["attribute"],
            table["columns"]["revenus"]["attribute"].as_str().unwrap()
        );
        assert_eq!(
            (&income["missing"], &income["invalid"]),
            (&5.into(), &2.into())
        );
        assert!(income["rule"].to_string().contains("bucket"), "{income}");
        assert_eq!(column(&manifest, "date_naissance")["invalid"], 1);
        let address = column(&manifest, "adresse");
        assert_eq!(
            (&address["no_postal_code"], &address["invalid"]),
            (&5.into(), &0.into())
        );
        assert!(column(&manifest, "nom")["output"].is_null());
        let named: Vec<&str> = manifest["columns"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|c| c["input"].as_str())
            .collect();
        assert_eq!(named, COLUMNS);
        let times = ["started", "finished"].map(|key| {
            let time = manifest[key].as_str().unwrap();
            chrono::DateTime::parse_from_rfc3339(time).unwrap_or_else(|e| panic!("{time}: {e}"))
        });
        assert!(times[0] <= times[1]);
        let age = chrono::Utc::now().signed_duration_since(times[0]);
        assert!(age.num_seconds() < 120 && age.num_seconds() >= 0, "{age}");
        assert!(!manifest["warnings"].as_array().unwrap().is_empty());
        let text = manifest.to_string();
        for cell in ["hier", "45.000", "beaucoup", "chez sa"] {
            assert!(!text.contains(cell), "{cell} in the manifest");
        }
    }
}

#[test]
fn the_digest_is_of_the_bytes_as_they_come_in_and_go_out() {
    let scratch = Scratch::new();
    let packed = gzip(&export(100));
    let input = scratch.write("in.csv.gz", &packed);
    for extra in [&[][..], &["--shuffle"]] {
        let mut command = crm(["-q", "-", "--bom", "--crlf", "--manifest"]);
        command.arg(scratch.path("manifest.json")).args(extra);
        let outcome = run_with_input(&mut command, &packed).ended(0);
        let output = scratch.write("out.csv", &outcome.out);
        let manifest = manifest(&scratch);
        assert_eq!(manifest["input"]["path"], "-");
        assert_eq!(manifest["output"]["path"], "-");
        assert_eq!(manifest["input"]["bytes"], packed.len());
        assert_eq!(manifest["input"]["sha256"], sha256(&input));
        assert_eq!(manifest["output"]["bytes"], outcome.out.len());
        assert_eq!(manifest["output"]["sha256"], sha256(&output));
    }
}

#[test]
fn the_rule_table_s_digest_is_its_file_s() {
    let scratch = Scratch::new();
    let rules = scratch.write("rules.toml", run(&mut crm(["rules"])).ended(0).out);
    let mut digests = Vec::new();
    for name in ["anonymisation", rules.to_str().unwrap()] {
        let mut command = crm(["-q", "-", "-r", name, "--manifest"]);
        run_with_input(command.arg(scratch.path("manifest.json")), &export(1)).ended(0);
        digests.push(
            manifest(&scratch)["rules"]["sha256"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    assert_eq!(digests, [sha256(&rules), sha256(&rules)]);
}

#[test]
fn odd_headers_are_escaped_and_doubled_ones_both_told() {
    let scratch = Scratch::new();
    let input = b"metier,Metier,\"x\x1b[2J\",,revenus\na,b,c,d,1\n";
    let mut command = crm(["-q", "-", "--manifest"]);
    let outcome = run_with_input(command.arg(scratch.path("manifest.json")), input).ended(0);
    let manifest = manifest(&scratch);
    assert!(
        !String::from_utf8(scratch.read("manifest.json"))
            .unwrap()
            .contains('\u{1b}')
    );
    let columns = manifest["columns"].as_array().unwrap();
    assert_eq!(
        columns.iter().filter(|c| c["output"] == "metier").count(),
        2
    );
    assert_eq!(
        oracle::without_index(&records(&outcome.out, b','))[0].len(),
        3
    );
}

#[test]
fn the_schema_refuses_what_is_not_a_manifest() {
    let scratch = Scratch::new();
    let mut command = crm(["-q", "-", "--manifest"]);
    run_with_input(command.arg(scratch.path("manifest.json")), &export(1)).ended(0);
    let sound = manifest(&scratch);
    let schema = schema::schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for key in [
        "tool", "version", "started", "finished", "input", "output", "rules", "rows_read",
        "rows_written", "rows_skipped", "columns", "warnings",
    ] {
        let mut broken = sound.clone();
        broken.as_object_mut().unwrap().remove(key);
        assert!(!validator.is_valid(&broken), "{key} may be left out");
        broken[key] = Value::Bool(true);
        assert!(!validator.is_valid(&broken), "{key} may be anything");
    }
}

#[test]
fn a_refused_run_leaves_a_manifest_that_says_so() {
    let scratch = Scratch::new();
    let good = scratch.write("good.csv", export(3));
    let bad = b"metier,revenus,formation\na,beaucoup,c\na,1\n";
    let bad = scratch.write("bad.csv", bad);
    let unheaded = scratch.write("unheaded.csv", "Marie Canari,F,canari@exemple.test\n");
    let manifest_of = |input: &Path, more: &[&str], status: i32| {
        let mut command = crm(["-q", "-o", "out.csv", "--manifest", "manifest.json"]);
        let command = command.current_dir(scratch.folder()).arg(input).args(more);
        run(command).ended(status);
        manifest(&scratch)
    };
    let first = manifest_of(&good, &[], 0);
    assert!(first["status"].is_null());
    let output = scratch.read("out.csv");
    type Case<'a> = (&'a Path, &'a [&'a str], i32, &'a [&'a str], bool);
    let cases: [Case<'_>; 5] = [
        (
            &bad,
            &[],
            3,
            &["invalid_data", "invalid_cells", "wrong_width"],
            true,
        ),
        (
            &good,
            &["--min-k", "3"],
            4,
            &["threshold_missed", "min_k"],
            true,
        ),
        (&good, &["--min-rows", "9"], 3, &["too_few_rows"], true),
        (&unheaded, &[], 3, &["first_row_may_be_a_person"], false),
        (&good, &["--k", "9"], 4, &["k_unreachable"], true),
    ];
    for (input, more, status, codes, whole) in cases {
        let refused = manifest_of(input, more, status);
        assert_eq!(refused["status"], "refused", "{codes:?}");
        assert_eq!(refused["exit_status"], status);
        assert_eq!(refused["codes"], serde_json::json!(codes));
        assert_eq!(refused["output"], serde_json::json!({"path": "out.csv"}));
        let digest = whole.then(|| sha256(input));
        assert_eq!(refused["input"]["sha256"], serde_json::json!(digest));
        let text = refused.to_string();
        assert!(
            !text.contains("beaucoup") && !text.contains("anari"),
            "{text}"
        );
        // Last night's output stays, and nothing else is left.
        assert_eq!(scratch.read("out.csv"), output);
    }
    let left = [
        "bad.csv", "good.csv", "manifest.json", "out.csv", "unheaded.csv",
    ];
    assert_eq!(scratch.names(), left);
    // Wrong usage is no refusal: what was there stays.
    manifest_of(&good, &["-r", "nowhere"], 2);
    assert_eq!(manifest(&scratch)["codes"][0], "k_unreachable");
}
