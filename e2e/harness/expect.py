"""Small assertions that read as sentences in the suites."""

from contextlib import contextmanager

import pytest
from botocore.exceptions import ClientError

INVALID = ("InvalidParameterException", "InvalidRequestException")


@contextmanager
def refused(*kinds: str, says: str | None = None):
    """The block's call is refused with one of these error kinds; `says` is a regular expression for its message."""
    with pytest.raises(ClientError) as caught:
        yield caught
    error = caught.value.response["Error"]
    assert error["Code"] in kinds, f"{error['Code']}, not {kinds}: {error['Message']}"
    if says is not None:
        caught.match(says)


def not_found():
    return refused("ResourceNotFoundException")
