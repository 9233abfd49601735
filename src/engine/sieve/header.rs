//! Rows that are a header: the file's own again, or one of other columns.

use std::collections::HashSet;
use std::sync::LazyLock;

use foldhash::HashMap;

use super::folding::with_folded;
use super::{Sieve, bare, fold};
use crate::base::name;
use crate::io::csv::{Batch, Row};
use crate::rules::column_names::meaning::Meaning;
use crate::rules::column_names::named::named;
use crate::rules::column_names::neighbours;
use crate::rules::column_names::phrases::is_exactly_of_headers;

/// A longer cell is no name.
const LONGEST: usize = 60;

/// So many cells of a row are looked at first: two of them are of words that names have, if it is a header.
const FIRST: usize = 4;

impl Sieve {
    /// Whether a row may be [the header](Self::is_header_again) or [another](Self::is_other_header), without their
    /// lists and copies: false positives are fine, false negatives are not.
    pub(super) fn may_be_header(&self, row: &Row<'_>, batch: &Batch) -> bool {
        let (mut filled, mut own, mut kinds) = (0, 0, 0_u8);
        self.each_filled(row, batch, |cell, may_be_own| {
            filled += 1;
            with_folded(cell, |name| {
                own += usize::from(may_be_own && self.known.contains(name));
                kinds |= telling_word(name).map_or(0, |kind| 1 << kind);
            });
        });
        own == filled
            || own >= 2 && own * 2 >= row.width()
            || filled >= 3 && kinds.count_ones() >= 2
    }

    /// Goes over the cells that are not empty; and whether each may be one of the header's own names.
    fn each_filled(&self, row: &Row<'_>, batch: &Batch, mut see: impl FnMut(&str, bool)) {
        let mut scratch = Vec::new();
        for field in (0..row.width()).filter_map(|column| row.field(column)) {
            let content = batch.content(field, &mut scratch);
            let cell = bare(std::str::from_utf8(content).unwrap_or_default());
            if !cell.is_empty() {
                see(cell, self.prefixes.may_begin(field));
            }
        }
    }

    /// Whether a row has the names of the header, each in its place. Empty cells behind them do not
    /// count.
    pub(super) fn is_header_again(&self, cells: &[String]) -> bool {
        let names = cells.iter().map(|cell| fold(cell));
        let width = cells.len().max(self.names.len());
        let empty = std::iter::repeat_n(String::new(), width);
        let (cells, header) = (names.chain(empty.clone()), self.names.iter());
        let header = header.cloned().chain(empty);
        !self.known.is_empty()
            && cells
                .zip(header)
                .take(width)
                .all(|(cell, name)| cell == name)
    }

    /// Whether a row is a header of other columns, or of the same in another order: half of its cells
    /// are names of the file's own header, or two thirds are names that columns have, two of which no
    /// category would be called.
    pub(super) fn is_other_header(&self, cells: &[String]) -> bool {
        let filled = || cells.iter().filter(|cell| !cell.is_empty());
        let own: HashSet<String> = filled()
            .map(|cell| fold(cell))
            .filter(|cell| self.known.contains(cell))
            .collect();
        if own.len() >= 2 && own.len() * 2 >= cells.len() {
            return true;
        }
        let count = filled().count();
        if count < 3 || filled().any(|cell| cell.len() > LONGEST || cell.contains('@')) {
            return false;
        }
        // Before the names are understood, which takes its time: whether they may be.
        let may_be_name = |cell: &&String| has_word_of_headers(&name::key(cell));
        let first = count.min(FIRST);
        if filled().take(first).filter(may_be_name).count() < 2 {
            return false;
        }
        let telling_cells = filled().filter_map(|cell| telling_word(&name::key(cell)));
        if telling_cells.collect::<HashSet<_>>().len() < 2 {
            return false;
        }
        let (mut known, mut telling) = (0, HashSet::new());
        for (position, cell) in filled().enumerate() {
            let named = named(cell);
            let is_own = own.contains(&fold(cell));
            known += usize::from(named.in_full || is_own);
            telling.extend(telling_meaning(cell, named.meaning).filter(|_| named.in_full));
            if position >= 3 && known < 2 {
                return false;
            }
        }
        known * 3 >= count * 2 && telling.len() >= 2
    }
}

/// Whether a folded cell has a word that names of columns are made of.
fn has_word_of_headers(key: &str) -> bool {
    let mut words = key.split(|c: char| !c.is_alphanumeric());
    words.any(is_exactly_of_headers)
}

/// The words that a first guess at [`telling_meaning`] goes by, with a number for each kind.
static TELLING: LazyLock<HashMap<&str, u8>> = LazyLock::new(|| {
    const KINDS: [&[&str]; 7] = [
        &[
            "nom", "noms", "prenom", "prenoms", "name", "firstname", "lastname", "surname",
            "patronyme",
        ],
        &[
            "email", "emails", "mail", "mel", "courriel", "tel", "telephone", "phone", "mobile",
            "portable", "messagerie",
        ],
        &[
            "naissance", "birth", "birthdate", "birthday", "dob", "anniversaire",
        ],
        &[
            "postal", "zip", "postcode", "codepostal", "cp", "ville", "city", "commune", "town",
            "pays", "country", "region",
        ],
        &["adresse", "adresses", "address", "rue", "street"],
        &[
            "sexe", "sex", "genre", "gender", "civilite", "salutation", "titre",
        ],
        &[
            "ss", "nir", "ssn", "nss", "secu", "securite", "siret", "siren", "enfants", "children",
            "lat", "lon", "latitude", "longitude",
        ],
    ];
    let of_neighbours = neighbours::telling_words().filter_map(|word| {
        let kind = match neighbours::meaning_of(word)? {
            Meaning::Person => 0,
            Meaning::Email | Meaning::Phone => 1,
            Meaning::BirthDate => 2,
            Meaning::PostalCode | Meaning::Place => 3,
            Meaning::Address => 4,
            Meaning::Gender => 5,
            Meaning::OfficialNumber | Meaning::Children => 6,
            _ => return None,
        };
        Some((word, kind))
    });
    let own = (0..)
        .zip(KINDS)
        .flat_map(|(kind, words)| words.iter().map(move |word| (*word, kind)));
    of_neighbours.chain(own).collect()
});

/// A first guess at [`telling_meaning`] of a folded cell, by single words: false positives are fine.
fn telling_word(key: &str) -> Option<u8> {
    let words = key.split(|c: char| !c.is_alphanumeric());
    let mut words = words.filter(|word| word.len() > 1);
    words.find_map(|word| TELLING.get(word).copied())
}

/// The kind of name that no cell of a category column is: `Nom`, `Date de naissance`; `Client`, `Email`
/// and `Conseiller` may be the values of a category.
fn telling_meaning(cell: &str, meaning: Option<Meaning>) -> Option<u8> {
    const NAMES: [&str; 9] = [
        "nom", "noms", "prenom", "prenoms", "name", "firstname", "lastname", "surname", "patronyme",
    ];
    let key = name::key(cell);
    let mut words = key.split(|c: char| !c.is_alphanumeric());
    match meaning? {
        Meaning::Person => {
            let is_name = |word: &str| {
                NAMES.contains(&word) || neighbours::meaning_of(word) == Some(Meaning::Person)
            };
            words.any(is_name).then_some(0)
        }
        // Channels, too: they count as one.
        Meaning::Email | Meaning::Phone => Some(1),
        Meaning::OfficialNumber => Some(2),
        Meaning::BirthDate => Some(3),
        Meaning::PostalCode => Some(4),
        Meaning::Address => Some(5),
        Meaning::Gender => Some(6),
        Meaning::Children => Some(7),
        Meaning::Birthplace => Some(8),
        Meaning::Coordinates => Some(9),
        Meaning::Place => Some(10),
        _ => None,
    }
}
