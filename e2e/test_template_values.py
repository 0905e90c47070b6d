"""Parameters that decide the access in a template without a condition: every value that they can have counts."""

import json

import pytest

from harness.server import run_lanyard

OK, STOPPED = 0, 2

MAPPED = "!FindInMap [S, !Ref Stage, t]"
LEAD = """Parameters:
  InstanceArn: {Type: String}
  Stage: {Type: String, Default: dev%s}
Mappings: {S: {dev: {t: Users.View, u: Users.View}, prod: {t: SecurityProfiles.Edit, u: Users.View}}}
Resources:
  Lead:
    Type: AWS::Connect::SecurityProfile
    Properties: {InstanceArn: !Ref InstanceArn, SecurityProfileName: Lead, %s}
"""
BOUNDED = ", AllowedValues: [dev, prod]"


@pytest.fixture
def gate(tmp_path):
    def gate(text: str, *arguments: str):
        file = tmp_path / "t.yaml"
        file.write_text(text)
        done = run_lanyard("gate", "--allow-unseen=Kinds,Tools", "--not-granted", "SecurityProfiles.Edit", "--json", *arguments, str(file))
        assert done.stdout, done.stderr
        output = json.loads(done.stdout)
        return done.returncode, output["assumed"], "\n".join(it["sentence"] for it in output["stopped_by_unseen"])

    return gate


@pytest.mark.parametrize("bound", [BOUNDED, ""], ids=["allowed values", "keys of the map"])
def test_every_key_of_a_map_counts(gate, bound):
    text = LEAD % (bound, f"Permissions: [{MAPPED}]")
    assert gate(text) == (STOPPED, "`Stage` is `prod`", "")
    assert gate(text, "--parameter", "Stage=dev")[0] == OK
    assert gate(text, "--parameter", "Stage=prod")[0] == STOPPED
    assert gate(LEAD % (bound, "Permissions: [!FindInMap [S, !Ref Stage, u]]"))[0] == OK


def test_every_allowed_value_counts(gate):
    allowed = ", AllowedValues: [dev, SecurityProfiles.Edit]"
    assert gate(LEAD % (allowed, "Permissions: [!Ref Stage]")) == (STOPPED, "`Stage` is `SecurityProfiles.Edit`", "")
    assert gate(LEAD % (BOUNDED, "Permissions: [!Sub 'Users.${Stage}']"))[0] == OK


@pytest.mark.parametrize(
    ("properties", "part"),
    [
        ("Permissions: [!Ref Stage]", "permissions"),
        ("Permissions: !Split [',', !Sub 'Users.View,${Stage}']", "permissions"),
        ("Permissions: [!FindInMap [S, !Sub '${Stage}', t]]", "permissions"),
        ("Permissions: [], TagRestrictedResources: [!Ref Stage]", "restrictions"),
        ("Permissions: [], TagRestrictedResources: [User], AllowedAccessControlTags: [{Key: T, Value: !Ref Stage}]", "restrictions"),
        ("Permissions: [], Tags: [{Key: T, Value: !Ref Stage}]", "tags"),
    ],
)
def test_a_default_that_nothing_bounds_is_unknown(gate, properties, part):
    allow = ["--allow-unseen=Restrictions"]
    status, assumed, unread = gate(LEAD % ("", properties), *allow)
    assert (status, assumed) == (STOPPED, "`Stage` has any value")
    assert f"{part} of the security profile `Lead`" in unread or f"a part of the {part}" in unread, unread
    assert gate(LEAD % ("", properties), *allow, "--parameter", "Stage=prod")[1:] == (None, "")


def test_many_defaults_are_read_at_once_and_names_may_have_one(gate):
    names = [f"P{at}" for at in range(20)]
    parameters = "".join(f"  {name}: {{Type: String, Default: Users.View}}\n" for name in names)
    text = LEAD % ("", "Description: !Ref Stage, Permissions: [%s]" % ", ".join(f"!Ref {name}" for name in names))
    text = text.replace("Mappings:", parameters + "Mappings:").replace("SecurityProfileName: Lead", "SecurityProfileName: !Sub 'Lead ${Stage}'")
    status, assumed, unread = gate(text)
    assert status == STOPPED and "`P19` has any value" in assumed and "Stage" not in assumed
    assert gate(text, *(f"--parameter={name}=Users.View" for name in names))[:2] == (OK, None)


def test_values_lead_into_nested_stacks(gate, tmp_path):
    inner = (LEAD % ("", f"Permissions: [{MAPPED}]")).replace(", Default: dev", "")
    (tmp_path / "inner.yaml").write_text(inner)
    arn = "arn:aws:connect:us-east-1:111122223333:instance/11111111-1111-4111-8111-111111111111"
    outer = (
        "Parameters:\n  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}\n  Other: {Type: String, Default: x}\nResources:\n"
        "  Inner:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: ./inner.yaml\n"
        f"      Parameters: {{InstanceArn: '{arn}', Stage: !Ref Stage, Unused: !Ref Other}}\n"
    )
    assert gate(outer) == (STOPPED, "`Stage` is `prod`", "")
    assert gate(outer, "--parameter", "Stage=dev")[0] == OK
    conditional = "Permissions: [!If [IsProd, SecurityProfiles.Edit, Users.View]]"
    inner = (LEAD % ("", conditional)).replace("Mappings:", "Conditions: {IsProd: !Equals [!Ref Stage, prod]}\nMappings:")
    (tmp_path / "inner.yaml").write_text(inner)
    assert gate(outer) == (STOPPED, "`Stage` is `prod`", "")
