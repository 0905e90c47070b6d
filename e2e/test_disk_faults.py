"""A server whose disk is full, read-only or fails: writes say why, reads and decisions go on, and writes succeed again without
a restart when the disk is well."""

import json
import threading
import time

import pytest
from botocore.exceptions import ClientError

from conftest import new_instance
from harness import postgres
from harness.faulty_disk import FaultyDisk
from harness.observed import SEEN
from harness.server import Server, run_lanyard

CAUSES = {"full": "the disk is full", "read-only": "the disk is read-only", "write": "the disk answers with errors", "sync": "the disk answers with errors"}


@pytest.fixture(autouse=True)
def failures_of_the_disk_do_not_count():
    """A failure of the server's own is the disk's here: `test_errors` is about those that a request provokes."""
    before = set(SEEN)
    yield
    SEEN.difference_update({(operation, kind) for operation, kind in SEEN - before if kind == "InternalServiceException"})


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    return FaultyDisk(tmp_path_factory.mktemp("faulty-disk"))


@pytest.fixture
def server(disk, tmp_path):
    disk.set()
    with Server(tmp_path, database=None, **disk.environment) as server:
        if server.database is not None:
            pytest.skip("the disk is that of a data directory")
        yield server
        disk.set()


def ready(server: Server) -> tuple[int, dict]:
    answer = server.wire().send("GET", "/lanyard/v1/ready")
    return answer.status, answer.json


def describe(client, instance: str, profile: str) -> str:
    return client.describe_security_profile(InstanceId=instance, SecurityProfileId=profile)["SecurityProfile"]["Description"]


def decide(server: Server, instance: str) -> int:
    question = {
        "subject": {"type": "user", "id": "nobody"},
        "action": {"name": "Users.View"},
        "resource": {"type": "User", "id": "*"},
    }
    headers = {"content-type": "application/json"}
    path = f"/instances/{instance}/access/v1/evaluation"
    return server.wire().send("POST", path, json.dumps(question).encode(), headers).status


@pytest.mark.parametrize("fault", sorted(CAUSES))
def test_a_disk_that_fails_is_got_over(server, disk, fault):
    client = server.client()
    instance = new_instance(client)
    made = client.create_security_profile(InstanceId=instance, SecurityProfileName="Clerks", Description="0")
    profile = made["SecurityProfileId"]
    assert ready(server) == (200, {"status": "ready"})

    disk.set(fault)
    codes = []
    for number in range(4):
        with pytest.raises(ClientError) as refused:
            client.update_security_profile(InstanceId=instance, SecurityProfileId=profile, Description=f"refused {number}")
        error = refused.value.response["Error"]
        codes.append(error["Code"])
        if error["Code"] == "ServiceUnavailableException":
            assert CAUSES[fault] in error["Message"] and "nothing was written" in error["Message"]
        else:
            # Its commit failed, and so did finding out whether the disk has it.
            assert error["Code"] == "InternalServiceException" and "not known whether" in error["Message"]
        assert describe(client, instance, profile) == "0"
        assert decide(server, instance) == 200
        status, body = ready(server)
        assert status == 503 and CAUSES[fault] in body["reasons"]["storage"], body
        assert server.healthy()
    assert codes[1:] == ["ServiceUnavailableException"] * 3

    disk.set()
    # The question is what notices, without a write.
    assert ready(server) == (200, {"status": "ready"})
    client.update_security_profile(InstanceId=instance, SecurityProfileId=profile, Description="1")
    assert describe(client, instance, profile) == "1"
    server.kill()
    server.start()
    assert describe(server.client(), instance, profile) == "1"
    history = run_lanyard("history", "--data", str(server.data), "--instance", instance, "--json")
    assert "refused" not in history.stdout


def test_faults_come_and_go_under_writes(server, disk):
    """Nothing acknowledged is lost, and nothing refused is there, while the disk fails again and again."""
    client = server.client()
    instance = new_instance(client)
    is_over = threading.Event()
    results: list[dict] = [{} for _ in range(4)]

    def write(number: int) -> None:
        own = server.client()
        count = 0
        while not is_over.is_set():
            count += 1
            name = f"w{number}-{count}"
            try:
                own.create_security_profile(InstanceId=instance, SecurityProfileName=name)
                results[number][name] = "acknowledged"
            except ClientError as error:
                code = error.response["Error"]["Code"]
                assert code in ("ServiceUnavailableException", "InternalServiceException", "LimitExceededException"), error
                results[number][name] = "refused" if code != "InternalServiceException" else "in doubt"

    server.stop()
    server.arguments = (*server.arguments, "--quota", "security-profiles=none")
    server.start()
    threads = [threading.Thread(target=write, args=(number,)) for number in range(len(results))]
    for thread in threads:
        thread.start()
    for fault in ("sync", "full", "write", "sync", "read-only", "full", "write"):
        time.sleep(0.3)
        disk.set(fault)
        time.sleep(0.2)
        disk.set()
    time.sleep(0.3)
    is_over.set()
    for thread in threads:
        thread.join(30)
    server.kill()
    server.start()
    pages = server.client().get_paginator("list_security_profiles").paginate(InstanceId=instance)
    there = {one["Name"] for page in pages for one in page["SecurityProfileSummaryList"]}
    by_result = {kind: {name for one in results for name, it in one.items() if it == kind} for kind in ("acknowledged", "refused", "in doubt")}
    print({kind: len(names) for kind, names in by_result.items()})
    assert by_result["acknowledged"] <= there
    assert not by_result["refused"] & there
    assert len(by_result["acknowledged"]) > 20 and by_result["refused"]


def test_a_database_that_is_down_is_no_server_that_is_ready(tmp_path):
    with postgres.own_server() as url, Server(tmp_path / "server", database=url) as server:
        assert ready(server) == (200, {"status": "ready"})
        with postgres.stopped(url):
            status, body = ready(server)
            assert (status, body["reasons"]) == (503, {"storage": "the database server cannot be reached"})
            assert server.healthy()
        deadline = time.monotonic() + 20
        while ready(server)[0] != 200:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        new_instance(server.client())
