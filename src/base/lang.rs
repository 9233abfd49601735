//! The languages that the program speaks, and fixed texts in each.

use clap::ValueEnum;

/// A language of messages and reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// English.
    En,
    /// French.
    Fr,
}

impl Language {
    /// The language that was said, or else the locale's.
    pub fn or_locale(said: Option<Self>) -> Self {
        let locale = || {
            ["LC_ALL", "LC_MESSAGES", "LANG"]
                .into_iter()
                .filter_map(|name| std::env::var(name).ok())
                .find(|value| !value.is_empty())
        };
        said.unwrap_or_else(|| match locale() {
            Some(locale) if locale.to_lowercase().starts_with("fr") => Self::Fr,
            _ => Self::En,
        })
    }
}

/// A fixed text in each language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// English.
    pub en: &'static str,
    /// French.
    pub fr: &'static str,
}

impl Words {
    /// The text in one of the languages.
    pub const fn of(self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Fr => self.fr,
        }
    }
}
