"""The story that Lanyard began with: each parameter of UpdateSecurityProfile changes what a person and an AI agent may do.

The person calls the API itself with a session; of both, the decision point is asked. Before and after each update the
outcome is another.
"""

import pytest

from conftest import new_instance
from harness.authzen import DecisionPoint
from harness.session_access import Person, make_user
from harness.model import operation
from harness.operations import FLOW, ai_agent_arn, granular, unique
from harness.operations.values import region

ALLOWED, FORBIDDEN, ABSENT = "allowed", "AccessDeniedException", "ResourceNotFoundException"


class Centre:
    """A contact centre with a lead and an AI agent who hold the profile that the story is about."""

    def __init__(self, server):
        self.client = client = server.client()
        self.of = of = {"InstanceId": new_instance(client)}
        self.instance = of["InstanceId"]
        self.point = DecisionPoint(server, self.instance)
        self.routing = client.list_routing_profiles(**of)["RoutingProfileSummaryList"][0]["Id"]
        hours = client.list_hours_of_operations(**of)["HoursOfOperationSummaryList"][0]["Id"]
        levels = {"LevelOne": {"Name": "Site"}, "LevelTwo": {"Name": "Team"}}
        client.update_user_hierarchy_structure(**of, HierarchyStructure=levels)
        self.harbour, self.airport = (self.group(name) for name in ("Harbour", "Airport"))
        self.team = self.group("Care", ParentGroupId=self.harbour)
        self.profile = client.create_security_profile(**of, SecurityProfileName="Care leads")["SecurityProfileId"]
        self.lead = Person(server, self.instance, self.user(self.profile, self.harbour))
        basic = client.create_security_profile(**of, SecurityProfileName="Agents")["SecurityProfileId"]
        names = [self.user(basic, group) for group in (self.team, self.airport)]
        ids = {one["Username"]: one["Id"] for one in client.list_users(**of)["UserSummaryList"]}
        self.near, self.far = (ids[name] for name in names)
        self.queues = {
            team: client.create_queue(**of, Name=team, HoursOfOperationId=hours, Tags={"Team": team})["QueueId"]
            for team in ("Care", "Sales")
        }
        self.module = client.create_contact_flow_module(
            **of, Name="Find an order", Content=FLOW, ExternalInvocationConfiguration={"Enabled": True}
        )["Id"]
        self.table = client.create_data_table(
            **of, Name="Routes", TimeZone="UTC", ValueLockLevel="NONE", Status="PUBLISHED"
        )["Id"]
        for name, primary in (("region", True), ("queue", False)):
            client.create_data_table_attribute(
                **of, DataTableId=self.table, Name=name, ValueType="TEXT", Primary=primary
            )
        self.agent = ai_agent_arn()
        client.associate_security_profiles(
            **of, EntityType="AI_AGENT", EntityArn=self.agent, SecurityProfiles=[{"Id": self.profile}]
        )
        self.used = set()

    def group(self, name: str, **members) -> str:
        return self.client.create_user_hierarchy_group(**self.of, Name=name, **members)["HierarchyGroupId"]

    def user(self, profile: str, group: str) -> str:
        return make_user(self.client, self.instance, [profile], self.routing, HierarchyGroupId=group)

    def update(self, **members) -> None:
        """UpdateSecurityProfile through boto3."""
        self.used |= set(members)
        self.client.update_security_profile(**self.of, SecurityProfileId=self.profile, **members)

    def tries(self, called: str, **parameters) -> str:
        """The result when the lead calls an operation of the API."""
        answer = self.lead.call(called, {**self.of, **parameters})
        return ALLOWED if answer.status == 200 else answer.error_type

    def may(self, action: str, resource_type: str, identifier: str, **properties) -> tuple[bool, bool]:
        """Whether the lead may, and whether the AI agent may when it serves the lead."""
        resource = {"type": resource_type, "id": identifier, "properties": properties}
        request = {"action": {"name": action}, "resource": resource}
        lead = {"subject": {"type": "user", "id": self.lead.id}, **request}
        agent = {"subject": {"type": "ai_agent", "id": self.agent}, **request, "context": {"on_behalf_of": self.lead.id}}
        return self.point.decision(lead), self.point.decision(agent)


@pytest.fixture(scope="module")
def centre(server):
    return Centre(server)


YES, NO = (True, True), (False, False)


def test_each_parameter_changes_the_access(centre):
    care, sales = centre.queues["Care"], centre.queues["Sales"]

    # Permissions: they may edit queues, look at people and profiles, and write to tables.
    assert centre.tries("UpdateQueueMaxContacts", QueueId=care, MaxContacts=1) == FORBIDDEN
    assert centre.may("Queues.Edit", "Queue", care) == NO
    views = [f"{name}.View" for name in ("Queues", "Users", "SecurityProfiles", "DataTables")]
    centre.update(Permissions=[*views, "Queues.Edit", "DataTables.ManageValues", "BasicAgentAccess"])
    assert centre.tries("UpdateQueueMaxContacts", QueueId=care, MaxContacts=1) == ALLOWED
    assert centre.tries("UpdateQueueMaxContacts", QueueId=sales, MaxContacts=1) == ALLOWED
    assert centre.may("Queues.Edit", "Queue", care) == YES

    # Description: what whoever looks at the profile reads.
    centre.update(Description="Leads the care team")
    described = centre.lead.client().describe_security_profile(**centre.of, SecurityProfileId=centre.profile)
    assert described["SecurityProfile"]["Description"] == "Leads the care team"

    # TagRestrictedResources: from now on by tag, and as none is named yet, nothing.
    centre.update(TagRestrictedResources=["Queue"])
    assert centre.tries("UpdateQueueMaxContacts", QueueId=care, MaxContacts=2) == FORBIDDEN
    assert centre.may("Queues.Edit", "Queue", care) == NO

    # AllowedAccessControlTags: their own team's, and of the other's they do not even know.
    centre.update(AllowedAccessControlTags={"Team": "Care"})
    assert centre.tries("UpdateQueueMaxContacts", QueueId=care, MaxContacts=2) == ALLOWED
    assert centre.tries("DescribeQueue", QueueId=sales) == ABSENT
    queues = centre.lead.client().list_queues(**centre.of)["QueueSummaryList"]
    assert [queue["Name"] for queue in queues] == ["Care"]
    assert (centre.may("Queues.Edit", "Queue", care), centre.may("Queues.Edit", "Queue", sales)) == (YES, NO)

    # HierarchyRestrictedResources: people of one's own group and below. The AI agent has no group of its own.
    assert [centre.tries("DescribeUser", UserId=user) for user in (centre.near, centre.far)] == [ALLOWED, ALLOWED]
    assert centre.may("Users.View", "User", centre.far) == YES
    centre.update(HierarchyRestrictedResources=["User"])
    assert [centre.tries("DescribeUser", UserId=user) for user in (centre.near, centre.far)] == [ALLOWED, ABSENT]
    assert centre.may("Users.View", "User", centre.far) == NO
    assert centre.may("Users.View", "User", centre.near) == (True, False)

    # AllowedAccessControlHierarchyGroupId: of another group instead.
    centre.update(AllowedAccessControlHierarchyGroupId=centre.airport)
    assert [centre.tries("DescribeUser", UserId=user) for user in (centre.near, centre.far)] == [ABSENT, ALLOWED]
    assert (centre.may("Users.View", "User", centre.near), centre.may("Users.View", "User", centre.far)) == (NO, YES)

    # Applications: an application next to the calls, and the tools of an MCP server.
    assert centre.may("ACCESS", "ThirdPartyApplication", "tickets") == NO
    assert centre.may("refund", "McpServer", "orders") == NO
    assert centre.lead.me()["applications"] == []
    centre.update(
        Applications=[
            {"Namespace": "tickets", "ApplicationPermissions": ["ACCESS"], "Type": "THIRD_PARTY_APPLICATION"},
            {"Namespace": "orders", "ApplicationPermissions": ["refund"], "Type": "MCP"},
        ]
    )
    assert centre.may("ACCESS", "ThirdPartyApplication", "tickets")[0] is True
    assert centre.may("refund", "McpServer", "orders") == YES
    assert centre.may("cancel", "McpServer", "orders") == NO
    assert [one["namespace"] for one in centre.lead.me()["applications"]] == ["orders", "tickets"]

    # AllowedFlowModules: a flow module as a tool.
    assert centre.may("Invoke", "ContactFlowModule", centre.module) == NO
    centre.update(AllowedFlowModules=[{"Type": "MCP", "FlowModuleId": centre.module}])
    assert centre.may("Invoke", "ContactFlowModule", centre.module) == YES
    assert centre.lead.me()["flow_modules"] == [centre.module]

    # AllowedAIAgents: another AI agent to work with.
    other = ai_agent_arn()
    assert centre.may("Collaborate", "AIAgent", other) == NO
    centre.update(AllowedAIAgents=[{"Type": "THIRD_PARTY", "Arn": other}])
    assert centre.may("Collaborate", "AIAgent", other) == YES
    assert centre.lead.me()["ai_agents"] == [other]

    # GranularAccessControlConfiguration: the records of one region.
    def writes(where: str) -> str:
        value = {"PrimaryValues": region(where), "AttributeName": "queue", "Value": unique("queue")}
        return centre.tries("BatchCreateDataTableValue", DataTableId=centre.table, Values=[value])

    def record(where: str) -> tuple[bool, bool]:
        message = {"hypothetical": True, "table_id": centre.table, "primary_values": {"region": where}}
        return centre.may("DataTables.ManageValues", "DataTableRecord", "new", **message)

    assert (writes("eu"), writes("us"), record("us")) == (ALLOWED, ALLOWED, YES)
    centre.update(GranularAccessControlConfiguration=granular("region", ["eu", "apac"]))
    assert (writes("apac"), writes("latam")) == (ALLOWED, FORBIDDEN)
    assert (record("eu"), record("us")) == (YES, NO)
    listed = centre.lead.client().list_data_table_values(**centre.of, DataTableId=centre.table)["Values"]
    assert {one["PrimaryValues"][0]["Value"] for one in listed} == {"eu", "apac"}

    # That was all of it.
    members = set(operation("UpdateSecurityProfile").input_shape.members)
    assert centre.used == members - {"InstanceId", "SecurityProfileId"}
