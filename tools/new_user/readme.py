"""Reads the code blocks of a Markdown file."""

import dataclasses
import re


@dataclasses.dataclass
class Block:
    section: str
    language: str
    text: str

    def path(self):
        """Returns the file name in the comment on the first line: `# hello/Cargo.toml`, or `// hello/src/main.rs`."""
        match = re.match(r"(?:#|//) ([\w./-]+\.\w+)", self.text)
        return match and match[1]

    def lines(self):
        """Returns the lines of code, without blank lines and comments."""
        lines = (re.sub(r"\s+(#|//) .*", "", line) for line in self.text.splitlines())
        return [line for line in lines if line and not line.startswith(("# ", "// "))]


def blocks(path):
    """Returns all blocks in order, each with its heading."""
    section, found = "", []
    pattern = re.compile(r"^## (?P<heading>[^\n]*)$|^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.M | re.S)
    for match in pattern.finditer(path.read_text()):
        if match["heading"]:
            section = match["heading"]
        else:
            found.append(Block(section, match["language"], match["text"]))
    return found
