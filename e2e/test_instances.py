"""Instances: creating one as a customer finds it, its attributes, its alias, its end."""

import re
import uuid
from datetime import datetime, timedelta, timezone

import pytest
from botocore.exceptions import ClientError

from conftest import new_instance
from harness.expect import not_found, refused
from harness.operations import unique
from harness.profiles import read_profile
from harness.server import ACCOUNT, REGION

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
BUILT_IN = {"Admin", "Agent", "CallCenterManager", "QualityAnalyst"}
ATTRIBUTES = {
    "INBOUND_CALLS",
    "OUTBOUND_CALLS",
    "CONTACTFLOW_LOGS",
    "CONTACT_LENS",
    "AUTO_RESOLVE_BEST_VOICES",
    "USE_CUSTOM_TTS_VOICES",
    "EARLY_MEDIA",
    "MULTI_PARTY_CONFERENCE",
}


def every_instance(client) -> list[dict]:
    return [one for page in client.get_paginator("list_instances").paginate() for one in page["InstanceSummaryList"]]


def test_create_and_describe(connect):
    alias = unique("northwind")

    created = connect.create_instance(
        InstanceAlias=alias,
        IdentityManagementType="CONNECT_MANAGED",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=False,
        Tags={"stage": "test"},
    )

    assert re.fullmatch(UUID, created["Id"])
    assert created["Arn"] == f"arn:aws:connect:{REGION}:{ACCOUNT}:instance/{created['Id']}"
    result = connect.describe_instance(InstanceId=created["Id"])["Instance"]
    assert {name: result[name] for name in ("Id", "Arn", "InstanceAlias", "IdentityManagementType", "InstanceStatus")} == {
        "Id": created["Id"],
        "Arn": created["Arn"],
        "InstanceAlias": alias,
        "IdentityManagementType": "CONNECT_MANAGED",
        "InstanceStatus": "ACTIVE",
    }
    assert result["InboundCallsEnabled"] is True
    assert result["OutboundCallsEnabled"] is False
    assert result["Tags"] == {"stage": "test"}
    assert abs(result["CreatedTime"] - datetime.now(timezone.utc)) < timedelta(minutes=1)
    assert re.fullmatch(rf"arn:aws:iam::{ACCOUNT}:role/.+", result["ServiceRole"])
    assert alias in result["InstanceAccessUrl"]


def test_saml_instance(connect):
    instance = new_instance(connect, IdentityManagementType="SAML")
    assert connect.describe_instance(InstanceId=instance)["Instance"]["IdentityManagementType"] == "SAML"


def test_list_agrees_with_describe(connect):
    instance = new_instance(connect)
    described = connect.describe_instance(InstanceId=instance)["Instance"]

    (listed,) = [one for one in every_instance(connect) if one["Id"] == instance]

    assert listed == {name: value for name, value in described.items() if name in listed}
    assert {"Id", "Arn", "InstanceAlias", "CreatedTime", "InstanceStatus", "ServiceRole"} <= set(listed)


def test_a_new_instance_has_the_built_in_profiles(connect):
    instance = new_instance(connect)

    listed = connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]

    assert {one["Name"] for one in listed} == BUILT_IN
    assert {one["Type"] for one in listed} == {"CUSTOMER_MANAGED"}
    profiles = {one["Name"]: read_profile(connect, instance, one["Id"]) for one in listed}
    assert all(profile["Description"] for profile in profiles.values())
    assert len(profiles["Admin"]["Permissions"]) == 290
    assert {"SecurityProfiles.Edit", "Users.Edit", "Queues.Edit"} <= set(profiles["Admin"]["Permissions"])
    assert not any(name.startswith("Restrict") for name in profiles["Admin"]["Permissions"])
    assert {"BasicAgentAccess", "OutboundCallAccess"} <= set(profiles["Agent"]["Permissions"])
    assert len(profiles["CallCenterManager"]["Permissions"]) == 64
    assert profiles["QualityAnalyst"]["Permissions"] == [
        "AccessMetrics",
        "AgentTimeCard.View",
        "ContactAttributes.View",
        "ContactSearch.View",
    ]


def test_built_in_profiles_can_be_edited_and_deleted(connect):
    instance = new_instance(connect)
    ids = {one["Name"]: one["Id"] for one in connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]}

    connect.update_security_profile(InstanceId=instance, SecurityProfileId=ids["Agent"], Permissions=["BasicAgentAccess"])
    connect.delete_security_profile(InstanceId=instance, SecurityProfileId=ids["QualityAnalyst"])

    assert read_profile(connect, instance, ids["Agent"])["Permissions"] == ["BasicAgentAccess"]
    left = connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]
    assert {one["Name"] for one in left} == BUILT_IN - {"QualityAnalyst"}


def test_instances_do_not_share_profiles(connect):
    first, second = new_instance(connect), new_instance(connect)
    profile = connect.create_security_profile(InstanceId=first, SecurityProfileName="Shared name")["SecurityProfileId"]

    connect.create_security_profile(InstanceId=second, SecurityProfileName="Shared name")

    with not_found():
        connect.describe_security_profile(InstanceId=second, SecurityProfileId=profile)
    with not_found():
        connect.update_security_profile(InstanceId=second, SecurityProfileId=profile, Description="from another instance")
    with not_found():
        connect.delete_security_profile(InstanceId=second, SecurityProfileId=profile)


class TestAlias:
    def test_in_use(self, connect):
        alias = unique("taken")
        new_instance(connect, InstanceAlias=alias)

        with refused("InvalidRequestException", message="(?i)alias"):
            new_instance(connect, InstanceAlias=alias)

        assert [one.get("InstanceAlias") for one in every_instance(connect)].count(alias) == 1

    def test_in_use_whatever_its_case(self, connect):
        """An alias is part of a host name."""
        alias = unique("Cased")
        new_instance(connect, InstanceAlias=alias)
        with refused("InvalidRequestException", message="(?i)alias"):
            new_instance(connect, InstanceAlias=alias.swapcase())

    def test_free_again_after_delete(self, connect):
        alias = unique("freed")
        connect.delete_instance(InstanceId=new_instance(connect, InstanceAlias=alias))
        assert new_instance(connect, InstanceAlias=alias)

    @pytest.mark.parametrize("alias", ["d-centre", "-centre", "centre-", "cen tre", "cen_tre", "centré", "c" * 46])
    def test_form(self, connect, alias):
        with refused("InvalidRequestException", message="InstanceAlias"):
            new_instance(connect, InstanceAlias=alias)


class TestClientToken:
    def test_repeated_create_is_one_instance(self, connect):
        parameters = {"InstanceAlias": unique("once"), "ClientToken": unique("token")}

        first, again = new_instance(connect, **parameters), new_instance(connect, **parameters)

        assert first == again
        assert [one["Id"] for one in every_instance(connect)].count(first) == 1

    def test_another_token_is_another_request(self, connect):
        alias = unique("twice")
        new_instance(connect, InstanceAlias=alias, ClientToken=unique("token"))
        with refused("InvalidRequestException"):
            new_instance(connect, InstanceAlias=alias, ClientToken=unique("token"))

    def test_a_token_is_not_reused_for_something_else(self, connect):
        """The same token with other members is either refused or answered with the first instance, never a third thing."""
        token = unique("token")
        first = new_instance(connect, ClientToken=token)
        before = len(every_instance(connect))

        try:
            assert new_instance(connect, ClientToken=token) == first
        except ClientError as error:
            assert error.response["Error"]["Code"] == "InvalidRequestException"

        assert len(every_instance(connect)) == before


class TestDelete:
    def test_everything_in_it_goes(self, connect):
        instance = new_instance(connect)
        arn = connect.describe_instance(InstanceId=instance)["Instance"]["Arn"]
        profile = connect.create_security_profile(InstanceId=instance, SecurityProfileName="Gone")
        profile_id, profile_arn = profile["SecurityProfileId"], profile["SecurityProfileArn"]

        connect.delete_instance(InstanceId=instance)

        assert instance not in [one["Id"] for one in every_instance(connect)]
        for call in (
            lambda: connect.describe_instance(InstanceId=instance),
            lambda: connect.list_security_profiles(InstanceId=instance),
            lambda: connect.describe_security_profile(InstanceId=instance, SecurityProfileId=profile_id),
            lambda: connect.search_security_profiles(InstanceId=instance),
            lambda: connect.create_security_profile(InstanceId=instance, SecurityProfileName="Late"),
            lambda: connect.list_tags_for_resource(resourceArn=arn),
            lambda: connect.list_tags_for_resource(resourceArn=profile_arn),
        ):
            with not_found():
                call()

    def test_of_nothing(self, connect):
        with not_found():
            connect.delete_instance(InstanceId=str(uuid.uuid4()))


class TestAttributes:
    def test_all_are_listed(self, connect, instance):
        pages = connect.get_paginator("list_instance_attributes").paginate(InstanceId=instance)
        attributes = {one["AttributeType"]: one["Value"] for page in pages for one in page["Attributes"]}
        assert ATTRIBUTES <= set(attributes)
        assert set(attributes.values()) <= {"true", "false"}
        for name, value in attributes.items():
            described = connect.describe_instance_attribute(InstanceId=instance, AttributeType=name)["Attribute"]
            assert described == {"AttributeType": name, "Value": value}

    def test_calls_follow_the_creation(self, connect):
        instance = new_instance(connect, InboundCallsEnabled=False, OutboundCallsEnabled=True)
        values = {
            name: connect.describe_instance_attribute(InstanceId=instance, AttributeType=name)["Attribute"]["Value"]
            for name in ("INBOUND_CALLS", "OUTBOUND_CALLS")
        }
        assert values == {"INBOUND_CALLS": "false", "OUTBOUND_CALLS": "true"}

    @pytest.mark.parametrize("attribute", sorted(ATTRIBUTES))
    def test_update(self, connect, instance, attribute):
        parameters = {"InstanceId": instance, "AttributeType": attribute}
        for value in ("true", "false", "true"):
            connect.update_instance_attribute(**parameters, Value=value)
            assert connect.describe_instance_attribute(**parameters)["Attribute"]["Value"] == value

    def test_calls_show_in_describe(self, connect):
        instance = new_instance(connect)
        connect.update_instance_attribute(InstanceId=instance, AttributeType="INBOUND_CALLS", Value="false")
        result = connect.describe_instance(InstanceId=instance)["Instance"]
        assert (result["InboundCallsEnabled"], result["OutboundCallsEnabled"]) == (False, True)
