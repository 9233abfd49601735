use crate::detect::testing::{finds, misses};
use crate::detect::{Detectors, Normaliser, Tally, detect_disguised};

#[test]
fn names_are_found() {
    finds(
        "person_name",
        &[
            "vu M. ‹Dupont› ce matin",
            "Mme ‹Marie LEROY› rappellera",
            "appeler le Dr ‹Petit›",
            "Me ‹Faure›, avocat",
            "M.‹Durand›",
            "Mr ‹Benali› a payé",
            "Monsieur ‹Jean-Luc d'Été›",
            "Madame ‹de La Fontaine›",
            "MME ‹DUPONT› A APPELE",
            "accord de Mlle ‹Nguyen›.",
            "M. ‹J. Martin›",
            "vendu par ‹Karim Benali› hier",
            "‹LEROY Julie› a signé",
            "‹Moreau Julie› a signé",
            "remis à ‹Julie MOREAU›",
            "‹Sophie Le Goff› absente",
            "‹KARIM DURAND›",
            "‹Jean Pierre Durand›",
            "‹Pierre Durand› et ‹Rose MARTIN›",
            "Dr ‹Ahmed Khelifi› et Mme ‹Weber›",
            "vu avec ‹J. Garnier›",
            "mme ‹rousseau› rappelle",
            "voir madame ‹sophie gauthier› demain",
            "contacter M ‹Dumont›",
            "vu avec sa fille ‹Sophie›",
            "dossier ‹MOREAU, Thierry›",
            "‹Garnier, Thierry›",
            "vu m. ‹rousseau› ce matin",
            "voir docteur ‹garnier›, dr ‹lefebvre›",
            "rappeler maître ‹durand›",
            "mme ‹da silva›",
            "le client donne M ‹Garnier›",
            "‹CARPENTIER Thierry› a signé",
            "Mme ‹Le Goff›, M. ‹LE GALL›",
            "Mme\u{a0}‹Leroy›",
        ],
    );
}

#[test]
fn near_misses() {
    misses(
        "person_name",
        &cases![
            "a street", "12 rue Victor Hugo, avenue du Docteur Roux, place Jean Moulin";
            "a school", "lycée Jean Jaurès, stade Pierre Mauroy, hôpital Simone Veil";
            "a general's street", "rue du Général Charles Leclerc";
            "a firm", "Garage Martin Pascal, Leroy Merlin, Yves Rocher, Monsieur Bricolage";
            "goods", "Robe Camille Bleue, Fauteuil Oscar Velours";
            "a word that begins a sentence", "Pierre de taille. Claire et nette. Rose pâle. Martin est venu.";
            "a town", "Paris Nord, Florence Italie, Lourdes Centre";
            "an initial", "annexe B. Garnier, art. L. Moreau, rue J. Moulin, plan A. Durand";
            "a size", "Chemise Bleue M Lacroix, taille M Dumont";
            "a civility in small letters", "mme garde sa voiture, monsieur refuse, mr bricolage, madame la directrice";
            "a list", "PARIS, Lyon, NANTES, Brest";
            "a list of names", "magasins Garnier, Thierry et Weber";
            "metres", "à 5 m. rousseau, 12 m. girard";
            "a doctor", "docteur absent, dr en droit, maître chien, mme da";
            "a model", "BMW M Garnier, robe M Weber";
            "a firm named after somebody", "chez Norbert Dentressangle, client de Morgan Stanley, avec Thomas Cook";
            "a colour", "Bleu Marine Foncé, Rose Poudré";
            "no name behind it", "Madame souhaite un devis, Monsieur absent, Mme n'est pas là";
            "a size", "taille M. Commande prête, en M. Expédié";
            "a title", "Monsieur le Maire, Madame la Directrice, M. le Préfet";
            "capitals", "MONSIEUR SOUHAITE UN DEVIS, RAPPELER MADAME VITE";
            "a first name alone", "Marie rappelle demain, voir avec Julien";
            "a month", "Juin Juillet, Lundi Matin, Avril Mai";
            "a weekday", "Camille Lundi, Julien Mardi";
            "a letter", "Madame Monsieur Bonjour";
            "nothing", "Bac +2, Chef de Projet, Responsable Commercial";
        ],
    );
}

fn alarms(cells: &[&str]) -> bool {
    let (mut tally, mut found) = (Tally::default(), Vec::new());
    let mut normaliser = Normaliser::default();
    for cell in cells {
        detect_disguised(cell.as_bytes(), Detectors::ALL, &mut normaliser, &mut found);
        tally.add(&found, 1);
    }
    tally.alarms() != Detectors::NONE
}

#[test]
fn columns_of_single_names_are_told_from_other_words() {
    for (case, cells, expected) in cases![
        "first names", "Julie Karim Sophie Nathalie Thierry Kevin Aurélie Mohamed Chantal Sébastien", true;
        "surnames in capitals",
        "MOREAU GARCIA LEFEBVRE FAURE GIRARD BONNET DUPONT LAMBERT FONTAINE ROUSSEAU KOWALCZYK",
        true;
        "towns", "Paris Lyon Nantes Lille Rennes Brest Dijon Angers Tours Caen Metz Nancy Laval Blois Pau", false;
        "jobs", "Boulanger Boucher Charpentier Berger Maçon Meunier Plombier Notaire Avocat Coiffeur Serrurier", false;
        "makes", "Renault Peugeot Citroën Dacia Ford Opel Fiat Mercedes Audi Toyota Seat Skoda Volvo", false;
        "colours", "Bleu Rouge Vert Noir Blanc Rose Violet Orange Gris Marron Beige", false;
        "months", "Janvier Février Mars Avril Mai Juin Juillet Août Septembre Octobre", false;
        "plans", "Essentiel Confort Premium Platine Gold Silver Basic Pro Max", false;
        "states", "Actif Inactif Suspendu Résilié Prospect Client Ancien Nouveau Perdu", false;
    ] {
        let cells: Vec<&str> = cells.split(' ').collect();
        assert_eq!(alarms(&cells), expected, "{case}");
    }
}
