"""Which operations are served, and a valid request for each. A later issue's operation needs one entry here.

An entry is a function from a `Scene` (resources that exist) to parameters: a request that succeeds, with as many
members as are worth breaking. `scene.disposable_…()` makes something that this request may use up.
"""

import itertools
import uuid

AI_AGENT = "arn:aws:wisdom:us-east-1:123456789012:ai-agent/{}/{}"
_numbers = itertools.count(1)


def unique(prefix: str) -> str:
    """A name no other resource of this run has."""
    return f"{prefix}-{next(_numbers)}-{uuid.uuid4().hex[:6]}"


FLOW = '{"Version": "2019-10-30", "StartAction": "end", "Actions": []}'


def ai_agent_arn() -> str:
    return AI_AGENT.format(uuid.uuid4(), uuid.uuid4())


def profile_members() -> dict:
    """Every member that CreateSecurityProfile and UpdateSecurityProfile share, with values that need nothing to exist."""
    return {
        "Description": "Cares for customers",
        "Permissions": ["BasicAgentAccess", "OutboundCallAccess"],
        "AllowedAccessControlTags": {"department": "care"},
        "TagRestrictedResources": ["User"],
        "Applications": [
            {"Namespace": "crm", "ApplicationPermissions": ["ACCESS"], "Type": "THIRD_PARTY_APPLICATION"},
        ],
        "HierarchyRestrictedResources": ["User"],
        "AllowedAccessControlHierarchyGroupId": "",
        "AllowedFlowModules": [{"Type": "MCP", "FlowModuleId": "a2b3c4d5-0000-4000-8000-000000000001"}],
        "AllowedAIAgents": [{"Type": "THIRD_PARTY", "Arn": AI_AGENT.format("a", "b")}],
        "GranularAccessControlConfiguration": granular("region", ["eu", "us"]),
    }


def granular(attribute: str, values: list[str]) -> dict:
    entry = {"AccessType": "ALLOW", "AttributeName": attribute, "Values": values}
    return {
        "DataTableAccessControlConfiguration": {
            "PrimaryAttributeAccessControlConfiguration": {"PrimaryAttributeValues": [entry]}
        }
    }


class Placeholders:
    """Stands in for a `Scene` when tests are collected and no server runs: every attribute is some text."""

    def __getattr__(self, name: str) -> str:
        return name

    def disposable_instance(self) -> str:
        return "instance"

    def disposable_profile(self) -> str:
        return "profile"

    def disposable_module(self) -> str:
        return "module"

    def disposable_version(self) -> int:
        return 1

    def disposable_alias(self) -> str:
        return "alias"


class Scene:
    """An instance with a profile and an AI agent that holds another one."""

    def __init__(self, client):
        self.client = client
        self.instance = self.disposable_instance()
        self.profile = self.disposable_profile()
        described = client.describe_security_profile(InstanceId=self.instance, SecurityProfileId=self.profile)
        self.profile_arn = described["SecurityProfile"]["Arn"]
        client.tag_resource(resourceArn=self.profile_arn, tags={"team": "care"})
        self.module = self.disposable_module()
        self.version = self.disposable_version()
        self.module_alias = self.disposable_alias()
        self.agent = ai_agent_arn()
        self.held_profile = self.disposable_profile()
        client.associate_security_profiles(
            InstanceId=self.instance,
            EntityType="AI_AGENT",
            EntityArn=self.agent,
            SecurityProfiles=[{"Id": self.held_profile}],
        )

    def disposable_instance(self) -> str:
        return self.client.create_instance(
            InstanceAlias=unique("conformance"),
            IdentityManagementType="CONNECT_MANAGED",
            InboundCallsEnabled=True,
            OutboundCallsEnabled=True,
        )["Id"]

    def disposable_profile(self) -> str:
        return self.client.create_security_profile(
            InstanceId=self.instance, SecurityProfileName=unique("profile"), **profile_members()
        )["SecurityProfileId"]

    def disposable_module(self) -> str:
        return self.client.create_contact_flow_module(
            InstanceId=self.instance, Name=unique("module"), Content=FLOW, Tags={"team": "care"}
        )["Id"]

    def disposable_version(self) -> int:
        return self.client.create_contact_flow_module_version(
            InstanceId=self.instance, ContactFlowModuleId=self.module
        )["Version"]

    def disposable_alias(self) -> str:
        return self.client.create_contact_flow_module_alias(
            InstanceId=self.instance,
            ContactFlowModuleId=self.module,
            AliasName=unique("alias"),
            ContactFlowModuleVersion=self.version,
        )["Id"]

    def state(self) -> dict:
        """Everything that a refused request could have changed by half."""
        client, instance = self.client, self.instance
        every = client.get_paginator
        profiles = {
            summary["Id"]: _without_metadata(
                client.describe_security_profile(InstanceId=instance, SecurityProfileId=summary["Id"])
            )
            for page in every("list_security_profiles").paginate(InstanceId=instance)
            for summary in page["SecurityProfileSummaryList"]
        }
        lists = [
            _without_metadata(call(InstanceId=instance, SecurityProfileId=self.profile))
            for call in (
                client.list_security_profile_permissions,
                client.list_security_profile_applications,
                client.list_security_profile_flow_modules,
                client.list_security_profile_ai_agents,
            )
        ]
        modules = [
            row for page in every("search_contact_flow_modules").paginate(InstanceId=instance) for row in page["ContactFlowModules"]
        ]
        of_module = {"InstanceId": instance, "ContactFlowModuleId": self.module}
        return {
            "modules": modules,
            "module": [
                _without_metadata(client.list_contact_flow_module_versions(**of_module)),
                _without_metadata(client.list_contact_flow_module_aliases(**of_module)),
            ],
            "instances": [
                summary for page in every("list_instances").paginate() for summary in page["InstanceSummaryList"]
            ],
            "attributes": [
                one for page in every("list_instance_attributes").paginate(InstanceId=instance) for one in page["Attributes"]
            ],
            "profiles": profiles,
            "lists": lists,
            "held": client.list_entity_security_profiles(
                InstanceId=instance, EntityType="AI_AGENT", EntityArn=self.agent
            )["SecurityProfiles"],
        }


def _without_metadata(answer: dict) -> dict:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def _of_profile(scene) -> dict:
    return {"InstanceId": scene.instance, "SecurityProfileId": scene.profile}


def _paged(scene, size: int) -> dict:
    return {"InstanceId": scene.instance, "MaxResults": size}


def _of_module(scene) -> dict:
    return {"InstanceId": scene.instance, "ContactFlowModuleId": scene.module}


def _of_alias(scene) -> dict:
    return {**_of_module(scene), "AliasId": scene.module_alias}


def _entity(scene) -> dict:
    return {"InstanceId": scene.instance, "EntityType": "AI_AGENT", "EntityArn": scene.agent}


SERVED = {
    "CreateInstance": lambda scene: {
        "ClientToken": unique("token"),
        "IdentityManagementType": "CONNECT_MANAGED",
        "InstanceAlias": unique("created"),
        "InboundCallsEnabled": True,
        "OutboundCallsEnabled": False,
        "Tags": {"team": "care"},
    },
    "DescribeInstance": lambda scene: {"InstanceId": scene.instance},
    "ListInstances": lambda scene: {"MaxResults": 10},
    "DeleteInstance": lambda scene: {"InstanceId": scene.disposable_instance(), "ClientToken": unique("token")},
    "DescribeInstanceAttribute": lambda scene: {"InstanceId": scene.instance, "AttributeType": "EARLY_MEDIA"},
    "ListInstanceAttributes": lambda scene: _paged(scene, 7),
    "UpdateInstanceAttribute": lambda scene: {
        "InstanceId": scene.instance,
        "AttributeType": "CONTACTFLOW_LOGS",
        "Value": "true",
        "ClientToken": unique("token"),
    },
    "CreateSecurityProfile": lambda scene: {
        "InstanceId": scene.instance,
        "SecurityProfileName": unique("created"),
        "Tags": {"team": "care"},
        **profile_members(),
    },
    "UpdateSecurityProfile": lambda scene: {**_of_profile(scene), **profile_members()},
    "DescribeSecurityProfile": _of_profile,
    "DeleteSecurityProfile": lambda scene: {
        "InstanceId": scene.instance,
        "SecurityProfileId": scene.disposable_profile(),
    },
    "ListSecurityProfiles": lambda scene: _paged(scene, 1000),
    "SearchSecurityProfiles": lambda scene: {
        **_paged(scene, 100),
        "SearchCriteria": {"StringCondition": {"FieldName": "name", "Value": "Ad", "ComparisonType": "STARTS_WITH"}},
        "SearchFilter": {"TagFilter": {"TagCondition": {"TagKey": "team", "TagValue": "care"}}},
    },
    "ListSecurityProfilePermissions": lambda scene: {**_of_profile(scene), "MaxResults": 1000},
    "ListSecurityProfileApplications": lambda scene: {**_of_profile(scene), "MaxResults": 1000},
    "ListSecurityProfileFlowModules": lambda scene: {**_of_profile(scene), "MaxResults": 1000},
    "ListSecurityProfileAIAgents": lambda scene: {**_of_profile(scene), "MaxResults": 1000},
    "AssociateSecurityProfiles": lambda scene: {**_entity(scene), "SecurityProfiles": [{"Id": scene.profile}]},
    "DisassociateSecurityProfiles": lambda scene: {**_entity(scene), "SecurityProfiles": [{"Id": scene.held_profile}]},
    "ListEntitySecurityProfiles": lambda scene: {**_entity(scene), "MaxResults": 100},
    "CreateContactFlowModule": lambda scene: {
        "InstanceId": scene.instance,
        "Name": unique("created"),
        "Description": "Finds orders",
        "Content": FLOW,
        "Tags": {"team": "care"},
        "ClientToken": unique("token"),
        "Settings": "{}",
        "ExternalInvocationConfiguration": {"Enabled": True},
    },
    "DescribeContactFlowModule": _of_module,
    "DeleteContactFlowModule": lambda scene: {
        "InstanceId": scene.instance,
        "ContactFlowModuleId": scene.disposable_module(),
    },
    "ListContactFlowModules": lambda scene: {**_paged(scene, 1000), "ContactFlowModuleState": "ACTIVE"},
    "SearchContactFlowModules": lambda scene: {
        **_paged(scene, 100),
        "SearchCriteria": {"StringCondition": {"FieldName": "name", "Value": "mo", "ComparisonType": "STARTS_WITH"}},
        "SearchFilter": {"TagFilter": {"TagCondition": {"TagKey": "team", "TagValue": "care"}}},
    },
    "UpdateContactFlowModuleContent": lambda scene: {**_of_module(scene), "Content": FLOW, "Settings": "{}"},
    "UpdateContactFlowModuleMetadata": lambda scene: {
        **_of_module(scene),
        "Name": unique("renamed"),
        "Description": "Finds orders",
        "State": "ACTIVE",
    },
    "CreateContactFlowModuleVersion": lambda scene: {**_of_module(scene), "Description": "As it was on Monday"},
    "ListContactFlowModuleVersions": lambda scene: {**_of_module(scene), "MaxResults": 1000},
    "DeleteContactFlowModuleVersion": lambda scene: {
        **_of_module(scene),
        "ContactFlowModuleVersion": scene.disposable_version(),
    },
    "CreateContactFlowModuleAlias": lambda scene: {
        **_of_module(scene),
        "Description": "What callers hear",
        "AliasName": unique("alias"),
        "ContactFlowModuleVersion": scene.version,
    },
    "DescribeContactFlowModuleAlias": _of_alias,
    "UpdateContactFlowModuleAlias": lambda scene: {
        **_of_alias(scene),
        "Name": unique("alias"),
        "Description": "What callers hear",
        "ContactFlowModuleVersion": scene.version,
    },
    "DeleteContactFlowModuleAlias": lambda scene: {**_of_module(scene), "AliasId": scene.disposable_alias()},
    "ListContactFlowModuleAliases": lambda scene: {**_of_module(scene), "MaxResults": 1000},
    "TagResource": lambda scene: {"resourceArn": scene.profile_arn, "tags": {"team": "sales"}},
    "UntagResource": lambda scene: {"resourceArn": scene.profile_arn, "tagKeys": ["team"]},
    "ListTagsForResource": lambda scene: {"resourceArn": scene.profile_arn},
}

# Members that the model calls optional and without which there is nothing to do, kept in the smallest request.
NEEDED_ANYWAY = {"CreateInstance": {"InstanceAlias"}}


def smallest(name: str, parameters: dict, required: list[str]) -> dict:
    kept = set(required) | NEEDED_ANYWAY.get(name, set())
    return {member: value for member, value in parameters.items() if member in kept}
