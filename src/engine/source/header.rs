//! Whether the first row is a header, or may be a person.
//!
//! One judgement for every command, made before a name is shown: a file without a header would print
//! a person, and lose the row.

use std::cell::RefCell;
use std::collections::HashMap;

use super::doubt::Doubt;
use crate::base::name;
use crate::detect::{DETECTORS, Detectors, Finding, detect};
use crate::engine::persons;
use crate::rules::column_names::meaning::Meaning;
use crate::rules::column_names::named::{Named, named};

/// A name longer than this is none.
const LONGEST: usize = 200;
/// So many digits in a row are in no name.
const DIGITS: usize = 5;
/// A known name at the beginning of a longer one has so many characters at least.
const SHORTEST: usize = 3;

/// So many names with different numbers make a series.
const SERIES: usize = 3;

/// What the first row is judged by.
pub(crate) struct Evidence<'a> {
    /// Its cells.
    names: &'a [String],
    /// The first rows behind it.
    rows: &'a [Vec<String>],
    /// Whether somebody knows a column of that name: the rule table, or who named it.
    known: &'a dyn Fn(&str) -> bool,
    /// What names tell, which takes its time to find.
    understood: RefCell<HashMap<String, Named>>,
    /// How many names are one text with different numbers behind it: `produit 1`, `produit 2`.
    numbered: HashMap<&'a str, usize>,
}

impl<'a> Evidence<'a> {
    pub(crate) fn new(
        names: &'a [String],
        rows: &'a [Vec<String>],
        known: &'a dyn Fn(&str) -> bool,
    ) -> Self {
        let mut numbered = HashMap::new();
        for stem in names.iter().filter_map(|name| stem(name)) {
            *numbered.entry(stem).or_default() += 1;
        }
        Self {
            names,
            rows,
            known,
            understood: RefCell::default(),
            numbered,
        }
    }

    fn named(&self, name: &str) -> Named {
        let mut understood = self.understood.borrow_mut();
        *understood
            .entry(name.to_owned())
            .or_insert_with(|| named(name))
    }

    /// Why the first row may be a person, if it may.
    pub(crate) fn doubt(&self) -> Option<Doubt> {
        if let Some(at) = self
            .names
            .iter()
            .position(|name| self.looks_like_data(name))
        {
            return Some(Doubt::Data(at + 1));
        }
        if let Some(at) = self.number() {
            return Some(Doubt::Data(at + 1));
        }
        if let Some(at) = self.merged() {
            return Some(Doubt::Merged(at + 1));
        }
        let known = self.names.iter().filter(|name| self.knows(name)).count();
        // Years and months that are names tell nothing of the others.
        // An empty one shows nothing.
        let is_word = |name: &&String| !name.trim().is_empty() && !is_number(name);
        let words = self.names.iter().filter(is_word).count();
        if (known == 0 || known * 3 < words) && !self.differs_from_rows() {
            return Some(Doubt::Unknown);
        }
        if let Some(at) = self.person() {
            return Some(Doubt::Data(at + 1));
        }
        if self.is_repeated() {
            return Some(Doubt::Value(1));
        }
        // A name that its own column has as a value, and that is not understood or in a row of which not
        // all is.
        let partly = known * 3 < self.names.len() * 2;
        let is_doubtful =
            |at: &usize| partly || self.names.get(*at).is_none_or(|name| !self.knows(name));
        let value = self.value().filter(is_doubtful);
        value.map(|at| Doubt::Value(at + 1))
    }

    fn knows(&self, name: &str) -> bool {
        (self.known)(name)
            || !is_nothing(name) && self.named(name).in_full
            || self.is_of_series(name)
    }

    /// Whether it is one of several names that are known but for their numbers.
    fn is_of_series(&self, name: &str) -> bool {
        let stem = stem(name).filter(|stem| self.numbered.get(stem) >= Some(&SERIES));
        stem.is_some_and(|stem| self.named(stem).in_full)
    }

    fn looks_like_data(&self, name: &str) -> bool {
        if (self.known)(name) {
            return false;
        }
        if name.chars().nth(LONGEST).is_some() {
            return true;
        }
        let mut found = Vec::new();
        detect(name.as_bytes(), Detectors::ALL, &mut found);
        // `Solde au 31/12/2024`, `CA 20241231`
        let of_a_day = || {
            let amounts = [Meaning::Money, Meaning::Price, Meaning::Number];
            let meaning = self.named(name).meaning;
            meaning.is_some_and(|meaning| amounts.contains(&meaning))
        };
        let proves = |detector: &str| match detector {
            // A name that names people is a name all the same.
            "person_name" => false,
            "date" => !of_a_day(),
            _ => true,
        };
        let detector = |finding: &Finding| DETECTORS.get(usize::from(finding.detector));
        let mut hits = found.iter().filter(|finding| finding.hit);
        let mut runs = name.split(|c: char| !c.is_ascii_digit());
        hits.any(|finding| detector(finding).is_some_and(|found| proves(found.name)))
            || runs.any(|run| run.len() >= DIGITS && !(is_day(run) && of_a_day()))
            // A stray quote puts a name and the first person below it into one.
            || name.contains(['\n', '\r']) && !self.named(name).in_full
    }

    /// The first cell that is no name of a column and names somebody in full, or of two and more that
    /// are a first name and a surname.
    fn person(&self) -> Option<usize> {
        let unknown =
            |name: &&(usize, &String)| !self.knows(name.1) && self.named(name.1).meaning.is_none();
        let names: Vec<(usize, &String)> = self.names.iter().enumerate().collect();
        let unknown: Vec<&(usize, &String)> = names.iter().filter(unknown).collect();
        let in_full = |name: &str| {
            name.split_whitespace().count() > 1
                && (persons::has_title(name)
                    || persons::is_capitalised(name)
                        && (persons::has_first_name(name) || persons::has_surname(name)))
        };
        if let Some((at, _)) = unknown.iter().find(|(_, name)| in_full(name)) {
            return Some(*at);
        }
        let of = |is: fn(&str) -> bool| {
            let mut names = unknown.iter().filter(move |(_, name)| is(name));
            names.next().map(|(at, _)| *at)
        };
        let (first, last) = (of(persons::has_first_name)?, of(persons::has_surname)?);
        (first != last).then_some(first.min(last))
    }

    /// The first cell that is a number without a word, and neither a year nor one of a series.
    fn number(&self) -> Option<usize> {
        if !self.names.iter().any(|name| is_number(name)) {
            return None;
        }
        let whole = |name: &String| name.trim().parse::<u32>().ok();
        let is_year = |name: &String| whole(name).is_some_and(|n| (1900..2100).contains(&n));
        let numbers: Vec<u32> = self.names.iter().filter_map(whole).collect();
        let is_series = numbers.len() >= 3
            && numbers
                .windows(2)
                .all(|two| matches!(two, [one, next] if *next == one + 1));
        let in_series = |name: &String| is_series && whole(name).is_some();
        // Years alone may be years of birth.
        let words = self.names.iter().filter(|name| self.knows(name)).count();
        let years = self.names.iter().filter(|name| is_year(name)).count();
        let allows_years = years <= 2 * words.max(1) || in_series_of_years(&numbers);
        self.names.iter().position(|name| {
            let is_harmless =
                (self.known)(name) || in_series(name) || is_year(name) && allows_years;
            is_number(name) && !is_harmless
        })
    }

    /// The column whose name runs into a cell of the row behind it: with a header of n names the first
    /// row has 2 n - 1 cells then, and the nth begins with a known name.
    fn merged(&self) -> Option<usize> {
        let width = self.names.len();
        if width.is_multiple_of(2) {
            return None;
        }
        let at = width / 2;
        let narrower = !self.rows.is_empty() && self.rows.iter().all(|row| row.len() == at + 1);
        let name = self.names.get(at)?;
        if width > 1 && narrower {
            return Some(at);
        }
        let known = |names: &[String]| names.iter().filter(|name| self.knows(name)).count();
        let (before, behind) = (self.names.get(..at)?, self.names.get(at + 1..)?);
        let turns = known(before) * 2 > before.len() && known(behind) * 4 <= behind.len();
        let glued = || {
            let mut cuts = name.char_indices().skip(SHORTEST);
            cuts.any(|(cut, _)| match (name.get(..cut), name.get(cut..)) {
                (Some(start), Some(end)) => {
                    let mut words = start.rsplit(|c: char| !c.is_alphanumeric());
                    words.next().is_some_and(|word| word.len() >= SHORTEST)
                        && end.starts_with(char::is_alphanumeric)
                        && self.knows(start)
                        && !self.knows(end)
                }
                _ => false,
            })
        };
        (turns && !self.knows(name) && glued()).then_some(at)
    }

    /// Whether most of several rows are the first one again.
    fn is_repeated(&self) -> bool {
        let same = |row: &&Vec<String>| {
            let cells = row.iter().map(|cell| name::key(cell));
            cells.eq(self.names.iter().map(|name| name::key(name)))
        };
        let count = self.rows.iter().filter(same).count();
        self.rows.len() >= 2 && count * 2 > self.rows.len()
    }

    /// Whether two columns at least have nothing but numbers, dates and the like in the rows, of which
    /// there are several, and none of those columns has one in the first row, but a word.
    fn differs_from_rows(&self) -> bool {
        let is_word = |name: &str| {
            name.chars().filter(|c| c.is_alphabetic()).count() >= 2 && !is_nothing(name)
        };
        let is_data = |cell: &str| is_number(cell) || self.looks_like_data(cell);
        let (mut typed, mut words) = (0, 0);
        for (at, name) in self.names.iter().enumerate() {
            let cells = self.rows.iter().filter_map(|row| row.get(at));
            let filled: Vec<&String> = cells.filter(|cell| !cell.trim().is_empty()).collect();
            if filled.len() >= 3 && filled.iter().all(|cell| is_data(cell)) {
                typed += 1;
                words += usize::from(is_word(name));
            }
        }
        typed >= 2 && words == typed
    }

    /// The first column of which several rows have the name as a value. Rows that have several such
    /// values are headers themselves.
    fn value(&self) -> Option<usize> {
        let keys: Vec<String> = self.names.iter().map(|name| name::key(name)).collect();
        let mut counts = vec![0_usize; keys.len()];
        for row in self.rows {
            let same = |at: &usize| {
                let (key, cell) = (keys.get(*at), row.get(*at));
                key.is_some_and(|key| {
                    !key.is_empty() && cell.is_some_and(|cell| name::has_key(cell, key))
                })
            };
            let mut places = (0..keys.len()).filter(same);
            if let (Some(at), true) = (places.next(), places.count() * 2 < keys.len())
                && let Some(count) = counts.get_mut(at)
            {
                *count += 1;
            }
        }
        counts.iter().position(|count| *count > 0)
    }
}

/// A name without the number of up to three digits that it ends with.
fn stem(name: &str) -> Option<&str> {
    let text = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = name.len() - text.len();
    (1..=3)
        .contains(&digits)
        .then(|| text.trim_end_matches([' ', '_', '-', '.']))
}

fn is_nothing(cell: &str) -> bool {
    const NOTHING: [&str; 9] = [
        "null", "na", "n/a", "nan", "none", "inconnu", "unknown", "neant", "aucun",
    ];
    NOTHING.contains(&name::key(cell).as_str())
}

/// Whether a cell has digits and no letter.
fn is_number(cell: &str) -> bool {
    cell.contains(|c: char| c.is_numeric()) && !cell.contains(char::is_alphabetic)
}

/// Whether numbers are years one after the other.
fn in_series_of_years(numbers: &[u32]) -> bool {
    numbers
        .windows(2)
        .all(|two| matches!(two, [one, next] if *next == one + 1))
}

/// Whether digits may be a day or a month with its year.
fn is_day(digits: &str) -> bool {
    let has_year = |at: usize| {
        let year = digits
            .get(at..at + 4)
            .and_then(|year| year.parse::<u32>().ok());
        year.is_some_and(|year| (1900..2100).contains(&year))
    };
    match digits.len() {
        8 => has_year(0) || has_year(4),
        6 => has_year(0) || has_year(2),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
