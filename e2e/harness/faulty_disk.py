"""A disk that fails when a test wants it to, beneath a real server: a library in front of the C library."""

import platform
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("faulty_disk.rs")


class FaultyDisk:
    """The faults of the database files of one server, changed while it runs. `environment` is for the server."""

    def __init__(self, directory: Path):
        rustc = shutil.which("rustc")
        if platform.system() != "Linux" or platform.libc_ver()[0] != "glibc" or rustc is None:
            pytest.skip("needs Linux with glibc, and rustc")
        library = directory / "libfaulty_disk.so"
        subprocess.run(
            [rustc, "--edition", "2024", "--crate-type", "cdylib", "-O", "-o", str(library), str(SOURCE)],
            check=True, cwd=directory, timeout=300,
        )  # fmt: skip
        self.control = directory / "faults"
        self.set()
        self.environment = {"LD_PRELOAD": str(library), "FAULTY_DISK": str(self.control)}

    def set(self, *faults: str) -> None:
        """From now on: some of `full`, `write`, `sync` and `read-only`; without any, the disk is well."""
        # A server reads it at any moment: the new content is there at once.
        new = self.control.with_suffix(".new")
        new.write_text(" ".join(faults))
        new.rename(self.control)
