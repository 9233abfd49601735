//! The words that columns are named with, in French and English, as HubSpot, Salesforce,
//! Dynamics 365, Sage, Odoo, PrestaShop, Shopify and Brevo export them and as people add them.
//!
//! Order matters: the first row that fits a name counts. What names a person comes before what
//! does not, so that `name of the city owner` is dropped; what is said *about* a person, an e-mail or
//! a telephone (how many, which type, whether allowed) comes before those.

use super::meaning::Meaning::{self, *};
use super::neighbours::NEIGHBOURS;
use crate::rules::SpecialCategory::{
    BiometricData, GeneticData, Health, PoliticalOpinions, RacialOrEthnicOrigin,
    ReligiousOrPhilosophicalBeliefs, SexLifeOrSexualOrientation, TradeUnionMembership,
};

/// A meaning and the phrases that tell it, `|` between phrases. The words are those of
/// [`crate::base::name::key`] in singular or plural, without articles and prepositions; `=` marks a
/// phrase that is the whole name, `^` one that begins it, and `$` behind it one that ends it.
pub(crate) type Row = (Meaning, &'static str);

/// One part of the vocabulary.
pub(crate) struct Part {
    pub(crate) rows: &'static [Row],
    /// Whether its words show that a row is a header. Jobs and illnesses are in cells as well.
    pub(crate) in_headers: bool,
}

/// All of it, in the order that counts.
pub(crate) static VOCABULARY: [Part; 7] = [
    Part {
        rows: EXCEPTIONS,
        in_headers: true,
    },
    Part {
        rows: SPECIAL,
        in_headers: true,
    },
    Part {
        rows: SPECIAL_IN_CELLS,
        in_headers: false,
    },
    Part {
        rows: ABOUT,
        in_headers: true,
    },
    Part {
        rows: ROLES,
        in_headers: false,
    },
    Part {
        rows: USUAL,
        in_headers: true,
    },
    Part {
        rows: NEIGHBOURS,
        in_headers: true,
    },
];

/// They hold a word of a special category and are none.
#[rustfmt::skip]
static EXCEPTIONS: &[Row] = &[
    (Account, "card fingerprint|fingerprint card|empreinte carte"),
    (Web, "device fingerprint|browser fingerprint|canvas fingerprint|empreinte navigateur"),
    (Number, "empreinte carbone|carbon footprint"),
    (Flag, "politique confidentialite|privacy policy|politique cookies|cookie policy|politique vie privee|prospect oui|=est prospect|=is prospect|=prospect oui non|proprietaire oui non|=est proprietaire|client fidele|client actif|client vip|contrat signe|devis signe|relance envoyee|relance faite|=archive|=archivee|=archived|=is archived|=deleted|=is deleted|=supprime|=supprimee|=is active|=enabled|=disabled|=desactive|=publie|=published"),
    (Progress, "politique commerciale|politique tarifaire|politique prix|politique remise"),
    (Employer, "raison sociale"),
    (Flag, "email invalide|mail invalide|adresse invalide|telephone invalide|numero invalide"),
];

/// Articles 9 and 10 of the GDPR.
#[rustfmt::skip]
static SPECIAL: &[Row] = &[
    (Special(RacialOrEthnicOrigin), "origine ethnique|origines ethniques|origine raciale|ethnic|ethnicity|ethnie|race|racial|raciale|couleur peau|skin color|skin colour"),
    (Special(PoliticalOpinions), "opinion politique|opinions politiques|politique|political|politics|parti|party affiliation|intention vote|=vote|=votes"),
    (Special(ReligiousOrPhilosophicalBeliefs), "religion|religieuse|religieux|religious|confession|culte|croyance|croyances|belief|beliefs|philosophique|philosophical"),
    (Special(TradeUnionMembership), "syndicat|syndical|syndicale|syndique|trade union|union membership|cfdt|cgt|unsa|cftc|cfe cgc|sud solidaires|force ouvriere"),
    (Special(GeneticData), "genetique|genetiques|genetic|genetics|adn|dna"),
    (Special(BiometricData), "biometrie|biometrique|biometriques|biometric|biometrics|empreinte|empreintes|fingerprint|fingerprints|reconnaissance faciale|face recognition"),
    (Special(Health), "sante|health|groupe sanguin|blood|sanguin|maladie|maladies|disease|diseases|illness|medical|medicale|medicaux|medication|medicament|medicaments|medecin|handicap|handicape|disability|disabled|invalidite|rqth|ald|allergie|allergies|allergy|diagnostic|diagnosis|pathologie|pathologies|grossesse|enceinte|pregnant|pregnancy|regime alimentaire|dietary|vaccin|vaccination|vaccinated|imc|bmi|fumeur|smoker|arret maladie|symptome|symptomes|symptoms|hospitalisation|psychologique|serologie|serology|lunette|deficit auditif|deficit visuel|audition|auditif|auditive|vision corrigee|taille cm|taille m|height cm|height in|=height|=weight|body weight|body height|poids kg|=poids|motif absence|absence reason|sick leave|conge maladie"),
    (Special(SexLifeOrSexualOrientation), "orientation sexuelle|sexual orientation|sexual|sexuel|sexuelle|vie sexuelle|sex life"),
    (Criminal, "casier|casier judiciaire|condamnation|condamnations|judiciaire|criminal|criminal record|conviction|convictions|infraction|infractions|offence|offences|offense|offenses|delit|delits|prison"),
];

/// More of them: words that are as often the content of a cell.
#[rustfmt::skip]
static SPECIAL_IN_CELLS: &[Row] = &[
    (Special(RacialOrEthnicOrigin), "ethnicite|ethnique|raciaux|skin tone|caste|tribu|tribe|indigenous|autochtone|ascendance|minorite visible"),
    (Special(TradeUnionMembership), "cse|comite entreprise|comite social economique|delegue personnel|representant personnel|syndicaliste|syndiquee|union member|union dues|labor union|labour union|adherent cgt|adherent cfdt"),
    (Special(PoliticalOpinions), "mandat electif|elu|elue|elu local|sympathisant|party membership|affiliation politique|militant|militante|votant|voter|electeur|droit vote|voting"),
    (Special(ReligiousOrPhilosophicalBeliefs), "eglise|paroisse|church|parish|diocese|mosquee|mosque|synagogue|bapteme|baptise|baptism|catechisme|halal|casher|cacher|kosher|foi|faith|croyant|croyante|pratiquant|spirituel|spirituelle|spirituality|franc maconnerie|philosophie|ramadan|priere|prayer|clerge|clergy|communaute religieuse|chretien|musulman|juif|bouddhiste|athee"),
    (Special(GeneticData), "heredite|hereditaire|heredity|hereditary|genome|genomique|genomic|genotype|gene|caryotype|karyotype|chromosome|consanguinite"),
    (Special(BiometricData), "finger print|iris|retine|retina|face id|faceid|voiceprint|voice print|reconnaissance vocale|visage|scan facial|facial recognition"),
    (Special(Health), "allergene|allergen|allergique|allergic|deficience|deficient|deficiency|depistage|depiste|screening|css|cmu|c2s|complementaire sante|mdph|aah|pmr|mobilite reduite|reduced mobility|wheelchair|fauteuil roulant|malvoyant|malvoyante|malentendant|malentendante|sourd|sourde|surdite|aveugle|cecite|blind|deaf|diabete|diabetique|diabetes|diabetic|cancer|asthme|asthmatique|asthma|epilepsie|epileptique|epilepsy|vih|hiv|sida|seropositif|seropositive|hepatite|covid|depression|anxiete|anxiety|burnout|burn out|addiction|alcool|alcoolisme|alcohol|drogue|tabac|tabagisme|tobacco|fumeuse|smoking|obesite|obesity|tension arterielle|blood pressure|glycemie|cholesterol|=traitement|traitement cours|ordonnance|prescription|posologie|dosage|chirurgie|surgery|antecedent|hospitalise|hospital|hopital|clinique|psychiatrie|psychiatrique|psychologue|psy|therapie|therapy|kine|soin|infirmite|dependance|perte autonomie|gir|incapacite|incapacity|inapte|inaptitude|accident travail|maternite|maternity|conge maternite|fertilite|fertility|fiv|ivf|pma|contraception|menopause|ivg|avortement|abortion|vaccine|vaccinal|vaccinale|greffe|transplant|don organe|organ donor|donneur sang|rhesus|prothese|prosthesis|dentaire|dental|orthodontie|appareil auditif|diet|restriction alimentaire|preference alimentaire|food restriction|dietetique|intolerance|intolerant|gluten|coeliaque|celiac|lactose|certificat medical|invalide|handi|handicapee|impairment|psychological|consultation|symptom|mutuelle sante|dialyse|oncologie|cardiaque|cardiologie|radiologie|irm|migraine|insuline|autisme|autiste|autism|tdah|adhd|dyslexie|dyslexique|trisomie|mental|mentale|fragilite|comorbidite|infection|chronique"),
    (Special(SexLifeOrSexualOrientation), "sexualite|sexuality|lgbt|lgbtq|homosexuel|homosexualite|transgenre|transgender|identite genre|gender identity|preference sexuelle"),
    (Criminal, "penal|penale|penaux|antecedents judiciaires|detenu|detention|incarceration|amende|contravention|arrestation|felony|misdemeanor|garde vue|bracelet electronique|suspension permis|retrait permis|annulation permis"),
];

/// What is told about somebody or something: its first word in French, its last in English.
#[rustfmt::skip]
static ABOUT: &[Row] = &[
    (BirthYear, "annee naissance|annee naiss|an naissance|birth year|birthyear|year birth|yob"),
    (BirthMonth, "mois naissance|mois naiss|birth month|birthmonth|month birth|mois anniversaire|birthday month"),
    (Birthplace, "lieu naissance|lieu naiss|ville naissance|ville naiss|pays naissance|pays naiss|commune naissance|commune naiss|departement naissance|departement naiss|dep naissance|birth place|birthplace|place birth|birth city|birth country|country birth|nationalite|nationality|citizenship|pays origine|ip city|ip state|ip region|ville ip|region ip"),
    (BirthDate, "date naissance|naissance|naiss|birth date|birthdate|birthday|birth|born|=ne|=nee|dob|ddn|anniversaire|anniversary"),
    (Children, "nombre enfants|nb enfants|nbre enfants|nbr enfants|num enfants|number children|enfants charge|children count|=children|=enfants|=kids"),
    (Web, "url|uri|handle|compte ad|compte windows|compte twitter|compte instagram|compte facebook|ad account|cookie|token|user agent|mot passe|password|login|username|ip address|adresse ip|ip$"),
    (Key, "loyalty card|carte fidelite|carte fid|do not modify|ne pas modifier|hash|checksum|somme controle"),
    (Place, "ip country|country ip|pays ip"),
    (Staff, "by$|par$|maitre stage"),
    (Number, "^nombre|^nb|^nbr|^nbre|^count|count$|^quantite|^qte|^taux|rate$|^pourcentage|percent|pct|annees|^annee|^year|year$|^mois|month$|trimestre|quarter|semaine|week|emails sent|emails delivered|emails envoyes|emails recus|sms sent|sms envoyes|appels emis|appels recus|calls made|pages vues|page views|pageviews|visites site|visites web|web visits|web sessions|engagement score|email score|score email|note satisfaction|note globale|note moyenne|note nps|^note sur|satisfaction score|score satisfaction|=satisfaction|satisfaction client|niveau satisfaction"),
    (Date, "date|dates|dt|timestamp|datetime|horodatage|at$"),
    (Notes, "commentaire|comment|remarque|verbatim|texte libre|free text|memo"),
    (Money, "total spend|total spent|total depense|total achat|total vente|total facture|montant facture|total invoiced|account balance|solde compte|credit limit|limite credit|plafond credit|annual revenue|average order|average order value|average basket|panier moyen|panier|aov|ltv|clv|cltv|lifetime value|mrr|arr|acv|tcv|arpu|gmv|=ventes|=vente|=sales|total sales|net sales|gross sales|order total|order value|order amount|deal amount|deal value|valeur client|valeur vie|customer value|cart value|balance due|amount due|outstanding balance|account credit|store credit|gift card balance|encours client|capital assure|somme assuree|valeur assuree|montant assure"),
    (Situation, "etat civil|permis b|permis c|permis d|permis moto|permis 1|permis 2|permis probatoire|permis valide|proprietaire locataire|locataire proprietaire|proprietaire occupant|home owner|homeowner"),
    (Category, "^type|type$|^nature|^categorie|category$|^famille produit|^niveau|level$|tier$|^segment|segment$|^langue|language$|^groupe|^methode|method$|mobile fixe|fixe mobile|mobile landline|landline mobile|email courrier|courrier email|email telephone|telephone email|web magasin|magasin web|site magasin|magasin site|mobile app|app mobile|operateur mobile|operateur telephonique|operateur telecom|mobile operator|mobile carrier|est rouge|=mutuelle|company size|taille entreprise|forme juridique|statut juridique|time zone|fuseau horaire|code naf|naf|ape|sic|naics|code devise|currency|devise|code langue"),
    (Progress, "^statut|^status|statut$|status$|^etat|^source|source$|=utm|utm source|utm medium|utm campaign|utm content|utm term|^canal|canal$|^channel|channel$|^motif|motif$|^raison|reason$|^reason|^provenance|^etape|stage$|^mode|^moyen paiement|^moyen contact"),
    (Gender, "^sexe|^genre|^civilite|gender$|sex$"),
    (Number, "^age|age$|^anciennete|^duree|^score|score$|^points"),
    (Occupation, "^profession|^metier|^fonction|^csp|^specialite|job title$|occupation$"),
    (PostalCode, "^code postal|postal code$|zip$|zip code$|postcode$"),
    (Place, "^ville|^commune|^pays|^region|^departement|^zone|^secteur geographique|^agence|^code agence|^magasin|city$|country$|region$|county$|department$"),
    (Flag, "mail ouvert|mail opened|mail clicked|mail clique|mail open|email ouvert|email opened|email clicked|email clique|opt in|optin|opt out|optout|opted|double opt|consent|consentement|consenting|accepts|accepte|accept|accepted|acceptation|refus|refuse|refused|oppose|opposition|do not allow|do not call|do not contact|do not email|do not e mail|do not mail|do not phone|do not bulk|do not fax|do not send|do not text|do not sms|do not track|do not sell|dnc|dnd|ne pas appeler|ne pas contacter|ne pas autoriser|ne pas envoyer|ne pas solliciter|ne pas relancer|ne pas demarcher|ne plus contacter|ne plus appeler|verified|verifie|verifiee|confirmed|confirme|confirmee|validated|valid|valide|invalid|invalide|subscribed|unsubscribed|desabonne|desabonnement|desinscrit|desinscription|bounced|bounce|blacklist|blacklisted|blackliste|liste noire|liste rouge|bloctel|rgpd|gdpr|newsletter|prospection|demarchage|autorise|autorisation|authorized|authorised|permission|npai|joignable|contactable|reachable|has email|has phone|has mobile|email renseigne|telephone renseigne|email present|preference email|email preference|email preferences|=client web|=web client|=client internet|=client magasin|=client boutique|=online customer|=web customer|=espace client|compte web actif"),
];

/// Who does something for a customer, or is somebody to one. A list as long as the trades are: columns
/// of few staff names are kept otherwise.
#[rustfmt::skip]
static ROLES: &[Row] = &[
    (Staff, "praticien|praticienne|practitioner|docteur|doctor|physician|infirmier|infirmiere|nurse|kinesitherapeute|osteopathe|dentiste|dentist|pharmacien|pharmacienne|pharmacist|sage femme|therapeute|therapist|aide soignant|aide soignante|aide domicile|soignant|soignante|veterinaire|notaire|notary|avocat|avocate|lawyer|attorney|huissier|commissaire justice|bailiff|juriste|clerc|expert|experte|inspecteur|inspectrice|inspector|courtier|courtiere|broker|agent|agente|agent commercial|agent immobilier|realtor|commercial|commerciale|commerciaux|attache commercial|vendeur|vendeuse|seller|salesperson|salesman|saleswoman|sales rep|sales representative|rep|representative|conseiller|conseillere|adviser|advisor|counselor|counsellor|charge clientele|chargee clientele|charge client|charge affaires|chargee affaires|charge compte|charge mission|charge recouvrement|charge dossier|chargee dossier|charge suivi|gestionnaire|administrator|administrateur|administratrice|referent|referente|responsable|responsible|manager|directeur|directrice|director|superviseur|superviseuse|supervisor|operateur|operatrice|operator|teleconseiller|teleconseillere|teleoperateur|teleoperatrice|televendeur|televendeuse|teleprospecteur|teleprospectrice|standardiste|receptionniste|receptionist|accueillant|tuteur|tutrice|tutor|formateur|formatrice|trainer|enseignant|enseignante|professeur|professeure|prof|teacher|instructor|instructeur|instructrice|moniteur|monitrice|coach|entraineur|mentor|animateur|animatrice|educateur|educatrice|parrain|marraine|parraine|filleul|filleule|apporteur|apporteuse|prescripteur|prescriptrice|referrer|referer|introducer|sponsor|ambassadeur|ambassadrice|ambassador|affiliate|affilie|influenceur|secretaire|secretary|assistant|assistante|technicien|technicienne|technician|intervenant|intervenante|installateur|poseur|depanneur|reparateur|mecanicien|mechanic|livreur|chauffeur|coursier|driver|courier|architecte|architect|ingenieur|engineer|developer|consultant|consultante|auditeur|auditrice|auditor|controleur|controleuse|controller|comptable|accountant|verificateur|valideur|validateur|approbateur|approver|reviewer|relecteur|redacteur|redactrice|writer|editor|author|auteur|autrice|createur|creatrice|creator|modificateur|saisisseur|recruteur|recruteuse|recruiter|prospecteur|prospectrice|negociateur|negociatrice|negotiator|handler|handled|adjuster|caseworker|case worker|case manager|social worker|travailleur social|officer|account executive|account exec|ae|sdr|bdr|csm|kam|account manager|key account|customer success|owner|proprietaire|assignee|assigned|assigne|assignee|attribue|affecte|organizer|organiser|organisateur|organisatrice|planner|planificateur|dispatcher|buyer|acheteur|acheteuse|approvisionneur|chef agence|chef equipe|chef projet|chef secteur|chef vente|team leader|team lead|teamleader|leader|interlocuteur|interlocutrice|correspondant|correspondante|host|hote|hotesse|gardien|gardienne|concierge|syndic|guichetier|caissier|caissiere|cashier|serveur|serveuse|waiter|coiffeur|coiffeuse|stylist|estheticienne|guide|magistrat|juge|greffier|mediateur|mediatrice|evaluateur|evaluatrice|examinateur|examinatrice|jury|examiner|assessor|underwriter|teleacteur|prestataire|contractor|freelance|worker|staff|user|utilisateur|utilisatrice|initiator|initiateur|emetteur|issuer|traitant|instruit|suivi|orthophoniste|podologue|psychomotricien|psychomotricienne|ergotherapeute|dieteticien|dieteticienne|opticien|opticienne|audioprothesiste|radiologue|chirurgien|chirurgienne|ambulancier|ambulanciere|masseur|masseuse|nounou|assistante maternelle|nourrice|babysitter|maitre ouvrage|maitre oeuvre|maitre stage|maitre apprentissage|maitre chantier|chef chantier|chef service|chef rayon|^chef|closer|setter|resp|comm|charge etude|charge recrutement|charge developpement|chargee recrutement|charge relation|charge gestion|arbitre|capitaine|captain|eleveur|jockey|liquidateur|commissaire compte|commissaire priseur|opposant|partie adverse|conseil juridique|standard telephonique|monteur|macon|plombier|electricien|peintre|menuisier|jardinier|artisan|architecte interieur|hierarchique|superieur|superieure|superviseure|equipier|equipiere|binome|backup|suppleant|suppleante|remplacant|remplacante|titulaire poste|delegue|deleguee|vrp|atc|ase|tc|preparateur|preparatrice|magasinier|cuisinier|chef cuisine|photographe|traducteur|traductrice|translator|interprete|interpreter|journaliste|editeur|pilote|pilot|capitaine equipe|moderator|moderateur|moderatrice|curator|analyst|analyste|specialist|specialiste|generaliste|scrum master|product owner|executive|exec|partenaire|partner|contact commercial|contact technique"),
    (Person, "gerant|gerante|cogerant|dirigeant|dirigeante|president|presidente|chairman|pdg|ceo|cfo|cto|founder|fondateur|fondatrice|associes|=associe|=associee|shareholder|actionnaire|partner name|beneficiaire|beneficiary|beneficial owner|ubo|souscripteur|souscriptrice|subscriber|policyholder|policy holder|insured|assure|assuree|adherent|adherente|member|membre|conducteur|conductrice|titulaire|cotitulaire|co titulaire|holder|account holder|cardholder|porteur|porteuse|detenteur|detentrice|representant|representante|legal representative|mandataire|mandant|mandante|curateur|curatrice|curatelle|tutelle|guardian|temoin|witness|garant|garante|guarantor|=caution|caution solidaire|ayant droit|ayants droit|ayant cause|dependent|epoux|epouse|spouse|conjoint|conjointe|concubin|concubine|compagnon|compagne|pacse|partenaire pacs|mari|husband|wife|pere|mere|parent|father|mother|fils|fille|daughter|frere|soeur|brother|sister|sibling|relative|proche|aidant|aidante|caregiver|heritier|heritiere|heir|defunt|defunte|deceased|legataire|donateur|donatrice|donor|locataire|tenant|lessee|bailleur|landlord|lessor|colocataire|occupant|occupante|resident|residente|eleve|pupil|stagiaire|intern|trainee|apprenti|apprentie|apprentice|alternant|candidat|candidate|applicant|postulant|employe|employee|collaborateur|collaboratrice|colleague|passager|passagere|passenger|voyageur|voyageuse|traveller|traveler|guest|invite|invitee|participant|participante|attendee|visiteur|visiteuse|visitor|usager|usagere|patient|patiente|debiteur|debitrice|debtor|creancier|creanciere|creditor|cessionnaire|cedant|emprunteur|emprunteuse|coemprunteur|co emprunteur|borrower|coborrower|preteur|payeur|payeuse|payer|payor|payee|acquereur|acquereuse|purchaser|signataire|signatory|signer|signature|contractant|contractante|contact urgence|emergency contact|personne confiance|personne prevenir|personne contact|contact person|contact name|demandeur|demandeuse|requester|requestor|requerant|plaignant|plaignante|complainant|reporter|declarant|declarante|victime|victim|destinataire|recipient|expediteur|expeditrice|sender|ship to|bill to|sold to|attn|attention|voisin|voisine|neighbor|neighbour|personne contacter|preneur|preneur assurance|usufruitier|usufruitiere|indivisaire|nu proprietaire|interviewe|repondant|respondent|sujet interroge|maire|chef famille|head household"),
];

/// What columns are usually named for.
#[rustfmt::skip]
static USUAL: &[Row] = &[
    (Category, "company size|company type|account type|account rating|account source|type societe|type entreprise|taille entreprise|forme juridique|statut juridique|is company|est societe|=est une societe|time zone|fuseau horaire|code naf|naf|ape|sic|naics|code devise|currency|devise|code langue|langue|language"),
    (Money, "total facture|montant facture|total invoiced|montant factures"),
    (Account, "iban|bic|swift|rib|banque|bank|compte bancaire|bank account|numero compte|carte bancaire|credit card|card number|numero carte|mandat|sepa"),
    (OfficialNumber, "piece identite|identite|identity|titre sejour|carte sejour|residence permit|num ss|nss|ssn|nir|secu|securite sociale|social security|national id|passport|passeport|carte identite|cni|identity card|permis|driver license|driving licence|numero fiscal|tax id|siret|siren|tva|vat|rcs|ein|duns|immatriculation|plaque|license plate|vin"),
    (Email, "email|emails|e mail|mail|mails|courriel|courriels|mel|adresse electronique|messagerie|messageries"),
    (Phone, "phone|phones|telephone|tel|telephonique|mobile|portable|gsm|fax|telecopie|sms|whatsapp|landline|cell|cellphone|appel|calling"),
    (Web, "url|site web|site|website|web|linkedin|twitter|facebook|instagram|skype|domain|domaine|lien|link|blog|pseudo|pseudonyme|username|login|mot passe|password|cookie|ip|ip address|adresse ip|token|photo|image|avatar|user agent|referrer|page"),
    (Key, "do not modify|ne pas modifier|id|ids|identifiant|identifier|guid|uuid|ref|reference|references|matricule|code client|code tiers|code partenaire|=code|numero|num|=number|^no|^n|account number|customer number|client number|contract number|invoice number|order number|policy number|external|ext|record|key|cle|checksum|numero contrat|numero client|facture|code barre|barcode|internal reference|compte general|compte collectif|compte comptable|compte tiers|=compte|=index"),
    (Staff, "owner|proprietaire|commercial|commerciale|vendeur|vendeuse|salesperson|sales rep|sales team member|representant|conseiller|conseillere|gestionnaire|responsable|assigned|assignee|assigne|charge affaires|charge clientele|suivi|agent|collaborateur|manager|user|utilisateur|createur|auteur|author|acheteur|courtier|parrain|referent|tuteur|technicien|consultant"),
    (Person, "ct contact|nom|noms|prenom|prenoms|name|names|firstname|lastname|surname|fullname|patronyme|suffix|nickname|maiden|initiales|initials|=contact|=client|=customer|=lead|=prospect|=person|=personne|interlocuteur|beneficiaire|titulaire|souscripteur|assure|conjoint|spouse|mere|pere|mother|father|assistant|signataire|destinataire|heritier|contact principal|primary contact|reports to|attention"),
    (Employer, "employeur|employer|company|companies|entreprise|societe|raison sociale|account|compte client|organisation|organization|intitule|etablissement|ecole|school|universite|university|denomination|enseigne|parent customer|client facture|firme|abrege"),
    (Notes, "note|notes|commentaire|commentaires|comment|comments|description|descriptions|remarque|remarques|observation|observations|message|messages|memo|bio|about|resume|summary|subject|objet|sujet|texte|text|historique|history|detail|details|precision|precisions|verbatim|texte libre|reponse|answer|feedback|avis"),
    (Coordinates, "lat|lon|lng|latitude|longitude|gps|geolocation|geolocalisation|coordonnees|coordinates"),
    (Date, "date|dates|created|create|creation|cree|modified|modifie|modification|updated|update|last activity|derniere activite|activite recente|added|inscrit|inscription|timestamp|heure|time|hour|last seen|derniere connexion|since|depuis|=jour|=day|^jour|^day|jour$|day$"),
    (PostalCode, "code postal|codepostal|postal code|zip|zipcode|postcode|post code|cp|npa"),
    (Place, "ville|city|commune|town|localite|pays|country|region|regions|state|province|departement|county|canton|district|arrondissement|territoire|territory|zone|agence|dept|dpt|magasin|store|boutique|shop|branch|point vente"),
    (Address, "adresse|adresses|adr|address|street|rue|voie|line|ligne|complement|batiment|etage|lieu dit"),
    (Money, "revenu|revenus|mt|mtt|spend|spending|vente|panier|basket|revenue|revenues|income|salaire|salaires|salary|wage|chiffre affaires|ca|ca annuel|patrimoine|montant|montants|amount|amounts|solde|balance|encours|credit limit|credit|plafond|valeur|value|budget|loyer|rent|turnover|epargne|dette|debt|remuneration|impot|impots|depense|depenses|spent|sales"),
    (Price, "prix|price|tarif|mensualite|mensualites|echeance montant|monthly payment|installment|instalment|caution|deposit|remise|discount|cout|cost|prime|premium|cotisation|frais|fee"),
    (Number, "age|ages|anciennete|seniority|points|point|score|quantite|quantity|qte|qty|satisfaction|nps|csat|notation|nombre|nb|nbre|^number|count|duree|duration|visites|visits|views|sessions|annee|year|total|taux|rate|percent|pourcentage|jours|days|effectif|effectifs|employees|rang|rank|commandes|orders|opens|clicks|ouvertures|clics"),
    (Gender, "sexe|sex|genre|gender|civilite|civ|civility|salutation|titre civilite|honorific"),
    (Occupation, "metier|profession|job|fonction|poste|occupation|title|titre|role|csp|department|service|categorie socioprofessionnelle"),
    (Situation, "formation|education|diplome|etudes|degree|situation|etat civil|etudiant|etudiante|student|salarie|marital|matrimonial|matrimoniale|family|familiale|famille|logement|housing|permanent|retraite|regime"),
    (Progress, "statut|statuts|status|etat|stage|etape|phase|source|sources|canal|channel|medium|priority|priorite|rating|issue|resultat|result|lead|leads|pipeline|probabilite|probability|reglement|paiement|payment|condition|conditions|mode|delai|terms|formule|plan|abonnement|subscription|offre|gamme|campagne|campaign|raison|reason|motif"),
    (Flag, "opt|optin|optout|consentement|consent|rgpd|gdpr|newsletter|desinscrit|desabonne|unsubscribed|subscribed|blacklist|blacklisted|abonne|do not|ne pas|actif|active|inactive|sommeil|bounce|bounced|opted|bloque|blocked|bulk|marketing|autorise|allow"),
    (Category, "type|types|categorie|categories|category|segment|segments|groupe|group|origine|industry|secteur|activite|produit|products|product|niveau|level|grade|usage|conduite|couleur|color|marque|brand|modele|tag|tags|liste|listes|cat|libelle|assureur|insurer|assurance|insurance|equipe|team|option|device|appareil|plateforme|platform|navigateur|browser|fidelite|loyalty program|loyalty tier|loyalty level|programme fidelite|vip|list|lists|etiquette|etiquettes|classe|class|nature|preferred|preference|preferences|method|tarifaire"),
];

/// Words that number or name what is beside them: `country_id/id` is a country, `Nom du produit` a
/// product.
pub(crate) const LABELS: &str =
    "id ids name names nom noms libelle label code externe display affiche numero number no num n";

/// What such words can stand beside, alone or with a word of [`ASIDE`], and be no key.
#[rustfmt::skip]
pub(crate) static LABELLED: &[(Meaning, &str)] = &[
    (Place, "country pays region state province departement dept county canton district zone territoire territory agence magasin store boutique shop branch ville city commune town"),
    (Gender, "gender genre sexe civilite civility salutation"),
    (Occupation, "department service poste fonction job metier profession"),
    (Progress, "campaign campagne source medium channel canal stage etape statut status plan offre formule gamme pipeline abonnement subscription"),
    (Category, "category categorie product produit article type lang langue language currency devise segment group groupe tag list liste industry secteur brand marque option team equipe pricelist tarif carrier transporteur risk theme collection event evenement famille modele"),
];

/// Words beside those that change nothing.
pub(crate) const ASIDE: &str = "default parent main principal principale sub sous first last x";

/// Words that go with those above in names of columns and mean little alone.
pub(crate) const QUALIFIERS: &str = "contact contacts lead account client clients customer company \
    person personne primary secondary mailing billing shipping livraison facturation other autre \
    autres home work main first last middle full full hs ct mobile associated associe annual annuel \
    annuelle legal business principal principale prin main personal personnel professionnel pro \
    original latest recent number not do ne pas modify modifier out double rd col com lu";
