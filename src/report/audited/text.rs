//! The figures of an audit for people.

mod persons;

use std::fmt::Write;

use super::population::write_population;
use super::{Audited, Judged, JudgedBy};
use crate::base::lang::{Decimal, Fixed, Language, Whole, grouped, speaking};
use crate::base::plural::counted;
use crate::privacy::advice::Advice;
use crate::privacy::audit::{Audit, QuasiColumn};
use crate::privacy::measures::Risk;
use crate::privacy::score::{Facts, score};
use crate::rules::table::Attribute;

/// The figures for people.
pub fn audit_text(audited: &Audited<'_>, language: Language) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = speaking(language, || write(audited, &mut text));
    text
}

/// Who says that columns are counted, as what, and how that reads.
static COUNTED: [(Attribute, JudgedBy, Fixed); 6] = [
    (
        Attribute::QuasiIdentifying,
        JudgedBy::Rules,
        fixed!("quasi-identifying by the rule table"),
    ),
    (
        Attribute::QuasiIdentifying,
        JudgedBy::Options,
        fixed!("quasi-identifying as said with --quasi"),
    ),
    (
        Attribute::QuasiIdentifying,
        JudgedBy::Contents,
        fixed!(
            "quasi-identifying by name and contents (--quasi, --sensitive or --ignore to say otherwise)"
        ),
    ),
    (
        Attribute::Sensitive,
        JudgedBy::Rules,
        fixed!("sensitive by the rule table"),
    ),
    (
        Attribute::Sensitive,
        JudgedBy::Options,
        fixed!("sensitive as said with --sensitive"),
    ),
    (
        Attribute::Sensitive,
        JudgedBy::Contents,
        fixed!("sensitive by name and contents"),
    ),
];

/// Why columns are not counted: in the order in which they are listed.
static NOT_COUNTED: [Fixed; 6] = [
    fixed!("not counted, the index"),
    fixed!("not counted, left out with --ignore"),
    fixed!("not counted, identifying (no such column should be in a file that is shared)"),
    fixed!("not counted, insensitive"),
    fixed!("not counted, not named with --quasi"),
    fixed!("not counted, tells whose rows are whose"),
];

fn write(audited: &Audited<'_>, out: &mut String) -> std::fmt::Result {
    let audit = audited.audit;
    let rows = match audit.rows() {
        1 => text!("{rows} row", rows = whole(1)),
        rows => text!("{rows} rows", rows = whole(rows)),
    };
    let columns = counted(audit.quasi.len(), "quasi-identifying column");
    writeln!(out, "{rows}, {columns}")?;
    persons::write_persons(audit, out)?;
    write_columns_counted(audited, out)?;
    individualisation(audit, out)?;
    write_population(audit, out)?;
    write_costs(audit, out)?;
    inference(audit, out)?;
    advice(audit, out)?;
    let score = score(&Facts::from(audit));
    let (letter, points, out_of) = (score.letter.text(), score.points, score.out_of);
    let told = text!(
        "Score, of what a file at rest tells: {letter} ({points}/{out_of})",
        letter,
        points,
        out_of
    );
    writeln!(out, "\n{told}")?;
    if audit.population.is_some() {
        let limits = fixed!(
            "Linkability: this is a file at rest; whether its index can be predicted and whether it \
             was exported before is not known from it. Counts hold for the columns named above: what \
             else somebody knows, they do not tell."
        );
        return writeln!(out, "\n{limits}");
    }
    let limits = fixed!(
        "Linkability: this is a file at rest; whether its index can be predicted and whether it \
         was exported before is not known from it. Counts hold for the columns named above: what \
         else somebody knows, they do not tell. The journalist's risk takes the file for the \
         whole population: --population FILE measures it in a census, --population insee in the \
         inhabitants of French postal codes."
    );
    writeln!(out, "\n{limits}")
}

/// Which columns the figures hold for, and which they do not.
fn write_columns_counted(audited: &Audited<'_>, out: &mut String) -> std::fmt::Result {
    let mut list = |what: Fixed, is_in: &dyn Fn(&Judged) -> bool| {
        let columns = audited.columns.iter().filter(|judged| is_in(judged));
        let columns: Vec<String> = columns.map(|judged| judged.column.to_string()).collect();
        match columns.is_empty() {
            true => Ok(()),
            false => {
                let columns = columns.join(", ");
                writeln!(out, "  {}", text!("{what}: {columns}", what, columns))
            }
        }
    };
    for (attribute, by, what) in COUNTED {
        list(what, &|judged| {
            judged.counted_as() == Some(attribute) && judged.by == by
        })?;
    }
    let why = |judged: &Judged| match (judged.by, judged.attribute) {
        (JudgedBy::Index, _) => 0,
        (JudgedBy::Options, _) => 1,
        (JudgedBy::Person, _) => 5,
        (_, Some(Attribute::Identifying)) => 2,
        (_, Some(_)) => 3,
        (_, None) => 4,
    };
    for (at, what) in NOT_COUNTED.into_iter().enumerate() {
        list(what, &|judged| {
            judged.counted_as().is_none() && why(judged) == at
        })?;
    }
    Ok(())
}

fn individualisation(audit: &Audit, out: &mut String) -> std::fmt::Result {
    let (sizes, small) = (&audit.sizes, &audit.sizes.small);
    let under = |limit: u8| persons::under(audit, limit);
    let mut lines = vec![
        (
            fixed!("equivalence classes").to_string(),
            whole(small.classes),
            String::new(),
        ),
        (
            fixed!("k, the smallest class").to_string(),
            whole(small.k),
            String::new(),
        ),
    ];
    for (name, rows) in [
        (persons::alone(audit).to_string(), small.unique_rows),
        (under(3), small.rows_under_3),
        (under(5), small.rows_under_5),
        (under(11), small.rows_under_11),
    ] {
        lines.push((name, whole(rows), percent(rows, sizes.rows)));
    }
    if let Some(seen) = &audit.published {
        let name = fixed!("rows alone, insensitive columns known too").to_string();
        let estimated = || fixed!("(sample)").to_string();
        let counted = seen.exact.then(String::new);
        lines.push((name, counted.unwrap_or_else(estimated), share(seen.alone)));
    }
    writeln!(out, "\n{}", fixed!("Singling out"))?;
    for (name, number, share) in lines {
        let line = format!("  {name:<42} {number:>14} {share:>10}");
        writeln!(out, "{}", line.trim_end())?;
    }
    let risks = &audit.risks;
    for (name, told) in [
        (
            fixed!("risk, prosecutor"),
            risk(risks.prosecutor, risks.threshold),
        ),
        (
            fixed!("risk, journalist"),
            risk(risks.journalist, risks.threshold),
        ),
        (
            fixed!("risk, marketer"),
            text!("average {average}", average = share(risks.marketer)),
        ),
    ] {
        writeln!(out, "  {name:<42} {told}")?;
    }
    Ok(())
}

pub(super) fn risk(risk: Risk, threshold: f64) -> String {
    text!(
        "highest {highest}, rows above {threshold} {above}, average {average}",
        highest = share(risk.highest),
        threshold = share(threshold),
        above = share(risk.rows_above),
        average = share(risk.average)
    )
}

fn write_costs(audit: &Audit, out: &mut String) -> std::fmt::Result {
    let head = fixed!("column");
    let names = audit.quasi.iter().map(|column| column.name.as_str());
    let width = width(head.get(), names);
    let title = fixed!("What each quasi-identifying column costs");
    writeln!(out, "\n{title}")?;
    writeln!(
        out,
        "  {head:<width$} {:>10} {:>18}  {}",
        fixed!("values"),
        fixed!("unique without it"),
        fixed!("unique at each step")
    )?;
    for QuasiColumn {
        name,
        measures,
        steps,
    } in &audit.quasi
    {
        let share = |rows: u64| percent(rows, audit.sizes.rows);
        let without = share(measures.without.unique_rows);
        let steps = steps.iter().zip(&measures.steps).skip(1);
        let steps: Vec<String> = steps
            .map(|(step, small)| {
                let (step, share) = (step_title(step), share(small.unique_rows));
                text!("{step}: {share}", step, share)
            })
            .collect();
        let values = whole(measures.distinct);
        writeln!(
            out,
            "  {name:<width$} {values:>10} {without:>18}  {}",
            steps.join(", ")
        )?;
    }
    Ok(())
}

fn inference(audit: &Audit, out: &mut String) -> std::fmt::Result {
    writeln!(out, "\n{}", fixed!("Inference"))?;
    if audit.sensitive.is_empty() {
        return writeln!(out, "  {}", fixed!("no sensitive column was named"));
    }
    let head = fixed!("column");
    let names = audit.sensitive.iter().map(|column| column.name.as_str());
    let width = width(head.get(), names);
    writeln!(
        out,
        "  {head:<width$} {:>4} {:>12} {:>8} {:>17}  {}",
        "l",
        fixed!("entropy l"),
        "t",
        fixed!("largest share"),
        persons::of_one_value(audit)
    )?;
    for column in &audit.sensitive {
        let (name, measures) = (&column.name, &column.measures);
        writeln!(
            out,
            "  {name:<width$} {:>4} {:>12} {:>8} {:>17}  {} ({})",
            measures.l_distinct,
            Decimal(measures.l_entropy, 3),
            Decimal(measures.t, 4),
            share(measures.largest_share),
            whole(measures.rows_of_one_value),
            percent(measures.rows_of_one_value, audit.sizes.rows)
        )?;
    }
    Ok(())
}

fn advice(audit: &Audit, out: &mut String) -> std::fmt::Result {
    writeln!(out, "\n{}", fixed!("Advice"))?;
    let advice = audit.advice();
    if advice.is_empty() && audit.plan.is_empty() {
        let none = fixed!("no single step leaves fewer unique rows");
        writeln!(out, "  {none}")?;
    }
    let now = audit.sizes.small.unique_rows;
    for advice in advice {
        writeln!(out, "  {}", step_told(audit, now, &advice))?;
    }
    if audit.plan.is_empty() {
        return Ok(());
    }
    let plan = fixed!("no single step is enough; these together are, one after the other:");
    writeln!(out, "  {plan}")?;
    let mut before = now;
    for (number, step) in (1..).zip(&audit.plan) {
        writeln!(out, "  {number}. {}", step_told(audit, before, step))?;
        before = step.after.unique_rows;
    }
    Ok(())
}

/// What a step does to the rows that are alone, of which there were so many.
fn step_told(audit: &Audit, before: u64, advice: &Advice) -> String {
    let share = |rows: u64| percent(rows, audit.sizes.rows);
    let step = match advice.step.as_str() {
        "*" => fixed!("leave it out").to_string(),
        step => step_title(step),
    };
    text!(
        "{column} → {step}: {alone} {before} → {after}",
        column = advice.column,
        alone = persons::alone(audit),
        step,
        before = share(before),
        after = share(advice.after.unique_rows)
    )
}

/// What a step of a ladder is, by its title, which stays English for machines: `5 years`.
pub(in crate::report) fn step_title(title: &str) -> String {
    let number = |text: &str| text.parse::<u64>().ok().map(Whole);
    if let Some(years) = title.strip_suffix(" years").and_then(number) {
        return text!("{years} years", years);
    }
    if title == "1 character" {
        return fixed!("1 character").to_string();
    }
    if let Some(characters) = title.strip_suffix(" characters").and_then(number) {
        return text!("{characters} characters", characters);
    }
    if let Some(level) = title.strip_prefix("level ").and_then(number) {
        return text!("level {level}", level);
    }
    if let Some(people) = title.strip_prefix("min_population = ").and_then(number) {
        return text!("min_population = {people}", people);
    }
    match title {
        "month" => fixed!("month").to_string(),
        "year" => fixed!("year").to_string(),
        _ => number(title).map_or_else(|| title.to_owned(), |width| width.to_string()),
    }
}

pub(in crate::report) fn percent(part: u64, whole: u64) -> String {
    share(part as f64 / whole.max(1) as f64)
}

pub(super) fn share(share: f64) -> String {
    text!("{percent}%", percent = Decimal(100.0 * share, 2))
}

/// A whole number, in groups of three digits.
pub(in crate::report) fn whole(number: u64) -> String {
    match Language::in_use() {
        Language::En => grouped(number, ','),
        Language::Fr => Whole(number).to_string(),
    }
}

/// How wide a column of names is, in characters.
fn width<'a>(head: &str, names: impl Iterator<Item = &'a str>) -> usize {
    let names = names.map(|name| name.chars().count());
    names.chain([head.chars().count()]).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_language_does() {
        for (number, english, french) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1_000, "1,000", "1\u{202f}000"),
            (1_234_567, "1,234,567", "1\u{202f}234\u{202f}567"),
        ] {
            assert_eq!(speaking(Language::En, || whole(number)), english);
            assert_eq!(speaking(Language::Fr, || whole(number)), french);
        }
        assert_eq!(speaking(Language::En, || percent(1, 8)), "12.50%");
        assert_eq!(speaking(Language::Fr, || percent(1, 8)), "12,50\u{202f}%");
        assert_eq!(speaking(Language::Fr, || percent(0, 0)), "0,00\u{202f}%");
    }
}
