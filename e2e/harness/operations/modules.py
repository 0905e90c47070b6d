"""Flow modules, their versions and aliases."""

from harness.operations.values import BY_TAG, FLOW, TAGS, named, unique


def _paged(scene, size: int) -> dict:
    return {"InstanceId": scene.instance, "MaxResults": size}


def _of_module(scene) -> dict:
    return {"InstanceId": scene.instance, "ContactFlowModuleId": scene.module}


def _of_alias(scene) -> dict:
    return {**_of_module(scene), "AliasId": scene.module_alias}


SERVED = {
    "CreateContactFlowModule": lambda scene: {
        "InstanceId": scene.instance,
        "Name": unique("created"),
        "Description": "Finds orders",
        "Content": FLOW,
        "Tags": TAGS,
        "ClientToken": unique("token"),
        "Settings": "{}",
        "ExternalInvocationConfiguration": {"Enabled": True},
    },
    "DescribeContactFlowModule": _of_module,
    "DeleteContactFlowModule": lambda scene: {
        "InstanceId": scene.instance,
        "ContactFlowModuleId": scene.disposable("module"),
    },
    "ListContactFlowModules": lambda scene: {**_paged(scene, 1000), "ContactFlowModuleState": "ACTIVE"},
    "SearchContactFlowModules": lambda scene: {
        **_paged(scene, 100),
        "SearchCriteria": named("mo"),
        "SearchFilter": BY_TAG,
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
        "ContactFlowModuleVersion": scene.disposable("version"),
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
    "DeleteContactFlowModuleAlias": lambda scene: {**_of_module(scene), "AliasId": scene.disposable("module_alias")},
    "ListContactFlowModuleAliases": lambda scene: {**_of_module(scene), "MaxResults": 1000},
}
