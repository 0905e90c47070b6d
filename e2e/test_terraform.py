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

CONFIGURATION = Path(__file__).parent / "terraform"
PROVIDER = "hashicorp/aws/5.100.0"
# Where system packages and images put providers. Only some levels are searched: a disk can be large.
PLUGIN_HOMES = (Path.home() / ".terraform.d", Path("/usr/share/terraform"), Path("/usr/local/share/terraform"), Path("/opt"))
SEARCH_DEPTH = 4
NO_CHANGES = 0
# In the configuration: all resources, and those with tags.
RESOURCES = 15
TAGGED = 9

pytestmark = pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed")


def local_mirror() -> Path | None:
    """A directory of providers on this machine that has the one we need: LANYARD_TF_MIRROR, or a usual place."""
    if named := os.environ.get("LANYARD_TF_MIRROR"):
        return Path(named)
    for home in PLUGIN_HOMES:
        for depth in range(1, SEARCH_DEPTH + 1):
            for actual in home.glob("/".join(["*"] * depth + [PROVIDER])):
                return actual.parents[3]  # above host, namespace, type and version
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
        for file in CONFIGURATION.glob("*.tf"):
            shutil.copy(file, directory)
        self.directory = directory
        self.environment = clean_environment(
            TF_IN_AUTOMATION="1", TF_INPUT="0", CHECKPOINT_DISABLE="1", **cli_configuration(directory)
        )
        self.variables = {
            "endpoint": endpoint,
            "alias": unique("terraform"),
            "permissions": ["BasicAgentAccess", "OutboundCallAccess"],
            "tags": {"team": "care"},
            "changed": False,
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

    def apply(self, summary: str) -> None:
        """Applies, which is to end with that summary."""
        output = self.run("apply", "-auto-approve", "-no-color")
        assert summary in output, output

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


def test_life_of_an_access_configuration(terraform, connect):
    # Create, and find it again through the data sources.
    terraform.apply(f"{RESOURCES} added, 0 changed, 0 destroyed")
    outputs = terraform.outputs()
    ids, actual = outputs["ids"], outputs["found"]
    assert len(ids) == RESOURCES and outputs["created_time"]
    assert {kind: len(set(pair)) for kind, pair in outputs["pairs"].items()} == dict.fromkeys(outputs["pairs"], 1)
    instance = ids["aws_connect_instance.centre"]
    assert outputs["pairs"]["instance"][0] == instance
    assert sorted(actual.pop("built_in_permissions")) == [
        "AccessMetrics",
        "AgentTimeCard.View",
        "ContactAttributes.View",
        "ContactSearch.View",
    ]
    assert actual.pop("built_in_queue_hours") == actual.pop("built_in_hours")
    assert actual == {
        "permissions": ["BasicAgentAccess", "OutboundCallAccess"],
        "tags": [{"team": "care"}] * len(actual["tags"]),
        "levels": ["Desk"],
        "path": ["North"],
        "last_name": "Lovelace",
        "group": own(ids["aws_connect_user_hierarchy_group.team"]),
        "days": ["MONDAY", "TUESDAY"],
        "caller": "Made by Terraform",
        "channels": ["VOICE"],
        "number": "+441632960000",
        "start": "first",
    }
    terraform.plan()

    # Change.
    terraform.set(changed=True, permissions=["BasicAgentAccess", "Queues.View"], tags={"site": "north"})
    terraform.apply(f"0 added, {RESOURCES} changed, 0 destroyed")
    check_changed(connect, instance, ids)
    terraform.plan()

    # Changes by others are drift, and are reverted; removing every permission and tag is a change too.
    profile = own(ids["aws_connect_security_profile.agents"])
    connect.update_security_profile(InstanceId=instance, SecurityProfileId=profile, Description="Changed by hand")
    connect.update_user_hierarchy(
        InstanceId=instance,
        UserId=own(ids["aws_connect_user.ada"]),
        HierarchyGroupId=own(ids["aws_connect_user_hierarchy_group.site"]),
    )
    terraform.set(permissions=[], tags={})
    terraform.apply(f"0 added, {TAGGED} changed, 0 destroyed")
    stored = read_profile(connect, instance, profile)
    assert stored["Description"] == "Changed"
    assert "Permissions" not in stored and "Tags" not in stored
    assert "HierarchyGroupId" not in user(connect, ids["aws_connect_user.ada"])

    # Forget everything and import it: the state is the same.
    terraform.run("state", "rm", *ids)
    imports = "\n".join(f'import {{\n  to = {address}\n  id = "{identity}"\n}}\n' for address, identity in ids.items())
    (terraform.directory / "imports.tf").write_text(imports)
    terraform.apply(f"{RESOURCES} imported, 0 added, 0 changed, 0 destroyed")

    # Destroy: the structure too, by an empty one.
    assert f"{RESOURCES} destroyed" in terraform.run("destroy", "-auto-approve", "-no-color")
    listed = [one for page in connect.get_paginator("list_instances").paginate() for one in page["InstanceSummaryList"]]
    assert instance not in [one["Id"] for one in listed]


def own(identity: str) -> str:
    """The id of a resource, of which Terraform's identity is that of the instance and its own."""
    return identity.split(":")[1]


def user(connect, identity: str) -> dict:
    instance, user = identity.split(":")
    return connect.describe_user(InstanceId=instance, UserId=user)["User"]


def check_changed(connect, instance: str, ids: dict) -> None:
    """The state of the server after the change, beyond the comparison of the plan after it."""
    in_instance = {"InstanceId": instance}
    stored = read_profile(connect, instance, own(ids["aws_connect_security_profile.agents"]))
    assert (stored["Description"], stored["Permissions"]) == ("Changed", ["BasicAgentAccess", "Queues.View"])
    assert stored["Tags"] == {"site": "north"}
    attribute = connect.describe_instance_attribute(**in_instance, AttributeType="EARLY_MEDIA")["Attribute"]
    assert attribute["Value"] == "false"
    structure = connect.describe_user_hierarchy_structure(**in_instance)["HierarchyStructure"]
    assert {level: one["Name"] for level, one in structure.items()} == {
        "LevelOne": "Place",
        "LevelTwo": "Team",
        "LevelThree": "Desk",
    }
    ada, grace = user(connect, ids["aws_connect_user.ada"]), user(connect, ids["aws_connect_user.grace"])
    assert "HierarchyGroupId" not in ada
    assert ada["PhoneConfig"]["DeskPhoneNumber"] == "+441632960001"
    assert grace["HierarchyGroupId"] == own(ids["aws_connect_user_hierarchy_group.site"])
    assert grace["RoutingProfileId"] == own(ids["aws_connect_routing_profile.calls"])
    assert len(grace["SecurityProfileIds"]) == 2
    orders = {**in_instance, "QueueId": own(ids["aws_connect_queue.orders"])}
    assert connect.describe_queue(**orders)["Queue"]["Status"] == "DISABLED"
    assert connect.list_queue_quick_connects(**orders)["QuickConnectSummaryList"] == []
