"""A server between a client and `lanyard serve`: it notes which operations were called, and can answer in its place."""

import http.client
import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from harness import model
from harness.server import HOST, Server

HOP_BY_HOP = {"connection", "content-length", "transfer-encoding", "date"}


def routes() -> list[tuple[str, re.Pattern[str], str]]:
    """Method, path and name of each operation; paths without labels first."""
    result = []
    for name in model.service().operation_names:
        binding = model.operation(name).http
        path = re.sub(r"\{[^}]+\}", "[^/]+", binding["requestUri"].split("?")[0])
        result.append((binding["requestUri"].count("{"), binding["method"], re.compile(path + "/?$"), name))
    return [(method, path, name) for _, method, path, name in sorted(result, key=lambda row: row[0])]


def denial(operation: str) -> tuple[int, dict[str, str], bytes]:
    """The answer of Amazon's service to a caller whose policy does not allow an operation."""
    message = f"User: arn:aws:sts::123456789012:assumed-role/Auditor/alice is not authorized to perform: connect:{operation}"
    return 403, {"x-amzn-ErrorType": "AccessDeniedException"}, json.dumps({"Message": message}).encode()


class Recorder:
    """Forwards requests to a server. `before(operation, path)` may answer (status, headers, body) instead; where
    `loses(operation)` is true, the server's answer is not sent to the client."""

    def __init__(
        self,
        server: Server,
        before: Callable[[str, str], tuple[int, dict[str, str], bytes] | None] | None = None,
        loses: Callable[[str], bool] | None = None,
    ):
        self.server = server
        self.before = before or (lambda operation, path: None)
        self.loses = loses or (lambda operation: False)
        self.calls: list[tuple[str, str]] = []
        self.statuses: list[int] = []
        self.routes = routes()

    def operation(self, method: str, path: str) -> str:
        bare = path.split("?")[0]
        result = (name for known, pattern, name in self.routes if known == method and pattern.fullmatch(bare))
        return next(result, bare)

    def __enter__(self) -> "Recorder":
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # One small write after another would wait for the other side's delayed acknowledgements.
            disable_nagle_algorithm = True
            wbufsize = -1

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                operation = recorder.operation(self.command, self.path)
                recorder.calls.append((operation, f"{self.path} {body.decode()}"))
                status, headers, answer = recorder.before(operation, self.path) or self.forward(body)
                recorder.statuses.append(status)
                if recorder.loses(operation):
                    self.close_connection = True
                    return
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def forward(self, body: bytes):
                connection = http.client.HTTPConnection(HOST, recorder.server.port, timeout=30)
                try:
                    # The signature covers `host` as the client sent it.
                    connection.request(self.command, self.path, body, dict(self.headers))
                    answer = connection.getresponse()
                    headers = {name: value for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP}
                    return answer.status, headers, answer.read()
                finally:
                    connection.close()

            do_GET = do_POST = do_PUT = do_DELETE = handle_any

            def log_message(self, *_):
                pass

        self.proxy = ThreadingHTTPServer((HOST, 0), Handler)
        self.proxy.daemon_threads = True
        threading.Thread(target=self.proxy.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.proxy.shutdown()
        self.proxy.server_close()

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.proxy.server_address[1]}"

    def operations(self) -> list[str]:
        return [operation for operation, _ in self.calls]
