"""A decision point as its clients see it: raw HTTP, so that what no client would send can be sent too."""

import json

from harness.server import Server
from harness.wire import Answer, Request

JSON = "application/json"


class DecisionPoint:
    def __init__(self, server: Server, instance: str | None, token: str | None = None):
        self.server = server
        self.prefix = f"/instances/{instance}" if instance else ""
        self.token = token

    def with_token(self, token: str) -> "DecisionPoint":
        other = DecisionPoint(self.server, None, token)
        other.prefix = self.prefix
        return other

    def send(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        headers = {"Content-Type": JSON} if headers is None else headers
        if self.token is not None:
            headers = {**headers, "Authorization": f"Bearer {self.token}"}
        return self.server.wire().transmit(Request(method, path, headers, body))

    def post(self, endpoint: str, body, **headers: str) -> Answer:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.send("POST", f"{self.prefix}/access/v1/{endpoint}", data, {"Content-Type": JSON, **headers})

    def ask(self, endpoint: str, body) -> dict:
        answer = self.post(endpoint, body)
        assert answer.status == 200, (answer.status, answer.body)
        assert answer.headers["Content-Type"] == JSON
        return answer.json

    def evaluate(self, body: dict) -> dict:
        return self.ask("evaluation", body)

    def decision(self, body: dict) -> bool:
        return self.evaluate(body)["decision"]

    def search(self, what: str, body: dict) -> list:
        """Every result of a search that fits one page."""
        answer = self.ask(f"search/{what}", body)
        assert answer["page"]["next_token"] == ""
        assert answer["page"]["count"] == len(answer["results"])
        return answer["results"]


def question(user: str, action: str, resource_type: str, resource: str, **more) -> dict:
    return {
        "subject": {"type": "user", "id": user},
        "action": {"name": action},
        "resource": {"type": resource_type, "id": resource},
        **more,
    }


def without(body: dict, *path: str) -> dict:
    """A copy of a body without the member at the path."""
    copy = json.loads(json.dumps(body))
    inner = copy
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return copy
