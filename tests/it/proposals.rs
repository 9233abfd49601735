//! `inspect --suggest`: names that an encoding has spoilt, columns of few staff names, columns that are
//! worth more than to be dropped, consents; and that the main job takes what is proposed.

use crate::support::{Outcome, Scratch, crm, fixture, run};

/// The rule that a table has for a column, as it is written.
fn rule<'a>(table: &'a str, column: &str) -> &'a str {
    let (_, behind) = table
        .split_once(&format!("[columns.\"{column}\"]\nrule = "))
        .unwrap_or_else(|| panic!("no {column} in\n{table}"));
    behind.lines().next().unwrap()
}

/// The comment above a column.
fn comment<'a>(table: &'a str, column: &str) -> &'a str {
    let (before, _) = table
        .split_once(&format!("\n[columns.\"{column}\"]"))
        .unwrap();
    before.lines().last().unwrap()
}

fn suggested(scratch: &Scratch, file: &str) -> String {
    let mut command = crm(["inspect", "--lang", "en", "--suggest"]);
    run(command.arg(scratch.path(file))).ended(0).text()
}

/// Runs the main job over a file with a table.
fn published(scratch: &Scratch, table: &str, file: &str, options: &[&str]) -> Outcome {
    scratch.write("table.toml", table);
    let mut command = crm(["-q", "--rules", "table.toml", file]);
    run(command.args(options).current_dir(scratch.folder()))
}

/// A file of columns with names and what each row has in them.
fn file(columns: &[(&str, &dyn Fn(usize) -> String)], rows: usize) -> String {
    let quoted = |text: String| format!("\"{}\"", text.replace('"', "\"\""));
    let line = |cells: Vec<String>| cells.join(",") + "\n";
    let header = columns.iter().map(|(name, _)| quoted((*name).to_owned()));
    let mut text = line(header.collect());
    for row in 0..rows {
        text += &line(columns.iter().map(|(_, cell)| quoted(cell(row))).collect());
    }
    text
}

#[test]
fn spoilt_names_of_health_and_identity_keep_nothing() {
    for (name, dropped) in [
        (
            "html_entities.csv",
            &[
                "Sant&eacute;",
                "Pr&eacute;nom",
                "Handicap&eacute;",
                "&Eacute;tat de sant&eacute;",
                "T&eacute;l.",
                "Donn&eacute;es m&eacute;dicales",
                "R&eacute;gime alimentaire",
                "Traitement m&eacute;dical",
                "Soci&eacute;t&eacute;",
                "M&eacute;decin",
            ][..],
        ),
        (
            "macroman.csv",
            &[
                "SantŽ",
                "N¡ de sŽcuritŽ sociale",
                "TŽlŽphone",
                "NumŽro",
                "PrŽnom",
            ],
        ),
    ] {
        let mut command = crm(["inspect", "--suggest", "--encoding"]);
        // Whatever the reader makes of the encoding, the names must not mislead.
        let encoding = if name == "macroman.csv" {
            "windows-1252"
        } else {
            "utf-8"
        };
        let path = fixture(&format!("cases/{name}"));
        let table = run(command.arg(encoding).arg(path)).ended(0).text();
        for column in dropped {
            let rule = rule(&table, column);
            assert!(rule.contains("drop"), "{name}: {column}: {rule}");
        }
    }
}

#[test]
fn columns_of_few_staff_names_are_identifying() {
    let path = fixture("cases/staff_names.csv");
    let table = run(crm(["inspect", "--suggest"]).arg(path)).ended(0).text();
    for column in ["Praticien", "Saisi par", "Notaire"] {
        assert_eq!(rule(&table, column), "\"drop\"", "{column}");
        let (_, behind) = table
            .split_once(&format!("[columns.\"{column}\"]"))
            .unwrap();
        let attribute = behind.lines().nth(2).unwrap();
        assert_eq!(attribute, "attribute = \"identifying\"", "{column}");
    }
}

#[test]
fn harmless_columns_are_kept_and_the_main_job_takes_them() {
    let path = fixture("cases/needless_drop.csv");
    let table = run(crm(["inspect", "--suggest"]).arg(path)).ended(0).text();
    for column in [
        "Sexe", "Device type", "Mobile ou fixe", "IP country", "UTM source", "Web source",
    ] {
        assert_eq!(rule(&table, column), "\"keep\"", "{column}");
    }
    let yes = |n: usize| ["oui", "non"][n % 2].to_owned();
    let word = |n: usize| ["alpha", "beta", "gamma"][n % 3].to_owned();
    let few = |n: usize| (n % 6).to_string();
    let amount = |n: usize| format!("{}.50", 100 + n * 7);
    let year = |n: usize| (1930 + n % 70).to_string();
    let month = |n: usize| (1 + n % 12).to_string();
    let thousands = |n: usize| format!("{},000.00", n + 1);
    let flags = [
        "Accepts Email Marketing",
        "Email Opt Out",
        "Do not allow Emails",
        "Refus des e-mails",
        "Consentement téléphone",
        "email_verified",
        "Client web",
        "Permis B",
    ];
    let words = [
        "country_id/id", "category_id/name", "Nom du produit", "Nom de la campagne", "Plan name",
        "Web source", "Mobile ou fixe", "Motif de refus", "Type d'adresse", "Mutuelle",
        "user_status",
    ];
    let numbers = [
        "Nb e-mails ouverts", "No. of Employees", "id_gender", "_order_count",
    ];
    let amounts = [
        "Total Spend", "Average Order", "AOV", "LTV", "MRR", "ARR", "Panier moyen", "Ventes",
    ];
    let mut columns: Vec<(&str, &dyn Fn(usize) -> String)> = Vec::new();
    columns.extend(flags.map(|name| (name, &yes as &dyn Fn(usize) -> String)));
    columns.extend(words.map(|name| (name, &word as &dyn Fn(usize) -> String)));
    columns.extend(numbers.map(|name| (name, &few as &dyn Fn(usize) -> String)));
    columns.extend(amounts.map(|name| (name, &amount as &dyn Fn(usize) -> String)));
    columns.push(("Numéro de département", &|n| {
        ["69", "75"][n % 2].to_owned()
    }));
    columns.push(("Année de naissance", &year));
    columns.push(("Birth year", &year));
    columns.push(("Mois de naissance", &month));
    columns.push(("Account Balance", &thousands));
    columns.push(("Annual Revenue", &thousands));
    let scratch = Scratch::new();
    scratch.write("in.csv", file(&columns, 240));
    let table = suggested(&scratch, "in.csv");
    let kept = flags.iter().chain(&words).chain(&numbers);
    for column in kept.chain(&["Numéro de département", "Mois de naissance"]) {
        assert_eq!(
            rule(&table, column),
            "\"keep\"",
            "{column}\n{}",
            comment(&table, column)
        );
    }
    for column in amounts {
        assert!(rule(&table, column).starts_with("{ bucket"), "{column}");
    }
    for column in ["Account Balance", "Annual Revenue"] {
        assert!(rule(&table, column).contains("decimal = \".\""), "{column}");
    }
    assert!(table.contains("as = \"_order_count\""), "{table}");
    published(&scratch, &table, "in.csv", &["--strict", "-o", "out.csv"]).ended(0);
}

#[test]
fn amounts_behind_their_currency_are_proposed_in_wide_forms() {
    let scratch = Scratch::new();
    let amount = |n: usize| format!("€{},234.00", n + 1);
    let sex = |n: usize| ["F", "H"][n % 2].to_owned();
    let columns: [(&str, &dyn Fn(usize) -> String); 3] = [
        ("Account Balance", &amount),
        ("Credit Limit", &amount),
        ("Sexe", &sex),
    ];
    scratch.write("in.csv", file(&columns, 60));
    let table = suggested(&scratch, "in.csv");
    for column in ["Account Balance", "Credit Limit"] {
        let rule = rule(&table, column);
        assert!(
            rule.contains("bucket") && rule.contains("wide = true"),
            "{table}"
        );
    }
    published(&scratch, &table, "in.csv", &["-o", "out.csv"]).ended(0);
}

#[test]
fn a_column_of_consents_decides_which_rows_leave() {
    let scratch = Scratch::new();
    let sex = |n: usize| ["F", "H"][n % 2].to_owned();
    let sms = |n: usize| ["0", "1"][n % 2].to_owned();
    let consent = |n: usize| ["Oui", "Non", ""][n % 3].to_owned();
    let refusal = |n: usize| ["true", "false"][n % 2].to_owned();
    let columns: [(&str, &dyn Fn(usize) -> String); 4] = [
        ("Sexe", &sex),
        ("Opt-in SMS", &sms),
        ("Consentement", &consent),
        ("Email Opt Out", &refusal),
    ];
    scratch.write("in.csv", file(&columns, 90));
    let table = suggested(&scratch, "in.csv");
    assert!(
        table.contains("\n[rows]\nconsent = { column = \"Consentement\", is = ["),
        "{table}"
    );
    assert!(
        table.contains("\n# or: consent = { column = \"Opt-in SMS\", is = ["),
        "{table}"
    );
    assert!(!table.contains("{ column = \"Email Opt Out\""), "{table}");
    published(&scratch, &table, "in.csv", &["-o", "out.csv"]).ended(0);
    let out = String::from_utf8(scratch.read("out.csv")).unwrap();
    assert_eq!(out.lines().count(), 1 + 30, "{out}");
    for (case, name, cell) in [
        ("nobody agreed", "Consentement", "Non"),
        ("another flag", "Actif", "Oui"),
        ("a refusal", "Refus de prospection", "Oui"),
        ("no yes or no", "Consentement", "à demander"),
    ] {
        let columns: [(&str, &dyn Fn(usize) -> String); 2] =
            [("Sexe", &sex), (name, &|_| cell.to_owned())];
        scratch.write("other.csv", file(&columns, 60));
        assert!(
            !suggested(&scratch, "other.csv").contains("[rows]"),
            "{case}"
        );
    }
    let twice: [(&str, &dyn Fn(usize) -> String); 3] = [
        ("Sexe", &sex),
        ("Consentement", &consent),
        ("consentement ", &consent),
    ];
    scratch.write("twice.csv", file(&twice, 60));
    assert!(!suggested(&scratch, "twice.csv").contains("[rows]"));
}

#[test]
fn a_few_bad_dates_keep_the_rule_and_say_what_to_do() {
    let scratch = Scratch::new();
    let sex = |n: usize| ["F", "H"][n % 2].to_owned();
    let date = |n: usize| match n % 800 {
        799 => "32/13/1980".to_owned(),
        _ => format!("{:02}/03/19{:02}", 1 + n % 28, 40 + n % 50),
    };
    let columns: [(&str, &dyn Fn(usize) -> String); 2] = [("Sexe", &sex), ("Date naiss.", &date)];
    scratch.write("in.csv", file(&columns, 4800));
    let table = suggested(&scratch, "in.csv");
    assert_eq!(rule(&table, "Date naiss."), "\"year\"");
    let advice = comment(&table, "Date naiss.");
    assert!(
        advice.contains(": 6,") && advice.contains("--on-invalid blank"),
        "{advice}"
    );
    for way in ["blank", "skip"] {
        published(
            &scratch,
            &table,
            "in.csv",
            &["-o", "out.csv", "--on-invalid", way],
        )
        .ended(0);
    }
}

#[test]
fn a_category_can_be_closed_and_no_value_is_printed() {
    let scratch = Scratch::new();
    let level = |n: usize| ["zqbronze", "zqargent", "zqor"][n % 3].to_owned();
    let columns: [(&str, &dyn Fn(usize) -> String); 1] = [("Niveau", &level)];
    scratch.write("in.csv", file(&columns, 90));
    let table = suggested(&scratch, "in.csv");
    assert!(
        table.contains("\n# rule = { keep = { allowed = [ … ] } }"),
        "{table}"
    );
    assert!(table.contains("(3)") && !table.contains("zq"), "{table}");
}
