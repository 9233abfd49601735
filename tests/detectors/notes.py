"""Makes notes.tsv: invented notes of customer files, 600 with a person's name and 3 000 without.

    python3 tests/detectors/notes.py > tests/detectors/notes.tsv

Lines are those of corpus.tsv: the column, the cell, the detectors that must find something in it.
All people are invented: first names and surnames are drawn from lists by themselves.
"""

import random

FIRST = """Marie Julien Karim Sophie Aurélie Thierry Nathalie Kevin Émilie Mohamed Chantal Sébastien Hélène Yann Fatima
Céline Didier Ludovic Sandrine Mathilde Élodie Jérôme Françoise Gaëlle Amandine Bruno Christelle Farid Ines Loïc Noémie
Rachid Salomé Tiphaine Ulysse Wassim Xavier Zineb Pierre Rose Claire Victor Martin Camille Antoine""".split()
LAST = """Dupont Leroy Durand Moreau Lefebvre Garcia Faure Girard Bonnet Lambert Fontaine Rousseau Benali Nguyen Kowalczyk
Weber Ferreira Traoré Haddad Lopez Chevallier Perrin Gauthier Masson Muller Henry Roussel Mathieu Duval Denis Picard
Khelifi Da-Silva Schmitt Poirier Le-Goff Guillou Vasseur Hubert Marchal Renaud Colin Lecomte Besson Tessier Pasquier
Okonkwo Rakoto Ivanov Bianchi Delacourt Vauquelin Trémoulet Sarrazin Bourdet Quemener Etcheverry Zaragoza""".split()
CIVIL = ["M.", "Mme", "Mr", "Monsieur", "Madame", "Mlle", "Dr", "Me", "M.", "Mme", "Docteur", "Maître"]


def name(r):
    first, last = r.choice(FIRST), r.choice(LAST).replace("Le-", "Le ").replace("Da-", "Da ")
    caps = last.upper()
    return r.choice([
        lambda: f"{r.choice(CIVIL)} {last}", lambda: f"{r.choice(CIVIL)} {caps}",
        lambda: f"{r.choice(CIVIL[:7])} {first} {last}", lambda: f"{r.choice(CIVIL[:7])} {first} {caps}",
        lambda: f"{first} {last}", lambda: f"{first} {caps}", lambda: f"{caps} {first}",
        lambda: f"M. {first[0]}. {last}", lambda: f"{first}-Anne {last}",
    ])()


PLANTED = """rappeler {} demain
appel de {} le matin, sans suite
{} a confirmé le rendez-vous
voir avec {} pour le devis
le contrat est au nom de {}
{} demande un duplicata de la facture
livraison remise à {}, voisin du client
dossier suivi par {} depuis mars
Vu {} en agence
Client satisfait. {} rappelle lundi.
transfert à {} (service sinistres)
conjoint : {}
bénéficiaire {}, part de 50 %
{} est passé au magasin
accident avec {}, constat signé
courrier retourné, nouvel occupant {}
mandat signé par {} ce jour
ne plus appeler avant le retour de {}
recommandé par {}
facture à envoyer à {} et non au client""".split("\n")

GOODS = "Robe Veste Fauteuil Lampe Canapé Table Chaise Sac Montre Coffret Pull Chemise".split()
MODELS = "Camille Oscar Emma Louise Hugo Victor Arthur Alice Jeanne Léon Gaspard Rose Claire".split()
COLOURS = "Bleu Rouge Noir Blanc Gris Vert Beige Rose Marron Chêne Noyer Velours".split()
TOWNS = "Paris Lyon Nantes Saint-Denis Villeurbanne Le Mans La Rochelle Fort-de-France Saint-Étienne Aix-en-Provence Château-Thierry".replace("Le Mans", "Le-Mans").replace("La Rochelle", "La-Rochelle").split()
STREETS = """rue Victor Hugo|avenue Jean Jaurès|boulevard Charles de Gaulle|place du Docteur Calmette|rue Pierre et Marie Curie
|quai Claude Bernard|rue du Général Leclerc|impasse Louis Pasteur|allée Marcel Pagnol|cours Émile Zola|rue Jean-Baptiste Clément
|chemin de la Croix Rousse|square Simone Veil|rue du Faubourg Saint Antoine""".replace("\n", "").split("|")
FIRMS = """Leroy Merlin|Yves Rocher|Garage Martin|Boulangerie Dupont|Société Générale|Crédit Agricole|Monsieur Bricolage|Alain Afflelou
|La Banque Postale|Cabinet Durand et Associés|Transports Girard|Pharmacie Centrale|Marie Claire|Galeries Lafayette|Air France
|Hôtel Victor Hugo|Restaurant Chez Paul|Norbert Dentressangle|Morgan Stanley|Thomas Cook|Philip Morris|Marie Blachère|Franck Provost|Maison Pierre|Editions Robert Laffont""".replace("\n", "").split("|")
DAYS = "Lundi Mardi Mercredi Jeudi Vendredi Samedi Dimanche".split()
MONTHS = "Janvier Février Mars Avril Mai Juin Juillet Août Septembre Octobre Novembre Décembre".split()
PLACES = """lycée Jean Moulin|collège Jules Ferry|hôpital Pierre Wertheimer|stade Marcel Michelin|gare Saint Charles|métro Charles Michels
|école Jacques Prévert|clinique du Docteur Martin|salle Georges Brassens|parc André Citroën|aéroport Charles de Gaulle""".replace("\n", "").split("|")

CLEAN = """Client satisfait, aucune remarque
Rappeler {day} matin avant 10 h
Madame souhaite un devis pour sa {goods}
Monsieur absent, laisser un message
Mme ne veut plus être contactée
Monsieur le Maire a validé le projet
M. le Directeur est en congé jusqu'en {month}
Livraison {street}, code porte au gardien
Déménage à {town} en {month}
Rendez-vous au {place}
Employé chez {firm}
Commande {goods} {model} {colour}, taille M
{goods} {model} en {colour} : retour pour défaut
Taille M. Commande expédiée {day}
Carte {firm} acceptée
Pierre naturelle et Bois Massif demandés
Rose pâle, Bleu Marine et Vert Olive en rupture
Martin a appelé {day}
Marie rappelle {day}
Claude ou Dominique au standard
Voir le service SAV à {town}
Résiliation demandée pour fin {month}
Contrat Auto Confort, option Assistance Plus
Formule Premium depuis {month}, prélèvement le 5
{day} {month} : fermeture exceptionnelle
Travaux prévus {street}
Bonjour, je souhaite modifier mon adresse. Merci. Cordialement
URGENT CLIENT MECONTENT RAPPELER CE JOUR
ATTENTE REGLEMENT FACTURE {month}
Dossier complet, transmis au siège de {town}
Visite de {town} {colour}
Passage de Bronze à Argent
Bac +2, Chef de Projet Junior chez {firm}
Permis B depuis {month}
Me rappeler après 18 h
Ne pas livrer avant {day}
Agence de {town} Centre
Sinistre déclaré, expert mandaté le 12 {month}
Paiement par Carte Bancaire, reçu par {firm}
Le client hésite entre {firm} et {firm2}
Fête de la Saint Valentin, Noël et Pâques
Abonnement au Parisien Libéré et à Marie Claire
Vacances à {town} en {month}
Mutuelle Santé Famille, Garantie Or
Docteur non communiqué, voir le médecin conseil
Tour de France, Coupe Davis et Roland Garros
Château Margaux et Côtes du Rhône offerts
M. et Mme absents, avis de passage laissé
Vend sa Renault Clio, achète une Peugeot
Demande de Carte Grise, Carte Vitale perdue""".split("\n")


def planted(r):
    return r.choice(PLANTED).format(name(r))


def clean(r):
    note = r.choice(CLEAN).format(
        day=r.choice(DAYS).lower() if r.random() < 0.7 else r.choice(DAYS), month=r.choice(MONTHS).lower() if r.random() < 0.7 else r.choice(MONTHS),
        goods=r.choice(GOODS), model=r.choice(MODELS), colour=r.choice(COLOURS),
        town=r.choice(TOWNS).replace("Le-Mans", "Le Mans").replace("La-Rochelle", "La Rochelle"),
        street=f"{r.randint(1, 99)} {r.choice(STREETS)}", place=r.choice(PLACES), firm=r.choice(FIRMS), firm2=r.choice(FIRMS))
    return note + r.choice(["", "", ".", " - clos", ", ok", " !", " (vu)", f", dossier {r.randint(100, 999)}"])


def main():
    r = random.Random(17)
    for _ in range(600):
        print("notes_with_names", planted(r), "person_name", sep="\t")
    for _ in range(3000):
        print("notes", clean(r), "", sep="\t")


main()
