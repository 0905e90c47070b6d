"""Small assertions that read as sentences in the suites."""

from contextlib import contextmanager

import pytest
from botocore.exceptions import ClientError

INVALID = ("InvalidParameterException", "InvalidRequestException")


@contextmanager
def refused(*kinds: str, message: str | None = None):
    """The block's call is refused with one of these error kinds; `message` is a regular expression for its message."""
    with pytest.raises(ClientError) as caught:
        yield caught
    error = caught.value.response["Error"]
    assert error["Code"] in kinds, f"{error['Code']}, not {kinds}: {error['Message']}"
    if message is not None:
        caught.match(message)


def not_found():
    return refused("ResourceNotFoundException")
