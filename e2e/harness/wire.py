"""Signed raw HTTP: sends what botocore's own validation would refuse to, and shows the answer byte for byte."""

import datetime
import http.client
import json
from dataclasses import dataclass
from email.message import Message
from urllib.parse import quote

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from harness.model import operation as operation_model

JSON = "application/json"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error_type(self) -> str | None:
        """The error kind as SDKs read it: the header, up to a colon."""
        kind = self.headers["x-amzn-ErrorType"]
        return kind.split(":")[0] if kind else None

    @property
    def message(self) -> str:
        return self.json["Message"]


@dataclass(frozen=True)
class Request:
    """A request before it is sent; `headers` holds the signature once signed, so a test can tamper with any part."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class Wire:
    def __init__(self, host: str, port: int, key: str, secret: str, region: str, token: str | None = None):
        self.host, self.port, self.region = host, port, region
        self.credentials = Credentials(key, secret, token)

    def call(self, name: str, parameters: dict) -> Answer:
        """Calls an operation with parameters that need not be valid."""
        method, target, body = encode(name, parameters)
        service = operation_model(name).service_model.signing_name
        return self.transmit(self.sign(method, target, body, service=service))

    def send(self, method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        """Signs and sends."""
        return self.transmit(self.sign(method, target, body, headers))

    def sign(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        service: str = "connect",
        at: datetime.datetime | None = None,
    ) -> Request:
        if headers is None:
            headers = {"Content-Type": JSON} if body else {}
        request = AWSRequest(method, f"http://{self.host}:{self.port}{target}", headers, body)
        signer = SigV4Auth(self.credentials, service, self.region)
        moment = at or datetime.datetime.now(datetime.timezone.utc)
        request.context["timestamp"] = moment.strftime("%Y%m%dT%H%M%SZ")
        # The steps of `SigV4Auth.add_auth`, which would read the clock itself.
        signer._modify_request_before_signing(request)
        to_sign = signer.string_to_sign(request, signer.canonical_request(request))
        signer._inject_signature_to_request(request, signer.signature(to_sign, request))
        return Request(method, target, dict(request.headers.items()), body)

    def transmit(self, request: Request) -> Answer:
        """Sends exactly this, signed or not."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            connection.putrequest(request.method, request.target, skip_accept_encoding=True)
            for name, value in request.headers.items():
                connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(request.body)))
            try:
                connection.endheaders(request.body)
            except (BrokenPipeError, ConnectionResetError):
                pass  # refused while we were still sending: the answer is already there
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()


def encode(name: str, parameters: dict) -> tuple[str, str, bytes]:
    """Method, request target and body of a rest-json call. Knows where each member goes and checks nothing."""
    model = operation_model(name)
    path, query, body = model.http["requestUri"], [], {}
    for member, value in parameters.items():
        shape = model.input_shape.members.get(member)
        where = shape.serialization if shape is not None else {}
        wire_name = where.get("name", member)
        if where.get("location") == "uri":
            path = path.replace("{" + wire_name + "}", quote(str(value), safe=""))
        elif where.get("location") == "querystring":
            values = value if isinstance(value, list) else [value]
            query += [f"{wire_name}={quote(_text(one), safe='')}" for one in values]
        else:
            body[wire_name] = value
    target = path + ("?" + "&".join(query) if query else "")
    has_body = any("location" not in shape.serialization for shape in model.input_shape.members.values())
    return model.http["method"], target, json.dumps(body).encode() if has_body else b""


def _text(value: object) -> str:
    """A value as it is written in a query."""
    return json.dumps(value) if isinstance(value, bool) else str(value)
