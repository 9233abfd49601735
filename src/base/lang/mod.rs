//! The languages that the program speaks.
//!
//! The code holds the English text; a catalogue holds that of each other language (`fr/*.po`, in the format of
//! gettext, which translators have editors for). Which language is in use is decided once, by `--lang` or the
//! locale; what is written for machines stays English.
//!
//! * `fixed!` is a text without values, looked up when it is shown.
//! * `text!` is a text with values, made in the language in use.
//! * `plural!` is the same for a number, in the form that the number asks for.

mod catalogue;

use std::cell::Cell;
use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::ValueEnum;

/// A language of messages and reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// English.
    En,
    /// French.
    Fr,
}

/// Whether the process speaks French.
static FRENCH: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// What this thread speaks instead, within [`speaking`].
    static INSTEAD: Cell<Option<Language>> = const { Cell::new(None) };
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

    /// The language in use.
    pub fn in_use() -> Self {
        INSTEAD
            .get()
            .unwrap_or_else(|| match FRENCH.load(Ordering::Relaxed) {
                true => Self::Fr,
                false => Self::En,
            })
    }

    /// Makes it the language of the process.
    pub fn set(self) {
        FRENCH.store(self == Self::Fr, Ordering::Relaxed);
    }
}

/// Does something in a language, on this thread.
pub fn speaking<T>(language: Language, work: impl FnOnce() -> T) -> T {
    struct Before(Option<Language>);
    impl Drop for Before {
        fn drop(&mut self) {
            INSTEAD.set(self.0);
        }
    }
    let _before = Before(INSTEAD.replace(Some(language)));
    work()
}

/// A text without values. It is shown in the language in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fixed(&'static str);

impl Fixed {
    /// A text that the catalogues have: what `fixed!` makes.
    pub(crate) const fn new(english: &'static str) -> Self {
        Self(english)
    }

    /// The text in the language in use.
    pub fn get(self) -> &'static str {
        translated(self.0)
    }

    /// The text in English, for machines.
    pub const fn english(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.get())
    }
}

impl std::error::Error for Fixed {}

impl From<Fixed> for String {
    fn from(text: Fixed) -> Self {
        text.get().to_owned()
    }
}

/// A text without values: `fixed!("the file is empty")`.
macro_rules! fixed {
    ($english:literal) => {
        crate::base::lang::Fixed::new($english)
    };
}

/// A text with values, each under its name: `text!("cannot open {path}: {why}", path = path.display(), why)`.
macro_rules! text {
    (@value $name:ident) => { $name };
    (@value $name:ident $value:expr) => { $value };
    ($english:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        match ($(&text!(@value $name $($value)?),)*) {
            ($($name,)*) => crate::base::lang::made(
                $english,
                &[$((stringify!($name), $name as &dyn ::std::fmt::Display)),*],
                format_args!($english $(, $name = $name)*),
            ),
        }
    };
}

/// A text for a number, `{n}` in it: `plural!(rows, "{n} row of {path}", "{n} rows of {path}", path)`.
macro_rules! plural {
    ($number:expr, $one:literal, $more:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        match (crate::base::lang::number($number), $(&text!(@value $name $($value)?),)*) {
            (n, $($name,)*) => crate::base::lang::made_for(
                n,
                $one,
                &[$((stringify!($name), $name as &dyn ::std::fmt::Display)),*],
                &|| match n {
                    1 => format!($one $(, $name = $name)*, n = n),
                    _ => format!($more $(, $name = $name)*, n = n),
                },
            ),
        }
    };
}

/// The number that a text is for.
pub(crate) fn number(number: impl TryInto<u64>) -> u64 {
    number.try_into().unwrap_or(u64::MAX)
}

/// A text in the language in use.
pub(crate) fn translated(english: &'static str) -> &'static str {
    match Language::in_use() {
        Language::En => english,
        Language::Fr => catalogue::find(english).map_or(english, |entry| entry.form(1)),
    }
}

/// A text that is not fixed in the code, such as clap's help, in the language in use; nothing if the catalogue
/// does not have it.
pub(crate) fn found(english: &str) -> Option<&'static str> {
    catalogue::find(english).map(|entry| entry.form(1))
}

/// A text of one of the lists that documentation is made from, in the language in use.
pub(crate) fn of_list(english: &'static str) -> &'static str {
    translated(english)
}

/// A text with values in the language in use: what `text!` makes.
pub(crate) fn made(
    english: &'static str,
    values: &[(&str, &dyn fmt::Display)],
    written: fmt::Arguments<'_>,
) -> String {
    match Language::in_use() {
        Language::En => std::fmt::format(written),
        Language::Fr => match catalogue::find(english) {
            Some(entry) => catalogue::fill(entry.form(1), values),
            None => std::fmt::format(written),
        },
    }
}

/// The same for a number: what `plural!` makes.
pub(crate) fn made_for(
    number: u64,
    english: &'static str,
    values: &[(&str, &dyn fmt::Display)],
    written: &dyn Fn() -> String,
) -> String {
    let found = match Language::in_use() {
        Language::En => None,
        Language::Fr => catalogue::find(english),
    };
    let Some(entry) = found else {
        return written();
    };
    let number_text = Whole(number);
    let mut values = values.to_vec();
    values.push(("n", &number_text));
    catalogue::fill(entry.form(number), &values)
}

/// A number and its noun, where the language in use is not English.
pub(crate) fn noun(number: u64, english: &'static str) -> Option<String> {
    if Language::in_use() == Language::En {
        return None;
    }
    let entry = catalogue::find(english)?;
    Some(format!("{} {}", Whole(number), entry.form(number)))
}

/// A number of something, in groups of three digits where the language in use writes it so.
#[derive(Debug, Clone, Copy)]
pub struct Whole(pub u64);

impl fmt::Display for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Language::in_use() {
            Language::En => self.0.fmt(f),
            Language::Fr => f.pad(&grouped(self.0, '\u{202f}')),
        }
    }
}

/// A number with a mark between groups of three digits.
pub(crate) fn grouped(number: u64, mark: char) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(mark);
        }
        text.push(digit);
    }
    text
}

/// A number with so many decimals, behind a comma in French.
#[derive(Debug, Clone, Copy)]
pub struct Decimal(pub f64, pub usize);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(number, digits) = *self;
        let written = format!("{number:.digits$}");
        match Language::in_use() {
            Language::En => f.pad(&written),
            Language::Fr => f.pad(&written.replace('.', ",")),
        }
    }
}

/// What the operating system says, which says it in English.
#[derive(Debug, Clone, Copy)]
pub struct Why<'a>(pub &'a io::Error);

impl fmt::Display for Why<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(error) = *self;
        if Language::in_use() == Language::En {
            return error.fmt(f);
        }
        let Some(number) = error.raw_os_error() else {
            // What a library says of damaged data is English; our own errors are in the language in use.
            let ours = error.get_ref().is_some_and(|inner| inner.is::<Fixed>());
            return match error.kind() {
                _ if ours => error.fmt(f),
                io::ErrorKind::UnexpectedEof => fixed!("the data end too early").fmt(f),
                io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                    fixed!("the data are damaged").fmt(f)
                }
                _ => error.fmt(f),
            };
        };
        write!(
            f,
            "{} (erreur système {number})",
            said_by_system(error.kind())
        )
    }
}

/// A kind of error of the operating system.
fn said_by_system(kind: io::ErrorKind) -> Fixed {
    use io::ErrorKind as Kind;
    match kind {
        Kind::NotFound => fixed!("No such file or directory"),
        Kind::PermissionDenied => fixed!("Permission denied"),
        Kind::AlreadyExists => fixed!("File exists"),
        Kind::IsADirectory => fixed!("Is a directory"),
        Kind::NotADirectory => fixed!("Not a directory"),
        Kind::StorageFull => fixed!("No space left on device"),
        Kind::QuotaExceeded => fixed!("Disk quota exceeded"),
        Kind::FileTooLarge => fixed!("File too large"),
        Kind::ReadOnlyFilesystem => fixed!("Read-only file system"),
        Kind::BrokenPipe => fixed!("Broken pipe"),
        Kind::TooManyLinks => fixed!("Too many links"),
        Kind::InvalidFilename => fixed!("File name too long"),
        Kind::OutOfMemory => fixed!("Cannot allocate memory"),
        Kind::ResourceBusy => fixed!("Device or resource busy"),
        Kind::InvalidInput => fixed!("Invalid argument"),
        Kind::Interrupted => fixed!("Interrupted system call"),
        Kind::WouldBlock => fixed!("Resource temporarily unavailable"),
        Kind::TimedOut => fixed!("Connection timed out"),
        _ => fixed!("Input or output error"),
    }
}

/// The English texts of a file of the catalogue.
#[cfg(test)]
pub(crate) fn texts_of(file: &str) -> Vec<String> {
    let files = catalogue::FRENCH.iter().filter(|(name, _)| *name == file);
    let entries = files.flat_map(|(_, text)| catalogue::entries(text));
    entries.map(|entry| entry.english).collect()
}

#[cfg(test)]
mod tests;
