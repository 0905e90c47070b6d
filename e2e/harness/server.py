"""Runs the real `lanyard` binary on a free port with a data directory of its own."""

import http.client
import os
import signal
import socket
import ssl
import subprocess
import time
from pathlib import Path

import boto3
from botocore.config import Config

from harness import postgres, strict
from harness.wire import Wire

REPOSITORY = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
REGION = "us-east-1"
ACCOUNT = "123456789012"
READY_WITHIN_SECONDS = 20
STOP_WITHIN_SECONDS = 20
DOCTOR_WITHIN_SECONDS = 300
DATABASE = "lanyard.db"

# Every server of this run, so that a failing test can show what they logged.
SERVERS: list["Server"] = []


def binary() -> Path:
    """The binary under test: LANYARD_BIN, or the debug build of this checkout."""
    if named := os.environ.get("LANYARD_BIN"):
        return Path(named)
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    return target / "debug" / "lanyard"


def clean_environment(**more: str) -> dict[str, str]:
    """
    The environment without anything that would configure the server, an AWS client or a proxy behind our back. Commands
    name permissions as the API does, which is what most tests compare.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LANYARD_", "AWS_")) and name.lower() not in ("http_proxy", "https_proxy", "all_proxy")
    }
    return {**kept, "AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": HOST, "LANYARD_NAMES": "api", **more}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def run_lanyard(
    *arguments: str, timeout: float = 60, standard_input: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Runs a `lanyard` command to its end."""
    return subprocess.run(
        [str(binary()), *arguments],
        env=clean_environment(**environment),
        input=standard_input,
        capture_output=True,
        text=True,
        timeout=timeout,
    )


class Server:
    """A `lanyard serve` process that can be stopped, killed and started again on the same port and data directory.

    With a `certificate`, which the options must name too, it is spoken to over TLS. With a `database`, the URL of one, the
    data is there and in no directory.

    Whenever the process has ended, `lanyard doctor` verifies the data, and a fault is an `AssertionError`. A test that damages
    it on purpose calls `expect_damage` first.
    """

    def __init__(
        self,
        home: Path,
        *arguments: str,
        listen: str = HOST,
        certificate: Path | None = None,
        database: str | None = None,
        **environment: str,
    ):
        home.mkdir(parents=True, exist_ok=True)
        self.data = home / "data"
        self.log = home / "server.log"
        self.log.touch()
        self.listen = listen
        self.certificate = certificate
        # LANYARD_TEST_STORE=postgres runs the tests of everything else over databases too.
        if database is None and os.environ.get("LANYARD_TEST_STORE") == "postgres":
            database = postgres.database_of(home)
        self.database = database
        if database is not None:
            # Commands that read a data directory take the URL of a database in its place.
            self.data = database
        self.port = free_port()
        self.arguments = arguments
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None
        self.was_ready = False
        self.damage: str | None = None
        SERVERS.append(self)

    @property
    def endpoint(self) -> str:
        scheme = "http" if self.certificate is None else "https"
        return f"{scheme}://{HOST}:{self.port}"

    def start(self) -> "Server":
        self.launch()
        self.wait_until_ready()
        return self

    def launch(self) -> None:
        """Starts the process and does not wait for it."""
        place = ["--data" if self.database is None else "--database", str(self.data)]
        command = [str(binary()), "serve", "--listen", f"{self.listen}:{self.port}", *place, *self.arguments]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                env=clean_environment(**self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the server left with {self.process.returncode}:\n{self.log.read_text()}")
            if self.healthy():
                self.was_ready = True
                return
            time.sleep(0.01)
        raise AssertionError(f"the server was not ready in {READY_WITHIN_SECONDS} s:\n{self.log.read_text()}")

    def healthy(self) -> bool:
        if self.certificate is None:
            connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        else:
            trust = ssl.create_default_context(cafile=str(self.certificate))
            connection = http.client.HTTPSConnection(HOST, self.port, timeout=5, context=trust)
        try:
            connection.request("GET", "/lanyard/v1/health")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.end()

    def kill(self) -> None:
        """SIGKILL: what a power cut looks like to the process."""
        self.process.kill()
        self.end()

    def end(self) -> int:
        """Waits until the process has ended, and verifies the data directory; the exit status."""
        status = self.process.wait(STOP_WITHIN_SECONDS)
        self.process = None
        self.verify()
        return status

    def expect_damage(self, reason: str) -> None:
        """The test damages the data directory: from now on `lanyard doctor` must find a fault."""
        self.damage = reason

    def verify(self) -> None:
        """Verifies the data directory with `lanyard doctor`, also while the server runs.

        A server that was never ready may have no database.
        """
        if not self.was_ready and (self.database is not None or not (self.data / DATABASE).exists()):
            return
        report = run_lanyard("doctor", str(self.data), timeout=DOCTOR_WITHIN_SECONDS, **self.environment)
        result = f"`lanyard doctor {self.data}` ended with {report.returncode}:\n{report.stdout}{report.stderr}"
        if self.damage is None:
            assert report.returncode == 0, result
        else:
            assert report.returncode != 0, f"the test damages the data directory ({self.damage}) and no fault is found\n{result}"

    def __enter__(self) -> "Server":
        try:
            return self.start()
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            self.process.kill()
            self.end()
        else:
            self.verify()
        assert "panicked at" not in self.log.read_text(errors="replace"), "the server panicked; see its log"

    def client(self, key: str = "test", secret: str = "test", region: str = REGION, strictly: bool = True, service: str = "connect", **config):
        """A boto3 client of Connect, or of another service, that tries once and checks every answer against the model."""
        session = boto3.session.Session(aws_access_key_id=key, aws_secret_access_key=secret, region_name=region)
        settings = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=30, **config)
        client = session.client(service, endpoint_url=self.endpoint, config=settings)
        if strictly:
            client.meta.events.register(f"after-call.{service}", strict.after_call)
        return client

    def wire(self, key: str = "test", secret: str = "test", region: str = REGION, token: str | None = None) -> Wire:
        """Signed raw HTTP, for what no SDK would send."""
        return Wire(HOST, self.port, key, secret, region, token)
