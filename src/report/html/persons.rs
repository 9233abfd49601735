//! Whether the figures count persons or rows, and what several rows of one person tell.

use super::Report;
use super::page::{Block, Tone};
use crate::privacy::score::Persons;

impl Report<'_> {
    /// What the figures count, for the first criterion.
    pub(super) fn persons(self) -> Vec<Block> {
        let speech = self.speech;
        let Some(audit) = self.audit() else {
            return Vec::new();
        };
        if let Some(counts) = audit.persons {
            let (persons, rows) = (speech.whole(counts.persons), speech.whole(counts.rows));
            let several = speech.count(counts.with_several_rows);
            let together = speech.count(counts.alone_together);
            let counted = speech.made(
                || format!("The figures count persons, not rows: {rows} rows are those of {persons} persons. Where this page speaks of rows that are alone or in small groups, it counts the persons who have such a row, each in the smallest of their groups."),
                || format!("Les chiffres comptent des personnes et non des lignes : {rows} lignes concernent {persons} personnes. Là où cette page parle de lignes seules ou dans de petits groupes, elle compte les personnes qui ont une telle ligne, chacune dans le plus petit de ses groupes."),
            );
            let joined = speech.made(
                || format!("Persons with several rows: {several}. If somebody could join the rows of one person, by what they share, so many of these persons would be like nobody else: {together}."),
                || format!("Personnes ayant plusieurs lignes : {several}. Si l’on parvenait à relier les lignes d’une même personne par ce qu’elles ont en commun, le nombre de ces personnes ne ressemblant à aucune autre serait : {together}."),
            );
            return vec![Block::Text(counted), Block::Text(joined)];
        }
        let told = match Persons::from(audit) {
            Persons::HaveSeveralRows => Block::Notice(
                Tone::Bad,
                speech
                    .pick(
                        "Rows were counted, but persons have several rows: a person may be alone although each row has its likes. Say whose rows are whose with --person.",
                        "Ce sont les lignes qui ont été comptées, alors que des personnes en ont plusieurs : une personne peut être seule bien que chacune de ses lignes ait des semblables. Indiquez à qui sont les lignes avec --person.",
                    )
                    .to_owned(),
            ),
            Persons::Unknown => Block::Text(
                speech
                    .pick(
                        "Rows were counted, each taken for one person. If persons may have several rows, say whose they are with --person.",
                        "Ce sont les lignes qui ont été comptées, chacune étant prise pour une personne. Si des personnes peuvent en avoir plusieurs, indiquez à qui elles sont avec --person.",
                    )
                    .to_owned(),
            ),
            Persons::HaveOneRowEach | Persons::Counted { .. } => return Vec::new(),
        };
        vec![told]
    }
}
