//! What is in a file, before anyone shares it: types, counts and a proposal for each column.
//!
//! ```text
//! header → vocabulary ─┐
//! batches → Inspector (one for each thread) → merged profiles → type → proposal
//! ```
//!
//! A [`Profile`] holds counts, hashes and shapes of a bounded size, and merges in any order: the
//! result depends neither on the number of threads nor on the length of the file.

mod dictionary;
mod distinct;
mod kind;
mod probe;
mod profile;
mod proposal;
mod sentinel;
mod shape;

pub use kind::{DateForm, Kind};
pub use probe::{Is, Probe};
pub(crate) use probe::{MONTH_FIRST, YES};
pub use profile::Profile;
pub(crate) use proposal::attribute_by_name;
pub use proposal::{Proposal, Reason, Rule, SHARED};

use crate::base::name;
use crate::base::name::Shown;
use crate::engine::sieve::Sieve;
use crate::engine::{NobodyCounts, Worker};
use crate::io::csv::{Batch, Ends, Refusal};
use crate::rules::column_names::named::Named;
use dictionary::{Dictionary, Room};
use profile::Judge;

/// Counts the batches of one thread.
pub struct Inspector<'a> {
    probe: &'a Probe,
    /// The names of the columns, and without the blanks around them.
    header: &'a [String],
    names: Vec<&'a str>,
    /// What stands for the header in refusals: it may be a person.
    positions: &'a [Shown],
    profiles: Vec<Profile>,
    /// By column.
    dictionaries: Vec<Dictionary>,
    room: Room,
    /// By column: whether it is looked through; all are if it is empty.
    wanted: Vec<bool>,
    sieve: Sieve,
    nobody: NobodyCounts,
    wrong_width: u64,
    rows: u64,
    ends: Ends,
    cell: Vec<u8>,
    judge: Judge,
    part: (),
}

impl<'a> Inspector<'a> {
    /// A worker for a file with this header; `positions` has as many names, which refusals show.
    pub fn new(probe: &'a Probe, header: &'a [String], positions: &'a [Shown]) -> Self {
        Self {
            probe,
            header,
            names: header.iter().map(|name| name.trim()).collect(),
            positions,
            profiles: vec![Profile::new(header.len()); header.len()],
            dictionaries: header.iter().map(|_| Dictionary::default()).collect(),
            room: Room::default(),
            wanted: Vec::new(),
            sieve: Sieve::new(header),
            nobody: NobodyCounts::default(),
            wrong_width: 0,
            rows: 0,
            ends: Ends::default(),
            cell: Vec::new(),
            judge: Judge::default(),
            part: (),
        }
    }
}

impl Inspector<'_> {
    /// Counts the cells whose values were known.
    fn count_held(&mut self) {
        for (profile, dictionary) in self.profiles.iter_mut().zip(&mut self.dictionaries) {
            dictionary.drain(|judged, times| profile.count(judged, times));
        }
    }

    /// The same worker, which looks through these columns only.
    #[must_use]
    pub(crate) fn only(self, wanted: &[bool]) -> Self {
        Self {
            wanted: wanted.to_vec(),
            ..self
        }
    }
}

impl Worker for Inspector<'_> {
    type Part = ();
    type Error = Refusal;

    fn process(&mut self, batch: &Batch) -> Result<(), Refusal> {
        batch.check(self.positions, &mut self.ends)?;
        for row in batch.rows(&self.ends) {
            if self.sieve.suspects(&row)
                && let Some(nobody) = self.sieve.judge(&row, batch)?
            {
                self.nobody.count(nobody);
                continue;
            }
            self.rows += 1;
            if row.width() != self.header.len() {
                // Its cells may be under any column.
                self.wrong_width += 1;
                continue;
            }
            let columns = self.profiles.iter_mut().zip(&mut self.dictionaries);
            let columns = columns.zip(&self.names).enumerate();
            for (position, ((profile, dictionary), name)) in columns {
                if self.wanted.get(position) == Some(&false) {
                    continue;
                }
                let field = row.field(position).unwrap_or_default();
                if dictionary.count(field) {
                    continue;
                }
                let cell = batch.content(field, &mut self.cell);
                let wanted = profile.shapes.are_wanted();
                let judged = self.judge.judge(cell, name, self.probe, wanted);
                profile.count(judged, 1);
                dictionary.hold(field, judged, &mut self.room, |judged, times| {
                    profile.count(judged, times);
                });
            }
        }
        Ok(())
    }

    fn part(&mut self) -> &mut () {
        &mut self.part
    }
}

/// A file that was looked through.
#[derive(Debug)]
pub struct Inspection {
    /// Its rows, without the header.
    pub rows: u64,
    /// Those that are not as wide as the header; they are in no column's counts.
    pub wrong_width: u64,
    /// Rows that are nobody; they are in no count.
    pub nobody: NobodyCounts,
    /// Its columns, in the file's order.
    pub columns: Vec<Column>,
    /// Whether the first row may be a person, so that no name may be shown.
    pub may_lack_header: bool,
}

/// A column that was looked through.
#[derive(Debug)]
pub struct Column {
    /// Its name as it stands in the header, which may be a person's cell: see
    /// [`Inspection::may_lack_header`].
    pub name: String,
    /// What was counted.
    pub profile: Profile,
    /// What type its cells are of.
    pub kind: Kind,
    /// What is proposed.
    pub proposal: Proposal,
}

impl Column {
    /// Whether it says yes or no, and yes at least once.
    pub(crate) fn agrees(&self) -> bool {
        self.kind == Kind::YesNo && self.profile.cells(Is::Yes) > 0
    }
}

impl Inspection {
    /// Puts together what workers counted. `trusted` says that the first row is a header, whatever
    /// it looks like.
    pub fn new(header: &[String], workers: Vec<Inspector<'_>>, trusted: bool) -> Self {
        let mut profiles = vec![Profile::new(header.len()); header.len()];
        let (mut rows, mut wrong_width) = (0, 0);
        let mut nobody = NobodyCounts::default();
        for mut worker in workers {
            worker.count_held();
            rows += worker.rows;
            wrong_width += worker.wrong_width;
            nobody.add(&worker.nobody);
            for (profile, part) in profiles.iter_mut().zip(&worker.profiles) {
                profile.merge(part);
            }
        }
        // A name that its own column has as a value is a value.
        let repeated = profiles.iter().any(|profile| profile.cells(Is::Header) > 0);
        let may_lack_header = !trusted && repeated;
        let columns = header.iter().zip(profiles).map(|(name, profile)| {
            let named = match may_lack_header {
                true => Named::default(),
                false => crate::rules::column_names::named::named(name),
            };
            let kind = Kind::of(&profile);
            let proposal = Proposal::new(named, kind, &profile, name.trim().is_empty());
            Column {
                name: name.clone(),
                profile,
                kind,
                proposal,
            }
        });
        let mut columns: Vec<Column> = columns.collect();
        unite_doubled(&mut columns);
        Self {
            rows,
            wrong_width,
            nobody,
            columns,
            may_lack_header,
        }
    }
}

/// Columns of one name have one rule in a table: where their proposals differ, none leaves.
fn unite_doubled(columns: &mut [Column]) {
    let keys: Vec<String> = columns
        .iter()
        .map(|column| name::key(&column.name))
        .collect();
    let rules: Vec<Rule> = columns.iter().map(|column| column.proposal.rule).collect();
    for (key, column) in keys.iter().zip(columns) {
        let same = keys.iter().zip(&rules).filter(|(other, _)| *other == key);
        let mut others = same.map(|(_, rule)| *rule);
        if others.any(|rule| rule != column.proposal.rule) {
            let special = keys
                .iter()
                .zip(&rules)
                .find_map(|(other, rule)| match rule {
                    Rule::Drop(Some(category)) if other == key => Some(*category),
                    _ => None,
                });
            column.proposal.rule = Rule::Drop(special);
            column.proposal.reason = Reason::Doubled;
        }
    }
}
