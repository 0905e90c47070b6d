"""Lanyard's own API: several calls as one write, what was written, and the state at any revision."""

import hashlib
import json
import re

import pytest

from conftest import new_instance
from harness.data_tables import Table, primary
from harness.operations import unique

ABSENT = "00000000-0000-4000-8000-000000000000"
PLACEHOLDER = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def instance(connect) -> str:
    return new_instance(connect)


@pytest.fixture
def own(wire, instance):
    """Calls Lanyard's own API of the instance."""

    def own(method: str, what: str, body: dict | None = None):
        content = b"" if body is None else json.dumps(body).encode()
        return wire.send(method, f"/lanyard/v1/instances/{instance}/{what}", content)

    return own


def entries(own, query: str = "") -> list[dict]:
    """The entries of the log, with their revisions."""
    records = (it["record"] for it in own("GET", f"history{query}").json["entries"])
    return [{"revision": record["revision"], **record["entry"]} for record in records]


def revision(own) -> int:
    return own("GET", "state").json["revision"]


def create_profile(instance: str, name: str, **more) -> dict:
    body = {"SecurityProfileName": name, "Permissions": ["Queues.View"]}
    return {"method": "PUT", "path": f"/security-profiles/{instance}", "body": body, **more}


def update_profile(instance: str, profile: str, **members) -> dict:
    return {"method": "POST", "path": f"/security-profiles/{instance}/{profile}", "body": members}


class TestChangeSets:
    def test_all_calls_are_one_entry(self, connect, own, instance):
        before = revision(own)
        names = [unique("one"), unique("two")]
        answer = own("POST", "change-sets", {"calls": [create_profile(instance, name) for name in names]})
        assert answer.status == 200, answer.body
        assert answer.json["revision"] == before + 1 == int(answer.headers["x-lanyard-revision"])
        for name, result in zip(names, answer.json["results"], strict=True):
            profile = connect.describe_security_profile(
                InstanceId=instance, SecurityProfileId=result["SecurityProfileId"]
            )["SecurityProfile"]
            assert profile["SecurityProfileName"] == name
        [entry] = entries(own, f"?after={before}")
        assert entry["operation"] == "ApplyChangeSet"
        assert [change["after"]["SecurityProfile"]["name"] for change in entry["changes"]] == names

    def test_substituted_values_are_not_substituted_again(self, connect, own, instance):
        """Otherwise a few calls would make a text larger than memory: each ARN has both placeholders in it."""
        arn = "SecurityProfileArn"
        placeholders = ["arn:aws:connect", "us-east-1:123"]
        calls = [create_profile(instance, unique("grows"), makes=dict.fromkeys(placeholders, arn))]
        calls.append(create_profile(instance, unique("named"), makes={PLACEHOLDER: "SecurityProfileId"}))
        calls.append(update_profile(instance, PLACEHOLDER, Description=f"of {placeholders[0]}"))
        answer = own("POST", "change-sets", {"calls": calls})
        assert answer.status == 200, answer.body
        made, named, _ = answer.json["results"]
        profile = connect.describe_security_profile(
            InstanceId=instance, SecurityProfileId=named["SecurityProfileId"]
        )["SecurityProfile"]
        assert profile["Description"] == f"of {made[arn]}"

    @pytest.mark.parametrize("second", ["placeholder-1", "placeholder-10"])
    def test_placeholders_are_distinguished(self, own, instance, second):
        before = revision(own)
        calls = [
            create_profile(instance, unique("one"), makes={"placeholder-1": "SecurityProfileId"}),
            create_profile(instance, unique("two"), makes={second: "SecurityProfileId"}),
        ]
        answer = own("POST", "change-sets", {"calls": calls})
        assert (answer.status, answer.error_type) == (400, "InvalidParameterException")
        assert "`placeholder-1`" in answer.message
        assert revision(own) == before

    def test_later_calls_use_what_earlier_ones_make(self, connect, own, instance):
        name = unique("made")
        calls = [
            create_profile(instance, name, makes={PLACEHOLDER: "SecurityProfileId"}),
            update_profile(instance, PLACEHOLDER, Description="first made, then described"),
            {
                "method": "POST",
                "path": "/tags/" + f"arn:aws:connect:us-east-1:123456789012:instance/{instance}/security-profile/{PLACEHOLDER}".replace("/", "%2F"),
                "body": {"tags": {"Team": "Red"}},
            },
        ]
        answer = own("POST", "change-sets", {"calls": calls})
        assert answer.status == 200, answer.body
        profile = connect.describe_security_profile(
            InstanceId=instance, SecurityProfileId=answer.json["results"][0]["SecurityProfileId"]
        )["SecurityProfile"]
        assert profile["Description"] == "first made, then described"
        assert profile["Tags"] == {"Team": "Red"}

    def test_none_takes_effect_when_one_is_refused(self, connect, own, instance):
        before = revision(own)
        calls = [create_profile(instance, unique("lost")), update_profile(instance, ABSENT, Description="none")]
        answer = own("POST", "change-sets", {"calls": calls})
        assert (answer.status, answer.error_type) == (404, "ResourceNotFoundException")
        assert answer.message.startswith("call 1 (UpdateSecurityProfile): ")
        assert revision(own) == before

    def test_each_call_is_checked_as_if_sent_by_itself(self, own, instance):
        before = revision(own)
        broken = create_profile(instance, "")
        answer = own("POST", "change-sets", {"calls": [broken]})
        assert answer.status == 400
        assert "call 0 (CreateSecurityProfile)" in answer.message and "`SecurityProfileName` has length 0" in answer.message
        assert revision(own) == before

    def test_another_revision_is_a_conflict(self, connect, own, instance):
        seen = revision(own)
        connect.create_security_profile(InstanceId=instance, SecurityProfileName=unique("between"))
        change_set = {"expected_revision": seen, "calls": [create_profile(instance, unique("late"))]}
        answer = own("POST", "change-sets", change_set)
        assert (answer.status, answer.error_type) == (409, "ConflictException")
        assert f"revision {seen + 1}" in answer.message
        assert own("POST", "change-sets", {**change_set, "expected_revision": seen + 1}).status == 200

    def test_a_dry_run_writes_nothing_and_finds_what_is_wrong(self, own, instance):
        before = revision(own)
        change_set = {"dry_run": True, "calls": [create_profile(instance, unique("dry"))]}
        answer = own("POST", "change-sets", change_set)
        assert answer.status == 200 and answer.json["revision"] == before
        assert revision(own) == before
        change_set["calls"] *= 2
        assert own("POST", "change-sets", change_set).error_type == "DuplicateResourceException"

    def test_a_user_is_made_with_a_password_that_is_nowhere_shown(self, connect, own, instance):
        password = "Sup3r-Secret-Of-Change-Set"
        profile = connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"][0]["Id"]
        routing = connect.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"][0]["Id"]
        body = {
            "Username": unique("user"),
            "Password": password,
            "SecurityProfileIds": [profile],
            "RoutingProfileId": routing,
            "PhoneConfig": {"PhoneType": "SOFT_PHONE"},
        }
        call = {"method": "PUT", "path": f"/users/{instance}", "body": body}
        answer = own("POST", "change-sets", {"calls": [call]})
        assert answer.status == 200, answer.body
        shown = answer.body + own("GET", "history").body + own("GET", "state").body
        assert password.encode() not in shown and b"argon2" not in shown
        del body["Password"]
        body["Username"] = unique("user")
        refused = own("POST", "change-sets", {"calls": [call]})
        assert refused.status == 400 and "`Password` is required" in refused.message

    @pytest.mark.parametrize(
        ("calls", "message"),
        [
            ([{"method": "GET", "path": "/users-summary/INSTANCE"}], "call 0 (ListUsers): cannot be part of a change-set"),
            ([{"method": "PUT", "path": "/instance", "body": {}}], "CreateInstance"),
            ([{"method": "PUT", "path": "/nowhere"}], "there is no operation"),
            ([{"method": "PUT", "path": f"/security-profiles/{ABSENT}", "body": {"SecurityProfileName": "x"}}], "not the one of the change-set"),
            ([{"method": "PUT", "path": "/x", "makes": {"short": "Id"}}], "placeholder `short`"),
            ([{"method": "PUT", "path": "/x", "unknown": 1}], "unknown"),
        ],
    )
    def test_calls_that_cannot_be_part_of_a_change_set(self, own, instance, calls, message):
        calls = [{**call, "path": call["path"].replace("INSTANCE", instance)} for call in calls]
        answer = own("POST", "change-sets", {"calls": calls})
        assert answer.status in (400, 404), answer.body
        assert message in answer.message

    def test_a_placeholder_cannot_be_the_path_of_an_association(self, own, instance):
        """Whether applications may be deleted meanwhile is settled before the calls run."""
        placeholder = "in-two/segments"
        made = create_profile(instance, unique("made"), makes={placeholder: "SecurityProfileId"})
        associate = {"method": "PUT", "path": f"/instance/{placeholder}/integration-associations", "body": {}}
        refused = own("POST", "change-sets", {"calls": [made, associate]})
        assert refused.status == 400
        assert "call 1 (CreateIntegrationAssociation): a placeholder must not make the path" in refused.message

    def test_a_placeholder_for_a_missing_member(self, own, instance):
        call = create_profile(instance, unique("made"), makes={PLACEHOLDER: "UserId"})
        assert "`UserId`, which its answer has not" in own("POST", "change-sets", {"calls": [call]}).message

    def test_an_instance_that_is_not_there(self, wire):
        for method, what in [("POST", "change-sets"), ("GET", "history"), ("GET", "state")]:
            body = b'{"calls": []}' if method == "POST" else b""
            assert wire.send(method, f"/lanyard/v1/instances/{ABSENT}/{what}", body).status == 404


class TestHistory:
    def test_pages_and_order(self, connect, own, instance):
        for _ in range(3):
            connect.create_security_profile(InstanceId=instance, SecurityProfileName=unique("entry"))
        last = revision(own)
        whole = entries(own, "?limit=1000")
        assert [entry["revision"] for entry in whole] == list(range(1, last + 1))
        assert [entry for at in range(last) for entry in entries(own, f"?after={at}&limit=1")] == whole
        assert entries(own, f"?after={last}") == []
        assert (whole[-1]["actor"], whole[-1]["operation"]) == ("test", "CreateSecurityProfile")

    def test_an_answer_ends_where_entries_are_long(self, connect, own, instance):
        """An entry has what was and what is, so each of these has some two million bytes."""
        table = Table(connect, instance, key="*NUMBER", text="TEXT")
        values = [{"PrimaryValues": primary({"key": str(key)}), "AttributeName": "text", "Value": "a" * 5_000} for key in range(190)]
        table.create(*values)
        for letter in "bcdefghij":
            table.update(*({**value, "Value": letter * 5_000} for value in values))
        last, actual = revision(own), []
        while not actual or actual[-1] < last:
            after = actual[-1] if actual else 0
            answer = own("GET", f"history?after={after}&limit=1000")
            assert len(answer.body) < 20_000_000
            actual += [it["record"]["revision"] for it in answer.json["entries"]]
            if after == 0:
                assert actual[-1] < last
        assert actual == list(range(1, last + 1))

    def test_readers_can_verify_the_chain_of_hashes(self, own, instance):
        text = own("GET", "history?limit=1000").body.decode()
        hash_before = hashlib.sha256(f"instance/{instance}".encode()).digest()
        parts = re.split(r'\{"hash":"([0-9a-f]{64})","record":', text)[1:]
        for stated, rest in zip(parts[::2], parts[1::2], strict=True):
            _, end = json.JSONDecoder().raw_decode(rest)
            hash_before = hashlib.sha256(hash_before + rest[:end].encode()).digest()
            assert hash_before.hex() == stated

    @pytest.mark.parametrize("query", ["limit=0", "limit=1001", "after=x", "from=1", "limit=-1"])
    def test_wrong_parameters(self, own, query):
        assert own("GET", f"history?{query}").error_type == "InvalidParameterException"


class TestState:
    def test_as_of(self, connect, own, instance):
        made = connect.create_security_profile(
            InstanceId=instance, SecurityProfileName=unique("past"), Permissions=["Users.View"]
        )["SecurityProfileId"]
        first = own("GET", "state").json
        connect.update_security_profile(InstanceId=instance, SecurityProfileId=made, Permissions=["Users.Edit"])

        def permissions(state: dict) -> list[str]:
            kept = (it["SecurityProfile"] for it in state["resources"] if "SecurityProfile" in it)
            return next(it["permissions"] for it in kept if it["id"] == made)

        assert permissions(own("GET", "state").json) == ["Users.Edit"]
        assert permissions(own("GET", f"state?revision={first['revision']}").json) == ["Users.View"]
        assert permissions(own("GET", f"state?time={first['time']}").json) == ["Users.View"]

    @pytest.mark.parametrize("query", ["revision=999999", "time=1", "revision=0"])
    def test_states_that_never_existed(self, own, query):
        assert own("GET", f"state?{query}").status == 404

    def test_one_or_the_other(self, own):
        assert own("GET", "state?revision=1&time=1").error_type == "InvalidParameterException"
