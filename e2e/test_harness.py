"""The harness itself: a data directory that is damaged fails the test, whatever way the server ends."""

import os
import re
import sqlite3
import subprocess
import sys

import pytest

from conftest import new_instance
from harness.server import DATABASE, REPOSITORY, Server

ENDS = {
    "stop": lambda server: server.stop(),
    "kill": lambda server: server.kill(),
    "exit": lambda server: server.__exit__(),
}
NOT_SOUND = "`lanyard doctor .*` ended with 1:"


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path).start()
    new_instance(server.client(), InstanceAlias="whole")
    yield server
    if server.process is not None:
        server.process.kill()
        server.process.wait()
        server.process = None


def damage(server: Server) -> None:
    """Changes a current resource, as no server would; the log stays as it is."""
    with sqlite3.connect(server.data / DATABASE) as database:
        changed = database.execute("UPDATE resource SET body = replace(body, 'whole', 'wrong')")
        assert changed.rowcount > 0
    database.close()


@pytest.mark.parametrize("end", ENDS)
def test_a_sound_directory_passes(server, end):
    ENDS[end](server)
    assert server.process is None


@pytest.mark.parametrize("end", ENDS)
def test_a_directory_that_was_damaged_under_the_server_fails(server, end):
    damage(server)
    with pytest.raises(AssertionError, match=NOT_SOUND):
        ENDS[end](server)
    assert server.process is None


def test_a_directory_that_was_damaged_after_the_end_fails(server):
    server.stop()
    damage(server)
    with pytest.raises(AssertionError, match=NOT_SOUND):
        server.__exit__()


def test_a_server_that_ended_by_itself_is_verified_too(server):
    damage(server)
    server.process.terminate()
    server.process.wait(20)
    with pytest.raises(AssertionError, match=NOT_SOUND):
        server.__exit__()


def test_a_database_that_is_gone_fails(server):
    server.kill()
    for path in server.data.glob(f"{DATABASE}*"):
        path.unlink()
    with pytest.raises(AssertionError, match=r"`lanyard doctor .*` ended with [12]:"):
        server.__exit__()


class TestExpectedDamage:
    def test_it_passes(self, server):
        server.expect_damage("a resource is not what the log says")
        damage(server)
        server.stop()

    def test_there_has_to_be_some(self, server):
        server.expect_damage("none")
        with pytest.raises(AssertionError, match="no fault is found"):
            server.stop()


SUITE = """
import sqlite3

from conftest import new_instance


def damage(server):
    new_instance(server.client(), InstanceAlias="whole")
    with sqlite3.connect(server.data / "lanyard.db") as database:
        database.execute("UPDATE resource SET body = replace(body, 'whole', 'wrong')")


def test_first(start_server):
    new_instance(start_server().client())


def test_second(FIXTURE):
    damage(MAKE)


def test_third(start_server):
    new_instance(start_server().client())
"""


@pytest.mark.parametrize(
    "fixture, make, outcome",
    [
        ("start_server", "start_server()", r"3 passed, 1 error"),
        ("server", "server", r"3 passed, 1 error"),
        ("tmp_path", "__import__('harness.server').server.Server(tmp_path).start()", r"was not ended by any test"),
    ],
    ids=["a server of the test", "the shared server", "a server that nothing ends"],
)
def test_a_run_with_a_damaged_directory_fails(tmp_path, fixture, make, outcome):
    """Proved on a whole run of pytest with the fixtures of the suites."""
    (tmp_path / "test_inner.py").write_text(SUITE.replace("FIXTURE", fixture).replace("MAKE", make))
    command = [sys.executable, "-m", "pytest", "-p", "conftest", "-p", "no:cacheprovider", "-q", "test_inner.py"]
    command += ["--rootdir", ".", "--basetemp", str(tmp_path / "temporary")]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "e2e")}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode not in (0, 2, 4, 5), done.stdout + done.stderr
    assert re.search(outcome, done.stdout), done.stdout + done.stderr
    assert "the current resource is not what the log says" in done.stdout + done.stderr
