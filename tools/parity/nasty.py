"""Texts that fail if something is escaped too much, too little, or twice."""

import re

from draws import draw

TEXTS = (
    "a b", " leading and trailing ", "'single'", '"double"', "a+b&c=d", ";,:@$!*'()", "(x)*!'", "é", "naïve café",
    "日本語", "한국어/中文", "emoji 😀👍🏽", "~tilde~", "%", "100%", "%zz", "%2F", "%41 and a space", "50% of %41é",
    "%e4%bd%a0", "what?", "?a=b&c=d", "#fragment", "a#b?c", "a/b", "/a//b/", "../..", "{name}", "{x}", "{+x}",
    "back\\slash", "pipe|pipe", "caret^", "`tick`", "<b>bold</b>", "[0]", "a.b-c_d", "tab\tinside", "\"<>\\^`{|}",
    "%2f<%>", "$.xgafv", "_",
)
# Parts of a path that clients treat differently: its end, segments that may vanish, and triplets next to invalid
# ones. Most calls have none, because otherwise hardly any path would be the same in all clients.
UNCERTAIN = re.compile(r"[?#\t]|//|\.\.|%[0-9A-Fa-f]{2}")
CERTAIN = tuple(text for text in TEXTS if not UNCERTAIN.search(text))
# A query of this length makes the Python client turn a GET into a POST.
LONG = "long and longer, " * 140


def nasty_text(*key):
    """Returns one of them."""
    return TEXTS[draw(len(TEXTS), *key)]


def nasty_parameter(method, *key, filled):
    """Returns one of them, a very long one, or an empty one. `filled` forbids the empty one, for example in a path."""
    if filled and draw(4, "uncertain", method) != 0:
        return CERTAIN[draw(len(CERTAIN), method, *key)]
    key = (method, *key)
    chance = draw(60, "length", *key)
    if chance == 0:
        return LONG
    if chance == 1 and not filled:
        return ""
    return nasty_text(*key)
