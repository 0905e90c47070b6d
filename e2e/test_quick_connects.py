"""Quick connects: a configuration for each type, what updates replace, references, lists, searches, quotas."""

import pytest

from conftest import new_instance
from harness.expect import INVALID, not_found, refused
from harness.operations import unique
from harness.server import ACCOUNT, REGION

NOBODY = "00000000-0000-4000-8000-00000000dead"
OPEN = [{"Day": "MONDAY", "StartTime": {"Hours": 9, "Minutes": 0}, "EndTime": {"Hours": 17, "Minutes": 0}}]


def phone(number: str = "+441632960000") -> dict:
    return {"QuickConnectType": "PHONE_NUMBER", "PhoneConfig": {"PhoneNumber": number}}


def flow(flow_id: str = "flow") -> dict:
    return {"QuickConnectType": "FLOW", "FlowConfig": {"ContactFlowId": flow_id}}


def to_queue(queue: str, flow_id: str = "flow") -> dict:
    return {"QuickConnectType": "QUEUE", "QueueConfig": {"QueueId": queue, "ContactFlowId": flow_id}}


def to_user(user: str, flow_id: str = "flow") -> dict:
    return {"QuickConnectType": "USER", "UserConfig": {"UserId": user, "ContactFlowId": flow_id}}


def new_queue(client, instance: str) -> str:
    hours = client.create_hours_of_operation(InstanceId=instance, Name=unique("hours"), TimeZone="UTC", Config=OPEN)
    return client.create_queue(
        InstanceId=instance, Name=unique("queue"), HoursOfOperationId=hours["HoursOfOperationId"]
    )["QueueId"]


@pytest.fixture(scope="module")
def queue(connect, instance) -> str:
    return new_queue(connect, instance)


@pytest.fixture(scope="module")
def new_user(connect, instance, queue):
    routing_profile = connect.create_routing_profile(
        InstanceId=instance,
        Name=unique("routing"),
        Description="for care",
        DefaultOutboundQueueId=queue,
        MediaConcurrencies=[{"Channel": "VOICE", "Concurrency": 1}],
    )["RoutingProfileId"]
    profile = connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"][0]["Id"]

    def make() -> str:
        return connect.create_user(
            InstanceId=instance,
            Username=unique("ann"),
            Password="Passw0rd!",
            IdentityInfo={"FirstName": "Ann", "LastName": "Other"},
            PhoneConfig={"PhoneType": "SOFT_PHONE"},
            SecurityProfileIds=[profile],
            RoutingProfileId=routing_profile,
        )["UserId"]

    return make


@pytest.fixture(scope="module")
def user(new_user) -> str:
    return new_user()


@pytest.fixture
def make(connect, instance):
    def make(config: dict | None = None, **members) -> str:
        members = {"InstanceId": instance, "Name": unique("quick"), "QuickConnectConfig": config or phone(), **members}
        return connect.create_quick_connect(**members)["QuickConnectId"]

    return make


@pytest.fixture
def describe(connect, instance):
    return lambda quick: connect.describe_quick_connect(InstanceId=instance, QuickConnectId=quick)["QuickConnect"]


@pytest.fixture
def change(connect, instance):
    return lambda quick, config: connect.update_quick_connect_config(
        InstanceId=instance, QuickConnectId=quick, QuickConnectConfig=config
    )


@pytest.fixture
def rename(connect, instance):
    return lambda quick, **members: connect.update_quick_connect_name(
        InstanceId=instance, QuickConnectId=quick, **members
    )


def arn_of(instance: str, quick: str) -> str:
    return f"arn:aws:connect:{REGION}:{ACCOUNT}:instance/{instance}/transfer-destination/{quick}"


class TestCreate:
    def test_the_least(self, connect, instance, describe):
        name = unique("quick")
        made = connect.create_quick_connect(InstanceId=instance, Name=name, QuickConnectConfig=phone())
        described = describe(made["QuickConnectId"])
        described.pop("LastModifiedTime")
        assert made["QuickConnectARN"] == arn_of(instance, made["QuickConnectId"])
        assert described == {
            "QuickConnectARN": made["QuickConnectARN"],
            "QuickConnectId": made["QuickConnectId"],
            "Name": name,
            "QuickConnectConfig": phone(),
            "LastModifiedRegion": REGION,
        }

    def test_description_and_tags(self, make, describe):
        described = describe(make(Description="to care", Tags={"team": "care"}))
        assert (described["Description"], described["Tags"]) == ("to care", {"team": "care"})

    def test_every_type(self, make, describe, queue, user):
        for config in (phone(), flow(), to_queue(queue), to_user(user)):
            assert describe(make(config))["QuickConnectConfig"] == config

    def test_names_are_unique_as_written(self, make):
        name = unique("quick")
        make(Name=name)
        make(Name=name.upper())
        with refused("DuplicateResourceException", message=name):
            make(Name=name)

    def test_reserved_tags_are_refused(self, make):
        with refused(*INVALID, message="aws:"):
            make(Tags={"aws:team": "care"})

    def test_references_may_be_arns(self, make, describe, instance, queue):
        arn = f"arn:aws:connect:{REGION}:{ACCOUNT}:instance/{instance}/queue/{queue}"
        quick = make(to_queue(arn))
        assert describe(arn_of(instance, quick))["QuickConnectConfig"] == to_queue(queue)


@pytest.fixture(params=["create", "update"])
def put(request, make, change):
    """Gives a quick connect a configuration: a new one, and one that is there."""
    if request.param == "create":
        return make
    return lambda config: change(make(), config)


class TestConfig:
    @pytest.mark.parametrize("kind", ["USER", "QUEUE", "PHONE_NUMBER", "FLOW"])
    def test_lacks_the_members_of_its_type(self, put, kind):
        with refused("InvalidParameterException", message=f"`{kind}`"):
            put({"QuickConnectType": kind})

    def test_of_another_type(self, put, queue):
        with refused("InvalidParameterException", message="QueueConfig"):
            put({**to_queue(queue), "QuickConnectType": "PHONE_NUMBER"})

    def test_of_two_types(self, put, queue):
        with refused("InvalidParameterException", message="QuickConnectConfig"):
            put({**to_queue(queue), **phone()})

    def test_unknown_type(self, put):
        with refused(*INVALID, message="QuickConnectType"):
            put({**phone(), "QuickConnectType": "FAX"})

    @pytest.mark.parametrize("number", ["", "441632960000", "+0441632960000", "+4416329600001234567", "+44 1632 960000"])
    def test_numbers_are_e164(self, put, number):
        with refused(*INVALID, message="PhoneNumber"):
            put(phone(number))

    def test_the_queue_must_exist(self, put):
        with refused("ResourceNotFoundException", message=f"queue `{NOBODY}`"):
            put(to_queue(NOBODY))

    def test_the_user_must_exist(self, put):
        with refused("ResourceNotFoundException", message=f"user `{NOBODY}`"):
            put(to_user(NOBODY))

    def test_a_flow_is_named(self, put, queue):
        with refused("InvalidParameterException", message="QueueConfig.ContactFlowId"):
            put(to_queue(queue, ""))
        with refused("InvalidParameterException", message="FlowConfig.ContactFlowId"):
            put(flow(""))

    def test_replaced_as_a_whole(self, make, change, describe, queue):
        quick = make(to_queue(queue), Description="kept")
        change(quick, phone("+441632960001"))
        assert describe(quick)["QuickConnectConfig"] == phone("+441632960001")
        assert describe(quick)["Description"] == "kept"
        with refused("InvalidParameterException"):
            change(quick, {"QuickConnectType": "FLOW"})
        assert describe(quick)["QuickConnectConfig"] == phone("+441632960001")


class TestName:
    def test_only_what_is_sent_changes(self, make, rename, describe):
        quick, name = make(Description="first"), unique("quick")
        rename(quick, Name=name)
        assert (describe(quick)["Name"], describe(quick)["Description"]) == (name, "first")
        rename(quick, Description="second")
        assert (describe(quick)["Name"], describe(quick)["Description"]) == (name, "second")
        rename(quick, Description="")
        assert describe(quick)["Name"] == name
        assert "Description" not in describe(quick)

    def test_taken(self, make, rename):
        name = unique("quick")
        taken = make(Name=name)
        rename(taken, Name=name)
        with refused("InvalidRequestException", message=name):
            rename(make(), Name=name)

    def test_neither(self, make, rename):
        with refused("InvalidRequestException", message="`Name` and `Description`"):
            rename(make())


def test_updates_move_the_time_and_tagging_does_not(connect, instance, make, change, rename, describe):
    quick = make()
    for update in (lambda: change(quick, phone()), lambda: rename(quick, Description="other")):
        before = describe(quick)["LastModifiedTime"]
        update()
        assert describe(quick)["LastModifiedTime"] > before
    before = describe(quick)["LastModifiedTime"]
    connect.tag_resource(resourceArn=arn_of(instance, quick), tags={"team": "care"})
    assert describe(quick)["Tags"] == {"team": "care"}
    connect.untag_resource(resourceArn=arn_of(instance, quick), tagKeys=["team"])
    assert "Tags" not in describe(quick)
    assert describe(quick)["LastModifiedTime"] == before


@pytest.mark.parametrize(
    ("method", "members"),
    [
        ("describe_quick_connect", {}),
        ("delete_quick_connect", {}),
        ("update_quick_connect_name", {"Name": "other"}),
        ("update_quick_connect_config", {"QuickConnectConfig": phone()}),
    ],
)
def test_not_there(connect, instance, method, members):
    with refused("ResourceNotFoundException", message=f"quick connect `{NOBODY}`"):
        getattr(connect, method)(InstanceId=instance, QuickConnectId=NOBODY, **members)


class TestDelete:
    def test_deleted(self, connect, instance, make, describe):
        name = unique("quick")
        quick = make(Name=name)
        connect.delete_quick_connect(InstanceId=instance, QuickConnectId=quick)
        with not_found():
            describe(quick)
        make(Name=name)

    def test_its_associations_go_along(self, connect, instance, make, describe, queue):
        quick, other = make(), make()
        of_queue = {"InstanceId": instance, "QueueId": queue}
        connect.associate_queue_quick_connects(**of_queue, QuickConnectIds=[quick, other])
        before = connect.list_queue_quick_connects(**of_queue)["LastModifiedTime"]
        connect.delete_quick_connect(InstanceId=instance, QuickConnectId=quick)
        with not_found():
            describe(quick)
        left = connect.list_queue_quick_connects(**of_queue)
        assert [one["Id"] for one in left["QuickConnectSummaryList"]] == [other]
        assert left["LastModifiedTime"] > before
        # Terraform goes on to disassociate what it has deleted.
        connect.disassociate_queue_quick_connects(**of_queue, QuickConnectIds=[quick, other])
        assert connect.list_queue_quick_connects(**of_queue)["QuickConnectSummaryList"] == []

    def test_a_user_may_leave_first(self, connect, instance, make, rename, describe, new_user):
        gone = new_user()
        quick = make(to_user(gone))
        connect.delete_user(InstanceId=instance, UserId=gone)
        assert describe(quick)["QuickConnectConfig"] == to_user(gone)
        rename(quick, Description="to nobody")
        connect.delete_quick_connect(InstanceId=instance, QuickConnectId=quick)


@pytest.fixture(scope="module")
def full(connect) -> dict:
    """An instance of its own with five quick connects to find."""
    instance = new_instance(connect)
    queue = new_queue(connect, instance)
    made = {}
    for name, description, config, tags in [
        ("care north", "to the North", phone(), {"team": "care", "site": "north"}),
        ("care south", "to the South", phone(), {"team": "care"}),
        ("Care lead", None, to_queue(queue), {}),
        ("sales north", "sells in the North", to_queue(queue), {"team": "sales"}),
        ("audit", "looks", flow(), {}),
    ]:
        optional = {"Tags": tags} if tags else {}
        optional |= {"Description": description} if description else {}
        answer = connect.create_quick_connect(InstanceId=instance, Name=name, QuickConnectConfig=config, **optional)
        made[name] = answer["QuickConnectId"]
    return {"instance": instance, "made": made}


class TestList:
    def test_in_pages(self, connect, full):
        pages = connect.get_paginator("list_quick_connects").paginate(
            InstanceId=full["instance"], PaginationConfig={"PageSize": 2}
        )
        pages = [page["QuickConnectSummaryList"] for page in pages]
        assert [len(page) for page in pages] == [2, 2, 1]
        rows = [row for page in pages for row in page]
        assert {row["Name"]: row["Id"] for row in rows} == full["made"]
        assert [row["Id"] for row in rows] == sorted(row["Id"] for row in rows)
        assert all(row["Arn"] == arn_of(full["instance"], row["Id"]) for row in rows)

    @pytest.mark.parametrize(
        ("types", "result"),
        [
            (["PHONE_NUMBER"], {"care north", "care south"}),
            (["QUEUE", "FLOW"], {"Care lead", "sales north", "audit"}),
            (["USER"], set()),
            ([], {"care north", "care south", "Care lead", "sales north", "audit"}),
        ],
    )
    def test_by_type(self, connect, full, types, result):
        rows = connect.list_quick_connects(InstanceId=full["instance"], QuickConnectTypes=types)
        rows = rows["QuickConnectSummaryList"]
        assert {row["Name"] for row in rows} == result
        assert {row["QuickConnectType"] for row in rows} <= set(types or ["PHONE_NUMBER", "QUEUE", "FLOW"])

    def test_by_type_in_pages(self, connect, full):
        pages = connect.get_paginator("list_quick_connects").paginate(
            InstanceId=full["instance"], QuickConnectTypes=["QUEUE"], PaginationConfig={"PageSize": 1}
        )
        assert {row["Name"] for page in pages for row in page["QuickConnectSummaryList"]} == {"Care lead", "sales north"}

    def test_unknown_type(self, connect, full):
        with refused(*INVALID, message="QuickConnectTypes"):
            connect.list_quick_connects(InstanceId=full["instance"], QuickConnectTypes=["FAX"])


def condition(field: str, comparison: str, value: str) -> dict:
    return {"StringCondition": {"FieldName": field, "Value": value, "ComparisonType": comparison}}


class TestSearch:
    @pytest.fixture
    def search(self, connect, full):
        def names(criteria: dict | None = None, tag_filter: dict | None = None) -> set[str]:
            parameters = {"InstanceId": full["instance"]}
            parameters |= {"SearchCriteria": criteria} if criteria is not None else {}
            parameters |= {"SearchFilter": {"TagFilter": tag_filter}} if tag_filter is not None else {}
            answer = connect.search_quick_connects(**parameters)
            result = [one["Name"] for one in answer["QuickConnects"]]
            assert len(result) == len(set(result)) == answer["ApproximateTotalCount"]
            return set(result)

        return names

    def test_all(self, search, full):
        assert search() == search({}) == search({}, {}) == set(full["made"])

    def test_fields(self, search, full):
        assert search(condition("name", "STARTS_WITH", "CARE")) == {"care north", "care south", "Care lead"}
        assert search(condition("description", "CONTAINS", "north")) == {"care north", "sales north"}
        assert search(condition("description", "EXACT", "looks")) == {"audit"}
        assert search(condition("resourceID", "EXACT", full["made"]["audit"])) == {"audit"}

    def test_trees(self, search):
        north, sales = condition("name", "CONTAINS", "north"), condition("name", "STARTS_WITH", "sales")
        assert search({"AndConditions": [north, sales]}) == {"sales north"}
        assert search({"OrConditions": [sales, {"AndConditions": [north]}]}) == {"care north", "sales north"}

    def test_tags(self, search):
        care, north = {"TagKey": "team", "TagValue": "care"}, {"TagKey": "site", "TagValue": "north"}
        assert search(None, {"TagCondition": care}) == {"care north", "care south"}
        assert search(None, {"AndConditions": [care, north]}) == {"care north"}
        assert search(None, {"OrConditions": [[north], [{"TagKey": "team", "TagValue": "sales"}]]}) == {
            "care north", "sales north",
        }

    def test_an_answer_is_as_described(self, connect, full):
        quick = full["made"]["care north"]
        result = connect.search_quick_connects(
            InstanceId=full["instance"], SearchCriteria=condition("resourceID", "EXACT", quick)
        )["QuickConnects"]
        described = connect.describe_quick_connect(InstanceId=full["instance"], QuickConnectId=quick)
        assert result == [described["QuickConnect"]]

    def test_in_pages(self, connect, full):
        pages = connect.get_paginator("search_quick_connects").paginate(
            InstanceId=full["instance"], PaginationConfig={"PageSize": 2}
        )
        pages = list(pages)
        assert [page["ApproximateTotalCount"] for page in pages] == [5, 5, 5]
        assert {one["Name"] for page in pages for one in page["QuickConnects"]} == set(full["made"])

    @pytest.mark.parametrize(
        ("criteria", "message"),
        [
            (condition("type", "EXACT", "QUEUE"), "FieldName"),
            (condition("name", "CONTAINS", "n"), "CONTAINS"),
            ({"StringCondition": {"FieldName": "name", "ComparisonType": "EXACT"}}, "Value"),
        ],
    )
    def test_faulty(self, connect, full, criteria, message):
        with refused(*INVALID, message=message):
            connect.search_quick_connects(InstanceId=full["instance"], SearchCriteria=criteria)


def test_quota(start_server):
    client = start_server("--quota", "quick-connects=2").client()
    instance = new_instance(client)
    for _ in range(2):
        client.create_quick_connect(InstanceId=instance, Name=unique("quick"), QuickConnectConfig=phone())
    with refused("LimitExceededException", message="quick connect"):
        client.create_quick_connect(InstanceId=instance, Name=unique("quick"), QuickConnectConfig=phone())
