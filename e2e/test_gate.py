"""`lanyard gate`: what a pull request must not bring."""

import json
import shutil

import pytest

from harness.server import run_lanyard

PASSED, ERROR, STOPPED = 0, 1, 2

FILES = {
    "instance.yaml": "Id: 11111111-1111-4111-8111-111111111111\nAccount: '123456789012'\nRegion: eu-west-2\n",
    "hierarchy.yaml": "Groups: []\n",
    "queues.yaml": "- Name: Billing\n",
    "ai-agents.yaml": "[]\n",
    "security-profiles/leads.yaml": "SecurityProfileName: Leads\nPermissions: [Queues.View, Users.View]\n",
    "security-profiles/admin.yaml": "SecurityProfileName: Admin\nPermissions: [ManagerBargeIn, SecurityProfiles.Edit, "
    "SecurityProfiles.View]\n",
    "security-profiles/vague.yaml": "SecurityProfileName: Vague\nPermissions: [Queues.Edit, Queues.View]\n"
    "TagRestrictedResources: [Queue]\n",
    "users.yaml": "- Username: ana\n  SecurityProfiles: [Leads]\n- Username: root\n  SecurityProfiles: [Admin]\n"
    "- Username: vera\n  SecurityProfiles: [Vague]\n",
}


def write(place, **changed: str):
    for name, text in {**FILES, **changed}.items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return place


@pytest.fixture
def access(tmp_path):
    return write(tmp_path / "access")


def gate(*arguments: str):
    done = run_lanyard("gate", *map(str, arguments), "--json")
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


def offenders(output):
    return {it["name"]: it for it in output["not_granted"][0]["principals"]}


def test_holders_of_forbidden_access_are_named_with_the_profile(access):
    status, output = gate("--not-granted", "SecurityProfiles.Edit", access)
    assert status == STOPPED
    assert offenders(output)["root"]["through"] == ["Admin"] and len(offenders(output)) == 1
    status, output = gate("--not-granted", "task:barge-in", "--except", "root", access)
    assert (status, output["stopped"]) == (PASSED, False)
    assert gate("--not-granted", "barge-in", "--except", "SecurityProfile:Admin", access)[0] == PASSED
    text = run_lanyard("gate", "--not-granted", "barge-in", str(access))
    assert "stopped: 1 principal may join a conversation" in text.stdout and "through `Admin`" in text.stdout


def test_undetermined_counts_as_access(access):
    status, output = gate("--not-granted", "Queues.Edit@Queue:Billing", access)
    assert status == STOPPED
    vera = offenders(output)["vera"]
    assert vera["outcome"] == "undetermined" and vera["open_points"] == ["Q3"] and vera["through"] == ["Vague"]


def test_a_slip_of_the_pen_does_not_open_the_gate(access):
    for wrong in ("SecurityProfiles.Edt", "barge-out"):
        status, message = gate("--not-granted", wrong, access)
        assert status == ERROR and wrong in message
    status, message = gate("--not-granted", "barge-in", "--except", "rooot", access)
    assert status == ERROR and "root" in message
    assert gate("--no-new-access", access)[0] == ERROR
    for wrong, meant in {
        "Queues.Edit@Queue:Biling": "did you mean `Billing`",
        "Users.View@User:rooot": "did you mean `root`",
        "Queues.Edit@Que:Billing": "did you mean `Queue`",
        "Queues.Edit@Billing": "there is no type of resource `Billing`",
        "Queues.Edit@User:root": "`Queues.Edit` acts on Queue",
    }.items():
        status, message = gate("--not-granted", wrong, access)
        assert status == ERROR and meant in message, message
    (access / "queues.yaml").unlink()
    assert gate("--not-granted", "Queues.Edit@Queue:Biling", access)[0] == STOPPED, "it was not seen, and may exist"


def test_new_access_is_stopped_and_less_access_is_not(access, tmp_path):
    assert gate("--no-new-access", access, access)[0] == PASSED
    more = write(
        tmp_path / "more",
        **{"security-profiles/leads.yaml": FILES["security-profiles/leads.yaml"].replace("Users.View", "ManagerBargeIn")},
    )
    status, output = gate("--no-new-access", access, more)
    assert status == STOPPED
    gained = output["new_access"]
    assert {person["name"] for it in gained for person in it["principals"]} == {"ana"}
    assert {"Leads"} == {name for it in gained for name in it["through"]}
    assert any("task:barge-in" in line["actions"] for it in gained for line in it["access"])
    less = write(
        tmp_path / "less",
        **{"security-profiles/leads.yaml": FILES["security-profiles/leads.yaml"].replace(", Users.View", "")},
    )
    assert gate("--no-new-access", access, less)[0] == PASSED
    assert gate("--no-new-access", "--except", "ana", access, more)[0] == PASSED


def test_access_that_may_arise_is_new_access(access, tmp_path):
    vague = FILES["users.yaml"].replace("[Leads]", "[Leads, Vague]")
    status, output = gate("--no-new-access", access, write(tmp_path / "new", **{"users.yaml": vague}))
    assert status == STOPPED
    assert "undetermined" in {it["outcome"] for it in output["new_access"]} or output["new_access"]


def test_unknown_users_count(access, tmp_path):
    def without_users(place):
        (place / "users.yaml").unlink()
        return place

    old = without_users(shutil.copytree(access, tmp_path / "old"))
    new = without_users(
        write(tmp_path / "new", **{"security-profiles/leads.yaml": "SecurityProfileName: Leads\nPermissions: [ManagerBargeIn]\n"})
    )
    status, output = gate("--not-granted", "SecurityProfiles.Edit", old)
    assert status == STOPPED and "Admin" in "".join(offenders(output))
    status, output = gate("--no-new-access", old, new)
    assert status == STOPPED
    assert "Leads" in output["new_access"][0]["sentence"]
    assert gate("--no-new-access", old, old)[0] == PASSED


def test_access_by_several_profiles_together_counts_where_users_are_unknown(access):
    leads = "SecurityProfileName: Leads\nPermissions: [Users.Edit]\nTagRestrictedResources: [User]\n"
    write(access, **{"security-profiles/leads.yaml": leads + "AllowedAccessControlTags: {Team: A}\n"})
    assert gate("--not-granted", "Users.Edit", access)[0] == PASSED
    (access / "users.yaml").unlink()
    (access / "security-profiles" / "viewers.yaml").write_text("SecurityProfileName: Viewers\nPermissions: [Users.View]\n")
    status, output = gate("--not-granted", "Users.Edit", access)
    assert status == STOPPED and "several" in "".join(offenders(output))
