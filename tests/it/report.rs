//! The report for a data protection officer, as the program writes it: both languages, well-formed,
//! asking for nothing, and holding no cell.

use std::path::Path;

use crate::support::system::MARKUP_FILE;
use crate::support::{COLUMNS, Scratch, crm, export, fixture, run, schema, to_csv};
use roxmltree::{Document, Node, ParsingOptions};

/// The page as a tree: it is written so that an XML parser, which forgives nothing, reads it.
#[track_caller]
fn tree(page: &str) -> Document<'_> {
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(page, options).expect("a well-formed page")
}

/// The text that a reader sees, spaces made one.
fn text(page: &str) -> String {
    let tree = tree(page);
    let body = tree.descendants().find(|node| node.has_tag_name("body"));
    let mut text = String::new();
    for node in body.expect("a body").descendants().filter(Node::is_text) {
        text.push_str(node.text().unwrap_or_default());
        text.push(' ');
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Asserts that the page is whole and asks nobody for anything.
#[track_caller]
fn stands_alone(page: &str) {
    let tree = tree(page);
    let mut ids = Vec::new();
    for node in tree.descendants().filter(Node::is_element) {
        let tag = node.tag_name().name();
        assert!(
            !["script", "iframe", "object", "embed", "img", "form", "base"].contains(&tag),
            "{tag}"
        );
        for attribute in node.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            assert!(!name.starts_with("on") && name != "style", "{tag} {name}");
            match name {
                "href" => assert!(
                    value == "data:," || value.starts_with('#'),
                    "{tag} {name} {value}"
                ),
                "id" => ids.push(value.to_owned()),
                "src" | "srcset" | "action" | "xmlns" => panic!("{tag} {name} {value}"),
                _ => {}
            }
        }
    }
    assert!(!page.contains("://") && !page.contains("url(") && !page.contains("@import"));
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
    assert!(
        tree.descendants()
            .any(|n| n.attribute("content") == Some(policy))
    );
    for node in tree.descendants() {
        for name in ["href", "aria-labelledby"] {
            if let Some(target) = node.attribute(name).filter(|target| *target != "data:,") {
                let target = target.trim_start_matches('#');
                assert!(ids.iter().any(|id| id == target), "no {target}");
            }
        }
        if node.has_tag_name("th") {
            assert!(node.attribute("scope").is_some());
        }
    }
}

/// Runs the main job and gives the report.
#[track_caller]
fn of_run(scratch: &Scratch, input: &Path, args: &[&str]) -> String {
    let (out, report) = (scratch.path("out.csv"), scratch.path("report.html"));
    let mut command = crm(["-q", "-o"]);
    command.arg(out).arg("--report").arg(report).args(args);
    run(command.arg(input)).ended(0);
    String::from_utf8(scratch.read("report.html")).unwrap()
}

/// Audits a file and gives the report.
#[track_caller]
fn of_file(scratch: &Scratch, input: &Path, args: &[&str]) -> String {
    let report = scratch.path("audit.html");
    let mut command = crm(["audit"]);
    command.arg(input).arg("--report").arg(report).args(args);
    run(&mut command).ended(0);
    String::from_utf8(scratch.read("audit.html")).unwrap()
}

#[test]
fn both_reports_stand_alone_in_both_languages() {
    let input = fixture("export_crm.csv");
    for (lang, parts) in [
        (
            "en",
            [
                "Anonymisation report",
                "singling out",
                "linkability",
                "GDPR art. 9(1)",
                "200 (100%)",
            ],
        ),
        (
            "fr",
            [
                "Rapport d’anonymisation",
                "individualisation",
                "corrélation",
                "RGPD, art. 9, § 1",
                "200 (100\u{202f}%)",
            ],
        ),
    ] {
        let scratch = Scratch::new();
        let page = of_run(&scratch, &input, &["--lang", lang]);
        stands_alone(&page);
        assert!(page.contains(&format!("<html lang=\"{lang}\">")));
        // A narrow no-break space is white space too: look for it in the page itself.
        for part in parts {
            assert!(page.contains(part), "{lang}: {part}");
        }
        let page = of_file(&scratch, &scratch.path("out.csv"), &["--lang", lang]);
        stands_alone(&page);
        for part in [parts[0], parts[1], parts[2], parts[4]] {
            assert!(page.contains(part), "{lang}: {part}");
        }
    }
}

#[test]
fn a_search_is_told_and_every_figure_is_of_the_rows_written() {
    let scratch = Scratch::new();
    let input = fixture("export_crm.csv");
    let asked = [
        "--k", "5", "--recoding", "global", "--shuffle", "--lang", "en", "--min-k", "2",
    ];
    let page = of_run(&scratch, &input, &asked);
    stands_alone(&page);
    let page = text(&page);
    for part in [
        "none can be singled out",
        "at least 4 others (k = 5)",
        "The level chosen for each column",
        "no other choice of levels loses less",
        "k (--min-k) ≥ 2",
        "random: the place of a row tells nothing",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let audited = text(&of_file(
        &scratch,
        &scratch.path("out.csv"),
        &["--lang", "en"],
    ));
    let k = |page: &str| {
        let (_, rest) = page.split_once("Smallest group: k = ").expect("k");
        rest.split('.').next().unwrap().to_owned()
    };
    assert_eq!(k(&page), k(&audited));
    assert!(audited.contains("Not known: a file does not tell"));
    assert!(audited.contains("not known 10"));
}

#[test]
fn what_a_header_or_a_rule_table_says_is_only_text() {
    let scratch = Scratch::new();
    let hostile = [
        "<script>alert(1)</script>",
        "\"onload=\"x",
        "'&amp;&#60;b>",
        "a\u{202e}b",
        "</style></td>",
        "]]>{{ 7*7 }}",
    ];
    let header: Vec<&str> = hostile.iter().chain(&COLUMNS).copied().collect();
    let rows = (1..=20).map(|n| {
        let cells = vec!["x".to_owned(); hostile.len()];
        cells.into_iter().chain(crate::support::person(n)).collect()
    });
    let input = scratch.write(MARKUP_FILE, to_csv(&header, rows, b','));
    let page = of_run(&scratch, &input, &["--lang", "fr", "--header"]);
    stands_alone(&page);
    let seen = text(&page);
    for name in [
        hostile[0], hostile[1], hostile[2], hostile[5], MARKUP_FILE, "a\\u{202e}b",
    ] {
        assert!(
            seen.replace(' ', "").contains(&name.replace(' ', "")),
            "{name}"
        );
    }
    assert!(!page.contains('\u{202e}'));

    let table = "version = 1\nname = \"<img src=x>\"\n[columns.metier]\nrule = \"keep\"\n\
                 as = \"<i onclick='x'>\"\nattribute = \"quasi-identifying\"\n";
    let table = scratch.write("rules.toml", table);
    let args = [
        "--lang",
        "en",
        "--header",
        "--rules",
        table.to_str().unwrap(),
    ];
    let page = of_run(&scratch, &input, &args);
    stands_alone(&page);
    assert!(text(&page).contains("<img src=x>") && text(&page).contains("<i onclick='x'>"));
    let quasi: Vec<&str> = [
        "--quasi", hostile[0], "--sensitive", "metier", "--lang", "en", "--header",
    ]
    .into();
    let page = of_file(&scratch, &input, &quasi);
    stands_alone(&page);
    assert!(text(&page).contains(hostile[0]));
}

#[test]
fn no_cell_is_in_any_report() {
    // Every cell has the mark: also those that may leave, and those that become brackets or years.
    let rows = |n: u64| {
        let cells = COLUMNS.iter().map(|column| match *column {
            "date_naissance" => format!("{}-03-07", 1931 + n % 40),
            "nombre_enfants" | "points_perdus" | "age_vehicule" => (7310 + n % 3).to_string(),
            "revenus" | "valeur_residence_prin" | "tarif_devis" => format!("{}.73", 731_000 + n),
            "adresse" => format!("{n} rue zqxmark, 75002 Paris"),
            _ => format!("zqxmark-{}", n % 7),
        });
        cells.collect()
    };
    let cells = [
        "zqxmark", "193", "194", "195", "196", "731", "7310", "75002", "paris", "720000",
    ];
    let scratch = Scratch::new();
    let input = scratch.write("in.csv", to_csv(&COLUMNS, (1..=300).map(rows), b','));
    // The search can fail: it finds a cell in a page that has one.
    assert!(
        words("<p title='a'>x ZQXmark-1</p>")
            .iter()
            .any(|word| word.contains(cells[0]))
    );
    for lang in ["en", "fr"] {
        for args in [&[][..], &["--shuffle"], &["--k", "5"]] {
            // Every cell is its row's own; what is looked for here is the page.
            let always = ["--lang", lang, "--on-leftover", "warn"];
            let args: Vec<&str> = always.iter().chain(args).copied().collect();
            let run = of_run(&scratch, &input, &args);
            let file = of_file(&scratch, &scratch.path("out.csv"), &["--lang", lang]);
            for page in [run, file] {
                for word in words(&page) {
                    let found = cells.iter().find(|cell| word.contains(*cell));
                    assert_eq!(found, None, "{word} {lang}");
                }
            }
        }
    }
}

/// Every word of the page, in its texts and its attributes, but the fingerprints of files and the
/// scratch folder, which may hold any digits.
fn words(page: &str) -> Vec<String> {
    let tree = tree(page);
    let texts = tree.descendants().filter_map(|node| node.text());
    let attributes = tree.descendants().flat_map(|node| node.attributes());
    let all: Vec<&str> = texts.chain(attributes.map(|found| found.value())).collect();
    let words = all.iter().flat_map(|text| text.split_whitespace());
    let told = words.filter(|word| word.len() != 64);
    told.map(str::to_lowercase).collect()
}

#[test]
fn counts_below_five_are_not_spelled_out() {
    // 3 people alone, a pair, and 95 alike: and 2 of the 100 have no number of children.
    let rows = (0..100).map(|n| {
        let mut row = crate::support::person(1);
        let at = |name: &str| COLUMNS.iter().position(|column| *column == name).unwrap();
        if n < 3 {
            row[at("metier")] = format!("alone {n}");
        } else if n < 5 {
            row[at("metier")] = "pair".to_owned();
        }
        if n > 97 {
            row[at("revenus")].clear();
        }
        row
    });
    let scratch = Scratch::new();
    let input = scratch.write("in.csv", to_csv(&COLUMNS, rows, b','));
    let page = text(&of_run(&scratch, &input, &["--lang", "en"]));
    for part in [
        "Of 100 rows, fewer than 5 can be singled out by anyone who knows 10 facts",
        "alone fewer than 5 group of 2 fewer than 5 group of 3 or 4 0 (0%)",
        "group of 11 or more at least 92 (92%)",
        "Rows that are alone: fewer than 5.",
        "Rows in groups of fewer than 5: at least 5 (5.0%)",
        "missing: fewer than 5",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains("3 (3.0%)") && !page.contains("95 (95%)"));
}

#[test]
fn a_file_without_rows_or_without_counted_columns_is_not_called_safe() {
    let scratch = Scratch::new();
    let empty = scratch.write("empty.csv", to_csv(&COLUMNS, Vec::new(), b','));
    let table = scratch.write(
        "rules.toml",
        "version = 1\n[columns.metier]\nrule = \"keep\"\n",
    );
    let some = scratch.write("some.csv", export(20));
    let table = ["--lang", "en", "--rules", table.to_str().unwrap()];
    let nobody = ["--lang", "en", "--min-rows", "0"];
    for (input, args) in [(&empty, &nobody[..]), (&some, &table[..])] {
        let page = of_run(&scratch, input, args);
        stands_alone(&page);
        let page = text(&page);
        assert!(page.contains("Nothing could be measured"), "{page}");
        assert!(page.contains("not known 20"), "{page}");
    }
}

#[test]
fn a_run_that_misses_a_threshold_writes_its_report_and_says_so_in_its_manifest() {
    for (language, said) in [("en", "Not published: "), ("fr", "Non publié : ")] {
        let scratch = Scratch::new();
        let mut command = crm(["-q", "--lang", language, "--min-k", "5", "-o"]);
        command.arg(scratch.path("out.csv")).arg("--report");
        command.arg(scratch.path("report.html")).arg("--manifest");
        command.arg(scratch.path("manifest.json"));
        run(command.arg(fixture("export_crm.csv"))).ended(4);
        assert_eq!(scratch.names(), ["manifest.json", "report.html"]);
        let manifest = schema::manifest(&scratch.read("manifest.json"));
        assert_eq!(manifest["status"], "refused");
        let page = String::from_utf8(scratch.read("report.html")).unwrap();
        let page = page.replace("\u{202f}", " ").replace("\u{a0}", " ");
        let at = page.find(said).expect(said);
        assert!(at < page.find("<nav").unwrap(), "the verdict comes first");
        assert!(!page.contains("SHA-256 of the output"));
    }
    // Where the data are refused nothing was measured, and there is nothing to report.
    let scratch = Scratch::new();
    let mut command = crm(["-q", "-o"]);
    command.arg(scratch.path("out.csv")).arg("--report");
    command.arg(scratch.path("report.html"));
    run(command.arg(fixture("refusals/invalid_cells.csv"))).ended(3);
    assert!(scratch.names().is_empty());
}

#[test]
fn bars_that_all_say_the_same_are_not_drawn() {
    for (options, said) in [
        (
            &[][..],
            "No step of a single column makes fewer rows unique",
        ),
        (
            &["--k", "5"],
            "Singling out: nothing to do, no row is unique.",
        ),
    ] {
        let scratch = Scratch::new();
        let mut command = crm(["-q", "-o"]);
        command.arg(scratch.path("out.csv")).arg("--report");
        command.arg(scratch.path("report.html")).args(options);
        run(command.arg(fixture("export_crm.csv"))).ended(0);
        let page = String::from_utf8(scratch.read("report.html")).unwrap();
        assert!(page.contains(said), "{options:?}");
        assert!(!page.contains("Unique rows,"), "{options:?}");
    }
}
