use super::*;

/// The facts of a file that earns every point.
fn best() -> Facts {
    Facts {
        classes: Some(of(1000, 11, 0, 0)),
        l: Some(3),
        t: Some(0.2),
        index_random: Some(true),
        shuffled: Some(true),
        identifying: Some(0),
        all_judged: Some(true),
        special: Some(0),
        pseudonymised: false,
        persons: Persons::HaveOneRowEach,
        alone_published: Some(0.05),
    }
}

fn of(rows: u64, k: u64, unique: u64, under_5: u64) -> SmallClasses {
    SmallClasses {
        rows,
        k,
        unique,
        under_5,
    }
}

fn with(change: impl FnOnce(&mut Facts)) -> Facts {
    let mut facts = best();
    change(&mut facts);
    facts
}

fn points(facts: &Facts, criterion: Criterion) -> Option<u32> {
    let lines = score(facts).lines;
    let mut lines = lines.iter().filter(|line| line.criterion == criterion);
    lines.next().expect("every criterion has a line").points
}

#[test]
fn the_points_add_up_to_a_hundred() {
    let all: u32 = Criterion::ALL.iter().map(|c| c.out_of()).sum();
    assert_eq!(all, 100);
    let best = score(&best());
    assert_eq!((best.points, best.out_of, best.not_known), (100, 100, 0));
    assert_eq!((best.letter, best.cap), (Letter::A, None));
}

#[test]
fn each_criterion_gives_its_points_at_its_limits() {
    use Criterion::*;
    let classes = |k, unique, under_5| with(|f| f.classes = Some(of(10_000, k, unique, under_5)));
    let l = |l| with(|f| f.l = Some(l));
    let t = |t| with(|f| f.t = Some(t));
    for (case, facts, criterion, expected) in cases![
        "k 11", classes(11, 0, 0), SmallestClass, 20;
        "k 10", classes(10, 0, 0), SmallestClass, 15;
        "k 5", classes(5, 0, 0), SmallestClass, 15;
        "k 4", classes(4, 0, 4), SmallestClass, 8;
        "k 3", classes(3, 0, 3), SmallestClass, 8;
        "k 2", classes(2, 0, 2), SmallestClass, 4;
        "k 1", classes(1, 1, 1), SmallestClass, 0;
        "no unique row", classes(2, 0, 2), UniqueRows, 10;
        "0.1 % unique", classes(1, 10, 10), UniqueRows, 6;
        "more than 0.1 % unique", classes(1, 11, 11), UniqueRows, 3;
        "1 % unique", classes(1, 100, 100), UniqueRows, 3;
        "more than 1 % unique", classes(1, 101, 101), UniqueRows, 0;
        "no small class", classes(5, 0, 0), SmallClasses, 10;
        "1 % in small ones", classes(2, 0, 100), SmallClasses, 6;
        "more than 1 %", classes(2, 0, 102), SmallClasses, 3;
        "5 % in small ones", classes(2, 0, 500), SmallClasses, 3;
        "more than 5 %", classes(2, 0, 502), SmallClasses, 0;
        "l 3", l(3), Diversity, 10;
        "l 2", l(2), Diversity, 6;
        "l 1", l(1), Diversity, 0;
        "t 0.2", t(0.2), Closeness, 10;
        "t above 0.2", t(0.2001), Closeness, 6;
        "t 0.35", t(0.35), Closeness, 6;
        "t above 0.35", t(0.3501), Closeness, 3;
        "t 0.5", t(0.5), Closeness, 3;
        "t above 0.5", t(0.5001), Closeness, 0;
        "seeded", with(|f| f.index_random = Some(false)), Index, 0;
        "in order", with(|f| f.shuffled = Some(false)), RowOrder, 0;
        "a name", with(|f| f.identifying = Some(1)), DirectIdentifiers, 0;
        "unjudged", with(|f| f.all_judged = Some(false)), ColumnsJudged, 0;
        "art. 9", with(|f| f.special = Some(2)), SpecialCategories, 2;
    ] {
        assert_eq!(points(&facts, criterion), Some(expected), "{case}");
    }
}

#[test]
fn what_is_not_known_is_said_and_asks_for_no_points() {
    let facts = with(|facts| {
        facts.shuffled = None;
        facts.special = None;
    });
    let score = score(&facts);
    assert_eq!((score.points, score.out_of, score.not_known), (85, 85, 15));
    assert_eq!((score.letter, score.cap), (Letter::B, Some(Cap::NotKnown)));
    let nothing = super::score(&Facts::default());
    assert_eq!((nothing.out_of, nothing.not_known), (0, 100));
    assert_eq!((nothing.letter, nothing.cap), (Letter::E, None));
}

#[test]
fn some_things_no_points_can_mend() {
    let unique = |unique| with(|f| f.classes = Some(of(10_000, 1, unique, unique)));
    let persons = |persons| with(|f| f.persons = persons);
    let counted = |alone_together| persons(Persons::Counted { alone_together });
    for (case, facts, letter) in cases![
        "one unique row", unique(1), Letter::C;
        "5 % unique", unique(500), Letter::C;
        "more than 5 %", unique(501), Letter::D;
        "20 %", unique(2000), Letter::D;
        "more than 20 %", unique(2001), Letter::E;
        "a name", with(|f| f.identifying = Some(1)), Letter::E;
        "pseudonyms", with(|f| f.pseudonymised = true), Letter::E;
        "not measured", with(|f| f.classes = None), Letter::E;
        "in order", with(|f| f.shuffled = Some(false)), Letter::B;
        "persons unknown", persons(Persons::Unknown), Letter::B;
        "several rows", persons(Persons::HaveSeveralRows), Letter::C;
        "one row each", persons(Persons::HaveOneRowEach), Letter::A;
        "persons counted", counted(false), Letter::A;
        "alone with all rows", counted(true), Letter::B;
        "alone with insensitive columns", with(|f| f.alone_published = Some(0.051)), Letter::B;
        "a fifth alone with them", with(|f| f.alone_published = Some(0.2)), Letter::B;
        "nearly all alone with them", with(|f| f.alone_published = Some(0.93)), Letter::C;
    ] {
        assert_eq!(score(&facts).letter, letter, "{case}");
    }
}

#[test]
fn a_harmless_file_of_two_classes_is_good() {
    // At rest: two groups of a hundred, of which each knows a sensitive value for certain.
    let at_rest = Facts {
        classes: Some(of(200, 100, 0, 0)),
        ..Facts::default()
    };
    assert_eq!(score(&at_rest).letter, Letter::B);
    let told = Facts {
        l: Some(2),
        t: Some(0.5),
        ..at_rest
    };
    assert_eq!(score(&told).letter, Letter::B);
}

#[test]
fn the_letter_goes_by_the_share_of_the_points() {
    for (points, out_of, letter) in [
        (85, 100, Letter::A),
        (84, 100, Letter::B),
        (70, 100, Letter::B),
        (69, 100, Letter::C),
        (55, 100, Letter::C),
        (54, 100, Letter::D),
        (40, 100, Letter::D),
        (39, 100, Letter::E),
        (51, 60, Letter::A),
        (50, 60, Letter::B),
        (0, 0, Letter::E),
    ] {
        assert_eq!(Letter::of(points, out_of), letter, "{points} of {out_of}");
    }
}

#[test]
fn a_unique_row_is_never_in_an_a_whatever_else_holds() {
    for unique in [1, 5, 10_000_000] {
        for special in [None, Some(0), Some(1)] {
            let facts = with(|facts| {
                facts.classes = Some(of(10_000_000, 1, unique, unique));
                facts.special = special;
            });
            assert!(score(&facts).letter >= Letter::C);
        }
    }
}
