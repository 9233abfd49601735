//! The table of the population that a file is held against.

use std::path::Path;
use std::sync::Arc;

use crate::cli::arguments::PopulationArguments;
use crate::engine::error::Error;
use crate::engine::population::Unmatched;
use crate::privacy::population::PopulationSource;
use crate::rules::Population;
use crate::rules::table::RuleTable;

/// The table that the command line names, or else the rule table.
pub(super) fn read(
    arguments: &PopulationArguments,
    table: &RuleTable,
) -> anyhow::Result<Option<Arc<Population>>> {
    let Some(file) = &arguments.population else {
        return Ok(table.population.clone());
    };
    let columns = arguments.population_column.iter();
    let source = PopulationSource {
        file: file.clone(),
        columns: columns.map(|said| (said.0, said.1.clone())).collect(),
    };
    let read = Population::read(Path::new(""), &source);
    let (population, _) = read.map_err(|why| Error::from(Unmatched::File(why)))?;
    Ok(Some(Arc::new(population)))
}
