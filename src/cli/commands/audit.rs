//! `audit`: how identifying a file is.

mod person;

use std::path::Path;

use super::files::write_report;
use super::inspect::probe;
use super::{print, print_text, progress, reading, say, sql, tell_nobody, tell_quirks, threads};
use crate::base::lang::Language;
use crate::base::name;
use crate::base::name::Shown;
use crate::cli::arguments::{AuditArguments, AuditFormat};
use crate::cli::exit::Error;
use crate::engine;
use crate::engine::error::Error as EngineError;
use crate::engine::inspect::{Inspection, Inspector};
use crate::engine::passes::{Look, Measuring, Passed};
use crate::engine::plan::Plan;
use crate::engine::source::Source;
use crate::engine::warning::Warning;
use crate::engine::{Repeats, Settings, Tally};
use crate::io::csv::format::OutputFormat;
use crate::io::input::Input;
use crate::privacy::audit::{Audit, Depth};
use crate::privacy::counter::Counted;
use crate::privacy::gate::Gate;
use crate::report;
use crate::report::{Aftermath, Audited, Bytes, InvalidData, Judged, JudgedBy};
use crate::rules::Formulas;
use crate::rules::policy::OnInvalid;
use crate::rules::table::{Attribute, RuleTable};

/// Measures a file, prints the figures and compares them with the thresholds.
pub(super) fn audit(arguments: &AuditArguments) -> anyhow::Result<()> {
    if let Some(dialect) = arguments.sql.dialect {
        return sql::audit(arguments, dialect);
    }
    let table = RuleTable::load(&arguments.rules)?;
    let path = arguments.input.as_deref().unwrap_or(Path::new("-"));
    let mut input = Input::open(path, arguments.report.report.is_some())?;
    if arguments.quasi.is_empty() {
        // Columns that nobody has judged are judged by their contents first.
        input.keep_for_second_pass()?;
    }
    let known = |name: &str| is_known(arguments, &table, name);
    let mut source = Source::open(&mut input, reading(&arguments.reading), known)?;
    let choice = Choice {
        arguments,
        table: &table,
    };
    let columns = choice.judge(&mut source)?;
    let gate = Gate::from(&arguments.gate);
    let audit = choice.measure(&columns, gate, &mut source)?;
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
    write_report(report_path, (path, input.id()), || {
        report::html_of_file(&audited, language)
    })?;
    match arguments.format {
        AuditFormat::Text => print_text(&report::audit_text(&audited, language)),
        AuditFormat::Json => print(report::audit_json(&audited).as_bytes()),
    }?;
    match misses.is_empty() {
        true => Ok(()),
        false => Err(Error::Missed {
            misses,
            streamed: true,
        }
        .into()),
    }
}

/// Whether a name of a column is known: to whoever started the program, or to the rule table, which
/// names the columns of its output.
pub(super) fn is_known(arguments: &AuditArguments, table: &RuleTable, column: &str) -> bool {
    let key = name::key(column);
    let outputs = table.columns.iter().map(|column| &column.output);
    let named = arguments.quasi.iter().chain(&arguments.sensitive);
    let named = named.chain(&arguments.ignore).chain(&arguments.person);
    let mut all = outputs.chain(named).chain(&table.index);
    table.lists(column) || all.any(|name| name::key(name) == key)
}

/// Which columns count.
struct Choice<'a> {
    arguments: &'a AuditArguments,
    table: &'a RuleTable,
}

impl Choice<'_> {
    /// What each column of the file tells about a person.
    fn judge(&self, source: &mut Source<'_>) -> anyhow::Result<Vec<Judged>> {
        let reader = source.reader();
        let mut columns = self.columns(reader.header(), reader.shown_header())?;
        self.set_persons_aside(source.reader().header(), &mut columns)?;
        if self.arguments.quasi.is_empty() {
            judge_by_contents(source, self.arguments, &mut columns)?;
        }
        Ok(columns)
    }

    /// The measures of the rows, if these columns can be measured as the thresholds ask.
    fn measure(
        &self,
        columns: &[Judged],
        gate: Gate,
        source: &mut Source<'_>,
    ) -> anyhow::Result<Audit> {
        let header = source.reader().shown_header().to_vec();
        let attributes: Vec<Option<Attribute>> = columns.iter().map(Judged::counted_as).collect();
        let plan = Plan::to_measure(self.table, source.reader().header(), &header, &attributes);
        let told = self.told(source.reader().header(), columns)?;
        let watch = plan.watch();
        if watch.quasi.is_empty() {
            return Err(Error::NothingToMeasure(fixed!("quasi-identifying")).into());
        }
        if gate.is_about_sensitive() && watch.sensitive.is_empty() {
            return Err(Error::NothingToMeasure(fixed!("sensitive")).into());
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
            look: Look::Away,
            depth: Depth::All,
        };
        let (counted, repeats, written) = count(&measuring, source, self.arguments)?;
        let audit = Audit {
            one_row_each: person::one_row_each(repeats),
            ..measuring.audit(&counted)?
        };
        if let Some(warning) = repeats.and_then(|seen| Warning::of_persons(&plan, seen)) {
            say(text!("warning: {warning}", warning));
        }
        match audit.rows() == written {
            true => Ok(audit),
            false => Err(EngineError::Internal.into()),
        }
    }

    /// What each column of the file tells about a person: as the command line says, or as the rule
    /// table says of the output column of that name.
    fn columns(&self, header: &[String], shown: &[Shown]) -> anyhow::Result<Vec<Judged>> {
        let keys: Vec<String> = header.iter().map(|name| name::key(name)).collect();
        let index = self.table.index.as_ref().map(|name| name::key(name));
        let listed = |key: &String| {
            let mut columns = self.table.columns.iter();
            columns.find(|column| column.rule.leaves() && name::key(&column.output) == *key)
        };
        let columns = keys.iter().zip(shown).map(|(key, shown)| {
            let attribute = listed(key).and_then(|column| column.attribute);
            Judged {
                column: shown.clone(),
                attribute,
                by: match attribute {
                    Some(_) => JudgedBy::Rules,
                    None if Some(key) == index.as_ref() => JudgedBy::Index,
                    None => JudgedBy::Nobody,
                },
            }
        });
        let mut columns: Vec<Judged> = columns.collect();
        let named = [
            (&self.arguments.quasi, Some(Attribute::QuasiIdentifying)),
            (&self.arguments.sensitive, Some(Attribute::Sensitive)),
            (&self.arguments.ignore, None),
        ];
        for (names, attribute) in named {
            if names.is_empty() {
                continue;
            }
            // They are the ones in the place of the rule table's.
            for judged in &mut columns {
                if attribute.is_some() && judged.attribute == attribute {
                    (judged.attribute, judged.by) = (None, JudgedBy::Nobody);
                }
            }
            for name in names {
                let key = name::key(name);
                let of_name = keys.iter().zip(&mut columns);
                let mut found = false;
                for (_, judged) in of_name.filter(|(known, _)| **known == key) {
                    (judged.attribute, judged.by) = (attribute, JudgedBy::Options);
                    found = true;
                }
                if !found {
                    return Err(EngineError::NoSuchColumn(name.escape_debug().to_string()).into());
                }
            }
        }
        Ok(columns)
    }
}

/// Counts the rows of a file, and tells how many there are.
fn count(
    measuring: &Measuring<'_>,
    source: &mut Source<'_>,
    arguments: &AuditArguments,
) -> anyhow::Result<(Counted, Option<Repeats>, u64)> {
    let mut tally = Tally::new(measuring.plan.steps.len());
    let (reader, input) = source.parts();
    let bar = progress::bar(input.size(), arguments.format == AuditFormat::Text);
    let counted = measuring.skim(reader, &mut |part| {
        tally.add(&part.tally);
        bar.set_position(input.bytes_read());
        Ok::<(), EngineError>(())
    });
    bar.finish_and_clear();
    let Passed {
        counted, repeats, ..
    } = counted?;
    let counted = counted.ok_or(EngineError::Internal)?;
    tell_quirks(reader);
    tell_nobody(tally.nobody);
    if tally.has_invalid() {
        let data = InvalidData::new(measuring.plan, &tally, None, Aftermath::NothingToWrite);
        return Err(Error::Invalid(Box::new(data)).into());
    }
    Ok((counted, repeats, tally.written))
}

/// Judges the columns that nobody has judged by their names and contents, and goes back to the first
/// row if there are any.
fn judge_by_contents(
    source: &mut Source<'_>,
    arguments: &AuditArguments,
    columns: &mut [Judged],
) -> anyhow::Result<()> {
    let open = columns.iter().map(|judged| judged.by == JudgedBy::Nobody);
    let open: Vec<bool> = open.collect();
    if !open.contains(&true) {
        return Ok(());
    }
    let (names, shown) = (source.reader().header(), source.reader().shown_header());
    let (names, shown) = (names.to_vec(), shown.to_vec());
    let probe = probe()?;
    let threads = threads(&arguments.reading, source.input());
    let mut workers: Vec<Inspector<'_>> = (0..threads)
        .map(|_| Inspector::new(&probe, &names, &shown).only(&open))
        .collect();
    let (reader, input) = source.parts();
    let bar = progress::bar(input.size(), arguments.format == AuditFormat::Text);
    let read = engine::run(reader, workers.iter_mut().collect(), &mut |()| {
        bar.set_position(input.bytes_read());
        Ok::<(), EngineError>(())
    });
    bar.finish_and_clear();
    read?;
    let inspection = Inspection::new(&names, workers, true);
    let looked_through = columns.iter_mut().zip(&inspection.columns);
    for ((judged, column), _) in looked_through.zip(&open).filter(|(_, open)| **open) {
        judged.attribute = Some(column.proposal.attribute);
        judged.by = JudgedBy::Contents;
    }
    Ok(source.rewind()?)
}
