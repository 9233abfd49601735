//! What the figures do not say, in plain words, and what the terms mean.

use super::Report;
use super::page::{Block, Section};
use crate::base::lang::Words;

static LIMITS: [Words; 8] = [
    Words {
        en: "Pseudonymised is not anonymous. As long as the source exists, or somebody can find people again by reasonable means, the file is personal data under the GDPR (recital 26), whatever its score.",
        fr: "Pseudonymisé ne veut pas dire anonyme. Tant que la source existe, ou que quelqu’un peut retrouver des personnes par des moyens raisonnables, le fichier contient des données personnelles au sens du RGPD (considérant 26), quel que soit son score.",
    },
    Words {
        en: "The figures hold for the listed quasi-identifying columns. If an attacker knows something that another column tells, more rows can be singled out than this report says.",
        fr: "Les chiffres valent pour les colonnes quasi identifiantes indiquées. Si un attaquant connaît ce que dit une autre colonne, davantage de lignes peuvent être isolées que ne le dit ce rapport.",
    },
    Words {
        en: "Background knowledge is not bounded. Whoever knows that a person is not in one bracket, or what two members of a group earn, can narrow a group of any size.",
        fr: "Les connaissances extérieures n’ont pas de borne. Qui sait qu’une personne n’est pas dans telle tranche, ou ce que gagnent deux membres d’un groupe, peut réduire un groupe de n’importe quelle taille.",
    },
    Words {
        en: "Outliers stand out. A very high amount or a rare value in a column that is not counted may be known to belong to one person, in a large group too.",
        fr: "Les valeurs extrêmes se voient. Un montant très élevé ou une valeur rare dans une colonne non comptée peut désigner une personne connue, même dans un grand groupe.",
    },
    Words {
        en: "What people typed into kept columns leaves as it is: a name or a telephone number among the occupations is not noticed. Look at the different values of each kept column before the file leaves.",
        fr: "Ce qui a été saisi dans les colonnes conservées sort tel quel : un nom ou un numéro de téléphone parmi les métiers n’est pas détecté. Regardez les valeurs différentes de chaque colonne conservée avant toute sortie.",
    },
    Words {
        en: "Other files. Two files that are each safe may single people out together; so may a later export of the same people.",
        fr: "Les autres fichiers. Deux fichiers sûrs chacun peuvent, ensemble, isoler des personnes ; un export ultérieur des mêmes personnes aussi.",
    },
    Words {
        en: "One person, one row is assumed. If a person has several rows, a group of 5 rows may be fewer than 5 people.",
        fr: "On suppose une personne par ligne. Si une personne a plusieurs lignes, un groupe de 5 lignes peut compter moins de 5 personnes.",
    },
    Words {
        en: "In this page, numbers of rows from 1 to 4 are not spelled out (“fewer than 5”), and a number from which one could be worked out is given as “at least”. k, l and t are always given.",
        fr: "Dans cette page, les nombres de lignes de 1 à 4 ne sont pas écrits (« moins de 5 »), et un nombre qui permettrait d’en déduire un est donné comme « au moins ». k, l et t sont toujours donnés.",
    },
];

static GLOSSARY: [(Words, Words); 11] = [
    (
        Words {
            en: "Quasi-identifying column",
            fr: "Colonne quasi identifiante",
        },
        Words {
            en: "It names nobody, but helps to single out a person when joined with others: year of birth, postal code, occupation.",
            fr: "Elle ne nomme personne, mais aide à isoler une personne par recoupement : année de naissance, code postal, métier.",
        },
    ),
    (
        Words {
            en: "Sensitive column",
            fr: "Colonne sensible",
        },
        Words {
            en: "What somebody might want to learn about a person, such as income. Not to be confused with the special categories of GDPR art. 9.",
            fr: "Ce que l’on pourrait vouloir apprendre sur une personne, comme ses revenus. À ne pas confondre avec les catégories particulières de l’art. 9 du RGPD.",
        },
    ),
    (
        Words {
            en: "Group (equivalence class)",
            fr: "Groupe (classe d’équivalence)",
        },
        Words {
            en: "All rows with the same values in every quasi-identifying column.",
            fr: "Toutes les lignes qui ont les mêmes valeurs dans chaque colonne quasi identifiante.",
        },
    ),
    (
        Words {
            en: "k (k-anonymity)",
            fr: "k (k-anonymat)",
        },
        Words {
            en: "The number of rows in the smallest group. k = 1: somebody is alone. (L. Sweeney, 2002.)",
            fr: "Le nombre de lignes du plus petit groupe. k = 1 : quelqu’un est seul. (L. Sweeney, 2002.)",
        },
    ),
    (
        Words {
            en: "l (l-diversity)",
            fr: "l (l-diversité)",
        },
        Words {
            en: "The least number of different values of a sensitive column in a group. (A. Machanavajjhala et al., 2007.)",
            fr: "Le plus petit nombre de valeurs différentes d’une colonne sensible dans un groupe. (A. Machanavajjhala et al., 2007.)",
        },
    ),
    (
        Words {
            en: "t (t-closeness)",
            fr: "t (t-proximité)",
        },
        Words {
            en: "The greatest distance between the sensitive values of a group and those of the whole file, from 0 to 1. (N. Li et al., 2007.)",
            fr: "Le plus grand écart entre les valeurs sensibles d’un groupe et celles de tout le fichier, de 0 à 1. (N. Li et al., 2007.)",
        },
    ),
    (
        Words {
            en: "Generalising",
            fr: "Généraliser",
        },
        Words {
            en: "Writing something coarser but true: a decade instead of a year, a département instead of a postal code.",
            fr: "Écrire quelque chose de plus grossier mais de vrai : une décennie au lieu d’une année, un département au lieu d’un code postal.",
        },
    ),
    (
        Words {
            en: "Suppressed row",
            fr: "Ligne neutralisée",
        },
        Words {
            en: "A row that shows * in every quasi-identifying column; its other cells stay.",
            fr: "Une ligne qui montre * dans chaque colonne quasi identifiante ; ses autres cellules restent.",
        },
    ),
    (
        Words {
            en: "Pseudonymised",
            fr: "Pseudonymisé",
        },
        Words {
            en: "Names are replaced, but people can still be found again with other information (GDPR art. 4(5)).",
            fr: "Les noms sont remplacés, mais d’autres informations permettent encore de retrouver les personnes (RGPD, art. 4, 5).",
        },
    ),
    (
        Words {
            en: "Opinion 05/2014 (WP216)",
            fr: "Avis 05/2014 (WP216)",
        },
        Words {
            en: "The European data protection authorities’ opinion on anonymisation techniques. Its three criteria, singling out, linkability and inference, are those that the CNIL goes by.",
            fr: "L’avis des autorités européennes de protection des données sur les techniques d’anonymisation. Ses trois critères, individualisation, corrélation et inférence, sont ceux que retient la CNIL.",
        },
    ),
    (
        Words {
            en: "SHA-256",
            fr: "SHA-256",
        },
        Words {
            en: "A fingerprint of a file: the same file always has the same one, and a changed file another. It proves which file this page speaks of.",
            fr: "L’empreinte d’un fichier : un même fichier a toujours la même, un fichier modifié en a une autre. Elle prouve de quel fichier parle cette page.",
        },
    ),
];

impl Report<'_> {
    pub(super) fn limits(self) -> Section {
        let limits = LIMITS
            .iter()
            .map(|limit| limit.of(self.speech.0).to_owned());
        Section {
            id: "limits",
            title: self
                .speech
                .pick(
                    "What these figures do not protect against",
                    "Ce contre quoi ces chiffres ne protègent pas",
                )
                .to_owned(),
            blocks: vec![Block::List(limits.collect())],
        }
    }

    pub(super) fn glossary(self) -> Section {
        let language = self.speech.0;
        let terms = GLOSSARY.iter().map(|(term, meaning)| {
            (
                term.of(language).to_owned(),
                meaning.of(language).to_owned(),
            )
        });
        Section {
            id: "glossary",
            title: self.speech.pick("Glossary", "Glossaire").to_owned(),
            blocks: vec![Block::Terms(terms.collect())],
        }
    }
}
