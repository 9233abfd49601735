//! `email`: an address with `@` between a name and a domain.

use memchr::memchr_iter;

use super::prefilter::{AT, Needs};
use super::text::{Text, is_alphanumeric};
use super::{Detector, Finder, Form};

/// The detector `email`.
pub(super) static DETECTOR: Detector = Detector {
    name: "email",
    summary: "an e-mail address: `jean.dupont@example.fr`, with letters of any script",
    checksum: "–",
    forms: &[Form::certain("an address")],
    needs: Needs { digits: 0, any: AT },
    find,
};

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    for at in memchr_iter(b'@', text.0) {
        if let (Some(start), Some(end)) = (name_start(text, at), domain_end(text, at + 1)) {
            found.hit(0, start..end);
        }
    }
}

/// Where the name before `@` begins: letters, digits and some signs, the first no sign.
fn name_start(text: Text<'_>, at: usize) -> Option<usize> {
    let (mut start, mut place) = (None, at);
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
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn addresses_are_found() {
        finds(
            "email",
            &[
                ("jean.dupont@example.fr", &["jean.dupont@example.fr"]),
                (
                    "cf. JEAN_D+crm@Mail.Example.CO.UK.",
                    &["JEAN_D+crm@Mail.Example.CO.UK"],
                ),
                ("<z@a.io>,mailto:y@b.fr", &["z@a.io", "y@b.fr"]),
                ("«\u{a0}zoé@exämple.de\u{a0}»", &["zoé@exämple.de"]),
                ("x@xn--mlr-bla.xn--p1ai", &["x@xn--mlr-bla.xn--p1ai"]),
                ("d'arc@example.museum;", &["d'arc@example.museum"]),
                ("email=a@b.fr", &["a@b.fr"]),
                ("a@b@c.fr", &["b@c.fr"]),
                ("a@b.fr_old", &["a@b.fr"]),
                ("a@b.fr0612345678", &["a@b.fr"]),
                ("x@a.fr.12", &["x@a.fr"]),
            ],
        );
    }

    #[test]
    fn near_misses() {
        misses(
            "email",
            &[
                ("a name of a network", "@jean.dupont"),
                ("no dot", "jean@example"),
                ("a price", "3 @ 2.50, prix@12.5"),
                ("nothing before", " @example.fr"),
                ("signs only before", "...@example.fr"),
                ("a last label of one letter", "a@b.c"),
                ("nothing behind", "jean@"),
                ("empty label", "jean@.fr"),
            ],
        );
    }
}
