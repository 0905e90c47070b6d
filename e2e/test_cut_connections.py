"""The connections between servers and their database are cut, in particular in the middle of commits, while clients write.

LANYARD_CUT_SECONDS=600 cuts for longer; LANYARD_CUT_SEED repeats the choices of a run.
"""

import itertools
import os
import random
import threading
import time
from contextlib import suppress

from botocore.exceptions import BotoCoreError, ClientError

from conftest import new_instance
from harness.cutting import AT_COMMIT, CuttingProxy
from harness.postgres import new_database
from harness.server import Server
from harness.writes import ACKNOWLEDGED, Writes

SECONDS = float(os.environ.get("LANYARD_CUT_SECONDS", "6"))
SEED = os.environ.get("LANYARD_CUT_SEED") or str(random.randrange(10**9))
CLIENTS = 6


def create_instances(server: Server, over: threading.Event, created: dict[str, str]) -> None:
    """Creates instances, each in transactions of two streams; one in doubt is sent again with its client token until it is there."""
    client = server.client()
    for number in itertools.count():
        alias, makes = f"cut-{number}", {"IdentityManagementType": "SAML", "InboundCallsEnabled": True, "OutboundCallsEnabled": True}
        while alias not in created:
            with suppress(ClientError, BotoCoreError):
                created[alias] = client.create_instance(**makes, InstanceAlias=alias, ClientToken=alias)["Id"]
        if over.is_set():
            return
        time.sleep(0.3)


def test_connections_are_cut_in_the_middle_of_commits(tmp_path):
    """Two servers of one database, one of them behind the proxy, and clients that write to both."""
    print(f"LANYARD_CUT_SEED={SEED}")
    url, moments = new_database(), random.Random(SEED)
    proxy, options = CuttingProxy(url, SEED), ("--quota", "security-profiles=none")
    with Server(tmp_path / "a", *options, database=proxy.url) as a, Server(tmp_path / "b", *options, database=url) as b:
        instance = new_instance(a.client())
        # Three in four writes go to the server behind the proxy.
        created, over = {}, threading.Event()
        creator = threading.Thread(target=create_instances, args=(a, over, created))
        creator.start()
        with Writes([a, a, a, b], instance, SEED, CLIENTS) as writes:
            proxy.is_on = True
            deadline = time.monotonic() + SECONDS
            while time.monotonic() < deadline:
                time.sleep(moments.uniform(0.5, 2))
                if moments.random() < 0.4:
                    proxy.go_away(moments.uniform(0, 0.8))
            proxy.is_on = False
            # The server serves again without a restart, and nothing fails any more.
            writes.wait_for(1, 20)
            time.sleep(0.2)
            since = time.monotonic()
            writes.wait_for(20, 20)
        over.set()
        creator.join(60)
        later = [write for write in writes.done if write.began > since]
        assert all(write.outcome == ACKNOWLEDGED for write in later), later
        entries = writes.check(url)
        for server in (a, b):
            writes.check_state(entries, server)
        assert created, "no instance was created"
        for client in (a.client(), b.client()):
            pages = client.get_paginator("list_instances").paginate()
            aliases = [it["InstanceAlias"] for page in pages for it in page["InstanceSummaryList"] if it["Id"] != instance]
            assert sorted(aliases) == sorted(created), "an instance is not there, or twice"
        print(f"{sum(proxy.cuts.values())} cuts {dict(proxy.cuts)}; writes: {writes.outcomes()}; {writes.longest_pause():.1f} s without writes")
        assert sum(proxy.cuts[how] for how in AT_COMMIT) >= SECONDS / 2, "hardly a commit was cut"
        assert writes.acknowledged() > 10 * SECONDS
    proxy.close()
