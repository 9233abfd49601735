//! XML, one piece at a time.

use std::borrow::Cow;
use std::io::BufReader;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::container::Part;
use super::error::WorkbookError;

/// The bytes that are expanded at once.
const PIECE: usize = 64 << 10;

/// A part as XML. An empty element comes as its start and its end.
pub(super) struct Xml {
    reader: Reader<BufReader<Part>>,
    buffer: Vec<u8>,
}

impl Xml {
    pub(super) fn new(part: Part) -> Self {
        let mut reader = Reader::from_reader(BufReader::with_capacity(PIECE, part));
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            buffer: Vec::new(),
        }
    }

    /// The next piece.
    pub(super) fn next(&mut self) -> Result<Event<'_>, WorkbookError> {
        self.buffer.clear();
        self.reader.get_mut().get_mut().allow_piece();
        match self.reader.read_event_into(&mut self.buffer) {
            // A document type may define names for texts, which no workbook does.
            Ok(Event::DocType(_)) => Err(WorkbookError::damaged(fixed!(
                "a part of it has a document type"
            ))),
            Ok(event) => Ok(event),
            Err(error) => Err(refused(&error)),
        }
    }

    /// Goes behind the end of the element whose start was given last.
    pub(super) fn skip(&mut self) -> Result<(), WorkbookError> {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next()? {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                Event::Eof => return Err(ended()),
                _ => {}
            }
        }
        Ok(())
    }

    /// Appends the text of the element whose start was given last, and goes behind its end.
    pub(super) fn text(&mut self, out: &mut String) -> Result<(), WorkbookError> {
        loop {
            match self.next()? {
                Event::Text(text) => out.push_str(&text.xml10_content()),
                Event::CData(text) => out.push_str(&text.xml10_content()),
                Event::GeneralRef(name) => {
                    let resolved = match name.resolve_char_ref() {
                        Ok(Some(c)) => Some(c),
                        Ok(None) => predefined(&name.xml10_content()),
                        Err(_) => None,
                    };
                    let unknown =
                        || WorkbookError::damaged(fixed!("a text has a name that XML lacks"));
                    out.push(resolved.ok_or_else(unknown)?);
                }
                Event::End(_) => return Ok(()),
                Event::Start(_) => self.skip()?,
                Event::Eof => return Err(ended()),
                _ => {}
            }
        }
    }
}

/// The texts that XML itself has names for.
fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

fn refused(error: &quick_xml::Error) -> WorkbookError {
    if let quick_xml::Error::Io(error) = error
        && let Some(inner) = error.get_ref()
    {
        return match inner.downcast_ref::<WorkbookError>() {
            Some(known) => known.clone(),
            None => WorkbookError::damaged(fixed!("a part of it cannot be read")),
        };
    }
    WorkbookError::damaged(fixed!("a part of it is no well-formed XML in UTF-8"))
}

pub(super) fn ended() -> WorkbookError {
    WorkbookError::damaged(fixed!("a part of it ends too early"))
}

/// The value of an attribute.
pub(super) fn attribute<'a>(
    element: &'a BytesStart<'_>,
    name: &str,
) -> Result<Option<Cow<'a, str>>, WorkbookError> {
    let damaged = || WorkbookError::damaged(fixed!("an attribute in it cannot be read"));
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| damaged())?;
        if attribute.key.as_ref() == name {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            return Ok(Some(value.map_err(|_| damaged())?));
        }
    }
    Ok(None)
}

/// The value of an attribute that has a prefix, such as `r:id`, whatever the prefix is.
pub(super) fn prefixed(
    element: &BytesStart<'_>,
    name: &str,
) -> Result<Option<String>, WorkbookError> {
    let damaged = || WorkbookError::damaged(fixed!("an attribute in it cannot be read"));
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| damaged())?;
        let key = attribute.key.as_ref().split_once(':');
        if key.is_some_and(|(prefix, local)| prefix != "xmlns" && local == name) {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            return Ok(Some(value.map_err(|_| damaged())?.into_owned()));
        }
    }
    Ok(None)
}

/// Whether a switch is on.
pub(super) fn is_on(value: Option<&str>) -> bool {
    matches!(value, Some("1" | "true" | "on"))
}
