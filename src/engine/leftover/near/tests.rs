use proptest::prelude::*;

use super::*;
use crate::engine::leftover::words::words;

fn of(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    words(text.as_bytes(), &mut found);
    found
}

fn near(cells: &[&str]) -> Near {
    let mut near = Near::default();
    let known = cells.iter().flat_map(|cell| of(cell));
    known.for_each(|word| near.add(&word));
    near
}

#[test]
fn a_cell_that_begins_otherwise_is_not_read() {
    let near = near(&["C-0007919", "13ae2e5a61", "développeuse"]);
    for (text, passed_over) in [
        ("1985-07-23", true),
        ("45000.50", true),
        ("C 0007919", false),
        ("13", false),
        ("Dévolution", true),
        ("Développeuse", false),
        // What may begin elsewhere, or has to be folded first.
        ("Bourg, 13 rue", false),
        ("Bourg, 14 rue", true),
        ("Bourg;14 rue\n développeuse", false),
        ("Bourg, «13 rue»", false),
        ("-45000", false),
        ("œuf", false),
    ] {
        assert_eq!(
            near.has_no_beginning(text.as_bytes()),
            passed_over,
            "{text}"
        );
    }
    assert!(near.has_all(&of("c-13")) && !near.has_all(&of("c-14")));
    assert!(!Near::ALL.has_no_beginning(b"1985-07-23") && Near::ALL.has_all(&of("x 14")));
}

struct Meeting<'a>(&'a Near, &'a str, (bool, bool));

impl Work for Meeting<'_> {
    type Output = bool;

    #[inline(always)]
    fn work(self, compare: impl Compare) -> bool {
        let Self(near, text, (identifying, decode)) = self;
        // Behind a cell there may be anything.
        let buffer = format!("{text},13 rue,13ae{}", ",C-0007919".repeat(8));
        let cell = (buffer.as_bytes(), 0, text.len());
        near.may_meet(compare, cell, identifying, decode)
    }
}

#[test]
fn a_source_is_a_candidate_only_for_what_it_begins_with_or_a_name() {
    let near = near(&["C-0007919", "13ae2e5a61", "développeuse", "13 rue"]);
    let long = "9".repeat(BLOCK + 1);
    let meets = |text, way| simd::run(Meeting(&near, text, way));
    for (text, meeting) in [
        ("", false),
        ("1985-07-23", false),
        ("-45000", false),
        ("-13", false),
        ("-13 rue Bleue", true),
        ("13 quai Bleu", false),
        ("0007919", true),
        ("\"12 rue Molière, 30000 Nîmes\"", false),
        ("\"12 rue Molière, 13000 Marseille\"", false),
        ("\"12 rue Molière, 13 rue\"", true),
        ("\"12 rue Molière,,\t 13 rue\"", true),
        ("Développeuse en chef", true),
        ("Développement", true),
        ("Dévolution", false),
        ("Éluard, 13", true),
        ("159010426215609", false),
        // What is not read as it stands.
        ("12&#49;", true),
        ("=\"12\"", true),
        ("\"le \"\"12\"\"\"", true),
        ("l2O", true),
        ("Olivier 12", false),
        ("12 €", true),
        ("12 ×", false),
        ("× 12 rue Bleue", true),
        (long.get(1..).unwrap(), false),
        (&long, true),
    ] {
        assert_eq!(meets(text, (false, false)), meeting, "{text}");
    }
    assert!(meets("Jean Petit", (true, false)) && meets("12@exemple.fr", (true, false)));
    assert!(!meets("12 Petit", (true, false)) && !meets("Jean Petit", (false, false)));
    assert!(simd::run(Meeting(
        &Near::ALL,
        "12 rue Bleue",
        (false, false)
    )));
    assert!(meets("12 é", (false, true)) && !meets("12 e", (false, true)));
}

proptest! {
    #[test]
    fn what_a_kept_cell_holds_is_never_passed_over(
        text in "[a-zA-Z0-9éÉœ\u{301} .,;-]{1,30}",
        others in "[a-z0-9 ]{0,30}",
    ) {
        let near = near(&[&others, &text]);
        let found = of(&text);
        prop_assert!(near.has_all(&found));
        prop_assert!(found.is_empty() || !near.has_no_beginning(text.as_bytes()));
        let is_short = found.iter().map(|word| word.length).sum::<u32>() < least_telling(false);
        prop_assert!(is_short || simd::run(Meeting(&near, &text, (false, false))));
    }
}
