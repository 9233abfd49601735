//! Which columns of a file count, and as what: as the command line says, or the rule table, or their contents.

mod person;

pub(super) use person::one_row_each;

use super::inspect::{probe, profile};
use super::threads;
use crate::base::name;
use crate::base::name::Shown;
use crate::cli::arguments::{ColumnArguments, InputArguments};
use crate::engine::error::Error as EngineError;
use crate::engine::inspect::{Inspection, Inspector, attribute_by_name};
use crate::engine::source::Source;
use crate::report::{Judged, JudgedBy};
use crate::rules::table::{Attribute, RuleTable};

/// Whether a name of a column is known: to whoever started the program, or to the rule table, which
/// names the columns of its output.
pub(super) fn is_known(arguments: &ColumnArguments, table: &RuleTable, column: &str) -> bool {
    let key = name::key(column);
    let outputs = table.columns.iter().map(|column| &column.output);
    let named = arguments.quasi.iter().chain(&arguments.sensitive);
    let named = named.chain(&arguments.ignore).chain(&arguments.person);
    let mut all = outputs.chain(named).chain(&table.index);
    table.lists(column) || all.any(|name| name::key(name) == key)
}

/// Which columns of a file count.
#[derive(Clone, Copy)]
pub(super) struct Choice<'a> {
    pub(super) columns: &'a ColumnArguments,
    pub(super) table: &'a RuleTable,
    pub(super) reading: &'a InputArguments,
    /// Whether the progress of reading is shown.
    pub(super) shows_progress: bool,
}

impl Choice<'_> {
    /// What each column of the file tells about a person.
    pub(super) fn judge(&self, source: &mut Source<'_>) -> anyhow::Result<Vec<Judged>> {
        let reader = source.reader();
        let mut columns = self.listed(reader.header(), reader.shown_header())?;
        self.set_persons_aside(source.reader().header(), &mut columns)?;
        if self.columns.quasi.is_empty() {
            self.judge_by_contents(source, &mut columns)?;
        }
        Ok(columns)
    }

    /// What each column of the file tells about a person: as the command line says, or as the rule
    /// table says of the output column of that name.
    fn listed(&self, header: &[String], shown: &[Shown]) -> anyhow::Result<Vec<Judged>> {
        let keys: Vec<String> = header.iter().map(|name| name::key(name)).collect();
        let index = self.table.index.as_ref().map(|name| name::key(name));
        let listed = |key: &String| {
            let mut columns = self.table.columns.iter();
            columns.find(|column| column.rule.leaves() && name::key(&column.output) == *key)
        };
        let columns = keys.iter().zip(shown).map(|(key, shown)| {
            let attribute = listed(key).and_then(|column| column.attribute);
            Judged {
                column: shown.clone(),
                attribute,
                by: match attribute {
                    Some(_) => JudgedBy::Rules,
                    None if Some(key) == index.as_ref() => JudgedBy::Index,
                    None => JudgedBy::Nobody,
                },
            }
        });
        let mut columns: Vec<Judged> = columns.collect();
        let named = [
            (&self.columns.quasi, Some(Attribute::QuasiIdentifying)),
            (&self.columns.sensitive, Some(Attribute::Sensitive)),
            (&self.columns.ignore, None),
        ];
        for (names, attribute) in named {
            if names.is_empty() {
                continue;
            }
            // They are the ones in the place of the rule table's.
            for judged in &mut columns {
                if attribute.is_some() && judged.attribute == attribute {
                    (judged.attribute, judged.by) = (None, JudgedBy::Nobody);
                }
            }
            for name in names {
                let key = name::key(name);
                let of_name = keys.iter().zip(&mut columns);
                let mut found = false;
                for (_, judged) in of_name.filter(|(known, _)| **known == key) {
                    (judged.attribute, judged.by) = (attribute, JudgedBy::Options);
                    found = true;
                }
                if !found {
                    return Err(EngineError::NoSuchColumn(name.escape_debug().to_string()).into());
                }
            }
        }
        Ok(columns)
    }

    /// Judges the columns that nobody has judged by their names, and by their contents where these do not tell
    /// all; goes back to the first row if there are any of those.
    fn judge_by_contents(
        &self,
        source: &mut Source<'_>,
        columns: &mut [Judged],
    ) -> anyhow::Result<()> {
        for (judged, name) in columns.iter_mut().zip(source.reader().header()) {
            if judged.by == JudgedBy::Nobody
                && let Some(attribute) = attribute_by_name(name)
            {
                (judged.attribute, judged.by) = (Some(attribute), JudgedBy::Contents);
            }
        }
        let open = columns.iter().map(|judged| judged.by == JudgedBy::Nobody);
        let open: Vec<bool> = open.collect();
        if !open.contains(&true) {
            return Ok(());
        }
        let (names, shown) = (source.reader().header(), source.reader().shown_header());
        let (names, shown) = (names.to_vec(), shown.to_vec());
        let probe = probe()?;
        let threads = threads(self.reading, source.input());
        let workers = (0..threads)
            .map(|_| Inspector::new(&probe, &names, &shown).only(&open))
            .collect();
        let workers = profile(source, self.shows_progress, workers)?;
        let inspection = Inspection::new(&names, workers, true);
        let looked_through = columns.iter_mut().zip(&inspection.columns);
        for ((judged, column), _) in looked_through.zip(&open).filter(|(_, open)| **open) {
            judged.attribute = Some(column.proposal.attribute);
            judged.by = JudgedBy::Contents;
        }
        Ok(source.rewind()?)
    }
}
