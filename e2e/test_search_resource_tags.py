"""SearchResourceTags: the tags of an instance, by the type of their resources and by their text."""

import uuid

import pytest

from conftest import new_instance
from harness.expect import INVALID, not_found, refused

DOCUMENTED = [
    "agent",
    "agent-state",
    "contact-flow",
    "flow-module",
    "metric",
    "operating-hours",
    "prompt",
    "routing-profile",
    "security-profile",
    "standard-queue",
    "transfer-destination",
]


@pytest.fixture(scope="module")
def place(connect) -> dict:
    """An instance whose security profiles, queues and associations have tags."""
    instance = new_instance(connect, Tags={"of": "the instance"})
    for number, tags in enumerate(({"team": "care", "site": "north"}, {"team": "care"}, {"team": "Sales", "empty": ""})):
        connect.create_security_profile(InstanceId=instance, SecurityProfileName=f"profile {number}", Tags=tags)
    hours = connect.list_hours_of_operations(InstanceId=instance)["HoursOfOperationSummaryList"][0]["Id"]
    connect.create_queue(InstanceId=instance, Name="queue", HoursOfOperationId=hours, Tags={"team": "care", "wait": "long"})
    connect.create_integration_association(
        InstanceId=instance, IntegrationType="APPLICATION", IntegrationArn="arn:aws:a:b:c:d", Tags={"vendor": "x"}
    )
    arn = connect.describe_instance(InstanceId=instance)["Instance"]["Arn"]
    return {"id": instance, "arn": arn}


EVERYTHING = [
    ("empty", ""),
    ("site", "north"),
    ("team", "Sales"),
    ("team", "care"),
    ("vendor", "x"),
    ("wait", "long"),
]


@pytest.fixture(scope="module")
def search(connect, place):
    def search(*types: str, **condition) -> list[tuple]:
        parameters = {"InstanceId": place["id"]}
        if types:
            parameters["ResourceTypes"] = list(types)
        if condition:
            parameters["SearchCriteria"] = {"TagSearchCondition": condition}
        answer = connect.search_resource_tags(**parameters)
        return [(tag["key"], tag["value"]) for tag in answer["Tags"]]

    return search


def key(value: str, comparison: str = "EXACT") -> dict:
    return {"tagKey": value, "tagKeyComparisonType": comparison}


def value(value: str, comparison: str = "EXACT") -> dict:
    return {"tagValue": value, "tagValueComparisonType": comparison}


def test_each_once_in_order(search):
    assert search() == EVERYTHING


def test_empty_members_ask_for_everything(connect, place):
    for parameters in ({"ResourceTypes": []}, {"SearchCriteria": {}}, {"SearchCriteria": {"TagSearchCondition": {}}}):
        answer = connect.search_resource_tags(InstanceId=place["id"], **parameters)
        assert [(tag["key"], tag["value"]) for tag in answer["Tags"]] == EVERYTHING


def test_by_the_instances_arn(connect, place):
    answer = connect.search_resource_tags(InstanceId=place["arn"])
    assert [(tag["key"], tag["value"]) for tag in answer["Tags"]] == EVERYTHING


class TestTypes:
    def test_one(self, search):
        assert search("standard-queue") == [("team", "care"), ("wait", "long")]
        assert search("integration-association") == [("vendor", "x")]

    def test_several(self, search):
        assert search("integration-association", "security-profile") == [
            one for one in EVERYTHING if one[0] != "wait"
        ]

    @pytest.mark.parametrize("name", DOCUMENTED)
    def test_documented(self, search, name):
        assert set(search(name)) <= set(EVERYTHING)

    @pytest.mark.parametrize("name", ["queue", "STANDARD_QUEUE", "Security-Profile", "instance", "user", ""])
    def test_unknown(self, search, name):
        with refused(*INVALID, message="ResourceTypes.*standard-queue"):
            search("security-profile", name)


class TestConditions:
    def test_key(self, search):
        assert search(**key("team")) == [("team", "Sales"), ("team", "care")]
        assert search(**key("Team")) == search(**key("tea")) == []
        assert search(**key("T", "STARTS_WITH")) == [("team", "Sales"), ("team", "care")]
        assert search(**key("it", "CONTAINS")) == [("site", "north"), ("wait", "long")]

    def test_value(self, search):
        assert search(**value("care")) == [("team", "care")]
        assert search(**value("")) == [("empty", "")]
        assert search(**value("s", "STARTS_WITH")) == [("team", "Sales")]
        assert search(**value("o", "CONTAINS")) == [("site", "north"), ("wait", "long")]

    def test_both_of_one_tag(self, search):
        assert search(**key("team"), **value("care")) == [("team", "care")]
        assert search(**key("site"), **value("care")) == []

    def test_with_types(self, search):
        assert search("standard-queue", **key("team")) == [("team", "care")]

    @pytest.mark.parametrize("member", ["tagKey", "tagValue"])
    def test_half_a_condition(self, search, member):
        for half in ({member: "team"}, {f"{member}ComparisonType": "EXACT"}):
            with refused(*INVALID, message=member):
                search(**half)


def test_follows_changes(connect, place, search):
    (result,) = connect.search_security_profiles(
        InstanceId=place["id"],
        SearchCriteria={"StringCondition": {"FieldName": "name", "Value": "profile 1", "ComparisonType": "EXACT"}},
    )["SecurityProfiles"]
    connect.tag_resource(resourceArn=result["Arn"], tags={"temporary": "yes"})
    assert search(**key("temporary")) == [("temporary", "yes")]
    connect.untag_resource(resourceArn=result["Arn"], tagKeys=["temporary"])
    assert search(**key("temporary")) == []


def test_pages(connect, place):
    parameters = {"InstanceId": place["id"], "PaginationConfig": {"PageSize": 4}}
    pages = list(connect.get_paginator("search_resource_tags").paginate(**parameters))
    assert [len(page["Tags"]) for page in pages] == [4, 2]
    assert [(tag["key"], tag["value"]) for page in pages for tag in page["Tags"]] == EVERYTHING


def test_a_token_is_for_its_question(connect, place):
    token = connect.search_resource_tags(InstanceId=place["id"], MaxResults=1)["NextToken"]
    with refused(*INVALID, message="NextToken"):
        connect.search_resource_tags(InstanceId=place["id"], ResourceTypes=["agent"], NextToken=token)


def test_a_tag_between_pages(connect):
    """A tag that comes before what was shown is not shown twice; one that comes after is shown."""
    instance = new_instance(connect)
    made = connect.create_security_profile(InstanceId=instance, SecurityProfileName="one", Tags={"b": "", "d": ""})
    first = connect.search_resource_tags(InstanceId=instance, MaxResults=1)
    connect.tag_resource(resourceArn=made["SecurityProfileArn"], tags={"a": "", "c": ""})
    rest = connect.search_resource_tags(InstanceId=instance, NextToken=first["NextToken"])
    assert [tag["key"] for tag in first["Tags"] + rest["Tags"]] == ["b", "c", "d"]


def test_in_no_instance(connect):
    with not_found():
        connect.search_resource_tags(InstanceId=str(uuid.uuid4()))
