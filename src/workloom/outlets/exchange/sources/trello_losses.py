"""What a Trello board holds that has no place here, each with its count."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from workloom.outlets.exchange.sources.drafting import Draft
from workloom.outlets.exchange.sources.trello_shapes import CardShape

_MOST_ACTIONS: Final = 1000

_OF_CARDS: Final[tuple[tuple[str, str, Callable[[CardShape], int]], ...]] = (
    (
        "attachments",
        "Attachments are not brought over: the file has their names and addresses, not their bytes.",
        lambda card: len(card.attachments),
    ),
    ("votes", "Votes are not brought over.", lambda card: card.badges.votes if card.badges else 0),
    ("stickers", "Stickers are not brought over.", lambda card: len(card.stickers)),
    ("covers", "Cover pictures are not brought over.", lambda card: bool(card.cover)),
    ("reminders", "Reminders before the due time are not brought over.", lambda card: card.reminder is not None),
    ("locations", "Places on the map are not brought over.", lambda card: bool(card.location)),
    ("power_ups", "Data of Power-Ups is not brought over.", lambda card: len(card.plugin_data)),
    ("watching", "That the exporting person watches a card is not brought over.", lambda card: bool(card.subscribed)),
    ("templates", "Template cards come in as ordinary tasks.", lambda card: bool(card.is_template)),
)


def name_losses(draft: Draft, cards: Iterable[CardShape], history: Counter[str]) -> None:
    """Add the losses of a whole board."""
    promised = 0
    for card in cards:
        promised += card.badges.comments if card.badges else 0
        for code, text, count_of in _OF_CARDS:
            found = count_of(card)
            draft.lose(code, text, card.name if found else "", found)
    kept = sum(len(task.comments) for task in draft.tasks())
    if promised > kept:
        text = f"Comments that the cards count are not in the file: an export holds the last {_MOST_ACTIONS} actions."
        draft.lose("comments_not_in_file", text, count=promised - kept)
    text = "Earlier changes (moves, edits, joins) are not brought over as history."
    for kind, count in history.most_common():
        draft.lose("history", text, f"{kind}: {count}", count)
