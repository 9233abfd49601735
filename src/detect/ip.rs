//! `ip`: the address of a computer on the internet, in version 4 or 6.

use std::net::Ipv6Addr;

use memchr::memchr_iter;

use super::prefilter::{
    Needs,
    fact::{COLON, DOT},
};
use super::text::{Text, count, number};
use super::{Detector, Finder, Form};

pub(super) static DETECTOR: Detector = Detector {
    name: "ip",
    title: fixed!("ip"),
    summary: "an IP address: `81.56.112.7` (of seven digits or more: `1.2.3.4` is rather a version) or `2a01:cb00::1` \
              (of three groups or more)",
    checksum: "– (every part in its range)",
    forms: &[
        Form::certain("version 6"),
        // Numbers of versions have the same shape.
        Form::weak("version 4", 50, 0.35),
        Form::weak("version 4, two parts of 100 or more", 50, 0.2),
    ],
    needs: &[
        Needs {
            digits: 4,
            pieces: 4,
            any: DOT,
            ..Needs::NOTHING
        },
        Needs {
            digits: 1,
            any: COLON,
            ..Needs::NOTHING
        },
    ],
    find,
};

const SIX: u8 = 0;
const FOUR: u8 = 1;
const BIG: u8 = 2;

/// What has fewer digits than that looks like the number of a version. Of all addresses one in
/// seven hundred has.
const LEAST_DIGITS: usize = 7;

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    let count = |sign: u8| text.0.iter().filter(|byte| **byte == sign).count();
    if count(b'.') < 3 && count(b':') < 2 {
        return;
    }
    let mut behind = 0;
    for colon in memchr_iter(b':', text.0) {
        if colon >= behind {
            behind = six(text, colon, found);
        }
    }
    for (start, run) in found.facts.runs_in(text) {
        if text.byte(start + run) == Some(b'.')
            && text.is_free_before(start)
            && !text.before(start).ends_with(b".")
        {
            four(text, start, found);
        }
    }
}

/// Reads the four parts that begin at `start`.
fn four(text: Text<'_>, start: usize, found: &mut Finder<'_>) {
    let (mut end, mut digits, mut in_range) = (start, 0, true);
    let (mut big_parts, mut has_big_part) = (0, false);
    for part in 0..4 {
        if part > 0 {
            if text.byte(end) != Some(b'.') {
                return;
            }
            end += 1;
        }
        let run = text.run(end);
        let value = text.0.get(end..end + run.min(4)).map_or(0, number);
        let zero_before = run > 1 && text.byte(end) == Some(b'0');
        if run == 0 {
            return;
        }
        in_range &= run <= 3 && value <= 255 && !zero_before && (part > 0 || value > 0);
        has_big_part |= part > 0 && value >= 100;
        big_parts += u8::from(value >= 100);
        digits += run;
        end += run;
    }
    let longer = text.byte(end) == Some(b'.') && text.is_digit(end + 1);
    if longer || !text.is_free_after(end) {
        return;
    }
    let range = start..end;
    let form = if big_parts > 1 { BIG } else { FOUR };
    if !in_range || digits < LEAST_DIGITS {
        found.lookalike(form, range);
    } else if !has_big_part {
        // The parts of a version are mostly under 100; one address in sixteen has such too.
        found.hit_if_nothing_else(FOUR, None, range);
    } else {
        let network = text.0.get(start..end).unwrap_or_default();
        let mut parts = network.split(|byte| *byte == b'.');
        let first = parts.next().unwrap_or_default();
        match (first, parts.next().unwrap_or_default()) {
            // A house's network is the same in all of them.
            (b"192", b"168") => found.hit(form, range),
            (b"10", second) => found.hit_if_varied(form, second, range),
            // The second part of a version is often 0, that of one network in 256.
            (_, b"0") => found.hit_if_nothing_else(form, None, range),
            // Small numbers first: `6.1.129.68` is a build, unless others tell.
            (first, second) if first.len() < 3 && number(first) <= 20 && second.len() == 1 => {
                found.hit_among_others(form, range);
            }
            // Addresses of one provider begin alike; the second part of a version is below 100.
            (_, second @ [_, _, _]) => {
                let network = network.get(..first.len() + 1 + second.len());
                found.hit_if_varied(form, network.unwrap_or(first), range);
            }
            _ => found.hit_if_varied(form, first, range),
        }
    }
}

/// Reads the hexadecimal groups around a colon, and gives the place behind them.
fn six(text: Text<'_>, colon: usize, found: &mut Finder<'_>) -> usize {
    let of_address = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
    let first = text
        .before(colon)
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_hexdigit())
        .count();
    let mut start = colon - first;
    let until = start + count(text.behind(start), of_address);
    // A word before the first colon may end in letters that are digits here: `adresse:2a01::1`.
    if !text.is_free_before(start)
        || first > 4
        || (first == 0 && text.byte(colon + 1) != Some(b':'))
    {
        start = colon + 1;
    }
    let mut end = until;
    while matches!(text.before(end), [.., b'.']) || ends_in_single_colon(text.before(end)) {
        end -= 1;
    }
    let token = text.0.get(start..end).unwrap_or_default();
    let groups = token
        .split(|byte| *byte == b':')
        .filter(|group| !group.is_empty())
        .count();
    let address = str::from_utf8(token)
        .ok()
        .and_then(|token| token.parse::<Ipv6Addr>().ok());
    if groups >= 3
        && address.is_some()
        && token.iter().any(u8::is_ascii_digit)
        && text.is_free_after(end)
    {
        found.hit(SIX, start..end);
    }
    until
}

fn ends_in_single_colon(text: &[u8]) -> bool {
    text.ends_with(b":") && !text.ends_with(b"::")
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, forms, misses};

    #[test]
    fn addresses_are_found() {
        finds(
            "ip",
            &[
                "‹81.56.112.7›",
                "de ‹192.168.1.12›:8080, puis ‹10.20.30.40›/24.",
                "‹2a01:cb00:1:2:3:4:5:6›",
                "adresse:‹2a01:CB00::1f›.",
                "IP :‹fe80::1:2›:",
                "[‹fe80::1:2›]:80",
                "‹64:ff9b::81.56.112.7›",
            ],
        );
        forms(
            "ip",
            &[
                ("fe80::1:2", 0),
                ("81.56.112.7", 1),
                ("192.10.45.12", 1),
                ("81.156.112.7", 2),
            ],
        );
    }

    #[test]
    fn near_misses() {
        misses(
            "ip",
            &[
                ("a version", "1.2.3.4, 10.0.2.1, v12.34.56.78"),
                ("a part over 255", "81.56.112.256"),
                ("three parts", "81.56.112"),
                ("five parts", "81.56.112.7.9"),
                ("a zero before", "081.56.112.70"),
                ("no network", "0.156.112.7"),
                ("a time", "12:34:56, 2024-01-15T12:34:56"),
                ("a card of a network", "00:1a:2b:3c:4d:5e"),
                ("this computer", "::1, ::"),
                ("a name in a program", "ab::cd::ef, std::fmt"),
                ("a ratio", "3:2:1"),
                ("a zone glued to it", "2a01:cb00::1z"),
            ],
        );
    }
}
