"""Every change of people, sessions and tokens: one function per verb."""

from workloom.people.accounts.actions.people import anonymise_user, change_role, set_active
from workloom.people.accounts.actions.profile import change_password, set_password, stop_mail, update_profile
from workloom.people.accounts.actions.register import create_operator, create_placeholder, register_person
from workloom.people.accounts.actions.sessions import (
    end_all_sessions,
    end_session,
    forget_old_sessions,
    open_session,
    refresh_session,
)
from workloom.people.accounts.actions.setup import mint_setup_link, use_setup_link
from workloom.people.accounts.actions.sign_in import check_credentials, sign_in
from workloom.people.accounts.actions.tokens import create_token, revoke_token

__all__ = [
    "anonymise_user",
    "change_password",
    "change_role",
    "check_credentials",
    "create_operator",
    "create_placeholder",
    "create_token",
    "end_all_sessions",
    "end_session",
    "forget_old_sessions",
    "mint_setup_link",
    "open_session",
    "refresh_session",
    "register_person",
    "revoke_token",
    "set_active",
    "set_password",
    "sign_in",
    "stop_mail",
    "update_profile",
    "use_setup_link",
]
