"""History: changes, actors, access impact; and undo by a plan that is reviewed."""

import json
import sqlite3

import pytest

from conftest import new_instance
from harness.operations import unique
from harness.server import Server, run_lanyard


@pytest.fixture
def instance(connect) -> str:
    return new_instance(connect)


@pytest.fixture
def lanyard(server, instance):
    """Runs a command against the instance at the shared server."""

    def lanyard(command: str, *arguments: str, status: int = 0):
        where = ("--endpoint", server.endpoint, "--instance", instance)
        done = run_lanyard(command, *arguments, *where, AWS_REGION="us-east-1")
        assert done.returncode == status, done.stdout + done.stderr
        return done

    return lanyard


@pytest.fixture
def profile(connect, instance) -> str:
    """A profile that somebody holds."""
    name = unique("history")
    made = connect.create_security_profile(
        InstanceId=instance, SecurityProfileName=name, Permissions=["BasicAgentAccess"], Description="first"
    )["SecurityProfileId"]
    routing = connect.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]
    connect.create_user(
        InstanceId=instance,
        Username=unique("holder"),
        Password="Correct-Horse-1",
        PhoneConfig={"PhoneType": "SOFT_PHONE"},
        SecurityProfileIds=[made],
        RoutingProfileId=routing,
    )
    return made


def update(connect, instance, profile, **members):
    connect.update_security_profile(InstanceId=instance, SecurityProfileId=profile, **members)


def last(lanyard) -> dict:
    return json.loads(lanyard("history", "--limit", "1", "--json").stdout)


def permissions(connect, instance, profile) -> list[str]:
    listed = connect.list_security_profile_permissions(InstanceId=instance, SecurityProfileId=profile)
    return sorted(listed["Permissions"])


class TestHistory:
    def test_history_has_actor_change_and_access_impact(self, connect, lanyard, instance, profile):
        update(connect, instance, profile, Permissions=["BasicAgentAccess", "Users.Edit"])
        text = lanyard("history", "--limit", "1").stdout
        assert "UpdateSecurityProfile  by test" in text
        assert "+ Permissions: Users.Edit" in text
        assert "`Users.Edit`" in text and "gains" in text
        entry = last(lanyard)
        assert (entry["actor"], entry["operation"]) == ("test", "UpdateSecurityProfile")
        [change] = entry["changes"]
        assert change["before"]["SecurityProfile"]["permissions"] == ["BasicAgentAccess"]
        assert change["after"]["SecurityProfile"]["permissions"] == ["BasicAgentAccess", "Users.Edit"]
        assert any("`Users.Edit`" in sentence for sentence in entry["means"])

    def test_what_is_shown(self, connect, lanyard, instance, profile):
        name = connect.describe_security_profile(InstanceId=instance, SecurityProfileId=profile)["SecurityProfile"][
            "SecurityProfileName"
        ]
        update(connect, instance, profile, Description="second")
        of_it = lanyard("history", "--resource", name, "--all", "--brief").stdout.splitlines()
        assert [line.split("  ")[2] for line in of_it] == ["CreateSecurityProfile", "UpdateSecurityProfile"]
        whole = lanyard("history", "--all", "--brief").stdout.splitlines()
        assert [int(line.split()[0]) for line in whole] == list(range(1, len(whole) + 1))
        after = lanyard("history", "--after", "1", "--limit", "2", "--brief").stdout.splitlines()
        assert [int(line.split()[0]) for line in after] == [2, 3]
        assert "no entry" in lanyard("history", "--actor", "nobody").stdout

    def test_a_data_directory_has_the_same_answers(self, tmp_path):
        with Server(tmp_path) as server:
            client = server.client()
            instance = new_instance(client)
            client.create_security_profile(InstanceId=instance, SecurityProfileName="one")
            there = run_lanyard("history", "--all", "--json", "--endpoint", server.endpoint, AWS_REGION="us-east-1")
            here = run_lanyard("history", "--all", "--json", "--data", str(tmp_path / "data"))
            assert here.returncode == 0, here.stderr
            assert here.stdout == there.stdout != ""

    @pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
    def test_the_region_is_that_of_the_environment(self, tmp_path, variable):
        with Server(tmp_path) as server:
            new_instance(server.client(region="eu-west-2"))
            done = run_lanyard("history", "--endpoint", server.endpoint, **{variable: "eu-west-2"})
            assert done.returncode == 0 and "CreateInstance" in done.stdout, done.stderr
            assert "no instance" in run_lanyard("history", "--endpoint", server.endpoint).stderr

    def test_as_of_at_a_server(self, connect, lanyard, instance, profile):
        before = last(lanyard)["revision"]
        user = connect.search_users(InstanceId=instance)["Users"][0]["Username"]
        update(connect, instance, profile, Permissions=["BasicAgentAccess", "Users.Edit"])
        lanyard("check", user, "Users.Edit", "User:*", status=0)
        lanyard("check", user, "Users.Edit", "User:*", "--as-of", str(before), status=2)


class TestVerify:
    def test_a_sound_chain(self, lanyard, profile):
        answer = json.loads(lanyard("history", "--verify", "--json").stdout)
        entry = last(lanyard)
        assert answer == {
            "verified": True,
            "after": 0,
            "revision": entry["revision"],
            "hash": entry["hash"],
            "broken_at": None,
            "unexpected": None,
            "erased_entries": 0,
        }
        expected = f"{entry['revision']}:{entry['hash']}"
        lanyard("history", "--verify", "--expect", expected)
        other = f"{entry['revision']}:{'0' * 64}"
        assert "the log is another one" in lanyard("history", "--verify", "--expect", other, status=1).stdout
        assert "REVISION:HASH" in lanyard("history", "--verify", "--expect", "7", status=1).stderr

    def test_an_entry_that_was_cut_off_shows_by_the_expected_one(self, tmp_path):
        with Server(tmp_path) as server:
            instance = new_instance(server.client())
            server.client().create_security_profile(InstanceId=instance, SecurityProfileName="one")
            done = run_lanyard("history", "--verify", "--json", "--data", str(server.data))
            whole = json.loads(done.stdout)
        server.expect_damage("the last entry of the log is cut off")
        data = tmp_path / "data"
        with sqlite3.connect(data / "lanyard.db") as database:
            cut = database.execute(
                "DELETE FROM log WHERE stream = ? AND revision = ?", (f"instance/{instance}", whole["revision"])
            )
            assert cut.rowcount == 1
        arguments = ["history", "--verify", "--data", str(data), "--instance", instance]
        assert run_lanyard(*arguments).returncode == 0, "nothing inside the log shows it"
        done = run_lanyard(*arguments, "--expect", f"{whole['revision']}:{whole['hash']}")
        assert done.returncode == 1 and f"the log ends at revision {whole['revision'] - 1}" in done.stdout
        done = run_lanyard(*arguments, "--expect", f"{whole['revision']}:{whole['hash']}", "--json")
        assert json.loads(done.stdout)["verified"] is False

    def test_a_changed_entry_is_found(self, tmp_path):
        with Server(tmp_path) as server:
            instance = new_instance(server.client())
            for name in ("one", "two", "three"):
                server.client().create_security_profile(InstanceId=instance, SecurityProfileName=name)
        server.expect_damage("an entry of the log is changed")
        data = tmp_path / "data"
        with sqlite3.connect(data / "lanyard.db") as database:
            changed = database.execute(
                "UPDATE log SET body = replace(body, '\"name\":\"two\"', '\"name\":\"2wo\"') WHERE stream = ?",
                (f"instance/{instance}",),
            )
            assert changed.rowcount > 0
        done = run_lanyard("history", "--verify", "--data", str(data))
        assert done.returncode == 1
        server.verify()
        assert "broken at revision" in done.stdout


class TestRevert:
    def undo(self, lanyard, tmp_path, *arguments: str) -> str:
        plan = tmp_path / "undo.plan"
        output = lanyard("revert", *arguments, "--out", str(plan), status=2).stdout
        done = run_lanyard("apply", str(plan), AWS_REGION="us-east-1")
        assert done.returncode == 0, done.stderr
        return output

    def test_one_entry(self, connect, lanyard, instance, profile, tmp_path):
        update(connect, instance, profile, Permissions=["Users.Edit"])
        wrong = last(lanyard)["revision"]
        update(connect, instance, profile, Description="a later change, which stays")
        output = self.undo(lanyard, tmp_path, str(wrong))
        assert "- Permissions: Users.Edit" in output and "loses" in output
        assert permissions(connect, instance, profile) == ["BasicAgentAccess"]
        described = connect.describe_security_profile(InstanceId=instance, SecurityProfileId=profile)
        assert described["SecurityProfile"]["Description"] == "a later change, which stays"
        assert "nothing differs" in lanyard("revert", str(wrong)).stdout

    def test_later_changes_of_the_same_member_are_reported(self, connect, lanyard, instance, profile):
        update(connect, instance, profile, Permissions=["Users.Edit"])
        wrong = last(lanyard)["revision"]
        update(connect, instance, profile, Permissions=["Queues.View"])
        done = lanyard("revert", str(wrong), status=1)
        assert "permissions" in done.stderr and "--all-since" in done.stderr

    def test_all_since(self, connect, lanyard, instance, profile, tmp_path):
        good = last(lanyard)["revision"]
        update(connect, instance, profile, Permissions=["Users.Edit"])
        update(connect, instance, profile, Permissions=["Queues.View"], Description="worse")
        connect.create_security_profile(InstanceId=instance, SecurityProfileName=unique("extra"))
        before = connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]
        self.undo(lanyard, tmp_path, str(good), "--all-since")
        assert permissions(connect, instance, profile) == ["BasicAgentAccess"]
        after = connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]
        assert len(after) == len(before) - 1

    def test_a_deleted_profile_comes_back_under_another_identifier(self, connect, lanyard, instance, tmp_path):
        name = unique("deleted")
        made = connect.create_security_profile(
            InstanceId=instance, SecurityProfileName=name, Permissions=["Queues.View"], Tags={"Team": "Red"}
        )["SecurityProfileId"]
        connect.delete_security_profile(InstanceId=instance, SecurityProfileId=made)
        self.undo(lanyard, tmp_path, str(last(lanyard)["revision"]))
        listed = connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]
        [back] = [it["Id"] for it in listed if it["Name"] == name]
        assert back != made
        assert permissions(connect, instance, back) == ["Queues.View"]

    def test_a_revision_that_is_not_there(self, lanyard):
        assert "there is no revision 999 yet" in lanyard("revert", "999", status=1).stderr


def test_a_new_person_takes_few_lines(connect, instance, lanyard, profile):
    """The entry of a person with a powerful profile and another one: sensitive access first, the rest counted by area."""
    profiles = connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]
    manager = next(it["Id"] for it in profiles if it["Name"] == "CallCenterManager")
    routing = connect.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]
    connect.create_user(
        InstanceId=instance,
        Username="zoe",
        Password="Correct-Horse-1",
        PhoneConfig={"PhoneType": "SOFT_PHONE"},
        SecurityProfileIds=[manager, profile],
        RoutingProfileId=routing,
    )
    lines = lanyard("history", "--limit", "1").stdout.splitlines()
    assert lines[2].startswith("  = new: `zoe` gains through profiles `CallCenterManager` and `history"), lines
    assert len(lines) < 15, lines
    marked = ["[sensitive]" in line for line in lines[3:] if line.startswith("      ")]
    assert marked[0] and marked == sorted(marked, reverse=True), "sensitive access is first"
    assert any("the right to listen to an unredacted recording" in line for line in lines)
    assert any("other permissions:" in line and " in Routing" in line for line in lines), lines
    console = lanyard("history", "--limit", "1", "--names", "console").stdout
    assert "`Contact search`" in console and "`ContactSearch.View`" not in console
    [sentence, *_] = [it for it in last(lanyard)["means"] if "ContactSearch.View" in it]
    assert "`zoe` gains" in sentence, "data has all, by the names of the API"


def test_what_people_keep_is_said(connect, instance, lanyard, profile):
    hours = connect.list_hours_of_operations(InstanceId=instance)["HoursOfOperationSummaryList"][0]["Id"]
    for number in range(5):
        tags = {"Tags": {"Team": "Claims"}} if number < 2 else {}
        connect.create_queue(InstanceId=instance, Name=f"queue {number}", HoursOfOperationId=hours, **tags)
    update(connect, instance, profile, Permissions=["Queues.View"])
    update(
        connect, instance, profile, Permissions=["Queues.View"], TagRestrictedResources=["Queue"],
        AllowedAccessControlTags={"Team": "Claims"},
    )
    queues = len(connect.list_queues(InstanceId=instance, QueueTypes=["STANDARD"])["QueueSummaryList"])
    [sentence] = [it for it in last(lanyard)["means"] if " loses " in it]
    assert f"(2 of {queues} kept)" in sentence and "every queue" not in sentence, sentence
