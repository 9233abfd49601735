//! Names whose accented letters a program dropped, or put a blank, a sign or a letter of seven bits for:
//! `Prnom`, `S curit  sociale`, `Hirditi`.
//!
//! Nothing in such a name tells that a letter is missing, so it is compared with words that lose one. A
//! guess may only take a column away.

use std::sync::LazyLock;

/// Words of columns that never leave, with their accents.
const ACCENTED: &str = "santé sécurité régime prénom prénoms téléphone téléphonique médecin médical médicale \
    médicaux médicament médicaments hérédité héréditaire déficience déficient dépistage église pièce identité \
    gérant gérante époux épouse employé employée bénéficiaire bénéficiaires référent référente opérateur \
    opératrice société numéro numéros ethnicité allergène allergènes préférence invalidité génétique biométrie \
    biométrique biométriques adhésion adhérent adhérente mère frère coordonnées géolocalisation créé créée \
    créateur créatrice modifié modifiée générale générales détail détails nationalité handicapé handicapée \
    sérologie hépatite épilepsie dépression anxiété obésité cholestérol glycémie surdité cécité réduite \
    infirmité dépendance incapacité maternité fertilité prothèse diététique intolérance hospitalisé bénévole \
    délégué déléguée étage propriétaire créancier débiteur héritier héritière défunt légataire élève étudiant \
    assuré assurée assigné assignée attribué attribuée affecté affectée suppléant suppléante hôte invité \
    invitée rédacteur médiateur mémo précision précisions électronique pénal pénale pénaux procédure déclarée \
    dénomination établissement école université référence clé intitulé complément connecté générique décès \
    décédé vétérinaire kinésithérapeute infirmière conseillère caissière étiologie démence opéré opérée \
    symptôme symptômes hôpital contrôleur contrôleuse diplômé chômeur chômage maître préteur prêteur tuteur \
    résident résidente président présidente vérificateur sociétaire équipier équipière ménage députe député \
    privé séjour créances règlement intérimaire intérieur mobilité agréé représentant représentante";

static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| ACCENTED.split(' ').collect());

/// A name with the words that lost letters written out, if there are any.
pub(super) fn restored(name: &str) -> Option<String> {
    let letters: Vec<char> = name.to_lowercase().chars().collect();
    let (mut out, mut found, mut at) = (String::new(), false, 0);
    while let Some(letter) = letters.get(at) {
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        let begins = before.is_none_or(|before| !before.is_alphanumeric());
        let rest = letters.get(at..).unwrap_or_default();
        let word = || {
            let words = WORDS.iter();
            let fits = words.filter_map(|word| Some((*word, fit(word, rest)?)));
            fits.max_by_key(|(_, length)| *length)
        };
        match begins.then(word).flatten() {
            Some((word, length)) => {
                out.push_str(word);
                // What stood for its last letter may have been the blank behind it.
                out.push(' ');
                found = true;
                at += length;
            }
            None => {
                out.push(*letter);
                at += 1;
            }
        }
    }
    found.then_some(out)
}

/// How many of `letters` a word takes that lost its accented ones; nothing if it is not there, or lost
/// none.
fn fit(word: &str, letters: &[char]) -> Option<usize> {
    let (mut lost, mut kept) = (0, 0);
    let length = walk(word, letters, &mut lost, &mut kept)?;
    let ends = letters
        .get(length)
        .is_none_or(|next| !next.is_alphanumeric());
    // Three letters may be any word, and this is one.
    let least = if length > kept { 3 } else { 4 };
    let is_word = letters.get(..length) == Some(&['g', 'r', 'a', 'n', 't']);
    (lost > 0 && kept >= least && ends && !is_word).then_some(length)
}

fn walk(word: &str, letters: &[char], lost: &mut usize, kept: &mut usize) -> Option<usize> {
    let mut at = 0;
    let mut characters = word.chars().peekable();
    while let Some(wanted) = characters.next() {
        let there = letters.get(at).copied();
        if wanted.is_ascii() {
            if there != Some(wanted) {
                return None;
            }
            at += 1;
            *kept += 1;
            continue;
        }
        let next = characters.peek().copied();
        *lost += 1;
        at += match there {
            // It is there after all, or as the letter of another word.
            Some(letter) if letter == wanted => return None,
            Some(letter) if seven_bits(wanted) == Some(letter) && Some(letter) != next => 1,
            // One sign for it, or two for its two bytes.
            Some(sign) if !sign.is_alphanumeric() && sign.is_ascii() && next.is_some() => {
                1 + usize::from(
                    letters.get(at + 1) == Some(&sign) && letters.get(at + 2).copied() == next,
                )
            }
            _ => 0,
        };
    }
    Some(at)
}

/// What is left of a letter of ISO-8859-1 without its highest bit, in lower case.
fn seven_bits(letter: char) -> Option<char> {
    let code = u8::try_from(u32::from(letter)).ok()?;
    Some(char::from(code & 0x7F).to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_letters_are_put_back() {
        for (name, expected) in [
            ("Sant", Some("santé")),
            ("Prnom", Some("prénom")),
            ("Tlphone", Some("téléphone")),
            ("rgime_alimentaire", Some("régime _alimentaire")),
            ("S curit  sociale", Some("sécurité   sociale")),
            ("S~curit~ sociale", Some("sécurité ~ sociale")),
            ("R.gime alimentaire", Some("régime  alimentaire")),
            ("H*r*dit*", Some("hérédité *")),
            ("Santi", Some("santé")),
            ("Sicuriti sociale", Some("sécurité  sociale")),
            ("Dpistage", Some("dépistage")),
            ("glise", Some("église")),
            ("Grant", None),
            ("Griante", None),
            ("Santé", None),
            ("sante", None),
            ("telephone", None),
            ("Code postal", None),
            ("date_naissance", None),
            ("pre", None),
            ("Note", None),
            ("retrait", None),
            ("formule", None),
            ("", None),
        ] {
            let found = restored(name).map(|name| name.trim_end().to_owned());
            assert_eq!(found.as_deref(), expected, "{name}");
        }
    }
}
