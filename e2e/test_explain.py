"""The reasons of an answer: permissions as stored, why a contact is hidden, what is missing, and the way to the resource."""

import json
from types import SimpleNamespace

import pytest

from conftest import new_instance
from harness.server import Server, run_lanyard

ALLOWED, DENIED = 0, 2
SEARCH, OWN = "ContactSearch.View", "MyContacts.View"
UNREDACTED = "CallRecordings.Unredacted.Access"
BY_HIERARCHY = "RestrictContactAccessByHierarchy.View"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("explain")) as server:
        yield build(server)


def build(server) -> SimpleNamespace:
    client = server.client()
    instance = new_instance(client, IdentityManagementType="SAML", InstanceAlias="reasons")
    client.update_user_hierarchy_structure(InstanceId=instance, HierarchyStructure={"LevelOne": {"Name": "Team"}})
    groups = {
        name: client.create_user_hierarchy_group(InstanceId=instance, Name=name)["HierarchyGroupId"] for name in ("A", "B")
    }
    routing = client.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]
    profiles = {
        "Leads": {"Permissions": [SEARCH, BY_HIERARCHY]},
        "Listeners": {"Permissions": ["ListenCallRecordings", SEARCH]},
        "Own calls": {"Permissions": [OWN, UNREDACTED]},
        "Billing queues": {
            "Permissions": ["Queues.View", "Queues.Edit"],
            "TagRestrictedResources": ["Queue"],
            "AllowedAccessControlTags": {"Team": "Billing"},
        },
        "Plain": {"Permissions": ["BasicAgentAccess"]},
        "Records": {
            "Permissions": ["DataTables.View", "DataTables.ManageValues"],
            "GranularAccessControlConfiguration": {
                "DataTableAccessControlConfiguration": {
                    "PrimaryAttributeAccessControlConfiguration": {
                        "PrimaryAttributeValues": [{"AccessType": "ALLOW", "AttributeName": "Region", "Values": ["West"]}]
                    }
                }
            },
        },
    }
    ids = {
        name: client.create_security_profile(InstanceId=instance, SecurityProfileName=name, **members)["SecurityProfileId"]
        for name, members in profiles.items()
    }
    people = {
        "lead": (["Leads"], "A"),
        "agent": (["Plain"], "B"),
        "groupless": (["Leads"], None),
        "listener": (["Listeners"], None),
        "own": (["Own calls"], None),
        "billing": (["Billing queues"], None),
        "records": (["Records"], None),
        "two": (["Billing queues", "Plain"], None),
    }
    for name, (held, group) in people.items():
        client.create_user(
            InstanceId=instance,
            Username=name,
            SecurityProfileIds=[ids[profile] for profile in held],
            RoutingProfileId=routing,
            **({"HierarchyGroupId": groups[group]} if group else {}),
        )
    return SimpleNamespace(server=server, client=client, instance=instance, groups=groups, profiles=ids)


@pytest.fixture
def ask(world):
    def ask(*arguments: str) -> tuple[int, str]:
        result = run_lanyard(*arguments, "--data", str(world.server.data))
        assert result.stderr == ""
        return result.returncode, result.stdout

    return ask


@pytest.fixture
def explain(ask):
    def explain(*arguments: str) -> dict:
        return json.loads(ask("explain", *arguments, "--json")[1])

    return explain


def findings(answer: dict) -> list[dict]:
    (report,) = answer["reports"]
    return report["reasons"]


class TestThePermissionAsStored:
    def test_is_named_where_it_is_another(self, ask, explain):
        status, text = ask("check", "listener", UNREDACTED, "Contact:1")
        assert status == ALLOWED
        assert text.splitlines()[1:-1] == [
            f"  the profile `Listeners` grants `ListenCallRecordings`, which includes `{UNREDACTED}`"
        ]
        (profile,) = explain("listener", UNREDACTED, "Contact:1")["reports"][0]["profiles"]
        assert profile["stored_permissions"] == ["ListenCallRecordings"]

    def test_several_parts_of_a_task_are_one_line(self, ask):
        _, text = ask("check", "listener", "listen-to-unredacted-recordings")
        assert text.splitlines()[1:-1] == [
            f"  the profile `Listeners` grants `ListenCallRecordings`, which includes `{UNREDACTED}`",
            f"  the profile `Listeners` grants `{SEARCH}`",
        ]

    def test_has_the_name_of_the_console_on_request(self, ask):
        _, text = ask("check", "listener", UNREDACTED, "Contact:1", "--names", "console")
        assert "ListenCallRecordings" not in text and UNREDACTED not in text
        assert "which includes `Call recordings (unredacted) - Access`" in text
        _, text = ask("explain", "own", "listen-to-unredacted-recordings", "Contact:*", "--names", "console")
        assert "`own` would need `Contact search`" in text and "permission `Contact search`" in text
        assert SEARCH not in text and OWN not in text


class TestAContactThatIsHidden:
    def test_by_hierarchy_names_the_permission_the_group_and_the_agent(self, world, ask, explain):
        question = ("lead", SEARCH, "Contact:1", "--agent", "agent")
        status, text = ask("check", *question)
        assert status == DENIED
        assert (
            f"the principal cannot see the contact: `{BY_HIERARCHY}` of the profile `Leads` limits contacts to those of "
            "the principal's own hierarchy group `A` and below, and the contact's agent `agent` is in the group `B`"
        ) in text
        (finding,) = findings(explain(*question))
        assert finding["finding"] == "contact_not_visible"
        why = finding["why"]
        assert (why["limit"], why["permission"], why["group"]) == ("by_hierarchy", BY_HIERARCHY, world.groups["A"])
        assert (why["agent"]["name"], why["agent"]["group"]) == ("agent", world.groups["B"])
        assert why["profiles"] == [{"id": world.profiles["Leads"], "name": "Leads"}]

    def test_names_open_points_where_a_group_is_missing(self, ask):
        assert "and the principal has none (Q4)" in ask("check", "groupless", SEARCH, "Contact:1", "--agent", "agent")[1]
        assert "the contact's agent `own` is in no group (Q5)" in ask("check", "lead", SEARCH, "Contact:1", "--agent", "own")[1]
        assert "no agent who is a user of the instance (Q5)" in ask("check", "lead", SEARCH, "Contact:1")[1]

    def test_only_ones_own_is_not_asked_for_again(self, ask, explain):
        question = ("own", "listen-to-unredacted-recordings", "Contact:*")
        status, text = ask("check", *question)
        assert status == DENIED
        assert f"`{OWN}` of the profile `Own calls` shows only the principal's own contacts" in text
        assert f"  `own` would need `{SEARCH}`\n" in text
        (advice,) = explain(*question)["advice"]
        assert [it["permissions"] for it in advice["sets"]] == [[SEARCH]]
        _, text = ask("check", "own", UNREDACTED, "Contact:1", "--agent", "agent")
        assert "and the contact's agent is `agent`" in text and f"`own` would need `{SEARCH}`" in text

    def test_without_any_permission(self, ask):
        _, text = ask("check", "agent", SEARCH, "Contact:1")
        assert f"no profile of the principal holds `{SEARCH}` or `{OWN}`" in text


class TestMissingPermissions:
    def test_a_scope_is_no_missing_permission(self, ask, explain):
        _, text = ask("check", "billing", "Queues.Edit", "Queue:*")
        assert "would need" not in text and "only covers what is tagged `Team`=`Billing`" in text
        assert explain("billing", "Queues.Edit", "Queue:*")["advice"] == []

    def test_a_record_rule_is_a_scope(self, ask):
        question = ("records", "DataTables.ManageValues", "DataTableRecord:1", "--hypothetical", "--primary", "Region=North")
        for command, mark in (("check", "the only profile, `Records`, "), ("explain", "missing: ")):
            status, text = ask(command, *question)
            assert status == DENIED and f"{mark}only covers records with `West` as `Region`" in text, text

    def test_say_in_which_profile(self, ask, explain):
        question = ("Queues.Create", "Queue:new", "--hypothetical", "--tag", "Team=Claims")
        assert "would need `Queues.Create` in a profile that does not restrict access to it" in ask("check", "billing", *question)[1]
        assert "would need `Queues.Create` in the profile `Plain`" in ask("check", "two", *question)[1]
        (advice,) = explain("two", *question)["advice"]
        (missing,) = advice["sets"]
        assert [profile["name"] for profile in missing["profiles"]] == ["Plain"]

    def test_grant_the_access_once_they_are_added(self, world, ask, explain):
        for question in (("agent", "listen-to-recordings"), ("own", UNREDACTED, "Contact:*"), ("agent", "Queues.Edit", "Queue:*")):
            (advice,) = explain(*question)["advice"]
            missing = advice["sets"][0]
            (profile,) = missing["profiles"][:1]
            held = world.client.list_security_profile_permissions(InstanceId=world.instance, SecurityProfileId=profile["id"])
            assert not set(missing["permissions"]) & set(held["Permissions"])
            change = {"InstanceId": world.instance, "SecurityProfileId": profile["id"]}
            world.client.update_security_profile(**change, Permissions=held["Permissions"] + missing["permissions"])
            try:
                assert ask("check", *question)[0] == ALLOWED
            finally:
                world.client.update_security_profile(**change, Permissions=held["Permissions"])


class TestTheWay:
    def test_leads_from_the_principal_to_the_resource(self, ask, explain):
        _, text = ask("explain", "listener", UNREDACTED, "Contact:1")
        assert text.splitlines()[1:6] == [
            "  user `listener`",
            "    security profile `Listeners`",
            "      permission `ListenCallRecordings`, which includes",
            f"          `{UNREDACTED}`",
            "        Contact `1`",
        ]
        steps = explain("listener", UNREDACTED, "Contact:1")["way"]
        assert [step["type"] for step in steps] == ["User", "SecurityProfile", "Permission", "Contact"]
        assert [step["depth"] for step in steps] == [0, 1, 2, 3]
        assert steps[2]["id"] == "ListenCallRecordings" and steps[2]["includes"] == [UNREDACTED]
        assert not any(step["missing"] for step in steps)

    def test_marks_the_missing_step(self, ask, explain):
        _, text = ask("explain", "agent", "Queues.Edit", "Queue:*")
        assert "      missing: permission `Queues.Edit`\n        every Queue\n" in text
        missing = [step for step in explain("lead", SEARCH, "Contact:1", "--agent", "agent")["way"] if step["missing"]]
        assert [(step["type"], step["findings"][0]["finding"]) for step in missing] == [("Restriction", "contact_not_visible")]

    def test_is_open_where_the_answer_is(self, ask):
        _, text = ask("explain", "groupless", SEARCH, "Contact:1")
        assert "open: the principal cannot see the contact" in text and "missing:" not in text

    def test_has_at_most_80_columns(self, ask):
        for question in (("lead", SEARCH, "Contact:1", "--agent", "agent"), ("agent", "listen-to-recordings")):
            assert max(len(line) for line in ask("explain", *question)[1].splitlines()) <= 80

    def test_is_the_same_at_a_server(self, world, explain):
        for question in (
            ("lead", SEARCH, "Contact:1", "--agent", "agent"),
            ("own", "listen-to-unredacted-recordings", "Contact:*"),
            ("listener", UNREDACTED, "Contact:1"),
        ):
            local = explain(*question)
            result = run_lanyard("explain", *question, "--json", "--endpoint", world.server.endpoint, "--instance", world.instance)
            remote = json.loads(result.stdout)
            assert remote["advice"] == local["advice"] and remote["way"] == local["way"]
            # A server has no names of groups.
            assert [reason for reason in remote["reasons"] if "group" not in reason] == [
                reason for reason in local["reasons"] if "group" not in reason
            ]
