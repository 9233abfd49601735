//! What machines call the warnings.

use super::Warning;

coded! {
    Warning [Self::Quirk(quirk) => quirk]
    Self::Unlisted(_) => "unlisted_columns", "columns are not in the rule table, and are dropped";
    Self::Missing(_) => "missing_columns", "the input lacks columns of the rule table";
    Self::Doubled { .. } => "doubled_columns", "several columns of the input have one rule";
    Self::SpecialCategory { .. } => "special_category", "a column holds data that must not be collected";
    Self::Invalid { .. } => "invalid_cells_left_out", "invalid cells or rows of the wrong width were blanked or left out";
    Self::Nobody(_) => "rows_of_nobody", "rows that are nobody were left out";
    Self::Undecided { .. } => "undecided_rows", "the row filter could not read cells; their rows were left out";
    Self::LostZero { .. } => "lost_zero", "postal codes lack their first zero";
    Self::NoPostalCode { .. } => "no_postal_code", "many cells of a column have no postal code";
    Self::Leftover { .. } => "identifiers_kept", "identifiers in a kept column were masked or left in place";
    Self::Formulas(_) => "formulas", "kept cells would be run by a spreadsheet";
    Self::FreeText { .. } => "free_text", "a kept column is free text";
    Self::Alike(_) => "deterministic_encryption", "a column is encrypted so that equal cells stay equal";
    Self::UnusedKey(_) => "unused_key", "a key was given that the rule table does not need";
    Self::RowsOfPersons { .. } => "rows_of_persons", "rows are counted, and a column tells fewer persons";
    Self::Rare { .. } => "rare_values", "columns have values that hardly anybody has";
    Self::DrawnAnew(_) => "drawn_anew", "each run draws anew, and many exports together tell the true values";
    Self::AgesOfYear(_) => "ages_of_year", "no rule says on which day ages are counted: it is 1 January of the year";
    Self::HeldBack { .. } => "rows_held_back", "a release holds rows back, so that nobody is told apart";
    Self::Seeded => "seed", "the run is reproducible: for fixtures and CI only";
}
