"""Hours of operation: create, read, update, delete, search, and what a new instance has."""

import time
import uuid
from datetime import datetime, timedelta, timezone

import pytest

from conftest import new_instance
from harness.expect import INVALID, not_found, refused
from harness.operations import unique
from harness.server import ACCOUNT, REGION

DAYS = ["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"]
FIXED = ("HoursOfOperationId", "HoursOfOperationArn", "LastModifiedTime", "LastModifiedRegion")


def span(day: str = "MONDAY", start: tuple = (9, 0), end: tuple = (17, 30)) -> dict:
    at = lambda time: {"Hours": time[0], "Minutes": time[1]}
    return {"Day": day, "StartTime": at(start), "EndTime": at(end)}


@pytest.fixture
def make_hours(connect, instance):
    def make(**members) -> str:
        members = {"Name": unique("hours"), "TimeZone": "Europe/Berlin", "Config": [span()], **members}
        return connect.create_hours_of_operation(InstanceId=instance, **members)["HoursOfOperationId"]

    return make


@pytest.fixture
def read(connect, instance):
    return lambda hours: connect.describe_hours_of_operation(InstanceId=instance, HoursOfOperationId=hours)["HoursOfOperation"]


@pytest.fixture
def update(connect, instance):
    return lambda hours, **members: connect.update_hours_of_operation(
        InstanceId=instance, HoursOfOperationId=hours, **members
    )


@pytest.fixture
def delete(connect, instance):
    return lambda hours: connect.delete_hours_of_operation(InstanceId=instance, HoursOfOperationId=hours)


def settings(hours: dict) -> dict:
    return {name: value for name, value in hours.items() if name not in FIXED}


class TestCreate:
    def test_with_every_member(self, connect, instance, make_hours, read):
        parents = [make_hours(Name=unique("parent")) for _ in range(3)]
        name = unique("whole")
        members = {
            "Description": "When we are there",
            "TimeZone": "America/Argentina/Buenos_Aires",
            "Config": [span("MONDAY"), span("MONDAY", (18, 0), (0, 0)), span("SATURDAY", (0, 0), (0, 0))],
            "Tags": {"team": "care"},
        }
        created = connect.create_hours_of_operation(
            InstanceId=instance,
            Name=name,
            ParentHoursOfOperationConfigs=[{"HoursOfOperationId": parent} for parent in parents],
            **members,
        )
        result = read(created["HoursOfOperationId"])
        assert result["HoursOfOperationArn"] == created["HoursOfOperationArn"]
        assert result["HoursOfOperationArn"] == (
            f"arn:aws:connect:{REGION}:{ACCOUNT}:instance/{instance}/operating-hours/{result['HoursOfOperationId']}"
        )
        assert result["LastModifiedRegion"] == REGION
        assert abs(result["LastModifiedTime"] - datetime.now(timezone.utc)) < timedelta(minutes=1)
        expected = [
            {"Id": parent, "Name": read(parent)["Name"], "Arn": read(parent)["HoursOfOperationArn"]} for parent in parents
        ]
        assert settings(result) == {"Name": name, "ParentHoursOfOperations": expected, **members}

    def test_with_the_least(self, make_hours, read):
        name = unique("least")
        result = settings(read(make_hours(Name=name, Config=[])))
        assert result == {"Name": name, "TimeZone": "Europe/Berlin", "Config": []}

    def test_bounds_are_inclusive(self, make_hours, read):
        members = {
            "Name": "é" * 127,
            "Description": "d" * 250,
            "Config": [span("FRIDAY", (23, 59), (0, minute)) for minute in range(50)] * 2,
        }
        assert settings(read(make_hours(**members))) == {"TimeZone": "Europe/Berlin", **members}

    def test_name_taken(self, make_hours):
        name = unique("taken")
        make_hours(Name=name)
        with refused("DuplicateResourceException", message=name):
            make_hours(Name=name)
        make_hours(Name=name.upper())

    @pytest.mark.parametrize("zone", ["UTC", "EST", "EST5EDT", "Etc/GMT+5", "America/Port-au-Prince", "US/Pacific", "GMT-0"])
    def test_time_zones(self, make_hours, read, zone):
        assert read(make_hours(TimeZone=zone))["TimeZone"] == zone

    @pytest.mark.parametrize("zone", ["", "+02:00", "Europe/", "/Berlin", "Europe Berlin", "5", "Europe/Berlin\n", "Zürich"])
    def test_no_time_zones(self, make_hours, zone):
        with refused(*INVALID, message="TimeZone"):
            make_hours(TimeZone=zone)

    @pytest.mark.parametrize(
        "members",
        [
            {"Name": ""},
            {"Name": "n" * 128},
            {"Description": ""},
            {"Description": "d" * 251},
            {"Config": [span("monday")]},
            {"Config": [span("MONDAY", (24, 0))]},
            {"Config": [span("MONDAY", (9, 60))]},
            {"Config": [span("MONDAY", (-1, 0))]},
            {"Config": [span()] * 101},
            {"Tags": {"aws:team": "care"}},
        ],
        ids=lambda members: next(iter(members)),
    )
    def test_outside_the_model(self, wire, instance, members):
        whole = {"Name": unique("hours"), "TimeZone": "UTC", "Config": [span()], **members}
        answer = wire.call("CreateHoursOfOperation", {"InstanceId": instance, **whole})
        assert answer.status == 400, answer.body
        assert answer.error_type in INVALID


class TestParents:
    @pytest.mark.parametrize("parent", [str(uuid.uuid4()), "nonsense"])
    def test_they_are_there(self, make_hours, parent):
        with refused("ResourceNotFoundException", message=parent):
            make_hours(ParentHoursOfOperationConfigs=[{"HoursOfOperationId": parent}])

    def test_without_an_identifier(self, make_hours):
        with refused(*INVALID, message="HoursOfOperationId"):
            make_hours(ParentHoursOfOperationConfigs=[{}])

    def test_four_are_too_many(self, make_hours):
        parents = [{"HoursOfOperationId": make_hours()} for _ in range(4)]
        with refused(*INVALID, message="ParentHoursOfOperationConfigs"):
            make_hours(ParentHoursOfOperationConfigs=parents)

    def test_by_arn_and_twice(self, make_hours, read):
        parent = make_hours()
        named = [{"HoursOfOperationId": read(parent)["HoursOfOperationArn"]}, {"HoursOfOperationId": parent}]
        result = read(make_hours(ParentHoursOfOperationConfigs=named))
        assert [one["Id"] for one in result["ParentHoursOfOperations"]] == [parent]

    def test_their_names_follow(self, make_hours, read, update):
        parent = make_hours()
        hours = make_hours(ParentHoursOfOperationConfigs=[{"HoursOfOperationId": parent}])
        name = unique("renamed")
        update(parent, Name=name)
        assert [one["Name"] for one in read(hours)["ParentHoursOfOperations"]] == [name]

    def test_an_update_keeps_them(self, make_hours, read, update):
        hours = make_hours(ParentHoursOfOperationConfigs=[{"HoursOfOperationId": make_hours()}])
        before = read(hours)["ParentHoursOfOperations"]
        update(hours, Config=[])
        assert read(hours)["ParentHoursOfOperations"] == before


class TestUpdate:
    SECOND = {
        "Name": "renamed",
        "Description": "Another",
        "TimeZone": "Asia/Tokyo",
        "Config": [span("SUNDAY", (22, 0), (2, 0))],
    }

    @pytest.fixture
    def hours(self, make_hours) -> str:
        return make_hours(Description="The first", Tags={"team": "care"})

    @pytest.mark.parametrize("member", SECOND)
    def test_replaces_one_member_and_leaves_the_others(self, hours, read, update, member):
        value = unique("renamed") if member == "Name" else self.SECOND[member]
        before = settings(read(hours))
        update(hours, **{member: value})
        assert settings(read(hours)) == {**before, member: value}

    def test_without_members_moves_only_the_time(self, hours, read, update):
        before = read(hours)
        time.sleep(0.01)
        update(hours)
        after = read(hours)
        assert settings(after) == settings(before)
        assert after["LastModifiedTime"] > before["LastModifiedTime"]

    def test_answers_an_empty_body(self, wire, instance, hours):
        answer = wire.call("UpdateHoursOfOperation", {"InstanceId": instance, "HoursOfOperationId": hours})
        assert (answer.status, answer.body) == (200, b"")

    def test_the_empty_description_clears(self, hours, read, update):
        before = settings(read(hours))
        update(hours, Description="")
        assert settings(read(hours)) == {name: value for name, value in before.items() if name != "Description"}

    def test_an_empty_configuration_is_never_open(self, hours, read, update):
        update(hours, Config=[])
        assert read(hours)["Config"] == []

    @pytest.mark.parametrize("member", SECOND)
    def test_null_is_as_if_omitted(self, wire, instance, hours, read, member):
        before = settings(read(hours))
        answer = wire.call("UpdateHoursOfOperation", {"InstanceId": instance, "HoursOfOperationId": hours, member: None})
        assert answer.status == 200, answer.body
        assert settings(read(hours)) == before

    def test_to_a_name_that_is_taken(self, make_hours, hours, read, update):
        name = unique("taken")
        make_hours(Name=name)
        before = read(hours)
        with refused("DuplicateResourceException", message=name):
            update(hours, Name=name, Description="half")
        assert read(hours) == before

    def test_to_its_own_name(self, hours, read, update):
        name = read(hours)["Name"]
        update(hours, Name=name)
        assert read(hours)["Name"] == name

    def test_a_name_is_free_again(self, make_hours, hours, read, update):
        name = read(hours)["Name"]
        update(hours, Name=unique("renamed"))
        make_hours(Name=name)

    @pytest.mark.parametrize("zone", ["", "Europe Berlin"])
    def test_no_time_zones(self, hours, update, zone):
        with refused(*INVALID, message="TimeZone"):
            update(hours, TimeZone=zone)

    def test_by_arn(self, hours, read, update):
        update(read(hours)["HoursOfOperationArn"], Description="By its ARN")
        assert read(hours)["Description"] == "By its ARN"

    def test_none_that_are_there(self, update):
        with not_found():
            update(str(uuid.uuid4()), Description="x")


class TestDelete:
    def test_they_are_gone(self, connect, make_hours, read, delete):
        name = unique("gone")
        hours = make_hours(Name=name)
        arn = read(hours)["HoursOfOperationArn"]
        delete(hours)
        for again in (lambda: read(hours), lambda: delete(hours), lambda: connect.list_tags_for_resource(resourceArn=arn)):
            with not_found():
                again()
        make_hours(Name=name)

    def test_that_others_inherit_from(self, make_hours, delete):
        parent = make_hours()
        child = make_hours(ParentHoursOfOperationConfigs=[{"HoursOfOperationId": parent}])
        with refused("InvalidRequestException", message=f"hours of operation `{child}`"):
            delete(parent)
        delete(child)
        delete(parent)

    def test_that_the_built_in_queue_keeps(self, connect, instance, delete):
        (basic,) = [
            one
            for one in connect.list_hours_of_operations(InstanceId=instance)["HoursOfOperationSummaryList"]
            if one["Name"] == "Basic Hours"
        ]
        with refused("InvalidRequestException", message="queue `"):
            delete(basic["Id"])

    def test_that_a_queue_keeps(self, connect, instance, make_hours, delete):
        hours, others = make_hours(), make_hours()
        queue = connect.create_queue(InstanceId=instance, Name=unique("queue"), HoursOfOperationId=hours)["QueueId"]
        with refused("InvalidRequestException", message=f"queue `{queue}`"):
            delete(hours)
        connect.update_queue_hours_of_operation(InstanceId=instance, QueueId=queue, HoursOfOperationId=others)
        delete(hours)


def test_tags(connect, make_hours, read):
    hours = make_hours(Tags={"team": "care"})
    before = read(hours)
    arn = before["HoursOfOperationArn"]
    connect.tag_resource(resourceArn=arn, tags={"site": "north"})
    connect.untag_resource(resourceArn=arn, tagKeys=["team"])
    assert connect.list_tags_for_resource(resourceArn=arn)["tags"] == {"site": "north"}
    after = read(hours)
    assert after["Tags"] == {"site": "north"}
    assert after["LastModifiedTime"] == before["LastModifiedTime"]


def test_list_in_pages(connect):
    instance = new_instance(connect)
    for number in range(6):
        connect.create_hours_of_operation(InstanceId=instance, Name=f"hours {number}", TimeZone="UTC", Config=[])
    pages = connect.get_paginator("list_hours_of_operations").paginate(
        InstanceId=instance, PaginationConfig={"PageSize": 3}
    )
    result = [page["HoursOfOperationSummaryList"] for page in pages]
    assert [len(page) for page in result] == [3, 3, 1]
    assert {one["Name"] for page in result for one in page} == {"Basic Hours", *(f"hours {n}" for n in range(6))}
    for one in sum(result, []):
        described = connect.describe_hours_of_operation(InstanceId=instance, HoursOfOperationId=one["Id"])
        whole = described["HoursOfOperation"]
        assert one == {
            "Id": whole["HoursOfOperationId"],
            "Arn": whole["HoursOfOperationArn"],
            "Name": whole["Name"],
            "LastModifiedTime": whole["LastModifiedTime"],
            "LastModifiedRegion": whole["LastModifiedRegion"],
        }


# Description, time zone and tags by name, in addition to the built-in hours.
HOURS = {
    "care weekdays": ("Weekdays in the north", "Europe/London", {"team": "care", "site": "north"}),
    "Care weekend": (None, "Europe/London", {"team": "care"}),
    "sales": ("All week", "America/New_York", {"team": "sales"}),
}


@pytest.fixture(scope="module")
def searched(connect) -> str:
    instance = new_instance(connect)
    for name, (description, zone, tags) in HOURS.items():
        optional = {"Description": description} if description else {}
        connect.create_hours_of_operation(
            InstanceId=instance, Name=name, TimeZone=zone, Config=[span()], Tags=tags, **optional
        )
    return instance


@pytest.fixture(scope="module")
def search(connect, searched):
    def names(criteria: dict | None = None, tag_filter: dict | None = None) -> set[str]:
        parameters = {"InstanceId": searched}
        if criteria is not None:
            parameters["SearchCriteria"] = criteria
        if tag_filter is not None:
            parameters["SearchFilter"] = {"TagFilter": tag_filter}
        answer = connect.search_hours_of_operations(**parameters)
        result = [one["Name"] for one in answer["HoursOfOperations"]]
        assert len(result) == answer["ApproximateTotalCount"]
        return set(result)

    return names


def where(field: str, comparison: str, value: str) -> dict:
    return {"StringCondition": {"FieldName": field, "Value": value, "ComparisonType": comparison}}


class TestSearch:
    def test_everything(self, search):
        assert search() == search({}) == search({}, {}) == {"Basic Hours", *HOURS}

    def test_name(self, search):
        assert search(where("name", "STARTS_WITH", "care")) == {"care weekdays", "Care weekend"}
        assert search(where("name", "CONTAINS", "week")) == {"care weekdays", "Care weekend"}
        assert search(where("name", "EXACT", "Sales")) == set()
        assert search(where("name", "EXACT", "sales")) == {"sales"}

    def test_description(self, search):
        assert search(where("description", "CONTAINS", "week")) == {"care weekdays", "sales"}
        assert search(where("description", "STARTS_WITH", "")) == {"care weekdays", "sales"}

    def test_time_zone(self, search):
        assert search(where("timezone", "EXACT", "Europe/London")) == {"care weekdays", "Care weekend"}
        assert search(where("timezone", "STARTS_WITH", "america/")) == {"sales"}

    def test_identifier(self, connect, searched, search):
        listed = connect.list_hours_of_operations(InstanceId=searched)["HoursOfOperationSummaryList"]
        (sales,) = [one["Id"] for one in listed if one["Name"] == "sales"]
        assert search(where("resourceID", "EXACT", sales)) == {"sales"}

    def test_and_or(self, search):
        london, weekend = where("timezone", "EXACT", "Europe/London"), where("name", "CONTAINS", "weekend")
        sales = where("name", "EXACT", "sales")
        assert search({"AndConditions": [london, weekend]}) == {"Care weekend"}
        assert search({"OrConditions": [{"AndConditions": [london, weekend]}, sales]}) == {"Care weekend", "sales"}

    def test_tags(self, search):
        care = {"TagKey": "team", "TagValue": "care"}
        assert search(None, {"TagCondition": {"TagKey": "team"}}) == set(HOURS)
        assert search(None, {"AndConditions": [care, {"TagKey": "site"}]}) == {"care weekdays"}
        either = [[care, {"TagKey": "site"}], [{"TagKey": "team", "TagValue": "sales"}]]
        assert search(None, {"OrConditions": either}) == {"care weekdays", "sales"}

    @pytest.mark.parametrize("field", ["timeZone", "Name", "id", ""])
    def test_other_fields(self, search, field):
        with refused(*INVALID, message="FieldName"):
            search({"AndConditions": [where(field, "EXACT", "sales")]})

    def test_results_show_the_hours(self, connect, searched):
        criteria = where("name", "EXACT", "care weekdays")
        (result,) = connect.search_hours_of_operations(InstanceId=searched, SearchCriteria=criteria)["HoursOfOperations"]
        described = connect.describe_hours_of_operation(InstanceId=searched, HoursOfOperationId=result["HoursOfOperationId"])
        assert result == described["HoursOfOperation"]

    def test_pages(self, connect, searched):
        pages = connect.get_paginator("search_hours_of_operations").paginate(
            InstanceId=searched, PaginationConfig={"PageSize": 3}
        )
        result = list(pages)
        assert [len(page["HoursOfOperations"]) for page in result] == [3, 1]
        assert {page["ApproximateTotalCount"] for page in result} == {4}


@pytest.fixture(scope="module")
def new(connect) -> str:
    return new_instance(connect)


@pytest.fixture(scope="module")
def basic_hours(connect, new) -> dict:
    (result,) = connect.search_hours_of_operations(InstanceId=new)["HoursOfOperations"]
    return result


class TestNewInstance:
    """The contents of a new instance, in addition to the security profiles."""

    def test_basic_hours(self, basic_hours):
        assert basic_hours["Name"] == "Basic Hours"
        assert basic_hours["TimeZone"] == "UTC"
        assert [one["Day"] for one in basic_hours["Config"]] == DAYS
        assert {str(one["StartTime"]) for one in basic_hours["Config"]} == {str({"Hours": 0, "Minutes": 0})}
        assert {str(one["EndTime"]) for one in basic_hours["Config"]} == {str({"Hours": 0, "Minutes": 0})}

    def test_basic_queue(self, connect, new, basic_hours):
        (summary,) = connect.list_queues(InstanceId=new, QueueTypes=["STANDARD"])["QueueSummaryList"]
        queue = connect.describe_queue(InstanceId=new, QueueId=summary["Id"])["Queue"]
        assert queue["Name"] == "BasicQueue"
        assert queue["Status"] == "ENABLED"
        assert queue["HoursOfOperationId"] == basic_hours["HoursOfOperationId"]

    def test_basic_routing_profile(self, connect, new):
        (summary,) = connect.list_routing_profiles(InstanceId=new)["RoutingProfileSummaryList"]
        parameters = {"InstanceId": new, "RoutingProfileId": summary["Id"]}
        profile = connect.describe_routing_profile(**parameters)["RoutingProfile"]
        (queue,) = connect.list_queues(InstanceId=new, QueueTypes=["STANDARD"])["QueueSummaryList"]
        assert profile["Name"] == "Basic Routing Profile"
        assert profile["IsDefault"] is True
        assert profile["DefaultOutboundQueueId"] == queue["Id"]
        assert {one["Channel"]: one["Concurrency"] for one in profile["MediaConcurrencies"]} == {
            "VOICE": 1,
            "CHAT": 2,
            "TASK": 1,
        }
        queues = connect.list_routing_profile_queues(**parameters)["RoutingProfileQueueConfigSummaryList"]
        assert {(one["QueueId"], one["Channel"]) for one in queues} == {(queue["Id"], "VOICE"), (queue["Id"], "CHAT")}


def test_quota(start_server):
    """The built-in hours count."""
    client = start_server("--quota", "hours-of-operation=2").client()
    instance = new_instance(client)
    parameters = {"InstanceId": instance, "TimeZone": "UTC", "Config": []}
    client.create_hours_of_operation(Name="second", **parameters)
    with refused("LimitExceededException", message="2"):
        client.create_hours_of_operation(Name="third", **parameters)


@pytest.mark.parametrize(
    ("method", "members"),
    [
        ("create_hours_of_operation", {"Name": "x", "TimeZone": "UTC", "Config": []}),
        ("describe_hours_of_operation", {"HoursOfOperationId": str(uuid.uuid4())}),
        ("list_hours_of_operations", {}),
        ("search_hours_of_operations", {}),
    ],
)
def test_in_no_instance(connect, method, members):
    with not_found():
        getattr(connect, method)(InstanceId=str(uuid.uuid4()), **members)
