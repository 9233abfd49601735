//! How anonymous the output is to be: what the command line and the rule table ask for, and how it
//! is reached.
//!
//! Unless l or t is asked for, a search needs sensitive values for nothing but the `*` class, which
//! rarely has any rows in local recoding. So they are left out of the count at first, and what was
//! found is what would have been found with them unless the search says that it might not be; then
//! the input is counted once more, with them. So it is, too, before a search that takes longer than
//! a pass: few combinations are searched long, and not to be searched twice.

use std::sync::Arc;
use std::time::Instant;

use crate::base::lang::Fixed;
use crate::cli::arguments::{GateArguments, PrivacyArguments};
use crate::cli::exit::Error;
use crate::engine::error::Error as EngineError;
use crate::engine::follow::Followed;
use crate::engine::passes::Measuring;
use crate::engine::{Recoding, RowOutput, Values, Watch};
use crate::io::format::OutputFormat;
use crate::privacy::Hierarchy;
use crate::privacy::achieved::Achieved;
use crate::privacy::audit::{Audit, Depth, orders};
use crate::privacy::counter::Counted;
use crate::privacy::gate::Gate;
use crate::privacy::goal;
use crate::privacy::search;
use crate::privacy::search::{Closeness, Found, Requirement};
use crate::rules::Population;

pub(super) struct Goal {
    pub(super) search: Option<Search>,
    /// What must be reached.
    pub(super) gate: Gate,
    /// Whether the output is measured at all.
    pub(super) measures: bool,
    /// Whether brackets that fewer than k have are widened.
    pub(super) merges_thin: bool,
    /// The population that the rows come from.
    pub(super) population: Option<Arc<Population>>,
    /// The columns that say whose rows are whose.
    pub(super) person: Vec<String>,
}

pub(super) struct Search {
    pub(super) k: u32,
    l: Option<u32>,
    t: Option<f64>,
    max_suppressed: goal::Percent,
    recoding: goal::Recoding,
}

/// What a search came to.
struct Sought {
    found: Found,
    hierarchies: Vec<Hierarchy>,
    seconds: f64,
}

/// What was found, ready to be written.
pub(super) struct Recoded {
    pub(super) labels: Labels,
    pub(super) achieved: Achieved,
}

/// Where the labels of rows come from.
pub(super) enum Labels {
    Searched(Recoding),
    /// A release that goes on.
    Kept(Box<Followed>),
}

impl Recoded {
    /// What becomes of the rows.
    pub(super) fn row_output(&self) -> RowOutput<'_> {
        match &self.labels {
            Labels::Searched(recoding) => RowOutput::Recode(recoding),
            Labels::Kept(followed) => RowOutput::Follow(followed),
        }
    }

    /// The release that goes on, if one does.
    pub(super) fn kept(&self) -> Option<&Followed> {
        match &self.labels {
            Labels::Searched(_) => None,
            Labels::Kept(followed) => Some(followed),
        }
    }
}

impl From<&GateArguments> for Gate {
    fn from(arguments: &GateArguments) -> Self {
        Self {
            min_k: arguments.min_k,
            max_unique: arguments.max_unique,
            min_l: arguments.min_l,
            max_t: arguments.max_t.map(|distance| distance.0),
            max_share: arguments.max_share,
        }
    }
}

impl Goal {
    /// Puts the command line over the rule table.
    pub(super) fn new(arguments: &PrivacyArguments, table: &goal::Goal) -> anyhow::Result<Self> {
        let said = arguments.max_suppressed.is_some() || arguments.recoding.is_some();
        let in_table = table.max_suppressed.is_some()
            || table.recoding.is_some()
            || table.thin == Some(goal::Thin::Merge)
            || table.l.is_some()
            || table.t.is_some();
        let Some(k) = arguments.k.or(table.k) else {
            if said || in_table {
                return Err(Error::NoK.into());
            }
            return Ok(Self::without_search(arguments, table));
        };
        let search = Search {
            k: k.0,
            l: table.l.map(|l| l.0),
            t: table.t.map(|t| t.0),
            max_suppressed: arguments
                .max_suppressed
                .or(table.max_suppressed)
                .unwrap_or(goal::Percent::DEFAULT_SUPPRESSED),
            recoding: arguments.recoding.or(table.recoding).unwrap_or_default(),
        };
        Ok(Self {
            search: Some(search),
            measures: true,
            merges_thin: table.thin != Some(goal::Thin::Keep) && arguments.release.is_none(),
            ..Self::without_search(arguments, table)
        })
    }

    fn without_search(arguments: &PrivacyArguments, table: &goal::Goal) -> Self {
        let gate = Gate::from(&arguments.gate);
        Self {
            search: None,
            merges_thin: false,
            gate,
            population: None,
            measures: !gate.is_open() || arguments.report.report.is_some(),
            person: match arguments.person.is_empty() {
                true => table.person.0.clone(),
                false => arguments.person.clone(),
            },
        }
    }

    /// The same, held against a population.
    pub(super) fn against(mut self, population: Option<Arc<Population>>) -> Self {
        self.measures |= population.is_some();
        self.population = population;
        self
    }

    /// How many rows or persons share what they have at least, as far as that was asked for.
    pub(super) fn k(&self) -> u32 {
        let least = self.gate.min_k.unwrap_or(0);
        let searched = self.search.as_ref().map_or(0, |search| search.k);
        searched.max(u32::try_from(least).unwrap_or(u32::MAX))
    }

    /// Why no release can be kept with what is asked for.
    pub(super) fn keeps_no_release(&self) -> Option<Fixed> {
        let Some(search) = &self.search else {
            return Some(fixed!(
                "say how many persons share what they have: with --k N, or `k` in [privacy]"
            ));
        };
        if search.recoding == goal::Recoding::Global {
            return Some(fixed!(
                "each group keeps labels of its own: drop --recoding global"
            ));
        }
        let asked = search.l.is_some() || search.t.is_some();
        asked.then_some(fixed!(
            "groups are kept for k alone: drop `l` and `t` from [privacy], and hold the output against --min-l or --max-t"
        ))
    }

    /// How many of these rows may be suppressed, or held back by a release.
    pub(super) fn may_suppress(&self, rows: u64) -> u64 {
        let search = self.search.as_ref();
        search.map_or(0, |search| search.max_suppressed.of(rows))
    }

    /// How much is to be measured of the output: only what anything is told of. `tells` says that
    /// a manifest or a report has all measures.
    pub(super) fn depth(&self, tells: bool) -> Depth {
        // What a search counts of t by rows is checked by persons.
        let checks_t = !self.person.is_empty() && self.is_about_sensitive();
        if tells || self.gate.is_about_sensitive() || checks_t {
            Depth::All
        } else {
            Depth::Sizes
        }
    }

    /// Makes sure that what is asked for can be measured in these columns.
    pub(super) fn check_columns(&self, watch: &Watch) -> anyhow::Result<()> {
        let asked = self.search.is_some() || !self.gate.is_open();
        if asked && watch.quasi.is_empty() {
            return Err(Error::NothingToMeasure(fixed!("quasi-identifying")).into());
        }
        if self.is_about_sensitive() && watch.sensitive.is_empty() {
            return Err(Error::NothingToMeasure(fixed!("sensitive")).into());
        }
        Ok(())
    }

    /// Whether every class has to have certain sensitive values.
    fn is_about_sensitive(&self) -> bool {
        let search = self.search.as_ref();
        let asked = search.is_some_and(|search| search.l.is_some() || search.t.is_some());
        asked || self.gate.is_about_sensitive()
    }

    /// Whether a search is to be tried first on counts without sensitive columns: where it will
    /// hardly need them. If rows are `streamed`, the pass that writes them may count no more than
    /// the one before, for that may fail.
    fn tries_without(&self, search: &Search, measuring: &Measuring<'_>, streamed: bool) -> bool {
        // Global recoding suppresses rows wherever it may.
        let rarely_suppresses = match search.recoding {
            goal::Recoding::Local => true,
            goal::Recoding::Global => search.max_suppressed.share() <= 0.0,
        };
        rarely_suppresses
            && !self.is_about_sensitive()
            && !measuring.watch.sensitive.is_empty()
            && (!streamed || measuring.depth == Depth::Sizes)
    }

    /// Searches, and checks that what will be published passes the thresholds. `count` passes over
    /// the whole input, each time anew.
    pub(super) fn reach(
        &self,
        measuring: &Measuring<'_>,
        (format, streamed): (OutputFormat, bool),
        mut count: impl FnMut(&Measuring<'_>) -> anyhow::Result<Counted>,
    ) -> anyhow::Result<Option<Recoded>> {
        let Some(search) = &self.search else {
            let counted = count(measuring)?;
            let rows = counted.combinations.rows();
            self.check(&measuring.audit(&counted)?, rows, false)?;
            return Ok(None);
        };
        if self.tries_without(search, measuring, streamed) {
            let watch = measuring.watch.without_sensitive();
            let measuring = Measuring {
                watch: &watch,
                ..*measuring
            };
            let counted = count(&measuring)?;
            // What cannot be reached is told in the figures of a search that knows all.
            if let Ok(hierarchies) = measuring.hierarchies(&counted, false)
                && search::is_light(&counted.combinations, &hierarchies)
                && let Ok(sought) = search.seek(&self.gate, &measuring, &counted, hierarchies)
                && sought.found.independent_of_sensitive
            {
                return Ok(Some(search.recode(&measuring, &counted, sought, format)));
            }
        }
        let counted = count(measuring)?;
        let hierarchies = measuring.hierarchies(&counted, false)?;
        let sought = search.seek(&self.gate, measuring, &counted, hierarchies)?;
        Ok(Some(search.recode(measuring, &counted, sought, format)))
    }

    /// Makes sure that the output, as measured, is what was asked for: `written` rows that pass
    /// the thresholds. `streamed` says that they have left already.
    pub(super) fn check(&self, audit: &Audit, written: u64, streamed: bool) -> anyhow::Result<()> {
        if audit.rows() != written {
            return Err(EngineError::Internal.into());
        }
        if let Some(search) = &self.search
            && audit.sizes.small.k < u64::from(search.k)
            && written > 0
        {
            return Err(EngineError::Internal.into());
        }
        let searched = self.search.as_ref().and_then(|search| search.t);
        let t = searched.filter(|_| audit.persons.is_some());
        let gate = Gate {
            max_t: t.into_iter().chain(self.gate.max_t).reduce(f64::min),
            ..self.gate
        };
        let misses = gate.misses(audit);
        match misses.is_empty() {
            true => Ok(()),
            false => Err(Error::Missed { misses, streamed }.into()),
        }
    }
}

impl Search {
    fn seek(
        &self,
        gate: &Gate,
        measuring: &Measuring<'_>,
        counted: &Counted,
        hierarchies: Vec<Hierarchy>,
    ) -> anyhow::Result<Sought> {
        let clock = Instant::now();
        let requirement = self.requirement(gate, measuring, counted);
        let find = match self.recoding {
            goal::Recoding::Global => search::global,
            goal::Recoding::Local => search::local,
        };
        let combinations = &counted.combinations;
        let found = find(combinations, &hierarchies, &requirement, measuring.threads).map_err(
            |unreachable| {
                let rows = combinations.rows();
                Error::unreachable(self.k, rows, self.max_suppressed, &unreachable)
            },
        )?;
        Ok(Sought {
            found,
            hierarchies,
            seconds: clock.elapsed().as_secs_f64(),
        })
    }

    /// Makes what was found ready to be written.
    fn recode(
        &self,
        measuring: &Measuring<'_>,
        counted: &Counted,
        sought: Sought,
        format: OutputFormat,
    ) -> Recoded {
        let Sought {
            found,
            hierarchies,
            seconds,
        } = sought;
        let combinations = &counted.combinations;
        let achieved = Achieved::new(self.k, self.recoding, &found, &hierarchies, seconds);
        let alone = measuring.plan.output_names().count() == 1;
        let recoding = Recoding::new(
            combinations,
            &found,
            &hierarchies,
            &counted.values,
            (format, alone),
            match measuring.can_skim() {
                true => Values::Texts,
                false => Values::Written,
            },
            measuring.threads,
        );
        let labels = Labels::Searched(recoding);
        Recoded { labels, achieved }
    }

    /// What every class must satisfy: the thresholds too, so that what is found passes them.
    fn requirement(
        &self,
        gate: &Gate,
        measuring: &Measuring<'_>,
        counted: &Counted,
    ) -> Requirement {
        let at_least = |wanted: u64| u32::try_from(wanted).unwrap_or(u32::MAX);
        let l = self.l.into_iter().chain(gate.min_l.map(at_least)).max();
        let t = self.t.into_iter().chain(gate.max_t).reduce(f64::min);
        let sensitive = counted.values.get(measuring.watch.quasi.len()..);
        let equal = measuring.sensitive().into_iter().map(|(_, equal)| equal);
        Requirement {
            k: self.k.max(gate.min_k.map_or(0, at_least)),
            max_suppressed: self.max_suppressed.of(counted.combinations.rows()),
            l,
            t: t.map(|t| Closeness {
                t,
                orders: orders(sensitive.unwrap_or_default(), equal),
            }),
        }
    }
}

#[cfg(test)]
mod tests;
