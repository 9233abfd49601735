//! What a cell may still tell of a person: one file per kind of identifier, and the one list of them.
//!
//! Rules work by column, and people type into the wrong one. So every kept cell is looked through
//! for what identifies somebody wherever it stands. Nearly all cells hold nothing of the kind, and
//! [`is_plain`] tells that in a few nanoseconds; only then do detectors read the cell.
//!
//! A checksum of one digit proves little: one number of nine digits in ten passes for a SIREN. So a
//! detector says of each [`Form`] it knows whether one find is proof or whether the column decides:
//! whether more of its distinct values are of the form than chance gives ([`Tally`]).
//!
//! To add a detector: write its file, add it to [`DETECTORS`] at the place of its precedence, and
//! add its cells to the labelled ones in `tests/detectors`.

mod address;
mod card;
mod chance;
mod checksum;
mod coordinates;
mod date;
mod email;
mod iban;
mod ip;
mod mask;
mod national_id;
mod nir;
mod normalise;
mod person_name;
mod phone;
mod plate;
mod prefilter;
mod rib;
mod sample;
mod set;
mod siren;
mod siret;
mod tally;
#[cfg(test)]
mod testing;
mod text;
mod url;
mod vat;

use crate::base::lang::Fixed;
use std::ops::Range;

use prefilter::Needs;
use tally::form;
use text::Text;

pub use mask::Masker;
pub(crate) use normalise::detect_known;
pub use normalise::{Normaliser, detect_disguised};
pub(crate) use prefilter::fact;
pub use prefilter::{Facts, is_plain};
pub use sample::Value;
pub use set::Detectors;
pub use tally::Tally;

/// Every detector, in the order of precedence: of two finds that overlap, the one of the earlier
/// detector stands. Long and specific kinds come first, because shorter ones may lie inside them.
pub static DETECTORS: &[&Detector] = &[
    &url::DETECTOR,
    &email::DETECTOR,
    &iban::DETECTOR,
    &rib::DETECTOR,
    &vat::DETECTOR,
    &national_id::DETECTOR,
    &nir::DETECTOR,
    &address::DETECTOR,
    &coordinates::DETECTOR,
    &ip::DETECTOR,
    &date::DETECTOR,
    &phone::DETECTOR,
    &siret::DETECTOR,
    &card::DETECTOR,
    &siren::DETECTOR,
    &plate::DETECTOR,
    &person_name::DETECTOR,
];

/// The most forms a detector may have.
const FORMS: usize = 8;

/// The most detectors there may be.
const PLACES: usize = 32;

/// A detector as the list shows it.
#[derive(Debug)]
pub struct Detector {
    /// Its name, which also stands for a masked find: `[email]`.
    pub name: &'static str,
    /// What messages call it: its name in English, a title in other languages.
    pub title: Fixed,
    /// One line of documentation.
    pub summary: &'static str,
    /// What proves a find beyond its shape; `–` if nothing does.
    pub checksum: &'static str,
    /// The forms it knows; a [`Finding`] tells which of them by its place here.
    pub forms: &'static [Form],
    /// What a cell must have for the detector to look at it at all: all that one of these says.
    needs: &'static [Needs],
    /// Reports all there is in a cell, from the left.
    find: fn(Text<'_>, &mut Finder<'_>),
}

/// One way to write an identifier, as far as it matters for how much a find proves.
#[derive(Debug)]
pub struct Form {
    /// A few words: `15 digits in a row`.
    pub name: &'static str,
    /// What a find proves.
    pub strength: Strength,
    /// The probability that a random text of the same shape passes for the form. Nothing where one
    /// find is proof, and where every text of the shape is of the form, so that finds prove nothing
    /// against chance.
    pub chance: Option<f64>,
}

impl Form {
    /// A form of which one find is proof.
    const fn certain(name: &'static str) -> Self {
        Self {
            name,
            strength: Strength::Certain,
            chance: None,
        }
    }

    /// A form that a column proves where more than `over_percent` of its lookalikes are finds.
    const fn weak(name: &'static str, over_percent: u8, chance: f64) -> Self {
        Self {
            name,
            strength: Strength::Weak {
                over_percent,
                of: ShareOf::Lookalikes,
                at_least: 1,
            },
            chance: Some(chance),
        }
    }

    /// A form that a column proves where more than half of its cells are `at_least` finds.
    const fn of_most_cells(name: &'static str, at_least: u64) -> Self {
        Self {
            name,
            strength: Strength::Weak {
                over_percent: 50,
                of: ShareOf::Cells,
                at_least,
            },
            chance: None,
        }
    }
}

/// How much a single find proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// One find is an identifier.
    Certain,
    /// The column decides: its finds count as identifiers when both conditions hold.
    Weak {
        /// More than this percentage of what is compared are finds.
        over_percent: u8,
        /// What they are compared with.
        of: ShareOf,
        /// The column has at least as many cells with a find.
        at_least: u64,
    },
}

/// What the finds of a weak form are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareOf {
    /// All cells with a text of the same shape, right or wrong: one stray identifier among words is
    /// then seen, and a column of numbers that pass by chance is not.
    Lookalikes,
    /// All cells that are not missing.
    Cells,
}

/// Something that a detector found in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The detector's place in [`DETECTORS`].
    pub detector: u8,
    /// The place in its [`Detector::forms`].
    pub form: u8,
    /// Whether the find is of the form; else it only looks like it, and is there to be counted.
    pub hit: bool,
    /// Whether the find speaks for the form in a column's tally. A hit that does not is of the form
    /// only where others prove it.
    pub evidence: bool,
    /// Whether it speaks against the column being of the form: hardly any such column has it.
    pub contrary: bool,
    /// Whether a hit of a later detector takes its place: hardly anything proves it.
    pub yields: bool,
    /// One of 64 marks, by the part of the find that differs from one person to the next, such as a
    /// plate's letters. Finds that all have the same mark are rather codes of one series.
    pub mark: Option<u8>,
    /// What it is, to tell repetitions from draws.
    pub value: Value,
    /// Where it lies in the cell, in bytes, on boundaries of characters.
    pub range: Range<usize>,
}

impl Finding {
    /// Whether this find alone proves an identifier.
    pub fn is_certain(&self) -> bool {
        let detector = DETECTORS.get(usize::from(self.detector));
        let form = detector.and_then(|detector| detector.forms.get(usize::from(self.form)));
        self.hit && form.is_some_and(|form| form.strength == Strength::Certain)
    }
}

/// Replaces what `found` holds by all finds of the `wanted` detectors in `cell`, which is UTF-8.
///
/// Hits do not overlap (see [`DETECTORS`] for the precedence); they come detector by detector.
#[inline]
pub fn detect(cell: &[u8], wanted: Detectors, found: &mut Vec<Finding>) {
    found.clear();
    if !is_plain(cell) {
        read(cell, Facts::of(cell), wanted, found);
    }
}

/// [`detect`] in a cell with these facts; and whether it is one word with a capital that is a name, or looks like
/// one. That says little by itself, so that only who decides by column asks for it.
fn detect_word(cell: &[u8], facts: Facts, wanted: Detectors, found: &mut Vec<Finding>) {
    found.clear();
    if !is_plain(cell) {
        read(cell, facts, wanted, found);
    }
    let place = DETECTORS.len().saturating_sub(1);
    let may_be = facts.digits == 0 && facts.has(fact::CAPITAL) && wanted.has(place);
    if let (true, Ok(detector)) = (may_be, u8::try_from(place))
        && person_name::alone(
            cell,
            &mut Finder {
                detector,
                facts,
                found,
            },
        )
        && let Some(last) = found.last_mut()
    {
        set_values(cell, std::slice::from_mut(last));
    }
}

#[inline(never)]
fn read(cell: &[u8], facts: Facts, wanted: Detectors, found: &mut Vec<Finding>) {
    let mut places = prefilter::may_find(&facts).0 & wanted.0;
    while places != 0 {
        let place = places.trailing_zeros();
        places &= places - 1;
        let (Some(detector), Ok(place)) = (DETECTORS.get(place as usize), u8::try_from(place))
        else {
            break;
        };
        if detector.needs.iter().any(|needs| needs.met_by(&facts)) {
            let mut finder = Finder {
                detector: place,
                facts,
                found,
            };
            (detector.find)(Text(cell), &mut finder);
        }
    }
    if !found.is_empty() {
        set_values(cell, found);
    }
}

/// Notes what each find in the cell is.
fn set_values(cell: &[u8], found: &mut [Finding]) {
    let mut last = (0..0, Value::of(&[]));
    for finding in found {
        // Only chance is reckoned by distinct values.
        let form = form(finding.detector.into(), finding.form.into());
        if form.is_none_or(|form| form.chance.is_none()) {
            continue;
        }
        // Several detectors find the same number.
        if last.0 != finding.range {
            let text = cell.get(finding.range.clone());
            last = (finding.range.clone(), Value::of(text.unwrap_or_default()));
        }
        finding.value = last.1;
    }
}

/// Where a detector puts what it finds.
struct Finder<'a> {
    detector: u8,
    /// What is in the cell.
    facts: Facts,
    found: &'a mut Vec<Finding>,
}

impl Finder<'_> {
    /// Reports an identifier of the form, unless it overlaps one that has precedence.
    fn hit(&mut self, form: u8, range: Range<usize>) {
        self.add(Finding {
            hit: true,
            evidence: true,
            ..self.finding(form, range)
        });
    }

    /// Reports an identifier of the form if finds of the column differ in the `varying` part of it.
    fn hit_if_varied(&mut self, form: u8, varying: &[u8], range: Range<usize>) {
        self.add(Finding {
            hit: true,
            evidence: true,
            mark: Some(mark(varying)),
            ..self.finding(form, range)
        });
    }

    /// Reports what hardly has more than the length of an identifier; a hit of any other detector
    /// takes its place. It counts if finds of the column differ in the `varying` part.
    fn hit_if_nothing_else(&mut self, form: u8, varying: Option<&[u8]>, range: Range<usize>) {
        self.add(Finding {
            hit: true,
            evidence: varying.is_some(),
            yields: true,
            mark: varying.map(mark),
            ..self.finding(form, range)
        });
    }

    /// Reports what is an identifier if others in the column are, but counts as a lookalike.
    fn hit_among_others(&mut self, form: u8, range: Range<usize>) {
        self.add(Finding {
            hit: true,
            ..self.finding(form, range)
        });
    }

    /// Reports what has the shape of the form but is not of it, unless it is known to be of another.
    fn lookalike(&mut self, form: u8, range: Range<usize>) {
        self.add(self.finding(form, range));
    }

    /// Reports what has the shape of the form and what hardly any column of it has.
    fn contrary(&mut self, form: u8, range: Range<usize>) {
        self.add(Finding {
            contrary: true,
            ..self.finding(form, range)
        });
    }

    /// What only looks like the form.
    fn finding(&self, form: u8, range: Range<usize>) -> Finding {
        Finding {
            detector: self.detector,
            form,
            hit: false,
            evidence: false,
            contrary: false,
            yields: false,
            mark: None,
            value: Value::default(),
            range,
        }
    }

    fn add(&mut self, finding: Finding) {
        let range = &finding.range;
        let overlaps =
            |other: &Finding| other.range.start < range.end && range.start < other.range.end;
        let stands =
            |other: &Finding| other.hit && overlaps(other) && (finding.yields || !other.yields);
        if !self.found.iter().any(stands) {
            // What is known to be one kind does not speak against a column being of another.
            if finding.hit {
                self.found.retain(|other| !overlaps(other));
            }
            self.found.push(finding);
        }
    }
}

/// One of 64 marks for a text (FNV-1a, its high bits).
fn mark(text: &[u8]) -> u8 {
    let hash = text.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58) as u8
}

#[cfg(test)]
mod tests;
