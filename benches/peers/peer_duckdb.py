"""The table `anonymisation` in DuckDB: `peer_duckdb.py INPUT OUTPUT THREADS`.

Why: the other fast peer, in its fastest form: one `COPY (SELECT …) TO`, every column read as text, in the order of the
input. The index is a random number, for `row_number()` and sequences would hold it to one thread; that it may repeat
is let pass here, and so is that any five digits count as a postal code.
Prints the seconds of the work itself, without starting Python and importing DuckDB.
"""

import sys
import time

import duckdb

CODE = r"\b([0-9]{5})\b"
TOWN_BEHIND = r"[\s,-]+\pL"

QUERY = """
COPY (
  SELECT (random() * 1e15)::BIGINT AS Index_rd,
    metier, sexe,
    year(try_strptime(date_naissance, '%Y-%m-%d')) AS Annee_naissance,
    enfant_conduite_accompagne,
    CASE WHEN try_cast(nombre_enfants AS INTEGER) > 0 THEN 'oui'
         WHEN try_cast(nombre_enfants AS INTEGER) = 0 THEN 'non' END AS "Enfant(s)?",
    {revenus} AS Tranche_revenus,
    {valeur_residence_prin} AS Tranche_valeur_residence_prin,
    formation, usage_vehicule, type_vehicule, est_rouge, points_perdus, age_vehicule, type_conduite,
    etat_dossier, formule,
    {tarif_devis} AS Tranche_tarif_devis,
    {code_postal} AS Code_postal
  FROM read_csv($source, header = true, delim = ',', quote = '"', escape = '"', all_varchar = true,
                auto_detect = false, columns = {columns})
) TO '{target}' (HEADER, DELIMITER ',')
"""


def bucket(column: str, width: int) -> str:
    low = f"floor(try_cast({column} AS DECIMAL(18, 2)) / {width})::BIGINT * {width}"
    return f"({low}) || '-' || ({low} + {width})"


def postal_code(column: str) -> str:
    with_town = f"regexp_extract_all({column}, '{CODE}{TOWN_BEHIND}', 1)[-1]"
    return f"coalesce({with_town}, regexp_extract_all({column}, '{CODE}', 1)[-1])"


def main() -> None:
    source, target, threads = sys.argv[1:4]
    begin = time.perf_counter()
    with open(source, encoding="utf-8") as file:
        header = file.readline().strip().split(",")
    connection = duckdb.connect()
    connection.execute(f"SET threads = {int(threads)}")
    query = QUERY.format(
        revenus=bucket("revenus", 20_000),
        valeur_residence_prin=bucket("valeur_residence_prin", 20_000),
        tarif_devis=bucket("tarif_devis", 50),
        code_postal=postal_code("adresse"),
        columns="{" + ", ".join(f"'{name}': 'VARCHAR'" for name in header) + "}",
        target=target.replace("'", "''"),
    )
    connection.execute(query, {"source": source})
    print(time.perf_counter() - begin)


main()
