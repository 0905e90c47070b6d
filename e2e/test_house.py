"""The structure of the project: the crates that each crate may use, the crates that know a library, and words that are gone."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Every crate and the crates of ours that it may use (docs/architecture.md).
MAY_USE = {
    "local-file": set(),
    "model": set(),
    "wire": set(),
    "engine": {"model"},
    "store": {"local-file", "model"},
    "store-postgres": {"local-file", "model", "store"},
    "store-sqlite": {"model", "store"},
    "authn": {"local-file", "model", "store", "wire"},
    "policy": {"engine", "model", "wire"},
    "service": {"authn", "engine", "model", "policy", "store", "wire"},
    "answers": {"engine", "model"},
    "api": {"answers", "authn", "engine", "model", "policy", "service", "store", "wire"},
    "server": {"api", "local-file"},
    "analysis": {"engine", "model", "wire"},
    "formats": {"analysis", "engine", "local-file", "model"},
    "client": {"local-file", "wire"},
    "sync": {"analysis", "client", "engine", "local-file", "model", "wire"},
    "cli": {
        "analysis", "answers", "api", "authn", "client", "engine", "formats", "local-file", "model", "server", "service", "store", "store-postgres",
        "store-sqlite", "sync", "wire",
    },
}  # fmt: skip

# Libraries, and the only crates that know them.
ONLY_IN = {
    "argon2": {"authn"},
    "askama": {"analysis"},
    "clap": {"cli"},
    "governor": {"api", "authn"},
    "hyper": {"client", "server"},
    "ring": {"store"},
    "rusqlite": {"store-sqlite"},
    "tokio-postgres": {"store-postgres"},
    "tokio-rustls": {"client", "server", "store-postgres"},
}

# Private names that are gone, and the names of the field that replaced them.
GONE = {
    "Visit": "UserRequest",
    "Viewer": "VisibilityFilter",
    "sees": "can_view",
    "Lane": "StreamWriter",
    "advanced": "apply",
    "unseen": "unknown",
    "Unseen": "UnknownParts",
    "Keeper": "CredentialCache",
    "telling": "narrative",
    "Spot": "Probe",
    "Survey": "BatchEvaluator",
    "Stance": "ProfileEffect",
    "carried": "portable",
    "Tie": "Mapping",
    "Manner": "EvaluationOptions",
    "Sought": "SearchTarget",
    "Worth": "ResolvedValue",
    "Lexicon": "PermissionIndex",
    "complain": "report_error",
    "Guest": "UserSession",
    "Pass": "Authorization",
    "Entered": "Authenticated",
    "Beside": "WriteBatch",
    "stand_ins": "placeholders",
    "odd_names": "ambiguous_usernames",
    "recognised": "reconcile",
    "Turn": "AccessChange",
    "Aspect": "RuleDomain",
    "Facet": "ProfileSignature",
    "Way": "EscalationPath",
    "looked": "state_args",
    "Slot": "Field",
    "Matter": "ResolvedQuery",
    "Said": "Message",
    "told": "reported",
    "asked": "the noun of the domain",
    "said": "the noun of the domain",
    "found": "the noun of the domain",
}

# Phrases that are gone from comments, documents and messages, and their replacements.
PHRASES = {
    r"what always holds": "Invariants",
    r"\balone\b": "only",
    r"(?<!-)\bbeside\b(?!-)": "next to, in addition to, with",
    r"\banew\b": "again",
    r"stands here a second time": "duplicate key `a` (first on line 1)",
    r"\bwhat ties\b": "map of source to target",
    r"eyes of a user": "filters what a user may view",
    r"leave to run": "proof that the call is authorised",
    r"goes with it": "is deleted afterwards",
    r"\b(the|a|this) door\b": "session access",
    r"nobody is left to be told": "a plain reason",
    r"slip of the pen": "misspelt",
}

# A sentence with one of these words first has no subject, unless it is a question.
NO_SUBJECT = re.compile(r"(?:^|[.:] )(?:What|Who|Whoever|Whatever) (?![^.]*\?)")

# A file and a name that it needs for another reason.
EXCEPTIONS = {
    ("engine/src/reading.rs", "Unseen"),  # The open point, whose name users see in answers and files.
    ("engine/tests/proof/naive.rs", "Unseen"),  # The same open point.
    ("service/src/operations/data_tables/evaluate.rs", "found"),  # A member of the API model.
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


def code_of(path: Path) -> str:
    """The source without comments, the contents of strings, and the open point `Unseen`, whose name users see."""
    lines = (re.sub(r'"(?:\\.|[^"\\])*"', '""', line) for line in path.read_text().splitlines())
    code = "\n".join(re.sub(r"//.*", "", line) for line in lines)
    return code.replace("OpenPoint::Unseen", "OpenPoint")


def prose() -> list[tuple[str, int, str]]:
    """Every line of a comment or document: its file, its number, and its text."""
    lines = []
    for path in sources() + [*(ROOT / "e2e").glob("*.py"), *(ROOT / "e2e" / "harness").rglob("*.py")]:
        mark = r"//[/!]?" if path.suffix == ".rs" else "#"
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if path.name != "test_house.py" and (comment := re.search(rf"(?:^|\s){mark} (.*)", line)):
                lines.append((str(path.relative_to(ROOT)), number, comment[1]))
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        is_block = False
        for number, line in enumerate(path.read_text().splitlines(), 1):
            is_block ^= line.startswith("```")
            if not is_block:
                lines.append((str(path.relative_to(ROOT)), number, line))
    assert len(lines) > 5_000
    return lines


def test_names_that_are_gone_stay_away():
    gone = re.compile(rf"\b(?:{'|'.join(GONE)})\b")
    found = [
        f"{path.relative_to(ROOT)}: `{name}` is now {GONE[name]}"
        for path in sources()
        for name in sorted(set(gone.findall(code_of(path))))
        if (str(path.relative_to(ROOT / "crates")), name) not in EXCEPTIONS
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("phrase", PHRASES)
def test_phrases_that_are_gone_stay_away(phrase):
    gone = re.compile(phrase, re.I)
    found = [f"{file}:{number}: {line}" for file, number, line in prose() if gone.search(line)]
    found += [str(path.relative_to(ROOT)) for path in sources() if gone.search(re.sub(r"//.*", "", path.read_text()))]
    assert not found, f"write {PHRASES[phrase]}:\n" + "\n".join(found)


def test_sentences_have_a_subject():
    found = [f"{file}:{number}: {line}" for file, number, line in prose() if NO_SUBJECT.search(line)]
    assert not found, "\n".join(found)


def arrows(crate: str) -> dict[str, set[str]]:
    """Which modules at the top of a crate each of them uses, tests left out."""
    top = ROOT / "crates" / crate / "src"
    uses: dict[str, set[str]] = {}
    for path in top.rglob("*.rs"):
        parts = path.relative_to(top).parts
        module = parts[0].removesuffix(".rs")
        if module in ("lib", "main") or "proof" in parts or path.stem.endswith("tests"):
            continue
        code = code_of(path).split("#[cfg(test)]\nmod tests {")[0]
        names = re.findall(r"\bcrate::(\w+)", code)
        names += [name for group in re.findall(r"\bcrate::\{([^}]*)\}", code) for name in re.findall(r"(?:^|,)\s*(\w+)", group)]
        is_module = [name for name in names if (top / name).is_dir() or (top / f"{name}.rs").exists()]
        uses.setdefault(module, set()).update(set(is_module) - {module})
    return uses


@pytest.mark.parametrize("crate", sorted(MAY_USE))
def test_no_ring_within_a_crate(crate):
    uses = arrows(crate)
    while leaves := [module for module, used in uses.items() if not used & uses.keys()]:
        for module in leaves:
            del uses[module]
    assert not uses, f"a ring within crates/{crate}: { {module: sorted(used & uses.keys()) for module, used in uses.items()} }"


def test_no_file_is_long():
    long = {str(path.relative_to(ROOT)): lines for path in sources() if (lines := len(path.read_text().splitlines())) > LINES}
    assert not long, long


# The only files of the command that write to standard output or standard error themselves: each escapes what it writes, or
# writes only numbers.
WRITERS = {"output.rs", "progress.rs", "copies/progress.rs", "commands/backup.rs", "commands/serve.rs"}


def test_commands_write_through_the_guard_of_the_output():
    """Text passes `Output`, which escapes invisible characters, and JSON passes `Json` or `printable_json`."""
    cli = ROOT / "crates" / "cli" / "src"
    for path in cli.rglob("*.rs"):
        name, code = str(path.relative_to(cli)), code_of(path)
        if name not in WRITERS:
            used = re.findall(r"\bio::(?:stdout|stderr)\(\)(?!\)|\.is_terminal)|\be?println!", code)
            assert not used, f"{name} writes past crate::output: {used}"
        for line in path.read_text().splitlines():
            assert not re.search(r'writeln!\(\w+, "\{\w*:#\}"(?!, Json\()', line), f"{name} writes JSON without `Json`: {line.strip()}"
