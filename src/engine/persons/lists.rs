//! Words that tell whether a text names somebody. All of them are without accents, in lower case.

/// First names that are usual in France and in exports from elsewhere, none of them a town, a
/// colour or a job. A column of people has some of them; it takes no complete list to see that.
pub(super) const FIRST_NAMES: &str = "\
    adam adele agnes alain albert alexandra alexandre alfred alice amandine amelie andre anne \
    annie anthony antoine arnaud arthur aurelie baptiste beatrice benjamin benoit bernard \
    bertrand brigitte bruno camille carole caroline catherine cecile celine chantal charles \
    chloe christelle christian christiane christine christophe claire claude clement corinne \
    cyril damien daniel daniele danielle david delphine denis didier dominique dorothee edouard \
    elodie emilie emma emmanuel eric estelle etienne eva evelyne fabien fabrice fatima fernand \
    francis franck francois francoise frederic gabriel genevieve georges gerard gilbert gilles \
    gisele guillaume guy helene henri herve hugo ines isabelle jacqueline jacques james jean \
    jeanne jennifer jerome joel john jonathan josette julie julien juliette karim karine kevin \
    laetitia laura laure laurence laurent lea leo leon louis louise luc lucas lucie ludovic \
    magali manon marc marcel marguerite maria marie marine marion martine mary mathieu mathilde \
    matthieu maurice max maxime michael michel michele mireille mohamed monique myriam nadia \
    nadine nathalie nicolas nicole odette olivier pascal pascale patrice patricia patrick paul \
    paulette pauline peter philippe pierre quentin raphael raymond remi rene renee richard \
    robert roger roland romain sabrina samuel sandra sandrine sarah sebastien serge simone \
    sonia sophie stephane stephanie suzanne sylvain sylvie theo therese thierry thomas valerie \
    vanessa veronique victor vincent virginie william xavier yann yannick yves yvette yvonne \
    zoe";

/// Surnames that are usual in France and beside it, but for those that are words, towns or makes.
pub(super) const SURNAMES: &str = "\
    adam anderson arnaud aubert aubry bailly barbier bauer bazin becker benali benard benoit \
    berger bernard bertin bertrand besnard besson bigot blanchard blondel bodin bonneau bonnet \
    bouchard boucher boulay bouvier boyer briand brossard brunet buisson camus carlier caron \
    carpentier carvalho charles charrier chauvin clement cohen colin collet cordier cornu \
    coulibaly cros daniel david davis delaunay delmas denis deschamps diallo diop doucet drouet \
    dubois dubreuil dubuisson duclos dufour dujardin dumas dumont dupont dupuis dupuy durand \
    duval fabre faure fernandes fernandez ferrand ferrari ferreira ferry fischer fleury fouquet \
    fournier gagnon gaillard garcia garnier gauthier gautier gerard gilbert gilles girard \
    giraud gomes gonzalez grondin guerin guibert guichard guillaume guillet guillon guillot \
    guyot haddad hamon hebert henry hernandez herve hoarau hoffmann hubert huet humbert imbert \
    jacob jacobs jacquet janssens johnson joly jones joubert jourdan julien keller klein \
    kowalski lacombe lambert lamy langlois launay laurent leblanc lebreton lebrun leclerc \
    leclercq lecomte lecoq lefebvre lefevre legall legoff legrand lejeune lelievre lemaire \
    lemaitre lemoine lemonnier leroux leroy lesage leveque levy lopez lucas maes mahe maillard \
    mallet marchal marechal martin martinez marty masson mathieu maury menard mercier meunier \
    meyer michaud michel miller millet monier monnier moreau morel morin muller ndiaye nguyen \
    nicolas noel olivier ollivier pasquier payet peeters pelletier peltier pereira perez \
    perrier perrin perrot pham philippe pichard pichon pineau poirier pons potier poulain \
    prevost prigent remy renaud rey reynaud ribeiro richard robert robin rodrigues rodriguez \
    roger rolland rossi rousseau roussel rousset roy sanchez santos schmitt schneider schulz \
    seguin silva simon smith tanguy taylor techer tessier texier thomas thompson tixier tran \
    traore tremblay valette vallee vallet vasseur verdier vidal vincent wagner weber williams \
    wilson";

/// Civilities and the titles of professions that stand before a name.
pub(super) const TITLES: &str = "\
    m mr mme mlle mrs ms miss monsieur madame mademoiselle dr dre docteur doctor pr prof professeur \
    professor me maitre maistre mtre abbe pere soeur sir lady lord herr frau cpt capitaine colonel \
    general lieutenant commandant adjudant sgt";

/// Words that values of categories are made of, in capitals or not.
pub(super) const ORDINARY: &str = "\
    accepte acceptee actif active agence all ancien ancienne annuel annuelle annule annulee \
    aout appartement april argent association attente aucun aucune august auto automatique \
    automne autre autres autumn avril bac bad bas basic basique basse beige black blanc blanche \
    bleu bleue blue bon bonne boutique bronze brown bureau card carte cash cdd cdi celibataire \
    centre cheque classic classique client closed confort courrier december decembre desktop \
    diamant diamond diesel dimanche divorce divorcee doctorat done east electrique eleve elevee \
    email entreprise especes essence essentiel essentielle est ete excellent faible false faux \
    february female feminin femme ferme fermee fevrier fixe fort forte free friday gagne gagnee \
    gold good grand grande gratuit gratuite gray green grey gris grise haut haute hebdomadaire \
    high hiver homme hybride inactif inactive inconnu inconnue interim internet january janvier \
    jaune jeudi juillet juin july june large lead licence lost low lundi madame magasin mai \
    mail maison male man manual manuel march mardi marron mars masculin master mauvais mauvaise \
    may medium mensuel mensuelle mercredi mobile monday monsieur monthly moyen moyenne new no \
    noir noire non none nord normal normale north nouveau nouvelle november novembre nul \
    october octobre old online open or orange other others ouest oui ouvert ouverte paid \
    particulier particuliere payant pending perdu perdue petit petite phone pink platine \
    platinum plus prelevement premium primaire printemps pro professionnel professionnelle \
    prospect rare red refuse refusee rose rouge rural rurale salon salons samedi saturday \
    secondaire september septembre silver small south spring standard store strong sud summer \
    sunday superieur tablet tablette telephone termine terminee thursday tous toutes transfer \
    trimestriel true tuesday unknown urbain urbaine urgent urgente valide validee vendredi vert \
    verte veuf veuve violet virement vrai weak web wednesday weekly west white winter woman won \
    yearly yellow yes";
