//! The verdict in a sentence, and the score with its points.

use super::Report;
use super::page::{Block, Grade, Section, Table, Tone, head, number, text};
use crate::privacy::score::{Cap, Letter};

impl Report<'_> {
    pub(super) fn verdict(self) -> Section {
        let speech = self.speech;
        let Some(audit) = self.audit() else {
            let text = speech.pick(
                "Nothing could be measured: the file has no rows, or the rule table calls none of its columns quasi-identifying. That says nothing in favour of the file.",
                "Rien n’a pu être mesuré : le fichier n’a pas de lignes, ou la table de règles n’y désigne aucune colonne quasi identifiante. Cela ne dit rien en faveur du fichier.",
            );
            return self.verdict_of(vec![Block::Notice(Tone::Bad, text.to_owned())]);
        };
        let (rows, small) = (audit.sizes.rows, &audit.sizes.small);
        let (all, k) = (speech.whole(rows), speech.whole(small.k));
        let others = speech.whole(small.k.saturating_sub(1));
        let columns = audit.quasi.len() as u64;
        let known = speech.made(
            || match columns {
                1 => "one fact about a person".to_owned(),
                columns => format!("{columns} facts about a person"),
            },
            || match columns {
                1 => "un fait sur une personne".to_owned(),
                columns => format!("{columns} faits sur une personne"),
            },
        );
        let (tone, text) = match small.k {
            0 | 1 => {
                let unique = speech.count_of(small.unique_rows, rows);
                (
                    Tone::Bad,
                    speech.made(
                        || format!("Of {all} rows, {unique} can be singled out by anyone who knows {known} (k = {k}). This file is not anonymous: it is personal data, and must be handled as such."),
                        || format!("Sur {all} lignes, {unique} peuvent être isolées par quiconque connaît {known} (k = {k}). Ce fichier n’est pas anonyme : ce sont des données personnelles, à traiter comme telles."),
                    ),
                )
            }
            2..5 => (
                Tone::Careful,
                speech.made(
                    || format!("Of {all} rows, none is the only one of its kind, but the smallest group of look-alike rows has only {k} (k = {k}): somebody who knows {known} may be left with so few candidates. Treat the file as personal data."),
                    || format!("Sur {all} lignes, aucune n’est seule de son espèce, mais le plus petit groupe de lignes semblables n’en compte que {k} (k = {k}) : qui connaît {known} peut n’avoir qu’aussi peu de candidats. Traitez le fichier comme des données personnelles."),
                ),
            ),
            _ => (
                Tone::Good,
                speech.made(
                    || format!("Of {all} rows, none can be singled out by {known}: each looks like at least {others} others (k = {k}). That is one of the conditions of anonymity, not all of them: see inference, linkability and the limits below."),
                    || format!("Sur {all} lignes, aucune ne peut être isolée par {known} : chacune ressemble à au moins {others} autres (k = {k}). C’est l’une des conditions de l’anonymat, pas toutes : voyez plus bas l’inférence, la corrélation et les limites."),
                ),
            ),
        };
        let names = speech.names(audit.quasi.iter().map(|column| column.name.as_str()));
        let which = speech.made(
            || format!("The facts counted are the columns that the rule table or the command line calls quasi-identifying: {names}."),
            || format!("Les faits pris en compte sont les colonnes que la table de règles ou la ligne de commande dit quasi identifiantes : {names}."),
        );
        self.verdict_of(vec![Block::Notice(tone, text), Block::Text(which)])
    }

    fn verdict_of(self, measured: Vec<Block>) -> Section {
        let mut blocks: Vec<Block> = self.pseudonymised().into_iter().collect();
        blocks.extend(measured);
        Section {
            id: "verdict",
            title: self.speech.pick("The verdict", "Le verdict").to_owned(),
            blocks,
        }
    }

    /// What must be said of pseudonyms before anything else.
    fn pseudonymised(self) -> Option<Block> {
        let (speech, status) = (self.speech, self.status()?.of(self.speech.0));
        let status = capitalised(status);
        let text = speech.made(
            || format!("{status} (art. 4(5), recital 26). Who holds a key, or comes by one, finds the people again. This file is not anonymous, whatever is measured below: access, purpose and retention are those of the source."),
            || format!("{status} (art. 4, 5, considérant 26). Qui détient une clé, ou s’en procure une, retrouve les personnes. Ce fichier n’est pas anonyme, quoi que disent les mesures ci-dessous : les accès, la finalité et la durée de conservation sont ceux de la source."),
        );
        Some(Block::Notice(Tone::Bad, text))
    }

    pub(super) fn score_section(self) -> Section {
        let speech = self.speech;
        let score = self.score();
        let letter = score.letter.text();
        let (points, out_of) = (score.points, score.out_of);
        let mut told = speech.made(
            || format!("{points} of {out_of} points."),
            || format!("{points} points sur {out_of}."),
        );
        if score.not_known > 0 {
            let missing = score.not_known;
            told += &speech.made(
                || format!(" A further {missing} points belong to criteria that cannot be known from this file; they count neither for nor against it, but keep it from an A."),
                || format!(" {missing} autres points relèvent de critères que ce fichier ne permet pas de connaître ; ils ne comptent ni pour ni contre lui, mais lui interdisent un A."),
            );
        }
        if let Some(cap) = score.cap {
            let reason = cap.reason().of(speech.0);
            told += &speech.made(
                || format!(" The letter is no better than {letter}, whatever the points, because {reason}."),
                || format!(" La lettre ne peut être meilleure que {letter}, quels que soient les points, car {reason}."),
            );
        }
        let rows = score.lines.iter().map(|line| {
            let points = match line.points {
                Some(points) => points.to_string(),
                None => speech.pick("not known", "non connu").to_owned(),
            };
            let rule = capitalised(line.criterion.rule().of(speech.0));
            vec![
                text(rule),
                text(points),
                text(line.criterion.out_of().to_string()),
            ]
        });
        let table = Table {
            caption: speech
                .pick(
                    "Each criterion and its points",
                    "Chaque critère et ses points",
                )
                .to_owned(),
            head: vec![
                head(speech.pick("Criterion and scale", "Critère et barème")),
                number(speech.pick("Points", "Points")),
                number(speech.pick("Out of", "Sur")),
            ],
            rows: rows.collect(),
        };
        let caps = Cap::ALL.iter().map(|cap| {
            let (best, reason) = (cap.letter().text(), cap.reason().of(speech.0));
            speech.made(
                || format!("{best} at best: {reason}."),
                || format!("{best} au mieux : {reason}."),
            )
        });
        Section {
            id: "score",
            title: speech.pick("Confidence score", "Score de confiance").to_owned(),
            blocks: vec![
                Block::Grade(Grade {
                    label: speech.made(
                        || format!("Score {letter} on a scale from A (best) to E"),
                        || format!("Score {letter} sur une échelle de A (le meilleur) à E"),
                    ),
                    letters: Letter::ALL
                        .map(|of| (of.text(), of == score.letter))
                        .to_vec(),
                    text: told,
                }),
                Block::Table(table),
                Block::Text(
                    speech
                        .pick(
                            "A from 85 % of the points that can be known, B from 70 %, C from 55 %, D from 40 %, E below. Some things no points make up for:",
                            "A à partir de 85 % des points connus, B à partir de 70 %, C à partir de 55 %, D à partir de 40 %, E en dessous. Certaines choses ne se rattrapent par aucun point :",
                        )
                        .to_owned(),
                ),
                Block::List(caps.collect()),
            ],
        }
    }
}

/// A phrase as the beginning of a line.
fn capitalised(phrase: &str) -> String {
    let mut chars = phrase.chars();
    let first: String = chars
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    first + chars.as_str()
}
