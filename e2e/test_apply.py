"""`lanyard plan` and `lanyard apply`: pull over the wire, edit, plan, apply, and find exactly the planned state."""

import hashlib
import json
import subprocess
from pathlib import Path

import pytest

from conftest import new_instance
from harness.operations import ai_agent_arn, granular, unique
from harness.recorder import Recorder
from harness.server import binary, clean_environment, run_lanyard

NOTHING, CHANGES, FAILED = 0, 2, 1


def lanyard(*arguments: object, expect: int = 0) -> str:
    """Runs a command that ends with `expect`; returns its output, or the error output of one that fails."""
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

    def retarget(self, endpoint: str) -> str:
        """Changes the endpoint of the plan, and its digest too; returns the digest."""
        plan = json.loads(self.plan_file.read_text())
        plan["target"]["from"]["endpoint"] = endpoint
        plan["digest"] = ""
        bare = json.dumps(plan, separators=(",", ":"), ensure_ascii=False)
        plan["digest"] = hashlib.sha256(bare.encode()).hexdigest()
        self.plan_file.write_text(json.dumps(plan))
        return plan["digest"]

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
        """The answers of the API after the plan is applied."""
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
        # A created resource is identified by its name in the files.
        lanyard("plan", work.directory, *work.where, expect=NOTHING)
        again = tmp_path / "again"
        lanyard("pull", "--to", again, *work.where, "--ai-agent", centre.agent)
        lanyard("plan", again, *work.where, expect=NOTHING)
        assert "as planned already" in work.apply(*mode)

    @pytest.mark.parametrize("mode", [[], ["--one-by-one"]], ids=["at once", "one by one"])
    def test_resources_that_changed_since_are_not_touched(self, work, centre, mode):
        work.edit_everything()
        work.plan()
        centre.connect.update_security_profile(
            **centre.own, SecurityProfileId=centre.leads, Description="meanwhile"
        )
        before = centre.profiles()
        message = work.apply(*mode, expect=FAILED)
        assert "changed since the plan was made" in message
        assert centre.described(centre.leads)["Description"] == "meanwhile"
        if not mode:
            assert centre.profiles() == before

    def test_a_modified_plan_is_refused(self, work, centre):
        work.edit_everything()
        work.plan()
        text = work.plan_file.read_text()
        assert "Users.Edit" in text
        work.plan_file.write_text(text.replace("Users.Edit", "Users.Create"))
        assert "the plan file was modified; run `lanyard plan` again" in work.apply(expect=FAILED)
        assert centre.described(centre.leads).get("Description") is None

    def test_a_dry_run_writes_nothing(self, work, centre):
        work.edit_everything()
        work.plan()
        assert "nothing was written" in work.apply("--dry-run")
        work.plan()
        assert "Obsolete" in centre.profiles()
        work.apply()
        work.check_everything()

    @pytest.mark.parametrize("mode", [[], ["--one-by-one"]], ids=["at once", "one by one"])
    def test_an_agent_loses_all_and_agents_that_are_not_named_stay(self, work, centre, mode):
        other = ai_agent_arn()
        centre.connect.associate_security_profiles(
            **centre.own, EntityType="AI_AGENT", EntityArn=other, SecurityProfiles=[{"Id": centre.bots}]
        )
        work.replace("ai-agents.yaml", "[Obsolete]", "[]")
        work.plan()
        work.apply(*mode)
        assert centre.held_by(centre.agent) == set()
        assert centre.held_by(other) == {centre.bots}
        work.plan(expect=NOTHING)

    def test_described_resources_are_planned_and_others_stay(self, server, centre, tmp_path):
        arn = centre.connect.describe_instance(**centre.own)["Instance"]["Arn"]
        members = {"InstanceArn": arn, "SecurityProfileName": "Bots", "Permissions": ["BasicAgentAccess", "Users.View"]}
        template = tmp_path / "template.json"
        template.write_text(
            json.dumps({"Resources": {"Bots": {"Type": "AWS::Connect::SecurityProfile", "Properties": members}}})
        )
        before = centre.profiles()
        where, plan = centre.where(server.endpoint), tmp_path / "change.plan"
        lanyard("plan", template, *where, "--out", plan, expect=CHANGES)
        lanyard("apply", plan)
        assert centre.permissions(centre.bots) == {"BasicAgentAccess", "Users.View"}
        assert centre.profiles() == before
        lanyard("plan", template, *where, expect=NOTHING)


READS = ("Describe", "List", "Search", "Get", "/")


class Interrupter:
    """Runs `lanyard apply --one-by-one` again and again, each time killed at the second call that changes anything."""

    def __init__(self, work: Work, server, *, is_done: bool):
        self.work, self.is_done = work, is_done
        self.changes, self.process = 0, None
        # The request is lost before the server has it, or the answer once the server did it.
        denied = (503, {"x-amzn-ErrorType": "ServiceUnavailableException"}, b"{}")
        before = (lambda operation, path: None) if is_done else (lambda operation, path: denied if self.strikes(operation) else None)
        self.recorder = Recorder(server, before, self.strikes if is_done else lambda operation: self.process.poll() is not None)

    def strikes(self, operation: str) -> bool:
        if operation.startswith(READS):
            return False
        self.changes += 1
        if self.changes == 2:
            self.process.kill()
            self.process.wait(20)
            return True
        return False

    def run(self) -> int:
        """How often it had to be run."""
        with self.recorder:
            self.work.retarget(self.recorder.endpoint)
            command = [str(binary()), "apply", str(self.work.plan_file), "--one-by-one", "--endpoint", self.recorder.endpoint]
            for runs in range(1, 60):
                self.changes = 0
                self.process = subprocess.Popen(
                    command, env=clean_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
                )
                output, _ = self.process.communicate(timeout=60)
                if self.process.returncode == 0:
                    return runs
                assert self.process.returncode == -9, output.decode()
        raise AssertionError("it never came to an end")


class TestInterruption:
    @pytest.mark.parametrize("is_done", [True, False], ids=["answer lost", "request lost"])
    def test_an_apply_killed_at_every_other_call_goes_on_to_the_planned_state(self, server, work, is_done):
        work.edit_everything()
        work.plan()
        interrupter = Interrupter(work, server, is_done=is_done)
        assert interrupter.run() > 8
        work.check_everything()
        lanyard("plan", work.directory, *work.where, expect=NOTHING)
        creates = [operation for operation in interrupter.recorder.operations() if operation.startswith("Create")]
        if is_done:
            # The created resource is recognised, and not created again.
            assert len(creates) == 4, creates
        assert not Path(f"{work.plan_file}.journal").exists()

    def test_applied_changes_are_not_repeated(self, server, work, centre):
        work.edit_everything()
        work.plan()
        calls = []

        def before(operation, path):
            calls.append(operation)
            if operation == "UpdateUserSecurityProfiles":
                return 400, {"x-amzn-ErrorType": "InvalidRequestException"}, b'{"Message": "not now"}'
            return None

        with Recorder(server, before) as recorder:
            work.retarget(recorder.endpoint)
            message = work.apply("--one-by-one", "--endpoint", recorder.endpoint, expect=FAILED)
            assert "not now" in message and "apply the same plan again to go on from there" in message
            made = [operation for operation in calls if not operation.startswith(READS)][:-1]
            recorder.before = lambda operation, path: None
            recorder.calls.clear()
            assert f"after {len(made)} made before" in work.apply("--one-by-one", "--endpoint", recorder.endpoint)
            again = [operation for operation in recorder.operations() if not operation.startswith(READS)]
        assert "CreateSecurityProfile" in made and "CreateSecurityProfile" not in again
        work.check_everything()

    def test_a_journal_cut_off_in_its_last_line_is_continued(self, server, work):
        work.edit_everything()
        work.plan()

        def before(operation, path):
            if operation == "DeleteSecurityProfile":
                return 400, {"x-amzn-ErrorType": "InvalidRequestException"}, b'{"Message": "not now"}'
            return None

        journal = Path(f"{work.plan_file}.journal")
        with Recorder(server, before) as recorder:
            work.retarget(recorder.endpoint)
            work.apply("--one-by-one", "--endpoint", recorder.endpoint, expect=FAILED)
            with journal.open("ab") as file:
                file.write(b'{"done":{"ca')
            work.apply("--one-by-one", "--endpoint", recorder.endpoint, expect=FAILED)
            work.apply("--one-by-one", "--endpoint", recorder.endpoint, expect=FAILED)
            recorder.before = lambda operation, path: None
            work.apply("--one-by-one")
        work.check_everything()


class TestDigest:
    def test_only_the_digest_that_was_reviewed_is_applied(self, server, work, centre):
        """A digest in the plan reveals accidents; one that was kept elsewhere reveals another plan."""
        work.replace("users.yaml", "Billing", "Sales")
        printed = work.plan()
        digest = json.loads(work.plan_file.read_text())["digest"]
        assert f"digest of the plan, for `lanyard apply --expect-digest`: {digest}\n" in printed
        assert json.loads(work.plan("--json"))["digest"] == digest
        reviewed = work.plan_file.read_text()
        work.plan_file.write_text(reviewed.replace("Sales", "Admin"))
        assert "the plan file was modified" in work.apply("--expect-digest", digest, expect=FAILED)
        work.retarget(work.endpoint)
        other = json.loads(work.plan_file.read_text())["digest"]
        message = work.apply("--expect-digest", digest, expect=FAILED)
        assert f"the digest of this plan is {other}, and {digest} was expected" in message
        assert centre.connect.describe_user(**centre.own, UserId=centre.user)["User"]["Tags"]["Team"] == "Billing"
        assert "64 hexadecimal digits" in work.apply("--expect-digest", digest[:-1], expect=FAILED)
        work.plan_file.write_text(reviewed)
        assert "applied" in work.apply("--expect-digest", digest.upper())
        assert centre.connect.describe_user(**centre.own, UserId=centre.user)["User"]["Tags"]["Team"] == "Sales"

    def test_another_endpoint_than_that_of_the_plan_is_refused(self, server, work, centre):
        work.replace("users.yaml", "Billing", "Sales")
        work.plan()
        with Recorder(server) as recorder:
            for options in [[], ["--one-by-one"], ["--dry-run"]]:
                message = work.apply("--endpoint", recorder.endpoint, *options, expect=FAILED)
                assert f"the plan was made for {server.endpoint}, and the endpoint is {recorder.endpoint}" in message
            assert recorder.operations() == []
        assert "applied" in work.apply("--endpoint", server.endpoint.upper().replace("HTTP", "http") + "/")


class Staging:
    """An instance whose access is to be brought to production, where all is called otherwise."""

    def __init__(self, connect):
        self.staging = Centre(connect, unique("staging"))
        self.production = Centre(connect, unique("production"))
        self.new_agent = ai_agent_arn()
        staging, production = self.staging, self.production
        connect.update_security_profile(
            **staging.own, SecurityProfileId=staging.leads,
            Description="Leads",
            Permissions=["Users.View", "Users.Edit", "BasicAgentAccess"],
            HierarchyRestrictedResources=["User"], AllowedAccessControlHierarchyGroupId=staging.group("Pilot", staging.north),
            TagRestrictedResources=["Queue"], AllowedAccessControlTags={"Env": "staging", "Team": "Billing"},
            Applications=[{"Namespace": "crm-test", "ApplicationPermissions": ["ACCESS"]}],
            AllowedFlowModules=[{"Type": "MCP", "FlowModuleId": staging.module}],
            AllowedAIAgents=[{"Type": "THIRD_PARTY", "Arn": f"{self.new_agent}:3"}],
        )
        self.trial = staging.profile("Trial", Permissions=["Queues.View"])
        connect.associate_security_profiles(
            **staging.own, EntityType="AI_AGENT", EntityArn=staging.agent, SecurityProfiles=[{"Id": self.trial}]
        )
        self.leeds = production.group("Leeds", production.north)
        self.own_profile = production.profile("Production only", Permissions=["Queues.View"])

    def map(self) -> str:
        return f"""
HierarchyGroups:
  North/Pilot: North/Leeds
Namespaces: {{crm-test: crm}}
AiAgents:
  {self.staging.agent}: {self.production.agent}
  {self.new_agent}: {self.new_agent.replace("ai-agent/", "ai-agent/b")}
Tags:
  Env: {{staging: production}}
"""


@pytest.fixture
def staging(connect) -> Staging:
    return Staging(connect)


class TestPromotion:
    def test_access_is_brought_to_another_instance(self, server, staging, tmp_path):
        work = Work(tmp_path, server.endpoint, staging.staging)
        source, target = staging.staging, staging.production
        where = target.where(server.endpoint)
        users = target.connect.describe_user(**target.own, UserId=target.user)["User"]

        refused = lanyard("plan", work.directory, *where, expect=FAILED)
        assert "--map" in refused and source.id in refused and target.id in refused

        (tmp_path / "map.yaml").write_text("Tags: {Env: {test: production}}\n")
        message = lanyard("plan", work.directory, "--map", tmp_path / "map.yaml", *where, expect=FAILED)
        lines = [line.strip() for line in message.splitlines() if "access/" in line]
        for file, text in [
            ("security-profiles/team-leads.yaml", "North/Pilot"),
            ("security-profiles/team-leads.yaml", "crm-test"),
            ("security-profiles/team-leads.yaml", f"{staging.new_agent}:3"),
            ("security-profiles/team-leads.yaml", "`staging`"),
            ("ai-agents.yaml", source.agent),
        ]:
            result = [line for line in lines if text in line and file in line]
            assert len(result) == 1, (text, message)
            (line,) = result
            place = line.split(": ")[0].rsplit(":", 2)
            row = (work.directory / file).read_text().splitlines()[int(place[1]) - 1]
            assert text.strip("`") in row[int(place[2]) - 1 :], (line, row)

        (tmp_path / "map.yaml").write_text(staging.map() + "Overlay: production\n")
        overlay = tmp_path / "production" / "security-profiles"
        overlay.mkdir(parents=True)
        (overlay / "team-leads.yaml").write_text(
            "Permissions: {Add: [Queues.View], Remove: [Users.Edit]}\nDescription: Leads of production\n"
        )
        options = ["--map", tmp_path / "map.yaml", *where]
        planned = lanyard("plan", work.directory, *options, "--out", work.plan_file, "--json", expect=CHANGES)
        assert "Production only" in planned
        work.apply()

        leads = target.described(target.leads)
        assert leads["Description"] == "Leads of production"
        assert leads["AllowedAccessControlHierarchyGroupId"] == staging.leeds
        assert leads["AllowedAccessControlTags"] == {"Env": "production", "Team": "Billing"}
        assert target.permissions(target.leads) == {"Users.View", "Queues.View", "BasicAgentAccess"}
        of = {**target.own, "SecurityProfileId": target.leads}
        connect = target.connect
        assert [it["Namespace"] for it in connect.list_security_profile_applications(**of)["Applications"]] == ["crm"]
        modules = connect.list_security_profile_flow_modules(**of)["AllowedFlowModules"]
        assert [it["FlowModuleId"] for it in modules] == [target.module]
        profiles = target.profiles()
        assert profiles["Production only"] == staging.own_profile
        assert target.held_by(target.agent) == {target.obsolete, profiles["Trial"]}
        assert connect.describe_user(**target.own, UserId=target.user)["User"] == users
        lanyard("plan", work.directory, *options, expect=NOTHING)

    def test_it_can_be_brought_to_amazon_call_by_call(self, server, staging, tmp_path):
        """A service that does not answer like Lanyard is treated as Amazon's."""
        work = Work(tmp_path, server.endpoint, staging.staging)
        target = staging.production
        (tmp_path / "map.yaml").write_text(staging.map())

        def before(operation, path):
            return (404, {}, b"{}") if operation.startswith("/lanyard") else None

        with Recorder(server, before) as recorder:
            where = [*target.where(recorder.endpoint), "--region", "us-east-1"]
            options = ["--map", tmp_path / "map.yaml", *where]
            lanyard("plan", work.directory, *options, "--out", work.plan_file, expect=CHANGES)
            assert json.loads(work.plan_file.read_text())["target"]["from"]["kind"] == "amazon_connect"
            work.apply("--one-by-one", "--endpoint", recorder.endpoint)
            assert "applied" not in work.apply("--one-by-one", "--endpoint", recorder.endpoint)
            lanyard("plan", work.directory, *options, expect=NOTHING)
        assert target.described(target.leads)["AllowedAccessControlHierarchyGroupId"] == staging.leeds
        assert target.held_by(target.agent) == {target.obsolete, target.profiles()["Trial"]}

    def test_groups_and_people_are_promoted_where_the_map_lists_them(self, server, staging, tmp_path):
        work = Work(tmp_path, server.endpoint, staging.staging, "--with-names")
        target = staging.production
        kinds = "Promote: [SecurityProfile, AiAgent, HierarchyGroup, User]\n"
        (tmp_path / "map.yaml").write_text(kinds + staging.map().replace("North/Pilot: North/Leeds", "North: East"))
        options = ["--map", tmp_path / "map.yaml", *target.where(server.endpoint)]
        lanyard("plan", work.directory, *options, "--out", work.plan_file, expect=CHANGES)
        work.apply()
        groups = target.connect.list_user_hierarchy_groups(**target.own)["UserHierarchyGroupSummaryList"]
        assert {"East", "Leeds", "North"} <= {it["Name"] for it in groups}
        user = target.connect.describe_user(**target.own, UserId=target.user)["User"]
        group = target.connect.describe_user_hierarchy_group(**target.own, HierarchyGroupId=user["HierarchyGroupId"])
        assert group["HierarchyGroup"]["HierarchyPath"]["LevelOne"]["Name"] == "East"
        assert group["HierarchyGroup"]["Name"] == "Team 2"
        lanyard("plan", work.directory, *options, expect=NOTHING)
