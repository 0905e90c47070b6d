"""The server is killed under a load of several clients that write to the same instances and to the registries.

`test_kill.py` gives each client instances of its own; here they share them, and applications and passwords are written too.
"""

import json
import os
import random
import threading
import time
from collections import Counter

from harness.kills import EACH as KILLS
from harness.kills import over_both_stores, start_over
from harness.load import REGIONS, Api, Loader, Place, check_lists
from harness.server import Server, run_lanyard

# By how many clients the server is loaded.
LOADERS = int(os.environ.get("LANYARD_KILL_CLIENTS", "6"))
# The seed of the requests and of the times of the kills; printed, so that a run can be repeated.
SEED = os.environ.get("LANYARD_KILL_SEED") or str(random.randrange(10**9))


class Load:
    """Several clients that write to the same instances and registries until the server is gone."""

    def __init__(self, server: Server):
        self.server, self.api = server, Api(server)
        self.registries = {region: Place(region) for region in REGIONS}
        self.homes = [Place(region, has_passwords=has_passwords) for region in REGIONS for has_passwords in (False, True)]
        for number, place in enumerate(self.homes):
            place.instance = self.api.new_instance(place, InstanceAlias=f"home-{number}")
            self.api.learn(place)
        self.loaders = [Loader(str(number), self.api, self.homes, self.registries) for number in range(LOADERS)]

    def start(self, seed: str) -> None:
        self.failures: list[BaseException] = []
        self.threads = [threading.Thread(target=self.run, args=(loader, seed)) for loader in self.loaders]
        for thread in self.threads:
            thread.start()

    def run(self, loader: Loader, seed: str) -> None:
        try:
            loader.run(f"{seed}/{loader.name}")
        except BaseException as failure:  # noqa: BLE001 (handed to the test's own thread)
            self.failures.append(failure)

    def join(self) -> None:
        for thread in self.threads:
            thread.join(60)
            assert not thread.is_alive(), "a client has had no answer for a minute"
        assert not self.failures, self.failures

    def check(self) -> list[str]:
        """Finds out what became of the requests in doubt, and compares everything with what was acknowledged."""
        deleted = [(loader, thing) for loader in self.loaders for thing in loader.deleted]
        resolved = [loader.resolve() for loader in self.loaders]
        for loader in self.loaders:
            loader.check()
        check_lists(self.api, self.loaders, self.homes, self.registries)
        for loader, thing in deleted[-3 * LOADERS :]:
            assert self.api.read(thing) is None, f"{loader.name}: {thing} was deleted and is there"
        self.check_secrets()
        return resolved

    def check_secrets(self) -> None:
        """Each registry has its key and each user with a password has one; nothing is left of those that were deleted."""
        report = json.loads(run_lanyard("doctor", "--json", str(self.server.data)).stdout)
        users = [thing for loader in self.loaders for thing in loader.of_kind("user") if thing.place.has_passwords]
        assert report["secrets"] == len(self.registries) + len(users), report

    @property
    def acknowledged(self) -> Counter[str]:
        return sum((loader.acknowledged for loader in self.loaders), Counter())


@over_both_stores
def test_killed_again_and_again_under_mixed_load(store, start_server):
    """Creates, updates, tags, change-sets and deletes, of what is in instances, of instances and of the registry."""
    print(f"LANYARD_KILL_SEED={SEED}")
    server, moments = start_over(store, start_server), random.Random(SEED)
    load, in_doubt = Load(server), Counter()
    for turn in range(KILLS):
        load.start(f"{SEED}/{turn}")
        time.sleep(moments.uniform(0.05, 1.5))
        server.kill()
        load.join()
        if moments.random() < 0.25:
            server.launch()
            time.sleep(moments.uniform(0, 0.15))
            server.kill()
        server.start()
        server.verify()
        in_doubt.update(load.check())
    assert server.stop() == 0
    print(f"{KILLS} kills; acknowledged: {dict(sorted(load.acknowledged.items()))}; in doubt: {dict(sorted(in_doubt.items()))}")
    expected = {f"{verb} {kind}" for verb in ("create", "tag", "delete") for kind in ("profile", "user", "application", "instance")}
    assert KILLS < 12 or expected | {"change-set", "assign profiles"} <= set(load.acknowledged), "the load left something out"
