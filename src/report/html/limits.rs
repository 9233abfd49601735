//! What the figures do not say, in plain words, and what the terms mean.

use super::Report;
use super::page::{Block, Section};
use crate::base::lang::Fixed;

/// Not said where it is known whose rows are whose.
static ONE_ROW_EACH: Fixed = fixed!(
    "One person, one row is assumed. If a person has several rows, a group of 5 rows may be fewer than 5 people."
);

static LIMITS: [Fixed; 7] = [
    fixed!(
        "Pseudonymised is not anonymous. As long as the source exists, or somebody can find people \
         again by reasonable means, the file is personal data under the GDPR (recital 26), whatever \
         its score."
    ),
    fixed!(
        "The figures hold for the listed quasi-identifying columns. If an attacker knows something \
         that another column tells, more rows can be singled out than this report says."
    ),
    fixed!(
        "Background knowledge is not bounded. Whoever knows that a person is not in one bracket, or \
         what two members of a group earn, can narrow a group of any size."
    ),
    fixed!(
        "Outliers stand out. A very high amount or a rare value in a column that is not counted may \
         be known to belong to one person, in a large group too."
    ),
    fixed!(
        "What people typed into kept columns leaves as it is: a name or a telephone number among \
         the occupations is not noticed. Look at the different values of each kept column before the \
         file leaves."
    ),
    fixed!(
        "Other files. Two files that are each safe may single people out together; so may a later \
         export of the same people."
    ),
    fixed!(
        "In this page, numbers of rows from 1 to 4 are not spelled out (“fewer than 5”), and a \
         number from which one could be worked out is given as “at least”. k, l and t are always \
         given."
    ),
];

static GLOSSARY: [(Fixed, Fixed); 11] = [
    (
        fixed!("Quasi-identifying column"),
        fixed!(
            "It names nobody, but helps to single out a person when joined with others: year of \
             birth, postal code, occupation."
        ),
    ),
    (
        fixed!("Sensitive column"),
        fixed!(
            "What somebody might want to learn about a person, such as income. Not to be confused \
             with the special categories of GDPR art. 9."
        ),
    ),
    (
        fixed!("Group (equivalence class)"),
        fixed!("All rows with the same values in every quasi-identifying column."),
    ),
    (
        fixed!("k (k-anonymity)"),
        fixed!(
            "The number of rows in the smallest group. k = 1: somebody is alone. (L. Sweeney, 2002.)"
        ),
    ),
    (
        fixed!("l (l-diversity)"),
        fixed!(
            "The least number of different values of a sensitive column in a group. (A. \
             Machanavajjhala et al., 2007.)"
        ),
    ),
    (
        fixed!("t (t-closeness)"),
        fixed!(
            "The greatest distance between the sensitive values of a group and those of the whole \
             file, from 0 to 1. (N. Li et al., 2007.)"
        ),
    ),
    (
        fixed!("Generalising"),
        fixed!(
            "Writing something coarser but true: a decade instead of a year, a département instead \
             of a postal code."
        ),
    ),
    (
        fixed!("Suppressed row"),
        fixed!("A row that shows * in every quasi-identifying column; its other cells stay."),
    ),
    (
        fixed!("Pseudonymised"),
        fixed!(
            "Names are replaced, but people can still be found again with other information (GDPR art. 4(5))."
        ),
    ),
    (
        fixed!("Opinion 05/2014 (WP216)"),
        fixed!(
            "The European data protection authorities’ opinion on anonymisation techniques. Its \
             three criteria, singling out, linkability and inference, are those that the CNIL goes \
             by."
        ),
    ),
    (
        fixed!("SHA-256"),
        fixed!(
            "A fingerprint of a file: the same file always has the same one, and a changed file \
             another. It proves which file this page speaks of."
        ),
    ),
];

impl Report<'_> {
    pub(super) fn limits(self) -> Section {
        let persons = self.audit().and_then(|audit| audit.persons);
        let limits = persons.is_none().then_some(&ONE_ROW_EACH).into_iter();

        Section::new(
            "limits",
            fixed!("What these figures do not protect against"),
            vec![Block::list(limits.chain(&LIMITS))],
        )
    }

    pub(super) fn glossary(self) -> Section {
        let terms = GLOSSARY
            .iter()
            .map(|(term, meaning)| (term.to_string(), meaning.to_string()));
        Section::new(
            "glossary",
            fixed!("Glossary"),
            vec![Block::Terms(terms.collect())],
        )
    }
}
