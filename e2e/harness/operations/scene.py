"""The resources that requests are about."""

import uuid

from harness.operations.values import (
    FLOW,
    PASSWORD,
    TAGS,
    ai_agent_arn,
    application_members,
    concurrencies,
    hours_members,
    profile_members,
    region,
    table_members,
    unique,
)

LEVELS = {"LevelOne": {"Name": "Site"}, "LevelTwo": {"Name": "Team"}}

# Each kind of an instance: the call that lists its resources and the summaries' member, then for one of them the parameter
# that names it and the calls that read it.
KINDS = {
    "profiles": (
        "list_security_profiles",
        "SecurityProfileSummaryList",
        "SecurityProfileId",
        (
            "describe_security_profile",
            "list_security_profile_permissions",
            "list_security_profile_applications",
            "list_security_profile_flow_modules",
            "list_security_profile_ai_agents",
        ),
    ),
    "users": ("list_users", "UserSummaryList", "UserId", ("describe_user",)),
    "groups": (
        "list_user_hierarchy_groups",
        "UserHierarchyGroupSummaryList",
        "HierarchyGroupId",
        ("describe_user_hierarchy_group",),
    ),
    "hours": (
        "list_hours_of_operations",
        "HoursOfOperationSummaryList",
        "HoursOfOperationId",
        ("describe_hours_of_operation",),
    ),
    "queues": ("list_queues", "QueueSummaryList", "QueueId", ("list_queue_quick_connects",)),
    "routing profiles": (
        "list_routing_profiles",
        "RoutingProfileSummaryList",
        "RoutingProfileId",
        ("describe_routing_profile", "list_routing_profile_queues", "list_routing_profile_manual_assignment_queues"),
    ),
    "quick connects": ("list_quick_connects", "QuickConnectSummaryList", "QuickConnectId", ("describe_quick_connect",)),
    "modules": (
        "list_contact_flow_modules",
        "ContactFlowModulesSummaryList",
        "ContactFlowModuleId",
        ("describe_contact_flow_module", "list_contact_flow_module_versions", "list_contact_flow_module_aliases"),
    ),
    "data tables": (
        "list_data_tables",
        "DataTableSummaryList",
        "DataTableId",
        ("describe_data_table", "list_data_table_attributes", "list_data_table_values", "list_data_table_primary_values"),
    ),
}


class Placeholders:
    """Stands in for a `Scene` when tests are collected and no server runs: every attribute is some text."""

    def __getattr__(self, name: str) -> str:
        return name

    def disposable(self, kind: str) -> str:
        return kind


class Scene:
    """An instance with one resource of each kind, and an AI agent that holds a profile."""

    # Set when nothing may be used up: what is disposable is then what the scene has.
    frozen = False

    def __init__(self, client, applications):
        self.client, self.applications = client, applications
        for kind in (
            "instance",
            "application",
            "profile",
            "held_profile",
            "hours",
            "quick_connect",
            "queue",
            "routing_profile",
            "group",
            "user",
            "module",
            "version",
            "module_alias",
            "association",
            "table",
            "empty_table",
            "column",
            "cell",
        ):
            setattr(self, kind, self.disposable(kind))
        of_table = {"InstanceId": self.instance, "DataTableId": self.table}
        column = client.describe_data_table_attribute(**of_table, AttributeName=self.column)
        self.column_id = column["Attribute"]["AttributeId"]
        self.record = client.list_data_table_primary_values(**of_table)["PrimaryValuesList"][0]["RecordId"]
        # A second one of each kind that something is moved to.
        self.other_queue = self.disposable("queue")
        self.other_group = self.disposable("group")
        described = client.describe_security_profile(InstanceId=self.instance, SecurityProfileId=self.profile)
        self.profile_arn = described["SecurityProfile"]["Arn"]
        client.tag_resource(resourceArn=self.profile_arn, tags=TAGS)
        self.agent = ai_agent_arn()
        client.associate_security_profiles(
            InstanceId=self.instance,
            EntityType="AI_AGENT",
            EntityArn=self.agent,
            SecurityProfiles=[{"Id": self.held_profile}],
        )
        self.tied_profile = self.held_profile

    def disposable(self, kind: str):
        """A new resource, which a request may use up; its id."""
        return getattr(self, kind) if self.frozen else getattr(self, f"_new_{kind}")()

    def _new_tied_profile(self) -> str:
        """A profile that the AI agent has."""
        profile = self._new_profile()
        self.client.associate_security_profiles(
            InstanceId=self.instance,
            EntityType="AI_AGENT",
            EntityArn=self.agent,
            SecurityProfiles=[{"Id": profile}],
        )
        return profile

    def _new_instance(self) -> str:
        return self.client.create_instance(
            InstanceAlias=unique("conformance"),
            IdentityManagementType="CONNECT_MANAGED",
            InboundCallsEnabled=True,
            OutboundCallsEnabled=True,
        )["Id"]

    def _new_profile(self) -> str:
        return self.client.create_security_profile(
            InstanceId=self.instance, SecurityProfileName=unique("profile"), **profile_members()
        )["SecurityProfileId"]

    _new_held_profile = _new_profile

    def _new_hours(self) -> str:
        return self.client.create_hours_of_operation(
            InstanceId=self.instance, Name=unique("hours"), Tags=TAGS, **hours_members()
        )["HoursOfOperationId"]

    def _new_quick_connect(self) -> str:
        config = {"QuickConnectType": "FLOW", "FlowConfig": {"ContactFlowId": "a-flow"}}
        return self.client.create_quick_connect(
            InstanceId=self.instance, Name=unique("quick"), QuickConnectConfig=config, Tags=TAGS
        )["QuickConnectId"]

    def _new_queue(self) -> str:
        return self.client.create_queue(
            InstanceId=self.instance,
            Name=unique("queue"),
            HoursOfOperationId=self.hours,
            QuickConnectIds=[self.quick_connect],
            Tags=TAGS,
        )["QueueId"]

    def _new_routing_profile(self) -> str:
        reference = {"QueueId": self.queue, "Channel": "VOICE"}
        return self.client.create_routing_profile(
            InstanceId=self.instance,
            Name=unique("routing"),
            Description="Routes calls",
            DefaultOutboundQueueId=self.queue,
            MediaConcurrencies=concurrencies(),
            QueueConfigs=[{"QueueReference": reference, "Priority": 1, "Delay": 0}],
            ManualAssignmentQueueConfigs=[{"QueueReference": reference}],
            Tags=TAGS,
        )["RoutingProfileId"]

    def _new_group(self) -> str:
        self.client.update_user_hierarchy_structure(InstanceId=self.instance, HierarchyStructure=LEVELS)
        return self.client.create_user_hierarchy_group(InstanceId=self.instance, Name=unique("group"), Tags=TAGS)[
            "HierarchyGroupId"
        ]

    def _new_user(self) -> str:
        return self.client.create_user(
            InstanceId=self.instance,
            Username=unique("user"),
            Password=PASSWORD,
            SecurityProfileIds=[self.profile],
            RoutingProfileId=self.routing_profile,
            HierarchyGroupId=self.group,
            Tags=TAGS,
        )["UserId"]

    def _new_module(self) -> str:
        return self.client.create_contact_flow_module(
            InstanceId=self.instance, Name=unique("module"), Content=FLOW, Tags=TAGS
        )["Id"]

    def _new_version(self) -> int:
        return self.client.create_contact_flow_module_version(
            InstanceId=self.instance, ContactFlowModuleId=self.module
        )["Version"]

    def _new_module_alias(self) -> str:
        return self.client.create_contact_flow_module_alias(
            InstanceId=self.instance,
            ContactFlowModuleId=self.module,
            AliasName=unique("alias"),
            ContactFlowModuleVersion=self.version,
        )["Id"]

    def _new_association(self) -> str:
        return self.client.create_integration_association(
            InstanceId=self.instance, IntegrationType="APPLICATION", IntegrationArn=self._new_application(), Tags=TAGS
        )["IntegrationAssociationId"]

    def _new_empty_table(self) -> str:
        """A data table without attributes."""
        return self.client.create_data_table(
            InstanceId=self.instance, Name=unique("table"), Tags=TAGS, **table_members()
        )["Id"]

    def _new_table(self) -> str:
        """A data table of queues by region."""
        table = self._new_empty_table()
        for name, primary in (("region", True), ("queue", False)):
            self.client.create_data_table_attribute(
                InstanceId=self.instance, DataTableId=table, Name=name, ValueType="TEXT", Primary=primary
            )
        return table

    def _new_column(self) -> str:
        """An attribute of the table; its name, which ends in an identifier."""
        return self.client.create_data_table_attribute(
            InstanceId=self.instance, DataTableId=self.table, Name=f"column-{uuid.uuid4()}", ValueType="NUMBER"
        )["Name"]

    def _new_cell(self) -> str:
        """A record of the table with a queue; its region."""
        where = unique("region")
        value = {"PrimaryValues": region(where), "AttributeName": "queue", "Value": "care"}
        answer = self.client.batch_create_data_table_value(
            InstanceId=self.instance, DataTableId=self.table, Values=[value]
        )
        assert not answer["Failed"], answer
        return where

    def _new_application(self) -> str:
        return self.applications.create_application(
            Name=unique("application"), Namespace=unique("application"), Tags=TAGS, **application_members()
        )["Arn"]

    def state(self) -> dict:
        """Everything that a refused request could have changed by half."""
        of_instance = {"InstanceId": self.instance}
        return {
            "instances": self._every("list_instances", "InstanceSummaryList"),
            "applications": [
                _read(self.applications.get_application(Arn=one["Arn"]))
                for page in self.applications.get_paginator("list_applications").paginate()
                for one in page["Applications"]
            ],
            "attributes": self._every("list_instance_attributes", "Attributes", **of_instance),
            "structure": _read(self.client.describe_user_hierarchy_structure(**of_instance)),
            "associations": self._every("list_integration_associations", "IntegrationAssociationSummaryList", **of_instance),
            "queues in full": self._every("search_queues", "Queues", **of_instance),
            "held": self.client.list_entity_security_profiles(
                **of_instance, EntityType="AI_AGENT", EntityArn=self.agent
            )["SecurityProfiles"],
            **{kind: self._resources(*how) for kind, how in KINDS.items()},
        }

    def _resources(self, lister: str, summaries: str, parameter: str, readers: tuple[str, ...]) -> list:
        listed = self._every(lister, summaries, InstanceId=self.instance)
        return [
            (one, [_read(getattr(self.client, call)(InstanceId=self.instance, **{parameter: one["Id"]})) for call in readers])
            for one in listed
        ]

    def _every(self, lister: str, member: str, **parameters) -> list:
        return [one for page in self.client.get_paginator(lister).paginate(**parameters) for one in page[member]]


def _read(answer: dict) -> dict:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}
