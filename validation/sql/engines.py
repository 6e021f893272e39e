"""DuckDB, PostgreSQL and Spark, each with a table of made-up rows, on which statements are run."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

__all__ = ["ENGINES", "Run", "duckdb_engine", "postgres_engine", "postgres_programs", "spark_engine"]

#: A function that runs a statement over the table `labs`.
Run = Callable[[str], pd.DataFrame]


@contextmanager
def duckdb_engine(table: pd.DataFrame) -> Iterator[Run]:
    """Yield a function that runs a statement in DuckDB."""
    import duckdb

    with duckdb.connect() as connection:
        connection.register("given", table)
        connection.execute("CREATE TABLE labs AS SELECT * FROM given")
        yield lambda statement: connection.execute(statement).df()


def postgres_programs() -> Path | None:
    """Return the folder of PostgreSQL's server, or None if it is not installed."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin/initdb"), *filter(None, [shutil.which("initdb")])]
    return Path(max(map(str, found))).parent if found else None


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start a new server on a socket in a new folder, and yield its connection string. It never runs as root."""
    programs = postgres_programs()
    if programs is None:
        raise FileNotFoundError("PostgreSQL's server is not installed")
    owner = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="b12labs-") as name:
        if owner is not None:
            shutil.chown(name, owner)
        folder = Path(name) / "data"

        def do(*command: str) -> None:
            subprocess.run(
                [str(programs / command[0]), *command[1:]], check=True, user=owner, cwd=name, capture_output=True
            )

        do(
            "initdb",
            "--pgdata",
            str(folder),
            "--auth",
            "trust",
            "--username",
            "b12labs",
            "--encoding",
            "UTF8",
            "--no-sync",
        )
        settings = f"-k {name} -c listen_addresses='' -c fsync=off -c shared_buffers=256MB"
        log = str(Path(name) / "log")
        do("pg_ctl", "--pgdata", str(folder), "--wait", "--log", log, "--options", settings, "start")
        try:
            yield f"host={name} user=b12labs dbname=postgres"
        finally:
            do("pg_ctl", "--pgdata", str(folder), "--mode", "immediate", "stop")


@contextmanager
def postgres_engine(table: pd.DataFrame) -> Iterator[Run]:
    """Yield a function that runs a statement in PostgreSQL."""
    import psycopg

    with postgres_server() as where, psycopg.connect(where) as connection, connection.cursor() as cursor:
        kinds = {"f": "double precision", "i": "bigint", "b": "boolean"}
        columns = [f'"{name}" {kinds.get(table[name].dtype.kind, "text")}' for name in table]
        cursor.execute(f"CREATE TABLE labs ({', '.join(columns)})".encode())
        cells = table.astype(object).where(table.notna(), None)
        with cursor.copy("COPY labs FROM STDIN") as copy:
            for row in cells.itertuples(index=False):
                copy.write_row(row)

        def run(statement: str) -> pd.DataFrame:
            cursor.execute(statement.encode())
            assert cursor.description is not None
            return pd.DataFrame(cursor.fetchall(), columns=[column.name for column in cursor.description])

        yield run


@contextmanager
def spark_engine(table: pd.DataFrame) -> Iterator[Run]:
    """Yield a function that runs a statement in a local session of Spark."""
    from pyspark.sql import SparkSession

    settings = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session: Any = settings.config("spark.driver.memory", "3g").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")

    def run(statement: str) -> pd.DataFrame:
        found = session.sql(statement)
        return pd.DataFrame([tuple(row) for row in found.collect()], columns=found.columns)

    with tempfile.TemporaryDirectory(prefix="b12labs-") as name:
        table.to_parquet(Path(name) / "labs.parquet")
        session.read.parquet(str(Path(name) / "labs.parquet")).createOrReplaceTempView("labs")
        try:
            yield run
        finally:
            session.stop()


ENGINES: dict[str, Callable[[pd.DataFrame], AbstractContextManager[Run]]] = {
    "duckdb": duckdb_engine,
    "postgres": postgres_engine,
    "spark": spark_engine,
}
