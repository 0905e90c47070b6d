"""The API model, as botocore ships it, and what is wrong with it."""

from functools import cache

import botocore.session
import regex
from botocore.model import OperationModel, ServiceModel, Shape

# Lower bounds that the service's own answers do not hold: a resource without tags has an empty map of them.
SIZE_NOT_HELD_IN_ANSWERS = {"TagMap": "the bound is meant for requests; nothing forbids a resource without tags"}

# Patterns that cannot be taken as printed, each with its reason. Nothing is demanded of members of these shapes.
FAULTY_PATTERNS = {
    "PhoneNumber": "doubled backslashes",
    "DataTableDescription": "doubled backslashes",
    "Password": "literal slashes around the expression",
}


@cache
def service() -> ServiceModel:
    return botocore.session.get_session().get_service_model("connect")


@cache
def operation(name: str) -> OperationModel:
    return service().operation_model(name)


def pattern(shape: Shape):
    """The shape's pattern, compiled, or None. Like the service's, it is searched for: anchors are in the pattern."""
    text = shape.metadata.get("pattern")
    if text is None or shape.name in FAULTY_PATTERNS:
        return None
    return regex.compile(text)


def bounds(shape: Shape) -> tuple[int | None, int | None]:
    return shape.metadata.get("min"), shape.metadata.get("max")
