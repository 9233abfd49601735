//! `--release`: a folder that is kept from run to run, so that many outputs of the same people tell no more than one.

mod pass;

use std::path::{Path, PathBuf};

use rand::TryRng;
use rand::rngs::SysRng;
use serde::{Deserialize, Serialize};

use crate::base::error::SystemError;
use crate::base::lang::Fixed;
use crate::base::sha256;
use crate::cli::arguments::AnonymiseArguments;
use crate::cli::commands::goal::Goal;
use crate::crypto::keys::{KeyRing, RoleKey};
use crate::crypto::release::{Kept, ReleaseError, ReleaseFolder, Tagger, sealed};
use crate::engine::error::Error as EngineError;
use crate::engine::plan::Plan;
use crate::engine::warning::Warning;
use crate::privacy::cohorts::{Cohorts, Settled};
use crate::privacy::goal::{Goal as TableGoal, Thin};
use crate::report::ReleaseTold;
use crate::report::journal::KnownRelease;
use crate::rules::Again;
use crate::rules::filter::RowFilter;

/// The role whose key is taken where several are given.
const ROLE: &str = "release";

/// The release of a run, as it was found.
pub(super) struct Release {
    folder: PathBuf,
    /// Locked; nothing if the run only rehearses, and there is none yet.
    open: Option<ReleaseFolder>,
    role: String,
    tagger: Tagger,
    /// Whether it begins anew.
    forced: bool,
    found: Found,
}

/// What was kept of the releases before.
struct Found {
    about: About,
    cohorts: Cohorts,
    sha256: Option<String>,
}

/// What a release says of itself, before its cohorts.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct About {
    /// What tells it from all others.
    id: String,
    /// How many runs have published by it.
    number: u64,
    /// What it was begun with; nothing before the first run.
    terms: Option<Terms>,
}

/// What stays the same from run to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Terms {
    pub(super) rules: String,
    pub(super) k: u32,
    pub(super) person: Vec<String>,
    pub(super) columns: Vec<String>,
}

impl Release {
    /// Opens the release that is asked for, if one is: before anything is read.
    pub(super) fn open(
        arguments: &AnonymiseArguments,
        (goal, table): (&Goal, &TableGoal),
        keys: &KeyRing,
    ) -> anyhow::Result<Option<Self>> {
        let Some(folder) = &arguments.privacy.release else {
            return Ok(None);
        };
        // Without a slash at its end.
        let folder: &PathBuf = &folder.components().collect();
        if let Some(why) = refused(arguments, goal, table) {
            return Err(ReleaseError::NotSo(why).into());
        }
        let mut all = keys.keys();
        let key = match (all.next(), all.next()) {
            (Some(only), None) => Some(only),
            _ => keys.get(ROLE),
        };
        let key = key.ok_or(ReleaseError::NotSo(fixed!(
            "it is encrypted under a role's key, and which one is not clear: give one --key, or that of the role \
             `release` (crm-anon keygen release -o release.key)"
        )))?;
        let rehearses = arguments.rehearses() && !folder.exists();
        let open = (!rehearses)
            .then(|| ReleaseFolder::open(folder))
            .transpose()?;
        let kept = open
            .as_ref()
            .map(|open| open.read(key))
            .transpose()?
            .flatten();
        let found = match kept {
            Some(kept) => Found::read(kept).ok_or_else(|| ReleaseError::Damaged {
                path: folder.clone(),
            })?,
            None => Found::nothing()?,
        };
        Ok(Some(Self {
            folder: folder.clone(),
            open,
            role: key.role().as_str().to_owned(),
            tagger: Tagger::new(key)?,
            forced: arguments.privacy.force_release,
            found,
        }))
    }

    /// The folder, as the journal names it.
    pub(super) fn path(&self) -> PathBuf {
        std::path::absolute(&self.folder).unwrap_or_else(|_| self.folder.clone())
    }

    /// What tells it from all others.
    pub(super) fn id(&self) -> &str {
        &self.found.about.id
    }

    /// Refuses a folder that was put back to what it was before a run that the journal knows.
    pub(super) fn check_known(&self, known: Option<KnownRelease>) -> Result<(), ReleaseError> {
        let found = self.found.about.number;
        match known {
            // It has the number that the journal tells, and is another.
            Some(known)
                if known.number == found && self.found.sha256.as_ref() != Some(&known.sha256) =>
            {
                Err(ReleaseError::Damaged {
                    path: self.folder.clone(),
                })
            }
            Some(known) if known.number > found => Err(ReleaseError::RolledBack {
                path: self.folder.clone(),
                found,
                known: known.number,
            }),
            _ => Ok(()),
        }
    }

    /// Drops the warning that its key is not in the rule table, and refuses columns that undo it.
    pub(super) fn fit(&self, plan: &mut Plan) -> Result<(), ReleaseError> {
        let is_own = |warning: &Warning| matches!(warning, Warning::UnusedKey(role) if role.as_str() == self.role);
        plan.warnings.retain(|warning| !is_own(warning));
        let published = || plan.columns.iter().filter(|column| column.output.is_some());
        if published().any(|column| column.pseudonym.is_some()) {
            return Err(ReleaseError::NotSo(fixed!(
                "a column that stands for the same person every time (hash, token, encrypt) links all that is ever \
                 published of that person: drop it"
            )));
        }
        if plan.filter.as_ref().is_some_and(RowFilter::samples) {
            return Err(ReleaseError::NotSo(fixed!(
                "every run draws other rows, and a row that is away once never comes back: drop `sample` from [rows]"
            )));
        }
        if published().any(|column| column.again == Again::WithOthers) {
            return Err(ReleaseError::NotSo(fixed!(
                "means of groups (microaggregate) are other ones wherever other rows come or go, and change rows that \
                 stay: drop the column"
            )));
        }
        match published().any(|column| column.again == Again::Draw) {
            true => Err(ReleaseError::NotSo(fixed!(
                "a rule that draws anew in each run changes every row each time: give noise and date_shift a role, or \
                 drop the column"
            ))),
            false => Ok(()),
        }
    }

    /// What was published before, as far as the run goes on with it.
    fn goes_on(&self, terms: &Terms, columns: usize) -> Result<Cohorts, ReleaseError> {
        let Some(begun) = self.found.about.terms.as_ref().filter(|_| !self.forced) else {
            return Ok(Cohorts::new(columns));
        };
        let other = |what| ReleaseError::OtherTerms {
            path: self.folder.clone(),
            what,
        };
        if begun.k != terms.k {
            return Err(other(fixed!("another k")));
        }
        if begun.person != terms.person {
            return Err(other(fixed!("other columns that say whose rows are whose")));
        }
        if begun.rules != terms.rules {
            return Err(other(fixed!("another rule table")));
        }
        match begun.columns == terms.columns && self.found.cohorts.columns() == columns {
            true => Ok(self.found.cohorts.clone()),
            false => Err(other(fixed!("other columns in the output"))),
        }
    }
}

/// Why a release cannot be kept with these options.
fn refused(arguments: &AnonymiseArguments, goal: &Goal, table: &TableGoal) -> Option<Fixed> {
    if arguments.written.text.output.as_os_str() == "-" && !arguments.rehearses() {
        return Some(fixed!(
            "what has gone to standard output cannot be taken back: name a file with -o"
        ));
    }
    let place = |path: &Path| std::path::absolute(path).ok();
    let own = arguments.privacy.release.as_deref().and_then(place);
    let written = &arguments.written;
    let beside = [
        &written.manifest,
        &written.journal,
        &arguments.privacy.report.report,
    ];
    let others = beside.into_iter().filter_map(|path| path.as_deref());
    let mut others = others
        .chain([written.text.output.as_path()])
        .filter_map(place);
    if own.is_some_and(|own| others.any(|path| path.starts_with(&own))) {
        return Some(fixed!(
            "its folder is for its own file: put output, manifest, report and journal elsewhere"
        ));
    }
    if arguments.rows.keep_order {
        return Some(fixed!(
            "kept order links the rows of two outputs: drop --keep-order"
        ));
    }
    if goal.person.is_empty() {
        return Some(fixed!(
            "it must be known whose rows are whose: say so with `person` in [privacy], or with --person"
        ));
    }
    if table.thin == Some(Thin::Merge) {
        return Some(fixed!(
            "`thin = \"merge\"` makes other brackets from run to run: drop it, and choose wider brackets"
        ));
    }
    goal.keeps_no_release()
}

impl Found {
    fn nothing() -> anyhow::Result<Self> {
        let mut id = [0; 16];
        SysRng
            .try_fill_bytes(&mut id)
            .map_err(|error| SystemError {
                what: fixed!("randomness"),
                source: std::io::Error::other(error),
            })?;
        Ok(Self {
            about: About {
                id: sha256::hexadecimal(&id),
                number: 0,
                terms: None,
            },
            cohorts: Cohorts::default(),
            sha256: None,
        })
    }

    fn read(kept: Kept) -> Option<Self> {
        let (length, rest) = kept.bytes.split_first_chunk()?;
        let (about, cohorts) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        Some(Self {
            about: serde_json::from_slice(about).ok()?,
            cohorts: Cohorts::read(cohorts)?,
            sha256: Some(kept.sha256),
        })
    }
}

/// What a run leaves of its release: the bytes of its file, and what is told of it.
pub(super) struct Left {
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
    pub(super) told: ReleaseTold,
}

impl Release {
    /// What the run leaves of it once it is published: `known` is the number of the last one that the
    /// journal knows.
    pub(super) fn left(
        &self,
        keys: &KeyRing,
        terms: Terms,
        settled: &Settled,
        known: Option<u64>,
    ) -> anyhow::Result<Left> {
        let key: &RoleKey = keys.get(&self.role).ok_or(EngineError::Internal)?;
        let before = self.found.about.number.max(known.unwrap_or(0));
        let about = About {
            id: self.id().to_owned(),
            number: before.saturating_add(1),
            terms: Some(terms),
        };
        let text = serde_json::to_vec(&about).map_err(|_| EngineError::Internal)?;
        let mut bytes = (text.len() as u32).to_le_bytes().to_vec();
        bytes.extend_from_slice(&text);
        settled.cohorts.write(&mut bytes);
        let kept = sealed(key, bytes)?;
        let path = match &self.open {
            Some(open) => open.state(),
            None => self.folder.clone(),
        };
        let told = ReleaseTold {
            path: self.path().display().to_string(),
            id: about.id,
            number: about.number,
            sha256: kept.sha256,
            figures: settled.figures,
        };
        Ok(Left {
            path,
            bytes: kept.bytes,
            told,
        })
    }

    /// Refuses an input in which hardly anything is left of the last release.
    fn check(&self, settled: &Settled, forced: bool) -> Result<(), ReleaseError> {
        let (before, still) = (settled.figures.before, settled.figures.still);
        match still < before / 2 && !forced {
            true => Err(ReleaseError::OtherSource {
                path: self.folder.clone(),
                before,
                still,
            }),
            false => Ok(()),
        }
    }
}
