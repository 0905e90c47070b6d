"""The `lanyard` command itself."""

import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import boto3
import pytest

from conftest import new_instance
from harness.expect import refused
from harness.server import REGION, Server, binary, clean_environment, free_port, run_lanyard

COMMANDS = ("serve", "permissions", "doctor")


class TestHelp:
    def test_names_every_command(self):
        result = run_lanyard("--help")
        assert result.returncode == 0
        assert all(command in result.stdout for command in COMMANDS)

    @pytest.mark.parametrize("command", COMMANDS)
    def test_of_a_command(self, command):
        result = run_lanyard(command, "--help")
        assert (result.returncode, result.stderr) == (0, "")

    def test_every_option_of_serve_has_its_variable(self):
        text = run_lanyard("serve", "--help").stdout
        options = set(re.findall(r"^\s+(?:-\w, )?--([a-z-]+)", text, re.MULTILINE)) - {"help", "version"}
        assert {"listen", "data", "credentials", "access-key", "demo", "throttle", "unknown-permissions", "quota"} <= options
        missing = {one for one in options if f"LANYARD_{one.replace('-', '_').upper()}" not in text}
        assert not missing

    def test_version(self):
        assert re.match(r"lanyard \d+\.\d+\.\d+", run_lanyard("--version").stdout)

    @pytest.mark.parametrize(
        "arguments",
        [
            ("nonsense",),
            ("serve", "--nonsense"),
            ("serve", "--listen", "nowhere"),
            ("serve", "--unknown-permissions", "maybe"),
            ("serve", "--quota", "security-profiles=many"),
            ("serve", "--quota", "unicorns=5"),
            ("serve", "--access-key", "no-secret"),
            ("serve", "--access-key", "id:secret:not-an-account"),
            ("serve", "--credentials", "/nonexistent/credentials"),
        ],
        ids=" ".join,
    )
    def test_wrong_arguments(self, tmp_path, arguments):
        where = ("--data", str(tmp_path / "data")) if arguments[0] == "serve" else ()
        result = run_lanyard(*arguments, *where, timeout=20)
        assert result.returncode not in (0, 101)
        assert result.stderr
        assert "panicked" not in result.stderr

    def test_a_secret_is_not_repeated(self, tmp_path):
        result = run_lanyard("serve", "--access-key", "id:very-secret:x", "--data", str(tmp_path), timeout=20)
        assert result.returncode != 0
        assert "very-secret" not in result.stderr + result.stdout


class TestPermissions:
    def test_lists_the_whole_catalogue(self):
        result = run_lanyard("permissions")
        assert result.returncode == 0
        for name in ("BasicAgentAccess", "Queues.View", "ListenCallRecordings", "TestCases.Publish"):
            assert name in result.stdout
        assert len(result.stdout.splitlines()) >= 331

    def test_from_api_name(self):
        result = run_lanyard("permissions", "TransferDestinations.Edit")
        assert result.returncode == 0
        assert "Quick connects" in result.stdout

    def test_from_the_consoles_name(self):
        result = run_lanyard("permissions", "quick connects")
        assert result.returncode == 0
        assert "TransferDestinations.View" in result.stdout
        assert "BasicAgentAccess" not in result.stdout

    def test_case_does_not_matter(self):
        assert "Queues.View" in run_lanyard("permissions", "queues.view").stdout

    def test_nothing_found(self):
        result = run_lanyard("permissions", "zzzzzz")
        assert "Queues" not in result.stdout


def test_every_setting_from_the_environment(tmp_path):
    port, data = free_port(), tmp_path / "data"
    environment = clean_environment(
        LANYARD_LISTEN=f"127.0.0.1:{port}",
        LANYARD_DATA=str(data),
        LANYARD_ACCESS_KEY="FROMENV:env-secret:333333333333",
        LANYARD_THROTTLE="true",
        LANYARD_UNKNOWN_PERMISSIONS="reject",
    )
    server = Server(tmp_path)
    server.port = port
    with server.log.open("ab") as log:
        server.process = subprocess.Popen([str(binary()), "serve"], env=environment, stdout=log, stderr=log)
    try:
        server.wait_until_ready()
        answers = [server.wire("FROMENV", "env-secret").send("GET", "/instance").status for _ in range(12)]
        assert answers[0] == 200
        assert 429 in answers
        assert data.exists()
    finally:
        server.__exit__()


def test_sigint_ends_it_as_sigterm_does(start_server):
    server = start_server()
    server.process.send_signal(signal.SIGINT)
    assert server.end() == 0


def test_a_file_extends_the_catalogue(start_server, tmp_path):
    extension = tmp_path / "permissions.tsv"
    extension.write_text("# ours\nUnicorns.View\n")
    server = start_server("--unknown-permissions", "reject", "--permissions", str(extension))
    client = server.client()
    instance = new_instance(client)
    client.create_security_profile(
        InstanceId=instance, SecurityProfileName="ours", Permissions=["Unicorns.View", "Queues.View"]
    )
    with refused("InvalidParameterException", message="Unicorns.Edit"):
        client.create_security_profile(InstanceId=instance, SecurityProfileName="not ours", Permissions=["Unicorns.Edit"])


def test_tls(tmp_path):
    """A real client over TLS, with the certificate checked."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        + ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    with Server(tmp_path / "server", "--tls-certificate", str(certificate), "--tls-key", str(key), certificate=certificate) as server:
        client = boto3.client(
            "connect",
            endpoint_url=server.endpoint,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            verify=str(certificate),
        )
        assert server.endpoint.startswith("https:")
        assert client.list_instances()["InstanceSummaryList"] == []


class TestDemo:
    @pytest.fixture
    def demo(self, start_server):
        return start_server("--demo")

    def test_is_a_small_contact_centre(self, demo):
        client = demo.client()
        (instance,) = client.list_instances()["InstanceSummaryList"]
        profiles = client.list_security_profiles(InstanceId=instance["Id"])["SecurityProfileSummaryList"]
        assert len(profiles) > 4

    def test_a_second_start_is_not_a_second_demo(self, demo):
        before = demo.client().list_instances()["InstanceSummaryList"]
        assert demo.stop() == 0
        demo.start()
        assert demo.client().list_instances()["InstanceSummaryList"] == before

    def test_the_text_to_paste_works(self, demo):
        """The lines that the terminal shows run unchanged, without further settings."""
        shown = demo.log.read_text()
        commands = _block(shown, "export AWS_ENDPOINT_URL=")
        assert "aws connect update-security-profile" in commands
        assert demo.endpoint in commands
        environment = clean_environment(
            PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            AWS_CONFIG_FILE="/dev/null",
            AWS_SHARED_CREDENTIALS_FILE="/dev/null",
        )
        script = "set -e\n" + commands
        result = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, timeout=120)
        assert result.returncode == 0, script + result.stderr
        assert "LastModifiedTime" in result.stdout

    def test_the_python_lines_work(self, demo):
        program = _block(demo.log.read_text(), "import boto3")
        assert "update_security_profile" in program
        result = subprocess.run(
            [sys.executable, "-c", program],
            env=clean_environment(AWS_CONFIG_FILE="/dev/null", AWS_SHARED_CREDENTIALS_FILE="/dev/null"),
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert result.returncode == 0, program + result.stderr


def _block(shown: str, beginning: str) -> str:
    """The lines from the one that begins so to the next empty one, without their indentation."""
    lines = shown.splitlines()
    first = next(number for number, line in enumerate(lines) if line.strip().startswith(beginning))
    block = itertools.takewhile(str.strip, lines[first:])
    return textwrap.dedent("\n".join(block))


def test_logs_as_json(start_server):
    """Every line of the log is a document, for those who ask."""
    server = start_server("--log-format", "json")
    server.wire().send("GET", "/instance")
    lines = [line for line in server.log.read_text().splitlines() if line.strip()]
    assert lines
    for line in lines:
        json.loads(line)
