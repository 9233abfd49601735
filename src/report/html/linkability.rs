//! The second criterion of Opinion 05/2014: linkability (corrélation).

use super::page::{Block, Section, Tone, head, table, text};
use super::{About, Report};
use crate::report::Run;

impl Report<'_> {
    pub(super) fn linkability(self) -> Section {
        let intro = fixed!(
            "Can two records of the same person be joined: within the file, with the source, or with another file?"
        );
        let mut blocks = vec![Block::text(intro)];
        match self.about {
            About::Run(run) => blocks.push(self.links(run)),
            About::File(_) => blocks.push(Block::notice(
                Tone::Careful,
                fixed!(
                    "Not known: a file does not tell how its identifiers were drawn, nor whether \
                     its rows keep the source’s order. Ask whoever made it."
                ),
            )),
        }
        let limits = fixed!(
            "Limits: the values that are kept stay the same from one export to the next. Two \
             exports of the same people can be laid side by side, and the difference between two \
             monthly files shows who came, who left and whose value changed. The larger the groups, \
             the less certain such a match."
        );
        blocks.push(Block::text(limits));
        Section::new("linkability", fixed!("Criterion 2: linkability"), blocks)
    }

    fn links(self, run: &Run<'_>) -> Block {
        let index = match (&run.plan.index, run.seed) {
            (None, _) => fixed!("no index: there is nothing to follow from file to file"),
            (Some(_), None) => fixed!(
                "random, under a key that was forgotten: it tells nothing of the person, and is \
                 another one in every export"
            ),
            (Some(_), Some(_)) => fixed!(
                "predictable, because of --seed: whoever has the seed can lead each row back to its \
                 place in the source"
            ),
        };
        let order = match (run.shuffled, run.seed) {
            (true, None) => fixed!("random: the place of a row tells nothing"),
            (true, Some(_)) => fixed!("shuffled, but predictable because of --seed"),
            (false, _) => fixed!(
                "the source’s: whoever has the source, or knows how it is sorted, can join row to \
                 row (--shuffle prevents it)"
            ),
        };
        let repeated = fixed!("linked by their kept values: crm-anon compare measures how far");
        table(
            fixed!("What could join records"),
            vec![head(fixed!("Link")), head(fixed!("In this file"))],
            vec![
                vec![text(fixed!("Row index")), text(index)],
                vec![text(fixed!("Order of the rows")), text(order)],
                vec![text(fixed!("Repeated exports")), text(repeated)],
            ],
        )
    }
}
