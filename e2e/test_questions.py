"""Questions with names: pulled directories with pseudonyms, security profiles as principals, and AuthZEN."""

import json
import shutil

import pytest

from conftest import new_instance
from harness.authzen import DecisionPoint
from harness.server import Server, run_lanyard
from test_check import ALLOWED, DENIED, ERROR, UNDETERMINED, build

TEMPLATE = """
Resources:
  Instance:
    Type: AWS::Connect::Instance
    Properties:
      InstanceAlias: x
      IdentityManagementType: SAML
      Attributes: {InboundCalls: true, OutboundCalls: true}
  Agents:
    Type: AWS::Connect::SecurityProfile
    Properties:
      InstanceArn: !GetAtt Instance.Arn
      SecurityProfileName: Agents
      Permissions: [BasicAgentAccess, ListenCallRecordings, ContactSearch.View]
  Editors:
    Type: AWS::Connect::SecurityProfile
    Properties:
      InstanceArn: !GetAtt Instance.Arn
      SecurityProfileName: Editors
      Permissions: [Users.View, Users.Edit]
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("questions")) as server:
        yield build(server)


class TestPseudonyms:
    @pytest.fixture
    def pulled(self, world, tmp_path_factory):
        directory = tmp_path_factory.mktemp("pseudonyms") / "access"
        result = run_lanyard("pull", "--data", str(world.server.data), "--to", str(directory))
        assert result.returncode == 0, result.stderr
        assert "benedict" not in (directory / "users.yaml").read_text()
        return directory

    @pytest.mark.parametrize(
        "question",
        [
            ("check", "lead", "Users.Edit", "User:benedict"),
            ("explain", "lead", "Users.Edit", "User:carla"),
            ("check", "coach", "listen-to-recordings", "Contact:c", "--agent", "benedict"),
            ("check", "benedict", "BasicAgentAccess"),
        ],
        ids=" ".join,
    )
    def test_a_real_name_is_found_by_the_key(self, world, pulled, question):
        files = run_lanyard(*question, "--files", str(pulled))
        data = run_lanyard(*question, "--data", str(world.server.data))
        assert (files.returncode, files.stderr) == (data.returncode, "")
        assert files.stdout.splitlines()[0] == data.stdout.splitlines()[0]

    def test_an_unknown_name_is_an_error(self, pulled):
        answer = run_lanyard("check", "leed", "BasicAgentAccess", "--files", str(pulled))
        assert answer.returncode == ERROR and "there is no user `leed`; these files have pseudonyms" in answer.stderr

    def test_without_the_key_it_says_that_people_are_pseudonyms(self, pulled, tmp_path):
        moved = shutil.copytree(pulled, tmp_path / "moved")
        for question in (("check", "lead", "BasicAgentAccess"), ("what-can", "lead"), ("check", "lead", "Users.Edit", "User:x")):
            answer = run_lanyard(*question, "--files", str(moved))
            assert answer.returncode == ERROR and answer.stdout == ""
            assert "these files have pseudonyms" in answer.stderr and "moved.pseudonym-key" in answer.stderr


class TestProfilesAsPrincipals:
    @pytest.fixture
    def template(self, tmp_path):
        file = tmp_path / "template.yaml"
        file.write_text(TEMPLATE)
        return str(file)

    @pytest.mark.parametrize(
        "question, status, text",
        [
            (("check", "SecurityProfile:Agents", "listen-to-recordings"), ALLOWED, "a holder of `Agents` may listen"),
            (("check", "SecurityProfile:Editors", "listen-to-recordings"), DENIED, "a holder of `Editors` may not listen"),
            (("check", "securityprofile:Editors", "assign-security-profile"), UNDETERMINED, "open point G2"),
            (("check", "SecurityProfile:Agnts", "listen-to-recordings"), ERROR, "did you mean `Agents`?"),
            (("what-can", "SecurityProfile:Editors"), ALLOWED, "\n  Users.Edit\n"),
            (("what-can", "SecurityProfile:Nobody"), ERROR, "there is no security profile `Nobody`"),
            (("who-can", "ListenCallRecordings"), ALLOWED, "allowed: 1 holder of one profile may do"),
            (("who-can", "Users.Edti"), ERROR, "did you mean `Users.Edit`"),
            (("who-can", "Cases.Export"), UNDETERMINED, "no security profile that was seen has the permission"),
        ],
    )
    def test_files_without_people(self, template, question, status, text):
        answer = run_lanyard(*question, "--files", template)
        assert answer.returncode == status, answer.stdout + answer.stderr
        assert text in answer.stdout + answer.stderr

    def test_an_expectation(self, template, tmp_path):
        file = tmp_path / "expectations.yaml"
        expectation = "{principal: 'SecurityProfile:%s', action: listen-to-recordings, expect: %s}"
        file.write_text("expectations:\n- " + expectation % ("Agents", "allowed") + "\n- " + expectation % ("Editors", "denied"))
        answer = run_lanyard("test", str(file), "--files", template)
        assert answer.returncode == 0 and "2 passed" in answer.stdout, answer.stdout + answer.stderr
        file.write_text("expectations:\n- " + expectation % ("Agnts", "denied"))
        answer = run_lanyard("test", str(file), "--files", template)
        assert answer.returncode == 2 and "did you mean `Agents`?" in answer.stdout

    def test_a_holder_is_what_a_person_with_the_profile_would_be(self, world):
        """Every answer about a holder is that about a person who holds only the profile."""
        client, instance = world.client, world.instance
        routing = client.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]
        for name, profile in world.profiles.items():
            username = "only-" + "".join(letter for letter in name if letter.isalnum())
            client.create_user(
                InstanceId=instance, Username=username, RoutingProfileId=routing, SecurityProfileIds=[profile],
                PhoneConfig={"PhoneType": "SOFT_PHONE"},
            )
            for question in (("Queues.Edit", "Queue:Billing"), ("Users.Edit", "User:carla"), ("listen-to-recordings",)):
                answers = []
                for principal in (username, f"SecurityProfile:{name}"):
                    answer = run_lanyard("check", principal, *question, "--json", "--data", str(world.server.data))
                    answers.append((answer.returncode, json.loads(answer.stdout)["open_points"]))
                (status, points), (of_profile, points_of_profile) = answers
                assert status == of_profile and [it["name"] for it in points] == [it["name"] for it in points_of_profile]

    def test_a_server_lists_profiles_too(self, world):
        answer = run_lanyard("who-can", "Queues.Edit", "Queue:Billing", "--profiles", "--json", "--endpoint",
                             world.server.endpoint, "--instance", world.instance)
        assert answer.returncode == ALLOWED
        listed = json.loads(answer.stdout)
        assert [it["type"] for it in listed["allowed"]] == ["security_profile"] * len(listed["allowed"])
        assert "Leads" in [it["name"] for it in listed["allowed"]]
        assert "No tags" in [it["name"] for it in listed["undetermined"]]


class TestNamesThatOnlyProfilesHave:
    """Tools, namespaces and AI agents: no list says which exist."""

    @pytest.mark.parametrize("source", ["--data", "--endpoint"])
    @pytest.mark.parametrize(
        "question, status, text",
        [
            (("check", "AGENT", "refund", "McpServer:refunds", "--self-service"), ALLOWED, "allowed"),
            (("check", "AGENT", "refnd", "McpServer:refunds", "--self-service"), ERROR, "did you mean `refund`?"),
            (("check", "AGENT", "refund", "McpServer:refund", "--self-service"), ERROR, "did you mean `refunds`?"),
            (("check", "AGENT", "tool:refnd", "McpServer:refunds", "--self-service"), DENIED, "does not list the tool"),
            (("check", "AGENT", "delete-all", "McpServer:refunds", "--self-service"), DENIED, "does not list the tool"),
            (("check", "AGENT", "refund"), ERROR, "`refund` is a tool: write McpServer:NAMESPACE; such as McpServer:refunds"),
            (("check", "coach", "Collaborate", "AIAgent:AGENT9"), ERROR, "did you mean `AGENT`?"),
            (("who-can", "refund", "McpServer:refunds", "--self-service"), ALLOWED, "1 AI agent may do `refund`"),
            (("who-can", "refnd", "McpServer:refunds"), ERROR, "did you mean `refund`?"),
            (("who-can", "delete-all", "McpServer:refunds"), DENIED, "no security profile lists `delete-all`"),
            (("who-can", "barge-in", "User:lead"), ERROR, "the task `barge-in` is not about the type User"),
            (("check", "lead", "barge-in", "Queue:Billing"), ERROR, "it is asked on Instance"),
            (("who-can", "StartTaskContact"), UNDETERMINED, "A24"),
            (("check", "lead", "Users.Edit", "User:lead", "--assigns", "SecurityProfle:Leads"), ERROR, "`SecurityProfile`"),
            (("check", "lead", "DataTables.View", "DataTableRecord:Nothing/x"), ERROR, "there is no data table `Nothing`"),
        ],
    )
    def test_a_name_that_is_almost_another_is_an_error(self, world, source, question, status, text):
        question = [part.replace("AGENT", world.agent) for part in question]
        place = [str(world.server.data)] if source == "--data" else [world.server.endpoint]
        answer = run_lanyard(*question, source, *place, "--instance", world.instance)
        assert answer.returncode == status, answer.stdout + answer.stderr
        assert text.replace("AGENT", world.agent) in answer.stdout + answer.stderr


class TestAuthzenByName:
    @pytest.fixture
    def post(self, world):
        def post(path, body):
            answer = DecisionPoint(world.server, world.instance).post(path, body)
            return answer.status, answer.json

        return post

    def question(self, resource, principal="lead", action="Queues.Edit", **properties):
        kind, name = resource
        return {
            "subject": {"type": "user", "id": principal}, "action": {"name": action},
            "resource": {"type": kind, "id": name, "properties": properties},
        }

    def test_a_resource_by_name_arn_or_identifier(self, world, post):
        queue = world.queues["Billing"]
        arn = world.client.describe_queue(InstanceId=world.instance, QueueId=queue)["Queue"]["QueueArn"]
        for text in ("Billing", queue, arn):
            status, answer = post("evaluation", self.question(("Queue", text)))
            assert (status, answer["decision"]) == (200, True), text
        assert post("evaluation", self.question(("Queue", "Claims")))[1]["context"]["outcome"] == "denied"
        codes = [it["code"] for it in post("evaluation", self.question(("Queue", "Biling")))[1]["context"]["reasons"]]
        assert codes == ["resource_unknown"]

    def test_a_batch_and_searches(self, world, post):
        batch = {"evaluations": [self.question(("Queue", name)) for name in ("Billing", "Claims", world.queues["Billing"])]}
        assert [it["decision"] for it in post("evaluations", batch)[1]["evaluations"]] == [True, False, True]
        by_name = post("search/subject", self.question(("Queue", "Billing")))[1]["results"]
        by_id = post("search/subject", self.question(("Queue", world.queues["Billing"])))[1]["results"]
        assert by_name == by_id and {"type": "user", "id": world.users["lead"]} in by_name
        by_name = post("search/action", self.question(("Queue", "Billing")))[1]["results"]
        assert {"name": "Queues.Edit"} in by_name

    def test_a_group_by_path(self, post):
        question = self.question(("User", "new"), "manager", "Users.Edit", hypothetical=True)
        for path, decision in (("Leeds", True), ("Leeds/Night", True), ("Lisbon/Night", False)):
            question["resource"]["properties"]["hierarchy_group_id"] = path
            assert post("evaluation", question)[1]["decision"] is decision, path
        question["resource"]["properties"]["hierarchy_group_id"] = "Night"
        status, message = post("evaluation", question)
        assert status == 400 and "several hierarchy groups" in message

    def test_nobody_takes_the_place_of_a_resource_that_is_gone(self, world, post):
        hours = world.client.list_hours_of_operations(InstanceId=world.instance)["HoursOfOperationSummaryList"][0]["Id"]
        gone = "0b5a8c1e-7f3d-4d2a-9b61-5e4f3a2b1c0d"
        world.client.create_queue(
            InstanceId=world.instance, Name=gone, HoursOfOperationId=hours, Tags={"Team": "Billing"}
        )
        codes = [it["code"] for it in post("evaluation", self.question(("Queue", gone)))[1]["context"]["reasons"]]
        assert codes == ["resource_unknown"]


class TestOverHttp:
    @pytest.fixture
    def post(self, world):
        def post(kind, body):
            answer = DecisionPoint(world.server, world.instance).post(f"questions/{kind}", body)
            return answer.status, answer.json

        return post

    def test_an_answer_has_names_and_identifiers(self, world, post):
        status, answer = post("check", {"principal": "lead", "action": "Queues.Edit", "resource": "Queue:Billing"})
        assert status == 200 and answer["explanation"]["answer"]["outcome"] == "allowed"
        assert (answer["question"]["id"], answer["known_as"]["resource"]) == (world.queues["Billing"], "Billing")
        assert answer["basis"]["revision"] > 0

    @pytest.mark.parametrize(
        "body, status, words",
        [
            (b"", 400, "must be a JSON object"),
            (b"[1]", 400, "must be a JSON object"),
            (b'["lead", "Queues.Edit", "Queue:Billing"]', 400, "must be a JSON object"),
            (b'{"principal": 1}', 400, "that can be read"),
            (b'{"princpal": "lead"}', 400, "unknown field `princpal`"),
            (b"{}", 422, "needs a principal and an action"),
            (b'{"principal": "laed", "action": "Queues.Edit", "resource": "Queue:Billing"}', 422, "did you mean `lead`"),
            (b'{"principal": "lead", "action": "Queues.Edit"}', 422, "on what?"),
            (b'{"principal": "lead", "action": "", "resource": ""}', 422, ""),
        ],
    )
    def test_other_bodies_are_refused(self, post, body, status, words):
        got, message = post("check", body)
        assert got == status and words in message

    def test_there_are_no_other_questions(self, world):
        point = DecisionPoint(world.server, world.instance)
        assert point.post("questions/why", {}).status == 404
        assert point.send("GET", f"{point.prefix}/access/v1/questions/check").status == 405


def test_decisions_are_logged_and_questions_about_profiles_are_none(tmp_path):
    log = tmp_path / "decisions.log"
    with Server(tmp_path / "logged", "--decision-log", str(log)) as server:
        instance = new_instance(server.client())
        for principal in ("SecurityProfile:Agent", "nobody"):
            run_lanyard("check", principal, "BasicAgentAccess", "--endpoint", server.endpoint)
        assert not log.exists() or log.read_text() == ""
        client = server.client()
        routing = client.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]
        profiles = client.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]
        agent = next(it["Id"] for it in profiles if it["Name"] == "Agent")
        client.create_user(
            InstanceId=instance, Username="teresa", Password="Passw0rd-of-length", RoutingProfileId=routing,
            SecurityProfileIds=[agent], PhoneConfig={"PhoneType": "SOFT_PHONE"},
        )
        run_lanyard("check", "teresa", "BasicAgentAccess", "--endpoint", server.endpoint)
        assert server.stop() == 0
    (line,) = log.read_text().splitlines()
    logged = json.loads(line)
    assert (logged["question"]["subject"]["id"], logged["outcome"]) == ("teresa", "allowed")
