//! Which columns are looked at, and brackets that too few have.

use std::sync::Arc;

use super::{Act, Plan};
use crate::engine::Watch;
use crate::privacy::counter::Published;
use crate::rules::Pseudonym;
use crate::rules::table::Attribute;
use crate::rules::widened::{Labels, Widened};

impl Plan {
    /// Has brackets widened that too few have, once [`Plan::widen`] is told which: those of columns that
    /// are published and neither identifying nor quasi-identifying.
    pub(crate) fn merge_thin(&mut self) {
        for (position, step) in self.steps.iter_mut().enumerate() {
            let column = self.columns.get(step.column);
            let has_brackets = column.is_some_and(|column| {
                let told = column.attribute;
                let others_know = [Attribute::QuasiIdentifying, Attribute::Identifying];
                column.brackets && !told.is_some_and(|told| others_know.contains(&told))
            });
            if !has_brackets {
                continue;
            }
            match std::mem::replace(&mut step.act, Act::Keep { multiline: false }) {
                Act::Write(inner) => {
                    let labels = Arc::new(Labels::new());
                    step.act = Act::Write(Box::new(Widened::new(inner, Arc::clone(&labels))));
                    self.thin.push((position, labels));
                }
                kept @ Act::Keep { .. } => step.act = kept,
            }
        }
    }

    /// Widens the brackets that were seen to be too thin when rows were counted with `watch`: from now
    /// on, and once. Gives whether there are any.
    pub(crate) fn widen(&self, watch: &Watch, seen: Option<&Published>) -> bool {
        let Some(seen) = seen else { return false };
        let others = watch.others.iter().map(|(at, _)| at);
        let columns = watch.sensitive.iter().chain(others).zip(&seen.widened);
        let mut any = false;
        for (at, labels) in columns {
            let step = watch.steps.get(*at);
            let own = self.thin.iter().find(|(own, _)| Some(own) == step);
            if let Some((_, space)) = own {
                let labels = labels.iter().cloned().collect();
                any |= space.set(labels).is_ok() && space.get().is_some_and(|own| !own.is_empty());
            }
        }
        any
    }

    /// The columns of which brackets were widened, by their names in the output, and how many were.
    pub fn widened(&self) -> Vec<(&str, usize)> {
        let columns = self.thin.iter().filter_map(|(step, labels)| {
            let brackets = labels.get().filter(|labels| !labels.is_empty())?.len();
            let column = self.columns.get(self.steps.get(*step)?.column)?;
            Some((column.output.as_deref()?, brackets))
        });
        columns.collect()
    }

    /// The steps whose cells tell how identifying a row is.
    pub fn watch(&self) -> Watch {
        self.watch_of(None, &|_| false)
    }

    /// The same, and all other columns that are published: values that fewer than k rows or persons
    /// have are looked for in those that are not quasi-identifying.
    pub fn watch_published(&self, k: u32) -> Watch {
        self.watch_of(Some(k), &|_| true)
    }

    /// The same, and the columns whose brackets are widened where fewer than k rows or persons have
    /// them.
    pub(crate) fn watch_thin(&self, k: u32) -> Watch {
        let thin = |step: usize| self.thin.iter().any(|(own, _)| *own == step);
        self.watch_of(Some(k), &thin)
    }

    fn watch_of(&self, looks: Option<u32>, looked_at: &dyn Fn(usize) -> bool) -> Watch {
        let mut watch = Watch {
            looks,
            ..Watch::default()
        };
        for (position, step) in self.steps.iter().enumerate() {
            let column = self.columns.get(step.column);
            // Without the key, no two cells of such a column can be compared.
            let column = column.filter(|column| column.pseudonym != Some(Pseudonym::Sealed));
            let other = column.is_some() && looked_at(position);
            let list = match column.and_then(|column| column.attribute) {
                Some(Attribute::QuasiIdentifying) => &mut watch.quasi,
                Some(Attribute::Sensitive) => &mut watch.sensitive,
                _ if other => {
                    watch.others.push((watch.steps.len(), true));
                    watch.steps.push(position);
                    continue;
                }
                _ => continue,
            };
            list.push(watch.steps.len());
            watch.steps.push(position);
        }
        watch
    }
}
