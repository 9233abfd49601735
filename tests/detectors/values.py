"""Invented identifiers of every kind, each with what an independent library must say of it.

Every function takes the random generator and returns the text as a person or an export writes it. Checksums are
computed here, from the published definitions; the libraries only come in at the end, to confirm.
"""

from calendar import monthrange

FIRST = "Jean Marie Chloé Éric Anaïs Loïc Zoé Benoît Aïcha Yaël Karim Lucía Jürgen Siobhan".split()
LAST = "Dupont Martin Boulanger Lefèvre Nguyen Traoré Benali Müller Da-Silva O'Brien Garcia Petit".split()
DOMAINS = (
    "example.fr example.com orange.example.org mail.example.co.uk sub-domain.example.net exemple.museum "
    "xn--mlr-bla.example exämple.de"
).split()
STREETS = (
    "rue de la Gare|rue des Lilas|avenue Foch|place de la Mairie|allée des Pins|chemin du Moulin|impasse des Acacias|"
    "route de Mende|quai Voltaire|boulevard Carnot|cours Gambetta|rue du 8 mai 1945|sentier du Château|bd Voltaire|"
    "av. Jean Jaurès|square du Temple|passage Molière|RUE VICTOR HUGO|Rue de l'Église|lotissement Les Prés"
).split("|")
TOWNS = (
    "75002 Paris|13001 Marseille|69003 Lyon|06000 Nice|20200 Bastia|97110 Pointe-à-Pitre|98800 Nouméa|02100 "
    "Saint-Quentin|33000 Bordeaux|64310 Ascain|35040 Rennes Cedex|75116 PARIS"
).split("|")
US = (
    "350 Fifth Avenue, New York, NY 10118|1600 Amphitheatre Road, Springfield, CA 94043|12 Old Mill Lane, Boston MA "
    "02108|77 Massachusetts Avenue, Cambridge, MA 02139|500 South Main Street, Seattle, WA 98104"
).split("|")


def digits(r, count):
    return "".join(r.choice("0123456789") for _ in range(count))


def luhn_digit(body):
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return str(-total % 10)


def groups(text, sizes, separator):
    parts, at = [], 0
    for size in sizes:
        parts.append(text[at : at + size])
        at += size
    return separator.join(part for part in parts + [text[at:]] if part)


def other_digit(r, digit):
    return r.choice([d for d in "0123456789" if d != digit])


def blank(r):
    return r.choice([" ", " ", " ", "\u00a0", "\u202f"])


def email(r):
    first, last = (r.choice(names).lower().replace("'", "") for names in (FIRST, LAST))
    local = r.choice([f"{first}.{last}", f"{first[0]}{last}", f"{last}_{r.randint(1, 99)}", f"{first}-{last}"])
    local = r.choice([local, local, local + "+crm", local.upper(), f"{local}{r.randint(1950, 2005)}"])
    return f"{local}@{r.choice(DOMAINS)}"


def phone_national(r):
    """Ten digits of a French number: ranges in use, so that `phonenumbers` knows them."""
    start = r.choice(["01 42", "02 40", "03 20", "04 91", "05 56", "06 12", "06 78", "07 55", "07 81", "09 72"])
    return start.replace(" ", "") + digits(r, 6)


def phone(r):
    number = phone_national(r)
    separator = r.choice([" ", " ", ".", "-", blank(r)])
    pairs = groups(number, [2, 2, 2, 2], separator)
    rest = groups(number[1:], [1, 2, 2, 2], separator)
    return r.choice(
        [pairs, pairs, f"+33{number[1:]}", f"+33 {rest}", f"0033{number[1:]}", f"00 33 {rest}", f"+33 (0){rest}",
         f"+33(0){number[1:]}", groups(number, [4, 2, 2], " "), groups(number, [4, 3], " "), pairs.replace(" ", "/")]
    )  # fmt: skip


INTERNATIONAL = [
    "+32 470 12 34 56", "+41 79 123 45 67", "+44 20 7946 0958", "+44 7400 123456", "+1 202-555-0143", "+1 (212) 555-0199",
    "+49 30 12345678", "+49 1512 3456789", "+34 612 34 56 78", "+39 312 345 6789", "+351 912 345 678", "+212 650-123456",
    "+213 551 23 45 67", "+216 20 123 456", "+352 621 123 456", "+221 70 123 45 67", "+225 01 23 45 6789",
    "+31 6 12345678", "+48 512 345 678", "+90 501 234 56 78", "+61 412 345 678", "+86 131 2345 6789", "0044 20 7946 0958",
    "+262 692 12 34 56", "+590 690 00 12 34", "+32470123456", "+447400123456", "+12025550143",
]  # fmt: skip


def phone_international(r):
    return r.choice(INTERNATIONAL)


def nir_body(r, sex="1 2 1 2 1 2 1 2 3 4 7 8"):
    year = r.randint(0, 99)
    month = r.choice([r.randint(1, 12)] * 8 + [r.randint(20, 42), r.randint(50, 99)])
    choices = [f"{r.choice([d for d in range(1, 96) if d != 20]):02}{r.randint(1, 989):03}"] * 6
    choices += [f"2A{r.randint(1, 360):03}", f"2B{r.randint(1, 360):03}", f"99{r.randint(100, 520):03}"]
    choices += [f"97{r.randint(1, 6)}{r.randint(1, 30):02}", f"98{r.randint(7, 8)}{r.randint(1, 30):02}"]
    if 30 <= year < 76:
        choices.append(f"20{r.randint(1, 360):03}")
    return f"{r.choice(sex.split())}{year:02}{month:02}{r.choice(choices)}{r.randint(1, 999):03}"


def nir_key(body):
    return 97 - int(body.replace("2A", "19", 1) if body[5:7] == "2A" else
                    body.replace("2B", "18", 1) if body[5:7] == "2B" else body) % 97  # fmt: skip


def nir_bare(r):
    body = nir_body(r)
    return f"{body}{nir_key(body):02}"


def nir(r):
    body = nir_body(r)
    key = f"{nir_key(body):02}"
    separator = r.choice([" ", " ", " ", blank(r), ".", "-"])
    spaced = groups(body, [1, 2, 2, 2, 3], separator)
    return r.choice([body + key, spaced + separator + key, spaced + separator + key, f"{body} {key}", spaced])


def wrong_nir(r):
    body = nir_body(r)
    key = (nir_key(body) + r.randint(1, 96) - 1) % 97 + 1
    return r.choice([body + f"{key:02}", groups(body, [1, 2, 2, 2, 3], " ") + f" {key:02}"])


# The shape of the national part: d for a digit, A for a capital letter.
IBAN = {
    "FR": "d" * 23, "DE": "d" * 18, "ES": "d" * 20, "IT": "A" + "d" * 22, "BE": "d" * 12, "NL": "AAAA" + "d" * 10,
    "GB": "AAAA" + "d" * 14, "LU": "d" * 16, "CH": "d" * 17, "PT": "d" * 21, "MC": "d" * 23, "NO": "d" * 11,
    "PL": "d" * 24, "IE": "AAAA" + "d" * 14, "TN": "d" * 20,
}  # fmt: skip


def iban_number(body):
    return int("".join(str(int(c, 36)) for c in body)) % 97


def iban_compact(r):
    country = r.choice(["FR"] * 8 + list(IBAN))
    body = "".join(r.choice("0123456789") if c == "d" else r.choice("ABCDEFGHKLMNPRST") for c in IBAN[country])
    return f"{country}{98 - iban_number(body + country + '00'):02}{body}"


def iban(r):
    compact = iban_compact(r)
    return r.choice([compact, groups(compact, [4] * 8, blank(r)), groups(compact, [4] * 8, " ")])


def wrong_iban(r):
    compact = iban_compact(r)
    compact = compact[:-1] + other_digit(r, compact[-1])
    return r.choice([compact, groups(compact, [4] * 8, " ")])


CARDS = [("4", 16), ("4", 16), ("51", 16), ("55", 16), ("2221", 16), ("2720", 16), ("34", 15), ("37", 15), ("36", 14),
         ("6011", 16), ("65", 16), ("3528", 16), ("62", 16), ("5018", 16), ("6759", 16)]  # fmt: skip


def card_compact(r):
    while True:
        prefix, length = r.choice(CARDS)
        body = prefix + digits(r, length - len(prefix) - 1)
        # One card of 14 digits in ten is a SIRET too, and then nothing tells which it is.
        if length != 14 or body[8] != luhn_digit(body[:8]):
            return body + luhn_digit(body)


def card(r):
    compact = card_compact(r)
    sizes = {14: [4, 6], 15: [4, 6], 16: [4, 4, 4]}[len(compact)]
    return r.choice([compact, groups(compact, sizes, r.choice([" ", " ", "-", blank(r)]))])


def wrong_card(r):
    compact = card_compact(r)
    compact = compact[:-1] + other_digit(r, compact[-1])
    return r.choice([compact, groups(compact, [4, 4, 4], " ") if len(compact) == 16 else compact])


LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"


def plate_new(r):
    letters = [a + b for a, b in ((r.choice(LETTERS), r.choice(LETTERS)) for _ in range(8)) if a + b not in ("SS", "WW")]
    first, second = letters[0], letters[1]
    number = f"{r.randint(1, 999):03}"
    return r.choice([f"{first}-{number}-{second}"] * 3 + [f"{first} {number} {second}", f"{first}{number}{second}"])


def plate_old(r):
    letters = "".join(r.choice("ABCDEFGHJKLMNPQRSTVWXYZ") for _ in range(r.choice([2, 2, 3])))
    if letters in ("KM", "KG", "CM", "MM", "ML", "CV", "KW", "TTC", "KWH", "MG", "HT", "HA", "CL", "DL", "GB", "MB", "PCS"):
        letters = "QZ"
    place = r.choice([f"{r.choice([d for d in range(1, 96) if d != 20]):02}", "2A", "2B", "971", "974"])
    separator = r.choice([" ", " ", "-"])
    return f"{r.randint(11, 9999)}{separator}{letters}{separator}{place}"


def siren_compact(r):
    body = r.choice("3456789") + digits(r, 7)
    return body + luhn_digit(body)


def siren(r):
    compact = siren_compact(r)
    return r.choice([compact, groups(compact, [3, 3], " "), groups(compact, [3, 3], blank(r))])


def wrong_siren(r):
    compact = siren_compact(r)
    compact = compact[:-1] + other_digit(r, compact[-1])
    return r.choice([compact, groups(compact, [3, 3], " ")])


def siret_compact(r):
    if r.random() < 0.1:  # La Poste: the digits add up to a multiple of five
        while True:
            compact = "356000000" + digits(r, 5)
            if sum(map(int, compact)) % 5 == 0:
                return compact
    body = siren_compact(r) + "0" + digits(r, 3)
    return body + luhn_digit(body)


def siret(r):
    compact = siret_compact(r)
    return r.choice([compact, groups(compact, [3, 3, 3], blank(r)), groups(compact, [9], " ")])


def wrong_siret(r):
    compact = siret_compact(r)
    while compact.startswith("356000000"):
        compact = siret_compact(r)
    compact = compact[:-1] + other_digit(r, compact[-1])
    return r.choice([compact, groups(compact, [3, 3, 3], " ")])


def ipv4(r):
    return ".".join(str(r.choice([r.randint(11, 223), r.randint(100, 223)])) for _ in range(4))


def ipv6(r):
    parts = [f"{r.randint(1, 0xFFFF):x}" for _ in range(8)]
    full = ":".join(["2a01"] + parts[:7])
    return r.choice([full, full.upper(), f"2a01:cb0{parts[0][-1]}:{parts[1]}::{parts[2]}", f"fe80::{parts[0]}:{parts[1]}:4{parts[2][:3]}"])


def ip(r):
    return r.choice([ipv4, ipv6])(r)


def url(r):
    host = r.choice(["www.example.fr", "example.com", "crm.example.co.uk:8443", "réseau.example.org", "81.56.12.3"])
    path = r.choice(["/profil/jean-dupont", "/u?id=123456", "?q=dupont", "/a/b/c.html#haut", "/users/42", "/é/x"])
    return r.choice(["https://", "http://", "https://", "HTTPS://", "ftp://"]) + host + path


def url_bare(r):
    return r.choice(["www.example.fr/profil/42", "linkedin.com/in/jean-dupont", "www.example.co.uk/?u=7", "t.me/dupont421",
                     "facebook.com/jean.dupont.7", "exemple.fr/clients/dupont"])  # fmt: skip


def date_parts(r, first=1925, last=2012):
    year, month = r.randint(first, last), r.randint(1, 12)
    return year, month, r.randint(1, monthrange(year, month)[1])


def date(r):
    y, m, d = date_parts(r)
    time = r.choice([""] * 6 + [" 14:05", "T08:30:00", "T23:59:59Z", "T10:00:00.250+02:00"])
    form = r.choice([f"{y}-{m:02}-{d:02}", f"{y}/{m:02}/{d:02}", f"{d:02}/{m:02}/{y}", f"{d:02}-{m:02}-{y}", f"{d:02}.{m:02}.{y}"])
    return form + time


def date_compact(r):
    y, m, d = date_parts(r)
    return f"{y}{m:02}{d:02}"


def wrong_date(r):
    y, m, d = date_parts(r)
    return r.choice([f"{y}-{r.randint(13, 99)}-{d:02}", f"{r.randint(32, 99)}/{m:02}/{y}", f"31/02/{y}", f"{d:02}/{m:02}/{r.randint(2300, 9999)}"])


def coordinates(r):
    lat, lon = r.uniform(42.4, 50.9), r.uniform(-4.5, 7.5)
    if r.random() < 0.2:
        lat, lon = r.uniform(-60, 70), r.uniform(-179, 179)
    places = r.choice([4, 5, 6, 6, 7])
    a, b = f"{lat:.{places}f}", f"{lon:.{places}f}"
    comma = f"{a} ; {b}".replace(".", ",")
    return r.choice([f"{a}, {b}", f"{a},{b}", f"{a};{b}", f"{a} {b}", f"({a}, {b})", comma, f"{a}/{b}", f"{abs(lat):.{places}f}° N, {abs(lon):.{places}f}° E"])


def coordinates_short(r):
    return f"{r.uniform(42.4, 50.9):.3f}, {r.uniform(-4.5, 7.5):.3f}"


def address(r):
    number = f"{r.randint(1, 199)}{r.choice(['', '', '', ' bis', ' ter', 'bis', ' B', ' quater'])}{r.choice([' ', ' ', ', '])}"
    middle = r.choice([", ", " ", " - ", ", Le Bourg, ", ", Bât. B, appt 12, ", "\n", " BP 30012, "])
    return f"{number}{r.choice(STREETS)}{middle}{r.choice(TOWNS)}"


def address_international(r):
    return r.choice(US)


# ----- other spellings of the same -----


def joined(r, parts, separators):
    """Groups with a separator drawn anew between any two."""
    text = parts[0]
    for part in parts[1:]:
        text += r.choice(separators) + part
    return text


def mobile(r):
    return r.choice(["06" + r.choice("124678"), "06" + r.choice("124678"), "07" + r.choice("68")]) + digits(r, 7)


def pairs(number):
    return [number[at : at + 2] for at in range(0, 10, 2)]


def phone_spelt(r):
    """Ten spellings of a French number beside the common ones."""
    n = phone_national(r)
    while all(int(p) <= 50 for p in pairs(n)):
        n = phone_national(r)
    p = pairs(n)
    return r.choice(
        [f"33 {n[1]} " + " ".join(p[1:]), joined(r, p, " .-") if r.random() < 0.9 else "-".join(p), "_".join(p), " - ".join(p),
         "  ".join(p), p[0] + "/" + ".".join(p[1:]), r.choice(["tel", "Tel", "TEL", "tél"]) + n, "Tél." + n,
         f"tél : {n[1:]}", f"Portable {n[1:]}", "tel+33" + n[1:], f"33-{n[1]}-" + "-".join(p[1:]), f"33 0{n[1]} " + " ".join(p[1:])]
    )  # fmt: skip


def phone_singles(r):
    while True:
        n = mobile(r)
        if sum(int(c) > 5 for c in n) >= 2:
            return r.choice([" ", " ", "-", "."]).join(n)


def phone_lost_zero(r):
    while True:
        n = mobile(r)[1:]
        if n[-1] != luhn_digit(n[:-1]):  # a SIREN else
            return n


def phone_float(r):
    return phone_lost_zero(r) + ".0"


def phone_33_float(r):
    return "33" + mobile(r)[1:] + ".0"


def phone_belgian(r):
    m = r.choice(["0470", "0471", "0475", "0478", "0486", "0495"]) + digits(r, 6)
    a, b = m[:4], m[4:]
    area = r.choice(["02", "02", "03"])
    seven = r.choice("2345678") + digits(r, 6)
    small = r.choice(["010", "065", "071", "081"]) + "/" + joined(r, [r.choice("23456") + digits(r, 1), digits(r, 2), digits(r, 2)], ".")
    return r.choice(
        [f"{a}/{b[:2]}.{b[2:4]}.{b[4:]}", f"{a}/{b[:2]}.{b[2:4]}.{b[4:]}", f"{a} {b[:2]} {b[2:4]} {b[4:]}", f"{a}/{b}",
         f"{a}/{b[:3]}.{b[3:]}", f"{area}/{seven[:3]}.{seven[3:5]}.{seven[5:]}", f"{area} {seven[:3]} {seven[3:5]} {seven[5:]}", small,
         f"{a}.{b[:2]}.{b[2:4]}.{b[4:]}", f"32 {a[1:]} {b[:2]} {b[2:4]} {b[4:]}"]
    )  # fmt: skip


def phone_swiss(r):
    n = r.choice(["076", "077", "078", "079", "021", "022", "044"]) + r.choice("23456789") + digits(r, 6)
    parts = [n[:3], n[3:6], n[6:8], n[8:]]
    return r.choice([" ", " ", ".", "-"]).join(parts)


def nir_spelt(r):
    """Other groups, and other ways to the key."""
    body = nir_body(r, "1 2")
    key = f"{nir_key(body):02}"
    sizes = [1, 2, 2, 3, 2, 3] if body[5:7] in ("97", "98") else [1, 2, 2, 2, 3, 3]
    parts, at = [], 0
    for size in sizes:
        parts.append(body[at : at + size])
        at += size
    spaced = " ".join(parts)
    return r.choice(
        [f"{spaced} {key}", f"{spaced} clé {key}", f"{body} clé {key}", f"{body} (clé : {key})"[:-1], f"{spaced} / {key}",
         f"{spaced}-{key}", f"{body}-{key}", "_".join(parts + [key]), "  ".join(parts + [key]), joined(r, parts + [key], " .-"),
         f"NIR{body}{key}", f"{spaced} cle {key}", "/".join(parts + [key])]
    )  # fmt: skip


def nir_float(r):
    while True:
        body = nir_body(r, "1 2")
        if body.isdigit():
            return f"{body}{nir_key(body):02}.0"


def iban_spelt(r):
    compact = iban_compact(r)
    french = "FR" + compact[2:4] if compact.startswith("FR") else None
    choices = [groups(compact, [6] * 6, " "), groups(compact, [4] * 8, "."), groups(compact, [4] * 8, "_"), groups(compact, [4] * 8, "  "),
               groups(compact, [4] * 8, "-"), "IBAN" + compact, groups(compact, [4] * 8, " ").lower(), groups(compact, [4] * 8, "/"),
               groups(compact, [5] * 8, " "), compact[:2] + " " + groups(compact[2:], [2] + [4] * 8, " ")]  # fmt: skip
    if french:
        choices += [f"{french} {groups(compact[4:], [5, 5, 11], ' ')}"] * 3 + [groups(compact, [3] * 8, " ")]
    return r.choice(choices)


RIB_LETTERS = {c: str(1 + at % 9) for at, c in enumerate("ABCDEFGHIJKLMNOPQR")} | {c: str(2 + at) for at, c in enumerate("STUVWXYZ")}


def rib_parts(r):
    bank, branch = digits(r, 5), digits(r, 5)
    account = digits(r, 11) if r.random() < 0.7 else digits(r, 7) + r.choice("ABCDEKLMNSTUZ") + digits(r, 3)
    number = int("".join(RIB_LETTERS.get(c, c) for c in account))
    return [bank, branch, account, f"{97 - (89 * int(bank) + 15 * int(branch) + 3 * number) % 97:02}"]


def rib(r):
    bank, branch, account, key = rib_parts(r)
    parts = [bank, branch, account, key]
    return r.choice(
        [" ".join(parts), " ".join(parts), "-".join(parts), ".".join(parts), "_".join(parts), "/".join(parts), "  ".join(parts),
         f"{bank} {branch} {account} clé {key}", f"{bank} {branch} {account[:4]} {account[4:8]} {account[8:]} {key}",
         f"{bank} {branch} {account} / {key}", "RIB " + " ".join(parts)]
    )  # fmt: skip


def rib_compact(r):
    return "".join(rib_parts(r))


def wrong_rib(r):
    parts = rib_parts(r)
    parts[3] = f"{int(parts[3]) % 97 + 1:02}"
    return r.choice(["", " "]).join(parts)


def niss_compact(r):
    y, m, d = date_parts(r, 1930, 2015)
    body = f"{y % 100:02}{m:02}{d:02}{r.randint(1, 997):03}"
    return f"{body}{97 - int(('2' if y >= 2000 else '') + body) % 97:02}"


def niss(r):
    n = niss_compact(r)
    p = [n[:2], n[2:4], n[4:6], n[6:9], n[9:]]
    return r.choice(
        [f"{p[0]}.{p[1]}.{p[2]}-{p[3]}.{p[4]}", f"{p[0]}.{p[1]}.{p[2]}-{p[3]}.{p[4]}", " ".join(p), "-".join(p), ".".join(p),
         f"{n[:6]}-{p[3]}-{p[4]}", f"{n[:6]}-{p[3]}.{p[4]}", f"{n[:6]} {p[3]} {p[4]}", f"{p[0]}/{p[1]}/{p[2]}-{p[3]}.{p[4]}",
         f"{p[0]}.{p[1]}.{p[2]} {p[3]} {p[4]}"]
    )  # fmt: skip


def wrong_niss(r):
    n = niss_compact(r)
    return n[:9] + f"{(int(n[9:]) + r.choice([1, 2, 3, 5, 7])) % 97:02}"


def avs_compact(r):
    body = "756" + digits(r, 9)
    total = sum(int(c) * (3 if at % 2 else 1) for at, c in enumerate(body))
    return body + str(-total % 10)


def avs(r):
    n = avs_compact(r)
    return r.choice([".", ".", ".", " ", "-", "_", "  "]).join([n[:3], n[3:7], n[7:11], n[11:]])


def vat(r):
    body = siren_compact(r)
    key = f"{(12 + 3 * (int(body) % 97)) % 97:02}"
    spaced = groups(body, [3, 3], " ")
    return r.choice(
        [f"FR{key}{body}", f"FR{key}{body}", f"FR {key} {spaced}", f"FR{key} {spaced}", f"FR {key}{body}", f"FR{key} {body}",
         f"fr{key}{body}", f"FR-{key}-{body}", f"FR{key}.{spaced.replace(' ', '.')}", f"TVA FR{key}{body}", f"FR_{key}_{body}"]
    )  # fmt: skip


def wrong_vat(r):
    body = siren_compact(r)
    key = (12 + 3 * (int(body) % 97)) % 97
    return f"FR{(key + r.randint(1, 90)) % 97:02}{body}"


def email_spelt(r):
    first, last = (r.choice(names).lower().replace("'", "") for names in (FIRST, LAST))
    local = r.choice([f"{first}.{last}", f"{first[0]}{last}", f"{last}-{first}", f"{first}.{last}+crm", f"{first}{r.randint(1, 99)}"])
    site, end = r.choice(["example", "orange-mail", "exemple", "laposte", "gmail", "hotmail"]), r.choice(["fr", "com", "net"])
    domain = f"{site}.{end}"
    return r.choice(
        [f"{local} @ {domain}", f"{local}@ {domain}", f"{local} @{domain}", f"{local} [at] {domain}", f"{local}[at]{domain}",
         f"{local}(at){domain}", f"{local} (at) {domain}", f"{local} arobase {domain}", f"{local} arobase {site} point {end}",
         f"{local} at {site} dot {end}", f"{local}[at]{site}[dot]{end}", f"{local}&#64;{domain}", f"{local}%40{domain}",
         f"{local}@{site},{end}", f"{local}@gmail,com", f"{local} (arobase) {site} (point) {end}", f"{local.upper()} @ {domain.upper()}",
         f"{local}@gmailcom", f"{local}=40{domain}", f"{local}\\u0040{domain}", f"{local}-at-orange.fr", f"{local}àorange.fr",
         f"{local} [at] proton [dot] me"]
    )  # fmt: skip


def plate_spelt(r):
    while True:
        plate = plate_new(r)
        a, number, b = plate[:2], "".join(c for c in plate if c.isdigit()), plate[-2:]
        if a not in ("KM", "KG", "CM", "HT", "EU", "EX", "RN") and b not in ("KM", "KG", "CM", "HT", "EU", "EX", "RN"):
            break
    low = lambda sign: sign.join([a.lower(), number, b.lower()])  # noqa: E731
    if any(pair.lower() in "le la de sa ma ta ce se me te ne es as at".split() for pair in (a, b)):
        return f"{a.lower()}-{number}-{b.lower()}"
    return r.choice([low("-"), low(" "), f"{a}.{number}.{b}", f"{a}_{number}_{b}", f"{a} - {number} - {b}", f"{a} {number}-{b}",
                     low("."), f"{a}/{number}/{b}", f"immat{a}{number}{b}", low("_"), f"{a.title()}-{number}-{b.title()}"])  # fmt: skip


def plate_low_compact(r):
    return "".join(c for c in plate_new(r) if c.isalnum()).lower()


MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
CUT = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split()
ENGLISH = "January February March April May June July August September October November December".split()


def date_in_words(r):
    y, m, d = date_parts(r, 1930, 2008)
    day = "1er" if d == 1 else str(d)
    month, cut, english = MONTHS[m - 1], CUT[m - 1], ENGLISH[m - 1]
    return r.choice(
        [f"{day} {month} {y}", f"{day} {month} {y}", f"{d:02} {month} {y}", f"{day} {month.upper()} {y}", f"{day} {cut} {y}",
         f"{d} {english} {y}", f"{english} {d}, {y}", f"{d}-{english[:3]}-{y}", f"{d} {english[:3]} {y}", f"{english[:3]} {d}, {y}",
         f"{day} {month.replace('é', 'e').replace('û', 'u')} {y}"]
    )  # fmt: skip


def date_short(r):
    y, m, d = date_parts(r, 1940, 1999)
    return r.choice("/ / / . -".split()).join([f"{d:02}", f"{m:02}", f"{y % 100:02}"])


def born_recently(r):
    y, m, d = date_parts(r, 2010, 2020)
    return r.choice(["né le ", "née le ", "ddn : ", "naissance : "]) + r.choice([f"{d:02}/{m:02}/{y % 100:02}", f"{d} {MONTHS[m - 1]} {y}"])


def born_in_digits(r):
    y, m, d = date_parts(r, 1935, 2009)
    return r.choice([f"DDN {d:02}{m:02}{y}", f"né le {d:02} {m:02} {y % 100:02}", f"naissance : {d:02}{m:02}{y % 100:02}",
                     f"née le {d:02} / {m:02} / {y}", f"née le {y}.{m:02}.{d:02}"])  # fmt: skip


def card_spelt(r):
    card = card_compact(r)
    sizes = {14: [4, 6, 4], 15: [4, 6, 5], 16: [4] * 4, 19: [4, 4, 4, 4, 3]}[len(card)]
    return groups(card, sizes, r.choice(["  ", "_", ".", "/", " - "]))


def date_unpadded(r):
    y, m, d = date_parts(r, 1930, 2012)
    return f"{d % 9 + 1}/{m % 9 + 1}/{y}"


NAMES = "Haute|des Lilas|de la Gare|Victor Hugo|du Moulin|de l'Église|Carnot|Jean Jaurès|des Écoles|du 8 Mai 1945|Saint-Michel".split("|")
TOWNS_ALONE = "Lyon|Paris|Marseille|Nantes|Saint-Étienne|BORDEAUX|Le Mans|Aix-en-Provence|Lille|Dijon".split("|")
ROADS = "rue|rue|rue|avenue|av.|boulevard|bd|chemin|impasse|allée|place|quai".split("|")


def street_and_number(r):
    return f"{r.randint(1, 199)}{r.choice(['', '', '', ' bis', ' ter', ' B'])}{r.choice([' ', ' ', ', '])}{r.choice(ROADS)} {r.choice(NAMES)}"


def address_code_first(r):
    town = r.choice([t for t in TOWNS if "Cedex" not in t])
    return f"{town}{r.choice([', ', ' - ', ', '])}{street_and_number(r)}"


def address_town(r):
    return f"{street_and_number(r)}{r.choice([', ', ' - ', ', '])}{r.choice(TOWNS_ALONE)}"


ABROAD = (
    "Rue Haute {n}, 1000 Bruxelles|Avenue Louise {n} bte 3, 1050 Ixelles|Chaussée de Wavre {n} - 1040 Etterbeek|Kerkstraat {n}, 9000 Gent|"
    "Rue de la Station {n}, 4000 Liège|Boulevard Tirou {n}, B-6000 Charleroi|Rue du Rhône {n}, 1204 Genève|Rue du Rhône {n}, CH-1204 Genève|"
    "Bahnhofstrasse {n}, 8001 Zürich|Avenue de la Gare {n}, 1003 Lausanne|Chemin des Vignes {n}, 1950 Sion|{n}, rue de la Gare L-1611 Luxembourg|"
    "{n}, rue de la Gare, L-1611 Luxembourg|{n} avenue de la Liberté, L-1930 Luxembourg|{n} rue Haute, 1000 Bruxelles|Gartenweg {n}, 3012 Bern|"
    "Goethestraße {n}, 20095 Hamburg|Lindenweg {n}a, D-50667 Köln|Bahnhofstr. {n}, 80331 München|Calle Mayor {n}, 28013 Madrid|"
    "C/ Serrano {n}, 28006 Madrid|Via Garibaldi {n}, 20121 Milano|Piazza Dante {n}, 80132 Napoli|Rua Augusta {n}, 1100-053 Lisboa|"
    "Keizersgracht {n}, 1016 DR Amsterdam|Damrak {n}, 1012 LG Amsterdam|{n} High Street, Leeds LS1 4DY|{n} Church Lane, London SW1A 1AA|"
    "cours Gambetta {n}, 69003 Lyon|habite {n} rue des Lilas|domicilié {n} avenue Foch"
).split("|")


def address_abroad(r):
    return r.choice(ABROAD).format(n=r.randint(1, 150))
