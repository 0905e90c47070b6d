"""Files that other tools write: each part is read right, or is unknown, named with its place, and stops a gate."""

import json

import pytest

from conftest import new_instance
from harness.server import ACCOUNT, REGION, Server, run_lanyard

OK, ERROR, STOPPED, UNDETERMINED = 0, 1, 2, 3

# The parts that no template and no state has, so that a gate on one always needs them.
ALWAYS = "--allow-unseen=Kinds,Tools"


def run(*arguments):
    return run_lanyard(*map(str, arguments))


def gate(*arguments):
    done = run("gate", ALWAYS, *arguments, "--json")
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


def unread(output) -> str:
    return "\n".join(it["sentence"] for it in output["stopped_by_unseen"])


def gained(output) -> str:
    return "\n".join(it["sentence"] for it in output["new_access"])


@pytest.fixture
def write(tmp_path):
    def write(name: str, text):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text if isinstance(text, str) else json.dumps(text, indent=1))
        return file

    return write


def profile(logical="Lead", name="Lead", permissions="[Users.View]", more="") -> str:
    return (
        f"  {logical}:\n    Type: AWS::Connect::SecurityProfile\n{more}    Properties:\n      InstanceArn: !Ref InstanceArn\n"
        f"      SecurityProfileName: {name}\n      Permissions: {permissions}\n"
    )


def template(*resources: str, parameters="", conditions="") -> str:
    return f"Parameters:\n  InstanceArn: {{Type: String}}\n{parameters}{conditions}Resources:\n{''.join(resources)}"


USER = """  Ann:
    Type: AWS::Connect::User
    Properties:
      InstanceArn: !Ref InstanceArn
      Username: ann
      PhoneConfig: {PhoneType: SOFT_PHONE}
      RoutingProfileArn: !ImportValue routing
      SecurityProfileArns: [%s]
"""


# The function has its code elsewhere, and a policy of its role allows calls.
CUSTOM_BY_ROLE = (
    "  It: {Type: 'Custom::Other', Properties: {ServiceToken: !GetAtt F.Arn}}\n"
    "  F: {Type: 'AWS::Lambda::Function', Properties: {Role: !GetAtt R.Arn}}\n  R: {Type: 'AWS::IAM::Role'}\n"
    "  P: {Type: 'AWS::IAM::Policy', Properties: {Roles: [!Ref R], PolicyDocument: {Statement: [{Action: 'connect:*'}]}}}\n"
)


class TestTemplates:
    def test_an_unresolved_permission_leaves_its_siblings_and_is_named(self, write):
        old = write("old.yaml", template(profile()))
        text = template(profile(permissions="[Users.View, Users.Edit, !Ref Extra]"), parameters="  Extra: {Type: String}\n")
        new = write("new.yaml", text)
        status, output = gate("--no-new-access", old, new)
        assert status == STOPPED
        assert "a part of the permissions of the security profile `Lead`" in unread(output)
        assert f"{new}:{text.splitlines().index('      Permissions: [Users.View, Users.Edit, !Ref Extra]') + 1}:" in unread(output)
        assert any(it["outcome"] == "allowed" and "Users.Edit" in it["sentence"] for it in output["new_access"])
        status, output = gate("--not-granted", "ManagerBargeIn", "--allow-unseen=Notes", new)
        assert status == STOPPED, "the unknown permission may be any"
        assert output["not_granted"][0]["principals"][0]["outcome"] == "undetermined"
        assert gate("--not-granted", "ManagerBargeIn", "--parameter", "Extra=Users.Create", new)[0] == OK

    CONDITION = "Conditions: {IsProduction: !Equals [!Ref Stage, production]}\n"
    STAGE = "  Stage: {Type: String, Default: test}\n"

    def conditional(self):
        parts = "[Users.View, !If [IsProduction, SecurityProfiles.Edit, !Ref 'AWS::NoValue']]"
        only = profile("Only", "Only there", "[ManagerBargeIn]", more="    Condition: IsProduction\n")
        return template(profile(permissions=parts), only, parameters=self.STAGE, conditions=self.CONDITION)

    def test_every_outcome_of_a_condition_counts_unless_a_parameter_decides(self, write):
        old, new = write("old.yaml", template(profile())), write("new.yaml", self.conditional())
        status, output = gate("--no-new-access", old, new)
        assert (status, output["assumed"]) == (STOPPED, "`Stage` is `production`")
        assert "Lead" in gained(output) and "Only there" in gained(output)
        assert gate("--no-new-access", "--parameter", "Stage=test", old, new)[0] == OK
        assert gate("--no-new-access", "--parameter", "Stage=production", old, new)[0] == STOPPED
        assert gate("--not-granted", "ManagerBargeIn", new)[0] == STOPPED
        assert gate("--no-new-access", new, new)[0] == OK, "the same outcome is compared with itself"
        always = write("always.yaml", template(profile(permissions="[Users.View, SecurityProfiles.Edit]")))
        status, output = gate("--no-new-access", new, always)
        assert (status, output["assumed"]) == (STOPPED, "`Stage` is `test`"), "it becomes unconditional"
        text = run("gate", ALWAYS, "--no-new-access", old, new).stdout
        assert text.startswith("where `Stage` is `production`:\nstopped")

    @pytest.mark.parametrize(
        "parameters",
        [
            [{"ParameterKey": "Stage", "ParameterValue": "test"}],
            ["Stage=test"],
            {"Stage": "test"},
            {"Parameters": {"Stage": "test"}},
        ],
        ids=["list", "overrides", "map", "pipeline"],
    )
    def test_files_of_parameters(self, write, parameters):
        old, new, file = write("old.yaml", template(profile())), write("new.yaml", self.conditional()), write("p.json", parameters)
        assert gate("--no-new-access", "--parameters", file, old, new)[0] == OK
        assert gate("--no-new-access", "--parameters", file, "--parameter", "Stage=production", old, new)[0] == STOPPED

    def test_a_wrong_parameter_is_an_error(self, write):
        stage = "  Stage: {Type: String, AllowedValues: [test, production]}\n"
        new = write("new.yaml", template(profile(), parameters=stage))
        status, message = gate("--not-granted", "ManagerBargeIn", "--parameter", "Stag=test", new)
        assert status == ERROR and "did you mean `Stage`" in message
        status, message = gate("--not-granted", "ManagerBargeIn", "--parameter", "Stage=tset", new)
        assert status == ERROR and f"{new}:3:3: the parameter `Stage` cannot be `tset`" in message
        file = write("p.json", [{"ParameterKey": "Stage", "ParameterVale": "test"}])
        status, message = gate("--not-granted", "ManagerBargeIn", "--parameters", file, new)
        assert status == ERROR and f"{file}:4:3: " in message and "did you mean `ParameterValue`" in message
        done = run("check", "ann", "Users.Edit", "User:*", "--files", write("x.json", {"format_version": "1.0"}), "--parameter", "a=b")
        assert done.returncode == ERROR and "only a CloudFormation template" in done.stderr

    def test_a_comparison_without_parameter_is_read_both_ways(self, write):
        compared = "Conditions: {Big: !Equals [!ImportValue size, big]}\n"
        new = write("new.yaml", template(profile(permissions="[!If [Big, ManagerBargeIn, Users.View]]"), conditions=compared))
        status, output = gate("--not-granted", "ManagerBargeIn", new)
        assert (status, output["assumed"]) == (STOPPED, "`Equals [ImportValue size, big]` holds")

    def test_answers_by_defaults_say_so(self, write):
        new = write("new.yaml", self.conditional() + (USER % "!Ref Lead"))
        done = run("check", "ann", "SecurityProfiles.Edit", "SecurityProfile:*", "--files", new)
        assert done.returncode == STOPPED and "the other outcomes of the template's conditions, which depend on `Stage`" in done.stderr
        done = run("check", "ann", "SecurityProfiles.Edit", "SecurityProfile:*", "--files", new, "--parameter", "Stage=production")
        assert done.stderr == ""
        assert "other outcomes" not in run("lint", new).stdout

    def test_a_template_of_conditional_profiles_is_read(self, write):
        only = profile("Only", "Only there", "[ManagerBargeIn]", more="    Condition: IsProduction\n")
        new = write("new.yaml", template(only, parameters=self.STAGE, conditions=self.CONDITION))
        status, output = gate("--not-granted", "ManagerBargeIn", new)
        assert (status, output["assumed"]) == (STOPPED, "`Stage` is `production`")
        assert gate("--not-granted", "ManagerBargeIn", "--parameter", "Stage=test", new)[0] == ERROR, "nothing is read"

    def test_conditions_that_name_each_other_many_times_are_read(self, write):
        chain = "".join(f"  C{at}: !And [!Condition C{at + 1}, !Condition C{at + 1}]\n" for at in range(50))
        conditions = f"Conditions:\n{chain}  C50: !Equals [!ImportValue a, b]\n"
        new = write("new.yaml", template(profile(more="    Condition: C0\n"), conditions=conditions))
        assert gate("--not-granted", "Users.View", new)[0] == STOPPED

    def test_a_name_that_is_not_resolved_is_never_invented(self, write):
        env = "  Env: {Type: String}\n"
        old = write("old.yaml", template(profile("LeadProfile", "!Sub '${Env}-lead'"), parameters=env))
        new = write("new.yaml", template(profile("LeadProfile", "!Sub '${Env}-lead'", "[Users.View, Users.Edit]"), parameters=env))
        status, output = gate("--no-new-access", old, new)
        assert status == STOPPED and "the name of the security profile `LeadProfile`" in unread(output)
        assert "LeadProfile (name unknown)" in gained(output)
        status, output = gate("--no-new-access", "--parameter", "Env=a", old, new)
        assert status == STOPPED and "`anyone with a-lead` gains" in gained(output) and unread(output) == ""

    def test_mistakes_have_their_place_and_the_nearest_name(self, write):
        text = (
            "Resources:\n  One:\n    Type: AWS::Connect::SecurityProfile\n    Properties:\n      SecurityProfileName: One\n"
            "      Permission: [Users.Edit]\n      TagRestrictedResources: [Queu, User]\n"
            "      AllowedAccessControlTags: {Team: A}\n"
            "  Two: {Type: 'AWS::Connect::SecurityProfil', Properties: {SecurityProfileName: Two}}\n"
            "  Three:\n    Type: AWS::Connect::User\n    Properties: {UserName: x, SecurityProfileArns: [!Ref Oen]}\n"
            "  Four: {Type: 'AWS::Connect::SecurityProfile', Properties: {Name: Four, Permissions: Users.Edit}}\n"
        )
        file = write("t.yaml", text)
        done = run("lint", file)
        assert done.returncode == ERROR
        for wanted in (
            "6:7: a security profile has no property `Permission`; did you mean `Permissions`?",
            "7:32: there is no restricted type `Queu`; did you mean `Queue`?",
            "8:33: `AllowedAccessControlTags` must be a list, not a map",
            "9:15: there is no resource type `AWS::Connect::SecurityProfil`; did you mean `AWS::Connect::SecurityProfile`?",
            "12:18: a user has no property `UserName`; did you mean `Username`?",
            "12:53: the template has neither a resource nor a parameter `Oen`; did you mean `One`?",
            "13:62: a security profile has no property `Name`; did you mean `SecurityProfileName`?",
            "13:87: `Permissions` must be a list, not a string",
        ):
            assert f"{file}:{wanted}" in done.stderr, done.stderr

    def test_nested_stacks_next_to_the_file_are_read_and_others_are_named(self, write):
        arn = "arn:aws:connect:us-east-1:111122223333:instance/11111111-1111-4111-8111-111111111111"
        inner = template(profile(name="!Sub '${Team} leads'", permissions="[Users.Edit, Users.View]"), parameters="  Team: {Type: String}\n")
        write("inner.yaml", inner + "Outputs: {LeadArn: {Value: !Ref Lead}}\n")
        outer = (
            "Resources:\n  Profiles:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: ./inner.yaml\n"
            f"      Parameters: {{InstanceArn: '{arn}', Team: Billing}}\n"
        )
        ann = (USER % "!GetAtt Profiles.Outputs.LeadArn").replace("!Ref InstanceArn", arn)
        file = write("outer.yaml", outer + ann)
        done = run("check", "ann", "Users.Edit", "User:*", "--files", file)
        assert done.returncode == OK and "`Billing leads` grants it" in done.stdout
        assert f"of `{file}`, `{file.parent / 'inner.yaml'}`" in run("lint", file).stdout
        remote = write("remote.yaml", (outer + ann).replace("./inner.yaml", "https://bucket.example/inner.yaml"))
        assert run("check", "ann", "Users.Edit", "User:*", "--files", remote).returncode == UNDETERMINED
        status, message = gate("--not-granted", "ManagerBargeIn", remote)
        assert status == ERROR and f"the resources of the nested stack `Profiles` ({remote}:2:3)" in message

    CALL = json.dumps({"service": "Connect", "action": "updateSecurityProfile", "parameters": {"Permissions": ["Users.Edit"]}})

    @pytest.mark.parametrize(
        ("resource", "sentence"),
        [
            ("  It: {Type: 'Custom::AWS', Properties: {Create: '%s'}}\n" % CALL, "the calls of Amazon Connect by `It`"),
            ("  It: {Type: 'AWS::CloudFormation::CustomResource', Properties: {ServiceToken: connect-fn}}\n", "by `It`"),
            ("  It: {Type: 'Custom::GiveAll', Properties: {ServiceToken: f, Profile: !Ref Lead}}\n", "by `It`"),
            ("  It: {Type: 'Custom::GiveAll', Properties: {ServiceToken: f, Profile: lead}}\n", "by `It`"),
            ("  It: {Type: 'Custom::GiveAll', Properties: {ServiceToken: f, Of: !Sub 'x/${InstanceArn}'}}\n", "by `It`"),
            ("  It: {Type: 'Custom::GiveAll', Properties: {ServiceToken: f, Of: !ImportValue it}}\n", "by `It`"),
            ("  It: {Type: 'AWS::CloudFormation::CustomResource', Properties: {Instance: !Ref InstanceArn}}\n", "by `It`"),
            (CUSTOM_BY_ROLE, "by `It`"),
            ("  It: {Type: 'AWS::Lambda::Function', Properties: {Code: {ZipFile: \"boto3.client('connect').create_user()\"}}}\n", "by `It`"),
            ("  It: {Type: 'AWS::Lambda::Function', Properties: {Code: {ZipFile: 'c.update_security_profile()'}}}\n", "by `It`"),
            (
                "  It: {Type: 'AWS::StepFunctions::StateMachine', Properties: {Definition: {States: {A: {Resource: !Join [':', "
                "['arn:aws:states::', 'aws-sdk:connect:', createUser]]}}}}}\n",
                "by `It`",
            ),
            ("  It: {Type: 'AWS::CodeBuild::Project', Properties: {Spec: 'aws connect create-user'}}\n", "by `It`"),
            ("  It: {Type: 'Acme::Connect::Profiles::MODULE'}\n", "the resources of `It`"),
            ("  Fn::ForEach::It: [T, [a], {'P${T}': {Type: 'AWS::Connect::SecurityProfile'}}]\n", "`Fn::ForEach::It`"),
            ("  Fn::Transform: {Name: 'AWS::Include', Parameters: {Location: x}}\n", "that `Fn::Transform` adds"),
            ("Transform: [Acme]\n", "the result of the macro `Acme`"),
            ("  It: {Type: 'AWS::Connect::Cloud', Properties: {}}\n", "whose type `AWS::Connect::Cloud` Lanyard does not know"),
        ],
    )
    def test_other_ways_to_make_access_are_named(self, write, resource, sentence):
        file = write("t.yaml", template(profile(), resource))
        status, output = gate("--not-granted", "ManagerBargeIn", file)
        assert status == STOPPED and sentence in unread(output) and f"({file}:" in unread(output)
        bucket = (
            "  Bucket: {Type: 'AWS::S3::Bucket'}\n  Own: {Type: 'Custom::S3AutoDelete', Properties: {ServiceToken: !GetAtt F.Arn, "
            "Bucket: !Ref Bucket, Region: !Ref 'AWS::Region'}}\n  F: {Type: 'AWS::Lambda::Function', Properties: {Role: !GetAtt R.Arn, "
            "Description: Empties a bucket}}\n  R: {Type: 'AWS::IAM::Role'}\n"
        )
        assert gate("--not-granted", "ManagerBargeIn", write("other.yaml", template(profile(), bucket)))[0] == OK

    def test_two_instances_in_one_template_are_an_error(self, write):
        other = profile("Other", "Other").replace("!Ref InstanceArn", "!Ref SecondArn")
        file = write("t.yaml", template(profile(), other, parameters="  SecondArn: {Type: String}\n"))
        status, message = gate("--not-granted", "ManagerBargeIn", file)
        assert status == ERROR and "several instances, `Ref InstanceArn` and `Ref SecondArn`" in message
        arn = "arn:aws:connect:us-east-1:111122223333:instance/11111111-1111-4111-8111-111111111111"
        both = ["--parameter", f"InstanceArn={arn}", "--parameter", f"SecondArn={arn}"]
        assert gate("--not-granted", "ManagerBargeIn", *both, file)[0] == OK

    def test_a_flow_module_of_the_template_is_known(self, write):
        module = (
            "  Mod:\n    Type: AWS::Connect::ContactFlowModule\n    Properties:\n      InstanceArn: !Ref InstanceArn\n"
            "      Name: Look up\n      Content: '{}'\n      ExternalInvocationConfiguration: {Enabled: true}\n"
        )
        tools = profile(permissions="[]") + "      AllowedFlowModules: [{Type: MCP, FlowModuleId: !Ref Mod}]\n"
        file = write("t.yaml", template(module, tools, USER % "!Ref Lead"))
        assert run("check", "ann", "Invoke", "ContactFlowModule:Look up", "--files", file).returncode == OK

    def test_unknown_tags_are_unknown_and_the_resource_is_not(self, write):
        lead = profile(permissions="[Queues.View, Queues.Edit]")
        lead += "      TagRestrictedResources: [Queue]\n      AllowedAccessControlTags: [{Key: Team, Value: A}]\n"
        queue = "  Q:\n    Type: AWS::Connect::Queue\n    Properties: {InstanceArn: !Ref InstanceArn, Name: Calls, Tags: [%s]}\n"
        for tag, outcome in (
            ("{Key: Team, Value: !ImportValue team}", UNDETERMINED),
            ("{Key: Team, Value: A}", OK),
            ("{Key: Team, Value: B}", STOPPED),
        ):
            file = write("t.yaml", template(lead, queue % tag, USER % "!Ref Lead"))
            assert run("check", "ann", "Queues.Edit", "Queue:Calls", "--files", file).returncode == outcome, tag

    def test_nothing_that_was_read_is_not_green(self, write):
        file = write("t.yaml", "Resources:\n  Bucket: {Type: 'AWS::S3::Bucket'}\n")
        assert run("lint", file).returncode == ERROR
        assert gate("--not-granted", "ManagerBargeIn", file)[0] == ERROR
        lint = json.loads(run("lint", write("some.yaml", template(profile(), USER % "!Ref Lead")), "--json").stdout)
        assert (lint["read"]["security_profiles"], lint["read"]["users"]) == (1, 1)


INSTANCE = "11111111-1111-4111-8111-111111111111"


def resource(of_type: str, label: str, /, prefix="", **values) -> dict:
    address = f"{prefix}{of_type}.{label}"
    return {"address": address, "mode": "managed", "type": of_type, "name": label, "values": {"instance_id": INSTANCE, **values}}


def change(it: dict, *unknown: str) -> dict:
    after_unknown = dict.fromkeys((*unknown, "id", "arn", "tags_all"), True)
    return {"address": it["address"], "change": {"actions": ["create"], "before": None, "after_unknown": after_unknown}}


def refers(of_type: str, name: str, **references) -> dict:
    expressions = {attribute: {"references": them} for attribute, them in references.items()}
    return {"address": f"{of_type}.{name}", "mode": "managed", "type": of_type, "name": name, "expressions": expressions}


AGENTS = resource("aws_connect_security_profile", "agent", name="Agents", permissions=["BasicAgentAccess"], tags_all={})
ALL = resource("aws_connect_security_profile", "all", name="Everything", permissions=["Users.Edit", "ManagerBargeIn"], tags=None)
EVE = resource("aws_connect_user", "eve", name="eve", routing_profile_id="r", tags=None)
STATE = {"format_version": "1.0", "values": {"root_module": {"resources": [AGENTS]}}}
REFERENCES = ["aws_connect_security_profile.all.security_profile_id", "aws_connect_security_profile.all"]


def plan(resources, configuration, *, unknown=("security_profile_ids",)):
    changes = [change(it, *(unknown if "user" in it["type"] else ())) for it in resources if it is not AGENTS]
    return {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": changes,
        "configuration": {"root_module": configuration},
    }


class TestTerraform:
    AWS = "--allow-unseen=Restrictions"

    def test_a_new_profile_and_its_holder_stop_the_gate(self, write):
        references = {"resources": [refers("aws_connect_user", "eve", security_profile_ids=REFERENCES)]}
        old, new = write("state.json", STATE), write("plan.json", plan([AGENTS, ALL, EVE], references))
        status, output = gate("--no-new-access", self.AWS, "--only-held", old, new)
        people = {person["name"] for it in output["new_access"] for person in it["principals"]}
        assert status == STOPPED and "eve" in people and output["stopped_by_unseen"] == []
        assert {name for it in output["new_access"] for name in it["through"]} == {"Everything"}
        assert run("check", "eve", "ManagerBargeIn", "--files", new).returncode == OK

    def test_a_reference_that_the_plan_does_not_resolve_is_unknown(self, write):
        references = [*REFERENCES, "each.value", "local.more"]
        configuration = {"resources": [refers("aws_connect_user", "eve", security_profile_ids=references)]}
        new = write("plan.json", plan([AGENTS, ALL, EVE], configuration))
        status, output = gate("--not-granted", "Prompts.Edit", self.AWS, "--only-held", new)
        assert status == STOPPED and "a security profile of the user `eve`" in unread(output)
        assert [it["name"] for it in output["not_granted"][0]["principals"]] == ["eve"]

    def test_references_lead_through_modules(self, write):
        inner = resource("aws_connect_user", "eve", prefix='module.people["a.b"].', name="eve", routing_profile_id="r", tags=None)
        profiles = resource("aws_connect_security_profile", "all", prefix="module.profiles.", name="Everything", permissions=["ManagerBargeIn"])
        people = {"resources": [refers("aws_connect_user", "eve", security_profile_ids=["var.profiles"])]}
        made = {"outputs": {"all_id": {"expression": {"references": REFERENCES}}}}
        calls = {
            "people": {"expressions": {"profiles": {"references": ["module.profiles.all_id", "module.profiles"]}}, "module": people},
            "profiles": {"module": made},
        }
        new = write("plan.json", plan([AGENTS, profiles, inner], {"module_calls": calls}))
        assert run("check", "eve", "ManagerBargeIn", "--files", new).returncode == OK

    def test_tags_after_the_apply_are_unknown_only_with_default_tags(self, write):
        references = {"resources": [refers("aws_connect_user", "eve", security_profile_ids=REFERENCES)]}
        it = plan([AGENTS, ALL, EVE], references)
        assert "tags of" not in unread(gate("--not-granted", "Prompts.Edit", self.AWS, write("a.json", it))[1])
        tags = {"default_tags": [{"tags": {"references": ["local.tags"]}}]}
        it["configuration"]["provider_config"] = {"aws": {"name": "aws", "expressions": tags}}
        assert "tags of the user `eve`" in unread(gate("--not-granted", "Prompts.Edit", self.AWS, write("b.json", it))[1])

    def test_other_types_are_read_or_named(self, write):
        other = resource("acme_connect_security_profile", "bot", name="Bot", permissions=["Users.Edit"])
        stack = {**resource("aws_cloudformation_stack", "s"), "values": {"template_body": "AWS::Connect::SecurityProfile"}}
        desired = {"InstanceArn": f"arn:aws:connect:r:1:instance/{INSTANCE}", "SecurityProfileName": "Lead", "Permissions": ["ManagerBargeIn"]}
        values = {"type_name": "AWS::Connect::SecurityProfile", "desired_state": json.dumps(desired)}
        control = {**resource("aws_cloudcontrolapi_resource", "p"), "values": values}
        state = {"format_version": "1.0", "values": {"root_module": {"resources": [AGENTS, other, stack, control]}}}
        status, output = gate("--not-granted", "ManagerBargeIn", self.AWS, write("state.json", state))
        assert status == STOPPED
        assert "acme_connect_security_profile.bot" in unread(output) and "aws_cloudformation_stack.s" in unread(output)
        assert output["not_granted"][0]["principals"][0]["through"] == ["Lead"]


    CALL = "aws connect update-security-profile --permissions SecurityProfiles.Edit"

    @pytest.mark.parametrize(
        ("of_type", "values", "is_named"),
        [
            ("null_resource", {"triggers": {"run": CALL}}, True),
            ("null_resource", {"triggers": None}, False),
            ("aws_lambda_invocation", {"input": '{"call": "updateSecurityProfile"}'}, True),
            ("aws_lambda_invocation", {"function_name": "f", "input": f'{{"of": "{INSTANCE}"}}'}, True),
            ("aws_lambda_invocation", {"function_name": "f", "input": '{"of": "agents"}'}, False),
            ("aws_lambda_function", {"environment": [{"variables": {"RUN": CALL}}]}, True),
            ("shell_script", {"lifecycle_commands": [{"create": CALL}]}, True),
            ("restapi_object", {"data": '{"SecurityProfileName": "X"}'}, True),
            ("acme_job", {"script": CALL}, True),
            ("aws_sfn_state_machine", {"definition": "arn:aws:states:::aws-sdk:connect:createUser"}, True),
            ("aws_cloudformation_stack", {"name": "s", "template_url": "https://bucket.example/t"}, True),
            ("aws_cloudformation_stack", {"template_body": "Resources: {X: {Type: 'Custom::Y'}}"}, True),
            ("aws_cloudformation_stack", {"template_body": "Resources: {X: {Type: 'AWS::S3::Bucket'}}"}, False),
            ("aws_iam_policy", {"policy": '{"Action": "connect:UpdateSecurityProfile"}'}, False),
            ("aws_s3_bucket", {"bucket": "connect-recordings"}, False),
        ],
    )
    def test_resources_that_may_call_the_api_are_named(self, write, of_type, values, is_named):
        it = {**resource(of_type, "x"), "values": values}
        state = {"format_version": "1.0", "values": {"root_module": {"resources": [AGENTS, it]}}}
        status, output = gate("--not-granted", "ManagerBargeIn", self.AWS, write("state.json", state))
        assert (status, f"the resource `{of_type}.x`" in unread(output)) == ((STOPPED, True) if is_named else (OK, False))

    def test_an_input_after_the_apply_is_unknown(self, write):
        it = {**resource("aws_lambda_invocation", "x"), "values": {"function_name": "f"}}
        for unknown, is_named in ((("input", "result"), True), (("result",), False)):
            new = plan([AGENTS, it], {})
            new["resource_changes"] = [change(it, *unknown)]
            output = gate("--not-granted", "ManagerBargeIn", self.AWS, write("plan.json", new))[1]
            assert ("aws_lambda_invocation.x" in unread(output)) is is_named

    def test_commands_of_provisioners_are_named(self, write):
        run_it = {"provisioners": [{"type": "local-exec", "expressions": {"command": {"constant_value": "./grant.sh"}}}]}
        inner = {"resources": [{**refers("null_resource", "x"), **run_it}]}
        configuration = {
            "resources": [{**refers("aws_connect_security_profile", "agent"), **run_it}],
            "module_calls": {"m": {"module": inner}},
        }
        status, output = gate("--not-granted", "ManagerBargeIn", self.AWS, write("plan.json", plan([AGENTS], configuration)))
        assert status == STOPPED and "(" + str(write("other.json", {}).parent / "plan.json") + ":" in unread(output)
        for address in ("aws_connect_security_profile.agent", "module.m.null_resource.x"):
            assert f"the commands of the provisioner `local-exec` of `{address}`" in unread(output)


INSTANCE_ARN = f"arn:aws:connect:us-east-1:111122223333:instance/{INSTANCE}"
DESCRIBED = {
    "Id": "aaaaaaaa-0000-4000-8000-000000000001",
    "Arn": f"{INSTANCE_ARN}/security-profile/aaaaaaaa-0000-4000-8000-000000000001",
    "SecurityProfileName": "Team leads",
    "Tags": {},
    "AllowedAccessControlTags": {"Team": "Billing"},
    "TagRestrictedResources": ["User"],
}
HELD = {"Permissions": ["Users.View", "Users.Edit"], "LastModifiedRegion": "us-east-1"}
ANN = {
    "Id": "bbbbbbbb-0000-4000-8000-000000000001",
    "Arn": f"{INSTANCE_ARN}/agent/bbbbbbbb-0000-4000-8000-000000000001",
    "Username": "ann",
    "SecurityProfileIds": [DESCRIBED["Id"]],
    "Tags": {"Team": "Billing"},
}


class TestExports:
    def test_a_directory_with_a_file_for_each_answer(self, write, tmp_path):
        write("copy/profile_Team leads.json", {"SecurityProfile": DESCRIBED})
        write("copy/permissions_Team leads.json", HELD)
        write("copy/users.json", {"Users": [ANN, {**ANN, "Id": "b2", "Arn": "", "Username": "bob", "Tags": {}}]})
        write("copy/all-profiles.json", {"SecurityProfileSummaryList": [{"Id": DESCRIBED["Id"], "Name": "Team leads"}]})
        write("copy/queues.json", {"QueueSummaryList": [{"Id": "q1", "Name": "Calls"}]})
        copy = tmp_path / "copy"
        assert run("check", "ann", "Users.Edit", "User:ann", "--files", copy).returncode == OK
        assert run("check", "ann", "Users.Edit", "User:bob", "--files", copy).returncode == STOPPED
        status, output = gate("--not-granted", "Users.Edit", "--only-held", copy)
        assert status == STOPPED and {it["name"] for it in output["not_granted"][0]["principals"]} >= {"ann", "bob"}
        assert [it["security_profiles"] for it in output["read"]] == [1]
        assert unread(output).startswith("tags of the queue `Calls`")

    @pytest.mark.parametrize(
        ("document", "is_known"),
        [
            ({"SecurityProfile": DESCRIBED}, False),
            ({"SecurityProfiles": [DESCRIBED]}, False),
            ({"InstanceId": INSTANCE, "SecurityProfileName": "Team leads", "Permissions": ["Users.View", "Users.Edit"]}, True),
            ({"Name": "Team leads", "Permissions": ["Users.Edit"], "TagRestrictedResources": [], "Tags": {}}, True),
            ([{"Name": "Team leads", "Permissions": ["Users.Edit"], "TagRestrictedResources": [], "Tags": {}}], True),
        ],
        ids=["describe", "search", "input", "backup", "list"],
    )
    def test_one_file(self, write, document, is_known):
        status, output = gate("--not-granted", "Users.Edit", write("it.json", document))
        assert status == STOPPED
        offender = output["not_granted"][0]["principals"][0]
        assert offender["through"] == ["Team leads"]
        assert offender["outcome"] == ("allowed" if is_known else "undetermined")
        assert ("a part of the permissions of the security profile `Team leads`" in unread(output)) is not is_known

    def test_a_list_of_permissions_that_names_no_profile_counts_all_the_same(self, write):
        status, output = gate("--not-granted", "Users.Edit", "--allow-unseen=Restrictions", write("perms.json", HELD))
        assert status == STOPPED and "the name of the security profile `perms`" in unread(output)
        assert output["not_granted"][0]["principals"]

    def test_a_matrix(self, write):
        file = write("matrix.csv", "Permission,Agent,Lead\nUsers.View,,X\nUsers.Edit,,X\nBasicAgentAccess,X,\n")
        status, output = gate("--not-granted", "Users.Edit", "--allow-unseen=Restrictions", file)
        assert status == STOPPED and {n for it in output["not_granted"][0]["principals"] for n in it["through"]} == {"Lead"}
        done = run("lint", write("wrong.csv", "Permission,Agent\nUsers.View,X\nUsers.Edti,X\n"))
        assert done.returncode == ERROR and "wrong.csv:3:1: there is no permission `Users.Edti`; did you mean `Users.Edit`" in done.stderr

    def test_contradictions_and_misspelt_members_are_errors(self, write, tmp_path):
        one = {**DESCRIBED, "Permissions": ["Users.View"]}
        write("two/a.json", one)
        write("two/b.json", {**one, "Permissions": ["Users.Edit"]})
        done = run("lint", tmp_path / "two")
        assert done.returncode == ERROR and "`Permissions` of `Team leads` differ from those at" in done.stderr
        wrong = write("wrong.json", {"Name": "x", "Permissions": [], "TagRestrictedResource": ["User"]})
        done = run("lint", wrong)
        assert done.returncode == ERROR and f"{wrong}:4:2: a security profile has no member" in done.stderr

    def test_the_rest_of_a_list_and_other_documents_are_named(self, write, tmp_path):
        write("it/profiles.json", {"SecurityProfiles": [DESCRIBED], "NextToken": "more"})
        write("it/other.json", {"a": 1})
        _, output = gate("--not-granted", "Users.Edit", tmp_path / "it")
        assert "goes on after `NextToken`" in unread(output) and "no answer of Amazon Connect" in unread(output)

    def test_many_files_keep_their_names(self, write, tmp_path):
        for number in range(400):
            write(f"many/p{number:03}.json", {"Name": f"P{number}", "Permissions": ["Users.Viwe"], "TagRestrictedResources": []})
        write("many/p399.json", {"Name": "P399", "Permission": []})
        done = run("lint", tmp_path / "many")
        assert done.returncode == ERROR and "p399.json:3:2: " in done.stderr

    def test_terraforms_language_is_refused_with_the_way_to_json(self, write, tmp_path):
        file = write("code/main.tf", 'resource "aws_connect_user" "a" {}')
        for path in (file, tmp_path / "code"):
            done = run("lint", path)
            assert done.returncode == ERROR and "`terraform show -json FILE > plan.json`" in done.stderr


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("plans")) as server:
        connect = server.client()
        it = {"InstanceId": new_instance(connect)}
        profile = connect.create_security_profile(**it, SecurityProfileName="Leads", Description="d", Permissions=["Queues.View"])
        routing = connect.list_routing_profiles(**it)["RoutingProfileSummaryList"][0]["Id"]
        user = connect.create_user(
            **it,
            Username="ana",
            Password="Secret-Word-1",
            SecurityProfileIds=[profile["SecurityProfileId"]],
            RoutingProfileId=routing,
            PhoneConfig={"PhoneType": "SOFT_PHONE"},
            IdentityInfo={"FirstName": "Ana", "LastName": "Bo", "Email": "ana@example.com"},
        )
        where = ["--endpoint", server.endpoint, "--instance", it["InstanceId"]]
        yield connect, it["InstanceId"], where, profile["SecurityProfileId"], user["UserId"], routing


class TestPlans:
    """Plans from such files against a server."""

    @pytest.mark.parametrize("empty", ["", None])
    def test_what_a_state_leaves_empty_is_no_change(self, live, write, empty):
        _, instance, where, profile, user, routing = live
        resources = [
            {**resource("aws_connect_security_profile", "l", name="Leads", security_profile_id=profile, description=empty,
                        permissions=["Queues.View"], tags_all={})},
            {**resource("aws_connect_user", "a", name="ana", user_id=user, security_profile_ids=[profile], routing_profile_id=routing,
                        hierarchy_group_id="", tags_all={}, identity_info=[{"email": empty, "first_name": "Ana", "last_name": "Bo"}])},
        ]  # fmt: skip
        for it in resources:
            it["values"]["instance_id"] = instance
        state = write("state.json", {"format_version": "1.0", "values": {"root_module": {"resources": resources}}})
        done = run("plan", state, *where)
        assert (done.returncode, "nothing differs" in done.stdout) == (OK, True), done.stdout + done.stderr

    def test_nothing_is_made_under_an_invented_name(self, live, write, tmp_path):
        connect, instance, where, *_ = live
        arn = f"arn:aws:connect:{REGION}:{ACCOUNT}:instance/{instance}"
        lead = profile("LeadProfile", "!Sub '${Env}-lead'").replace("!Ref InstanceArn", arn)
        file = write("t.yaml", f"Parameters: {{Env: {{Type: String}}}}\nResources:\n{lead}")
        out = tmp_path / "plan.json"
        done = run("plan", file, *where, "--out", out)
        assert done.returncode == ERROR and not out.exists()
        assert f"{file}:3:3: security profile `LeadProfile (name unknown)`: the files do not determine the name" in done.stderr
        assert run("plan", file, *where, "--out", out, "--parameter", "Env=north").returncode == STOPPED
        assert run("apply", out, *where[:2]).returncode == OK
        names = {it["Name"] for it in connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]}
        assert "north-lead" in names and "LeadProfile" not in names

    def test_a_reference_to_an_unknown_profile_is_not_planned(self, live, write):
        _, instance, where, *_ = live
        arn = f"arn:aws:connect:{REGION}:{ACCOUNT}:instance/{instance}"
        ana = (USER % "!ImportValue profile").replace("!Ref InstanceArn", arn).replace("Username: ann", "Username: ana")
        done = run("plan", write("t.yaml", f"Resources:\n{ana}"), *where)
        assert done.returncode == ERROR and "`ana`: it refers to a security profile that the files do not determine" in done.stderr
