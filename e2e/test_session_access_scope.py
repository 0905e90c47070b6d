"""Session access: what is out of scope looks like what never was, everywhere, and records of data tables one by one."""

import json
import re
import uuid

import pytest

from conftest import new_instance
from harness.data_tables import Table, at, done
from harness.session_access import Person, make_profile, make_user
from harness.session_access_table import KINDS
from harness.session_access_world import BY_TAG, LIFTED, PERMISSIONS, TABLE, World, frozen
from harness.operations import SERVED, granular, unique
from harness.operations.values import TAGS, region
from harness.server import Server


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("session-access"), *LIFTED) as server:
        yield World(server)


ABSENT_ID = str(uuid.UUID(int=0xABCDEF0123456789ABCDEF0123456789, version=4))


class Hidden:
    """One of each kind that somebody restricted to the scene's tags may not view."""

    def __init__(self, world: World):
        scene, client = world.scene, world.connect
        tags, of = {"team": "hidden", "secret": "tag"}, {"InstanceId": world.instance}
        self.hours = client.create_hours_of_operation(
            **of, Name=unique("hidden"), TimeZone="UTC", Config=[], Tags=tags
        )["HoursOfOperationId"]
        flow = {"QuickConnectType": "FLOW", "FlowConfig": {"ContactFlowId": "a-flow"}}
        self.quick_connect = client.create_quick_connect(
            **of, Name=unique("hidden"), QuickConnectConfig=flow, Tags=tags
        )["QuickConnectId"]
        self.queue = client.create_queue(
            **of, Name=unique("hidden"), HoursOfOperationId=scene.hours, QuickConnectIds=[scene.quick_connect], Tags=tags
        )["QueueId"]
        self.routing_profile = client.create_routing_profile(
            **of,
            Name=unique("hidden"),
            Description="x",
            DefaultOutboundQueueId=scene.queue,
            MediaConcurrencies=[{"Channel": "VOICE", "Concurrency": 1}],
            Tags=tags,
        )["RoutingProfileId"]
        self.group = client.create_user_hierarchy_group(**of, Name=unique("hidden"), Tags=tags)["HierarchyGroupId"]
        self.profile = client.create_security_profile(**of, SecurityProfileName=unique("hidden"), Tags=tags)[
            "SecurityProfileId"
        ]
        self.user = client.create_user(
            **of,
            Username=unique("hidden"),
            Password="Passw0rd-of-a-user",
            IdentityInfo={"FirstName": "H", "LastName": "H"},
            SecurityProfileIds=[scene.profile, self.profile],
            RoutingProfileId=scene.routing_profile,
            HierarchyGroupId=scene.group,
            Tags=tags,
        )["UserId"]
        self.module = client.create_contact_flow_module(**of, Name=unique("hidden"), Content="{}", Tags=tags)["Id"]
        self.table = client.create_data_table(
            **of, Name=unique("hidden"), TimeZone="UTC", ValueLockLevel="NONE", Status="PUBLISHED", Tags=tags
        )["Id"]

    def of(self, noun: str) -> str:
        return getattr(self, {"data table": "table", "flow module": "module", "hierarchy group": "group",
                              "hours of operation": "hours", "security profile": "profile"}.get(noun, noun.replace(" ", "_")))


@pytest.fixture(scope="module")
def hidden(world):
    return Hidden(world)


def replaced(parameters, path: str, text: str):
    """The parameters with one text at a path for those that are there."""
    name, _, rest = path.partition(".")
    inner = parameters.get(name.removesuffix("[]"))
    if inner is None:
        return parameters
    if not rest:
        value = [text] if name.endswith("[]") else text
    elif name.endswith("[]"):
        value = [replaced(one, rest, text) for one in inner]
    else:
        value = replaced(inner, rest, text)
    return {**parameters, name.removesuffix("[]"): value}


def named_resources():
    for operation, entry in sorted(TABLE.items()):
        if entry.on == "one":
            yield operation, entry.member, entry.noun
        elif "values" in entry.on:
            yield operation, entry.member, "data table"
        elif entry.on.startswith("tags"):
            for noun in KINDS:
                yield operation, entry.member, noun
        for noun, path in entry.names:
            yield operation, path, noun


ARN_SEGMENTS = {
    "data table": "data-table",
    "flow module": "flow-module",
    "hierarchy group": "agent-group",
    "hours of operation": "operating-hours",
    "quick connect": "transfer-destination",
    "security profile": "security-profile",
    "routing profile": "routing-profile",
    "user": "agent",
    "queue": "queue",
}


@pytest.mark.parametrize(("operation", "member", "noun"), list(named_resources()))
def test_out_of_scope_looks_like_never_there(world, hidden, operation, member, noun):
    world.hold(PERMISSIONS, **BY_TAG)
    world.restore(operation)
    answers = []
    for identifier in (hidden.of(noun), ABSENT_ID):
        text = identifier
        if member == "resourceArn":
            text = f"arn:aws:connect:us-east-1:123456789012:instance/{world.instance}/{ARN_SEGMENTS[noun]}/{identifier}"
        parameters = SERVED[operation](frozen(world.scene))
        if member.startswith("QuickConnectConfig."):
            kind = member.split(".")[1]
            id_member = member.split(".")[2]
            to = {"QuickConnectType": "USER" if kind == "UserConfig" else "QUEUE"}
            parameters["QuickConnectConfig"] = {**to, kind: {id_member: "", "ContactFlowId": "a-flow"}}
        if "Name" in parameters:
            parameters["Name"] = "a name that both requests have"
        if "Username" in parameters:
            parameters["Username"] = "both-requests"
        if member == "AllowedAccessControlHierarchyGroupId":
            parameters[member] = "x"
        if member == "ManualAssignmentQueueReferences[].QueueId":
            parameters["ManualAssignmentQueueReferences"] = [{"QueueId": "", "Channel": "VOICE"}]
        if member == "ManualAssignmentQueueConfigs[].QueueReference.QueueId":
            parameters["ManualAssignmentQueueConfigs"] = [{"QueueReference": {"QueueId": "", "Channel": "VOICE"}}]
        parameters = replaced(parameters, member, text)
        answer = world.person.call(operation, parameters)
        assert answer.status != 200, answer.body
        body = re.sub(r"created-\d+-\w+|region-\d+-\w+|renamed-\d+-\w+|column-\d+-\w+", "NAME", answer.body.decode())
        # A long name is cut in messages.
        body = re.sub(r"[0-9a-f-]*…", "…", body)
        headers = {name.lower() for name in answer.headers}
        answers.append((answer.status, answer.error_type, body.replace(identifier, "ID"), headers))
    assert answers[0] == answers[1]
    assert answers[0][1] in ("ResourceNotFoundException", "InvalidRequestException"), answers[0]


READS = sorted(
    operation
    for operation, entry in TABLE.items()
    if operation.startswith(("Describe", "List", "Search", "Evaluate", "BatchDescribe")) and entry.on != "closed"
)
# Changes of a resource in scope by its relation to a resource out of scope, as documented.
MOVES = {"LastModifiedTime"}


def still(value):
    if isinstance(value, dict):
        return {name: still(inner) for name, inner in value.items() if name not in MOVES and name != "NextToken"}
    return [still(inner) for inner in value] if isinstance(value, list) else value


def every_answer(world: World) -> dict:
    """The answers to everything that can be read, page by page."""
    answers = {}
    for operation in READS:
        parameters = SERVED[operation](frozen(world.scene))
        parameters.pop("SearchFilter", None)
        criteria = parameters.pop("SearchCriteria", None)
        request = [parameters] if criteria is None else [parameters, {**parameters, "SearchCriteria": criteria}]
        if operation == "SearchResourceTags":
            request.append({"InstanceId": world.instance})
        for place, one in enumerate(request):
            if "MaxResults" in one:
                one = {**one, "MaxResults": 2}
            pages, token = [], None
            while True:
                answer = world.person.call(operation, {**one, **({"NextToken": token} if token else {})})
                assert answer.status == 200, (operation, answer.body)
                pages.append(still(answer.json))
                token = answer.json.get("NextToken")
                if not token:
                    break
            answers[operation, place] = pages
    return answers


def test_hidden_resources_change_no_answer(world):
    """Somebody restricted sees the same before and after things out of scope come and are tied to what is in scope."""
    scene, client, of = world.scene, world.connect, {"InstanceId": world.instance}
    world.restore("UpdateUserHierarchy")
    world.restore("TagResource")
    table = scene.disposable("table")
    cells = {"InstanceId": world.instance, "DataTableId": table}
    value = {"AttributeName": "queue", "Value": "care"}
    client.batch_create_data_table_value(**cells, Values=[{**value, "PrimaryValues": region("eu")}])
    module = scene.disposable("module")
    client.update_security_profile(**of, SecurityProfileId=scene.profile, AllowedFlowModules=[{"FlowModuleId": module}])
    rule = granular("region", ["eu", scene.cell])
    world.hold(PERMISSIONS, **BY_TAG, GranularAccessControlConfiguration=rule)
    before = every_answer(world)
    own_table = world.person.call("ListDataTableValues", {**cells}).json
    assert [one["Value"] for one in own_table["Values"]] == ["care"]

    hidden = Hidden(world)
    client.associate_queue_quick_connects(**of, QueueId=scene.queue, QuickConnectIds=[hidden.quick_connect])
    reference = {"QueueId": hidden.queue, "Channel": "CHAT"}
    client.associate_routing_profile_queues(
        **of,
        RoutingProfileId=scene.routing_profile,
        QueueConfigs=[{"QueueReference": reference, "Priority": 1, "Delay": 0}],
        ManualAssignmentQueueConfigs=[{"QueueReference": reference}],
    )
    held = client.describe_user(**of, UserId=scene.user)["User"]["SecurityProfileIds"]
    client.update_user_security_profiles(**of, UserId=scene.user, SecurityProfileIds=[*held, hidden.profile])
    client.associate_security_profiles(
        **of, EntityType="AI_AGENT", EntityArn=scene.agent, SecurityProfiles=[{"Id": hidden.profile}]
    )
    client.update_security_profile(
        **of,
        SecurityProfileId=scene.profile,
        AllowedFlowModules=[{"FlowModuleId": module}, {"FlowModuleId": hidden.module}],
    )
    hidden_values = [{**value, "PrimaryValues": region("us")}, {**value, "PrimaryValues": []}]
    for one in (cells, {**cells, "DataTableId": scene.table}):
        client.batch_create_data_table_value(**one, Values=hidden_values)

    after = every_answer(world)
    for request, pages in before.items():
        assert after[request] == pages, request
    assert still(world.person.call("ListDataTableValues", {**cells}).json) == still(own_table)
    evaluated = world.person.call(
        "EvaluateDataTableValues", {**cells, "Values": [{"PrimaryValues": region("zz"), "AttributeNames": ["queue"]}]}
    ).json
    assert [one["EvaluatedValue"] for one in evaluated["Values"]] == [""], "the default record is out of scope"
    text = json.dumps([page for pages in after.values() for page in pages])
    for name, identifier in vars(hidden).items():
        assert identifier not in text, name
    # The key sees all of it: the test would be blind otherwise.
    assert hidden.quick_connect in json.dumps(client.list_queue_quick_connects(**of, QueueId=scene.queue), default=str)


def test_a_hidden_flow_module_is_refused_in_a_profile_like_one_that_does_not_exist(world):
    scene, of = world.scene, {"InstanceId": world.instance}
    world.restore("UpdateSecurityProfile")
    hidden = Hidden(world).module
    visible = scene.disposable("module")
    world.hold(PERMISSIONS, **BY_TAG)
    profile = {**of, "SecurityProfileId": scene.profile}
    answers = []
    for module in [hidden, "99999999-9999-4999-8999-999999999999"]:
        for suffix in ["", ":1", ":$LATEST"]:
            named = [{"FlowModuleId": visible}, {"FlowModuleId": module + suffix, "Type": "MCP"}]
            answer = world.person.call("UpdateSecurityProfile", {**profile, "AllowedFlowModules": named})
            assert answer.error_type == "ResourceNotFoundException", answer.body
            created = world.person.call(
                "CreateSecurityProfile",
                {**of, "SecurityProfileName": unique("p"), "AllowedFlowModules": named, "Tags": TAGS},
            )
            assert created.error_type == "ResourceNotFoundException", created.body
            answers.append((suffix, answer.body.decode().replace(module, "ID"), created.body.decode().replace(module, "ID")))
    assert answers[:3] == answers[3:]
    kept = world.connect.list_security_profile_flow_modules(**profile)["AllowedFlowModules"]
    assert hidden not in json.dumps(kept)
    named = {"AllowedFlowModules": [{"FlowModuleId": visible}]}
    assert world.person.call("UpdateSecurityProfile", {**profile, **named}).status == 200


def test_a_quota_counts_nothing_for_somebody_who_may_not_view_all(start_server):
    server = start_server("--quota=queues=4", "--quota=data-table-values=3")
    connect = server.client()
    instance = new_instance(connect)
    of = {"InstanceId": instance}
    hours = connect.list_hours_of_operations(**of)["HoursOfOperationSummaryList"][0]["Id"]
    routing = connect.list_routing_profiles(**of)["RoutingProfileSummaryList"][0]["Id"]
    while len(connect.list_queues(**of)["QueueSummaryList"]) < 4:
        connect.create_queue(**of, Name=unique("hidden"), HoursOfOperationId=hours)
    table = Table(connect, instance, "NONE", region="*TEXT", queue="TEXT")
    for place in ["us", "cn", "eu"]:
        done(table.create({**at({"region": place}, "queue", "x")}))
    connect.tag_resource(resourceArn=table.describe()["Arn"], tags=TAGS)
    connect.tag_resource(resourceArn=connect.describe_hours_of_operation(**of, HoursOfOperationId=hours)["HoursOfOperation"]["HoursOfOperationArn"], tags=TAGS)
    profile = make_profile(connect, instance, PERMISSIONS)
    rule = granular("region", ["eu", "za"])
    connect.update_security_profile(**of, SecurityProfileId=profile, **BY_TAG, GranularAccessControlConfiguration=rule)
    person = Person(server, instance, make_user(connect, instance, [profile], routing))
    assert person.call("ListQueues", of).json["QueueSummaryList"] == []
    queue = {**of, "Name": unique("q"), "HoursOfOperationId": hours, "Tags": TAGS}
    value = {**at({"region": "za"}, "queue", "x")}
    for operation, parameters in [("CreateQueue", queue), ("BatchCreateDataTableValue", {**table.of, "Values": [value]})]:
        answer = person.call(operation, parameters)
        assert answer.error_type in ("LimitExceededException", "ServiceQuotaExceededException"), answer.body
        text = answer.message.replace(table.of["DataTableId"], "TABLE")
        assert not re.search(r"\d", text), text
        with pytest.raises(connect.exceptions.ClientError, match=r": [34]$"):
            connect.create_queue(**queue) if operation == "CreateQueue" else table.create(value)


def test_in_use_by_a_hidden_resource_is_not_revealed(world):
    hidden_of = {"InstanceId": world.instance}
    hours = world.scene.disposable("hours")
    queue = world.connect.create_queue(**hidden_of, Name=unique("hidden"), HoursOfOperationId=hours)["QueueId"]
    world.hold(PERMISSIONS, **BY_TAG)
    answer = world.person.call("DeleteHoursOfOperation", {**hidden_of, "HoursOfOperationId": hours})
    assert answer.status != 200 and "in use by another resource" in answer.message
    assert queue not in answer.body.decode()


def test_a_batch_is_refused_whole_if_one_record_is(world):
    table = world.scene.disposable("table")
    cells = {"InstanceId": world.instance, "DataTableId": table}
    rule = granular("region", ["eu"])
    world.hold(["DataTables.View", "DataTables.ManageValues"], GranularAccessControlConfiguration=rule)

    def create(*regions, value="care"):
        values = [{"PrimaryValues": region(one), "AttributeName": "queue", "Value": value} for one in regions]
        return world.person.call("BatchCreateDataTableValue", {**cells, "Values": values})

    refused = create("eu", "us")
    assert refused.error_type == "AccessDeniedException" and "`region`" in refused.message
    assert world.connect.list_data_table_values(**cells)["Values"] == []
    assert create("eu").json["Failed"] == []
    lock = {"DataTable": "1", "Attribute": "1", "PrimaryValues": "1", "Value": "1"}
    renamed = {**cells, "PrimaryValues": region("eu"), "NewPrimaryValues": region("eu"), "LockVersion": lock}
    answer = world.person.call("UpdateDataTablePrimaryValues", renamed)
    assert answer.error_type == "AccessDeniedException" and "primary values" in answer.message


def test_a_record_is_not_reached_by_another_spelling(world):
    table = world.scene.disposable("empty_table")
    cells = {"InstanceId": world.instance, "DataTableId": table}
    text = {"ValueType": "TEXT"}
    validation = {"IgnoreCase": True}
    world.connect.create_data_table_attribute(**cells, Name="region", Primary=True, Validation=validation, **text)
    world.connect.create_data_table_attribute(**cells, Name="queue", Primary=False, **text)
    value = {"AttributeName": "queue", "Value": "care"}
    world.connect.batch_create_data_table_value(**cells, Values=[{**value, "PrimaryValues": region("eu")}])
    rule = granular("region", ["EU"])
    world.hold(["DataTables.View", "DataTables.ManageValues"], GranularAccessControlConfiguration=rule)
    request = {**cells, "Values": [{**value, "Value": "mine", "PrimaryValues": region("EU")}]}
    assert world.person.call("BatchUpdateDataTableValue", request).error_type == "AccessDeniedException"
    described = world.person.call(
        "BatchDescribeDataTableValue", {**cells, "Values": [{"AttributeName": "queue", "PrimaryValues": region("EU")}]}
    ).json
    assert described["Successful"] == [] and "Value not found" in described["Failed"][0]["Message"]


def test_records_are_not_brought_into_scope_by_renaming_attributes(world):
    table = world.scene.disposable("empty_table")
    cells = {"InstanceId": world.instance, "DataTableId": table}
    text = {"ValueType": "TEXT"}
    for name, primary in [("region", True), ("zone", True), ("queue", False)]:
        world.connect.create_data_table_attribute(**cells, Name=name, Primary=primary, **text)
    values = [*region("us"), {"AttributeName": "zone", "Value": "eu"}]
    value = {"AttributeName": "queue", "Value": "care", "PrimaryValues": values}
    world.connect.batch_create_data_table_value(**cells, Values=[value])

    def rename(name: str, new: str, primary: bool = True):
        members = {"AttributeName": name, "Name": new, "Primary": primary, **text}
        return world.person.call("UpdateDataTableAttribute", {**cells, **members})

    permissions = ["DataTables.View", "DataTables.Edit"]
    world.hold(permissions, GranularAccessControlConfiguration=granular("region", ["eu"]))
    for name, new in [("region", "other"), ("zone", "third")]:
        refused = rename(name, new)
        assert refused.error_type == "AccessDeniedException", refused.body
        assert "to rename or delete a primary attribute" in refused.message
    assert rename("region", "region").status == 200
    assert rename("queue", "line", primary=False).status == 200
    assert world.person.call("ListDataTableValues", cells).json["Values"] == []
    world.hold(permissions)
    assert rename("region", "other").status == 200


def test_an_expression_takes_its_own_permission(world):
    table = world.scene.disposable("table")
    cells = {"InstanceId": world.instance, "DataTableId": table}
    request = {**cells, "Values": [{"PrimaryValues": region("eu"), "AttributeName": "queue", "Value": "=1+1"}]}
    world.hold(["DataTables.View", "DataTables.ManageValues"])
    without = world.person.call("BatchCreateDataTableValue", request)
    world.hold(["DataTables.View", "DataTables.ManageValues", "DataTables.EditExpressionValues"])
    allowed = world.person.call("BatchCreateDataTableValue", request)
    assert allowed.status == 200
    assert without.error_type == "AccessDeniedException" and "DataTables.EditExpressionValues" in without.message


def test_a_client_token_belongs_to_its_sender(world):
    parameters = {**SERVED["CreateContactFlowModule"](world.scene), "ClientToken": unique("token")}
    made = world.connect.create_contact_flow_module(**parameters)["Id"]
    world.hold(PERMISSIONS)
    answer = world.person.call("CreateContactFlowModule", parameters)
    assert answer.status != 200 and made not in answer.body.decode()


def test_no_answer_and_no_search_names_hidden_resources(world, hidden):
    """Things in scope that refer to nothing but things out of scope."""
    client, of, tags = world.connect, {"InstanceId": world.instance}, TAGS
    flow = {"ContactFlowId": "a-flow"}
    group = client.create_user_hierarchy_group(**of, Name=unique("seen"), ParentGroupId=hidden.group, Tags=tags)
    group = group["HierarchyGroupId"]
    queue = client.create_queue(
        **of, Name=unique("seen"), HoursOfOperationId=hidden.hours, QuickConnectIds=[hidden.quick_connect], Tags=tags
    )["QueueId"]
    hours = client.create_hours_of_operation(
        **of,
        Name=unique("seen"),
        TimeZone="UTC",
        Config=[],
        ParentHoursOfOperationConfigs=[{"HoursOfOperationId": hidden.hours}],
        Tags=tags,
    )["HoursOfOperationId"]
    reference = {"QueueId": hidden.queue, "Channel": "VOICE"}
    routing = client.create_routing_profile(
        **of,
        Name=unique("seen"),
        Description="x",
        DefaultOutboundQueueId=hidden.queue,
        MediaConcurrencies=[{"Channel": "VOICE", "Concurrency": 1}],
        QueueConfigs=[{"QueueReference": reference, "Priority": 1, "Delay": 0}],
        ManualAssignmentQueueConfigs=[{"QueueReference": reference}],
        Tags=tags,
    )["RoutingProfileId"]
    profile = client.create_security_profile(
        **of,
        SecurityProfileName=unique("seen"),
        AllowedFlowModules=[{"FlowModuleId": hidden.module}],
        HierarchyRestrictedResources=["User"],
        AllowedAccessControlHierarchyGroupId=hidden.group,
        Tags=tags,
    )["SecurityProfileId"]
    user = client.create_user(
        **of,
        Username=unique("seen"),
        Password="Passw0rd-of-a-user",
        IdentityInfo={"FirstName": "S", "LastName": "S"},
        SecurityProfileIds=[hidden.profile],
        RoutingProfileId=hidden.routing_profile,
        HierarchyGroupId=hidden.group,
        Tags=tags,
    )["UserId"]
    connects = [
        client.create_quick_connect(**of, Name=unique("seen"), QuickConnectConfig=config, Tags=tags)["QuickConnectId"]
        for config in (
            {"QuickConnectType": "USER", "UserConfig": {"UserId": hidden.user, **flow}},
            {"QuickConnectType": "QUEUE", "QueueConfig": {"QueueId": hidden.queue, **flow}},
        )
    ]
    client.associate_security_profiles(
        **of, EntityType="AI_AGENT", EntityArn=world.scene.agent, SecurityProfiles=[{"Id": hidden.profile}]
    )
    world.hold(PERMISSIONS, **BY_TAG)
    seen = {
        "QueueId": [queue],
        "HoursOfOperationId": [hours],
        "RoutingProfileId": [routing],
        "SecurityProfileId": [profile],
        "UserId": [user],
        "HierarchyGroupId": [group],
        "QuickConnectId": connects,
    }
    message = []
    for operation in READS:
        entry = TABLE[operation]
        parameters = SERVED[operation](frozen(world.scene))
        for criterion in ("SearchCriteria", "SearchFilter"):
            parameters.pop(criterion, None)
        for one in seen.get(entry.member, [None]):
            request = parameters if one is None else {**parameters, entry.member: one}
            answer = world.person.call(operation, request)
            assert answer.status == 200, (operation, answer.body)
            message.append(answer.body.decode())
    text = "\n".join(message)
    for identifier in (queue, hours, routing, profile, user, group, *connects):
        assert identifier in text, "the test is blind"
    for name, identifier in vars(hidden).items():
        assert identifier not in text, name
    assert '"hidden-' not in text and '"secret"' not in text

    def total(operation: str, field: str, value: str, comparison: str = "EXACT") -> int:
        condition = {"FieldName": field, "Value": value, "ComparisonType": comparison}
        request = {**of, "SearchCriteria": {"StringCondition": condition}}
        return world.person.call(operation, request).json["ApproximateTotalCount"]

    for operation, field, value in (
        ("SearchUsers", "SecurityProfileId", hidden.profile),
        ("SearchUsers", "RoutingProfileId", hidden.routing_profile),
        ("SearchRoutingProfiles", "associatedQueueIds", hidden.queue),
        ("SearchUserHierarchyGroups", "parentId", hidden.group),
        ("SearchQueues", "resourceID", hidden.queue),
        ("SearchUsers", "Username", "hidden-"),
    ):
        assert total(operation, field, value) == total(operation, field, value[:6], "STARTS_WITH") == 0, (operation, field)
    condition = {"HierarchyGroupCondition": {"Value": hidden.group, "HierarchyGroupMatchType": "WITH_CHILD_GROUPS"}}
    assert world.person.call("SearchUsers", {**of, "SearchCriteria": condition}).json["Users"] == []
