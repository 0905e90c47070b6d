"""`lanyard gate`: what a pull request must not bring."""

import hmac
import json
import re
import shutil

import pytest

from harness.server import run_lanyard

PASSED, ERROR, STOPPED = 0, 1, 2

FILES = {
    "instance.yaml": "Id: 11111111-1111-4111-8111-111111111111\nAccount: '123456789012'\nRegion: eu-west-2\n",
    "hierarchy.yaml": "Groups: []\n",
    "queues.yaml": "- Name: Billing\n",
    **{f"{kind}.yaml": "[]\n" for kind in ("hours-of-operation", "quick-connects", "routing-profiles", "flow-modules", "data-tables")},
    "ai-agents.yaml": "[]\n",
    "security-profiles/leads.yaml": "SecurityProfileName: Leads\nPermissions: [Queues.View, Users.View]\n",
    "security-profiles/admin.yaml": "SecurityProfileName: Admin\nPermissions: [ManagerBargeIn, SecurityProfiles.Edit, "
    "SecurityProfiles.View]\n",
    "security-profiles/vague.yaml": "SecurityProfileName: Vague\nPermissions: [Queues.Edit, Queues.View]\n"
    "TagRestrictedResources: [Queue]\n",
    "users.yaml": "- Username: ana\n  SecurityProfiles: [Leads]\n- Username: root\n  SecurityProfiles: [Admin]\n"
    "- Username: vera\n  SecurityProfiles: [Vague]\n",
}

AGENT = "arn:aws:wisdom:eu-west-2:123456789012:ai-agent/1/2:1"


def write(place, **changed: str):
    for name, text in {**FILES, **changed}.items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return place


@pytest.fixture
def access(tmp_path):
    return write(tmp_path / "access")


def gate(*arguments: str):
    done = run_lanyard("gate", *map(str, arguments), "--json")
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


def offenders(output):
    return {it["name"]: it for it in output["not_granted"][0]["principals"]}


def test_holders_of_forbidden_access_are_named_with_the_profile(access):
    status, output = gate("--not-granted", "SecurityProfiles.Edit", access)
    assert status == STOPPED
    assert offenders(output)["root"]["through"] == ["Admin"] and len(offenders(output)) == 1
    status, output = gate("--not-granted", "task:barge-in", "--except", "root", access)
    assert (status, output["stopped"]) == (PASSED, False)
    assert gate("--not-granted", "barge-in", "--except", "SecurityProfile:Admin", access)[0] == PASSED
    text = run_lanyard("gate", "--not-granted", "barge-in", str(access))
    assert "stopped: 1 principal may join a conversation" in text.stdout and "through `Admin`" in text.stdout


def test_undetermined_counts_as_access(access):
    status, output = gate("--not-granted", "Queues.Edit@Queue:Billing", access)
    assert status == STOPPED
    vera = offenders(output)["vera"]
    assert vera["outcome"] == "undetermined" and vera["open_points"] == ["Q3"] and vera["through"] == ["Vague"]


def test_a_slip_of_the_pen_does_not_open_the_gate(access):
    for wrong in ("SecurityProfiles.Edt", "barge-out"):
        status, message = gate("--not-granted", wrong, access)
        assert status == ERROR and wrong in message
    status, message = gate("--not-granted", "barge-in", "--except", "rooot", access)
    assert status == ERROR and "root" in message
    assert gate("--no-new-access", access)[0] == ERROR
    for wrong, meant in {
        "Queues.Edit@Queue:Biling": "did you mean `Billing`",
        "Users.View@User:rooot": "did you mean `root`",
        "Queues.Edit@Que:Billing": "did you mean `Queue`",
        "Queues.Edit@Billing": "there is no type of resource `Billing`",
        "Queues.Edit@User:root": "`Queues.Edit` acts on Queue",
    }.items():
        status, message = gate("--not-granted", wrong, access)
        assert status == ERROR and meant in message, message
    (access / "queues.yaml").unlink()
    assert gate("--not-granted", "Queues.Edit@Queue:Biling", access)[0] == STOPPED, "it was not seen, and may exist"


HELPER = (
    "SecurityProfileName: Helper\nPermissions: [Cases.View, Wisdom.View, Made.Up]\n"
    "Applications:\n- {Namespace: refunds-gateway, Type: MCP, ApplicationPermissions: [payments___refund]}\n"
    "- {Namespace: orders-desk, Type: THIRD_PARTY_APPLICATION, ApplicationPermissions: [ACCESS]}\n"
)


@pytest.fixture
def with_agent(tmp_path):
    agents = f"- Arn: {AGENT}\n  SecurityProfiles: [Helper]\n"
    return write(tmp_path / "agent", **{"security-profiles/helper.yaml": HELPER, "ai-agents.yaml": agents})


@pytest.mark.parametrize(
    "wrong, text",
    [
        ("payments___refund@McpServer:refunds-gatewy", "did you mean `refunds-gateway`?"),
        ("payments___refnd@McpServer:refunds-gateway", "did you mean `payments___refund`?"),
        ("payments___refnd@McpServer", "did you mean `payments___refund`?"),
        ("payments___refund@McpServer:nothing", "there is `orders-desk`, `refunds-gateway`"),
        ("delete-all@McpServer:refunds-gateway", "`tool:` before the action asks about exactly these names"),
        ("ACCESS@ThirdPartyApplication:nope", "no security profile names the ThirdPartyApplication `nope`"),
        ("ACESS@ThirdPartyApplication:orders-desk", "did you mean `ACCESS`?"),
        ("Collaborate@AIAgent:arn:aws:wisdom:nope", f"there is `{AGENT}`"),
        ("barge-in@User:root", "the task `barge-in` is not about the type User"),
        ("listen-to-recordings@Queue:Billing", "it is asked on Contact, Instance"),
        ("reset-password@Queue:Billing", "it is asked on User, Instance"),
        ("Users.Edit@Queue", "`Users.Edit` acts on User"),
        ("Retrieve@Queue:Billing", "the action does not act on resources of this type"),
        ("Retrive", "there is no permission, tool or task `Retrive`"),
        ("Made.Upp", "there is no permission, tool or task `Made.Upp`"),
        ("task:barge", "did you mean `barge-in`?"),
    ],
)
def test_a_tool_an_agent_or_a_task_that_nothing_names_does_not_open_the_gate(with_agent, wrong, text):
    status, message = gate("--not-granted", wrong, with_agent)
    assert status == ERROR and text in message, message


def test_actions_that_check_knows_are_known_to_the_gate(with_agent):
    for action in ("Retrieve", "Made.Up", "payments___refund@McpServer", "payments___refund@McpServer:refunds-gateway"):
        status, output = gate("--not-granted", action, with_agent)
        assert status == STOPPED and AGENT in offenders(output), (action, output)
    # Only AI agents have the tool, so that a profile that none holds counts as held by one.
    text = FILES["security-profiles/leads.yaml"].replace("Users.View", "Wisdom.View")
    (with_agent / "security-profiles" / "leads.yaml").write_text(text)
    status, output = gate("--not-granted", "Retrieve", "--except", "SecurityProfile:Helper", with_agent)
    assert status == STOPPED and [it["potential"] for it in output["not_granted"][0]["principals"]] == [True]
    assert list(offenders(output)) == ["an AI agent with Leads (no AI agent holds it yet)"]
    for more in (("--only-held",), ("--except", "SecurityProfile:Leads")):
        assert gate("--not-granted", "Retrieve", "--except", "SecurityProfile:Helper", *more, with_agent)[0] == PASSED
    for action in ("tool:delete-all@McpServer:refunds-gateway", "tool:ACCESS@ThirdPartyApplication:nope"):
        assert gate("--not-granted", action, with_agent)[0] == PASSED, "these names are meant as they are"
    # Profiles that were not seen may name others, and a misspelt permission is an error all the same.
    (with_agent / "unseen.yaml").write_text("Kinds: [SecurityProfile]\nTools: [Leads]\n")
    accept = ("--allow-unseen", "Kinds,Tools")
    status, message = gate("--not-granted", "Users.Edti", *accept, with_agent)
    assert status == ERROR and "Users.Edit" in message


def test_people_with_pseudonyms_are_named_as_in_other_questions(access, tmp_path):
    key = "7f" * 32
    pseudonym = "person+" + hmac.new(key.encode(), b"name/root", "sha256").hexdigest()[:16]
    users = FILES["users.yaml"].replace("root", pseudonym)
    private = write(tmp_path / "private", **{"users.yaml": users})
    for arguments in (("Users.Edit@User:root",), ("barge-in", "--except", "root")):
        status, message = gate("--not-granted", *arguments, private)
        assert status == ERROR and "have pseudonyms" in message and "their key is not at" in message
    (tmp_path / "private.pseudonym-key").write_text(key + "\n")
    status, output = gate("--not-granted", "Users.View@User:root", private)
    assert status == STOPPED and "ana" in offenders(output)
    text = run_lanyard("gate", "--not-granted", "Users.View@User:root", str(private)).stdout
    assert "on the User `root`" in text
    assert gate("--not-granted", "barge-in", "--except", "root", private)[0] == PASSED
    status, message = gate("--not-granted", "barge-in", "--except", "rooot", private)
    assert status == ERROR and "under their key none is of this name" in message


def test_new_access_is_stopped_and_less_access_is_not(access, tmp_path):
    assert gate("--no-new-access", access, access)[0] == PASSED
    more = write(
        tmp_path / "more",
        **{"security-profiles/leads.yaml": FILES["security-profiles/leads.yaml"].replace("Users.View", "ManagerBargeIn")},
    )
    status, output = gate("--no-new-access", access, more)
    assert status == STOPPED
    gained = output["new_access"]
    assert {person["name"] for it in gained for person in it["principals"]} == {"ana"}
    assert {"Leads"} == {name for it in gained for name in it["through"]}
    assert any("task:barge-in" in line["actions"] for it in gained for line in it["access"])
    less = write(
        tmp_path / "less",
        **{"security-profiles/leads.yaml": FILES["security-profiles/leads.yaml"].replace(", Users.View", "")},
    )
    assert gate("--no-new-access", access, less)[0] == PASSED
    assert gate("--no-new-access", "--except", "ana", access, more)[0] == PASSED


def test_access_that_may_arise_is_new_access(access, tmp_path):
    vague = FILES["users.yaml"].replace("[Leads]", "[Leads, Vague]")
    status, output = gate("--no-new-access", access, write(tmp_path / "new", **{"users.yaml": vague}))
    assert status == STOPPED
    assert "undetermined" in {it["outcome"] for it in output["new_access"]} or output["new_access"]


def test_unknown_users_count(access, tmp_path):
    def without_users(place):
        (place / "users.yaml").unlink()
        return place

    old = without_users(shutil.copytree(access, tmp_path / "old"))
    new = without_users(
        write(tmp_path / "new", **{"security-profiles/leads.yaml": "SecurityProfileName: Leads\nPermissions: [ManagerBargeIn]\n"})
    )
    status, output = gate("--not-granted", "SecurityProfiles.Edit", old)
    assert status == STOPPED and "Admin" in "".join(offenders(output))
    status, output = gate("--no-new-access", old, new)
    assert status == STOPPED
    assert "Leads" in output["new_access"][0]["sentence"]
    assert gate("--no-new-access", "--allow-unseen", "User", old, old)[0] == PASSED
    assert gate("--no-new-access", "--only-held", "--allow-unseen", "User", old, new)[0] == STOPPED, "users may hold it"


def test_access_by_several_profiles_together_counts_where_users_are_unknown(access):
    leads = "SecurityProfileName: Leads\nPermissions: [Users.Edit]\nTagRestrictedResources: [User]\n"
    write(access, **{"security-profiles/leads.yaml": leads + "AllowedAccessControlTags: {Team: A}\n"})
    assert gate("--not-granted", "Users.Edit", access)[0] == PASSED
    (access / "users.yaml").unlink()
    (access / "security-profiles" / "viewers.yaml").write_text("SecurityProfileName: Viewers\nPermissions: [Users.View]\n")
    status, output = gate("--not-granted", "Users.Edit", access)
    assert status == STOPPED and "several" in "".join(offenders(output))


ALL_POWERFUL = (
    "SecurityProfileName: Everything\n"
    "Permissions: [Users.Edit, Users.View, SecurityProfiles.Edit, ListenCallRecordings, ContactSearch.View]\n"
)


def test_a_profile_that_nobody_holds_counts_as_held(access, tmp_path):
    new = write(tmp_path / "new", **{"security-profiles/everything.yaml": ALL_POWERFUL})
    status, output = gate("--no-new-access", access, new)
    assert status == STOPPED
    gained = [it for it in output["new_access"] if it["through"] == ["Everything"]]
    assert gained and all(who["potential"] for it in gained for who in it["principals"])
    assert all("nobody holds it yet" in it["sentence"] for it in gained)
    status, output = gate("--not-granted", "ListenCallRecordings", new)
    assert status == STOPPED
    holder = offenders(output)["anyone with Everything (nobody holds it yet)"]
    assert holder["potential"] and holder["through"] == ["Everything"] and not output["stopped_by_unseen"]
    for more in ("--only-held", "--except=SecurityProfile:Everything"):
        assert gate("--no-new-access", more, access, new)[0] == PASSED
        assert gate("--not-granted", "ListenCallRecordings", more, new)[0] == PASSED


def test_an_edit_of_a_profile_that_nobody_holds_is_new_access(access, tmp_path):
    def spare(place, *, restrictions: str):
        profile = "SecurityProfileName: Spare\nPermissions: [Users.Edit, Users.View]\n" + restrictions
        return write(place, **{"security-profiles/spare.yaml": profile})

    restricted = "TagRestrictedResources: [User]\nAllowedAccessControlTags: {Team: A}\n"
    old = spare(tmp_path / "old", restrictions=restricted)
    new = spare(tmp_path / "new", restrictions="")
    assert gate("--no-new-access", old, old)[0] == PASSED
    status, output = gate("--no-new-access", old, new)
    assert status == STOPPED and {"Spare"} == {name for it in output["new_access"] for name in it["through"]}
    # Fewer permissions are no new access, and neither is a profile that loses its only holder.
    assert gate("--no-new-access", new, old)[0] == PASSED
    fewer = FILES["users.yaml"].replace("- Username: vera\n  SecurityProfiles: [Vague]\n", "")
    assert gate("--no-new-access", access, write(tmp_path / "left", **{"users.yaml": fewer}))[0] == PASSED


BY_TAG = "TagRestrictedResources: [User]\nAllowedAccessControlTags: {Team: A}\n"
BY_RECORD = "PrimaryAttributeValues: [{AttributeName: Brand, AccessType: ALLOW, Values: [Retail]}]\n"
RESTRICTED = {
    "tags": ("[Users.View, Users.Edit]", BY_TAG),
    "group": ("[Users.View]", "HierarchyRestrictedResources: [User]\n"),
    "records": ("[DataTables.View]", BY_RECORD),
    # The task has an open point of its own, which stays.
    "a task": ("[Users.View, Users.Edit]", BY_TAG),
}


@pytest.mark.parametrize("kind", RESTRICTED)
def test_restrictions_taken_off_a_profile_that_only_an_ai_agent_holds_are_new_access(tmp_path, kind):
    permissions, restrictions = RESTRICTED[kind]

    def with_bot(place, restrictions):
        tables = "- Name: Refunds\n" if kind == "records" else "[]\n"
        return write(
            place,
            **{
                "security-profiles/bot.yaml": f"SecurityProfileName: Bot\nPermissions: {permissions}\n{restrictions}",
                "ai-agents.yaml": f"- Arn: {AGENT}\n  SecurityProfiles: [Bot]\n",
                "data-tables.yaml": tables,
            },
        )

    old, new = with_bot(tmp_path / "old", restrictions), with_bot(tmp_path / "new", "")
    for options, principals in (
        ((), {"anyone with Bot (only AI agents hold it yet)", AGENT}),
        (("--only-held",), {AGENT}),
    ):
        status, output = gate("--no-new-access", *options, old, new)
        assert status == STOPPED, options
        assert {who["name"] for it in output["new_access"] for who in it["principals"]} == principals
        of_agent = [it for it in output["new_access"] if it["principals"][0]["name"] == AGENT]
        assert {it["outcome_before"] for it in of_agent} == {"undetermined"}, "Q10: restrictions may not bind an AI agent"
        assert "allowed" in {it["outcome"] for it in of_agent}
        if kind == "a task":
            still = [it for it in of_agent if it["outcome"] == "undetermined"]
            assert [it["open_points"] for it in still] == [["G2"]] and "note: of the access that is still" in run_lanyard(
                "gate", "--no-new-access", *options, str(old), str(new)
            ).stdout
        assert gate("--no-new-access", *options, new, old)[0] == PASSED, "less access is no new access"
        assert gate("--no-new-access", *options, old, old)[0] == PASSED
    assert gate("--no-new-access", "--except", "SecurityProfile:Bot", old, new)[0] == PASSED


def test_access_that_becomes_certain_is_new_access(access, tmp_path):
    certain = FILES["security-profiles/vague.yaml"].replace("TagRestrictedResources: [Queue]\n", "")
    new = write(tmp_path / "new", **{"security-profiles/vague.yaml": certain})
    status, output = gate("--no-new-access", access, new)
    assert status == STOPPED and output["new_access"][0]["open_points"] == ["Q3"]
    assert {(it["outcome_before"], it["outcome"]) for it in output["new_access"]} == {("undetermined", "allowed")}
    assert gate("--no-new-access", new, access)[0] == PASSED


def test_a_part_that_was_not_read_stops_the_gate_unless_it_is_accepted(access, tmp_path):
    (access / "routing-profiles.yaml").unlink()
    (access / "ai-agents.yaml").unlink()
    status, output = gate("--not-granted", "task:barge-in", "--except", "root", access)
    assert status == STOPPED and not output["not_granted"][0]["principals"]
    assert [it["part"] for it in output["stopped_by_unseen"]] == ["AiAgent", "RoutingProfile"]
    accepted = ("--allow-unseen", "AiAgent", "--allow-unseen", "RoutingProfile")
    assert gate("--not-granted", "task:barge-in", "--except", "root", *accepted, access)[0] == PASSED
    assert gate("--not-granted", "task:barge-in", "--except", "root", "--allow-unseen", "Kinds", access)[0] == PASSED
    status, message = gate("--not-granted", "task:barge-in", "--allow-unseen", "Usr", access)
    assert status == ERROR and "did you mean `User`?" in message
    # The state before counts as well: users that were not read cannot be compared.
    whole = write(tmp_path / "whole")
    (write(tmp_path / "before") / "users.yaml").unlink()
    status, output = gate("--no-new-access", tmp_path / "before", whole)
    assert status == STOPPED and [it["part"] for it in output["stopped_by_unseen"]] == ["User"]
    (whole / "unseen.yaml").write_text("Restrictions: [Vague]\nTools: [Leads]\nNotes: [a list was cut off]\n")
    status, output = gate("--not-granted", "Users.Create", whole)
    assert status == STOPPED and [it["part"] for it in output["stopped_by_unseen"]] == ["Restrictions", "Tools", "Notes"]
    text = run_lanyard("gate", "--not-granted", "Users.Create", str(whole)).stdout
    assert "[Notes]: a list was cut off" in text and "read: 3 security profiles, 3 users, 0 AI agents of" in text
    assert gate("--not-granted", "Users.Create", "--allow-unseen", "Restrictions,Tools,Notes", whole)[0] == PASSED


@pytest.mark.parametrize("more", [(), ("--allow-unseen", "Kinds")])
def test_a_directory_with_nothing_but_its_instance_passes_neither_gate_nor_lint(tmp_path, more):
    (tmp_path / "instance.yaml").write_text(FILES["instance.yaml"])
    for command in (("gate", "--not-granted", "Users.Edit", *more), ("gate", "--no-new-access", *more, str(tmp_path)), ("lint",)):
        done = run_lanyard(*command, str(tmp_path))
        assert done.returncode == ERROR and "no security profile that could be read" in done.stderr, command


def test_a_profile_that_may_hold_anything_is_readable_in_80_columns(tmp_path):
    template = (
        "Parameters: {InstanceArn: {Type: String}, Extra: {Type: String}}\nResources:\n  Lead:\n"
        "    Type: AWS::Connect::SecurityProfile\n    Properties:\n      InstanceArn: !Ref InstanceArn\n"
        "      SecurityProfileName: Lead\n      Permissions: [Users.View%s]\n"
    )
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(template % "")
    new.write_text(template % ", !Ref Extra")
    for names, one in (("api", "`CallRecordings.Unredacted.Access`"), ("console", "`Users - Edit`")):
        done = run_lanyard("gate", "--no-new-access", str(old), str(new), "--allow-unseen", "Kinds,Tools", "--names", names)
        assert done.returncode == STOPPED, done.stderr
        access = done.stdout.split("stopped: there is new access\n")[1].split("note: ")[0].splitlines()
        assert len(access) < 60 and max(map(len, access)) <= 80, access
        assert "[sensitive]" in access[1] + access[2], access
        assert any(one in line for line in access) or names == "api", access
        assert re.search(r"other permissions: \d+", " ".join(line.strip() for line in access)), access
    status, output = gate("--no-new-access", "--allow-unseen", "Kinds,Tools", old, new)
    named = {action for it in output["new_access"] for line in it["access"] for action in line["actions"]}
    assert status == STOPPED and len(named) > 300, "data has everything"
    assert output["new_access"][0]["risk"] == "escalation"


def test_a_task_names_only_profiles_that_suffice(access):
    """A person with a profile that suffices, and two that hold a part of the task."""
    one = "SecurityProfileName: Listeners\nPermissions: [CallRecordings.Unredacted.Access, ContactSearch.View]\n"
    write(
        access,
        **{
            "security-profiles/listeners.yaml": one,
            "security-profiles/searchers.yaml": "SecurityProfileName: Searchers\nPermissions: [ContactSearch.View]\n",
            "security-profiles/part.yaml": "SecurityProfileName: Part\nPermissions: [ListenCallRecordings]\n",
            "users.yaml": FILES["users.yaml"] + "- Username: zoe\n  SecurityProfiles: [Listeners, Searchers]\n"
            "- Username: kim\n  SecurityProfiles: [Leads, Part, Searchers]\n",
        },
    )
    status, output = gate("--not-granted", "listen-to-unredacted-recordings", "--only-held", access)
    assert status == STOPPED
    assert offenders(output)["zoe"]["through"] == ["Listeners"]
    assert offenders(output)["kim"]["through"] == ["Part", "Searchers"], "it takes both"
