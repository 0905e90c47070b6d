"""Flow modules, their versions, aliases and saved content."""

import hashlib
import json
import uuid

import pytest

from conftest import new_instance
from harness.expect import not_found, refused
from harness.operations import unique

CONTENT = json.dumps({"Version": "2019-10-30", "StartAction": "end", "Actions": [], "Settings": {}})
OTHER = json.dumps({"Version": "2019-10-30", "StartAction": "other", "Actions": []}, indent=2)
SETTINGS = json.dumps({"Retries": 2})


@pytest.fixture
def make(connect, instance):
    def make(**members) -> str:
        members = {"InstanceId": instance, "Name": unique("module"), "Content": CONTENT, **members}
        return connect.create_contact_flow_module(**members)["Id"]

    return make


@pytest.fixture
def module(make) -> str:
    return make()


@pytest.fixture
def describe(connect, instance):
    def describe(module: str) -> dict:
        return connect.describe_contact_flow_module(InstanceId=instance, ContactFlowModuleId=module)["ContactFlowModule"]

    return describe


@pytest.fixture
def of(instance):
    """The members that name a module."""
    return lambda module: {"InstanceId": instance, "ContactFlowModuleId": module}


@pytest.fixture
def version(connect, of):
    def version(module: str, **members) -> int:
        return connect.create_contact_flow_module_version(**of(module), **members)["Version"]

    return version


@pytest.fixture
def alias(connect, of):
    def alias(module: str, number: int, name: str | None = None, **members) -> str:
        named = {"AliasName": name or unique("alias"), "ContactFlowModuleVersion": number, **members}
        return connect.create_contact_flow_module_alias(**of(module), **named)["Id"]

    return alias


class TestCreate:
    def test_with_everything(self, connect, instance, describe):
        name = unique("module")
        made = connect.create_contact_flow_module(
            InstanceId=instance,
            Name=name,
            Description="Finds orders",
            Content=CONTENT,
            Settings=SETTINGS,
            ExternalInvocationConfiguration={"Enabled": True},
            Tags={"team": "care"},
        )
        assert made["Arn"].endswith(f"instance/{instance}/flow-module/{made['Id']}")
        assert describe(made["Id"]) == {
            "Arn": made["Arn"],
            "Id": made["Id"],
            "Name": name,
            "Description": "Finds orders",
            "Content": CONTENT,
            "FlowModuleContentSha256": hashlib.sha256(CONTENT.encode()).hexdigest(),
            "Settings": SETTINGS,
            "ExternalInvocationConfiguration": {"Enabled": True},
            "State": "ACTIVE",
            "Status": "PUBLISHED",
            "Tags": {"team": "care"},
        }
        assert describe(made["Arn"])["Id"] == made["Id"]

    def test_with_little(self, make, describe):
        result = describe(make())
        absent = {"Description", "Settings", "ExternalInvocationConfiguration", "Tags", "Version"}
        assert not absent & result.keys()

    def test_disabled_external_invocation_is_described(self, make, describe):
        module = make(ExternalInvocationConfiguration={"Enabled": False})
        assert describe(module)["ExternalInvocationConfiguration"] == {"Enabled": False}

    def test_the_content_is_kept_byte_for_byte(self, make, describe):
        assert describe(make(Content=OTHER))["Content"] == OTHER

    @pytest.mark.parametrize("member", ["Content", "Settings"])
    @pytest.mark.parametrize("text", ["{", "not json", "[]", '"text"', "{} {}"])
    def test_content_that_is_not_json(self, make, member, text):
        with refused("InvalidContactFlowModuleException") as caught:
            make(**{member: text})
        problems = caught.value.response["Problems"]
        assert [member in problem["message"] for problem in problems] == [True]

    def test_every_problem_is_reported(self, make):
        with refused("InvalidContactFlowModuleException") as caught:
            make(Content="{", Settings="[")
        assert len(caught.value.response["Problems"]) == 2

    def test_a_name_is_unique(self, make, connect, instance):
        name = unique("module")
        make(Name=name)
        with refused("DuplicateResourceException", message=name):
            make(Name=name)
        make(Name=name.upper())

    def test_again_with_the_same_token(self, make):
        token, name = str(uuid.uuid4()), unique("module")
        first = make(Name=name, ClientToken=token)
        assert make(Name=name, ClientToken=token) == first
        with refused("IdempotencyException", message="ClientToken"):
            make(Name=unique("module"), ClientToken=token)

    def test_a_token_belongs_to_one_instance(self, connect, make):
        token, name = str(uuid.uuid4()), unique("module")
        first = make(Name=name, ClientToken=token)
        assert make(InstanceId=new_instance(connect), Name=name, ClientToken=token) != first

    def test_the_quota(self, start_server):
        client = start_server("--quota", "flow-modules=2").client()
        instance = new_instance(client)
        for _ in range(2):
            client.create_contact_flow_module(InstanceId=instance, Name=unique("module"), Content=CONTENT)
        with refused("LimitExceededException"):
            client.create_contact_flow_module(InstanceId=instance, Name=unique("module"), Content=CONTENT)

    def test_in_no_instance(self, make):
        with not_found():
            make(InstanceId=str(uuid.uuid4()))


class TestContent:
    def test_replaced_at_once(self, connect, of, module, describe):
        connect.update_contact_flow_module_content(**of(module), Content=OTHER)
        result = describe(module)
        assert (result["Content"], result["Status"]) == (OTHER, "PUBLISHED")
        assert result["FlowModuleContentSha256"] == hashlib.sha256(OTHER.encode()).hexdigest()

    def test_settings_stay_are_replaced_and_cleared(self, connect, of, make, describe):
        module = make(Settings=SETTINGS)
        connect.update_contact_flow_module_content(**of(module), Content=OTHER)
        assert describe(module)["Settings"] == SETTINGS
        connect.update_contact_flow_module_content(**of(module), Settings="{}")
        assert (describe(module)["Settings"], describe(module)["Content"]) == ("{}", OTHER)
        connect.update_contact_flow_module_content(**of(module), Settings="")
        assert "Settings" not in describe(module)

    def test_content_that_is_not_json_changes_nothing(self, connect, of, module, describe):
        with refused("InvalidContactFlowModuleException"):
            connect.update_contact_flow_module_content(**of(module), Content=OTHER, Settings="{")
        assert describe(module)["Content"] == CONTENT

    def test_saved_and_then_published(self, connect, of, module, describe):
        assert describe(f"{module}:$SAVED")["Status"] == "PUBLISHED"
        connect.update_contact_flow_module_content(**of(f"{module}:$SAVED"), Content=OTHER)
        connect.update_contact_flow_module_content(**of(f"{module}:$SAVED"), Settings=SETTINGS)

        saved, published = describe(f"{module}:$SAVED"), describe(module)
        assert (saved["Content"], saved["Settings"], saved["Status"]) == (OTHER, SETTINGS, "SAVED")
        assert (published["Content"], published["Status"]) == (CONTENT, "PUBLISHED")
        assert describe(f"{module}:$LATEST") == published

        connect.update_contact_flow_module_content(**of(module), Content=OTHER)
        assert describe(f"{module}:$SAVED") == describe(module)
        assert describe(module)["Content"] == OTHER

    def test_a_version_cannot_be_changed(self, connect, of, module, version):
        with refused("InvalidRequestException", message="version"):
            connect.update_contact_flow_module_content(**of(f"{module}:{version(module)}"), Content=OTHER)

    def test_of_no_module(self, connect, of):
        with not_found():
            connect.update_contact_flow_module_content(**of(str(uuid.uuid4())), Content=OTHER)


class TestMetadata:
    def test_members_that_are_not_sent_stay(self, connect, of, make, describe):
        module = make(Description="before")
        before = describe(module)
        connect.update_contact_flow_module_metadata(**of(module))
        assert describe(module) == before
        name = unique("renamed")
        connect.update_contact_flow_module_metadata(**of(module), Name=name)
        assert describe(module) == {**before, "Name": name}

    def test_an_empty_description_clears(self, connect, of, make, describe):
        module = make(Description="before")
        connect.update_contact_flow_module_metadata(**of(module), Description="after")
        assert describe(module)["Description"] == "after"
        connect.update_contact_flow_module_metadata(**of(module), Description="")
        assert "Description" not in describe(module)

    def test_archived_and_back(self, connect, of, module, describe):
        connect.update_contact_flow_module_metadata(**of(module), State="ARCHIVED")
        assert describe(module)["State"] == "ARCHIVED"
        connect.update_contact_flow_module_metadata(**of(module), State="ACTIVE")
        assert describe(module)["State"] == "ACTIVE"

    def test_a_name_that_is_taken(self, connect, of, make, describe):
        taken, module = make(), make()
        name = describe(taken)["Name"]
        with refused("DuplicateResourceException", message=name):
            connect.update_contact_flow_module_metadata(**of(module), Name=name)
        connect.update_contact_flow_module_metadata(**of(taken), Name=name)

    def test_of_no_module(self, connect, of):
        with not_found():
            connect.update_contact_flow_module_metadata(**of(str(uuid.uuid4())), Name="x")


class TestVersions:
    def test_keep_the_published_content(self, connect, of, make, describe, version):
        module = make(Settings=SETTINGS)
        assert version(module, Description="first") == 1
        connect.update_contact_flow_module_content(**of(f"{module}:$SAVED"), Content="{}")
        connect.update_contact_flow_module_content(**of(module), Content=OTHER, Settings="")
        assert version(module) == 2

        first, second = describe(f"{module}:1"), describe(f"{module}:2")
        assert (first["Content"], first["Settings"], first["Version"]) == (CONTENT, SETTINGS, 1)
        assert first["VersionDescription"] == "first"
        assert first["Arn"].endswith(f"{module}:1")
        assert (second["Content"], second["Version"]) == (OTHER, 2)
        assert "VersionDescription" not in second and "Settings" not in second
        assert describe(first["Arn"]) == first

    def test_with_a_hash(self, module, version):
        assert version(module, FlowModuleContentSha256=hashlib.sha256(CONTENT.encode()).hexdigest()) == 1
        with refused("InvalidParameterException", message="FlowModuleContentSha256"):
            version(module, FlowModuleContentSha256="0" * 64)

    def test_listed_in_pages(self, connect, of, module, version):
        for number in range(1, 12):
            assert version(module, Description=f"number {number}") == number
        pages = connect.get_paginator("list_contact_flow_module_versions").paginate(
            **of(module), PaginationConfig={"PageSize": 4}
        )
        rows = [page["ContactFlowModuleVersionSummaryList"] for page in pages]
        assert [len(page) for page in rows] == [4, 4, 3]
        assert [row["Version"] for page in rows for row in page] == list(range(1, 12))
        assert rows[0][0]["VersionDescription"] == "number 1"
        assert rows[0][0]["Arn"].endswith(f"flow-module/{module}:1")

    def test_a_number_is_never_used_again(self, connect, of, module, version):
        version(module)
        connect.delete_contact_flow_module_version(**of(module), ContactFlowModuleVersion=1)
        assert version(module) == 2
        with not_found():
            connect.delete_contact_flow_module_version(**of(module), ContactFlowModuleVersion=1)

    def test_one_that_an_alias_refers_to(self, connect, of, module, version, alias):
        version(module)
        name = unique("alias")
        held = alias(module, 1, name)
        with refused("InvalidRequestException", message=f"{held}.*{name}"):
            connect.delete_contact_flow_module_version(**of(module), ContactFlowModuleVersion=1)
        connect.delete_contact_flow_module_alias(**of(module), AliasId=held)
        connect.delete_contact_flow_module_version(**of(module), ContactFlowModuleVersion=1)

    def test_of_no_module(self, connect, of, module, describe):
        nobody = of(str(uuid.uuid4()))
        for call in (
            lambda: connect.create_contact_flow_module_version(**nobody),
            lambda: connect.list_contact_flow_module_versions(**nobody),
            lambda: connect.delete_contact_flow_module_version(**nobody, ContactFlowModuleVersion=1),
            lambda: connect.delete_contact_flow_module_version(**of(module), ContactFlowModuleVersion=7),
            lambda: describe(f"{module}:7"),
            lambda: describe(f"{module}:nobody"),
            lambda: describe(f"{uuid.uuid4()}:1"),
        ):
            with not_found():
                call()


class TestAliases:
    @pytest.fixture
    def module(self, make, connect, of, version) -> str:
        module = make()
        version(module)
        connect.update_contact_flow_module_content(**of(module), Content=OTHER)
        version(module)
        return module

    @pytest.fixture
    def look(self, connect, of):
        def look(module: str, alias: str) -> dict:
            result = connect.describe_contact_flow_module_alias(**of(module), AliasId=alias)["ContactFlowModuleAlias"]
            return {name: value for name, value in result.items() if name != "LastModifiedTime"}

        return look

    def test_refers_to_a_version(self, module, alias, look, describe, server):
        held = alias(module, 1, "live", Description="what callers hear")
        arn = describe(module)["Arn"]
        assert look(module, held) == {
            "ContactFlowModuleId": module,
            "ContactFlowModuleArn": arn,
            "AliasId": held,
            "Version": 1,
            "Name": "live",
            "Description": "what callers hear",
            "LastModifiedRegion": "us-east-1",
        }
        assert describe(f"{module}:live") == describe(f"{module}:1")

    def test_moved_renamed_and_described(self, connect, of, module, alias, look):
        held = alias(module, 1, Description="before")
        before = look(module, held)
        connect.update_contact_flow_module_alias(**of(module), AliasId=held, ContactFlowModuleVersion=2)
        assert look(module, held) == {**before, "Version": 2}
        connect.update_contact_flow_module_alias(**of(module), AliasId=held, Name="renamed_alias")
        assert look(module, held) == {**before, "Version": 2, "Name": "renamed_alias"}
        connect.update_contact_flow_module_alias(**of(module), AliasId=held, Description="")
        assert "Description" not in look(module, held)

    def test_names_are_unique_in_a_module(self, connect, of, module, alias, make, version):
        alias(module, 1, "live")
        with refused("DuplicateResourceException", message="live"):
            alias(module, 2, "live")
        second = alias(module, 2, "next")
        with refused("DuplicateResourceException", message="live"):
            connect.update_contact_flow_module_alias(**of(module), AliasId=second, Name="live")
        other = make()
        version(other)
        alias(other, 1, "live")

    @pytest.mark.parametrize("name", ["$LATEST", "$SAVED", "12"])
    def test_names_that_mean_something_already(self, connect, of, module, alias, name):
        with refused("InvalidParameterException", message="meaning"):
            alias(module, 1, name)
        held = alias(module, 1)
        with refused("InvalidParameterException", message="meaning"):
            connect.update_contact_flow_module_alias(**of(module), AliasId=held, Name=name)

    @pytest.mark.parametrize("name", ["a b", "-a", "a--b", "a:b", "é", "a" * 101])
    def test_names_of_a_wrong_form(self, connect, of, module, alias, name):
        with refused("InvalidParameterException"):
            alias(module, 1, name)
        held = alias(module, 1)
        with refused("InvalidParameterException"):
            connect.update_contact_flow_module_alias(**of(module), AliasId=held, Name=name)

    def test_listed_in_pages(self, connect, of, module, alias, describe):
        held = {alias(module, 1 + n % 2): 1 + n % 2 for n in range(5)}
        pages = connect.get_paginator("list_contact_flow_module_aliases").paginate(
            **of(module), PaginationConfig={"PageSize": 2}
        )
        rows = [row for page in pages for row in page["ContactFlowModuleAliasSummaryList"]]
        assert {row["AliasId"]: row["Version"] for row in rows} == held
        assert all(row["Arn"] == f"{describe(module)['Arn']}:{row['AliasName']}" for row in rows)

    def test_missing_resources(self, connect, of, make, module, alias, look):
        held, other = alias(module, 1), make()
        for call in (
            lambda: alias(module, 7),
            lambda: alias(str(uuid.uuid4()), 1),
            lambda: connect.update_contact_flow_module_alias(**of(module), AliasId=held, ContactFlowModuleVersion=7),
            lambda: connect.update_contact_flow_module_alias(**of(module), AliasId=str(uuid.uuid4()), Name="x"),
            lambda: connect.delete_contact_flow_module_alias(**of(module), AliasId=str(uuid.uuid4())),
            lambda: connect.list_contact_flow_module_aliases(**of(str(uuid.uuid4()))),
            lambda: look(other, held),
        ):
            with not_found():
                call()


class TestDelete:
    def test_with_its_versions_and_aliases(self, connect, of, module, version, alias, describe):
        version(module)
        version(module)
        alias(module, 2)
        connect.delete_contact_flow_module(**of(module))
        for gone in (module, f"{module}:1"):
            with not_found():
                describe(gone)
        with not_found():
            connect.delete_contact_flow_module(**of(module))

    def test_a_name_is_free_again(self, connect, of, make):
        name = unique("module")
        connect.delete_contact_flow_module(**of(make(Name=name)))
        make(Name=name)


@pytest.fixture(scope="module")
def centre(connect) -> dict:
    """An instance with eight modules, by name."""
    instance = new_instance(connect)
    modules = {}
    for n in range(8):
        name = f"{'Refund' if n % 2 else 'Payment'} {n}"
        modules[name] = connect.create_contact_flow_module(
            InstanceId=instance,
            Name=name,
            Description=f"Deals with case {n}",
            Content=CONTENT,
            Tags={"team": "care" if n < 4 else "sales"},
        )["Id"]
    connect.update_contact_flow_module_metadata(
        InstanceId=instance, ContactFlowModuleId=modules["Payment 0"], State="ARCHIVED"
    )
    connect.update_contact_flow_module_content(
        InstanceId=instance, ContactFlowModuleId=modules["Refund 1"] + ":$SAVED", Content=OTHER
    )
    return {"instance": instance, "modules": modules}


class TestListAndSearch:
    @pytest.fixture
    def search(self, connect, centre):
        def search(criteria: dict | None = None, filter: dict | None = None) -> set[str]:
            members = {"SearchCriteria": criteria, "SearchFilter": filter and {"TagFilter": filter}}
            members = {name: value for name, value in members.items() if value}
            answer = connect.search_contact_flow_modules(InstanceId=centre["instance"], **members)
            assert answer["ApproximateTotalCount"] == len(answer["ContactFlowModules"])
            return {module["Name"] for module in answer["ContactFlowModules"]}

        return search

    def test_listed_in_pages(self, connect, centre):
        pages = connect.get_paginator("list_contact_flow_modules").paginate(
            InstanceId=centre["instance"], PaginationConfig={"PageSize": 3}
        )
        rows = [row for page in pages for row in page["ContactFlowModulesSummaryList"]]
        assert {row["Name"]: row["Id"] for row in rows} == centre["modules"]
        assert len(rows) == 8

    @pytest.mark.parametrize("state, count", [("ACTIVE", 7), ("ARCHIVED", 1)])
    def test_listed_by_state(self, connect, centre, state, count):
        rows = connect.list_contact_flow_modules(InstanceId=centre["instance"], ContactFlowModuleState=state)
        assert [row["State"] for row in rows["ContactFlowModulesSummaryList"]] == [state] * count

    def test_a_token_of_another_state(self, connect, centre):
        first = connect.list_contact_flow_modules(
            InstanceId=centre["instance"], ContactFlowModuleState="ACTIVE", MaxResults=1
        )
        with refused("InvalidParameterException", message="NextToken"):
            connect.list_contact_flow_modules(InstanceId=centre["instance"], NextToken=first["NextToken"])

    def test_searched_for_everything(self, search, centre):
        assert search() == set(centre["modules"])

    @pytest.mark.parametrize(
        "field, value, comparison, result",
        [
            ("name", "refund", "STARTS_WITH", {"Refund 1", "Refund 3", "Refund 5", "Refund 7"}),
            ("name", "MENT 2", "CONTAINS", {"Payment 2"}),
            ("name", "Payment 2", "EXACT", {"Payment 2"}),
            ("name", "payment 2", "EXACT", set()),
            ("description", "case 5", "CONTAINS", {"Refund 5"}),
        ],
    )
    def test_by_text(self, search, field, value, comparison, result):
        condition = {"FieldName": field, "Value": value, "ComparisonType": comparison}
        assert search({"StringCondition": condition}) == result

    def test_by_state_and_status(self, search, centre):
        every = set(centre["modules"])
        assert search({"StateCondition": "ARCHIVED"}) == {"Payment 0"}
        assert search({"StateCondition": "ACTIVE"}) == every - {"Payment 0"}
        assert search({"StatusCondition": "SAVED"}) == {"Refund 1"}
        assert search({"StatusCondition": "PUBLISHED"}) == every

    def test_by_trees_and_tags(self, search):
        def named(value):
            return {"StringCondition": {"FieldName": "name", "Value": value, "ComparisonType": "EXACT"}}

        assert search({"OrConditions": [named("Refund 1"), named("Payment 2")]}) == {"Refund 1", "Payment 2"}
        assert search({"AndConditions": [named("Payment 0"), {"StateCondition": "ACTIVE"}]}) == set()
        either = {"OrConditions": [named("Refund 1"), {"StateCondition": "ARCHIVED"}]}
        assert search({"AndConditions": [either, {"StatusCondition": "SAVED"}]}) == {"Refund 1"}
        care = {"TagCondition": {"TagKey": "team", "TagValue": "care"}}
        assert search({"StateCondition": "ACTIVE"}, care) == {"Refund 1", "Payment 2", "Refund 3"}

    def test_shown_as_published(self, connect, centre):
        condition = {"StringCondition": {"FieldName": "name", "Value": "Refund 1", "ComparisonType": "EXACT"}}
        result = connect.search_contact_flow_modules(InstanceId=centre["instance"], SearchCriteria=condition)
        described = connect.describe_contact_flow_module(
            InstanceId=centre["instance"], ContactFlowModuleId=centre["modules"]["Refund 1"]
        )
        assert result["ContactFlowModules"] == [described["ContactFlowModule"]]

    def test_in_pages(self, connect, centre):
        pages = connect.get_paginator("search_contact_flow_modules").paginate(
            InstanceId=centre["instance"], PaginationConfig={"PageSize": 3}
        )
        assert [len(page["ContactFlowModules"]) for page in pages] == [3, 3, 2]

    def test_a_field_that_cannot_be_searched(self, search):
        condition = {"FieldName": "content", "Value": "end", "ComparisonType": "CONTAINS"}
        with refused("InvalidParameterException", message="FieldName"):
            search({"StringCondition": condition})


def test_tags(connect, make, describe):
    module = make(Tags={"team": "care"})
    arn = describe(module)["Arn"]
    connect.tag_resource(resourceArn=arn, tags={"site": "north"})
    connect.untag_resource(resourceArn=arn, tagKeys=["team"])
    assert connect.list_tags_for_resource(resourceArn=arn)["tags"] == {"site": "north"}
    assert describe(module)["Tags"] == {"site": "north"}
    with refused("InvalidParameterException", message="(?i)tags"):
        make(Tags={"aws:team": "care"})


def test_kept_over_a_restart(start_server):
    server = start_server()
    client = server.client()
    instance = new_instance(client)
    token, name = str(uuid.uuid4()), unique("module")
    made = {"InstanceId": instance, "Name": name, "Content": CONTENT, "ClientToken": token}
    module = client.create_contact_flow_module(**made)["Id"]
    of = {"InstanceId": instance, "ContactFlowModuleId": module}
    client.create_contact_flow_module_version(**of)
    client.create_contact_flow_module_alias(**of, AliasName="live", ContactFlowModuleVersion=1)
    client.update_contact_flow_module_content(**{**of, "ContactFlowModuleId": f"{module}:$SAVED"}, Content=OTHER)
    server.kill()
    server.start()
    client = server.client()
    assert client.create_contact_flow_module(**made)["Id"] == module
    for qualifier, content in (("", CONTENT), (":$SAVED", OTHER), (":live", CONTENT)):
        result = client.describe_contact_flow_module(InstanceId=instance, ContactFlowModuleId=module + qualifier)
        assert result["ContactFlowModule"]["Content"] == content
