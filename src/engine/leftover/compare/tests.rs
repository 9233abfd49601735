use proptest::prelude::*;

use super::*;
use crate::base::name::Shown;
use crate::io::csv::Ends;

/// What tells which cells need care: digits and words that kept cells have, separators, quotes, and what is read
/// otherwise than it stands.
const PIECES: &[&str] = &[
    "12",
    "30000",
    "0007919",
    "C",
    "O",
    "rue",
    "Dupont",
    "MOLIÈRE",
    "molière",
    "é",
    "e\u{301}",
    "œ",
    "œuvre",
    "ß",
    " ",
    " ",
    ",",
    ";",
    "\n",
    "-",
    ".",
    "@",
    "&#49;",
    "&",
    "%31",
    "%",
    "\u{a0}",
    "\u{200b}",
    "１２",
    "，",
    "×",
    "²",
    "=",
    "'",
    "martin.durand@exemple",
    "une adresse assez longue pour un bloc",
];

/// A cell as it may stand in a file.
fn cell() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..7);
    (pieces, 0..4_u8).prop_map(|(pieces, form)| {
        let text = pieces.concat();
        match form {
            0 => format!("\"{}\"", text.replace("rue", "\"\"rue\"\"")),
            1 => format!("\"=\"\"{text}\"\"\""),
            2 => text.replace([',', '\n'], " "),
            _ => format!("\"{text}\""),
        }
    })
}

/// What there is to compare with: sources, their words and whether they are a name's.
fn prepared(compare: &Compare) -> Vec<(usize, Vec<u64>, bool)> {
    let hashes = |words: &[Word]| words.iter().map(|word| word.hash).collect();
    let phrases = compare.phrases.iter().map(|phrase| {
        let words = compare.words.get(phrase.from..phrase.until);
        (phrase.source, hashes(words.unwrap()), false)
    });
    let names = compare
        .names
        .iter()
        .map(|(source, word)| (*source, vec![word.hash], true));
    phrases.chain(names).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn sources_that_are_no_candidates_have_nothing_to_compare(
        cells in prop::collection::vec(cell(), 1..6),
        kept in prop::collection::vec(prop::sample::select(PIECES), 0..6),
        identifying in any::<u8>(),
        behind in 0..70_usize,
    ) {
        let text = format!("{},{}\n", cells.join(","), "0".repeat(behind));
        let (mut batch, mut ends) = (Batch::new(), Ends::default());
        prop_assert!(batch.take_written(text.as_bytes(), b',', &mut ends));
        let row = batch.rows(&ends).next();
        let row = row.ok_or_else(|| TestCaseError::fail("a row"))?;
        let sources = (0..cells.len()).map(|column| Source {
            column,
            name: Shown::new("x", 1),
            label: String::new(),
            identifying: identifying >> column & 1 != 0,
            stated: false,
        });
        let scope = Scope { kept: Vec::new(), sources: sources.collect() };
        let (mut near, mut found) = (Near::default(), Vec::new());
        words(kept.join(" ").as_bytes(), &mut found);
        found.iter().for_each(|word| near.add(word));

        let mut compare = Compare::default();
        compare.prepare((&row, &batch), &scope, (&near, Candidates::ALL));
        let all = prepared(&compare);
        let chosen = near.candidates(&scope.sources, &row, &batch);
        compare.prepare((&row, &batch), &scope, (&near, chosen));
        prop_assert_eq!(prepared(&compare), all);
    }
}

#[test]
fn names_and_addresses_are_read_wherever_their_words_stand() {
    for (text, expected) in [
        ("Jean Dupont", true),
        ("j.dupont7@exemple.fr", true),
        ("Zoé", true),
        ("", true),
        ("C-0007919", false),
        ("13ae2e5a61", false),
        ("1985-07-23", false),
    ] {
        assert_eq!(may_name(text.as_bytes()), expected, "{text}");
    }
}
