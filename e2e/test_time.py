"""An instance with a past: checkpoints, archives, and what reads them."""

import json
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from harness.server import DATABASE, REGION, Server, binary, clean_environment, run_lanyard

SQLITE_ONLY = "the file is SQLite's"


def get(server: Server, path: str) -> tuple[int, dict]:
    """Reads a path of the administration API."""
    url = f"{server.endpoint}/lanyard/v1/instances/{path}"
    request = AWSRequest("GET", url)
    SigV4Auth(Credentials("test", "test"), "connect", REGION).add_auth(request)
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=dict(request.headers))) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def keyed(resources: list[dict]) -> dict:
    """Resources by kind and identifier."""
    found = {}
    for resource in resources:
        [(kind, body)] = resource.items()
        key = (kind, body.get("id") or body.get("arn") or json.dumps(body, sort_keys=True))
        assert key not in found, f"{key} is there twice"
        found[key] = body
    return found


def replayed(entries: list[dict]):
    """The state after each entry, from nothing: each is the one before with the entry's changes."""
    state: dict = {}
    for entry in entries:
        for change in (entry.get("entry") or entry["record"]["entry"])["changes"]:
            before, after = (keyed([change[side]]) if side in change else {} for side in ("before", "after"))
            for key in before:
                assert state.pop(key) == before[key]
            state.update(after)
        yield entry["record"], dict(state)


def everything(server: Server, instance: str) -> list[dict]:
    entries: list[dict] = []
    while True:
        after = entries[-1]["record"]["revision"] if entries else 0
        status, answer = get(server, f"{instance}/history?after={after}&limit=1000")
        assert status == 200, answer
        entries += answer["entries"]
        if not answer["entries"]:
            return entries


def seeded(server: Server, users: int) -> tuple[str, list[dict]]:
    done = run_lanyard("seed", "--endpoint", server.endpoint, "--users", str(users), "--json", AWS_REGION=REGION)
    assert done.returncode == 0, done.stderr
    instance = json.loads(done.stdout)["instance_id"]
    client = server.client()
    return instance, client.search_users(InstanceId=instance, MaxResults=100)["Users"]


def update(server: Server, instance: str, users: list[dict], count: int) -> None:
    client = server.client()
    for number in range(count):
        config = {"PhoneType": "SOFT_PHONE", "AutoAccept": number % 2 == 0, "AfterContactWorkTimeLimit": number}
        user = users[number * 7 % len(users)]["Id"]
        client.update_user_phone_config(InstanceId=instance, UserId=user, PhoneConfig=config)


def checkpoints(server: Server) -> int:
    """How many checkpoints there are."""
    done = run_lanyard("doctor", str(server.data), "--json")
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout)["checkpoints"]


def wait_for(what, seconds: float = 30):
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.1)
    return found


def now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def history(*arguments: str) -> list[dict]:
    done = run_lanyard("history", "--json", *arguments, AWS_REGION=REGION)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_state_is_the_one_that_replay_leads_to(tmp_path):
    with Server(tmp_path) as server:
        instance, users = seeded(server, 2500)
        update(server, instance, users, 30)
        # The seed has more than a megabyte, which is worth a checkpoint.
        wait_for(lambda: checkpoints(server))
        update(server, instance, users, 30)
        client = server.client()
        client.delete_user(InstanceId=instance, UserId=users[0]["Id"])
        client.create_security_profile(InstanceId=instance, SecurityProfileName="later")
        entries = everything(server, instance)
        assert len(entries) > 60
        states = list(replayed(entries))
        with ThreadPoolExecutor(4) as pool:
            answers = pool.map(lambda it: get(server, f"{instance}/state?revision={it[0]['revision']}"), states)
            for (record, expected), (status, answer) in zip(states, answers, strict=True):
                assert status == 200, answer
                assert (answer["revision"], answer["time"]) == (record["revision"], record["entry"]["time"])
                assert keyed(answer["resources"]) == expected
        status, answer = get(server, f"{instance}/state")
        assert (status, keyed(answer["resources"])) == (200, states[-1][1])
        for wrong in ("revision=0", f"revision={len(entries) + 1}", "time=0"):
            assert get(server, f"{instance}/state?{wrong}")[0] == 404
        user = users[1]["Username"]
        at = str(len(entries) - 20)
        here, there = (
            run_lanyard("what-can", user, "--as-of", at, *place, AWS_REGION=REGION)
            for place in (("--data", str(server.data)), ("--endpoint", server.endpoint, "--instance", instance))
        )
        assert (here.returncode, here.stdout) == (there.returncode, there.stdout) and here.stdout


def test_history_is_read_backward(tmp_path):
    with Server(tmp_path) as server:
        instance, users = seeded(server, 20)
        update(server, instance, users, 12)
        entries = everything(server, instance)
        last = entries[-1]["record"]["revision"]

        def back(query: str) -> list[int]:
            status, answer = get(server, f"{instance}/history?{query}")
            assert status == 200 and answer["revision"] == last and "archived" not in answer, answer
            return [entry["record"]["revision"] for entry in answer["entries"]]

        assert back(f"before={2**64 - 1}&limit=3") == [last, last - 1, last - 2]
        assert back(f"before={last - 2}&limit=2") == [last - 3, last - 4]
        assert back("before=3&limit=9") == [2, 1]
        assert back("before=1") == back("before=0") == []
        status, answer = get(server, f"{instance}/history?before=3&after=1")
        assert status == 400 and "together" in answer["Message"]
        for place in (("--data", str(server.data)), ("--endpoint", server.endpoint)):
            shown = history("--limit", "5", *place)
            assert [entry["revision"] for entry in shown] == list(range(last - 4, last + 1))
            of_users = history("--limit", "4", "--resource", users[7]["Username"], *place)
            assert [entry["revision"] for entry in of_users] == sorted(entry["revision"] for entry in of_users) != []
            assert len(history("--limit", "500", *place)) == len(history("--all", *place)) == last


@pytest.fixture
def stopped(tmp_path):
    """A stopped server whose instance has entries before and after a moment."""
    with Server(tmp_path) as server:
        instance, users = seeded(server, 30)
        update(server, instance, users, 40)
        time.sleep(0.01)
        moment = now()
        time.sleep(0.01)
        update(server, instance, users, 25)
    return server, instance, moment, users


def archive(server: Server, moment: str, file: Path) -> subprocess.CompletedProcess[str]:
    return run_lanyard("archive", str(server.data), "--before", moment, "--to", str(file))


def test_older_entries_move_into_an_archive(stopped, tmp_path):
    server, instance, moment, users = stopped
    file, data = tmp_path / "first.archive", str(server.data)
    before = history("--all", "--data", data)
    done = archive(server, moment, file)
    assert done.returncode == 0 and f"{len(before) - 25} entries of 1 stream are in" in done.stdout, done.stdout + done.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    cut = len(before) - 25
    # The store has the rest, and with the file there is all of it.
    left = run_lanyard("history", "--all", "--json", "--data", data)
    assert [json.loads(line) for line in left.stdout.splitlines()] == before[cut:]
    assert f"up to revision {cut} were archived" in left.stderr
    assert history("--all", "--archive", str(file), "--data", data) == before
    assert history("--limit", "30", "--archive", str(file), "--data", data) == before[-30:]
    assert history("--after", "10", "--limit", "3", "--archive", str(file), "--data", data) == before[10:13]
    below = run_lanyard("history", "--after", "10", "--data", data)
    assert below.returncode == 1 and "--archive FILE" in below.stderr
    few = run_lanyard("history", "--limit", "40", "--brief", "--data", data)
    assert len(few.stdout.splitlines()) == 25 and "were archived" in few.stderr
    for more, first in (((), cut + 1), (("--archive", str(file)), 1)):
        verified = json.loads(run_lanyard("history", "--verify", "--json", "--data", data, *more).stdout)
        assert (verified["verified"], verified["after"], verified["hash"]) == (True, first - 1, before[-1]["hash"])
    # Both are verified, and that one joins the other.
    assert run_lanyard("doctor", data, "--archive", str(file)).returncode == 0
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 3] ^= 1
    (tmp_path / "damaged").write_bytes(damaged)
    found = run_lanyard("doctor", data, "--archive", str(tmp_path / "damaged"))
    assert found.returncode == 1 and "damaged" in found.stdout
    # A state before the cut is named as archived; one after it is there.
    user = users[0]["Username"]
    early, late = (run_lanyard("what-can", user, "--as-of", str(at), "--data", data) for at in (cut - 1, cut + 3))
    assert early.returncode == 1 and "--archive FILE" in early.stderr
    assert late.returncode == 0, late.stderr
    # A server goes on with what is left.
    with server:
        status, answer = get(server, f"{instance}/history?after={cut}")
        assert status == 200 and answer["archived"] == {"revision": cut, "hash": before[cut - 1]["hash"]}
        assert [entry["hash"] for entry in answer["entries"]] == [entry["hash"] for entry in before[cut:]]
        for path in ("history", f"history?after={cut - 1}", f"state?revision={cut - 1}"):
            status, answer = get(server, f"{instance}/{path}")
            assert status == 404 and "archived" in answer["Message"], answer
        assert get(server, f"{instance}/state?revision={cut}")[0] == 200
        update(server, instance, users, 5)
        there = ("--archive", str(file), "--endpoint", server.endpoint)
        shown = run_lanyard("history", "--all", "--json", *there, AWS_REGION=REGION)
        assert "people in an archive are shown as erased" in shown.stderr
        entries = [json.loads(line) for line in shown.stdout.splitlines()]
        assert [entry["hash"] for entry in entries][: len(before)] == [entry["hash"] for entry in before]
        assert entries[cut : len(before)] == before[cut:]
        # Quick connects to people have their names, which are not sealed.
        changes = [change.get("after") or {} for entry in before[:cut] for change in entry["changes"]]
        connects = {change["QuickConnect"]["name"] for change in changes if "QuickConnect" in change}
        name = next(user["Username"] for user in users if not any(user["Username"] in it for it in connects))
        assert name in json.dumps(before[:cut]) and name not in json.dumps(entries[:cut])
        assert len(history("--limit", "60", *there)) == 60
    # The next archive goes on where this one ends.
    second = tmp_path / "second.archive"
    assert archive(server, now(), second).returncode == 0
    files = ("--archive", str(second), "--archive", str(file))
    assert history("--all", *files, "--data", data)[: len(before)] == before
    assert run_lanyard("doctor", data, *files).returncode == 0
    gap = run_lanyard("doctor", data, "--archive", str(file))
    assert gap.returncode == 1 and "goes on after it" in gap.stdout


def test_what_cannot_be_archived_is_refused(stopped, tmp_path):
    server, _, moment, _ = stopped
    (tmp_path / "there").write_text("mine")
    done = archive(server, moment, tmp_path / "there")
    assert done.returncode == 1 and "exists" in done.stderr
    assert (tmp_path / "there").read_text() == "mine"
    done = archive(server, "42", tmp_path / "new")
    assert done.returncode == 1 and "takes a time" in done.stderr
    done = archive(server, "2001-01-01", tmp_path / "new")
    assert done.returncode == 0 and "no archive was made" in done.stdout
    done = run_lanyard("archive", str(tmp_path / "nowhere"), "--before", moment, "--to", str(tmp_path / "new"))
    assert done.returncode == 1 and "no Lanyard data" in done.stderr and not (tmp_path / "nowhere").exists()
    if server.database is None:
        with server:
            done = archive(server, moment, tmp_path / "new")
            assert done.returncode == 1 and "--keep-history" in done.stderr
    assert not (tmp_path / "new").exists()


def test_a_kill_in_the_middle_loses_nothing(stopped, tmp_path):
    server, instance, moment, _ = stopped
    if server.database is not None:
        pytest.skip(SQLITE_ONLY)
    whole = [entry["hash"] for entry in history("--all", "--brief", "--data", str(server.data))]
    found_file = []
    for attempt in range(20):
        data, file = tmp_path / f"copy{attempt}", tmp_path / f"{attempt}.archive"
        shutil.copytree(server.data, data)
        command = [str(binary()), "archive", str(data), "--before", moment, "--to", str(file)]
        process = subprocess.Popen(command, env=clean_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.004 * attempt)
        process.send_signal(signal.SIGKILL)
        process.wait()
        found_file.append(file.exists())
        more = ("--archive", str(file)) if file.exists() else ()
        assert run_lanyard("doctor", str(data)).returncode == 0
        assert [entry["hash"] for entry in history("--all", "--brief", "--data", str(data), *more)] == whole
        # The same again, into another file, ends what was begun.
        done = run_lanyard("archive", str(data), "--before", moment, "--to", str(tmp_path / f"{attempt}.again"))
        assert done.returncode == 0, done.stderr
        made = [path for path in (file, tmp_path / f"{attempt}.again") if path.exists()]
        files = [part for path in made for part in ("--archive", str(path))]
        assert [entry["hash"] for entry in history("--all", "--brief", "--data", str(data), *files)] == whole
        assert run_lanyard("doctor", str(data), *files).returncode == 0
        shutil.rmtree(data)
    assert not found_file[0], "the first kill was meant to come before the file"


def test_a_server_archives_by_itself(tmp_path):
    place = tmp_path / "archives"
    with Server(tmp_path, "--keep-history", "2s", "--archive-to", str(place)) as server:
        instance, users = seeded(server, 30)
        update(server, instance, users, 20)
        all_of_it = everything(server, instance)
        wait_for(lambda: list(place.glob("*.archive")))
        wait_for(lambda: get(server, f"{instance}/history?before=0")[1].get("archived"))
        wait_for(lambda: "older entries were archived" in server.log.read_text())
        update(server, instance, users, 3)
        wait_for(lambda: get(server, f"{instance}/history?before=0")[1]["archived"]["revision"] >= len(all_of_it))
    files = [part for path in sorted(place.glob("*.archive")) for part in ("--archive", str(path))]
    shown = history("--all", "--brief", "--data", str(server.data), *files)
    assert [entry["hash"] for entry in shown][: len(all_of_it)] == [entry["hash"] for entry in all_of_it]
    assert run_lanyard("doctor", str(server.data), *files).returncode == 0
    wrong = run_lanyard("serve", "--keep-history", "2 years", "--archive-to", str(place))
    assert wrong.returncode == 1 and "such as 90d" in wrong.stderr
    assert run_lanyard("serve", "--keep-history", "2d").returncode == 1


def test_the_space_of_archived_entries_is_given_back(stopped, tmp_path):
    server, instance, _, users = stopped
    if server.database is not None:
        pytest.skip(SQLITE_ONLY)
    with server:
        update(server, instance, users, 400)

    def size() -> int:
        """With the write-ahead log, in which the newest pages may be."""
        return sum(path.stat().st_size for path in Path(server.data).glob(f"{DATABASE}*") if not path.name.endswith("-shm"))

    before = size()
    moment = (datetime.now(timezone.utc) + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert archive(server, moment, tmp_path / "all.archive").returncode == 0
    assert size() < before / 2
