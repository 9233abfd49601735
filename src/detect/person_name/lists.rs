//! The words that names are told by. `names.py` beside it makes the lists of names from INSEE's files of
//! first names and of surnames (Licence Ouverte, Etalab), and says where it has them from.

use std::sync::LazyLock;

use foldhash::HashSet;

use crate::base::lexicon::{Lexicon, hash_of};

static FIRST_NAMES: Lexicon<4096> = Lexicon::new(include_str!("first_names.txt"));
static AMBIGUOUS: Lexicon<512> = Lexicon::new(include_str!("ambiguous.txt"));
static SURNAMES: Lexicon<16_384> = Lexicon::new(include_str!("surnames.txt"));
static WORDS: Lexicon<2048> = Lexicon::new(include_str!("words.txt"));
static NEVER: Lexicon<1024> = Lexicon::new(include_str!("never.txt"));

/// What a name of a place or of an institution begins with.
const PLACES: &str = "rue r avenue av ave boulevard bd bld boul place pl allee allees chemin ch impasse imp route rte \
    quai cours square sq passage sentier lotissement residence res cite hameau faubourg fbg esplanade promenade \
    voie venelle ruelle traverse montee clos parvis carrefour rond-point galerie mail port porte pont tunnel \
    ecole college lycee groupe-scolaire universite institut faculte campus amphitheatre bibliotheque mediatheque \
    hopital clinique chu ehpad centre espace maison foyer fondation association musee theatre cinema salle stade \
    gymnase piscine complexe parc jardin bois foret gare station metro tram arret aeroport terminal usine site \
    eglise cathedrale chapelle abbaye basilique tour immeuble batiment prix coupe trophee saint st sainte ste";

/// What stands before the name of a firm or of goods.
const GOODS: &str = "garage boulangerie patisserie boucherie pharmacie restaurant cafe bar hotel brasserie pizzeria \
    societe ste entreprise ets etablissements cabinet groupe maison boutique magasin salon coiffure institut \
    transports transport imprimerie librairie editions edition chocolaterie fromagerie domaine chateau champagne \
    fauteuil canape chaise table lampe lit matelas armoire commode bureau tabouret suspension tapis meuble robe pantalon jupe \
    veste manteau chemise chemisier pull sac cabas chaussure chaussures sandale botte bottes bottine bottines montre bijou bague collier \
    bracelet parfum coffret box velo modele gamme collection ligne marque reference coloris couleur taille produit article kit \
    pack formule offre option vin biere sirop the cafetiere poussette rideau coussin vase plat assiette tasse \
    film livre roman album disque chanson serie jeu concert spectacle expo exposition piece";

/// Words that stand between a place's word and a name.
const BETWEEN: &str = "du de des la le les l d general docteur dr professeur pr president marechal colonel capitaine \
    abbe pere mere saint sainte cardinal commandant lieutenant sergent amiral ambassadeur et";

/// What stands behind a civility and is no name: brands (`Monsieur Bricolage`), and what letters begin
/// with.
const BRANDS: &str = "bonjour bonsoir salut merci tout tous toute toutes bricolage cuisine propre meuble store patate figaro martens oetker pepper hauschka house jardinage \
    who strange vranjes jart pierre_ricaud bean freeze malin loyal store wash bovary irma tussauds butterfly";

/// Names that are a firm's, a brand's, a school's or everybody's: two words of each.
static KNOWN: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("known.txt").lines().collect());
static KNOWN_FIRST: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let pairs = KNOWN.iter().filter_map(|known| known.split_once(' '));
    pairs.map(|(first, _)| first).collect()
});
static PLACE_WORDS: Lexicon<512> = Lexicon::new(PLACES);
static GOODS_WORDS: Lexicon<512> = Lexicon::new(GOODS);
static BETWEEN_WORDS: Lexicon<128> = Lexicon::new(BETWEEN);
static BRAND_WORDS: Lexicon<128> = Lexicon::new(BRANDS);

/// Whether it is a first name and hardly anything else.
pub(super) fn is_first_name(word: &str) -> bool {
    FIRST_NAMES.contains(first_part(word))
}

/// Whether it is a first name that is also a word, a town or a surname.
pub(super) fn is_ambiguous(word: &str) -> bool {
    AMBIGUOUS.contains(first_part(word))
}

/// Whether it is [one](is_first_name) or [the other](is_ambiguous).
pub(super) fn is_given(word: &str) -> bool {
    let word = first_part(word).as_bytes();
    let hash = hash_of(word);
    FIRST_NAMES.contains_hashed(word, hash) || AMBIGUOUS.contains_hashed(word, hash)
}

/// Whether it is one of the usual surnames, which may be a word, too.
pub(super) fn is_surname(word: &str) -> bool {
    SURNAMES.contains(word)
        || word.contains('-') && word.split('-').any(|part| SURNAMES.contains(part))
}

/// Whether it is a word that begins sentences or names something else than a person.
pub(super) fn is_word(word: &str) -> bool {
    // What is elided: `l'article`.
    let is_elided = |first: u8| !matches!(first, b'd' | b'o' | b'\'');
    WORDS.contains(word) || matches!(word.as_bytes(), [first, b'\'', ..] if is_elided(*first))
}

/// Whether it is a month, a colour, a town or a make: more often that than a name.
pub(super) fn is_never(word: &str) -> bool {
    NEVER.contains(word)
}

pub(super) fn is_place(word: &str) -> bool {
    PLACE_WORDS.contains(word)
}

pub(super) fn is_goods(word: &str) -> bool {
    GOODS_WORDS.contains(word)
}

pub(super) fn is_between(word: &str) -> bool {
    BETWEEN_WORDS.contains(word)
}

pub(super) fn is_brand(word: &str) -> bool {
    BRAND_WORDS.contains(word)
}

/// Whether two words are known as the name of something else.
pub(super) fn is_known(first: &str, second: &str) -> bool {
    KNOWN_FIRST.contains(first) && KNOWN.contains([first, second].join(" ").as_str())
}

fn first_part(word: &str) -> &str {
    let dash = word.bytes().position(|byte| byte == b'-');
    dash.and_then(|dash| word.get(..dash)).unwrap_or(word)
}
