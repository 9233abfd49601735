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
            let counted = text!(
                "The figures count persons, not rows: {rows} rows are those of {persons} persons. \
                 Where this page speaks of rows that are alone or in small groups, it counts the \
                 persons who have such a row, each in the smallest of their groups.",
                rows,
                persons
            );
            let joined = text!(
                "Persons with several rows: {several}. If somebody could join the rows of one \
                 person, by what they share, so many of these persons would be like nobody else: \
                 {together}.",
                several,
                together
            );
            return vec![Block::Text(counted), Block::Text(joined)];
        }
        let told = match Persons::from(audit) {
            Persons::HaveSeveralRows => Block::notice(
                Tone::Bad,
                fixed!(
                    "Rows were counted, but persons have several rows: a person may be alone \
                     although each row has its likes. Say whose rows are whose with --person."
                ),
            ),
            Persons::Unknown => Block::text(fixed!(
                "Rows were counted, each taken for one person. If persons may have several \
                     rows, say whose they are with --person."
            )),
            Persons::HaveOneRowEach | Persons::Counted { .. } => return Vec::new(),
        };
        vec![told]
    }
}
