"""Checks that workflows of GitHub Actions pin each action by its commit, and that checkouts keep no token."""

import re

USES = re.compile(r"^\s*(?:- )?uses: (?P<action>[^@\s]+)@(?P<version>\S+)(?P<rest>.*)$")


def findings(root, files):
    paths = [path for path in files if str(path).startswith(".github/workflows/")]
    return [f"{path}:{problem}" for path in paths for problem in check((root / path).read_text())]


def check(text):
    found, lines = [], text.splitlines()
    for number, line in enumerate(lines, 1):
        use = USES.match(line)
        if not use:
            continue
        if not re.fullmatch(r"[0-9a-f]{40}", use["version"]):
            found.append(f"{number}: {use['action']} is not pinned by its commit")
        elif not re.match(r" # v\d", use["rest"]):
            found.append(f"{number}: {use['action']} has no comment with its version")
        if use["action"] == "actions/checkout" and not any(
                "persist-credentials: false" in following for following in lines[number:number + 3]):
            found.append(f"{number}: the checkout keeps its token")
    return found
