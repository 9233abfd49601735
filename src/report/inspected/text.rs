//! An inspection for people, in English or French.

use std::fmt::Write;

use super::{Inspected, detected, rule_name, shown, words};
use crate::base::lang::{Language, Whole, speaking};
use crate::base::plural::counted;
use crate::engine::inspect::{Column, Rule};
use crate::report::leftover::detector_title;

/// What is in a file, for people.
pub fn inspect_text(inspected: &Inspected<'_>, language: Language) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = speaking(language, || write(inspected, &mut text));
    text
}

fn write(inspected: &Inspected<'_>, out: &mut String) -> std::fmt::Result {
    let (inspection, dialect) = (inspected.inspection, &inspected.dialect);
    let rows = counted(inspection.rows, "row");
    let columns = counted(inspection.columns.len(), "column");
    let head = match &dialect.sheet {
        Some(sheet) => text!(
            "{rows}, {columns}; workbook, sheet {sheet}",
            rows,
            columns,
            sheet
        ),
        None => text!(
            "{rows}, {columns}; delimiter {delimiter}, {encoding}, line ends {line_ends}, \
             compression {compression}",
            rows,
            columns,
            delimiter = words::of_dialect(dialect.delimiter()),
            encoding = dialect.encoding(),
            line_ends = words::of_dialect(dialect.line_end()),
            compression = words::of_dialect(dialect.compression())
        ),
    };
    writeln!(out, "{head}")?;
    if inspection.wrong_width > 0 {
        let told = plural!(
            inspection.wrong_width,
            "{n} row of another width than the header, not counted below",
            "{n} rows of another width than the header, not counted below"
        );
        writeln!(out, "{told}")?;
    }
    let nobody = inspection.nobody;
    for (count, what) in [
        (nobody.headers, fixed!("the header again")),
        (nobody.blank + nobody.rules, fixed!("a blank row")),
        (nobody.totals, fixed!("a total")),
    ] {
        if count > 0 {
            let count = Whole(count);
            writeln!(
                out,
                "{}",
                text!("{count} × {what}, not counted below", count, what)
            )?;
        }
    }
    if inspection.may_lack_header {
        writeln!(out, "{}", words::may_lack_header())?;
    }
    for (position, column) in (1..).zip(&inspection.columns) {
        let name = shown(inspection, column, position);
        let name = match name {
            Some(name) => name.to_string(),
            None => text!("column {position}", position),
        };
        writeln!(out, "\n{name}")?;
        write_column(column, out)?;
    }
    let limits = fixed!(
        "A proposal is no proof: read it before you use it. `crm-anon inspect FILE --suggest` prints \
         it as a rule table."
    );
    writeln!(out, "\n{limits}")
}

fn write_column(column: &Column, out: &mut String) -> std::fmt::Result {
    let (profile, proposal) = (&column.profile, &column.proposal);
    let about = if profile.distinct.is_exact() {
        ""
    } else {
        "≈ "
    };
    writeln!(
        out,
        "  {}",
        text!(
            "filled {share}, {about}{values}, {kind}",
            share = percent(profile.filled(), profile.rows),
            about,
            values = counted(profile.distinct.count(), "value"),
            kind = words::kind(column.kind)
        )
    )?;
    let found: Vec<String> = detected(profile)
        .map(|(name, cells)| {
            let name = detector_title(name);
            format!("{name} {}", percent(cells, profile.filled()))
        })
        .collect();
    if !found.is_empty() {
        writeln!(out, "  {} {}", fixed!("found:"), found.join(", "))?;
    }
    let shapes: Vec<String> = profile
        .shapes
        .shown()
        .into_iter()
        .map(|(shape, rows)| format!("{shape} ({rows})"))
        .collect();
    if !shapes.is_empty() {
        writeln!(out, "  {} {}", fixed!("shapes:"), shapes.join(", "))?;
    }
    for (text, rows) in profile.sentinels() {
        let share = percent(rows, profile.rows);
        writeln!(
            out,
            "  {}",
            text!(
                "{text} in {share}: no date; `missing` in the rule table empties it",
                text,
                share
            )
        )?;
    }
    let options = match proposal.rule {
        Rule::Bucket { width, .. } => format!(" {width}"),
        Rule::Drop(Some(_)) => " (art. 9)".to_owned(),
        _ => String::new(),
    };
    let attribute = words::attribute(proposal.attribute);
    let reason = words::reason(proposal.reason);
    let rule = format!("{}{options}", rule_name(proposal.rule));
    let told = text!("{attribute} → {rule}: {reason}", attribute, rule, reason);
    writeln!(out, "  {told}")
}

/// A share in percent with one decimal, never rounded to none or all.
fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "0 %".to_owned();
    }
    let mille = u128::from(part) * 1000 / u128::from(whole);
    let (sign, mille) = match (part, mille) {
        (1.., 0) => ("< ", 1),
        _ => ("", mille),
    };
    let mark = fixed!(".");
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
            let told = |language| speaking(language, || percent(part, whole));
            assert_eq!(told(Language::En), english);
            assert_eq!(told(Language::Fr), french);
        }
    }
}
