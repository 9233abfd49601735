//! The verdict in a sentence, and the score with its points.

use super::page::{Block, Grade, Section, Tone, head, number, table, text};
use super::{About, Report};
use crate::privacy::audit::Audit;
use crate::privacy::measures::PersonCounts;
use crate::privacy::score::{Cap, Letter};

impl Report<'_> {
    pub(super) fn verdict(self) -> Section {
        let speech = self.speech;
        let Some(audit) = self.audit() else {
            let text = fixed!(
                "Nothing could be measured: the file has no rows, or the rule table calls none of \
                 its columns quasi-identifying. That says nothing in favour of the file."
            );
            return self.verdict_of(vec![Block::notice(Tone::Bad, text)]);
        };
        let (rows, small) = (audit.sizes.rows, &audit.sizes.small);
        let (all, k) = (speech.whole(rows), speech.whole(small.k));
        let others = speech.whole(small.k.saturating_sub(1));
        let columns = audit.quasi.len() as u64;
        let known = match columns {
            1 => fixed!("one fact about a person").to_string(),
            columns => text!("{columns} facts about a person", columns),
        };
        let (tone, text) = match (small.k, audit.persons) {
            (_, Some(persons)) => self.of_persons(audit, persons, &known),
            (0 | 1, None) => {
                let unique = speech.count_of(small.unique_rows, rows);
                (
                    Tone::Bad,
                    text!(
                        "Of {all} rows, {unique} can be singled out by anyone who knows {known} (k \
                         = {k}). This file is not anonymous: it is personal data, and must be \
                         handled as such.",
                        all,
                        unique,
                        known,
                        k
                    ),
                )
            }
            (2..5, None) => (
                Tone::Careful,
                text!(
                    "Of {all} rows, none is the only one of its kind, but the smallest group of \
                     look-alike rows has only {k} (k = {k}): somebody who knows {known} may be left \
                     with so few candidates. Treat the file as personal data.",
                    all,
                    k,
                    known
                ),
            ),
            (_, None) => (
                Tone::Good,
                text!(
                    "Of {all} rows, none can be singled out by {known}: each looks like at least \
                     {others} others (k = {k}). That is one of the conditions of anonymity, not all \
                     of them: see inference, linkability and the limits below.",
                    all,
                    known,
                    others,
                    k
                ),
            ),
        };
        let names = speech.names(audit.quasi.iter().map(|column| column.name.as_str()));
        let which = text!(
            "The facts counted are the columns that the rule table or the command line calls \
             quasi-identifying: {names}.",
            names
        );
        self.verdict_of(vec![Block::Notice(tone, text), Block::Text(which)])
    }

    /// The verdict where it is known whose rows are whose.
    fn of_persons(self, audit: &Audit, persons: PersonCounts, known: &str) -> (Tone, String) {
        let (speech, small) = (self.speech, &audit.sizes.small);
        let (all, k) = (speech.whole(audit.sizes.rows), speech.whole(small.k));
        let (tone, mut text) = match small.k {
            0 | 1 => {
                let unique = speech.count_of(small.unique_rows, audit.sizes.rows);
                return (
                    Tone::Bad,
                    text!(
                        "Of {all} persons, {unique} can be singled out by anyone who knows {known} (k = {k}). \
                         This file is not anonymous: it is personal data, and must be handled as such.",
                        all,
                        unique,
                        known,
                        k
                    ),
                );
            }
            2..5 => (
                Tone::Careful,
                text!(
                    "Of {all} persons, none is alone in a group, but the smallest group of look-alike rows \
                     holds only {k} of them (k = {k}): somebody who knows {known} may be left with so few \
                     candidates. Treat the file as personal data.",
                    all,
                    k,
                    known
                ),
            ),
            _ => {
                let others = speech.whole(small.k.saturating_sub(1));
                let text = text!(
                    "Of {all} persons, none can be singled out by {known}: each looks like at least {others} \
                     others (k = {k}). That is one of the conditions of anonymity, not all of them: see \
                     inference, linkability and the limits below.",
                    all,
                    known,
                    others,
                    k
                );
                (Tone::Good, text)
            }
        };
        if persons.alone_together == 0 {
            return (tone, text);
        }
        let several = speech.count(persons.with_several_rows);
        let alone = speech.count(persons.alone_together);
        text += " ";
        text += &text!(
            "But of the persons with several rows ({several}), {alone} would be like nobody else, if \
             somebody could join their rows by what they share.",
            several,
            alone
        );
        (Tone::Careful, text)
    }

    /// That the output was not published, where it was not.
    fn unpublished(self) -> Option<Block> {
        let About::Run(run) = self.about else {
            return None;
        };
        let text = fixed!(
            "Not published: the output was not written, because a threshold was not reached. The figures \
             below are those of the rows as they would have been."
        );
        (!run.published).then(|| Block::notice(Tone::Bad, text))
    }

    fn verdict_of(self, measured: Vec<Block>) -> Section {
        let mut blocks: Vec<Block> = self.unpublished().into_iter().collect();
        blocks.extend(self.pseudonymised());
        blocks.extend(measured);
        Section::new("verdict", fixed!("The verdict"), blocks)
    }

    /// What must be said of pseudonyms before anything else.
    fn pseudonymised(self) -> Option<Block> {
        let status = self.status()?.get();
        let status = capitalised(status);
        let text = text!(
            "{status} (art. 4(5), recital 26). Who holds a key, or comes by one, finds the people \
             again. This file is not anonymous, whatever is measured below: access, purpose and \
             retention are those of the source.",
            status
        );
        Some(Block::Notice(Tone::Bad, text))
    }

    pub(super) fn score_section(self) -> Section {
        let score = self.score();
        let letter = score.letter.text();
        let (points, out_of) = (score.points, score.out_of);
        let mut told = text!("{points} of {out_of} points.", points, out_of);
        if score.not_known > 0 {
            let missing = score.not_known;
            told += &text!(
                " A further {missing} points belong to criteria that cannot be known from this \
                 file; they count neither for nor against it, but keep it from an A.",
                missing
            );
        }
        if let Some(cap) = score.cap {
            let reason = cap.reason().get();
            told += &text!(
                " The letter is no better than {letter}, whatever the points, because {reason}.",
                letter,
                reason
            );
        }
        let rows = score.lines.iter().map(|line| {
            let points = match line.points {
                Some(points) => points.to_string(),
                None => fixed!("not known").to_string(),
            };
            let rule = capitalised(line.criterion.rule().get());
            vec![
                text(rule),
                text(points),
                text(line.criterion.out_of().to_string()),
            ]
        });
        let table = table(
            fixed!("Each criterion and its points"),
            vec![
                head(fixed!("Criterion and scale")),
                number("Points"),
                number(fixed!("Out of")),
            ],
            rows,
        );
        let caps = Cap::ALL.iter().map(|cap| {
            let (best, reason) = (cap.letter().text(), cap.reason().get());
            text!("{best} at best: {reason}.", best, reason)
        });
        Section::new(
            "score",
            fixed!("Confidence score"),
            vec![
                Block::Grade(Grade {
                    label: text!("Score {letter} on a scale from A (best) to E", letter),
                    letters: Letter::ALL
                        .map(|of| (of.text(), of == score.letter))
                        .to_vec(),
                    text: told,
                }),
                table,
                Block::text(fixed!(
                    "A from 85 % of the points that can be known, B from 70 %, C from 55 %, D \
                         from 40 %, E below. Some things no points make up for:"
                )),
                Block::List(caps.collect()),
            ],
        )
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
