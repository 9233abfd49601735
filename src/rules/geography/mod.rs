//! Where a French postal code lies and how many people live there, to make it coarser by: postal
//! code → département → region.
//!
//! The first two digits do not tell the département: 94390 lies in Essonne, and 16 codes lie in
//! two. So the program carries a table, 24 kB in two files beside this one, made by `rebuild.py`
//! from the npm package `@etalab/decoupage-administratif` 6.0.0 (code MIT, data Licence Ouverte):
//! INSEE's official geographic code of 2026, the populations in force that year (the census of 1
//! January 2023; for the overseas collectivities the latest there was), and La Poste's codes.
//!
//! * The population of a code is the sum over its communes. A commune of several codes, such as
//!   Toulouse, adds an equal share to each: which of its people live under which is published
//!   nowhere. Paris, Lyon and Marseille are counted by arrondissement.
//! * A code in two départements belongs to the one where more of its people live (48250: 741 in
//!   Lozère, 111 in Ardèche).
//! * A code that the table does not have, such as those of CEDEX, belongs to the département of its
//!   first two digits, or three where these are 97 or 98; Corsica's 200, 201 and 207 to
//!   Corse-du-Sud, the rest of 20 to Haute-Corse. Its population is unknown.
//!
//! The table is read when it is first asked for.

use std::sync::LazyLock;

/// A département, an overseas collectivity that has postal codes, or Monaco.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departement {
    /// INSEE's code: `07`, `2A`, `971`. Monaco, which has none, goes by `980`.
    pub code: &'static str,
    /// `Ardèche`.
    pub name: &'static str,
    /// What stands for it, and for every postal code in it, in a table: `07 Ardèche`. No postal code
    /// or region reads like that, no spreadsheet takes it for a number or, like `07***`, for a
    /// pattern, and it never needs quotes.
    pub label: &'static str,
    /// The region that it lies in.
    pub region: Region,
}

/// A region. What has none, such as Saint-Martin, is one by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// INSEE's code, `84`: not to be shown without the name, since it could be a département.
    pub code: &'static str,
    /// `Auvergne-Rhône-Alpes`, and what stands for it in a table. It never needs quotes.
    pub name: &'static str,
}

/// A postal code of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostalCode {
    /// The département of most of its people.
    pub departement: &'static Departement,
    /// The other one, of the few codes that lie in two; none lies in three.
    pub other_departement: Option<&'static Departement>,
    /// The people who live there, rounded down.
    pub population: u32,
}

/// What the table has on a postal code; nothing if it is not five ASCII digits or not in the table.
pub fn lookup(code: impl AsRef<[u8]>) -> Option<&'static PostalCode> {
    let number = number(code.as_ref())?;
    let place = usize::from(*TABLE.places.get(number)?);
    TABLE.codes.get(place.checked_sub(1)?)
}

/// Whether these are five digits that the table has, or Monaco's, which La Poste's own list has too
/// but INSEE's communes do not.
#[inline]
pub fn is_postal_code(code: &[u8; 5]) -> bool {
    let mut number = 0_u32;
    let mut others = false;
    for byte in code {
        let digit = byte.wrapping_sub(b'0');
        others |= digit > 9;
        number = number.wrapping_mul(10).wrapping_add(u32::from(digit));
    }
    let bits = KNOWN.get(number as usize / 64).copied().unwrap_or_default();
    !others && bits >> (number % 64) & 1 == 1
}

/// A bit for each number that is a code.
static KNOWN: [u64; NUMBERS.div_ceil(64)] = known(PACKED);

/// The same from what `rebuild.py` wrote, see [`Table::unpack`].
#[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
const fn known(packed: &[u8]) -> [u64; NUMBERS.div_ceil(64)] {
    let mut known = [0; NUMBERS.div_ceil(64)];
    known[MONACO / 64] |= 1 << (MONACO % 64);
    let mut at = 0;
    // How many codes are left of a département, and the last of them so far.
    let (mut left, mut number) = (0, 0);
    let mut is_people = false;
    while at < packed.len() {
        let (mut value, mut shift) = (0, 0);
        while packed[at] >= 0x80 {
            value |= (packed[at] as usize & 0x7F) << shift;
            shift += 7;
            at += 1;
        }
        value |= (packed[at] as usize) << shift;
        at += 1;
        if left == 0 {
            (left, number) = (value, 0);
        } else if is_people {
            left -= 1;
            is_people = false;
        } else {
            number += value;
            known[number / 64] |= 1 << (number % 64);
            is_people = true;
        }
    }
    known
}

/// What `rebuild.py` wrote of the codes.
const PACKED: &[u8] = include_bytes!("postal_codes.bin");

/// The département of a postal code, by its first digits if the table does not have it; nothing if
/// it is not five ASCII digits or begins like no code (00, 96, 970, 99 and the like).
pub fn departement_of(code: impl AsRef<[u8]>) -> Option<&'static Departement> {
    let code = code.as_ref();
    number(code)?;
    match lookup(code) {
        Some(known) => Some(known.departement),
        None => departement_by_digits(code),
    }
}

/// What a postal code becomes one step up, `07 Ardèche`; nothing as for [`departement_of`].
pub fn departement_label(code: impl AsRef<[u8]>) -> Option<&'static str> {
    departement_of(code).map(|departement| departement.label)
}

/// What a postal code becomes two steps up, `Auvergne-Rhône-Alpes`; nothing as for
/// [`departement_of`].
pub fn region_label(code: impl AsRef<[u8]>) -> Option<&'static str> {
    departement_of(code).map(|departement| departement.region.name)
}

/// Every [`Departement`], in the order of the codes.
pub fn departements() -> &'static [Departement] {
    &DEPARTEMENTS
}

/// The people who live in the postal codes of a département, the codes that lie in two counted where more live.
pub(in crate::rules) fn people_of(departement: &Departement) -> f64 {
    let own = TABLE.codes.iter();
    let own = own.filter(|code| code.departement.code == departement.code);
    own.map(|code| f64::from(code.population)).sum()
}

/// Every postal code of the table and the people who live there, in the order of the codes.
pub(in crate::rules) fn inhabitants() -> impl Iterator<Item = (String, u32)> {
    let codes = TABLE.places.iter().enumerate();
    codes.filter_map(|(number, place)| {
        let code = TABLE.codes.get(usize::from(*place).checked_sub(1)?)?;
        Some((format!("{number:05}"), code.population))
    })
}

/// The SHA-256 of the populations and codes, in hexadecimal.
pub(in crate::rules) fn sha256() -> String {
    crate::base::sha256::of(PACKED)
}

/// A line for each: `07 Ardèche;84 Auvergne-Rhône-Alpes`.
static DEPARTEMENTS: LazyLock<Vec<Departement>> = LazyLock::new(|| {
    let lines = include_str!("departements.txt").lines();
    lines.filter_map(departement).collect()
});

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::unpack(PACKED, &DEPARTEMENTS));

fn departement(line: &'static str) -> Option<Departement> {
    let (label, region) = line.split_once(';')?;
    let (code, name) = label.split_once(' ')?;
    let (region_code, region_name) = region.split_once(' ')?;
    Some(Departement {
        code,
        name,
        label,
        region: Region {
            code: region_code,
            name: region_name,
        },
    })
}

fn departement_by_digits(code: &[u8]) -> Option<&'static Departement> {
    let key: &[u8] = match code {
        [b'2', b'0', b'0' | b'1' | b'7', ..] => b"2A",
        [b'2', b'0', ..] => b"2B",
        [b'9', b'7' | b'8', ..] => code.get(..3)?,
        _ => code.get(..2)?,
    };
    let at = DEPARTEMENTS.binary_search_by(|departement| departement.code.as_bytes().cmp(key));
    DEPARTEMENTS.get(at.ok()?)
}

/// The one code of Monaco.
const MONACO: usize = 98_000;

/// How many numbers five digits can be.
const NUMBERS: usize = 100_000;

fn number(code: &[u8]) -> Option<usize> {
    let digits: &[u8; 5] = code.try_into().ok()?;
    let number = |sum: usize, digit: &u8| {
        let value = digit.is_ascii_digit().then(|| digit - b'0')?;
        Some(10 * sum + usize::from(value))
    };
    digits.iter().try_fold(0, number)
}

struct Table {
    codes: Vec<PostalCode>,
    /// By number: 1 and the place in `codes`, or 0.
    places: Vec<u16>,
}

impl Table {
    /// Reads what `rebuild.py` wrote: for each département how many codes it has, then for each of
    /// them the distance to its number and how many of its people live in this département.
    fn unpack(packed: &[u8], departements: &'static [Departement]) -> Self {
        let mut table = Self {
            codes: Vec::new(),
            places: vec![0; NUMBERS],
        };
        let mut packed = packed.iter().copied();
        for departement in departements {
            let mut number = 0;
            for _ in 0..varint(&mut packed).unwrap_or_default() {
                let (Some(distance), Some(people)) = (varint(&mut packed), varint(&mut packed))
                else {
                    break;
                };
                number += distance;
                table.add(number, people, departement);
            }
        }
        table
    }

    fn add(&mut self, number: u32, people: u32, departement: &'static Departement) {
        let Some(place) = self.places.get_mut(number as usize) else {
            return;
        };
        let known = usize::from(*place).checked_sub(1);
        match known.and_then(|known| self.codes.get_mut(known)) {
            // So far its population is that of the first département.
            Some(known) => {
                let other = if people > known.population {
                    std::mem::replace(&mut known.departement, departement)
                } else {
                    departement
                };
                known.other_departement = Some(other);
                known.population += people;
            }
            None => {
                self.codes.push(PostalCode {
                    departement,
                    other_departement: None,
                    population: people,
                });
                *place = u16::try_from(self.codes.len()).unwrap_or_default();
            }
        }
    }
}

/// Seven bits a byte, the low ones first; the high bit says that more follow.
fn varint(bytes: &mut impl Iterator<Item = u8>) -> Option<u32> {
    let mut value = 0;
    for shift in [0, 7, 14, 21, 28] {
        let byte = bytes.next()?;
        value |= u32::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests;
