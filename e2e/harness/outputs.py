"""A world of real state, and the runs of every command with `--json` in it."""

import json
import shutil
import sqlite3
from pathlib import Path
from types import SimpleNamespace

from conftest import new_instance
from harness.operations import ai_agent_arn
from harness.server import Server, run_lanyard

PROFILES = {
    "Leads": {
        "Permissions": [
            *("Users.View", "Users.Edit", "Queues.View", "Queues.Edit", "ContactSearch.View"),
            "AccessMetrics.RealTimeMetrics.Access",
        ],
        "TagRestrictedResources": ["User", "Queue", "SecurityProfile"],
        "AllowedAccessControlTags": {"Team": "Billing"},
    },
    "Vague": {"Description": "before", "Permissions": ["Queues.View", "Queues.Edit"], "TagRestrictedResources": ["Queue"]},
    "Contacts by group": {"Permissions": ["ContactSearch.View", "RestrictContactAccessByHierarchy.View"]},
    "Own contacts": {"Permissions": ["MyContacts.View", "CallRecordings.Unredacted.Access"]},
    "Listeners": {"Permissions": ["ListenCallRecordings", "ContactSearch.View", "RestrictTaskCreation.Access"]},
    "Records": {
        "Permissions": ["DataTables.View", "DataTables.ManageValues"],
        "GranularAccessControlConfiguration": {
            "DataTableAccessControlConfiguration": {
                "PrimaryAttributeAccessControlConfiguration": {
                    "PrimaryAttributeValues": [{"AccessType": "ALLOW", "AttributeName": "Region", "Values": ["West"]}]
                }
            }
        },
    },
    "Site": {
        "Permissions": ["Users.View", "Users.Edit", "AccessMetrics.RealTimeMetrics.Access"],
        "HierarchyRestrictedResources": ["User"],
    },
    "Tools": {
        "Permissions": ["Cases.View"],
        "Applications": [{"Namespace": "n", "ApplicationPermissions": ["t"], "Type": "MCP"}],
    },
}
PEOPLE = {
    "lead": (["Leads"], None, None),
    "ben": (["Leads", "Site"], "A/B", "Billing"),
    "vera": (["Vague"], None, "Billing"),
    "carla": (["Contacts by group"], "A", "Claims"),
    "own": (["Own contacts"], None, None),
    "listener": (["Listeners"], None, None),
    "site": (["Site"], "A", None),
    "records": (["Records"], None, None),
    "grouped": (["In group A"], None, None),
}
EXPECTATIONS = """\
expectations:
- {principal: lead, action: Users.Edit, resource: User:ben, expect: allowed}
- {principal: lead, action: Users.Edit, resource: User:carla, expect: allowed}
- {holders_of: Leads, task: barge-in, expect: denied}
- {principal: [lead, "b*"], task: barge-in, expect: exactly}
"""
SUPPRESSIONS = """\
suppressions:
- {rule: %s, subject: "%s", reason: known, expires: 2099-01-01}
"""


class World(SimpleNamespace):
    def __init__(self, place: Path):
        super().__init__(place=place)
        with Server(place / "server") as server:
            self.make(server)
            self.endpoint = server.endpoint
            self.seeded = self.run("seed", "--users", "5", "--endpoint", server.endpoint)
            self.remote = {
                words: self.run(*words, "--endpoint", server.endpoint, "--instance", self.instance)
                for words in (
                    ("check", "lead", "Users.Edit", f"User:{self.users['carla']}"),
                    ("explain", "own", "CallRecordings.Unredacted.Access", "Contact:*"),
                    ("who-can", "Users.Edit"),
                    ("what-can", "lead"),
                    ("history", "--limit", "2"),
                )
            }
        self.copies()
        self.files()

    def make(self, server):
        client = server.client()
        self.data = server.data
        instance = self.instance = new_instance(client, IdentityManagementType="SAML", InstanceAlias="outputs")
        client.update_user_hierarchy_structure(
            InstanceId=instance, HierarchyStructure={"LevelOne": {"Name": "Site"}, "LevelTwo": {"Name": "Team"}}
        )
        groups = {"A": client.create_user_hierarchy_group(InstanceId=instance, Name="A")["HierarchyGroupId"]}
        groups["A/B"] = client.create_user_hierarchy_group(InstanceId=instance, Name="B", ParentGroupId=groups["A"])[
            "HierarchyGroupId"
        ]
        hours = client.list_hours_of_operations(InstanceId=instance)["HoursOfOperationSummaryList"][0]["Id"]
        for name, team in (("Billing", "Billing"), ("Claims", "Claims")):
            client.create_queue(InstanceId=instance, Name=name, HoursOfOperationId=hours, Tags={"Team": team})
        of_group = {
            "Permissions": ["Users.View"],
            "HierarchyRestrictedResources": ["User"],
            "AllowedAccessControlHierarchyGroupId": groups["A"],
        }
        ids = {
            name: client.create_security_profile(InstanceId=instance, SecurityProfileName=name, **members)["SecurityProfileId"]
            for name, members in {**PROFILES, "In group A": of_group}.items()
        }
        routing = client.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]
        self.users = {}
        for name, (held, group, team) in PEOPLE.items():
            self.users[name] = client.create_user(
                InstanceId=instance,
                Username=name,
                SecurityProfileIds=[ids[it] for it in held],
                RoutingProfileId=routing,
                **({"HierarchyGroupId": groups[group]} if group else {}),
                **({"Tags": {"Team": team}} if team else {}),
            )["UserId"]
        gone = client.create_user(
            InstanceId=instance, Username="gone", SecurityProfileIds=[ids["Leads"]], RoutingProfileId=routing
        )
        client.delete_user(InstanceId=instance, UserId=gone["UserId"])
        lead = client.update_user_security_profiles(
            InstanceId=instance, UserId=self.users["lead"], SecurityProfileIds=[ids["Leads"], ids["Vague"]]
        )
        self.revision = int(lead["ResponseMetadata"]["HTTPHeaders"]["x-lanyard-revision"])
        self.agent = ai_agent_arn()
        client.associate_security_profiles(
            InstanceId=instance, EntityType="AI_AGENT", EntityArn=self.agent, SecurityProfiles=[{"Id": ids["Tools"]}]
        )

    def run(self, *words: str) -> list[dict]:
        """The JSON that a command writes: one document, or a line each."""
        done = run_lanyard(*words, "--json", USER="tester")
        assert done.stdout, f"{words}: {done.stderr}"
        try:
            return [json.loads(done.stdout)]
        except json.JSONDecodeError:
            return [json.loads(line) for line in done.stdout.splitlines()]

    def copies(self):
        place, data = self.place, str(self.data)
        backup, archive = str(place / "a.backup"), place / "archive"
        self.copied = {
            "backup": self.run("backup", data, backup),
            "restore": self.run("restore", backup, str(place / "restored")),
            "migrate": self.run("migrate", data, str(place / "migrated")),
        }
        archived = shutil.copytree(data, place / "archived")
        self.copied["archive"] = self.run("archive", str(archived), "--before", "2099-01-01", "--to", str(archive))
        damaged = shutil.copytree(data, place / "damaged")
        with sqlite3.connect(damaged / "lanyard.db") as database:
            changed = "UPDATE log SET body = replace(body, 'CreateInstance', 'CreateInstbnce') WHERE stream = ? AND revision = 1"
            assert database.execute(changed, [f"instance/{self.instance}"]).rowcount == 1
        database.close()
        self.copied["doctor"] = self.run("doctor", data) + self.run("doctor", backup) + self.run("doctor", str(damaged))

    def files(self):
        self.pulled = self.place / "access"
        done = run_lanyard("pull", "--to", str(self.pulled), "--data", str(self.data), "--instance", self.instance, "--with-names")
        assert done.returncode == 0, done.stderr
        self.edited = shutil.copytree(self.pulled, self.place / "edited")
        leads = self.edited / "security-profiles" / "leads.yaml"
        leads.write_text(leads.read_text().replace("- Queues.Edit\n", "- Queues.Edit\n- SecurityProfiles.Edit\n- ManagerBargeIn\n"))
        for file, before, after in (
            ("vague", "before", "after"),
            ("tools", "  - t\n", "  - t\n  - u\n"),
            ("leads", "TagRestrictedResources:\n", "TagRestrictedResources:\n- Case\n"),
            ("leads", "Permissions:\n", "Permissions:\n- Cases.View\n"),
        ):
            path = self.edited / "security-profiles" / f"{file}.yaml"
            assert before in path.read_text(), path.read_text()
            path.write_text(path.read_text().replace(before, after, 1))
        self.untyped = shutil.copytree(self.edited, self.place / "untyped")
        tools = self.untyped / "security-profiles" / "tools.yaml"
        tools.write_text(tools.read_text().replace("  Type: MCP\n", ""))
        site = self.edited / "security-profiles" / "site.yaml"
        site.write_text(site.read_text().replace("Permissions:\n", "Permissions:\n- Queues.View\n- Queues.Edit\n"))
        (self.place / "expectations.yaml").write_text(EXPECTATIONS)
        (self.findings,) = self.run("lint", str(self.pulled))
        finding = self.findings["findings"][0]
        subject = f"{finding['subject']['kind']}:{finding['subject']['name']}"
        (self.place / "suppressions.yaml").write_text(SUPPRESSIONS % (finding["rule"], subject))

    def outputs(self) -> dict[str, list[dict]]:
        """For each command, everything that it wrote in its runs."""
        local = ("--data", str(self.data), "--instance", self.instance)
        files, edited = str(self.pulled), str(self.edited)

        def all_of(command: str, *runs: tuple[str, ...]) -> list[dict]:
            return [document for words in runs for document in self.run(command, *words)]

        questions = [
            ("lead", "Users.Edit", "User:ben"),
            ("lead", "Users.Edit", "User:carla"),
            ("lead", "Queues.Edit", "User:carla"),
            ("lead", "listen-to-recordings"),
            ("lead", "Queues.Create", "Queue:new", "--hypothetical", "--tag", "Team=Claims"),
            ("vera", "Queues.Edit", "Queue:Claims"),
            ("vera", "Queues.Edit", "Queue:Claims", "--reading", "lenient"),
            ("carla", "ContactSearch.View", "Contact:1", "--agent", "ben"),
            ("carla", "ContactSearch.View", "Contact:1", "--agent", "lead"),
            ("own", "CallRecordings.Unredacted.Access", "Contact:1", "--agent", "ben"),
            ("own", "listen-to-unredacted-recordings", "Contact:*"),
            ("listener", "listen-to-recordings"),
            ("listener", "RestrictTaskCreation.Access"),
            ("ben", "Users.Edit", "User:carla"),
            ("site", "Users.Edit", "User:own"),
            ("listener", "ContactSearch.View", "Contact:1"),
            ("lead", "MyContacts.View", "Contact:1"),
            ("vera", "ContactSearch.View", "Contact:1"),
            ("grouped", "Users.View", "User:ben"),
            ("ben", "AccessMetrics.RealTimeMetrics.Access", "User:vera"),
            (self.agent, "t", "McpServer:n"),
            (self.agent, "t", "McpServer:other", "--on-behalf-of", "lead"),
            ("lead", "ACCESS", "ThirdPartyApplication:n"),
            ("lead", "Users.Edit", "User:ben", "--assigns", "SecurityProfile:Vague"),
            ("records", "DataTables.ManageValues", "DataTableRecord:1", "--hypothetical", "--primary", "Region=West"),
            ("records", "DataTables.ManageValues", "DataTableRecord:1", "--hypothetical", "--primary", "Other=1"),
            ("records", "DataTables.ManageValues", "DataTableRecord:1", "--hypothetical", "--primary", "Region=North"),
        ]
        plan = str(self.place / "plan.json")
        remote = {command: [] for command in ("check", "explain", "who-can", "what-can", "history")}
        for words, documents in self.remote.items():
            remote[words[0]] += documents
        return {
            "check": remote["check"] + all_of("check", *((*it, *local) for it in questions)),
            "explain": remote["explain"] + all_of("explain", *((*it, *local) for it in questions))
            + self.run("explain", self.agent, "t", "McpServer:n", "--self-service", "--files", str(self.untyped)),
            "who-can": remote["who-can"]
            + all_of("who-can", ("Queues.Edit", *local), ("Cases.View", *local), ("Users.Delete", *local)),
            "what-can": remote["what-can"]
            + all_of("what-can", ("lead", *local), ("vera", *local), (self.agent, *local), ("lead", "User:ben", *local), ("lead", "Queue", *local)),
            "gate": all_of(
                "gate",
                ("--no-new-access", files, edited),
                ("--not-granted", "Queues.Edit", "--not-granted", "SecurityProfiles.Edit", files),
                ("--not-granted", "Queues.Edit", self.template()),
            ),
            "lint": [self.findings, *all_of("lint", (files, "--suppressions", str(self.place / "suppressions.yaml")))],
            "test": all_of("test", (str(self.place / "expectations.yaml"), *local)),
            "permissions": all_of("permissions", (), ("Queues.Viw",)),
            "plan": all_of("plan", (edited, *local, "--out", plan), (files, *local)),
            "revert": all_of("revert", (str(self.revision), *local)),
            "review": self.reviews(local, files),
            "tasks": all_of("tasks", ()),
            "seed": self.seeded,
            "history": remote["history"] + all_of("history", ("--all", *local), ("--verify", *local)),
            **self.copied,
        }

    def reviews(self, local: tuple[str, ...], files: str) -> list[dict]:
        """Reviews of this state, of files, and compared with the state before a change."""
        earlier, partly = self.place / "earlier.json", self.template()
        (before,) = self.run("review", "Queues.Edit", "Queues.View", *local, "--as-of", str(self.revision - 1))
        earlier.write_text(json.dumps(before))
        named = ("Users.Edit", "Users.View", "DataTables.ManageValues", "Cases.View", "AccessMetrics.RealTimeMetrics.Access")
        return [
            *self.run("review", "--all-sensitive", *named, "Queues.Edit", "ContactSearch.View", *local, "--by", "auditor"),
            *self.run("review", "Queues.Edit", "Users.Edit", *local, "--compare", str(earlier)),
            *self.run("review", "Queues.Edit", "Cases.View", "--files", files),
            *self.run("review", "Queues.Edit", "--files", partly),
        ]

    def template(self) -> str:
        """A template with a value that is not known."""
        file = self.place / "template.json"
        profile = {
            "Type": "AWS::Connect::SecurityProfile",
            "Properties": {"InstanceArn": "i", "SecurityProfileName": "New", "Permissions": ["Queues.Edit", {"Ref": "More"}]},
        }
        profile["Properties"]["TagRestrictedResources"] = [{"Ref": "More"}]
        user = {
            "Type": "AWS::Connect::User",
            "Properties": {
                "InstanceArn": "i",
                "Username": "nadia",
                "SecurityProfileArns": [{"Fn::GetAtt": ["New", "SecurityProfileArn"]}],
                "RoutingProfileArn": "r",
                "PhoneConfig": {"PhoneType": "SOFT_PHONE"},
            },
        }
        template = {"Parameters": {"More": {"Type": "String"}}, "Resources": {"New": profile, "Nadia": user}}
        file.write_text(json.dumps(template))
        return str(file)
