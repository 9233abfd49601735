//! Whose rows are whose in a file that is measured.

use super::Choice;
use crate::engine::error::Error as EngineError;
use crate::engine::plan::person;
use crate::engine::{Repeats, Whose};
use crate::report::{Judged, JudgedBy};
use crate::rules::table::Attribute;

/// The columns that say so, or else one that may.
pub(in crate::cli::commands) struct Told {
    columns: Vec<usize>,
    suspected: Option<usize>,
}

impl Told {
    pub(in crate::cli::commands) fn whose(&self) -> Whose<'_> {
        match (self.columns.as_slice(), self.suspected) {
            ([], Some(column)) => Whose::Suspected(column),
            ([], None) => Whose::Unknown,
            (told, _) => Whose::Told(told),
        }
    }
}

/// Whether each row is another person's, as far as a column that identifies tells.
pub(in crate::cli::commands) fn one_row_each(repeats: Option<Repeats>) -> Option<bool> {
    repeats.map(|seen| !seen.any())
}

impl Choice<'_> {
    /// The columns that say whose rows are whose: those that the command line names, or else the rule
    /// table's if the file has them, as an output hardly does.
    pub(in crate::cli::commands) fn person(
        &self,
        header: &[String],
    ) -> Result<Vec<usize>, EngineError> {
        if !self.columns.person.is_empty() {
            return person::positions(&self.columns.person, self.table, header);
        }
        let listed = &self.table.goal.person.0;
        Ok(person::positions(listed, self.table, header).unwrap_or_default())
    }

    /// Does not count the columns that say whose rows are whose, unless an option says what they are.
    pub(super) fn set_persons_aside(
        &self,
        header: &[String],
        columns: &mut [Judged],
    ) -> Result<(), EngineError> {
        for at in self.person(header)? {
            if let Some(judged) = columns.get_mut(at)
                && judged.by != JudgedBy::Options
            {
                (judged.attribute, judged.by) = (None, JudgedBy::Person);
            }
        }
        Ok(())
    }

    /// Whose rows are whose, as far as anybody has said or these columns tell.
    pub(in crate::cli::commands) fn told(
        &self,
        header: &[String],
        columns: &[Judged],
    ) -> Result<Told, EngineError> {
        let judged = columns.iter().enumerate();
        let suspected = person::likeliest(judged.map(|(at, judged)| {
            let attribute = judged.attribute.unwrap_or(Attribute::Insensitive);
            (at, judged.column.as_str(), Some(attribute))
        }));
        Ok(Told {
            columns: self.person(header)?,
            suspected,
        })
    }
}
