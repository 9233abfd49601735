//! What a search for k was asked and what it chose.

use super::page::{Block, Section, Table, head, name, text};
use super::{About, Report};
use crate::privacy::achieved::Achieved;
use crate::privacy::goal::Recoding;

impl Report<'_> {
    pub(super) fn recoded(self) -> Option<Section> {
        let About::Run(run) = self.about else {
            return None;
        };
        let (speech, found) = (self.speech, run.recoded?);
        let (k, others) = (u64::from(found.k), u64::from(found.k).saturating_sub(1));
        let (k, others) = (speech.whole(k), speech.whole(others));
        let how = match found.recoding {
            Recoding::Global => speech.pick(
                "All rows were made coarser alike: one level for each column.",
                "Toutes les lignes ont été généralisées de la même façon : un niveau par colonne.",
            ),
            Recoding::Local => speech.pick(
                "Each row was made coarser only as far as it took, so that rows of one file may be at different levels.",
                "Chaque ligne n’a été généralisée que dans la mesure nécessaire : les lignes d’un même fichier peuvent être à des niveaux différents.",
            ),
        };
        let asked = speech.made(
            || format!("It was asked that every row share its quasi-identifying values with at least {others} others (k = {k})."),
            || format!("Il a été demandé que chaque ligne partage ses valeurs quasi identifiantes avec au moins {others} autres (k = {k})."),
        );
        let measured = run.audit.map(|audit| {
            let (k, classes) = (audit.sizes.small.k, audit.sizes.small.classes);
            let (k, classes) = (speech.whole(k), speech.whole(classes));
            speech.made(
                || format!("Measured again on the rows as written: the smallest group has {k} rows, and there are {classes} different groups."),
                || format!("Mesuré de nouveau sur les lignes telles qu’écrites : le plus petit groupe compte {k} lignes, et il y a {classes} groupes différents."),
            )
        });
        let mut items = vec![how.to_owned()];
        items.extend(measured);
        items.push(self.suppressed(found, run.tally.written));
        items.push(self.loss(found));
        items.push(match (found.proven_optimal, found.recoding) {
            (true, Recoding::Global) => speech.pick(
                "It is proven that no other choice of levels loses less, under the same loss and limits.",
                "Il est prouvé qu’aucun autre choix de niveaux ne perd moins, avec la même perte et les mêmes limites.",
            ),
            (true, Recoding::Local) => speech.pick(
                "It is proven that nothing loses less, under the same loss and limits.",
                "Il est prouvé que rien ne perd moins, avec la même perte et les mêmes limites.",
            ),
            (false, _) => speech.pick(
                "It is not proven that this is the least loss possible; it is the least that was found.",
                "Il n’est pas prouvé que ce soit la perte minimale ; c’est la plus faible qui ait été trouvée.",
            ),
        }.to_owned());
        let rows = found.levels.iter().map(|(column, levels)| {
            let all: u64 = levels.iter().map(|(_, rows)| rows).sum();
            let used: Vec<&(String, u64)> = levels.iter().filter(|(_, rows)| *rows > 0).collect();
            let told = match used.as_slice() {
                [(title, _)] => speech.step(title),
                used => {
                    let rows: Vec<u64> = used.iter().map(|(_, rows)| *rows).collect();
                    let told = super::speech::bounded(&rows);
                    let parts = used.iter().zip(told).map(|((title, _), rows)| {
                        format!(
                            "{}{} {}",
                            speech.step(title),
                            speech.pick(":", "\u{a0}:"),
                            speech.told(rows, all)
                        )
                    });
                    parts.collect::<Vec<_>>().join(speech.pick("; ", " ; "))
                }
            };
            vec![name(column), text(told)]
        });
        let table = Table {
            caption: speech
                .pick(
                    "The level chosen for each column",
                    "Le niveau choisi pour chaque colonne",
                )
                .to_owned(),
            head: vec![
                head(speech.pick("Column", "Colonne")),
                head(speech.pick(
                    "Level (rows written at it)",
                    "Niveau (lignes écrites à ce niveau)",
                )),
            ],
            rows: rows.collect(),
        };
        Some(Section {
            id: "generalised",
            title: speech
                .pick(
                    "How the groups were made large enough",
                    "Comment les groupes ont été agrandis",
                )
                .to_owned(),
            blocks: vec![Block::Text(asked), Block::List(items), Block::Table(table)],
        })
    }

    fn suppressed(self, found: &Achieved, rows: u64) -> String {
        let speech = self.speech;
        if found.suppressed == 0 {
            return speech
                .pick(
                    "No row had to be suppressed.",
                    "Aucune ligne n’a dû être supprimée.",
                )
                .to_owned();
        }
        let count = speech.count_of(found.suppressed, rows);
        speech.made(
            || format!("Rows suppressed: {count}. They are still in the file, but show * in every quasi-identifying column."),
            || format!("Lignes neutralisées : {count}. Elles restent dans le fichier, mais montrent * dans chaque colonne quasi identifiante."),
        )
    }

    fn loss(self, found: &Achieved) -> String {
        let speech = self.speech;
        let loss = speech.percent(found.loss);
        speech.made(
            || format!("Loss: {loss}. 0% means that every value is as exact as before, 100% that nothing but * is left; in between it is the mean, over rows and columns, of how many other values each written value could stand for."),
            || format!("Perte : {loss}. 0\u{202f}% veut dire que chaque valeur est aussi précise qu’avant, 100\u{202f}% qu’il ne reste que des * ; entre les deux, c’est la moyenne, sur les lignes et les colonnes, du nombre d’autres valeurs que chaque valeur écrite peut représenter."),
        )
    }
}
