//! The columns that all releases have, and what they are compared as.

use std::cell::RefCell;
use std::sync::Arc;

use super::Opened;
use crate::base::name;
use crate::base::name::Shown;
use crate::cli::exit::Error;
use crate::engine::plan::Plan;
use crate::privacy;
use crate::privacy::compare::{Column, MAX_SENSITIVE, Role};
use crate::privacy::counter::Dictionary;
use crate::privacy::extent::Overlaps;
use crate::privacy::ladder::Ladder;
use crate::report::{ComparedColumn, Judged, JudgedBy};
use crate::rules::table::Attribute;

/// The columns that all releases have.
pub(super) struct Common {
    columns: Vec<Shared>,
    /// Those that only some have, or that nobody wants compared.
    left_out: Vec<Shown>,
    persons: bool,
    /// Whether all have the rule table's index.
    indexed: bool,
}

/// A column that all releases have.
struct Shared {
    key: String,
    name: Shown,
    role: Role,
    /// Its labels in all releases.
    labels: Dictionary,
    ladder: RefCell<Option<Arc<dyn Ladder>>>,
}

/// What a column of one file is compared as, unless it is not.
fn role(judged: &Judged) -> Option<Role> {
    match (judged.by, judged.attribute) {
        (JudgedBy::Index | JudgedBy::Person, _) | (JudgedBy::Options, None) => None,
        (_, Some(Attribute::QuasiIdentifying)) => Some(Role::QuasiIdentifying),
        (_, Some(Attribute::Sensitive)) => Some(Role::Sensitive),
        (_, Some(Attribute::Identifying | Attribute::Insensitive) | None) => Some(Role::Other),
    }
}

/// The stronger of what two files say.
fn stronger(one: Role, other: Role) -> Role {
    match (one, other) {
        (Role::QuasiIdentifying, _) | (_, Role::QuasiIdentifying) => Role::QuasiIdentifying,
        (Role::Sensitive, _) | (_, Role::Sensitive) => Role::Sensitive,
        (Role::Other, Role::Other) => Role::Other,
    }
}

impl Common {
    /// Finds them.
    ///
    /// # Errors
    /// If none of them is quasi-identifying, or more are sensitive than are compared.
    pub(super) fn new(opened: &[Opened<'_>]) -> anyhow::Result<Self> {
        let of_key = |file: &Opened<'_>, key: &str| {
            let names = file.source.reader().header().iter();
            let mut columns = names.zip(&file.columns);
            let found = columns.find(|(name, _)| name::key(name) == key);
            found.map(|(_, judged)| role(judged))
        };
        let mut common = Self {
            columns: Vec::new(),
            left_out: Vec::new(),
            persons: opened.iter().all(|file| !file.person.is_empty()),
            indexed: opened.iter().all(|file| index(&file.columns).is_some()),
        };
        let names = opened.iter().flat_map(|file| {
            let names = file.source.reader().header().iter();
            names.map(|name| name::key(name)).zip(&file.columns)
        });
        let mut seen = std::collections::HashSet::new();
        for (key, judged) in names {
            if !seen.insert(key.clone()) {
                continue;
            }
            let roles = opened.iter().map(|file| of_key(file, &key).flatten());
            let role = roles.reduce(|one, other| Some(stronger(one?, other?)));
            match role.flatten() {
                Some(role) => common.columns.push(Shared {
                    key,
                    name: judged.column.clone(),
                    role,
                    labels: Dictionary::default(),
                    ladder: RefCell::new(None),
                }),
                None => common.left_out.push(judged.column.clone()),
            }
        }
        common.check()?;
        Ok(common)
    }

    fn check(&self) -> anyhow::Result<()> {
        let of_role = |role: Role| {
            self.columns
                .iter()
                .filter(move |column| column.role == role)
        };
        if of_role(Role::QuasiIdentifying).next().is_none() {
            return Err(Error::NothingToMeasure(fixed!("quasi-identifying")).into());
        }
        match of_role(Role::Sensitive).count() > MAX_SENSITIVE {
            true => Err(privacy::error::Error::TooManyColumns.into()),
            false => Ok(()),
        }
    }

    /// Whose rows are whose is known in all releases.
    pub(super) fn knows_persons(&self) -> bool {
        self.persons
    }

    /// The column of the index in one file, if all have one.
    pub(super) fn index(&self, columns: &[Judged]) -> Option<usize> {
        index(columns).filter(|_| self.indexed)
    }

    /// What each column of a file is planned as: the first of a name is compared.
    pub(super) fn attributes(&self, header: &[String]) -> Vec<Option<Attribute>> {
        let keys: Vec<String> = header.iter().map(|name| name::key(name)).collect();
        let attribute = |(at, key): (usize, &String)| {
            let known = self.columns.iter().find(|column| column.key == *key)?;
            let is_first = !keys.iter().take(at).any(|before| before == key);
            is_first.then_some(match known.role {
                Role::QuasiIdentifying => Attribute::QuasiIdentifying,
                Role::Sensitive => Attribute::Sensitive,
                Role::Other => Attribute::Insensitive,
            })
        };
        keys.iter().enumerate().map(attribute).collect()
    }

    /// Notes what the labels of the columns can be, as the rule table says.
    pub(super) fn note_ladders(&self, plan: &Plan) {
        for step in &plan.steps {
            let name = plan
                .columns
                .get(step.column)
                .map(|column| column.input.as_str());
            let key = name.map(name::key);
            let own = self
                .columns
                .iter()
                .find(|column| Some(&column.key) == key.as_ref());
            if let Some(own) = own {
                *own.ladder.borrow_mut() = Some(Arc::clone(&step.ladder));
            }
        }
    }

    /// The step of each column in the plan of a file, and its labels.
    pub(super) fn steps(&self, plan: &Plan, header: &[String]) -> Vec<(usize, &Dictionary)> {
        let keys = |column: usize| header.get(column).map(|name| name::key(name));
        let steps: Vec<Option<String>> = plan.steps.iter().map(|step| keys(step.column)).collect();
        let columns = self.columns.iter().filter_map(|column| {
            let mut steps = steps.iter();
            let step = steps.position(|key| key.as_ref() == Some(&column.key))?;
            Some((step, &column.labels))
        });
        columns.collect()
    }

    /// The columns with what their labels stand for, when all releases are read.
    pub(super) fn columns(&self) -> Vec<Column> {
        let columns = self.columns.iter().map(|column| {
            let labels = column.labels.texts();
            let ladder = column.ladder.borrow();
            let extents = ladder.as_ref().map(|ladder| ladder.extents(&labels));
            Column {
                role: column.role,
                overlaps: Overlaps::new(&labels, extents.unwrap_or_default()),
            }
        });
        columns.collect()
    }

    pub(super) fn told(&self) -> Vec<ComparedColumn<'_>> {
        let columns = self.columns.iter().map(|column| ComparedColumn {
            name: &column.name,
            role: column.role,
        });
        columns.collect()
    }

    /// The columns that are not compared.
    pub(super) fn left_out(&self) -> &[Shown] {
        &self.left_out
    }
}

/// The rule table's index in one file.
fn index(columns: &[Judged]) -> Option<usize> {
    columns
        .iter()
        .position(|judged| judged.by == JudgedBy::Index)
}
