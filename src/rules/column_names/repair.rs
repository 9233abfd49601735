//! Names that a web page or a wrong encoding has spoilt, made readable where that is certain.
//!
//! HTML entities (`Sant&eacute;`), percent and Unicode escapes (`Sant%C3%A9`, `Sant\u00e9`,
//! `Sant_x00e9_`) and UTF-8 that was read as another encoding (`SantÃ©`) can be undone: what comes
//! out is what went in. One encoding read as another (`SantŽ`) cannot, since the letter could be any:
//! [`super::words`] takes it for a gap.

/// More layers than this are not undone.
const LAYERS: usize = 3;

/// Letters that entities are made of, and the mark that each has.
const MARKS: &[(&str, char)] = &[
    ("acute", '\u{301}'),
    ("grave", '\u{300}'),
    ("circ", '\u{302}'),
    ("uml", '\u{308}'),
    ("cedil", '\u{327}'),
    ("tilde", '\u{303}'),
    ("ring", '\u{30a}'),
];

/// Entities that are no letter with a mark.
const ENTITIES: &[(&str, &str)] = &[
    ("amp", "&"),
    ("apos", "'"),
    ("quot", "\""),
    ("lt", "<"),
    ("gt", ">"),
    ("nbsp", " "),
    ("deg", "°"),
    ("ordm", "º"),
    ("rsquo", "'"),
    ("lsquo", "'"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("ndash", "-"),
    ("mdash", "-"),
    ("hellip", "…"),
    ("euro", "€"),
    ("sup2", "²"),
    ("szlig", "ß"),
    ("aelig", "æ"),
    ("AElig", "Æ"),
    ("oelig", "œ"),
    ("OElig", "Œ"),
    ("oslash", "ø"),
    ("Oslash", "Ø"),
];

/// The upper halves of encodings that UTF-8 is taken for: Windows-1252, ISO-8859-15, MacRoman, cp850.
const UPPER_HALVES: [&str; 4] = [
    "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ\u{a0}¡¢£¤¥¦§¨©ª«¬\u{ad}®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ",
    "\u{80}\u{81}\u{82}\u{83}\u{84}\u{85}\u{86}\u{87}\u{88}\u{89}\u{8a}\u{8b}\u{8c}\u{8d}\u{8e}\u{8f}\u{90}\u{91}\u{92}\u{93}\u{94}\u{95}\u{96}\u{97}\u{98}\u{99}\u{9a}\u{9b}\u{9c}\u{9d}\u{9e}\u{9f}\u{a0}¡¢£€¥Š§š©ª«¬\u{ad}®¯°±²³Žµ¶·ž¹º»ŒœŸ¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ",
    "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u{a0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{f8ff}ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ",
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
];

/// The name as it was before entities, escapes and a second encoding got into it.
pub(crate) fn repaired(name: &str) -> String {
    let mut text = name.to_owned();
    for _ in 0..LAYERS {
        let next = undo_encoding(&undo_escapes(&undo_entities(&text)));
        if next == text {
            break;
        }
        text = next;
    }
    text
}

/// What an opening found in the rest of a text stands for, and how many bytes it takes.
type Found = Option<(String, usize)>;

/// Replaces what `find` finds behind any of the characters in `openings`.
fn replaced(text: &str, openings: &[char], find: impl Fn(&str) -> Found) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(openings) {
        let (before, opened) = rest.split_at(at);
        out.push_str(before);
        let (meant, taken) = match find(opened) {
            Some(found) => found,
            None => {
                let first = opened.chars().next().map_or(0, char::len_utf8);
                (opened.get(..first).unwrap_or_default().to_owned(), first)
            }
        };
        out.push_str(&meant);
        rest = opened.get(taken..).unwrap_or_default();
    }
    out + rest
}

fn undo_entities(text: &str) -> String {
    replaced(text, &['&'], |opened| {
        let body = opened.get(1..)?;
        if let Some(numeric) = body.strip_prefix('#') {
            let (digits, _) = numeric.split_once(';')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => digits.parse(),
            };
            let meant = char::from_u32(code.ok()?)?;
            return Some((meant.to_string(), digits.len() + 3));
        }
        let (meant, length) = entity(body)?;
        // Browsers forgive a missing semicolon behind letters; so does what they are pasted into.
        let closed = body.get(length..)?.starts_with(';');
        let is_letter = meant.chars().any(char::is_alphabetic);
        (closed || is_letter).then(|| (meant, 1 + length + usize::from(closed)))
    })
}

/// The entity that a text begins with, and its length.
fn entity(body: &str) -> Option<(String, usize)> {
    if let Some((name, meant)) = ENTITIES.iter().find(|(name, _)| body.starts_with(name)) {
        return Some(((*meant).to_owned(), name.len()));
    }
    let letter = body.chars().next().filter(char::is_ascii_alphabetic)?;
    let (name, mark) = MARKS
        .iter()
        .find(|(name, _)| body.get(1..).is_some_and(|rest| rest.starts_with(name)))?;
    Some((format!("{letter}{mark}"), 1 + name.len()))
}

/// Bytes of ISO-8859-1.
fn latin(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

fn undo_escapes(text: &str) -> String {
    let text = replaced(text, &['%', '='], |opened| {
        let sign = opened.chars().next()?;
        let (mut bytes, mut rest) = (Vec::new(), opened);
        while let Some(digits) = rest.strip_prefix(sign).and_then(|rest| rest.get(..2)) {
            let Ok(byte) = u8::from_str_radix(digits, 16) else {
                break;
            };
            bytes.push(byte);
            rest = rest.get(3..)?;
        }
        // `Sant%E9` is of a page in ISO-8859-1.
        let meant = String::from_utf8(bytes).unwrap_or_else(|error| latin(error.as_bytes()));
        // `%20` is a blank; `=41` is no escape that anybody would write.
        let plausible = !meant.is_empty() && (!meant.is_ascii() || sign == '%');
        plausible.then_some((meant, opened.len() - rest.len()))
    });
    let code = |digits: Option<&str>| {
        let code = u32::from_str_radix(digits?, 16).ok()?;
        char::from_u32(code).filter(|c| !c.is_control())
    };
    let text = replaced(&text, &['\\'], |opened| {
        if let Some(digits) = opened.strip_prefix("\\x") {
            let byte = u8::from_str_radix(digits.get(..2)?, 16).ok()?;
            return (!byte.is_ascii()).then(|| (latin(&[byte]), 4));
        }
        let digits = opened.strip_prefix("\\u")?.get(..4);
        Some((code(digits)?.to_string(), 6))
    });
    // As SharePoint writes names.
    replaced(&text, &['_'], |opened| {
        let rest = opened.strip_prefix("_x")?;
        let meant = code(rest.get(..4))?;
        rest.get(4..)?
            .starts_with('_')
            .then(|| (meant.to_string(), 7))
    })
}

/// Reads runs of characters back into the bytes that they were, where these are UTF-8.
fn undo_encoding(text: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if !c.is_ascii() {
            run.push(c);
            continue;
        }
        // The second half of `à` is a no-break space, which often became a plain one.
        let lost = c == ' ' && run.ends_with('Ã');
        if lost {
            run.push('\u{a0}');
        }
        out.push_str(&decoded(&run));
        run.clear();
        if !lost {
            out.push(c);
        } else if characters.peek() == Some(&' ') {
            out.push(' ');
            characters.next();
        }
    }
    out + &decoded(&run)
}

fn decoded(run: &str) -> String {
    let longer = run.chars().nth(1).is_some();
    let read = |half: &&str| {
        let byte = |c: char| {
            let place = half.chars().position(|other| other == c)?;
            u8::try_from(place + 128).ok()
        };
        let bytes: Option<Vec<u8>> = run.chars().map(byte).collect();
        String::from_utf8(bytes?).ok()
    };
    let found = UPPER_HALVES.iter().filter(|_| longer).find_map(read);
    found.unwrap_or_else(|| run.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::name::key;

    #[test]
    fn spoilt_names_are_read_as_they_were() {
        for (name, expected) in [
            ("Santé", "sante"),
            ("Sant&eacute;", "sante"),
            ("Sant&eacute", "sante"),
            ("Pr&eacutenom", "prenom"),
            ("&Eacute;tat de sant&eacute;", "etat_de_sante"),
            ("Sant&#233;", "sante"),
            ("Sant&#xE9;", "sante"),
            ("Sant&amp;eacute;", "sante"),
            ("S&#039;oppose", "s'oppose"),
            ("T&eacute;l.", "tel."),
            ("Fran&ccedil;ais", "francais"),
            ("R&D", "r&d"),
            ("A & B", "a_&_b"),
            ("SantÃ©", "sante"),
            ("SantÃƒÂ©", "sante"),
            (
                "NumÃ©ro de sÃ©curitÃ© sociale",
                "numero_de_securite_sociale",
            ),
            ("Sant√©", "sante"),
            ("Sant├®", "sante"),
            ("DÃ©jÃ  client", "deja client"),
            ("Ã‰tat", "etat"),
            ("Sant%C3%A9", "sante"),
            ("Sant%E9", "sante"),
            ("Sant\\xe9", "sante"),
            ("100%", "100%"),
            ("Date%20de naissance", "date_de_naissance"),
            ("Sant\\u00e9", "sante"),
            ("Sant_x00e9_", "sante"),
            ("code_x", "code_x"),
            ("Sant=C3=A9", "sante"),
            ("=1+1", "=1+1"),
            ("Noël", "noel"),
            ("", ""),
        ] {
            let expected = expected.replace(' ', "_");
            // `à` and the blank behind it cannot be told from `à` alone.
            let found = key(&repaired(name)).replace("__", "_");
            let same = found == expected || found.replace('_', "") == expected.replace('_', "");
            assert!(same, "{name}: {found}");
        }
    }
}
