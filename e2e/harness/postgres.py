"""Databases of the PostgreSQL server that `e2e/with-postgres` starts: LANYARD_TEST_POSTGRES is its URL."""

import itertools
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

COUNT = itertools.count(1)

# The databases that stand for data directories, by the home of the server.
DATABASES: dict[Path, str] = {}


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


def database_of(home: Path) -> str:
    """The URL of the database of a server's home: the same for each server that is started there."""
    if home not in DATABASES:
        DATABASES[home] = new_database()
    return DATABASES[home]


@contextmanager
def own_server() -> Iterator[str]:
    """The URL of a server of the test's own, which can be harmed. Skips the test where there is no PostgreSQL."""
    script = Path(__file__).resolve().parents[1] / "with-postgres"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LANYARD_TEST_POSTGRES")}
    # The server is there until the command's standard input ends.
    command = [str(script), "sh", "-c", "echo $LANYARD_TEST_POSTGRES; exec cat"]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().strip()
        if not url:
            pytest.skip("there is no PostgreSQL")
        try:
            yield url
        finally:
            process.stdin.close()
            process.wait(60)


def crash(url: str) -> None:
    """Kills one process of the server, which then ends all connections and recovers; waits until it has."""
    os.kill(int(execute(url, "SELECT pid FROM pg_stat_activity WHERE application_name = 'lanyard' LIMIT 1")), signal.SIGKILL)
    deadline = time.monotonic() + 30
    while True:
        time.sleep(0.3)
        try:
            execute(url, "SELECT 1")
            return
        except subprocess.CalledProcessError:
            assert time.monotonic() < deadline, "the database did not recover"


@contextmanager
def stopped(url: str) -> Iterator[None]:
    """Stops every process of a server for a while, so that nothing is answered and no connection ends."""
    postmaster = int(Path(execute(url, "SHOW data_directory"), "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()

    def all_get(sent: signal.Signals) -> None:
        for process in (postmaster, *map(int, children)):
            # The one that answered just now may have ended.
            with suppress(ProcessLookupError):
                os.kill(process, sent)

    all_get(signal.SIGSTOP)
    try:
        yield
    finally:
        all_get(signal.SIGCONT)


def without_password(url: str) -> tuple[str, str]:
    """The URL without its password, and the password."""
    scheme, rest = url.split("://")
    credentials, address = rest.split("@")
    user, password = credentials.split(":")
    return f"{scheme}://{user}@{address}", password
