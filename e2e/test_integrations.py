"""Integration associations: what an instance uses of other services."""

import uuid

import pytest

from conftest import new_instance
from harness import model
from harness.expect import not_found, refused

EVENT = {
    "SourceApplicationUrl": "https://example.com",
    "SourceApplicationName": "tickets",
    "SourceType": "ZENDESK",
}
TYPES = model.service().shape_for("IntegrationType").enum


def application() -> str:
    """An application of another account, which is not looked up; those of this one are in test_applications.py."""
    return f"arn:aws:app-integrations:us-east-1:999999999999:application/{uuid.uuid4()}"


@pytest.fixture
def associate(connect, instance):
    """Makes an association in the module's instance; answers its id."""

    def associate(**members) -> str:
        parameters = {"InstanceId": instance, "IntegrationType": "APPLICATION", "IntegrationArn": application(), **members}
        return connect.create_integration_association(**parameters)["IntegrationAssociationId"]

    return associate


@pytest.fixture
def listed(connect, instance):
    def listed(**members) -> list[dict]:
        pages = connect.get_paginator("list_integration_associations").paginate(InstanceId=instance, **members)
        return [one for page in pages for one in page["IntegrationAssociationSummaryList"]]

    return listed


def test_listed_as_made(connect, instance, associate, listed):
    arn = application()
    made = connect.create_integration_association(
        InstanceId=instance, IntegrationType="EVENT", IntegrationArn=arn, Tags={"team": "care"}, **EVENT
    )
    (result,) = listed(IntegrationArn=arn)
    assert result.pop("LastModifiedTime") and result.pop("LastModifiedRegion") == "us-east-1"
    assert result == {
        "IntegrationAssociationId": made["IntegrationAssociationId"],
        "IntegrationAssociationArn": made["IntegrationAssociationArn"],
        "InstanceId": instance,
        "IntegrationType": "EVENT",
        "IntegrationArn": arn,
        **EVENT,
    }
    segment = f":instance/{instance}/integration-association/{made['IntegrationAssociationId']}"
    assert made["IntegrationAssociationArn"].endswith(segment)


def test_tags(connect, instance):
    made = connect.create_integration_association(
        InstanceId=instance, IntegrationType="APPLICATION", IntegrationArn=application(), Tags={"team": "care"}
    )
    arn = made["IntegrationAssociationArn"]
    connect.tag_resource(resourceArn=arn, tags={"site": "north"})
    assert connect.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "care", "site": "north"}


@pytest.mark.parametrize("kind", TYPES)
def test_every_type(associate, listed, kind):
    made = associate(IntegrationType=kind, **(EVENT if kind == "EVENT" else {}))
    assert made in [one["IntegrationAssociationId"] for one in listed(IntegrationType=kind)]


def test_no_such_type(associate):
    with refused("InvalidRequestException", message="IntegrationType"):
        associate(IntegrationType="TELEGRAPH")


def test_same_type_and_arn(associate):
    arn = application()
    associate(IntegrationArn=arn)
    with refused("DuplicateResourceException", message=arn):
        associate(IntegrationArn=arn)
    associate(IntegrationArn=arn, IntegrationType="CASES_DOMAIN")


def test_elsewhere_the_same_is_another(connect, associate):
    arn = application()
    associate(IntegrationArn=arn)
    associate(IntegrationArn=arn, InstanceId=new_instance(connect))


@pytest.mark.parametrize("arn", ["", "nonsense", "arn:aws:app-integrations", "arn::s3:::bucket", "arn:aws:s3:::", "urn:a:b:c:d:e"])
def test_no_arn(associate, arn):
    with refused("InvalidRequestException", message="IntegrationArn"):
        associate(IntegrationArn=arn)


def test_an_arn_without_region_and_account(associate):
    associate(IntegrationArn=f"arn:aws:s3:::bucket-{uuid.uuid4()}")


@pytest.mark.parametrize("member", EVENT)
def test_events_come_from_an_application(associate, member):
    rest = {name: value for name, value in EVENT.items() if name != member}
    with refused("InvalidRequestException", message=f"{member}.*EVENT"):
        associate(IntegrationType="EVENT", **rest)


def test_filters(connect):
    instance = new_instance(connect)
    first, second = application(), application()
    for kind, arn in (("APPLICATION", first), ("APPLICATION", second), ("FILE_SCANNER", first)):
        connect.create_integration_association(InstanceId=instance, IntegrationType=kind, IntegrationArn=arn)

    def matches(**members) -> set[tuple]:
        answer = connect.list_integration_associations(InstanceId=instance, **members)
        return {(one["IntegrationType"], one["IntegrationArn"]) for one in answer["IntegrationAssociationSummaryList"]}

    assert matches() == {("APPLICATION", first), ("APPLICATION", second), ("FILE_SCANNER", first)}
    assert matches(IntegrationType="APPLICATION") == {("APPLICATION", first), ("APPLICATION", second)}
    assert matches(IntegrationArn=first) == {("APPLICATION", first), ("FILE_SCANNER", first)}
    assert matches(IntegrationType="FILE_SCANNER", IntegrationArn=second) == set()

    parameters = {"InstanceId": instance, "IntegrationType": "APPLICATION"}
    token = connect.list_integration_associations(**parameters, MaxResults=1)["NextToken"]
    assert len(connect.list_integration_associations(**parameters, NextToken=token)["IntegrationAssociationSummaryList"]) == 1
    with refused("InvalidRequestException", message="NextToken"):
        connect.list_integration_associations(InstanceId=instance, NextToken=token)


def test_pages(connect):
    instance = new_instance(connect)
    made = {
        connect.create_integration_association(
            InstanceId=instance, IntegrationType="APPLICATION", IntegrationArn=application()
        )["IntegrationAssociationId"]
        for _ in range(5)
    }
    parameters = {"InstanceId": instance, "PaginationConfig": {"PageSize": 2}}
    pages = list(connect.get_paginator("list_integration_associations").paginate(**parameters))
    rows = [[one["IntegrationAssociationId"] for one in page["IntegrationAssociationSummaryList"]] for page in pages]
    assert [len(page) for page in rows] == [2, 2, 1]
    assert {one for page in rows for one in page} == made


def test_deleted(connect, instance, associate, listed):
    arn = application()
    made = associate(IntegrationArn=arn)
    connect.delete_integration_association(InstanceId=instance, IntegrationAssociationId=made)
    assert listed(IntegrationArn=arn) == []
    with refused("ResourceNotFoundException", message=f"integration association `{made}`"):
        connect.delete_integration_association(InstanceId=instance, IntegrationAssociationId=made)
    associate(IntegrationArn=arn)


def test_in_no_instance(connect, associate):
    nobody = str(uuid.uuid4())
    for call in (
        lambda: associate(InstanceId=nobody),
        lambda: connect.list_integration_associations(InstanceId=nobody),
        lambda: connect.delete_integration_association(InstanceId=nobody, IntegrationAssociationId=nobody),
    ):
        with not_found():
            call()
