"""Instances, security profiles, who holds them, tags, and what an instance uses of other services."""

from harness.operations.values import BY_TAG, TAGS, named, profile_members, unique


def _of_profile(scene) -> dict:
    return {"InstanceId": scene.instance, "SecurityProfileId": scene.profile}


def _paged(scene, size: int) -> dict:
    return {"InstanceId": scene.instance, "MaxResults": size}


def _entity(scene) -> dict:
    return {"InstanceId": scene.instance, "EntityType": "AI_AGENT", "EntityArn": scene.agent}


def _members(scene) -> dict:
    """A user may only name flow modules that there are."""
    return {**profile_members(), "AllowedFlowModules": [{"Type": "MCP", "FlowModuleId": scene.module}]}


SERVED = {
    "CreateInstance": lambda scene: {
        "ClientToken": unique("token"),
        "IdentityManagementType": "CONNECT_MANAGED",
        "InstanceAlias": unique("created"),
        "InboundCallsEnabled": True,
        "OutboundCallsEnabled": False,
        "Tags": TAGS,
    },
    "DescribeInstance": lambda scene: {"InstanceId": scene.instance},
    "ListInstances": lambda scene: {"MaxResults": 10},
    "DeleteInstance": lambda scene: {"InstanceId": scene.disposable("instance"), "ClientToken": unique("token")},
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
        "Tags": TAGS,
        **_members(scene),
    },
    "UpdateSecurityProfile": lambda scene: {**_of_profile(scene), **_members(scene)},
    "DescribeSecurityProfile": _of_profile,
    "DeleteSecurityProfile": lambda scene: {
        "InstanceId": scene.instance,
        "SecurityProfileId": scene.disposable("profile"),
    },
    "ListSecurityProfiles": lambda scene: _paged(scene, 1000),
    "SearchSecurityProfiles": lambda scene: {
        **_paged(scene, 100),
        "SearchCriteria": named("Ad"),
        "SearchFilter": BY_TAG,
    },
    "ListSecurityProfilePermissions": lambda scene: {**_of_profile(scene), "MaxResults": 1000},
    "ListSecurityProfileApplications": lambda scene: {**_of_profile(scene), "MaxResults": 1000},
    "ListSecurityProfileFlowModules": lambda scene: {**_of_profile(scene), "MaxResults": 1000},
    "ListSecurityProfileAIAgents": lambda scene: {**_of_profile(scene), "MaxResults": 1000},
    "AssociateSecurityProfiles": lambda scene: {**_entity(scene), "SecurityProfiles": [{"Id": scene.profile}]},
    "DisassociateSecurityProfiles": lambda scene: {**_entity(scene), "SecurityProfiles": [{"Id": scene.disposable("tied_profile")}]},
    "ListEntitySecurityProfiles": lambda scene: {**_entity(scene), "MaxResults": 100},
    "TagResource": lambda scene: {"resourceArn": scene.profile_arn, "tags": {"team": "sales"}},
    "UntagResource": lambda scene: {"resourceArn": scene.profile_arn, "tagKeys": ["team"]},
    "ListTagsForResource": lambda scene: {"resourceArn": scene.profile_arn},
    "SearchResourceTags": lambda scene: {
        **_paged(scene, 100),
        "ResourceTypes": ["security-profile", "agent"],
        "SearchCriteria": {
            "TagSearchCondition": {
                "tagKey": "te",
                "tagValue": "care",
                "tagKeyComparisonType": "STARTS_WITH",
                "tagValueComparisonType": "EXACT",
            }
        },
    },
    "CreateIntegrationAssociation": lambda scene: {
        "InstanceId": scene.instance,
        "IntegrationType": "APPLICATION",
        "IntegrationArn": scene.disposable("application"),
        "SourceApplicationUrl": "https://example.com",
        "SourceApplicationName": "tickets",
        "SourceType": "ZENDESK",
        "Tags": TAGS,
    },
    "DeleteIntegrationAssociation": lambda scene: {
        "InstanceId": scene.instance,
        "IntegrationAssociationId": scene.disposable("association"),
    },
    "ListIntegrationAssociations": lambda scene: {
        **_paged(scene, 100),
        "IntegrationType": "APPLICATION",
        "IntegrationArn": scene.application,
    },
}
