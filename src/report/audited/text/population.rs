//! What is expected of the population, beside what the file alone tells.

use std::fmt::Write;

use super::share;
use crate::base::lang::{Decimal, Fixed};
use crate::privacy::audit::Audit;
use crate::rules::population::YEAR;

/// What is expected of the population, if it is known by some of the columns.
pub(super) fn write_population(audit: &Audit, out: &mut String) -> std::fmt::Result {
    let Some(population) = &audit.population else {
        return Ok(());
    };
    let year = YEAR;
    writeln!(
        out,
        "\n{}",
        text!("Population (INSEE, 1 January {year})", year)
    )?;
    let list = |names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        names.join(", ")
    };
    let columns = list(&population.columns);
    writeln!(out, "  {}", text!("by {columns}", columns))?;
    if !population.left_out.is_empty() {
        let columns = list(&population.left_out);
        let left_out = text!("not taken into account: {columns}", columns);
        writeln!(out, "  {left_out}")?;
    }
    let of = |persons: Fixed, rows: Fixed| match audit.persons {
        Some(_) => persons,
        None => rows,
    };
    let judged = population.judged.max(1) as f64;
    for (what, number) in [
        (
            of(
                fixed!("persons expected to be alone with these"),
                fixed!("rows expected to be alone with these"),
            ),
            population.unique,
        ),
        (
            of(
                fixed!("persons among fewer than 11 people"),
                fixed!("rows among fewer than 11 people"),
            ),
            population.under_11,
        ),
    ] {
        let (told, part) = (Decimal(number, 1).to_string(), share(number / judged));
        writeln!(out, "  {what:<42} {told:>14} {part:>10}")?;
    }
    if population.unjudged > 0 {
        let what = of(
            fixed!("persons of whom one of these is not known"),
            fixed!("rows of which one of these is not known"),
        );
        let told = super::whole(population.unjudged);
        writeln!(out, "  {what:<42} {told:>14}")?;
    }
    let what = fixed!("risk, journalist, by these alone");
    let average = text!("average {average}", average = share(population.risk));
    writeln!(out, "  {what:<42} {average}")
}
