"""Who of those that opened connections is still signed in: two queries, however many connections there are."""

from collections.abc import Collection

from workloom.outlets.realtime.rules import Seat
from workloom.people.accounts.queries import live_sessions, live_token_hashes


def ended(seats: Collection[Seat]) -> list[Seat]:
    """Return those whose session or token has ended, or whose person has been shut out."""
    sessions = {seat.actor.session for seat in seats if seat.token is None}
    tokens = {seat.token for seat in seats if seat.token is not None}
    live = live_sessions({one for one in sessions if one is not None}) if sessions else set()
    live_tokens = live_token_hashes(tokens) if tokens else set()
    return [
        seat
        for seat in seats
        if (seat.actor.session not in live if seat.token is None else seat.token not in live_tokens)
    ]
