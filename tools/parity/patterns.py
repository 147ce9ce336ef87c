"""Creates texts that match a regular expression, from its parse tree."""

import functools
import re
import re._constants as syntax
import re._parser as parser
import string

from draws import draw

PLAIN = string.ascii_letters + string.digits
# The maximum number of repetitions beyond those that a pattern requires.
EXTRA = 5


class NoText(Exception):
    """An error: no text was found for a pattern."""


def text_for(pattern, key, nasty=None):
    """Returns a text that the whole pattern matches, the same for the same key.

    `nasty`, a function of a key, returns the text for places where the pattern allows almost anything.
    """
    tree, compiled = _parsed(pattern)
    for attempt in range(20):
        writer = _Writer((*key, str(attempt)), nasty)
        try:
            text = writer.sequence(tree)
        except NotImplementedError:
            break
        if compiled.match(text) and compiled.fullmatch(text):
            return text
    raise NoText(f"no value for the pattern {pattern}")


@functools.lru_cache(maxsize=None)
def _parsed(pattern):
    return parser.parse(pattern), re.compile(pattern)


class _Writer:
    def __init__(self, key, nasty):
        self.key = key
        self.nasty = nasty
        self.choices = 0
        self.open_places = 0

    def choose(self, count):
        self.choices += 1
        return draw(count, *self.key, str(self.choices))

    def sequence(self, nodes):
        return "".join(self.node(operator, argument) for operator, argument in nodes)

    def node(self, operator, argument):
        if operator is syntax.AT:
            return ""
        if operator is syntax.LITERAL:
            return chr(argument)
        if operator is syntax.SUBPATTERN:
            return self.sequence(argument[-1])
        if operator is syntax.BRANCH:
            branches = argument[1]
            return self.sequence(branches[self.choose(len(branches))])
        if operator in (syntax.MAX_REPEAT, syntax.MIN_REPEAT):
            return self.repeat(*argument)
        if operator in (syntax.IN, syntax.ANY, syntax.NOT_LITERAL):
            return self.character(_class(operator, argument))
        raise NotImplementedError(operator)

    def repeat(self, least, most, nodes):
        kind = _class(*nodes[0]) if len(nodes) == 1 else None
        if self.nasty and kind and is_open(kind) and most > 1:
            return self.nasty_run(kind, least, most)
        count = least + self.choose(min(int(most) - least, EXTRA) + 1)
        if kind and most > 1:
            count = max(count, min(int(most), 3))
        return "".join(self.sequence(nodes) for _ in range(count))

    def nasty_run(self, kind, least, most):
        """Returns the characters of a nasty text that the pattern allows."""
        self.open_places += 1
        wanted = self.nasty(*self.key, str(self.open_places))
        text = "".join(char for char in wanted if admits(kind, char))[:int(most)]
        return text + "".join(self.character(kind) for _ in range(max(least, 1) - len(text)))

    def character(self, kind):
        candidates = _candidates(kind)
        if not candidates:
            raise NotImplementedError(kind)
        return candidates[self.choose(len(candidates))]


def _class(operator, argument):
    """Returns a one-character pattern as a hashable list of its alternatives; None for anything else."""
    if operator is syntax.IN:
        return tuple(argument)
    if operator is syntax.ANY:
        return ((syntax.NEGATE, None), (syntax.LITERAL, ord("\n")))
    if operator is syntax.NOT_LITERAL:
        return ((syntax.NEGATE, None), (syntax.LITERAL, argument))
    return None


def is_open(kind):
    """Returns whether a class is negated."""
    return kind[0][0] is syntax.NEGATE


def admits(kind, char):
    if is_open(kind):
        return not any(_member(item, char) for item in kind[1:])
    return any(_member(item, char) for item in kind)


def _member(item, char):
    operator, argument = item
    if operator is syntax.LITERAL:
        return ord(char) == argument
    if operator is syntax.RANGE:
        return argument[0] <= ord(char) <= argument[1]
    if operator is syntax.CATEGORY:
        return _CATEGORIES[argument](char)
    raise NotImplementedError(operator)


_CATEGORIES = {
    syntax.CATEGORY_DIGIT: str.isdigit,
    syntax.CATEGORY_NOT_DIGIT: lambda char: not char.isdigit(),
    syntax.CATEGORY_WORD: lambda char: char.isalnum() or char == "_",
    syntax.CATEGORY_NOT_WORD: lambda char: not (char.isalnum() or char == "_"),
    syntax.CATEGORY_SPACE: str.isspace,
    syntax.CATEGORY_NOT_SPACE: lambda char: not char.isspace(),
}


@functools.lru_cache(maxsize=None)
def _candidates(kind):
    """Returns letters and digits if they are allowed, otherwise any allowed printable character."""
    plain = [char for char in PLAIN if admits(kind, char)]
    return plain or [char for char in string.printable if admits(kind, char)]


@functools.lru_cache(maxsize=None)
def matches(pattern, text):
    """Matches as the Python client does: anchored only at the start."""
    return re.match(pattern, text) is not None
