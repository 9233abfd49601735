//! The journal of a run of the main job: what its lines say is gathered as it goes.

mod gates;
mod spending;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{SecondsFormat, Utc};
use rand::TryRng;
use rand::rngs::SysRng;

use gates::Gates;
pub(super) use spending::Purse;

use super::job::Job;
use crate::base::error::SystemError;
use crate::cli::commands::files::opened;
use crate::cli::commands::say;
use crate::cli::commands::vault::{check_generation, check_made};
use crate::cli::exit;
use crate::cli::exit::Error;
use crate::engine::plan::Plan;
use crate::io::input::Input;
use crate::io::output::Manner;
use crate::io::output::cleanup::hold_signals;
use crate::report::journal::{
    ColumnEntry, Entry, Event, FileEntry, Journal, JournalError, KnownRelease, RowCounts,
    RulesEntry, User,
};
use crate::report::{RuleFile, Run, VaultEntry};
use crate::rules::table::AggregateRules;

/// The lines of a run, if there is a journal.
pub(super) struct RunJournal {
    open: Option<Open>,
    sent: Arc<AtomicU64>,
}

struct Open {
    journal: Journal,
    entry: Entry,
    gates: Gates,
    /// Whether rows were announced that leave on a stream.
    streams: bool,
    /// Whether the last word on the run is written.
    told: bool,
}

impl RunJournal {
    /// Opens the journal, if there is to be one, before any work.
    pub(super) fn open(job: &Job<'_>) -> anyhow::Result<Self> {
        let path = job.arguments.written.journal.as_deref();
        let path = match path {
            Some(path) if job.arguments.rehearses() => {
                rehearse(path)?;
                None
            }
            path => path,
        };
        Ok(Self {
            open: path.map(|path| Open::new(path, job)).transpose()?,
            sent: Arc::default(),
        })
    }

    /// Does the work of the run, and writes the closing line however that ends.
    pub(super) fn record(
        &mut self,
        input: &mut Input,
        work: impl FnOnce(&mut Self, &mut Input) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let done = work(self, input);
        done.inspect_err(|error| self.end(error, input))
    }

    /// Refuses a vault that was put back to what it was before a run that the journal knows, and one that this run
    /// had to make where the journal knows of another.
    pub(super) fn check_vaults(&self, job: &Job<'_>) -> anyhow::Result<()> {
        let Some(open) = &self.open else {
            return Ok(());
        };
        for state in job.vaults.found() {
            match state.generation {
                0 => check_made(&state, open.journal.generation_of_vault_at(&state.path)?)?,
                _ => check_generation(&state, open.journal.vault_generation(&state.id)?)?,
            }
        }
        Ok(())
    }

    /// Refuses a release that was put back to what it was before a run that the journal knows. Gives the number that
    /// such a run has left.
    pub(super) fn check_release(&self, job: &Job<'_>) -> anyhow::Result<Option<u64>> {
        let (Some(open), Some(release)) = (&self.open, &job.release) else {
            return Ok(None);
        };
        let known = open.journal.release(&release.path(), release.id())?;
        let number = known.as_ref().map(|known| known.number);
        if !job.arguments.privacy.force_release {
            release.check_known(known)?;
        }
        Ok(number)
    }

    /// Notes which columns leave.
    pub(super) fn list_columns(&mut self, plan: &Plan) {
        let Some(open) = &mut self.open else {
            return;
        };
        let leaving = plan.columns.iter().filter_map(|column| {
            Some(ColumnEntry {
                input: column.input.as_str().to_owned(),
                output: column.output.clone()?,
                rule: column.rule?.to_owned(),
                attribute: column.attribute,
            })
        });
        open.entry.columns = Some(leaving.collect());
    }

    /// Notes which columns figures are told by, and of which columns that do not leave themselves they are.
    pub(super) fn list_figures(&mut self, plan: &Plan, rules: &AggregateRules) {
        self.list_columns(plan);
        let Some(open) = &mut self.open else {
            return;
        };
        let columns = open.entry.columns.get_or_insert_default();
        columns.extend(rules.stats.iter().flat_map(|stat| {
            let input = stat.column().unwrap_or_default();
            let names = stat.names().into_iter().filter(|_| !input.is_empty());
            names.map(|output| ColumnEntry {
                input: input.to_owned(),
                output,
                rule: stat.kind().to_owned(),
                attribute: None,
            })
        }));
    }

    /// Announces rows that are about to leave on a stream.
    pub(super) fn begin(&mut self) -> anyhow::Result<()> {
        let Some(open) = &mut self.open else {
            return Ok(());
        };
        let mut appending = open.journal.lock()?;
        appending.begin(stamped(&mut open.entry, Event::Begun, None))?;
        open.streams = true;
        Ok(())
    }

    /// Counts the rows that leave on a stream.
    pub(super) fn sent(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.sent)
    }

    /// Tells that the output is whole, lets `commit` give it its name only then, and tells how that
    /// went. No signal comes in between.
    pub(super) fn publish(
        &mut self,
        run: &Run<'_>,
        commit: impl FnOnce() -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let Some(open) = &mut self.open else {
            return commit();
        };
        let entry = &mut open.entry;
        let tally = run.tally;
        (entry.input.bytes, entry.input.sha256) = (Some(run.input.bytes), run.input.sha256.clone());
        (entry.output.bytes, entry.output.sha256) =
            (Some(run.output.bytes), run.output.sha256.clone());
        entry.rows = Some(RowCounts {
            rows_read: tally.rows,
            rows_written: tally.written,
            rows_skipped: tally.skipped(),
            rows_left_out: tally.left_out(),
        });
        entry.gates = open.gates.of_run(run);
        entry.vaults = run.vaults.iter().map(VaultEntry::new).collect();
        entry.release = run.release.map(KnownRelease::new);
        // Waits for other runs, so signals are held only then.
        let mut appending = open.journal.lock()?;
        let _held = hold_signals();
        if !open.streams {
            appending.begin(stamped(entry, Event::Begun, None))?;
        }
        if let Err(error) = commit() {
            open.told = true;
            entry.rows_sent = open.streams.then(|| self.sent.load(Ordering::Relaxed));
            let status = Some(exit::status(&error));
            entry.codes = exit::codes(&error);
            tell_of(appending.append(stamped(entry, Event::Failed, status)));
            return Err(error);
        }
        open.told = true;
        let closed = appending.append(stamped(entry, Event::Published, Some(0)));
        Ok(closed.map_err(JournalError::unclosed)?)
    }

    /// Tells how a run ended that did not reach its end.
    fn end(&mut self, error: &anyhow::Error, input: &Input) {
        let Some(open) = self.open.as_mut().filter(|open| !open.told) else {
            return;
        };
        if error.is::<JournalError>() {
            return;
        }
        let event = match exit::status(error) {
            // Nothing was done.
            2 if !open.streams => return,
            2..=4 => Event::Refused,
            _ => Event::Failed,
        };
        let status = match exit::is_closed_pipe(error) {
            true => 141,
            false => exit::status(error),
        };
        let entry = &mut open.entry;
        entry.codes = exit::codes(error);
        entry.rows_sent = open.streams.then(|| self.sent.load(Ordering::Relaxed));
        (entry.output.bytes, entry.output.sha256, entry.rows) = (None, None, None);
        if exit::comes_at_the_end(error) {
            entry.input.bytes = Some(input.bytes_of_first_pass());
            entry.input.sha256 = input.sha256();
        }
        entry.gates = match error.downcast_ref::<Error>() {
            Some(Error::Missed { misses, .. }) => open.gates.of_misses(misses),
            Some(Error::Unreachable(_)) => open.gates.unreached(),
            _ => Vec::new(),
        };
        tell_of(open.append(event, Some(status)));
    }
}

/// Makes sure that a line could be appended, and begins no journal for that.
fn rehearse(path: &Path) -> anyhow::Result<()> {
    if path.exists() {
        Journal::open(path)?;
        return Ok(());
    }
    let rehearses = Manner {
        rehearses: true,
        keeps_old: false,
    };
    opened(path, rehearses)?;
    Ok(())
}

impl Open {
    fn new(path: &Path, job: &Job<'_>) -> anyhow::Result<Self> {
        let table = &job.table;
        let journal = Journal::open(path)?;
        let run = SysRng.try_next_u64().map_err(|error| SystemError {
            what: fixed!("randomness"),
            source: std::io::Error::other(error),
        })?;
        Ok(Self {
            journal,
            entry: Entry {
                time: String::new(),
                tool: env!("CARGO_PKG_NAME"),
                version: env!("CARGO_PKG_VERSION"),
                run: format!("{run:016x}"),
                user: User::of_process(),
                event: Event::Begun,
                status: None,
                codes: Vec::new(),
                rules: RulesEntry {
                    name: table.name.clone(),
                    sha256: table.sha256.clone(),
                    table_sha256: table.text_sha256.clone(),
                    files: table.files.iter().map(RuleFile::new).collect(),
                },
                input: unread(job.input),
                output: unread(&job.arguments.written.text.output),
                encrypted_to: job.recipients.names().to_vec(),
                rows: None,
                rows_sent: None,
                columns: None,
                gates: Vec::new(),
                spent: None,
                vaults: Vec::new(),
                release: None,
            },
            gates: Gates {
                gate: job.goal.gate,
                k: job.goal.search.as_ref().map(|search| search.k),
            },
            streams: false,
            told: false,
        })
    }

    fn append(&mut self, event: Event, status: Option<u8>) -> Result<(), JournalError> {
        let mut appending = self.journal.lock()?;
        appending.append(stamped(&mut self.entry, event, status))
    }
}

/// The entry with the time, and what it says now.
fn stamped(entry: &mut Entry, event: Event, status: Option<u8>) -> &Entry {
    entry.time = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
    (entry.event, entry.status) = (event, status);
    entry
}

/// Says that a run that has failed anyway could not be told of.
fn tell_of(told: Result<(), JournalError>) {
    if let Err(error) = told {
        say(error);
    }
}

fn unread(path: &Path) -> FileEntry {
    let absolute = match path.as_os_str() == "-" {
        true => None,
        false => std::path::absolute(path).ok(),
    };
    let path = absolute.as_deref().unwrap_or(path);
    FileEntry {
        path: path.display().to_string(),
        bytes: None,
        sha256: None,
    }
}
