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


class Scene:
    """An instance with a profile and an AI agent that holds another one."""

    def __init__(self, client):
        self.client = client
        self.instance = self.disposable_instance()
        self.profile = self.disposable_profile()
        described = client.describe_security_profile(InstanceId=self.instance, SecurityProfileId=self.profile)
        self.profile_arn = described["SecurityProfile"]["Arn"]
        client.tag_resource(resourceArn=self.profile_arn, tags={"team": "care"})
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
        return {
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
    "TagResource": lambda scene: {"resourceArn": scene.profile_arn, "tags": {"team": "sales"}},
    "UntagResource": lambda scene: {"resourceArn": scene.profile_arn, "tagKeys": ["team"]},
    "ListTagsForResource": lambda scene: {"resourceArn": scene.profile_arn},
}

# Members that the model calls optional and without which there is nothing to do, kept in the smallest request.
NEEDED_ANYWAY = {"CreateInstance": {"InstanceAlias"}}


def smallest(name: str, parameters: dict, required: list[str]) -> dict:
    kept = set(required) | NEEDED_ANYWAY.get(name, set())
    return {member: value for member, value in parameters.items() if member in kept}
