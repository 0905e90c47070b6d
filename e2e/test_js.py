"""Runs the suite of the JavaScript SDK (js/) against the shared server."""

import shutil
import subprocess
from pathlib import Path

import pytest

from harness.server import clean_environment

SUITE = Path(__file__).parent / "js"


def test_javascript_sdk(server):
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    if not (SUITE / "node_modules" / "@aws-sdk" / "client-connect").exists():
        pytest.skip("the JavaScript SDK is not installed: run ./test, or npm install in e2e/js")
    result = subprocess.run(
        ["node", "--test", "--test-reporter=spec"],
        cwd=SUITE,
        env=clean_environment(LANYARD_ENDPOINT=server.endpoint),
        capture_output=True,
        text=True,
        timeout=120,
    )
    print(result.stdout)
    assert result.returncode == 0, result.stdout + result.stderr
