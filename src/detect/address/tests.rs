use crate::detect::testing::{finds, misses};

#[test]
fn addresses_are_found() {
    finds(
        "address",
        &[
            "‹12 rue des Lilas, 75002› Paris",
            "‹12bis, RUE DE L'ÉGLISE 20200› BASTIA",
            "habite ‹3 ter allée des Pins\n97110› Pointe-à-Pitre",
            "‹7 B bd Voltaire, BP 30012, 69003› Lyon",
            "‹5 av. Foch, 75116›",
            "‹5 rue Haute, 33 000› Bordeaux",
            "ferme au ‹lieu-dit Le Moulin, 35000› Rennes",
            "‹1 rue du 8 mai 1945 - 33000› Bordeaux",
            "‹69003 Lyon, 12 rue Haute›",
            "‹75002 PARIS - 3 bis bd Voltaire›",
            "‹33000 Bordeaux 8 avenue de l'Europe›",
            "‹12 rue Haute, Lyon›",
            "habite ‹12 rue des Lilas à Lyon›",
            "‹12 rue des Lilas›",
            "‹3, allée du 8 Mai 1945›",
            "‹Rue Haute 12, 1000› Bruxelles",
            "‹Avenue Louise 54 bte 3, 1050› Ixelles",
            "‹Chaussée de Wavre 100B - B-1040› Etterbeek",
            "‹12 rue Haute, 1000› Bruxelles",
            "‹Kerkstraat 12, 9000› Gent",
            "Grote ‹Markt 5 bus 2, 2000› Antwerpen",
            "‹Rue du Rhône 8, 1204› Genève",
            "‹Rue du Rhône 8, CH-1204› Genève",
            "‹Bahnhofstrasse 10, 8001› Zürich",
            "‹12, rue de la Gare L-1611› Luxembourg",
            "‹12, rue de la Gare, L-1611›",
            "habite ‹12 rue des Lilas›",
            "‹cours des Tilleuls 122, 33000› Bordeaux",
            "‹Goethestraße 48, 20095› Hamburg",
            "Am ‹Lindenweg 7a, D-50667› Köln",
            "‹Calle de Alcalá 61, 28013› Madrid",
            "‹C/ Serrano 25, 28013› Madrid",
            "‹Piazza Dante 22, 20121› Milano",
            "‹Rua do Carmo 62, 1200-093› Lisboa",
            "‹Keizersgracht 175, 1016 DR› Amsterdam",
            "‹Damrak 1, 1012 LG› Amsterdam",
            "‹10 Downing Street, London SW1A 2AA›",
            "‹5 Church Lane, Manchester M1 1AE›",
            "‹350 Fifth Avenue, New York, NY 10118›",
            "‹12 Old Mill Lane, Boston MA 02108›",
        ],
    );
}

#[test]
fn near_misses() {
    misses(
        "address",
        &cases![
            "no number", "rue des Lilas, 75002 Paris, rue Haute, 1000 Bruxelles";
            "no name", "12 rue, 3 places, 1 place de parking";
            "a number of no house", "2 rues plus loin, 3 cours de piano, 5 allées";
            "a year", "Rue Haute 12, 2024 Mars, avenue Foch en 1998, 2 ans";
            "no town", "Rue Haute 12, 1000 euros, avenue 7, 1500 pieces";
            "a town", "75002 Paris";
            "an amount", "1 place de parking, 12000 euros, 15 000 €";
            "a word that only begins so", "3 chemins possibles, 20000";
            "no such department", "12 rue des lilas, 00123 Paris, 99000 Nice";
            "glued to a letter", "n12 rue des Lilas 75002, 12 rue x A75002";
            "a bracket", "20000-40000";
            "a seat", "Voiture 5 place 17, 12 place 3";
            "no street", "Train 12, 75011 Paris, Lot 3, 20095 Hamburg, salle 4, 1012 AB";
            "no code", "5 Church Lane, bus M1, 2 Park Road, box A1 2";
            "a code of another matter", "12 rue des lilas ; dossier 75002";
        ],
    );
}
