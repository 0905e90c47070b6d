"""How often servers are killed under load, and over which stores."""

import os
from collections.abc import Callable

import pytest

from harness import postgres

# How often a server is killed over each store, by all tests together: 20 kills in all in the tests of every day.
KILLS = int(os.environ.get("LANYARD_KILLS", "10"))

# Two tests kill servers: each half as often.
EACH = max(1, KILLS // 2)

over_both_stores = pytest.mark.parametrize("store", ["sqlite", "postgres"])


def start_over(store: str, start_server: Callable):
    """A server of the test's own over a store. Skips the test where there is no such store."""
    return start_server(database=postgres.new_database() if store == "postgres" else None)
