//! `aggregate`: a table of figures in place of rows. It is the main job up to the rows, which are counted
//! and not written.

use std::path::Path;

use super::figures::{Planned, check_amounts, columns, commit, write};
use super::job::{Job, Planned as Plan};
use super::noisy::{self, Noise};
use super::outcome::Outcome;
use super::passes::Passes;
use super::run_journal::RunJournal;
use super::telling;
use crate::base::lang::Language;
use crate::cli::arguments::AggregateArguments;
use crate::cli::commands::files::Files;
use crate::cli::commands::say;
use crate::cli::exit::Error;
use crate::engine::aggregate::aside;
use crate::engine::source::Source;
use crate::io::format::unquoted;
use crate::io::input::Input;
use crate::privacy::aggregate::aside::Room;
use crate::privacy::aggregate::tally::Tally;
use crate::privacy::aggregate::{Figures, MOST_DIMENSIONS, protect};
use crate::report;
use crate::report::{FiguresTold, Published, Run};
use crate::rules::table::AggregateRules;

/// Publishes a table of figures.
pub(in crate::cli::commands) fn aggregate(arguments: AggregateArguments) -> anyhow::Result<()> {
    let epsilon = arguments.differential.epsilon;
    let against = arguments.against.clone();
    let (main, said) = arguments.into_main_job();
    let (mut job, mut input, files) = Job::prepare(&main)?;
    let rules = prepare(&mut job, said)?;
    let noise = Noise::prepare(&mut job, &rules, epsilon)?;
    if noise.is_some() && against.is_some() {
        return Err(noisy::AGAINST.into());
    }
    let mut journal = RunJournal::open(&job)?;
    let done = journal.record(&mut input, |journal, input| match &noise {
        Some(noise) => noisy::publish(&job, (&rules, noise), journal, input, files),
        None => publish(&job, (&rules, against.as_deref()), journal, input, files),
    });
    done.inspect_err(|error| job.record_refusal(error, &input))
}

/// Puts the command line over the rule table, of which only the columns of the table stay.
fn prepare(job: &mut Job<'_>, said: AggregateRules) -> anyhow::Result<AggregateRules> {
    if job.is_workbook {
        return Err(Error::TextOnly("aggregate").into());
    }
    let rules = job.table.aggregate.under(said);
    if !(1..=MOST_DIMENSIONS).contains(&rules.by.0.len()) {
        return Err(Error::NoBy.into());
    }
    job.table
        .keep_only(&rules.outputs())
        .map_err(Error::NoSuchOutput)?;
    job.publishes_rows = false;
    // What `[privacy]` asks of rows is not asked of figures.
    job.goal.search = None;
    if !rules.unit.0.is_empty() {
        job.goal.person.clone_from(&rules.unit.0);
    }
    Ok(rules)
}

/// Counts, finds out what is safe, and publishes that.
fn publish(
    job: &Job<'_>,
    (rules, against): (&AggregateRules, Option<&Path>),
    journal: &mut RunJournal,
    input: &mut Input,
    mut files: Files,
) -> anyhow::Result<()> {
    let mut source = job.open(input)?;
    let planned = job.plan(&source)?;
    journal.check_vaults(job)?;
    let columns = columns(job, &planned, &source, rules)?;
    let against = against.map(|path| Published::read(path, &columns.names()));
    let against = against.transpose()?;
    let of_stat = columns.of_stat.clone();
    journal.list_figures(&planned.plan, rules);
    telling::opening(job, &source, &planned.plan);
    let (mut outcome, figures) = count(job, &planned, &mut source, (rules, columns))?;
    let since = against
        .as_ref()
        .map(|table| table.since(&figures, rules, &of_stat));
    let protected = protect(figures, &rules.demand(), &since.unwrap_or_default())?;
    let repeats = outcome.repeats.take();
    let told = FiguresTold::new(
        rules,
        &protected,
        &job.goal.person,
        &of_stat,
        against.as_ref(),
    );
    let warnings = telling::warnings(job, &planned, &source, &outcome);
    let suspected = repeats.filter(|seen| seen.any()).and_then(|seen| {
        planned
            .plan
            .columns
            .get(seen.column)
            .map(|column| column.input.clone())
    });
    let text = told.csv(planned.settings.format);
    let written = write(job, &text, &mut files.output, journal)?;
    let run = job.run(&planned, &source, &outcome, &written, &warnings);
    let run = Run {
        figures: Some(&told),
        ..run
    };
    let language = Language::in_use();
    let page = || report::html_of_figures(&run, language);
    journal.publish(&run, || commit(job, files, &run, page))?;
    if job.arguments.running.log.tells() {
        told.tell(suspected.as_ref()).lines().for_each(say);
    }
    telling::closing(job, &run);
    Ok(())
}

/// Counts what the table is made of.
fn count(
    job: &Job<'_>,
    planned: &Plan,
    source: &mut Source<'_>,
    (rules, columns): (&AggregateRules, Planned),
) -> anyhow::Result<(Outcome, Figures)> {
    let mut passes = Passes::new(job, planned, source)?;
    if job.masks() {
        passes.find_residual()?;
    }
    let room = aside::room(Room::MEMORY, planned.threads);
    let tally = Tally::new(columns.counting.by.len(), columns.told, room);
    let (passed, counted, bad) = passes.aggregate(&columns.counting, &tally)?;
    let outcome = passed.check(job, planned, source)?;
    check_amounts(job.arguments, source, &bad)?;
    let counted = Tally::together(counted, &unquoted)?;
    let figures = Figures::new(counted, rules.totals, columns.columns)?;
    Ok((outcome, figures))
}
