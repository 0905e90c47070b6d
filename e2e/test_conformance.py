"""Every served operation against the model: each constraint broken by itself, each wrong type, each answer parsed strictly."""

import re

import pytest

from harness import model
from harness.operations import SERVED, Placeholders, Scene, smallest
from harness.server import Server
from harness.strict import check_answer
from harness.violations import constraint_violations, type_violations
from harness.wire import Answer


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server of this module's own, so that its whole state can be compared."""
    with Server(tmp_path_factory.mktemp("conformance")) as running:
        yield running


@pytest.fixture(scope="module")
def wire(server):
    return server.wire()


@pytest.fixture(scope="module")
def scene(server):
    return Scene(server.client(), server.client(service="appintegrations"))


@pytest.fixture(scope="class")
def aim(server):
    """The scene that the refused requests are sent to: it must end as it began. No request changes it, so nothing in it is disposable."""
    scene = Scene(server.client(), server.client(service="appintegrations"))
    before = scene.state()
    scene.frozen = True
    yield scene
    assert scene.state() == before, "a refused request has changed something"


def _parameters_of(violations) -> list:
    placeholders = Placeholders()
    return [
        pytest.param(name, violation, id=f"{name}-{violation.id}")
        for name, valid in SERVED.items()
        for violation in violations(model.operation(name), valid(placeholders))
    ]


def _refused(name: str, answer: Answer) -> None:
    assert answer.status == 400, f"status {answer.status}: {answer.body!r}"
    check_answer(model.operation(name), answer.status, answer.headers, answer.body)


class TestRefused:
    @pytest.mark.parametrize(("name", "violation"), _parameters_of(constraint_violations))
    def test_constraint(self, wire, aim, name, violation):
        parameters = violation.apply(SERVED[name](aim))

        answer = wire.call(name, parameters)

        _refused(name, answer)
        assert answer.error_type in ("InvalidParameterException", "InvalidRequestException")
        named = re.search(rf"\b{violation.member}\b", answer.message, re.IGNORECASE)
        assert named, f"the message does not name {violation.member}: {answer.message}"

    @pytest.mark.parametrize(("name", "violation"), _parameters_of(type_violations))
    def test_json_type(self, wire, aim, name, violation):
        answer = wire.call(name, violation.apply(SERVED[name](aim)))

        _refused(name, answer)
        assert answer.error_type == "SerializationException", answer.message

    @pytest.mark.parametrize("value", ["seven", "1.5", "", "0x10", "99999999999999999999", "1 OR 1=1"])
    def test_integer_in_the_query(self, wire, aim, value):
        _refused("ListInstances", wire.call("ListInstances", {"MaxResults": value}))


@pytest.mark.parametrize("name", SERVED)
@pytest.mark.parametrize("size", ["full", "smallest"])
def test_answer(wire, scene, name, size):
    """A valid request succeeds, with every member and with only the required ones, and the answer follows the model."""
    operation = model.operation(name)
    parameters = SERVED[name](scene)
    if size == "smallest":
        parameters = smallest(name, parameters, operation.input_shape.required_members)

    answer = wire.call(name, parameters)

    assert answer.status == 200, answer.body
    check_answer(operation, answer.status, answer.headers, answer.body)


def _names_something(member: str, shape) -> bool:
    """Whether the member identifies the resource of the operation: the instance, or another part of the path."""
    return member == "InstanceId" or (shape.serialization.get("location") == "uri" and not shape.metadata.get("enum"))


@pytest.mark.parametrize(
    "name",
    [name for name in SERVED if any(_names_something(*one) for one in model.operation(name).input_shape.members.items())],
)
def test_not_found(wire, scene, name):
    """Every operation on a resource that does not exist answers so, whichever of its names is wrong."""
    operation = model.operation(name)
    nobody = "00000000-0000-4000-8000-000000000000"
    for member, shape in operation.input_shape.members.items():
        if not _names_something(member, shape):
            continue
        valid = SERVED[name](scene)
        held = valid[member]
        absent = held + 10**9 if isinstance(held, int) else re.sub(r"[0-9a-f-]{36}$", nobody, held)
        assert absent != valid[member]

        answer = wire.call(name, {**valid, member: absent})

        assert (answer.status, answer.error_type) == (404, "ResourceNotFoundException"), f"{member}: {answer.body!r}"
        check_answer(operation, answer.status, answer.headers, answer.body)


def test_every_other_operation_of_the_model_is_501(wire):
    """No operation is half there: 501 names what is not served, and nothing that is served answers so."""
    wrong = {}
    names = [model.full_name(of, name) for of in model.SERVICES for name in model.service(of).operation_names]
    for name in names:
        if name in SERVED:
            continue
        operation = model.operation(name)
        target = re.sub(r"\{[^}]+\}", "x", operation.http["requestUri"])
        service = operation.service_model.signing_name
        answer = wire.transmit(wire.sign(operation.http["method"], target, service=service))
        if answer.status != 501 or operation.name not in answer.message:
            wrong[name] = (answer.status, answer.body[:200])
    assert not wrong
