//! Every small file that goes wrong, through every command that reads one: its exit status, what is
//! said, and that no cell is in a message, the manifest, the journal, a table of rules or a query.

use std::fs;

use crate::support::{Outcome, Scratch, crm, fixture, run};

/// The commands that read a file. `IN` is the file, `TABLE` what `inspect --suggest` proposes for it.
pub(crate) const COMMANDS: [(&str, &[&str]); 10] = cases![
    "main", &["IN", "-o", "out.csv", "--manifest", "m.json", "--journal", "j.jsonl"];
    "skip", &["IN", "-o", "out.csv", "--on-invalid", "skip"];
    "header", &["IN", "-o", "out.csv", "--header"];
    "strict", &["IN", "-o", "out.csv", "--strict", "--journal", "j.jsonl"];
    "unique", &["IN", "-o", "out.csv", "--max-unique", "1%"];
    "inspect", &["inspect", "IN"];
    "suggest", &["inspect", "--suggest", "IN"];
    "proposed", &["IN", "-r", "TABLE", "-o", "out.csv", "--manifest", "m.json"];
    "audit", &["audit", "IN"];
    "sql", &["sql", "--dialect", "duckdb", "--csv", "IN"];
];

struct Case {
    file: &'static str,
    /// The status of each command, in their order.
    statuses: [i32; 10],
    /// What the commands of these names say, in any case.
    says: &'static [(&'static str, &'static str)],
    /// Cells that nothing but the output may show; with `--header` the first row is names.
    cells: &'static [&'static str],
    /// The lines of the main job's output behind the index; nothing if there is none.
    published: &'static [&'static str],
}

const CASES: &[Case] = &[
    Case {
        file: "headerless.csv",
        statuses: [3, 3, 0, 3, 3, 3, 3, 2, 3, 3],
        says: &[
            ("main", "may be a person"),
            ("main", "--header"),
            ("sql", "may be a person"),
        ],
        cells: &[
            "Anna", "Petit", "0612345678", "Formation", "12/03/1980", "Luc", "Commerce",
        ],
        published: &[],
    },
    Case {
        file: "second_header_reordered.csv",
        statuses: [3, 3, 3, 3, 3, 3, 3, 2, 3, 3],
        says: &[
            ("main", "record 2 (line 3 of the file)"),
            ("skip", "record 2 (line 3 of the file)"),
            ("inspect", "record 2 (line 3 of the file)"),
            ("audit", "record 2 (line 3 of the file)"),
            ("sql", "record 2 (line 3 of the file)"),
        ],
        cells: &["Anna", "Luc Martin", "Paule", "Durand"],
        published: &[],
    },
    Case {
        file: "second_header_bom.csv",
        statuses: [0, 0, 0, 3, 4, 0, 0, 0, 0, 3],
        says: &[
            ("main", "1 repetition of the header"),
            ("audit", "1 repetition of the header"),
            ("inspect", "1 × the header again"),
            ("sql", "1 repetition of the header"),
        ],
        cells: &["Anna", "Luc"],
        published: &["sexe,formation", "F,bac", "H,cap"],
    },
    Case {
        file: "blank_rows.csv",
        statuses: [0, 0, 0, 3, 4, 0, 0, 0, 0, 3],
        says: &[
            ("main", "400 blank rows"),
            ("unique", "3 of 3 rows (100.00 %) are alone"),
            ("audit", "400 blank rows"),
            ("audit", "3 rows, 3 quasi-identifying columns"),
            ("inspect", "400 × a blank row"),
            ("sql", "400 blank rows"),
        ],
        cells: &["N1", "1910-01-01", "75002"],
        published: &[
            "sexe;Annee_naissance;Code_postal",
            "F;1910;75001",
            "F;1920;75002",
            "F;1930;75003",
        ],
    },
    Case {
        file: "trailing_delimiter.csv",
        statuses: [0, 0, 0, 3, 4, 0, 0, 0, 0, 3],
        says: &[
            ("main", "every row ends with a delimiter"),
            ("sql", "ends with a delimiter"),
        ],
        cells: &["Anna", "Luc"],
        published: &["sexe;formation", "F;bac", "H;cap"],
    },
    Case {
        file: "total_row.csv",
        statuses: [3, 0, 3, 3, 3, 0, 0, 3, 3, 3],
        says: &[
            (
                "main",
                "a row that is a total: record 3 (line 4 of the file)",
            ),
            ("main", "refused: 1 total; nothing was written"),
            ("skip", "1 skipped (1 total)"),
            ("audit", "refused: 1 total\n"),
            ("sql", "1 total"),
        ],
        cells: &["Anna", "Luc", "55000"],
        published: &[],
    },
    Case {
        file: "sep_line.csv",
        statuses: [0, 0, 0, 3, 4, 0, 0, 0, 0, 3],
        says: &[
            ("main", "the first line names the delimiter"),
            ("sql", "plain csv"),
        ],
        cells: &["Anna", "Petit", "boulanger", "rue du Lac", "12/03/1980"],
        published: &[
            "metier;sexe;Annee_naissance;Code_postal",
            "boulanger;F;1980;69003",
            "plombier;H;1975;44000",
        ],
    },
    Case {
        file: "title_lines.csv",
        statuses: [0, 0, 0, 3, 4, 0, 0, 0, 0, 3],
        says: &[
            ("main", "3 lines above the header"),
            ("sql", "3 lines above the header"),
        ],
        cells: &[
            "Export des", "clients", "Généré", "Leroy", "Anna", "rue du Lac",
        ],
        published: &[
            "sexe;Annee_naissance;Code_postal",
            "F;1980;69003",
            "H;1970;75001",
        ],
    },
    Case {
        file: "cp850.csv",
        statuses: [0, 0, 0, 3, 4, 0, 0, 0, 0, 3],
        says: &[
            ("inspect", "CP850"),
            ("main", "\"encoding\": \"cp850\""),
            ("sql", "CP850 and not in UTF-8"),
        ],
        cells: &["Zoé", "Béraud", "Gérôme", "Chêne", "élève"],
        published: &[
            "metier;sexe;Annee_naissance;Code_postal;formation",
            "élève;F;1980;69003;lycée",
            "retraité;H;1945;38000;collège",
        ],
    },
    Case {
        file: "latin9.csv",
        statuses: [0, 0, 0, 3, 4, 0, 0, 0, 0, 3],
        says: &[
            ("inspect", "ISO-8859-15"),
            ("sql", "ISO-8859-15 and not in UTF-8"),
        ],
        cells: &["Zoé", "Béraud", "Gérôme", "Chêne", "élève"],
        published: &[
            "metier;sexe;Annee_naissance;Code_postal;formation",
            "élève;F;1980;69003;lycée",
            "retraité;H;1945;38000;collège",
            "œuvrier;F;1980;75001;5€",
        ],
    },
    Case {
        file: "macroman.csv",
        statuses: [3, 3, 0, 3, 3, 0, 0, 0, 0, 3],
        says: &[
            ("inspect", "MacRoman"),
            ("main", "does not fit"),
            ("main", "inspect FILE --suggest"),
        ],
        cells: &["Älom", "bonne", "Noël", "Orléans"],
        published: &[],
    },
    Case {
        file: "html_entities.csv",
        statuses: [3, 3, 3, 3, 3, 0, 0, 0, 0, 3],
        says: &[("main", "does not fit")],
        cells: &["N17"],
        published: &[],
    },
    Case {
        file: "staff_names.csv",
        statuses: [0, 0, 0, 3, 0, 0, 0, 0, 0, 0],
        says: &[("main", "`Praticien`")],
        cells: &[
            "Durand", "Morel", "GARNIER", "LEROY", "Faure", "Me Petit", "N17",
        ],
        published: &[],
    },
    Case {
        file: "five_digits.csv",
        statuses: [3, 3, 0, 3, 3, 0, 0, 0, 0, 3],
        says: &[
            ("main", "does not fit"),
            ("proposed", "`Postcode` have no French postal code"),
        ],
        cells: &["N17", "20017", "10017", "SW1A", "Client 1"],
        published: &[],
    },
    Case {
        file: "postal_lost_zero.csv",
        statuses: [3, 3, 3, 3, 3, 0, 0, 0, 0, 3],
        says: &[("main", "none of the 2 columns"), ("suggest", "pad = true")],
        cells: &["Nice", "Bourg", "L-1234", "AD500", "69003"],
        published: &[],
    },
    Case {
        file: "formula_quoted.csv",
        statuses: [0, 0, 0, 3, 4, 0, 0, 0, 0, 3],
        says: &[
            ("main", "6 cells are written as"),
            ("sql", "are written as"),
        ],
        cells: &["Anna", "Petit", "1980", "18540", "rue du Lac"],
        published: &[
            "sexe;Annee_naissance;Tranche_revenus;Enfant(s)?;Code_postal",
            "F;1980;0-20000;oui;69003",
        ],
    },
    Case {
        file: "header_line_break.csv",
        statuses: [0, 0, 0, 3, 4, 0, 0, 0, 0, 2],
        says: &[
            ("inspect", r"`Nom\nclient`"),
            ("main", r"`Nom\nclient`"),
            ("sql", r"`Date\nnaissance`"),
        ],
        cells: &["Anna", "12/03/1980", "69003"],
        published: &["Annee_naissance,formation", "1980,bac"],
    },
    Case {
        file: "needless_drop.csv",
        statuses: [3, 3, 0, 3, 3, 0, 0, 0, 0, 3],
        says: &[("main", "of its 9 columns the table lists 2")],
        cells: &["N17", "P17", "desktop", "google"],
        published: &[],
    },
];

/// Everything that a command has said or written, but its output.
pub(crate) fn told(scratch: &Scratch, outcome: &Outcome) -> String {
    let records = ["m.json", "j.jsonl"].map(|name| {
        let text = fs::read_to_string(scratch.path(name));
        text.unwrap_or_default()
    });
    format!("{}{}{}", outcome.err, outcome.text(), records.concat())
}

pub(crate) fn arguments(words: &[&str], scratch: &Scratch) -> Vec<String> {
    let table = scratch.path("table.toml").display().to_string();
    let word = |word: &&str| match *word {
        "IN" => "in.csv".to_owned(),
        "TABLE" => table.clone(),
        other => other.to_owned(),
    };
    words.iter().map(word).collect()
}

#[test]
fn every_case_goes_through_every_command() {
    for case in CASES {
        let scratch = Scratch::new();
        let bytes = fs::read(fixture("cases").join(case.file)).unwrap();
        scratch.write("in.csv", bytes);
        for ((name, words), status) in COMMANDS.iter().zip(case.statuses) {
            for made in ["out.csv", "m.json", "j.jsonl"] {
                drop(fs::remove_file(scratch.path(made)));
            }
            let mut command = crm(arguments(words, &scratch));
            let outcome = run(command.current_dir(scratch.folder()));
            let place = format!("{} {name}", case.file);
            assert_eq!(outcome.code(), status, "{place}:\n{}", outcome.err);
            let told = told(&scratch, &outcome);
            for (_, said) in case.says.iter().filter(|(at, _)| at == name) {
                let (told, said) = (told.to_lowercase(), said.to_lowercase());
                assert!(told.contains(&said), "{place}: no {said:?} in\n{told}");
            }
            for cell in case.cells.iter().filter(|_| *name != "header") {
                let names = told.contains(cell);
                assert!(!names, "{place}: the cell {cell:?} is in\n{told}");
            }
            let is_out = scratch.path("out.csv").exists();
            let writes = words.contains(&"out.csv");
            assert_eq!(is_out, writes && status == 0, "{place}: an output");
            if *name == "suggest" {
                scratch.write("table.toml", &outcome.out);
            }
            if *name == "main" && is_out && !case.published.is_empty() {
                let text = String::from_utf8(scratch.read("out.csv")).unwrap();
                let lines = text.lines().map(|line| {
                    let (_, cells) = line.split_once([',', ';']).unwrap();
                    cells
                });
                assert_eq!(lines.collect::<Vec<_>>(), case.published, "{place}");
            }
        }
    }
}
