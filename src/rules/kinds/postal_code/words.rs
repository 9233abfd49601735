//! The words around five digits that say whether these are a postal code.
//!
//! All of them are in lower case without accents, as [`plain`](super::plain) writes a cell. A blank
//! in a phrase stands for one blank, apostrophe or hyphen of the cell.

mod countries;

pub(super) use countries::COUNTRIES;

/// What numbers something else: no number directly behind one of these is a postal code.
pub(super) const NUMBERED: &[&str] = &[
    "bp", "b.p", "boite postale", "cs", "c.s", "course speciale", "tsa", "t.s.a", "cidex", "case",
    "case postale", "sp", "n", "no", "nr", "num", "numero", "numeros", "client", "cliente",
    "clients", "clt", "id", "identifiant", "ref", "refs", "reference", "references", "dossier",
    "contrat", "facture", "commande", "cde", "cmd", "devis", "compte", "cpte", "matricule",
    "adherent", "adherente", "abonne", "membre", "badge", "carte", "ticket", "tel", "telephone",
    "fax", "portable", "mobile", "siret", "siren", "rcs", "naf", "ape", "insee", "appt", "apt",
    "app", "appart", "appartement", "bat", "batiment", "bt", "esc", "chambre", "chb", "casier",
    "box", "parcelle", "ilot", "immeuble", "imm", "interphone", "digicode", "digicodes",
    "mot de passe", "mdp", "bureau", "bur", "etg", "pte", "boite", "boite aux lettres",
];

/// As [`NUMBERED`], but also part of the names of streets: `rue de la Porte`, `quai du Lot`.
pub(super) const NUMBERED_OR_STREET: &[&str] = &[
    "porte", "lot", "etage", "hall", "entree", "poste", "section", "local", "pin", "police",
    "escalier",
];

/// Before a word of [`NUMBERED_OR_STREET`] these make it a part of a name.
pub(super) const OF: &[&str] = &["du", "de", "des", "d", "de la", "de l"];

/// Before a word of [`NUMBERED_OR_STREET`], as a number is: `dernier étage 75011 Paris`.
pub(super) const ORDINALS: &[&str] = &[
    "premier", "deuxieme", "second", "troisieme", "quatrieme", "cinquieme", "sixieme", "dernier",
];

/// Behind a code of a door there can be up to this many words before the number.
pub(super) const WORDS_BEHIND_CODE: usize = 3;

/// The words for a code of something, see [`WORDS_BEHIND_CODE`].
pub(super) const CODES: &[&str] = &["code", "codes", "digicode", "digicodes"];

/// The words for a postal code, longest first. They are no [`CODES`].
pub(super) const POSTAL: &[&str] = &[
    "code postal", "codes postaux", "postal code", "post code", "zip code", "code post", "code zip",
];

/// What stands before a country in the name of a street: `rue d'Italie`, `hôtel de la Suisse`.
pub(super) const BEFORE_STREET_NAME: &[&str] = &[
    "du", "de", "des", "d", "la", "le", "les", "l", "rue", "r", "route", "rte", "avenue", "av",
    "ave", "bd", "bld", "blvd", "boulevard", "bvd", "place", "pl", "quai", "cours", "allee",
    "allees", "all", "chemin", "che", "square", "sq", "impasse", "imp", "villa", "passage", "pass",
    "cite", "residence", "res", "hotel", "faubourg", "fg",
];

/// Places in France that begin with a country.
pub(super) const IN_FRANCE: &[&str] = &["allemagne en provence", "suisse normande"];

/// What directly behind five digits says that these are no French code: towns abroad whose codes
/// have five digits, and units.
pub(super) const NOT_A_TOWN: &[&str] = &[
    "ankara", "athenes", "athens", "athina", "barcelona", "barcelone", "berlin", "bilbao",
    "bologna", "bonn", "bremen", "casablanca", "dortmund", "dresde", "dresden", "dusseldorf",
    "essen", "euro", "euros", "eur", "firenze", "francfort", "frankfurt", "genova", "habitants",
    "hambourg", "hamburg", "hannover", "helsinki", "istanbul", "izmir", "karlsruhe", "kg", "km",
    "koln", "leipzig", "madrid", "mainz", "malaga", "mannheim", "marrakech", "milan", "milano",
    "munchen", "munich", "napoli", "nurnberg", "palermo", "prague", "praha", "rabat", "roma",
    "rome", "saarbrucken", "sevilla", "seville", "stockholm", "stuttgart", "tanger", "torino",
    "turin", "valencia", "venezia", "zagreb", "zaragoza",
];

/// Between a town and a code at the end of the cell: states of the USA.
pub(super) const STATES: &[&str] = &[
    "al", "ak", "az", "ar", "ca", "co", "ct", "dc", "fl", "ga", "hi", "ia", "id", "il", "in", "ks",
    "ky", "la", "ma", "md", "me", "mi", "mn", "mo", "ms", "mt", "nc", "nd", "ne", "nh", "nj", "nm",
    "nv", "ny", "oh", "ok", "or", "pa", "ri", "sc", "sd", "tn", "tx", "ut", "va", "vt", "wa", "wi",
    "wv", "wy",
];
