//! `audit`: how identifying a file is.

use std::path::Path;
use std::sync::Arc;

use super::choice::{self, Choice};
use super::files::{identity, write_report};
use super::progress::watched;
use super::{
    findings, population, print, print_text, reading, sql, tell_nobody, tell_quirks, threads,
};
use crate::base::lang::Language;
use crate::cli::arguments::{AuditArguments, FindingsFormat};
use crate::cli::exit::Error;
use crate::cli::log;
use crate::engine::error::Error as EngineError;
use crate::engine::passes::{Measuring, Passed, ResidualSearch};
use crate::engine::plan::Plan;
use crate::engine::population::matched;
use crate::engine::source::Source;
use crate::engine::warning::Warning;
use crate::engine::{Repeats, Settings, Tally, Watch};
use crate::io::format::OutputFormat;
use crate::io::input::Input;
use crate::privacy::audit::{Audit, Depth};
use crate::privacy::counter::Counted;
use crate::privacy::gate::Gate;
use crate::report;
use crate::report::{Aftermath, Audited, Bytes, InvalidData, Judged};
use crate::rules::policy::OnInvalid;
use crate::rules::table::{Attribute, RuleTable};
use crate::rules::{Formulas, Population};

/// Measures a file, prints the figures, or the thresholds that it misses.
pub(super) fn audit(arguments: &AuditArguments) -> anyhow::Result<()> {
    if let Some(dialect) = arguments.sql.dialect {
        return sql::audit(arguments, dialect);
    }
    let path = arguments.input.as_deref().unwrap_or(Path::new("-"));
    let done = audit_file(arguments, path);
    match arguments.format.of_service() {
        Some(form) => findings::tell("audit", &path.to_string_lossy(), form, done),
        None => done,
    }
}

/// Measures a file, prints the figures and compares them with the thresholds.
fn audit_file(arguments: &AuditArguments, path: &Path) -> anyhow::Result<()> {
    let table = RuleTable::load(&arguments.columns.rules)?;
    let population = population::read(&arguments.population, &table)?;
    let mut input = Input::open(path, arguments.report.report.is_some())?;
    if arguments.columns.quasi.is_empty() {
        // Columns that nobody has judged are judged by their contents first.
        input.keep_for_second_pass()?;
    }
    let known = |name: &str| choice::is_known(&arguments.columns, &table, name);
    let mut source = Source::open(&mut input, reading(&arguments.reading), known)?;
    let choice = choice_of(arguments, &table);
    let columns = choice.judge(&mut source)?;
    let gate = Gate::from(&arguments.gate);
    let auditing = Auditing {
        arguments,
        population,
        choice,
    };
    let audit = auditing.measure(&columns, gate, &mut source)?;
    let input = source.input();
    input.check_unchanged()?;
    let misses = gate.misses(&audit);
    let audited = Audited {
        file: Bytes {
            path: path.display().to_string(),
            bytes: input.bytes_read(),
            sha256: input.sha256(),
        },
        columns: &columns,
        table: &table.name,
        table_sha256: &table.sha256,
        audit: &audit,
        gate,
        misses: &misses,
    };
    let language = Language::in_use();
    let report_path = arguments.report.report.as_deref();
    let mut read = vec![(path, input.id())];
    if let Some(table) = arguments.population.file() {
        read.push((table, identity(table)?));
    }
    write_report(report_path, &read, || {
        report::html_of_file(&audited, language)
    })?;
    match arguments.format {
        FindingsFormat::Text => print_text(&report::audit_text(&audited, language))?,
        FindingsFormat::Json => print(report::audit_json(&audited).as_bytes())?,
        _ => {}
    }
    match misses.is_empty() {
        true => Ok(()),
        false => Err(Error::Missed {
            misses,
            streamed: true,
        }
        .into()),
    }
}

/// Whether it shows how far it has come.
fn shows_progress(arguments: &AuditArguments) -> bool {
    arguments.format == FindingsFormat::Text && arguments.log.shows_progress()
}

/// How a file is audited.
struct Auditing<'a> {
    arguments: &'a AuditArguments,
    population: Option<Arc<Population>>,
    choice: Choice<'a>,
}

/// Which of its columns count.
fn choice_of<'a>(arguments: &'a AuditArguments, table: &'a RuleTable) -> Choice<'a> {
    Choice {
        columns: &arguments.columns,
        table,
        reading: &arguments.reading,
        shows_progress: shows_progress(arguments),
    }
}

impl Auditing<'_> {
    /// The measures of the rows, if these columns can be measured as the thresholds ask.
    fn measure(
        &self,
        columns: &[Judged],
        gate: Gate,
        source: &mut Source<'_>,
    ) -> anyhow::Result<Audit> {
        let header = source.reader().shown_header().to_vec();
        let attributes: Vec<Option<Attribute>> = columns.iter().map(Judged::looked_at_as).collect();
        let plan = Plan::to_measure(
            self.choice.table,
            source.reader().header(),
            &header,
            &attributes,
        );
        let told = self.choice.told(source.reader().header(), columns)?;
        let watch = watch(&plan, gate)?;
        let population = self.population.as_deref();
        if let Some(population) = population {
            matched(population, &plan, &watch)?;
        }
        let measuring = Measuring {
            plan: &plan,
            header: &header,
            watch: &watch,
            whose: told.whose(),
            settings: Settings {
                format: OutputFormat {
                    delimiter: source.reader().delimiter(),
                    crlf: false,
                    mark: false,
                },
                on_invalid: OnInvalid::Fail,
                index: None,
                note_row_ends: false,
                count_missing_kept: false,
                formulas: Formulas::Keep,
            },
            threads: threads(&self.arguments.reading, source.input()),
            look: ResidualSearch::Off,
            sealing: None,
            depth: Depth::All,
        };
        let (counted, repeats, written) = count(&measuring, source, self.arguments)?;
        let behind = population.map(|population| measuring.population(&counted, population));
        let audit = Audit {
            one_row_each: choice::one_row_each(repeats),
            ..measuring.audit(&counted)?.before(behind.transpose()?)
        };
        if let Some(warning) = repeats.and_then(|seen| Warning::of_persons(&plan, seen)) {
            log::warn(&warning);
        }
        match audit.rows() == written {
            true => Ok(audit),
            false => Err(EngineError::Internal.into()),
        }
    }
}

/// Which columns are looked at, if they can be measured as the thresholds ask: what counts and, for who is alone with
/// them too, those that are called insensitive.
fn watch(plan: &Plan, gate: Gate) -> Result<Watch, Error> {
    let mut attributes = plan.columns.iter().map(|column| column.attribute);
    let watch = match attributes.any(|attribute| attribute == Some(Attribute::Insensitive)) {
        true => plan.watch_published(0),
        false => plan.watch(),
    };
    if watch.quasi.is_empty() {
        return Err(Error::NothingToMeasure(fixed!("quasi-identifying")));
    }
    if gate.is_about_sensitive() && watch.sensitive.is_empty() {
        return Err(Error::NothingToMeasure(fixed!("sensitive")));
    }
    Ok(watch)
}

/// Counts the rows of a file, and tells how many there are.
fn count(
    measuring: &Measuring<'_>,
    source: &mut Source<'_>,
    arguments: &AuditArguments,
) -> anyhow::Result<(Counted, Option<Repeats>, u64)> {
    let mut tally = Tally::new(measuring.plan.steps.len());
    let wanted = shows_progress(arguments);
    let passed = watched(source, wanted, |reader, show| {
        measuring.skim(reader, &mut |part| {
            tally.add(&part.tally);
            show();
            Ok::<(), EngineError>(())
        })
    });
    let Passed {
        counted, repeats, ..
    } = passed?;
    let counted = counted.ok_or(EngineError::Internal)?;
    tell_quirks(source.reader());
    tell_nobody(tally.nobody);
    if tally.has_invalid() {
        let data = InvalidData::new(measuring.plan, &tally, None, Aftermath::NothingToWrite);
        return Err(Error::Invalid(Box::new(data)).into());
    }
    Ok((counted, repeats, tally.written))
}
