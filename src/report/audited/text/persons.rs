//! The words where the figures count persons, and what is told of these.

use std::fmt::Write;

use super::Words;
use crate::privacy::audit::Audit;

pub(super) const ENGLISH: Words = Words {
    unique: "persons alone in a class",
    under: "persons in a class of fewer than",
    risks: ["highest", "persons above", "average"],
    inference_head: [
        "column",
        "l",
        "entropy l",
        "t",
        "largest share",
        "persons in classes of one value",
    ],
    no_advice: "no single step leaves fewer unique persons",
    persons: [
        "person: the figures below count persons",
        "persons: the figures below count persons",
    ],
    several: "persons with several rows",
    together: "of them alone with all their rows together",
    nameless: "rows without a person, each counted as one",
    ..super::ENGLISH
};

pub(super) const FRENCH: Words = Words {
    unique: "personnes seules dans une classe",
    under: "personnes dans une classe de moins de",
    risks: ["maximal", "personnes au-dessus de", "moyen"],
    inference_head: [
        "colonne",
        "l",
        "l d'entropie",
        "t",
        "plus grande part",
        "personnes en classes d'une seule valeur",
    ],
    no_advice: "aucun niveau ne laisse à lui seul moins de personnes seules",
    persons: [
        "personne : les chiffres ci-dessous comptent des personnes",
        "personnes : les chiffres ci-dessous comptent des personnes",
    ],
    several: "personnes ayant plusieurs lignes",
    together: "dont seules par l'ensemble de leurs lignes",
    nameless: "lignes sans personne, comptées chacune pour une",
    ..super::FRENCH
};

impl Words {
    /// Whose rows they are, if that is known.
    pub(super) fn persons(&self, audit: &Audit, out: &mut String) -> std::fmt::Result {
        let Some(counts) = audit.persons else {
            return Ok(());
        };
        let persons = self.of_number(counts.persons, self.persons);
        writeln!(out, "{} {persons}", self.number(counts.persons))?;
        for (what, number) in [
            (self.several, counts.with_several_rows),
            (self.together, counts.alone_together),
            (self.nameless, counts.nameless_rows),
        ] {
            writeln!(out, "  {what:<46} {:>10}", self.number(number))?;
        }
        Ok(())
    }
}
