"""`--throttle`: 2 requests a second with a burst of 5, per account and region, as the service does."""

import time

import pytest

from harness.model import operation
from harness.operations import SERVED, Placeholders
from harness.strict import check_answer

BURST = 5
KEYS = ("--access-key", "ONE:one-secret:111111111111", "--access-key", "SAME:same-secret:111111111111")


@pytest.fixture
def throttled(start_server):
    return start_server("--throttle", *KEYS, "--access-key", "TWO:two-secret:222222222222")


@pytest.fixture
def ask(throttled):
    return lambda key="ONE", region="us-east-1": throttled.wire(key, f"{key.lower()}-secret", region).send("GET", "/instance")


def statuses(ask, count: int, **who) -> list[int]:
    return [ask(**who).status for _ in range(count)]


def test_a_burst_and_then_no_more(ask):
    assert statuses(ask, BURST) == [200] * BURST
    answer = ask()
    # A slow machine may have earned one more meanwhile, hardly five.
    for _ in range(BURST):
        if answer.status == 429:
            break
        answer = ask()
    assert (answer.status, answer.error_type) == (429, "ThrottlingException")
    check_answer(operation("ListInstances"), answer.status, answer.headers, answer.body)


def test_every_operation_is_throttled(throttled):
    wire, placeholders = throttled.wire("ONE", "one-secret"), Placeholders()
    for name, parameters in SERVED.items():
        # The burst first, and now and then one that has come back: refused for its placeholders.
        while (answer := wire.call(name, parameters(placeholders))).status != 429:
            pass
        assert answer.error_type == "ThrottlingException"
        check_answer(operation(name), answer.status, answer.headers, answer.body)


def test_two_a_second_come_back(ask):
    statuses(ask, BURST + 2)
    time.sleep(1.1)
    assert statuses(ask, 2) == [200, 200]


def test_sustained_rate(ask):
    started, served = time.monotonic(), 0
    while time.monotonic() - started < 3:
        served += ask().status == 200
        time.sleep(0.02)
    assert BURST + 4 <= served <= BURST + 8


def test_accounts_and_regions_do_not_share(ask):
    statuses(ask, 12)
    assert ask(key="TWO").status == 200
    assert ask(region="eu-west-1").status == 200


def test_keys_of_an_account_share(ask):
    for _ in range(20):
        if ask().status == 429:
            break
    assert 429 in statuses(ask, 3, key="SAME")


def test_off_unless_asked_for(wire):
    assert {wire.send("GET", "/instance").status for _ in range(30)} == {200}
