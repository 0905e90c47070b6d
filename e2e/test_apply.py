"""`lanyard plan` and `lanyard apply`: pull over the wire, edit, plan, apply, and find exactly the planned state."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from conftest import new_instance
from harness.operations import ai_agent_arn, granular, unique
from harness.server import ACCOUNT, REGION, binary, clean_environment, run_lanyard

NOTHING, CHANGES, FAILED = 0, 2, 1


def lanyard(*arguments: object, expect: int = 0) -> str:
    """Runs a command that ends with `expect`; what it printed, and for one that fails what it said."""
    done = run_lanyard(*map(str, arguments), timeout=120)
    assert done.returncode == expect, f"{done.returncode}: {done.stdout}\n{done.stderr}"
    return done.stderr if expect == FAILED else done.stdout


class Centre:
    """An instance with something of everything that a plan changes."""

    def __init__(self, connect, alias: str):
        self.connect = connect
        self.own = {"InstanceId": new_instance(connect, InstanceAlias=alias)}
        self.id = self.own["InstanceId"]
        connect.update_user_hierarchy_structure(
            **self.own, HierarchyStructure={"LevelOne": {"Name": "Region"}, "LevelTwo": {"Name": "Team"}}
        )
        self.north = self.group("North")
        self.team = self.group("Team 1", self.north)
        self.old_team = self.group("Team 2", self.north)
        self.module = connect.create_contact_flow_module(
            **self.own,
            Name="Refund",
            Content=json.dumps({"Version": "2019-10-30", "StartAction": "a", "Actions": [], "Settings": {}}),
            ExternalInvocationConfiguration={"Enabled": True},
        )["Id"]
        self.agent = ai_agent_arn()
        self.leads = self.profile(
            "Team leads", Permissions=["Users.View", "BasicAgentAccess"], Tags={"Owner": "IT"},
            Applications=[{"Namespace": "crm", "ApplicationPermissions": ["ACCESS"]}],
        )
        self.bots = self.profile("Bots", Permissions=["BasicAgentAccess"])
        self.obsolete = self.profile("Obsolete", Permissions=["Queues.View"])
        routing = connect.list_routing_profiles(**self.own)["RoutingProfileSummaryList"][0]["Id"]
        self.user = connect.create_user(
            **self.own, Username="zoe", Password="Passw0rd-of-many", PhoneConfig={"PhoneType": "SOFT_PHONE"},
            IdentityInfo={"FirstName": "Zoe", "LastName": "Quirk", "Email": "zoe@example.com"},
            SecurityProfileIds=[self.obsolete], RoutingProfileId=routing, HierarchyGroupId=self.old_team,
            Tags={"Team": "Billing", "Old": "yes"},
        )["UserId"]
        connect.associate_security_profiles(
            **self.own, EntityType="AI_AGENT", EntityArn=self.agent, SecurityProfiles=[{"Id": self.obsolete}]
        )

    def group(self, name: str, above: str | None = None) -> str:
        more = {"ParentGroupId": above} if above else {}
        return self.connect.create_user_hierarchy_group(**self.own, Name=name, **more)["HierarchyGroupId"]

    def profile(self, name: str, **members) -> str:
        return self.connect.create_security_profile(**self.own, SecurityProfileName=name, **members)["SecurityProfileId"]

    def profiles(self) -> dict[str, str]:
        listed = self.connect.list_security_profiles(**self.own)["SecurityProfileSummaryList"]
        return {it["Name"]: it["Id"] for it in listed}

    def permissions(self, profile: str) -> set[str]:
        pages = self.connect.list_security_profile_permissions(**self.own, SecurityProfileId=profile)
        return set(pages["Permissions"])

    def described(self, profile: str) -> dict:
        return self.connect.describe_security_profile(**self.own, SecurityProfileId=profile)["SecurityProfile"]

    def held_by(self, agent: str) -> set[str]:
        held = self.connect.list_entity_security_profiles(**self.own, EntityType="AI_AGENT", EntityArn=agent)
        return {it["Id"] for it in held["SecurityProfiles"]}

    def where(self, endpoint: str) -> list[str]:
        return ["--endpoint", endpoint, "--instance", self.id]


@pytest.fixture
def centre(connect) -> Centre:
    return Centre(connect, unique("centre"))


class Work:
    """A pulled directory, and the plan made of it."""

    def __init__(self, home: Path, endpoint: str, centre: Centre, *options: str):
        self.directory, self.plan_file = home / "access", home / "change.plan"
        self.centre, self.where = centre, centre.where(endpoint)
        self.endpoint = endpoint
        lanyard("pull", "--to", self.directory, *self.where, "--ai-agent", centre.agent, *options)

    def read(self, name: str) -> str:
        return (self.directory / name).read_text()

    def replace(self, name: str, old: str, new: str) -> None:
        text = self.read(name)
        assert text.count(old) == 1, f"{old!r} in {name}:\n{text}"
        (self.directory / name).write_text(text.replace(old, new))

    def write(self, name: str, text: str) -> None:
        (self.directory / name).write_text(text)

    def plan(self, *options: object, expect: int = CHANGES) -> str:
        return lanyard("plan", self.directory, *self.where, "--out", self.plan_file, *options, expect=expect)

    def apply(self, *options: object, expect: int = 0) -> str:
        return lanyard("apply", self.plan_file, *options, expect=expect)

    def edit_everything(self) -> None:
        """Changes something of everything that a plan can change."""
        centre = self.centre
        write_profile = f"""
SecurityProfileName: Team leads
Id: {centre.leads}
Description: What leads do now
Permissions: [Users.View, Users.Edit, BasicAgentAccess]
TagRestrictedResources: [User, Queue]
AllowedAccessControlTags: {{Team: Billing}}
HierarchyRestrictedResources: [User]
AllowedAccessControlHierarchyGroup: North/Team 3
PrimaryAttributeValues:
- {{AttributeName: region, AccessType: ALLOW, Values: [eu, us]}}
Applications:
- {{Namespace: erp, ApplicationPermissions: [ACCESS]}}
AllowedFlowModules:
- {{FlowModule: Refund, Type: MCP}}
Tags: {{Owner: HR, Cost: "12"}}
"""
        self.write("security-profiles/team-leads.yaml", write_profile)
        self.write(
            "security-profiles/new.yaml",
            'SecurityProfileName: Auditors all-round\nPermissions: [Users.View]\nTags: {Owner: IT}\n'
            "AllowedAccessControlHierarchyGroup: North/Team 3\nHierarchyRestrictedResources: [User]\n",
        )
        (self.directory / "security-profiles/obsolete.yaml").unlink()
        self.replace("users.yaml", "SecurityProfiles: [Obsolete]", 'SecurityProfiles: [Team leads, Auditors all-round]')
        self.replace("users.yaml", "HierarchyGroup: North/Team 2", "HierarchyGroup: North/Team 3/Desk")
        self.replace("users.yaml", "Old: \"yes\"", "New: \"yes\"")
        self.replace("ai-agents.yaml", "[Obsolete]", '[Bots, Auditors all-round]')
        self.write(
            "hierarchy.yaml",
            f"Levels: [Area, Team, Desk]\nGroups:\n- Name: North\n  Id: {centre.north}\n  Groups:\n"
            f"  - {{Name: Team 1 new, Id: {centre.team}, Tags: {{Site: Leeds}}}}\n"
            "  - Name: Team 3\n    Groups:\n    - Name: Desk\n- Name: South\n",
        )

    def check_everything(self) -> None:
        """What the API answers once that is done."""
        centre = self.centre
        connect, own = centre.connect, centre.own
        profiles = centre.profiles()
        assert "Obsolete" not in profiles
        auditors = profiles['Auditors all-round']
        assert centre.permissions(auditors) == {"Users.View"}
        leads = centre.described(centre.leads)
        groups = {
            it["Name"]: it["Id"] for it in connect.list_user_hierarchy_groups(**own)["UserHierarchyGroupSummaryList"]
        }
        assert set(groups) == {"North", "Team 1 new", "Team 3", "Desk", "South"}
        assert groups["Team 1 new"] == centre.team
        assert leads["Description"] == "What leads do now"
        assert leads["AllowedAccessControlHierarchyGroupId"] == groups["Team 3"]
        assert leads["Tags"] == {"Owner": "HR", "Cost": "12"}
        assert sorted(leads["TagRestrictedResources"]) == ["Queue", "User"]
        assert leads["GranularAccessControlConfiguration"] == granular("region", ["eu", "us"])
        assert centre.permissions(centre.leads) == {"Users.View", "Users.Edit", "BasicAgentAccess"}
        of = {**own, "SecurityProfileId": centre.leads}
        assert [it["Namespace"] for it in connect.list_security_profile_applications(**of)["Applications"]] == ["erp"]
        modules = connect.list_security_profile_flow_modules(**of)["AllowedFlowModules"]
        assert [it["FlowModuleId"] for it in modules] == [centre.module]
        user = connect.describe_user(**own, UserId=centre.user)["User"]
        assert set(user["SecurityProfileIds"]) == {centre.leads, auditors}
        assert (user["HierarchyGroupId"], user["Tags"]) == (groups["Desk"], {"Team": "Billing", "New": "yes"})
        assert user["IdentityInfo"]["Email"] == "zoe@example.com"
        assert centre.held_by(centre.agent) == {centre.bots, auditors}
        structure = connect.describe_user_hierarchy_structure(**own)["HierarchyStructure"]
        assert [structure[level]["Name"] for level in ("LevelOne", "LevelTwo", "LevelThree")] == ["Area", "Team", "Desk"]


@pytest.fixture
def work(server, centre, tmp_path) -> Work:
    return Work(tmp_path, server.endpoint, centre)


class TestApply:
    @pytest.mark.parametrize("mode", [[], ["--one-by-one"]], ids=["at once", "one by one"])
    @pytest.mark.parametrize("names", [[], ["--with-names"]], ids=["pseudonyms", "names"])
    def test_the_planned_state_is_found(self, server, centre, tmp_path, mode, names):
        work = Work(tmp_path, server.endpoint, centre, *names)
        work.plan(expect=NOTHING)
        work.edit_everything()
        work.plan()
        applied = work.apply(*mode)
        assert "applied with" in applied
        work.check_everything()
        # What was made has its name for an identifier in the files, and that is enough.
        lanyard("plan", work.directory, *work.where, expect=NOTHING)
        again = tmp_path / "again"
        lanyard("pull", "--to", again, *work.where, "--ai-agent", centre.agent)
        lanyard("plan", again, *work.where, expect=NOTHING)
        assert "as planned already" in work.apply(*mode)

    @pytest.mark.parametrize("mode", [[], ["--one-by-one"]], ids=["at once", "one by one"])
    def test_what_has_moved_since_is_not_touched(self, work, centre, mode):
        work.edit_everything()
        work.plan()
        centre.connect.update_security_profile(
            **centre.own, SecurityProfileId=centre.leads, Description="meanwhile"
        )
        before = centre.profiles()
        said = work.apply(*mode, expect=FAILED)
        assert "changed since the plan was made" in said
        assert centre.described(centre.leads)["Description"] == "meanwhile"
        if not mode:
            assert centre.profiles() == before

    def test_a_plan_changed_by_hand_is_refused(self, work, centre):
        work.edit_everything()
        work.plan()
        text = work.plan_file.read_text()
        assert "Users.Edit" in text
        work.plan_file.write_text(text.replace("Users.Edit", "Users.Create"))
        assert "was changed after it was written" in work.apply(expect=FAILED)
        assert centre.described(centre.leads).get("Description") is None

    def test_a_dry_run_writes_nothing(self, work, centre):
        work.edit_everything()
        work.plan()
        assert "nothing was written" in work.apply("--dry-run")
        work.plan()
        assert "Obsolete" in centre.profiles()
        work.apply()
        work.check_everything()
