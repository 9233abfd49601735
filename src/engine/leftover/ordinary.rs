//! Names that are ordinary words: a baker called Boulanger is no leak.
//!
//! In a file of some size the rows tell (see [`super::verdict`]); in a small one a baker may be the
//! only one. So a cell that has one word in common with the row's name is not held against it if
//! the word is here: what a reader sees in `boulanger` is an occupation. A cell that has no other
//! word need not be compared at all.

use super::words::{Word, words};

/// French occupations, things and company words that are surnames, first names or mailboxes too, and
/// what two columns of answers have in common by accident.
const ORDINARY: &str = "agent aimé armurier artisan avocat banquier barbier batelier berger boucher boulanger brasseur \
    cadre carrier chancelier chapelier charbonnier charcutier charpentier charretier chasseur \
    chaudronnier chauffeur chef chevalier chevrier client cocher coiffeur commercial comptable \
    conseiller consultant contact cordier cordonnier coureur courtier couturier couvreur cuisinier \
    cultivateur danseur directeur direction docteur drapier ecuyer employé epicier etudiant facteur \
    fermier fleuriste forestier forgeron garagiste garde gendarme geometre gerant graveur guide \
    horloger huissier imprimeur info ingenieur jardin jardinier juge laboureur libraire maçon magasinier \
    maire maitre manager marchand marechal marin marinier medecin menuisier mercier messager meunier \
    mineur moine moulin musicien notaire office officier olive ouvrier pasteur patissier paysan peintre \
    pelletier pecheur pharmacien pierre plombier poissonnier pompier portier potier prince \
    professeur ramoneur receveur retraité rose royal sculpteur secretaire sellier senechal serrurier \
    service sergent societe soldat support tailleur tanneur taverne teinturier tisserand tissier \
    tonnelier tourneur transport transports traiteur vannier verrier vigneron violette visiteur voyageur \
    baker butcher carpenter clerk cook cooper driver farmer fisher gardener glover hunter judge miller \
    painter parker porter potter sales shepherd singer smith tailor turner weaver \
    vrai faux true false homme femme masculin feminin male female inconnu unknown aucun none autre other \
    actif inactif active inactive";

/// The words, as hashes in order.
#[derive(Debug)]
pub(super) struct Ordinary(Vec<u64>);

impl Default for Ordinary {
    fn default() -> Self {
        let mut found = Vec::new();
        words(ORDINARY.as_bytes(), &mut found);
        let mut hashes: Vec<u64> = found.iter().map(|word| word.hash).collect();
        hashes.sort_unstable();
        Self(hashes)
    }
}

impl Ordinary {
    pub(super) fn has(&self, word: &Word) -> bool {
        self.0.binary_search(&word.hash).is_ok()
    }

    /// Whether these words are one of them: whatever a cell of that word has in common with its row
    /// is not held against it.
    pub(super) fn is(&self, words: &[Word]) -> bool {
        matches!(words, [word] if self.has(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_words_are_known_whatever_their_case_and_accents() {
        let (ordinary, mut found) = (Ordinary::default(), Vec::new());
        words(
            "BOULANGER Maçon pêcheur Dupont Marie True".as_bytes(),
            &mut found,
        );
        let known: Vec<bool> = found.iter().map(|word| ordinary.has(word)).collect();
        assert_eq!(known, [true, true, true, false, false, true]);
    }

    #[test]
    fn a_cell_of_one_ordinary_word_is_one() {
        let (ordinary, mut found) = (Ordinary::default(), Vec::new());
        for (text, expected) in [
            ("pêcheur", true),
            ("« Boulanger »", true),
            ("artisan boulanger", false),
            ("boulanger 12", false),
            ("Dupont", false),
            ("", false),
        ] {
            words(text.as_bytes(), &mut found);
            assert_eq!(ordinary.is(&found), expected, "{text}");
        }
    }
}
