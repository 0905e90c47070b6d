"""Runs every block of the README and other documents that can be run, and compares its output."""

import json
import re
from pathlib import Path

import pytest

from harness.documents import matches, read, reader
from harness.server import REPOSITORY
from test_terraform import cli_configuration

# The documents with blocks to run, and the number of blocks that are not run.
DOCUMENTS = {"README.md": 2, "docs/cli.md": 0, "docs/history.md": 1, "docs/plan.md": 0, "docs/pull.md": 2, "docs/review.md": 0}
ROOT_DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
ALL = [REPOSITORY / name for name in ROOT_DOCUMENTS] + sorted((REPOSITORY / "docs").rglob("*.md"))
LINK = re.compile(r"\[[^\]]+\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_matches_its_outputs(name, tmp_path):
    document = REPOSITORY / name
    configuration = tmp_path / ".terraform-configuration"
    configuration.mkdir()
    with reader(tmp_path, TF_CLI_ARGS="-no-color", **cli_configuration(configuration)) as somebody:
        if name != "README.md":  # which sets up the second terminal itself
            somebody.settle()
        somebody.follow(document)
    assert len(somebody.not_run) == DOCUMENTS[name], somebody.not_run
    assert somebody.ran > 0


def headings(document: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    result = re.findall(r"^#+ (.*)$", document.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in result}


@pytest.mark.parametrize("document", ALL, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_links_lead_somewhere(document):
    for path, anchor in LINK.findall(document.read_text()):
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), f"{document.name} links to {path}"
        if anchor and target.suffix == ".md":
            assert anchor in headings(target), f"{document.name} links to {path}#{anchor}"



def test_the_figures_of_the_readme():
    text = (REPOSITORY / "README.md").read_text()
    models = (REPOSITORY / "crates" / "wire" / "model").glob("*.json")
    operations = sum(len(json.loads(model.read_text())["operations"]) for model in models)
    assert f"{operations} operations" in text
    rules = (REPOSITORY / "docs" / "semantics.md").read_text()
    points = re.findall(r"^\| ([A-Z]\w+) \|", re.search(r"^\| point \|.*?\n\n", rules, re.M | re.S)[0], re.M)
    assert f"all {len(points)} of them" in text
    minimum = re.search(r'^rust-version = "(.*)"', (REPOSITORY / "Cargo.toml").read_text(), re.M)[1]
    assert f"Rust {minimum} or newer" in text


@pytest.mark.parametrize(
    ("expected", "actual", "alike"),
    [
        ("allowed: …", "allowed: yes\n", True),
        ("allowed: …", "allowed: \n", False),
        ("allowed", "allowed\nmore\n", False),
        ("allowed\n…", "allowed\nmore\nand more\n", True),
        ("a\n  b", "a\nb\n", False),
        (f"{'a' * 90}\n  b", f"{'a' * 90} b\n", True),
        (f"{'a' * 90}\n  b\n  c", f"{'a' * 90} b c\n", False),  # only a long line is broken
        ("5 users", "4 users\n", False),
    ],
)
def test_outputs_are_compared(expected, actual, alike):
    assert matches(expected, actual) is alike


def test_every_fence_is_understood(tmp_path):
    document = tmp_path / "page.md"
    document.write_text("<!-- status: 2 -->\n```sh\nfalse\n```\n\n<!-- not run: why -->\n```\nanything\n```\n")
    first, second = read(document)
    assert (first.text, first.marks) == ("false", {"status": "2"})
    assert (second.language, second.marks) == ("", {"not run": "why"})
    document.write_text("<!-- not run: why -->\nText between.\n```\nanything\n```\n")
    with pytest.raises(AssertionError, match="directly before its block"):
        read(document)
