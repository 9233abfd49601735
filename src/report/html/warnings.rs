//! The warnings of a run, for people in both languages.

use super::speech::Speech;
use crate::base::lang::Fixed;
use crate::engine::leftover::{Kind, What};
use crate::engine::warning::Warning;
use crate::io::quirk::Quirk;
use crate::rules::SpecialCategory;
use crate::rules::policy::OnInvalid;

/// What a special category of data is, for the middle of a sentence.
pub(super) const fn category(category: SpecialCategory) -> Fixed {
    category.description()
}

/// A warning in a sentence.
pub(super) fn told(warning: &Warning, speech: Speech) -> String {
    match warning {
        Warning::Unlisted(columns) => {
            let names = speech.names(columns.iter().map(|column| column.as_str()));
            text!(
                "Not in the rule table, and therefore dropped: {names}.",
                names
            )
        }
        Warning::Missing(columns) => {
            let names = speech.names(columns.iter().map(String::as_str));
            text!("In the rule table, but not in the source: {names}.", names)
        }
        Warning::Doubled { name, columns } => {
            let names = speech.names(columns.iter().map(|column| column.as_str()));
            let name = speech.name(name);
            text!(
                "Several columns of the source are {name} to the rule table, and each got its rule: {names}.",
                name,
                names
            )
        }
        Warning::Formulas(cells) => {
            let counts: Vec<String> = cells
                .iter()
                .map(|(column, count)| {
                    let (name, count) = (speech.name(column.as_str()), speech.count(*count));
                    text!("{count} in {name}", count, name)
                })
                .collect();
            let counts = counts.join(", ");
            text!(
                "Cells that a spreadsheet would run as formulas when it opens the file: {counts}.",
                counts
            )
        }
        Warning::SpecialCategory { column, category } => {
            let name = speech.name(column.as_str());
            let what = self::category(*category).get();
            text!(
                "The source column {name} holds {what} (GDPR art. 9). It was dropped here, but it \
                 must not be collected without one of the grounds of art. 9(2) and should be deleted \
                 at the source.",
                name,
                what
            )
        }
        Warning::Invalid {
            policy,
            cells,
            rows,
        } => invalid(
            *policy,
            cells
                .iter()
                .map(|(column, count)| (column.as_str(), *count)),
            *rows,
            speech,
        ),
        Warning::Nobody(counts) => {
            let rows = speech.count(counts.all());
            text!(
                "Rows that are nobody (repeated headers, blank rows, totals) were left out: {rows}.",
                rows
            )
        }
        Warning::Undecided { column, cells } => {
            let (name, cells) = (speech.name(column.as_str()), speech.count(*cells));
            text!(
                "Cells of {name} could not be read to decide about their rows, which were left out: {cells}.",
                name,
                cells
            )
        }
        Warning::LostZero { column, cells } => {
            let (name, cells) = (speech.name(column.as_str()), speech.count(*cells));
            text!(
                "Cells of {name} that are postal codes without their first zero, and left empty: {cells}.",
                name,
                cells
            )
        }
        Warning::NoPostalCode { column, percent } => {
            let name = speech.name(column.as_str());
            text!(
                "{percent} % of the cells of {name} have no French postal code and left empty.",
                percent,
                name
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
            text!(
                "Column {name} is kept but is free text ({distinct} different texts in {cells} \
                 cells): it may name people that no detector finds.",
                name,
                distinct,
                cells
            )
        }
        Warning::Alike(column) => {
            let name = speech.name(column.as_str());
            text!(
                "Column {name} is encrypted deterministically: everybody sees which rows share a \
                 value, and only the seal of a row, where there is one, shows that a text was copied into it.",
                name
            )
        }
        Warning::DrawnAnew(columns) => {
            let columns = speech.names(columns.iter().map(|column| column.as_str()));
            text!(
                "Each run draws anew for {columns}: of many exports of the same persons their true \
                 values can be worked out.",
                columns
            )
        }
        Warning::AgesOfYear(columns) => {
            let columns = speech.names(columns.iter().map(|column| column.as_str()));
            text!(
                "Ages are counted on 1 January of the year of the run for {columns}: the rule says \
                 no other day.",
                columns
            )
        }
        Warning::UnusedKey(role) => {
            let name = speech.name(role.as_str());
            text!(
                "A key of the role {name} was given, but the rule table does not name that role.",
                name
            )
        }
        Warning::Quirk(quirk) => recognised(*quirk),
        Warning::RowsOfPersons { column, repeats } => {
            let name = speech.name(column.as_str());
            let (rows, persons) = (speech.count(repeats.rows), speech.count(repeats.persons));
            text!(
                "By the source column {name}, {rows} rows are those of {persons} persons. The \
                 figures here count rows: a person with several rows is not hidden among them. Name \
                 the column with --person to count persons.",
                name,
                rows,
                persons
            )
        }
        Warning::Rare {
            k,
            persons,
            columns,
        } => {
            let values = columns.iter().map(|(column, values)| {
                let (name, values) = (speech.name(column), speech.whole(*values));
                text!("{values} in {name}", values, name)
            });
            let values = values.collect::<Vec<_>>().join(", ");
            match persons {
                true => text!(
                    "Values that fewer than {k} persons have: {values}. One of them may be enough to \
                     know somebody by: use wider brackets, or drop the column.",
                    k,
                    values
                ),
                false => text!(
                    "Values that fewer than {k} rows have: {values}. One of them may be enough to \
                     know somebody by: use wider brackets, or drop the column.",
                    k,
                    values
                ),
            }
        }
        Warning::HeldBack {
            waiting,
            retired,
            k,
        } => {
            let (waiting, retired) = (speech.whole(*waiting), speech.whole(*retired));
            text!(
                "Rows not published, so that nobody is told apart by comparing two outputs: {waiting} newcomers, until \
                 {k} persons can be published together, and {retired} rows of groups that have become smaller than {k}, or \
                 that were away once.",
                waiting,
                k,
                retired
            )
        }
        Warning::Seeded => fixed!(
            "The run was made with --seed: its row index, row order and noise can be worked out \
             again. That is for tests only, never for data that leave."
        )
        .to_string(),
    }
}

/// What was recognised in the source beside plain CSV.
fn recognised(quirk: Quirk) -> String {
    match quirk {
        Quirk::SepLine { .. } => fixed!("The first line of the source names its delimiter (sep=); it was skipped.").to_string(),
        Quirk::LinesAbove { lines } => text!("Lines above the header of the source, which were skipped: {lines}.", lines),
        Quirk::TrailingDelimiters { .. } => fixed!("Every row of the source ends with delimiters that its header does not have; they were ignored.").to_string(),
        Quirk::TextFormulas { cells } => text!("Cells of the source written as =\"…\", which were read as the text in the quotes: {cells}.", cells),
        Quirk::EndMark => fixed!("The source ends with an end-of-file mark (^Z), which was ignored.").to_string(),
        Quirk::HiddenSheets { sheets } => text!("Hidden sheets of the workbook with cells in them, which were not read: {sheets}.", sheets),
        Quirk::HiddenColumns { columns } => text!("Hidden columns of the sheet, which were read like the others: {columns}.", columns),
        Quirk::HiddenRows { rows } => text!("Hidden rows of the sheet, which were read like the others: {rows}.", rows),
        Quirk::MergedCells { ranges } => text!("Ranges of merged cells, of which only the first cell is shown; the others were read as they are stored, mostly empty: {ranges}.", ranges),
        Quirk::Formulas { cells } => text!("Formulas in the sheet, which were read as the last result that was saved: {cells}.", cells),
        Quirk::FormulasWithoutResult { cells } => text!("Formulas in the sheet without a saved result, which were read as empty: {cells}.", cells),
        Quirk::ErrorCells { cells } => text!("Cells of the sheet with an error such as #N/A, which were read as empty: {cells}.", cells),
    }
}

fn leftover(column: &str, kind: &Kind, masked: bool, speech: Speech) -> String {
    let (name, count) = (speech.name(column), speech.count(kind.cells));
    let (what, fate) = (
        match &kind.what {
            What::Detected(detector) => speech.name(detector),
            What::SameRow(source) => {
                let source = speech.name(source.as_str());
                text!("what stands in {source} of the same row", source)
            }
        },
        match masked {
            true => fixed!("it was masked").get(),
            false => fixed!("it left as it is").get(),
        },
    );
    text!(
        "Left over in cells of {name}: {what}, {count}; {fate}.",
        name,
        what,
        count,
        fate
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
            text!("{count} in {name}", count, name)
        })
        .collect();
    if !parts.is_empty() {
        let fate = match policy {
            OnInvalid::Skip => fixed!("their rows were left out").get(),
            OnInvalid::Blank | OnInvalid::Fail => fixed!("they left empty").get(),
        };
        let all = parts.join(", ");
        parts = vec![text!("Invalid cells: {all}; {fate}.", all, fate)];
    }
    if rows > 0 {
        let rows = speech.count(rows);
        parts.push(text!("Rows of the wrong width, left out: {rows}.", rows));
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::lang::{Language, speaking};
    use crate::base::name::Shown;

    fn both(warning: &Warning) -> [String; 2] {
        [Language::En, Language::Fr].map(|language| speaking(language, || told(warning, Speech)))
    }

    #[test]
    fn every_warning_is_told_in_both_languages() {
        let column = || Shown::new("<b>nom", 1);
        let invalid = |policy| Warning::Invalid {
            policy,
            cells: vec![(column(), 3)],
            rows: 12,
        };
        for (warning, en, fr) in cases![
            Warning::Unlisted(vec![column()]), "dropped", "supprimées";
            Warning::Missing(vec!["nom".into()]), "not in the source", "absentes de la source";
            Warning::Doubled { name: "nom".into(), columns: vec![column(), column()], }, "Several", "Plusieurs";
            Warning::SpecialCategory {
                column: column(),
                category: SpecialCategory::Health,
            },
            "health data (GDPR art. 9)",
            "données de santé (RGPD, art. 9)";
            invalid(OnInvalid::Skip), "fewer than 5 in", "moins de 5 dans";
            invalid(OnInvalid::Blank), "left out: 12", "écartées : 12";
            Warning::LostZero {
                column: column(),
                cells: 12,
            },
            "first zero, and left empty: 12",
            "premier zéro, exportées vides : 12";
            Warning::NoPostalCode { column: column(), percent: 21, }, "21 % of the cells", "21 % des cellules";
            Warning::DrawnAnew(vec![column()]), "Each run draws anew", "un nouveau tirage";
            Warning::AgesOfYear(vec![column()]), "1 January", "au 1er janvier";
            Warning::HeldBack { waiting: 12, retired: 3, k: 5, }, "12 newcomers", "12 nouvelles";
            Warning::Seeded, "--seed", "--seed";
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
            let name = category(known);
            names.extend([name.english(), speaking(Language::Fr, || name.get())]);
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 16);
    }
}
