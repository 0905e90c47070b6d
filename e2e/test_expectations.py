"""`lanyard test`: files of expectations, over files, a data directory and a running server."""

import json
import shutil
from xml.etree import ElementTree

import pytest

from conftest import new_instance
from harness.server import Server, run_lanyard

OK, ERROR, FAILED = 0, 1, 2


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    place = tmp_path_factory.mktemp("expectations")
    with Server(place) as server:
        client = server.client()
        instance = new_instance(client, IdentityManagementType="SAML", InstanceAlias="expected")
        profile = client.create_security_profile(
            InstanceId=instance,
            SecurityProfileName="Leads",
            Permissions=["Users.View", "Users.Edit", "ManagerListenIn"],
            TagRestrictedResources=["User"],
            AllowedAccessControlTags={"Team": "Billing"},
        )
        routing = client.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]
        users = {}
        for name, team in (("lead", None), ("ben", "Billing"), ("carla", "Claims")):
            users[name] = client.create_user(
                InstanceId=instance,
                Username=name,
                PhoneConfig={"PhoneType": "SOFT_PHONE"},
                SecurityProfileIds=[profile["SecurityProfileId"]],
                RoutingProfileId=routing,
                **({"Tags": {"Team": team}} if team else {}),
            )["UserId"]
        data = server.data
        files = place / "access"
        done = run_lanyard("pull", "--to", str(files), "--data", str(data), "--with-names")
        assert done.returncode == OK, done.stderr
        yield {"data": data, "files": files, "server": server, "users": users, "instance": instance}


def expect(tmp_path, text: str):
    file = tmp_path / "expectations.yaml"
    file.write_text("expectations:\n" + text)
    return str(file)


GOOD = """\
- principal: lead
  action: Users.Edit
  resource: User:ben
  expect: allowed
  through: Leads
- principal: [lead, ben]
  action: [Users.View, Users.Edit]
  resource: User:carla
  expect: denied
- principal: lead
  action: Users.Edit
  resource: User:new
  properties: {hypothetical: true, tags: {Team: Billing}}
  expect: allowed
- principal: carla
  task: monitor-live
  expect: allowed
"""


def test_met_expectations_pass_from_every_source(world, tmp_path):
    file = expect(tmp_path, GOOD)
    for source in (["--files", str(world["files"])], ["--data", str(world["data"])]):
        done = run_lanyard("test", file, *source)
        assert (done.returncode, done.stdout) == (OK, "7 passed, 0 failed\n"), done.stdout + done.stderr


def test_a_failed_expectation_has_expected_actual_reason_and_place(world, tmp_path):
    file = expect(tmp_path, "- principal: lead\n  action: Users.Edit\n  resource: [User:ben, User:carla]\n  expect: allowed\n")
    done = run_lanyard("test", file, "--files", str(world["files"]))
    assert done.returncode == FAILED
    assert f"failed: lead Users.Edit User:carla  {file}:4:24" in done.stdout
    assert "expected allowed, got denied" in done.stdout and "tagged `Team`=`Billing`" in done.stdout
    assert done.stdout.endswith("1 passed, 1 failed\n")
    output = json.loads(run_lanyard("test", file, "--files", str(world["files"]), "--json").stdout)
    assert [it["passed"] for it in output["results"]] == [True, False]
    assert output["results"][1]["got"] == "denied" and output["results"][1]["reasons"]


def test_expectations_about_unknown_names_fail(world, tmp_path):
    cases = [
        ("leed", "Users.Edit", "User:ben", "there is no user `leed`; did you mean `lead`?"),
        ("lead", "Users.Edit", "User:benn", "there is no User `benn`; did you mean `ben`?"),
        ("lead", "Zebras.Edit", "Instance", "there is no permission, tool or task `Zebras.Edit`"),
    ]
    for principal, action, resource, message in cases:
        file = expect(tmp_path, f"- principal: {principal}\n  action: {action}\n  resource: {resource}\n  expect: denied\n")
        done = run_lanyard("test", file, "--files", str(world["files"]))
        assert done.returncode == FAILED and message in done.stdout, done.stdout


def test_junit_is_valid_xml_for_any_text(world, tmp_path):
    file = expect(
        tmp_path,
        "- name: \"a <b> & \\\"c\\\" 'd' \\u0001\"\n  principal: lead\n  action: Users.Edit\n  resource: User:carla\n"
        "  expect: allowed\n- principal: lead\n  action: Users.Edit\n  resource: User:ben\n  expect: allowed\n",
    )
    report = tmp_path / "results.xml"
    assert run_lanyard("test", file, "--files", str(world["files"]), "--junit", str(report)).returncode == FAILED
    (suite,) = ElementTree.parse(report).getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("name")) == ("2", "1", file)
    bad, good = suite
    assert bad.get("name").startswith("a <b> & \"c\" 'd' \\u{1}: lead Users.Edit User:carla")
    assert bad[0].get("message") == "expected allowed, got denied" and "Team" in bad[0].text
    assert len(good) == 0 and good.get("line") == "7"


def test_uncovered_items_are_listed(world, tmp_path):
    file = expect(tmp_path, "- principal: lead\n  action: Users.Edit\n  resource: User:ben\n  expect: allowed\n")
    output = json.loads(run_lanyard("test", file, "--files", str(world["files"]), "--json").stdout)["coverage"]
    untouched = {(it["member"], it["value"]) for it in output["untouched"] if it["profile"] == "Leads"}
    assert untouched == {("Permissions", "Users.View"), ("Permissions", "ManagerListenIn")}
    done = run_lanyard("test", file, "--files", str(world["files"]), "--coverage")
    assert done.returncode == OK and "ManagerListenIn" in done.stdout and "coverage: 3 of " in done.stdout
    done = run_lanyard("test", file, "--files", str(world["files"]), "--min-coverage", "90")
    assert done.returncode == FAILED and "less than 90 %" in done.stderr


def test_another_profile_than_expected_fails(world, tmp_path):
    file = expect(
        tmp_path, "- principal: lead\n  action: Users.Edit\n  resource: User:ben\n  expect: allowed\n  through: Admin\n"
    )
    done = run_lanyard("test", file, "--files", str(world["files"]))
    assert done.returncode == FAILED and "granted by `Leads`" in done.stdout


def test_a_fault_in_the_file_has_a_place(world, tmp_path):
    file = expect(tmp_path, "- principal: lead\n  acton: Users.Edit\n  expect: denied\n")
    done = run_lanyard("test", file, "--files", str(world["files"]))
    assert done.returncode == ERROR
    assert f"{file}:3:3: an expectation has no member `acton`; did you mean `action`?" in done.stderr


def test_a_server_is_asked_by_identifier(world, tmp_path):
    users = world["users"]
    file = expect(
        tmp_path,
        f"- principal: {users['lead']}\n  action: Users.Edit\n  resource: User:{users['ben']}\n  expect: allowed\n"
        f"- principal: {users['lead']}\n  action: Users.Edit\n  resource: User:{users['carla']}\n  expect: denied\n",
    )
    source = ["--endpoint", world["server"].endpoint, "--instance", world["instance"]]
    done = run_lanyard("test", file, *source)
    assert (done.returncode, done.stdout) == (OK, "2 passed, 0 failed\n"), done.stdout + done.stderr


def test_a_plan_is_tested_before_it_is_applied(world, tmp_path):
    wanted = shutil.copytree(world["files"], tmp_path / "wanted")
    leads = wanted / "security-profiles" / "leads.yaml"
    leads.write_text(leads.read_text().replace("- Users.Edit\n", ""))
    plan = tmp_path / "plan.json"
    data = ["--data", str(world["data"])]
    made = run_lanyard("plan", str(wanted), *data, "--out", str(plan))
    assert made.returncode == FAILED, made.stderr
    file = expect(tmp_path, "- principal: lead\n  action: Users.Edit\n  resource: User:ben\n  expect: denied\n")
    assert run_lanyard("test", file, *data).returncode == FAILED
    done = run_lanyard("test", file, *data, "--plan", str(plan))
    assert (done.returncode, done.stdout) == (OK, "1 passed, 0 failed\n"), done.stdout + done.stderr
    # The state that the plan leads to is another than the one it was made for.
    moved = run_lanyard("test", file, "--files", str(wanted), "--plan", str(plan))
    assert moved.returncode == ERROR and "another state" in moved.stderr


class TestSeveral:
    """Holders of a profile, patterns, and exactly those who may. `Leads` has three holders: lead, ben (Billing), carla."""

    def run(self, world, tmp_path, text, *more):
        file = expect(tmp_path, text)
        return run_lanyard("test", file, "--files", str(world["files"]), *more)

    def test_every_holder_of_a_profile_must_meet_it_and_they_are_counted(self, world, tmp_path):
        done = self.run(
            world, tmp_path, "- holders_of: Leads\n  action: Users.Edit\n  resource: User:ben\n  expect: allowed\n"
        )
        assert (done.returncode, done.stdout) == (
            OK,
            "passed: holders of `Leads` Users.Edit User:ben: 3 holders\n1 passed, 0 failed\n",
        )
        done = self.run(
            world, tmp_path, "- holders_of: Leads\n  action: Users.Edit\n  resource: User:carla\n  expect: allowed\n"
        )
        assert done.returncode == FAILED
        assert "expected allowed: 3 of 3 holders are not" in done.stdout and "`ben`: expected allowed, got denied: " in done.stdout

    def test_a_profile_that_nobody_holds_is_met_and_said(self, world, tmp_path):
        text = "- holders_of: Admin\n  action: Users.Edit\n  resource: User:ben\n  expect: denied\n"
        done = self.run(world, tmp_path, text)
        assert done.returncode == OK and "User:ben: 0 holders\n" in done.stdout

    def test_a_misspelt_profile_or_pattern_fails(self, world, tmp_path):
        cases = [
            ("holders_of: Laeds", "User:ben", "there is no security profile `Laeds`", "did you mean `Leads`"),
            ("principal: 'x*'", "User:ben", "nobody matches `x*`", ""),
            ("principal: lead", "'User:x*'", "no resource matches `User:x*`", ""),
        ]
        for subject, resource, message, hint in cases:
            text = f"- {subject}\n  action: Users.Edit\n  resource: {resource}\n  expect: denied\n"
            done = self.run(world, tmp_path, text)
            assert done.returncode == FAILED and message in done.stdout and hint in done.stdout, done.stdout
            if not hint:
                done = self.run(world, tmp_path, text + "  may_be_empty: true\n")
                assert done.returncode == OK, done.stdout

    def test_patterns_of_people_and_resources(self, world, tmp_path):
        text = "- principal: '*A*'\n  action: Users.Edit\n  resource: 'User:b*'\n  expect: allowed\n"
        done = self.run(world, tmp_path, text)
        # lead and carla, on ben.
        assert (done.returncode, done.stdout.splitlines()[0]) == (OK, "passed: *A* Users.Edit User:b*: 2 principals")
        text = "- principal: lead\n  action: Users.Edit\n  resource: 'User:*e*'\n  expect: allowed\n"
        done = self.run(world, tmp_path, text)
        assert done.returncode == FAILED
        assert "expected allowed: 1 of 2 pairs of principal and resource are not" in done.stdout

    def test_exactly_these(self, world, tmp_path):
        def ask(subjects, resource="User:ben"):
            return self.run(
                world, tmp_path, f"- {subjects}\n  action: Users.Edit\n  resource: {resource}\n  expect: exactly\n"
            )

        for subjects in ("principal: [lead, ben, carla]", "principal: '*'", "holders_of: Leads", "principal: [lead, 'b*', c?rla]"):
            done = ask(subjects)
            assert done.returncode == OK and "3 principals" in done.stdout, done.stdout
        done = ask("principal: [lead, ben]")
        assert done.returncode == FAILED
        assert "`carla` may, and is not expected: the profile `Leads` grants it" in done.stdout
        done = ask("principal: lead", "User:carla")
        assert "`lead` may not, and is expected" in done.stdout
        assert ask("principal: []", "User:carla").returncode == OK
        assert "there is no user or AI agent `gone`" in ask("principal: [lead, ben, carla, gone]").stdout
        text = "- holders_of: Leads\n  action: Users.Edit\n  resource: User:ben\n  expect: exactly\n  through: "
        assert self.run(world, tmp_path, text + "Leads\n").returncode == OK
        assert "expected through `Admin`, got allowed through another" in self.run(world, tmp_path, text + "Admin\n").stdout
        # A question that nobody could ask is not one that nobody may.
        assert "there is no such resource" in ask("principal: []", "User:gone").stdout
        assert ask("principal: []", "User:gone").returncode == FAILED

    def test_json_and_junit_have_the_counts(self, world, tmp_path):
        text = "- holders_of: Leads\n  action: Users.Edit\n  resource: User:carla\n  expect: allowed\n"
        text += "- principal: [lead, '*']\n  task: monitor-live\n  expect: exactly\n"
        report = tmp_path / "results.xml"
        done = self.run(world, tmp_path, text, "--json", "--junit", str(report))
        holders, exactly = json.loads(done.stdout)["results"]
        assert holders["holders_of"] == "Leads" and holders["about"] == {"principals": 3, "resources": 1, "failed": 3}
        assert exactly["exactly"] == {"principals": ["lead", "*"], "holders_of": []} and exactly["passed"]
        (suite,) = ElementTree.parse(report).getroot()
        assert [case.get("name") for case in suite] == [
            "holders of `Leads` Users.Edit User:carla allowed (3 holders)",
            "exactly lead, * task:monitor-live (3 principals)",
        ]

    def test_they_are_covered(self, world, tmp_path):
        text = "- holders_of: Leads\n  action: [Users.View, Users.Edit]\n  resource: User:ben\n  expect: allowed\n"
        output = json.loads(self.run(world, tmp_path, text, "--json").stdout)["coverage"]
        assert {it["value"] for it in output["untouched"] if it["profile"] == "Leads"} == {"ManagerListenIn"}

    def test_leavers_break_no_test(self, world, tmp_path):
        left = shutil.copytree(world["files"], tmp_path / "left")
        users = left / "users.yaml"
        if not users.exists():
            (users,) = [file for file in left.rglob("*") if file.is_file() and "carla" in file.read_text()]
        text = (
            "- holders_of: Leads\n  action: Users.Edit\n  resource: User:ben\n  expect: exactly\n"
            "- principal: '*'\n  action: Users.Edit\n  resource: 'User:*'\n  expect: denied\n"
        )
        before = self.run({"files": world["files"]}, tmp_path, text)
        blocks = users.read_text().split("- ")
        users.write_text("- ".join(block for block in blocks if "carla" not in block))
        after = self.run({"files": left}, tmp_path, text)
        assert (before.returncode, after.returncode) == (OK, OK), before.stdout + after.stdout + after.stderr
        assert ": 3 principals" in before.stdout and ": 2 principals" in after.stdout

    def test_people_who_were_not_seen_may_be_among_them(self, world, tmp_path):
        some = shutil.copytree(world["files"], tmp_path / "some")
        for file in some.rglob("*"):
            if file.is_file() and "carla" in file.read_text():
                file.unlink()
        done = self.run(
            {"files": some}, tmp_path, "- holders_of: Leads\n  task: monitor-live\n  expect: denied\n"
        )
        assert done.returncode == FAILED and "not all principals were seen" in done.stdout, done.stdout + done.stderr

    def test_a_server_is_not_asked(self, world, tmp_path):
        file = expect(tmp_path, "- holders_of: Leads\n  task: monitor-live\n  expect: allowed\n")
        done = run_lanyard("test", file, "--endpoint", world["server"].endpoint, "--instance", world["instance"])
        assert done.returncode == ERROR and "use --data or --files" in done.stderr
