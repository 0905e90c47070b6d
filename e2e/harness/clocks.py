"""Servers whose clocks are wrong: the library libfaketime in front of the C library, which Debian's package `faketime` has."""

from pathlib import Path

import pytest

LIBRARY = "libfaketimeMT.so.1"
DIRECTORIES = ("/usr/lib", "/usr/lib64", "/usr/local/lib")


def clock(seconds: int) -> dict[str, str]:
    """The environment of a server whose clock is ahead by so many seconds. Skips the test where there is no library."""
    libraries = [path for directory in DIRECTORIES for path in sorted(Path(directory).glob(f"**/faketime/{LIBRARY}"))]
    if not libraries:
        pytest.skip("libfaketime is not installed (Debian: apt-get install faketime)")
    # The clock that measures durations is right: a machine's clock that is set does not change it either.
    return {"LD_PRELOAD": str(libraries[0]), "FAKETIME": f"{seconds:+}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}
