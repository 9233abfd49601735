//! `phone`: a telephone number, French, or of another country with its calling code.

mod american;
mod codes;
mod groups;
mod pairs;

use std::ops::{Range, RangeInclusive};

use memchr::{memchr, memchr_iter};

use super::prefilter::{Needs, fact::PLUS};
use super::text::{Between, Loose, Text, number};
use super::{Detector, Finder, Form, ShareOf, Strength};
use american::american;
use codes::CODES;
use groups::{
    BEHIND_CODE, has_high_digits, is_belgian, is_common, is_french, is_list, is_low, is_rising,
    is_short, is_short_rising, shape,
};
use pairs::{is_part_of_pairs, rises_on};

pub(super) static DETECTOR: Detector = Detector {
    name: "phone",
    title: fixed!("phone"),
    summary: "a telephone number: French (`06 12 34 56 78`, `+33 6…`, `0033 6…`, `+33 (0)6…`, `612345678` in a column \
              of such), Belgian (`0470/12.34.56`), Swiss (`079 123 45 67`) or with another country's calling code \
              (`+32 470 12 34 56`)",
    checksum: "– (the calling code exists, and its numbers have as many digits)",
    forms: &[
        Form::certain("with separators, a + or a word such as `tél`"),
        // One number of ten digits in eleven is so by chance.
        Form::weak("ten digits from 01 to 09", 50, 0.1),
        Form::weak("a calling code without +", 50, 0.1),
        // Two numbers of nine digits in nine begin as mobiles do.
        Form {
            name: "nine digits of a mobile, the 0 lost",
            strength: Strength::Weak {
                over_percent: 50,
                of: ShareOf::Lookalikes,
                at_least: 8,
            },
            chance: Some(0.22),
        },
        Form::weak("ten single digits", 50, 0.1),
        // One draw of five numbers in five begins so, and one phone number in sixteen is so.
        Form::weak("pairs of 50 at most", 50, 0.25),
        Form::weak("nine digits in groups, the 0 lost", 50, 0.22),
    ],
    needs: &[
        Needs {
            digits: FEWEST,
            ..Needs::NOTHING
        },
        Needs {
            digits: 8,
            any: PLUS,
            ..Needs::NOTHING
        },
    ],
    find,
};

const SEPARATED: u8 = 0;
const NATIONAL: u8 = 1;
const INTERNATIONAL: u8 = 2;
const MOBILE: u8 = 3;
const SINGLES: u8 = 4;
const LOW: u8 = 5;
const SHORT: u8 = 6;

/// What may be glued before a number, and what may stand before one to tell what it is.
const LABELS: [&str; 14] = [
    "tel", "tél", "telephone", "téléphone", "mob", "mobile", "portable", "port", "gsm", "fixe",
    "fax", "phone", "whatsapp", "sms",
];

/// Without accents.
const WORDS: [&str; 12] = [
    "tel", "telephone", "mob", "mobile", "portable", "port", "gsm", "fixe", "fax", "phone",
    "whatsapp", "sms",
];

/// No number without `+` has fewer digits.
const FEWEST: usize = 9;

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    let digits = text.0.iter().filter(|byte| byte.is_ascii_digit()).count();
    if digits < FEWEST && memchr(b'+', text.0).is_none() {
        return;
    }
    for plus in memchr_iter(b'+', text.0) {
        // `+++551/3075/76157+++` is what Belgian banks write of a payment.
        if text.may_begin(plus, &LABELS)
            && !text.before(plus).ends_with(b"+")
            && let Some(end) = international(text, plus + 1)
        {
            found.hit(SEPARATED, plus..end);
        }
    }
    let mut behind_last = 0;
    for (start, run) in found.facts.runs_in(text) {
        if !text.may_begin(start, &LABELS) || text.before(start).ends_with(b"+") {
            continue;
        }
        if text.behind(start).starts_with(b"00") && behind_two_zeros(text, start, run, found) {
            continue;
        }
        if run < 9 {
            if matches!(run, 1 | 3) && short(text, start, found)
                || run == 3 && american(text, start, found)
            {
                continue;
            }
            if let Some(end) = grouped(text, start, behind_last, found) {
                behind_last = end;
            }
        } else if text.is_free_after(start + run) && !text.is_part_of_decimal(start, start + run) {
            in_one(text, start, run, found);
        }
    }
}

/// Reads a number that begins with 00 and a calling code, and tells whether it is one.
fn behind_two_zeros(text: Text<'_>, start: usize, run: usize, found: &mut Finder<'_>) -> bool {
    let gap = text.separator(start + 2, Between::BLANK);
    let code = start + 2 + gap.unwrap_or_default();
    // French numbers have one length; the others may be the middle of another number.
    let whole = |end: &usize| {
        let card = text.grouped(start, &[4, 4, 4, 4], Between::DASH);
        let inside =
            matches!(text.before(start), [.., digit, b'-' | b'.'] if digit.is_ascii_digit());
        text.behind(code).starts_with(b"33") && !inside
            || card.is_none() && !text.is_part_of_longer(start, *end)
    };
    let Some(end) = international(text, code).filter(whole) else {
        return false;
    };
    let in_one = end == start + run;
    found.hit(if in_one { INTERNATIONAL } else { SEPARATED }, start..end);
    true
}

/// Reads a run of nine digits or more, which stands alone.
fn in_one(text: Text<'_>, start: usize, run: usize, found: &mut Finder<'_>) {
    let range = start..start + run;
    let digits = text.0.get(range.clone()).unwrap_or_default();
    let named = || text.follows(start, &WORDS) || !text.is_free_before(start);
    if run < 11 && text.is_of_paper(start) {
        return;
    }
    match (run, digits) {
        (9, [b'1'..=b'9', ..]) if named() => found.hit(SEPARATED, range),
        (9, [b'6' | b'7', ..]) => {
            found.hit_if_nothing_else(MOBILE, digits.get(1..3), range);
        }
        // A landline, if there are mobiles beside it.
        (9, [b'1'..=b'5' | b'9', ..]) => found.hit_if_nothing_else(MOBILE, None, range),
        (9, _) => found.lookalike(MOBILE, range),
        (10, [b'0', b'1'..=b'9', ..]) if named() => found.hit(SEPARATED, range),
        // Ranges that no subscriber has: zeros were put before a number. 08 is of services.
        (10, [b'0', b'0' | b'8', ..] | [b'0', b'1', b'0'..=b'2', ..]) => {
            found.contrary(NATIONAL, range);
        }
        // Nor these as yet, but in lists of invented numbers they stand.
        (10, [b'0', b'7', b'0'..=b'2', ..]) => found.hit_among_others(NATIONAL, range),
        (10, [b'0', _, rest @ ..]) => {
            found.hit_if_varied(NATIONAL, rest.get(..4).unwrap_or(rest), range);
        }
        (10, _) => found.lookalike(NATIONAL, range),
        (11, [b'3', b'3', b'1'..=b'9', ..]) if !text.is_of_paper(start) => {
            found.hit(INTERNATIONAL, range);
        }
        (11..=17, _) => found.lookalike(INTERNATIONAL, range),
        _ => {}
    }
}

/// Reads a mobile number whose zero was lost, in groups, and tells whether it is one. In groups of
/// three it may be a SIREN or an amount as well, and the column decides as without groups.
fn short(text: Text<'_>, start: usize, found: &mut Finder<'_>) -> bool {
    let loose = text.loose_digits(start, 9);
    let end = loose.end(9).filter(|end| text.is_free_after(*end));
    let in_threes = loose.is_grouped(&[3, 3, 3]) && loose.is_even_behind_first(9);
    if let Some(end) = end.filter(|end| in_threes && !text.is_part_of_longer(start, *end)) {
        let range = start..end;
        match loose.ascii() {
            _ if text.is_unit(end) || text.is_part_of_decimal(start, end) => {}
            [b'6' | b'7', ..] => {
                found.hit_if_nothing_else(MOBILE, loose.ascii().get(1..3), range);
            }
            _ => found.lookalike(MOBILE, range),
        }
        return false;
    }
    let Some(end) = end.filter(|end| is_short(&loose) && !text.is_part_of_longer(start, *end))
    else {
        return false;
    };
    let is_mobile = matches!(loose.ascii(), [b'6' | b'7', ..]);
    match is_mobile && !text.is_unit(end) {
        true if text.follows(start, &WORDS) => found.hit(SEPARATED, start..end),
        true if !is_short_rising(&loose) => found.hit(SHORT, start..end),
        _ => found.lookalike(SHORT, start..end),
    }
    is_mobile
}

/// Reads a number in groups, and gives the place behind it.
fn grouped(
    text: Text<'_>,
    start: usize,
    behind_last: usize,
    found: &mut Finder<'_>,
) -> Option<usize> {
    let first = text.byte(start)?;
    let run = text.run(start);
    if !matches!(first, b'0' | b'3' | b'4') && run > 2 {
        return None;
    }
    let loose = text.loose_digits(start, 12);
    let alone = |length: usize| loose.end(length).filter(|end| text.is_free_after(*end));
    if first != b'0'
        && let Some(end) = alone(10)
    {
        lookalike(text, &loose, start..end, found);
    }
    if loose.ascii().starts_with(b"0") {
        if let Some(end) = alone(10).filter(|_| is_french(&loose)) {
            let longer = is_part_of_pairs(text, start, end, behind_last);
            match shape(&loose)? {
                _ if longer => return None,
                SINGLES if text.is_part_of_longer(start, end) => return None,
                SINGLES if has_high_digits(&loose) => found.hit(SINGLES, start..end),
                SINGLES => found.lookalike(SINGLES, start..end),
                _ if is_rising(&loose) && rises_on(text, start, end) => return None,
                // The numbers of a draw are mostly in order.
                _ if (is_low(&loose) || is_list(&loose)) && is_rising(&loose) => {
                    found.hit_among_others(LOW, start..end);
                }
                _ if is_low(&loose) || is_list(&loose) => found.hit(LOW, start..end),
                _ if !is_common(&loose) && text.is_part_of_longer(start, end) => return None,
                _ => found.hit(SEPARATED, start..end),
            }
            return Some(end);
        }
        let end =
            alone(9).filter(|end| is_belgian(&loose) && !text.is_part_of_longer(start, *end))?;
        found.hit(SEPARATED, start..end);
        return Some(end);
    }
    let (_, length, sizes) = BEHIND_CODE
        .iter()
        .find(|(code, ..)| loose.ascii().starts_with(code.as_bytes()))?;
    let end = alone(*length)?;
    let trunk = loose
        .ascii()
        .get(loose.ascii().len().min(2)..)?
        .starts_with(b"0");
    if trunk
        || text.is_part_of_longer(start, end)
        || loose.gaps_are(b',')
        || !sizes.iter().any(|sizes| loose.is_grouped(sizes))
    {
        return None;
    }
    // Two groups may be a code and a number, groups of three an amount.
    let thousands = loose.is_grouped(&[2, 3, 3, 3]) || loose.is_grouped(&[3, 3, 3, 3]);
    if text.is_unit(end) || text.is_part_of_decimal(start, end) {
        return None;
    }
    let form = match thousands || loose.gaps(*length) < 3 {
        true => INTERNATIONAL,
        false => SEPARATED,
    };
    found.hit(form, start..end);
    Some(end)
}

/// Reports ten digits that begin as no number does, but are grouped like one: of a draw or a survey.
fn lookalike(text: Text<'_>, loose: &Loose, range: Range<usize>, found: &mut Finder<'_>) {
    if text.is_part_of_longer(range.start, range.end) {
        return;
    }
    if loose.is_grouped(&[1; 10]) {
        found.lookalike(SINGLES, range);
    } else if is_low(loose) {
        found.lookalike(LOW, range);
    }
}

/// Reads a calling code and a national number from `at` on, and gives the place behind.
fn international(text: Text<'_>, at: usize) -> Option<usize> {
    let (behind, lengths) = (1..=3).find_map(|length| {
        let code = text.0.get(at..at + length)?;
        if code.first() == Some(&b'0') || !code.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let code = number(code);
        let known = |(_, _, codes): &&(usize, usize, &[u16])| {
            codes.iter().any(|known| u32::from(*known) == code)
        };
        let (fewest, most, _) = CODES.iter().find(known)?;
        Some((at + length, *fewest..=*most))
    })?;
    // Some countries' numbers begin with the 0 that in others is for calls within only.
    let inside = trunk_end(text, behind);
    national_end(text, inside, &lengths).or_else(|| national_end(text, behind, &lengths))
}

/// Where a national number ends that begins at `at`, at most behind a separator.
fn national_end(text: Text<'_>, at: usize, lengths: &RangeInclusive<usize>) -> Option<usize> {
    let (mut digits, mut end, mut place) = (0, None, at);
    if !text.is_digit(place) {
        place += gap(text, place);
    }
    loop {
        let run = text.run(place);
        digits += run;
        place += run;
        if run > 0 && lengths.contains(&digits) && text.is_free_after(place) {
            end = Some(place);
        }
        let gap = gap(text, place);
        if digits >= *lengths.end() || gap == 0 || !text.is_digit(place + gap) {
            return end;
        }
        place += gap;
    }
}

/// The place behind `(0)`, or a bare 0, that is dialled within the country only.
fn trunk_end(text: Text<'_>, at: usize) -> usize {
    let start = at + text.separator(at, Between::DOT).unwrap_or_default();
    match text.behind(start) {
        [b'(', b'0', b')', ..] => start + 3,
        [b'0', b'1'..=b'9', ..] => start + 1,
        _ => at,
    }
}

/// The length of what stands between two groups: a separator, a bracket, or both.
fn gap(text: Text<'_>, at: usize) -> usize {
    let mut end = at;
    for _ in 0..3 {
        end += match text.byte(end) {
            Some(b'(' | b')') => 1,
            _ => text.separator(end, Between::SLASH).unwrap_or_default(),
        };
    }
    end - at
}

#[cfg(test)]
mod tests;
