//! An inspection as JSON. `inspect.schema.json` beside this file says what is in it.

use serde::Serialize;

use super::{InTable, Inspected, detected, rule_name, shown, words};
use crate::base::lang::{Language, speaking};
use crate::base::name::Shown;
use crate::detect::DETECTORS;
use crate::engine::inspect::{Column, Kind, Proposal};
use crate::rules::table::Attribute;

/// What is in a file, as JSON with a line end.
pub fn inspect_json(inspected: &Inspected<'_>) -> String {
    let json = speaking(Language::En, || Json::new(inspected));
    crate::report::json::text(&json)
}

#[derive(Serialize)]
struct Json<'a> {
    tool: &'static str,
    version: &'static str,
    path: &'a str,
    bytes: u64,
    dialect: DialectOf,
    rows: u64,
    rows_of_wrong_width: u64,
    rows_that_are_nobody: NobodyOf,
    may_lack_header: bool,
    columns: Vec<ColumnOf<'a>>,
}

#[derive(Serialize)]
struct NobodyOf {
    repeated_header: u64,
    blank: u64,
    rule: u64,
    total: u64,
}

#[derive(Serialize)]
struct DialectOf {
    /// The sheet, of a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<Shown>,
    delimiter: &'static str,
    encoding: String,
    compression: &'static str,
    line_end: &'static str,
}

#[derive(Serialize)]
struct ColumnOf<'a> {
    position: usize,
    name: Option<Shown>,
    rows: u64,
    filled: u64,
    distinct: u64,
    distinct_is_exact: bool,
    #[serde(rename = "type")]
    kind: &'static str,
    date_form: Option<&'static str>,
    detected: Vec<Found>,
    sentinels: Vec<SentinelOf>,
    shapes: Vec<ShapeOf<'a>>,
    attribute: Attribute,
    proposed: ProposedOf,
}

#[derive(Serialize)]
struct Found {
    detector: &'static str,
    cells: u64,
}

/// A text that stands for no date.
#[derive(Serialize)]
struct SentinelOf {
    text: &'static str,
    rows: u64,
}

#[derive(Serialize)]
struct ShapeOf<'a> {
    shape: &'a str,
    rows: u64,
}

#[derive(Serialize)]
struct ProposedOf {
    kind: &'static str,
    rule: String,
    reason: &'static str,
    why: String,
}

impl<'a> Json<'a> {
    fn new(inspected: &'a Inspected<'_>) -> Self {
        let (inspection, dialect) = (inspected.inspection, &inspected.dialect);
        let columns = (1..).zip(&inspection.columns);
        Self {
            tool: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            path: &inspected.file.path,
            bytes: inspected.file.bytes,
            dialect: DialectOf {
                sheet: dialect.sheet.clone(),
                delimiter: dialect.delimiter(),
                encoding: dialect.encoding(),
                compression: dialect.compression(),
                line_end: dialect.line_end(),
            },
            rows: inspection.rows,
            rows_of_wrong_width: inspection.wrong_width,
            rows_that_are_nobody: NobodyOf {
                repeated_header: inspection.nobody.headers,
                blank: inspection.nobody.blank,
                rule: inspection.nobody.rules,
                total: inspection.nobody.totals,
            },
            may_lack_header: inspection.may_lack_header,
            columns: columns
                .map(|(position, column)| {
                    let name = shown(inspection, column, position);
                    ColumnOf::new(column, position, name)
                })
                .collect(),
        }
    }
}

impl<'a> ColumnOf<'a> {
    fn new(column: &'a Column, position: usize, name: Option<Shown>) -> Self {
        let profile = &column.profile;
        let (kind, date_form) = kind(column.kind);
        Self {
            position,
            name,
            rows: profile.rows,
            filled: profile.filled(),
            distinct: profile.distinct.count(),
            distinct_is_exact: profile.distinct.is_exact(),
            kind,
            date_form,
            detected: detected(profile)
                .map(|(detector, cells)| Found { detector, cells })
                .collect(),
            sentinels: profile
                .sentinels()
                .map(|(text, rows)| SentinelOf { text, rows })
                .collect(),
            shapes: profile
                .shapes
                .shown()
                .into_iter()
                .map(|(shape, rows)| ShapeOf { shape, rows })
                .collect(),
            attribute: column.proposal.attribute,
            proposed: ProposedOf::from(&column.proposal),
        }
    }
}

impl From<&Proposal> for ProposedOf {
    fn from(proposal: &Proposal) -> Self {
        Self {
            kind: rule_name(proposal.rule),
            rule: InTable(proposal.rule).to_string(),
            reason: words::code(proposal.reason),
            why: words::reason(proposal.reason),
        }
    }
}

fn kind(kind: Kind) -> (&'static str, Option<&'static str>) {
    let name = match kind {
        Kind::Date(form) => return ("date", Some(form.letters())),
        Kind::Identifier(place) => DETECTORS.get(place).map_or("text", |one| one.name),
        Kind::Empty => "empty",
        Kind::YesNo => "yes_no",
        Kind::PostalCode => "postal_code",
        Kind::Whole => "whole_number",
        Kind::Amount => "amount",
        Kind::Address => "address",
        Kind::FreeText => "free_text",
        Kind::PersonName => "person_name",
        Kind::Category => "category",
        Kind::Text => "text",
    };
    (name, None)
}
