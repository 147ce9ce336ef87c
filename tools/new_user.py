#!/usr/bin/env python3
"""Follows README.md from an empty directory, as a new user does.

    tools/new_user.py [--keep]

Every file and every command comes from README.md, without additions. The repository is copied next to the new project,
like a clone. The environment of the programs is simulated: a proxy for Google's servers, a `gcloud` that
writes the file of a login, a browser, and the key files of a user. Prints the time of each step. Ends with status 1
on the first failure. Needs pip for the certificate of the proxy.
"""

import argparse
import contextlib
import importlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tools" / "new_user"), str(ROOT / "tools" / "parity"), str(ROOT / "target" / "new-user" / "python")]

import environment as python_packages  # pylint: disable=wrong-import-position
import readme  # pylint: disable=wrong-import-position
import servers  # pylint: disable=wrong-import-position

# Always the same places, the first one outside of this repository, because `cargo new` would make the project a member of its
# workspace. So guides.py can use the build of this program.
WORK = pathlib.Path(tempfile.gettempdir()) / "gapi-new-user"
TARGET = ROOT / "target" / "new-user" / "target"
DOCUMENT = ROOT / "examples" / "workspace" / "discovery" / "drive.v3.json"
EMULATOR_PORT = 9020
STARTS = 100
# The lines that a user types until the first response.
MOST_TYPED = 25
GCLOUD = """#!/bin/sh
test "$*" = "auth application-default login" || exit 1
mkdir -p "$HOME/.config/gcloud"
cp "$HOME/login.json" "$HOME/.config/gcloud/application_default_credentials.json"
"""


class Failure(Exception):
    """An error: a step did not behave as README.md describes."""


def check(condition, message):
    if not condition:
        raise Failure(message)


@contextlib.contextmanager
def step(name):
    start = time.monotonic()
    yield
    print(f"{name:<58} {time.monotonic() - start:6.1f} s", flush=True)


class User:
    """A user with an empty directory, who creates files and runs commands of the blocks in README.md."""

    def __init__(self, work):
        self.start = time.monotonic()
        self.work = work
        self.cwd = work
        self.home = work / "home"
        self.home.mkdir()
        tools = work / "bin"
        tools.mkdir()
        (tools / "gcloud").write_text(GCLOUD)
        (tools / "gcloud").chmod(0o755)
        packages = ROOT / "target" / "new-user" / "python"
        if not (packages / "trustme").exists():
            python_packages.install(["trustme"], packages, "contents.txt", "trustme")
            importlib.invalidate_caches()
        self.google = servers.Google(work, [json.loads(DOCUMENT.read_text())])
        self.blocks = readme.blocks(ROOT / "README.md")
        rust = {name: os.environ.get(name, str(pathlib.Path.home() / default))
                for name, default in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")]}
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("GOOGLE_", "CLOUDSDK_"))},
            **rust, "PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(self.home), "CARGO_TERM_COLOR": "never",
            "CARGO_INCREMENTAL": "0", "CARGO_TARGET_DIR": str(TARGET),
            # These programs are not debugged.
            "CARGO_PROFILE_DEV_DEBUG": "0",
        }

    def section(self, heading, language=None):
        found = [block for block in self.blocks if block.section == heading and language in (None, block.language)]
        check(found, f"README.md has no {language or ''} block under {heading}")
        return found

    def write(self, block):
        """Writes the file that a block names."""
        path = self.work / block.path()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text)

    def run(self, line, is_online=False, **options):
        """Runs a command line and returns its output. `is_online` allows access to a package registry."""
        environment = self.environment if is_online else {**self.environment, **self.google.environment()}
        done = subprocess.run(["bash", "-c", line], cwd=self.cwd, env=environment, text=True, capture_output=True,
                              timeout=1_200, **options)
        check(done.returncode == 0, f"`{line}` failed:\n{done.stdout}{done.stderr}")
        return done

    def type(self, line):
        """Runs a line of a shell block. Builds the registry packages of a cargo command before."""
        if line.startswith("cd "):
            self.cwd = (self.cwd / line[3:]).resolve()
            check(self.cwd.is_dir(), f"`{line}`: there is no {self.cwd}")
            return None
        if line.startswith("cargo run"):
            options = re.match(r"cargo run((?: -+\S+(?: [^-\s]\S*)?)*?)(?: -- .*| generate\b.*| fetch\b.*)?$", line)[1]
            self.build("cargo build" + options)
        return self.run(line)

    def build(self, line="cargo build"):
        done = self.run(line, is_online=True)
        check("warning" not in done.stderr, f"`{line}` warns:\n{done.stderr}")

    def run_as_shown(self, block):
        """Runs the command of a block `$ command`, and compares its output with the other lines."""
        command, _, expected = block.text.removeprefix("$ ").partition("\n")
        check(block.text.startswith("$ "), f"no command:\n{block.text}")
        output = self.type(command).stdout
        check(output == expected, f"`{command}` prints\n{output}instead of\n{expected}")


def key_file(token_uri="https://oauth2.googleapis.com/token"):
    body = (ROOT / "tests" / "tests" / "calls" / "credentials" / "service_account.key").read_text()
    return json.dumps({
        "type": "service_account", "project_id": "my-project", "private_key_id": "1",
        "private_key": f"-----BEGIN PRIVATE KEY-----\n{body}-----END PRIVATE KEY-----\n",
        "client_email": "robot@my-project.iam.gserviceaccount.com", "client_id": "1",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth", "token_uri": token_uri,
    })


def clone(user):
    """Copies the files that git knows, as in a clone."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        target = user.work / "gapi" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).exists():
            shutil.copy2(ROOT / name, target)


def quick_start(user):
    shell, manifest, program, shown = user.section("Quick start")
    with step("quick start: the project"):
        for line in shell.lines():
            user.type(line)
        user.write(manifest)
        user.write(program)
        (user.cwd / "key.json").write_text(key_file())
    with step("quick start: the first build"):
        user.build()
    with step("quick start: run"):
        user.run_as_shown(shown)
        requests = user.google.taken()
        check(len(requests) == 2, f"{len(requests)} requests instead of two pages")
        check(all(token_of(request).startswith("Bearer ey") for request in requests), "the token is not the key's")
    # The line that clones the repository, and the one that runs the program.
    typed = 2 + sum(typed_lines(block) for block in (shell, manifest, program))
    print(f"from the clone to the first response: {time.monotonic() - user.start:.0f} s, {typed} lines typed", flush=True)
    check(typed <= MOST_TYPED, f"more than {MOST_TYPED} lines")
    with step(f"quick start: started {STARTS} times"):
        expected = shown.text.partition("\n")[2]
        program = TARGET / "debug" / "hello"
        outputs = [user.run(str(program)).stdout for _ in range(STARTS)]
        check(outputs == [expected] * STARTS, f"{sum(output == expected for output in outputs)} of {STARTS} responses")
        user.google.taken()


def typed_lines(block):
    """Returns the number of lines of a block, without empty ones and the name of its file."""
    lines = [line for line in block.text.splitlines() if line.strip()]
    return len(lines) - bool(re.match(r"(#|//) \S+/\S+$", lines[0]))


def token_of(request):
    return request.headers.get("authorization", "")


def authentication(user):
    """Replaces the line that builds the client with each line of the block in turn."""
    code = user.section("Authentication", "rust")[0]
    login, workspace = user.section("Authentication", "sh")
    path = user.cwd / "src" / "main.rs"
    program = path.read_text()
    (user.home / "login.json").write_text(json.dumps({
        "type": "authorized_user", "client_id": "id", "client_secret": "secret", "refresh_token": "refresh"}))
    expected = {
        "credentials_file": lambda request: token_of(request).startswith("Bearer ey"),
        "build": lambda request: token_of(request) == "Bearer user-token",
        "api_key": lambda request: request.headers.get("x-goog-api-key") == "AIza-key" and not token_of(request),
        "endpoint": lambda request: request.host == f"localhost:{EMULATOR_PORT}" and not token_of(request),
    }
    emulator = user.google.serve(EMULATOR_PORT)
    seen = []
    for line in code.lines():
        kind = re.search(r"builder\(\)\.(\w+)\(", line)[1]
        seen.append(kind)
        with step(f"authentication: {kind}"):
            if kind == "build":
                missing_login(user, program, line)
                for command in login.lines():
                    user.run(command)
            path.write_text(with_client(program, line))
            user.type("cargo run -q")
            calls = [request for request in user.google.taken() if "/instances" in request.line]
            check(calls and all(expected[kind](call) for call in calls), f"{line}\n{calls}")
    check(seen == list(expected), f"README.md shows {seen}")
    emulator.shutdown()
    path.write_text(program)
    workspace_apis(user, workspace)


def with_client(program, line):
    changed, count = re.subn(r"^ *let spanner = .*$", lambda _: "    " + line, program, flags=re.M)
    check(count == 1, "the program builds no client")
    return changed


def missing_login(user, program, line):
    """Checks that without a login the program fails within five seconds and names a fix."""
    (user.cwd / "src" / "main.rs").write_text(with_client(program, line))
    user.build()
    environment = {**user.environment, **user.google.environment(), "GCE_METADATA_HOST": "127.0.0.1:1"}
    start = time.monotonic()
    done = subprocess.run(["cargo", "run", "-q"], cwd=user.cwd, env=environment, text=True, capture_output=True)
    took = time.monotonic() - start
    check(done.returncode != 0 and "gcloud auth application-default login" in done.stderr, done.stderr)
    check(took < 5, f"the error came after {took:.1f} s")
    user.google.taken()


def workspace_apis(user, block):
    """Runs the programs for Drive and Gmail. Their files contain the URL of the token server."""
    url = user.google.url()
    start = user.cwd
    change, login, delegation = block.lines()
    with step("authentication: user login (Drive)"):
        user.type(change)
        (user.cwd / "key.json").write_text(key_file(url + "/token"))
        (user.cwd / "client_secret.json").write_text(json.dumps({"installed": {
            "client_id": "id", "client_secret": "secret", "redirect_uris": ["http://localhost"],
            "auth_uri": url + "/auth", "token_uri": url + "/token"}}))
        user.build(login.replace("run", "build"))
        output = run_with_browser(user, login)
        check(output.endswith("\nfile-1\n"), output)
        requests = user.google.taken()
        check(any("code=code" in request.text() for request in requests), "no code was exchanged")
        check(user.type(login).stdout == "file-1\n", "the second run asks for another login")
        check(not any("/auth" in request.line for request in user.google.taken()), "the browser was opened again")
    with step("authentication: delegation (Gmail)"):
        check(user.type(delegation).stdout == "m-1\nm-2\n", "not the messages")
        token, *calls = user.google.taken()
        check("assertion=" in token.text() and token.path().path == "/token", token.line)
        check(all(token_of(call) == "Bearer user-token" for call in calls), "the token is not the one of the server")
    user.cwd = start


def run_with_browser(user, line):
    """Runs a program that prints a URL, because there is no browser. Opens the URL as a browser does."""
    environment = {**user.environment, **user.google.environment()}
    with subprocess.Popen(["bash", "-c", line], cwd=user.cwd, env=environment, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as program:
        output = ""
        for text in program.stdout:
            output += text
            address = re.search(r"http://127\.0\.0\.1:\d+/auth\S*", text)
            if address:
                with urllib.request.urlopen(address[0]) as page:
                    page.read()
    check(program.returncode == 0, f"`{line}` failed:\n{output}")
    return output


def any_api(user):
    create, generate = user.section("Any Google API", "sh")
    manifest = user.section("Any Google API", "toml")[0]
    script, program = user.section("Any Google API", "rust")
    user.cwd = user.work
    with step("any API: fetch"):
        for line in create.lines():
            user.type(line)
        check((user.cwd / "discovery" / "drive.v3.json").exists(), "no document was fetched")
        user.google.taken()
    with step("any API: build script"):
        for block in [manifest, script, program]:
            user.write(block)
        (user.cwd / "key.json").write_text(key_file())
        user.build()
    with step("any API: run"):
        output = user.type("cargo run").stdout
        check(output == "minutes.txt\nplan.txt\n", output)
        calls = user.google.taken()
        check(all("nextPageToken" in call.query()["fields"] for call in calls), "the mask has no page token")
    with step("any API: messages for a broken document"):
        broken_documents(user)
    modules(user, generate.lines()[0])


def broken_documents(user):
    """Checks that a mistake in a document fails the build, and that the message names the place."""
    document = user.cwd / "discovery" / "drive.v3.json"
    text = document.read_text()
    broken = json.loads(text)
    broken["schemas"]["File"]["properties"]["owners"]["items"]["$ref"] = "Nowhere"
    document.write_text(json.dumps(broken))
    fails(user, "drive.v3.json#/schemas/File/properties/owners/items/$ref", "Nowhere")
    document.unlink()
    fails(user, "drive.v3.json: cannot read: No such file or directory")
    document.write_text(text)
    user.build()


def fails(user, *texts):
    done = subprocess.run(["cargo", "build"], cwd=user.cwd, env=user.environment, text=True, capture_output=True)
    check(done.returncode != 0, "cargo builds a broken document")
    check(all(text in done.stderr for text in texts) and "panicked" not in done.stderr, done.stderr)


def modules(user, line):
    """Builds another program with exactly the lines that `generate` prints."""
    with step("modules: generate"):
        documents = user.cwd / "discovery"
        user.cwd = user.work
        user.run("cargo new -q modules")
        user.cwd = user.work / "modules"
        shutil.copytree(documents, user.cwd / "discovery")
        printed = user.type(line).stdout
        added = re.findall(r"^Add to (?:\[(\w+)\] in )?(\S+):\n\n((?:    .*\n)+)", printed, re.M)
        check({path for _, path, _ in added} == {"src/main.rs", "Cargo.toml"}, f"`{line}` prints\n{printed}")
        for table, path, lines in added:
            file, lines = user.cwd / path, re.sub("^    ", "", lines, flags=re.M)
            text = file.read_text()
            header = f"[{table}]\n"
            check(not table or header in text, f"{path} has no {header}")
            file.write_text(text.replace(header, header + lines) if table else lines + text)
    with step("modules: build without a warning"):
        user.build()
        check(not (user.work / "gapi" / "generated" / "src" / "drive_v3.rs").exists(), "the clone was changed")


def contributor(user):
    """Runs the first of the two commands. The second runs all tests, which is a separate step in CI."""
    generate, test = user.section("Working on gapi", "sh")[0].lines()
    check(test.strip() == "cargo test", test)
    user.cwd = user.work / "gapi"
    with step(f"contributors: {generate.strip()}"):
        before = contents(user.cwd / "generated")
        user.type(generate)
        check(contents(user.cwd / "generated") == before, "the checked-in clients are out of date")


def contents(directory):
    return {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--keep", action="store_true", help="keep the directory")
    keep = parser.parse_args().keep
    for place in (WORK, TARGET):
        shutil.rmtree(place, ignore_errors=True)
    WORK.mkdir()
    try:
        user = User(WORK)
        with step("a clone next to the project"):
            clone(user)
        quick_start(user)
        authentication(user)
        any_api(user)
        contributor(user)
    except Failure as failure:
        sys.exit(f"failed: {failure}")
    finally:
        if keep:
            print(f"kept in {WORK}")
        else:
            shutil.rmtree(WORK)


if __name__ == "__main__":
    main()
