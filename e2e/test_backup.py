"""Backups, restores and migrations: while writes go on, both ways between the stores, killed in the middle, and refused files."""

import json
import os
import signal
import stat
import subprocess
import threading
import time
from pathlib import Path

import pytest

from conftest import new_instance
from harness.operations import unique
from harness.operations.values import PASSWORD
from harness.postgres import execute, new_database
from harness.server import Server, binary, clean_environment, run_lanyard
from harness.session_access import make_profile, make_user, sign_in
from test_durability import Writer, check, members

WRITERS = 4


def succeed(*arguments) -> str:
    done = run_lanyard(*map(str, arguments), timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def fail(*arguments, **options) -> str:
    done = run_lanyard(*map(str, arguments), timeout=300, **options)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stderr


def report(*arguments) -> dict:
    return json.loads(succeed(*arguments, "--json"))


def revisions(copied: dict) -> dict[str, tuple[int, str]]:
    return {stream["stream"]: (stream["revision"], stream["hash"]) for stream in copied["streams"]}


def state(server: Server, instance: str) -> dict:
    answer = server.wire().send("GET", f"/lanyard/v1/instances/{instance}/state")
    assert answer.status == 200, answer.body
    return answer.json


def place(kind: str, directory: Path):
    """An empty place for a store: a directory that is not there yet, or a database."""
    return new_database() if kind == "postgres" else directory / "data"


def serve(home: Path, where) -> Server:
    """A server over a store that a copy has filled."""
    return Server(home, database=where if isinstance(where, str) else None)


def fill(server: Server) -> tuple[str, str]:
    """An instance with a person who can sign in, an instance that was deleted, and a seeded one; the first, and the person."""
    client = server.client()
    instance = new_instance(client)
    profile = make_profile(client, instance, ["Users.View", "BasicAgentAccess"])
    routing = client.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]
    person = make_user(client, instance, [profile], routing)
    for number in range(30):
        client.update_security_profile(InstanceId=instance, SecurityProfileId=profile, Description=f"text {number}")
    client.delete_instance(InstanceId=new_instance(client))
    succeed("seed", "--alias", unique("seeded"), "--users", 300, "--endpoint", server.endpoint)
    return instance, person


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_backup_while_writes_go_on(tmp_path, kind):
    source = Server(tmp_path / "source", database=place(kind, tmp_path) if kind == "postgres" else None)
    with source as server:
        client = server.client()
        instance = new_instance(client)
        writers = []
        for number in range(WRITERS):
            profile = client.create_security_profile(InstanceId=instance, SecurityProfileName=f"writer {number}", **members(0))
            writers.append(Writer(profile["SecurityProfileId"]))
        threads = [threading.Thread(target=writer.run, args=(server.client(), instance)) for writer in writers]
        for thread in threads:
            thread.start()
        copies = []
        for number in range(4):
            time.sleep(0.5)
            before = [writer.acknowledged for writer in writers]
            file = tmp_path / f"{number}.backup"
            copied = report("backup", server.data, file)
            copies.append((file, before, copied))
        # They wrote all the while.
        after = [writer.acknowledged for writer in writers]
        assert all(last > first + 3 for first, last in zip(copies[0][1], after))
        server.kill()
        for thread in threads:
            thread.join()

    for number, (file, before, copied) in enumerate(copies):
        assert succeed("doctor", file).endswith("sound\n")
        home = tmp_path / f"restored {number}"
        restored = report("restore", file, home / "data")
        assert revisions(restored) == revisions(copied)
        assert restored["entries"] == sum(revision for revision, _ in revisions(copied).values())
        assert report("doctor", home / "data")["sound"]
        with serve(home, home / "data") as server:
            for writer, acknowledged in zip(writers, before):
                found = server.client().describe_security_profile(InstanceId=instance, SecurityProfileId=writer.profile)
                update = int(found["SecurityProfile"]["Description"].removeprefix("update "))
                assert acknowledged <= update <= writer.sent
                check(server.client(), instance, Writer(writer.profile, update, update))


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_what_is_restored_is_what_was_backed_up(tmp_path, kind):
    with Server(tmp_path / "source") as server:
        instance, person = fill(server)
        expected = state(server, instance)
        file = tmp_path / "lanyard.backup"
        copied = report("backup", server.data, file)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        piped = subprocess.run(
            [binary(), "backup", str(server.data), "-"], env=clean_environment(), stdout=subprocess.PIPE, timeout=60, check=True
        )
        assert abs(len(piped.stdout) - file.stat().st_size) < 10  # the time has more or fewer digits
    where = place(kind, tmp_path / "restored")
    text = succeed("restore", file, where)
    for stream, (revision, _) in revisions(copied).items():
        assert f"{stream}: revision {revision}," in text
    with serve(tmp_path / "restored", where) as server:
        assert state(server, instance) == expected
        assert sign_in(server, instance, person, PASSWORD).status == 200
        # The history goes on where it was.
        answer = server.client().update_instance_attribute(InstanceId=instance, AttributeType="INBOUND_CALLS", Value="false")
        revision = int(answer["ResponseMetadata"]["HTTPHeaders"]["x-lanyard-revision"])
        assert revision == expected["revision"] + 1
    assert "not empty" in fail("restore", file, where)
    piped_file = tmp_path / "piped.backup"
    piped_file.write_bytes(piped.stdout)
    assert revisions(report("restore", piped_file, tmp_path / "from pipe")) == revisions(copied)


def test_there_and_back_again(tmp_path):
    """SQLite to PostgreSQL to another PostgreSQL to SQLite to SQLite: the same revisions, hashes and states."""
    databases = [new_database(), new_database()]
    with Server(tmp_path / "source") as server:
        instance, person = fill(server)
        expected = state(server, instance)
    source = tmp_path / "source" / "data"
    copied = []
    for where in [*databases, tmp_path / "back" / "data", tmp_path / "again" / "data"]:
        copied.append(report("migrate", source, where))
        assert report("doctor", where)["sound"]
        home = tmp_path / "database" if isinstance(where, str) else where.parent
        with serve(home, where) as server:
            assert state(server, instance) == expected
            assert sign_in(server, instance, person, PASSWORD).status == 200
        source = where
    assert all(revisions(one) == revisions(copied[0]) for one in copied)
    assert [one["secrets"] for one in copied] == [2] * len(copied)


def test_a_source_that_is_written_is_migrated_only_when_that_is_meant(start_server, tmp_path):
    server = start_server()
    instance = new_instance(server.client())
    message = fail("migrate", server.data, tmp_path / "refused")
    assert "--while-written" in message
    assert not (tmp_path / "refused").exists()
    copied = report("migrate", server.data, tmp_path / "copy", "--while-written")
    server.client().create_security_profile(InstanceId=instance, SecurityProfileName="later")
    later = report("backup", server.data, tmp_path / "later.backup")
    stream = f"instance/{instance}"
    assert revisions(later)[stream][0] == revisions(copied)[stream][0] + 1
    server.stop()
    assert revisions(report("migrate", server.data, tmp_path / "stopped")) == revisions(later)
    assert "not empty" in fail("migrate", server.data, tmp_path / "copy")


def test_a_database_that_is_written_meanwhile_is_refused(tmp_path):
    """A database has no lock: the heads are compared at the end."""
    url = new_database()
    with Server(tmp_path / "server", database=url) as server:
        client = server.client()
        instance = new_instance(client)
        profile = client.create_security_profile(InstanceId=instance, SecurityProfileName="writer", **members(0))
        writer = Writer(profile["SecurityProfileId"])
        thread = threading.Thread(target=writer.run, args=(server.client(), instance))
        thread.start()
        while writer.acknowledged < 5:
            time.sleep(0.01)
        message = fail("migrate", url, tmp_path / "refused")
        assert "was written while it was copied" in message and "--while-written" in message
        assert "incomplete" in fail("doctor", tmp_path / "refused")
        assert report("migrate", url, tmp_path / "copy", "--while-written")["entries"] > 5
        assert report("doctor", tmp_path / "copy")["sound"]
        server.kill()
        thread.join()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_restore_that_is_killed_leaves_what_nobody_opens(tmp_path, kind):
    with Server(tmp_path / "source") as server:
        succeed("seed", "--alias", unique("seeded"), "--users", 4_000, "--endpoint", server.endpoint)
        file = tmp_path / "lanyard.backup"
        copied = report("backup", server.data, file)
    killed = 0
    for number, delay in enumerate([0, 0.1, 0.3, 0.6]):
        where = place(kind, tmp_path / f"killed {number}")
        restoring = subprocess.Popen(
            [binary(), "restore", str(file), str(where)], env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        while restoring.poll() is None and not is_marked(where):
            time.sleep(0.005)
        time.sleep(delay)
        restoring.send_signal(signal.SIGKILL)
        output, _ = restoring.communicate(timeout=60)
        if restoring.returncode == 0:
            assert report("doctor", where)["sound"]
            continue
        assert restoring.returncode == -signal.SIGKILL, output
        if run_lanyard("doctor", str(where), timeout=300).returncode == 0:
            # The signal came between the end of the copy and that of the process: all of it is there.
            assert revisions(report("backup", where, tmp_path / f"whole {number}.backup")) == revisions(copied)
            continue
        killed += 1
        option = "--database" if kind == "postgres" else "--data"
        for command in (
            ["serve", "--listen", "127.0.0.1:0", option, where],
            ["doctor", where],
            ["backup", where, tmp_path / "none.backup"],
            ["restore", file, where],
        ):
            assert "is incomplete: a copy into it did not end" in fail(*command)
        assert not (tmp_path / "none.backup").exists()
    assert killed >= 2
    where = place(kind, tmp_path / "again")
    assert revisions(report("restore", file, where)) == revisions(copied)


def is_marked(where) -> bool:
    if isinstance(where, Path):
        # The mark is the first thing that is written after the tables.
        wal = where / "lanyard.db-wal"
        return wal.exists() and wal.stat().st_size > 100_000
    tables = execute(where, "SELECT count(*) FROM pg_tables WHERE tablename = 'lanyard_meta'")
    return tables == "1" and execute(where, "SELECT count(*) FROM lanyard_meta WHERE key = 'incomplete'") == "1"


def test_a_file_that_is_not_whole_is_refused_before_anything_is_written(start_server, tmp_path):
    server = start_server()
    fill(server)
    whole = tmp_path / "lanyard.backup"
    succeed("backup", server.data, whole)
    contents = whole.read_bytes()
    damaged = tmp_path / "damaged.backup"
    where = tmp_path / "restored"
    middle = len(contents) // 2
    for bytes_, reason in [
        (contents[:-1], "not whole: it is cut off"),
        (contents[:middle], "not whole: it is cut off"),
        (contents[:20], "not whole: it is cut off"),
        (contents[:middle] + bytes([contents[middle] ^ 4]) + contents[middle + 1 :], "not whole: its contents"),
        (contents[:-60] + contents[-40:], "not whole: its contents"),
        (contents + b"\n", "not whole: it is cut off"),
        (contents[:19] + b"\x02" + contents[20:], "knows formats up to 1"),
        (b"SQLite format 3\0" + contents, "is not a backup"),
        (b"", "is not a backup"),
    ]:
        damaged.write_bytes(bytes_)
        for command in (["restore", damaged, where], ["doctor", damaged]):
            message = fail(*command)
            assert reason in message and str(damaged) in message
        assert not where.exists()
    assert "No such file" in fail("restore", tmp_path / "absent", where)
    assert "save it in a file first" in fail("restore", "-", where)
    assert not where.exists()


def test_a_backup_takes_the_place_of_a_backup_only(start_server, tmp_path):
    server = start_server()
    file = tmp_path / "lanyard.backup"
    new_instance(server.client())
    first = report("backup", server.data, file)
    new_instance(server.client())
    second = report("backup", server.data, file)
    assert len(second["streams"]) == len(first["streams"]) + 1
    other = tmp_path / "other"
    other.write_text("something else")
    directory = tmp_path / "directory"
    directory.mkdir()
    for there in (other, directory, Path("/dev/null")):
        assert "is not a backup" in fail("backup", server.data, there)
    assert other.read_text() == "something else"
    assert fail("backup", server.data, tmp_path / "no" / "such.backup")
    assert "no Lanyard data" in fail("backup", tmp_path / "absent", tmp_path / "absent.backup")
    # No part of any of them is left.
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == {"lanyard.backup", "other"}


def test_a_damaged_source_has_no_backup(start_server, tmp_path):
    import sqlite3

    server = start_server()
    if isinstance(server.data, str):
        pytest.skip("of a data directory")
    instance = new_instance(server.client())
    server.stop()
    server.expect_damage("an entry is changed")
    with sqlite3.connect(server.data / "lanyard.db") as database:
        changed = "UPDATE log SET body = replace(body, 'CreateInstance', 'CreateInstbnce') WHERE stream = ? AND revision = 1"
        assert database.execute(changed, [f"instance/{instance}"]).rowcount == 1
    database.close()
    message = fail("backup", server.data, tmp_path / "lanyard.backup")
    assert f"instance/{instance} revision 1" in message and "lanyard doctor" in message
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []
    assert "hash" in fail("migrate", server.data, tmp_path / "copy")


def test_a_role_that_can_only_read_is_enough_for_a_backup(tmp_path):
    url = new_database()
    with Server(tmp_path / "server", database=url) as server:
        instance, _ = fill(server)
        role = f"backs_up_{url.rsplit('/', 1)[1].split('?')[0]}"
        execute(url, f"CREATE ROLE {role} LOGIN PASSWORD 'reads'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
        reads = f"postgres://{role}:reads@{url.split('@')[1]}"
        copied = report("backup", reads, tmp_path / "lanyard.backup")
        assert f"instance/{instance}" in revisions(copied)
        done = run_lanyard("migrate", reads, str(tmp_path / "copy"))
        assert done.returncode == 0 and "reads" not in done.stdout.replace(role, "") + done.stderr
        assert os.path.exists(tmp_path / "copy" / "lanyard.db")
