"""The README and other documents, followed to the letter: every block that can be run is run, and what it prints compared."""

import re
from pathlib import Path

import pytest

from harness.documents import read, reader
from harness.server import REPOSITORY
from test_terraform import cli_configuration

# The documents whose blocks are run, and how many of their blocks are not.
DOCUMENTS = {"README.md": 2, "docs/cli.md": 0, "docs/history.md": 0, "docs/plan.md": 0, "docs/pull.md": 0}
FACES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
ALL = [REPOSITORY / name for name in FACES] + sorted((REPOSITORY / "docs").rglob("*.md"))
LINK = re.compile(r"\[[^\]]+\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_does_what_it_says(name, tmp_path):
    document = REPOSITORY / name
    configuration = tmp_path / ".terraform-configuration"
    configuration.mkdir()
    with reader(tmp_path, TF_CLI_ARGS="-no-color", **cli_configuration(configuration)) as somebody:
        if name != "README.md":  # which says itself that they are to be pasted
            somebody.paste()
        somebody.follow(document)
    assert len(somebody.not_run) == DOCUMENTS[name], somebody.not_run
    assert somebody.ran > 0


def headings(document: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    found = re.findall(r"^#+ (.*)$", document.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in found}


@pytest.mark.parametrize("document", ALL, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_links_lead_somewhere(document):
    for path, anchor in LINK.findall(document.read_text()):
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), f"{document.name} links to {path}"
        if anchor and target.suffix == ".md":
            assert anchor in headings(target), f"{document.name} links to {path}#{anchor}"


