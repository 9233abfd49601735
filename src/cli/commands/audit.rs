//! `audit`: how identifying a file is.

use std::path::PathBuf;

use indicatif::ProgressBar;

use super::anonymise::{open_reader, reader_options, threads};
use super::files::write_report;
use super::{print, print_text, progress, sql};
use crate::base::name;
use crate::cli::arguments::{AuditArguments, AuditFormat};
use crate::cli::exit::Error;
use crate::engine::passes::{Look, Measuring};
use crate::engine::plan::Plan;
use crate::engine::{OnInvalid, Settings, Tally};
use crate::io::csv::format::OutputFormat;
use crate::io::input::Input;
use crate::privacy::audit::Depth;
use crate::privacy::gate::Gate;
use crate::report;
use crate::report::{Audited, Bytes, InvalidData};
use crate::rules::Formulas;
use crate::rules::table::{Attribute, RuleTable};

/// Measures a file, prints the figures and compares them with the thresholds.
pub(super) fn audit(arguments: &AuditArguments) -> Result<(), Error> {
    if let Some(dialect) = arguments.sql.dialect {
        return sql::audit(arguments, dialect);
    }
    let table = RuleTable::load(&arguments.rules)?;
    let standard = PathBuf::from("-");
    let path = arguments.input.as_ref().unwrap_or(&standard);
    let input = Input::open(path, arguments.report.report.is_some())?;
    let mut reader = open_reader(&input, &arguments.reading)?;
    let header = reader.shown_header().to_vec();
    let choice = Choice {
        arguments,
        table: &table,
    };
    let attributes = choice.attributes(reader.header())?;
    let plan = Plan::to_measure(&table, reader.header(), &header, &attributes);
    let watch = plan.watch();
    if watch.quasi.is_empty() {
        return Err(Error::NothingToMeasure("quasi-identifying"));
    }
    let gate = Gate::from(&arguments.gate);
    if gate.is_about_sensitive() && watch.sensitive.is_empty() {
        return Err(Error::NothingToMeasure("sensitive"));
    }
    let measuring = Measuring {
        plan: &plan,
        header: &header,
        watch: &watch,
        settings: Settings {
            format: OutputFormat {
                delimiter: reader.delimiter(),
                crlf: false,
                mark: false,
            },
            on_invalid: OnInvalid::Fail,
            index: None,
            note_row_ends: false,
            count_missing_kept: false,
            formulas: Formulas::Keep,
        },
        threads: threads(
            &arguments.reading,
            &input,
            &reader_options(&arguments.reading),
        ),
        look: Look::Away,
        depth: Depth::All,
    };
    let mut tally = Tally::new(plan.steps.len());
    let bar: ProgressBar = progress::bar(input.size(), arguments.format == AuditFormat::Text);
    let counted = measuring.skim(&mut reader, &mut |part| {
        tally.add(&part.tally);
        bar.set_position(input.bytes_read());
        Ok(())
    });
    bar.finish_and_clear();
    let counted = counted?.counted.ok_or(Error::Internal)?;
    if tally.has_invalid() {
        return Err(Error::Invalid(Box::new(InvalidData::new(
            &plan, &tally, false,
        ))));
    }
    let audit = measuring.audit(&counted)?;
    if audit.sizes.rows != tally.rows {
        return Err(Error::Internal);
    }
    let misses = gate.misses(&audit);
    let audited = Audited {
        file: Bytes {
            path: path.display().to_string(),
            bytes: input.bytes_read(),
            sha256: input.sha256(),
        },
        table: &table.name,
        table_sha256: &table.sha256,
        audit: &audit,
        gate,
        misses: &misses,
    };
    let language = arguments.report.language();
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
        }),
    }
}

/// Which columns count.
struct Choice<'a> {
    arguments: &'a AuditArguments,
    table: &'a RuleTable,
}

impl Choice<'_> {
    /// What each column of the file tells about a person: as the command line says, or as the rule
    /// table says of the output column of that name.
    fn attributes(&self, header: &[String]) -> Result<Vec<Option<Attribute>>, Error> {
        let keys: Vec<String> = header.iter().map(|name| name::key(name)).collect();
        let listed = |key: &String| {
            let mut columns = self.table.columns.iter();
            columns.find(|column| column.rule.leaves() && name::key(&column.output) == *key)
        };
        let mut attributes: Vec<Option<Attribute>> = keys
            .iter()
            .map(|key| listed(key).and_then(|column| column.attribute))
            .collect();
        let named = [
            (&self.arguments.quasi, Attribute::QuasiIdentifying),
            (&self.arguments.sensitive, Attribute::Sensitive),
        ];
        for (names, attribute) in named {
            if names.is_empty() {
                continue;
            }
            for known in &mut attributes {
                *known = known.filter(|known| *known != attribute);
            }
            for name in names {
                let key = name::key(name);
                let mut found = keys
                    .iter()
                    .zip(&mut attributes)
                    .filter(|(known, _)| **known == key);
                let Some((_, first)) = found.next() else {
                    return Err(Error::NoSuchColumn(name.escape_debug().to_string()));
                };
                *first = Some(attribute);
                found.for_each(|(_, other)| *other = Some(attribute));
            }
        }
        Ok(attributes)
    }
}
