//! An input with its header judged: the way by which every command comes to the rows of a file.
//!
//! Until the first row is known to be a header its cells are a person's, so `Source::open` either
//! gives a reader whose names may be shown, or refuses the file without showing any.

pub(super) mod doubt;
mod header;

use doubt::MayBePerson;
use header::Evidence;

use crate::crypto::seal::is_line;
use crate::engine::error::Error;
use crate::io;
use crate::io::csv::{Options, Reader};
use crate::io::input::{Asked, Compression, Content, Input};
use crate::rules::column_names;

/// How an input is to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading<'a> {
    /// Its delimiter, its encoding and its limits.
    pub(crate) options: Options,
    /// How it is compressed.
    pub(crate) compression: Compression,
    /// Which sheet of a workbook is wanted.
    pub(crate) sheet: Option<&'a str>,
    /// Whether somebody said that the first row is a header.
    pub(crate) trusts_header: bool,
    /// The option by which they say so.
    pub(crate) header_option: &'static str,
}

/// The option of nearly all commands that says that the first row is a header.
pub(crate) const HEADER_OPTION: &str = "--header";

/// An input that is being read, with its header judged.
pub(crate) struct Source<'a> {
    input: &'a mut Input,
    reading: Reading<'a>,
    known: Box<dyn Fn(&str) -> bool + 'a>,
    reader: Reader,
}

impl<'a> Source<'a> {
    /// Begins to read an input. `known` tells the names of columns that the rule table, or whoever
    /// started the program, knows.
    ///
    /// # Errors
    /// As [`Reader::open`]; [`MayBePerson`].
    pub(crate) fn open(
        input: &'a mut Input,
        reading: Reading<'a>,
        known: impl Fn(&str) -> bool + 'a,
    ) -> Result<Self, Error> {
        // What a protected file says of its run is no name, and no person either.
        let known = move |name: &str| is_line(name) || known(name);
        let reader = Self::read(input, reading, &known)?;
        if !reading.trusts_header {
            let names = reader.header();
            let rows = reader.sample();
            if let Some(doubt) = Evidence::new(names, &rows, &known).doubt() {
                let columns = names.len();
                return Err(MayBePerson {
                    columns,
                    doubt,
                    option: reading.header_option,
                }
                .into());
            }
        }
        Ok(Self {
            input,
            reading,
            known: Box::new(known),
            reader,
        })
    }

    /// Begins at the header, below the lines of a title if there are any.
    fn read(
        input: &Input,
        reading: Reading<'_>,
        known: &dyn Fn(&str) -> bool,
    ) -> Result<Reader, io::error::Error> {
        let options = reading.options;
        let content = input.content(&Asked {
            compression: reading.compression,
            sheet: reading.sheet,
            is_text: options.delimiter.is_some() || options.encoding.is_some(),
        })?;
        let knows = |names: &[String]| column_names::are_known(names, known);
        match content {
            Content::Text(text) => Reader::open_below(text, options, &knows),
            Content::Sheet(sheet, facts) => Reader::open_sheet(sheet, facts, options, &knows),
        }
    }

    /// Goes back to the first row, for another pass.
    ///
    /// # Errors
    /// As [`Source::open`].
    pub(crate) fn rewind(&mut self) -> Result<(), Error> {
        self.input.again()?;
        self.reader = Self::read(self.input, self.reading, &self.known)?;
        Ok(())
    }

    pub(crate) fn input(&self) -> &Input {
        self.input
    }

    /// What reads it.
    pub(crate) fn reader(&self) -> &Reader {
        &self.reader
    }

    /// What reads it, and what is read.
    pub(crate) fn parts(&mut self) -> (&mut Reader, &Input) {
        (&mut self.reader, self.input)
    }
}
