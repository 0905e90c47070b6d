"""The page of a plan in a browser: on a telephone and on paper nothing is cut off, whatever the names are."""

import html
import json
import re
import shutil
import subprocess

import pytest

from harness.server import run_lanyard

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
needs_browser = pytest.mark.skipif(not (BROWSER and shutil.which("pdftotext")), reason="needs chromium and pdftotext")

LONG = "N" * 100
EVIL = "</style><script>alert(1)</script>"
QUEUES = 12
PEOPLE = [f"person.{number}" for number in range(40)] + ["w" * 60]

# Reads the width of a framed page, and which of its elements end beyond the frame.
FRAME = """<body><iframe src="plan.html" style="width:390px;height:800px;border:0"></iframe><p id=out></p>
<script>const frame = document.querySelector('iframe');
frame.onload = () => {
  const page = frame.contentDocument;
  const cut = [...page.querySelectorAll('main *')].filter(it => it.getBoundingClientRect().right > 391);
  const found = {width: page.documentElement.scrollWidth, cut: cut.map(it => it.outerHTML.slice(0, 200))};
  document.getElementById('out').textContent = JSON.stringify(found);
};</script>"""


def profile(name: str, permissions: str, more: str = "") -> str:
    return f"SecurityProfileName: {json.dumps(name)}\nPermissions: [{permissions}]\n{more}"


def files(place, team: str, restriction: str):
    place.mkdir()
    tags = {0: "  Tags: {Team: Claims}\n"}
    written = {
        "instance.yaml": "Id: 11111111-1111-4111-8111-111111111111\nAccount: '123456789012'\nRegion: eu-west-2\n",
        "hierarchy.yaml": "Groups: []\n",
        "queues.yaml": "".join(f"- Name: queue {number}\n{tags.get(number, '')}" for number in range(QUEUES)),
        **{f"{kind}.yaml": "[]\n" for kind in ("hours-of-operation", "quick-connects", "routing-profiles", "flow-modules", "data-tables")},
        "ai-agents.yaml": "[]\n",
        "security-profiles/a.yaml": profile(LONG, team),
        "security-profiles/b.yaml": profile(EVIL, "AccessMetrics, Queues.View", restriction),
        "users.yaml": "".join(
            f"- Username: {name}\n  SecurityProfiles: [{json.dumps(LONG if number % 2 else EVIL)}]\n" for number, name in enumerate(PEOPLE)
        ),
    }
    for name, text in written.items():
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(text)
    return place


@pytest.fixture
def page(tmp_path):
    """The page of a plan that gives half of the people sensitive access and confines the others."""
    before = files(tmp_path / "before", "Users.View", "")
    restriction = "TagRestrictedResources: [Queue]\nAllowedAccessControlTags: {Team: Claims}\n"
    after = files(tmp_path / "after", "Users.View, ListenCallRecordings, ContactSearch.View, Users.Edit", restriction)
    out = tmp_path / "plan.html"
    done = run_lanyard("plan", str(after), "--against", str(before), "--html", str(out), "--names", "console")
    assert done.returncode == 2, done.stderr
    return out


def browse(*arguments: str) -> str:
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def test_the_page_has_a_sign_and_a_word_for_each_colour(page):
    written = page.read_text()
    assert EVIL not in written and html.escape(EVIL, quote=False) not in written.split("<body>")[0]
    for card in re.findall(r'<li class="(?:high|more|less|open)"><b><span class="of">(.)</span>', written):
        assert card in "!+?\N{MINUS SIGN}"
    articles = re.findall(r'<article class="turn (\w+)"><span class="sign">(.)</span>', written)
    assert {sign for kind, sign in articles if kind == "less"} == {"\N{MINUS SIGN}"}
    assert articles[0][0] == "high" and 'class="risk">sensitive: ' in written, "sensitive access is first"


@needs_browser
def test_a_telephone_shows_the_whole_page(page):
    frame = page.parent / "frame.html"
    frame.write_text(FRAME)
    dom = browse("--allow-file-access-from-files", "--dump-dom", frame.as_uri())
    found = json.loads(html.unescape(re.search(r'<p id="out">(.*?)</p>', dom, re.S)[1]))
    assert found["width"] <= 390 and not found["cut"], found


@needs_browser
def test_paper_shows_what_is_folded_and_every_cell(page):
    paper = page.parent / "plan.pdf"
    browse("--no-pdf-header-footer", f"--print-to-pdf={paper}", page.as_uri())
    text = subprocess.run(["pdftotext", "-raw", str(paper), "-"], capture_output=True, text=True, check=True).stdout
    joined = re.sub(r"\s+", "", text)
    for name in PEOPLE:
        assert name in joined, name
    for part in (
        LONG, EVIL, f"on some: 1 of {QUEUES} queues", "Recorded conversations (unredacted) - View", "sensitive: unredacted recordings",
        "Made at", "Desired state", "Signature", f"1 of {QUEUES} kept",
    ):
        assert re.sub(r"\s+", "", part) in joined, part
