//! Reads a table of the population.

use std::collections::{HashMap, HashSet};

use super::labels::{Sex, class_of, outer, place_label, sex_of};
use crate::base::name;
use crate::privacy::measures::Cells;
use crate::privacy::population::Part;
use crate::rules::table_file::Row;

/// A table of the population, by places, sexes and classes of ages or of years.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) places: Vec<Box<[u8]>>,
    /// None if it does not tell.
    pub(super) sexes: Vec<Sex>,
    /// From the first year to the last. None if it does not tell.
    pub(super) classes: Vec<(i64, i64)>,
    years: Option<Part>,
    pub(super) cells: Cells,
}

/// What the columns of the table may be called.
const NAMES: [(Column, &[&str]); 5] = [
    (
        Column::Of(Part::Place),
        &[
            "place", "lieu", "postal_code", "code_postal", "commune", "departement", "region",
        ],
    ),
    (Column::Of(Part::Sex), &["sex", "sexe"]),
    (Column::Of(Part::Age), &["age"]),
    (
        Column::Of(Part::BirthYear),
        &["birth_year", "annee_naissance"],
    ),
    (
        Column::Count,
        &["count", "population", "persons", "effectif", "personnes"],
    ),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Of(Part),
    Count,
}

/// A row of the table: what it is about, by number, and its persons.
type Cell = ((usize, usize, usize), f64);

/// Numbers things in the order in which they come.
struct Numbered<T>(HashMap<T, usize>, Vec<T>);

impl<T: Clone + Eq + std::hash::Hash> Numbered<T> {
    fn new() -> Self {
        Self(HashMap::new(), Vec::new())
    }

    fn of(&mut self, thing: T) -> usize {
        let next = self.1.len();
        *self.0.entry(thing).or_insert_with_key(|thing| {
            self.1.push(thing.clone());
            next
        })
    }
}

impl Table {
    pub(super) fn has(&self, part: Part) -> bool {
        match part {
            Part::Place => true,
            Part::Sex => !self.sexes.is_empty(),
            Part::Age | Part::BirthYear => self.years == Some(part),
        }
    }

    /// # Errors
    /// What is wrong with it, as the end of a sentence.
    pub(super) fn new(rows: &[Row]) -> Result<Self, String> {
        let (header, rows) = rows
            .split_first()
            .ok_or_else(|| fixed!("it is empty").to_string())?;
        let columns = columns(header)?;
        let position = |wanted: Column| columns.iter().position(|own| *own == Some(wanted));
        let needed = |wanted: Column, name: &'static str| {
            position(wanted).ok_or_else(|| text!("its first row has no column `{name}`", name))
        };
        let place = needed(Column::Of(Part::Place), "place")?;
        let count = needed(Column::Count, "count")?;
        let sex = position(Column::Of(Part::Sex));
        let of_years = |part: Part| position(Column::Of(part)).map(|at| (part, at));
        let years = match (of_years(Part::Age), of_years(Part::BirthYear)) {
            (Some(_), Some(_)) => {
                return Err(
                    fixed!("it has ages and years of birth: leave one of them out").to_string(),
                );
            }
            (age, year) => age.or(year),
        };
        if rows.is_empty() {
            return Err(fixed!("it has a header and no rows").to_string());
        }
        let mut places = Numbered::new();
        let mut sexes = Numbered::new();
        let mut classes = Numbered::new();
        let mut cells: Vec<Cell> = Vec::new();
        let mut seen = HashSet::new();
        for (number, row) in (2_usize..).zip(rows) {
            let cell = |at: usize| row.get(at).map_or(&[][..], |cell| cell.trim_ascii());
            let wrong =
                |what: crate::base::lang::Fixed| text!("row {number}: {what}", number, what);
            let label = match cell(place) {
                b"" => return Err(wrong(fixed!("it names no place"))),
                label => place_label(label),
            };
            let of_sex = match sex.map(|at| sex_of(cell(at))) {
                None => 0,
                Some(Some(sex)) => sexes.of(sex),
                Some(None) => {
                    return Err(wrong(fixed!(
                        "expected a sex: 1 or 2, M or F, H or F (leave totals out)"
                    )));
                }
            };
            let of_class = match years.map(|(_, at)| class_of(cell(at))) {
                None => 0,
                Some(Some(class)) => classes.of(class),
                Some(None) => {
                    return Err(wrong(fixed!(
                        "expected an age or a year, or a class of them: 30, 30-34, 95+ (leave totals out)"
                    )));
                }
            };
            let persons = persons(cell(count))
                .ok_or_else(|| wrong(fixed!("the count is no number from 0 on")))?;
            let place = places.of(label);
            let key = (place, of_sex, of_class);
            if !seen.insert(key) {
                return Err(wrong(fixed!(
                    "the same place, sex and age stand in a row before"
                )));
            }
            cells.push((key, persons));
        }
        check_classes(&classes.1)?;
        check_places(&places.1)?;
        Ok(Self {
            cells: together(&cells, (places.1.len(), sexes.1.len(), classes.1.len())),
            places: places.1,
            sexes: sexes.1,
            classes: classes.1,
            years: years.map(|(part, _)| part),
        })
    }
}

/// What each column of the table is, as its header tells; others are of no use.
fn columns(header: &Row) -> Result<Vec<Option<Column>>, String> {
    let of = |cell: &Vec<u8>| {
        let key = name::key(String::from_utf8_lossy(cell).trim_matches(['\u{feff}', ' ']));
        let mut known = NAMES.iter();
        let found = known.find(|(_, names)| names.contains(&key.as_str()));
        found.map(|(column, _)| *column)
    };
    let columns: Vec<Option<Column>> = header.iter().map(of).collect();
    let mut seen = Vec::new();
    for (number, column) in (1_usize..).zip(&columns) {
        let Some(column) = column else { continue };
        if seen.contains(column) {
            return Err(text!(
                "column {number} of its first row is the same as one before",
                number
            ));
        }
        seen.push(*column);
    }
    Ok(columns)
}

/// A number of persons: INSEE's are not all whole.
fn persons(cell: &[u8]) -> Option<f64> {
    let text = str::from_utf8(cell).ok()?.replace(',', ".");
    let plain = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    let number: f64 = text.parse().ok()?;
    (text.bytes().all(plain) && number < 1e10).then_some(number)
}

/// Refuses classes of ages or years that overlap.
fn check_classes(classes: &[(i64, i64)]) -> Result<(), String> {
    let mut sorted = classes.to_vec();
    sorted.sort_unstable();
    let is_apart = sorted.is_sorted_by(|(_, last), (first, _)| last < first);
    match is_apart {
        true => Ok(()),
        false => Err(fixed!("some of its classes of ages or years overlap").to_string()),
    }
}

/// Refuses places that hold others.
fn check_places(places: &[Box<[u8]>]) -> Result<(), String> {
    let all: HashSet<&[u8]> = places.iter().map(|place| &**place).collect();
    let holds = |place: &[u8]| outer(place).iter().any(|outer| all.contains(&**outer));
    match places.iter().any(|place| holds(place)) {
        false => Ok(()),
        true => Err(fixed!(
            "some of its places lie in others of them: leave one kind out, and all totals"
        )
        .to_string()),
    }
}

fn together(all: &[Cell], (places, sexes, classes): (usize, usize, usize)) -> Cells {
    let classes = classes.max(1);
    let mut persons = vec![vec![0.0; sexes.max(1) * classes]; places];
    for ((place, sex, class), own) in all {
        let groups = persons.get_mut(*place);
        if let Some(cell) = groups.and_then(|groups| groups.get_mut(sex * classes + class)) {
            *cell = *own;
        }
    }
    Cells { persons, classes }
}
