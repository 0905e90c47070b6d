"""Plans and their access impact: pulled over the real protocol, edited, planned."""

import html.parser
import json
import re
import shutil

import pytest

from conftest import new_instance
from harness.operations import unique
from harness.server import run_lanyard

EVIL = "Night <script>alert(1)</script> shift"
PASSWORD = "Correct-Horse-1"


@pytest.fixture
def instance(connect) -> str:
    return new_instance(connect)


@pytest.fixture
def people(connect, instance) -> dict:
    """Two supervisors, of whom one is confined to a team, and two people in that team."""
    routing = connect.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]

    def profile(name, **members) -> str:
        made = connect.create_security_profile(InstanceId=instance, SecurityProfileName=name, **members)
        return made["SecurityProfileId"]

    def user(name, *profiles, **members) -> str:
        made = connect.create_user(
            InstanceId=instance,
            Username=name,
            Password=PASSWORD,
            PhoneConfig={"PhoneType": "SOFT_PHONE"},
            SecurityProfileIds=list(profiles),
            RoutingProfileId=routing,
            **members,
        )
        return made["UserId"]

    team = profile(
        "Team leads",
        Permissions=["Users.View"],
        TagRestrictedResources=["User"],
        AllowedAccessControlTags={"Team": "Claims"},
    )
    agent = profile("Plain agents", Permissions=["BasicAgentAccess"])
    return {
        "team": team,
        "lead": user("lead", team),
        "one": user("one", agent, Tags={"Team": "Claims"}),
        "other": user("other", agent, Tags={"Team": "Claims"}),
        "elsewhere": user("elsewhere", agent, Tags={"Team": "Billing"}),
    }


@pytest.fixture
def lanyard(server, instance, tmp_path):
    def lanyard(command: str, *arguments: str, status: int = 0):
        where = ("--endpoint", server.endpoint, "--region", "us-east-1", "--instance", instance)
        done = run_lanyard(command, *arguments, *where)
        assert done.returncode == status, done.stdout + done.stderr
        return done

    return lanyard


@pytest.fixture
def pulled(lanyard, people, tmp_path):
    folder = tmp_path / "access"
    lanyard("pull", "--to", str(folder), "--with-names")
    return folder


def edit(folder, name, old, new):
    """Replaces text in the file of a security profile."""
    [file] = [it for it in (folder / "security-profiles").iterdir() if f"SecurityProfileName: {name}" in it.read_text()]
    text = file.read_text()
    assert old in text, text
    file.write_text(text.replace(old, new, 1))


def effects(report, turn, action):
    return [it for it in report["meaning"]["effects"] if it["turn"] == turn and action in it["actions"]]


def test_an_unedited_pull_plans_nothing(lanyard, pulled):
    assert "nothing differs" in lanyard("plan", str(pulled)).stdout


def test_an_added_permission_names_users_access_and_resources(lanyard, pulled, people):
    edit(pulled, "Team leads", "- Users.View\n", "- Users.Edit\n- Users.View\n")
    output = lanyard("plan", str(pulled), status=2).stdout
    assert "0 to create, 1 to change, 0 to delete" in output
    assert "+ Permissions: Users.Edit" in output
    assert re.search(r"\+ `lead` gains through profile `Team leads`:\n(.*\n)*?.*`Users.Edit` on the users `(one|other)`", output)
    report = json.loads(lanyard("plan", str(pulled), "--json", status=2).stdout)
    assert report["counts"] == {"create": 0, "update": 1, "delete": 0}
    [difference] = report["differences"]
    assert (difference["kind"], difference["id"]) == ("SecurityProfile", people["team"])
    assert difference["members"] == [{"path": "Permissions", "edit": "added", "value": "Users.Edit"}]
    on = {member["id"] for it in effects(report, "gain", "Users.Edit") for member in it["on"].get("members", [])}
    assert on == {people["one"], people["other"]}
    assert effects(report, "gain", "task:reset-password")
    assert not effects(report, "gain", "Users.View")
    assert "\x1b" not in output


def test_a_permission_that_is_not_in_the_catalogue_is_noted(lanyard, pulled):
    edit(pulled, "Team leads", "- Users.View\n", "- Users.Edti\n- Users.View\n")
    output = lanyard("plan", str(pulled), status=2).stdout
    assert re.search(r"note: the catalogue has no permission `Users.Edti`, .*`Team leads`.*; did you mean `Users.Edit`", output)


def test_levels_of_the_hierarchy_have_their_names(lanyard, pulled):
    (pulled / "hierarchy.yaml").write_text("Levels:\n- Region\n- Site\nGroups: []\n")
    before = pulled.parent / "before"
    shutil.copytree(pulled, before)
    (pulled / "hierarchy.yaml").write_text("Levels:\n- Region\n- Office\nGroups: []\n")
    done = run_lanyard("plan", str(pulled), "--against", str(before))
    assert "~ Levels: Region, Site -> Region, Office" in done.stdout


def test_an_unrestricted_profile_makes_the_restriction_void(lanyard, pulled, people):
    users = pulled / "users.yaml"
    users.write_text(users.read_text().replace("SecurityProfiles: [Team leads]", "SecurityProfiles: [Admin, Team leads]", 1))
    output = lanyard("plan", str(pulled), status=2).stdout
    assert "the restriction of profile `Team leads` on users is void for `lead`" in output
    report = json.loads(lanyard("plan", str(pulled), "--json", status=2).stdout)
    [void] = [it for it in report["meaning"]["restrictions"] if "Users.View" in it["actions"]]
    assert (void["becomes"], void["profile"]["id"]) == ("void", people["team"])
    assert [it["name"] for it in void["because"]] == ["Admin"]


def test_losing_and_becoming_undetermined(lanyard, pulled, people):
    edit(pulled, "Team leads", "AllowedAccessControlTags:\n  Team: Claims\n", "")
    report = json.loads(lanyard("plan", str(pulled), "--json", status=2).stdout)
    uncertain = effects(report, "becomes_uncertain", "Users.View")
    assert {point for it in uncertain for point in it["after"]["open_points"]} == {"Q3"}
    assert "Q3" in report["open_points"]
    assert effects(report, "may_gain", "Users.View"), "who has other tags may now be seen"


def test_a_saved_plan_is_exact_and_names_its_target(lanyard, pulled, instance, tmp_path):
    edit(pulled, "Team leads", "- Users.View\n", "- Users.Edit\n- Users.View\n")
    file = tmp_path / "plan.json"
    lanyard("plan", str(pulled), "--out", str(file), status=2)
    plan = json.loads(file.read_text())
    assert (plan["format"], plan["version"]) == ("lanyard-plan", 1)
    assert plan["target"]["instance_id"] == instance
    assert plan["target"]["from"]["kind"] == "lanyard" and plan["target"]["revision"] > 0
    [change] = plan["changes"]
    before, after = change["before"]["SecurityProfile"], change["after"]["SecurityProfile"]
    assert after == before | {"permissions": ["Users.Edit", "Users.View"]}
    assert re.fullmatch("[0-9a-f]{64}", plan["digest"])


class Page(html.parser.HTMLParser):
    """The structure of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.text = set(), [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.links += [value for name, value in attributes if name in ("src", "href", "action", "data", "srcset")]

    def handle_data(self, data):
        self.text += data


def test_the_page_is_self_contained_and_escapes_names(lanyard, pulled, tmp_path):
    new = pulled / "security-profiles" / "new.yaml"
    new.write_text(f'SecurityProfileName: Night\nDescription: "{EVIL}"\nPermissions:\n- Users.Edit\n- Users.View\n')
    users = pulled / "users.yaml"
    users.write_text(users.read_text().replace("[Team leads]", "[Team leads, Night]", 1))
    file = tmp_path / "plan.html"
    lanyard("plan", str(pulled), "--html", str(file), status=2)
    written = file.read_text()
    page = Page(written)
    assert not page.tags & {"script", "link", "img", "iframe", "object", "embed"} and not page.links
    assert "url(" not in written and "@import" not in written
    assert {"table", "details"} <= page.tags
    assert EVIL in page.text, "the name is there, as text"


def test_other_files_are_compared_without_any_server(pulled, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    for file in pulled.rglob("*.yaml"):
        copy = other / file.relative_to(pulled)
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(file.read_text())
    assert run_lanyard("plan", str(other), "--against", str(pulled)).returncode == 0
    edit(other, "Team leads", "- Users.View\n", "- Users.Edit\n- Users.View\n")
    done = run_lanyard("plan", str(other), "--against", str(pulled))
    assert done.returncode == 2 and "+ Permissions: Users.Edit" in done.stdout
    done = run_lanyard("plan", str(tmp_path / "nowhere"), "--against", str(pulled))
    assert done.returncode == 1 and "nowhere" in done.stderr


def test_the_files_of_one_instance_are_no_plan_for_another(connect, server, pulled):
    other = new_instance(connect, InstanceAlias=unique("other"))
    done = run_lanyard(
        "plan", str(pulled), "--endpoint", server.endpoint, "--region", "us-east-1", "--instance", other
    )
    assert done.returncode == 1 and "the files describe the instance" in done.stderr
