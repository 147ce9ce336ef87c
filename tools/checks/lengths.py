"""Checks the lengths of documents and of hand-written source."""

# Lines or bytes.
LIMITS = {"README.md": (150, "lines"), "ARCHITECTURE.md": (8_192, "bytes"), "CONTRIBUTING.md": (6_144, "bytes")}
SOURCE_LINES = 400
# Directories without hand-written source.
GENERATED = ("generated/src/", "examples/own-crate/translate-client/", "tests/goldens/src/", "tests/fixtures/", "discovery/",
             "tests/seeds/")


def findings(root, files):
    found = []
    for name, (limit, unit) in LIMITS.items():
        data = (root / name).read_bytes()
        length = len(data.splitlines()) if unit == "lines" else len(data)
        if length > limit:
            found.append(f"{name}: has {length} {unit}, and at most {limit}")
    for path in files:
        if path.suffix in (".rs", ".py") and not str(path).startswith(GENERATED):
            length = len((root / path).read_text().splitlines())
            if length > SOURCE_LINES:
                found.append(f"{path}: has {length} lines, and at most {SOURCE_LINES}")
    return found
