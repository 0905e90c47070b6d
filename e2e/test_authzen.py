"""Instances as AuthZEN 1.0 decision points: what certification demands, and what is Lanyard's own."""

import json
import re
import shutil
import subprocess
import time

import pytest

from conftest import new_instance
from harness.authzen import DecisionPoint, question, without
from harness.operations import ai_agent_arn, unique
from harness.server import REPOSITORY, Server, run_lanyard

NOBODY = "00000000-0000-4000-8000-000000000000"
ENDPOINTS = ["evaluation", "evaluations", "search/subject", "search/resource", "search/action"]


class Centre:
    """An instance with a lead who may edit billing's queues, an agent who may not, and two queues."""

    def __init__(self, client, server):
        self.client = client
        self.instance = new_instance(client)
        self.point = DecisionPoint(server, self.instance)
        self.routing = client.list_routing_profiles(InstanceId=self.instance)["RoutingProfileSummaryList"][0]["Id"]
        self.hours = client.list_hours_of_operations(InstanceId=self.instance)["HoursOfOperationSummaryList"][0]["Id"]
        self.leads = self.profile(
            Permissions=["Queues.View", "Queues.Edit", "Users.View"],
            TagRestrictedResources=["Queue"],
            AllowedAccessControlTags={"team": "billing"},
        )
        self.views = self.profile(Permissions=["Queues.View", "RestrictTaskCreation.Access"])
        self.lead_name = unique("lead")
        self.lead = self.user(self.leads, Username=self.lead_name)
        self.agent = self.user(self.views)
        self.billing = self.queue({"team": "billing"})
        self.sales = self.queue({"team": "sales"})
        self.yes = question(self.lead, "Queues.Edit", "Queue", self.billing)
        self.no = question(self.agent, "Queues.Edit", "Queue", self.billing)

    def profile(self, **members) -> str:
        members = {"InstanceId": self.instance, "SecurityProfileName": unique("profile"), **members}
        return self.client.create_security_profile(**members)["SecurityProfileId"]

    def user(self, *profiles: str, **members) -> str:
        return self.client.create_user(
            **{
                "InstanceId": self.instance,
                "Username": unique("user"),
                "Password": "Passw0rd-of-a-user",
                "IdentityInfo": {"FirstName": "Ada", "LastName": "L"},
                "SecurityProfileIds": list(profiles),
                "RoutingProfileId": self.routing,
                **members,
            }
        )["UserId"]

    def queue(self, tags: dict) -> str:
        return self.client.create_queue(
            InstanceId=self.instance, Name=unique("queue"), HoursOfOperationId=self.hours, Tags=tags
        )["QueueId"]

    def table(self, regions: list[str], **tags: str) -> tuple[str, dict[str, str]]:
        """A data table with a record for each region; its identifier, and those of the records."""
        members = {"TimeZone": "UTC", "ValueLockLevel": "NONE", "Status": "PUBLISHED", "Tags": tags or {"made": "here"}}
        table = self.client.create_data_table(InstanceId=self.instance, Name=unique("table"), **members)["Id"]
        of = {"InstanceId": self.instance, "DataTableId": table}
        self.client.create_data_table_attribute(**of, Name="region", ValueType="TEXT", Primary=True)
        self.client.create_data_table_attribute(**of, Name="fee", ValueType="NUMBER")
        values = [
            {"PrimaryValues": [{"AttributeName": "region", "Value": one}], "AttributeName": "fee", "Value": "1"}
            for one in regions
        ]
        made = self.client.batch_create_data_table_value(**of, Values=values)["Successful"]
        return table, {one["PrimaryValues"][0]["Value"]: one["RecordId"] for one in made}

    def ai_agent(self, *profiles: str) -> str:
        arn = ai_agent_arn()
        self.client.associate_security_profiles(
            InstanceId=self.instance,
            EntityType="AI_AGENT",
            EntityArn=arn,
            SecurityProfiles=[{"Id": profile} for profile in profiles],
        )
        return arn


@pytest.fixture(scope="module")
def centre(connect, server) -> Centre:
    return Centre(connect, server)


@pytest.fixture(scope="module")
def point(centre) -> DecisionPoint:
    return centre.point


def refused(answer, status: int = 400) -> str:
    assert answer.status == status, (answer.status, answer.body)
    message = answer.json
    assert isinstance(message, str) and message
    return message


SEARCH_SUBJECT = lambda centre: {**centre.yes, "subject": {"type": "user"}}
SEARCH_RESOURCE = lambda centre: {**centre.yes, "resource": {"type": "Queue"}}
SEARCH_ACTION = lambda centre: without(centre.yes, "action")
EVALUATION = lambda centre: centre.yes
VALID = {
    "evaluation": EVALUATION,
    "evaluations": EVALUATION,
    "search/subject": SEARCH_SUBJECT,
    "search/resource": SEARCH_RESOURCE,
    "search/action": SEARCH_ACTION,
}
REQUIRED = [
    *((endpoint, path) for endpoint in ("evaluation", "evaluations") for path in (
        ["subject"], ["subject", "type"], ["subject", "id"], ["action"], ["action", "name"],
        ["resource"], ["resource", "type"], ["resource", "id"],
    )),
    *(("search/subject", path) for path in (
        ["subject"], ["subject", "type"], ["action"], ["action", "name"], ["resource"], ["resource", "type"], ["resource", "id"],
    )),
    *(("search/resource", path) for path in (
        ["subject"], ["subject", "type"], ["subject", "id"], ["action"], ["action", "name"], ["resource"], ["resource", "type"],
    )),
    *(("search/action", path) for path in (
        ["subject"], ["subject", "type"], ["subject", "id"], ["resource"], ["resource", "type"], ["resource", "id"],
    )),
]


class TestStructure:
    """The requirements of the certification scenario for every endpoint."""

    @pytest.mark.parametrize("endpoint,path", REQUIRED, ids=lambda it: it if isinstance(it, str) else ".".join(it))
    def test_a_required_member_that_is_missing(self, centre, point, endpoint, path):
        message = refused(point.post(endpoint, without(VALID[endpoint](centre), *path)))
        assert f"`{'.'.join(path)}`" in message

    @pytest.mark.parametrize("endpoint", ENDPOINTS)
    def test_wrong_types(self, centre, point, endpoint):
        body = VALID[endpoint](centre)
        for wrong in (
            {"subject": "alice"}, {"subject": ["alice"]}, {"resource": 1}, {"resource": True},
            {"subject": {"type": 1, "id": "x"}}, {"resource": {"type": ["Queue"], "id": "x"}}, {"context": "late"},
        ):
            refused(point.post(endpoint, {**body, **wrong}))
        if "action" in body:
            refused(point.post(endpoint, {**body, "action": {"name": 1}}))

    @pytest.mark.parametrize("endpoint", ENDPOINTS)
    def test_a_body_that_is_no_json_object(self, point, endpoint):
        for body in (b"", b"{", b"[]", b'"text"', b"null", b"\xff", b'{"a":1}x', b"{'a':1}", b"[" * 100_000):
            refused(point.post(endpoint, body))

    @pytest.mark.parametrize("endpoint", ENDPOINTS)
    def test_another_content_type(self, centre, point, endpoint):
        body = json.dumps(VALID[endpoint](centre)).encode()
        path = f"{point.prefix}/access/v1/{endpoint}"
        for headers in ({}, {"Content-Type": "text/plain"}, {"Content-Type": "application/x-www-form-urlencoded"}):
            refused(point.send("POST", path, body, headers))
        for text in ("application/json; charset=utf-8", "Application/JSON"):
            assert point.send("POST", path, body, {"Content-Type": text}).status == 200

    @pytest.mark.parametrize("endpoint", ENDPOINTS)
    def test_the_request_id_is_answered(self, centre, point, endpoint):
        for body, status in ((VALID[endpoint](centre), 200), ({}, 400)):
            answer = point.post(endpoint, body, **{"X-Request-ID": "my request/1"})
            assert (answer.status, answer.headers["X-Request-ID"]) == (status, "my request/1")
        assert point.post(endpoint, {}).headers["X-Request-ID"] is None

    @pytest.mark.parametrize("endpoint", ENDPOINTS)
    def test_other_methods_and_paths(self, point, endpoint):
        answer = point.send("GET", f"{point.prefix}/access/v1/{endpoint}")
        refused(answer, 405)
        assert answer.headers["Allow"] == "POST"
        refused(point.send("POST", f"{point.prefix}/access/v1/{endpoint}/more", b"{}"), 404)
        refused(point.send("POST", f"/instances/{NOBODY}/access/v1/{endpoint}", b"{}"), 404)

    def test_unknown_members_and_their_order_do_not_matter(self, centre, point):
        body = {"zone": [{"a": {"b": [None, 1.5, -1, "x"]}}], **dict(reversed(centre.yes.items())), "extra": None}
        body["subject"] = {"id": centre.lead, "team": {"deep": 1}, "type": "user", "properties": {"role": "admin"}}
        body["context"] = {"time": "2026-01-01T00:00:00Z", "reading": None}
        assert point.decision(body) is True

    def test_members_with_escapes(self, centre, point):
        text = json.dumps(centre.yes).replace("Queues", "\\u0051ueues").replace('"subject"', '"subj\\u0065ct"')
        assert point.ask("evaluation", text.encode())["decision"] is True

    def test_a_duplicate_member(self, centre, point):
        text = json.dumps(centre.yes)[:-1] + ', "subject": {"type": "user", "id": "' + centre.agent + '"}}'
        assert "more than once" in refused(point.post("evaluation", text.encode()))

    def test_the_same_again(self, centre, point):
        assert [point.evaluate(centre.yes) for _ in range(5)] == [point.evaluate(centre.yes)] * 5

    def test_limits(self, centre, point):
        refused(point.post("evaluation", {**centre.yes, "extra": "x" * (1 << 20)}))
        deep = "[" * 200 + "]" * 200
        refused(point.post("evaluation", json.dumps(centre.yes)[:-1].encode() + f', "extra": {deep}}}'.encode()))
        refused(point.post("evaluations", {**centre.yes, "evaluations": [{}] * 10_001}))
        assert len(point.ask("evaluations", {**centre.yes, "evaluations": [{}] * 10_000})["evaluations"]) == 10_000


class TestDecisions:
    def test_the_answer(self, centre, point):
        yes = point.evaluate(centre.yes)
        assert yes["decision"] is True and yes["context"]["outcome"] == "allowed"
        no = point.evaluate(centre.no)
        assert no["decision"] is False and no["context"]["outcome"] == "denied"
        assert no["context"]["revision"] == yes["context"]["revision"] > 0
        assert [reason["code"] for reason in no["context"]["reasons"]] == ["not_granted"]

    def test_a_user_by_name_and_by_arn(self, centre, point):
        arn = centre.client.describe_user(InstanceId=centre.instance, UserId=centre.lead)["User"]["Arn"]
        for name in (centre.lead_name, centre.lead_name.upper(), arn):
            assert point.decision(question(name, "Queues.Edit", "Queue", centre.billing)) is True

    @pytest.mark.parametrize(
        "change,code",
        [
            ({"subject": {"type": "user", "id": "nobody"}}, "principal_unknown"),
            ({"subject": {"type": "robot", "id": "x"}}, "principal_unknown"),
            ({"action": {"name": "no permission"}}, "unknown_action"),
            ({"action": {"name": "Users.View"}}, "action_does_not_apply"),
            ({"resource": {"type": "Spaceship", "id": "x"}}, "resource_type_unknown"),
            ({"resource": {"type": "Queue", "id": NOBODY}}, "resource_unknown"),
        ],
    )
    def test_missing_resources_are_denied(self, centre, point, change, code):
        answer = point.evaluate({**centre.yes, **change})
        assert answer["decision"] is False
        assert [reason["code"] for reason in answer["context"]["reasons"]] == [code]

    def test_attributes_count_only_where_nothing_is_stored(self, centre, point):
        tagged = {"type": "Queue", "id": centre.sales, "properties": {"tags": {"team": "billing"}}}
        assert point.decision({**centre.yes, "resource": tagged}) is False
        tagged["properties"]["hypothetical"] = True
        assert point.decision({**centre.yes, "resource": tagged}) is True

    def test_wrong_attributes(self, centre, point):
        for properties in (
            {"tags": ["team"]}, {"tags": {"team": 1}}, {"hypothetical": "yes"}, {"match": "any"},
            {"primary_values": "x"}, {"table_id": 1},
        ):
            resource = {"type": "Queue", "id": centre.billing, "properties": properties}
            assert "`resource.properties." in refused(point.post("evaluation", {**centre.yes, "resource": resource}))
        for properties in ({"assigns": "x"}, {"assigns": [1]}, {"assigns": [{"type": "Contact", "id": "x"}]}):
            action = {"name": "Queues.Edit", "properties": properties}
            refused(point.post("evaluation", {**centre.yes, "action": action}))
        for context in ({"reading": "generous"}, {"at_least": -1}, {"at_least": "1"}, {"explain": 1}):
            assert "`context." in refused(point.post("evaluation", {**centre.yes, "context": context}))

    def test_a_whole_type(self, centre, point):
        every = question(centre.lead, "Queues.Edit", "Queue", "*")
        answer = point.evaluate(every)
        assert answer["decision"] is False
        assert [(grant["profile_id"], grant["scope"]) for grant in answer["context"]["grants"]] == [
            (centre.leads, {"tags": [["team", "billing"]]})
        ]
        every["resource"]["properties"] = {"match": "some"}
        assert point.decision(every) is True
        seen = point.evaluate(question(centre.agent, "Queues.View", "Queue", "*"))
        assert seen["decision"] is True and seen["context"]["grants"][0]["scope"] is None

    def test_records(self, centre, point):
        entry = {"AccessType": "ALLOW", "AttributeName": "region", "Values": ["eu"]}
        granular = {
            "DataTableAccessControlConfiguration": {
                "PrimaryAttributeAccessControlConfiguration": {"PrimaryAttributeValues": [entry]}
            }
        }
        keeper = centre.user(
            centre.profile(
                Permissions=["DataTables.View", "DataTables.ManageValues"], GranularAccessControlConfiguration=granular
            )
        )
        table, records = centre.table(["eu", "us"])
        parameters = question(keeper, "DataTables.ManageValues", "DataTableRecord", records["eu"])
        assert point.decision(parameters) is True
        assert point.decision(question(keeper, "DataTables.ManageValues", "DataTableRecord", "nowhere")) is False
        assert point.decision(question(keeper, "DataTables.ManageValues", "DataTableRecord", records["us"])) is False
        parameters["action"]["properties"] = {"changes_primary_values": True}
        assert point.decision(parameters) is False
        new = {"hypothetical": True, "table_id": table, "primary_values": {"region": "eu"}}
        parameters = question(keeper, "DataTables.ManageValues", "DataTableRecord", "new")
        parameters["resource"]["properties"] = new
        assert point.decision(parameters) is True
        assert point.decision({**parameters, "resource": {**parameters["resource"], "properties": {**new, "table_id": "nowhere"}}}) is False
        new["primary_values"] = {"region": "us"}
        assert point.decision(parameters) is False

    def test_records_are_found(self, centre, point):
        entry = {"AccessType": "ALLOW", "AttributeName": "region", "Values": ["eu"]}
        rule = {"PrimaryAttributeAccessControlConfiguration": {"PrimaryAttributeValues": [entry]}}
        keeper = centre.user(
            centre.profile(
                Permissions=["DataTables.View"],
                TagRestrictedResources=["DataTable"],
                AllowedAccessControlTags={"Team": "Billing"},
                GranularAccessControlConfiguration={"DataTableAccessControlConfiguration": rule},
            )
        )
        table, records = centre.table(["eu", "us"], Team="Billing")
        other, _ = centre.table(["eu"], Team="Claims")
        result = {
            kind: {one["id"] for one in point.search("resource", question(keeper, "DataTables.View", kind, ""))}
            for kind in ("DataTable", "DataTableRecord")
        }
        assert result == {"DataTable": {table}, "DataTableRecord": {records["eu"]}}
        assert point.decision(question(keeper, "DataTables.View", "DataTable", other)) is False

    def test_contacts_and_cases_of_ones_own(self, centre, point):
        own = centre.user(centre.profile(Permissions=["MyContacts.View", "MyCases.Delete"]))
        contact = question(own, "MyContacts.View", "Contact", "c")
        assert point.decision(contact) is False
        contact["resource"]["properties"] = {"agent_id": own}
        assert point.decision(contact) is True
        case = question(own, "MyCases.Delete", "Case", "c")
        case["resource"]["properties"] = {"owner_id": own}
        assert point.decision(case) is True
        case["resource"]["properties"] = {"owner_id": centre.lead}
        assert point.decision(case) is False

    def test_ai_agents_serve_somebody(self, centre, point):
        arn = centre.ai_agent(centre.views)
        parameters = {**question("", "Queues.View", "Queue", centre.billing), "subject": {"type": "ai_agent", "id": arn}}
        silent = point.evaluate(parameters)
        assert (silent["decision"], silent["context"]["outcome"]) == (False, "undetermined")
        assert [reason["code"] for reason in silent["context"]["reasons"]] == ["Q11"]
        assert point.decision({**parameters, "context": {"self_service": True}}) is True
        assert point.decision({**parameters, "context": {"on_behalf_of": centre.agent}}) is True
        assert point.decision({**parameters, "context": {"on_behalf_of": "nobody"}}) is False
        lenient = point.evaluate({**parameters, "context": {"reading": "lenient"}})
        assert lenient["decision"] is True
        assert (lenient["context"]["outcome"], lenient["context"]["reading"]) == ("undetermined", "lenient")
        both = {"self_service": True, "on_behalf_of": centre.agent}
        refused(point.post("evaluation", {**parameters, "context": both}))
        refused(point.post("evaluation", {**centre.yes, "context": {"on_behalf_of": centre.agent}}))

    def test_assigning(self, centre, point):
        gives = centre.user(centre.profile(Permissions=["Users.View", "Users.Edit"]))
        parameters = question(gives, "Users.Edit", "User", centre.agent)
        assert point.decision(parameters) is True
        parameters["action"]["properties"] = {"assigns": [{"type": "SecurityProfile", "id": centre.leads}]}
        assert point.evaluate(parameters)["context"]["outcome"] == "allowed"
        parameters["action"]["properties"] = {"assigns": [{"type": "Queue", "id": centre.billing}]}
        assert point.evaluate(parameters)["context"]["outcome"] == "denied"
        # By tag, it is open whether what is assigned must be in scope.
        tagged = {"TagRestrictedResources": ["SecurityProfile"], "AllowedAccessControlTags": {"team": "nobody"}}
        gives = centre.user(centre.profile(Permissions=["Users.View", "Users.Edit"], **tagged))
        parameters = question(gives, "Users.Edit", "User", centre.agent)
        parameters["action"]["properties"] = {"assigns": [{"type": "SecurityProfile", "id": centre.leads}]}
        answer = point.evaluate(parameters)["context"]
        assert (answer["outcome"], [reason["code"] for reason in answer["reasons"]]) == ("undetermined", ["Q12"])

    def test_a_restricting_permission_warns(self, centre, point):
        parameters = question(centre.agent, "RestrictTaskCreation.Access", "Instance", centre.instance)
        answer = point.evaluate(parameters)
        assert answer["decision"] is True
        assert [warning["code"] for warning in answer["context"]["warnings"]] == ["restricting_permission"]

    def test_tasks(self, centre, point):
        listener = centre.user(
            centre.profile(Permissions=["ContactSearch.View", "CallRecordings.Redacted.Access"])
        )
        parameters = question(listener, "task:listen-to-recordings", "Contact", "c")
        assert point.decision(parameters) is True
        assert point.decision({**parameters, "subject": {"type": "user", "id": centre.agent}}) is False

    def test_an_explanation(self, centre, point):
        answer = point.evaluate({**centre.no, "context": {"explain": True}})
        explained = answer["context"]["explanation"]
        finding = explained["reports"][0]["profiles"][0]["findings"][0]
        assert finding == {"finding": "permission_missing", "permission": "Queues.Edit"}
        assert any("does not hold `Queues.Edit`" in sentence for sentence in explained["sentences"])


class TestBatch:
    def test_order_and_defaults(self, centre, point):
        items = [
            {},
            {"subject": {"type": "user", "id": centre.agent}},
            {"resource": {"type": "Queue", "id": centre.sales}},
            {"action": {"name": "Queues.View"}},
            # A whole entity takes the place of the default: nothing is merged.
            {"subject": {"id": centre.lead}},
            "no question",
            {"context": {"reading": "generous"}},
        ]
        answer = point.ask("evaluations", {**centre.yes, "evaluations": items})
        assert set(answer) == {"evaluations"}
        assert [one["decision"] for one in answer["evaluations"]] == [True, False, False, True, False, False, False]
        for one in answer["evaluations"][4:]:
            assert one["context"]["error"]["status"] == 400 and one["context"]["error"]["message"]
        assert "`subject.type`" in answer["evaluations"][4]["context"]["error"]["message"]

    def test_defaults_may_come_after(self, centre, point):
        body = {"evaluations": [{}, {}], **centre.yes}
        assert [one["decision"] for one in point.ask("evaluations", body)["evaluations"]] == [True, True]

    def test_without_questions_it_is_a_single_one(self, centre, point):
        for body in (centre.yes, {**centre.yes, "evaluations": []}):
            assert point.ask("evaluations", body) == point.evaluate(centre.yes)

    @pytest.mark.parametrize(
        "semantic,expected",
        [
            ("execute_all", [True, False, True, False]),
            ("deny_on_first_deny", [True, False]),
            ("permit_on_first_permit", [True]),
        ],
    )
    def test_semantics(self, centre, point, semantic, expected):
        body = {"evaluations": [centre.yes, centre.no, centre.yes, {}], "options": {"evaluations_semantic": semantic, "x": 1}}
        assert [one["decision"] for one in point.ask("evaluations", body)["evaluations"]] == expected

    def test_an_error_is_a_denial_to_short_circuits(self, centre, point):
        items = [{"subject": {"type": "user"}}, {}]
        body = {**centre.yes, "evaluations": items, "options": {"evaluations_semantic": "deny_on_first_deny"}}
        assert len(point.ask("evaluations", body)["evaluations"]) == 1
        body["options"]["evaluations_semantic"] = "permit_on_first_permit"
        assert len(point.ask("evaluations", body)["evaluations"]) == 2

    def test_errors_of_the_whole_request(self, centre, point):
        refused(point.post("evaluations", {**centre.yes, "evaluations": {}}))
        refused(point.post("evaluations", {**centre.yes, "evaluations": [{}], "options": {"evaluations_semantic": "x"}}))
        refused(point.post("evaluations", {**centre.yes, "evaluations": [{}], "options": []}))

    def test_the_single_endpoint_has_no_batch(self, centre, point):
        assert point.evaluate({**centre.yes, "evaluations": [centre.no]}) == point.evaluate(centre.yes)


class TestSearch:
    def test_who(self, centre, point):
        result = point.search("subject", SEARCH_SUBJECT(centre))
        assert result == [{"type": "user", "id": centre.lead}]
        ignored = {**centre.yes, "subject": {"type": "user", "id": centre.agent}}
        assert point.search("subject", ignored) == result

    def test_on_what(self, centre, point):
        assert point.search("resource", SEARCH_RESOURCE(centre)) == [{"type": "Queue", "id": centre.billing}]

    def test_what(self, centre, point):
        result = [action["name"] for action in point.search("action", SEARCH_ACTION(centre))]
        assert result == ["Queues.Edit", "Queues.View"]
        given = {**centre.yes, "action": {"name": "ignored"}}
        assert [action["name"] for action in point.search("action", given)] == result

    def test_backwards_and_forwards_agree(self, centre, point):
        users = [centre.lead, centre.agent]
        for reading in ("strict", "lenient"):
            context = {"reading": reading}
            for queue in (centre.billing, centre.sales):
                parameters = {**question("", "Queues.Edit", "Queue", queue), "subject": {"type": "user"}, "context": context}
                who = {one["id"] for one in point.search("subject", parameters)}
                for user in users:
                    forwards = {**question(user, "Queues.Edit", "Queue", queue), "context": context}
                    assert point.decision(forwards) is (user in who)

    def test_ai_agents(self, centre, point):
        arn = centre.ai_agent(centre.profile(Permissions=["Prompts.View"]))
        body = {**question("", "Prompts.View", "Prompt", "p"), "subject": {"type": "ai_agent"}}
        assert {"type": "ai_agent", "id": arn} not in point.search("subject", body)
        body["context"] = {"self_service": True}
        assert {"type": "ai_agent", "id": arn} in point.search("subject", body)

    def test_unknown_entities_have_no_results(self, centre, point):
        for what, change in (
            ("subject", {"resource": {"type": "Queue", "id": NOBODY}}),
            ("subject", {"resource": {"type": "Spaceship", "id": "x"}}),
            ("subject", {"subject": {"type": "robot"}}),
            ("resource", {"subject": {"type": "user", "id": "nobody"}}),
            ("resource", {"subject": {"type": "robot", "id": "x"}}),
            ("resource", {"resource": {"type": "Spaceship"}}),
            ("action", {"subject": {"type": "user", "id": "nobody"}}),
            ("action", {"resource": {"type": "Queue", "id": NOBODY}}),
        ):
            assert point.search(what, {**centre.yes, **change}) == [], (what, change)

    def test_a_type_that_is_not_kept(self, centre, point):
        answer = point.ask("search/resource", {**centre.yes, "resource": {"type": "Contact"}})
        assert answer["results"] == []
        assert [reason["code"] for reason in answer["context"]["reasons"]] == ["type_not_listed"]


@pytest.fixture(scope="module")
def crowd(centre) -> list[str]:
    """Five users who may view views, by id."""
    profile = centre.profile(Permissions=["Views.View"])
    return sorted(centre.user(profile) for _ in range(5))


class TestPages:
    def body(self, **page) -> dict:
        body = {**question("", "Views.View", "View", "v"), "subject": {"type": "user"}}
        return {**body, "page": page} if page else body

    def test_pages(self, point, crowd):
        first = point.ask("search/subject", self.body(limit=2))
        assert list(first)[0] == "page" and first["page"]["count"] == 2
        result = first["results"]
        # The token by itself is enough: the size of pages is bound to it.
        second = point.ask("search/subject", self.body(token=first["page"]["next_token"]))
        assert second["page"]["count"] == 2
        third = point.ask("search/subject", self.body(token=second["page"]["next_token"], limit=2))
        assert third["page"] == {"next_token": "", "count": 1}
        assert [one["id"] for one in result + second["results"] + third["results"]] == crowd

    def test_a_page_of_nothing(self, point, crowd):
        empty = point.ask("search/subject", self.body(limit=0))
        assert empty["results"] == [] and empty["page"]["count"] == 0 and empty["page"]["next_token"]

    def test_a_token_is_bound(self, centre, point, crowd):
        token = point.ask("search/subject", self.body(limit=2))["page"]["next_token"]
        page = {"token": token}
        for body in (
            self.body(token=token, limit=3),
            {**self.body(), "action": {"name": "Views.Edit"}, "page": page},
            {**self.body(), "context": {"reading": "lenient"}, "page": page},
            self.body(token=token + "x"),
            self.body(token="nonsense"),
            self.body(limit=-1),
            self.body(limit="2"),
            {**self.body(), "page": "x"},
        ):
            refused(point.post("search/subject", body))
        refused(point.post("search/resource", {**self.body(), "subject": {"type": "user", "id": crowd[0]}, "page": page}))
        other = DecisionPoint(point.server, new_instance(centre.client))
        refused(other.post("search/subject", self.body(token=token)))

    def test_pages_of_actions_and_resources(self, centre, point):
        for what, body, key in (("action", SEARCH_ACTION(centre), "name"), ("resource", None, "id")):
            if body is None:
                body = {**question(centre.agent, "Queues.View", "Queue", ""), "resource": {"type": "Queue"}}
            whole = point.search(what, body)
            assert len(whole) > 1
            result, page = [], {"limit": 1}
            while page:
                answer = point.ask(f"search/{what}", {**body, "page": page})
                result += answer["results"]
                page = {"token": answer["page"]["next_token"]} if answer["page"]["next_token"] else None
            assert result == whole


class TestFreshness:
    def test_an_answer_knows_of_the_write(self, connect, wire, centre, point):
        user = centre.user(centre.views)
        answer = wire.call(
            "UpdateUserSecurityProfiles",
            {"InstanceId": centre.instance, "UserId": user, "SecurityProfileIds": [centre.leads]},
        )
        revision = int(answer.headers["x-lanyard-revision"])
        parameters = {**question(user, "Queues.Edit", "Queue", centre.billing), "context": {"at_least": revision}}
        evaluated = point.evaluate(parameters)
        assert evaluated["decision"] is True
        assert evaluated["context"]["revision"] >= revision

    def test_a_revision_that_is_not_there(self, centre, point):
        now = point.evaluate(centre.yes)["context"]["revision"]
        ahead = {"at_least": now + 1000}
        begun = time.monotonic()
        for endpoint, body in (
            ("evaluation", {**centre.yes, "context": ahead}),
            ("evaluations", {**centre.yes, "evaluations": [{}, {"context": ahead}]}),
            ("search/subject", {**SEARCH_SUBJECT(centre), "context": ahead}),
        ):
            answer = point.post(endpoint, body)
            refused(answer, 503)
            assert answer.headers["Retry-After"] == "1"
        assert time.monotonic() - begun < 10

    def test_an_update_of_a_profile_counts_at_once(self, centre, point):
        profile = centre.profile(Permissions=["Prompts.View"])
        user = centre.user(profile)
        parameters = question(user, "Prompts.Edit", "Prompt", "p")
        assert point.decision(parameters) is False
        centre.client.update_security_profile(
            InstanceId=centre.instance, SecurityProfileId=profile, Permissions=["Prompts.View", "Prompts.Edit"]
        )
        assert point.decision(parameters) is True

    def test_a_new_instance_has_its_own_revision(self, wire, server):
        members = {
            "IdentityManagementType": "CONNECT_MANAGED",
            "InstanceAlias": unique("fresh"),
            "InboundCallsEnabled": True,
            "OutboundCallsEnabled": True,
        }
        answer = wire.call("CreateInstance", members)
        revision = int(answer.headers["x-lanyard-revision"])
        assert revision == 1
        point = DecisionPoint(server, answer.json["Id"])
        parameters = {**question("nobody", "Queues.View", "Queue", "*"), "context": {"at_least": revision}}
        assert point.evaluate(parameters)["context"]["revision"] == revision


def tokens(wire, instance: str, method: str = "GET", token: str = "", **body):
    path = f"/lanyard/v1/instances/{instance}/decision-tokens{token}"
    return wire.send(method, path, json.dumps(body).encode() if body else b"")


class TestTokens:
    @pytest.fixture
    def guarded(self, connect, server) -> DecisionPoint:
        return DecisionPoint(server, new_instance(connect))

    @pytest.fixture
    def make(self, wire, guarded):
        def make(*scopes: str) -> dict:
            body = {"name": unique("client"), **({"scopes": list(scopes)} if scopes else {})}
            answer = tokens(wire, self.instance(guarded), "POST", **body)
            assert answer.status == 200, answer.body
            return answer.json

        return make

    def instance(self, point) -> str:
        return point.prefix.removeprefix("/instances/")

    def request(self, **context) -> dict:
        return {**question("nobody", "Queues.View", "Queue", "*"), "context": context}

    def test_once_there_is_one_it_is_needed(self, guarded, make):
        assert guarded.post("evaluation", self.request()).status == 200
        made = make("evaluate")
        answer = guarded.post("evaluation", self.request())
        refused(answer, 401)
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        wrong = guarded.with_token("lanyard_decide_" + "0" * 64).post("evaluation", self.request())
        refused(wrong, 401)
        assert 'error="invalid_token"' in wrong.headers["WWW-Authenticate"]
        assert guarded.with_token(made["token"]).post("evaluation", self.request()).status == 200

    def test_scopes(self, guarded, make):
        evaluates, searches, explains = make(), make("search"), make("evaluate", "search", "explain")
        search = {**self.request(), "subject": {"type": "user"}}
        status = lambda made, endpoint, body: guarded.with_token(made["token"]).post(endpoint, body).status
        for made, expected in ((evaluates, (200, 403, 403, 403)), (searches, (403, 200, 403, 403)), (explains, (200, 200, 200, 200))):
            assert expected == (
                status(made, "evaluation", self.request()),
                status(made, "search/subject", search),
                status(made, "evaluation", self.request(explain=True)),
                status(made, "evaluations", {**self.request(), "evaluations": [{"context": {"explain": True}}]}),
            )
        answer = guarded.with_token(searches["token"]).post("evaluation", self.request())
        assert answer.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="evaluate"'

    def test_listed_and_revoked(self, wire, guarded, make):
        instance = self.instance(guarded)
        made, other = make("evaluate", "search"), make("evaluate")
        listed = tokens(wire, instance).json["decision_tokens"]
        assert sorted(listed, key=lambda one: one["id"]) == sorted(
            ({name: value for name, value in one.items() if name != "token"} for one in (made, other)),
            key=lambda one: one["id"],
        )
        assert tokens(wire, instance, "DELETE", f"/{made['id']}").status == 200
        refused(guarded.with_token(made["token"]).post("evaluation", self.request()), 401)
        assert guarded.with_token(other["token"]).post("evaluation", self.request()).status == 200
        assert tokens(wire, instance, "DELETE", f"/{made['id']}").error_type == "ResourceNotFoundException"

    def test_revoking_the_last_one_does_not_open_the_instance_again(self, wire, guarded, make):
        instance = self.instance(guarded)
        assert tokens(wire, instance).json["required"] is False
        made = make("evaluate")
        assert tokens(wire, instance).json["required"] is True
        conflict = tokens(wire, instance, "PUT", required=False)
        assert (conflict.status, conflict.error_type) == (409, "ResourceConflictException")
        assert tokens(wire, instance, "DELETE", f"/{made['id']}").status == 200
        assert tokens(wire, instance).json == {"required": True, "decision_tokens": []}
        for point in [guarded, guarded.with_token(made["token"])]:
            assert "stays closed" in refused(point.post("evaluation", self.request()), 401)
        assert tokens(wire, instance, "PUT", required=False).json == {"required": False}
        assert guarded.post("evaluation", self.request()).status == 200
        assert tokens(wire, instance, "PUT", required=True).json == {"required": True}
        refused(guarded.post("evaluation", self.request()), 401)
        for body in [{}, {"required": "no"}, {"required": False, "more": 1}]:
            assert tokens(wire, instance, "PUT", **body).status == 400
        assert tokens(wire, NOBODY, "PUT", required=False).status == 404

    def test_a_token_is_of_one_instance(self, connect, guarded, make, wire, server):
        made = make("evaluate")
        other = DecisionPoint(server, new_instance(connect))
        assert tokens(wire, self.instance(other), "POST", name="other").status == 200
        refused(other.with_token(made["token"]).post("evaluation", self.request()), 401)

    def test_only_the_hash_is_kept(self, guarded, make, server):
        made = make("evaluate")
        guarded.with_token(made["token"]).post("evaluation", self.request())
        guarded.with_token(made["token"]).post("evaluation", {})
        secret = made["token"].encode()
        kept = [file for file in server.data.iterdir() if file.is_file()] + [server.log]
        assert not [file for file in kept if secret in file.read_bytes()]

    @pytest.mark.parametrize(
        "body",
        [{}, {"name": ""}, {"name": "x" * 128}, {"name": "a\nb"}, {"name": "x", "scopes": []}, {"name": "x", "scopes": ["all"]},
         {"name": "x", "expires": 1}],
    )
    def test_invalid_tokens_cannot_be_created(self, wire, guarded, body):
        answer = wire.send(
            "POST", f"/lanyard/v1/instances/{self.instance(guarded)}/decision-tokens", json.dumps(body).encode()
        )
        assert answer.status == 400 and answer.message

    def test_instances_that_are_not_there(self, wire):
        for answer in (tokens(wire, NOBODY), tokens(wire, NOBODY, "POST", name="x"), tokens(wire, NOBODY, "DELETE", "/x")):
            assert (answer.status, answer.error_type) == (404, "ResourceNotFoundException")

    def test_unsigned(self, guarded):
        path = f"/lanyard/v1/instances/{self.instance(guarded)}/decision-tokens"
        assert guarded.send("GET", path).status == 403

    def test_deleting_an_instance_takes_its_tokens(self, connect, server, guarded, make, wire):
        made = make("evaluate")
        connect.delete_instance(InstanceId=self.instance(guarded))
        refused(guarded.with_token(made["token"]).post("evaluation", self.request()), 404)
        assert run_lanyard("doctor", str(server.data)).returncode == 0

    def test_they_outlive_the_server(self, start_server):
        server = start_server()
        instance = new_instance(server.client())
        made = tokens(server.wire(), instance, "POST", name="client").json
        server.kill()
        server.start()
        point = DecisionPoint(server, instance)
        refused(point.post("evaluation", self.request()), 401)
        assert point.with_token(made["token"]).post("evaluation", self.request()).status == 200

    def test_beyond_loopback_a_token_is_needed_from_the_start(self, start_server):
        server = start_server("--access-key", "AKIDEXAMPLE00001:secret-secret:123456789012", listen="0.0.0.0")
        key = ("AKIDEXAMPLE00001", "secret-secret")
        instance = new_instance(server.client(*key))
        point = DecisionPoint(server, instance)
        assert "decision token" in refused(point.post("evaluation", self.request()), 401)
        made = tokens(server.wire(*key), instance, "POST", name="client").json
        assert point.with_token(made["token"]).post("evaluation", self.request()).status == 200


class TestPaths:
    def test_without_an_instance_when_there_is_one(self, start_server):
        server = start_server()
        bare = DecisionPoint(server, None)
        refused(bare.post("evaluation", question("x", "Queues.View", "Queue", "*")), 404)
        first = new_instance(server.client())
        assert bare.decision(question("x", "Queues.View", "Queue", "*")) is False
        metadata = bare.send("GET", "/.well-known/authzen-configuration").json
        assert metadata["policy_decision_point"] == server.endpoint
        assert metadata["access_evaluation_endpoint"] == f"{server.endpoint}/access/v1/evaluation"
        new_instance(server.client())
        refused(bare.post("evaluation", question("x", "Queues.View", "Queue", "*")), 404)
        refused(bare.send("GET", "/.well-known/authzen-configuration"), 404)
        assert DecisionPoint(server, first).decision(question("x", "Queues.View", "Queue", "*")) is False

    def test_metadata(self, start_server):
        server = start_server("--public-url", "https://access.example.com/lanyard/")
        instance = new_instance(server.client())
        point = DecisionPoint(server, instance)
        answer = point.send("GET", f"/.well-known/authzen-configuration{point.prefix}", headers={"X-Request-ID": "7"})
        assert (answer.status, answer.headers["Content-Type"], answer.headers["X-Request-ID"]) == (200, "application/json", "7")
        base = f"https://access.example.com/lanyard/instances/{instance}"
        assert answer.json == {
            "policy_decision_point": base,
            "access_evaluation_endpoint": f"{base}/access/v1/evaluation",
            "access_evaluations_endpoint": f"{base}/access/v1/evaluations",
            "search_subject_endpoint": f"{base}/access/v1/search/subject",
            "search_resource_endpoint": f"{base}/access/v1/search/resource",
            "search_action_endpoint": f"{base}/access/v1/search/action",
        }
        refused(point.send("GET", f"/.well-known/authzen-configuration/instances/{NOBODY}"), 404)
        refused(point.send("POST", f"/.well-known/authzen-configuration{point.prefix}"), 405)

    @pytest.mark.parametrize("url", ["access.example.com", "ftp://x", "https://x/?a=b", "https://x/#a", ""])
    def test_addresses_that_are_none(self, url):
        assert run_lanyard("serve", "--public-url", url).returncode != 0


def examples() -> list[str]:
    """The commands of the page about decisions."""
    blocks = re.findall(r"^```\n(curl .*?)^```", (REPOSITORY / "docs" / "authzen.md").read_text(), re.M | re.S)
    assert len(blocks) == 4
    return blocks


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("demo"), "--demo") as running:
        yield running


class TestDocs:
    """The page's own commands, on the demo."""

    @pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
    @pytest.mark.parametrize("at", range(4))
    def test_an_example(self, demo, at):
        instance = demo.client().list_instances()["InstanceSummaryList"][0]["Id"]
        command = examples()[at].replace("http://127.0.0.1:4510", demo.endpoint).replace("$INSTANCE", instance)
        ran = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=30)
        answer = json.loads(ran.stdout)
        match at:
            case 0:
                assert answer["decision"] is True and answer["context"]["explanation"]["sentences"]
            case 1:
                assert len(answer["evaluations"]) == 2 and answer["evaluations"][0]["decision"] is True
            case 2:
                assert answer["results"] and answer["results"][0]["type"] == "user"
            case 3:
                assert (answer["explanation"]["answer"]["outcome"], answer["known_as"]["resource"]) == ("allowed", "Billing")


class TestDecisionLog:
    def lines(self, *files) -> list[dict]:
        return [json.loads(line) for file in files for line in file.read_text().splitlines()]

    def test_every_decision_is_there(self, start_server, tmp_path):
        log = tmp_path / "decisions.log"
        server = start_server("--decision-log", str(log))
        centre = Centre(server.client(), server)
        made = tokens(server.wire(), centre.instance, "POST", name="the gate").json
        point = centre.point.with_token(made["token"])
        yes, no = point.evaluate(centre.yes), point.evaluate(centre.no)
        batch = point.ask("evaluations", {**centre.yes, "evaluations": [{}, {"subject": {"type": "user", "id": "nobody"}}, {"action": 1}]})
        assert server.stop() == 0
        lines = self.lines(log)
        ids = [one["context"]["decision_id"] for one in (yes, no, *batch["evaluations"][:2])]
        assert [line["id"] for line in lines] == ids and len(set(ids)) == 4
        assert "decision_id" not in batch["evaluations"][2]["context"]
        first, second = lines[:2]
        assert first["question"] == {
            "subject": centre.yes["subject"], "action": centre.yes["action"], "resource": centre.yes["resource"]
        }
        assert (first["decision"], first["outcome"], first["reading"]) == (True, "allowed", "strict")
        assert (first["instance"], first["token"]) == (centre.instance, "the gate")
        assert first["revision"] == yes["context"]["revision"]
        assert abs(first["time"] / 1000 - time.time()) < 600
        assert (first["profiles"], second["profiles"]) == ([centre.leads], [centre.views])
        assert lines[3]["denial"] == "principal_unknown"
        assert made["token"] not in log.read_text()

    def test_sampling_keeps_refusals(self, start_server, tmp_path):
        log = tmp_path / "decisions.log"
        server = start_server("--decision-log", str(log), "--decision-log-sample", "0.25")
        centre = Centre(server.client(), server)
        batch = [centre.yes] * 2000 + [centre.no] * 500
        centre.point.ask("evaluations", {"evaluations": batch})
        assert server.stop() == 0
        decisions = [line["decision"] for line in self.lines(log)]
        assert decisions.count(False) == 500
        assert 400 < decisions.count(True) < 600

    def test_rotation(self, start_server, tmp_path):
        log = tmp_path / "decisions.log"
        server = start_server("--decision-log", str(log), "--decision-log-rotate", "20000")
        centre = Centre(server.client(), server)
        for _ in range(5):
            centre.point.ask("evaluations", {**centre.no, "evaluations": [{}] * 40})
        assert server.stop() == 0
        files = sorted(tmp_path.glob("decisions.log*"))
        assert len(files) > 2
        assert all(file.stat().st_size <= 20_000 for file in files)
        assert len(self.lines(*files)) == 200

    def test_to_standard_output(self, start_server):
        server = start_server("--decision-log", "-")
        centre = Centre(server.client(), server)
        answer = centre.point.evaluate(centre.no)
        assert server.stop() == 0
        assert f'"id":"{answer["context"]["decision_id"]}"' in server.log.read_text()

    def test_without_it_decisions_have_no_id(self, centre, point):
        assert "decision_id" not in point.evaluate(centre.yes)["context"]
