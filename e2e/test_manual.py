"""The command line's own documentation: help, completions, manual."""

import os
import re
import shutil
import subprocess

import pytest

from harness.server import binary, run_lanyard


def commands() -> list[str]:
    listed = run_lanyard("--help").stdout.split("Commands:\n", 1)[1].split("\n\n", 1)[0]
    names = re.findall(r"^  ([a-z-]+)", listed, re.M)
    assert {"serve", "check", "man", "completions"} <= set(names)
    return [name for name in names if name != "help"]


@pytest.mark.parametrize("command", commands())
def test_help_teaches_with_an_example(command):
    text = run_lanyard(command, "--help").stdout
    assert re.search(rf"Examples?:\n.*lanyard {command}|Examples?:\n.*lanyard", text, re.S), text[-600:]
    assert f"lanyard {command}" in text.split("Example", 1)[1]


@pytest.mark.parametrize("command", commands())
def test_every_command_has_a_page(command, tmp_path):
    done = run_lanyard("man", "--to", str(tmp_path))
    assert done.returncode == 0, done.stderr
    page = (tmp_path / f"lanyard-{command}.1").read_text()
    assert ".SH SYNOPSIS" in page
    assert run_lanyard("man", command).stdout == page


def test_a_page_of_no_command():
    done = run_lanyard("man", "nothing")
    assert done.returncode == 1 and "`nothing`" in done.stderr


def test_completions_complete(tmp_path):
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here")
    script = tmp_path / "lanyard.bash"
    script.write_text(run_lanyard("completions", "bash").stdout)
    ask = f'source {script}; COMP_WORDS=(lanyard who); COMP_CWORD=1; _lanyard lanyard who lanyard; echo "${{COMPREPLY[@]}}"'
    done = subprocess.run([bash, "-c", ask], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.split() == ["who-can"], done


@pytest.mark.parametrize("shell", ["zsh", "fish", "elvish", "powershell"])
def test_other_shells(shell):
    done = run_lanyard("completions", shell)
    assert done.returncode == 0 and "who-can" in done.stdout


def test_colours_only_where_asked_for():
    """Help on a terminal is styled, except under NO_COLOR; never in a pipe."""
    script = shutil.which("script")
    assert "\x1b[" not in run_lanyard("--help").stdout
    if script is None:
        pytest.skip("no `script` here to make a terminal")

    def on_terminal(**environment: str) -> str:
        done = subprocess.run(
            [script, "-qec", f"{binary()} --help", "/dev/null"],
            capture_output=True,
            text=True,
            timeout=30,
            env={"PATH": os.environ["PATH"], "TERM": "xterm-256color", **environment},
        )
        return done.stdout

    assert "\x1b[" in on_terminal()
    assert "\x1b[" not in on_terminal(NO_COLOR="1")
