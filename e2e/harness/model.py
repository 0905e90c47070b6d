"""The API models, as botocore ships them, and what is wrong with them.

An operation of Amazon Connect goes by its name, one of another service by `service.Name`.
"""

from functools import cache

import botocore.session
import regex
from botocore.model import OperationModel, ServiceModel, Shape

# Lower bounds that the service's own answers do not hold: a resource without tags has an empty map of them.
SIZE_NOT_HELD_IN_ANSWERS = {
    "TagMap": "the bound is meant for requests; nothing forbids a resource without tags",
    "ApplicationsList": "an account may have no applications",
    "ApplicationAssociationsList": "an application may have no associations",
}

# Patterns that cannot be taken as printed, each with its reason. Nothing is demanded of members of these shapes.
FAULTY_PATTERNS = {
    "PhoneNumber": "doubled backslashes",
    "DataTableDescription": "doubled backslashes",
    "Password": "literal slashes around the expression",
}


SERVICES = ("connect", "appintegrations")


@cache
def service(name: str = "connect") -> ServiceModel:
    return botocore.session.get_session().get_service_model(name)


@cache
def operation(name: str) -> OperationModel:
    of, _, bare = name.rpartition(".")
    return service(of or "connect").operation_model(bare)


def full_name(of: str, name: str) -> str:
    """The name of a service's operation in the suites."""
    return name if of == "connect" else f"{of}.{name}"


def name_of(operation: OperationModel) -> str:
    return full_name(operation.service_model.service_name, operation.name)


def pattern(shape: Shape):
    """The shape's pattern, compiled, or None. Like the service's, it is searched for: anchors are in the pattern."""
    text = shape.metadata.get("pattern")
    if text is None or shape.name in FAULTY_PATTERNS:
        return None
    return regex.compile(text)


def bounds(shape: Shape) -> tuple[int | None, int | None]:
    return shape.metadata.get("min"), shape.metadata.get("max")
