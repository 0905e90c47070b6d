"""Lanyard's own API: instances of any size, and none."""

import json

import pytest

from conftest import new_instance
from harness.expect import refused
from harness.operations import unique
from harness.server import run_lanyard

NOTHING = {
    "users": 0,
    "security_profiles": 0,
    "hierarchy_groups": 0,
    "queues": 0,
    "routing_profiles": 0,
    "quick_connects": 0,
    "flow_modules": 0,
    "ai_agents": 0,
}
DEFAULTS = {
    "users": 100,
    "security_profiles": 20,
    "hierarchy_groups": 20,
    "queues": 20,
    "routing_profiles": 10,
    "quick_connects": 10,
    "flow_modules": 5,
    "ai_agents": 2,
}


def post(wire, operation: str, body: dict | None = None):
    return wire.send("POST", f"/lanyard/v1/{operation}", b"" if body is None else json.dumps(body).encode())


@pytest.fixture
def seed(wire):
    def seed(**members) -> dict:
        answer = post(wire, "seed", members)
        assert answer.status == 200, answer.body
        return answer.json

    return seed


def profile_names(client, instance: str) -> list[str]:
    pages = client.get_paginator("list_security_profiles").paginate(InstanceId=instance)
    return sorted(row["Name"] for page in pages for row in page["SecurityProfileSummaryList"])


class TestSeed:
    def test_without_a_body(self, wire, seed):
        answer = post(wire, "seed")
        assert answer.status == 200
        bare = seed(**NOTHING)["counts"]
        grown = {name: count - bare[name] for name, count in answer.json["counts"].items()}
        assert grown == {**DEFAULTS, "hours_of_operation": 0}
        assert int(answer.headers["x-lanyard-revision"]) > 0

    def test_the_instance_is_one_like_any_other(self, connect, seed):
        alias = unique("seeded")
        made = seed(alias=alias, security_profiles=30)
        instance = connect.describe_instance(InstanceId=made["instance_id"])["Instance"]
        assert (instance["InstanceAlias"], instance["Arn"]) == (alias, made["instance_arn"])
        names = profile_names(connect, made["instance_id"])
        assert {"Admin", "Billing agents", "Billing team leads"} <= set(names)
        assert len(names) == made["counts"]["security_profiles"]
        profile = connect.create_security_profile(InstanceId=made["instance_id"], SecurityProfileName="One more")
        described = connect.describe_security_profile(
            InstanceId=made["instance_id"], SecurityProfileId=profile["SecurityProfileId"]
        )
        assert described["SecurityProfile"]["SecurityProfileName"] == "One more"

    def test_profiles_of_every_sort(self, connect, seed):
        instance = seed(security_profiles=21)["instance_id"]
        pages = connect.get_paginator("list_security_profiles").paginate(InstanceId=instance)
        kinds = set()
        for row in [row for page in pages for row in page["SecurityProfileSummaryList"]]:
            result = connect.describe_security_profile(InstanceId=instance, SecurityProfileId=row["Id"])["SecurityProfile"]
            kinds.add((bool(result.get("TagRestrictedResources")), bool(result.get("HierarchyRestrictedResources"))))
        assert kinds == {(False, False), (True, False), (False, True), (True, True)}

    def test_the_same_number_gives_the_same_centre(self, connect, seed):
        one, same, other = (seed(seed=number, security_profiles=60)["instance_id"] for number in (7, 7, 8))
        assert one != same
        assert profile_names(connect, one) == profile_names(connect, same)
        assert profile_names(connect, one) != profile_names(connect, other)

    def test_quotas_do_not_apply(self, seed, connect):
        made = seed(security_profiles=150, flow_modules=250)
        assert made["counts"]["flow_modules"] == 250
        with refused("LimitExceededException"):
            connect.create_security_profile(InstanceId=made["instance_id"], SecurityProfileName="One too many")

    def test_modules_of_which_half_are_tools(self, connect, seed):
        instance = seed(flow_modules=10)["instance_id"]
        result = connect.search_contact_flow_modules(InstanceId=instance)["ContactFlowModules"]
        enabled = [module["ExternalInvocationConfiguration"]["Enabled"] for module in result]
        assert sorted(enabled) == [False] * 5 + [True] * 5

    def test_an_alias_that_is_in_use(self, wire, seed):
        alias = unique("seeded")
        seed(alias=alias, **NOTHING)
        answer = post(wire, "seed", {"alias": alias.upper()})
        assert (answer.status, answer.error_type) == (400, "InvalidRequestException")
        assert "InstanceAlias" in answer.message

    @pytest.mark.parametrize(
        "body, message",
        [
            ({"people": 5}, "people"),
            ({"users": -5}, "body"),
            ({"users": "many"}, "body"),
            ({"users": 5_000_000}, "at most"),
            ({"users": 5, "routing_profiles": 0}, "routing_profiles"),
            ({"users": 0, "queues": 0}, "queues"),
            ({"alias": "not an alias!"}, "InstanceAlias"),
        ],
    )
    def test_refused_requests(self, wire, body, message):
        answer = post(wire, "seed", body)
        assert (answer.status, answer.error_type) == (400, "InvalidParameterException")
        assert message in answer.message

    def test_invalid_json(self, wire):
        answer = wire.send("POST", "/lanyard/v1/seed", b"{")
        assert (answer.status, answer.error_type) == (400, "SerializationException")

    def test_a_large_one_is_there_after_a_crash_and_sound(self, start_server):
        server = start_server()
        made = post(server.wire(), "seed", {"users": 6000, "queues": 200}).json
        server.kill()
        server.start()
        client = server.client()
        before = len(profile_names(client, made["instance_id"]))
        assert before == made["counts"]["security_profiles"]
        client.create_security_profile(InstanceId=made["instance_id"], SecurityProfileName="One more")
        assert server.stop() == 0
        report = run_lanyard("doctor", "--json", str(server.data))
        assert report.returncode == 0, report.stdout
        assert json.loads(report.stdout)["resources"] > 6200


class TestReset:
    def test_deletes_all_instances_of_the_account_and_region(self, start_server):
        server = start_server("--access-key", "a:a:111111111111", "--access-key", "b:b:222222222222")
        of = lambda key, region="us-east-1": server.client(key, key, region=region)
        for client in (of("a"), of("a"), of("a", "eu-west-2"), of("b")):
            new_instance(client)
        answer = post(server.wire("a", "a"), "reset")
        assert (answer.status, answer.json) == (200, {"instances_deleted": 2})
        counts = [len(client.list_instances()["InstanceSummaryList"]) for client in (of("a"), of("a", "eu-west-2"), of("b"))]
        assert counts == [0, 1, 1]
        assert post(server.wire("a", "a"), "reset").json == {"instances_deleted": 0}

    def test_a_suite_can_run_again(self, start_server):
        server = start_server()
        client = server.client()
        members = {"InstanceAlias": "the-suite", "ClientToken": "the-suites-token"}
        first = new_instance(client, **members)
        post(server.wire(), "reset")
        second = new_instance(client, **members)
        assert first != second
        assert client.describe_instance(InstanceId=second)["Instance"]["InstanceAlias"] == "the-suite"

    def test_kept_over_a_restart(self, start_server):
        server = start_server()
        new_instance(server.client())
        post(server.wire(), "reset")
        server.kill()
        server.start()
        assert server.client().list_instances()["InstanceSummaryList"] == []
        assert server.stop() == 0
        assert run_lanyard("doctor", str(server.data)).returncode == 0


class TestWhoMay:
    @pytest.mark.parametrize("operation", ["seed", "reset"])
    def test_only_signed_calls(self, server, wire, operation):
        answer = post(server.wire(secret="tset"), operation)
        assert (answer.status, answer.error_type) == (403, "InvalidSignatureException")
        request = wire.sign("POST", f"/lanyard/v1/{operation}")
        request.headers.clear()
        request.headers["Host"] = "127.0.0.1"
        assert wire.transmit(request).error_type == "MissingAuthenticationTokenException"

    @pytest.mark.parametrize("operation", ["seed", "reset"])
    def test_only_keys_that_may_write(self, start_server, tmp_path, operation):
        keys = tmp_path / "keys.ini"
        keys.write_text(
            "[bob]\naws_access_key_id = bob\naws_secret_access_key = bob-secret\n"
            "account = 111111111111\nname = bob\nmode = read-only\n"
        )
        server = start_server("--credentials", str(keys))
        answer = post(server.wire("bob", "bob-secret"), operation)
        assert (answer.status, answer.error_type) == (403, "AccessDeniedException")
        assert "read-only" in answer.message

    def test_paths_and_methods_that_are_not_there(self, wire):
        for method, path in (("GET", "seed"), ("POST", "health"), ("POST", "seeds"), ("DELETE", "reset")):
            answer = wire.send(method, f"/lanyard/v1/{path}")
            assert (answer.status, answer.error_type) == (404, "UnknownOperationException")


class TestCommands:
    def test_seed_and_reset(self, start_server):
        server = start_server()
        at = {"LANYARD_ENDPOINT": server.endpoint}
        alias = unique("seeded")
        made = run_lanyard("seed", "--alias", alias, "--users", "30", "--json", **at)
        assert made.returncode == 0, made.stderr
        answer = json.loads(made.stdout)
        assert answer["counts"]["users"] == 30
        assert server.client().describe_instance(InstanceId=answer["instance_id"])["Instance"]["InstanceAlias"] == alias
        shown = run_lanyard("seed", "--users", "7", **at)
        assert shown.returncode == 0 and "       7  users" in shown.stdout

        elsewhere = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", **at}
        missed = run_lanyard("reset", "--yes", **elsewhere)
        assert missed.returncode == 1 and "at http://127.0.0.1:1/ (from AWS_ENDPOINT_URL)" in missed.stderr
        assert len(server.client().list_instances()["InstanceSummaryList"]) == 2, "the variables of AWS tools come first"
        assert server.endpoint in run_lanyard("reset", **at).stderr
        parameters = run_lanyard("reset", **at)
        assert parameters.returncode == 1 and "--yes" in parameters.stderr
        given = run_lanyard("reset", "--yes", "--endpoint", server.endpoint, **elsewhere)
        assert given.stdout == "2 instances deleted\n" and f"{server.endpoint}/ (from --endpoint)" in given.stderr
        assert server.client().list_instances()["InstanceSummaryList"] == []

    def test_with_a_key_and_region(self, start_server):
        server = start_server("--access-key", "ann:secret:111111111111")
        key = {"AWS_ACCESS_KEY_ID": "ann", "AWS_SECRET_ACCESS_KEY": "secret"}
        made = run_lanyard("seed", "--endpoint", server.endpoint, "--region", "eu-west-2", "--json", **key)
        assert json.loads(made.stdout)["instance_arn"].startswith("arn:aws:connect:eu-west-2:111111111111:instance/")
        refused = run_lanyard("seed", "--endpoint", server.endpoint)
        assert refused.returncode == 1 and "security token" in refused.stderr
        half = run_lanyard("seed", "--endpoint", server.endpoint, AWS_ACCESS_KEY_ID="ann")
        assert half.returncode == 1 and "AWS_SECRET_ACCESS_KEY" in half.stderr

    def test_refusals_of_the_server_are_reported(self, server):
        refused = run_lanyard("seed", "--queues", "0", LANYARD_ENDPOINT=server.endpoint)
        assert refused.returncode == 1 and "queues" in refused.stderr

    @pytest.mark.parametrize(
        "endpoint, message", [("http://127.0.0.1:1", "cannot reach"), ("127.0.0.1:4510", "form"), ("https://127.0.0.1:1", "cannot reach")]
    )
    def test_endpoints_that_cannot_be(self, endpoint, message):
        answer = run_lanyard("reset", "--yes", "--endpoint", endpoint)
        assert answer.returncode == 1 and message in answer.stderr
