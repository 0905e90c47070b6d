"""Reads an answer as strictly as the model allows: SDKs forgive much that the next SDK will not."""

import json
import time

from botocore.model import OperationModel, Shape

from harness import model
from harness.observed import SEEN

YEAR_IN_SECONDS = 366 * 24 * 60 * 60

# Kinds that any operation may answer: they come from the protocol or the signature check, and are in no operation's model.
PROTOCOL_ERRORS = {
    "SerializationException": 400,
    "UnknownOperationException": 404,
    "AccessDeniedException": 403,
    "ExpiredTokenException": 403,
    "IncompleteSignatureException": 403,
    "InvalidSignatureException": 403,
    "MissingAuthenticationTokenException": 403,
    "UnrecognizedClientException": 403,
    "ThrottlingException": 429,
    "ServiceUnavailableException": 503,
}


def after_call(http_response, model: OperationModel, **_: object) -> None:
    """botocore event hook: every answer that boto3 accepts must also pass here."""
    check_answer(model, http_response.status_code, http_response.headers, http_response.content)


def check_answer(operation: OperationModel, status: int, headers, body: bytes) -> None:
    """Raises AssertionError listing everything in the answer that the model does not allow."""
    if status < 300:
        problems = _success_problems(operation, headers, body)
        expected = operation.http.get("responseCode", 200)
        if status != expected:
            problems.append(f"status {status}, not {expected}")
    else:
        problems = error_problems(operation, status, headers, body)
    if not _header(headers, "x-amzn-RequestId"):
        problems.append("no x-amzn-RequestId header")
    if status >= 300 and not problems:
        SEEN.add((model.name_of(operation), error_kind(headers)))
    assert not problems, f"{operation.name} answered outside its model: {problems}\nbody: {body[:2000]!r}"


def _success_problems(operation: OperationModel, headers, body: bytes) -> list[str]:
    if operation.output_shape is None:
        return [f"a body where the model has none: {body!r}"] if body else []
    if "application/json" not in (_header(headers, "Content-Type") or ""):
        return ["content type is not application/json"]
    problems: list[str] = []
    _check(operation.output_shape, json.loads(body), operation.output_shape.name, problems)
    return problems


def error_problems(operation: OperationModel, status: int, headers, body: bytes) -> list[str]:
    kind = error_kind(headers)
    document = json.loads(body)
    problems: list[str] = []
    modelled = next((shape for shape in operation.error_shapes if shape.name == kind), None)
    if modelled is not None:
        expected = modelled.metadata["error"]["httpStatusCode"]
        _check(modelled, document, kind, problems, tolerated=frozenset({"__type", "Message"}))
    elif kind in PROTOCOL_ERRORS:
        expected = PROTOCOL_ERRORS[kind]
    else:
        return [f"error kind {kind!r} is not of this operation"]
    if status != expected:
        problems.append(f"{kind} with status {status}, not {expected}")
    if not isinstance(document.get("Message"), str) or not document["Message"]:
        problems.append("no Message")
    return problems


def error_kind(headers) -> str:
    """The error kind as SDKs read it: the header, up to a colon."""
    return (_header(headers, "x-amzn-ErrorType") or "").split(":")[0]


def _header(headers, name: str) -> str | None:
    return next((value for key, value in headers.items() if key.lower() == name.lower()), None)


def _check(shape: Shape, value, path: str, problems: list[str], tolerated: frozenset = frozenset()) -> None:
    if shape.type_name == "structure":
        _structure(shape, value, path, problems, tolerated)
    else:
        _CHECKERS[shape.type_name](shape, value, path, problems)


def _structure(shape, value, path, problems, tolerated) -> None:
    if not isinstance(value, dict):
        problems.append(f"{path}: not an object: {value!r}")
        return
    by_wire_name = {member.serialization.get("name", name): member for name, member in shape.members.items()}
    problems += [f"{path}.{name}: unknown member" for name in value if name not in by_wire_name and name not in tolerated]
    problems += [f"{path}.{name}: required and missing" for name in shape.required_members if value.get(name) is None]
    for name, member in by_wire_name.items():
        if name in value:
            if value[name] is None:
                problems.append(f"{path}.{name}: null instead of absent")
            else:
                _check(member, value[name], f"{path}.{name}", problems)


def _list(shape, value, path, problems) -> None:
    if not isinstance(value, list):
        problems.append(f"{path}: not a list: {value!r}")
        return
    _size(shape, len(value), path, problems)
    for index, item in enumerate(value):
        _check(shape.member, item, f"{path}[{index}]", problems)


def _map(shape, value, path, problems) -> None:
    if not isinstance(value, dict):
        problems.append(f"{path}: not a map: {value!r}")
        return
    _size(shape, len(value), path, problems)
    for key, item in value.items():
        _check(shape.key, key, f"{path} key {key!r}", problems)
        _check(shape.value, item, f"{path}[{key!r}]", problems)


def _string(shape, value, path, problems) -> None:
    if not isinstance(value, str):
        problems.append(f"{path}: not a string: {value!r}")
        return
    _size(shape, len(value), path, problems)
    enum = shape.metadata.get("enum")
    if enum and value not in enum:
        problems.append(f"{path}: {value!r} is none of {enum}")
    pattern = model.pattern(shape)
    if pattern is not None and not pattern.search(value):
        problems.append(f"{path}: {value!r} does not match {pattern.pattern}")


def _integer(shape, value, path, problems) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        problems.append(f"{path}: not an integer: {value!r}")
    else:
        _size(shape, value, path, problems)


def _number(shape, value, path, problems) -> None:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        problems.append(f"{path}: not a number: {value!r}")


def _boolean(shape, value, path, problems) -> None:
    if not isinstance(value, bool):
        problems.append(f"{path}: not a boolean: {value!r}")


def _timestamp(shape, value, path, problems) -> None:
    """Epoch seconds as a number; a time in words stops Terraform."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        problems.append(f"{path}: a timestamp that is not a number: {value!r}")
        return
    if abs(value - time.time()) > YEAR_IN_SECONDS:
        problems.append(f"{path}: {value!r} is not a time of these days (milliseconds instead of seconds?)")
    if round(value, 3) != value:
        problems.append(f"{path}: {value!r} is finer than a millisecond")


def _size(shape, size, path, problems) -> None:
    low, high = model.bounds(shape)
    if low is not None and size < low and shape.name not in model.SIZE_NOT_HELD_IN_ANSWERS:
        problems.append(f"{path}: {size} is below the minimum {low}")
    if high is not None and size > high:
        problems.append(f"{path}: {size} is above the maximum {high}")


_CHECKERS = {
    "list": _list,
    "map": _map,
    "string": _string,
    "integer": _integer,
    "long": _integer,
    "float": _number,
    "double": _number,
    "boolean": _boolean,
    "timestamp": _timestamp,
}
