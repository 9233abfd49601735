//! What a cell could be, asked of the rules themselves.
//!
//! A rule that is proposed must take every cell of its column, or the run would be refused. So the
//! question is not put to a second grammar of dates and amounts, but to the rules as they run.

mod decimal;

use decimal::{MOST_DIGITS, magnitude, may_be_amount, say_decimal};

use crate::detect::Facts;
use crate::detect::fact::{BLANK, BREAK, LETTER, OTHER, SLASH};
use crate::engine::error::Error;
use crate::engine::persons;
use crate::rules::context::{ColumnContext, RunContext};
use crate::rules::geography;
use crate::rules::kinds::postal_code;
use crate::rules::may_be_wide;
use crate::rules::table::{Missing, RuleTable};
use crate::rules::transform::{Action, Cell, CellRow, Transform};

/// What is asked of every cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    /// A whole number without separators, of at most 18 digits.
    Whole,
    /// An amount that `bucket` takes as it stands.
    Amount,
    /// One that it takes with `decimal = ","`.
    AmountWithComma,
    /// One that it takes with `decimal = "."`.
    AmountWithDot,
    /// A number that `yes_no` takes.
    Countable,
    /// A date that `year` takes as it stands.
    Date,
    /// Such a date that begins with its year.
    YearFirst,
    /// Such a date in eight digits.
    EightDigits,
    /// A date with the month first, as in the United States.
    MonthFirst,
    /// A word for yes or no, or 0 or 1.
    YesNo,
    /// A French postal code and nothing else.
    PostalCode,
    /// A text in which `postal_code` finds a code.
    WithPostalCode,
    /// Four digits that are a French postal code without its first zero.
    LostZero,
    /// A word for yes, or 1.
    Yes,
    FourDigitYear,
    /// An amount that `bucket` takes with `wide = true`, as it does those above.
    WideAmount,
    /// One that it takes with `decimal = ","`, too.
    WideWithComma,
    /// One that it takes with `decimal = "."`, too.
    WideWithDot,
    /// A text of more than 60 characters or more than eight words.
    Long,
    /// A text of four words or more.
    SeveralWords,
    /// It has a line break.
    Broken,
    /// Words with capitals, such as people and firms have.
    Capitalised,
    /// Such words, of more letters than a code.
    MayBeName,
    /// A usual first name is in it.
    FirstName,
    /// A usual surname is in it.
    Surname,
    /// A civility or a title is before a name.
    Titled,
    /// It is the name of its own column.
    Header,
}

impl Is {
    pub(super) const COUNT: usize = Self::Header as usize + 1;
}

/// What was found of one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Answers {
    bits: u32,
    /// How many binary digits the integer part has, if it is an amount in any reading.
    pub(super) magnitude: Option<u32>,
}

impl Answers {
    fn say(&mut self, is: Is, yes: bool) {
        self.bits |= u32::from(yes) << is as u32;
    }

    fn say_all(&mut self, all: &[Is]) {
        all.iter().for_each(|is| self.say(*is, true));
    }

    fn is(self, is: Is) -> bool {
        self.bits >> is as u32 & 1 == 1
    }

    /// A bit for each [`Is`].
    pub(super) fn bits(self) -> u32 {
        self.bits
    }

    #[cfg(test)]
    fn has(self, place: usize) -> bool {
        self.bits >> place & 1 == 1
    }
}

/// The months of these dates come first; the year is asked for in four digits.
pub(crate) const MONTH_FIRST: &str =
    r#"["%m/%d/%Y", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p"]"#;

/// Puts the questions.
pub struct Probe {
    /// What counts as missing in a table that does not say.
    pub missing: Missing,
    amounts: [Box<dyn Transform>; 3],
    wide: [Box<dyn Transform>; 3],
    countable: Box<dyn Transform>,
    date: Box<dyn Transform>,
    month_first: Box<dyn Transform>,
}

impl Probe {
    /// The questions as of a run's day.
    ///
    /// # Errors
    /// [`Error::Internal`] if the rules do not read their own names.
    pub fn new(run: &RunContext) -> Result<Self, Error> {
        let text = format!(
            "version = 1\n\
             columns.a.rule = {{ bucket = {{ width = 1 }} }}\n\
             columns.b.rule = {{ bucket = {{ width = 1, decimal = \",\" }} }}\n\
             columns.c.rule = {{ bucket = {{ width = 1, decimal = \".\" }} }}\n\
             columns.d.rule = \"yes_no\"\n\
             columns.e.rule = \"year\"\n\
             columns.f.rule = {{ year = {{ formats = {MONTH_FIRST} }} }}\n\
             columns.h.rule = {{ bucket = {{ width = 1, wide = true }} }}\n\
             columns.i.rule = {{ bucket = {{ width = 1, wide = true, decimal = \",\" }} }}\n\
             columns.j.rule = {{ bucket = {{ width = 1, wide = true, decimal = \".\" }} }}\n"
        );
        let table = RuleTable::parse(&text, "probe", "probe", std::path::Path::new(""))
            .map_err(|_| Error::Internal)?;
        let mut transforms = table.columns.iter().filter_map(|column| {
            let context = ColumnContext {
                run,
                name: &column.name,
                output: &column.output,
                position: 0,
            };
            match column.rule.compile(&context) {
                Ok(Action::Write(transform)) => Some(transform),
                Ok(Action::Drop | Action::Keep { .. }) | Err(_) => None,
            }
        });
        let mut next = || transforms.next().ok_or(Error::Internal);
        Ok(Self {
            amounts: [next()?, next()?, next()?],
            countable: next()?,
            date: next()?,
            month_first: next()?,
            wide: [next()?, next()?, next()?],
            missing: table.missing.clone(),
        })
    }

    /// Asks everything of a cell that is not missing, of a column with this name, which is trimmed. What its
    /// bytes rule out is not asked.
    pub(super) fn ask(&self, text: &str, facts: Facts, name: &str, out: &mut Vec<u8>) -> Answers {
        let mut answers = Answers::default();
        let trimmed = trimmed(text);
        let digits = facts.digits;
        answers.say(Is::Header, trimmed == name);
        answers.say(Is::Broken, facts.has(BREAK));
        let letters = facts.has(LETTER | OTHER);
        let words = match facts.has(BLANK | OTHER) {
            true => word_count(trimmed),
            false => 1,
        };
        let is_long = words > 8 || trimmed.len() > 60 && trimmed.chars().count() > 60;
        answers.say(Is::Long, is_long);
        let is_text = || facts.has(LETTER) || letters && trimmed.contains(char::is_alphabetic);
        answers.say(Is::SeveralWords, words > 3 && is_text());
        // Of the words for yes or no only 0 and 1 have a digit.
        if trimmed.len() <= LONGEST_YES_OR_NO && (digits == 0 || trimmed.len() == 1) {
            answers.say(Is::YesNo, is_yes_or_no(trimmed));
            answers.say(
                Is::Yes,
                YES.iter().any(|word| word.eq_ignore_ascii_case(trimmed)),
            );
        }
        if letters {
            // No word with a digit is capitalised.
            if digits == 0 && persons::are_capitalised(trimmed) {
                answers.say(Is::Capitalised, persons::is_capitalised(trimmed));
                answers.say(Is::MayBeName, persons::may_be_name(trimmed));
                answers.say(Is::Surname, persons::has_surname(trimmed));
            }
            answers.say(Is::FirstName, persons::has_first_name(trimmed));
            answers.say(Is::Titled, persons::has_title(trimmed));
        }
        if digits > 0 {
            let facts = match trimmed.len() == text.len() {
                true => facts,
                false => Facts::of(trimmed.as_bytes()),
            };
            self.ask_of_digits(text, facts, &mut answers, out);
        }
        answers
    }

    fn ask_of_digits(&self, text: &str, facts: Facts, answers: &mut Answers, out: &mut Vec<u8>) {
        let trimmed = trimmed(text);
        let digits = facts.digits;
        let unsigned = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
        answers.say(Is::Whole, digits == unsigned.len() && digits <= 18);
        answers.say(
            Is::PostalCode,
            trimmed.len() == 5 && geography::lookup(trimmed).is_some(),
        );
        // It has four digits, perhaps with `'` before and `.00` behind.
        let is_short = trimmed.len() <= 8 || facts.has(OTHER);
        answers.say(Is::LostZero, is_short && lacks_zero(trimmed.as_bytes()));
        answers.say(
            Is::FourDigitYear,
            trimmed.len() == 4 && matches!(trimmed.parse(), Ok(1900..=2100)),
        );
        if digits == text.len() && digits <= MOST_DIGITS {
            answers.say_all(&OF_DIGITS);
            answers.magnitude = Some(magnitude(text.as_bytes()));
        } else if !say_decimal(text.as_bytes(), facts, answers) && may_be_amount(trimmed, facts) {
            self.ask_of_amount(text, answers, out);
        }
        if answers.magnitude.is_none()
            && trimmed.len() <= LONGEST_AMOUNT
            && may_be_wide(trimmed.as_bytes())
        {
            ask_which(&self.wide, &WIDE, text, answers, out);
        }
        // A day, a month and a year have eight.
        if digits >= 8 && self.date.takes(text.as_bytes()) {
            answers.say(Is::Date, true);
            let (third, fifth) = (trimmed.as_bytes().get(2), trimmed.as_bytes().get(4));
            let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
            answers.say(Is::YearFirst, is_digit(third) && !is_digit(fifth));
            answers.say(Is::EightDigits, is_digit(third) && is_digit(fifth));
        }
        answers.say(
            Is::MonthFirst,
            facts.has(SLASH) && self.month_first.takes(text.as_bytes()),
        );
        // Digits of full width are digits, too.
        if digits < trimmed.len() && (digits >= 5 || facts.has(OTHER)) {
            let code = postal_code::code_in(text.as_bytes());
            answers.say(Is::WithPostalCode, code.is_some());
        }
    }

    fn ask_of_amount(&self, text: &str, answers: &mut Answers, out: &mut Vec<u8>) {
        let kinds = [Is::Amount, Is::AmountWithComma, Is::AmountWithDot];
        ask_which(&self.amounts, &kinds, text, answers, out);
        // What is read without the option is read with it.
        for (is, wide) in kinds.into_iter().zip(WIDE) {
            answers.say(wide, answers.is(is));
        }
        answers.say(Is::Countable, self.countable.takes(text.as_bytes()));
    }
}

/// The wide forms of amounts.
const WIDE: [Is; 3] = [Is::WideAmount, Is::WideWithComma, Is::WideWithDot];

/// What so many digits are and nothing else, beside a whole number: an amount in every reading.
const OF_DIGITS: [Is; 7] = [
    Is::Amount,
    Is::AmountWithComma,
    Is::AmountWithDot,
    Is::WideAmount,
    Is::WideWithComma,
    Is::WideWithDot,
    Is::Countable,
];

/// No amount in a wide form is longer.
const LONGEST_AMOUNT: usize = 40;

/// A text without the blanks around it.
fn trimmed(text: &str) -> &str {
    let bare = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    match bare(text.as_bytes().first()) && bare(text.as_bytes().last()) {
        // Most have nothing to trim.
        true => text,
        false => text.trim(),
    }
}

/// How many words a text has between blanks.
fn word_count(text: &str) -> usize {
    let (mut words, mut before) = (0, true);
    for byte in text.bytes() {
        let blank = match byte {
            b' ' | b'\t'..=b'\r' => true,
            // A blank beyond ASCII may begin so.
            0xC2 | 0xE1 | 0xE2 | 0xE3 => return text.split_whitespace().count(),
            _ => false,
        };
        words += usize::from(before && !blank);
        before = blank;
    }
    words
}

/// Which of three readings of an amount take a cell.
fn ask_which(
    readings: &[Box<dyn Transform>; 3],
    kinds: &[Is; 3],
    text: &str,
    answers: &mut Answers,
    out: &mut Vec<u8>,
) {
    for (transform, is) in readings.iter().zip(kinds) {
        if transform.takes(text.as_bytes()) {
            answers.say(*is, true);
            if answers.magnitude.is_none() {
                answers.magnitude = interval(transform.as_ref(), text, out).map(magnitude);
            }
        }
    }
}

/// What a rule writes for the cell.
fn interval<'o>(transform: &dyn Transform, text: &str, out: &'o mut Vec<u8>) -> Option<&'o [u8]> {
    out.clear();
    let cell = Cell {
        content: text.as_bytes(),
        row: CellRow::FIRST,
    };
    transform.apply(cell, out).ok()?;
    Some(out)
}

/// Whether `postal_code` would read it with `pad = true` alone.
fn lacks_zero(trimmed: &[u8]) -> bool {
    postal_code::with_lost_zero(trimmed).is_some()
}

/// Words for yes, in lower case.
pub(crate) const YES: [&str; 8] = ["oui", "yes", "true", "vrai", "o", "y", "1", "on"];

/// The longest word for yes or no: `false`.
const LONGEST_YES_OR_NO: usize = 5;

fn is_yes_or_no(text: &str) -> bool {
    const WORDS: [&str; 16] = [
        "oui", "non", "yes", "no", "true", "false", "vrai", "faux", "o", "n", "y", "x", "0", "1",
        "on", "off",
    ];
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests;
