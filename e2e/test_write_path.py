"""Concurrent writes to one registry: an acknowledged write is true, and a refused one leaves nothing behind.

LANYARD_WRITE_PATH_SECONDS makes the tests run longer.
"""

import json
import os
import threading
import time
import uuid

import pytest
from botocore.exceptions import ClientError

from conftest import new_instance

SECONDS = float(os.environ.get("LANYARD_WRITE_PATH_SECONDS", "4"))
HERE, ELSEWHERE = "eu-west-1", "us-east-1"
SOURCE = {"ExternalUrlConfig": {"AccessUrl": "https://example.com", "ApprovedOrigins": ["https://example.com"]}}


def together(*works) -> None:
    """Runs all at the same time; what one raises is raised here."""
    failures: list[BaseException] = []

    def run(work) -> None:
        try:
            work()
        except BaseException as failure:  # noqa: BLE001 (handed to the test's own thread)
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def listed(client) -> set[str]:
    pages = client.get_paginator("list_instances").paginate()
    return {one["Id"] for page in pages for one in page["InstanceSummaryList"]}


def test_refused_creates_next_to_tags_creates_and_deletes(start_server):
    """A create that the store refuses takes nothing down with it, whatever is built on it meanwhile."""
    server = start_server()
    new_instance(server.client(region=ELSEWHERE), InstanceAlias="taken")
    registry = server.client(region=HERE, service="appintegrations")
    arn = registry.create_application(Name="a", Namespace="a", ApplicationSourceConfig=SOURCE)["Arn"]
    end = time.monotonic() + SECONDS
    made: set[str] = set()
    deleted: set[str] = set()
    refusals = []

    def refuse():
        client = server.client(region=HERE)
        while time.monotonic() < end:
            with pytest.raises(ClientError) as refused:
                new_instance(client, InstanceAlias="taken")
            refusals.append(refused.value.response["Error"]["Code"])

    def tag(key: str):
        client, number = server.client(region=HERE, service="appintegrations"), 0
        while time.monotonic() < end:
            number += 1
            client.tag_resource(resourceArn=arn, tags={key: str(number)})
            assert client.list_tags_for_resource(resourceArn=arn)["tags"][key] == str(number)

    def create(worker: int):
        client, number = server.client(region=HERE), 0
        while time.monotonic() < end:
            number += 1
            instance = new_instance(client, InstanceAlias=f"made-{worker}-{number}")
            made.add(instance)
            assert client.describe_instance(InstanceId=instance)["Instance"]["Id"] == instance
            if number % 3 == 0:
                client.delete_instance(InstanceId=instance)
                deleted.add(instance)

    together(refuse, refuse, *(lambda key=f"k{n}": tag(key) for n in range(3)), *(lambda n=n: create(n) for n in range(2)))

    assert set(refusals) == {"InvalidRequestException"}
    assert len(made) > 10 and deleted
    assert listed(server.client(region=HERE)) == made - deleted
    server.kill()
    server.start()
    assert listed(server.client(region=HERE)) == made - deleted


def test_an_instance_is_deleted_once_while_others_write_to_it(start_server):
    server = start_server()
    client = server.client()
    end = time.monotonic() + SECONDS
    rounds = 0
    while time.monotonic() < end:
        rounds += 1
        instances = [new_instance(client) for _ in range(3)]
        outcomes: dict[str, list[str]] = {instance: [] for instance in instances}
        begun = threading.Event()

        def write(instance: str):
            own, number = server.client(), 0
            while True:
                number += 1
                try:
                    own.create_security_profile(InstanceId=instance, SecurityProfileName=f"profile {number}")
                    begun.set()
                except ClientError as error:
                    assert error.response["Error"]["Code"] == "ResourceNotFoundException", error
                    return

        def delete(instance: str):
            begun.wait(10)
            try:
                server.client().delete_instance(InstanceId=instance)
                outcomes[instance].append("deleted")
            except ClientError as error:
                outcomes[instance].append(error.response["Error"]["Code"])

        together(*(lambda it=it: write(it) for it in instances), *(lambda it=it: delete(it) for it in instances * 2))
        for outcome in outcomes.values():
            assert sorted(outcome) == ["ResourceNotFoundException", "deleted"]
        assert listed(client).isdisjoint(instances)
    assert rounds > 1


def change_set(instance: str, calls: int) -> bytes:
    made = [
        {"method": "PUT", "path": f"/security-profiles/{instance}", "body": {"SecurityProfileName": f"p{number}"}}
        for number in range(calls)
    ]
    return json.dumps({"calls": made}).encode()


def heavy_change_set(instance: str) -> bytes:
    """As much work as one change-set may be: 10,000 calls, all of which succeed."""
    profile = "stand-in"
    made = {"method": "PUT", "path": f"/security-profiles/{instance}", "makes": {profile: "SecurityProfileId"}}
    update = {"method": "POST", "path": f"/security-profiles/{instance}/{profile}", "body": {}}
    calls = [{**made, "body": {"SecurityProfileName": str(uuid.uuid4())}}] + [update] * 9_999
    return json.dumps({"calls": calls}, separators=(",", ":")).encode()


OTHERS_REQUESTS = ["DescribeInstance", "TagResource", "ApplyChangeSet", "CreateIntegrationAssociation", "DeleteApplication"]


@pytest.mark.parametrize("request_of_another", OTHERS_REQUESTS)
def test_a_heavy_write_does_not_keep_other_instances_waiting(start_server, request_of_another):
    """Two instances are always busy with heavy writes. A request that waited for these would be answered once for each."""
    server = start_server()
    client, applications = server.client(), server.client(service="appintegrations")
    busy, other = [new_instance(client) for _ in range(2)], new_instance(client)
    profile = client.create_security_profile(InstanceId=other, SecurityProfileName="light")["SecurityProfileId"]
    arn = client.describe_security_profile(InstanceId=other, SecurityProfileId=profile)["SecurityProfile"]["Arn"]
    path = f"/security-profiles/{other}/{profile}"
    light = json.dumps({"calls": [{"method": "POST", "path": path, "body": {"Description": "x"}}]}).encode()

    def application() -> str:
        name = f"n{uuid.uuid4().hex}"
        return applications.create_application(Name=name, Namespace=name, ApplicationSourceConfig=SOURCE)["Arn"]

    made = [application() for _ in range(40)]
    requests = {
        "DescribeInstance": lambda: client.describe_instance(InstanceId=other),
        "TagResource": lambda: client.tag_resource(resourceArn=arn, tags={"k": str(time.monotonic())}),
        "ApplyChangeSet": lambda: server.wire().send("POST", f"/lanyard/v1/instances/{other}/change-sets", light),
        "CreateIntegrationAssociation": lambda: client.create_integration_association(
            InstanceId=other, IntegrationType="APPLICATION", IntegrationArn=made.pop()
        ),
        "DeleteApplication": lambda: applications.delete_application(Arn=made.pop()),
    }
    assert list(requests) == OTHERS_REQUESTS
    heavy: list[int] = []
    answered = 0

    def load(instance: str):
        wire = server.wire()
        for body in [heavy_change_set(instance) for _ in range(4)]:
            heavy.append(wire.send("POST", f"/lanyard/v1/instances/{instance}/change-sets", body).status)

    threads = [threading.Thread(target=load, args=(instance,)) for instance in busy]
    for thread in threads:
        thread.start()
    while all(thread.is_alive() for thread in threads) and made:
        requests[request_of_another]()
        answered += 1
    for thread in threads:
        thread.join()
    assert heavy == [200] * 8
    assert answered > 2 * len(heavy), f"{answered} answers during {len(heavy)} heavy writes"


def test_ids_of_deleted_instances_are_never_found(server):
    client = server.client()
    with pytest.raises(ClientError) as unknown:
        client.delete_instance(InstanceId=str(uuid.uuid4()))
    assert unknown.value.response["Error"]["Code"] == "ResourceNotFoundException"
