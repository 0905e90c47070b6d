"""Every acknowledged write is complete after SIGKILL, repeatedly; only one process writes a directory."""

import json
import shutil
import sqlite3
import threading
import time
from dataclasses import dataclass

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from conftest import new_instance
from harness.operations import granular
from harness.profiles import read_profile
from harness.server import Server, free_port, run_lanyard

ROUNDS = 6
WRITERS = 4


def members(number: int) -> dict:
    """One update of many members that all contain its number, so that half an update would show."""
    return {
        "Description": f"update {number}",
        "AllowedAccessControlTags": {"number": str(number)},
        "Permissions": ["BasicAgentAccess", f"Own{_letters(number)}.View"],
        "AllowedFlowModules": [{"Type": "MCP", "FlowModuleId": f"module-{number}"}],
        "GranularAccessControlConfiguration": granular("number", [str(number)]),
    }


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


@dataclass
class Writer:
    """Updates one profile as fast as it can and remembers what was acknowledged and what was only sent."""

    profile: str
    sent: int = 0
    acknowledged: int = 0

    def run(self, client, instance: str) -> None:
        while True:
            self.sent += 1
            try:
                client.update_security_profile(InstanceId=instance, SecurityProfileId=self.profile, **members(self.sent))
            except BotoCoreError:
                return  # the server is gone
            except ClientError as error:
                raise AssertionError(f"an update was refused: {error}") from error
            self.acknowledged = self.sent


def check(client, instance: str, writer: Writer) -> None:
    actual = read_profile(client, instance, writer.profile)
    number = int(actual["Description"].removeprefix("update "))
    assert number in (writer.acknowledged, writer.sent), f"acknowledged {writer.acknowledged}, found {number}"
    for name, value in members(number).items():
        assert actual[name] == value, f"update {number} is torn at {name}"
    writer.sent = writer.acknowledged = number


def test_killed_again_and_again_under_writes(start_server):
    server = start_server()
    client = server.client()
    instance = new_instance(client)
    writers = []
    for number in range(WRITERS):
        profile = client.create_security_profile(InstanceId=instance, SecurityProfileName=f"writer {number}", **members(0))
        writers.append(Writer(profile["SecurityProfileId"]))
    progress = 0

    for turn in range(ROUNDS):
        failures = []

        def write(writer: Writer, client) -> None:
            try:
                writer.run(client, instance)
            except BaseException as failure:  # noqa: BLE001 (handed to the test's own thread)
                failures.append(failure)

        threads = [threading.Thread(target=write, args=(writer, server.client())) for writer in writers]
        for thread in threads:
            thread.start()
        time.sleep(0.3 + 0.07 * turn)
        server.kill()
        for thread in threads:
            thread.join(30)
        assert not failures, failures
        acknowledged = sum(writer.acknowledged for writer in writers)
        assert acknowledged > progress, "nothing was written in this round"
        progress = acknowledged
        server.start()
        server.verify()
        client = server.client()
        for writer in writers:
            check(client, instance, writer)
        progress = sum(writer.acknowledged for writer in writers)

    assert server.stop() == 0


def test_one_profile_under_concurrent_writes(start_server):
    """Writers of the same profile: the last state is one of those sent, whole."""
    server = start_server()
    client = server.client()
    instance = new_instance(client)
    profile = client.create_security_profile(InstanceId=instance, SecurityProfileName="shared", **members(0))["SecurityProfileId"]

    def write(first: int) -> None:
        own = server.client()
        for number in range(first, first + 20):
            own.update_security_profile(InstanceId=instance, SecurityProfileId=profile, **members(number))

    threads = [threading.Thread(target=write, args=(100 * n,)) for n in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    server.kill()
    server.start()

    actual = read_profile(server.client(), instance, profile)
    number = int(actual["Description"].removeprefix("update "))
    assert number in {100 * n + 19 for n in range(1, 5)}
    assert {name: actual[name] for name in members(number)} == members(number)


def test_names_stay_unique_under_concurrent_creates(start_server):
    server = start_server()
    client = server.client()
    instance = new_instance(client)
    outcomes: list[str] = []

    def create() -> None:
        try:
            server.client().create_security_profile(InstanceId=instance, SecurityProfileName="the one")
            outcomes.append("created")
        except ClientError as error:
            outcomes.append(error.response["Error"]["Code"])

    threads = [threading.Thread(target=create) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == sorted(["created"] + ["DuplicateResourceException"] * 5)


def everything(client) -> str:
    """All that the API shows, as text that can be compared."""
    shown = {}
    for page in client.get_paginator("list_instances").paginate():
        for instance in (one["Id"] for one in page["InstanceSummaryList"]):
            profiles = client.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]
            attributes = client.get_paginator("list_instance_attributes").paginate(InstanceId=instance)
            shown[instance] = {
                "instance": client.describe_instance(InstanceId=instance)["Instance"],
                "attributes": [one for attributes_page in attributes for one in attributes_page["Attributes"]],
                "profiles": [read_profile(client, instance, one["Id"]) for one in profiles],
            }
    return json.dumps(shown, sort_keys=True, default=str)


class TestRestart:
    @pytest.fixture
    def server(self, start_server):
        server = start_server()
        client = server.client()
        instance = new_instance(client, Tags={"stage": "test"}, InstanceAlias="kept")
        created = client.create_security_profile(InstanceId=instance, SecurityProfileName="kept", **members(7))
        client.tag_resource(resourceArn=created["SecurityProfileArn"], tags={"team": "care"})
        client.update_instance_attribute(InstanceId=instance, AttributeType="CONTACTFLOW_LOGS", Value="true")
        client.associate_security_profiles(
            InstanceId=instance,
            EntityType="AI_AGENT",
            EntityArn="arn:aws:wisdom:us-east-1:123456789012:ai-agent/a2b3/c4d5",
            SecurityProfiles=[{"Id": created["SecurityProfileId"]}],
        )
        client.delete_instance(InstanceId=new_instance(client, InstanceAlias="gone"))
        return server

    @pytest.mark.parametrize("end", ["stop", "kill"])
    def test_everything_is_found_again(self, server, end):
        before = everything(server.client())
        assert '"kept"' in before
        getattr(server, end)()
        server.start()
        assert everything(server.client()) == before

    def test_acknowledged_writes_survive(self, server):
        server.kill()
        server.start()
        client = server.client()
        (instance,) = [one["Id"] for one in client.list_instances()["InstanceSummaryList"]]
        with pytest.raises(ClientError) as taken:
            new_instance(client, InstanceAlias="kept")
        assert taken.value.response["Error"]["Code"] == "InvalidRequestException"
        with pytest.raises(ClientError) as duplicate:
            client.create_security_profile(InstanceId=instance, SecurityProfileName="kept")
        assert duplicate.value.response["Error"]["Code"] == "DuplicateResourceException"
        profiles = client.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]
        (held,) = [one["Id"] for one in profiles if one["Name"] == "kept"]
        with pytest.raises(ClientError) as in_use:
            client.delete_security_profile(InstanceId=instance, SecurityProfileId=held)
        assert in_use.value.response["Error"]["Code"] == "ResourceInUseException"
        assert new_instance(client, InstanceAlias="gone")

    def test_a_client_token_outlives_it(self, server):
        parameters = {"InstanceAlias": "once", "ClientToken": "a-token"}
        first = new_instance(server.client(), **parameters)
        server.kill()
        server.start()
        assert new_instance(server.client(), **parameters) == first


def test_a_second_server_reports_the_lock_and_exits(start_server):
    server = start_server()
    result = run_lanyard("serve", "--listen", f"127.0.0.1:{free_port()}", "--data", str(server.data), timeout=20)
    assert result.returncode not in (0, 101)
    words = result.stderr + result.stdout
    assert str(server.data) in words
    assert "panicked" not in words
    assert server.healthy()
    assert new_instance(server.client())


def test_sigterm_finishes_requests_in_progress(start_server):
    """Ended under load: status 0, and every acknowledged update is there."""
    server = start_server()
    client = server.client()
    instance = new_instance(client)
    profile = client.create_security_profile(InstanceId=instance, SecurityProfileName="busy", **members(0))
    writer = Writer(profile["SecurityProfileId"])
    thread = threading.Thread(target=writer.run, args=(server.client(), instance))
    thread.start()
    time.sleep(0.3)
    assert server.stop() == 0
    thread.join(30)
    server.start()
    check(server.client(), instance, writer)


class TestDoctor:
    @pytest.fixture
    def data(self, start_server):
        server = start_server()
        client = server.client()
        instance = new_instance(client)
        for number in range(20):
            client.create_security_profile(InstanceId=instance, SecurityProfileName=f"profile {number}", **members(number))
        assert server.stop() == 0
        return server.data

    def test_a_sound_directory(self, data):
        result = run_lanyard("doctor", str(data))
        assert result.returncode == 0, result.stdout + result.stderr
        assert result.stdout.strip()

    def test_it_leaves_the_directory_as_it_was(self, start_server, data):
        before = {path.name: path.read_bytes() for path in sorted(data.iterdir()) if path.suffix not in (".lock", "")}
        run_lanyard("doctor", str(data))
        for name, content in before.items():
            if not name.endswith(("-wal", "-shm")):
                assert (data / name).read_bytes() == content

    def test_one_changed_byte_in_the_log(self, data, tmp_path):
        """The chain of hashes shows it, though the file is still a database."""
        copy = tmp_path / "copy"
        shutil.copytree(data, copy)
        changed = 0
        for path in copy.iterdir():
            content = path.read_bytes()
            if b"update 7" in content:
                path.write_bytes(content.replace(b"update 7", b"update X"))
                changed += 1
        assert changed, "the log keeps descriptions in a form that this test does not find"

        result = run_lanyard("doctor", str(copy))

        assert result.returncode not in (0, 101), result.stdout
        assert (result.stdout + result.stderr).strip()

    def test_garbage(self, data, tmp_path):
        copy = tmp_path / "copy"
        shutil.copytree(data, copy)
        for path in copy.iterdir():
            if path.is_file() and path.stat().st_size > 4096:
                path.write_bytes(b"garbage " * 2000)
        result = run_lanyard("doctor", str(copy))
        assert result.returncode not in (0, 101)
        assert "panicked" not in result.stderr

    def test_nothing_there(self, tmp_path):
        result = run_lanyard("doctor", str(tmp_path / "nowhere"))
        assert result.returncode not in (0, 101)
        assert "nowhere" in result.stderr + result.stdout


def test_start_and_first_answer_are_quick(start_server):
    """The aim is 100 ms for a release build on an empty store; a debug build on a busy machine gets more."""
    started = time.monotonic()
    server = start_server()
    assert server.wire().send("GET", "/instance").status == 200
    assert time.monotonic() - started < 3
