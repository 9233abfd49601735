//! What is told of persons, and the words that differ where the figures count these.

use std::fmt::Write;

use crate::base::lang::Fixed;
use crate::base::lang::Whole;
use crate::privacy::audit::Audit;

/// The one or the other text: of persons, if these are counted, or of rows.
fn of(audit: &Audit, persons: Fixed, rows: Fixed) -> Fixed {
    match audit.persons {
        Some(_) => persons,
        None => rows,
    }
}

pub(super) fn alone(audit: &Audit) -> Fixed {
    of(
        audit,
        fixed!("persons alone in a class"),
        fixed!("rows alone in their class"),
    )
}

pub(super) fn under(audit: &Audit, limit: u8) -> String {
    match audit.persons {
        Some(_) => text!("persons in a class of fewer than {limit}", limit),
        None => text!("rows in classes of fewer than {limit}", limit),
    }
}

pub(super) fn of_one_value(audit: &Audit) -> Fixed {
    of(
        audit,
        fixed!("persons in classes of one value"),
        fixed!("rows in classes of one value"),
    )
}

/// Whose rows they are, if that is known.
pub(super) fn write_persons(audit: &Audit, out: &mut String) -> std::fmt::Result {
    let Some(counts) = audit.persons else {
        return Ok(());
    };
    let persons = plural!(
        counts.persons,
        "{n} person: the figures below count persons",
        "{n} persons: the figures below count persons"
    );
    writeln!(out, "{persons}")?;
    for (what, number) in [
        (
            fixed!("persons with several rows"),
            counts.with_several_rows,
        ),
        (
            fixed!("of them alone with all their rows together"),
            counts.alone_together,
        ),
        (
            fixed!("rows without a person, each counted as one"),
            counts.nameless_rows,
        ),
    ] {
        writeln!(out, "  {what:<42} {:>14}", Whole(number).to_string())?;
    }
    Ok(())
}
