//! The texts that cells share.

use quick_xml::events::Event;

use super::container::Container;
use super::error::WorkbookError;
use super::xml::{Xml, ended};

/// The most bytes of the part that holds them, expanded: they are kept in memory.
const MOST: u64 = 1 << 30;

/// The texts that cells share, one behind the other.
#[derive(Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    /// Reads them all; there are none without the part.
    pub(super) fn read(container: &mut Container, name: &str) -> Result<Self, WorkbookError> {
        let mut strings = Self::default();
        let Some(part) = container.part(name, fixed!("its list of texts"), MOST)? else {
            return Ok(strings);
        };
        let mut xml = Xml::new(part);
        let mut text = String::new();
        let mut depth = 0_usize;
        loop {
            match xml.next()? {
                Event::Start(element) if element.local_name().as_ref() == "si" => {
                    text.clear();
                    rich_text(&mut xml, &mut text)?;
                    unescape(&text, &mut strings.text);
                    strings.ends.push(strings.text.len());
                }
                Event::Start(_) => depth += 1,
                Event::End(_) => depth = depth.saturating_sub(1),
                Event::Eof if depth > 0 => return Err(ended()),
                Event::Eof => return Ok(strings),
                _ => {}
            }
        }
    }

    /// The text of that number, from 0.
    pub(super) fn get(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)?;
        let start = match number.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..end)
    }
}

/// Appends the text of an element whose start was given last: its runs one behind the other, without
/// what only says how it is pronounced.
pub(super) fn rich_text(xml: &mut Xml, out: &mut String) -> Result<(), WorkbookError> {
    let mut depth = 1_usize;
    while depth > 0 {
        match xml.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "t" => xml.text(out)?,
                "rPh" => xml.skip()?,
                _ => depth += 1,
            },
            Event::End(_) => depth -= 1,
            Event::Eof => return Err(ended()),
            _ => {}
        }
    }
    Ok(())
}

/// Appends a text, with each `_x000D_` turned into the character that it stands for.
pub(super) fn unescape(text: &str, out: &mut String) {
    // Hardly any text has one.
    if memchr::memchr(b'_', text.as_bytes()).is_none() {
        out.push_str(text);
        return;
    }
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("_x") {
        out.push_str(before);
        match escaped(behind) {
            Some((c, behind)) => {
                out.push(c);
                rest = behind;
            }
            None => {
                out.push_str("_x");
                rest = behind;
            }
        }
    }
    out.push_str(rest);
}

/// The character that `000D_` stands for, and what follows it.
fn escaped(text: &str) -> Option<(char, &str)> {
    let (digits, behind) = text.split_once('_')?;
    let is_code = digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let code = u32::from_str_radix(digits, 16).ok().filter(|_| is_code)?;
    Some((char::from_u32(code)?, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_characters_are_turned_back() {
        for (text, expected) in [
            ("", ""),
            ("rue des Lilas", "rue des Lilas"),
            ("a_x000D_\nb", "a\r\nb"),
            ("_x0041__x0042_", "AB"),
            ("_x005F_x000D_", "_x000D_"),
            ("_x000", "_x000"),
            ("_x00G0_", "_x00G0_"),
            ("_x+041_", "_x+041_"),
            ("_xD83D__xDE00_", "_xD83D__xDE00_"),
            ("fin_x", "fin_x"),
            ("_x_x0041_", "_xA"),
        ] {
            let mut out = String::new();
            unescape(text, &mut out);
            assert_eq!(out, expected, "{text:?}");
        }
    }
}
