"""Names and values that forge lines or steer a terminal: every command and page shows them on their line, visibly."""

import csv
import json
import re
import subprocess
import threading
import unicodedata
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree

import pytest

from conftest import new_instance
from harness.operations import ai_agent_arn, unique
from harness.server import HOST, Server, binary, clean_environment

# Removes the line above, forges a line, turns the direction, and hides itself.
EVIL = (
    "\x1b[1A\x1b[2K\nFORGED + line\r\nFORGED\x85FORGED\u2028FORGED\u2029FORGED\x9b2K\x07\x08\x7f"
    "\u202e\u2066\u2069\u200e\u200f\u061c\u200b\u200d\u2060\ufeff\xad\U000e0041\\u{1b}"
)
# The part that tags may have by the pattern of the API: every letter, separator and number.
EVIL_TAG = "x\u2028FORGED\u2029FORGED"
# A command to a CI system.
COMMANDS = ["::error::FORGED", "##vso[task.complete]FORGED", "##[error]FORGED"]

SHOWN = r"\u{1b}[1A\u{1b}[2K\u{a}FORGED + line\u{d}\u{a}FORGED"


def is_visible(character: str) -> bool:
    """By Unicode's categories, which the program does not use."""
    return unicodedata.category(character) not in ("Cc", "Cf", "Zl", "Zp", "Cn")


def check(output: str) -> str:
    """Text that a person reads: only line feeds are controls, and no line is forged."""
    hidden = {f"U+{ord(it):04X}" for it in output if it != "\n" and not is_visible(it)}
    assert not hidden, f"{hidden} in {output!r}"
    for line in output.split("\n"):
        assert not re.match(r"\s*(FORGED|::)", line), f"the line {line!r} of {output!r}"
        assert not re.search(r"##(vso)?\[", line), f"the line {line!r} of {output!r}"
    return output


def lanyard(*arguments: object, **environment: str) -> tuple[int, str, str]:
    """Exit status, output and error output of a command, all of it checked. Bytes, since text would hide carriage returns."""
    done = subprocess.run(
        [str(binary()), *map(str, arguments)],
        env=clean_environment(**environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    check(err)
    assert "panicked" not in err, err
    return done.returncode, check(out), err


def text(*arguments: object, **environment: str) -> str:
    """The output of a command that answers, or its refusal, in which something hostile is shown."""
    status, out, err = lanyard(*arguments, **environment)
    assert status in (0, 1, 2, 3), err
    shown = err if status == 1 else out
    assert "FORGED" in shown, shown
    return shown


def data(*arguments: object, **environment: str):
    """The JSON of a command that answers; it keeps the values. `None` for a question that is refused."""
    status, out, err = lanyard(*arguments, **environment)
    assert status in (0, 2, 3) or (status == 1 and "there is no " in err), err
    return json.loads(out) if status != 1 else None


def strings(value) -> list[str]:
    """Every string in a JSON value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, inner in value.items() for text in [key, *strings(inner)]]
    return [text for inner in value for text in strings(inner)] if isinstance(value, list) else []


def quoted(name: str) -> str:
    """A string as YAML, all in ASCII."""
    return '"' + "".join(it if it.isalnum() and it.isascii() else f"\\U{ord(it):08x}" for it in name) + '"'


PROFILE = f"Leads{EVIL}"
USER = f"ana{EVIL}"


def files(place: Path, tag: str = "x") -> Path:
    """A directory with hostile values of every kind."""
    evil = quoted(EVIL)[1:-1]
    tags = f'{{"k{evil}": "v{tag}{evil}"}}'
    contents = {
        "instance.yaml": "Id: 11111111-1111-4111-8111-111111111111\nAccount: '123456789012'\nRegion: eu-west-2\n"
        f'InstanceAlias: "alias{evil}"\nTags: {tags}\n',
        "hierarchy.yaml": f'Levels: ["Region{evil}"]\nGroups:\n- Name: "North{evil}"\n  Tags: {tags}\n'
        f'  Groups:\n  - Name: "Team{evil}"\n',
        "queues.yaml": f'- Name: "Billing{evil}"\n  Tags: {tags}\n- Name: {quoted(COMMANDS[0])}\n',
        "routing-profiles.yaml": f'- Name: "Routing{evil}"\n',
        "quick-connects.yaml": f'- Name: "Quick{evil}"\n',
        "flow-modules.yaml": f'- Name: "Module{evil}"\n  ExternalInvocationEnabled: true\n',
        "hours-of-operation.yaml": f'- Name: "Hours{evil}"\n',
        "data-tables.yaml": f'- Name: "Table{evil}"\n',
        "ai-agents.yaml": f'- Arn: "{ai_agent_arn()}{evil}"\n  SecurityProfiles: ["Leads{evil}"]\n',
        "security-profiles/leads.yaml": f'SecurityProfileName: "Leads{evil}"\nDescription: "d{evil}"\n'
        f'Permissions: [Users.Edit, Users.View, Queues.View, Queues.Edit, BasicAgentAccess, "P{evil}"]\n'
        f'TagRestrictedResources: [Queue, User]\nAllowedAccessControlTags: {tags}\n'
        f'PrimaryAttributeValues:\n- AttributeName: "attr{evil}"\n  AccessType: ALLOW\n  Values: ["value{evil}"]\n'
        f'Applications:\n- Namespace: "app{evil}"\n  Type: MCP\n  ApplicationPermissions: ["tool{evil}"]\n'
        f'AllowedFlowModules:\n- FlowModule: "Module{evil}"\n- FlowModuleId: "id{evil}"\n'
        f'AllowedAiAgents:\n- Arn: "arn{evil}"\nTags: {tags}\n',
        "security-profiles/admin.yaml": f'SecurityProfileName: "Admin{evil}"\nPermissions: [SecurityProfiles.Edit, '
        f'SecurityProfiles.View, Users.Edit, Users.View, Users.EditPermission]\nHierarchyRestrictedResources: [User]\n'
        f'AllowedAccessControlHierarchyGroup: "North{evil}"\n',
        "security-profiles/command.yaml": f"SecurityProfileName: {quoted(COMMANDS[1])}\nPermissions: [Queues.View]\n",
        "users.yaml": f'- Username: "ana{evil}"\n  SecurityProfiles: ["Leads{evil}", {quoted(COMMANDS[1])}]\n'
        f'  HierarchyGroup: "North{evil}/Team{evil}"\n  RoutingProfile: "Routing{evil}"\n  Tags: {tags}\n'
        f'- Username: "root{evil}"\n  SecurityProfiles: ["Admin{evil}"]\n  HierarchyGroup: "North{evil}"\n'
        f"- Username: {quoted(COMMANDS[0])}\n  SecurityProfiles: [\"Leads{evil}\"]\n"
        f"- Username: {quoted(COMMANDS[2])}\n  SecurityProfiles: [\"Admin{evil}\"]\n",
        "unseen.yaml": f'Notes: ["note{evil}"]\nRestrictions: ["Admin{evil}"]\nTools: ["Leads{evil}"]\n',
    }
    for name, content in contents.items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return place


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Path:
    return files(tmp_path_factory.mktemp("hostile") / "access")


@pytest.fixture(scope="module")
def changed(tmp_path_factory) -> Path:
    """The same world with other tags, more permissions and another person."""
    place = files(tmp_path_factory.mktemp("changed") / "access", tag="other")
    users = place / "users.yaml"
    users.write_text(users.read_text() + f'- Username: "new{quoted(EVIL)[1:-1]}"\n  SecurityProfiles: ["Admin{quoted(EVIL)[1:-1]}"]\n')
    profile = place / "security-profiles" / "leads.yaml"
    profile.write_text(profile.read_text().replace("Users.View,", "Users.View, SecurityProfiles.View,").replace("Queue, User", "Queue"))
    (place / "queues.yaml").write_text("[]\n")
    return place


class TestFiles:
    @pytest.mark.parametrize("command", ["check", "explain"])
    def test_questions(self, world, command):
        of = ["--files", world]
        for action, resource in [
            ("Users.Edit", f"User:{USER}"),
            ("Users.Edit", "User:*"),
            ("Queues.Edit", f"Queue:{COMMANDS[0]}"),
            (f"P{EVIL}", "Instance"),
            (f"tool{EVIL}", f"ThirdPartyApplication:app{EVIL}"),
            ("Users.Edit", f"Nothing{EVIL}:x"),
            ("Users.Edit", f"User:nobody{EVIL}"),
            ("task:reset-password", f"User:{USER}"),
        ]:
            for principal in [USER, f"root{EVIL}", COMMANDS[0], f"nobody{EVIL}"]:
                out = text(command, principal, action, resource, *of)
                assert out.count("\n") < 200
                answer = data(command, principal, action, resource, *of, "--json")
                assert answer is None or answer["action"] == action
        shown = text(command, USER, "Users.Edit", f"User:root{EVIL}", *of)
        assert f"`ana{SHOWN}" in shown and "\\u{5c}u{1b}`" in shown

    def test_searches(self, world):
        of = ["--files", world]
        for action in ["Users.Edit", "Queues.View", f"P{EVIL}", f"Q{EVIL}"]:
            text("who-can", action, *of) if action != f"Q{EVIL}" else lanyard("who-can", action, *of)
            data("who-can", action, *of, "--json")
        answer = data("who-can", "Users.Edit", *of, "--json")
        assert f"root{EVIL}" in strings(answer), "JSON keeps the value"
        for principal in [USER, f"root{EVIL}", COMMANDS[0], f"nobody{EVIL}"]:
            text("what-can", principal, *of)
            for resource in ["Queue", "User", f"User:{USER}", f"Queue:Billing{EVIL}", "Instance", f"ThirdPartyApplication:app{EVIL}"]:
                text("what-can", principal, resource, *of)
            data("what-can", principal, "Queue", *of, "--json")

    def test_gate(self, world, changed):
        text("gate", "--no-new-access", world, changed)
        data("gate", "--no-new-access", world, changed, "--json")
        text("gate", "--not-granted", "Users.Edit", world)
        text("gate", "--not-granted", f"Users.Edit@User:{USER}", world)
        data("gate", "--not-granted", "Users.Edit", world, "--json")
        for wrong in [["--not-granted", f"Users.Edit{EVIL}"], ["--not-granted", "Users.Edit", "--except", f"x{EVIL}"],
                      ["--not-granted", "Users.Edit", "--except", f"SecurityProfile:x{EVIL}"],
                      ["--not-granted", f"Users.Edit@User:x{EVIL}"]]:
            assert lanyard("gate", *wrong, world)[0] == 1

    def test_lint(self, world, tmp_path):
        text("lint", world)
        found = data("lint", world, "--json")
        assert any(it["subject"]["name"] == PROFILE for it in found["findings"])
        log = data("lint", world, "--format", "sarif")
        for result in log["runs"][0]["results"]:
            check(result["message"]["text"])
            check(result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"])
        suppressions = tmp_path / "suppressions.yaml"
        evil = quoted(EVIL)[1:-1]
        suppressions.write_text(
            f'suppressions:\n- rule: {found["findings"][0]["rule"]}\n  subject: "SecurityProfile:Leads{evil}"\n'
            f'  reason: "r{evil}"\n  expires: 2020-01-01\n- rule: {found["findings"][0]["rule"]}\n'
            f'  subject: "SecurityProfile:none{evil}"\n  reason: "r{evil}"\n  expires: 2999-01-01\n'
        )
        text("lint", world, "--suppressions", suppressions)
        data("lint", world, "--suppressions", suppressions, "--format", "sarif")

    def test_expectations(self, world, tmp_path):
        evil = quoted(EVIL)[1:-1]
        expectations, report = tmp_path / "expectations.yaml", tmp_path / "junit.xml"
        expectations.write_text(
            f'expectations:\n- name: "n{evil}"\n  principal: "ana{evil}"\n  action: Users.Edit\n  resource: "User:root{evil}"\n  expect: allowed\n'
            f'- principal: "nobody{evil}"\n  action: Users.Edit\n  resource: "User:ana{evil}"\n  expect: allowed\n'
            f'- principal: "root{evil}"\n  action: Users.View\n  resource: "User:root{evil}"\n  expect: allowed\n'
            f'  through: "x{evil}"\n'
        )
        status, out, err = lanyard("test", expectations, "--files", world, "--junit", report, "--coverage")
        assert status == 2 and "FORGED" in out, err
        check(report.read_bytes().decode())
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            check(case.get("name"))
            for failure in case.iter("failure"):
                check(failure.get("message"))
                check(failure.text or "")
        data("test", expectations, "--files", world, "--json")

    def test_plans(self, world, changed, tmp_path):
        page, plan = tmp_path / "plan.html", tmp_path / "change.plan"
        assert "FORGED" in lanyard("plan", changed, "--against", world)[2]
        out = text("plan", changed, "--against", world, "--partial", "--html", page, "--out", plan)
        assert f"Leads{SHOWN}" in out, out
        html = check(page.read_bytes().decode())
        assert "FORGED" in html
        check(plan.read_bytes().decode())
        text("plan", changed, "--against", world, "--partial", "--all")
        report = data("plan", changed, "--against", world, "--partial", "--json")
        assert any(EVIL in it for it in strings(report)), "JSON keeps the value"
        # A plan that takes access away, and one that changes nothing.
        text("plan", world, "--against", changed, "--partial", "--all")
        text("plan", world, "--against", world)
        status, _, err = lanyard("apply", plan)
        assert status == 1 and "--endpoint" in err

    def test_reviews(self, world, changed, tmp_path):
        items = ["Users.Edit", "Queues.Edit", "gain-more-rights", f"P{EVIL}" ]
        written = {end: tmp_path / f"review.{end}" for end in ("csv", "markdown", "html")}
        files_of = [it for end, file in written.items() for it in (f"--{end}", file)]
        review = ["review", *items[:3], "--by", f"by{EVIL}"]
        out = text(*review, "--files", world, *files_of)
        assert f"`ana{SHOWN}" in out and max(map(len, out.splitlines())) <= 80
        for end, file in written.items():
            form = check(file.read_bytes().decode())
            assert "FORGED" in form and SHOWN.replace("+", "&#43;") in form or SHOWN in form, end
            printed = lanyard(*review, "--files", world, f"--{end}", "-")
            assert printed[0] == 0 and "FORGED" in printed[1]
        page = written["html"].read_text()
        assert "<script" not in page.lower()
        for row in csv.reader(written["csv"].open()):
            assert not any(re.match(r"\s*[=+@-]", cell) for cell in row), row
        scopes = [json.loads(row["scope_data"]) for row in csv.DictReader(written["csv"].open())]
        report = data(*review, "--files", world, "--json")
        assert scopes == [row["scope"] for row in report["rows"]], "data in a cell keeps its values"
        table = [line for line in written["markdown"].read_text().splitlines() if line.startswith("|")]
        bars = {len(re.findall(r"(?<!\\)\|", line)) for line in table}
        assert bars == {12}, bars
        assert any(row["person"]["name"] == USER for row in report["rows"]), "JSON keeps the value"
        old = tmp_path / "old.json"
        old.write_text(lanyard(*review, "--files", world, "--json")[1])
        assert "FORGED" in lanyard(*review, "--files", changed, "--compare", old, *files_of)[1]
        for file in written.values():
            check(file.read_bytes().decode())
        lanyard("review", items[3], "--files", world)
        text("review", f"Users.Edit{EVIL}", "--files", world)
        text("review", f"Users.Edit@{EVIL}", "--files", world)
        tasks = tmp_path / "tasks.yaml"
        evil = quoted(EVIL)[1:-1]
        tasks.write_text(f'tasks:\n- name: ours\n  title: "t{evil}"\n  formula: Users.Edit\n  source: "s{evil}"\n')
        text("tasks", "ours", "--tasks", tasks)
        text("review", "ours", "--files", world, "--tasks", tasks, *files_of)
        for file in written.values():
            check(file.read_bytes().decode())
        text("check", USER, "ours", f"User:{USER}", "--files", world, "--tasks", tasks)
        tasks.write_text(f'tasks:\n- name: "n{evil}"\n  title: t\n  formula: "Users.Edit{evil}"\n  "titel{evil}": t\n')
        text("tasks", "--tasks", tasks)

    def test_errors_in_files(self, world, tmp_path):
        evil = quoted(EVIL)[1:-1]
        for name, content in {
            "users.yaml": f'- Username: a\n  SecurityProfiles: ["none{evil}"]\n',
            "queues.yaml": f'- Name: "a{evil}"\n- Name: "a{evil}"\n',
            "instance.yaml": f'"Key{evil}": x\n',
            "security-profiles/leads.yaml": f'SecurityProfileName: x\n"Permision{evil}": []\n',
            "hierarchy.yaml": f'Groups:\n- Name: "a{evil}"\n- Name: "a{evil}"\n',
            "unseen.yaml": f'Kinds: ["x{evil}"]\n',
        }.items():
            place = files(tmp_path / name.replace("/", "-"))
            (place / name).write_text(content)
            for command in [["lint", place], ["check", "ana", "Users.Edit", "User:*", "--files", place],
                            ["plan", place, "--against", world], ["gate", "--not-granted", "Users.Edit", place]]:
                status, _, err = lanyard(*command)
                assert status == 1 and "FORGED" in err, (command, err)

    @pytest.mark.parametrize("command", COMMANDS[1:])
    def test_commands_in_faults_of_files_and_plans(self, tmp_path, world, command):
        """Faults that reading finds, that the API cannot express, and that a trial of the calls finds."""
        name, long, shown = quoted(f"{command}y"), quoted(command + "x" * 200), 0
        for number, (file, content) in enumerate((
            ("security-profiles/new.yaml", f"SecurityProfileName: New\nPermissions: [{name}]\n"),
            ("security-profiles/new.yaml", f"SecurityProfileName: {name}\nPermissions: [{long}]\n"),
            ("security-profiles/new.yaml", f"SecurityProfileName: {name}\nTagRestrictedResources: [{name}]\n"),
            ("security-profiles/new.yaml", f"SecurityProfileName: {long}\nPermissions: [Users.View]\n"),
            ("security-profiles/new.yaml", f"SecurityProfileName: {name}\nTags: {{{long}: x}}\n"),
            ("security-profiles/new.yaml", f"SecurityProfileName: {name}\nAllowedFlowModules:\n- FlowModuleId: {name}\n"),
            ("security-profiles/new.yaml", f"SecurityProfileName: {name}\n{name}: []\n"),
            ("security-profiles/command.yaml", f"SecurityProfileName: {name}\nPermissions: [Queues.View]\n"),
            ("users.yaml", f"- Username: {name}\n  SecurityProfiles: [{name}]\n"),
            ("users.yaml", f"- Username: {name}\n  SecurityProfiles: [{quoted(COMMANDS[1])}]\n  RoutingProfile: {name}\n"),
            ("queues.yaml", f"- Name: {name}\n- Name: {name}\n"),
            ("instance.yaml", f"{name}: x\n"),
        )):
            place = files(tmp_path / str(number))
            (place / file).write_text(content)
            refusals = [lanyard("plan", place, "--against", world, *more)[2] for more in ((), ("--partial",))]
            shown += "FORGED" in refusals[0]
            for more in (["lint"], ["gate", "--no-new-access", world], ["who-can", "Users.Edit", "--files"]):
                lanyard(*more, place)
        assert shown >= 8, shown

    def test_names_of_files(self, tmp_path):
        place = files(tmp_path / "access")
        hostile = place / "security-profiles" / "x\n::error::FORGED\x1b[2K\u202e.yaml"
        hostile.write_text("SecurityProfileName: Hidden\nPermissions: [Users.Delete]\n")
        text("lint", place)
        data("lint", place, "--format", "sarif")
        hostile.write_text("SecurityProfileName: Hidden\nPermision: [Users.Delete]\n")
        status, _, err = lanyard("lint", place)
        assert status == 1 and "FORGED" in err

    def test_templates(self, tmp_path):
        template = tmp_path / "template.json"
        properties = {"SecurityProfileName": f"Leads{EVIL}", "InstanceArn": "arn:aws:connect:eu-west-2:123456789012:instance/i",
                      "Permissions": ["Users.View", {"Ref": f"Unknown{EVIL}"}], "Tags": [{"Key": f"k{EVIL}", "Value": EVIL}]}
        template.write_text(json.dumps({"Resources": {f"Logical{EVIL}": {"Type": "AWS::Connect::SecurityProfile", "Properties": properties}}}))
        lanyard("lint", template)
        lanyard("plan", template, "--against", files(tmp_path / "access"))
        lanyard("gate", "--not-granted", "Users.Edit", template)
        state = tmp_path / "state.json"
        resource = {"address": f"aws_connect_security_profile.a{EVIL}", "mode": "managed", "type": "aws_connect_security_profile",
                    "name": f"a{EVIL}", "values": {"name": f"Leads{EVIL}", "permissions": ["Users.View"], "tags": {f"k{EVIL}": EVIL}}}
        state.write_text(json.dumps({"format_version": "1.0", "values": {"root_module": {"resources": [resource]}}}))
        lanyard("lint", state)
        lanyard("plan", state, "--against", tmp_path / "access")

    def test_arguments(self, world):
        for arguments in [["permissions", EVIL], ["permissions", "--group", EVIL], [EVIL], ["check", f"--{EVIL}"],
                          ["lint", f"none{EVIL}"], ["doctor", f"none{EVIL}"], ["history", "--data", f"none{EVIL}"],
                          ["apply", f"none{EVIL}"], ["restore", f"none{EVIL}", "--to", "x"], ["erase", f"none{EVIL}", "--deleted"],
                          ["check", "a", "b", "--files", world, "--as-of", EVIL], ["man", EVIL]]:
            assert lanyard(*arguments)[0] == 1, arguments


SHORT = "\x1b[1A\x1b[2K\nFORGED\u202e\u200b\x9b"


@pytest.fixture(scope="class")
def centre(tmp_path_factory):
    """A server with an instance whose names are as hostile as its API takes them."""
    home = tmp_path_factory.mktemp("server")
    with Server(home, "--log-level", "debug") as running:
        connect = running.client()
        own = {"InstanceId": new_instance(connect)}
        connect.update_user_hierarchy_structure(**own, HierarchyStructure={"LevelOne": {"Name": f"L{SHORT}"}})
        group = connect.create_user_hierarchy_group(**own, Name=f"g{SHORT}", Tags={"k": EVIL_TAG})["HierarchyGroupId"]
        hours = connect.list_hours_of_operations(**own)["HoursOfOperationSummaryList"][0]["Id"]
        queue = connect.create_queue(**own, Name=f"q{SHORT}", HoursOfOperationId=hours, Tags={"k": EVIL_TAG})["QueueId"]
        routing = connect.create_routing_profile(
            **own, Name=f"r{SHORT}", Description=f"d{SHORT}", DefaultOutboundQueueId=queue,
            MediaConcurrencies=[{"Channel": "VOICE", "Concurrency": 1}],
        )["RoutingProfileId"]
        profile = connect.create_security_profile(
            **own, SecurityProfileName="Leads", Description=f"d{EVIL}", TagRestrictedResources=["User"],
            Permissions=["Users.View", "Users.Edit", "Users.Delete"], AllowedAccessControlTags={f"k{SHORT}": f"v{SHORT}"},
            Applications=[{"Namespace": f"app{SHORT}", "ApplicationPermissions": [f"tool{SHORT}"], "Type": "MCP"}],
        )["SecurityProfileId"]
        people = {
            "SecurityProfileIds": [profile], "RoutingProfileId": routing, "PhoneConfig": {"PhoneType": "SOFT_PHONE"},
            "Password": "Passw0rd-of-many", "IdentityInfo": {"FirstName": f"f{SHORT}", "LastName": f"l{SHORT}"},
        }
        user = connect.create_user(**own, Username=f"ana{SHORT}", HierarchyGroupId=group, Tags={"k": EVIL_TAG}, **people)["UserId"]
        connect.create_user(**own, Username=COMMANDS[0], **people)
        gone = connect.create_user(**own, Username=f"gone{SHORT}", **people)["UserId"]
        connect.delete_user(**own, UserId=gone)
        connect.associate_security_profiles(
            **own, EntityType="AI_AGENT", EntityArn=ai_agent_arn() + SHORT, SecurityProfiles=[{"Id": profile}]
        )
        connect.update_security_profile(**own, SecurityProfileId=profile, Permissions=["Users.View"])
        with pytest.raises(connect.exceptions.ClientError) as refused:
            connect.create_security_profile(**own, SecurityProfileName="p", Permissions=[f"p{EVIL}"])
        assert "FORGED" in check(refused.value.response["Error"]["Message"])
        running.instance, running.user = own["InstanceId"], user
        yield running
        assert running.stop() == 0
        check(running.log.read_bytes().decode())


class TestServer:
    @pytest.mark.parametrize("place", ["endpoint", "data"])
    def test_questions(self, centre, place):
        of = ["--endpoint", centre.endpoint] if place == "endpoint" else ["--data", centre.data]
        user = centre.user if place == "endpoint" else f"ana{SHORT}"
        for command in ["check", "explain"]:
            text(command, user, f"tool{SHORT}", f"ThirdPartyApplication:app{SHORT}", *of)
            data(command, user, "Users.View", f"User:{centre.user}", *of, "--json")
            lanyard(command, user, "Users.Edit", f"User:{COMMANDS[0]}", *of)
        for arguments in [["who-can", f"tool{SHORT}", f"ThirdPartyApplication:app{SHORT}"], ["what-can", user], ["what-can", user, "User"]]:
            lanyard(*arguments, *of)
            data(*arguments, *of, "--json")

    @pytest.mark.parametrize("place", ["endpoint", "data"])
    def test_history_and_revert(self, centre, place, tmp_path):
        of = ["--endpoint", centre.endpoint] if place == "endpoint" else ["--data", centre.data]
        text("history", *of, "--all")
        lanyard("history", *of, "--brief")
        lanyard("history", *of, "--resource", f"q{SHORT}")
        lanyard("history", *of, "--resource", f"none{SHORT}")
        _, out, _ = lanyard("history", *of, "--all", "--json")
        entries = [json.loads(line) for line in out.splitlines()]
        assert f"ana{SHORT}" in strings(entries), "JSON keeps the value"
        text("revert", entries[-1]["revision"], *of, "--out", tmp_path / "undo.plan", "--html", tmp_path / "undo.html")
        check((tmp_path / "undo.plan").read_bytes().decode())
        assert "FORGED" in check((tmp_path / "undo.html").read_bytes().decode())

    def test_pull_and_plan(self, centre, tmp_path):
        of = ["--endpoint", centre.endpoint]
        access = tmp_path / "access"
        assert lanyard("pull", "--to", access, "--with-names", *of)[0] == 0
        contents = {path: check(path.read_bytes().decode()) for path in access.rglob("*.yaml")}
        assert any("FORGED" in content for content in contents.values())
        assert lanyard("plan", access, *of)[0] == 0, "what is pulled reads back as it is stored"
        profile = next(path for path, content in contents.items() if "SecurityProfileName: Leads" in content)
        profile.write_text(contents[profile].replace("- Users.View", "- Users.View\n- Users.Create"))
        plan = tmp_path / "change.plan"
        text("plan", access, *of, "--out", plan, "--all")
        text("lint", access)
        assert lanyard("apply", plan, "--dry-run")[0] == 0
        assert lanyard("apply", plan, "--one-by-one")[0] == 0

    def test_copies_and_doctor(self, centre, tmp_path):
        assert lanyard("doctor", centre.data)[0] == 0
        assert lanyard("backup", centre.data, tmp_path / "backup")[0] == 0
        assert lanyard("restore", tmp_path / "backup", tmp_path / "restored")[0] == 0
        lanyard("erase", tmp_path / "restored", "--deleted", "--reason", f"r{SHORT}")
        lanyard("erase", tmp_path / "restored", "--user", f"gone{SHORT}")
        assert lanyard("history", "--data", tmp_path / "restored", "--all")[0] == 0
        assert lanyard("archive", tmp_path / "restored", "--before", "2999-01-01", "--to", tmp_path / "archive")[0] == 0


@pytest.fixture
def liar():
    """A server whose every answer is a refusal in hostile words."""
    refusal = json.dumps({"Message": f"no{EVIL}", "message": f"no{EVIL}", "__type": f"Some{EVIL}"}).encode()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self):
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self.send_response_only(400)
            self.send_header("content-length", str(len(refusal)))
            self.end_headers()
            self.wfile.write(refusal)

        do_GET = do_POST = do_PUT = do_DELETE = handle_any

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer((HOST, 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://{HOST}:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_errors_that_a_server_sends(liar, world, changed, tmp_path):
    plan = tmp_path / "change.plan"
    assert lanyard("plan", changed, "--against", world, "--partial", "--out", plan)[0] == 2
    at = ["--endpoint", liar]
    for arguments in [
        ["pull", "--to", tmp_path / "pulled", *at],
        ["pull", "--to", tmp_path / "pulled", *at, "--instance", "11111111-1111-4111-8111-111111111111"],
        ["plan", world, *at, "--instance", "11111111-1111-4111-8111-111111111111"],
        ["apply", plan, *at],
        ["apply", plan, *at, "--one-by-one"],
        ["check", "ana", "Users.Edit", "User:*", *at],
        ["who-can", "Users.Edit", *at],
        ["what-can", "ana", *at],
        ["history", *at],
        ["seed", *at],
        ["reset", "--yes", *at],
        ["revert", "1", *at],
    ]:
        status, _, err = lanyard(*arguments)
        assert status == 1 and "FORGED" in err, (arguments, err)
