"""What `crm-anon sql` prints, in an engine: `peer_sql.py DIALECT[-bare] PROGRAM INPUT OUTPUT THREADS`.

Why: whoever has the engine already runs the printed query there, from CSV to CSV. So this prints the query as a user
would, runs it in this very process (DuckDB) or in a local session that ends with it (Spark), and writes nothing itself.
INPUT is a CSV file, or a folder of CSV or Parquet files (`*.csv`, `*.parquet`) with the names of their columns in
`columns.txt`. `duckdb-bare` reads the same columns, puts the rows into random order and writes them as they are: what the
rules cost is the difference. Prints the seconds of the query alone: reading, transforming and writing, without starting Python, a JVM or a session.
"""

import re
import subprocess
import sys
import time
from pathlib import Path


def main() -> None:
    dialect, program, source, target, threads = sys.argv[1:6]
    engine, _, bare = dialect.partition("-")
    folder, before = Path(source), ""
    reading = ["--csv", source]
    if folder.is_dir():
        columns = ["--columns", str(folder / "columns.txt")]
        reading = ["--csv", f"{source}/*.csv", *columns]
        if list(folder.glob("*.parquet")):
            reading = ["--table", "base_client", *columns]
            before = VIEWS[engine].format(f"{source}/*.parquet")
    printing = [program, "sql", "--dialect", engine, *reading, "--copy-to", target]
    query = subprocess.run(printing, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8").stdout
    query = before + (without_rules(query) if bare else query)
    print({"duckdb": duckdb, "spark": spark}[engine](query, Path(target).parent, int(threads)))


VIEWS = {
    "duckdb": "CREATE VIEW base_client AS FROM read_parquet('{}');\n",
    "spark": "CREATE TEMPORARY VIEW base_client USING parquet OPTIONS (path '{}');\n",
}


def without_rules(query: str) -> str:
    """A query of DuckDB's that reads, shuffles and writes the columns that this one reads."""
    names = ", ".join(re.findall(r'CAST\(("(?:[^"]|"")+") AS VARCHAR\)', query))
    source = re.search(r"FROM (read_csv\(.*\)|\"base_client\")\n", query)[1]
    copied = re.search(r"\n\) TO .*", query)[0]
    rows = f"SELECT {names}, gen_random_uuid() AS random_order FROM {source}"
    return f'COPY (\nSELECT row_number() OVER (ORDER BY random_order) AS "Index_rd", {names} FROM ({rows}){copied}\n'


def duckdb(query: str, _: Path, threads: int) -> float:
    from duckdb import connect

    connection = connect()
    connection.execute(f"SET threads = {threads}")
    begin = time.perf_counter()
    connection.execute(query)
    return time.perf_counter() - begin


def spark(query: str, folder: Path, threads: int) -> float:
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.memory": "2g",
        "spark.sql.shuffle.partitions": str(2 * threads),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "spark"),
    }
    builder = SparkSession.builder.master(f"local[{threads}]").appName("crm-anon")
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    begin = time.perf_counter()
    # A statement ends its line with a semicolon; no text in a query does.
    for statement in [part for part in query.split(";\n") if part.strip()]:
        session.sql(statement)
    seconds = time.perf_counter() - begin
    # The JVM's end is waited for, so that its processor time is counted.
    gateway = session.sparkContext._gateway
    session.stop()
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()
    return seconds


main()
