//! Whether a run publishes enough: a file of nobody must not replace yesterday's good one.

use super::tally::{FilterTally, Tally};
use crate::base::lang::Fixed;
use crate::rules::filter::RowFilter;

/// Too few rows would be published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TooFewRows {
    /// The file has people, and nobody would be published.
    #[error(
        "{}",
        plural!(
            *people,
            "none of its {n} row would be published: {reasons}; {outcome}\n  what to do: look why they \
             are left out; a file of nobody is never published in the place of people",
            "none of its {n} rows would be published: {reasons}; {outcome}\n  what to do: look why they \
             are left out; a file of nobody is never published in the place of people",
            reasons,
            outcome = outcome(*streamed)
        )
    )]
    Nobody {
        people: u64,
        reasons: String,
        /// Whether the header has left on a stream.
        streamed: bool,
    },
    #[error(
        "{}",
        plural!(
            *written,
            "{n} row would be published, and --min-rows asks for {least}; {outcome}\n  what to do: look \
             whether the export is whole; --min-rows 0 accepts a file without rows",
            "{n} rows would be published, and --min-rows asks for {least}; {outcome}\n  what to do: \
             look whether the export is whole; --min-rows 0 accepts a file without rows",
            least,
            outcome = outcome(*streamed)
        )
    )]
    Fewer {
        written: u64,
        least: u64,
        /// Whether the rows have left on a stream.
        streamed: bool,
    },
}

const fn outcome(streamed: bool) -> Fixed {
    match streamed {
        true => fixed!("discard what was already written to standard output"),
        false => fixed!("nothing was written"),
    }
}

coded! {
    TooFewRows []
    Self::Nobody { .. } => "nobody_published", "the file has people, and none would be published";
    Self::Fewer { .. } => "too_few_rows", "fewer rows would be published than --min-rows asks for";
}

impl TooFewRows {
    /// Whether a pass over the whole input came to at least `least` rows, and to one at least if there
    /// are people in it.
    ///
    /// # Errors
    /// If not.
    pub(crate) fn check(
        tally: &Tally,
        filter: Option<&RowFilter>,
        least: u64,
        streamed: bool,
    ) -> Result<(), Self> {
        let people = tally.rows - tally.nobody.all().min(tally.rows);
        let written = tally.written;
        if people > 0 && written == 0 {
            let reasons = reasons(tally, filter);
            return Err(Self::Nobody {
                people,
                reasons,
                streamed,
            });
        }
        match written < least {
            true => Err(Self::Fewer {
                written,
                least,
                streamed,
            }),
            false => Ok(()),
        }
    }
}

/// Why rows are left out, with their counts.
fn reasons(tally: &Tally, filter: Option<&RowFilter>) -> String {
    let mut reasons = Vec::new();
    let mut add = |rows: u64, told: String| {
        if rows > 0 {
            reasons.push(told);
        }
    };
    let cells = tally.skipped_for_cells();
    add(
        cells,
        plural!(cells, "{n} with invalid cells", "{n} with invalid cells"),
    );
    let width = tally.wrong_width;
    add(
        width,
        plural!(
            width,
            "{n} of another width than the header",
            "{n} of another width than the header"
        ),
    );
    let tests = filter.map_or(&[][..], RowFilter::tests);
    for (test, counts) in tests.iter().zip(&tally.filters) {
        let FilterTally {
            unmet,
            missing,
            unreadable,
            ..
        } = counts;
        let name = &test.name;
        add(
            *unmet,
            plural!(
                *unmet,
                "{n} left out by [rows] {name}",
                "{n} left out by [rows] {name}",
                name
            ),
        );
        add(
            *missing,
            plural!(
                *missing,
                "{n} left out by [rows] {name}, whose cell is missing",
                "{n} left out by [rows] {name}, whose cell is missing",
                name
            ),
        );
        add(
            *unreadable,
            plural!(
                *unreadable,
                "{n} left out by [rows] {name}, whose cell cannot be read",
                "{n} left out by [rows] {name}, whose cell cannot be read",
                name
            ),
        );
    }
    let sampled = tally.not_drawn;
    add(
        sampled,
        plural!(
            sampled,
            "{n} not in the sample of [rows]",
            "{n} not in the sample of [rows]"
        ),
    );
    reasons.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::NobodyCounts;

    #[test]
    fn nobody_is_never_published_for_people() {
        for (case, (rows, written, blank), least, expected) in [
            ("people", (3, 3, 0), 1, Ok(())),
            ("one is left", (3, 1, 0), 1, Ok(())),
            ("none is left", (3, 0, 0), 1, Err(true)),
            (
                "none is left, and none is asked for",
                (3, 0, 0),
                0,
                Err(true),
            ),
            ("an empty file", (0, 0, 0), 1, Err(false)),
            ("an empty night", (0, 0, 0), 0, Ok(())),
            ("blank rows", (3, 0, 3), 1, Err(false)),
            ("blank rows of an empty night", (3, 0, 3), 0, Ok(())),
            ("too few", (3, 3, 0), 4, Err(false)),
        ] {
            let tally = Tally {
                rows,
                written,
                nobody: NobodyCounts {
                    blank,
                    ..NobodyCounts::default()
                },
                ..Tally::new(0)
            };
            let checked = TooFewRows::check(&tally, None, least, false)
                .map_err(|error| matches!(error, TooFewRows::Nobody { .. }));
            assert_eq!(checked, expected, "{case}");
        }
    }
}
