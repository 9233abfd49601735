//! What may stand above the header: a line that names the delimiter, and lines of a title.

use super::MAX_COLUMNS;
use super::detect::DELIMITERS;
use super::scalar::{self, QUOTE, Role, State, step};

/// What says whether the names of a row are known as names of columns.
pub type Knows<'a> = dyn Fn(&[String]) -> bool + 'a;

/// How many lines may stand above the header, unless it is said.
const LINES: usize = 30;
/// How many rows below a header are looked at.
const ROWS: usize = 20;
/// No line that names the delimiter is longer.
pub(super) const SEP_LINE: usize = 80;

/// A first line such as `sep=;`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SepLine {
    pub(super) delimiter: u8,
    /// Its bytes, its line end included.
    pub(super) length: usize,
}

/// Reads a first line that names the delimiter, as spreadsheets do: `sep=;`, perhaps between
/// quotes, perhaps with delimiters behind it where a spreadsheet has filled the row.
pub(super) fn sep_line(text: &[u8]) -> Option<SepLine> {
    let length = line(text.get(..SEP_LINE).unwrap_or(text))?;
    let content = without_breaks(text.get(..length)?);
    let (delimiter, behind) = match content {
        [QUOTE, s, e, p, b'=', delimiter, QUOTE, behind @ ..] if is_sep([s, e, p]) => {
            (*delimiter, behind)
        }
        [s, e, p, b'=', delimiter, behind @ ..] if is_sep([s, e, p]) => (*delimiter, behind),
        _ => return None,
    };
    let allowed = DELIMITERS.contains(&delimiter) || b":^~#!/".contains(&delimiter);
    let is_filled = behind.iter().all(|byte| [delimiter, b' '].contains(byte));
    (allowed && is_filled).then_some(SepLine { delimiter, length })
}

/// Whether a text that goes on may begin with such a line.
pub(super) fn may_be_sep_line(text: &[u8]) -> bool {
    let start = text.strip_prefix(b"\"").unwrap_or(text);
    let (start, sep) = (start.iter().take(4), b"sep=".iter());
    let is_start = start
        .zip(sep)
        .all(|(byte, of_sep)| byte.to_ascii_lowercase() == *of_sep);
    is_start && text.len() < SEP_LINE && line(text).is_none()
}

fn is_sep(letters: [&u8; 3]) -> bool {
    letters.map(u8::to_ascii_lowercase) == *b"sep"
}

/// A line without its end.
fn without_breaks(line: &[u8]) -> &[u8] {
    let mut rest = line;
    while let [before @ .., b'\n' | b'\r'] = rest {
        rest = before;
    }
    rest
}

/// The bytes of the first line of `text`, its line end included; `None` if it does not end.
fn line(text: &[u8]) -> Option<usize> {
    let end = text.iter().position(|byte| matches!(byte, b'\n' | b'\r'))?;
    Some(match text.get(end..) {
        Some([b'\r', b'\n', ..]) => end + 2,
        _ => end + 1,
    })
}

/// The bytes of the first `count` lines of `text`; `None` if there are not so many.
pub(super) fn lines(text: &[u8], count: u64) -> Option<usize> {
    let mut begin = 0;
    for _ in 0..count {
        begin += line(text.get(begin..)?)?;
    }
    Some(begin)
}

/// Where the header begins below lines of a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Below {
    pub(super) begin: usize,
    pub(super) lines: u64,
}

/// Looks for a header below lines of a title in the text that `sample` begins: the first line
/// whose names are known and that is as wide as the rows below it, with nothing above it that could
/// be a row. `None` if the first line is the header, or none was found. `whole` tells that nothing follows
/// the sample.
pub(super) fn header_below(
    sample: &[u8],
    whole: bool,
    delimiter: Option<u8>,
    decode: &dyn Fn(&[u8]) -> String,
    knows: &Knows<'_>,
) -> Option<Below> {
    let candidates: Vec<u8> = delimiter.map_or(DELIMITERS.to_vec(), |delimiter| vec![delimiter]);
    let mut begin = 0;
    for lines in 0..=LINES as u64 {
        let text = sample.get(begin..)?;
        let length = line(text)?;
        if !without_breaks(text.get(..length)?).is_empty() {
            for &delimiter in &candidates {
                let Some(width) = header_width(text, whole, delimiter, decode, knows) else {
                    continue;
                };
                let above = sample.get(..begin)?;
                let is_title = above
                    .split(|byte| matches!(byte, b'\n' | b'\r'))
                    .all(|line| is_title(line, delimiter, width));
                return (lines > 0 && is_title).then_some(Below { begin, lines });
            }
        }
        begin += length;
    }
    None
}

/// The width of the header that `text` begins with, if it is one.
fn header_width(
    text: &[u8],
    whole: bool,
    delimiter: u8,
    decode: &dyn Fn(&[u8]) -> String,
    knows: &Knows<'_>,
) -> Option<usize> {
    let first = scalar::first_record(text, delimiter).ok()?;
    let cut = first.cut.filter(|_| first.fields <= MAX_COLUMNS)?;
    let fields = fields(text.get(..cut)?, delimiter);
    let width = fields.len();
    if width < 2 {
        return None;
    }
    let mut rest = text.get(cut..)?;
    let (mut rows, mut even) = (0, 0);
    while rows < ROWS {
        let Some(cut) = scalar::first_record(rest, delimiter).ok()?.cut else {
            break;
        };
        let row = self::fields(rest.get(..cut)?, delimiter);
        let behind = row.get(width..).unwrap_or_default();
        rows += 1;
        even += usize::from(row.len() >= width && behind.iter().all(|field| field.is_empty()));
        rest = rest.get(cut..)?;
    }
    let fits = match rows {
        0 => whole,
        _ => even * 2 > rows,
    };
    // Last, as it takes longest: most rows that are none are told by those below them.
    let names = || fields.iter().map(|field| decode(field)).collect::<Vec<_>>();
    (fits && knows(&names())).then_some(width)
}

/// Whether a line above a header of `width` names can be no row: hardly any of its cells is filled.
fn is_title(line: &[u8], delimiter: u8, width: usize) -> bool {
    let ended = [line, b"\n"].concat();
    let cells = match fields(&ended, delimiter) {
        // A quote in it is not closed.
        none if none.is_empty() => line.split(|byte| *byte == delimiter).collect(),
        cells => cells,
    };
    let filled = cells.iter();
    let filled = filled.filter(|cell| !matches!(cell.trim_ascii(), b"" | b"\"\""));
    let filled = filled.count();
    filled <= 1 || filled < width && filled * 2 <= width
}

/// The fields of the record in `text`, blank lines before it and its line end aside.
pub(super) fn fields(text: &[u8], delimiter: u8) -> Vec<&[u8]> {
    let (mut fields, mut state, mut start, mut blank) = (Vec::new(), State::FieldStart, 0, true);
    for (position, &byte) in text.iter().enumerate() {
        let (next, role) = step(state, byte, delimiter);
        state = next;
        match role {
            Role::LineEnd if blank => start = position + 1,
            Role::FieldEnd | Role::LineEnd => {
                fields.push(text.get(start..position).unwrap_or_default());
                start = position + 1;
                if role == Role::LineEnd {
                    return fields;
                }
                blank = false;
            }
            _ => blank = false,
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_names_the_delimiter_is_known() {
        for (text, expected) in [
            ("sep=;\r\na;b", Some((b';', 7))),
            ("sep=,\na,b", Some((b',', 6))),
            ("SEP=\t\r\n", Some((b'\t', 7))),
            ("Sep=|\ra|b", Some((b'|', 6))),
            ("\"sep=;\"\n", Some((b';', 8))),
            ("sep=;;;;\n", Some((b';', 9))),
            ("sep=; \n", Some((b';', 7))),
            ("sep=:\n", Some((b':', 6))),
            ("sep=\n", None),
            ("sep=a\n", None),
            ("sep=;nom\n", None),
            ("sep;x\n", None),
            ("separateur=;\n", None),
            ("nom;sep=;\n", None),
            ("sep=;", None),
            ("", None),
        ] {
            let found = sep_line(text.as_bytes()).map(|line| (line.delimiter, line.length));
            assert_eq!(found, expected, "{text:?}");
        }
    }

    /// Where the header is found, in lines; the names of the columns are nom, sexe and ville.
    fn found(text: &str) -> Option<u64> {
        let knows = |names: &[String]| {
            let known = names
                .iter()
                .filter(|name| ["nom", "sexe", "ville"].contains(&name.trim_matches('"')));
            known.count() * 3 >= names.len()
        };
        let decode = |field: &[u8]| String::from_utf8_lossy(field).into_owned();
        header_below(text.as_bytes(), true, None, &decode, &knows).map(|below| below.lines)
    }

    #[test]
    fn a_header_is_found_below_lines_of_a_title() {
        for (case, text, expected) in cases![
            "no title", "nom;sexe;ville\na;F;x\n", None;
            "one line", "Export\nnom;sexe;ville\na;F;x\n", Some(1);
            "two and a blank", "Export\nle 1er\n\nnom;sexe\na;F\n", Some(3);
            "blank first", "\nExport\nnom;sexe\na;F\n", Some(2);
            "CRLF", "Export\r\n\r\nnom;sexe\r\na;F\r\n", Some(2);
            "CR", "Export\rnom;sexe\ra;F\r", Some(1);
            "a quote in the title", "Le \"fichier\" \"x\nnom,sexe\na,F\n", Some(1);
            "filled by a spreadsheet", "Export;;\nnom;sexe;ville\na;F;x\n", Some(1);
            "filled, quoted", "\"Export\";\"\";\"\"\nnom;sexe;ville\na;F;x\n", Some(1);
            "another delimiter in it", "A, B, C et D\nnom;sexe;ville\na;F;x\n", Some(1);
            "a title of known words", "nom\nnom;sexe;ville\na;F;x\n", Some(1);
            "quoted names", "Export\n\"nom\",\"sexe\"\n\"a\",\"F\"\n", Some(1);
            "nothing below", "Export\nnom;sexe;ville\n", Some(1);
            "trailing delimiters below", "Export\nnom;sexe\na;F;\n", Some(1);
            "rows above", "a;F;x\nb;H;y\nnom;sexe;ville\na;F;x\n", None;
            "a row above", "Export\na;F;x\nnom;sexe;ville\na;F;x\n", None;
            "a short row above", "a;F\nnom;sexe;ville\na;F;x\n", None;
            "other rows below", "Export\nnom;sexe;ville\na\nb\nc\n", None;
            "unknown names", "Export\ncouleur;forme\na;b\n", None;
            "no header", "Export\na;F;x\n", None;
            "nothing", "", None;
        ] {
            assert_eq!(found(text), expected, "{case}");
        }
        let far = |lines: usize| format!("{}nom;sexe\na;F\n", "titre\n".repeat(lines));
        assert_eq!(found(&far(LINES)), Some(LINES as u64));
        assert_eq!(found(&far(LINES + 1)), None);
    }

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        for (count, expected) in [
            (0, Some(0)),
            (1, Some(3)),
            (2, Some(4)),
            (3, Some(6)),
            (4, None),
        ] {
            assert_eq!(lines(b"a\r\n\rb\nc", count), expected, "{count}");
        }
    }

    #[test]
    fn the_fields_of_a_record_are_split() {
        for (text, expected) in [
            ("a;b\n", &["a", "b"][..]),
            ("\r\na;;\"x;y\"\r\n", &["a", "", "\"x;y\""]),
            (";\n", &["", ""]),
            ("\"a\nb\"\n", &["\"a\nb\""]),
        ] {
            let found = fields(text.as_bytes(), b';');
            let expected: Vec<&[u8]> = expected.iter().map(|field| field.as_bytes()).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
