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


@pytest.fixture
def analysts(connect, instance, people):
    """Fifteen people with a profile for metrics of everything, four queues, of which one has the tag of a team."""
    routing = connect.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]
    hours = connect.list_hours_of_operations(InstanceId=instance)["HoursOfOperationSummaryList"][0]["Id"]
    profile = connect.create_security_profile(
        InstanceId=instance, SecurityProfileName="Analysts", Permissions=["AccessMetrics", "Queues.View", "Users.View"]
    )["SecurityProfileId"]
    for number in range(15):
        connect.create_user(
            InstanceId=instance, Username=f"analyst{number}", Password=PASSWORD, PhoneConfig={"PhoneType": "SOFT_PHONE"},
            SecurityProfileIds=[profile], RoutingProfileId=routing,
        )
    for number in range(4):
        tags = {"Tags": {"Team": "Claims"}} if number == 0 else {}
        connect.create_queue(InstanceId=instance, Name=f"queue {number}", HoursOfOperationId=hours, **tags)
    queues = len(connect.list_queues(InstanceId=instance, QueueTypes=["STANDARD"])["QueueSummaryList"])
    users = len(connect.list_users(InstanceId=instance)["UserSummaryList"])
    return {"profile": profile, "queues": queues, "users": users}


@pytest.fixture
def restricted(lanyard, analysts, tmp_path):
    """The files in which the analysts are confined to the queues and people of a team."""
    folder = tmp_path / "restricted"
    lanyard("pull", "--to", str(folder), "--with-names")
    restriction = "TagRestrictedResources: [Queue, User]\nAllowedAccessControlTags: {Team: Claims}\nPermissions:\n"
    edit(folder, "Analysts", "Permissions:\n", restriction)
    return folder


def cell(report, column: str):
    """The row of the matrix with the most people, and its cell of a column."""
    matrix = report["meaning"]["matrix"]
    row = max(matrix["rows"], key=lambda row: row["who"]["count"])
    at = matrix["columns"].index(column)
    return row, row["cells"][at], {it["resource_type"]: it for it in row["types"][at]}


def test_people_who_keep_a_part_are_not_said_to_lose_everything(lanyard, restricted, analysts):
    queues, users = analysts["queues"], analysts["users"]
    output = lanyard("plan", str(restricted), status=2).stdout
    assert f"`Queues.View` on {queues - 1} of {queues} queues (1 of {queues} kept)" in output, output
    assert f"`Users.View` on {users - 2} of {users} users (2 of {users} kept)" in output, output
    assert "`AccessMetrics` (which includes 4 permissions)" in output
    assert "lose" in output and "on every queue" not in output and "AccessMetrics.Dashboards" not in output
    report = json.loads(lanyard("plan", str(restricted), "--json", status=2).stdout)
    for column in ("AccessMetrics", "AccessMetrics.RealTimeMetrics.Access"):
        row, levels, types = cell(report, column)
        assert row["who"]["count"] == 15 and levels == ["all", "some"], "not everything after"
        assert types["Queue"]["before"]["level"] == "all" and types["Queue"]["after"]["level"] == "some"
        assert types["Queue"]["after"]["most"] == {"allowed": 1, "undetermined": 0, "of": queues}
        assert types["RoutingProfile"]["after"]["level"] == "all"
    [extent] = [it for it in report["meaning"]["extents"] if it["resource_type"] == "Queue" and "Queues.View" in it["actions"]]
    assert extent["before"]["stored"]["allowed"] == queues and extent["after"]["stored"]["allowed"] == 1
    assert report["headline"] == "The plan changes 1 resource: 15 people lose access."


def test_the_page_says_what_the_text_says(lanyard, restricted, analysts, tmp_path):
    file, plan = tmp_path / "plan.html", tmp_path / "plan.json"
    lanyard("plan", str(restricted), "--html", str(file), "--out", str(plan), status=2)
    queues, users = analysts["queues"], analysts["users"]
    written = file.read_text()
    spoken = f"on everything before, on some: 2 of {users} users, 1 of {queues} queues, every routing profile, every flow"
    assert spoken in Page(written).text, "the cell in words"
    cells = re.findall(r'<td class="cell (\w+)" title="([^"]*)">(.*?)</td>', written, re.S)
    changed = [it for it in cells if it[1].startswith("AccessMetrics (which includes 4 permissions): on everything before")]
    assert changed and all(it[0] == "less" and "\N{MINUS SIGN}" in it[2] for it in changed), "a sign, and not only a colour"
    assert all("<b>" not in it[2].split("said")[0] for it in cells if it[0] in ("same", "nothing")), "no sign where nothing changes"
    # The origin, and a place to sign.
    text = Page(written).text
    for part in ("Made at", "Made by", "Instance", "Revision", "Present state", "Desired state", "Signature", "Approved or refused"):
        assert part in text, part
    assert json.loads(plan.read_text())["digest"] in text and str(restricted) in text
    assert "The plan changes 1 resource: 15 people lose access." in text
    assert "@media print" in written and "(max-width: 50rem)" in written and "::details-content" in written


def test_names_of_permissions_are_the_consoles_on_request(lanyard, restricted, tmp_path):
    output = lanyard("plan", str(restricted), "--names", "console", "--html", str(tmp_path / "plan.html"), status=2).stdout
    assert "`Queues - View` on" in output and "`Access metrics` (which includes 4 permissions)" in output
    assert "Queues - View" in (tmp_path / "plan.html").read_text()
    report = json.loads(lanyard("plan", str(restricted), "--names", "console", "--json", status=2).stdout)
    assert "Queues - View" not in json.dumps(report["meaning"])


def test_new_sensitive_access_is_first_and_marked(lanyard, pulled):
    """One person gains a recording permission, two people a view."""
    edit(pulled, "Plain agents", "- BasicAgentAccess\n", "- BasicAgentAccess\n- Queues.View\n")
    edit(pulled, "Team leads", "- Users.View\n", "- ContactSearch.View\n- ListenCallRecordings\n- Users.View\n")
    output = lanyard("plan", str(pulled), status=2).stdout
    impact = output.split("Access impact\n")[1].split("\n\n")[0].splitlines()
    assert impact[0] == "+ `lead` gains through profile `Team leads`:", impact
    assert impact[1].startswith("    [sensitive] the right to listen to an unredacted recording"), impact
    assert "    [sensitive] `ListenCallRecordings` (which includes 2 permissions) on every contact" in impact
    assert "CallRecordings.Unredacted.Access" not in output.split("Access impact")[1]
    assert any(line.startswith("+ `elsewhere`, `one` and `other` gain `Queues.View` on every queue") for line in impact[2:]), impact
    report = json.loads(lanyard("plan", str(pulled), "--json", status=2).stdout)
    assert report["meaning"]["sentences"][0]["risk"] == "recordings"
    assert "1 person gains or may gain sensitive access (unredacted recordings" in report["headline"]


def test_one_new_person_takes_few_lines(lanyard, pulled):
    users = pulled / "users.yaml"
    one = users.read_text().split("\n- ")[1]
    one = re.sub(r"(?m)^ *(Id|Tags):.*\n", "", re.sub(r"Username: .*", "Username: zoe", one))
    one = re.sub(r"SecurityProfiles: .*", "SecurityProfiles: [CallCenterManager, Plain agents]", one)
    users.write_text(users.read_text() + "- " + one + "\n")
    output = lanyard("plan", str(pulled), status=2).stdout
    access = output.split("Access of new users and AI agents\n")[1].split("\n\n")[0].splitlines()
    assert access[0] == "+ new: `zoe` gains through profiles `CallCenterManager` and `Plain agents`:", access
    assert len(access) < 14, access
    assert access[1].startswith("    [sensitive] "), access
    assert re.search(r"\d+ other permissions: \d+ in ", output), output
    whole = lanyard("plan", str(pulled), "--all", status=2).stdout
    assert "other permissions:" not in whole and "`Prompts.View`" in whole


def test_through_names_only_profiles_that_suffice(lanyard, pulled, connect, instance):
    """A person with two profiles, of which one gains the permission; and a task that takes both."""
    users = pulled / "users.yaml"
    users.write_text(users.read_text().replace("SecurityProfiles: [Team leads]", "SecurityProfiles: [Team leads, Plain agents]", 1))
    edit(pulled, "Team leads", "- Users.View\n", "- CallRecordings.Unredacted.Access\n- Users.View\n")
    edit(pulled, "Plain agents", "- BasicAgentAccess\n", "- BasicAgentAccess\n- ContactSearch.View\n")
    report = json.loads(lanyard("plan", str(pulled), "--json", status=2).stdout)
    def of_lead(action):
        return [
            ({profile["name"] for profile in it["through"]}, it["through_together"])
            for it in effects(report, "gain", action)
            if "lead" in {who["name"] for who in it["who"]["members"]} and it["on"]["kind"] == "every"
        ]
    assert of_lead("ContactSearch.View") == [({"Plain agents"}, False)]
    assert of_lead("task:listen-to-unredacted-recordings") == [({"Team leads", "Plain agents"}, True)]
    output = lanyard("plan", str(pulled), status=2).stdout
    assert "through profiles `Plain agents` and `Team leads` together" in output, output


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
