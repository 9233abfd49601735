//! Names by what stands around them: what shows that a street, a firm or goods are meant, and what shows
//! that a person is, where neither a civility nor a first name beside a surname does.

use super::Names;
use super::lists::{
    is_between, is_first_name, is_given, is_goods, is_never, is_place, is_surname, is_word,
};
use super::words::{Case, Word};

/// How far before a name the word of its street may stand.
const BEFORE: usize = 4;

/// Civilities in small letters, as they are typed in haste.
const CIVILITIES: [&str; 10] = [
    "docteur", "dr", "maitre", "mme", "mr", "mlle", "melle", "monsieur", "madame", "mademoiselle",
];

/// Surnames that in small letters are rather words behind a civility: `mme garde sa voiture`.
const WORDS: [&str; 22] = [
    "garde", "gagne", "casse", "coupe", "marche", "prudent", "menage", "conte", "servant",
    "constant", "tranchant", "planche", "barre", "bouche", "grave", "large", "riche", "seule",
    "agent", "verite", "fortune", "content",
];

/// Who stands near somebody.
const RELATIONS: [&str; 28] = [
    "fille", "fils", "mari", "femme", "epouse", "epoux", "conjoint", "conjointe", "compagnon",
    "compagne", "frere", "soeur", "mere", "pere", "maman", "papa", "cousin", "cousine", "neveu",
    "niece", "tante", "oncle", "ami", "amie", "voisin", "voisine", "collegue", "concubin",
];

/// Breton surnames behind `Le`, of which INSEE's file has only the whole.
const BEHIND_LE: [&str; 24] = [
    "goff", "gall", "guen", "roux", "bras", "floch", "corre", "bihan", "dantec", "borgne", "berre",
    "breton", "moal", "moigne", "bail", "bourhis", "cam", "coz", "gac", "meur", "page", "calvez",
    "bris", "brun",
];

/// Whether a text has what [`Names::beside_another_word`] may find without any capital.
pub(super) fn may_have_small_civility(text: &[u8]) -> bool {
    memchr::memchr2_iter(b'm', b'd', text).any(|at| {
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        let begins = before.is_none_or(|byte| !byte.is_ascii_alphanumeric());
        let rest = text.get(at..).unwrap_or_default();
        begins
            && CIVILITIES
                .iter()
                .any(|known| rest.starts_with(known.as_bytes()))
            || rest.starts_with(b"m. ")
            || rest.starts_with("maître".as_bytes())
    })
}

/// Whether the word is a civility in small letters, or the letter of one.
pub(super) fn is_small_civility(word: &str) -> bool {
    word == "m" || CIVILITIES.contains(&word)
}

/// Whether it is a surname that hardly names anything else.
fn is_only_surname(word: &Word<'_>) -> bool {
    is_surname(word.folded) && !is_word(word.folded) && !is_never(word.folded)
}

/// Whether a surname stands behind `Le`.
pub(super) fn is_behind_le(word: &str) -> bool {
    BEHIND_LE.contains(&word)
}

impl Names<'_> {
    /// A name that another word shows, from its first word to behind its last: an initial, a civility
    /// in small letters or without its dot, a relation, a comma between surname and first name.
    pub(super) fn beside_another_word(&self, at: usize) -> Option<(usize, usize)> {
        let word = self.word(at)?;
        if self.is_of_place(at) || self.is_goods(at) {
            return None;
        }
        let next = self.next(at + 1);
        let before = at.checked_sub(1).and_then(|before| self.word(before));
        let before = before.filter(|_| word.follows);
        let is_capital = |word: &&Word<'_>| word.is_capital();
        if word.case == Case::Initial && word.dot {
            // `J. Garnier`, but neither `art. L. Garnier` nor `option A. Garnier`.
            let quiet = before.is_none_or(|before| !before.dot && !is_lead(before.folded));
            let named = next.filter(is_capital).is_some_and(is_only_surname);
            return (quiet && named && !self.in_capitals).then_some((at, at + 2));
        }
        if word.case == Case::Initial && word.folded == "m" {
            // A size, a model and what counts or sorts something have an M behind them.
            let quiet = |before: &Word<'_>| {
                let text = before.folded;
                let number = text.bytes().any(|byte| byte.is_ascii_digit());
                !(before.is_capital() || number || is_goods(text) || is_lead(text))
            };
            let shown =
                before.is_none_or(quiet) && at.checked_sub(1).is_none_or(|at| !self.is_size(at));
            let named = next
                .filter(is_capital)
                .filter(|next| !is_first_name(next.folded));
            return (shown && named.is_some_and(is_only_surname)).then_some((at + 1, at + 2));
        }
        // `m. durand`, but not `5 m. durand`.
        let metres =
            before.is_some_and(|before| before.folded.bytes().all(|byte| byte.is_ascii_digit()));
        let small_m = word.folded == "m" && word.dot && !metres;
        if word.case == Case::Other && (small_m || CIVILITIES.contains(&word.folded)) {
            return self.in_small_letters(at + 1).map(|until| (at + 1, until));
        }
        let related = before.is_some_and(|before| RELATIONS.contains(&before.folded));
        if related && word.is_capital() && is_given(word.folded) && !self.in_capitals {
            return Some((at, at + 1));
        }
        self.parted(at).map(|until| (at, until))
    }

    /// Behind a surname in small letters at `first`, perhaps with a first name before it.
    fn in_small_letters(&self, first: usize) -> Option<usize> {
        let small = |at: usize| self.next(at).filter(|word| word.case == Case::Other);
        let surname = |at: usize| {
            let word = small(at).filter(|word| word.folded.len() >= 5);
            word.is_some_and(|word| is_only_surname(word) && !WORDS.contains(&word.folded))
        };
        // `mme da silva`
        const PARTICLES: [&str; 6] = ["da", "dos", "di", "el", "ben", "van"];
        let particle = small(first).is_some_and(|word| PARTICLES.contains(&word.folded));
        let first = first + usize::from(particle);
        let given = small(first).is_some_and(|word| is_first_name(word.folded));
        match given {
            true if surname(first + 1) => Some(first + 2),
            true => Some(first + 1),
            false => surname(first).then_some(first + 1),
        }
    }

    /// Behind the first name that stands behind a surname in capitals and a comma: `MOREAU, Thierry`.
    fn parted(&self, at: usize) -> Option<usize> {
        let (surname, first) = (self.word(at)?, self.word(at + 1)?);
        let near = !first.follows && !surname.dot && first.start == surname.end + ", ".len();
        // `Nguyen, Philippe` alone; in a text the two may stand in a list.
        let alone = self.words.len() <= 3 && surname.case == Case::Title;
        let fits = (surname.case == Case::Upper || alone)
            && first.case == Case::Title
            && surname.folded.len() >= 4
            && match is_only_surname(surname) {
                true => is_first_name(first.folded) || !alone && is_given(first.folded),
                false => !alone && is_surname(surname.folded) && is_first_name(first.folded),
            };
        (near && fits && !self.in_capitals).then_some(at + 2)
    }

    /// Whether what begins at `at` is the name of a street, a school, a stadium.
    pub(super) fn is_of_place(&self, at: usize) -> bool {
        let mut place = at;
        for _ in 0..BEFORE {
            let Some(before) = place.checked_sub(1) else {
                return false;
            };
            if self.word(place).is_none_or(|word| !word.follows) {
                return false;
            }
            let Some(word) = self.word(before) else {
                return false;
            };
            let elided = word.folded.rsplit_once('\'');
            let name = elided.map(|(_, name)| name);
            if is_place(word.folded) || name.is_some_and(is_place) {
                return true;
            }
            let number = word.folded.bytes().all(|byte| byte.is_ascii_digit());
            if !number && !is_between(word.folded) {
                return false;
            }
            place = before;
        }
        false
    }

    /// Whether the word before says that a firm or goods are called so.
    pub(super) fn is_goods(&self, at: usize) -> bool {
        let follows = self.word(at).is_some_and(|word| word.follows);
        let before = at.checked_sub(1).and_then(|before| self.word(before));
        let behind = |from: usize| (from..from + 2).filter_map(|at| self.next(at));
        let firm = behind(at + 2).take_while(|word| word.is_capital());
        follows && before.is_some_and(|word| is_goods(word.folded))
            || firm
                .into_iter()
                .any(|word| matches!(word.folded, "sarl" | "sas" | "sasu" | "eurl" | "ets"))
    }

    /// Whether a lone `M` behind the word is a size.
    pub(super) fn is_size(&self, before: usize) -> bool {
        const SIZES: [&str; 8] = [
            "taille", "size", "t", "en", "pointure", "version", "format", "coloris",
        ];
        self.word(before)
            .is_some_and(|word| SIZES.contains(&word.folded))
    }
}

/// Whether a letter behind the word counts or sorts something.
fn is_lead(word: &str) -> bool {
    const LEADS: [&str; 16] = [
        "art", "article", "option", "plan", "lot", "bloc", "zone", "type", "classe", "categorie",
        "section", "annexe", "groupe", "vitamine", "serie", "hepatite",
    ];
    LEADS.contains(&word)
}
