"""Files and servers that somebody prepared: links, pipes, devices, lists that do not end. Every command ends, and says why."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import new_instance
from harness.commands import commands
from harness.operations import unique
from harness.recorder import Recorder
from harness.server import binary, clean_environment

WITHIN_SECONDS = 60


def lanyard(*arguments: object, expect: int | None = 1) -> str:
    """The error output of a command that fails, or the output of one that does not. It has little memory."""
    done = subprocess.run(
        ["bash", "-c", 'ulimit -v 4000000; exec "$@"', "-", str(binary()), *map(str, arguments)],
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=WITHIN_SECONDS,
    )
    assert done.returncode == expect, f"{done.returncode}: {done.stdout}\n{done.stderr}"
    return done.stderr if expect == 1 else done.stdout


FILES = {
    "instance.yaml": "Id: 11111111-1111-4111-8111-111111111111\nAccount: '123456789012'\nRegion: eu-west-2\n",
    "users.yaml": "- Username: ana\n  SecurityProfiles: [Leads]\n",
    "security-profiles/leads.yaml": "SecurityProfileName: Leads\nPermissions: [Users.View]\n",
}


@pytest.fixture
def access(tmp_path) -> Path:
    for name, content in FILES.items():
        file = tmp_path / "access" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return tmp_path / "access"


def pipe(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to("/dev/zero")


def directory(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()


def huge(path: Path) -> None:
    """A sparse file, larger than any that is read."""
    with path.open("wb") as file:
        file.truncate(129 << 20)


ODD = {pipe: "a pipe, a device or a socket", endless: "a pipe, a device or a socket", directory: "a directory", huge: "larger than 128 MiB"}


@pytest.mark.parametrize("make", ODD, ids=lambda make: make.__name__)
class TestReading:
    @pytest.mark.parametrize("name", FILES)
    def test_files_of_a_directory(self, access, make, name):
        make(access / name)
        for command in [["lint", access], ["plan", access, "--against", access], ["check", "ana", "Users.View", "User:*", "--files", access]]:
            message = lanyard(*command).lower().replace("mib", "MiB")
            # A folder in place of a profile's file is refused as such.
            assert ODD[make] in message or (make is directory and "is a folder" in message)

    def test_files_of_their_own(self, access, tmp_path, make):
        file = tmp_path / "odd.yaml"
        make(file)
        commands = [
            ["apply", file],
            ["plan", access, "--against", access, "--map", file],
            ["lint", access, "--suppressions", file],
            ["test", file, "--files", access],
            ["lint", access, "--permissions", file],
        ]
        # A directory is a state too.
        commands += [] if make is directory else [["lint", file], ["gate", "--not-granted", "Users.View", file]]
        for command in commands:
            assert ODD[make] in lanyard(*command).lower().replace("mib", "MiB"), command

    def test_keys(self, access, tmp_path, make):
        file = tmp_path / "key"
        make(file)
        reason = ODD[make].replace("128", "1")
        (tmp_path / "data").mkdir()
        assert reason in lanyard("serve", "--data", tmp_path / "data", "--credentials", file, "--listen", "127.0.0.1:0")
        assert reason in lanyard("doctor", tmp_path / "data", "--key-file", file)
        assert reason in lanyard("pull", "--to", tmp_path / "to", "--data", tmp_path / "none", "--pseudonym-key", file)


class TestLinksInADirectory:
    def test_a_link_that_stays_in_the_directory_is_read(self, access):
        (access / "security-profiles" / "leads.yaml").rename(access / "elsewhere.txt")
        (access / "security-profiles" / "leads.yaml").symlink_to("../elsewhere.txt")
        assert "User" not in lanyard("plan", access, "--against", access, expect=0)

    @pytest.mark.parametrize("name", FILES)
    def test_a_link_that_leaves_it_is_refused(self, access, tmp_path, name):
        outside = tmp_path / "outside.yaml"
        (access / name).rename(outside)
        (access / name).symlink_to(outside)
        assert "is a link that leads out of" in lanyard("lint", access)

    def test_a_folder_of_profiles_elsewhere_is_refused(self, access, tmp_path):
        (access / "security-profiles").rename(tmp_path / "outside")
        (access / "security-profiles").symlink_to(tmp_path / "outside")
        assert "is a link that leads out of" in lanyard("lint", access)

    def test_the_directory_itself_may_be_a_link(self, access, tmp_path):
        (tmp_path / "link").symlink_to(access)
        lanyard("plan", tmp_path / "link", "--against", access, expect=0)


@pytest.fixture(scope="module")
def pulled_from(server, connect) -> list[str]:
    instance = new_instance(connect, InstanceAlias=unique("linked"))
    return ["--endpoint", server.endpoint, "--instance", instance, "--with-names"]


class TestPull:
    @pytest.mark.parametrize("name", ["instance.yaml", "users.yaml", "unseen.yaml", "security-profiles", "security-profiles/agent.yaml"])
    @pytest.mark.parametrize("kind", ["to a file", "to a directory", "to nothing"])
    def test_it_writes_through_no_link(self, tmp_path, pulled_from, name, kind):
        to, outside = tmp_path / "access", tmp_path / "outside"
        place = to / name
        place.parent.mkdir(parents=True)
        match kind:
            case "to a file":
                outside.write_text("# Written by Lanyard: mine\n")
            case "to a directory":
                outside.mkdir()
        place.symlink_to(outside)
        message = lanyard("pull", "--to", to, "--force", *pulled_from)
        assert "there is a symbolic link, which may lead elsewhere" in message and name in message
        assert place.is_symlink()
        match kind:
            case "to a file":
                assert outside.read_text() == "# Written by Lanyard: mine\n"
            case "to a directory":
                assert list(outside.iterdir()) == []
            case "to nothing":
                assert not outside.exists()
        others = [path for path in to.rglob("*") if path != place and not path.is_dir()]
        assert others == [], "nothing was written"

    def test_a_journal_is_no_link(self, tmp_path, pulled_from):
        outside = tmp_path / "outside"
        outside.write_text("mine")
        (tmp_path / "access.pull-journal").symlink_to(outside)
        assert "there is a symbolic link" in lanyard("pull", "--to", tmp_path / "access", *pulled_from)
        assert outside.read_text() == "mine"

    def test_files_are_replaced_and_nothing_else_is_left(self, tmp_path, pulled_from):
        to = tmp_path / "access"
        lanyard("pull", "--to", to, *pulled_from, expect=0)
        before = {path: path.read_text() for path in to.rglob("*") if path.is_file()}
        linked = tmp_path / "a second name"
        os.link(to / "users.yaml", linked)
        (to / "users.yaml").write_text("changed")
        lanyard("pull", "--to", to, "--force", *pulled_from, expect=0)
        assert {path: path.read_text() for path in to.rglob("*") if path.is_file()} == before
        assert linked.read_text() == "changed", "the file was replaced, not written into"


class TestListsWithoutEnd:
    def test_a_page_token_that_comes_again(self, server, pulled_from, tmp_path):
        page = json.dumps({"SecurityProfileSummaryList": [], "NextToken": "again"}).encode()
        with Recorder(server, lambda operation, path: (200, {}, page) if operation == "ListSecurityProfiles" else None) as recorder:
            options = [recorder.endpoint if it == server.endpoint else it for it in pulled_from]
            message = lanyard("pull", "--to", tmp_path / "access", *options)
        assert "ListSecurityProfiles: the list does not end: after 2 pages" in message

    def test_ever_new_page_tokens(self, server, pulled_from, tmp_path):
        count = iter(range(10**9))

        def before(operation, path):
            # Tokens of the longest size, so that their bound is reached soon.
            token = f"{next(count):0>60000}"
            page = json.dumps({"SecurityProfileSummaryList": [], "NextToken": token}).encode()
            return (200, {}, page) if operation == "ListSecurityProfiles" else None

        with Recorder(server, before) as recorder:
            recorder_options = [recorder.endpoint if it == server.endpoint else it for it in pulled_from]
            message = lanyard("pull", "--to", tmp_path / "access", *recorder_options)
        assert "ListSecurityProfiles: the list does not end: it has 0 items on" in message

    def test_lists_of_other_commands(self, server):
        instances = json.dumps({"InstanceSummaryList": [], "NextToken": "again"}).encode()
        with Recorder(server, lambda operation, at: (200, {}, instances)) as recorder:
            assert "the list does not end" in lanyard("history", "--endpoint", recorder.endpoint)

    @pytest.mark.parametrize("option", [[], ["--all"]])
    def test_a_history_that_repeats_itself(self, server, connect, option):
        instance = new_instance(connect)
        with Recorder(server) as recorder:
            kept = []

            def before(operation, path):
                if "/history" not in path:
                    return None
                if not kept:
                    kept.append(server.wire().send("GET", f"/lanyard/v1/instances/{instance}/history?after=0&limit=1").body)
                return 200, {}, kept[0]

            recorder.before = before
            message = lanyard("history", *option, "--resource", "none", "--endpoint", recorder.endpoint, "--instance", instance)
        assert "its entries do not follow each other" in message


class TestWritten:
    """Files that an option names: no link is followed, and what was there stays until the new file is whole."""

    EXPECTATIONS = "expectations:\n- {principal: ana, action: Users.View, resource: 'User:*', expect: allowed}\n"

    def commands(self, access: Path, tmp_path: Path, file: Path) -> dict[str, tuple[int, list[object]]]:
        edited = tmp_path / "edited"
        if not edited.exists():
            shutil.copytree(access, edited)
            leads = edited / "security-profiles" / "leads.yaml"
            leads.write_text(leads.read_text().replace("[Users.View]", "[Users.View, Users.Edit]"))
        expectations = tmp_path / "expectations.yaml"
        expectations.write_text(self.EXPECTATIONS)
        plan = ["plan", edited, "--against", access]
        return {
            "--out": (2, [*plan, "--out", file]),
            "--html": (2, [*plan, "--html", file]),
            "--junit": (0, ["test", expectations, "--files", access, "--junit", file]),
            "--csv": (0, ["review", "Users.View", "--files", access, "--csv", file]),
            "--markdown": (0, ["review", "Users.View", "--files", access, "--markdown", file]),
            "--html of a review": (0, ["review", "Users.View", "--files", access, "--html", file]),
        }

    OPTIONS = ["--out", "--html", "--junit", "--csv", "--markdown", "--html of a review"]

    @pytest.mark.parametrize("option", OPTIONS)
    def test_a_link_is_not_followed(self, access, tmp_path, option):
        outside, link = tmp_path / "outside", tmp_path / "link"
        outside.write_text("mine")
        link.symlink_to(outside)
        _, arguments = self.commands(access, tmp_path, link)[option]
        message = lanyard(*arguments)
        assert "there is a symbolic link" in message and str(link) in message
        assert (outside.read_text(), link.is_symlink()) == ("mine", True)

    @pytest.mark.parametrize("option", OPTIONS)
    def test_a_pipe_is_refused_and_not_waited_for(self, access, tmp_path, option):
        pipe(tmp_path / "pipe")
        _, arguments = self.commands(access, tmp_path, tmp_path / "pipe")[option]
        assert "only regular files are read and written" in lanyard(*arguments)

    @pytest.mark.parametrize("option", OPTIONS)
    def test_a_file_is_replaced_whole(self, access, tmp_path, option):
        (tmp_path / "results").mkdir()
        file = tmp_path / "results" / "file"
        file.write_text("before")
        os.link(file, tmp_path / "a second name")
        status, arguments = self.commands(access, tmp_path, file)[option]
        lanyard(*arguments, expect=status)
        assert file.read_text() != "before" and [path.name for path in file.parent.iterdir()] == ["file"]
        # It was not written in place: who has the old file open reads all of it.
        assert (tmp_path / "a second name").read_text() == "before"

    def test_every_option_that_names_a_file_to_write_is_among_them(self):
        options = {option for of_command in commands().values() for option in of_command}
        named = {option for option in options if option in {"--out", "--html", "--junit", "--csv", "--markdown", "--report"}}
        assert named == {option.split()[0] for option in self.OPTIONS}

    def test_a_manual_page_is_no_link(self, tmp_path):
        (tmp_path / "man").mkdir()
        outside = tmp_path / "outside"
        outside.write_text("mine")
        (tmp_path / "man" / "lanyard.1").symlink_to(outside)
        assert "there is a symbolic link" in lanyard("man", "--to", tmp_path / "man")
        assert outside.read_text() == "mine"


class TestCertificates:
    @pytest.mark.parametrize("option", ["--tls-certificate", "--tls-key"])
    @pytest.mark.parametrize("kind", [pipe, endless, directory], ids=lambda kind: kind.__name__)
    def test_those_of_a_server_are_regular_files(self, tmp_path, option, kind):
        files = self.files(tmp_path)
        kind(files[option])
        message = lanyard("serve", "--data", tmp_path / "data", *(it for pair in files.items() for it in pair))
        assert str(files[option]) in message and "only regular files are read" in message

    @pytest.mark.parametrize("option", ["--tls-certificate", "--tls-key"])
    def test_those_of_a_server_are_bounded(self, tmp_path, option):
        files = self.files(tmp_path)
        with files[option].open("ab") as file:
            file.truncate(2 << 20)
        message = lanyard("serve", "--data", tmp_path / "data", *(it for pair in files.items() for it in pair))
        assert str(files[option]) in message and "larger than 1 MiB" in message

    def test_those_that_are_trusted_are_bounded(self, tmp_path):
        trusted = tmp_path / "ca.pem"
        endless(trusted)
        server = ["--endpoint", "https://127.0.0.1:1", "--ca", trusted]
        message = lanyard("check", "ana", "Users.View", "User:*", *server)
        assert str(trusted) in message and "only regular files are read" in message

    def files(self, tmp_path: Path) -> dict[str, Path]:
        certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
        make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "1"]
        subprocess.run([*make, "-out", certificate, "-keyout", key], check=True, capture_output=True)
        return {"--tls-certificate": certificate, "--tls-key": key}
