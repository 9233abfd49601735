//! Invented rows for a rule table: a file to try it with, and nobody's data.
//!
//! What a column's cells are like is found by trying: cells of several forms (dates, amounts, addresses, words)
//! are given to the column's own rule and to the tests of `[rows]`, and the form of which they take most is the
//! column's. So what is invented is what the rule table expects, whatever its options are. Columns are independent
//! of each other.

use chrono::{Days, NaiveDate};
use rand::Rng;

use crate::base::name::{self, Shown};
use crate::rules::context::{ColumnContext, RunContext};
use crate::rules::error::Error;
use crate::rules::filter::{Judgement, RowFilter, Test};
use crate::rules::table::{ColumnRule, Missing, RuleTable};
use crate::rules::transform::{Action, Cell, CellRow, Transform};

/// How many cells of a form are tried.
const TRIED: usize = 200;

/// One cell of so many is missing.
const MISSING: u64 = 25;

/// One row of so many is left out by a test of `[rows]`, where that can be.
const LEFT_OUT: u64 = 10;

/// Streets and towns; the house number is drawn.
const PLACES: [&str; 16] = [
    "rue des Lilas, 75011 Paris",
    "avenue Jean Jaurès, 69007 Lyon",
    "rue Paradis, 13006 Marseille",
    "chemin des Vignes, 33000 Bordeaux",
    "rue de la Monnaie, 35000 Rennes",
    "boulevard Carnot, 59800 Lille",
    "place du Marché, 67000 Strasbourg",
    "rue du Moulin, 07000 Privas",
    "allée des Pins, 20200 Bastia",
    "rue Nationale, 37000 Tours",
    "rue du Port, 44000 Nantes",
    "route de Toulouse, 31000 Toulouse",
    "rue Haute, 21000 Dijon",
    "rue des Fleurs, 34000 Montpellier",
    "quai du Rhône, 26000 Valence",
    "rue Principale, 97400 Saint-Denis",
];

/// What cells look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A day, as chrono writes it.
    Day(&'static str),
    /// An amount, with so many decimals behind this mark.
    Amount(usize, char),
    /// A small whole number.
    Few,
    /// An address.
    Place,
    /// One of a few words.
    Category,
    /// A number that is a person's.
    Person,
}

const DAYS: [Form; 8] = [
    Form::Day("%d/%m/%Y"),
    Form::Day("%Y-%m-%d"),
    Form::Day("%m/%d/%Y"),
    Form::Day("%d.%m.%Y"),
    Form::Day("%Y%m%d"),
    Form::Day("%Y-%m-%d %H:%M:%S"),
    Form::Day("%d %B %Y"),
    Form::Day("%G-W%V-%u"),
];
const AMOUNTS: [Form; 4] = [
    Form::Amount(2, ','),
    Form::Amount(2, '.'),
    Form::Amount(0, ' '),
    Form::Few,
];

/// The forms that the cells of a kind of rule may have, the likelier first.
fn forms(kind: &str) -> Vec<Form> {
    let likely: &[Form] = match kind {
        "year" | "year_month" | "age" | "date_shift" => &DAYS,
        "bucket" | "range" | "round" | "noise" | "microaggregate" => &AMOUNTS,
        "yes_no" => &[Form::Few],
        "postal_code" | "departement" | "region" => &[Form::Place],
        "keep" | "map" | "constant" => &[Form::Category],
        _ => &[Form::Person],
    };
    let others = DAYS.iter().chain(&AMOUNTS);
    let others = others.chain(&[Form::Place, Form::Category, Form::Person]);
    likely.iter().chain(others).copied().collect()
}

impl Form {
    fn cell(self, today: NaiveDate, dice: &mut impl Rng) -> String {
        match self {
            Self::Day(format) => {
                // Half of them are of the last three years: what is older may be left out.
                let days = match roll(dice, 2) {
                    0 => roll(dice, 3 * 365),
                    _ => roll(dice, 90 * 365),
                };
                let day = today.checked_sub_days(Days::new(days)).unwrap_or(today);
                let time = day.and_time(chrono::NaiveTime::MIN);
                time.format(format).to_string()
            }
            Self::Amount(decimals, mark) => {
                let whole = roll(dice, 6_000) * roll(dice, 20) + 1_000;
                match decimals {
                    0 => whole.to_string(),
                    _ => format!("{whole}{mark}{:02}", roll(dice, 100)),
                }
            }
            // Few have many.
            Self::Few => {
                let most = 1 + roll(dice, 5);
                roll(dice, most).to_string()
            }
            Self::Place => {
                let place = usize::try_from(roll(dice, PLACES.len() as u64)).unwrap_or(0);
                let place = PLACES.get(place).copied().unwrap_or_default();
                format!("{} {place}", 1 + roll(dice, 120))
            }
            Self::Category => {
                let most = 1 + roll(dice, 6);
                let letter = roll(dice, most);
                let letters = ["A", "B", "C", "D", "E", "F"];
                let letter = usize::try_from(letter).ok().and_then(|at| letters.get(at));
                format!("valeur {}", letter.copied().unwrap_or("A"))
            }
            Self::Person => format!("P{:06}", roll(dice, 1_000_000)),
        }
    }
}

/// A whole number below `end`. That the lower ones are likelier by a trifle does no harm here.
fn roll(dice: &mut impl Rng, end: u64) -> u64 {
    dice.next_u64() % end.max(1)
}

/// A column whose cells are invented.
pub(crate) struct Invented {
    pub(crate) name: String,
    /// Cells with which a row is published.
    published: Vec<String>,
    /// Cells with which `[rows]` leaves a row out.
    left_out: Vec<String>,
    /// Whether cells may be missing.
    may_be_missing: bool,
}

impl Invented {
    /// The columns that a rule table expects: those that it lists, and those that `[rows]` reads.
    ///
    /// # Errors
    /// A column of which no cells can be invented.
    pub(crate) fn columns(
        table: &RuleTable,
        run: &RunContext,
        dice: &mut impl Rng,
    ) -> Result<Vec<Self>, Error> {
        let mut names: Vec<String> = table
            .columns
            .iter()
            .map(|column| column.name.clone())
            .collect();
        for column in table.rows.columns() {
            let key = name::key(column);
            let listed = |listed: &ColumnRule| listed.keys.contains(&key);
            if !table.columns.iter().any(listed) && names.iter().all(|own| name::key(own) != key) {
                names.push(column.to_owned());
            }
        }
        let keys: Vec<String> = names.iter().map(|name| name::key(name)).collect();
        let shown = names.iter().enumerate();
        let shown: Vec<Shown> = shown.map(|(at, name)| Shown::new(name, at)).collect();
        let filter = RowFilter::new(table, &keys, &shown, run)?;
        let tests = filter.as_ref().map_or(&[][..], RowFilter::tests);
        let words = table.rows.words();
        let names = names.into_iter().enumerate();
        names
            .map(|(position, name)| {
                let rule = table.columns.get(position);
                let asked = Asked {
                    rule,
                    transform: rule.and_then(|rule| transform(rule, run, position)),
                    tests: tests
                        .iter()
                        .filter(|test| test.position == position)
                        .collect(),
                    missing: &table.missing,
                };
                asked.invent(name, &words, run.today, dice)
            })
            .collect()
    }

    pub(crate) fn cell(&self, dice: &mut impl Rng) -> &str {
        if self.may_be_missing && roll(dice, MISSING) == 0 {
            return "";
        }
        let pool = match roll(dice, LEFT_OUT) {
            0 if !self.left_out.is_empty() => &self.left_out,
            _ => &self.published,
        };
        let at = usize::try_from(roll(dice, pool.len() as u64)).unwrap_or(0);
        pool.get(at).map_or("", String::as_str)
    }
}

/// What the rule of a column does, where that is known without a key or a vault.
fn transform(rule: &ColumnRule, run: &RunContext, position: usize) -> Option<Box<dyn Transform>> {
    let needs_key = rule.rule.role().is_some() || rule.rule.pseudonym().is_some();
    let column = ColumnContext {
        run,
        name: &rule.name,
        output: &rule.output,
        position,
    };
    let compiled = (!needs_key).then(|| rule.rule.compile(&column))?;
    match compiled {
        Ok(Action::Write(transform)) => Some(transform),
        Ok(Action::Drop | Action::Keep { .. }) | Err(_) => None,
    }
}

/// What a column asks of its cells.
struct Asked<'a> {
    rule: Option<&'a ColumnRule>,
    transform: Option<Box<dyn Transform>>,
    tests: Vec<&'a Test>,
    missing: &'a Missing,
}

impl Asked<'_> {
    /// Whether a row with this cell is published, if the cell is valid.
    fn judge(&self, cell: &str) -> Option<bool> {
        let mut published = true;
        for test in &self.tests {
            match test.judge(cell.as_bytes(), self.missing) {
                Judgement::Passes | Judgement::Blanked => {}
                Judgement::Unmet | Judgement::Missing => published = false,
                Judgement::Invalid(_) => return None,
            }
        }
        if let Some(transform) = &self.transform {
            let content = Cell {
                content: cell.as_bytes(),
                row: &CellRow {
                    index: Some(1),
                    ..*CellRow::FIRST
                },
            };
            let mut out = Vec::new();
            transform.apply(content, &mut out).ok()?;
            if out.is_empty() {
                return None;
            }
        }
        Some(published)
    }

    /// Cells of the form of which most are taken.
    fn invent(
        &self,
        name: String,
        words: &[String],
        today: NaiveDate,
        dice: &mut impl Rng,
    ) -> Result<Invented, Error> {
        let kind = self.rule.map_or("keep", |rule| rule.rule.kind().name);
        let listed = self.rule.map(|rule| rule.rule.words()).unwrap_or_default();
        let mut trials: Vec<Vec<String>> = Vec::new();
        if !listed.is_empty() {
            trials.push(listed);
        }
        for form in forms(kind) {
            let mut cells: Vec<String> = (0..TRIED).map(|_| form.cell(today, dice)).collect();
            if !self.tests.is_empty() && form == Form::Category {
                cells.extend_from_slice(words);
            }
            trials.push(cells);
        }
        let mut best: (usize, Vec<String>, Vec<String>) = Default::default();
        for cells in trials {
            let all = cells.len();
            let valid = cells
                .into_iter()
                .filter_map(|cell| Some((self.judge(&cell)?, cell)));
            let (published, left_out): (Vec<_>, Vec<_>) =
                valid.partition(|(published, _)| *published);
            let texts =
                |cells: Vec<(bool, String)>| cells.into_iter().map(|(_, cell)| cell).collect();
            let valid = 100 * (published.len() + left_out.len()) / all.max(1);
            if !published.is_empty() && valid > best.0 {
                best = (valid, texts(published), texts(left_out));
            }
        }
        let (_, published, left_out) = best;
        match published.is_empty() {
            true => Err(Error::NotInvented {
                column: name.escape_debug().to_string(),
                rule: kind,
            }),
            false => Ok(Invented {
                name,
                published,
                left_out,
                may_be_missing: self.tests.is_empty(),
            }),
        }
    }
}

#[cfg(test)]
mod tests;
