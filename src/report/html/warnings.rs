//! The warnings of a run, for people in both languages.

use super::speech::Speech;
use crate::base::lang::Words;
use crate::engine::leftover::{Kind, What};
use crate::engine::warning::Warning;
use crate::io::csv::Quirk;
use crate::rules::SpecialCategory;
use crate::rules::policy::OnInvalid;

/// What a special category of data is, for the middle of a sentence.
pub(super) const fn category(category: SpecialCategory) -> Words {
    let en = category.description();
    let fr = match category {
        SpecialCategory::RacialOrEthnicOrigin => "des données sur l’origine raciale ou ethnique",
        SpecialCategory::PoliticalOpinions => "des données sur les opinions politiques",
        SpecialCategory::ReligiousOrPhilosophicalBeliefs => {
            "des données sur les convictions religieuses ou philosophiques"
        }
        SpecialCategory::TradeUnionMembership => "des données sur l’appartenance syndicale",
        SpecialCategory::GeneticData => "des données génétiques",
        SpecialCategory::BiometricData => "des données biométriques",
        SpecialCategory::Health => "des données de santé",
        SpecialCategory::SexLifeOrSexualOrientation => {
            "des données sur la vie sexuelle ou l’orientation sexuelle"
        }
    };
    Words { en, fr }
}

/// A warning in a sentence.
pub(super) fn told(warning: &Warning, speech: Speech) -> String {
    match warning {
        Warning::Unlisted(columns) => {
            let names = speech.names(columns.iter().map(|column| column.as_str()));
            speech.made(
                || format!("Not in the rule table, and therefore dropped: {names}."),
                || format!("Absentes de la table de règles, donc supprimées : {names}."),
            )
        }
        Warning::Missing(columns) => {
            let names = speech.names(columns.iter().map(String::as_str));
            speech.made(
                || format!("In the rule table, but not in the source: {names}."),
                || format!("Prévues par la table de règles, mais absentes de la source : {names}."),
            )
        }
        Warning::Doubled { name, columns } => {
            let names = speech.names(columns.iter().map(|column| column.as_str()));
            let name = speech.name(name);
            speech.made(
                || format!("Several columns of the source are {name} to the rule table, and each got its rule: {names}."),
                || format!("Plusieurs colonnes de la source correspondent à {name} dans la table de règles ; chacune a reçu sa règle : {names}."),
            )
        }
        Warning::Formulas(cells) => {
            let counts: Vec<String> = cells
                .iter()
                .map(|(column, count)| {
                    let (name, count) = (speech.name(column.as_str()), speech.count(*count));
                    speech.made(
                        || format!("{count} in {name}"),
                        || format!("{count} dans {name}"),
                    )
                })
                .collect();
            let counts = counts.join(", ");
            speech.made(
                || format!("Cells that a spreadsheet would run as formulas when it opens the file: {counts}."),
                || format!("Cellules qu’un tableur exécuterait comme des formules à l’ouverture du fichier : {counts}."),
            )
        }
        Warning::SpecialCategory { column, category } => {
            let name = speech.name(column.as_str());
            let what = self::category(*category).of(speech.0);
            speech.made(
                || format!("The source column {name} holds {what} (GDPR art. 9). It was dropped here, but it must not be collected without one of the grounds of art. 9(2) and should be deleted at the source."),
                || format!("La colonne source {name} contient {what} (RGPD, art. 9). Elle a été supprimée ici, mais ne doit pas être collectée sans l’un des fondements de l’art. 9, § 2, et devrait être effacée à la source."),
            )
        }
        Warning::Invalid {
            policy,
            cells,
            rows,
        } => invalid(*policy, cells.iter().map(|(column, count)| (column.as_str(), *count)), *rows, speech),
        Warning::Nobody(counts) => {
            let rows = speech.count(counts.all());
            speech.made(
                || format!("Rows that are nobody (repeated headers, blank rows, totals) were left out: {rows}."),
                || format!("Des lignes qui ne sont personne (en-têtes répétés, lignes vides, totaux) ont été écartées : {rows}."),
            )
        }
        Warning::Undecided { column, cells } => {
            let (name, cells) = (speech.name(column.as_str()), speech.count(*cells));
            speech.made(
                || format!("Cells of {name} could not be read to decide about their rows, which were left out: {cells}."),
                || format!("Des cellules de {name} n’ont pu être lues pour décider de leurs lignes, qui ont été écartées : {cells}."),
            )
        }
        Warning::LostZero { column, cells } => {
            let (name, cells) = (speech.name(column.as_str()), speech.count(*cells));
            speech.made(
                || format!("Cells of {name} that are postal codes without their first zero, and left empty: {cells}."),
                || format!("Des cellules de {name} sont des codes postaux sans leur premier zéro, sorties vides : {cells}."),
            )
        }
        Warning::NoPostalCode { column, percent } => {
            let name = speech.name(column.as_str());
            speech.made(
                || format!("{percent} % of the cells of {name} have no French postal code and left empty."),
                || format!("{percent} % des cellules de {name} n’ont pas de code postal français et sont sorties vides."),
            )
        }
        Warning::Leftover {
            column,
            kind,
            masked,
        } => leftover(column.as_str(), kind, *masked, speech),
        Warning::FreeText { column, texts } => {
            let name = speech.name(column.as_str());
            let (cells, distinct) = (speech.count(texts.cells), speech.count(texts.distinct));
            speech.made(
                || format!("Column {name} is kept but is free text ({distinct} different texts in {cells} cells): it may name people that no detector finds."),
                || format!("La colonne {name} est conservée alors que c’est du texte libre ({distinct} textes différents dans {cells} cellules) : elle peut nommer des personnes qu’aucun détecteur ne trouve."),
            )
        }
        Warning::Alike(column) => {
            let name = speech.name(column.as_str());
            speech.made(
                || format!("Column {name} is encrypted deterministically: everybody sees which rows share a value, and a text can be copied to another row unnoticed."),
                || format!("La colonne {name} est chiffrée de façon déterministe : chacun voit quelles lignes partagent une valeur, et un texte peut être recopié sur une autre ligne sans que rien ne le montre."),
            )
        }
        Warning::UnusedKey(role) => {
            let name = speech.name(role.as_str());
            speech.made(
                || format!("A key of the role {name} was given, but the rule table does not name that role."),
                || format!("Une clé du rôle {name} a été donnée, mais la table de règles ne nomme pas ce rôle."),
            )
        }
        Warning::Quirk(quirk) => speech.made(|| english(*quirk), || french(*quirk)),
        Warning::Seeded => speech
            .pick(
                "The run was made with --seed: its row index, row order and noise can be worked out again. That is for tests only, never for data that leave.",
                "Le traitement a été lancé avec --seed : l’index, l’ordre des lignes et le bruit peuvent être recalculés. C’est réservé aux essais, jamais à des données qui sortent.",
            )
            .to_owned(),
    }
}

/// What was recognised in the source beside plain CSV.
fn english(quirk: Quirk) -> String {
    match quirk {
        Quirk::SepLine { .. } => "The first line of the source names its delimiter (sep=); it was skipped.".into(),
        Quirk::LinesAbove { lines } => format!("Lines above the header of the source, which were skipped: {lines}."),
        Quirk::TrailingDelimiters { .. } => "Every row of the source ends with delimiters that its header does not have; they were ignored.".into(),
        Quirk::TextFormulas { cells } => format!("Cells of the source written as =\"…\", which were read as the text in the quotes: {cells}."),
        Quirk::EndMark => "The source ends with an end-of-file mark (^Z), which was ignored.".into(),
        Quirk::HiddenSheets { sheets } => format!("Hidden sheets of the workbook with cells in them, which were not read: {sheets}."),
        Quirk::HiddenColumns { columns } => format!("Hidden columns of the sheet, which were read like the others: {columns}."),
        Quirk::HiddenRows { rows } => format!("Hidden rows of the sheet, which were read like the others: {rows}."),
        Quirk::MergedCells { ranges } => format!("Ranges of merged cells, of which only the first cell is shown; the others were read as they are stored, mostly empty: {ranges}."),
        Quirk::Formulas { cells } => format!("Formulas in the sheet, which were read as the last result that was saved: {cells}."),
        Quirk::FormulasWithoutResult { cells } => format!("Formulas in the sheet without a saved result, which were read as empty: {cells}."),
        Quirk::ErrorCells { cells } => format!("Cells of the sheet with an error such as #N/A, which were read as empty: {cells}."),
    }
}

fn french(quirk: Quirk) -> String {
    match quirk {
        Quirk::SepLine { .. } => "La première ligne de la source indique son séparateur (sep=) ; elle a été ignorée.".into(),
        Quirk::LinesAbove { lines } => format!("Lignes au-dessus de l’en-tête de la source, ignorées : {lines}."),
        Quirk::TrailingDelimiters { .. } => "Chaque ligne de la source se termine par des séparateurs que son en-tête n’a pas ; ils ont été ignorés.".into(),
        Quirk::TextFormulas { cells } => format!("Cellules de la source écrites =\"…\", lues comme le texte entre guillemets : {cells}."),
        Quirk::EndMark => "La source se termine par une marque de fin de fichier (^Z), qui a été ignorée.".into(),
        Quirk::HiddenSheets { sheets } => format!("Feuilles masquées du classeur qui contiennent des cellules, non lues : {sheets}."),
        Quirk::HiddenColumns { columns } => format!("Colonnes masquées de la feuille, lues comme les autres : {columns}."),
        Quirk::HiddenRows { rows } => format!("Lignes masquées de la feuille, lues comme les autres : {rows}."),
        Quirk::MergedCells { ranges } => format!("Plages de cellules fusionnées, dont seule la première cellule est affichée ; les autres ont été lues telles qu’enregistrées, vides le plus souvent : {ranges}."),
        Quirk::Formulas { cells } => format!("Formules de la feuille, lues comme leur dernier résultat enregistré : {cells}."),
        Quirk::FormulasWithoutResult { cells } => format!("Formules de la feuille sans résultat enregistré, lues comme vides : {cells}."),
        Quirk::ErrorCells { cells } => format!("Cellules de la feuille en erreur (#N/A…), lues comme vides : {cells}."),
    }
}

fn leftover(column: &str, kind: &Kind, masked: bool, speech: Speech) -> String {
    let (name, count) = (speech.name(column), speech.count(kind.cells));
    let (what, fate) = (
        match &kind.what {
            What::Detected(detector) => speech.name(detector),
            What::SameRow(source) => {
                let source = speech.name(source.as_str());
                speech.made(
                    || format!("what stands in {source} of the same row"),
                    || format!("ce qui figure dans {source} sur la même ligne"),
                )
            }
        },
        match masked {
            true => speech.pick("it was masked", "masqué"),
            false => speech.pick("it left as it is", "sorti tel quel"),
        },
    );
    speech.made(
        || format!("Left over in cells of {name}: {what}, {count}; {fate}."),
        || format!("Resté dans des cellules de {name} : {what}, {count} ; {fate}."),
    )
}

fn invalid<'a>(
    policy: OnInvalid,
    cells: impl Iterator<Item = (&'a str, u64)>,
    rows: u64,
    speech: Speech,
) -> String {
    let mut parts: Vec<String> = cells
        .map(|(column, count)| {
            let (name, count) = (speech.name(column), speech.count(count));
            speech.made(
                || format!("{count} in {name}"),
                || format!("{count} dans {name}"),
            )
        })
        .collect();
    if !parts.is_empty() {
        let fate = match policy {
            OnInvalid::Skip => {
                speech.pick("their rows were left out", "leurs lignes sont écartées")
            }
            OnInvalid::Blank | OnInvalid::Fail => {
                speech.pick("they left empty", "elles sont sorties vides")
            }
        };
        let all = parts.join(", ");
        parts = vec![speech.made(
            || format!("Invalid cells: {all}; {fate}."),
            || format!("Cellules non valides : {all} ; {fate}."),
        )];
    }
    if rows > 0 {
        let rows = speech.count(rows);
        parts.push(speech.made(
            || format!("Rows of the wrong width, left out: {rows}."),
            || format!("Lignes de mauvaise largeur, écartées : {rows}."),
        ));
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::lang::Language;
    use crate::base::name::Shown;

    fn both(warning: &Warning) -> [String; 2] {
        [Language::En, Language::Fr].map(|language| told(warning, Speech(language)))
    }

    #[test]
    fn every_warning_is_told_in_both_languages() {
        let column = || Shown::new("<b>nom", 1);
        let invalid = |policy| Warning::Invalid {
            policy,
            cells: vec![(column(), 3)],
            rows: 12,
        };
        for (warning, en, fr) in [
            (Warning::Unlisted(vec![column()]), "dropped", "supprimées"),
            (
                Warning::Missing(vec!["nom".into()]),
                "not in the source",
                "absentes de la source",
            ),
            (
                Warning::Doubled {
                    name: "nom".into(),
                    columns: vec![column(), column()],
                },
                "Several",
                "Plusieurs",
            ),
            (
                Warning::SpecialCategory {
                    column: column(),
                    category: SpecialCategory::Health,
                },
                "health data (GDPR art. 9)",
                "données de santé (RGPD, art. 9)",
            ),
            (
                invalid(OnInvalid::Skip),
                "fewer than 5 in",
                "moins de 5 dans",
            ),
            (invalid(OnInvalid::Blank), "left out: 12", "écartées : 12"),
            (
                Warning::LostZero {
                    column: column(),
                    cells: 12,
                },
                "first zero, and left empty: 12",
                "premier zéro, sorties vides : 12",
            ),
            (
                Warning::NoPostalCode {
                    column: column(),
                    percent: 21,
                },
                "21 % of the cells",
                "21 % des cellules",
            ),
            (Warning::Seeded, "--seed", "--seed"),
        ] {
            let [english, french] = both(&warning);
            assert!(english.contains(en), "{english}");
            assert!(french.contains(fr), "{french}");
            assert_ne!(english, french);
        }
    }

    #[test]
    fn every_category_has_both_names() {
        let mut names: Vec<&str> = Vec::new();
        for known in SpecialCategory::ALL {
            let words = category(known);
            names.extend([words.en, words.fr]);
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 16);
    }
}
