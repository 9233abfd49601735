//! The second criterion of Opinion 05/2014: linkability (corrélation).

use super::page::{Block, Section, Table, Tone, head, text};
use super::{About, Report};
use crate::report::Run;

impl Report<'_> {
    pub(super) fn linkability(self) -> Section {
        let speech = self.speech;
        let intro = speech.pick(
            "Can two records of the same person be joined: within the file, with the source, or with another file?",
            "Peut-on relier deux enregistrements d’une même personne : dans le fichier, avec la source, ou avec un autre fichier ?",
        );
        let mut blocks = vec![Block::Text(intro.to_owned())];
        match self.about {
            About::Run(run) => blocks.push(Block::Table(self.links(run))),
            About::File(_) => blocks.push(Block::Notice(
                Tone::Careful,
                speech
                    .pick(
                        "Not known: a file does not tell how its identifiers were drawn, nor whether its rows keep the source’s order. Ask whoever made it.",
                        "Non connu : un fichier ne dit pas comment ses identifiants ont été tirés, ni si ses lignes gardent l’ordre de la source. À demander à qui l’a produit.",
                    )
                    .to_owned(),
            )),
        }
        let limits = speech.pick(
            "Limits: the values that are kept stay the same from one export to the next. Two exports of the same people can be laid side by side, and the difference between two monthly files shows who came, who left and whose value changed. The larger the groups, the less certain such a match.",
            "Limites : les valeurs conservées sont les mêmes d’un export à l’autre. Deux exports des mêmes personnes peuvent être comparés, et la différence entre deux fichiers mensuels montre qui est arrivé, qui est parti et ce qui a changé. Plus les groupes sont grands, moins un tel rapprochement est certain.",
        );
        blocks.push(Block::Text(limits.to_owned()));
        Section {
            id: "linkability",
            title: speech
                .pick("Criterion 2: linkability", "Critère 2 : corrélation")
                .to_owned(),
            blocks,
        }
    }

    fn links(self, run: &Run<'_>) -> Table {
        let speech = self.speech;
        let index = match (&run.plan.index, run.seed) {
            (None, _) => speech.pick(
                "no index: there is nothing to follow from file to file",
                "pas d’index : rien à suivre d’un fichier à l’autre",
            ),
            (Some(_), None) => speech.pick(
                "random, under a key that was forgotten: it tells nothing of the person, and is another one in every export",
                "aléatoire, sous une clé oubliée : il ne dit rien de la personne et change à chaque export",
            ),
            (Some(_), Some(_)) => speech.pick(
                "predictable, because of --seed: whoever has the seed can lead each row back to its place in the source",
                "prévisible, à cause de --seed : qui connaît la graine peut ramener chaque ligne à sa place dans la source",
            ),
        };
        let order = match (run.shuffled, run.seed) {
            (true, None) => speech.pick(
                "random: the place of a row tells nothing",
                "aléatoire : la place d’une ligne ne dit rien",
            ),
            (true, Some(_)) => speech.pick(
                "shuffled, but predictable because of --seed",
                "mélangé, mais prévisible à cause de --seed",
            ),
            (false, _) => speech.pick(
                "the source’s: whoever has the source, or knows how it is sorted, can join row to row (--shuffle prevents it)",
                "celui de la source : qui a la source, ou sait comment elle est triée, peut relier ligne à ligne (--shuffle l’évite)",
            ),
        };
        let repeated = speech.pick(
            "linked by their kept values only; this tool does not compare them",
            "reliés par leurs seules valeurs conservées ; cet outil ne les compare pas",
        );
        Table {
            caption: speech
                .pick(
                    "What could join records",
                    "Ce qui pourrait relier des enregistrements",
                )
                .to_owned(),
            head: vec![
                head(speech.pick("Link", "Lien")),
                head(speech.pick("In this file", "Dans ce fichier")),
            ],
            rows: vec![
                vec![
                    text(speech.pick("Row index", "Index des lignes")),
                    text(index),
                ],
                vec![
                    text(speech.pick("Order of the rows", "Ordre des lignes")),
                    text(order),
                ],
                vec![
                    text(speech.pick("Repeated exports", "Exports répétés")),
                    text(repeated),
                ],
            ],
        }
    }
}
