//! The report for a data protection officer: one HTML page that needs nothing else.
//!
//! Each part of the page is one file here. It makes plain text, tables and bars from figures; the
//! template alone makes HTML, and escapes all of it.
//!
//! **Small counts.** A number of rows from 1 to 4 that has something of the data in common (a size
//! of class, a missing or invalid cell, a level, a class with one sensitive value) is written
//! "fewer than 5", and so is its share; where such numbers add up to a known total, the largest is
//! told as a lower bound. k, l, t, the largest class, the numbers of classes and of values, and the
//! rows read, written and left out are told as they are.

mod columns;
mod compared;
mod figures;
mod inference;
mod limits;
mod linkability;
mod measured;
mod noisy;
mod page;
mod persons;
mod population;
mod recoded;
mod risk;
mod singling_out;
mod speech;
mod verdict;
mod warnings;

pub use self::compared::html_of_comparison;
pub use self::figures::html_of_figures;
pub use self::noisy::html_of_noisy_figures;
use self::page::html;
use self::speech::Speech;
use super::{Audited, Run};
use crate::base::lang::Fixed;
use crate::base::lang::{Language, speaking};
use crate::privacy::audit::Audit;
use crate::privacy::score::{Facts, Score, score};

/// The report of a run of the main job.
pub fn html_of_run(run: &Run<'_>, language: Language) -> String {
    speaking(language, || Report::of(run).html())
}

/// The report of an audited file.
pub fn html_of_file(file: &Audited<'_>, language: Language) -> String {
    let report = Report {
        speech: Speech,
        about: About::File(file),
    };
    speaking(language, || report.html())
}

/// A report to be written.
#[derive(Clone, Copy)]
struct Report<'a> {
    speech: Speech,
    about: About<'a>,
}

#[derive(Clone, Copy)]
enum About<'a> {
    Run(&'a Run<'a>),
    File(&'a Audited<'a>),
}

impl<'a> Report<'a> {
    const fn of(run: &'a Run<'a>) -> Self {
        Self {
            speech: Speech,
            about: About::Run(run),
        }
    }

    fn html(self) -> String {
        let parts = [
            Some(self.verdict()),
            Some(self.score_section()),
            Some(self.measured()),
            self.columns(),
            self.recoded(),
            self.singling_out(),
            Some(self.linkability()),
            self.inference(),
            self.risk(),
            self.by_column(),
            self.advice(),
            Some(self.limits()),
            Some(self.glossary()),
        ];
        let title = match self.status() {
            Some(_) => fixed!("Pseudonymisation report"),
            None => fixed!("Anonymisation report"),
        };
        html(
            title,
            self.subtitle(),
            parts.into_iter().flatten().collect(),
            fixed!(
                "Written by crm-anon from counts alone: no cell of the input is in this page. It is \
                 one file that loads nothing and runs nothing. It helps with an assessment and does \
                 not replace it."
            ),
        )
    }

    /// The measures, if there is anything that was measured.
    fn audit(self) -> Option<&'a Audit> {
        let audit = match self.about {
            About::Run(run) => run.audit,
            About::File(file) => Some(file.audit),
        };
        audit.filter(|audit| audit.sizes.rows > 0 && !audit.quasi.is_empty())
    }

    /// What the output is in law, where that is beyond doubt.
    fn status(self) -> Option<Fixed> {
        match self.about {
            About::Run(run) => run.status(),
            About::File(_) => None,
        }
    }

    fn facts(self) -> Facts {
        match self.about {
            About::Run(run) => run.facts(),
            About::File(file) => Facts::from(file.audit),
        }
    }

    fn score(self) -> Score {
        score(&self.facts())
    }
}
