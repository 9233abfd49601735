"""What `crm-anon sql` prints, in an engine: `peer_sql.py DIALECT PROGRAM INPUT OUTPUT THREADS`.

Why: whoever has the engine already runs the printed query there, from CSV to CSV. So this prints the query as a user
would, runs it in this very process (DuckDB) or in a local session that ends with it (Spark), and writes nothing itself.
Prints the seconds of the query alone: reading, transforming and writing, without starting Python, a JVM or a session.
"""

import subprocess
import sys
import time
from pathlib import Path


def main() -> None:
    dialect, program, source, target, threads = sys.argv[1:6]
    printing = [program, "sql", "--dialect", dialect, "--csv", source, "--copy-to", target]
    query = subprocess.run(printing, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8").stdout
    print({"duckdb": duckdb, "spark": spark}[dialect](query, Path(target).parent, int(threads)))


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
