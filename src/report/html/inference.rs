//! The third criterion of Opinion 05/2014: inference.

use super::Report;
use super::page::{Block, Section, Table, Tone, head, name, number, text};
use crate::privacy::measures::Distance;

impl Report<'_> {
    pub(super) fn inference(self) -> Option<Section> {
        let (speech, audit) = (self.speech, self.audit()?);
        let intro = speech.pick(
            "Can something be learned about a person without finding the row? If all rows of a group have the same income bracket, knowing that somebody is in the group is enough.",
            "Peut-on apprendre quelque chose sur une personne sans retrouver sa ligne ? Si toutes les lignes d’un groupe ont la même tranche de revenus, savoir que quelqu’un est dans ce groupe suffit.",
        );
        let mut blocks = vec![Block::Text(intro.to_owned())];
        if audit.sensitive.is_empty() {
            let unknown = speech.pick(
                "Not known: no column that leaves is called sensitive, so nothing was measured here.",
                "Non connu : aucune colonne qui sort n’est dite sensible, donc rien n’a été mesuré ici.",
            );
            blocks.push(Block::Notice(Tone::Careful, unknown.to_owned()));
        } else {
            blocks.push(Block::Table(self.sensitive_table()?));
            let meaning = speech.pick(
                "l is the least number of different values in a group (1: a group gives its value away; entropy l also weighs how evenly they are spread). t is how far the most unlike group is from the whole file, from 0 (the same) to 1.",
                "l est le plus petit nombre de valeurs différentes dans un groupe (1 : un groupe livre sa valeur ; le l d’entropie tient aussi compte de leur répartition). t est l’écart entre le groupe le plus atypique et l’ensemble du fichier, de 0 (identique) à 1.",
            );
            blocks.push(Block::Text(meaning.to_owned()));
            if audit.sizes.small.k < 2 {
                let alone = speech.pick(
                    "A row that is alone is a group with a single value: while k is 1, l is 1 as well.",
                    "Une ligne seule est un groupe à valeur unique : tant que k vaut 1, l vaut 1 aussi.",
                );
                blocks.push(Block::Text(alone.to_owned()));
            }
        }
        let limits = speech.pick(
            "Limits: only the columns that are called sensitive are watched. Values that differ but mean nearly the same (two neighbouring brackets) count as different for l; a likely value can be guessed with any l.",
            "Limites : seules les colonnes dites sensibles sont surveillées. Des valeurs différentes mais presque équivalentes (deux tranches voisines) comptent comme différentes pour l ; une valeur probable peut être devinée quel que soit l.",
        );
        blocks.push(Block::Text(limits.to_owned()));
        Some(Section {
            id: "inference",
            title: speech
                .pick("Criterion 3: inference", "Critère 3 : inférence")
                .to_owned(),
            blocks,
        })
    }

    fn sensitive_table(self) -> Option<Table> {
        let (speech, audit) = (self.speech, self.audit()?);
        let rows = audit.sensitive.iter().map(|column| {
            let of = &column.measures;
            let distance = match of.distance {
                Distance::Ordered => speech.pick("ordered", "ordonnée"),
                Distance::Equal => speech.pick("categories", "catégories"),
            };
            vec![
                name(&column.name),
                text(speech.whole(of.distinct as u64)),
                text(speech.whole(of.l_distinct as u64)),
                text(speech.decimal(of.l_entropy, 2)),
                text(format!("{} ({distance})", speech.decimal(of.t, 2))),
                text(speech.percent(of.largest_share)),
                text(speech.count_of(of.rows_of_one_value, audit.sizes.rows)),
                text(speech.count(of.worst_t.rows)),
            ]
        });
        Some(Table {
            caption: speech
                .pick("Sensitive columns", "Les colonnes sensibles")
                .to_owned(),
            head: vec![
                head(speech.pick("Column", "Colonne")),
                number(speech.pick("Values in the file", "Valeurs dans le fichier")),
                number("l"),
                number(speech.pick("Entropy l", "l d’entropie")),
                number(speech.pick("t (distance)", "t (distance)")),
                number(speech.pick(
                    "Largest share of one value in a group",
                    "Plus grande part d’une valeur dans un groupe",
                )),
                number(speech.pick(
                    "Rows in groups where all share one value",
                    "Lignes dans des groupes où toutes ont la même valeur",
                )),
                number(speech.pick(
                    "Rows of the group behind t",
                    "Lignes du groupe à l’origine de t",
                )),
            ],
            rows: rows.collect(),
        })
    }
}
