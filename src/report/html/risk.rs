//! The risk in words, what each column adds to it, and what to do.

use super::Report;
use super::page::{Bar, Block, Chart, Group, Section, Table, Tone, head, name, number, text};
use super::singling_out::under_5;
use super::speech::is_hidden;
use crate::privacy::audit::{Audit, QuasiColumn};

impl Report<'_> {
    pub(super) fn risk(self) -> Option<Section> {
        let (speech, audit) = (self.speech, self.audit()?);
        let (rows, small, risks) = (audit.sizes.rows, &audit.sizes.small, &audit.risks);
        let k = speech.whole(small.k);
        let threshold = speech.percent(risks.threshold);
        let above = speech.told(under_5(&audit.sizes), rows);
        let average = speech.percent(risks.prosecutor.average);
        let marketer = speech.percent(risks.marketer);
        let terms = match speech.0 {
            crate::base::lang::Language::En => [
                (
                    "Somebody who knows that the person is in the file (prosecutor)",
                    format!(
                        "A neighbour, a colleague or a former partner looks for one person known to be a customer. At worst the right row is found with 1 chance in {k}; on average with {average}. Rows found with a chance of more than {threshold}: {above}."
                    ),
                ),
                (
                    "Somebody who looks for anyone at all (journalist)",
                    format!(
                        "It is enough to expose one person, whoever it is. As the population behind the file is not known, the file is taken for all of it, so the risk is given as just as high: at most 1 chance in {k}."
                    ),
                ),
                (
                    "Somebody who joins the whole file with another one (marketer)",
                    format!(
                        "The aim is to recognise as many people as possible, errors included. At most {marketer} of the rows would be joined rightly."
                    ),
                ),
            ],
            crate::base::lang::Language::Fr => [
                (
                    "Qui sait que la personne est dans le fichier (« procureur »)",
                    format!(
                        "Un voisin, un collègue ou un ancien conjoint cherche une personne qu’il sait cliente. Au pire, il trouve sa ligne avec 1 chance sur {k} ; en moyenne avec {average} de chances. Lignes trouvées avec plus de {threshold} de chances : {above}."
                    ),
                ),
                (
                    "Qui cherche n’importe qui (« journaliste »)",
                    format!(
                        "Il suffit d’exposer une personne, quelle qu’elle soit. La population d’où vient le fichier n’étant pas connue, on le prend pour cette population entière : le risque est donné aussi élevé, au plus 1 chance sur {k}."
                    ),
                ),
                (
                    "Qui croise tout le fichier avec un autre (« démarcheur »)",
                    format!(
                        "Le but est de reconnaître le plus de monde possible, erreurs comprises. Au plus {marketer} des lignes seraient reliées à bon droit."
                    ),
                ),
            ],
        };
        let terms = terms.map(|(term, meaning)| (term.to_owned(), meaning));
        Some(Section {
            id: "risk",
            title: speech
                .pick("The risk, by who attacks", "Le risque, selon l’attaquant")
                .to_owned(),
            blocks: vec![Block::Terms(terms.to_vec())],
        })
    }

    pub(super) fn by_column(self) -> Option<Section> {
        let (speech, audit) = (self.speech, self.audit()?);
        let intro = speech.pick(
            "How many rows are alone in their group if one column is made coarser or taken away, and all others stay as they are. A column whose bars shrink most is the one that singles people out.",
            "Combien de lignes restent seules dans leur groupe si une colonne est généralisée ou retirée, les autres restant telles quelles. La colonne dont les barres diminuent le plus est celle qui isole les personnes.",
        );
        let chart = Chart {
            title: speech
                .pick("Rows that are alone,", "Lignes seules,")
                .to_owned(),
            note: speech
                .pick(
                    "for each column and each step.",
                    "pour chaque colonne et chaque étape.",
                )
                .to_owned(),
            groups: audit
                .quasi
                .iter()
                .map(|column| self.group(audit, column))
                .collect(),
        };
        let rows = audit.quasi.iter().map(|column| {
            vec![
                name(&column.name),
                text(speech.whole(column.measures.distinct)),
                text(speech.percent(column.measures.distinction)),
                text(speech.percent(column.measures.separation)),
            ]
        });
        let table = Table {
            caption: speech
                .pick(
                    "How much each column tells apart",
                    "Ce que chaque colonne distingue",
                )
                .to_owned(),
            head: vec![
                head(speech.pick("Column", "Colonne")),
                number(speech.pick("Different values", "Valeurs différentes")),
                number(speech.pick("Values per row", "Valeurs par ligne")),
                number(speech.pick("Pairs of rows told apart", "Paires de lignes distinguées")),
            ],
            rows: rows.collect(),
        };
        Some(Section {
            id: "by-column",
            title: speech
                .pick(
                    "What each column adds to the risk",
                    "Ce que chaque colonne ajoute au risque",
                )
                .to_owned(),
            blocks: vec![
                Block::Text(intro.to_owned()),
                Block::Chart(chart),
                Block::Table(table),
            ],
        })
    }

    /// The bars of a column: as it is, at each step, and without it. `*` for all rows does what leaving
    /// the column out does, so it has no bar of its own.
    fn group(self, audit: &Audit, column: &QuasiColumn) -> Group {
        let (speech, rows) = (self.speech, audit.sizes.rows);
        let steps = column.steps.iter().zip(&column.measures.steps);
        let steps = steps.filter(|(title, _)| *title != "*");
        let mut bars: Vec<(String, u64)> = steps
            .map(|(title, small)| (speech.step(title), small.unique_rows))
            .collect();
        let without = speech.pick("without this column", "sans cette colonne");
        bars.push((without.to_owned(), column.measures.without.unique_rows));
        let bars = bars.into_iter().map(|(label, unique)| {
            let about = if is_hidden(unique) { 4 } else { unique };
            let share = about as f64 / rows.max(1) as f64;
            Bar {
                label,
                share,
                figure: speech.share(unique, rows),
                tone: match share {
                    share if share > 0.2 => Tone::Bad,
                    share if share > 0.0 => Tone::Careful,
                    _ => Tone::Good,
                },
            }
        });
        Group {
            name: Some(super::page::visible(&column.name)),
            bars: bars.collect(),
        }
    }

    pub(super) fn advice(self) -> Option<Section> {
        let (speech, audit) = (self.speech, self.audit()?);
        let (rows, now) = (audit.sizes.rows, &audit.sizes.small);
        let advice = audit.advice();
        let mut blocks = Vec::new();
        if advice.is_empty() {
            let none = match now.unique_rows {
                0 => speech.pick(
                    "No row is alone: no single change is called for on that account.",
                    "Aucune ligne n’est seule : aucun changement isolé ne s’impose de ce fait.",
                ),
                _ => speech.pick(
                    "No single change of one column leaves fewer rows alone: several columns have to be made coarser together.",
                    "Aucun changement d’une seule colonne ne réduit le nombre de lignes seules : il faut généraliser plusieurs colonnes ensemble.",
                ),
            };
            blocks.push(Block::Text(none.to_owned()));
        } else {
            let before = speech.count_of(now.unique_rows, rows);
            let changes = advice.iter().map(|advice| {
                vec![
                    name(&advice.column),
                    text(speech.step(&advice.step)),
                    text(before.clone()),
                    text(speech.count_of(advice.after.unique_rows, rows)),
                    text(speech.whole(advice.after.k)),
                ]
            });
            blocks.push(Block::Text(
                speech
                    .pick(
                        "Each line is one change, with everything else as it is; its effect was counted on this very file, not estimated.",
                        "Chaque ligne est un seul changement, tout le reste étant inchangé ; son effet a été compté sur ce fichier même, et non estimé.",
                    )
                    .to_owned(),
            ));
            blocks.push(Block::Table(Table {
                caption: speech
                    .pick(
                        "The changes that help most",
                        "Les changements les plus utiles",
                    )
                    .to_owned(),
                head: vec![
                    head(speech.pick("Column", "Colonne")),
                    head(speech.pick("Change it to", "La remplacer par")),
                    number(speech.pick("Rows alone now", "Lignes seules aujourd’hui")),
                    number(speech.pick("Rows alone then", "Lignes seules ensuite")),
                    number(speech.pick("k then", "k ensuite")),
                ],
                rows: changes.collect(),
            }));
        }
        if now.k < 5 {
            blocks.push(Block::Text(
                speech
                    .pick(
                        "To have every row share its values with at least 4 others, run the main job with --k 5: it finds which columns to make coarser, and how far, with the least loss.",
                        "Pour que chaque ligne partage ses valeurs avec au moins 4 autres, lancez le traitement avec --k 5 : il cherche quelles colonnes généraliser, et jusqu’où, avec le moins de perte.",
                    )
                    .to_owned(),
            ));
        }
        if let super::About::Run(run) = self.about
            && !run.shuffled
        {
            blocks.push(Block::Text(
                speech
                    .pick(
                        "To keep the place of a row from leading back to the source, let the rows leave in random order (--shuffle; --k does so by itself).",
                        "Pour que la place d’une ligne ne ramène pas à la source, faites sortir les lignes dans un ordre aléatoire (--shuffle ; --k le fait de lui-même).",
                    )
                    .to_owned(),
            ));
        }
        Some(Section {
            id: "advice",
            title: speech.pick("What to change", "Que changer").to_owned(),
            blocks,
        })
    }
}
