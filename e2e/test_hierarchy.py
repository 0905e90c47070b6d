"""The agent hierarchy: levels, groups below each other, paths, searches, and who keeps a group from being deleted."""

import time
import uuid
from datetime import datetime, timedelta, timezone

import pytest

from conftest import new_instance
from harness.expect import INVALID, not_found, refused
from harness.operations import unique
from harness.server import ACCOUNT, REGION

MEMBERS = ["LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive"]
FIVE = ["Company", "Region", "Country", "Site", "Team"]


@pytest.fixture
def instance(connect) -> str:
    """An instance a test: each has one hierarchy."""
    return new_instance(connect)


@pytest.fixture
def set_levels(connect, instance):
    def update(*names: str) -> None:
        levels = {member: {"Name": name} for member, name in zip(MEMBERS, names)}
        connect.update_user_hierarchy_structure(InstanceId=instance, HierarchyStructure=levels)

    return update


@pytest.fixture
def levels(connect, instance):
    """Reads the structure; None without one."""
    return lambda: connect.describe_user_hierarchy_structure(InstanceId=instance).get("HierarchyStructure")


@pytest.fixture
def make_group(connect, instance):
    def make(name: str | None = None, parent: str | None = None, **members) -> str:
        if parent is not None:
            members["ParentGroupId"] = parent
        return connect.create_user_hierarchy_group(InstanceId=instance, Name=name or unique("group"), **members)[
            "HierarchyGroupId"
        ]

    return make


@pytest.fixture
def read(connect, instance):
    return lambda group: connect.describe_user_hierarchy_group(InstanceId=instance, HierarchyGroupId=group)["HierarchyGroup"]


@pytest.fixture
def delete(connect, instance):
    return lambda group: connect.delete_user_hierarchy_group(InstanceId=instance, HierarchyGroupId=group)


@pytest.fixture
def make_user(connect, instance):
    """A user with the built-in profiles, perhaps in a group."""

    def make(**members) -> str:
        profiles = connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]
        (routing,) = connect.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"]
        return connect.create_user(
            InstanceId=instance,
            Username=unique("user"),
            Password="Passw0rd-long",
            IdentityInfo={"FirstName": "Ada", "LastName": "Byron"},
            PhoneConfig={"PhoneType": "SOFT_PHONE"},
            SecurityProfileIds=[profiles[0]["Id"]],
            RoutingProfileId=routing["Id"],
            **members,
        )["UserId"]

    return make


def named(structure: dict) -> dict:
    return {member: level["Name"] for member, level in structure.items()}


class TestStructure:
    def test_a_new_instance_has_none(self, levels):
        assert levels() is None

    def test_five_levels(self, set_levels, levels, instance):
        set_levels(*FIVE)
        result = levels()
        assert named(result) == dict(zip(MEMBERS, FIVE))
        for number, member in enumerate(MEMBERS, start=1):
            level = result[member]
            assert level["Id"] == str(number)
            assert level["Arn"] == f"arn:aws:connect:{REGION}:{ACCOUNT}:instance/{instance}/agent-group-level/{number}"
            assert level["LastModifiedRegion"] == REGION
            assert abs(level["LastModifiedTime"] - datetime.now(timezone.utc)) < timedelta(minutes=1)

    def test_answers_an_empty_body(self, wire, instance):
        answer = wire.call("UpdateUserHierarchyStructure", {"InstanceId": instance, "HierarchyStructure": {}})
        assert (answer.status, answer.body) == (200, b"")

    def test_renaming_keeps_identifiers_and_moves_one_time(self, set_levels, levels):
        set_levels("Company", "Region")
        before = levels()
        time.sleep(0.01)
        set_levels("Company", "Area")
        after = levels()
        assert named(after) == {"LevelOne": "Company", "LevelTwo": "Area"}
        assert after["LevelOne"] == before["LevelOne"]
        assert after["LevelTwo"]["Id"] == before["LevelTwo"]["Id"]
        assert after["LevelTwo"]["LastModifiedTime"] > before["LevelTwo"]["LastModifiedTime"]

    def test_levels_that_are_not_sent_are_removed(self, set_levels, levels):
        set_levels(*FIVE)
        set_levels("Company", "Region")
        assert named(levels()) == {"LevelOne": "Company", "LevelTwo": "Region"}

    def test_an_empty_structure_removes_all(self, set_levels, levels):
        set_levels(*FIVE)
        set_levels()
        assert levels() is None
        set_levels()
        assert levels() is None

    def test_null_is_as_if_not_sent(self, wire, instance, set_levels, levels):
        set_levels("Company", "Region")
        structure = {"LevelOne": {"Name": "Company"}, "LevelTwo": None}
        answer = wire.call("UpdateUserHierarchyStructure", {"InstanceId": instance, "HierarchyStructure": structure})
        assert answer.status == 200, answer.body
        assert named(levels()) == {"LevelOne": "Company"}

    @pytest.mark.parametrize("sent", [["LevelTwo"], ["LevelOne", "LevelThree"], ["LevelFive"], MEMBERS[1:]])
    def test_a_gap(self, connect, instance, set_levels, levels, sent):
        set_levels("Company")
        with refused(*INVALID, message="without a gap"):
            connect.update_user_hierarchy_structure(
                InstanceId=instance, HierarchyStructure={member: {"Name": member} for member in sent}
            )
        assert named(levels()) == {"LevelOne": "Company"}

    @pytest.mark.parametrize("name", ["", "n" * 51])
    def test_names_out_of_bounds(self, set_levels, levels, name):
        with refused(*INVALID, message=r"LevelTwo\.Name"):
            set_levels("Company", name)
        assert levels() is None

    @pytest.mark.parametrize("name", ["n", "é" * 50])
    def test_names_at_the_bounds(self, set_levels, levels, name):
        set_levels(name)
        assert named(levels()) == {"LevelOne": name}

    def test_a_level_with_groups_stays(self, set_levels, levels, make_group, delete):
        set_levels("Company", "Region", "Country")
        region = make_group("north", make_group("acme"))
        for fewer in ([], ["Company"]):
            with refused("ResourceInUseException", message="hierarchy group") as caught:
                set_levels(*fewer)
        assert caught.value.response["ResourceType"] == "HIERARCHY_GROUP"
        assert caught.value.response["ResourceId"].endswith(f"/agent-group/{region}")
        assert len(levels()) == 3

        set_levels("Firm", "Area")
        assert named(levels()) == {"LevelOne": "Firm", "LevelTwo": "Area"}
        delete(region)
        set_levels("Firm")
        assert named(levels()) == {"LevelOne": "Firm"}


class TestCreate:
    def test_with_every_member(self, connect, instance, set_levels, read):
        set_levels("Company")
        created = connect.create_user_hierarchy_group(InstanceId=instance, Name="acme", Tags={"team": "care"})
        result = read(created["HierarchyGroupId"])
        assert result["Id"] == created["HierarchyGroupId"]
        assert result["Arn"] == created["HierarchyGroupArn"]
        assert result["Arn"] == f"arn:aws:connect:{REGION}:{ACCOUNT}:instance/{instance}/agent-group/{result['Id']}"
        assert result["Name"] == "acme"
        assert result["LevelId"] == "1"
        assert result["Tags"] == {"team": "care"}
        assert result["LastModifiedRegion"] == REGION
        assert abs(result["LastModifiedTime"] - datetime.now(timezone.utc)) < timedelta(minutes=1)
        step = {name: result[name] for name in ("Id", "Arn", "Name", "LastModifiedTime", "LastModifiedRegion")}
        assert result["HierarchyPath"] == {"LevelOne": step}

    def test_without_tags(self, set_levels, make_group, read):
        set_levels("Company")
        assert read(make_group()).get("Tags", {}) == {}

    def test_down_to_the_fifth_level(self, set_levels, levels, make_group, read):
        set_levels(*FIVE)
        groups = []
        for number, name in enumerate(FIVE):
            groups.append(make_group(name, groups[-1] if groups else None))
            result = read(groups[-1])
            assert result["LevelId"] == levels()[MEMBERS[number]]["Id"]
            assert {level: step["Id"] for level, step in result["HierarchyPath"].items()} == dict(zip(MEMBERS, groups))
            assert [step["Name"] for step in result["HierarchyPath"].values()] == FIVE[: number + 1]
        with refused("InvalidRequestException", message="level 6"):
            make_group("too deep", groups[-1])

    def test_the_level_is_there(self, set_levels, make_group, read):
        with refused("InvalidRequestException", message="level 1"):
            make_group()
        set_levels("Company")
        top = make_group()
        with refused("InvalidRequestException", message="level 2"):
            make_group(parent=top)
        set_levels("Company", "Region")
        assert read(make_group(parent=top))["LevelId"] == "2"

    @pytest.mark.parametrize("parent", [str(uuid.uuid4()), "nonsense", ""])
    def test_the_parent_is_there(self, set_levels, make_group, parent):
        set_levels("Company", "Region")
        with refused("ResourceNotFoundException", message="hierarchy group"):
            make_group(parent=parent)

    def test_the_parent_is_of_this_instance(self, connect, set_levels, make_group):
        set_levels("Company", "Region")
        other = new_instance(connect)
        connect.update_user_hierarchy_structure(InstanceId=other, HierarchyStructure={"LevelOne": {"Name": "Company"}})
        made = connect.create_user_hierarchy_group(InstanceId=other, Name="elsewhere")
        for parent in (made["HierarchyGroupId"], made["HierarchyGroupArn"]):
            with not_found():
                make_group(parent=parent)

    def test_the_parent_by_its_arn(self, set_levels, make_group, read):
        set_levels("Company", "Region")
        top = make_group()
        assert read(make_group(parent=read(top)["Arn"]))["HierarchyPath"]["LevelOne"]["Id"] == top

    def test_siblings_have_different_names(self, set_levels, make_group):
        set_levels("Company", "Region")
        acme, other = make_group("acme"), make_group("other")
        north = make_group("north", acme)
        with refused("DuplicateResourceException", message="acme"):
            make_group("acme")
        with refused("DuplicateResourceException", message="north"):
            make_group("north", acme)
        # The same name elsewhere, and another case, are other names.
        assert len({north, make_group("north", other), make_group("North", acme), make_group("acme", acme)}) == 4

    @pytest.mark.parametrize("name", ["", "n" * 101])
    def test_names_out_of_bounds(self, connect, instance, set_levels, name):
        set_levels("Company")
        with refused(*INVALID, message="Name"):
            connect.create_user_hierarchy_group(InstanceId=instance, Name=name)

    def test_names_at_the_bound(self, set_levels, make_group, read):
        set_levels("Company")
        assert read(make_group("é" * 100))["Name"] == "é" * 100

    def test_tags_of_the_service_are_refused(self, set_levels, make_group):
        set_levels("Company")
        with refused(*INVALID):
            make_group(Tags={"aws:team": "care"})


class TestRename:
    @pytest.fixture
    def rename(self, connect, instance):
        return lambda group, name: connect.update_user_hierarchy_group_name(
            InstanceId=instance, HierarchyGroupId=group, Name=name
        )

    def test_changes_the_name_and_the_time(self, set_levels, make_group, read, rename):
        set_levels("Company", "Region")
        top = make_group("acme", Tags={"team": "care"})
        below = make_group("north", top)
        before = read(top)
        time.sleep(0.01)

        rename(top, "new acme")

        after = read(top)
        assert after["Name"] == after["HierarchyPath"]["LevelOne"]["Name"] == "new acme"
        assert after["LastModifiedTime"] > before["LastModifiedTime"]
        changed = ("Name", "LastModifiedTime", "HierarchyPath")
        assert {name: value for name, value in after.items() if name not in changed} == {
            name: value for name, value in before.items() if name not in changed
        }
        assert read(below)["HierarchyPath"]["LevelOne"]["Name"] == "new acme"

    def test_answers_an_empty_body(self, wire, instance, set_levels, make_group):
        set_levels("Company")
        parameters = {"InstanceId": instance, "HierarchyGroupId": make_group(), "Name": "new"}
        answer = wire.call("UpdateUserHierarchyGroupName", parameters)
        assert (answer.status, answer.body) == (200, b"")

    def test_to_its_own_name(self, set_levels, make_group, read, rename):
        set_levels("Company")
        group = make_group("acme")
        rename(group, "acme")
        assert read(group)["Name"] == "acme"

    def test_to_a_siblings_name(self, set_levels, make_group, read, rename):
        set_levels("Company", "Region")
        top = make_group("acme")
        make_group("north", top)
        south = make_group("south", top)
        with refused("DuplicateResourceException", message="north"):
            rename(south, "north")
        assert read(south)["Name"] == "south"
        rename(south, "acme")

    @pytest.mark.parametrize("name", ["", "n" * 101])
    def test_out_of_bounds(self, set_levels, make_group, rename, name):
        set_levels("Company")
        with refused(*INVALID, message="Name"):
            rename(make_group(), name)

    def test_no_group(self, rename):
        with not_found():
            rename(str(uuid.uuid4()), "new")


class TestDelete:
    def test_it_is_gone(self, connect, instance, set_levels, make_group, read, delete):
        set_levels("Company")
        group = make_group("acme")
        arn = read(group)["Arn"]
        delete(group)
        for again in (lambda: read(group), lambda: delete(group), lambda: connect.list_tags_for_resource(resourceArn=arn)):
            with not_found():
                again()
        assert connect.list_user_hierarchy_groups(InstanceId=instance)["UserHierarchyGroupSummaryList"] == []
        assert make_group("acme") != group

    def test_by_its_arn(self, set_levels, make_group, read, delete):
        set_levels("Company")
        group = make_group()
        delete(read(group)["Arn"])
        with not_found():
            read(group)

    def test_with_groups_below(self, set_levels, make_group, read, delete):
        set_levels("Company", "Region")
        top = make_group()
        below = make_group(parent=top)
        with refused("ResourceInUseException", message=below) as caught:
            delete(top)
        assert caught.value.response["ResourceType"] == "HIERARCHY_GROUP"
        assert caught.value.response["ResourceId"] == read(below)["Arn"]
        delete(below)
        delete(top)

    def test_that_a_security_profile_restricts_to(self, connect, instance, set_levels, make_group, make_profile, delete):
        set_levels("Company")
        group = make_group()
        profile = make_profile(HierarchyRestrictedResources=["User"], AllowedAccessControlHierarchyGroupId=group)
        with refused("ResourceInUseException", message=f"security profile `{profile}`") as caught:
            delete(group)
        assert caught.value.response["ResourceId"].endswith(f"/security-profile/{profile}")
        connect.update_security_profile(
            InstanceId=instance, SecurityProfileId=profile, AllowedAccessControlHierarchyGroupId=""
        )
        delete(group)

    def test_with_users(self, connect, instance, set_levels, make_group, make_user, delete):
        set_levels("Company")
        group = make_group()
        user = make_user(HierarchyGroupId=group)
        with refused("ResourceInUseException", message=f"user `{user}`") as caught:
            delete(group)
        assert caught.value.response["ResourceType"] == "USER"
        assert caught.value.response["ResourceId"].endswith(f"/agent/{user}")
        connect.update_user_hierarchy(InstanceId=instance, UserId=user)
        delete(group)


class TestSecurityProfiles:
    def test_restrict_to_a_group(self, connect, instance, set_levels, make_group, make_profile, read):
        set_levels("Company")
        first, second = make_group(), make_group()
        profile = make_profile(AllowedAccessControlHierarchyGroupId=first)
        parameters = {"InstanceId": instance, "SecurityProfileId": profile}
        described = connect.describe_security_profile(**parameters)["SecurityProfile"]
        assert described["AllowedAccessControlHierarchyGroupId"] == first
        connect.update_security_profile(**parameters, AllowedAccessControlHierarchyGroupId=read(second)["Arn"])
        described = connect.describe_security_profile(**parameters)["SecurityProfile"]
        assert described["AllowedAccessControlHierarchyGroupId"] == second

    def test_to_none_that_is_there(self, connect, instance, make_profile):
        group = str(uuid.uuid4())
        with refused(*INVALID, "ResourceNotFoundException", message=group):
            make_profile(AllowedAccessControlHierarchyGroupId=group)
        with refused("ResourceNotFoundException", message=group):
            connect.update_security_profile(
                InstanceId=instance, SecurityProfileId=make_profile(), AllowedAccessControlHierarchyGroupId=group
            )


def test_tags(connect, set_levels, make_group, read):
    set_levels("Company")
    group = make_group(Tags={"team": "care"})
    before = read(group)
    connect.tag_resource(resourceArn=before["Arn"], tags={"site": "north"})
    connect.untag_resource(resourceArn=before["Arn"], tagKeys=["team"])
    assert connect.list_tags_for_resource(resourceArn=before["Arn"])["tags"] == {"site": "north"}
    after = read(group)
    assert after["Tags"] == {"site": "north"}
    assert after["LastModifiedTime"] == before["LastModifiedTime"]


class TestList:
    def test_pages(self, connect, instance, set_levels, make_group, read):
        set_levels("Company", "Region")
        top = make_group("acme")
        made = {top, *(make_group(parent=top) for _ in range(6))}
        pages = connect.get_paginator("list_user_hierarchy_groups").paginate(
            InstanceId=instance, PaginationConfig={"PageSize": 3}
        )
        result = [page["UserHierarchyGroupSummaryList"] for page in pages]
        assert [len(page) for page in result] == [3, 3, 1]
        assert {one["Id"] for page in result for one in page} == made
        for one in sum(result, []):
            assert one == {name: read(one["Id"])[name] for name in one}
            assert set(one) == {"Id", "Arn", "Name", "LastModifiedTime", "LastModifiedRegion"}

    def test_a_token_of_another_instance(self, connect, instance, set_levels, make_group):
        set_levels("Company")
        make_group(), make_group()
        token = connect.list_user_hierarchy_groups(InstanceId=instance, MaxResults=1)["NextToken"]
        with refused(*INVALID, message="NextToken"):
            connect.list_user_hierarchy_groups(InstanceId=new_instance(connect), NextToken=token)


# Name, the parent's name, and tags.
GROUPS = [
    ("acme", None, {"team": "care"}),
    ("Acorn", None, {}),
    ("north", "acme", {"team": "care", "site": "north"}),
    ("south", "acme", {"team": "sales", "site": "south"}),
    ("north sea", "Acorn", {"site": "north"}),
]


@pytest.fixture(scope="module")
def searched(connect) -> tuple[str, dict]:
    """An instance and its groups' identifiers by name."""
    instance = new_instance(connect)
    structure = {"LevelOne": {"Name": "Company"}, "LevelTwo": {"Name": "Region"}}
    connect.update_user_hierarchy_structure(InstanceId=instance, HierarchyStructure=structure)
    ids = {}
    for name, parent, tags in GROUPS:
        members = {} if parent is None else {"ParentGroupId": ids[parent]}
        members |= {"Tags": tags} if tags else {}
        made = connect.create_user_hierarchy_group(InstanceId=instance, Name=name, **members)
        ids[name] = made["HierarchyGroupId"]
    return instance, ids


@pytest.fixture(scope="module")
def search(connect, searched):
    def names(criteria: dict | None = None, attributes: dict | None = None) -> set[str]:
        parameters = {"InstanceId": searched[0]}
        if criteria is not None:
            parameters["SearchCriteria"] = criteria
        if attributes is not None:
            parameters["SearchFilter"] = {"AttributeFilter": attributes}
        answer = connect.search_user_hierarchy_groups(**parameters)
        result = [one["Name"] for one in answer["UserHierarchyGroups"]]
        assert len(result) == answer["ApproximateTotalCount"]
        return set(result)

    return names


def where(field: str, comparison: str, value: str) -> dict:
    return {"StringCondition": {"FieldName": field, "Value": value, "ComparisonType": comparison}}


class TestSearch:
    def test_everything(self, search):
        assert search() == search({}) == search({}, {}) == {name for name, *_ in GROUPS}

    def test_name(self, search):
        assert search(where("name", "EXACT", "north")) == {"north"}
        assert search(where("name", "STARTS_WITH", "NORTH")) == {"north", "north sea"}
        assert search(where("name", "CONTAINS", "co")) == {"Acorn"}
        assert search(where("name", "EXACT", "ACME")) == set()

    def test_parent(self, search, searched):
        acme = searched[1]["acme"]
        assert search(where("parentId", "EXACT", acme)) == {"north", "south"}
        assert search(where("parentId", "STARTS_WITH", acme[:8])) == {"north", "south"}
        assert search(where("parentId", "STARTS_WITH", "")) == {"north", "south", "north sea"}

    def test_level(self, search):
        assert search(where("levelId", "EXACT", "1")) == {"acme", "Acorn"}
        assert search(where("levelId", "EXACT", "2")) == {"north", "south", "north sea"}
        assert search(where("levelId", "EXACT", "3")) == set()

    def test_identifier(self, search, searched):
        assert search(where("resourceID", "EXACT", searched[1]["south"])) == {"south"}

    def test_and_or(self, search):
        north, below = where("name", "STARTS_WITH", "north"), where("levelId", "EXACT", "2")
        acorn = where("name", "EXACT", "Acorn")
        assert search({"AndConditions": [north, below]}) == {"north", "north sea"}
        assert search({"OrConditions": [{"AndConditions": [north, below]}, acorn]}) == {"north", "north sea", "Acorn"}

    def test_tags(self, search):
        site = {"TagKey": "site"}
        care = {"TagKey": "team", "TagValue": "care"}
        north = {"TagKey": "site", "TagValue": "north"}
        sales = {"TagKey": "team", "TagValue": "sales"}
        assert search(None, {"TagCondition": site}) == {"north", "south", "north sea"}
        assert search(None, {"TagCondition": care}) == {"acme", "north"}
        assert search(None, {"AndCondition": {"TagConditions": [care, north]}}) == {"north"}
        either = [{"TagConditions": [care, north]}, {"TagConditions": [sales]}]
        assert search(None, {"OrConditions": either}) == {"north", "south"}
        assert search(where("levelId", "EXACT", "1"), {"TagCondition": care}) == {"acme"}

    @pytest.mark.parametrize("field", ["description", "Name", "id", ""])
    def test_other_fields(self, search, field):
        with refused(*INVALID, message="FieldName"):
            search({"OrConditions": [where(field, "EXACT", "acme")]})

    def test_results_show_the_group(self, connect, searched):
        instance, ids = searched
        criteria = where("name", "EXACT", "south")
        (result,) = connect.search_user_hierarchy_groups(InstanceId=instance, SearchCriteria=criteria)["UserHierarchyGroups"]
        described = connect.describe_user_hierarchy_group(InstanceId=instance, HierarchyGroupId=ids["south"])
        assert result == described["HierarchyGroup"]

    def test_pages(self, connect, searched):
        parameters = {"InstanceId": searched[0], "SearchCriteria": where("levelId", "EXACT", "2")}
        pages = connect.get_paginator("search_user_hierarchy_groups").paginate(**parameters, PaginationConfig={"PageSize": 2})
        result = list(pages)
        assert [len(page["UserHierarchyGroups"]) for page in result] == [2, 1]
        assert {page["ApproximateTotalCount"] for page in result} == {3}


def test_quota(start_server):
    client = start_server("--quota", "hierarchy-groups=2").client()
    instance = new_instance(client)
    client.update_user_hierarchy_structure(InstanceId=instance, HierarchyStructure={"LevelOne": {"Name": "Company"}})
    for name in ("one", "two"):
        last = client.create_user_hierarchy_group(InstanceId=instance, Name=name)["HierarchyGroupId"]
    with refused("LimitExceededException", message="2"):
        client.create_user_hierarchy_group(InstanceId=instance, Name="three")
    client.delete_user_hierarchy_group(InstanceId=instance, HierarchyGroupId=last)
    client.create_user_hierarchy_group(InstanceId=instance, Name="three")


def test_it_is_there_after_a_restart(start_server):
    server = start_server()
    client = server.client()
    instance = new_instance(client)
    structure = {"LevelOne": {"Name": "Company"}, "LevelTwo": {"Name": "Region"}}
    client.update_user_hierarchy_structure(InstanceId=instance, HierarchyStructure=structure)
    top = client.create_user_hierarchy_group(InstanceId=instance, Name="acme")["HierarchyGroupId"]
    below = client.create_user_hierarchy_group(InstanceId=instance, Name="north", ParentGroupId=top)["HierarchyGroupId"]

    def whole() -> list:
        group = client.describe_user_hierarchy_group(InstanceId=instance, HierarchyGroupId=below)["HierarchyGroup"]
        return [group, client.describe_user_hierarchy_structure(InstanceId=instance)["HierarchyStructure"]]

    before = whole()
    server.stop()
    server.start()
    assert whole() == before


@pytest.mark.parametrize(
    ("method", "members"),
    [
        ("describe_user_hierarchy_structure", {}),
        ("update_user_hierarchy_structure", {"HierarchyStructure": {}}),
        ("create_user_hierarchy_group", {"Name": "acme"}),
        ("list_user_hierarchy_groups", {}),
        ("search_user_hierarchy_groups", {}),
    ],
)
def test_in_no_instance(connect, method, members):
    with not_found():
        getattr(connect, method)(InstanceId=str(uuid.uuid4()), **members)
