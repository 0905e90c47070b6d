"""`lanyard lint` on files that `lanyard pull` wrote, and on the data directory itself."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from conftest import new_instance
from harness.server import Server, free_port, run_lanyard

OK, ERROR, FOUND = 0, 1, 2

PROFILES = {
    "Leads": {
        "Permissions": ["Users.View", "Users.Edit", "Queues.View", "SecurityProfiles.View"],
        "TagRestrictedResources": ["User", "SecurityProfile"],
        "AllowedAccessControlTags": {"Team": "Billing"},
        "Tags": {"Team": "Billing"},
    },
    "Planners": {"Permissions": ["Users.View", "Forecasting.View"]},
    "Rulers": {"Permissions": ["Users.View", "Users.EditPermission", "SecurityProfiles.View", "SecurityProfiles.Edit"]},
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A data directory, and the files that a pull of it wrote."""
    place = tmp_path_factory.mktemp("lint")
    with Server(place) as server:
        client = server.client()
        instance = new_instance(client, IdentityManagementType="SAML", InstanceAlias="lint")
        ids = {
            name: client.create_security_profile(InstanceId=instance, SecurityProfileName=name, **members)[
                "SecurityProfileId"
            ]
            for name, members in PROFILES.items()
        }
        routing = client.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]
        for name, held in {"mixed": ["Leads", "Planners"], "lead": ["Leads"], "ruler": ["Rulers"]}.items():
            client.create_user(
                InstanceId=instance,
                Username=name,
                PhoneConfig={"PhoneType": "SOFT_PHONE"},
                SecurityProfileIds=[ids[it] for it in held],
                RoutingProfileId=routing,
            )
        data = server.data
        files = place / "access"
        done = run_lanyard("pull", "--to", str(files), "--data", str(data), "--with-names")
        assert done.returncode == OK, done.stderr
        yield {"data": data, "files": files, "endpoint": server.endpoint}


def lint(path, *arguments: str):
    done = run_lanyard("lint", str(path), "--json", *arguments)
    assert done.returncode in (OK, FOUND), done.stderr
    return done.returncode, json.loads(done.stdout)


def find(report, rule: str, name: str, member: str | None = None):
    actual = [it for it in report["findings"] if it["rule"] == rule and it["subject"]["name"] == name]
    actual = [it for it in actual if member is None or it["member"] == member]
    assert len(actual) == 1, actual
    return actual[0]


def test_a_finding_names_users_reason_and_exact_line(world):
    status, report = lint(world["files"])
    assert status == FOUND
    void = find(report, "restriction-void", "Leads", "TagRestrictedResources/User")
    assert void["severity"] == "error"
    assert [it["name"] for it in void["users"]] == ["mixed"]
    assert [it["name"] for it in void["others"]] == ["Planners"]
    line = Path(void["place"]["file"]).read_text().splitlines()[void["place"]["line"] - 1]
    assert line[void["place"]["column"] - 1 :] == "User"
    assert "Users.View" in void["message"]


def test_an_escalation_path_is_shown_step_by_step(world):
    _, report = lint(world["files"])
    way = find(report, "escalation-by-profile-edit", "Rulers")
    assert [it["name"] for it in way["users"]] == ["ruler"]
    assert way["severity"] == "error"
    assert len(way["steps"]) == 3 and all(step["outcome"] == "allowed" for step in way["steps"])


def test_files_and_the_data_directory_that_they_are_of_have_the_same_findings(world):
    _, of_files = lint(world["files"])
    _, of_data = lint(world["data"])
    output = [{it["identity"] for it in report["findings"]} for report in (of_files, of_data)]
    # Nobody can list AI agents, but a data directory has them all.
    assert output[0] == output[1]
    assert all(it["place"] is None for it in of_data["findings"])


def test_the_address_of_a_running_server_is_a_path(world):
    _, of_data = lint(world["data"])
    status, of_server = lint(world["endpoint"])
    assert run_lanyard("gate", "--no-new-access", world["endpoint"], str(world["files"])).returncode == OK
    assert status == FOUND
    assert {it["identity"] for it in of_server["findings"]} == {it["identity"] for it in of_data["findings"]}
    for command in ("lint", "gate", "plan"):
        output = " ".join(run_lanyard(command, "--help").stdout.split())
        assert "or the address of a running server" in output, command
    nobody = f"http://127.0.0.1:{free_port()}"
    gone = run_lanyard("lint", nobody)
    assert gone.returncode == ERROR and nobody in gone.stderr


def test_the_exit_status_is_that_of_the_worst(world, tmp_path):
    assert lint(world["files"], "--deny", "error")[0] == FOUND
    harmless = tmp_path / "harmless"
    (harmless / "security-profiles").mkdir(parents=True)
    (harmless / "security-profiles" / "p.yaml").write_text("SecurityProfileName: P\nPermissions:\n- RestrictTaskCreation.Access\n")
    assert lint(harmless)[0] == OK
    assert lint(harmless, "--deny", "note")[0] == FOUND


def test_unknown_parts_are_named_and_never_absent(world, tmp_path):
    part = shutil.copytree(world["files"], tmp_path / "part")
    (part / "users.yaml").unlink()
    _, report = lint(part)
    assert any("user" in note for note in report["not_seen"])
    assert not [it for it in report["findings"] if it["rule"] in ("profile-unused", "restriction-void")]


def test_accepted_findings_are_separate_until_their_last_day(world, tmp_path):
    def accept(days: int, *, subject: str = "SecurityProfile:Leads", others: str = "") -> Path:
        day = (datetime.now(UTC) + timedelta(days=days)).date().isoformat()
        file = tmp_path / f"accepted-{days}.yaml"
        file.write_text(
            f"suppressions:\n- rule: restriction-void\n  subject: {subject}\n{others}  reason: until the move\n  expires: {day}\n"
        )
        return file

    rules = lambda report: {it["rule"] for it in report["findings"]}  # noqa: E731
    _, report = lint(world["files"], "--suppressions", str(accept(3)))
    assert "restriction-void" not in rules(report)
    assert {it["reason"] for it in report["suppressed"]} == {"until the move"}
    _, report = lint(world["files"], "--suppressions", str(accept(-3)))
    assert {"restriction-void", "suppression-expired"} <= rules(report)
    _, report = lint(world["files"], "--suppressions", str(accept(5, subject="SecurityProfile:Nobody")))
    assert {"restriction-void", "suppression-unmatched"} <= rules(report)
    unmatched = [it for it in report["findings"] if it["rule"] == "suppression-unmatched"]
    assert unmatched[0]["place"]["line"] == 2
    # Another profile that voids it is another matter.
    _, report = lint(world["files"], "--suppressions", str(accept(7, others="  with: [Rulers]\n")))
    assert "restriction-void" in rules(report)
    _, report = lint(world["files"], "--suppressions", str(accept(8, others="  with: [Planners]\n")))
    assert "restriction-void" not in rules(report)


def test_a_fault_in_the_file_of_accepted_findings_has_a_place(world, tmp_path):
    file = tmp_path / "accepted.yaml"
    file.write_text("suppressions:\n- rule: restriction-viod\n  subject: User:ana\n")
    done = run_lanyard("lint", str(world["files"]), "--suppressions", str(file))
    assert done.returncode == ERROR
    assert f"{file}:2:9: there is no rule `restriction-viod`; did you mean `restriction-void`?" in done.stderr


def test_sarif_has_the_required_members(world, tmp_path):
    day = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    accepted = tmp_path / "accepted.yaml"
    accepted.write_text(
        f"suppressions:\n- rule: restriction-void\n  subject: SecurityProfile:Leads\n  reason: known\n  expires: {day}\n"
    )
    done = run_lanyard("lint", str(world["files"]), "--format", "sarif", "--suppressions", str(accepted))
    log = json.loads(done.stdout)
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules) > 60
    for rule in rules:
        assert rule["shortDescription"]["text"].endswith(".") and rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("note", "warning", "error")
        assert rule.get("helpUri", "https://").startswith("https://")
    prints = [result["partialFingerprints"]["lanyardIdentity/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("note", "warning", "error") and result["message"]["text"]
        (location,) = result["locations"]
        region = location["physicalLocation"]["region"]
        assert region["startLine"] >= 1 and region["startColumn"] >= 1
        assert " " not in location["physicalLocation"]["artifactLocation"]["uri"]
        assert location["logicalLocations"][0]["name"]
    suppressed = [result for result in run["results"] if result["suppressions"]]
    assert {result["ruleId"] for result in suppressed} == {"restriction-void"}
    assert suppressed[0]["suppressions"][0]["justification"].startswith("known")
    # A resource outside any file still has a location in SARIF.
    of_data = json.loads(run_lanyard("lint", str(world["data"]), "--format", "sarif").stdout)
    for result in of_data["runs"][0]["results"]:
        assert "physicalLocation" not in result["locations"][0] and result["locations"][0]["logicalLocations"]


def test_text_has_the_remedy(world):
    done = run_lanyard("lint", str(world["files"]), LANYARD_DATA="/nowhere")
    assert done.returncode == FOUND
    assert "error: restriction-void" in done.stdout and "remedy: " in done.stdout
    assert done.stdout.splitlines()[-1].split()[1] in ("error,", "errors,")
    rules = run_lanyard("lint", "--rules")
    assert rules.returncode == OK and "escalation-by-password" in rules.stdout


def test_unreadable_input_is_an_error(tmp_path):
    done = run_lanyard("lint", str(tmp_path))
    assert done.returncode == ERROR and str(tmp_path) in done.stderr


def test_a_misspelt_profile_of_assisted_people_is_an_error(world, tmp_path):
    file = tmp_path / "declared.yaml"
    agent = "ai_agents:\n- arn: arn:aws:wisdom:us-east-1:123456789012:ai-agent/a/b\n  assists: [{}]\n"
    file.write_text(agent.format("Planers"))
    done = run_lanyard("lint", str(world["files"]), "--suppressions", str(file))
    assert done.returncode == ERROR and "did you mean `Planners`" in done.stderr
    file.write_text(agent.format("Planners"))
    assert run_lanyard("lint", str(world["files"]), "--suppressions", str(file)).returncode == FOUND


def test_only_the_named_rules_are_reported_and_counted(world):
    status, report = lint(world["files"], "--rule", "restriction-void")
    assert status == FOUND and {it["rule"] for it in report["findings"]} == {"restriction-void"}
    assert report["by_rule"] == {"restriction-void": len(report["findings"])}
    both = lint(world["files"], "--rule", "restriction-void", "--rule", "escalation-by-profile-edit")[1]
    assert set(both["by_rule"]) == {"restriction-void", "escalation-by-profile-edit"}
    text = run_lanyard("lint", str(world["files"])).stdout
    count = lint(world["files"])[1]["by_rule"]["restriction-void"]
    assert f"{count:>8}  restriction-void" in text.split("by rule:")[1]
    assert lint(world["files"], "--rule", "application-without-effect")[0] == OK
    wrong = run_lanyard("lint", str(world["files"]), "--rule", "restriction-viod")
    assert wrong.returncode == ERROR and "did you mean `restriction-void`" in wrong.stderr


def test_a_profile_counts_as_held_where_users_are_unknown(tmp_path):
    profiles = tmp_path / "security-profiles"
    profiles.mkdir()
    powerful = "Users.Create, Users.Edit, Users.View, SecurityProfiles.Create, SecurityProfiles.Edit, SecurityProfiles.View"
    (profiles / "platform.yaml").write_text(f"SecurityProfileName: Platform\nPermissions: [BasicAgentAccess, {powerful}]\n")
    status, report = lint(tmp_path, "--deny", "error")
    assert status == FOUND
    escalation = find(report, "escalation-by-profile-edit", "Platform")
    assert escalation["severity"] == "error" and "anyone with Platform" in escalation["message"]
    assert report["read"]["users"] == 0 and not [it for it in report["findings"] if it["rule"] == "profile-unused"]


def test_an_escalation_is_rated_by_what_it_gives(tmp_path):
    """Nobody is stronger, and the path gives far more than the profile."""
    (tmp_path / "security-profiles").mkdir()
    (tmp_path / "security-profiles" / "agent.yaml").write_text(
        "SecurityProfileName: Agent\nPermissions: [BasicAgentAccess, SecurityProfiles.View, SecurityProfiles.Edit, Users.View]\n"
    )
    (tmp_path / "users.yaml").write_text("- Username: one\n  SecurityProfiles: [Agent]\n")
    status, report = lint(tmp_path, "--deny", "error")
    assert status == FOUND and find(report, "escalation-by-profile-edit", "Agent")["severity"] == "error"


def test_there_is_no_administrator_where_profiles_may_be_unknown(tmp_path):
    everything = ["Users.Create", "Users.Edit", "Users.View", "SecurityProfiles.Create", "SecurityProfiles.Edit",
                  "SecurityProfiles.View", "CallRecordings.Unredacted.Access"]  # fmt: skip
    members = {"InstanceArn": "x", "SecurityProfileName": "Platform", "Permissions": everything}
    template = tmp_path / "template.json"
    template.write_text(json.dumps({"Resources": {"P": {"Type": "AWS::Connect::SecurityProfile", "Properties": members}}}))
    status, report = lint(template, "--deny", "error")
    assert status == FOUND and find(report, "escalation-by-profile-edit", "Platform")["severity"] == "error"


@pytest.mark.parametrize("rule, name", [("permission-unknown", "Made{}.View"), ("permission-malformed", "made {} up")])
def test_the_time_for_many_unknown_names_is_linear_and_the_limit_is_first(tmp_path, rule, name):
    """Comparing every name with every other one takes minutes for this many."""
    count, named, suggested = 50_000, 500, 20
    letters = ["".join(chr(ord("a") + number // 26**place % 26) for place in range(4)) for number in range(count)]
    large = tmp_path / "large"
    (large / "security-profiles").mkdir(parents=True)
    (large / "instance.yaml").write_text("Id: 11111111-1111-4111-8111-111111111111\nAccount: '123456789012'\nRegion: eu-west-2\n")
    near = ["AgentStates.Veiw" if rule == "permission-unknown" else "AgentStates View"]
    names = near + [name.format(it) for it in letters[1:]]
    profile = large / "security-profiles" / "big.yaml"
    profile.write_text("SecurityProfileName: Big\nPermissions:\n" + "".join(f"- {json.dumps(it)}\n" for it in names))
    done = run_lanyard("lint", "--json", str(large), timeout=60)
    assert done.returncode == FOUND, done.stderr
    findings = json.loads(done.stdout)["findings"]
    first = next(it for it in findings if it["severity"] == "error")
    assert first["rule"] == "too-many-permissions" and "has 50000 permissions; the service takes 500" in first["message"]
    of_rule = [it for it in findings if it["rule"] == rule]
    assert len(of_rule) == named + 1
    rest = [it for it in of_rule if it["member"] == "Permissions"]
    assert len(rest) == 1 and rest[0]["message"].startswith(f"{count - named} more names")
    hinted = [it for it in of_rule if "did you mean" in it["message"]]
    assert any("`AgentStates.View`" in it["message"] for it in hinted) and len(hinted) <= suggested
    # The gate refuses it before anything else, as the service will.
    small = shutil.copytree(large, tmp_path / "small")
    (small / "security-profiles" / "big.yaml").write_text("SecurityProfileName: Big\nPermissions: []\n")
    for arguments in (("--not-granted", "Users.Delete"), ("--no-new-access", str(small))):
        done = run_lanyard("gate", "--only-held", "--allow-unseen", "Kinds", *arguments, str(large), timeout=60)
        assert done.returncode == ERROR and "big.yaml:2:1: the security profile `Big` has 50000 permissions" in done.stderr
    done = run_lanyard("gate", "--no-new-access", "--allow-unseen", "Kinds", str(large), str(small), timeout=60)
    assert done.returncode == OK, "the way back is open"
