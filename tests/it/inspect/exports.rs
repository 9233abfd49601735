//! The exports of `fixtures/crm`.

/// The exports, and their columns that name a person, lead to one, or must not be collected.
pub(super) const EXPORTS: &[(&str, &[&str])] = &cases![
    "hubspot",
    &[
        "Record ID",
        "First Name",
        "Last Name",
        "Email",
        "Phone Number",
        "Mobile Phone Number",
        "Contact owner",
        "Associated Company",
        "Street Address",
        "IP City",
        "LinkedIn Bio",
        "Facebook Click ID",
        "Website URL",
        "Last Activity Date",
        "Create Date",
        "Notes",
        "Dietary restrictions",
    ];
    "salesforce",
    &[
        "Id",
        "AccountId",
        "FirstName",
        "LastName",
        "Name",
        "Account Name",
        "MailingStreet",
        "MailingLatitude",
        "MailingLongitude",
        "Phone",
        "MobilePhone",
        "Fax",
        "Email",
        "Description",
        "OwnerId",
        "CreatedDate",
        "Ethnicity__c",
        "Trade_Union_Membership__c",
    ];
    "dynamics",
    &[
        "(Ne pas modifier) Contact",
        "(Ne pas modifier) Somme de contrôle de ligne",
        "(Ne pas modifier) Date de modification",
        "Nom complet",
        "Prénom",
        "Nom",
        "Nom de la société",
        "Adresse de messagerie",
        "Téléphone professionnel",
        "Téléphone mobile",
        "Adresse 1 : rue 1",
        "Adresse 1 : latitude",
        "Description",
        "Propriétaire",
        "Numéro d'identification nationale",
        "Handicap",
    ];
    "sage",
    &[
        "CT_Num", "CT_Intitule", "CT_Classement", "CT_Contact", "CT_Adresse", "CT_Telephone",
        "CT_Telecopie", "CT_EMail", "CT_Site", "CT_Siret", "CT_Identifiant", "CO_Nom",
        "RT_Iban", "CT_DateCreate", "CT_Commentaire",
    ];
    "odoo",
    &[
        "ID externe",
        "Nom affiché",
        "Nom",
        "Société liée",
        "Rue",
        "Rue 2",
        "Téléphone",
        "Mobile",
        "E-mail",
        "Site web",
        "TVA",
        "Vendeur",
        "Référence",
        "Banques/Numéro de compte",
        "Notes",
        "Créé le",
    ];
    "brevo",
    &[
        "CONTACT ID", "EMAIL", "NOM", "PRENOM", "SMS", "WHATSAPP", "EXT_ID", "LOYALTY_CARD",
        "COMMENTAIRE", "RELIGION", "LAST_OPEN_IP", "ADDED_TIME", "MODIFIED_TIME",
    ];
    "pipedrive",
    &[
        "Person - ID",
        "Person - Name",
        "Person - First name",
        "Person - Last name",
        "Person - Organization",
        "Person - Email - Work",
        "Person - Email - Home",
        "Person - Phone - Work",
        "Person - Phone - Mobile",
        "Person - Owner",
        "Person - Person created",
        "Person - Update time",
        "Person - Notes",
    ];
    "zoho",
    &[
        "Record Id", "Contact Owner.id", "Contact Owner", "First Name", "Last Name",
        "Account Name", "Email", "Secondary Email", "Phone", "Mobile", "Home Phone",
        "Mailing Street", "Skype ID", "Twitter", "Reporting To", "Description", "Created Time",
        "Last Activity Time",
    ];
    "mailchimp",
    &[
        "Email Address", "First Name", "Last Name", "Phone Number", "Birthday", "Company",
        "OPTIN_TIME", "OPTIN_IP", "CONFIRM_TIME", "CONFIRM_IP", "LATITUDE", "LONGITUDE",
        "LAST_CHANGED", "LEID", "EUID", "NOTES",
    ];
    "shopify",
    &[
        "Customer ID",
        "First Name",
        "Last Name",
        "Email",
        "Default Address Company",
        "Default Address Address1",
        "Default Address Address2",
        "Default Address Phone",
        "Phone",
        "Note",
    ];
    "woocommerce", &["Name", "Username", "Last Active", "Date Registered", "Email"];
    "stripe",
    &[
        "id", "Description", "Email", "Name", "Created (UTC)", "Card ID", "Card Last4",
        "Card Name", "Card Address Line1", "Card Fingerprint", "Default Source",
    ];
    "zendesk",
    &[
        "ID", "Name", "Email", "Phone", "Organization", "Organization ID", "External ID",
        "Alias", "Created at", "Last login at", "Customer since", "Details", "Notes",
    ];
];
