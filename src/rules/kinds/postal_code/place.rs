//! What the kinds have in common that write the place of a postal code: its département or its région.

use std::collections::BTreeSet;

use serde::Deserialize;
use toml::de::ValueDeserializer;

use super::sql;
use crate::privacy::ladder::Ladder;
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::ladder::StepName;
use crate::rules::transform::{Action, Cell, Outcome, Reason, Transform};
use crate::rules::{Kind, Listed, Rule, options};
use crate::sql::{Column, Inexpressible, Output};

/// A place that a postal code lies in.
#[derive(Debug)]
pub(in crate::rules::kinds) struct Place {
    /// The kind that writes it.
    pub(in crate::rules::kinds) kind: &'static Kind,
    /// How it is written, of a code that has one.
    pub(in crate::rules::kinds) label: fn(&[u8]) -> Option<&'static str>,
    /// What it can be generalised to.
    pub(in crate::rules::kinds) ladder: LadderOf,
}

type LadderOf = fn(Option<&[StepName]>) -> Result<Box<dyn Ladder>, String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    #[serde(default)]
    pad: bool,
}

/// Writes the place of the code that is found in a cell.
#[derive(Debug, Clone, Copy)]
struct PlaceOfCode {
    place: &'static Place,
    pad: bool,
}

impl Place {
    /// The rule that writes it.
    pub(in crate::rules::kinds) fn rule(
        &'static self,
        options: ValueDeserializer<'_>,
    ) -> Result<Box<dyn Rule>, toml::de::Error> {
        let Options { pad } = options::read(options)?;
        Ok(Box::new(PlaceOfCode { place: self, pad }))
    }
}

impl Rule for PlaceOfCode {
    fn kind(&self) -> &'static Kind {
        self.place.kind
    }

    fn compile(&self, _: &ColumnContext<'_>) -> Result<Action, Unready> {
        Ok(Action::Write(Box::new(*self)))
    }

    fn writes_lost_zeros(&self) -> bool {
        self.pad
    }

    fn sql(&self, column: &mut Column<'_>) -> Result<Output, Inexpressible> {
        let code = sql::code(column, self.pad);
        let label = |code: &str| (self.place.label)(code.as_bytes());
        Ok(Output::of_any(sql::place(column, &code, label)))
    }

    fn counts(&self) -> &'static [&'static str] {
        &["no_postal_code", "lost_zero"]
    }

    fn listed(&self) -> Option<Listed> {
        let labels: BTreeSet<&str> = (0..100_000)
            .filter_map(|code| (self.place.label)(format!("{code:05}").as_bytes()))
            .collect();
        Some(Listed::Texts(
            labels.into_iter().map(str::to_owned).collect(),
        ))
    }

    fn ladder(&self, steps: Option<&[StepName]>) -> Result<Box<dyn Ladder>, String> {
        (self.place.ladder)(steps)
    }
}

impl Transform for PlaceOfCode {
    fn writes_plain(&self) -> bool {
        true
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let label = |code: super::Code| (self.place.label)(code.as_ref());
        Ok(super::write(cell.content, self.pad, label, out))
    }

    fn goes_by_content(&self) -> bool {
        true
    }
}
