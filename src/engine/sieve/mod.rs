//! Rows that are nobody, told from rows that are people: the header again, blank rows, rules and totals.
//!
//! Exports are put together by hand and by scripts: two of them one below the other, with blank rows
//! between groups and totals at the end. Such a row is never published or counted as a person. A
//! row that is a header of *other* columns refuses the file: what follows it stands under the wrong
//! names.
//!
//! Every row passes [`Sieve::suspects`], so that is a few instructions for nearly all of them: a long
//! cell that begins and ends with a digit under the name of a date or a number proves a person. It has false
//! positives and no false negatives that matter; [`Sieve::judge`] decides.

mod folding;
mod header;
mod prefixes;
mod total;

use std::collections::HashSet;

use crate::io::csv::{Batch, Malformed, Refusal, Row};
use folding::fold;
use prefixes::Prefixes;

/// Tells the rows of one file apart.
#[derive(Debug)]
pub(crate) struct Sieve {
    /// The names of the header, folded.
    names: Vec<String>,
    /// Those that are not empty.
    known: HashSet<String>,
    /// Two columns whose cells are long and begin with a digit, where a person has one.
    long_numbers: [usize; 2],
    /// How a cell may begin that makes its row worth a look.
    prefixes: Prefixes,
    /// How many of the names begin with a digit.
    numbers: usize,
}

/// What a row is that is no person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nobody {
    /// The header again.
    Header,
    /// Nothing but delimiters and blanks.
    Blank,
    /// A line drawn with `-`, `=` or `_`.
    Rule,
    /// A total, a subtotal or another figure about several rows, or a footer.
    Total,
}

/// How many rows were nobody, by what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NobodyCounts {
    /// Repetitions of the header.
    pub headers: u64,
    /// Blank rows.
    pub blank: u64,
    pub rules: u64,
    pub totals: u64,
}

impl NobodyCounts {
    /// Counts a row.
    pub(crate) fn count(&mut self, nobody: Nobody) {
        *match nobody {
            Nobody::Header => &mut self.headers,
            Nobody::Blank => &mut self.blank,
            Nobody::Rule => &mut self.rules,
            Nobody::Total => &mut self.totals,
        } += 1;
    }

    /// Adds the counts of other rows.
    pub(crate) fn add(&mut self, other: &Self) {
        self.headers += other.headers;
        self.blank += other.blank;
        self.rules += other.rules;
        self.totals += other.totals;
    }

    pub fn all(&self) -> u64 {
        self.headers + self.blank + self.rules + self.totals
    }

    /// The counts that are not zero, with what they count.
    pub(crate) fn told(&self) -> impl Iterator<Item = String> + use<> {
        let headers = self.headers;
        let told = [
            (
                headers,
                plural!(
                    headers,
                    "{n} repetition of the header",
                    "{n} repetitions of the header"
                ),
            ),
            (
                self.blank,
                plural!(self.blank, "{n} blank row", "{n} blank rows"),
            ),
            (
                self.rules,
                plural!(
                    self.rules,
                    "{n} row of dashes or the like",
                    "{n} rows of dashes or the like"
                ),
            ),
            (self.totals, plural!(self.totals, "{n} total", "{n} totals")),
        ];
        told.into_iter()
            .filter_map(|(count, told)| (count > 0).then_some(told))
    }
}

/// A text is long from so many bytes on.
const LONG: usize = 8;

impl Sieve {
    /// A sieve for a file with this header.
    pub(crate) fn new(header: &[String]) -> Self {
        let names: Vec<String> = header.iter().map(|name| fold(name)).collect();
        let known: HashSet<String> = names
            .iter()
            .filter(|name| !name.is_empty())
            .cloned()
            .collect();
        let columns = names.iter().enumerate();
        let mut ranked: Vec<(usize, usize)> = columns
            .filter_map(|(position, name)| Some((rank(name)?, position)))
            .collect();
        ranked.sort_unstable();
        let mut columns = ranked.into_iter().map(|(_, position)| position);
        let numbers = names
            .iter()
            .filter(|name| begins_with_digit(name.as_bytes()));
        let numbers = numbers.count();
        // No row has a field there.
        let mut column = || columns.next().unwrap_or(usize::MAX);
        Self {
            long_numbers: [column(), column()],
            prefixes: Prefixes::new(&names),
            numbers,
            names,
            known,
        }
    }

    /// Whether a row is worth a look; nearly none is.
    #[inline(always)]
    pub(crate) fn suspects(&self, row: &Row<'_>) -> bool {
        let proves = |column: usize| {
            let field = row.field(column).unwrap_or_default();
            // `12 lignes` is no number.
            let ends = [field.first(), field.last()];
            field.len() >= LONG && ends.iter().all(|end| end.is_some_and(u8::is_ascii_digit))
        };
        let [one, other] = self.long_numbers;
        !(proves(one) || proves(other)) && self.begins_oddly(row)
    }

    /// Whether one of the first two cells that are not blank, or the last, may be a name of a column, a
    /// rule, or the label of a total or a footer.
    #[inline(never)]
    fn begins_oddly(&self, row: &Row<'_>) -> bool {
        let fields = (0..row.width()).filter_map(|column| row.field(column));
        let mut filled = fields.filter(|field| !is_blank_ascii(field));
        let Some(first) = filled.next() else {
            return true;
        };
        if self.prefixes.may_begin(first) || total::may_end_label(first) {
            return true;
        }
        let Some(second) = filled.next() else {
            return total::may_be_count(first);
        };
        let last = filled.next_back();
        self.prefixes.may_begin(second)
            || last.is_some_and(|last| self.prefixes.may_begin(last))
            || [first, second].into_iter().chain(last).all(is_nothing)
    }

    /// What a row is, if it is no person.
    ///
    /// # Errors
    /// A header of other columns.
    #[cold]
    #[inline(never)]
    pub(crate) fn judge(&self, row: &Row<'_>, batch: &Batch) -> Result<Option<Nobody>, Refusal> {
        let fields = || (0..row.width()).filter_map(|column| row.field(column));
        let filled = || fields().filter(|field| !is_blank_ascii(field));
        let may_be_names = self.may_be_names(filled()) && self.may_be_header(row, batch);
        let may_be_drawn = filled().next().is_none_or(may_be_drawn);
        if !(may_be_names || may_be_drawn || total::may_be_labelled(fields(), batch)) {
            return Ok(None);
        }
        self.read(row, batch, may_be_names)
    }

    /// What a row is, read cell by cell; a header only if it `may_be_names`.
    fn read(
        &self,
        row: &Row<'_>,
        batch: &Batch,
        may_be_names: bool,
    ) -> Result<Option<Nobody>, Refusal> {
        let mut scratch = Vec::new();
        let cells: Vec<String> = (0..row.width())
            .filter_map(|column| row.field(column))
            .map(|field| {
                let content = batch.content(field, &mut scratch);
                let text = std::str::from_utf8(content).unwrap_or_default();
                bare(text).to_owned()
            })
            .collect();
        if let Some(nobody) = self.drawn(&cells) {
            return Ok(Some(nobody));
        }
        if may_be_names {
            if self.is_header_again(&cells) {
                return Ok(Some(Nobody::Header));
            }
            if self.is_other_header(&cells) {
                return Err(batch.refuse(Malformed::SecondHeader, row.field_start(0), &[]));
            }
        }
        let is_total = total::is_total(&cells, self.names.len());
        Ok(is_total.then_some(Nobody::Total))
    }

    /// Whether a row of these fields may be a header: it has few numbers, and a quarter of it begins as
    /// names do, where two thirds would have to be names.
    fn may_be_names<'a>(&self, fields: impl Iterator<Item = &'a [u8]> + Clone) -> bool {
        let (mut filled, mut numbers) = (0, 0);
        for field in fields.clone() {
            filled += 1;
            numbers += usize::from(begins_with_digit(field));
        }
        // Names that begin with a digit are few, and a row of people has several such cells.
        let few_numbers = numbers * 4 <= filled + self.numbers * 4;
        let named = || {
            fields
                .filter(|field| self.prefixes.may_begin(field))
                .count()
        };
        few_numbers && named() * 4 >= filled
    }

    /// Whether a row has nothing in it, or a line only.
    fn drawn(&self, cells: &[String]) -> Option<Nobody> {
        // In a file of one column an empty cell is a person without it. A database writes `NULL`.
        let is_blank = |cell: &String| cell.is_empty() || is_nothing(cell.as_bytes());
        let blank = self.names.len() > 1 && cells.iter().all(is_blank);
        if blank {
            return Some(Nobody::Blank);
        }
        let drawn = cells
            .iter()
            .all(|cell| is_dash(cell) || cell.is_empty() || is_line(cell));
        let line = cells.iter().any(|cell| is_line(cell));
        let dashes = self.names.len() > 1 && cells.iter().any(|cell| is_dash(cell));
        (drawn && (line || dashes)).then_some(Nobody::Rule)
    }
}

/// How surely the cells of a column of this name are long and begin with a digit, the surest first;
/// nothing if they do not.
fn rank(name: &str) -> Option<usize> {
    // The index is what the main job itself writes first.
    const WORDS: [&str; 10] = [
        "date", "naissance", "birth", "num_ss", "nir", "siret", "tel", "phone", "mobile",
        "index_rd",
    ];
    WORDS.iter().position(|word| name.contains(word))
}

/// Whether a field or a name begins with a digit, within its quotes.
fn begins_with_digit(field: &[u8]) -> bool {
    let content = field.strip_prefix(b"\"").unwrap_or(field);
    content.first().is_some_and(u8::is_ascii_digit)
}

/// A text without what cannot be seen at its ends, and without the quotes behind a byte order mark.
fn bare(text: &str) -> &str {
    // Nearly all cells: nothing to take off.
    if let [first, .., last] = text.as_bytes()
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return text;
    }
    let unseen = |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}');
    let inner = text.trim_matches(unseen);
    // The mark as Windows-1252 reads it.
    let unmarked = inner.strip_prefix("ï»¿").unwrap_or(inner);
    if unmarked.len() == text.len() {
        return text;
    }
    let quoted = unmarked
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    quoted.unwrap_or(unmarked)
}

/// Whether a field, quotes and all, has only blanks that are ASCII.
fn is_blank_ascii(field: &[u8]) -> bool {
    field
        .iter()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'"' | b'\r' | b'\n'))
}

/// Whether a field, quotes and all, says that there is nothing.
fn is_nothing(field: &[u8]) -> bool {
    const NOTHING: [&[u8]; 9] = [
        b"null", b"(null)", b"na", b"n/a", b"#n/a", b"nan", b"none", b"nil", b"\\n",
    ];
    let content = field.strip_prefix(b"\"").unwrap_or(field);
    let content = content.strip_suffix(b"\"").unwrap_or(content).trim_ascii();
    content.len() <= 6
        && NOTHING
            .iter()
            .any(|nothing| content.eq_ignore_ascii_case(nothing))
}

/// Whether a row that begins with this field may be blank or a rule: the field says nothing.
fn may_be_drawn(field: &[u8]) -> bool {
    let says = field.iter().any(u8::is_ascii_alphanumeric);
    !says || !field.is_ascii() || is_nothing(field)
}

/// Whether a cell is a dash or a dot that stands for nothing.
fn is_dash(cell: &str) -> bool {
    matches!(
        cell,
        "-" | "--" | "–" | "—" | "." | ".." | "…" | "_" | "#" | "=" | "/"
    )
}

/// Whether a cell is a line of three signs or more.
fn is_line(cell: &str) -> bool {
    const SIGNS: &str = "-=_*~+#.·•‐‑–—─━═|";
    cell.chars().count() >= 3 && cell.chars().all(|c| SIGNS.contains(c) || c == ' ')
}

#[cfg(test)]
mod tests;
