"""How names of labels and categories are compared."""

import hashlib

from workloom.core.text import fold

LONGEST_KEY = 255


def name_key(name: str) -> str:
    """Return the key under which names that differ only in case are the same; long ones end in a hash."""
    key = fold(name)
    return key if len(key) <= LONGEST_KEY else key[:190] + hashlib.sha256(key.encode()).hexdigest()
