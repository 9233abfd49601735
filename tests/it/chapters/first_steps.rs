//! What the README, the first steps (`docs/first-steps.md`), the chapter on `inspect` (`docs/inspect.md`) and the pages for
//! who works here (`docs/design.md`, `docs/contributing.md`, `docs/how-it-is-fast.md`) say and no other test holds.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Scratch, crm, export, fixture, records, run};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn page(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// The rows of the tables below a heading, up to the next one, without those of dashes.
fn table(page: &str, heading: &str) -> Vec<Vec<String>> {
    let (_, behind) = page.split_once(&format!("\n{heading}\n")).expect(heading);
    let section = behind.split("\n## ").next().unwrap();
    let rows = section
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    rows.map(|row| row.split(" | ").map(str::to_owned).collect())
        .collect()
}

/// What stands in backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// A file of columns, each with what its rows have in it.
fn file(rows: usize, columns: &[(&str, &dyn Fn(usize) -> String)]) -> String {
    let line = |cells: Vec<String>| format!("\"{}\"\n", cells.join("\",\""));
    let mut text = line(columns.iter().map(|(name, _)| (*name).into()).collect());
    for row in 0..rows {
        text += &line(columns.iter().map(|(_, cell)| cell(row)).collect());
    }
    text
}

fn sex(row: usize) -> String {
    ["F", "H"][row % 2].into()
}

/// What `inspect` says of a text.
fn inspected(text: &str, options: &[&str]) -> String {
    let scratch = Scratch::new();
    let file = scratch.write("in.csv", text);
    let mut command = crm(["inspect"]);
    run(command.arg(file).args(options)).ended(0).text()
}

/// The rule that is proposed for a column, as it is written.
#[track_caller]
fn rule<'a>(proposal: &'a str, column: &str) -> &'a str {
    let start = format!("[columns.\"{column}\"]\nrule = ");
    let (_, behind) = proposal.split_once(&start).expect(column);
    behind.lines().next().unwrap()
}

#[test]
fn the_people_of_the_readme_are_those_of_its_fixture() {
    let shown = table(&page("README.md"), "## Before and after");
    let people = records(&fs::read(fixture("export_crm.csv")).unwrap(), b',');
    assert_eq!((people.len() - 1, people[0].len()), (200, 28));
    let place = |name: &String| people[0].iter().position(|column| column == name).unwrap();
    let places: Vec<usize> = shown[0].iter().map(place).collect();
    assert_eq!((places.len(), shown.len()), (7, 4));
    // The example below them takes the second row and the two behind it, of the header and the rows.
    for (row, person) in shown[1..].iter().zip(&people[2..]) {
        let cells: Vec<&String> = places.iter().map(|at| &person[*at]).collect();
        assert_eq!(cells, row.iter().collect::<Vec<_>>());
    }
}

#[test]
fn the_readme_lists_every_command_and_status_and_the_compiler_that_is_asked_for() {
    let readme = page("README.md");
    let help = run(&mut crm(["--help"])).ended(0).text();
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let commands = commands.split("\n\n").next().unwrap();
    let names = commands.lines().filter_map(|line| {
        let name = line.strip_prefix("  ")?.split(' ').next()?;
        (!name.is_empty() && name != "help").then_some(name)
    });
    let listed = table(&readme, "## The commands");
    let listed = listed.iter().flat_map(|row| quoted(&row[0]));
    let mut listed: BTreeSet<&str> = listed
        .map(|text| {
            text.trim_start_matches("crm-anon ")
                .split(' ')
                .next()
                .unwrap()
        })
        .collect();
    assert!(listed.remove("FILE"), "the main job");
    assert_eq!(listed, names.collect());

    let statuses = table(&readme, "## When it refuses");
    let (_, told) = help.split_once("Exit status: ").unwrap();
    let told = told.replace('\n', " ");
    let told = told
        .split("; ")
        .map(|status| match status.split_once(" ended") {
            Some((signal, _)) => signal,
            None => status.split(' ').next().unwrap(),
        });
    let statuses: Vec<&str> = statuses[1..].iter().map(|row| row[0].as_str()).collect();
    assert_eq!(statuses, told.collect::<Vec<_>>());

    let manifest: toml::Table = page("Cargo.toml").parse().unwrap();
    let version = manifest["package"]["rust-version"].as_str().unwrap();
    assert!(readme.contains(&format!("Rust {version} or later")));
}

#[test]
fn what_is_in_doubt_is_refused_and_the_old_output_stays() {
    let sound = String::from_utf8(export(3)).unwrap();
    let (header, rows) = sound.split_once('\n').unwrap();
    let columns = header.split(',').collect::<Vec<_>>();
    // The last row again, with another cell in a column.
    let with = |name: &str, cell: &str| {
        let mut person = records(rows.as_bytes(), b',').pop().unwrap();
        person[columns.iter().position(|column| *column == name).unwrap()] = cell.into();
        format!("{sound}\"{}\"\n", person.join("\",\""))
    };
    for (case, text, says) in cases![
        "quoting", with("metier", "a\" b"), "quot";
        "a date", with("date_naissance", "31/02/1980"), "does not exist";
        "no header", rows.to_owned(), "may be a person";
        "a telephone", with("formation", "06 12 34 56 78"), "phone";
        "nothing", with("formation", "bac"), "";
    ] {
        let scratch = Scratch::new();
        scratch.write("in.csv", text);
        scratch.write("out.csv", "old\n");
        let mut command = crm(["in.csv", "-o", "out.csv"]);
        let outcome = run(command.current_dir(scratch.folder()));
        let is_sound = says.is_empty();
        let outcome = outcome.ended(if is_sound { 0 } else { 3 });
        outcome.says(&[says]);
        let is_old = scratch.read("out.csv") == b"old\n";
        assert_eq!(is_old, !is_sound, "{case}");
        assert_eq!(scratch.names(), ["in.csv", "out.csv"], "{case}");
    }
}

#[test]
fn the_first_steps_publish_who_agreed_and_every_row_gets_four_twins() {
    let scratch = Scratch::new();
    let input = fixture("crm/brevo.csv");
    let proposal = run(crm(["inspect", "--suggest"]).arg(&input))
        .ended(0)
        .text();
    assert!(proposal.contains("\nconsent = { column = \"OPT_IN\", is = ["));
    scratch.write("rules.toml", &proposal);
    let people = records(&fs::read(&input).unwrap(), b';');
    let consent = people[0].iter().position(|name| name == "OPT_IN").unwrap();
    let agreed = people.iter().filter(|row| row[consent] == "1").count();
    let mut command = crm(["-r", "rules.toml", "--k", "5", "-q", "-o", "anon.csv"]);
    run(command.arg(&input).current_dir(scratch.folder())).ended(0);
    let rows = records(&scratch.read("anon.csv"), b';');
    assert_eq!((rows.len() - 1, agreed), (99, 99));

    let table: toml::Table = proposal.parse().unwrap();
    let quasi: Vec<&str> = table["columns"]
        .as_table()
        .unwrap()
        .values()
        .filter(|column| column["attribute"].as_str() == Some("quasi-identifying"))
        .filter_map(|column| column.get("as")?.as_str())
        .collect();
    let places: Vec<usize> = (0..rows[0].len())
        .filter(|at| quasi.contains(&rows[0][*at].as_str()))
        .collect();
    assert_eq!(places.len(), 7);
    let mut classes: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
    for row in &rows[1..] {
        let class = places.iter().map(|at| row[*at].as_str()).collect();
        *classes.entry(class).or_default() += 1;
    }
    assert!(classes.values().all(|rows| *rows >= 5), "{classes:?}");
    let mut audit = crm(["audit", "anon.csv", "-r", "rules.toml"]);
    let told = run(audit.current_dir(scratch.folder())).ended(0).text();
    let (_, behind) = told.split_once("\nSingling out\n").unwrap();
    assert!(behind.contains("\nWhat each quasi-identifying column costs\n"));
}

#[test]
fn a_column_is_kept_up_to_so_many_values_each_in_so_many_rows() {
    for (case, name, values, each, kept) in cases![
        "known", "Catégorie", 500, 5, true;
        "known, more values", "Catégorie", 501, 5, false;
        "known, less shared", "Catégorie", 500, 4, false;
        "unknown", "teinte", 12, 20, true;
        "unknown, more values", "teinte", 13, 20, false;
        "unknown, less shared", "teinte", 12, 19, false;
    ] {
        // Words of two letters and a sign that are nobody's name.
        let value = |row: usize| format!("zq{:03}", row % values);
        let text = file(values * each, &[(name, &value), ("Sexe", &sex)]);
        let proposal = inspected(&text, &["--suggest"]);
        assert_eq!(rule(&proposal, name) == "\"keep\"", kept, "{case}");
    }
    // One rare value more costs the column; a rare number makes it coarser.
    for (name, usual, rare, expected) in [
        ("Catégorie", "or", "argent", "\"drop\""),
        ("Âge", "40", "97", "{ bucket = "),
    ] {
        let value = |row: usize| if row == 7 { rare } else { usual }.to_owned();
        let proposal = inspected(&file(90, &[(name, &value), ("Sexe", &sex)]), &["--suggest"]);
        assert!(rule(&proposal, name).starts_with(expected), "{proposal}");
    }
}

#[test]
fn what_is_never_kept_is_dropped_by_its_name_or_by_its_content() {
    // What many rows share, so that nothing but the name speaks against it.
    let shared = |row: usize| ["alpha", "beta"][row % 2].to_owned();
    let named = [
        "Nom",
        "Société",
        "E-mail",
        "Téléphone",
        "Numéro de sécurité sociale",
        "IBAN",
        "id_client",
        "Site web",
        "Commentaire",
        "Latitude",
        "Commercial",
        "Casier judiciaire",
    ];
    let mut columns: Vec<(&str, &dyn Fn(usize) -> String)> = vec![("Sexe", &sex)];
    columns.extend(named.map(|name| (name, &shared as &dyn Fn(usize) -> String)));
    let created = |_: usize| "2024-01-02".to_owned();
    let mail = |row: usize| ["zq@example.fr", "alpha"][row % 2].to_owned();
    columns.extend([
        ("Créé le", &created as &dyn Fn(usize) -> String),
        ("Catégorie", &mail),
    ]);
    let proposal = inspected(&file(120, &columns), &["--suggest"]);
    for (name, _) in &columns[1..] {
        assert_eq!(rule(&proposal, name), "\"drop\"", "{name}");
    }
    assert!(proposal.contains("identifiers are in its cells (email: 60)\n[columns.\"Catégorie\"]"));
    assert_eq!(rule(&proposal, "Sexe"), "\"keep\"");
    // Each has its reason above it.
    let lines: Vec<&str> = proposal.lines().collect();
    let pairs = lines
        .windows(2)
        .filter(|two| two[1].starts_with("[columns."));
    let reasons = pairs.map(|two| two[0].strip_prefix("# ").expect("a reason"));
    assert_eq!(reasons.count(), columns.len());
}

#[test]
fn addresses_without_a_code_leave_empty_and_more_than_half_of_them_cost_the_column() {
    for (codes, expected) in [(45, "\"postal_code\""), (44, "\"drop\"")] {
        let address = |row: usize| match row < codes {
            true => format!("{row} rue du Lac 75002 Paris"),
            false => format!("{row} rue du Lac"),
        };
        let text = file(90, &[("Adresse", &address), ("Sexe", &sex)]);
        let proposal = inspected(&text, &["--suggest"]);
        assert_eq!(rule(&proposal, "Adresse"), expected, "{proposal}");
        let scratch = Scratch::new();
        scratch.write("in.csv", text);
        scratch.write("t.toml", proposal);
        let mut command = crm(["in.csv", "-r", "t.toml"]);
        let outcome = run(command.current_dir(scratch.folder())).ended(0);
        let warned = outcome.err.contains("they leave empty");
        assert_eq!(warned, codes == 45, "{}", outcome.err);
    }
}

#[test]
fn days_that_stand_for_none_are_told_and_proposed_as_missing() {
    for (day, rows, expected) in [
        ("00/00/0000", 1, true),
        ("31/12/9999", 1, true),
        ("01/01/1900", 5, false),
        ("01/01/1900", 6, true),
    ] {
        let birth = |row: usize| match row < rows {
            true => day.to_owned(),
            false => format!("12/03/{}", 1930 + row % 60),
        };
        let text = file(100, &[("Date de naissance", &birth), ("Sexe", &sex)]);
        let proposal = inspected(&text, &["--suggest"]);
        let missing = proposal.lines().find(|line| line.starts_with("missing = "));
        let proposed = missing.is_some_and(|line| line.contains(&format!("\"{day}\"")));
        assert_eq!(proposed, expected, "{day} in {rows} rows");
        let told = inspected(&text, &[]);
        assert_eq!(told.contains(day), expected, "{told}");
        assert_eq!(rule(&proposal, "Date de naissance"), "\"year\"");
    }
}

#[test]
fn distinct_values_are_counted_exactly_up_to_a_limit() {
    for (values, others, exact) in [(4096, 0, true), (4097, 0, false), (4096, 63, false)] {
        let code = |row: usize| format!("x{}", row % values);
        let one = |_: usize| "1".to_owned();
        let names: Vec<String> = (0..others).map(|n| format!("note {n}")).collect();
        let mut columns: Vec<(&str, &dyn Fn(usize) -> String)> =
            vec![("code", &code), ("sexe", &sex)];
        columns.extend(names.iter().map(|name| (name.as_str(), &one as _)));
        let text = file(4100, &columns);
        let told = inspected(&text, &["--format", "json"]);
        let told: Value = serde_json::from_str(&told).unwrap();
        let column = &told["columns"][0];
        assert_eq!(column["distinct_is_exact"], exact, "{values}, {others}");
        let count = column["distinct"].as_u64().unwrap();
        assert!(count.abs_diff(values as u64) < 4 * 65, "{count}");
        let sign = inspected(&text, &[]).contains("≈");
        assert_eq!(sign, !exact, "{values}, {others}");
    }
}

#[test]
fn a_first_row_in_doubt_is_refused_with_the_number_of_its_column() {
    for (case, text, says) in cases![
        "unknown", "zqa;zqb;zqc\na;b;c\n", "fewer than a third";
        "a number", "nom;sexe;123456\nRoy;H;7\n", "in column 3 looks like data";
        "a person", "sexe;formation;Marie Durand\nH;cap;Luc Roy\n", "in column 3 looks like data";
        "a value", "zqa;sexe;zqb;nom\nzqa;H;x;Roy\nzqa;F;y;Petit\n", "in column 1 is a value";
    ] {
        let scratch = Scratch::new();
        let file = scratch.write("in.csv", text);
        for more in [&[][..], &["--suggest"]] {
            let outcome = run(crm(["inspect"]).args(more).arg(&file)).ended(3);
            outcome.says(&["--header", says]);
            let shown = !outcome.out.is_empty() || outcome.err.contains("zq");
            assert!(!shown, "{case}: {}", outcome.err);
        }
        run(crm(["inspect", "--header"]).arg(&file)).ended(0);
    }
    // Columns of numbers and dates below words tell that the words are names.
    let text = "zqa;zqb;zqc\nx;12;03/02/2020\ny;14;04/02/2020\nz;18;05/02/2020\n";
    assert!(inspected(text, &[]).contains("`zqa`"));
}

#[test]
fn the_pages_for_who_works_here_name_what_is_there() {
    for name in ["docs/design.md", "docs/contributing.md"] {
        let text = page(name);
        let mut files = 0;
        for path in quoted(&text).flat_map(|code| code.split(' ')) {
            let is_path = ["src/", "tests/", "fuzz/", ".ci/", "cli/", "base/", "io/"]
                .iter()
                .any(|start| {
                    path.starts_with(start) && !path.contains("NAME") && !path.contains('*')
                });
            if is_path {
                files += 1;
                let places = [root().join(path), root().join("src").join(path)];
                assert!(places.iter().any(|place| place.exists()), "{name}: {path}");
            }
        }
        assert!(files >= 2, "{name}: {files}");
    }
    for (path, parts) in cases![
        "src/rules/kinds/mod.rs", &["pub static KINDS: "][..];
        "src/detect/mod.rs", &["pub static DETECTORS: "];
        "src/sql/mod.rs", &["pub static DIALECTS: "];
        "src/base/error.rs", &["macro_rules! coded "];
        "src/io/error.rs", &["pub enum Error "];
        "src/sql/error.rs", &["pub enum SqlError "];
        "src/rules/options.rs", &["mod testing ", "fn rule<", "fn transform(", "fn write(", "fn refuses("];
        "src/rules/mod.rs", &["pub struct OptionDoc ", "fn kind(", "fn compile(", "fn read_file(", "fn counts(", "fn sql(", "pub samples: "];
        // Of all columns of `inspect` together 131 072 values, of one 32 768.
        "src/engine/inspect/dictionary.rs", &["const VALUES: usize = 1 << 17;", "const MOST: usize = 1 << 15;"];
        "src/rules/transform.rs", &["enum Action ", "trait Transform", "fn apply(", "struct Reason ", "fn takes("];
        ".ci/run", &["cargo fmt", "cargo clippy", "cargo doc", "conformance.py", "seconds_of_steps", "step cargo test", ".ci/cycles"];
        ".ci/full", &[".ci/release --twice", ".ci/install_check", ".ci/targets all\nseconds_of_steps"];
        ".ci/release", &["--twice)", "--binary)"];
    ] {
        let text = page(path);
        for part in parts {
            assert!(text.contains(part), "{path}: {part}");
        }
    }
    assert!(!page(".ci/run").contains("step .ci/targets"));
}
