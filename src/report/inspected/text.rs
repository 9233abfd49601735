//! An inspection for people, in English or French.

use std::fmt::Write;

use super::{Inspected, detected, rule_name, shown, words};
use crate::base::lang::Language;
use crate::engine::inspect::{Column, Rule};

/// What is in a file, for people.
pub fn inspect_text(inspected: &Inspected<'_>, language: Language) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write(inspected, language, &mut text);
    text
}

fn write(inspected: &Inspected<'_>, language: Language, out: &mut String) -> std::fmt::Result {
    let say = |english, french| words::either(language, english, french);
    let (inspection, dialect) = (inspected.inspection, &inspected.dialect);
    let rows = words::rows(language, inspection.rows);
    let columns = words::columns(language, inspection.columns.len());
    match &dialect.sheet {
        Some(sheet) => writeln!(
            out,
            "{rows}, {columns}; {} {sheet}",
            say("workbook, sheet", "classeur, feuille"),
        )?,
        None => writeln!(
            out,
            "{rows}, {columns}; {} {}, {}, {} {}, {} {}",
            say("delimiter", "séparateur"),
            dialect.delimiter(),
            dialect.encoding(),
            say("line ends", "fins de ligne"),
            dialect.line_end(),
            say("compression", "compression"),
            dialect.compression(),
        )?,
    }
    if inspection.wrong_width > 0 {
        let what = say(
            "of another width than the header, not counted below",
            "d'une autre largeur que l'en-tête, non comptées ci-dessous",
        );
        let rows = words::rows(language, inspection.wrong_width);
        writeln!(out, "{rows} {what}")?;
    }
    let nobody = inspection.nobody;
    for (count, what) in [
        (nobody.headers, say("the header again", "l'en-tête répété")),
        (
            nobody.blank + nobody.rules,
            say("a blank row", "une ligne vide"),
        ),
        (nobody.totals, say("a total", "un total")),
    ] {
        if count > 0 {
            let fate = say("not counted below", "hors compte ci-dessous");
            writeln!(out, "{count} × {what}, {fate}")?;
        }
    }
    if inspection.may_lack_header {
        writeln!(out, "{}", words::may_lack_header(language))?;
    }
    for (position, column) in (1..).zip(&inspection.columns) {
        let name = shown(inspection, column, position);
        let name = match name {
            Some(name) => name.to_string(),
            None => format!("{} {position}", say("column", "colonne")),
        };
        writeln!(out, "\n{name}")?;
        write_column(column, language, out)?;
    }
    let limits = say(
        "A proposal is no proof: read it before you use it. `crm-anon inspect FILE --suggest` prints \
         it as a rule table.",
        "Une proposition n'est pas une preuve : relisez-la avant de l'utiliser. `crm-anon inspect \
         FICHIER --suggest` l'écrit sous forme de table de règles.",
    );
    writeln!(out, "\n{limits}")
}

fn write_column(column: &Column, language: Language, out: &mut String) -> std::fmt::Result {
    let say = |english, french| words::either(language, english, french);
    let (profile, proposal) = (&column.profile, &column.proposal);
    let about = if profile.distinct.is_exact() {
        ""
    } else {
        "≈ "
    };
    writeln!(
        out,
        "  {} {}, {about}{}, {}",
        say("filled", "remplie à"),
        percent(profile.filled(), profile.rows, language),
        words::values(language, profile.distinct.count()),
        words::kind(language, column.kind),
    )?;
    let found: Vec<String> = detected(profile)
        .map(|(name, cells)| format!("{name} {}", percent(cells, profile.filled(), language)))
        .collect();
    if !found.is_empty() {
        writeln!(out, "  {} {}", say("found:", "trouvé :"), found.join(", "))?;
    }
    let shapes: Vec<String> = profile
        .shapes
        .shown()
        .into_iter()
        .map(|(shape, rows)| format!("{shape} ({rows})"))
        .collect();
    if !shapes.is_empty() {
        writeln!(
            out,
            "  {} {}",
            say("shapes:", "formes :"),
            shapes.join(", ")
        )?;
    }
    let options = match proposal.rule {
        Rule::Bucket { width, .. } => format!(" {width}"),
        Rule::Drop(Some(_)) => " (art. 9)".to_owned(),
        _ => String::new(),
    };
    let attribute = words::attribute(language, proposal.attribute);
    let reason = words::reason(language, proposal.reason);
    writeln!(
        out,
        "  {attribute} → {}{options}: {reason}",
        rule_name(proposal.rule)
    )
}

/// A share in percent with one decimal, never rounded to none or all.
fn percent(part: u64, whole: u64, language: Language) -> String {
    if whole == 0 {
        return "0 %".to_owned();
    }
    let mille = u128::from(part) * 1000 / u128::from(whole);
    let (sign, mille) = match (part, mille) {
        (1.., 0) => ("< ", 1),
        _ => ("", mille),
    };
    let mark = words::either(language, ".", ",");
    match mille % 10 {
        0 => format!("{sign}{} %", mille / 10),
        tenth => format!("{sign}{}{mark}{tenth} %", mille / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_never_rounded_to_none_or_all() {
        for (part, whole, english, french) in [
            (0, 0, "0 %", "0 %"),
            (0, 9, "0 %", "0 %"),
            (1, 3, "33.3 %", "33,3 %"),
            (9999, 10_000, "99.9 %", "99,9 %"),
            (1, 10_000, "< 0.1 %", "< 0,1 %"),
            (7, 7, "100 %", "100 %"),
        ] {
            assert_eq!(percent(part, whole, Language::En), english);
            assert_eq!(percent(part, whole, Language::Fr), french);
        }
    }
}
