//! What was done to each column and why.

use super::page::{Block, Section, Table, head, name, text};
use super::{About, Report, warnings};
use crate::engine::plan::PlannedColumn;
use crate::engine::warning::Warning;
use crate::report::Run;
use crate::rules;
use crate::rules::SpecialCategory;
use crate::rules::table::Attribute;

impl Report<'_> {
    /// The columns of a run, or those of a file that count.
    pub(super) fn columns(self) -> Option<Section> {
        match self.about {
            About::Run(run) => Some(self.columns_of_run(run)),
            About::File(_) => self.columns_of_file(),
        }
    }

    fn columns_of_run(self, run: &Run<'_>) -> Section {
        let speech = self.speech;
        let rows = run
            .plan
            .columns
            .iter()
            .enumerate()
            .map(|(position, column)| {
                let leaves_as = match &column.output {
                    Some(output) => name(output),
                    None => text(speech.pick("does not leave", "ne sort pas")),
                };
                let done = column.rule.and_then(rules::kind).map_or_else(
                    || speech.pick("the column is left out", "la colonne est supprimée"),
                    |kind| kind.done.of(speech.0),
                );
                vec![
                    name(column.input.as_str()),
                    leaves_as,
                    text(done),
                    text(match (column.rule, &run.plan.filter) {
                        (None, Some(filter)) if filter.reads(position) => speech
                            .pick(
                                "it only decides which rows may leave",
                                "elle décide seulement quelles lignes peuvent sortir",
                            )
                            .to_owned(),
                        _ => self.why(column, special(run, column)),
                    }),
                    text(self.counts(run, position, column)),
                ]
            });
        let mut blocks = Vec::new();
        if let Some(index) = &run.plan.index {
            let index = speech.name(index);
            blocks.push(Block::Text(speech.made(
                || format!("A first column {index} was added: a random number, unique to each row, to speak of a row without naming a person."),
                || format!("Une première colonne {index} a été ajoutée : un numéro aléatoire, propre à chaque ligne, pour désigner une ligne sans nommer une personne."),
            )));
        }
        blocks.push(Block::Table(Table {
            caption: speech
                .pick("Every column of the source", "Chaque colonne de la source")
                .to_owned(),
            head: vec![
                head(speech.pick("Source column", "Colonne source")),
                head(speech.pick("Leaves as", "Sort sous le nom")),
                head(speech.pick("What was done", "Traitement")),
                head(speech.pick("Why", "Pourquoi")),
                head(speech.pick("Cells", "Cellules")),
            ],
            rows: rows.collect(),
        }));
        Section {
            id: "columns",
            title: speech
                .pick(
                    "What was done to each column, and why",
                    "Ce qui a été fait à chaque colonne, et pourquoi",
                )
                .to_owned(),
            blocks,
        }
    }

    /// Why a column was treated as it was: by what it tells about a person.
    fn why(self, column: &PlannedColumn, special: Option<SpecialCategory>) -> String {
        let speech = self.speech;
        if let Some(category) = special {
            let what = warnings::category(category).of(speech.0);
            return speech.made(
                || format!("{what}: processing it is prohibited (GDPR art. 9(1)) unless one of the exceptions of art. 9(2) holds. To be deleted at the source as well."),
                || format!("{what} : leur traitement est interdit (RGPD, art. 9, § 1), sauf l’une des exceptions de l’art. 9, § 2. À effacer aussi à la source."),
            );
        }
        if column.rule.is_none() {
            return speech
                .pick(
                    "not in the rule table: what nobody has judged does not leave (GDPR art. 25(2))",
                    "absente de la table de règles : ce que personne n’a jugé ne sort pas (RGPD, art. 25, § 2)",
                )
                .to_owned();
        }
        if column.pseudonym.is_some() {
            return speech
                .pick(
                    "stands for the person’s own value, for who holds the key: pseudonymisation as a security measure (GDPR art. 32(1)(a)), no anonymisation",
                    "tient lieu de la valeur de la personne, pour le détenteur de la clé : pseudonymisation comme mesure de sécurité (RGPD, art. 32, § 1, a), non anonymisation",
                )
                .to_owned();
        }
        let leaves = column.output.is_some();
        let whole = column.rule == Some("keep");
        match (column.attribute, leaves, whole) {
            (Some(Attribute::Identifying), false, _) => speech.pick(
                "names a person, or leads to that person in another file (GDPR art. 4(1))",
                "désigne une personne, ou mène à elle dans un autre fichier (RGPD, art. 4, 1)",
            ),
            (Some(Attribute::Identifying), true, _) => speech.pick(
                "names a person on its own: it should not leave in any form",
                "désigne à elle seule une personne : elle ne devrait sortir sous aucune forme",
            ),
            (Some(Attribute::QuasiIdentifying), false, _) => speech.pick(
                "would help to single out a person when joined with other facts",
                "aiderait à isoler une personne par recoupement avec d’autres faits",
            ),
            (Some(Attribute::QuasiIdentifying), true, false) => speech.pick(
                "helps to single out a person when joined with other facts: made coarser or perturbed, and counted in the measures below",
                "aide à isoler une personne par recoupement : rendue plus grossière ou perturbée, et prise en compte dans les mesures ci-dessous",
            ),
            (Some(Attribute::QuasiIdentifying), true, true) => speech.pick(
                "needed for the analysis; helps to single out a person when joined with other facts, so it is counted in the measures below",
                "utile à l’analyse ; aide à isoler une personne par recoupement, donc prise en compte dans les mesures ci-dessous",
            ),
            (Some(Attribute::Sensitive), false, _) => speech.pick(
                "what somebody might want to learn about a person, and not needed (GDPR art. 5(1)(c))",
                "ce que l’on pourrait vouloir apprendre sur une personne, et non nécessaire (RGPD, art. 5, § 1, c)",
            ),
            (Some(Attribute::Sensitive), true, false) => speech.pick(
                "what somebody might want to learn about a person: made coarser or perturbed, and watched under inference",
                "ce que l’on pourrait vouloir apprendre sur une personne : rendue plus grossière ou perturbée, et surveillée au titre de l’inférence",
            ),
            (Some(Attribute::Sensitive), true, true) => speech.pick(
                "what somebody might want to learn about a person, needed for the analysis: watched under inference",
                "ce que l’on pourrait vouloir apprendre sur une personne, utile à l’analyse : surveillée au titre de l’inférence",
            ),
            (Some(Attribute::Insensitive) | None, false, _) => speech.pick(
                "not needed (data minimisation, GDPR art. 5(1)(c))",
                "non nécessaire (minimisation, RGPD, art. 5, § 1, c)",
            ),
            (Some(Attribute::Insensitive), true, _) => speech.pick(
                "judged to tell little about who a person is: not counted in the measures",
                "jugée peu révélatrice de l’identité : non prise en compte dans les mesures",
            ),
            (None, true, _) => speech.pick(
                "the rule table does not say what it tells about a person: not counted in the measures",
                "la table de règles ne dit pas ce qu’elle révèle d’une personne : non prise en compte dans les mesures",
            ),
        }
        .to_owned()
    }

    /// What was counted in a column that leaves.
    fn counts(self, run: &Run<'_>, position: usize, column: &PlannedColumn) -> String {
        let speech = self.speech;
        let steps = run.plan.steps.iter().zip(&run.tally.columns);
        let Some((_, tally)) = steps.into_iter().find(|(step, _)| step.column == position) else {
            return "–".to_owned();
        };
        let mut parts = Vec::new();
        let mut part = |what: &str, count: u64| {
            if count > 0 {
                parts.push(format!(
                    "{what}{} {}",
                    speech.pick(":", "\u{a0}:"),
                    speech.count(count)
                ));
            }
        };
        part(speech.pick("missing", "absentes"), tally.missing);
        for (at, counted) in column.counts.iter().enumerate() {
            let what = match *counted {
                "no_postal_code" => speech.pick("no postal code", "sans code postal").to_owned(),
                "lost_zero" => speech.pick("a zero was lost", "un zéro perdu").to_owned(),
                "generalised" => speech.pick("generalised", "généralisées").to_owned(),
                "unchanged" => speech.pick("unchanged", "inchangées").to_owned(),
                "not_in_table" => speech
                    .pick("not in the table", "hors de la table")
                    .to_owned(),
                "whole" => speech.pick("left whole", "sorties entières").to_owned(),
                "too_short" => speech.pick("too short", "trop courtes").to_owned(),
                other => other.replace('_', " "),
            };
            part(&what, tally.counts.get(at).copied().unwrap_or(0));
        }
        part(speech.pick("invalid", "non valides"), tally.invalid_cells());
        match parts.is_empty() {
            true => speech.pick("none missing", "aucune absente").to_owned(),
            false => parts.join(", "),
        }
    }

    fn columns_of_file(self) -> Option<Section> {
        let (speech, audit) = (self.speech, self.audit()?);
        let quasi = audit.quasi.iter().map(|column| {
            (
                &column.name,
                speech.pick("quasi-identifying", "quasi identifiante"),
                column.measures.distinct,
            )
        });
        let sensitive = audit.sensitive.iter().map(|column| {
            (
                &column.name,
                speech.pick("sensitive", "sensible"),
                column.measures.distinct as u64,
            )
        });
        let rows = quasi.chain(sensitive);
        Some(Section {
            id: "columns",
            title: speech
                .pick("The columns that were counted", "Les colonnes prises en compte")
                .to_owned(),
            blocks: vec![
                Block::Text(
                    speech
                        .pick(
                            "The file was measured as it stands. How it was made is not known, nor what its other columns hold: a name in one of them would not show in these figures.",
                            "Le fichier a été mesuré tel quel. On ne sait pas comment il a été produit, ni ce que contiennent ses autres colonnes : un nom dans l’une d’elles ne se verrait pas dans ces chiffres.",
                        )
                        .to_owned(),
                ),
                Block::Table(Table {
                    caption: speech
                        .pick("Columns and their part", "Les colonnes et leur rôle")
                        .to_owned(),
                    head: vec![
                        head(speech.pick("Column", "Colonne")),
                        head(speech.pick("Counted as", "Prise en compte comme")),
                        super::page::number(speech.pick("Distinct values", "Valeurs distinctes")),
                    ],
                    rows: rows
                        .map(|(column, part, values)| {
                            vec![name(column), text(part), text(speech.whole(values))]
                        })
                        .collect(),
                }),
            ],
        })
    }
}

/// The special category that a column of the source is of, if its rule says so.
fn special(run: &Run<'_>, column: &PlannedColumn) -> Option<SpecialCategory> {
    run.warnings.iter().find_map(|warning| match warning {
        Warning::SpecialCategory {
            column: found,
            category,
        } if *found == column.input => Some(*category),
        _ => None,
    })
}
