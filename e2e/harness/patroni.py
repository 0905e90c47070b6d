"""A cluster of PostgreSQL servers under Patroni and etcd, on the loopback address: the leader is killed, and Patroni promotes another."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest

from harness.clusters import PASSWORD, forget, owner, programs, send_all
from harness.server import HOST, free_port

# Patroni's own defaults are 30, 10 and 10: a leader that is gone is replaced after `ttl`.
TIMES = {"ttl": 20, "loop_wait": 5, "retry_timeout": 5}


class Member:
    """One PostgreSQL server and its Patroni."""

    def __init__(self, home: Path, name: str, etcd: int):
        self.home, self.name, self.data = home, name, home / name
        self.port, self.api = free_port(), free_port()
        self.process: subprocess.Popen | None = None
        account = {"username": "lanyard", "password": PASSWORD}
        hba = [f"host all all {HOST}/32 scram-sha-256", f"host replication all {HOST}/32 scram-sha-256", "local all all scram-sha-256"]
        settings = {"max_connections": 60, "unix_socket_directories": str(home), "wal_keep_size": "1GB", "synchronous_commit": "on"}
        dcs = {**TIMES, "maximum_lag_on_failover": 1 << 20, "synchronous_mode": True, "postgresql": {"use_pg_rewind": True, "parameters": settings}}
        self.file = home / f"{name}.json"
        # YAML, of which JSON is a part.
        self.file.write_text(json.dumps({
            "scope": "lanyard", "name": name,
            "restapi": {"listen": f"{HOST}:{self.api}", "connect_address": f"{HOST}:{self.api}"},
            "etcd3": {"hosts": f"{HOST}:{etcd}"},
            "bootstrap": {"dcs": dcs, "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}], "pg_hba": hba},
            "postgresql": {
                "listen": f"{HOST}:{self.port}", "connect_address": f"{HOST}:{self.port}", "data_dir": str(self.data),
                "bin_dir": str(programs()), "pgpass": str(home / f"{name}.pgpass"),
                "authentication": {"superuser": account, "replication": account, "rewind": account},
                "parameters": {"unix_socket_directories": str(home)},
            },
        }))  # fmt: skip

    def start(self) -> None:
        with (self.home / f"{self.name}.log").open("ab") as log:
            command = [shutil.which("patroni"), str(self.file)]
            self.process = subprocess.Popen(command, **owner(), cwd=self.home, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def state(self, path: str = "/patroni") -> dict:
        """Its role, or what it knows of the cluster, as Patroni says it; nothing where it does not answer."""
        connection = http.client.HTTPConnection(HOST, self.api, timeout=3)
        try:
            connection.request("GET", path)
            return json.loads(connection.getresponse().read())
        except (OSError, ValueError, http.client.HTTPException):
            return {}
        finally:
            connection.close()

    def is_leader(self) -> bool:
        state = self.state()
        return state.get("role") in ("master", "primary") and state.get("state") == "running"

    def postmaster(self) -> int | None:
        with suppress(OSError, ValueError, IndexError):
            return int((self.data / "postmaster.pid").read_text().split()[0])

    def kill(self) -> None:
        """SIGKILL to Patroni and to every process of its server."""
        server = self.postmaster()
        if self.process is not None:
            self.process.kill()
            self.process.wait(30)
            self.process = None
        if server is not None:
            send_all(server, signal.SIGKILL)
            forget(self.home, self.data, self.port)


class PatroniCluster:
    """Members with `synchronous_mode`. Skips the test where Patroni or etcd is not installed."""

    def __init__(self, members: int = 3):
        missing = [name for name in ("patroni", "etcd") if shutil.which(name) is None]
        if missing:
            pytest.skip(f"not installed: {', '.join(missing)} (Debian: apt-get install patroni etcd-server)")
        programs()
        self.home = Path(tempfile.mkdtemp(prefix="patroni."))
        if "user" in owner():
            os.chown(self.home, owner()["user"], owner()["group"])
        self.client, self.peer = free_port(), free_port()
        self.members = [Member(self.home, f"member{number}", self.client) for number in range(members)]
        self.etcd: subprocess.Popen | None = None

    def __enter__(self) -> "PatroniCluster":
        address, peer = f"http://{HOST}:{self.client}", f"http://{HOST}:{self.peer}"
        command = [
            shutil.which("etcd"), "--name", "one", "--data-dir", str(self.home / "etcd"), "--listen-client-urls", address,
            "--advertise-client-urls", address, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
            "--initial-cluster", f"one={peer}",
        ]  # fmt: skip
        try:
            with (self.home / "etcd.log").open("ab") as log:
                self.etcd = subprocess.Popen(command, **owner(), cwd=self.home, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            for member in self.members:
                member.start()
            self.wait_for_standby()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, kind: object = None, *_: object) -> None:
        if kind is not None:
            print(self.logs())
        for member in self.members:
            member.kill()
        if self.etcd is not None:
            self.etcd.kill()
            self.etcd.wait(30)
        shutil.rmtree(self.home, ignore_errors=True)

    @property
    def url(self) -> str:
        hosts = ",".join(f"{HOST}:{member.port}" for member in self.members)
        return f"postgres://lanyard:{PASSWORD}@{hosts}/postgres?sslmode=disable"

    def leader(self, seconds: float = 120) -> Member:
        deadline = time.monotonic() + seconds
        while True:
            for member in self.members:
                if member.process is not None and member.is_leader():
                    return member
            assert time.monotonic() < deadline, f"there is no leader: {self.logs()}"
            time.sleep(0.2)

    def wait_for_standby(self, seconds: float = 120) -> Member:
        """Waits until everyone runs and a synchronous standby may take the leader's place; the leader.

        Patroni records a standby after PostgreSQL has it as synchronous, and promotes none that is not recorded.
        """
        deadline = time.monotonic() + seconds
        while True:
            leader = self.leader(seconds)
            members = leader.state("/cluster").get("members", [])
            followers = [it["role"] for it in members if it["state"] in ("running", "streaming") and it["name"] != leader.name]
            running = sum(member.process is not None for member in self.members)
            if len(followers) == running - 1 and "sync_standby" in followers and leader.is_leader():
                return leader
            assert time.monotonic() < deadline, f"there is no synchronous standby: {self.logs()}"
            time.sleep(0.5)

    def logs(self) -> str:
        return "".join(f"\n{file.name}:\n{file.read_text(errors='replace')[-3000:]}" for file in sorted(self.home.glob("*.log")))
