"""A plan that one change-set cannot hold is applied all the same, and goes on after an interruption."""

import json
import re

import pytest

from conftest import new_instance
from harness.server import run_lanyard

# More calls than fit into the body of one change-set.
USERS = 5_000


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    from harness.server import Server

    home = tmp_path_factory.mktemp("large")
    with Server(home / "server") as server:
        body = json.dumps({"alias": "large", "users": USERS}).encode()
        assert server.wire().send("POST", "/lanyard/v1/seed", body).status == 200
        files = home / "access"
        done = lanyard(server, "pull", "--to", str(files), "--with-names", "--rate", "1000")
        assert done.returncode == 0, done.stderr
        yield server, files, home


def lanyard(server, *arguments: str):
    return run_lanyard(
        *arguments, "--endpoint", server.endpoint,
        timeout=300, AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION="us-east-1",
    )


def tagged(text: str, value: str) -> str:
    """Every user with one tag more."""
    users = re.split(r"(?m)^(?=- )", text)
    out = []
    for user in users:
        if user.startswith("- ") and "Tags: {" in user:
            user = user.replace("Tags: {", f'Tags: {{Wave: "{value}", ', 1)
        elif user.startswith("- "):
            user += f'  Tags: {{Wave: "{value}"}}\n'
        out.append(user)
    return "".join(out)


def revision(server, instance: str) -> int:
    return server.wire().send("GET", f"/lanyard/v1/instances/{instance}/history").json["revision"]


def test_it_is_planned_applied_and_then_nothing_differs(place):
    server, files, home = place
    (instance,) = [one["Id"] for one in server.client().list_instances()["InstanceSummaryList"]]
    users = files / "users.yaml"
    before = users.read_text()
    users.write_text(tagged(before, "1"))
    plan = home / "tag.plan"

    planned = lanyard(server, "plan", str(files), "--out", str(plan))
    assert planned.returncode in (0, 2), planned.stderr
    message = re.search(r"these are (\d+) calls, .* as (\d+) writes", planned.stdout.replace("\n", " "))
    assert message and int(message[1]) >= USERS and int(message[2]) > 1, planned.stdout[-600:]

    first = revision(server, instance)
    done = run_lanyard("apply", str(plan), timeout=300, AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test")
    assert done.returncode == 0, done.stderr
    assert f"as the revisions {first + 1} to {first + int(message[2])}" in done.stdout
    assert revision(server, instance) == first + int(message[2])
    again = run_lanyard("apply", str(plan), timeout=300, AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test")
    assert "as planned already" in again.stdout
    assert "nothing differs" in lanyard(server, "plan", str(files)).stdout


def test_it_goes_on_where_it_was_interrupted(place):
    """The first write was made, the second was not: the same plan makes what is left, and only that."""
    server, files, home = place
    client = server.client()
    (instance,) = [one["Id"] for one in client.list_instances()["InstanceSummaryList"]]
    users = files / "users.yaml"
    users.write_text(users.read_text().replace('Wave: "1"', 'Wave: "2"'))
    plan = home / "more.plan"
    assert lanyard(server, "plan", str(files), "--out", str(plan)).returncode in (0, 2)

    # As an interrupted `apply` leaves it: some of the users have the tag.
    some = [one for one in client.search_users(InstanceId=instance, MaxResults=100)["Users"]]
    calls = [
        {"method": "POST", "path": "/tags/" + one["Arn"].replace(":", "%3A").replace("/", "%2F"), "body": {"tags": {"Wave": "2"}}}
        for one in some
    ]
    body = json.dumps({"calls": calls}).encode()
    assert server.wire().send("POST", f"/lanyard/v1/instances/{instance}/change-sets", body).status == 200

    done = run_lanyard("apply", str(plan), timeout=300, AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test")
    assert done.returncode == 0, done.stderr
    assert "nothing differs" in lanyard(server, "plan", str(files)).stdout


def test_changes_by_others_are_not_overwritten(place):
    server, files, home = place
    client = server.client()
    (instance,) = [one["Id"] for one in client.list_instances()["InstanceSummaryList"]]
    users = files / "users.yaml"
    users.write_text(users.read_text().replace('Wave: "2"', 'Wave: "3"'))
    plan = home / "late.plan"
    assert lanyard(server, "plan", str(files), "--out", str(plan)).returncode in (0, 2)
    one, other = client.search_users(InstanceId=instance, MaxResults=2)["Users"]
    client.tag_resource(resourceArn=one["Arn"], tags={"Wave": "3"})
    client.tag_resource(resourceArn=other["Arn"], tags={"Wave": "somebody else"})
    before = revision(server, instance)

    done = run_lanyard("apply", str(plan), timeout=300, AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test")

    assert done.returncode == 1 and "has changed since the plan was made" in done.stderr
    assert revision(server, instance) == before


def test_files_without_identifiers_take_nothing_from_people(server, tmp_path):
    """Files leave out mail addresses and telephone numbers, and a plan keeps those that are there."""
    client = server.client(region="eu-central-1")
    instance = new_instance(client)
    of = {"InstanceId": instance}
    routing = client.list_routing_profiles(**of)["RoutingProfileSummaryList"][0]["Id"]
    agent = client.create_security_profile(**of, SecurityProfileName="Agents", Permissions=["Users.View"])["SecurityProfileId"]
    info = {"FirstName": "Ada", "LastName": "Moor", "Email": "ada@example.com", "SecondaryEmail": "a@example.org"}
    user = client.create_user(
        **of, Username="ada", Password="Passw0rd-of-ada", IdentityInfo=info, RoutingProfileId=routing, SecurityProfileIds=[agent],
        PhoneConfig={"PhoneType": "SOFT_PHONE"},
    )["UserId"]  # fmt: skip
    environment = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "eu-central-1"}
    to = ["--endpoint", server.endpoint, "--instance", instance]
    files = tmp_path / "access"
    pulled = run_lanyard("pull", "--to", str(files), "--with-names", *to, **environment)
    assert pulled.returncode == 0, pulled.stderr
    users = files / "users.yaml"
    text = users.read_text()
    assert "ada@example.com" not in text
    without = re.sub(r"(?m)^([ -] )Id: .*\n", lambda it: "- " if it[1] == "- " else "", text)
    without = without.replace("-   ", "- ")
    assert user not in without
    users.write_text(without)
    planned = run_lanyard("plan", str(files), *to, **environment)
    assert "nothing differs" in planned.stdout, planned.stdout + planned.stderr
    assert client.describe_user(**of, UserId=user)["User"]["IdentityInfo"] == info
