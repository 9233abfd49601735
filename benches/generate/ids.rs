//! The identifiers of a person: register number, website, client number, e-mail name.

use std::fmt::Write as _;

use super::rng::Rng;

pub(crate) fn days(year: u64, month: u64) -> u64 {
    match month {
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A number of the French register (NIR): sex, year, month, department, town, order and key. The
/// key is 97 less the rest by 97, where Corsica's 2A and 2B count as 19 and 18 (decree 82-103).
pub(crate) fn social_security(
    rng: &mut Rng,
    woman: bool,
    born: (u64, u64, u64),
    into: &mut String,
) {
    into.clear();
    let _ = write!(
        into,
        "{}{:02}{:02}",
        if woman { 2 } else { 1 },
        born.0 % 100,
        born.1
    );
    let abroad = rng.below(1000);
    let (place, counts_as) = match 1 + rng.below(95) {
        _ if abroad < 40 => (format!("99{:03}", 100 + rng.below(300)), None),
        _ if abroad < 70 => (
            format!("97{}{:02}", 1 + rng.below(4), 1 + rng.below(30)),
            None,
        ),
        20 if born.0 < 1976 => (format!("20{:03}", 1 + rng.below(360)), None),
        20 if rng.permille(500) => (format!("2A{:03}", 1 + rng.below(300)), Some("19")),
        20 => (format!("2B{:03}", 1 + rng.below(300)), Some("18")),
        department => (format!("{department:02}{:03}", 1 + rng.below(500)), None),
    };
    let _ = write!(into, "{place}{:03}", 1 + rng.below(600));
    let department = place
        .split_at_checked(2)
        .map_or("", |(department, _)| department);
    let body = match counts_as {
        Some(digits) => into.replacen(department, digits, 1),
        None => into.clone(),
    };
    let key = 97 - body.parse::<u64>().unwrap_or_default() % 97;
    let _ = write!(into, "{key:02}");
}

pub(crate) fn website_id(rng: &mut Rng, into: &mut String) {
    into.clear();
    let (high, low) = (rng.next(), rng.next());
    let _ = if rng.permille(30) {
        let (a, b, c) = (high >> 32, high >> 16 & 0xFFFF, high & 0xFFF);
        let (d, e) = (low >> 48 & 0x3FFF | 0x8000, low & 0xFFFF_FFFF_FFFF);
        write!(into, "{a:08x}-{b:04x}-4{c:03x}-{d:04x}-{e:012x}")
    } else {
        write!(into, "{:010x}", high >> 24)
    };
}

/// Mostly `C-0012345`, each once in ten million rows; some look like a day.
pub(crate) fn client_id(rng: &mut Rng, row: u64, into: &mut String) {
    into.clear();
    let (year, month) = (1940 + rng.below(85), 1 + rng.below(12));
    let _ = if rng.permille(40) {
        write!(
            into,
            "{year}{month:02}{:02}",
            1 + rng.below(days(year, month))
        )
    } else {
        write!(into, "C-{:07}", row.wrapping_mul(7919) % 10_000_000)
    };
}

/// Lower-case letters without accents, for the left side of an e-mail address.
pub(crate) fn fold(name: &str, into: &mut String) {
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'à' | 'â' | 'ä' => into.push('a'),
            'ç' => into.push('c'),
            'è' | 'é' | 'ê' | 'ë' => into.push('e'),
            'î' | 'ï' => into.push('i'),
            'ô' | 'ö' => into.push('o'),
            'ù' | 'û' | 'ü' => into.push('u'),
            'œ' => into.push_str("oe"),
            ' ' | '\'' => {}
            other => into.push(other),
        }
    }
}
