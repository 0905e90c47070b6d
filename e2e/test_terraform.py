"""Terraform's AWS provider, unmodified: create, plan without drift, change, import, destroy."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from harness.operations import unique
from harness.profiles import read_profile
from harness.server import clean_environment

CONFIGURATION = Path(__file__).parent / "terraform" / "main.tf"
PROVIDER = "hashicorp/aws/5.100.0"
# Where system packages and images put providers. Only some levels are searched: a disk can be large.
PLUGIN_HOMES = (Path.home() / ".terraform.d", Path("/usr/share/terraform"), Path("/usr/local/share/terraform"), Path("/opt"))
SEARCH_DEPTH = 4
NO_CHANGES = 0

pytestmark = pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed")


def local_mirror() -> Path | None:
    """A directory of providers on this machine that has the one we need: LANYARD_TF_MIRROR, or a usual place."""
    if named := os.environ.get("LANYARD_TF_MIRROR"):
        return Path(named)
    for home in PLUGIN_HOMES:
        for depth in range(1, SEARCH_DEPTH + 1):
            for found in home.glob("/".join(["*"] * depth + [PROVIDER])):
                return found.parents[3]  # above host, namespace, type and version
    return None


def cli_configuration(directory: Path) -> dict[str, str]:
    """Terraform's own configuration: the user's where there is one, else a local mirror where there is one, else none."""
    own = os.environ.get("TF_CLI_CONFIG_FILE")
    if "LANYARD_TF_MIRROR" not in os.environ and own and Path(own).exists():
        return {}
    path = directory / "terraform.rc"
    mirror = local_mirror()
    path.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n' if mirror else "")
    return {"TF_CLI_CONFIG_FILE": str(path)}


class Terraform:
    def __init__(self, directory: Path, endpoint: str):
        shutil.copy(CONFIGURATION, directory)
        self.directory = directory
        self.environment = clean_environment(
            TF_IN_AUTOMATION="1", TF_INPUT="0", CHECKPOINT_DISABLE="1", **cli_configuration(directory)
        )
        self.variables = {
            "endpoint": endpoint,
            "alias": unique("terraform"),
            "description": "Made by Terraform",
            "permissions": ["BasicAgentAccess", "OutboundCallAccess"],
            "tags": {"team": "care"},
            "early_media": True,
        }

    def set(self, **variables) -> None:
        self.variables.update(variables)

    def run(self, *arguments: str, expect: int = 0) -> str:
        (self.directory / "terraform.tfvars.json").write_text(json.dumps(self.variables))
        result = subprocess.run(
            ["terraform", *arguments],
            cwd=self.directory,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert result.returncode == expect, f"terraform {' '.join(arguments)}\n{result.stdout}\n{result.stderr}"
        return result.stdout

    def apply(self) -> str:
        return self.run("apply", "-auto-approve", "-no-color")

    def plan(self) -> None:
        """A plan in which there is nothing to do."""
        self.run("plan", "-detailed-exitcode", "-no-color", expect=NO_CHANGES)

    def outputs(self) -> dict:
        return {name: output["value"] for name, output in json.loads(self.run("output", "-json")).items()}


@pytest.fixture
def terraform(tmp_path, server) -> Terraform:
    terraform = Terraform(tmp_path, server.endpoint)
    terraform.run("init", "-no-color")
    return terraform


def test_life_of_an_instance_and_a_profile(terraform, connect):
    # Create, and find it again through the data sources.
    assert "2 added, 0 changed, 0 destroyed" in terraform.apply()
    outputs = terraform.outputs()
    instance, profile, found = outputs["instance_id"], outputs["security_profile_id"], outputs["found"]
    assert outputs["created_time"]
    assert found["instance_by_id"] == terraform.variables["alias"]
    assert found["instance_by_alias"] == instance
    assert found["profile_by_id"] == "Terraform agents"
    assert found["profile_by_name"] == profile
    assert sorted(found["permissions"]) == ["BasicAgentAccess", "OutboundCallAccess"]
    assert found["tags"] == {"team": "care"}
    assert sorted(found["built_in"]) == ["AccessMetrics", "AgentTimeCard.View", "ContactAttributes.View", "ContactSearch.View"]
    terraform.plan()

    # Change.
    terraform.set(description="Changed", permissions=["BasicAgentAccess", "Queues.View"], tags={"site": "north"}, early_media=False)
    assert "0 added, 2 changed, 0 destroyed" in terraform.apply()
    stored = read_profile(connect, instance, profile)
    assert stored["Description"] == "Changed"
    assert stored["Permissions"] == ["BasicAgentAccess", "Queues.View"]
    assert stored["Tags"] == {"site": "north"}
    attribute = connect.describe_instance_attribute(InstanceId=instance, AttributeType="EARLY_MEDIA")["Attribute"]
    assert attribute["Value"] == "false"
    terraform.plan()

    # What others changed is drift, and is put right; removing every permission is a change too.
    connect.update_security_profile(InstanceId=instance, SecurityProfileId=profile, Description="Changed by hand")
    terraform.set(permissions=[], tags={})
    assert "0 added, 1 changed, 0 destroyed" in terraform.apply()
    stored = read_profile(connect, instance, profile)
    assert stored["Description"] == "Changed"
    assert "Permissions" not in stored
    assert "Tags" not in stored

    # Forget both and import them: the state is the same.
    terraform.run("state", "rm", "aws_connect_security_profile.agents", "aws_connect_instance.centre")
    imports = "\n".join(
        f'import {{\n  to = {address}\n  id = "{identity}"\n}}\n'
        for address, identity in (
            ("aws_connect_instance.centre", instance),
            ("aws_connect_security_profile.agents", f"{instance}:{profile}"),
        )
    )
    (terraform.directory / "imports.tf").write_text(imports)
    assert "2 imported, 0 added, 0 changed, 0 destroyed" in terraform.apply()

    # Destroy.
    assert "2 destroyed" in terraform.run("destroy", "-auto-approve", "-no-color")
    listed = [one for page in connect.get_paginator("list_instances").paginate() for one in page["InstanceSummaryList"]]
    assert instance not in [one["Id"] for one in listed]
