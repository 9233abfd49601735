//! Brackets of a column that too few have, widened: other labels in the place of what its rule writes.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use foldhash::fast::RandomState;

use super::transform::{Cell, Outcome, Reason, Transform};

/// The labels in the place of others, known when the rows were counted; until then, and of others,
/// everything is written as it is.
pub type Labels = OnceLock<Texts>;

/// Each label's other.
type Texts = HashMap<Box<[u8]>, Box<[u8]>, RandomState>;

/// A transform whose brackets may be widened.
pub(crate) struct Widened {
    inner: Box<dyn Transform>,
    labels: Arc<Labels>,
}

impl Widened {
    pub(crate) fn new(inner: Box<dyn Transform>, labels: Arc<Labels>) -> Self {
        Self { inner, labels }
    }

    /// The labels, if any bracket is widened.
    fn labels(&self) -> Option<&Texts> {
        self.labels.get().filter(|labels| !labels.is_empty())
    }
}

impl Transform for Widened {
    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let start = out.len();
        let outcome = self.inner.apply(cell, out)?;
        let written = out.get(start..).unwrap_or_default();
        if let Some(label) = self.labels().and_then(|labels| labels.get(written)) {
            out.truncate(start);
            out.extend_from_slice(label);
        }
        Ok(outcome)
    }

    fn writes_plain(&self) -> bool {
        self.inner.writes_plain()
    }

    fn takes_missing(&self) -> bool {
        self.inner.takes_missing()
    }

    fn copies_input(&self) -> bool {
        self.inner.copies_input()
    }

    fn goes_by_content(&self) -> bool {
        self.inner.goes_by_content()
    }

    fn number(&self, content: &[u8]) -> Option<u32> {
        match self.labels() {
            // Several numbers may now stand for one text.
            Some(_) => None,
            None => self.inner.number(content),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::kinds::bucket;
    use crate::rules::options::testing::{transform, write};

    #[test]
    fn only_the_labels_that_are_known_are_written_in_the_place_of_others() {
        let labels = Arc::new(Labels::new());
        let inner = transform(&bucket::KIND, "{ width = 20 }");
        let widened = Widened::new(inner, Arc::clone(&labels));
        let own = |cell| write(&widened, cell).unwrap().0;
        assert_eq!(
            (own("45"), own("5")),
            ("40-60".to_owned(), "0-20".to_owned())
        );
        assert!(widened.number(b"45").is_some());
        let label = (Box::from(*b"40-60"), Box::from(*b"20+"));
        labels.set(HashMap::from_iter([label])).unwrap();
        assert_eq!((own("45"), own("5")), ("20+".to_owned(), "0-20".to_owned()));
        assert_eq!(widened.number(b"45"), None);
        assert_eq!(write(&widened, "x"), Err("not_an_amount"));
    }
}
