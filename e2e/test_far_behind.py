"""A node that has an instance in memory stands still while others write very many entries, and then goes on.

LANYARD_BEHIND=1000000 writes a million. Of more than a thousand entries, and more than it has resources, the state is loaded.
"""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from conftest import new_instance
from harness.postgres import new_database
from harness.server import REPOSITORY, Server, binary

# Fewer than the count from which on the state is loaded, and more.
COUNTS = [900, int(os.environ.get("LANYARD_BEHIND", "5000"))]
WITHIN_SECONDS = 20


@pytest.fixture(scope="module")
def write_entries() -> Path:
    """The program that writes entries past the servers, next to the binary under test where it is built with the same profile."""
    profile = ["--release"] if binary().parent.name == "release" else []
    build = ["cargo", "build", "--quiet", *profile, "-p", "lanyard-store-postgres", "--example", "write_entries"]
    subprocess.run(build, cwd=REPOSITORY, check=True, timeout=900)
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    return target / ("release" if profile else "debug") / "examples" / "write_entries"


def memory(process: int, name: str) -> int:
    """Megabytes that a process has, or had at most."""
    [line] = [line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith(f"{name}:")]
    return int(line.split()[1]) // 1024


@pytest.mark.parametrize("count", COUNTS)
def test_a_node_that_is_far_behind_serves_the_newest_at_once(count, write_entries, tmp_path):
    url = new_database()
    with Server(tmp_path / "server", database=url) as server:
        client = server.client()
        instance = new_instance(client)
        client.create_security_profile(InstanceId=instance, SecurityProfileName="small")
        before = memory(server.process.pid, "VmRSS")
        server.process.send_signal(signal.SIGSTOP)
        try:
            began = time.monotonic()
            limit = 60 + count / 200
            written = subprocess.run([write_entries, url, instance, str(count)], capture_output=True, text=True, timeout=limit)
            assert written.returncode == 0, written.stderr
            took = time.monotonic() - began
        finally:
            server.process.send_signal(signal.SIGCONT)
        began = time.monotonic()
        seen = descriptions(client, instance)
        read = time.monotonic() - began
        most = memory(server.process.pid, "VmHWM")
        print(f"{count} entries were written in {took:.1f} s; the first read took {read:.2f} s; {before} MB before, {most} MB at most")
        assert f"entry {count}" in seen
        assert read < WITHIN_SECONDS
        assert most < before + 200
        profile = seen[f"entry {count}"]
        client.update_security_profile(InstanceId=instance, SecurityProfileId=profile, Description="afterwards")
        assert descriptions(client, instance)["afterwards"] == profile


def descriptions(client, instance: str) -> dict[str, str]:
    """The security profiles by description."""
    profiles = client.search_security_profiles(InstanceId=instance, MaxResults=100)["SecurityProfiles"]
    return {it["Description"]: it["Id"] for it in profiles if "Description" in it}
