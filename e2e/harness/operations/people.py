"""Users, and the hierarchy they are in."""

from harness.operations.scene import LEVELS
from harness.operations.values import BY_TAG, PASSWORD, TAGS, channel_settings, identity_info, named, phone_config, unique


def _paged(scene, size: int) -> dict:
    return {"InstanceId": scene.instance, "MaxResults": size}


def _of_user(scene) -> dict:
    return {"InstanceId": scene.instance, "UserId": scene.user}


def _of_group(scene) -> dict:
    return {"InstanceId": scene.instance, "HierarchyGroupId": scene.group}


SERVED = {
    "CreateUser": lambda scene: {
        "InstanceId": scene.instance,
        "Username": unique("created"),
        "Password": PASSWORD,
        "IdentityInfo": identity_info(),
        "PhoneConfig": phone_config(),
        "DirectoryUserId": "d-1",
        "SecurityProfileIds": [scene.profile],
        "RoutingProfileId": scene.routing_profile,
        "HierarchyGroupId": scene.group,
        "Tags": TAGS,
    },
    "DescribeUser": _of_user,
    "DeleteUser": lambda scene: {"InstanceId": scene.instance, "UserId": scene.disposable("user")},
    "ListUsers": lambda scene: _paged(scene, 1000),
    "SearchUsers": lambda scene: {
        **_paged(scene, 100),
        "SearchCriteria": {
            "OrConditions": [
                {"StringCondition": {"FieldName": "Username", "Value": "us", "ComparisonType": "STARTS_WITH"}},
                {"HierarchyGroupCondition": {"Value": scene.group, "HierarchyGroupMatchType": "WITH_CHILD_GROUPS"}},
            ]
        },
        "SearchFilter": BY_TAG,
    },
    "UpdateUserConfig": lambda scene: {**_of_user(scene), **channel_settings()},
    "UpdateUserHierarchy": lambda scene: {**_of_user(scene), "HierarchyGroupId": scene.other_group},
    "UpdateUserIdentityInfo": lambda scene: {**_of_user(scene), "IdentityInfo": identity_info()},
    "UpdateUserPhoneConfig": lambda scene: {**_of_user(scene), "PhoneConfig": phone_config()},
    "UpdateUserRoutingProfile": lambda scene: {**_of_user(scene), "RoutingProfileId": scene.routing_profile},
    "UpdateUserSecurityProfiles": lambda scene: {**_of_user(scene), "SecurityProfileIds": [scene.held_profile]},
    "CreateUserHierarchyGroup": lambda scene: {
        "InstanceId": scene.instance,
        "Name": unique("created"),
        "ParentGroupId": scene.group,
        "Tags": TAGS,
    },
    "DescribeUserHierarchyGroup": _of_group,
    "DeleteUserHierarchyGroup": lambda scene: {
        "InstanceId": scene.instance,
        "HierarchyGroupId": scene.disposable("group"),
    },
    "ListUserHierarchyGroups": lambda scene: _paged(scene, 1000),
    "SearchUserHierarchyGroups": lambda scene: {
        **_paged(scene, 100),
        "SearchCriteria": named("gr"),
        "SearchFilter": {"AttributeFilter": {"TagCondition": {"TagKey": "team", "TagValue": "care"}}},
    },
    "UpdateUserHierarchyGroupName": lambda scene: {**_of_group(scene), "Name": unique("renamed")},
    "DescribeUserHierarchyStructure": lambda scene: {"InstanceId": scene.instance},
    "UpdateUserHierarchyStructure": lambda scene: {"InstanceId": scene.instance, "HierarchyStructure": LEVELS},
}
