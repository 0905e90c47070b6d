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


def test_a_heavy_write_does_not_keep_other_instances_waiting(start_server):
    server = start_server()
    client = server.client()
    busy, other = new_instance(client), new_instance(client)
    wire = server.wire()
    answered = []

    def load():
        # Refused at its end, by the quota: what it takes until then is the work of thousands of calls.
        answer = wire.send("POST", f"/lanyard/v1/instances/{busy}/change-sets", change_set(busy, 6_000))
        answered.append((time.monotonic(), answer.status))

    thread = threading.Thread(target=load)
    thread.start()
    meanwhile = []
    while thread.is_alive():
        client.update_instance_attribute(InstanceId=other, AttributeType="EARLY_MEDIA", Value="true")
        client.describe_instance(InstanceId=other)
        meanwhile.append(time.monotonic())
    thread.join()
    assert answered
    assert meanwhile[0] < answered[0][0]


def test_ids_of_deleted_instances_are_never_found(server):
    client = server.client()
    with pytest.raises(ClientError) as unknown:
        client.delete_instance(InstanceId=str(uuid.uuid4()))
    assert unknown.value.response["Error"]["Code"] == "ResourceNotFoundException"
