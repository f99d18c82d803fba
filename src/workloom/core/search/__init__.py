"""The search index: entries written in the transaction of a change, and found by words, beginnings and parts of words.

What an entry is belongs to the rooms that write it. `subject` is the object whose visibility decides over an entry
(a comment's is its task), `scope` the larger thing around it; readers filter by them in the same query.
"""

from workloom.core.search.entries import (
    IndexEntry,
    drop_rows,
    drop_subjects,
    index_rows,
    mark_open,
    move_scope,
    new_rows,
)
from workloom.core.search.highlights import Fragment, Segment, highlights, marked
from workloom.core.search.matching import Look, look_for, matching, matching_as, search_condition

__all__ = [
    "Fragment",
    "IndexEntry",
    "Look",
    "Segment",
    "drop_rows",
    "drop_subjects",
    "highlights",
    "index_rows",
    "look_for",
    "mark_open",
    "marked",
    "matching",
    "matching_as",
    "move_scope",
    "new_rows",
    "search_condition",
]
