//! The main job: from an export to a file that may be shared.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use chrono::{Local, Utc};

use super::beginning::tell_beginning;
use super::files::Files;
use super::goal::{Goal, Recoded};
use super::record::{Gates, Record};
use super::rows::Rows;
use super::{progress, reading, say, threads};
use crate::base::random::Randomness;
use crate::cli::arguments::AnonymiseArguments;
use crate::cli::exit::Error;
use crate::cli::suggestion::meant;
use crate::crypto::cells::RunId;
use crate::crypto::keys::KeyRing;
use crate::crypto::row_index::IndexKey;
use crate::crypto::vault::Vaults;
use crate::engine::error::Error as EngineError;
use crate::engine::leftover::Verdict;
use crate::engine::passes::{Look, Measuring, Passed};
use crate::engine::plan::{DoesNotFit, Plan};
use crate::engine::published::TooFewRows;
use crate::engine::source::Source;
use crate::engine::warning::Warning;
use crate::engine::{Fate, Part, Settings, Tally};
use crate::io::csv::format::OutputFormat;
use crate::io::error::Error as IoError;
use crate::io::error::Target;
use crate::io::input::Input;
use crate::io::output::{
    Destination, FirstColumn, Recipients, SHUFFLE_MEMORY, Shuffle, TableSink, WORKBOOK_FORMAT,
};
use crate::privacy::audit::Depth;
use crate::report;
use crate::report::{Aftermath, Bytes, InvalidData, LeftoverData, Leftovers, Run};
use crate::rules::Formulas;
use crate::rules::context::RunContext;
use crate::rules::policy::OnInvalid;
use crate::rules::policy::OnLeftover;
use crate::rules::table::RuleTable;

/// Runs the main job, and has the journal tell of it however it ends.
pub(super) fn anonymise(arguments: &AnonymiseArguments) -> anyhow::Result<()> {
    let (mut record, mut input) = (Record::default(), None);
    let done = publish(arguments, &mut record, &mut input);
    done.inspect_err(|error| record.end(error, input.as_ref()))
}

fn publish(
    arguments: &AnonymiseArguments,
    record: &mut Record,
    opened: &mut Option<Input>,
) -> anyhow::Result<()> {
    let (started, clock) = (Utc::now(), Instant::now());
    let workbook = writes_workbook(arguments)?;
    let table = RuleTable::load(&arguments.rules)?;
    let recipients = Recipients::read(&arguments.encrypt_to)?;
    recipients.check()?;
    let goal = Goal::new(&arguments.privacy, &table.goal)?;
    let keys = Arc::new(KeyRing::read(&arguments.keys)?);
    let randomness = Arc::new(match arguments.seed {
        Some(seed) => Randomness::from_seed(seed),
        None => Randomness::from_system()?,
    });
    let vaults = Arc::new(Vaults::new(Arc::clone(&randomness))?);
    let standard = PathBuf::from("-");
    let input_path = arguments.input.as_ref().unwrap_or(&standard);
    let tells = arguments.manifest.is_some() || arguments.privacy.report.report.is_some();
    let hashed = tells || arguments.journal.is_some();
    if !input_path.exists()
        && let Some(meant) = meant(input_path.as_os_str())
    {
        let word = input_path.clone();
        return Err(Error::Meant { word, meant }.into());
    }
    let input = opened.insert(Input::open(input_path, hashed)?);
    let named = table.files.iter().map(|file| &file.path);
    let read = named.chain(recipients.files());
    let read: Vec<_> = read.chain(&arguments.keys).collect();
    let mut files = Files::open(arguments, input, input_path, &read, hashed)?;
    if let Some(journal) = &arguments.journal {
        let paths = (input_path.as_path(), arguments.output.as_path());
        let gates = Gates {
            gate: goal.gate,
            k: goal.search.as_ref().map(|search| search.k),
        };
        record.open(journal, &table, paths, recipients.names(), gates)?;
    }
    let streamed = matches!(files.output.get_mut(), Destination::Stream(_));
    // What has left on a stream cannot be taken back.
    let counts_first = goal.search.is_some() || (streamed && !goal.gate.is_open());
    let on_leftover = arguments.on_leftover;
    // What is to be masked is known at the end.
    let looks_first = on_leftover == OnLeftover::Mask;
    if counts_first || looks_first {
        input.keep_for_second_pass()?;
    }

    // No name is shown, and nothing is read on, before it is known for one.
    let known = |name: &str| table.lists(name);
    let mut source = Source::open(input, reading(&arguments.reading), &known)?;
    let header = source.reader().shown_header().to_vec();
    let context = RunContext {
        today: Local::now().date_naive(),
        random: Arc::clone(&randomness),
        indexed: table.index.is_some() && !arguments.shuffle,
        keys,
        vaults: Arc::clone(&vaults),
        id: RunId::draw()?,
    };
    let names = source.reader().header();
    DoesNotFit::check(&table, names, arguments.reading.header)?;
    let mut plan = Plan::new(&table, names, &header, &context, arguments.strict)?;
    record.columns(&plan);
    let mut warnings = std::mem::take(&mut plan.warnings);
    warnings.extend(arguments.seed.map(|_| Warning::Seeded));
    let quirks = source.reader().quirks().into_iter();
    warnings.extend(quirks.filter(|quirk| quirk.is_final()).map(Warning::Quirk));
    tell_beginning(arguments, source.reader(), &plan, &warnings);

    let format = match workbook {
        true => WORKBOOK_FORMAT,
        false => OutputFormat {
            delimiter: arguments
                .output_delimiter
                .unwrap_or(source.reader().delimiter()),
            crlf: arguments.crlf,
            mark: arguments.bom,
        },
    };
    // A text in a workbook is no formula.
    let formulas = arguments.formulas.or(table.formulas);
    let formulas = formulas.or(workbook.then_some(Formulas::Keep));
    let index = plan
        .index
        .as_ref()
        .map(|_| IndexKey::draw(&mut randomness.stream("index")));
    let settings = Settings {
        format,
        on_invalid: arguments.on_invalid,
        index: index.filter(|_| !arguments.shuffle),
        note_row_ends: arguments.shuffle,
        count_missing_kept: tells || arguments.verbose,
        formulas: formulas.unwrap_or_default(),
    };
    let watch = plan.watch();
    goal.check_columns(&watch)?;
    let (sizes, depth) = (watch.without_sensitive(), goal.depth(tells));
    let measured = match depth {
        Depth::All => &watch,
        Depth::Sizes => &sizes,
    };
    let mut measuring = Measuring {
        plan: &plan,
        header: &header,
        // What a search may choose depends on the sensitive columns too.
        watch: if goal.search.is_some() {
            &watch
        } else {
            measured
        },
        settings,
        threads: threads(&arguments.reading, source.input()),
        look: Look::Count,
        depth,
    };
    let mut verdict = None;
    if looks_first {
        verdict = Pass::new(arguments, measuring).look(&mut source)?;
        source.rewind()?;
    }
    let to_mask = verdict.take_if(|_| looks_first);
    if let Some(verdict) = &to_mask {
        measuring.look = if verdict.is_clean() {
            Look::Away
        } else {
            Look::Mask(verdict)
        };
    }
    let recoded = match counts_first {
        true => {
            let (mut look, mut fresh) = (measuring.look, true);
            let recoded = goal.reach(&measuring, (format, streamed), |measuring| {
                if !std::mem::take(&mut fresh) {
                    source.rewind()?;
                }
                let pass = Pass::new(arguments, Measuring { look, ..*measuring });
                let passed = pass.count(&mut source, streamed)?;
                if let (Look::Count, Some(found)) = (look, passed.verdict) {
                    verdict = Some(found);
                    // The same rows come again.
                    look = Look::Away;
                }
                Ok(passed.counted.ok_or(EngineError::Internal)?)
            })?;
            source.rewind()?;
            measuring.look = look;
            recoded
        }
        false => None,
    };
    measuring.watch = measured;
    let pass = Pass::new(arguments, measuring);

    let target = Target::of(Some(&arguments.output));
    if streamed {
        record.begin()?;
    }
    let form = workbook.then_some(match plan.index {
        Some(_) => FirstColumn::Index,
        None => FirstColumn::Text,
    });
    let output = TableSink::open(&mut files.output, &recipients, form);
    let output = output.map_err(|source| IoError::Write {
        what: target.clone(),
        source,
    })?;
    let mut rows = Rows {
        shuffle: arguments
            .shuffle
            .then(|| Shuffle::new(randomness.stream("order"), SHUFFLE_MEMORY)),
        on_invalid: arguments.on_invalid,
        on_leftover,
        refuses_formulas: settings.formulas == Formulas::Refuse,
        tally: Tally::new(plan.steps.len()),
        format,
        indexed: plan.index.is_some(),
        output,
        target,
        bar: pass.bar(source.input()),
        sent: record.sent(),
    };
    rows.header(&plan)?;
    let passed = pass.write(&mut source, &mut rows, &goal, recoded.as_ref())?;
    vaults.check()?;
    let partial = streamed && !arguments.shuffle;
    pass.check(&rows.tally, partial)?;
    if let Some(found) = passed.verdict {
        match &to_mask {
            Some(_) if !found.is_clean() => {
                let data = LeftoverData::new(&found, true, partial);
                return Err(Error::Leftover(Box::new(data)).into());
            }
            Some(_) => {}
            None => {
                pass.check_leftovers(&found, partial)?;
                verdict = Some(found);
            }
        }
    }
    let audit = passed
        .counted
        .map(|counted| measuring.audit(&counted))
        .transpose()?;
    let verdict = to_mask.as_ref().or(verdict.as_ref());
    let tally = rows.finish()?;
    let verdict = verdict.ok_or(EngineError::Internal)?;
    source.input().check_unchanged()?;
    let invalid = Warning::of_invalid(&plan, &tally, arguments.on_invalid).into_iter();
    let invalid = Warning::of_nobody(&tally).into_iter().chain(invalid);
    let undecided = Warning::of_undecided(&plan, &tally);
    let codes = Warning::of_postal_codes(&plan, &tally);
    let formulas = Warning::of_formulas(&plan, &tally, settings.formulas);
    let leftovers = Warning::of_leftovers(verdict, looks_first);
    let quirks = source.reader().quirks().into_iter();
    let quirks = quirks.map(Warning::Quirk);
    let quirks: Vec<Warning> = quirks.filter(|told| !warnings.contains(told)).collect();
    for warning in invalid
        .chain(undecided)
        .chain(codes)
        .chain(leftovers)
        .chain(formulas)
        .chain(quirks)
    {
        if !arguments.quiet {
            say(format_args!("warning: {warning}"));
        }
        warnings.push(warning);
    }
    if let Some(audit) = &audit {
        goal.check(audit, tally.written, streamed)?;
    }

    let run = Run {
        started,
        finished: Utc::now(),
        seconds: clock.elapsed().as_secs_f64(),
        input: Bytes {
            path: input_path.display().to_string(),
            bytes: source.input().bytes_read(),
            sha256: source.input().sha256(),
        },
        encoding: source.reader().encoding(),
        output: Bytes {
            path: arguments.output.display().to_string(),
            bytes: files.output.total_bytes(),
            sha256: files.output.sha256(),
        },
        table: &table.name,
        table_sha256: &table.sha256,
        table_text_sha256: &table.text_sha256,
        table_files: &table.files,
        plan: &plan,
        tally: &tally,
        warnings: &warnings,
        seed: arguments.seed,
        shuffled: arguments.shuffle,
        encrypted_to: recipients.names(),
        audit: audit.as_ref(),
        recoded: recoded.as_ref().map(|recoded| &recoded.achieved),
        gate: goal.gate,
        formulas: settings.formulas,
        leftovers: Leftovers {
            policy: on_leftover,
            verdict,
        },
    };
    let language = arguments.privacy.report.language();
    // What the disk says late is better known before the journal says that all is well.
    let finished = files.output.get_mut().finish();
    finished.map_err(|source| IoError::Write {
        what: Target::of(Some(&arguments.output)),
        source,
    })?;
    record.publish(&run, || {
        // Before any token leaves, and after the journal's line.
        vaults.commit()?;
        files.commit(
            &arguments.output,
            || report::manifest(&run),
            || report::html_of_run(&run, language),
        )
    })?;
    if arguments.verbose {
        for line in report::detail(&run).lines() {
            say(line);
        }
    }
    if !arguments.quiet {
        for line in report::summary(&run).lines() {
            say(line);
        }
    }
    Ok(())
}

/// Whether the output is a workbook, by its name; then nothing of a text can be said of it.
fn writes_workbook(arguments: &AnonymiseArguments) -> Result<bool, Error> {
    let name = arguments.output.as_os_str().to_string_lossy();
    let name = name.to_lowercase();
    let name = match arguments.encrypt_to.is_empty() {
        true => name.as_str(),
        false => name.strip_suffix(".age").unwrap_or(&name),
    };
    let is_workbook = name.ends_with(".xlsx");
    let said = arguments.output_delimiter.is_some() || arguments.crlf || arguments.bom;
    match is_workbook && said {
        true => Err(Error::NotAText),
        false => Ok(is_workbook),
    }
}

/// What takes the rows of a pass.
type Deliver<'a> = dyn FnMut(&mut Part) -> anyhow::Result<()> + Send + 'a;

/// Passes over the input.
struct Pass<'a> {
    arguments: &'a AnonymiseArguments,
    measuring: Measuring<'a>,
}

impl<'a> Pass<'a> {
    fn new(arguments: &'a AnonymiseArguments, measuring: Measuring<'a>) -> Self {
        Self {
            arguments,
            measuring,
        }
    }

    fn bar(&self, input: &Input) -> indicatif::ProgressBar {
        let wanted = !self.arguments.quiet && !self.arguments.no_progress;
        progress::bar(input.size(), wanted)
    }

    /// Looks for what is left over, and writes nothing.
    fn look(&self, source: &mut Source<'_>) -> anyhow::Result<Option<Verdict>> {
        let (reader, input) = source.parts();
        let pass = |deliver: &mut Deliver<'_>| self.measuring.plain_pass(reader, deliver);
        let (passed, tally) = self.tallied(input, pass)?;
        self.check(&tally, false)?;
        Ok(passed.verdict)
    }

    /// Counts what would leave, and writes nothing. What of it can wait for the pass that writes,
    /// is left to that one, unless its rows are `streamed` and cannot be taken back.
    fn count(&self, source: &mut Source<'_>, streamed: bool) -> anyhow::Result<Passed> {
        if !streamed && self.measuring.can_skim() {
            let (reader, input) = source.parts();
            let pass = |deliver: &mut Deliver<'_>| self.measuring.skim(reader, deliver);
            let (passed, tally) = self.tallied(input, pass)?;
            if self.check(&tally, false).is_ok() {
                return Ok(passed);
            }
            // All that is wrong is to be told, in the other columns too.
            source.rewind()?;
        }
        let (reader, input) = source.parts();
        let pass = |deliver: &mut Deliver<'_>| self.measuring.pass(reader, Fate::Forget, deliver);
        let (passed, tally) = self.tallied(input, pass)?;
        self.check(&tally, false)?;
        if let (Look::Count, Some(found)) = (self.measuring.look, &passed.verdict) {
            self.check_leftovers(found, false)?;
        }
        Ok(passed)
    }

    /// Makes a pass that writes nothing.
    fn tallied(
        &self,
        input: &Input,
        pass: impl FnOnce(&mut Deliver<'_>) -> anyhow::Result<Passed>,
    ) -> anyhow::Result<(Passed, Tally)> {
        let bar = self.bar(input);
        let mut tally = Tally::new(self.measuring.plan.steps.len());
        let passed = pass(&mut |part| {
            tally.add(&part.tally);
            bar.set_position(input.bytes_read());
            Ok(())
        });
        bar.finish_and_clear();
        Ok((passed?, tally))
    }

    /// Writes the rows, and measures them if anybody wants to know.
    fn write(
        &self,
        source: &mut Source<'_>,
        rows: &mut Rows<'_>,
        goal: &Goal,
        recoded: Option<&Recoded>,
    ) -> anyhow::Result<Passed> {
        let fate = recoded.map_or(Fate::Publish, |recoded| Fate::Recode(&recoded.recoding));
        let (reader, input) = source.parts();
        let mut deliver = |part: &mut Part| rows.take(part, input);
        // Without quasi-identifying columns there is nothing to measure.
        let measures = goal.measures && !self.measuring.watch.quasi.is_empty();
        let passed = match measures {
            true => self.measuring.pass(reader, fate, &mut deliver),
            false => self.measuring.plain_pass(reader, &mut deliver),
        };
        rows.bar.finish_and_clear();
        passed
    }

    /// Stops where something is left over and that is to stop the run.
    fn check_leftovers(&self, found: &Verdict, partial: bool) -> anyhow::Result<()> {
        if self.arguments.on_leftover == OnLeftover::Fail && !found.is_clean() {
            let data = LeftoverData::new(found, false, partial);
            return Err(Error::Leftover(Box::new(data)).into());
        }
        Ok(())
    }

    /// Stops where something is invalid and that is to stop the run, and where too few rows leave.
    fn check(&self, tally: &Tally, partial: bool) -> anyhow::Result<()> {
        let refuses = self.measuring.settings.formulas == Formulas::Refuse;
        let formulas = refuses && tally.formulas() > 0;
        if formulas || self.arguments.on_invalid == OnInvalid::Fail && tally.has_invalid() {
            let fate = match partial {
                true => Aftermath::Partial,
                false => Aftermath::NothingWritten,
            };
            let data = InvalidData::new(self.measuring.plan, tally, fate);
            return Err(Error::Invalid(Box::new(data)).into());
        }
        let filter = self.measuring.plan.filter.as_ref();
        let is_file = self.arguments.output.as_os_str() != "-";
        let least = self.arguments.min_rows.unwrap_or(u64::from(is_file));
        let checked = TooFewRows::check(tally, filter, least, partial);
        Ok(checked.map_err(EngineError::from)?)
    }
}
