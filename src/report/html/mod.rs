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

use askama::Template as _;

pub use self::compared::html_of_comparison;
pub use self::figures::html_of_figures;
pub use self::noisy::html_of_noisy_figures;
use self::page::Page;
use self::speech::Speech;
use super::{Audited, Run};
use crate::base::lang::Fixed;
use crate::base::lang::{Language, speaking};
use crate::privacy::audit::Audit;
use crate::privacy::score::{Facts, Score, score};

/// The report of a run of the main job.
pub fn html_of_run(run: &Run<'_>, language: Language) -> String {
    let report = Report {
        speech: Speech,
        about: About::Run(run),
    };
    speaking(language, || report.html())
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

/// What it is about.
#[derive(Clone, Copy)]
enum About<'a> {
    Run(&'a Run<'a>),
    File(&'a Audited<'a>),
}

impl<'a> Report<'a> {
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
        let mut page = Page {
            lang: match Language::in_use() {
                Language::En => "en",
                Language::Fr => "fr",
            },
            title: match self.status() {
                Some(_) => fixed!("Pseudonymisation report").get(),
                None => fixed!("Anonymisation report").get(),
            }
            .to_owned(),
            subtitle: self.subtitle(),
            version: env!("CARGO_PKG_VERSION"),
            contents: fixed!("Contents").get(),
            sections: parts.into_iter().flatten().collect(),
            end: fixed!(
                "Written by crm-anon from counts alone: no cell of the input is in this page. It is \
                 one file that loads nothing and runs nothing. It helps with an assessment and does \
                 not replace it.").get()
                .to_owned(),
        };
        page.typeset();
        // Only a writer that fails could make this fail, and a string does not.
        page.render().unwrap_or_default()
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
