"""Several servers over one database: each sees at once what any of them acknowledged, and nothing acknowledged is lost."""

import itertools
import json
import os
import re
import signal
import socket
import threading
import time
from dataclasses import dataclass

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from conftest import new_instance
from harness.authzen import DecisionPoint, question
from harness.operations import unique
from harness.postgres import new_database
from harness.server import HOST, Server, run_lanyard
from harness.session_access import make_profile, make_user

SECONDS = float(os.environ.get("LANYARD_NODES_SECONDS", "6"))


@pytest.fixture(scope="module")
def nodes(tmp_path_factory):
    """Three servers over one database, which start before anything is made."""
    url, home = new_database(), tmp_path_factory.mktemp("nodes")
    with Server(home / "a", database=url) as a, Server(home / "b", database=url) as b, Server(home / "c", database=url) as c:
        yield a, b, c


def names(client, instance: str) -> set[str]:
    pages = client.get_paginator("list_security_profiles").paginate(InstanceId=instance)
    return {profile["Name"] for page in pages for profile in page["SecurityProfileSummaryList"]}


def code(call, **arguments) -> str:
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return error.value.response["Error"]["Code"]


def test_an_instance_comes_and_goes_at_every_node(nodes):
    a, b, c = (node.client() for node in nodes)
    instance = new_instance(a)
    assert b.describe_instance(InstanceId=instance)["Instance"]["Id"] == instance
    assert instance in {it["Id"] for page in c.get_paginator("list_instances").paginate() for it in page["InstanceSummaryList"]}
    profile = b.create_security_profile(InstanceId=instance, SecurityProfileName="made at b")["SecurityProfileId"]
    assert "made at b" in names(a, instance) and "made at b" in names(c, instance)
    c.update_security_profile(InstanceId=instance, SecurityProfileId=profile, Description="by c")
    for client in (a, b, c):
        described = client.describe_security_profile(InstanceId=instance, SecurityProfileId=profile)
        assert described["SecurityProfile"]["Description"] == "by c"
    a.delete_security_profile(InstanceId=instance, SecurityProfileId=profile)
    assert code(b.describe_security_profile, InstanceId=instance, SecurityProfileId=profile) == "ResourceNotFoundException"
    c.delete_instance(InstanceId=instance)
    for client in (a, b, c):
        assert code(client.describe_instance, InstanceId=instance) == "ResourceNotFoundException"


def test_tokens_and_names_are_one_for_all_nodes(nodes):
    a, b, c = (node.client() for node in nodes)
    token, alias = unique("token"), unique("alias")
    made = {client.create_instance(**members)["Id"] for client in (a, b, c) for members in [creation(alias, token)]}
    assert len(made) == 1
    assert code(b.create_instance, **creation(alias.upper(), unique("token"))) == "InvalidRequestException"
    (instance,) = made
    # A page's token is good at the other nodes.
    seen, arguments = [], {"InstanceId": instance, "MaxResults": 1}
    for client in itertools.cycle((a, b, c)):
        page = client.list_security_profiles(**arguments)
        seen += [it["Name"] for it in page["SecurityProfileSummaryList"]]
        if "NextToken" not in page:
            break
        arguments["NextToken"] = page["NextToken"]
    assert sorted(seen) == sorted(names(a, instance)) and len(seen) > 2


def test_nodes_that_write_one_instance_take_turns(nodes):
    """None is refused because others are faster, and each has a fair part of the writes."""
    instance = new_instance(nodes[0].client())
    profiles = [make_profile(nodes[0].client(), instance, []) for _ in range(24)]
    written, refused = [0, 0, 0], []
    end = time.monotonic() + SECONDS / 2

    def write(at: int, profile: str) -> None:
        wire = nodes[at].wire()
        while time.monotonic() < end:
            body = json.dumps({"Description": f"write {written[at]}"}).encode()
            answer = wire.send("POST", f"/security-profiles/{instance}/{profile}", body)
            if answer.status != 200:
                refused.append((answer.status, answer.body))
            written[at] += 1

    writers = [threading.Thread(target=write, args=(at % 3, profile)) for at, profile in enumerate(profiles)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert not writer.is_alive(), "a write has had no answer for a minute"
    assert not refused, refused[:3]
    assert min(written) > sum(written) / 10, written


def creation(alias: str, token: str) -> dict:
    return {
        "IdentityManagementType": "SAML",
        "InstanceAlias": alias,
        "InboundCallsEnabled": True,
        "OutboundCallsEnabled": False,
        "ClientToken": token,
    }


def test_a_region_begins_at_any_node(nodes):
    made = [new_instance(node.client(region="eu-west-2")) for node in nodes]
    for node in nodes:
        pages = node.client(region="eu-west-2").get_paginator("list_instances").paginate()
        assert {it["Id"] for page in pages for it in page["InstanceSummaryList"]} == set(made)


def test_decision_tokens_hold_at_every_node(nodes):
    a, b, _ = nodes
    instance = new_instance(a.client())
    path = f"/lanyard/v1/instances/{instance}/decision-tokens"
    body = json.dumps({"name": "desk", "scopes": ["evaluate"]}).encode()
    made = a.wire().send("POST", path, body).json
    ask = question("nobody", "Queues.View", "Queue", "*")
    assert DecisionPoint(b, instance, made["token"]).post("evaluation", ask).status == 200
    assert DecisionPoint(b, instance, "another").post("evaluation", ask).status == 401
    assert a.wire().send("DELETE", f"{path}/{made['id']}").status == 200
    # The instance stays closed without a token left, and is opened at every node.
    assert DecisionPoint(b, instance).post("evaluation", ask).status == 401
    assert a.wire().send("PUT", path, json.dumps({"required": False}).encode()).status == 200
    assert DecisionPoint(b, instance).post("evaluation", ask).status == 200


class Proxy:
    """Between a server and the database: it can hold all traffic back."""

    def __init__(self, url: str):
        self.database = int(re.search(r":(\d+)/", url).group(1))
        self.open = threading.Event()
        self.open.set()
        self.listener = socket.create_server((HOST, 0))
        self.url = url.replace(f":{self.database}/", f":{self.listener.getsockname()[1]}/")
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection((HOST, self.database))
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self.carry, args=(source, sink), daemon=True).start()

    def carry(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                self.open.wait()
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            end.close()


def test_a_local_decision_may_be_old_and_says_how_old_and_no_other_is(tmp_path):
    url = new_database()
    proxy = Proxy(url)
    with Server(tmp_path / "a", database=url) as a, Server(tmp_path / "b", database=proxy.url) as b:
        client = a.client()
        instance = new_instance(client)
        routing = client.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]
        profile = make_profile(client, instance, ["Queues.View"])
        user = make_user(client, instance, [profile], routing)
        point = DecisionPoint(b, instance)
        ask = question(user, "Queues.View", "Queue", "*")
        local = {**ask, "context": {"freshness": "local", "max_staleness_ms": 60_000}}
        assert point.evaluate(ask)["decision"] and "staleness_ms" not in point.evaluate(ask)["context"]
        # The follower has asked for what is new since the instance came into memory.
        deadline = time.monotonic() + 10
        while "staleness_ms" not in point.evaluate(local)["context"]:
            assert time.monotonic() < deadline, "the follower does not follow"
            time.sleep(0.05)
        try:
            proxy.open.clear()
            revision = revoke(a, instance, profile)
            # The anomaly: an acknowledged revocation is not in the answer, whose bound covers it.
            old = point.evaluate(local)
            assert old["decision"] and old["context"]["revision"] < revision
            time.sleep(0.2)
            assert point.evaluate(local)["context"]["staleness_ms"] >= 200
            # By default, and with a revision, the answer waits for the database and is not old.
            answers: dict[str, dict] = {}
            questions = {"default": ask, "at_least": {**ask, "context": {**local["context"], "at_least": revision}}}
            waiting = [
                threading.Thread(target=lambda name=name, it=it: answers.update({name: point.evaluate(it)}))
                for name, it in questions.items()
            ]
            for thread in waiting:
                thread.start()
            time.sleep(0.5)
            assert not answers, "an answer did not wait for the database"
        finally:
            proxy.open.set()
        for thread in waiting:
            thread.join(20)
        assert [answers["default"]["decision"], answers["default"]["context"]["revision"]] == [False, revision]
        assert "at_least" not in answers or not answers["at_least"]["decision"]
        deadline = time.monotonic() + 10
        while point.evaluate(local)["decision"]:
            assert time.monotonic() < deadline, "the follower does not follow"
            time.sleep(0.05)
    proxy.listener.close()


def revoke(server: Server, instance: str, profile: str) -> int:
    """Takes the profile's permissions away; the revision that this made."""
    path = f"/security-profiles/{instance}/{profile}"
    answer = server.wire().send("POST", path, json.dumps({"Permissions": []}).encode())
    assert answer.status == 200, answer.body
    return int(answer.headers["x-lanyard-revision"])


def entries(server: Server, instance: str, operation: str) -> list[dict]:
    """The entries of an operation, with their revisions."""
    history = run_lanyard("history", "--data", server.data, "--instance", instance, "--all", "--json", timeout=300)
    assert history.returncode == 0, history.stderr
    listed = [json.loads(line) for line in history.stdout.splitlines()]
    return [entry for entry in listed if entry["operation"] == operation]


@dataclass(frozen=True)
class Event:
    """A write or a read of a register, and its time. A write whose outcome is not known has no end."""

    kind: str
    value: str
    began: float
    ended: float


def violations(events: list[Event], order: dict[str, int]) -> list[str]:
    """What contradicts linearizability. `order` is the place of each value that took effect; values are unique."""
    wrong = []
    known = [event for event in events if event.ended < float("inf")]
    for event in known:
        if event.value not in order:
            wrong.append(f"{event} was answered and did not take effect")
            continue
        place = order[event.value]
        for other in known:
            if other.ended < event.began and other.value in order and order[other.value] > place:
                wrong.append(f"{event} comes after {other} and is older")
    writes = {event.value: event for event in events if event.kind == "write"}
    for read in (event for event in known if event.kind == "read"):
        if read.value in writes and writes[read.value].began > read.ended:
            wrong.append(f"{read} is before its write")
    return wrong


def test_the_checker_finds_what_is_wrong():
    one, two = Event("write", "1", 0, 1), Event("write", "2", 2, 3)
    order = {"1": 1, "2": 2}
    assert violations([one, two, Event("read", "2", 4, 5)], order) == []
    assert violations([one, two, Event("read", "1", 1.5, 2.5)], order) == []
    assert violations([one, two, Event("read", "1", 4, 5)], order), "a stale read"
    assert violations([one, two, Event("read", "2", 2, 2.5), Event("read", "1", 2.6, 2.9)], order), "a read that goes back"
    assert violations([one, two], {"2": 2}), "a lost write"
    assert violations([one, two], {"1": 2, "2": 1}), "writes in another order"
    assert violations([Event("read", "2", 0, 1), two], order), "a read from the future"
    assert violations([one, Event("write", "2", 2, float("inf"))], {"1": 1}) == [], "a write of unknown outcome"


def test_reads_and_writes_over_three_nodes_are_linearizable(nodes):
    """One node is stopped for a while and goes on."""
    instance = new_instance(nodes[0].client())
    profile = make_profile(nodes[0].client(), instance, [])
    target = {"InstanceId": instance, "SecurityProfileId": profile}
    first = Event("write", "0", time.monotonic(), time.monotonic())
    nodes[0].client().update_security_profile(**target, Description="0")
    events, stop, numbers = [first], time.monotonic() + SECONDS, itertools.count(1)

    def work(node: Server, writes: bool) -> None:
        client = node.client()
        while (began := time.monotonic()) < stop:
            value = str(next(numbers))
            try:
                if writes:
                    client.update_security_profile(**target, Description=value)
                    events.append(Event("write", value, began, time.monotonic()))
                else:
                    value = client.describe_security_profile(**target)["SecurityProfile"]["Description"]
                    events.append(Event("read", value, began, time.monotonic()))
            except (ClientError, BotoCoreError):
                if writes:
                    events.append(Event("write", value, began, float("inf")))

    threads = [threading.Thread(target=work, args=(node, writes)) for node in nodes for writes in (True, False, False)]
    for thread in threads:
        thread.start()
    time.sleep(SECONDS / 3)
    nodes[1].process.send_signal(signal.SIGSTOP)
    time.sleep(SECONDS / 6)
    nodes[1].process.send_signal(signal.SIGCONT)
    for thread in threads:
        thread.join()
    order = {}
    for entry in entries(nodes[0], instance, "UpdateSecurityProfile"):
        for change in entry["changes"]:
            order[change["after"]["SecurityProfile"]["description"]] = entry["revision"]
    assert len(events) > 100
    print(f"{len(events)} events, {len(order)} writes")
    assert violations(events, order) == []


def test_nothing_acknowledged_is_lost_when_a_node_is_killed(tmp_path):
    url = new_database()
    options = ("--quota", "security-profiles=none")
    with Server(tmp_path / "a", *options, database=url) as a, Server(tmp_path / "b", *options, database=url) as b:
        instance = new_instance(a.client())
        acknowledged: list[str] = []
        failures: list[Exception] = []
        done = threading.Event()

        def write(number: int) -> None:
            # Round robin over the nodes, without stickiness.
            clients = itertools.cycle((a.client(), b.client()))
            for count in itertools.count():
                if done.is_set():
                    return
                name = f"writer-{number}-{count}"
                try:
                    next(clients).create_security_profile(InstanceId=instance, SecurityProfileName=name)
                    acknowledged.append(name)
                except (ClientError, BotoCoreError) as error:
                    failures.append(error)

        threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 30
        while len(acknowledged) < 30 and time.monotonic() < deadline:
            time.sleep(0.02)
        b.kill()
        before = len(acknowledged)
        deadline = time.monotonic() + 30
        while len(acknowledged) < before + 20 and time.monotonic() < deadline:
            time.sleep(0.02)
        b.start()
        done.set()
        for thread in threads:
            thread.join()
        assert len(acknowledged) >= before + 20, f"the other node did not go on: {failures[-3:]}"
        for node in (a, b):
            assert names(node.client(), instance) >= set(acknowledged)
