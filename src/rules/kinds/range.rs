//! `range`: the one of some given ranges that an amount lies in, such as an age group.

mod sql;

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Unexpected, Visitor};

use crate::base::lang::Fixed;
use crate::privacy::ladder::Ladder;
use crate::rules::amount::{self, DecimalMark, Exact, split_digits};
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::ladder::{self, Ranges, StepName, range_label};
use crate::rules::text::{Text, all_plain};
use crate::rules::transform::{Action, Cell, Outcome, Reason, Transform};
use crate::rules::{Kind, Listed, OptionDoc, Rule, options};
use crate::sql::{Column, Inexpressible, Output};

pub(crate) static KIND: Kind = Kind {
    name: "range",
    summary: "write the range between given edges that an amount lies in: LO-HI for LO <= amount < HI, \
              <LO below the first edge, HI+ from the last on",
    done: fixed!("each amount becomes the range that it lies in"),
    options: &[
        OptionDoc {
            name: "edges",
            takes: "a list of rising numbers, such as [0, 18, 65] or [18.5, 25]; required",
            meaning: "where one range ends and the next begins",
        },
        OptionDoc {
            name: "labels",
            takes: "a list of texts, one more than edges, all different; default: <0, 0-18, 18-65, 65+",
            meaning: "what is written for each range, from the one below the first edge on",
        },
        OptionDoc {
            name: "decimal",
            takes: "\",\" or \".\"; default: whichever an amount has, and 45.000 is invalid",
            meaning: "the decimal mark; the other of the two may then stand between thousands",
        },
        amount::wide::OPTION,
    ],
    samples: &["{ edges = [0, 18, 65] }"],
    parse: options::rule::<Ranged>,
};

/// Edges beyond this are of no use, and up to this a float tells tenths.
const MAX_EDGE: f64 = 1e15;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    edges: Option<Edges>,
    labels: Option<Vec<Text>>,
    decimal: Option<DecimalMark>,
    #[serde(default)]
    wide: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Options")]
struct Ranged {
    edges: Vec<Edge>,
    labels: Vec<String>,
    /// The labels are those of the edges.
    own_labels: bool,
    decimal: Option<DecimalMark>,
    wide: bool,
}

impl TryFrom<Options> for Ranged {
    type Error = String;

    fn try_from(options: Options) -> Result<Self, String> {
        let Some(Edges(edges)) = options.edges else {
            return Err(fixed!(
                "edges is required: a list of rising numbers, \
                        as in { range = { edges = [0, 18, 65] } }"
            )
            .to_string());
        };
        let ranges = edges.len() + 1;
        let own_labels = options.labels.is_none();
        let labels: Vec<String> = match options.labels {
            Some(labels) => labels.into_iter().map(|Text(label)| label).collect(),
            None => {
                let written = written(&edges);
                let labels = (0..ranges).filter_map(|at| range_label(&written, at, at));
                labels.collect()
            }
        };
        if labels.len() != ranges {
            return Err(text!(
                "expected {ranges} labels, one for each range: below the first edge, between the \
                 edges, and from the last on",
                ranges
            ));
        }
        let mut sorted: Vec<&String> = labels.iter().collect();
        sorted.sort_unstable();
        if sorted.is_sorted_by(|one, next| one < next) {
            Ok(Self {
                edges,
                labels,
                own_labels,
                decimal: options.decimal,
                wide: options.wide,
            })
        } else {
            Err(fixed!("expected labels that are all different").to_string())
        }
    }
}

fn written(edges: &[Edge]) -> Vec<String> {
    edges.iter().map(|edge| edge.text.clone()).collect()
}

/// Rising edges.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Vec<Edge>")]
struct Edges(Vec<Edge>);

impl TryFrom<Vec<Edge>> for Edges {
    type Error = Fixed;

    fn try_from(edges: Vec<Edge>) -> Result<Self, Fixed> {
        let rises = edges.is_sorted_by(|one, next| one.exact().compare(&next.exact()).is_lt());
        match edges.is_empty() || !rises {
            true => Err(fixed!(
                "expected at least one number, each more than the one before"
            )),
            false => Ok(Self(edges)),
        }
    }
}

/// An edge, with the digits that the rule table gives it.
#[derive(Debug, Clone)]
struct Edge {
    text: String,
    negative: bool,
    integer: u128,
    decimals: Vec<u8>,
}

impl Edge {
    /// Takes a number as Rust writes it: a sign, digits, a dot and digits. A float is written with
    /// the fewest digits that tell it from others, which are those of the rule table.
    fn new(text: String) -> Option<Self> {
        let (negative, size) = match text.strip_prefix('-') {
            Some(size) => (true, size),
            None => (false, text.as_str()),
        };
        let (whole, rest) = split_digits(size.as_bytes());
        let integer = str::from_utf8(whole).ok()?.parse().ok()?;
        let decimals = rest.strip_prefix(b".").unwrap_or_default().to_vec();
        Some(Self {
            negative,
            integer,
            decimals,
            text,
        })
    }

    fn exact(&self) -> Exact<'_> {
        Exact::new(self.negative, self.integer, &self.decimals)
    }
}

impl<'de> Deserialize<'de> for Edge {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;

        impl Visitor<'_> for Number {
            type Value = Edge;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(fixed!("a number from -10^15 to 10^15").get())
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Edge, E> {
                self.visit_f64(value as f64)
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<Edge, E> {
                let inside = (-MAX_EDGE..=MAX_EDGE).contains(&value);
                // Adding zero takes the sign from minus zero.
                let text = || (value + 0.0).to_string();
                let edge = inside.then(text).and_then(Edge::new);
                edge.ok_or_else(|| E::invalid_value(Unexpected::Float(value), &self))
            }
        }

        deserializer.deserialize_any(Number)
    }
}

impl Rule for Ranged {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn identifies_when_repeated(&self) -> bool {
        false
    }

    fn compile(&self, _: &ColumnContext<'_>) -> Result<Action, Unready> {
        let plain = Box::new(Compiled {
            plain: self.own_labels || all_plain(self.labels.iter().map(String::as_str)),
            rule: self.clone(),
        });
        let written = amount::wide::reading(self.wide, self.decimal, plain);
        Ok(Action::Write(written))
    }

    fn sql(&self, column: &mut Column<'_>) -> Result<Output, Inexpressible> {
        amount::wide::refuse_in_sql(self.wide)?;
        Ok(sql::range(column, self))
    }

    fn writes_brackets(&self) -> bool {
        true
    }

    /// Neighbours become one. Nobody knows what to call two ranges with names.
    fn listed(&self) -> Option<Listed> {
        Some(Listed::Texts(self.labels.to_vec()))
    }

    fn ladder(&self, steps: Option<&[StepName]>) -> Result<Box<dyn Ladder>, String> {
        match self.own_labels {
            true => Ok(Box::new(Ranges::new(written(&self.edges), steps)?)),
            false => ladder::categories(steps),
        }
    }
}

struct Compiled {
    rule: Ranged,
    /// No label needs quotes.
    plain: bool,
}

impl Transform for Compiled {
    fn writes_plain(&self) -> bool {
        self.plain
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let amount = amount::parse_exact(cell.content, self.rule.decimal)?;
        let edges = &self.rule.edges;
        let at = edges.partition_point(|edge| edge.exact().compare(&amount).is_le());
        // There is one label more than edges.
        let label = self.rule.labels.get(at).map_or("", String::as_str);
        out.extend_from_slice(label.as_bytes());
        Ok(Outcome::Written)
    }

    fn goes_by_content(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::options::testing::{refuses, rule, transform, write, writes};

    #[test]
    fn writes_the_range() {
        let ages = "{ edges = [0, 18, 65] }";
        let decimals = "{ edges = [-0.5, 18.5, 25] }";
        let named = "{ edges = [18, 65], labels = ['mineur', 'adulte', 'senior'] }";
        writes(
            &KIND,
            &[
                (ages, "-1", Ok("<0")),
                (ages, "-0,0001", Ok("<0")),
                (ages, "-0", Ok("0-18")),
                (ages, "17,999999999999999999999", Ok("0-18")),
                (ages, "18", Ok("18-65")),
                (ages, "18,00 €", Ok("18-65")),
                (ages, "64.99", Ok("18-65")),
                (ages, "65", Ok("65+")),
                (ages, "999999999999999999999999999999999999", Ok("65+")),
                (ages, "1.800", Err("ambiguous_amount")),
                (ages, "majeur", Err("not_an_amount")),
                (decimals, "-0,51", Ok("<-0.5")),
                (decimals, "-0,5", Ok("-0.5-18.5")),
                (decimals, "18,49", Ok("-0.5-18.5")),
                (decimals, "18,50", Ok("18.5-25")),
                (decimals, "25", Ok("25+")),
                (named, "17", Ok("mineur")),
                (named, "18", Ok("adulte")),
                (named, "70", Ok("senior")),
                ("{ edges = [1000], decimal = ',' }", "1.000", Ok("1000+")),
                ("{ edges = [-0.0] }", "0", Ok("0+")),
            ],
        );
        assert!(transform(&KIND, ages).writes_plain());
        let quoted = "{ edges = [18], labels = ['moins', '18, ou plus'] }";
        assert!(!transform(&KIND, quoted).writes_plain());
    }

    proptest! {
        #[test]
        fn ranges_tile_the_line(
            mut edges in prop::collection::btree_set(-1_000_i64..1_000, 1..8),
            tenths in -12_000_i64..12_000,
        ) {
            let list: Vec<String> = edges.iter().map(i64::to_string).collect();
            let options = format!("{{ edges = [{}] }}", list.join(", "));
            let sign = if tenths < 0 { "-" } else { "" };
            let cell = format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10);
            let label = write(transform(&KIND, &options).as_ref(), &cell).unwrap().0;
            // The edges around the amount, the slow way.
            let behind = edges.split_off(&(tenths.div_euclid(10) + 1));
            let expected = match (edges.last(), behind.first()) {
                (None, Some(upper)) => format!("<{upper}"),
                (Some(lower), Some(upper)) => format!("{lower}-{upper}"),
                (Some(lower), None) => format!("{lower}+"),
                (None, None) => unreachable!("there is an edge"),
            };
            prop_assert_eq!(label, expected);
        }
    }

    #[test]
    fn only_ranges_without_names_are_joined() {
        let ages = rule(&KIND, "{ edges = [0, 18, 65] }");
        assert!(!ages.identifies_when_repeated());
        let steps = [StepName::Width(2)];
        assert!(ages.ladder(Some(&steps)).is_ok());
        let named = rule(&KIND, "{ edges = [18], labels = ['a', 'b'] }");
        assert!(named.ladder(None).is_ok());
        assert!(named.ladder(Some(&steps)).is_err());
    }

    #[test]
    fn refuses_bad_options() {
        let rising = "expected at least one number, each more than the one before";
        refuses(
            &KIND,
            &cases![
                "{}", "{}", "edges is required";
                "{ edges = [] }", "[]", rising;
                "{ edges = [1, 1] }", "[1, 1]", rising;
                "{ edges = [2, 1.5] }", "[2, 1.5]", rising;
                "{ edges = [nan] }", "nan", "a number from -10^15 to 10^15";
                "{ edges = [1e16] }", "1e16", "a number from -10^15 to 10^15";
                "{ edges = ['18'] }", "'18'", "a number from -10^15 to 10^15";
                "{ edges = 18 }", "18", "expected a sequence";
                "{ edges = [18], labels = ['a'] }", "{ edges = [18], labels = ['a'] }", "expected 2 labels";
                "{ edges = [18], labels = ['a', 'a'] }", "{ edges = [18], labels = ['a', 'a'] }", "all different";
                "{ edges = [18], labels = ['a', ''] }", "['a', '']", "not blank";
                "{ width = 5 }", "width", "expected one of `edges`, `labels`, `decimal`, `wide`";
            ],
        );
    }
}
