"""The cost of a large instance. Run by `bench/run-seed`; needs only the standard library."""

import argparse
import contextlib
import datetime
import hashlib
import hmac
import http.client
import json
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

HOST, REGION, SERVICE = "127.0.0.1", "us-east-1", "connect"
SIZES = {
    "users": 10_000,
    "security_profiles": 500,
    "hierarchy_groups": 500,
    "queues": 1_000,
    "routing_profiles": 200,
    "quick_connects": 200,
    "flow_modules": 100,
    "ai_agents": 50,
}
SMALL = {name: max(count // 100, 10) for name, count in SIZES.items()}


def main() -> None:
    options = parse_options()
    large = {name: getattr(options, name) for name in SIZES}
    with tempfile.TemporaryDirectory(prefix="lanyard-seed-") as home:
        data = Path(home) / "data"
        with serving(data) as server:
            empty = server.memory()
            small = server.seed("small", SMALL)
            begun, used = time.perf_counter(), server.processor()
            made = server.seed("large", large)
            took, used = time.perf_counter() - begun, server.processor() - used
            after_seed = server.memory()
            print("instance of " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in made["counts"].items()))
            print(f"\nmade in                     {took:8.2f} s, {used:.2f} s of processor time")
        size = sum(file.stat().st_size for file in data.iterdir())
        print(f"data directory              {size / 1e6:8.1f} MB")
        starts, used = [], []
        for _ in range(options.starts):
            with serving(data) as server:
                server.first_answer(made["instance_id"])
                starts.append(time.perf_counter() - server.begun)
                used.append(server.processor())
        print(
            f"start to first answer       {min(starts) * 1000:8.0f} ms (best of {len(starts)}, worst {max(starts) * 1000:.0f} ms), "
            f"{min(used) * 1000:.0f} ms of processor time"
        )
        with serving(data) as server:
            print(f"memory, empty server        {empty:8.1f} MB")
            print(f"memory, after seeding       {after_seed:8.1f} MB")
            print(f"memory, after a restart     {server.memory():8.1f} MB")
            latencies(server, {"small": small["instance_id"], "large": made["instance_id"]}, options.requests)
            print(f"memory, after all that      {server.memory():8.1f} MB")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run-seed", description=__doc__)
    for name, count in SIZES.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=count, metavar="NUMBER")
    parser.add_argument("--requests", type=int, default=3_000, metavar="NUMBER", help="of each kind and instance")
    parser.add_argument("--starts", type=int, default=5, metavar="NUMBER", help="how often to start the server")
    return parser.parse_args()


class Server:
    """A running server, and one connection to it."""

    def __init__(self, process: subprocess.Popen, port: int, begun: float):
        self.process, self.port, self.begun = process, port, begun
        self.connection = http.client.HTTPConnection(HOST, port, timeout=600)

    def memory(self) -> float:
        """Resident memory, in MB."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))

    def processor(self) -> float:
        """Processor time so far, in seconds: unlike the clock, it does not depend on what else the machine does."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def send(self, method: str, target: str, body: dict | None = None) -> tuple[int, dict, float]:
        """Signs, sends, and tells how long the answer took, signing and reading it not included."""
        payload = b"" if body is None else json.dumps(body).encode()
        headers = signed(method, f"{HOST}:{self.port}", target, payload)
        begun = time.perf_counter()
        self.connection.request(method, target, payload, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        took = time.perf_counter() - begun
        return answer.status, json.loads(content or b"{}"), took

    def seed(self, alias: str, sizes: dict) -> dict:
        status, answer, _ = self.send("POST", "/lanyard/v1/seed", {"alias": alias, **sizes})
        assert status == 200, answer
        return answer

    def first_answer(self, instance: str) -> None:
        status, answer, _ = self.send("GET", f"/instance/{instance}")
        assert status == 200, answer


@contextlib.contextmanager
def serving(data: Path):
    command = [os.environ["LANYARD_BIN"], "serve", "--listen", f"{HOST}:0", "--data", str(data), "--log-format", "json"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LANYARD_", "AWS_"))}
    begun = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, env=clean)
    try:
        endpoint = json.loads(process.stderr.readline())["endpoint"]
        yield Server(process, int(endpoint.rsplit(":", 1)[1]), begun)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()


def latencies(server: Server, instances: dict[str, str], requests: int) -> None:
    print(f"\nlatency in ms, and the server's processor time in us, of {requests} requests, one after another")
    print(f"{'':28}{'small p50':>10}{'p99':>8}{'cpu':>6}{'large p50':>12}{'p99':>8}{'cpu':>6}")
    calls = {name: dict(calls_in(server, instance)) for name, instance in instances.items()}
    for name in calls["large"]:
        figures = []
        for instance in ("small", "large"):
            make = calls[instance][name]
            used = server.processor()
            taken = sorted(timed(server, make, at) for at in range(requests))
            figures += [taken[int(len(taken) * part)] * 1000 for part in (0.5, 0.99)]
            figures.append((server.processor() - used) / requests * 1e6)
        print("{:28}{:10.3f}{:8.3f}{:6.0f}{:12.3f}{:8.3f}{:6.0f}".format(name, *figures))


def timed(server: Server, make, at: int) -> float:
    status, answer, took = server.send(*make(at))
    assert status == 200, answer
    return took


def calls_in(server: Server, instance: str):
    """The calls to measure, each a function of its number; what this server does not serve is left out."""
    profiles = [row["Id"] for row in rows(server, f"/security-profiles-summary/{instance}", "SecurityProfileSummaryList")]
    users = [row["Id"] for row in rows(server, f"/users-summary/{instance}", "UserSummaryList")]

    def one(list_of, at):
        return list_of[at * 7919 % len(list_of)]

    if users:
        yield "DescribeUser", lambda at: ("GET", f"/users/{instance}/{one(users, at)}")
        yield "ListUsers, 100 a page", lambda at: ("GET", f"/users-summary/{instance}?maxResults=100")
        yield "UpdateUserSecurityProfiles", lambda at: (
            "POST",
            f"/users/{instance}/{one(users, at)}/security-profiles",
            {"SecurityProfileIds": [one(profiles, at)]},
        )
    yield "DescribeSecurityProfile", lambda at: ("GET", f"/security-profiles/{instance}/{one(profiles, at)}")
    yield "ListSecurityProfiles, 10", lambda at: ("GET", f"/security-profiles-summary/{instance}?maxResults=10")
    yield "UpdateSecurityProfile", lambda at: (
        "POST",
        f"/security-profiles/{instance}/{one(profiles, at)}",
        {"Description": f"Changed {at} times"},
    )


def rows(server: Server, target: str, member: str) -> list[dict]:
    status, answer, _ = server.send("GET", f"{target}?maxResults=1000")
    return answer[member] if status == 200 else []


def signed(method: str, host: str, target: str, body: bytes) -> dict[str, str]:
    """The headers of a request that the key `test` signs (AWS Signature Version 4)."""
    moment = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    path, _, query = target.partition("?")
    scope = f"{moment[:8]}/{REGION}/{SERVICE}/aws4_request"
    headers = {"content-type": "application/json", "host": host, "x-amz-date": moment}
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    canonical = "\n".join([method, path, query, lines, names, hashlib.sha256(body).hexdigest()])
    to_sign = "\n".join(["AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = b"AWS4test"
    for part in [*scope.split("/"), to_sign]:
        key = hmac.digest(key, part.encode(), "sha256")
    credential = f"AWS4-HMAC-SHA256 Credential=test/{scope}, SignedHeaders={names}, Signature={key.hex()}"
    return {**headers, "Authorization": credential}


if __name__ == "__main__":
    main()
