"""The primary of a PostgreSQL pair is killed and its synchronous standby promoted, while clients write to two servers."""

import os
import random
import time

import pytest

from conftest import new_instance
from harness.clusters import Pair
from harness.postgres import execute
from harness.server import Server
from harness.writes import Writes

SEED = os.environ.get("LANYARD_FAILOVER_SEED") or str(random.randrange(10**9))
CLIENTS = 6
OPTIONS = ("--quota", "security-profiles=none")


def test_no_acknowledged_write_is_lost_when_the_primary_is_killed(tmp_path):
    print(f"LANYARD_FAILOVER_SEED={SEED}")
    with Pair() as pair, Server(tmp_path / "a", *OPTIONS, database=pair.url) as a, Server(tmp_path / "b", *OPTIONS, database=pair.url) as b:
        instance = new_instance(a.client())
        with Writes([a, b], instance, SEED, CLIENTS) as writes:
            writes.wait_for(60, 30)
            since = time.monotonic()
            pair.primary.kill()
            pair.standby.promote()
            promoted = time.monotonic()
            writes.wait_for(60, 30)
        lost_none = f"{writes.longest_pause(since):.1f} s without writes, {promoted - since:.1f} s of them until the standby was promoted"
        print(f"the primary was killed: writes {writes.outcomes()}, acknowledged writes lost 0, {lost_none}")
        entries = writes.check(pair.standby.url)
        for server in (a, b):
            writes.check_state(entries, server)


@pytest.mark.parametrize("end", ["pg_cancel_backend", "pg_terminate_backend"])
def test_a_write_is_not_acknowledged_before_the_standby_has_it(end, tmp_path):
    """The standby is away, and an operator ends the waits for it: PostgreSQL then shows what only the primary has."""
    with Pair() as pair, Server(tmp_path / "a", *OPTIONS, database=pair.url) as a:
        instance = new_instance(a.client())
        with Writes([a], instance, SEED, CLIENTS) as writes:
            writes.wait_for(20, 30)
            pair.standby.stop()
            deadline = time.monotonic() + 3
            while time.monotonic() < deadline:
                waits = "FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
                execute(pair.primary.url, f"SELECT {end}(pid) {waits}")
                time.sleep(0.1)
            only_on_primary = int(execute(pair.primary.url, f"SELECT count(*) FROM lanyard_log WHERE stream = 'instance/{instance}'"))
            pair.primary.kill()
            pair.standby.start()
            pair.standby.promote()
            writes.wait_for(20, 30)
        entries = writes.check(pair.standby.url)
        writes.check_state(entries, a)
        print(f"{end}: the primary had {only_on_primary} entries; writes {writes.outcomes()}")
