//! How a rule kind reads its options, so that every error carries its place in the rule table.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{
    Deserialize, DeserializeOwned, Deserializer, Error, MapAccess, Unexpected, Visitor,
};
use toml::de::ValueDeserializer;

use super::Rule;

/// Reads the options of a rule kind, which are its rule: what [`Kind::parse`](super::Kind) is.
///
/// # Errors
/// Those of [`read`].
pub(super) fn rule<T: DeserializeOwned + Rule + 'static>(
    options: ValueDeserializer<'_>,
) -> Result<Box<dyn Rule>, toml::de::Error> {
    Ok(Box::new(read::<T>(options)?))
}

/// Reads a table of options into `T`.
///
/// # Errors
/// What `T` refuses, and whatever is not a table (serde's derive would take an array for a table).
/// The visitor is there for the place, too: the deserializer adds it only to what goes wrong inside
/// one, so a check of several options against each other would otherwise be an error from nowhere.
pub(super) fn read<'de, T: Deserialize<'de>>(
    options: ValueDeserializer<'de>,
) -> Result<T, toml::de::Error> {
    struct Table<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Table<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(fixed!("a table of options").get())
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map))
        }
    }

    options.deserialize_map(Table(PhantomData))
}

/// A whole number from `LEAST` to `MOST`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Whole<const LEAST: i64, const MOST: i64>(pub(super) i64);

impl<'de, const LEAST: i64, const MOST: i64> Deserialize<'de> for Whole<LEAST, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number<const LEAST: i64, const MOST: i64>;

        impl<const LEAST: i64, const MOST: i64> Visitor<'_> for Number<LEAST, MOST> {
            type Value = Whole<LEAST, MOST>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&text!(
                    "a whole number from {least} to {most}",
                    least = LEAST,
                    most = MOST
                ))
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
                match (LEAST..=MOST).contains(&value) {
                    true => Ok(Whole(value)),
                    false => Err(E::invalid_value(Unexpected::Signed(value), &self)),
                }
            }
        }

        deserializer.deserialize_i64(Number)
    }
}

/// What the tests of the rule kinds share.
#[cfg(test)]
pub(super) mod testing {
    use chrono::NaiveDate;
    use toml::de::ValueDeserializer;

    use crate::rules::context::{ColumnContext, RunContext};
    use crate::rules::transform::{Action, Cell, CellRow, Outcome, Transform};
    use crate::rules::{Kind, Rule};

    /// The day the tests run on.
    pub(in crate::rules) fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 6, 15).unwrap()
    }

    /// The rule of `kind` with `options`, an inline table in TOML.
    pub(in crate::rules) fn rule(kind: &Kind, options: &str) -> Box<dyn Rule> {
        (kind.parse)(ValueDeserializer::parse(options).unwrap()).unwrap()
    }

    /// What `kind` compiles to with `options`.
    pub(in crate::rules) fn transform(kind: &Kind, options: &str) -> Box<dyn Transform> {
        match compiled(&*rule(kind, options)) {
            Action::Write(transform) => transform,
            Action::Drop | Action::Keep { .. } => panic!("{} does not write", kind.name),
        }
    }

    /// What is to be done under a rule on the tests' day.
    pub(in crate::rules) fn compiled(rule: &dyn Rule) -> Action {
        let column = ColumnContext {
            run: &RunContext::on(today()),
            name: "column",
            output: "column",
            position: 0,
        };
        rule.compile(&column).unwrap()
    }

    /// What `transform` writes for a cell, or the code of the reason why it does not.
    pub(in crate::rules) fn write(
        transform: &dyn Transform,
        content: &str,
    ) -> Result<(String, Outcome), &'static str> {
        // What is already there must stay.
        let mut out = b"before,".to_vec();
        let cell = Cell {
            content: content.as_bytes(),
            row: &CellRow {
                index: Some(1),
                ..*CellRow::FIRST
            },
        };
        let outcome = transform
            .apply(cell, &mut out)
            .map_err(|reason| reason.code)?;
        let written = String::from_utf8(out).unwrap();
        Ok((written.strip_prefix("before,").unwrap().to_owned(), outcome))
    }

    /// Checks what a rule writes for a cell under its options, or that it counts it (`#0` is the
    /// first of what it counts), or the code of the reason why it refuses it.
    #[track_caller]
    pub(in crate::rules) fn writes(kind: &Kind, cases: &[(&str, &str, Result<&str, &str>)]) {
        for (options, cell, expected) in cases {
            let written = write(transform(kind, options).as_ref(), cell);
            let written = written.map(|(text, outcome)| match outcome {
                Outcome::Written => text,
                Outcome::Counted(which) => format!("{text}#{which}"),
            });
            let expected = expected.map(str::to_owned);
            assert_eq!(written, expected, "{options}, {cell:?}");
        }
    }

    /// Checks that `kind` refuses each `options` at the place of `at`, with `expected` in the message.
    pub(in crate::rules) fn refuses(kind: &Kind, cases: &[(&str, &str, &str)]) {
        for (options, at, expected) in cases {
            let options_read = ValueDeserializer::parse(options).unwrap();
            let error = (kind.parse)(options_read).expect_err(options);
            let span = error.span().expect(options);
            assert_eq!(options.get(span), Some(*at), "the place in {options}");
            let message = error.message();
            assert!(message.contains(expected), "{options}: {message}");
        }
    }
}
