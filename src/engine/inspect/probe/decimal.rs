//! Amounts that are plain decimals, as nearly all are: told without asking a rule. A test holds it against the rules.

use super::{Answers, Is};
use crate::detect::Facts;
use crate::detect::fact::{COMMA, DASH, DOT, NO_AMOUNT, PLUS};

/// So many digits and nothing else are an amount in every reading.
pub(super) const MOST_DIGITS: usize = 18;

/// Whether a text may be an amount: it has a sign in front only, and nothing that none has.
pub(super) fn may_be_amount(trimmed: &str, facts: Facts) -> bool {
    let signs = ['+', '-'];
    let behind = trimmed.strip_prefix(signs).unwrap_or(trimmed);
    let signed = facts.has(PLUS | DASH) && behind.contains(signs);
    !signed && !facts.has(NO_AMOUNT)
}

/// Says all of an amount that is nothing but digits and one mark, which cannot stand before thousands, perhaps
/// behind a minus, and tells whether the text is one.
pub(super) fn say_decimal(text: &[u8], facts: Facts, answers: &mut Answers) -> bool {
    let with = match (facts.has(DOT), facts.has(COMMA)) {
        (true, false) => [Is::AmountWithDot, Is::WideWithDot],
        (false, true) => [Is::AmountWithComma, Is::WideWithComma],
        _ => return false,
    };
    let (minus, number) = match text {
        [b'-', number @ ..] => (true, number),
        number => (false, number),
    };
    let whole = number
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let (Some((whole, [_, decimals @ ..])), true) = (
        number.split_at_checked(whole),
        number.len() == facts.digits + 1,
    ) else {
        return false;
    };
    let may_group = decimals.len() == 3 && whole.len() <= 3;
    if whole.is_empty() || decimals.is_empty() || may_group || whole.len() > MOST_DIGITS {
        return false;
    }
    let is_zero = |digits: &[u8]| digits.iter().all(|digit| *digit == b'0');
    let negative = minus && !(is_zero(whole) && is_zero(decimals));
    answers.say_all(&[Is::Amount, Is::WideAmount]);
    answers.say_all(&with);
    answers.say(Is::Countable, !negative);
    // The interval of an amount below zero ends at its whole part.
    let beyond = u128::from(negative && !is_zero(decimals));
    answers.magnitude = Some(bits(whole_number(whole) + beyond));
    true
}

/// The binary digits of the lower end of an interval.
pub(super) fn magnitude(interval: &[u8]) -> u32 {
    bits(whole_number(
        interval.strip_prefix(b"-").unwrap_or(interval),
    ))
}

/// The number that the digits in front stand for.
fn whole_number(text: &[u8]) -> u128 {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0_u128, |number, digit| {
        let ten = number.saturating_mul(10);
        ten.saturating_add(u128::from(digit - b'0'))
    })
}

/// How many binary digits a number has, 63 at most.
fn bits(number: u128) -> u32 {
    (128 - number.leading_zeros()).min(63)
}
