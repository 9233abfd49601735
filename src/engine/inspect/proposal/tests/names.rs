//! Names that are not understood, and people under any name.

use super::*;

#[test]
fn names_that_are_not_understood_keep_nothing() {
    let (yes, colours) = (["oui", "non"], ["rouge", "vert", "bleu"]);
    for (case, name, content, reason) in cases![
        "garbled, few values", "Fr\u{fffd}quence", cells(90, |n| colours[n % 3].into()), Some(Reason::Garbled);
        "garbled, yes or no", "HabituŽ", cells(90, |n| yes[n % 2].into()), Some(Reason::Garbled);
        "unknown, yes or no", "zorbe", cells(90, |n| yes[n % 2].into()), Some(Reason::UnknownSwitch);
        "known, yes or no", "Client web", cells(90, |n| yes[n % 2].into()), None;
        "garbled and known", "CatŽgorie", cells(90, |n| colours[n % 3].into()), None;
        "surnames nobody listed", "zorbe", cells(90, |n| ["KOVACS", "Szabo"][n % 2].into()), Some(Reason::People);
        "values in capitals", "zorbe", cells(90, |n| ["Or", "Argent", "Platine"][n % 3].into()), None;
    ] {
        let proposal = proposed(name, &content);
        match reason {
            Some(reason) => assert_eq!((proposal.rule, proposal.reason), (DROP, reason), "{case}"),
            None => assert_eq!(proposal.rule, Rule::Keep, "{case}: {proposal:?}"),
        }
    }
}

#[test]
fn names_of_few_people_are_identifying_under_any_name() {
    for (name, few) in [
        ("zorbe", ["Dr Kovacs", "Dr Orban"]),
        ("Agence", ["Me Szabo", "Me Orban"]),
        ("Segment", ["M. Kovacs", "Mme Orban"]),
        ("Canal", ["LEROY", "GARNIER"]),
        ("Équipe", ["Lefèvre", "Rousseau"]),
        ("zorbe", ["LEROY", "DURAND"]),
        ("Praticien", ["p1", "p2"]),
        ("Created By", ["2", "3"]),
    ] {
        let proposal = proposed(name, &cells(120, |n| few[n % 2].into()));
        assert_eq!(
            (proposal.rule, proposal.attribute),
            (DROP, Attribute::Identifying),
            "{name}: {few:?}"
        );
    }
}
