//! The exact reading of CSV, one byte at a time.
//!
//! This is the definition that everything faster must agree with: RFC 4180 quoting read strictly,
//! so that no stray quote can swallow a row. It serves the blocks that the mask arithmetic of
//! [`super::structure`] hands back, and it finds the place of what is refused.

use memchr::memchr_iter;

pub(super) const QUOTE: u8 = b'"';

/// Where the reading stands between two bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// At the start of a field (and perhaps of a record).
    FieldStart,
    /// Inside a field that does not begin with a quote; a quote there is a letter like any other.
    Unquoted,
    /// Between the quotes of a quoted field.
    Quoted,
    /// Behind a quote in a quoted field: it closed the field, or is the first of a doubled one.
    QuoteSeen,
}

/// What a byte turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Part of a field: content, or one of its quotes.
    Content,
    /// A quote that is content of an unquoted field: it must be quoted when it is written again.
    LiteralQuote,
    /// The delimiter that ends a field.
    FieldEnd,
    /// A line break that ends a record, or a blank line.
    LineEnd,
    /// Text behind a closing quote: the reading stops here.
    TextAfterQuote,
}

/// Reads one byte: the state behind it, and what it was.
pub(super) fn step(state: State, byte: u8, delimiter: u8) -> (State, Role) {
    match state {
        State::Quoted if byte == QUOTE => (State::QuoteSeen, Role::Content),
        State::Quoted => (State::Quoted, Role::Content),
        _ if byte == delimiter => (State::FieldStart, Role::FieldEnd),
        _ if byte == b'\n' || byte == b'\r' => (State::FieldStart, Role::LineEnd),
        State::FieldStart | State::QuoteSeen if byte == QUOTE => (State::Quoted, Role::Content),
        State::QuoteSeen => (State::QuoteSeen, Role::TextAfterQuote),
        State::Unquoted if byte == QUOTE => (State::Unquoted, Role::LiteralQuote),
        State::FieldStart | State::Unquoted => (State::Unquoted, Role::Content),
    }
}

/// How many lines end in a text (CRLF is one end). `after_cr` tells that the byte before it is a
/// carriage return.
pub(super) fn line_ends(text: &[u8], after_cr: bool) -> u64 {
    let is_alone = |at: &usize| match at.checked_sub(1) {
        Some(before) => text.get(before) != Some(&b'\r'),
        None => !after_cr,
    };
    let returns = memchr_iter(b'\r', text).count();
    let feeds = match returns {
        0 if !after_cr => memchr_iter(b'\n', text).count(),
        _ => memchr_iter(b'\n', text).filter(is_alone).count(),
    };
    (returns + feeds) as u64
}

/// An address inside a stretch of text that begins with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Address {
    /// Records that end before it.
    pub(super) records: u64,
    /// Line breaks before it (CRLF is one).
    pub(super) lines: u64,
    /// The position of its field in its record, from 0.
    pub(super) field: usize,
    /// Where its field begins, in bytes from the start of the stretch.
    pub(super) field_start: usize,
    /// The same three figures for the start of its field: a quoted field can span lines.
    pub(super) field_lines: u64,
}

/// The address of the byte at `offset` in `text`, which begins at the start of a record.
///
/// `after_cr` tells that the byte before `text` is a carriage return, so that a line feed at its
/// start ends no line of its own. Errors before `offset` are read over.
pub(super) fn locate(text: &[u8], offset: usize, delimiter: u8, after_cr: bool) -> Address {
    let mut at = Address {
        records: 0,
        lines: 0,
        field: 0,
        field_start: 0,
        field_lines: 0,
    };
    let mut state = State::FieldStart;
    let mut blank = true;
    let mut after_cr = after_cr;
    for (position, &byte) in text.iter().enumerate().take(offset) {
        if byte == b'\r' || byte == b'\n' && !after_cr {
            at.lines += 1;
        }
        after_cr = byte == b'\r';
        let (next, role) = step(state, byte, delimiter);
        state = next;
        match role {
            Role::FieldEnd => {
                at.field += 1;
                blank = false;
            }
            Role::LineEnd => {
                at.records += u64::from(!blank);
                at.field = 0;
                blank = true;
            }
            Role::Content | Role::LiteralQuote | Role::TextAfterQuote => {
                blank = false;
                continue;
            }
        }
        at.field_start = position + 1;
        at.field_lines = at.lines;
    }
    at
}

/// The first record of a text, as far as it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct First {
    /// Its length, blank lines before it and its line end included; `None` if it does not end.
    pub(super) cut: Option<usize>,
    /// How many fields it has so far.
    pub(super) fields: usize,
}

/// Reads the first record of `text`.
///
/// # Errors
/// The offset of text behind a closing quote.
pub(super) fn first_record(text: &[u8], delimiter: u8) -> Result<First, usize> {
    let mut state = State::FieldStart;
    let (mut blank, mut fields) = (true, 1);
    for (position, &byte) in text.iter().enumerate() {
        let (next, role) = step(state, byte, delimiter);
        state = next;
        match role {
            Role::TextAfterQuote => return Err(position),
            Role::LineEnd if !blank => {
                let cut = Some(position + 1);
                return Ok(First { cut, fields });
            }
            Role::LineEnd => continue,
            Role::FieldEnd => fields += 1,
            Role::Content | Role::LiteralQuote => {}
        }
        blank = false;
    }
    Ok(First { cut: None, fields })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The roles of a text, one letter a byte.
    fn roles(text: &str) -> String {
        let mut state = State::FieldStart;
        text.bytes()
            .map(|byte| {
                let (next, role) = step(state, byte, b',');
                state = next;
                match role {
                    Role::Content => '.',
                    Role::LiteralQuote => 'q',
                    Role::FieldEnd => ',',
                    Role::LineEnd => 'n',
                    Role::TextAfterQuote => '!',
                }
            })
            .collect()
    }

    #[test]
    fn every_byte_has_its_role() {
        for (case, text, expected) in [
            ("plain", "a,b\n", ".,.n"),
            ("quoted", "\"a,b\"\n", ".....n"),
            ("doubled quote", "\"a\"\"b\",c", "......,."),
            ("empty quoted", "\"\",\"\"\r\n", "..,..nn"),
            ("line break inside", "\"a\nb\"\n", ".....n"),
            ("literal quote", "a\"b,c", ".q.,."),
            ("space before a quote", " \"a\"", ".q.q"),
            ("text after", "\"a\"b", "...!"),
            ("only a quote pair inside", "\"\"\"\"", "...."),
        ] {
            assert_eq!(roles(text), expected, "{case}");
        }
    }

    #[test]
    fn line_ends_are_counted_as_they_are_byte_by_byte() {
        let one_by_one = |text: &[u8], after_cr: bool| {
            let mut before = after_cr;
            let ends = text.iter().filter(|byte| {
                let ends = **byte == b'\r' || **byte == b'\n' && !before;
                before = **byte == b'\r';
                ends
            });
            ends.count() as u64
        };
        for number in 0..3_usize.pow(7) {
            let text: Vec<u8> = (0..7)
                .map(|at| b"x\r\n"[number / 3_usize.pow(at) % 3])
                .collect();
            for after_cr in [false, true] {
                assert_eq!(
                    line_ends(&text, after_cr),
                    one_by_one(&text, after_cr),
                    "{text:?}"
                );
            }
        }
    }

    #[test]
    fn addresses_count_records_lines_and_fields() {
        let text = b"a,b\r\n\r\n\"x\ny\",z\rw,v";
        for (case, offset, expected) in [
            ("start", 0, (0, 0, 0, 0, 0)),
            ("second field", 2, (0, 0, 1, 2, 0)),
            ("after a blank line", 7, (1, 2, 0, 7, 2)),
            ("inside a quoted field", 10, (1, 3, 0, 7, 2)),
            ("behind it", 13, (1, 3, 1, 13, 3)),
            ("after a lone CR", 17, (2, 4, 1, 17, 4)),
        ] {
            let at = locate(text, offset, b',', false);
            let found = (
                at.records, at.lines, at.field, at.field_start, at.field_lines,
            );
            assert_eq!(found, expected, "{case}");
        }
        assert_eq!(
            locate(b"\na", 1, b',', true).lines,
            0,
            "the LF of a CRLF cut in two"
        );
    }
}
