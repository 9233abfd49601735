//! Character references of HTML: `&#64;`, `&#x40;`, `&commat;`, `&eacute;`.

/// The names of the characters from U+00A0 to U+00FF in their order (HTML 4, Latin-1).
const LATIN_1: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr \
    deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest \
    Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml \
    ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig \
    agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml \
    eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

/// Other names that stand for what identifiers are written with.
const OTHERS: [(&str, char); 52] = [
    ("amp", '&'),
    ("AMP", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("commat", '@'),
    ("period", '.'),
    ("comma", ','),
    ("colon", ':'),
    ("semi", ';'),
    ("sol", '/'),
    ("bsol", '\\'),
    ("plus", '+'),
    ("num", '#'),
    ("percnt", '%'),
    ("lowbar", '_'),
    ("UnderBar", '_'),
    ("lpar", '('),
    ("rpar", ')'),
    ("lsqb", '['),
    ("lbrack", '['),
    ("rsqb", ']'),
    ("rbrack", ']'),
    ("ast", '*'),
    ("equals", '='),
    ("quest", '?'),
    ("excl", '!'),
    ("dollar", '$'),
    ("Tab", '\t'),
    ("NewLine", '\n'),
    ("hyphen", '-'),
    ("dash", '-'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("minus", '−'),
    ("ensp", ' '),
    ("emsp", ' '),
    ("thinsp", ' '),
    ("numsp", ' '),
    ("puncsp", ' '),
    ("hairsp", ' '),
    ("NonBreakingSpace", ' '),
    ("zwj", '\u{200D}'),
    ("zwnj", '\u{200C}'),
    ("lrm", '\u{200E}'),
    ("rlm", '\u{200F}'),
    ("ZeroWidthSpace", '\u{200B}'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("OElig", 'Œ'),
    ("oelig", 'œ'),
];

const LONGEST: usize = 16;

/// The character that a reference at the start of a text stands for, and how many bytes it has. The
/// semicolon may be missing behind a number and behind names of Latin-1, as browsers read it.
pub(super) fn decode(text: &str) -> Option<(char, usize)> {
    let rest = text.strip_prefix('&')?;
    if let Some(number) = rest.strip_prefix('#') {
        return numeric(number);
    }
    let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = rest.get(..length.min(LONGEST))?;
    if rest.as_bytes().get(length) == Some(&b';') {
        let character = latin_1(name).or_else(|| other(name))?;
        return Some((character, 1 + length + 1));
    }
    // `&eacutet` may be read so; a name that is a word (`&copy`, `&not`) is more often one.
    let accented = (4..=name.len()).rev().find_map(|length| {
        let name = name.get(..length)?;
        let letter = latin_1(name).filter(|letter| letter.is_alphabetic())?;
        Some((letter, 1 + length))
    });
    accented.filter(|(_, length)| *length > 4)
}

fn numeric(number: &str) -> Option<(char, usize)> {
    let (digits, radix, before) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 3),
        None => (number, 10, 2),
    };
    let of_radix = |character: &char| character.is_digit(radix);
    let length = digits.chars().take_while(of_radix).count();
    let code = u32::from_str_radix(digits.get(..length)?, radix).ok()?;
    let semicolon = usize::from(digits.as_bytes().get(length) == Some(&b';'));
    let character = char::from_u32(code).filter(|character| *character != '\0')?;
    Some((character, before + length + semicolon))
}

fn latin_1(name: &str) -> Option<char> {
    let nth = LATIN_1.split(' ').position(|known| known == name)?;
    char::from_u32(0xA0 + u32::try_from(nth).ok()?)
}

fn other(name: &str) -> Option<char> {
    let known = OTHERS.iter().find(|(known, _)| *known == name);
    known.map(|(_, character)| *character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_as_browsers_do() {
        for (text, expected) in [
            ("&#64;b", Some(('@', 5))),
            ("&#x40;b", Some(('@', 6))),
            ("&#X40;", Some(('@', 6))),
            ("&#64b", Some(('@', 4))),
            ("&#0064;", Some(('@', 7))),
            ("&commat;", Some(('@', 8))),
            ("&eacute;", Some(('é', 8))),
            ("&eacutet", Some(('é', 7))),
            ("&Eacute;", Some(('É', 8))),
            ("&nbsp;", Some(('\u{A0}', 6))),
            ("&yuml;", Some(('ÿ', 6))),
            ("&amp;", Some(('&', 5))),
            ("&shy;", Some(('\u{AD}', 5))),
            ("&D", None),
            ("& co", None),
            ("&copy2", None),
            ("&unknown;", None),
            ("&#;", None),
            ("&#0;", None),
            ("&#xD800;", None),
            ("&#99999999999;", None),
            ("&", None),
            ("", None),
        ] {
            assert_eq!(decode(text), expected, "{text}");
        }
        assert_eq!(LATIN_1.split(' ').count(), 96);
        assert!(OTHERS.iter().all(|(name, _)| name.len() <= LONGEST));
    }
}
