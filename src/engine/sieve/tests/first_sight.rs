//! What is passed over at first sight, against reading each row.

use proptest::prelude::*;

use super::*;

/// Cells that make a row look like something else, in all mixtures.
const TRICKY: &[&str] = &[
    "nom",
    "Prénom",
    "SEXE",
    "date naissance",
    "\"revenus\"",
    "Formation",
    "Ville",
    "Téléphone",
    "Email",
    "code_postal",
    "Développeuse",
    "Éditée le 12/03/2026",
    "Généré",
    "Petit",
    "Anna",
    "F",
    "1980-03-12",
    "20000",
    "bac",
    "",
    " ",
    "-",
    "–",
    "---",
    "====",
    "NULL",
    "n/a",
    "(null)",
    "Total",
    "Total général",
    "Sous-total :",
    "Lyon Total",
    "Moyenne",
    "Max",
    "3e quartile",
    "∑",
    "12 lignes",
    "(2 rows)",
    "Page 2",
    "Fin",
    "Export du 12/03/2026",
    "Date d'export",
    "Number of rows",
    "A reporter",
    "Nombre de lignes",
    "* Total *",
    "TOTAL;",
    "\u{feff}nom",
    "\u{a0}",
    "\u{a0}Total",
    "Lyon To\u{200b}tal",
    "Σ",
    "0607080910",
    "12",
    "45,5 %",
    "1 234 €",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn what_is_passed_over_at_first_sight_is_nothing_when_it_is_read(
        cells in prop::collection::vec(prop::sample::select(TRICKY), 6),
    ) {
        let cells: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        let text = format!("{HEADER}{}\n", cells.join(";"));
        let mut reader =
            Reader::open(Box::new(Cursor::new(text.clone())), Options::default()).unwrap();
        let sieve = Sieve::new(reader.header());
        let (mut batch, mut ends) = (Batch::new(), Ends::default());
        reader.fill(&mut batch).unwrap();
        batch.check(reader.shown_header(), &mut ends).unwrap();
        for row in batch.rows(&ends) {
            let fields = || (0..row.width()).filter_map(|column| row.field(column));
            let filled = fields().filter(|field| !is_blank_ascii(field)).count();
            let numbers = fields().filter(|field| begins_with_digit(field)).count();
            let in_full = sieve.read(&row, &batch, numbers * 4 <= filled);
            let judged = sieve.judge(&row, &batch);
            prop_assert_eq!(judged.ok(), in_full.ok(), "{}", text);
        }
    }
}
