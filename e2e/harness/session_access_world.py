"""A scene in which all resources have the same tags, and a user who holds profiles that each case changes."""

from harness.authzen import DecisionPoint
from harness.session_access import Person, make_profile, make_user
from harness.session_access_table import KINDS, read
from harness.operations import Scene, profile_members, unique
from harness.operations.values import TAGS
from harness.server import Server

TABLE = read()
QUOTAS = ("users", "queues", "quick-connects", "routing-profiles", "security-profiles", "hours-of-operation", "flow-modules")
LIFTED = [f"--quota={name}=none" for name in (*QUOTAS, "hierarchy-groups", "data-tables", "data-table-values", "data-table-attributes")]
TYPES = [name for name, _ in KINDS.values()]
VIEWS = [f"{prefix}.View" for _, prefix in KINDS.values()]
PERMISSIONS = sorted(
    {permission for entry in TABLE.values() for permission in entry.permissions if "." in permission}
    | set(VIEWS)
    | {"DataTables.EditExpressionValues"}
)
BY_TAG = {"TagRestrictedResources": TYPES, "AllowedAccessControlTags": TAGS}
NOWHERE = {"TagRestrictedResources": TYPES, "AllowedAccessControlTags": {"team": "nobody"}}
FREE = {
    "TagRestrictedResources": [],
    "AllowedAccessControlTags": {},
    "HierarchyRestrictedResources": [],
    "AllowedAccessControlHierarchyGroupId": "",
    "GranularAccessControlConfiguration": {},
}


class TaggedScene(Scene):
    """A scene in which all resources have the same tags."""

    def _new_profile(self) -> str:
        return self.client.create_security_profile(
            InstanceId=self.instance, SecurityProfileName=unique("profile"), Tags=TAGS, **profile_members()
        )["SecurityProfileId"]

    _new_held_profile = _new_profile


class World:
    """A scene, and a user who holds profiles that each case changes."""

    def __init__(self, server: Server):
        self.server = server
        self.connect = server.client()
        self.scene = TaggedScene(self.connect, server.client(service="appintegrations"))
        self.instance = self.scene.instance
        self.point = DecisionPoint(server, self.instance)
        self.held = make_profile(self.connect, self.instance, ["BasicAgentAccess"])
        self.other = make_profile(self.connect, self.instance, [])
        self.others: dict = {}
        name = make_user(self.connect, self.instance, [self.held, self.other], self.scene.routing_profile)
        self.person = Person(server, self.instance, name)

    def hold(self, permissions: list[str], beside: dict | None = None, **restrictions) -> None:
        """Lets the user hold a profile, and another one in addition to it."""
        of_instance = {"InstanceId": self.instance}
        # Held always, so that the decision point can be asked what may be assigned.
        permissions = sorted({*permissions, "BasicAgentAccess"})
        self.permissions = {*permissions, *(beside or {}).get("Permissions", [])}
        members = {**FREE, "Permissions": permissions, **restrictions}
        self.connect.update_security_profile(**of_instance, SecurityProfileId=self.held, **members)
        if (beside or {}) != self.others:
            self.others = beside or {}
            members = {**FREE, "Permissions": [], **self.others}
            self.connect.update_security_profile(**of_instance, SecurityProfileId=self.other, **members)

    def restore(self, operation: str) -> None:
        """Repairs the changes of an allowed call, for the next case."""
        of_user = {"InstanceId": self.instance, "UserId": self.scene.user}
        if operation == "UpdateUserHierarchy":
            self.connect.update_user_hierarchy(**of_user, HierarchyGroupId=self.scene.group)
        if operation in ("TagResource", "UntagResource"):
            self.connect.tag_resource(resourceArn=self.scene.profile_arn, tags=TAGS)

    def tie(self, operation: str, parameters: dict) -> None:
        """Makes what a call takes away."""
        if operation == "DisassociateSecurityProfiles":
            self.connect.associate_security_profiles(**parameters)
        if operation == "DisassociateRoutingProfileQueues":
            own = {name: parameters[name] for name in ("InstanceId", "RoutingProfileId")}
            queues = [{"QueueReference": one, "Priority": 1, "Delay": 0} for one in parameters["QueueReferences"]]
            manual = [{"QueueReference": one} for one in parameters["ManualAssignmentQueueReferences"]]
            self.connect.associate_routing_profile_queues(**own, QueueConfigs=queues, ManualAssignmentQueueConfigs=manual)

    def allows(self, permission: str, resource_type: str, identifier: str, **properties) -> bool:
        action = {"name": permission, "properties": {}}
        if properties.pop("changes_primary_values", False):
            action["properties"]["changes_primary_values"] = True
        resource = {"type": resource_type, "id": identifier, "properties": properties}
        subject = {"type": "user", "id": self.person.session["user_arn"]}
        return self.point.decision({"subject": subject, "action": action, "resource": resource})

    def may_assign(self, resource_type: str, identifier: str) -> bool:
        """Whether the user may tie the resource to another, by the decision point."""
        action = {"name": "BasicAgentAccess", "properties": {"assigns": [{"type": resource_type, "id": identifier}]}}
        resource = {"type": "Instance", "id": self.instance}
        subject = {"type": "user", "id": self.person.session["user_arn"]}
        return self.point.decision({"subject": subject, "action": action, "resource": resource})

    def some(self, permission: str, resource_type: str) -> bool:
        return self.allows(permission, resource_type, "*", match="some")


def frozen(scene: Scene) -> Scene:
    copy = object.__new__(type(scene))
    copy.__dict__.update(scene.__dict__, frozen=True)
    return copy
