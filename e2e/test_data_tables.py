"""Data tables: tables and their attributes, and the table of the demo."""

import uuid

import pytest

from conftest import new_instance
from harness.data_tables import EN, ES, MEMBERS, NOBODY, Table, at, done, primary
from harness.expect import not_found, refused
from harness.operations import granular, unique
from harness.server import Server, run_lanyard


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


class TestTables:
    def test_with_everything(self, connect, instance):
        name = unique("table")
        made = connect.create_data_table(
            InstanceId=instance, Name=f"  {name} ", Description=" Greetings ", Tags={"team": "care"}, **MEMBERS
        )
        assert made["Arn"].endswith(f"instance/{instance}/data-table/{made['Id']}")
        result = connect.describe_data_table(InstanceId=instance, DataTableId=made["Id"])["DataTable"]
        times = [result.pop(member) for member in ("CreatedTime", "LastModifiedTime")]
        assert times[0] == times[1]
        assert result == {
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
            result = connect.describe_data_table(InstanceId=instance, DataTableId=text + suffix)["DataTable"]
            assert result["Id"] == table.id

    def test_a_version_that_there_is_not(self, connect, instance, make):
        with not_found():
            connect.describe_data_table(InstanceId=instance, DataTableId=f"{make().id}:3")

    @pytest.mark.parametrize("alias", ["$SAVED", "3"])
    def test_only_the_newest_is_deleted_or_updated(self, connect, instance, make, alias):
        aliased = {"InstanceId": instance, "DataTableId": f"{make().id}:{alias}"}
        with refused("InvalidParameterException", message="LATEST"):
            connect.delete_data_table(**aliased)
        with refused("InvalidParameterException", message="LATEST"):
            connect.update_data_table_metadata(**aliased, Name="n", TimeZone="UTC", ValueLockLevel="NONE")

    @pytest.mark.parametrize("name", ["aws:x", "AWS:x", " Connect:x", "   "])
    def test_names_that_are_refused(self, connect, instance, make, name):
        with refused("InvalidParameterException", message="Name"):
            connect.create_data_table(InstanceId=instance, Name=name, **MEMBERS)
        with refused("InvalidParameterException", message="Name"):
            make().add(name)

    def test_a_name_is_unique_regardless_of_case(self, connect, instance, make):
        name, other = unique("table"), make()
        connect.create_data_table(InstanceId=instance, Name=name, **MEMBERS)
        update = {**other.of, "TimeZone": "UTC", "ValueLockLevel": "NONE"}
        for taken in (name, name.upper(), f" {name}"):
            with refused("DuplicateResourceException", message=name[:5]):
                connect.create_data_table(InstanceId=instance, Name=taken, **MEMBERS)
            with refused("DuplicateResourceException"):
                connect.update_data_table_metadata(**update, Name=taken)
        mine = other.describe()["Name"]
        connect.update_data_table_metadata(**update, Name=mine.upper())

    @pytest.mark.parametrize("zone", ["", "Europe/", "1st", "a b"])
    def test_a_time_zone_has_the_form_of_one(self, connect, instance, zone):
        with refused("InvalidParameterException", message="TimeZone"):
            connect.create_data_table(InstanceId=instance, Name=unique("table"), **{**MEMBERS, "TimeZone": zone})

    def test_an_update_replaces_everything_but_tags(self, connect, instance):
        made = connect.create_data_table(
            InstanceId=instance, Name=unique("table"), Description="Old", Tags={"team": "care"}, **MEMBERS
        )
        of, name = {"InstanceId": instance, "DataTableId": made["Id"]}, unique("table")
        updated = connect.update_data_table_metadata(**of, Name=name, TimeZone="UTC", ValueLockLevel="VALUE")
        result = connect.describe_data_table(**of)["DataTable"]
        assert "Description" not in result
        assert (result["Name"], result["TimeZone"], result["ValueLockLevel"]) == (name, "UTC", "VALUE")
        assert result["Tags"] == {"team": "care"}
        assert result["LockVersion"] == updated["LockVersion"] != made["LockVersion"]

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
        ("condition", "result"),
        [
            (("name", "STARTS_WITH", "hours"), {"Hours north", "Hours south"}),
            (("name", "EXACT", "Fees"), {"Fees"}),
            (("name", "EXACT", "fees"), set()),
            (("description", "CONTAINS", "pen"), {"Hours north", "Hours south"}),
        ],
    )
    def test_a_search(self, connect, shop, condition, result):
        field, comparison, value = condition
        criteria = {"StringCondition": {"FieldName": field, "ComparisonType": comparison, "Value": value}}
        answer = connect.search_data_tables(InstanceId=shop[0], SearchCriteria=criteria)
        assert {one["Name"] for one in answer["DataTables"]} == result
        assert answer["ApproximateTotalCount"] == len(result)
        assert not any(one.keys() & {"LockVersion", "Version", "VersionDescription"} for one in answer["DataTables"])

    def test_a_search_by_identifier_and_tags(self, connect, shop):
        instance, made = shop
        by_id = {"StringCondition": {"FieldName": "resourceID", "ComparisonType": "EXACT", "Value": made["Fees"]}}
        other = {"StringCondition": {"FieldName": "name", "ComparisonType": "STARTS_WITH", "Value": "Hours"}}
        care = {"AttributeFilter": {"AndCondition": {"TagConditions": [{"TagKey": "team", "TagValue": "care"}]}}}
        result = connect.search_data_tables(
            InstanceId=instance, SearchCriteria={"OrConditions": [by_id, other]}, SearchFilter=care
        )["DataTables"]
        assert {one["Name"] for one in result} == {"Fees", "Hours north"}

    def test_a_field_that_cannot_be_searched(self, connect, shop):
        criteria = {"StringCondition": {"FieldName": "timezone", "ComparisonType": "EXACT", "Value": "UTC"}}
        with refused("InvalidParameterException", message="FieldName"):
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
        result = table.attribute("Tier")
        del result["LastModifiedTime"]
        assert result == {
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
        with refused("DuplicateResourceException", message="Tier"):
            one.add("tier")
        update = {**one.of, "AttributeName": "Fee", "ValueType": "NUMBER"}
        with refused("ConflictException", message="Tier"):
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
        with refused("InvalidParameterException", message="Validation"):
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
        with refused("ServiceQuotaExceededException", message="primary"):
            table.add("g", Primary=True)
        with refused("LimitExceededException", message="primary"):
            table.client.update_data_table_attribute(**table.of, AttributeName="f", Name="f", ValueType="TEXT", Primary=True)

    def test_primary_attributes_are_fixed_by_the_first_record(self, greetings):
        client, of = greetings.client, greetings.of
        done(greetings.create(at({}, "greeting", "Hi")))
        greetings.add("department", Primary=True)
        client.delete_data_table_attribute(**of, AttributeName="department")
        done(greetings.create(at(EN, "greeting", "Hello")))
        with refused("ConflictException", message="records"):
            greetings.add("department", Primary=True)
        with refused("ConflictException", message="records"):
            client.delete_data_table_attribute(**of, AttributeName="language")
        with refused("ConflictException", message="records"):
            client.update_data_table_attribute(**of, AttributeName="language", Name="language", ValueType="TEXT")
        with refused("ConflictException", message="records"):
            client.update_data_table_attribute(**of, AttributeName="weight", Name="w", ValueType="NUMBER", Primary=True)
        client.update_data_table_attribute(**of, AttributeName="language", Name="tongue", ValueType="TEXT", Primary=True)
        assert done(greetings.read(at({"tongue": "English"}, "greeting")))[0]["Value"] == "Hello"

    def test_records_stay_apart(self, greetings):
        done(greetings.create(at(EN, "greeting", "a"), at({"language": "ENGLISH"}, "greeting", "b")))
        with refused("ConflictException", message="same primary values"):
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
        with refused("ServiceQuotaExceededException", message="attributes"):
            table.add("c")
        Table(client, table.of["InstanceId"], a="TEXT", b="TEXT")


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
            ("DataTableRecord:Refund limits/Nowhere", (), 1),
            ("DataTableRecord:new", ("--hypothetical", "--table", "Refund limits", "--primary", "Brand=Retail"), 0),
            ("DataTableRecord:new", ("--hypothetical", "--table", "Refund limits", "--primary", "Brand=Other"), 2),
            ("DataTableRecord:new", ("--hypothetical", "--table", "No such table", "--primary", "Brand=Retail"), 1),
            ("DataTableRecord:new", ("--hypothetical", "--table", "Refund limits", "--primary", "Brnad=Retail"), 1),
        ],
    )
    def test_records_are_named_by_their_display_names(self, demo, keeper, resource, more, status):
        where = ("--data", str(demo.data), "--instance", "harbour-lane-demo")
        parameters = run_lanyard("check", keeper, "DataTables.View", resource, *more, *where)
        assert parameters.returncode == status, parameters.stdout + parameters.stderr
        if "/" in resource and "Nowhere" not in resource:
            assert resource.partition(":")[2] in parameters.stdout

    def test_what_can_names_the_records(self, demo, keeper):
        where = ("--data", str(demo.data), "--instance", "harbour-lane-demo")
        shown = run_lanyard("what-can", keeper, "DataTableRecord", *where).stdout
        assert "Refund limits/Retail" in shown
        assert "Refund limits/Business" not in shown
