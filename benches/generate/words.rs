//! What the people, their jobs and their towns are drawn from. The postal codes are real ones.
//!
//! Every character exists in Windows-1252, because one dialect is written in it. Lists are one text
//! each, so that they stay short on the page.

// The lists go from frequent to rare, because `Rng::skewed` prefers the front.
pub(crate) const WOMEN: &str = "Marie|Nathalie|Isabelle|Sylvie|Catherine|Françoise|Martine|Christine|Monique|\
    Valérie|Sandrine|Stéphanie|Véronique|Céline|Chloé|Émilie|Aurélie|Léa|Manon|Anaïs|Zoé|Inès|\
    Hélène|Cécile|Élodie|Maëlle|Noémie|Agnès|Anne-Sophie|Gaëlle|Solène|Thérèse|Renée|Clémence|\
    Bérénice|Aïcha|Yaël|Loïse|Marie-Thérèse|Océane";
pub(crate) const MEN: &str = "Jean|Philippe|Michel|Alain|Patrick|Nicolas|Christophe|Pierre|Éric|Frédéric|\
    Laurent|Stéphane|David|Sébastien|Julien|Jérôme|Thomas|François|Benoît|Loïc|Rémi|Cédric|Hervé|\
    Gérard|André|René|Léo|Théo|Mickaël|Raphaël|Grégory|Aurélien|Jean-François|Joël|Gaël|Mathéo|\
    Noël|Anaël|Jean-Noël|Maël";
pub(crate) const SURNAMES: &str = "Martin|Bernard|Thomas|Petit|Robert|Richard|Durand|Dubois|Moreau|Laurent|\
    Simon|Michel|Lefèvre|Leroy|Roux|David|Bertrand|Morel|Fournier|Girard|Bonnet|Dupont|Lambert|\
    Fontaine|Rousseau|Vincent|Müller|Lefebvre|Faure|André|Mercier|Blanc|Guérin|Boyer|Garnier|\
    Chevalier|François|Legrand|Gauthier|Garcia|Perrin|Robin|Clément|Morin|Nicolas|Henry|Roussel|\
    Mathieu|Gautier|Masson|Marchand|Boulanger|Meunier|Berger|Charpentier|Boucher|Couturier|\
    Tisserand|Maçon|Pêcheur|Barbier|Pelletier|Carpentier|Le Goff|Le Gall|Hervé|Poirier|Prévost|\
    Rivière|Bérard|Benoît|Nguyen|Traoré|Benali|Da Silva|Ferreira|N'Diaye|D'Angelo|de La Tour|\
    Lecœur|Noël|Cuvelier|Saint-Étienne|Vigneron";
pub(crate) const OCCUPATIONS: &str = "employé de bureau/employée de bureau|vendeur/vendeuse|comptable|\
    infirmier/infirmière|ouvrier/ouvrière|secrétaire|technicien/technicienne|\
    professeur/professeure|aide-soignant/aide-soignante|commercial/commerciale|\
    chauffeur/chauffeuse|agent d'entretien/agente d'entretien|ingénieur/ingénieure|\
    cadre|magasinier/magasinière|serveur/serveuse|cuisinier/cuisinière|maçon/maçonne|\
    électricien/électricienne|plombier/plombière|caissier/caissière|développeur/développeuse|\
    coiffeur/coiffeuse|mécanicien/mécanicienne|boulanger/boulangère|agriculteur/agricultrice|\
    artisan/artisane|policier/policière|éducateur/éducatrice|menuisier/menuisière|\
    consultant/consultante|peintre|assistant/assistante|médecin|banquier/banquière|\
    avocat/avocate|pharmacien/pharmacienne|architecte|boucher/bouchère|\
    pâtissier/pâtissière|jardinier/jardinière|soudeur/soudeuse|journaliste|géomètre|\
    vétérinaire|dentiste|kinésithérapeute|sage-femme|pompier/pompière|notaire|\
    bibliothécaire|graphiste|opticien/opticienne|ostéopathe|viticulteur/vigneronne|\
    maître d’œuvre|pilote|chercheur/chercheuse|pêcheur/pêcheuse|sculpteur/sculptrice|\
    œnologue|souffleur de verre/souffleuse de verre|dompteur/dompteuse";
pub(crate) const EMPLOYERS: &str = "La Poste|SNCF|Carrefour|Mairie de Lyon|Orange|EDF|Renault|Leclerc|\
    Nantes|Airbus|Auchan|Michelin|Peugeot|CHU de Lille|Mairie de Paris|Veolia|Thales|Bordeaux|\
    BNP Paribas|Engie|Sodexo|Vinci|Bouygues|Safran|Capgemini|Casino|Decathlon|Danone|Total|\
    Rectorat de Nice|Mairie de Brest|Toulouse|Accor|Dassault|Alstom|Legrand|Schneider|Sanofi|\
    Lyon|Eiffage|Boulanger|Fnac|Darty|Picard|Ville de Metz|Hôpital Necker|CPAM du Rhône|RATP|\
    Crédit Agricole|Société Générale|Maison Lefèvre|Garage Moreau|SARL Dubois & Fils|Valence|\
    Lycée Molière|Cabinet Prévost|Région Bretagne|Préfecture du Var|Indépendant|À son compte";
pub(crate) const SCHOOLING: &str = "CAP|Bac|BEP|Bac pro|Bac +2, BTS|Licence|Master|Brevet|Sans diplôme|\
    Ingénieur|CAP ; BEP|Doctorat|École";
pub(crate) const VEHICLES: &str = "citadine|berline|SUV|break|SUV \"compact\"|monospace|utilitaire|4x4|coupé|\
    électrique|cabriolet";
pub(crate) const USES: &str = "privé|travail|loisirs|tournées|pro";
pub(crate) const DRIVERS: &str = "principale|exclusive|second|partagée";
pub(crate) const STATES: &str = "en cours|accepté|refusé|clôturé|à revoir";
pub(crate) const PLANS: &str = "tiers|tous risques|tiers +|médiane";
pub(crate) const DOMAINS: &str = "example.fr|example.com|exemple.com|example.org";
pub(crate) const MISSING: &str = "||NULL|NA|n/a| |None|#N/A|NaN|null";
pub(crate) const STREETS: &str = "rue de la Gare|rue des Lilas|rue Victor Hugo|rue du Stade|avenue Foch|\
    rue de l'Église|place de la Mairie|rue Pasteur|allée des Pins|chemin du Moulin|\
    rue Jean Jaurès|impasse des Acacias|rue des Écoles|route de Mende|quai Voltaire|rue du Lavoir|\
    boulevard Carnot|cours Gambetta|rue Molière|rue du 8 mai 1945|sentier du Château|\
    chemin de la Forêt";
pub(crate) const HAMLETS: &str = "Le Bourg|La Forêt|Le Château|Kerguélen|Les Prés|Bois l'Évêque";
pub(crate) const TOWNS: &str = "75002 Paris|13001 Marseille|69003 Lyon|31000 Toulouse|06000 Nice|44000 Nantes|\
    34090 Montpellier|67000 Strasbourg|33000 Bordeaux|59000 Lille|35000 Rennes|51100 Reims|\
    42000 Saint-Étienne|83000 Toulon|76600 Le Havre|38000 Grenoble|21000 Dijon|49000 Angers|\
    30000 Nîmes|69100 Villeurbanne|63000 Clermont-Ferrand|72000 Le Mans|13100 Aix-en-Provence|\
    29200 Brest|37000 Tours|80000 Amiens|87000 Limoges|74000 Annecy|66000 Perpignan|57000 Metz|\
    25000 Besançon|45000 Orléans|76000 Rouen|68100 Mulhouse|14000 Caen|54000 Nancy|75011 Paris|\
    75018 Paris|69007 Lyon|13008 Marseille|93200 Saint-Denis|95100 Argenteuil|93100 Montreuil|\
    59100 Roubaix|59200 Tourcoing|84000 Avignon|86000 Poitiers|78000 Versailles|64000 Pau|\
    92000 Nanterre|94000 Créteil|17000 La Rochelle|62100 Calais|06400 Cannes|34500 Béziers|\
    68000 Colmar|56100 Lorient|26000 Valence|29000 Quimper|79000 Niort|10000 Troyes|73000 Chambéry|\
    56000 Vannes|49300 Cholet|22000 Saint-Brieuc|53000 Laval|11000 Narbonne|18000 Bourges|\
    16000 Angoulême|90000 Belfort|85000 La Roche-sur-Yon|82000 Montauban|81000 Albi|19100 Brive-la-Gaillarde|\
    65000 Tarbes|36000 Châteauroux|24000 Périgueux|02100 Saint-Quentin|02000 Laon|60000 Beauvais|\
    88000 Épinal|03000 Moulins|03200 Vichy|27000 Évreux|41000 Blois|28000 Chartres|58000 Nevers|\
    71000 Mâcon|89000 Auxerre|01000 Bourg-en-Bresse|50100 Cherbourg|55000 Bar-le-Duc|40000 Dax|\
    47000 Agen|12000 Rodez|46000 Cahors|32000 Auch|09000 Foix|05000 Gap|04000 Digne-les-Bains|07000 Privas|\
    43000 Le Puy-en-Velay|48000 Mende|15000 Aurillac|23000 Guéret|08000 Charleville-Mézières|52000 Chaumont|\
    70000 Vesoul|39100 Dole|61000 Alençon|91000 Évry|77000 Melun|97400 Saint-Denis|97200 Fort-de-France|\
    20000 Ajaccio|20200 Bastia|97110 Pointe-à-Pitre|97300 Cayenne|97600 Mamoudzou|97410 Saint-Pierre|\
    20250 Corte|20100 Sartène|20169 Bonifacio|20137 Porto-Vecchio|20260 Calvi|97100 Basse-Terre|\
    97150 Saint-Martin|97133 Saint-Barthélemy|97500 Saint-Pierre|98800 Nouméa|98714 Papeete|\
    98600 Mata-Utu|56780 Île-aux-Moines|48400 Florac|05100 Briançon|06540 Saorge|12320 Conques|\
    24250 Domme|29242 Ouessant|64310 Ascain|74400 Chamonix|80230 Saint-Valery-sur-Somme|35400 Saint-Malo";
pub(crate) const CEDEX: &str = "13090 Aix-en-Provence Cedex 2|69326 Lyon Cedex 05|31012 Toulouse CEDEX 6|\
    35040 Rennes Cedex|44035 Nantes cedex 1|67070 Strasbourg Cedex|33076 Bordeaux Cedex|\
    59033 Lille CEDEX|92055 Paris La Défense Cedex|97491 Sainte-Clotilde Cedex";
/// Twelfths of the distribution, in euros: roughly log-normal, as incomes are.
pub(crate) const INCOMES: &str =
    "1200|9500|14000|17500|20500|23000|25500|28500|32500|38000|47000|65000|250000";
pub(crate) const HOMES: &str =
    "45000|95000|125000|150000|172000|195000|218000|245000|278000|320000|390000|520000|1450000";
