"""PostgreSQL servers of a test's own, of which one replicates the other: to kill a primary and promote its standby."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest

from harness.postgres import execute
from harness.server import HOST, free_port

PASSWORD = "of-the-test"


def programs() -> Path:
    """The directory of initdb and the others. Skips the test where there is none."""
    named = os.environ.get("LANYARD_TEST_POSTGRES_BIN") or os.environ.get("POSTGRES_BIN")
    candidates = [Path(named)] if named else []
    if which := shutil.which("initdb"):
        candidates.append(Path(which).resolve().parent)
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    for directory in candidates:
        if (directory / "initdb").exists():
            return directory
    pytest.skip("there is no PostgreSQL")


def owner() -> dict:
    """The user that PostgreSQL runs as, as arguments of a process: it does not run as root."""
    if os.getuid() != 0:
        return {}
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("there is no user postgres to run PostgreSQL as")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def family(process: int) -> list[int]:
    """A process and all that it started, the first first."""
    members = [process]
    with suppress(OSError):
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        members += [it for child in map(int, children) for it in family(child)]
    return members


def send_all(process: int, sent: signal.Signals) -> None:
    for member in family(process):
        with suppress(ProcessLookupError):
            os.kill(member, sent)


def forget(home: Path, data: Path, port: int) -> None:
    """Removes the locks of a server that was killed: in a container, its process may be listed for ever."""
    for lock in (data / "postmaster.pid", home / f".s.PGSQL.{port}.lock", home / f".s.PGSQL.{port}"):
        lock.unlink(missing_ok=True)


class Cluster:
    """One server, which can be killed and started again."""

    def __init__(self, home: Path, name: str, port: int | None = None):
        self.home, self.name, self.data = home, name, home / name
        self.port = port or free_port()
        self.programs = programs()

    @property
    def url(self) -> str:
        return f"postgres://lanyard:{PASSWORD}@{HOST}:{self.port}/postgres?sslmode=disable"

    def run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        result = subprocess.run(
            command, **owner(), cwd=self.home, env={"PATH": os.environ["PATH"], "PGPASSWORD": PASSWORD, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=120,
        )  # fmt: skip
        log = self.home / f"{self.name}.log"
        assert result.returncode == 0, f"{program}: {result.stderr}{log.read_text()[-2000:] if log.exists() else ''}"

    def configure(self, **settings: str) -> None:
        """Adds settings, which are read when the server starts."""
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())

    def make(self) -> None:
        """A new primary, whose commits wait for no standby before `wait_for_standby`."""
        password = self.home / "password"
        password.write_text(PASSWORD)
        self.run("initdb", "-D", str(self.data), "-U", "lanyard", "--auth", "scram-sha-256", "--pwfile", str(password), "-E", "UTF8", "--locale", "C.UTF-8")
        self.configure(listen_addresses=HOST, port=str(self.port), unix_socket_directories=str(self.home), max_connections="60", wal_keep_size="1GB", wal_retrieve_retry_interval="200ms")
        with (self.data / "pg_hba.conf").open("a") as file:
            file.write(f"host replication all {HOST}/32 scram-sha-256\n")
        self.start()

    def copy(self, primary: "Cluster") -> None:
        """A standby of the primary, which waits for no standby of its own once it is promoted."""
        source = f"host={HOST} port={primary.port} user=lanyard password={PASSWORD} application_name={self.name}"
        self.run("pg_basebackup", "-D", str(self.data), "-R", "-X", "stream", "-c", "fast", "-d", source)
        self.configure(port=str(self.port), synchronous_standby_names="")
        self.start()

    def wait_for_standby(self, standby: "Cluster") -> None:
        """From now on, commits wait until they are on the standby's disk as well."""
        execute(self.url, f"ALTER SYSTEM SET synchronous_standby_names = '{standby.name}'")
        execute(self.url, "SELECT pg_reload_conf()")
        deadline = time.monotonic() + 30
        while execute(self.url, "SELECT sync_state FROM pg_stat_replication") != "sync":
            assert time.monotonic() < deadline, "the standby does not follow"
            time.sleep(0.1)

    def start(self) -> None:
        self.run("pg_ctl", "-D", str(self.data), "-l", str(self.home / f"{self.name}.log"), "-w", "start")

    def promote(self) -> None:
        self.run("pg_ctl", "-D", str(self.data), "-w", "promote")

    @property
    def process(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def kill(self) -> None:
        """SIGKILL to every process of the server."""
        send_all(self.process, signal.SIGKILL)
        forget(self.home, self.data, self.port)

    def stop(self) -> None:
        with suppress(AssertionError):
            self.run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")


class Pair:
    """A primary and its synchronous standby."""

    def __enter__(self) -> "Pair":
        # The paths of Unix sockets are short.
        self.home = Path(tempfile.mkdtemp(prefix="pair."))
        if "user" in owner():
            os.chown(self.home, owner()["user"], owner()["group"])
        self.primary, self.standby = Cluster(self.home, "first"), Cluster(self.home, "second")
        try:
            self.primary.make()
            self.standby.copy(self.primary)
            self.primary.wait_for_standby(self.standby)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for cluster in (self.primary, self.standby):
            cluster.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    @property
    def url(self) -> str:
        """Both: the one that can be written to is used."""
        ports = f"{HOST}:{self.primary.port},{HOST}:{self.standby.port}"
        return f"postgres://lanyard:{PASSWORD}@{ports}/postgres?sslmode=disable"
