"""A directory of exports: each file that declares access is read, or is an error with its name."""

import json
import os

import pytest

from harness.server import run_lanyard

OK, ERROR, STOPPED = 0, 1, 2

AGENT = {"InstanceId": "11111111-1111-4111-8111-111111111111", "SecurityProfileName": "Agent", "Permissions": ["Users.View"]}
EVIL = {**AGENT, "SecurityProfileName": "Evil", "Permissions": ["SecurityProfiles.Edit"]}
EVIL_TEXT = "SecurityProfileName: Evil\nPermissions: [SecurityProfiles.Edit]\n"


@pytest.fixture
def copy(tmp_path):
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "agent.json").write_text(json.dumps(AGENT))
    (copy / "README.md").write_text(f"# Copies\n\n```\n{EVIL_TEXT}```\n")
    return copy


def gate(copy):
    done = run_lanyard("gate", "--allow-unseen=Kinds,Tools,Restrictions", "--not-granted", "SecurityProfiles.Edit", str(copy))
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["evil.json", "evil.JSON", "north/evil.Json"])
def test_every_json_file_is_read(copy, name):
    assert gate(copy)[0] == OK
    (copy / name).parent.mkdir(exist_ok=True)
    (copy / name).write_text(json.dumps(EVIL))
    status, output = gate(copy)
    assert status == STOPPED and "Evil" in output


@pytest.mark.parametrize("name", ["evil.yaml", "evil.json.bak", ".evil.json", "north/evil", ".north/evil.json", "a/b/c/d/e/f/g/evil.txt"])
def test_another_file_that_declares_access_is_an_error(copy, name):
    (copy / name).parent.mkdir(parents=True, exist_ok=True)
    (copy / name).write_text(EVIL_TEXT if name.endswith(("yaml", "txt")) else json.dumps(EVIL))
    status, output = gate(copy)
    assert status == ERROR
    assert f"{copy / name}:1:1: a security profile in this file is not read here" in output or "is nested too deep to be read" in output


@pytest.mark.parametrize("is_folder", [False, True])
def test_a_link_out_of_the_directory_is_an_error(copy, tmp_path, is_folder):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "evil.json").write_text(json.dumps(EVIL))
    link = copy / ("more" if is_folder else "evil.json")
    link.symlink_to(outside if is_folder else outside / "evil.json")
    status, output = gate(copy)
    assert status == ERROR and f"`{link}` is a link that leads out of" in output
    link.unlink()
    (copy / "agents.json").symlink_to("agent.json")
    assert gate(copy)[0] == OK, "a link within the directory is the same profile"


def test_pipes_and_links_to_nothing_are_errors(copy):
    os.mkfifo(copy / "p.json")
    status, output = gate(copy)
    assert status == ERROR and f"cannot read `{copy / 'p.json'}`: this is a pipe, a device or a socket" in output
    (copy / "p.json").unlink()
    (copy / "p.json").symlink_to("none.json")
    status, output = gate(copy)
    assert status == ERROR and "p.json` is a link that leads out of" in output


def test_a_matrix_has_names_of_the_api_or_of_the_console(tmp_path):
    file = tmp_path / "matrix.CSV"
    for name in ("SecurityProfiles.Edit", "Security profiles - Edit", "security profiles - edit"):
        file.write_text(f"Permission,Agent\nUsers - View,X\n{name},X\n")
        status, output = gate(file)
        assert status == STOPPED and "anyone with Agent" in output, name
    file.write_text("Permission,Agent\nSecurity profiles - Edti,X\nUsers.View,X\n")
    status, output = gate(file)
    assert status == ERROR and f"{file}:2:1: there is no permission `Security profiles - Edti`" in output
