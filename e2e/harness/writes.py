"""Writes of several clients whose every outcome is kept, to be compared with the log after faults.

A write is acknowledged, refused for certain (nothing was written), or in doubt (status 500, or a connection that fell). Each has
a mark of its own, which the changes of its entry have too: so it is seen whether a write is in the log, and how often.
"""

import http.client
import itertools
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from harness.server import Server, run_lanyard

ACKNOWLEDGED, REFUSED, IN_DOUBT = "acknowledged", "refused", "in doubt"
MOST_PROFILES = 6
HISTORY_WITHIN_SECONDS = 600


@dataclass(frozen=True)
class Write:
    mark: str
    writer: int
    began: float
    ended: float
    outcome: str
    error: str = ""


def mark_of(entry: dict) -> str:
    """The mark of the write that made an entry of the log."""
    marks = []
    for change in entry["changes"]:
        before, after = ((change.get(side) or {}).get("SecurityProfile") for side in ("before", "after"))
        if before is None and after is None:
            return ""
        marks.append(
            f"create {after['name']}" if before is None
            else f"delete {before['name']}" if after is None
            else f"update {after.get('description')}"
        )  # fmt: skip
    return " & ".join(sorted(marks))


def history(place: str, instance: str, *options: str) -> list[dict]:
    """The entries of an instance's log, the first first."""
    result = run_lanyard("history", "--data", place, "--instance", instance, "--all", "--json", *options, timeout=HISTORY_WITHIN_SECONDS)
    assert result.returncode == 0, result.stderr
    return sorted((json.loads(line) for line in result.stdout.splitlines()), key=lambda entry: entry["revision"])


class Writes:
    """Clients that write to one instance, each to one server after the other, until `stop`."""

    def __init__(self, servers: list[Server], instance: str, seed: str, clients: int, pause: float = 0.0):
        self.servers, self.instance, self.seed, self.pause = servers, instance, seed, pause
        self.done: list[Write] = []
        self.failures: list[BaseException] = []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(number,)) for number in range(clients)]

    def __enter__(self) -> "Writes":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(90)
            assert not thread.is_alive(), "a client has had no answer for a minute and a half"
        assert not self.failures, self.failures

    def run(self, number: int) -> None:
        try:
            Client(self, number).run()
        except BaseException as failure:  # noqa: BLE001 (handed to the test's own thread)
            self.failures.append(failure)

    def acknowledged(self) -> int:
        return sum(write.outcome == ACKNOWLEDGED for write in list(self.done))

    def wait_for(self, more: int, seconds: float) -> None:
        """Waits until so many more writes are acknowledged."""
        wanted, deadline = self.acknowledged() + more, time.monotonic() + seconds
        while self.acknowledged() < wanted:
            assert time.monotonic() < deadline, f"no {more} writes in {seconds} s: {[it.error for it in self.done[-5:]]}"
            assert not self.failures, self.failures
            time.sleep(0.02)

    def outcomes(self) -> dict[str, int]:
        return dict(Counter(write.outcome for write in self.done))

    def longest_pause(self, since: float = 0.0) -> float:
        """The longest time without an acknowledged write, after a moment."""
        ends = [since] if since else []
        ends += sorted(write.ended for write in self.done if write.outcome == ACKNOWLEDGED and write.ended >= since)
        return max((after - before for before, after in itertools.pairwise(ends)), default=0.0)

    def check(self, place: str) -> list[dict]:
        """Compares what was answered with the log: nothing is lost, doubled, or written in spite of a refusal."""
        entries = history(place, self.instance)
        marks = [mark_of(entry) for entry in entries]
        times, at = Counter(marks), {mark: number for number, mark in enumerate(marks)}
        wrong = []
        for write in self.done:
            count = times[write.mark]
            is_right = {ACKNOWLEDGED: count == 1, REFUSED: count == 0, IN_DOUBT: count <= 1}[write.outcome]
            if not is_right:
                wrong.append(f"{write} is {count} times in the log")
        for writer in {write.writer for write in self.done}:
            order = [at[it.mark] for it in self.done if it.writer == writer and it.outcome == ACKNOWLEDGED and it.mark in at]
            if order != sorted(order):
                wrong.append(f"the acknowledged writes of writer {writer} are in another order in the log")
        assert not wrong, "\n".join(wrong[:20])
        stamps = [datetime.fromisoformat(entry["time"]) for entry in entries]
        assert stamps == sorted(stamps), "times in the log go back"
        return entries

    def check_state(self, entries: list[dict], server: Server) -> None:
        """The names of the profiles that a server lists are those that the log leads to."""
        expected = set()
        for entry in entries:
            for part in mark_of(entry).split(" & "):
                verb, _, name = part.partition(" ")
                if verb == "create":
                    expected.add(name)
                elif verb == "delete":
                    expected.discard(name)
        pages = server.client().get_paginator("list_security_profiles").paginate(InstanceId=self.instance)
        listed = {it["Name"] for page in pages for it in page["SecurityProfileSummaryList"]}
        assert {name for name in listed if name.startswith("w")} == {name for name in expected if name.startswith("w")}


class Client:
    """One client, which sends one write after the other."""

    def __init__(self, of: Writes, number: int):
        self.of, self.number = of, number
        self.random = random.Random(f"{of.seed}/{number}")
        self.numbers = itertools.count(1)
        self.profiles: list[tuple[str, str]] = []
        self.wires = [server.wire() for server in of.servers]

    def run(self) -> None:
        while not self.of.over.is_set():
            self.random.choice([self.create, self.update, self.update, self.delete, self.change_set])()
            time.sleep(self.of.pause * self.random.random())

    def fresh(self) -> str:
        return f"w{self.number}-{next(self.numbers)}"

    def send(self, mark: str, method: str, path: str, body: dict | None = None) -> dict | None:
        """Sends a write; its answer where it was acknowledged."""
        began, answer, error = time.monotonic(), None, ""
        try:
            answer = self.random.choice(self.wires).send(method, path, b"" if body is None else json.dumps(body).encode())
            outcome = ACKNOWLEDGED if answer.status == 200 else IN_DOUBT if answer.status == 500 else REFUSED
            if outcome != ACKNOWLEDGED:
                error = f"{answer.status} {answer.body[:300]!r}"
        except (http.client.HTTPException, OSError) as failure:
            outcome, error = IN_DOUBT, repr(failure)
        self.of.done.append(Write(mark, self.number, began, time.monotonic(), outcome, error))
        if outcome != ACKNOWLEDGED:
            # A server that is away answers at once.
            time.sleep(0.02)
            return None
        return json.loads(answer.body or b"{}")

    @property
    def root(self) -> str:
        return f"/security-profiles/{self.of.instance}"

    def create(self) -> None:
        if len(self.profiles) >= MOST_PROFILES:
            return self.delete()
        name = self.fresh()
        if answer := self.send(f"create {name}", "PUT", self.root, {"SecurityProfileName": name}):
            self.profiles.append((name, answer["SecurityProfileId"]))

    def update(self) -> None:
        if not self.profiles:
            return self.create()
        (_, profile), value = self.random.choice(self.profiles), self.fresh()
        self.send(f"update {value}", "POST", f"{self.root}/{profile}", {"Description": value})

    def delete(self) -> None:
        if not self.profiles:
            return self.create()
        name, profile = self.profiles.pop(self.random.randrange(len(self.profiles)))
        self.send(f"delete {name}", "DELETE", f"{self.root}/{quote(profile)}")

    def change_set(self) -> None:
        """Two profiles at once."""
        names = [self.fresh(), self.fresh()]
        calls = [{"method": "PUT", "path": self.root, "body": {"SecurityProfileName": name}} for name in names]
        mark = " & ".join(sorted(f"create {name}" for name in names))
        answer = self.send(mark, "POST", f"/lanyard/v1/instances/{self.of.instance}/change-sets", {"calls": calls})
        if answer:
            self.profiles += zip(names, (it["SecurityProfileId"] for it in answer["results"]))
