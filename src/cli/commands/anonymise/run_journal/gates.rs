//! The thresholds of a run, as the journal tells of them.

use crate::privacy::gate::{Gate, Miss};
use crate::report::Run;
use crate::report::journal::GateEntry;

/// The thresholds of a run.
#[derive(Clone, Copy)]
pub(super) struct Gates {
    pub(super) gate: Gate,
    /// The k that was searched for.
    pub(super) k: Option<u32>,
}

impl Gates {
    /// All of them, as they were measured of a run that was published.
    pub(super) fn of_run(self, run: &Run<'_>) -> Vec<GateEntry> {
        let Some(audit) = run.audit else {
            return Vec::new();
        };
        let small = &audit.sizes.small;
        let unique = small.unique_rows as f64 / audit.sizes.rows.max(1) as f64;
        let k = small.k as f64;
        let figures = [
            ("--k", self.k.map(f64::from), k),
            ("--min-k", self.gate.min_k.map(|k| k as f64), k),
            (
                "--max-unique",
                self.gate.max_unique.map(|most| most.share()),
                unique,
            ),
        ];
        let met = |column: Option<&String>, (gate, asked, measured): (_, Option<f64>, f64)| {
            Some(GateEntry {
                gate,
                asked: asked?,
                column: column.cloned(),
                measured: Some(measured),
                met: true,
            })
        };
        let mut entries: Vec<GateEntry> =
            figures.into_iter().filter_map(|f| met(None, f)).collect();
        for column in &audit.sensitive {
            let measures = &column.measures;
            let figures = [
                (
                    "--min-l",
                    self.gate.min_l.map(|l| l as f64),
                    measures.l_distinct as f64,
                ),
                ("--max-t", self.gate.max_t, measures.t),
                (
                    "--max-share",
                    self.gate.max_share.map(|most| most.share()),
                    measures.largest_share,
                ),
            ];
            let name = Some(&column.name);
            entries.extend(figures.into_iter().filter_map(|figure| met(name, figure)));
        }
        entries
    }

    /// Those that a run missed.
    pub(super) fn of_misses(self, misses: &[Miss]) -> Vec<GateEntry> {
        let missed = |gate, asked, column: Option<&String>, measured| GateEntry {
            gate,
            asked,
            column: column.cloned(),
            measured: Some(measured),
            met: false,
        };
        let entries = misses.iter().map(|miss| match miss {
            Miss::K { least, found } => missed("--min-k", *least as f64, None, *found as f64),
            Miss::Unique { most, rows, of, .. } => {
                let share = *rows as f64 / (*of).max(1) as f64;
                missed("--max-unique", most.share(), None, share)
            }
            Miss::L {
                column,
                least,
                found,
            } => missed("--min-l", *least as f64, Some(column), *found as f64),
            Miss::Share {
                column,
                most,
                found,
            } => missed("--max-share", most.share(), Some(column), *found),
            Miss::T {
                column,
                most,
                found,
            } => missed("--max-t", *most, Some(column), *found),
        });
        entries.collect()
    }

    /// The k that cannot be reached.
    pub(super) fn unreached(self) -> Vec<GateEntry> {
        let entry = self.k.map(|k| GateEntry {
            gate: "--k",
            asked: f64::from(k),
            column: None,
            measured: None,
            met: false,
        });
        entry.into_iter().collect()
    }
}
