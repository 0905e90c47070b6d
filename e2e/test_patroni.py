"""The leader of a Patroni cluster with a synchronous standby is killed while clients write. Takes minutes: of the long run.

LANYARD_PATRONI=3 kills three leaders, each of which comes back as a standby.
"""

import os
import random
import time

import pytest

from conftest import new_instance
from harness.patroni import TIMES, PatroniCluster
from harness.server import Server
from harness.writes import Writes

KILLS = int(os.environ.get("LANYARD_PATRONI", "0"))
SEED = os.environ.get("LANYARD_FAILOVER_SEED") or str(random.randrange(10**9))
OPTIONS = ("--quota", "security-profiles=none")


@pytest.mark.skipif(KILLS == 0, reason="takes minutes: LANYARD_PATRONI=1, or e2e/long-faults")
def test_no_acknowledged_write_is_lost_when_leaders_are_killed(tmp_path):
    print(f"LANYARD_FAILOVER_SEED={SEED}")
    with PatroniCluster() as cluster, Server(tmp_path / "a", *OPTIONS, database=cluster.url) as a, Server(tmp_path / "b", *OPTIONS, database=cluster.url) as b:
        instance = new_instance(a.client())
        with Writes([a, b], instance, SEED, clients=6, pause=0.05) as writes:
            for number in range(KILLS):
                leader = cluster.wait_for_standby()
                writes.wait_for(60, 60)
                since = time.monotonic()
                leader.kill()
                writes.wait_for(60, 90)
                print(f"leader {leader.name} was killed (ttl {TIMES['ttl']} s): {writes.longest_pause(since):.1f} s without writes, then {cluster.leader().name} leads")
                leader.start()
            cluster.wait_for_standby()
            writes.wait_for(60, 60)
        place = f"postgres://{cluster.url.split('@')[0].split('://')[1]}@127.0.0.1:{cluster.leader().port}/postgres?sslmode=disable"
        entries = writes.check(place)
        for server in (a, b):
            writes.check_state(entries, server)
        print(f"{KILLS} leaders killed: writes {writes.outcomes()}, acknowledged writes lost 0")
