"""The shape of the house: which crate may use which, where libraries stand, and words that are gone from the code."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Every crate and the crates of ours that it may use (docs/architecture.md).
MAY_USE = {
    "model": set(),
    "wire": set(),
    "engine": {"model"},
    "store": {"model"},
    "store-postgres": {"model", "store"},
    "store-sqlite": {"model", "store"},
    "authn": {"model", "store", "wire"},
    "policy": {"engine", "model", "wire"},
    "service": {"authn", "engine", "model", "policy", "store", "wire"},
    "api": {"authn", "engine", "model", "policy", "service", "store", "wire"},
    "server": {"api"},
    "analysis": {"engine", "model", "wire"},
    "formats": {"analysis", "engine", "model"},
    "client": {"wire"},
    "sync": {"analysis", "client", "engine", "model", "wire"},
    "cli": {
        "analysis", "api", "authn", "client", "engine", "formats", "model", "server", "service", "store", "store-postgres",
        "store-sqlite", "sync", "wire",
    },
}  # fmt: skip

# Libraries, and the only crates that know them.
ONLY_IN = {
    "argon2": {"authn"},
    "clap": {"cli"},
    "hyper": {"cli", "client", "server"},
    "rusqlite": {"store-sqlite"},
    "tokio-postgres": {"store-postgres"},
    "tokio-rustls": {"client", "server", "store-postgres"},
}

# Names that went, and the ones that came: types and functions of Rust, whole words.
GONE = {
    "Visit": "UserRequest",
    "Viewer": "VisibilityFilter",
    "Guest": "UserSession",
    "Lane": "StreamWriter",
    "Keeper": "CredentialCache",
    "Beside": "WriteBatch",
    "Entered": "Authenticated",
    "Spot": "Probe",
    "Facet": "ProfileSignature",
    "Survey": "BatchEvaluator",
    "Stance": "ProfileEffect",
    "Tie": "Mapping",
    "Manner": "EvaluationOptions",
    "Worth": "ResolvedValue",
    "Lexicon": "PermissionIndex",
}

LINES = 600


def manifest(crate: str) -> dict:
    return tomllib.loads((ROOT / "crates" / crate / "Cargo.toml").read_text())


def sources() -> list[Path]:
    found = [path for path in (ROOT / "crates").rglob("*.rs") if "generated" not in path.parts]
    assert len(found) > 100
    return found


def test_every_crate_has_its_place():
    assert {path.parent.name for path in (ROOT / "crates").glob("*/Cargo.toml")} == set(MAY_USE)
    architecture = (ROOT / "docs" / "architecture.md").read_text()
    for crate in MAY_USE:
        assert re.search(rf"^crates/{crate} ", architecture, re.M), f"docs/architecture.md does not list crates/{crate}"


@pytest.mark.parametrize("crate", sorted(MAY_USE))
def test_arrows_run_one_way(crate):
    used = {name.removeprefix("lanyard-") for name in manifest(crate).get("dependencies", {}) if name.startswith("lanyard-")}
    assert used <= MAY_USE[crate], f"crates/{crate} must not use {sorted(used - MAY_USE[crate])}"


@pytest.mark.parametrize("library", sorted(ONLY_IN))
def test_a_library_stands_in_one_place(library):
    using = {crate for crate in MAY_USE if library in manifest(crate).get("dependencies", {})}
    assert using and using <= ONLY_IN[library], f"{library} is used by {sorted(using)}"


def test_words_that_went_stay_away():
    gone = re.compile(rf"\b(?:struct|enum|trait|type|mod|fn)\s+({'|'.join(GONE)})\b")
    found = [
        f"{path.relative_to(ROOT)}: `{match[1]}` is now `{GONE[match[1]]}`"
        for path in sources()
        for match in gone.finditer(path.read_text())
    ]
    assert not found, "\n".join(found)


def test_no_file_is_long():
    long = {str(path.relative_to(ROOT)): lines for path in sources() if (lines := len(path.read_text().splitlines())) > LINES}
    assert not long, long
