"""`lanyard check`, `explain`, `who-can` and `what-can` on files: pulled directories, templates and Terraform states."""

import json
import re
import shutil

import pytest

from harness.operations import unique
from harness.server import Server, run_lanyard
from test_check import ALLOWED, DENIED, ERROR, UNDETERMINED, build
from test_terraform import Terraform

QUESTIONS = [
    ("check", "lead", "Users.Edit", "User:benedict"),
    ("check", "lead", "Users.Edit", "User:carla"),
    ("check", "manager", "Users.Edit", "User:benedict"),
    ("check", "manager", "Users.View", "User:nowhere"),
    ("check", "vague", "Queues.Edit", "Queue:Open"),
    ("check", "coach", "listen-to-recordings", "Instance"),
    ("check", "coach", "ACCESS", "ThirdPartyApplication:crm"),
    ("who-can", "Queues.Edit", "Queue:Billing"),
    ("who-can", "listen-to-recordings"),
    ("what-can", "lead", "Queue"),
    ("what-can", "manager"),
]


EXPLAINED = ("explain", "lead", "Users.Edit", "User:carla")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("files")) as server:
        yield build(server)


@pytest.fixture(scope="module")
def pulled(world, tmp_path_factory):
    directory = tmp_path_factory.mktemp("pulled") / "access"
    result = run_lanyard("pull", "--data", str(world.server.data), "--with-names", "--to", str(directory))
    assert result.returncode == 0, result.stderr
    return directory


@pytest.fixture
def edited(pulled, tmp_path):
    """A copy to edit."""
    return shutil.copytree(pulled, tmp_path / "edited")


def ask(*arguments: str, files) -> tuple[int, dict]:
    result = run_lanyard(*arguments, "--json", "--files", str(files))
    assert result.stderr == "", result.stderr
    return result.returncode, json.loads(result.stdout)


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_a_pulled_directory_answers_as_the_data_does(world, pulled, question):
    status, output = ask(*question, files=pulled)
    live = run_lanyard(*question, "--json", "--data", str(world.server.data))
    expected = json.loads(live.stdout)
    assert status == live.returncode
    for answer in (output, expected):
        answer.pop("revision")
        answer.pop("time")
        answer["notes"] = [note for note in answer["notes"] if not note.startswith("not seen")]
    assert output == expected


def test_files_have_no_revision(world, pulled):
    of_files = run_lanyard(*EXPLAINED, "--files", str(pulled))
    of_data = run_lanyard(*EXPLAINED, "--data", str(world.server.data))
    assert "  revision " in of_data.stdout and "  revision " not in of_files.stdout
    assert re.search(r"^  files that were pulled at revision \d+$", of_files.stdout, re.M)


def test_an_edit_is_asked_before_it_is_made(edited):
    leads = edited / "security-profiles" / "leads.yaml"
    leads.write_text(leads.read_text().replace("- Queue\n", ""))
    assert ask("check", "lead", "Queues.Edit", "Queue:Claims", files=edited)[0] == ALLOWED
    # A new resource has no identifier yet, and is referred to by name like the rest.
    (edited / "security-profiles" / "new.yaml").write_text("SecurityProfileName: New\nPermissions: [Prompts.View]\n")
    users = edited / "users.yaml"
    users.write_text(users.read_text().replace("SecurityProfiles: [Coaches]", "SecurityProfiles: [Coaches, New]"))
    assert ask("check", "coach", "Prompts.View", "Prompt:p", files=edited)[0] == ALLOWED


def test_an_error_has_its_place(edited):
    leads = edited / "security-profiles" / "leads.yaml"
    text = leads.read_text()
    leads.write_text(text.replace("Permissions:", "Permisions:"))
    result = run_lanyard("check", "lead", "Queues.Edit", "Queue:Claims", "--files", str(edited))
    line = text.splitlines().index("Permissions:") + 1
    assert result.returncode == ERROR
    assert f"{leads}:{line}:1: a security profile has no member `Permisions`; did you mean `Permissions`?" in result.stderr
    leads.write_text(text)
    users = edited / "users.yaml"
    users.write_text(users.read_text().replace("[Coaches]", "[Coach]"))
    result = run_lanyard("check", "lead", "Queues.Edit", "Queue:Claims", "--files", str(edited))
    assert "there is no security profile `Coach`; did you mean `Coaches`?" in result.stderr


def test_unknown_parts_are_named(edited):
    for kind in ("users", "queues"):
        (edited / f"{kind}.yaml").unlink()
    result = run_lanyard("check", "somebody", "Queues.Edit", "Queue:Claims", "--files", str(edited))
    assert result.returncode == UNDETERMINED
    assert result.stdout.startswith("undetermined: too little was seen to say whether `somebody` may do `Queues.Edit`")
    assert "the principal was not seen, and may exist (Unseen)" in result.stdout
    assert "note: not seen, so that there may be more: queue, user" in result.stdout
    status, output = ask("who-can", "Users.Edit", files=edited)
    assert (status, output["allowed"]) == (UNDETERMINED, [])
    assert any(note.startswith("not seen") for note in output["notes"])
    result = run_lanyard("what-can", "somebody", "--files", str(edited))
    assert (result.returncode, result.stdout.splitlines()[0]) == (UNDETERMINED, "undetermined: whether `somebody` may do anything")


TEMPLATE = """
Resources:
  Lead:
    Type: AWS::Connect::SecurityProfile
    Properties:
      SecurityProfileName: Lead
      Permissions: [Queues.View, Queues.Edit]
      TagRestrictedResources: [Queue]
      AllowedAccessControlTags: [{Key: Team, Value: Billing}]
  Ann:
    Type: AWS::Connect::User
    Properties: {Username: ann, SecurityProfileArns: [!GetAtt Lead.SecurityProfileArn]}
  Billing:
    Type: AWS::Connect::Queue
    Properties: {Name: Billing, Tags: [{Key: Team, Value: Billing}]}
  Claims:
    Type: AWS::Connect::Queue
    Properties: {Name: Claims}
"""


def test_a_template_answers_for_its_resources(tmp_path):
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE)
    assert ask("check", "ann", "Queues.Edit", "Queue:Billing", files=template)[0] == ALLOWED
    assert ask("check", "ann", "Queues.Edit", "Queue:Claims", files=template)[0] == DENIED
    assert ask("check", "ann", "Users.Edit", "User:*", files=template)[0] == DENIED
    assert ask("check", "bob", "Users.Edit", "User:*", files=template)[0] == UNDETERMINED
    result = run_lanyard("check", "ann", "Users.Edit", "User:*", "--files", str(template), "--as-of", "1")
    assert result.returncode != 0 and "--files" in result.stderr


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed")
def test_terraform_show_output(server, connect, tmp_path):
    (tmp_path / "terraform").mkdir()
    terraform = Terraform(tmp_path / "terraform", server.endpoint)
    terraform.set(permissions=["BasicAgentAccess", "Queues.View"], alias=unique("shown"))
    terraform.run("init", "-no-color")
    # A plan of new resources: identifiers are known only after the apply.
    terraform.run("plan", "-no-color", "-out=plan")
    plan = tmp_path / "plan.json"
    plan.write_text(terraform.run("show", "-json", "plan"))
    status, output = ask("check", "ada", "Queues.View", "Queue:orders", files=plan)
    assert (status, [point["name"] for point in output["open_points"]]) == (UNDETERMINED, ["Unseen"])
    assert any("restricted by" in note and "Terraform agents" in note for note in output["notes"])

    terraform.run("apply", "-auto-approve", "-no-color", "plan")
    try:
        state = tmp_path / "state.json"
        state.write_text(terraform.run("show", "-json"))
        shown = json.loads(state.read_text())["values"]["root_module"]["resources"]
        name = next(one["values"]["name"] for one in shown if one["address"] == "aws_connect_queue.orders")
        # Ada's only profile is in the state; what it restricts is not.
        assert ask("check", "ada", "BasicAgentAccess", files=state)[0] == ALLOWED
        assert ask("check", "ada", "Users.Edit", "User:grace", files=state)[0] == DENIED
        status, output = ask("explain", "ada", "Queues.View", f"Queue:{name}", files=state)
        assert (status, [point["name"] for point in output["open_points"]]) == (UNDETERMINED, ["Unseen"])
        assert "was not seen with what it restricts" in " ".join(output["reasons"])
        # Grace's is read by a data source.
        assert ask("check", "grace", "ContactSearch.View", "Contact:c", files=state)[0] == ALLOWED
        raw = run_lanyard("check", "ada", "BasicAgentAccess", "--files", str(terraform.directory / "terraform.tfstate"))
        assert raw.returncode == ERROR and "terraform show -json" in raw.stderr
    finally:
        terraform.run("destroy", "-auto-approve", "-no-color")
