"""The engines of the conformance test: each gets a table of texts, runs a query, and gives rows back.

Why: what `crm-anon sql` prints is right only if the engines themselves agree, so they are installed here and asked:
DuckDB, ClickHouse and Spark from PyPI, in this Python; PostgreSQL, MariaDB, MySQL and Java from Debian, the three servers with data of
their own on a local socket in the work folder, stopped and removed at the end. A row is a list of texts, `NULL` being an empty one.
"""

import csv
import io
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

# What pip installs for an engine; a server of its own is a Debian package.
PACKAGES = {
    "duckdb": ["duckdb==2.0.0"], "spark": ["pyspark==4.3.0"], "spark-3.5": ["pyspark==3.5.7", "setuptools==80.9.0"],
    "mariadb": ["PyMySQL==1.1.1"], "mysql": ["PyMySQL==1.1.1"], "clickhouse": ["chdb==4.4.0"],
}


class Refused(Exception):
    """An engine stopped a query; the text is its message."""


def texts(rows) -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def write(path: pathlib.Path, rows: list[list[str]]) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)


class DuckDb:
    dialect = "duckdb"
    reads_csv = True
    settings = [""]  # what stands before a query that must not depend on it

    def __init__(self, folder: pathlib.Path) -> None:
        import duckdb

        self.folder, self.connection = folder, duckdb.connect()
        self.connection.execute("SET threads = 2")

    def quoted(self, name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    def load(self, table: str, header: list[str], rows: list[list[str]]) -> None:
        columns = ", ".join(f"{self.quoted(name)} VARCHAR" for name in header)
        self.connection.execute(f"CREATE OR REPLACE TABLE {self.quoted(table)} ({columns})")
        places = ", ".join("?" for _ in header)
        cells = ", ".join([f"({places})"] * len(rows))
        if len(rows) > 1000:
            write(self.folder / "load.csv", rows)
            self.connection.execute(f"COPY {self.quoted(table)} FROM '{self.folder}/load.csv' (FORMAT csv, HEADER false, AUTO_DETECT false)")
        elif rows:
            values = [cell for row in rows for cell in row]
            self.connection.execute(f"INSERT INTO {self.quoted(table)} VALUES {cells}", values)

    def run(self, query: str) -> list[list[str]]:
        """The rows of a query, the header first."""
        try:
            result = self.connection.execute(query)
            return [[column[0] for column in result.description], *texts(result.fetchall())]
        except Exception as error:  # every engine has its own
            raise Refused(str(error)) from None

    def close(self) -> None:
        self.connection.close()


class Spark:
    dialect = "spark"
    reads_csv = True
    # How casts fail, and what two quotes side by side are, which version 3.5 does not know.
    settings = [
        "",
        "SET spark.sql.ansi.enabled = true;\nSET spark.sql.legacy.consecutiveStringLiterals.enabled = true;\n",
        "SET spark.sql.ansi.enabled = false;\nSET spark.sql.legacy.consecutiveStringLiterals.enabled = false;\n",
        "RESET;\n",
    ]

    def __init__(self, folder: pathlib.Path) -> None:
        if shutil.which("java") is None:
            install("default-jre-headless")
        from pyspark.sql import SparkSession

        settings = {
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.shuffle.partitions": "4",
            "spark.driver.memory": "2g",
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
            "spark.local.dir": str(folder / "spark"),
        }
        builder = SparkSession.builder.master("local[2]").appName("crm-anon")
        for key, value in settings.items():
            builder = builder.config(key, value)
        self.session = builder.getOrCreate()
        self.session.sparkContext.setLogLevel("OFF")
        self.folder = folder

    def quoted(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def load(self, table: str, header: list[str], rows: list[list[str]]) -> None:
        from pyspark.sql.types import StringType, StructField, StructType

        schema = StructType([StructField(name, StringType()) for name in header])
        self.session.createDataFrame(rows, schema).createOrReplaceTempView(self.quoted(table))

    def run(self, query: str) -> list[list[str]]:
        try:
            # A statement ends its line with a semicolon; no text in a query does.
            *before, last = [part for part in query.split(";\n") if part.strip()]
            for statement in before:
                self.session.sql(statement)
            result = self.session.sql(last)
            return [result.columns, *texts(result.collect())]
        except Exception as error:  # every engine has its own
            raise Refused(str(error)) from None

    def close(self) -> None:
        self.session.stop()


class PostgreSql:
    dialect = "postgresql"
    reads_csv = False
    settings = [f"SET standard_conforming_strings = {value};\n" for value in ("on", "off")]

    def __init__(self, folder: pathlib.Path) -> None:
        programs = self.programs()
        if programs is None:
            install("postgresql")
            programs = self.programs()
        if programs is None:
            raise SystemExit("no PostgreSQL server was installed")
        self.bin, self.folder = programs, folder / "postgresql"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.user = []
        if os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(self.folder, "postgres")
            self.user = ["runuser", "-u", "postgres", "--"]
        self.data = self.folder / "data"
        self.program("initdb", "--pgdata", self.data, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c shared_buffers=256MB"
        self.program("pg_ctl", "--pgdata", self.data, "--options", options, "--log", self.folder / "log", "-w", "start")

    @staticmethod
    def programs() -> pathlib.Path | None:
        found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        return found[-1].parent if found else None

    def program(self, name: str, *arguments) -> None:
        command = [*self.user, str(self.bin / name), *map(str, arguments)]
        done = subprocess.run(command, cwd="/", capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{name}: {done.stderr}")

    def psql(self, command: list[str], text: str) -> str:
        base = [*self.user, str(self.bin / "psql"), "-h", str(self.folder), "-d", "postgres", "-X", "-q"]
        done = subprocess.run(
            [*base, "-v", "ON_ERROR_STOP=1", *command], cwd="/", input=text, capture_output=True, text=True, encoding="utf-8"
        )
        if done.returncode != 0:
            raise Refused(done.stderr)
        return done.stdout

    def quoted(self, name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    def load(self, table: str, header: list[str], rows: list[list[str]]) -> None:
        columns = ", ".join(f"{self.quoted(name)} text" for name in header)
        name = self.quoted(table)
        self.psql(["-f", "-"], f"DROP TABLE IF EXISTS {name}; CREATE TABLE {name} ({columns});\n")
        content = io.StringIO(newline="")
        csv.writer(content, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
        self.psql(["-c", f"COPY {name} FROM STDIN WITH (FORMAT csv)"], content.getvalue())

    def run(self, query: str) -> list[list[str]]:
        """The rows of a query that copies its result to standard output, the header first."""
        shown = self.psql(["-f", "-"], query)
        return list(csv.reader(io.StringIO(shown, newline="")))

    def close(self) -> None:
        self.program("pg_ctl", "--pgdata", self.data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder)


class MariaDb:
    dialect = "mariadb"
    reads_csv = False
    # What a backslash, two pipes or double quotes mean, the character set of the connection, and how patterns are read.
    settings = [
        "",
        "SET sql_mode = 'NO_BACKSLASH_ESCAPES';\n",
        "SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES';\n",
        "SET sql_mode = 'STRICT_ALL_TABLES,PIPES_AS_CONCAT,IGNORE_SPACE,HIGH_NOT_PRECEDENCE';\n",
        "SET default_regex_flags = 'DOTALL,EXTENDED,MULTILINE,UNGREEDY';\n",
        "SET collation_connection = 'utf8mb4_general_ci';\n",
    ]

    def __init__(self, folder: pathlib.Path) -> None:
        import pymysql

        self.folder = folder / self.dialect
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.user = []
        # The path of a socket has 107 characters at most.
        self.sockets = pathlib.Path(tempfile.mkdtemp(prefix=f"{self.dialect}-"))
        making, serving = self.commands()
        if os.geteuid() == 0:
            self.user = ["runuser", "-u", "mysql", "--"]
            for each in (self.folder, self.sockets):
                shutil.chown(each, "mysql")
        subprocess.run([*self.user, *making], cwd="/", check=True, capture_output=True)
        socket = self.sockets / "socket"
        options = ["--skip-networking", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=256M", f"--socket={socket}"]
        server = [*self.user, *serving, f"--log-error={self.folder}/log", *options]
        self.server = subprocess.Popen(server, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        connect = lambda **more: pymysql.connect(unix_socket=str(socket), user="root", charset="utf8mb4", autocommit=True, **more)
        for _ in range(600):
            try:
                connect().cursor().execute("CREATE DATABASE conformance CHARACTER SET latin1")
                break
            except pymysql.err.OperationalError:
                if self.server.poll() is not None:
                    break
                time.sleep(0.1)
        self.connect = lambda: connect(database="conformance")
        self.connection = self.connect()

    def commands(self) -> tuple[list[str], list[str]]:
        """What makes the folder of the data, and what serves it."""
        if shutil.which("mariadbd") is None:
            install("mariadb-server")
        data = f"--datadir={self.folder}/data"
        making = ["mariadb-install-db", "--no-defaults", data, "--auth-root-authentication-method=normal", "--skip-test-db"]
        return making, ["mariadbd", "--no-defaults", data]

    def quoted(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def load(self, table: str, header: list[str], rows: list[list[str]]) -> None:
        columns = ", ".join(f"{self.quoted(name)} text CHARACTER SET utf8mb4" for name in header)
        name = self.quoted(table)
        with self.connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {name}")
            cursor.execute(f"CREATE TABLE {name} ({columns})")
            places = ", ".join("%s" for _ in header)
            cursor.executemany(f"INSERT INTO {name.replace('%', '%%')} VALUES ({places})", rows)

    def run(self, query: str) -> list[list[str]]:
        """The rows of a query in a session of its own."""
        import pymysql

        connection = self.connect()
        try:
            with connection.cursor() as cursor:
                *before, last = [part for part in query.split(";\n") if part.strip()]
                for statement in before:
                    cursor.execute(statement)
                cursor.execute(last)
                return [[column[0] for column in cursor.description], *texts(cursor.fetchall())]
        except pymysql.err.Error as error:
            raise Refused(str(error)) from None
        finally:
            connection.close()

    def close(self) -> None:
        self.server.terminate()
        self.server.wait(60)
        shutil.rmtree(self.folder)
        shutil.rmtree(self.sockets)


class MySql(MariaDb):
    """The server of Debian's development branch, unpacked with the libraries that it takes, and nothing installed."""

    dialect = "mysql"
    settings = [
        "",
        "SET sql_mode = 'NO_BACKSLASH_ESCAPES';\n",
        "SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES';\n",
        "SET sql_mode = 'STRICT_ALL_TABLES,PIPES_AS_CONCAT,IGNORE_SPACE,HIGH_NOT_PRECEDENCE';\n",
        "SET collation_connection = 'utf8mb4_general_ci';\n",
        "SET NAMES latin1;\nSET character_set_results = utf8mb4;\nSET character_set_client = utf8mb4;\n",
    ]

    def commands(self) -> tuple[list[str], list[str]]:
        unpacked = self.folder.parent / "mysql-unpacked"
        if not (unpacked / "complete").exists():
            unpack(unpacked, ["mysql-server-core", "libc6"])
        subprocess.run(["sh", "-c", "id mysql || useradd --system mysql"], check=os.geteuid() == 0, capture_output=True)
        libraries = ["--library-path", f"{unpacked}/usr/lib/x86_64-linux-gnu"]
        data = [f"--datadir={self.folder}/data", f"--basedir={unpacked}/usr", f"--lc-messages-dir={unpacked}/usr/share/mysql"]
        server = [f"{unpacked}/usr/lib64/ld-linux-x86-64.so.2", *libraries, f"{unpacked}/usr/sbin/mysqld", "--no-defaults", *data]
        own = ["--mysqlx=OFF", "--skip-log-bin", "--secure-file-priv=NULL", f"--pid-file={self.sockets}/pid"]
        return [*server, "--initialize-insecure"], [*server, *own]


class ClickHouse:
    dialect = "clickhouse"
    reads_csv = False
    settings = [""]

    def __init__(self, folder: pathlib.Path) -> None:
        from chdb import session

        self.folder = folder / "clickhouse"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.session = session.Session(str(self.folder))
        self.session.query("CREATE DATABASE conformance ENGINE = Memory")
        self.session.query("USE conformance")
        self.session.query("SET max_query_size = 10000000")  # of awkward.toml, with 30 columns

    def quoted(self, name: str) -> str:
        return '"' + name.replace("\\", "\\\\").replace('"', '""') + '"'

    def load(self, table: str, header: list[str], rows: list[list[str]]) -> None:
        columns = ", ".join(f"{self.quoted(name)} Nullable(String)" for name in header)
        name = self.quoted(table)
        self.session.query(f"DROP TABLE IF EXISTS {name}")
        self.session.query(f"CREATE TABLE {name} ({columns}) ENGINE = Memory")
        if rows:
            path = self.folder / "load.jsonl"
            path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
            self.session.query(f"INSERT INTO {name} FROM INFILE '{path}' FORMAT JSONCompactEachRow")

    def run(self, query: str) -> list[list[str]]:
        try:
            *before, last = [part for part in query.split(";\n") if part.strip()]
            for statement in before:
                self.session.query(statement)
            lines = self.session.query(last, "JSONCompactEachRowWithNames").data().splitlines()
        except Exception as error:  # every engine has its own
            raise Refused(str(error)) from None
        return texts(json.loads(line) for line in lines)

    def close(self) -> None:
        self.session.close()
        shutil.rmtree(self.folder, ignore_errors=True)


ENGINES = {engine.dialect: engine for engine in (DuckDb, PostgreSql, MariaDb, MySql, ClickHouse, Spark)}
ENGINES["spark-3.5"] = Spark


def install(package: str) -> None:
    """Installs a Debian package."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-q"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["apt-get", "install", "-qy", "--no-install-recommends", package], check=True, env=environment, stdout=subprocess.DEVNULL)


def unpack(folder: pathlib.Path, packages: list[str]) -> None:
    """Unpacks packages of Debian's development branch, and all that they depend on, into a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    state = folder / "apt"
    for each in ("lists/partial", "cache/archives/partial"):
        (state / each).mkdir(parents=True)
    (state / "status").touch()  # as if nothing was installed
    signed = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]"
    (state / "sources.list").write_text(f"deb {signed} http://deb.debian.org/debian unstable main\n")
    places = {
        "Dir::Etc::sourcelist": "sources.list", "Dir::State::lists": "lists", "Dir::Cache": "cache", "Dir::State::status": "status",
    }
    options = [word for name, place in places.items() for word in ("-o", f"{name}={state / place}")]
    apt = ["apt-get", "-q", *options, "-o", "Dir::Etc::sourceparts=-", "-o", "APT::Sandbox::User=root"]
    for command in (["update"], ["install", "-y", "--no-install-recommends", "--download-only", *packages]):
        subprocess.run([*apt, *command], check=True, stdout=subprocess.DEVNULL)
    for package in sorted((state / "cache/archives").glob("*.deb")):
        subprocess.run(["dpkg", "-x", str(package), str(folder)], check=True)
    shutil.rmtree(state)
    (folder / "complete").touch()


def prepare(engines: list[str]) -> None:
    """Installs the Debian packages that these engines lack."""
    if "postgresql" in engines and PostgreSql.programs() is None:
        install("postgresql")
    if "mariadb" in engines and shutil.which("mariadbd") is None:
        install("mariadb-server")
    if {"spark", "spark-3.5"} & set(engines) and shutil.which("java") is None:
        install("default-jre-headless")
