//! What a run of the main job is to do, and with what.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};

use super::release::Release;
use crate::base::name::Shown;
use crate::base::random::Randomness;
use crate::cli::arguments::AnonymiseArguments;
use crate::cli::commands::files::Files;
use crate::cli::commands::goal::Goal;
use crate::cli::commands::{population, reading, threads, today};
use crate::cli::exit::Error;
use crate::cli::suggestion::meant;
use crate::crypto::cells::RunId;
use crate::crypto::keys::KeyRing;
use crate::crypto::row_index::IndexKey;
use crate::crypto::vault::Vaults;
use crate::engine::passes::{Measuring, ResidualSearch};
use crate::engine::plan::{DoesNotFit, Plan, person};
use crate::engine::sealing::Sealing;
use crate::engine::source::Source;
use crate::engine::warning::Warning;
use crate::engine::{Settings, Watch, Whose};
use crate::io::input::Input;
use crate::io::output::{Destination, Packing, Recipients, WORKBOOK_FORMAT};
use crate::privacy::audit::Depth;
use crate::rules::context::RunContext;
use crate::rules::policy::OnLeftover;
use crate::rules::table::{ColumnRule, RuleTable};
use crate::rules::{Formulas, Pseudonym};

/// What a run is to do, and all that it needs beside its files.
pub(super) struct Job<'a> {
    pub(super) arguments: &'a AnonymiseArguments,
    /// The input's name.
    pub(super) input: &'a Path,
    pub(super) table: RuleTable,
    pub(super) recipients: Recipients,
    pub(super) goal: Goal,
    pub(super) vaults: Arc<Vaults>,
    pub(super) randomness: Arc<Randomness>,
    pub(super) keys: Arc<KeyRing>,
    /// The release that goes on, if one does.
    pub(super) release: Option<Release>,
    /// Whether the output is a workbook.
    pub(super) is_workbook: bool,
    /// How the output is compressed if it is a text.
    pub(super) packing: Packing,
    /// Whether rows leave on a stream, which cannot be taken back.
    pub(super) streams: bool,
    /// Whether rows are published, and not only counted.
    pub(super) publishes_rows: bool,
    pub(super) started: DateTime<Utc>,
    pub(super) clock: Instant,
}

/// What the job makes of the columns of its input.
pub(super) struct Planned {
    pub(super) plan: Plan,
    /// What seals the rows, if they leave sealed.
    pub(super) sealing: Option<Sealing>,
    header: Vec<Shown>,
    pub(super) settings: Settings,
    /// The columns that tell how identifying a row is.
    pub(super) watch: Watch,
    /// Those of them that are measured when the rows are written.
    pub(super) measured: Watch,
    depth: Depth,
    pub(super) threads: usize,
    /// The columns that say whose rows are whose.
    person: Vec<usize>,
    /// If none does, one that may.
    suspected: Option<usize>,
}

impl<'a> Job<'a> {
    /// Reads the rule table, keys and whatever else can fail before a row is read, and opens all files.
    pub(super) fn prepare(
        arguments: &'a AnonymiseArguments,
    ) -> anyhow::Result<(Self, Input, Files)> {
        let (started, clock) = (Utc::now(), Instant::now());
        let (is_workbook, packing) = form_of_output(arguments)?;
        let table = RuleTable::load(&arguments.applied.rules)?;
        let recipients = Recipients::read(&arguments.rows.encrypt_to)?;
        recipients.check()?;
        let population = population::read(&arguments.privacy.population, &table)?;
        let goal = Goal::new(&arguments.privacy, &table.goal)?.against(population);
        let keys = Arc::new(KeyRing::read(&arguments.applied.keys)?);
        let release = Release::open(arguments, (&goal, &table.goal), &keys)?;
        let randomness = Arc::new(match arguments.rows.seed {
            Some(seed) => Randomness::from_seed(seed),
            None => Randomness::from_system()?,
        });
        let vaults = Vaults::new(Arc::clone(&randomness))?;
        let vaults = Arc::new(match arguments.rehearses() {
            true => vaults.only_read(),
            false => vaults,
        });
        let path = arguments
            .inputs
            .first()
            .map_or(Path::new("-"), PathBuf::as_path);
        if !path.exists()
            && let Some(meant) = meant(path.as_os_str())
        {
            let word = path.to_owned();
            return Err(Error::Meant { word, meant }.into());
        }
        let hashed = tells(arguments) || arguments.written.journal.is_some();
        let input = Input::open(path, hashed)?;
        let named = table.files.iter().map(|file| &file.path);
        let named = named.chain(arguments.privacy.population.file());
        let read = named.chain(recipients.files());
        let read: Vec<_> = read.chain(&arguments.applied.keys).collect();
        let files = Files::open(arguments, &input, path, &read, hashed)?;
        let job = Self {
            arguments,
            input: path,
            table,
            recipients,
            goal,
            vaults,
            randomness,
            keys,
            release,
            is_workbook,
            packing,
            streams: matches!(files.output.get_ref(), Destination::Stream(_)),
            publishes_rows: true,
            started,
            clock,
        };
        Ok((job, input, files))
    }

    /// Whether identifiers in kept cells are masked, and so must be found before rows are written.
    pub(super) fn masks(&self) -> bool {
        self.arguments.applied.on_leftover == OnLeftover::Mask
    }

    /// Whether anything tells how many rows are the only ones with their quasi-identifying values.
    pub(super) fn tells_uniqueness(&self) -> bool {
        self.arguments.running.log.tells() || self.arguments.written.manifest.is_some()
    }

    /// Whether rows are counted before they are written: for a search, or for thresholds that rows on a
    /// stream must meet before they leave.
    pub(super) fn counts_first(&self) -> bool {
        self.goal.search.is_some() || (self.streams && !self.goal.gate.is_open())
    }

    /// Whether what was written when the input is read to its end cannot be taken back.
    pub(super) fn has_left(&self) -> bool {
        self.publishes_rows && self.streams && !self.shuffles()
    }

    /// Whether rows leave in random order: if that was asked for, or a k. What is bound to the index of
    /// its row cannot.
    pub(super) fn shuffles(&self) -> bool {
        let sealed = |column: &ColumnRule| column.rule.pseudonym() == Some(Pseudonym::Sealed);
        let keeps = self.arguments.rows.keep_order || self.table.columns.iter().any(sealed);
        self.arguments.rows.shuffle || self.goal.search.is_some() && !keeps
    }

    /// Opens the input, with its header judged. No name is shown, and nothing is read on, before it
    /// is known for one.
    pub(super) fn open<'s>(&'s self, input: &'s mut Input) -> anyhow::Result<Source<'s>> {
        if self.counts_first() || self.masks() || self.table.reads_whole_columns() {
            input.keep_for_second_pass()?;
        }
        let known = |name: &str| self.table.lists(name);
        Source::open(input, reading(&self.arguments.reading), known)
            .map_err(|error| self.propose_table(error.into()))
    }

    /// Puts the rule table and the header together.
    pub(super) fn plan(&self, source: &Source<'_>) -> anyhow::Result<Planned> {
        let reader = source.reader();
        let (names, header) = (reader.header(), reader.shown_header().to_vec());
        let context = RunContext {
            today: today(),
            random: Arc::clone(&self.randomness),
            indexed: self.table.index.is_some() && !self.shuffles(),
            keys: Arc::clone(&self.keys),
            vaults: Arc::clone(&self.vaults),
            id: RunId::draw()?,
        };
        DoesNotFit::check(&self.table, names, self.arguments.reading.header)
            .map_err(|error| self.propose_table(error.into()))?;
        let strict = self.arguments.applied.strict;
        let mut plan = Plan::new(&self.table, names, &header, &context, strict)
            .map_err(|error| self.propose_table(error.into()))?;
        let sealing = || Sealing::new(&plan, &self.keys, context.id);
        let sealing = self.publishes_rows.then(sealing).transpose()?.flatten();
        self.keep_keys_off_the_disk();
        let seeded = self.arguments.rows.seed.map(|_| Warning::Seeded);
        plan.warnings.extend(seeded);
        let quirks = reader.quirks().into_iter().filter(|quirk| quirk.is_final());
        plan.warnings.extend(quirks.map(Warning::Quirk));
        let person = person::positions(&self.goal.person, &self.table, names)?;
        plan.draw_by(&person)?;
        self.release
            .iter()
            .try_for_each(|release| release.fit(&mut plan))?;
        let other_runs: Vec<Warning> = Warning::of_other_runs(&plan).collect();
        plan.warnings.extend(other_runs);
        let k = self.goal.k();
        if self.goal.merges_thin && self.publishes_rows {
            plan.merge_thin();
        }
        let watch = match plan.thin.is_empty() {
            true => plan.watch(),
            false => plan.watch_thin(k),
        };
        let looks = tells(self.arguments) || k > 0;
        let published = match self.goal.measures && looks {
            true => plan.watch_published(k),
            false => watch.clone(),
        };
        let depth = self.goal.depth(tells(self.arguments));
        Ok(Planned {
            settings: self.settings(source, &plan, sealing.is_some()),
            sealing,
            suspected: plan.suspected_person().filter(|_| person.is_empty()),
            person,
            plan,
            header,
            measured: match depth {
                Depth::All => published,
                Depth::Sizes => published.without_sensitive(),
            },
            watch,
            depth,
            threads: threads(&self.arguments.reading, source.input()),
        })
    }

    fn settings(&self, source: &Source<'_>, plan: &Plan, sealed: bool) -> Settings {
        let arguments = self.arguments;
        let key = || IndexKey::draw(&mut self.randomness.stream("index"));
        Settings {
            format: match self.is_workbook {
                true => WORKBOOK_FORMAT,
                false => arguments.written.format(source.reader().delimiter()),
            },
            on_invalid: arguments.applied.on_invalid,
            // Shuffled rows are numbered as they leave.
            index: (plan.index.is_some() && !self.shuffles()).then(key),
            note_row_ends: self.shuffles() || sealed || arguments.rows.head.is_some(),
            count_missing_kept: tells(arguments) || arguments.running.verbose,
            formulas: arguments
                .applied
                .formulas
                .or(self.formulas_for_excel())
                .or(self.table.formulas)
                // A text in a workbook is no formula.
                .or(self.is_workbook.then_some(Formulas::Keep))
                .unwrap_or_default(),
        }
    }

    /// What --excel makes of formulas: to refuse them is stricter.
    fn formulas_for_excel(&self) -> Option<Formulas> {
        let refused = self.table.formulas == Some(Formulas::Refuse);
        (self.arguments.written.excel && !refused).then_some(Formulas::Escape)
    }
}

/// Whether the output is a workbook, by its name, of which nothing of a text can be said; and how it is
/// compressed if it is a text.
fn form_of_output(arguments: &AnonymiseArguments) -> Result<(bool, Packing), Error> {
    let name = arguments.written.text.output.as_os_str().to_string_lossy();
    let name = name.to_lowercase();
    let name = match arguments.rows.encrypt_to.is_empty() {
        true => name.as_str(),
        false => name.strip_suffix(".age").unwrap_or(&name),
    };
    let (packing, name) = Packing::of_name(name);
    let is_workbook = name.ends_with(".xlsx");
    let said = arguments.written.text.output_delimiter.is_some()
        || arguments.written.text.crlf
        || arguments.written.text.bom;
    match is_workbook && (said || arguments.written.excel) {
        true => Err(Error::NotAText),
        false if is_workbook && packing != Packing::None => Err(Error::PackedWorkbook),
        false => Ok((is_workbook, packing)),
    }
}

/// Whether a manifest or a report tells of the run, with all measures.
fn tells(arguments: &AnonymiseArguments) -> bool {
    arguments.written.manifest.is_some() || arguments.privacy.report.report.is_some()
}

impl Planned {
    /// The columns that say whose rows are whose.
    pub(super) fn person(&self) -> &[usize] {
        &self.person
    }

    /// The same for a pass before the one that writes: whether persons repeat is seen there.
    pub(super) fn counting<'p>(
        &'p self,
        watch: &'p Watch,
        look: ResidualSearch<'p>,
    ) -> Measuring<'p> {
        let measuring = self.measuring(watch, look);
        let whose = match measuring.whose {
            Whose::Suspected(_) => Whose::Unknown,
            whose => whose,
        };
        Measuring { whose, ..measuring }
    }

    /// Whose rows are whose.
    fn whose(&self) -> Whose<'_> {
        match (self.person.as_slice(), self.suspected) {
            ([], Some(column)) => Whose::Suspected(column),
            ([], None) => Whose::Unknown,
            (columns, _) => Whose::Told(columns),
        }
    }

    /// A pass under this plan that watches some of its columns.
    pub(super) fn measuring<'p>(
        &'p self,
        watch: &'p Watch,
        look: ResidualSearch<'p>,
    ) -> Measuring<'p> {
        Measuring {
            plan: &self.plan,
            header: &self.header,
            watch,
            whose: self.whose(),
            settings: self.settings,
            threads: self.threads,
            look,
            depth: self.depth,
            sealing: None,
        }
    }
}
