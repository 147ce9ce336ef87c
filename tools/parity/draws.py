"""Reproducible random choices. They depend only on a key, on every machine and in any order."""

import hashlib


def draw(count, *key):
    """Returns a number below `count`."""
    digest = hashlib.blake2b("\0".join(key).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % count


def pick(choices, *key):
    return choices[draw(len(choices), *key)]
