//! The main job: from an export to a file that may be shared.

mod aggregate;
mod commit;
mod figures;
mod job;
mod nearby;
mod noisy;
mod outcome;
mod passes;
mod refused;
mod release;
mod row_sink;
mod run;
mod run_journal;
mod several;
mod telling;

pub(super) use aggregate::aggregate;
use job::Job;
use passes::Passes;
use row_sink::RowSink;
use row_sink::Written;
use run_journal::RunJournal;

use crate::cli::arguments::AnonymiseArguments;
use crate::cli::commands::{print, say};
use crate::report::Run;

/// Runs the main job, for each input.
pub(super) fn anonymise(arguments: &AnonymiseArguments) -> anyhow::Result<()> {
    match several::are_asked_for(arguments) {
        true => several::each(arguments),
        false => one(arguments),
    }
}

/// Runs the main job for one input: whatever can fail before a row is read comes first, and from then on the journal has
/// a line however the run ends. Nothing has its name before all of it is checked.
fn one(arguments: &AnonymiseArguments) -> anyhow::Result<()> {
    let (job, mut input, mut files) = Job::prepare(arguments)?;
    let mut journal = RunJournal::open(&job)?;
    let done = journal.record(&mut input, |journal, input| {
        let mut source = job.open(input)?;
        let planned = job.plan(&source)?;
        journal.check_vaults(&job)?;
        let known = journal.check_release(&job)?;
        journal.list_columns(&planned.plan);
        telling::opening(&job, &source, &planned.plan);
        let mut passes = Passes::new(&job, &planned, &mut source)?;
        if job.masks() {
            passes.find_residual()?;
        }
        let recoded = match &job.release {
            Some(release) => Some(passes.follow(release)?),
            None => passes.search()?,
        };
        let mut sink = RowSink::create(&job, &planned, &mut files.output, journal)?;
        let passed = passes.write(recoded, &mut sink)?;
        let outcome = passed.check(&job, &planned, &source)?;
        let warnings = telling::warnings(&job, &planned, &source, &outcome);
        if let Err(missed) = outcome.check_goal(&job) {
            drop(sink);
            let run = job.run(&planned, &source, &outcome, &Written::default(), &warnings);
            // The missed threshold is what the status tells, also if there is no room for its report.
            if let Err(unwritten) = job.report_unpublished(files, run) {
                say(unwritten);
            }
            return Err(missed);
        }
        let written = sink.finish()?;
        let left = job.left_release(&planned.plan, outcome.recoded.as_ref(), known)?;
        let run = Run {
            release: left.as_ref().map(|left| &left.told),
            ..job.run(&planned, &source, &outcome, &written, &warnings)
        };
        journal.publish(&run, || job.commit(files, left.as_ref(), &run))?;
        if let Some(head) = &written.head {
            print(head)?;
        }
        telling::closing(&job, &run);
        Ok(())
    });
    done.inspect_err(|error| job.record_refusal(error, &input))
}
