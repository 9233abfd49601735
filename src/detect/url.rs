//! `url`: a web address with a path or a query. The site alone names a company at most; what
//! follows it may be a profile, an account or a token.

use memchr::{memchr2_iter, memmem};

use super::prefilter::{
    Needs,
    fact::{QUESTION, SLASH},
};
use super::text::{Text, is_alphanumeric};
use super::{Detector, Finder, Form};

pub(super) static DETECTOR: Detector = Detector {
    name: "url",
    title: fixed!("url"),
    summary: "a web address with a path or a query: `https://example.com/u/42`; without `https://` if it \
              begins with `www.` or its domain ends in com, net, org, info, fr, eu, io, be, ch, uk or app",
    checksum: "–",
    forms: &[Form::certain("an address with a path or a query")],
    needs: &[Needs {
        any: SLASH | QUESTION,
        ..Needs::NOTHING
    }],
    find,
};

const SCHEMES: [&[u8]; 5] = [b"http", b"https", b"ftp", b"ftps", b"sftp"];

/// Ends of domains that are no French word.
const DOMAINS: [&[u8]; 11] = [
    b"com", b"net", b"org", b"info", b"fr", b"eu", b"io", b"be", b"ch", b"uk", b"app",
];

/// Hosts of profiles that are too short to be told by their domain.
const SHORT_HOSTS: [&[u8]; 6] = [b"t.me", b"m.me", b"wa.me", b"x.com", b"fb.me", b"g.page"];

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    for colon in memmem::find_iter(text.0, b"://") {
        let letters = text.before(colon).iter().rev();
        let start = colon
            - letters
                .take_while(|byte| byte.is_ascii_alphabetic())
                .count();
        let scheme = text.0.get(start..colon).unwrap_or_default();
        if SCHEMES
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known))
            && text.is_free_before(start)
        {
            report(text, start, colon + 3, found);
        }
    }
    for sign in memchr2_iter(b'/', b'?', text.0) {
        let host = text.before(sign).iter().rev();
        let start = sign
            - host
                .take_while(|byte| byte.is_ascii_alphanumeric() || b".-".contains(byte))
                .count();
        let host = text.0.get(start..sign).unwrap_or_default();
        let is_short = || {
            SHORT_HOSTS
                .iter()
                .any(|known| host.eq_ignore_ascii_case(known))
        };
        if (is_host(host) || is_short()) && text.is_free_before(start) {
            report(text, start, start, found);
        }
    }
}

/// Whether a host looks like one without a scheme before it.
fn is_host(host: &[u8]) -> bool {
    let Some(dot) = host.iter().rposition(|byte| *byte == b'.') else {
        return false;
    };
    let (name, domain) = host.split_at(dot);
    let domain = domain.get(1..).unwrap_or_default();
    let www = host
        .split_at_checked(4)
        .is_some_and(|(start, _)| start.eq_ignore_ascii_case(b"www."));
    let known = DOMAINS
        .iter()
        .any(|known| domain.eq_ignore_ascii_case(known));
    www && name.len() > 3 || known && name.len() > 1 && name.iter().any(u8::is_ascii_alphabetic)
}

/// Reports the address from `start` on, whose host begins at `host`, if it goes on behind that.
fn report(text: Text<'_>, start: usize, host: usize, found: &mut Finder<'_>) {
    let (mut end, mut path, mut place) = (start, None, host);
    while let Some(character) = text.char_at(place) {
        let of_word = is_alphanumeric(character);
        if !of_word && (!character.is_ascii_graphic() || "\"<>|`".contains(character)) {
            break;
        }
        if path.is_none() && "/?#".contains(character) {
            path = Some(place);
        }
        place += character.len_utf8();
        // Full stops and brackets behind it are the sentence's.
        if of_word || "/=&_-#%+~*@$".contains(character) {
            end = place;
        }
    }
    let path = path
        .and_then(|path| text.0.get(path..end))
        .unwrap_or_default();
    if path
        .iter()
        .any(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii())
    {
        found.hit(0, start..end);
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn addresses_with_more_than_a_site_are_found() {
        finds(
            "url",
            &[
                "‹https://example.com/u/42›",
                "voir ‹HTTP://a.fr?id=7›.",
                "(‹ftp://a.fr:21/x/›)",
                "‹https://a.fr/#jean›, sinon",
                "‹https://jean@a.fr/x›",
                "‹https://réseau.fr/é›",
                "‹www.exemple.paris/clients›",
                "‹linkedin.com/in/jean-d›",
                "‹T.me/dupont421›, ‹wa.me/33612›",
                "a ‹https://a.fr/b› ‹http://c.fr/d›",
            ],
        );
    }

    #[test]
    fn near_misses() {
        misses(
            "url",
            &[
                ("a site", "https://www.example.fr"),
                ("a site's root", "https://example.fr/"),
                (
                    "a site in a sentence",
                    "voir example.fr, ou www.example.org.",
                ),
                ("no host", "et/ou"),
                ("an abbreviation", "M./Mme, S.A/SARL"),
                ("a price", "12.50/mois"),
                ("an unknown scheme", "urn://a.b/c"),
                ("a name and a question", "example.fr ? oui"),
                ("a host too short", "a.me/b, s.com/x, t.me"),
            ],
        );
    }
}
