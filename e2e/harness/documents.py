"""Runs the blocks of a document as its reader would, and compares the output with the document.

The language of a block's fence determines its treatment:

- `sh`: commands to paste into a terminal. They must succeed, unless a comment gives another exit status.
- `console`: commands after `$ `, each followed by its output.
- `text`: the output of the last `sh` block, or a part of it between lines of `…`; with `<!-- server -->`, the output of the server when it starts.
- any language, with `<!-- file: NAME -->`: the contents of a file that the reader writes.

A comment before the fence, which readers do not see, gives further settings:

- `<!-- server -->`: the command that starts the server, which runs already, or the output of the server. The reader pastes
  its `export` lines.
- `<!-- status: 2 -->`: the exit status.
- `<!-- any order -->`: the entries of the output, each with the lines indented below it, are in any order.
- `<!-- needs: terraform -->`: a required command; without it the block and its output are skipped.
- `<!-- alike: NAME -->`: an excerpt of a file of the repository, without leading comment signs.
- `<!-- not run: REASON -->`: the block is neither run nor compared.

In an output, `…` matches any text within a line, and on a line of its own any number of lines. A line that the document
breaks to keep it short may be one line of the output.
"""

import difflib
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.server import HOST, REPOSITORY, Server, binary, clean_environment

USUAL_PORT = 4510
BROKEN_FROM = 80  # a document breaks no line that is shorter
BLOCK_SECONDS = 300
SHOWN_LINES = 60
ANYTHING = "\N{HORIZONTAL ELLIPSIS}"  # the output of a skipped block
FENCE = re.compile(r"(?P<indent> *)```(?P<language>\w*)$")
MARK = re.compile(r"<!-- (?P<name>[a-z ]+?)(?:: (?P<value>.*))? -->$")
MARKS = ("server", "status", "any order", "needs", "file", "alike", "not run")


@dataclass(frozen=True)
class Block:
    place: str
    language: str
    text: str
    marks: dict[str, str]


def read(document: Path) -> list[Block]:
    """The fenced blocks of a document."""
    blocks, marks = [], {}
    lines = iter(enumerate(document.read_text().splitlines(), start=1))
    for number, line in lines:
        if mark := MARK.match(line.strip()):
            assert mark["name"] in MARKS, f"{document.name}:{number}: unknown mark `{mark['name']}`"
            marks[mark["name"]] = mark["value"] or ""
        elif fence := FENCE.match(line):
            text = []
            for _, inner in lines:
                if inner.strip() == "```":
                    break
                text.append(inner.removeprefix(fence["indent"]))
            blocks.append(Block(f"{document.name}:{number}", fence["language"], "\n".join(text), marks))
            marks = {}
        elif marks:
            raise AssertionError(f"{document.name}:{number}: a mark stands directly before its block")
    return blocks


def indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def pattern(expected: str) -> str:
    """A regular expression for the output in a document."""
    whole, before, base = "", "", 0
    for line in (line.rstrip() for line in expected.strip("\n").splitlines()):
        if line.strip() == "…":
            whole += r"(?:[^\n]*\n)*?"
            before = ""
            continue
        if len(before) >= BROKEN_FROM and indentation(line) > base:
            whole = whole.removesuffix(r"\n") + rf"(?:\n {{{indentation(line)}}}| )"
        else:
            base = indentation(line)
            whole += " " * base
        whole += re.escape(line.lstrip(" ")).replace("…", r"[^\n]+?") + r"\n"
        before = line
    return whole


def matches(expected: str, actual: str) -> bool:
    return re.fullmatch(pattern(expected), tidy(actual)) is not None


def entries(text: str) -> list[str]:
    """The lines of a text that are not indented, each with those indented beneath it."""
    return [entry for entry in re.split(r"\n(?=\S)", tidy(text).strip("\n")) if entry.strip()]


def matches_in_any_order(expected: str, actual: str) -> bool:
    """Whether each entry is among those printed, and without a line of `…` nothing else is printed."""
    wanted = [entry.rstrip() for entry in entries(expected)]
    printed = [entry.rstrip() for entry in entries(actual)]
    complete = "…" not in wanted
    wanted = [entry for entry in wanted if entry != "…"]
    matching = all(any(matches(entry, one) for one in printed) for entry in wanted)
    return bool(wanted) and matching and (not complete or len(wanted) == len(printed))


def tidy(text: str) -> str:
    return "".join(line.rstrip() + "\n" for line in text.strip("\n").splitlines())


def transcript(text: str) -> list[tuple[str, str]]:
    """The commands of a `console` block, each with what it prints."""
    steps: list[tuple[list[str], list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            steps.append(([line.removeprefix("$ ")], []))
        elif steps[-1][0][-1].endswith("\\"):
            steps[-1][0].append(line)
        else:
            steps[-1][1].append(line)
    return [("\n".join(command), "\n".join(output)) for command, output in steps]


class Terminal:
    """A reader's shell: each block finds the variables and the directory that those before it left."""

    def __init__(self, directory: Path, **environment: str):
        self.environment = directory / ".environment"
        home = directory / ".home"
        home.mkdir()
        self.variables = clean_environment(**{"HOME": str(home), "NO_COLOR": "1", "LANYARD_NAMES": "console", **environment})
        self.directory = directory

    def run(self, commands: str) -> tuple[int, str]:
        """Status and output, both streams in one, as a terminal shows them."""
        before = f"[ ! -f {self.environment} ] || . {self.environment}"
        after = f"trap 'export -p > {self.environment}' EXIT"
        result = subprocess.run(
            ["bash", "-c", f"{before}\n{after}\nset -eo pipefail\n{commands}\n"],
            cwd=self.directory,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=BLOCK_SECONDS,
        )
        return result.returncode, result.stdout


class Reader:
    """A reader who follows a document block by block, in a checkout of their own, next to a running server."""

    def __init__(self, directory: Path, port: int, server_output: str, **environment: str):
        self.terminal = Terminal(directory, **environment)
        self.directory = directory
        self.port = port
        self.server_output = server_output
        self.last: str | None = None
        self.faults: list[str] = []
        self.ran = 0
        self.not_run: list[str] = []

    def follow(self, document: Path) -> None:
        __tracebackhide__ = True
        for block in read(document):
            self.do(block)
        assert not self.faults, "\n\n".join(self.faults)

    def paste(self) -> None:
        """Types the `export` lines that the server printed."""
        exports = re.findall(r"^ *(export .*)$", self.server_output, re.M)
        status, output = self.terminal.run("\n".join(exports))
        assert status == 0, output

    def settle(self) -> None:
        """Sets up the second terminal of the README."""
        self.paste()
        self.terminal.run(f'export PATH="{self.directory}/target/release:$PATH"')

    def here(self, text: str) -> str:
        """The text with the port of the server in this test."""
        return text.replace(f"{HOST}:{USUAL_PORT}", f"{HOST}:{self.port}")

    def do(self, block: Block) -> None:
        text, marks = self.here(block.text), block.marks
        if "not run" in marks:
            assert marks["not run"], f"{block.place}: say why it is not run"
            self.not_run.append(block.place)
            return
        if "needs" in marks and shutil.which(marks["needs"], path=self.terminal.variables["PATH"]) is None:
            self.last = ANYTHING
            return
        self.ran += 1
        if "server" in marks and block.language == "text":
            self.compare(block, text, self.server_output)
            self.paste()
        elif "server" in marks:
            assert block.text.endswith("lanyard -- serve --demo"), f"{block.place}: {block.text}"
        elif "file" in marks:
            path = self.directory / marks["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n")
        elif "alike" in marks:
            whole = re.sub(r"^//[/!] ?", "", (REPOSITORY / marks["alike"]).read_text(), flags=re.M)
            whole = re.sub(r"^# .*\n", "", whole, flags=re.M)  # lines of a doc test that documentation does not show
            if text not in whole:
                self.faults.append(f"{block.place}: {marks['alike']} has no such lines")
        elif block.language == "sh":
            status, self.last = self.terminal.run(text)
            self.expect_status(block, int(marks.get("status", 0)), status, self.last)
        elif block.language == "text":
            assert self.last is not None, f"{block.place}: no block before it prints something"
            if self.last != ANYTHING:
                self.compare(block, text, self.last)
        elif block.language == "console":
            for command, expected in transcript(text):
                _, output = self.terminal.run(command)
                self.compare(block, expected, output, f"$ {command}\n")
        else:
            raise AssertionError(f"{block.place}: neither run nor marked as not run")

    def expect_status(self, block: Block, expected: int, status: int, output: str) -> None:
        if status != expected:
            self.faults.append(f"{block.place}: status {status} instead of {expected}\n{block.text}\n{output}")

    def compare(self, block: Block, expected: str, output: str, command: str = "") -> None:
        same = matches_in_any_order if "any order" in block.marks else matches
        if same(expected, output) and expected.strip() != "…":
            return
        sides = tidy(expected).splitlines(), tidy(output).splitlines()
        difference = list(difflib.unified_diff(*sides, "the document", "the output", lineterm="", n=1))
        self.faults.append(f"{block.place}: other output\n{command}" + "\n".join(difference[:SHOWN_LINES]))


def checkout(directory: Path) -> None:
    """Prepares the files of a built checkout that the commands of a document use: the command and the files that they name."""
    built = directory / "target" / "release"
    built.mkdir(parents=True)
    (built / "lanyard").symlink_to(binary().resolve())
    for name in ("docs", "e2e"):
        (directory / name).symlink_to(REPOSITORY / name)


def tools() -> str:
    """The search path of a reader who has activated the Python environment and put `lanyard` on the path."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


@contextmanager
def reader(directory: Path, **environment: str):
    """A reader with a checkout and the demo's server, which is started as the documents say, on a port of its own."""
    checkout(directory)
    server = Server(directory / ".server", "--demo")
    server.data = directory / "lanyard-data"
    with server:
        yield Reader(directory, server.port, server.log.read_text(), PATH=tools(), **environment)
        assert server.stop() == 0
