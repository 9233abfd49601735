//! `email`: an address with `@` between a name and a domain.

use memchr::{memchr_iter, memchr3_iter};

use super::prefilter::{
    Needs,
    fact::{ACCENT, AT, BLANK, DASH, ESCAPE, LETTER, OTHER, UNDERSCORE},
};
use super::text::{Text, is_alphanumeric};
use super::{Detector, Finder, Form};

pub(super) static DETECTOR: Detector = Detector {
    name: "email",
    title: fixed!("email"),
    summary: "an e-mail address: `jean.dupont@example.fr`, with letters of any script; also `jean @ example.fr`, \
              `jean [at] example [dot] fr`, `jean arobase example point fr`, `jean&#64;example.fr`, `jean%40example.fr`, \
              `jean@gmail,com`",
    checksum: "–",
    forms: &[Form::certain("an address")],
    needs: &[
        Needs {
            any: AT | ESCAPE | UNDERSCORE | ACCENT,
            ..Needs::NOTHING
        },
        Needs {
            any: BLANK | DASH,
            and: LETTER | OTHER,
            ..Needs::NOTHING
        },
    ],
    find,
};

/// What stands for `@`, in small letters; what is a word only between blanks.
const SIGNS: [&str; 20] = [
    "[at]", "(at)", "{at}", "<at>", "[a]", "(a)", "[@]", "(@)", "[arobase]", "(arobase)",
    "[arobas]", "(arobas)", "&#64;", "&#064;", "&#x40;", "&commat;", "%40", "_at_", "\\u0040",
    "=40",
];

/// What stands between a name and a provider alone: typed without AltGr, where `à` is on the key of `@`.
const GLUED: [&str; 2] = ["à", "-at-"];
const SPOKEN: [&str; 5] = ["arobase", "arobas", "arrobase", "at", "chez"];

/// What stands for a dot between labels.
const DOTS: [&str; 10] = [
    "[dot]", "(dot)", "[point]", "(point)", "[.]", "(.)", "{dot}", "&#46;", "&period;", "%2e",
];
const SPOKEN_DOTS: [&str; 2] = ["dot", "point"];

/// Ends of domains that stand behind anything else than a dot.
const ENDS: [&str; 19] = [
    "me", "nl", "pt", "fr", "com", "net", "org", "eu", "be", "ch", "lu", "de", "it", "es", "uk",
    "io", "info", "pro", "ca",
];

/// Providers, whose name alone tells that an address is meant.
const PROVIDERS: [&str; 16] = [
    "gmail", "hotmail", "outlook", "yahoo", "orange", "wanadoo", "free", "laposte", "sfr", "live",
    "icloud", "bbox", "msn", "aol", "protonmail", "neuf",
];

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    let facts = found.facts;
    if facts.has(AT) {
        for at in memchr_iter(b'@', text.0) {
            // Typed twice: `jean@@example.fr`.
            let signs = 1 + usize::from(text.byte(at + 1) == Some(b'@'));
            if !text.before(at).ends_with(b"@") {
                report(text, at, at + signs, true, found);
            }
        }
    }
    if facts.has(ESCAPE | UNDERSCORE) {
        for at in memchr3_iter(b'(', b'[', b'&', text.0)
            .chain(memchr3_iter(b'%', b'{', b'<', text.0))
            .chain(memchr3_iter(b'_', b'\\', b'=', text.0))
        {
            if let Some(sign) = SIGNS.iter().find(|sign| starts_with(text, at, sign)) {
                report(text, at, at + sign.len(), false, found);
            }
        }
    }
    for (glued, first) in GLUED.iter().zip([ACCENT, DASH]) {
        let Some(begin) = glued.bytes().next().filter(|_| facts.has(first)) else {
            continue;
        };
        let mut behind = 0;
        for at in memchr_iter(begin, text.0) {
            if at >= behind && text.behind(at).starts_with(glued.as_bytes()) {
                behind = at + glued.len();
                if !text.is_free_before(at) && is_provider(text, behind) {
                    report(text, at, behind, true, found);
                }
            }
        }
    }
    if !facts.has(BLANK) {
        return;
    }
    let mut place = 0;
    while let Some(blank) = text
        .behind(place)
        .iter()
        .position(|byte| matches!(byte, b' ' | b'\t' | 0xC2 | 0xE2))
    {
        let at = place + blank;
        place = at + 1;
        // Nearly all blanks stand before another word.
        let next = text.byte(at + 1);
        if next.is_some_and(|next| {
            next.is_ascii_alphanumeric() && !matches!(next, b'a' | b'A' | b'c' | b'C')
        }) {
            continue;
        }
        let word = text.skip_blanks(at);
        if !matches!(text.byte(word), Some(b'a' | b'A' | b'c' | b'C')) {
            continue;
        }
        let spoken = SPOKEN.iter().find(|spoken| {
            starts_with(text, word, spoken) && text.blank(word + spoken.len()).is_some()
        });
        if let Some(spoken) = spoken.filter(|_| word > at) {
            report(text, word, word + spoken.len(), false, found);
        }
    }
}

/// Whether a provider's domain begins at `at`.
fn is_provider(text: Text<'_>, at: usize) -> bool {
    let dotted = |name: &&str| text.byte(at + name.len()) == Some(b'.');
    let mut providers = PROVIDERS.iter();
    providers.any(|name| starts_with(text, at, name) && dotted(name))
}

/// Reports the address whose `@`, or what stands for it, lies from `at` to `behind`.
fn report(text: Text<'_>, at: usize, behind: usize, is_sign: bool, found: &mut Finder<'_>) {
    let (start, end) = (name_start(text, at), domain_end(text, behind));
    if is_sign && let (Some(start), Some(end)) = (start, end) {
        found.hit(0, start..end);
        return;
    }
    // Blanks may stand around it, and other characters for the dots.
    let (before, domain) = (blanks_before(text, at), text.skip_blanks(behind));
    let apart = before < at || domain > behind;
    if let Some(start) = name_start(text, before).filter(|start| has_letter(text, *start, before))
        && let Some(end) = loose_end(text, domain, is_sign, !apart)
    {
        found.hit(0, start..end);
    }
}

/// Whether the text goes on so at `at`, in any case.
fn starts_with(text: Text<'_>, at: usize, expected: &str) -> bool {
    let start = text.behind(at).get(..expected.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(expected.as_bytes()))
}

fn has_letter(text: Text<'_>, start: usize, end: usize) -> bool {
    let name = text.0.get(start..end).unwrap_or_default();
    name.iter()
        .any(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii())
}

/// The place before at most two blanks that end at `at`.
fn blanks_before(text: Text<'_>, at: usize) -> usize {
    let one = |at: usize| text.blank_before(at).map_or(at, |length| at - length);
    one(one(at))
}

/// Where a domain ends that begins at `start`, whatever stands for its dots: a dot, a comma, a word.
/// Its last label is a known one. A provider's name needs none right behind `@`.
fn loose_end(text: Text<'_>, start: usize, is_sign: bool, is_close: bool) -> Option<usize> {
    let (mut end, mut label, mut dotted) = (None, start, false);
    for nth in 0..5 {
        let mut place = label;
        while let Some(character) = text.char_at(place) {
            if !is_alphanumeric(character) && character != '-' {
                break;
            }
            place += character.len_utf8();
        }
        let name = text.0.get(label..place)?;
        if name.is_empty() {
            break;
        }
        let is_one_of = |known: &[&str]| {
            known
                .iter()
                .any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
        };
        let is_plain = dotted && name.iter().all(u8::is_ascii_alphabetic) && name.len() >= 2;
        if nth > 0 && (is_one_of(&ENDS) || is_plain)
            || nth == 0 && is_sign && is_close && (is_one_of(&PROVIDERS) || has_no_dot(name))
        {
            end = Some(place);
        }
        let provider = nth == 0 && is_one_of(&PROVIDERS);
        let apart = || is_sign.then(|| end_apart(text, place))?;
        let next = apart().or_else(|| dot_end(text, place, provider));
        let Some((next, is_dot)) = next else {
            break;
        };
        (label, dotted) = (next, is_dot);
    }
    end
}

/// Whether a provider's name and an end stand together: `gmailcom`.
fn has_no_dot(name: &[u8]) -> bool {
    let mut providers = PROVIDERS.iter();
    providers.any(|provider| {
        let parts = name.split_at_checked(provider.len());
        parts.is_some_and(|(first, end)| {
            let is_end = |known: &&str| end.eq_ignore_ascii_case(known.as_bytes());
            first.eq_ignore_ascii_case(provider.as_bytes()) && ENDS.iter().any(is_end)
        })
    })
}

/// The place of one of the commonest ends behind a dot with a blank before or behind it:
/// `jean@example. fr`.
fn end_apart(text: Text<'_>, at: usize) -> Option<(usize, bool)> {
    const COMMON: [&[u8]; 5] = [b"fr", b"com", b"net", b"org", b"eu"];
    let dot = text.skip_blanks(at);
    let end = text.skip_blanks(dot + 1);
    let known = || {
        let mut ends = COMMON.iter();
        ends.any(|known| {
            text.behind(end).starts_with(known) && text.is_free_after(end + known.len())
        })
    };
    let apart = dot > at || end > dot + 1;
    (text.byte(dot) == Some(b'.') && apart && known()).then_some((end, false))
}

/// The place behind what stands for a dot at `at`, and whether it is one.
fn dot_end(text: Text<'_>, at: usize, behind_provider: bool) -> Option<(usize, bool)> {
    match text.byte(at) {
        Some(b'.') => return Some((at + 1, true)),
        Some(b',') if text.blank(at + 1).is_none() => return Some((at + 1, false)),
        _ => {}
    }
    let word = text.skip_blanks(at);
    if let Some(dot) = DOTS.iter().find(|dot| starts_with(text, word, dot)) {
        return Some((text.skip_blanks(word + dot.len()), false));
    }
    let spoken = SPOKEN_DOTS.iter().find(|dot| {
        word > at && starts_with(text, word, dot) && text.blank(word + dot.len()).is_some()
    });
    if let Some(dot) = spoken {
        return Some((text.skip_blanks(word + dot.len()), false));
    }
    (behind_provider && word > at).then_some((word, false))
}

/// Where the name before `@` begins: letters, digits and some signs, the first no sign.
fn name_start(text: Text<'_>, at: usize) -> Option<usize> {
    let (mut start, mut place) = (None, at);
    // Most names are of ASCII.
    let letters = text.before(at).iter().rev();
    let letters = letters.take_while(|byte| byte.is_ascii_alphanumeric());
    place -= letters.count();
    if place < at {
        start = Some(place);
    }
    while let Some(character) = text.char_before(place) {
        let of_name = is_alphanumeric(character);
        if !of_name && !"._%+-'&~!#$*".contains(character) {
            break;
        }
        place -= character.len_utf8();
        if of_name || character == '_' {
            start = Some(place);
        }
    }
    start
}

/// Where the domain ends: labels with dots between, the last of two letters or more.
fn domain_end(text: Text<'_>, start: usize) -> Option<usize> {
    let (mut end, mut label, mut labels) = (None, start, 0);
    loop {
        let (mut letters, mut only_letters, mut place) = (0, true, label);
        while let Some(character) = text.char_at(place) {
            if !is_alphanumeric(character) && character != '-' {
                break;
            }
            only_letters &= character.is_alphabetic();
            letters += usize::from(only_letters);
            place += character.len_utf8();
            // Digits glued behind are no part of it, but do not hide it either.
            if labels > 0 && letters >= 2 && only_letters {
                end = Some(place);
            }
        }
        if place == label {
            return end;
        }
        if labels > 0 && is_encoded(text, label) {
            end = Some(place);
        }
        labels += 1;
        if text.byte(place) != Some(b'.') {
            return end;
        }
        label = place + 1;
    }
}

/// Whether the label stands for letters of another script.
fn is_encoded(text: Text<'_>, label: usize) -> bool {
    let start = text.behind(label).split_at_checked(4);
    start.is_some_and(|(start, _)| start.eq_ignore_ascii_case(b"xn--"))
}

#[cfg(test)]
mod tests;
