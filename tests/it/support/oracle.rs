//! The built-in table done a second time, slowly and plainly, so that the program's cells are
//! compared with something that shares no code with it.

use std::collections::HashMap;

use chrono::{Datelike as _, NaiveDate};

/// What the built-in table does with a column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    Drop,
    Keep,
    Year,
    YesNo,
    Bucket(i128),
    PostalCode,
}

/// The fate and the output name of an input column, by its plain name; `None` where unlisted.
pub(crate) fn fate(column: &str) -> Option<(Fate, &'static str)> {
    Some(match column {
        "employeur" | "num_ss" | "id_site_web" | "nom" | "email" | "id_client" | "date_demande"
        | "lat" | "lon" | "groupe_sanguin" => (Fate::Drop, ""),
        "date_naissance" => (Fate::Year, "Annee_naissance"),
        "nombre_enfants" => (Fate::YesNo, "Enfant(s)?"),
        "revenus" => (Fate::Bucket(20_000), "Tranche_revenus"),
        "valeur_residuelle_prin" => (Fate::Bucket(20_000), "Tranche_valeur_residuelle_prin"),
        "valeur_residence_prin" => (Fate::Bucket(20_000), "Tranche_valeur_residence_prin"),
        "tarif_devis" => (Fate::Bucket(50), "Tranche_tarif_devis"),
        "adresse" => (Fate::PostalCode, "Code_postal"),
        "metier" => (Fate::Keep, "metier"),
        "sexe" => (Fate::Keep, "sexe"),
        "enfant_conduite_accompagne" => (Fate::Keep, "enfant_conduite_accompagne"),
        "formation" => (Fate::Keep, "formation"),
        "usage_vehicule" => (Fate::Keep, "usage_vehicule"),
        "type_vehicule" => (Fate::Keep, "type_vehicule"),
        "est_rouge" => (Fate::Keep, "est_rouge"),
        "points_perdus" => (Fate::Keep, "points_perdus"),
        "age_vehicule" => (Fate::Keep, "age_vehicule"),
        "type_conduite" => (Fate::Keep, "type_conduite"),
        "etat_dossier" => (Fate::Keep, "etat_dossier"),
        "formule" => (Fate::Keep, "formule"),
        _ => return None,
    })
}

/// Every input name that the built-in table lists.
pub(crate) const LISTED: [&str; 29] = [
    "employeur",
    "num_ss",
    "id_site_web",
    "nom",
    "email",
    "id_client",
    "date_demande",
    "lat",
    "lon",
    "groupe_sanguin",
    "date_naissance",
    "nombre_enfants",
    "revenus",
    "valeur_residuelle_prin",
    "valeur_residence_prin",
    "tarif_devis",
    "adresse",
    "metier",
    "sexe",
    "enfant_conduite_accompagne",
    "formation",
    "usage_vehicule",
    "type_vehicule",
    "est_rouge",
    "points_perdus",
    "age_vehicule",
    "type_conduite",
    "etat_dossier",
    "formule",
];

/// The output cell, or `None` where the cell is invalid under its rule.
pub(crate) fn cell(fate: Fate, cell: &str) -> Option<String> {
    const MISSING: [&str; 7] = ["", "null", "na", "n/a", "#n/a", "nan", "none"];
    if fate != Fate::Keep && MISSING.contains(&cell.trim().to_lowercase().as_str()) {
        return Some(String::new());
    }
    match fate {
        Fate::Drop => None,
        Fate::Keep => Some(cell.to_owned()),
        Fate::Year => year(cell),
        Fate::YesNo => match amount(cell)?.0 {
            0 => Some("non".into()),
            n if n > 0 => Some("oui".into()),
            _ => None,
        },
        Fate::Bucket(width) => {
            let (digits, scale) = amount(cell)?;
            let unit = width * 10_i128.pow(scale);
            let low = digits.div_euclid(unit) * width;
            Some(format!("{low}-{}", low + width))
        }
        Fate::PostalCode => Some(postal_code(cell)),
    }
}

fn year(cell: &str) -> Option<String> {
    let (date, time) = match cell.find(['T', ' ']) {
        Some(at) => (&cell[..at], Some(&cell[at + 1..])),
        None => (cell, None),
    };
    if time.is_some_and(|t| !is_time(t)) {
        return None;
    }
    let formats = [
        (10, "%Y-%m-%d"),
        (10, "%Y/%m/%d"),
        (10, "%d/%m/%Y"),
        (10, "%d-%m-%Y"),
        (10, "%d.%m.%Y"),
        (8, "%Y%m%d"),
    ];
    let today = chrono::Local::now().date_naive();
    formats
        .iter()
        .filter(|(length, _)| date.len() == *length)
        .filter_map(|(_, format)| NaiveDate::parse_from_str(date, format).ok())
        .find(|date| date.year() >= 1900 && *date <= today)
        .map(|date| date.year().to_string())
}

fn is_time(time: &str) -> bool {
    let time = time
        .strip_suffix('Z')
        .unwrap_or_else(|| time.rfind(['+', '-']).map_or(time, |at| &time[..at]));
    ["%H:%M", "%H:%M:%S", "%H:%M:%S%.f"]
        .iter()
        .any(|format| chrono::NaiveTime::parse_from_str(time, format).is_ok())
}

/// An amount as a whole number of tenths to the power of the second figure.
fn amount(cell: &str) -> Option<(i128, u32)> {
    let mut text = cell.trim();
    for suffix in ["€", "EUR", "euros"] {
        text = text.strip_suffix(suffix).unwrap_or(text);
    }
    let spaces = [' ', '\u{a0}', '\u{202f}', '\u{2009}'];
    let text: String = text.chars().filter(|c| !spaces.contains(c)).collect();
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let ambiguous = fraction.len() == 3 && whole.len() <= 3 && whole != "0";
    if ambiguous
        || whole.is_empty()
        || !format!("{whole}{fraction}")
            .bytes()
            .all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let scale = u32::try_from(fraction.len()).ok()?;
    Some((if negative { -digits } else { digits }, scale))
}

fn postal_code(cell: &str) -> String {
    let chars: Vec<char> = cell.chars().collect();
    let word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric() || *c == '_');
    let mut last = String::new();
    let mut last_before_town = String::new();
    for start in 0..chars.len().saturating_sub(4) {
        let code: String = chars[start..start + 5].iter().collect();
        let before = start.checked_sub(1).and_then(|before| chars.get(before));
        let alone = !word(before) && !word(chars.get(start + 5));
        if !alone || !code.bytes().all(|b| b.is_ascii_digit()) {
            continue;
        }
        let two: u32 = code[..2].parse().expect("two digits");
        let three: u32 = code[..3].parse().expect("three digits");
        if !((1..=95).contains(&two)
            || (971..=978).contains(&three)
            || [980, 986, 987, 988].contains(&three))
        {
            continue;
        }
        let after = chars[start + 5..]
            .iter()
            .find(|c| !(c.is_whitespace() || ",-–—".contains(**c)));
        if after.is_some_and(|c| c.is_alphabetic()) {
            last_before_town = code.clone();
        }
        last = code;
    }
    if last_before_town.is_empty() {
        last
    } else {
        last_before_town
    }
}

/// The whole table: `input` (header first, names as in the built-in table) to what should come
/// out, without the random index. A cell that should be refused fails the test.
#[track_caller]
pub(crate) fn table(input: &[Vec<String>]) -> Vec<Vec<String>> {
    let fates: Vec<_> = input[0].iter().map(|name| fate(name)).collect();
    let leaving = |row: &[String]| -> Vec<(Fate, String)> {
        row.iter()
            .zip(&fates)
            .filter_map(|(cell, fate)| fate.map(|f| (f.0, cell.clone())))
            .filter(|(fate, _)| *fate != Fate::Drop)
            .collect()
    };
    let header = fates
        .iter()
        .flatten()
        .filter(|f| f.0 != Fate::Drop)
        .map(|f| f.1.to_owned())
        .collect();
    let rows = input[1..].iter().map(|row| {
        leaving(row)
            .iter()
            .map(|(fate, text)| {
                cell(*fate, text).unwrap_or_else(|| panic!("{fate:?} cannot take {text:?}"))
            })
            .collect()
    });
    std::iter::once(header).chain(rows).collect()
}

/// The output's rows without their first column, which must be the random index.
#[track_caller]
pub(crate) fn without_index(output: &[Vec<String>]) -> Vec<Vec<String>> {
    assert_eq!(output[0][0], "Index_rd");
    output.iter().map(|row| row[1..].to_vec()).collect()
}

/// How often each row occurs.
pub(crate) fn counted(rows: &[Vec<String>]) -> HashMap<&[String], usize> {
    let mut counts = HashMap::new();
    for row in rows {
        *counts.entry(row.as_slice()).or_insert(0) += 1;
    }
    counts
}
