//! The formats that cells name by number.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::container::Container;
use super::error::WorkbookError;
use super::format::{self, Format};
use super::xml::{Xml, attribute, ended};

/// The most bytes of the part that holds them, expanded.
const MOST: u64 = 64 << 20;

/// The formats of cells, by the number that a cell says.
#[derive(Default)]
pub(super) struct Styles {
    formats: Vec<Format>,
    /// There is no part that says them: a cell has none.
    is_missing: bool,
}

impl Styles {
    /// Reads them all.
    pub(super) fn read(container: &mut Container, name: &str) -> Result<Self, WorkbookError> {
        let mut styles = Self::default();
        let Some(part) = container.part(name, fixed!("its list of formats"), MOST)? else {
            styles.is_missing = true;
            return Ok(styles);
        };
        let mut xml = Xml::new(part);
        let mut codes: HashMap<u32, Format> = HashMap::new();
        let mut numbers = Vec::new();
        // The same elements stand in other places too, for other uses.
        let mut path: Vec<String> = Vec::new();
        loop {
            match xml.next()? {
                Event::Start(element) => {
                    let name = element.local_name().as_ref().to_owned();
                    let number = attribute(&element, "numFmtId")?;
                    let number = number.and_then(|number| number.parse::<u32>().ok());
                    match (path.last().map(String::as_str), name.as_str()) {
                        (Some("numFmts"), "numFmt") => {
                            let code = attribute(&element, "formatCode")?.unwrap_or_default();
                            codes.extend(number.map(|number| (number, Format::new(&code))));
                        }
                        (Some("cellXfs"), "xf") => numbers.push(number.unwrap_or(0)),
                        _ => {}
                    }
                    path.push(name);
                }
                Event::End(_) => {
                    path.pop();
                }
                Event::Eof if !path.is_empty() => return Err(ended()),
                Event::Eof => break,
                _ => {}
            }
        }
        let formats = numbers.iter().map(|number| match codes.get(number) {
            Some(format) => format.clone(),
            None => format::builtin(*number).map_or_else(Format::default, Format::new),
        });
        styles.formats = formats.collect();
        Ok(styles)
    }

    /// The format of that number, from 0.
    pub(super) fn get(&self, number: usize) -> Option<&Format> {
        const NONE: &Format = &Format::NONE;
        match self.formats.get(number) {
            None if self.is_missing || number == 0 => Some(NONE),
            format => format,
        }
    }
}
