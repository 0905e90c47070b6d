"""The cost of an instance's past. Run by `bench/run-past`; needs only the standard library.

`make` fills a data directory with an instance and updates of its users; `measure` reads its past, next to decisions.
"""

import argparse
import http.client
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

from seed import HOST, rows, serving, signed

SIZES = {
    "security_profiles": 80,
    "hierarchy_groups": 400,
    "queues": 100,
    "routing_profiles": 100,
    "quick_connects": 50,
    "flow_modules": 20,
    "ai_agents": 10,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench/run-past", description=__doc__)
    parser.add_argument("what", choices=["make", "measure"])
    parser.add_argument("data", type=Path, help="the data directory")
    parser.add_argument("--users", type=int, default=100_000, metavar="NUMBER")
    parser.add_argument("--updates", type=int, default=120_000, metavar="NUMBER")
    parser.add_argument("--writers", type=int, default=8, metavar="NUMBER", help="processes that update")
    parser.add_argument("--decisions", type=int, default=10_000, metavar="NUMBER", help="the decisions to take in each state")
    options = parser.parse_args()
    (make if options.what == "make" else measure)(options)


def make(options: argparse.Namespace) -> None:
    with serving(options.data) as server:
        made = server.seed("past", {**SIZES, "users": options.users})
        instance = made["instance_id"]
        users = [row["Id"] for row in all_rows(server, f"/users-summary/{instance}", "UserSummaryList")]
        begun = time.perf_counter()
        share = options.updates // options.writers
        arguments = [(server.port, instance, users, at, share) for at in range(options.writers)]
        with multiprocessing.Pool(options.writers) as pool:
            pool.starmap(update, arguments)
        took = time.perf_counter() - begun
        print(f"{options.users} users, {share * options.writers} updates in {took:.1f} s, {size(options.data):.0f} MB")
        time.sleep(float(os.environ.get("SETTLE", "0")))


def all_rows(server, target: str, member: str) -> list[dict]:
    found, token = [], ""
    while True:
        status, answer, _ = server.send("GET", f"{target}?maxResults=1000{token}")
        assert status == 200, answer
        found += answer[member]
        if "NextToken" not in answer:
            return found
        token = f"&nextToken={answer['NextToken']}"


def update(port: int, instance: str, users: list[str], at: int, count: int) -> None:
    connection = http.client.HTTPConnection(HOST, port, timeout=600)
    for number in range(count):
        user = users[(number * 7919 + at * 104_729) % len(users)]
        config = {"PhoneType": "SOFT_PHONE", "AutoAccept": number % 2 == 0, "AfterContactWorkTimeLimit": number % 30_000}
        body = json.dumps({"PhoneConfig": config}).encode()
        target = f"/users/{instance}/{user}/phone-config"
        connection.request("POST", target, body, signed("POST", f"{HOST}:{port}", target, body))
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status == 200, content


def measure(options: argparse.Namespace) -> None:
    binary = os.environ["LANYARD_BIN"]
    print(f"data directory {size(options.data):.0f} MB")
    before = ["--data", str(options.data)]
    command("history --limit 20", [binary, "history", "--limit", "20", *before])
    command("history --limit 20 --brief", [binary, "history", "--limit", "20", "--brief", *before])
    command("history --all --brief", [binary, "history", "--all", "--brief", *before])
    command("doctor", [binary, "doctor", str(options.data)])
    with serving(options.data) as server:
        status, found, _ = server.send("GET", "/instance")
        assert status == 200, found
        instance = max((row["Id"] for row in found["InstanceSummaryList"]), key=lambda it: revision(server, it))
        last = revision(server, instance)
        user = rows(server, f"/users-summary/{instance}", "UserSummaryList")[0]["Username"]
        time.sleep(float(os.environ.get("SETTLE", "0")))
        own = server.memory()
        print(f"server {own:.0f} MB, {last} revisions")
        there = ["--endpoint", f"http://{HOST}:{server.port}"]
        command("history --limit 20 at the server", [binary, "history", "--limit", "20", *there])
        moments = [last * part // 10 for part in range(1, 10)] + [last - 1]
        for moment in moments:
            used, begun = server.processor(), time.perf_counter()
            first, length = get_state(server.port, instance, moment)
            took = time.perf_counter() - begun
            used = server.processor() - used
            print(f"state?revision={moment:<8} {took:6.2f} s, first byte {first:5.2f} s, {used:5.2f} s of processor time, "
                  f"{length / 1e6:.0f} MB, server's peak {peak(server) - own:+.0f} MB")
        for moment in (last // 3, last * 3 // 4):
            command(f"check --as-of {moment}", [binary, "check", user, "Users.View", "User:*", "--as-of", str(moment), *before])
            command(f"check --as-of {moment}, server", [binary, "check", user, "Users.View", "User:*", "--as-of", str(moment), *there])
        command("check now", [binary, "check", user, "Users.View", "User:*", *before])
        idle = decisions(server.port, instance, user, options.decisions)
        print("decisions, idle            p50 {:.3f} ms, p99 {:.3f} ms".format(*idle))
        running = threading.Event()
        running.set()
        taken: list[float] = []
        readers = [threading.Thread(target=keep_reading, args=(server.port, instance, last, at, running, taken)) for at in range(4)]
        for reader in readers:
            reader.start()
        time.sleep(0.5)
        busy = decisions(server.port, instance, user, options.decisions)
        print("decisions, four states     p50 {:.3f} ms, p99 {:.3f} ms, ratio of p99 {:.2f}".format(*busy, busy[1] / idle[1]))
        running.clear()
        for reader in readers:
            reader.join()
        print(f"states meanwhile: {len(taken)}, {min(taken):.2f} to {max(taken):.2f} s; server's peak {peak(server) - own:+.0f} MB")


def revision(server, instance: str) -> int:
    status, answer, _ = server.send("GET", f"/lanyard/v1/instances/{instance}/history?limit=1")
    assert status == 200, answer
    return answer["revision"]


def get_state(port: int, instance: str, moment: int) -> tuple[float, int]:
    target = f"/lanyard/v1/instances/{instance}/state?revision={moment}"
    connection = http.client.HTTPConnection(HOST, port, timeout=600)
    begun = time.perf_counter()
    connection.request("GET", target, headers=signed("GET", f"{HOST}:{port}", target, b""))
    answer = connection.getresponse()
    first, length = time.perf_counter() - begun, 0
    assert answer.status == 200, answer.read()
    while part := answer.read(1 << 20):
        length += len(part)
    return first, length


def keep_reading(port: int, instance: str, last: int, at: int, running: threading.Event, taken: list[float]) -> None:
    while running.is_set():
        begun = time.perf_counter()
        # A process of its own that gives way: in earnest it is on another machine.
        moment = last * (2 * at + 1) // 8
        subprocess.run(["nice", "-n", "19", sys.executable, __file__, "state", str(port), instance, str(moment)], check=True)
        taken.append(time.perf_counter() - begun)


def decisions(port: int, instance: str, user: str, count: int) -> tuple[float, float]:
    """One decision after another; p50 and p99 in ms."""
    connection = http.client.HTTPConnection(HOST, port, timeout=600)
    question = {
        "subject": {"type": "user", "id": user},
        "action": {"name": "Users.View"},
        "resource": {"type": "user", "id": "*"},
    }
    body, times = json.dumps(question).encode(), []
    headers = {"content-type": "application/json"}
    for _ in range(count):
        begun = time.perf_counter()
        connection.request("POST", f"/instances/{instance}/access/v1/evaluation", body, headers)
        answer = connection.getresponse()
        content = answer.read()
        times.append(time.perf_counter() - begun)
        assert answer.status == 200, content
    times.sort()
    return times[count // 2] * 1000, times[count * 99 // 100] * 1000


def command(name: str, arguments: list[str]) -> None:
    begun, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    # `time` tells the memory of this command only.
    done = subprocess.run(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    took, now = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    print(f"{name:34} {took:6.2f} s, {used:6.2f} s of processor time, {done.stderr.strip()[:120]}", flush=True)


def peak(server) -> float:
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


def size(data: Path) -> float:
    return sum(file.stat().st_size for file in data.iterdir()) / 1e6


if __name__ == "__main__":
    if sys.argv[1:2] == ["state"]:
        get_state(int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
    else:
        main()
