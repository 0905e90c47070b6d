"""Servers, clients and resources for the suites."""

import os
from contextlib import ExitStack

import pytest

from harness.operations import unique
from harness.server import HOST, SERVERS, Server, binary

LOG_TAIL_CHARACTERS = 6000

# For the commands that inherit the environment; see `clean_environment`.
os.environ["LANYARD_NAMES"] = "api"

# The tests that this run leaves out (-k, --deselect).
DESELECTED: list[pytest.Item] = []


def pytest_configure(config):
    if not config.option.collectonly and not binary().exists():
        raise pytest.UsageError(f"no server to test at {binary()}: build it (cargo build -p lanyard) or set LANYARD_BIN")


def pytest_collection_modifyitems(items):
    """Tests that check the whole run are last."""
    items.sort(key=lambda item: item.path.name == "test_errors.py")


def pytest_deselected(items):
    DESELECTED.extend(items)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Shows what the running servers logged beneath a failure."""
    report = (yield).get_result()
    if report.failed:
        for server in SERVERS:
            if server.process is not None and server.log.exists():
                tail = server.log.read_text(errors="replace")[-LOG_TAIL_CHARACTERS:]
                report.sections.append((f"log of the server on port {server.port}", tail))


def pytest_sessionfinish(session):
    """A server that no test ended: its data directory was not verified, and the run fails."""
    for server in SERVERS:
        if server.process is not None:
            print(f"\nthe server on port {server.port} was not ended by any test")
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            try:
                server.__exit__()
            except AssertionError as failure:
                print(failure)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The server that most suites share, as it is without any option."""
    with Server(tmp_path_factory.mktemp("shared")) as running:
        yield running
        assert running.stop() == 0, "the server did not leave cleanly on SIGTERM"


@pytest.fixture(scope="session")
def connect(server):
    """boto3 against the shared server; every answer is checked strictly against the model."""
    return server.client()


@pytest.fixture(scope="session")
def wire(server):
    return server.wire()


def new_instance(client, **members) -> str:
    defaults = {
        "IdentityManagementType": "CONNECT_MANAGED",
        "InstanceAlias": unique("centre"),
        "InboundCallsEnabled": True,
        "OutboundCallsEnabled": True,
    }
    return client.create_instance(**{**defaults, **members})["Id"]


@pytest.fixture(scope="module")
def instance(connect) -> str:
    """An instance that the tests of one module share."""
    return new_instance(connect)


@pytest.fixture
def make_profile(connect, instance):
    """Creates a profile in the module's instance; answers its id."""

    def make(client=connect, **members) -> str:
        members = {"InstanceId": instance, "SecurityProfileName": unique("profile"), **members}
        return client.create_security_profile(**members)["SecurityProfileId"]

    return make


@pytest.fixture
def start_server(tmp_path):
    """Starts a server of the test's own, with the options it gives; ends it with the test."""
    started: list[Server] = []
    with ExitStack() as ends:

        def start(*arguments: str, listen: str = HOST, database: str | None = None, **environment: str) -> Server:
            home = tmp_path / f"server-{len(started)}"
            server = Server(home, *arguments, listen=listen, database=database, **environment)
            started.append(server)
            ends.push(server)
            return server.start()

        yield start
