//! Columns in which people agree to something, or refuse it.

use super::meaning::Meaning;
use super::named::named;
use super::repaired;
use super::words;

/// Words of an agreement.
const AGREES: &[&str] = &[
    "opt in", "optin", "opted in", "double opt", "consent", "consentement", "accepte", "accepts",
    "accept", "accepted", "acceptation", "accord", "agree", "agrees", "agreed", "rgpd", "gdpr",
    "autorise", "autorisation", "permission", "subscribed",
];
/// Words of a refusal, which an agreement in the same name does not undo.
const REFUSES: &[&str] = &[
    "opt out", "optout", "opted out", "refus", "refuse", "refused", "refuses", "oppose",
    "opposition", "do not", "not", "ne pas", "ne plus", "non", "sans", "without", "no",
    "desabonne", "desinscrit", "unsubscribed", "bloctel", "blacklist", "blacklisted", "retrait",
    "withdrawn",
];
/// What an agreement may be limited to.
const LIMITS: &[&str] = &[
    "email", "e mail", "mail", "courriel", "sms", "mms", "phone", "telephone", "tel",
    "telephonique", "mobile", "whatsapp", "fax", "post", "postal", "courrier", "newsletter",
    "cookie", "partenaire", "partner", "tiers", "third", "photo", "image", "call", "appel", "push",
    "profilage", "profiling", "double", "statistique", "analytics", "web", "app",
];

/// How far an agreement reaches: the fewer words limit it, the further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reach {
    limits: usize,
    words: usize,
}

/// How far the agreement reaches that a column tells of, if its name says that it does.
pub(crate) fn agreement(column: &str) -> Option<Reach> {
    if named(column).meaning != Some(Meaning::Flag) {
        return None;
    }
    let words = words::plain(&repaired(words::beginning(column)));
    let has = |phrase: &str| {
        let parts: Vec<&str> = phrase.split(' ').collect();
        let mut windows = words.windows(parts.len());
        windows.any(|window| {
            window
                .iter()
                .zip(&parts)
                .all(|(word, part)| words::same(word, part))
        })
    };
    let agrees = AGREES.iter().any(|phrase| has(phrase));
    let refuses = REFUSES.iter().any(|phrase| has(phrase));
    (agrees && !refuses).then(|| Reach {
        limits: LIMITS.iter().filter(|word| has(word)).count(),
        words: words.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreements_are_told_from_refusals_and_other_flags() {
        for (name, expected) in [
            ("Consentement", true),
            ("Consentement RGPD", true),
            ("RGPD", true),
            ("Opt-in", true),
            ("OPT_IN", true),
            ("optIn", true),
            ("Accepte la prospection", true),
            ("Accepts Marketing", true),
            ("Accepts Email Marketing", true),
            ("Consent", true),
            ("Opt-in SMS", true),
            ("Autorise les e-mails", true),
            ("Email Opt Out", false),
            ("Refus des e-mails", false),
            ("Refuse la prospection", false),
            ("S'oppose", false),
            ("Do not allow Emails", false),
            ("Désinscrit", false),
            ("Ne pas autoriser les appels", false),
            ("email_verified", false),
            ("Actif", false),
            ("Date de consentement", false),
            ("Nom", false),
        ] {
            assert_eq!(agreement(name).is_some(), expected, "{name}");
        }
    }

    #[test]
    fn the_most_general_agreement_reaches_furthest() {
        for (general, limited) in [
            ("Consentement", "Consentement SMS"),
            ("Opt-in", "Opt-in partenaires"),
            ("OPT_IN", "DOUBLE_OPT-IN"),
            ("Accepte la prospection", "Accepte les SMS"),
            ("RGPD", "Consentement RGPD"),
        ] {
            assert!(
                agreement(general) < agreement(limited),
                "{general} {limited}"
            );
        }
    }
}
