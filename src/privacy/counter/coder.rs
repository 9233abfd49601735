//! What one worker counts.

use super::runs::Runs;
use super::{Dictionary, Look, Persons, Seen};
use crate::privacy::codes::{Codes, Numbered, Processed, Value};
use crate::privacy::combinations::Layout;

/// The values that a worker remembers for each column; more are asked for every time.
const REMEMBERED: usize = 1 << 16;

/// No code.
const UNKNOWN: u32 = u32::MAX;

/// Counts the rows that one worker sees.
#[derive(Debug)]
pub struct Coder<'a> {
    columns: Vec<Column<'a>>,
    /// Whose rows they are, if that is to be known; and more than any number that came up.
    persons: Option<(&'a Persons, usize)>,
    /// The columns whose values were taken.
    given: usize,
    /// Their codes, one column's behind the other's.
    codes: Vec<u32>,
    text: Vec<u8>,
    /// For each column the number of codes that the layout has room for.
    room: Vec<usize>,
    layout: Layout,
    runs: Runs,
    keys: Vec<u64>,
    /// What is to be seen of all published columns, and what was.
    look: Option<Look<'a>>,
    seen: Seen,
}

/// One column, as its worker knows it.
#[derive(Debug)]
struct Column<'a> {
    dictionary: &'a Dictionary,
    remembered: Codes,
    /// Whether what is remembered are cells, in the place of which another text leaves.
    of_cells: bool,
    /// For texts that come with a number.
    numbered: Numbered,
    /// More than any code that came up.
    most: usize,
}

impl<'a> Coder<'a> {
    /// A coder for rows with a value for each dictionary, and with a person behind them if there are
    /// `persons`.
    pub fn new(dictionaries: &'a [Dictionary], persons: Option<&'a Persons>) -> Self {
        let room = vec![2; dictionaries.len() + usize::from(persons.is_some())];
        let layout = Layout::new(&room);
        let columns = dictionaries.iter().map(Column::new);
        Self {
            columns: columns.collect(),
            persons: persons.map(|persons| (persons, 0)),
            given: 0,
            codes: Vec::new(),
            text: Vec::new(),
            room,
            runs: Runs::new(layout.words()),
            layout,
            keys: Vec::new(),
            look: None,
            seen: Seen::default(),
        }
    }

    /// The same, which looks at all published columns: the values of `look`'s others come behind
    /// everything else.
    #[must_use]
    pub fn looking(mut self, look: Option<Look<'a>>) -> Self {
        let others = look.iter().flat_map(|look| look.others);
        self.columns
            .extend(others.map(|(dictionary, _)| Column::new(dictionary)));
        Self { look, ..self }
    }

    /// What was seen of all published columns; nothing if it did not look.
    pub(crate) fn take_seen(&mut self) -> Option<Seen> {
        self.look?;
        Some(std::mem::take(&mut self.seen))
    }

    /// The same, with other limits to what is gathered.
    #[cfg(test)]
    pub(super) fn limited(self, limits: super::runs::Limits) -> Self {
        Self {
            runs: self.runs.limited(limits),
            ..self
        }
    }

    /// Takes the values that several rows have in the next column.
    #[inline]
    pub fn values<'v>(&mut self, values: impl Iterator<Item = Value<'v>> + Clone) {
        if let Some(column) = self.columns.get_mut(self.given) {
            column.remember(false);
            column.codes(values, &mut self.codes, |_, _| {});
        }
        self.given += 1;
    }

    /// Takes the cells that several rows have in the next column, where the text that leaves in the
    /// place of a cell follows from the cell: `leaves` appends it for the cell at a position, and is
    /// asked only where the cell is not remembered. Gives how many cells are remembered by now.
    #[inline]
    pub fn cells<'v>(
        &mut self,
        cells: impl Iterator<Item = Value<'v>> + Clone,
        leaves: impl FnMut(usize, &mut Vec<u8>),
    ) -> usize {
        let column = self.columns.get_mut(self.given);
        self.given += 1;
        column.map_or(0, |column| {
            column.remember(true);
            column.codes(cells, &mut self.codes, leaves);
            column.remembered.len()
        })
    }

    /// Takes the texts that several rows have in the next column: `process` appends the one of the row
    /// at a position, unless it knows its code by its number; or else it gives that number, if the
    /// text has one.
    ///
    /// # Errors
    /// What `process` fails with.
    #[inline]
    pub fn texts<E>(
        &mut self,
        rows: usize,
        mut process: impl FnMut(usize, &Numbered, &mut Vec<u8>) -> Result<Processed, E>,
    ) -> Result<(), E> {
        let column = self.columns.get_mut(self.given);
        self.given += 1;
        let Some(column) = column else {
            return Ok(());
        };
        column.remember(false);
        for at in 0..rows {
            self.text.clear();
            let code = match process(at, &column.numbered, &mut self.text)? {
                Processed::Known(code) => code,
                Processed::Text(number) => {
                    let value = Value::in_room(&mut self.text);
                    let code = match column.remembered.get(value) {
                        Some(code) => code,
                        None => column.ask(value, |_| {}),
                    };
                    if let Some(number) = number {
                        column.numbered.insert(number, code);
                    }
                    code
                }
            };
            self.codes.push(code);
        }
        Ok(())
    }

    /// Takes the numbers that several rows have in the next column; each stands for the same text
    /// whenever it comes.
    #[inline]
    pub fn numbers<'v>(
        &mut self,
        numbers: impl Iterator<Item = u32>,
        text: impl Fn(u32) -> &'v [u8],
    ) {
        if let Some(column) = self.columns.get_mut(self.given) {
            let codes = numbers.map(|number| column.of_number(number, &text));
            self.codes.extend(codes);
        }
        self.given += 1;
    }

    /// Takes whose rows they are, by number, behind all columns.
    pub(crate) fn persons(&mut self, numbers: &[u32]) {
        if let Some((_, most)) = &mut self.persons {
            let largest = numbers
                .iter()
                .max()
                .map_or(0, |number| *number as usize + 1);
            *most = largest.max(*most);
            self.codes.extend_from_slice(numbers);
        }
    }

    /// Counts the rows of which all columns were taken, as many of each.
    pub fn flush(&mut self) {
        let packed = self.room.len() - usize::from(self.persons.is_some());
        let columns = self.columns.iter().take(packed).map(|column| column.most);
        let persons = self.persons.iter().map(|(_, most)| *most);
        let mut rooms = columns.chain(persons).zip(&self.room);
        if rooms.any(|(most, room)| most > *room) {
            self.make_room();
        }
        let all = self.columns.len() + usize::from(self.persons.is_some());
        let rows = self.codes.len() / all.max(1);
        let (counted, others) = self
            .codes
            .split_at_checked(rows * self.room.len())
            .unwrap_or_default();
        if let Some(look) = self.look {
            let own = counted.split_at_checked(rows * packed).unwrap_or_default();
            self.seen.take(look, (own.0, others), own.1, rows);
        }
        self.layout.pack_columns(counted, &mut self.keys);
        self.runs.count(&self.keys);
        self.codes.clear();
        self.given = 0;
    }

    /// Puts what was counted in order, if it is much by now: that takes longer than a batch does.
    pub fn compact(&mut self) {
        self.runs.compact();
    }

    /// Widens the layout to what the dictionaries hold by now, doubled where they grow.
    #[cold]
    fn make_room(&mut self) {
        let packed = self.room.len() - usize::from(self.persons.is_some());
        let columns = self.columns.iter().take(packed);
        let columns = columns.map(|column| column.dictionary.len());
        let persons = self.persons.iter().map(|(persons, _)| persons.len());
        for (room, needed) in self.room.iter_mut().zip(columns.chain(persons)) {
            if needed > *room {
                *room = needed.next_power_of_two();
            }
        }
        let layout = Layout::new(&self.room);
        let runs = std::mem::replace(&mut self.runs, Runs::new(layout.words()));
        self.runs = runs.repacked(&self.layout, &layout);
        self.layout = layout;
    }
}

impl<'a> Column<'a> {
    fn new(dictionary: &'a Dictionary) -> Self {
        Self {
            dictionary,
            remembered: Codes::default(),
            of_cells: false,
            numbered: Numbered::default(),
            most: 0,
        }
    }

    /// Says what is to be remembered: cells, or texts that leave.
    fn remember(&mut self, cells: bool) {
        if self.of_cells != cells {
            self.of_cells = cells;
            self.remembered = Codes::default();
        }
    }

    /// Appends the codes of values, or if these are cells of what `leaves` in the place of them.
    #[inline]
    fn codes<'v>(
        &mut self,
        values: impl Iterator<Item = Value<'v>> + Clone,
        codes: &mut Vec<u32>,
        mut leaves: impl FnMut(usize, &mut Vec<u8>),
    ) {
        let begin = codes.len();
        // What has to be asked for is rare, and looked at apart from the rest.
        let (remembered, mut all_known) = (&self.remembered, true);
        codes.extend(values.clone().map(|value| {
            let code = remembered.get(value);
            all_known &= code.is_some();
            code.unwrap_or(UNKNOWN)
        }));
        if !all_known {
            let codes = codes.iter_mut().skip(begin).zip(values).enumerate();
            let unknown = codes.filter(|(_, (code, _))| **code == UNKNOWN);
            for (at, (code, value)) in unknown {
                *code = self.ask(value, |text| leaves(at, text));
            }
        }
    }

    #[inline]
    fn of_number<'v>(&mut self, number: u32, text: &impl Fn(u32) -> &'v [u8]) -> u32 {
        match self.numbered.get(number) {
            Some(code) => code,
            None => {
                let code = self.ask(Value::from(text(number)), |_| {});
                self.numbered.insert(number, code);
                code
            }
        }
    }

    #[cold]
    fn ask(&mut self, value: Value<'_>, leaves: impl FnOnce(&mut Vec<u8>)) -> u32 {
        // Perhaps a row before has asked.
        if let Some(code) = self.remembered.get(value) {
            return code;
        }
        let code = if self.of_cells {
            let mut text = Vec::new();
            leaves(&mut text);
            self.dictionary.code(&text)
        } else {
            self.dictionary.code(value.text())
        };
        if self.remembered.len() < REMEMBERED {
            self.remembered.insert(value, code);
        }
        self.most = self.most.max(code as usize + 1);
        code
    }
}

/// What one coder counted, without the memory of its codes.
#[derive(Debug)]
pub struct Counts {
    pub(super) layout: Layout,
    pub(super) runs: Runs,
}

impl Counts {
    /// How many keys there are, and how many rows they have together.
    pub(super) fn sizes(&self) -> (usize, u64) {
        self.runs.sizes()
    }

    /// The bytes of its keys and their counts.
    pub(super) fn bytes(&self) -> usize {
        self.runs.bytes()
    }
}

impl From<Coder<'_>> for Counts {
    fn from(mut coder: Coder<'_>) -> Self {
        coder.flush();
        coder.runs.end();
        Self {
            layout: coder.layout,
            runs: coder.runs,
        }
    }
}
