//! The figures of an audit as JSON. `audit.schema.json` beside this file says what is in it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Audited;
use super::model::Model;
use super::population::PopulationOf;
use crate::base::lang::{Language, speaking};
use crate::base::name::Shown;
use crate::privacy::advice::Advice;
use crate::privacy::audit::{Audit, QuasiColumn, SensitiveColumn};
use crate::privacy::measures::{Distance, PersonCounts, Worst};
use crate::privacy::score::{Facts, Score, score};
use crate::report::json::Rules;
use crate::rules::table::Attribute;

/// The figures as JSON, with a line end.
pub fn audit_json(audited: &Audited<'_>) -> String {
    let json = speaking(Language::En, || Json::new(audited));
    crate::report::json::text(&json)
}

#[derive(Serialize)]
struct Json<'a> {
    tool: &'static str,
    version: &'static str,
    path: &'a str,
    rules: Rules<'a>,
    columns: Vec<ColumnOf<'a>>,
    #[serde(flatten)]
    measures: Measures<'a>,
    missed: Vec<String>,
}

/// What a column is taken for.
#[derive(Serialize)]
struct ColumnOf<'a> {
    column: &'a Shown,
    attribute: Option<Attribute>,
    /// Whether the figures hold for it.
    counted: bool,
    judged_by: &'static str,
}

impl<'a> Json<'a> {
    fn new(audited: &'a Audited<'a>) -> Self {
        Self {
            tool: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            path: &audited.file.path,
            rules: Rules {
                name: audited.table,
                sha256: audited.table_sha256,
            },
            columns: audited
                .columns
                .iter()
                .map(|judged| ColumnOf {
                    column: &judged.column,
                    attribute: judged.attribute,
                    counted: judged.counted_as().is_some(),
                    judged_by: judged.by.code(),
                })
                .collect(),
            measures: Measures::new(audited.audit, &Facts::from(audited.audit)),
            missed: audited.misses.iter().map(ToString::to_string).collect(),
        }
    }
}

/// All measures, as JSON has them.
#[derive(Serialize)]
pub(in crate::report) struct Measures<'a> {
    rows: u64,
    /// What the figures count.
    counted: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    persons: Option<Persons>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<PublishedOf>,
    classes: u64,
    k: u64,
    unique_rows: u64,
    rows_under: RowsUnder,
    class_sizes: Vec<Size>,
    risk: RiskOf,
    #[serde(skip_serializing_if = "Option::is_none")]
    population: Option<PopulationOf<'a>>,
    quasi_identifying: Vec<Quasi<'a>>,
    sensitive: Vec<Told<'a>>,
    advice: Vec<Advised>,
    plan: Vec<Advised>,
    score: ScoreOf,
    memory: MemoryOf,
}

/// What was seen of all published columns.
#[derive(Serialize)]
struct PublishedOf {
    alone_share: f64,
    exact: bool,
}

/// Whose the rows are, if that is known.
#[derive(Serialize)]
struct Persons {
    persons: u64,
    rows_without_person: u64,
    with_several_rows: u64,
    alone_with_all_their_rows: u64,
}

impl From<PersonCounts> for Persons {
    fn from(counts: PersonCounts) -> Self {
        Self {
            persons: counts.persons,
            rows_without_person: counts.nameless_rows,
            with_several_rows: counts.with_several_rows,
            alone_with_all_their_rows: counts.alone_together,
        }
    }
}

#[derive(Serialize)]
struct ScoreOf {
    letter: &'static str,
    points: u32,
    out_of: u32,
    not_known: u32,
    /// By criterion; nothing where it is not known.
    criteria: BTreeMap<&'static str, Option<u32>>,
}

impl From<Score> for ScoreOf {
    fn from(score: Score) -> Self {
        let lines = score.lines.iter();
        Self {
            letter: score.letter.text(),
            points: score.points,
            out_of: score.out_of,
            not_known: score.not_known,
            criteria: lines
                .map(|line| (line.criterion.id(), line.points))
                .collect(),
        }
    }
}

#[derive(Serialize)]
struct RowsUnder {
    #[serde(rename = "3")]
    three: u64,
    #[serde(rename = "5")]
    five: u64,
    #[serde(rename = "11")]
    eleven: u64,
}

#[derive(Serialize)]
struct Size {
    from: u64,
    to: Option<u64>,
    classes: u64,
    rows: u64,
}

#[derive(Serialize)]
struct RiskOf {
    threshold: f64,
    prosecutor: Model,
    journalist: Model,
    marketer: f64,
}

#[derive(Serialize)]
struct Quasi<'a> {
    column: &'a str,
    distinct: u64,
    distinction: f64,
    separation: f64,
    unique_rows_without: u64,
    steps: Vec<StepOf<'a>>,
}

#[derive(Serialize)]
struct StepOf<'a> {
    step: &'a str,
    k: u64,
    unique_rows: u64,
    rows_under_5: u64,
}

#[derive(Serialize)]
struct Told<'a> {
    column: &'a str,
    distinct: usize,
    l_distinct: usize,
    l_entropy: f64,
    rows_in_classes_of_one_value: u64,
    largest_share: f64,
    t: f64,
    t_distance: &'static str,
    worst_class_for_l: Class,
    worst_class_for_t: Class,
}

#[derive(Serialize)]
struct Class {
    rows: u64,
    distinct_values: usize,
}

#[derive(Serialize)]
struct Advised {
    column: String,
    step: String,
    unique_rows: u64,
    k: u64,
}

impl From<Advice> for Advised {
    fn from(advice: Advice) -> Self {
        Self {
            column: advice.column,
            step: advice.step,
            unique_rows: advice.after.unique_rows,
            k: advice.after.k,
        }
    }
}

#[derive(Serialize)]
struct MemoryOf {
    combinations: usize,
    bytes: usize,
}

impl From<Worst> for Class {
    fn from(worst: Worst) -> Self {
        Self {
            rows: worst.rows,
            distinct_values: worst.distinct,
        }
    }
}

impl<'a> Measures<'a> {
    pub(in crate::report) fn new(audit: &'a Audit, facts: &Facts) -> Self {
        let (sizes, small, risks) = (&audit.sizes, &audit.sizes.small, &audit.risks);
        let bins = sizes.distribution.iter().filter(|bin| bin.classes > 0);
        Self {
            rows: audit.rows(),
            counted: match audit.persons {
                Some(_) => "persons",
                None => "rows",
            },
            persons: audit.persons.map(Persons::from),
            published: audit.published.as_ref().map(|seen| PublishedOf {
                alone_share: seen.alone,
                exact: seen.exact,
            }),
            classes: small.classes,
            k: small.k,
            unique_rows: small.unique_rows,
            rows_under: RowsUnder {
                three: small.rows_under_3,
                five: small.rows_under_5,
                eleven: small.rows_under_11,
            },
            class_sizes: bins
                .map(|bin| Size {
                    from: bin.from,
                    to: bin.to,
                    classes: bin.classes,
                    rows: bin.rows,
                })
                .collect(),
            risk: RiskOf {
                threshold: risks.threshold,
                prosecutor: risks.prosecutor.into(),
                journalist: risks.journalist.into(),
                marketer: risks.marketer,
            },
            population: audit.population.as_ref().map(PopulationOf::from),
            quasi_identifying: audit.quasi.iter().map(Quasi::new).collect(),
            sensitive: audit.sensitive.iter().map(Told::new).collect(),
            advice: audit.advice().into_iter().map(Advised::from).collect(),
            plan: audit.plan.iter().cloned().map(Advised::from).collect(),
            score: score(facts).into(),
            memory: MemoryOf {
                combinations: audit.memory.combinations,
                bytes: audit.memory.bytes,
            },
        }
    }
}

impl<'a> Quasi<'a> {
    fn new(column: &'a QuasiColumn) -> Self {
        let measures = &column.measures;
        let steps = column.steps.iter().zip(&measures.steps).skip(1);
        Self {
            column: &column.name,
            distinct: measures.distinct,
            distinction: measures.distinction,
            separation: measures.separation,
            unique_rows_without: measures.without.unique_rows,
            steps: steps
                .map(|(step, small)| StepOf {
                    step,
                    k: small.k,
                    unique_rows: small.unique_rows,
                    rows_under_5: small.rows_under_5,
                })
                .collect(),
        }
    }
}

impl<'a> Told<'a> {
    fn new(column: &'a SensitiveColumn) -> Self {
        let measures = &column.measures;
        Self {
            column: &column.name,
            distinct: measures.distinct,
            l_distinct: measures.l_distinct,
            l_entropy: measures.l_entropy,
            rows_in_classes_of_one_value: measures.rows_of_one_value,
            largest_share: measures.largest_share,
            t: measures.t,
            t_distance: match measures.distance {
                Distance::Ordered => "ordered",
                Distance::Equal => "equal",
            },
            worst_class_for_l: measures.worst_l.into(),
            worst_class_for_t: measures.worst_t.into(),
        }
    }
}
