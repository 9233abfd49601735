//! The plan of a run: what the rule table makes of this input's header.
//!
//! Every column of the input gets its part here, once, before a single row is read; the pipeline
//! then only follows [`Plan::steps`]. Output names come from the rule table, never from the input.

mod drift;
mod fit;
mod measure;
pub(crate) mod person;
mod thin;
pub(super) mod unfit;

use std::sync::Arc;

pub use drift::{Change, Drift};
pub(crate) use fit::Matching;
pub use unfit::DoesNotFit;

use crate::base::name::Shown;
use crate::crypto::keys::{Role, RoleKey};
use crate::engine::error::{ColumnMismatch, Error};
use crate::engine::leftover::{Kept, Scope, Source};
use crate::engine::sieve::Sieve;
use crate::engine::warning::Warning;
use crate::privacy::ladder::Ladder;
use crate::rules::column_names::named::names_people;
use crate::rules::context::{ColumnContext, RunContext};
use crate::rules::filter::RowFilter;
use crate::rules::policy::Leftovers;
use crate::rules::table::{Attribute, ColumnRule, Entry, Missing, RuleTable};
use crate::rules::transform::{Action, Transform};
use crate::rules::widened::Labels;
use crate::rules::{Again, Pseudonym};

/// What becomes of an input.
pub struct Plan {
    /// Every column of the input, in its order.
    pub columns: Vec<PlannedColumn>,
    /// What to do with the columns that leave, in the order of the output.
    pub steps: Vec<Step>,
    /// The name of the random index column, if there is one.
    pub index: Option<String>,
    /// What counts as a missing cell.
    pub missing: Missing,
    /// What the header gives reason to warn about.
    pub warnings: Vec<Warning>,
    /// Where identifiers may be left over.
    pub scope: Scope,
    /// Which rows may leave, if not all.
    pub filter: Option<RowFilter>,
    /// Tells rows that are nobody.
    pub(crate) sieve: Sieve,
    /// The steps whose brackets are widened where too few have them, and what with.
    pub(crate) thin: Vec<(usize, Arc<Labels>)>,
    /// The columns of the input that say whose draw a cell gets, if any rule draws for persons.
    pub(crate) draws_by: Vec<usize>,
}

/// One column of the input.
#[derive(Debug)]
pub struct PlannedColumn {
    /// Its header name, escaped.
    pub input: Shown,
    /// The name of its rule; `None` if the rule table does not list the column.
    pub rule: Option<&'static str>,
    /// The name that it leaves under, if it does.
    pub output: Option<String>,
    /// What it tells about a person.
    pub attribute: Option<Attribute>,
    /// What its rule counts beside missing and invalid cells.
    pub counts: &'static [&'static str],
    /// Whether what it counts as `lost_zero` is written as a code.
    pub writes_lost_zeros: bool,
    /// How its cells stand for people's values, if they do.
    pub pseudonym: Option<Pseudonym>,
    /// What another run tells of its values.
    pub again: Again,
    /// The role whose key they are made with, if they are made with one.
    pub role: Option<Role>,
    /// Whether brackets are written in the place of its cells.
    pub brackets: bool,
    /// What the rule table's text says of it.
    pub entry: Option<Entry>,
}

/// One column on its way out.
pub struct Step {
    /// The position of the column in the input, from 0.
    pub column: usize,
    /// What is done to its cells.
    pub act: Act,
    /// What they can be generalised to.
    pub ladder: Arc<dyn Ladder>,
    /// How much their loss counts.
    pub weight: f64,
    /// Whether any two values are as far apart as any other two, whatever numbers they are.
    pub equal: bool,
}

/// What is done to the cells of a column that leaves.
pub enum Act {
    /// They leave as they are.
    Keep {
        /// Whether they may hold line breaks.
        multiline: bool,
    },
    /// They leave as the transform writes them.
    Write(Box<dyn Transform>),
}

impl Plan {
    /// Puts a rule table and a header together.
    ///
    /// # Errors
    /// [`Error::NoKnownColumn`] if they have nothing in common; [`Error::NothingLeaves`];
    /// [`Error::Columns`] if there is an unlisted column and the table forbids it, or any
    /// difference and `strict` does;
    /// [`Error::Unready`] if the run lacks what a rule needs; [`Error::Rules`] and
    /// [`Error::NothingToBlank`] if the row filter cannot do its work.
    pub fn new(
        table: &RuleTable,
        header: &[String],
        shown: &[Shown],
        run: &RunContext,
        strict: bool,
    ) -> Result<Self, Error> {
        let Matching {
            rules,
            filter,
            mismatch,
        } = Matching::new(table, header, shown, run, strict)?;
        let mut plan = Self {
            columns: Vec::new(),
            steps: Vec::new(),
            index: table.index.clone(),
            missing: table.missing.clone(),
            warnings: Vec::new(),
            scope: Scope::default(),
            filter,
            sieve: Sieve::new(header),
            thin: Vec::new(),
            draws_by: Vec::new(),
        };
        for (position, (rule, shown)) in rules.iter().zip(shown).enumerate() {
            plan.add(position, *rule, shown, run)?;
        }
        if plan.output_names().next().is_none() {
            return Err(Error::NothingLeaves);
        }
        plan.blank()?;
        plan.warn_of_columns(table, &rules, shown, mismatch, run);
        Ok(plan)
    }

    fn add(
        &mut self,
        position: usize,
        rule: Option<&ColumnRule>,
        shown: &Shown,
        run: &RunContext,
    ) -> Result<(), Error> {
        let mut column = PlannedColumn {
            input: shown.clone(),
            rule: rule.map(|column| column.rule.kind().name),
            output: None,
            attribute: rule.and_then(|column| column.attribute),
            counts: rule.map_or(&[], |column| column.rule.counts()),
            writes_lost_zeros: rule.is_some_and(|column| column.rule.writes_lost_zeros()),
            pseudonym: rule.and_then(|column| column.rule.pseudonym()),
            again: rule.map_or(Again::Nothing, |column| column.rule.again()),
            role: rule.and_then(|column| column.rule.role()).cloned(),
            brackets: rule.is_some_and(|column| column.rule.writes_brackets()),
            entry: rule.map(|column| column.entry.clone()),
        };
        if let Some(rule) = rule {
            let context = ColumnContext {
                run,
                name: &rule.name,
                output: &rule.output,
                position,
            };
            let compiled = rule.rule.compile(&context);
            let act = match compiled.map_err(|why| Error::unready(rule, why))? {
                Action::Drop => None,
                Action::Keep { multiline } => Some(Act::Keep { multiline }),
                Action::Write(transform) => Some(Act::Write(transform)),
            };
            self.scope(position, Some(rule), act.as_ref(), shown);
            if let Some(act) = act {
                column.output = Some(rule.output.clone());
                self.steps.push(Step {
                    column: position,
                    act,
                    ladder: Arc::clone(&rule.ladder),
                    weight: rule.weight,
                    equal: rule.equal,
                });
            }
        } else {
            self.scope(position, None, None, shown);
        }
        self.columns.push(column);
        Ok(())
    }

    /// Notes the part of a column in the search for what is left over. It is the next step's, if it
    /// leaves.
    fn scope(
        &mut self,
        column: usize,
        rule: Option<&ColumnRule>,
        act: Option<&Act>,
        shown: &Shown,
    ) {
        let name = shown.clone();
        if let (Some(rule), Some(Act::Keep { .. })) = (rule, act) {
            let Leftovers {
                detectors,
                same_row,
            } = rule.leftovers;
            if rule.leftovers != Leftovers::IGNORE {
                self.scope.kept.push(Kept {
                    step: self.steps.len(),
                    column,
                    name,
                    detectors,
                    same_row,
                    blanks: false,
                });
            }
            return;
        }
        let attribute = rule.and_then(|rule| rule.attribute);
        if rule.is_none_or(|rule| rule.rule.identifies_when_repeated()) {
            let stated = match attribute {
                Some(attribute) => attribute == Attribute::Identifying,
                None => names_people(shown.as_str()),
            };
            self.scope.sources.push(Source {
                column,
                name,
                label: rule.map_or_else(|| "unlisted".to_owned(), |rule| rule.name.clone()),
                identifying: stated || attribute.is_none(),
                stated,
            });
        }
    }

    /// Tells the row filter what it blanks, and the search for leftovers too.
    fn blank(&mut self) -> Result<(), Error> {
        let Some(filter) = self.filter.as_mut().filter(|filter| filter.may_blank()) else {
            return Ok(());
        };
        let columns = self.steps.iter().map(|step| self.columns.get(step.column));
        let tells = columns.map(|column| {
            let attribute = column.and_then(|column| column.attribute);
            let quasi = Attribute::QuasiIdentifying;
            attribute.is_some_and(|told| told == quasi || told == Attribute::Identifying)
        });
        let tells: Vec<bool> = tells.collect();
        if !tells.contains(&true) {
            return Err(Error::NothingToBlank);
        }
        for kept in &mut self.scope.kept {
            kept.blanks = tells.get(kept.step).copied().unwrap_or(true);
        }
        filter.blank(tells);
        Ok(())
    }

    fn warn_of_columns(
        &mut self,
        table: &RuleTable,
        rules: &[Option<&ColumnRule>],
        shown: &[Shown],
        mismatch: ColumnMismatch,
        run: &RunContext,
    ) {
        for (rule, shown) in rules.iter().zip(shown) {
            if let Some(category) = rule.and_then(|column| column.rule.special_category()) {
                self.warnings.push(Warning::SpecialCategory {
                    column: shown.clone(),
                    category,
                });
            }
            if rule.and_then(|column| column.rule.pseudonym()) == Some(Pseudonym::SealedAlike) {
                self.warnings.push(Warning::Alike(shown.clone()));
            }
        }
        for column in &table.columns {
            let claimed = rules
                .iter()
                .zip(shown)
                .filter(|(rule, _)| rule.is_some_and(|rule| rule.name == column.name));
            let columns: Vec<Shown> = claimed.map(|(_, shown)| shown.clone()).collect();
            if columns.len() > 1 {
                self.warnings.push(Warning::Doubled {
                    name: column.name.clone(),
                    columns,
                });
            }
        }
        let used = |role: &Role| {
            let mut roles = table.columns.iter().filter_map(|column| column.rule.role());
            roles.any(|named| named == role)
        };
        let unused = run
            .keys
            .keys()
            .map(RoleKey::role)
            .filter(|role| !used(role));
        self.warnings
            .extend(unused.cloned().map(Warning::UnusedKey));
        if !mismatch.unlisted.is_empty() {
            self.warnings.push(Warning::Unlisted(mismatch.unlisted));
        }
        if !mismatch.missing.is_empty() {
            self.warnings.push(Warning::Missing(mismatch.missing));
        }
    }

    /// Whether what leaves stands for people's values: the output is then personal data.
    pub fn pseudonymises(&self) -> bool {
        self.columns.iter().any(|column| column.pseudonym.is_some())
    }

    /// The names of the output's columns, the index first.
    pub fn output_names(&self) -> impl Iterator<Item = &str> {
        let columns = self
            .columns
            .iter()
            .filter_map(|column| column.output.as_deref());
        self.index.as_deref().into_iter().chain(columns)
    }
}

#[cfg(test)]
mod tests;
