"""A proxy between a server and its database that cuts connections: at commits, and at any byte.

It reads the protocol in clear (`sslmode=disable`): a commit is a text of its own, after the writes of its transaction.
"""

import random
import re
import socket
import struct
import threading
import time
from collections import Counter
from contextlib import suppress

from harness.server import HOST

COMMIT = b"COMMIT\0"
AT_COMMIT = ("before", "no answer", "half an answer", "late")


class Link:
    """A connection of the server, and the proxy's own to the database."""

    def __init__(self, client: socket.socket, database: socket.socket):
        self.client, self.database = client, database
        # How many bytes of answers may pass yet; `None` without a bound.
        self.answers: int | None = None

    def close(self, *ends: socket.socket, reset: bool = False) -> None:
        for end in ends or (self.client, self.database):
            with suppress(OSError):
                if reset:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)
            with suppress(OSError):
                end.close()


class CuttingProxy:
    """While `is_on`, it cuts one in `every` commits, and one in `any_chunk` of all that passes."""

    def __init__(self, url: str, seed: str, every: int = 12, any_chunk: int = 400):
        self.target = int(re.search(r":(\d+)/", url).group(1))
        self.random, self.every, self.any_chunk = random.Random(f"{seed}/proxy"), every, any_chunk
        self.is_on, self.is_away = False, False
        self.cuts: Counter[str] = Counter()
        self.links: set[Link] = set()
        self.listener = socket.create_server((HOST, 0), backlog=64)
        self.url = url.replace(f":{self.target}/", f":{self.listener.getsockname()[1]}/")
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self) -> None:
        self.listener.close()

    def accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                database = None if self.is_away else socket.create_connection((HOST, self.target))
            except OSError:
                database = None
            if database is None:
                client.close()
                continue
            for end in (client, database):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            link = Link(client, database)
            self.links.add(link)
            for carry in (self.requests, self.answers):
                threading.Thread(target=self.carry, args=(carry, link), daemon=True).start()

    def go_away(self, seconds: float) -> None:
        """Cuts every connection, and lets none be made for a while."""
        self.is_away = True
        for link in list(self.links):
            self.cut(link, "away")
        time.sleep(seconds)
        self.is_away = False

    def carry(self, carry, link: Link) -> None:
        with suppress(OSError):
            carry(link)
        link.close()
        self.links.discard(link)

    def cut(self, link: Link, how: str) -> None:
        self.cuts[how] += 1
        link.close(reset=self.random.random() < 0.5)

    def requests(self, link: Link) -> None:
        while data := link.client.recv(65536):
            is_commit = COMMIT in data
            if self.is_on and is_commit and self.random.randrange(self.every) == 0:
                return self.cut_at_commit(link, data, self.random.choice(AT_COMMIT))
            if self.is_on and self.random.randrange(self.any_chunk) == 0:
                link.database.sendall(data[: self.random.randrange(len(data))])
                return self.cut(link, "request")
            link.database.sendall(data)

    def cut_at_commit(self, link: Link, data: bytes, how: str) -> None:
        match how:
            case "before":
                link.database.sendall(data[: self.random.randrange(len(data))])
            case "no answer":
                link.answers = 0
                link.database.sendall(data)
                time.sleep(self.random.uniform(0, 0.05))
            case "half an answer":
                # The answers to the writes and to the commit are a few hundred bytes.
                link.answers = self.random.randrange(400)
                link.database.sendall(data)
                time.sleep(self.random.uniform(0, 0.05))
            case "late":
                # The server is without an answer, and tries again, before the commit reaches the database.
                link.answers = 0
                link.close(link.client)
                time.sleep(self.random.uniform(0.05, 0.5))
                link.database.sendall(data)
                time.sleep(0.1)
        self.cut(link, how)

    def answers(self, link: Link) -> None:
        while data := link.database.recv(65536):
            if link.answers is not None:
                passed = data[: link.answers]
                link.answers -= len(passed)
                # The rest is thrown away, until the other direction ends the connection.
                if passed:
                    link.client.sendall(passed)
                continue
            if self.is_on and self.random.randrange(self.any_chunk) == 0:
                link.client.sendall(data[: self.random.randrange(len(data))])
                return self.cut(link, "answer")
            link.client.sendall(data)
