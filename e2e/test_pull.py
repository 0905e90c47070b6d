"""`lanyard pull`: what access depends on, as files, over the wire and from a data directory."""

import json
import re
import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

from conftest import new_instance
from harness.operations import ai_agent_arn, granular, unique
from harness.recorder import Recorder, denial
from harness.server import ACCOUNT, HOST, REGION, Server, binary, clean_environment, run_lanyard

# The actions that a search needs in addition to its own, by the Service Authorization Reference.
DEPENDENT = {
    "connect:DescribeContactFlowModule",
    "connect:DescribeDataTable",
    "connect:DescribeHoursOfOperation",
    "connect:DescribeQueue",
    "connect:DescribeQuickConnect",
    "connect:DescribeRoutingProfile",
    "connect:DescribeUser",
    "connect:DescribeUserHierarchyGroup",
    "ds:DescribeDirectories",
}

PERSONAL = ["Zebedee", "Quirk", "zebedee.quirk", "+15550142", "zq@example.com"]


def seed(server: Server, **counts: int) -> str:
    """An instance with the given number of resources of each kind."""
    everything = ["users", "security_profiles", "hierarchy_groups", "queues", "routing_profiles", "quick_connects",
                  "flow_modules", "ai_agents"]
    options = [f"--{name.replace('_', '-')}={counts.get(name, 2)}" for name in everything]
    made = run_lanyard("seed", "--endpoint", server.endpoint, "--alias", unique("pulled"), *options)
    assert made.returncode == 0, made.stderr
    return made.stdout.splitlines()[0]


def pull(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return run_lanyard("pull", *map(str, arguments), timeout=120, **environment)


def pulled(*arguments: object, **environment: str) -> str:
    """The output of a successful pull."""
    done = pull(*arguments, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def files(directory: Path) -> dict[str, str]:
    return {str(path.relative_to(directory)): path.read_text() for path in directory.rglob("*") if path.is_file()}


def of_service(recorder) -> list[tuple[str, str]]:
    """The calls of Amazon's API, without those that only a Lanyard server has."""
    return [call for call in recorder.calls if not call[0].startswith("/lanyard/")]


@pytest.fixture(scope="module")
def furnished(server, connect) -> tuple[str, list[str]]:
    """An instance with something of everything that access depends on, and its AI agents."""
    instance = new_instance(connect)
    own = {"InstanceId": instance}
    connect.update_user_hierarchy_structure(
        **own, HierarchyStructure={"LevelOne": {"Name": "Region"}, "LevelTwo": {"Name": "Team"}}
    )
    region = connect.create_user_hierarchy_group(**own, Name="North")["HierarchyGroupId"]
    team = connect.create_user_hierarchy_group(**own, Name="Team 1", ParentGroupId=region, Tags={"Site": "Leeds"})
    module = connect.create_contact_flow_module(
        **own,
        Name="Refund",
        Content=json.dumps({"Version": "2019-10-30", "StartAction": "a", "Actions": [], "Settings": {}}),
        ExternalInvocationConfiguration={"Enabled": True},
        Tags={"Team": "Billing"},
    )
    profile = connect.create_security_profile(
        **own,
        SecurityProfileName="Team leads",
        Description="What leads do",
        Permissions=["Users.View", "Users.Edit", "BasicAgentAccess"],
        Tags={"Owner": "IT"},
        AllowedAccessControlTags={"Team": "Billing"},
        TagRestrictedResources=["User", "Queue"],
        HierarchyRestrictedResources=["User"],
        AllowedAccessControlHierarchyGroupId=region,
        Applications=[{"Namespace": "crm", "ApplicationPermissions": ["ACCESS"]}],
        AllowedFlowModules=[{"Type": "MCP", "FlowModuleId": module["Id"]}],
        GranularAccessControlConfiguration=granular("region", ["eu", "us"]),
    )["SecurityProfileId"]
    routing = connect.list_routing_profiles(**own)["RoutingProfileSummaryList"][0]["Id"]
    user = connect.create_user(
        **own,
        Username="zebedee.quirk",
        Password="Passw0rd-of-many",
        IdentityInfo={"FirstName": "Zebedee", "LastName": "Quirk", "Email": "zq@example.com", "Mobile": "+15550142"},
        PhoneConfig={"PhoneType": "DESK_PHONE", "DeskPhoneNumber": "+15550142"},
        SecurityProfileIds=[profile],
        RoutingProfileId=routing,
        HierarchyGroupId=team["HierarchyGroupId"],
        Tags={"Team": "Billing"},
    )["UserId"]
    flow = "0f4b6f4e-6f0e-4b0a-9f0e-2d9d1c0b7a11"
    for name, config in [
        ("Call Zebedee", {"QuickConnectType": "USER", "UserConfig": {"UserId": user, "ContactFlowId": flow}}),
        ("Front desk", {"QuickConnectType": "PHONE_NUMBER", "PhoneConfig": {"PhoneNumber": "+15550142"}}),
    ]:
        connect.create_quick_connect(**own, Name=name, QuickConnectConfig=config, Tags={"Team": "Billing"})
    connect.create_data_table(
        **own, Name="Prices", TimeZone="Europe/London", ValueLockLevel="NONE", Status="PUBLISHED", Tags={"Team": "Billing"}
    )
    agents = sorted(ai_agent_arn() for _ in range(2))
    for agent in agents:
        connect.associate_security_profiles(
            **own, EntityType="AI_AGENT", EntityArn=agent, SecurityProfiles=[{"Id": profile}]
        )
    return instance, agents


@pytest.fixture
def both(server, furnished, tmp_path):
    """Pulls over the wire and from the data directory, under one key; answers both directories."""
    instance, agents = furnished

    def both(*options: str) -> tuple[dict[str, str], dict[str, str]]:
        wire, data = tmp_path / "wire", tmp_path / "data"
        key = [] if "--with-names" in options else ["--pseudonym-key", tmp_path / "key"]
        named = [f"--ai-agent={agent}" for agent in agents]
        pulled("--to", wire, "--endpoint", server.endpoint, "--instance", instance, *named, *key, *options)
        pulled("--to", data, "--data", server.data, "--instance", instance, *key, *options)
        return files(wire), files(data)

    return both


def test_both_ways_give_the_same(both):
    wire, data = both()
    # Over the protocol, there may be unnamed AI agents. The records of tables are never pulled.
    assert "AiAgent" in wire.pop("unseen.yaml")
    assert "unseen.yaml" not in data
    of_wire, of_data = (json.loads(side.pop("pulled.json")) for side in (wire, data))
    assert of_data.pop("kinds") == sorted([*of_wire.pop("kinds"), "AiAgent"])
    assert of_wire == of_data and of_wire["revision"] > 0
    assert wire == data
    lead = wire["security-profiles/team-leads.yaml"]
    for part in ["Users.Edit", "Team: Billing", "North", "crm", "Refund", "Owner: IT", "What leads do"]:
        assert part in lead, lead
    assert "Team leads" in wire["users.yaml"] and "North/Team 1" in wire["users.yaml"]
    assert "Site: Leeds" in wire["hierarchy.yaml"]
    assert "Prices" in wire["data-tables.yaml"]
    assert wire["ai-agents.yaml"].count("Team leads") == 2


def test_a_pull_answers_like_the_instance(start_server, tmp_path):
    server = start_server("--demo")
    directory = tmp_path / "demo"
    pulled("--to", directory, "--endpoint", server.endpoint, "--with-names")
    outcomes = set()
    for question in [
        ["ana", "Users.Edit", "User:bruno"],
        ["ana", "Users.Edit", "User:femi"],
        ["hana", "Users.Edit", "User:femi"],
        ["ivor", "Users.Edit", "User:bruno"],
        ["bruno", "barge-in"],
    ]:
        here, there = (
            run_lanyard("check", *question, *source) for source in (["--data", str(server.data)], ["--files", str(directory)])
        )
        assert here.returncode in (0, 2, 3), here.stderr
        # The last line is the state that the answer rests on.
        assert there.returncode == here.returncode and there.stdout.splitlines()[:-1] == here.stdout.splitlines()[:-1]
        outcomes.add(here.returncode)
    assert outcomes == {0, 2, 3}


def test_people_are_not_in_it_unless_asked_for(both, tmp_path):
    written = "".join("".join(texts.values()) for texts in both())
    assert not [text for text in PERSONAL if text in written]
    assert "person+" in written
    for texts in both("--with-names"):
        written = "".join(texts.values())
        assert "Username: zebedee.quirk" in written and "Quirk" in written and "Call Zebedee" in written
        assert "+15550142" not in written and "zq@example.com" not in written


def test_pseudonyms_are_those_of_the_key(server, furnished, tmp_path):
    instance, _ = furnished
    source = ["--data", server.data, "--instance", instance]
    pulled("--to", tmp_path / "a", *source)
    first = files(tmp_path / "a")
    key = tmp_path / "a.pseudonym-key"
    assert key.stat().st_mode & 0o077 == 0
    pulled("--to", tmp_path / "a", *source)
    assert files(tmp_path / "a") == first
    pulled("--to", tmp_path / "b", *source, "--pseudonym-key", key)
    assert files(tmp_path / "b") == first
    pulled("--to", tmp_path / "c", *source)
    assert files(tmp_path / "c")["users.yaml"] != first["users.yaml"]
    assert key.read_text().strip() not in "".join(first.values())


def test_few_calls(server, tmp_path):
    instance = seed(server, users=3000, security_profiles=100, hierarchy_groups=50, queues=100, routing_profiles=20,
                    quick_connects=50, flow_modules=20)
    with Recorder(server) as recorder:
        output = pulled("--to", tmp_path / "large", "--endpoint", recorder.endpoint, "--instance", instance)
    calls = int(re.search(r"(\d+)  calls", output)[1])
    print(f"a pull of 100 profiles and 3000 users: {calls} calls")
    # The revision of a Lanyard server is read from the list of its instances, which has pages.
    assert calls == len([call for call in of_service(recorder) if call[0] != "ListInstances"]) < 600
    assert len(files(tmp_path / "large")["users.yaml"].split("- Username:")) == 3001


def test_the_policy_has_exactly_the_called_operations(server, furnished, connect, tmp_path):
    instance, agents = furnished
    alias = connect.describe_instance(InstanceId=instance)["Instance"]["InstanceAlias"]
    with Recorder(server) as recorder:
        pulled("--to", tmp_path / "p", "--endpoint", recorder.endpoint, "--instance", alias, "--ai-agent", agents[0])
    policy = json.loads(pulled("--policy"))
    allowed = {action for statement in policy["Statement"] for action in statement["Action"]}
    assert {f"connect:{name}" for name, _ in of_service(recorder)} == allowed - DEPENDENT
    assert DEPENDENT <= allowed
    arn = f"arn:aws:connect:{REGION}:{ACCOUNT}:instance/{instance}"
    scoped = json.loads(pulled("--policy", "--instance", arn))
    assert scoped["Statement"][0]["Resource"] == [arn, f"{arn}/*"]


def test_a_key_that_may_only_read_is_enough(start_server, tmp_path):
    keys = tmp_path / "keys.ini"
    section = "[{0}]\naws_access_key_id = {0}\naws_secret_access_key = s\naccount = {1}\nmode = {2}\n"
    keys.write_text(section.format("MAKER", ACCOUNT, "read-write") + section.format("READER", ACCOUNT, "read-only"))
    keys.chmod(0o600)
    server = start_server("--credentials", str(keys))
    new_instance(server.client("MAKER", "s"))
    reader = {"AWS_ACCESS_KEY_ID": "READER", "AWS_SECRET_ACCESS_KEY": "s"}
    assert "calls" in pulled("--to", tmp_path / "p", "--endpoint", server.endpoint, **reader)


def test_unreadable_parts_are_unknown(server, furnished, connect, tmp_path):
    instance, _ = furnished
    closed = {"SearchQueues", "SearchUsers", "ListSecurityProfileApplications", "DescribeSecurityProfile", "DescribeInstance"}
    with Recorder(server, lambda operation, path: denial(operation) if operation in closed else None) as recorder:
        output = pulled("--to", tmp_path / "p", "--endpoint", recorder.endpoint, "--instance", instance)
    written = files(tmp_path / "p")
    profiles = connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]
    assert written["unseen.yaml"].count("Team leads") + written["unseen.yaml"].count("Admin") >= 2
    assert f"restrictions of {len(profiles)} security profiles" in output
    assert "queues.yaml" not in written and "users.yaml" not in written and "routing-profiles.yaml" in written
    for operation in ["SearchQueues", "SearchUsers", "DescribeInstance"]:
        assert f"`{operation}` was not allowed" in written["unseen.yaml"]
    assert "alice" not in "".join(written.values())
    assert f"Account: \"{ACCOUNT}\"" in written["instance.yaml"] or f"Account: '{ACCOUNT}'" in written["instance.yaml"]


def test_without_the_profiles_there_is_nothing(server, furnished, tmp_path):
    instance, _ = furnished
    for closed in ["ListSecurityProfiles", "ListSecurityProfilePermissions"]:
        with Recorder(server, lambda operation, path: denial(operation) if operation == closed else None) as recorder:
            failed = pull("--to", tmp_path / "p", "--endpoint", recorder.endpoint, "--instance", instance)
        assert failed.returncode == 1
        assert closed in failed.stderr and "lanyard pull --policy" in failed.stderr
        assert not files(tmp_path / "p")


def test_an_interrupted_pull_goes_on(server, tmp_path):
    instance = seed(server, users=60, security_profiles=30)
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    key = tmp_path / "key"
    options = ["--instance", instance, "--pseudonym-key", key]
    pulled("--to", whole, "--endpoint", server.endpoint, *options)
    with Recorder(server) as recorder:
        options += ["--endpoint", recorder.endpoint]
        command = [str(binary()), "pull", "--to", str(cut), "--rate", "40", *map(str, options)]
        process = subprocess.Popen(command, env=clean_environment(), stderr=subprocess.DEVNULL)
        of_instance = lambda: [call for call in list(recorder.calls) if call[0] != "ListInstances"]  # noqa: E731
        while len(of_instance()) < 60 and process.poll() is None:
            time.sleep(0.01)
        process.kill()
        assert process.wait() == -9
        assert not files(cut)
        journal = tmp_path / "cut.pull-journal"
        kept = journal.read_text().count("\n") - 1
        assert kept >= 55
        before = set(recorder.calls)
        recorder.calls.clear()
        done = pull("--to", cut, *options)
        assert done.returncode == 0 and f"{kept} answers are already stored" in done.stderr
    again = [call for call in of_service(recorder) if call in before]
    # The request that was under way, and the list of profiles, which is looked at once more at the end.
    assert len(again) <= 2, again
    there, here = files(whole), files(cut)
    record = json.loads(there.pop("pulled.json"))
    assert record.pop("revision") and record == json.loads(here.pop("pulled.json")), "the revision of an interrupted pull is unknown"
    assert here == there
    assert not journal.exists()


def test_the_journal_holds_nothing_personal(server, furnished, tmp_path):
    instance, _ = furnished
    with Recorder(server, lambda operation, path: (500, {}, b"") if operation == "SearchContactFlowModules" else None) as recorder:
        process = subprocess.Popen(
            [str(binary()), "pull", "--to", str(tmp_path / "p"), "--endpoint", recorder.endpoint, "--instance", instance],
            env=clean_environment(),
            stderr=subprocess.DEVNULL,
        )
        while "SearchContactFlowModules" not in recorder.operations() and process.poll() is None:
            time.sleep(0.01)
        process.kill()
        process.wait()
    journal = (tmp_path / "p.pull-journal").read_text()
    assert "person+" in journal and "Refund" not in journal
    assert not [text for text in PERSONAL if text in journal]


def test_resources_that_change_meanwhile_are_read_again(server, connect, tmp_path):
    instance = new_instance(connect)
    own = {"InstanceId": instance}
    kept, gone = (
        connect.create_security_profile(**own, SecurityProfileName=name, Permissions=["Queues.View"])["SecurityProfileId"]
        for name in ["Kept", "Gone"]
    )
    routing = connect.list_routing_profiles(**own)["RoutingProfileSummaryList"][0]["Id"]
    changes = []

    def change(operation: str, _path: str):
        if operation == "SearchQueues" and not changes:
            changes.append(True)
            connect.update_security_profile(**own, SecurityProfileId=kept, Permissions=["Queues.View", "Queues.Edit"])
            connect.delete_security_profile(**own, SecurityProfileId=gone)
            made = connect.create_security_profile(**own, SecurityProfileName="Made", Permissions=["Users.View"])
            connect.create_user(
                **own,
                Username="late.comer",
                Password="Passw0rd-of-many",
                IdentityInfo={"FirstName": "Late", "LastName": "Comer"},
                PhoneConfig={"PhoneType": "SOFT_PHONE"},
                SecurityProfileIds=[made["SecurityProfileId"]],
                RoutingProfileId=routing,
            )

    with Recorder(server, change) as recorder:
        pulled("--to", tmp_path / "p", "--endpoint", recorder.endpoint, "--instance", instance, "--with-names")
    written = files(tmp_path / "p")
    assert "Queues.Edit" in written["security-profiles/kept.yaml"]
    assert "security-profiles/gone.yaml" not in written and "Users.View" in written["security-profiles/made.yaml"]
    assert "late.comer" in written["users.yaml"] and "[Made]" in written["users.yaml"]


def test_a_server_that_throttles_is_not_pressed(start_server, tmp_path):
    server = start_server("--throttle")
    new_instance(server.client())
    with Recorder(server) as recorder:
        pulled("--to", tmp_path / "p", "--endpoint", recorder.endpoint)
    refused = recorder.statuses.count(429)
    assert refused > 0
    # Once it knows, it is slower than the limit: few calls are refused.
    assert refused < len(recorder.statuses) / 4, recorder.statuses


def test_errors_are_reported(server, furnished, connect, tmp_path):
    to = ["--to", tmp_path / "p"]
    unknown = pull(*to, "--endpoint", server.endpoint, "--instance", "no-such-centre")
    assert unknown.returncode == 1 and "there is no instance `no-such-centre`" in unknown.stderr
    new_instance(connect)
    several = pull(*to, "--endpoint", server.endpoint)
    assert several.returncode == 1 and "name one with --instance" in several.stderr
    nowhere = pull(*to, HOME=str(tmp_path))
    assert nowhere.returncode == 1 and "--region" in nowhere.stderr
    keyless = pull(*to, "--region", "eu-west-2", HOME=str(tmp_path))
    assert keyless.returncode == 1 and "export-credentials" in keyless.stderr
    wrong = pull(*to, "--endpoint", server.endpoint, AWS_ACCESS_KEY_ID="nobody", AWS_SECRET_ACCESS_KEY="x")
    assert wrong.returncode == 1 and "UnrecognizedClientException" in wrong.stderr
    assert pull("--endpoint", server.endpoint).returncode == 1
    both = pull(*to, "--data", server.data, "--endpoint", server.endpoint)
    assert both.returncode == 1 and "cannot be used with" in both.stderr


def test_credentials_as_aws_tools_find_them(start_server, furnished, tmp_path):
    server = start_server("--access-key", "FILE:file-secret", "--access-key", "PROC:proc-secret")
    new_instance(server.client("FILE", "file-secret"))
    aws = tmp_path / ".aws"
    aws.mkdir()
    printed = {"Version": 1, "AccessKeyId": "PROC", "SecretAccessKey": "proc-secret"}
    (tmp_path / "keys.json").write_text(json.dumps(printed))
    (aws / "config").write_text(
        f"[profile filed]\nregion = {REGION}\nendpoint_url = {server.endpoint}\n"
        f"[profile requested]\nregion = {REGION}\nservices = here\ncredential_process = cat '{tmp_path}/keys.json'\n"
        f"[services here]\nconnect =\n  endpoint_url = {server.endpoint}\n"
    )
    (aws / "credentials").write_text("[filed]\naws_access_key_id = FILE\naws_secret_access_key = file-secret\n")
    for number, options in enumerate([["--profile", "filed"], ["--profile", "requested"]]):
        assert "calls" in pulled("--to", tmp_path / f"p{number}", *options, HOME=str(tmp_path))
    assert "calls" in pulled("--to", tmp_path / "p3", HOME=str(tmp_path), AWS_PROFILE="requested")


def relay(proxy: socket.socket, parameters: list[str]) -> None:
    """A proxy that connects its clients to whatever host they name, and notes what they asked of it."""
    while True:
        try:
            client, _ = proxy.accept()
        except OSError:
            return
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += client.recv(1)
        parameters.append(head.decode())
        host, port = head.split()[1].decode().rsplit(":", 1)
        there = socket.create_connection((host, int(port)))
        client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        for source, sink in [(client, there), (there, client)]:
            threading.Thread(target=pump, args=(source, sink), daemon=True).start()


def pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def test_over_tls_and_through_a_proxy(tmp_path):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        + ["-addext", "basicConstraints=critical,CA:FALSE"]
        + ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    options = ["--tls-certificate", str(certificate), "--tls-key", str(key), "--demo"]
    proxy = socket.create_server((HOST, 0))
    parameters: list[str] = []
    threading.Thread(target=relay, args=(proxy, parameters), daemon=True).start()
    environment = {"HTTPS_PROXY": f"http://user:secret@{HOST}:{proxy.getsockname()[1]}", "NO_PROXY": ""}
    with proxy, Server(tmp_path / "server", *options, certificate=certificate) as server:
        source = ["--endpoint", server.endpoint]
        untrusted = pull("--to", tmp_path / "p", *source)
        assert untrusted.returncode == 1 and "certificate" in untrusted.stderr.lower()
        pulled("--to", tmp_path / "p", *source, "--ca", certificate)
        assert not parameters
        pulled("--to", tmp_path / "p", *source, **environment, AWS_CA_BUNDLE=str(certificate))
        # One connection is used for the whole pull.
        (head,) = parameters
        assert head.startswith(f"CONNECT {HOST}:{server.port} HTTP/1.1") and "Basic dXNlcjpzZWNyZXQ=" in head
