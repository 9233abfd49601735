//! The figures of a comparison as JSON. `compare.schema.json` beside this file says what is in it.

use serde::Serialize;

use super::{Compared, Pair};
use crate::base::lang::{Language, speaking};
use crate::base::name::Shown;
use crate::privacy::compare::Role;
use crate::report::json::Rules;

/// The figures as JSON, with a line end.
pub fn compare_json(compared: &Compared<'_>) -> String {
    let json = speaking(Language::En, || Json::new(compared));
    crate::report::json::text(&json)
}

#[derive(Serialize)]
struct Json<'a> {
    tool: &'static str,
    version: &'static str,
    rules: Rules<'a>,
    counted: &'static str,
    columns: Columns<'a>,
    comparisons: Vec<PairOf<'a>>,
    missed: Vec<String>,
}

#[derive(Serialize)]
struct Columns<'a> {
    quasi_identifying: Vec<&'a Shown>,
    sensitive: Vec<&'a Shown>,
    other: Vec<&'a Shown>,
    not_compared: &'a [Shown],
}

#[derive(Serialize)]
struct PairOf<'a> {
    old: File<'a>,
    new: File<'a>,
    linked: Linked,
    candidates: CandidatesOf,
    newcomers: NewcomersOf,
    gone: u64,
    certain: Vec<CertainOf<'a>>,
    order: OrderOf,
    index: Option<IndexOf>,
    memory_bytes: usize,
    missed: Vec<String>,
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    rows: u64,
    /// Persons, or again rows where persons are not known.
    counted: u64,
}

#[derive(Serialize)]
struct Linked {
    all_columns: u64,
    quasi_identifying: u64,
}

#[derive(Serialize)]
struct CandidatesOf {
    least: u64,
    one: u64,
    under: Under,
}

#[derive(Serialize)]
struct Under {
    #[serde(rename = "3")]
    three: u64,
    #[serde(rename = "5")]
    five: u64,
    #[serde(rename = "11")]
    eleven: u64,
}

#[derive(Serialize)]
struct NewcomersOf {
    all: u64,
    quasi_identifying: u64,
    alone: u64,
    under_5: u64,
}

#[derive(Serialize)]
struct CertainOf<'a> {
    column: &'a Shown,
    new_alone: u64,
    together: u64,
}

#[derive(Serialize)]
struct OrderOf {
    same_position: u64,
    linked_pairs: u64,
    in_order: u64,
}

#[derive(Serialize)]
struct IndexOf {
    same: u64,
    agree: u64,
}

impl<'a> Json<'a> {
    fn new(compared: &'a Compared<'a>) -> Self {
        let named = |role: Role| compared.named(role).collect();
        Self {
            tool: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            rules: Rules {
                name: compared.table,
                sha256: compared.table_sha256,
            },
            counted: match compared.persons {
                true => "persons",
                false => "rows",
            },
            columns: Columns {
                quasi_identifying: named(Role::QuasiIdentifying),
                sensitive: named(Role::Sensitive),
                other: named(Role::Other),
                not_compared: compared.left_out,
            },
            comparisons: compared
                .pairs
                .iter()
                .map(|pair| PairOf::new(compared, pair))
                .collect(),
            missed: compared.misses(),
        }
    }
}

impl<'a> PairOf<'a> {
    fn new(compared: &'a Compared<'a>, pair: &'a Pair) -> Self {
        let found = &pair.found;
        let (candidates, newcomers) = (found.candidates, found.newcomers);
        let certain = compared.named(Role::Sensitive).zip(&found.certain);
        Self {
            old: File {
                path: compared.path(pair.old),
                rows: found.old.rows,
                counted: found.old.holders,
            },
            new: File {
                path: compared.path(pair.new),
                rows: found.new.rows,
                counted: found.new.holders,
            },
            linked: Linked {
                all_columns: found.linked,
                quasi_identifying: found.linked_by_quasi,
            },
            candidates: CandidatesOf {
                least: candidates.least,
                one: candidates.one,
                under: Under {
                    three: candidates.under_3,
                    five: candidates.under_5,
                    eleven: candidates.under_11,
                },
            },
            newcomers: NewcomersOf {
                all: newcomers.all,
                quasi_identifying: newcomers.by_quasi,
                alone: newcomers.alone,
                under_5: newcomers.under_5,
            },
            gone: found.gone,
            certain: certain
                .map(|(column, certain)| CertainOf {
                    column,
                    new_alone: certain.alone,
                    together: certain.together,
                })
                .collect(),
            order: OrderOf {
                same_position: found.order.same_position,
                linked_pairs: found.order.pairs,
                in_order: found.order.in_order,
            },
            index: found.index.map(|index| IndexOf {
                same: index.same,
                agree: index.agree,
            }),
            memory_bytes: found.bytes,
            missed: pair.misses.iter().map(ToString::to_string).collect(),
        }
    }
}
