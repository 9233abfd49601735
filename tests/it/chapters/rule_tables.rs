//! What the chapters on rule tables (`docs/rule-tables.md`) and on identifiers in kept columns (`docs/leftovers.md`) say
//! and no other test holds.

use std::collections::BTreeSet;

use crate::support::{Outcome, Scratch, crm, records, run, schema};

/// Writes a table of `columns`.
fn write(scratch: &Scratch, columns: &str) {
    let head = "version = 1\nindex = \"\"\n";
    scratch.write("t.toml", format!("{head}{columns}\n"));
}

/// Runs the program on `input` under a table of `columns` without an index.
#[track_caller]
fn ran(scratch: &Scratch, columns: &str, input: &str, args: &[&str]) -> Outcome {
    write(scratch, columns);
    scratch.write("in.csv", input);
    let mut command = crm(["in.csv", "-q", "-r", "t.toml"]);
    run(command.args(args).current_dir(scratch.folder()))
}

/// What is published of `input`, which nothing must be wrong with, below its header.
#[track_caller]
fn published(columns: &str, input: &str, args: &[&str]) -> Vec<Vec<String>> {
    let outcome = ran(&Scratch::new(), columns, input, args).ended(0);
    records(&outcome.out, b',').split_off(1)
}

fn rows(texts: &[&str]) -> Vec<Vec<String>> {
    let cells = |text: &&str| text.split(',').map(str::to_owned).collect();
    texts.iter().map(cells).collect()
}

#[test]
fn a_table_that_says_little_has_the_name_of_its_file_and_the_usual_index() {
    let scratch = Scratch::new();
    let table = "version = 1\n[columns.\"deux mots\"]\nrule = \"keep\"\n";
    scratch.write("segments.v2.toml", table);
    scratch.write("in.csv", "Deux-Mots\nx\n");
    let args = [
        "in.csv", "-q", "-r", "segments.v2.toml", "--manifest", "m.json",
    ];
    let outcome = run(crm(args).current_dir(scratch.folder())).ended(0);
    assert_eq!(records(&outcome.out, b',')[0], ["Index_rd", "deux mots"]);
    let manifest = schema::manifest(&scratch.read("m.json"));
    assert_eq!(manifest["rules"]["name"], "segments.v2");
}

#[test]
fn of_an_export_passed_as_a_table_only_the_place_is_shown() {
    let scratch = Scratch::new();
    scratch.write("in.csv", "zqxnom;zqxtel\nzqxDupont;0612345678\n");
    let outcome = run(crm(["in.csv", "-r", "in.csv"]).current_dir(scratch.folder())).ended(2);
    outcome.says(&["in.csv:1:"]);
    assert!(!outcome.err.contains("zqx"), "{}", outcome.err);
}

#[test]
fn years_of_two_digits_are_those_from_1970_to_2069() {
    let column = "[columns.d]\nrule = { year = { formats = [\"%d.%m.%y\"] } }";
    let births = "d\n01.01.00\n01.01.24\n01.01.70\n31.12.99\n";
    let years = rows(&["2000", "2024", "1970", "1999"]);
    assert_eq!(published(column, births, &[]), years);
    let century = column.replace("\"%d.%m.%y\"", "{ format = \"%d.%m.%y\", century = 1900 }");
    let years = rows(&["1900", "1924", "1970", "1999"]);
    assert_eq!(published(&century, births, &[]), years);
    // A birth in the future is invalid; a date under `where` may lie there.
    let outcome = ran(&Scratch::new(), column, "d\n01.01.69\n", &[]);
    outcome.ended(3).says(&["after today"]);
    let left = |days: &str, cells| {
        let filter =
            format!("[rows]\nwhere = [{{ column = \"d\", {days} }}]\n[columns.e]\nrule = \"keep\"");
        published(&filter, cells, &[])
    };
    let short = "from = \"2069-01-01\", formats = [\"%d.%m.%y\"]";
    let dated = left(short, "d,e\n01.01.24,a\n01.01.69,b\n01.01.70,c\n");
    assert_eq!(dated, rows(&["b"]));
    // The day counts as written, whatever the time zone.
    let zones = "d,e\n2024-02-29T00:30+14:00,a\n2024-02-28T23:30-12:00,b\n";
    assert_eq!(left("from = \"2024-02-29\"", zones), rows(&["a"]));
}

#[test]
fn shifted_dates_may_lie_in_the_future() {
    let column = "[columns.d]\nrule = { date_shift = { max_days = 36_500 } }";
    let input = format!("d\n{}", "2020-01-01 10:00\n".repeat(40));
    let dates = published(column, &input, &["--seed", "1"]);
    let future = dates.iter().filter(|row| row[0].as_str() > "2080-01-01");
    assert!((1..40).contains(&future.count()));
    // Without the time of day.
    assert!(dates.iter().all(|row| row[0].len() == 10));
}

#[test]
fn what_a_map_keeps_is_not_compared_with_its_row() {
    let name = "[columns.nom]\nrule = \"drop\"\nattribute = \"identifying\"\n[columns.civ]\n";
    let input = "nom,civ\nAna Zorba,Zorba\n";
    let map = "rule = { map = { table = { \"M.\" = \"H\" }, otherwise = \"keep\" } }";
    let left = published(&format!("{name}{map}"), input, &[]);
    assert_eq!(left, rows(&["Zorba"]));
    let kept = format!("{name}rule = \"keep\"");
    ran(&Scratch::new(), &kept, input, &[]).ended(3);
}

#[test]
fn groups_of_amounts_count_rows_and_hold_those_that_k_suppresses() {
    let columns = "[columns.q]\nrule = \"keep\"\nattribute = \"quasi-identifying\"\nladder = []\n\
        [columns.r]\nrule = { microaggregate = { size = 3 } }\nattribute = \"sensitive\"\n\
        [columns.p]\nrule = \"drop\"\nattribute = \"identifying\"";
    let input = "p,q,r\na,u,10\na,u,20\na,v,60\nb,u,600\nc,u,700\nd,w,800\n";
    let every = published(columns, input, &["--person", "p", "--keep-order"]);
    let means = ["30.00", "30.00", "30.00", "700.00", "700.00", "700.00"];
    let of = |row: &Vec<String>| row[1].clone();
    assert_eq!(every.iter().map(of).collect::<Vec<_>>(), means);
    let args = ["--k", "2", "--max-suppressed", "50%", "--keep-order"];
    let suppressed = published(columns, input, &args);
    assert_eq!(suppressed.iter().filter(|row| row[0] == "*").count(), 2);
    let kept = suppressed.iter().filter(|row| row[0] == "u").map(of);
    let expected = ["30.00", "30.00", "700.00", "700.00"];
    assert_eq!(kept.collect::<Vec<_>>(), expected);
}

#[test]
fn thresholds_see_the_rows_that_are_published_and_broken_quotes_refuse_any() {
    let columns = "[rows]\nwhere = [{ column = \"a\", is = \"oui\" }]\n\
        [columns.q]\nrule = \"keep\"\nattribute = \"quasi-identifying\"";
    let input = "a,q\noui,u\noui,u\nnon,v\n";
    let left = published(columns, input, &["--min-k", "2"]);
    assert_eq!(left, rows(&["u", "u"]));
    let broken = ran(&Scratch::new(), columns, &format!("{input}non,\"v\n"), &[]);
    broken.ended(3).says(&["quot"]);
}

#[test]
fn few_departements_have_small_codes_that_their_label_gives_away() {
    let label = |least: u32, codes: &[u32]| {
        let columns =
            format!("[columns.adresse]\nrule = {{ postal_code = {{ min_population = {least} }} }}");
        let input: String = codes.iter().map(|code| format!("{code:05}\n")).collect();
        published(&columns, &format!("adresse\n{input}"), &[]).concat()
    };
    let all: Vec<u32> = (92_000..99_000).collect();
    let labels = label(5_000, &all);
    for (name, count) in [
        ("92 Hauts-de-Seine", 1),
        ("94 Val-de-Marne", 1),
        ("986 Wallis et Futuna", 2),
    ] {
        assert_eq!(labels.iter().filter(|label| *label == name).count(), count);
    }
    // Each is written from as many inhabitants on as it has.
    for (code, inhabitants) in [(92_430, 1_752), (98_610, 1_875), (98_620, 3_063 - 1_875)] {
        assert_eq!(label(inhabitants, &[code]), [code.to_string()]);
        assert!(label(inhabitants + 1, &[code])[0].contains(' '), "{code}");
    }
}

#[test]
fn occupations_climb_under_their_names_alone_and_sql_does_not_express_it() {
    let table = |name: &str| {
        format!("[columns.{name}]\nrule = \"keep\"\nattribute = \"quasi-identifying\"\n")
    };
    let input = |name: &str| {
        let jobs = "boulanger\nBOULANGÈRE\nchauffeuse-livreuse\nchauffeur-livreur\n".repeat(3);
        format!("{name}\n{jobs}")
    };
    let global = ["--k", "5", "--recoding", "global", "--manifest", "m.json"];
    for name in "metier metiers profession professions intitule_poste".split(' ') {
        let scratch = Scratch::new();
        let outcome = ran(&scratch, &table(name), &input(name), &global).ended(0);
        let craft = "Ouvriers qualifiés de type artisanal";
        assert_eq!(outcome.text().matches(craft).count(), 6);
        let args = [
            "sql", "-r", "t.toml", "--dialect", "duckdb", "--columns", name, "--k-levels", "m.json",
        ];
        let query = run(crm(args).current_dir(scratch.folder()));
        query.ended(2).says(&["its level is not expressed"]);
    }
    let [none, all] = ["ladder = []", "ladder = [\"categorie\", \"groupe\"]"];
    for (name, ladder, code) in [("metier", none, 4), ("emploi", "", 4), ("emploi", all, 0)] {
        let table = format!("{}{ladder}", table(name));
        ran(&Scratch::new(), &table, &input(name), &global).ended(code);
    }
    let labels = include_str!("../../../src/rules/occupations/labels.txt").lines();
    let lines = labels.filter_map(|line| line.split_once(' ').filter(|(code, _)| *code != "#"));
    let labels: Vec<&str> = lines.flat_map(|(_, of)| of.split(';')).collect();
    let spellings = labels.iter().map(|label| label.split('/').count());
    assert_eq!((labels.len(), spellings.sum::<usize>()), (998, 1_757));
}

#[test]
fn invented_cells_are_missing_and_rows_left_out_as_often_as_said() {
    let columns = "[rows]\nwhere = [{ column = \"pays\", is = [\"France\", \"Suisse\"] }]\n\
        [columns.civ]\nrule = { map = { table = { \"M.\" = \"H\", \"Mme\" = \"F\" } } }\n\
        [columns.rang]\nrule = { keep = { allowed = [\"a\", \"b\"] } }\n\
        [columns.client]\nrule = { hash = { role = \"client\" } }";
    let scratch = Scratch::new();
    write(&scratch, columns);
    let args = ["fixture", "t.toml", "--rows", "4000", "--seed", "5"];
    let outcome = run(crm(args).current_dir(scratch.folder())).ended(0);
    let cells = records(&outcome.out, b',');
    let column = |name: &str| {
        let at = cells[0].iter().position(|other| other == name).unwrap();
        cells[1..].iter().map(move |row| row[at].as_str())
    };
    let missing = column("civ").filter(|cell| cell.is_empty()).count();
    assert!(missing.abs_diff(4000 / 25) < 60, "{missing}");
    for (name, words) in [("civ", ["M.", "Mme"]), ("rang", ["a", "b"])] {
        let found: BTreeSet<_> = column(name).filter(|cell| !cell.is_empty()).collect();
        assert_eq!(found, BTreeSet::from(words));
    }
    let stays = |cell: &str| matches!(cell.to_lowercase().as_str(), "france" | "suisse");
    let left_out = column("pays").filter(|cell| !stays(cell)).count();
    assert!(left_out.abs_diff(4000 / 10) < 100, "{left_out}");
    let number = |cell: &str| cell.len() == 7 && cell.starts_with('P');
    assert!(column("client").all(|cell| cell.is_empty() || number(cell)));
}

/// A dropped column of each attribute, transformed ones, and a kept note in which only its row is looked for.
const SAME_ROW: &str = "[columns.nom]\nrule = \"drop\"\nattribute = \"identifying\"\n\
    [columns.boite]\nrule = \"drop\"\nattribute = \"quasi-identifying\"\n[columns.libre]\nrule = \"drop\"\n\
    [columns.naissance]\nrule = \"year\"\n[columns.revenus]\nrule = { bucket = { width = 20_000 } }\n\
    [columns.enfants]\nrule = \"yes_no\"\n[columns.groupe]\nrule = \"drop\"\n[columns.vendeur]\nrule = \"drop\"\n\
    [columns.note]\nrule = \"keep\"\n\
    leftovers = [\"date\", \"address\", \"phone\", \"siren\", \"siret\", \"email\", \"person_name\"]";

/// Whether a row's note is found to hold what stands in a column of `rows`.
#[track_caller]
fn leaks(column: &str, rows: &[(&str, &str)]) -> bool {
    let line = |(cell, note): &_| format!("\"{cell}\",\"{note}\"\n");
    let lines: String = rows.iter().map(line).collect();
    let input = format!("{column},note\n{lines}");
    let outcome = ran(&Scratch::new(), SAME_ROW, &input, &[]);
    let told = outcome.err.contains("of the same row in");
    assert_eq!(outcome.code(), if told { 3 } else { 0 }, "{}", outcome.err);
    told
}

#[test]
fn values_of_the_row_are_looked_for_from_the_lengths_that_are_said() {
    for (column, cell, note, found) in [
        ("nom", "AB1Z", "vu AB1Z", false),
        ("nom", "AB12Z", "vu ab12z", true),
        ("nom", "12345", "vu 12345", false),
        ("nom", "123456", "vu 123456", true),
        ("boite", "Zzorguett", "Zzorguett", false),
        ("boite", "La Zzorg", "la zzorg", false),
        ("boite", "La Zzorgu", "la zzorgu", true),
        ("boite", "123456", "123456", false),
        ("boite", "1234567", "1234567", true),
        ("boite", "23/07/1985", "23/07/1985", false),
        ("nom", "1985-07-23", "1985-07-23", false),
        ("nom", "19850723", "19850723", true),
        ("boite", "12 rue Zorb, 44000 Nantes", "au 12 rue zorb", true),
        ("naissance", "1985-07-23", "1985-07-23", false),
        ("revenus", "1234567", "1234567", false),
        ("enfants", "1234567", "1234567", false),
        ("nom", "Ana Zor", "vu zor", false),
        ("nom", "Ana Zora", "vu zora", true),
        ("libre", "Ana Zora", "vu zora", true),
        ("boite", "Ana Zora", "vu zora", false),
        ("nom", "a b c d e Zorba", "vu zorba", true),
        ("nom", "a b c d e f Zorba", "vu zorba", false),
        ("nom", "Zorba 2", "vu zorba", false),
        (
            "nom",
            "Abcdefghijklmnopqrstuvwxyz Abcdefghijklmnopqrstuvwxyz A Zorba",
            "vu zorba",
            false,
        ),
        ("nom", "l.zorba@fournil.fr", "vu zorba", true),
        ("nom", "l.zorba@fournil.fr", "vu fournil", false),
    ] {
        let leaks = leaks(column, &[(cell, note)]);
        assert_eq!(leaks, found, "{column} {cell:?} {note:?}");
    }
}

#[test]
fn words_that_others_have_identify_nobody() {
    let others = |note, count| (0..count).map(move |_| ("B C", note));
    let with = |name, note, count| (0..count).map(move |_| (name, note));
    // Each word stands elsewhere, but not the cell.
    let words = others("paul", 3).chain(others("zorba", 3));
    let both: Vec<_> = words.chain([("Paul Zorba", "paul zorba")]).collect();
    assert!(leaks("nom", &both));
    for (name, note, own, other, found) in [
        ("A Zorba", "zorba", 1, 2, true),
        ("A Zorba", "zorba", 1, 3, false),
        ("A Zorba", "zorba", 3, 3, false),
        ("A Zorba", "zorba", 4, 3, true),
        ("Paul Zorba", "paul zorba", 1, 2, true),
        ("Paul Zorba", "paul zorba", 1, 3, false),
    ] {
        let rows: Vec<_> = with(name, note, own).chain(others(note, other)).collect();
        assert_eq!(leaks("nom", &rows), found, "{note} {own} {other}");
    }
}

#[test]
fn columns_of_twenty_values_in_twenty_rows_each_hold_categories() {
    let name = |letter| format!("Zqw{letter}ok Wv{letter}ik");
    let names: Vec<String> = ('a'..='u').map(name).collect();
    let rows = |values: usize, count: usize| -> Vec<(&str, &str)> {
        let name = |row: usize| names[row % values].as_str();
        (0..count).map(|row| (name(row), name(row))).collect()
    };
    for (column, values, count, found) in [
        ("groupe", 20, 400, false),
        ("groupe", 20, 399, true),
        ("groupe", 21, 420, true),
        ("vendeur", 20, 400, true),
    ] {
        let leaks = leaks(column, &rows(values, count));
        assert_eq!(leaks, found, "{column} {values} {count}");
    }
}

/// Keeps a column of notes.
const NOTE: &str = "[columns.note]\nrule = \"keep\"";

/// Notes of a column, and the only detector that reports any, if one does.
const LIMITS: &str = "\
|1850578006084|bon
nir|1 85 05 78 006 084
|1760233061254|2701113108049|2410713312002|2571269303053|2410175333278|1960769217015|2541169390236
nir|1760233061254|2701113108049|2410713312002|2571269303053|2410175333278|1960769217015|2541169390236|2990113285052
|2870133398033|2851069283143|2791033069031|2490475245262|1911033003243|2910275393289|2491169077084|1410669224195
|Petit|Boulanger
|19850723|bon
date|19850723|19850724|bon
|48.856, 2.352|bon
coordinates|48.856, 2.352|45.764, 4.835|bon
|48.8566|45.7640|43.2965
|lat 48.8566
coordinates|lat 48.8566 lon 2.3522
|livré le 12/03/2024|vu le 13/04/2024
date|livré le 12/03/1985|vu le 13/04/1985
|lieu-dit Le Moulin
|rue Haute, 75002 Paris
|réf. AB-123-CD|article KX-456-FG
|AB-101-CD|AB-102-CD|AB-103-CD|AB-104-CD
|6.1.129.68|6.1.130.70
ip|6.1.129.68|81.56.112.207|82.57.113.208|83.58.114.209
|1.2.3.4|8.8.8.8
siret|30000000700009
card|340010100100179
phone|&amp;amp;#48;6 12 34 56 78
|&amp;amp;amp;#48;6 12 34 56 78";

#[test]
fn limits_of_the_detectors_are_where_they_are_said_to_be() {
    for line in LIMITS.lines() {
        let (kind, notes) = line.split_once('|').unwrap();
        let input = format!("note\n\"{}\"\n", notes.replace('|', "\"\n\""));
        let outcome = ran(&Scratch::new(), NOTE, &input, &["--on-leftover", "mask"]).ended(0);
        let told = outcome.err.split_once("`note`, masked: ");
        let found = told.map_or("", |(_, kinds)| kinds.split(" in ").next().unwrap());
        assert_eq!(found, kind, "{line}: {}", outcome.err);
    }
}

#[test]
fn more_words_than_are_counted_are_told_and_a_column_of_no_name_is_masked_as_unlisted() {
    let scratch = Scratch::new();
    let letter = |digit: u8| char::from(digit - b'0' + b'a');
    let word = |n: u32| format!("{n:05}").bytes().map(letter).collect::<String>();
    let words = (0..70_000).map(|n| word(n) + if n % 10 < 9 { " " } else { "\n," });
    let words = words.collect::<String>();
    let input = format!("secret,note\nKzq99887,vu kzq99887\n,{words}\n");
    let outcome = ran(&scratch, NOTE, &input, &[]).ended(3);
    outcome.says(&["more distinct words than are counted"]);
    let masked = published(NOTE, &input, &["--on-leftover", "mask"]);
    assert_eq!(masked[0], ["vu [unlisted]"]);
    let few = input.lines().take(5_900).collect::<Vec<_>>().join("\n");
    let outcome = ran(&scratch, NOTE, &few, &[]).ended(3);
    assert!(!outcome.err.contains("distinct words"), "{}", outcome.err);
}

#[test]
fn what_only_a_whole_column_proves_is_told_by_the_exit_status_alone() {
    let input = "note\n732829320\n404833048\n";
    let outcome = ran(&Scratch::new(), NOTE, input, &[]);
    assert_eq!(outcome.ended(3).text(), input, "the rows were sent by then");
}

#[test]
fn detectors_are_measured_on_as_many_cells_as_said() {
    let cells = include_str!("../../detectors/corpus.tsv").lines();
    let columns: BTreeSet<_> = cells.clone().map(|line| line.split('\t').next()).collect();
    let misses = cells.clone().filter(|line| line.ends_with('\t')).count();
    let all = cells.count();
    assert!(all > 9_000 && columns.len() == 161 && 2 * misses > all);
}
