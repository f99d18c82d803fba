"""What one file and one task may hold; the same bounds that the API has for a single task."""

from typing import Final

TITLE: Final = 255
NAME: Final = 200
TEXT: Final = 100_000
LABELS: Final = 50
ASSIGNEES: Final = 50
ITEM: Final = 500
CHECKLISTS: Final = 100
ITEMS: Final = 1000
TASKS: Final = 100_000
NESTED: Final = 98
COMMENTS: Final = 1_000_000
PEOPLE: Final = 10_000
LABELS_IN_ALL: Final = 5_000
COLUMNS: Final = 500
LISTED_PROBLEMS: Final = 1_000
EXAMPLES: Final = 5
EXAMPLE_LENGTH: Final = 120
