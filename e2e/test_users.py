"""Users: what they are made of, who they refer to, passwords, restrictions, searches."""

import sqlite3

import pytest

from conftest import new_instance
from harness.expect import INVALID, not_found, refused
from harness.operations import unique
from harness.server import run_lanyard

PASSWORD = "Passw0rd-of-a-user"
NOBODY = "00000000-0000-4000-8000-000000000000"


class Centre:
    """An instance and what its users refer to; makes users in it."""

    def __init__(self, client, **members):
        self.client = client
        self.instance = new_instance(client, **members)
        self.managed = members.get("IdentityManagementType", "CONNECT_MANAGED")
        profiles = client.list_security_profiles(InstanceId=self.instance)["SecurityProfileSummaryList"]
        self.agent = next(one["Id"] for one in profiles if one["Name"] == "Agent")
        self.routing = client.list_routing_profiles(InstanceId=self.instance)["RoutingProfileSummaryList"][0]["Id"]
        self.queue = client.list_queues(InstanceId=self.instance, QueueTypes=["STANDARD"])["QueueSummaryList"][0]["Id"]

    def members(self, **members) -> dict:
        whole = {
            "InstanceId": self.instance,
            "Username": unique("user"),
            "SecurityProfileIds": [self.agent],
            "RoutingProfileId": self.routing,
            **({"Password": PASSWORD} if self.managed == "CONNECT_MANAGED" else {}),
            **({} if self.managed == "EXISTING_DIRECTORY" else {"IdentityInfo": {"FirstName": "Ada", "LastName": "L"}}),
            **members,
        }
        return {name: value for name, value in whole.items() if value is not None}

    def make(self, **members) -> str:
        return self.client.create_user(**self.members(**members))["UserId"]

    def user(self, user: str) -> dict:
        return self.client.describe_user(InstanceId=self.instance, UserId=user)["User"]

    def of(self, user: str) -> dict:
        return {"InstanceId": self.instance, "UserId": user}

    def profile(self, **members) -> str:
        members = {"InstanceId": self.instance, "SecurityProfileName": unique("profile"), **members}
        return self.client.create_security_profile(**members)["SecurityProfileId"]

    def restricted(self) -> str:
        return self.profile(TagRestrictedResources=["User"], AllowedAccessControlTags={"team": "care"})

    def groups(self, *names: str) -> list[str]:
        """A chain of groups, each below the one before."""
        made: list[str] = []
        for name in names:
            parent = {"ParentGroupId": made[-1]} if made else {}
            made.append(self.client.create_user_hierarchy_group(InstanceId=self.instance, Name=name, **parent)["HierarchyGroupId"])
        return made

    def levels(self) -> None:
        self.client.update_user_hierarchy_structure(
            InstanceId=self.instance,
            HierarchyStructure={"LevelOne": {"Name": "Site"}, "LevelTwo": {"Name": "Team"}, "LevelThree": {"Name": "Desk"}},
        )


@pytest.fixture(scope="module")
def centre(connect) -> Centre:
    centre = Centre(connect)
    centre.levels()
    return centre


@pytest.fixture(scope="module")
def group(centre) -> str:
    return centre.groups("North")[0]


class TestCreate:
    def test_every_member(self, connect, centre, group):
        info = {"FirstName": "Ada", "LastName": "Lovelace", "Email": "a@b.cc", "SecondaryEmail": "s@b.cc", "Mobile": "+441234"}
        phone = {
            "PhoneType": "DESK_PHONE",
            "AutoAccept": True,
            "AfterContactWorkTimeLimit": 30,
            "DeskPhoneNumber": "+441234567",
            "PersistentConnection": False,
        }
        members = centre.members(
            IdentityInfo=info, PhoneConfig=phone, HierarchyGroupId=group, DirectoryUserId="d-1", Tags={"team": "care"}
        )
        made = connect.create_user(**members)
        user = centre.user(made["UserId"])
        assert made["UserArn"] == user["Arn"] and user["Arn"].endswith(f"instance/{centre.instance}/agent/{made['UserId']}")
        assert user["IdentityInfo"] == info and user["PhoneConfig"] == phone
        assert (user["Username"], user["DirectoryUserId"], user["Tags"]) == (members["Username"], "d-1", {"team": "care"})
        assert (user["RoutingProfileId"], user["HierarchyGroupId"]) == (centre.routing, group)
        assert user["SecurityProfileIds"] == [centre.agent]
        assert user["LastModifiedRegion"] == "us-east-1" and user["LastModifiedTime"]

    def test_channels(self, centre):
        lists = {
            "AutoAcceptConfigs": [
                {"Channel": "VOICE", "AutoAccept": True, "AgentFirstCallbackAutoAccept": False},
                {"Channel": "CHAT", "AutoAccept": False},
            ],
            "AfterContactWorkConfigs": [
                {
                    "Channel": "VOICE",
                    "AfterContactWorkConfig": {"AfterContactWorkTimeLimit": 5},
                    "AgentFirstCallbackAfterContactWorkConfig": {},
                },
                {"Channel": "TASK", "AfterContactWorkConfig": {}},
            ],
            "PhoneNumberConfigs": [{"Channel": "VOICE", "PhoneType": "DESK_PHONE", "PhoneNumber": "+441234567"}],
            "PersistentConnectionConfigs": [{"Channel": "VOICE", "PersistentConnection": True}],
            "VoiceEnhancementConfigs": [{"Channel": "VOICE", "VoiceEnhancementMode": "NOISE_SUPPRESSION"}],
        }
        user = centre.user(centre.make(**lists))
        assert {name: user[name] for name in lists} == lists
        assert "PhoneConfig" not in user

    def test_empty_members_are_left_out(self, centre):
        user = centre.user(centre.make(HierarchyGroupId="", AutoAcceptConfigs=[]))
        assert not {"HierarchyGroupId", "Tags", "DirectoryUserId", "PhoneConfig", "AutoAcceptConfigs"} & user.keys()

    def test_names_are_unique_regardless_of_case(self, centre):
        name = unique("Zoë")
        made = centre.make(Username=name)
        with refused("DuplicateResourceException", message=name.upper()):
            centre.make(Username=name.upper())
        centre.client.delete_user(**centre.of(made))
        assert centre.user(centre.make(Username=name.upper()))["Username"] == name.upper()

    def test_profiles_collapse(self, centre):
        other = centre.profile()
        user = centre.user(centre.make(SecurityProfileIds=[other, centre.agent, other]))
        assert user["SecurityProfileIds"] == [other, centre.agent]

    @pytest.mark.parametrize("count", [0, 11])
    def test_one_to_ten_profiles(self, server, centre, count):
        unchecked = server.client(parameter_validation=False)
        with refused("InvalidParameterException", message="SecurityProfileIds"):
            unchecked.create_user(**centre.members(SecurityProfileIds=[centre.agent] * count))

    @pytest.mark.parametrize(
        ("members", "noun"),
        [
            ({"SecurityProfileIds": [NOBODY]}, "security profile"),
            ({"RoutingProfileId": NOBODY}, "routing profile"),
            ({"HierarchyGroupId": NOBODY}, "hierarchy group"),
        ],
    )
    def test_references_exist(self, centre, members, noun):
        with refused("ResourceNotFoundException", message=f"{noun}.*{NOBODY}"):
            centre.make(**members)

    def test_arns_name_resources_too(self, connect, centre, group):
        base = centre.user(centre.make())["Arn"].rsplit("/agent/", 1)[0]
        made = centre.make(
            SecurityProfileIds=[f"{base}/security-profile/{centre.agent}", centre.agent],
            RoutingProfileId=f"{base}/routing-profile/{centre.routing}",
            HierarchyGroupId=f"{base}/agent-group/{group}",
        )
        user = connect.describe_user(InstanceId=centre.instance, UserId=f"{base}/agent/{made}")["User"]
        assert (user["SecurityProfileIds"], user["RoutingProfileId"]) == ([centre.agent], centre.routing)
        assert user["HierarchyGroupId"] == group

    @pytest.mark.parametrize(
        ("phone", "lists", "message"),
        [
            ({"AutoAccept": False}, {"AutoAcceptConfigs": [{"Channel": "CHAT", "AutoAccept": True}]}, "AutoAcceptConfigs"),
            (
                {"AfterContactWorkTimeLimit": 1},
                {"AfterContactWorkConfigs": [{"Channel": "CHAT", "AfterContactWorkConfig": {}}]},
                "AfterContactWorkConfigs",
            ),
            ({"PhoneType": "SOFT_PHONE"}, {"PhoneNumberConfigs": [{"Channel": "VOICE", "PhoneType": "SOFT_PHONE"}]}, "PhoneNumber"),
            (
                {"PersistentConnection": True},
                {"PersistentConnectionConfigs": [{"Channel": "VOICE", "PersistentConnection": True}]},
                "PersistentConnectionConfigs",
            ),
        ],
    )
    def test_a_setting_is_given_once(self, centre, phone, lists, message):
        with refused("InvalidParameterException", message=message):
            centre.make(PhoneConfig=phone, **lists)

    @pytest.mark.parametrize(
        "lists",
        [
            {"AutoAcceptConfigs": [{"Channel": "CHAT", "AutoAccept": True}, {"Channel": "CHAT", "AutoAccept": False}]},
            {"AutoAcceptConfigs": [{"Channel": "CHAT", "AutoAccept": True, "AgentFirstCallbackAutoAccept": True}]},
            {"PhoneNumberConfigs": [{"Channel": "CHAT", "PhoneType": "SOFT_PHONE"}]},
            {"PersistentConnectionConfigs": [{"Channel": "TASK", "PersistentConnection": True}]},
            {"VoiceEnhancementConfigs": [{"Channel": "EMAIL", "VoiceEnhancementMode": "NONE"}]},
            {"AfterContactWorkConfigs": [{"Channel": "CHAT", "AfterContactWorkConfig": {"AfterContactWorkTimeLimit": 2_000_001}}]},
            {"PhoneConfig": {"AfterContactWorkTimeLimit": 2_000_001}},
        ],
    )
    def test_wrong_settings(self, centre, lists):
        with refused("InvalidParameterException"):
            centre.make(**lists)

    def test_a_quota(self, start_server):
        server = start_server("--quota", "users=1")
        centre = Centre(server.client())
        made = centre.make()
        with refused("LimitExceededException", message="user"):
            centre.make()
        centre.client.delete_user(**centre.of(made))
        centre.make()


@pytest.fixture(scope="module")
def saml(connect) -> Centre:
    return Centre(connect, IdentityManagementType="SAML")


@pytest.fixture(scope="module")
def directory(connect) -> Centre:
    return Centre(connect, IdentityManagementType="EXISTING_DIRECTORY", DirectoryId="d-1234567890")


class TestIdentityManagement:
    """The allowed and required members depend on where the instance keeps its users."""

    def test_managed_needs_a_password_and_names(self, centre):
        with refused("InvalidParameterException", message="Password"):
            centre.make(Password=None)
        assert "IdentityInfo" not in centre.user(centre.make(IdentityInfo=None))
        for info in ({}, {"FirstName": "Ada"}, {"LastName": "L"}, {"FirstName": "", "LastName": "L"}):
            with refused("InvalidParameterException", message="IdentityInfo"):
                centre.make(IdentityInfo=info)

    @pytest.mark.parametrize("password", ["Sh0rt", "alllower1", "ALLUPPER1", "NoDigitHere", "With Space1", "A1a" + "x" * 62])
    def test_the_rule_of_passwords(self, centre, password):
        with refused("InvalidParameterException", message="Password") as caught:
            centre.make(Password=password)
        assert password not in str(caught.value)

    def test_saml(self, saml):
        user = saml.user(saml.make())
        assert user["IdentityInfo"] == {"FirstName": "Ada", "LastName": "L"}
        for members, message in [
            ({"Password": PASSWORD}, "Password"),
            ({"DirectoryUserId": "d"}, "DirectoryUserId"),
            ({"IdentityInfo": {"FirstName": "Ada", "LastName": "L", "Email": "a@b.cc"}}, "Email"),
            ({"IdentityInfo": {"LastName": "L"}}, "FirstName"),
        ]:
            with refused("InvalidParameterException", message=message):
                saml.make(**members)

    def test_existing_directory(self, directory):
        assert "IdentityInfo" not in directory.user(directory.make())
        assert directory.user(directory.make(DirectoryUserId="d-7"))["DirectoryUserId"] == "d-7"
        with refused("InvalidParameterException", message="Password"):
            directory.make(Password=PASSWORD)


class TestUpdates:
    @pytest.fixture
    def user(self, centre) -> str:
        return centre.make()

    def test_unknown_user(self, connect, centre):
        of = centre.of(NOBODY)
        for call in [
            lambda: connect.describe_user(**of),
            lambda: connect.delete_user(**of),
            lambda: connect.update_user_config(**of),
            lambda: connect.update_user_hierarchy(**of),
            lambda: connect.update_user_identity_info(**of, IdentityInfo={}),
            lambda: connect.update_user_phone_config(**of, PhoneConfig={}),
            lambda: connect.update_user_routing_profile(**of, RoutingProfileId=centre.routing),
            lambda: connect.update_user_security_profiles(**of, SecurityProfileIds=[centre.agent]),
        ]:
            with refused("ResourceNotFoundException", message="user"):
                call()

    def test_config_replaces_the_lists_that_are_sent(self, connect, centre, user):
        voice = [{"Channel": "VOICE", "AutoAccept": True}]
        enhanced = [{"Channel": "VOICE", "VoiceEnhancementMode": "NONE"}]
        connect.update_user_config(**centre.of(user), AutoAcceptConfigs=voice, VoiceEnhancementConfigs=enhanced)
        connect.update_user_config(**centre.of(user), AutoAcceptConfigs=[{"Channel": "CHAT", "AutoAccept": True}])
        now = centre.user(user)
        assert now["AutoAcceptConfigs"] == [{"Channel": "CHAT", "AutoAccept": True}]
        assert now["VoiceEnhancementConfigs"] == enhanced
        connect.update_user_config(**centre.of(user), AutoAcceptConfigs=[])
        assert "AutoAcceptConfigs" not in centre.user(user)
        with refused("InvalidParameterException", message="VOICE"):
            connect.update_user_config(**centre.of(user), PhoneNumberConfigs=[{"Channel": "CHAT", "PhoneType": "SOFT_PHONE"}])

    def test_phone_config_replaces(self, connect, centre, user):
        connect.update_user_phone_config(**centre.of(user), PhoneConfig={"PhoneType": "SOFT_PHONE", "AutoAccept": True})
        connect.update_user_phone_config(**centre.of(user), PhoneConfig={"PhoneType": "DESK_PHONE", "DeskPhoneNumber": "+44123"})
        assert centre.user(user)["PhoneConfig"] == {"PhoneType": "DESK_PHONE", "DeskPhoneNumber": "+44123"}

    def test_identity_info_replaces(self, connect, centre, user):
        whole = {"FirstName": "A", "LastName": "B", "Email": "a@b.cc", "SecondaryEmail": "b@b.cc", "Mobile": "+44123"}
        connect.update_user_identity_info(**centre.of(user), IdentityInfo=whole)
        assert centre.user(user)["IdentityInfo"] == whole
        connect.update_user_identity_info(**centre.of(user), IdentityInfo={"FirstName": "A", "LastName": "C", "Email": ""})
        assert centre.user(user)["IdentityInfo"] == {"FirstName": "A", "LastName": "C"}
        with refused("InvalidParameterException", message="LastName"):
            connect.update_user_identity_info(**centre.of(user), IdentityInfo={"FirstName": "A"})

    def test_hierarchy_attaches_and_detaches(self, connect, centre, group, user):
        for nothing in ({}, {"HierarchyGroupId": ""}):
            connect.update_user_hierarchy(**centre.of(user), HierarchyGroupId=group)
            assert centre.user(user)["HierarchyGroupId"] == group
            connect.update_user_hierarchy(**centre.of(user), **nothing)
            assert "HierarchyGroupId" not in centre.user(user)
        with refused("ResourceNotFoundException", message="hierarchy group"):
            connect.update_user_hierarchy(**centre.of(user), HierarchyGroupId=NOBODY)

    def test_routing_profile(self, connect, centre, user):
        other = connect.create_routing_profile(
            InstanceId=centre.instance,
            Name=unique("routing"),
            Description="d",
            DefaultOutboundQueueId=centre.queue,
            MediaConcurrencies=[{"Channel": "VOICE", "Concurrency": 1}],
        )["RoutingProfileId"]
        connect.update_user_routing_profile(**centre.of(user), RoutingProfileId=other)
        assert centre.user(user)["RoutingProfileId"] == other
        with refused("ResourceNotFoundException", message="routing profile"):
            connect.update_user_routing_profile(**centre.of(user), RoutingProfileId=NOBODY)
        with refused("ResourceInUseException", *INVALID, message=user):
            connect.delete_routing_profile(InstanceId=centre.instance, RoutingProfileId=other)

    def test_security_profiles_replace(self, connect, centre, user):
        one, other = centre.profile(), centre.profile()
        connect.update_user_security_profiles(**centre.of(user), SecurityProfileIds=[one, other, one])
        assert centre.user(user)["SecurityProfileIds"] == [one, other]
        connect.update_user_security_profiles(**centre.of(user), SecurityProfileIds=[other])
        assert centre.user(user)["SecurityProfileIds"] == [other]
        with refused("ResourceNotFoundException", message="security profile"):
            connect.update_user_security_profiles(**centre.of(user), SecurityProfileIds=[other, NOBODY])
        assert centre.user(user)["SecurityProfileIds"] == [other]
        connect.delete_security_profile(InstanceId=centre.instance, SecurityProfileId=one)

    def test_every_update_moves_the_time(self, connect, centre, user):
        def moved(call) -> bool:
            before = centre.user(user)["LastModifiedTime"]
            call()
            return centre.user(user)["LastModifiedTime"] > before

        arn = centre.user(user)["Arn"]
        assert moved(lambda: connect.update_user_config(**centre.of(user)))
        assert moved(lambda: connect.update_user_hierarchy(**centre.of(user)))
        assert moved(lambda: connect.update_user_security_profiles(**centre.of(user), SecurityProfileIds=[centre.agent]))
        assert not moved(lambda: connect.tag_resource(resourceArn=arn, tags={"team": "care"}))
        assert centre.user(user)["Tags"] == {"team": "care"} == connect.list_tags_for_resource(resourceArn=arn)["tags"]

    def test_a_held_profile_stays(self, connect, centre):
        profile = centre.profile()
        user = centre.make(SecurityProfileIds=[profile])
        with refused("ResourceInUseException", message=user) as caught:
            connect.delete_security_profile(InstanceId=centre.instance, SecurityProfileId=profile)
        assert caught.value.response["ResourceType"] == "USER"
        assert caught.value.response["ResourceId"] == centre.user(user)["Arn"]

    def test_a_quick_connect_outlives_the_user_it_leads_to(self, connect, centre, user):
        """Amazon's reference asks its customers to delete such quick connects after the user."""
        config = {"QuickConnectType": "USER", "UserConfig": {"UserId": user, "ContactFlowId": NOBODY}}
        quick = connect.create_quick_connect(InstanceId=centre.instance, Name=unique("quick"), QuickConnectConfig=config)
        connect.delete_user(**centre.of(user))
        with not_found():
            centre.user(user)
        connect.delete_quick_connect(InstanceId=centre.instance, QuickConnectId=quick["QuickConnectId"])


@pytest.fixture(scope="module")
def seven(centre) -> list[str]:
    by_hierarchy = [centre.profile(HierarchyRestrictedResources=["User"]) for _ in range(3)]
    return by_hierarchy + [centre.restricted() for _ in range(4)]


class TestRestrictions:
    """At most seven of a user's profiles restrict by tag or hierarchy."""

    def test_seven_and_others(self, centre, seven):
        assert len(centre.user(centre.make(SecurityProfileIds=[*seven, centre.agent]))["SecurityProfileIds"]) == 8

    def test_eight_on_create_and_update(self, connect, centre, seven):
        eight = [*seven, centre.restricted()]
        name = unique("user")
        with refused("InvalidRequestException", message=name):
            centre.make(Username=name, SecurityProfileIds=eight)
        user = centre.make(SecurityProfileIds=seven)
        with refused("InvalidRequestException", message=user):
            connect.update_user_security_profiles(**centre.of(user), SecurityProfileIds=eight)
        assert centre.user(user)["SecurityProfileIds"] == seven

    def test_a_profile_that_becomes_restricted(self, connect, centre, seven):
        profile = centre.profile()
        of = {"InstanceId": centre.instance, "SecurityProfileId": profile}
        user = centre.make(SecurityProfileIds=[*seven, profile])
        for members in ({"TagRestrictedResources": ["Queue"]}, {"HierarchyRestrictedResources": ["User"]}):
            with refused("InvalidRequestException", message=user):
                connect.update_security_profile(**of, **members)
        assert "TagRestrictedResources" not in connect.describe_security_profile(**of)["SecurityProfile"]
        connect.update_security_profile(**of, Description="no restriction", AllowedAccessControlTags={"team": "care"})
        # One that restricts already may restrict otherwise.
        held = {"InstanceId": centre.instance, "SecurityProfileId": seven[0]}
        connect.update_security_profile(**held, TagRestrictedResources=["Queue"], HierarchyRestrictedResources=[])
        connect.update_user_security_profiles(**centre.of(user), SecurityProfileIds=[*seven[1:], profile])
        connect.update_security_profile(**of, TagRestrictedResources=["Queue"])


# The users to search: resource tags by name.
USERS = {
    "ada.north": {"team": "care", "site": "north"},
    "bob.north": {"team": "care"},
    "Cyd.desk": {"team": "sales", "site": "north"},
    "dan.south": {"site": ""},
    "eve.none": {},
}


@pytest.fixture(scope="module")
def result(connect) -> Centre:
    centre = Centre(connect)
    centre.levels()
    centre.north, centre.team, centre.desk = centre.groups("North", "Team", "Desk")
    (centre.south,) = centre.groups("South")
    places = dict(zip(USERS, [centre.north, centre.team, centre.desk, centre.south, None]))
    centre.extra = centre.profile()
    centre.ids = {}
    for name, tags in USERS.items():
        first, last = name.split(".")
        centre.ids[name] = centre.make(
            Username=name,
            IdentityInfo={"FirstName": first, "LastName": last},
            Tags=tags or None,
            HierarchyGroupId=places[name],
            SecurityProfileIds=[centre.agent, centre.extra] if name == "eve.none" else [centre.agent],
            PhoneConfig={"PhoneType": "SOFT_PHONE", "AfterContactWorkTimeLimit": 7},
        )
    return centre


@pytest.fixture(scope="module")
def search(connect, result):
    def names(criteria: dict | None = None, **search_filter) -> str:
        parameters = {"SearchCriteria": criteria} if criteria is not None else {}
        if search_filter:
            parameters["SearchFilter"] = search_filter
        answer = connect.search_users(InstanceId=result.instance, **parameters)
        assert answer["ApproximateTotalCount"] == len(answer["Users"])
        return " ".join(sorted(one["Username"][0].lower() for one in answer["Users"]))

    return names


class TestListAndSearch:
    def test_lists(self, connect, result):
        pages = connect.get_paginator("list_users").paginate(InstanceId=result.instance, PaginationConfig={"PageSize": 2})
        listed = [one for page in pages for one in page["UserSummaryList"]]
        assert sorted(one["Username"] for one in listed) == sorted(USERS)
        one = listed[0]
        assert one["Id"] == result.ids[one["Username"]] and one["Arn"].endswith(one["Id"]) and one["LastModifiedTime"]

    def test_pages(self, connect, result):
        pages = list(
            connect.get_paginator("search_users").paginate(InstanceId=result.instance, PaginationConfig={"PageSize": 2})
        )
        assert [len(page["Users"]) for page in pages] == [2, 2, 1]
        assert {page["ApproximateTotalCount"] for page in pages} == {5}
        assert len({one["Id"] for page in pages for one in page["Users"]}) == 5
        first = connect.search_users(InstanceId=result.instance, MaxResults=1)
        with refused("InvalidParameterException", message="NextToken"):
            connect.search_users(
                InstanceId=result.instance,
                NextToken=first["NextToken"],
                SearchFilter={"TagFilter": {"TagCondition": {"TagKey": "team"}}},
            )

    def test_what_is_found(self, connect, result):
        criteria = self.string("Username", "EXACT", "ada.north")
        (user,) = connect.search_users(InstanceId=result.instance, SearchCriteria=criteria)["Users"]
        assert user["IdentityInfo"] == {"FirstName": "ada", "LastName": "north"}
        assert user["PhoneConfig"]["AfterContactWorkTimeLimit"] == 7_000, "milliseconds, as documented for SearchUsers"
        assert user["HierarchyGroupId"] == result.north and user["Tags"] == USERS["ada.north"]
        assert (user["RoutingProfileId"], user["SecurityProfileIds"]) == (result.routing, [result.agent])

    @staticmethod
    def string(field: str, comparison: str, value: str) -> dict:
        return {"StringCondition": {"FieldName": field, "ComparisonType": comparison, "Value": value}}

    @staticmethod
    def group(value: str, match: str) -> dict:
        return {"HierarchyGroupCondition": {"Value": value, "HierarchyGroupMatchType": match}}

    def test_without_criteria_everyone(self, search):
        assert search() == search({}) == search({}, TagFilter={}) == search({}, UserAttributeFilter={}) == "a b c d e"

    @pytest.mark.parametrize(
        ("field", "comparison", "value", "expected"),
        [
            ("Username", "STARTS_WITH", "CYD", "c"),
            ("Username", "CONTAINS", ".NORTH", "a b"),
            ("Username", "EXACT", "Cyd.desk", "c"),
            ("Username", "EXACT", "cyd.desk", ""),
            ("FirstName", "STARTS_WITH", "b", "b"),
            ("LastName", "EXACT", "north", "a b"),
        ],
    )
    def test_text(self, search, field, comparison, value, expected):
        assert search(self.string(field, comparison, value)) == expected

    def test_identifiers(self, search, result):
        assert search(self.string("RoutingProfileId", "EXACT", result.routing)) == "a b c d e"
        assert search(self.string("SecurityProfileId", "EXACT", result.agent)) == "a b c d e"
        assert search(self.string("SecurityProfileId", "EXACT", result.extra)) == "e"
        assert search(self.string("ResourceId", "EXACT", result.ids["bob.north"])) == "b"
        assert search(self.string("resourceId", "EXACT", result.ids["bob.north"])) == "b"

    def test_hierarchy(self, search, result):
        assert search(self.group(result.north, "EXACT")) == "a"
        assert search(self.group(result.north, "WITH_CHILD_GROUPS")) == "a b c"
        assert search(self.group(result.team, "WITH_CHILD_GROUPS")) == "b c"
        assert search(self.group(result.desk, "WITH_CHILD_GROUPS")) == "c"
        assert search(self.group(NOBODY, "WITH_CHILD_GROUPS")) == ""

    def test_nobody_has_proficiencies(self, search):
        condition = {"StringCondition": {"FieldName": "name", "ComparisonType": "EXACT", "Value": "English"}}
        assert search({"ListCondition": {"TargetListType": "PROFICIENCIES", "Conditions": [condition]}}) == ""

    def test_trees(self, search, result):
        a, north = self.string("Username", "STARTS_WITH", "a"), self.group(result.north, "WITH_CHILD_GROUPS")
        lastly = self.string("LastName", "EXACT", "north")
        assert search({"AndConditions": [north, lastly]}) == "a b"
        assert search({"OrConditions": [a, self.group(result.south, "EXACT")]}) == "a d"
        deeper = {"AndConditions": [north, {"OrConditions": [self.string("FirstName", "EXACT", "Cyd")]}]}
        assert search({"OrConditions": [a, deeper]}) == "a c"
        assert search({**lastly, "AndConditions": [north], "OrConditions": [a]}) == "a"

    def test_tag_filter(self, search):
        care, north = {"TagKey": "team", "TagValue": "care"}, {"TagKey": "site", "TagValue": "north"}
        assert search(TagFilter={"TagCondition": care}) == "a b"
        assert search(TagFilter={"AndConditions": [care, north]}) == "a"
        assert search(TagFilter={"OrConditions": [[care, north], [{"TagKey": "site", "TagValue": ""}]]}) == "a d"
        assert search(self.string("FirstName", "EXACT", "bob"), TagFilter={"TagCondition": care}) == "b"

    def test_attribute_filter(self, search, result):
        care, north = {"TagKey": "team", "TagValue": "care"}, self.group(result.north, "WITH_CHILD_GROUPS")
        assert search(UserAttributeFilter={"TagCondition": care}) == "a b"
        assert search(UserAttributeFilter=north) == "a b c"
        assert search(UserAttributeFilter={"AndCondition": {"TagConditions": [{"TagKey": "site"}], **north}}) == "a c"
        either = [{"TagConditions": [care], **self.group(result.team, "EXACT")}, self.group(result.south, "EXACT")]
        assert search(UserAttributeFilter={"OrConditions": either}) == "b d"

    def test_wrong_filters(self, search, result):
        tag = {"TagCondition": {"TagKey": "team"}}
        with refused("AccessDeniedException", message="UserAttributeFilter"):
            search(TagFilter=tag, UserAttributeFilter=tag)
        with refused("InvalidParameterException", message="only one"):
            search(UserAttributeFilter={**tag, **self.group(result.north, "EXACT")})
        with refused("InvalidParameterException", message="HierarchyGroupMatchType"):
            search(UserAttributeFilter={"OrConditions": [{"HierarchyGroupCondition": {"Value": result.north}}]})

    @pytest.mark.parametrize(
        "criteria",
        [
            {"StringCondition": {"FieldName": "Email", "ComparisonType": "EXACT", "Value": "x"}},
            {"StringCondition": {"FieldName": "Username", "ComparisonType": "CONTAINS", "Value": "x"}},
            {"HierarchyGroupCondition": {"HierarchyGroupMatchType": "EXACT"}},
            {"ListCondition": {}},
            {"OrConditions": [{"AndConditions": [{"StringCondition": {}}]}]},
        ],
    )
    def test_wrong_criteria(self, search, criteria):
        with refused("InvalidParameterException"):
            search(criteria)

    def test_unknown_instance(self, connect):
        with not_found():
            connect.search_users(InstanceId=NOBODY)
        with not_found():
            connect.list_users(InstanceId=NOBODY)


def test_a_password_is_not_stored_in_plain_text(start_server):
    """Neither on disk nor in the log; its hash is only in the table of secrets, and is deleted with the user."""
    server = start_server()
    centre = Centre(server.client())
    user = centre.make()

    def holds(text: str) -> list[str]:
        files = [path for path in server.data.rglob("*") if path.is_file()]
        assert any(path.name == "lanyard.db" for path in files)
        return [path.name for path in [*files, server.log] if text.encode() in path.read_bytes()]

    assert holds(PASSWORD) == []
    assert holds("$argon2id$v=19$m=19456,t=2,p=1$") != []
    assert "$argon2id" not in str(centre.user(user))
    server.stop()
    assert holds(PASSWORD) == []
    assert secrets(server) == [f"password/{user}"]
    assert run_lanyard("doctor", str(server.data)).returncode == 0
    server.start()
    centre.client.delete_user(**centre.of(user))
    server.stop()
    assert secrets(server) == []
    assert run_lanyard("doctor", str(server.data)).returncode == 0


def secrets(server) -> list[str]:
    """The names of the passwords that are stored; the hash is in no other table."""
    with sqlite3.connect(f"file:{server.data / 'lanyard.db'}?mode=ro", uri=True) as database:
        for table, column in [("log", "body"), ("resource", "body")]:
            assert database.execute(f"SELECT count(*) FROM {table} WHERE {column} LIKE '%argon2id%'").fetchone() == (0,)
        return [name for (name,) in database.execute("SELECT name FROM secret WHERE name LIKE 'password/%'")]
