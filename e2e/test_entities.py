"""Which AI agent holds which security profiles."""

import uuid

import pytest

from conftest import new_instance
from harness.expect import INVALID, not_found, refused
from harness.operations import ai_agent_arn
from harness.server import ACCOUNT, REGION


@pytest.fixture
def agent(instance) -> dict:
    return entity(instance, ai_agent_arn())


def entity(instance: str, arn: str, kind: str = "AI_AGENT") -> dict:
    return {"InstanceId": instance, "EntityType": kind, "EntityArn": arn}


def items(*profiles: str) -> list[dict]:
    return [{"Id": profile} for profile in profiles]


@pytest.fixture
def held(connect):
    return lambda agent: {one["Id"] for one in connect.list_entity_security_profiles(**agent)["SecurityProfiles"]}


def test_nothing_at_first(held, agent):
    assert held(agent) == set()


def test_associate_adds_and_disassociate_removes(connect, held, agent, make_profile):
    first, second, third = make_profile(), make_profile(), make_profile()
    connect.associate_security_profiles(**agent, SecurityProfiles=items(first, second))
    assert held(agent) == {first, second}
    connect.associate_security_profiles(**agent, SecurityProfiles=items(third))
    assert held(agent) == {first, second, third}
    connect.disassociate_security_profiles(**agent, SecurityProfiles=items(first, third))
    assert held(agent) == {second}


def test_the_same_profile_twice_is_held_once(connect, held, agent, make_profile):
    profile = make_profile()
    connect.associate_security_profiles(**agent, SecurityProfiles=items(profile, profile))
    assert held(agent) == {profile}


def test_agents_do_not_share(connect, held, instance, agent, make_profile):
    profile = make_profile()
    connect.associate_security_profiles(**agent, SecurityProfiles=items(profile))
    assert held(entity(instance, ai_agent_arn())) == set()


def test_a_version_is_another_agent(connect, held, instance, make_profile):
    """The ARN is matched exactly, version qualifier included."""
    profile, arn = make_profile(), ai_agent_arn()
    connect.associate_security_profiles(**entity(instance, f"{arn}:1"), SecurityProfiles=items(profile))
    assert held(entity(instance, f"{arn}:1")) == {profile}
    for other in (arn, f"{arn}:2", f"{arn}:$LATEST"):
        assert held(entity(instance, other)) == set()


@pytest.mark.parametrize("qualifier", ["", ":$LATEST", ":$SAVED", ":12"])
def test_qualifiers(connect, held, instance, make_profile, qualifier):
    agent, profile = entity(instance, ai_agent_arn() + qualifier), make_profile()
    connect.associate_security_profiles(**agent, SecurityProfiles=items(profile))
    assert held(agent) == {profile}


def test_a_profile_that_does_not_exist(connect, held, agent, make_profile):
    """All or nothing."""
    good = make_profile()
    with refused("ResourceNotFoundException", *INVALID):
        connect.associate_security_profiles(**agent, SecurityProfiles=items(good, str(uuid.uuid4())))
    assert held(agent) == set()


def test_a_profile_that_the_agent_does_not_have(connect, held, agent, make_profile):
    """All or nothing, with an agent that holds others and with one that holds none."""
    first, other = make_profile(), make_profile()
    with refused("InvalidRequestException", message="does not have the security profile"):
        connect.disassociate_security_profiles(**agent, SecurityProfiles=items(other))
    connect.associate_security_profiles(**agent, SecurityProfiles=items(first))
    with refused("InvalidRequestException", message="does not have the security profile"):
        connect.disassociate_security_profiles(**agent, SecurityProfiles=items(first, other))
    assert held(agent) == {first}
    with refused("ResourceNotFoundException", *INVALID):
        connect.disassociate_security_profiles(**agent, SecurityProfiles=items(str(uuid.uuid4())))


def test_a_profile_of_another_instance(connect, held, agent):
    other = new_instance(connect)
    foreign = connect.create_security_profile(InstanceId=other, SecurityProfileName="foreign")["SecurityProfileId"]
    with refused("ResourceNotFoundException", *INVALID):
        connect.associate_security_profiles(**agent, SecurityProfiles=items(foreign))
    assert held(agent) == set()


def test_users_are_refused(connect, instance, make_profile):
    arn = f"arn:aws:connect:{REGION}:{ACCOUNT}:instance/{instance}/agent/{uuid.uuid4()}"
    user = entity(instance, arn, "USER")
    with refused(*INVALID, message="EntityType|USER"):
        connect.associate_security_profiles(**user, SecurityProfiles=items(make_profile()))
    with refused(*INVALID, message="EntityType|USER"):
        connect.disassociate_security_profiles(**user, SecurityProfiles=items(make_profile()))
    with refused(*INVALID, message="EntityType|USER"):
        connect.list_entity_security_profiles(**user)


@pytest.mark.parametrize("arn", ["nonsense", "arn:aws:s3:::bucket", "arn:aws:connect:us-east-1:123456789012:instance/x", "arn:aws:wisdom"])
def test_other_arns_than_of_ai_agents_are_refused(connect, instance, make_profile, arn):
    with refused(*INVALID, message="EntityArn"):
        connect.associate_security_profiles(**entity(instance, arn), SecurityProfiles=items(make_profile()))


def test_in_no_instance(connect, make_profile):
    nowhere = entity(str(uuid.uuid4()), ai_agent_arn())
    with not_found():
        connect.associate_security_profiles(**nowhere, SecurityProfiles=items(make_profile()))
    with not_found():
        connect.list_entity_security_profiles(**nowhere)


def test_does_not_touch_the_profile(connect, instance, agent, make_profile):
    """The holders of a profile are not part of it: its modification time stays."""
    profile = make_profile()
    parameters = {"InstanceId": instance, "SecurityProfileId": profile}
    before = connect.describe_security_profile(**parameters)["SecurityProfile"]
    connect.associate_security_profiles(**agent, SecurityProfiles=items(profile))
    assert connect.describe_security_profile(**parameters)["SecurityProfile"] == before
