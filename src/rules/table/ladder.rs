//! The key `ladder` of a column: what its output can be generalised to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeValue, ValueDeserializer};

use super::keys::{Wrong, at};
use crate::base::escape::ShownPath;
use crate::privacy::ladder::Ladder;
use crate::rules::{HierarchyFile, NamedFile, Rule, StepName};

/// A ladder, and the hierarchy file that it was read from.
pub(super) type LadderAndFile = (Arc<dyn Ladder>, Option<Arc<HierarchyFile>>);

/// The ladder that a column names: a list of steps, or a hierarchy file, which then comes with it.
pub(super) fn ladder_of(
    value: Spanned<DeValue<'_>>,
    rule: &dyn Rule,
    folder: &Path,
    files: &mut Vec<NamedFile>,
) -> Result<LadderAndFile, Wrong> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct InFile {
        file: PathBuf,
    }

    let span = value.span();
    match value.get_ref() {
        DeValue::Array(_) => {
            let steps =
                Vec::<StepName>::deserialize(ValueDeserializer::from(value)).map_err(|_| {
                    at(
                        span.clone(),
                        fixed!("expected a list of widths or of names"),
                    )
                })?;
            rule.ladder(Some(&steps))
                .map(|ladder| (Arc::from(ladder), None))
                .map_err(|expected| at(span, expected))
        }
        DeValue::Table(_) => {
            let InFile { file } = InFile::deserialize(ValueDeserializer::from(value))?;
            let read = HierarchyFile::read(folder, &file).map_err(|why| {
                let path = folder.join(&file);
                at(
                    span,
                    text!(
                        "the hierarchy file {path}: {why}",
                        path = ShownPath(&path),
                        why
                    ),
                )
            });
            let (ladder, file) = read?;
            files.push(file);
            let ladder = Arc::new(ladder);
            Ok((Arc::<HierarchyFile>::clone(&ladder), Some(ladder)))
        }
        _ => Err(at(
            span,
            fixed!("expected a list of steps or { file = \"hierarchy.csv\" }"),
        )),
    }
}
