"""Plans that cannot be applied whole: refused before anything is written, with every fault, in one run."""

import json
import time

import pytest

from conftest import new_instance
from harness.operations import unique
from harness.server import run_lanyard

NOTHING, FAILED, CHANGES = 0, 1, 2
PASSWORD = "Correct-Horse-1"


class Centre:
    """An instance that manages its users itself, and a pulled directory of it."""

    def __init__(self, connect, server, home):
        self.connect = connect
        self.own = {"InstanceId": new_instance(connect, InstanceAlias=unique("faults"))}
        self.routing = connect.list_routing_profiles(**self.own)["RoutingProfileSummaryList"][0]["Id"]
        self.leads = self.profile("Leads", Permissions=["Users.View"])
        self.spare = self.profile("Spare", Permissions=["Queues.View"])
        self.user("ana", self.leads)
        self.directory, self.file = home / "access", home / "change.plan"
        self.where = ["--endpoint", server.endpoint, "--instance", self.own["InstanceId"]]
        self.run("pull", "--to", self.directory, "--with-names", *self.where)

    def profile(self, name, **members):
        made = self.connect.create_security_profile(**self.own, SecurityProfileName=name, **members)
        return made["SecurityProfileId"]

    def user(self, name, *profiles):
        self.connect.create_user(
            **self.own,
            Username=name,
            Password=PASSWORD,
            PhoneConfig={"PhoneType": "SOFT_PHONE"},
            SecurityProfileIds=list(profiles),
            RoutingProfileId=self.routing,
        )

    def run(self, *arguments, expect=0, **more):
        done = run_lanyard(*map(str, arguments), **more)
        assert done.returncode == expect, f"{done.returncode}: {done.stdout}\n{done.stderr}"
        return done.stderr if expect == FAILED else done.stdout

    def write(self, name, text):
        (self.directory / name).write_text(text)

    def edit(self, name, old, new):
        text = (self.directory / name).read_text()
        assert text.count(old) == 1, text
        self.write(name, text.replace(old, new))

    def plan(self, *options, expect=CHANGES):
        return self.run("plan", self.directory, *self.where, "--out", self.file, *options, expect=expect)

    def refused(self, *options):
        """The faults of a plan, which is not written."""
        message = self.plan(*options, expect=FAILED)
        assert "the plan cannot be applied whole" in message and not self.file.exists()
        return message.splitlines()[1:]


@pytest.fixture
def centre(connect, server, tmp_path):
    return Centre(connect, server, tmp_path)


TAGS = ", ".join(f"Tag{number}: x" for number in range(5))
MANY = {
    "AllowedAccessControlTags": (f"TagRestrictedResources: [User]\nAllowedAccessControlTags: {{{TAGS}}}\n", "has 5 entries, at most 4"),
    "TagRestrictedResources": (
        "TagRestrictedResources: [" + ", ".join(f"Type{'x' * number}" for number in range(11)) + "]\n",
        "has 11 items, at most 10",
    ),
    "Permissions": ("Permissions: [" + ", ".join(["Users.View"] + [f"A{'b' * n}.View" for n in range(500)]) + "]\n", "at most 500"),
    "Description": (f"Description: {'x' * 251}\n", "at most 250"),
}


@pytest.mark.parametrize("member", MANY)
def test_a_limit_of_the_api_is_known_before_anything_is_applied(centre, member):
    text, expected = MANY[member]
    permissions = "" if member == "Permissions" else "Permissions: [Users.View]\n"
    centre.write("security-profiles/new.yaml", f"SecurityProfileName: New one\n{permissions}{text}")
    [fault] = centre.refused()
    file = centre.directory / "security-profiles/new.yaml"
    line = next(number for number, it in enumerate(file.read_text().splitlines(), 1) if it.startswith(member))
    assert fault.strip().startswith(f"{file}:{line}:"), fault
    assert "security profile `New one`" in fault and f"`{member}" in fault and expected in fault


def test_every_fault_is_named_in_one_run(centre):
    centre.write("security-profiles/tags.yaml", f"SecurityProfileName: Tags\nAllowedAccessControlTags: {{{TAGS}}}\n")
    centre.write("security-profiles/name.yaml", "SecurityProfileName: 'Bad/name'\nPermissions: [Users.View]\n")
    centre.write("hierarchy.yaml", "Levels: [A, B, C, D, E, F]\nGroups: []\n")
    centre.write("queues.yaml", "- Name: Not made by a plan\n")
    faults = centre.refused()
    for part in ("`Tags`: member `AllowedAccessControlTags", "`Bad/name`: member", "6 levels, at most 5", "does not create a queue"):
        assert len([it for it in faults if part in it]) == 1, faults
    # The rest can be planned, with a note on each that is left out.
    centre.write("security-profiles/good.yaml", "SecurityProfileName: Good\nPermissions: [Users.View]\n")
    output = centre.plan("--partial")
    assert output.count("left out: ") >= 4 and "1 to create, 0 to change" in output
    [change] = json.loads(centre.file.read_text())["changes"]
    assert change["after"]["SecurityProfile"]["name"] == "Good"
    centre.run("apply", centre.file)
    assert "Good" in {it["Name"] for it in centre.connect.list_security_profiles(**centre.own)["SecurityProfileSummaryList"]}


def test_very_many_permissions_are_refused_at_once(centre):
    names = "\n".join(f"- Zz.{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10 % 10]}{'uvwxyzabcd'[n // 100 % 10]}{n:x}".translate(
        str.maketrans("0123456789", "ABCDEFGHIJ")) for n in range(250_000))
    centre.write("security-profiles/large.yaml", f"SecurityProfileName: Large\nPermissions:\n{names}\n")
    begin = time.monotonic()
    [fault] = centre.refused()
    assert "items, at most 500 are allowed" in fault
    assert time.monotonic() - begin < 60, "a build without optimisation; seconds with"


def test_a_held_profile_cannot_be_deleted_even_where_no_file_has_its_holders(centre):
    [file] = [it for it in (centre.directory / "security-profiles").iterdir() if "SecurityProfileName: Leads" in it.read_text()]
    file.unlink()
    (centre.directory / "users.yaml").unlink()
    [fault] = centre.refused()
    assert "security profile `Leads`" in fault and "in use by the user `ana`" in fault


def test_a_renamed_profile_is_named_with_its_place(centre):
    [file] = [it for it in (centre.directory / "security-profiles").iterdir() if "SecurityProfileName: Leads" in it.read_text()]
    centre.edit(f"security-profiles/{file.name}", "SecurityProfileName: Leads", "SecurityProfileName: Team leads")
    # The reference to the present name is a fault of its own, and comes second.
    message = centre.plan(expect=FAILED)
    assert message.index("the name of the security profile `Leads` cannot become `Team leads`") < message.index("users.yaml:")
    centre.edit("users.yaml", "[Leads]", "[Team leads]")
    centre.write("hierarchy.yaml", "Levels: [A, B, C, D, E, F]\nGroups: []\n")
    first, *_ = centre.refused()
    assert str(file) in first and "the name `Leads` cannot become `Team leads`: the API never changes it" in first
    # Without its identifier it is another profile.
    file.write_text("\n".join(line for line in file.read_text().splitlines() if not line.startswith("Id:")))
    (centre.directory / "hierarchy.yaml").unlink()
    (centre.directory / "users.yaml").unlink()
    [fault] = centre.refused()
    assert "`Leads`" in fault and "the new profile `Team leads` has the same permissions: the API cannot rename" in fault


def test_wrong_and_exchanged_identifiers_are_named_with_their_files(centre):
    files = {}
    for file in (centre.directory / "security-profiles").iterdir():
        files[file.read_text().split("SecurityProfileName: ")[1].splitlines()[0]] = file
    leads, spare = (files[name].read_text() for name in ("Leads", "Spare"))
    files["Leads"].write_text(leads.replace(centre.leads, centre.spare))
    files["Spare"].write_text(spare.replace(centre.spare, centre.leads))
    faults = centre.refused()
    assert str(files["Leads"]) in "".join(faults) and str(files["Spare"]) in "".join(faults)
    assert all("were two exchanged?" in it for it in faults[:2]), faults
    files["Spare"].write_text(spare)
    files["Leads"].write_text(leads.replace(centre.leads, "99999999-9999-4999-8999-999999999999"))
    [fault] = centre.refused()
    assert f"{files['Leads']}:" in fault and centre.leads in fault and "write that one, or leave `Id` out" in fault


def test_a_kind_without_a_file_is_not_deleted(centre):
    centre.connect.update_user_hierarchy_structure(**centre.own, HierarchyStructure={"LevelOne": {"Name": "Region"}})
    centre.connect.create_user_hierarchy_group(**centre.own, Name="North")
    (centre.directory / "hierarchy.yaml").unlink()
    assert "nothing differs" in centre.plan(expect=NOTHING)


def test_people_are_onboarded_with_passwords_that_nothing_keeps(centre, server):
    centre.write("security-profiles/new.yaml", "SecurityProfileName: Newcomers\nPermissions: [BasicAgentAccess]\n")
    routing = centre.connect.describe_routing_profile(**centre.own, RoutingProfileId=centre.routing)["RoutingProfile"]["Name"]
    for name in ("ben", "cleo"):
        users = (centre.directory / "users.yaml").read_text()
        centre.write("users.yaml", users + f"- Username: {name}\n  SecurityProfiles: [Newcomers]\n  RoutingProfile: {routing}\n")
    output = centre.plan()
    assert "new users need passwords" in output and "`ben`, `cleo`" in output and "--passwords-from" in output
    for mode in ([], ["--one-by-one"]):
        message = centre.run("apply", centre.file, *mode, expect=FAILED)
        assert "the new user `ben` has no password" in message and "`cleo`" in message
    secrets = centre.file.with_name("passwords.csv")
    secrets.write_text("username,password\nben,weak\ncleo,Correct-Horse-2\n")
    message = centre.run("apply", centre.file, "--passwords-from", secrets, expect=FAILED)
    assert "the password of `ben`" in message and "weak" not in message
    given = json.dumps({"ben": "Correct-Horse-1", "cleo": "Correct-Horse-2"})
    output = centre.run("apply", centre.file, "--passwords-from", "-", standard_input=given)
    assert "CreateUser" in output and "Horse" not in output
    users = {it["Username"]: it for it in centre.connect.list_users(**centre.own)["UserSummaryList"]}
    assert {"ben", "cleo"} <= set(users)
    assert not [it for it in centre.file.parent.rglob("*") if it.is_file() and it != secrets and "Horse" in it.read_text()]
    assert "as planned already" in centre.run("apply", centre.file)
    assert "Horse" not in centre.run("history", *centre.where, "--json")


def test_one_by_one_gives_the_passwords_too(centre):
    routing = centre.connect.describe_routing_profile(**centre.own, RoutingProfileId=centre.routing)["RoutingProfile"]["Name"]
    users = (centre.directory / "users.yaml").read_text()
    centre.write("users.yaml", users + f"- Username: ben\n  SecurityProfiles: [Spare]\n  RoutingProfile: {routing}\n")
    centre.plan()
    secrets = centre.file.with_name("passwords.json")
    secrets.write_text('{"ben": "Correct-Horse-1"}')
    centre.run("apply", centre.file, "--one-by-one", "--passwords-from", secrets)
    assert "ben" in {it["Username"] for it in centre.connect.list_users(**centre.own)["UserSummaryList"]}


def test_only_the_named_resources_are_planned(centre):
    centre.edit("users.yaml", "[Leads]", "[Leads, Spare]")
    for file in (centre.directory / "security-profiles").iterdir():
        if "SecurityProfileName: Leads" in file.read_text() or "SecurityProfileName: Spare" in file.read_text():
            file.write_text(file.read_text().replace("Permissions:\n", "Permissions:\n- Users.Create\n"))
    centre.write("security-profiles/new.yaml", "SecurityProfileName: New one\nPermissions: [Users.View]\n")
    assert "1 to create, 3 to change" in centre.plan()
    assert "0 to create, 1 to change" in centre.plan("--only", "Spare")
    [change] = json.loads(centre.file.read_text())["changes"]
    assert change["after"]["SecurityProfile"]["name"] == "Spare"
    assert "1 to create, 1 to change" in centre.plan("--only", "New one", "--only", "User:ana")
    assert "did you mean `Spare`?" in centre.plan("--only", "Spar", expect=FAILED)
    centre.run("apply", centre.file)
    assert "New one" in {it["Name"] for it in centre.connect.list_security_profiles(**centre.own)["SecurityProfileSummaryList"]}


def test_one_profile_of_many_is_promoted(centre, connect, server, tmp_path):
    other = Centre(connect, server, tmp_path / "other")
    centre.write("security-profiles/one.yaml", "SecurityProfileName: One\nPermissions: [Users.View]\n")
    # This one leads to nothing in the target; it is not promoted, and so no fault.
    centre.write(
        "security-profiles/two.yaml",
        "SecurityProfileName: Two\nPermissions: [Users.View]\nApplications:\n- {Namespace: crm, ApplicationPermissions: [ACCESS]}\n",
    )
    map_file = tmp_path / "map.yaml"
    map_file.write_text("OnlyInTarget: DELETE\n")
    options = ["--map", map_file, *other.where, "--out", centre.file]
    assert "`crm`" in centre.run("plan", centre.directory, *options, expect=FAILED)
    output = centre.run("plan", centre.directory, *options, "--only", "One", expect=CHANGES)
    assert "1 to create, 0 to change, 0 to delete" in output
    message = centre.run("plan", centre.directory, *options, "--only", "User:ana", expect=FAILED)
    assert "no `User` in `Promote`" in message


def test_an_environment_that_names_another_server_than_the_plan_stops_it(centre, server):
    centre.write("security-profiles/new.yaml", "SecurityProfileName: New one\nPermissions: [Users.View]\n")
    centre.plan()
    message = centre.run("apply", centre.file, AWS_ENDPOINT_URL="http://127.0.0.1:1", expect=FAILED)
    assert "AWS_ENDPOINT_URL: the plan was made for" in message
    done = run_lanyard("apply", str(centre.file), AWS_ENDPOINT_URL_CONNECT=server.endpoint, AWS_ENDPOINT_URL="http://127.0.0.1:1")
    assert done.returncode == 0, done.stderr
    assert f"applying to the instance {centre.own['InstanceId']} at {server.endpoint}" in done.stderr


def test_a_profile_in_a_folder_of_its_own_is_no_deletion(centre):
    profiles = centre.directory / "security-profiles"
    [file] = [it for it in profiles.iterdir() if "SecurityProfileName: Spare" in it.read_text()]
    (profiles / "spare").mkdir()
    file.rename(profiles / "spare" / file.name)
    message = centre.plan(expect=FAILED)
    assert f"`{profiles / 'spare'}` is a folder, whose files are not read" in message and not centre.file.exists()
