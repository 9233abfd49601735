//! The figures of a comparison for people.

use std::fmt::Write;

use super::{Compared, Pair};
use crate::base::lang::{Fixed, Language, speaking};
use crate::base::plural::counted;
use crate::privacy::compare::Role;
use crate::report::audited::{percent, whole};

/// The figures for people.
pub fn compare_text(compared: &Compared<'_>, language: Language) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = speaking(language, || write(compared, &mut text));
    text
}

fn write(compared: &Compared<'_>, out: &mut String) -> std::fmt::Result {
    for (what, role) in [
        (fixed!("quasi-identifying"), Role::QuasiIdentifying),
        (fixed!("sensitive"), Role::Sensitive),
        (fixed!("other published columns"), Role::Other),
    ] {
        list(what, compared.named(role).map(ToString::to_string), out)?;
    }
    let left_out = compared.left_out.iter().map(ToString::to_string);
    list(fixed!("not compared"), left_out, out)?;
    for pair in compared.pairs {
        write_pair(compared, pair, out)?;
    }
    let limits = match compared.persons {
        true => fixed!(
            "Persons are counted, each as exposed as the most exposed of their rows. What else somebody \
             knows, the figures do not tell."
        ),
        false => fixed!(
            "Rows are counted, each taken for one person (--person says otherwise). What else somebody \
             knows, the figures do not tell."
        ),
    };
    writeln!(out, "\n{limits}")
}

fn list(what: Fixed, names: impl Iterator<Item = String>, out: &mut String) -> std::fmt::Result {
    let columns: Vec<String> = names.collect();
    match columns.is_empty() {
        true => Ok(()),
        false => {
            let columns = columns.join(", ");
            writeln!(out, "{}", text!("{what}: {columns}", what, columns))
        }
    }
}

fn write_pair(compared: &Compared<'_>, pair: &Pair, out: &mut String) -> std::fmt::Result {
    let found = &pair.found;
    let size = |counts: crate::privacy::compare::Counts| match compared.persons {
        true => counted(counts.holders, "person"),
        false => counted(counts.rows, "row"),
    };
    let (files, old, new) = (compared.title(pair), size(found.old), size(found.new));
    writeln!(
        out,
        "\n{}",
        text!("{files} ({old}, {new})", files, old, new)
    )?;
    let all = found.new.holders;
    let (candidates, newcomers) = (found.candidates, found.newcomers);
    let lines = [
        (
            fixed!("linked one to one, by all columns"),
            found.linked,
            all,
        ),
        (
            fixed!("linked one to one, quasi-identifiers alone"),
            found.linked_by_quasi,
            all,
        ),
        (fixed!("one candidate"), candidates.one, all),
        (fixed!("fewer than 3 candidates"), candidates.under_3, all),
        (fixed!("fewer than 5 candidates"), candidates.under_5, all),
        (fixed!("fewer than 11 candidates"), candidates.under_11, all),
        (fixed!("newcomers, who match nobody"), newcomers.all, all),
        (
            fixed!("… not even by quasi-identifiers"),
            newcomers.by_quasi,
            newcomers.all,
        ),
        (
            fixed!("… alone among their like"),
            newcomers.alone,
            newcomers.all,
        ),
        (
            fixed!("… in groups of fewer than 5"),
            newcomers.under_5,
            newcomers.all,
        ),
        (
            fixed!("gone since the older release"),
            found.gone,
            found.old.holders,
        ),
    ];
    let fewest = fixed!("fewest candidates");
    writeln!(out, "  {fewest:<46} {:>12}", whole(candidates.least))?;
    for (name, number, of) in lines {
        line(name, number, of, out)?;
    }
    let (order, rows) = (found.order, found.new.rows);
    line(
        fixed!("rows like the row at their position"),
        order.same_position,
        rows,
        out,
    )?;
    line(
        fixed!("linked rows in the same order"),
        order.in_order,
        order.pairs,
        out,
    )?;
    if let Some(index) = found.index {
        line(
            fixed!("rows with an index of the older release"),
            index.same,
            rows,
            out,
        )?;
        line(
            fixed!("… that are like the row with that index"),
            index.agree,
            index.same,
            out,
        )?;
    }
    for (column, certain) in compared.named(Role::Sensitive).zip(&found.certain) {
        let of = text!(
            "{alone} by the newer release alone",
            alone = percent(certain.alone, all)
        );
        let told = text!("value of {column} is certain", column);
        let (number, share) = (whole(certain.together), percent(certain.together, all));
        writeln!(out, "  {told:<46} {number:>12} {share:>10}  ({of})")?;
    }
    Ok(())
}

fn line(name: Fixed, number: u64, of: u64, out: &mut String) -> std::fmt::Result {
    let (number, share) = (whole(number), percent(number, of));
    writeln!(out, "  {name:<46} {number:>12} {share:>10}")
}
