"""The commands of the command line and their options, as the help of the real binary lists them."""

import re

from harness.server import run_lanyard

COMMAND = re.compile(r"^  ([a-z][a-z-]*)(?:  |$)")
OPTION = re.compile(r"^ +(?:-\w, )?(--[a-z-]+)")


def sections(help_text: str) -> dict[str, list[str]]:
    """The lines below each heading."""
    result: dict[str, list[str]] = {}
    heading = ""
    for line in help_text.splitlines():
        if re.match(r"^[A-Z][\w ]*:$", line):
            heading = line[:-1]
        result.setdefault(heading, []).append(line)
    return result


def help_of(*command: str) -> str:
    done = run_lanyard(*command, "--help")
    assert done.returncode == 0, done.stderr
    return done.stdout


def commands(*above: str) -> dict[tuple[str, ...], set[str]]:
    """Every command that runs something, with its options."""
    text = help_of(*above)
    names = [match[1] for line in sections(text).get("Commands", []) if (match := COMMAND.match(line))]
    if not names:
        return {above: {match[1] for line in text.splitlines() if (match := OPTION.match(line))}}
    result: dict[tuple[str, ...], set[str]] = {}
    for name in names:
        if name != "help":
            result |= commands(*above, name)
    return result
