"""Reads Markdown: blocks of code, headings, links and prose."""

import dataclasses
import re

FENCE = re.compile(r"^(?P<indent> {0,3})(?P<fence>```+|~~~+)(?P<info>.*)$")
COMMENT = re.compile(r"<!--(.*?)-->", re.S)
# The text of a link may contain code and other brackets.
LINK = re.compile(r"(?<!\\)\[(?:[^\[\]]|\[[^\]]*\])*\]\((?P<target>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+\"[^\"]*\")?\)")
DEFINITION = re.compile(r"^ {0,3}\[[^\]]+\]:\s*(?P<target>\S+)", re.M)
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.S)
HEADING = re.compile(r"^#{1,6} +(?P<text>.*?) *#*$")


@dataclasses.dataclass
class Block:
    """A block of code, with the number of its first line of code and the comment on the line before it."""

    language: str
    text: str
    line: int
    comment: str


def blocks(text):
    """Returns all blocks of code."""
    found, lines, number = [], text.splitlines(), 0
    while number < len(lines):
        opening = FENCE.match(lines[number])
        number += 1
        if not opening:
            continue
        start, code = number, []
        while number < len(lines) and not closes(lines[number], opening["fence"]):
            code.append(lines[number].removeprefix(opening["indent"]))
            number += 1
        number += 1
        words = opening["info"].split()
        found.append(Block(words[0] if words else "", "\n".join(code) + "\n", start + 1, comment_before(lines, start - 1)))
    return found


def closes(line, fence):
    line = line.strip()
    return line.startswith(fence) and set(line) == {fence[0]}


def comment_before(lines, fence):
    """Returns the text of the Markdown comment that ends on the line above a fence."""
    before = "\n".join(lines[:fence]).rstrip()
    start = before.rfind("<!--")
    return before[start + 4:-3].strip() if start >= 0 and before.endswith("-->") and "-->" not in before[start:-3] else ""


def without_blocks(text):
    """Returns the text with empty lines instead of blocks of code and comments, so that numbers of lines stay."""
    kept, fence = [], None
    for line in text.splitlines():
        if fence:
            if closes(line, fence):
                fence = None
            kept.append("")
        elif opening := FENCE.match(line):
            fence = opening["fence"]
            kept.append("")
        else:
            kept.append(line)
    return COMMENT.sub(lambda match: "\n" * match[0].count("\n"), "\n".join(kept) + "\n")


def prose(text):
    """Returns the text without code, comments and addresses. Numbers of lines stay."""
    text = blank(CODE, without_blocks(text))
    text = re.sub(r"\]\([^)\n]*\)", "]", text)
    return re.sub(r"https?://\S+", "", text)


def blank(pattern, text):
    """Replaces each match by `x`, and keeps its line breaks."""
    return pattern.sub(lambda match: "x" + "\n" * match[0].count("\n"), text)


def links(text):
    """Returns (line, target) of all links outside of code."""
    text = without_blocks(text)
    # Code can be the text of a link, so only its brackets are blanked.
    text = CODE.sub(lambda match: re.sub(r"[\[\]()]", " ", match[0]), text)
    matches = [*LINK.finditer(text), *DEFINITION.finditer(text)]
    return sorted((text.count("\n", 0, match.start()) + 1, match["target"].strip("<>")) for match in matches)


def anchors(text):
    """Returns the anchors of all headings, as GitHub makes them."""
    found, seen = set(), {}
    for line in without_blocks(text).splitlines():
        heading = HEADING.match(line)
        if heading:
            slug = anchor(heading["text"])
            count = seen.get(slug, 0)
            seen[slug] = count + 1
            found.add(f"{slug}-{count}" if count else slug)
    return found | set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text))


def anchor(heading):
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").replace("*", "")
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
