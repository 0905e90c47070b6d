"""Queues: what each member does when it is left out, empty or replaced; references, lists, searches, quotas."""

import uuid

import pytest

from conftest import new_instance
from harness.expect import INVALID, not_found, refused
from harness.operations import unique
from harness.server import ACCOUNT, REGION

NOBODY = "00000000-0000-4000-8000-00000000dead"
OPEN = [{"Day": "MONDAY", "StartTime": {"Hours": 9, "Minutes": 0}, "EndTime": {"Hours": 17, "Minutes": 0}}]


def new_hours(client, instance) -> str:
    members = {"InstanceId": instance, "Name": unique("hours"), "TimeZone": "UTC", "Config": OPEN}
    return client.create_hours_of_operation(**members)["HoursOfOperationId"]


@pytest.fixture(scope="module")
def hours(connect, instance) -> str:
    return new_hours(connect, instance)


@pytest.fixture(scope="module")
def unchecked(server):
    """A client that sends what boto3 would refuse itself."""
    return server.client(parameter_validation=False)


@pytest.fixture
def make_queue(connect, instance, hours):
    def make(**members) -> str:
        members = {"InstanceId": instance, "Name": unique("queue"), "HoursOfOperationId": hours, **members}
        return connect.create_queue(**members)["QueueId"]

    return make


@pytest.fixture
def make_quick_connect(connect, instance):
    def make(**members) -> str:
        config = {"QuickConnectType": "PHONE_NUMBER", "PhoneConfig": {"PhoneNumber": "+441632960000"}}
        members = {"InstanceId": instance, "Name": unique("quick"), "QuickConnectConfig": config, **members}
        return connect.create_quick_connect(**members)["QuickConnectId"]

    return make


@pytest.fixture
def describe(connect, instance):
    return lambda queue: connect.describe_queue(InstanceId=instance, QueueId=queue)["Queue"]


@pytest.fixture
def quick_connects(connect, instance):
    def listed(queue: str) -> list[str]:
        answer = connect.list_queue_quick_connects(InstanceId=instance, QueueId=queue)
        return [one["Id"] for one in answer["QuickConnectSummaryList"]]

    return listed


def arn_of(instance: str, queue: str) -> str:
    return f"arn:aws:connect:{REGION}:{ACCOUNT}:instance/{instance}/queue/{queue}"


class TestCreate:
    def test_the_least(self, connect, instance, hours, describe, quick_connects):
        name = unique("queue")
        made = connect.create_queue(InstanceId=instance, Name=name, HoursOfOperationId=hours)
        queue = describe(made["QueueId"])
        assert made["QueueArn"] == arn_of(instance, made["QueueId"])
        queue.pop("LastModifiedTime")
        assert queue == {
            "Name": name,
            "QueueArn": made["QueueArn"],
            "QueueId": made["QueueId"],
            "HoursOfOperationId": hours,
            "Status": "ENABLED",
            "LastModifiedRegion": REGION,
        }
        assert quick_connects(made["QueueId"]) == []

    def test_everything(self, make_queue, make_quick_connect, describe, quick_connects):
        one, other = make_quick_connect(), make_quick_connect()
        caller = {"OutboundCallerIdName": "Care", "OutboundCallerIdNumberId": "number", "OutboundFlowId": "flow"}
        queue = make_queue(
            Description="for care",
            OutboundCallerConfig=caller,
            OutboundEmailConfig={"OutboundEmailAddressId": "address"},
            MaxContacts=7,
            QuickConnectIds=[one, other, one],
            EmailAddressesConfig=[{"EmailAddressId": "inbound"}],
            Tags={"team": "care"},
        )
        described = describe(queue)
        assert described["Description"] == "for care"
        assert described["OutboundCallerConfig"] == caller
        assert described["OutboundEmailConfig"] == {"OutboundEmailAddressId": "address"}
        assert described["MaxContacts"] == 7
        assert described["Tags"] == {"team": "care"}
        assert quick_connects(queue) == sorted([one, other])

    def test_an_empty_configuration_is_none(self, make_queue, describe):
        described = describe(make_queue(OutboundCallerConfig={}, OutboundEmailConfig={}, MaxContacts=0))
        assert "OutboundCallerConfig" not in described
        assert "OutboundEmailConfig" not in described
        assert described["MaxContacts"] == 0

    def test_names_are_unique_as_written(self, make_queue):
        name = unique("queue")
        make_queue(Name=name)
        make_queue(Name=name.upper())
        with refused("DuplicateResourceException", message=name):
            make_queue(Name=name)

    def test_hours_must_exist(self, make_queue):
        with refused("ResourceNotFoundException", message=f"hours of operation `{NOBODY}`"):
            make_queue(HoursOfOperationId=NOBODY)

    def test_quick_connects_must_exist(self, make_queue, make_quick_connect, connect, instance):
        name = unique("queue")
        with refused("ResourceNotFoundException", message=f"quick connect `{NOBODY}`"):
            make_queue(Name=name, QuickConnectIds=[make_quick_connect(), NOBODY])
        make_queue(Name=name)

    def test_references_may_be_arns(self, make_queue, make_quick_connect, describe, connect, instance, hours, quick_connects):
        quick = make_quick_connect()
        prefix = f"arn:aws:connect:{REGION}:{ACCOUNT}:instance/{instance}"
        queue = make_queue(
            HoursOfOperationId=f"{prefix}/operating-hours/{hours}",
            QuickConnectIds=[f"{prefix}/transfer-destination/{quick}"],
        )
        assert describe(queue)["HoursOfOperationId"] == hours
        assert quick_connects(queue) == [quick]
        with not_found():
            make_queue(HoursOfOperationId=f"{prefix}/queue/{hours}")

    @pytest.mark.parametrize("member", ["OutboundCallerIdNumberId", "OutboundFlowId"])
    def test_an_empty_identifier_is_refused(self, make_queue, member):
        with refused("InvalidParameterException", message=member):
            make_queue(OutboundCallerConfig={member: ""})

    def test_reserved_tags_are_refused(self, make_queue):
        with refused(*INVALID, message="aws:"):
            make_queue(Tags={"aws:team": "care"})

    def test_in_an_instance_that_is_not_there(self, make_queue):
        with not_found():
            make_queue(InstanceId=str(uuid.uuid4()))


def test_described_by_arn(connect, instance, make_queue, describe):
    queue = make_queue()
    assert describe(arn_of(instance, queue)) == describe(queue)


class TestNotThere:
    @pytest.mark.parametrize(
        ("method", "members"),
        [
            ("describe_queue", {}),
            ("delete_queue", {}),
            ("update_queue_name", {"Name": "other"}),
            ("update_queue_status", {"Status": "ENABLED"}),
            ("update_queue_hours_of_operation", {"HoursOfOperationId": "hours"}),
            ("update_queue_max_contacts", {"MaxContacts": 1}),
            ("update_queue_outbound_caller_config", {"OutboundCallerConfig": {}}),
            ("update_queue_outbound_email_config", {"OutboundEmailConfig": {}}),
            ("associate_queue_quick_connects", {"QuickConnectIds": ["quick"]}),
            ("disassociate_queue_quick_connects", {"QuickConnectIds": ["quick"]}),
            ("list_queue_quick_connects", {}),
        ],
    )
    def test_queue(self, connect, instance, method, members):
        with refused("ResourceNotFoundException", message=f"queue `{NOBODY}`"):
            getattr(connect, method)(InstanceId=instance, QueueId=NOBODY, **members)


class TestName:
    def test_only_what_is_sent_changes(self, connect, instance, make_queue, describe):
        queue, name = make_queue(Description="first"), unique("queue")
        connect.update_queue_name(InstanceId=instance, QueueId=queue, Name=name)
        assert (describe(queue)["Name"], describe(queue)["Description"]) == (name, "first")
        connect.update_queue_name(InstanceId=instance, QueueId=queue, Description="second")
        assert (describe(queue)["Name"], describe(queue)["Description"]) == (name, "second")

    def test_its_own_name_again(self, connect, instance, make_queue):
        name = unique("queue")
        connect.update_queue_name(InstanceId=instance, QueueId=make_queue(Name=name), Name=name)

    def test_the_old_name_is_free(self, connect, instance, make_queue):
        name = unique("queue")
        connect.update_queue_name(InstanceId=instance, QueueId=make_queue(Name=name), Name=unique("queue"))
        make_queue(Name=name)

    def test_taken(self, connect, instance, make_queue):
        name = unique("queue")
        make_queue(Name=name)
        with refused("DuplicateResourceException", message=name):
            connect.update_queue_name(InstanceId=instance, QueueId=make_queue(), Name=name)

    def test_neither(self, connect, instance, make_queue):
        with refused("InvalidRequestException", message="`Name` and `Description`"):
            connect.update_queue_name(InstanceId=instance, QueueId=make_queue())

    def test_an_empty_description_is_refused(self, unchecked, instance, make_queue):
        with refused(*INVALID, message="Description"):
            unchecked.update_queue_name(InstanceId=instance, QueueId=make_queue(), Description="")


def test_status(connect, instance, make_queue, describe):
    queue = make_queue()
    for status in ("DISABLED", "DISABLED", "ENABLED"):
        connect.update_queue_status(InstanceId=instance, QueueId=queue, Status=status)
        assert describe(queue)["Status"] == status
    with refused(*INVALID, message="Status"):
        connect.update_queue_status(InstanceId=instance, QueueId=queue, Status="PAUSED")


def test_hours(connect, instance, make_queue, describe):
    queue, other = make_queue(), new_hours(connect, instance)
    connect.update_queue_hours_of_operation(InstanceId=instance, QueueId=queue, HoursOfOperationId=other)
    assert describe(queue)["HoursOfOperationId"] == other
    with refused("ResourceNotFoundException", message=f"hours of operation `{NOBODY}`"):
        connect.update_queue_hours_of_operation(InstanceId=instance, QueueId=queue, HoursOfOperationId=NOBODY)
    assert describe(queue)["HoursOfOperationId"] == other


def test_max_contacts(connect, instance, make_queue, describe):
    queue = make_queue()
    for most in (5, 0):
        connect.update_queue_max_contacts(InstanceId=instance, QueueId=queue, MaxContacts=most)
        assert describe(queue)["MaxContacts"] == most
    connect.update_queue_max_contacts(InstanceId=instance, QueueId=queue)
    assert "MaxContacts" not in describe(queue)


def test_outbound_caller_config_is_replaced_as_a_whole(connect, instance, make_queue, describe):
    queue = make_queue(OutboundCallerConfig={"OutboundCallerIdName": "Care", "OutboundFlowId": "flow"})

    def update(config):
        connect.update_queue_outbound_caller_config(InstanceId=instance, QueueId=queue, OutboundCallerConfig=config)

    update({"OutboundCallerIdName": "Sales"})
    assert describe(queue)["OutboundCallerConfig"] == {"OutboundCallerIdName": "Sales"}
    with refused("InvalidParameterException", message="OutboundFlowId"):
        update({"OutboundFlowId": ""})
    assert describe(queue)["OutboundCallerConfig"] == {"OutboundCallerIdName": "Sales"}
    update({})
    assert "OutboundCallerConfig" not in describe(queue)


def test_outbound_email_config(connect, instance, make_queue, describe):
    queue = make_queue()

    def update(config):
        connect.update_queue_outbound_email_config(InstanceId=instance, QueueId=queue, OutboundEmailConfig=config)

    update({"OutboundEmailAddressId": "address"})
    assert describe(queue)["OutboundEmailConfig"] == {"OutboundEmailAddressId": "address"}
    update({})
    assert "OutboundEmailConfig" not in describe(queue)


def test_every_update_moves_the_time_and_tagging_does_not(connect, instance, hours, make_queue, make_quick_connect, describe):
    queue, quick = make_queue(), make_quick_connect()
    updates = [
        (connect.update_queue_name, {"Description": "other"}),
        (connect.update_queue_status, {"Status": "ENABLED"}),
        (connect.update_queue_hours_of_operation, {"HoursOfOperationId": hours}),
        (connect.update_queue_max_contacts, {}),
        (connect.update_queue_outbound_caller_config, {"OutboundCallerConfig": {}}),
        (connect.update_queue_outbound_email_config, {"OutboundEmailConfig": {}}),
        (connect.associate_queue_quick_connects, {"QuickConnectIds": [quick]}),
        (connect.disassociate_queue_quick_connects, {"QuickConnectIds": [quick]}),
    ]
    for update, members in updates:
        before = describe(queue)["LastModifiedTime"]
        update(InstanceId=instance, QueueId=queue, **members)
        assert describe(queue)["LastModifiedTime"] > before, update.__name__
    before = describe(queue)["LastModifiedTime"]
    connect.tag_resource(resourceArn=arn_of(instance, queue), tags={"team": "care"})
    assert describe(queue)["Tags"] == {"team": "care"}
    connect.untag_resource(resourceArn=arn_of(instance, queue), tagKeys=["team"])
    assert "Tags" not in describe(queue)
    assert describe(queue)["LastModifiedTime"] == before


class TestQuickConnects:
    @pytest.fixture
    def associate(self, connect, instance):
        return lambda queue, ids: connect.associate_queue_quick_connects(
            InstanceId=instance, QueueId=queue, QuickConnectIds=ids
        )

    @pytest.fixture
    def disassociate(self, connect, instance):
        return lambda queue, ids: connect.disassociate_queue_quick_connects(
            InstanceId=instance, QueueId=queue, QuickConnectIds=ids
        )

    def test_added_and_taken(self, associate, disassociate, make_queue, make_quick_connect, quick_connects):
        queue = make_queue()
        one, two, three = (make_quick_connect() for _ in range(3))
        associate(queue, [one, two])
        associate(queue, [two, three, three])
        assert quick_connects(queue) == sorted([one, two, three])
        disassociate(queue, [one, three])
        assert quick_connects(queue) == [two]

    def test_one_that_is_not_associated_is_not_an_error(self, disassociate, make_queue, make_quick_connect, quick_connects):
        quick = make_quick_connect()
        queue = make_queue(QuickConnectIds=[quick])
        disassociate(queue, [make_quick_connect(), NOBODY])
        assert quick_connects(queue) == [quick]

    def test_one_that_does_not_exist_is_not_associated(self, associate, make_queue, make_quick_connect, quick_connects):
        quick, other = make_quick_connect(), make_quick_connect()
        queue = make_queue(QuickConnectIds=[quick])
        with refused("ResourceNotFoundException", message=f"quick connect `{NOBODY}`"):
            associate(queue, [other, NOBODY])
        assert quick_connects(queue) == [quick]

    def test_fifty_a_request(self, associate, make_queue):
        with refused(*INVALID, message="QuickConnectIds"):
            associate(make_queue(), [NOBODY] * 51)

    def test_listed_in_pages(self, connect, instance, make_queue, make_quick_connect, describe):
        made = sorted(make_quick_connect() for _ in range(5))
        queue = make_queue(QuickConnectIds=made)
        pages = connect.get_paginator("list_queue_quick_connects").paginate(
            InstanceId=instance, QueueId=queue, PaginationConfig={"PageSize": 2}
        )
        pages = list(pages)
        assert [len(page["QuickConnectSummaryList"]) for page in pages] == [2, 2, 1]
        assert [one["Id"] for page in pages for one in page["QuickConnectSummaryList"]] == made
        assert {one["QuickConnectType"] for page in pages for one in page["QuickConnectSummaryList"]} == {"PHONE_NUMBER"}
        assert pages[0]["LastModifiedTime"] == describe(queue)["LastModifiedTime"]
        assert pages[0]["LastModifiedRegion"] == REGION
        first = connect.list_queue_quick_connects(InstanceId=instance, QueueId=queue, MaxResults=2)
        with refused(*INVALID, message="NextToken"):
            connect.list_queue_quick_connects(InstanceId=instance, QueueId=make_queue(), NextToken=first["NextToken"])


class TestDelete:
    def test_deleted(self, connect, instance, make_queue, make_quick_connect, describe):
        name, quick = unique("queue"), make_quick_connect()
        queue = make_queue(Name=name, QuickConnectIds=[quick])
        connect.delete_queue(InstanceId=instance, QueueId=queue)
        with not_found():
            describe(queue)
        with not_found():
            connect.list_tags_for_resource(resourceArn=arn_of(instance, queue))
        connect.delete_quick_connect(InstanceId=instance, QuickConnectId=quick)
        make_queue(Name=name)

    def test_in_use_by_a_quick_connect(self, connect, instance, make_queue, make_quick_connect, describe):
        queue = make_queue()
        config = {"QuickConnectType": "QUEUE", "QueueConfig": {"QueueId": queue, "ContactFlowId": "flow"}}
        quick = make_quick_connect(QuickConnectConfig=config)
        with refused("ResourceInUseException", message=f"quick connect `{quick}`") as caught:
            connect.delete_queue(InstanceId=instance, QueueId=queue)
        assert caught.value.response["ResourceId"].endswith(f"/transfer-destination/{quick}")
        describe(queue)
        connect.delete_quick_connect(InstanceId=instance, QuickConnectId=quick)
        connect.delete_queue(InstanceId=instance, QueueId=queue)

    def test_in_use_by_a_routing_profile(self, connect, instance, make_queue):
        queue = make_queue()
        routing_profile = connect.create_routing_profile(
            InstanceId=instance,
            Name=unique("routing"),
            Description="for care",
            DefaultOutboundQueueId=queue,
            MediaConcurrencies=[{"Channel": "VOICE", "Concurrency": 1}],
        )["RoutingProfileId"]
        with refused("ResourceInUseException", message=f"routing profile `{routing_profile}`") as caught:
            connect.delete_queue(InstanceId=instance, QueueId=queue)
        assert caught.value.response["ResourceId"].endswith(f"/routing-profile/{routing_profile}")
        connect.delete_routing_profile(InstanceId=instance, RoutingProfileId=routing_profile)
        connect.delete_queue(InstanceId=instance, QueueId=queue)


@pytest.fixture(scope="module")
def full(connect) -> dict:
    """An instance of its own: what came with it, and six queues to find."""
    instance = new_instance(connect)
    came = {one["Name"] for one in connect.list_queues(InstanceId=instance)["QueueSummaryList"]}
    hours = new_hours(connect, instance)
    queues = {}
    for name, description, tags in [
        ("care north", "for the North", {"team": "care", "site": "north"}),
        ("care south", "for the South", {"team": "care", "site": "south"}),
        ("Care lead", None, {"team": "care"}),
        ("sales north", "sells in the North", {"team": "sales", "site": "north"}),
        ("sales care", "sells", {}),
        ("audit", "looks", {}),
    ]:
        optional = {"Tags": tags} if tags else {}
        optional |= {"Description": description} if description else {}
        made = connect.create_queue(InstanceId=instance, Name=name, HoursOfOperationId=hours, **optional)
        queues[name] = made["QueueId"]
    return {"instance": instance, "came": came, "queues": queues}


class TestList:
    def test_in_pages(self, connect, full):
        pages = connect.get_paginator("list_queues").paginate(
            InstanceId=full["instance"], PaginationConfig={"PageSize": 2}
        )
        rows = [row for page in pages for row in page["QueueSummaryList"]]
        assert {row["Name"] for row in rows} == full["came"] | set(full["queues"])
        assert [row["Id"] for row in rows] == sorted(row["Id"] for row in rows)
        assert {row["QueueType"] for row in rows} == {"STANDARD"}
        assert {row["LastModifiedRegion"] for row in rows} == {REGION}

    @pytest.mark.parametrize(("types", "any_found"), [([], 1), (["STANDARD"], 1), (["STANDARD", "AGENT"], 1), (["AGENT"], 0)])
    def test_by_type(self, connect, full, types, any_found):
        rows = connect.list_queues(InstanceId=full["instance"], QueueTypes=types)["QueueSummaryList"]
        assert len(rows) == any_found * len(full["came"] | set(full["queues"]))

    def test_unknown_type(self, connect, full):
        with refused(*INVALID, message="(?i)queueTypes"):
            connect.list_queues(InstanceId=full["instance"], QueueTypes=["CHAT"])

    def test_a_token_is_of_its_filter(self, connect, full):
        token = connect.list_queues(InstanceId=full["instance"], MaxResults=1)["NextToken"]
        with refused(*INVALID, message="NextToken"):
            connect.list_queues(InstanceId=full["instance"], QueueTypes=["AGENT"], MaxResults=1, NextToken=token)


def condition(field: str, comparison: str, value: str) -> dict:
    return {"StringCondition": {"FieldName": field, "Value": value, "ComparisonType": comparison}}


class TestSearch:
    @pytest.fixture
    def search(self, connect, full):
        def names(criteria: dict | None = None, tag_filter: dict | None = None) -> set[str]:
            parameters = {"InstanceId": full["instance"]}
            parameters |= {"SearchCriteria": criteria} if criteria is not None else {}
            parameters |= {"SearchFilter": {"TagFilter": tag_filter}} if tag_filter is not None else {}
            answer = connect.search_queues(**parameters)
            result = [one["Name"] for one in answer["Queues"]]
            assert len(result) == len(set(result)) == answer["ApproximateTotalCount"]
            return set(result) - full["came"]

        return names

    def test_all(self, search, full):
        assert search() == search({}) == search({}, {}) == set(full["queues"])
        assert search({"QueueTypeCondition": "STANDARD"}) == set(full["queues"])

    def test_name(self, search):
        assert search(condition("name", "STARTS_WITH", "care")) == {"care north", "care south", "Care lead"}
        assert search(condition("name", "CONTAINS", "NOR")) == {"care north", "sales north"}
        assert search(condition("name", "EXACT", "Care lead")) == {"Care lead"}
        assert search(condition("name", "EXACT", "care lead")) == set()

    def test_description(self, search):
        assert search(condition("description", "CONTAINS", "north")) == {"care north", "sales north"}
        assert search(condition("description", "STARTS_WITH", "")) == {
            "care north", "care south", "sales north", "sales care", "audit",
        }

    def test_identifier(self, search, full):
        assert search(condition("resourceID", "EXACT", full["queues"]["audit"])) == {"audit"}
        assert search(condition("resourceID", "EXACT", NOBODY)) == set()

    def test_trees(self, search):
        north, sales = condition("name", "CONTAINS", "north"), condition("name", "STARTS_WITH", "sales")
        assert search({"AndConditions": [north, sales]}) == {"sales north"}
        assert search({"OrConditions": [north, sales]}) == {"care north", "sales north", "sales care"}
        assert search({**north, "AndConditions": [{"OrConditions": [sales, {"QueueTypeCondition": "STANDARD"}]}]}) == {
            "care north", "sales north",
        }

    def test_tags(self, search):
        care, north = {"TagKey": "team", "TagValue": "care"}, {"TagKey": "site", "TagValue": "north"}
        assert search(None, {"TagCondition": care}) == {"care north", "care south", "Care lead"}
        assert search(None, {"AndConditions": [care, north]}) == {"care north"}
        assert search(None, {"OrConditions": [[care, north], [{"TagKey": "team", "TagValue": "sales"}]]}) == {
            "care north", "sales north",
        }
        assert search(condition("name", "CONTAINS", "south"), {"TagCondition": care}) == {"care south"}

    def test_an_answer_is_as_described(self, connect, full):
        queue = full["queues"]["care north"]
        result = connect.search_queues(
            InstanceId=full["instance"], SearchCriteria=condition("resourceID", "EXACT", queue)
        )["Queues"]
        assert result == [connect.describe_queue(InstanceId=full["instance"], QueueId=queue)["Queue"]]

    def test_in_pages(self, connect, full):
        pages = connect.get_paginator("search_queues").paginate(
            InstanceId=full["instance"],
            SearchCriteria=condition("name", "CONTAINS", "care"),
            PaginationConfig={"PageSize": 3},
        )
        pages = list(pages)
        assert [page["ApproximateTotalCount"] for page in pages] == [4, 4]
        result = [one["Name"] for page in pages for one in page["Queues"]]
        assert sorted(result) == ["Care lead", "care north", "care south", "sales care"]

    @pytest.mark.parametrize(
        ("criteria", "message"),
        [
            (condition("status", "EXACT", "ENABLED"), "FieldName"),
            (condition("name", "CONTAINS", "n"), "CONTAINS"),
            (condition("name", "CONTAINS", "n" * 26), "CONTAINS"),
            ({"StringCondition": {"FieldName": "name", "Value": "care"}}, "ComparisonType"),
            ({"QueueTypeCondition": "AGENT"}, "QueueTypeCondition"),
            ({"OrConditions": [condition("name", "EXACT", "a"), condition("status", "EXACT", "ENABLED")]}, "FieldName"),
            ({"OrConditions": [condition("name", "EXACT", "a"), {}]}, r"OrConditions\[1\]"),
        ],
    )
    def test_faulty(self, connect, full, criteria, message):
        with refused(*INVALID, message=message):
            connect.search_queues(InstanceId=full["instance"], SearchCriteria=criteria)


def test_quota(start_server):
    client = start_server("--quota", "queues=3").client()
    instance = new_instance(client)
    hours = new_hours(client, instance)
    while len(client.list_queues(InstanceId=instance)["QueueSummaryList"]) < 3:
        client.create_queue(InstanceId=instance, Name=unique("queue"), HoursOfOperationId=hours)
    with refused("LimitExceededException", message="queue"):
        client.create_queue(InstanceId=instance, Name=unique("queue"), HoursOfOperationId=hours)
