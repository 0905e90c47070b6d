"""A server over a PostgreSQL database: the same API, the same log, and nothing acknowledged is lost."""

import json
import threading
import time

from conftest import new_instance
from harness.postgres import crash, execute, new_database, own_server, without_password
from harness.server import Server, run_lanyard
from test_durability import Writer, check, members

ROUNDS = 5
WRITERS = 4


def test_what_was_written_is_there_after_a_restart(tmp_path):
    url, password = without_password(new_database())
    environment = {"PGPASSWORD": password}
    with Server(tmp_path / "server", database=url, **environment) as server:
        client = server.client()
        instance = new_instance(client)
        profile = client.create_security_profile(InstanceId=instance, SecurityProfileName="Clerks")["SecurityProfileId"]
        client.update_security_profile(InstanceId=instance, SecurityProfileId=profile, Description="changed")
        server.stop()
        server.start()
        found = server.client().describe_security_profile(InstanceId=instance, SecurityProfileId=profile)
        assert found["SecurityProfile"]["Description"] == "changed"

        # The log is read next to the server, by the commands that read data directories.
        history = run_lanyard("history", "--data", url, "--instance", instance, "--json", **environment)
        assert history.returncode == 0, history.stderr
        assert "UpdateSecurityProfile" in history.stdout
        report = run_lanyard("doctor", url, "--json", **environment)
        assert report.returncode == 0, report.stdout + report.stderr
        assert json.loads(report.stdout)["sound"]
        assert password not in server.log.read_text() + history.stdout + history.stderr
    assert not (tmp_path / "server" / "data").exists()


def test_the_doctor_finds_what_was_changed(tmp_path):
    url = new_database()
    with Server(tmp_path / "server", database=url) as server:
        instance = new_instance(server.client())
        server.stop()
        server.expect_damage("a current resource is changed")
        execute(url, f"UPDATE lanyard_resource SET body = '{{}}' WHERE stream = 'instance/{instance}'")
    report = run_lanyard("doctor", url)
    assert report.returncode == 1
    assert "cannot be read" in report.stdout


def test_a_role_that_can_only_read_is_enough_for_the_commands(tmp_path):
    url = new_database()
    with Server(tmp_path / "server", database=url) as server:
        instance = new_instance(server.client())
        role = f"only_reads_{url.rsplit('/', 1)[1].split('?')[0]}"
        execute(url, f"CREATE ROLE {role} LOGIN PASSWORD 'reads'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
        reads = f"postgres://{role}:reads@{url.split('@')[1]}"
        history = run_lanyard("history", "--data", reads, "--instance", instance)
        assert history.returncode == 0 and "CreateInstance" in history.stdout, history.stderr
        assert run_lanyard("doctor", reads).returncode == 0


def test_a_password_is_not_shown_in_errors(tmp_path):
    for url in ["postgres://a:hunter2@127.0.0.1:1/x?sslmode=disable", "postgres://a:hunter2@x@y/z", "mysql://a:hunter2@x/y"]:
        for command in (["serve", "--database", url], ["doctor", url], ["history", "--data", url]):
            result = run_lanyard(*command)
            assert result.returncode != 0
            assert command[0] != "serve" or "hunter2" not in result.stdout + result.stderr
            assert url.startswith("mysql") or "hunter2" not in result.stdout + result.stderr


def test_killed_again_and_again_under_writes(tmp_path):
    with Server(tmp_path / "server", database=new_database()) as server:
        client = server.client()
        instance = new_instance(client)
        writers = []
        for number in range(WRITERS):
            profile = client.create_security_profile(InstanceId=instance, SecurityProfileName=f"writer {number}", **members(0))
            writers.append(Writer(profile["SecurityProfileId"]))
        progress = 0
        for number in range(ROUNDS):
            threads = [threading.Thread(target=writer.run, args=(server.client(), instance)) for writer in writers]
            for thread in threads:
                thread.start()
            time.sleep(0.3 + 0.11 * number)
            server.kill()
            for thread in threads:
                thread.join()
            progress += sum(writer.acknowledged for writer in writers)
            server.start()
            client = server.client()
            for writer in writers:
                check(client, instance, writer)
        assert progress > ROUNDS


def test_the_database_crashes_under_writes(tmp_path):
    with own_server() as url, Server(tmp_path / "server", database=url) as server:
        client = server.client()
        instance = new_instance(client)
        writers = []
        for number in range(WRITERS):
            profile = client.create_security_profile(InstanceId=instance, SecurityProfileName=f"writer {number}", **members(0))
            writers.append(Writer(profile["SecurityProfileId"]))
        threads = [threading.Thread(target=writer.run, args=(server.client(), instance)) for writer in writers]
        for thread in threads:
            thread.start()
        for _ in range(3):
            time.sleep(1)
            crash(url)
            before = sum(writer.acknowledged for writer in writers)
            # No write fails: each waits until the database is there again.
            deadline = time.monotonic() + 20
            while sum(writer.acknowledged for writer in writers) < before + 2 * WRITERS:
                assert all(thread.is_alive() for thread in threads)
                assert time.monotonic() < deadline
                time.sleep(0.05)
        server.kill()
        for thread in threads:
            thread.join()
        server.start()
        for writer in writers:
            check(server.client(), instance, writer)
