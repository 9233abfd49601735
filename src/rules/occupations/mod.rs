//! Which group of occupations a label belongs to, to make it coarser by: `infirmière` → *Professions
//! intermédiaires de la santé et du travail social* → *Professions intermédiaires*.
//!
//! * `groups.txt` has the 6 groups and 29 categories of INSEE's nomenclature PCS 2020 (Licence Ouverte 2.0), by their codes of one
//!   and two digits.
//! * `labels.txt` has some thousand labels as people write them, in both genders, under those codes. It was
//!   made by hand: a label alone often has several codes in the nomenclature, by status and size of the firm, which
//!   no column of occupations tells.
//!
//! A label that both employees and the self-employed have (`boulanger`) counts as that of employees;
//! where the label alone does not tell the category (`médecin`, `cadre`), its category is the whole
//! group. The tables are read when they are first asked for.

use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt};

use crate::base::name;

/// How fine groups are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// One of 29.
    Category,
    /// One of 6.
    Group,
}

impl Level {
    /// All of them, from fine to coarse.
    pub(super) const ALL: [Self; 2] = [Self::Category, Self::Group];

    /// What a rule table and reports call it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Category => "catégorie",
            Self::Group => "groupe",
        }
    }

    /// How many digits its codes have.
    const fn digits(self) -> usize {
        match self {
            Self::Category => 2,
            Self::Group => 1,
        }
    }
}

/// The title of the group that a label, or a title of a finer group, belongs to; that of a coarser one
/// if no more is known; nothing if the table does not have it.
pub(super) fn group(label: &[u8], level: Level) -> Option<&'static str> {
    let code = code(label)?;
    let own = code.get(..level.digits()).unwrap_or(code);
    TABLE.titles.get(own).copied()
}

struct Table {
    /// By code.
    titles: HashMap<&'static str, &'static str>,
    /// By what spellings of a label have in common: its code.
    codes: HashMap<String, &'static str>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let of_line = |line: &'static str| line.split_once(' ').filter(|_| !line.starts_with('#'));
    let groups = || include_str!("groups.txt").lines().filter_map(of_line);
    let titles: HashMap<&str, &str> = groups().collect();
    let mut codes = HashMap::with_capacity(2048);
    for (code, title) in groups() {
        // Of two groups of one title, the first is the coarser one: less is known of it.
        codes.entry(key(title)).or_insert(code);
    }
    let lines = include_str!("labels.txt").lines().filter_map(of_line);
    for (code, labels) in lines {
        for form in labels.split([';', '/']) {
            codes.entry(key(form.trim())).or_insert(code);
        }
    }
    Table { titles, codes }
});

/// The code of a label or of a title.
fn code(label: &[u8]) -> Option<&'static str> {
    let label = str::from_utf8(label).ok()?;
    let known = |label: &str| TABLE.codes.get(&key(label)).copied();
    // `infirmier/infirmière`, `retraité(e)`, `employé·e de bureau`: the first form, if that is all of it.
    let first = || label.split(['/', '(', '·']).next().and_then(known);
    known(label).or_else(first)
}

/// What spellings of a label have in common: case, accents, ligatures, dashes and blanks apart.
fn key(label: &str) -> String {
    let folded = name::key(label).replace('œ', "oe").replace('’', "'");
    let words = folded.split('_').filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_belong_to_groups_in_both_genders() {
        let cadres = "Cadres et professions intellectuelles supérieures";
        for (label, expected) in cases![
            "Infirmière",
            [
                "Professions intermédiaires de la santé et du travail social",
                "Professions intermédiaires",
            ];
            "infirmier", ["Professions intermédiaires de la santé et du travail social", "Professions intermédiaires"];
            "MEDECIN", [cadres; 2];
            "Maitre d’oeuvre", ["Ingénieurs et cadres techniques d'entreprise", cadres];
            "chauffeur-livreur", ["Conducteurs de véhicules de transport, chauffeurs-livreurs, coursiers", "Ouvriers"];
            "retraité(e)", ["Retraités"; 2];
            "retraité/retraitée", ["Retraités"; 2];
            "Professions intermédiaires", ["Professions intermédiaires"; 2];
            "Techniciens", ["Techniciens", "Professions intermédiaires"];
        ] {
            for (level, expected) in Level::ALL.into_iter().zip(expected) {
                assert_eq!(
                    group(label.as_bytes(), level),
                    Some(expected),
                    "{label} {level:?}"
                );
            }
        }
        for unknown in [
            "",
            "*",
            "dresseuse de licornes",
            "12",
            "infirmier de nuit à Brest",
        ] {
            assert_eq!(group(unknown.as_bytes(), Level::Group), None, "{unknown}");
        }
    }

    #[test]
    fn the_tables_are_whole() {
        let count = |digits: usize| {
            let codes = TABLE.titles.keys();
            let working = codes.filter(|code| !code.starts_with(['7', '8']));
            working.filter(|code| code.len() == digits).count()
        };
        assert_eq!([count(1), count(2)], [6, 29]);
        let mut groups = TABLE.titles.keys().filter_map(|code| code.get(..1));
        assert!(groups.all(|group| TABLE.titles.contains_key(group)));
        let lines = include_str!("labels.txt").lines();
        let mut forms = 0;
        for (code, labels) in
            lines.filter_map(|line| line.split_once(' ').filter(|(code, _)| *code != "#"))
        {
            assert!(TABLE.titles.contains_key(code), "{code}");
            for form in labels.split([';', '/']) {
                // No label stands twice, so each has the code of its line.
                assert_eq!(super::code(form.trim().as_bytes()), Some(code), "{form}");
                forms += 1;
            }
        }
        assert!(forms > 1_700, "{forms}");
    }
}
