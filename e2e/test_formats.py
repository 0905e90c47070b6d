"""The data of every released version can be opened: read as it is, and brought to the present format by the first server."""

import json
import shutil
import sqlite3
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from harness.fixtures import FIXTURES, plain, scene_of, unpack
from harness.server import DATABASE, Server, run_lanyard

FORMATS = sorted(FIXTURES.glob("format-*"))


def doctor(data) -> dict:
    result = run_lanyard("doctor", "--json", str(data))
    assert result.returncode == 0, result.stdout + result.stderr
    report = json.loads(result.stdout)
    assert report["sound"]
    return report


def ask(server: Server, point: str, question: dict, token: str) -> int:
    """Asks a decision point; the status of the answer."""
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    request = Request(server.endpoint + point, json.dumps(question).encode(), headers)
    try:
        with urlopen(request, timeout=10) as answer:
            return answer.status
    except HTTPError as refused:
        return refused.code


def test_the_first_format_is_kept():
    assert FIXTURES / "format-1" in FORMATS


@pytest.mark.parametrize("fixture", FORMATS, ids=lambda fixture: fixture.name)
def test_data_of_an_earlier_version_is_read_as_it_is(fixture, tmp_path):
    data = tmp_path / "data"
    written = unpack(fixture, data)
    before = (data / DATABASE).read_bytes()
    report = doctor(data)
    assert report["ended"] >= 1 and report["secrets"] >= 2 and report["entries"] > 20

    instance = written["scene"]["instance"]
    history = run_lanyard("history", "--data", str(data), "--instance", instance, "--json", "--all")
    assert history.returncode == 0, history.stderr
    assert "CreateInstance" in history.stdout and "DeleteSecurityProfile" in history.stdout
    check = run_lanyard("check", written["user_name"], "Users.View", "User:*", "--data", str(data), "--instance", instance)
    assert check.returncode in (0, 2), check.stderr
    # A command that only reads changes nothing.
    assert (data / DATABASE).read_bytes() == before


@pytest.mark.parametrize("fixture", FORMATS, ids=lambda fixture: fixture.name)
def test_a_server_brings_data_of_an_earlier_version_to_the_present_format(fixture, tmp_path):
    written = unpack(fixture, tmp_path / "server" / "data")
    before = doctor(tmp_path / "server" / "data")
    with Server(tmp_path / "server", database=None) as server:
        if server.database is not None:
            pytest.skip("the fixture is a data directory")
        scene = scene_of(server, written["scene"])
        assert plain(scene.state()) == written["state"]
        # Secrets are there: a password, and the hash of a token.
        body = {"instance": scene.instance, "user_name": written["user_name"], "password": written["password"]}
        headers = {"content-type": "application/json"}
        assert server.wire().send("POST", "/lanyard/v1/sessions", json.dumps(body).encode(), headers).status == 200
        question = {"subject": {"type": "user", "id": written["user_name"]}, "action": {"name": "Users.View"}}
        question["resource"] = {"type": "User", "id": "*"}
        point = f"/instances/{scene.instance}/access/v1/evaluation"
        assert ask(server, point, question, written["decision_token"]) == 200
        assert ask(server, point, question, "lanyard_decide_0") == 401
        # It can be written, and read after that.
        scene.client.update_security_profile(InstanceId=scene.instance, SecurityProfileId=scene.profile, Description="new")
        assert server.stop() == 0
        after = doctor(server.data)
        assert after["entries"] == before["entries"] + 1 and after["streams"] == before["streams"]
        assert after["secrets"] == before["secrets"] and after["format"] >= before["format"]


def test_a_later_format_is_refused(tmp_path):
    data = tmp_path / "data"
    unpack(FORMATS[-1], data)
    database = sqlite3.connect(data / DATABASE)
    database.execute("UPDATE meta SET value = '999' WHERE key = 'format'")
    database.commit()
    database.close()
    copy = tmp_path / "copy"
    shutil.copytree(data, copy)
    for command in (["doctor", str(data)], ["serve", "--listen", "127.0.0.1:0", "--data", str(data)]):
        result = run_lanyard(*command)
        assert result.returncode == 1 and "999" in result.stdout + result.stderr, result
    assert (data / DATABASE).read_bytes() == (copy / DATABASE).read_bytes()
