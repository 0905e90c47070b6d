"""The AWS CLI from PyPI, as a person at a terminal uses it.

It carries an API model of its own, an older one: AllowedAIAgents is not in it, so boto3's suites alone send that.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from harness.operations import FLOW, granular, unique
from harness.profiles import normal
from harness.server import REGION, clean_environment

AWS = Path(sys.executable).parent / "aws"


@pytest.fixture(scope="module")
def aws(server):
    """Runs `aws connect …` and reads its JSON."""
    environment = clean_environment(
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
        AWS_DEFAULT_REGION=REGION,
        AWS_CONFIG_FILE="/dev/null",
        AWS_SHARED_CREDENTIALS_FILE="/dev/null",
        AWS_MAX_ATTEMPTS="1",
        AWS_PAGER="",
    )

    def run(*arguments: str, fails: bool = False, service: str = "connect"):
        command = [str(AWS), service, *arguments, "--endpoint-url", server.endpoint, "--output", "json"]
        result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
        if fails:
            assert result.returncode != 0
            return result.stderr
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout) if result.stdout.strip() else None

    return run


@pytest.fixture(scope="module")
def instance(aws) -> str:
    created = aws(
        "create-instance",
        "--instance-alias",
        unique("cli"),
        "--identity-management-type",
        "CONNECT_MANAGED",
        "--inbound-calls-enabled",
        "--outbound-calls-enabled",
        "--tags",
        "stage=test",
    )
    return created["Id"]


def test_instance(aws, instance):
    actual = aws("describe-instance", "--instance-id", instance)["Instance"]
    assert (actual["Id"], actual["InstanceStatus"], actual["Tags"]) == (instance, "ACTIVE", {"stage": "test"})
    listed = aws("list-instances")["InstanceSummaryList"]
    assert instance in [one["Id"] for one in listed]


def test_every_parameter_of_update(aws, instance):
    created = aws("create-security-profile", "--instance-id", instance, "--security-profile-name", "Tier 1")
    profile = created["SecurityProfileId"]
    parameters = ("--instance-id", instance, "--security-profile-id", profile)
    applications = [{"Namespace": "crm", "ApplicationPermissions": ["ACCESS"], "Type": "THIRD_PARTY_APPLICATION"}]

    answer = aws(
        "update-security-profile",
        *parameters,
        *("--description", "Cares for customers"),
        *("--permissions", "BasicAgentAccess", "OutboundCallAccess"),
        *("--allowed-access-control-tags", "department=care,site=north"),
        *("--tag-restricted-resources", "User", "Queue"),
        *("--applications", json.dumps(applications)),
        *("--hierarchy-restricted-resources", "User"),
        *("--allowed-access-control-hierarchy-group-id", ""),
        *("--allowed-flow-modules", "Type=MCP,FlowModuleId=module-1"),
        *("--granular-access-control-configuration", json.dumps(granular("region", ["eu", "us"]))),
    )

    assert answer is None
    actual = aws("describe-security-profile", *parameters)["SecurityProfile"]
    assert actual["Description"] == "Cares for customers"
    assert actual["AllowedAccessControlTags"] == {"department": "care", "site": "north"}
    assert normal(actual["TagRestrictedResources"]) == ["Queue", "User"]
    assert actual["HierarchyRestrictedResources"] == ["User"]
    assert normal(actual["GranularAccessControlConfiguration"]) == granular("region", ["eu", "us"])
    lists = {
        "list-security-profile-permissions": ("Permissions", ["BasicAgentAccess", "OutboundCallAccess"]),
        "list-security-profile-applications": ("Applications", applications),
        "list-security-profile-flow-modules": ("AllowedFlowModules", [{"Type": "MCP", "FlowModuleId": "module-1"}]),
    }
    for command, (member, value) in lists.items():
        assert aws(command, *parameters)[member] == value


def test_search_list_and_pages(aws, instance):
    pages, token = [], None
    while True:
        more = ("--starting-token", token) if token else ()
        page = aws("list-security-profiles", "--instance-id", instance, "--max-items", "3", *more)
        pages.append([one["Name"] for one in page["SecurityProfileSummaryList"]])
        token = page.get("NextToken")
        if not token:
            break
    assert all(len(page) <= 3 for page in pages)
    assert {"Admin", "Agent", "CallCenterManager", "QualityAnalyst"} <= set(sum(pages, []))
    assert len(sum(pages, [])) == len(set(sum(pages, [])))

    condition = {"StringCondition": {"FieldName": "name", "Value": "Admin", "ComparisonType": "EXACT"}}
    actual = aws("search-security-profiles", "--instance-id", instance, "--search-criteria", json.dumps(condition))
    assert [one["SecurityProfileName"] for one in actual["SecurityProfiles"]] == ["Admin"]


def test_tags_and_delete(aws, instance):
    created = aws("create-security-profile", "--instance-id", instance, "--security-profile-name", "Tagged")
    arn, profile = created["SecurityProfileArn"], created["SecurityProfileId"]
    aws("tag-resource", "--resource-arn", arn, "--tags", "team=care,site=north")
    assert aws("list-tags-for-resource", "--resource-arn", arn)["tags"] == {"team": "care", "site": "north"}
    aws("untag-resource", "--resource-arn", arn, "--tag-keys", "team", "site")
    aws("delete-security-profile", "--instance-id", instance, "--security-profile-id", profile)
    error = aws("describe-security-profile", "--instance-id", instance, "--security-profile-id", profile, fails=True)
    assert "ResourceNotFoundException" in error


def test_an_access_configuration_written_manually(aws, instance):
    """One of each kind, made, found again and deleted, as the manuals do it."""
    of = ("--instance-id", instance)

    def made(command: str, answer: str, *arguments: str) -> str:
        return aws(f"create-{command}", *of, *arguments)[answer]

    aws("update-user-hierarchy-structure", *of, "--hierarchy-structure", "LevelOne={Name=Site},LevelTwo={Name=Team}")
    site = made("user-hierarchy-group", "HierarchyGroupId", "--name", "North", "--tags", "team=care")
    team = made("user-hierarchy-group", "HierarchyGroupId", "--name", "Care", "--parent-group-id", site)
    monday = "Day=MONDAY,StartTime={Hours=9,Minutes=0},EndTime={Hours=17,Minutes=30}"
    hours = made("hours-of-operation", "HoursOfOperationId", "--name", "Monday", "--time-zone", "UTC", "--config", monday)
    phone = "QuickConnectType=PHONE_NUMBER,PhoneConfig={PhoneNumber=+441632960000}"
    quick = made("quick-connect", "QuickConnectId", "--name", "Office", "--quick-connect-config", phone)
    queue = made("queue", "QueueId", "--name", "Orders", "--hours-of-operation-id", hours, "--quick-connect-ids", quick)
    routing = made(
        "routing-profile",
        "RoutingProfileId",
        *("--name", "Calls", "--description", "Routes calls", "--default-outbound-queue-id", queue),
        *("--media-concurrencies", "Channel=VOICE,Concurrency=1"),
        *("--queue-configs", f"QueueReference={{QueueId={queue},Channel=VOICE}},Priority=1,Delay=0"),
    )
    module = made("contact-flow-module", "Id", "--name", "Orders", "--content", FLOW)
    profile = made("security-profile", "SecurityProfileId", "--security-profile-name", "Tier 2")
    user = made(
        "user",
        "UserId",
        *("--username", "ada", "--password", "Passw0rd-of-Ada", "--identity-info", "FirstName=Ada,LastName=Lovelace"),
        *("--phone-config", "PhoneType=SOFT_PHONE", "--security-profile-ids", profile),
        *("--routing-profile-id", routing, "--hierarchy-group-id", team, "--tags", "team=care"),
    )

    described = aws("describe-user", *of, "--user-id", user)["User"]
    assert (described["Username"], described["HierarchyGroupId"]) == ("ada", team)
    assert (described["RoutingProfileId"], described["SecurityProfileIds"]) == (routing, [profile])
    path = aws("describe-user-hierarchy-group", *of, "--hierarchy-group-id", team)["HierarchyGroup"]["HierarchyPath"]
    assert [path[level]["Name"] for level in ("LevelOne", "LevelTwo")] == ["North", "Care"]
    assert aws("describe-routing-profile", *of, "--routing-profile-id", routing)["RoutingProfile"]["Name"] == "Calls"
    actual = aws("describe-contact-flow-module", *of, "--contact-flow-module-id", module)["ContactFlowModule"]
    assert json.loads(actual["Content"]) == json.loads(FLOW)
    below = {"HierarchyGroupCondition": {"Value": site, "HierarchyGroupMatchType": "WITH_CHILD_GROUPS"}}
    users = aws("search-users", *of, "--search-criteria", json.dumps(below))["Users"]
    assert [one["Id"] for one in users] == [user]
    tags = aws("search-resource-tags", *of, "--resource-types", "agent")["Tags"]
    assert tags == [{"key": "team", "value": "care"}]

    # A resource in use cannot be deleted before the resources that use it.
    assert "ResourceInUseException" in aws("delete-queue", *of, "--queue-id", queue, fails=True)
    aws("delete-user", *of, "--user-id", user)
    aws("delete-routing-profile", *of, "--routing-profile-id", routing)
    aws("delete-queue", *of, "--queue-id", queue)
    aws("delete-quick-connect", *of, "--quick-connect-id", quick)
    aws("delete-contact-flow-module", *of, "--contact-flow-module-id", module)
    assert "ResourceNotFoundException" in aws("describe-queue", *of, "--queue-id", queue, fails=True)


def test_applications(aws, instance):
    name = unique("cli")
    source = json.dumps({"ExternalUrlConfig": {"AccessUrl": "https://example.com"}})
    made = aws(
        "create-application", "--name", name, "--namespace", name, "--application-source-config", source,
        service="appintegrations",
    )  # fmt: skip
    actual = aws("get-application", "--arn", made["Arn"], service="appintegrations")
    assert (actual["Name"], actual["Namespace"]) == (name, name)
    aws(
        "create-integration-association", "--instance-id", instance, "--integration-type", "APPLICATION",
        "--integration-arn", made["Arn"],
    )  # fmt: skip
    refusal = aws("delete-application", "--arn", made["Arn"], fails=True, service="appintegrations")
    assert "InvalidRequestException" in refusal and instance in refusal
