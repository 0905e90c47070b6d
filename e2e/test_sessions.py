"""Signing in, staying signed in, signing out, and asking about oneself."""

import json

import pytest
from botocore.exceptions import ClientError

from conftest import new_instance
from harness.session_access import Person, make_profile, make_user, send, sign_in
from harness.operations import unique
from harness.operations.values import PASSWORD


@pytest.fixture(scope="module")
def routing(connect, instance):
    return connect.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]


@pytest.fixture(scope="module")
def jane(server, connect, instance, routing):
    profile = make_profile(connect, instance, ["Users.View", "Queues.View", "Queues.Edit", "BasicAgentAccess"])
    return Person(server, instance, make_user(connect, instance, [profile], routing))


def test_a_session_takes_the_place_of_a_signature(jane, instance):
    users = jane.client().list_users(InstanceId=instance)["UserSummaryList"]
    assert jane.id in [user["Id"] for user in users]
    assert jane.session["user_arn"].endswith(f"/agent/{jane.id}")


def test_an_instance_is_named_by_identifier_arn_or_alias(server, connect, instance, jane):
    described = connect.describe_instance(InstanceId=instance)["Instance"]
    for name in (instance, described["Arn"], described["InstanceAlias"].upper()):
        assert sign_in(server, name, jane.name.upper()).json["user_id"] == jane.id


def test_every_sign_in_failure_has_the_same_message(server, connect, instance, routing, jane):
    seeded = connect.list_users(InstanceId=instance)
    assert seeded
    answers = [
        sign_in(server, instance, jane.name, "Wrong-passw0rd"),
        sign_in(server, instance, unique("nobody"), PASSWORD),
        sign_in(server, unique("no-instance"), jane.name, PASSWORD),
        sign_in(server, instance, jane.id, PASSWORD),
    ]
    assert {(answer.status, answer.error_type, answer.body) for answer in answers} == {
        (403, "AccessDeniedException", answers[0].body)
    }


@pytest.mark.parametrize(
    "body",
    [
        {"instance": "i", "user_name": "u", "password": 20301234},
        {"instance": "i", "user_name": "u", "Password20301234": "p"},
        {"instance": "i", "user_name": "u", "password": {"20301234": "p"}},
        "20301234",
    ],
)
def test_a_body_of_another_form_is_refused_without_its_contents(server, body):
    answer = send(server, "POST", "/lanyard/v1/sessions", body=body)
    assert (answer.status, answer.error_type) == (400, "InvalidParameterException")
    assert "`password`" in answer.message
    assert "20301234" not in answer.message


def test_invalid_sessions_are_refused(server, jane, instance):
    other = jane.token[:-1] + ("0" if jane.token[-1] != "0" else "1")
    answers = [send(server, "GET", f"/users-summary/{instance}", token) for token in (other, "x", jane.token + "0")]
    assert {(answer.status, answer.error_type) for answer in answers} == {(403, "UnrecognizedClientException")}
    assert send(server, "GET", "/lanyard/v1/me").error_type == "MissingAuthenticationTokenException"
    # Lanyard's own signed operations take no session.
    assert send(server, "POST", "/lanyard/v1/reset", jane.token).status == 403
    assert send(server, "GET", f"/lanyard/v1/instances/{instance}/decision-tokens", jane.token).status == 403


def test_signing_out_ends_only_this_session(server, jane, instance):
    one, other = (Person(server, instance, jane.name) for _ in range(2))
    assert send(server, "DELETE", "/lanyard/v1/sessions", one.token).status == 200
    assert send(server, "GET", "/lanyard/v1/me", one.token).error_type == "UnrecognizedClientException"
    assert send(server, "DELETE", "/lanyard/v1/sessions", one.token).error_type == "UnrecognizedClientException"
    assert other.me()["user"]["id"] == jane.id


def test_an_administrator_ends_all_sessions_of_a_user(server, connect, instance, routing, jane, wire):
    name = make_user(connect, instance, [make_profile(connect, instance, ["Users.View"])], routing)
    people = [Person(server, instance, name) for _ in range(2)]
    answer = wire.send("DELETE", f"/lanyard/v1/instances/{instance}/users/{people[0].id}/sessions")
    assert answer.json == {"sessions_ended": 2}
    for person in people:
        assert send(server, "GET", "/lanyard/v1/me", person.token).status == 403
    assert jane.me()
    missing = wire.send("DELETE", f"/lanyard/v1/instances/{instance}/users/{unique('none')}/sessions")
    assert missing.error_type == "ResourceNotFoundException"


def test_a_deleted_user_is_out(server, connect, instance, routing):
    person = Person(server, instance, make_user(connect, instance, [make_profile(connect, instance, ["Users.View"])], routing))
    connect.delete_user(InstanceId=instance, UserId=person.id)
    assert send(server, "GET", "/lanyard/v1/me", person.token).error_type == "UnrecognizedClientException"
    assert sign_in(server, instance, person.name).status == 403


def test_a_deleted_instance_has_no_sessions(server, connect):
    instance = new_instance(connect)
    routing = connect.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]
    person = Person(server, instance, make_user(connect, instance, [make_profile(connect, instance, ["Users.View"])], routing))
    connect.delete_instance(InstanceId=instance)
    assert send(server, "GET", "/lanyard/v1/me", person.token).error_type == "UnrecognizedClientException"


def test_failures_make_a_name_wait_whether_or_not_there_is_such_a_user(server, connect, instance, routing):
    name = make_user(connect, instance, [make_profile(connect, instance, ["Users.View"])], routing)
    for tried in (name, unique("nobody")):
        statuses = [sign_in(server, instance, tried, "Wrong-passw0rd").status for _ in range(6)]
        assert statuses == [403] * 5 + [429]
    # Even with the right password, and other people are not kept waiting.
    refused = sign_in(server, instance, name)
    assert (refused.status, refused.error_type) == (429, "ThrottlingException")
    assert "try again in" in refused.message


@pytest.fixture
def own(start_server):
    """A server of the test's own, an instance of it, and the name of a user."""
    server = start_server()
    connect = server.client()
    instance = new_instance(connect)
    routing = connect.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]
    return server, instance, make_user(connect, instance, [make_profile(connect, instance, ["Users.View"])], routing)


def restart(server, how: str) -> None:
    if how == "SIGTERM":
        assert server.stop() == 0
    else:
        server.kill()
    server.start()


@pytest.mark.parametrize("how", ["SIGTERM", "SIGKILL"])
def test_a_restart_signs_nobody_out(own, how):
    server, instance, name = own
    people = [Person(server, instance, name) for _ in range(3)]
    before = [person.me()["session"] for person in people]
    restart(server, how)
    assert [person.me()["session"] for person in people] == before
    log = server.log.read_text()
    assert all(person.token not in log for person in people) and PASSWORD not in log
    if server.database is None:
        # Nothing that is kept gives access: a token is kept as its hash.
        kept = b"".join(path.read_bytes() for path in server.data.iterdir())
        assert all(person.token.encode() not in kept for person in people)


@pytest.mark.parametrize("how", ["SIGTERM", "SIGKILL"])
def test_sessions_that_ended_stay_ended_after_a_restart(own, how):
    server, instance, name = own
    person = Person(server, instance, name)
    out = Person(server, instance, name)
    assert send(server, "DELETE", "/lanyard/v1/sessions", out.token).status == 200
    restart(server, how)
    assert send(server, "GET", "/lanyard/v1/me", out.token).error_type == "UnrecognizedClientException"
    answer = server.wire().send("DELETE", f"/lanyard/v1/instances/{instance}/users/{person.id}/sessions")
    assert answer.json == {"sessions_ended": 1}
    restart(server, how)
    assert send(server, "GET", "/lanyard/v1/me", person.token).error_type == "UnrecognizedClientException"


@pytest.mark.parametrize("how", ["SIGTERM", "SIGKILL"])
def test_a_block_outlives_a_restart(own, how):
    server, instance, name = own
    for attempt in range(5):
        assert sign_in(server, instance, name, "Wrong-passw0rd").status == 403
        if attempt == 2:
            restart(server, how)
    restart(server, how)
    refused = sign_in(server, instance, name)
    assert (refused.status, refused.error_type) == (429, "ThrottlingException")


def test_a_user_has_twenty_sessions(own):
    server, instance, name = own
    people = [Person(server, instance, name) for _ in range(21)]
    statuses = [send(server, "GET", "/lanyard/v1/me", person.token).status for person in people]
    # Those that were used in the same millisecond give way in any order.
    assert sorted(statuses) == [200] * 20 + [403] and statuses[-1] == 200


def test_a_user_who_is_deleted_by_a_change_set_is_out(own):
    server, instance, name = own
    person = Person(server, instance, name)
    calls = [{"method": "DELETE", "path": f"/users/{instance}/{person.id}"}]
    body = json.dumps({"calls": calls}).encode()
    answer = server.wire().send("POST", f"/lanyard/v1/instances/{instance}/change-sets", body)
    assert answer.status == 200, answer.body
    assert send(server, "GET", "/lanyard/v1/me", person.token).error_type == "UnrecognizedClientException"


def test_an_account_sees_only_its_own_instances(server, jane, connect, instance):
    other = new_instance(connect)
    absent = jane.call("ListUsers", {"InstanceId": "00000000-0000-4000-8000-000000000000"})
    hidden = jane.call("ListUsers", {"InstanceId": other})
    assert (hidden.status, hidden.error_type) == (absent.status, absent.error_type) == (404, "ResourceNotFoundException")
    assert hidden.message.replace(other, "X") == absent.message.replace("00000000-0000-4000-8000-000000000000", "X")


def test_me_has_the_user_and_the_access(server, connect, instance, routing):
    profile = make_profile(
        connect,
        instance,
        ["BasicAgentAccess", "Users.View", "Queues.View", "Queues.Edit"],
        AllowedAccessControlTags={"Team": "Harbour"},
        TagRestrictedResources=["Queue"],
        Applications=[
            {"Namespace": "tickets", "ApplicationPermissions": ["ACCESS"], "Type": "THIRD_PARTY_APPLICATION"},
            {"Namespace": "orders", "ApplicationPermissions": ["cancel", "look"], "Type": "MCP"},
        ],
    )
    me = Person(server, instance, make_user(connect, instance, [profile], routing)).me()
    permissions = {(one["permission"], one["resource_type"]): one["extent"] for one in me["permissions"]}
    assert permissions == {
        ("BasicAgentAccess", "Instance"): "every",
        ("Queues.Edit", "Queue"): "some",
        ("Queues.View", "Queue"): "some",
        ("Users.View", "User"): "every",
    }
    assert me["applications"] == [
        {"namespace": "orders", "type": "MCP", "actions": ["cancel", "look"]},
        {"namespace": "tickets", "type": "THIRD_PARTY_APPLICATION", "actions": ["ACCESS"]},
    ]
    assert {task["task"]: task["allowed"] for task in me["tasks"]}["reset-password"] is False
    (restriction,) = me["restrictions"]
    assert restriction["tags"] == {"Team": "Harbour"}
    assert restriction["tag_restricted_resources"] == ["Queue"]
    assert [held["id"] for held in me["security_profiles"]] == [profile]


def test_refusals_say_which_permission_or_restriction(server, connect, instance, routing, jane):
    with pytest.raises(ClientError, match=r"CreateUser takes `Users.Create` on a user; no security profile of the user holds it"):
        jane.client(strictly=False).create_user(
            InstanceId=instance, Username="x", SecurityProfileIds=["p"], RoutingProfileId="r"
        )
    with pytest.raises(ClientError, match="DeleteInstance cannot be called with a session"):
        jane.client(strictly=False).delete_instance(InstanceId=instance)


def test_the_log_names_the_user(server, connect, instance, jane):
    queue = connect.list_queues(InstanceId=instance)["QueueSummaryList"][0]["Id"]
    answer = jane.call("UpdateQueueMaxContacts", {"InstanceId": instance, "QueueId": queue, "MaxContacts": 7})
    assert answer.status == 200 and answer.headers["x-lanyard-revision"] is None
    assert connect.describe_queue(InstanceId=instance, QueueId=queue)["Queue"]["MaxContacts"] == 7
