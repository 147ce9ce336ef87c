"""Builds batches of different calls."""

import re

import variants
from draws import draw
from library import Rejected
from nasty import UNCERTAIN

SIZE = 10
# Verb and variant, in the order in which they go into a batch.
KINDS = (("GET", "full"), ("POST", "body-only"), ("DELETE", "min"), ("GET", "hostile"), ("PATCH", "body-only"),
         ("POST", "hostile"), ("PUT", "body-only"), ("GET", "std"), ("DELETE", "hostile"), ("POST", "min"))

# In a single request the HTTP library escapes some of the remaining characters. In a part they stay: Python fails for
# characters outside of ASCII, and a space would end the URL.
ILLEGAL = re.compile(r"""[^!-~]|["<>\\^`{|}]""")


def lines(library, document, methods):
    """Returns one line for a document; none if Python cannot call any of its methods."""
    chosen = choose(library, document, methods)
    if not chosen:
        return
    args = {"calls": [{"id": method.id, "args": arguments} for method, arguments in chosen]}
    line = {"id": "batch", "variant": "batch", "document": document["id"], "args": args}
    try:
        yield {**line, **library.send_together(document["id"], chosen)}
    except Rejected as problem:
        yield {**line, "error": str(problem)}


def choose(library, document, methods):
    """Returns methods with their arguments: one of each kind, and then others until the batch is full."""
    in_turn = sorted(methods, key=lambda method: draw(2**32, method.id, "batch"))
    chosen, used = [], set()
    for verb, variant in (*KINDS, *[(None, "full")] * SIZE):
        if len(chosen) == SIZE:
            break
        for method in in_turn:
            if method.id in used or verb not in (None, method.verb):
                continue
            arguments = fitting(library, document, method, variant)
            if arguments:
                chosen.append((method, arguments))
                used.add(method.id)
                break
    return chosen


def fitting(library, document, method, variant):
    """Returns the arguments of the variant; None if a batch cannot have them."""
    call = next(variants.calls(document.get("schemas", {}), method, [variant]), None)
    if call is None or call.problem:
        return None
    try:
        uri = library.request(method, call.arguments).uri
    except Rejected:
        return None
    # Texts that clients treat differently are only in single calls. In a batch they would hide the other parts.
    uncertain = any(UNCERTAIN.search(str(value)) for value in call.arguments["path"].values())
    return None if uncertain or ILLEGAL.search(uri) else call.arguments
