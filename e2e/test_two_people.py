"""Two people who work on one instance: plans from files that are older than a colleague's change, and pulls over edits."""

import json

import pytest

from conftest import new_instance
from harness.operations import unique
from harness.server import run_lanyard

NOTHING, FAILED, CHANGES = 0, 1, 2


class Centre:
    def __init__(self, connect, server, home):
        self.connect, self.directory = connect, home / "access"
        self.own = {"InstanceId": new_instance(connect, InstanceAlias=unique("two"), IdentityManagementType="SAML")}
        self.ids = {
            name: connect.create_security_profile(**self.own, SecurityProfileName=name, Permissions=["Users.View"])["SecurityProfileId"]
            for name in ("Leads", "Planners", "Obsolete")
        }
        self.routing = connect.list_routing_profiles(**self.own)["RoutingProfileSummaryList"][0]["Id"]
        self.where = ["--endpoint", server.endpoint, "--instance", self.own["InstanceId"]]
        self.user("ana", "Leads")
        self.pull()

    def user(self, name, profile):
        return self.connect.create_user(
            **self.own,
            Username=name,
            PhoneConfig={"PhoneType": "SOFT_PHONE"},
            SecurityProfileIds=[self.ids[profile]],
            RoutingProfileId=self.routing,
        )["UserId"]

    def run(self, *arguments, expect=0):
        done = run_lanyard(*map(str, arguments))
        assert done.returncode == expect, f"{done.returncode}: {done.stdout}\n{done.stderr}"
        return done.stderr if expect == FAILED else done.stdout

    def pull(self, *options, expect=0):
        return self.run("pull", "--to", self.directory, *self.where, *options, expect=expect)

    def plan(self, *options, expect=CHANGES):
        return self.run("plan", self.directory, *self.where, *options, expect=expect)

    def file(self, name):
        [file] = [it for it in (self.directory / "security-profiles").iterdir() if f"SecurityProfileName: {name}\n" in it.read_text()]
        return file

    def edit(self, name, permission):
        """The files give the profile one more permission."""
        file = self.file(name)
        file.write_text(file.read_text().replace("Permissions:\n", f"Permissions:\n- {permission}\n"))

    def change(self, name, *permissions):
        """A colleague changes the profile at the server."""
        self.connect.update_security_profile(**self.own, SecurityProfileId=self.ids[name], Permissions=list(permissions))

    def permissions(self, name):
        return set(self.connect.list_security_profile_permissions(**self.own, SecurityProfileId=self.ids[name])["Permissions"])

    def revision(self):
        return json.loads(self.run("history", *self.where, "--json", "--limit", "1"))["revision"]


@pytest.fixture
def centre(connect, server, tmp_path):
    return Centre(connect, server, tmp_path)


def test_a_plan_from_old_files_leaves_what_a_colleague_changed(centre, tmp_path):
    record = json.loads((centre.directory / "pulled.json").read_text())
    assert record["revision"] == centre.revision() and record["instance"] == centre.own["InstanceId"]
    centre.change("Planners", "Users.View", "Queues.View")
    revision = centre.revision()
    output = centre.plan(expect=NOTHING)
    assert f"security profile `Planners` was changed at revision {revision} by `test`, after your pull at revision" in output
    # The own edit is planned, and nothing of the colleague's changes is undone: a profile and a user are new, one is gone.
    centre.edit("Leads", "Users.Create")
    centre.ids["Added"] = centre.connect.create_security_profile(**centre.own, SecurityProfileName="Added")["SecurityProfileId"]
    centre.user("ben", "Added")
    centre.connect.delete_security_profile(**centre.own, SecurityProfileId=centre.ids["Obsolete"])
    plan = tmp_path / "change.plan"
    output = centre.plan("--out", plan)
    assert "0 to create, 1 to change, 0 to delete" in output and "+ Permissions: Users.Create" in output
    for words in ("`Planners` was changed", "`Added` was created", "`ben` was created", "`Obsolete` was deleted"):
        assert words in output, output
    centre.run("apply", plan)
    assert centre.permissions("Leads") == {"Users.View", "Users.Create"}
    assert centre.permissions("Planners") == {"Users.View", "Queues.View"}
    # The applied change is no edit any more, so that the next pull brings the files up to date.
    centre.pull()
    assert "nothing differs" in centre.plan(expect=NOTHING) and "Queues.View" in centre.file("Planners").read_text()


def test_what_was_planned_and_applied_is_no_change_of_a_colleague(centre, tmp_path):
    centre.edit("Leads", "Users.Create")
    (centre.directory / "security-profiles/new.yaml").write_text("SecurityProfileName: Newest\nPermissions: [Users.View]\n")
    for permission in ("Queues.Edit", "Queues.View"):
        centre.plan("--out", tmp_path / "change.plan")
        centre.run("apply", tmp_path / "change.plan")
        centre.edit("Leads", permission)
        (centre.directory / "security-profiles/new.yaml").write_text(f"SecurityProfileName: Newest\nPermissions: [{permission}]\n")
    # Later changes of somebody else are conflicts all the same.
    centre.change("Leads", "SecurityProfiles.View")
    assert "both changed 1 resource" in centre.plan(expect=FAILED)


@pytest.mark.parametrize("source", ["server", "data"])
def test_a_resource_that_both_changed_is_a_conflict_that_someone_decides(centre, server, source):
    centre.edit("Leads", "Users.Create")
    centre.change("Leads", "Users.View", "Queues.View")
    where = centre.where if source == "server" else ["--data", server.data, "--instance", centre.own["InstanceId"]]

    def plan(*options, expect=CHANGES):
        return centre.run("plan", centre.directory, *where, *options, expect=expect)

    message = plan(expect=FAILED)
    assert f"{centre.file('Leads')}:" in message
    assert f"`Leads` was changed at revision {centre.revision()} by `test`, after your pull at revision" in message
    instance, files = message.split("in the instance:")[1].split("in the files:")
    assert "+ Permissions: Queues.View" in instance and "Users.Create" not in instance
    assert "+ Permissions: Users.Create" in files and "Queues.View" not in files
    output = plan("--take", "files")
    assert "- Permissions: Queues.View" in output and "+ Permissions: Users.Create" in output and "the files decide" in output
    assert "it stays as it is" in plan("--take", "present", expect=NOTHING)
    # The same change on both sides is none.
    centre.change("Leads", "Users.View", "Users.Create")
    assert "nothing differs" in plan(expect=NOTHING)


def test_a_pull_does_not_overwrite_edits(centre):
    centre.edit("Leads", "Users.Create")
    before = centre.file("Leads").read_text()
    centre.change("Planners", "Queues.View")
    message = centre.pull(expect=FAILED)
    assert "security profile `Leads`" in message and "--force" in message and "Planners" not in message
    assert centre.file("Leads").read_text() == before and "Queues.View" not in centre.file("Planners").read_text()
    centre.pull("--force")
    assert "Users.Create" not in centre.file("Leads").read_text() and "Queues.View" in centre.file("Planners").read_text()
    # Files that cannot be read may have edits too; files without a record as well.
    leads = centre.file("Leads")
    leads.write_text(leads.read_text() + "Tags: [\n")
    assert "cannot be read" in centre.pull(expect=FAILED)
    leads.unlink()
    centre.pull("--force")
    centre.edit("Leads", "Users.Create")
    (centre.directory / "pulled.json").unlink()
    assert "no record of its pull, and 1 of its resources differ" in centre.pull(expect=FAILED)
    centre.pull("--force")
    (centre.directory / "pulled.json").unlink()
    centre.pull()


def test_a_pull_does_not_overwrite_the_files_of_another_instance(centre, connect, server, tmp_path):
    other = new_instance(connect, InstanceAlias=unique("other"))
    where = ["--endpoint", server.endpoint, "--instance", other]
    message = centre.run("pull", "--to", centre.directory, *where, expect=FAILED)
    assert f"it has the files of the instance `{centre.own['InstanceId']}`" in message
    assert "Leads" in centre.file("Leads").read_text()
    centre.run("pull", "--to", centre.directory, *where, "--force")
    assert other in (centre.directory / "instance.yaml").read_text()
