"""A server is killed under a mixed load: what was acknowledged is there, whole; what was not is there whole or not at all.

`harness/kills.py` says how often. LANYARD_KILLS makes the test run longer.
"""

import json
import random
import threading
import time

from botocore.exceptions import BotoCoreError, ClientError

from conftest import new_instance
from harness.kills import EACH as KILLS
from harness.kills import over_both_stores, start_over
from harness.server import Server

REGIONS = ("us-east-1", "eu-west-2")
WORKERS = 4


class Gone(Exception):
    """The server is gone: what was sent may or may not have been done."""


class Worker:
    """Writes to an instance of its own, and remembers what was acknowledged and the one thing that is in doubt."""

    def __init__(self, number: int):
        self.number, self.region, self.count = number, REGIONS[number % 2], 0
        # By alias: the instance's id and its resources, as they were acknowledged; None for the one that is in doubt.
        self.instances: dict[str, dict] = {}
        self.deleted: set[str] = set()
        self.doubt: tuple | None = None

    def next(self) -> int:
        self.count += 1
        return self.count

    def call(self, doubt: tuple, call, *arguments, **members):
        self.doubt = doubt
        try:
            answer = call(*arguments, **members)
        except BotoCoreError as error:
            raise Gone from error
        self.doubt = None
        return answer

    def run(self, server: Server, seed: int) -> None:
        choose = random.Random(seed)
        client = server.client(region=self.region)
        wire = server.wire(region=self.region)
        try:
            while True:
                self.step(choose, client, wire)
        except Gone:
            pass
        except OSError:
            pass  # raw HTTP, which notices that the server is gone without botocore

    def step(self, choose: random.Random, client, wire) -> None:
        if not self.instances or choose.random() < 0.08:
            alias = f"w{self.number}-{self.next()}"
            made = self.call(("instance", alias), new_instance, client, InstanceAlias=alias, IdentityManagementType="SAML")
            # Acknowledged from here on, though the server may be gone before it is looked at.
            self.instances[alias] = {}
            try:
                routing = client.list_routing_profiles(InstanceId=made)["RoutingProfileSummaryList"]
            except BotoCoreError as error:
                raise Gone from error
            self.instances[alias] = {"id": made, "routing": routing[0]["Id"], "profiles": {}, "users": {}}
            return
        alias = choose.choice(sorted(self.instances))
        it = self.instances[alias]
        kind = choose.random()
        if kind < 0.04 and len(self.instances) > 1:
            self.call(("delete instance", alias), client.delete_instance, InstanceId=it["id"])
            del self.instances[alias]
            self.deleted.add(alias)
        elif kind < 0.4 or not it["profiles"]:
            name, text = f"p{self.next()}", f"text {self.count}"
            members = {"InstanceId": it["id"], "SecurityProfileName": name, "Description": text, "Tags": {"n": text}}
            made = self.call(("profile", alias, name, text), client.create_security_profile, **members)
            it["profiles"][name] = {"id": made["SecurityProfileId"], "arn": made["SecurityProfileArn"], "text": text, "tag": text}
        elif kind < 0.55:
            name = choose.choice(sorted(it["profiles"]))
            text = f"text {self.next()}"
            self.call(
                ("text", alias, name, text),
                client.update_security_profile,
                InstanceId=it["id"], SecurityProfileId=it["profiles"][name]["id"], Description=text,
            )
            it["profiles"][name]["text"] = text
        elif kind < 0.7:
            name = choose.choice(sorted(it["profiles"]))
            text = f"tag {self.next()}"
            self.call(("tag", alias, name, text), client.tag_resource, resourceArn=it["profiles"][name]["arn"], tags={"n": text})
            it["profiles"][name]["tag"] = text
        elif kind < 0.85:
            name, profile = f"u{self.next()}", choose.choice(sorted(it["profiles"]))
            self.call(
                ("user", alias, name, profile),
                client.create_user,
                InstanceId=it["id"], Username=name, PhoneConfig={"PhoneType": "SOFT_PHONE"},
                SecurityProfileIds=[it["profiles"][profile]["id"]], RoutingProfileId=it["routing"],
            )
            it["users"][name] = profile
        elif kind < 0.93:
            held = set(it["users"].values())
            free = sorted(set(it["profiles"]) - held)
            if free:
                name = choose.choice(free)
                members = {"InstanceId": it["id"], "SecurityProfileId": it["profiles"][name]["id"]}
                self.call(("delete profile", alias, name), client.delete_security_profile, **members)
                del it["profiles"][name]
        else:
            names = [f"c{self.next()}" for _ in range(5)]
            calls = [
                {"method": "PUT", "path": f"/security-profiles/{it['id']}", "body": {"SecurityProfileName": name, "Description": name}}
                for name in names
            ]
            self.doubt = ("change-set", alias, names)
            answer = wire.send("POST", f"/lanyard/v1/instances/{it['id']}/change-sets", json.dumps({"calls": calls}).encode())
            assert answer.status == 200, answer.json
            self.doubt = None
            for name, made in zip(names, answer.json["results"], strict=True):
                it["profiles"][name] = {
                    "id": made["SecurityProfileId"], "arn": made["SecurityProfileArn"], "text": name, "tag": None,
                }

    def check(self, client) -> None:
        """Holds the server against what was acknowledged, and settles what was in doubt."""
        pages = client.get_paginator("list_instances").paginate()
        result = {one["InstanceAlias"]: one["Id"] for page in pages for one in page["InstanceSummaryList"]}
        result = {alias: instance for alias, instance in result.items() if alias.startswith(f"w{self.number}-")}
        doubt, self.doubt = self.doubt, None
        kind = doubt and doubt[0]
        assert not self.deleted & set(result), "a deleted instance is back"
        in_doubt = {doubt[1]} if kind in ("instance", "delete instance") else set()
        assert set(result) ^ set(self.instances) <= in_doubt, (doubt, set(result) ^ set(self.instances))
        for alias in in_doubt:
            if kind == "delete instance" and alias not in result:
                del self.instances[alias]
                self.deleted.add(alias)
            elif kind == "instance" and alias in result:
                routing = client.list_routing_profiles(InstanceId=result[alias])["RoutingProfileSummaryList"]
                assert routing, "half an instance"
                self.instances[alias] = {"id": result[alias], "routing": routing[0]["Id"], "profiles": {}, "users": {}}
        # An instance that was acknowledged and not yet looked at when the server was killed.
        for alias, it in self.instances.items():
            if not it:
                routing = client.list_routing_profiles(InstanceId=result[alias])["RoutingProfileSummaryList"]
                it.update(id=result[alias], routing=routing[0]["Id"], profiles={}, users={})
            self.check_instance(client, alias, it, doubt if doubt and doubt[1] == alias else None)

    def check_instance(self, client, alias: str, it: dict, doubt: tuple | None) -> None:
        def all_of(operation: str, key: str) -> list[dict]:
            pages = client.get_paginator(operation).paginate(InstanceId=it["id"])
            return [one for page in pages for one in page[key]]

        profiles = {}
        for one in all_of("search_security_profiles", "SecurityProfiles"):
            name = one["SecurityProfileName"]
            if name[0] in "pc" and name[1:].isdigit():
                profiles[name] = {
                    "id": one["Id"], "arn": one["Arn"], "text": one["Description"], "tag": one.get("Tags", {}).get("n"),
                }
        users = {one["Username"]: one["SecurityProfileIds"] for one in all_of("search_users", "Users")}
        kind = doubt and doubt[0]
        if kind == "change-set":
            there = [name for name in doubt[2] if name in profiles]
            assert len(there) in (0, len(doubt[2])), "half a change-set"
            it["profiles"].update({name: profiles[name] for name in there})
        elif kind == "profile" and doubt[2] in profiles:
            made = profiles[doubt[2]]
            assert (made["text"], made["tag"]) == (doubt[3], doubt[3]), "half a profile"
            it["profiles"][doubt[2]] = made
        elif kind == "delete profile" and doubt[2] not in profiles:
            del it["profiles"][doubt[2]]
        elif kind in ("text", "tag") and profiles[doubt[2]][kind] == doubt[3]:
            it["profiles"][doubt[2]][kind] = doubt[3]
        elif kind == "user" and doubt[2] in users:
            it["users"][doubt[2]] = doubt[3]
        assert profiles == it["profiles"], alias
        assert users == {name: [it["profiles"][profile]["id"]] for name, profile in it["users"].items()}, alias


@over_both_stores
def test_killed_under_a_mixed_load(store, start_server):
    server = start_over(store, start_server)
    workers = [Worker(number) for number in range(WORKERS)]
    seed = int(time.time())
    print(f"seed {seed}")
    choose = random.Random(seed)
    for kill in range(KILLS):
        failures: list[BaseException] = []

        def work(worker: Worker, own_seed: int) -> None:
            try:
                worker.run(server, own_seed)
            except BaseException as failure:  # noqa: BLE001 (handed to the test's own thread)
                failures.append(failure)

        threads = [threading.Thread(target=work, args=(worker, seed * 1_000 + kill * 10 + worker.number)) for worker in workers]
        before = sum(worker.count for worker in workers)
        for thread in threads:
            thread.start()
        # A slow machine gets the time that it needs to be killed in the middle of work.
        deadline = time.monotonic() + 20
        while sum(worker.count for worker in workers) < before + 2 * WORKERS and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(choose.random() * 0.6)
        server.kill()
        for thread in threads:
            thread.join(30)
        for failure in failures:
            # Operations in progress at the end are interrupted; nothing else is refused.
            assert not isinstance(failure, (ClientError, AssertionError)), failure
        server.start()
        for worker in workers:
            worker.check(server.client(region=worker.region))
    written = sum(worker.count for worker in workers)
    assert written > KILLS * WORKERS, "hardly anything was written"
