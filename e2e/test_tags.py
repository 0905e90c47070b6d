"""Tags on every kind of resource there is."""

import uuid

import pytest

from harness.expect import INVALID, not_found, refused
from harness.profiles import read_profile
from harness.server import ACCOUNT, REGION


@pytest.fixture(params=["instance", "security-profile"])
def arn(request, connect, make_profile, instance) -> str:
    if request.param == "instance":
        arn = connect.describe_instance(InstanceId=instance)["Instance"]["Arn"]
        held = connect.list_tags_for_resource(resourceArn=arn)["tags"]
        if held:
            connect.untag_resource(resourceArn=arn, tagKeys=list(held))
        return arn
    profile = make_profile()
    return connect.describe_security_profile(InstanceId=instance, SecurityProfileId=profile)["SecurityProfile"]["Arn"]


@pytest.fixture
def tags(connect, arn):
    return lambda: connect.list_tags_for_resource(resourceArn=arn)["tags"]


def test_none_at_first(tags):
    assert tags() == {}


def test_added_replaced_and_removed(connect, arn, tags):
    connect.tag_resource(resourceArn=arn, tags={"team": "care", "site": "north"})
    assert tags() == {"team": "care", "site": "north"}
    connect.tag_resource(resourceArn=arn, tags={"team": "sales", "stage": ""})
    assert tags() == {"team": "sales", "site": "north", "stage": ""}
    connect.untag_resource(resourceArn=arn, tagKeys=["team", "site"])
    assert tags() == {"stage": ""}
    connect.untag_resource(resourceArn=arn, tagKeys=["stage"])
    assert tags() == {}


def test_removing_missing_tags_succeeds(connect, arn, tags):
    connect.tag_resource(resourceArn=arn, tags={"team": "care"})
    connect.untag_resource(resourceArn=arn, tagKeys=["site"])
    assert tags() == {"team": "care"}


def test_keys_are_case_sensitive(connect, arn, tags):
    connect.tag_resource(resourceArn=arn, tags={"team": "care", "Team": "Care"})
    connect.untag_resource(resourceArn=arn, tagKeys=["Team"])
    assert tags() == {"team": "care"}


@pytest.mark.parametrize("key", ["a b", "é", "a/b:c=d+e-f@g.h_i", "部署", "k" * 128])
def test_keys(connect, arn, tags, key):
    connect.tag_resource(resourceArn=arn, tags={key: "v" * 256})
    assert tags() == {key: "v" * 256}
    connect.untag_resource(resourceArn=arn, tagKeys=[key])
    assert tags() == {}


@pytest.mark.parametrize("key", ["aws:team", "a*b", "a?b"])
def test_keys_that_are_refused(connect, arn, tags, key):
    with refused(*INVALID, message="(?i)tags"):
        connect.tag_resource(resourceArn=arn, tags={"good": "one", key: "value"})
    assert tags() == {}


def test_at_most_50_a_resource(connect, arn, tags):
    connect.tag_resource(resourceArn=arn, tags={f"key{n}": "" for n in range(50)})
    with refused(*INVALID):
        connect.tag_resource(resourceArn=arn, tags={"one-more": ""})
    connect.tag_resource(resourceArn=arn, tags={"key0": "changed"})
    assert len(tags()) == 50


def test_shown_where_the_resource_is(connect, instance, make_profile):
    profile = make_profile(Tags={"team": "care"})
    before = read_profile(connect, instance, profile)
    connect.tag_resource(resourceArn=before["Arn"], tags={"site": "north"})

    after = read_profile(connect, instance, profile)

    assert after["Tags"] == {"team": "care", "site": "north"}
    assert connect.list_tags_for_resource(resourceArn=before["Arn"])["tags"] == after["Tags"]


def test_resource_tags_are_not_access_control_tags(connect, instance, make_profile):
    profile = make_profile(Tags={"team": "care"}, AllowedAccessControlTags={"department": "care"})
    result = read_profile(connect, instance, profile)
    assert (result["Tags"], result["AllowedAccessControlTags"]) == ({"team": "care"}, {"department": "care"})


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:connect:{region}:{account}:instance/{nobody}",
        "arn:aws:connect:{region}:{account}:instance/{instance}/security-profile/{nobody}",
        "arn:aws:connect:{region}:{account}:instance/{nobody}/security-profile/{nobody}",
        "arn:aws:connect:eu-central-1:{account}:instance/{instance}",
        "arn:aws:connect:{region}:999999999999:instance/{instance}",
    ],
)
def test_on_missing_resources(connect, instance, resource):
    arn = resource.format(region=REGION, account=ACCOUNT, instance=instance, nobody=uuid.uuid4())
    for call in (
        lambda: connect.list_tags_for_resource(resourceArn=arn),
        lambda: connect.tag_resource(resourceArn=arn, tags={"team": "care"}),
        lambda: connect.untag_resource(resourceArn=arn, tagKeys=["team"]),
    ):
        with not_found():
            call()


@pytest.mark.parametrize("arn", ["nonsense", "arn:aws:connect", "arn:aws:s3:::bucket", "arn:aws:connect:::", "instance/x"])
def test_on_invalid_arns(connect, arn):
    with refused(*INVALID, "ResourceNotFoundException"):
        connect.list_tags_for_resource(resourceArn=arn)
