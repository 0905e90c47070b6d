"""The policies of the operations, as the documentation prints them (a test of the service holds them against what it does)."""

import re
from dataclasses import dataclass

from harness.server import REPOSITORY

# The names of a kind in the table: the type in questions, and the first part of its permissions.
KINDS = {
    "data table": ("DataTable", "DataTables"),
    "flow module": ("ContactFlowModule", "ContactFlowModules"),
    "hierarchy group": ("HierarchyGroup", "AgentGrouping"),
    "hours of operation": ("HoursOfOperation", "HoursOfOperation"),
    "queue": ("Queue", "Queues"),
    "quick connect": ("QuickConnect", "TransferDestinations"),
    "routing profile": ("RoutingProfile", "RoutingPolicies"),
    "security profile": ("SecurityProfile", "SecurityProfiles"),
    "user": ("User", "Users"),
}
ON = [
    ("closed", r"cannot be called: .*"),
    ("one", r"the (?P<noun>.+) in `(?P<member>\w+)`"),
    ("new", r"the (?P<noun>.+) as it is to be"),
    ("any", r"at least one of `.*"),
    ("shown", r"at least one (?P<noun>.+); shows those in scope"),
    ("listed", r"at least one (?P<noun>.+); lists those in scope or covered"),
    ("every", r"every (?P<noun>.+)"),
    ("instance", r"the instance"),
    ("values", r"each record of the table in `(?P<member>\w+)` that it names.*"),
    ("primary values", r"the record of the table in `(?P<member>\w+)` that it names.*"),
    ("tags changed", r"the resource in `(?P<member>\w+)`, before and after"),
]


@dataclass(frozen=True)
class Entry:
    operation: str
    # One, or several that are all needed.
    permissions: tuple[str, ...]
    on: str
    noun: str | None
    member: str | None
    names: tuple[tuple[str, str], ...]

    @property
    def permission(self) -> str:
        """The permission of an operation that takes one."""
        return self.permissions[0]


# The permissions of which any one covers resources of a type, next to the View permission of the type.
COVERED_BY = {
    "HierarchyGroup": ("Users.View", "Users.Edit", "Users.Create"),
    "HoursOfOperation": ("Queues.View", "Queues.Edit", "Queues.Create"),
    "Queue": ("TransferDestinations.View", "TransferDestinations.Edit", "TransferDestinations.Create"),
    "QuickConnect": ("Queues.View", "Queues.Edit", "Queues.Create"),
    "RoutingProfile": ("Users.View", "Users.Edit", "Users.Create"),
    "SecurityProfile": ("Users.View", "Users.Edit", "Users.Create"),
    "User": ("TransferDestinations.View",),
}


def _entry(line: str) -> Entry:
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
    operation, permission, on, names = (cells + [""])[:4]
    for kind, pattern in ON:
        if result := re.fullmatch(pattern, on):
            break
    else:
        raise AssertionError(f"the table says `{on}` of {operation}, which the tests cannot read")
    message = {"noun": None, "member": None, **result.groupdict()}
    if message["noun"] == "resource":
        kind, message["noun"] = "tags shown", None
    named = tuple(tuple(re.fullmatch(r"(.+): `(.+)`", one).groups()) for one in names.split("; ") if one)
    permissions = tuple(one.strip("`") for one in permission.split(" and "))
    return Entry(operation, permissions, kind, message["noun"], message["member"], named)


def read() -> dict[str, Entry]:
    lines = (REPOSITORY / "docs" / "session-access.md").read_text().split("## The table")[1].splitlines()
    entries = [_entry(line) for line in lines if line.startswith("| ") and not line.startswith(("| Operation", "| ---"))]
    return {entry.operation: entry for entry in entries}


def texts(parameters: dict, path: str) -> list[str]:
    """The values of a request at a path, in which a name that ends in `[]` is a list."""
    result = [parameters]
    for name in path.split("."):
        inner = [one.get(name.removesuffix("[]")) for one in result if isinstance(one, dict)]
        result = [each for one in inner if one for each in one] if name.endswith("[]") else [one for one in inner if one]
    return [one for one in result if isinstance(one, str)]
