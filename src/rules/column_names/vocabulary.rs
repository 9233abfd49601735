//! The words that columns are named with, in French and English, as HubSpot, Salesforce,
//! Dynamics 365, Sage, Odoo and Brevo export them and as people add them.
//!
//! Order matters: the first entry that fits a name counts. What names a person comes before what
//! does not, so that `name of the city owner` is dropped; the few exceptions come before that.

use super::meaning::Meaning::{self, *};
use crate::rules::SpecialCategory::{
    BiometricData, GeneticData, Health, PoliticalOpinions, RacialOrEthnicOrigin,
    ReligiousOrPhilosophicalBeliefs, SexLifeOrSexualOrientation, TradeUnionMembership,
};

/// Meanings and the phrases that tell them, `|` between phrases. The words are those of
/// [`crate::base::name::key`], without articles and prepositions; `=` marks a phrase that is the whole
/// name, `^` one that begins it.
#[rustfmt::skip]
pub(crate) static VOCABULARY: &[(Meaning, &str)] = &[
    (Special(RacialOrEthnicOrigin), "origine ethnique|origines ethniques|origine raciale|ethnic|ethnicity|ethnie|race|racial|raciale|couleur peau|skin color|skin colour"),
    (Special(PoliticalOpinions), "opinion politique|opinions politiques|politique|political|politics|parti|party affiliation|intention vote"),
    (Special(ReligiousOrPhilosophicalBeliefs), "religion|religieuse|religieux|religious|confession|culte|croyance|croyances|belief|beliefs|philosophique|philosophical"),
    (Special(TradeUnionMembership), "syndicat|syndical|syndicale|syndique|trade union|union membership"),
    (Special(GeneticData), "genetique|genetiques|genetic|genetics|adn|dna"),
    (Special(BiometricData), "biometrie|biometrique|biometriques|biometric|biometrics|empreinte|empreintes|fingerprint|fingerprints|reconnaissance faciale|face recognition"),
    (Special(Health), "sante|health|groupe sanguin|blood|sanguin|maladie|maladies|disease|diseases|illness|medical|medicale|medicaux|medication|medicament|medicaments|medecin|handicap|handicape|disability|disabled|invalidite|rqth|ald|allergie|allergies|allergy|diagnostic|diagnosis|pathologie|pathologies|grossesse|enceinte|pregnant|pregnancy|regime alimentaire|dietary|vaccin|vaccination|vaccinated|imc|bmi|fumeur|smoker|arret maladie|symptome|symptomes|symptoms|hospitalisation|psychologique"),
    (Special(SexLifeOrSexualOrientation), "orientation sexuelle|sexual orientation|sexual|sexuel|sexuelle|vie sexuelle|sex life"),
    (Criminal, "casier|casier judiciaire|condamnation|condamnations|judiciaire|criminal|criminal record|conviction|convictions|infraction|infractions|offence|offences|offense|offenses|delit|delits|prison"),

    // Exceptions to what follows: they hold the word of an identifier and name nobody.
    (Category, "company size|company type|account type|account rating|account source|type societe|type entreprise|taille entreprise|forme juridique|statut juridique|is company|est societe|=est une societe|time zone|fuseau horaire|code naf|naf|ape|sic|naics|code devise|currency|devise|code langue|langue|language"),
    (Children, "nombre enfants|nb enfants|nbre enfants|num enfants|number children|nombre enfant|enfants charge|children count|=children|=enfants|=kids"),
    (Money, "total facture|montant facture|total invoiced|montant factures"),
    (Birthplace, "ip city|ip country|ip state|ip region|ville ip|pays ip|lieu naissance|ville naissance|pays naissance|commune naissance|departement naissance|birth place|birthplace|place birth|birth city|birth country|country birth|nationalite|nationality|citizenship|pays origine"),

    (Account, "iban|bic|swift|rib|banque|bank|compte bancaire|bank account|numero compte|carte bancaire|credit card|card number|numero carte|mandat|sepa"),
    (OfficialNumber, "num ss|nss|ssn|nir|secu|securite sociale|social security|national id|passport|passeport|carte identite|cni|identity card|permis|driver license|driving licence|numero fiscal|tax id|siret|siren|tva|vat|rcs|ein|duns|immatriculation|plaque|license plate|vin"),
    (Email, "email|emails|e mail|mail|mails|courriel|courriels|mel|adresse electronique|messagerie|messageries"),
    (Phone, "phone|phones|telephone|tel|mobile|portable|gsm|fax|telecopie|sms|whatsapp|landline|cell|cellphone|appel|calling"),
    (Web, "url|site web|site|website|web|linkedin|twitter|facebook|instagram|skype|domain|domaine|lien|link|blog|pseudo|pseudonyme|username|login|mot passe|password|cookie|ip|ip address|adresse ip|token|photo|image|avatar|user agent|referrer|page"),
    (Key, "do not modify|ne pas modifier|id|ids|identifiant|identifier|guid|uuid|ref|reference|references|matricule|code client|code tiers|code partenaire|=code|numero|num|=number|^no|^n|account number|customer number|client number|contract number|invoice number|order number|policy number|external|ext|record|key|cle|checksum|numero contrat|numero client|facture|code barre|barcode|internal reference|compte general|compte collectif|compte comptable|compte tiers|=compte|=index"),
    (Staff, "owner|proprietaire|commercial|commerciale|vendeur|vendeuse|salesperson|sales rep|sales team member|representant|conseiller|conseillere|gestionnaire|responsable|assigned|assignee|assigne|charge affaires|charge clientele|suivi|agent|collaborateur|manager|user|utilisateur|createur|auteur|author|acheteur|courtier|parrain|referent|tuteur|technicien|consultant"),
    (Person, "ct contact|nom|noms|prenom|prenoms|name|names|firstname|lastname|surname|fullname|patronyme|suffix|nickname|maiden|initiales|initials|=contact|=client|=customer|=lead|=prospect|=person|=personne|interlocuteur|beneficiaire|titulaire|souscripteur|assure|conjoint|spouse|mere|pere|mother|father|assistant|signataire|destinataire|heritier|contact principal|primary contact|reports to|attention"),
    (Employer, "employeur|employer|company|companies|entreprise|societe|raison sociale|account|compte client|organisation|organization|intitule|etablissement|ecole|school|universite|university|denomination|enseigne|parent customer|client facture|firme|abrege"),
    (Notes, "note|notes|commentaire|commentaires|comment|comments|description|descriptions|remarque|remarques|observation|observations|message|messages|memo|bio|about|resume|summary|subject|objet|sujet|texte|text|historique|history|detail|details|precision|precisions|motif|reponse|answer|feedback|avis"),
    (Coordinates, "lat|lon|lng|latitude|longitude|gps|geolocation|geolocalisation|coordonnees|coordinates"),
    (BirthDate, "date naissance|naissance|birth date|birthdate|birthday|birth|born|=ne|=nee|dob|anniversaire|anniversary"),
    (Date, "date|dates|created|create|creation|cree|modified|modifie|modification|updated|update|last activity|derniere activite|activite recente|added|inscrit|inscription|timestamp|heure|time|hour|last seen|derniere connexion|since|depuis|jour|day"),
    (PostalCode, "code postal|codepostal|postal code|zip|zipcode|postcode|post code|cp|npa"),
    (Place, "ville|city|commune|town|localite|pays|country|region|regions|state|province|departement|county|canton|district|arrondissement|territoire|territory|zone|agence"),
    (Address, "adresse|adresses|address|street|rue|voie|line|ligne|complement|batiment|etage|lieu dit"),
    (Money, "revenu|revenus|revenue|revenues|income|salaire|salaires|salary|wage|chiffre affaires|ca|ca annuel|patrimoine|montant|montants|amount|amounts|solde|balance|encours|credit limit|credit|plafond|valeur|value|budget|loyer|rent|turnover|epargne|dette|debt|remuneration|impot|impots|depense|depenses|spent|sales"),
    (Price, "prix|price|tarif|remise|discount|cout|cost|prime|premium|cotisation|frais|fee"),
    (Number, "age|ages|anciennete|seniority|points|point|score|quantite|quantity|nombre|nb|nbre|^number|count|duree|duration|visites|visits|views|sessions|annee|year|total|taux|rate|percent|pourcentage|jours|days|effectif|effectifs|employees|rang|rank|commandes|orders|opens|clicks|ouvertures|clics"),
    (Gender, "sexe|sex|genre|gender|civilite|salutation|titre civilite|honorific"),
    (Occupation, "metier|profession|job|fonction|poste|occupation|title|titre|role|csp|department|service|categorie socioprofessionnelle"),
    (Situation, "formation|education|diplome|etudes|degree|situation|marital|matrimonial|matrimoniale|family|familiale|famille|logement|housing|permanent|retraite|regime"),
    (Progress, "statut|statuts|status|etat|stage|etape|phase|source|sources|canal|channel|medium|priority|priorite|rating|issue|resultat|result|lead|leads|pipeline|probabilite|probability|reglement|paiement|payment|condition|conditions|mode|delai|terms|formule|plan|abonnement|subscription|offre|gamme|campagne|campaign"),
    (Flag, "opt|optin|optout|consentement|consent|rgpd|gdpr|newsletter|desinscrit|desabonne|unsubscribed|subscribed|blacklist|blacklisted|abonne|do not|ne pas|actif|active|inactive|sommeil|bounce|bounced|opted|bloque|blocked|bulk|marketing|autorise|allow"),
    (Category, "type|types|categorie|categories|category|segment|segments|groupe|group|origine|industry|secteur|activite|produit|products|product|niveau|level|grade|usage|conduite|couleur|color|marque|brand|modele|tag|tags|liste|listes|list|lists|etiquette|etiquettes|classe|class|nature|preferred|preference|preferences|method|tarifaire"),
];

/// Words that go with those above in names of columns and mean little alone.
pub(crate) const QUALIFIERS: &str = "contact contacts lead account client clients customer company \
    person personne primary secondary mailing billing shipping livraison facturation other autre \
    autres home work main first last middle full full hs ct mobile associated associe annual annuel \
    annuelle legal business principal principale prin main personal personnel professionnel pro \
    original latest recent number not do ne pas modify modifier out double rd col com lu";
