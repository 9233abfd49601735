//! How anonymous the output is to be: what the command line and the rule table ask for, and how it
//! is reached.

use std::time::Instant;

use super::measure::Measuring;
use crate::arguments::{GateArguments, PrivacyArguments};
use crate::error::Error;
use crate::pipeline::{OutputFormat, Recoding, Values, Watch};
use crate::privacy::achieved::Achieved;
use crate::privacy::audit::{Audit, Depth, orders};
use crate::privacy::counter::Counted;
use crate::privacy::gate::Gate;
use crate::privacy::search::{self, Closeness, Requirement};
use crate::table;

/// What was asked for.
pub(super) struct Goal {
    /// What is to be searched for.
    pub(super) search: Option<Search>,
    /// What must be reached.
    pub(super) gate: Gate,
    /// Whether the output is measured at all.
    pub(super) measures: bool,
}

/// What is to be searched for.
pub(super) struct Search {
    pub(super) k: u32,
    l: Option<u32>,
    t: Option<f64>,
    max_suppressed: table::Percent,
    recoding: table::Recoding,
}

/// What was found, ready to be written.
pub(super) struct Recoded {
    pub(super) recoding: Recoding,
    pub(super) achieved: Achieved,
}

impl From<&GateArguments> for Gate {
    fn from(arguments: &GateArguments) -> Self {
        Self {
            min_k: arguments.min_k,
            max_unique: arguments.max_unique,
            min_l: arguments.min_l,
            max_t: arguments.max_t.map(|distance| distance.0),
        }
    }
}

impl Goal {
    /// Puts the command line over the rule table.
    pub(super) fn new(arguments: &PrivacyArguments, table: &table::Goal) -> Result<Self, Error> {
        let said = arguments.max_suppressed.is_some() || arguments.recoding.is_some();
        let in_table = table.max_suppressed.is_some()
            || table.recoding.is_some()
            || table.l.is_some()
            || table.t.is_some();
        let Some(k) = arguments.k.or(table.k) else {
            if said || in_table {
                return Err(Error::NoK);
            }
            return Ok(Self::without_search(arguments));
        };
        let search = Search {
            k: k.0,
            l: table.l.map(|l| l.0),
            t: table.t.map(|t| t.0),
            max_suppressed: arguments
                .max_suppressed
                .or(table.max_suppressed)
                .unwrap_or(table::Percent::DEFAULT_SUPPRESSED),
            recoding: arguments.recoding.or(table.recoding).unwrap_or_default(),
        };
        Ok(Self {
            search: Some(search),
            measures: true,
            ..Self::without_search(arguments)
        })
    }

    fn without_search(arguments: &PrivacyArguments) -> Self {
        let gate = Gate::from(&arguments.gate);
        Self {
            search: None,
            gate,
            measures: !gate.is_open() || arguments.report.report.is_some(),
        }
    }

    /// How much is to be measured of the output: only what anything is told of. `tells` says that
    /// a manifest or a report has all measures.
    pub(super) fn depth(&self, tells: bool) -> Depth {
        if tells || self.gate.is_about_sensitive() {
            Depth::All
        } else {
            Depth::Sizes
        }
    }

    /// Makes sure that what is asked for can be measured in these columns.
    pub(super) fn check_columns(&self, watch: &Watch) -> Result<(), Error> {
        let asked = self.search.is_some() || !self.gate.is_open();
        if asked && watch.quasi.is_empty() {
            return Err(Error::NothingToMeasure("quasi-identifying"));
        }
        let search = self.search.as_ref();
        let about_sensitive = search.is_some_and(|search| search.l.is_some() || search.t.is_some());
        if (about_sensitive || self.gate.is_about_sensitive()) && watch.sensitive.is_empty() {
            return Err(Error::NothingToMeasure("sensitive"));
        }
        Ok(())
    }

    /// Searches, and checks that what will be published passes the thresholds.
    pub(super) fn reach(
        &self,
        measuring: &Measuring<'_>,
        counted: Counted,
        format: OutputFormat,
    ) -> Result<Option<Recoded>, Error> {
        let Some(search) = &self.search else {
            let rows = counted.combinations.rows();
            self.check(&measuring.audit(&counted)?, rows, false)?;
            return Ok(None);
        };
        let clock = Instant::now();
        let hierarchies = measuring.hierarchies(&counted, false)?;
        let requirement = search.requirement(&self.gate, measuring, &counted);
        let find = match search.recoding {
            table::Recoding::Global => search::global,
            table::Recoding::Local => search::local,
        };
        let combinations = &counted.combinations;
        let found = find(combinations, &hierarchies, &requirement, measuring.threads).map_err(
            |unreachable| {
                let rows = combinations.rows();
                Error::unreachable(search.k, rows, search.max_suppressed, &unreachable)
            },
        )?;
        let seconds = clock.elapsed().as_secs_f64();
        let achieved = Achieved::new(search.k, search.recoding, &found, &hierarchies, seconds);
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
        Ok(Some(Recoded { recoding, achieved }))
    }

    /// Makes sure that the output, as measured, is what was asked for: `written` rows that pass
    /// the thresholds. `streamed` says that they have left already.
    pub(super) fn check(&self, audit: &Audit, written: u64, streamed: bool) -> Result<(), Error> {
        if audit.sizes.rows != written {
            return Err(Error::Internal);
        }
        if let Some(search) = &self.search
            && audit.sizes.small.k < u64::from(search.k)
            && written > 0
        {
            return Err(Error::Internal);
        }
        let misses = self.gate.misses(audit);
        match misses.is_empty() {
            true => Ok(()),
            false => Err(Error::Missed { misses, streamed }),
        }
    }
}

impl Search {
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
        Requirement {
            k: self.k.max(gate.min_k.map_or(0, at_least)),
            max_suppressed: self.max_suppressed.of(counted.combinations.rows()),
            l,
            t: t.map(|t| Closeness {
                t,
                orders: orders(sensitive.unwrap_or_default()),
            }),
        }
    }
}
