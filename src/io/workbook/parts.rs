//! Which part of a workbook is what: its sheets, its texts and its formats.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::container::Container;
use super::date::Epoch;
use super::error::WorkbookError;
use super::xml::{Xml, attribute, ended, is_on, prefixed};
use crate::base::lang::Fixed;
use crate::base::name::Shown;

/// The most bytes of a part that names others, expanded.
const MOST: u64 = 64 << 20;

/// What messages call such a part.
const WHAT: Fixed = fixed!("its list of parts");

/// A sheet of rows and columns.
pub(super) struct Sheet {
    pub(super) name: String,
    /// The name of its part.
    pub(super) part: String,
    pub(super) is_hidden: bool,
    position: usize,
}

impl Sheet {
    /// Its name as messages show it.
    pub(super) fn shown(&self) -> Shown {
        Shown::new(&self.name, self.position)
    }
}

/// The parts of a workbook.
pub(super) struct Parts {
    pub(super) sheets: Vec<Sheet>,
    pub(super) strings: String,
    pub(super) styles: String,
    pub(super) epoch: Epoch,
}

/// What a part is to another: the last word of the kind, and the name of the part.
struct Relation {
    kind: String,
    part: String,
}

impl Parts {
    pub(super) fn read(container: &mut Container) -> Result<Self, WorkbookError> {
        let workbook = workbook(container)?;
        let relations = relations(container, &workbook)?;
        let of_kind = |kind: &str| {
            let mut relations = relations.values();
            let relation = relations.find(|relation| relation.kind == kind);
            relation.map_or(String::new(), |relation| relation.part.clone())
        };
        let mut parts = Self {
            sheets: Vec::new(),
            strings: of_kind("sharedStrings"),
            styles: of_kind("styles"),
            epoch: Epoch::Of1900,
        };
        let missing = || WorkbookError::damaged(fixed!("its list of sheets cannot be found"));
        let part = container.part(&workbook, WHAT, MOST)?.ok_or_else(missing)?;
        let mut xml = Xml::new(part);
        let (mut depth, mut position) = (0_usize, 0);
        loop {
            match xml.next()? {
                Event::Start(element) => {
                    depth += 1;
                    match element.local_name().as_ref() {
                        "workbookPr" if is_on(attribute(&element, "date1904")?.as_deref()) => {
                            parts.epoch = Epoch::Of1904;
                        }
                        "sheet" => {
                            position += 1;
                            let relation = prefixed(&element, "id")?;
                            let relation = relation.and_then(|id| relations.get(&id));
                            let Some(relation) = relation else {
                                return Err(missing());
                            };
                            // A chart or a dialog has no rows.
                            if relation.kind == "worksheet" {
                                let name = attribute(&element, "name")?.unwrap_or_default();
                                let state = attribute(&element, "state")?;
                                parts.sheets.push(Sheet {
                                    name: name.into_owned(),
                                    part: relation.part.clone(),
                                    is_hidden: state.is_some_and(|state| state != "visible"),
                                    position,
                                });
                            }
                        }
                        _ => {}
                    }
                }
                Event::End(_) => depth = depth.saturating_sub(1),
                Event::Eof if depth > 0 => return Err(ended()),
                Event::Eof => return Ok(parts),
                _ => {}
            }
        }
    }
}

/// The part that lists the sheets.
pub(super) fn workbook(container: &mut Container) -> Result<String, WorkbookError> {
    let relations = relations(container, "")?;
    let mut relations = relations.into_values();
    let relation = relations.find(|relation| relation.kind == "officeDocument");
    Ok(relation.map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.part))
}

/// What other parts are to a part, by the names that it has for them; none if it says nothing of them.
fn relations(
    container: &mut Container,
    part: &str,
) -> Result<HashMap<String, Relation>, WorkbookError> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let path = format!("{folder}/_rels/{name}.rels");
    let mut relations = HashMap::new();
    let Some(part) = container.part(&path, WHAT, MOST)? else {
        return Ok(relations);
    };
    let mut xml = Xml::new(part);
    let mut depth = 0_usize;
    loop {
        match xml.next()? {
            Event::Start(element) => {
                depth += 1;
                if element.local_name().as_ref() != "Relationship" {
                    continue;
                }
                let value = |name| -> Result<String, WorkbookError> {
                    Ok(attribute(&element, name)?.unwrap_or_default().into_owned())
                };
                let kind = value("Type")?;
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                let part = resolved(folder, &value("Target")?);
                relations.insert(value("Id")?, Relation { kind, part });
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof if depth > 0 => return Err(ended()),
            Event::Eof => return Ok(relations),
            _ => {}
        }
    }
}

/// The name of a part that another one in `folder` calls `target`.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut steps: Vec<&str> = folder.split('/').collect();
    for step in target.split('/') {
        match step {
            "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.retain(|step| !step.is_empty());
    steps.join("/")
}
