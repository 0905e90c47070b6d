"""Security profiles: create, read, update, delete, and what is checked beyond the model's constraints."""

import re
import time
from datetime import datetime, timedelta, timezone

import pytest

from conftest import new_instance
from harness.expect import INVALID, not_found, refused
from harness.operations import AI_AGENT, ai_agent_arn, granular, profile_members, unique
from harness.profiles import normal, read_profile, settings
from harness.server import ACCOUNT, REGION

WARNING = "x-lanyard-warning"

# For each member of an update: a second value, and what clears it. The hierarchy group has no valid value yet.
SECOND = {
    "Description": "Sells to customers",
    "Permissions": ["Queues.View"],
    "AllowedAccessControlTags": {"department": "sales", "site": ""},
    "TagRestrictedResources": ["Queue", "RoutingProfile"],
    "Applications": [{"Namespace": "tools", "ApplicationPermissions": ["search", "book"], "Type": "MCP"}],
    "HierarchyRestrictedResources": ["User"],
    "AllowedFlowModules": [{"Type": "MCP", "FlowModuleId": "a2b3c4d5-0000-4000-8000-000000000002"}],
    "AllowedAIAgents": [{"Type": "THIRD_PARTY", "Arn": AI_AGENT.format("c", "d")}],
    "GranularAccessControlConfiguration": granular("site", ["north"]),
}
EMPTY = {
    "Description": [""],
    "Permissions": [[]],
    "AllowedAccessControlTags": [{}],
    "TagRestrictedResources": [[]],
    "Applications": [[]],
    "HierarchyRestrictedResources": [[]],
    "AllowedAccessControlHierarchyGroupId": [""],
    "AllowedFlowModules": [[]],
    "AllowedAIAgents": [[]],
    "GranularAccessControlConfiguration": [
        {},
        {"DataTableAccessControlConfiguration": {}},
        {"DataTableAccessControlConfiguration": {"PrimaryAttributeAccessControlConfiguration": {}}},
        {"DataTableAccessControlConfiguration": {"PrimaryAttributeAccessControlConfiguration": {"PrimaryAttributeValues": []}}},
    ],
}
CLEARINGS = [pytest.param(member, empty, id=f"{member}-{n}") for member, all in EMPTY.items() for n, empty in enumerate(all)]


@pytest.fixture
def instance(connect) -> str:
    """An instance a test: together they make more profiles than one may have."""
    return new_instance(connect)


@pytest.fixture
def profile(make_profile) -> str:
    """A profile with every member set."""
    return make_profile(Tags={"team": "care"}, **profile_members())


@pytest.fixture
def read(connect, instance):
    return lambda profile: read_profile(connect, instance, profile)


@pytest.fixture
def update(connect, instance):
    return lambda profile, **members: connect.update_security_profile(
        InstanceId=instance, SecurityProfileId=profile, **members
    )


def stored(members: dict) -> dict:
    """The settings as a read shows them."""
    return normal({name: value for name, value in members.items() if value not in ("", [], {})})


class TestCreate:
    def test_with_every_member(self, connect, instance, read):
        name = unique("whole")

        created = connect.create_security_profile(
            InstanceId=instance, SecurityProfileName=name, Tags={"team": "care"}, **profile_members()
        )

        result = read(created["SecurityProfileId"])
        assert settings(result) == stored(profile_members())
        assert result["Id"] == created["SecurityProfileId"]
        assert result["Arn"] == created["SecurityProfileArn"]
        assert result["Arn"] == f"arn:aws:connect:{REGION}:{ACCOUNT}:instance/{instance}/security-profile/{result['Id']}"
        assert result["OrganizationResourceId"] == instance
        assert result["SecurityProfileName"] == name
        assert result["Tags"] == {"team": "care"}
        assert result["Type"] == "CUSTOMER_MANAGED"
        assert result["LastModifiedRegion"] == REGION
        assert abs(result["LastModifiedTime"] - datetime.now(timezone.utc)) < timedelta(minutes=1)

    def test_with_only_a_name(self, make_profile, read):
        assert settings(read(make_profile())) == {}

    @pytest.mark.parametrize("name", ["a", "x" * 127, "Tier 2 - care_eu@north", " leading and trailing "])
    def test_names(self, connect, make_profile, instance, name):
        profile = make_profile(SecurityProfileName=name)
        result = connect.describe_security_profile(InstanceId=instance, SecurityProfileId=profile)["SecurityProfile"]
        assert result["SecurityProfileName"] == name

    def test_name_taken(self, connect, make_profile, instance):
        name = unique("taken")
        make_profile(SecurityProfileName=name, Description="the first")

        with refused("DuplicateResourceException", message=name):
            make_profile(SecurityProfileName=name, Description="the second")

        listed = connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]
        assert [one["Name"] for one in listed].count(name) == 1

    def test_a_built_in_name_is_taken(self, make_profile):
        with refused("DuplicateResourceException"):
            make_profile(SecurityProfileName="Admin")

    def test_a_name_is_free_again_after_delete(self, connect, instance, make_profile):
        name = unique("freed")
        first = make_profile(SecurityProfileName=name)
        connect.delete_security_profile(InstanceId=instance, SecurityProfileId=first)
        assert make_profile(SecurityProfileName=name) != first

    def test_bounds_are_inclusive(self, make_profile, read):
        members = {
            "Description": "d" * 250,
            "Permissions": ["P" * 128],
            "AllowedAccessControlTags": {f"{n}".ljust(128, "k"): "v" * 256 for n in range(4)},
            "TagRestrictedResources": [f"Type{n}" for n in range(10)],
            "Applications": [{"Namespace": f"app{n}", "ApplicationPermissions": ["ACCESS"]} for n in range(10)],
            "AllowedFlowModules": [{"Type": "MCP", "FlowModuleId": f"module{n}"} for n in range(10)],
            "AllowedAIAgents": [{"Type": "THIRD_PARTY", "Arn": ai_agent_arn()} for _ in range(100)],
        }
        assert settings(read(make_profile(**members))) == stored(members)

    def test_lengths_count_characters_not_bytes(self, make_profile, read):
        assert read(make_profile(Description="é" * 250))["Description"] == "é" * 250
        assert read(make_profile(Description="☎" * 250))["Description"] == "☎" * 250


class TestUpdate:
    def test_answers_an_empty_body(self, wire, instance, profile):
        answer = wire.call(
            "UpdateSecurityProfile", {"InstanceId": instance, "SecurityProfileId": profile, "Description": "new"}
        )
        assert (answer.status, answer.body) == (200, b"")

    def test_without_members_changes_nothing(self, profile, read, update):
        before = settings(read(profile))
        update(profile)
        assert settings(read(profile)) == before

    @pytest.mark.parametrize("member", SECOND)
    def test_replaces_one_member_and_leaves_the_others(self, profile, read, update, member):
        before = settings(read(profile))
        update(profile, **{member: SECOND[member]})
        assert settings(read(profile)) == {**before, **stored({member: SECOND[member]})}

    @pytest.mark.parametrize(("member", "empty"), CLEARINGS)
    def test_empty_clears_one_member_and_leaves_the_others(self, profile, read, update, member, empty):
        before = settings(read(profile))
        update(profile, **{member: empty})
        assert settings(read(profile)) == {name: value for name, value in before.items() if name != member}

    @pytest.mark.parametrize("member", EMPTY)
    def test_null_is_as_if_omitted(self, wire, instance, profile, read, member):
        before = settings(read(profile))
        answer = wire.call("UpdateSecurityProfile", {"InstanceId": instance, "SecurityProfileId": profile, member: None})
        assert answer.status == 200, answer.body
        assert settings(read(profile)) == before

    @pytest.mark.parametrize("member", SECOND)
    def test_sets_one_member_of_a_bare_profile(self, make_profile, read, update, member):
        profile = make_profile()
        update(profile, **{member: SECOND[member]})
        assert settings(read(profile)) == stored({member: SECOND[member]})

    def test_all_members_at_once(self, profile, read, update):
        update(profile, **SECOND, AllowedAccessControlHierarchyGroupId="")
        assert settings(read(profile)) == stored(SECOND)

    def test_an_application_needs_no_type(self, profile, read, update):
        application = {"Namespace": "crm", "ApplicationPermissions": ["ACCESS"]}
        update(profile, Applications=[application])
        assert read(profile)["Applications"] == [application]

    @pytest.mark.parametrize("member", SECOND)
    def test_moves_the_time_and_nothing_else(self, profile, read, update, member):
        fixed = ("Id", "Arn", "OrganizationResourceId", "SecurityProfileName", "Tags", "Type")
        before = read(profile)
        time.sleep(0.01)

        update(profile, **{member: SECOND[member]})

        after = read(profile)
        assert after["LastModifiedTime"] > before["LastModifiedTime"]
        assert after["LastModifiedRegion"] == REGION
        assert {name: after[name] for name in fixed} == {name: before[name] for name in fixed}

    def test_every_reader_shows_the_same_time(self, connect, instance, profile, update):
        update(profile, Description="new")
        parameters = {"InstanceId": instance, "SecurityProfileId": profile}
        listed = connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]
        answers = [
            connect.describe_security_profile(**parameters)["SecurityProfile"],
            connect.list_security_profile_permissions(**parameters),
            connect.list_security_profile_applications(**parameters),
            connect.list_security_profile_flow_modules(**parameters),
            connect.list_security_profile_ai_agents(**parameters),
            next(one for one in listed if one["Id"] == profile),
        ]
        assert len({(answer["LastModifiedTime"], answer["LastModifiedRegion"]) for answer in answers}) == 1

    def test_a_member_it_does_not_have_is_ignored(self, wire, instance, profile, read):
        before = read(profile)
        answer = wire.call(
            "UpdateSecurityProfile",
            {
                "InstanceId": instance,
                "SecurityProfileId": profile,
                "SecurityProfileName": "renamed",
                "Tags": {"team": "sales"},
                "Description": "new",
            },
        )
        assert answer.status == 200
        after = read(profile)
        assert (after["SecurityProfileName"], after["Tags"]) == (before["SecurityProfileName"], before["Tags"])
        assert after["Description"] == "new"

    def test_one_bad_member_and_nothing_changes(self, profile, read, update):
        before = read(profile)
        good = {name: SECOND[name] for name in ("Description", "AllowedAccessControlTags", "Applications", "AllowedFlowModules")}
        for bad in (
            {"Permissions": ["no permission!"]},
            {"HierarchyRestrictedResources": ["Queue"]},
            {"AllowedAccessControlHierarchyGroupId": "a2b3c4d5-0000-4000-8000-000000000009"},
            {"GranularAccessControlConfiguration": granular("aws:region", ["eu"])},
        ):
            with refused(*INVALID, "ResourceNotFoundException"):
                update(profile, **good, **bad)
            assert read(profile) == before

    def test_of_nothing(self, update):
        with not_found():
            update("a2b3c4d5-0000-4000-8000-00000000000a", Description="nobody")


class TestRules:
    """Checked on create and on update alike."""

    @pytest.fixture(params=["create", "update"])
    def send(self, request, make_profile, update):
        """Sends members either way; answers the profile's id."""
        if request.param == "create":
            return make_profile

        def changed(**members) -> str:
            profile = make_profile()
            update(profile, **members)
            return profile

        return changed

    @pytest.mark.parametrize(
        "permission", ["Queues View", "Queues.", ".View", "Queues..View", "A.b.C.d.E", "Queues.View!", "connect:ListUsers", "Q\u00fceues.View", "Queues2.View"]
    )
    def test_a_permission_has_a_permissions_form(self, send, permission):
        with refused("InvalidParameterException", message="Permissions"):
            send(Permissions=["BasicAgentAccess", permission])

    @pytest.mark.parametrize("permission", ["BasicAgentAccess", "Queues.View", "ContactTranscripts.Redacted.Access", "ListenCallRecordings"])
    def test_known_permissions_raise_no_warning(self, connect, instance, permission):
        answer = connect.create_security_profile(
            InstanceId=instance, SecurityProfileName=unique("known"), Permissions=[permission]
        )
        assert WARNING not in answer["ResponseMetadata"]["HTTPHeaders"]

    def test_an_unknown_permission_is_stored_with_a_warning(self, connect, instance, read, server):
        created = connect.create_security_profile(
            InstanceId=instance, SecurityProfileName=unique("unknown"), Permissions=["Queues.Veiw"]
        )
        assert read(created["SecurityProfileId"])["Permissions"] == ["Queues.Veiw"]
        _assert_suggests(created, "Queues.Veiw", "Queues.View")
        assert "Queues.Veiw" in server.log.read_text()

    def test_update_warns_too(self, profile, read, update):
        answer = update(profile, Permissions=["BasicAgentAcess", "Queues.View"])
        assert read(profile)["Permissions"] == ["BasicAgentAcess", "Queues.View"]
        _assert_suggests(answer, "BasicAgentAcess", "BasicAgentAccess")

    def test_tools_need_the_type_of_a_server(self, send, read):
        tools = {"Namespace": "tools", "ApplicationPermissions": ["search"]}
        with refused(*INVALID, message="Invalid application permission"):
            send(Applications=[tools])
        # Exports have tools without a type in the service's own namespaces.
        own = {**tools, "Namespace": "CCP"}
        assert read(send(Applications=[own]))["Applications"] == [own]

    @pytest.mark.parametrize("permissions", [["READ"], ["ACCESS", "READ"], ["access"]])
    def test_a_third_party_application_knows_only_access(self, send, permissions):
        with refused(*INVALID, message="Permissions"):
            send(Applications=[{"Namespace": "crm", "ApplicationPermissions": permissions, "Type": "THIRD_PARTY_APPLICATION"}])

    def test_an_mcp_server_has_tools(self, send, read):
        application = {"Namespace": "tools", "ApplicationPermissions": ["book_table", "search"], "Type": "MCP"}
        assert normal(read(send(Applications=[application]))["Applications"]) == [application]

    @pytest.mark.parametrize("resources", [["Queue"], ["User", "Queue"], ["user"]])
    def test_hierarchy_restricts_only_users(self, send, resources):
        with refused(*INVALID, message="HierarchyRestrictedResources"):
            send(HierarchyRestrictedResources=resources)

    @pytest.mark.parametrize("group", ["a2b3c4d5-0000-4000-8000-00000000000b", "nonsense"])
    def test_a_hierarchy_group_exists(self, send, group):
        with refused(*INVALID, "ResourceNotFoundException", message="(?i)hierarchy"):
            send(AllowedAccessControlHierarchyGroupId=group)

    @pytest.mark.parametrize("attribute", ["aws:region", "connect:region"])
    def test_attribute_names_of_the_service_are_refused(self, send, attribute):
        with refused(*INVALID, message="AttributeName"):
            send(GranularAccessControlConfiguration=granular(attribute, ["eu"]))

    def test_attribute_names_may_contain_those_words(self, send, read):
        configuration = granular("my aws:region", ["eu"])
        result = read(send(GranularAccessControlConfiguration=configuration))
        assert result["GranularAccessControlConfiguration"] == configuration

    def test_duplicates_collapse(self, send, read):
        members = {
            "Permissions": ["Queues.View", "BasicAgentAccess", "Queues.View"],
            "TagRestrictedResources": ["User", "User"],
            "HierarchyRestrictedResources": ["User", "User"],
        }
        result = read(send(**members))
        assert result["Permissions"] == ["BasicAgentAccess", "Queues.View"]
        assert result["TagRestrictedResources"] == ["User"]
        assert result["HierarchyRestrictedResources"] == ["User"]

    def test_duplicates_collapse_after_the_limits(self, send, read):
        assert read(send(Permissions=["Queues.View"] * 500))["Permissions"] == ["Queues.View"]
        with refused("InvalidParameterException", message="Permissions"):
            send(Permissions=["Queues.View"] * 501)
        with refused("InvalidParameterException", message="TagRestrictedResources"):
            send(TagRestrictedResources=["User"] * 11)

    def test_references_to_unserved_resources_are_stored(self, send, read):
        modules = [{"Type": "MCP", "FlowModuleId": "no-such-module"}]
        assert read(send(AllowedFlowModules=modules))["AllowedFlowModules"] == modules

    @pytest.mark.parametrize("text", ["<b>&amp;\"quoted\"\\", "emoji ☎️ 🦜", "line\nbreak\ttab", "نص", "\u2028"])
    def test_text_comes_back_as_it_was(self, send, read, text):
        assert read(send(Description=text))["Description"] == text


def _assert_suggests(answer: dict, unknown: str, suggestion: str) -> None:
    warning = answer["ResponseMetadata"]["HTTPHeaders"][WARNING]
    assert unknown in warning
    assert suggestion in warning


class TestPermissionsList:
    def test_is_alphabetical(self, make_profile, read):
        sent = ["Users.View", "AccessMetrics", "Queues.View", "BasicAgentAccess", "Queues.Edit"]
        assert read(make_profile(Permissions=sent))["Permissions"] == sorted(sent)

    def test_the_built_in_ones_are(self, connect, instance, read):
        listed = connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]
        for one in listed:
            permissions = read(one["Id"])["Permissions"]
            assert permissions == sorted(permissions)

    def test_500_fit(self, make_profile, read):
        letters = "abcdefghijklmnopqrstuvwxyz"
        names = sorted(f"Own{one}{two}.View" for one in letters for two in letters)[:500]
        assert read(make_profile(Permissions=names))["Permissions"] == names

    def test_500_fit_with_names_of_any_length(self, make_profile, read):
        """Five hundred warnings at once must not make a header that no client accepts."""
        letters = "abcdefghijklmnopqrstuvwxyz"
        names = [f"{'Q' * 100}{one}{two}.View" for one in letters for two in letters][:500]
        assert len(read(make_profile(Permissions=names))["Permissions"]) == 500


class TestDelete:
    def test_is_gone(self, connect, instance, make_profile):
        profile = make_profile(Tags={"team": "care"})
        parameters = {"InstanceId": instance, "SecurityProfileId": profile}
        arn = connect.describe_security_profile(**parameters)["SecurityProfile"]["Arn"]

        connect.delete_security_profile(**parameters)

        for call in (
            connect.describe_security_profile,
            connect.update_security_profile,
            connect.delete_security_profile,
            connect.list_security_profile_permissions,
            connect.list_security_profile_applications,
            connect.list_security_profile_flow_modules,
            connect.list_security_profile_ai_agents,
        ):
            with not_found():
                call(**parameters)
        with not_found():
            connect.list_tags_for_resource(resourceArn=arn)
        listed = connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]
        assert profile not in [one["Id"] for one in listed]

    def test_in_use(self, connect, instance, make_profile):
        profile, agent = make_profile(), ai_agent_arn()
        parameters = {"InstanceId": instance, "SecurityProfileId": profile}
        entity = {"InstanceId": instance, "EntityType": "AI_AGENT", "EntityArn": agent, "SecurityProfiles": [{"Id": profile}]}
        connect.associate_security_profiles(**entity)

        with refused("ResourceInUseException"):
            connect.delete_security_profile(**parameters)
        assert connect.describe_security_profile(**parameters)["SecurityProfile"]["Id"] == profile

        connect.disassociate_security_profiles(**entity)
        connect.delete_security_profile(**parameters)


class TestQuota:
    def test_set_by_the_operator(self, start_server):
        client = start_server("--quota", "security-profiles=5").client()
        instance = new_instance(client)
        fifth = client.create_security_profile(InstanceId=instance, SecurityProfileName="fifth")["SecurityProfileId"]

        with refused("LimitExceededException", message="5"):
            client.create_security_profile(InstanceId=instance, SecurityProfileName="sixth")

        client.delete_security_profile(InstanceId=instance, SecurityProfileId=fifth)
        client.create_security_profile(InstanceId=instance, SecurityProfileName="sixth")
        other = new_instance(client)
        client.create_security_profile(InstanceId=other, SecurityProfileName="fifth")

    def test_100_by_default(self, connect):
        instance = new_instance(connect)
        for number in range(96):
            connect.create_security_profile(InstanceId=instance, SecurityProfileName=f"profile {number}")
        with refused("LimitExceededException", message="100"):
            connect.create_security_profile(InstanceId=instance, SecurityProfileName="one too many")


class TestUnknownPermissionsRejected:
    def test_nothing_outside_the_catalogue_is_stored(self, start_server):
        client = start_server("--unknown-permissions", "reject").client()
        instance = new_instance(client)
        with refused("InvalidParameterException", message="Queues.View"):
            client.create_security_profile(
                InstanceId=instance, SecurityProfileName="typo", Permissions=["Queues.Edit", "Queues.Veiw"]
            )
        profile = client.create_security_profile(
            InstanceId=instance, SecurityProfileName="right", Permissions=["Queues.View", "ListenCallRecordings"]
        )["SecurityProfileId"]
        with refused("InvalidParameterException", message="Queues.Veiw"):
            client.update_security_profile(InstanceId=instance, SecurityProfileId=profile, Permissions=["Queues.Veiw"])
        result = read_profile(client, instance, profile)
        assert result["Permissions"] == ["ListenCallRecordings", "Queues.View"]


def test_warning_header_is_one_line_of_ascii(connect, instance):
    """A header that a client could not parse would be worse than none."""
    answer = connect.create_security_profile(
        InstanceId=instance, SecurityProfileName=unique("header"), Permissions=["Queues.Veiw", "Zzz"]
    )
    warning = answer["ResponseMetadata"]["HTTPHeaders"][WARNING]
    assert re.fullmatch(r"[\x20-\x7e]+", warning)
