//! Amounts as accountants, tills and spreadsheets write them, where a rule says `wide = true`:
//! `(1 234,56)`, `12-`, `1'234.50`, `€1,234.00`, `12 k€`, `1E+05`, `12 345,00 EUR TTC`, `12,5 %`.
//!
//! Such an amount is written anew in the plain grammar, digit for digit, and read there: what is
//! ambiguous in it is ambiguous there, too.

use super::{AMBIGUOUS, DecimalMark, trim};
use crate::rules::OptionDoc;
use crate::rules::transform::{Cell, Outcome, Reason, Transform};
use crate::rules::whole_column::WholeColumn;
use crate::sql::Inexpressible;

/// The option of the kinds that read amounts.
pub(in crate::rules) const OPTION: OptionDoc = OptionDoc {
    name: "wide",
    takes: "true or false; default: false",
    meaning: "read also (1 234,56) and 12- as negative, 1'234.50, €1,234.00, 12 k€, 1,2 M€, 1E+05, \
              12 345,00 EUR TTC and 12,5 % (as 12,5), where there is one reading; not in SQL",
};

/// What has no SQL.
///
/// # Errors
/// If the option is on.
pub(in crate::rules) fn refuse_in_sql(wide: bool) -> Result<(), Inexpressible> {
    match wide {
        true => Err(Inexpressible::Because(fixed!(
            "the forms of amounts that `wide` reads are not expressed in SQL"
        ))),
        false => Ok(()),
    }
}

/// A transform of amounts that reads the wide forms too, if they are wanted.
pub(in crate::rules) fn reading(
    wide: bool,
    mark: Option<DecimalMark>,
    plain: Box<dyn Transform>,
) -> Box<dyn Transform> {
    match wide {
        true => Box::new(Wide { plain, mark }),
        false => plain,
    }
}

struct Wide {
    plain: Box<dyn Transform>,
    mark: Option<DecimalMark>,
}

impl Transform for Wide {
    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let start = out.len();
        let refused = match self.plain.apply(cell, out) {
            Ok(outcome) => return Ok(outcome),
            Err(reason) => reason,
        };
        out.truncate(start);
        let Some(content) = rewritten(cell.content, self.mark) else {
            return Err(refused);
        };
        let content = content?;
        let content = content.as_bytes();
        self.plain.apply(Cell { content, ..cell }, out)
    }

    fn takes(&self, content: &[u8]) -> bool {
        let rewritten = || rewritten(content, self.mark).and_then(Result::ok);
        self.plain.takes(content)
            || rewritten().is_some_and(|content| self.plain.takes(content.as_bytes()))
    }

    fn writes_plain(&self) -> bool {
        self.plain.writes_plain()
    }

    fn whole_column(&self) -> Option<&WholeColumn> {
        self.plain.whole_column()
    }

    fn goes_by_content(&self) -> bool {
        self.plain.goes_by_content()
    }

    fn number(&self, content: &[u8]) -> Option<u32> {
        self.plain.number(content)
    }
}

/// A number: its digits before and behind the decimal mark.
struct Digits {
    whole: String,
    decimals: String,
}

/// The amount of a wide form in the plain grammar; nothing if it is in none.
pub(super) fn rewritten(
    text: &[u8],
    mark: Option<DecimalMark>,
) -> Option<Result<String, &'static Reason>> {
    let text = trim(text);
    if !may_be_wide(text) {
        return None;
    }
    let text = str::from_utf8(text).ok()?;
    if let Some(text) = text.strip_suffix('%') {
        return percent(trimmed(text), mark);
    }
    let text = without_tax(text);
    let (mut signs, mut power) = (Vec::new(), 0);
    let mut core = take_signs(text, &mut signs);
    let unit = without_unit(core);
    if let Some(rest) = unit {
        (core, power) = without_factor(rest);
        core = take_signs(core, &mut signs);
    }
    if let Some(inner) = core
        .strip_prefix('(')
        .and_then(|core| core.strip_suffix(')'))
    {
        signs.push(true);
        core = trimmed(inner);
        if let Some(rest) = without_unit(core).filter(|_| unit.is_none()) {
            (core, power) = without_factor(rest);
        }
    }
    let minus = match signs.as_slice() {
        [] => false,
        [one] => *one,
        _ => return None,
    };
    let read = match scientific(core, mark) {
        Some((digits, exponent)) if power == 0 => Ok((digits, exponent)),
        Some(_) => return None,
        None => grouped(core, mark)?.map(|digits| (digits, power)),
    };
    Some(read.map(|(digits, power)| digits.plain(minus, power, mark)))
}

/// So many percent, as that number: there is no unit and nothing that stands for thousands.
fn percent(text: &str, mark: Option<DecimalMark>) -> Option<Result<String, &'static Reason>> {
    let mut signs = Vec::new();
    let text = take_signs(text, &mut signs);
    let minus = match signs.as_slice() {
        [] => false,
        [one] => *one,
        _ => return None,
    };
    let read = grouped(text, mark)?;
    Some(read.map(|digits| digits.plain(minus, 0, mark)))
}

/// Whether a trimmed text may be an amount in a wide form: false positives are fine, false negatives are
/// not. It begins with a digit, a sign, a bracket or its unit, has no letters but those of units, factors
/// and taxes, and no sign between two digits.
pub(crate) fn may_be_wide(text: &[u8]) -> bool {
    let begins = matches!(
        text.first(),
        Some(b'0'..=b'9' | b'+' | b'-' | b'(' | b'e' | b'E' | 0x80..)
    );
    let is_of_amount = |byte: &u8| {
        matches!(
            byte,
            b'0'..=b'9' | b'+' | b'-' | b'(' | b')' | b'.' | b',' | b'\'' | b' ' | 0x80..
                | b'\t' | b'\n' | b'\r' | 0x0C
                | b'T' | b't' | b'C' | b'c' | b'H' | b'h'
                | b'E' | b'e' | b'U' | b'u' | b'R' | b'r' | b'O' | b'o' | b'S' | b's'
                | b'k' | b'K' | b'M' | b'd' | b'%'
        )
    };
    let is_inner_sign = |[before, sign, behind]: &[u8; 3]| {
        matches!(sign, b'+' | b'-') && before.is_ascii_digit() && behind.is_ascii_digit()
    };
    begins && text.iter().all(is_of_amount) && !text.array_windows().any(is_inner_sign)
}

impl Digits {
    /// The number times a power of ten in the plain grammar.
    fn plain(self, minus: bool, power: i32, mark: Option<DecimalMark>) -> String {
        let point = self.whole.len() as i32 + power;
        let mut digits = self.whole + &self.decimals;
        if point < 0 {
            digits.insert_str(0, &"0".repeat(point.unsigned_abs() as usize));
        }
        let point = usize::try_from(point).unwrap_or(0);
        while digits.len() < point {
            digits.push('0');
        }
        let (whole, decimals) = digits.split_at_checked(point).unwrap_or((&digits, ""));
        let mark = mark.map_or('.', |mark| char::from(mark.byte()));
        let sign = if minus { "-" } else { "" };
        match decimals {
            "" => format!("{sign}{whole}"),
            // With four digits before the mark it stands before decimals, whatever their number.
            _ => format!("{sign}{whole:0>4}{mark}{decimals}"),
        }
    }
}

fn trimmed(text: &str) -> &str {
    str::from_utf8(trim(text.as_bytes())).unwrap_or(text)
}

/// Takes the signs from both ends of a text: whether each is a minus.
fn take_signs<'a>(text: &'a str, signs: &mut Vec<bool>) -> &'a str {
    let mut text = text;
    if let Some(rest) = text.strip_prefix(['-', '\u{2212}', '+']) {
        signs.push(!text.starts_with('+'));
        text = trimmed(rest);
    }
    if let Some(rest) = text.strip_suffix(['-', '\u{2212}']) {
        signs.push(true);
        text = trimmed(rest);
    }
    text
}

/// A text without the word behind it that says whether taxes are in it.
fn without_tax(text: &str) -> &str {
    for word in ["TTC", "HT"] {
        let Some((rest, last)) = text.split_at_checked(text.len().saturating_sub(word.len()))
        else {
            continue;
        };
        let is_apart = rest.ends_with(|c: char| c == '€' || !c.is_alphabetic());
        if last.eq_ignore_ascii_case(word) && is_apart {
            return trimmed(rest);
        }
    }
    text
}

/// A text without the euros before or behind it; nothing without any, or with both.
fn without_unit(text: &str) -> Option<&str> {
    let units = ["€", "euros", "eur"];
    let behind = |text: &str| {
        let rests = units.iter().filter_map(|unit| {
            let at = text.len().checked_sub(unit.len())?;
            let (rest, last) = text.split_at_checked(at)?;
            last.eq_ignore_ascii_case(unit)
                .then_some(at)
                .filter(|_| !rest.is_empty())
        });
        rests.max()
    };
    let before = |text: &str| {
        let lengths = units.iter().filter_map(|unit| {
            let (first, _) = text.split_at_checked(unit.len())?;
            first.eq_ignore_ascii_case(unit).then_some(unit.len())
        });
        lengths.max()
    };
    match (before(text), behind(text)) {
        (Some(length), None) => text.get(length..).map(trimmed),
        (None, Some(at)) => text.get(..at).map(trimmed),
        _ => None,
    }
}

/// A text before its unit without the letter that stands for thousands or millions, and the power of ten
/// that it stands for.
fn without_factor(text: &str) -> (&str, i32) {
    for (letters, power) in [("k", 3), ("K", 3), ("Mds", 9), ("Md", 9), ("M", 6)] {
        if let Some(rest) = text.strip_suffix(letters) {
            return (trimmed(rest), power);
        }
    }
    (text, 0)
}

/// Reads a number such as `1.5E+05`, and its exponent.
fn scientific(text: &str, mark: Option<DecimalMark>) -> Option<(Digits, i32)> {
    let (mantissa, exponent) = text.split_once('E')?;
    let (sign, digits) = match exponent.strip_prefix('+') {
        Some(digits) => (1, digits),
        None => (-1, exponent.strip_prefix('-')?),
    };
    if !(1..=2).contains(&digits.len()) || !are_digits(digits) {
        return None;
    }
    let exponent: i32 = digits.parse().ok()?;
    let (whole, decimals) = match mark.map(DecimalMark::byte).map(char::from) {
        Some(mark) => mantissa.split_once(mark),
        None => mantissa.split_once(['.', ',']),
    }
    .unwrap_or((mantissa, ""));
    let has_mark = whole.len() < mantissa.len();
    if whole.len() != 1 || !are_digits(whole) || has_mark && decimals.is_empty() {
        return None;
    }
    let is_number = decimals.is_empty() || are_digits(decimals);
    let digits = Digits {
        whole: whole.to_owned(),
        decimals: decimals.to_owned(),
    };
    is_number.then_some((digits, sign * exponent))
}

/// Reads a number in groups: one kind of separator between thousands, and perhaps another mark before
/// decimals.
fn grouped(text: &str, mark: Option<DecimalMark>) -> Option<Result<Digits, &'static Reason>> {
    let mut runs = vec![String::new()];
    let mut separators = Vec::new();
    for c in text.chars() {
        match c {
            '0'..='9' => runs.last_mut()?.push(c),
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' => separators.push(' '),
            '\'' | '\u{2019}' => separators.push('\''),
            '.' | ',' => separators.push(c),
            _ => return None,
        }
        if separators.len() == runs.len() {
            runs.push(String::new());
        }
    }
    if runs.iter().any(String::is_empty) {
        return None;
    }
    let mark = mark.map(DecimalMark::byte).map(char::from);
    let is_mark = |c: char| matches!(c, '.' | ',') && mark.is_none_or(|mark| mark == c);
    let decimal = match separators.as_slice() {
        [] => false,
        // One dot or comma: before thousands or before decimals?
        [one @ ('.' | ',')] => {
            let (first, last) = (runs.first()?, runs.last()?);
            let may_be_thousands = last.len() == 3 && first.len() <= 3 && first != "0";
            if may_be_thousands && mark.is_none() {
                return Some(Err(&AMBIGUOUS));
            }
            is_mark(*one)
        }
        [before @ .., last] => is_mark(*last) && !before.contains(last),
    };
    let decimals = match decimal {
        true => {
            separators.pop();
            runs.pop()?
        }
        false => String::new(),
    };
    let (first, groups) = runs.split_first()?;
    let are_alike = separators.windows(2).all(|two| two.first() == two.last());
    let is_mark_of_decimals = separators.first().is_some_and(|one| mark == Some(*one));
    let are_groups = groups.iter().all(|group| group.len() == 3)
        && (groups.is_empty() || first.len() <= 3 && first != "0");
    if !are_alike || is_mark_of_decimals || !are_groups {
        return None;
    }
    Some(Ok(Digits {
        whole: runs.concat(),
        decimals,
    }))
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
