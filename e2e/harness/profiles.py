"""Reads a security profile whole: the service spreads it over five operations."""

# The answer's member, and the boto3 method that has it.
_LISTS = {
    "Permissions": "list_security_profile_permissions",
    "Applications": "list_security_profile_applications",
    "AllowedFlowModules": "list_security_profile_flow_modules",
    "AllowedAIAgents": "list_security_profile_ai_agents",
}


def read_profile(client, instance: str, profile: str) -> dict:
    """Every member of a profile, without those that are empty at every level: absent and cleared look the same."""
    parameters = {"InstanceId": instance, "SecurityProfileId": profile}
    whole = dict(client.describe_security_profile(**parameters)["SecurityProfile"])
    for member, method in _LISTS.items():
        pages = client.get_paginator(method).paginate(**parameters)
        whole[member] = [item for page in pages for item in page[member]]
    return {name: value for name, value in whole.items() if not _empty(value)}


def settings(profile: dict) -> dict:
    """The members that an update can change, in an order that does not depend on how sets are stored."""
    fixed = {
        "Id",
        "OrganizationResourceId",
        "Arn",
        "SecurityProfileName",
        "Tags",
        "Type",
        "LastModifiedTime",
        "LastModifiedRegion",
    }
    return {name: normal(value) for name, value in profile.items() if name not in fixed}


def normal(value):
    """Lists sorted, all the way down."""
    if isinstance(value, list):
        return sorted((normal(item) for item in value), key=repr)
    if isinstance(value, dict):
        return {name: normal(item) for name, item in sorted(value.items())}
    return value


def _empty(value) -> bool:
    if isinstance(value, dict):
        return all(_empty(inner) for inner in value.values()) if value else True
    return value is None or value == "" or value == []
