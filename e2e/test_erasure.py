"""People in the log: sealed while they are there, gone when they are deleted; and secrets sealed with a key from outside."""

import hashlib
import json
import secrets
import sqlite3
import time
from pathlib import Path

import pytest

from conftest import new_instance
from harness.postgres import execute, new_database
from harness.server import Server, run_lanyard

PERSON = {
    "FirstName": "Anastasia-Q",
    "LastName": "Sandoval-Q",
    "Email": "anastasia.q@example.com",
    "SecondaryEmail": "sandoval.q@example.org",
    "Mobile": "+14155550123",
}
USERNAME = "anastasia-q"
PASSWORD = "Correct-Horse-1"
PHONE = "+14155550199"
# Every text by which the person could be known.
TRACES = [USERNAME, PHONE, *PERSON.values()]


@pytest.fixture
def local(monkeypatch):
    """The data is in a directory, whatever the other tests use."""
    monkeypatch.delenv("LANYARD_TEST_STORE", raising=False)


def create(client, instance: str) -> str:
    profiles = client.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]
    profile = next(profile["Id"] for profile in profiles if profile["Name"] == "Admin")
    routing = client.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]
    return client.create_user(
        InstanceId=instance,
        Username=USERNAME,
        Password=PASSWORD,
        IdentityInfo=PERSON,
        PhoneConfig={"PhoneType": "DESK_PHONE", "DeskPhoneNumber": PHONE},
        SecurityProfileIds=[profile],
        RoutingProfileId=routing,
    )["UserId"]


def rename(client, instance: str, user: str) -> None:
    renamed = {**PERSON, "LastName": "Someone-Else"}
    client.update_user_identity_info(InstanceId=instance, UserId=user, IdentityInfo=renamed)


def traces(data: Path) -> list[str]:
    """The texts of the person that are in some file of a data directory, with the file."""
    return [
        f"{text} in {file.name}"
        for file in data.iterdir()
        for text in [*TRACES, "Someone-Else"]
        if text.encode() in file.read_bytes()
    ]


def run(*arguments: str, status: int = 0, **environment: str) -> str:
    done = run_lanyard(*arguments, **environment)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def history(data, *arguments: str, **environment: str) -> str:
    return run("history", "--data", str(data), "--all", *arguments, **environment)


def wait_until_gone(data: Path) -> None:
    deadline = time.monotonic() + 30
    while left := traces(data):
        assert time.monotonic() < deadline, left
        time.sleep(0.1)


def test_a_deleted_person_is_gone_from_the_data_directory(tmp_path, local):
    with Server(tmp_path) as server:
        client = server.client()
        instance = new_instance(client)
        user = create(client, instance)
        rename(client, instance, user)
        before = [json.loads(line) for line in history(server.data, "--json").splitlines()]
        assert before[-1]["changes"][0]["before"]["User"]["identity_info"]["last_name"] == PERSON["LastName"]
        assert USERNAME in history(server.data) and USERNAME in run("history", "--endpoint", server.endpoint, AWS_REGION="us-east-1")
        as_of = ("--as-of", str(before[-1]["revision"]), "--data", str(server.data))
        run("check", USERNAME, "Users.View", "User:*", *as_of)

        client.delete_user(InstanceId=instance, UserId=user)
        wait_until_gone(server.data)
        for answer in (
            history(server.data),
            history(server.data, "--json"),
            run("history", "--all", "--json", "--endpoint", server.endpoint, AWS_REGION="us-east-1"),
        ):
            assert f"erased:{user}" in answer
            assert not any(text in answer for text in TRACES)
        state = server.wire().send("GET", f"/lanyard/v1/instances/{instance}/state?revision={before[-1]['revision']}")
        assert f"erased:{user}" in state.body.decode() and USERNAME not in state.body.decode()
        run("history", "--verify", "--endpoint", server.endpoint, AWS_REGION="us-east-1")
        run("history", "--verify", "--data", str(server.data))
        # The past is still answered for, of somebody without a name.
        run("check", user, "Users.View", "User:*", *as_of)
        assert USERNAME in run("check", USERNAME, "Users.View", "User:*", *as_of, status=1)
        # Nobody else of the name is meant by it.
        assert create(client, instance) != user
        server.stop()
    assert USERNAME in history(server.data)


def test_a_deleted_person_is_gone_from_checkpoints_and_archives(tmp_path, local):
    file = tmp_path / "older.archive"
    with Server(tmp_path) as server:
        client = server.client()
        instance = new_instance(client)
        user = create(client, instance)
        rename(client, instance, user)
        client.create_security_profile(InstanceId=instance, SecurityProfileName="later")
        server.stop()
        run("archive", str(server.data), "--before", "2999-01-01", "--to", str(file))
        everything = ("--archive", str(file))
        assert PERSON["LastName"] in history(server.data, "--json", *everything)
        assert not any(text.encode() in file.read_bytes() for text in TRACES)
        checkpoint = json.loads(run("doctor", str(server.data), "--json"))["checkpoints"]
        assert checkpoint == 1
        server.start()
        revision = server.wire().send("GET", f"/lanyard/v1/instances/{instance}/history?before=0").json["archived"]["revision"]
        path = f"/lanyard/v1/instances/{instance}/state?revision={revision}"
        assert USERNAME in server.wire().send("GET", path).body.decode()
        server.client().delete_user(InstanceId=instance, UserId=user)
        wait_until_gone(server.data)
        then = server.wire().send("GET", path).body.decode()
        assert f"erased:{user}" in then and not any(text in then for text in TRACES)
    shown = history(server.data, "--json", *everything)
    assert f"erased:{user}" in shown and not any(text in shown for text in TRACES)
    run("doctor", str(server.data), *everything)
    run("history", "--verify", "--data", str(server.data), *everything)


def test_a_person_has_one_key_however_often_the_server_starts(tmp_path):
    with Server(tmp_path) as server:
        instance = new_instance(server.client())
        user = create(server.client(), instance)
        for _ in range(3):
            server.stop()
            server.start()
            # The first write after a start makes the server learn the keys.
            server.client().create_security_profile(InstanceId=instance, SecurityProfileName=f"profile {time.time_ns()}")
            time.sleep(0.5)
            rename(server.client(), instance, user)
            server.client().update_user_identity_info(InstanceId=instance, UserId=user, IdentityInfo=PERSON)
    assert json.loads(run("doctor", str(server.data), "--json"))["keys"] == 1


def test_an_erased_person_is_not_restored(tmp_path, local):
    with Server(tmp_path) as server:
        client = server.client()
        instance = new_instance(client)
        user = create(client, instance)
        client.delete_user(InstanceId=instance, UserId=user)
        last = json.loads(history(server.data, "--json").splitlines()[-1])
        assert last["operation"] == "DeleteUser"
        plan = run("revert", str(last["revision"]), "--data", str(server.data), status=1)
        assert f"the user `{user}` was erased when it was deleted" in plan, plan


def in_clear(data: Path) -> None:
    """Rewrites a data directory as version 0.1.0 wrote it, with people in clear and the hashes of that."""
    clear = {}
    with sqlite3.connect(data / "lanyard.db") as database:
        instances = [row[0] for row in database.execute("SELECT stream FROM stream WHERE stream LIKE 'instance/%'")]
    for stream in instances:
        for line in history(data, "--json", "--instance", stream.split("/")[1]).splitlines():
            entry = json.loads(line)
            clear[stream, entry["revision"]] = entry["changes"]
    with sqlite3.connect(data / "lanyard.db") as database:
        for stream in instances:
            previous = hashlib.sha256(stream.encode()).digest()
            rows = database.execute("SELECT revision, body FROM log WHERE stream = ? ORDER BY revision", (stream,)).fetchall()
            for revision, body in rows:
                record = json.loads(body)
                record["previous"] = previous.hex()
                record["entry"]["changes"] = clear[stream, revision]
                body = json.dumps(record)
                previous = hashlib.sha256(previous + body.encode()).digest()
                place = (body, previous, stream, revision)
                database.execute("UPDATE log SET body = ?, hash = ? WHERE stream = ? AND revision = ?", place)
            database.execute("UPDATE stream SET hash = ? WHERE stream = ?", (previous, stream))
        database.execute("DELETE FROM person_key")


def test_people_whom_an_earlier_version_left_in_clear_are_erased(tmp_path, local):
    with Server(tmp_path) as server:
        client = server.client()
        instance = new_instance(client)
        user = create(client, instance)
        rename(client, instance, user)
        server.stop()
        in_clear(server.data)
        server.verify()
        server.start()
        client = server.client()
        refused = run("erase", str(server.data), "--deleted", status=1)
        assert "in use by another server" in refused
        server.stop()
        refused = run("erase", str(server.data), "--user", USERNAME, status=1)
        assert f"is not deleted; delete user {user} first" in refused
        server.start()
        server.client().delete_user(InstanceId=instance, UserId=user)
        server.stop()
        assert any(text.startswith(USERNAME) for text in traces(server.data))
        before = run("history", "--verify", "--json", "--data", str(server.data))

        answer = run("erase", str(server.data), "--user", USERNAME, "--reason", "request 42", "--actor", "ops")
        assert "1 users were erased from 2 entries" in answer and user in answer
        assert traces(server.data) == []
        after = json.loads(run("history", "--verify", "--json", "--data", str(server.data)))
        assert (after["verified"], after["erased_entries"]) == (True, 2)
        assert after["revision"] == json.loads(before)["revision"] + 1
        text = history(server.data)
        assert "EraseUsers  by ops" in text and ": request 42" in text and f"erased:{user}" in text
        report = run("doctor", str(server.data))
        assert "people were erased from 2 entries afterwards" in report
        assert "no entry has a deleted user in clear" in run("erase", str(server.data), "--deleted")
        # The server goes on from there.
        server.start()
        assert create(server.client(), instance) != user
        server.stop()
        # A change that no erasure recorded is found.
        server.expect_damage("an entry that was erased in part is changed")
        with sqlite3.connect(server.data / "lanyard.db") as database:
            changed = database.execute("UPDATE log SET body = replace(body, '\"actor\":\"test\"', '\"actor\":\"nobody\"') WHERE body LIKE '%\"erased\":true%'")
            assert changed.rowcount > 0
        assert "broken at revision" in run("history", "--verify", "--data", str(server.data), status=1)


def test_people_in_clear_are_erased_from_a_database(tmp_path):
    url = new_database()
    with Server(tmp_path, database=url) as server:
        instance = new_instance(server.client())
        # A node of an earlier version would not read sealed entries.
        server.stop()
        execute(url, "DELETE FROM lanyard_meta WHERE key = 'entry-format'")
        execute(url, "INSERT INTO lanyard_node VALUES ('earlier', 1, CAST(extract(epoch FROM now()) * 1000 AS bigint))")
        server.start()
        user = create(server.client(), instance)
        server.stop()
        execute(url, "DELETE FROM lanyard_node")
        server.start()
        rename(server.client(), instance, user)
        server.client().delete_user(InstanceId=instance, UserId=user)
        logged = "SELECT count(*) FROM lanyard_log WHERE position('" + USERNAME + "'::bytea IN body) > 0"
        assert execute(url, logged) == "1"
        # Other nodes may run meanwhile.
        assert "1 users were erased from 1 entries" in run("erase", url, "--deleted")
        assert execute(url, logged) == "0"
        assert create(server.client(), instance) != user


def test_secrets_are_sealed_with_a_key_from_outside(tmp_path, local):
    old, new = secrets.token_hex(32), secrets.token_hex(32)
    key_file = tmp_path / "keys"
    key_file.write_text(f"# of last year\n{old}\n")
    with Server(tmp_path / "server", LANYARD_KEY_FILE=str(key_file)) as server:
        instance = new_instance(server.client())
        user = create(server.client(), instance)
        data = server.data
        server.stop()
        with sqlite3.connect(data / "lanyard.db") as database:
            values = [row[0] for row in database.execute("SELECT value FROM secret UNION ALL SELECT value FROM person_key")]
        assert len(values) == 3 and all(value.startswith(b"\0sealed1") for value in values)
        assert b"argon2" not in (data / "lanyard.db").read_bytes()

        # Without the key, or with another, nothing starts, and the reason is plain.
        for environment, reason in [
            ({}, "give the key with --key-file FILE"),
            ({"LANYARD_KEY": new}, "none of the keys that were given is that one"),
            ({"LANYARD_KEY": old[:-1]}, "the variable LANYARD_KEY: key 1 is not 32 bytes"),
            ({"LANYARD_KEY_FILE": str(tmp_path / "nowhere")}, "the key file"),
        ]:
            for command in (("serve", "--listen", "127.0.0.1:0", "--data", str(data)), ("doctor", str(data))):
                answer = run(*command, status=1, **environment)
                assert reason in answer and old not in answer and old[:-1] not in answer, answer
        assert "--key-file" in run("history", "--data", str(data), status=1)
        assert USERNAME in history(data, "--key-file", str(key_file))
        assert USERNAME in history(data, LANYARD_KEY=old)

        # Rotation.
        key_file.write_text(f"{new}\n{old}\n")
        server.start()
        rename(server.client(), instance, user)
        server.stop()
        assert "are sealed with the key" in run("doctor", str(data), status=1, LANYARD_KEY=new)
        assert "were sealed with the first key" in run("rekey", str(data), "--key-file", str(key_file))
        key_file.write_text(new)
        server.start()
        assert server.client().describe_user(InstanceId=instance, UserId=user)["User"]["Username"] == USERNAME
        # The log never has a key.
        assert old not in server.log.read_text() and new not in server.log.read_text()
