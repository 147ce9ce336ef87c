#!/usr/bin/env python3
"""Runs the shell lines of the pages in docs/, in order and as written.

    tools/guides.py [PAGE…]

The pages share a directory that contains a copy of this repository as `gapi/`. Blocks that begin with the name of a file become
this file. A block of text that begins with `$` shows the output of its command, which is compared. Google's servers are
simulated, as by new_user.py. Blocks after `<!-- not run: reason -->` are skipped.

Builds go on in the target directory of new_user.py. Ends with status 1 on the first failure. Needs pip for a certificate.
"""

import importlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
PACKAGES = ROOT / "target" / "new-user" / "python"
sys.path[:0] = [str(ROOT / "tools" / directory) for directory in ("checks", "new_user", "parity", "")] + [str(PACKAGES)]

import environment as python_packages  # pylint: disable=wrong-import-position
import markdown  # pylint: disable=wrong-import-position
import new_user  # pylint: disable=wrong-import-position
import program  # pylint: disable=wrong-import-position
import servers  # pylint: disable=wrong-import-position

# The places of new_user.py, so that cargo finds what it has built before.
WORK, TARGET = new_user.WORK, new_user.TARGET
EXAMPLES = ROOT / "examples" / "workspace" / "discovery"
DOCUMENTS = [*(EXAMPLES / f"{name}.json" for name in ("calendar.v3", "drive.v3", "gmail.v1")),
             ROOT / "examples" / "discovery" / "sheets.v4.json"]
PROJECT = """[fetch]
apis = ["drive:v3"]

[[output]]
out = "src"
documents = ["drive-v3"]
resources = ["files"]
"""


class Failure(Exception):
    """An error: a line of a page does not have the documented effect."""


class Reader:
    """A person who follows pages, with a simulated Google."""

    def __init__(self):
        for name in ("home", "bin"):
            (WORK / name).mkdir(parents=True)
        new_user.clone(self)
        (WORK / "bin" / "gcloud").write_text("#!/bin/sh\ntest \"$1 $2 $3\" = \"auth application-default login\"\n")
        (WORK / "bin" / "gcloud").chmod(0o755)
        (WORK / "bin" / "gapi").symlink_to(program.gapi())
        self.google = servers.Google(WORK, [json.loads(path.read_text()) for path in DOCUMENTS])
        # Files that only the reader has.
        url = self.google.url()
        self.files = {
            "instances/key.json": new_user.key_file(),
            "office/client_secret.json": json.dumps({"installed": {
                "client_id": "id", "client_secret": "secret", "redirect_uris": ["http://localhost"],
                "auth_uri": url + "/auth", "token_uri": url + "/token"}}),
        }
        rust = {name: os.environ.get(name, str(pathlib.Path.home() / default))
                for name, default in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")]}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GOOGLE_", "CLOUDSDK_"))}
        self.environment = {
            **kept, **rust, "PATH": f"{WORK / 'bin'}:{os.environ['PATH']}", "HOME": str(WORK / "home"),
            "CARGO_TARGET_DIR": str(TARGET), "CARGO_TERM_COLOR": "never", "CARGO_INCREMENTAL": "0",
            "CARGO_PROFILE_DEV_DEBUG": "0",
            "GIT_AUTHOR_NAME": "reader", "GIT_AUTHOR_EMAIL": "reader@example.com",
            "GIT_COMMITTER_NAME": "reader", "GIT_COMMITTER_EMAIL": "reader@example.com",
        }

    @property
    def work(self):
        """The directory that `new_user.clone` copies the repository into."""
        return WORK

    def follow(self, page):
        """Runs the blocks of a page. Returns the number of blocks that ran."""
        start = PREPARATIONS.get(page.stem, lambda _: WORK)(self)
        cwd, count = start, 0
        for block in markdown.blocks(page.read_text()):
            if block.comment.startswith("not run:"):
                continue
            place = f"docs/{page.name}:{block.line}"
            name = re.match(r"(?:#|//) ([\w./-]+\.\w+)\n", block.text)
            if name and not (ROOT / name[1]).exists():
                path = start / name[1]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text)
            elif block.language == "sh":
                cwd = self.type(block.text, cwd, place)
                count += 1
            elif block.language == "text" and block.text.startswith("$ "):
                command, _, expected = block.text[2:].partition("\n")
                self.compare(command, expected, cwd, place)
                count += 1
        return count

    def type(self, lines, cwd, place):
        """Runs lines, and returns the directory that they end in."""
        end = WORK / "home" / "cwd"
        self.run(f"set -euo pipefail\n{lines}\npwd > {end}", cwd, place)
        return pathlib.Path(end.read_text().strip())

    def compare(self, command, expected, cwd, place):
        for name, text in self.files.items():
            if (WORK / name).parent == cwd:
                (WORK / name).write_text(text)
        if command.startswith("cargo run"):
            # The registry is outside of the simulated network.
            options = command.removeprefix("cargo run").partition(" -- ")[0]
            self.run(f"cargo build{options}", cwd, place, is_online=True)
        output = self.run(command, cwd, place)
        if output != expected:
            raise Failure(f"{place}: `{command}` prints\n{output}instead of\n{expected}")

    def run(self, script, cwd, place, is_online=False):
        """Runs a script, and returns its output. Opens the login page that it shows on stderr."""
        variables = self.environment if is_online else {**self.environment, **self.google.environment()}
        with subprocess.Popen(["bash", "-c", script], cwd=cwd, env=variables, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
            shown = []
            watcher = threading.Thread(target=watch, args=(process.stderr, shown))
            watcher.start()
            output = process.stdout.read()
            watcher.join()
        if process.returncode != 0:
            raise Failure(f"{place}: status {process.returncode} of\n{script}\n{output}{''.join(shown)}")
        return output


def watch(stream, shown):
    """Keeps the lines of a stream, and opens login pages as a browser does."""
    for line in stream:
        shown.append(line)
        address = re.search(r"http://127\.0\.0\.1:\d+/auth\S*", line)
        if address:
            with urllib.request.urlopen(address[0]) as page:
                page.read()


def crate(reader):
    """Returns a new crate, as a page about a crate of the reader expects it."""
    reader.run("cargo new -q --lib mine", WORK, "preparation")
    return WORK / "mine"


def history(reader):
    """Returns a project whose documents were committed twice and are older than Google's."""
    reader.run("cargo new -q --lib followed", WORK, "preparation")
    project = WORK / "followed"
    (project / "gapi.toml").write_text(PROJECT)
    (project / "discovery").mkdir()
    document = json.loads(DOCUMENTS[1].read_text())
    fields = document["schemas"]["File"]["properties"]
    starred = fields.pop("starred")
    del fields["trashed"]
    # The second document has a field more than the first, and Google's has another one.
    for revision in ["20260101", "20260201"]:
        document["revision"] = revision
        (project / "discovery" / "drive.v3.json").write_text(json.dumps(document, indent=1))
        reader.run(f"git init -q && git add . && git commit -qm {revision}", project, "preparation")
        fields["starred"] = starred
    reader.run("git tag v0.1.0", project, "preparation")
    return project


PREPARATIONS = {"generating": crate, "following-changes": history}


def main():
    wanted = sys.argv[1:] or sorted(path.stem for path in (ROOT / "docs").glob("*.md"))
    if not (PACKAGES / "trustme").exists():
        python_packages.install(["trustme"], PACKAGES, "contents.txt", "trustme")
        importlib.invalidate_caches()
    shutil.rmtree(WORK, ignore_errors=True)
    try:
        reader = Reader()
        for page in wanted:
            started = time.monotonic()
            count = reader.follow(ROOT / "docs" / f"{page}.md")
            if count:
                print(f"docs/{page}.md: {count} blocks, {time.monotonic() - started:.1f} s", flush=True)
    except Failure as failure:
        sys.exit(f"failed: {failure}")
    shutil.rmtree(WORK)


if __name__ == "__main__":
    main()
