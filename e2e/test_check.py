"""`lanyard check`, `explain`, `who-can` and `what-can` on the data directory of a running server."""

import json
import re
import time
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from conftest import new_instance
from harness.operations import ai_agent_arn, unique
from harness.server import ACCOUNT, REGION, Server, run_lanyard

ALLOWED, ERROR, DENIED, UNDETERMINED = 0, 1, 2, 3
STATUS = {"allowed": ALLOWED, "denied": DENIED, "undetermined": UNDETERMINED}
RECORDINGS = ["CallRecordings.Unredacted.Access", "ContactSearch.View"]


# Questions that have the same answer in the same words from a data directory and from its server.
EVERYWHERE = [
    *(
        (command, principal, action, *resource)
        for command in ("check", "explain")
        for principal in ("lead", "vague", "coach", "AGENT", "SecurityProfile:Leads", "SecurityProfile:Nope", "laed")
        for action, *resource in (
            ("Queues.Edit", "Queue:Billing"),
            ("Queues.Edit", "Queue:*", "--match", "some"),
            ("Queues.Edit", "Queue:Biling"),
            ("Users.Edti", "User:lead"),
            ("Queues.Edit", "Quue:Billing"),
            ("Users.Edit", "User:new", "--hypothetical", "--group", "Leeds/Night"),
            ("Users.Edit", "User:new", "--hypothetical", "--group", "Leads"),
            ("listen-to-recordings", "Contact:c", "--agent", "benedict"),
            ("listen-to-recordings", "Contact:c", "--agent", "benedikt"),
            ("assign-security-profile", "User:lead", "--assigns", "SecurityProfile:Leads"),
            ("assign-security-profile", "User:lead", "--assigns", "SecurityProfile:Leeds"),
        )
    ),
    *(
        ("what-can", principal, *resource)
        for principal in ("lead", "coach", "vague", "manager", "AGENT", "SecurityProfile:Site", "nobody")
        for resource in ((), ("Queue",), ("User:lead",), ("User:nobody",), ("McpServer:refunds",), ("SecurityProfile",))
    ),
    *(
        ("who-can", action, *details)
        for action in ("Queues.Edit", "listen-to-recordings", "Users.Edti", "gain-more-rights", "Prompts.Edit")
        for details in ((), ("--profiles",), ("Queue",), ("Queue:Claims",), ("Queue:Biling",), ("--reading", "lenient"))
    ),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A small contact centre, made through boto3 and asked while its server runs."""
    with Server(tmp_path_factory.mktemp("check")) as server:
        yield build(server)


def tagged(team: str | None) -> dict:
    return {"Tags": {"Team": team}} if team else {}


def build(server) -> SimpleNamespace:
    client = server.client()
    world = SimpleNamespace(server=server, client=client, users={}, groups={}, profiles={})
    instance = world.instance = new_instance(client, IdentityManagementType="SAML", InstanceAlias="harbour")
    client.update_user_hierarchy_structure(
        InstanceId=instance, HierarchyStructure={"LevelOne": {"Name": "Site"}, "LevelTwo": {"Name": "Team"}}
    )
    for path in ("Leeds", "Leeds/Night", "Lisbon", "Lisbon/Night"):
        *above, name = path.split("/")
        parent = {"ParentGroupId": world.groups[above[0]]} if above else {}
        group = client.create_user_hierarchy_group(InstanceId=instance, Name=name, **parent)
        world.groups[path] = group["HierarchyGroupId"]
    hours = client.list_hours_of_operations(InstanceId=instance)["HoursOfOperationSummaryList"][0]["Id"]
    world.queues = {
        name: client.create_queue(InstanceId=instance, Name=name, HoursOfOperationId=hours, **tagged(team))["QueueId"]
        for name, team in (("Billing", "Billing"), ("Claims", "Claims"), ("Open", None))
    }
    profiles = {
        "Leads": {
            "Permissions": ["Users.View", "Users.Edit", "Queues.View", "Queues.Edit"],
            "TagRestrictedResources": ["User", "Queue"],
            "AllowedAccessControlTags": {"Team": "Billing"},
        },
        "Site": {
            "Permissions": ["Users.View", "Users.Edit"],
            "HierarchyRestrictedResources": ["User"],
            "AllowedAccessControlHierarchyGroupId": world.groups["Leeds"],
        },
        "No tags": {"Permissions": ["Queues.View", "Queues.Edit"], "TagRestrictedResources": ["Queue"]},
        "Coaches": {"Permissions": RECORDINGS},
        "Plain": {"Permissions": ["BasicAgentAccess"]},
        "Assistant": {
            "Permissions": ["Cases.View"],
            "Applications": [{"Namespace": "refunds", "ApplicationPermissions": ["refund"], "Type": "MCP"}],
        },
    }
    for name, members in profiles.items():
        made = client.create_security_profile(InstanceId=instance, SecurityProfileName=name, **members)
        world.profiles[name] = made["SecurityProfileId"]
    routing = client.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]
    people = {
        "lead": ("Leads", None, None),
        "manager": ("Site", None, None),
        "vague": ("No tags", None, None),
        "coach": ("Coaches", None, None),
        "benedict": ("Plain", "Leeds/Night", "Billing"),
        "carla": ("Plain", "Lisbon", "Claims"),
        "nowhere": ("Plain", None, None),
    }
    for name, (profile, group, team) in people.items():
        made = client.create_user(
            InstanceId=instance,
            Username=name,
            SecurityProfileIds=[world.profiles[profile]],
            RoutingProfileId=routing,
            **tagged(team),
            **({"HierarchyGroupId": world.groups[group]} if group else {}),
        )
        world.users[name] = made["UserId"]
    world.agent = ai_agent_arn()
    client.associate_security_profiles(
        InstanceId=instance,
        EntityType="AI_AGENT",
        EntityArn=world.agent,
        SecurityProfiles=[{"Id": world.profiles["Assistant"]}],
    )
    return world


@pytest.fixture
def ask(world):
    def ask(*arguments: str, status: int | None = None) -> str:
        result = run_lanyard(*arguments, "--data", str(world.server.data))
        if status is not None:
            assert result.returncode == status, result.stdout + result.stderr
        return result.stdout + result.stderr

    return ask


@pytest.fixture
def ask_json(world):
    def ask(*arguments: str) -> tuple[int, dict]:
        result = run_lanyard(*arguments, "--json", "--data", str(world.server.data))
        assert result.stderr == ""
        return result.returncode, json.loads(result.stdout)

    return ask


class TestCheck:
    def test_allowed(self, ask):
        text = ask("check", "lead", "Users.Edit", "User:benedict", status=ALLOWED)
        first, reason, basis = text.splitlines()
        assert first == "allowed: `lead` may do `Users.Edit` on the User `benedict`"
        assert reason == "  the profile `Leads` grants it, on what is tagged `Team`=`Billing`"
        assert re.fullmatch(r"  revision \d+ of 20\d\d-[0-9T:.-]+Z", basis)

    def test_denied(self, ask):
        text = ask("check", "lead", "Queues.Edit", "Queue:Claims", status=DENIED)
        assert text.startswith("denied: `lead` may not do `Queues.Edit` on the Queue `Claims`\n")
        assert "the only profile, `Leads`, only covers resources tagged `Team`=`Billing`, which is missing" in text

    def test_undetermined(self, ask):
        text = ask("check", "vague", "Queues.Edit", "Queue:Claims", status=UNDETERMINED)
        assert text.startswith("undetermined: Amazon Connect's documents leave open whether `vague` may do")
        assert "open point Q3: does a profile that restricts a type by tag" in text
        assert "to be certain: give the profile tags, or take the restriction by tag away" in text

    def test_a_group_of_the_hierarchy_is_called_by_its_name(self, ask):
        text = ask("check", "manager", "Users.Edit", "User:carla", status=DENIED)
        assert "only covers the hierarchy group `Leeds` and those below" in text
        ask("check", "manager", "Users.Edit", "User:benedict", status=ALLOWED)

    def test_a_reading_decides(self, ask):
        question = ("check", "vague", "Queues.Edit", "Queue:Claims", "--reading")
        assert ask(*question, "strict", status=DENIED).startswith("denied in the strict reading: ")
        assert ask(*question, "lenient", status=ALLOWED).startswith("allowed in the lenient reading: ")

    def test_by_identifier_and_arn(self, world, ask):
        instance = f"arn:aws:connect:{REGION}:{ACCOUNT}:instance/{world.instance}"
        lead, benedict, queue = world.users["lead"], world.users["benedict"], world.queues["Billing"]
        ask("check", lead, "Users.Edit", f"User:{benedict}", status=ALLOWED)
        ask("check", f"{instance}/agent/{lead}", "Users.Edit", f"User:{instance}/agent/{benedict}", status=ALLOWED)
        ask("check", "LEAD", "Queues.Edit", f"{instance}/queue/{queue}", status=ALLOWED)
        for named in (world.instance, "harbour", instance):
            ask("check", "lead", "Users.Edit", "user:benedict", "--instance", named, status=ALLOWED)

    def test_a_capability_needs_no_resource(self, ask):
        ask("check", "benedict", "BasicAgentAccess", status=ALLOWED)
        ask("check", "benedict", "BasicAgentAccess", "Instance", status=ALLOWED)
        assert "on what? `Users.Edit` acts on resources of the type User" in ask("check", "lead", "Users.Edit", status=ERROR)

    def test_the_whole_type(self, ask):
        ask("check", "lead", "Queues.Edit", "Queue:*", status=DENIED)
        ask("check", "lead", "Queues.Edit", "Queue:*", "--match", "some", status=ALLOWED)
        ask("check", "coach", "Queues.Edit", "Queue:*", "--match", "some", status=DENIED)

    def test_hypothetical_resources(self, ask):
        new = ("check", "lead", "Users.Edit", "User:new", "--hypothetical")
        ask(*new, "--tag", "Team=Billing", status=ALLOWED)
        ask(*new, "--tag", "Team=Claims", status=DENIED)
        new = ("check", "manager", "Users.Edit", "User:new", "--hypothetical")
        ask(*new, "--group", "Leeds/Night", status=ALLOWED)
        ask(*new, "--group", "Lisbon", status=DENIED)
        assert "`Night` is the name of several groups" in ask(*new, "--group", "Night", status=ERROR)

    def test_tags_of_what_is_stored_are_its_own(self, ask):
        text = ask("check", "lead", "Users.Edit", "User:carla", "--tag", "Team=Billing", status=DENIED)
        assert "note: the instance stores every User" in text

    def test_tasks(self, ask):
        for task in ("listen-to-recordings", "task:listen-to-recordings", "listen to recordings"):
            text = ask("check", "coach", task, status=ALLOWED)
            assert text.startswith("allowed: `coach` may listen to a recording\n")
        text = ask("check", "lead", "listen-to-recordings", status=DENIED)
        assert "`lead` would need one of `CallRecordings.Unredacted.Access`, " in text
        assert "and besides one of `ContactSearch.View` or `MyContacts.View`" in text

    def test_ai_agents(self, world, ask):
        refund = ("check", world.agent, "refund", "McpServer:refunds")
        assert "(Q11)" in ask(*refund, status=UNDETERMINED)
        ask(*refund, "--self-service", status=ALLOWED)
        text = ask("check", f"ai-agent:{world.agent}", "Cases.View", "Case:1", "--on-behalf-of", "lead", status=DENIED)
        assert "for `lead`, the only profile, `Leads`, does not hold `Cases.View`" in text
        assert "on_behalf_of" in ask("check", "lead", "BasicAgentAccess", "--on-behalf-of", "coach", status=ERROR)

    def test_json(self, world, ask_json):
        status, answer = ask_json("check", "vague", "Queues.Edit", "Queue:Open")
        assert status == UNDETERMINED
        assert (answer["outcome"], answer["decision"], answer["reading"]) == ("undetermined", False, "strict")
        assert answer["resource"] == {"type": "Queue", "id": world.queues["Open"], "name": "Open"}
        assert [point["name"] for point in answer["open_points"]] == ["Q3"]
        status, answer = ask_json("check", "lead", "Queues.Edit", "User:carla")
        assert (status, answer["denial"]) == (DENIED, "action_does_not_apply")


class TestSuggestions:
    @pytest.mark.parametrize(
        "question, meant",
        [
            (("benedikt", "BasicAgentAccess"), "benedict"),
            (("lead", "Users.Edit", "User:bendict"), "benedict"),
            (("lead", "Users.Edti", "User:benedict"), "Users.Edit"),
            (("lead", "listen-to-recording"), "listen-to-recordings"),
            (("lead", "Queues.Edit", "Quue:Billing"), "Queue"),
            (("lead", "Queues.Edit", "Queue:Biling"), "Billing"),
            (("lead", "Users.Edti", "Instance"), "Users.Edit"),
            (("lead", "listen to unredacted recording"), "listen-to-unredacted-recordings"),
        ],
    )
    def test_a_slip_of_the_pen_is_an_error_and_no_answer(self, ask, question, meant):
        text = ask("check", *question, status=ERROR)
        assert "did you mean " in text and f"`{meant}`" in text.split("did you mean")[1]

    def test_an_action_on_another_type(self, ask):
        assert "`Queues.Edit` acts on Queue" in ask("check", "lead", "Queues.Edit", "User:carla", status=DENIED)


class TestExplain:
    def test_every_profile_is_reported(self, ask, ask_json):
        text = ask("explain", "lead", "Queues.Edit", "Queue:Claims", status=DENIED)
        assert text.splitlines()[1:6] == [
            "  user `lead`",
            "    security profile `Leads`",
            "      permission `Queues.Edit`",
            "        missing: only covers resources tagged `Team`=`Billing`, which is missing",
            "          Queue `Claims`",
        ]
        assert "revision" in text
        status, answer = ask_json("explain", "lead", "Queues.Edit", "Queue:Claims")
        assert status == DENIED
        (report,) = answer["reports"]
        (profile,) = report["profiles"]
        assert profile["findings"] == [{"finding": "tag_mismatch", "missing": [["Team", "Billing"]]}]
        assert profile["stored_permissions"] == ["Queues.Edit"]
        steps = [(step["type"], step["name"], step["missing"]) for step in answer["way"] if "name" in step]
        assert steps == [
            ("User", "lead", False),
            ("SecurityProfile", "Leads", False),
            ("Permission", "Queues.Edit", False),
            ("Queue", "Claims", False),
        ]
        (restriction,) = [step for step in answer["way"] if step["type"] == "Restriction"]
        assert restriction["missing"] and restriction["findings"] == profile["findings"]


class TestErrors:
    @pytest.mark.parametrize(
        "arguments",
        [
            ("check",),
            ("check", "lead"),
            ("check", "lead", "Users.Edit", "User:benedict", "--reading", "both"),
            ("check", "lead", "Users.Edit", "User:benedict", "--tag", "Team"),
            ("check", "lead", "Users.Edit", "User:benedict", "--instance", "harbor"),
            ("check", "lead", "Users.Edit", "User:benedict", "--as-of", "yesterday"),
            ("check", "lead", "Users.Edit", "User:benedict", "--as-of", "100000"),
            ("nonsense",),
        ],
        ids=" ".join,
    )
    def test_are_never_mistaken_for_an_answer(self, ask, arguments):
        assert "panicked" not in ask(*arguments, status=ERROR)

    def test_a_resource_without_its_type_is_asked_for_it(self, ask):
        output = ask("check", "lead", "Users.Edit", "benedict", status=ERROR)
        assert "of what type is `benedict`? write Type:benedict, such as User:benedict" in output
        assert "which User? write User:NAME" in ask("check", "lead", "Users.Edit", "User", status=ERROR)

    def test_no_data(self, tmp_path):
        result = run_lanyard("check", "a", "BasicAgentAccess", "--data", str(tmp_path / "nothing"))
        assert result.returncode == ERROR
        assert "--data DIR" in result.stderr

    def test_several_instances_are_listed(self, start_server):
        server = start_server()
        client = server.client()
        first, second = new_instance(client), new_instance(client)
        result = run_lanyard("who-can", "BasicAgentAccess", "--data", str(server.data))
        assert result.returncode == ERROR
        assert first in result.stderr and second in result.stderr

    def test_help_is_none(self):
        for command in ("check", "explain", "who-can", "what-can"):
            result = run_lanyard(command, "--help")
            assert (result.returncode, result.stderr) == (0, "")
            assert "Exit status" in result.stdout


class TestAsOf:
    def test_a_revision_and_a_time(self, world, ask):
        client, instance = world.client, world.instance
        routing = client.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]
        name = unique("mover")
        made = client.create_user(
            InstanceId=instance, Username=name, SecurityProfileIds=[world.profiles["Coaches"]], RoutingProfileId=routing
        )
        created = int(made["ResponseMetadata"]["HTTPHeaders"]["x-lanyard-revision"])
        time.sleep(0.05)
        between = datetime.now(UTC).isoformat(timespec="milliseconds")
        time.sleep(0.05)
        client.update_user_security_profiles(
            InstanceId=instance, UserId=made["UserId"], SecurityProfileIds=[world.profiles["Plain"]]
        )
        client.delete_user(InstanceId=instance, UserId=made["UserId"])
        assert f"no user `{name}`" in ask("check", name, "listen-to-recordings", "--as-of", str(created), status=ERROR)
        # The name went with the user; the identifier still answers for the past.
        question = ("check", made["UserId"], "listen-to-recordings")
        assert "there is no user" in ask(*question, status=ERROR)
        ask(*question, "--as-of", str(created), status=ALLOWED)
        ask(*question, "--as-of", between, status=ALLOWED)
        assert "would need" in ask(*question, "--as-of", str(created + 1), status=DENIED)
        assert "there is no user" in ask(*question, "--as-of", str(created - 1), status=ERROR)
        assert "did not exist" in ask(*question, "--as-of", "2001-02-03", status=ERROR)

    def test_an_instance_that_was_deleted(self, start_server):
        server = start_server()
        client = server.client()
        instance = new_instance(client)
        client.delete_instance(InstanceId=instance)
        question = ("what-can", "nobody", "--data", str(server.data), "--instance", instance)
        assert "there is no instance" in run_lanyard(*question).stderr
        assert "there is no user `nobody`" in run_lanyard(*question, "--as-of", "1").stderr


class TestBackwards:
    QUESTIONS = [
        ("Users.Edit", "User:benedict"),
        ("Users.Edit", "User:nowhere"),
        ("Queues.Edit", "Queue:Open"),
        ("Queues.Edit", "Queue:Billing"),
        ("BasicAgentAccess", "Instance"),
        ("task:listen-to-recordings", "Instance"),
        ("task:reset-password", "User:benedict"),
    ]

    @pytest.mark.parametrize("action, resource", QUESTIONS)
    def test_who_can_agrees_with_check(self, world, ask_json, action, resource):
        _, everyone = ask_json("who-can", action, resource)
        actual = {entry["name"]: outcome for outcome in ("allowed", "undetermined") for entry in everyone[outcome]}
        for name in (*world.users, world.agent):
            status, _ = ask_json("check", name, action, resource)
            assert status == STATUS[actual.get(name, "denied")], name

    @pytest.mark.parametrize("name", ["lead", "manager", "vague", "benedict"])
    @pytest.mark.parametrize("resource", ["User:benedict", "Queue:Open", "Instance"])
    def test_what_can_agrees_with_check(self, ask, ask_json, name, resource):
        _, everything = ask_json("what-can", name, resource)
        parameters = {action for action, _ in self.QUESTIONS} | {"Users.View", "Queues.View"}
        for outcome in ("allowed", "undetermined"):
            actions = {entry["action"] for entry in everything[outcome]}
            parameters -= actions
            for action in actions:
                status, _ = ask_json("check", name, action, resource)
                assert status == STATUS[outcome], action
        about = {"listen-to-recordings": ("Contact", "Instance"), "reset-password": ("User", "Instance")}
        for action in parameters:
            task = action.removeprefix("task:")
            if task in about and resource.split(":")[0] not in about[task]:
                # A task that is not about the type is no question.
                assert "is not about the type" in ask("check", name, action, resource, status=ERROR)
                continue
            status, _ = ask_json("check", name, action, resource)
            assert status == DENIED, action

    def test_who_can_in_text(self, ask):
        text = ask("who-can", "listen-to-recordings", status=ALLOWED)
        assert text.startswith("allowed: 1 user may listen to a recording\n  coach\nrevision ")
        text = ask("who-can", "Queues.Edit", "Queue:Claims", status=UNDETERMINED)
        assert text.startswith("undetermined: whether 1 user may do `Queues.Edit` on the Queue `Claims`\n  vague  (Q3)\n")
        text = ask("who-can", "Prompts.Edit", status=DENIED)
        assert text.startswith(
            "nobody may do `Prompts.Edit` on some Prompt\nnote: 2 security profiles have the permission, and nobody holds one\nrevision "
        )
        assert "did you mean `Billing`?" in ask("who-can", "Queues.Edit", "Queue:Biling", status=ERROR)
        assert "did you mean `Users.Edit`" in ask("who-can", "Users.Edti", status=ERROR)
        assert "did you mean `listen-to-unredacted-recordings`" in ask(
            "who-can", "listen to unredacted recording", status=ERROR
        )
        assert ask("who-can", "listen to an unredacted recording", status=ALLOWED).startswith("allowed: 1 user may listen")

    def test_who_can_counts_a_reading(self, ask):
        question = ("who-can", "Queues.Edit", "Queue:Claims", "--reading")
        assert ask(*question, "strict", status=DENIED).startswith("nobody may do")
        assert ask(*question, "lenient", status=ALLOWED).startswith("allowed: 1 user may do")

    def test_what_can_in_text(self, world, ask):
        text = ask("what-can", "lead", status=ALLOWED)
        assert "\nQueue\n  Queues.Edit  what is tagged `Team`=`Billing`\n" in text
        assert "Queues.Edit  Billing\n" in ask("what-can", "lead", "Queue", status=ALLOWED)
        assert "McpServer `refunds`\n  refund" in ask("what-can", world.agent, "--self-service", status=ALLOWED)
        text = ask("what-can", "laed", status=ERROR)
        assert "there is no user `laed`; did you mean `lead`?" in text


class TestAtAServer:
    @pytest.fixture
    def ask_there(self, world):
        def ask(*arguments: str, status: int) -> str:
            place = ("--endpoint", world.server.endpoint, "--instance", world.instance)
            result = run_lanyard(*arguments, *place)
            assert result.returncode == status, result.stdout + result.stderr
            return result.stdout + result.stderr

        return ask

    @pytest.mark.parametrize(
        "name, action, queue, status",
        [
            ("lead", "Queues.Edit", "Billing", ALLOWED),
            ("lead", "Queues.Edit", "Claims", DENIED),
            ("vague", "Queues.View", "Open", UNDETERMINED),
        ],
    )
    def test_the_same_answer_as_from_the_data(self, world, ask, ask_there, name, action, queue, status):
        question = ("check", name, action, f"Queue:{world.queues[queue]}")
        here, there = ask(*question, status=status), ask_there(*question, status=status)
        assert there.splitlines()[1:] == here.splitlines()[1:]

    @pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
    @pytest.mark.parametrize("question", EVERYWHERE, ids=" ".join)
    def test_the_same_words_as_from_the_data(self, world, question, form):
        question = [part.replace("AGENT", world.agent) for part in question]
        here = run_lanyard(*question, *form, "--data", str(world.server.data), "--instance", world.instance)
        there = run_lanyard(*question, *form, "--endpoint", world.server.endpoint, "--instance", world.instance)
        assert (there.returncode, there.stdout, there.stderr) == (here.returncode, here.stdout, here.stderr)
        assert here.stdout or (here.returncode == ERROR and here.stderr)

    def test_a_token_without_other_scopes_sees_neither_reasons_nor_names(self, world, start_server):
        server = start_server()
        client = server.client()
        instance = new_instance(client)
        profile = client.create_security_profile(
            InstanceId=instance, SecurityProfileName="Secret team", Permissions=["Queues.View"]
        )["SecurityProfileId"]
        routing = client.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]
        client.create_user(
            InstanceId=instance, Username="teresa", Password="Passw0rd-of-length", RoutingProfileId=routing,
            SecurityProfileIds=[profile], PhoneConfig={"PhoneType": "SOFT_PHONE"},
        )
        token = {}
        for scopes in (["evaluate"], ["search"], ["evaluate", "explain", "search"]):
            made = server.wire().send(
                "POST", f"/lanyard/v1/instances/{instance}/decision-tokens",
                json.dumps({"name": "-".join(scopes), "scopes": scopes}).encode(),
            )
            token["-".join(scopes)] = made.json["token"]

        def ask(scopes, *question):
            return run_lanyard(*question, "--endpoint", server.endpoint, "--token", token[scopes])

        whole = ask("evaluate-explain-search", "check", "teresa", "Queues.View", "Queue:*")
        assert whole.returncode == ALLOWED and "Secret team" in whole.stdout
        short = ask("evaluate", "check", "teresa", "Queues.View", "Queue:*")
        assert short.returncode == ALLOWED and "Secret team" not in short.stdout and "scope `explain`" in short.stdout
        assert "did you mean `teresa`?" in ask("evaluate-explain-search", "check", "teressa", "Queues.View", "Queue:*").stderr
        assert "did you mean" not in ask("evaluate", "check", "teressa", "Queues.View", "Queue:*").stderr
        refused = ask("evaluate", "who-can", "Queues.View")
        assert refused.returncode == ERROR and "scope `search`" in refused.stderr
        assert ask("search", "who-can", "Queues.View").returncode == ALLOWED
        refused = ask("search", "check", "teresa", "Queues.View", "Queue:*")
        assert refused.returncode == ERROR and "scope `evaluate`" in refused.stderr

    def test_a_token_is_sent(self, start_server):
        server = start_server()
        client = server.client()
        instance = new_instance(client)
        made = server.wire().send(
            "POST",
            f"/lanyard/v1/instances/{instance}/decision-tokens",
            json.dumps({"name": "checks", "scopes": ["evaluate"]}).encode(),
        )
        assert made.status == 200, made.body
        question = ("check", "nobody", "BasicAgentAccess", "--endpoint", server.endpoint)
        assert "there is no user" not in run_lanyard(*question).stderr
        answer = run_lanyard(*question, "--token", made.json["token"])
        assert (answer.returncode, answer.stderr) == (ERROR, "lanyard: there is no user `nobody`\n")

    def test_nobody_answers(self, ask):
        text = ask("check", "lead", "BasicAgentAccess", "--endpoint", "http://127.0.0.1:1", status=ERROR)
        assert "cannot reach http://127.0.0.1:1" in text
