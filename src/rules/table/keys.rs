//! The keys of a TOML table, and the place of what is wrong with them.

use std::collections::HashMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error, ValueDeserializer};

use super::syntax::in_language;

/// The keys of one TOML table, taken one by one.
pub(super) struct Keys<'a> {
    span: Range<usize>,
    values: HashMap<String, Spanned<DeValue<'a>>>,
}

impl<'a> Keys<'a> {
    pub(super) fn new(table: Spanned<DeTable<'a>>, known: &[&str]) -> Result<Self, Wrong> {
        let span = table.span();
        let mut values = HashMap::new();
        for (key, value) in table.into_inner() {
            if !known.contains(&key.get_ref().as_ref()) {
                let message = text!(
                    "unknown key `{key}`, expected one of {known}",
                    key = key.get_ref(),
                    known = known.join(", ")
                );
                return Err(at(key.span(), message));
            }
            values.insert(key.into_inner().into_owned(), value);
        }
        Ok(Self { span, values })
    }

    pub(super) fn value(&mut self, key: &str) -> Option<Spanned<DeValue<'a>>> {
        self.values.remove(key)
    }

    pub(super) fn take<T: Deserialize<'a>>(&mut self, key: &str) -> Result<Option<T>, Wrong> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        let span = value.span();
        let read = T::deserialize(ValueDeserializer::from(value));
        // What is read from a text as a whole does not know where the text stands.
        let read = read.map_err(|error| Wrong {
            span: error.span().unwrap_or(span),
            ..error.into()
        });
        read.map(Some)
    }

    pub(super) fn require<T: Deserialize<'a>>(&mut self, key: &str) -> Result<T, Wrong> {
        self.take(key)?.ok_or_else(|| self.lacks(key))
    }

    pub(super) fn lacks(&self, key: &str) -> Wrong {
        at(self.span.clone(), text!("`{key}` is missing", key))
    }
}

/// What is wrong, and at which bytes of the text.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) span: Range<usize>,
    pub(super) message: String,
    /// Whether the text is TOML at all.
    pub(super) is_toml: bool,
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Self {
        Self {
            span: error.span().unwrap_or_default(),
            message: in_language(error.message()),
            is_toml: true,
        }
    }
}

pub(super) fn at(span: Range<usize>, message: impl Into<String>) -> Wrong {
    Wrong {
        span,
        message: message.into(),
        is_toml: true,
    }
}
