"""Databases of the PostgreSQL server that `e2e/with-postgres` starts: LANYARD_TEST_POSTGRES is its URL."""

import itertools
import os
import subprocess
from pathlib import Path

import pytest

COUNT = itertools.count(1)


def execute(url: str, sql: str) -> str:
    """Runs a statement, and returns its rows as text."""
    psql = Path(os.environ.get("LANYARD_TEST_POSTGRES_BIN", ""), "psql")
    command = [str(psql), "--no-psqlrc", "--tuples-only", "--no-align", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", url]
    return subprocess.run([*command, "--command", sql], check=True, capture_output=True, text=True).stdout.strip()


def new_database() -> str:
    """The URL of an empty database. Skips the test where there is no server."""
    server = os.environ.get("LANYARD_TEST_POSTGRES")
    if server is None:
        pytest.skip("LANYARD_TEST_POSTGRES names no server: e2e/with-postgres starts one")
    name = f"e2e_{os.getpid()}_{next(COUNT)}"
    execute(server, f"CREATE DATABASE {name}")
    return server.replace("/postgres?", f"/{name}?")


def without_password(url: str) -> tuple[str, str]:
    """The URL without its password, and the password."""
    scheme, rest = url.split("://")
    credentials, address = rest.split("@")
    user, password = credentials.split(":")
    return f"{scheme}://{user}@{address}", password
