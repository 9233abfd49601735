//! The distinct values of a column, shared by all workers.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use foldhash::fast::RandomState;

use super::Text;

/// The distinct values of a column, and the code of each.
#[derive(Debug, Default)]
pub struct Dictionary(Mutex<HashMap<Text, u32, RandomState>>);

impl Dictionary {
    /// The code of a value, a new one if it is new.
    pub(crate) fn code(&self, value: &[u8]) -> u32 {
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = u32::try_from(codes.len()).unwrap_or(u32::MAX);
        match codes.get(value) {
            Some(code) => *code,
            None => *codes.entry(value.into()).or_insert(next),
        }
    }

    /// The values, in the order of their codes.
    pub(crate) fn texts(&self) -> Vec<Text> {
        let codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut values: Vec<(u32, &Text)> =
            codes.iter().map(|(text, code)| (*code, text)).collect();
        values.sort_unstable_by_key(|(code, _)| *code);
        values.into_iter().map(|(_, text)| text.clone()).collect()
    }

    /// How many values there are.
    pub(super) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// The codes of values that are so.
    pub(super) fn codes_where(&self, is_so: &dyn Fn(&[u8]) -> bool) -> Vec<u32> {
        let codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let chosen = codes.iter().filter(|(value, _)| is_so(value));
        chosen.map(|(_, code)| *code).collect()
    }

    /// Values in their own order, and for each old code the place in it.
    pub(crate) fn sorted(self, read: &dyn Fn(&[u8]) -> Text) -> (Vec<Text>, Vec<u32>) {
        let codes = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut values: Vec<(Text, u32)> = codes
            .into_iter()
            .map(|(text, code)| (read(&text), code))
            .collect();
        values.sort_unstable();
        let mut ranks = vec![0; values.len()];
        for (rank, (_, code)) in (0..).zip(&values) {
            if let Some(space) = ranks.get_mut(*code as usize) {
                *space = rank;
            }
        }
        (values.into_iter().map(|(text, _)| text).collect(), ranks)
    }
}
