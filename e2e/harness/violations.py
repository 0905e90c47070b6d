"""Makes, from the model, every way to break one constraint of a request that is otherwise valid."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from botocore.model import OperationModel, Shape

from harness import model

MISSING = object()
# A step of a path that means "the first key of this map", which is replaced rather than its value.
KEY = object()

# Valid values of shapes whose pattern no plain filling would match, for members that a request leaves out.
SAMPLES = {"DirectoryId": "d-0123456789", "AwsRegion": "us-east-1"}

# Tried in turn, after and instead of the valid value, until one does not match the pattern.
PATTERN_BREAKERS = ("\u2603", "aws:", "connect:", "\u0001", "!", "d-", " ", "/")

WRONG_TYPES = {
    "string": (17, True, ["text"], {"text": "text"}),
    "boolean": ("true", 1, []),
    "integer": ("7", 1.5, [], True),
    "long": ("7", 1.5, [], True),
    "float": ("7", [], True),
    "double": ("7", [], True),
    "timestamp": ([], {}, True),
    "list": ("text", {"0": "text"}, 1),
    "map": ("text", ["text"], 1),
    "structure": ("text", ["text"], 1),
}


@dataclass(frozen=True)
class Violation:
    """One change to a valid request. `member` is the name that the refusal has to mention."""

    path: tuple
    member: str
    what: str
    value: Callable[[object], object]

    @property
    def id(self) -> str:
        steps = ["key" if step is KEY else str(step) for step in self.path]
        return f"{'.'.join(steps)}-{self.what}"

    def apply(self, parameters: dict) -> dict:
        changed = copy.deepcopy(parameters)
        return _replace(changed, self.path, self.value)


def constraint_violations(operation: OperationModel, valid: dict) -> Iterator[Violation]:
    """Each constraint of the operation's input, down to the innermost, violated one at a time."""
    for shape, value, path, member, in_path in _places(operation, valid):
        parent_requires = path and isinstance(path[-1], str) and _required(operation, path)
        if parent_requires and not in_path:
            yield Violation(path, member, "missing", lambda _: MISSING)
        yield from _broken(shape, value, path, member, in_path)


def type_violations(operation: OperationModel, valid: dict) -> Iterator[Violation]:
    """Each member of the body, down to the innermost, with a JSON type that is not its own."""
    for shape, _, path, member, _ in _places(operation, valid):
        located = "location" in operation.input_shape.members[path[0]].serialization
        if located or path[-1] is KEY:
            continue
        for index, wrong in enumerate(WRONG_TYPES[shape.type_name]):
            yield Violation(path, member, f"type{index}-{type(wrong).__name__}", lambda _, wrong=wrong: wrong)


def sample(shape: Shape, depth: int = 0):
    """Some valid value. Recursive shapes stop at three levels."""
    if shape.name in SAMPLES:
        return SAMPLES[shape.name]
    low, _ = model.bounds(shape)
    match shape.type_name:
        case "string":
            enum = shape.metadata.get("enum")
            return enum[0] if enum else "a" * max(low or 0, 3)
        case "integer" | "long" | "float" | "double":
            return max(low or 0, 1)
        case "boolean":
            return True
        case "timestamp":
            return 1_700_000_000
        case "list":
            return [sample(shape.member, depth + 1)] * max(low or 0, 1) if depth < 6 else []
        case "map":
            return {sample(shape.key): sample(shape.value, depth + 1)}
        case "structure":
            if depth >= 6:
                return {}
            return {name: sample(member, depth + 1) for name, member in shape.members.items()}
    raise ValueError(shape.type_name)


def _places(operation: OperationModel, valid: dict) -> Iterator[tuple[Shape, object, tuple, str, bool]]:
    """Every place of the input: its shape, a valid value, the path, the nearest member's name, and whether it is in the URI."""
    for name, member in operation.input_shape.members.items():
        in_path = member.serialization.get("location") == "uri"
        value = valid.get(name, MISSING)
        yield from _inner(member, sample(member) if value is MISSING else value, (name,), name, in_path, ())


def _inner(shape, value, path, member, in_path, above) -> Iterator[tuple]:
    yield shape, value, path, member, in_path
    if shape.name in above:
        return  # a recursive shape: its members have been visited one level up
    above = (*above, shape.name)
    if shape.type_name == "structure":
        for name, inner in shape.members.items():
            held = value.get(name) if isinstance(value, dict) else None
            yield from _inner(inner, sample(inner) if held is None else held, (*path, name), name, in_path, above)
    elif shape.type_name == "list":
        first = value[0] if value else sample(shape.member)
        yield from _inner(shape.member, first, (*path, 0), member, in_path, above)
    elif shape.type_name == "map":
        key = next(iter(value)) if value else sample(shape.key)
        yield shape.key, key, (*path, KEY), member, in_path
        yield from _inner(shape.value, value.get(key) if value else sample(shape.value), (*path, key), member, in_path, above)


def _required(operation: OperationModel, path: tuple) -> bool:
    shape = operation.input_shape
    for step in path[:-1]:
        match shape.type_name:
            case "structure":
                shape = shape.members[step]
            case "list":
                shape = shape.member
            case "map":
                shape = shape.value
    return shape.type_name == "structure" and path[-1] in shape.required_members


def _broken(shape: Shape, value, path, member, in_path) -> Iterator[Violation]:
    low, high = model.bounds(shape)
    kind = shape.type_name
    if kind == "string":
        # An empty path label is another path, so no request can break that minimum.
        if low and not (in_path and low == 1):
            yield Violation(path, member, f"shorter than {low}", lambda held: (held or "a" * low)[: low - 1])
        if high is not None:
            yield Violation(path, member, f"longer than {high}", lambda held: (held or "").ljust(high + 1, "a"))
        if shape.metadata.get("enum"):
            yield Violation(path, member, "not in enum", lambda _: "NO_SUCH_VALUE")
        pattern = model.pattern(shape)
        if pattern is not None and (breaker := _pattern_breaker(pattern, value, low or 0, high)) is not None:
            yield Violation(path, member, "against pattern", lambda _: breaker)
    elif kind in ("integer", "long"):
        if low is not None:
            yield Violation(path, member, f"below {low}", lambda _: low - 1)
        if high is not None:
            yield Violation(path, member, f"above {high}", lambda _: high + 1)
    elif kind == "list":
        if low:
            yield Violation(path, member, f"fewer than {low}", lambda held: (held or [])[: low - 1])
        if high is not None:
            filling = sample(shape.member)
            yield Violation(path, member, f"more than {high}", lambda held: [(held or [filling])[0]] * (high + 1))
    elif kind == "map":
        if low:
            yield Violation(path, member, f"fewer than {low}", lambda _: {})
        if high is not None:
            filling = sample(shape.value)
            yield Violation(path, member, f"more than {high}", lambda _: {f"key{n}": filling for n in range(high + 1)})


def _pattern_breaker(pattern, value: str, low: int, high: int | None) -> str | None:
    """A string within the bounds that the pattern does not match."""
    room = len(value) if high is None else high
    for breaker in PATTERN_BREAKERS:
        for candidate in (value[: room - len(breaker)] + breaker, breaker + value[: room - len(breaker)], breaker * max(low, 1)):
            if low <= len(candidate) <= room + 1 and (high is None or len(candidate) <= high) and not pattern.search(candidate):
                return candidate
    return None


def _replace(value, path: tuple, change: Callable[[object], object]):
    """`value` with the place at `path` changed; what is missing on the way is made."""
    if not path:
        return change(value)
    step, rest = path[0], path[1:]
    if step is KEY:
        held = value if isinstance(value, dict) and value else {"key": "value"}
        first = next(iter(held))
        return {change(first): held[first]}
    if isinstance(step, int):
        items = list(value) if isinstance(value, list) and value else [None]
        items[step] = _replace(items[step], rest, change)
        return items
    members = dict(value) if isinstance(value, dict) else {}
    changed = _replace(members.get(step), rest, change)
    if changed is MISSING:
        members.pop(step, None)
    else:
        members[step] = changed
    return members
