"""People who sign in: sessions, and Connect clients that use them instead of a key."""

import json

import boto3
from botocore import UNSIGNED
from botocore.config import Config

from harness import strict
from harness.operations import unique
from harness.operations.values import PASSWORD
from harness.server import REGION, Server
from harness.wire import JSON, Answer, Request, encode


def send(server: Server, method: str, path: str, token: str | None = None, body: dict | None = None) -> Answer:
    headers = {"Content-Type": JSON} if body is not None else {}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    data = json.dumps(body).encode() if body is not None else b""
    return server.wire().transmit(Request(method, path, headers, data))


def sign_in(server: Server, instance: str, user_name: str, password: str = PASSWORD) -> Answer:
    body = {"instance": instance, "user_name": user_name, "password": password}
    return send(server, "POST", "/lanyard/v1/sessions", body=body)


class Person:
    """A user with a session."""

    def __init__(self, server: Server, instance: str, user_name: str):
        answer = sign_in(server, instance, user_name)
        assert answer.status == 200, answer.body
        self.server, self.instance, self.name = server, instance, user_name
        self.session = answer.json
        self.token, self.id = self.session["token"], self.session["user_id"]

    def client(self, strictly: bool = True):
        """A boto3 client whose calls have the session in place of a signature."""
        config = Config(retries={"total_max_attempts": 1}, signature_version=UNSIGNED, connect_timeout=5, read_timeout=30)
        session = boto3.session.Session(region_name=REGION)
        client = session.client("connect", endpoint_url=self.server.endpoint, config=config)

        def carry(request, **_):
            request.headers["Authorization"] = f"Bearer {self.token}"

        client.meta.events.register("before-send.connect", carry)
        if strictly:
            client.meta.events.register("after-call.connect", strict.after_call)
        return client

    def call(self, operation: str, parameters: dict) -> Answer:
        """An operation with parameters that need not be valid."""
        method, target, body = encode(operation, parameters)
        headers = {"Content-Type": JSON} if body else {}
        headers["Authorization"] = f"Bearer {self.token}"
        return self.server.wire().transmit(Request(method, target, headers, body))

    def me(self) -> dict:
        answer = send(self.server, "GET", "/lanyard/v1/me", self.token)
        assert answer.status == 200, answer.body
        return answer.json


def make_profile(connect, instance: str, permissions: list[str], **members) -> str:
    return connect.create_security_profile(
        InstanceId=instance, SecurityProfileName=unique("held"), Permissions=permissions, **members
    )["SecurityProfileId"]


def make_user(connect, instance: str, profiles: list[str], routing_profile: str, **members) -> str:
    """A user who can sign in; their name."""
    name = unique("person")
    connect.create_user(
        InstanceId=instance,
        Username=name,
        Password=PASSWORD,
        IdentityInfo={"FirstName": "A", "LastName": "Person"},
        SecurityProfileIds=profiles,
        RoutingProfileId=routing_profile,
        **members,
    )
    return name
