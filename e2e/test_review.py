"""`lanyard review` and `lanyard tasks`: every form, every source, dates, comparisons, and tasks of a file."""

import csv
import hashlib
import html
import io
import json
import re
import resource
import shutil

import pytest

from conftest import new_instance
from harness.server import Server, run_lanyard
from test_check import build

ITEMS = ("Users.Edit", "Queues.Edit", "listen-to-unredacted-recordings", "Cases.View")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("review")) as server:
        world = build(server)
        made = world.client.create_security_profile(
            InstanceId=world.instance,
            SecurityProfileName="Legacy listeners",
            Permissions=["ListenCallRecordings", "MyContacts.View"],
        )
        world.profiles["Legacy listeners"] = made["SecurityProfileId"]
        # Two profiles that both give Users.Edit, and one of them listening.
        world.client.update_user_security_profiles(
            InstanceId=world.instance,
            UserId=world.users["manager"],
            SecurityProfileIds=[world.profiles[name] for name in ("Site", "Leads", "Legacy listeners")],
        )
        yield world


@pytest.fixture(scope="module")
def pulled(world, tmp_path_factory):
    directory = tmp_path_factory.mktemp("pulled") / "access"
    result = run_lanyard("pull", "--data", str(world.server.data), "--with-names", "--to", str(directory))
    assert result.returncode == 0, result.stderr
    return directory


def run(*arguments: object, status: int = 0) -> str:
    result = run_lanyard("review", *map(str, arguments))
    assert result.returncode == status, result.stdout + result.stderr
    assert status == 1 or result.stderr == "", result.stderr
    return result.stderr if status == 1 else result.stdout


def review(*arguments: object, status: int = 0) -> dict:
    return json.loads(run(*arguments, "--json", status=status))


def undated(rows: list[dict]) -> list[dict]:
    return [{**row, "since": None} for row in rows]


def of_person(found: dict, name: str, item: str) -> list[dict]:
    return [row for row in found["rows"] if row["person"]["name"] == name and row["item"] == item]


def digest_of(found: dict) -> str:
    """The digest as docs/review.md defines it."""
    sha = hashlib.sha256()
    compact = {"separators": (",", ":"), "ensure_ascii": False}
    for name in ("format", "instance", "revision", "items", "totals", "notes"):
        sha.update((json.dumps(found[name], **compact) + "\n").encode())
    for row in found["rows"]:
        sha.update((json.dumps(row, **compact) + "\n").encode())
    return sha.hexdigest()


@pytest.fixture(scope="module")
def written(world, tmp_path_factory):
    place = tmp_path_factory.mktemp("forms")
    text = run(*ITEMS, "--data", world.server.data, "--by", "J. Auditor", "--csv", place / "r.csv",
               "--markdown", place / "r.md", "--html", place / "r.html")
    found = review(*ITEMS, "--data", world.server.data)
    return found, text, *(((place / f"r.{end}").read_text()) for end in ("csv", "md", "html"))


class TestForms:
    def test_every_form_has_the_same_rows_and_the_digest(self, written):
        found, text, table, markdown, page = written
        digest = found["provenance"]["digest"]
        for form in (text, table, markdown, page):
            assert digest in form
        assert digest == digest_of(found)
        rows = list(csv.DictReader(io.StringIO(table)))
        assert len(rows) == len(found["rows"]) == found["totals"]["rows"]
        for row, cells in zip(found["rows"], rows, strict=True):
            assert (cells["item"], cells["principal"]) == (row["item"], row["person"]["name"])
            assert cells["profile"] == row["profile"]["name"] and cells["outcome"] == row["outcome"]
            assert cells["permissions"] == "; ".join(row["permissions"])
            assert (cells["revision"], cells["digest"]) == (str(found["revision"]["number"]), digest)
            assert cells["since_actor"] == row["since"]["actor"] and cells["decision"] == ""
        assert markdown.count("| ☐ | ☐ |") == len(rows)
        assert page.count('<span class="box">') == 2 * len(rows)
        assert len(re.findall(r"^    - `", text, re.M)) == len(rows)

    def test_text_has_eighty_columns(self, written):
        assert max(map(len, written[1].splitlines())) <= 80

    def test_totals_add_up(self, written):
        found = written[0]
        for item in found["items"]:
            rows = [row for row in found["rows"] if row["item"] == item["action"]]
            assert item["totals"]["rows"] == len(rows)
            for kind, name in (("user", "users"), ("ai_agent", "ai_agents")):
                of_kind = [row for row in rows if row["person"]["type"] == kind]
                certain = {row["person"]["id"] for row in of_kind if row["outcome"] == "allowed"}
                everyone = {row["person"]["id"] for row in of_kind}
                totals = item["totals"][name]
                assert (totals["certain"], totals["certain"] + totals["undetermined"]) == (len(certain), len(everyone))
        assert sum(item["totals"]["rows"] for item in found["items"]) == found["totals"]["rows"]
        assert found["totals"]["users"]["of"] == 7 and found["totals"]["ai_agents"]["of"] == 1

    def test_the_page_needs_nothing_else_and_escapes(self, written):
        page = written[4]
        assert "<script" not in page and "@import" not in page and "url(" not in page
        assert not re.findall(r'\b(?:src|href)="(?!#)', page)
        assert "default-src 'none'" in page and "prefers-color-scheme: dark" in page and "@media print" in page
        assert "<details" not in page, "paper would lose what is folded"
        text = html.unescape(re.sub(r"<[^>]+>", "", page))
        assert "J. Auditor" in text and "Signature" in text and "Reviewed by" in text
        assert "3 of 7 users and 1 of 1 AI agent may do at least one of 4 reviewed actions; for 1 of 7 users it is undetermined." in text

    def test_one_form_can_be_printed(self, world):
        printed = run(*ITEMS, "--data", world.server.data, "--csv", "-")
        assert printed.startswith("item,only_on_every_resource,resource_type,") and "Access review of" not in printed
        assert "one form can be printed" in run(*ITEMS, "--data", world.server.data, "--csv", "-", "--json", status=1)


class TestRows:
    def test_a_row_says_what_is_stored_and_what_is_needed(self, world):
        found = review("listen-to-unredacted-recordings", "--data", world.server.data)
        [row] = of_person(found, "manager", "task:listen-to-unredacted-recordings")
        assert row["permissions"] == ["ListenCallRecordings"] and row["profile"]["name"] == "Legacy listeners"
        assert row["needs"] == [{"permission": "MyContacts.View", "profile": "Legacy listeners"}]
        assert row["scope"]["text"] == "the person's own contacts"
        assert (row["outcome"], row["reach"]) == ("allowed", {"every": "denied"})
        found = review("CallRecordings.Unredacted.Access", "--data", world.server.data)
        [row] = of_person(found, "manager", "CallRecordings.Unredacted.Access")
        assert row["permissions"] == ["ListenCallRecordings"]

    def test_counts_and_outcomes_are_those_of_check(self, world):
        found = review("Users.Edit", "Queues.Edit", "--data", world.server.data)
        queues = world.client.list_queues(InstanceId=world.instance, QueueTypes=["STANDARD"])["QueueSummaryList"]
        names_of = {"User": list(world.users), "Queue": [queue["Name"] for queue in queues]}
        for item, kind, names in (("Users.Edit", "User", names_of["User"]), ("Queues.Edit", "Queue", names_of["Queue"])):
            for person in world.users:
                answers = [
                    run_lanyard("check", person, item, f"{kind}:{name}", "--data", str(world.server.data)).returncode
                    for name in names
                ]
                rows = of_person(found, person, item)
                certain, undetermined = answers.count(0), answers.count(3)
                assert set(answers) <= {0, 2, 3}
                everything = {(row["reach"]["certain"], row["reach"]["undetermined"]) for row in rows}
                assert everything == ({(certain, undetermined)} if rows else set()), (person, item)
                some = run_lanyard("check", person, item, f"{kind}:*", "--match", "some", "--data", str(world.server.data))
                assert {row["outcome"] for row in rows} == {
                    0: {"allowed"}, 2: set(), 3: {"undetermined"},
                }[some.returncode], (person, item)

    def test_the_people_are_those_of_who_can(self, world):
        data = ("--data", str(world.server.data))
        for item in ITEMS:
            result = json.loads(run_lanyard("who-can", item, *data, "--json").stdout)
            listed = {
                outcome: {it["name"] for it in result[outcome] if it["type"] == "user"} for outcome in ("allowed", "undetermined")
            }
            rows = [row for row in review(item, *data)["rows"] if row["person"]["type"] == "user"]
            for outcome, names in listed.items():
                assert {row["person"]["name"] for row in rows if row["outcome"] == outcome} == names, (item, outcome)

    def test_each_grant_by_itself(self, world):
        found = review("Users.Edit", "--data", world.server.data)
        site, leads = sorted(of_person(found, "manager", "Users.Edit"), key=lambda row: row["profile"]["name"], reverse=True)
        # benedict is in Leeds and in Billing; the people without a group are an open point of the hierarchy.
        assert (site["profile"]["name"], site["scope"]["hierarchy_group"]) == ("Site", "Leeds")
        assert leads["scope"]["restrictions"]["tags"] == [["Team", "Billing"]]
        assert site["by_itself"]["reach"] == {"certain": 1, "undetermined": 5, "of": 7}
        assert leads["by_itself"]["reach"] == {"certain": 1, "undetermined": 0, "of": 7}
        assert site["reach"] == leads["reach"] and site["open_points"] == ["Q5"]

    def test_an_ai_agent_has_rows(self, world):
        found = review("Cases.View", "--data", world.server.data)
        [row] = found["rows"]
        assert (row["person"]["type"], row["person"]["id"]) == ("ai_agent", world.agent)
        assert any("AI agents are asked as serving customers directly" in note for note in found["notes"])

    def test_all_sensitive(self, world):
        found = review("--all-sensitive", "--data", world.server.data)
        actions = [item["action"] for item in found["items"]]
        assert "CallRecordings.Unredacted.Access" in actions and "task:export-contacts" in actions
        assert {"task:assign-security-profile", "task:gain-more-rights", "task:barge-in"} <= set(actions)
        assert {row["person"]["name"] for row in found["rows"]} == {"coach", "lead", "manager"}
        every = next(item for item in found["items"] if item["action"] == "task:export-contacts")
        assert every["every"] and every["totals"]["rows"] == 1

    def test_the_same_item_twice_is_one(self, world, tmp_path):
        named = ["watch-screen-recordings", "read-unredacted-transcripts@Contact", "export-contacts"]
        found = review(*named, "--all-sensitive", "--data", world.server.data)
        actions = [(item["action"], item["every"]) for item in found["items"]]
        assert len(actions) == len(set(actions)) == 13
        # One asks for some contacts, the other for every contact; a comparison keeps them apart.
        assert actions.count(("task:export-contacts", False)) == actions.count(("task:export-contacts", True)) == 1
        (tmp_path / "old.json").write_text(run(*named, "--all-sensitive", "--data", world.server.data, "--json"))
        again = review(*named, "--all-sensitive", "--data", world.server.data, "--compare", tmp_path / "old.json")
        assert again["comparison"]["unchanged"] == len(found["rows"]) > 0

    def test_many_people(self, tmp_path):
        with Server(tmp_path / "server") as server:
            seeded = run_lanyard("seed", "--endpoint", server.endpoint, "--alias", "large", "--users", "2500", "--security-profiles", "86")
            assert seeded.returncode == 0, seeded.stderr
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            found = review("--all-sensitive", "Users.Edit", "--data", server.data, "--instance", "large")
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            # The release build takes 0.2 seconds; this counts no time of other processes.
            assert after.ru_utime - before.ru_utime < 10
            assert found["totals"]["users"]["of"] == 2500 and found["totals"]["rows"] > 100

    def test_another_type(self, world):
        found = review("CallRecordings.Unredacted.Access@Contact", "--data", world.server.data)
        assert {row["resource_type"] for row in found["rows"]} == {"Contact"}


class TestSources:
    def test_the_same_rows_from_everywhere(self, world, pulled):
        local = review(*ITEMS, "--data", world.server.data)
        server = review(*ITEMS, "--endpoint", world.server.endpoint)
        assert local["provenance"]["digest"] == server["provenance"]["digest"]
        assert local["rows"] == server["rows"]
        files = review(*ITEMS, "--files", pulled)
        assert undated(files["rows"]) == undated(local["rows"])
        assert {row["since"] for row in files["rows"]} == {None} and files["revision"] is None
        assert "since not known" in run(*ITEMS, "--files", pulled)

    def test_as_of(self, world):
        found = review(*ITEMS, "--data", world.server.data)
        before = found["revision"]["number"] - 1
        earlier = review(*ITEMS, "--data", world.server.data, "--as-of", before)
        there = review(*ITEMS, "--endpoint", world.server.endpoint, "--as-of", before)
        assert earlier["rows"] == there["rows"] and earlier["revision"]["number"] == before
        [row] = of_person(earlier, "manager", "Users.Edit")
        assert row["profile"]["name"] == "Site"
        assert "future" in run(*ITEMS, "--data", world.server.data, "--as-of", "2999-01-01", status=1)

    def test_what_was_not_seen_is_said(self, pulled, tmp_path):
        place = shutil.copytree(pulled, tmp_path / "access")
        (place / "users.yaml").unlink()
        text = run("Users.Edit", "--files", place)
        assert "Nobody who was seen of 0 users and 1 AI agent may use `Users.Edit`; there may be more people" in " ".join(text.split())
        assert "note: not seen, so that there may be more: user" in text
        assert review("Users.Edit", "--files", place)["totals"]["may_be_more"]

    def test_unknown_names_are_errors(self, world):
        data = ("--data", world.server.data)
        assert "there is no permission, tool or task `Users.Edti`; did you mean `Users.Edit`" in run("Users.Edti", *data, status=1)
        assert "did you mean `listen-to-unredacted-recordings`" in run("task:listen-to-unredacted-recording", *data, status=1)
        assert "`Users.Edit` does not act on Queue" in run("Users.Edit@Queue", *data, status=1)
        assert "there is no type of resource `Queu`" in run("Queues.Edit@Queu", *data, status=1)
        assert "`ACCESS` is about one application" in run("ACCESS", *data, status=1)


class TestHistory:
    def test_dates_follow_what_happened(self, tmp_path):
        with Server(tmp_path / "server") as server:
            client = server.client()
            own = {"InstanceId": new_instance(client, IdentityManagementType="SAML")}
            routing = client.list_routing_profiles(**own)["RoutingProfileSummaryList"][0]["Id"]
            ids = [
                client.create_security_profile(**own, SecurityProfileName=name, Permissions=permissions)["SecurityProfileId"]
                for name, permissions in (("Plain", ["BasicAgentAccess"]), ("Editors", ["Users.View"]))
            ]
            user = client.create_user(**own, Username="ana", SecurityProfileIds=ids[:1], RoutingProfileId=routing)["UserId"]
            def assign(*profiles):
                client.update_user_security_profiles(**own, UserId=user, SecurityProfileIds=list(profiles))

            def permit(*permissions):
                client.update_security_profile(**own, SecurityProfileId=ids[1], Permissions=list(permissions))

            def since():
                [row] = review("Users.Edit", "--data", server.data)["rows"]
                return row["since"]["operation"], row["since"]["revision"]

            def revision():
                return review("Users.Edit", "--data", server.data)["revision"]["number"]

            assign(*ids)
            permit("Users.View", "Users.Edit")
            granted = ("UpdateSecurityProfile", revision())
            assert since() == granted
            # Another permission changes nothing.
            permit("Users.View", "Users.Edit", "Queues.View")
            assert since() == granted
            # Away, and there again.
            assign(ids[0])
            assert review("Users.Edit", "--data", server.data)["rows"] == []
            assign(*ids)
            again = ("UpdateUserSecurityProfiles", revision())
            assert since() == again
            # As of an earlier revision, the date is that of then.
            [row] = review("Users.Edit", "--data", server.data, "--as-of", granted[1])["rows"]
            assert (row["since"]["operation"], row["since"]["revision"]) == granted
            assert (row["since"]["actor"], row["since"]["time"]) == ("test", review("Users.Edit", "--data", server.data, "--as-of", granted[1])["revision"]["time"])
            old = tmp_path / "old.json"
            old.write_text(run("Users.Edit", "--data", server.data, "--as-of", granted[1], "--json"))
            change = review("Users.Edit", "--data", server.data, "--compare", old, status=2)["comparison"]
            assert [set(it["changes"]) for it in change["changed"]] == [{"since"}]


    def test_archived_entries_date_nothing_without_the_archive(self, tmp_path):
        with Server(tmp_path / "server") as server:
            client = server.client()
            own = {"InstanceId": new_instance(client, IdentityManagementType="SAML")}
            routing = client.list_routing_profiles(**own)["RoutingProfileSummaryList"][0]["Id"]
            made = client.create_security_profile(**own, SecurityProfileName="Editors", Permissions=["Users.View", "Users.Edit"])
            for name in ("old", "new"):
                client.create_user(
                    **own, Username=name, SecurityProfileIds=[made["SecurityProfileId"]], RoutingProfileId=routing
                )
            before = review("Users.Edit", "--data", server.data)
            assert {row["since"]["operation"] for row in before["rows"]} == {"CreateUser"}
        archive = tmp_path / "old.archive"
        done = run_lanyard("archive", str(server.data), "--before", "2999-01-01", "--to", str(archive))
        assert done.returncode == 0, done.stderr
        after = review("Users.Edit", "--data", server.data)
        assert undated(after["rows"]) == undated(before["rows"])
        assert {row["since"] for row in after["rows"]} == {None}
        assert "were archived, so that no grant from before is dated" in " ".join(after["notes"])
        again = review("Users.Edit", "--data", server.data, "--archive", archive)
        assert again["rows"] == before["rows"] and not again["notes"]


class TestComparison:
    @pytest.fixture
    def old(self, pulled, tmp_path):
        file = tmp_path / "old.json"
        file.write_text(run(*ITEMS, "--files", pulled, "--json"))
        return file

    @pytest.fixture
    def edited(self, pulled, tmp_path):
        place = shutil.copytree(pulled, tmp_path / "edited")
        users = (place / "users.yaml").read_text()
        assert "Coaches" in users
        (place / "users.yaml").write_text(users.replace("Coaches", "Plain").replace("[No tags]", "[Leads]"))
        return place

    def test_nothing_differs(self, pulled, old):
        text = run(*ITEMS, "--files", pulled, "--compare", old)
        assert "0 rows added, 0 removed, 0 changed" in text

    def test_rows_are_added_removed_and_changed(self, old, edited, tmp_path):
        page, table, markdown = tmp_path / "r.html", tmp_path / "r.csv", tmp_path / "r.md"
        text = run(*ITEMS, "--files", edited, "--compare", old, "--html", page, "--csv", table, "--markdown", markdown, status=2)
        found = review(*ITEMS, "--files", edited, "--compare", old, status=2)["comparison"]
        def named(rows):
            return {(row["person"]["name"], row["profile"]["name"], row["item"]) for row in rows}

        assert named(found["added"]) == {("vague", "Leads", "Users.Edit"), ("vague", "Leads", "Queues.Edit")}
        assert named(found["removed"]) == {
            ("coach", "Coaches", "task:listen-to-unredacted-recordings"), ("vague", "No tags", "Queues.Edit"),
        }
        assert "+ `vague` `Users.Edit`" in text and "- `coach` `task:listen-to-unredacted-recordings`" in text
        changes = [row["change"] for row in csv.DictReader(table.open())]
        assert (changes.count("added"), changes.count("removed")) == (2, 2)
        assert page.read_text().count('<span class="chip new">new</span>') == 2
        assert "## Changes" in markdown.read_text()

    def test_a_changed_scope_is_a_change(self, pulled, old, tmp_path):
        place = shutil.copytree(pulled, tmp_path / "access")
        file = place / "security-profiles" / "leads.yaml"
        assert "Team: Billing" in file.read_text()
        file.write_text(file.read_text().replace("Team: Billing", "Team: Claims"))
        found = review(*ITEMS, "--files", place, "--compare", old, status=2)["comparison"]
        assert not found["added"] and not found["removed"]
        assert {row["row"]["person"]["name"] for row in found["changed"]} == {"lead", "manager"}
        assert "scope" in found["changed"][0]["changes"]
        text = " ".join(run(*ITEMS, "--files", place, "--compare", old, status=2).replace("| ", "").split())
        assert "scope users tagged `Team`=`Billing` -> users tagged `Team`=`Claims`; reach" in text
        assert "{" not in text

    def test_other_files_are_refused(self, world, old, pulled, tmp_path):
        found = json.loads(old.read_text())
        found["rows"][0]["outcome"] = "undetermined"
        (tmp_path / "modified.json").write_text(json.dumps(found))
        assert "was modified" in run(*ITEMS, "--files", pulled, "--compare", tmp_path / "modified.json", status=1)
        (tmp_path / "other.json").write_text("{}")
        assert "this is not a review" in run(*ITEMS, "--files", pulled, "--compare", tmp_path / "other.json", status=1)
        other = new_instance(world.client, InstanceAlias="elsewhere", IdentityManagementType="SAML")
        instance = ("--data", world.server.data, "--instance", other)
        assert "another instance" in run(*ITEMS, *instance, "--compare", old, status=1)
        world.client.delete_instance(InstanceId=other)


TASKS = """tasks:
- name: edit-and-listen
  title: edit users and listen
  formula:
    all_of:
    - any_of: [Users.Edit, Users.Create]
    - any_of: [ListenCallRecordings, CallRecordings.Unredacted.Access]
  source: policy 7
"""


class TestTasks:
    @pytest.fixture
    def file(self, tmp_path):
        file = tmp_path / "tasks.yaml"
        file.write_text(TASKS)
        return file

    def test_tasks_are_listed(self, file):
        def tasks(*arguments):
            return json.loads(run_lanyard("tasks", *arguments, "--json").stdout)["tasks"]

        every = {task["name"]: task for task in tasks("--tasks", str(file))}
        assert "listen-to-unredacted-recordings" in every and every["edit-and-listen"]["source"] == "policy 7"
        assert all(task["source"] and task["formula"] and task["title"] for task in every.values())
        assert every["assign-security-profile"]["formula"]["any_of"][0]["disputed"] == "G2"
        assert [task["name"] for task in tasks("reset", "password")] == ["reset-password"]
        result = run_lanyard("tasks", "edit-and", "--tasks", str(file))
        assert (result.returncode, result.stdout) == (0, (
            "edit-and-listen\n  edit users and listen, on Instance\n    all of\n      any of\n        Users.Edit\n"
            "        Users.Create\n      any of\n        ListenCallRecordings\n        CallRecordings.Unredacted.Access\n"
            "  source: policy 7\n"
        ))
        assert run_lanyard("tasks", "nothing-like-it").returncode == 1

    def test_a_task_of_a_file_is_reviewed_and_asked(self, world, file):
        state = ("--data", str(world.server.data), "--tasks", str(file))
        found = review("edit-and-listen", *state)
        [site, leads] = [row for row in found["rows"] if row["person"]["name"] == "manager"][::-1]
        assert (site["profile"]["name"], leads["profile"]["name"]) == ("Site", "Leads")
        assert site["needs"] == [{"permission": "ListenCallRecordings", "profile": "Legacy listeners"}]
        assert {row["person"]["name"] for row in found["rows"]} == {"manager"}
        for command in ("check", "explain"):
            result = run_lanyard(command, "manager", "edit-and-listen", *state)
            assert result.returncode == 0 and result.stdout.startswith("allowed: `manager` may edit users and listen\n")
        result = run_lanyard("check", "lead", "edit-and-listen", *state)
        assert result.returncode == 2 and "`lead` would need one of `ListenCallRecordings` or" in result.stdout
        result = run_lanyard("who-can", "task:edit-and-listen", *state)
        assert result.stdout.startswith("allowed: 1 user may edit users and listen\n  manager\nrevision ")
        assert "did you mean `edit-and-listen`" in run("task:edit-and-listn", *state, status=1)
        result = run_lanyard("check", "lead", "edit-and-listen", "--endpoint", world.server.endpoint, "--tasks", str(file))
        assert result.returncode == 1 and "a server does not know the tasks of a file" in result.stderr

    def test_errors_have_lines(self, world, file):
        file.write_text(TASKS.replace("Users.Create", "Users.Craete").replace("title:", "titel:"))
        error = run("edit-and-listen", "--data", world.server.data, "--tasks", file, status=1)
        assert f"{file}:2:3: a task needs the member `title`" in error
        assert f"{file}:3:3: a task has no member `titel`; did you mean `title`?" in error
