"""Two servers over one database share sessions, attempts to sign in and the throttle."""

import threading
import time

import pytest

from conftest import new_instance
from harness.operations import unique
from harness.operations.values import PASSWORD
from harness.postgres import execute, new_database
from harness.server import Server
from harness.session_access import Person, make_profile, make_user, send, sign_in


class Nodes:
    """Two servers over one database, and an instance that both serve."""

    def __init__(self, one: Server, other: Server, instance: str, routing: str, profile: str):
        self.one, self.other, self.instance, self.routing, self.profile = one, other, instance, routing, profile
        self.names = iter(())

    def user(self) -> str:
        """The name of a user whom both servers know."""
        return next(self.names)


@pytest.fixture(scope="module")
def nodes(tmp_path_factory):
    url = new_database()
    home = tmp_path_factory.mktemp("nodes")
    with Server(home / "one", database=url) as one:
        connect = one.client()
        instance = new_instance(connect)
        routing = connect.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]
        profile = make_profile(connect, instance, ["Users.View"])
        names = [make_user(connect, instance, [profile], routing) for _ in range(10)]
        with Server(home / "other", database=url) as other:
            nodes = Nodes(one, other, instance, routing, profile)
            nodes.names = iter(names)
            yield nodes


def status(server: Server, person: Person) -> int:
    return send(server, "GET", "/lanyard/v1/me", person.token).status


def test_a_session_is_one_at_every_node(nodes):
    person = Person(nodes.one, nodes.instance, nodes.user())
    assert status(nodes.other, person) == 200
    assert send(nodes.other, "GET", "/lanyard/v1/me", person.token).json["session"] == person.me()["session"]
    assert send(nodes.one, "DELETE", "/lanyard/v1/sessions", person.token).status == 200
    assert (status(nodes.other, person), status(nodes.one, person)) == (403, 403)


def test_an_administrator_ends_sessions_at_every_node(nodes):
    name = nodes.user()
    people = [Person(server, nodes.instance, name) for server in (nodes.one, nodes.other, nodes.one)]
    path = f"/lanyard/v1/instances/{nodes.instance}/users/{people[0].id}/sessions"
    assert nodes.other.wire().send("DELETE", path).json == {"sessions_ended": 3}
    assert {status(server, person) for server in (nodes.one, nodes.other) for person in people} == {403}


def test_a_user_who_is_deleted_at_one_node_is_out_at_the_other(nodes):
    person = Person(nodes.other, nodes.instance, nodes.user())
    nodes.one.client().delete_user(InstanceId=nodes.instance, UserId=person.id)
    assert status(nodes.other, person) == 403
    # The other node has not read the deletion yet, and the password is gone all the same.
    assert sign_in(nodes.other, nodes.instance, person.name).status == 403


def test_twenty_sessions_are_those_of_all_nodes(nodes):
    name = nodes.user()
    people = [Person(server, nodes.instance, name) for server in [nodes.one, nodes.other] * 11]
    statuses = [status(nodes.one, person) for person in people]
    assert statuses.count(200) == 20 and statuses[-1] == 200


def test_failures_at_all_nodes_add_up(nodes):
    name = nodes.user()
    servers = [nodes.one, nodes.other]
    failed = [sign_in(servers[number % 2], nodes.instance, name, "Wrong-passw0rd").status for number in range(5)]
    assert failed == [403] * 5
    assert [sign_in(server, nodes.instance, name).status for server in servers] == [429, 429]


def test_failures_at_the_same_time_all_count(nodes):
    name = unique("nobody")
    statuses = []

    def fail(server: Server) -> None:
        statuses.append(sign_in(server, nodes.instance, name, "Wrong-passw0rd").status)

    threads = [threading.Thread(target=fail, args=(server,)) for server in [nodes.one, nodes.other] * 6]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [403] * 5 + [429] * 7


def test_a_sign_in_lifts_the_count_at_every_node(nodes):
    name = nodes.user()
    for _ in range(2):
        for server in (nodes.one, nodes.other):
            assert sign_in(server, nodes.instance, name, "Wrong-passw0rd").status == 403
        assert sign_in(nodes.other, nodes.instance, name).status == 200


def test_sessions_begun_and_ended_under_load_are_seen_at_once(nodes):
    """Signs in at one node, uses the session at the other, and ends it there, many times at once."""
    wrong = []

    def run(name: str, here: Server, there: Server) -> None:
        for _ in range(8):
            person = Person(here, nodes.instance, name)
            seen = [status(there, person)]
            seen += [send(there, "DELETE", "/lanyard/v1/sessions", person.token).status, status(here, person)]
            if seen != [200, 200, 403]:
                wrong.append(seen)

    names = [nodes.user() for _ in range(2)]
    pairs = [(nodes.one, nodes.other), (nodes.other, nodes.one)]
    threads = [threading.Thread(target=run, args=(name, *pair)) for name, pair in zip(names, pairs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_database_that_comes_back_has_the_sessions(nodes):
    person = Person(nodes.one, nodes.instance, nodes.user())
    mine = "datname = current_database() AND pid <> pg_backend_pid()"
    execute(nodes.one.database, f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {mine}")
    assert (status(nodes.one, person), status(nodes.other, person)) == (200, 200)


def test_no_token_or_password_is_in_the_database(nodes):
    person = Person(nodes.one, nodes.instance, nodes.user())
    kept = execute(nodes.one.database, "SELECT convert_from(value, 'UTF8'), convert_from(owner, 'UTF8') FROM lanyard_cell")
    assert person.id in kept
    assert person.token not in kept and person.token.rsplit("_", 1)[1] not in kept and PASSWORD not in kept


def test_the_throttle_is_that_of_all_nodes(tmp_path):
    url = new_database()
    key = ("--throttle", "--access-key", "ONE:one-secret:111111111111")
    with Server(tmp_path / "one", *key, database=url) as one, Server(tmp_path / "other", *key, database=url) as other:
        wires = [server.wire("ONE", "one-secret") for server in (one, other)]
        started = time.monotonic()
        served = sum(wires[number % 2].send("GET", "/instance").status == 200 for number in range(40))
        # Five at once and those that came back meanwhile, at two a second. Two nodes that count for themselves would serve ten.
        assert served <= 5 + 2 * (time.monotonic() - started) + 1
        assert served >= 5
        assert other.wire("ONE", "one-secret", "eu-west-1").send("GET", "/instance").status == 200
        time.sleep(1.1)
        assert [wire.send("GET", "/instance").status for wire in wires] == [200, 200]
