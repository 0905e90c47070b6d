"""Requests that no SDK sends: the answer is a 4xx with the error, never a 500, and the server continues."""

import json
import socket

import pytest

from harness.operations import unique
from harness.server import HOST

SEARCH = "/search-security-profiles"


@pytest.fixture(autouse=True)
def still_well(server):
    yield
    assert server.healthy()
    assert "panicked" not in server.log.read_text(errors="replace")


@pytest.fixture
def update(wire, connect, instance, make_profile):
    """Posts a raw body to UpdateSecurityProfile of a new profile; answers the answer and what was stored."""
    profile = make_profile(Description="before")

    def post(body: bytes, headers: dict[str, str] | None = None):
        target = f"/security-profiles/{instance}/{profile}"
        answer = wire.send("POST", target, body, headers)
        result = connect.describe_security_profile(InstanceId=instance, SecurityProfileId=profile)["SecurityProfile"]
        return answer, result["Description"]

    return post


def refused(answer, *kinds: str, status: int = 400) -> None:
    assert answer.status == status, answer.body
    if kinds:
        assert answer.error_type in kinds
    assert answer.headers["x-amzn-RequestId"]
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.message


MALFORMED = {
    "cut": b'{"Description": "after"',
    "trailing comma": b'{"Description": "after",}',
    "text after": b'{"Description": "after"} true',
    "two documents": b'{"Description": "after"}{"Description": "again"}',
    "single quotes": b"{'Description': 'after'}",
    "not json": b"Description=after",
    "null": b"null",
    "list": b'[{"Description": "after"}]',
    "string": b'"after"',
    "number": b"1",
    "nan": b'{"Description": "after", "Permissions": NaN}',
    "bare word": b'{"Description": after}',
    "control character": b'{"Description": "af\x01ter"}',
    "lone surrogate": b'{"Description": "\\ud800"}',
    "bad escape": b'{"Description": "\\x41"}',
    "bad utf-8": b'{"Description": "\xff\xfe"}',
    "overlong utf-8": b'{"Description": "\xc0\xaf"}',
    "cut utf-8": b'{"Description": "\xe2\x98"}',
    "utf-16": '{"Description": "after"}'.encode("utf-16"),
    "nul bytes": b"\x00" * 64,
    "only spaces": b"   ",
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_body(update, body):
    answer, description = update(body)
    refused(answer, "SerializationException")
    assert description == "before"


@pytest.mark.parametrize("depth", [1_000, 100_000])
@pytest.mark.parametrize("brackets", [("[", "]"), ('{"a":', "}")])
def test_deep_nesting(update, depth, brackets):
    opening, closing = brackets
    nested = opening * depth + ("1" if opening != "[" else "") + closing * depth
    for member in ("Description", "Unknown"):
        answer, description = update(f'{{"{member}": {nested}}}'.encode())
        refused(answer)
        assert description == "before"


def test_deep_nesting_of_a_recursive_shape(wire, instance):
    """SearchCriteria may nest: it may not take the stack with it."""
    criteria = '{"OrConditions":[' * 20_000 + "{}" + "]}" * 20_000
    answer = wire.send("POST", SEARCH, f'{{"InstanceId":"{instance}","SearchCriteria":{criteria}}}'.encode())
    refused(answer)


@pytest.mark.parametrize("megabytes", [2, 16])
def test_oversized_body(update, megabytes):
    answer, description = update(b'{"Description": "' + b"a" * (megabytes << 20) + b'"}')
    assert answer.status in (400, 413)
    assert description == "before"


def test_a_length_that_is_never_sent(server):
    """An honest header and a silent body must not hold others up."""
    with socket.create_connection((HOST, server.port), timeout=5) as silent:
        silent.sendall(b"POST /search-security-profiles HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{")
        assert server.healthy()


@pytest.mark.parametrize("garbage", [b"\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", b"GET / HTTP/9.9\r\n\r\n"])
def test_non_http_input(server, garbage):
    with socket.create_connection((HOST, server.port), timeout=5) as talker:
        talker.sendall(garbage)
        talker.shutdown(socket.SHUT_WR)
        assert not talker.recv(4096).startswith(b"HTTP/1.1 5")


@pytest.mark.parametrize("content_type", ["text/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_wrong_content_type(update, content_type):
    answer, description = update(b'{"Description": "after"}', {"Content-Type": content_type})
    refused(answer)
    assert description == "before"


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "application/x-amz-json-1.1", "APPLICATION/JSON"]
)
def test_content_types_of_sdks(update, content_type):
    answer, description = update(b'{"Description": "after"}', {"Content-Type": content_type})
    assert (answer.status, description) == (200, "after")


def test_no_body_is_no_members(update):
    """The headers and body that an SDK without members to send may leave out."""
    for body in (b"", b"{}"):
        answer, description = update(body)
        assert (answer.status, description) == (200, "before"), answer.body


def test_unknown_members_are_ignored(update):
    members = {"Description": "after", "Colour": "green", "Nested": {"a": [1, {"b": None}]}, "description": "lower case"}
    answer, description = update(json.dumps(members).encode())
    assert (answer.status, description) == (200, "after")


def test_unknown_members_deep_down_are_ignored(wire, connect, instance):
    application = {"Namespace": "crm", "ApplicationPermissions": ["ACCESS"], "Version": 3}
    answer = wire.call(
        "CreateSecurityProfile",
        {"InstanceId": instance, "SecurityProfileName": unique("unknown"), "Applications": [application]},
    )
    assert answer.status == 200
    result = connect.list_security_profile_applications(
        InstanceId=instance, SecurityProfileId=answer.json["SecurityProfileId"]
    )
    assert result["Applications"] == [{"Namespace": "crm", "ApplicationPermissions": ["ACCESS"]}]


def test_null_members_are_absent(wire, instance):
    name = unique("null")
    nulls = ("Description", "Permissions", "Tags", "Applications", "GranularAccessControlConfiguration")
    answer = wire.call(
        "CreateSecurityProfile", {"InstanceId": instance, "SecurityProfileName": name, **dict.fromkeys(nulls)}
    )
    assert answer.status == 200, answer.body


def test_a_required_member_that_is_null_is_missing(wire, instance):
    answer = wire.call("CreateSecurityProfile", {"InstanceId": instance, "SecurityProfileName": None})
    refused(answer, "InvalidParameterException", "InvalidRequestException")
    assert "SecurityProfileName" in answer.message


def test_nulls_in_lists_and_maps_do_no_harm(wire, instance):
    """Sparse or refused, but never a 500 and never stored as something else."""
    for member, value in (("Permissions", ["Queues.View", None]), ("AllowedAccessControlTags", {"team": None})):
        answer = wire.call(
            "CreateSecurityProfile", {"InstanceId": instance, "SecurityProfileName": unique("sparse"), member: value}
        )
        assert answer.status in (200, 400), answer.body


def test_a_member_twice(update):
    answer, description = update(b'{"Description": "one", "Description": "two"}')
    assert (answer.status, description) in [(200, "two"), (400, "before")]


@pytest.mark.parametrize("number", ["1e400", "-1", "0", "2147483648", "9223372036854775808", "1e2", "100.5", "1E+400000"])
def test_numbers(wire, instance, number):
    body = f'{{"InstanceId": "{instance}", "MaxResults": {number}}}'.encode()
    answer = wire.send("POST", SEARCH, body)
    if number == "1e2":  # a hundred, however it is written, is either read as such or refused
        assert answer.status in (200, 400)
    else:
        refused(answer)


@pytest.mark.parametrize("path", ["/instance/%", "/instance/%zz", "/instance/%2", "/instance/%ff%fe", "/instance/%c0%af", "/instance/%ed%a0%80"])
def test_bad_percent_encoding(wire, path):
    refused(wire.send("GET", path))


@pytest.mark.parametrize("query", ["nextToken=%zz", "nextToken=%ff", "maxResults=%", "maxResults=1%00"])
def test_bad_percent_encoding_in_the_query(wire, query):
    refused(wire.send("GET", f"/instance?{query}"))


@pytest.mark.parametrize("query", ["", "unknown=1", "maxResults=5&unknown=%20", "unknown"])
def test_query_members_nobody_knows_are_ignored(wire, query):
    assert wire.send("GET", f"/instance?{query}").status == 200


@pytest.mark.parametrize("character", ["%00", "%0a", "%2e%2e%2f", "'%20OR%201=1--", "%F0%9F%A6%9C"])
def test_malformed_ids(wire, character):
    """Decoded, looked for, not found (or refused): never found, never a 500."""
    assert wire.send("GET", f"/instance/{character}").status in (400, 404)


def test_an_encoded_id_is_decoded(wire, instance):
    encoded = "".join(f"%{ord(letter):02x}" for letter in instance)
    answer = wire.send("GET", f"/instance/{encoded}")
    assert (answer.status, answer.json["Instance"]["Id"]) == (200, instance)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/nowhere"),
        ("GET", "/instance/a/b/c/d/e"),
        ("GET", "/instances"),
        ("GET", "/INSTANCE"),
        ("PATCH", "/instance"),
        ("POST", "/instance"),
        ("DELETE", "/instance"),
        ("POST", "/security-profiles-summary/x"),
    ],
)
def test_unknown_paths(wire, method, path):
    answer = wire.send(method, path)
    assert answer.status == 404, answer.body
    assert answer.headers["x-amzn-RequestId"]
    assert answer.error_type
    json.loads(answer.body)


def test_an_operation_that_is_not_served(wire, instance):
    answer = wire.call("CreatePrompt", {"InstanceId": instance, "Name": "care", "S3Uri": "s3://prompts/care.wav"})
    assert answer.status == 501
    assert "CreatePrompt" in answer.message
    assert answer.headers["x-amzn-RequestId"]
    assert answer.error_type


def test_header_names(wire, instance):
    """As they are spelt on the wire by the service; some clients look no further."""
    good = wire.call("DescribeInstance", {"InstanceId": instance})
    assert good.headers["Content-Type"] == "application/json"
    assert "x-amzn-requestid" in {name.lower() for name in good.headers}
    bad = wire.call("DescribeInstance", {"InstanceId": "00000000-0000-4000-8000-000000000000"})
    assert bad.headers["x-amzn-ErrorType"] == "ResourceNotFoundException"
    assert set(bad.json) == {"Message"}


def test_request_ids_differ(wire, instance):
    ids = {wire.call("DescribeInstance", {"InstanceId": instance}).headers["x-amzn-RequestId"] for _ in range(20)}
    assert len(ids) == 20


def test_empty_answers_are_empty(wire, instance):
    answer = wire.call("UpdateInstanceAttribute", {"InstanceId": instance, "AttributeType": "EARLY_MEDIA", "Value": "true"})
    assert (answer.status, answer.body, answer.headers["Content-Length"]) == (200, b"", "0")


def test_times_are_numbers(wire, instance):
    created = wire.call("DescribeInstance", {"InstanceId": instance}).json["Instance"]["CreatedTime"]
    assert isinstance(created, (int, float))
    profiles = wire.call("ListSecurityProfiles", {"InstanceId": instance}).json["SecurityProfileSummaryList"]
    assert all(isinstance(one["LastModifiedTime"], (int, float)) for one in profiles)


def test_lanyards_own_paths(wire, server):
    assert server.healthy()
    answer = wire.send("GET", "/lanyard/v1/nowhere")
    assert answer.status == 404
    assert answer.message
