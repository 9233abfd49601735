//! Cohorts as bytes: numbers in little-endian order, each list behind its length.

use super::{Cohorts, Group, Labels, Tags, Unit};

impl Cohorts {
    /// Appends all of it.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let number = |number: usize, out: &mut Vec<u8>| {
            out.extend_from_slice(&(number as u32).to_le_bytes());
        };
        number(self.columns.len(), out);
        for labels in &self.columns {
            number(labels.texts.len(), out);
            for text in &labels.texts {
                number(text.len(), out);
                out.extend_from_slice(text);
            }
        }
        number(self.groups.len(), out);
        for group in &self.groups {
            for label in &group.labels {
                out.extend_from_slice(&label.to_le_bytes());
            }
            out.extend_from_slice(&group.loss.to_le_bytes());
        }
        number(self.units.len(), out);
        for unit in &self.units {
            for tag in [unit.tags.row, unit.tags.person, unit.tags.others] {
                out.extend_from_slice(&tag.to_le_bytes());
            }
            out.extend_from_slice(&unit.group.to_le_bytes());
            out.extend_from_slice(&unit.rows.to_le_bytes());
        }
    }

    /// What these bytes say, if it was written so.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes);
        let mut columns = Vec::new();
        for _ in 0..bytes.number()? {
            let mut labels = Labels::default();
            for _ in 0..bytes.number()? {
                let length = bytes.number()? as usize;
                labels.code(bytes.some(length)?);
            }
            columns.push(labels);
        }
        let mut groups = Vec::new();
        for _ in 0..bytes.number()? {
            let labels: Option<Vec<u32>> = columns
                .iter()
                .map(|known| {
                    let label = bytes.number()?;
                    ((label as usize) < known.texts.len()).then_some(label)
                })
                .collect();
            groups.push(Group {
                labels: labels?.into_boxed_slice(),
                loss: f32::from_le_bytes(bytes.array()?),
            });
        }
        let mut units = Vec::new();
        for _ in 0..bytes.number()? {
            let mut tag = || Some(u64::from_le_bytes(bytes.array()?));
            let (row, person, others) = (tag()?, tag()?, tag()?);
            let (group, rows) = (bytes.number()?, bytes.number()?);
            groups.get(group as usize)?;
            units.push(Unit {
                tags: Tags {
                    row,
                    person,
                    others,
                },
                group,
                rows,
            });
        }
        bytes.0.is_empty().then_some(Self {
            columns,
            groups,
            units,
        })
    }
}

/// Bytes that are still to be read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn some(&mut self, length: usize) -> Option<&'a [u8]> {
        let (some, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(some)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.some(N)?.try_into().ok()
    }

    fn number(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }
}
