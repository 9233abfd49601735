//! The passes over the input that count, and what is made of the counts.

pub(crate) mod census;

use crate::base::name::Shown;
use crate::engine;
use crate::engine::error::Error;
use crate::engine::leftover::{Checker, Verdict};
use crate::engine::plan::{Act, Plan};
use crate::engine::sealing::{Sealing, sealed};
use crate::engine::uniqueness;
use crate::engine::whose::{Sketch, Watcher};
use crate::engine::{
    Anonymiser, Measured, Part, Repeats, RowOutput, Settings, Skim, Uniqueness, Values, Watch,
    Whose,
};
use crate::io::csv::Reader;
use crate::io::format::unquoted;
use crate::privacy;
use crate::privacy::Hierarchy;
use crate::privacy::audit;
use crate::privacy::audit::{Audit, Column, Depth};
use crate::privacy::counter;
use crate::privacy::counter::{Coder, Counted, Counts, Dictionary, Persons, Published, Seen, Text};
use crate::privacy::ladder::Uncovered;
use crate::rules::filter::RowFilter;
use crate::rules::policy::OnInvalid;

/// A plan whose output is measured.
#[derive(Clone, Copy)]
pub(crate) struct Measuring<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) header: &'a [Shown],
    pub(crate) watch: &'a Watch,
    /// Whose rows are whose.
    pub(crate) whose: Whose<'a>,
    pub(crate) settings: Settings,
    pub(crate) threads: usize,
    pub(crate) look: ResidualSearch<'a>,
    /// How much of what was counted is measured.
    pub(crate) depth: Depth,
    /// What seals the rows, if they are to leave sealed.
    pub(crate) sealing: Option<&'a Sealing>,
}

/// Whether a pass looks for what is left over in kept cells.
#[derive(Clone, Copy)]
pub(crate) enum ResidualSearch<'a> {
    /// It does not.
    Off,
    Count,
    /// It masks what was found.
    Mask(&'a Verdict),
}

/// What a pass has counted.
#[derive(Default)]
pub(crate) struct Passed {
    /// Of the rows' privacy, if that was measured.
    pub(crate) counted: Option<Counted>,
    /// Of what is left over (of what is left, if it masked), if it looked.
    pub(crate) verdict: Option<Verdict>,
    /// Whether a column that may say whose rows are whose repeats, if it was looked at.
    pub(crate) repeats: Option<Repeats>,
    /// How many rows are the only ones with their quasi-identifying values, if only that was counted.
    pub(crate) uniqueness: Option<Uniqueness>,
    /// How many cells of kept columns, by their steps, are missing, if the parts do not tell.
    pub(crate) missing: Vec<(usize, u64)>,
}

impl<'a> Measuring<'a> {
    /// One of the pass's checkers.
    pub(super) fn checker(&self) -> Option<Checker<'a>> {
        let Plan { scope, missing, .. } = self.plan;
        match self.look {
            _ if scope.kept.is_empty() => None,
            ResidualSearch::Off => None,
            ResidualSearch::Count => Some(Checker::new(scope, missing, None)),
            ResidualSearch::Mask(verdict) => Some(Checker::new(scope, missing, Some(verdict))),
        }
    }

    /// What the pass's checkers found.
    pub(super) fn verdict(&self, checkers: Vec<Checker<'_>>) -> Option<Verdict> {
        let looked = !matches!(self.look, ResidualSearch::Off);
        looked.then(|| Checker::verdict(&self.plan.scope, checkers))
    }

    /// Whether the checkers count the missing cells of all kept columns: they see each cell that is published.
    fn checkers_count_missing(&self) -> bool {
        let Plan {
            steps,
            scope,
            filter,
            ..
        } = self.plan;
        let kept = steps
            .iter()
            .filter(|step| matches!(step.act, Act::Keep { .. }));
        self.settings.count_missing_kept
            && matches!(self.look, ResidualSearch::Count)
            && self.settings.on_invalid != OnInvalid::Skip
            && !filter.as_ref().is_some_and(RowFilter::may_blank)
            && kept.count() == scope.kept.len()
    }

    /// A worker that counts nothing twice.
    fn anonymiser(&self) -> Anonymiser<'a> {
        let settings = Settings {
            count_missing_kept: self.settings.count_missing_kept && !self.checkers_count_missing(),
            ..self.settings
        };
        Anonymiser::new(self.plan, self.header, settings).checked(self.checker())
    }

    /// What the checkers of a pass found.
    fn passed(&self, checkers: Vec<Checker<'_>>) -> Passed {
        let verdict = self.verdict(checkers);
        let columns = verdict.iter().flat_map(Verdict::columns);
        let columns = self.plan.scope.kept.iter().zip(columns);
        let missing = columns.map(|(kept, found)| (kept.step, found.missing));
        Passed {
            missing: match self.checkers_count_missing() {
                true => missing.collect(),
                false => Vec::new(),
            },
            verdict,
            ..Passed::default()
        }
    }

    /// Passes over the whole input and delivers the rows.
    pub(crate) fn plain_pass<E: From<Error> + Send>(
        &self,
        reader: &mut Reader,
        deliver: &mut (dyn FnMut(&mut Part) -> Result<(), E> + Send),
    ) -> Result<Passed, E> {
        let mut workers: Vec<_> = (0..self.threads).map(|_| self.anonymiser()).collect();
        let sealing = sealed(&mut workers, self.sealing, self.settings.format);
        engine::run(reader, sealing, deliver)?;
        let checkers = workers.into_iter().filter_map(Anonymiser::into_checker);
        Ok(self.passed(checkers.collect()))
    }

    /// The same, and counts how many rows are the only ones with their quasi-identifying values.
    pub(crate) fn told_pass<E: From<Error> + Send>(
        &self,
        reader: &mut Reader,
        deliver: &mut (dyn FnMut(&mut Part) -> Result<(), E> + Send),
    ) -> Result<Passed, E> {
        let quasi = uniqueness::quasi_steps(self.plan);
        if quasi.is_empty() {
            return self.plain_pass(reader, deliver);
        }
        let masks = matches!(self.look, ResidualSearch::Mask(_));
        let (read, sample) = ((self.plan, self.header), reader.sample());
        let way = uniqueness::Way::new(read, &quasi, &self.settings, (masks, &sample));
        let mut workers: Vec<uniqueness::Counting<'_>> = (0..self.threads)
            .map(|_| {
                let format = self.settings.format;
                uniqueness::Counting::new(self.anonymiser(), format, way.clone())
            })
            .collect();
        let sealing = sealed(&mut workers, self.sealing, self.settings.format);
        engine::run(reader, sealing, deliver)?;
        let workers = workers.into_iter().map(uniqueness::Counting::into_parts);
        let (workers, samples): (Vec<_>, Vec<_>) = workers.unzip();
        let checkers = workers.into_iter().filter_map(Anonymiser::into_checker);
        Ok(Passed {
            uniqueness: Some(uniqueness::together(samples, quasi.len())),
            ..self.passed(checkers.collect())
        })
    }

    /// Passes over the whole input, delivers the rows and counts them.
    pub(crate) fn pass<E: From<Error> + Send>(
        &self,
        reader: &mut Reader,
        row_output: RowOutput<'_>,
        deliver: &mut (dyn FnMut(&mut Part) -> Result<(), E> + Send),
    ) -> Result<Passed, E> {
        let (dictionaries, persons) = (self.dictionaries(), self.persons());
        let written_twice =
            matches!(row_output, RowOutput::Recode(recoding) if recoding.by() == Values::Written);
        let settings = Settings {
            note_row_ends: self.settings.note_row_ends || written_twice || persons.is_some(),
            ..self.settings
        };
        let others = self.others();
        let look = self.looks(&others);
        let watchers = Watcher::all(self.whose, persons.as_ref(), self.threads);
        let mut workers: Vec<Measured<'_>> = watchers
            .into_iter()
            .map(|watcher| {
                let inner = Anonymiser::new(self.plan, self.header, settings);
                let inner = inner.checked(self.checker());
                let coder = Coder::new(&dictionaries, persons.as_ref()).looking(look);
                Measured::new(inner, self.watch, row_output, (coder, watcher))
            })
            .collect();
        let sealing = sealed(&mut workers, self.sealing, self.settings.format);
        engine::run(reader, sealing, deliver)?;
        let (mut counts, mut checkers, mut sketches) = (Vec::new(), Vec::new(), Vec::new());
        let mut seen = Vec::new();
        for worker in workers {
            let (mut coder, checker, sketch) = worker.into_parts();
            coder.flush();
            seen.extend(coder.take_seen());
            counts.push(Counts::from(coder));
            checkers.extend(checker);
            sketches.extend(sketch);
        }
        let (verdict, quasi) = (self.verdict(checkers), self.watch.quasi.len());
        let published = look.map(|look| together(look, seen, &dictionaries, &unquoted));
        let counted = counter::count(dictionaries, persons.as_ref(), counts, quasi, &unquoted)
            .map_err(Error::from)?;
        Ok(Passed {
            counted: Some(Counted {
                published,
                ..counted
            }),
            verdict,
            repeats: Sketch::together(sketches),
            ..Passed::default()
        })
    }

    /// Whether a pass that only counts may leave aside all but the watched cells: neither which rows
    /// leave nor what is in these cells follows from the others.
    pub(crate) fn can_skim(&self) -> bool {
        let may_blank = self.plan.filter.as_ref().is_some_and(RowFilter::may_blank);
        let masks = matches!(self.look, ResidualSearch::Mask(_));
        self.settings.on_invalid != OnInvalid::Skip && !may_blank && !masks
    }

    /// Counts the rows of the whole input that would leave, if it [can](Self::can_skim); the parts
    /// that are delivered have no rows, and of what is wrong with cells no places.
    pub(crate) fn skim<E: From<Error> + Send>(
        &self,
        reader: &mut Reader,
        deliver: &mut (dyn FnMut(&mut Part) -> Result<(), E> + Send),
    ) -> Result<Passed, E> {
        let (dictionaries, persons) = (self.dictionaries(), self.persons());
        let others = self.others();
        let look = self.looks(&others);
        let watchers = Watcher::all(self.whose, persons.as_ref(), self.threads);
        let mut workers: Vec<Skim<'_>> = watchers
            .into_iter()
            .map(|watcher| {
                let coder = Coder::new(&dictionaries, persons.as_ref()).looking(look);
                let counts = (coder, watcher);
                Skim::new(self.plan, self.header, &self.settings, self.watch, counts)
            })
            .collect();
        engine::run(reader, workers.iter_mut().collect(), deliver)?;
        let (mut counts, mut sketches, mut seen) = (Vec::new(), Vec::new(), Vec::new());
        for worker in workers {
            let (mut coder, sketch) = worker.into_parts();
            seen.extend(coder.take_seen());
            counts.push(Counts::from(coder));
            sketches.extend(sketch);
        }
        let (quasi, as_it_is) = (self.watch.quasi.len(), |text: &[u8]| text.into());
        let published = look.map(|look| together(look, seen, &dictionaries, &as_it_is));
        let counted = counter::count(dictionaries, persons.as_ref(), counts, quasi, &as_it_is)
            .map_err(Error::from)?;
        Ok(Passed {
            counted: Some(Counted {
                published,
                ..counted
            }),
            repeats: Sketch::together(sketches),
            ..Passed::default()
        })
    }

    /// A dictionary for each watched column that does not count.
    fn others(&self) -> Vec<(Dictionary, bool)> {
        let others = self.watch.others.iter();
        let others = others.map(|(_, known)| (Dictionary::default(), *known));
        others.collect()
    }

    /// What is to be seen beside what counts.
    fn looks<'o>(&self, others: &'o [(Dictionary, bool)]) -> Option<counter::Look<'o>> {
        self.watch.looks.map(|k| counter::Look {
            quasi: self.watch.quasi.len(),
            others,
            k,
        })
    }

    /// A dictionary for each watched column.
    fn dictionaries(&self) -> Vec<Dictionary> {
        let columns = self.watch.quasi.len() + self.watch.sensitive.len();
        (0..columns).map(|_| Dictionary::default()).collect()
    }

    /// The numbers of persons, if whose rows are whose was told.
    pub(super) fn persons(&self) -> Option<Persons> {
        self.whose.told().map(|_| Persons::default())
    }

    /// The quasi-identifying columns.
    pub(crate) fn quasi(&self) -> Vec<Column<'a>> {
        self.columns(&self.watch.quasi)
    }

    /// The names of the sensitive columns.
    /// And whether any two of their values are as far apart as any other two.
    pub(crate) fn sensitive(&self) -> Vec<(&'a str, bool)> {
        let steps = self.watch.sensitive.iter();
        let steps = steps.filter_map(|at| self.plan.steps.get(*self.watch.steps.get(*at)?));
        let columns = steps.filter_map(|step| {
            let column = self.plan.columns.get(step.column)?;
            Some((column.output.as_deref()?, step.equal))
        });
        columns.collect()
    }

    fn columns(&self, positions: &[usize]) -> Vec<Column<'a>> {
        let steps = positions.iter().filter_map(|at| self.watch.steps.get(*at));
        let steps = steps.filter_map(|step| self.plan.steps.get(*step));
        steps
            .filter_map(|step| {
                Some(Column {
                    name: self.plan.columns.get(step.column)?.output.as_deref()?,
                    ladder: &*step.ladder,
                    weight: step.weight,
                })
            })
            .collect()
    }

    /// The hierarchies of the quasi-identifying columns, for what was counted.
    pub(crate) fn hierarchies(
        &self,
        counted: &Counted,
        with_options: bool,
    ) -> Result<Vec<Hierarchy>, Error> {
        let quasi = self.quasi();
        audit::hierarchies(&quasi, &counted.values, with_options)
            .map_err(|uncovered| self.uncovered(uncovered))
    }

    /// The ladder of the quasi-identifying column at a position does not know all values.
    pub(crate) fn uncovered(&self, (position, uncovered): (usize, Uncovered)) -> Error {
        let quasi = self.quasi();
        let name = quasi.get(position).map_or("", |column| column.name);
        let (column, values) = (name.to_owned(), uncovered.values);
        privacy::error::Error::Uncovered { column, values }.into()
    }

    /// The measures of what was counted, as many as are wanted.
    pub(crate) fn audit(&self, counted: &Counted) -> Result<Audit, Error> {
        if self.depth == Depth::Sizes {
            let columns = self.watch.quasi.len();
            return Ok(Audit::of_sizes(counted, columns, self.threads));
        }
        let hierarchies = self.hierarchies(counted, true)?;
        Ok(Audit::new(
            counted,
            &hierarchies,
            &self.sensitive(),
            self.threads,
        ))
    }
}

/// What workers have seen of columns with these dictionaries, and of the others.
fn together(
    look: counter::Look<'_>,
    seen: Vec<Seen>,
    dictionaries: &[Dictionary],
    read: &dyn Fn(&[u8]) -> Text,
) -> Published {
    let behind = dictionaries.iter().skip(look.quasi);
    let behind = behind.chain(look.others.iter().map(|(own, _)| own));
    Seen::together(seen, behind, look.k, read)
}

#[cfg(test)]
mod tests;
