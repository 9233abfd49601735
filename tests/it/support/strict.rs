//! The strict reading done a second time, by the book: one byte after the other, no tricks, no code
//! shared with the program. [`Expected`] says what a text holds and every reason to refuse it;
//! [`Expected::check`] holds the program's reading against that and against the `csv` crate's.

#![allow(dead_code)] // Each crate that takes this file in uses a part of it.

#[path = "encoded.rs"]
mod encoded;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, SeekFrom};

use crm_anon::inside::{Encoding, IoError as Error, Malformed, Options, read_all};
use csv::Position;
use encoded::Text;

/// The records of a text, the header first: their fields as UTF-8.
pub(crate) type Records = Vec<Vec<Vec<u8>>>;

/// The reasons to refuse a text, as code, record and line of each.
pub(crate) type Reasons = BTreeSet<(&'static str, u64, u64)>;

/// A field as it stands in the text.
struct Field {
    start: usize,
    raw: Vec<u8>,
    line: u64,
    /// What stands in its first line before it, and in its last line behind it.
    before: Vec<u8>,
}

/// What the structure of a text is.
#[derive(Default)]
struct Structure {
    records: Vec<Vec<Field>>,
    reasons: Reasons,
    /// How many empty fields each row has behind those of the header.
    trailing: usize,
}

impl Structure {
    /// The widths of the records, without the empty fields that each row has behind the last column.
    fn widths(&self) -> Vec<usize> {
        let widths = self.records.iter().enumerate().map(|(record, fields)| {
            let kept = fields.len().saturating_sub(self.trailing);
            let empty = fields[kept..].iter().all(|field| field.raw.is_empty());
            match record > 0 && kept > 0 && empty {
                true => kept,
                false => fields.len(),
            }
        });
        widths.collect()
    }
}

/// What the reading of an input must come to.
pub(crate) struct Expected {
    /// Every reason to refuse it: there is none if it is to be accepted.
    pub(crate) reasons: Reasons,
    /// The offset of what does not fit the encoding, by the count of the program's message.
    broken: Option<u64>,
    /// The encoding is recognised from words, which a text made of chance may not have.
    may_be_unclear: bool,
    records: Records,
    csv: Records,
}

impl Expected {
    /// What the input `bytes` holds, in the encoding said or else in the one it shows.
    pub(crate) fn of(
        bytes: &[u8],
        delimiter: u8,
        said: Option<Encoding>,
        max_field: usize,
    ) -> Self {
        let mut text = Text::of(bytes, said);
        while text.bytes.last() == Some(&0x1A) {
            text.bytes.pop();
        }
        let above = sep_line(&text.bytes);
        let mut structure = structure(&text.bytes, above, delimiter, max_field);
        if let (Some(broken), false) = (text.broken, text.was_utf16) {
            let at = broken as usize;
            for (record, fields) in structure.records.iter().enumerate() {
                for field in fields {
                    if (field.start..field.start + field.raw.len()).contains(&at) {
                        let reason = ("encoding", record as u64, field.line);
                        structure.reasons.insert(reason);
                    }
                }
            }
        }
        if let (Some(_), true) = (text.broken, text.was_utf16) {
            // What is broken ends the text, wherever that is.
            structure.reasons.insert(("encoding", u64::MAX, u64::MAX));
        }
        let widths = structure.widths();
        let mut this = Self {
            reasons: structure.reasons,
            broken: text.broken,
            may_be_unclear: false,
            records: Vec::new(),
            csv: Vec::new(),
        };
        if this.reasons.is_empty() {
            assert_eq!(this.broken, None, "every byte but line ends is in a field");
            let contents = structure.records.iter().map(|fields| {
                let fields = fields.iter();
                let contents = fields.map(|field| text.decoded(&content(&field.raw)));
                contents.collect()
            });
            this.records = without_quirks(contents.collect(), &widths);
            let below = text.decoded(&text.bytes[above..]);
            let csv = read_by_csv_crate(&below, delimiter);
            this.csv = without_quirks(csv, &widths);
        }
        this
    }

    /// What an input of which nothing is said may hold, one for each encoding that it may be in.
    pub(crate) fn all(bytes: &[u8], delimiter: u8, max_field: usize) -> Vec<Self> {
        let possible = encoded::possible(bytes);
        let may_be_unclear = possible.len() > 1;
        let all = possible.into_iter().map(|said| Self {
            may_be_unclear,
            ..Self::of(bytes, delimiter, said, max_field)
        });
        all.collect()
    }

    /// Whether the encoding is said or beyond doubt.
    pub(crate) fn is_clear(&self) -> bool {
        !self.may_be_unclear
    }

    /// Holds a reading against what was expected; gives the reason's code, or "accepted".
    pub(crate) fn check(&self, read: &Result<Records, Error>) -> Result<&'static str, String> {
        match read {
            Ok(records) => {
                if !self.reasons.is_empty() {
                    return Err(format!("accepted in spite of {:?}", self.reasons));
                }
                for (oracle, wanted) in [("plain scanner", &self.records), ("csv crate", &self.csv)]
                {
                    if records != wanted {
                        return Err(format!("{records:?}, but {wanted:?} by the {oracle}"));
                    }
                }
                Ok("accepted")
            }
            Err(Error::Refused(refusal)) => {
                let code = refusal.reason.code();
                if let (Malformed::Encoding { fits: Some(_), .. }, true) =
                    (refusal.reason, self.may_be_unclear)
                {
                    return Ok(code);
                }
                let place = refusal
                    .place
                    .as_ref()
                    .map_or((0, 0), |place| (place.record, place.line));
                let known = self.reasons.iter().find(|reason| {
                    **reason == (code, place.0, place.1) || **reason == (code, u64::MAX, u64::MAX)
                });
                let Some((code, ..)) = known else {
                    return Err(format!(
                        "refused for {code} at {place:?}, and not for one of {:?}",
                        self.reasons
                    ));
                };
                match refusal.reason {
                    Malformed::Encoding { offset, .. } if Some(offset) != self.broken => Err(
                        format!("refused at offset {offset}, and not at {:?}", self.broken),
                    ),
                    _ => Ok(code),
                }
            }
            Err(error) => Err(format!("{error}")),
        }
    }
}

/// Reads `bytes` both ways and compares; gives the reason's code, or "accepted".
pub(crate) fn compare(
    bytes: &[u8],
    delimiter: u8,
    max_field: usize,
    batch: usize,
) -> Result<&'static str, String> {
    let options = Options {
        delimiter: Some(delimiter),
        max_field,
        batch,
        ..Options::default()
    };
    let read = read_all(bytes, options);
    check_any(&Expected::all(bytes, delimiter, max_field), &read)
}

/// Holds a reading against several that may be expected.
pub(crate) fn check_any(
    candidates: &[Expected],
    read: &Result<Records, Error>,
) -> Result<&'static str, String> {
    let checked: Vec<_> = candidates.iter().map(|one| one.check(read)).collect();
    let fit = checked.iter().find_map(|checked| checked.as_ref().ok());
    fit.copied().ok_or_else(|| format!("{checked:?}"))
}

/// The length of a first line that names the delimiter; 0 if there is none.
fn sep_line(text: &[u8]) -> usize {
    let Some(end) = text.iter().position(|byte| b"\r\n".contains(byte)) else {
        return 0;
    };
    let line = String::from_utf8_lossy(&text[..end]).to_lowercase();
    let delimiters = [",", ";", "\t", "|", ":", "^", "~", "#", "!", "/"];
    let names = delimiters.iter().any(|delimiter| {
        let named = [format!("sep={delimiter}"), format!("\"sep={delimiter}\"")];
        let behind = named
            .iter()
            .find_map(|named| line.strip_prefix(named.as_str()));
        behind.is_some_and(|behind| behind.replace([' '], "").replace(delimiter, "").is_empty())
    });
    match names && end < 79 {
        true => end + line_end(text, end),
        false => 0,
    }
}

/// Records with what is beside plain CSV taken off: the empty fields behind the last column, so
/// that these widths are left, and `="` and `"` around a text.
fn without_quirks(records: Records, widths: &[usize]) -> Records {
    let mut records = records;
    for (fields, width) in records.iter_mut().zip(widths) {
        fields.truncate(*width);
    }
    for field in records.iter_mut().flatten() {
        let text = String::from_utf8(field.clone()).unwrap();
        let inner = text
            .strip_prefix("=\"")
            .and_then(|text| text.strip_suffix('"'));
        let Some(inner) = inner else { continue };
        // Pairs of quotes stand for one each; a quote alone ends the text.
        if !inner.replace("\"\"", "").contains('"') {
            *field = inner.replace("\"\"", "\"").into_bytes();
        }
    }
    records
}

/// The content of a field: quotes taken off, doubled ones undone.
fn content(raw: &[u8]) -> Vec<u8> {
    if raw.first() != Some(&b'"') {
        return raw.to_vec();
    }
    let (mut content, mut at) = (Vec::new(), 1);
    while at < raw.len() - 1 {
        content.push(raw[at]);
        at += if raw[at] == b'"' { 2 } else { 1 };
    }
    content
}

/// Reads a text with the `csv` crate. Making a reader costs far more than reading a short text, so
/// each thread has one for each delimiter and puts the next text under it.
fn read_by_csv_crate(text: &[u8], delimiter: u8) -> Records {
    thread_local! {
        static READERS: RefCell<BTreeMap<u8, csv::Reader<Cursor<Vec<u8>>>>> =
            const { RefCell::new(BTreeMap::new()) };
    }
    READERS.with_borrow_mut(|readers| {
        let reader = readers.entry(delimiter).or_insert_with(|| {
            csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .delimiter(delimiter)
                .from_reader(Cursor::default())
        });
        // The crate takes one mark off; this one is its own, so that a second one stays text.
        let mark = b"\xEF\xBB\xBF".as_slice();
        // The first seek looks for a header, which must be in the text before.
        reader
            .seek_raw(SeekFrom::Start(0), Position::new())
            .unwrap();
        *reader.get_mut() = Cursor::new([mark, text].concat());
        reader
            .seek_raw(SeekFrom::Start(0), Position::new())
            .unwrap();
        let records = reader.byte_records();
        let fields = |record: csv::ByteRecord| record.iter().map(<[u8]>::to_vec).collect();
        records.map(|record| fields(record.unwrap())).collect()
    })
}

/// The fields of a text, and whether and why it is to be refused for them.
fn structure(text: &[u8], above: usize, delimiter: u8, max_field: usize) -> Structure {
    let mut found = Structure::default();
    let (mut record, mut line) = (0_u64, if above > 0 { 2 } else { 1_u64 });
    let mut width = 0;
    let mut blank: Option<u64> = None;
    let mut at = above;
    while at < text.len() {
        if text[at] == b'\n' || text[at] == b'\r' {
            // Behind the header of a one-column file a blank line is an empty row, or none.
            if record > 0 && blank.is_none() {
                blank = Some(line);
            }
            at += line_end(text, at);
            line += 1;
            continue;
        }
        if let (1, Some(blank)) = (width, blank) {
            found.reasons.insert(("blank_line", record, blank));
        }
        blank = None;
        let start = at;
        let mut fields: Vec<Field> = Vec::new();
        let mut refused = None;
        loop {
            let (from, first_line) = (at, line);
            let quoted = text.get(at) == Some(&b'"');
            if quoted {
                at += 1;
                loop {
                    match (text.get(at), text.get(at + 1)) {
                        (None, _) => {
                            refused = Some("unclosed_quote");
                            break;
                        }
                        (Some(b'"'), Some(b'"')) => at += 2,
                        (Some(b'"'), _) => {
                            at += 1;
                            break;
                        }
                        (Some(b'\n' | b'\r'), _) => {
                            at += line_end(text, at);
                            line += 1;
                        }
                        _ => at += 1,
                    }
                }
                if refused.is_none()
                    && at < text.len()
                    && ![delimiter, b'\n', b'\r'].contains(&text[at])
                {
                    refused = Some("text_after_quote");
                }
            } else {
                while at < text.len() && ![delimiter, b'\n', b'\r'].contains(&text[at]) {
                    at += 1;
                }
            }
            let raw = text[from..at].to_vec();
            if raw.contains(&0) {
                found.reasons.insert(("nul", record, first_line));
            }
            if raw.len() > max_field {
                found.reasons.insert(("field_too_long", record, first_line));
            }
            let before = text[start..from].to_vec();
            fields.push(Field {
                start: from,
                raw,
                line: first_line,
                before,
            });
            if let Some(reason) = refused {
                // Whoever reads piece by piece may meet the limit before what breaks the quoting.
                if text.len() - from > max_field {
                    found.reasons.insert(("field_too_long", record, first_line));
                }
                found.reasons.insert((reason, record, first_line));
                found.records.push(fields);
                return found;
            }
            match text.get(at) {
                Some(byte) if *byte == delimiter => at += 1,
                _ => break,
            }
        }
        if record == 0 {
            width = fields.len();
        }
        let behind = &text[start..at];
        if record == 1 && fields.len() > width {
            let more = &fields[width..];
            if more.iter().all(|field| field.raw.is_empty()) {
                found.trailing = more.len();
            }
        }
        if record == 1 && fields.len() != width && found.trailing == 0 {
            let breaks = |field: &&Field| field.raw.iter().any(|byte| b"\r\n".contains(byte));
            for field in found.records[0].iter().filter(breaks) {
                found.reasons.insert(("line_break_in_name", 0, field.line));
            }
        }
        if record > 0 && found.trailing > 0 && fields.len() == width {
            found
                .reasons
                .insert(("trailing_delimiters", record, fields[0].line));
        }
        let of_row = if record > 0 { found.trailing } else { 0 };
        for field in &fields {
            if merges(field, behind, width + of_row, delimiter) {
                found.reasons.insert(("merged_rows", record, field.line));
            }
            let breaks = field.raw.iter().any(|byte| b"\r\n".contains(byte));
            if record == 0 && breaks && field.raw.contains(&delimiter) {
                found
                    .reasons
                    .insert(("line_break_in_name", record, field.line));
            }
            let quotes = field.raw.iter().filter(|byte| **byte == b'"').count();
            if field.raw.starts_with(b"=\"") && quotes % 2 == 1 {
                found.reasons.insert(("cut_formula", record, field.line));
            }
        }
        if at < text.len() {
            at += line_end(text, at);
            line += 1;
        }
        found.records.push(fields);
        record += 1;
    }
    if record == 0 {
        found.reasons.insert(("empty", 0, 0));
    }
    found
}

/// The bytes of the line end at `at`: two for CRLF.
fn line_end(text: &[u8], at: usize) -> usize {
    if text[at..].starts_with(b"\r\n") {
        2
    } else {
        1
    }
}

/// Whether a quoted field of several lines may be rows merged by stray quotes: a line inside it is
/// a row of the header's width, or the two lines that it joins would each be one.
fn merges(field: &Field, record: &[u8], width: usize, delimiter: u8) -> bool {
    let is_break = |byte: &u8| *byte == b'\n' || *byte == b'\r';
    let Some(inner) = field
        .raw
        .strip_prefix(b"\"")
        .and_then(|raw| raw.strip_suffix(b"\""))
    else {
        return false;
    };
    if !inner.iter().any(is_break) {
        return false;
    }
    let delimiters = |text: &[u8]| text.iter().filter(|byte| **byte == delimiter).count();
    let lines: Vec<&[u8]> = inner.split(is_break).collect();
    if lines
        .iter()
        .any(|line| !line.is_empty() && delimiters(line) + 1 == width)
    {
        return true;
    }
    let behind = &record[field.before.len() + field.raw.len()..];
    let first = field.before.rsplit(is_break).next().unwrap();
    let last = behind.split(is_break).next().unwrap();
    delimiters(first) + delimiters(lines[0]) + 1 == width
        && delimiters(last) + delimiters(lines[lines.len() - 1]) + 1 == width
}
