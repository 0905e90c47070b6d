"""Mistakes in a pulled directory: each is an error with file, line and column, and no deletion."""

import json
import shutil

import pytest

from conftest import new_instance
from harness.operations import granular
from harness.server import Server, run_lanyard

ERROR, STOPPED = 1, 2

PROFILE = "SecurityProfileName: Leads\nPermissions:\n- Queues.View\n- RoutingPolicies.View\n"


@pytest.fixture
def access(tmp_path):
    access = tmp_path / "access"
    (access / "security-profiles").mkdir(parents=True)
    (access / "instance.yaml").write_text("Id: 11111111-1111-4111-8111-111111111111\nAccount: '123456789012'\nRegion: eu-west-2\n")
    (access / "security-profiles" / "leads.yaml").write_text(PROFILE)
    (access / "users.yaml").write_text("- Username: ana\n  SecurityProfiles: [Leads]\n")
    return access


def errors(access) -> list[str]:
    done = run_lanyard("lint", str(access))
    assert done.returncode == ERROR, done.stdout
    return done.stderr.removeprefix("lanyard: ").strip().replace(f"{access}/", "").splitlines()


def leads(access, text: str) -> list[str]:
    (access / "security-profiles" / "leads.yaml").write_text(text)
    return errors(access)


def test_every_mistake_of_a_file_is_reported_at_once(access):
    (access / "users.yaml").write_text("[]\n")
    text = PROFILE + "TagRestrictedResources: [Queu, User, Usr]\nPermisions: []\nTags: [a]\n"
    assert leads(access, text) == [
        "security-profiles/leads.yaml:5:26: there is no restricted type `Queu`; did you mean `Queue`? (`other:Queu` is a type "
        "that Lanyard does not know)",
        "security-profiles/leads.yaml:5:38: there is no restricted type `Usr`; did you mean `User`? (`other:Usr` is a type that "
        "Lanyard does not know)",
        "security-profiles/leads.yaml:6:1: a security profile has no member `Permisions`; did you mean `Permissions`?",
        "security-profiles/leads.yaml:7:7: `Tags` must be a map of keys and values, not a list",
    ]
    (access / "security-profiles" / "leads.yaml").write_text(PROFILE)
    (access / "users.yaml").write_text("- Username: ana\n  SecurityProfiles: [Lead]\n- Username: bo\n  SecurityProfile: [Leads]\n")
    assert [line.split(": ")[0] for line in errors(access)] == ["users.yaml:2:22", "users.yaml:4:3"]


def test_items_folded_into_one_by_indentation(access):
    assert leads(access, PROFILE + "  - Users.Edit\n") == [
        "security-profiles/leads.yaml:5:3: this item is part of the value on line 4; indent it like the other items"
    ]
    assert leads(access, PROFILE + "  Users.Edit\n")[0].startswith(
        "security-profiles/leads.yaml:4:3: `RoutingPolicies.View Users.Edit` is no permission"
    )


def test_conflicts_and_tabs_have_their_own_place(access):
    conflict = "SecurityProfileName: Leads\nPermissions:\n<<<<<<< HEAD\n- Queues.View\n=======\n- Users.Edit\n>>>>>>> other\n"
    message = "a merge conflict that is not resolved begins here"
    assert leads(access, conflict) == [f"security-profiles/leads.yaml:3:1: {message}"]
    assert leads(access, conflict + conflict.replace("Permissions", "Tags"))[1] == f"security-profiles/leads.yaml:10:1: {message}"
    tabs = "SecurityProfileName: Leads\nPermissions:\n\t- Queues.View\n  \t- Users.View\n"
    assert leads(access, tabs) == [
        "security-profiles/leads.yaml:3:1: YAML indents with spaces, not tabs",
        "security-profiles/leads.yaml:4:3: YAML indents with spaces, not tabs",
    ]


@pytest.mark.parametrize(
    "place",
    [
        "security-profiles/north/leads.yaml",
        "leads.yaml",
        "security-profiles/leads.yaml.old",
        "archive/leads.yaml",
        "security-profile/leads.yaml",
        "security-profiles/.leads.yaml",
        "security-profiles/leads.YAML",
        ".old/a/b/leads",
    ],
)
def test_a_profile_in_another_place_is_no_deletion(access, place):
    (access / "users.yaml").write_text("[]\n")
    (access / place).parent.mkdir(parents=True, exist_ok=True)
    shutil.move(access / "security-profiles" / "leads.yaml", access / place)
    (access / "security-profiles" / "other.yaml").write_text("SecurityProfileName: Other\n")
    (error,) = errors(access)
    folder = "`security-profiles/north` is a folder, whose files are not read"
    assert (folder if "/north/" in place else f"{place}:1:1: a security profile in this file is not read here") in error


EVIL = "SecurityProfileName: X\nPermissions: [SecurityProfiles.Edit]\n"
EVIL_JSON = '{"SecurityProfileName": "X", "Permissions": ["SecurityProfiles.Edit"]}'
ZED = "- Username: zed\n  SecurityProfiles: [Leads]\n"
TEMPLATE = '{"Resources": {"L": {"Type": "AWS::Connect::SecurityProfile", "Properties": {"SecurityProfileName": "X"}}}}'


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("security-profiles/evil.json", EVIL_JSON),
        ("security-profiles/evil.yaml.new", EVIL.replace("SecurityProfileName", '"SecurityProfileName"')),
        ("evil.json", json.dumps({"SecurityProfile": json.loads(EVIL_JSON)})),
        ("evil.json", json.dumps({"SecurityProfileSummaryList": [{"Name": "X"}]})),
        ("profiles/evil.yaml", EVIL),
        ("security_profiles/evil.yaml", EVIL),
        ("security-profiles.yaml", "- SecurityProfileName: X\n"),
        ("security-profiles/.evil.yaml", EVIL),
        ("security-profiles/evil", EVIL + "---\n" + EVIL),
        ("template.json", TEMPLATE),
        ("more.csv", "Permission,X\nSecurityProfiles.Edit,X\n"),
        ("more-users.yaml", ZED),
        ("users/zed.yaml", "Username: zed\nSecurityProfiles: [Leads]\n"),
        ("users.json", '[{"Username": "zed", "SecurityProfiles": ["Leads"]}]'),
        ("Users.yaml", ZED),
        ("users.yaml.orig", ZED),
    ],
)
def test_a_file_of_access_that_is_not_read_stops_every_command(access, tmp_path, place, text):
    before = tmp_path / "before"
    shutil.copytree(access, before)
    (access / place).parent.mkdir(parents=True, exist_ok=True)
    (access / place).write_text(text)
    (error,) = errors(access)
    kind = "user" if "zed" in text else "security profile"
    assert error.startswith(f"{place}:") and f": a {kind} in this file is not read here; its place is " in error
    assert run_lanyard("gate", "--no-new-access", str(before), str(access)).returncode == ERROR


def test_a_link_to_a_folder_outside_hides_no_profile(access, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "evil.yaml").write_text(EVIL)
    (access / "profiles").symlink_to(tmp_path / "outside")
    (error,) = errors(access)
    assert error.startswith("profiles/evil.yaml:1:1: a security profile in this file is not read here")


def test_other_files_in_the_directory_are_no_errors(access):
    for name, text in {
        "README.md": f"# Access\n\nA profile:\n\n```\n{EVIL}```\n",
        "lanyard.yaml": "suppressions: []\n",
        "map.yaml": "SecurityProfiles: {Leads: ~}\n",
        "expectations.yaml": "expectations:\n- {principal: ana, action: Users.Edit, resource: 'User:ana', expect: denied}\n",
        "plan.json": json.dumps({"format": "lanyard-plan", "changes": [{"after": {"SecurityProfile": {"name": "X"}}}]}),
        ".git/objects/evil.yaml": EVIL,
        ".github/workflows/gate.yaml": "jobs: {gate: {permissions: {contents: read}, env: {Username: bot}}}\n",
    }.items():
        (access / name).parent.mkdir(parents=True, exist_ok=True)
        (access / name).write_text(text)
    done = run_lanyard("lint", str(access))
    assert done.returncode != ERROR, done.stderr
    assert run_lanyard("gate", "--no-new-access", "--allow-unseen", "AiAgent", str(access), str(access)).returncode != ERROR


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("mistakes")) as server:
        yield server


@pytest.fixture
def live(server, tmp_path):
    """An instance, and a directory that it was pulled to."""
    connect = server.client()
    instance_id = new_instance(connect)
    make = lambda **more: connect.create_security_profile(InstanceId=instance_id, **more)  # noqa: E731
    make(SecurityProfileName="Odd", Permissions=["Queues.View"], TagRestrictedResources=["Queu"], AllowedAccessControlTags={"A": "b"})
    records = make(
        SecurityProfileName="Records",
        Permissions=["DataTables.View"],
        GranularAccessControlConfiguration=granular("site", ["z", "a"]),
    )
    ana = connect.create_user(
        InstanceId=instance_id,
        Username="ana",
        Password="Secret-Word-1",
        SecurityProfileIds=[records["SecurityProfileId"]],
        RoutingProfileId=connect.list_routing_profiles(InstanceId=instance_id)["RoutingProfileSummaryList"][0]["Id"],
        PhoneConfig={"PhoneType": "SOFT_PHONE"},
    )
    levels = {f"Level{level}": {"Name": level} for level in ("One", "Two")}
    connect.update_user_hierarchy_structure(InstanceId=instance_id, HierarchyStructure=levels)
    north = connect.create_user_hierarchy_group(InstanceId=instance_id, Name="North")["HierarchyGroupId"]
    inner = connect.create_user_hierarchy_group(InstanceId=instance_id, Name="Inner", ParentGroupId=north)["HierarchyGroupId"]
    connect.update_user_hierarchy(InstanceId=instance_id, UserId=ana["UserId"], HierarchyGroupId=inner)
    make(
        SecurityProfileName="Lead",
        HierarchyRestrictedResources=["User"],
        AllowedAccessControlHierarchyGroupId=north,
        Permissions=["Users.View"],
    )
    pulled = tmp_path / "pulled"
    where = ["--endpoint", server.endpoint, "--instance", instance_id]
    done = run_lanyard("pull", *where, "--with-names", "--to", str(pulled))
    assert done.returncode == 0, done.stderr
    return pulled, where


def plan(live, *arguments):
    pulled, where = live
    return run_lanyard("plan", str(pulled), *where, *arguments)


def test_what_was_pulled_differs_in_nothing(live):
    done = plan(live)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "undetermined" not in done.stdout
    odd = next(file for file in (live[0] / "security-profiles").iterdir() if "Odd" in file.read_text())
    assert "- other:Queu\n" in odd.read_text()


def test_a_missing_hierarchy_is_not_seen_and_not_deleted(live):
    (live[0] / "hierarchy.yaml").unlink()
    users = live[0] / "users.yaml"
    assert "HierarchyGroup: North/Inner" in users.read_text()
    done = plan(live)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ana" not in done.stdout and "Lead" not in done.stdout and "delete" not in done.stdout
    done = run_lanyard("gate", "--no-new-access", "--allow-unseen", "AiAgent", str(live[0]), str(live[0]))
    assert done.returncode == STOPPED and "[HierarchyGroup]" in done.stdout
    users.write_text(users.read_text().replace("North/Inner", "North"))
    assert "North" in plan(live).stdout, "another group of the instance is a change"
    users.write_text(users.read_text().replace(": North", ": Nowhere"))
    done = plan(live)
    assert done.returncode == 0 and "Nowhere" not in done.stdout, "an unknown group changes nothing"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SecurityProfiles:\n  Rceords: ~\n", "2:3: the source has no security profile `Rceords`; did you mean `Records`?"),
        ("SecurityProfiles:\n  Nothing like it: X\n", "2:3: the source has no security profile `Nothing like it`, so that this key"),
        ("HierarchyGroups: {Nroth: South}\n", "1:19: the source has no hierarchy group `Nroth`; did you mean `North`?"),
        ("Namespaces: {crm: ~}\n", "1:14: no profile of the source uses the namespace `crm`"),
        ("TagKeys: {Env: Stage}\n", "1:11: nothing in the source has the tag `Env`"),
        ("Tags:\n  Env: {a: b}\n", "2:3: nothing in the source has the tag `Env`"),
    ],
)
def test_a_key_of_a_map_that_matches_nothing_is_an_error(live, tmp_path, text, expected):
    file = tmp_path / "map.yaml"
    file.write_text(text)
    done = plan(live, "--map", str(file))
    assert done.returncode == ERROR and f"{file}:{expected}" in done.stderr, done.stderr
    file.write_text("SecurityProfiles: {Records: ~}\nHierarchyGroups: {North: North}\nTags: {A: {b: b}}\n")
    assert plan(live, "--map", str(file)).returncode == 0
