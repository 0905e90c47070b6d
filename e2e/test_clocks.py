"""Servers of one database whose clocks are an hour apart."""

import json
import threading
from datetime import datetime, timedelta, timezone

import pytest

from conftest import new_instance
from harness.clocks import clock
from harness.postgres import new_database
from harness.server import Server
from harness.session_access import Person, make_profile, make_user, send, sign_in
from harness.wire import Answer
from harness.writes import history

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """One server with the machine's clock, and one that is an hour ahead."""
    url, home, ahead = new_database(), tmp_path_factory.mktemp("clocks"), clock(3600)
    with Server(home / "behind", database=url) as one, Server(home / "ahead", database=url, **ahead) as other:
        yield one, other


def write(server: Server, path: str, body: dict, ahead: timedelta = timedelta()) -> Answer:
    """A write that is signed by the server's own clock."""
    wire, data = server.wire(), json.dumps(body).encode()
    return wire.transmit(wire.sign("POST", path, data, at=datetime.now(timezone.utc) + ahead))


def test_writes_of_both_are_accepted_and_times_do_not_go_back(servers):
    behind, ahead = servers
    instance = new_instance(behind.client())
    profile = make_profile(behind.client(), instance, [])
    path = f"/security-profiles/{instance}/{profile}"
    # Signatures are the first to notice: they are good for a quarter of an hour.
    assert write(ahead, path, {"Description": "refused"}).status == 403
    assert write(behind, path, {"Description": "0"}).status == 200
    assert write(ahead, path, {"Description": "1"}, HOUR).status == 200
    failures = []

    def work(server: Server, shift: timedelta, name: str) -> None:
        for number in range(20):
            answer = write(server, path, {"Description": f"{name} {number}"}, shift)
            if answer.status != 200:
                failures.append(answer)

    threads = [threading.Thread(target=work, args=it) for it in ((behind, timedelta(), "behind"), (ahead, HOUR, "ahead"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert write(behind, path, {"Description": "last"}).status == 200
    assert not failures
    described = behind.client().describe_security_profile(InstanceId=instance, SecurityProfileId=profile)["SecurityProfile"]
    assert described["Description"] == "last"
    entries = history(behind.data, instance)
    times = [datetime.fromisoformat(entry["time"]) for entry in entries]
    assert times == sorted(times)
    assert sum(entry["operation"] == "UpdateSecurityProfile" for entry in entries) == 43
    assert "ahead of the database's" in ahead.log.read_text()
    assert "clock is" not in behind.log.read_text()
    # From the first write of the server that is ahead on, the log has its time.
    assert times[-1] > datetime.now(timezone.utc) + HOUR / 2


def test_sessions_end_early_where_a_clock_is_ahead_and_are_never_revived(servers):
    behind, ahead = servers
    client = behind.client()
    instance = new_instance(client)
    routing = client.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]
    user = make_user(client, instance, [make_profile(client, instance, ["Users.View"])], routing)

    def status(server: Server, person: Person) -> int:
        return send(server, "GET", "/lanyard/v1/me", person.token).status

    # Begun where it is later: good at both, and not shortened by the clock that is behind.
    person = Person(ahead, instance, user)
    assert [status(server, person) for server in (ahead, behind, ahead)] == [200, 200, 200]
    # Begun where it is earlier: half an hour without use has passed by the other's clock, which ends it for both.
    person = Person(behind, instance, user)
    assert status(behind, person) == 200
    assert [status(server, person) for server in (ahead, behind)] == [403, 403]
    # Failed attempts are waited for at both: a clock that is ahead ends the wait early by as much, and no clock revives it.
    for _ in range(6):
        sign_in(behind, instance, user, "wrong")
    assert sign_in(behind, instance, user).status == 429
    assert sign_in(ahead, instance, user).status == 200
