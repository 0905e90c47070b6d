"""SearchSecurityProfiles: conditions on the name, tag filters, counts."""

import uuid

import pytest

from conftest import new_instance
from harness.expect import INVALID, not_found, refused

# Name and resource tags of the profiles to search; the built-in four are deleted.
PROFILES = {
    "care north": {"team": "care", "site": "north"},
    "care south": {"team": "care", "site": "south"},
    "Care lead": {"team": "care"},
    "sales north": {"team": "sales", "site": "north"},
    "sales care": {"site": ""},
    "auditor": {},
}


@pytest.fixture(scope="module")
def searched(connect) -> str:
    instance = new_instance(connect)
    for one in connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]:
        connect.delete_security_profile(InstanceId=instance, SecurityProfileId=one["Id"])
    for name, tags in PROFILES.items():
        optional = {"Tags": tags} if tags else {}
        connect.create_security_profile(InstanceId=instance, SecurityProfileName=name, Description=f"the {name}", **optional)
    return instance


@pytest.fixture(scope="module")
def search(connect, searched):
    def names(criteria: dict | None = None, tag_filter: dict | None = None) -> set[str]:
        parameters = {"InstanceId": searched}
        if criteria is not None:
            parameters["SearchCriteria"] = criteria
        if tag_filter is not None:
            parameters["SearchFilter"] = {"TagFilter": tag_filter}
        answer = connect.search_security_profiles(**parameters)
        result = [one["SecurityProfileName"] for one in answer["SecurityProfiles"]]
        assert len(result) == len(set(result)) == answer["ApproximateTotalCount"]
        return set(result)

    return names


def name(comparison: str, value: str) -> dict:
    return {"StringCondition": {"FieldName": "name", "Value": value, "ComparisonType": comparison}}


def tag(key: str, value: str | None = None) -> dict:
    return {"TagKey": key} if value is None else {"TagKey": key, "TagValue": value}


def named(predicate) -> set[str]:
    return {one for one in PROFILES if predicate(one)}


def tagged(predicate) -> set[str]:
    return {one for one, tags in PROFILES.items() if predicate(tags)}


def test_without_criteria_everything(search):
    assert search() == set(PROFILES)


def test_empty_criteria_are_none(search):
    assert search({}) == set(PROFILES)
    assert search({}, {}) == set(PROFILES)


class TestName:
    def test_starts_with(self, search):
        assert search(name("STARTS_WITH", "sales")) == {"sales north", "sales care"}

    def test_contains(self, search):
        assert search(name("CONTAINS", "nor")) == {"care north", "sales north"}

    def test_exact(self, search):
        assert search(name("EXACT", "care north")) == {"care north"}
        assert search(name("EXACT", "care")) == set()

    def test_nothing_found(self, search):
        assert search(name("CONTAINS", "zz")) == set()

    def test_case(self, search):
        """People search without regard to case; EXACT is exact."""
        assert "Care lead" in search(name("STARTS_WITH", "care L"))
        assert "Care lead" in search(name("CONTAINS", "ARE LE"))
        assert search(name("EXACT", "Care lead")) == {"Care lead"}
        assert search(name("EXACT", "care lead")) == set()

    @pytest.mark.parametrize("value", ["nn", "n" * 25])
    def test_contains_bounds(self, search, value):
        assert search(name("CONTAINS", value)) == set()

    @pytest.mark.parametrize("value", ["", "n", "n" * 26])
    def test_contains_out_of_bounds(self, search, value):
        with refused(*INVALID, message="Value"):
            search(name("CONTAINS", value))

    def test_contains_is_no_pattern(self, search):
        for value in ("%r", "c_re", ".*", "ca%"):
            assert search(name("CONTAINS", value)) == set()

    @pytest.mark.parametrize("field", ["description", "SecurityProfileName", "id", ""])
    def test_the_only_field(self, search, field):
        with refused(*INVALID, message="FieldName"):
            search({"StringCondition": {"FieldName": field, "Value": "care", "ComparisonType": "EXACT"}})

    def test_a_bad_condition_deep_down_is_refused(self, search):
        bad = {"StringCondition": {"FieldName": "tier", "Value": "care", "ComparisonType": "EXACT"}}
        with refused(*INVALID, message="FieldName"):
            search({"OrConditions": [name("EXACT", "auditor"), {"AndConditions": [name("STARTS_WITH", "ca"), bad]}]})


class TestNested:
    def test_and(self, search):
        criteria = {"AndConditions": [name("STARTS_WITH", "sales"), name("CONTAINS", "care")]}
        assert search(criteria) == {"sales care"}

    def test_or(self, search):
        criteria = {"OrConditions": [name("EXACT", "auditor"), name("STARTS_WITH", "sales")]}
        assert search(criteria) == {"auditor", "sales north", "sales care"}

    def test_or_in_and(self, search):
        either = {"OrConditions": [name("CONTAINS", "north"), name("CONTAINS", "south")]}
        assert search({"AndConditions": [either, name("STARTS_WITH", "care")]}) == {"care north", "care south"}

    def test_and_in_or(self, search):
        both = {"AndConditions": [name("STARTS_WITH", "sales"), name("CONTAINS", "north")]}
        assert search({"OrConditions": [both, name("EXACT", "auditor")]}) == {"sales north", "auditor"}

    def test_four_deep(self, search):
        criteria = name("CONTAINS", "north")
        for _ in range(2):
            criteria = {"OrConditions": [{"AndConditions": [criteria]}]}
        assert search(criteria) == {"care north", "sales north"}


class TestTags:
    def test_key(self, search):
        assert search(None, {"TagCondition": tag("site")}) == tagged(lambda tags: "site" in tags)

    def test_key_and_value(self, search):
        assert search(None, {"TagCondition": tag("team", "care")}) == tagged(lambda tags: tags.get("team") == "care")

    def test_values_are_case_sensitive(self, search):
        assert search(None, {"TagCondition": tag("team", "Care")}) == set()

    def test_and(self, search):
        conditions = {"AndConditions": [tag("team", "care"), tag("site", "north")]}
        assert search(None, conditions) == {"care north"}

    def test_or_of_ands(self, search):
        conditions = {"OrConditions": [[tag("team", "sales")], [tag("team", "care"), tag("site", "south")]]}
        assert search(None, conditions) == {"sales north", "care south"}

    def test_with_criteria(self, search):
        assert search(name("STARTS_WITH", "sales"), {"TagCondition": tag("site", "north")}) == {"sales north"}

    def test_follow_changes(self, connect, searched, search):
        (auditor,) = connect.search_security_profiles(InstanceId=searched, SearchCriteria=name("EXACT", "auditor"))[
            "SecurityProfiles"
        ]
        connect.tag_resource(resourceArn=auditor["Arn"], tags={"temporary": "yes"})
        assert search(None, {"TagCondition": tag("temporary", "yes")}) == {"auditor"}
        connect.untag_resource(resourceArn=auditor["Arn"], tagKeys=["temporary"])
        assert search(None, {"TagCondition": tag("temporary")}) == set()


def test_results_show_the_profile(connect, searched):
    (result,) = connect.search_security_profiles(InstanceId=searched, SearchCriteria=name("EXACT", "care north"))["SecurityProfiles"]
    described = connect.describe_security_profile(InstanceId=searched, SecurityProfileId=result["Id"])["SecurityProfile"]
    assert result == {member: described[member] for member in result}
    assert {"Id", "Arn", "OrganizationResourceId", "SecurityProfileName", "Description", "Tags", "Type"} == set(result)


def test_pages(connect, searched):
    parameters = {"InstanceId": searched, "SearchFilter": {"TagFilter": {"TagCondition": tag("team", "care")}}}
    pages = list(connect.get_paginator("search_security_profiles").paginate(**parameters, PaginationConfig={"PageSize": 2}))
    assert [len(page["SecurityProfiles"]) for page in pages] == [2, 1]
    assert {page["ApproximateTotalCount"] for page in pages} == {3}


def test_in_no_instance(connect):
    with not_found():
        connect.search_security_profiles(InstanceId=str(uuid.uuid4()))
