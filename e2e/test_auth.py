"""Authentication: signatures, keys, accounts, regions."""

import datetime
import re
import time
import uuid
from dataclasses import replace

import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from conftest import new_instance
from harness.expect import not_found, refused
from harness.model import operation
from harness.operations import SERVED, Placeholders, unique
from harness.server import Server, free_port, run_lanyard
from harness.strict import check_answer
from harness.wire import Wire

SIGNATURE_KINDS = ("InvalidSignatureException", "IncompleteSignatureException")


def forbidden(answer, *kinds: str) -> None:
    assert (answer.status, answer.error_type) in [(403, kind) for kind in kinds], answer.body
    assert answer.headers["x-amzn-RequestId"]
    assert answer.message


@pytest.fixture
def update(wire, instance, make_profile):
    """A signed update, not yet sent."""
    profile = make_profile(Description="before")
    target = f"/security-profiles/{instance}/{profile}"
    return wire.sign("POST", target, b'{"Description": "after"}', {"Content-Type": "application/json"})


class TestSignature:
    def test_unsigned(self, wire, update):
        unsigned = {name: value for name, value in update.headers.items() if name.lower() not in ("authorization",)}
        forbidden(wire.transmit(replace(update, headers=unsigned)), "MissingAuthenticationTokenException")

    def test_unknown_key(self, server):
        forbidden(server.wire(key="nobody").send("GET", "/instance"), "UnrecognizedClientException")

    def test_wrong_secret(self, server):
        forbidden(server.wire(secret="tset").send("GET", "/instance"), "InvalidSignatureException")

    def test_as_botocore_reads_them(self, server):
        with refused("UnrecognizedClientException"):
            server.client(key="nobody", strictly=False).list_instances()
        with refused("InvalidSignatureException"):
            server.client(secret="tset", strictly=False).list_instances()

    @pytest.mark.parametrize("minutes", [-16, -60 * 24 * 365, 16, 60 * 24 * 365])
    def test_date_too_far(self, wire, minutes):
        at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
        forbidden(wire.transmit(wire.sign("GET", "/instance", at=at)), "InvalidSignatureException")

    @pytest.mark.parametrize("minutes", [-14, 14])
    def test_date_near_enough(self, wire, minutes):
        at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
        assert wire.transmit(wire.sign("GET", "/instance", at=at)).status == 200

    def test_of_another_service(self, wire):
        forbidden(wire.transmit(wire.sign("GET", "/instance", service="s3")), *SIGNATURE_KINDS)

    @pytest.mark.parametrize(
        "authorization",
        [
            "",
            "AWS4-HMAC-SHA256",
            "AWS4-HMAC-SHA256 Credential=test, SignedHeaders=host, Signature=00",
            "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/connect/aws4_request, SignedHeaders=host",
            "AWS4-HMAC-SHA256 SignedHeaders=host;x-amz-date, Signature=" + "0" * 64,
            "AWS4-HMAC-SHA512 Credential=test/20260101/us-east-1/connect/aws4_request, SignedHeaders=host, Signature=" + "0" * 64,
            "Bearer test",
            "Basic dGVzdDp0ZXN0",
            "AWS test:c2lnbmF0dXJl",
        ],
    )
    def test_malformed_authorization(self, wire, update, authorization):
        headers = {**update.headers, "Authorization": authorization}
        forbidden(
            wire.transmit(replace(update, headers=headers)),
            "MissingAuthenticationTokenException",
            "UnrecognizedClientException",
            *SIGNATURE_KINDS,
        )


class TestTampering:
    @pytest.fixture(autouse=True)
    def nothing_changes(self, connect, instance, update):
        yield
        profile = update.target.rsplit("/", 1)[1]
        result = connect.describe_security_profile(InstanceId=instance, SecurityProfileId=profile)["SecurityProfile"]
        assert result["Description"] == "before"

    def test_body(self, wire, update):
        forbidden(wire.transmit(replace(update, body=b'{"Description": "after!"}')), "InvalidSignatureException")
        forbidden(wire.transmit(replace(update, body=b"")), "InvalidSignatureException")

    def test_path(self, wire, update, make_profile):
        other = update.target.rsplit("/", 1)[0] + "/" + make_profile()
        forbidden(wire.transmit(replace(update, target=other)), "InvalidSignatureException")

    def test_method(self, wire, update):
        forbidden(wire.transmit(replace(update, method="DELETE")), "InvalidSignatureException")

    def test_query(self, wire, update):
        forbidden(wire.transmit(replace(update, target=update.target + "?added=1")), "InvalidSignatureException")

    def test_query_value(self, wire):
        signed = wire.sign("GET", "/instance?maxResults=1")
        forbidden(wire.transmit(replace(signed, target="/instance?maxResults=10")), "InvalidSignatureException")

    @pytest.mark.parametrize(
        ("name", "value"), [("X-Amz-Date", "20200101T000000Z"), ("Content-Type", "application/json; charset=utf-8")]
    )
    def test_signed_header(self, wire, update, name, value):
        changed = replace(update, headers={**update.headers, name: value})
        forbidden(wire.transmit(changed), "InvalidSignatureException")

    def test_host(self, server, wire, update):
        """The same bytes, sent by another of the host's names."""
        elsewhere = Wire("localhost", server.port, "test", "test", wire.region)
        forbidden(elsewhere.transmit(update), "InvalidSignatureException")

    @pytest.mark.parametrize(
        ("part", "other"),
        [
            ("Signature=", "0" * 64),
            ("SignedHeaders=", "host"),
            ("SignedHeaders=", "x-amz-date"),
            ("Credential=", "test/20200101/us-east-1/connect/aws4_request"),
            ("Credential=", "test/20200101/us-west-2/connect/aws4_request"),
        ],
    )
    def test_part_of_the_authorization(self, wire, update, part, other):
        changed = re.sub(rf"{part}[^,]+", part + other, update.headers["Authorization"])
        assert changed != update.headers["Authorization"]
        headers = {**update.headers, "Authorization": changed}
        forbidden(wire.transmit(replace(update, headers=headers)), *SIGNATURE_KINDS)

    def test_region_of_the_scope(self, wire, update):
        changed = update.headers["Authorization"].replace("/us-east-1/", "/us-west-2/")
        headers = {**update.headers, "Authorization": changed}
        forbidden(wire.transmit(replace(update, headers=headers)), "InvalidSignatureException")

    def test_unsigned_payload(self, wire, update):
        """That a body is signed is not the caller's choice."""
        headers = {"Content-Type": "application/json", "X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"}
        forbidden(wire.send("POST", update.target, update.body, headers), *SIGNATURE_KINDS)

    def test_presigned_query(self, wire, server):
        request = AWSRequest("GET", f"{server.endpoint}/instance")
        SigV4QueryAuth(Credentials("test", "test"), "connect", "us-east-1", expires=60).add_auth(request)
        target = request.prepare().url.removeprefix(server.endpoint)
        unsigned = replace(wire.sign("GET", "/instance"), target=target, headers={})
        forbidden(wire.transmit(unsigned), "MissingAuthenticationTokenException", *SIGNATURE_KINDS)


def test_session_token_is_accepted(server):
    assert server.wire(token="FwoGZXIvYXdzEXAMPLE//////").send("GET", "/instance").status == 200


def test_signed_requests_with_unusual_paths(wire, connect, make_profile, instance):
    """An ARN in the path is where canonical encodings differ."""
    arn = connect.describe_security_profile(InstanceId=instance, SecurityProfileId=make_profile())["SecurityProfile"]["Arn"]
    for target in (f"/tags/{arn.replace('/', '%2F')}", f"/tags/{arn.replace('/', '%2F').replace(':', '%3A')}"):
        assert wire.send("GET", target).status == 200
    for keys in ("tagKeys=b&tagKeys=a", "tagKeys=a&tagKeys=b", "tagKeys=a%20b&tagKeys=%C3%A9&tagKeys=a%2Bb"):
        assert wire.send("DELETE", f"/tags/{arn.replace('/', '%2F')}?{keys}").status == 200


ALICE, BOB, EVE = "AKIAALICE", "AKIABOB", "AKIAEVE"
SECRET = "odd/but+valid=characters;#"


@pytest.fixture(scope="module")
def two_accounts(tmp_path_factory):
    """A server with keys of two accounts, two of them of the same."""
    keys = [f"{ALICE}:alice-secret:111111111111", f"{BOB}:bob-secret:111111111111", f"{EVE}:eve-secret:222222222222"]
    arguments = [argument for key in keys for argument in ("--access-key", key)]
    with Server(tmp_path_factory.mktemp("accounts"), *arguments) as running:
        yield running


class TestAccounts:
    def test_the_development_key_is_off(self, two_accounts):
        forbidden(two_accounts.wire().send("GET", "/instance"), "UnrecognizedClientException")

    def test_arns_contain_the_account(self, two_accounts):
        client = two_accounts.client(EVE, "eve-secret")
        result = client.describe_instance(InstanceId=new_instance(client))["Instance"]
        assert ":222222222222:" in result["Arn"]

    def test_an_account_is_shared_by_its_keys(self, two_accounts):
        instance = new_instance(two_accounts.client(ALICE, "alice-secret"))
        assert two_accounts.client(BOB, "bob-secret").describe_instance(InstanceId=instance)

    def test_something_foreign_looks_like_nothing(self, two_accounts):
        """Status, kind and words are those of an id nobody ever had."""
        owner, stranger = two_accounts.client(ALICE, "alice-secret"), two_accounts.wire(EVE, "eve-secret")
        instance = new_instance(owner)
        created = owner.create_security_profile(InstanceId=instance, SecurityProfileName="private")
        profile, arn = created["SecurityProfileId"], created["SecurityProfileArn"]
        nobody, noone = str(uuid.uuid4()), str(uuid.uuid4())
        questions = [
            ("DescribeInstance", lambda i, p: {"InstanceId": i}),
            ("ListSecurityProfiles", lambda i, p: {"InstanceId": i}),
            ("DescribeSecurityProfile", lambda i, p: {"InstanceId": i, "SecurityProfileId": p}),
            ("UpdateSecurityProfile", lambda i, p: {"InstanceId": i, "SecurityProfileId": p, "Description": "mine"}),
            ("UpdateSecurityProfile", lambda i, p: {"InstanceId": i, "SecurityProfileId": p, "Permissions": ["not one!"]}),
            ("DeleteSecurityProfile", lambda i, p: {"InstanceId": i, "SecurityProfileId": p}),
            ("DeleteInstance", lambda i, p: {"InstanceId": i}),
            ("SearchSecurityProfiles", lambda i, p: {"InstanceId": i}),
            ("CreateSecurityProfile", lambda i, p: {"InstanceId": i, "SecurityProfileName": "private"}),
            ("ListTagsForResource", lambda i, p: {"resourceArn": arn.replace(instance, i).replace(profile, p)}),
        ]
        for name, parameters in questions:
            foreign = stranger.call(name, parameters(instance, profile))
            absent = stranger.call(name, parameters(nobody, noone))
            assert (foreign.status, foreign.error_type) == (absent.status, absent.error_type), name
            words = foreign.message.replace(instance, "I").replace(profile, "P")
            assert words == absent.message.replace(nobody, "I").replace(noone, "P"), name
        assert owner.describe_security_profile(InstanceId=instance, SecurityProfileId=profile)
        listed = two_accounts.client(EVE, "eve-secret").list_instances()["InstanceSummaryList"]
        assert instance not in [one["Id"] for one in listed]


class TestRegions:
    def test_each_has_its_own_instances(self, server):
        here, there = server.client(region="us-east-1"), server.client(region="eu-west-1")
        instance = new_instance(here)
        with not_found():
            there.describe_instance(InstanceId=instance)
        assert instance not in [one["Id"] for one in there.list_instances()["InstanceSummaryList"]]

    def test_arns_and_profiles_name_it(self, server):
        client = server.client(region="ap-southeast-2")
        instance = new_instance(client)
        assert ":ap-southeast-2:" in client.describe_instance(InstanceId=instance)["Instance"]["Arn"]
        summary = client.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"][0]
        assert summary["LastModifiedRegion"] == "ap-southeast-2"


def credentials_file(*profiles: dict[str, str]) -> str:
    """A file in the format of AWS credentials files, extended by account, name and mode."""
    sections = []
    for number, profile in enumerate(profiles):
        lines = [f"[{profile.pop('section', f'profile-{number}')}]"]
        lines += [f"{name} = {value}" for name, value in profile.items()]
        sections.append("\n".join(lines) + "\n")
    return "\n".join(sections)


def entry(key: str, secret: str, **more: str) -> dict[str, str]:
    return {"aws_access_key_id": key, "aws_secret_access_key": secret, **more}


class TestCredentialsFile:
    @pytest.fixture
    def path(self, tmp_path):
        path = tmp_path / "credentials"
        path.write_text(
            "# keys of the tests\n"
            + credentials_file(
                entry(ALICE, SECRET, account="111111111111", name="alice"),
                entry(BOB, "bob-secret", account="111111111111", name="bob", mode="read-only"),
            )
        )
        return path

    @pytest.fixture
    def served(self, start_server, path):
        return start_server("--credentials", str(path))

    def test_keys_work(self, served):
        client = served.client(ALICE, SECRET)
        arn = client.describe_instance(InstanceId=new_instance(client))["Instance"]["Arn"]
        assert ":111111111111:" in arn
        forbidden(served.wire().send("GET", "/instance"), "UnrecognizedClientException")

    def test_a_read_only_key_reads(self, served):
        owner, reader = served.client(ALICE, SECRET), served.client(BOB, "bob-secret")
        instance = new_instance(owner)
        assert reader.describe_instance(InstanceId=instance)
        profiles = reader.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]
        assert len(profiles) == 4
        # Reading may be a POST.
        assert reader.search_security_profiles(InstanceId=instance)["ApproximateTotalCount"] == 4

        profile = profiles[0]["Id"]
        for write in (
            lambda: new_instance(reader),
            lambda: reader.delete_instance(InstanceId=instance),
            lambda: reader.create_security_profile(InstanceId=instance, SecurityProfileName="new"),
            lambda: reader.update_security_profile(InstanceId=instance, SecurityProfileId=profile, Description="x"),
            lambda: reader.delete_security_profile(InstanceId=instance, SecurityProfileId=profile),
            lambda: reader.tag_resource(resourceArn=profiles[0]["Arn"], tags={"a": "b"}),
            lambda: reader.untag_resource(resourceArn=profiles[0]["Arn"], tagKeys=["a"]),
            lambda: reader.update_instance_attribute(InstanceId=instance, AttributeType="EARLY_MEDIA", Value="false"),
        ):
            with refused("AccessDeniedException"):
                write()
        assert owner.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"] == profiles

    def test_a_read_only_key_may_call_no_other_operation(self, served):
        wire = served.wire(BOB, "bob-secret")
        for name, parameters in SERVED.items():
            if name.rpartition(".")[2].startswith(("BatchDescribe", "Describe", "Evaluate", "Get", "List", "Search")):
                continue
            answer = wire.call(name, parameters(Placeholders()))
            forbidden(answer, "AccessDeniedException")
            check_answer(operation(name), answer.status, answer.headers, answer.body)

    def test_a_change_is_picked_up(self, served, path):
        assert served.wire(ALICE, SECRET).send("GET", "/instance").status == 200
        path.write_text(credentials_file(entry(EVE, "eve-secret", account="222222222222", name="eve")))

        _until(lambda: served.wire(EVE, "eve-secret").send("GET", "/instance").status == 200)

        forbidden(served.wire(ALICE, SECRET).send("GET", "/instance"), "UnrecognizedClientException")

    def test_a_broken_file_leaves_the_keys_as_they_were(self, served, path):
        path.write_text("[nobody\naws_access_key_id\n")
        time.sleep(1.5)
        assert served.wire(ALICE, SECRET).send("GET", "/instance").status == 200

    def test_secrets_are_not_logged(self, served):
        served.client(ALICE, SECRET).list_instances()
        served.wire(ALICE, "wrong-secret").send("GET", "/instance")
        assert SECRET not in served.log.read_text()


def _until(condition, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


class TestLoopbackRule:
    def test_the_development_key_stays_at_home(self, tmp_path):
        ended = run_lanyard("serve", "--listen", f"0.0.0.0:{free_port()}", "--data", str(tmp_path / "data"), timeout=20)
        assert ended.returncode != 0
        assert re.search("(?i)loopback|--credentials|access key", ended.stderr + ended.stdout)

    def test_with_keys_it_may_listen_anywhere(self, start_server):
        server = start_server("--access-key", f"{ALICE}:alice-secret:111111111111", listen="0.0.0.0")
        assert server.wire(ALICE, "alice-secret").send("GET", "/instance").status == 200


def test_owner_is_not_needed_to_be_named(start_server):
    """Only `ID:SECRET` is the development account."""
    server = start_server("--access-key", f"{ALICE}:alice-secret")
    client = server.client(ALICE, "alice-secret")
    created = client.create_instance(
        InstanceAlias=unique("mine"), IdentityManagementType="CONNECT_MANAGED", InboundCallsEnabled=True, OutboundCallsEnabled=True
    )
    assert ":123456789012:" in created["Arn"]
