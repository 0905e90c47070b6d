"""Data tables: tables, attributes, values, locks, and what a look-up answers."""

import json
import uuid

import pytest

from conftest import new_instance
from harness.expect import INVALID, not_found, refused
from harness.operations import granular, unique
from harness.server import Server, run_lanyard

NOBODY = "00000000-0000-4000-8000-000000000000"
MEMBERS = {"TimeZone": "Europe/Lisbon", "ValueLockLevel": "NONE", "Status": "PUBLISHED"}
LEVELS = {"DATA_TABLE": "DataTable", "PRIMARY_VALUE": "PrimaryValues", "ATTRIBUTE": "Attribute", "VALUE": "Value"}


class Table:
    """A data table, with short forms of the calls on it."""

    def __init__(self, client, instance: str, level: str = "NONE", **columns: str):
        """`columns` are attributes and their types; those whose type begins with a star are primary."""
        self.client = client
        made = client.create_data_table(
            InstanceId=instance, Name=unique("table"), **{**MEMBERS, "ValueLockLevel": level}
        )
        self.id, self.arn = made["Id"], made["Arn"]
        self.of = {"InstanceId": instance, "DataTableId": self.id}
        for name, kind in columns.items():
            self.add(name, kind.removeprefix("*"), Primary=kind.startswith("*"))

    def add(self, name: str, kind: str = "TEXT", **members) -> str:
        made = self.client.create_data_table_attribute(**self.of, Name=name, ValueType=kind, **members)
        return made["AttributeId"]

    def attribute(self, name: str) -> dict:
        return self.client.describe_data_table_attribute(**self.of, AttributeName=name)["Attribute"]

    def describe(self) -> dict:
        return self.client.describe_data_table(**self.of)["DataTable"]

    def create(self, *items: dict) -> dict:
        return self.client.batch_create_data_table_value(**self.of, Values=list(items))

    def update(self, *items: dict) -> dict:
        return self.client.batch_update_data_table_value(**self.of, Values=list(items))

    def delete(self, *items: dict) -> dict:
        items = [{"LockVersion": {}, **item} for item in items]
        return self.client.batch_delete_data_table_value(**self.of, Values=items)

    def read(self, *items: dict) -> dict:
        return self.client.batch_describe_data_table_value(**self.of, Values=list(items))

    def lock(self, item: dict) -> dict:
        [found] = self.read(item)["Successful"]
        return found["LockVersion"]

    def values(self, **members) -> list[dict]:
        return self.client.list_data_table_values(**self.of, **members)["Values"]

    def records(self, **members) -> list[dict]:
        return self.client.list_data_table_primary_values(**self.of, **members)["PrimaryValuesList"]

    def evaluate(self, *names: str, where: dict | None = None, **members) -> list[dict]:
        asked = {"PrimaryValues": primary(where or {}), "AttributeNames": list(names)}
        return self.client.evaluate_data_table_values(**self.of, Values=[asked], **members)["Values"]


def primary(values: dict) -> list[dict]:
    return [{"AttributeName": name, "Value": value} for name, value in values.items()]


def at(where: dict, column: str, value: str | None = None, **members) -> dict:
    """An item of a batch."""
    item = {"PrimaryValues": primary(where), "AttributeName": column, **members}
    return item if value is None else {**item, "Value": value}


def done(answer: dict) -> list[dict]:
    assert answer["Failed"] == []
    return answer["Successful"]


def failure(answer: dict) -> str:
    assert answer["Successful"] == []
    [failed] = answer["Failed"]
    return failed["Message"]


@pytest.fixture(scope="module")
def shop(connect) -> tuple[str, dict]:
    """An instance with three tables, and their identifiers by name."""
    instance = new_instance(connect)
    made = {}
    tables = (("Hours north", "Opening", "care"), ("Hours south", "Opening", "sales"), ("Fees", None, "care"))
    for name, description, team in tables:
        members = {**MEMBERS, "Tags": {"team": team}, **({"Description": description} if description else {})}
        made[name] = connect.create_data_table(InstanceId=instance, Name=name, **members)["Id"]
    return instance, made


@pytest.fixture(scope="class")
def instance(connect) -> str:
    """An instance for each class of tests, since all their tables are more than one may hold."""
    return new_instance(connect)


@pytest.fixture
def make(connect, instance):
    return lambda level="NONE", **columns: Table(connect, instance, level, **columns)


@pytest.fixture
def greetings(make) -> Table:
    return make(language="*TEXT", greeting="TEXT", weight="NUMBER")


EN, ES = {"language": "English"}, {"language": "Spanish"}


class TestTables:
    def test_with_everything(self, connect, instance):
        name = unique("table")
        made = connect.create_data_table(
            InstanceId=instance, Name=f"  {name} ", Description=" Greetings ", Tags={"team": "care"}, **MEMBERS
        )
        assert made["Arn"].endswith(f"instance/{instance}/data-table/{made['Id']}")
        found = connect.describe_data_table(InstanceId=instance, DataTableId=made["Id"])["DataTable"]
        times = [found.pop(member) for member in ("CreatedTime", "LastModifiedTime")]
        assert times[0] == times[1]
        assert found == {
            "Name": name,
            "Id": made["Id"],
            "Arn": made["Arn"],
            "Description": "Greetings",
            "TimeZone": "Europe/Lisbon",
            "ValueLockLevel": "NONE",
            "Status": "PUBLISHED",
            "LockVersion": made["LockVersion"],
            "LastModifiedRegion": "us-east-1",
            "Tags": {"team": "care"},
        }

    @pytest.mark.parametrize("suffix", ["", ":$LATEST", ":$SAVED"])
    def test_named_by_id_or_arn_with_or_without_alias(self, connect, instance, make, suffix):
        table = make()
        for text in (table.id, table.arn):
            found = connect.describe_data_table(InstanceId=instance, DataTableId=text + suffix)["DataTable"]
            assert found["Id"] == table.id

    def test_a_version_that_there_is_not(self, connect, instance, make):
        with not_found():
            connect.describe_data_table(InstanceId=instance, DataTableId=f"{make().id}:3")

    @pytest.mark.parametrize("alias", ["$SAVED", "3"])
    def test_the_newest_alone_is_deleted_or_updated(self, connect, instance, make, alias):
        aliased = {"InstanceId": instance, "DataTableId": f"{make().id}:{alias}"}
        with refused("InvalidParameterException", says="LATEST"):
            connect.delete_data_table(**aliased)
        with refused("InvalidParameterException", says="LATEST"):
            connect.update_data_table_metadata(**aliased, Name="n", TimeZone="UTC", ValueLockLevel="NONE")

    @pytest.mark.parametrize("name", ["aws:x", "AWS:x", " Connect:x", "   "])
    def test_names_that_are_refused(self, connect, instance, make, name):
        with refused("InvalidParameterException", says="Name"):
            connect.create_data_table(InstanceId=instance, Name=name, **MEMBERS)
        with refused("InvalidParameterException", says="Name"):
            make().add(name)

    def test_a_name_is_unique_regardless_of_case(self, connect, instance, make):
        name, other = unique("table"), make()
        connect.create_data_table(InstanceId=instance, Name=name, **MEMBERS)
        update = {**other.of, "TimeZone": "UTC", "ValueLockLevel": "NONE"}
        for taken in (name, name.upper(), f" {name}"):
            with refused("DuplicateResourceException", says=name[:5]):
                connect.create_data_table(InstanceId=instance, Name=taken, **MEMBERS)
            with refused("DuplicateResourceException"):
                connect.update_data_table_metadata(**update, Name=taken)
        mine = other.describe()["Name"]
        connect.update_data_table_metadata(**update, Name=mine.upper())

    @pytest.mark.parametrize("zone", ["", "Europe/", "1st", "a b"])
    def test_a_time_zone_has_the_form_of_one(self, connect, instance, zone):
        with refused("InvalidParameterException", says="TimeZone"):
            connect.create_data_table(InstanceId=instance, Name=unique("table"), **{**MEMBERS, "TimeZone": zone})

    def test_an_update_replaces_everything_but_tags(self, connect, instance):
        made = connect.create_data_table(
            InstanceId=instance, Name=unique("table"), Description="Old", Tags={"team": "care"}, **MEMBERS
        )
        of, name = {"InstanceId": instance, "DataTableId": made["Id"]}, unique("table")
        updated = connect.update_data_table_metadata(**of, Name=name, TimeZone="UTC", ValueLockLevel="VALUE")
        found = connect.describe_data_table(**of)["DataTable"]
        assert "Description" not in found
        assert (found["Name"], found["TimeZone"], found["ValueLockLevel"]) == (name, "UTC", "VALUE")
        assert found["Tags"] == {"team": "care"}
        assert found["LockVersion"] == updated["LockVersion"] != made["LockVersion"]

    def test_deleting_takes_everything_with_it(self, connect, instance, greetings):
        done(greetings.create(at(EN, "greeting", "Hello")))
        connect.delete_data_table(**greetings.of)
        for call in ("describe_data_table", "list_data_table_attributes", "list_data_table_values", "delete_data_table"):
            with not_found():
                getattr(connect, call)(**greetings.of)

    def test_tags(self, connect, make):
        table = make()
        connect.tag_resource(resourceArn=table.arn, tags={"team": "care", "site": "x"})
        connect.untag_resource(resourceArn=table.arn, tagKeys=["site"])
        assert connect.list_tags_for_resource(resourceArn=table.arn)["tags"] == {"team": "care"}
        assert table.describe()["Tags"] == {"team": "care"}

    def test_the_quota(self, start_server):
        client = start_server("--quota", "data-tables=1").client()
        instance = new_instance(client)
        Table(client, instance)
        with refused("ServiceQuotaExceededException"):
            Table(client, instance)


class TestFinding:
    def test_a_list_in_pages(self, connect, shop):
        instance, made = shop
        pages = list(connect.get_paginator("list_data_tables").paginate(InstanceId=instance, PaginationConfig={"PageSize": 2}))
        assert [len(page["DataTableSummaryList"]) for page in pages] == [2, 1]
        listed = [one for page in pages for one in page["DataTableSummaryList"]]
        assert {one["Name"]: one["Id"] for one in listed} == made
        assert [one["Id"] for one in listed] == sorted(one["Id"] for one in listed)

    @pytest.mark.parametrize(
        ("condition", "found"),
        [
            (("name", "STARTS_WITH", "hours"), {"Hours north", "Hours south"}),
            (("name", "EXACT", "Fees"), {"Fees"}),
            (("name", "EXACT", "fees"), set()),
            (("description", "CONTAINS", "pen"), {"Hours north", "Hours south"}),
        ],
    )
    def test_a_search(self, connect, shop, condition, found):
        field, comparison, value = condition
        criteria = {"StringCondition": {"FieldName": field, "ComparisonType": comparison, "Value": value}}
        answer = connect.search_data_tables(InstanceId=shop[0], SearchCriteria=criteria)
        assert {one["Name"] for one in answer["DataTables"]} == found
        assert answer["ApproximateTotalCount"] == len(found)
        assert not any(one.keys() & {"LockVersion", "Version", "VersionDescription"} for one in answer["DataTables"])

    def test_a_search_by_identifier_and_tags(self, connect, shop):
        instance, made = shop
        by_id = {"StringCondition": {"FieldName": "resourceID", "ComparisonType": "EXACT", "Value": made["Fees"]}}
        other = {"StringCondition": {"FieldName": "name", "ComparisonType": "STARTS_WITH", "Value": "Hours"}}
        care = {"AttributeFilter": {"AndCondition": {"TagConditions": [{"TagKey": "team", "TagValue": "care"}]}}}
        found = connect.search_data_tables(
            InstanceId=instance, SearchCriteria={"OrConditions": [by_id, other]}, SearchFilter=care
        )["DataTables"]
        assert {one["Name"] for one in found} == {"Fees", "Hours north"}

    def test_a_field_that_cannot_be_searched(self, connect, shop):
        criteria = {"StringCondition": {"FieldName": "timezone", "ComparisonType": "EXACT", "Value": "UTC"}}
        with refused("InvalidParameterException", says="FieldName"):
            connect.search_data_tables(InstanceId=shop[0], SearchCriteria=criteria)


class TestAttributes:
    def test_with_everything(self, make):
        table = make()
        rules = {
            "MinLength": 1,
            "MaxLength": 20,
            "IgnoreCase": True,
            "Enum": {"Strict": True, "Values": ["Gold", "Silver"]},
        }
        made = table.client.create_data_table_attribute(
            **table.of, Name=" Tier ", ValueType="TEXT", Description="What they pay", Primary=True, Validation=rules
        )
        assert made["Name"] == "Tier"
        assert made["LockVersion"].keys() == {"DataTable", "Attribute"}
        found = table.attribute("Tier")
        del found["LastModifiedTime"]
        assert found == {
            "AttributeId": made["AttributeId"],
            "Name": "Tier",
            "ValueType": "TEXT",
            "Description": "What they pay",
            "DataTableId": table.id,
            "DataTableArn": table.arn,
            "Primary": True,
            "Validation": rules,
            "LockVersion": made["LockVersion"],
            "LastModifiedRegion": "us-east-1",
        }
        assert table.describe()["LockVersion"]["DataTable"] == made["LockVersion"]["DataTable"]

    def test_a_name_is_unique_in_the_table_regardless_of_case(self, make):
        one, other = make(Tier="TEXT", Fee="NUMBER"), make(Tier="TEXT")
        with refused("DuplicateResourceException", says="Tier"):
            one.add("tier")
        update = {**one.of, "AttributeName": "Fee", "ValueType": "NUMBER"}
        with refused("ConflictException", says="Tier"):
            one.client.update_data_table_attribute(**update, Name="TIER")
        one.client.update_data_table_attribute(**update, Name="FEE")
        assert other.attribute("Tier")["AttributeId"] != one.attribute("Tier")["AttributeId"]

    @pytest.mark.parametrize(
        "rules",
        [
            {"MinLength": 2, "MaxLength": 1},
            {"MinValues": 2, "MaxValues": 1},
            {"Minimum": 2, "Maximum": 1},
            {"Minimum": 1, "ExclusiveMaximum": 1},
            {"ExclusiveMinimum": 1, "ExclusiveMaximum": 1},
            {"MultipleOf": 0},
            {"Enum": {"Values": ["one"]}},
        ],
    )
    def test_rules_that_cannot_be_met(self, make, rules):
        with refused("InvalidParameterException", says="Validation"):
            make().add("fee", "NUMBER", Validation=rules)

    def test_an_update_replaces_everything(self, make):
        table = make()
        table.add("fee", "NUMBER", Description="Old", Primary=True, Validation={"Minimum": 1})
        before = table.attribute("fee")
        updated = table.client.update_data_table_attribute(**table.of, AttributeName="fee", Name=" price", ValueType="TEXT")
        assert updated["Name"] == "price"
        after = table.attribute("price")
        assert after["AttributeId"] == before["AttributeId"]
        assert not after.keys() & {"Description", "Validation"}
        assert (after["ValueType"], after["Primary"]) == ("TEXT", False)
        assert after["LockVersion"] == updated["LockVersion"] != before["LockVersion"]
        with not_found():
            table.attribute("fee")

    def test_at_most_five_are_primary(self, make):
        table = make(**{name: "*TEXT" for name in "abcde"}, f="TEXT")
        with refused("ServiceQuotaExceededException", says="primary"):
            table.add("g", Primary=True)
        with refused("LimitExceededException", says="primary"):
            table.client.update_data_table_attribute(**table.of, AttributeName="f", Name="f", ValueType="TEXT", Primary=True)

    def test_what_is_primary_is_settled_by_the_first_record(self, greetings):
        client, of = greetings.client, greetings.of
        done(greetings.create(at({}, "greeting", "Hi")))
        greetings.add("department", Primary=True)
        client.delete_data_table_attribute(**of, AttributeName="department")
        done(greetings.create(at(EN, "greeting", "Hello")))
        with refused("ConflictException", says="records"):
            greetings.add("department", Primary=True)
        with refused("ConflictException", says="records"):
            client.delete_data_table_attribute(**of, AttributeName="language")
        with refused("ConflictException", says="records"):
            client.update_data_table_attribute(**of, AttributeName="language", Name="language", ValueType="TEXT")
        with refused("ConflictException", says="records"):
            client.update_data_table_attribute(**of, AttributeName="weight", Name="w", ValueType="NUMBER", Primary=True)
        client.update_data_table_attribute(**of, AttributeName="language", Name="tongue", ValueType="TEXT", Primary=True)
        assert done(greetings.read(at({"tongue": "English"}, "greeting")))[0]["Value"] == "Hello"

    def test_records_stay_apart(self, greetings):
        done(greetings.create(at(EN, "greeting", "a"), at({"language": "ENGLISH"}, "greeting", "b")))
        with refused("ConflictException", says="same primary values"):
            greetings.client.update_data_table_attribute(
                **greetings.of,
                AttributeName="language",
                Name="language",
                ValueType="TEXT",
                Primary=True,
                Validation={"IgnoreCase": True},
            )

    def test_deleting_takes_its_values_with_it(self, greetings):
        done(greetings.create(at(EN, "greeting", "Hello"), at(EN, "weight", "1"), at(ES, "greeting", "Hola")))
        before = greetings.describe()["LockVersion"]
        deleted = greetings.client.delete_data_table_attribute(**greetings.of, AttributeName="greeting")
        assert deleted["LockVersion"] == greetings.describe()["LockVersion"] != before
        assert [one["AttributeName"] for one in greetings.values()] == ["weight"]
        assert [one["PrimaryValues"][0]["Value"] for one in greetings.records()] == ["English"]

    def test_a_list_in_pages_and_by_identifier(self, make):
        table = make(a="TEXT", b="TEXT", c="TEXT", d="*TEXT")
        paginator = table.client.get_paginator("list_data_table_attributes")
        pages = list(paginator.paginate(**table.of, PaginationConfig={"PageSize": 3}))
        listed = [one for page in pages for one in page["Attributes"]]
        assert [len(page["Attributes"]) for page in pages] == [3, 1]
        assert sorted(one["Name"] for one in listed) == ["a", "b", "c", "d"]
        chosen = [one["AttributeId"] for one in listed[1:]]
        page = table.client.list_data_table_attributes(**table.of, AttributeIds=[*chosen, NOBODY], MaxResults=2)
        rest = table.client.list_data_table_attributes(**table.of, NextToken=page["NextToken"], MaxResults=2)
        assert [one["AttributeId"] for one in page["Attributes"] + rest["Attributes"]] == chosen
        assert "NextToken" not in rest

    def test_the_quota(self, start_server):
        client = start_server("--quota", "data-table-attributes=2").client()
        table = Table(client, new_instance(client), a="TEXT", b="TEXT")
        with refused("ServiceQuotaExceededException", says="attributes"):
            table.add("c")
        Table(client, table.of["InstanceId"], a="TEXT", b="TEXT")


class TestValues:
    def test_created_and_read(self, greetings):
        made = done(greetings.create(at(EN, "greeting", "Hello"), at(EN, "weight", "1.50"), at(ES, "greeting", "Hola")))
        assert made[0]["RecordId"] == made[1]["RecordId"] != made[2]["RecordId"]
        assert made[0]["PrimaryValues"] == primary(EN)
        assert made[0]["LockVersion"].keys() == {"DataTable", "Attribute", "PrimaryValues", "Value"}
        answer = greetings.read(at(EN, "weight"), at(ES, "weight"), at({}, "weight"), at(EN, "nothing"))
        [found] = answer["Successful"]
        del found["LastModifiedTime"]
        attribute = greetings.attribute("language")["AttributeId"]
        assert found == {
            "RecordId": made[1]["RecordId"],
            "AttributeId": greetings.attribute("weight")["AttributeId"],
            "PrimaryValues": [{"AttributeName": "language", "AttributeId": attribute, "Value": "English"}],
            "AttributeName": "weight",
            "Value": "1.50",
            "LockVersion": made[1]["LockVersion"],
            "LastModifiedRegion": "us-east-1",
        }
        messages = [one["Message"] for one in answer["Failed"]]
        assert ["Value not found" in message for message in messages] == [True, True, False]
        assert "nothing" in messages[2]

    def test_each_item_succeeds_or_fails_by_itself(self, greetings):
        done(greetings.create(at(EN, "greeting", "Hello")))
        answer = greetings.create(
            at(EN, "greeting", "Hi"),
            at(EN, "weight", "heavy"),
            at(ES, "greeting", "Hola"),
            at(ES, "language", "Spanish"),
            at({"tongue": "x"}, "greeting", "x"),
            at({"weight": "1"}, "greeting", "x"),
        )
        assert [one["PrimaryValues"] for one in answer["Successful"]] == [primary(ES)]
        says = ["already exists", "not a number", "primary", "tongue", "not a primary attribute"]
        assert all(word in one["Message"] for word, one in zip(says, answer["Failed"], strict=True)), answer["Failed"]
        assert answer["Failed"][0]["AttributeName"] == "greeting"
        assert {(one["AttributeName"], one["Value"]) for one in greetings.values()} == {("greeting", "Hello"), ("greeting", "Hola")}

    def test_updated(self, greetings):
        [made] = done(greetings.create(at(EN, "greeting", "Hello")))
        [updated] = done(greetings.update(at(EN, "greeting", "Hi")))
        assert updated["LockVersion"]["Value"] != made["LockVersion"]["Value"]
        assert done(greetings.read(at(EN, "greeting")))[0]["Value"] == "Hi"
        assert "Value not found" in failure(greetings.update(at(ES, "greeting", "Hola")))

    def test_deleted(self, greetings):
        done(greetings.create(at(EN, "greeting", "Hello"), at(EN, "weight", "1")))
        [gone] = done(greetings.delete(at(EN, "greeting")))
        assert gone["LockVersion"].keys() == {"DataTable", "Attribute", "PrimaryValues"}
        assert len(greetings.records()) == 1
        [gone] = done(greetings.delete(at(EN, "weight")))
        assert gone["LockVersion"].keys() == {"DataTable", "Attribute"}
        assert greetings.records() == greetings.values() == []
        assert "Value not found" in failure(greetings.delete(at(EN, "weight")))

    def test_nothing_is_deleted_or_described(self, greetings):
        assert greetings.delete()["Successful"] == greetings.read()["Successful"] == []

    @pytest.mark.parametrize("call", ["create", "update", "delete"])
    def test_the_same_value_twice(self, greetings, call):
        done(greetings.create(at(EN, "weight", "1")))
        column = "greeting" if call == "create" else "weight"
        item = at(EN, column) if call == "delete" else at(EN, column, "2")
        kind = "DuplicateResourceException" if call == "create" else "InvalidRequestException"
        before = greetings.values()
        with refused(kind, says=column):
            getattr(greetings, call)(item, item)
        assert greetings.values() == before

    def test_every_primary_attribute_needs_a_value(self, make):
        table = make(a="*TEXT", b="*TEXT", c="TEXT")
        assert "`b`" in failure(table.create(at({"a": "1"}, "c", "x")))
        twice = [*primary({"a": "1"}), *primary({"a": "2", "b": "1"})]
        assert "two values" in failure(table.create({**at({}, "c", "x"), "PrimaryValues": twice}))
        done(table.create(at({"b": "2", "a": "1"}, "c", "x")))
        assert done(table.read(at({"a": "1", "b": "2"}, "c")))[0]["Value"] == "x"

    @pytest.mark.parametrize(
        ("kind", "rules", "takes", "refuses"),
        [
            ("TEXT", {}, ["", "é" * 5000], ["é" * 5001]),
            ("TEXT", {"MinLength": 2, "MaxLength": 3}, ["ab", "äöü"], ["a", "abcd"]),
            ("TEXT", {"Enum": {"Strict": True, "Values": ["Gold"]}}, ["Gold"], ["gold", "Iron"]),
            ("TEXT", {"Enum": {"Values": ["Gold"]}, "MaxLength": 3}, ["Gold", "x"], ["Iron"]),
            ("TEXT", {"Enum": {"Strict": True, "Values": ["Gold"]}, "IgnoreCase": True}, ["gold"], ["iron"]),
            ("NUMBER", {}, ["0", "-1.5", "1e3"], ["", "one", " 1", "NaN"]),
            ("NUMBER", {"Minimum": 1, "Maximum": 2}, ["1", "2"], ["0.9", "2.1"]),
            ("NUMBER", {"ExclusiveMinimum": 1, "ExclusiveMaximum": 2}, ["1.5"], ["1", "2"]),
            ("NUMBER", {"MultipleOf": 0.1}, ["0.3", "7"], ["0.35"]),
            ("BOOLEAN", {}, ["true", "false"], ["True", "1", ""]),
            ("TEXT_LIST", {}, ["[]", '["a", "b"]'], ["a", "[1]", "=NOW()", json.dumps(["a"] * 101)]),
            ("TEXT_LIST", {"MinValues": 1, "MaxValues": 2, "MaxLength": 1}, ['["a"]'], ["[]", '["a", "b", "c"]', '["ab"]']),
            ("NUMBER_LIST", {"Minimum": 0}, ["[]", "[1, 2.5]"], ["1", '["1"]', "[-1]"]),
        ],
    )
    def test_values_are_as_their_attribute_asks(self, make, kind, rules, takes, refuses):
        table = make()
        table.add("a", kind, Validation=rules)
        done(table.create(at({}, "a", takes[0])))
        for value in takes:
            done(table.update(at({}, "a", value)))
            assert done(table.read(at({}, "a")))[0]["Value"] == value
        for value in refuses:
            assert "`a`" in failure(table.update(at({}, "a", value)))

    def test_primary_values_are_as_their_attribute_asks(self, make):
        table = make(weight="NUMBER")
        table.add("tier", Primary=True, Validation={"MaxLength": 4, "IgnoreCase": True})
        assert "at most 4" in failure(table.create(at({"tier": "Bronze"}, "weight", "1")))
        assert "expression" in failure(table.create(at({"tier": "=NOW"}, "weight", "1")))
        done(table.create(at({"tier": "Gold"}, "weight", "1")))
        assert "already exists" in failure(table.create(at({"tier": "GOLD"}, "weight", "1")))
        assert done(table.read(at({"tier": "gold"}, "weight")))[0]["PrimaryValues"][0]["Value"] == "Gold"

    def test_rules_hold_when_values_are_written(self, make):
        table = make(a="TEXT")
        done(table.create(at({}, "a", "long enough")))
        rules = {"MaxLength": 2}
        table.client.update_data_table_attribute(**table.of, AttributeName="a", Name="a", ValueType="TEXT", Validation=rules)
        assert table.evaluate("a")[0]["EvaluatedValue"] == "long enough"
        assert "at most 2" in failure(table.update(at({}, "a", "longer")))

    def test_the_quota(self, start_server):
        client = start_server("--quota", "data-table-values=3").client()
        table = Table(client, new_instance(client), k="*TEXT", a="TEXT", b="TEXT")
        done(table.create(at({"k": "1"}, "a", "x"), at({"k": "1"}, "b", "x")))
        with refused("ServiceQuotaExceededException", says="values"):
            table.create(at({"k": "2"}, "a", "x"), at({"k": "2"}, "b", "x"))
        assert len(table.values()) == 2
        done(table.create(at({"k": "2"}, "a", "x")))
        done(table.update(at({"k": "2"}, "a", "y")))


class TestListingValues:
    @pytest.fixture
    def rates(self, make) -> Table:
        table = make(tier="*TEXT", site="*TEXT", fee="NUMBER", note="TEXT")
        items = [at({"tier": t, "site": s}, "fee", str(i)) for i, (t, s) in enumerate((t, s) for t in "ab" for s in "xyz")]
        done(table.create(*items, at({}, "note", "default")))
        return table

    def test_values_in_pages(self, rates):
        paginator = rates.client.get_paginator("list_data_table_values")
        listed = [one for page in paginator.paginate(**rates.of, PaginationConfig={"PageSize": 3}) for one in page["Values"]]
        assert sorted(one["Value"] for one in listed) == ["0", "1", "2", "3", "4", "5", "default"]
        [default] = [one for one in listed if one["Value"] == "default"]
        assert (default["PrimaryValues"], default["ValueType"]) == ([], "TEXT")
        assert [value["AttributeName"] for value in listed[0]["PrimaryValues"] or listed[1]["PrimaryValues"]] == ["site", "tier"]

    def test_records_in_pages(self, rates):
        paginator = rates.client.get_paginator("list_data_table_primary_values")
        pages = list(paginator.paginate(**rates.of, PaginationConfig={"PageSize": 4}))
        records = [one for page in pages for one in page["PrimaryValuesList"]]
        assert [len(page["PrimaryValuesList"]) for page in pages] == [4, 2]
        assert {tuple(value["Value"] for value in one["PrimaryValues"]) for one in records} == {(s, t) for t in "ab" for s in "xyz"}

    def test_chosen_by_primary_values(self, rates):
        chosen = [{"AttributeName": "tier", "Values": ["a"]}, {"AttributeName": "site", "Values": ["x", "z"]}]
        assert sorted(one["Value"] for one in rates.values(PrimaryAttributeValues=chosen)) == ["0", "2"]
        assert len(rates.records(PrimaryAttributeValues=chosen)) == 2
        assert rates.values(PrimaryAttributeValues=[{"AttributeName": "tier", "Values": []}]) == []
        with refused("InvalidParameterException", says="fee"):
            rates.values(PrimaryAttributeValues=[{"AttributeName": "fee", "Values": ["1"]}])
        with not_found():
            rates.records(PrimaryAttributeValues=[{"AttributeName": "nothing", "Values": ["1"]}])

    def test_chosen_by_record(self, rates):
        ids = [one["RecordId"] for one in rates.records()][:3]
        assert {one["RecordId"] for one in rates.values(RecordIds=[*ids, NOBODY])} == set(ids)
        page = rates.client.list_data_table_primary_values(**rates.of, RecordIds=ids, MaxResults=2)
        rest = rates.client.list_data_table_primary_values(
            **rates.of, RecordIds=[NOBODY], MaxResults=2, NextToken=page["NextToken"]
        )
        assert [one["RecordId"] for one in page["PrimaryValuesList"] + rest["PrimaryValuesList"]] == ids

    def test_a_token_is_of_one_table(self, rates, greetings):
        page = rates.client.list_data_table_values(**rates.of, MaxResults=1)
        with refused(*INVALID, says="NextToken"):
            greetings.values(NextToken=page["NextToken"])


class TestPrimaryValues:
    def rename(self, table: Table, before: dict, after: dict, **lock) -> dict:
        return table.client.update_data_table_primary_values(
            **table.of, PrimaryValues=primary(before), NewPrimaryValues=primary(after), LockVersion=lock
        )["LockVersion"]

    def test_the_values_move_with_them(self, greetings):
        [made] = done(greetings.create(at(EN, "greeting", "Hello")))
        lock = self.rename(greetings, EN, {"language": "British"})
        [found] = done(greetings.read(at({"language": "British"}, "greeting")))
        assert (found["Value"], found["RecordId"]) == ("Hello", made["RecordId"])
        assert lock["PrimaryValues"] == found["LockVersion"]["PrimaryValues"] != made["LockVersion"]["PrimaryValues"]
        assert "Value not found" in failure(greetings.read(at(EN, "greeting")))

    def test_they_stay_unique(self, greetings):
        done(greetings.create(at(EN, "greeting", "Hello"), at(ES, "greeting", "Hola")))
        with refused("ConflictException", says="Spanish"):
            self.rename(greetings, EN, ES)
        self.rename(greetings, EN, EN)

    def test_what_is_refused(self, greetings):
        done(greetings.create(at(EN, "greeting", "Hello"), at({}, "greeting", "Hi")))
        with not_found():
            self.rename(greetings, ES, {"language": "x"})
        for before, after in (({}, EN), (EN, {}), (EN, {"weight": "1"}), (EN, {"language": "=NOW()"})):
            with refused("InvalidParameterException"):
                self.rename(greetings, before, after)
        with not_found():
            self.rename(greetings, EN, {"nothing": "1"})

    @pytest.mark.parametrize("level", LEVELS)
    def test_locks(self, make, level):
        table = make(level, language="*TEXT", greeting="TEXT")
        items = [at(EN, "greeting", "Hello", LockVersion=current(table))]
        done(table.create(*items))
        lock = table.lock(at(EN, "greeting"))
        with refused("ConflictException", says="Concurrency conflict"):
            self.rename(table, EN, ES, DataTable="x", PrimaryValues="x")
        with refused("ConflictException", says="Concurrency conflict"):
            self.rename(table, EN, ES)
        moved = self.rename(table, EN, ES, **lock)
        with refused("ConflictException", says="Concurrency conflict"):
            self.rename(table, ES, EN, **lock)
        self.rename(table, ES, EN, **moved)


def current(table: Table) -> dict:
    """The lock versions of what is there before there are values."""
    attribute = table.attribute("greeting")["LockVersion"]
    return {"DataTable": attribute["DataTable"], "Attribute": attribute["Attribute"]}


class TestLocks:
    # For each level, which of these writes by somebody else spoils a write that was prepared before.
    OTHERS = {"the same value": (EN, "greeting"), "the record": (EN, "weight"), "the attribute": (ES, "greeting"), "elsewhere": (ES, "weight")}
    SPOILED = {
        "NONE": set(),
        "VALUE": {"the same value"},
        "PRIMARY_VALUE": {"the same value", "the record"},
        "ATTRIBUTE": {"the same value", "the attribute"},
        "DATA_TABLE": set(OTHERS),
    }

    @pytest.fixture
    def locked(self, connect, instance):
        def locked(level: str) -> Table:
            table = Table(connect, instance, "NONE", language="*TEXT", greeting="TEXT", weight="NUMBER")
            done(table.create(*(at(where, column, "1") for where in (EN, ES) for column in ("greeting", "weight"))))
            connect.update_data_table_metadata(**table.of, Name=unique("table"), TimeZone="UTC", ValueLockLevel=level)
            return table

        return locked

    @pytest.mark.parametrize("level", SPOILED)
    @pytest.mark.parametrize("other", OTHERS)
    def test_what_spoils_a_write(self, locked, level, other):
        table = locked(level)
        mine, theirs = at(EN, "greeting"), at(*self.OTHERS[other])
        lock = table.lock(mine)
        done(table.update({**theirs, "Value": "2", "LockVersion": table.lock(theirs)}))
        for answer in (
            table.update({**mine, "Value": "3", "LockVersion": lock}),
            table.delete({**mine, "LockVersion": lock}) if other in self.SPOILED[level] else None,
        ):
            if other in self.SPOILED[level]:
                assert "Concurrency conflict" in failure(answer)
            elif answer is not None:
                done(answer)

    @pytest.mark.parametrize("level", LEVELS)
    def test_a_version_is_needed(self, locked, level):
        table = locked(level)
        assert LEVELS[level] in failure(table.update(at(EN, "greeting", "2")))
        assert LEVELS[level] in failure(table.delete(at(EN, "greeting")))
        lock = {LEVELS[level]: table.lock(at(EN, "greeting"))[LEVELS[level]]}
        done(table.update(at(EN, "greeting", "2", LockVersion=lock)))
        assert "Concurrency conflict" in failure(table.delete(at(EN, "greeting", LockVersion=lock)))

    @pytest.mark.parametrize("level", LEVELS)
    def test_several_items_are_based_on_one_version(self, locked, level):
        table = locked(level)
        items = [at(where, column) for where in (EN, ES) for column in ("greeting", "weight")]
        answer = done(table.update(*({**item, "Value": "2", "LockVersion": table.lock(item)} for item in items)))
        for item, one in zip(items, answer, strict=True):
            assert one["LockVersion"] == table.lock(item)

    @pytest.mark.parametrize("level", LEVELS)
    def test_what_is_not_there_yet_needs_no_version(self, make, level):
        table = make(level, language="*TEXT", greeting="TEXT")
        answer = table.create(at(EN, "greeting", "Hello"))
        if level in ("DATA_TABLE", "ATTRIBUTE"):
            assert LEVELS[level] in failure(answer)
            answer = table.create(at(EN, "greeting", "Hello", LockVersion=current(table)))
        done(answer)

    def test_a_version_never_comes_back(self, locked):
        table = locked("VALUE")
        item = at(EN, "greeting")
        lock = table.lock(item)
        done(table.delete({**item, "LockVersion": lock}))
        done(table.create({**item, "Value": "1"}))
        assert "Concurrency conflict" in failure(table.update({**item, "Value": "2", "LockVersion": lock}))

    def test_the_table_version_moves_with_its_structure(self, locked):
        table = locked("DATA_TABLE")
        lock = table.lock(at(EN, "greeting"))
        table.add("more")
        assert "Concurrency conflict" in failure(table.update(at(EN, "greeting", "2", LockVersion=lock)))


class TestEvaluation:
    def test_the_record_then_the_default_record_then_the_type(self, make):
        table = make(language="*TEXT", greeting="TEXT", weight="NUMBER", open="BOOLEAN", tags="TEXT_LIST", sizes="NUMBER_LIST")
        done(table.create(at(EN, "greeting", "Hello"), at({}, "greeting", "Hi"), at({}, "weight", "7")))
        names = ("greeting", "weight", "open", "tags", "sizes")
        found = table.evaluate(*names, where=EN)
        assert [one["EvaluatedValue"] for one in found] == ["Hello", "7", "false", "[]", "[]"]
        assert [one["Found"] for one in found] == [True, False, False, False, False]
        assert [one["ValueType"] for one in found] == ["TEXT", "NUMBER", "BOOLEAN", "TEXT_LIST", "NUMBER_LIST"]
        assert not any(one["Error"] for one in found)
        assert found[0]["PrimaryValues"] == primary(EN)
        missed = table.evaluate(*names, where=ES)
        assert [one["EvaluatedValue"] for one in missed] == ["Hi", "7", "false", "[]", "[]"]
        assert {one["RecordId"] for one in missed} == {one["RecordId"] for one in table.evaluate("greeting")}
        assert table.evaluate("greeting")[0]["Found"] is True

    def test_an_expression_cannot_be_evaluated(self, greetings):
        expression = '=IF(HOUR() < 12, "Good morning", "Good afternoon")'
        done(greetings.create(at(EN, "greeting", expression), at({}, "greeting", "Hello"), at(EN, "weight", "=ADD(1, 2)")))
        assert done(greetings.read(at(EN, "greeting")))[0]["Value"] == expression
        found = greetings.evaluate("greeting", "weight", where=EN, TimeZone="Asia/Tokyo")
        assert [(one["EvaluatedValue"], one["Error"], one["Found"]) for one in found] == [("Hello", True, True), ("0", True, True)]

    def test_a_value_of_another_type(self, greetings):
        done(greetings.create(at(EN, "greeting", "Hello")))
        greetings.client.update_data_table_attribute(**greetings.of, AttributeName="greeting", Name="greeting", ValueType="NUMBER")
        [found] = greetings.evaluate("greeting", where=EN)
        assert (found["EvaluatedValue"], found["Error"], found["ValueType"]) == ("0", True, "NUMBER")
        assert done(greetings.read(at(EN, "greeting")))[0]["Value"] == "Hello"

    def test_primary_values_can_be_asked_for(self, greetings):
        done(greetings.create(at(EN, "weight", "1")))
        assert greetings.evaluate("language", where=EN)[0]["EvaluatedValue"] == "English"
        assert greetings.evaluate("language", where=ES)[0]["Found"] is False

    def test_in_pages(self, greetings):
        done(greetings.create(at(EN, "greeting", "Hello"), at(EN, "weight", "1")))
        sets = [{"PrimaryValues": primary(where), "AttributeNames": ["greeting", "weight"]} for where in (EN, ES)]
        asked = {**greetings.of, "Values": sets, "MaxResults": 3}
        first = greetings.client.evaluate_data_table_values(**asked)
        rest = greetings.client.evaluate_data_table_values(**asked, NextToken=first["NextToken"])
        assert [one["EvaluatedValue"] for one in first["Values"]] == ["Hello", "1", ""]
        assert [one["EvaluatedValue"] for one in rest["Values"]] == ["0"]
        assert "NextToken" not in rest

    def test_what_is_refused(self, greetings):
        with not_found():
            greetings.evaluate("nothing")
        with refused("InvalidParameterException", says="weight"):
            greetings.evaluate("greeting", where={"weight": "1"})
        with refused("InvalidParameterException", says="TimeZone"):
            greetings.evaluate("greeting", TimeZone="no zone")


def test_what_was_stored_is_there_after_a_crash(start_server):
    server = start_server()
    client = server.client()
    table = Table(client, new_instance(client), "ATTRIBUTE", language="*TEXT", greeting="TEXT")
    done(table.create(at(EN, "greeting", "Hello", LockVersion=current(table))))
    seen = [table.describe(), table.values(), table.records(), table.attribute("greeting")]
    server.kill()
    server.start()
    assert [table.describe(), table.values(), table.records(), table.attribute("greeting")] == seen
    lock = seen[1][0]["LockVersion"]
    done(table.update(at(EN, "greeting", "Hi", LockVersion=lock)))
    assert "Concurrency conflict" in failure(table.update(at(EN, "greeting", "Hey", LockVersion=lock)))


def test_in_no_instance(make):
    table = make()
    with not_found():
        table.client.describe_data_table(InstanceId=str(uuid.uuid4()), DataTableId=table.id)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("tables"), "--demo") as running:
        yield running


@pytest.fixture(scope="module")
def keeper(demo) -> str:
    """A user who sees the retail records of tables that are tagged for billing."""
    client = demo.client()
    [instance] = [one["Id"] for one in client.list_instances()["InstanceSummaryList"]]
    profile = client.create_security_profile(
        InstanceId=instance,
        SecurityProfileName="Retail",
        Permissions=["DataTables.View", "DataTables.ManageValues"],
        TagRestrictedResources=["DataTable"],
        AllowedAccessControlTags={"Team": "Billing"},
        GranularAccessControlConfiguration=granular("Brand", ["Retail"]),
    )["SecurityProfileId"]
    client.create_user(
        InstanceId=instance,
        Username="keeper",
        IdentityInfo={"FirstName": "K", "LastName": "Eeper"},
        SecurityProfileIds=[profile],
        RoutingProfileId=client.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"],
    )
    return "keeper"


class TestOfTheDemo:
    def test_it_is_looked_up(self, demo):
        client = demo.client()
        [instance] = [one["Id"] for one in client.list_instances()["InstanceSummaryList"]]
        [table] = client.list_data_tables(InstanceId=instance)["DataTableSummaryList"]
        sets = [
            {"PrimaryValues": primary({"Brand": brand}), "AttributeNames": ["Limit"]} for brand in ("Retail", "Nowhere")
        ]
        values = client.evaluate_data_table_values(InstanceId=instance, DataTableId=table["Id"], Values=sets)["Values"]
        assert [(one["EvaluatedValue"], one["Found"]) for one in values] == [("50", True), ("0", False)]

    @pytest.mark.parametrize(
        ("resource", "more", "status"),
        [
            ("DataTable:Refund limits", (), 0),
            ("DataTableRecord:Refund limits/Retail", (), 0),
            ("DataTableRecord:Refund limits/Business", (), 2),
            ("DataTableRecord:Refund limits/(default)", (), 3),
            ("DataTableRecord:Refund limits/Nowhere", (), 2),
            ("DataTableRecord:new", ("--hypothetical", "--table", "Refund limits", "--primary", "Brand=Retail"), 0),
            ("DataTableRecord:new", ("--hypothetical", "--table", "Refund limits", "--primary", "Brand=Other"), 2),
            ("DataTableRecord:new", ("--hypothetical", "--table", "No such table", "--primary", "Brand=Retail"), 2),
        ],
    )
    def test_records_are_asked_about_by_what_people_call_them(self, demo, keeper, resource, more, status):
        where = ("--data", str(demo.data), "--instance", "harbour-lane-demo")
        asked = run_lanyard("check", keeper, "DataTables.View", resource, *more, *where)
        assert asked.returncode == status, asked.stdout + asked.stderr
        if "/" in resource and "Nowhere" not in resource:
            assert resource.partition(":")[2] in asked.stdout

    def test_what_someone_can_do_names_the_records(self, demo, keeper):
        where = ("--data", str(demo.data), "--instance", "harbour-lane-demo")
        shown = run_lanyard("what-can", keeper, "DataTableRecord", *where).stdout
        assert "Refund limits/Retail" in shown
        assert "Refund limits/Business" not in shown
