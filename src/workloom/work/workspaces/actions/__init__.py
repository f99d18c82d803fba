"""The verbs of workspaces, their members and invitations."""

from workloom.work.workspaces.actions.invitations import (
    accept_invitation,
    invite_person,
    seat_verified_person,
    withdraw_invitation,
)
from workloom.work.workspaces.actions.members import (
    add_workspace_member,
    change_workspace_role,
    ensure_seats,
    give_up_guest_seats,
    remove_workspace_member,
)
from workloom.work.workspaces.actions.workspaces import (
    create_workspace,
    delete_workspace,
    make_personal_workspace,
    update_workspace,
)

__all__ = [
    "accept_invitation",
    "add_workspace_member",
    "change_workspace_role",
    "create_workspace",
    "delete_workspace",
    "ensure_seats",
    "give_up_guest_seats",
    "invite_person",
    "make_personal_workspace",
    "remove_workspace_member",
    "seat_verified_person",
    "update_workspace",
    "withdraw_invitation",
]
