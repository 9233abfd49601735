use proptest::prelude::*;

use super::*;
use crate::detect::{DETECTORS, Detectors, Masker, detect_disguised};

fn normal(text: &str) -> String {
    let mut normaliser = Normaliser::default();
    match normaliser.normalise(text.as_bytes()) {
        Some(normal) => String::from_utf8(normal.to_vec()).unwrap(),
        None => text.to_owned(),
    }
}

#[test]
fn disguises_are_undone() {
    for (case, text, expected) in cases![
        "zero-width blanks", "06\u{200B}12\u{200B}34\u{FEFF}56\u{2060}78", "0612345678";
        "soft hyphens", "jean\u{AD}@exam\u{AD}ple.fr", "jean@example.fr";
        "marks of direction", "\u{202E}06 12\u{200F}", "06 12";
        "non-breaking hyphens", "06\u{2011}12\u{2011}34", "06-12-34";
        "other dashes", "06–12—34−56", "06-12-34-56";
        "full width", "ｊｅａｎ＠ｅｘａｍｐｌｅ．ｆｒ ０６", "jean@example.fr 06";
        "Arabic digits", "٠٦ ١٢ ٣٤", "06 12 34";
        "Persian digits", "۰۶ ۱۲", "06 12";
        "Devanagari digits", "०६", "06";
        "mathematical digits", "𝟎𝟔 𝟙𝟚", "06 12";
        "circled digits", "⓪⑥ ❶❷", "06 12";
        "raised digits", "⁰⁶¹²", "0612";
        "keycaps", "0\u{FE0F}\u{20E3}6\u{FE0F}\u{20E3}", "06";
        "Cyrillic letters", "jеаn@ехаmрlе.fr", "jean@example.fr";
        "Greek letters", "jοhn@ехample.fr", "john@example.fr";
        "all Cyrillic", "АВ-123-СЕ", "AB-123-CE";
        "zeros that are letters", "О6 12", "06 12";
        "small capitals", "ᴊᴇᴀɴ@ᴍail.fr", "jean@mail.fr";
        "numeric references", "jean&#64;example&#46;fr", "jean@example.fr";
        "hexadecimal references", "jean&#x40;example.fr", "jean@example.fr";
        "named references", "jean&commat;example&period;fr", "jean@example.fr";
        "accents by name", "H&eacute;l&egrave;ne", "Hélène";
        "references twice", "jean&amp;#64;example.fr", "jean@example.fr";
        "percent signs", "jean%40example.fr %2B33%206", "jean@example.fr +33 6";
        "percent signs twice", "jean%2540example.fr", "jean@example.fr";
        "percent signs of UTF-8", "H%C3%A9l%C3%A8ne", "Hélène";
        "a form's blanks", "%2B33+6+12", "+33 6 12";
        "dots in the middle", "06·12•34", "06.12.34";
        "a letter for a zero", "O6 12 34 5O 78", "06 12 34 50 78";
        "letters for zeros", "tel:OO33 612", "tel:0033 612";
        "a blank encoded twice", "06Â\u{A0}12Â\u{A0}34", "06\u{A0}12\u{A0}34";
        "accents apart", "He\u{301}le\u{300}ne", "Hélène";
        "ligatures", "ﬁn", "fin";
        "wide blanks", "06\u{3000}12\u{2003}34", "06 12 34";
    ] {
        assert_eq!(normal(text), expected, "{case}");
        assert!(!is_ordinary(text.as_bytes()), "{case}");
    }
}

#[test]
fn texts_as_they_should_be_stay() {
    for text in [
        "",
        "Jean Dupont, 06 12 34 56 78",
        "Éloïse Lefèvre – l’œuvre à 12 €… « déjà »",
        "R&D, AT&T, Dupont & fils",
        "remise de 20 % ou 15%",
        "100%25".trim_end_matches("25"),
        "nº 12, 1ª, 5 m², 3 m³",
        "Москва, Пётр Ильич",
        "Αθήνα",
        "東京 12",
        "06\u{A0}12\u{202F}34",
        "étudiant·e·s",
        "½ part",
        "SKUO12, 4TO, AO-12, O2A, DOSSIER O",
    ] {
        let other = text.replace('–', "-");
        let normal = normal(text);
        assert!(
            normal == text || normal == other || text.contains('½'),
            "{text}: {normal}"
        );
    }
    for text in [
        "Éloïse Lefèvre, l’œuvre à 12 €…",
        "plain",
        "06\u{A0}12\u{202F}34",
        "BORDEAUX, DOSSIER O, Olivier 12",
    ] {
        assert!(is_ordinary(text.as_bytes()), "{text}");
    }
}

/// Identifiers, by the detector that finds them.
const IDENTIFIERS: [(&str, &str); 12] = [
    ("email", "jean.dupont@example.fr"),
    ("email", "marie+test@mail.example.com"),
    ("phone", "06 12 34 56 78"),
    ("phone", "+33 6 12 34 56 78"),
    ("phone", "01-42-68-53-00"),
    ("nir", "1 85 05 78 006 084 91"),
    ("iban", "FR76 3000 6000 0112 3456 7890 189"),
    ("card", "4539 5787 6362 1486"),
    ("siret", "732 829 320 00074"),
    ("plate", "AB-123-CD"),
    ("ip", "81.56.112.207"),
    ("date", "23/07/1985"),
];

/// Ways to disguise a text: a name, and what becomes of each character.
type Disguise = (&'static str, fn(usize, char) -> String);

const DISGUISES: [Disguise; 16] = cases![
    "zero-width blanks", |_, c| format!("{c}\u{200B}");
    "word joiners, now and then", |at, c| match at % 3 { 0 => format!("{c}\u{2060}"), _ => c.to_string(), };
    "soft hyphens", |at, c| match at % 4 { 1 => format!("\u{AD}{c}"), _ => c.to_string(), };
    "marks of direction", |_, c| format!("\u{200E}{c}");
    "variation selectors", |_, c| format!("{c}\u{FE0F}");
    "full width", |_, c| match c {
        '!'..='~' => char::from_u32(c as u32 + 0xFEE0).unwrap().to_string(),
        c => c.to_string(),
    };
    "Arabic digits", |_, c| match c.to_digit(10) {
        Some(digit) => char::from_u32(0x660 + digit).unwrap().to_string(),
        None => c
            .to_string()
            .replace('@', "＠")
            .replace('a', "а")
            .replace('A', "А"),
    };
    "mathematical digits", |_, c| match c.to_digit(10) {
        Some(digit) => char::from_u32(0x1D7CE + digit).unwrap().to_string(),
        None => c.to_string().replace('@', "﹫").replace('A', "Α"),
    };
    "Cyrillic letters", |_, c| match c {
        'a' => "а".into(),
        'e' => "е".into(),
        'o' => "о".into(),
        'p' => "р".into(),
        'A' => "А".into(),
        'B' => "В".into(),
        'C' => "С".into(),
        '0' => "０".into(),
        c => c.to_string(),
    };
    "non-breaking hyphens and wide blanks", |_, c| match c {
        '-' => "\u{2011}".into(),
        ' ' => "\u{2003}".into(),
        '@' => "＠".into(),
        '.' => "．".into(),
        '/' => "\u{2215}".into(),
        c => c.to_string(),
    };
    "numeric references", |_, c| format!("&#{};", c as u32);
    "hexadecimal references", |_, c| { format!("&#x{:X};", c as u32) };
    "references of signs", |_, c| match c {
        '@' => "&commat;".into(),
        '.' => "&period;".into(),
        '+' => "&plus;".into(),
        '/' => "&sol;".into(),
        ' ' => "&nbsp;".into(),
        c => c.to_string(),
    };
    "references twice", |_, c| format!("&amp;#{};", c as u32);
    "percent signs", |_, c| format!("%{:02X}", c as u32);
    "percent signs of signs", |_, c| match c {
        c if c.is_ascii_alphanumeric() => c.to_string(),
        c => format!("%{:02x}", c as u32),
    };
];

fn disguised(text: &str, disguise: Disguise) -> String {
    let characters = text.chars().enumerate();
    characters.map(|(at, c)| (disguise.1)(at, c)).collect()
}

fn finds(cell: &str, name: &str) -> bool {
    let (mut normaliser, mut found) = (Normaliser::default(), Vec::new());
    detect_disguised(cell.as_bytes(), Detectors::ALL, &mut normaliser, &mut found);
    let named =
        |finding: &crate::detect::Finding| DETECTORS[usize::from(finding.detector)].name == name;
    found.iter().any(|finding| finding.hit && named(finding))
}

#[test]
fn every_identifier_is_found_in_every_disguise_and_masked_where_it_stands() {
    for (name, identifier) in IDENTIFIERS {
        for disguise in DISGUISES {
            let hidden = disguised(identifier, disguise);
            let cell = format!("voir {hidden} (rappel)");
            assert!(finds(&cell, name), "{name} in {}: {cell}", disguise.0);
            let mut out = Vec::new();
            assert!(Masker::default().mask(cell.as_bytes(), Detectors::ALL, &mut out));
            let masked = String::from_utf8(out).unwrap();
            let shown = masked.replace(['\u{200B}', '\u{FE0F}'], "");
            let shown = shown.replace(['\u{200E}', '\u{AD}', '\u{2060}'], "");
            assert_eq!(
                shown,
                format!("voir [{name}] (rappel)"),
                "{}: {cell}",
                disguise.0
            );
        }
    }
}

fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(
            &[
                "&", "&#", "&#6", "4;", "&amp;", "%", "%4", "0", "%C3", "%A9", "é", "e\u{301}",
                "\u{200B}", "\u{AD}", "а", "０", "٣", "²", "·", " ", "\u{3000}", "jean", "@",
                "b.fr", "06", "12", "ﬃ", "Ǆ", "&commat;", "+", "\u{1F1EB}", "ΐ",
            ][..]
        )
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn each_part_comes_from_a_part_of_the_original_in_its_order(text in any_text()) {
        let mut normaliser = Normaliser::default();
        let Some(normal) = normaliser.normalise(text.as_bytes()) else {
            return Ok(());
        };
        let normal = String::from_utf8(normal.to_vec()).unwrap();
        let mut behind = 0;
        for (at, character) in normal.char_indices() {
            let origin = normaliser.original(&(at..at + character.len_utf8())).unwrap();
            prop_assert!(text.get(origin.clone()).is_some_and(|text| !text.is_empty()));
            prop_assert!(origin.start >= behind || origin.end <= text.len());
            behind = origin.start;
        }
        prop_assert_eq!(normaliser.original(&(0..normal.len() + 1)), None);
    }

    #[test]
    fn what_is_ordinary_has_no_disguise(text in any_text()) {
        prop_assert!(!is_ordinary(text.as_bytes()) || normal(&text) == text);
    }

    #[test]
    fn masked_texts_have_no_find_in_disguise(text in any_text()) {
        let mut out = Vec::new();
        Masker::default().mask(text.as_bytes(), Detectors::ALL, &mut out);
        let (mut normaliser, mut found) = (Normaliser::default(), Vec::new());
        detect_disguised(&out, Detectors::ALL, &mut normaliser, &mut found);
        found.retain(|finding| finding.hit);
        prop_assert!(found.is_empty(), "{:?} in {:?}", found, String::from_utf8(out));
    }
}

#[test]
fn western_texts_are_ordinary() {
    let parts: [&[u8]; 12] = [
        b"a",
        "é".as_bytes(),
        "Â".as_bytes(),
        "\u{a0}".as_bytes(),
        "·".as_bytes(),
        "÷".as_bytes(),
        b"\xC3",
        b"\xA9",
        "œ".as_bytes(),
        "e\u{301}".as_bytes(),
        "²".as_bytes(),
        "ÿ".as_bytes(),
    ];
    let (mut state, mut western) = (37_usize, 0);
    for _ in 0..20_000 {
        let mut text = Vec::new();
        for _ in 0..4 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            text.extend_from_slice(parts[(state >> 33) % parts.len()]);
        }
        western += usize::from(is_western(&text));
        assert!(
            !is_western(&text) || has_ordinary_characters(&text),
            "{text:?}"
        );
    }
    assert!(western > 300, "{western}");
}
