"""`--json` of every command has a schema in `docs/schemas`, and what the real commands write on real state agrees with it."""

import json
import os

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from harness.commands import commands
from harness.outputs import World
from harness.server import REPOSITORY

FOLDER = REPOSITORY / "docs" / "schemas"
SCHEMAS = {file.stem: json.loads(file.read_text()) for file in sorted(FOLDER.glob("*.json"))}
SHARED = "common"
REGISTRY = Registry().with_resources((schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values())

# Members that no run of the test brings about: people erased from entries that version 0.1.0 wrote.
NOT_SEEN = "history/entry/erasure"


@pytest.fixture(scope="module")
def outputs(tmp_path_factory) -> dict[str, list[dict]]:
    os.environ["LANYARD_NAMES"] = "api"
    return World(tmp_path_factory.mktemp("outputs")).outputs()


@pytest.fixture(scope="module")
def with_json() -> set[str]:
    """The commands whose help lists `--json`."""
    return {" ".join(command) for command, options in commands().items() if "--json" in options}


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(SCHEMAS[name], registry=REGISTRY)


def subschemas(schema):
    """Every schema within a schema."""
    if isinstance(schema, dict):
        yield schema
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from subschemas(part)


def test_every_command_with_json_has_a_schema_and_runs(outputs, with_json):
    assert len(with_json) > 15, with_json
    assert with_json == set(outputs) == set(SCHEMAS) - {SHARED}
    assert all(outputs.values())


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_the_schema_is_one_and_leaves_no_member_open(name):
    schema = SCHEMAS[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:lanyard:schema:1:{name}" and schema["title"]
    for part in subschemas(schema):
        if part.get("type") == "object":
            assert "additionalProperties" in part, part
        if "properties" in part and part.get("type") == "object":
            assert part["additionalProperties"] is False, part
            assert set(part["required"]) <= set(part["properties"]), part
        if "$ref" in part and part["$ref"].startswith("urn:"):
            REGISTRY.resolver().lookup(part["$ref"])


@pytest.mark.parametrize("name", sorted(set(SCHEMAS) - {SHARED}))
def test_outputs_agree_with_the_schema(name, outputs):
    check = validator(name)
    for output in outputs[name]:
        errors = [f"{error.json_path}: {error.message[:400]}" for error in check.iter_errors(output)]
        assert not errors, f"{name}: {errors}"


@pytest.mark.parametrize("name", sorted(set(SCHEMAS) - {SHARED}))
def test_a_member_without_a_schema_fails(name, outputs):
    output = outputs[name][0]
    assert not validator(name).is_valid({**output, "not_in_the_schema": 1})
    assert not validator(name).is_valid({key: output[key] for key in list(output)[1:]})


def test_every_member_of_the_schemas_is_seen(outputs):
    """So that no schema has a member that no command writes, such as one that was renamed."""
    seen: set[int] = set()
    members: dict[int, str] = {}
    for name, schema in SCHEMAS.items():
        collect(schema, name, members)
    for name, documents in outputs.items():
        for document in documents:
            visit(SCHEMAS[name], SCHEMAS[name], document, seen)
    missing = {path for key, path in members.items() if key not in seen}
    assert sorted(path for path in missing if not path.startswith(NOT_SEEN)) == []


def collect(schema: dict, path: str, members: dict[int, str]):
    """The path of each member, by its schema's identity."""
    for name, definition in schema.get("$defs", {}).items():
        collect(definition, f"{path}/{name}", members)
    for part in schema.get("oneOf", ()):
        first = next(iter(part.get("properties", {}).values()), {})
        collect(part, f"{path}[{first.get('const') or '|'.join(first.get('enum', ['']))}]", members)
    for part in schema.get("anyOf", ()):
        collect(part, path, members)
    for name, member in schema.get("properties", {}).items():
        members[id(schema["properties"]), name] = f"{path}/{name}"
        if isinstance(member, dict):
            collect(member, f"{path}/{name}", members)
    if isinstance(schema.get("items"), dict):
        collect(schema["items"], path, members)


def resolve(root: dict, schema: dict) -> tuple[dict, dict]:
    while "$ref" in schema:
        address, _, pointer = schema["$ref"].partition("#")
        root = next(it for it in SCHEMAS.values() if it["$id"] == address) if address else root
        schema = root
        for part in filter(None, pointer.split("/")):
            schema = schema[part]
    return root, schema


def visit(root: dict, schema, value, seen: set):
    """Notes the members of a schema that a value has."""
    if not isinstance(schema, dict):
        return
    root, schema = resolve(root, schema)
    for part in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
        of_root, part = resolve(root, part)
        if Draft202012Validator({**part, "$defs": of_root.get("$defs", {})}, registry=REGISTRY).is_valid(value):
            visit(of_root, part, value, seen)
    if isinstance(value, dict):
        for name, of_member in value.items():
            if name in schema.get("properties", {}):
                seen.add((id(schema["properties"]), name))
                visit(root, schema["properties"][name], of_member, seen)
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        for item in value:
            visit(root, schema["items"], item, seen)
