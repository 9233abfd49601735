//! A table of figures: its columns, its amounts, and how it is written.

use std::io::Write;

use super::job::{Job, Planned as Plan};
use super::row_sink::Written;
use super::run_journal::RunJournal;
use crate::base::counted::Counted;
use crate::cli::arguments::AnonymiseArguments;
use crate::cli::commands::files::Files;
use crate::cli::commands::say;
use crate::cli::exit::Error;
use crate::engine::aggregate::{Amount, BadAmounts, Counting};
use crate::engine::plan::person;
use crate::engine::source::Source;
use crate::io::error::Error as IoError;
use crate::io::error::Target;
use crate::io::output::{Destination, TableSink};
use crate::privacy::aggregate::{Column, MOST_AMOUNTS, Told};
use crate::report::{self, AmountData, Run};
use crate::rules::policy::OnInvalid;
use crate::rules::table::{AggregateRules, Attribute, Stat};

/// What a table is made of.
pub(super) struct Planned {
    pub(super) columns: Vec<Column>,
    pub(super) counting: Counting,
    /// What is told of each amount.
    pub(super) told: Vec<Told>,
    /// The amount of each statistic that has one.
    pub(super) of_stat: Vec<usize>,
}

impl Planned {
    /// The names of its columns.
    pub(super) fn names(&self) -> Vec<&str> {
        let names = self.columns.iter();
        names.map(|column| column.name.as_str()).collect()
    }
}

/// What the table is made of.
pub(super) fn columns(
    job: &Job<'_>,
    planned: &Plan,
    source: &Source<'_>,
    rules: &AggregateRules,
) -> anyhow::Result<Planned> {
    let (mut columns, mut by) = (Vec::new(), Vec::new());
    for name in &rules.by.0 {
        let (column, step) = column_of(planned, name)?;
        if by.contains(&step) {
            let (column, why) = (column.name, fixed!("it is named twice"));
            return Err(Error::NotForFigures { column, why }.into());
        }
        columns.push(column);
        by.push(step);
    }
    let header = source.reader().header();
    let (mut amounts, mut told, mut of_stat) = (Vec::new(), Vec::new(), Vec::new());
    for stat in &rules.stats {
        let source = match (stat, stat.column()) {
            (_, None) => continue,
            (Stat::Share { is, .. }, Some(name)) => {
                let (_, step) = column_of(planned, name)?;
                Amount::Is(step, is.as_bytes().into())
            }
            (_, Some(name)) => Amount::Input(amount(job, planned, header, name)?),
        };
        let known = amounts.iter().position(|known| *known == source);
        let at = known.unwrap_or(amounts.len());
        if known.is_none() {
            amounts.push(source);
            told.push(Told::default());
        }
        if let Some(told) = told.get_mut(at) {
            add_to(told, stat)?;
        }
        of_stat.push(at);
    }
    if told.iter().map(Told::additive).sum::<usize>() > MOST_AMOUNTS {
        return Err(Error::TooManyAmounts.into());
    }
    let mark = rules.decimal;
    Ok(Planned {
        columns,
        counting: Counting { by, amounts, mark },
        told,
        of_stat,
    })
}

/// Adds a statistic to what is told of its amount.
fn add_to(told: &mut Told, stat: &Stat) -> Result<(), Error> {
    match stat {
        Stat::Count => {}
        Stat::Sum(_) | Stat::Mean(_) => told.sum = true,
        Stat::Share { .. } => told.part = true,
        Stat::Quantile { column, at, round } => {
            let cents = 100 * u64::from(*round);
            if told.round != 0 && told.round != cents {
                let why = fixed!("its quantiles are rounded in two ways");
                let column = column.escape_debug().to_string();
                return Err(Error::NotForFigures { column, why });
            }
            told.round = cents;
            told.quantiles.extend(at);
            told.quantiles.sort_unstable();
            told.quantiles.dedup();
        }
    }
    Ok(())
}

/// The position of a column of amounts in the input.
fn amount(job: &Job<'_>, planned: &Plan, header: &[String], name: &str) -> anyhow::Result<usize> {
    let refused = |why| Error::NotForFigures {
        column: name.escape_debug().to_string(),
        why,
    };
    let found = person::positions(&[name.to_owned()], &job.table, header)?;
    let [position] = found.as_slice() else {
        return Err(refused(fixed!("several columns of the input have that name")).into());
    };
    let column = planned.plan.columns.get(*position);
    let listed = column.filter(|column| column.rule.is_some());
    let column = listed.ok_or_else(|| refused(fixed!("the rule table does not list it")))?;
    match column.attribute == Some(Attribute::Identifying) {
        true => Err(refused(fixed!("the rule table says that it identifies people")).into()),
        false => Ok(*position),
    }
}

/// A column of the output, and the step of the plan that it is.
fn column_of(planned: &Plan, name: &str) -> Result<(Column, usize), Error> {
    let key = crate::base::name::key(name);
    let plan = &planned.plan;
    let steps = plan.steps.iter().enumerate();
    let named = steps.filter_map(|(at, step)| {
        let column = plan.columns.get(step.column)?;
        let output = column.output.as_deref()?;
        (crate::base::name::key(output) == key).then_some((at, column, output))
    });
    let named: Vec<_> = named.collect();
    let refused = |why| Error::NotForFigures {
        column: name.escape_debug().to_string(),
        why,
    };
    let [(step, column, output)] = named.as_slice() else {
        return Err(refused(match named.is_empty() {
            true => fixed!("the input lacks it"),
            false => fixed!("several columns of the output have that name"),
        }));
    };
    if column.attribute == Some(Attribute::Identifying) || column.pseudonym.is_some() {
        return Err(refused(fixed!("its values stand for people")));
    }
    let column = Column {
        name: (*output).to_owned(),
        sensitive: column.attribute == Some(Attribute::Sensitive),
    };
    Ok((column, *step))
}

/// Stops a run with amounts that cannot be read, where that is to stop it.
pub(super) fn check_amounts(
    arguments: &AnonymiseArguments,
    source: &Source<'_>,
    bad: &BadAmounts,
) -> anyhow::Result<()> {
    if bad.counts.is_empty() {
        return Ok(());
    }
    let data = AmountData::new(bad, source.reader().shown_header());
    match arguments.applied.on_invalid {
        OnInvalid::Fail => Err(Error::BadAmounts(Box::new(data)).into()),
        OnInvalid::Blank | OnInvalid::Skip => {
            if arguments.running.log.warns() {
                let counts = data.counts();
                say(text!("warning: {warning}", warning = counts));
            }
            Ok(())
        }
    }
}

/// Writes the table.
pub(super) fn write(
    job: &Job<'_>,
    text: &[u8],
    output: &mut Counted<Destination>,
    journal: &mut RunJournal,
) -> anyhow::Result<Written> {
    if job.streams {
        journal.begin()?;
    }
    let target = Target::of(Some(&job.arguments.written.text.output));
    let mut write = || {
        let mut sink = TableSink::open(output, &job.recipients, None, job.packing)?;
        sink.write_all(text)?;
        let output = sink.finish()?;
        output.get_mut().finish()?;
        Ok((output.total_bytes(), output.sha256()))
    };
    let written: std::io::Result<(u64, Option<String>)> = write();
    let (bytes, sha256) = written.map_err(|source| IoError::Write {
        what: target,
        source,
    })?;
    Ok(Written {
        bytes,
        sha256,
        head: None,
    })
}

/// Gives the table, its manifest and its report their names together.
pub(super) fn commit(
    job: &Job<'_>,
    files: Files,
    run: &Run<'_>,
    page: impl FnOnce() -> String,
) -> anyhow::Result<()> {
    job.commit_vaults()?;
    let output = &job.arguments.written.text.output;
    files.commit(None, output, || report::manifest(run), page)
}
