"""Page tokens: opaque, bound to their question, not to be forged, right while rows come and go."""

import json

import pytest

from conftest import new_instance
from harness.expect import INVALID, refused
from harness.operations import ai_agent_arn, unique

PROFILES = 12


@pytest.fixture(scope="module")
def full(connect) -> str:
    """An instance with the built-in profiles and twelve more."""
    instance = new_instance(connect)
    for number in range(PROFILES):
        connect.create_security_profile(InstanceId=instance, SecurityProfileName=f"profile {number:02}", Tags={"all": "yes"})
    return instance


@pytest.fixture(scope="module")
def rich(connect, full) -> dict:
    """A profile with lists long enough for pages."""
    profile = connect.create_security_profile(
        InstanceId=full,
        SecurityProfileName=unique("rich"),
        Permissions=["AccessMetrics", "BasicAgentAccess", "Queues.Edit", "Queues.View", "Users.View"],
        Applications=[{"Namespace": f"app{n}", "ApplicationPermissions": ["ACCESS"]} for n in range(5)],
        AllowedFlowModules=[{"Type": "MCP", "FlowModuleId": f"module{n}"} for n in range(5)],
        AllowedAIAgents=[{"Type": "THIRD_PARTY", "Arn": ai_agent_arn()} for _ in range(5)],
    )["SecurityProfileId"]
    return {"InstanceId": full, "SecurityProfileId": profile}


@pytest.fixture(scope="module")
def agent(connect, full) -> dict:
    """An AI agent with five profiles."""
    entity = {"InstanceId": full, "EntityType": "AI_AGENT", "EntityArn": ai_agent_arn()}
    for _ in range(5):
        profile = connect.create_security_profile(InstanceId=full, SecurityProfileName=unique("held"))["SecurityProfileId"]
        connect.associate_security_profiles(**entity, SecurityProfiles=[{"Id": profile}])
    return entity


def keys(items: list) -> list[str]:
    return [json.dumps(item, sort_keys=True, default=str) for item in items]


def in_pages(client, method: str, result: str, size: int, **parameters) -> list[list]:
    pages = client.get_paginator(method).paginate(**parameters, PaginationConfig={"PageSize": size})
    return [page[result] for page in pages]


@pytest.mark.parametrize("size", [1, 2, 5])
@pytest.mark.parametrize(
    ("method", "result"),
    [
        ("list_security_profile_permissions", "Permissions"),
        ("list_security_profile_applications", "Applications"),
        ("list_security_profile_flow_modules", "AllowedFlowModules"),
        ("list_security_profile_ai_agents", "AllowedAIAgents"),
    ],
)
def test_a_profiles_lists(connect, rich, method, result, size):
    whole = getattr(connect, method)(**rich)
    assert "NextToken" not in whole
    assert len(whole[result]) == 5

    pages = in_pages(connect, method, result, size, **rich)

    assert [len(page) for page in pages if page] == [size] * (5 // size) + ([5 % size] if 5 % size else [])
    assert keys(sum(pages, [])) == keys(whole[result])


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_profiles(connect, full, size):
    whole = connect.list_security_profiles(InstanceId=full)["SecurityProfileSummaryList"]
    pages = in_pages(connect, "list_security_profiles", "SecurityProfileSummaryList", size, InstanceId=full)
    assert all(len(page) == size for page in pages[:-1])
    assert keys(sum(pages, [])) == keys(whole)
    assert len(whole) >= PROFILES + 4


@pytest.mark.parametrize("size", [1, 5, 100])
def test_search(connect, full, size):
    parameters = {"InstanceId": full, "SearchFilter": {"TagFilter": {"TagCondition": {"TagKey": "all"}}}}
    actual = sum(in_pages(connect, "search_security_profiles", "SecurityProfiles", size, **parameters), [])
    assert sorted(one["SecurityProfileName"] for one in actual) == [f"profile {n:02}" for n in range(PROFILES)]


@pytest.mark.parametrize("size", [1, 2, 100])
def test_an_entitys_profiles(connect, agent, size):
    whole = connect.list_entity_security_profiles(**agent)["SecurityProfiles"]
    assert len(whole) == 5
    actual = sum(in_pages(connect, "list_entity_security_profiles", "SecurityProfiles", size, **agent), [])
    assert keys(actual) == keys(whole)


def test_instances(server):
    """Ten at most a page, and more than ten there."""
    client = server.client(region="eu-west-2")
    made = {new_instance(client) for _ in range(12)}
    pages = in_pages(client, "list_instances", "InstanceSummaryList", 10)
    assert [len(page) for page in pages] == [10, 2]
    assert {one["Id"] for page in pages for one in page} == made


def test_instance_attributes(connect, full):
    pages = in_pages(connect, "list_instance_attributes", "Attributes", 3, InstanceId=full)
    names = [one["AttributeType"] for page in pages for one in page]
    assert len(names) == len(set(names)) >= 8


class TestWhileRowsComeAndGo:
    @pytest.fixture
    def moving(self, connect) -> str:
        instance = new_instance(connect)
        for number in range(8):
            connect.create_security_profile(InstanceId=instance, SecurityProfileName=f"row {number}")
        return instance

    def test_rows_that_stay_are_seen_exactly_once(self, connect, moving):
        """Between pages, what was just seen is deleted and new rows appear; offsets would skip or repeat."""
        before = {one["Id"] for one in connect.list_security_profiles(InstanceId=moving)["SecurityProfileSummaryList"]}
        seen, deleted, token = [], set(), None
        for turn in range(100):
            more = {"NextToken": token} if token else {}
            page = connect.list_security_profiles(InstanceId=moving, MaxResults=2, **more)
            seen += [one["Id"] for one in page["SecurityProfileSummaryList"]]
            token = page.get("NextToken")
            if token is None:
                break
            # The page's last row is the most likely position of a token.
            last = page["SecurityProfileSummaryList"][-1]["Id"]
            connect.delete_security_profile(InstanceId=moving, SecurityProfileId=last)
            deleted.add(last)
            if turn < 5:
                connect.create_security_profile(InstanceId=moving, SecurityProfileName=f"late {turn}")
        assert token is None
        assert len(seen) == len(set(seen))
        assert before <= set(seen)

    def test_a_page_after_everything_is_gone_is_empty(self, connect, moving):
        page = connect.list_security_profiles(InstanceId=moving, MaxResults=1)
        for one in connect.list_security_profiles(InstanceId=moving)["SecurityProfileSummaryList"]:
            connect.delete_security_profile(InstanceId=moving, SecurityProfileId=one["Id"])
        rest = connect.list_security_profiles(InstanceId=moving, MaxResults=1, NextToken=page["NextToken"])
        assert rest["SecurityProfileSummaryList"] == []
        assert "NextToken" not in rest


class TestTokens:
    @pytest.fixture
    def token(self, connect, full) -> str:
        return connect.list_security_profiles(InstanceId=full, MaxResults=1)["NextToken"]

    @pytest.fixture
    def criteria(self) -> dict:
        return {"StringCondition": {"FieldName": "name", "Value": "profile", "ComparisonType": "STARTS_WITH"}}

    @pytest.fixture
    def search_token(self, connect, full, criteria) -> str:
        return connect.search_security_profiles(InstanceId=full, MaxResults=1, SearchCriteria=criteria)["NextToken"]

    def test_can_be_used_again(self, connect, full, token):
        pages = [
            connect.list_security_profiles(InstanceId=full, MaxResults=1, NextToken=token)["SecurityProfileSummaryList"]
            for _ in range(2)
        ]
        assert pages[0] == pages[1]

    def test_are_opaque(self, connect, full, token, search_token):
        first = connect.list_security_profiles(InstanceId=full, MaxResults=1)["SecurityProfileSummaryList"][0]
        for one in (token, search_token):
            assert first["Id"] not in one
            assert one.isascii()
            assert len(one) <= 2500

    @pytest.mark.parametrize("forged", ["x", "AAAA", "1", "null", "e30=", "../../etc/passwd", "\u2603", "A" * 2000])
    def test_invented_ones_are_refused(self, connect, full, forged):
        with refused(*INVALID, message="(?i)token"):
            connect.list_security_profiles(InstanceId=full, NextToken=forged)
        with refused(*INVALID, message="(?i)token"):
            connect.search_security_profiles(InstanceId=full, NextToken=forged)

    def test_changed_ones_are_refused(self, connect, full, token):
        for place in range(0, len(token), max(1, len(token) // 24)):
            other = "A" if token[place] != "A" else "B"
            changed = token[:place] + other + token[place + 1 :]
            with refused(*INVALID, message="(?i)token"):
                connect.list_security_profiles(InstanceId=full, MaxResults=1, NextToken=changed)

    def test_cut_and_grown_ones_are_refused(self, connect, full, token):
        for changed in (token[:-1], token[: len(token) // 2], token + "A", token + token, token[1:]):
            with refused(*INVALID, message="(?i)token"):
                connect.list_security_profiles(InstanceId=full, MaxResults=1, NextToken=changed)

    def test_of_another_instance(self, connect, token):
        with refused(*INVALID, message="(?i)token"):
            connect.list_security_profiles(InstanceId=new_instance(connect), MaxResults=1, NextToken=token)

    def test_of_another_operation(self, connect, full, token, rich):
        for call in (
            lambda: connect.search_security_profiles(InstanceId=full, NextToken=token),
            lambda: connect.list_instances(NextToken=token),
            lambda: connect.list_security_profile_permissions(**rich, NextToken=token),
        ):
            with refused(*INVALID, message="(?i)token"):
                call()

    def test_of_another_profile(self, connect, full, rich):
        token = connect.list_security_profile_permissions(**rich, MaxResults=1)["NextToken"]
        other = connect.create_security_profile(
            InstanceId=full, SecurityProfileName=unique("other"), Permissions=["Queues.View", "Users.View"]
        )["SecurityProfileId"]
        with refused(*INVALID, message="(?i)token"):
            connect.list_security_profile_permissions(InstanceId=full, SecurityProfileId=other, NextToken=token)

    def test_of_another_query(self, connect, full, criteria, search_token):
        other = {"StringCondition": {**criteria["StringCondition"], "Value": "profile 0"}}
        for parameters in ({"SearchCriteria": other}, {}, {"SearchCriteria": criteria, "SearchFilter": {"TagFilter": {"TagCondition": {"TagKey": "all"}}}}):
            with refused(*INVALID, message="(?i)token"):
                connect.search_security_profiles(InstanceId=full, MaxResults=1, NextToken=search_token, **parameters)

    def test_of_another_region(self, server, token):
        client = server.client(region="eu-central-1")
        instance = new_instance(client)
        with refused(*INVALID, message="(?i)token"):
            client.list_security_profiles(InstanceId=instance, MaxResults=1, NextToken=token)

    def test_of_another_server(self, start_server, token, full):
        """Sealed with a key of its own: the same token means nothing elsewhere."""
        client = start_server().client()
        instance = new_instance(client)
        with refused(*INVALID, message="(?i)token"):
            client.list_security_profiles(InstanceId=instance, MaxResults=1, NextToken=token)

    def test_outlive_a_restart(self, start_server):
        server = start_server()
        client = server.client()
        instance = new_instance(client)
        first = client.list_security_profiles(InstanceId=instance, MaxResults=1)
        assert server.stop() == 0
        server.start()
        rest = server.client().list_security_profiles(InstanceId=instance, NextToken=first["NextToken"])
        names = {one["Name"] for page in (first, rest) for one in page["SecurityProfileSummaryList"]}
        assert names == {"Admin", "Agent", "CallCenterManager", "QualityAnalyst"}
