"""The primary of a PostgreSQL pair is killed and its synchronous standby promoted, while clients write to two servers.

LANYARD_FAILOVERS=20 kills more often; LANYARD_FAILOVER_LONG=1 runs what takes minutes too.
"""

import os
import random
import signal
import time

import pytest

from conftest import new_instance
from harness.clusters import Pair, send_all
from harness.postgres import execute
from harness.server import Server
from harness.writes import Writes

SEED = os.environ.get("LANYARD_FAILOVER_SEED") or str(random.randrange(10**9))
FAILOVERS = int(os.environ.get("LANYARD_FAILOVERS", "1"))
LONG = os.environ.get("LANYARD_FAILOVER_LONG") == "1"
CLIENTS = 6
OPTIONS = ("--quota", "security-profiles=none")


@pytest.mark.parametrize("number", range(FAILOVERS))
def test_no_acknowledged_write_is_lost_when_the_primary_is_killed(number, tmp_path):
    print(f"LANYARD_FAILOVER_SEED={SEED}")
    with Pair() as pair, Server(tmp_path / "a", *OPTIONS, database=pair.url) as a, Server(tmp_path / "b", *OPTIONS, database=pair.url) as b:
        instance = new_instance(a.client())
        with Writes([a, b], instance, SEED, CLIENTS) as writes:
            writes.wait_for(60, 30)
            time.sleep(random.uniform(0, 0.3))
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
            # In the long run for longer than a commit is tried again.
            deadline = time.monotonic() + (40 if LONG else 3)
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


def test_a_primary_that_was_replaced_is_not_used(tmp_path):
    """The old primary comes back and does not know that it was replaced; its place in the URL is before the new one's."""
    with Pair() as pair, Server(tmp_path / "a", *OPTIONS, database=pair.url) as a:
        instance = new_instance(a.client())
        with Writes([a], instance, SEED, CLIENTS) as writes:
            writes.wait_for(20, 30)
            pair.primary.kill()
            pair.standby.promote()
            writes.wait_for(20, 30)
            pair.primary.start()
            for _ in range(2):
                # While the new primary is away, the old one is the only one to answer.
                pair.standby.stop()
                time.sleep(1)
                pair.standby.start()
                writes.wait_for(10, 20)
            # The commands read at the first host that answers: they have not seen the new primary.
            pair.primary.stop()
        entries = writes.check(pair.standby.url)
        writes.check_state(entries, a)
        assert "is not used: its timeline is 1" in a.log.read_text()
        print(f"a primary that was replaced came back: writes {writes.outcomes()}")


@pytest.mark.skipif(not LONG, reason="takes two minutes: LANYARD_FAILOVER_LONG=1, or e2e/long-faults")
def test_a_primary_that_stood_still_goes_on_after_it_was_replaced(tmp_path):
    """No connection falls: commits are given up after half a minute. The old primary then answers what it was asked before."""
    with Pair() as pair, Server(tmp_path / "a", *OPTIONS, database=pair.url) as a:
        instance = new_instance(a.client())
        with Writes([a], instance, SEED, CLIENTS) as writes:
            writes.wait_for(20, 30)
            since = time.monotonic()
            send_all(pair.primary.process, signal.SIGSTOP)
            pair.standby.promote()
            writes.wait_for(40, 80)
            send_all(pair.primary.process, signal.SIGCONT)
            writes.wait_for(100, 30)
            time.sleep(3)
            writes.wait_for(20, 30)
        entries = writes.check(pair.standby.url)
        writes.check_state(entries, a)
        print(f"a primary stood still and was replaced: writes {writes.outcomes()}, {writes.longest_pause(since):.1f} s without writes")
