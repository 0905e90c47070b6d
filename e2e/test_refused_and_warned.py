"""Input without effect or with another effect than intended: refused where it would widen an answer, with a warning where it is stored."""

import uuid

import pytest
from botocore.exceptions import ClientError

from conftest import new_instance
from harness.expect import refused
from harness.operations import unique

WARNING = "x-lanyard-warning"
AGENT = "arn:aws:wisdom:us-east-1:123456789012:ai-agent/a2b3/c4d5"


@pytest.fixture(scope="module")
def profile(connect, instance):
    made = connect.create_security_profile(InstanceId=instance, SecurityProfileName=unique("named"), Permissions=["Users.View"])
    return {"InstanceId": instance, "id": made["SecurityProfileId"], "arn": made["SecurityProfileArn"]}


class TestAProfileByItsArn:
    @pytest.mark.parametrize(
        "operation",
        [
            "describe_security_profile",
            "list_security_profile_permissions",
            "list_security_profile_applications",
            "list_security_profile_flow_modules",
        ],
    )
    def test_it_is_read(self, connect, profile, operation):
        by = [
            getattr(connect, operation)(InstanceId=profile["InstanceId"], SecurityProfileId=name)
            for name in (profile["id"], profile["arn"])
        ]
        assert {**by[0], "ResponseMetadata": None} == {**by[1], "ResponseMetadata": None}

    def test_it_is_updated_associated_and_deleted(self, connect, instance):
        made = connect.create_security_profile(InstanceId=instance, SecurityProfileName=unique("by arn"))
        arn = made["SecurityProfileArn"]
        connect.update_security_profile(InstanceId=instance, SecurityProfileId=arn, Description="by arn")
        described = connect.describe_security_profile(InstanceId=instance, SecurityProfileId=made["SecurityProfileId"])
        assert described["SecurityProfile"]["Description"] == "by arn"
        agent = {"InstanceId": instance, "EntityType": "AI_AGENT", "EntityArn": AGENT, "SecurityProfiles": [{"Id": arn}]}
        connect.associate_security_profiles(**agent)
        held = connect.list_entity_security_profiles(InstanceId=instance, EntityType="AI_AGENT", EntityArn=AGENT)
        assert [one["Id"] for one in held["SecurityProfiles"]] == [made["SecurityProfileId"]]
        connect.disassociate_security_profiles(**agent)
        connect.delete_security_profile(InstanceId=instance, SecurityProfileId=arn)

    def test_that_of_another_instance_is_not_found(self, connect, profile):
        other = new_instance(connect)
        with refused("ResourceNotFoundException"):
            connect.describe_security_profile(InstanceId=other, SecurityProfileId=profile["arn"])
        with refused("ResourceNotFoundException"):
            connect.describe_security_profile(
                InstanceId=profile["InstanceId"], SecurityProfileId=profile["arn"].replace("security-profile", "agent")
            )


SEARCHES = [
    "search_security_profiles",
    "search_users",
    "search_queues",
    "search_quick_connects",
    "search_routing_profiles",
    "search_hours_of_operations",
    "search_contact_flow_modules",
]


class TestConditionsThatSayNothing:
    @pytest.mark.parametrize("operation", SEARCHES)
    @pytest.mark.parametrize(
        ("tags", "message"),
        [
            ({"TagCondition": {}}, "TagKey"),
            ({"TagCondition": {"TagValue": "Billing"}}, "TagKey"),
            ({"AndConditions": [{"TagKey": "a"}, {"TagValue": "b"}]}, "TagKey"),
            ({"OrConditions": [[{"TagKey": "a"}], []]}, r"OrConditions\[1\]"),
            ({"OrConditions": [[{"TagKey": "a"}], [{}]]}, "TagKey"),
        ],
    )
    def test_a_tag_condition(self, connect, instance, operation, tags, message):
        with refused("InvalidParameterException", "InvalidRequestException", message=message):
            getattr(connect, operation)(InstanceId=instance, SearchFilter={"TagFilter": tags})

    @pytest.mark.parametrize(
        ("attributes", "message"),
        [
            ({"TagCondition": {}}, "TagKey"),
            ({"AndCondition": {}}, "AndCondition"),
            ({"OrConditions": [{}]}, r"OrConditions\[0\]"),
            ({"OrConditions": [{"TagConditions": [{"TagValue": "x"}]}]}, "TagKey"),
        ],
    )
    def test_of_a_filter_of_users(self, connect, instance, attributes, message):
        with refused("InvalidParameterException", message=message):
            connect.search_users(InstanceId=instance, SearchFilter={"UserAttributeFilter": attributes})

    @pytest.mark.parametrize("operation", SEARCHES)
    def test_a_branch_of_the_criteria(self, connect, instance, operation):
        with refused("InvalidParameterException", "InvalidRequestException", message=r"OrConditions\[0\]"):
            getattr(connect, operation)(InstanceId=instance, SearchCriteria={"OrConditions": [{}]})

    def test_a_key_without_a_value_asks_for_the_key(self, connect, instance):
        name = unique("tagged")
        connect.create_security_profile(InstanceId=instance, SecurityProfileName=name, Tags={"asked": "for"})
        result = connect.search_security_profiles(
            InstanceId=instance, SearchFilter={"TagFilter": {"TagCondition": {"TagKey": "asked"}}}
        )
        assert [one["SecurityProfileName"] for one in result["SecurityProfiles"]] == [name]


def warnings(connect, instance, **members) -> str:
    answer = connect.create_security_profile(InstanceId=instance, SecurityProfileName=unique("warned"), **members)
    return answer["ResponseMetadata"]["HTTPHeaders"].get(WARNING, "")


def records(*values) -> dict:
    return {
        "DataTableAccessControlConfiguration": {
            "PrimaryAttributeAccessControlConfiguration": {"PrimaryAttributeValues": list(values)}
        }
    }


class TestWhatRestrictsOrGrantsNothing:
    @pytest.mark.parametrize(
        ("members", "message"),
        [
            ({"TagRestrictedResources": ["Users"]}, "did you mean User?"),
            ({"TagRestrictedResources": ["Queu"]}, "did you mean Queue?"),
            ({"TagRestrictedResources": ["Sundry"]}, "names no type"),
            ({"AllowedAIAgents": [{"Arn": "junk"}]}, "not the ARN of an AI agent"),
            ({"AllowedAIAgents": [{}]}, "without `Arn`"),
            ({"Applications": [{}]}, "without `Namespace`"),
            ({"AllowedFlowModules": [{}]}, "without `FlowModuleId`"),
            ({"GranularAccessControlConfiguration": records({})}, "without `AttributeName`"),
            ({"GranularAccessControlConfiguration": records({"AttributeName": "brand"})}, "no values"),
        ],
    )
    def test_is_stored_with_a_warning(self, server, instance, members, message):
        assert message in warnings(server.client(strictly=False), instance, **members)

    @pytest.mark.parametrize(
        "name",
        ["User", "Queue", "Cases", "DataTable", "OperatingHours", "TransferDestination", "EmailAddress", "HierarchyGroup"],
    )
    def test_known_types_raise_no_warning(self, connect, instance, name):
        assert warnings(connect, instance, TagRestrictedResources=[name], AllowedAccessControlTags={"a": "b"}) == ""

    def test_where_unknown_permissions_are_refused_so_are_these(self, start_server):
        server = start_server("--unknown-permissions", "reject")
        instance = new_instance(server.client())
        with refused("InvalidParameterException", message="did you mean Queue"):
            warnings(server.client(), instance, TagRestrictedResources=["Queu"])

    def test_the_values_of_an_attribute_have_a_bound_together(self, connect, instance):
        entry = {"AccessType": "ALLOW", "AttributeName": "brand"}
        fits = {**entry, "Values": ["x" * 500, "y" * 500]}
        warnings(connect, instance, GranularAccessControlConfiguration=records(fits))
        with refused("InvalidParameterException", "InvalidRequestException", message="1001 characters together"):
            warnings(
                connect, instance, GranularAccessControlConfiguration=records({**entry, "Values": ["x" * 500, "y" * 501]})
            )


class TestIdentifiersOfInstances:
    @pytest.mark.parametrize("text", ["nobody", " {}", "{}x", "arn:aws:connect:us-east-1:123456789012:instance/x", "arn:x"])
    def test_malformed_identifiers_are_invalid_parameters(self, wire, instance, text):
        for operation in ("DescribeInstance", "ListQueues", "DeleteInstance"):
            answer = wire.call(operation, {"InstanceId": text.format(instance)})
            kind = answer.headers["x-amzn-ErrorType"]
            assert (answer.status, kind in ("InvalidParameterException", "InvalidRequestException")) == (400, True), kind

    def test_well_formed_unknown_identifiers_are_not_found(self, connect, instance):
        nobody = str(uuid.uuid4())
        for text in (nobody, f"arn:aws:connect:eu-west-1:123456789012:instance/{instance}"):
            with pytest.raises(ClientError) as unknown:
                connect.list_queues(InstanceId=text)
            assert unknown.value.response["Error"]["Code"] == "ResourceNotFoundException"


class TestCountsOfSearches:
    def test_every_page_has_the_total_count(self, start_server):
        server = start_server()
        connect = server.client()
        instance = new_instance(connect)
        for number in range(7):
            connect.create_security_profile(InstanceId=instance, SecurityProfileName=f"counted {number}", Tags={"n": "a"})
        parameters = {"InstanceId": instance, "SearchFilter": {"TagFilter": {"TagCondition": {"TagKey": "n"}}}}
        pages = connect.get_paginator("search_security_profiles").paginate(**parameters, PaginationConfig={"PageSize": 3})
        pages = list(pages)
        assert [page["ApproximateTotalCount"] for page in pages] == [7, 7, 7]
        assert sum(len(page["SecurityProfiles"]) for page in pages) == 7
        everything = connect.search_security_profiles(InstanceId=instance, MaxResults=2)
        assert everything["ApproximateTotalCount"] == len(
            connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]
        )


def test_many_invented_regions_leave_nothing_behind(start_server):
    """A region is whatever a client signs for; a write that is refused there makes nothing."""
    server = start_server()
    for number in range(40):
        client = server.client(region=f"eu-north-{number}", strictly=False)
        with refused("InvalidRequestException", "InvalidParameterException"):
            client.create_instance(
                IdentityManagementType="EXISTING_DIRECTORY", InboundCallsEnabled=True, OutboundCallsEnabled=True
            )
        assert client.list_instances()["InstanceSummaryList"] == []
