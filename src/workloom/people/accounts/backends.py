"""How the framework's own forms sign somebody in: by the same action as the API."""

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from workloom.core.errors import Refused
from workloom.people.accounts.actions.sign_in import check_credentials
from workloom.people.accounts.models import User


class AccountBackend(BaseBackend):
    """Takes an address or a username."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **credentials: Any
    ) -> User | None:
        """Return who knows the password; None for everybody else."""
        try:
            return check_credentials(username or "", password or "")
        except Refused:
            return None

    def get_user(self, user_id: UUID) -> User | None:
        """Find somebody who may act; our middleware asks the session row instead."""
        return User.objects.filter(pk=user_id, is_active=True).first()
