//! Why a text is refused: the reasons of the strict reading, each with its place and its advice.

use std::fmt;

use super::encoding::{Encoding, Encodings};
use crate::base::error::{Coded, Ending};
use crate::base::lang::Fixed;
use crate::io::place::Place;

/// A text that is not read any further, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub reason: Malformed,
    /// Where it is: for broken quoting, the place of the opening quote.
    pub place: Option<Place>,
}

impl std::error::Error for Refusal {}

impl Coded for Refusal {
    fn code(&self) -> &'static str {
        self.reason.code()
    }
}

impl Ending for Refusal {
    fn exit_status(&self) -> u8 {
        3
    }

    fn comes_at_the_end(&self) -> bool {
        false
    }
}

/// What can be wrong with a text before any rule looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// There is not a single record.
    Empty,
    /// Text stands behind the quote that closes a field.
    TextAfterQuote,
    /// A quoted field does not end.
    UnclosedQuote,
    /// A field is longer than the limit, in bytes.
    FieldTooLong {
        /// The limit.
        limit: usize,
        /// Whether the field begins with a quote, which may be a stray one.
        quoted: bool,
    },
    /// A record is longer than the memory set aside for one, in bytes.
    RecordTooLong {
        /// The limit.
        limit: usize,
    },
    /// A byte 0.
    Nul,
    /// Bytes that do not fit the encoding.
    Encoding {
        /// The encoding.
        encoding: Encoding,
        /// Whether it was recognised from the content, rather than said by the user.
        detected: bool,
        /// The offset of the first such byte in the text (after decompression, without a byte
        /// order mark).
        offset: u64,
        /// The encodings that would fit, if it is a character that makes no sense where it stands;
        /// `None` if it is no character at all.
        fits: Option<Encodings>,
    },
    /// More columns than the limit, in the header or in a row.
    TooManyColumns {
        /// The limit.
        limit: usize,
    },
    /// A cell written as `="…"` whose text holds a delimiter or a line break without being quoted.
    CutFormula,
    /// A cell of a text without quoting that holds a delimiter or a line end.
    Escaped,
    /// The rows end with delimiters that the header does not have, and one does not.
    TrailingDelimiters,
    /// There is nothing behind the lines that are to be skipped.
    AllSkipped,
    /// A quoted field over several lines holds what could be rows of the file.
    MergedRows,
    /// A line break in a cell that is kept as it is.
    LineBreakInKept,
    /// A line break and a delimiter in the name of a column: it may be a swallowed row.
    LineBreakInName,
    /// An empty line in a file of one column: an empty row, or nothing?
    BlankLine,
    /// Two delimiters fit the file equally well.
    AmbiguousDelimiter,
    /// A row is a header of other columns, or of the same in another order.
    SecondHeader,
    /// A row is a total.
    TotalRow,
    /// The second reading met other rows than the first.
    Changed,
}

coded! {
    Malformed []
    Self::Empty => "empty", "the file has no byte, or no record";
    Self::TextAfterQuote => "text_after_quote", "text follows a closing quote";
    Self::UnclosedQuote => "unclosed_quote", "a quote is never closed";
    Self::FieldTooLong { .. } => "field_too_long", "a field is longer than --max-field-size";
    Self::RecordTooLong { .. } => "record_too_long", "a record is longer than the memory set aside for one";
    Self::Nul => "nul", "a byte 0";
    Self::Encoding { .. } => "encoding", "bytes do not fit the encoding";
    Self::TooManyColumns { .. } => "too_many_columns", "more columns than --max-columns";
    Self::CutFormula => "cut_formula", "the text of a cell written as =\"…\" is cut";
    Self::Escaped => "escaped_cell", "a cell of a text without quoting holds a delimiter or a line end";
    Self::TrailingDelimiters => "trailing_delimiters", "some rows end with a delimiter more than others";
    Self::AllSkipped => "all_skipped", "nothing is left below the lines that are skipped";
    Self::MergedRows => "merged_rows", "a quoted field holds what could be rows";
    Self::LineBreakInKept => "line_break_in_kept", "a line break in a kept column";
    Self::LineBreakInName => "line_break_in_name", "a line break and a delimiter in the name of a column";
    Self::BlankLine => "blank_line", "an empty line in a file of one column";
    Self::AmbiguousDelimiter => "ambiguous_delimiter", "two delimiters fit equally well";
    Self::SecondHeader => "second_header", "a row is a header of other columns, or in another order";
    Self::TotalRow => "total_row", "a row is a total";
    Self::Changed => "changed", "the second reading met other rows than the first";
}

impl Malformed {
    /// A short name for machines.
    pub fn code(self) -> &'static str {
        Coded::code(&self)
    }

    /// What the user can do about it.
    pub fn advice(self) -> Fixed {
        match self {
            Self::Empty => fixed!("check that the export wrote its rows"),
            Self::TextAfterQuote | Self::UnclosedQuote => {
                fixed!(
                    "export again with quotes inside fields doubled (\"\"), or mend this field; \
                 a row that a stray quote swallows would land under the wrong rule"
                )
            }
            Self::FieldTooLong { quoted: true, .. } => {
                fixed!(
                    "look at the quote that opens the field; if the field is right, raise --max-field-size"
                )
            }
            Self::FieldTooLong { .. } => {
                fixed!("if the field is right, raise --max-field-size; else check --delimiter")
            }
            Self::RecordTooLong { .. } => fixed!("check --delimiter and the file's line ends"),
            Self::Nul => {
                fixed!(
                    "the file may be binary, or UTF-16 without a byte order mark: try --encoding utf-16le"
                )
            }
            // What would fit is a guess, and a wrong one publishes other letters.
            Self::Encoding {
                detected: true,
                fits: Some(_),
                ..
            } => {
                fixed!(
                    "look at that place in the export: if its letters are right, give the encoding that was \
                     recognised with --encoding; if not, give the right one, or export again as UTF-8"
                )
            }
            Self::Encoding { detected: true, .. } => {
                fixed!("say the right one with --encoding, or export again as UTF-8")
            }
            Self::TooManyColumns { .. } => {
                fixed!(
                    "check --delimiter and the file's line ends; if the file has so many columns, \
                 raise --max-columns"
                )
            }
            Self::CutFormula => {
                fixed!(
                    "export again with cells that hold a delimiter, a quote or a line break in quotes"
                )
            }
            Self::Escaped => {
                fixed!(
                    "replace it in the query (replace(column, '\\t', ' ')), or export as CSV with quotes"
                )
            }
            Self::TrailingDelimiters => {
                fixed!(
                    "export again with the same number of delimiters on every row, or write an empty \
                 name for the last column"
                )
            }
            Self::AllSkipped => fixed!("skip fewer lines with --skip-lines"),
            Self::Encoding { .. } => fixed!("the file is not in the encoding that --encoding says"),
            Self::MergedRows => {
                fixed!(
                    "a stray quote may have merged rows: mend the quotes, or export without line \
                     breaks inside fields"
                )
            }
            Self::LineBreakInKept => {
                fixed!(
                    "export without line breaks inside fields, or allow them for this column with \
                 rule = { keep = { multiline = true } }"
                )
            }
            Self::LineBreakInName => {
                fixed!(
                    "a stray quote may have merged the header with rows: mend the quotes; if the name is right, \
                 write it on one line"
                )
            }
            Self::BlankLine => fixed!("write an empty row as \"\", and remove empty lines"),
            Self::SecondHeader => {
                fixed!(
                    "two exports may have been put together: split the file there, and run each part"
                )
            }
            Self::TotalRow => fixed!("remove totals and subtotals: they tell of several people"),
            Self::AmbiguousDelimiter => fixed!("say which one it is with --delimiter"),
            Self::Changed => fixed!("run again when nothing writes to the file"),
        }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => fixed!("the file is empty").fmt(f),
            Self::TextAfterQuote => {
                fixed!("text follows the closing quote of the field that opens here").fmt(f)
            }
            Self::UnclosedQuote => fixed!("the quote that opens here is never closed").fmt(f),
            Self::FieldTooLong {
                limit,
                quoted: true,
            } => {
                f.write_str(&text!("the quote that opens here is not closed within {limit} bytes, the limit for a field", limit))
            }
            Self::FieldTooLong {
                limit,
                quoted: false,
            } => {
                f.write_str(&text!("the field is longer than {limit} bytes", limit))
            }
            Self::RecordTooLong { limit } => f.write_str(&text!("the record is longer than {limit} bytes", limit)),
            Self::Nul => fixed!("a NUL byte").fmt(f),
            Self::Encoding {
                encoding,
                offset,
                fits: None,
                ..
            } => {
                f.write_str(&text!("the byte at offset {offset} is not valid {encoding}", offset, encoding))
            }
            Self::Encoding {
                encoding,
                offset,
                fits: Some(fits),
                ..
            } => {
                f.write_str(&text!("the byte at offset {offset} makes no sense in {encoding}; what would fit: {fits}", offset, encoding, fits))
            }
            Self::TooManyColumns { limit } => f.write_str(&text!("there are more than {limit} columns", limit)),
            Self::CutFormula => fixed!("the text of a cell written as =\"…\" is cut by a delimiter or a line break").fmt(f),
            Self::Escaped => fixed!("a cell holds a delimiter, a line end or a NUL byte, written as \\t, \\n or \\0").fmt(f),
            Self::TrailingDelimiters => fixed!("the first row ends with a delimiter that the header does not have, and this one does not").fmt(f),
            Self::AllSkipped => fixed!("nothing is left below the lines that are skipped").fmt(f),
            Self::MergedRows => fixed!("the quoted field that opens here spans several lines, and its lines read as rows of their own").fmt(f),
            Self::LineBreakInKept => fixed!("a line break inside a column that is kept").fmt(f),
            Self::LineBreakInName => fixed!("the name of a column has a line break and a delimiter in it").fmt(f),
            Self::BlankLine => {
                fixed!("an empty line in a file of one column may be an empty row or no row").fmt(f)
            }
            Self::SecondHeader => fixed!("the row is a second header, of other columns or in another order: what follows it \
                 would stand under the wrong names").fmt(f),
            Self::TotalRow => fixed!("the row is a total and nobody").fmt(f),
            Self::AmbiguousDelimiter => {
                fixed!("more than one delimiter fits the file equally well").fmt(f)
            }
            Self::Changed => {
                fixed!("its rows changed between the pass that counts them and the one that writes").fmt(f)
            }
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            f.write_str(&text!("{place}: ", place))?;
        }
        f.write_str(&text!(
            "{reason}\n  what to do: {advice}",
            reason = self.reason,
            advice = self.reason.advice()
        ))
    }
}
