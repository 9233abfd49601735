"""Columns of a CRM export that hold no identifier a detector may report, though they look like it.

Each is a name and a function of the random generator that gives one cell.
"""

import values as v

JOBS = (
    "boulanger|Boulangère|employé de bureau|maître d'œuvre|agent d'entretien|ingénieur R&D|cadre (n+1)|retraité|"
    "chargé(e) de clientèle|vendeur / vendeuse|chef de projet n°2|assistant(e) RH|conducteur PL/SPL|CDI 35h|"
    "souffleur de verre|Consultant SAP S/4HANA|aide-soignant|prof. des écoles|œnologue|M. le Maire|opérateur 3x8"
).split("|")
EMPLOYERS = (
    "Nantes|Lyon|Mairie de Lyon|La Poste|Boulanger|SARL Dubois & Fils|3 Suisses|E.Leclerc|Groupe 2i|Pôle emploi|"
    "Saint-Étienne|Ville de Metz (57)|CHU de Lille - site 2|Orange|SNCF 24/7|Valence|Crédit Agricole|Yahoo!|Meetic.fr"
).split("|")
PROSE = (
    "rappeler lundi entre 14h30 et 15h|RDV le 12/03 à 9h|devis envoyé, attente retour client|2 enfants, 1 chien|"
    "contrat n° 2024-117 signé|voir p. 12-14 et 33|remise de 5 % (code NOEL2023)|budget 45 000,50 € maximum|"
    "client depuis 1998, très fidèle|habite au 3e étage, 2 places de parking|place de parking n° 12|"
    "1 place de parking, 12000 euros|version 3.2.1 installée|livré en 24/48h|cf. art. L121-1|km 45 000 - vidange faite|"
    "prix 12.50 @ 3 pièces|@equipe voir avec @marketing|et/ou à revoir|ratio 3:2:1|réf. ABC-1234/56|TVA 20 %|"
    "ouvert 7j/7 8h-20h|véhicule de 2015, 120 ch|appeler le 3639|n° de série SN-00012345|taille 42-44|"
    "http://www.example.fr|site : https://example.com/|voir example.fr|rue de la Gare|12 rue des Lilas|75002 Paris|"
    "3 chemins possibles, 20000 euros|30 000 à 40 000 €|période 2019-2023|entre 1990 et 2005|ISO 9001:2015|"
    "RAL 9010|Bac +2, BTS|SUV \"compact\"|1,5 dCi 110|dossier 4/12|lot n° 7 : 3 x 250 g|10 h 30 - 12 h 00"
).split("|")


def version(r):
    form = r.choice(["{}.{}.{}", "v{}.{}.{}", "{}.{}.{}.{}", "{}.{}", "v{}.{}.{}-rc{}", "{}.{}.{}.{}"])
    return form.format(*(r.randint(0, 9) for _ in range(4)))


def build(r):
    return r.choice([f"10.0.{r.randint(17000, 26100)}.{r.randint(300, 4000)}", f"{r.randint(90, 126)}.0.{r.randint(4000, 6700)}.{r.randint(260, 999)}"])


def ean13(r):
    body = r.choice(["3", "3", "40", "50", "80", "978"])
    body += v.digits(r, 12 - len(body))
    total = sum(int(c) * (3 if at % 2 else 1) for at, c in enumerate(body))
    return body + str(-total % 10)


def ean13_of_a_firm(r):
    """Goods of one French firm: the first nine digits are always the same, and read like a man's or a woman's NIR."""
    body = "376012345" + v.digits(r, 3)
    total = sum(int(c) * (3 if at % 2 else 1) for at, c in enumerate(body))
    return body + str(-total % 10)


def bracket(r):
    low = r.randrange(-1, 40) * 20000
    return f"{low}-{low + 20000}"


def amount(r):
    n = r.randint(100, 9_999_999)
    spaced = f"{n:,}".replace(",", r.choice([" ", "\u00a0", "\u202f"]))
    return r.choice([str(n), f"{n}.{r.randint(0, 99):02}", f"{spaced},{r.randint(0, 99):02} €", f"{spaced} EUR", f"-{n},5"])


def with_key_97(body):
    return f"{body}{97 - int(body) % 97:02}"


def structured(r):
    """What Belgian banks print of a payment: ten digits and their rest by 97."""
    body = v.digits(r, 10)
    text = f"{body}{int(body) % 97 or 97:02}"
    return f"+++{text[:3]}/{text[3:7]}/{text[7:]}+++"


def big_amount(r):
    n = r.randint(10_000_000, 99_999_999_999)
    return f"{n:,}".replace(",", " ") + r.choice([",00 €", " €", ".00", " EUR"])


def product(r):
    letters = "".join(r.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(3))
    return r.choice([f"{letters}-{v.digits(r, 4)}", f"{letters}{v.digits(r, 6)}", f"{v.digits(r, 2)}-{letters}-{v.digits(r, 3)}X",
                     f"REF {letters} {v.digits(r, 5)}", f"{letters}/{v.digits(r, 3)}.{v.digits(r, 2)}"])  # fmt: skip


def any_letters_code(r):
    pair = lambda: "".join(r.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(2))  # noqa: E731
    return f"{pair()}-{v.digits(r, 3)}-{pair()}"


def pair(r):
    return r.choice(v.LETTERS) + r.choice(v.LETTERS)


def isbn(r):
    body = r.choice(["978", "979"]) + r.choice("12") + v.digits(r, 8)
    total = sum(int(c) * (3 if at % 2 else 1) for at, c in enumerate(body))
    return v.groups(body + str(-total % 10), [3, 1, 4, 4], r.choice(["-", "-", " "]))


def client_id(r):
    return v.date_compact(r) if r.random() < 0.04 else f"C-{v.digits(r, 7)}"


def uuid(r):
    h = "".join(r.choice("0123456789abcdef") for _ in range(32))
    return v.groups(h, [8, 4, 4, 4], "-")


COLUMNS = [
    ("metier", lambda r: r.choice(JOBS)),
    ("employeur", lambda r: r.choice(EMPLOYERS)),
    ("remarques", lambda r: r.choice(PROSE)),
    ("id_client_like_dates", client_id),
    ("code_produit", product),
    ("code_any_letters", any_letters_code),
    ("ean13", ean13),
    ("ean13_of_a_firm", ean13_of_a_firm),
    ("timestamp_ms", lambda r: str(r.randint(1_000_000_000_000, 1_790_000_000_000))),
    ("timestamp_s", lambda r: str(r.randint(1_000_000_000, 1_790_000_000))),
    ("timestamp_digits", lambda r: v.date_compact(r) + f"{r.randint(0, 23):02}{r.randint(0, 59):02}{r.randint(0, 59):02}"),
    ("version", version),
    ("build", build),
    ("age", lambda r: str(r.randint(0, 110))),
    ("tranche", bracket),
    ("annees", lambda r: f"{r.randint(1950, 2000)}-{r.randint(2001, 2030)}"),
    ("mois_annee", lambda r: f"{r.randint(1, 12):02}/{r.randint(1950, 2030)}"),
    ("rendez_vous_court", lambda r: f"{r.randint(1, 28):02}/{r.randint(1, 12):02}/{r.randint(19, 26)}"),
    ("rendez_vous", lambda r: f"{r.randint(1, 28)} {r.choice(v.MONTHS)} {r.randint(2019, 2026)}"),
    ("code_produit_suffixe", lambda r: f"{pair(r)}-{v.digits(r, 3)}-{pair(r)}-{r.randint(0, 9)}"),
    ("code_produit_serie", lambda r: f"{r.choice(['AX', 'BX', 'AX'])}-{v.digits(r, 3)}-{r.choice(['ZK', 'ZK', 'ZL'])}"),
    ("commande_zeros", lambda r: f"{r.randint(1, 999_999):010}"),
    ("commande_zeros_longs", lambda r: f"{r.randint(1, 999_999_999):010}"),
    ("commande_annee", lambda r: f"{r.randint(2019, 2026)}{r.randint(1, 99_999):05}"),
    ("commande_prefixe", lambda r: f"CMD-{r.randint(2019, 2026)}-{r.randint(1, 999_999):06}"),
    ("commande_suite", lambda r: str(612_000_000 + r.randint(1, 9_999))),
    ("build_long", lambda r: f"{r.choice([190, 191, 192])}.{r.randint(0, 20)}.{r.randint(0, 60)}.{r.randint(0, 99)}"),
    ("build_de_meme_tete", lambda r: f"192.{r.randint(0, 20)}.{r.randint(0, 255)}.{r.randint(0, 255)}"),
    ("tirage", lambda r: " ".join(f"{n:02}" for n in sorted(r.sample(range(1, 50), 6)))),
    ("tirage_cinq", lambda r: " ".join(f"{n:02}" for n in sorted(r.sample(range(1, 50), 5)))),
    ("tirage_tirets", lambda r: "-".join(f"{n:02}" for n in sorted(r.sample(range(1, 50), 6)))),
    ("tirage_chance", lambda r: " ".join(f"{n:02}" for n in sorted(r.sample(range(1, 50), 5))) + f" + {r.randint(1, 10)}"),
    ("pression", lambda r: f"{r.uniform(95, 105):.3f} {r.uniform(95, 105):.3f}"),
    ("pression_pneus", lambda r: f"{r.uniform(1.8, 2.9):.3f} / {r.uniform(1.8, 2.9):.3f}"),
    ("pression_fine", lambda r: f"{r.uniform(1.0, 1.1):.5f}, {r.uniform(0.9, 1.0):.5f}"),
    ("tension", lambda r: f"{r.randint(10, 18)}/{r.randint(5, 11)}"),
    ("mesure", lambda r: f"{r.uniform(0, 3):.4f}; {r.uniform(0, 3):.4f}"),
    ("ean13_espace", lambda r: v.groups(ean13(r), [1, 6], " ")),
    ("isbn", isbn),
    ("horaires", lambda r: f"{r.randint(7, 9):02}:{r.choice(['00', '30'])}-12:{r.choice(['00', '30'])} 14:00-{r.randint(17, 19)}:{r.choice(['00', '30'])}"),
    ("horaires_h", lambda r: f"{r.randint(7, 9)}h-12h / {r.randint(13, 14)}h30-{r.randint(17, 19)}h"),
    ("prix", lambda r: f"{r.randint(1, 9999)},{v.digits(r, 2)} €"),
    ("pourcentage", lambda r: f"{r.uniform(0, 100):.{r.choice([1, 2, 4])}f} %"),
    ("dimensions", lambda r: " x ".join(str(r.randint(1, 300)) for _ in range(3)) + " cm"),
    ("dimensions_tirets", lambda r: "-".join(f"{r.randint(32, 99)}" for _ in range(3))),
    ("sku", lambda r: f"SKU{v.digits(r, 8)}"),
    ("suivi", lambda r: f"6A{v.digits(r, 11)}"),
    ("sondage", lambda r: " ".join(str(r.randint(0, 5)) for _ in range(10))),
    ("temperatures", lambda r: " ".join(f"{r.uniform(35, 41):.1f}" for _ in range(4))),
    ("places", lambda r: f"{r.randint(1, 4)} {r.choice(['place de parking', 'places', 'cours de piano', 'passages', 'allées'])}"),
    ("tirage_desordre", lambda r: " ".join(f"{n:02}" for n in r.sample(range(1, 50), 5))),
    ("commande_vendeur", lambda r: f"{v.digits(r, 3)}-{v.digits(r, 7)}-{v.digits(r, 7)}"),
    ("commande_600", lambda r: str(600_000_000 + r.randint(1, 999_999))),
    ("route", lambda r: f"RN {r.randint(1, 200)} PK {r.randint(10, 99)}"),
    ("sondage_dix", lambda r: " ".join(str(r.randint(0, 10)) for _ in range(10))),
    ("build_navigateur", lambda r: f"{r.randint(100, 130)}.0.{r.randint(0, 255)}.{r.randint(0, 255)}"),
    ("deux_mesures", lambda r: f"{r.uniform(10, 60):.4f} {r.uniform(0, 10):.4f}"),
    ("pneus", lambda r: f"{r.choice([195, 205, 215])}/{r.choice([45, 55, 65])} R{r.choice([15, 16, 17])} {r.randint(80, 99)}{r.choice('HVT')}"),
    ("wrong_niss", v.wrong_niss),
    ("wrong_vat", v.wrong_vat),
    ("wrong_rib", v.wrong_rib),
    ("heure", lambda r: f"{r.randint(0, 23):02}:{r.randint(0, 59):02}:{r.randint(0, 59):02}"),
    ("code_postal", lambda r: r.choice(v.TOWNS)[: r.choice([5, 5, 99])]),
    ("montant", amount),
    ("gros_montant", big_amount),
    ("numero_9", lambda r: r.choice("123456789") + v.digits(r, 8)),
    ("numero_9_spaced", lambda r: v.groups(v.digits(r, 9), [3, 3], " ")),
    ("numero_8", lambda r: v.digits(r, 8)),
    ("numero_10", lambda r: v.digits(r, 10)),
    ("numero_11", lambda r: v.digits(r, 11)),
    ("numero_13", lambda r: v.digits(r, 13)),
    ("numero_14", lambda r: v.digits(r, 14)),
    ("numero_15", lambda r: v.digits(r, 15)),
    ("numero_16", lambda r: v.digits(r, 16)),
    ("numero_16_spaced", lambda r: v.groups(v.digits(r, 16), [4, 4, 4], " ")),
    ("rapport", lambda r: f"{r.randint(0, 3)}.{v.digits(r, 5)}"),
    ("mac", lambda r: v.groups("".join(r.choice("0123456789abcdef") for _ in range(12)), [2] * 5, ":")),
    ("uuid", uuid),
    ("site", lambda r: r.choice(["https://www.example.fr", "http://example.com/", "www.example.org", "example.fr"])),
    ("arobase", lambda r: r.choice(["@jean", "3 @ 2.50", "a@b", "jean@", "@", "jean @ bureau", "prix@12.5", "x@y."])),
    ("wrong_nir", v.wrong_nir),
    ("wrong_iban", v.wrong_iban),
    ("wrong_card", v.wrong_card),
    ("wrong_siren", v.wrong_siren),
    ("wrong_siret", v.wrong_siret),
    ("wrong_date", v.wrong_date),
    ("wrong_ipv4", lambda r: r.choice([f"{r.randint(256, 999)}.1.2.33", f"81.56.12.{r.randint(256, 999)}", "81.56.12", "1.3.6.1.4.1.311", f"081.{r.randint(100, 255)}.012.3"])),
    ("wrong_phone", lambda r: r.choice([f"00 {v.digits(r, 2)} 34 56 78", f"06 12 34 56 7{v.digits(r, 2)}", "06 12 34 56", "+33 6 12 34", f"36{v.digits(r, 2)}", f"+0{v.digits(r, 9)}", f"0{v.digits(r, 8)}"])),
    ("wrong_plate", lambda r: r.choice([f"{a}-{v.digits(r, 3)}-{b}" for a, b in [("OO", "AB"), ("AB", "IQ"), ("SS", "AA"), ("ABC", "DE")]] + ["120 KM 75", "100 CV 12", "25 KG 33", "1200 AB 99"])),
    ("wrong_coordinates", lambda r: f"{r.uniform(91, 900):.5f}, {r.uniform(181, 900):.5f}"),
    ("glued", lambda r: r.choice([f"X{v.nir_bare(r)}", f"{v.siren_compact(r)}a", f"A{v.phone_national(r)}", f"{v.card_compact(r)}é", f"{v.date_compact(r)}B", f"ZZ{v.iban_compact(r)}"])),
    ("reference_fr", lambda r: "FR" + v.digits(r, 25)),
    ("police_cle_97", lambda r: with_key_97("7" + v.digits(r, 12))),
    ("communication_structuree", structured),
    ("place_train", lambda r: f"Voiture {r.randint(1, 20)} place {r.randint(1, 120)}"),
    ("couleur_rgba", lambda r: ",".join(str(r.randint(0, 255)) for _ in range(4))),
    ("mesures_larges", lambda r: f"{r.uniform(0, 500):.4f};{r.uniform(0, 500):.4f}"),
    ("keno", lambda r: " ".join(f"{n:02}" for n in sorted(r.sample(range(1, 71), 10)))),
    ("version_calendrier", lambda r: f"{r.randint(2018, 2026)}.{r.randint(1, 12):02}.{r.randint(1, 28):02}"),
    ("train", lambda r: f"Train {r.randint(1, 99)}, {v.digits(r, 5)} voyageurs"),
]  # fmt: skip
