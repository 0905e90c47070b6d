"""Applications: registered with an unmodified `appintegrations` client, associated, named by profiles, decided."""

import json
import re
import threading
import uuid

import pytest
from botocore.exceptions import ClientError

from conftest import new_instance
from harness.authzen import DecisionPoint, question
from harness.expect import not_found, refused
from harness.operations import FLOW, ai_agent_arn, unique
from harness.operations.values import application_members
from harness.server import Server, run_lanyard

WARNING = "x-lanyard-warning"
INVALID = "InvalidRequestException"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:key"
SOURCE = {"ExternalUrlConfig": {"AccessUrl": "https://example.com"}}
NOBODY = "00000000-0000-4000-8000-000000000000"


def member(answer: dict) -> dict:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


@pytest.fixture(scope="module")
def apps(server):
    return server.client(service="appintegrations")


@pytest.fixture
def register(apps):
    """Registers an application; answers its ARN."""

    def register(client=apps, **members) -> str:
        members = {"Name": unique("app"), "Namespace": unique("app"), "ApplicationSourceConfig": SOURCE, **members}
        return client.create_application(**members)["Arn"]

    return register


@pytest.fixture(autouse=True)
def nothing_is_left(apps, named):
    """A test's applications on the shared server are deleted after it: an account has a quota of applications."""

    def arns() -> set[str]:
        pages = apps.get_paginator("list_applications").paginate()
        return {it["Arn"] for page in pages for it in page["Applications"]}

    before = arns()
    yield
    for arn in arns() - before:
        apps.delete_application(Arn=arn, Force=True)


@pytest.fixture
def associate(connect, instance):
    def associate(arn: str, of: str = instance, client=connect) -> str:
        return client.create_integration_association(
            InstanceId=of, IntegrationType="APPLICATION", IntegrationArn=arn
        )["IntegrationAssociationId"]

    return associate


class TestRegistering:
    def test_read_as_made(self, apps):
        parameters = {"Name": unique("orders"), "Namespace": unique("orders"), "Tags": {"team": "care"}, **application_members()}
        made = member(apps.create_application(**parameters))
        assert made["Arn"] == f"arn:aws:app-integrations:us-east-1:123456789012:application/{made['Id']}"
        result = member(apps.get_application(Arn=made["Id"]))
        assert result.pop("CreatedTime") == result.pop("LastModifiedTime")
        assert result == {**parameters, **made, "LastModifiedRegion": "us-east-1"}
        assert member(apps.get_application(Arn=made["Arn"]))["Name"] == parameters["Name"]

    def test_least(self, apps):
        made = apps.create_application(Name=unique("a"), Namespace=unique("a"), ApplicationSourceConfig={})["Arn"]
        result = member(apps.get_application(Arn=made))
        assert result["ApplicationType"] == "STANDARD" and result["IsService"] is False
        assert result["ApplicationSourceConfig"] == {} and result["Tags"] == {}
        assert not {"Description", "Permissions", "IframeConfig", "AuthConfig", "ApplicationConfig"} & set(result)

    @pytest.mark.parametrize("kind", ["STANDARD", "SERVICE", "MCP_SERVER", "A2A_SERVER"])
    def test_types(self, apps, register, kind):
        arn = register(ApplicationType=kind, AuthConfig={"AuthType": "CONNECT_JWT"})
        result = apps.get_application(Arn=arn)
        assert (result["ApplicationType"], result["IsService"]) == (kind, kind == "SERVICE")
        pages = apps.get_paginator("list_applications").paginate(ApplicationType=kind, PaginationConfig={"PageSize": 1})
        listed = [one for page in pages for one in page["Applications"]]
        assert {one["ApplicationType"] for one in listed} == {kind}
        assert arn in [one["Arn"] for one in listed]

    def test_services_as_they_were_called(self, apps, register):
        arn = register(IsService=True)
        assert apps.get_application(Arn=arn)["ApplicationType"] == "SERVICE"
        apps.update_application(Arn=arn, IsService=False)
        assert apps.get_application(Arn=arn)["ApplicationType"] == "STANDARD"
        for contradiction in ({"IsService": True, "ApplicationType": "MCP_SERVER"}, {"IsService": False, "ApplicationType": "SERVICE"}):
            with refused(INVALID, message="IsService"):
                register(**contradiction)

    @pytest.mark.parametrize(
        ("kind", "auth", "message"),
        [
            ("A2A_SERVER", None, "AuthType"),
            ("A2A_SERVER", {}, "AuthType"),
            ("STANDARD", {"AuthType": "API_KEY"}, "CredentialProviderIdentifier"),
            ("MCP_SERVER", {"AuthType": "CONNECT_JWT", "CredentialProviderIdentifier": SECRET}, "CredentialProviderIdentifier"),
            ("A2A_SERVER", {"AuthType": "API_KEY", "CredentialProviderIdentifier": SECRET, "AudienceOverride": "x"}, "AudienceOverride"),
            ("A2A_SERVER", {"AuthType": "CONNECT_JWT", "AudienceOverride": "https://a.connect.amazonaws.com"}, "AudienceOverride"),
        ],
    )
    def test_authentication(self, register, kind, auth, message):
        with refused(INVALID, message=message):
            register(ApplicationType=kind, **({} if auth is None else {"AuthConfig": auth}))

    def test_becoming_an_agent_needs_authentication(self, apps, register):
        arn = register()
        with refused(INVALID, message="AuthType"):
            apps.update_application(Arn=arn, ApplicationType="A2A_SERVER")
        apps.update_application(Arn=arn, ApplicationType="A2A_SERVER", AuthConfig={"AuthType": "CONNECT_JWT"})
        with refused(INVALID, message="AuthType"):
            apps.update_application(Arn=arn, AuthConfig={})

    def test_names_and_namespaces_are_unique(self, apps, register):
        name, namespace = unique("name"), unique("namespace")
        arn = register(Name=name, Namespace=namespace)
        with refused("DuplicateResourceException", message=name):
            register(Name=name)
        with refused("DuplicateResourceException", message=namespace):
            register(Namespace=namespace)
        other = register(Name=name.upper(), Namespace=namespace.upper())
        with refused("ConflictException", message=name):
            apps.update_application(Arn=other, Name=name)
        apps.update_application(Arn=arn, Name=name)
        apps.delete_application(Arn=arn)
        register(Name=name, Namespace=namespace)

    def test_a_region_and_an_account_have_their_own(self, server, apps, register):
        namespace = unique("shared")
        arn = register(Namespace=namespace)
        west = server.client(region="eu-west-1", service="appintegrations")
        assert west.list_applications()["Applications"] == []
        there = register(client=west, Namespace=namespace)
        assert ":eu-west-1:" in there
        for name in (arn, arn.rsplit("/")[-1]):
            with not_found():
                west.get_application(Arn=name)
        assert [one["Arn"] for one in west.list_applications()["Applications"]] == [there]

    def test_updating(self, apps, register):
        arn = register(Tags={"team": "care"}, **application_members() | {"ApplicationSourceConfig": SOURCE})
        before = member(apps.get_application(Arn=arn))
        apps.update_application(Arn=arn)
        after = member(apps.get_application(Arn=arn))
        assert after.pop("LastModifiedTime") >= before.pop("LastModifiedTime")
        assert after == before
        cleared = {
            "Description": "", "Subscriptions": [], "Publications": [], "Permissions": [],
            "ApplicationConfig": {}, "IframeConfig": {}, "AuthConfig": {}, "ApplicationSourceConfig": {},
        }
        apps.update_application(Arn=arn, Name="Cleared", InitializationTimeout=7, **cleared)
        after = member(apps.get_application(Arn=arn))
        assert set(before) - set(after) == set(cleared) - {"ApplicationSourceConfig"}
        assert (after["Name"], after["InitializationTimeout"], after["Namespace"]) == ("Cleared", 7, before["Namespace"])
        apps.update_application(Arn=arn, Name=unique("again"))

    def test_an_empty_sandbox_is_not_none(self, apps, register):
        arn = register(IframeConfig={"Sandbox": []})
        assert apps.get_application(Arn=arn)["IframeConfig"] == {"Sandbox": []}

    def test_the_same_again(self, apps):
        parameters = {"Name": unique("twice"), "Namespace": unique("twice"), "ApplicationSourceConfig": SOURCE, "ClientToken": unique("t")}
        assert member(apps.create_application(**parameters)) == member(apps.create_application(**parameters))
        with refused(INVALID, message="ClientToken"):
            apps.create_application(**{**parameters, "Description": "another"})

    def test_a_namespace_that_no_profile_can_name(self, apps):
        def warning(length: int) -> str | None:
            namespace = unique("n").ljust(length, "n")
            answer = apps.create_application(Name=unique("n"), Namespace=namespace, ApplicationSourceConfig=SOURCE)
            return answer["ResponseMetadata"]["HTTPHeaders"].get(WARNING)

        assert warning(128) is None
        assert "128" in warning(129)

    def test_quota(self, start_server, register):
        apps = start_server("--quota", "applications=2").client(service="appintegrations")
        made = [register(client=apps) for _ in range(2)]
        with refused("ResourceQuotaExceededException", message="2"):
            register(client=apps)
        apps.delete_application(Arn=made[0])
        register(client=apps)

    def test_fifty_by_default(self, start_server, register):
        apps = start_server().client(service="appintegrations")
        made = {register(client=apps) for _ in range(50)}
        with refused("ResourceQuotaExceededException", message="50"):
            register(client=apps)
        pages = list(apps.get_paginator("list_applications").paginate(PaginationConfig={"PageSize": 20}))
        assert [len(page["Applications"]) for page in pages] == [20, 20, 10]
        assert {one["Arn"] for page in pages for one in page["Applications"]} == made
        token = apps.list_applications(MaxResults=1)["NextToken"]
        with refused(INVALID, message="NextToken"):
            apps.list_applications(MaxResults=1, NextToken=token, ApplicationType="STANDARD")

    def test_it_outlives_the_server(self, start_server, register):
        server = start_server()
        arn = register(
            client=server.client(service="appintegrations"), **{**application_members(), "ApplicationType": "MCP_SERVER"}
        )
        before = member(server.client(service="appintegrations").get_application(Arn=arn))
        put_tools(server, arn, "find")
        server.kill()
        report = run_lanyard("doctor", str(server.data))
        assert report.returncode == 0, report.stdout
        server.start()
        apps = server.client(service="appintegrations")
        assert member(apps.get_application(Arn=arn)) == before
        tools = server.wire().send("GET", f"/lanyard/v1/applications/{arn[-36:]}/tools").json["tools"]
        assert tools == [{"name": "find"}]
        instance = new_instance(server.client())
        assert server.client().list_instances()["InstanceSummaryList"][0]["Id"] == instance

    def test_force_is_true_or_false(self, wire, register):
        arn = register()
        identifier = arn.rsplit("/")[-1]
        for value in ("maybe", "1", "", "True"):
            answer = wire.transmit(wire.sign("DELETE", f"/applications/{identifier}?force={value}", service="app-integrations"))
            assert (answer.status, answer.error_type) == (400, INVALID), value
            assert "Force" in answer.message


class TestTags:
    def test_added_and_removed(self, apps, register):
        arn = register(Tags={"team": "care"})
        before = apps.get_application(Arn=arn)["LastModifiedTime"]
        apps.tag_resource(resourceArn=arn, tags={"team": "sales", "site": "north"})
        assert apps.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "sales", "site": "north"}
        apps.untag_resource(resourceArn=arn, tagKeys=["team", "none"])
        result = apps.get_application(Arn=arn)
        assert result["Tags"] == {"site": "north"} and result["LastModifiedTime"] == before

    def test_at_most_200(self, apps, register):
        arn = register(Tags={f"k{n}": "v" for n in range(200)})
        with refused(INVALID, message="200"):
            apps.tag_resource(resourceArn=arn, tags={"one": "more"})

    def test_each_service_tags_its_own(self, connect, apps, instance, register):
        arn = register()
        of_connect = connect.describe_instance(InstanceId=instance)["Instance"]["Arn"]
        with not_found():
            connect.tag_resource(resourceArn=arn, tags={"a": "b"})
        with not_found():
            apps.tag_resource(resourceArn=of_connect, tags={"a": "b"})
        with not_found():
            apps.list_tags_for_resource(resourceArn=arn.replace("us-east-1", "eu-west-1"))


@pytest.mark.parametrize(("service", "target"), [("app-integrations", "/instance"), ("connect", "/applications")])
def test_a_service_has_its_own_paths(wire, service, target):
    answer = wire.transmit(wire.sign("GET", target, service=service))
    assert (answer.status, answer.error_type) == (404, "UnknownOperationException")


def test_the_signature_counts(server):
    wire = server.wire(secret="wrong")
    answer = wire.transmit(wire.sign("GET", "/applications", service="app-integrations"))
    assert (answer.status, answer.error_type) == (403, "InvalidSignatureException")


class TestAssociations:
    def test_unregistered_applications(self, associate, register):
        arn = register()
        with refused("ResourceNotFoundException", message="application"):
            associate(arn[:-36] + NOBODY)
        associate(arn)

    def test_other_types_are_not_looked_up(self, connect, instance):
        nowhere = f"arn:aws:app-integrations:us-east-1:123456789012:application/{uuid.uuid4()}"
        connect.create_integration_association(InstanceId=instance, IntegrationType="FILE_SCANNER", IntegrationArn=nowhere)

    def test_listed(self, connect, apps, instance, associate, register):
        arn = register()
        assert apps.list_application_associations(ApplicationId=arn)["ApplicationAssociations"] == []
        instances = [instance, new_instance(connect), new_instance(connect)]
        made = {of: associate(arn, of) for of in instances}
        pages = apps.get_paginator("list_application_associations").paginate(ApplicationId=arn, PaginationConfig={"PageSize": 2})
        listed = [one for page in pages for one in page["ApplicationAssociations"]]
        assert {one["ApplicationArn"] for one in listed} == {arn}
        assert {one["ClientId"].rsplit("/")[-1]: one["ApplicationAssociationArn"].rsplit("/")[-1] for one in listed} == made
        connect.delete_instance(InstanceId=instances[1])
        assert len(apps.list_application_associations(ApplicationId=arn)["ApplicationAssociations"]) == 2

    def test_deleting_associated_resources(self, connect, apps, instance, associate, register):
        arn = register()
        association = associate(arn)
        for force in ({}, {"Force": False}):
            with refused(INVALID, message=f"associated with the instance `{instance}`"):
                apps.delete_application(Arn=arn, **force)
        connect.delete_integration_association(InstanceId=instance, IntegrationAssociationId=association)
        apps.delete_application(Arn=arn)
        with not_found():
            apps.get_application(Arn=arn)

    def test_by_force(self, connect, apps, associate, register):
        arn, kept = register(), register()
        instances = [new_instance(connect), new_instance(connect)]
        for of in instances:
            associate(arn, of)
            associate(kept, of)
        apps.delete_application(Arn=arn, Force=True)
        for of in instances:
            listed = connect.list_integration_associations(InstanceId=of)["IntegrationAssociationSummaryList"]
            assert [one["IntegrationArn"] for one in listed] == [kept]

    def test_by_force_while_another_deletes_the_association(self, connect, apps, instance, associate, register):
        def disassociate(association: str, gone: list) -> None:
            try:
                connect.delete_integration_association(InstanceId=instance, IntegrationAssociationId=association)
            except ClientError as error:
                gone.append(error.response["Error"]["Code"])

        for _ in range(20):
            arn, codes = register(), []
            other = threading.Thread(target=disassociate, args=(associate(arn), codes))
            other.start()
            apps.delete_application(Arn=arn, Force=True)
            other.join()
            assert set(codes) <= {"ResourceNotFoundException"}
            with not_found():
                apps.get_application(Arn=arn)

    def test_deleted_resources_cannot_be_associated(self, connect, apps, server, associate, register):
        """In any order of the requests, no association names a deleted application."""
        for _ in range(10):
            arn, of = register(), new_instance(connect)
            outcomes = []

            def attempt(call):
                try:
                    call()
                    outcomes.append("done")
                except ClientError as error:
                    outcomes.append(error.response["Error"]["Code"])

            ties, deletes = server.client(), server.client(service="appintegrations")
            calls = (lambda: associate(arn, of, client=ties), lambda: deletes.delete_application(Arn=arn))
            threads = [threading.Thread(target=attempt, args=(call,)) for call in calls]
            [thread.start() for thread in threads]
            [thread.join() for thread in threads]
            assert sorted(outcomes) in (["InvalidRequestException", "done"], ["ResourceNotFoundException", "done"])


class TestTools:
    TOOLS = [{"name": "payments___refund", "description": "Pays back"}, {"name": "payments___find"}]

    @pytest.fixture
    def tools(self, wire):
        def tools(method: str, arn: str, body: dict | None = None):
            target = f"/lanyard/v1/applications/{arn.rsplit('/')[-1]}/tools"
            return wire.send(method, target, b"" if body is None else json.dumps(body).encode())

        return tools

    def test_put_read_and_forgotten(self, apps, register, tools):
        arn = register(Namespace=(namespace := unique("server")), ApplicationType="MCP_SERVER")
        view = {"application": arn.rsplit("/")[-1], "namespace": namespace}
        assert tools("GET", arn).json == view
        for listed in (self.TOOLS, self.TOOLS[:1], []):
            answer = tools("PUT", arn, {"tools": listed})
            assert (answer.status, answer.json) == (200, {**view, "tools": listed})
            assert tools("GET", arn).json == {**view, "tools": listed}
        assert tools("DELETE", arn).json == {}
        assert tools("GET", arn).json == view
        assert "Tools" not in apps.get_application(Arn=arn)

    def test_as_the_server_itself_lists_them(self, register, tools):
        arn = register(ApplicationType="MCP_SERVER")
        schema = {"type": "object", "properties": {"order": {"type": "string"}}}
        listed = [{"name": "find", "title": "Find", "inputSchema": schema, "annotations": {"readOnlyHint": True}}]
        assert tools("PUT", arn, {"tools": listed, "_meta": {}}).json["tools"] == [{"name": "find"}]
        answer = tools("PUT", arn, {"tools": listed, "nextCursor": "more"})
        assert answer.status == 400 and "nextCursor" in answer.message

    @pytest.mark.parametrize(
        "body",
        [{}, {"tools": None}, {"tools": {}}, {"tools": [{}]}, {"tools": [{"name": ""}]}, {"tools": [{"name": "x" * 129}]},
         {"tools": [{"name": "a\n"}]}, {"tools": [{"name": "a"}, {"name": "a"}]}, {"tools": [{"name": f"t{n}"} for n in range(1001)]}],
    )  # fmt: skip
    def test_invalid_lists_of_tools(self, register, tools, body):
        arn = register(ApplicationType="MCP_SERVER")
        answer = tools("PUT", arn, body)
        assert (answer.status, answer.error_type) == (400, "InvalidParameterException"), answer.body
        assert "tools" not in tools("GET", arn).json

    def test_only_servers_of_tools_have_some(self, apps, register, tools):
        arn = register()
        answer = tools("PUT", arn, {"tools": self.TOOLS})
        assert (answer.status, answer.error_type) == (400, INVALID) and "STANDARD" in answer.message
        apps.update_application(Arn=arn, ApplicationType="MCP_SERVER")
        tools("PUT", arn, {"tools": self.TOOLS})
        apps.update_application(Arn=arn, ApplicationType="STANDARD")
        apps.update_application(Arn=arn, ApplicationType="MCP_SERVER")
        assert "tools" not in tools("GET", arn).json

    def test_of_nothing(self, tools):
        for method, body in (("GET", None), ("PUT", {"tools": []}), ("DELETE", None)):
            answer = tools(method, NOBODY, body)
            assert (answer.status, answer.error_type) == (404, "ResourceNotFoundException")
        assert tools("POST", NOBODY, {}).error_type == "UnknownOperationException"


def put_tools(server: Server, arn: str, *names: str) -> None:
    listed = ",".join(f'{{"name": "{name}"}}' for name in names)
    answer = server.wire().send("PUT", f"/lanyard/v1/applications/{arn[-36:]}/tools", f'{{"tools": [{listed}]}}'.encode())
    assert answer.status == 200, answer.body


class Named:
    """Everything that profiles of an instance can name: a website, a server with one tool, another without a list, an agent, a module."""

    def __init__(self, server: Server):
        self.server, self.client = server, server.client()
        self.apps = server.client(service="appintegrations")
        self.instance = new_instance(self.client)
        self.point = DecisionPoint(server, self.instance)
        self.crm, self.crm_arn = self.application("STANDARD")
        self.gateway, gateway = self.application("MCP_SERVER")
        put_tools(server, gateway, "refund")
        self.unlisted, _ = self.application("MCP_SERVER")
        _, self.partner = self.application("A2A_SERVER", AuthConfig={"AuthType": "CONNECT_JWT"})
        self.module = self.client.create_contact_flow_module(
            InstanceId=self.instance,
            Name="Find an order",
            Content=FLOW,
            ExternalInvocationConfiguration={"Enabled": True},
        )["Id"]

    def application(self, kind: str, tied: bool = True, **members) -> tuple[str, str]:
        namespace = unique("app")
        arn = self.apps.create_application(
            Name=namespace, Namespace=namespace, ApplicationSourceConfig=SOURCE, ApplicationType=kind, **members
        )["Arn"]
        if tied:
            self.client.create_integration_association(
                InstanceId=self.instance, IntegrationType="APPLICATION", IntegrationArn=arn
            )
        return namespace, arn

    def profile(self, **members) -> tuple[str, list[str]]:
        """A profile's identifier, and what was warned of."""
        answer = self.client.create_security_profile(
            InstanceId=self.instance, SecurityProfileName=unique("profile"), **members
        )
        header = answer["ResponseMetadata"]["HTTPHeaders"].get(WARNING, "")
        return answer["SecurityProfileId"], [one for one in re.split(r", (?=member )", header) if one]

    def user(self, *profiles: str) -> str:
        routing = self.client.list_routing_profiles(InstanceId=self.instance)["RoutingProfileSummaryList"][0]["Id"]
        return self.client.create_user(
            InstanceId=self.instance,
            Username=unique("user"),
            Password="Passw0rd-of-a-user",
            IdentityInfo={"FirstName": "Ada", "LastName": "L"},
            SecurityProfileIds=list(profiles),
            RoutingProfileId=routing,
        )["UserId"]

    def agent(self, *profiles: str) -> dict:
        arn = ai_agent_arn()
        self.client.associate_security_profiles(
            InstanceId=self.instance,
            EntityType="AI_AGENT",
            EntityArn=arn,
            SecurityProfiles=[{"Id": one} for one in profiles],
        )
        return {"type": "ai_agent", "id": arn}

    def decide(self, subject, action: str, kind: str, resource: str, **context) -> bool:
        subject = {"type": "user", "id": subject} if isinstance(subject, str) else subject
        return self.point.decision({**question("", action, kind, resource), "subject": subject, "context": context})

    def why(self, subject, action: str, kind: str, resource: str, **context) -> str:
        subject = {"type": "user", "id": subject} if isinstance(subject, str) else subject
        body = {**question("", action, kind, resource), "subject": subject, "context": {**context, "explain": True}}
        return " ".join(self.point.evaluate(body)["context"]["explanation"]["sentences"])


def mcp(namespace: str, *tools: str) -> dict:
    return {"Applications": [{"Namespace": namespace, "ApplicationPermissions": list(tools), "Type": "MCP"}]}


def website(namespace: str, **members) -> dict:
    return {"Applications": [{"Namespace": namespace, "ApplicationPermissions": ["ACCESS"], **members}]}


def modules(*names: str) -> dict:
    return {"AllowedFlowModules": [{"Type": "MCP", "FlowModuleId": name} for name in names]}


def agents(*arns: str) -> dict:
    return {"AllowedAIAgents": [{"Type": "THIRD_PARTY", "Arn": arn} for arn in arns]}


@pytest.fixture(scope="module")
def named(server) -> Named:
    return Named(server)


def unknown(named: Named) -> list[tuple[dict, str]]:
    """Names in a profile that do not exist, and the warnings about them."""
    loose, _ = named.application("STANDARD", tied=False)
    return [
        (website("nowhere", Type="THIRD_PARTY_APPLICATION"), "namespace `nowhere`"),
        (website("nowhere"), "namespace `nowhere`"),
        (mcp("nowhere", "run"), "namespace `nowhere`"),
        (website(loose), "not associated"),
        (mcp(named.crm, "run"), "type STANDARD"),
        (website(named.gateway, Type="THIRD_PARTY_APPLICATION"), "type MCP_SERVER"),
        (mcp(named.gateway, "refund", "destroy"), "tool `destroy`"),
        (modules(NOBODY), NOBODY),
        (modules(named.module, f"{NOBODY}:1"), NOBODY),
        (modules("arn:aws:connect:us-east-1:123456789012:instance/x/flow-module/y"), "flow module `arn:"),
        (agents(named.partner[:-36] + NOBODY), NOBODY),
        (agents(named.crm_arn), "A2A_SERVER"),
    ]


def known(named: Named) -> list[dict]:
    return [
        website(named.crm, Type="THIRD_PARTY_APPLICATION"),
        website(named.crm),
        mcp(named.gateway, "refund"),
        mcp(named.unlisted, "whatever"),
        modules(named.module, f"{named.module}:1"),
        agents(named.partner, ai_agent_arn()),
    ]


class TestProfiles:
    def test_unregistered_names_have_warnings(self, named):
        for members, message in unknown(named):
            profile, warnings = named.profile(**members)
            assert len(warnings) == 1 and message in warnings[0], (members, warnings)
            answer = named.client.update_security_profile(
                InstanceId=named.instance, SecurityProfileId=profile, **members
            )
            assert message in answer["ResponseMetadata"]["HTTPHeaders"][WARNING]

    def test_registered_names_have_no_warnings(self, named):
        for members in known(named):
            assert named.profile(**members)[1] == [], members

    def test_members_that_are_not_sent_are_not_checked(self, named):
        profile, _ = named.profile(**website("nowhere"))
        answer = named.client.update_security_profile(
            InstanceId=named.instance, SecurityProfileId=profile, Description="Still names it"
        )
        assert WARNING not in answer["ResponseMetadata"]["HTTPHeaders"]

    def test_many_make_few_warnings(self, named):
        tools = [f"tool-{n}" for n in range(50)]
        entries = [{"Namespace": named.gateway, "ApplicationPermissions": tools, "Type": "MCP"}]
        _, warnings = named.profile(Applications=entries)
        assert len(warnings) == 6 and "45 more" in warnings[-1]

    def test_refused_on_request(self, start_server):
        named = Named(start_server("--unknown-permissions", "reject"))
        profile, _ = named.profile()
        for members, message in unknown(named):
            with refused("InvalidParameterException", message=re.escape(message)):
                named.profile(**members)
            with refused("InvalidParameterException", message=re.escape(message)):
                named.client.update_security_profile(InstanceId=named.instance, SecurityProfileId=profile, **members)
        assert named.client.list_security_profile_applications(
            InstanceId=named.instance, SecurityProfileId=profile
        )["Applications"] == []
        for members in known(named):
            named.profile(**members)


class TestDecisions:
    def test_a_website_is_opened_in_the_panel(self, named):
        opens, _ = named.profile(**website(named.crm, Type="THIRD_PARTY_APPLICATION"))
        panel, _ = named.profile(Permissions=["BasicAgentAccess"])
        both, without = named.user(opens, panel), named.user(opens)
        parameters = ("ACCESS", "ThirdPartyApplication", named.crm)
        assert named.decide(both, *parameters) is True
        assert named.decide(without, *parameters) is False
        assert "BasicAgentAccess" in named.why(without, *parameters)
        assert named.decide(named.user(panel), *parameters) is False
        assert "does not list" in named.why(named.user(panel), *parameters)
        # An agent has no panel, and serves somebody who has one.
        agent = named.agent(opens)
        assert named.decide(agent, *parameters, self_service=True) is True
        assert named.decide(agent, *parameters, on_behalf_of=both) is True

    def test_a_tool_flips_with_the_profile(self, named):
        profile, _ = named.profile()
        agent = named.agent(profile)
        parameters = (agent, "refund", "McpServer", named.gateway)
        assert named.decide(*parameters, self_service=True) is False
        update = {"InstanceId": named.instance, "SecurityProfileId": profile}
        named.client.update_security_profile(**update, **mcp(named.gateway, "refund"))
        assert named.decide(*parameters, self_service=True) is True
        assert named.decide(agent, "other", "McpServer", named.gateway, self_service=True) is False
        assert named.decide(agent, "refund", "McpServer", named.unlisted, self_service=True) is False
        named.client.update_security_profile(**update, Applications=[])
        assert named.decide(*parameters, self_service=True) is False

    def test_an_agent_on_behalf_of_a_user(self, named):
        tool, _ = named.profile(**mcp(named.gateway, "refund"))
        other, _ = named.profile(Permissions=["Queues.View"])
        agent, parameters = named.agent(tool), ("refund", "McpServer", named.gateway)
        assert named.decide(agent, *parameters, on_behalf_of=named.user(tool)) is True
        assert named.decide(agent, *parameters, on_behalf_of=named.user(other)) is False
        assert named.decide(agent, *parameters) is False, "whom it serves is not said"
        assert named.decide(named.agent(other), *parameters, on_behalf_of=named.user(tool)) is False

    def test_a_module_has_to_be_a_tool(self, named):
        plain = named.client.create_contact_flow_module(
            InstanceId=named.instance, Name=unique("module"), Content=FLOW
        )["Id"]
        profile, warnings = named.profile(**modules(named.module, plain))
        assert warnings == []
        agent = named.agent(profile)
        for module, expected in ((named.module, True), (plain, False), (NOBODY, False)):
            assert named.decide(agent, "Invoke", "ContactFlowModule", module, self_service=True) is expected
        assert "not enabled for invocation" in named.why(agent, "Invoke", "ContactFlowModule", plain, self_service=True)
        named.client.delete_contact_flow_module(InstanceId=named.instance, ContactFlowModuleId=plain)
        assert named.decide(agent, "Invoke", "ContactFlowModule", plain, self_service=True) is False

    def test_a_partner_agent(self, named):
        profile, _ = named.profile(**agents(named.partner))
        agent, parameters = named.agent(profile), ("Collaborate", "AIAgent", named.partner)
        assert named.decide(agent, *parameters, self_service=True) is True
        assert named.decide(named.agent(named.profile()[0]), *parameters, self_service=True) is False

    def test_the_profile_decides_whether_it_is_registered_or_not(self, named):
        namespace, arn = named.application("MCP_SERVER")
        put_tools(named.server, arn, "other")
        profile, warnings = named.profile(**mcp(namespace, "run"))
        assert warnings
        agent, parameters = named.agent(profile), ("run", "McpServer", namespace)
        assert named.decide(agent, *parameters, self_service=True) is True
        named.apps.delete_application(Arn=arn, Force=True)
        assert named.decide(agent, *parameters, self_service=True) is True


def test_reset_takes_applications_too(start_server, register):
    server = start_server()
    apps = server.client(service="appintegrations")
    parameters = {"Namespace": "again", "Name": "again", "ClientToken": "again"}
    first = register(client=apps, **parameters)
    assert server.wire().send("POST", "/lanyard/v1/reset").json == {"instances_deleted": 0}
    assert apps.list_applications()["Applications"] == []
    assert register(client=apps, **parameters) != first


def test_the_demo_has_some(start_server):
    server = start_server("--demo")
    connect, apps = server.client(), server.client(service="appintegrations")
    listed = {one["Namespace"]: one for one in apps.list_applications()["Applications"]}
    assert {namespace: one["ApplicationType"] for namespace, one in listed.items()} == {
        "orders-desk": "STANDARD",
        "refunds-gateway": "MCP_SERVER",
    }
    instance = connect.list_instances()["InstanceSummaryList"][0]["Arn"]
    for one in listed.values():
        (result,) = apps.list_application_associations(ApplicationId=one["Arn"])["ApplicationAssociations"]
        assert result["ClientId"] == instance
    tools = server.wire().send("GET", f"/lanyard/v1/applications/{listed['refunds-gateway']['Id']}/tools").json["tools"]
    assert "payments___refund" in [tool["name"] for tool in tools]
    assert "WARN" not in server.log.read_text()
