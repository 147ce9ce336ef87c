#!/usr/bin/env python3
"""What the README promises a new user of build scripts, done: `cargo new`, the lines that it shows, and no others.

The blocks come out of README.md, so that they cannot be another thing than what is tested. Counted are the lines of all of
them that are neither blank nor comments, tables' headers and closing braces included; the bar is 12. The function is
then called against a server on loopback. After that the document is broken, taken away and put back, and cargo's
messages have to say so. Lives in a temporary folder, since `cargo new` within a workspace writes another manifest;
ends with status 1 on any failure.
"""

import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[1]
WORK = pathlib.Path(tempfile.mkdtemp()) / "new-user"
DOCUMENT = ROOT / "examples" / "build-script" / "discovery" / "storage.v1.json"
BAR = 12
ENVIRONMENT = {**os.environ, "CARGO_INCREMENTAL": "0", "CARGO_TERM_COLOR": "never",
               "CARGO_TARGET_DIR": str(ROOT / "target")}

# What CI adds: where the packages are that are not published yet, and a caller.
PATCH = f"""
[dev-dependencies]
tokio = {{ version = "1", features = ["macros", "rt"] }}

[patch.crates-io]
gapi-generator = {{ path = "{ROOT / "generator"}" }}
gapi-runtime = {{ path = "{ROOT / "runtime"}" }}
"""
CALLER = """\
#[tokio::test]
async fn objects_are_listed() {
    let endpoint = std::env::var("ENDPOINT").unwrap();
    let storage = new_user::storage_v1::Storage::builder().endpoint(endpoint).build().await.unwrap();
    let objects = new_user::list(&storage, "a bucket").await.unwrap();
    assert_eq!(objects.items.unwrap()[0].size, Some(9_007_199_254_740_993));
}
"""


class Server(http.server.BaseHTTPRequestHandler):
    """Answers one call, and nothing else."""

    def do_GET(self):
        known = self.path == "/storage/v1/b/a%20bucket/o?alt=json"
        body = json.dumps({"items": [{"size": "9007199254740993"}]} if known else {"path": self.path}).encode()
        self.send_response(200 if known else 404)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def blocks():
    """The README's first block for each of these files, by the comment that it begins with."""
    readme = (ROOT / "README.md").read_text()
    section = readme[readme.index("### In a build script"):]
    found = {}
    for text in re.findall(r"```\w+\n(.*?)```", section, re.S):
        name = re.match(r"(?:#|//) (\S+)\n", text)
        if name:
            found.setdefault(name[1], text)
    assert is_the_example(section), "the README's longer build script is not that of examples/build-script"
    assert set(found) == {"Cargo.toml", "build.rs", "src/lib.rs"}, f"the README shows {sorted(found)}"
    return found


def code(text):
    """The lines without comments."""
    lines = [re.sub(r"\s*//.*", "", line) for line in text.splitlines()]
    return [line for line in lines if line]


def is_the_example(readme):
    """The longer build script of the README is that of the example, which CI builds, too."""
    shown = re.findall(r"```rust\n(// build\.rs\n.*?)```", readme, re.S)[-1]
    return code(shown) == code((ROOT / "examples" / "build-script" / "build.rs").read_text())


def count(text):
    lines = [line.strip() for line in text.splitlines()]
    return sum(1 for line in lines if line and not line.startswith(("//", "# ")))


def cargo(*arguments, **more):
    return subprocess.run(["cargo", *arguments], cwd=WORK, env={**ENVIRONMENT, **more}, capture_output=True, text=True)


def succeeds(done):
    if done.returncode != 0:
        sys.exit(f"{' '.join(done.args)} failed:\n{done.stdout}{done.stderr}")
    return done.stderr


def fails(done, *said):
    """Cargo fails, and says all of this."""
    assert done.returncode != 0, f"{' '.join(done.args)} did not fail"
    for text in said:
        assert text in done.stderr, f"cargo does not say `{text}`:\n{done.stderr}"
    assert "panicked" not in done.stderr, done.stderr


def main():
    subprocess.run(["cargo", "new", "-q", "--lib", "--vcs", "none", str(WORK)], check=True)
    counted = 0
    for name, text in blocks().items():
        lines = count(text)
        counted += lines
        print(f"{name:<12} {lines:>3} lines")
        path = WORK / name
        # `cargo new` has written the manifest's head.
        head = path.read_text().replace("[dependencies]\n", "") if name == "Cargo.toml" else ""
        path.write_text(head + text)
    print(f"{'together':<12} {counted:>3} lines (at most {BAR})")
    document = WORK / "storage.v1.json"
    shutil.copy(DOCUMENT, document)
    with open(WORK / "Cargo.toml", "a") as manifest:
        manifest.write(PATCH)

    said = succeeds(cargo("build"))
    assert "warning" not in said, said
    (WORK / "tests").mkdir()
    (WORK / "tests" / "caller.rs").write_text(CALLER)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    succeeds(cargo("test", "-q", ENDPOINT=f"http://127.0.0.1:{server.server_port}"))
    print("built and called")

    text = document.read_text()
    parsed = json.loads(text)
    parsed["schemas"]["Bucket"]["properties"]["acl"]["items"]["$ref"] = "Nowhere"
    parsed["schemas"]["Bucket"]["properties"]["id"]["type"] = 7
    document.write_text(json.dumps(parsed))
    fails(cargo("build"), "failed to run custom build command for `new-user",
          "error: storage.v1.json#/schemas/Bucket/properties/id/type: ")
    parsed["schemas"]["Bucket"]["properties"]["id"]["type"] = "mystery"
    document.write_text(json.dumps(parsed))
    fails(cargo("build"), "error: storage.v1.json#/schemas/Bucket/properties/acl/items/$ref: `$ref` names the schema `Nowhere`",
          "warning: storage.v1.json#/schemas/Bucket/properties/id")
    document.unlink()
    fails(cargo("build"), "error: storage.v1.json: cannot read: No such file or directory",
          "help: in a build script paths are relative to the folder of Cargo.toml")
    print("what is wrong with a document fails the build, with its place")

    parsed["schemas"]["Bucket"]["properties"]["acl"]["items"]["$ref"] = "BucketAccessControl"
    document.write_text(json.dumps(parsed))
    said = succeeds(cargo("build"))
    warnings = re.findall(r"^warning: new-user@0\.1\.0: storage\.v1\.json#/schemas/Bucket/properties/id", said, re.M)
    assert len(warnings) == 1, f"the warning is not shown once:\n{said}"
    document.write_text(text)
    assert "warning" not in succeeds(cargo("build")), "the document is back, and the warning still there"
    print("what is odd in a document is a warning, and a document that changes is noticed")
    if counted > BAR:
        sys.exit(f"{counted} lines are too many")


if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(WORK.parent)
