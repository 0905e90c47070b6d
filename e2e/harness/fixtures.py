"""Data directories as earlier versions wrote them, with all that a server then answered. One that is kept is never made again.

    LANYARD_BIN=… .venv/bin/python -m harness.fixtures 1

in `e2e` makes that of a format, with a binary whose format it is.
"""

import gzip
import json
import shutil
import sys
import tempfile
from pathlib import Path

from harness.operations import Scene
from harness.operations.values import PASSWORD
from harness.server import DATABASE, Server

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"


def scene_of(server: Server, saved: dict) -> Scene:
    """The scene of a fixture, at a server that has its data."""
    scene = Scene.__new__(Scene)
    scene.__dict__.update(saved, frozen=True)
    scene.client, scene.applications = server.client(), server.client(service="appintegrations")
    return scene


def plain(value: object) -> object:
    """A value as it comes back from JSON."""
    return json.loads(json.dumps(value, default=str))


def unpack(fixture: Path, directory: Path) -> dict:
    """Puts the data of a fixture into a directory; what was written of it."""
    directory.mkdir(parents=True)
    (directory / DATABASE).write_bytes(gzip.decompress((fixture / f"{DATABASE}.gz").read_bytes()))
    return json.loads(gzip.decompress((fixture / "written.json.gz").read_bytes()))


def make(number: int) -> None:
    """Makes the fixture of a format."""
    fixture = FIXTURES / f"format-{number}"
    fixture.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as home, Server(Path(home)) as server:
        client, wire = server.client(), server.wire()
        scene = Scene(client, server.client(service="appintegrations"))
        # Streams that have ended, what was deleted, and secrets.
        ended = scene._new_instance()
        client.delete_instance(InstanceId=ended)
        client.delete_security_profile(InstanceId=scene.instance, SecurityProfileId=scene._new_profile())
        made = wire.send("POST", f"/lanyard/v1/instances/{scene.instance}/decision-tokens", json.dumps({"name": "kept"}).encode())
        assert made.status == 200, made.json
        user = client.describe_user(InstanceId=scene.instance, UserId=scene.user)["User"]["Username"]
        saved = {name: value for name, value in vars(scene).items() if name not in ("client", "applications")}
        written = {
            "scene": saved, "state": scene.state(), "ended": ended, "decision_token": made.json["token"],
            "user_name": user, "password": PASSWORD,
        }  # fmt: skip
        assert server.stop() == 0
        packed = gzip.compress((server.data / DATABASE).read_bytes(), mtime=0)
        (fixture / f"{DATABASE}.gz").write_bytes(packed)
        (fixture / "written.json.gz").write_bytes(gzip.compress(json.dumps(plain(written)).encode(), mtime=0))
        shutil.rmtree(server.data)
        server.was_ready = False


if __name__ == "__main__":
    make(int(sys.argv[1]))
