//! `aggregate` with the noise of differential privacy: all cells are told, and none exactly.

use super::figures::{Planned as Columns, check_amounts, columns, commit, write};
use super::job::{Job, Planned};
use super::outcome::Outcome;
use super::passes::Passes;
use super::run_journal::{Purse, RunJournal};
use super::telling;
use crate::base::lang::Language;
use crate::cli::commands::files::Files;
use crate::cli::commands::say;
use crate::cli::exit::Error as ExitError;
use crate::engine::aggregate::WHOLE;
use crate::engine::source::Source;
use crate::io::input::Input;
use crate::privacy::aggregate::brackets::Brackets;
use crate::privacy::aggregate::contributions::{Contributions, Counting, Grid, Limits, Sums};
use crate::privacy::aggregate::noisy::{Asked, Data, Mechanism, NoisyTable, Which};
use crate::privacy::aggregate::{Range, Told};
use crate::privacy::differential::{Epsilon, SystemChance};
use crate::privacy::error::Error;
use crate::report::{self, NoisyTold, Run};
use crate::rules::Again;
use crate::rules::table::{AggregateRules, DifferentialRules, Keys, Limit, Stat};

/// The word that says that each row is one person.
const ROW: &str = "row";

/// A share is a mean in percent, of amounts that are all or nothing.
const SHARES: Range = Range {
    low: 0,
    high: WHOLE as i64,
};

/// A table with noise is compared with none: what it may tell of a person is in the ledger.
pub(super) const AGAINST: Error = Error::NotWithNoise {
    option: "--against",
};

/// What is asked of the noise, all of it public.
pub(super) struct Noise {
    grid: Grid,
    limits: Limits,
    /// The bounds of each statistic's column, in their order.
    ranges: Vec<Range>,
    purse: Purse,
    /// Whether each row is one person.
    of_rows: bool,
}

impl Noise {
    /// Reads what the rule table and the command line say; nothing if no noise is asked for.
    pub(super) fn prepare(
        job: &mut Job<'_>,
        rules: &AggregateRules,
        epsilon: Option<Epsilon>,
    ) -> anyhow::Result<Option<Self>> {
        if epsilon.is_none() && job.table.differential.is_none() {
            return Ok(None);
        }
        let own = job.table.differential.clone().unwrap_or_default();
        let epsilon = epsilon.or(own.epsilon).ok_or(Error::NoEpsilon)?;
        check_options(job, rules)?;
        let of_rows = matches!(rules.unit.0.as_slice(), [unit] if unit == ROW);
        let limits = match (of_rows, own.max_cells, own.max_rows) {
            (false, cells, rows) => Limits {
                cells: cells.map_or(1, |Limit(cells)| cells),
                rows: rows.map_or(1, |Limit(rows)| rows),
            },
            (true, None, None) => Limits { cells: 1, rows: 1 },
            (true, ..) => return Err(Error::RowsHaveNoLimits.into()),
        };
        if of_rows {
            job.goal.person.clear();
        } else if job.goal.person.is_empty() {
            return Err(Error::NoUnit.into());
        }
        let grid = grid(rules, &own)?;
        let ranges = rules.stats.iter().filter_map(|stat| {
            let column = stat.column()?.escape_debug().to_string();
            Some(match stat {
                Stat::Share { .. } => Ok(SHARES),
                _ => own.bounds(stat.column()?).ok_or(Error::NoBounds { column }),
            })
        });
        let unit = match of_rows {
            true => vec![ROW.to_owned()],
            false => job.goal.person.clone(),
        };
        Ok(Some(Self {
            grid,
            limits,
            ranges: ranges.collect::<Result<_, _>>()?,
            purse: Purse {
                epsilon,
                delta: own.delta,
                budget: own.budget,
                dataset: own.dataset.map(|dataset| dataset.0),
                unit,
            },
            of_rows,
        }))
    }

    /// The bounds of each amount; `of_stat` says which amount each statistic with one is of.
    fn ranges(&self, of_stat: &[usize]) -> Vec<Range> {
        let amounts = of_stat.iter().max().map_or(0, |most| most + 1);
        let of_amount = |amount| {
            let stat = of_stat.iter().position(|own| *own == amount);
            stat.and_then(|stat| self.ranges.get(stat)).copied()
        };
        (0..amounts).filter_map(of_amount).collect()
    }
}

/// The cells of the table, which are known or to be found, and in that case with a δ.
fn grid(rules: &AggregateRules, own: &DifferentialRules) -> Result<Grid, Error> {
    let mut keys = Vec::new();
    for name in &rules.by.0 {
        let column = name.escape_debug().to_string();
        keys.push(match own.keys(name) {
            None => return Err(Error::NoKeys { column }),
            Some(Keys::Listed(labels)) => {
                let labels = labels.iter().map(|key| key.as_bytes().into());
                Some(labels.collect())
            }
            Some(Keys::Threshold) if own.delta.is_none() => return Err(Error::NoDelta { column }),
            Some(Keys::Threshold) => None,
        });
    }
    let grid = Grid::new(keys)?;
    match grid.is_found() {
        false if own.delta.is_some() => Err(Error::DeltaForNothing),
        true if rules.totals => Err(Error::NoTotals),
        _ => Ok(grid),
    }
}

/// Refuses what does not go with noise.
fn check_options(job: &Job<'_>, rules: &AggregateRules) -> Result<(), Error> {
    let suppression = [
        ("threshold", rules.threshold.is_some()),
        ("dominance", rules.dominance.is_some()),
        ("p_percent", rules.p_percent.is_some()),
        ("round", rules.round.is_some()),
    ];
    if let Some((option, _)) = suppression.into_iter().find(|(_, said)| *said) {
        return Err(Error::NotWithNoise { option });
    }
    if job.arguments.rows.seed.is_some() {
        return Err(Error::SeededNoise);
    }
    if job.arguments.rehearses() {
        return Err(Error::RehearsedNoise);
    }
    match job.arguments.written.journal {
        Some(_) => Ok(()),
        None => Err(Error::NoLedger),
    }
}

/// The statistics, each once, with its name and its amount; the number of persons if none is named, or if cells are
/// told by it.
fn asked(rules: &AggregateRules, of_stat: &[usize], by_count: bool) -> Vec<(Asked, String)> {
    let mut amounts = of_stat.iter().copied();
    let all = rules.stats.iter().filter_map(|stat| {
        let asked = match stat {
            Stat::Count => Asked::Persons,
            Stat::Sum(_) => Asked::Sum(amounts.next()?),
            Stat::Mean(_) => Asked::Mean(amounts.next()?),
            Stat::Share { .. } => Asked::Share(amounts.next()?),
            Stat::Quantile { .. } => Asked::Quantile(amounts.next()?),
        };
        let column = match stat {
            Stat::Share { column, is } => format!("{column}_{is}"),
            _ => stat.column().unwrap_or_default().to_owned(),
        };
        Some((asked, column))
    });
    let mut each: Vec<(Asked, String)> = Vec::new();
    for (asked, column) in all {
        if each.iter().all(|(known, _)| *known != asked) {
            each.push((asked, column));
        }
    }
    let is_counted = each.iter().any(|(asked, _)| *asked == Asked::Persons);
    if each.is_empty() || by_count && !is_counted {
        each.insert(0, (Asked::Persons, String::new()));
    }
    each
}

/// What is drawn, which the columns of the input must be known for.
struct Drawing {
    asked: Vec<(Asked, String)>,
    ranges: Vec<Range>,
    /// Of amounts that quantiles are asked of.
    brackets: Vec<Option<Brackets>>,
    mechanisms: Vec<Mechanism>,
    which: Which,
}

impl Drawing {
    fn new(noise: &Noise, rules: &AggregateRules, columns: &Columns) -> Result<Self, Error> {
        let of_stat = &columns.of_stat;
        let is_found = noise.grid.is_found();
        let (asked, ranges) = (asked(rules, of_stat, is_found), noise.ranges(of_stat));
        let kinds: Vec<Asked> = asked.iter().map(|(asked, _)| *asked).collect();
        let mechanisms = Mechanism::all(&kinds, noise.purse.epsilon, noise.limits, &ranges)?;
        Ok(Self {
            which: match noise.purse.delta {
                Some(delta) if is_found => {
                    Which::From(Mechanism::threshold(&mechanisms, noise.limits, delta)?)
                }
                _ => Which::All {
                    totals: rules.totals,
                },
            },
            brackets: brackets(&asked, &ranges, &columns.told)?,
            mechanisms,
            asked,
            ranges,
        })
    }

    /// What is public of the data, whose cells these are.
    fn data<'a>(&'a self, grid: &'a Grid) -> Data<'a> {
        Data {
            grid,
            ranges: &self.ranges,
            brackets: &self.brackets,
        }
    }
}

/// The brackets of each amount that quantiles are asked of.
fn brackets(
    asked: &[(Asked, String)],
    ranges: &[Range],
    told: &[Told],
) -> Result<Vec<Option<Brackets>>, Error> {
    let of = |(amount, (range, told)): (usize, (&Range, &Told))| {
        let mut asked = asked.iter();
        let Some((_, column)) = asked.find(|(asked, _)| *asked == Asked::Quantile(amount)) else {
            return Ok(None);
        };
        let brackets = Brackets::new(*range, told.round).ok_or_else(|| Error::NoBrackets {
            column: column.escape_debug().to_string(),
        });
        brackets.map(Some)
    };
    ranges.iter().zip(told).enumerate().map(of).collect()
}

/// Counts, spends, draws, and publishes that, in this order.
pub(super) fn publish(
    job: &Job<'_>,
    (rules, noise): (&AggregateRules, &Noise),
    journal: &mut RunJournal,
    input: &mut Input,
    mut files: Files,
) -> anyhow::Result<()> {
    journal.check_budget(&noise.purse)?;
    let mut source = job.open(input)?;
    let planned = job.plan(&source)?;
    journal.check_vaults(job)?;
    let columns = columns(job, &planned, &source, rules)?;
    let drawing = Drawing::new(noise, rules, &columns)?;
    journal.list_figures(&planned.plan, rules);
    telling::opening(job, &source, &planned.plan);
    let (outcome, sums) = count(job, &planned, &mut source, (noise, &columns, &drawing))?;
    let spent = journal.spend(&noise.purse)?;
    let found = match noise.grid.is_found() {
        true => Some(noise.grid.listed()?),
        false => None,
    };
    let table = NoisyTable::draw(
        drawing.data(found.as_ref().unwrap_or(&noise.grid)),
        &sums,
        &drawing.mechanisms,
        drawing.which,
        &mut SystemChance::new(),
    )?;
    let told = NoisyTold {
        table: &table,
        columns: columns.names(),
        asked: &drawing.asked,
        ranges: &drawing.ranges,
        told: &columns.told,
        limits: noise.limits,
        epsilon: noise.purse.epsilon,
        delta: noise.purse.delta,
        unit: &noise.purse.unit,
        of_rows: noise.of_rows,
        dataset: noise.purse.dataset.as_deref(),
        budget: noise.purse.budget.as_ref(),
        spent,
        totals: rules.totals,
        counts: (&sums).into(),
    };
    let warnings = telling::warnings(job, &planned, &source, &outcome);
    let text = told.csv(planned.settings.format);
    let written = write(job, &text, &mut files.output, journal)?;
    let run = Run {
        noisy: Some(&told),
        ..job.run(&planned, &source, &outcome, &written, &warnings)
    };
    let page = || report::html_of_noisy_figures(&run, Language::in_use());
    journal.publish(&run, || commit(job, files, &run, page))?;
    if job.arguments.running.log.tells() {
        told.tell().lines().for_each(say);
    }
    telling::closing(job, &run);
    Ok(())
}

/// Refuses columns in which the value of one person depends on who else is there: one person more would change the
/// cells of many.
fn check_values(planned: &Planned) -> Result<(), ExitError> {
    let mut columns = planned.plan.columns.iter();
    let depends =
        columns.find(|column| column.output.is_some() && column.again == Again::WithOthers);
    depends.map_or(Ok(()), |column| {
        Err(ExitError::NotForFigures {
            column: column.output.clone().unwrap_or_default(),
            why: fixed!(
                "what it holds of one person depends on others, so that no noise would be enough"
            ),
        })
    })
}

/// Counts what is in each cell, with what each person adds bounded, and checks all that may refuse the input.
fn count(
    job: &Job<'_>,
    planned: &Planned,
    source: &mut Source<'_>,
    (noise, columns, drawing): (&Noise, &Columns, &Drawing),
) -> anyhow::Result<(Outcome, Sums)> {
    check_values(planned)?;
    let mut passes = Passes::new(job, planned, source)?;
    if job.masks() {
        passes.find_residual()?;
    }
    let amounts = (drawing.ranges.as_slice(), drawing.brackets.as_slice());
    let bounded = Counting::new(&noise.grid, noise.limits, amounts);
    let counter = Contributions::new(bounded)?;
    let (passed, counted, bad) = passes.aggregate(&columns.counting, &counter)?;
    let outcome = passed.check(job, planned, source)?;
    check_amounts(job.arguments, source, &bad)?;
    let sums = Contributions::together(counted).map_err(|at| Error::TotalCell {
        column: columns
            .names()
            .get(at)
            .copied()
            .unwrap_or_default()
            .to_owned(),
    })?;
    Ok((outcome, sums))
}
