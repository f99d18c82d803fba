"""Bodies of this room's endpoints."""

from workloom.core.http.inputs import Flag, Input, Word
from workloom.people.accounts.models import UserRole
from workloom.people.accounts.rows import UserRow
from workloom.work.directory.rules import PersonChange


class PersonIn(Input):
    """What operators change of people."""

    builds = PersonChange
    row = UserRow

    role = Word(UserRole, required=False, help_text="admin operates the installation.")
    is_active = Flag(required=False, help_text="false ends all sessions and lets tokens rest.")
