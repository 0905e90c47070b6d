"""Session access: every operation, for people with and without the permission, in scope and out of it.

What is right is worked out from the table that the documentation prints and from the decision point of the instance.
"""

import pytest

from harness.session_access_table import COVERED_BY, KINDS, texts
from harness.session_access_world import BY_TAG, LIFTED, NOWHERE, PERMISSIONS, TABLE, VIEWS, World, frozen
from harness.operations import SERVED, granular
from harness.operations.values import TAGS
from harness.server import Server


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("session-access"), *LIFTED) as server:
        yield World(server)


def test_the_table_has_every_operation():
    assert set(TABLE) == {operation for operation in SERVED if "." not in operation}


@pytest.mark.parametrize("operation", sorted(operation for operation in SERVED if "." in operation))
def test_no_session_reaches_the_other_service(world, operation):
    world.hold(PERMISSIONS)
    answer = world.person.call(operation, SERVED[operation](frozen(world.scene)))
    # Tags share their addresses with Connect's, for which an application is nothing.
    kind = "ResourceNotFoundException" if "tag" in operation.lower() else "UnknownOperationException"
    assert answer.error_type == kind, answer.body


ALLOWED, FORBIDDEN, ABSENT = "allowed", "forbidden", "absent"


def by_arn(arn: str) -> tuple[str, str, str]:
    """Type, first part of the permissions and identifier of what an ARN names."""
    kind, identifier = arn.split("/")[-2:]
    assert kind == "security-profile"
    return "SecurityProfile", "SecurityProfiles", identifier


def expected(world: World, operation: str, parameters: dict) -> str:
    entry = TABLE[operation]
    resource_type, prefix = KINDS.get(entry.noun, ("", ""))
    if entry.on == "closed":
        return FORBIDDEN
    def granted(name: str, of: str, **properties) -> bool:
        return all(world.allows(permission, name, of, **properties) for permission in entry.permissions)

    # On anything at all?
    if entry.on == "instance":
        gate = granted("Instance", world.instance)
    elif entry.on == "every":
        gate = granted(resource_type, "*")
    elif entry.on in ("any", "tags shown"):
        gate = any(world.some(view, name) for (name, _), view in zip(KINDS.values(), VIEWS))
    elif entry.on == "tags changed":
        gate = any(world.some(f"{first}.Edit", name) for name, first in KINDS.values())
    elif entry.on in ("values", "primary values"):
        gate = world.some(entry.permission, "DataTableRecord")
    elif entry.on == "listed":
        gate = is_covered(world, resource_type, prefix)
    else:
        gate = granted(resource_type, "*", match="some")
    if not gate:
        return FORBIDDEN
    named = [(KINDS[noun], text) for noun, path in entry.names for text in texts(parameters, path)]
    if not all(is_covered(world, name, first) for (name, first), _ in named):
        return FORBIDDEN
    # On what it is about?
    if entry.on in ("one", "values", "primary values", "tags shown", "tags changed"):
        permissions = entry.permissions
        identifier = parameters[entry.member]
        if entry.on.startswith("tags"):
            resource_type, prefix, identifier = by_arn(identifier)
            permissions = (f"{prefix}.View" if entry.on == "tags shown" else f"{prefix}.Edit",)
            if not world.some(permissions[0], resource_type):
                return FORBIDDEN
        if "values" in entry.on:
            resource_type, prefix, permissions = "DataTable", "DataTables", ("DataTables.View",)
        if not all(world.allows(permission, resource_type, identifier) for permission in permissions):
            viewable = world.allows(f"{prefix}.View", resource_type, identifier)
            return FORBIDDEN if viewable else ABSENT
    if not all(world.may_assign(name, text) for (name, _), text in named):
        return ABSENT
    # And as it will be?
    if entry.on == "new":
        future = {"tags": parameters.get("Tags", {}), "hierarchy_group_id": parameters.get("HierarchyGroupId", "")}
        future = {name: value for name, value in future.items() if value}
        if not world.allows(entry.permission, resource_type, "new", hypothetical=True, **future):
            return FORBIDDEN
    if operation in ("TagResource", "UntagResource"):
        changed = {**TAGS, **parameters.get("tags", {})}
        kept = {key: value for key, value in changed.items() if key not in parameters.get("tagKeys", [])}
        if not world.allows(permissions[0], resource_type, identifier, hypothetical=True, tags=kept):
            return FORBIDDEN
    if operation == "UpdateUserHierarchy":
        future = {"tags": TAGS, "hierarchy_group_id": parameters["HierarchyGroupId"]}
        if not world.allows(entry.permission, resource_type, identifier, hypothetical=True, **future):
            return FORBIDDEN
    for values in records(entry.on, parameters):
        message = {"primary_values": {one["AttributeName"]: one["Value"] for one in values}}
        message |= {"hypothetical": True, "table_id": parameters["DataTableId"]}
        message["changes_primary_values"] = entry.on == "primary values"
        if not world.allows(entry.permission, "DataTableRecord", "new", **message):
            return FORBIDDEN
    return ALLOWED


def is_covered(world: World, resource_type: str, prefix: str) -> bool:
    """Whether the user holds a permission that lets them name resources of a type."""
    return not world.permissions.isdisjoint({f"{prefix}.View", *COVERED_BY.get(resource_type, ())})


def records(on: str, parameters: dict) -> list[list[dict]]:
    """The primary values of the records that a request writes to."""
    if on == "values":
        return [value["PrimaryValues"] for value in parameters["Values"]]
    return [parameters["PrimaryValues"], parameters["NewPrimaryValues"]] if on == "primary values" else []


def exactly(entry) -> list[str]:
    """The permissions that an operation requires, and no others."""
    nouns = {noun for noun, _ in entry.names} | ({entry.noun} if entry.noun else set())
    views = {f"{KINDS[noun][1]}.View" for noun in nouns}
    if entry.on in ("any", "tags shown", "tags changed"):
        own = {"SecurityProfiles.View"} | ({"SecurityProfiles.Edit"} if entry.on == "tags changed" else set())
    else:
        own = {*entry.permissions} | ({"DataTables.View"} if "values" in entry.on else set())
    return sorted(views | own)


def lacking(entry) -> list[str]:
    """Everything but what an operation takes."""
    if entry.on in ("any", "tags shown"):
        return [name for name in PERMISSIONS if name not in VIEWS]
    if entry.on == "tags changed":
        return [name for name in PERMISSIONS if not name.endswith(".Edit")]
    if entry.on == "listed":
        return [name for name in PERMISSIONS if name not in (entry.permission, *COVERED_BY[KINDS[entry.noun][0]])]
    return [name for name in PERMISSIONS if name != entry.permissions[-1]]


def cases(world: World, entry) -> dict[str, tuple[list[str], dict]]:
    needed = exactly(entry)
    own = {*needed}
    hierarchy = {"HierarchyRestrictedResources": ["User"]}
    return {
        "no permission": (["BasicAgentAccess"], {}),
        "all but the permission": (lacking(entry), {}),
        "the permission": (needed, {}),
        "the permission, and not to view what it names": (
            [*(own & {*entry.permissions}), f"{KINDS.get(entry.noun, ('', 'Users'))[1]}.View"],
            {},
        ),
        "covered, and not viewed": (["Users.Edit", "Queues.Edit", "TransferDestinations.View"], {}),
        "tags in scope": (needed, BY_TAG),
        "tags out of scope": (needed, NOWHERE),
        "hierarchy in scope": (needed, {**hierarchy, "AllowedAccessControlHierarchyGroupId": world.scene.group}),
        "hierarchy out of scope": (needed, {**hierarchy, "AllowedAccessControlHierarchyGroupId": world.scene.other_group}),
        "own hierarchy without a group": (needed, hierarchy),
        "out of scope, and viewed by another profile": (needed, {**NOWHERE, "beside": {"Permissions": VIEWS}}),
        "one profile's scope or the other's": (needed, {**NOWHERE, "beside": {"Permissions": needed, **BY_TAG}}),
        "records out of scope": (needed, {"GranularAccessControlConfiguration": granular("region", ["nowhere"])}),
        "tags in scope without view": ([name for name in needed if not name.endswith(".View")] or ["BasicAgentAccess"], BY_TAG),
    }


def outcome(answer) -> str:
    if answer.status == 200:
        return ALLOWED
    assert answer.error_type in ("AccessDeniedException", "ResourceNotFoundException", "InvalidRequestException"), answer.body
    return FORBIDDEN if answer.error_type == "AccessDeniedException" else ABSENT


@pytest.mark.parametrize("operation", sorted(TABLE))
def test_matrix(world, operation):
    entry = TABLE[operation]
    if entry.on == "closed":
        world.hold(PERMISSIONS)
        answer = world.person.call(operation, SERVED[operation](frozen(world.scene)))
        assert (answer.status, answer.error_type) == (403, "AccessDeniedException")
        assert "cannot be called with a session" in answer.message
        return
    seen = {}
    for case, (permissions, restrictions) in cases(world, entry).items():
        world.restore(operation)
        world.hold(permissions, **restrictions)
        parameters = SERVED[operation](world.scene)
        world.tie(operation, parameters)
        right = expected(world, operation, parameters)
        answer = world.person.call(operation, parameters)
        assert outcome(answer) == right, (case, right, answer.status, answer.body)
        if answer.status == 403:
            assert answer.message.startswith(operation), answer.message
        seen[case] = right
    world.restore(operation)
    # The table would be wrong, and this test blind, if these were not so.
    assert seen["no permission"] == seen["all but the permission"] == FORBIDDEN
    assert seen["the permission"] == ALLOWED
    if entry.on == "one" and operation.startswith(("Update", "Delete", "Associate", "Disassociate")):
        assert seen["tags out of scope"] == ABSENT
        assert seen["out of scope, and viewed by another profile"] == FORBIDDEN
