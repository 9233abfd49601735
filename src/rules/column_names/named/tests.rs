use super::*;
use crate::rules::SpecialCategory;

#[test]
fn names_of_known_products_are_understood() {
    use Meaning::*;
    for (name, expected) in [
        ("Date de naissance", Some(BirthDate)),
        ("DATE_NAISSANCE", Some(BirthDate)),
        ("PersonBirthdate", Some(BirthDate)),
        ("MailingPostalCode", Some(PostalCode)),
        ("Address 1: ZIP/Postal Code", Some(PostalCode)),
        ("CT_CodePostal", Some(PostalCode)),
        ("Address 1: City", Some(Place)),
        ("Numéro de sécurité sociale", Some(OfficialNumber)),
        ("(Do Not Modify) Contact", Some(Key)),
        ("(Ne pas modifier) Somme de contrôle de ligne", Some(Key)),
        ("Record ID", Some(Key)),
        ("id_client", Some(Key)),
        ("AccountId", Some(Key)),
        ("CT_Num", Some(Key)),
        ("Contact owner", Some(Staff)),
        ("Propriétaire du contact", Some(Staff)),
        ("FIRSTNAME", Some(Person)),
        ("PRENOM", Some(Person)),
        ("CT_Intitule", Some(Employer)),
        ("WHATSAPP", Some(Phone)),
        ("Téléphone 2", Some(Phone)),
        ("Adresse e-mail", Some(Email)),
        ("IP Country", Some(Place)),
        ("Create Date", Some(Date)),
        ("Inscrit le", Some(Date)),
        ("Chiffre d'affaires", Some(Money)),
        ("nombre_enfants", Some(Children)),
        ("Number of Employees", Some(Number)),
        ("Lifecycle Stage", Some(Progress)),
        ("etat_dossier", Some(Progress)),
        ("DOUBLE_OPT-IN", Some(Flag)),
        ("Groupe sanguin", Some(Special(SpecialCategory::Health))),
        (
            "Appartenance syndicale",
            Some(Special(SpecialCategory::TradeUnionMembership)),
        ),
        ("casier judiciaire", Some(Criminal)),
        ("Contact", Some(Person)),
        ("Contact rouge", None),
        ("couleurs", Some(Category)),
        ("pagination", None),
        ("", None),
    ] {
        assert_eq!(named(name).meaning, expected, "{name}");
    }
}

#[test]
fn only_names_made_of_known_words_are_known_in_full() {
    for (name, expected) in [
        ("Mailing Street", true),
        ("First Name", true),
        ("EMAIL", true),
        ("zqxmark-nom-1", false),
        ("Dupont", false),
        ("Jean Dupont", false),
        ("client Dupont", false),
        ("", false),
    ] {
        assert_eq!(named(name).in_full, expected, "{name}");
    }
}

/// The meanings of names, one a line, tried as they are and in other spellings.
#[track_caller]
fn all_mean(names: &str, expected: impl Fn(Option<Meaning>) -> bool) {
    let spellings: [fn(&str) -> String; 4] = [
        str::to_owned,
        str::to_uppercase,
        |name| name.replace(' ', "_"),
        |name| format!(" {} ", name.to_lowercase()),
    ];
    let mut wrong = Vec::new();
    for name in names.split('|').map(str::trim) {
        for spelling in spellings {
            let spelt = spelling(name);
            let meaning = named(&spelt).meaning;
            if !expected(meaning) {
                wrong.push(format!("{spelt}: {meaning:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn roles_are_people() {
    all_mean(
        "Praticien | Praticienne | Saisi par | Notaire | Gestionnaire | Référent | Conseiller | \
         Conseillère | Créé par | Created By | Modified By | Last Modified By | Handled by | \
         Assigned to | Assignee | Owner | Account executive | Sales rep | Rep | Referrer | Sponsor | \
         Infirmière | Kinésithérapeute | Avocat | Avocate | Huissier | Expert | Inspecteur | Courtier | \
         Agent | Agents | Commercial | Vendeuse | Chargé de clientèle | Chargée de clientèle | \
         Responsable | Responsable du compte | Manager | Directeur | Directrice d'agence | \
         Superviseur | Opérateur | Opérateur de saisie | Téléconseiller | Téléconseillère | Tuteur | \
         Formateur | Enseignante | Professeur | Parrain | Filleul | Apporteur d'affaires | \
         Prescripteur | Bénéficiaire | Bénéficiaires | Souscripteur | Assuré | Assurée principale | \
         Conducteur principal | Titulaire du compte | Représentant légal | Mandataire | Curateur | \
         Témoin | Garant | Ayant droit | Ayants droit | Gérant | Gérante | Époux | Épouse | Conjoint | \
         Dirigeant | Président | Candidat | Stagiaire | Locataire | Bailleur | Emprunteur | \
         Co-emprunteur | Signataire | Contact d'urgence | Demandeur | Technicien | Installateur | \
         Livreur | Auteur | Secrétaire | Animateur | Coach | Negotiator | Broker | Teacher | Guest | \
         Attendee | Passenger | Guarantor | Witness | Policyholder | Cardholder | Case manager | \
         Nom du conseiller | Conseiller référent | Validé par | Suivi par | Vendu par | \
         Orthophoniste | Podologue | Ambulancier | Chef de chantier | Maître de stage | Resp. secteur | \
         Chargé de recrutement | Arbitre | Voisin | Personne à contacter | Preneur d'assurance | \
         Suppléant | Remplaçant | Délégué régional | VRP | Partenaire | Liquidateur | Masseur | \
         Approved by | Closed by | Interlocuteur | Syndic | Éducateur | Sage-femme | Dentiste",
        |meaning| meaning.is_some_and(|meaning| meaning.names_people() && meaning.never_leaves()),
    );
}

#[test]
fn what_is_told_about_a_role_is_no_person() {
    all_mean(
        "Type de conseiller | Nombre de bénéficiaires | Nb bénéficiaires | Code agence | Agence | \
         Agent type | Statut du titulaire | Âge du conducteur | Sexe du souscripteur | \
         Profession du conjoint | Région du commercial | Ville du locataire | Owner type | \
         Number of beneficiaries | Member level | Catégorie d'assuré | Spécialité du praticien | \
         user_status | Contact status | Ancienneté de l'employé | Département du vendeur",
        |meaning| meaning.is_some_and(|meaning| !meaning.never_leaves()),
    );
}

#[test]
fn special_categories_are_known_by_their_words() {
    use SpecialCategory::*;
    for (category, names) in cases![
        Health,
        "Allergènes | Allergène | Déficience | Déficience visuelle | Dépistage | CSS | \
         Bénéficiaire CSS | Diabète | Diabétique | Sourd | PMR | Mobilité réduite | Asthme | \
         Régime alimentaire | Médecin traitant | Intolérances | Séropositif | Mutuelle santé | \
         Antécédents | Prescription | Hospitalisé | Handicapé | Addiction | Dialysé | Wheelchair | \
         Vaccins | Arrêt maladie | Invalidité | Food restrictions | Santé | Nb arrêts maladie";
        RacialOrEthnicOrigin, "Ethnicité | Ethnie | Ethnique | Origine ethnique | Ethnicity";
        GeneticData, "Hérédité | Héréditaire | Génétique | Génome | Caryotype";
        ReligiousOrPhilosophicalBeliefs,
        "Église | Paroisse | Baptême | Halal | Casher | Croyant | Mosquée | Religion | Ramadan";
        TradeUnionMembership, "Élu CSE | Élus CSE | Délégué du personnel | Syndicaliste | Syndiquée | Union member";
        PoliticalOpinions, "Parti politique | Militant | Affiliation politique | Sympathisant";
        SexLifeOrSexualOrientation, "Orientation sexuelle | Sexualité | LGBT | Transgenre | Identité de genre";
        BiometricData, "Empreinte digitale | Biométrie | Face ID | Reconnaissance vocale";
    ] {
        all_mean(names, |meaning| meaning == Some(Meaning::Special(category)));
    }
    all_mean(
        "Casier judiciaire | Infractions | Condamnation pénale | Suspension de permis",
        |meaning| meaning == Some(Meaning::Criminal),
    );
}

#[test]
fn identities_and_accounts_are_what_they_are() {
    all_mean(
        "Pièce d'identité | N° pièce d'identité | Carte d'identité | Titre de séjour | Passeport",
        |meaning| meaning == Some(Meaning::OfficialNumber),
    );
    all_mean(
        "Card Fingerprint | Empreinte de carte | IBAN | Carte bancaire",
        |meaning| meaning == Some(Meaning::Account),
    );
    all_mean(
        "Date naiss. | Date de naiss | Né(e) | DDN | Date of birth",
        |meaning| meaning == Some(Meaning::BirthDate) || meaning == Some(Meaning::Key),
    );
    assert_eq!(named("Date naiss.").meaning, Some(Meaning::BirthDate));
}

#[test]
fn consents_counters_and_flags_are_not_what_they_are_about() {
    for (expected, names) in cases![
        Meaning::Flag,
        "Accepts Email Marketing | Accepts SMS Marketing | Email Opt Out | Do not allow Emails | \
         Do not allow Phone Calls | Refus des e-mails | Refus SMS | Consentement téléphone | \
         Consentement e-mail | email_verified | Phone verified | E-mail vérifié | Mobile vérifié | \
         Opt-in SMS | Opt-out fax | Newsletter e-mail | Unsubscribed from all email | \
         S'oppose | Opposition au démarchage téléphonique | Bloctel | Ne pas appeler | \
         Ne pas contacter par téléphone | Client web | E-mail invalide | Email bounced | \
         Autorise les SMS | Accepte les appels | RGPD | Has email | E-mail ouvert | Emails opened";
        Meaning::Number,
        "Nb e-mails ouverts | Nombre d'e-mails | Nombre d'appels | Number of calls | Email count | \
         SMS count | _order_count | No. of Employees | Nb SMS envoyés | Emails sent | \
         Taux d'ouverture e-mail | Note satisfaction | Satisfaction | Score e-mail | Nb visites web | \
         Open rate | Année d'inscription | Signup year";
        Meaning::BirthYear, "Année de naissance | Birth year | Year of birth | Année naiss.";
        Meaning::BirthMonth, "Mois de naissance | Birth month | Month of birth";
        Meaning::Money,
        "Total Spend | Total Spent | Average Order | Average Order Value | AOV | LTV | CLV | \
         Lifetime value | MRR | ARR | Panier moyen | Ventes | Total des ventes | Account Balance | \
         Annual Revenue | Credit Limit | Montant facturé | Solde du compte | Deal Amount";
        Meaning::Place,
        "country_id/id | country_id/name | state_id/id | Numéro de département | Code pays | \
         Nom de la ville | IP country | Nom de l'agence | Region name | id_country";
        Meaning::Category,
        "category_id/name | categ type | Nom du produit | Product name | Product ID | Code produit | \
         Type d'adresse | Address type | Mobile ou fixe | Mutuelle | Device type | Type de téléphone | Web ou magasin | \
         Opérateur mobile | est_rouge | \
         id_lang | Nom du groupe | Card type | Type de pièce d'identité | Libellé catégorie";
        Meaning::Progress,
        "Nom de la campagne | Campaign name | Plan name | Nom de l'offre | Web source | UTM source | \
         Motif de refus | Motif de résiliation | user_status | Source e-mail | Email status | \
         Statut du téléphone | Nom du plan | Canal web";
        Meaning::Gender, "id_gender | gender_id | Sexe du client | Client gender";
        Meaning::Situation, "Permis B | Permis moto";
        Meaning::Staff, "Created By | Créé par | Saisi par";
    ] {
        all_mean(names, |meaning| meaning == Some(expected));
    }
}

#[test]
fn what_identifies_still_does() {
    all_mean(
        "E-mail | Email 2 | Adresse e-mail | Téléphone | Tél. | Mobile | Portable | SMS | WhatsApp | \
         Nom | Nom du client | Nom complet | Customer name | Prénom | Contact name | id_customer | \
         Code client | N° client | customer_id/id | partner_id/id | parent_id/name | user_id/name | \
         Numéro de contrat | Site web | LinkedIn URL | IP City | Adresse IP | Consent IP | \
         Date de consentement | Opt-in date | email_verified_at | Commentaire satisfaction | \
         Raison sociale | Company name | Commentaires | Source URL | Note interne",
        |meaning| meaning.is_some_and(Meaning::never_leaves),
    );
}

#[test]
fn spoilt_names_mean_what_they_meant() {
    let health = |meaning| meaning == Some(Meaning::Special(SpecialCategory::Health));
    let stays = |meaning: Option<Meaning>| meaning.is_some_and(Meaning::never_leaves);
    // MacRoman and cp850 as Windows-1252, Windows-1252 as either, UTF-8 as any, and what is lost.
    let names = "SantŽ | Sant‚ | SantÈ | SantÚ | SANTƒ | SantÃ© | Sant√© | Sant├® | Sant\u{fffd} | Sant? | \
         Sant?? | Sant_ | Sant&eacute; | Sant%C3%A9 | RŽgime alimentaire | R_gime alimentaire | \
         R?gime alimentaire | R\u{fffd}gime alimentaire | MŽdecin traitant | M_decin traitant | \
         M?decin | D‚pistage | D_ficience | Allerg\u{8f}nes | Allergènes | Santй | SantÃƒÂ© | \
         Sant\u{e9}\u{200b}";
    for name in names.split(" | ") {
        assert!(health(named(name).meaning), "{name}: {:?}", named(name));
    }
    let names = "PrŽnom | Pr_nom | Pr?nom | PrÃ©nom | Pr&eacute;nom | N¡ de sŽcuritŽ sociale | \
         S\u{fffd}curit\u{fffd} sociale | S_curit_ sociale | TŽlŽphone | T?l?phone | NumŽro | Num?ro | \
         ƒglise | ?glise | _glise | GŽrant | G?rant | Soci?t? | SociŽtŽ | EthnicitŽ | H_r_dit_ | \
         ConseillŠre | T&eacute;l.";
    for name in names.split(" | ") {
        assert!(stays(named(name).meaning), "{name}: {:?}", named(name));
    }
    let names = "FlŽtri client X | Fr‚quence | Fr?quence | HabituŽ | HabituÃ | \u{fffd}\u{fffd}\u{fffd} | Дата | \
         Propri\u{fffd}t\u{fffd} | Activ\u{fffd}t\u{fffd}z | D?sir | Activit_z_";
    for name in names.split(" | ") {
        let named = named(name);
        assert!(
            named.garbled && named.meaning.is_none(),
            "{name}: {named:?}"
        );
    }
    for (name, meaning) in [
        ("Actif ?", Some(Meaning::Flag)),
        ("Actif?", Some(Meaning::Flag)),
        ("Newsletter?", Some(Meaning::Flag)),
        ("Catégorie", Some(Meaning::Category)),
        ("CatŽgorie", Some(Meaning::Category)),
        ("Cat&eacute;gorie", Some(Meaning::Category)),
        ("CatÃ©gorie", Some(Meaning::Category)),
        ("S&#039;oppose", Some(Meaning::Flag)),
        ("Sexe (H/F)", Some(Meaning::Gender)),
        ("teinte", None),
        ("Fidèle", None),
    ] {
        let named = named(name);
        assert_eq!((named.meaning, named.garbled), (meaning, false), "{name}");
    }
}

#[test]
fn names_that_lost_their_accents_never_leave() {
    let names = "Sant | Prnom | Tlphone | rgime_alimentaire | S curit  sociale | H~r~dit~ | D.ficience | \
         Sant%E9 | R%E9gime alimentaire | S\\xe9curit\\xe9 sociale | Santi | RÚgime alimentaire | \
         DÈpistage | glise | Rfrent | Oprateur | Numro client";
    for name in names.split(" | ") {
        let named = named(name);
        let stays = named.garbled || named.meaning.is_some_and(Meaning::never_leaves);
        assert!(stays, "{name}: {named:?}");
    }
    let names = "Formule | Point de retrait | Type de contrat | Grant amount | Statut | Detail";
    for name in names.split(" | ") {
        let garbled = named(name).garbled;
        assert!(!garbled, "{name}");
    }
}

#[test]
fn flags_amounts_and_health_of_recent_exports_are_understood() {
    use Meaning::*;
    for (name, expected) in [
        ("Archivé", Some(Flag)),
        ("Is Active", Some(Flag)),
        ("Contrat signé", Some(Flag)),
        ("Relance envoyée", Some(Flag)),
        ("Mensualité", Some(Price)),
        ("Sérologie", Some(Special(SpecialCategory::Health))),
        ("Taille (cm)", Some(Special(SpecialCategory::Health))),
        ("Taille", None),
        ("Motif d'absence", Some(Special(SpecialCategory::Health))),
        ("Motif de refus", Some(Progress)),
        ("CFDT", Some(Special(SpecialCategory::TradeUnionMembership))),
        ("Vote", Some(Special(SpecialCategory::PoliticalOpinions))),
        ("Handle", Some(Web)),
        ("Compte AD", Some(Web)),
    ] {
        assert_eq!(named(name).meaning, expected, "{name}");
    }
}

#[test]
fn of_a_name_of_megabytes_the_beginning_is_read() {
    let begun = std::time::Instant::now();
    for (beginning, expected) in [
        ("Ville ", Some(Meaning::Place)),
        ("E-mail ", Some(Meaning::Email)),
        ("é", None),
    ] {
        for filling in ["xyz ", "S_nt ", "é", "&", "%C3", "Ã©"] {
            let name = format!("{beginning}{}", filling.repeat(1 << 18));
            let named = named(&name);
            assert!(!named.in_full, "{beginning} {filling}");
            let stays = named.meaning.is_some_and(Meaning::never_leaves);
            assert!(stays || named.garbled, "{beginning} {filling}");
            if filling == "xyz " {
                assert_eq!(named.meaning, expected);
            }
        }
    }
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}
